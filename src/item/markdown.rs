//! Markdown (`CommonMark` with tables, footnotes, strikethrough, task lists, maths and front matter).

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::build::Builder;
use super::{BlockKind, LeafKind, Parsed};

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_YAML_STYLE_METADATA_BLOCKS)
    .union(Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS);

/// What surrounds the current event, as counters rather than a stack: nesting costs no memory.
#[derive(Default)]
struct Context {
    quotes: usize,
    items: usize,
    /// Alternative texts of pictures, which no reader of the page sees.
    pictures: usize,
    deletions: usize,
    /// For each open link, whether its text is its own label or address, so that it may not change.
    links: Vec<bool>,
    heading: bool,
    cell: bool,
    /// Code, front matter.
    code: bool,
}

impl Context {
    fn kind(&self) -> BlockKind {
        if self.code {
            BlockKind::Code
        } else if self.cell {
            BlockKind::Table
        } else if self.quotes > 0 {
            BlockKind::Quote
        } else if self.heading {
            BlockKind::Heading
        } else if self.items > 0 {
            BlockKind::ListItem
        } else {
            BlockKind::Paragraph
        }
    }

    fn is_fixed(&self) -> bool {
        self.deletions > 0 || self.cell || self.code || self.links.contains(&true)
    }
}

/// The canonical text, blocks and leaves of a Markdown source.
///
/// Emphasis delimiters, link targets, inline tags, footnote labels and pictures are in no leaf: they are copied
/// unchanged and are not part of the text.
pub(super) fn parse(source: &str) -> Parsed {
    let mut builder = Builder::new(source);
    let mut context = Context::default();
    for (event, range) in Parser::new_ext(source, OPTIONS).into_offset_iter() {
        match event {
            Event::Start(tag) => start(&mut builder, &mut context, &tag),
            Event::End(tag) => end(&mut builder, &mut context, tag),
            Event::Text(text) => prose(&mut builder, &context, source, &text, range),
            Event::InlineMath(_) if is_money(&source[range.clone()]) && !context.is_fixed() => {
                if context.pictures == 0 {
                    ensure_open(&mut builder, &context);
                    settle_line_end(&mut builder, source, range.start);
                    builder.verbatim(range);
                }
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                inline(&mut builder, &context, source, LeafKind::Fixed, &flatten(&text), range);
            }
            Event::InlineHtml(tag) => {
                if is_line_break(&tag) && builder.is_open() && context.pictures == 0 {
                    builder.line_end(range);
                }
            }
            Event::Html(text) => {
                if !builder.is_open() {
                    builder.open(BlockKind::Code);
                }
                builder.leaf(LeafKind::Fixed, &text.replace('\r', ""), range);
            }
            Event::SoftBreak | Event::HardBreak => {
                if context.pictures == 0 && builder.is_open() {
                    let start = builder
                        .last_end()
                        .map_or(range.start, |end| trailing_blanks(source, end, range.start));
                    builder.line_end(start..range.end);
                }
            }
            Event::Rule => builder.close(),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
    builder.finish()
}

fn start(builder: &mut Builder<'_>, context: &mut Context, tag: &Tag<'_>) {
    match tag {
        Tag::BlockQuote(_) => context.quotes += 1,
        Tag::Item => context.items += 1,
        Tag::Heading { .. } => context.heading = true,
        Tag::TableCell => context.cell = true,
        Tag::CodeBlock(_) | Tag::MetadataBlock(_) => context.code = true,
        Tag::Image { .. } => context.pictures += 1,
        Tag::Strikethrough => context.deletions += 1,
        Tag::Link { link_type, .. } => context.links.push(is_own_label(*link_type)),
        _ => {}
    }
    if !is_inline(tag.to_end()) {
        builder.close();
    }
}

fn end(builder: &mut Builder<'_>, context: &mut Context, tag: TagEnd) {
    if !is_inline(tag) {
        builder.close();
    }
    match tag {
        TagEnd::BlockQuote(_) => context.quotes = context.quotes.saturating_sub(1),
        TagEnd::Item => context.items = context.items.saturating_sub(1),
        TagEnd::Heading(_) => context.heading = false,
        TagEnd::TableCell => context.cell = false,
        TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => context.code = false,
        TagEnd::Image => context.pictures = context.pictures.saturating_sub(1),
        TagEnd::Strikethrough => context.deletions = context.deletions.saturating_sub(1),
        TagEnd::Link => {
            context.links.pop();
        }
        _ => {}
    }
}

/// A run of text as the parser cut it: equal to its source, or an escape or entity.
fn prose(builder: &mut Builder<'_>, context: &Context, source: &str, text: &str, range: Range<usize>) {
    if context.pictures > 0 {
        return;
    }
    if context.is_fixed() || text.contains(['\n', '\r']) {
        let text = if context.code { text.replace('\r', "") } else { flatten(text) };
        inline(builder, context, source, LeafKind::Fixed, &text, range);
    } else if source[range.clone()] != *text {
        inline(builder, context, source, LeafKind::Atom, text, range);
    } else if let Some(first) = text.chars().next() {
        ensure_open(builder, context);
        settle_line_end(builder, source, range.start);
        // The parser leaves the backslash of an escape out of every range.
        let escape = range
            .start
            .checked_sub(1)
            .filter(|&at| source.as_bytes()[at] == b'\\' && builder.last_end().is_none_or(|end| end <= at));
        let Some(backslash) = escape else { return builder.verbatim(range) };
        let rest = range.start + first.len_utf8();
        builder.leaf(LeafKind::Atom, &source[range.start..rest], backslash..rest);
        if rest < range.end {
            builder.verbatim(rest..range.end);
        }
    }
}

fn inline(
    builder: &mut Builder<'_>,
    context: &Context,
    source: &str,
    kind: LeafKind,
    text: &str,
    range: Range<usize>,
) {
    if context.pictures == 0 {
        ensure_open(builder, context);
        settle_line_end(builder, source, range.start);
        builder.leaf(kind, text, range);
    }
}

fn ensure_open(builder: &mut Builder<'_>, context: &Context) {
    if !builder.is_open() {
        builder.open(context.kind());
    }
}

/// Gives the indentation and quotation marks of a continuation line to the line end before them.
fn settle_line_end(builder: &mut Builder<'_>, source: &str, next: usize) {
    if let Some(end) = builder.last_end().filter(|&end| end < next) {
        let prefix = source.as_bytes()[end..next].iter().take_while(|byte| b" \t>".contains(byte)).count();
        builder.extend_line_end(end + prefix);
    }
}

/// Where the blanks that end at `end` start, not before `floor`.
fn trailing_blanks(source: &str, floor: usize, end: usize) -> usize {
    let Some(gap) = source.as_bytes().get(floor..end) else { return end };
    end - gap.iter().rev().take_while(|byte| b" \t".contains(byte)).count()
}

/// The text of an inline span on one line.
fn flatten(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r'], " ")
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// Whether a link's text is what its target is looked up by.
fn is_own_label(link: LinkType) -> bool {
    !matches!(link, LinkType::Inline | LinkType::Reference | LinkType::ReferenceUnknown)
}

/// "$5-$" of "$5-$10 million" is two amounts, not a formula.
fn is_money(source: &str) -> bool {
    let content = source.trim_matches('$');
    content.starts_with(|c: char| c.is_ascii_digit())
        && !content.contains(['\\', '^', '_', '{', '=', '*', '[', '<', '&', '`', '\n', '\r'])
}

fn is_line_break(tag: &str) -> bool {
    tag.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("<br"))
        && tag[3..].starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
}

/// `text` written so that it reads as itself inside a paragraph.
///
/// What would start a block at the start of a line ("1.", "#", ">") is not escaped: whoever edits checks that the
/// result has the same blocks.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '$' => true,
            '&' => chars.peek().is_none_or(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
