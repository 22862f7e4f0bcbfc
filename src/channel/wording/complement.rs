//! "said (that) he would": the optional "that" before a clause that a verb or an adjective governs.

use std::borrow::Cow;
use std::ops::Range;

use super::phrase::before_adverbs;
use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// Verbs after which both "that" and nothing are at home in any register.
const EASY: &[&str] = &[
    "said", "says", "say", "believe", "believes", "believed", "think", "thinks", "thought", "hope", "hopes",
    "hoped", "know", "knows", "knew", "felt", "feel", "feels", "means", "meant", "mean", "hoping",
    "thinking", "knowing", "saying",
];

/// Verbs after which "that" may always be written, and left out before a pronoun.
const MIDDLE: &[&str] = &[
    "ensure",
    "ensures",
    "ensured",
    "ensuring",
    "assume",
    "assumes",
    "assumed",
    "assuming",
    "realise",
    "realised",
    "realize",
    "realized",
    "realizes",
    "realises",
    "realizing",
    "realising",
    "decided",
    "found",
    "find",
    "finds",
    "noticed",
    "notice",
    "understand",
    "understood",
    "claimed",
    "claims",
    "claim",
    "insisted",
    "insists",
    "admitted",
    "admits",
    "suspected",
    "suspect",
    "feared",
    "guess",
    "expect",
    "expected",
    "agreed",
    "agree",
    "heard",
    "discovered",
    "promised",
    "learned",
    "suggest",
    "suggests",
    "remember",
    "remembered",
    "imagine",
];

/// Verbs after which formal prose writes "that": never left out, always good where it is missing.
const FORMAL: &[&str] = &[
    "announced",
    "acknowledged",
    "conceded",
    "predicted",
    "denied",
    "argued",
    "argues",
    "noted",
    "notes",
    "confirmed",
    "stated",
    "indicated",
    "indicates",
    "demonstrated",
    "concluded",
    "explained",
    "warned",
    "reported",
    "revealed",
    "emphasized",
    "emphasised",
    "stressed",
    "declared",
    "recognize",
    "recognized",
    "recognise",
    "recognised",
    "proved",
    "proves",
    "shows",
    "showed",
    "shown",
    "guarantee",
    "guarantees",
    "verify",
    "verified",
    "complained",
    "declares",
    "maintains",
    "contends",
    "contended",
];

/// Those after which a whole noun phrase may follow without "that" and nobody reads it as the verb's object.
const NOUN_BARE: &[&str] = &["said", "says", "thinks", "think", "hope", "hopes", "hoped"];

/// Adjectives after "be" that take a clause with or without "that".
const ADJECTIVES: &[&str] = &[
    "sure",
    "confident",
    "certain",
    "convinced",
    "afraid",
    "glad",
    "hopeful",
    "worried",
    "happy",
    "sorry",
    "pleased",
    "aware",
    "clear",
    "likely",
    "unlikely",
    "possible",
    "true",
    "obvious",
    "proud",
    "surprised",
];

/// Those of them that lose "that" without anybody stopping.
const BARE_ADJECTIVES: &[&str] =
    &["sure", "confident", "certain", "convinced", "afraid", "glad", "hopeful", "worried", "happy", "sorry"];

/// Verbs that tell somebody something.
const TELLING: &[&str] = &[
    "told",
    "tell",
    "tells",
    "telling",
    "assured",
    "reminded",
    "reminds",
    "warned",
    "convinced",
    "informed",
    "assure",
    "remind",
    "persuaded",
    "convince",
];

/// Inserting and dropping "that".
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let parallel = (tokens.start..tokens.end.saturating_sub(1))
        .any(|i| matches!(view.lower(i), "and" | "but" | "or") && view.lower(i + 1) == "that");
    let question = tokens.clone().any(|i| view.is_mark(i) && view.word(i) == "?");
    if question {
        return;
    }
    for at in tokens.start..tokens.end.saturating_sub(3) {
        let word = view.lower(at);
        if ADJECTIVES.contains(&word) {
            adjective(view, tokens, at, parallel, out);
        } else if matches!(word, "seems" | "seemed" | "appears" | "appeared") && at > tokens.start {
            if view.lower(at - 1) == "it" {
                either(view, tokens, at + 1, (Some(Tier::Strict), Some(Tier::Strict)), parallel, out);
            }
        } else if TELLING.contains(&word)
            && matches!(view.lower(at + 1), "us" | "me" | "him" | "them" | "you" | "reporters" | "people")
        {
            let drops = matches!(word, "told" | "tell" | "tells" | "telling").then_some(Tier::Strict);
            either(view, tokens, at + 2, (Some(Tier::Strict), drops), parallel, out);
        } else {
            verb(view, tokens, at, parallel, out);
        }
    }
}

fn adjective(view: &View<'_>, tokens: &Range<usize>, at: usize, parallel: bool, out: &mut Vec<Proposal<'_>>) {
    if at == tokens.start {
        return;
    }
    let word = view.lower(at);
    let left = before_adverbs(view, tokens, at).unwrap_or(at);
    let made = word == "sure"
        && matches!(view.lower(at - 1), "make" | "makes" | "making" | "made" | "be" | "feel" | "felt");
    if !made && !view.pos(left).meets(PosSet::BE) {
        return;
    }
    let drops = if BARE_ADJECTIVES.contains(&word) {
        Some(Tier::Strict)
    } else if matches!(word, "clear" | "likely" | "unlikely" | "possible" | "true" | "pleased" | "proud") {
        Some(Tier::Normal)
    } else {
        None
    };
    either(view, tokens, at + 1, (Some(Tier::Strict), drops), parallel, out);
    if made && matches!(view.lower(at + 1), "that") && !parallel && noun_clause(view, tokens, at + 2) {
        out.push(optional(at + 1..at + 2, true, Tier::Strict, "that-del"));
    } else if made && noun_clause(view, tokens, at + 1) {
        out.push(inserted(view, at + 1, Tier::Strict, "that-ins"));
    }
}

/// A pronoun clause at `at`, with or without "that" before it: tiers of putting it in and of leaving it out.
fn either(
    view: &View<'_>,
    tokens: &Range<usize>,
    at: usize,
    (puts, drops): (Option<Tier>, Option<Tier>),
    parallel: bool,
    out: &mut Vec<Proposal<'_>>,
) {
    if view.lower(at) == "that" {
        if let Some(tier) = drops
            && !parallel
            && pronoun_clause(view, tokens, at + 1)
        {
            out.push(optional(at..at + 1, true, tier, "that-del"));
        }
    } else if let Some(tier) = puts
        && pronoun_clause(view, tokens, at)
        && !asked(view, tokens, at, 8)
    {
        out.push(inserted(view, at, tier, "that-ins"));
    }
}

fn verb(view: &View<'_>, tokens: &Range<usize>, at: usize, parallel: bool, out: &mut Vec<Proposal<'_>>) {
    let word = view.lower(at);
    let (easy, middle) = (EASY.contains(&word), MIDDLE.contains(&word));
    if !(easy || middle || FORMAL.contains(&word)) || !governs(view, tokens, at) {
        return;
    }
    if view.lower(at + 1) == "that" {
        let pronoun = pronoun_clause(view, tokens, at + 2);
        let noun = !pronoun && noun_clause(view, tokens, at + 2);
        let name = view.capital(at + 2) && view.lower(at + 2) != "i";
        let tier = match (easy, middle, pronoun, noun) {
            (true, _, true, _) => Tier::Strict,
            (true, _, _, true) if NOUN_BARE.contains(&word) => {
                if name || word.starts_with("hope") {
                    Tier::Normal
                } else {
                    Tier::Strict
                }
            }
            (true, _, _, true) if !name && matches!(word, "means" | "believe" | "believes") => Tier::Normal,
            (_, true, true, _) => Tier::Normal,
            (_, true, _, true) if !name && word.starts_with("ensur") => Tier::Normal,
            _ => return,
        };
        if !parallel {
            out.push(optional(at + 1..at + 2, true, tier, "that-del"));
        }
        return;
    }
    if asked(view, tokens, at, 7) {
        return;
    }
    let clause = pronoun_clause(view, tokens, at + 1)
        && !(view.lower(at + 1) == "it" && matches!(word, "find" | "finds" | "found" | "think" | "feel"));
    let noun = !clause
        && (NOUN_BARE.contains(&word)
            || matches!(
                word,
                "believe"
                    | "believes"
                    | "believed"
                    | "insisted"
                    | "announced"
                    | "claimed"
                    | "means"
                    | "ensure"
                    | "ensures"
                    | "ensuring"
                    | "assume"
                    | "assumes"
                    | "suggests"
                    | "indicates"
                    | "argues"
                    | "noted"
            ))
        && noun_clause(view, tokens, at + 1);
    // "the advantage he believes he holds.": the inner clause lacks its object, and "that" would jar.
    if clause && view.is_mark(at + 3) {
        return;
    }
    if clause || noun {
        let first_person =
            before_adverbs(view, tokens, at).is_some_and(|i| matches!(view.lower(i), "i" | "you"));
        let chatty =
            first_person && matches!(word, "think" | "guess" | "know" | "hope" | "thought" | "say" | "feel");
        out.push(inserted(view, at + 1, if chatty { Tier::Normal } else { Tier::Strict }, "that-ins"));
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

pub(super) fn inserted<'r>(view: &View<'_>, at: usize, tier: Tier, class: &'static str) -> Proposal<'r> {
    let own = view.word(at).to_owned();
    Proposal {
        class,
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

/// Whether the verb stands where it governs a clause: after its subject, an auxiliary or "to", and not in the passive.
fn governs(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    let word = view.lower(at);
    let own = view.pos(at);
    let ing = word.ends_with("ing");
    let Some(left) = before_adverbs(view, sentence, at) else {
        // An imperative: "Ensure that it is …".
        return at == sentence.start && matches!(word, "ensure" | "assume" | "remember" | "verify");
    };
    if view.capital(at) || view.is_mark(left) && !(ing && view.word(left) == ",") {
        return false;
    }
    let pos = view.pos(left);
    let near = view.lower(left);
    if ing {
        return !pos.meets(PosSet::DETERMINER | PosSet::ADJECTIVE) && near != "of";
    }
    if matches!(near, "be" | "is" | "was" | "are" | "were" | "been" | "being") || near.ends_with("'s") {
        return false;
    }
    // "nowhere is it found that he did": passive, though a pronoun stands before the verb.
    let inverted =
        left > sentence.start && view.pos(left - 1).meets(PosSet::BE) && own.meets(PosSet::PARTICIPLE);
    if inverted {
        return false;
    }
    let pronoun =
        matches!(near, "he" | "she" | "they" | "we" | "i" | "you" | "who" | "it" | "this" | "which");
    let perfect = matches!(near, "has" | "had" | "have" | "i've" | "we've") && own.meets(PosSet::PARTICIPLE);
    let base = own.meets(PosSet::BASE)
        && (pos.meets(PosSet::TO | PosSet::MODAL | PosSet::DO)
            || near.ends_with("n't")
            || near == "help"
            || (at >= 2
                && near == "not"
                && view.pos(left.saturating_sub(1)).meets(PosSet::DO | PosSet::MODAL)));
    let noun = (pos.meets(PosSet::NOMINAL)
        && !pos.meets(PosSet::PREPOSITION | PosSet::DETERMINER | PosSet::AUXILIARY | PosSet::ADJECTIVE)
        && (!own.meets(PosSet::BASE) || own.meets(PosSet::PAST) || pos.meets(PosSet::PLURAL)))
        || (view.capital(left)
            && !pos.meets(PosSet::AUXILIARY | PosSet::PREPOSITION | PosSet::DETERMINER | PosSet::ADVERB)
            && !own.meets(PosSet::BASE));
    (pronoun || perfect || base || noun) && !(word == "meant" && perfect)
}

/// Whether the clause may hang on a question word, a comparison or another "that" to its left.
fn asked(view: &View<'_>, sentence: &Range<usize>, at: usize, reach: usize) -> bool {
    let from = sentence.start.max(at.saturating_sub(reach));
    (from..at).any(|i| {
        let close = i + 1 == at || (i + 2 == at && view.pos(i + 1).meets(PosSet::ADVERB));
        let subject = close && matches!(view.lower(i), "who" | "which" | "that");
        (view.pos(i).meets(PosSet::WH) && !subject)
            || matches!(
                view.lower(i),
                "as" | "than"
                    | "way"
                    | "time"
                    | "amount"
                    | "whatever"
                    | "like"
                    | "all"
                    | "everything"
                    | "thing"
                    | "things"
            )
            || (view.lower(i) == "that" && !subject)
    })
}

/// Whether a pronoun subject and its finite verb start here.
fn pronoun_clause(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    if at + 2 >= sentence.end || view.capital(at) && view.lower(at) != "i" || !view.is_word(at + 1) {
        return false;
    }
    let next = view.pos(at + 1);
    let aux = next.meets(PosSet::AUXILIARY)
        && !matches!(view.lower(at + 1), "be" | "been" | "being" | "having" | "doing" | "done");
    let tensed = next.meets(PosSet::PAST | PosSet::S_FORM) && !next.meets(PosSet::PREPOSITION | PosSet::ING);
    match view.lower(at) {
        "he" | "she" | "it" => aux || (tensed && !next.within(PosSet::PLURAL)),
        "they" | "we" | "i" => aux || tensed || next.meets(PosSet::BASE),
        "there" => {
            (next.meets(PosSet::BE) && !matches!(view.lower(at + 1), "be" | "been" | "being"))
                || (next.meets(PosSet::MODAL | PosSet::HAVE) && matches!(view.lower(at + 2), "be" | "been"))
        }
        "you" => {
            aux || matches!(
                view.lower(at + 1),
                "need" | "want" | "use" | "get" | "know" | "understand" | "run" | "set" | "see"
            )
        }
        _ => false,
    }
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
            | "your"
            | "any"
            | "all"
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
