//! Which format a package is, what keeps it from being an item, and where its text is.

use std::collections::{BTreeMap, BTreeSet};

use super::styles::Styles;
use super::xml::{Scanner, Token};
use super::zip::Archive;
use super::{Role, is_archive, part, rels};
use crate::item::{Format, Kind, ReadError};

/// The member with the media type of an `OpenDocument` file, and the one that lists its members.
const MIMETYPE: &str = "mimetype";
const MANIFEST: &str = "META-INF/manifest.xml";
const CONTENT: &str = "content.xml";
const ODF: &str = "application/vnd.oasis.opendocument.";

/// The format of a package, by its content; none for anything else.
pub(in crate::item) fn format_of(bytes: &[u8]) -> Option<Format> {
    if !is_archive(bytes) {
        return None;
    }
    format_in(&Archive::open(bytes).ok()?).ok()?
}

/// What an archive is that is not read, with its article.
pub(in crate::item) fn foreign(bytes: &[u8]) -> Result<&'static str, ReadError> {
    Archive::open(bytes).map(|archive| foreign_in(&archive))
}

pub(super) fn format_in(archive: &Archive) -> Result<Option<Format>, ReadError> {
    if let Some(kind) = odf_type(archive)? {
        return Ok(match kind.strip_prefix(ODF) {
            Some("text" | "text-template" | "text-web") => Some(Format::Odt),
            Some("presentation" | "presentation-template") => Some(Format::Odp),
            _ => None,
        });
    }
    let kind = main_type(archive)?;
    let is_main = kind.ends_with(".main+xml");
    Ok(if is_main && (kind.contains("wordprocessingml.") || kind.contains("ms-word.")) {
        Some(Format::Docx)
    } else if is_main
        && !kind.contains(".addin.")
        && (kind.contains("presentationml.") || kind.contains("ms-powerpoint."))
    {
        Some(Format::Pptx)
    } else {
        None
    })
}

pub(super) fn foreign_in(archive: &Archive) -> &'static str {
    if let Ok(Some(kind)) = odf_type(archive) {
        let kind = kind.strip_prefix(ODF).unwrap_or(&kind);
        return match kind {
            "application/epub+zip" => "an e-book (EPUB)",
            kind if kind.starts_with("spreadsheet") => "an OpenDocument spreadsheet (ODS)",
            kind if kind.starts_with("graphics") => "an OpenDocument drawing (ODG)",
            kind if kind.starts_with("application/vnd.sun.xml.") => "a document of OpenOffice.org 1",
            _ => "an OpenDocument file of another kind than text and presentation",
        };
    }
    let kind = main_type(archive).unwrap_or_default();
    if kind.contains("spreadsheetml.") || kind.contains("ms-excel.") {
        "an Excel workbook (XLSX)"
    } else if kind.contains("visio") {
        "a Visio drawing"
    } else if kind.contains("xps") || kind.contains("oxps") {
        "an XPS document"
    } else if archive.find(rels::TYPES).is_some() {
        "an Office package without a text document or presentation"
    } else {
        "a zip archive that is no DOCX, PPTX, ODT or ODP document"
    }
}

/// The media type of an `OpenDocument` file, or of another format that names it in the same way.
fn odf_type(archive: &Archive) -> Result<Option<String>, ReadError> {
    if let Some(kind) = part(archive, MIMETYPE)? {
        return Ok(Some(kind.trim().to_owned()));
    }
    let Some(manifest) = part(archive, MANIFEST)? else { return Ok(None) };
    let mut scanner = Scanner::new(MANIFEST, &manifest, 0..manifest.len());
    while let Some(token) = scanner.next()? {
        if let Token::Open(tag) = token
            && tag.name() == ("manifest", "file-entry")
            && scanner.attr(&tag, "manifest", "full-path").as_deref() == Some("/")
        {
            return Ok(scanner.attr(&tag, "manifest", "media-type").filter(|kind| kind.starts_with(ODF)));
        }
    }
    Ok(None)
}

/// The content type of the main part of an Office package; nothing where there is none.
fn main_type(archive: &Archive) -> Result<String, ReadError> {
    let types = rels::Types::read(archive)?;
    let main = main_part(archive)?;
    Ok(main.and_then(|name| types.of(&name).map(str::to_ascii_lowercase)).unwrap_or_default())
}

/// The name of the main part of an Office package.
fn main_part(archive: &Archive) -> Result<Option<String>, ReadError> {
    let all = rels::relationships(archive, "")?;
    Ok(all.into_iter().find(|one| one.kind == "officeDocument" && !one.external).map(|one| one.target))
}

/// Refuses compound files (MS-CFB): binary Office documents, and packages that a password or rights management locks.
pub(in crate::item) fn refuse_compound(bytes: &[u8]) -> Result<(), ReadError> {
    if Kind::of(bytes) != Kind::Compound {
        return Ok(());
    }
    let utf16 = |name: &str| name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let holds = |name: &str| {
        let name = utf16(name);
        bytes.windows(name.len()).any(|window| window == name)
    };
    if holds("EncryptedPackage") || holds("DRMEncryptedDataSpace") {
        Err(ReadError::Encrypted { kind: "the Office document" })
    } else {
        Err(ReadError::Legacy { kind: "the document (Office before 2007, or another compound file)" })
    }
}

/// Refuses `OpenDocument` files with encrypted members (ODF 1.3 part 2, 4.8).
pub(super) fn refuse_encrypted(archive: &Archive) -> Result<(), ReadError> {
    let Some(manifest) = part(archive, MANIFEST)? else { return Ok(()) };
    let mut scanner = Scanner::new(MANIFEST, &manifest, 0..manifest.len());
    while let Some(token) = scanner.next()? {
        if let Token::Open(tag) = token
            && tag.name() == ("manifest", "encryption-data")
        {
            return Err(ReadError::Encrypted { kind: "the OpenDocument file" });
        }
    }
    Ok(())
}

/// Refuses packages with a signature over their parts; one over macros alone says nothing of the text.
pub(super) fn refuse_signed(format: Format, archive: &Archive) -> Result<(), ReadError> {
    let signed = archive.members().iter().any(|member| {
        let name = member.name.to_ascii_lowercase();
        let is_xml = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "xml");
        (name.starts_with("_xmlsignatures/") && is_xml)
            || matches!(name.as_str(), "meta-inf/documentsignatures.xml" | "meta-inf/packagesignatures.xml")
    });
    let kind = match format {
        Format::Pptx | Format::Odp => "the presentation",
        _ => "the document",
    };
    if signed { Err(ReadError::Signed { kind }) } else { Ok(()) }
}

/// The parts of a Word document in the order of reading: body, notes, page headers and footers, comments.
pub(super) fn document(archive: &Archive, styles: &mut Styles) -> Result<Vec<(String, Role)>, ReadError> {
    let Some(main) = main_part(archive)? else { return Ok(Vec::new()) };
    let all = rels::relationships(archive, &main)?;
    let mut parts = vec![(main, Role::Body)];
    for (kinds, role) in [
        (&["footnotes", "endnotes"][..], Role::Body),
        (&["header", "footer"], Role::Margin),
        (&["comments"], Role::Comments),
        (&["commentsExtended"], Role::CommentThreads),
        (&["commentsIds"], Role::CommentIds),
        (&["commentsExtensible"], Role::CommentTimes),
    ] {
        for one in all.iter().filter(|one| !one.external && kinds.contains(&one.kind.as_str())) {
            parts.push((one.target.clone(), role));
        }
    }
    for one in all.iter().filter(|one| one.kind == "styles" && !one.external) {
        if let Some(text) = part(archive, &one.target)? {
            styles.read_word(&one.target, &text)?;
        }
    }
    Ok(parts)
}

/// The slides of a presentation in their order, each followed by what its speaker says.
pub(super) fn slides(archive: &Archive) -> Result<Vec<(String, Role)>, ReadError> {
    let Some(main) = main_part(archive)? else { return Ok(Vec::new()) };
    let Some(text) = part(archive, &main)? else { return Ok(Vec::new()) };
    let all: BTreeMap<String, String> = rels::relationships(archive, &main)?
        .into_iter()
        .filter(|one| !one.external)
        .map(|one| (one.id, one.target))
        .collect();
    let mut scanner = Scanner::new(&main, &text, 0..text.len());
    let mut parts = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.name() != ("p", "sldId") {
            continue;
        }
        let id = scanner.attr(&tag, "r", "id").unwrap_or_default();
        let Some(slide) = all.get(&id).filter(|slide| seen.insert(slide.to_ascii_lowercase())) else {
            continue;
        };
        parts.push((slide.clone(), Role::Body));
        let notes = rels::relationships(archive, slide)?;
        if let Some(notes) = notes.into_iter().find(|one| one.kind == "notesSlide" && !one.external) {
            parts.push((notes.target, Role::Body));
        }
    }
    // A deck without slides still has its main part, which holds no text.
    if parts.is_empty() {
        parts.push((main, Role::Body));
    }
    Ok(parts)
}

/// The parts of an `OpenDocument` file: its content, then the styles with the headers and footers of pages.
pub(super) fn content(archive: &Archive) -> Vec<(String, Role)> {
    if archive.find(CONTENT).is_none() {
        return Vec::new();
    }
    vec![(CONTENT.into(), Role::Body), ("styles.xml".into(), Role::Margin)]
}
