//! How the source's text sits in the file.
//!
//! A file may keep its text in several parts (the members of a package, the bodies of a mail). Their decoded texts
//! stand one after the other in [`super::Document`]'s source, with [`PART_END`] between them, so that leaves, edits and
//! the check of an edit know one source only.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::encoding::{self, Encoding};
use super::mail::Mail;
use super::package::{Opening, Package};
use super::{Charset, Format, Parsed, ReadError, Warning, html, markdown, text};

/// What separates two parts in the source. No part holds it: XML forbids it (XML 1.0, section 2.2), and files of text
/// that have it are refused as binary.
pub(super) const PART_END: char = '\0';

/// What a file is beside its text: enough to write it again around a changed text.
#[derive(Clone, Debug)]
pub(super) enum Carrier {
    /// The file is the text.
    Text(Encoding),
    /// The text is in XML parts of an archive.
    Package(Arc<Package>),
    /// The file holds texts among its parts.
    Mail(Box<Mail>),
}

/// How characters are written in a part of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writing {
    /// As they are.
    Plain,
    /// With the escapes of Markdown.
    Markdown,
    /// With the entities of XML.
    Xml,
    /// With character references, also for what the charset lacks; without one for all but ASCII.
    Html(Option<Charset>),
}

impl Carrier {
    /// Opens a file: its carrier, and its source.
    pub(super) fn open(format: Format, bytes: &[u8]) -> Result<(Self, String), ReadError> {
        match format {
            Format::Text | Format::Markdown => {
                let (encoding, source) = encoding::decode(bytes)?;
                Ok((Self::Text(encoding), source))
            }
            Format::Docx | Format::Pptx | Format::Odt | Format::Odp => {
                Self::package(format, bytes, Opening::Item)
            }
            Format::Eml => {
                let (mail, source) = Mail::open(bytes)?;
                Ok((Self::Mail(Box::new(mail)), source))
            }
            Format::Html => {
                let (encoding, source) = encoding::decode_as(bytes, html::declared(bytes))?;
                Ok((Self::Text(encoding), source))
            }
        }
    }

    /// Opens a file that was written from this one: what it shares with it is known to be whole.
    pub(super) fn open_copy(&self, format: Format, bytes: &[u8]) -> Result<(Self, String), ReadError> {
        match self {
            Self::Text(_) | Self::Mail(_) => Self::open(format, bytes),
            Self::Package(item) => Self::package(format, bytes, Opening::Copy(item)),
        }
    }

    fn package(format: Format, bytes: &[u8], opening: Opening<'_>) -> Result<(Self, String), ReadError> {
        let package = Package::open(format, bytes, opening)?;
        let source = package.source().to_owned();
        Ok((Self::Package(Arc::new(package)), source))
    }

    /// What a source says; also of one that was edited.
    pub(super) fn parse(&self, format: Format, source: &str) -> Result<Parsed, ReadError> {
        match (self, format) {
            (Self::Package(package), _) => package.parse(source),
            (Self::Mail(mail), _) => mail.parse(source),
            (Self::Text(_), Format::Markdown) => Ok(markdown::parse(source)),
            (Self::Text(_), Format::Html) => html::parse(source, true),
            (Self::Text(_), _) => Ok(text::parse(source)),
        }
    }

    /// Adds to the patches of a source what they make necessary around them.
    pub(super) fn settle(&self, source: &str, patches: &mut Vec<(Range<usize>, Cow<'_, str>)>) {
        match self {
            Self::Text(_) => {}
            Self::Mail(mail) => mail.settle(source, patches),
            Self::Package(package) => package.settle(source, patches),
        }
    }

    /// Whether there is markup between the characters that has to stay where they are cut away.
    pub(super) fn keeps_markup(&self, format: Format) -> bool {
        !matches!(self, Self::Text(_)) || format == Format::Html
    }

    /// The file with this source; none where it has a character that the file cannot hold.
    pub(super) fn write(&self, source: &str) -> Option<Vec<u8>> {
        match self {
            Self::Text(encoding) => encoding.encode(source),
            Self::Package(package) => package.write(source),
            Self::Mail(mail) => mail.write(source),
        }
    }

    /// Whether every part of the file can hold `text`.
    pub(super) fn encodes(&self, format: Format, text: &str) -> bool {
        match self {
            // A page names what its charset lacks by number.
            Self::Text(_) if format == Format::Html => true,
            Self::Text(encoding) => encoding.encodes(text),
            Self::Package(_) => Package::encodes(text),
            Self::Mail(mail) => mail.encodes(text),
        }
    }

    /// Whether a file that was just written would be opened with the source it was written from.
    pub(super) fn recognises(&self, format: Format, bytes: &[u8], source: &str) -> bool {
        match self {
            Self::Mail(mail) => mail.recognises(bytes, source),
            Self::Text(_) if format != Format::Text && format != Format::Markdown => {
                Self::open(format, bytes).is_ok_and(|(_, read)| read == source)
            }
            // Detection looks at the characters, so a short file may be taken for another charset after an edit, and
            // one that now starts with U+FEFF for one with a byte-order mark.
            Self::Text(encoding) => {
                let certain = encoding.charset == encoding::Charset::Utf8 && !source.starts_with('\u{feff}');
                certain || encoding::decode(bytes).is_ok_and(|(_, read)| read == source)
            }
            // The charset of a part is not guessed.
            Self::Package(_) => true,
        }
    }

    /// How characters are written at an offset of the source.
    pub(super) fn writing(&self, format: Format, at: usize) -> Writing {
        match (self, format) {
            (Self::Mail(mail), _) => mail.writing(at),
            (Self::Package(_), _) => Writing::Xml,
            (Self::Text(_), Format::Markdown) => Writing::Markdown,
            (Self::Text(encoding), Format::Html) => Writing::Html(Some(encoding.charset)),
            (Self::Text(_), _) => Writing::Plain,
        }
    }

    /// How many parts the source has.
    pub(super) fn parts(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Package(package) => package.source().matches(PART_END).count() + 1,
            Self::Mail(mail) => mail.parts(),
        }
    }

    /// What the file calls itself outside its text.
    pub(super) fn subject(&self) -> Option<&str> {
        match self {
            Self::Text(_) | Self::Package(_) => None,
            Self::Mail(mail) => mail.subject(),
        }
    }

    /// What no copy of the file keeps.
    pub(super) fn warnings(&self) -> &[Warning] {
        match self {
            Self::Text(_) | Self::Package(_) => &[],
            Self::Mail(mail) => mail.warnings(),
        }
    }

    /// The encoding of the file's text.
    pub(super) fn encoding(&self) -> &Encoding {
        match self {
            Self::Text(encoding) => encoding,
            Self::Package(package) => package.encoding(),
            Self::Mail(mail) => mail.encoding(),
        }
    }
}
