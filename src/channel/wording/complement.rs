//! "said (that) he would": the optional "that" before a reported clause.

use std::borrow::Cow;
use std::ops::Range;

use super::phrase::before_adverbs;
use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

const REPORTING: &[&str] = &[
    "said",
    "says",
    "believe",
    "believes",
    "believed",
    "think",
    "thinks",
    "thought",
    "hope",
    "hopes",
    "hoped",
    "know",
    "knows",
    "knew",
    "claimed",
    "claims",
    "felt",
    "insisted",
    "insists",
    "admitted",
    "realised",
    "realized",
    "announced",
    "suspected",
    "feared",
    "acknowledged",
    "conceded",
    "predicted",
    "denied",
];

/// Those after which "that" may be dropped as well in any register.
const BARE: &[&str] = &[
    "said", "says", "believe", "believes", "believed", "think", "thinks", "thought", "hope", "hopes",
    "hoped", "knows", "knew", "felt",
];

/// Adjectives after "be" that take a clause with or without "that".
const ADJECTIVES: &[&str] =
    &["sure", "confident", "certain", "convinced", "afraid", "glad", "hopeful", "worried"];

/// Inserting and dropping "that".
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let parallel = (tokens.start..tokens.end.saturating_sub(1))
        .any(|i| matches!(view.lower(i), "and" | "but" | "or") && view.lower(i + 1) == "that");
    let question = tokens.clone().any(|i| view.is_mark(i) && view.word(i) == "?");
    for at in tokens.start + 1..tokens.end.saturating_sub(3) {
        let word = view.lower(at);
        if ADJECTIVES.contains(&word) && !question && view.pos(at - 1).meets(PosSet::BE) {
            if view.lower(at + 1) == "that" && !parallel && pronoun_clause(view, tokens, at + 2) {
                out.push(optional(at + 1..at + 2, true, Tier::Strict, "that-del"));
            } else if pronoun_clause(view, tokens, at + 1) {
                out.push(inserted(view, at + 1, Tier::Strict));
            }
            continue;
        }
        if !REPORTING.contains(&word) || question || view.capital(at) || !reports(view, tokens, at) {
            continue;
        }
        if view.lower(at + 1) == "that" {
            let plain = matches!(word, "said" | "says") && noun_clause(view, tokens, at + 2);
            if !parallel && BARE.contains(&word) && (plain || pronoun_clause(view, tokens, at + 2)) {
                out.push(optional(at + 1..at + 2, true, Tier::Strict, "that-del"));
            }
            continue;
        }
        let clause = pronoun_clause(view, tokens, at + 1);
        let noun = !clause
            && matches!(
                word,
                "said"
                    | "says"
                    | "believe"
                    | "believes"
                    | "believed"
                    | "insisted"
                    | "announced"
                    | "claimed"
                    | "hopes"
                    | "hoped"
            )
            && noun_clause(view, tokens, at + 1);
        if clause || noun {
            let first_person =
                before_adverbs(view, tokens, at).is_some_and(|i| matches!(view.lower(i), "i" | "you"));
            let tier = if first_person { Tier::Normal } else { Tier::Strict };
            out.push(inserted(view, at + 1, tier));
        }
    }
}

fn optional<'r>(tokens: Range<usize>, has: bool, tier: Tier, class: &'static str) -> Proposal<'r> {
    Proposal {
        class,
        tier,
        tokens,
        bytes: None,
        forms: vec![Cow::Borrowed("that"), Cow::Borrowed("")],
        labels: vec!["that", "no that"],
        original: usize::from(!has),
        desk: None,
        rank: 60,
        exact: false,
        shares: Vec::new(),
    }
}

fn inserted<'r>(view: &View<'_>, at: usize, tier: Tier) -> Proposal<'r> {
    let own = view.word(at).to_owned();
    Proposal {
        class: "that-ins",
        tier,
        tokens: at..at + 1,
        bytes: None,
        forms: vec![Cow::Owned(format!("that {own}")), Cow::Owned(own)],
        labels: vec!["that", "no that"],
        original: 1,
        desk: None,
        rank: 60,
        exact: true,
        shares: Vec::new(),
    }
}

/// Whether the verb has a subject right before it and is neither inverted, passive, parenthetical nor inside a question clause.
fn reports(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    let Some(left) = before_adverbs(view, sentence, at) else { return false };
    if view.is_mark(left) {
        return false;
    }
    let pos = view.pos(left);
    let subject = matches!(
        view.lower(left),
        "he" | "she" | "they" | "we" | "i" | "you" | "who" | "has" | "had" | "have" | "officials"
    ) || (pos.meets(PosSet::NOMINAL)
        && !pos.meets(PosSet::PREPOSITION | PosSet::DETERMINER | PosSet::BE))
        || (view.capital(left) && !pos.meets(PosSet::AUXILIARY | PosSet::PREPOSITION | PosSet::DETERMINER));
    let outer = (sentence.start.max(at.saturating_sub(7))..at).any(|i| {
        (view.pos(i).meets(PosSet::WH) && !(i + 1 == at && view.lower(i) == "who"))
            || matches!(
                view.lower(i),
                "as" | "than"
                    | "be"
                    | "is"
                    | "was"
                    | "are"
                    | "were"
                    | "been"
                    | "whatever"
                    | "that"
                    | "like"
                    | "never"
                    | "not"
            )
    });
    subject && !outer
}

/// Whether a pronoun subject and its finite verb start here.
fn pronoun_clause(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    matches!(view.lower(at), "he" | "she" | "it" | "they" | "we" | "there")
        && !view.capital(at)
        && at + 1 < sentence.end
        && (view.pos(at + 1).meets(PosSet::AUXILIARY)
            || (view.pos(at + 1).meets(PosSet::PAST | PosSet::S_FORM)
                && !view.pos(at + 1).meets(PosSet::PREPOSITION)))
}

/// Whether a short noun phrase and a modal or auxiliary start here.
fn noun_clause(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    const TIMES: &[&str] = &[
        "day",
        "week",
        "month",
        "year",
        "morning",
        "night",
        "evening",
        "afternoon",
        "way",
        "time",
        "words",
        "word",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
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
        "sept",
        "oct",
        "nov",
        "dec",
        "jan",
        "feb",
    ];
    let first = view.pos(at);
    let name = view.capital(at) && view.is_word(at) && !TIMES.contains(&view.lower(at));
    let led = matches!(
        view.lower(at),
        "the"
            | "this"
            | "these"
            | "his"
            | "her"
            | "their"
            | "its"
            | "such"
            | "some"
            | "many"
            | "most"
            | "a"
            | "an"
            | "no"
            | "both"
            | "our"
    ) && !view.capital(at);
    let bare = first.meets(PosSet::PLURAL)
        && !first.meets(PosSet::S_FORM | PosSet::DETERMINER | PosSet::PREPOSITION)
        && !TIMES.contains(&view.lower(at));
    if !(name || led || bare) {
        return false;
    }
    let mut noun = name || bare;
    for i in at + 1..sentence.end.min(at + 5) {
        let pos = view.pos(i);
        if !view.is_word(i) || TIMES.contains(&view.lower(i)) {
            return false;
        }
        if pos.meets(PosSet::MODAL | PosSet::HAVE | PosSet::BE)
            && !matches!(view.lower(i), "be" | "been" | "being" | "having")
        {
            return noun;
        }
        if view.capital(i) {
            noun = true;
            continue;
        }
        if !pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::POSSESSIVE)
            || pos.meets(PosSet::ING | PosSet::PREPOSITION | PosSet::SUBJECT)
        {
            return false;
        }
        noun = pos.meets(PosSet::NOMINAL);
    }
    false
}
