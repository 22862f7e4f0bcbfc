//! A phrase of time, or a purpose, at the head of a sentence or at its end.

use std::ops::Range;

use super::{Case, Move, Order, any_of, is_command, lowers, negated, simple, span, text, verb_of};
use crate::channel::Tier;
use crate::channel::wording::view::{Sentence, View};
use crate::language::pos::PosSet;

/// Nouns that make a phrase one of time.
const TIMES: &[&str] = &[
    "year",
    "years",
    "month",
    "months",
    "week",
    "weeks",
    "day",
    "days",
    "decade",
    "decades",
    "century",
    "hours",
    "morning",
    "afternoon",
    "evening",
    "night",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "spring",
    "summer",
    "autumn",
    "fall",
    "winter",
    "future",
    "war",
    "period",
    "season",
];

/// Words that tie a phrase or a clause to what stands beside it.
const TIES: &[&str] = &[
    "this", "that", "these", "those", "such", "which", "who", "what", "how", "why", "where", "when", "if",
    "because", "while", "although", "though", "since", "unless", "until", "as", "than", "only", "even",
    "just", "also", "too", "then", "so", "but", "and", "or", "said", "says", "say", "told", "it", "there",
    "before", "after", "once", "whether",
];

/// Both kinds, both directions.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Move>) {
    let tokens = &sentence.tokens;
    if !simple(view, tokens) || tokens.len() > 28 {
        return;
    }
    time_front(view, tokens, out);
    time_back(view, tokens, out);
    purpose(view, tokens, out);
}

/// "In 2019, the agency moved to York." / "The agency moved to York in 2019."
fn time_front(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let start = tokens.start;
    let Some(end) = time_phrase(view, start, tokens.end) else { return };
    let comma = view.word(end) == ",";
    let main = end + usize::from(comma)..tokens.end - 1;
    if main.len() < 3 || main.len() > 14 || verb_of(view, main.start, main.end).is_none() || tied(view, &main)
    {
        return;
    }
    out.push(Move {
        class: "time-place",
        tier: Tier::Normal,
        tokens: start..main.end,
        orders: vec![
            Order { label: "time first", pieces: vec![span(start..main.end, Case::Keep)], weight: 1 },
            Order {
                label: "time last",
                pieces: vec![span(main, Case::Upper), text(" "), span(start..end, Case::Lower)],
                weight: 1,
            },
        ],
    });
}

/// "The agency moved to York in 2019." / "In 2019, the agency moved to York."
fn time_back(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let end = tokens.end - 1;
    let Some(at) =
        (tokens.start + 4..end.saturating_sub(1)).find(|&at| time_phrase(view, at, tokens.end) == Some(end))
    else {
        return;
    };
    let main = tokens.start..at;
    if main.len() > 16
        || !lowers(view, main.start)
        || verb_of(view, main.start, main.end).is_none()
        || tied(view, &main)
    {
        return;
    }
    out.push(Move {
        class: "time-place",
        tier: Tier::Normal,
        tokens: tokens.start..end,
        orders: vec![
            Order { label: "time last", pieces: vec![span(tokens.start..end, Case::Keep)], weight: 1 },
            Order {
                label: "time first",
                pieces: vec![span(at..end, Case::Upper), text(", "), span(main, Case::Lower)],
                weight: 1,
            },
        ],
    });
}

/// Whether a main clause leans on its neighbours, holds a second clause or a time of its own.
fn tied(view: &View<'_>, main: &Range<usize>) -> bool {
    any_of(view, main, TIES)
        || negated(view, main)
        || main.clone().any(|at| view.word(at) == "," || TIMES.contains(&view.lower(at)) || is_year(view, at))
        || (main.start..main.end - 1).any(|at| view.lower(at) == "to" && view.pos(at + 1).meets(PosSet::BASE))
}

/// The end of a phrase of time that begins at `start`.
fn time_phrase(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    let word = view.lower(start);
    if matches!(word, "last" | "next") && TIMES.contains(&view.lower(start + 1)) {
        return Some(start + 2);
    }
    if matches!(word, "today" | "yesterday" | "nowadays") {
        return Some(start + 1);
    }
    if !matches!(word, "in" | "on" | "during" | "at" | "over" | "throughout") {
        return None;
    }
    for at in start + 1..end.min(start + 6) {
        if word == "in" && is_year(view, at) && (at == start + 1 || TIMES.contains(&view.lower(at - 1))) {
            return Some(at + 1);
        }
        if TIMES.contains(&view.lower(at)) {
            if matches!(view.lower(at), "day" | "hours" | "days")
                || matches!(view.lower(at + 1), "of" | "and" | "or" | "to")
            {
                return None;
            }
            // "March 2019", "3 March".
            if is_year(view, at + 1) || view.pos(at + 1).meets(PosSet::NUMBER) {
                continue;
            }
            return Some(at + 1);
        }
        let part = PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::NUMBER;
        if !view.is_word(at) && !view.pos(at).meets(PosSet::NUMBER) || !view.pos(at).meets(part) {
            return None;
        }
        if matches!(
            view.lower(at),
            "this" | "that" | "these" | "those" | "same" | "such" | "other" | "many" | "some"
        ) {
            return None;
        }
    }
    None
}

fn is_year(view: &View<'_>, at: usize) -> bool {
    let word = view.word(at);
    word.len() == 4
        && word.bytes().all(|b| b.is_ascii_digit())
        && (word.starts_with("19") || word.starts_with("20") || word.starts_with("18"))
}

/// "To see the log, open the menu." / "Open the menu to see the log."
fn purpose(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let start = tokens.start;
    let mut commas = tokens.clone().filter(|&at| view.word(at) == ",");
    let (Some(comma), None) = (commas.next(), commas.next()) else { return };
    let (clause, main) = (start..comma, comma + 1..tokens.end - 1);
    if view.lower(start) != "to"
        || !view.pos(start + 1).meets(PosSet::BASE)
        || matches!(
            view.lower(start + 1),
            "be" | "summarize" | "summarise" | "sum" | "begin" | "start" | "date" | "conclude" | "quote"
        )
        || !(3..=14).contains(&clause.len())
        || !(3..=12).contains(&main.len())
        || any_of(view, &clause, &["this", "that", "so", "these", "those"])
    {
        return;
    }
    let lean = any_of(view, &main, TIES)
        || negated(view, &main)
        || any_of(
            view,
            &main,
            &["they", "he", "she", "its", "their", "his", "her", "them", "to", "first", "following"],
        );
    let subject = is_command(view, main.start) || verb_of(view, main.start, main.end).is_some();
    if lean || !subject {
        return;
    }
    out.push(Move {
        class: "purpose-place",
        tier: Tier::Normal,
        tokens: start..main.end,
        orders: vec![
            Order { label: "purpose first", pieces: vec![span(start..main.end, Case::Keep)], weight: 1 },
            Order {
                label: "purpose last",
                pieces: vec![span(main, Case::Upper), text(" "), span(clause, Case::Lower)],
                weight: 1,
            },
        ],
    });
}
