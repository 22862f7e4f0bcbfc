//! XML parts as tokens with their byte ranges and resolved names.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use crate::item::ReadError;

/// The deepest nesting of elements; text boxes in cells of nested tables reach some sixty.
const DEPTH_MAX: usize = 512;

/// The most namespaces declared at one place; Word declares some thirty.
const DECLARED_MAX: usize = 200;

/// Short names for the namespaces that are read; the strict variants of ECMA-376 have addresses of their own.
const NAMESPACES: &[(&str, &str)] = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "w"),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", "w"),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", "a"),
    ("http://purl.oclc.org/ooxml/drawingml/main", "a"),
    ("http://schemas.openxmlformats.org/presentationml/2006/main", "p"),
    ("http://purl.oclc.org/ooxml/presentationml/main", "p"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "r"),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", "r"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", "m"),
    ("http://purl.oclc.org/ooxml/officeDocument/math", "m"),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", "mc"),
    ("http://schemas.microsoft.com/office/word/2010/wordml", "w14"),
    ("http://schemas.microsoft.com/office/word/2012/wordml", "w15"),
    ("http://schemas.microsoft.com/office/word/2016/wordml/cid", "w16cid"),
    ("http://schemas.microsoft.com/office/word/2018/wordml/cex", "w16cex"),
    ("http://schemas.openxmlformats.org/package/2006/content-types", "ct"),
    ("http://schemas.openxmlformats.org/package/2006/relationships", "rel"),
    ("http://schemas.openxmlformats.org/drawingml/2006/chart", "c"),
    ("http://schemas.openxmlformats.org/drawingml/2006/diagram", "dgm"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
    ("http://www.w3.org/1999/xlink", "xlink"),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", "office"),
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", "text"),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", "table"),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", "draw"),
    ("urn:oasis:names:tc:opendocument:xmlns:presentation:1.0", "presentation"),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", "style"),
    ("urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", "manifest"),
    ("urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0", "fo"),
];

/// A piece of a part.
#[derive(Debug)]
pub(super) enum Token<'s> {
    /// An element's start; its end follows, also where it is written in one tag.
    Open(Tag<'s>),
    /// The end of the innermost element: of its end tag.
    Close(Range<usize>),
    /// Characters that are written as they are.
    Text(Range<usize>),
    /// Characters that are written otherwise: references, CDATA.
    Written(Range<usize>, Cow<'s, str>),
}

/// A start tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'s> {
    /// The namespace's short name; empty for those that are not read.
    pub(super) ns: &'static str,
    pub(super) local: &'s str,
    pub(super) range: Range<usize>,
    content: &'s str,
    name_len: usize,
}

impl Tag<'_> {
    /// The namespace's short name and the local one.
    pub(super) fn name(&self) -> (&str, &str) {
        (self.ns, self.local)
    }
}

/// Reads one part of a source.
pub(super) struct Scanner<'s> {
    reader: Reader<&'s [u8]>,
    /// The part's name, for messages.
    part: &'s str,
    /// Where the part starts in the source.
    start: usize,
    text: &'s str,
    /// Of every open element: how many namespaces are declared around it.
    open: Vec<usize>,
    declared: Vec<(&'s str, &'static str)>,
    /// The end of an element that was written in one tag.
    pending: Option<Range<usize>>,
}

impl<'s> Scanner<'s> {
    /// A scanner of `source[range]`.
    pub(super) fn new(part: &'s str, source: &'s str, range: Range<usize>) -> Self {
        let text = &source[range.clone()];
        Self {
            reader: Reader::from_str(text),
            part,
            start: range.start,
            text,
            open: Vec::new(),
            declared: Vec::new(),
            pending: None,
        }
    }

    /// The next piece; none at the end of the part.
    pub(super) fn next(&mut self) -> Result<Option<Token<'s>>, ReadError> {
        if let Some(range) = self.pending.take() {
            self.leave();
            return Ok(Some(Token::Close(range)));
        }
        loop {
            let from = self.position();
            let event = self.reader.read_event().map_err(|e| self.damaged(&e.to_string()))?;
            let range = self.start + from..self.start + self.position();
            match event {
                Event::Start(tag) => return Ok(Some(Token::Open(self.enter(tag.name().0.len(), range)?))),
                Event::Empty(tag) => {
                    self.pending = Some(range.end..range.end);
                    return Ok(Some(Token::Open(self.enter(tag.name().0.len(), range)?)));
                }
                Event::End(_) => {
                    self.leave();
                    return Ok(Some(Token::Close(range)));
                }
                Event::Text(_) if !self.open.is_empty() => return Ok(Some(Token::Text(range))),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) => return Err(self.damaged("text outside of its root element")),
                Event::CData(text) => {
                    return Ok(Some(Token::Written(range, Cow::Owned(text.replace("\r\n", "\n")))));
                }
                Event::GeneralRef(name) => {
                    let char = name.resolve_char_ref().ok().flatten().filter(|&c| is_xml(c));
                    let text = match char {
                        Some(c) => Cow::Owned(c.to_string()),
                        None => Cow::Borrowed(
                            quick_xml::escape::resolve_predefined_entity(&name)
                                .ok_or_else(|| self.damaged("a reference to nothing that is known"))?,
                        ),
                    };
                    return Ok(Some(Token::Written(range, text)));
                }
                Event::DocType(_) => return Err(ReadError::Doctype { part: self.part.to_owned() }),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof if !self.open.is_empty() => {
                    return Err(self.damaged("it ends inside of an element"));
                }
                Event::Eof => return Ok(None),
            }
        }
    }

    /// The value of an attribute of the tag that was read last.
    pub(super) fn attr(&self, tag: &Tag<'_>, ns: &str, local: &str) -> Option<String> {
        attributes(tag.content, tag.name_len).find_map(|(key, value)| {
            let (prefix, name) = split(key);
            // Attributes without a prefix are in no namespace.
            let here = if prefix.is_empty() { "" } else { self.resolve(prefix) };
            (name == local && here == ns).then(|| unescape(&value))
        })
    }

    fn enter(&mut self, name_len: usize, range: Range<usize>) -> Result<Tag<'s>, ReadError> {
        if self.open.len() >= DEPTH_MAX {
            let found = self.open.len() as u64 + 1;
            return Err(ReadError::Limit {
                what: "elements inside each other",
                found,
                max: DEPTH_MAX as u64,
            });
        }
        self.open.push(self.declared.len());
        let inside = &self.text[range.start - self.start..range.end - self.start];
        let content = inside.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
        let content = content.strip_suffix('/').unwrap_or(content);
        // Declarations are looked for only where there may be some: most tags have none.
        if content.contains("xmlns") {
            for (key, value) in attributes(content, name_len) {
                let prefix = match key.split_once(':') {
                    Some(("xmlns", prefix)) => prefix,
                    None if key == "xmlns" => "",
                    _ => continue,
                };
                let address = unescape(&value);
                let short =
                    NAMESPACES.iter().find(|(known, _)| *known == address).map_or("", |known| known.1);
                self.declared.push((prefix, short));
            }
            if self.declared.len() > DECLARED_MAX {
                let (found, max) = (self.declared.len() as u64, DECLARED_MAX as u64);
                return Err(ReadError::Limit { what: "namespaces at one place", found, max });
            }
        }
        let (prefix, local) = split(content.get(..name_len).unwrap_or_default());
        Ok(Tag { ns: self.resolve(prefix), local, range, content, name_len })
    }

    fn leave(&mut self) {
        if let Some(declared) = self.open.pop() {
            self.declared.truncate(declared);
        }
    }

    fn resolve(&self, prefix: &str) -> &'static str {
        if prefix == "xml" {
            return "xml";
        }
        self.declared.iter().rev().find(|(declared, _)| *declared == prefix).map_or("", |(_, short)| short)
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    fn damaged(&self, problem: &str) -> ReadError {
        ReadError::Damaged { part: self.part.to_owned(), problem: problem.to_owned() }
    }
}

/// The attributes of a tag: names and values as they are written.
fn attributes(content: &str, name_len: usize) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut attributes = Attributes::new(content, name_len);
    attributes.with_checks(false);
    attributes.flatten().map(|attribute| (attribute.key.0, attribute.value))
}

/// The prefix, empty where there is none, and the local name.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// The characters of an attribute's value; references to nothing that is known stay as they are.
fn unescape(value: &str) -> String {
    quick_xml::escape::unescape(value).map_or_else(|_| value.to_owned(), Cow::into_owned)
}

/// Whether a document may hold the character (XML 1.0, section 2.2).
pub(super) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// `text` as the content of an element.
pub(in crate::item) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}
