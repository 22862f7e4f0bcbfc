//! Quotations: somebody else's words, and terms that are named rather than used.

use std::ops::Range;

/// Adds the inside of every quotation of a block; the marks themselves stay free, so that their glyphs can be styled.
///
/// A quotation that is opened and not closed ends with its block: in a speech of several paragraphs each paragraph
/// opens anew and only the last closes.
pub(super) fn in_block(text: &str, block: Range<usize>, out: &mut Vec<Range<usize>>) {
    double(text, &block, out);
    single(text, &block, out);
}

fn double(text: &str, block: &Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut open: Option<usize> = None;
    let mut previous = None;
    for (offset, c) in text[block.clone()].char_indices() {
        let at = block.start + offset;
        let after = at + c.len_utf8();
        match (c, open) {
            ('\u{201c}' | '\u{201e}' | '\u{ab}', None) => open = Some(after),
            // A figure's inch mark opens nothing.
            ('"', None) if !previous.is_some_and(char::is_alphanumeric) => open = Some(after),
            ('\u{201c}' | '\u{201d}' | '\u{bb}' | '"', Some(start)) => {
                out.push(start..at);
                open = None;
            }
            _ => {}
        }
        previous = Some(c);
    }
    if let Some(start) = open {
        out.push(start..block.end);
    }
}

fn single(text: &str, block: &Range<usize>, out: &mut Vec<Range<usize>>) {
    let chars: Vec<(usize, char)> =
        text[block.clone()].char_indices().map(|(offset, c)| (block.start + offset, c)).collect();
    let before = |i: usize| i.checked_sub(1).map(|at| chars[at].1);
    let after = |i: usize| chars.get(i + 1).map(|(_, c)| *c);
    let opens = |i: usize| {
        let free = before(i).is_none_or(|c| c.is_whitespace() || "([\u{2014}\u{2013}\"\u{201c}".contains(c));
        let starts = after(i).is_some_and(|c| !c.is_whitespace() && !c.is_numeric());
        matches!(chars[i].1, '\u{2018}' | '\'') && free && starts && !elides(&text[chars[i].0..block.end])
    };
    let closes = |i: usize| {
        matches!(chars[i].1, '\u{2019}' | '\'')
            && after(i).is_none_or(|c| !c.is_alphanumeric())
            && before(i).is_some_and(|c| !c.is_whitespace())
    };
    let mut at = 0;
    while at < chars.len() {
        if !opens(at) {
            at += 1;
            continue;
        }
        // The plural possessive ("the crews' quarters") looks like a closing mark: one that follows an s is taken
        // only when no better one comes before the next quotation opens.
        let mut fallback = None;
        let mut end = None;
        let mut next = at + 1;
        while next < chars.len() && !opens(next) {
            if closes(next) {
                if before(next) != Some('s') {
                    end = Some(next);
                    break;
                }
                fallback = fallback.or(Some(next));
            }
            next += 1;
        }
        // Without any closing mark it was an apostrophe.
        if let Some(end) = end.or(fallback) {
            out.push(chars[at].0 + chars[at].1.len_utf8()..chars[end].0);
            at = end + 1;
        } else {
            at = next;
        }
    }
}

/// Words that are written with an apostrophe in front.
fn elides(rest: &str) -> bool {
    let word: String =
        rest.chars().skip(1).take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    matches!(word.as_str(), "tis" | "twas" | "twere" | "em" | "til" | "cause" | "bout" | "s" | "n")
}
