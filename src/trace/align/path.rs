//! The best path, from the forward pass.

use super::forward::End;
use super::grid::{Grid, StationKind, how};
use super::{Step, Window};

/// The best path through a window.
pub(super) struct Path {
    pub(super) steps: Vec<Step>,
    /// For every crossing on it, the positions where it is entered and left.
    pub(super) spans: Vec<Option<(usize, usize)>>,
}

/// Whether the path is in no run, a dropped or an added one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Dropping,
    Adding,
}

/// Follows the trace back from the end.
pub(super) fn trace(window: &Window<'_>, grid: &Grid, end: &End) -> Path {
    let mut steps: Vec<Step> = Vec::new();
    let mut spans: Vec<Option<(usize, usize)>> = vec![None; grid.crossings.len()];
    let position = |i: usize| u32::try_from(window.frag.start + i).unwrap_or(u32::MAX);
    let mut push = |node: u32, from: usize, to: usize| {
        steps.push(Step { node, from: position(from), to: position(to) });
    };
    let (mut station, mut i, mut state) = (end.station, end.char, State::Free);
    // The place that the path is in; it may end in the middle of one.
    let mut within =
        grid.crossings.iter().position(|crossing| crossing.before < station && station < crossing.join);
    let mut left = i;
    loop {
        if let Some(crossing) = within
            && station == grid.crossings[crossing].before
        {
            spans[crossing] = Some((i, left));
            within = None;
        }
        let here = &grid.stations[station];
        let (node, before) = match here.kind {
            StationKind::Join { crossing, notes } => {
                let from = grid.noted(notes + i - here.lo);
                let form = match state {
                    State::Free => from[0],
                    State::Dropping => from[1],
                    State::Adding => from[2],
                };
                (within, left) = (Some(crossing), i);
                station = grid.crossings[crossing].ends[usize::from(form)];
                continue;
            }
            StationKind::Node { node, before, .. } => (node, before),
            // Only added characters and the beginning are noted there.
            StationKind::First => (0, station),
        };
        let way = grid.how(here, i);
        match (state, way & how::KIND) {
            (State::Dropping, _) => {
                push(node, i, i);
                station = before;
                state = if way & how::DROP_ON != 0 { State::Dropping } else { State::Free };
            }
            (State::Adding, _) => {
                i -= 1;
                state = if way & how::ADD_ON != 0 { State::Adding } else { State::Free };
            }
            (State::Free, how::START) => break,
            (State::Free, how::DROP) => state = State::Dropping,
            (State::Free, how::ADD) => state = State::Adding,
            (State::Free, how::FREE) => {
                push(node, i, i);
                station = before;
            }
            (State::Free, kind) => {
                let (chars, others) = match kind {
                    how::MATCH => (1, None),
                    how::ONE_TO_TWO => (2, None),
                    how::TWO_TO_ONE => (1, Some(0)),
                    _ => (1, Some(1)),
                };
                push(node, i - chars, i);
                i -= chars;
                station = before;
                if let (Some(chars), StationKind::Node { before, .. }) = (others, grid.stations[before].kind)
                {
                    push(node - 1, i - chars, i);
                    i -= chars;
                    station = before;
                }
            }
        }
    }
    if let Some(crossing) = within {
        spans[crossing] = Some((i, left));
    }
    steps.reverse();
    Path { steps, spans }
}
