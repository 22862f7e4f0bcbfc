//! Files in and out as leaf spans; knows nothing of marks.
//!
//! A reader turns a file into one canonical text, cut into blocks (paragraphs, headings, code, …) and tiled by
//! *leaves*. A leaf says which bytes of the source its characters came from and whether they may be replaced.
//! Writing a copy replaces leaf ranges and copies every other byte of the source unchanged.

mod build;
mod carrier;
mod edit;
mod encoding;
mod html;
mod kind;
mod mail;
mod markdown;
mod package;
mod skipped;
mod text;
mod warning;

use std::ops::Range;

use carrier::Carrier;
pub(crate) use encoding::refuse_foreign;
pub use encoding::{Charset, Encoding};
pub use kind::Kind;
pub use skipped::Skipped;
pub use warning::Warning;

/// The largest item or fragment that is read, in bytes.
///
/// A limit against hostile input; a million words of prose are about 6 MiB.
pub const SOURCE_BYTES_MAX: usize = 64 << 20;

/// The format of an item or of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text; paragraphs are separated by blank lines or, where lines are long, by line ends.
    Text,
    /// Markdown (`CommonMark` with tables, footnotes and front matter).
    Markdown,
    /// A web page.
    Html,
    /// A mail (RFC 5322) with its bodies and attachments.
    Eml,
    /// A document of Word (Office Open XML, ECMA-376).
    Docx,
    /// A presentation of `PowerPoint` (Office Open XML), with its speaker notes.
    Pptx,
    /// A text document of the `OpenDocument` format (ISO 26300).
    Odt,
    /// A presentation of the `OpenDocument` format, with its speaker notes.
    Odp,
}

/// A file as a sequence of editable and fixed text.
///
/// Invariants: `text` is the concatenation of the blocks with `"\n\n"` between them; the leaves of a block tile its
/// range exactly, in order; a leaf never crosses a block.
#[derive(Clone, Debug)]
pub struct Document {
    format: Format,
    carrier: Carrier,
    /// The decoded parts of the file, without byte-order marks.
    source: String,
    text: String,
    blocks: Vec<Block>,
    leaves: Vec<Leaf>,
    /// Leaves of what the file stores a second time: they tile some of the blocks once more, and every edit there is
    /// made twice.
    twins: Vec<Leaf>,
    skipped: Vec<(Skipped, usize)>,
    notes: Vec<Note>,
}

/// What a reader makes of a source.
#[derive(Clone, Debug, Default)]
struct Parsed {
    text: String,
    blocks: Vec<Block>,
    leaves: Vec<Leaf>,
    twins: Vec<Leaf>,
    skipped: Vec<(Skipped, usize)>,
    notes: Vec<Note>,
}

/// What an author attached to a passage, outside the text: a comment, or a named content control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The passage, in the canonical text.
    pub(crate) range: Range<usize>,
    /// What the note says; nothing where it only has to be taken out with another.
    pub(crate) text: String,
    /// What takes the note out of the source, the passage itself left in.
    pub(crate) cuts: Vec<Range<usize>>,
}

/// One paragraph, heading, list item, table cell, code block, …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the block is, which decides whether channels may touch it.
    pub kind: BlockKind,
    /// Its bytes in [`Document::text`].
    pub range: Range<usize>,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running prose.
    Paragraph,
    /// A list item's prose.
    ListItem,
    /// A heading or title.
    Heading,
    /// A block quotation: somebody else's words.
    Quote,
    /// A table's cell, or a page's header or footer: labels and figures.
    Table,
    /// Code, preformatted text, raw HTML, front matter.
    Code,
}

/// A run of characters of the canonical text and the source bytes it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What may be done with it.
    pub kind: LeafKind,
    /// Its bytes in the canonical text.
    pub text: Range<usize>,
    /// Its bytes in the decoded source.
    pub source: Range<usize>,
}

/// What may be done with a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// Text equal to its source bytes; any part of it may be replaced.
    Text,
    /// Text that is written differently in the source (an entity, an escape); replaced whole or not at all.
    Atom,
    /// A line end inside a paragraph, one space in the text; it stays where an edit spans it.
    Break,
    /// Text that is seen but never edited (code, URL, raw markup).
    Fixed,
}

/// Replace `range` of the canonical text by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the canonical text.
    pub range: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// Why a file cannot be read as an item or fragment.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Larger than [`SOURCE_BYTES_MAX`].
    #[error("the file has {bytes} bytes, more than the {max} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        max: usize,
    },
    /// Control characters or NUL bytes: not text.
    #[error("the file is not text (byte {value:#04x} at offset {offset})")]
    Binary {
        /// Offset of the first such byte.
        offset: usize,
        /// The byte.
        value: u8,
    },
    /// A document of another kind, by its first bytes; some of them are ASCII throughout and would pass for text.
    #[error("the file is {kind}, which is not read as text")]
    Foreign {
        /// The kind, with its article.
        kind: &'static str,
    },
    /// Locked: by a password, by rights management or by a recipient's key.
    #[error("{kind} is encrypted")]
    Encrypted {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// Written by a program of the last century, in a binary format that is not read.
    #[error("{kind} is in an old binary format")]
    Legacy {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// Signed digitally: an edit would break the signature.
    #[error("{kind} carries a digital signature, which every copy would break")]
    Signed {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// Over a limit that keeps hostile files from using up the machine.
    #[error("{what}: {found}, more than the {max} that are read")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much there is, as far as it was counted.
        found: u64,
        /// The limit.
        max: u64,
    },
    /// A document type definition, which can make a small file expand without end.
    #[error("{part} has a document type definition, which is not read")]
    Doctype {
        /// The part of the file, as the file names it.
        part: String,
    },
    /// Not whole, or not what it says it is.
    #[error("{part} is damaged: {problem}")]
    Damaged {
        /// The part of the file, as the file names it.
        part: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The bytes do not survive decoding and encoding again.
    #[error("the file is not valid {charset}: it would not be written back unchanged")]
    NotReversible {
        /// The charset that was detected or declared.
        charset: String,
    },
}

/// Why an edit cannot be written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// Two edits overlap, or an edit lies outside the text or off a character boundary.
    #[error("edit {start}..{end} is out of order or out of range")]
    Range {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
    /// The range holds text that may not be edited.
    #[error("edit {start}..{end} touches text that may not be changed")]
    Fixed {
        /// First byte.
        start: usize,
        /// One past the last byte.
        end: usize,
    },
    /// The file's encoding has no such character.
    #[error("{text:?} cannot be written in {charset}")]
    Unencodable {
        /// What was to be written.
        text: String,
        /// The file's charset.
        charset: String,
    },
    /// The file would be taken for another charset: it is short and has no byte-order mark.
    #[error("the edited file would no longer be recognised as {charset}; save it as UTF-8")]
    Charset {
        /// The file's charset.
        charset: String,
    },
    /// The file would read back differently: a line would start a list, emphasis would end up empty, ….
    #[error("the edits between {start} and {end} would change the document's structure")]
    Structure {
        /// First byte of the first edit.
        start: usize,
        /// One past the last byte of the last edit.
        end: usize,
    },
}

impl Format {
    /// The format of a file: by the extension of its name, and without a known one by what it begins with.
    ///
    /// Documents in archives are known by their content alone.
    pub fn detect(bytes: &[u8], file_name: Option<&str>) -> Self {
        if let Some(format) = package::format_of(bytes) {
            return format;
        }
        let extension = file_name
            .and_then(|name| name.rsplit(['/', '\\']).next())
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("md" | "markdown" | "mdown" | "mkd") => Self::Markdown,
            Some("html" | "htm" | "xhtml" | "xht") => Self::Html,
            Some("eml") => Self::Eml,
            Some("txt" | "text") => Self::Text,
            _ if Kind::of(bytes) == Kind::Html => Self::Html,
            _ if Kind::of(bytes) == Kind::Mail => Self::Eml,
            None if bytes.starts_with(b"# ") || bytes.starts_with(b"---\n") => Self::Markdown,
            _ => Self::Text,
        }
    }

    /// The name used in records and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Docx => "docx",
            Self::Pptx => "pptx",
            Self::Odt => "odt",
            Self::Odp => "odp",
            Self::Html => "html",
            Self::Eml => "eml",
        }
    }

    /// The usual extension of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Docx | Self::Pptx | Self::Odt | Self::Odp => self.name(),
            Self::Html => "html",
            Self::Eml => "eml",
        }
    }

    /// The extension for the copies of an item, without the dot: its own where that says more than the format does (a
    /// document with macros, a template), and the usual one otherwise.
    pub fn extension_like(self, file_name: &str) -> &'static str {
        let others: &[&'static str] = match self {
            Self::Text | Self::Markdown | Self::Eml => &[],
            Self::Html => &["htm", "xhtml", "xht"],
            Self::Docx => &["docm", "dotx", "dotm"],
            Self::Pptx => &["pptm", "potx", "potm", "ppsx", "ppsm"],
            Self::Odt => &["ott", "oth"],
            Self::Odp => &["otp"],
        };
        let own = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
        others.iter().find(|other| other.eq_ignore_ascii_case(own)).copied().unwrap_or(self.extension())
    }

    /// Whether the file is an archive of XML parts.
    pub(crate) fn is_package(self) -> bool {
        matches!(self, Self::Docx | Self::Pptx | Self::Odt | Self::Odp)
    }

    /// Whether the file is shown in pages, which longer text makes more of.
    pub fn is_paged(self) -> bool {
        self.is_package()
    }
}

/// The format of a file in an archive, by its content; none for files of other kinds.
pub fn package_format(bytes: &[u8]) -> Option<Format> {
    package::format_of(bytes)
}

/// What a file shows to its reader, as far as it can be read: for tracing, where nothing is written back.
///
/// Characters that are none of the charset are replaced, limits cut and do not refuse, signed mails are read. Of a
/// mail it is the subject, the body in its best writing, and attachments and enclosed messages that are text. Errors:
/// [`ReadError::TooLarge`], [`ReadError::Foreign`], and [`ReadError::Damaged`] for what is not of the format at all.
pub fn visible_text(format: Format, bytes: &[u8]) -> Result<String, ReadError> {
    if bytes.len() > SOURCE_BYTES_MAX {
        return Err(ReadError::TooLarge { bytes: bytes.len(), max: SOURCE_BYTES_MAX });
    }
    match format {
        Format::Docx | Format::Pptx | Format::Odt | Format::Odp => {
            return package::visible_text(format, bytes);
        }
        _ => refuse_foreign(bytes)?,
    }
    match format {
        Format::Html => Ok(html::parse(&encoding::lossy(bytes, html::declared(bytes)), false)?.text),
        Format::Eml => mail::visible_text(bytes),
        _ => Ok(encoding::lossy(bytes, None)),
    }
}

/// The most characters of [`Document::title`].
const TITLE_CHARS: usize = 120;

impl Document {
    /// Reads a file.
    pub fn read(format: Format, bytes: &[u8]) -> Result<Self, ReadError> {
        let (carrier, source) = Carrier::open(format, bytes)?;
        Self::new(format, carrier, source)
    }

    /// Reads a file that [`Self::edit`] wrote: like [`Self::read`], but what it shares with this one, byte for byte, is
    /// not checked again.
    pub fn reread(&self, bytes: &[u8]) -> Result<Self, ReadError> {
        let (carrier, source) = self.carrier.open_copy(self.format, bytes)?;
        Self::new(self.format, carrier, source)
    }

    fn new(format: Format, carrier: Carrier, source: String) -> Result<Self, ReadError> {
        let Parsed { text, blocks, leaves, twins, skipped, notes } = carrier.parse(format, &source)?;
        Ok(Self { format, carrier, source, text, blocks, leaves, twins, skipped, notes })
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        // Reading checked that the source can be written.
        self.carrier.write(&self.source).unwrap_or_default()
    }

    /// The file with `edits` made; without edits its very bytes.
    ///
    /// Edits come in any order and do not overlap. Only the source of edited leaves changes, line ends stay where an
    /// edit spans them, and the written file reads back to exactly the edited text, or nothing is written.
    pub fn edit(&self, edits: &[Edit]) -> Result<Vec<u8>, EditError> {
        edit::write(self, edits)
    }

    /// Whether `range` of the canonical text lies in one block and holds nothing fixed.
    pub fn editable(&self, range: &Range<usize>) -> bool {
        edit::is_editable(self, range)
    }

    /// Whether `text` can be written in the file's charset and inside a line.
    pub fn encodes(&self, text: &str) -> bool {
        !text.contains(|c: char| c.is_control() && c != '\t') && self.carrier.encodes(self.format, text)
    }

    /// A mail's subject, or the first heading or else the first line of prose; at most 120 characters of it.
    pub fn title(&self) -> Option<&str> {
        if let Some(subject) = self.carrier.subject() {
            let end = subject.char_indices().nth(TITLE_CHARS).map_or(subject.len(), |(at, _)| at);
            return Some(subject[..end].trim_end());
        }
        let of_kind = |wanted: fn(BlockKind) -> bool| self.blocks.iter().find(|block| wanted(block.kind));
        let block = of_kind(|kind| kind == BlockKind::Heading)
            .or_else(|| of_kind(|kind| !matches!(kind, BlockKind::Code | BlockKind::Table)))?;
        let line = self.text[block.range.clone()].trim();
        let end = line.char_indices().nth(TITLE_CHARS).map_or(line.len(), |(at, _)| at);
        Some(line[..end].trim_end()).filter(|title| !title.is_empty())
    }

    /// The line and the column, in characters, of the source that the character at `offset` of the canonical text
    /// comes from, both from 1; in paged formats, which have no lines, the paragraph and the column in it.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        if self.format.is_paged() {
            let block = self.blocks.partition_point(|block| block.range.end <= offset);
            let start = self.blocks.get(block).map_or(offset, |block| block.range.start.min(offset));
            return (block + 1, self.text[start..offset].chars().count() + 1);
        }
        let next = self.leaves.partition_point(|leaf| leaf.text.end <= offset);
        let at = self.leaves.get(next).map_or(self.source.len(), |leaf| match leaf.kind {
            LeafKind::Text => leaf.source.start + offset.saturating_sub(leaf.text.start),
            _ => leaf.source.start,
        });
        let before = self.source.get(..at).unwrap_or_default();
        let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let line_ends = before.matches(['\n', '\r']).count() - before.matches("\r\n").count();
        (line_ends + 1, before[line_start..].chars().count() + 1)
    }

    /// The block that holds the character at `offset` of the canonical text; none between blocks.
    pub fn block_at(&self, offset: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|block| block.range.end <= offset);
        self.blocks.get(next).filter(|block| block.range.start <= offset)
    }

    /// The source bytes from the first to the last character of a range of the canonical text, markup between them
    /// included; none where the range is empty or cuts through something that is written differently.
    pub(crate) fn source_range(&self, range: &Range<usize>) -> Option<Range<usize>> {
        edit::source_range(self, range)
    }

    /// The source bytes of the characters of a range: one range with the markup between them where that may be cut away
    /// with them, or else a range for each piece, of everything that is stored twice both; none as for
    /// [`Self::source_range`].
    pub(crate) fn source_pieces(&self, range: &Range<usize>) -> Option<Vec<Range<usize>>> {
        edit::source_pieces(self, range)
    }

    /// What authors attached to passages, in the order of the parts.
    pub(crate) fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What is not edited, and how often it is there; what is not there is not listed.
    pub fn skipped(&self) -> &[(Skipped, usize)] {
        &self.skipped
    }

    /// The offset in the canonical text of the character written at `source`.
    pub(crate) fn text_offset(&self, source: usize) -> Option<usize> {
        let next = self.leaves.partition_point(|leaf| leaf.source.end <= source);
        let leaf = self.leaves.get(next).filter(|leaf| leaf.source.start <= source)?;
        match leaf.kind {
            _ if leaf.source.len() == leaf.text.len() => Some(leaf.text.start + source - leaf.source.start),
            _ => (leaf.source.start == source).then_some(leaf.text.start),
        }
    }

    /// The file without some ranges of its source, in order and disjoint, whatever that does to its structure.
    pub(crate) fn without(&self, source: &[Range<usize>]) -> Option<Vec<u8>> {
        edit::without(self, source)
    }

    /// The canonical text: what a reader sees, blocks separated by one empty line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The blocks in document order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The leaves in document order.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// What no copy of the file keeps.
    pub fn warnings(&self) -> &[Warning] {
        self.carrier.warnings()
    }

    /// The format the file was read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The encoding the file is written in.
    pub fn encoding(&self) -> &Encoding {
        self.carrier.encoding()
    }
}

#[cfg(test)]
mod tests;
