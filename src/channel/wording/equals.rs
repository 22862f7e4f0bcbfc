//! The order of equals: "schools and hospitals" or "hospitals and schools", "food, fuel and water" or "fuel, water
//! and food".
//!
//! Equals are words of one kind that nothing else binds: no modifier that would reach over one of them only, no tail
//! that belongs to the second, no order that use, time, size or rank prescribes. A series is varied by rotation, every
//! item at a place of its own, so that the commas and the conjunction between them stay free for the style of the
//! item.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::proposal::{Candidate, Proposal};
use super::view::{Sentence, View};
use crate::channel::{Channel, Place, Site, Tier, equal_weights};
use crate::language::pos::PosSet;

/// Pairs whose order is fixed by use, first word first.
const FROZEN: &str = include_str!("rules/binomials.txt");

/// Words that stand on one scale of time, size, rank or process, a scale a line, singulars: their order says something.
const SCALES: &str = include_str!("rules/scales.txt");

/// The most items of a series.
const ITEMS_MAX: usize = 6;

/// Words that are no equal of anything, or that point at what stands before them.
#[rustfmt::skip]
const UNEQUAL: &[&str] = &[
    "other", "others", "such", "same", "more", "most", "many", "several", "various", "different", "own",
    "only", "thing", "things", "stuff", "etc", "everything", "anything", "something", "nothing", "else",
    "beyond", "then", "similar", "related", "relevant", "associated", "subsequent", "resulting",
    "corresponding", "respective", "part", "kind", "sort", "type", "number", "rest", "even", "thereby",
    "therefore", "hence", "possibly", "hopefully", "probably", "perhaps", "especially", "particularly",
    "mainly", "eventually", "finally", "ultimately", "simply", "actually", "really", "additional",
    "further", "above", "below", "less", "well", "consequently", "subsequently", "accordingly",
    "importantly", "necessarily", "presumably", "friends", "time", "family", "families",
];

/// Forms in -ing that take no object, or one by a preposition.
#[rustfmt::skip]
const LEANING: &[&str] = &[
    "waiting", "going", "coming", "looking", "thinking", "talking", "working", "sitting", "standing",
    "listening", "living", "being", "having", "participating", "engaging", "focusing", "relying",
    "responding", "arriving", "running", "walking", "speaking", "falling", "growing", "rising", "existing",
    "collaborating", "communicating",
];

/// What orders of equals may not touch in an item.
pub(super) struct Equals {
    frozen: BTreeSet<(&'static str, &'static str)>,
    scales: BTreeMap<&'static str, Vec<usize>>,
    /// Pairs that the item says more than once: terms, whose order stays.
    repeated: BTreeSet<(String, String)>,
}

impl Equals {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut scales: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (line, words) in SCALES.lines().enumerate() {
            words.split(' ').for_each(|word| scales.entry(word).or_default().push(line));
        }
        let mut seen = BTreeSet::new();
        let mut repeated = BTreeSet::new();
        for at in 1..view.analysis.tokens.len().saturating_sub(1) {
            if is_joint(view, at) {
                let (a, b) = (view.lower(at - 1), view.lower(at + 1));
                if !seen.insert((a.min(b), a.max(b))) {
                    repeated.insert((a.min(b).to_owned(), a.max(b).to_owned()));
                }
            }
        }
        Self { frozen: FROZEN.lines().filter_map(|pair| pair.split_once(' ')).collect(), scales, repeated }
    }

    /// Pairs as proposals, series as finished sites.
    pub(super) fn find(
        &self,
        view: &View<'_>,
        sentence: &Sentence,
        out: &mut Vec<Proposal<'_>>,
        series: &mut Vec<Candidate>,
    ) {
        let tokens = &sentence.tokens;
        let pointing = tokens.clone().any(|at| {
            matches!(view.lower(at), "respectively" | "former" | "latter" | "vice" | "versa" | "alphabetical")
        });
        if sentence.normative || pointing {
            return;
        }
        for at in tokens.start + 1..tokens.end.saturating_sub(2) {
            if !is_joint(view, at) || !view.spaced(at) || !view.spaced(at + 1) {
                continue;
            }
            if let Some(candidate) = self.series(view, sentence, at) {
                series.push(candidate);
            } else if let Some((class, first, last)) = self.pair(view, sentence, at) {
                out.push(proposal(view, class, first, at, last));
            }
        }
    }

    /// Whether use, a scale or the item itself binds the order of two words.
    fn bound(&self, a: &str, b: &str) -> bool {
        let on = |word: &str| {
            self.scales
                .get(word)
                .or_else(|| word.strip_suffix('s').and_then(|stem| self.scales.get(stem)))
                .map_or(&[][..], Vec::as_slice)
        };
        self.frozen.contains(&(a, b))
            || self.frozen.contains(&(b, a))
            || self.repeated.contains(&(a.min(b).to_owned(), a.max(b).to_owned()))
            || on(a).iter().any(|line| on(b).contains(line))
    }

    fn pair(&self, view: &View<'_>, sentence: &Sentence, at: usize) -> Option<(&'static str, usize, usize)> {
        let (a, b) = (at - 1, at + 1);
        let start = sentence.tokens.start;
        if !plain(view, a, a == start) || view.is_mark(at - 1) {
            return None;
        }
        if view.pos(b).meets(PosSet::DETERMINER) && !view.pos(b).meets(PosSet::NUMBER) {
            return self.determined(view, start, at);
        }
        if plain(view, b, false)
            && plain(view, b + 1, false)
            && let Some(found) = self.modified(view, start, at)
        {
            return Some(found);
        }
        if !plain(view, b, false) || self.bound(view.lower(a), view.lower(b)) {
            return None;
        }
        let kind = [Kind::Noun, Kind::Adjective, Kind::Ing, Kind::Adverb]
            .into_iter()
            .find(|kind| kind.holds(view, a) && kind.holds(view, b))?;
        (kind.opens(view, start, a) && kind.closes(view, b) && kind.agree(view, at)).then_some((
            kind.class(),
            a,
            b,
        ))
    }

    /// "the school and the hospital": a determiner each.
    fn determined(&self, view: &View<'_>, start: usize, at: usize) -> Option<(&'static str, usize, usize)> {
        const DETERMINERS: &[&str] =
            &["the", "a", "an", "his", "her", "its", "their", "our", "your", "my", "no"];
        let (first, last) = ((at - 1).checked_sub(1).filter(|&first| first >= start)?, at + 2);
        let (left, right) = (view.lower(first), view.lower(at + 1));
        let owned = view.pos(at + 1).meets(PosSet::POSSESSIVE);
        // No participle modifies what a determiner opens, so a past form is a verb here.
        let verb = first > start && (is_verb(view, first - 1) || is_past(view, first - 1));
        // Behind a noun and a preposition the pair may begin at that noun: "the size of the file and the name".
        let led = first > start + 1
            && view.pos(first - 1).meets(PosSet::PREPOSITION)
            && !matches!(view.lower(first - 1), "of" | "between" | "from" | "to" | "than" | "like" | "as")
            && !view.pos(first - 2).meets(PosSet::NOMINAL);
        let fits = DETERMINERS.contains(&left)
            && DETERMINERS.contains(&right)
            && (!owned || left == right)
            && plain(view, last, false)
            && Kind::Noun.holds(view, at - 1)
            && Kind::Noun.holds(view, last)
            && !self.bound(view.lower(at - 1), view.lower(last))
            && (first == start && view.pos(last + 1).meets(PosSet::AUXILIARY)
                || (verb || led) && ends(view, last + 1))
            && !(view.lower(at) == "or"
                && view.pos(at - 1).meets(PosSet::PLURAL) != view.pos(last).meets(PosSet::PLURAL));
        fits.then_some(("coord-DN", first, last))
    }

    /// "local schools and busy hospitals": an adjective each.
    fn modified(&self, view: &View<'_>, start: usize, at: usize) -> Option<(&'static str, usize, usize)> {
        let (first, last) = ((at - 1).checked_sub(1).filter(|&first| first > start)?, at + 2);
        let fits = plain(view, first, false)
            && [first, at + 1].into_iter().all(|i| Kind::Adjective.holds(view, i))
            && [at - 1, last].into_iter().all(|i| Kind::Noun.holds(view, i))
            && view.pos(at - 1).meets(PosSet::PLURAL) == view.pos(last).meets(PosSet::PLURAL)
            && view.lower(first) != view.lower(at + 1)
            && !self.bound(view.lower(at - 1), view.lower(last))
            && !self.bound(view.lower(first), view.lower(at + 1))
            && (is_verb(view, first - 1)
                || view.pos(first - 1).meets(PosSet::PREPOSITION)
                    && !matches!(view.lower(first - 1), "between" | "from" | "than" | "like" | "to"))
            && ends(view, last + 1);
        fits.then_some(("coord-MN", first, last))
    }

    /// Three to [`ITEMS_MAX`] single words of one kind.
    fn series(&self, view: &View<'_>, sentence: &Sentence, at: usize) -> Option<Candidate> {
        let start = sentence.tokens.start;
        let mut items = vec![at + 1];
        let mut item = if view.word(at - 1) == "," { at.checked_sub(2)? } else { at - 1 };
        loop {
            items.push(item);
            if items.len() > ITEMS_MAX {
                return None;
            }
            match item.checked_sub(2).filter(|&before| before > start && view.word(before + 1) == ",") {
                Some(before) => item = before,
                None => break,
            }
        }
        items.reverse();
        let first = items[0];
        if items.len() < 3 || first <= start || view.is_mark(first - 1) {
            return None;
        }
        let kind = [Kind::Noun, Kind::Adjective, Kind::Ing, Kind::Adverb]
            .into_iter()
            .find(|kind| items.iter().all(|&item| kind.holds(view, item)))?;
        let number = |item: usize| view.pos(item).meets(PosSet::PLURAL);
        let words: Vec<&str> = items.iter().map(|&item| view.lower(item)).collect();
        let bound = (0..words.len())
            .any(|i| words[..i].iter().any(|word| self.bound(word, words[i]) || *word == words[i]));
        // "In schools, teachers and pupils …": the first comma may close an opening phrase.
        let opening = (start..first).all(|i| view.is_word(i))
            && first - start <= 3
            && view.pos(start).meets(PosSet::PREPOSITION);
        let fits = items.iter().all(|&item| plain(view, item, false) && view.spaced(item))
            && !bound
            && !opening
            && !matches!(view.lower(first - 1), "a" | "an")
            && (kind != Kind::Noun || items.iter().all(|&item| number(item) == number(first)))
            && kind.opens(view, start, first)
            && (kind.closes(view, at + 1)
                || kind == Kind::Adjective && view.pos(at + 2).meets(PosSet::NOMINAL));
        fits.then(|| rotations(view, &items, kind)).flatten()
    }
}

/// Every item at its own place, all moving on together.
fn rotations(view: &View<'_>, items: &[usize], kind: Kind) -> Option<Candidate> {
    let words: Vec<&str> = items.iter().map(|&item| view.word(item)).collect();
    let turned = |by: usize| (0..words.len()).map(move |at| (at + by) % items.len());
    let places: Vec<Place> = items
        .iter()
        .enumerate()
        .map(|(at, &item)| Place {
            range: view.bytes(item..item + 1),
            forms: (0..words.len()).map(|by| words[(at + by) % words.len()].to_owned()).collect(),
        })
        .collect();
    if !places.iter().all(|place| view.editable(&place.range)) {
        return None;
    }
    let labels =
        (0..words.len()).map(|by| turned(by).map(|at| words[at]).collect::<Vec<_>>().join(", ")).collect();
    let site = Site {
        channel: Channel::Wording,
        class: Cow::Borrowed(if kind == Kind::Noun { "series-N" } else { "series-A" }),
        tier: Tier::Bold,
        labels,
        weights: equal_weights(words.len()),
        original: 0,
        places,
        desk: None,
        fact: false,
    };
    Some(Candidate { site, rank: 35 })
}

fn proposal<'r>(view: &View<'_>, class: &'static str, first: usize, at: usize, last: usize) -> Proposal<'r> {
    let words = |tokens: std::ops::Range<usize>| tokens.map(|i| view.lower(i)).collect::<Vec<_>>().join(" ");
    let (left, joint, right) = (words(first..at), view.lower(at), words(at + 1..last + 1));
    Proposal {
        class,
        tier: Tier::Bold,
        tokens: first..last + 1,
        bytes: None,
        forms: vec![
            Cow::Owned(format!("{left} {joint} {right}")),
            Cow::Owned(format!("{right} {joint} {left}")),
        ],
        labels: Vec::new(),
        original: 0,
        desk: None,
        rank: 30,
        exact: false,
        shares: Vec::new(),
    }
}

/// What equals are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Noun,
    Adjective,
    Ing,
    Adverb,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Noun => "coord-NN",
            Self::Adjective => "coord-AA",
            Self::Ing => "coord-VV",
            Self::Adverb => "coord-RR",
        }
    }

    /// Whether a word is of the kind and can hardly be of another.
    fn holds(self, view: &View<'_>, at: usize) -> bool {
        let pos = view.pos(at);
        let word = view.lower(at);
        match self {
            Self::Noun => {
                let noun = PosSet::NOMINAL | PosSet::PERSON;
                let odd = PosSet::PAST
                    | PosSet::ADVERB
                    | PosSet::AUXILIARY
                    | PosSet::DETERMINER
                    | PosSet::PREPOSITION
                    | PosSet::NUMBER
                    | PosSet::WH
                    | PosSet::COMPARATIVE
                    | PosSet::ING
                    | PosSet::SUPERLATIVE
                    | PosSet::PRONOUN
                    | PosSet::OBJECT
                    | PosSet::SUBJECT;
                pos.within(noun)
                    || pos.meets(PosSet::PLURAL) && !pos.meets(odd | PosSet::BASE | PosSet::ADJECTIVE)
                    || pos.meets(PosSet::NOUN)
                        && !pos.meets(odd | PosSet::UNKNOWN)
                        && !pos.meets(PosSet::ADJECTIVE)
            }
            Self::Adjective => {
                pos.within(PosSet::ADJECTIVE | PosSet::COMPARATIVE)
                    || pos.meets(PosSet::ADJECTIVE)
                        && pos.within(PosSet::ADJECTIVE | PosSet::PARTICIPLE | PosSet::PAST)
                    || pos.within(PosSet::ADJECTIVE | PosSet::NOUN)
                        && ["al", "ic", "ive", "ary"].iter().any(|end| word.ends_with(end))
                        && pos.meets(PosSet::ADJECTIVE)
            }
            Self::Ing => word.ends_with("ing") && pos.meets(PosSet::ING),
            Self::Adverb => word.ends_with("ly") && pos.within(PosSet::ADVERB),
        }
    }

    /// Whether nothing before the first of the equals binds it alone.
    fn opens(self, view: &View<'_>, start: usize, first: usize) -> bool {
        let Some(left) = first.checked_sub(1).filter(|_| first > start) else {
            return self == Self::Noun
                && view.pos(first).meets(PosSet::PLURAL)
                && view.pos(first + 2).meets(PosSet::PLURAL)
                && view.pos(first + 3).meets(PosSet::AUXILIARY);
        };
        let pos = view.pos(left);
        let word = view.lower(left);
        if !view.is_word(left)
            || matches!(
                word,
                "between" | "either" | "neither" | "nor" | "than" | "like" | "versus" | "per" | "as" | "that"
            )
        {
            return false;
        }
        let preposition =
            pos.meets(PosSet::PREPOSITION) && word != "to" && !pos.meets(PosSet::ADJECTIVE | PosSet::NOMINAL);
        match self {
            Self::Noun => {
                preposition
                    || matches!(word, "the" | "their" | "our" | "your" | "its" | "his" | "her" | "both")
                    || pos.meets(PosSet::DETERMINER)
                        && view.pos(first).meets(PosSet::PLURAL)
                        && !pos.meets(PosSet::NUMBER)
                    || is_verb(view, left)
                        && view.pos(first).within(PosSet::NOMINAL | PosSet::PERSON | PosSet::S_FORM)
            }
            Self::Adjective => {
                preposition
                    || pos.meets(PosSet::DETERMINER) && !pos.meets(PosSet::NUMBER)
                    || pos.meets(PosSet::BE)
                    || matches!(
                        word,
                        "more"
                            | "both"
                            | "become"
                            | "becomes"
                            | "became"
                            | "seem"
                            | "seems"
                            | "seemed"
                            | "being"
                    )
            }
            Self::Ing => matches!(
                word,
                "by" | "for"
                    | "of"
                    | "in"
                    | "without"
                    | "from"
                    | "about"
                    | "through"
                    | "on"
                    | "with"
                    | "at"
                    | "both"
            ),
            Self::Adverb => {
                pos.meets(
                    PosSet::NOMINAL
                        | PosSet::AUXILIARY
                        | PosSet::PARTICIPLE
                        | PosSet::BASE
                        | PosSet::OBJECT
                        | PosSet::PAST,
                ) || word == "both"
            }
        }
    }

    /// Whether nothing after the last of the equals belongs to it alone.
    fn closes(self, view: &View<'_>, last: usize) -> bool {
        let pos = view.pos(last + 1);
        let word = view.lower(last + 1);
        if ends(view, last + 1) {
            return true;
        }
        if !view.is_word(last + 1) {
            return false;
        }
        let goes_on =
            matches!(word, "but" | "when" | "because" | "while" | "if" | "so" | "although" | "though");
        let follows = matches!(
            word,
            "within"
                | "during"
                | "throughout"
                | "across"
                | "in"
                | "on"
                | "at"
                | "by"
                | "from"
                | "into"
                | "through"
                | "as"
        );
        let heads = pos.within(PosSet::NOMINAL | PosSet::PERSON | PosSet::S_FORM);
        match self {
            Self::Noun => {
                goes_on
                    || follows
                    || pos.meets(PosSet::AUXILIARY) && !pos.meets(PosSet::SUBJECT) && !word.contains('\'')
                    || heads && view.pos(last).within(PosSet::NOUN)
            }
            Self::Adjective => {
                goes_on || pos.meets(PosSet::NOMINAL) && !pos.meets(PosSet::PREPOSITION | PosSet::CONJUNCTION)
            }
            Self::Ing => {
                let leaning = LEANING.contains(&view.lower(last)) || LEANING.contains(&view.lower(last - 2));
                goes_on
                    || !leaning
                        && (pos.meets(PosSet::DETERMINER) || pos.within(PosSet::NOMINAL | PosSet::S_FORM))
            }
            Self::Adverb => goes_on || pos.meets(PosSet::PARTICIPLE | PosSet::PREPOSITION),
        }
    }

    /// Whether both are of one make, so that number, verb and rhythm still agree once they change places.
    fn agree(self, view: &View<'_>, at: usize) -> bool {
        let both = |set: PosSet| view.pos(at - 1).meets(set) == view.pos(at + 1).meets(set);
        match self {
            Self::Noun => both(PosSet::PLURAL),
            // What was done in order: "was reviewed and approved".
            Self::Adjective => {
                both(PosSet::COMPARATIVE)
                    && both(PosSet::PARTICIPLE)
                    && (!view.pos(at - 1).meets(PosSet::PARTICIPLE)
                        || view.pos(at + 2).meets(PosSet::NOMINAL))
            }
            Self::Ing | Self::Adverb => true,
        }
    }
}

fn is_joint(view: &View<'_>, at: usize) -> bool {
    matches!(view.lower(at), "and" | "or") && view.is_word(at)
}

/// Whether a word may change its place at all.
fn plain(view: &View<'_>, at: usize, starts: bool) -> bool {
    let word = view.lower(at);
    view.is_word(at)
        && (!view.capital(at) || starts)
        && !view.shouts(at)
        && word.len() > 2
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && !UNEQUAL.contains(&word)
}

/// A verb before its object, and nothing else.
fn is_verb(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    view.is_word(at)
        && pos.meets(PosSet::BASE | PosSet::S_FORM | PosSet::PAST)
        && !pos.meets(
            PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::PARTICIPLE | PosSet::UNKNOWN | PosSet::PREPOSITION,
        )
}

/// A past form, which may be a participle as well, and nothing else.
fn is_past(view: &View<'_>, at: usize) -> bool {
    view.is_word(at) && view.pos(at).within(PosSet::PAST | PosSet::PARTICIPLE)
}

/// Whether the words before a token end a clause: nothing follows that could belong to the last of them.
fn ends(view: &View<'_>, at: usize) -> bool {
    match view.word(at) {
        "." | ";" | "!" | "?" | ")" => true,
        "," => {
            let next = view.pos(at + 1);
            next.meets(PosSet::SUBJECT | PosSet::CONJUNCTION)
                && !matches!(view.lower(at + 1), "that" | "this" | "or" | "all" | "both" | "one")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
