//! The cells of a window: for every boundary of the lattice, a band of fragment positions.

/// Larger than every cost, small enough to add.
pub(super) const FAR: u32 = u32::MAX / 8;

/// Costs at one boundary and position: in no run, in a dropped run, in an added run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) m: u32,
    pub(super) d: u32,
    pub(super) s: u32,
}

pub(super) const NOWHERE: Cell = Cell { m: FAR, d: FAR, s: FAR };

impl Cell {
    pub(super) fn least(self, other: Self) -> Self {
        Self { m: self.m.min(other.m), d: self.d.min(other.d), s: self.s.min(other.s) }
    }
}

/// One boundary of the lattice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Station {
    /// First and last position of its band.
    pub(super) lo: usize,
    pub(super) hi: usize,
    pub(super) kind: StationKind,
    /// The first of its cells.
    at: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum StationKind {
    /// Where the window begins.
    First,
    /// After `node`; `same` says that the boundary before is after the node before, in one literal or form.
    Node { node: u32, before: usize, same: bool },
    /// After a place; `notes` is where the forms are noted that its first position came through.
    Join { crossing: usize, notes: usize },
}

/// A place within the window.
#[derive(Clone, Debug)]
pub(super) struct Crossing {
    pub(super) fork: u32,
    /// The boundary before it.
    pub(super) before: usize,
    /// The boundary after each form.
    pub(super) ends: Vec<usize>,
    /// The boundary after it.
    pub(super) join: usize,
    /// The best alignment that ends at or before its beginning, and at or before its end.
    pub(super) stops: (u32, u32),
    /// The best alignment that begins at or behind its beginning, and at or behind its end.
    pub(super) begins: (u32, u32),
}

/// How a cell was reached: the low three bits say how `m` was, the other two whether `d` and `s` go on with a run.
pub(super) mod how {
    pub(in super::super) const MATCH: u8 = 0;
    pub(in super::super) const DROP: u8 = 1;
    pub(in super::super) const ADD: u8 = 2;
    pub(in super::super) const TWO_TO_ONE: u8 = 3;
    pub(in super::super) const ONE_TO_TWO: u8 = 4;
    pub(in super::super) const SWAPPED: u8 = 5;
    pub(in super::super) const START: u8 = 6;
    pub(in super::super) const FREE: u8 = 7;
    pub(in super::super) const KIND: u8 = 7;
    pub(in super::super) const DROP_ON: u8 = 8;
    pub(in super::super) const ADD_ON: u8 = 16;
}

/// All cells of one window; kept from window to window so that nothing is allocated twice.
#[derive(Debug, Default)]
pub(in super::super) struct Grid {
    pub(super) stations: Vec<Station>,
    pub(super) crossings: Vec<Crossing>,
    forward: Vec<Cell>,
    backward: Vec<Cell>,
    trace: Vec<u8>,
    /// At a join: which form each of the three states came through.
    joins: Vec<[u8; 3]>,
}

/// A column being filled, and the finished ones before it.
pub(super) struct Fresh<'g> {
    pub(super) cells: &'g mut [Cell],
    pub(super) trace: &'g mut [u8],
    pub(super) done: Done<'g>,
}

/// Finished columns.
pub(super) struct Done<'g> {
    stations: &'g [Station],
    cells: &'g [Cell],
    /// Cells before the first of `cells`.
    offset: usize,
}

impl<'g> Done<'g> {
    pub(super) fn column(&self, station: usize) -> Column<'g> {
        let Station { lo, hi, at, .. } = self.stations[station];
        let first = at - self.offset;
        Column { lo, cells: &self.cells[first..=first + hi - lo] }
    }
}

/// A finished column.
#[derive(Clone, Copy)]
pub(super) struct Column<'g> {
    pub(super) lo: usize,
    pub(super) cells: &'g [Cell],
}

impl Column<'_> {
    pub(super) fn at(&self, i: usize) -> Cell {
        // Wraps to an index out of range below the band.
        self.cells.get(i.wrapping_sub(self.lo)).copied().unwrap_or(NOWHERE)
    }

    /// Positions and cells.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, Cell)> {
        (self.lo..).zip(self.cells.iter().copied())
    }
}

impl Grid {
    pub(super) fn clear(&mut self) {
        self.stations.clear();
        self.crossings.clear();
        self.forward.clear();
        self.backward.clear();
        self.trace.clear();
        self.joins.clear();
    }

    /// Adds a boundary and returns its index.
    pub(super) fn add(&mut self, lo: usize, hi: usize, kind: StationKind) -> usize {
        let at = self.forward.len();
        self.stations.push(Station { lo, hi, kind, at });
        self.forward.resize(at + hi - lo + 1, NOWHERE);
        self.trace.resize(at + hi - lo + 1, how::MATCH);
        self.stations.len() - 1
    }

    /// The last boundary's forward cells, to be filled from those before.
    pub(super) fn fresh(&mut self) -> Fresh<'_> {
        let at = self.stations.last().map_or(0, |station| station.at);
        let (done, cells) = self.forward.split_at_mut(at);
        Fresh {
            cells,
            trace: &mut self.trace[at..],
            done: Done { stations: &self.stations, cells: done, offset: 0 },
        }
    }

    /// Makes room for the way back.
    pub(super) fn turn(&mut self) {
        self.backward.resize(self.forward.len(), NOWHERE);
    }

    pub(super) fn forward(&self, station: usize) -> Column<'_> {
        Done { stations: &self.stations, cells: &self.forward, offset: 0 }.column(station)
    }

    pub(super) fn backward(&self, station: usize) -> Column<'_> {
        Done { stations: &self.stations, cells: &self.backward, offset: 0 }.column(station)
    }

    /// The backward cells of a station, to be filled, and all those of later stations.
    pub(super) fn backward_of(&mut self, station: usize) -> (&mut [Cell], Done<'_>) {
        let Station { lo, hi, at, .. } = self.stations[station];
        let end = at + hi - lo + 1;
        let (cells, later) = self.backward.split_at_mut(end);
        (&mut cells[at..], Done { stations: &self.stations, cells: later, offset: end })
    }

    /// How a cell was reached.
    pub(super) fn how(&self, station: &Station, i: usize) -> u8 {
        self.trace.get(station.at + i.wrapping_sub(station.lo)).copied().unwrap_or(how::START)
    }

    /// Notes through which forms the states of a join were reached; returns where they are.
    pub(super) fn note(&mut self, from: [u8; 3]) {
        self.joins.push(from);
    }

    /// How many notes there are.
    pub(super) fn notes(&self) -> usize {
        self.joins.len()
    }

    pub(super) fn noted(&self, at: usize) -> [u8; 3] {
        self.joins.get(at).copied().unwrap_or_default()
    }
}
