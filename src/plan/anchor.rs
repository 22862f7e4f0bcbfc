//! Places of a text, named by the text around them: "…before [[match]] after…".

use std::ops::Range;

/// The most bytes of context on either side of a match, where less would be ambiguous.
const CONTEXT_MAX: usize = 400;
/// The bytes of context on either side that are written even where less would do.
const CONTEXT_USUAL: usize = 90;

/// A place as it is written in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Context with the match in double brackets.
    pub(super) quote: String,
    /// Which occurrence it is, from 1, where even the longest context occurs more than once.
    pub(super) nth: Option<usize>,
}

/// Why an anchor names no place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Miss {
    /// No `[[match]]`, or nothing inside.
    Brackets,
    /// The quoted text does not occur, or not that often.
    Nowhere,
    /// It occurs more than once.
    Ambiguous,
}

/// Names a range of `text`; `sentence` is the sentence around it, which is quoted as far as it is short.
pub(super) fn name(text: &str, range: &Range<usize>, sentence: &Range<usize>) -> Anchor {
    let floor = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let ceiling = |at: usize| (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    // Whole words, and no blank at the edge, which an editor might strip.
    let widen = |reach: usize, sentence: Range<usize>| {
        let (mut start, mut end) = (sentence.start.min(range.start), sentence.end.max(range.end));
        if range.start - start > reach {
            start = ceiling(range.start - reach);
            start += text[start..range.start].find(' ').map_or(0, |blank| blank + 1);
        }
        if end - range.end > reach {
            end = floor(range.end + reach);
            end = text[range.end..end].rfind(' ').map_or(end, |blank| range.end + blank);
        }
        start += text[start..range.start].len() - text[start..range.start].trim_start().len();
        end -= text[range.end..end].len() - text[range.end..end].trim_end().len();
        start..end
    };
    let mut context = widen(CONTEXT_USUAL, sentence.clone());
    let mut reach = CONTEXT_USUAL;
    while occurrences(text, &text[context.clone()]).nth(1).is_some() && reach < CONTEXT_MAX {
        reach = (reach * 2).min(CONTEXT_MAX);
        context = widen(reach, 0..text.len());
    }
    let quoted = &text[context.clone()];
    let unique = occurrences(text, quoted).nth(1).is_none();
    let nth = if unique { None } else { every(text, quoted).position(|at| at == context.start) };
    Anchor { quote: encode(text, &context, range, sentence), nth: nth.map(|index| index + 1) }
}

/// Finds the range of `text` that an anchor names.
pub(super) fn find(text: &str, anchor: &Anchor) -> Result<Range<usize>, Miss> {
    let (quoted, inner) = decode(&anchor.quote).ok_or(Miss::Brackets)?;
    if inner.is_empty() {
        return Err(Miss::Brackets);
    }
    let at = if let Some(nth) = anchor.nth {
        nth.checked_sub(1).and_then(|index| every(text, &quoted).nth(index)).ok_or(Miss::Nowhere)?
    } else {
        let mut places = occurrences(text, &quoted);
        let first = places.next().ok_or(Miss::Nowhere)?;
        if places.next().is_some() {
            return Err(Miss::Ambiguous);
        }
        first
    };
    Ok(at + inner.start..at + inner.end)
}

/// Where `needle` occurs, overlapping occurrences included: the same as [`occurrences`], but in linear time for all of
/// them together (Knuth, Morris, Pratt, "Fast pattern matching in strings", 1977), which text that repeats itself
/// needs, while telling whether there are two takes the standard library less.
fn every<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    let needle = needle.as_bytes();
    // For each prefix the length of the longest proper prefix that ends it.
    let mut borders = vec![0; needle.len()];
    let advance = |borders: &[usize], mut matched: usize, byte: u8| {
        while matched > 0 && needle.get(matched) != Some(&byte) {
            matched = borders[matched - 1];
        }
        matched + usize::from(needle.get(matched) == Some(&byte))
    };
    let mut matched = 0;
    for index in 1..needle.len() {
        matched = advance(&borders, matched, needle[index]);
        borders[index] = matched;
    }
    let mut matched = 0;
    text.bytes().enumerate().filter_map(move |(index, byte)| {
        matched = advance(&borders, matched, byte);
        (!needle.is_empty() && matched == needle.len()).then(|| index + 1 - needle.len())
    })
}

/// Where `needle` occurs, overlapping occurrences included.
pub(super) fn occurrences<'t>(text: &'t str, needle: &'t str) -> impl Iterator<Item = usize> + 't {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text.get(from..)?.find(needle)?;
        from = at + text[at..].chars().next().map_or(1, char::len_utf8);
        (!needle.is_empty()).then_some(at)
    })
}

fn encode(text: &str, context: &Range<usize>, range: &Range<usize>, sentence: &Range<usize>) -> String {
    let parts = [&text[context.start..range.start], &text[range.clone()], &text[range.end..context.end]];
    // Single brackets inside a part are harmless unless they meet another one.
    let brackets = ['[', ']'];
    let risky = parts.iter().any(|part| part.contains("[[") || part.contains("]]"))
        || parts[0].ends_with(brackets)
        || parts[1].starts_with(brackets)
        || parts[1].ends_with(brackets)
        || parts[2].starts_with(brackets);
    let [before, inside, after] = parts.map(|part| {
        let part = part.replace('\\', "\\\\");
        if risky { part.replace('[', "\\[").replace(']', "\\]") } else { part }
    });
    // One mark at each edge is stripped when an anchor is read, so one that belongs to the text is doubled.
    let cut = |cut: bool, own: bool| if cut || own { "…" } else { "" };
    format!(
        "{}{before}[[{inside}]]{after}{}",
        cut(context.start > sentence.start, before.starts_with('…')),
        cut(context.end < sentence.end, after.ends_with('…')),
    )
}

/// The quoted text without brackets and the match's range in it.
fn decode(quote: &str) -> Option<(String, Range<usize>)> {
    let quote = quote.strip_prefix('…').unwrap_or(quote);
    let quote = quote.strip_suffix('…').unwrap_or(quote);
    let (mut text, mut start, mut end) = (String::with_capacity(quote.len()), None, None);
    let mut chars = quote.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next_if(|next| "\\[]".contains(*next)).unwrap_or('\\')),
            '[' if start.is_none() && chars.next_if_eq(&'[').is_some() => start = Some(text.len()),
            ']' if start.is_some() && end.is_none() && chars.next_if_eq(&']').is_some() => {
                end = Some(text.len());
            }
            _ => text.push(c),
        }
    }
    Some((text, start?..end?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_the_sentence_and_more_only_where_it_occurs_twice() {
        let text = "He saw ten men. Then [1] ten men came back.\n\nHe saw ten men.";
        let at = |nth: usize| {
            let start = occurrences(text, "ten").nth(nth).unwrap();
            let end = text[start..].find('.').unwrap() + start + 1;
            let from = text[..start].rfind(['.', '\n']).map_or(0, |stop| stop + 1);
            let from = end - text[from..end].trim_start().len();
            name(text, &(start..start + 3), &(from..end))
        };
        assert_eq!(at(1).quote, "Then [1] [[ten]] men came back.");
        assert_eq!(at(0).quote, "He saw [[ten]] men. Then [1] ten men came back.\n\nHe saw ten men.");
        assert_eq!(at(2).quote, "He saw ten men. Then [1] ten men came back.\n\nHe saw [[ten]] men.");
        let hard = "ten ten ten ".repeat(200);
        let fifth = name(&hard, &(16..19), &(16..19));
        assert_eq!((find(&hard, &fifth), fifth.nth), (Ok(16..19), Some(1)));
        let middle = name(&hard, &(1200..1203), &(1200..1203));
        assert!(middle.nth.is_some() && find(&hard, &middle) == Ok(1200..1203));
        let miss = |quote: &str| find(text, &Anchor { quote: quote.into(), nth: None });
        assert_eq!(miss("[[ten]] men."), Err(Miss::Ambiguous));
        assert_eq!(miss("[[eleven]] men."), Err(Miss::Nowhere));
        assert_eq!(miss("ten men came"), Err(Miss::Brackets));
        assert_eq!(miss("[[]]ten men came"), Err(Miss::Brackets));
        assert_eq!(miss("[[ten]] men came"), Ok(25..28));
    }

    proptest! {
        #[test]
        fn finds_every_occurrence(text in "[abé]{0,40}", needle in "[abé]{0,4}") {
            let slow: Vec<usize> = (0..text.len())
                .filter(|&at| !needle.is_empty() && text.get(at..).is_some_and(|rest| rest.starts_with(&needle)))
                .collect();
            prop_assert_eq!(every(&text, &needle).collect::<Vec<_>>(), slow.clone());
            prop_assert_eq!(occurrences(&text, &needle).collect::<Vec<_>>(), slow);
        }

        #[test]
        fn finds_what_it_named(text in "([a-c …\\\\]|\\[|\\]|é){1,40}", from in any::<prop::sample::Index>(), to in any::<prop::sample::Index>()) {
            let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (a, b) = (bounds[from.index(bounds.len())], bounds[to.index(bounds.len())]);
            prop_assume!(a != b);
            let range = a.min(b)..a.max(b);
            let anchor = name(&text, &range, &(range.start..text.len()));
            prop_assert_eq!(find(&text, &anchor), Ok(range), "{:?}", anchor);
        }
    }
}
