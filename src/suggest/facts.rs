//! What a sentence states: numbers, names, negations, certainty; compared between a sentence and a rewording.
//!
//! The comparison errs on the strict side: a good wording that is turned down costs one request, a bad one that
//! passes costs a person's attention, or their trust.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Reason;
use super::words::{
    BOUND, CALENDAR, COMPARISONS, MODALITIES, NEGATING_PREFIXES, NEGATIONS, OPPOSITES, PERSONS, QUANTITIES,
    SMALL_NUMBERS, STOPWORDS, Sense,
};
use crate::language::lexicon::listed;
use crate::language::pos::PosSet;
use crate::language::{self, Analysis, Token, TokenKind};

/// Prepositions that say who did what to whom: they stay with a name.
const ROLES: &[&str] = &["by", "from", "to", "against", "for", "with"];

/// Words between a preposition and its name.
const BEFORE_NAMES: &[&str] = &["the", "a", "an", "mr", "mrs", "ms", "dr", "former", "its", "their", "."];

/// The words of a document, by how they are written in the middle of sentences.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    /// Words that occur in lower case.
    pub(super) plain: BTreeSet<String>,
    /// Words, in lower case, that occur with a capital inside a sentence.
    capital: BTreeSet<String>,
}

impl Vocabulary {
    pub(super) fn of(analysis: &Analysis<'_>) -> Self {
        let mut vocabulary = Self::default();
        for sentence in &analysis.sentences {
            let mut inside = false;
            for at in sentence.clone() {
                let token = &analysis.tokens[at];
                if token.kind != TokenKind::Word {
                    continue;
                }
                if analysis.word(at).starts_with(char::is_lowercase) {
                    vocabulary.plain.insert(token.lower.clone());
                } else if inside {
                    vocabulary.capital.insert(bare(&token.lower).to_owned());
                }
                inside = true;
            }
        }
        vocabulary
    }

    /// Whether a word that opens a sentence is a name, or may be one.
    fn names(&self, lower: &str) -> bool {
        let plain = |part: &str| {
            part.is_empty()
                || self.plain.contains(part)
                || listed(part) != PosSet::EMPTY
                || language::opens_sentences(part)
                || part.strip_suffix("ing").is_some_and(|base| {
                    listed(base).meets(PosSet::BASE) || listed(&format!("{base}e")).meets(PosSet::BASE)
                })
                || (part.len() > 5 && part.ends_with("ly"))
                || part.chars().all(char::is_numeric)
        };
        let known = self.plain.contains(lower);
        !known && (self.capital.contains(bare(lower)) || !bare(lower).split('-').all(plain))
    }
}

/// A word without the ending of a possessive.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word)
}

/// What a sentence states.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    literals: Vec<String>,
    quotations: Vec<String>,
    /// Each number with what belongs to it; sorted.
    numbers: Vec<String>,
    /// Names in their order, each with the preposition of its role.
    names: Vec<String>,
    /// Months and days with their prepositions; sorted.
    calendar: Vec<String>,
    /// How often each kind of [`NEGATIONS`] occurs, and behind them negating prefixes.
    negations: Vec<usize>,
    /// Its words in lower case.
    words: BTreeSet<String>,
    /// The beginnings of the words that carry its meaning.
    stems: BTreeSet<String>,
}

impl Facts {
    pub(super) fn of(text: &str, vocabulary: &Vocabulary) -> Self {
        let tokens = language::tokens(text, 0..text.len());
        let spelled = language::spelled(text, &tokens);
        let texts = |ranges: &[Range<usize>]| -> Vec<String> {
            ranges.iter().map(|range| text[range.clone()].to_owned()).collect()
        };
        let mut literals = texts(&spelled.literals);
        literals.extend(dotted(text));
        literals.sort();
        let quoted = |token: &Token| {
            spelled
                .quotations
                .iter()
                .any(|range| range.start <= token.range.start && token.range.end <= range.end)
        };
        let words: BTreeSet<String> = tokens
            .iter()
            .filter(|token| token.kind == TokenKind::Word && !is_month_may(text, token))
            .map(|token| token.lower.clone())
            .collect();
        let (names, mut calendar) = names(text, &tokens, &quoted, vocabulary);
        calendar.sort();
        let stems = words
            .iter()
            .filter(|word| word.chars().count() > 2 && !STOPWORDS.contains(&word.as_str()))
            .map(|word| word.chars().take(5).collect())
            .collect();
        Self {
            literals,
            quotations: texts(&spelled.quotations),
            numbers: numbers(text, &tokens, &spelled.numbers),
            names,
            calendar,
            negations: negations(&tokens),
            words,
            stems,
        }
    }

    /// The first difference in what two sentences state; `self` is the document's own.
    pub(super) fn differs(&self, other: &Self) -> Option<Reason> {
        let gate = |same: bool, reason| (!same).then_some(reason);
        gate(self.literals == other.literals, Reason::Literals)
            .or_else(|| gate(self.quotations == other.quotations, Reason::Quotation))
            .or_else(|| gate(self.numbers == other.numbers, Reason::Numbers))
            .or_else(|| gate(self.calendar == other.calendar, Reason::Numbers))
            .or_else(|| gate(self.names == other.names, Reason::Names))
            .or_else(|| gate(self.negations == other.negations, Reason::Negation))
            .or_else(|| gate(self.agrees(other, MODALITIES), Reason::Modality))
            .or_else(|| gate(self.agrees(other, QUANTITIES), Reason::Quantity))
            .or_else(|| gate(!self.opposes(other), Reason::Opposite))
            .or_else(|| gate(!self.puts_words(other), Reason::Person))
            .or_else(|| gate(self.resembles(other), Reason::Strays))
    }

    /// The words of this sentence that another lacks.
    pub(super) fn words_beyond<'f>(&'f self, other: &'f Self) -> impl Iterator<Item = &'f str> {
        self.words.difference(&other.words).map(String::as_str)
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.contains(*word))
    }

    fn agrees(&self, other: &Self, senses: &[Sense]) -> bool {
        let carried = |from: &Self, to: &Self, sense: &Sense| {
            !from.has(sense.words) || to.has(sense.words) || to.has(sense.also)
        };
        senses.iter().all(|sense| carried(self, other, sense) && carried(other, self, sense))
    }

    fn opposes(&self, other: &Self) -> bool {
        let turned = |mine: &[&str], theirs: &[&str]| {
            self.has(mine) && !other.has(mine) && other.has(theirs) && !self.has(theirs)
        };
        OPPOSITES.iter().any(|(one, two)| turned(one, two) || turned(two, one))
    }

    fn puts_words(&self, other: &Self) -> bool {
        PERSONS.iter().any(|person| other.has(person) && !self.has(person))
    }

    /// Whether a quarter of the words that carry meaning is shared, seen from either side.
    fn resembles(&self, other: &Self) -> bool {
        let shared = self.stems.intersection(&other.stems).count();
        shared * 4 >= self.stems.len().max(other.stems.len())
    }
}

/// The month, which a lower-case list would take for the modal verb.
fn is_month_may(text: &str, token: &Token) -> bool {
    token.lower == "may" && token.range.start > 0 && text[token.range.clone()].starts_with('M')
}

/// Chunks with a point, slash, colon or at-sign between letters or digits: addresses whose ending nobody listed.
fn dotted(text: &str) -> Vec<String> {
    let joins = |chunk: &str| {
        let chars: Vec<char> = chunk.chars().collect();
        chars.windows(3).any(|window| {
            matches!(window[1], '.' | '/' | ':' | '@' | '\\')
                && window[0].is_alphanumeric()
                && window[2].is_alphanumeric()
        })
    };
    text.split_whitespace()
        .map(|chunk| chunk.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|chunk| joins(chunk))
        .map(str::to_owned)
        .collect()
}

fn lower(tokens: &[Token], at: usize) -> &str {
    tokens.get(at).map_or("", |token| token.lower.as_str())
}

/// Every number with how it is compared, its preposition, and what it counts.
fn numbers(text: &str, tokens: &[Token], ranges: &[Range<usize>]) -> Vec<String> {
    let small = tokens.iter().filter(|token| {
        SMALL_NUMBERS.contains(&token.lower.as_str())
            && !ranges.iter().any(|range| range.start <= token.range.start && token.range.end <= range.end)
    });
    let ranges = ranges.iter().cloned().chain(small.map(|token| token.range.clone()));
    let mut out: Vec<String> = ranges
        .map(|range| {
            let first = tokens.partition_point(|token| token.range.start < range.start);
            let behind = tokens.partition_point(|token| token.range.start < range.end);
            let compared = COMPARISONS
                .iter()
                .filter(|(phrase, _)| {
                    first >= phrase.len()
                        && phrase
                            .iter()
                            .zip(first - phrase.len()..)
                            .all(|(word, at)| lower(tokens, at) == *word)
                })
                .max_by_key(|(phrase, _)| phrase.len());
            let start = first - compared.map_or(0, |(phrase, _)| phrase.len());
            let bound = start
                .checked_sub(1)
                .map(|at| lower(tokens, at))
                .filter(|word| compared.is_none() && BOUND.contains(word))
                .unwrap_or_default();
            let counted =
                tokens.get(behind).filter(|token| is_counted(text, token)).map_or("", |token| &token.lower);
            let label = first
                .checked_sub(1)
                .map(|at| &tokens[at])
                .filter(|token| counted.is_empty() && is_label(text, token))
                .map_or("", |token| &token.lower);
            let own: Vec<&str> = tokens[first..behind].iter().map(|token| token.lower.as_str()).collect();
            let compared = compared.map_or(' ', |(_, kind)| *kind);
            format!("{compared}|{bound}{label}|{}|{counted}", own.join(" "))
        })
        .collect();
    out.sort();
    out
}

/// Whether the word behind a number may be what it counts: "33 crates", "nine export licences"; not "pier 9 closed".
fn is_counted(text: &str, token: &Token) -> bool {
    let word = token.lower.as_str();
    let pos = listed(word);
    let verb = pos.meets(PosSet::PAST | PosSet::S_FORM) && !pos.meets(PosSet::NOMINAL);
    token.kind == TokenKind::Word
        && !STOPWORDS.contains(&word)
        && !verb
        && !(pos == PosSet::EMPTY && (word.ends_with("ed") || word.ends_with("ly")))
        && !pos.within(PosSet::ADVERB)
        && text[token.range.clone()].starts_with(char::is_lowercase)
}

/// Whether the word before a number may be what it names: "pier 9", "Shed 14"; not "sold 9".
fn is_label(text: &str, token: &Token) -> bool {
    let pos = listed(&token.lower);
    token.kind == TokenKind::Word
        && !STOPWORDS.contains(&token.lower.as_str())
        && (text[token.range.clone()].starts_with(char::is_uppercase)
            || (pos.meets(PosSet::NOUN) && !pos.meets(PosSet::FINITE)))
}

/// The names in their order, and the months and days.
fn names(
    text: &str,
    tokens: &[Token],
    quoted: &dyn Fn(&Token) -> bool,
    vocabulary: &Vocabulary,
) -> (Vec<String>, Vec<String>) {
    let (mut names, mut calendar) = (Vec::new(), Vec::new());
    let opener = tokens.iter().position(|token| token.kind != TokenKind::Mark);
    for (at, token) in tokens.iter().enumerate() {
        let word = &text[token.range.clone()];
        if token.kind == TokenKind::Mark || quoted(token) || !word.contains(char::is_uppercase) {
            continue;
        }
        let opens =
            Some(at) == opener || at.checked_sub(1).is_some_and(|before| lower(tokens, before) == ":");
        let first_only = word.chars().filter(|c| c.is_uppercase()).count() == 1;
        if token.lower == "i" || token.lower.starts_with("i'") {
            continue;
        }
        if opens && first_only && word.starts_with(char::is_uppercase) && !vocabulary.names(&token.lower) {
            continue;
        }
        let mut before = at;
        let role = loop {
            let Some(previous) = before.checked_sub(1) else { break "" };
            let word = lower(tokens, previous);
            if !BEFORE_NAMES.contains(&word) {
                break if ROLES.contains(&word) || BOUND.contains(&word) { word } else { "" };
            }
            before = previous;
        };
        // A capital at the start of a sentence is not part of the name.
        let own: String = word.chars().map(|c| if c == '\u{2019}' { '\'' } else { c }).collect();
        let entry = format!("{role} {}", bare(&own));
        if CALENDAR.contains(&token.lower.as_str()) {
            calendar.push(entry);
        } else {
            names.push(entry);
        }
    }
    (names, calendar)
}

fn negations(tokens: &[Token]) -> Vec<usize> {
    let mut counts = vec![0; NEGATIONS.len() + 1];
    for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
        let word = token.lower.as_str();
        if let Some(kind) = NEGATIONS.iter().position(|kind| kind.contains(&word)) {
            counts[kind] += 1;
        } else if word.ends_with("n't") {
            counts[0] += 1;
        } else if has_negating_prefix(word) {
            counts[NEGATIONS.len()] += 1;
        }
    }
    counts
}

/// "unpaid", "non-binding", "illegal", "disagrees"; not "under", "include", "discover".
fn has_negating_prefix(word: &str) -> bool {
    /// Verbs that "dis" negates.
    const VERBS: &[&str] =
        &["agree", "allow", "approv", "believ", "continu", "obey", "prov", "satisf", "trust", "lik"];
    NEGATING_PREFIXES.iter().any(|prefix| {
        let Some(rest) = word.strip_prefix(prefix) else { return false };
        let pos = listed(rest);
        match *prefix {
            "non-" => true,
            "un" => {
                rest.len() > 2
                    && (pos.meets(PosSet::ADJECTIVE | PosSet::PARTICIPLE)
                        || rest.strip_suffix("ly").is_some_and(|base| listed(base).meets(PosSet::ADJECTIVE))
                        || (rest.len() > 4 && (rest.ends_with("ed") || rest.ends_with("able"))))
            }
            "dis" => pos.meets(PosSet::ADJECTIVE) || VERBS.iter().any(|verb| rest.starts_with(verb)),
            _ => {
                rest.len() > 3
                    && (pos.meets(PosSet::ADJECTIVE)
                        || rest.strip_suffix("ly").is_some_and(|base| listed(base).meets(PosSet::ADJECTIVE)))
            }
        }
    })
}
