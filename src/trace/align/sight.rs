//! What the two passes say about the places of a window.

use std::ops::Range;

use super::grid::{Column, Crossing, FAR, Grid, StationKind};
use super::{Edge, Sight, Window, left_after, left_over};
use crate::trace::noise::{REWRITE, Symbol, WILD};

/// How much better (12.5 bits, five letters' worth) an alignment that goes on beyond a place must be than one that
/// ends there, for the place to count as seen.
const CONTEXT: u32 = 100;

/// How much of a place's own text (16 characters) must be matched where nothing sure follows or precedes it: so much is
/// not hit upon by who goes on in other words.
const CONTENT: u32 = 16 * WILD;

/// A window with both passes done.
pub(super) struct View<'w> {
    pub(super) window: &'w Window<'w>,
    pub(super) frag: &'w [Symbol],
    pub(super) grid: &'w Grid,
    /// Where the best alignment begins and ends.
    pub(super) start: usize,
    pub(super) stop: usize,
}

impl View<'_> {
    /// What was seen of each place, in order; `spans` says where the best path enters and leaves them.
    pub(super) fn sights(&self, spans: &[Option<(usize, usize)>]) -> Vec<Sight> {
        let places = self.grid.crossings.iter().zip(spans);
        places.filter_map(|(crossing, span)| self.sight(crossing, (*span)?)).collect()
    }

    fn sight(&self, crossing: &Crossing, (entered, left): (usize, usize)) -> Option<Sight> {
        let letters = |range: Range<usize>| self.frag[range].iter().any(|read| read.is_letter());
        let after = self.grid.backward(crossing.join);
        let mut costs: Vec<u32> =
            crossing.ends.iter().map(|&end| through(&self.grid.forward(end), &after)).collect();
        let goes_on = costs.iter().copied().min()?.saturating_add(CONTEXT);
        // Where nothing sure follows, the fragment must end here (then it may have been cut in the middle of a form),
        // or much of the place itself be there.
        if goes_on > crossing.stops.1 {
            self.lower(&mut costs, crossing, |station| self.ends_at(station));
            let cut = self.window.end == Edge::Brink
                && !letters(self.stop..self.frag.len())
                && letters(entered..self.stop);
            if !cut && costs.iter().copied().min()?.saturating_add(CONTENT) > crossing.stops.0 {
                return None;
            }
        }
        if goes_on > crossing.begins.0 {
            self.lower(&mut costs, crossing, |station| self.begins_at(station));
            let cut =
                self.window.start == Edge::Brink && !letters(0..self.start) && letters(self.start..left);
            if !cut && costs.iter().copied().min()?.saturating_add(CONTENT) > crossing.begins.1 {
                return None;
            }
        }
        let entry = self.grid.forward(crossing.before);
        let (mut rewritten, mut replaced) = (FAR, FAR);
        for i in entry.lo..after.lo + after.cells.len() {
            replaced = (replaced + WILD).min(entry.at(i).m + REWRITE).min(FAR);
            rewritten = rewritten.min(replaced + after.at(i).m);
        }
        let floor = costs.iter().copied().fold(rewritten, u32::min);
        for cost in &mut costs {
            *cost = (*cost - floor).min(FAR);
        }
        let chars = self.window.frag.start + entered..self.window.frag.start + left;
        Some(Sight { fork: crossing.fork, costs, rewritten: (rewritten - floor).min(FAR), chars })
    }

    /// Lowers each form's cost to what `at` says of the boundaries inside it, its beginning not counted.
    fn lower(&self, costs: &mut [u32], crossing: &Crossing, at: impl Fn(usize) -> u32) {
        for (cost, &end) in costs.iter_mut().zip(&crossing.ends) {
            let mut station = end;
            loop {
                *cost = (*cost).min(at(station));
                match self.grid.stations[station].kind {
                    StationKind::Node { before, .. }
                        if station != crossing.before && before != crossing.before =>
                    {
                        station = before;
                    }
                    _ => break,
                }
            }
        }
    }

    fn ends_at(&self, station: usize) -> u32 {
        let n = self.frag.len();
        let column = self.grid.forward(station);
        column.iter().map(|(i, cell)| cell.m + left_after(self.window, n - i)).fold(FAR, u32::min)
    }

    fn begins_at(&self, station: usize) -> u32 {
        let column = self.grid.backward(station);
        column.iter().map(|(i, cell)| cell.m + left_over(i)).fold(FAR, u32::min)
    }
}

/// The cheapest way through a boundary.
fn through(before: &Column<'_>, after: &Column<'_>) -> u32 {
    let ways = before.iter().map(|(i, cell)| {
        let rest = after.at(i);
        (cell.m + rest.m).min(cell.d + rest.d).min(cell.s + rest.s)
    });
    ways.fold(FAR, u32::min)
}
