//! Adverbs on either side of an auxiliary: "has also been" / "also has been".

use std::borrow::Cow;

use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

const FREE: &[&str] =
    &["also", "probably", "certainly", "often", "sometimes", "usually", "generally", "frequently", "likely"];
const LESS_FREE: &[&str] = &["recently", "already", "now", "eventually", "soon"];

/// Both orders.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    for at in tokens.start + 1..tokens.end.saturating_sub(2) {
        let (aux, adverb) = match (view.lower(at), view.lower(at + 1)) {
            (a, b) if is_aux(a) && is_free(b) => (a, b),
            (a, b) if is_free(a) && is_aux(b) => (b, a),
            _ => continue,
        };
        if adverb == "likely" && (!view.gates.american || !matches!(aux, "will" | "would")) {
            continue;
        }
        let next = view.pos(at + 2);
        let left = view.pos(at - 1);
        let follows = if matches!(aux, "has" | "have" | "had") {
            (next.meets(PosSet::PARTICIPLE) && !next.meets(PosSet::ADJECTIVE)) || view.lower(at + 2) == "been"
        } else {
            next.meets(PosSet::BASE) || matches!(view.lower(at + 2), "be" | "have")
        };
        let subject = view.is_word(at - 1)
            && (left.meets(PosSet::NOMINAL)
                || matches!(
                    view.lower(at - 1),
                    "he" | "she" | "it" | "they" | "we" | "i" | "you" | "which" | "that" | "who"
                )
                || view.capital(at - 1))
            && !left.meets(PosSet::AUXILIARY | PosSet::PREPOSITION | PosSet::TO)
            && !matches!(view.lower(at - 1), "there" | "and" | "but" | "or");
        if !follows || !subject || view.capital(at) || view.capital(at + 1) {
            continue;
        }
        let negated = tokens.clone().any(|i| view.lower(i) == "only") && adverb == "also";
        if negated {
            continue;
        }
        // "will also" is at home everywhere, "also will" in some American prose only: readers of three
        // rounds stopped at eleven of seventeen changes to the second.
        if view.lower(at) == aux {
            continue;
        }
        out.push(Proposal {
            class: if adverb == "also" { "also-pos" } else { "adverb-pos" },
            tier: if FREE.contains(&adverb) { Tier::Strict } else { Tier::Normal },
            tokens: at..at + 2,
            bytes: None,
            forms: vec![Cow::Owned(format!("{aux} {adverb}")), Cow::Owned(format!("{adverb} {aux}"))],
            labels: Vec::new(),
            original: 1,
            desk: Some((0, 0.1)),
            rank: 55,
            exact: false,
            shares: Vec::new(),
        });
    }
}

fn is_aux(word: &str) -> bool {
    matches!(
        word,
        "has" | "have" | "had" | "will" | "would" | "can" | "could" | "may" | "might" | "must" | "should"
    )
}

fn is_free(word: &str) -> bool {
    FREE.contains(&word) || LESS_FREE.contains(&word)
}
