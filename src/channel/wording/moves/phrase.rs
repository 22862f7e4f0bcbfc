//! A phrase of time, place or manner at the head of a sentence or at its end.

use std::ops::Range;

use super::Move;
use super::halves::Halves;
use super::shape::{
    Frame, any_of, clause_verb, has_anaphor, has_infinitive, is_joined, is_plain, lean, negated, points,
    starts_with,
};
use crate::channel::Tier;
use crate::channel::wording::view::View;
use crate::language::pos::PosSet;

/// Phrases that say when, where or how and go with any clause, with the tier of each way: from the head to the end,
/// from the end to the head.
const SET: &[(&[&str], Tier, Option<Tier>)] = &[
    (&["by", "default"], Tier::Strict, Some(Tier::Strict)),
    (&["in", "this", "case"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "these", "cases"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "such", "cases"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "most", "cases"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "many", "cases"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "some", "cases"], Tier::Strict, Some(Tier::Normal)),
    (&["in", "practice"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "example"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "chapter"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "section"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "document"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "situation"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "this", "way"], Tier::Normal, None),
    (&["in", "recent", "years"], Tier::Strict, Some(Tier::Strict)),
    (&["in", "recent", "months"], Tier::Strict, Some(Tier::Strict)),
    (&["in", "recent", "weeks"], Tier::Strict, Some(Tier::Strict)),
    (&["in", "the", "past"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "the", "future"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "the", "long", "run"], Tier::Normal, Some(Tier::Normal)),
    (&["at", "the", "moment"], Tier::Strict, Some(Tier::Normal)),
    (&["at", "present"], Tier::Strict, Some(Tier::Normal)),
    (&["for", "now"], Tier::Strict, Some(Tier::Normal)),
    (&["at", "this", "point"], Tier::Normal, Some(Tier::Normal)),
    (&["at", "that", "time"], Tier::Normal, Some(Tier::Normal)),
    (&["at", "this", "time"], Tier::Normal, Some(Tier::Normal)),
    (&["at", "the", "time"], Tier::Normal, Some(Tier::Normal)),
    (&["in", "the", "end"], Tier::Normal, None),
    (&["over", "time"], Tier::Normal, Some(Tier::Bold)),
    (&["over", "the", "years"], Tier::Normal, Some(Tier::Normal)),
    (&["from", "time", "to", "time"], Tier::Normal, Some(Tier::Normal)),
    (&["so", "far"], Tier::Normal, Some(Tier::Normal)),
    (&["today"], Tier::Strict, Some(Tier::Normal)),
    (&["yesterday"], Tier::Strict, Some(Tier::Normal)),
    (&["nowadays"], Tier::Normal, Some(Tier::Normal)),
    (&["these", "days"], Tier::Normal, Some(Tier::Normal)),
    (&["this", "year"], Tier::Strict, Some(Tier::Strict)),
    (&["this", "week"], Tier::Strict, Some(Tier::Strict)),
    (&["this", "month"], Tier::Strict, Some(Tier::Strict)),
    (&["last", "year"], Tier::Strict, Some(Tier::Strict)),
    (&["last", "week"], Tier::Strict, Some(Tier::Strict)),
    (&["last", "month"], Tier::Strict, Some(Tier::Strict)),
    (&["last", "night"], Tier::Strict, Some(Tier::Normal)),
    (&["next", "year"], Tier::Strict, Some(Tier::Strict)),
    (&["next", "week"], Tier::Strict, Some(Tier::Strict)),
    (&["next", "month"], Tier::Strict, Some(Tier::Strict)),
    (&["every", "year"], Tier::Strict, Some(Tier::Normal)),
    (&["every", "day"], Tier::Strict, Some(Tier::Normal)),
    (&["each", "year"], Tier::Strict, Some(Tier::Normal)),
    (&["if", "necessary"], Tier::Strict, None),
];

/// Prepositions whose phrase may move to the end.
#[rustfmt::skip]
const MOVABLE: &[&str] = &[
    "in", "on", "at", "during", "under", "with", "without", "despite", "since", "after", "before", "until", "within",
    "throughout", "across", "by", "for", "from", "through", "until", "over", "among", "upon", "instead",
];

/// First words behind the preposition that make a connective of it, not a place or time.
#[rustfmt::skip]
const CONNECTIVES: &[&str] = &[
    "addition", "example", "instance", "fact", "contrast", "other", "particular", "turn", "short", "conclusion",
    "summary", "theory", "general", "part", "effect", "essence", "total", "all", "any", "that", "sum", "comparison",
    "reality", "truth", "once", "last", "first", "least", "best", "worst", "one", "course", "what", "which", "whom",
    "how", "so", "now", "then", "there", "fairness", "response", "order", "case", "spite", "principle", "contrast",
    "same", "such", "it", "them", "him", "her", "me", "us", "you", "itself", "themselves", "more", "better",
    "further", "whatever", "the",
];

/// Nouns that make a phrase one of time.
#[rustfmt::skip]
const TIMES: &[&str] = &[
    "year", "years", "month", "months", "week", "weeks", "day", "days", "decade", "decades", "century", "centuries",
    "hour", "hours", "minutes", "seconds", "morning", "afternoon", "evening", "night", "january", "february", "march",
    "april", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday",
    "wednesday", "thursday", "friday", "saturday", "sunday", "spring", "summer", "autumn", "fall", "winter", "period",
    "season", "war",
];

/// Both directions.
pub(super) fn find(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    front(view, frame, out);
    back(view, frame, out);
    source(view, frame, out);
}

fn set_at(view: &View<'_>, at: usize) -> Option<&'static (&'static [&'static str], Tier, Option<Tier>)> {
    SET.iter().find(|(words, ..)| starts_with(view, at, words))
}

/// "In 2019, the agency moved to York." / "The agency moved to York in 2019."
fn front(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    let set = set_at(view, body.start);
    let comma = body.clone().find(|&at| view.word(at) == ",");
    let (part, rest, bare) = match (comma, set) {
        (Some(comma), _) if comma <= body.start + 9 => (body.start..comma, comma + 1..body.end, false),
        (None, Some((words, ..))) => {
            let end = body.start + words.len();
            (body.start..end, end..body.end, true)
        }
        _ => return,
    };
    let known = set.is_some_and(|(words, ..)| words.len() == part.len());
    if !known && (bare || !is_phrase(view, &part)) || frame.commas != usize::from(!bare) {
        return;
    }
    if !(3..=16).contains(&rest.len())
        || !frame.may_rise(view, rest.start)
        || view.pos(rest.start).meets(PosSet::CONJUNCTION)
    {
        return;
    }
    let Some(verb) = clause_verb(view, &rest) else { return };
    let time = known || is_time(view, &part);
    if !takes_end(view, &part, &rest, verb, time) {
        return;
    }
    let tier = match set {
        Some(&(_, tier, _)) if known => tier,
        _ if time && matches!(view.lower(part.start), "in" | "on" | "during" | "last" | "next") => {
            Tier::Strict
        }
        _ if time => Tier::Normal,
        _ => Tier::Bold,
    };
    let halves = Halves { part, rest, joint: " " };
    out.push(Move {
        class: if known {
            "set-phrase"
        } else if time {
            "time-phrase"
        } else {
            "phrase-order"
        },
        tier,
        orders: vec![("phrase first", 1), ("phrase last", 1)],
        ways: halves.to_end(frame),
    });
}

/// Whether a phrase may follow the rest of its sentence and still belong to its verb.
fn takes_end(view: &View<'_>, part: &Range<usize>, rest: &Range<usize>, verb: usize, time: bool) -> bool {
    let prepositions = |range: Range<usize>| {
        range.filter(|&at| view.pos(at).meets(PosSet::PREPOSITION) && view.lower(at) != "of").count()
    };
    is_plain(view, rest, verb)
        && !any_of(view, rest, &["as", "than"])
        && !has_infinitive(view, rest)
        && !is_joined(view, rest)
        && !negated(view, rest)
        && !any_of(view, rest, &[view.lower(part.start)])
        && prepositions(verb..rest.end) <= usize::from(time)
        && !(time && (has_time(view, rest) || points(view, rest)))
        && (time || !lean(view, part, rest))
        && view.lower(rest.start) != "there"
}

/// "The agency moved to York in 2019." / "In 2019, the agency moved to York."
fn back(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    if frame.commas > 0 {
        return;
    }
    let from = body.start + 3;
    let known = (from..body.end).find(|&at| {
        set_at(view, at).is_some_and(|(words, _, back)| at + words.len() == body.end && back.is_some())
    });
    let time = || {
        (from.max(body.end.saturating_sub(5))..body.end).find(|&at| {
            matches!(view.lower(at), "in" | "on" | "during" | "since" | "last" | "next" | "this")
                && is_time(view, &(at..body.end))
        })
    };
    let Some(at) = known.or_else(time) else { return };
    let (rest, part) = (body.start..at, at..body.end);
    if !(3..=18).contains(&rest.len()) {
        return;
    }
    let Some(sink) = frame.sinks(view) else { return };
    let Some(verb) = clause_verb(view, &rest) else { return };
    let bare = known.is_none() && matches!(view.lower(at), "in" | "on" | "during" | "since");
    if !is_plain(view, &rest, verb)
        || any_of(view, &rest, &["as", "than", "also"])
        || has_infinitive(view, &rest)
        || is_joined(view, &rest)
        || negated(view, &rest)
        || has_time(view, &rest)
        || points(view, &rest)
        || view.lower(rest.start) == "there"
        || !frees(view, at, verb, bare)
    {
        return;
    }
    let tier = match known.and_then(|at| set_at(view, at)) {
        Some(&(_, _, Some(tier))) => tier,
        _ => Tier::Normal,
    };
    let halves = Halves { part, rest, joint: " " };
    out.push(Move {
        class: if known.is_some() { "set-front" } else { "time-front" },
        tier,
        orders: vec![("phrase last", 1), ("phrase first", 1)],
        ways: halves.to_front(frame, sink),
    });
}

/// Whether a phrase belongs to the verb and not to the noun before it.
fn frees(view: &View<'_>, at: usize, verb: usize, bare: bool) -> bool {
    let left = view.pos(at - 1);
    if left.meets(
        PosSet::PREPOSITION
            | PosSet::CONJUNCTION
            | PosSet::BE
            | PosSet::COMPARATIVE
            | PosSet::NUMBER
            | PosSet::DETERMINER,
    ) {
        return false;
    }
    // "the elections in 2019": after a noun a phrase with a preposition may be the noun's own.
    let verbal =
        left.within(PosSet::PAST | PosSet::PARTICIPLE | PosSet::ADJECTIVE) || left.within(PosSet::ADVERB);
    !bare || verbal || view.capital(at - 1) || at == verb + 1
}

/// Whether a run is a prepositional phrase of place, manner or time with no verb in it.
fn is_phrase(view: &View<'_>, part: &Range<usize>) -> bool {
    let second = part.start + 1;
    (2..=9).contains(&part.len())
        && (MOVABLE.contains(&view.lower(part.start)) || is_time(view, part))
        && (!CONNECTIVES.contains(&view.lower(second)) || view.lower(second) == "the")
        && !starts_with(view, second, &["the", "other"])
        && !starts_with(view, second, &["the", "same"])
        && !starts_with(view, second, &["the", "meantime"])
        && !starts_with(view, second, &["the", "contrary"])
        && !starts_with(view, second, &["the", "event"])
        && !starts_with(view, second, &["the", "whole"])
        && !has_anaphor(view, part)
        && !points(view, part)
        && !any_of(
            view,
            part,
            &["and", "or", "reason", "reasons", "way", "sense", "experience", "view", "opinion"],
        )
        && (part.start + 1..part.end).all(|at| {
            let pos = view.pos(at);
            (view.is_word(at) || pos.meets(PosSet::NUMBER) || view.word(at) == "-")
                && !pos.meets(PosSet::AUXILIARY | PosSet::WH | PosSet::SUBORDINATOR)
                && !pos.within(PosSet::PAST | PosSet::PARTICIPLE)
                && !pos.within(PosSet::BASE | PosSet::S_FORM)
        })
        && (view.pos(part.end - 1).meets(PosSet::NOMINAL | PosSet::NUMBER)
            || view.capital(part.end - 1)
            || is_time(view, part))
}

/// Whether a run says when: a preposition or "last", and a noun of time or a year, all in one short phrase.
fn is_time(view: &View<'_>, part: &Range<usize>) -> bool {
    let word = view.lower(part.start);
    if !matches!(
        word,
        "in" | "on"
            | "during"
            | "since"
            | "last"
            | "next"
            | "this"
            | "after"
            | "within"
            | "for"
            | "over"
            | "throughout"
            | "by"
            | "until"
    ) || !(2..=5).contains(&part.len())
    {
        return false;
    }
    let head = part.end - 1;
    let named = TIMES.contains(&view.lower(head)) && (view.lower(head) != "march" || view.capital(head));
    (named || is_year(view, head))
        && (part.start + 1..head).all(|at| {
            let pos = view.pos(at);
            pos.meets(PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::NUMBER)
                || TIMES.contains(&view.lower(at))
        })
        && !any_of(
            view,
            part,
            &["same", "other", "such", "that", "those", "these", "any", "all", "its", "their", "his", "her"],
        )
}

/// Whether a sentence has a time already.
fn has_time(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|at| {
        TIMES.contains(&view.lower(at))
            || is_year(view, at)
            || matches!(
                view.lower(at),
                "today"
                    | "yesterday"
                    | "now"
                    | "tomorrow"
                    | "tonight"
                    | "ago"
                    | "currently"
                    | "recently"
                    | "previously"
                    | "already"
                    | "later"
                    | "earlier"
            )
    })
}

fn is_year(view: &View<'_>, at: usize) -> bool {
    let word = view.word(at);
    word.len() == 4
        && word.bytes().all(|b| b.is_ascii_digit())
        && ["18", "19", "20"].iter().any(|start| word.starts_with(start))
}

/// "According to the report, sales fell." / "Sales fell, according to the report."
fn source(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = &frame.body;
    if frame.commas != 1 || frame.followed {
        return;
    }
    let Some(comma) = body.clone().find(|&at| view.word(at) == ",") else { return };
    let opens = |at: usize| starts_with(view, at, &["according", "to"]);
    let (first, last) = (opens(body.start), opens(comma + 1));
    let (part, rest) = if last {
        (comma + 1..body.end, body.start..comma)
    } else {
        (body.start..comma, comma + 1..body.end)
    };
    if !(first || last)
        || !(3..=12).contains(&part.len())
        || !(3..=24).contains(&rest.len())
        || has_anaphor(view, &part)
        || points(view, &part)
        || any_of(view, &part, &["which", "who", "that"])
        || any_of(view, &rest, &["he", "she", "it", "they", "his", "her", "their", "its"])
        || clause_verb(view, &rest).is_none()
    {
        return;
    }
    let halves = Halves { part, rest, joint: ", " };
    let (orders, ways) = if first {
        if !frame.may_rise(view, halves.rest.start) {
            return;
        }
        (vec![("source first", 1), ("source last", 1)], halves.to_end(frame))
    } else {
        let Some(sink) = frame.sinks(view) else { return };
        (vec![("source last", 1), ("source first", 1)], halves.to_front(frame, sink))
    };
    out.push(Move { class: "source-order", tier: Tier::Strict, orders, ways });
}
