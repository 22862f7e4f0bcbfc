//! A document's own habits of style, measured before any class is switched on.

use std::ops::Range;

use super::Token;
use crate::item::Document;

/// A document's habits of style.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Words in prose blocks.
    pub words: usize,
}

impl Profile {
    pub(super) fn measure(_document: &Document, tokens: &[Token], _protected: &[Range<usize>]) -> Self {
        Self { words: tokens.len() }
    }
}
