//! What the channels know about the language of an item: words, sentences, parts of speech, style profile, and
//! the spans that must not be touched.
//!
//! One [`Analysis`] is made per item and shared by every channel.

pub(crate) mod cardinal;
pub(crate) mod lexicon;
pub(crate) mod list;
pub(crate) mod pos;
mod profile;
mod protect;
mod token;
pub(crate) mod verbs;

use std::ops::Range;

pub(crate) use protect::{opens_sentences, spelled};

pub use profile::{Dashes, Habit, Percent, Profile, Variety};
pub use token::{Token, TokenKind, sentences, tokens};

use crate::item::{Document, LeafKind};

/// An item's words, sentences, style and protected spans.
#[derive(Debug)]
pub struct Analysis<'a> {
    /// The item.
    pub document: &'a Document,
    /// Every token of every block, in document order; none crosses a block.
    pub tokens: Vec<Token>,
    /// Every sentence as a range of `tokens`, in document order; none crosses a block.
    pub sentences: Vec<Range<usize>>,
    /// Byte ranges of the canonical text that no automatic channel may touch: sorted, disjoint.
    pub protected: Vec<Range<usize>>,
    /// The part of `protected` in which not even a glyph may change: code, addresses, references, markings, tables.
    /// In the rest (quotations, names, headings) typographic styles may.
    pub fixed: Vec<Range<usize>>,
    /// Byte ranges of numbers, amounts, dates, units: no wording class touches them, and of the style classes only
    /// those made for them. Sorted, disjoint; may overlap `protected`.
    pub weighty: Vec<Range<usize>>,
    /// Indices of the sentences that oblige somebody (SHALL, MUST, legal "shall"): no lexical and no order class
    /// touches them. Ascending.
    pub normative: Vec<usize>,
    /// The document's own habits of style.
    pub profile: Profile,
}

/// Whether the lexicon knows a lower-case word, in any of its forms: then many texts hold it.
pub(crate) fn is_listed(word: &str) -> bool {
    lexicon::listed(word) != pos::PosSet::EMPTY
}

impl<'a> Analysis<'a> {
    /// Analyses an item.
    pub fn new(document: &'a Document) -> Self {
        let mut all = Vec::new();
        let mut bounds = Vec::new();
        for block in document.blocks() {
            let first = all.len();
            all.extend(tokens(document.text(), block.range.clone()));
            for sentence in sentences(document.text(), &all[first..]) {
                bounds.push(first + sentence.start..first + sentence.end);
            }
        }
        let protect::Protection { protected, fixed, weighty, normative } =
            protect::protection(document, &all, &bounds);
        let profile = Profile::measure(document, &all, &protected);
        Self { document, tokens: all, sentences: bounds, protected, fixed, weighty, normative, profile }
    }

    /// The text of a token.
    pub fn word(&self, token: usize) -> &str {
        &self.document.text()[self.tokens[token].range.clone()]
    }

    /// Whether every byte of `range` is text that stands in the source as it is and may be replaced.
    pub fn is_plain_text(&self, range: &Range<usize>) -> bool {
        let leaves = self.document.leaves();
        let first = leaves.partition_point(|leaf| leaf.text.end <= range.start);
        let mut reached = range.start;
        for leaf in &leaves[first..] {
            if leaf.text.start > reached || reached >= range.end {
                break;
            }
            if leaf.kind != LeafKind::Text {
                return false;
            }
            reached = leaf.text.end;
        }
        reached >= range.end
    }

    /// Whether `range` may be replaced: it holds no fixed leaf and no part of an atom.
    pub fn is_editable(&self, range: &Range<usize>) -> bool {
        let leaves = self.document.leaves();
        let first = leaves.partition_point(|leaf| leaf.text.end <= range.start);
        leaves[first..].iter().take_while(|leaf| leaf.text.start < range.end).all(|leaf| match leaf.kind {
            LeafKind::Text | LeafKind::Break => true,
            LeafKind::Atom => range.start <= leaf.text.start && leaf.text.end <= range.end,
            LeafKind::Fixed => false,
        })
    }

    /// Whether any byte of `range` is protected.
    pub fn is_protected(&self, range: &Range<usize>) -> bool {
        touches(&self.protected, range)
    }

    /// Whether not even a glyph of `range` may change.
    pub fn is_fixed(&self, range: &Range<usize>) -> bool {
        touches(&self.fixed, range)
    }

    /// Whether any byte of `range` belongs to a number, an amount or a date.
    pub fn is_weighty(&self, range: &Range<usize>) -> bool {
        touches(&self.weighty, range)
    }

    /// Whether a sentence (an index into `sentences`) obliges somebody.
    pub fn is_normative(&self, sentence: usize) -> bool {
        self.normative.binary_search(&sentence).is_ok()
    }

    /// The sentence that holds a token, as an index into `sentences`.
    pub fn sentence_of(&self, token: usize) -> Option<usize> {
        let next = self.sentences.partition_point(|sentence| sentence.end <= token);
        self.sentences.get(next).filter(|sentence| sentence.contains(&token)).map(|_| next)
    }
}

/// Whether any byte of `range` lies in one of the spans, which are sorted and disjoint.
fn touches(spans: &[Range<usize>], range: &Range<usize>) -> bool {
    let next = spans.partition_point(|span| span.end <= range.start);
    spans.get(next).is_some_and(|span| span.start < range.end)
}
