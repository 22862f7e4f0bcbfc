//! A short aside that opens with a word that says what it is: commas, brackets or dashes.

use std::borrow::Cow;

use super::boundary::is_clause;
use super::proposal::Candidate;
use super::view::{Sentence, View};
use crate::channel::{Channel, Place, Site, Tier, equal_weights};
use crate::language::pos::PosSet;

/// The longest aside, in tokens.
const LONGEST: usize = 16;

/// Commas and brackets around an aside, as two places that move together or one at the end of a sentence.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Candidate>) {
    let tokens = &sentence.tokens;
    let odd = tokens.clone().any(|i| {
        view.is_mark(i) && !matches!(view.word(i), "," | "." | "(" | ")" | "’" | "'" | "%" | "$" | "—" | "–")
    });
    if odd || view.word(tokens.end - 1) != "." {
        return;
    }
    for at in tokens.start + 3..tokens.end.saturating_sub(4) {
        if !view.is_mark(at) {
            continue;
        }
        let Some((first, bracketed)) = opener(view, at + 1) else { continue };
        let open = view.word(at);
        if bracketed && open != "(" {
            continue;
        }
        if !view.is_mark(at) || !view.is_word(at - 1) || !matches!(open, "," | "(" | "—") {
            continue;
        }
        let close_mark = match open {
            "(" => ")",
            mark => mark,
        };
        // In a run between commas another comma may belong to a series inside it.
        let close = (at + 2..tokens.end.min(at + LONGEST))
            .find(|&i| view.is_mark(i) && !matches!(view.word(i), "’" | "'" | "%" | "$"));
        let Some(close) = close else { continue };
        let inner = at + 1..close;
        if inner.len() < first + 1 || inner.clone().any(|i| view.is_mark(i)) {
            continue;
        }
        let elsewhere = tokens
            .clone()
            .filter(|&i| i != at && i != close && matches!(view.word(i), "," | "(" | ")" | "—"))
            .count();
        let left = tokens.start..at;
        let stop = close == tokens.end - 1;
        if elsewhere > 0
            || !(stop && open != "(" || view.word(close) == close_mark)
            || (view.pos(at - 1).meets(PosSet::CONJUNCTION))
        {
            continue;
        }
        let at_end = stop || close + 1 == tokens.end - 1;
        let listed = !at_end && view.pos(close + 1).meets(PosSet::CONJUNCTION);
        if listed || at_end && !is_clause(view, &left) {
            continue;
        }
        out.extend(site(view, at, close, stop, at_end));
    }
}

/// How many words the opening of an aside has, and whether it may stand in brackets only because the author put it there.
fn opener(view: &View<'_>, at: usize) -> Option<(usize, bool)> {
    let next = view.lower(at + 1);
    let found = match view.lower(at) {
        "including" | "especially" | "particularly" | "excluding" | "notably" => (1, false),
        "such" if next == "as" => (2, false),
        "along" | "together" if next == "with" => (2, false),
        "or" if matches!(next, "at" | "even") => (2, false),
        "if" if matches!(next, "any" | "necessary" | "possible" | "needed" | "applicable") => (1, false),
        "in" if matches!(next, "particular" | "addition") => (2, false),
        "and"
            if matches!(
                next,
                "often"
                    | "sometimes"
                    | "even"
                    | "in"
                    | "usually"
                    | "perhaps"
                    | "therefore"
                    | "thus"
                    | "hence"
                    | "still"
                    | "should"
                    | "is"
                    | "are"
                    | "has"
                    | "can"
            ) =>
        {
            (2, true)
        }
        "usually" | "typically" | "mostly" | "mainly" | "often" | "sometimes" | "perhaps" | "possibly"
        | "not" | "though" | "although" | "which" | "who" | "but" | "without" | "currently" | "formerly"
        | "previously" | "at" | "even" | "or" => (1, true),
        _ => return None,
    };
    Some(found)
}

fn site(view: &View<'_>, open: usize, close: usize, stop: bool, at_end: bool) -> Option<Candidate> {
    let token = |at: usize| view.analysis.tokens[at].range.clone();
    let first = view.word(open + 1);
    let last = view.word(close - 1);
    if !view.spaced(open + 1) && view.word(open) == "," {
        return None;
    }
    let own = match view.word(open) {
        "," => 0,
        "(" => 1,
        _ => return None,
    };
    let head = Place {
        range: token(open - 1).end..token(open + 1).end,
        forms: vec![format!(", {first}"), format!(" ({first}")],
    };
    let comma = if at_end { "" } else { "," };
    let tail_end = if stop { token(close - 1).end } else { token(close).end };
    let tail = Place {
        range: token(close - 1).start..tail_end,
        forms: vec![format!("{last}{comma}"), format!("{last})")],
    };
    let mut places = vec![head, tail];
    if open + 1 == close - 1 || !places.iter().all(|place| view.editable(&place.range)) {
        return None;
    }
    for place in &mut places {
        if view.text(place.range.clone()) != place.forms[own] {
            return None;
        }
    }
    let site = Site {
        channel: Channel::Wording,
        class: Cow::Borrowed("aside"),
        tier: Tier::Bold,
        labels: vec!["commas".to_owned(), "brackets".to_owned()],
        weights: equal_weights(2),
        original: u8::from(own == 1),
        places,
        desk: None,
        fact: false,
    };
    Some(Candidate { site, rank: 20 })
}
