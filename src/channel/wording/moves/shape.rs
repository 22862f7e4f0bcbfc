//! What the movers see of a sentence: its frame, its clauses, and what leans on what.

use std::ops::Range;

use super::Case;
use crate::channel::wording::view::{Sentence, View};
use crate::language::is_listed;
use crate::language::pos::PosSet;

/// Words that may open a sentence before what moves.
const OPENERS: &[&str] = &["but", "and", "yet"];

/// Longer sentences are never re-ordered: nobody sees at a glance what a clause at their end belongs to.
const TOKENS_MAX: usize = 40;

/// Pronouns that stand for something said before.
#[rustfmt::skip]
const ANAPHORS: &[&str] = &[
    "he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs", "himself", "herself",
    "itself", "themselves",
];

/// Words that point at what was said just before, or compare with it.
#[rustfmt::skip]
const POINTERS: &[&str] = &[
    "such", "so", "ones", "other", "others", "another", "here", "former", "latter", "same", "then", "too", "either",
    "neither", "both", "again", "likewise", "instead", "latter's", "accordingly", "thereby", "thus", "therefore",
    "however", "otherwise", "else",
];

/// Words that open a clause inside another, or compare.
#[rustfmt::skip]
const LINKS: &[&str] = &[
    "which", "who", "whom", "whose", "what", "how", "why", "whether", "where", "when", "if", "because", "while",
    "although", "though", "since", "unless", "until", "after", "before", "once", "that", "whereas", "whenever",
    "wherever", "except", "but", "nor", "yet", "so", "provided", "lest", "whatever", "whoever",
];

/// Words whose scope would change with what follows them.
#[rustfmt::skip]
const SCOPE: &[&str] = &[
    "only", "even", "just", "especially", "particularly", "mainly", "mostly", "merely", "simply", "solely", "partly",
    "largely", "perhaps", "always", "ever", "rather", "more", "less", "exactly", "precisely", "enough",
];

/// Verbs that report or judge, or that take a clause or an infinitive: what follows may belong to what is reported.
#[rustfmt::skip]
const REPORTING: &[&str] = &[
    "said", "says", "say", "think", "thinks", "thought", "believe", "believes", "believed", "know", "knows", "knew",
    "ask", "asked", "asks", "wonder", "told", "tell", "tells", "check", "checks", "decide", "decided", "decides",
    "determine", "determines", "determined", "argue", "argued", "argues", "suggest", "suggests", "suggested", "want",
    "wants", "wanted", "hope", "hoped", "hopes", "expect", "expected", "expects", "plan", "plans", "planned",
    "remember", "remembers", "forget", "imagine", "mean", "means", "meant", "feel", "felt", "feels", "verify",
    "confirm", "confirmed", "doubt", "care", "announced", "announce", "love", "hate", "prefer", "prefers", "agreed",
    "agree", "agrees", "promised", "wish", "depends", "depend", "depending", "assume", "assumes", "assumed",
    "predict", "predicted", "recommend", "recommended", "recommends", "declared", "claimed", "claims", "warned",
    "predicts", "understand", "propose", "proposes", "proposed", "insisted", "complained", "testified", "sure", "see",
    "sees", "matter", "matters", "seem", "seems", "seemed", "appear", "appears", "appeared", "specify", "specifies",
    "indicate", "indicates", "notify",
];

/// A sentence that something may move in.
pub(super) struct Frame {
    /// From the first word that may move to the full stop, not included.
    pub(super) body: Range<usize>,
    /// Whether another word opens the sentence, so that the body's first word is in lower case.
    pub(super) opened: bool,
    /// Whether the next sentence points back at the end of this one.
    pub(super) followed: bool,
    /// How many commas the body has.
    pub(super) commas: usize,
}

impl Frame {
    /// The frame of a sentence whose end does not matter: only its first words may move.
    pub(super) fn of_head(view: &View<'_>, sentence: &Sentence) -> Option<Self> {
        let tokens = &sentence.tokens;
        let last = tokens.end.checked_sub(1)?;
        let (body, opened) = body(view, tokens.start..last)?;
        let asks = body.clone().any(|at| view.word(at) == "?") || view.word(last) == "?";
        let plain = (tokens.start..tokens.end.min(tokens.start + 10))
            .all(|at| !view.is_mark(at) || is_quiet(view, at) || at > body.start + 4);
        (body.len() >= 4 && !asks && plain).then_some(Self { body, opened, followed: false, commas: 0 })
    }

    /// The frame of a sentence that may move as a whole; `next` is the one after it in its block.
    pub(super) fn of(view: &View<'_>, sentence: &Sentence, next: Option<&Sentence>) -> Option<Self> {
        let tokens = &sentence.tokens;
        let stop = tokens.end.checked_sub(1)?;
        if !(5..=TOKENS_MAX).contains(&tokens.len())
            || view.word(stop) != "."
            || view.spaced(stop)
            || tokens.clone().any(|at| at != stop && view.is_mark(at) && !is_quiet(view, at))
            // "He met Mr. Smith": what looks like an end may be none.
            || view.lower(stop - 1).chars().count() < 2
            || view.shouts(stop - 1) && view.lower(stop - 1).len() < 3
        {
            return None;
        }
        let (body, opened) = body(view, tokens.start..stop)?;
        let commas = body.clone().filter(|&at| view.word(at) == ",").count();
        let followed = next.is_some_and(|next| {
            next.block == sentence.block && {
                let at = next.tokens.start;
                matches!(
                    view.lower(at),
                    "it" | "this"
                        | "that"
                        | "these"
                        | "those"
                        | "such"
                        | "so"
                        | "otherwise"
                        | "then"
                        | "instead"
                        | "not"
                        | "which"
                )
            }
        });
        Some(Self { body, opened, followed, commas })
    }

    /// The first letter of what comes to the head of the body.
    pub(super) fn rises(&self) -> Case {
        if self.opened { Case::Keep } else { Case::Upper }
    }

    /// The first letter of the body's first word once something stands before it; none where that cannot be told.
    pub(super) fn sinks(&self, view: &View<'_>) -> Option<Case> {
        if self.opened { Some(Case::Keep) } else { inside(view, self.body.start) }
    }

    /// Whether a word inside the sentence may come to its head: it has a capital there or can be given one.
    pub(super) fn may_rise(&self, view: &View<'_>, at: usize) -> bool {
        let word = view.word(at);
        self.opened
            || view.is_word(at)
                && (view.capital(at)
                    || !view.shouts(at)
                        && word.chars().all(char::is_alphabetic)
                        && (is_listed(view.lower(at))
                            || word.len() > 5 && !view.pos(at).meets(PosSet::UNKNOWN)))
    }
}

/// What is left of a sentence behind a word that opens it, and whether there is one.
fn body(view: &View<'_>, tokens: Range<usize>) -> Option<(Range<usize>, bool)> {
    if tokens.is_empty() || !view.is_word(tokens.start) || !view.capital(tokens.start) {
        return None;
    }
    let first = view.lower(tokens.start);
    let however = first == "however" && view.word(tokens.start + 1) == ",";
    let opened = OPENERS.contains(&first) && !view.is_mark(tokens.start + 1) || however;
    let start = tokens.start + usize::from(opened) + usize::from(however);
    (start < tokens.end && !view.is_mark(start)).then_some((start..tokens.end, opened))
}

/// Marks that a clause may hold.
fn is_quiet(view: &View<'_>, at: usize) -> bool {
    match view.word(at) {
        "," => true,
        "\u{2019}" | "'" | "%" | "$" | "\u{a3}" | "-" | "/" => !view.spaced(at),
        _ => false,
    }
}

/// What becomes of the capital of a sentence's first word inside one.
fn inside(view: &View<'_>, at: usize) -> Option<Case> {
    let word = view.lower(at);
    if word == "i" || word.starts_with("i'") || view.shouts(at) {
        return Some(Case::Keep);
    }
    if !view.is_word(at)
        || word.chars().count() < 2 && word != "a"
        || word.ends_with("'s")
        || view.capital(at + 1) && !matches!(word, "the" | "a" | "an" | "in" | "on" | "at" | "if" | "when")
    {
        return None;
    }
    let pos = view.pos(at);
    let closed =
        PosSet::DETERMINER | PosSet::SUBJECT | PosSet::PRONOUN | PosSet::PREPOSITION | PosSet::SUBORDINATOR;
    let common = is_listed(word)
        && (pos.within(PosSet::PLURAL | PosSet::PERSON | PosSet::S_FORM)
            || pos.meets(PosSet::ING) && pos.within(PosSet::ING | PosSet::NOUN | PosSet::ADJECTIVE));
    (pos.meets(closed) && !matches!(word, "will" | "may" | "march") || common || is_command(view, at))
        .then_some(Case::Lower)
}

/// Whether a sentence or clause starts with a command: a base form and what a verb takes after it.
pub(super) fn is_command(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    let next = view.pos(at + 1);
    pos.meets(PosSet::BASE)
        && !pos.meets(
            PosSet::UNKNOWN
                | PosSet::AUXILIARY
                | PosSet::DETERMINER
                | PosSet::PREPOSITION
                | PosSet::SUBORDINATOR,
        )
        && is_listed(view.lower(at))
        && view.is_word(at + 1)
        && (next.meets(PosSet::DETERMINER | PosSet::OBJECT | PosSet::PREPOSITION)
            || next.within(PosSet::PLURAL))
        && !next.meets(PosSet::AUXILIARY)
}

/// Whether a word can be the verb of a clause: an auxiliary, or a form that shows tense.
fn is_finite(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    view.is_word(at)
        && !matches!(view.lower(at), "be" | "been" | "being" | "having")
        && pos.meets(PosSet::AUXILIARY | PosSet::PAST | PosSet::S_FORM | PosSet::BASE)
        && !pos.meets(PosSet::UNKNOWN)
}

/// Where the finite verb of a clause stands whose subject begins at `start`.
///
/// An auxiliary is sure; a form that may be a noun or participle as well counts where no auxiliary follows and it can
/// agree with the noun before it.
pub(super) fn verb_of(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    let first = view.pos(start);
    let word = view.lower(start);
    if word.contains('\'')
        && first.meets(PosSet::AUXILIARY)
        && first.meets(PosSet::SUBJECT | PosSet::BE | PosSet::HAVE | PosSet::MODAL)
    {
        // "it's", "we'll".
        return Some(start);
    }
    if first.meets(PosSet::SUBJECT) && !word.contains('\'') {
        let adverb =
            view.is_word(start + 1) && view.pos(start + 1).within(PosSet::ADVERB | PosSet::ADJECTIVE);
        let verb = start + 1 + usize::from(adverb);
        return (verb < end && is_finite(view, verb)).then_some(verb);
    }
    let opens = PosSet::DETERMINER
        | PosSet::NOMINAL
        | PosSet::ADJECTIVE
        | PosSet::NUMBER
        | PosSet::PRONOUN
        | PosSet::ING;
    if !view.is_word(start) && !first.meets(PosSet::NUMBER)
        || !first.meets(opens) && !view.capital(start)
        || first.meets(PosSet::PREPOSITION | PosSet::SUBORDINATOR | PosSet::CONJUNCTION)
            && !first.meets(PosSet::DETERMINER)
    {
        return None;
    }
    let mut likely = None;
    for at in start + 1..end.min(start + 13) {
        let (pos, left) = (view.pos(at), view.pos(at - 1));
        if !view.is_word(at) && !pos.meets(PosSet::NUMBER) && view.word(at) != "-" {
            break;
        }
        if view.lower(at) == "that" || pos.meets(PosSet::WH) {
            break;
        }
        // "A friend I knew mentioned it": a clause with no word to open it.
        if likely.is_none() && matches!(view.lower(at), "i" | "we" | "he" | "she" | "they" | "you") {
            return None;
        }
        let adverb = left.within(PosSet::ADVERB) || view.lower(at - 1) == "first";
        let noun = left.meets(PosSet::NOMINAL | PosSet::NUMBER | PosSet::PRONOUN)
            || view.capital(at - 1)
            || at == start + 1
            || adverb && pos.meets(PosSet::PAST);
        if pos.meets(PosSet::AUXILIARY) && is_finite(view, at) {
            let adverb = left.meets(PosSet::ADVERB) || left.meets(PosSet::PARTICIPLE | PosSet::ADJECTIVE);
            return if likely.is_none() && (noun || adverb) { Some(at) } else { likely };
        }
        if pos.meets(PosSet::SUBORDINATOR) && !pos.meets(PosSet::PREPOSITION) {
            break;
        }
        let agrees = pos.meets(PosSet::PAST)
            || pos.meets(PosSet::S_FORM) && left.meets(PosSet::NOUN)
            || pos.meets(PosSet::BASE) && left.meets(PosSet::PLURAL);
        let object = view.pos(at + 1);
        let follows = at + 1 >= end
            || !pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::PREPOSITION)
            || object.meets(PosSet::DETERMINER | PosSet::OBJECT | PosSet::PREPOSITION | PosSet::ADVERB);
        if likely.is_none()
            && noun
            && agrees
            && follows
            && is_finite(view, at)
            && !view.capital(at)
            && !is_later_auxiliary(view, at + 1, end)
        {
            likely = Some(at);
        }
    }
    likely
}

/// Whether an auxiliary follows before the clause goes over into another.
fn is_later_auxiliary(view: &View<'_>, from: usize, end: usize) -> bool {
    (from..end.min(from + 6))
        .take_while(|&at| {
            view.is_word(at)
                && !view.pos(at).meets(PosSet::WH | PosSet::SUBORDINATOR | PosSet::CONJUNCTION | PosSet::TO)
        })
        .any(|at| view.pos(at).meets(PosSet::AUXILIARY) && is_finite(view, at))
}

/// Where the verb of a whole clause stands, commands included.
pub(super) fn clause_verb(view: &View<'_>, clause: &Range<usize>) -> Option<usize> {
    if is_command(view, clause.start) {
        return Some(clause.start);
    }
    verb_of(view, clause.start, clause.end)
}

/// Whether a clause holds no clause within it, reports nothing, and has no word whose reach would change.
pub(super) fn is_plain(view: &View<'_>, clause: &Range<usize>, verb: usize) -> bool {
    !any_of(view, clause, LINKS)
        && !any_of(view, clause, REPORTING)
        && !any_of(view, clause, SCOPE)
        && !(verb + 2..clause.end).any(|at| {
            // "the first concepts you learn": a clause with no word to open it.
            let pronoun = matches!(view.lower(at), "i" | "we" | "he" | "she" | "they" | "you" | "it")
                && is_finite(view, at + 1);
            pronoun && at + 1 < clause.end
                || view.pos(at).meets(PosSet::MODAL)
                || matches!(view.lower(at), "is" | "are" | "was" | "were" | "has" | "does" | "did")
        })
}

/// Whether a clause has an infinitive that what follows could belong to ("want to leave when").
pub(super) fn has_infinitive(view: &View<'_>, clause: &Range<usize>) -> bool {
    (clause.start + 1..clause.end.saturating_sub(1)).any(|at| {
        view.lower(at) == "to"
            && view.pos(at + 1).meets(PosSet::BASE)
            && !matches!(
                view.lower(at - 1),
                "able" | "have" | "has" | "had" | "need" | "needs" | "needed" | "likely" | "going" | "ought"
            )
    })
}

/// Whether two verbs or clauses are joined, so that what follows could belong to the last of them alone.
pub(super) fn is_joined(view: &View<'_>, clause: &Range<usize>) -> bool {
    clause.clone().filter(|&at| matches!(view.lower(at), "and" | "or")).any(|at| {
        let next = view.pos(at + 1);
        next.meets(
            PosSet::SUBJECT
                | PosSet::AUXILIARY
                | PosSet::ADVERB
                | PosSet::PREPOSITION
                | PosSet::PAST
                | PosSet::ING,
        ) || view.capital(at + 1)
            || next.meets(PosSet::FINITE | PosSet::UNKNOWN) && !next.meets(PosSet::PLURAL | PosSet::ADJECTIVE)
            || verb_of(view, at + 1, clause.end).is_some()
    })
}

/// Whether two clauses lean on each other, so that the one that came first must stay first: a pronoun that may stand
/// for something in the other, or a thing named in both.
pub(super) fn lean(view: &View<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    let pronouns = |range: &Range<usize>| has_anaphor(view, range);
    if (pronouns(one) || pronouns(other)) && !same_subject(view, one, other) {
        return true;
    }
    points(view, one) || points(view, other) || share(view, one, other)
}

/// "If they agree, they sign": both clauses speak of one thing, named before, and of nothing else by a pronoun.
fn same_subject(view: &View<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    let pronoun =
        [one.start, one.start + 1].map(|at| view.lower(at)).into_iter().find(|word| ANAPHORS.contains(word));
    let Some(pronoun) = pronoun.filter(|_| view.lower(other.start) == pronoun.unwrap_or("")) else {
        return false;
    };
    pronoun != "it"
        && one
            .clone()
            .chain(other.clone())
            .filter(|&at| ANAPHORS.contains(&stem(view, at)))
            .all(|at| view.lower(at) == pronoun)
}

/// Whether a noun or verb stands in both.
fn share(view: &View<'_>, one: &Range<usize>, other: &Range<usize>) -> bool {
    let content = |at: usize| {
        let word = view.lower(at);
        (view.is_word(at)
            && word.len() > 2
            && !view.pos(at).meets(
                PosSet::AUXILIARY
                    | PosSet::PREPOSITION
                    | PosSet::DETERMINER
                    | PosSet::OBJECT
                    | PosSet::SUBJECT
                    | PosSet::PRONOUN
                    | PosSet::ADVERB
                    | PosSet::SUBORDINATOR,
            ))
        .then(|| word.trim_end_matches("'s").trim_end_matches('s'))
    };
    one.clone().filter_map(content).any(|word| other.clone().filter_map(content).any(|same| same == word))
}

/// Whether a range holds a pronoun for something said before.
pub(super) fn has_anaphor(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|at| ANAPHORS.contains(&stem(view, at)))
}

/// Whether a range points at what was said just before, other than by "this" or "that" before a noun.
pub(super) fn points(view: &View<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|at| {
        let next = view.pos(at + 1);
        match view.lower(at) {
            "this" | "that" | "these" | "those" => {
                !next.meets(PosSet::NOMINAL | PosSet::ADJECTIVE)
                    || next.meets(PosSet::AUXILIARY | PosSet::PREPOSITION)
            }
            "there" => !next.meets(PosSet::AUXILIARY),
            word => POINTERS.contains(&word),
        }
    })
}

/// A word without what is contracted with it.
fn stem<'a>(view: &View<'a>, at: usize) -> &'a str {
    let word = view.lower(at);
    word.split('\'').next().unwrap_or(word)
}

/// Whether any of the words stands among the tokens.
pub(super) fn any_of(view: &View<'_>, tokens: &Range<usize>, words: &[&str]) -> bool {
    tokens.clone().any(|at| words.contains(&view.lower(at)))
}

/// Whether something is denied there.
pub(super) fn negated(view: &View<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|at| {
        view.pos(at).meets(PosSet::NEGATION)
            || view.lower(at).ends_with("n't")
            || matches!(
                view.lower(at),
                "few" | "little" | "without" | "fail" | "fails" | "failed" | "refused" | "hardly"
            )
    })
}

/// Whether words stand in a row from a token on.
pub(super) fn starts_with(view: &View<'_>, at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(offset, word)| view.lower(at + offset) == *word)
}
