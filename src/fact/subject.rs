//! An item as its readers would retell it: its names, its amounts, and where its facts stand.

use ring::hmac;

use crate::channel::Site;
use crate::item::{BlockKind, Document};
use crate::leak::{Fragment, fold};

use super::about::{self, Term};
use super::amount::words;
use super::leak::Leak;
use super::mention;
use super::place::{self, Place};
use super::vocabulary::{ItemWord, Vocabulary, rarity};
use super::word::Word;
use super::{Account, Aligned};

/// How many bits a fragment must share with an item to be about it where at least two facts were read; as far beyond
/// chance as an aligned passage must be (`trace`), and six bits for the choice among an item's many names.
const ABOUT_BITS: u32 = 24;

/// How many where one fact was read.
const ABOUT_ALONE_BITS: u32 = 34;

/// How far beyond chance aligned passages must be to make up for names: some thirty words. Shorter ones are shared by
/// texts on the same matter.
const QUOTED_BITS: u32 = 200;

/// An item as its readers would retell it, made from the item and its sites alone.
#[derive(Debug, Default)]
pub struct Subject {
    vocabulary: Vocabulary,
    terms: Vec<Term>,
    places: Vec<Place>,
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
        let mut vocabulary = Vocabulary::default();
        vocabulary.words =
            all.iter().map(|word| ItemWord { id: None, start: word.raw.start, end: word.raw.end }).collect();
        for (at, word) in all.iter().enumerate() {
            if !word.stop {
                let id = vocabulary.intern(word);
                vocabulary.words[at].id = Some(id);
            }
        }
        let spots = place::spots(&mut vocabulary, text, sites);
        place::posts(&mut vocabulary, &spots);
        vocabulary.weigh();
        subject.places = place::places(&vocabulary, &spots);
        let prose = |word: &Word| {
            let block = document.blocks().partition_point(|block| block.range.end <= word.raw.start);
            document.blocks().get(block).is_none_or(|block| {
                !matches!(block.kind, BlockKind::Code | BlockKind::Table | BlockKind::Heading)
            })
        };
        subject.terms = about::terms(&vocabulary, &all, prose);
        for (id, entry) in (0..).zip(&vocabulary.entries) {
            let edges = [(false, entry.key.chars().next()), (true, entry.key.chars().next_back())];
            for (last, edge) in edges {
                if let Some(edge) = edge.filter(|_| entry.key.len() >= super::leak::SLIP_BYTES_MIN) {
                    vocabulary.by_edge.entry((last, edge)).or_default().push(id);
                }
            }
        }
        subject.vocabulary = vocabulary;
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
        let leak = Leak::new(&self.vocabulary, fragment, aligned);
        let shared = about::shared(&self.terms, &leak);
        let total = shared.bits.saturating_add(credit);
        if total < ABOUT_BITS || (credit < QUOTED_BITS && (shared.bits < ABOUT_BITS || !shared.sound)) {
            return Account::default();
        }
        let facts = mention::read(&self.vocabulary, &self.places, &leak);
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
            .map(|term| hash(&key, &self.vocabulary.entries[term.id as usize].key))
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
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
