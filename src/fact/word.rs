//! A text as words and amounts that two hands may write differently and still mean the same.

use std::ops::Range;

use crate::leak::Folded;

use super::stem;

/// At most so many words of a text are looked at: more than a long novel.
pub(super) const WORDS_MAX: usize = 1 << 18;

/// The longest word, in bytes; longer ones count by their beginning.
const WORD_BYTES_MAX: usize = 64;

/// What is said about an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hedge {
    /// Nothing: the amount itself.
    None,
    /// "more than", "over".
    Over,
    /// "at least", "or more".
    AtLeast,
    /// "about", "some", "or so".
    About,
    /// "nearly", "just under".
    Nearly,
    /// "fewer than", "below".
    Under,
    /// "up to", "at most".
    AtMost,
}

/// A word, an amount or a time of day.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things seen of a word, any of which may go with any other"
)]
pub(super) struct Word {
    /// What it is: a stem, or an amount in the form of a key (`amount`).
    pub(super) key: String,
    /// As it was written, in lower case; empty for amounts.
    pub(super) lower: String,
    /// What stands before an amount ("more than", "about").
    pub(super) hedge: Hedge,
    /// Its bytes of the text.
    pub(super) raw: Range<usize>,
    /// Whether it begins with a capital and goes on in lower case.
    pub(super) capital: bool,
    /// Whether all its letters are capitals.
    pub(super) shouted: bool,
    /// Whether a sentence or line may begin with it.
    pub(super) starts: bool,
    /// Whether it is too common to say anything.
    pub(super) stop: bool,
}

impl Word {
    /// Whether it is an amount or a time.
    pub(super) fn is_amount(&self) -> bool {
        self.key.starts_with(['#', '@'])
    }
}

/// The words before amounts are recognised; amounts in figures are words of digits here.
pub(super) fn plain(text: &str, chars: &[Folded]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut at = 0;
    let mut starts = true;
    while at < chars.len() && out.len() < WORDS_MAX {
        let c = chars[at].char;
        if let Some(name) = sign(c) {
            out.push(of(name, span(&chars[at..=at]), false, false, starts));
            starts = false;
            at += 1;
            continue;
        }
        if !c.is_alphanumeric() {
            let raw = text.get(chars[at].start as usize..chars[at].end as usize).unwrap_or("");
            starts |= matches!(c, '.' | '!' | '?' | ':' | '*' | '#' | '|') || raw.contains('\n');
            at += 1;
            continue;
        }
        let from = at;
        while at < chars.len() && (chars[at].char.is_alphanumeric() || joins(chars, at)) {
            at += 1;
        }
        let mut lower: String = chars[from..at].iter().map(|folded| folded.char).collect();
        if lower.len() > WORD_BYTES_MAX {
            let cut = (0..=WORD_BYTES_MAX).rev().find(|&cut| lower.is_char_boundary(cut)).unwrap_or(0);
            lower.truncate(cut);
        }
        let range = span(&chars[from..at]);
        let mut raw = text.get(range.clone()).unwrap_or("").chars();
        let capital = raw.next().is_some_and(char::is_uppercase);
        let shouted = capital && raw.clone().any(char::is_uppercase) && !raw.any(char::is_lowercase);
        out.push(of(&lower, range, capital && !shouted, shouted, starts));
        starts = false;
    }
    out
}

fn of(lower: &str, raw: Range<usize>, capital: bool, shouted: bool, starts: bool) -> Word {
    let lower = lower.strip_suffix("'s").or_else(|| lower.strip_suffix('\'')).unwrap_or(lower);
    Word {
        key: currency(lower).map_or_else(|| stem::stem(lower), str::to_owned),
        lower: lower.to_owned(),
        hedge: Hedge::None,
        raw,
        capital,
        shouted,
        starts,
        stop: stem::is_stop(lower),
    }
}

fn span(chars: &[Folded]) -> Range<usize> {
    match (chars.first(), chars.last()) {
        (Some(first), Some(last)) => first.start as usize..last.end as usize,
        _ => 0..0,
    }
}

/// Whether the mark at `at` stands within a word: an apostrophe between letters, a point or colon between digits.
fn joins(chars: &[Folded], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| chars.get(before)) else { return false };
    let Some(after) = chars.get(at + 1) else { return false };
    match chars[at].char {
        '\'' => before.char.is_alphanumeric() && after.char.is_alphabetic(),
        '.' | ',' | ':' => before.char.is_ascii_digit() && after.char.is_ascii_digit(),
        _ => false,
    }
}

/// Signs that are read as words.
fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '%' => "percent",
        '$' => "dollar",
        '£' => "pound",
        '€' => "euro",
        '¥' => "yen",
        '°' => "degree",
        _ => return None,
    })
}

/// The word for a currency, by its code, its sign (which is read as a word) or its name.
pub(super) fn currency(lower: &str) -> Option<&'static str> {
    Some(match lower {
        "dollar" | "dollars" | "usd" => "dollar",
        "pound" | "pounds" | "gbp" => "pound",
        "euro" | "euros" | "eur" => "euro",
        "yen" | "jpy" => "yen",
        "franc" | "francs" | "chf" => "franc",
        _ => return None,
    })
}
