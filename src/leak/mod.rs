//! Fragments in: what leaked, in characters that can be compared with an item's.

mod decode;
mod fold;

use std::ops::Range;

pub use fold::fold;
pub(crate) use fold::fold_piece;

use crate::item::ReadError;

/// The largest fragment that is read, in bytes.
///
/// A limit against hostile input; it is more text than twenty novels, and a leak is a passage or a document.
pub const FRAGMENT_BYTES_MAX: usize = 16 << 20;

/// What leaked: a paste, a document, a retyped passage.
#[derive(Clone, Debug)]
pub struct Fragment {
    name: String,
    raw: String,
    chars: Vec<Folded>,
}

/// A character after folding and the raw bytes it came from.
///
/// Folding undoes what retyping, pasting and OCR do to every text alike: compatibility forms (NFKC), case,
/// typographic quotes and dashes, runs of white space, hyphens at line ends, invisible characters. Where one raw
/// character folds to several ("…" to "..."), each of them has the whole raw range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// The folded character; white space is `' '`.
    pub char: char,
    /// First raw byte.
    pub start: u32,
    /// One past the last raw byte.
    pub end: u32,
}

impl Fragment {
    /// A fragment from decoded text.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let raw = text.into();
        let chars = fold(&raw);
        Self { name: name.into(), raw, chars }
    }

    /// A fragment from a file's bytes, in whatever charset they are.
    ///
    /// Unlike an item, a fragment is never written back, so bytes that are no characters of the charset are replaced
    /// and not refused: what is readable is read. Errors: [`ReadError::TooLarge`] above [`FRAGMENT_BYTES_MAX`] and
    /// [`ReadError::Binary`] for files that are not text.
    pub fn read(name: impl Into<String>, bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > FRAGMENT_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: bytes.len(), max: FRAGMENT_BYTES_MAX });
        }
        Ok(Self::from_text(name, decode::decode(bytes)?))
    }

    /// What reports call it: a path, or `-`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text as it was found.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The folded characters.
    pub fn chars(&self) -> &[Folded] {
        &self.chars
    }

    /// The raw text behind a range of folded characters.
    pub fn raw_of(&self, chars: Range<usize>) -> &str {
        match (self.chars.get(chars.start), chars.end.checked_sub(1).and_then(|last| self.chars.get(last))) {
            (Some(first), Some(last)) if first.start < last.end => {
                &self.raw[first.start as usize..last.end as usize]
            }
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests;
