//! The blocks of a package while its parts are read: paragraphs may stand inside each other (text boxes), and may be
//! stored twice.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::item::build::addresses;
use crate::item::{Block, BlockKind, Leaf, LeafKind, Note, Parsed, Skipped};

/// A block of at least so many words that ends a sentence is prose, also in a table's cell.
const PROSE_WORDS: usize = 12;

/// A place in the text: a block, by the order in which blocks were opened, and an offset in it.
pub(super) type Here = (usize, usize);

/// The blocks so far.
#[derive(Default)]
pub(super) struct Draft<'s> {
    source: &'s str,
    opened: usize,
    open: Vec<Piece<'s>>,
    done: Vec<Piece<'s>>,
    /// The alternatives that are open: what is stored more than once, for readers of different age.
    alternatives: Vec<Alternatives>,
    /// How many alternatives there were.
    groups: usize,
    skipped: BTreeMap<Skipped, usize>,
    notes: Vec<NoteDraft>,
}

/// One block.
struct Piece<'s> {
    kind: BlockKind,
    order: usize,
    leaves: Vec<DraftLeaf<'s>>,
    length: usize,
    /// A tab or line break that only counts when text follows.
    gap: Option<DraftLeaf<'s>>,
    /// The outermost alternatives that it stands in, and in which branch of each.
    group: Option<usize>,
    path: Vec<usize>,
}

struct DraftLeaf<'s> {
    kind: LeafKind,
    text: std::borrow::Cow<'s, str>,
    source: Range<usize>,
}

struct Alternatives {
    group: usize,
    branches: usize,
    /// The branch whose text stands in the paragraph around the alternatives.
    shown: Option<usize>,
}

struct NoteDraft {
    from: Here,
    to: Here,
    text: String,
    cuts: Vec<Range<usize>>,
}

impl<'s> Draft<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self { source, ..Self::default() }
    }

    /// Starts a block, inside the open one if there is one.
    pub(super) fn open(&mut self) {
        self.open.push(Piece {
            kind: BlockKind::Paragraph,
            order: self.opened,
            leaves: Vec::new(),
            length: 0,
            gap: None,
            group: self.alternatives.first().map(|outermost| outermost.group),
            path: self.alternatives.iter().map(|one| one.branches.saturating_sub(1)).collect(),
        });
        self.opened += 1;
    }

    /// Ends the innermost block as `kind`; `fixed` makes all of its text fixed.
    pub(super) fn close(&mut self, kind: BlockKind, fixed: bool) {
        let Some(mut piece) = self.open.pop() else { return };
        piece.kind = kind;
        if fixed {
            piece.leaves.iter_mut().for_each(|leaf| leaf.kind = LeafKind::Fixed);
        }
        if !piece.leaves.is_empty() {
            self.done.push(piece);
        }
    }

    /// Whether the innermost block reads as prose: many words, and the end of a sentence.
    pub(super) fn is_prose(&self) -> bool {
        let Some(piece) = self.open.last() else { return false };
        let text: String = piece.leaves.iter().map(|leaf| leaf.text.as_ref()).collect();
        let bare = text.trim_end().trim_end_matches(['"', '\'', '”', '’', ')']);
        text.split_whitespace().count() >= PROSE_WORDS && bare.ends_with(['.', '!', '?', '…', ':'])
    }

    /// Characters that are written as they are.
    pub(super) fn verbatim(&mut self, source: Range<usize>, fixed: bool) {
        let text = &self.source[source.clone()];
        let kind = if fixed { LeafKind::Fixed } else { LeafKind::Text };
        self.leaf(kind, text.into(), source);
    }

    /// Characters that are written otherwise.
    pub(super) fn written(&mut self, text: impl Into<String>, source: Range<usize>, fixed: bool) {
        let kind = if fixed { LeafKind::Fixed } else { LeafKind::Atom };
        self.leaf(kind, text.into().into(), source);
    }

    /// White space that shows as one space and may move.
    pub(super) fn line_end(&mut self, source: Range<usize>, fixed: bool) {
        let kind = if fixed { LeafKind::Fixed } else { LeafKind::Break };
        self.leaf(kind, " ".into(), source);
    }

    /// A tab or line break between two texts.
    pub(super) fn gap(&mut self, text: &'static str, source: Range<usize>) {
        if let Some(piece) = self.open.last_mut()
            && !piece.leaves.is_empty()
            && piece.gap.is_none()
        {
            piece.gap = Some(DraftLeaf { kind: LeafKind::Fixed, text: text.into(), source });
        }
    }

    fn leaf(&mut self, mut kind: LeafKind, text: std::borrow::Cow<'s, str>, source: Range<usize>) {
        let Some(piece) = self.open.last_mut() else { return };
        if text.is_empty() {
            return;
        }
        // Text of alternatives that are part of a paragraph: one branch is shown, and none is edited.
        let inner = self.alternatives.len() - piece.path.len().min(self.alternatives.len());
        if inner > 0 {
            for one in self.alternatives.iter_mut().rev().take(inner) {
                let branch = one.branches.saturating_sub(1);
                if *one.shown.get_or_insert(branch) != branch {
                    return;
                }
            }
            kind = LeafKind::Fixed;
        }
        if let Some(gap) = piece.gap.take() {
            piece.length += gap.text.len();
            piece.leaves.push(gap);
        }
        piece.length += text.len();
        piece.leaves.push(DraftLeaf { kind, text, source });
    }

    /// Where in the text the reader is.
    pub(super) fn here(&self) -> Here {
        self.open.last().map_or((self.opened, 0), |piece| (piece.order, piece.length))
    }

    /// The text of the innermost block since a place in it.
    pub(super) fn since(&self, here: Here) -> String {
        let Some(piece) = self.open.last().filter(|piece| piece.order == here.0) else {
            return String::new();
        };
        let mut end = piece.length;
        let first = piece.leaves.iter().rev().take_while(|leaf| {
            end -= leaf.text.len();
            end >= here.1
        });
        let mut texts: Vec<&str> = first.map(|leaf| leaf.text.as_ref()).collect();
        texts.reverse();
        texts.concat()
    }

    /// Makes the text of the innermost block since a place in it fixed.
    pub(super) fn fix_since(&mut self, here: Here) {
        let Some(piece) = self.open.last_mut().filter(|piece| piece.order == here.0) else { return };
        let mut end = piece.length;
        for leaf in piece.leaves.iter_mut().rev() {
            end -= leaf.text.len();
            if end < here.1 {
                break;
            }
            leaf.kind = LeafKind::Fixed;
        }
    }

    pub(super) fn enter_alternatives(&mut self) {
        let group = self.alternatives.first().map_or(self.groups, |outermost| outermost.group);
        self.groups = self.groups.max(group + 1);
        self.alternatives.push(Alternatives { group, branches: 0, shown: None });
    }

    pub(super) fn enter_branch(&mut self) {
        if let Some(innermost) = self.alternatives.last_mut() {
            innermost.branches += 1;
        }
    }

    pub(super) fn leave_alternatives(&mut self) {
        self.alternatives.pop();
    }

    /// Counts something that is not edited; what is stored a second time counts once.
    pub(super) fn skip(&mut self, what: Skipped) {
        if self.alternatives.iter().all(|one| one.branches < 2) {
            *self.skipped.entry(what).or_default() += 1;
        }
    }

    /// Text that an author attached to a passage; `cuts` take it out of the source.
    pub(super) fn note(&mut self, from: Here, to: Here, text: String, cuts: Vec<Range<usize>>) {
        self.notes.push(NoteDraft { from, to, text, cuts });
    }

    /// All blocks in document order, each once.
    pub(super) fn finish(mut self) -> Parsed {
        while !self.open.is_empty() {
            self.close(BlockKind::Paragraph, false);
        }
        self.done.sort_by_key(|piece| piece.order);
        let (mut shown, mut others) = (Vec::new(), BTreeMap::<usize, Vec<Piece<'s>>>::new());
        for piece in self.done {
            match piece.group.filter(|_| piece.path.iter().any(|&branch| branch > 0)) {
                Some(group) => others.entry(group).or_default().push(piece),
                None => shown.push(piece),
            }
        }
        let mut parsed = Parsed::default();
        let mut places = BTreeMap::new();
        let mut index = 0;
        while index < shown.len() {
            let group = shown[index].group;
            let same = shown[index..].iter().take_while(|piece| group.is_some() && piece.group == group);
            let count = same.count().max(1);
            let twins = group.and_then(|group| others.remove(&group)).unwrap_or_default();
            let pieces = &mut shown[index..index + count];
            let paired = pairs(pieces, &twins);
            for (number, piece) in pieces.iter_mut().enumerate() {
                if !twins.is_empty() && !paired {
                    piece.leaves.iter_mut().for_each(|leaf| leaf.kind = LeafKind::Fixed);
                }
                places.insert(piece.order, parsed.blocks.len());
                let start = push_text(&mut parsed, piece);
                lay(&piece.leaves, start, &parsed.text, &mut parsed.leaves);
                if let Some(twin) = twins.get(number).filter(|_| paired) {
                    lay(&twin.leaves, start, &parsed.text, &mut parsed.twins);
                }
            }
            index += count;
        }
        parsed.skipped = self.skipped.into_iter().collect();
        let blocks = &parsed.blocks;
        // A block that has no text is not there: what starts in it starts at the next one.
        let start = |(order, offset): Here| {
            let (&found, &block) = places.range(order..).next()?;
            Some(blocks[block].range.start + if found == order { offset } else { 0 })
        };
        let end = |(order, offset): Here| {
            // What ends before a block's first character ends with the block before it.
            let before = if offset == 0 { order } else { order + 1 };
            let (&found, &block) = places.range(..before).next_back()?;
            let range = &blocks[block].range;
            Some(if found == order { range.start + offset } else { range.end })
        };
        parsed.notes = self
            .notes
            .into_iter()
            .map(|note| {
                let from = start(note.from).unwrap_or(parsed.text.len());
                let to = end(note.to).unwrap_or(0).max(from);
                Note { range: from..to.min(parsed.text.len()), text: note.text, cuts: note.cuts }
            })
            .collect();
        parsed
    }
}

/// Whether `twins` are the same paragraphs once more.
fn pairs(pieces: &[Piece<'_>], twins: &[Piece<'_>]) -> bool {
    let text = |piece: &Piece<'_>| piece.leaves.iter().map(|leaf| leaf.text.as_ref()).collect::<String>();
    // A third writing of the same text could not be edited with the two.
    let one_branch = twins.iter().all(|twin| twin.path == twins[0].path);
    one_branch && pieces.len() == twins.len() && pieces.iter().zip(twins).all(|(a, b)| text(a) == text(b))
}

/// Appends a block and its text; returns where it starts.
fn push_text(parsed: &mut Parsed, piece: &Piece<'_>) -> usize {
    if !parsed.text.is_empty() {
        parsed.text.push_str("\n\n");
    }
    let start = parsed.text.len();
    piece.leaves.iter().for_each(|leaf| parsed.text.push_str(&leaf.text));
    parsed.blocks.push(Block { kind: piece.kind, range: start..parsed.text.len() });
    start
}

/// Appends the leaves of a block that starts at `start` of `text`; addresses, which may run over several leaves, become
/// fixed, and neighbours that are one in the source become one leaf.
fn lay(drafts: &[DraftLeaf<'_>], start: usize, text: &str, leaves: &mut Vec<Leaf>) {
    let first = leaves.len();
    let length: usize = drafts.iter().map(|leaf| leaf.text.len()).sum();
    let fixed: Vec<Range<usize>> = addresses(&text[start..start + length]);
    let mut at = 0;
    for draft in drafts {
        let end = at + draft.text.len();
        let mut push = |kind: LeafKind, range: Range<usize>, source: Range<usize>| {
            let range = start + range.start..start + range.end;
            match leaves[first..].last_mut() {
                Some(last)
                    if last.kind == kind
                        && kind == LeafKind::Text
                        && last.source.end == source.start
                        && last.text.end == range.start =>
                {
                    last.source.end = source.end;
                    last.text.end = range.end;
                }
                _ => leaves.push(Leaf { kind, text: range, source }),
            }
        };
        let touched: Vec<Range<usize>> = fixed[fixed.partition_point(|address| address.end <= at)..]
            .iter()
            .take_while(|address| address.start < end)
            .map(|address| address.start.max(at)..address.end.min(end))
            .collect();
        if draft.kind == LeafKind::Text {
            let source = |offset: usize| draft.source.start + offset - at;
            let mut done = at;
            for address in touched {
                if done < address.start {
                    push(LeafKind::Text, done..address.start, source(done)..source(address.start));
                }
                push(LeafKind::Fixed, address.clone(), source(address.start)..source(address.end));
                done = address.end;
            }
            if done < end {
                push(LeafKind::Text, done..end, source(done)..source(end));
            }
        } else {
            let kind = if touched.is_empty() { draft.kind } else { LeafKind::Fixed };
            push(kind, at..end, draft.source.clone());
        }
        at = end;
    }
}
