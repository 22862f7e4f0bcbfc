//! The words of an item and of its variants, and what each says.

use std::collections::BTreeMap;

use super::amount;
use super::names;
use super::word::Word;
use crate::language;

/// How many words of an item count as one neighbourhood when asking how rare a word is within it.
const CHUNK_WORDS: usize = 25;

/// The number of a word in a vocabulary.
pub(super) type Id = u32;

/// A word of the item.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemWord {
    /// None for words that say nothing.
    pub(super) id: Option<Id>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What is known of a word of the vocabulary.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    /// Whether it is written with a capital inside a sentence.
    pub(super) name: bool,
    /// How much it says about where in the item a sentence belongs, in 1/8 bit.
    pub(super) weight: u32,
    /// −log₂ of how often it stands in texts in general, per word.
    pub(super) rarity: u32,
    /// Where the item has it: indices into [`Vocabulary::words`], the sites' variants at the word where they stand,
    /// with the site.
    pub(super) postings: Vec<(usize, Option<usize>)>,
}

/// The words of an item and of its variants.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    pub(super) words: Vec<ItemWord>,
    pub(super) entries: Vec<Entry>,
    ids: BTreeMap<String, Id>,
    /// Ids by first and by last letter, for words with a slip.
    pub(super) by_edge: BTreeMap<(bool, char), Vec<Id>>,
}

impl Vocabulary {
    pub(super) fn intern(&mut self, word: &Word) -> Id {
        let name = (word.capital || word.shouted) && !word.starts && !word.is_amount();
        if let Some(&id) = self.ids.get(&word.key) {
            self.entries[id as usize].name |= name;
            return id;
        }
        let id = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.ids.insert(word.key.clone(), id);
        let rarity = rarity(word);
        self.entries.push(Entry { key: word.key.clone(), name, weight: 0, rarity, postings: Vec::new() });
        id
    }

    pub(super) fn id(&self, key: &str) -> Option<Id> {
        self.ids.get(key).copied()
    }

    /// Weighs every word by how many neighbourhoods of the item hold it.
    pub(super) fn weigh(&mut self) {
        let chunks = self.words.len() / CHUNK_WORDS + 1;
        for entry in &mut self.entries {
            let mut held: Vec<usize> = entry.postings.iter().map(|(at, _)| at / CHUNK_WORDS).collect();
            held.dedup();
            let bits = 1 + (chunks / held.len().max(1)).max(1).ilog2();
            let common = language::is_listed(&entry.key) || entry.rarity < 9;
            entry.weight = bits.min(6) * if common { 5 } else { 8 };
        }
    }
}

/// −log₂ of how often a word stands in texts in general, per word; round figures, for short lists of frequent words.
pub(super) fn rarity(word: &Word) -> u32 {
    if let Some(thousandths) = amount::value(&word.key) {
        let whole = thousandths / 1000;
        let round = whole >= 10 && (whole % 10 == 0);
        let bits = match whole {
            0..=12 => 7,
            1900..=2099 => 9,
            13..=99 => 10,
            100..=999 => 12,
            _ => 13,
        };
        return bits - u32::from(round);
    }
    if word.key.starts_with('@') {
        return 11;
    }
    if names::is_calendar(&word.key) {
        return 9;
    }
    if word.key == "percent" {
        return 8;
    }
    if names::is_frequent(&word.lower) {
        return 11;
    }
    if language::is_listed(&word.lower) {
        return 10;
    }
    if word.capital || word.shouted { 16 } else { 14 }
}
