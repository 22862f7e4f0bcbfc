//! The two orders of a sentence of two parts, written as slots.

use std::ops::Range;

use super::shape::Frame;
use super::{Case, Piece, Slot, span};

/// Two parts of a body, the one that moves relative to the other.
pub(super) struct Halves {
    /// The clause or phrase.
    pub(super) part: Range<usize>,
    /// The rest.
    pub(super) rest: Range<usize>,
    /// What stands between them when the part comes last.
    pub(super) joint: &'static str,
}

impl Halves {
    /// The ways to write "part, rest" as "rest part": the part moves, or the rest does.
    pub(super) fn to_end(&self, frame: &Frame) -> Vec<Vec<Slot>> {
        let (part, rest) = (self.part.clone(), self.rest.clone());
        let sink = if frame.opened { Case::Keep } else { Case::Lower };
        let rise = |tokens: Range<usize>| Piece::Span(tokens, frame.rises());
        let head = Slot {
            tokens: part.start..rest.start + 1,
            forms: vec![vec![span(part.start..rest.start + 1)], vec![rise(rest.start..rest.start + 1)]],
        };
        let tail = Slot {
            tokens: rest.end - 1..rest.end,
            forms: vec![
                vec![span(rest.end - 1..rest.end)],
                vec![span(rest.end - 1..rest.end), Piece::Text(self.joint), Piece::Span(part.clone(), sink)],
            ],
        };
        let mut ways = vec![vec![head, tail]];
        if part.len() > 1 {
            let head = Slot {
                tokens: part.start..part.start + 1,
                forms: vec![
                    vec![span(part.start..part.start + 1)],
                    vec![
                        rise(rest.clone()),
                        Piece::Text(self.joint),
                        Piece::Span(part.start..part.start + 1, sink),
                    ],
                ],
            };
            let tail = Slot {
                tokens: part.end - 1..rest.end,
                forms: vec![vec![span(part.end - 1..rest.end)], vec![span(part.end - 1..part.end)]],
            };
            ways.push(vec![head, tail]);
        }
        ways
    }

    /// The ways to write "rest part" as "part, rest"; `sink` is what becomes of the rest's first letter.
    pub(super) fn to_front(&self, frame: &Frame, sink: Case) -> Vec<Vec<Slot>> {
        let (part, rest) = (self.part.clone(), self.rest.clone());
        let rise = |tokens: Range<usize>| Piece::Span(tokens, frame.rises());
        let mut ways = vec![vec![
            Slot {
                tokens: rest.start..rest.start + 1,
                forms: vec![
                    vec![span(rest.start..rest.start + 1)],
                    vec![
                        rise(part.clone()),
                        Piece::Text(", "),
                        Piece::Span(rest.start..rest.start + 1, sink),
                    ],
                ],
            },
            Slot {
                tokens: rest.end - 1..part.end,
                forms: vec![vec![span(rest.end - 1..part.end)], vec![span(rest.end - 1..rest.end)]],
            },
        ]];
        if part.len() > 1 {
            ways.push(vec![
                Slot {
                    tokens: rest.start..part.start + 1,
                    forms: vec![
                        vec![span(rest.start..part.start + 1)],
                        vec![rise(part.start..part.start + 1)],
                    ],
                },
                Slot {
                    tokens: part.end - 1..part.end,
                    forms: vec![
                        vec![span(part.end - 1..part.end)],
                        vec![span(part.end - 1..part.end), Piece::Text(", "), Piece::Span(rest, sink)],
                    ],
                },
            ]);
        }
        ways
    }
}
