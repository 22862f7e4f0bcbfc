//! An item as its readers would retell it: its names, its amounts, and where its facts stand.

use std::collections::BTreeMap;

use ring::hmac;

use crate::channel::Site;
use crate::item::{BlockKind, Document};
use crate::language;
use crate::leak::{Fragment, fold};

use super::about::{self, Term};
use super::amount;
use super::leak::Leak;
use super::mention;
use super::names;
use super::place::{self, Place};
use super::word::{Word, words};
use super::{Account, Aligned};

/// How many words of an item count as one neighbourhood when asking how rare a word is within it.
const CHUNK_WORDS: usize = 25;

/// How many bits a fragment must share with an item to be about it where at least two facts were read; as far beyond
/// chance as an aligned passage must be (`trace`), and six bits for the choice among an item's many names.
const ABOUT_BITS: u32 = 24;

/// How many where one fact was read.
const ABOUT_ALONE_BITS: u32 = 34;

/// How far beyond chance aligned passages must be to make up for names: some thirty words. Shorter ones are shared by
/// texts on the same matter.
const QUOTED_BITS: u32 = 200;

/// The number of a word in a subject's vocabulary.
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
    /// Where the item has it: indices into [`Subject::words`], the sites' variants at the word where they stand,
    /// with the site.
    pub(super) postings: Vec<(usize, Option<usize>)>,
}

/// An item as its readers would retell it, made from the item and its sites alone.
#[derive(Debug, Default)]
pub struct Subject {
    pub(super) words: Vec<ItemWord>,
    pub(super) entries: Vec<Entry>,
    ids: BTreeMap<String, Id>,
    /// Ids by first and by last letter, for words with a slip.
    pub(super) by_edge: BTreeMap<(bool, char), Vec<Id>>,
    terms: Vec<Term>,
    pub(super) places: Vec<Place>,
}

impl Subject {
    /// The subject of an item with these sites; empty, and cheap, where no site is a fact.
    pub fn new(document: &Document, sites: &[Site]) -> Self {
        let mut subject = Self::default();
        if !sites.iter().any(|site| site.fact) {
            return subject;
        }
        let text = document.text();
        let all = words(text, &fold(text));
        subject.words =
            all.iter().map(|word| ItemWord { id: None, start: word.raw.start, end: word.raw.end }).collect();
        for (at, word) in all.iter().enumerate() {
            if !word.stop {
                let id = subject.intern(word);
                subject.words[at].id = Some(id);
            }
        }
        let spots = place::spots(&mut subject, text, sites);
        subject.posts(&spots);
        subject.weigh();
        subject.places = place::places(&subject, &spots);
        let prose = |word: &Word| {
            let block = document.blocks().partition_point(|block| block.range.end <= word.raw.start);
            document.blocks().get(block).is_none_or(|block| {
                !matches!(block.kind, BlockKind::Code | BlockKind::Table | BlockKind::Heading)
            })
        };
        subject.terms = about::terms(&subject, &all, prose);
        for (id, entry) in (0..).zip(&subject.entries) {
            let edges = [(false, entry.key.chars().next()), (true, entry.key.chars().next_back())];
            for (last, edge) in edges {
                if let Some(edge) = edge.filter(|_| entry.key.len() >= super::leak::SLIP_BYTES_MIN) {
                    subject.by_edge.entry((last, edge)).or_default().push(id);
                }
            }
        }
        subject
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Decides whether a fragment is about the item, and reads the facts in it.
    ///
    /// `aligned` are the passages that were found in the fragment by alignment and `credit` how far they are beyond
    /// chance, in bits; a fact is looked for outside them, or in the one that holds its own place.
    pub fn read(&self, fragment: &Fragment, aligned: &[Aligned], credit: u32) -> Account {
        if self.is_empty() {
            return Account::default();
        }
        let leak = Leak::new(self, fragment, aligned);
        let shared = about::shared(&self.terms, &leak);
        let total = shared.bits.saturating_add(credit);
        if total < ABOUT_BITS || (credit < QUOTED_BITS && (shared.bits < ABOUT_BITS || !shared.sound)) {
            return Account::default();
        }
        let facts = mention::read(self, &leak);
        let enough = match facts.len() {
            0 => false,
            1 => total >= ABOUT_ALONE_BITS,
            _ => true,
        };
        if enough { Account { bits: shared.bits, facts } } else { Account::default() }
    }

    /// Keyed hashes of the names and amounts by which a registry finds the item when a fragment quotes none of it;
    /// sorted, without repeats. Empty where no site is a fact.
    pub fn index(&self, key: &[u8; 32]) -> Vec<u64> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let mut hashes: Vec<u64> = self
            .terms
            .iter()
            .filter(|term| term.is_strong())
            .map(|term| hash(&key, &self.entries[term.id as usize].key))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }

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

    fn posts(&mut self, spots: &[place::Spot]) {
        // A place's own words in the item belong to its site, whatever variant they are.
        let mut owner = vec![None; self.words.len()];
        for spot in spots {
            for at in spot.words.clone() {
                owner[at] = Some(spot.site);
            }
        }
        for (at, word) in self.words.iter().enumerate() {
            if let Some(id) = word.id {
                self.entries[id as usize].postings.push((at, owner[at]));
            }
        }
        for spot in spots {
            for unit in spot.variants.iter().flat_map(|variant| &variant.units) {
                self.entries[unit.id as usize].postings.push((spot.words.start, Some(spot.site)));
            }
        }
        for entry in &mut self.entries {
            entry.postings.sort_unstable();
            entry.postings.dedup();
        }
    }

    fn weigh(&mut self) {
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
fn rarity(word: &Word) -> u32 {
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

fn hash(key: &hmac::Key, term: &str) -> u64 {
    let mut context = hmac::Context::with_key(key);
    // No pair of words hashes like this: words hold no zero byte.
    context.update(b"\0");
    context.update(term.as_bytes());
    context.sign().as_ref().iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte))
}

/// The hashes under which [`Subject::index`] may hold an item that the fragment is about; sorted, without repeats.
pub fn fragment_terms(fragment: &Fragment, key: &[u8; 32]) -> Vec<u64> {
    /// Distinct terms that are looked up, at most.
    const TERMS_MAX: usize = 20_000;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut keys: Vec<String> = words(fragment.raw(), fragment.chars())
        .into_iter()
        .filter(|word| !word.stop && rarity(word) > 11)
        .map(|word| word.key)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(TERMS_MAX);
    let mut hashes: Vec<u64> = keys.iter().map(|term| hash(&key, term)).collect();
    hashes.sort_unstable();
    hashes
}
