//! "which" / "that" / nothing at the head of a defining relative clause.

use std::borrow::Cow;
use std::ops::Range;

use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// Nouns that take a clause with "that" as their content ("the fact that …"), where "which" would be wrong.
const CONTENT_NOUNS: &[&str] = &[
    "accusation",
    "admission",
    "advice",
    "agreement",
    "allegation",
    "allegations",
    "announcement",
    "argument",
    "arguments",
    "assertion",
    "assumption",
    "assumptions",
    "assurance",
    "assurances",
    "awareness",
    "belief",
    "beliefs",
    "case",
    "certainty",
    "chance",
    "chances",
    "charge",
    "charges",
    "claim",
    "claims",
    "complaint",
    "complaints",
    "conclusion",
    "conclusions",
    "condition",
    "conditions",
    "confidence",
    "confirmation",
    "conviction",
    "danger",
    "decision",
    "decisions",
    "declaration",
    "degree",
    "demand",
    "demands",
    "denial",
    "discovery",
    "doubt",
    "doubts",
    "effect",
    "event",
    "evidence",
    "expectation",
    "expectations",
    "extent",
    "fact",
    "facts",
    "fear",
    "fears",
    "feeling",
    "finding",
    "findings",
    "ground",
    "grounds",
    "guarantee",
    "hint",
    "hints",
    "hope",
    "hopes",
    "hypothesis",
    "idea",
    "ideas",
    "impression",
    "indication",
    "indications",
    "inference",
    "information",
    "insistence",
    "judgment",
    "judgement",
    "knowledge",
    "law",
    "likelihood",
    "message",
    "news",
    "note",
    "notice",
    "notion",
    "objection",
    "observation",
    "odds",
    "opinion",
    "point",
    "possibility",
    "prediction",
    "premise",
    "principle",
    "probability",
    "prognosis",
    "promise",
    "proof",
    "proposal",
    "proposals",
    "proposition",
    "realisation",
    "realization",
    "reason",
    "reasons",
    "recognition",
    "recommendation",
    "recommendations",
    "report",
    "reports",
    "request",
    "requirement",
    "requirements",
    "reminder",
    "revelation",
    "risk",
    "rule",
    "rumor",
    "rumors",
    "rumour",
    "rumours",
    "sense",
    "sign",
    "signs",
    "statement",
    "statements",
    "story",
    "stories",
    "suggestion",
    "suggestions",
    "suspicion",
    "suspicions",
    "testimony",
    "theory",
    "thesis",
    "thought",
    "threat",
    "threats",
    "truth",
    "understanding",
    "view",
    "views",
    "warning",
    "warnings",
    "way",
    "will",
    "wish",
    "word",
    "sure",
    "proviso",
    "stipulation",
    "contention",
    "result",
    "results",
    "order",
    "degree",
    "extent",
    "moment",
    "time",
    "day",
    "year",
    "instant",
    "minute",
    "so",
    "such",
    "now",
    "in",
];

/// Both directions of which/that, and dropping an object "which".
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    for at in tokens.clone() {
        let word = view.lower(at);
        if !matches!(word, "which" | "that") || at <= tokens.start + 1 || at + 2 >= tokens.end {
            continue;
        }
        if word == "that"
            && is_person(view, at - 1)
            && verb_after(view, tokens, at + 1)
            && !again(view, tokens, at)
        {
            out.push(who(at));
            continue;
        }
        if !antecedent(view, tokens, at - 1) || again(view, tokens, at) {
            continue;
        }
        let verb = verb_after(view, tokens, at + 1);
        let subject = subject_after(view, tokens, at + 1);
        let (tier, forms, original): (Tier, &[&'static str], usize) = match (word, verb, subject) {
            ("which", true, _) => (Tier::Strict, &["which", "that"], 0),
            ("which", _, object) if object || determined(view, at + 1) => {
                (Tier::Strict, &["which", "that"], 0)
            }
            ("that", true, _) if view.gates.defining_which && !content(view, tokens, at) => {
                (Tier::Normal, &["which", "that"], 1)
            }
            ("that", _, true) if !content(view, tokens, at) && concrete(view, tokens, at) => {
                let safe = super::zero::verb(view, at + 2)
                    && super::zero::noun(view, tokens, at - 1)
                        .is_some_and(|first| super::zero::governed(view, tokens, first));
                if view.gates.defining_which {
                    (Tier::Normal, &["which", "that", ""], 1)
                } else if safe
                    && view.lower(at + 1) != "it"
                    && !(tokens.start..at).any(|i| matches!(view.lower(i), "so" | "such"))
                {
                    (Tier::Strict, &["that", ""], 0)
                } else {
                    (Tier::Bold, &["that", ""], 0)
                }
            }
            _ => continue,
        };
        out.push(Proposal {
            class: if forms.contains(&"") { "rel-del" } else { "which/that" },
            tier,
            tokens: at..at + 1,
            bytes: None,
            forms: forms.iter().map(|form| Cow::Borrowed(*form)).collect(),
            labels: Vec::new(),
            original,
            desk: forms.iter().position(|form| *form == "that").map(|that| (that, 0.5)),
            rank: 70,
            exact: false,
            shares: Vec::new(),
        });
    }
    reduce(view, sentence, out);
}

/// Whether a word names people so plainly that "that" behind it can only be a relative.
fn is_person(view: &View<'_>, at: usize) -> bool {
    matches!(
        view.lower(at),
        "people"
            | "users"
            | "developers"
            | "students"
            | "employees"
            | "maintainers"
            | "participants"
            | "members"
            | "anyone"
            | "someone"
            | "everyone"
            | "those"
            | "person"
            | "man"
            | "woman"
            | "men"
            | "women"
            | "customers"
            | "workers"
            | "partners"
            | "designers"
            | "vendors"
            | "programmers"
            | "authors"
            | "children"
            | "engineers"
            | "researchers"
            | "readers"
            | "citizens"
            | "veterans"
            | "patients"
            | "families"
            | "contributors"
            | "experts"
            | "leaders"
            | "staffers"
            | "applicants"
    ) && view.lower(at) != "those"
}

/// "people that" / "people who": for persons "who" is at home everywhere.
fn who<'r>(at: usize) -> Proposal<'r> {
    Proposal {
        class: "that-who",
        // What an initiative or a body does, "that" must go on saying.
        tier: Tier::Normal,
        tokens: at..at + 1,
        bytes: None,
        forms: vec![Cow::Borrowed("that"), Cow::Borrowed("who")],
        labels: Vec::new(),
        original: 0,
        desk: Some((1, 0.6)),
        rank: 70,
        exact: false,
        shares: Vec::new(),
    }
}

/// "who were living in" / "living in", "which was built by" / "that was built by" / "built by".
fn reduce(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    for at in tokens.start + 2..tokens.end.saturating_sub(3) {
        let word = view.lower(at);
        let be = view.lower(at + 1);
        if !matches!(word, "who" | "which" | "that")
            || !matches!(be, "is" | "are" | "was" | "were")
            || view.is_mark(at - 1) && !(view.word(at - 1) == "," && word != "that" && view.is_word(at - 2))
            || again(view, tokens, at)
        {
            continue;
        }
        let added = view.is_mark(at - 1);
        let left = view.pos(at - 1 - usize::from(added));
        let those = word == "who" && view.lower(at - 1) == "those";
        let noun = added && (left.meets(PosSet::NOMINAL) || view.capital(at - 2))
            || left.meets(PosSet::NOMINAL)
                && !left.meets(
                    PosSet::PREPOSITION | PosSet::DETERMINER | PosSet::BASE | PosSet::WH | PosSet::AUXILIARY,
                )
                && !view.capital(at - 1)
                && (word == "who" || antecedent(view, tokens, at - 1));
        // "access to timber which are planned": the clause belongs to something further off.
        if !those && !added && left.meets(PosSet::PLURAL) != matches!(be, "are" | "were") {
            continue;
        }
        let after = at + 2 + usize::from(adverb(view, at + 2) && view.lower(at + 2).ends_with("ly"));
        let verb = view.pos(after);
        let passive = verb.meets(PosSet::PARTICIPLE)
            && !verb.meets(PosSet::NOMINAL | PosSet::ADVERB | PosSet::BASE)
            && matches!(
                view.lower(after + 1),
                "by" | "in" | "at" | "from" | "on" | "under" | "for" | "during" | "as" | "into" | "to" | "with" | "within" | "through" | "throughout" | "between" | "against" | "after" | "before" | "using" | "above" | "below"
            )
            // "a problem that was solved by": with one word the present participle might be a state.
            && !matches!(view.lower(after), "concerned" | "supposed" | "going" | "used" if view.lower(after + 1) == "to" || view.lower(after) == "concerned");
        let active = verb.within(PosSet::ING)
            && matches!(view.lower(at + 3), "in" | "at" | "on" | "for" | "from" | "with")
            && !matches!(view.lower(at + 2), "going" | "being" | "having");
        if !(those || noun) || !(passive || active) || (word == "that" && content(view, tokens, at)) {
            continue;
        }
        let mut forms: Vec<Cow<'_, str>> = vec![Cow::Owned(format!("{word} {be}")), Cow::Borrowed("")];
        let mut labels = vec!["relative clause", "participle"];
        if word == "which" && !added || (word == "that" && view.gates.defining_which) {
            let other = if word == "which" { "that" } else { "which" };
            forms.push(Cow::Owned(format!("{other} {be}")));
            labels = vec![if word == "which" { "which" } else { "that" }, "participle", other];
        }
        out.push(Proposal {
            class: "rel-reduce",
            tier: Tier::Strict,
            tokens: at..at + 2,
            bytes: None,
            forms,
            labels,
            original: 0,
            desk: None,
            rank: 71,
            exact: false,
            shares: Vec::new(),
        });
    }
}

/// Whether a token can be what a defining relative clause with which/that goes with.
fn antecedent(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    let pos = view.pos(at);
    if !view.is_word(at)
        || view.capital(at)
        || !pos.meets(PosSet::NOMINAL)
        || pos.meets(
            PosSet::PERSON
                | PosSet::PREPOSITION
                | PosSet::DETERMINER
                | PosSet::WH
                | PosSet::AUXILIARY
                | PosSet::SUBJECT,
        )
        || matches!(
            view.lower(at),
            "one" | "people" | "means" | "other" | "others" | "same" | "personnel" | "family" | "team"
        )
    {
        return false;
    }
    // "this intervention, which …" is identified already: there a clause only adds, whatever its comma says.
    if (sentence.start.max(at.saturating_sub(4))..at).any(|i| matches!(view.lower(i), "this" | "these")) {
        return false;
    }
    // A word that can be a verb is a noun here only if its own left neighbour says so.
    let verbal = pos.meets(PosSet::BASE | PosSet::S_FORM | PosSet::PAST | PosSet::ADVERB | PosSet::ADJECTIVE);
    let left = view.pos(at - 1);
    let led = left.meets(PosSet::DETERMINER | PosSet::PREPOSITION | PosSet::NUMBER)
        || (left.meets(PosSet::ADJECTIVE) && !left.meets(PosSet::BASE | PosSet::PAST));
    at > sentence.start && (!verbal || (led && !left.meets(PosSet::TO) && view.lower(at - 1) != "to"))
}

/// Whether another relative of the same kind is coordinated with this one, which must stay parallel.
fn again(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    (sentence.start..sentence.end - 1).any(|i| {
        i != at
            && matches!(view.lower(i), "and" | "or" | "but")
            && matches!(view.lower(i + 1), "which" | "that" | "who" | "whose")
    })
}

/// Whether a finite verb stands at `at`, adverbs aside.
fn verb_after(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    let Some(verb) = (at..sentence.end.min(at + 3)).find(|&i| !adverb(view, i)) else { return false };
    let pos = view.pos(verb);
    view.is_word(verb)
        && (pos.meets(PosSet::AUXILIARY)
            || (pos.meets(PosSet::S_FORM) && !pos.meets(PosSet::PLURAL))
            || (pos.meets(PosSet::S_FORM) && next_opens(view, sentence, verb + 1))
            || (pos.meets(PosSet::PAST) && !pos.meets(PosSet::NOMINAL | PosSet::BASE)))
}

fn next_opens(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    at < sentence.end
        && view.is_word(at)
        && view.pos(at).meets(PosSet::DETERMINER | PosSet::PREPOSITION | PosSet::OBJECT | PosSet::TO)
        && !view.pos(at).meets(PosSet::AUXILIARY)
}

fn adverb(view: &View<'_>, at: usize) -> bool {
    view.is_word(at) && view.pos(at).within(PosSet::ADVERB) && view.lower(at).ends_with("ly")
        || matches!(
            view.lower(at),
            "also" | "now" | "still" | "often" | "never" | "always" | "already" | "not"
        )
}

/// Whether a pronoun and a finite verb follow: the relative is the clause's object.
fn subject_after(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    matches!(view.lower(at), "he" | "she" | "they" | "we" | "i" | "it")
        && at + 1 < sentence.end
        && view.is_word(at + 1)
        && view.pos(at + 1).meets(PosSet::FINITE)
        && !view.lower(at).contains('\'')
}

/// Whether a determiner follows, which after "which" and a noun can only start the relative clause's subject.
fn determined(view: &View<'_>, at: usize) -> bool {
    matches!(
        view.lower(at),
        "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "their"
            | "its"
            | "our"
            | "this"
            | "these"
            | "some"
            | "many"
            | "most"
    )
}

/// Whether "that" may open a content clause, a result clause, a cleft or a relative that only takes "that".
fn content(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    if CONTENT_NOUNS.contains(&view.lower(at - 1)) {
        return true;
    }
    let first = view.lower(sentence.start);
    if matches!(first, "it" | "it's" | "is") {
        return true;
    }
    let near = sentence.start.max(at.saturating_sub(12))..at - 1;
    if near.clone().any(|i| matches!(view.lower(i), "so" | "such" | "it" | "it's" | "enough")) {
        return true;
    }
    (sentence.start.max(at.saturating_sub(5))..at - 1)
        .rev()
        .take_while(|&i| view.is_word(i) && !view.pos(i).meets(PosSet::AUXILIARY))
        .any(|i| {
            let pos = view.pos(i);
            (pos.meets(PosSet::SUPERLATIVE)
                && !pos.within(PosSet::NOUN | PosSet::ADJECTIVE | PosSet::SUPERLATIVE)
                || matches!(
                    view.lower(i),
                    "only"
                        | "all"
                        | "those"
                        | "any"
                        | "every"
                        | "everything"
                        | "nothing"
                        | "anything"
                        | "something"
                        | "first"
                        | "last"
                        | "most"
                        | "best"
                        | "no"
                        | "same"
                        | "very"
                        | "much"
                        | "little"
                        | "few"
                        | "told"
                        | "showed"
                        | "warned"
                        | "assured"
                        | "convinced"
                        | "informed"
                        | "reminded"
                        | "believe"
                        | "said"
                        | "persuaded"
                        | "tell"
                        | "remind"
                        | "show"
                        | "evident"
                        | "clear"
                        | "than"
                        | "as"
                ))
                || view.lower(i).ends_with("est")
        })
}

/// Whether the antecedent is introduced by "the", "a" or a possessive, so that a content clause is unlikely.
fn concrete(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    (sentence.start.max(at.saturating_sub(4))..at - 1)
        .any(|i| matches!(view.lower(i), "the" | "a" | "an" | "this" | "these"))
}
