//! The form of a wording: its characters, its ends, its length.

use std::collections::BTreeSet;

use super::Reason;
use super::words::{REFUSALS, TALK};
use crate::channel::authored::VARIANT_BYTES_MAX;
use crate::language::{self, Habit, Profile};
use crate::plan::is_unseen;

/// Characters that mean something to Markdown, HTML or the markup of variants: as many as the sentence has.
const MARKUP: &[char] = &[
    '*', '_', '#', '<', '>', '[', ']', '{', '}', '|', '\\', '`', '~', '^', '=', '$', '@', '&', '+', '/', '%',
];

/// Bounds of a wording's length as a share of the sentence's, in per cent.
const LENGTH: (usize, usize) = (60, 160);

/// A wording as it is checked: without the white space around it, with the document's apostrophes.
///
/// Models write `'` in words whatever they are given; to turn the wording down for it would turn down nearly all.
pub fn tidy(wording: &str, profile: &Profile) -> String {
    let trimmed = wording.trim();
    let (from, to) = match (profile.curly.first > 0, profile.curly.second > 0) {
        (true, false) => ('\'', '\u{2019}'),
        (false, true) => ('\u{2019}', '\''),
        _ => return trimmed.to_owned(),
    };
    let chars: Vec<char> = trimmed.chars().collect();
    let letter = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphabetic());
    (0..chars.len())
        .map(|at| {
            if chars[at] == from && letter(at.checked_sub(1)) && letter(Some(at + 1)) {
                to
            } else {
                chars[at]
            }
        })
        .collect()
}

/// What is wrong with the form of a wording, if anything; `foreign` are the characters beyond ASCII that the document
/// has.
pub(super) fn fault(own: &str, wording: &str, profile: &Profile, foreign: &BTreeSet<char>) -> Option<Reason> {
    if wording.is_empty() || wording.len() > VARIANT_BYTES_MAX {
        return Some(Reason::Size);
    }
    if talks(own, wording) {
        return Some(Reason::Refusal);
    }
    if !is_written_alike(wording, profile, foreign) {
        return Some(Reason::Characters);
    }
    if adds_markup(own, wording) {
        return Some(Reason::Markup);
    }
    if !is_one_sentence(own, wording) {
        return Some(Reason::Sentence);
    }
    let share = |own: usize, new: usize| (own * LENGTH.0..=own * LENGTH.1).contains(&(new * 100));
    if !share(own.chars().count(), wording.chars().count()) {
        return Some(Reason::Length);
    }
    None
}

fn talks(own: &str, wording: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace('\u{2019}', "'");
    let (own, wording) = (plain(own), plain(wording));
    REFUSALS.iter().chain(TALK).any(|phrase| wording.contains(phrase) && !own.contains(phrase))
}

fn is_written_alike(wording: &str, profile: &Profile, foreign: &BTreeSet<char>) -> bool {
    // Some documents have invisible characters; no wording needs one.
    let known = |c: char| c.is_ascii() || foreign.contains(&c);
    if wording.chars().any(|c| is_unseen(c) || !known(c)) || wording.contains("  ") {
        return false;
    }
    let Habit { first: curly, second: straight } = profile.curly;
    if straight == 0 && curly > 0 && wording.contains(['\'', '"']) {
        return false;
    }
    let dashes = profile.dashes;
    let breaks = dashes.spaced_en + dashes.spaced_em + dashes.closed_em;
    (dashes.double_hyphen > 0 || !wording.contains("--"))
        && (dashes.spaced_hyphen > 0 || !wording.contains(" - "))
        && (breaks > 0 || !wording.contains(['\u{2013}', '\u{2014}']))
        && (profile.ellipsis.second > 0 || !wording.contains(".."))
        // A word of Latin and other letters is a disguise.
        && !wording.split(|c: char| !c.is_alphabetic()).any(|word| {
            word.chars().any(|c| c.is_ascii()) && word.chars().any(|c| u32::from(c) > 0x24f)
        })
}

fn adds_markup(own: &str, wording: &str) -> bool {
    let count = |text: &str, mark: char| text.chars().filter(|c| *c == mark).count();
    let brackets = |text: &str| count(text, '(') == count(text, ')');
    MARKUP.iter().any(|&mark| count(own, mark) != count(wording, mark))
        || !brackets(wording)
        || wording.starts_with(['-', '(', '!', ':', ';', ',', '.'])
            && !own.starts_with(wording.chars().next().unwrap_or(' '))
}

/// Whether a wording is one sentence that starts and ends as its original does.
fn is_one_sentence(own: &str, wording: &str) -> bool {
    // Where a closing quote or bracket stands is no matter: quotations are compared by themselves.
    let marks = |text: &str| -> String {
        let kept = text.trim_end_matches(|c: char| !c.is_alphanumeric());
        text[kept.len()..].chars().filter(|c| !"\"')]\u{201d}\u{2019}".contains(*c)).collect()
    };
    let upper = |text: &str| text.chars().find(|c| c.is_alphabetic()).map(char::is_uppercase);
    let count = |text: &str| {
        let tokens = language::tokens(text, 0..text.len());
        language::sentences(text, &tokens).len()
    };
    let inner = |text: &str| {
        let kept = text.trim_end_matches(|c: char| !c.is_alphanumeric());
        kept.matches(['!', '?', '\u{2026}']).count()
    };
    marks(own) == marks(wording)
        && upper(own) == upper(wording)
        && count(wording) == 1
        && inner(own) == inner(wording)
        && wording.starts_with(|c: char| c.is_alphanumeric() || "\"'(\u{201c}\u{2018}".contains(c))
}
