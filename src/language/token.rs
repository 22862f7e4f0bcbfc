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

/// Words after which a full stop does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "col", "lt", "capt", "sgt", "st", "no", "nos",
    "vs", "cf", "eg", "ie", "e.g", "i.e", "fig", "art", "sec", "para", "vol", "ed", "eds", "pp", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "inc", "ltd", "co", "corp",
    "approx", "al", "u.s", "u.k", "sen", "gov", "rep", "messrs", "jr", "sr", "mt", "ft",
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
    let initial = word.lower.chars().count() == 1
        && text[word.range.clone()].chars().all(char::is_uppercase)
        && word.lower != "i"
        && (next < 3 || word.spaced || &text[tokens[next - 3].range.clone()] == ".");
    word.kind == TokenKind::Word && (initial || ABBREVIATIONS.contains(&word.lower.as_str()))
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
}
