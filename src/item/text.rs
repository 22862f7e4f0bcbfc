//! Plain text: paragraphs, line ends inside them, and what is not prose.
//!
//! Blank lines end a block. Whether a line end inside a run of lines ends one too depends on the document:
//!
//! * *Wrapped*: a paragraph runs over several lines; a line end is one space of the canonical text.
//! * *One paragraph per line*: every line is a block of its own.
//!
//! A document counts as one paragraph per line when its long lines are longer than anybody wraps (the 90th
//! percentile exceeds [`WRAP_MAX`] characters), or when most lines end before the next word had to wrap and either
//! the long lines exceed [`WRAP_USUAL`] characters or four in five of these lines end a sentence.
//!
//! Only marks that an editor of wordings leaves alone (blank lines, list markers, quotation marks, rules, tables,
//! capitals) cut blocks. What is guessed from lengths and counts (headings, signatures, code) decides a block's kind
//! and never its extent, so a copy reads back to the same text as the original.

use super::build::Builder;
use super::{BlockKind, Parsed};

/// Characters per line beyond which nobody wraps.
const WRAP_MAX: usize = 200;
/// Characters per line beyond which wrapping is unusual.
const WRAP_USUAL: usize = 120;
/// The most characters and words of a heading.
const HEADING_CHARS: usize = 90;
const HEADING_WORDS: usize = 14;
/// The most words of a heading that ends with a colon.
const LABEL_WORDS: usize = 4;
/// The most characters of a line, and lines, of a signature or address block.
const SIGNATURE_CHARS: usize = 45;
const SIGNATURE_LINES: usize = 8;

/// One line of the source.
#[derive(Clone, Copy, Debug)]
struct Line {
    shape: Shape,
    /// Behind the indentation and quotation marks.
    start: usize,
    /// Behind the list marker as well.
    body: usize,
    /// Before the trailing blanks and the line end.
    end: usize,
    /// Columns of indentation; a tab counts as four.
    indent: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Blank,
    /// No letter or digit: a line drawn with characters.
    Rule,
    /// Starts or ends a fenced block of code.
    Fence,
    Table,
    Quote,
    /// Starts a list item.
    Item,
    /// Capitals throughout.
    Banner,
    Prose,
}

/// The canonical text, blocks and leaves of a plain text.
pub(super) fn parse(source: &str) -> Parsed {
    let lines = lines(source);
    let wrapped = is_wrapped(source, &lines);
    let mut fences = lines.iter().filter(|line| line.shape == Shape::Fence).count();
    let mut group = Group { source, builder: Builder::new(source), shape: Shape::Blank, lines: Vec::new() };
    let mut fenced = false;
    for line in lines {
        let is_fence = line.shape == Shape::Fence;
        fences -= usize::from(is_fence);
        if fenced {
            group.push_code(line);
            if is_fence {
                group.close();
                fenced = false;
            }
        } else if is_fence && fences > 0 {
            group.close();
            group.push_code(line);
            fenced = true;
        } else if line.shape == Shape::Blank {
            group.close();
        } else {
            group.push(line, wrapped);
        }
    }
    group.close();
    group.builder.finish()
}

/// The block that is being collected.
struct Group<'s> {
    source: &'s str,
    builder: Builder<'s>,
    shape: Shape,
    lines: Vec<Line>,
}

impl Group<'_> {
    fn push(&mut self, line: Line, wrapped: bool) {
        if wrapped && self.joins(&line) {
            let from = self.lines.last().map_or(line.start, |last| last.end);
            self.builder.line_end(from..line.start);
            self.builder.verbatim(line.start..line.end);
        } else {
            self.close();
            self.shape = line.shape;
            self.builder.open(BlockKind::Paragraph);
            self.builder.verbatim(line.body..line.end);
        }
        self.lines.push(line);
    }

    /// A line of fenced code, blank ones included.
    fn push_code(&mut self, line: Line) {
        if self.lines.is_empty() {
            self.shape = Shape::Fence;
            self.builder.open(BlockKind::Code);
        } else if let Some(last) = self.lines.last() {
            let from = last.end;
            self.builder.line_end(from..line.start);
        }
        self.builder.verbatim(line.start..line.end);
        self.lines.push(line);
    }

    /// Whether a line goes on with the open block.
    fn joins(&self, line: &Line) -> bool {
        let Some(last) = self.lines.last() else { return false };
        let last_text = &self.source[last.start..last.end];
        match (self.shape, line.shape) {
            (Shape::Quote, Shape::Quote) | (Shape::Banner, Shape::Banner) | (Shape::Item, Shape::Prose) => {
                true
            }
            // A marker in the middle of a clause is a number or a dash that happened to start a line.
            (Shape::Prose, Shape::Item) => !last_text.ends_with([':', ';', ',']) && !ends_sentence(last_text),
            // First-line indentation starts a paragraph where no blank line does.
            (Shape::Prose, Shape::Prose) => line.indent < last.indent + 2 || !ends_sentence(last_text),
            _ => false,
        }
    }

    fn close(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        let (kind, fixed) = match self.shape {
            Shape::Blank | Shape::Rule | Shape::Fence => (BlockKind::Code, true),
            Shape::Table => (BlockKind::Table, true),
            Shape::Quote => (BlockKind::Quote, false),
            Shape::Banner => (BlockKind::Heading, false),
            Shape::Item => (BlockKind::ListItem, false),
            Shape::Prose if self.is_code() => (BlockKind::Code, true),
            Shape::Prose if self.is_heading() || self.is_signature() => (BlockKind::Heading, false),
            Shape::Prose => (BlockKind::Paragraph, false),
        };
        self.builder.close_as(kind, fixed);
        self.lines.clear();
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(|line| &self.source[line.start..line.end])
    }

    /// One short line without a stop.
    fn is_heading(&self) -> bool {
        let mut texts = self.texts();
        let (Some(text), None) = (texts.next(), texts.next()) else { return false };
        shown(text).nth(HEADING_CHARS).is_none()
            && text.split_whitespace().count() <= HEADING_WORDS
            && !ends_sentence(text)
            && !text.ends_with([';', ','])
            // A lead-in ("There are three parts:") is prose, a label ("Summary:") is not.
            && (!text.ends_with(':') || text.split_whitespace().count() <= LABEL_WORDS)
    }

    /// Several short lines without a stop: an address, a signature, the head of a letter.
    fn is_signature(&self) -> bool {
        (2..=SIGNATURE_LINES).contains(&self.lines.len())
            && self.texts().all(|text| shown(text).count() <= SIGNATURE_CHARS && !ends_sentence(text))
    }

    /// Half of the lines or more look like code, keys or encoded data.
    fn is_code(&self) -> bool {
        let code = self.texts().filter(|text| is_code_like(text)).count();
        code > 0 && code * 2 >= self.lines.len()
    }
}

/// The lines of a source; CR, LF and CRLF end one.
fn lines(source: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < source.len() {
        let rest = &source[start..];
        let length = rest.find(['\r', '\n']).unwrap_or(rest.len());
        lines.push(line(source, start, start + length));
        start += length + if rest[length..].starts_with("\r\n") { 2 } else { 1 };
    }
    lines
}

/// Blanks at the edges of a line. Other white space (U+00A0, U+2008, …) was put there on purpose and is text.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0b' | '\x0c')
}

fn line(source: &str, line_start: usize, line_end: usize) -> Line {
    let whole = &source[line_start..line_end];
    let end = line_start + whole.trim_end_matches(is_blank).len();
    let text = source[line_start..end].trim_start_matches(is_blank);
    let start = end - text.len();
    let indent = source[line_start..start].chars().map(|c| if c == '\t' { 4 } else { 1 }).sum();
    let at = |shape, start, body| Line { shape, start, body, end, indent };
    if text.chars().all(char::is_whitespace) {
        return at(Shape::Blank, start, start);
    }
    if text.starts_with("```") || text.starts_with("~~~") {
        return at(Shape::Fence, start, start);
    }
    if text.starts_with('>') {
        let body = text.trim_start_matches(|c| c == '>' || is_blank(c));
        let body_start = end - body.len();
        let shape = if body.chars().all(char::is_whitespace) { Shape::Blank } else { Shape::Quote };
        return at(shape, body_start, body_start);
    }
    if !text.contains(char::is_alphanumeric) {
        return at(Shape::Rule, start, start);
    }
    let body = start + marker(text);
    let content = &source[body..end];
    let shape = if is_table(content) {
        Shape::Table
    } else if body > start {
        Shape::Item
    } else if is_banner(content) {
        Shape::Banner
    } else {
        Shape::Prose
    };
    // A row's first cell may look like a marker and is text all the same.
    at(shape, start, if shape == Shape::Item { body } else { start })
}

/// The bytes of a list marker and the blanks behind it: "- ", "12. ", "(a) ", "iv) ".
fn marker(text: &str) -> usize {
    let length = if text.starts_with(['-', '*', '+', '•', '‣', '◦', '–', '—', '·']) {
        text.chars().next().map_or(0, char::len_utf8)
    } else {
        let inner = text.strip_prefix('(').unwrap_or(text);
        let opened = text.len() - inner.len();
        let word = inner.bytes().take(5).take_while(u8::is_ascii_alphanumeric).count();
        let name = &inner[..word];
        let closes = inner[word..].starts_with(')');
        let number = (1..=3).contains(&word) && name.bytes().all(|byte| byte.is_ascii_digit());
        let letter = word == 1 || (word <= 4 && name.bytes().all(|byte| b"ivxlIVXL".contains(&byte)));
        let stop = number && opened == 0 && inner[word..].starts_with('.');
        if word > 0 && (stop || (closes && (number || letter))) { opened + word + 1 } else { 0 }
    };
    let blanks = text[length..].bytes().take_while(|byte| b" \t".contains(byte)).count();
    if length == 0 || blanks == 0 { 0 } else { length + blanks }
}

/// Columns set with tabs, bars or runs of blanks.
fn is_table(text: &str) -> bool {
    let gaps = text.split("   ").filter(|part| !part.trim().is_empty()).count();
    let bars = text.matches(" | ").count() >= 2 || (text.starts_with('|') && text.ends_with('|'));
    text.contains('\t') || gaps > 2 || text.contains("     ") || (bars && !text.contains("{{"))
}

/// Capitals throughout: "TOP SECRET//NOFORN", "ANNEX A".
fn is_banner(text: &str) -> bool {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    capitals >= 4 && !text.contains(char::is_lowercase) && !ends_sentence(text)
}

fn is_code_like(text: &str) -> bool {
    // An author's alternatives, as in `shown`.
    if text.contains("{{") {
        return false;
    }
    let marks = text.chars().filter(|c| "{}<>=;|&$#\\_*^~`@[]".contains(*c)).count();
    let length = text.chars().count();
    let unbroken =
        length >= 40 && !text.contains(char::is_whitespace) && text.is_ascii() && !text.contains("://");
    unbroken || text.starts_with("-----") || (marks * 8 >= length && marks > 1) || text.ends_with(['{', '}'])
}

/// The characters of a line of which something is seen in the end: of alternatives in double braces, "{{a|b}}", the
/// first. What an author has marked up should be cut into the same blocks as what is issued.
fn shown(line: &str) -> impl Iterator<Item = char> {
    line.split("{{").enumerate().flat_map(|(index, part)| {
        let (braced, rest) =
            if index == 0 { ("", part) } else { part.split_once("}}").unwrap_or((part, "")) };
        braced.split('|').next().unwrap_or_default().chars().chain(rest.chars())
    })
}

/// Whether a line ends with a stop, closing quotes and brackets aside.
fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', ')', ']', '»']).ends_with(['.', '!', '?', '…'])
}

/// Whether line ends inside runs of lines are wraps (the module's rule).
fn is_wrapped(source: &str, lines: &[Line]) -> bool {
    let prose = |line: &Line| matches!(line.shape, Shape::Prose | Shape::Item);
    let width = |line: &Line| shown(&source[line.start..line.end]).count();
    let mut widths: Vec<usize> = lines.iter().filter(|line| prose(line)).map(width).collect();
    widths.sort_unstable();
    let Some(&long) = widths.get(widths.len().saturating_sub(1).min(widths.len() * 9 / 10)) else {
        return true;
    };
    let (mut inner, mut full, mut stops) = (0, 0, 0);
    for pair in lines.windows(2).filter(|pair| prose(&pair[0]) && pair[1].shape == Shape::Prose) {
        let [line, next] = [&source[pair[0].start..pair[0].end], &source[pair[1].start..pair[1].end]];
        let word = next.split_whitespace().next().map_or(0, |word| word.chars().count());
        inner += 1;
        full += usize::from((width(&pair[0]) + 1 + word) * 100 > long * 85);
        stops += usize::from(ends_sentence(line));
    }
    let short_of_full = full * 2 < inner;
    !(long > WRAP_MAX || (short_of_full && (long > WRAP_USUAL || stops * 5 >= inner * 4)))
}
