//! A relative clause with no relative before its pronoun subject: "the report he wrote" / "the report that he wrote".

use std::ops::Range;

use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// "that" put before the pronoun.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let mut found = Vec::new();
    for at in tokens.start + 2..tokens.end.saturating_sub(2) {
        if !matches!(view.lower(at), "he" | "she" | "they" | "we" | "you" | "i" | "it")
            || view.capital(at) && view.lower(at) != "i"
            || view.lower(at).contains('\'')
            || !view.is_word(at - 1)
            || !verb(view, at + 1)
        {
            continue;
        }
        if let Some(first) = noun(view, tokens, at - 1)
            && governed(view, tokens, first)
        {
            found.push(at);
        }
    }
    // "the questions you ask and the tasks you observe": one "that" would break the parallel.
    if let [at] = found[..] {
        out.push(super::complement::inserted(view, at, Tier::Strict, "rel-ins"));
    }
}

pub(super) fn verb(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    // "the best code I can." lacks its verb.
    let whole = !pos.meets(PosSet::AUXILIARY)
        || view.is_word(at + 1)
        || matches!(view.lower(at), "have" | "had" | "has");
    view.is_word(at)
        && whole
        && pos.meets(PosSet::FINITE)
        && !pos.meets(PosSet::PREPOSITION | PosSet::DETERMINER)
        && (pos.meets(PosSet::AUXILIARY)
            || !pos.meets(PosSet::NOMINAL)
            || pos.meets(PosSet::BASE | PosSet::PAST))
}

/// The determiner of the noun phrase that ends at `head`.
pub(super) fn noun(view: &View<'_>, tokens: &Range<usize>, head: usize) -> Option<usize> {
    let pos = view.pos(head);
    if !pos.meets(PosSet::NOMINAL)
        || pos.meets(
            PosSet::PREPOSITION
                | PosSet::DETERMINER
                | PosSet::AUXILIARY
                | PosSet::WH
                | PosSet::SUBJECT
                | PosSet::OBJECT,
        )
        || pos.meets(PosSet::ADVERB)
        || view.capital(head)
        || matches!(
            view.lower(head),
            "way"
                | "ways"
                | "time"
                | "times"
                | "moment"
                | "day"
                | "week"
                | "year"
                | "month"
                | "years"
                | "days"
                | "minute"
                | "reason"
                | "reasons"
                | "place"
                | "instant"
                | "night"
                | "morning"
                | "case"
                | "cases"
                | "degree"
                | "extent"
                | "one"
                | "other"
                | "others"
                | "same"
                | "first"
                | "last"
                | "people"
                | "man"
                | "men"
                | "woman"
                | "women"
                | "person"
                | "fact"
                | "idea"
                | "sense"
                | "belief"
                | "feeling"
                | "afternoon"
                | "evening"
                | "hour"
                | "hours"
                | "point"
                | "thing"
                | "chance"
                | "amount"
                | "more"
                | "less"
                | "most"
                | "weeks"
                | "months"
                | "season"
                | "summer"
                | "winter"
        )
    {
        return None;
    }
    for at in (tokens.start.max(head.saturating_sub(3))..head).rev() {
        let pos = view.pos(at);
        if matches!(
            view.lower(at),
            "the"
                | "any"
                | "every"
                | "a"
                | "an"
                | "those"
                | "no"
                | "all"
                | "each"
                | "some"
                | "many"
                | "other"
                | "several"
                | "new"
                | "two"
                | "three"
                | "more"
                | "few"
                | "these"
                | "this"
        ) {
            return Some(at);
        }
        if !view.is_word(at)
            || !pos.meets(PosSet::ADJECTIVE | PosSet::NOUN)
            || pos.meets(PosSet::PREPOSITION | PosSet::AUXILIARY | PosSet::DETERMINER)
        {
            return None;
        }
    }
    None
}

/// Whether the phrase is an object or subject of its clause and no introduction before another subject.
pub(super) fn governed(view: &View<'_>, tokens: &Range<usize>, first: usize) -> bool {
    let left = tokens.start..first;
    if left.is_empty() {
        return false;
    }
    // "In the report he wrote": the phrase may be an introduction.
    let own = view.pos(tokens.start);
    let opens = own.meets(PosSet::PREPOSITION | PosSet::SUBORDINATOR | PosSet::WH | PosSet::TO | PosSet::ING);
    let comma = left.clone().any(|i| view.word(i) == ",");
    if opens && !comma {
        return false;
    }
    let from = left.clone().rev().find(|&i| view.is_mark(i)).map_or(tokens.start, |i| i + 1);
    let near = from..first;
    let before = view.pos(first - 1);
    // A verb or "of" and the like right before, and no verb of telling or thinking that takes both an object and a clause.
    !near.is_empty()
        && !near.clone().any(|i| {
            matches!(
                view.lower(i),
                "when"
                    | "if"
                    | "because"
                    | "as"
                    | "while"
                    | "where"
                    | "although"
                    | "though"
                    | "since"
                    | "until"
                    | "after"
                    | "before"
                    | "told"
                    | "tell"
                    | "tells"
                    | "telling"
                    | "asked"
                    | "convinced"
                    | "assured"
                    | "reminded"
                    | "warned"
                    | "shows"
                    | "show"
                    | "showed"
                    | "once"
                    | "than"
                    | "what"
                    | "that"
                    | "which"
                    | "whether"
                    | "said"
                    | "so"
                    | "such"
                    | "whatever"
                    | "how"
                    | "unless"
                    | "whenever"
            )
        })
        && (before.meets(PosSet::BASE | PosSet::S_FORM | PosSet::PAST | PosSet::ING | PosSet::BE)
            || matches!(
                view.lower(first - 1),
                "of" | "with"
                    | "to"
                    | "for"
                    | "on"
                    | "in"
                    | "about"
                    | "from"
                    | "by"
                    | "and"
                    | "all"
                    | "is"
                    | "are"
                    | "was"
                    | "were"
            ))
        && near.clone().any(|i| view.pos(i).meets(PosSet::FINITE | PosSet::ING))
}
