//! The spans no automatic channel may touch.
//!
//! Three levels, because a quotation's apostrophe may change its glyph while its words may not, and "ten" may become
//! "10" while no synonym may stand for it:
//!
//! * *fixed*: not one character changes (code, addresses, references, markings, tables);
//! * *protected*: fixed, and what other people said or what is a name, a title or another language;
//! * *weighty*: numbers, amounts, dates, which only the style classes made for them may touch.
//!
//! The rules are precise rather than broad: every protected word of ordinary prose is a word that carries nothing.

mod blocks;
mod literals;
mod names;
mod quotes;

use std::ops::Range;

pub(super) use literals::{is_number_word, is_unit};
pub(crate) use names::opens_sentences;

use super::Token;
use crate::item::Document;

/// What must not be touched, by level; every list is sorted and disjoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Protection {
    /// Byte ranges no automatic channel may touch.
    pub(super) protected: Vec<Range<usize>>,
    /// The part of `protected` in which not even a glyph may change.
    pub(super) fixed: Vec<Range<usize>>,
    /// Byte ranges of numbers and what belongs to them.
    pub(super) weighty: Vec<Range<usize>>,
    /// Sentences that oblige somebody, by index.
    pub(super) normative: Vec<usize>,
}

/// What a rewording of one sentence has to leave as it stands; every list is sorted and disjoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spelled {
    /// Code, addresses, tags, paths, references.
    pub(crate) literals: Vec<Range<usize>>,
    /// The insides of quotations.
    pub(crate) quotations: Vec<Range<usize>>,
    /// Numbers in figures and words, with their units, currencies, months and scales.
    pub(crate) numbers: Vec<Range<usize>>,
}

/// Finds what is spelled rather than said in a text of one block, whatever kind of block it is.
pub(crate) fn spelled(text: &str, tokens: &[Token]) -> Spelled {
    let mut spelled = Spelled::default();
    literals::in_block(text, 0..text.len(), &mut spelled.literals);
    literals::references(text, tokens, &mut spelled.literals);
    quotes::in_block(text, 0..text.len(), &mut spelled.quotations);
    spelled.numbers = merged(literals::numbers(text, tokens));
    spelled.literals = merged(spelled.literals);
    spelled.quotations = merged(spelled.quotations);
    spelled
}

/// Finds everything that must not be touched.
pub(super) fn protection(document: &Document, tokens: &[Token], sentences: &[Range<usize>]) -> Protection {
    let text = document.text();
    let mut fixed = Vec::new();
    let mut protected = Vec::new();
    for block in document.blocks() {
        let first = tokens.partition_point(|token| token.range.start < block.range.start);
        let last = tokens.partition_point(|token| token.range.start < block.range.end);
        match blocks::level(document, block, &tokens[first..last]) {
            blocks::Level::Fixed => fixed.push(block.range.clone()),
            blocks::Level::Protected => protected.push(block.range.clone()),
            blocks::Level::Prose => {}
        }
        literals::in_block(text, block.range.clone(), &mut fixed);
        quotes::in_block(text, block.range.clone(), &mut protected);
    }
    literals::references(text, tokens, &mut fixed);
    for sentence in sentences {
        let words = &tokens[sentence.clone()];
        names::in_sentence(text, words, &mut protected);
        blocks::marked_sentence(text, words, &mut fixed, &mut protected);
    }
    protected.extend(fixed.iter().cloned());
    Protection {
        protected: merged(protected),
        fixed: merged(fixed),
        weighty: merged(literals::numbers(text, tokens)),
        normative: blocks::normative(text, tokens, sentences),
    }
}

/// Sorts ranges and joins those that overlap or touch.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// The bytes from the first to the last of these tokens.
fn span(tokens: &[Token]) -> Range<usize> {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests;
