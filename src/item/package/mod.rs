//! Packages: zip archives with the text in XML parts (DOCX and PPTX, ECMA-376; ODT and ODP, ISO 26300).
//!
//! Parts are found as the formats say, through content types and relationships, and never by usual names. The parts
//! with text stand in the source; all other members of the archive are carried along as they are.

mod comments;
mod docx;
mod draft;
mod find;
mod odf;
mod pptx;
mod rels;
mod space;
mod styles;
mod xml;
mod zip;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::carrier::PART_END;
use super::encoding::{Charset, Encoding};
use super::{Format, Kind, Parsed, ReadError, SOURCE_BYTES_MAX};
use comments::Comments;
use draft::Draft;
pub(super) use find::{foreign, format_of, refuse_compound};
use styles::Styles;
pub(super) use xml::escape;
use zip::Archive;

/// A package around its source.
#[derive(Debug)]
pub(super) struct Package {
    format: Format,
    archive: Archive,
    parts: Vec<Part>,
    /// As it was opened.
    source: String,
    styles: Styles,
    encoding: Encoding,
}

/// A part that stands in the source.
#[derive(Debug)]
struct Part {
    /// Its place among the archive's members.
    member: usize,
    name: String,
    role: Role,
    encoding: Encoding,
    /// The addresses that it links to, by relationship.
    links: BTreeMap<String, String>,
}

/// What a part holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// The text, or a slide; notes at the foot or at the end; what a speaker says.
    Body,
    /// Headers and footers of pages.
    Margin,
    /// Comments, how they answer each other, their lasting names, and when they were made.
    Comments,
    CommentThreads,
    CommentIds,
    CommentTimes,
}

/// How strictly a package is opened.
#[derive(Clone, Copy)]
pub(super) enum Opening<'p> {
    /// As an item: every member must be whole, and none may be signed.
    Item,
    /// As a copy of an item: members that are the item's own, byte for byte, are known to be whole.
    Copy(&'p Package),
    /// As a leak: what is readable is read.
    Leak,
}

impl Package {
    /// Opens a package of this format.
    pub(super) fn open(format: Format, bytes: &[u8], opening: Opening<'_>) -> Result<Self, ReadError> {
        refuse_compound(bytes)?;
        let archive = Archive::open(bytes)?;
        if find::format_in(&archive)? != Some(format) {
            return Err(ReadError::Foreign { kind: find::foreign_in(&archive) });
        }
        find::refuse_encrypted(&archive)?;
        if !matches!(opening, Opening::Leak) {
            find::refuse_signed(format, &archive)?;
            for index in 0..archive.members().len() {
                let known = matches!(opening, Opening::Copy(item) if archive.same(index, &item.archive));
                if !known {
                    archive.check_sum(index)?;
                }
            }
        }
        let mut styles = Styles::default();
        let found = match format {
            Format::Pptx => find::slides(&archive)?,
            Format::Odt | Format::Odp => find::content(&archive),
            _ => find::document(&archive, &mut styles)?,
        };
        let mut package = Self {
            format,
            archive,
            parts: Vec::new(),
            source: String::new(),
            styles,
            encoding: Encoding { charset: Charset::Utf8, bom: false },
        };
        let mut taken = BTreeSet::new();
        for (name, role) in found {
            let Some(member) = package.archive.find(&name).filter(|&member| taken.insert(member)) else {
                continue;
            };
            package.add(member, role)?;
        }
        if package.parts.is_empty() {
            let part = "the archive".to_owned();
            return Err(ReadError::Damaged { part, problem: "the part with its text is missing".into() });
        }
        Ok(package)
    }

    fn add(&mut self, member: usize, role: Role) -> Result<(), ReadError> {
        let name = self.archive.members()[member].name.clone();
        let (encoding, text) = decode(&name, &self.archive.unpack(member)?)?;
        let found = self.source.len() + text.len();
        if found > SOURCE_BYTES_MAX {
            let (found, max) = (found as u64, SOURCE_BYTES_MAX as u64);
            return Err(ReadError::Limit { what: "bytes of text with its markup", found, max });
        }
        if !self.parts.is_empty() {
            self.source.push(PART_END);
        }
        self.source.push_str(&text);
        let links = rels::relationships(&self.archive, &name)?
            .into_iter()
            .filter(|link| link.external)
            .map(|link| (link.id, link.target))
            .collect();
        self.parts.push(Part { member, name, role, encoding, links });
        Ok(())
    }

    /// The text of all parts.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// What a source of this package says; also of one that was edited.
    pub(super) fn parse(&self, source: &str) -> Result<Parsed, ReadError> {
        let ranges = self.ranges(source)?;
        let mut draft = Draft::new(source);
        match self.format {
            Format::Pptx => {
                for (part, range) in self.parts.iter().zip(ranges) {
                    pptx::read(part, source, range, &mut draft)?;
                }
            }
            Format::Odt | Format::Odp => {
                let mut styles = Styles::default();
                for (part, range) in self.parts.iter().zip(&ranges) {
                    odf::read_styles(&mut styles, &part.name, source, range.clone())?;
                }
                for (part, range) in self.parts.iter().zip(ranges) {
                    odf::read(part, source, range, &styles, &mut draft)?;
                }
            }
            _ => {
                let comments = Comments::read(self, source, &ranges)?;
                for (part, range) in self.parts.iter().zip(ranges) {
                    if matches!(part.role, Role::Body | Role::Margin) {
                        docx::read(self, part, source, range, &comments, &mut draft)?;
                    }
                }
            }
        }
        Ok(draft.finish())
    }

    /// Where each part lies in a source.
    fn ranges(&self, source: &str) -> Result<Vec<Range<usize>>, ReadError> {
        let mut start = 0;
        let ranges: Vec<_> = source
            .split(PART_END)
            .map(|text| {
                let range = start..start + text.len();
                start = range.end + PART_END.len_utf8();
                range
            })
            .collect();
        if ranges.len() == self.parts.len() {
            return Ok(ranges);
        }
        Err(ReadError::Damaged { part: self.parts[0].name.clone(), problem: "a part is missing".into() })
    }

    /// The package with this source; the very bytes that were opened where nothing differs.
    pub(super) fn write(&self, source: &str) -> Option<Vec<u8>> {
        let ranges = self.ranges(source).ok()?;
        let mut changed = BTreeMap::new();
        for ((part, range), old) in self.parts.iter().zip(ranges).zip(self.source.split(PART_END)) {
            let text = &source[range];
            if text != old {
                changed.insert(part.member, part.encoding.encode(text)?);
            }
        }
        Some(self.archive.with(&changed))
    }

    /// Completes patches of the source, so that white space at the ends of an element stays where it now matters.
    pub(super) fn settle(&self, source: &str, patches: &mut Vec<(Range<usize>, Cow<'_, str>)>) {
        if self.format == Format::Docx {
            space::settle(source, patches);
        }
    }

    /// Whether `text` may stand in the package.
    pub(super) fn encodes(text: &str) -> bool {
        text.chars().all(|c| xml::is_xml(c) && c != '\t')
    }

    /// Always UTF-8 as far as edits are concerned: UTF-16 holds the same characters.
    pub(super) fn encoding(&self) -> &Encoding {
        &self.encoding
    }
}

/// Whether a comment or a tag is a note to this program: variants for the words that it is attached to, or an order to
/// leave them alone.
fn is_note(text: &str) -> bool {
    let text = text.trim_start();
    let starts = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let whole = text.trim_end().trim_end_matches(['!', '.']);
    starts("variants:") || whole.eq_ignore_ascii_case("protect") || {
        whole.eq_ignore_ascii_case("variants") && text.contains('!')
    }
}

/// The text of a member, if there is one of that name.
fn part(archive: &Archive, name: &str) -> Result<Option<String>, ReadError> {
    let Some(index) = archive.find(name) else { return Ok(None) };
    Ok(Some(decode(name, &archive.unpack(index)?)?.1))
}

/// The characters of an XML part: UTF-8, or UTF-16 with a byte-order mark (ECMA-376 part 2, 8.1.4).
fn decode(name: &str, bytes: &[u8]) -> Result<(Encoding, String), ReadError> {
    let fail = |problem: &str| ReadError::Damaged { part: name.to_owned(), problem: problem.to_owned() };
    if bytes.len() > SOURCE_BYTES_MAX {
        let (found, max) = (bytes.len() as u64, SOURCE_BYTES_MAX as u64);
        return Err(ReadError::Limit { what: "bytes of XML in one part", found, max });
    }
    let (encoding, text) =
        Encoding::of_xml(bytes).ok_or_else(|| fail("its characters are neither UTF-8 nor UTF-16"))?;
    if text.contains(PART_END) {
        return Err(fail("it holds a character that XML does not allow"));
    }
    Ok((encoding, text))
}

/// What a reader of the package would see, for tracing: a signed or partly damaged one is read as well.
pub(super) fn visible_text(format: Format, bytes: &[u8]) -> Result<String, ReadError> {
    let package = Package::open(format, bytes, Opening::Leak)?;
    let parsed = package.parse(package.source())?;
    Ok(parsed.text)
}

/// Whether the bytes are an archive, by its first ones.
fn is_archive(bytes: &[u8]) -> bool {
    Kind::of(bytes) == Kind::Zip
}

#[cfg(test)]
mod tests;
