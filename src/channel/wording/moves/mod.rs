//! Alternations that move something: a clause, a phrase, an adverb.
//!
//! A move shows at both ends of its journey: where the moved words stand in one order, and where they stand in the other.
//! A move is therefore one site with two places. Words between them stay where they are and keep their own sites; a site
//! inside the moved words goes along, and the move becomes a *joint* site whose variants are the orders times the choices
//! of what goes along. Either side of a clause can be the one that moves; the side that costs fewer sites does. A
//! fragment that holds one end of the sentence is read there, and is flat about the end it does not hold.

mod adverb;
mod clause;
mod halves;
mod joint;
mod phrase;
mod shape;

use std::collections::BTreeMap;
use std::ops::Range;

use super::clash;
use super::view::{Sentence, View};
use crate::channel::{Site, Tier, WEIGHT_TOTAL};

/// Words that can stand in several orders.
struct Move {
    class: &'static str,
    tier: Tier,
    /// What each order is called and how often it is drawn, relative to the others; the first is the item's own.
    orders: Vec<(&'static str, u32)>,
    /// The ways to write it, of which the one that costs fewest sites is taken: disjoint slots in document order.
    ways: Vec<Vec<Slot>>,
}

/// A run of tokens and what stands there in each order of a move.
#[derive(Clone)]
struct Slot {
    tokens: Range<usize>,
    forms: Vec<Vec<Piece>>,
}

/// A part of a form.
#[derive(Clone)]
enum Piece {
    /// Tokens of the item, and what becomes of their first letter.
    Span(Range<usize>, Case),
    /// Other characters, spaces included.
    Text(&'static str),
}

/// What becomes of a span's first letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Keep,
    Upper,
    Lower,
}

fn span(tokens: Range<usize>) -> Piece {
    Piece::Span(tokens, Case::Keep)
}

/// Moves of a sentence, and the word it goes on with, collected over an item.
#[derive(Default)]
pub(super) struct Moves(Vec<Move>);

impl Moves {
    /// Adds what can be moved in a sentence; `next` is the one after it in the same block, if any.
    pub(super) fn find(&mut self, view: &View<'_>, sentence: &Sentence, next: Option<&Sentence>) {
        if sentence.normative {
            return;
        }
        if let Some(head) = shape::Frame::of_head(view, sentence) {
            adverb::find(view, &head, &mut self.0);
        }
        let Some(frame) = shape::Frame::of(view, sentence, next) else { return };
        clause::find(view, &frame, &mut self.0);
        phrase::find(view, &frame, &mut self.0);
    }

    /// Puts the moves among the other sites, which are disjoint and in document order, and so is the result.
    ///
    /// A move replaces the sites it covers where its own bits are worth more than theirs. It never costs a site of a
    /// better tier, which would be lost to those who accept only that.
    pub(super) fn settle(mut self, view: &View<'_>, sites: Vec<Site>) -> Vec<Site> {
        if self.0.is_empty() {
            return sites;
        }
        self.0.sort_by_key(|moved| super::tier_order(moved.tier));
        let mut table = Table::new(sites);
        for moved in &self.0 {
            let best = moved
                .ways
                .iter()
                .filter_map(|way| {
                    let slots = joint::place(view, way)?;
                    let covered = table.covered(&slots);
                    let carried: Vec<&Site> =
                        covered.iter().filter_map(|&at| table.sites[at].as_ref()).collect();
                    if carried.iter().any(|site| site.tier < moved.tier) {
                        return None;
                    }
                    let site = joint::join(view, moved, slots, &carried)?;
                    let lost: u32 = carried
                        .iter()
                        .filter(|site| site.tier <= moved.tier)
                        .map(|site| millibits(&site.weights))
                        .sum();
                    let gain = millibits(&site.weights).checked_sub(lost).filter(|&gain| gain > 0)?;
                    let bytes: usize =
                        site.places.iter().flat_map(|place| &place.forms).map(String::len).sum();
                    table.fits(&site, &covered).then_some((gain, std::cmp::Reverse(bytes), site, covered))
                })
                .max_by_key(|&(gain, bytes, ..)| (gain, bytes));
            if let Some((_, _, site, covered)) = best {
                table.replace(&covered, site);
            }
        }
        table.into_sites()
    }
}

/// The sites of an item by where their places begin.
struct Table {
    sites: Vec<Option<Site>>,
    /// For the start of a place its site and its number there.
    starts: BTreeMap<usize, (usize, usize)>,
}

impl Table {
    fn new(sites: Vec<Site>) -> Self {
        let mut table = Self { sites: Vec::with_capacity(sites.len()), starts: BTreeMap::new() };
        for site in sites {
            table.push(site);
        }
        table
    }

    fn push(&mut self, site: Site) {
        let index = self.sites.len();
        for (number, place) in site.places.iter().enumerate() {
            self.starts.insert(place.range.start, (index, number));
        }
        self.sites.push(Some(site));
    }

    /// The sites that share text with the slots, ascending.
    fn covered(&self, slots: &[joint::Region]) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for slot in slots {
            let all = self.starts.range(..slot.range.end).rev();
            found.extend(
                all.take_while(|(_, at)| {
                    self.place(**at).is_some_and(|place| place.range.end > slot.range.start)
                })
                .map(|(_, &(index, _))| index),
            );
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn place(&self, (index, number): (usize, usize)) -> Option<&crate::channel::Place> {
        self.sites.get(index)?.as_ref()?.places.get(number)
    }

    /// Whether a site may stand in the place of those it covers: it overlaps no other, and makes no double word where
    /// it touches one.
    fn fits(&self, site: &Site, covered: &[usize]) -> bool {
        let free = |at: (usize, usize)| !covered.contains(&at.0);
        site.places.iter().all(|place| {
            let before = self.starts.range(..place.range.end).rev().map(|(_, &at)| at).find(|&at| free(at));
            let after = self.starts.range(place.range.end..).map(|(_, &at)| at).find(|&at| free(at));
            let left = before.and_then(|at| self.place(at));
            let right = after.and_then(|at| self.place(at));
            left.is_none_or(|left| left.range.end <= place.range.start && !clash(left, place))
                && right.is_none_or(|right| !clash(place, right))
        })
    }

    fn replace(&mut self, covered: &[usize], site: Site) {
        for &index in covered {
            if let Some(gone) = self.sites[index].take() {
                for place in gone.places {
                    self.starts.remove(&place.range.start);
                }
            }
        }
        self.push(site);
    }

    fn into_sites(self) -> Vec<Site> {
        let mut sites: Vec<Site> = self.sites.into_iter().flatten().collect();
        sites.sort_by_key(|site| site.places[0].range.start);
        sites
    }
}

/// Entropy of a site's draw in units of 1/1000 bit.
fn millibits(weights: &[u32]) -> u32 {
    let bits: f64 = weights
        .iter()
        .map(|&weight| f64::from(weight) / f64::from(WEIGHT_TOTAL))
        .map(|p| -p * libm::log2(p))
        .sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 4,000")]
    let rounded = (bits * 1000.0).round() as u32;
    rounded
}

#[cfg(test)]
mod tests;
