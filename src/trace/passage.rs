//! From a chain of runs to one aligned passage: exact anchors, and windows of dynamic programming between them.

use std::ops::Range;

use super::align::{Alignment, Edge, Grid, Part, Sight, Step, Window};
use super::lattice::{Lattice, index};
use super::locate::{Chain, Run, Trail};
use super::noise::{REWRITE, WILD};
use super::words;

/// The shortest exact stretch, in characters, at which fragment and item are pinned together.
const ANCHOR_CHARS: u32 = 12;

/// How much of an anchor's ends is aligned anew, so that a place next to it may be read in another way.
const ANCHOR_MARGIN: u32 = 4;

/// How far, in characters of the fragment, a passage may reach beyond its first and last run. Every stretch of
/// that length within 10 % noise holds a seed.
const EDGE_CHARS: usize = 160;

/// Half the width of the band around a run, in characters.
const BAND: usize = 20;

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
    let anchors = aligner.anchors();
    let (start, end) = (aligner.edge_before(head), aligner.edge_after(tail));
    if let (Some(one), Some(other)) = (anchors.first(), anchors.last()) {
        let left = one.char as usize - head;
        let parts = parts_before(lattice, one.node, reach(left));
        aligner.window(head..one.char as usize, parts, start, Edge::Fixed);
        for pair in anchors.windows(2) {
            aligner.anchor(pair[0]);
            let (from, to) = (pair[0].char + pair[0].len, pair[1].char);
            let parts = parts_between(lattice, pair[0].node + pair[0].len, pair[1].node);
            aligner.window(from as usize..to as usize, parts, Edge::Fixed, Edge::Fixed);
        }
        aligner.anchor(*other);
        let from = (other.char + other.len) as usize;
        let parts = parts_after(lattice, other.node + other.len - 1, reach(tail - from));
        aligner.window(from..tail, parts, Edge::Fixed, end);
    } else {
        let mut parts = parts_around(lattice, first.node, reach(core.start - head));
        let end_of_run =
            parts_after(lattice, last.node, reach(tail - core.end) + 2 * last.len as usize + BAND);
        join(lattice, &mut parts, last.node, end_of_run);
        aligner.window(head..tail, parts, start, end);
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

    /// The chain's exact stretches, disjoint and in order, less their margins.
    fn anchors(&self) -> Vec<Anchor> {
        let mut anchors: Vec<Anchor> = Vec::new();
        for run in self.chain {
            if self.lattice.segments()[self.lattice.node(run.node).segment as usize].fork.is_none() {
                self.stretches(run, &mut anchors);
            }
        }
        for anchor in &mut anchors {
            anchor.node += ANCHOR_MARGIN;
            anchor.char += ANCHOR_MARGIN;
            anchor.len -= 2 * ANCHOR_MARGIN;
        }
        anchors
    }

    fn stretches(&self, run: &Run, anchors: &mut Vec<Anchor>) {
        let segment = self.lattice.node(run.node).segment;
        let nodes = self.lattice.segments()[segment as usize].nodes.clone();
        let same = |char: u32, node: u32| {
            self.trail
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
        let extent = extent(self.lattice, parts);
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

/// A stretch where the way through the window is known: the fragment character of each of its letters.
struct Mark {
    near: u32,
    far: u32,
    chars: Vec<usize>,
}

/// Where the way leads, between marks no more than that it does not go back.
struct Guides {
    marks: Vec<Mark>,
    size: usize,
}

impl Guides {
    /// The fragment characters among which a boundary lies that has so many letters before it.
    fn band(&self, near: u32, far: u32) -> (usize, usize) {
        let next = self.marks.partition_point(|mark| mark.far <= far);
        let before = next.checked_sub(1).map(|at| &self.marks[at]);
        let after = self.marks.get(next);
        if let Some(&at) = before.and_then(|mark| mark.chars.get((far - mark.far) as usize)) {
            return (at.saturating_sub(BAND), at + BAND);
        }
        // One letter is about one and a quarter characters; edges allow for one to two.
        let ahead = |letters: u32| letters as usize;
        let lo = match (before, after) {
            (Some(mark), _) => {
                let end = mark.chars.last().copied().unwrap_or(0);
                let open = after.is_none();
                let gone = near.saturating_sub(mark.near + index(mark.chars.len() - 1));
                (if open { end + ahead(gone) } else { end }).saturating_sub(BAND)
            }
            (None, Some(mark)) => {
                let begin = mark.chars.first().copied().unwrap_or(0);
                begin.saturating_sub(2 * ahead(mark.far - far.min(mark.far)) + BAND)
            }
            (None, None) => 0,
        };
        let hi = match (before, after) {
            (_, Some(mark)) => {
                let begin = mark.chars.first().copied().unwrap_or(self.size);
                let open = before.is_none();
                let left = mark.near.saturating_sub(near);
                (if open { begin.saturating_sub(ahead(left)) } else { begin }) + BAND
            }
            (Some(mark), None) => {
                let end = mark.chars.last().copied().unwrap_or(0);
                end + 2 * ahead(far.saturating_sub(mark.far + index(mark.chars.len() - 1))) + BAND
            }
            (None, None) => self.size,
        };
        (lo.min(self.size), hi.min(self.size))
    }
}

/// Letters before the first and behind the last part, on the shortest and longest path.
fn extent(lattice: &Lattice, parts: &[Part]) -> ((u32, u32), (u32, u32)) {
    let before = |part: &Part| match part {
        Part::Literal(nodes) => boundary(lattice, nodes.start, nodes.start == nodes.end),
        Part::Fork(fork) => {
            let segment = &lattice.segments()[lattice.forks()[*fork as usize].segment as usize];
            (segment.near, segment.far)
        }
    };
    let behind = |part: &Part| match part {
        Part::Literal(nodes) => boundary(lattice, nodes.end.saturating_sub(1), true),
        Part::Fork(fork) => {
            let segment = lattice.forks()[*fork as usize].segment as usize;
            let here = &lattice.segments()[segment];
            lattice.segments().get(segment + 1).map_or((here.near, here.far), |next| (next.near, next.far))
        }
    };
    (parts.first().map_or((0, 0), before), parts.last().map_or((u32::MAX, u32::MAX), behind))
}

fn boundary(lattice: &Lattice, node: u32, after: bool) -> (u32, u32) {
    lattice.nodes().get(node as usize).map_or((0, 0), |n| {
        let letter = u32::from(after && n.symbol.is_letter());
        (n.near + letter, n.far + letter)
    })
}

/// The parts between two nodes of literals, `from` included (or the boundary it would begin), `to` not.
fn parts_between(lattice: &Lattice, from: u32, to: u32) -> Vec<Part> {
    let mut parts = Vec::new();
    // `from` may be the first node of the next segment when the anchor ends its literal; anchors have margins, so
    // it never is.
    let (a, b) = (lattice.node(from).segment, lattice.node(to).segment);
    for segment in a..=b {
        let here = &lattice.segments()[segment as usize];
        match here.fork {
            Some(fork) => parts.push(Part::Fork(fork)),
            None => {
                let nodes = here.nodes.start.max(from)..here.nodes.end.min(to);
                if nodes.start < nodes.end {
                    parts.push(Part::Literal(nodes));
                }
            }
        }
    }
    parts
}

/// The parts before a node, for about so many characters.
fn parts_before(lattice: &Lattice, node: u32, chars: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut left = chars;
    let mut segment = lattice.node(node).segment as usize;
    let mut end = node;
    while left > 0 {
        let here = &lattice.segments()[segment];
        match here.fork {
            Some(fork) => {
                parts.push(Part::Fork(fork));
                left = left.saturating_sub(shortest(lattice, fork).max(1));
            }
            None => {
                let end = end.min(here.nodes.end).max(here.nodes.start);
                let start = here.nodes.start.max(end.saturating_sub(index(left)));
                if start < end {
                    parts.push(Part::Literal(start..end));
                }
                left = left.saturating_sub((end - start) as usize);
            }
        }
        let Some(before) = segment.checked_sub(1) else { break };
        segment = before;
        end = lattice.segments()[segment].nodes.end;
    }
    parts.reverse();
    parts
}

/// The parts behind a node, for about so many characters.
fn parts_after(lattice: &Lattice, node: u32, chars: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut left = chars;
    let first = lattice.node(node).segment as usize;
    for here in &lattice.segments()[first..] {
        if left == 0 {
            break;
        }
        match here.fork {
            Some(_) if here.nodes.contains(&node) => {}
            Some(fork) => {
                parts.push(Part::Fork(fork));
                left = left.saturating_sub(shortest(lattice, fork).max(1));
            }
            None => {
                let start = here.nodes.start.max(if here.nodes.contains(&node) { node + 1 } else { 0 });
                let end = here.nodes.end.min(start.saturating_add(index(left)));
                if start < end {
                    parts.push(Part::Literal(start..end));
                }
                left = left.saturating_sub((end - start) as usize);
            }
        }
    }
    parts
}

/// As `parts_before`, the node's own place included when it lies in one.
fn parts_around(lattice: &Lattice, node: u32, chars: usize) -> Vec<Part> {
    let here = &lattice.segments()[lattice.node(node).segment as usize];
    match here.fork {
        None => {
            let mut parts = parts_before(lattice, node, chars);
            match parts.last_mut() {
                Some(Part::Literal(nodes)) if nodes.end == node => nodes.end = node + 1,
                _ => parts.push(Part::Literal(node..node + 1)),
            }
            parts
        }
        Some(fork) => {
            let segment = lattice.node(node).segment as usize;
            let mut parts = match segment.checked_sub(1).map(|before| &lattice.segments()[before]) {
                Some(before) if before.fork.is_none() && !before.nodes.is_empty() && chars > 0 => {
                    let last = before.nodes.end - 1;
                    parts_around(lattice, last, chars.saturating_sub(1))
                }
                _ => Vec::new(),
            };
            parts.push(Part::Fork(fork));
            parts
        }
    }
}

/// Appends what lies between the end of `parts` and `node`, that node's own segment, and `rest` behind it.
fn join(lattice: &Lattice, parts: &mut Vec<Part>, node: u32, rest: Vec<Part>) {
    let (mut segment, mut from) = match parts.last() {
        Some(Part::Literal(nodes)) => (lattice.node(nodes.end - 1).segment, nodes.end),
        Some(Part::Fork(fork)) => (lattice.forks()[*fork as usize].segment + 1, 0),
        None => (0, 0),
    };
    let last = lattice.node(node).segment;
    while segment <= last {
        let here = &lattice.segments()[segment as usize];
        match here.fork {
            Some(fork) => parts.push(Part::Fork(fork)),
            None => {
                let end = if segment == last { here.nodes.end.min(node + 1) } else { here.nodes.end };
                let nodes = here.nodes.start.max(from)..end;
                if nodes.start < nodes.end {
                    parts.push(Part::Literal(nodes));
                }
            }
        }
        segment += 1;
        from = 0;
    }
    parts.extend(rest);
}

fn shortest(lattice: &Lattice, fork: u32) -> usize {
    lattice.forks()[fork as usize].forms.iter().map(ExactSizeIterator::len).min().unwrap_or(0)
}
