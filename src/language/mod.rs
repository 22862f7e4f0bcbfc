//! What the channels know about the language of an item: words, sentences, parts of speech, style profile, and
//! the spans that must not be touched.
//!
//! One [`Analysis`] is made per item and shared by every channel.

pub(crate) mod lexicon;
pub(crate) mod pos;
mod profile;
mod protect;
mod token;

use std::ops::Range;

pub use profile::Profile;
pub use token::{Token, TokenKind, sentences, tokens};

use crate::item::Document;

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
    /// The document's own habits of style.
    pub profile: Profile,
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
        let protected = protect::spans(document, &all, &bounds);
        let profile = Profile::measure(document, &all, &protected);
        Self { document, tokens: all, sentences: bounds, protected, profile }
    }

    /// The text of a token.
    pub fn word(&self, token: usize) -> &str {
        &self.document.text()[self.tokens[token].range.clone()]
    }

    /// Whether any byte of `range` is protected.
    pub fn is_protected(&self, range: &Range<usize>) -> bool {
        let next = self.protected.partition_point(|span| span.end <= range.start);
        self.protected.get(next).is_some_and(|span| span.start < range.end)
    }
}
