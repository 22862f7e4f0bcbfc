//! From a fragment and an item to what was seen at each site.
//!
//! An item with its sites makes a [`Lattice`], which stands for every copy at once. [`observe`] finds the passages of
//! the item in a fragment (seeds, runs, chains), aligns each with the lattice, and gives for every place the cost of
//! the best alignment through each variant. Alignment depends on the item alone: nothing here sees a codeword.

mod align;
mod exact;
mod guides;
mod lattice;
mod locate;
mod noise;
mod parts;
mod passage;
mod seeds;
mod shingle;
mod words;

use std::ops::Range;

pub use exact::{ExactError, read_exact};
pub use lattice::Lattice;
pub use shingle::{fragment_shingles, shingles};

use crate::channel::{Seen, Sighting};
use crate::leak::Fragment;

use align::{Grid, Step};
use locate::Trail;
use noise::{REWRITE, WILD};
use passage::Aligned;

/// What a fragment shows of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation<'f> {
    /// The passages of the item, in the fragment's order.
    pub passages: Vec<Passage>,
    /// What was seen of each site, by ascending site; sites of which nothing was seen are left out, and so is a passage
    /// that the item holds more than once word for word: nobody can tell which of them was leaked.
    pub seen: Vec<Seen<'f>>,
    /// The share of the fragment's folded characters that stand for an equal one of the item, 0.0..=1.0.
    pub aligned: f64,
    /// How many characters those are.
    pub matched_chars: usize,
    /// How much likelier the passages are as renderings of the item than by chance, in units of 1/8 bit; for
    /// choosing among items. The variants that fit best are taken, so it does not depend on a codeword.
    pub score: u64,
}

/// A passage of the item in a fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The fragment's folded characters.
    pub fragment: Range<usize>,
    /// Bytes of the item's canonical text.
    pub text: Range<usize>,
    /// What its slips cost: −log₂ of their probability under the noise model.
    pub cost_bits: f64,
    /// How many characters stand for an equal one.
    pub matched: usize,
}

/// The most cells of dynamic programming that one fragment may take: about two seconds.
const CELLS_MAX: usize = 400 << 20;

/// How many bits better than the number of ways to place it a passage must fit by itself. An unrelated text of the
/// same language shares phrases; `tests` hold texts that share long ones.
const SURPRISE_BITS: i64 = 18;

/// Exact characters that a typographic place needs on either side.
const SPOT_CONTEXT: usize = 4;

/// What the fragment shows of the item.
pub fn observe<'f>(lattice: &Lattice, fragment: &'f Fragment) -> Observation<'f> {
    let trail = Trail::new(fragment);
    let chains = locate::chains(lattice, &trail);
    let mut budget = CELLS_MAX;
    let mut grid = Grid::default();
    let mut taken = 0;
    let mut found: Vec<Aligned> = Vec::new();
    for (at, chain) in chains.iter().enumerate() {
        let next = chains.get(at + 1).and_then(|next| next.first());
        let end = next.map_or(trail.symbols.len(), |run| trail.char_of(run.letter) as usize);
        if let Some(aligned) =
            passage::align(lattice, &trail, chain, &(taken..end.max(taken)), &mut budget, &mut grid)
        {
            taken = taken.max(aligned.chars().end);
            found.push(Aligned { ambiguous: locate::is_ambiguous(lattice, &trail, chain), ..aligned });
        }
    }
    let accepted = significant(lattice, &trail, found);
    let mut sightings: Vec<Vec<(usize, usize, Sighting<'f>)>> = vec![Vec::new(); lattice.sites()];
    for aligned in accepted.iter().filter(|aligned| !aligned.ambiguous) {
        forks(lattice, fragment, aligned, &mut sightings);
        spots(lattice, &trail, fragment, aligned, &mut sightings);
    }
    let seen = sightings
        .into_iter()
        .enumerate()
        .filter(|(_, all)| !all.is_empty())
        .map(|(site, mut all)| {
            all.sort_by_key(|&(place, at, _)| (place, at));
            Seen { site, sightings: all.into_iter().map(|(_, _, sighting)| sighting).collect() }
        })
        .collect();
    let matched_chars = accepted.iter().map(|aligned| aligned.matched).sum();
    Observation {
        passages: accepted.iter().map(|aligned| describe(lattice, aligned)).collect(),
        seen,
        aligned: share(matched_chars, trail.symbols.len()),
        matched_chars,
        score: accepted.iter().map(|aligned| u64::try_from(aligned.gain).unwrap_or(0)).sum(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of characters stay far below 2^53")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The passages that are far better than chance.
///
/// An unrelated fragment of m words can be placed in n·m ways in an item of n, so a passage must carry log₂(n·m)
/// bits only to be no surprise, and [`SURPRISE_BITS`] more. One that follows or precedes an accepted one at a distance
/// of a characters of fragment and b of item has but a·b ways to lie.
fn significant(lattice: &Lattice, trail: &Trail, found: Vec<Aligned>) -> Vec<Aligned> {
    let words = trail.symbols.iter().filter(|symbol| symbol.is_space()).count() + 1;
    let ways = log2(words as u64) + log2(lattice.words() as u64);
    let fits = |aligned: &Aligned, ways: i64| aligned.gain >= 8 * (ways + SURPRISE_BITS);
    let mut accepted: Vec<bool> = found.iter().map(|aligned| fits(aligned, ways)).collect();
    let between = |one: &Aligned, other: &Aligned| match (one.steps.last(), other.steps.first()) {
        (Some(a), Some(b)) if b.node > a.node => {
            log2(u64::from(b.from.abs_diff(a.to))) + log2(u64::from(b.node - a.node))
        }
        _ => ways,
    };
    for at in 1..found.len() {
        accepted[at] |= accepted[at - 1] && fits(&found[at], between(&found[at - 1], &found[at]).min(ways));
    }
    for at in (1..found.len()).rev() {
        accepted[at - 1] |=
            accepted[at] && fits(&found[at - 1], between(&found[at - 1], &found[at]).min(ways));
    }
    found.into_iter().zip(accepted).filter(|(_, keep)| *keep).map(|(aligned, _)| aligned).collect()
}

fn log2(n: u64) -> i64 {
    i64::from(n.max(1).ilog2())
}

fn describe(lattice: &Lattice, aligned: &Aligned) -> Passage {
    let bounds = aligned.steps.first().zip(aligned.steps.last());
    let text = bounds.map_or(0..0, |(first, last)| {
        lattice.node(first.node).start as usize..lattice.node(last.node).end as usize
    });
    Passage {
        fragment: aligned.chars(),
        text,
        cost_bits: f64::from(aligned.cost) / 8.0,
        matched: aligned.matched,
    }
}

type Sightings<'f> = [Vec<(usize, usize, Sighting<'f>)>];

fn forks<'f>(lattice: &Lattice, fragment: &'f Fragment, aligned: &Aligned, out: &mut Sightings<'f>) {
    for sight in &aligned.sights {
        let fork = &lattice.forks()[sight.fork as usize];
        let sighting = Sighting {
            place: fork.place,
            costs: fork.form_of.iter().map(|&form| sight.costs[form]).collect(),
            rewritten: sight.rewritten,
            raw: fragment.raw_of(sight.chars.clone()),
        };
        out[fork.site].push((fork.place, sight.chars.start, sighting));
    }
}

/// The typographic places on a path: all their variants cost the same, and the raw characters tell.
fn spots<'f>(
    lattice: &Lattice,
    trail: &Trail,
    fragment: &'f Fragment,
    aligned: &Aligned,
    out: &mut Sightings<'f>,
) {
    let (Some(first), Some(last)) = (aligned.steps.first(), aligned.steps.last()) else { return };
    let same = |step: &Step| {
        step.to == step.from + 1
            && trail.symbols[step.from as usize].char == lattice.node(step.node).symbol.char
    };
    let begins = trail.letters.first().is_none_or(|&letter| letter >= first.from);
    let ends = trail.letters.last().is_none_or(|&letter| letter < last.to);
    let all = lattice.spots();
    let from = all.partition_point(|spot| spot.nodes.start < first.node);
    for spot in all[from..].iter().take_while(|spot| spot.nodes.end <= last.node + 1) {
        let at = aligned.steps.partition_point(|step| step.node < spot.nodes.start);
        let stop = aligned.steps.partition_point(|step| step.node < spot.nodes.end);
        if stop - at != spot.nodes.len() {
            continue;
        }
        let before = &aligned.steps[at.saturating_sub(SPOT_CONTEXT)..at];
        let after = &aligned.steps[stop..(stop + SPOT_CONTEXT).min(aligned.steps.len())];
        let sure = |context: &[Step], edge: bool| {
            context.iter().all(same) && (context.len() == SPOT_CONTEXT || edge)
        };
        let neighbours = |context: &[Step], edge: bool| {
            sure(context, edge) || context.iter().filter(|step| same(step)).count() + 1 >= SPOT_CONTEXT
        };
        if !neighbours(before, begins) || !neighbours(after, ends) {
            continue;
        }
        let steps = &aligned.steps[at..stop];
        let (raw, exact) = match (steps.first(), steps.last()) {
            (Some(first), Some(last)) => {
                let chars = first.from as usize..last.to as usize;
                (fragment.raw_of(chars), steps.iter().all(same))
            }
            _ => (between(fragment, before, after), true),
        };
        if raw.is_empty() && !spot.nodes.is_empty() {
            continue;
        }
        let slip = if exact { 0 } else { steps.iter().map(|step| slip(lattice, trail, step)).sum() };
        let other = REWRITE + WILD * u32::try_from(steps.len()).unwrap_or(0);
        let sighting = Sighting {
            place: spot.place,
            costs: vec![slip; lattice.variants(spot.site)],
            rewritten: other,
            raw,
        };
        let order = before.last().map_or(0, |step| step.to as usize);
        out[spot.site].push((spot.place, order, sighting));
    }
}

fn slip(lattice: &Lattice, trail: &Trail, step: &Step) -> u32 {
    let symbol = lattice.node(step.node).symbol;
    match trail.symbols.get(step.from as usize) {
        Some(&read) if step.to > step.from => symbol.read_as(read),
        _ => symbol.drop_cost(),
    }
}

/// The raw text, invisible to folding, between two neighbouring characters.
fn between<'f>(fragment: &'f Fragment, before: &[Step], after: &[Step]) -> &'f str {
    let chars = fragment.chars();
    let (Some(before), Some(after)) = (before.last(), after.first()) else { return "" };
    let (Some(last), Some(next)) =
        (chars.get((before.to as usize).wrapping_sub(1)), chars.get(after.from as usize))
    else {
        return "";
    };
    fragment.raw().get(last.end as usize..next.start as usize).unwrap_or("")
}

#[cfg(test)]
mod tests;
