//! The markup of alternatives, found in a canonical text.

use std::ops::Range;

use super::{MARKUPS_MAX, MarkupError, Mistake, VARIANT_BYTES_MAX};
use crate::channel::VARIANTS_MAX;
use crate::item::{Block, Document, LeafKind};

/// One markup.
pub(super) struct Markup {
    /// From the first brace to behind the last, in the marked text.
    pub(super) range: Range<usize>,
    /// What stays in the original: the first variant, or what is protected; may be empty.
    pub(super) kept: Range<usize>,
    pub(super) content: Content,
}

pub(super) enum Content {
    Protected,
    Choice { key: Option<String>, fact: bool, variants: Vec<Variant> },
}

pub(super) struct Variant {
    pub(super) text: String,
    pub(super) percent: Option<u32>,
}

impl Markup {
    pub(super) fn error(&self, document: &Document, mistake: Mistake) -> MarkupError {
        error(document, self.range.start, mistake)
    }
}

pub(super) fn error(document: &Document, offset: usize, mistake: Mistake) -> MarkupError {
    let (line, column) = document.position(offset);
    let paragraph = document.format().is_paged().then(|| start_of(document, offset));
    MarkupError { line, column, paragraph, mistake }
}

/// How many characters of a paragraph messages quote.
const QUOTE_CHARS: usize = 40;

/// How the paragraph around an offset begins.
fn start_of(document: &Document, offset: usize) -> String {
    let block = document.block_at(offset).or_else(|| document.block_at(offset.checked_sub(1)?));
    let text = block.map_or("", |block| &document.text()[block.range.clone()]);
    match text.char_indices().nth(QUOTE_CHARS) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Reads the comments and content controls that name variants, and puts them in their place among the markup.
pub(super) fn notes(document: &Document, markups: &mut Vec<Markup>) -> Result<(), MarkupError> {
    let before = markups.len();
    for note in document.notes().iter().filter(|note| !note.text.is_empty()) {
        let fail = |mistake| error(document, note.range.start, mistake);
        let text = &document.text()[note.range.clone()];
        let start = note.range.end - text.trim_start().len();
        let range = start..start.max(note.range.start + text.trim_end().len());
        if range.is_empty() {
            return Err(fail(Mistake::NoWords));
        }
        if markups.len() >= MARKUPS_MAX {
            return Err(fail(Mistake::TooManyMarkups));
        }
        let blocks = document.blocks();
        let first = blocks.partition_point(|block| block.range.end <= range.start);
        let touched: Vec<Range<usize>> = blocks[first..]
            .iter()
            .take_while(|block| block.range.start < range.end)
            .map(|block| block.range.start.max(range.start)..block.range.end.min(range.end))
            .collect();
        let Some(listed) = note.text.split_once(':').map(|(_, list)| list) else {
            markups.extend(touched.into_iter().map(|range| Markup {
                kept: range.clone(),
                range,
                content: Content::Protected,
            }));
            continue;
        };
        if touched.len() > 1 {
            return Err(fail(Mistake::Paragraphs));
        }
        let content = listed_choice(listed, &document.text()[range.clone()]).map_err(fail)?;
        markups.push(Markup { kept: range.clone(), range, content });
    }
    if markups.len() > before {
        markups.sort_by_key(|markup| (markup.range.start, markup.range.end));
        if let Some(pair) = markups.windows(2).find(|pair| pair[0].range.end > pair[1].range.start) {
            return Err(pair[1].error(document, Mistake::Nested));
        }
    }
    Ok(())
}

/// The variants that a note lists, behind the words it is on.
fn listed_choice(list: &str, words: &str) -> Result<Content, Mistake> {
    let (mut parts, mut part): (Vec<Vec<Char>>, Vec<Char>) = Default::default();
    let mut chars = list.chars().map(|c| Char { at: 0, c, active: true }).peekable();
    while let Some(char) = chars.next() {
        match (char.c, chars.peek().copied()) {
            ('|', _) => parts.push(std::mem::take(&mut part)),
            ('\\', Some(next)) if ESCAPABLE.contains(next.c) => {
                part.push(Char { active: false, ..next });
                chars.next();
            }
            _ => part.push(char),
        }
    }
    parts.push(part);
    for part in &mut parts {
        let start = part.iter().position(|char| !char.c.is_whitespace()).unwrap_or(part.len());
        part.drain(..start);
    }
    let (key, fact, mut variants) = variants(&mut parts)?;
    for variant in &mut variants {
        variant.text = variant.text.trim().to_owned();
    }
    match variants.iter().position(|variant| variant.text == words) {
        Some(at) => variants[..=at].rotate_right(1),
        None => variants.insert(0, Variant { text: words.to_owned(), percent: None }),
    }
    checked(key, fact, variants)
}

/// What a backslash frees inside markup.
const ESCAPABLE: &str = "|{}\\@#~!";

/// A character of a block; inactive ones (escapes, entities, addresses, code) are never markup.
#[derive(Clone, Copy)]
struct Char {
    at: usize,
    c: char,
    active: bool,
}

impl Char {
    fn is(self, char: char) -> bool {
        self.active && self.c == char
    }

    fn end(self) -> usize {
        self.at + self.c.len_utf8()
    }
}

/// Finds the markup of one block, and what to cut out of the source.
pub(super) fn scan(
    document: &Document,
    block: &Block,
    markups: &mut Vec<Markup>,
    cuts: &mut Vec<Range<usize>>,
) -> Result<(), MarkupError> {
    if !document.text()[block.range.clone()].contains("{{") {
        return Ok(());
    }
    let chars = chars(document, block);
    let is = |index: usize, wanted: &str| {
        wanted.chars().enumerate().all(|(offset, c)| chars.get(index + offset).is_some_and(|char| char.is(c)))
    };
    let mut index = 0;
    while index < chars.len() {
        if is(index, "\\{{") {
            cuts.push(chars[index].at..chars[index].end());
            index += 3;
        } else if is(index, "{{") {
            index = markup(document, &chars, index, markups, cuts)?;
        } else {
            index += 1;
        }
    }
    Ok(())
}

fn chars(document: &Document, block: &Block) -> Vec<Char> {
    let leaves = document.leaves();
    let first = leaves.partition_point(|leaf| leaf.text.end <= block.range.start);
    leaves[first..]
        .iter()
        .take_while(|leaf| leaf.text.start < block.range.end)
        .flat_map(|leaf| {
            let active = matches!(leaf.kind, LeafKind::Text | LeafKind::Break);
            let start = leaf.text.start;
            document.text()[leaf.text.clone()].char_indices().map(move |(offset, c)| Char {
                at: start + offset,
                c,
                active,
            })
        })
        .collect()
}

/// Reads the markup whose braces open at `open`; returns the index behind it.
fn markup(
    document: &Document,
    chars: &[Char],
    open: usize,
    markups: &mut Vec<Markup>,
    cuts: &mut Vec<Range<usize>>,
) -> Result<usize, MarkupError> {
    let fail = |mistake| error(document, chars[open].at, mistake);
    if markups.len() >= MARKUPS_MAX {
        return Err(fail(Mistake::TooManyMarkups));
    }
    let Braces { mut parts, freed, close, protects } =
        braces(chars, open).map_err(|(at, mistake)| error(document, at, mistake))?;
    let range = chars[open].at..chars[close + 1].end();
    let content = if protects {
        if parts[0].is_empty() {
            return Err(fail(Mistake::Empty));
        }
        Content::Protected
    } else {
        let (key, fact, variants) = variants(&mut parts).map_err(fail)?;
        checked(key, fact, variants).map_err(fail)?
    };
    let kept = match (parts[0].first(), parts[0].last()) {
        (Some(first), Some(last)) => first.at..last.end(),
        _ => range.start..range.start,
    };
    if kept.is_empty() {
        cuts.push(range.clone());
    } else {
        // A freed character's backslash right at the front is part of the first cut.
        cuts.push(range.start..kept.start);
        cuts.extend(freed.into_iter().filter(|cut| cut.start > kept.start));
        cuts.push(kept.end..range.end);
    }
    markups.push(Markup { range, kept, content });
    Ok(close + 2)
}

/// What stands between two pairs of braces.
struct Braces {
    /// The alternatives with their prefixes, or what is protected; at least one.
    parts: Vec<Vec<Char>>,
    /// Backslashes in the first of them.
    freed: Vec<Range<usize>>,
    /// Index of the first closing brace.
    close: usize,
    protects: bool,
}

/// Reads what stands between the braces that open at `open`; a mistake comes with its place.
fn braces(chars: &[Char], open: usize) -> Result<Braces, (usize, Mistake)> {
    let protects = chars.get(open + 2).is_some_and(|char| char.is('!'));
    let (mut parts, mut part): (Vec<Vec<Char>>, Vec<Char>) = Default::default();
    let mut freed = Vec::new();
    let mut index = open + 2 + usize::from(protects);
    let close = loop {
        let Some(&char) = chars.get(index) else { return Err((chars[open].at, Mistake::Unclosed)) };
        let next = chars.get(index + 1).copied().filter(|next| next.active);
        let doubled = next.is_some_and(|next| next.c == char.c);
        if char.is('}') && doubled {
            break index;
        } else if char.is('{') && doubled {
            return Err((char.at, Mistake::Nested));
        } else if char.is('|') && !protects {
            parts.push(std::mem::take(&mut part));
        } else if let (true, Some(next)) = (char.is('\\'), next.filter(|next| ESCAPABLE.contains(next.c))) {
            if parts.is_empty() {
                freed.push(char.at..char.end());
            }
            part.push(Char { active: false, ..next });
            index += 1;
        } else {
            part.push(char);
        }
        index += 1;
    };
    parts.push(part);
    Ok(Braces { parts, freed, close, protects })
}

/// A text with the first alternative of every markup in place of it, as an item's original has it; none where there
/// is no choice in it.
///
/// Markup that is cut or mistaken stays as it is: a fragment may begin and end anywhere.
pub(super) fn unmarked(text: &str) -> Option<String> {
    if !text.contains("{{") {
        return None;
    }
    let chars: Vec<Char> = text.char_indices().map(|(at, c)| Char { at, c, active: true }).collect();
    let mut out = String::with_capacity(text.len());
    let mut choices = 0;
    let mut index = 0;
    while let Some(char) = chars.get(index) {
        let opens = char.c == '{' && chars.get(index + 1).is_some_and(|next| next.c == '{');
        let read = opens.then(|| braces(&chars, index).ok()).flatten();
        let read = read.and_then(|mut read| {
            let choice = !read.protects;
            let listed = |parts: &mut [Vec<Char>]| {
                variants(parts).and_then(|(key, fact, variants)| checked(key, fact, variants)).is_ok()
            };
            (read.protects || listed(&mut read.parts)).then_some((read, choice))
        });
        if let Some((read, choice)) = read {
            out.extend(read.parts[0].iter().map(|char| char.c));
            choices += usize::from(choice);
            index = read.close + 2;
        } else {
            out.push(char.c);
            index += 1;
        }
    }
    (choices > 0).then_some(out)
}

/// Takes the prefixes off the parts: the key, whether it is a fact, and the variants.
fn variants(parts: &mut [Vec<Char>]) -> Result<(Option<String>, bool, Vec<Variant>), Mistake> {
    let (mut key, mut fact) = (None, false);
    let mut variants = Vec::new();
    for (index, part) in parts.iter_mut().enumerate() {
        let mut percent = None;
        while let Some(prefix) = prefix(part) {
            match prefix.kind {
                Prefix::Key(name) if index == 0 && key.is_none() => key = Some(name),
                Prefix::Fact if index == 0 && !fact => fact = true,
                Prefix::Percent(digits) if percent.is_none() => {
                    let value = digits.parse().ok().filter(|value| (1..=99).contains(value));
                    percent = Some(value.ok_or(Mistake::Percent { percent: digits })?);
                }
                // A second prefix of the same kind, or a key before a later variant, is text.
                _ => break,
            }
            part.drain(..prefix.length);
        }
        let text: String = part.iter().map(|char| char.c).collect();
        if text.len() > VARIANT_BYTES_MAX {
            return Err(Mistake::TooLong { bytes: text.len() });
        }
        variants.push(Variant { text, percent });
    }
    Ok((key, fact, variants))
}

/// A choice between variants that can be one.
fn checked(key: Option<String>, fact: bool, variants: Vec<Variant>) -> Result<Content, Mistake> {
    let count = variants.len();
    match count {
        0 | 1 => return Err(Mistake::Single),
        2..=VARIANTS_MAX => {}
        _ => return Err(Mistake::TooMany { count }),
    }
    let twice = variants
        .iter()
        .enumerate()
        .find(|(index, variant)| variants[..*index].iter().any(|earlier| earlier.text == variant.text));
    match twice {
        Some((_, variant)) => Err(Mistake::Duplicate { text: variant.text.clone() }),
        None => Ok(Content::Choice { key, fact, variants }),
    }
}

struct Found {
    kind: Prefix,
    /// In characters, the colon included.
    length: usize,
}

enum Prefix {
    Key(String),
    Fact,
    Percent(String),
}

/// The prefix at the front of a variant, if there is one: `@key:`, `#fact:` or `~20:`.
fn prefix(part: &[Char]) -> Option<Found> {
    let colon = part.iter().take(66).position(|char| char.is(':'))?;
    let sign = part.first().filter(|char| char.active)?.c;
    let name: String = part[1..colon.max(1)].iter().map(|char| char.c).collect();
    let kind = match sign {
        '@' if !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')) =>
        {
            Prefix::Key(name)
        }
        '#' if name == "fact" => Prefix::Fact,
        '~' if !name.is_empty() && name.chars().all(|c| c.is_ascii_digit()) => Prefix::Percent(name),
        _ => return None,
    };
    Some(Found { kind, length: colon + 1 })
}
