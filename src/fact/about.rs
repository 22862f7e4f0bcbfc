//! Is a fragment about the item at all?
//!
//! Names decide. An unrelated text holds a given rare name with a probability of a few in a million per word; a text
//! on the same matter by another hand shares its words, its frequent names and its kinds of numbers, which hardly
//! count here. Parts of one name count as one and a half, however many there are.

use std::collections::BTreeMap;

use crate::language;

use super::amount;
use super::leak::Leak;
use super::names;
use super::vocabulary::{Id, Vocabulary};
use super::word::Word;

/// Fragments shorter than this count as if they had so many words.
const WORDS_MIN: usize = 64;

/// All amounts together, and all uncommon words together, count no more than this.
const AMOUNTS_BITS_MAX: u32 = 15;
const WORDS_BITS_MAX: u32 = 8;

/// How rare names are in other texts, −log₂ per word: those of at least six letters, of four or five, shorter ones.
const NAME_BITS: [u32; 3] = [19, 17, 14];

/// What kind of evidence a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A name that few texts hold.
    Name,
    /// A figure that few texts hold.
    Amount,
    /// An uncommon word.
    Word,
}

/// A word by which a retelling of the item may be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) id: Id,
    kind: Kind,
    /// −log₂ of its frequency.
    bits: u32,
    /// Names that belong together have one group.
    group: usize,
}

impl Term {
    /// Whether an item may be looked up by it.
    pub(super) fn is_strong(&self) -> bool {
        self.kind != Kind::Word
    }
}

/// What a fragment and a subject share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shared {
    /// How surprising it is in an unrelated text of this length, in bits.
    pub(super) bits: u32,
    /// Whether it rests on more than one name.
    pub(super) sound: bool,
}

/// The terms of an item.
pub(super) fn terms(vocabulary: &Vocabulary, words: &[Word], prose: impl Fn(&Word) -> bool) -> Vec<Term> {
    let mut capital = vec![0_usize; vocabulary.entries.len()];
    let mut small = vec![0_usize; vocabulary.entries.len()];
    let mut groups: Vec<usize> = (0..vocabulary.entries.len()).collect();
    let mut listed = vec![false; vocabulary.entries.len()];
    let named = |at: usize| {
        let word: &Word = &words[at];
        (word.capital || word.shouted) && !word.is_amount() && prose(word)
    };
    for (at, word) in words.iter().enumerate() {
        let Some(id) = vocabulary.id(&word.key).filter(|_| !word.stop && !word.is_amount()) else { continue };
        listed[id as usize] |= language::is_listed(&word.lower) || names::is_frequent(&word.lower);
        if !named(at) {
            small[id as usize] += usize::from(!word.capital && !word.shouted);
            continue;
        }
        let whole_line =
            word.shouted && (at > 0 && words[at - 1].shouted || words.get(at + 1).is_some_and(|w| w.shouted));
        if !word.starts && !whole_line {
            capital[id as usize] += 1;
        }
        if let Some(before) = at.checked_sub(1).filter(|&before| named(before) && !word.starts)
            && let Some(other) = vocabulary.id(&words[before].key)
        {
            join(&mut groups, id as usize, other as usize);
        }
    }
    // "Corvan" and "Corvany" are no two coincidences.
    let mut by_stem: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, entry) in vocabulary.entries.iter().enumerate() {
        if let Some(beginning) = entry.key.get(..5).filter(|_| capital[at] > 0) {
            let first = *by_stem.entry(beginning).or_insert(at);
            join(&mut groups, at, first);
        }
    }
    let mut out = Vec::new();
    for (id, entry) in (0_u32..).zip(&vocabulary.entries) {
        let at = id as usize;
        let letters = entry.key.chars().count();
        let term = |kind, bits, group| Term { id, kind, bits, group };
        if let Some(thousandths) = amount::value(&entry.key) {
            let whole = thousandths / 1000;
            let literal = entry.postings.iter().any(|(_, site)| site.is_none());
            let year = (1900..2100).contains(&whole);
            if literal && (whole >= 100 && whole % 100 != 0 && !year || thousandths % 1000 != 0) {
                out.push(term(Kind::Amount, 14, at));
            }
        } else if capital[at] > 0 && small[at] == 0 && !listed[at] {
            let bits = NAME_BITS[match letters {
                6.. => 0,
                4 | 5 => 1,
                _ => 2,
            }];
            out.push(term(Kind::Name, bits, root(&groups, at)));
        } else if small[at] > 0 && !listed[at] && !language::is_listed(&entry.key) && letters >= 7 {
            out.push(term(Kind::Word, 15, at));
        }
    }
    out
}

fn root(groups: &[usize], mut at: usize) -> usize {
    while groups[at] != at {
        at = groups[at];
    }
    at
}

fn join(groups: &mut [usize], one: usize, other: usize) {
    let (a, b) = (root(groups, one), root(groups, other));
    groups[a.max(b)] = a.min(b);
}

/// What a fragment and a subject with these terms share.
pub(super) fn shared(terms: &[Term], leak: &Leak<'_>) -> Shared {
    let length = leak.tokens.len().max(WORDS_MIN);
    let ways = length.ilog2() + u32::from(!length.is_power_of_two());
    let mut names: BTreeMap<usize, (u32, u32)> = BTreeMap::new();
    let (mut amounts, mut others) = (0_u32, 0_u32);
    for term in terms.iter().filter(|term| leak.count(term.id) > 0) {
        let bits = term.bits.saturating_sub(ways);
        match term.kind {
            Kind::Amount => amounts += bits,
            Kind::Word => others += bits,
            // A text that has capitals writes a name with one; where there are none, half of it is known.
            Kind::Name if leak.mixed_case && !leak.named[term.id as usize] => {}
            Kind::Name => {
                let bits = if leak.mixed_case { bits } else { bits * 2 / 3 };
                let (best, second) = names.entry(term.group).or_default();
                if bits > *best {
                    (*best, *second) = (bits, *best);
                } else {
                    *second = bits.max(*second);
                }
            }
        }
    }
    let named: u32 = names.values().map(|(best, second)| best + second / 2).sum();
    Shared {
        bits: named + amounts.min(AMOUNTS_BITS_MAX) + others.min(WORDS_BITS_MAX),
        sound: names.len() >= 2 || (names.len() == 1 && amounts >= AMOUNTS_BITS_MAX / 2),
    }
}
