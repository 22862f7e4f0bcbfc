//! `OpenDocument` text and presentations (ISO 26300, ODF 1.3 part 3): paragraphs and headings wherever they stand.

use std::collections::BTreeMap;
use std::ops::Range;

use super::draft::{Draft, Here};
use super::rels::is_own_address;
use super::styles::{Look, Styles};
use super::xml::{Scanner, Tag, Token};
use super::{Part, Role, is_note};
use crate::item::{BlockKind, ReadError, Skipped};

/// The most spaces that one element may stand for; more is read as so many.
const SPACES_MAX: usize = 1000;

/// Adds the styles of a part, which stand before its text.
pub(super) fn read_styles(
    styles: &mut Styles,
    part: &str,
    source: &str,
    range: Range<usize>,
) -> Result<(), ReadError> {
    let mut scanner = Scanner::new(part, source, range);
    let mut last = None;
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        match tag.name() {
            ("style", "style") => last = styles.add_odf(&scanner, &tag),
            ("style", "text-properties")
                if scanner.attr(&tag, "text", "display").as_deref() == Some("none") =>
            {
                if let Some(id) = &last {
                    styles.hide(id);
                }
            }
            ("office", "body" | "master-styles") => break,
            _ => {}
        }
    }
    Ok(())
}

/// Reads one part into the draft.
pub(super) fn read<'s>(
    part: &'s Part,
    source: &'s str,
    range: Range<usize>,
    styles: &Styles,
    draft: &mut Draft<'s>,
) -> Result<(), ReadError> {
    let margin = part.role == Role::Margin;
    let mut reader = Reader {
        source,
        styles,
        draft,
        // Of the styles only the headers and footers are text.
        state: State { gone: margin, margin, ..State::default() },
        stack: Vec::new(),
        paragraphs: Vec::new(),
        links: Vec::new(),
        inserted: 0,
        comment: None,
        marks: BTreeMap::new(),
        ending: String::new(),
    };
    let mut scanner = Scanner::new(&part.name, source, range);
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) => reader.open(&scanner, &tag),
            Token::Close(range) => reader.close(range.end),
            Token::Text(range) => reader.characters(range, None),
            Token::Written(range, text) => reader.characters(range, Some(&text)),
        }
    }
    reader.finish();
    Ok(())
}

struct Reader<'r, 's> {
    source: &'s str,
    styles: &'r Styles,
    draft: &'r mut Draft<'s>,
    state: State,
    stack: Vec<(Element, State)>,
    paragraphs: Vec<Paragraph>,
    links: Vec<(Here, Option<String>)>,
    /// How many tracked insertions are open.
    inserted: usize,
    /// The comment that is being read: its first byte, its name and its text.
    comment: Option<(usize, String, String)>,
    /// Comments that name variants, by their name.
    marks: BTreeMap<String, Marks>,
    /// The name of the comment whose end is being read.
    ending: String,
}

#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
#[derive(Clone, Copy, Default)]
struct State {
    /// Characters count.
    text: bool,
    gone: bool,
    fixed: bool,
    cell: bool,
    list: bool,
    margin: bool,
    class: Class,
}

/// What a frame of a presentation is for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Class {
    #[default]
    Free,
    Title,
    Outline,
    Margin,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    /// A heading or another paragraph.
    Paragraph(bool),
    Link,
    /// So many spaces, from its first byte.
    Spaces(usize, usize),
    Comment,
    CommentEnd(usize),
    Other,
}

struct Paragraph {
    look: Look,
    /// Whether the last character in the file was white space, so that more of it does not show.
    blank: bool,
    /// White space that shows if something follows.
    pending: Option<Range<usize>>,
}

struct Marks {
    text: String,
    start: Here,
    end: Option<Here>,
    cuts: Vec<Range<usize>>,
}

impl Reader<'_, '_> {
    fn open(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        let around = self.state;
        let element = match tag.name() {
            ("text", "p" | "h") if self.comment.is_some() => {
                self.state.text = true;
                Element::Other
            }
            ("text", local @ ("p" | "h")) if !self.state.gone => self.paragraph(scanner, tag, local == "h"),
            ("text", "a") => {
                self.links.push((self.draft.here(), scanner.attr(tag, "xlink", "href")));
                Element::Link
            }
            ("text", "s") if self.state.text => {
                let count = scanner.attr(tag, "text", "c").and_then(|count| count.parse().ok()).unwrap_or(1);
                self.flush();
                Element::Spaces(tag.range.start, count.min(SPACES_MAX))
            }
            ("office", "annotation") => {
                let name = scanner.attr(tag, "office", "name").unwrap_or_default();
                self.comment = Some((tag.range.start, name, String::new()));
                self.state.text = false;
                Element::Comment
            }
            ("office", "annotation-end") => {
                let name = scanner.attr(tag, "office", "name").unwrap_or_default();
                let here = self.draft.here();
                match self.marks.get_mut(&name) {
                    Some(marks) => {
                        marks.end = Some(here);
                        self.ending = name;
                        Element::CommentEnd(tag.range.start)
                    }
                    None => Element::Other,
                }
            }
            ("text", local) => {
                self.text_element(scanner, tag, local);
                Element::Other
            }
            _ => {
                self.other(scanner, tag);
                Element::Other
            }
        };
        self.stack.push((element, around));
    }

    fn paragraph(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>, is_heading: bool) -> Element {
        let style = scanner.attr(tag, "text", "style-name").unwrap_or_default();
        let look = self.styles.look(&style);
        self.paragraphs.push(Paragraph { look, blank: true, pending: None });
        self.draft.open();
        self.state.text = true;
        if look.hidden == Some(true) {
            self.draft.skip(Skipped::Hidden);
            self.state.text = false;
        }
        Element::Paragraph(is_heading)
    }

    /// Elements of the text's namespace, most of which are fields inside a paragraph.
    fn text_element(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>, local: &str) {
        match local {
            "span" => {
                let look = self.styles.look(&scanner.attr(tag, "text", "style-name").unwrap_or_default());
                if look.hidden == Some(true) && self.state.text {
                    self.draft.skip(Skipped::Hidden);
                    self.state.text = false;
                } else if look.code && self.state.text {
                    self.draft.skip(Skipped::Code);
                    self.state.fixed = true;
                }
            }
            "tab" if self.state.text => {
                self.flush();
                self.draft.gap("\t", tag.range.clone());
            }
            "line-break" if self.state.text => {
                self.flush();
                self.draft.gap(" ", tag.range.clone());
            }
            "note" | "note-body" => {
                self.state = State { text: false, cell: false, list: false, ..self.state };
            }
            "note-citation" | "ruby-text" => self.state.text = false,
            "tracked-changes" => self.state.gone = true,
            "changed-region" => self.draft.skip(Skipped::Change),
            "change-start" => self.inserted += 1,
            "change-end" => self.inserted = self.inserted.saturating_sub(1),
            "table-of-content" | "illustration-index" | "table-index" | "object-index" | "user-index"
            | "alphabetical-index" | "bibliography" => {
                self.draft.skip(Skipped::Contents);
                self.state.fixed = true;
            }
            "section" if scanner.attr(tag, "text", "display").as_deref() == Some("none") => {
                self.draft.skip(Skipped::Hidden);
                self.state.gone = true;
            }
            "hidden-text" | "hidden-paragraph" => {
                self.draft.skip(Skipped::Hidden);
                self.state.text = false;
            }
            "list-item" | "list-header" => self.state.list = true,
            _ if !self.state.text => {}
            // What stands in a paragraph and adds nothing to its text, or only what it holds.
            "ruby" | "ruby-base" | "meta" | "soft-page-break" | "change" => {}
            _ if local.contains("mark") && !local.ends_with("-ref") => {}
            _ => {
                self.draft.skip(Skipped::Field);
                self.state.fixed = true;
            }
        }
    }

    fn other(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        match tag.name() {
            ("table", "table-cell" | "covered-table-cell") => self.state.cell = true,
            ("style", local) if local.starts_with("header") || local.starts_with("footer") => {
                self.state.gone = local.ends_with("style");
            }
            ("office", "forms") | ("draw", "page-thumbnail") => self.state.gone = true,
            ("draw", "text-box") => {
                self.state = State { text: false, cell: false, list: false, ..self.state }
            }
            ("draw", "object") => self.draft.skip(Skipped::Embedded),
            ("presentation", "date-time" | "footer" | "header") if self.state.text => {
                self.draft.skip(Skipped::Field);
                self.state.fixed = true;
            }
            _ => {}
        }
        if tag.ns == "draw" {
            self.state.text = false;
            self.state.class = match scanner.attr(tag, "presentation", "class").as_deref() {
                Some("title" | "subtitle") => Class::Title,
                Some("outline") => Class::Outline,
                Some("page-number" | "date-time" | "header" | "footer") => Class::Margin,
                Some(_) => Class::Free,
                None => self.state.class,
            };
        }
    }

    /// Characters as the file has them; runs of white space show as one space (ODF 1.3 part 3, 6.1.2).
    fn characters(&mut self, range: Range<usize>, written: Option<&str>) {
        if !self.state.text {
            return;
        }
        let text = &self.source[range.clone()];
        if let Some((_, _, comment)) = &mut self.comment {
            comment.push_str(written.unwrap_or(text));
            return;
        }
        let fixed = self.is_fixed();
        if let Some(written) = written {
            let blank = written.chars().all(is_blank);
            self.flush();
            if let Some(paragraph) = self.paragraphs.last_mut() {
                paragraph.blank = blank;
            }
            self.draft.written(written, range, fixed);
            return;
        }
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let blanks = rest.len() - rest.trim_start_matches(is_blank).len();
            let start = range.start + at;
            if blanks > 0 {
                if let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !paragraph.blank) {
                    paragraph.pending = Some(start..start + blanks);
                    paragraph.blank = true;
                }
                at += blanks;
                continue;
            }
            let length = shown_as_is(rest);
            self.flush();
            if let Some(paragraph) = self.paragraphs.last_mut() {
                paragraph.blank = false;
            }
            self.draft.verbatim(start..start + length, fixed);
            at += length;
        }
    }

    /// Shows the white space that was held back.
    fn flush(&mut self) {
        let pending = self.paragraphs.last_mut().and_then(|paragraph| paragraph.pending.take());
        let Some(range) = pending else { return };
        let fixed = self.is_fixed();
        if &self.source[range.clone()] == " " {
            self.draft.verbatim(range, fixed);
        } else {
            self.draft.line_end(range, fixed);
        }
    }

    fn is_fixed(&self) -> bool {
        self.state.fixed || self.inserted > 0
    }

    fn close(&mut self, end: usize) {
        let Some((element, around)) = self.stack.pop() else { return };
        match element {
            Element::Paragraph(is_heading) => self.end_paragraph(is_heading),
            Element::Link => {
                if let Some((here, Some(target))) = self.links.pop()
                    && is_own_address(&self.draft.since(here), &target)
                {
                    self.draft.fix_since(here);
                }
            }
            Element::Spaces(from, count) => {
                let fixed = self.is_fixed();
                self.draft.written(" ".repeat(count), from..end, fixed);
            }
            Element::Comment => {
                if let Some((from, name, text)) = self.comment.take()
                    && is_note(&text)
                {
                    self.flush();
                    let start = self.draft.here();
                    self.marks.insert(
                        name,
                        Marks { text, start, end: None, cuts: std::iter::once(from..end).collect() },
                    );
                }
            }
            Element::CommentEnd(from) => {
                if let Some(marks) = self.marks.get_mut(&self.ending) {
                    marks.cuts.push(from..end);
                }
            }
            Element::Other => {}
        }
        self.state = around;
    }

    fn end_paragraph(&mut self, is_heading: bool) {
        let Some(Paragraph { look, .. }) = self.paragraphs.pop() else { return };
        let State { cell, list, margin, class, .. } = self.state;
        let is_heading = is_heading || look.heading || look.outline.is_some() || class == Class::Title;
        let kind = if look.code {
            self.draft.skip(Skipped::Code);
            BlockKind::Code
        } else if margin || class == Class::Margin || (cell && !is_heading && !self.draft.is_prose()) {
            BlockKind::Table
        } else if is_heading {
            BlockKind::Heading
        } else if look.quote {
            BlockKind::Quote
        } else if list || class == Class::Outline {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        };
        self.draft.close(kind, look.code);
    }

    fn finish(self) {
        for marks in self.marks.into_values() {
            self.draft.note(marks.start, marks.end.unwrap_or(marks.start), marks.text, marks.cuts);
        }
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// How much of a text that starts with ink shows as it is: up to white space that is more than one space, or that ends
/// the text.
fn shown_as_is(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let single = c == ' ' && chars.peek().is_some_and(|&(_, next)| !is_blank(next));
        if is_blank(c) && !single {
            return at;
        }
    }
    text.len()
}
