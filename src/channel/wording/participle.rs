//! "a list that contains" / "a list containing", "rules that are common to" / "rules common to".

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::lexicon::{Verb, listed};
use crate::language::pos::PosSet;

/// Verbs of being so rather than of doing: of these a participle says no more and no less than the clause.
const STATES: &[&str] = &[
    "contain",
    "involve",
    "consist",
    "relate",
    "require",
    "represent",
    "describe",
    "belong",
    "correspond",
    "lack",
    "live",
    "affect",
    "cover",
    "define",
    "specify",
    "indicate",
    "depend",
    "reside",
    "explain",
    "link",
    "seek",
    "resemble",
    "surround",
    "match",
    "point",
    "work",
    "lead",
    "comprise",
    "depict",
    "outline",
    "list",
    "govern",
];

/// What must follow some of them.
fn followed(base: &str, next: &str) -> bool {
    match base {
        "consist" => next == "of",
        "relate" | "belong" | "correspond" | "lead" | "point" | "link" => next == "to",
        "depend" => matches!(next, "on" | "upon"),
        "live" | "reside" => matches!(next, "in" | "on" | "near" | "at" | "with"),
        "work" => matches!(next, "in" | "on" | "for" | "with" | "at"),
        _ => true,
    }
}

/// Adjectives, with the word that must follow, that stand as well right behind their noun.
const ADJECTIVES: &[(&str, &str)] = &[
    ("available", "to"),
    ("available", "for"),
    ("available", "in"),
    ("available", "at"),
    ("available", "from"),
    ("available", "on"),
    ("responsible", "for"),
    ("necessary", "to"),
    ("necessary", "for"),
    ("similar", "to"),
    ("specific", "to"),
    ("relevant", "to"),
    ("subject", "to"),
    ("unique", "to"),
    ("capable", "of"),
    ("eligible", "for"),
    ("likely", "to"),
    ("familiar", "with"),
    ("consistent", "with"),
    ("compatible", "with"),
    ("suitable", "for"),
    ("appropriate", "for"),
    ("appropriate", "to"),
    ("common", "to"),
    ("essential", "to"),
    ("essential", "for"),
    ("critical", "to"),
    ("present", "in"),
    ("typical", "of"),
    ("equivalent", "to"),
    ("identical", "to"),
    ("independent", "of"),
    ("external", "to"),
    ("internal", "to"),
    ("adjacent", "to"),
    ("analogous", "to"),
    ("comparable", "to"),
    ("equal", "to"),
    ("interested", "in"),
    ("unfamiliar", "with"),
];

static VERBS: LazyLock<Vec<Verb>> =
    LazyLock::new(|| STATES.iter().filter_map(|base| Verb::find(base)).collect());

/// Clause to participle or bare adjective, and back.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    for at in tokens.start + 2..tokens.end.saturating_sub(3) {
        let word = view.lower(at);
        if view.is_mark(at) || view.is_mark(at - 1) || view.capital(at) {
            continue;
        }
        if matches!(word, "that" | "which" | "who") {
            shorten(view, tokens, at, out);
        } else if word.ends_with("ing") {
            lengthen(view, tokens, at, out);
        } else if view.pos(at).meets(PosSet::ADJECTIVE)
            && ADJECTIVES.iter().any(|pair| pair.0 == word && pair.1 == view.lower(at + 1))
        {
            lengthen_adjective(view, tokens, at, out);
        }
    }
}

/// Whether a clause after `at` is one of several joined ones.
fn joined(view: &View<'_>, tokens: &Range<usize>, at: usize) -> bool {
    (tokens.start..tokens.end - 1).any(|i| {
        i != at
            && matches!(view.lower(i), "and" | "or" | "but" | ",")
            && (matches!(view.lower(i + 1), "which" | "that" | "who" | "whose")
                || i > at
                    && i < at + 14
                    && matches!(view.lower(i), "and" | "or" | "but")
                    && (i + 1..(i + 3).min(tokens.end)).any(|k| {
                        let pos = view.pos(k);
                        pos.meets(PosSet::S_FORM)
                            && (!pos.meets(PosSet::PLURAL)
                                || view
                                    .pos(k + 1)
                                    .meets(PosSet::DETERMINER | PosSet::ADVERB | PosSet::OBJECT))
                            || pos.meets(PosSet::AUXILIARY)
                            || pos.meets(PosSet::ING) && !pos.meets(PosSet::NOUN)
                            || pos.meets(PosSet::BASE) && !pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE)
                    }))
    })
}

/// Whether a noun phrase ends at `at` that a clause or participle right after it belongs to.
fn noun(view: &View<'_>, tokens: &Range<usize>, at: usize) -> bool {
    let pos = view.pos(at);
    let firm = pos.meets(PosSet::NOMINAL)
        && !view.capital(at)
        && !pos.meets(
            PosSet::PREPOSITION
                | PosSet::DETERMINER
                | PosSet::WH
                | PosSet::AUXILIARY
                | PosSet::SUBJECT
                | PosSet::ADVERB,
        );
    let left = view.pos(at - 1);
    let led = left.meets(
        PosSet::DETERMINER
            | PosSet::PREPOSITION
            | PosSet::NUMBER
            | PosSet::ADJECTIVE
            | PosSet::POSSESSIVE
            | PosSet::NOUN,
    ) && !left.meets(PosSet::TO | PosSet::AUXILIARY | PosSet::SUBJECT);
    let verbal = pos.meets(PosSet::BASE | PosSet::S_FORM | PosSet::PAST | PosSet::ADJECTIVE);
    let pointed = (tokens.start.max(at.saturating_sub(3))..at).any(|i| {
        matches!(
            view.lower(i),
            "this"
                | "these"
                | "only"
                | "one"
                | "it"
                | "its"
                | "his"
                | "her"
                | "our"
                | "their"
                | "my"
                | "your"
        ) || view.lower(i).ends_with("'s")
    });
    firm && (!verbal || led) && !pointed
}

fn shorten(view: &View<'_>, tokens: &Range<usize>, at: usize, out: &mut Vec<Proposal<'_>>) {
    let relative = view.lower(at);
    let verb = view.lower(at + 1);
    let person = listed(view.lower(at - 1)).meets(PosSet::PERSON);
    if !noun(view, tokens, at - 1) || joined(view, tokens, at) || (relative == "who") != person {
        return;
    }
    let next = view.lower(at + 2);
    let mut forms: Vec<Cow<'_, str>> = Vec::new();
    let mut tier = Tier::Strict;
    let end;
    let class;
    if matches!(verb, "has" | "have") {
        // "barges that have a flat bottom": only where what is had follows at once.
        let object = matches!(
            next,
            "a" | "an"
                | "no"
                | "many"
                | "more"
                | "few"
                | "fewer"
                | "several"
                | "different"
                | "little"
                | "multiple"
                | "similar"
        ) && !matches!(
            view.lower(at + 3),
            "to" | "lot" | "chance" | "way" | "right" | "say" | "been" | "than"
        );
        if !object || content(view, tokens, at) || view.pos(at - 1).meets(PosSet::PLURAL) != (verb == "have")
        {
            return;
        }
        forms.push(Cow::Owned(format!("{relative} {verb}")));
        forms.push(Cow::Borrowed("with"));
        end = at + 2;
        class = "rel-with";
    } else if matches!(verb, "is" | "are")
        && ADJECTIVES.iter().any(|pair| pair.0 == next && pair.1 == view.lower(at + 3))
    {
        if view.pos(at - 1).meets(PosSet::PLURAL) != (verb == "are") {
            return;
        }
        forms.push(Cow::Owned(format!("{relative} {verb}")));
        forms.push(Cow::Borrowed(""));
        end = at + 2;
        class = "rel-adjective";
    } else {
        let plural = view.pos(at - 1).meets(PosSet::PLURAL);
        let Some(found) = VERBS.iter().find(|one| if plural { one.base == verb } else { one.s == verb })
        else {
            return;
        };
        if !followed(&found.base, next) || view.is_mark(at + 2) || content(view, tokens, at) {
            return;
        }
        forms.push(Cow::Owned(format!("{relative} {verb}")));
        forms.push(Cow::Owned(found.ing.clone()));
        end = at + 2;
        class = "rel-participle";
        // Three of seven were stopped at: a second verb is easily left without its clause.
        tier = Tier::Normal;
    }
    if relative == "which" {
        forms.push(Cow::Owned(format!("that {verb}")));
    }
    out.push(proposal(class, at..end, forms, 0, tier));
}

/// Whether "that" may open something other than a relative clause, or one that points a noun out.
fn content(view: &View<'_>, tokens: &Range<usize>, at: usize) -> bool {
    matches!(view.lower(tokens.start), "it" | "it's")
        || (tokens.start.max(at.saturating_sub(5))..at).any(|i| {
            matches!(
                view.lower(i),
                "so" | "such"
                    | "it"
                    | "it's"
                    | "anything"
                    | "something"
                    | "everything"
                    | "nothing"
                    | "first"
                    | "last"
                    | "same"
                    | "most"
                    | "best"
                    | "all"
            )
        })
}

fn lengthen(view: &View<'_>, tokens: &Range<usize>, at: usize, out: &mut Vec<Proposal<'_>>) {
    let ing = view.lower(at);
    let Some(found) = VERBS.iter().find(|one| one.ing == ing) else { return };
    let head = at - 1;
    let next = view.lower(at + 1);
    let before = view.pos(tokens.start);
    // "the process of using", "a team working": the first reads as a noun, the second as doing.
    let doing =
        matches!(found.base.as_str(), "work" | "list" | "link" | "match" | "lead" | "point" | "depend");
    if doing
        || !noun(view, tokens, head)
        || !followed(&found.base, next)
        || view.is_mark(at + 1)
        || joined(view, tokens, at)
    {
        return;
    }
    // "a list of files containing": which of the two contains is for the author to say.
    let nested = (tokens.start.max(head.saturating_sub(4))..head).any(|i| {
        matches!(
            view.lower(i),
            "of" | "for" | "and" | "or" | "in" | "with" | "from" | "between" | "on" | "by" | "as" | "to"
        ) && view.pos(i.saturating_sub(1)).meets(PosSet::NOMINAL)
            && i > tokens.start
    });
    // Perception and the like take a bare participle, introductions take it for the subject to come.
    let absolute = before.meets(PosSet::ING | PosSet::SUBORDINATOR)
        || view.lower(tokens.start) == "with"
        || view.lower(tokens.start) == "without";
    let seen = (tokens.start.max(head.saturating_sub(5))..head).any(|i| {
        matches!(
            view.lower(i),
            "see"
                | "saw"
                | "seen"
                | "find"
                | "found"
                | "keep"
                | "kept"
                | "have"
                | "has"
                | "had"
                | "with"
                | "without"
                | "of"
                | "from"
                | "start"
                | "started"
                | "while"
                | "spend"
                | "spent"
                | "mind"
                | "imagine"
                | "stop"
                | "prevent"
        )
    });
    // The clause would need a tense, and a sentence told in the past leaves two.
    let past = tokens.clone().any(|i| {
        let pos = view.pos(i);
        i != at
            && (matches!(view.lower(i), "was" | "were" | "had" | "did" | "would" | "could")
                || pos.meets(PosSet::PAST)
                    && !pos.meets(PosSet::BASE)
                    && !view
                        .pos(i.saturating_sub(1))
                        .meets(PosSet::BE | PosSet::HAVE | PosSet::ADVERB | PosSet::DETERMINER))
    });
    if nested || absolute || seen || past {
        return;
    }
    let pos = view.pos(head);
    // "-er" may be a person or a thing; only a listed word tells.
    let person = listed(view.lower(head)).meets(PosSet::PERSON);
    if pos.meets(PosSet::PERSON) && !person && !pos.meets(PosSet::COMPARATIVE) {
        return;
    }
    let relative = if person { "who" } else { "that" };
    let verb = if pos.meets(PosSet::PLURAL) { found.base.clone() } else { found.s.clone() };
    let forms = vec![Cow::Owned(format!("{relative} {verb}")), Cow::Owned(ing.to_owned())];
    out.push(proposal("rel-participle", at..at + 1, forms, 1, Tier::Normal));
}

fn lengthen_adjective(view: &View<'_>, tokens: &Range<usize>, at: usize, out: &mut Vec<Proposal<'_>>) {
    let head = at - 1;
    let pos = view.pos(head);
    let left = view.pos(head.saturating_sub(1));
    if !noun(view, tokens, head)
        || !pos.meets(PosSet::PLURAL)
        || head <= tokens.start + 1
        || joined(view, tokens, at)
    {
        return;
    }
    // "make results available to", "keep the services similar to": the adjective belongs to the verb.
    let made = (tokens.start.max(head.saturating_sub(14))..head).any(|i| {
        let word = view.lower(i);
        [
            "mak", "made", "keep", "kept", "consider", "find", "found", "leav", "left", "becom", "became",
            "hold", "held", "declar", "ha", "deem", "think", "thought", "with",
        ]
        .iter()
        .any(|root| word.starts_with(root))
    });
    let question = view.lower(tokens.start) == "are" || view.pos(tokens.start).meets(PosSet::WH);
    if made || question || left.meets(PosSet::BE) {
        return;
    }
    let relative = if listed(view.lower(head)).meets(PosSet::PERSON) { "who" } else { "that" };
    let own = view.word(at).to_owned();
    let forms = vec![Cow::Owned(format!("{relative} are {own}")), Cow::Owned(own)];
    out.push(proposal("rel-adjective", at..at + 1, forms, 1, Tier::Bold));
}

fn proposal<'r>(
    class: &'static str,
    tokens: Range<usize>,
    forms: Vec<Cow<'r, str>>,
    original: usize,
    tier: Tier,
) -> Proposal<'r> {
    Proposal {
        class,
        tier,
        tokens,
        bytes: None,
        forms,
        labels: Vec::new(),
        original,
        desk: None,
        rank: 72,
        exact: false,
        shares: Vec::new(),
    }
}
