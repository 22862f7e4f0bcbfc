//! Documents as leaks: the text that a reader of the document sees.

use super::open::HEAD_BYTES;
use super::{FRAGMENT_BYTES_MAX, ocr};
use crate::item::{self, Format, Kind, ReadError};

/// What a document is called in reports, and its visible text; none for files that are read as plain text.
///
/// Signed and partly damaged documents are read as well, since nothing is written back. Kinds that no reader is there
/// for are refused by name.
pub(super) fn visible_text(bytes: &[u8]) -> Result<Option<(&'static str, String)>, ReadError> {
    let format = match Kind::of(bytes) {
        Kind::Text => return Ok(None),
        // hOCR is a page too, but what it shows is not all that it says.
        Kind::Html if ocr::is_hocr(&String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD_BYTES)])) => {
            return Ok(None);
        }
        Kind::Html => Format::Html,
        Kind::Mail => Format::Eml,
        Kind::Zip => match item::package_format(bytes) {
            Some(format) => format,
            None => return Err(ReadError::Foreign { kind: Kind::Zip.name() }),
        },
        kind => return Err(ReadError::Foreign { kind: kind.name() }),
    };
    let text = item::visible_text(format, bytes)?;
    if text.len() > FRAGMENT_BYTES_MAX {
        return Err(ReadError::TooLarge { bytes: text.len(), max: FRAGMENT_BYTES_MAX });
    }
    Ok(Some((format.name(), text)))
}
