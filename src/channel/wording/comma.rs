//! The optional comma after a phrase that opens a sentence: inserted freely, taken away only as a proposal.

use std::borrow::Cow;
use std::ops::Range;

use super::proposal::{Proposal, starts_sentence};
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// Nouns that make a prepositional phrase one of time.
const TIMES: &[&str] = &[
    "years",
    "days",
    "weeks",
    "months",
    "decades",
    "centuries",
    "hours",
    "minutes",
    "war",
    "century",
    "decade",
    "period",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "winter",
    "summer",
    "spring",
    "autumn",
    "fall",
    "1950s",
    "1960s",
    "1970s",
    "1980s",
    "1990s",
    "2000s",
    "2010s",
    "2020s",
    "then",
    "election",
    "past",
    "cases",
    "instances",
    "respects",
    "ways",
    "end",
    "beginning",
    "start",
    "outset",
    "meantime",
    "interim",
    "future",
    "stage",
    "point",
    "conference",
    "meeting",
    "year's",
    "countries",
    "states",
    "areas",
    "places",
    "morning",
    "afternoon",
    "evening",
];

const ADVERBS: &[&str] = &[
    "today",
    "thus",
    "therefore",
    "meanwhile",
    "moreover",
    "furthermore",
    "nevertheless",
    "nonetheless",
    "recently",
    "eventually",
    "finally",
    "sometimes",
    "usually",
    "generally",
    "gradually",
    "traditionally",
    "historically",
    "initially",
    "originally",
    "ultimately",
    "instead",
    "similarly",
    "consequently",
    "unfortunately",
    "fortunately",
    "afterwards",
    "afterward",
    "subsequently",
    "previously",
    "currently",
    "nowadays",
    "typically",
    "normally",
    "occasionally",
    "yesterday",
    "additionally",
    "likewise",
    "otherwise",
];

/// A comma that may be put in, or (normal) left out.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    let start = tokens.start;
    if tokens.len() < 6 || !starts_sentence(view, tokens, start) || !view.is_word(start) || view.shouts(start)
    {
        return;
    }
    if ADVERBS.contains(&view.lower(start)) {
        let comma = view.word(start + 1) == ",";
        let next = start + 1 + usize::from(comma);
        if subject(view, tokens, next) && !comma {
            out.push(insert(view, next, Tier::Strict));
        }
        return;
    }
    let last_year = matches!(view.lower(start), "last" | "this" | "next")
        && matches!(
            view.lower(start + 1),
            "year" | "week" | "month" | "summer" | "spring" | "autumn" | "winter" | "fall"
        );
    if last_year && subject(view, tokens, start + 2) && view.lower(start) == "last" {
        out.push(insert(view, start + 2, Tier::Strict));
        return;
    }
    if !matches!(
        view.lower(start),
        "in" | "on"
            | "at"
            | "during"
            | "after"
            | "since"
            | "by"
            | "for"
            | "before"
            | "throughout"
            | "until"
            | "within"
            | "from"
            | "over"
    ) {
        return;
    }
    let Some(head) = phrase_end(view, tokens, start + 1) else { return };
    if head + 3 >= tokens.end {
        return;
    }
    if view.word(head + 1) == "," {
        if head - start <= 4 && subject(view, tokens, head + 2) && time(view, head) {
            // Two or three words of time take the comma or leave it; after more, leaving it out is a matter of taste.
            let short = head == start + 1;
            out.push(drop_comma(view, head + 1, if short { Tier::Strict } else { Tier::Normal }));
        }
        return;
    }
    if subject(view, tokens, head + 1) && time(view, head) && !relative_risk(view, start + 1, head) {
        out.push(insert(view, head + 1, Tier::Strict));
    }
}

/// The last token of the noun phrase from `at`, if a subject or comma follows it.
fn phrase_end(view: &View<'_>, tokens: &Range<usize>, at: usize) -> Option<usize> {
    let mut end = None;
    for i in at..tokens.end.min(at + 6) {
        let pos = view.pos(i);
        if view.is_mark(i) {
            break;
        }
        if i > at
            && (matches!(view.lower(i), "he" | "she" | "it" | "they" | "we" | "i" | "there")
                || pos.meets(PosSet::DETERMINER) && !pos.meets(PosSet::NUMBER))
            && end.is_some()
        {
            break;
        }
        if pos.meets(PosSet::ING | PosSet::AUXILIARY | PosSet::WH | PosSet::CONJUNCTION)
            || (pos.meets(PosSet::PREPOSITION) && !matches!(view.lower(i), "past"))
        {
            return None;
        }
        end = (pos.meets(PosSet::NOMINAL | PosSet::NUMBER) || TIMES.contains(&view.lower(i))).then_some(i);
    }
    end
}

fn time(view: &View<'_>, head: usize) -> bool {
    let word = view.lower(head);
    TIMES.contains(&word)
        || (word.len() == 4 && word.starts_with(['1', '2']) && word.bytes().all(|b| b.is_ascii_digit()))
}

/// "In the days they spent" reads on as a relative clause; a phrase with plain "the" before its head might.
fn relative_risk(view: &View<'_>, from: usize, head: usize) -> bool {
    let definite = view.lower(from) == "the" && head == from + 1;
    definite
        && !matches!(
            view.lower(head),
            "1950s"
                | "1960s"
                | "1970s"
                | "1980s"
                | "1990s"
                | "2000s"
                | "2010s"
                | "2020s"
                | "past"
                | "end"
                | "beginning"
                | "start"
                | "outset"
                | "meantime"
                | "interim"
                | "future"
                | "summer"
                | "winter"
                | "spring"
                | "autumn"
                | "fall"
        )
        || (definite
            && matches!(view.lower(head + 1), "it" | "they" | "he" | "she" | "we" | "i")
            && matches!(view.lower(head), "start" | "beginning"))
}

/// Whether a main clause's subject starts here.
fn subject(view: &View<'_>, tokens: &Range<usize>, at: usize) -> bool {
    if at + 2 >= tokens.end || view.capital(at) && view.lower(at) != "i" || !view.spaced(at) {
        return false;
    }
    match view.lower(at) {
        "he" | "she" | "it" | "they" | "we" | "i" | "there" => {
            view.pos(at + 1).meets(PosSet::FINITE) && view.is_word(at + 1)
        }
        "the" | "this" | "these" | "his" | "her" | "their" | "its" | "our" | "a" | "an" | "many" | "most"
        | "some" | "several" => {
            view.is_word(at + 1) && view.pos(at + 1).meets(PosSet::NOMINAL | PosSet::ADJECTIVE)
        }
        _ => false,
    }
}

fn insert<'r>(view: &View<'_>, next: usize, tier: Tier) -> Proposal<'r> {
    site(view, next - 1, next, tier, "comma-intro", 1)
}

fn drop_comma<'r>(view: &View<'_>, comma: usize, tier: Tier) -> Proposal<'r> {
    let mut proposal = site(view, comma - 1, comma + 1, tier, "comma-drop", 0);
    proposal.rank = 30;
    proposal
}

/// A site on the gap and the word after it: the phrase itself may hold a figure, which is never touched.
fn site<'r>(
    view: &View<'_>,
    before: usize,
    next: usize,
    tier: Tier,
    class: &'static str,
    original: usize,
) -> Proposal<'r> {
    let word = view.word(next);
    Proposal {
        class,
        tier,
        tokens: before + 1..next + 1,
        bytes: Some(view.analysis.tokens[before].range.end..view.analysis.tokens[next].range.end),
        forms: vec![Cow::Owned(format!(", {word}")), Cow::Owned(format!(" {word}"))],
        labels: vec!["comma", "no comma"],
        original,
        desk: None,
        rank: 48,
        exact: true,
        shares: Vec::new(),
    }
}
