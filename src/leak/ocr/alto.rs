//! ALTO XML (Library of Congress, versions 2 to 4): what libraries and archives keep of their scans.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::item::ReadError;

use super::hocr::referred;
use super::{Place, Reading, Word, line_of};

/// Elements inside each other; ALTO needs about eight, more where blocks are nested.
const DEPTH_MAX: usize = 200;

/// Whether the beginning of a file is that of an ALTO document.
pub(in crate::leak) fn is_alto(head: &str) -> bool {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    while let Some((open, close)) =
        [("<?", "?>"), ("<!--", "-->")].into_iter().find(|(open, _)| rest.starts_with(open))
    {
        let Some(at) = rest[open.len()..].find(close) else { return false };
        rest = rest[open.len() + at + close.len()..].trim_start();
    }
    let name = rest.strip_prefix('<').unwrap_or_default();
    let name = name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("alto"))
}

/// Reads ALTO.
///
/// Errors: [`ReadError::Damaged`] for what is not well-formed or not whole, [`ReadError::Doctype`] for a document type
/// definition, which ALTO has none of, and [`ReadError::Limit`].
pub(in crate::leak) fn alto(text: &str) -> Result<Reading, ReadError> {
    let damaged = |at: u64, problem: String| {
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
        ReadError::Damaged { part: format!("the ALTO, line {}", line_of(text, &(at..at))), problem }
    };
    let mut reader = Reader::from_str(text);
    let mut place = Place { page: 0, block: 0, paragraph: 0, line: 0 };
    let mut depth = 0_usize;
    let mut reading = Reading::default();
    loop {
        let event = reader.read_event().map_err(|e| damaged(reader.error_position(), e.to_string()))?;
        match event {
            Event::Eof => break,
            Event::Start(tag) => {
                element(&tag, &mut place, &mut reading)?;
                depth += 1;
                if depth > DEPTH_MAX {
                    return Err(ReadError::Limit {
                        what: "elements inside each other",
                        found: depth as u64,
                        max: DEPTH_MAX as u64,
                    });
                }
            }
            Event::Empty(tag) => element(&tag, &mut place, &mut reading)?,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::DocType(_) => return Err(ReadError::Doctype { part: "the ALTO".to_owned() }),
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_) => {}
        }
    }
    if depth > 0 {
        return Err(damaged(text.len() as u64, "it ends in the middle of an element".to_owned()));
    }
    Ok(reading)
}

fn element(tag: &BytesStart<'_>, place: &mut Place, reading: &mut Reading) -> Result<(), ReadError> {
    match tag.local_name().as_ref() {
        "Page" => place.page += 1,
        "TextBlock" => place.block += 1,
        "TextLine" => place.line += 1,
        "String" => {
            let text = attribute(tag, "CONTENT").unwrap_or_default();
            let number = |name: &str| attribute(tag, name).and_then(|value| value.trim().parse::<f32>().ok());
            let confidence =
                number("WC").filter(|share| (0.0..=1.0).contains(share)).map(|share| share * 100.0);
            let height = number("HEIGHT").filter(|height| (0.0..1e6).contains(height)).unwrap_or(0.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "its range was checked"
            )]
            let height = height as u32;
            reading.push(*place, &Word { text: &text, confidence, height, top: None })?;
        }
        // The hyphen at a line's end: without it, folding could not join the two halves of a word.
        "HYP" if reading.text.ends_with(char::is_alphabetic) => reading.text.push('-'),
        _ => {}
    }
    Ok(())
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|one| one.key.as_ref() == name)?;
    let raw: &str = &found.value;
    if !raw.contains('&') {
        return Some(raw.to_owned());
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.find(';').filter(|&end| end <= 10) {
            Some(end) => {
                text.push_str(&referred(&rest[..end]));
                rest = &rest[end + 1..];
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    Some(text)
}
