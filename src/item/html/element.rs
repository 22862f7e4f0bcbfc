//! What an element does to the text in it.

use super::super::{BlockKind, Skipped};
use super::tag::Tag;

/// How an element stands among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// Without content.
    Void,
    /// In a line of text.
    Inline,
    /// A formatting element: its end tag counts across blocks (HTML Living Standard, section 13.2.6.4.7).
    Formatting,
    /// Starts and ends a block.
    Block,
}

/// Names and flows; other names are inline, as a browser shows elements that it does not know.
pub(super) fn flow(name: &str) -> Flow {
    match name {
        "area" | "base" | "basefont" | "bgsound" | "br" | "col" | "embed" | "frame" | "hr" | "img"
        | "input" | "keygen" | "link" | "meta" | "param" | "source" | "track" | "wbr" => Flow::Void,
        "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong"
        | "tt" | "u" => Flow::Formatting,
        "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "center" | "colgroup"
        | "dd" | "details" | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption"
        | "figure" | "footer" | "form" | "frameset" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "head"
        | "header" | "hgroup" | "html" | "legend" | "li" | "listing" | "main" | "menu" | "nav"
        | "noframes" | "ol" | "optgroup" | "option" | "p" | "plaintext" | "pre" | "script" | "search"
        | "section" | "style" | "summary" | "table" | "tbody" | "td" | "template" | "tfoot" | "th"
        | "thead" | "title" | "tr" | "ul" | "xmp" => Flow::Block,
        _ => Flow::Inline,
    }
}

/// Whether a start or end tag of this name parts two blocks.
pub(super) fn parts_blocks(name: &str) -> bool {
    flow(name) == Flow::Block && !matches!(name, "script" | "style" | "template" | "title")
}

/// Whether an end tag looks no further up than this element.
pub(super) fn is_scope(name: &str) -> bool {
    matches!(
        name,
        "caption"
            | "td"
            | "th"
            | "table"
            | "html"
            | "template"
            | "object"
            | "marquee"
            | "applet"
            | "svg"
            | "math"
    )
}

/// Elements whose start ends an open paragraph.
pub(super) fn ends_paragraph(name: &str) -> bool {
    name == "hr"
        || (flow(name) == Flow::Block
            && !matches!(
                name,
                "body"
                    | "caption"
                    | "colgroup"
                    | "frameset"
                    | "head"
                    | "html"
                    | "noframes"
                    | "optgroup"
                    | "option"
                    | "legend"
                    | "script"
                    | "style"
                    | "tbody"
                    | "td"
                    | "template"
                    | "tfoot"
                    | "th"
                    | "thead"
                    | "title"
                    | "tr"
            ))
}

/// What holds for the text at some place; an element inherits it from its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) kind: BlockKind,
    /// Seen, and never edited.
    pub(super) fixed: bool,
    /// Not seen.
    pub(super) absent: bool,
    /// In SVG or `MathML`, where "/>" ends an element.
    pub(super) foreign: bool,
    /// Why its text is left out of marking, and which element says so.
    pub(super) skipped: Option<(Skipped, usize)>,
}

impl State {
    pub(super) const PAGE: Self =
        Self { kind: BlockKind::Paragraph, fixed: false, absent: false, foreign: false, skipped: None };

    /// Whether white space and line ends are as they are written.
    pub(super) fn is_preformatted(self) -> bool {
        self.kind == BlockKind::Code
    }

    /// The state inside an element: the `number`th of the page; `layout` says that a cell is a place and not a datum.
    pub(super) fn inside(self, tag: &Tag, source: &str, number: usize, layout: bool) -> Self {
        let mut state = self;
        match tag.name.as_str() {
            "svg" | "math" => state.foreign = true,
            // Preformatted text is that throughout.
            _ if self.is_preformatted() => {}
            "blockquote" => state.kind = BlockKind::Quote,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "legend" | "summary" | "address"
                if self.kind != BlockKind::Quote =>
            {
                state.kind = BlockKind::Heading;
            }
            "li" | "dd" | "dt" if self.kind != BlockKind::Quote => state.kind = BlockKind::ListItem,
            "p" | "figcaption" | "caption" if self.kind == BlockKind::Table => {
                state.kind = BlockKind::Paragraph;
            }
            "td" | "th" if self.kind != BlockKind::Quote => {
                state.kind = if layout { BlockKind::Paragraph } else { BlockKind::Table };
            }
            "pre" | "listing" | "xmp" | "plaintext" => {
                state.kind = BlockKind::Code;
            }
            _ => {}
        }
        let (skipped, absent) = match skipped(tag, source, state) {
            Some(found) => found,
            None if state.kind == BlockKind::Table && self.kind != BlockKind::Table => (Skipped::Cell, false),
            None => return state,
        };
        state.fixed |= !absent;
        state.absent |= absent;
        // The outermost element counts, unless one inside it is not seen at all.
        if self.skipped.is_none() || (absent && !self.absent) {
            state.skipped = Some((skipped, number));
        }
        state
    }
}

/// Why the text in an element is not marked, and whether it is not seen either.
fn skipped(tag: &Tag, source: &str, state: State) -> Option<(Skipped, bool)> {
    let found = match tag.name.as_str() {
        "script" | "style" => (Skipped::Script, true),
        "template" | "noscript" | "title" | "iframe" | "object" | "audio" | "video" | "canvas"
        | "noframes" | "noembed" | "datalist" | "applet" | "rp" | "dialog" => {
            let open = tag.name == "dialog" && tag.attribute(source, "open").is_some();
            if open {
                return None;
            }
            (Skipped::Hidden, true)
        }
        "desc" | "metadata" | "defs" | "annotation" | "annotation-xml" if state.foreign => {
            (Skipped::Hidden, true)
        }
        "del" => (Skipped::Deleted, true),
        "s" | "strike" => (Skipped::Deleted, false),
        "pre" | "listing" | "xmp" | "plaintext" | "code" | "kbd" | "samp" | "tt" | "var" => {
            (Skipped::Code, false)
        }
        "math" => (Skipped::Formula, false),
        "svg" => (Skipped::Drawing, false),
        "textarea" | "button" | "select" | "output" | "meter" | "progress" => (Skipped::Form, false),
        "q" | "cite" | "time" | "data" | "rt" => (Skipped::Quotation, false),
        _ => return by_attributes(tag, source),
    };
    // An element that is seen may be hidden all the same.
    by_attributes(tag, source).filter(|(_, absent)| *absent && !found.1).or(Some(found))
}

fn by_attributes(tag: &Tag, source: &str) -> Option<(Skipped, bool)> {
    let is = |name, wanted: &str| {
        tag.attribute(source, name).is_some_and(|value| value.trim().eq_ignore_ascii_case(wanted))
    };
    if tag.attribute(source, "hidden").is_some() || tag.attribute(source, "style").is_some_and(hides) {
        Some((Skipped::Hidden, true))
    } else if is("aria-hidden", "true") {
        Some((Skipped::Hidden, false))
    } else if is("translate", "no") {
        Some((Skipped::Form, false))
    } else {
        None
    }
}

/// Whether declarations of style take an element out of sight.
fn hides(style: &str) -> bool {
    style.split(';').any(|declaration| {
        let Some((property, value)) = declaration.split_once(':') else { return false };
        let value = value.trim().to_ascii_lowercase();
        let value = value.strip_suffix("!important").unwrap_or(&value).trim();
        let nothing = || {
            let digits = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
            !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0' | b'.'))
        };
        match property.trim().to_ascii_lowercase().as_str() {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "mso-hide" => value == "all",
            "opacity" | "font-size" => nothing(),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::hides;

    #[test]
    fn knows_styles_that_hide() {
        for (style, hidden) in [
            ("display:none", true),
            ("color: red; Display : NONE !important", true),
            ("visibility: hidden", true),
            ("font-size:0", true),
            ("font-size: 0px;", true),
            ("opacity:0.0", true),
            ("mso-hide:all", true),
            ("font-size:10px", false),
            ("opacity: 0.5", false),
            ("display:block", false),
            ("background:url(display:none)", false),
            ("", false),
        ] {
            assert_eq!(hides(style), hidden, "{style}");
        }
    }
}
