//! The comma before "and", "but" and "or" where they join two clauses or two verbs of one subject.

use std::ops::Range;

use super::boundary::{is_clause, opens_clause};
use super::pause::comma_site;
use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// How the item's author joins clauses.
pub(super) struct Coordination {
    /// Clauses joined with a comma before "and".
    with: u32,
    /// And without.
    without: u32,
}

impl Coordination {
    /// Counts the author's habit.
    pub(super) fn new(view: &View<'_>, sentences: &[Sentence]) -> Self {
        let mut habit = Self { with: 0, without: 0 };
        for sentence in sentences {
            let tokens = &sentence.tokens;
            for at in tokens.start + 3..tokens.end.saturating_sub(3) {
                if view.lower(at) != "and" || !opens_clause(view, &(at + 1..tokens.end)) {
                    continue;
                }
                let comma = view.word(at - 1) == ",";
                if main(view, &(tokens.start..at - usize::from(comma))) {
                    *(if comma { &mut habit.with } else { &mut habit.without }) += 1;
                }
            }
        }
        habit
    }

    /// Every comma that may come or go before a joined clause or verb.
    pub(super) fn find(&self, view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
        let tokens = &sentence.tokens;
        if view.word(tokens.end - 1) != "." {
            return;
        }
        for at in tokens.start + 3..tokens.end.saturating_sub(3) {
            let word = view.lower(at);
            if !matches!(word, "and" | "but") || view.capital(at) || !view.spaced(at) {
                continue;
            }
            let comma = view.word(at - 1) == ",";
            let own = at - usize::from(comma);
            let left = tokens.start..own;
            let right = at + 1..tokens.end;
            if !view.is_word(own - 1) || !is_even(view, tokens, own, at) || !main(view, &left) {
                continue;
            }
            let pronoun = view.pos(at + 1).meets(PosSet::SUBJECT)
                || matches!(view.lower(at + 1), "this" | "these" | "that" | "those" | "i" | "you");
            let clause = if pronoun {
                opens_clause(view, &right)
                    || matches!(view.lower(at + 1), "i" | "you" | "that")
                        && view.pos(at + 2).meets(PosSet::AUXILIARY)
                        && !view.lower(at + 2).contains('\'')
            } else {
                noun_clause(view, &right) && has_auxiliary(view, &left)
            };
            if clause && !comma {
                // An author who never writes it has chosen so.
                if self.with == 0 && self.without > 2 {
                    continue;
                }
                out.push(comma_site(view, own, at, Tier::Strict, "comma-clause", false));
            } else if clause && word == "and" && pronoun {
                super::boundary::joined(view, own, tokens, out);
                if self.without > 0 && left.len() < 9 && right.len() < 9 {
                    out.push(comma_site(view, own, at, Tier::Normal, "comma-clause", true));
                }
            } else if (word == "but" || comma)
                && left.len() <= 20
                && !left.clone().any(|i| view.pos(i).meets(PosSet::NEGATION))
                && !left
                    .clone()
                    .any(|i| view.is_mark(i) && view.word(i) == "," || matches!(view.lower(i), "and" | "or"))
                && joins_verbs(view, &left, at + 1)
            {
                // "concerned with the efforts, and required information": what looks like a past may be a participle.
                let verb = view.pos(at + 1);
                let clear = word == "but" || !verb.meets(PosSet::PAST) || !verb.meets(PosSet::PARTICIPLE);
                let tier = if clear { Tier::Strict } else { Tier::Normal };
                out.push(comma_site(view, own, at, tier, "comma-verb", comma));
            }
        }
    }
}

/// Whether the only marks are words' own, the stop, an early comma, and the one at the joint.
fn is_even(view: &View<'_>, tokens: &Range<usize>, own: usize, at: usize) -> bool {
    let introduction = tokens.start + 6;
    tokens.clone().all(|i| {
        !view.is_mark(i)
            || matches!(view.word(i), "." | "’" | "'" | "%" | "$" | "£" | "-" | "/")
            || (view.word(i) == ","
                && (i == own && own != at || i < introduction && i + 4 < own || own == at && i > at + 4))
    })
}

/// Whether a run is a main clause with nothing hanging on it that a joined clause could belong to.
fn main(view: &View<'_>, left: &Range<usize>) -> bool {
    let first = view.pos(left.start);
    left.len() >= 4
        && (first.meets(PosSet::PREPOSITION) || !first.meets(PosSet::SUBORDINATOR | PosSet::WH))
        && is_clause(view, left)
        && !left.clone().any(|i| {
            let word = view.lower(i);
            matches!(
                word,
                "that"
                    | "who"
                    | "which"
                    | "whose"
                    | "whom"
                    | "where"
                    | "when"
                    | "why"
                    | "how"
                    | "what"
                    | "if"
                    | "whether"
                    | "because"
                    | "although"
                    | "though"
                    | "while"
                    | "since"
                    | "unless"
                    | "until"
                    | "so"
                    | "than"
                    | "both"
                    | "either"
                    | "between"
                    | "said"
                    | "says"
                    | "think"
                    | "believe"
                    | "thought"
                    | "believed"
                    | "hope"
                    | "know"
                    | "knew"
                    | "felt"
                    | "before"
                    | "after"
                    | "wish"
                    | "let"
                    | "neither"
                    | "nor"
                    | "only"
                    | "suppose"
                    | "assume"
                    | "make"
                    | "ensure"
                    | "see"
            ) && !(word == "that" && i == left.start)
        })
}

/// Whether a short noun phrase and its auxiliary start here: no second object of the verb to the left.
fn noun_clause(view: &View<'_>, right: &Range<usize>) -> bool {
    let first = view.pos(right.start);
    let bare = first.meets(PosSet::PLURAL)
        && !first.meets(PosSet::S_FORM | PosSet::DETERMINER | PosSet::PREPOSITION | PosSet::ADVERB)
        && view.pos(right.start + 1).meets(PosSet::AUXILIARY);
    let named = view.capital(right.start) && view.is_word(right.start + 1);
    let led = bare
        || named
        || matches!(
            view.lower(right.start),
            "the"
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
                | "no"
                | "a"
                | "an"
                | "all"
                | "each"
                | "several"
                | "your"
        );
    let mut noun = bare || named;
    for at in right.start + 1..right.end.min(right.start + 7) {
        let pos = view.pos(at);
        if pos.meets(PosSet::AUXILIARY) {
            return led
                && noun
                && !matches!(view.lower(at), "be" | "been" | "being" | "having")
                && !view.lower(at).contains('\'');
        }
        let inside = pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::POSSESSIVE)
            || view.lower(at) == "of"
            || view.lower(at) == "the";
        if !view.is_word(at) || !inside || pos.meets(PosSet::SUBJECT | PosSet::WH) {
            return false;
        }
        noun = pos.meets(PosSet::NOMINAL);
    }
    false
}

/// Whether an auxiliary that can carry the clause stands in it.
fn has_auxiliary(view: &View<'_>, left: &Range<usize>) -> bool {
    left.clone().skip(1).any(|i| {
        view.pos(i).meets(PosSet::AUXILIARY) && !matches!(view.lower(i), "be" | "been" | "being" | "having")
    })
}

/// Whether a finite verb at `at`, perhaps after an adverb, goes on with the subject of the clause to its left.
fn joins_verbs(view: &View<'_>, left: &Range<usize>, at: usize) -> bool {
    let verb = at + usize::from(view.pos(at).within(PosSet::ADVERB));
    let pos = view.pos(verb);
    if !view.is_word(verb) || view.is_mark(verb + 1) || view.capital(verb) {
        return false;
    }
    // "we're", "it's": a subject of its own.
    let whole = view.lower(verb);
    if whole.contains('\'') && !whole.ends_with("n't") || pos.meets(PosSet::SUBJECT) {
        return false;
    }
    let same = |set: PosSet, not: PosSet| {
        pos.meets(set)
            && !pos.meets(not)
            && left.clone().skip(1).any(|i| view.pos(i).meets(set) && !view.pos(i).meets(not))
    };
    same(PosSet::S_FORM, PosSet::PLURAL)
        || same(PosSet::PAST, PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::BASE)
        || (pos.meets(PosSet::AUXILIARY)
            && !matches!(view.lower(verb), "be" | "been" | "being" | "having" | "have" | "do")
            && left.clone().skip(1).any(|i| view.pos(i).meets(PosSet::AUXILIARY | PosSet::S_FORM)))
}
