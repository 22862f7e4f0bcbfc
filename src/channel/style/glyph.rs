//! Kinds that differ in glyphs: quotation marks and apostrophes, dashes, ellipses. Retyping loses them.

use super::{Kind, Site, Standing, Text, Tier};
use crate::language::TokenKind;

/// How often whatever strips a text's glyphs strips them all.
const STRIPPED: f64 = 0.8;

pub(super) fn find(text: &Text<'_>) -> Vec<Site> {
    [quotes(text), dashes(text), ellipses(text)].into_iter().flatten().collect()
}

/// In quotations and names glyphs may change as well, so that a text's marks stay of one kind.
fn is_open(text: &Text<'_>, range: &std::ops::Range<usize>) -> bool {
    !text.analysis.is_fixed(range)
}

/// Adds an occurrence that may stand in a quotation.
fn add(kind: &mut Kind<'_>, text: &Text<'_>, form: u8, range: std::ops::Range<usize>, forms: Vec<String>) {
    if text.standing(&range) == Standing::Hidden && text.analysis.is_editable(&range) {
        kind.refused |=
            *kind.original.get_or_insert(form) != form || !forms.iter().all(|form| text.can_write(form));
        kind.places.push(crate::channel::Place { range, forms });
    } else {
        kind.add(text, form, range, forms);
    }
}

/// ’ and ' , “ ” and ": one decision for all of them, since a page that mixes them looks careless.
fn quotes(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("quotes", Tier::Strict, &["straight", "curly"]).desk(0, STRIPPED);
    let body = text.analysis.document.text();
    for block in text.analysis.document.blocks() {
        let mut previous: Option<char> = None;
        let mut inside = false;
        for (offset, c) in body[block.range.clone()].char_indices() {
            let at = block.range.start + offset;
            let range = at..at + c.len_utf8();
            let next = body[range.end..block.range.end].chars().next();
            let before = previous.replace(c);
            if !matches!(c, '\'' | '"' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}')
                || !is_open(text, &range)
            {
                continue;
            }
            match c {
                '\u{2018}' | '\u{2019}' => {
                    add(&mut kind, text, 1, range, vec!["'".to_owned(), c.to_string()]);
                }
                '\u{201c}' | '\u{201d}' => {
                    add(&mut kind, text, 1, range, vec!["\"".to_owned(), c.to_string()]);
                }
                '"' => {
                    // A figure's inch or second mark, or a mark that closes what never opened, has no curly form.
                    kind.refused |= before.is_some_and(char::is_numeric) && !inside;
                    inside = !inside;
                    let curly = if inside { "\u{201c}" } else { "\u{201d}" };
                    add(&mut kind, text, 0, range, vec!["\"".to_owned(), curly.to_owned()]);
                }
                _ => {
                    // Inside or after a word it is an apostrophe; before one it may open a quotation.
                    let closes = before.is_some_and(|c| c.is_alphabetic() || ".,!?".contains(c));
                    kind.refused |= !closes || (before.is_some_and(char::is_numeric) && next != Some('s'));
                    add(&mut kind, text, 0, range, vec!["'".to_owned(), "\u{2019}".to_owned()]);
                }
            }
        }
        kind.refused |= inside;
    }
    kind.site(2)
}

/// "word – word" and "word—word".
fn dashes(text: &Text<'_>) -> Option<Site> {
    let tokens = text.tokens();
    let mut kind = Kind::new("dash", Tier::Strict, &["spaced en", "closed em"]).desk(0, 0.5);
    let mut other = false;
    for at in 1..tokens.len().saturating_sub(1) {
        let (left, dash, right) = (&tokens[at - 1], &tokens[at], &tokens[at + 1]);
        if !matches!(text.raw(at), "\u{2013}" | "\u{2014}" | "-") || dash.kind != TokenKind::Mark {
            continue;
        }
        let gap = left.range.end..right.range.start;
        if text.slice(gap.clone()).contains('\n') || !is_open(text, &gap) {
            continue;
        }
        let worded = |token: &crate::language::Token| {
            token.kind == TokenKind::Word
                || matches!(token.lower.as_str(), "\u{201d}" | "\u{201c}" | "\"" | ")" | "(")
        };
        match text.slice(gap.clone()) {
            " \u{2013} " if worded(left) && worded(right) => {
                add(&mut kind, text, 0, gap, vec![" \u{2013} ".to_owned(), "\u{2014}".to_owned()]);
            }
            "\u{2014}" if worded(left) && worded(right) => {
                add(&mut kind, text, 1, gap, vec![" \u{2013} ".to_owned(), "\u{2014}".to_owned()]);
            }
            " \u{2013} " | "\u{2014}" | " \u{2014} " | " - " => other = true,
            // Ranges and compounds ("1990–95", "Hale–Orr"), and hyphens.
            _ => {}
        }
    }
    kind.refused |= other;
    kind.site(1)
}

/// "…" and "...".
fn ellipses(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("ellipsis", Tier::Strict, &["three points", "one character"]).desk(0, STRIPPED);
    let forms = || vec!["...".to_owned(), "\u{2026}".to_owned()];
    let mut at = 0;
    while at < text.tokens().len() {
        let last = match text.raw(at) {
            "\u{2026}" => at,
            "." if text.raw(at + 1) == "." && text.raw(at + 2) == "." => at + 2,
            _ => {
                at += 1;
                continue;
            }
        };
        let more = text.raw(last + 1) == "." && text.is_glued(last + 1);
        let range = text.span(at, last);
        if is_open(text, &range) {
            kind.refused |= more || range.len() != 3;
            add(&mut kind, text, u8::from(last == at), range, forms());
        }
        at = last + 1;
    }
    kind.site(1)
}
