//! The forward pass: the cheapest way from the window's beginning to every boundary and position.

use super::grid::{Cell, Crossing, FAR, Fresh, Grid, NOWHERE, StationKind, how};
use super::{Edge, Part, Window, left_after, left_over};
use crate::trace::noise::{DELETE_MORE, INSERT_MORE, LIGATE, SWAP, Symbol};

/// Where the best alignment ends.
pub(super) struct End {
    /// Its cost, characters left over included.
    pub(super) cost: u32,
    pub(super) station: usize,
    /// Position in the window's fragment.
    pub(super) char: usize,
}

struct Forward<'w> {
    window: &'w Window<'w>,
    frag: &'w [Symbol],
    grid: &'w mut Grid,
    /// Bands never go back behind this.
    floor: usize,
    end: End,
}

/// Fills the forward cells.
pub(super) fn fill(window: &Window<'_>, frag: &[Symbol], grid: &mut Grid) -> End {
    let end = End { cost: FAR, station: 0, char: 0 };
    let mut pass = Forward { window, frag, grid, floor: 0, end };
    let mut last = pass.first();
    for part in &window.parts {
        match part {
            Part::Literal(nodes) => {
                for node in nodes.clone() {
                    let n = window.lattice.node(node);
                    let letter = u32::from(n.symbol.is_letter());
                    let band = pass.limits((window.band)(n.near + letter, n.far + letter), last);
                    pass.floor = band.0;
                    last = pass.step(node, last, node > nodes.start, band);
                }
            }
            Part::Fork(fork) => last = pass.cross(*fork, last),
        }
    }
    if window.end == Edge::Fixed {
        pass.end = End { cost: pass.grid.forward(last).at(frag.len()).m, station: last, char: frag.len() };
    }
    pass.end
}

impl Forward<'_> {
    /// A band that does not go back behind the one before it, nor out of the fragment.
    fn limits(&self, (lo, hi): (usize, usize), before: usize) -> (usize, usize) {
        let n = self.frag.len();
        let lo = lo.max(self.floor).min(n);
        (lo, hi.max(self.grid.stations[before].hi).clamp(lo, n))
    }

    fn begin(&self, i: usize) -> u32 {
        if self.window.start == Edge::Fixed { if i == 0 { 0 } else { FAR } } else { left_over(i) }
    }

    /// Notes the ways to end at a boundary.
    fn ends(&mut self, station: usize) {
        if self.window.end == Edge::Fixed {
            return;
        }
        for (i, cell) in self.grid.forward(station).iter() {
            let cost = cell.m.saturating_add(left_after(self.window, self.frag.len() - i));
            if cost < self.end.cost {
                self.end = End { cost, station, char: i };
            }
        }
    }

    fn first(&mut self) -> usize {
        let lattice = self.window.lattice;
        let (near, far) = match self.window.parts.first() {
            Some(Part::Literal(nodes)) if nodes.start < nodes.end => {
                let node = lattice.node(nodes.start);
                (node.near, node.far)
            }
            Some(Part::Fork(fork)) => {
                let segment = &lattice.segments()[lattice.forks()[*fork as usize].segment as usize];
                (segment.near, segment.far)
            }
            _ => (0, u32::MAX),
        };
        let n = self.frag.len();
        let (lo, hi) = (self.window.band)(near, far);
        let lo = if self.window.start == Edge::Fixed { 0 } else { lo.min(n) };
        let hi = if self.window.parts.is_empty() { n } else { hi.clamp(lo, n) };
        self.floor = lo;
        let station = self.grid.add(lo, hi, StationKind::First);
        let begins: Vec<u32> = (lo..=hi).map(|i| self.begin(i)).collect();
        let fresh = self.grid.fresh();
        let mut left = NOWHERE;
        for (k, begin) in begins.into_iter().enumerate() {
            let mut cell = Cell { m: begin, ..NOWHERE };
            let mut way = how::START;
            if k > 0 {
                let (open, more) = (left.m + self.frag[lo + k - 1].drop_cost(), left.s + INSERT_MORE);
                cell.s = open.min(more).min(FAR);
                if cell.s < cell.m {
                    cell.m = cell.s;
                    way = how::ADD;
                }
                if more < open {
                    way |= how::ADD_ON;
                }
            }
            fresh.cells[k] = cell;
            fresh.trace[k] = way;
            left = cell;
        }
        self.ends(station);
        station
    }

    /// The boundary after `node`; `same` says that `before` is after the node before it in one literal or form.
    fn step(&mut self, node: u32, before: usize, same: bool, (lo, hi): (usize, usize)) -> usize {
        let symbol = self.window.lattice.node(node).symbol;
        let previous = same.then(|| self.window.lattice.node(node - 1).symbol);
        let earlier = match self.grid.stations[before].kind {
            StationKind::Node { before, .. } if same => Some(before),
            _ => None,
        };
        let ligature = previous.and_then(|previous| previous.ligates(symbol));
        let may_split = symbol.may_split();
        let drop = symbol.drop_cost();
        let open_start = self.window.start != Edge::Fixed;
        let frag = self.frag;
        let station = self.grid.add(lo, hi, StationKind::Node { node, before, same });
        let Fresh { cells, trace, done } = self.grid.fresh();
        let earlier = earlier.map(|earlier| done.column(earlier));
        let before = done.column(before);
        let mut left = NOWHERE;
        let mut diagonal = before.at(lo.wrapping_sub(1));
        for (i, (out, out_way)) in (lo..=hi).zip(cells.iter_mut().zip(trace)) {
            let above = before.at(i);
            let mut way = how::MATCH;
            let mut cell = NOWHERE;
            if i > 0 {
                let read = frag[i - 1];
                cell.m = diagonal.m + symbol.read_as(read);
                if i > lo {
                    let (open, more) = (left.m + read.drop_cost(), left.s + INSERT_MORE);
                    cell.s = open.min(more);
                    if more < open {
                        way |= how::ADD_ON;
                    }
                }
                let mut take = |cost: u32, kind: u8| {
                    if cost < cell.m {
                        cell.m = cost;
                        way = way & !how::KIND | kind;
                    }
                };
                if symbol.is_space() && read.is_space() {
                    take(above.m, how::FREE);
                }
                if let Some(earlier) = &earlier {
                    if ligature.is_some_and(|one| read.is(one)) {
                        take(earlier.at(i - 1).m + LIGATE, how::TWO_TO_ONE);
                    }
                    if i > 1 && Some(read) == previous && frag[i - 2] == symbol && read != symbol {
                        take(earlier.at(i - 2).m + SWAP, how::SWAPPED);
                    }
                }
                if may_split && i > 1 && symbol.splits(frag[i - 2], read) {
                    take(before.at(i - 2).m + LIGATE, how::ONE_TO_TWO);
                }
            }
            let (open, more) = (above.m + drop, above.d + DELETE_MORE);
            cell.d = open.min(more);
            if more < open {
                way |= how::DROP_ON;
            }
            if cell.d < cell.m {
                cell.m = cell.d;
                way = way & !how::KIND | how::DROP;
            }
            if cell.s < cell.m {
                cell.m = cell.s;
                way = way & !how::KIND | how::ADD;
            }
            if open_start && left_over(i) < cell.m {
                cell.m = left_over(i);
                way = way & !how::KIND | how::START;
            }
            let cell = cell.least(NOWHERE);
            (*out, *out_way) = (cell, way);
            left = cell;
            diagonal = above;
        }
        self.ends(station);
        station
    }

    /// Takes a boundary through all forms of a place.
    fn cross(&mut self, fork: u32, before: usize) -> usize {
        let place = &self.window.lattice.forks()[fork as usize];
        let limits = self.limits(self.window.fork_band(place.segment), before);
        let stops = self.end.cost;
        let mut ends = Vec::with_capacity(place.forms.len());
        for form in &place.forms {
            let mut last = before;
            for node in form.clone() {
                last = self.step(node, last, node > form.start, limits);
            }
            ends.push(last);
        }
        self.floor = limits.0;
        let notes = self.grid.notes();
        let joined: Vec<Cell> = (limits.0..=limits.1)
            .map(|i| {
                let mut cell = NOWHERE;
                let mut from = [0; 3];
                for (form, &end) in (0_u8..).zip(&ends) {
                    let other = self.grid.forward(end).at(i);
                    if other.m < cell.m {
                        (cell.m, from[0]) = (other.m, form);
                    }
                    if other.d < cell.d {
                        (cell.d, from[1]) = (other.d, form);
                    }
                    if other.s < cell.s {
                        (cell.s, from[2]) = (other.s, form);
                    }
                }
                self.grid.note(from);
                cell
            })
            .collect();
        let crossing = self.grid.crossings.len();
        let join = self.grid.add(limits.0, limits.1, StationKind::Join { crossing, notes });
        self.grid.fresh().cells.copy_from_slice(&joined);
        self.ends(join);
        let stops = (stops, self.end.cost);
        self.grid.crossings.push(Crossing { fork, before, ends, join, stops, begins: (FAR, FAR) });
        join
    }
}
