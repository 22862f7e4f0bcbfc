//! Documents as leaks: the text that a reader of the document sees.

use crate::item::{Kind, ReadError};

/// What a document is called in reports, and its visible text; none for files that are read as plain text.
///
/// Where the item room reads a kind of document, its text is taken from there; the kinds that it does not read are
/// refused by name.
pub(super) fn visible_text(bytes: &[u8]) -> Result<Option<(&'static str, String)>, ReadError> {
    match Kind::of(bytes) {
        // Pages and mails are text as well: without their markup in their own readers, with it as plain text.
        Kind::Text | Kind::Html | Kind::Mail => Ok(None),
        kind => Err(ReadError::Foreign { kind: kind.name() }),
    }
}
