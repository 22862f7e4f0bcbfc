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

/// Short openers that take a comma or none as the author likes.
const SHORT: &[&str] = &["then", "next", "first", "second", "here", "often"];

/// Adverbs whose comma may go as well as come.
const LOOSE: &[&str] = &[
    "today",
    "thus",
    "recently",
    "sometimes",
    "usually",
    "occasionally",
    "currently",
    "eventually",
    "originally",
    "initially",
    "traditionally",
    "previously",
    "gradually",
    "yesterday",
    "typically",
    "ultimately",
    "normally",
    "generally",
    "therefore",
];

/// How the item's author opens sentences.
pub(super) struct Introductions {
    with: u32,
    without: u32,
}

/// An opening phrase: its last token, and how far its comma is a matter of taste.
struct Opening {
    head: usize,
    put: Option<Tier>,
    drop: Option<Tier>,
}

impl Introductions {
    /// Counts the author's habit.
    pub(super) fn new(view: &View<'_>, sentences: &[Sentence]) -> Self {
        let mut habit = Self { with: 0, without: 0 };
        for sentence in sentences {
            let Some(opening) = opening(view, &sentence.tokens) else { continue };
            let comma = view.word(opening.head + 1) == ",";
            if subject(view, &sentence.tokens, opening.head + 1 + usize::from(comma)) {
                *(if comma { &mut habit.with } else { &mut habit.without }) += 1;
            }
        }
        habit
    }

    /// A comma that may be put in or left out after what opens the sentence.
    pub(super) fn find(&self, view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
        let tokens = &sentence.tokens;
        let Some(opening) = opening(view, tokens) else { return };
        let head = opening.head;
        let comma = view.word(head + 1) == ",";
        if !subject(view, tokens, head + 1 + usize::from(comma)) {
            return;
        }
        if comma {
            // Where the author always writes it, one that is missing would stand out.
            let consistent = self.without == 0 && self.with > 4;
            if let Some(tier) = opening.drop
                && !consistent
            {
                out.push(drop_comma(view, head + 1, tier));
            }
        } else if let Some(tier) = opening.put
            && !(self.with == 0 && self.without > 4)
        {
            out.push(insert(view, head + 1, tier));
        }
    }
}

/// What opens a sentence, if it is of a kind that a comma may follow.
fn opening(view: &View<'_>, tokens: &Range<usize>) -> Option<Opening> {
    let start = tokens.start;
    if tokens.len() < 6 || !starts_sentence(view, tokens, start) || !view.is_word(start) || view.shouts(start)
    {
        return None;
    }
    let word = view.lower(start);
    if SHORT.contains(&word) {
        // "Then it came", "Here they are", "First the one, then the other" are no steps of an account.
        let put = if matches!(word, "often" | "next") { Tier::Strict } else { Tier::Normal };
        let drop = match word {
            "then" | "often" => Some(Tier::Strict),
            "here" => Some(Tier::Normal),
            _ => None,
        };
        let shown = word == "here" && view.pos(start + 2).meets(PosSet::BE);
        return (!shown).then_some(Opening { head: start, put: Some(put), drop });
    }
    if ADVERBS.contains(&word) {
        let drop = LOOSE.contains(&word).then_some(Tier::Normal);
        return Some(Opening { head: start, put: Some(Tier::Strict), drop });
    }
    let period = matches!(
        view.lower(start + 1),
        "year"
            | "week"
            | "month"
            | "summer"
            | "spring"
            | "autumn"
            | "winter"
            | "fall"
            | "time"
            | "day"
            | "night"
    );
    if period && matches!(word, "last" | "each" | "every" | "one" | "some") && view.lower(start + 1) != "time"
    {
        return Some(Opening { head: start + 1, put: Some(Tier::Strict), drop: Some(Tier::Normal) });
    }
    if !matches!(
        word,
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
            | "under"
            | "with"
            | "without"
            | "despite"
            | "through"
    ) {
        return None;
    }
    let head = phrase_end(view, tokens, start + 1)?;
    if head + 3 >= tokens.end {
        return None;
    }
    let comma = view.word(head + 1) == ",";
    let short = head - start <= 4;
    let pointed = matches!(
        view.lower(start + 1),
        "this" | "these" | "such" | "most" | "many" | "some" | "both" | "other"
    );
    let fixed = matches!(
        view.lower(head),
        "addition"
            | "contrast"
            | "fact"
            | "example"
            | "instance"
            | "particular"
            | "general"
            | "short"
            | "turn"
            | "sum"
            | "conclusion"
            | "course"
            | "comparison"
            | "all"
            | "rule"
            | "hand"
    );
    let dated = time(view, head);
    if comma {
        let drop = if !short
            || fixed
            || !(dated || pointed)
            || matches!(word, "with" | "without" | "from" | "through" | "under")
        {
            None
        } else if head == start + 1 && dated {
            Some(Tier::Strict)
        } else {
            Some(Tier::Normal)
        };
        return Some(Opening { head, put: None, drop });
    }
    let put = if dated
        && !matches!(word, "under" | "with" | "without" | "through")
        && !relative_risk(view, start + 1, head)
        || pointed && !fixed
    {
        Some(Tier::Strict)
    } else {
        None
    };
    Some(Opening { head, put, drop: None })
}

/// The last token of the noun phrase from `at`, if a subject or comma follows it.
fn phrase_end(view: &View<'_>, tokens: &Range<usize>, at: usize) -> Option<usize> {
    let mut end = None;
    for i in at..tokens.end.min(at + 9) {
        let pos = view.pos(i);
        if view.is_mark(i) {
            break;
        }
        // "the end of the year": the phrase goes on.
        if view.lower(i) == "of" && end.is_some() {
            end = None;
            continue;
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
        "he" | "she" | "it" | "they" | "we" | "i" | "there" | "you" => {
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
