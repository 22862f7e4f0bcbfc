//! The spans no automatic channel may touch.

use std::ops::Range;

use super::Token;
use crate::item::Document;

pub(super) fn spans(
    _document: &Document,
    _tokens: &[Token],
    _sentences: &[Range<usize>],
) -> Vec<Range<usize>> {
    Vec::new()
}
