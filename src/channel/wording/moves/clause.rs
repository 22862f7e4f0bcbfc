//! A clause of condition, time or reason before or behind its main clause.

use std::ops::Range;

use super::{Case, Move, Order, any_of, is_command, is_finite, lowers, negated, simple, span, text, verb_of};
use crate::channel::Tier;
use crate::channel::wording::view::{Sentence, View};
use crate::language::pos::PosSet;

/// Words whose clause may stand on either side without a comma behind the main clause.
const MOVABLE: &[&str] = &["if", "when", "after", "before", "because", "unless", "once", "whenever", "until"];

/// Words of a main clause that point to what went before, or take the clause for their own object.
const POINTERS: &[&str] = &[
    "he",
    "she",
    "it",
    "they",
    "him",
    "her",
    "them",
    "his",
    "hers",
    "its",
    "their",
    "theirs",
    "this",
    "that",
    "these",
    "those",
    "such",
    "so",
    "himself",
    "herself",
    "itself",
    "themselves",
    "one",
    "ones",
    "other",
    "others",
    "another",
    "here",
    "there",
    "which",
    "who",
    "whom",
    "whose",
    "what",
    "how",
    "why",
    "whether",
    "where",
    "when",
    "if",
    "because",
    "while",
    "although",
    "though",
    "since",
    "unless",
    "until",
    "after",
    "before",
    "once",
    "as",
    "than",
    "only",
    "even",
    "just",
    "also",
    "too",
    "either",
    "neither",
    "both",
    "former",
    "latter",
    "same",
    "then",
    "not",
    "but",
    "nor",
    "it's",
    "they're",
    "that's",
    "there's",
    "he's",
    "she's",
    "whereas",
    "still",
    "especially",
    "like",
];

/// Verbs that report or judge, after which a clause belongs to what is reported.
const REPORTING: &[&str] = &[
    "said",
    "says",
    "say",
    "think",
    "thinks",
    "thought",
    "believe",
    "believed",
    "know",
    "knows",
    "knew",
    "see",
    "ask",
    "asked",
    "asks",
    "wonder",
    "told",
    "tell",
    "tells",
    "show",
    "shows",
    "showed",
    "find",
    "found",
    "check",
    "checks",
    "decide",
    "decided",
    "determine",
    "determines",
    "consider",
    "note",
    "argue",
    "argued",
    "suggest",
    "suggests",
    "want",
    "wants",
    "wanted",
    "hope",
    "hoped",
    "expect",
    "expected",
    "plan",
    "planned",
    "try",
    "tried",
    "tries",
    "remember",
    "forget",
    "imagine",
    "mean",
    "means",
    "meant",
    "feel",
    "felt",
    "test",
    "tests",
    "verify",
    "confirm",
    "doubt",
    "care",
    "matter",
    "announced",
    "explain",
    "explained",
    "report",
    "reported",
    "discuss",
    "love",
    "hate",
    "prefer",
    "agreed",
    "agree",
    "promised",
    "agrees",
    "wish",
    "depends",
    "depend",
    "depending",
    "assume",
    "assumes",
    "describe",
    "describes",
    "predict",
    "specify",
    "specifies",
    "indicate",
    "indicates",
    "begin",
    "began",
    "start",
];

/// Both directions.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Move>) {
    let tokens = &sentence.tokens;
    if !simple(view, tokens) || tokens.len() > 40 {
        return;
    }
    front(view, tokens, out);
    back(view, tokens, out);
}

/// "If the dam fails, the town floods." / "The town floods if the dam fails."
fn front(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let start = tokens.start;
    let word = view.lower(start);
    if !MOVABLE.contains(&word) {
        return;
    }
    let mut commas = tokens.clone().filter(|&at| view.word(at) == ",");
    let (Some(comma), None) = (commas.next(), commas.next()) else { return };
    let clause = start..comma;
    let main = comma + 1..tokens.end - 1;
    let then = usize::from(view.lower(main.start) == "then");
    let main = main.start + then..main.end;
    if !clause_fits(view, &clause) || !main_fits(view, &main, word) {
        return;
    }
    // Behind the main clause the clause belongs to its nearest verb: there may be but one.
    if main.len() > 12 || later_verbs(view, &main) || any_of(view, &main, &["and", "or"]) {
        return;
    }
    out.push(Move {
        class: "clause-order",
        tier: tier(word, true),
        tokens: start..main.end,
        orders: vec![
            Order { label: "clause first", pieces: vec![span(start..main.end, Case::Keep)], weight: 1 },
            Order {
                label: "main first",
                pieces: vec![span(main, Case::Upper), text(" "), span(clause, Case::Lower)],
                weight: 1,
            },
        ],
    });
}

/// "The town floods if the dam fails." / "If the dam fails, the town floods."
fn back(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let end = tokens.end - 1;
    let mut all = (tokens.start + 3..end).filter(|&at| MOVABLE.contains(&view.lower(at)));
    let (Some(at), None) = (all.next(), all.next()) else { return };
    if tokens.clone().any(|i| view.word(i) == ",") {
        return;
    }
    let (main, clause) = (tokens.start..at, at..end);
    let word = view.lower(at);
    let left = view.pos(at - 1);
    let bound = left.meets(PosSet::ADVERB | PosSet::PREPOSITION | PosSet::CONJUNCTION | PosSet::DETERMINER)
        && !left.meets(PosSet::NOMINAL)
        || left.meets(PosSet::BE | PosSet::NUMBER | PosSet::COMPARATIVE)
        || matches!(
            view.lower(at - 1),
            "time"
                | "times"
                | "day"
                | "days"
                | "moment"
                | "point"
                | "case"
                | "cases"
                | "situation"
                | "situations"
                | "year"
                | "years"
                | "period"
                | "date"
                | "instance"
                | "occasion"
                | "occasions"
                | "hours"
                | "hour"
                | "minutes"
                | "weeks"
                | "week"
                | "months"
                | "month"
                | "long"
                | "shortly"
                | "immediately"
                | "soon"
                | "right"
                | "well"
                | "example"
                | "examples"
                | "moments"
                | "event"
                | "reason"
                | "seconds"
                | "decades"
        );
    if bound || !clause_fits(view, &clause) || !main_fits(view, &main, word) || !lowers(view, main.start) {
        return;
    }
    // What is joined by "and" may have the clause for its last part alone.
    if any_of(view, &main, &["and", "or"]) || later_verbs(view, &main) || clause.len() < 4 {
        return;
    }
    out.push(Move {
        class: "clause-order",
        tier: tier(word, false),
        tokens: tokens.start..end,
        orders: vec![
            Order { label: "main first", pieces: vec![span(tokens.start..end, Case::Keep)], weight: 1 },
            Order {
                label: "clause first",
                pieces: vec![span(clause, Case::Upper), text(", "), span(main, Case::Lower)],
                weight: 1,
            },
        ],
    });
}

fn tier(word: &str, _front: bool) -> Tier {
    if matches!(word, "if" | "when" | "after" | "before" | "unless" | "once" | "whenever") {
        Tier::Normal
    } else {
        Tier::Bold
    }
}

/// A clause with its own subject and verb, short enough to be moved, that leans on nothing outside.
fn clause_fits(view: &View<'_>, clause: &Range<usize>) -> bool {
    let subject = clause.start + 1;
    if !(4..=18).contains(&clause.len())
        || any_of(
            view,
            &(subject..clause.end),
            &["this", "that", "these", "those", "so", "such", "then", "it's", "that's", "not", "to"],
        ) && any_of(
            view,
            &(subject..subject + 2),
            &["this", "that", "these", "those", "so", "such", "not", "to", "then"],
        )
    {
        return false;
    }
    verb_of(view, subject, clause.end).is_some() || named_subject(view, subject, clause.end)
}

/// "after Congress passed", "when Python is": a name and its verb.
fn named_subject(view: &View<'_>, start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end.min(start + 4) && view.is_word(at) && view.capital(at) {
        at += 1;
    }
    at > start && at < end && is_finite(view, at) && !view.capital(at)
}

/// A main clause that says the same wherever the clause stands.
fn main_fits(view: &View<'_>, main: &Range<usize>, word: &str) -> bool {
    if main.len() < 3 || main.len() > 18 || any_of(view, main, POINTERS) || any_of(view, main, REPORTING) {
        return false;
    }
    if negated(view, main) && matches!(word, "because" | "until" | "before" | "after" | "when" | "once") {
        return false;
    }
    // "want to leave when": the clause may belong to the infinitive.
    let infinitive = (main.start + 1..main.end.saturating_sub(1)).any(|at| {
        view.lower(at) == "to"
            && view.pos(at + 1).meets(PosSet::BASE)
            && !matches!(
                view.lower(at - 1),
                "able" | "have" | "has" | "had" | "need" | "needs" | "needed" | "likely"
            )
    });
    if infinitive {
        return false;
    }
    is_command(view, main.start)
        || verb_of(view, main.start, main.end).is_some()
        || named_subject(view, main.start, main.end)
}

/// Whether a clause holds a second verb of its own ("the report that was …", "make sure they …").
fn later_verbs(view: &View<'_>, main: &Range<usize>) -> bool {
    let Some(verb) =
        verb_of(view, main.start, main.end).or_else(|| is_command(view, main.start).then_some(main.start))
    else {
        return false;
    };
    (verb + 2..main.end).any(|at| {
        let pos = view.pos(at);
        view.is_word(at)
            && (pos.meets(PosSet::MODAL)
                || matches!(view.lower(at), "is" | "are" | "was" | "were" | "has" | "does" | "did"))
    })
}
