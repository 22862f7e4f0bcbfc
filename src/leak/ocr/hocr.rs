//! hOCR 1.2: a page of HTML whose classes say what is a page, a line and a word.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::item::ReadError;

use super::{Place, Reading, Word, line_of, numbers};

/// Elements inside each other; hOCR needs about eight.
const DEPTH_MAX: usize = 200;

/// Elements that never have an end in HTML.
const VOID: [&str; 8] = ["meta", "link", "br", "hr", "img", "input", "base", "wbr"];

/// Whether the beginning of an HTML page says that it is hOCR.
pub(in crate::leak) fn is_hocr(head: &str) -> bool {
    // In a class or a name, not in the text of a page that is about such files.
    let marks = ["ocr-system", "ocr-capabilities", "ocr_page"];
    marks.iter().any(|mark| ["='", "=\"", "="].iter().any(|before| head.contains(&format!("{before}{mark}"))))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Page,
    Block,
    Paragraph,
    Line,
    Word,
    None,
}

/// Reads hOCR.
///
/// Tesseract writes it as well-formed XHTML, other programs nearly so: end tags that match nothing are passed over.
pub(in crate::leak) fn hocr(text: &str) -> Result<Reading, ReadError> {
    let damaged = |at: u64, problem: String| {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
        ReadError::Damaged { part: format!("the hOCR, line {}", line_of(text, &(at..at))), problem }
    };
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut place = Place { page: 0, block: 0, paragraph: 0, line: 0 };
    let mut open: Vec<(String, Role)> = Vec::new();
    let mut word: Option<(String, Option<f32>, u32)> = None;
    let mut reading = Reading::default();
    let mut pages = 0_u32;
    loop {
        let event = reader.read_event().map_err(|e| damaged(reader.error_position(), e.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(tag) => {
                let name = tag.name().as_ref().to_ascii_lowercase();
                let role = role(&tag);
                match role {
                    Role::Page => (place.page, pages) = (place.page + 1, pages + 1),
                    Role::Block => place.block += 1,
                    Role::Paragraph => place.paragraph += 1,
                    Role::Line => place.line += 1,
                    Role::Word => {
                        let title = attribute(&tag, "title").unwrap_or_default();
                        word = Some((String::new(), confidence(&title), height(&title)));
                    }
                    Role::None => {}
                }
                if !VOID.contains(&name.as_str()) {
                    open.push((name, role));
                }
                if open.len() > DEPTH_MAX {
                    let found = open.len() as u64;
                    return Err(ReadError::Limit {
                        what: "elements inside each other",
                        found,
                        max: DEPTH_MAX as u64,
                    });
                }
            }
            Event::End(tag) => {
                let name = tag.name().as_ref().to_ascii_lowercase();
                // An element without an end is closed by the one around it.
                let Some(at) = open.iter().rposition(|(opened, _)| *opened == name) else { continue };
                let closed = open.split_off(at);
                if closed.iter().any(|(_, role)| *role == Role::Word)
                    && let Some((text, confidence, height)) = word.take()
                {
                    reading.push(place, &Word { text: &text, confidence, height, top: None })?;
                }
            }
            Event::Text(part) => {
                if let Some((text, ..)) = &mut word {
                    text.push_str(&part.html_content());
                }
            }
            Event::CData(part) => {
                if let Some((text, ..)) = &mut word {
                    text.push_str(&part.html_content());
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((text, ..)) = &mut word {
                    text.push_str(&referred(&entity.html_content()));
                }
            }
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if word.is_some() || open.iter().any(|(_, role)| *role != Role::None) {
        return Err(damaged(text.len() as u64, "it ends in the middle of a page".to_owned()));
    }
    if pages == 0 {
        return Err(damaged(0, "it has no page".to_owned()));
    }
    Ok(reading)
}

/// What an entity or character reference stands for; itself where it is not known.
pub(super) fn referred(name: &str) -> Cow<'static, str> {
    let code = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    if let Some(c) = code.and_then(char::from_u32) {
        return c.to_string().into();
    }
    match name {
        "amp" => "&".into(),
        "lt" => "<".into(),
        "gt" => ">".into(),
        "quot" => "\"".into(),
        "apos" => "'".into(),
        "nbsp" => "\u{a0}".into(),
        "shy" => "\u{ad}".into(),
        "ndash" => "–".into(),
        "mdash" => "—".into(),
        "lsquo" => "‘".into(),
        "rsquo" => "’".into(),
        "ldquo" => "“".into(),
        "rdquo" => "”".into(),
        "hellip" => "…".into(),
        _ => format!("&{name};").into(),
    }
}

fn role(tag: &BytesStart<'_>) -> Role {
    let Some(class) = attribute(tag, "class") else { return Role::None };
    class
        .split_ascii_whitespace()
        .find_map(|class| match class {
            "ocr_page" => Some(Role::Page),
            "ocr_carea" | "ocrx_block" | "ocr_column" => Some(Role::Block),
            "ocr_par" => Some(Role::Paragraph),
            "ocr_line" | "ocrx_line" | "ocr_header" | "ocr_footer" | "ocr_caption" | "ocr_textfloat" => {
                Some(Role::Line)
            }
            "ocrx_word" | "ocr_word" => Some(Role::Word),
            _ => None,
        })
        .unwrap_or(Role::None)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.html_attributes();
    all.with_checks(false)
        .flatten()
        .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))
        .map(|attribute| attribute.value.into_owned())
}

/// The value of a property in a title such as `bbox 1 2 3 4; x_wconf 91`.
fn property<'t>(title: &'t str, name: &str) -> Option<&'t str> {
    title.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' '))
}

fn confidence(title: &str) -> Option<f32> {
    numbers(property(title, "x_wconf")?).next().filter(|confidence| (0.0..=100.0).contains(confidence))
}

fn height(title: &str) -> u32 {
    let corners: Vec<u32> = property(title, "bbox")
        .map(|list| list.split_ascii_whitespace().map_while(|number| number.parse().ok()).collect())
        .unwrap_or_default();
    if let [_, top, _, bottom, ..] = corners[..] { bottom.saturating_sub(top) } else { 0 }
}
