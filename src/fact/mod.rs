//! Facts that survive a rewrite: is a text about an item, and which variants of its facts does it state?
//!
//! A newspaper that writes a story of its own from a leaked copy leaves no sentence as it was, so nothing aligns. What
//! it keeps are names, amounts, dates, and which of several true details it was told. A [`Subject`] is made from the
//! item and its sites alone; [`Subject::read`] decides whether a fragment is about the item and looks for every
//! fact site's variants anywhere in it, near the words they belong to.
//!
//! Nothing here sees a codeword, a copy or a recipient: a reading may be wrong, as when a journalist knew the fact
//! from elsewhere, but it cannot favour a copy, so an innocent copy's wealth keeps mean 1 (`docs/MATH.md`).

mod about;
mod amount;
mod leak;
mod mention;
mod names;
mod order;
mod place;
mod stem;
mod subject;
mod vocabulary;
mod word;

use std::ops::Range;

pub use subject::{Subject, fragment_terms};

/// A stretch of a fragment that is aligned with a stretch of the item, and read there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    /// Bytes of the fragment's raw text.
    pub raw: Range<usize>,
    /// Bytes of the item's canonical text.
    pub text: Range<usize>,
}

/// What a fragment says of an item's facts in other words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// How surprising the names and amounts that both texts hold are in an unrelated text of the fragment's length,
    /// in bits; 0 where the fragment is not about the item.
    pub bits: u32,
    /// The facts that were read, by ascending site.
    pub facts: Vec<Fact>,
}

/// One fact that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Index of the site.
    pub site: usize,
    /// The place whose words it was found by.
    pub place: usize,
    /// How likely what is said is under each variant; finite, positive, the largest 1, never all equal.
    pub likelihood: Vec<f64>,
    /// Where it is said: bytes of the fragment's raw text.
    pub raw: Range<usize>,
}

#[cfg(test)]
mod tests;
