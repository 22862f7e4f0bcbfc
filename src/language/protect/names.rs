//! Names of more than one word: people, bodies, statutes, works.

use std::ops::Range;

use super::super::{Token, TokenKind};
use super::span;

/// Lower-case words that may stand inside a name.
const INNER: &[&str] = &[
    "of", "the", "and", "for", "on", "de", "del", "der", "den", "di", "du", "la", "le", "van", "von", "al",
    "bin",
];

/// Titles: part of an address, styled by its own class, not of the name.
const TITLES: &[&str] = &["mr", "mrs", "ms", "dr", "prof", "messrs", "mx"];

/// Instruments whose year belongs to the name: "Harbours Act 1964".
#[rustfmt::skip]
const INSTRUMENTS: &[&str] = &[
    "act", "order", "treaty", "convention", "agreement", "protocol", "regulations", "rules", "directive",
    "code",
];

/// Words that open a sentence with a capital without being part of a name.
#[rustfmt::skip]
const OPENERS: &[&str] = &[
    "a", "about", "above", "according", "across", "after", "again", "against", "all", "almost", "along",
    "already", "also", "although", "always", "among", "amongst", "an", "and", "another", "any", "anyone",
    "are", "around", "as", "ask", "asked", "at", "because", "before", "behind", "below", "besides",
    "between", "beyond", "both", "but", "by", "can", "compared", "could", "despite", "did", "do", "does",
    "during", "each", "earlier", "either", "even", "ever", "every", "everyone", "except", "few", "fewer",
    "finally", "first", "following", "for", "former", "from", "further", "given", "had", "has", "have",
    "he", "hence", "her", "here", "his", "how", "however", "i", "if", "in", "including", "indeed", "inside",
    "instead", "is", "it", "its", "just", "last", "later", "least", "less", "like", "many", "may",
    "meanwhile", "might", "more", "moreover", "most", "much", "must", "my", "near", "neither", "never",
    "nevertheless", "next", "no", "nobody", "none", "nor", "not", "nothing", "now", "of", "off", "often",
    "on", "once", "one", "only", "or", "other", "others", "otherwise", "our", "out", "outside", "over",
    "owing", "per", "perhaps", "rather", "regarding", "second", "several", "shall", "she", "should",
    "similarly", "since", "so", "some", "sometimes", "soon", "still", "such", "than", "that", "the",
    "their", "then", "there", "therefore", "these", "they", "third", "this", "those", "though", "through",
    "thus", "to", "today", "together", "tomorrow", "too", "toward", "towards", "two", "under", "unless",
    "unlike", "until", "up", "upon", "us", "was", "we", "were", "what", "whatever", "when", "whenever",
    "where", "whereas", "wherever", "whether", "which", "while", "whilst", "who", "whoever", "whose", "why",
    "will", "with", "within", "without", "would", "yesterday", "yet", "you", "your",
];

/// Whether a lower-case word opens sentences with a capital without being part of a name.
pub(crate) fn opens_sentences(word: &str) -> bool {
    OPENERS.contains(&word)
}

/// Adds a sentence's capitalised names of two words or more, with their inner "of", "the", "and", "for".
pub(super) fn in_sentence(text: &str, sentence: &[Token], out: &mut Vec<Range<usize>>) {
    let capital = |i: usize| {
        let token: &Token = &sentence[i];
        token.kind == TokenKind::Word
            && text[token.range.clone()].chars().next().is_some_and(char::is_uppercase)
    };
    let opener = sentence.iter().position(|token| token.kind != TokenKind::Mark);
    let title = |i: usize| TITLES.contains(&sentence[i].lower.as_str());
    let mut at = 0;
    while at < sentence.len() {
        let skipped = Some(at) == opener && OPENERS.contains(&sentence[at].lower.as_str());
        let country = matches!(&text[sentence[at].range.clone()], "US" | "UK" | "EU" | "UN");
        if !capital(at) || skipped || title(at) || country || sentence[at].lower == "i" {
            at += 1;
            continue;
        }
        if is_initialism(&sentence[at..]) {
            at += 4;
            continue;
        }
        let mut words = 1;
        let mut last = at;
        let mut next = at + 1;
        while next < sentence.len() {
            let token = &sentence[next];
            if title(next) || is_initialism(&sentence[next..]) {
                break;
            }
            if capital(next) && token.lower != "i" && (token.spaced || sentence[next - 1].lower == ".") {
                words += 1;
                last = next;
            } else if token.lower == "." && !token.spaced && is_initial(&sentence[next - 1]) {
                // "J. K. Orr"
            } else if !(INNER.contains(&token.lower.as_str()) || token.lower == "&") || next > last + 2 {
                break;
            }
            next += 1;
        }
        if words > 1 {
            let dated = INSTRUMENTS.contains(&sentence[last].lower.as_str())
                && sentence.get(last + 1).is_some_and(|token| token.kind == TokenKind::Number);
            out.push(span(&sentence[at..=last + usize::from(dated)]));
        }
        at = last + 1;
    }
}

/// Whether these tokens begin with an initialism ("U.S.", "U.K."), which has a style of its own, unlike the initials
/// of a name ("J. K. Orr", "J.K. Orr").
fn is_initialism(tokens: &[Token]) -> bool {
    let [first, stop, second, end, ..] = tokens else { return false };
    is_initial(first)
        && is_initial(second)
        && [stop, end].iter().all(|mark| mark.lower == "." && !mark.spaced)
        && !second.spaced
        && matches!(
            (first.lower.as_str(), second.lower.as_str()),
            ("u", "s" | "k" | "n") | ("e", "u") | ("d", "c")
        )
}

fn is_initial(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.lower.chars().count() == 1
}
