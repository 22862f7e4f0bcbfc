//! Fragments in: what leaked, in characters that can be compared with an item's.

use std::ops::Range;

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
/// typographic quotes and dashes, runs of white space, hyphens at line ends, invisible characters.
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

/// Folds a text; the same function serves items and fragments.
pub fn fold(text: &str) -> Vec<Folded> {
    text.char_indices()
        .map(|(start, char)| {
            let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            Folded { char, start: position(start), end: position(start + char.len_utf8()) }
        })
        .collect()
}
