//! What a mail says twice: the blocks that its page and its plain text have in common.
//!
//! A block counts as the same where its characters are the same, apart from what plain text adds to show what it
//! cannot: stars and underscores of emphasis, the addresses of links, an ordinary space for one that does not break.

use std::ops::Range;

use super::super::{Leaf, LeafKind, Parsed};

/// The most pairs of blocks that are compared; longer mails are compared nearby only.
const PAIRS_MAX: usize = 1 << 22;
/// How many blocks are looked ahead then.
const WINDOW: usize = 64;

/// The pairs of equal blocks, in order: numbers of the first text's blocks and, for each, the leaves of the second
/// text that say the same, their text in the first one's terms.
pub(super) fn pairs(first: &Parsed, second: &Parsed) -> Vec<(usize, Vec<Leaf>)> {
    let keys = |parsed: &Parsed| -> Vec<String> {
        parsed.blocks.iter().map(|block| key(&parsed.text[block.range.clone()])).collect()
    };
    let (a, b) = (keys(first), keys(second));
    let mut found = Vec::new();
    for (i, j) in common(&a, &b) {
        if let Some(leaves) = align(first, i, second, j) {
            found.push((i, leaves));
        }
    }
    found
}

/// The longest list of equal entries, in order in both.
fn common(a: &[String], b: &[String]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let equal = |i: usize, j: usize| !a[i].is_empty() && a[i] == b[j];
    if a.len().saturating_mul(b.len()) > PAIRS_MAX {
        let mut next = 0;
        for i in 0..a.len() {
            if let Some(j) = (next..b.len().min(next + WINDOW)).find(|&j| equal(i, j)) {
                found.push((i, j));
                next = j + 1;
            }
        }
        return found;
    }
    // The lengths of what is common from (i, j) on.
    let width = b.len() + 1;
    let mut lengths = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            lengths[i * width + j] = if equal(i, j) {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if equal(i, j) {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

/// The letters and digits of a block, without addresses of links.
fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(length) = reference(rest) {
            rest = &rest[length..];
            continue;
        }
        if c.is_alphanumeric() {
            out.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The bytes of a link's address in brackets at the start of `text`, as programs add it to plain text.
fn reference(text: &str) -> Option<usize> {
    let close = match text.chars().next()? {
        '<' => '>',
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let end = text.find(close)?;
    let inner = text[1..end].trim();
    let address =
        ["http://", "https://", "mailto:", "tel:", "cid:"].iter().any(|scheme| inner.starts_with(scheme))
            && !inner.contains(char::is_whitespace);
    let number =
        close == ']' && (1..=3).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_digit());
    (address || number).then_some(end + 1)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// The leaves of the second text's block in the first one's terms; none where they say different things.
fn align(first: &Parsed, block: usize, second: &Parsed, other: usize) -> Option<Vec<Leaf>> {
    let (here, there) = (&first.blocks[block].range, &second.blocks[other].range);
    let (mut a, mut b) = (here.start, there.start);
    // For each character where it stands in both.
    let mut matched: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    loop {
        let (mine, theirs) = (&first.text[a..here.end], &second.text[b..there.end]);
        let (c, d) = (mine.chars().next(), theirs.chars().next());
        match (c, d) {
            (None, None) => break,
            (Some(c), Some(d)) if c == d || (is_space(c) && is_space(d)) => {
                matched.push((a..a + c.len_utf8(), b..b + d.len_utf8()));
                (a, b) = (a + c.len_utf8(), b + d.len_utf8());
            }
            (_, Some(d)) => {
                let blank = usize::from(d == ' ');
                if let Some(length) = reference(&theirs[blank..]) {
                    b += blank + length;
                    // The space before it was the one behind it.
                    let spaced = first.text[..a].ends_with(is_space);
                    if blank == 0 && spaced && second.text[b..there.end].starts_with(' ') {
                        b += 1;
                    }
                } else if matches!(d, '*' | '_') {
                    b += 1;
                } else {
                    return None;
                }
            }
            (Some(_), None) => return None,
        }
    }
    Some(leaves(first, second, &matched))
}

fn leaves(first: &Parsed, second: &Parsed, matched: &[(Range<usize>, Range<usize>)]) -> Vec<Leaf> {
    let mut out: Vec<Leaf> = Vec::new();
    let Some((_, start)) = matched.first() else { return out };
    let mut index = second.leaves.partition_point(|leaf| leaf.text.end <= start.start);
    // Of the last leaf, where its text ends in the second one's own terms.
    let mut end = 0;
    for (mine, theirs) in matched {
        while second.leaves.get(index).is_some_and(|leaf| leaf.text.end <= theirs.start) {
            index += 1;
        }
        let Some(leaf) = second.leaves.get(index) else { return out };
        let same = first.text[mine.clone()] == second.text[theirs.clone()];
        let whole = leaf.source.len() == leaf.text.len();
        let (kind, source) = match leaf.kind {
            LeafKind::Text if same => (LeafKind::Text, leaf.part(theirs)),
            LeafKind::Text => (LeafKind::Atom, leaf.part(theirs)),
            LeafKind::Break if same => (LeafKind::Break, leaf.source.clone()),
            LeafKind::Break => (LeafKind::Atom, leaf.source.clone()),
            kind if whole => (kind, leaf.part(theirs)),
            kind => (kind, leaf.source.clone()),
        };
        let next = Leaf { kind, text: mine.clone(), source };
        match out.last_mut() {
            Some(last)
                if last.kind == next.kind
                    && end == theirs.start
                    && ((matches!(next.kind, LeafKind::Text | LeafKind::Fixed)
                        && last.source.end == next.source.start)
                        || (last.source == next.source && next.kind != LeafKind::Text)) =>
            {
                last.text.end = next.text.end;
                last.source.end = next.source.end;
            }
            _ => out.push(next),
        }
        end = theirs.end;
    }
    out
}

impl Leaf {
    /// The source of a part of a leaf whose text is its source.
    fn part(&self, text: &Range<usize>) -> Range<usize> {
        let at = |text: usize| self.source.start + text - self.text.start;
        at(text.start)..at(text.end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{html, text};
    use super::*;

    fn paired(page: &str, plain: &str) -> Vec<(String, String)> {
        let (first, second) = (html::parse(page, true).unwrap(), text::parse(plain));
        pairs(&first, &second)
            .into_iter()
            .map(|(block, leaves)| {
                let shown = first.text[first.blocks[block].range.clone()].to_owned();
                // The leaves tile the block.
                let mut at = first.blocks[block].range.start;
                let mut source = String::new();
                for leaf in leaves {
                    assert_eq!(leaf.text.start, at);
                    at = leaf.text.end;
                    source.push_str(&plain[leaf.source]);
                }
                assert_eq!(at, first.blocks[block].range.end);
                (shown, source)
            })
            .collect()
    }

    #[test]
    fn pairs_what_is_the_same_apart_from_what_plain_text_adds() {
        let page = "<p>Dear all,</p><p>the <b>plan</b> is <a href='https://a.example/x'>here</a>, and&nbsp;late.</p>\
                    <p>Only here.</p><p>See <a href=https://b.example>that</a> now.</p><p>Yours</p>";
        let plain = "Dear all,\n\nthe *plan* is here <https://a.example/x>, and\nlate.\n\nOnly there.\n\nSee that [1] now.\n\nYours\n";
        assert_eq!(
            paired(page, plain),
            [
                ("Dear all,", "Dear all,"),
                ("the plan is here, and\u{a0}late.", "the plan is here, and\nlate."),
                ("See that now.", "See that now."),
                ("Yours", "Yours"),
            ]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn what_differs_is_no_pair() {
        for (page, plain) in [
            ("<p>He said so.</p>", "He told so."),
            ("<p>He said so.</p>", "He said so!"),
            ("<p>He said so.</p>", "He said so, too."),
            ("<p>One</p><p>two</p>", "One two"),
            ("<p>a b</p>", "ab"),
        ] {
            assert!(paired(page, plain).is_empty(), "{page}");
        }
    }
}
