//! `WordprocessingML` (ECMA-376 part 1, chapter 17): paragraphs of runs, and what in them may not be touched.

use std::collections::BTreeMap;
use std::ops::Range;

use super::comments::Comments;
use super::draft::{Draft, Here};
use super::rels::is_own_address;
use super::styles::{Look, is_on};
use super::xml::{Scanner, Tag, Token};
use super::{Package, Part, Role, is_note};
use crate::item::{BlockKind, ReadError, Skipped};

/// Reads one part into the draft.
pub(super) fn read<'s>(
    package: &'s Package,
    part: &'s Part,
    source: &'s str,
    range: Range<usize>,
    comments: &Comments,
    draft: &mut Draft<'s>,
) -> Result<(), ReadError> {
    let mut reader = Reader {
        package,
        part,
        source,
        comments,
        draft,
        state: State { margin: part.role == Role::Margin, ..State::default() },
        stack: Vec::new(),
        paragraphs: Vec::new(),
        runs: Vec::new(),
        fields: Vec::new(),
        instructions: 0,
        controls: Vec::new(),
        links: Vec::new(),
        marks: BTreeMap::new(),
        characters: Vec::new(),
    };
    let mut scanner = Scanner::new(&part.name, source, range);
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) => reader.open(&scanner, &tag),
            Token::Close(range) => reader.close(range),
            Token::Text(range) => reader.characters(range, None),
            Token::Written(range, text) => reader.characters(range, Some(text.into_owned())),
        }
    }
    reader.finish();
    Ok(())
}

struct Reader<'r, 's> {
    package: &'s Package,
    part: &'s Part,
    source: &'s str,
    comments: &'r Comments,
    draft: &'r mut Draft<'s>,
    state: State,
    /// The elements that are open, and the state around each.
    stack: Vec<(Element, State)>,
    paragraphs: Vec<Paragraph>,
    runs: Vec<Run>,
    /// Of every open field, whether its result is being read; and of how many it is not.
    fields: Vec<bool>,
    instructions: usize,
    controls: Vec<Control>,
    links: Vec<(Here, Option<String>)>,
    /// Comments that name variants, by their id.
    marks: BTreeMap<String, Marks>,
    /// The characters of the text element that is open.
    characters: Vec<(Range<usize>, Option<String>)>,
}

/// What holds for an element and all inside of it.
#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
#[derive(Clone, Copy, Default)]
struct State {
    place: Place,
    /// Not part of the text: deleted, an instruction.
    gone: bool,
    fixed: bool,
    cell: bool,
    margin: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Flow,
    ParagraphProperties,
    RunProperties,
    ControlProperties,
    /// Properties as they were before a tracked change, and others that say nothing of the text.
    Ignored,
    /// Characters count; whether white space at their ends does.
    Text(bool),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Element {
    Paragraph,
    Run,
    Text,
    Link,
    Control,
    ControlContent,
    Alternatives,
    Field,
    /// Marks of a comment, from their first byte.
    CommentStart(String, usize),
    CommentEnd(String, usize),
    CommentReference(String, usize),
    Other,
}

#[derive(Default)]
struct Paragraph {
    look: Look,
    list: Option<bool>,
    outline: Option<u8>,
}

struct Run {
    from: usize,
    hidden: Option<bool>,
    code: bool,
    /// References to comments that name variants; whether the run holds anything else.
    references: Vec<(String, Range<usize>)>,
    other: bool,
    /// What was counted of it already.
    counted: bool,
}

/// A content control.
#[derive(Default)]
struct Control {
    from: usize,
    fixed: Option<Skipped>,
    note: Option<String>,
    start: Here,
    end: Here,
    cuts: Vec<Range<usize>>,
}

/// What marks a comment in the text.
#[derive(Default)]
struct Marks {
    start: Option<Here>,
    end: Option<Here>,
    place: Option<Here>,
    cuts: Vec<Range<usize>>,
}

impl Reader<'_, '_> {
    fn open(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        let around = self.state;
        let inside_run = self.stack.last().is_some_and(|(element, _)| *element == Element::Run);
        let element = match self.state.place {
            Place::ParagraphProperties => self.paragraph_property(scanner, tag),
            Place::RunProperties => self.run_property(scanner, tag),
            Place::ControlProperties => self.control_property(scanner, tag),
            Place::Ignored | Place::Text(_) => Element::Other,
            Place::Flow => self.element(scanner, tag),
        };
        if inside_run
            && !matches!(tag.name(), ("w", "rPr"))
            && !matches!(element, Element::CommentReference(..))
            && let Some(run) = self.runs.last_mut()
        {
            run.other = true;
        }
        self.stack.push((element, around));
    }

    fn paragraph_property(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) -> Element {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Element::Other };
        match tag.name() {
            ("w", "pStyle") => {
                let style = scanner.attr(tag, "w", "val").unwrap_or_default();
                paragraph.look = self.package.styles.look(&style);
            }
            ("w", "numId") => {
                paragraph.list = Some(scanner.attr(tag, "w", "val").is_some_and(|id| id != "0"));
            }
            ("w", "outlineLvl") => {
                paragraph.outline = scanner.attr(tag, "w", "val").and_then(|level| level.parse().ok());
            }
            ("w", "rPr" | "pPrChange" | "sectPr" | "tabs") => self.state.place = Place::Ignored,
            _ => {}
        }
        Element::Other
    }

    fn run_property(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) -> Element {
        let Some(run) = self.runs.last_mut() else { return Element::Other };
        match tag.name() {
            ("w", "rStyle") => {
                let look = self.package.styles.look(&scanner.attr(tag, "w", "val").unwrap_or_default());
                run.hidden = run.hidden.or(look.hidden);
                run.code |= look.code;
            }
            ("w", "vanish") => run.hidden = Some(is_on(scanner.attr(tag, "w", "val"))),
            ("w", "rPrChange") => self.state.place = Place::Ignored,
            _ => {}
        }
        Element::Other
    }

    fn control_property(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) -> Element {
        let Some(control) = self.controls.last_mut() else { return Element::Other };
        let value = || scanner.attr(tag, "w", "val").unwrap_or_default();
        match tag.name() {
            ("w", "tag" | "alias") => {
                let text = value();
                if is_note(&text) && control.note.is_none() {
                    control.note = Some(text);
                }
            }
            ("w" | "w15", "dataBinding")
            | (
                "w",
                "dropDownList" | "comboBox" | "date" | "citation" | "bibliography" | "showingPlcHdr"
                | "equation",
            )
            | ("w14", "checkbox") => control.fixed = control.fixed.or(Some(Skipped::Control)),
            ("w", "lock") if value().ends_with("ontentLocked") => {
                control.fixed = control.fixed.or(Some(Skipped::Control));
            }
            ("w", "docPartGallery") if value() == "Table of Contents" => {
                control.fixed = Some(Skipped::Contents);
            }
            ("w", "rPr") => self.state.place = Place::Ignored,
            _ => {}
        }
        Element::Other
    }

    fn element(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) -> Element {
        let at = tag.range.start;
        let id = || scanner.attr(tag, "w", "id").unwrap_or_default();
        match tag.name() {
            ("w", "p") => {
                self.paragraphs.push(Paragraph::default());
                self.draft.open();
                Element::Paragraph
            }
            ("w" | "m", "r") => {
                self.runs.push(Run {
                    from: at,
                    hidden: None,
                    code: false,
                    references: Vec::new(),
                    other: false,
                    counted: false,
                });
                Element::Run
            }
            ("w" | "m", "t") => {
                let keeps = tag.ns == "m" || scanner.attr(tag, "xml", "space").as_deref() == Some("preserve");
                self.state.place = Place::Text(keeps);
                Element::Text
            }
            ("w", "hyperlink") => {
                let target = scanner.attr(tag, "r", "id").and_then(|id| self.part.links.get(&id).cloned());
                self.links.push((self.draft.here(), target));
                Element::Link
            }
            ("w", "sdt") => {
                self.controls.push(Control { from: at, ..Control::default() });
                Element::Control
            }
            ("w", "sdtContent") => self.control_content(tag),
            ("mc", "AlternateContent") => {
                self.draft.enter_alternatives();
                Element::Alternatives
            }
            ("w", "fldSimple") => {
                self.draft.skip(Skipped::Field);
                self.fields.push(true);
                Element::Field
            }
            ("w", "commentRangeStart") if self.comments.is_note(&id()) => Element::CommentStart(id(), at),
            ("w", "commentRangeEnd") if self.comments.is_note(&id()) => Element::CommentEnd(id(), at),
            ("w", "commentReference") if self.comments.is_note(&id()) => Element::CommentReference(id(), at),
            _ => {
                self.other(scanner, tag);
                Element::Other
            }
        }
    }

    /// Elements whose end says nothing.
    fn other(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) {
        match tag.name() {
            ("w", "pPr") => self.state.place = Place::ParagraphProperties,
            ("w", "rPr") => self.state.place = Place::RunProperties,
            ("w", "sdtPr") => self.state.place = Place::ControlProperties,
            (
                "w",
                "trPr" | "tcPr" | "tblPr" | "sectPr" | "tblGrid" | "rubyPr" | "sdtEndPr" | "docPartObj",
            )
            | ("m", "ctrlPr" | "rPr") => self.state.place = Place::Ignored,
            ("mc", "Choice" | "Fallback") => self.draft.enter_branch(),
            ("w", "tc") => self.state.cell = true,
            ("w", "txbxContent") => self.state.cell = false,
            ("w", "ins" | "moveTo") => {
                self.draft.skip(Skipped::Change);
                self.state.fixed = true;
            }
            ("w", "del" | "moveFrom") => {
                self.draft.skip(Skipped::Change);
                self.state.gone = true;
            }
            ("m", "oMath") => {
                self.draft.skip(Skipped::Formula);
                self.state.fixed = true;
            }
            // A reading aid above the characters.
            ("w", "rt") => self.state.gone = true,
            ("w", "fldChar") => match scanner.attr(tag, "w", "fldCharType").as_deref() {
                Some("begin") => {
                    self.fields.push(false);
                    self.instructions += 1;
                }
                Some("separate") => {
                    if let Some(shown) = self.fields.last_mut().filter(|shown| !**shown) {
                        *shown = true;
                        self.instructions -= 1;
                    }
                }
                Some("end") => {
                    if let Some(shown) = self.fields.pop() {
                        self.instructions -= usize::from(!shown);
                        self.draft.skip(Skipped::Field);
                    }
                }
                _ => {}
            },
            // The separators above notes.
            ("c", "chart") | ("dgm", "relIds") | ("w", "altChunk") => self.draft.skip(Skipped::Embedded),
            ("w", "footnote" | "endnote") => {
                self.state.gone = scanner.attr(tag, "w", "type").is_some_and(|kind| kind != "normal");
            }
            ("w", "tab" | "ptab") if self.is_shown() => self.draft.gap("\t", tag.range.clone()),
            ("w", "br" | "cr") if self.is_shown() => self.draft.gap(" ", tag.range.clone()),
            ("w", "noBreakHyphen") if self.is_shown() => {
                self.draft.written("\u{2011}", tag.range.clone(), true);
            }
            // The character is one of a font of symbols: which one it shows is not in the file.
            ("w", "sym") if self.is_shown() => self.draft.written("\u{fffc}", tag.range.clone(), true),
            _ => {}
        }
    }

    fn control_content(&mut self, tag: &Tag<'_>) -> Element {
        let here = self.draft.here();
        if let Some(control) = self.controls.last_mut() {
            if let Some(what) = control.fixed {
                self.draft.skip(what);
                self.state.fixed = true;
            }
            control.start = here;
            control.cuts.push(control.from..tag.range.end);
        }
        Element::ControlContent
    }

    /// Whether what comes now is part of the text.
    fn is_shown(&self) -> bool {
        !self.state.gone && self.instructions == 0 && !self.is_hidden()
    }

    fn is_hidden(&self) -> bool {
        let by_run = self.runs.last().and_then(|run| run.hidden);
        let by_style = || self.paragraphs.last().and_then(|paragraph| paragraph.look.hidden);
        by_run.or_else(by_style).unwrap_or(false)
    }

    fn characters(&mut self, range: Range<usize>, text: Option<String>) {
        if matches!(self.state.place, Place::Text(_)) {
            self.characters.push((range, text));
        }
    }

    fn close(&mut self, range: Range<usize>) {
        let Some((element, around)) = self.stack.pop() else { return };
        match element {
            Element::Text => self.text(),
            Element::Paragraph => self.paragraph(),
            Element::Run => self.run(range.end),
            Element::Link => {
                if let Some((here, Some(target))) = self.links.pop()
                    && is_own_address(&self.draft.since(here), &target)
                {
                    self.draft.fix_since(here);
                }
            }
            Element::ControlContent => {
                let here = self.draft.here();
                if let Some(control) = self.controls.last_mut() {
                    control.end = here;
                    control.cuts.push(range.start..range.start);
                }
            }
            Element::Control => self.control(range.end),
            Element::Alternatives => self.draft.leave_alternatives(),
            Element::Field => {
                // A field that was begun inside and not ended is taken for this one.
                self.instructions -= usize::from(self.fields.pop() == Some(false));
            }
            Element::CommentStart(id, from) => {
                let here = self.draft.here();
                let marks = self.marks.entry(id).or_default();
                marks.start = Some(here);
                marks.cuts.push(from..range.end);
            }
            Element::CommentEnd(id, from) => {
                let here = self.draft.here();
                let marks = self.marks.entry(id).or_default();
                marks.end = Some(here);
                marks.cuts.push(from..range.end);
            }
            Element::CommentReference(id, from) => {
                if let Some(run) = self.runs.last_mut() {
                    run.references.push((id, from..range.end));
                }
            }
            Element::Other => {}
        }
        self.state = around;
    }

    /// The characters of one text element; white space at its ends is dropped unless it says otherwise.
    fn text(&mut self) {
        let mut pieces = std::mem::take(&mut self.characters);
        if !self.is_shown() {
            if self.is_hidden()
                && !self.state.gone
                && let Some(run) = self.runs.last_mut().filter(|run| !run.counted)
            {
                run.counted = true;
                self.draft.skip(Skipped::Hidden);
            }
            return;
        }
        if self.state.place == Place::Text(false) {
            trim(self.source, &mut pieces);
        }
        if let Some(run) = self.runs.last_mut().filter(|run| run.code && !run.counted) {
            run.counted = true;
            self.draft.skip(Skipped::Code);
        }
        let code = self.runs.last().is_some_and(|run| run.code);
        let fixed = self.state.fixed || !self.fields.is_empty() || code;
        for (range, written) in pieces {
            match written {
                Some(text) => self.draft.written(text, range, fixed),
                None => verbatim(self.source, self.draft, range, fixed),
            }
        }
    }

    fn paragraph(&mut self) {
        let Some(Paragraph { look, list, outline }) = self.paragraphs.pop() else { return };
        let heading = outline.or(look.outline).map_or(look.heading, |level| level < 9);
        let kind = if look.code {
            self.draft.skip(Skipped::Code);
            BlockKind::Code
        } else if self.state.margin || (self.state.cell && !heading && !self.draft.is_prose()) {
            BlockKind::Table
        } else if heading {
            BlockKind::Heading
        } else if look.quote {
            BlockKind::Quote
        } else if list.or(look.list).unwrap_or(false) {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        };
        self.draft.close(kind, look.code || look.contents);
    }

    fn run(&mut self, end: usize) {
        let Some(run) = self.runs.pop() else { return };
        let here = self.draft.here();
        let alone = run.references.len() == 1 && !run.other;
        for (id, range) in run.references {
            let marks = self.marks.entry(id).or_default();
            marks.place = Some(here);
            marks.cuts.push(if alone { run.from..end } else { range });
        }
    }

    fn control(&mut self, end: usize) {
        let Some(mut control) = self.controls.pop() else { return };
        if let (Some(text), [_, closing]) = (control.note.take(), control.cuts.as_mut_slice()) {
            closing.end = end;
            self.draft.note(control.start, control.end, text, control.cuts);
        }
    }

    fn finish(self) {
        for (id, marks) in self.marks {
            let Some(comment) = self.comments.get(&id) else { continue };
            let Some(place) = marks.place.or(marks.start).or(marks.end) else { continue };
            let (start, end) = (marks.start.unwrap_or(place), marks.end.unwrap_or(place));
            let cuts = marks.cuts.into_iter().chain(comment.cuts.iter().cloned()).collect();
            self.draft.note(start, end, comment.text.clone(), cuts);
        }
    }
}

/// Adds characters to the draft; a line end among them shows as a space.
pub(super) fn verbatim<'s>(source: &'s str, draft: &mut Draft<'s>, range: Range<usize>, fixed: bool) {
    let text = &source[range.clone()];
    let mut done = 0;
    while let Some(offset) = text[done..].find(['\n', '\r']) {
        let at = done + offset;
        let length = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        draft.verbatim(range.start + done..range.start + at, fixed);
        draft.line_end(range.start + at..range.start + at + length, fixed);
        done = at + length;
    }
    draft.verbatim(range.start + done..range.end, fixed);
}

/// Takes the white space off both ends of the characters of an element.
fn trim(source: &str, pieces: &mut Vec<(Range<usize>, Option<String>)>) {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
    while let Some((range, None)) = pieces.first_mut() {
        let text = &source[range.clone()];
        range.start += text.len() - text.trim_start_matches(blank).len();
        if range.start < range.end {
            break;
        }
        pieces.remove(0);
    }
    while let Some((range, None)) = pieces.last_mut() {
        range.end = range.start + source[range.clone()].trim_end_matches(blank).len();
        if range.start < range.end {
            break;
        }
        pieces.pop();
    }
}
