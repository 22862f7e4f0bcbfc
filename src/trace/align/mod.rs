//! Banded alignment of a stretch of fragment with a stretch of lattice, forward and backward.
//!
//! Costs are those of `noise`; gaps are affine, so every boundary has three states: free (`m`), within a dropped run
//! of the item (`d`), within an added run of the fragment (`s`). Forward costs at a place's variants plus backward
//! costs behind it give, for every variant, the best alignment through it with everything around it free.

mod backward;
mod forward;
mod grid;
mod path;
mod sight;

use std::ops::Range;

use super::lattice::Lattice;
use super::noise::{Symbol, WILD};

pub(super) use grid::Grid;

/// A stretch of lattice: nodes of one literal, or a whole place.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Literal(Range<u32>),
    Fork(u32),
}

/// How a window ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Both texts are known to meet here.
    Fixed,
    /// The alignment may end anywhere, at [`WILD`] for every character that is left over.
    Open,
    /// As `Open`, and the fragment has no letters beyond: it may have been cut in the middle of a place.
    Brink,
}

/// What is aligned with what.
pub(super) struct Window<'a> {
    pub(super) lattice: &'a Lattice,
    /// All the fragment's characters.
    pub(super) symbols: &'a [Symbol],
    /// The stretch of fragment.
    pub(super) frag: Range<usize>,
    pub(super) parts: Vec<Part>,
    pub(super) start: Edge,
    pub(super) end: Edge,
    /// For letters before a boundary on the shortest and longest path: the fragment characters (relative to
    /// `frag`) among which the boundary lies.
    pub(super) band: &'a dyn Fn(u32, u32) -> (usize, usize),
}

/// A node on the best path and the fragment characters it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) node: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

/// What was seen of a place.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    pub(super) fork: u32,
    /// The cost of each distinct form; the least of these and of `rewritten` is 0.
    pub(super) costs: Vec<u32>,
    pub(super) rewritten: u32,
    /// The fragment characters there.
    pub(super) chars: Range<usize>,
}

/// The best alignment of a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Alignment {
    pub(super) steps: Vec<Step>,
    pub(super) sights: Vec<Sight>,
    /// Its cost, left-over characters not counted.
    pub(super) cost: u32,
}

impl Window<'_> {
    /// How many cells one pass over the window fills, at most.
    pub(super) fn cells(&self) -> usize {
        let width = |(lo, hi): (usize, usize)| hi.saturating_sub(lo) + 1;
        let of_part = |part: &Part| match part {
            Part::Literal(nodes) => {
                let nodes = nodes.clone().map(|node| self.lattice.node(node));
                nodes.map(|node| width((self.band)(node.near, node.far))).sum()
            }
            Part::Fork(fork) => {
                let fork = &self.lattice.forks()[*fork as usize];
                let nodes: usize = fork.forms.iter().map(|form| form.len() + 1).sum();
                nodes * width(self.fork_band(fork.segment))
            }
        };
        self.parts.iter().map(of_part).sum()
    }

    /// The fragment characters among which all of a place lies.
    fn fork_band(&self, segment: u32) -> (usize, usize) {
        let segments = self.lattice.segments();
        let here = &segments[segment as usize];
        let after = segments.get(segment as usize + 1).unwrap_or(here);
        ((self.band)(here.near, here.far).0, (self.band)(after.near, after.far).1)
    }

    /// Aligns the window; nothing is aligned where the band holds no way through.
    pub(super) fn align(&self, grid: &mut Grid) -> Alignment {
        grid.clear();
        let frag = &self.symbols[self.frag.clone()];
        let end = forward::fill(self, frag, grid);
        if end.cost >= grid::FAR {
            return Alignment::default();
        }
        let path = path::trace(self, grid, &end);
        let mut alignment = Alignment { steps: path.steps, ..Alignment::default() };
        let Some((first, last)) = alignment.steps.first().zip(alignment.steps.last()) else {
            // A window without nodes still pays for what was added there.
            alignment.cost = if self.start == Edge::Fixed && self.end == Edge::Fixed { end.cost } else { 0 };
            return alignment;
        };
        let start = first.from as usize - self.frag.start;
        let stop = last.to as usize - self.frag.start;
        let left_over =
            left_before(self, start).min(end.cost) + left_after(self, frag.len() - stop).min(end.cost);
        alignment.cost = end.cost.saturating_sub(left_over);
        backward::fill(self, frag, grid);
        let view = sight::View { window: self, frag, grid, start, stop: end.char };
        alignment.sights = view.sights(&path.spans);
        alignment
    }
}

/// What it costs to begin behind so many characters; nothing where the beginning is fixed, as there are none.
fn left_before(window: &Window<'_>, chars: usize) -> u32 {
    if window.start == Edge::Fixed { 0 } else { left_over(chars) }
}

fn left_after(window: &Window<'_>, chars: usize) -> u32 {
    if window.end == Edge::Fixed { 0 } else { left_over(chars) }
}

fn left_over(chars: usize) -> u32 {
    u32::try_from(chars).map_or(grid::FAR, |chars| chars.saturating_mul(WILD)).min(grid::FAR)
}
