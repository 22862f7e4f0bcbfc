//! From a chain of runs to one aligned passage: exact anchors, and windows of dynamic programming between them.

use std::ops::Range;

use super::align::{Alignment, Edge, Grid, Part, Sight, Step, Window};
use super::guides::{BAND, Guides, Mark};
use super::lattice::Lattice;
use super::locate::{Chain, Run, Trail};
use super::noise::{REWRITE, WILD};
use super::parts;
use super::words;

/// The shortest exact stretch, in characters, at which fragment and item are pinned together.
const ANCHOR_CHARS: u32 = 12;

/// How much of an anchor's ends is aligned anew, so that a place next to it may be read in another way.
const ANCHOR_MARGIN: u32 = 4;

/// How far, in characters of the fragment, a passage may reach beyond its first and last run. Every stretch of
/// that length within 10 % noise holds a seed.
const EDGE_CHARS: usize = 160;

/// Windows of more cells are given up: the passage breaks there.
const WINDOW_CELLS_MAX: usize = 6 << 20;

/// A passage of the item, aligned.
#[derive(Debug, Default)]
pub(super) struct Aligned {
    /// The path, in order.
    pub(super) steps: Vec<Step>,
    /// The places on it that were seen.
    pub(super) sights: Vec<Sight>,
    /// The cost of its slips.
    pub(super) cost: u32,
    /// Characters that stand for an equal one.
    pub(super) matched: usize,
    /// How much likelier the passage is as a rendering of the item than by chance, in 1/8 bit.
    pub(super) gain: i64,
    /// Whether the item has it more than once.
    pub(super) ambiguous: bool,
}

impl Aligned {
    /// The fragment characters it covers.
    pub(super) fn chars(&self) -> Range<usize> {
        match (self.steps.first(), self.steps.last()) {
            (Some(first), Some(last)) => first.from as usize..last.to as usize,
            _ => 0..0,
        }
    }
}

/// An exact common stretch within a literal.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    node: u32,
    char: u32,
    len: u32,
}

/// Aligns a chain; `free` are the fragment's characters that no other passage holds. `budget` is the number of cells
/// that may still be filled for the whole fragment.
pub(super) fn align(
    lattice: &Lattice,
    trail: &Trail,
    chain: &Chain,
    free: &Range<usize>,
    budget: &mut usize,
    grid: &mut Grid,
) -> Option<Aligned> {
    let (first, last) = (chain.first()?, chain.last()?);
    let mut aligner = Aligner { lattice, trail, chain, budget, grid, out: Aligned::default() };
    let core = trail.char_of(first.letter) as usize..trail.char_of(last.letter + last.len - 1) as usize + 1;
    let head = core.start.saturating_sub(EDGE_CHARS).max(free.start).min(core.start);
    let tail = (core.end + EDGE_CHARS).min(free.end).max(core.end);
    let anchors = aligner.anchors(&(head..tail));
    let (start, end) = (aligner.edge_before(head), aligner.edge_after(tail));
    if let (Some(one), Some(other)) = (anchors.first(), anchors.last()) {
        let left = one.char as usize - head;
        let parts = parts::between(lattice, parts::back(lattice, one.node, reach(left)), one.node);
        aligner.window(head..one.char as usize, parts, start, Edge::Fixed);
        for pair in anchors.windows(2) {
            aligner.anchor(pair[0]);
            let (from, to) = (pair[0].char + pair[0].len, pair[1].char);
            let parts = parts::between(lattice, pair[0].node + pair[0].len, pair[1].node);
            aligner.window(from as usize..to as usize, parts, Edge::Fixed, Edge::Fixed);
        }
        aligner.anchor(*other);
        let from = (other.char + other.len) as usize;
        let node = other.node + other.len;
        let parts = parts::between(lattice, node, parts::ahead(lattice, node - 1, reach(tail - from)));
        aligner.window(from..tail, parts, Edge::Fixed, end);
    } else {
        let from = parts::back(lattice, first.node, reach(core.start - head));
        let to = parts::ahead(lattice, last.node, reach(tail - core.end) + 2 * last.len as usize + BAND);
        aligner.window(head..tail, parts::between(lattice, from, to), start, end);
    }
    aligner.finish()
}

/// How much of the item to align with so many characters at an edge.
fn reach(chars: usize) -> usize {
    if chars == 0 { 0 } else { chars + chars / 4 + BAND }
}

struct Aligner<'a> {
    lattice: &'a Lattice,
    trail: &'a Trail,
    chain: &'a Chain,
    budget: &'a mut usize,
    grid: &'a mut Grid,
    out: Aligned,
}

impl Aligner<'_> {
    fn edge_before(&self, at: usize) -> Edge {
        if self.trail.letters.first().is_none_or(|&letter| letter as usize >= at) {
            Edge::Brink
        } else {
            Edge::Open
        }
    }

    fn edge_after(&self, at: usize) -> Edge {
        if self.trail.letters.last().is_none_or(|&letter| (letter as usize) < at) {
            Edge::Brink
        } else {
            Edge::Open
        }
    }

    /// The chain's exact stretches within these characters, disjoint and in order, less their margins.
    fn anchors(&self, within: &Range<usize>) -> Vec<Anchor> {
        let mut anchors: Vec<Anchor> = Vec::new();
        for run in self.chain {
            if self.lattice.segments()[self.lattice.node(run.node).segment as usize].fork.is_none() {
                self.stretches(run, within, &mut anchors);
            }
        }
        for anchor in &mut anchors {
            anchor.node += ANCHOR_MARGIN;
            anchor.char += ANCHOR_MARGIN;
            anchor.len -= 2 * ANCHOR_MARGIN;
        }
        anchors
    }

    fn stretches(&self, run: &Run, within: &Range<usize>, anchors: &mut Vec<Anchor>) {
        let segment = self.lattice.node(run.node).segment;
        let nodes = self.lattice.segments()[segment as usize].nodes.clone();
        // A run is of letters; the signs around it may go on, equal, for longer than the passage is allowed to.
        let same = |char: u32, node: u32| {
            within.contains(&(char as usize))
                && self
                    .trail
                    .symbols
                    .get(char as usize)
                    .is_some_and(|read| read.char == self.lattice.node(node).symbol.char)
        };
        let (mut letter, mut node) = (run.letter, run.node);
        while letter < run.letter + run.len && nodes.contains(&node) {
            let char = self.trail.char_of(letter);
            let mut back = 0;
            while back < char && node - back > nodes.start && same(char - back - 1, node - back - 1) {
                back += 1;
            }
            let mut on = 0;
            while node + on < nodes.end && same(char + on, node + on) {
                on += 1;
            }
            let mut found = Anchor { node: node - back, char: char - back, len: back + on };
            if let Some(last) = anchors.last() {
                let overlap = (last.node + last.len)
                    .saturating_sub(found.node)
                    .max((last.char + last.len).saturating_sub(found.char));
                found.node += overlap;
                found.char += overlap;
                found.len = found.len.saturating_sub(overlap);
            }
            if found.len >= ANCHOR_CHARS {
                anchors.push(found);
            }
            // To the next letter of both behind the stretch.
            let mut seen = 0;
            while node < nodes.end && (seen == 0 || on > 0 || !self.lattice.node(node).symbol.is_letter()) {
                if self.lattice.node(node).symbol.is_letter() {
                    letter += 1;
                }
                seen += 1;
                on = on.saturating_sub(1);
                node += 1;
            }
        }
    }

    fn anchor(&mut self, anchor: Anchor) {
        self.out.matched += anchor.len as usize;
        self.out.steps.extend((0..anchor.len).map(|k| {
            let from = anchor.char + k;
            Step { node: anchor.node + k, from, to: from + 1 }
        }));
    }

    fn window(&mut self, frag: Range<usize>, parts: Vec<Part>, start: Edge, end: Edge) {
        if frag.is_empty() && parts.is_empty() {
            return;
        }
        let guides = self.guides(&frag, &parts, start, end);
        let band = |near: u32, far: u32| guides.band(near, far);
        let window = Window {
            lattice: self.lattice,
            symbols: &self.trail.symbols,
            frag: frag.clone(),
            parts,
            start,
            end,
            band: &band,
        };
        let cells = window.cells();
        if cells > WINDOW_CELLS_MAX || cells > *self.budget {
            self.out.cost = self.out.cost.saturating_add(REWRITE);
            return;
        }
        *self.budget -= cells;
        let Alignment { steps, sights, cost } = window.align(self.grid);
        self.out.steps.extend(steps);
        self.out.sights.extend(sights);
        self.out.cost = self.out.cost.saturating_add(cost);
    }

    fn guides(&self, frag: &Range<usize>, parts: &[Part], start: Edge, end: Edge) -> Guides {
        let base = frag.start;
        let size = frag.len();
        let extent = parts::extent(self.lattice, parts);
        let mut marks: Vec<Mark> = Vec::new();
        if start == Edge::Fixed {
            marks.push(Mark { near: extent.0.0, far: extent.0.1, chars: vec![0] });
        }
        let from = self.chain.partition_point(|run| (self.trail.char_of(run.letter) as usize) < frag.start);
        for run in &self.chain[from..] {
            let node = self.lattice.node(run.node);
            if self.trail.char_of(run.letter + run.len - 1) as usize >= frag.end {
                break;
            }
            if node.far < extent.0.1 || node.far + run.len > extent.1.1 {
                continue;
            }
            let mut chars: Vec<usize> =
                (0..run.len).map(|k| self.trail.char_of(run.letter + k) as usize - base).collect();
            chars.push(chars.last().map_or(0, |last| last + 1));
            marks.push(Mark { near: node.near, far: node.far, chars });
        }
        if end == Edge::Fixed {
            marks.push(Mark { near: extent.1.0, far: extent.1.1, chars: vec![size] });
        }
        Guides { marks, size }
    }

    fn finish(mut self) -> Option<Aligned> {
        self.out.steps.iter().any(|step| step.to > step.from).then_some(())?;
        let same = |step: &Step| {
            step.to == step.from + 1
                && self.trail.symbols[step.from as usize].char == self.lattice.node(step.node).symbol.char
        };
        self.out.matched = self.out.steps.iter().filter(|step| same(step)).count();
        let chars = self.out.chars().len();
        let unmatched = i64::try_from(chars.saturating_sub(self.out.matched)).unwrap_or(0) * i64::from(WILD);
        let known = words::information(self.lattice, &self.out.steps, same);
        self.out.gain = known + unmatched - i64::from(self.out.cost);
        Some(self.out)
    }
}
