//! `PresentationML` and `DrawingML` (ECMA-376 part 1, chapters 19 and 21): the paragraphs of shapes, tables and notes.

use std::ops::Range;

use super::Part;
use super::draft::{Draft, Here};
use super::rels::is_own_address;
use super::xml::{Scanner, Tag, Token};
use crate::item::{BlockKind, ReadError, Skipped};

/// Reads a slide, or what its speaker says, into the draft.
pub(super) fn read<'s>(
    part: &'s Part,
    source: &'s str,
    range: Range<usize>,
    draft: &mut Draft<'s>,
) -> Result<(), ReadError> {
    let mut reader = Reader {
        part,
        draft,
        state: State::default(),
        stack: Vec::new(),
        notes: false,
        shapes: Vec::new(),
        plain: false,
        run: None,
    };
    let mut scanner = Scanner::new(&part.name, source, range);
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) => reader.open(&scanner, &tag),
            Token::Close(_) => reader.close(),
            Token::Text(range) if reader.state.text => {
                super::docx::verbatim(source, reader.draft, range, reader.state.fixed);
            }
            Token::Written(range, text) if reader.state.text => {
                reader.draft.written(text, range, reader.state.fixed);
            }
            Token::Text(_) | Token::Written(..) => {}
        }
    }
    Ok(())
}

struct Reader<'r, 's> {
    part: &'s Part,
    draft: &'r mut Draft<'s>,
    state: State,
    stack: Vec<(Element, State)>,
    /// Whether the part is what a speaker says.
    notes: bool,
    shapes: Vec<Shape>,
    /// Whether the open paragraph has no bullet.
    plain: bool,
    /// The open run: where it starts, and what it links to.
    run: Option<(Here, Option<String>)>,
}

#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
#[derive(Clone, Copy, Default)]
struct State {
    /// Characters count.
    text: bool,
    gone: bool,
    fixed: bool,
    cell: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Shape,
    Paragraph,
    Run,
    Alternatives,
    Other,
}

/// What a shape is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Free,
    Title,
    Body,
    /// Page numbers, dates, headers and footers.
    Margin,
}

impl Reader<'_, '_> {
    fn open(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        let around = self.state;
        let element = match tag.name() {
            ("p", "notes") => {
                self.notes = true;
                Element::Other
            }
            ("p", "sp") => {
                self.shapes.push(Shape::Free);
                Element::Shape
            }
            ("a", "p") if !self.state.gone => {
                self.plain = false;
                self.draft.open();
                Element::Paragraph
            }
            ("a", "r") => {
                self.run = Some((self.draft.here(), None));
                Element::Run
            }
            ("mc", "AlternateContent") => {
                self.draft.enter_alternatives();
                Element::Alternatives
            }
            _ => {
                self.other(scanner, tag);
                Element::Other
            }
        };
        self.stack.push((element, around));
    }

    /// Elements whose end says nothing.
    fn other(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        match tag.name() {
            ("p", "cNvPr") => {
                let hidden = scanner.attr(tag, "", "hidden");
                if hidden.is_some_and(|value| value == "1" || value == "true")
                    && let Some((_, around)) = self.stack.last_mut()
                {
                    // The state behind the element with the properties is that of the rest of the shape.
                    self.draft.skip(Skipped::Hidden);
                    around.gone = true;
                }
            }
            ("p", "ph") => {
                if let Some(shape) = self.shapes.last_mut() {
                    *shape = match scanner.attr(tag, "", "type").as_deref() {
                        Some("title" | "ctrTitle" | "subTitle") => Shape::Title,
                        Some("sldNum" | "dt" | "ftr" | "hdr") => Shape::Margin,
                        _ => Shape::Body,
                    };
                }
            }
            ("a", "buNone") => self.plain = true,
            ("a" | "m", "t") => self.state.text = !self.state.gone,
            ("a", "tc") => self.state.cell = true,
            ("a", "br") => self.draft.gap(" ", tag.range.clone()),
            ("a", "fld") => {
                self.draft.skip(Skipped::Field);
                self.state.fixed = true;
            }
            ("m", "oMath") => {
                self.draft.skip(Skipped::Formula);
                self.state.fixed = true;
            }
            ("a", "hlinkClick") => {
                if let Some((_, target)) = &mut self.run {
                    let id = scanner.attr(tag, "r", "id").unwrap_or_default();
                    *target = self.part.links.get(&id).cloned();
                }
            }
            ("c", "chart") | ("dgm", "relIds") => self.draft.skip(Skipped::Embedded),
            ("mc", "Choice" | "Fallback") => self.draft.enter_branch(),
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some((element, around)) = self.stack.pop() else { return };
        match element {
            Element::Shape => {
                self.shapes.pop();
            }
            Element::Paragraph => self.paragraph(),
            Element::Run => {
                if let Some((here, Some(target))) = self.run.take()
                    && is_own_address(&self.draft.since(here), &target)
                {
                    self.draft.fix_since(here);
                }
            }
            Element::Alternatives => self.draft.leave_alternatives(),
            Element::Other => {}
        }
        self.state = around;
    }

    fn paragraph(&mut self) {
        let shape = self.shapes.last().copied().unwrap_or(Shape::Free);
        let kind = match shape {
            Shape::Margin => BlockKind::Table,
            _ if self.state.cell && !self.draft.is_prose() => BlockKind::Table,
            Shape::Title => BlockKind::Heading,
            Shape::Body if !self.notes && !self.plain => BlockKind::ListItem,
            Shape::Body | Shape::Free => BlockKind::Paragraph,
        };
        self.draft.close(kind, false);
    }
}
