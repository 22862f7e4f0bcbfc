//! Banded alignment of a stretch of fragment with a stretch of lattice, forward and backward.
//!
//! Costs are those of `noise`; gaps are affine, so every boundary has three states: free (`m`), within a dropped run
//! of the item (`d`), within an added run of the fragment (`s`). Forward costs at a place's variants plus backward
//! costs behind it give, for every variant, the best alignment through it with everything around it free.

use std::ops::Range;

use super::lattice::Lattice;
use super::noise::{DELETE_MORE, INSERT_MORE, LIGATE, REWRITE, SWAP, Symbol, WILD};

/// How much better (12.5 bits, five letters' worth) an alignment that goes on beyond a place must be than one that
/// ends there, for the place to count as seen.
const CONTEXT: u32 = 100;

/// How much of a place's own text (16 characters) must be matched where nothing sure follows or precedes it: so much is
/// not hit upon by who goes on in other words.
const CONTENT: u32 = 16 * WILD;

/// Larger than every cost, small enough to add.
pub(super) const FAR: u32 = u32::MAX / 8;

/// A stretch of lattice: a literal's nodes, or a whole place.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Literal(Range<u32>),
    Fork(u32),
}

/// What is aligned with what.
pub(super) struct Window<'a> {
    pub(super) lattice: &'a Lattice,
    /// All the fragment's characters.
    pub(super) symbols: &'a [Symbol],
    /// The stretch of fragment.
    pub(super) frag: Range<usize>,
    pub(super) parts: Vec<Part>,
    /// How the stretch begins and ends.
    pub(super) start: Edge,
    pub(super) end: Edge,
    /// For letters before a boundary on the shortest and longest path: the fragment characters (relative to
    /// `frag`) among which the boundary lies.
    pub(super) band: &'a dyn Fn(u32, u32) -> (usize, usize),
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

#[derive(Clone, Copy, Debug)]
struct Cell {
    m: u32,
    d: u32,
    s: u32,
}

const NOWHERE: Cell = Cell { m: FAR, d: FAR, s: FAR };

/// Costs at one boundary of the lattice, for a band of fragment positions.
#[derive(Clone, Debug)]
struct Column {
    lo: usize,
    cells: Vec<Cell>,
}

impl Column {
    fn at(&self, i: usize) -> Cell {
        i.checked_sub(self.lo).and_then(|k| self.cells.get(k)).copied().unwrap_or(NOWHERE)
    }

    fn hi(&self) -> usize {
        self.lo + self.cells.len() - 1
    }
}

/// How a cell was reached: the low three bits say how `m` was, the other two whether `d` and `s` go on a run.
const MATCH: u8 = 0;
const DROP: u8 = 1;
const ADD: u8 = 2;
const TWO_TO_ONE: u8 = 3;
const ONE_TO_TWO: u8 = 4;
const SWAPPED: u8 = 5;
const START: u8 = 6;
const FREE: u8 = 7;
const KIND: u8 = 7;
const DROP_ON: u8 = 8;
const ADD_ON: u8 = 16;

/// Where a column stands and how to get back from it.
struct Station {
    lo: usize,
    hi: usize,
    kind: StationKind,
    /// First of its bytes in the trace.
    trace: usize,
}

#[derive(Clone, Copy)]
enum StationKind {
    First,
    /// After a node; the second is the column before it.
    Node(u32, usize),
    /// After a place: index into the crossings.
    Join(usize),
}

/// A place in a window, as the forward pass left it.
struct Crossing {
    fork: u32,
    before: usize,
    /// The column after each form.
    ends: Vec<usize>,
    entry: Column,
    exits: Vec<Column>,
    /// The best alignment that ends inside each form.
    inside: Vec<u32>,
    /// The best alignment that ends at or before the place's beginning, and at or before its end.
    stops: (u32, u32),
    join: usize,
}

struct Pass<'w> {
    window: &'w Window<'w>,
    frag: &'w [Symbol],
    stations: Vec<Station>,
    trace: Vec<u8>,
    crossings: Vec<Crossing>,
    /// The cheapest end so far: cost, column, position.
    best: (u32, usize, usize),
    floor: usize,
}

impl Window<'_> {
    /// How many cells one pass over the window fills, at most.
    pub(super) fn cells(&self) -> usize {
        let width = |near, far| {
            let (lo, hi) = (self.band)(near, far);
            hi.saturating_sub(lo) + 1
        };
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(nodes) => {
                    nodes.clone().map(|node| self.lattice.node(node)).map(|n| width(n.near, n.far)).sum()
                }
                Part::Fork(fork) => {
                    let fork = &self.lattice.forks()[*fork as usize];
                    let nodes: usize = fork.forms.iter().map(|form| form.len() + 1).sum();
                    let (lo, hi) = self.fork_band(fork.segment);
                    nodes * (hi.saturating_sub(lo) + 1)
                }
            })
            .sum()
    }

    fn fork_band(&self, segment: u32) -> (usize, usize) {
        let segments = self.lattice.segments();
        let here = &segments[segment as usize];
        let after = segments.get(segment as usize + 1).unwrap_or(here);
        ((self.band)(here.near, here.far).0, (self.band)(after.near, after.far).1)
    }

    /// Aligns the window.
    pub(super) fn align(&self) -> Alignment {
        let frag = &self.symbols[self.frag.clone()];
        let mut pass = Pass {
            window: self,
            frag,
            stations: Vec::new(),
            trace: Vec::new(),
            crossings: Vec::new(),
            best: (FAR, 0, 0),
            floor: 0,
        };
        let last = pass.forward();
        let total = if self.end == Edge::Fixed {
            let cost = last.at(frag.len()).m;
            pass.best = (cost, pass.stations.len() - 1, frag.len());
            cost
        } else {
            pass.best.0
        };
        if total >= FAR {
            return Alignment::default();
        }
        let (mut alignment, spans) = pass.trace_back();
        let extent = alignment.steps.first().zip(alignment.steps.last());
        let (first, stop) = extent.map_or((0, 0), |(first, last)| (first.from as usize, last.to as usize));
        let left_over = |edge, n: usize| if edge == Edge::Fixed { 0 } else { WILD * to_u32(n) };
        if extent.is_some() {
            let ends =
                left_over(self.start, first - self.frag.start) + left_over(self.end, self.frag.end - stop);
            alignment.cost = total.saturating_sub(ends);
        }
        alignment.sights = pass.backward(&spans, first.saturating_sub(self.frag.start));
        alignment
    }
}

fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(FAR)
}

impl Pass<'_> {
    fn left_before(&self, i: usize) -> u32 {
        if self.window.start == Edge::Fixed { FAR } else { WILD * to_u32(i) }
    }

    fn left_after(&self, i: usize) -> u32 {
        if self.window.end == Edge::Fixed { FAR } else { WILD * to_u32(self.frag.len() - i) }
    }

    /// The band of the next column: never behind the one before, never beyond the fragment.
    fn limits(&mut self, (lo, hi): (usize, usize), before: usize) -> (usize, usize) {
        let n = self.frag.len();
        let lo = lo.min(n).max(self.floor);
        (lo, hi.min(n).max(lo).max(before.min(n)))
    }

    fn push(&mut self, column: &Column, kind: StationKind, trace: usize) -> usize {
        self.stations.push(Station { lo: column.lo, hi: column.hi(), kind, trace });
        let id = self.stations.len() - 1;
        if self.window.end != Edge::Fixed {
            for (i, cell) in (column.lo..).zip(&column.cells) {
                let cost = cell.m.saturating_add(self.left_after(i));
                if cost < self.best.0 {
                    self.best = (cost, id, i);
                }
            }
        }
        id
    }

    fn forward(&mut self) -> Column {
        let window = self.window;
        let lattice = window.lattice;
        let (near, far) = match window.parts.first() {
            Some(Part::Literal(nodes)) if (nodes.start as usize) < lattice.nodes().len() => {
                let node = lattice.node(nodes.start);
                (node.near, node.far)
            }
            Some(Part::Fork(fork)) => {
                let segment = &lattice.segments()[lattice.forks()[*fork as usize].segment as usize];
                (segment.near, segment.far)
            }
            _ => (0, 0),
        };
        let (lo, hi) = (window.band)(near, far);
        let (lo, hi) = if window.start == Edge::Fixed { (0, hi) } else { (lo, hi) };
        let (lo, hi) = self.limits((lo, hi), 0);
        let mut column = self.first(lo, hi);
        let mut id = self.push(&column, StationKind::First, 0);
        for part in &window.parts {
            match part {
                Part::Literal(nodes) => {
                    let mut earlier: Option<Column> = None;
                    for node in nodes.clone() {
                        let n = lattice.node(node);
                        let letter = u32::from(n.symbol.is_letter());
                        let band = (window.band)(n.near + letter, n.far + letter);
                        let limits = self.limits(band, column.hi());
                        self.floor = limits.0;
                        let first = node == nodes.start;
                        let next = self.step(&column, earlier.as_ref().filter(|_| !first), node, id, limits);
                        id = self.stations.len() - 1;
                        earlier = Some(std::mem::replace(&mut column, next));
                    }
                }
                Part::Fork(fork) => (column, id) = self.cross(*fork, column, id),
            }
        }
        column
    }

    fn first(&mut self, lo: usize, hi: usize) -> Column {
        let mut cells = Vec::with_capacity(hi - lo + 1);
        let mut left = NOWHERE;
        for i in lo..=hi {
            let mut cell = NOWHERE;
            let mut how = START;
            cell.m = if i == 0 { 0 } else { self.left_before(i) };
            if i > lo {
                let (open, more) = (left.m + self.frag[i - 1].drop_cost(), left.s + INSERT_MORE);
                cell.s = open.min(more);
                if cell.s < cell.m {
                    cell.m = cell.s;
                    how = ADD;
                }
                if more < open {
                    how |= ADD_ON;
                }
            }
            self.trace.push(how);
            cells.push(cell);
            left = cell;
        }
        Column { lo, cells }
    }

    /// The column after `node`; `earlier` is the column before `before`, within the same literal or form.
    fn step(
        &mut self,
        before: &Column,
        earlier: Option<&Column>,
        node: u32,
        before_id: usize,
        (lo, hi): (usize, usize),
    ) -> Column {
        let symbol = self.window.lattice.node(node).symbol;
        let previous = earlier.map(|_| self.window.lattice.node(node - 1).symbol);
        let ligature = previous.and_then(|previous| previous.ligates(symbol));
        let may_split = symbol.may_split();
        let drop = symbol.drop_cost();
        let open_start = self.window.start != Edge::Fixed;
        let trace = self.trace.len();
        let mut cells = Vec::with_capacity(hi - lo + 1);
        let mut left = NOWHERE;
        let mut diagonal = if lo > 0 { before.at(lo - 1) } else { NOWHERE };
        for i in lo..=hi {
            let above = before.at(i);
            let mut how = MATCH;
            let mut cell = NOWHERE;
            if i > 0 {
                let read = self.frag[i - 1];
                cell.m = diagonal.m + symbol.read_as(read);
                if i > lo {
                    let (open, more) = (left.m + read.drop_cost(), left.s + INSERT_MORE);
                    cell.s = open.min(more);
                    if more < open {
                        how |= ADD_ON;
                    }
                }
                if symbol.is_space() && read.is_space() && above.m < cell.m {
                    cell.m = above.m;
                    how = how & !KIND | FREE;
                }
                if let Some(earlier) = earlier {
                    if ligature.is_some_and(|one| read.is(one)) {
                        let cost = earlier.at(i - 1).m + LIGATE;
                        if cost < cell.m {
                            cell.m = cost;
                            how = how & !KIND | TWO_TO_ONE;
                        }
                    }
                    if i > 1 && Some(read) == previous && self.frag[i - 2] == symbol && read != symbol {
                        let cost = earlier.at(i - 2).m + SWAP;
                        if cost < cell.m {
                            cell.m = cost;
                            how = how & !KIND | SWAPPED;
                        }
                    }
                }
                if may_split && i > 1 && symbol.splits(self.frag[i - 2], read) {
                    let cost = before.at(i - 2).m + LIGATE;
                    if cost < cell.m {
                        cell.m = cost;
                        how = how & !KIND | ONE_TO_TWO;
                    }
                }
            }
            let (open, more) = (above.m + drop, above.d + DELETE_MORE);
            cell.d = open.min(more);
            if more < open {
                how |= DROP_ON;
            }
            if cell.d < cell.m {
                cell.m = cell.d;
                how = how & !KIND | DROP;
            }
            if cell.s < cell.m {
                cell.m = cell.s;
                how = how & !KIND | ADD;
            }
            if open_start && self.left_before(i) < cell.m {
                cell.m = self.left_before(i);
                how = how & !KIND | START;
            }
            cell.m = cell.m.min(FAR);
            cell.d = cell.d.min(FAR);
            cell.s = cell.s.min(FAR);
            self.trace.push(how);
            cells.push(cell);
            left = cell;
            diagonal = above;
        }
        let column = Column { lo, cells };
        self.push(&column, StationKind::Node(node, before_id), trace);
        column
    }

    /// Takes a column through all forms of a place.
    fn cross(&mut self, fork: u32, entry: Column, before: usize) -> (Column, usize) {
        let place = &self.window.lattice.forks()[fork as usize];
        let band = self.window.fork_band(place.segment);
        let limits = self.limits((band.0.max(entry.lo), band.1), entry.hi());
        let (mut ends, mut exits, mut inside) = (Vec::new(), Vec::new(), Vec::new());
        let stops = self.best.0;
        for form in &place.forms {
            let mut column = entry.clone();
            let mut earlier: Option<Column> = None;
            let mut id = before;
            let mut stop = FAR;
            for node in form.clone() {
                let next = self.step(&column, earlier.as_ref(), node, id, limits);
                id = self.stations.len() - 1;
                earlier = Some(std::mem::replace(&mut column, next));
                for (i, cell) in (column.lo..).zip(&column.cells) {
                    stop = stop.min(cell.m.saturating_add(self.left_after(i)));
                }
            }
            if form.is_empty() {
                for (i, cell) in (column.lo..).zip(&column.cells) {
                    stop = stop.min(cell.m.saturating_add(self.left_after(i)));
                }
            }
            ends.push(id);
            inside.push(stop);
            exits.push(column);
        }
        let trace = self.trace.len();
        let (lo, hi) = limits;
        let mut cells = Vec::with_capacity(hi - lo + 1);
        for i in lo..=hi {
            let mut cell = NOWHERE;
            let mut from = [0_u8; 3];
            for (form, exit) in (0_u8..).zip(&exits) {
                let other = exit.at(i);
                for ((best, cost), from) in
                    [(&mut cell.m, other.m), (&mut cell.d, other.d), (&mut cell.s, other.s)]
                        .into_iter()
                        .zip(&mut from)
                {
                    if cost < *best {
                        *best = cost;
                        *from = form;
                    }
                }
            }
            self.trace.extend(from);
            cells.push(cell);
        }
        let column = Column { lo, cells };
        let crossing = self.crossings.len();
        self.floor = lo;
        let join = self.push(&column, StationKind::Join(crossing), trace);
        let stops = (stops, self.best.0);
        self.crossings.push(Crossing { fork, before, ends, entry, exits, inside, stops, join });
        (column, join)
    }

    /// The best path, and for every crossing on it the fragment positions where it is entered and left.
    fn trace_back(&self) -> (Alignment, Vec<Option<(usize, usize)>>) {
        let base = to_u32(self.window.frag.start);
        let mut steps = Vec::new();
        let mut spans: Vec<Option<(usize, usize)>> = vec![None; self.crossings.len()];
        let (_, mut id, mut i) = self.best;
        let mut state = DROP_ON | ADD_ON;
        let free = DROP_ON | ADD_ON;
        let mut push = |node: u32, from: usize, to: usize| {
            steps.push(Step { node, from: base + to_u32(from), to: base + to_u32(to) });
        };
        let mut within: Option<usize> = self.crossing_of(id);
        if let Some(crossing) = within {
            spans[crossing] = Some((i, i));
        }
        loop {
            if let Some(crossing) = within
                && id == self.crossings[crossing].before
            {
                spans[crossing] = spans[crossing].map(|(_, end)| (i, end));
                within = None;
            }
            let station = &self.stations[id];
            match station.kind {
                StationKind::Join(crossing) => {
                    let at = station.trace + 3 * (i - station.lo);
                    let which = if state == free { 0 } else { 1 + usize::from(state == ADD_ON) };
                    let form = usize::from(self.trace[at + which]);
                    spans[crossing] = Some((i, i));
                    within = Some(crossing);
                    id = self.crossings[crossing].ends[form];
                }
                StationKind::First | StationKind::Node(..) => {
                    let how = self.trace[station.trace + i - station.lo];
                    let (node, before) = match station.kind {
                        StationKind::Node(node, before) => (node, before),
                        _ => (0, id),
                    };
                    if state == DROP_ON {
                        push(node, i, i);
                        id = before;
                        state = if how & DROP_ON != 0 { DROP_ON } else { free };
                        continue;
                    }
                    if state == ADD_ON {
                        i -= 1;
                        state = if how & ADD_ON != 0 { ADD_ON } else { free };
                        continue;
                    }
                    match how & KIND {
                        MATCH => {
                            push(node, i - 1, i);
                            i -= 1;
                            id = before;
                        }
                        DROP => state = DROP_ON,
                        ADD => state = ADD_ON,
                        FREE => {
                            push(node, i, i);
                            id = before;
                        }
                        START => break,
                        other => {
                            let (wide, narrow) = match other {
                                TWO_TO_ONE => (1, 0),
                                ONE_TO_TWO => (2, 0),
                                _ => (1, 1),
                            };
                            push(node, i - wide, i);
                            i -= wide;
                            id = before;
                            if other != ONE_TO_TWO {
                                push(node - 1, i - narrow, i);
                                i -= narrow;
                                id = match self.stations[before].kind {
                                    StationKind::Node(_, first) => first,
                                    _ => before,
                                };
                            }
                        }
                    }
                }
            }
        }
        if let Some(crossing) = within {
            spans[crossing] = spans[crossing].map(|(_, end)| (i, end));
        }
        steps.reverse();
        (Alignment { steps, ..Alignment::default() }, spans)
    }

    /// The place inside which a column lies, its end not counted.
    fn crossing_of(&self, id: usize) -> Option<usize> {
        self.crossings.iter().position(|crossing| crossing.before < id && id < crossing.join)
    }

    /// The costs of every place's forms, from the back.
    fn backward(&self, spans: &[Option<(usize, usize)>], first: usize) -> Vec<Sight> {
        let n = self.frag.len();
        let open_end = self.window.end != Edge::Fixed;
        let last = self.stations.len() - 1;
        let mut cells = vec![NOWHERE; self.stations[last].hi - self.stations[last].lo + 1];
        let lo = self.stations[last].lo;
        let mut right = NOWHERE;
        for (k, cell) in cells.iter_mut().enumerate().rev() {
            let i = lo + k;
            let end = if i == n { 0 } else { self.left_after(i) };
            *cell = self.close(end, FAR, right, i);
            right = *cell;
        }
        let mut column = Column { lo, cells };
        let mut begins = self.begins(&column);
        let mut sights = Vec::new();
        let mut id = last;
        let mut later: Option<Column> = None;
        loop {
            match self.stations[id].kind {
                StationKind::First => break,
                StationKind::Node(node, before) => {
                    let next = self.step_back(&column, later.as_ref(), node, before, open_end);
                    // Nothing ligates or swaps across the boundary to another literal or form.
                    let same = matches!(self.stations[before].kind, StationKind::Node(other, _)
                        if other + 1 == node && !self.window.lattice.node(other).last);
                    later = same.then(|| column);
                    column = next;
                    begins = begins.min(self.begins(&column));
                    id = before;
                }
                StationKind::Join(at) => {
                    let crossing = &self.crossings[at];
                    later = None;
                    let mut entry: Option<Column> = None;
                    let mut from_inside = Vec::new();
                    for &end in &crossing.ends {
                        let (mut back, mut after, mut inner) = (column.clone(), None, FAR);
                        let mut here = end;
                        if here == crossing.before {
                            inner = inner.min(self.begins(&back));
                        }
                        while here != crossing.before {
                            let StationKind::Node(node, before) = self.stations[here].kind else { break };
                            let next = self.step_back(&back, after.as_ref(), node, before, open_end);
                            after = Some(std::mem::replace(&mut back, next));
                            inner = inner.min(self.begins(&back));
                            here = before;
                        }
                        from_inside.push(inner);
                        entry = Some(match entry {
                            None => back,
                            Some(least) => least.least(&back),
                        });
                    }
                    let started = from_inside.iter().copied().fold(begins, u32::min);
                    let sight =
                        self.sight(crossing, &column, &from_inside, (started, begins), spans[at], first);
                    sights.extend(sight);
                    begins = started;
                    if let Some(entry) = entry {
                        // Forms may have widened the band; what precedes expects the entry's own.
                        column = entry
                            .within(self.stations[crossing.before].lo, self.stations[crossing.before].hi);
                    }
                    id = crossing.before;
                }
            }
        }
        sights.reverse();
        sights
    }

    /// The cheapest alignment that begins at this boundary.
    fn begins(&self, column: &Column) -> u32 {
        if self.window.start == Edge::Fixed {
            return FAR;
        }
        (column.lo..)
            .zip(&column.cells)
            .map(|(i, cell)| cell.m.saturating_add(self.left_before(i)))
            .fold(FAR, u32::min)
    }

    /// A backward cell from the cheapest way on and the cell to its right.
    fn close(&self, m: u32, d: u32, right: Cell, i: usize) -> Cell {
        let added = self.frag.get(i).map_or(FAR, |read| right.s + read.drop_cost());
        let m = m.min(added).min(FAR);
        Cell { m, d: m.min(d), s: m.min(right.s + INSERT_MORE) }
    }

    /// The column before `node` from the one after it; `later` is the one after the next node.
    fn step_back(
        &self,
        after: &Column,
        later: Option<&Column>,
        node: u32,
        before: usize,
        open_end: bool,
    ) -> Column {
        let (lo, hi) = (self.stations[before].lo, self.stations[before].hi);
        let symbol = self.window.lattice.node(node).symbol;
        let next = later.map(|_| self.window.lattice.node(node + 1).symbol);
        let ligature = next.and_then(|next| symbol.ligates(next));
        let may_split = symbol.may_split();
        let drop = symbol.drop_cost();
        let mut cells = vec![NOWHERE; hi - lo + 1];
        let mut right = NOWHERE;
        let mut diagonal = after.at(hi + 1);
        for (k, cell) in cells.iter_mut().enumerate().rev() {
            let i = lo + k;
            let above = after.at(i);
            let mut m = above.d + drop;
            if symbol.is_space() && i > 0 && self.frag[i - 1].is_space() {
                m = m.min(above.m);
            }
            if let Some(&read) = self.frag.get(i) {
                m = m.min(diagonal.m + symbol.read_as(read));
                if let Some(later) = later {
                    if ligature.is_some_and(|one| read.is(one)) {
                        m = m.min(later.at(i + 1).m + LIGATE);
                    }
                    if Some(read) == next && self.frag.get(i + 1) == Some(&symbol) && read != symbol {
                        m = m.min(later.at(i + 2).m + SWAP);
                    }
                }
                if may_split && self.frag.get(i + 1).is_some_and(|&second| symbol.splits(read, second)) {
                    m = m.min(after.at(i + 2).m + LIGATE);
                }
            }
            if open_end {
                m = m.min(self.left_after(i));
            }
            *cell = self.close(m, above.d + DELETE_MORE, right, i);
            right = *cell;
            diagonal = above;
        }
        Column { lo, cells }
    }

    /// What the forward and backward costs say about a place, if it was seen at all.
    ///
    /// `begins` holds the best alignment that begins at or behind the place's beginning, and at or behind its end;
    /// `first` is where the best one begins.
    fn sight(
        &self,
        crossing: &Crossing,
        after: &Column,
        from_inside: &[u32],
        begins: (u32, u32),
        span: Option<(usize, usize)>,
        first: usize,
    ) -> Option<Sight> {
        let (entered, left) = span?;
        let letters = |range: Range<usize>| self.frag[range].iter().any(|read| read.is_letter());
        let mut costs: Vec<u32> = crossing.exits.iter().map(|exit| through(exit, after)).collect();
        let goes_on = costs.iter().copied().min()?.saturating_add(CONTEXT);
        // Where nothing sure follows, the fragment must end here (then it may have been cut in the middle of a form),
        // or much of the place itself be there.
        if goes_on > crossing.stops.1 {
            for (cost, inside) in costs.iter_mut().zip(&crossing.inside) {
                *cost = (*cost).min(*inside);
            }
            let cut = self.window.end == Edge::Brink
                && !letters(self.best.2..self.frag.len())
                && letters(entered..self.best.2);
            if !cut && costs.iter().copied().min()?.saturating_add(CONTENT) > crossing.stops.0 {
                return None;
            }
        }
        if goes_on > begins.0 {
            for (cost, inside) in costs.iter_mut().zip(from_inside) {
                *cost = (*cost).min(*inside);
            }
            let cut = self.window.start == Edge::Brink && !letters(0..first) && letters(first..left);
            if !cut && costs.iter().copied().min()?.saturating_add(CONTENT) > begins.1 {
                return None;
            }
        }
        let mut rewritten = FAR;
        let mut replaced = FAR;
        for i in crossing.entry.lo..=after.hi() {
            replaced = (replaced + WILD).min(crossing.entry.at(i).m + REWRITE).min(FAR);
            rewritten = rewritten.min(replaced + after.at(i).m);
        }
        let floor = costs.iter().copied().fold(rewritten, u32::min);
        costs.iter_mut().for_each(|cost| *cost = (*cost - floor).min(FAR));
        let chars = self.window.frag.start + entered..self.window.frag.start + left;
        Some(Sight { fork: crossing.fork, costs, rewritten: (rewritten - floor).min(FAR), chars })
    }
}

/// The cheapest way through a boundary.
fn through(before: &Column, after: &Column) -> u32 {
    (before.lo..)
        .zip(&before.cells)
        .map(|(i, cell)| {
            let rest = after.at(i);
            (cell.m + rest.m).min(cell.d + rest.d).min(cell.s + rest.s)
        })
        .fold(FAR, u32::min)
}

impl Column {
    fn least(mut self, other: &Self) -> Self {
        for (i, cell) in (self.lo..).zip(&mut self.cells) {
            let other = other.at(i);
            *cell = Cell { m: cell.m.min(other.m), d: cell.d.min(other.d), s: cell.s.min(other.s) };
        }
        self
    }

    fn within(self, lo: usize, hi: usize) -> Self {
        if (self.lo, self.hi()) == (lo, hi) {
            return self;
        }
        Self { lo, cells: (lo..=hi).map(|i| self.at(i)).collect() }
    }
}
