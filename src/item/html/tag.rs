//! The tags and texts of a page, with the bytes of each.
//!
//! `lol_html` tells text from markup: raw text, scripts that quote their own end, comments, CDATA in foreign content.
//! What lies between the texts and comments that it reports are tags, which are read here; they need no more than
//! their own grammar (HTML Living Standard, sections 13.2.5.6 to 13.2.5.40).

use std::cell::RefCell;
use std::ops::Range;

use lol_html::html_content::TextType;
use lol_html::{DocumentContentHandlers, HtmlRewriter, MemorySettings, Settings};

use super::super::ReadError;

/// The most tags of a page.
pub(super) const TAGS_MAX: usize = 1 << 20;
/// The memory that the parser may use, in bytes, beyond the page itself: one tag or comment at a time.
const PARSER_BYTES_MAX: usize = 256 << 20;

/// A text or a tag.
#[derive(Debug)]
pub(super) enum Token {
    /// Characters between tags.
    Text {
        /// Its bytes.
        range: Range<usize>,
        /// Whether character references stand for characters in it.
        entities: bool,
    },
    /// A start or end tag.
    Tag(Tag),
}

/// A tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// The element's name in lower case.
    pub(super) name: String,
    /// Whether it is an end tag.
    pub(super) end: bool,
    /// Whether it ends with "/>".
    pub(super) closed: bool,
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Names and values of its attributes, in order.
    attributes: Vec<(Range<usize>, Range<usize>)>,
}

impl Tag {
    /// The value of an attribute as it is written, empty where it has none.
    pub(super) fn attribute<'s>(&self, source: &'s str, name: &str) -> Option<&'s str> {
        let found = self.attributes.iter().find(|(at, _)| source[at.clone()].eq_ignore_ascii_case(name));
        found.map(|(_, value)| &source[value.clone()])
    }
}

/// The texts and tags of a page in order. With `strict`, more tags than [`TAGS_MAX`] are an error, else the rest of the
/// page is left out.
pub(super) fn tokens(source: &str, strict: bool) -> Result<Vec<Token>, ReadError> {
    let mut tokens = Vec::new();
    let mut done = 0;
    let mut tags = 0;
    for (range, text) in marks(source)? {
        tags += between(source, done..range.start, &mut tokens, TAGS_MAX - tags.min(TAGS_MAX));
        if tags >= TAGS_MAX {
            break;
        }
        done = range.end;
        let Some(entities) = text else { continue };
        match tokens.last_mut() {
            Some(Token::Text { range: last, entities: same })
                if last.end == range.start && *same == entities =>
            {
                last.end = range.end;
            }
            _ => tokens.push(Token::Text { range, entities }),
        }
    }
    tags += between(source, done..source.len(), &mut tokens, TAGS_MAX - tags.min(TAGS_MAX));
    if strict && tags >= TAGS_MAX {
        return Err(ReadError::Limit { what: "tags", found: tags as u64, max: TAGS_MAX as u64 });
    }
    Ok(tokens)
}

/// What is no tag: the ranges of texts, with whether references count there, and of comments and doctypes.
type Marks = Vec<(Range<usize>, Option<bool>)>;

fn marks(source: &str) -> Result<Marks, ReadError> {
    let marks = RefCell::new(Marks::new());
    let handlers = DocumentContentHandlers::default()
        .text(|text: &mut lol_html::html_content::TextChunk<'_>| {
            let range = text.source_location().bytes();
            if !range.is_empty() {
                let entities = matches!(text.text_type(), TextType::Data | TextType::RCData);
                marks.borrow_mut().push((range, Some(entities)));
            }
            Ok(())
        })
        .comments(|comment: &mut lol_html::html_content::Comment<'_>| {
            marks.borrow_mut().push((comment.source_location().bytes(), None));
            Ok(())
        })
        .doctype(|doctype: &mut lol_html::html_content::Doctype<'_>| {
            marks.borrow_mut().push((doctype.source_location().bytes(), None));
            Ok(())
        });
    let settings = Settings::new()
        .append_document_content_handler(handlers)
        .with_strict(false)
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(PARSER_BYTES_MAX));
    let damaged = |error: lol_html::errors::RewritingError| ReadError::Damaged {
        part: "the page".into(),
        problem: error.to_string(),
    };
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(source.as_bytes()).map_err(damaged)?;
    rewriter.end().map_err(damaged)?;
    let marks = marks.into_inner();
    // Ranges in order, and at characters: all that follows rests on it.
    let mut floor = 0;
    for (range, _) in &marks {
        if range.start < floor || source.get(range.clone()).is_none() {
            let problem = "its texts overlap".into();
            return Err(ReadError::Damaged { part: "the page".into(), problem });
        }
        floor = range.end;
    }
    Ok(marks)
}

/// Adds the tags in a stretch of markup, at most `most`; returns how many there are.
fn between(source: &str, markup: Range<usize>, tokens: &mut Vec<Token>, most: usize) -> usize {
    let (mut at, mut count) = (markup.start, 0);
    while at < markup.end && count < most {
        let Some(open) = source[at..markup.end].find('<') else { break };
        at += open;
        match read(&source[..markup.end], at) {
            Some(tag) => {
                at = tag.range.end;
                count += 1;
                tokens.push(Token::Tag(tag));
            }
            // The page ends inside this tag.
            None if source[at + 1..]
                .trim_start_matches('/')
                .starts_with(|c: char| c.is_ascii_alphabetic()) =>
            {
                break;
            }
            None => at += 1,
        }
    }
    count
}

/// The tag that starts at `at`; none where there is none, or none that ends.
pub(super) fn read(source: &str, at: usize) -> Option<Tag> {
    let bytes = source.as_bytes();
    let end = bytes.get(at + 1) == Some(&b'/');
    let start = at + 1 + usize::from(end);
    if !bytes.get(start)?.is_ascii_alphabetic() {
        return None;
    }
    let run = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|&byte| stop(byte)).map(|length| from + length)
    };
    let blank = |byte: u8| byte.is_ascii_whitespace();
    let mut next = run(start, &|byte| blank(byte) || matches!(byte, b'/' | b'>'))?;
    let name = source[start..next].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        next = run(next, &|byte| !blank(byte) && byte != b'/')?;
        if bytes[next] == b'>' {
            let closed = bytes[next - 1] == b'/';
            return Some(Tag { name, end, closed, range: at..next + 1, attributes });
        }
        // An equals sign that starts a name belongs to it.
        let name_end = run(next + 1, &|byte| blank(byte) || matches!(byte, b'/' | b'>' | b'='))?;
        let attribute = next..name_end;
        next = run(name_end, &|byte| !blank(byte))?;
        let mut value = name_end..name_end;
        if bytes[next] == b'=' {
            next = run(next + 1, &|byte| !blank(byte))?;
            match bytes[next] {
                quote @ (b'"' | b'\'') => {
                    let close = run(next + 1, &|byte| byte == quote)?;
                    value = next + 1..close;
                    next = close + 1;
                }
                b'>' => {}
                _ => {
                    let close = run(next, &|byte| blank(byte) || byte == b'>')?;
                    value = next..close;
                    next = close;
                }
            }
        }
        attributes.push((attribute, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_as_the_standard_does() {
        let source = "<A HREF = 'x>y' hidden data-a=b/c =d e=>";
        let tag = read(source, 0).unwrap();
        assert_eq!((tag.name.as_str(), tag.end, tag.range.end), ("a", false, source.len()));
        let value = |name| tag.attribute(source, name);
        assert_eq!(value("href"), Some("x>y"));
        assert_eq!(value("HIDDEN"), Some(""));
        assert_eq!(value("data-a"), Some("b/c"));
        assert_eq!(value("=d"), Some(""));
        assert_eq!(value("e"), Some(""));
        assert_eq!(value("x"), None);
        assert!(read("<br/>", 0).unwrap().closed && read("</p >", 0).unwrap().end);
        for source in ["<", "</", "< a>", "</>", "<1>", "<a", "<a b='>", "<!x>", "<a b="] {
            assert_eq!(read(source, 0), None, "{source}");
        }
    }

    #[test]
    fn every_byte_is_a_text_a_tag_or_neither() {
        let source = "<!doctype html><!-- <p> --><p>a &lt; b<script>if (a</b>)'</p>'</script><svg><![CDATA[<p>]]></svg>\
                      <textarea><b></textarea><title>&amp;</title>c</p";
        let texts: Vec<(&str, bool)> = tokens(source, true)
            .unwrap()
            .into_iter()
            .filter_map(|token| match token {
                Token::Text { range, entities } => Some((&source[range], entities)),
                Token::Tag(_) => None,
            })
            .collect();
        assert_eq!(
            texts,
            [
                ("a &lt; b", true),
                ("if (a</b>)'</p>'", false),
                ("<p>", false),
                ("<b>", true),
                ("&amp;", true),
                ("c", true)
            ]
        );
    }

    #[test]
    fn joins_texts_that_the_parser_cuts() {
        let long = "é".repeat(100_000);
        let source = format!("<p>{long}</p>");
        let found = tokens(&source, true).unwrap();
        assert_eq!(found.len(), 3);
        assert!(matches!(&found[1], Token::Text { range, .. } if source[range.clone()] == *long));
    }
}
