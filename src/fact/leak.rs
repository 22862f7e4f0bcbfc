//! A fragment in the words of a subject.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::language;
use crate::leak::Fragment;

use super::Aligned;
use super::amount::words;
use super::stem;
use super::vocabulary::{Id, Vocabulary};
use super::word::Hedge;

/// Shorter words are not mended: too many of them are one letter apart.
pub(super) const SLIP_BYTES_MIN: usize = 6;

/// So many different unknown words are compared with the vocabulary, at most.
const MENDED_MAX: usize = 4_096;

/// A word of the fragment.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) hedge: Hedge,
    pub(super) raw: Range<usize>,
    /// Index of the aligned passage it lies in.
    pub(super) passage: Option<usize>,
}

/// A fragment in the words of a subject.
#[derive(Debug)]
pub(super) struct Leak<'a> {
    pub(super) tokens: Vec<Token>,
    /// For each id the tokens that are it, ascending.
    pub(super) places: Vec<Vec<usize>>,
    /// For each id whether it is written like a name somewhere.
    pub(super) named: Vec<bool>,
    /// Whether the fragment tells capitals from small letters at all.
    pub(super) mixed_case: bool,
    pub(super) aligned: &'a [Aligned],
}

impl<'a> Leak<'a> {
    pub(super) fn new(vocabulary: &Vocabulary, fragment: &Fragment, aligned: &'a [Aligned]) -> Self {
        let all = words(fragment.raw(), fragment.chars());
        let mut mended: BTreeMap<String, Option<Id>> = BTreeMap::new();
        let mut places = vec![Vec::new(); vocabulary.entries.len()];
        let mut named = vec![false; vocabulary.entries.len()];
        let mut order: Vec<(Range<usize>, usize)> =
            aligned.iter().enumerate().map(|(at, one)| (one.raw.clone(), at)).collect();
        order.sort_by_key(|(raw, _)| raw.start);
        let (mut capitals, mut small) = (0_usize, 0_usize);
        let mut tokens = Vec::with_capacity(all.len());
        for (at, word) in all.into_iter().enumerate() {
            let id = if word.stop {
                None
            } else {
                vocabulary.id(&word.key).or_else(|| {
                    let fits = word.key.len() >= SLIP_BYTES_MIN
                        && !word.is_amount()
                        && !language::is_listed(&word.lower);
                    if !fits {
                        return None;
                    }
                    let full = mended.len() >= MENDED_MAX;
                    match mended.get(&word.key) {
                        Some(known) => *known,
                        None if full => None,
                        None => {
                            let found = mend(vocabulary, &word.key);
                            mended.insert(word.key.clone(), found);
                            found
                        }
                    }
                })
            };
            if let Some(id) = id {
                places[id as usize].push(at);
                named[id as usize] |= word.capital || word.shouted;
            }
            if !word.is_amount() && !word.starts {
                capitals += usize::from(word.capital || word.shouted);
                small += usize::from(!word.capital && !word.shouted);
            }
            let before = order.partition_point(|(raw, _)| raw.start <= word.raw.start);
            let passage = before
                .checked_sub(1)
                .and_then(|at| order.get(at))
                .filter(|(raw, _)| word.raw.end <= raw.end)
                .map(|(_, at)| *at);
            tokens.push(Token { hedge: word.hedge, raw: word.raw, passage });
        }
        // A text with names has a capital at least every fifty words, and far more small letters.
        let mixed_case = capitals * 50 >= small && small > capitals;
        Self { tokens, places, named, mixed_case, aligned }
    }

    /// How often a word stands in the fragment.
    pub(super) fn count(&self, id: Id) -> usize {
        self.places[id as usize].len()
    }

    /// The occurrence of a word nearest to `at`, at most `reach` away.
    pub(super) fn nearest(&self, id: Id, at: usize, reach: usize) -> Option<usize> {
        let places = &self.places[id as usize];
        let next = places.partition_point(|&place| place < at);
        let after = places.get(next).copied();
        let before = next.checked_sub(1).map(|before| places[before]);
        [before, after]
            .into_iter()
            .flatten()
            .filter(|place| place.abs_diff(at) <= reach)
            .min_by_key(|place| place.abs_diff(at))
    }

    /// Whether a fact that stands in the item at `range` may be looked for at this token.
    pub(super) fn open(&self, token: usize, range: &Range<usize>) -> bool {
        self.tokens[token].passage.is_none_or(|passage| {
            let text = &self.aligned[passage].text;
            text.start <= range.start && range.end <= text.end
        })
    }
}

/// The one word of the vocabulary that a word may be with a slip; none where there are several.
fn mend(vocabulary: &Vocabulary, key: &str) -> Option<Id> {
    let mut found: Option<Id> = None;
    for (last, edge) in [(false, key.chars().next()?), (true, key.chars().next_back()?)] {
        for &id in vocabulary.by_edge.get(&(last, edge)).into_iter().flatten() {
            let other = &vocabulary.entries[id as usize].key;
            if found != Some(id) && other.len().abs_diff(key.len()) <= 2 && stem::one_slip(key, other) {
                if found.is_some() {
                    return None;
                }
                found = Some(id);
            }
        }
    }
    found
}
