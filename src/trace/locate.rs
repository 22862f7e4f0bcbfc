//! Where the item's text stands in a fragment: seeds, runs, chains.

use crate::leak::Fragment;

use super::lattice::{Lattice, index};
use super::noise::Symbol;
use super::seeds::{Rolling, SEED_LETTERS};

/// At most so many occurrences of one seed are taken from the item.
const OCCURRENCES_MAX: usize = 32;

/// At most about so many seed hits are followed in all; longer fragments take fewer occurrences of each.
const HITS_MAX: usize = 4 << 20;

/// How many runs back a chain looks for its predecessor.
const LOOK_BACK: usize = 96;

/// What a letter of an exact run is worth: 2 bits, the entropy of English when much context is known.
const LETTER: i64 = 16;

/// What it costs to go on anywhere else in the item: 30 bits, fifteen letters.
const JUMP: i64 = 240;

/// What a gap within a passage costs: 2 bits, and half a bit for every letter that both sides have in it or that one
/// has more than the other. Where that is dearer than to go on anywhere, the passage ends.
const GAP: i64 = 16;
const GAP_LETTER: i64 = 4;

/// Chains of fewer letters are never aligned.
const LETTERS_MIN: u32 = 12;

/// A fragment as the aligner sees it.
pub(super) struct Trail {
    /// The folded characters.
    pub(super) symbols: Vec<Symbol>,
    /// Indices of the letters and digits among them.
    pub(super) letters: Vec<u32>,
}

impl Trail {
    pub(super) fn new(fragment: &Fragment) -> Self {
        let symbols: Vec<Symbol> = fragment.chars().iter().map(|folded| Symbol::new(folded.char)).collect();
        let letters =
            (0_u32..).zip(&symbols).filter(|(_, symbol)| symbol.is_letter()).map(|(at, _)| at).collect();
        Self { symbols, letters }
    }

    /// The character index of a letter; the end of the text past the last.
    pub(super) fn char_of(&self, letter: u32) -> u32 {
        self.letters.get(letter as usize).copied().unwrap_or(index(self.symbols.len()))
    }
}

/// A stretch of letters that fragment and item have in common, on one path of the lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// First letter in the fragment.
    pub(super) letter: u32,
    /// Where it begins in the lattice.
    pub(super) node: u32,
    /// How many letters.
    pub(super) len: u32,
}

/// Runs of one passage, in order, that lie within reach of each other in fragment and item.
pub(super) type Chain = Vec<Run>;

/// The passages of the item that the fragment seems to hold, in the fragment's order.
pub(super) fn chains(lattice: &Lattice, trail: &Trail) -> Vec<Chain> {
    let runs = runs(lattice, trail);
    let mut chains: Vec<Chain> = Vec::new();
    let mut current: Chain = Vec::new();
    for (run, joins) in best_chain(lattice, &runs) {
        if !joins && !current.is_empty() {
            // Letters at a seam fit both passages; they belong to one, or they would be counted twice.
            for earlier in &mut current {
                earlier.len = earlier.len.min(run.letter.saturating_sub(earlier.letter));
            }
            current.retain(|earlier| earlier.len > 0);
            chains.push(std::mem::take(&mut current));
        }
        current.push(run);
    }
    chains.push(current);
    chains.retain(|chain| {
        // Runs overlap where a seed crosses a place, so letters are counted by what the chain spans anew.
        let mut end = 0;
        let mut letters = 0;
        for run in chain {
            letters += (run.letter + run.len).saturating_sub(end.max(run.letter));
            end = end.max(run.letter + run.len);
        }
        letters >= LETTERS_MIN
    });
    chains
}

/// Whether every seed of a chain occurs in several places of the item, so that nobody can tell which was leaked.
pub(super) fn is_ambiguous(lattice: &Lattice, trail: &Trail, chain: &Chain) -> bool {
    let seeds = chain.iter().flat_map(|run| {
        let windows = trail.letters.get(run.letter as usize..(run.letter + run.len) as usize).unwrap_or(&[]);
        windows.windows(SEED_LETTERS)
    });
    seeds.map(|window| lattice.seeds().find(hash(trail, window))).filter(|nodes| !nodes.is_empty()).all(
        |nodes| {
            let segments = |node: &u32| lattice.node(*node).segment;
            nodes.iter().any(|node| segments(node) != segments(&nodes[0]))
        },
    )
}

fn hash(trail: &Trail, window: &[u32]) -> u64 {
    window.iter().fold(Rolling::default(), |seed, &at| seed.push(trail.symbols[at as usize])).finish()
}

/// All maximal runs, ordered by their place in the fragment.
fn runs(lattice: &Lattice, trail: &Trail) -> Vec<Run> {
    let mut hits: Vec<(i64, u32, u32)> = hits(lattice, trail)
        .into_iter()
        .map(|(letter, node)| (i64::from(lattice.node(node).far) - i64::from(letter), letter, node))
        .collect();
    hits.sort_unstable();
    let seed = index(SEED_LETTERS);
    let mut runs: Vec<Run> = Vec::new();
    let mut last_diagonal = None;
    for (diagonal, letter, node) in hits {
        if let Some(last) = runs.last_mut()
            && last_diagonal == Some(diagonal)
            && letter + seed <= last.letter + last.len + 1
            && lattice.node(node).segment == lattice.node(last.node).segment
        {
            last.len = last.len.max(letter + seed - last.letter);
            continue;
        }
        last_diagonal = Some(diagonal);
        runs.push(Run { letter, node, len: seed });
    }
    runs.sort_unstable_by_key(|run| (run.letter, run.node));
    runs
}

/// Letters of the fragment and nodes at which the same seed begins.
///
/// Of a seed that the item has too often, only those occurrences count that go on from a neighbouring hit, so that
/// a repeated phrase is found where its surroundings say; where nothing says, the first few.
fn hits(lattice: &Lattice, trail: &Trail) -> Vec<(u32, u32)> {
    let count = (trail.letters.len() + 1).saturating_sub(SEED_LETTERS);
    let most = (HITS_MAX / count.max(1)).clamp(1, OCCURRENCES_MAX);
    let seeds = || (0_u32..).zip(trail.letters.windows(SEED_LETTERS));
    let mut hits: Vec<(u32, u32)> = Vec::with_capacity(count);
    let mut before = 0;
    let mut crowded = false;
    for (letter, window) in seeds() {
        let nodes = lattice.seeds().find(hash(trail, window));
        let from = hits.len();
        if nodes.len() > most {
            crowded = true;
            for at in before..from {
                for next in next_letters(lattice, hits[at].1) {
                    if nodes.binary_search(&next).is_ok() {
                        hits.push((letter, next));
                    }
                }
            }
        }
        if hits.len() == from {
            hits.extend(nodes.iter().take(most).map(|&node| (letter, node)));
        }
        before = from;
    }
    if !crowded {
        return hits;
    }
    let mut extra: Vec<(u32, u32)> = Vec::new();
    let mut end = hits.len();
    let (mut sure, mut carried) = (0..0, 0..0);
    for (letter, window) in seeds().collect::<Vec<_>>().into_iter().rev() {
        let from = hits[..end].partition_point(|&(other, _)| other < letter);
        let nodes = lattice.seeds().find(hash(trail, window));
        let begin = extra.len();
        if nodes.len() > most {
            for later in hits[sure].iter().chain(&extra[carried.clone()]).copied().collect::<Vec<_>>() {
                if let Some(node) = letter_before(lattice, later.1)
                    && nodes.binary_search(&node).is_ok()
                {
                    extra.push((letter, node));
                }
            }
            sure = 0..0;
        } else {
            sure = from..end;
        }
        carried = begin..extra.len();
        end = from;
    }
    hits.append(&mut extra);
    hits.sort_unstable();
    hits.dedup();
    hits
}

/// The letters that may follow a node.
fn next_letters(lattice: &Lattice, node: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut stack: Vec<u32> = lattice.followers(node).collect();
    for _ in 0..64 {
        let Some(next) = stack.pop() else { break };
        if lattice.node(next).symbol.is_letter() {
            found.push(next);
        } else {
            stack.extend(lattice.followers(next));
        }
    }
    found
}

/// The letter before a node in its own literal or form.
fn letter_before(lattice: &Lattice, node: u32) -> Option<u32> {
    (0..node).rev().take_while(|&at| !lattice.node(at).last).find(|&at| lattice.node(at).symbol.is_letter())
}

/// The best sequence of runs, each with whether it continues the passage of the one before.
fn best_chain(lattice: &Lattice, runs: &[Run]) -> Vec<(Run, bool)> {
    let mut best: Vec<(i64, Option<usize>, bool)> = Vec::with_capacity(runs.len());
    let mut by_end: Vec<usize> = (0..runs.len()).collect();
    by_end.sort_unstable_by_key(|&at| (runs[at].letter + runs[at].len, at));
    let mut ended = by_end.into_iter().peekable();
    let mut furthest: Option<(i64, usize)> = None;
    for (at, run) in runs.iter().enumerate() {
        while let Some(&done) = ended.peek()
            && runs[done].letter + runs[done].len <= run.letter
        {
            if furthest.is_none_or(|(score, _)| best[done].0 > score) {
                furthest = Some((best[done].0, done));
            }
            ended.next();
        }
        let own = i64::from(run.len) * LETTER;
        let mut choice = (own, None, false);
        if let Some((score, from)) = furthest
            && score - JUMP + own > choice.0
        {
            choice = (score - JUMP + own, Some(from), false);
        }
        for from in (at.saturating_sub(LOOK_BACK)..at).rev() {
            let Some((fresh, cost, joins)) = link(lattice, &runs[from], run) else { continue };
            let score = best[from].0 + i64::from(fresh) * LETTER - cost;
            if score > choice.0 {
                choice = (score, Some(from), joins);
            }
        }
        best.push(choice);
    }
    let mut at = (0..runs.len()).max_by_key(|&at| (best[at].0, std::cmp::Reverse(at)));
    let mut chain = Vec::new();
    while let Some(here) = at {
        chain.push((runs[here], best[here].2));
        at = best[here].1;
    }
    chain.reverse();
    chain
}

/// What `next` adds after `run`: its letters not yet counted, the cost of the gap, and whether they are one passage.
fn link(lattice: &Lattice, run: &Run, next: &Run) -> Option<(u32, i64, bool)> {
    let end = run.letter + run.len;
    if next.letter <= run.letter || next.letter + next.len <= end {
        return None;
    }
    let (here, there) = (lattice.node(run.node), lattice.node(next.node));
    let overlap = end.saturating_sub(next.letter);
    let gap = next.letter.saturating_sub(end);
    let ends = (i64::from(here.near + run.len), i64::from(here.far + run.len));
    let (a, b) = (i64::from(there.near) - ends.0, i64::from(there.far) - ends.1);
    let (least, most) = (a.min(b), a.max(b));
    let wanted = i64::from(gap) - i64::from(overlap);
    let shift = (wanted - most).max(least - wanted).max(0);
    let cost = if shift == 0 && gap == 0 { 0 } else { GAP + GAP_LETTER * (shift + i64::from(gap)) };
    if next.node <= run.node || most + i64::from(run.len) <= 0 || cost > JUMP {
        return Some((next.len - overlap, JUMP, false));
    }
    // Letters that the item has before the run's end were counted already, too.
    let fresh = i64::from(next.len - overlap).min(i64::from(next.len) + most.min(0));
    Some((u32::try_from(fresh).ok()?, cost, true))
}
