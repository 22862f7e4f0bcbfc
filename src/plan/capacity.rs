//! The capacity map: what each sentence and paragraph of an item names when it is quoted alone.

use std::ops::Range;

use super::promise::{Clean, Prose};
use super::quotable::{self, Quotable};
use crate::channel::Site;
use crate::item::Document;
use crate::score::Wealth;

/// What every passage of an item names by itself, and which sentences need variants most.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// Among how many copies one is to be named.
    pub copies: u64,
    /// The bound α on the chance that any innocent copy is named.
    pub alpha: f64,
    /// log₂ of the wealth that naming one of `copies` at `alpha` takes. For display.
    pub needed_bits: f64,
    /// The paragraphs, list items and headings, in document order.
    pub paragraphs: Vec<Paragraph>,
    /// The sentences that name nobody alone and are likely to be quoted, likeliest first.
    pub quotable: Vec<Quotable>,
}

/// One block of prose.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph {
    /// The block as a whole.
    pub whole: Passage,
    /// Its sentences, in order; at least one.
    pub sentences: Vec<Passage>,
}

/// A passage quoted exactly and alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Its bytes of the canonical text.
    pub range: Range<usize>,
    /// How many words it has.
    pub words: usize,
    /// How many sites it shows.
    pub sites: usize,
    /// The evidence against the copy that has least of it, log₂ of the wealth. For display.
    pub bits: f64,
    /// Among how many copies it names any one at bound α: ⌊wealth · α⌋; 0 and 1 mean that it names nobody.
    pub separates: u64,
}

impl Passage {
    /// Whether it names one of `copies`.
    pub fn names(&self, copies: u64) -> bool {
        self.separates >= copies.max(2)
    }
}

impl Capacity {
    /// The map of an item with these sites, which are on and in document order of their first place.
    ///
    /// `alpha` is clamped to 2⁻¹⁰⁰⁰ ≤ α ≤ 1. Every count holds for the copy whose symbols tell least, as in
    /// [`super::Promise`].
    pub fn of(document: &Document, sites: &[Site], copies: u64, alpha: f64) -> Self {
        let alpha = if alpha > 0.0 { alpha.clamp(1e-300, 1.0) } else { 1e-300 };
        let prose = Prose::of(document);
        let clean = Clean::of(sites);
        let shows = prose.shows(sites);
        let passage = |range: Range<usize>, words: Range<usize>| {
            let shown = Prose::shown(&shows, &words);
            let wealth = clean.wealth(&shown);
            Passage {
                range,
                words: words.len(),
                sites: shown.len(),
                bits: wealth.bits(),
                separates: separates(wealth, alpha),
            }
        };
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        for block in prose.blocks() {
            let sentences: Vec<Passage> =
                block.iter().map(|(range, words)| passage(range.clone(), words.clone())).collect();
            let (Some((first, from)), Some((last, to))) = (block.first(), block.last()) else { continue };
            let whole = passage(first.start..last.end, from.start..to.end);
            paragraphs.push(Paragraph { whole, sentences });
        }
        #[expect(clippy::cast_precision_loss, reason = "a number of copies is far below 2^53")]
        let needed_bits = libm::log2(copies.max(2) as f64) - libm::log2(alpha);
        let quotable = quotable::rank(document, &paragraphs, copies, needed_bits);
        Self { copies, alpha, needed_bits, paragraphs, quotable }
    }

    /// How many sentences there are, and how many of them name one of the copies by themselves.
    pub fn sentences(&self) -> (usize, usize) {
        let all = || self.paragraphs.iter().flat_map(|paragraph| &paragraph.sentences);
        (all().count(), all().filter(|sentence| sentence.names(self.copies)).count())
    }
}

/// ⌊wealth · α⌋, as large as a number gets where it is larger.
fn separates(wealth: Wealth, alpha: f64) -> u64 {
    let product = wealth * Wealth::new(alpha, 0);
    let value = product.to_f64();
    if value >= 9.0e15 {
        return u64::MAX;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 0 and below 2^53")]
    let whole = value.max(0.0) as u64;
    whole
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::channel::{Channel, Place, Tier, equal_weights};
    use crate::item::Format;

    fn document(text: &str) -> Document {
        Document::read(Format::Text, text.as_bytes()).unwrap()
    }

    fn site(text: &str, word: &str, variants: usize) -> Site {
        let start = text.find(word).unwrap();
        let forms = (0..variants).map(|n| if n == 0 { word.to_owned() } else { format!("v{n}") }).collect();
        Site {
            channel: Channel::Authored,
            class: Cow::Borrowed("authored"),
            tier: Tier::Strict,
            labels: (0..variants).map(|n| n.to_string()).collect(),
            weights: equal_weights(variants),
            original: 0,
            places: vec![Place { range: start..start + word.len(), forms }],
            desk: None,
            fact: false,
        }
    }

    const TEXT: &str =
        "The ferry sails at noon. Nobody knew why it waited.\n\nThe crew of forty was paid in coal.";

    #[test]
    fn a_passage_separates_as_many_copies_as_its_sites_tell_apart() {
        let document = document(TEXT);
        let text = document.text();
        let sites: Vec<Site> =
            ["ferry", "sails", "noon", "forty"].iter().map(|word| site(text, word, 16)).collect();
        let map = Capacity::of(&document, &sites, 33, 1e-2);
        let counts: Vec<Vec<usize>> =
            map.paragraphs.iter().map(|p| p.sentences.iter().map(|s| s.sites).collect()).collect();
        assert_eq!(counts, [vec![3, 0], vec![1]]);
        assert_eq!(map.paragraphs[0].whole.sites, 3);
        let first = &map.paragraphs[0].sentences[0];
        // Three draws of sixteen: 4096, less what the scorer keeps back for hedging, times one in a hundred.
        assert!((10..=40).contains(&first.separates), "{}", first.separates);
        assert_eq!(map.paragraphs[0].sentences[1].separates, 0);
        assert!(!map.paragraphs[1].whole.names(2));
        // A bound ten times as hard separates a tenth of the copies.
        let hard = Capacity::of(&document, &sites, 33, 1e-3);
        assert!(hard.paragraphs[0].sentences[0].separates.abs_diff(first.separates / 10) <= 1);
    }

    #[test]
    fn what_a_passage_separates_agrees_with_the_promise() {
        let document = document(TEXT);
        let text = document.text();
        let sites: Vec<Site> = ["ferry", "sails", "noon", "waited", "crew", "forty", "coal"]
            .iter()
            .map(|w| site(text, w, 8))
            .collect();
        for copies in [2, 5, 33, 1000] {
            let promise = crate::plan::Promise::of(&document, &sites, copies, 1e-2);
            let map = Capacity::of(&document, &sites, copies, 1e-2);
            let weak: Vec<_> = promise.weak.iter().map(|weak| weak.range.clone()).collect();
            let unnamed: Vec<_> = map
                .paragraphs
                .iter()
                .flat_map(|paragraph| &paragraph.sentences)
                .filter(|sentence| !sentence.names(copies))
                .map(|sentence| sentence.range.clone())
                .collect();
            assert_eq!(weak, unnamed, "{copies}");
        }
    }

    #[test]
    fn nothing_and_extremes_do_no_harm() {
        let map = Capacity::of(&document("# x"), &[], 0, 0.0);
        assert!(map.paragraphs.len() <= 1 && map.needed_bits.is_finite());
        let document = document(TEXT);
        let sites = [site(document.text(), "ferry", 2)];
        let map = Capacity::of(&document, &sites, u64::MAX, f64::NAN);
        assert_eq!(map.sentences(), (3, 0));
    }
}
