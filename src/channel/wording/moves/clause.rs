//! A clause of condition, time, reason, concession or purpose before or behind its main clause.

use std::ops::Range;

use super::Move;
use super::halves::Halves;
use super::shape::{
    Frame, any_of, clause_verb, has_infinitive, is_joined, is_plain, lean, negated, starts_with, verb_of,
};
use crate::channel::Tier;
use crate::channel::wording::view::View;
use crate::language::pos::PosSet;

/// What opens a clause that may stand on either side.
struct Opening {
    words: &'static [&'static str],
    kind: Kind,
    front: Tier,
    back: Option<Tier>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// If, when: no comma behind the main clause.
    Open,
    /// Although: a comma behind the main clause.
    Aside,
}

const fn opening(words: &'static [&'static str], kind: Kind, front: Tier, back: Option<Tier>) -> Opening {
    Opening { words, kind, front, back }
}

/// Longest first, so that "even if" is not taken for "if".
const OPENINGS: &[Opening] = &[
    opening(&["as", "soon", "as"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["as", "long", "as"], Kind::Open, Tier::Normal, Some(Tier::Normal)),
    opening(&["even", "though"], Kind::Open, Tier::Normal, Some(Tier::Normal)),
    opening(&["even", "if"], Kind::Open, Tier::Strict, Some(Tier::Normal)),
    opening(&["if"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["when"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["whenever"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["unless"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["once"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["after"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["before"], Kind::Open, Tier::Strict, Some(Tier::Strict)),
    opening(&["until"], Kind::Open, Tier::Normal, None),
    opening(&["because"], Kind::Open, Tier::Strict, Some(Tier::Normal)),
    opening(&["although"], Kind::Aside, Tier::Strict, Some(Tier::Normal)),
    opening(&["though"], Kind::Aside, Tier::Bold, None),
    opening(&["where"], Kind::Open, Tier::Normal, Some(Tier::Normal)),
];

/// Both directions.
pub(super) fn find(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    front(view, frame, out);
    back(view, frame, out);
    purpose(view, frame, out);
}

fn opening_at(view: &View<'_>, at: usize) -> Option<&'static Opening> {
    OPENINGS.iter().find(|opening| starts_with(view, at, opening.words))
}

/// "If the dam fails, the town floods." / "The town floods if the dam fails."
fn front(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    let Some(opening) = opening_at(view, body.start) else { return };
    if frame.commas != 1 || frame.followed {
        return;
    }
    let Some(comma) = body.clone().find(|&at| view.word(at) == ",") else { return };
    let part = body.start..comma;
    let then = usize::from(view.lower(comma + 1) == "then");
    let rest = comma + 1 + then..body.end;
    if !(3..=16).contains(&rest.len()) {
        return;
    }
    let Some(shape) = part_shape(view, &part, opening) else { return };
    let Some(verb) = clause_verb(view, &rest) else { return };
    // Behind the main clause the part belongs to its nearest verb: there may be but one.
    if !is_plain(view, &rest, verb)
        || !loose(opening) && has_infinitive(view, &rest)
        || any_of(view, &rest, &["also"])
        || is_joined(view, &rest)
        || lean(view, &part, &rest)
        || denies(view, &rest, opening)
        || !frame.may_rise(view, rest.start)
    {
        return;
    }
    let easy = !has_infinitive(view, &rest)
        && rest.len() <= 11
        && !any_of(view, &rest, &["and", "or"])
        && shape != Shape::Participle;
    let joint = if opening.kind == Kind::Aside { ", " } else { " " };
    let halves = Halves { part, rest, joint };
    out.push(Move {
        class: shape.class(),
        // What hangs on another verb, or comes after much else, is found late.
        tier: if easy { opening.front } else { opening.front.max(Tier::Normal) },
        orders: vec![("clause first", 1), ("clause last", 1)],
        ways: halves.to_end(frame),
    });
}

/// "The town floods if the dam fails." / "If the dam fails, the town floods."
fn back(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    let mut all =
        (body.start + 2..body.end).filter_map(|at| opening_at(view, at).map(|opening| (at, opening)));
    let Some((at, opening)) = all.next() else { return };
    let inner = at + opening.words.len();
    if all.any(|(other, _)| other >= inner) || frame.followed {
        return;
    }
    let comma = view.word(at - 1) == ",";
    let Some(tier) = opening.back else { return };
    if comma != (opening.kind == Kind::Aside) || frame.commas != usize::from(comma) {
        return;
    }
    let rest = body.start..at - usize::from(comma);
    let part = at..body.end;
    if !(3..=18).contains(&rest.len()) || !(comma || frees(view, at)) {
        return;
    }
    let Some(sink) = frame.sinks(view) else { return };
    let Some(shape) = part_shape(view, &part, opening) else { return };
    let Some(verb) = clause_verb(view, &rest) else { return };
    if !is_plain(view, &rest, verb)
        || has_infinitive(view, &rest)
        || is_joined(view, &rest)
        || lean(view, &part, &rest)
        || denies(view, &rest, opening)
    {
        return;
    }
    // What is long and new belongs at the end.
    let easy = part.len() <= 3 * rest.len() && part.len() <= 14 && shape != Shape::Participle;
    let halves = Halves { part, rest, joint: " " };
    out.push(Move {
        class: if shape == Shape::Full { "clause-front" } else { shape.class() },
        tier: if easy { tier } else { tier.max(Tier::Normal) },
        orders: vec![("clause last", 1), ("clause first", 1)],
        ways: halves.to_front(frame, sink),
    });
}

/// Whether the word before a clause does not take it for its own ("the day when", "shortly before", "know if").
fn frees(view: &View<'_>, at: usize) -> bool {
    #[rustfmt::skip]
const TAKES: &[&str] = &[
    "time", "times", "day", "days", "moment", "point", "case", "cases", "situation", "situations", "year", "years",
    "period", "date", "instance", "occasion", "occasions", "hours", "hour", "minutes", "weeks", "week", "months",
    "month", "long", "shortly", "immediately", "soon", "right", "well", "example", "examples", "moments", "event",
    "reason", "seconds", "decades", "place", "places", "area", "areas", "way", "circumstances", "scenario",
    "scenarios", "stage", "conditions", "condition", "world", "position", "age", "era", "space", "room", "country",
    "directory", "line",
];
    let left = view.pos(at - 1);
    let barred = PosSet::BE
        | PosSet::COMPARATIVE
        | PosSet::CONJUNCTION
        | PosSet::DETERMINER
        | PosSet::MODAL
        | PosSet::NUMBER;
    let noun = left.meets(PosSet::NOMINAL);
    view.is_word(at - 1)
        && !TAKES.contains(&view.lower(at - 1))
        && !left.meets(barred)
        && (noun || !left.meets(PosSet::PREPOSITION | PosSet::ADVERB))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// With its own subject and verb.
    Full,
    /// "when using the tool", "before installing it".
    Participle,
    /// "if necessary", "where possible".
    Short,
}

impl Shape {
    fn class(self) -> &'static str {
        match self {
            Self::Full => "clause-order",
            Self::Participle => "clause-ing",
            Self::Short => "clause-short",
        }
    }
}

/// What a moved clause is made of, if it leans on nothing outside.
fn part_shape(view: &View<'_>, part: &Range<usize>, opening: &Opening) -> Option<Shape> {
    let subject = part.start + opening.words.len();
    let word = opening.words.last().copied().unwrap_or("");
    if part.end == subject + 1
        && matches!(word, "if" | "where" | "when" | "whenever")
        && matches!(
            view.lower(subject),
            "possible"
                | "necessary"
                | "needed"
                | "appropriate"
                | "applicable"
                | "available"
                | "required"
                | "desired"
                | "practical"
                | "feasible"
        )
    {
        return Some(Shape::Short);
    }
    if word == "where" || !(3..=18).contains(&part.len()) {
        return None;
    }
    if any_of(view, &(subject..subject + 1), &["so", "not", "then", "to", "any", "ever"]) {
        return None;
    }
    let verb = verb_of(view, subject, part.end);
    if view.pos(subject).meets(PosSet::ING)
        && !view.pos(subject).meets(PosSet::PREPOSITION)
        && matches!(word, "when" | "after" | "before")
        && !verb.is_some_and(|verb| view.pos(verb).meets(PosSet::AUXILIARY) && verb <= subject + 2)
    {
        return Some(Shape::Participle);
    }
    // "If we ever need to": what is left out stands in the main clause.
    let whole = !view
        .pos(part.end - 1)
        .meets(PosSet::TO | PosSet::AUXILIARY | PosSet::PREPOSITION | PosSet::CONJUNCTION);
    let verb = verb?;
    (whole && !matches!(view.lower(subject), "having" | "being") && verb > subject).then_some(Shape::Full)
}

/// Whether a denial would reach a clause of reason or time behind it.
fn denies(view: &View<'_>, rest: &Range<usize>, opening: &Opening) -> bool {
    let word = opening.words.last().copied().unwrap_or("");
    negated(view, rest) && !matches!(word, "if" | "although" | "though")
}

/// "To see the log, open the menu." / "Open the menu to see the log."
fn purpose(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    if view.lower(body.start) != "to" || frame.commas != 1 || frame.followed {
        return;
    }
    let Some(comma) = body.clone().find(|&at| view.word(at) == ",") else { return };
    let (part, rest) = (body.start..comma, comma + 1..body.end);
    let verb = view.lower(part.start + 1);
    if !view.pos(part.start + 1).meets(PosSet::BASE)
        || matches!(
            verb,
            "be" | "summarize"
                | "summarise"
                | "sum"
                | "begin"
                | "start"
                | "date"
                | "conclude"
                | "quote"
                | "recap"
                | "illustrate"
        )
        || !(3..=14).contains(&part.len())
        || !(3..=12).contains(&rest.len())
    {
        return;
    }
    let Some(at) = clause_verb(view, &rest) else { return };
    if !is_plain(view, &rest, at)
        || has_infinitive(view, &rest)
        || is_joined(view, &rest)
        || lean(view, &part, &rest)
        || negated(view, &rest)
        || any_of(view, &rest, &["first", "following", "to"])
        || !frame.may_rise(view, rest.start)
    {
        return;
    }
    let halves = Halves { part, rest, joint: " " };
    out.push(Move {
        class: "purpose-order",
        tier: Tier::Normal,
        orders: vec![("purpose first", 1), ("purpose last", 1)],
        ways: halves.to_end(frame),
    });
}

/// Whether it makes no difference to which verb of the main clause a clause belongs: a condition of the means is one of
/// the end.
fn loose(opening: &Opening) -> bool {
    matches!(opening.words, ["if" | "when" | "unless" | "once" | "whenever"])
}
