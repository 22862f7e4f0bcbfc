//! Stretches of the lattice, cut to what a window needs.

use super::align::Part;
use super::lattice::{Lattice, index};

/// The literals from node `from` up to node `to`, and the places between them whole.
pub(super) fn between(lattice: &Lattice, from: u32, to: u32) -> Vec<Part> {
    let segments = lattice.segments();
    let first = segments.partition_point(|segment| segment.nodes.end <= from);
    let inside = segments[first..].iter().take_while(|segment| segment.nodes.start < to);
    inside
        .filter_map(|segment| {
            let nodes = segment.nodes.start.max(from)..segment.nodes.end.min(to);
            let literal = (nodes.start < nodes.end).then_some(Part::Literal(nodes));
            segment.fork.map(Part::Fork).or(literal)
        })
        .collect()
}

/// The node about `chars` characters before a node; places are not cut, the node's own included.
pub(super) fn back(lattice: &Lattice, node: u32, chars: usize) -> u32 {
    let mut segment = lattice.node(node).segment as usize;
    let mut left = index(chars);
    let mut at = node;
    loop {
        let here = &lattice.segments()[segment];
        if here.fork.is_some() {
            at = here.nodes.start;
        } else {
            let taken = left.min(at.saturating_sub(here.nodes.start));
            at -= taken;
            left -= taken;
        }
        if left == 0 || segment == 0 {
            return at;
        }
        segment -= 1;
        at = lattice.segments()[segment].nodes.end;
        left = left.saturating_sub(shortest(lattice, segment));
    }
}

/// One past the node about `chars` characters behind a node; places are not cut, the node's own included.
pub(super) fn ahead(lattice: &Lattice, node: u32, chars: usize) -> u32 {
    let mut segment = lattice.node(node).segment as usize;
    let mut left = index(chars);
    let mut at = node + 1;
    loop {
        let here = &lattice.segments()[segment];
        if here.fork.is_some() {
            at = here.nodes.end;
        } else {
            let taken = left.min(here.nodes.end.saturating_sub(at));
            at += taken;
            left -= taken;
        }
        segment += 1;
        if left == 0 || segment == lattice.segments().len() {
            return at;
        }
        at = lattice.segments()[segment].nodes.start;
        left = left.saturating_sub(shortest(lattice, segment));
    }
}

/// What a place takes off the characters to go, at least one so that a row of empty forms ends; 0 for a literal.
fn shortest(lattice: &Lattice, segment: usize) -> u32 {
    lattice.segments()[segment].fork.map_or(0, |fork| {
        let forms = lattice.forks()[fork as usize].forms.iter();
        forms.map(|form| form.end - form.start).min().unwrap_or(0).max(1)
    })
}

/// Letters before and behind the parts, each on the shortest and on the longest path.
pub(super) fn extent(lattice: &Lattice, parts: &[Part]) -> ((u32, u32), (u32, u32)) {
    let at = |node: u32, after: bool| {
        let node = lattice.node(node);
        let letter = u32::from(after && node.symbol.is_letter());
        (node.near + letter, node.far + letter)
    };
    let segment = |fork: u32| lattice.forks()[fork as usize].segment as usize;
    let before = |part: &Part| match part {
        Part::Literal(nodes) => at(nodes.start, false),
        Part::Fork(fork) => {
            let here = &lattice.segments()[segment(*fork)];
            (here.near, here.far)
        }
    };
    let behind = |part: &Part| match part {
        Part::Literal(nodes) => at(nodes.end - 1, true),
        Part::Fork(fork) => {
            let after = segment(*fork) + 1;
            lattice.segments().get(after).map_or((u32::MAX, u32::MAX), |next| (next.near, next.far))
        }
    };
    (parts.first().map_or((0, 0), before), parts.last().map_or((u32::MAX, u32::MAX), behind))
}
