//! Blocks and leaves, put together in document order.

use std::ops::Range;

use super::{Block, BlockKind, Leaf, LeafKind, Parsed};

/// A canonical text under construction.
pub(super) struct Builder<'s> {
    source: &'s str,
    text: String,
    blocks: Vec<Block>,
    leaves: Vec<Leaf>,
    /// Of the open block: its kind and its first leaf.
    open: Option<(BlockKind, usize)>,
}

impl<'s> Builder<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            source,
            text: String::with_capacity(source.len()),
            blocks: Vec::new(),
            leaves: Vec::new(),
            open: None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Starts a block; one that gets no text leaves no trace.
    pub(super) fn open(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some((kind, self.leaves.len()));
    }

    /// Ends the open block, if any, as the kind it was opened with.
    pub(super) fn close(&mut self) {
        if let Some((kind, _)) = self.open {
            self.close_as(kind, false);
        }
    }

    /// Ends the open block as `kind`; `fixed` makes all of its text fixed.
    pub(super) fn close_as(&mut self, kind: BlockKind, fixed: bool) {
        let Some((_, first)) = self.open.take() else { return };
        let leaves = self.leaves.split_off(first);
        let Some(start) = leaves.first().map(|leaf| leaf.text.start) else { return };
        self.blocks.push(Block { kind, range: start..self.text.len() });
        for leaf in leaves {
            if fixed && leaf.kind != LeafKind::Break {
                self.leaves.push(Leaf { kind: LeafKind::Fixed, ..leaf });
            } else if leaf.kind == LeafKind::Text {
                self.split_addresses(&leaf);
            } else {
                self.leaves.push(leaf);
            }
        }
    }

    /// Text equal to its source bytes.
    pub(super) fn verbatim(&mut self, source: Range<usize>) {
        let text = self.source;
        if let Some(last) = self.last_leaf()
            && last.kind == LeafKind::Text
            && last.source.end == source.start
        {
            last.source.end = source.end;
            last.text.end += source.len();
            self.text.push_str(&text[source]);
        } else {
            self.leaf(LeafKind::Text, &text[source.clone()], source);
        }
    }

    /// A line end; several in a row are one.
    pub(super) fn line_end(&mut self, source: Range<usize>) {
        match self.last_leaf() {
            Some(last) if last.kind == LeafKind::Break => last.source.end = source.end,
            // A block does not start with a line end.
            Some(_) => self.leaf(LeafKind::Break, " ", source),
            None => {}
        }
    }

    /// Lets a line end reach on to `end`, where the next line's own characters start.
    pub(super) fn extend_line_end(&mut self, end: usize) {
        if let Some(last) = self.last_leaf()
            && last.kind == LeafKind::Break
            && last.source.end < end
        {
            last.source.end = end;
        }
    }

    pub(super) fn leaf(&mut self, kind: LeafKind, text: &str, source: Range<usize>) {
        let Some((_, first)) = self.open else { return };
        if text.is_empty() {
            return;
        }
        if self.leaves.len() == first && !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.leaves.push(Leaf { kind, text: start..self.text.len(), source });
    }

    pub(super) fn finish(mut self) -> Parsed {
        self.close();
        Parsed { text: self.text, blocks: self.blocks, leaves: self.leaves, ..Parsed::default() }
    }

    /// How long the text is so far.
    pub(super) fn text_len(&self) -> usize {
        self.text.len()
    }

    /// The open block's text from an earlier length of the text on; none where a block ended since.
    pub(super) fn open_text(&self, from: usize) -> Option<&str> {
        let (_, first) = self.open?;
        let start = self.leaves.get(first)?.text.start;
        // The two line ends before a block are not there yet when its first element opens.
        (from >= start || from + 2 >= start).then(|| self.text.get(from.max(start)..)).flatten()
    }

    /// Makes the open block's text from an earlier length of the text on fixed; whether there was any to fix.
    pub(super) fn fix_from(&mut self, from: usize) -> bool {
        let Some((_, first)) = self.open else { return false };
        let mut any = false;
        for leaf in &mut self.leaves[first..] {
            if leaf.text.start >= from && matches!(leaf.kind, LeafKind::Text | LeafKind::Atom) {
                leaf.kind = LeafKind::Fixed;
                any = true;
            }
        }
        any
    }

    /// Where the source of the open block's last leaf ends.
    pub(super) fn last_end(&mut self) -> Option<usize> {
        self.last_leaf().map(|leaf| leaf.source.end)
    }

    fn last_leaf(&mut self) -> Option<&mut Leaf> {
        let (_, first) = self.open?;
        self.leaves[first..].last_mut()
    }

    /// Cuts URLs and e-mail addresses out of a run of text: they are seen, and never edited.
    fn split_addresses(&mut self, leaf: &Leaf) {
        let text = &self.source[leaf.source.clone()];
        let mut done = 0;
        let mut parts = Vec::new();
        for range in addresses(text) {
            parts.push((LeafKind::Text, done..range.start));
            parts.push((LeafKind::Fixed, range.clone()));
            done = range.end;
        }
        parts.push((LeafKind::Text, done..text.len()));
        for (kind, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            self.leaves.push(Leaf {
                kind,
                text: leaf.text.start + part.start..leaf.text.start + part.end,
                source: leaf.source.start + part.start..leaf.source.start + part.end,
            });
        }
    }
}

/// URLs and e-mail addresses in prose, without the brackets, quotes and stops around them.
pub(super) fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut next = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let start = next;
        next += piece.len();
        let word = piece.trim_end();
        if word.len() < 5 || !word.contains(['/', '@', '.']) {
            continue;
        }
        let mut bare = word.trim_start_matches(['(', '[', '<', '"', '\'', '“', '‘', '«', '{']);
        let start = start + word.len() - bare.len();
        // A closing bracket belongs to the address when it was opened inside it.
        let opened = bare.matches('(').count();
        let mut closed = bare.matches(')').count();
        loop {
            bare = bare
                .trim_end_matches(['.', ',', ';', ':', '!', '?', '>', '"', '\'', '”', '’', '»', '}', ']']);
            match bare.strip_suffix(')') {
                Some(rest) if closed > opened => (bare, closed) = (rest, closed - 1),
                _ => break,
            }
        }
        let is_address =
            bare.contains("://") || bare.starts_with("www.") || bare.starts_with("mailto:") || is_mail(bare);
        if is_address {
            found.push(start..start + bare.len());
        }
    }
    found
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| {
        let within = |text: &str, marks: &str| text.chars().all(|c| c.is_alphanumeric() || marks.contains(c));
        !name.is_empty() && host.contains('.') && within(name, "._%+-") && within(host, ".-")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses_without_the_punctuation_around_them() {
        let text =
            "See (https://a.example/x_(y)), www.b.example. Or mail <j.doe@c.example>; not and/or, @you, 1.5.";
        let found: Vec<_> = addresses(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["https://a.example/x_(y)", "www.b.example", "j.doe@c.example"]);
    }
}
