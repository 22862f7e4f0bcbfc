//! Web pages: what a browser shows without running scripts or reading style sheets.
//!
//! Elements cut the text into blocks as a browser's own rules do; inline elements break no words. White space is
//! collapsed; a run of it that is more than one space is a line end, which stays where an edit spans it, as does
//! `<br>`. Two `<br>` in a row end a block. Only inline styles and attributes hide text: what a style sheet hides is
//! read as text that is seen.

mod charset;
mod element;
mod entity;
mod table;
mod tag;

use std::collections::BTreeMap;
use std::ops::Range;

use super::build::Builder;
use super::{LeafKind, Parsed, ReadError, Skipped};
pub(super) use charset::declared;
use element::{Flow, State};
pub(super) use entity::escape;
use tag::{Tag, Token};

/// The deepest nesting of elements. Browsers flatten what is deeper than 512.
const DEPTH_MAX: usize = 4096;

/// What a page says. With `strict`, a page over a limit is refused, else what is over it is read as well as can be.
pub(super) fn parse(source: &str, strict: bool) -> Result<Parsed, ReadError> {
    let tokens = tag::tokens(source, strict)?;
    let mut page = Page {
        source,
        builder: Builder::new(source),
        stack: Vec::new(),
        open: BTreeMap::new(),
        layouts: table::layouts(source, &tokens),
        tables: 0,
        pending: None,
        elements: 0,
        counted: 0,
        skipped: BTreeMap::new(),
    };
    for token in &tokens {
        match token {
            Token::Text { range, entities } => page.text(range.clone(), *entities),
            Token::Tag(tag) if tag.end => page.end(tag),
            Token::Tag(tag) => page.start(tag),
        }
        if strict && page.stack.len() > DEPTH_MAX {
            return Err(ReadError::Limit {
                what: "elements inside one another",
                found: page.stack.len() as u64,
                max: DEPTH_MAX as u64,
            });
        }
    }
    while !page.stack.is_empty() {
        page.pop();
    }
    let mut parsed = page.builder.finish();
    parsed.skipped = page.skipped.into_iter().collect();
    Ok(parsed)
}

/// An element that is open.
struct Open<'p> {
    name: &'p str,
    state: State,
    /// Of a table, whether it lays out the page; of what is inside, its table's.
    layout: bool,
    /// Of a link, its target and where its text starts.
    link: Option<(&'p str, usize)>,
}

/// White space that shows only when text follows in the same block.
struct Pending {
    range: Range<usize>,
    /// A line end, not a space.
    line_end: bool,
    /// With a `<br>` in it.
    hard: bool,
    fixed: bool,
    /// Spaces that do not break, and what stands between them, where a line starts: alone they are an empty line.
    held: Vec<(Range<usize>, bool)>,
}

struct Page<'p> {
    source: &'p str,
    builder: Builder<'p>,
    stack: Vec<Open<'p>>,
    /// How many elements of each name are open.
    open: BTreeMap<&'p str, usize>,
    layouts: Vec<bool>,
    tables: usize,
    pending: Option<Pending>,
    elements: usize,
    /// The last element that was counted as skipped.
    counted: usize,
    skipped: BTreeMap<Skipped, usize>,
}

impl<'p> Page<'p> {
    fn state(&self) -> State {
        self.stack.last().map_or(State::PAGE, |open| open.state)
    }

    fn start(&mut self, tag: &'p Tag) {
        let name = tag.name.as_str();
        let state = self.state();
        if !state.foreign {
            self.imply_ends(name);
        }
        if name == "br" {
            self.line_break(tag.range.clone());
        } else if name == "hr" && !state.absent {
            self.close_block();
        }
        if element::flow(name) == Flow::Void
            || (tag.closed && (state.foreign || matches!(name, "svg" | "math")))
        {
            return;
        }
        self.elements += 1;
        let outer = self.stack.last();
        let (outer_state, mut layout) = outer.map_or((State::PAGE, false), |open| (open.state, open.layout));
        if name == "table" {
            layout = self.layouts.get(self.tables).copied().unwrap_or(false);
            self.tables += 1;
        }
        let state = outer_state.inside(tag, self.source, self.elements, layout);
        // What is not shown parts nothing.
        if element::parts_blocks(name) && !state.absent {
            self.close_block();
        }
        let link = (name == "a")
            .then(|| tag.attribute(self.source, "href"))
            .flatten()
            .map(|target| (target, self.builder.text_len()));
        // Beyond the limit elements are only looked at where somebody asked for leniency.
        if self.stack.len() <= DEPTH_MAX {
            *self.open.entry(name).or_default() += 1;
            self.stack.push(Open { name, state, layout, link });
        }
    }

    fn end(&mut self, tag: &'p Tag) {
        let name = tag.name.as_str();
        if element::parts_blocks(name) && !self.state().absent {
            self.close_block();
        }
        if name == "br" {
            self.line_break(tag.range.clone());
        }
        let heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let is_open = |name: &str| self.open.get(name).is_some_and(|&count| count > 0);
        if !(is_open(name)
            || (heading(name) && ["h1", "h2", "h3", "h4", "h5", "h6"].into_iter().any(is_open)))
        {
            return;
        }
        let matches = |open: &Open<'_>| open.name == name || (heading(name) && heading(open.name));
        let flow = element::flow(name);
        let of_table = |name: &str| {
            matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption")
        };
        let mut at = None;
        for (index, open) in self.stack.iter().enumerate().rev() {
            if matches(open) {
                at = Some(index);
                break;
            }
            let stop = match flow {
                // An inline element is not closed from inside a block that it holds.
                Flow::Inline => element::flow(open.name) == Flow::Block,
                Flow::Formatting => element::is_scope(open.name),
                _ if of_table(name) => open.name == "table" || open.name == "template",
                _ => element::is_scope(open.name),
            };
            if stop && open.name != "html" {
                break;
            }
        }
        let Some(at) = at else { return };
        let crosses = self.stack[at + 1..].iter().any(|open| element::flow(open.name) == Flow::Block);
        if flow == Flow::Formatting && crosses {
            // What is behind the end tag is formatted no more, and the blocks go on.
            let removed = self.stack.remove(at);
            self.forget(removed.name);
            let state = at.checked_sub(1).map_or(State::PAGE, |outer| self.stack[outer].state);
            if removed.state != state {
                self.reset_from(at, state, removed.state);
            }
        } else {
            while self.stack.len() > at {
                self.pop();
            }
        }
    }

    /// Takes back what an element that is gone did to those that are still open inside it.
    fn reset_from(&mut self, at: usize, outer: State, removed: State) {
        for open in &mut self.stack[at..] {
            open.state.fixed &= !removed.fixed || outer.fixed || open.state.skipped != removed.skipped;
            open.state.absent &= !removed.absent || outer.absent || open.state.skipped != removed.skipped;
            if open.state.skipped == removed.skipped {
                open.state.skipped = outer.skipped;
            }
        }
    }

    fn pop(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        self.forget(open.name);
        if let Some((target, from)) = open.link
            && self.builder.open_text(from).is_some_and(|text| names_target(text, target))
            && self.builder.fix_from(from)
        {
            *self.skipped.entry(Skipped::Address).or_default() += 1;
        }
    }

    fn forget(&mut self, name: &str) {
        if let Some(count) = self.open.get_mut(name) {
            *count = count.saturating_sub(1);
        }
    }

    /// Ends the elements that a start tag ends without saying so.
    fn imply_ends(&mut self, name: &str) {
        if element::ends_paragraph(name) {
            self.end_nearest(&["p"], element::is_scope);
        }
        let list = |name: &str| matches!(name, "ul" | "ol" | "menu" | "dir" | "dl" | "table" | "td" | "th");
        let table = |name: &str| matches!(name, "table" | "template");
        match name {
            "li" => self.end_nearest(&["li"], list),
            "dd" | "dt" => self.end_nearest(&["dd", "dt"], list),
            "td" | "th" => self.end_nearest(&["td", "th", "caption"], table),
            "tr" => self.end_nearest(&["tr", "caption"], table),
            "tbody" | "thead" | "tfoot" => self.end_nearest(&["tbody", "thead", "tfoot", "caption"], table),
            "option" | "optgroup" => self.end_nearest(&["option"], |name| name == "select"),
            "a" => self.end_nearest(&["a"], |name| element::flow(name) == Flow::Block),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
                if self
                    .stack
                    .last()
                    .is_some_and(|open| matches!(open.name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")) =>
            {
                self.pop();
            }
            _ => {}
        }
    }

    /// Closes the nearest open element of one of these names, with all in it, unless a `boundary` stands before it.
    fn end_nearest(&mut self, names: &[&str], boundary: impl Fn(&str) -> bool) {
        if !names.iter().any(|name| self.open.get(name).is_some_and(|&count| count > 0)) {
            return;
        }
        let nearest = self.stack.iter().rposition(|open| names.contains(&open.name) || boundary(open.name));
        if let Some(at) = nearest.filter(|&at| names.contains(&self.stack[at].name)) {
            while self.stack.len() > at {
                self.pop();
            }
        }
    }

    fn close_block(&mut self) {
        self.pending = None;
        self.builder.close();
    }

    fn line_break(&mut self, range: Range<usize>) {
        let state = self.state();
        if state.absent {
            return;
        }
        match &mut self.pending {
            Some(pending) if pending.hard => self.close_block(),
            Some(pending) if pending.range.end == range.start && pending.held.is_empty() => {
                pending.range.end = range.end;
                pending.line_end = true;
                pending.hard = true;
            }
            pending => {
                *pending =
                    Some(Pending { range, line_end: true, hard: true, fixed: state.fixed, held: Vec::new() });
            }
        }
    }

    /// A run of text between two tags.
    fn text(&mut self, range: Range<usize>, entities: bool) {
        let state = self.state();
        let text = &self.source[range.clone()];
        if let Some((skipped, number)) = state.skipped
            && number > self.counted
            && !text.trim().is_empty()
        {
            self.counted = number;
            *self.skipped.entry(skipped).or_default() += 1;
        }
        if state.absent {
            return;
        }
        if state.is_preformatted() {
            return self.preformatted(range, entities);
        }
        let mut at = range.start;
        while at < range.end {
            let rest = &self.source[at..range.end];
            let blanks = rest.bytes().take_while(u8::is_ascii_whitespace).count();
            if blanks > 0 {
                self.blank(at..at + blanks, state);
                at += blanks;
                continue;
            }
            let reference = if entities { entity::decode(rest) } else { None };
            if let Some((shown, length)) = reference {
                if shown.bytes().all(|byte| byte.is_ascii_whitespace()) {
                    self.blank(at..at + length, State { fixed: true, ..state });
                } else if shown == "\u{a0}" && self.at_line_start() {
                    self.hold(at..at + length, state);
                } else if !shown.contains(char::is_control) {
                    self.settle(state);
                    let kind = if state.fixed { LeafKind::Fixed } else { LeafKind::Atom };
                    self.builder.leaf(kind, &shown, at..at + length);
                }
                at += length;
                continue;
            }
            if rest.starts_with('\u{a0}') && self.at_line_start() {
                let length = '\u{a0}'.len_utf8();
                self.hold(at..at + length, state);
                at += length;
                continue;
            }
            let end = rest
                .bytes()
                .skip(1)
                .position(|byte| byte.is_ascii_whitespace() || (entities && byte == b'&'))
                .map_or(rest.len(), |length| length + 1);
            self.settle(state);
            if state.fixed {
                self.builder.leaf(LeafKind::Fixed, &rest[..end], at..at + end);
            } else {
                self.builder.verbatim(at..at + end);
            }
            at += end;
        }
    }

    fn preformatted(&mut self, range: Range<usize>, entities: bool) {
        let mut shown = String::with_capacity(range.len());
        let mut rest = &self.source[range.clone()];
        while !rest.is_empty() {
            let next = if entities { rest.find('&').unwrap_or(rest.len()) } else { rest.len() };
            shown.push_str(&rest[..next]);
            rest = &rest[next..];
            match entity::decode(rest) {
                Some((decoded, length)) => {
                    shown.push_str(&decoded);
                    rest = &rest[length..];
                }
                None if rest.is_empty() => {}
                None => {
                    shown.push('&');
                    rest = &rest[1..];
                }
            }
        }
        let shown = shown.replace('\r', "");
        if self.builder.is_open() || !shown.trim().is_empty() {
            self.open_block();
            self.builder.leaf(LeafKind::Fixed, &shown, range);
        }
    }

    /// Whether what comes next is the first of a line.
    fn at_line_start(&self) -> bool {
        !self.builder.is_open() || self.pending.as_ref().is_some_and(|pending| pending.hard)
    }

    /// Keeps a space that does not break until something follows it in its line.
    fn hold(&mut self, range: Range<usize>, state: State) {
        let at = range.start;
        let none = || Pending { range: at..at, line_end: false, hard: false, fixed: false, held: Vec::new() };
        self.pending.get_or_insert_with(none).held.push((range, state.fixed));
    }

    /// White space, which a browser shows as one space or not at all.
    fn blank(&mut self, range: Range<usize>, state: State) {
        let line_end = &self.source[range.clone()] != " ";
        match &mut self.pending {
            Some(pending) if !pending.held.is_empty() => {
                if !pending
                    .held
                    .last()
                    .is_some_and(|(last, _)| self.source[last.clone()].trim_ascii().is_empty())
                {
                    pending.held.push((range, state.fixed));
                }
            }
            Some(pending) if pending.range.end == range.start => {
                pending.range.end = range.end;
                pending.line_end = true;
            }
            Some(_) => {}
            None => {
                let held = Vec::new();
                self.pending = Some(Pending { range, line_end, hard: false, fixed: state.fixed, held });
            }
        }
    }

    /// Opens a block if none is, and shows the white space before what comes next.
    fn settle(&mut self, state: State) {
        let pending = self.pending.take();
        let opened = !self.builder.is_open();
        if opened {
            self.open_block_as(state);
        }
        let Some(Pending { range, line_end, fixed, held, .. }) = pending else { return };
        if !opened {
            self.space(range, line_end, fixed);
        }
        for (range, fixed) in held {
            let written = &self.source[range.clone()];
            if written.trim_ascii().is_empty() {
                self.space(range.clone(), written != " ", fixed);
            } else if fixed {
                self.builder.leaf(LeafKind::Fixed, "\u{a0}", range);
            } else if written == "\u{a0}" {
                self.builder.verbatim(range);
            } else {
                self.builder.leaf(LeafKind::Atom, "\u{a0}", range);
            }
        }
    }

    fn space(&mut self, range: Range<usize>, line_end: bool, fixed: bool) {
        if line_end {
            self.builder.line_end(range);
        } else if fixed {
            self.builder.leaf(LeafKind::Fixed, " ", range);
        } else {
            self.builder.verbatim(range);
        }
    }

    fn open_block(&mut self) {
        if !self.builder.is_open() {
            self.open_block_as(self.state());
        }
    }

    fn open_block_as(&mut self, state: State) {
        self.builder.open(state.kind);
    }
}

/// Whether a link's text is the address that it leads to.
fn names_target(text: &str, target: &str) -> bool {
    let bare = |address: &str| -> String {
        let address = address.trim().replace("&amp;", "&");
        let mut rest = address.as_str();
        for scheme in ["http://", "https://", "mailto:", "tel:", "ftp://"] {
            if rest.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) {
                rest = &rest[scheme.len()..];
            }
        }
        let rest = rest.strip_prefix("www.").unwrap_or(rest);
        rest.trim_end_matches('/').chars().filter(|c| !c.is_whitespace()).collect()
    };
    let text = bare(text);
    !text.is_empty() && text == bare(target)
}

#[cfg(test)]
mod tests;
