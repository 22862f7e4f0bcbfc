//! The backward pass: the cheapest way from every boundary and position to the window's end.

use super::grid::{Cell, Column, FAR, Grid, NOWHERE, StationKind};
use super::{Edge, Window, left_after, left_over};
use crate::trace::noise::{DELETE_MORE, INSERT_MORE, LIGATE, SWAP, Symbol};

struct Backward<'w> {
    window: &'w Window<'w>,
    frag: &'w [Symbol],
    grid: &'w mut Grid,
}

/// Fills the backward cells and the crossings' `begins`.
pub(super) fn fill(window: &Window<'_>, frag: &[Symbol], grid: &mut Grid) {
    grid.turn();
    let Some(mut station) = grid.stations.len().checked_sub(1) else { return };
    let mut pass = Backward { window, frag, grid };
    pass.last(station);
    let mut begins = pass.begins(station);
    // The station after the one that is left, where both lie in one literal or form.
    let mut later = None;
    loop {
        match pass.grid.stations[station].kind {
            StationKind::First => break,
            StationKind::Node { node, before, same } => {
                pass.step(node, before, station, later);
                later = same.then_some(station);
                begins = begins.min(pass.begins(before));
                station = before;
            }
            StationKind::Join { crossing, .. } => {
                let behind = begins;
                begins = pass.cross(crossing).min(begins);
                pass.grid.crossings[crossing].begins = (begins, behind);
                station = pass.grid.crossings[crossing].before;
                later = None;
            }
        }
    }
}

impl Backward<'_> {
    /// The cheapest alignment that begins at a boundary.
    fn begins(&self, station: usize) -> u32 {
        if self.window.start == Edge::Fixed {
            return FAR;
        }
        let column = self.grid.backward(station);
        column.iter().map(|(i, cell)| cell.m.saturating_add(left_over(i))).fold(FAR, u32::min)
    }

    fn end(&self, i: usize) -> u32 {
        if i < self.frag.len() && self.window.end == Edge::Fixed {
            FAR
        } else {
            left_after(self.window, self.frag.len() - i)
        }
    }

    fn last(&mut self, station: usize) {
        let lo = self.grid.stations[station].lo;
        let ends: Vec<u32> = (lo..=self.grid.stations[station].hi).map(|i| self.end(i)).collect();
        let (cells, _) = self.grid.backward_of(station);
        let mut right = NOWHERE;
        for ((k, cell), end) in cells.iter_mut().enumerate().zip(ends).rev() {
            *cell = close(end, FAR, right, self.frag.get(lo + k));
            right = *cell;
        }
    }

    /// Fills the boundary before `node`; `later` is the one after the next node.
    fn step(&mut self, node: u32, before: usize, after: usize, later: Option<usize>) {
        let symbol = self.window.lattice.node(node).symbol;
        let next = later.map(|_| self.window.lattice.node(node + 1).symbol);
        let ligature = next.and_then(|next| symbol.ligates(next));
        let may_split = symbol.may_split();
        let drop = symbol.drop_cost();
        let open_end = self.window.end != Edge::Fixed;
        let (frag, window) = (self.frag, self.window);
        let (lo, hi) = (self.grid.stations[before].lo, self.grid.stations[before].hi);
        // Forms share the boundary before them: what one form filled in, the next may only lower.
        let (cells, done) = self.grid.backward_of(before);
        let after = done.column(after);
        let later = later.map(|later| done.column(later));
        let mut right = NOWHERE;
        let mut diagonal = after.at(hi + 1);
        for (k, out) in cells.iter_mut().enumerate().rev() {
            let i = lo + k;
            let above = after.at(i);
            let mut m = above.d + drop;
            if symbol.is_space() && i > 0 && frag[i - 1].is_space() {
                m = m.min(above.m);
            }
            if let Some(&read) = frag.get(i) {
                m = m.min(diagonal.m + symbol.read_as(read));
                let second = frag.get(i + 1);
                if let Some(later) = &later {
                    if ligature.is_some_and(|one| read.is(one)) {
                        m = m.min(later.at(i + 1).m + LIGATE);
                    }
                    if Some(read) == next && second == Some(&symbol) && read != symbol {
                        m = m.min(later.at(i + 2).m + SWAP);
                    }
                }
                if may_split && second.is_some_and(|&second| symbol.splits(read, second)) {
                    m = m.min(after.at(i + 2).m + LIGATE);
                }
            }
            if open_end {
                m = m.min(left_after(window, frag.len() - i));
            }
            let cell = close(m, above.d + DELETE_MORE, right, frag.get(i));
            *out = out.least(cell);
            right = cell;
            diagonal = above;
        }
    }

    /// Fills the forms of a place and the boundary before it; returns the cheapest alignment that begins there.
    fn cross(&mut self, crossing: usize) -> u32 {
        let (before, join) = (self.grid.crossings[crossing].before, self.grid.crossings[crossing].join);
        let ends = std::mem::take(&mut self.grid.crossings[crossing].ends);
        let mut begins = FAR;
        for &end in &ends {
            self.lower(end, join);
            let mut station = end;
            let mut later = None;
            while let StationKind::Node { node, before: next, same } = self.grid.stations[station].kind {
                if station == before {
                    break;
                }
                begins = begins.min(self.begins(station));
                self.step(node, next, station, later);
                later = same.then_some(station);
                station = next;
            }
        }
        self.grid.crossings[crossing].ends = ends;
        begins.min(self.begins(before))
    }

    /// Lowers a boundary's cells to those of a later one at the same point of the lattice.
    fn lower(&mut self, station: usize, to: usize) {
        let lo = self.grid.stations[station].lo;
        let (cells, done) = self.grid.backward_of(station);
        let to: Column<'_> = done.column(to);
        for (i, cell) in (lo..).zip(cells) {
            *cell = cell.least(to.at(i));
        }
    }
}

/// A cell from the cheapest way on, the cost of going on with a dropped run, and the cell to its right.
fn close(m: u32, dropping: u32, right: Cell, read: Option<&Symbol>) -> Cell {
    let added = read.map_or(FAR, |read| right.s + read.drop_cost());
    let m = m.min(added).min(FAR);
    Cell { m, d: m.min(dropping), s: m.min(right.s + INSERT_MORE) }
}
