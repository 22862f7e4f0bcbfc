//! Edits of the canonical text, carried out on the source.

use std::borrow::Cow;
use std::ops::Range;

use super::carrier::Writing;
use super::{Block, Document, Edit, EditError, Format, Leaf, LeafKind, Parsed, html, markdown, package};

/// How far from a site a line end may move, in bytes of the canonical text.
const BREAK_REACH: usize = 400;

/// A replacement in the source.
struct Patch<'p> {
    source: Range<usize>,
    text: Cow<'p, str>,
}

/// The leaves of one writing of the text: of all of it, or of what the file stores a second time.
#[derive(Clone, Copy)]
struct Layer<'d> {
    document: &'d Document,
    leaves: &'d [Leaf],
}

/// Both writings.
fn layers(document: &Document) -> [Layer<'_>; 2] {
    [&document.leaves, &document.twins].map(|leaves| Layer { document, leaves })
}

pub(super) fn is_editable(document: &Document, range: &Range<usize>) -> bool {
    let inside = range.start < range.end
        && document.block_at(range.start).is_some_and(|block| range.end <= block.range.end)
        && document.text.is_char_boundary(range.start)
        && document.text.is_char_boundary(range.end);
    inside
        && layers(document).iter().flat_map(|layer| layer.covered(range)).all(|leaf| match leaf.kind {
            LeafKind::Text | LeafKind::Break => true,
            LeafKind::Atom => range.start <= leaf.text.start && leaf.text.end <= range.end,
            LeafKind::Fixed => false,
        })
}

pub(super) fn write(document: &Document, edits: &[Edit]) -> Result<Vec<u8>, EditError> {
    let edits = in_order(document, edits)?;
    let mut patches = Vec::new();
    for layer in layers(document) {
        // Line ends may move between the end of one edit and the start of the next.
        let mut floor = 0;
        for (index, edit) in edits.iter().enumerate() {
            let ceiling = edits.get(index + 1).map_or(document.text.len(), |next| next.range.start);
            if layer.writes(&edit.range) {
                floor = layer.patch(edit, floor..ceiling, &mut patches)?.max(edit.range.end);
            }
        }
    }
    let [Some(first), Some(last)] = [edits.first(), edits.last()] else {
        return encode(document, &document.source);
    };
    let (start, end) = (first.range.start, last.range.end);
    let mut patches: Vec<_> = patches.into_iter().map(|patch| (patch.source, patch.text)).collect();
    document.carrier.settle(&document.source, &mut patches);
    let source = apply(&document.source, patches.into_iter()).ok_or(EditError::Range { start, end })?;
    let wanted = apply(
        &document.text,
        edits.iter().map(|edit| (edit.range.clone(), Cow::Borrowed(edit.text.as_str()))),
    )
    .ok_or(EditError::Range { start, end })?;

    // What Markdown makes of a change can only be told by reading it.
    let Ok(Parsed { text, blocks, twins, .. }) = document.carrier.parse(document.format, &source) else {
        return Err(EditError::Structure { start, end });
    };
    let same_blocks = blocks.len() == document.blocks.len()
        && twinned(&blocks, &twins).eq(twinned(&document.blocks, &document.twins))
        // In packages no edit makes markup, and whether a cell is prose depends on its words.
        && (matches!(document.format, Format::Text | Format::Eml) || document.format.is_paged()
            || blocks.iter().zip(&document.blocks).all(|(new, old)| new.kind == old.kind));
    if text != wanted || !same_blocks {
        let spans_markup = edits.iter().any(|edit| {
            let leaves = layers(document)[0].covered(&edit.range);
            let line_ends = leaves.iter().filter(|leaf| leaf.kind == LeafKind::Break).count();
            leaves.len() > 2 * line_ends + 1
        });
        return Err(match document.format {
            Format::Markdown if spans_markup => EditError::Fixed { start, end },
            _ => EditError::Structure { start, end },
        });
    }
    let bytes = encode(document, &source)?;
    if document.carrier.recognises(document.format, &bytes, &source) {
        Ok(bytes)
    } else {
        Err(EditError::Charset { charset: document.encoding().charset.name().into() })
    }
}

/// The numbers of the blocks that are written twice.
fn twinned<'d>(blocks: &'d [Block], twins: &'d [Leaf]) -> impl Iterator<Item = usize> + 'd {
    let number = |leaf: &Leaf| blocks.partition_point(|block| block.range.end <= leaf.text.start);
    let mut last = None;
    twins.iter().map(number).filter(move |&number| last.replace(number) != Some(number))
}

fn encode(document: &Document, source: &str) -> Result<Vec<u8>, EditError> {
    document.carrier.write(source).ok_or_else(|| EditError::Unencodable {
        text: String::new(),
        charset: document.encoding().charset.name().into(),
    })
}

/// The edits that change something, in document order.
fn in_order<'e>(document: &Document, edits: &'e [Edit]) -> Result<Vec<&'e Edit>, EditError> {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut previous: Option<&Range<usize>> = None;
    for edit in &order {
        let Range { start, end } = edit.range;
        let overlaps = previous.is_some_and(|before| before.end > start || *before == edit.range);
        if overlaps || document.text.get(start..end).is_none() {
            return Err(EditError::Range { start, end });
        }
        if !document.encodes(&edit.text) {
            return Err(EditError::Unencodable {
                text: edit.text.clone(),
                charset: document.encoding().charset.name().into(),
            });
        }
        previous = Some(&edit.range);
    }
    order.retain(|edit| document.text[edit.range.clone()] != edit.text);
    Ok(order)
}

impl<'p> Layer<'p> {
    /// Whether this is a writing of the block that `range` starts in.
    fn writes(self, range: &Range<usize>) -> bool {
        // The first layer writes everything, also what lies in no block, where an edit is an error.
        let second = std::ptr::eq(self.leaves, self.document.twins.as_slice());
        let block = || {
            self.document
                .block_at(range.start)
                .or_else(|| self.document.block_at(range.start.checked_sub(1)?))
        };
        !second || block().is_some_and(|block| !self.covered(&block.range).is_empty())
    }

    /// Adds the patches of one edit; returns where the text that it uses ends.
    ///
    /// Only what differs is replaced: what old and new text share at both ends stays, so that markup and line ends there
    /// do.
    fn patch(
        self,
        edit: &'p Edit,
        free: Range<usize>,
        patches: &mut Vec<Patch<'p>>,
    ) -> Result<usize, EditError> {
        let document = self.document;
        let fixed = || EditError::Fixed { start: edit.range.start, end: edit.range.end };
        let within = |range: &Range<usize>, at: usize| range.start <= at && at <= range.end;
        let in_one_block = document
            .blocks
            .get(document.blocks.partition_point(|block| block.range.end < edit.range.start))
            .is_some_and(|block| {
                within(&block.range, edit.range.start) && within(&block.range, edit.range.end)
            });
        if !in_one_block {
            return Err(fixed());
        }
        let old = &document.text[edit.range.clone()];
        let prefix = common_prefix(old, &edit.text);
        let suffix = common_suffix(&old[prefix..], &edit.text[prefix..]);
        let range = edit.range.start + prefix..edit.range.end - suffix;
        let new = &edit.text[prefix..edit.text.len() - suffix];
        let write = |text: &'p str, at: usize| match document.carrier.writing(document.format, at) {
            Writing::Plain => Cow::Borrowed(text),
            Writing::Markdown => Cow::Owned(markdown::escape(text)),
            Writing::Xml => Cow::Owned(package::escape(text)),
            Writing::Html(charset) => Cow::Owned(html::escape(text, charset)),
        };
        if range.is_empty() {
            let at = self.insertion_point(&edit.range, range.start).ok_or_else(fixed)?;
            patches.push(Patch { source: at..at, text: write(new, at) });
            return Ok(edit.range.end);
        }

        let leaves = self.covered(&range);
        let cut = |leaf: &Leaf| range.start > leaf.text.start || range.end < leaf.text.end;
        if leaves
            .iter()
            .any(|leaf| leaf.kind == LeafKind::Fixed || (leaf.kind == LeafKind::Atom && cut(leaf)))
        {
            return Err(fixed());
        }
        let breaks: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.kind == LeafKind::Break).collect();
        let slots = break_slots(document, &range, new, &breaks);
        let kept = slots.len();

        // The new text goes to the first leaf between two line ends that stay; the other leaves there become empty.
        let mut pieces = slots.into_iter().chain([new.len()]).scan(0, |from, to| {
            let piece = &new[*from..to];
            *from = to + 1;
            Some(piece)
        });
        let mut pending = pieces.next();
        let mut seen = 0;
        for leaf in leaves {
            let at = leaf.source.start;
            match leaf.kind {
                LeafKind::Break if seen < kept => {
                    if let Some(piece) = pending.take().filter(|piece| !piece.is_empty()) {
                        patches.push(Patch { source: at..at, text: write(piece, at) });
                    }
                    pending = pieces.next();
                    seen += 1;
                }
                LeafKind::Break => {
                    patches.push(Patch { source: leaf.source.clone(), text: Cow::Borrowed("") });
                }
                _ => {
                    let source = if leaf.kind == LeafKind::Text {
                        let offset = |text: usize| at + text - leaf.text.start;
                        offset(range.start.max(leaf.text.start))..offset(range.end.min(leaf.text.end))
                    } else {
                        leaf.source.clone()
                    };
                    patches.push(Patch {
                        source,
                        text: pending.take().map_or(Cow::Borrowed(""), |piece| write(piece, at)),
                    });
                }
            }
        }
        if let (Some(piece), Some(last)) = (pending.filter(|piece| !piece.is_empty()), leaves.last()) {
            let at = last.source.end;
            patches.push(Patch { source: at..at, text: write(piece, at) });
        }
        let Some(lost) = breaks.get(kept) else { return Ok(edit.range.end) };
        let line_end = &document.source[lost.source.clone()];
        Ok(self.move_break(line_end, &range, new, free, patches).unwrap_or(0))
    }

    /// Turns a space near an edit into the line end that its new text has no place for: the next space behind it, or
    /// else the last one before it. Returns where the text used ends; none when the line end is dropped because another
    /// line end or the block's end is next.
    fn move_break(
        self,
        line_end: &'p str,
        edit: &Range<usize>,
        new: &str,
        free: Range<usize>,
        patches: &mut Vec<Patch<'p>>,
    ) -> Option<usize> {
        let document = self.document;
        let text = document.text.as_bytes();
        // What stands on either side of the edit afterwards.
        let left = new.chars().next_back().or(document.text[..edit.start].chars().next_back());
        let right = new.chars().next().or(document.text[edit.end..].chars().next());
        let inked = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        // A space between two inked characters of the same leaf that no other edit touches.
        let movable = |at: usize, within: Range<usize>| {
            let leaf = self.leaf_at(at).filter(|leaf| leaf.kind == LeafKind::Text)?;
            let inside = |at: usize| leaf.text.contains(&at) && within.contains(&at);
            let stands_alone = at > 0
                && inside(at - 1)
                && inside(at + 1)
                && inked(if at == edit.end { left } else { document.text[..at].chars().next_back() })
                && inked(if at + 1 == edit.start { right } else { document.text[at + 1..].chars().next() });
            stands_alone.then(|| leaf.source.start + at - leaf.text.start)
        };
        let forward = edit.end..free.end.min(edit.end + BREAK_REACH);
        let backward = free.start.max(edit.start.saturating_sub(BREAK_REACH))..edit.start;
        let (at, used) = text
            .get(forward.clone())
            .and_then(|gap| gap.iter().position(|&byte| byte == b' '))
            .map(|offset| edit.end + offset)
            .and_then(|at| {
                // Right behind the edit the character before the space is the edit's own.
                let within = edit.end.saturating_sub(usize::from(at == edit.end))..forward.end;
                movable(at, within).map(|source| (source, at + 2))
            })
            .or_else(|| {
                let offset = text.get(backward.clone())?.iter().rposition(|&byte| byte == b' ')?;
                let at = backward.start + offset;
                let within = backward.start..edit.start + usize::from(at + 1 == edit.start);
                movable(at, within).map(|source| (source, edit.end))
            })?;
        patches.push(Patch { source: at..at + 1, text: Cow::Borrowed(line_end) });
        Some(used)
    }

    /// The source position of an insertion at `at`, inside `edit`: behind the character before it where that may be
    /// edited, else before the one after it.
    fn insertion_point(self, edit: &Range<usize>, at: usize) -> Option<usize> {
        let document = self.document;
        let block = document.block_at(at).or_else(|| document.block_at(at.checked_sub(1)?))?;
        let previous = at.checked_sub(1).filter(|&previous| block.range.contains(&previous));
        let behind = previous.and_then(|previous| self.leaf_at(previous)).and_then(|leaf| match leaf.kind {
            LeafKind::Text => Some(leaf.source.start + at - leaf.text.start),
            LeafKind::Atom if at == leaf.text.end => Some(leaf.source.end),
            _ => None,
        });
        let before = || {
            let leaf = self.leaf_at(at).filter(|_| block.range.contains(&at))?;
            match leaf.kind {
                LeafKind::Text => Some(leaf.source.start + at - leaf.text.start),
                LeafKind::Atom if at == leaf.text.start => Some(leaf.source.start),
                _ => None,
            }
        };
        // Text put in at the very start of the edited range belongs to what the range holds, not to what precedes it.
        if at == edit.start && at < edit.end { before().or(behind) } else { behind.or_else(before) }
    }

    /// The leaves that `range` touches.
    fn covered(self, range: &Range<usize>) -> &'p [Leaf] {
        let first = self.leaves.partition_point(|leaf| leaf.text.end <= range.start);
        let count = self.leaves[first..].partition_point(|leaf| leaf.text.start < range.end);
        &self.leaves[first..first + count]
    }

    fn leaf_at(self, at: usize) -> Option<&'p Leaf> {
        self.covered(&(at..at + 1)).first()
    }
}

/// Where the line ends that an edit spans go in its new text: one space each, as near as can be to where they were.
///
/// Returns at most as many as there are line ends; the first ones are kept.
fn break_slots(document: &Document, range: &Range<usize>, new: &str, breaks: &[&Leaf]) -> Vec<usize> {
    if breaks.is_empty() {
        return Vec::new();
    }
    let before = document.text[..range.start].chars().next_back();
    let after = document.text[range.end..].chars().next();
    let inked = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let spaces: Vec<usize> = new
        .match_indices(' ')
        .map(|(at, _)| at)
        .filter(|&at| {
            inked(new[..at].chars().next_back().or(before)) && inked(new[at + 1..].chars().next().or(after))
        })
        .collect();
    let mut slots = Vec::new();
    let mut next = 0;
    for (index, line_end) in breaks.iter().enumerate() {
        let later = breaks.len() - index - 1;
        let candidates =
            spaces.get(next..spaces.len().saturating_sub(later).max(next + 1)).unwrap_or_default();
        let relative = (line_end.text.start - range.start) * new.len() / range.len();
        let nearest = candidates.iter().enumerate().min_by_key(|(_, at)| at.abs_diff(relative));
        let Some((offset, &at)) = nearest else { break };
        slots.push(at);
        next += offset + 1;
    }
    slots
}

pub(super) fn source_range(document: &Document, range: &Range<usize>) -> Option<Range<usize>> {
    layers(document)[0].source_range(range)
}

impl Layer<'_> {
    fn source_range(self, range: &Range<usize>) -> Option<Range<usize>> {
        let leaves = self.covered(range);
        let (first, last) = (leaves.first()?, leaves.last()?);
        let offset = |leaf: &Leaf, at: usize| match leaf.kind {
            _ if at == leaf.text.start => Some(leaf.source.start),
            _ if at == leaf.text.end => Some(leaf.source.end),
            LeafKind::Text => Some(leaf.source.start + at - leaf.text.start),
            // An address is cut into leaves of its own and is the same in source and text.
            LeafKind::Fixed if leaf.source.len() == leaf.text.len() => {
                Some(leaf.source.start + at - leaf.text.start)
            }
            _ => None,
        };
        Some(offset(first, range.start)?..offset(last, range.end)?)
    }
}

/// The source bytes of the characters in a range, of every writing of them, without the markup between; none where a
/// tag of a page is there, whose partner may be elsewhere.
pub(super) fn source_pieces(document: &Document, range: &Range<usize>) -> Option<Vec<Range<usize>>> {
    if !document.carrier.keeps_markup(document.format) {
        return Some(vec![source_range(document, range)?]);
    }
    let mut pieces = Vec::new();
    for layer in layers(document) {
        let mut done = None;
        for leaf in layer.covered(range) {
            let inside = range.start.max(leaf.text.start)..range.end.min(leaf.text.end);
            let offset = |at: usize| leaf.source.start + at - leaf.text.start;
            let piece = if inside == leaf.text {
                leaf.source.clone()
            } else if leaf.kind == LeafKind::Text || leaf.source.len() == leaf.text.len() {
                offset(inside.start)..offset(inside.end)
            } else {
                return None;
            };
            let gap = done.map_or(Some(""), |done: usize| document.source.get(done..piece.start));
            let page = matches!(document.carrier.writing(document.format, piece.start), Writing::Html(_));
            if page && gap.is_none_or(|gap| gap.contains('<')) {
                return None;
            }
            done = Some(piece.end);
            pieces.push(piece);
        }
    }
    (!pieces.is_empty()).then_some(pieces)
}

pub(super) fn without(document: &Document, source: &[Range<usize>]) -> Option<Vec<u8>> {
    let mut cuts = source.iter().map(|range| (range.clone(), Cow::Borrowed(""))).collect();
    document.carrier.settle(&document.source, &mut cuts);
    document.carrier.write(&apply(&document.source, cuts.into_iter())?)
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

/// `text` with every range replaced; none when two overlap.
fn apply<'p>(text: &str, patches: impl Iterator<Item = (Range<usize>, Cow<'p, str>)>) -> Option<String> {
    let mut patches: Vec<_> = patches.collect();
    patches.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for (range, new) in patches {
        out.push_str(text.get(done..range.start)?);
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}
