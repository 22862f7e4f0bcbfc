//! Where a fact stands in the item, and by what a sentence about it is known.

use std::ops::Range;

use crate::channel::Site;
use crate::leak::fold;

use super::amount::words;
use super::order::{self, Order};
use super::vocabulary::{Id, Vocabulary};
use super::word::{Hedge, Word};

/// How far from a place, in words of the item, a word still belongs to it, and how far it belongs to it closely.
const REACH: usize = 18;
const CLOSE: usize = 10;

/// What the noun that a fact is about says, in 1/8 bit: a sentence that keeps the fact keeps it more often than any
/// other word.
const HEAD_WEIGHT: u32 = 40;

/// A variant is known by its first words, at most so many.
const UNITS_MAX: usize = 64;

/// So many places of other sites lend their variants' words to a place, at most.
const NEIGHBOURS_MAX: usize = 64;

/// A word or amount of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) id: Id,
    pub(super) hedge: Hedge,
}

/// A variant in the words that carry it.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    /// In the order of the text, without repeats.
    pub(super) units: Vec<Unit>,
    /// The parts of a list, if it is one.
    pub(super) parts: Vec<Vec<Id>>,
    /// How many words it has, all counted.
    pub(super) length: usize,
}

/// One place of any site in the words of the subject.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) site: usize,
    place: usize,
    fact: bool,
    range: Range<usize>,
    /// Indices of the item's words that the place covers; empty where it covers none.
    pub(super) words: Range<usize>,
    pub(super) variants: Vec<Variant>,
}

/// One place of a fact that can be told from the others by words.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) site: usize,
    /// Which of the site's places it is.
    pub(super) index: usize,
    /// Bytes of the item's text.
    pub(super) range: Range<usize>,
    /// For each variant the units that some other variant lacks.
    pub(super) own: Vec<Vec<Unit>>,
    /// How many words the longest variant has.
    pub(super) length: usize,
    /// Words of the item near it, with what each says.
    pub(super) context: Vec<(Id, u32)>,
    /// The nouns that amounts here are of.
    pub(super) heads: Vec<Id>,
    /// Set where the variants are orders of the same parts.
    pub(super) order: Option<Order>,
}

/// The places of all sites; interns the words of every variant.
pub(super) fn spots(vocabulary: &mut Vocabulary, text: &str, sites: &[Site]) -> Vec<Spot> {
    let mut out = Vec::new();
    for (site, one) in sites.iter().enumerate() {
        for (index, place) in one.places.iter().enumerate() {
            let range = place.range.clone();
            if place.forms.len() != one.labels.len() || text.get(range.clone()).is_none() {
                continue;
            }
            let from = vocabulary.words.partition_point(|word| word.end <= range.start);
            let to = vocabulary.words.partition_point(|word| word.start < range.end).max(from);
            // A place may cover part of a word, or the number behind a "more than": its variants are read with the
            // whole of it.
            let covered = &vocabulary.words[from..to];
            let start = covered.first().map_or(range.start, |word| word.start.min(range.start));
            let end = covered.last().map_or(range.end, |word| word.end.max(range.end));
            let (before, after) = (&text[start..range.start], &text[range.end..end]);
            let variants = place
                .forms
                .iter()
                .map(|form| variant(vocabulary, &format!("{before}{form}{after}")))
                .collect();
            out.push(Spot { site, place: index, fact: one.fact, range, words: from..to, variants });
        }
    }
    out
}

fn variant(vocabulary: &mut Vocabulary, form: &str) -> Variant {
    // A word in front, because a variant does not begin a sentence.
    let text = format!("of {form}");
    let all: Vec<Word> = words(&text, &fold(&text));
    let mut units: Vec<Unit> = Vec::new();
    for word in all.iter().filter(|word| !word.stop) {
        let unit = Unit { id: vocabulary.intern(word), hedge: word.hedge };
        if !units.contains(&unit) {
            units.push(unit);
        }
        if units.len() == UNITS_MAX {
            break;
        }
    }
    let parts = order::parts(&text, &all, |word| vocabulary.id(&word.key));
    Variant { units, parts, length: all.len().saturating_sub(1) }
}

/// Notes where every word stands, and of which site.
pub(super) fn posts(vocabulary: &mut Vocabulary, spots: &[Spot]) {
    // A place's own words in the item belong to its site, whatever variant they are.
    let mut owner = vec![None; vocabulary.words.len()];
    for spot in spots {
        for at in spot.words.clone() {
            owner[at] = Some(spot.site);
        }
    }
    for (at, word) in vocabulary.words.iter().enumerate() {
        if let Some(id) = word.id {
            vocabulary.entries[id as usize].postings.push((at, owner[at]));
        }
    }
    for spot in spots {
        for unit in spot.variants.iter().flat_map(|variant| &variant.units) {
            vocabulary.entries[unit.id as usize].postings.push((spot.words.start, Some(spot.site)));
        }
    }
    for entry in &mut vocabulary.entries {
        entry.postings.sort_unstable();
        entry.postings.dedup();
    }
}

/// The places of facts whose variants differ in words.
pub(super) fn places(vocabulary: &Vocabulary, spots: &[Spot]) -> Vec<Place> {
    let mut by_start: Vec<&Spot> = spots.iter().collect();
    by_start.sort_by_key(|spot| spot.words.start);
    spots.iter().filter(|spot| spot.fact).filter_map(|spot| place(vocabulary, &by_start, spot)).collect()
}

/// One place among all of them, which are sorted by where they start.
fn place(vocabulary: &Vocabulary, spots: &[&Spot], spot: &Spot) -> Option<Place> {
    let common: Vec<Unit> = spot
        .variants
        .first()?
        .units
        .iter()
        .copied()
        .filter(|unit| spot.variants.iter().all(|variant| variant.units.contains(unit)))
        .collect();
    let own: Vec<Vec<Unit>> = spot
        .variants
        .iter()
        .map(|variant| variant.units.iter().copied().filter(|unit| !common.contains(unit)).collect())
        .collect();
    let order = if own.iter().all(Vec::is_empty) {
        let parts: Vec<_> = spot.variants.iter().map(|variant| variant.parts.clone()).collect();
        let words = |variant: &Variant| variant.units.iter().map(|unit| vec![unit.id]).collect();
        Some(order::of(&parts, &spot.variants.iter().map(words).collect::<Vec<_>>())?)
    } else {
        None
    };
    let is_amount = |id: Id| vocabulary.entries[id as usize].key.starts_with(['#', '@']);
    let mut heads: Vec<Id> = common.iter().map(|unit| unit.id).filter(|&id| !is_amount(id)).collect();
    let amounts = own.iter().flatten().any(|unit| is_amount(unit.id));
    if heads.is_empty() && amounts {
        let after = vocabulary.words.get(spot.words.end..).unwrap_or(&[]);
        heads.extend(after.iter().take(3).filter_map(|word| word.id).find(|&id| !is_amount(id)));
    }
    let mut context: Vec<(Id, u32)> = heads.iter().map(|&id| (id, HEAD_WEIGHT)).collect();
    let mut add = |id: Id, at: usize| {
        let distance = at.abs_diff(spot.words.start).min(at.abs_diff(spot.words.end.saturating_sub(1)));
        let mine = own.iter().flatten().any(|unit| unit.id == id);
        if distance > REACH || mine {
            return;
        }
        let weight = vocabulary.entries[id as usize].weight;
        let weight = if distance <= CLOSE { weight } else { weight * 5 / 8 };
        match context.iter_mut().find(|(other, _)| *other == id) {
            Some((_, known)) => *known = weight.max(*known),
            None => context.push((id, weight)),
        }
    };
    let near = spot.words.start.saturating_sub(REACH)..(spot.words.end + REACH).min(vocabulary.words.len());
    for at in near.clone() {
        if let Some(id) = vocabulary.words[at].id.filter(|_| !spot.words.contains(&at)) {
            add(id, at);
        }
    }
    // Variants of other sites belong to the sentence, too, whichever the copy had.
    let from = spots.partition_point(|other| other.words.start < near.start);
    let others = spots[from..].iter().take_while(|other| other.words.start < near.end);
    for other in others.filter(|other| other.site != spot.site).take(NEIGHBOURS_MAX) {
        for unit in other.variants.iter().flat_map(|variant| &variant.units) {
            add(unit.id, other.words.start);
        }
    }
    let length = spot.variants.iter().map(|variant| variant.length).max().unwrap_or(0);
    let Spot { site, place, range, .. } = spot.clone();
    Some(Place { site, index: place, range, own, length, context, heads, order })
}
