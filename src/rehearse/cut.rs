//! Excerpts and sentences of a text.

use std::ops::Range;

/// How many words a text has: runs of anything but white space.
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// `words` words of a text from word `at` on (the first is 0), with what stands between them.
///
/// Shorter when the text ends before; empty when it has no word `at`.
pub fn excerpt(text: &str, words: usize, at: usize) -> &str {
    let mut bounds = word_ranges(text).skip(at).take(words);
    let Some(first) = bounds.next() else { return "" };
    let end = bounds.last().map_or(first.end, |last| last.end);
    &text[first.start..end]
}

/// The sentences of a text, each with the white space after it: put together they are the text.
///
/// A sentence ends at a full stop, question or exclamation mark, with closing quotes and brackets, before white
/// space that no lower-case letter follows, and at every empty line.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut words = word_ranges(text).peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek() else { break };
        let gap = &text[word.end..next.start];
        let paragraph = gap.matches('\n').count() > 1;
        let closed = text[word.clone()].trim_end_matches(['"', '\'', '”', '’', ')', ']']);
        let stop = closed.ends_with(['.', '!', '?', '…']) && !abbreviation(closed);
        let lower = text[next.start..].chars().next().is_some_and(char::is_lowercase);
        if paragraph || (stop && !lower) {
            out.push(&text[start..next.start]);
            start = next.start;
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

/// The words of a text as byte ranges.
pub(super) fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = &text[from..];
        let start = from + rest.find(|c: char| !c.is_whitespace())?;
        let length = text[start..].find(char::is_whitespace).unwrap_or(text.len() - start);
        from = start + length;
        Some(start..from)
    })
}

fn abbreviation(word: &str) -> bool {
    let stem = word.trim_end_matches('.').trim_start_matches(['"', '“', '(', '‘']);
    let initial = stem.chars().count() == 1 && stem.chars().all(char::is_uppercase) && stem != "I";
    initial
        || matches!(
            stem,
            "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "No" | "Gen" | "Col" | "Lt" | "Prof" | "Sen" | "vs"
        )
}
