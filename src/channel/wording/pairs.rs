//! Words that go in pairs: "not only … but also", "both … and", "in order to".

use std::borrow::Cow;

use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// "but also" / "but", "both", "To" / "In order to".
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    but_also(view, sentence, out);
    both(view, sentence, out);
    purpose(view, sentence, out);
}

fn dropped<'r>(
    class: &'static str,
    at: usize,
    word: &'static str,
    desk: Option<(usize, f64)>,
) -> Proposal<'r> {
    Proposal {
        class,
        tier: Tier::Strict,
        tokens: at..at + 1,
        bytes: None,
        forms: vec![Cow::Borrowed(word), Cow::Borrowed("")],
        labels: Vec::new(),
        original: 0,
        desk,
        rank: 50,
        exact: false,
        shares: Vec::new(),
    }
}

fn but_also(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let Some(only) = (tokens.start..tokens.end.saturating_sub(1))
        .find(|&i| view.lower(i) == "not" && view.lower(i + 1) == "only")
    else {
        return;
    };
    if only == tokens.start {
        return;
    }
    let mut also = (only + 2..tokens.end.saturating_sub(2))
        .filter(|&i| view.lower(i) == "but" && view.lower(i + 1) == "also");
    if let (Some(at), None) = (also.next(), also.next()) {
        out.push(dropped("but-also", at + 1, "also", None));
    }
}

/// "in both the north and the south": "both" may go after a preposition.
fn both(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    for at in tokens.start + 1..tokens.end.saturating_sub(4) {
        if view.lower(at) != "both"
            || !matches!(
                view.lower(at - 1),
                "in" | "for" | "by" | "from" | "with" | "on" | "at" | "to" | "of" | "through" | "between"
            )
        {
            continue;
        }
        if matches!(
            view.lower(at + 1),
            "the" | "its" | "his" | "their" | "our" | "these" | "those" | "of" | "sides" | "ways"
        ) && view.pos(at + 2).meets(PosSet::PLURAL)
            || matches!(view.lower(at + 1), "sides" | "ways" | "ends" | "parties" | "cases" | "of")
        {
            continue;
        }
        let and = (at + 2..tokens.end.min(at + 6))
            .take_while(|&i| view.is_word(i))
            .find(|&i| view.lower(i) == "and");
        let Some(and) = and else { continue };
        let first = at + 1..and;
        // "in both groups and …": there "both" counts; it may go only where it merely announces "and".
        let counts = and == at + 2
            && view.pos(at + 1).meets(PosSet::PLURAL)
            && !matches!(view.lower(at + 1), "men" | "women" | "boys" | "girls");
        let alike = !counts
            && view.pos(at + 1).meets(PosSet::DETERMINER) == view.pos(and + 1).meets(PosSet::DETERMINER)
            && view.pos(and - 1).meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::ING)
            && view
                .pos(and + 1)
                .meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::ING | PosSet::DETERMINER)
            && !view.pos(and + 1).meets(PosSet::WH | PosSet::AUXILIARY)
            && first.clone().all(|i| !view.pos(i).meets(PosSet::AUXILIARY));
        if alike {
            out.push(dropped("both-and", at, "both", None));
        }
    }
}

/// "To cut costs, the ministry …" / "In order to cut costs, …".
fn purpose(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let start = tokens.start;
    if tokens.len() < 9
        || view.word(start) != "To"
        || !view.pos(start + 1).meets(PosSet::BASE)
        || view.pos(start + 1).meets(PosSet::UNKNOWN)
        || !view.pos(start + 2).meets(
            PosSet::DETERMINER
                | PosSet::OBJECT
                | PosSet::NOMINAL
                | PosSet::ADJECTIVE
                | PosSet::PREPOSITION
                | PosSet::PRONOUN,
        )
    {
        return;
    }
    if matches!(
        view.lower(start + 1),
        "be" | "begin"
            | "start"
            | "date"
            | "put"
            | "say"
            | "sum"
            | "make"
            | "quote"
            | "take"
            | "use"
            | "mention"
            | "summarise"
            | "summarize"
            | "conclude"
            | "repeat"
            | "judge"
            | "call"
            | "add"
            | "paraphrase"
            | "cite"
            | "have"
            | "name"
    ) {
        return;
    }
    let Some(comma) = (start + 3..tokens.end.min(start + 16)).find(|&i| view.is_mark(i)) else { return };
    let finite = (start + 2..comma).any(|i| view.pos(i).meets(PosSet::AUXILIARY));
    let subject = matches!(
        view.lower(comma + 1),
        "the"
            | "we"
            | "he"
            | "she"
            | "they"
            | "it"
            | "you"
            | "this"
            | "his"
            | "her"
            | "their"
            | "our"
            | "its"
            | "each"
            | "a"
            | "an"
    );
    if view.word(comma) != "," || finite || !subject || tokens.clone().any(|i| view.word(i) == "?") {
        return;
    }
    out.push(Proposal {
        class: "in-order-to",
        tier: Tier::Strict,
        tokens: start..start + 1,
        bytes: None,
        forms: vec![Cow::Borrowed("To"), Cow::Borrowed("In order to")],
        labels: Vec::new(),
        original: 0,
        desk: Some((0, 0.5)),
        rank: 50,
        exact: true,
        shares: Vec::new(),
    });
}
