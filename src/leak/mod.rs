//! Fragments in: what leaked, in characters that can be compared with an item's.
//!
//! [`Leak::open`] takes a file of any kind by its content, [`Leak::read`] makes a [`Fragment`] of it; pictures of text
//! are read by a program that the caller brings ([`Recogniser`]).

mod decode;
mod document;
mod error;
mod fold;
mod guard;
pub mod ocr;
mod open;
mod pdf;
mod picture;
mod recognise;

use std::ops::Range;

pub use error::{LeakError, RecogniseError};
pub use fold::fold;
pub(crate) use fold::fold_piece;
pub use guard::READER_THREAD;
pub use open::{LEAK_BYTES_MAX, Leak, Sight};
pub use picture::{PIXELS_MAX, Picture, Turn};
pub use recognise::{Fit, PageMode, RUNS_MAX, Recogniser};

use crate::item::ReadError;

/// The largest fragment that is read, in bytes.
///
/// A limit against hostile input; it is more text than twenty novels, and a leak is a passage or a document.
pub const FRAGMENT_BYTES_MAX: usize = 16 << 20;

/// What leaked: a paste, a document, a retyped passage.
#[derive(Clone, Debug)]
pub struct Fragment {
    name: String,
    raw: String,
    chars: Vec<Folded>,
    origin: Origin,
}

/// How a fragment's text was come by.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The kind of file: `text`, `pdf`, `png`, `jpeg`, `tiff`, `tsv`, `hocr`, `alto`, or a document's.
    pub kind: &'static str,
    /// How it was read, in words: `pdf text`, or the program for text recognition and how it was run.
    pub method: String,
    /// How sure that program was, 0..=100; none where none was at work or it did not say.
    pub confidence: Option<f64>,
}

impl Default for Origin {
    fn default() -> Self {
        Self { kind: "text", method: "text".to_owned(), confidence: None }
    }
}

/// A character after folding and the raw bytes it came from.
///
/// Folding undoes what retyping, pasting and OCR do to every text alike: compatibility forms (NFKC), case,
/// typographic quotes and dashes, runs of white space, hyphens at line ends, invisible characters. Where one raw
/// character folds to several ("…" to "..."), each of them has the whole raw range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The folded character; white space is `' '`.
    pub char: char,
    /// First raw byte.
    pub start: u32,
    /// One past the last raw byte.
    pub end: u32,
}

impl Fragment {
    /// A fragment from decoded text.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let raw = text.into();
        let chars = fold(&raw);
        Self { name: name.into(), raw, chars, origin: Origin::default() }
    }

    /// The same fragment, with how its text was come by.
    #[must_use]
    pub fn with_origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// A fragment from a text file's bytes, in whatever charset they are; [`Leak::open`] takes files of every kind.
    ///
    /// Unlike an item, a fragment is never written back, so bytes that are no characters of the charset are replaced
    /// and not refused: what is readable is read. Errors: [`ReadError::TooLarge`] above [`FRAGMENT_BYTES_MAX`] and
    /// [`ReadError::Binary`] for files that are not text.
    pub fn read(name: impl Into<String>, bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > FRAGMENT_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: bytes.len(), max: FRAGMENT_BYTES_MAX });
        }
        Ok(Self::from_text(name, decode::decode(bytes)?))
    }

    /// What reports call it: a path, or `-`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its text was come by.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The text as it was found.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The folded characters.
    pub fn chars(&self) -> &[Folded] {
        &self.chars
    }

    /// The raw text behind a range of folded characters.
    pub fn raw_of(&self, chars: Range<usize>) -> &str {
        match (self.chars.get(chars.start), chars.end.checked_sub(1).and_then(|last| self.chars.get(last))) {
            (Some(first), Some(last)) if first.start < last.end => {
                &self.raw[first.start as usize..last.end as usize]
            }
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests;
