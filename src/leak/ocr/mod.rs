//! What text recognition wrote: words with their lines and places, from this program's own run or from elsewhere.

mod alto;
mod hocr;
mod tsv;

use std::ops::Range;

use crate::item::ReadError;

pub use tsv::tsv;

pub(super) use alto::{alto, is_alto};
pub(super) use hocr::{hocr, is_hocr};
pub(super) use tsv::is_tsv;

/// The most words that are read from one file: a book of a thousand pages.
pub const WORDS_MAX: usize = 2_000_000;

/// Words as a program for text recognition read them, in its reading order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    text: String,
    /// Sum of confidences, weighted by letters.
    certain: f64,
    /// Letters of words with a confidence.
    rated: u32,
    /// The height of every word's box, with its confidence.
    boxes: Vec<(u32, f32)>,
    /// The rows of pixels that words stand in: first, and one past the last.
    rows: Vec<(u32, u32)>,
    words: usize,
    /// Where the last word that was taken belongs.
    place: Option<Place>,
}

/// Which line a word stands in; words of one line are neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    page: u32,
    block: u32,
    paragraph: u32,
    line: u32,
}

/// A word before it is taken.
struct Word<'w> {
    text: &'w str,
    /// 0..=100; none where the program did not say.
    confidence: Option<f32>,
    /// The height of its box in pixels; 0 where it is not known.
    height: u32,
    /// The first row of its box, where it is known.
    top: Option<u32>,
}

impl Reading {
    /// The text: one line end between lines, two between paragraphs.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many words it has.
    pub fn words(&self) -> usize {
        self.words
    }

    /// How sure the program was, 0..=100, averaged over letters; none where it did not say.
    pub fn confidence(&self) -> Option<f64> {
        (self.rated > 0).then(|| self.certain / f64::from(self.rated))
    }

    /// How many letters it believes it has read rightly: the sum of their confidences.
    pub(super) fn legible(&self) -> f64 {
        self.certain / 100.0
    }

    /// The median height in pixels of the boxes of words that were read with some confidence, if there are a few.
    pub(super) fn word_height(&self) -> Option<u32> {
        let mut heights: Vec<u32> = self
            .boxes
            .iter()
            .filter(|(_, confidence)| *confidence >= 50.0)
            .map(|(height, _)| *height)
            .collect();
        heights.sort_unstable();
        (heights.len() >= 4).then(|| heights[heights.len() / 2])
    }

    /// The rows of pixels that words stand in, as far as the program said: first, and one past the last.
    pub(super) fn rows(&self) -> &[(u32, u32)] {
        &self.rows
    }

    fn push(&mut self, place: Place, word: &Word<'_>) -> Result<(), ReadError> {
        let text = word.text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if self.words == WORDS_MAX {
            let found = self.words as u64 + 1;
            return Err(ReadError::Limit { what: "words", found, max: WORDS_MAX as u64 });
        }
        self.text.push_str(match self.place {
            None => "",
            Some(last) if last == place => " ",
            Some(last)
                if (last.page, last.block, last.paragraph) == (place.page, place.block, place.paragraph) =>
            {
                "\n"
            }
            // A paragraph that goes on on the next page may break inside a word.
            Some(last) if last.page != place.page => "\n",
            Some(_) => "\n\n",
        });
        self.place = Some(place);
        self.text.push_str(text);
        self.words += 1;
        if let Some(top) = word.top {
            self.rows.push((top, top.saturating_add(word.height)));
        }
        if let Some(confidence) = word.confidence {
            let letters =
                u32::try_from(text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(u32::MAX);
            self.rated = self.rated.saturating_add(letters);
            self.certain += f64::from(confidence.clamp(0.0, 100.0)) * f64::from(letters);
            if word.height > 0 && letters > 1 {
                self.boxes.push((word.height, confidence));
            }
        }
        Ok(())
    }
}

/// The numbers of a space-separated list, as far as they are numbers.
fn numbers(list: &str) -> impl Iterator<Item = f32> + '_ {
    list.split_ascii_whitespace().map_while(|number| number.parse().ok())
}

/// A byte range as a line number, for messages.
fn line_of(text: &str, range: &Range<usize>) -> usize {
    text.get(..range.start).map_or(0, |before| before.matches('\n').count()) + 1
}

#[cfg(test)]
mod tests;
