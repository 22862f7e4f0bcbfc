//! Words and sentences.
//!
//! Own scanner rather than UAX #29 word bounds: "well-known", "don't" and "1,250.5" are one token each here, which
//! is what wording rules speak about.

use std::ops::Range;

/// A word, number or mark of punctuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its bytes in the canonical text.
    pub range: Range<usize>,
    /// Its text in lower case, with typographic apostrophes written `'`.
    pub lower: String,
    /// Whether white space (or the block's start) stands before it.
    pub spaced: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with inner apostrophes and hyphens.
    Word,
    /// Digits, with inner points, commas and letters ("1,250.5", "3rd", "A4").
    Number,
    /// One mark of punctuation or symbol.
    Mark,
}

/// The tokens of one block.
pub fn tokens(text: &str, block: Range<usize>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut chars = text[block.clone()].char_indices().map(|(i, c)| (block.start + i, c)).peekable();
    let mut spaced = true;
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() {
            spaced = true;
            continue;
        }
        let mut end = start + first.len_utf8();
        let kind = if first.is_alphanumeric() {
            let mut digits = first.is_numeric();
            while let Some(&(at, c)) = chars.peek() {
                let joins = c.is_alphanumeric()
                    || is_combining(c)
                    || (joins_inside(c, digits)
                        && text[at + c.len_utf8()..block.end].chars().next().is_some_and(|next| {
                            if matches!(c, '.' | ',') { next.is_numeric() } else { next.is_alphanumeric() }
                        }));
                if !joins {
                    break;
                }
                digits |= c.is_numeric();
                end = at + c.len_utf8();
                chars.next();
            }
            if digits { TokenKind::Number } else { TokenKind::Word }
        } else {
            TokenKind::Mark
        };
        let lower = text[start..end]
            .chars()
            .map(|c| if matches!(c, '\u{2019}' | '\u{2bc}') { '\'' } else { c })
            .flat_map(char::to_lowercase)
            .collect();
        out.push(Token { kind, range: start..end, lower, spaced });
        spaced = false;
    }
    out
}

fn joins_inside(c: char, digits: bool) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '-' | '\u{2010}' | '\u{2011}')
        || (digits && matches!(c, '.' | ',' | ':' | '/'))
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Words after which a full stop never ends a sentence: a name or more of the same abbreviation follows.
const BEFORE_NAMES: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "prof", "rev", "hon", "gen", "col", "lt", "capt", "cdr", "sgt", "st",
    "messrs", "sen", "gov", "rep", "mt", "vs", "v", "cf", "viz", "approx",
];

/// Words that are abbreviations when a figure follows: "no. 7", "art. 4", "Dec. 12".
const BEFORE_FIGURES: &[&str] = &[
    "no", "nos", "fig", "figs", "art", "arts", "sec", "para", "paras", "vol", "ch", "pt", "ed", "eds", "p",
    "pp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "ca", "c",
];

/// Abbreviations that end a sentence as often as not: they do when a word follows that starts sentences.
const ANYWHERE: &[&str] =
    &["inc", "ltd", "co", "corp", "al", "jr", "sr", "bros", "dept", "univ", "ave", "blvd", "ft", "eg", "ie"];

/// Words that start sentences and, with a capital, hardly ever names.
#[rustfmt::skip]
const STARTERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "it", "its", "he", "she", "they", "we", "you",
    "his", "her", "their", "our", "in", "on", "at", "by", "for", "from", "with", "after", "before", "since",
    "when", "while", "if", "as", "but", "and", "or", "so", "yet", "however", "although", "though",
    "because", "there", "here", "then", "now", "no", "not", "some", "many", "most", "all", "both", "each",
    "every", "such", "what", "who", "where", "how", "why", "also", "even", "only", "still", "to", "of",
];

/// The sentences of one block as ranges of its `tokens`.
///
/// A sentence ends at `.`, `!`, `?` or `…` (and closing quotes or brackets after it) when a space and something
/// other than a lower-case letter follow, and the mark does not belong to an abbreviation or an initial.
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut first = 0;
    let mut at = 0;
    while at < tokens.len() {
        let mark = &text[tokens[at].range.clone()];
        at += 1;
        if !matches!(mark, "." | "!" | "?" | "…") {
            continue;
        }
        while at < tokens.len() && !tokens[at].spaced && closes(&text[tokens[at].range.clone()]) {
            at += 1;
        }
        if at == tokens.len() {
            break;
        }
        let next = text[tokens[at].range.clone()].chars().next();
        let starts =
            tokens[at].spaced && next.is_some_and(|c| !c.is_lowercase() && !matches!(c, ',' | ';' | ')'));
        if starts && !(mark == "." && abbreviates(text, tokens, at)) {
            out.push(first..at);
            first = at;
        }
    }
    if first < tokens.len() {
        out.push(first..tokens.len());
    }
    out
}

fn closes(mark: &str) -> bool {
    matches!(mark, "\"" | "'" | "\u{2019}" | "\u{201d}" | ")" | "]" | "»" | "." | "!" | "?" | "…")
}

/// Whether the full stop right before token `next` belongs to an abbreviation or an initial.
fn abbreviates(text: &str, tokens: &[Token], next: usize) -> bool {
    if next < 2 || &text[tokens[next - 1].range.clone()] != "." || tokens[next - 1].spaced {
        return false;
    }
    let word = &tokens[next - 2];
    if word.kind != TokenKind::Word {
        return false;
    }
    let lower = word.lower.as_str();
    let follower = &tokens[next];
    let starts = STARTERS.contains(&follower.lower.as_str());
    let glued = next > 2 && !word.spaced && &text[tokens[next - 3].range.clone()] == ".";
    if lower.chars().count() == 1 && (word.spaced || glued) && lower != "i" && !BEFORE_NAMES.contains(&lower)
    {
        let capital = text[word.range.clone()].chars().all(char::is_uppercase);
        // "J. K. Orr", "the U.S. Navy", "e.g. Orr"; but "in the U.S. The", "at 3 p.m. Orr left", "plan B. The".
        return match lower {
            "g" | "e" if glued && !capital => true,
            "m" if glued && !capital => false,
            _ if capital => !starts,
            _ => follower.kind == TokenKind::Number,
        };
    }
    BEFORE_NAMES.contains(&lower)
        || (BEFORE_FIGURES.contains(&lower) && follower.kind == TokenKind::Number)
        || (ANYWHERE.contains(&lower) && !starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text, 0..text.len()).into_iter().map(|t| &text[t.range]).collect()
    }

    #[test]
    fn keeps_compounds_contractions_and_figures_whole() {
        assert_eq!(
            words("Don’t the well-known 1,250.5 (and 10%) end?"),
            ["Don’t", "the", "well-known", "1,250.5", "(", "and", "10", "%", ")", "end", "?"]
        );
    }

    #[test]
    fn ends_sentences_at_stops_but_not_at_abbreviations() {
        let text = "Mr. Hale met J. K. Orr at 3.15. \"Go!\" he said. They left.";
        let all = tokens(text, 0..text.len());
        let found: Vec<_> = sentences(text, &all)
            .into_iter()
            .map(|s| &text[all[s.start].range.start..all[s.end - 1].range.end])
            .collect();
        assert_eq!(found, ["Mr. Hale met J. K. Orr at 3.15.", "\"Go!\" he said.", "They left."]);
    }

    #[test]
    fn abbreviations_that_are_words_end_sentences_too() {
        let count = |text: &str| sentences(text, &tokens(text, 0..text.len())).len();
        for one in [
            "See no. 7 and art. 4 of it.",
            "He joined the U.S. Navy.",
            "Hale et al. Orr wrote it.",
            "It cites e.g. Orr.",
            "It was Hale v. Orr again.",
            "They came on Dec. 12 by sea.",
        ] {
            assert_eq!(count(one), 1, "{one}");
        }
        for two in [
            "The answer was no. Hale left.",
            "They study modern art. Orr does not.",
            "They flew to the U.S. The rest stayed.",
            "It works for Orr Ltd. It is small.",
            "They left at 3 p.m. Orr stayed.",
            "It was I. She agreed.",
        ] {
            assert_eq!(count(two), 2, "{two}");
        }
    }
}
