//! Adverbs of the whole sentence: at its head, behind its subject, or behind its auxiliary.

use std::ops::Range;

use super::{Case, Move, Order, any_of, lowers, negated, simple, span, text, verb_of};
use crate::channel::Tier;
use crate::channel::wording::view::{Sentence, View};
use crate::language::pos::PosSet;

/// Connectives that stand between commas inside a sentence.
const SET_OFF: &[&[&str]] = &[
    &["however"],
    &["for", "example"],
    &["for", "instance"],
    &["of", "course"],
    &["in", "fact"],
    &["nevertheless"],
    &["moreover"],
    &["furthermore"],
    &["as", "a", "result"],
    &["by", "contrast"],
    &["in", "addition"],
];

/// Adverbs that stand without commas inside a sentence and with or without one at its head.
const PLAIN: &[&str] = &[
    "usually",
    "typically",
    "generally",
    "normally",
    "often",
    "sometimes",
    "occasionally",
    "currently",
    "recently",
    "originally",
    "initially",
    "previously",
    "eventually",
    "ultimately",
    "traditionally",
    "historically",
    "therefore",
    "then",
    "now",
    "perhaps",
    "probably",
    "finally",
    "gradually",
    "increasingly",
    "obviously",
    "clearly",
    "apparently",
    "presumably",
    "unfortunately",
    "fortunately",
    "certainly",
    "subsequently",
    "thus",
];

/// All positions that are good for the adverb.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Move>) {
    let tokens = &sentence.tokens;
    if tokens.len() < 6 || !view.capital(tokens.start) || tokens.clone().any(|at| view.word(at) == "?") {
        return;
    }
    set_off_front(view, tokens, out);
    if !set_off_inside(view, tokens, out) && !plain_front(view, tokens, out) {
        plain_inside(view, tokens, out);
    }
}

/// Where the verb's adverb goes: behind an auxiliary that has its verb or a complement after it.
fn behind(view: &View<'_>, verb: usize) -> bool {
    let next = view.pos(verb + 1);
    let word = view.lower(verb);
    view.is_word(verb + 1)
        && (matches!(word, "is" | "are" | "was" | "were")
            && next.meets(
                PosSet::PARTICIPLE
                    | PosSet::ADJECTIVE
                    | PosSet::DETERMINER
                    | PosSet::ING
                    | PosSet::PREPOSITION,
            )
            || matches!(word, "has" | "have" | "had") && next.meets(PosSet::PARTICIPLE)
            || matches!(word, "will" | "would" | "can" | "could" | "may" | "might" | "must" | "should")
                && (next.meets(PosSet::BASE) || matches!(view.lower(verb + 1), "be" | "have")))
}

/// "However, the plan is sound" / "The plan, however, is sound" / "The plan is, however, sound" / "But the plan is sound".
fn set_off_front(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let start = tokens.start;
    let Some(words) = SET_OFF.iter().find(|words| starts_with(view, start, words)) else { return };
    let comma = start + words.len();
    let subject = comma + 1;
    if view.word(comma) != "," || tokens.clone().filter(|&at| view.word(at) == ",").count() > 2 {
        return;
    }
    let Some(verb) = verb_of(view, subject, tokens.end) else { return };
    if matches!(view.lower(subject), "there" | "you" | "i") && words[0] != "however"
        || view.lower(subject) == "i"
    {
        return;
    }
    let adverb = start..comma;
    let pronoun = verb == subject + 1;
    let auxiliary = view.pos(verb).meets(PosSet::AUXILIARY) && behind(view, verb);
    let end = if auxiliary { verb + 1 } else { verb };
    let mut orders = vec![Order { label: "first", pieces: vec![span(start..end, Case::Keep)], weight: 4 }];
    if !pronoun {
        let mut pieces =
            vec![span(subject..verb, Case::Upper), text(", "), span(adverb.clone(), Case::Lower), text(",")];
        if auxiliary {
            pieces.extend([text(" "), span(verb..end, Case::Keep)]);
        }
        orders.push(Order { label: "behind subject", pieces, weight: 3 });
    }
    if auxiliary && !matches!(words[0], "furthermore" | "as" | "in" | "by") {
        orders.push(Order {
            label: "behind verb",
            pieces: vec![span(subject..end, Case::Upper), text(", "), span(adverb, Case::Lower), text(",")],
            weight: 3,
        });
    }
    if words[0] == "however" && orders.len() > 1 {
        orders.push(Order {
            label: "But",
            pieces: vec![text("But "), span(subject..end, Case::Keep)],
            weight: 4,
        });
    }
    push(
        out,
        if words.len() == 1 { "however-place" } else { "connective-place" },
        Tier::Normal,
        start..end,
        orders,
    );
}

/// "The plan, however, is sound" / "However, the plan is sound".
fn set_off_inside(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) -> bool {
    let start = tokens.start;
    let Some(comma) = (start + 1..tokens.end.min(start + 8)).find(|&at| view.word(at) == ",") else {
        return false;
    };
    let Some(words) = SET_OFF.iter().find(|words| starts_with(view, comma + 1, words)) else { return false };
    let end = comma + 1 + words.len();
    if view.word(end) != "," || !lowers(view, start) {
        return false;
    }
    let auxiliary = view.pos(comma - 1).meets(PosSet::AUXILIARY);
    let head = verb_of(view, start, tokens.end);
    if !(auxiliary && head == Some(comma - 1)) && !(head.is_none() && closes(view, start, comma)) {
        return false;
    }
    let mut orders = vec![
        Order { label: "inside", pieces: vec![span(start..end + 1, Case::Keep)], weight: 3 },
        Order {
            label: "first",
            pieces: vec![span(comma + 1..end, Case::Upper), text(", "), span(start..comma, Case::Lower)],
            weight: 4,
        },
    ];
    if words[0] == "however" {
        orders.push(Order {
            label: "But",
            pieces: vec![text("But "), span(start..comma, Case::Lower)],
            weight: 4,
        });
    }
    push(
        out,
        if words.len() == 1 { "however-place" } else { "connective-place" },
        Tier::Normal,
        start..end + 1,
        orders,
    );
    true
}

/// Whether a run is a noun phrase that can be a subject.
fn closes(view: &View<'_>, start: usize, end: usize) -> bool {
    end - start <= 5
        && view.pos(start).meets(PosSet::DETERMINER | PosSet::SUBJECT)
        && (end - start == 1 || view.pos(end - 1).meets(PosSet::NOMINAL))
        && (start..end).all(|at| {
            view.is_word(at) && !view.pos(at).meets(PosSet::PREPOSITION | PosSet::WH | PosSet::AUXILIARY)
        })
}

/// "Usually, the board meets" / "The board usually meets".
fn plain_front(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) -> bool {
    let start = tokens.start;
    let word = view.lower(start);
    let Some(&adverb) = PLAIN.iter().find(|&&adverb| adverb == word) else { return false };
    let comma = view.word(start + 1) == ",";
    let subject = start + 1 + usize::from(comma);
    let Some(verb) = verb_of(view, subject, tokens.end) else { return true };
    let auxiliary = view.pos(verb).meets(PosSet::AUXILIARY);
    if blocked(view, tokens, adverb) || auxiliary && !behind(view, verb) || view.lower(subject) == "there" {
        return true;
    }
    if matches!(adverb, "then" | "thus" | "finally" | "now" | "certainly" | "clearly" | "obviously")
        && !auxiliary
        && adverb != "then"
    {
        return true;
    }
    if !auxiliary && !view.pos(verb).meets(PosSet::PAST | PosSet::S_FORM | PosSet::BASE) {
        return true;
    }
    let end = if auxiliary { verb + 1 } else { verb };
    let inside = vec![span(subject..end, Case::Upper), text(" "), span(start..start + 1, Case::Lower)];
    let orders = vec![
        Order { label: "first", pieces: vec![span(start..end, Case::Keep)], weight: 1 },
        Order { label: "inside", pieces: inside, weight: 1 },
    ];
    push(out, "adverb-place", Tier::Normal, start..end, orders);
    true
}

/// "The board usually meets" / "Usually, the board meets".
fn plain_inside(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Move>) {
    let start = tokens.start;
    if !lowers(view, start) || view.lower(start) == "there" {
        return;
    }
    // Behind the auxiliary, or between subject and verb.
    let found = (start + 1..tokens.end.min(start + 8)).find(|&at| PLAIN.contains(&view.lower(at)));
    let Some(at) = found else { return };
    let adverb = view.lower(at);
    let head = verb_of(view, start, tokens.end);
    let auxiliary = head == Some(at - 1) && view.pos(at - 1).meets(PosSet::AUXILIARY);
    let main = head.is_none() && at + 1 < tokens.end && closes(view, start, at) && verbal(view, at + 1);
    if !(auxiliary || main) || blocked(view, tokens, adverb) {
        return;
    }
    let next = view.pos(at + 1);
    let follows = main
        || next.meets(PosSet::PARTICIPLE | PosSet::BASE | PosSet::ING | PosSet::BE | PosSet::HAVE)
        || matches!(view.lower(at - 1), "is" | "are" | "was" | "were")
            && next.meets(PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::PREPOSITION);
    if !follows
        || matches!(
            adverb,
            "now"
                | "probably"
                | "certainly"
                | "clearly"
                | "thus"
                | "gradually"
                | "increasingly"
                | "finally"
                | "obviously"
                | "apparently"
        )
    {
        return;
    }
    let comma = if matches!(adverb, "then" | "perhaps") { " " } else { ", " };
    let orders = vec![
        Order { label: "inside", pieces: vec![span(start..at + 1, Case::Keep)], weight: 1 },
        Order {
            label: "first",
            pieces: vec![span(at..at + 1, Case::Upper), text(comma), span(start..at, Case::Lower)],
            weight: 1,
        },
    ];
    push(out, "adverb-place", Tier::Normal, start..at + 1, orders);
}

/// Whether a word is a verb that shows tense and nothing else.
fn verbal(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    pos.meets(PosSet::PAST | PosSet::S_FORM | PosSet::BASE)
        && !pos.meets(PosSet::UNKNOWN | PosSet::AUXILIARY | PosSet::PREPOSITION | PosSet::ADVERB)
}

/// Whether something in the sentence would change its scope or compete for the place.
fn blocked(view: &View<'_>, tokens: &Range<usize>, adverb: &str) -> bool {
    negated(view, tokens)
        || any_of(
            view,
            tokens,
            &[
                "only", "but", "more", "most", "less", "than", "too", "even", "just", "so", "still", "never",
                "always",
            ],
        )
        || tokens.clone().filter(|&at| view.lower(at) == adverb).count() > 1
        || !simple(view, tokens)
        || tokens.len() > 30
}

fn starts_with(view: &View<'_>, at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(offset, word)| view.lower(at + offset) == *word)
}

fn push(out: &mut Vec<Move>, class: &'static str, tier: Tier, tokens: Range<usize>, orders: Vec<Order>) {
    if orders.len() > 1 {
        out.push(Move { class, tier, tokens, orders });
    }
}
