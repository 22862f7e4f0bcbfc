//! Which parts of a mail hold its text, and which forbid an edit.

use std::ops::Range;

use mail_parser::{
    ContentType, Header, HeaderName, HeaderValue, Message, MessagePart, MimeHeaders, PartType,
};

use super::super::{Charset, Format, ReadError, Skipped, package};
use super::transfer::Transfer;

/// The most parts of a mail, and the deepest nesting of them.
const PARTS_MAX: usize = 1000;
const DEPTH_MAX: usize = 32;
/// The most boundaries that the lines of a body are compared with.
const BOUNDARIES_MAX: usize = 200;

/// A part whose text may be marked.
#[derive(Debug)]
pub(super) struct Text {
    /// Its body in the mail.
    pub(super) range: Range<usize>,
    pub(super) format: Format,
    /// How its bytes are written; none for what is not known.
    pub(super) transfer: Option<Transfer>,
    /// The label of its charset, if it has one.
    pub(super) charset: Option<String>,
    pub(super) role: Role,
}

/// What a text is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It stands for itself.
    Alone,
    /// The writing that is read, of the alternative with this number.
    First(usize),
    /// The other writing of the same.
    Second(usize),
    /// A writing among more than two: none of them is marked.
    OneOfMany,
}

/// A walk over the parts.
pub(super) struct Walk<'m> {
    message: &'m Message<'m>,
    /// Signatures and encryption are no obstacle to reading.
    lenient: bool,
    pub(super) texts: Vec<Text>,
    /// The numbers of parts that hold messages of their own.
    pub(super) messages: Vec<usize>,
    /// How many parts are copied unread.
    pub(super) others: usize,
    alternatives: usize,
}

impl<'m> Walk<'m> {
    /// Walks over the parts of a mail. Errors, unless `lenient`: signed or encrypted parts, too many parts.
    pub(super) fn over(message: &'m Message<'m>, lenient: bool) -> Result<Self, ReadError> {
        if !lenient && message.parts.len() > PARTS_MAX {
            let found = message.parts.len() as u64;
            return Err(ReadError::Limit { what: "parts of the mail", found, max: PARTS_MAX as u64 });
        }
        let mut walk =
            Self { message, lenient, texts: Vec::new(), messages: Vec::new(), others: 0, alternatives: 0 };
        walk.part(0, Role::Alone, true, 0)?;
        Ok(walk)
    }

    /// What is skipped for being no text.
    pub(super) fn skipped(&self) -> Option<(Skipped, usize)> {
        let count = self.others + self.messages.len();
        (count > 0).then_some((Skipped::Attachment, count))
    }

    fn part(&mut self, number: usize, role: Role, body: bool, depth: usize) -> Result<(), ReadError> {
        let Some(part) = self.message.parts.get(number) else { return Ok(()) };
        if depth > DEPTH_MAX {
            let found = depth as u64;
            let what = "parts inside one another";
            return if self.lenient {
                Ok(())
            } else {
                Err(ReadError::Limit { what, found, max: DEPTH_MAX as u64 })
            };
        }
        let kind = Kind::of(part);
        if !self.lenient {
            kind.check(part)?;
        }
        match &part.body {
            PartType::Multipart(children) if kind.is("multipart", "alternative") => {
                let children: Vec<usize> = children.iter().map(|&child| child as usize).collect();
                self.alternative(&children, role, depth)?;
            }
            PartType::Multipart(children) => {
                for (index, &child) in children.iter().enumerate() {
                    // What belongs to a page is no body of its own.
                    let body = body && (index == 0 || !kind.is("multipart", "related"));
                    self.part(child as usize, role, body, depth + 1)?;
                }
            }
            PartType::Message(_) => self.messages.push(number),
            _ if kind.is("message", "rfc822") => self.others += 1,
            _ => match kind.format(part).or_else(|| package::format_of(part.contents())) {
                Some(format) => self.text(part, format, role),
                None => self.others += 1,
            },
        }
        Ok(())
    }

    fn text(&mut self, part: &MessagePart<'_>, format: Format, role: Role) {
        let attached = part.content_disposition().is_some_and(ContentType::is_attachment);
        self.texts.push(Text {
            range: part.offset_body as usize..(part.offset_end as usize).max(part.offset_body as usize),
            format,
            transfer: Transfer::of(field(part, &HeaderName::ContentTransferEncoding)),
            charset: part.content_type().and_then(|kind| kind.attribute("charset")).map(str::to_owned),
            role: if attached { Role::Alone } else { role },
        });
    }

    /// Writings of the same text: a page is the one that is read, plain text says it again.
    fn alternative(&mut self, children: &[usize], role: Role, depth: usize) -> Result<(), ReadError> {
        let shape =
            |number: usize| self.message.parts.get(number).map(|part| Shape::of(self.message, part, 0));
        let shapes: Vec<Shape> = children.iter().filter_map(|&child| shape(child)).collect();
        let count = |wanted: Shape| shapes.iter().filter(|&&shape| shape == wanted).count();
        let (pages, plain) = (count(Shape::Page), count(Shape::Plain));
        let many = pages > 1 || plain > 1 || count(Shape::OtherText) > 0 || role != Role::Alone;
        let number = self.alternatives;
        self.alternatives += 1;
        for (&child, shape) in children.iter().zip(&shapes) {
            let role = match shape {
                Shape::Page | Shape::Plain if pages + plain < 2 && !many => Role::Alone,
                Shape::Page | Shape::Plain if many => Role::OneOfMany,
                Shape::Page => Role::First(number),
                Shape::Plain => Role::Second(number),
                _ => Role::Alone,
            };
            if *shape == Shape::OtherText {
                self.others += 1;
            } else {
                self.part(child, role, true, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// What an alternative is, by the first text in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Page,
    Plain,
    /// A text in a format that is not marked: a recipient could compare it.
    OtherText,
    NoText,
}

impl Shape {
    fn of(message: &Message<'_>, part: &MessagePart<'_>, depth: usize) -> Self {
        let kind = Kind::of(part);
        match &part.body {
            PartType::Multipart(children) if depth < DEPTH_MAX => children
                .iter()
                .filter_map(|&child| message.parts.get(child as usize))
                .map(|child| Self::of(message, child, depth + 1))
                .find(|&shape| shape != Self::NoText)
                .unwrap_or(Self::NoText),
            _ if kind.is("text", "html") => Self::Page,
            _ if kind.is("text", "plain") => Self::Plain,
            _ if kind.is("text", "calendar") => Self::NoText,
            _ if kind.main == "text" => Self::OtherText,
            _ => Self::NoText,
        }
    }
}

/// The media type of a part, in lower case.
struct Kind {
    main: String,
    sub: String,
}

impl Kind {
    fn of(part: &MessagePart<'_>) -> Self {
        let (main, sub) = match part.content_type() {
            Some(kind) => (kind.ctype(), kind.subtype().unwrap_or_default()),
            None => ("text", "plain"),
        };
        Self { main: main.trim().to_ascii_lowercase(), sub: sub.trim().to_ascii_lowercase() }
    }

    fn is(&self, main: &str, sub: &str) -> bool {
        self.main == main && self.sub == sub
    }

    /// Refuses what an edit would break or cannot reach.
    fn check(&self, part: &MessagePart<'_>) -> Result<(), ReadError> {
        let attribute = |name: &str| {
            let value = part.content_type().and_then(|kind| kind.attribute(name)).unwrap_or_default();
            value.to_ascii_lowercase()
        };
        let signed = |kind| Err(ReadError::Signed { kind });
        let encrypted = |kind| Err(ReadError::Encrypted { kind });
        match (self.main.as_str(), self.sub.as_str()) {
            ("application", "pkcs7-mime" | "x-pkcs7-mime") => {
                if attribute("smime-type").starts_with("signed") {
                    signed("an S/MIME mail")
                } else {
                    encrypted("an S/MIME mail")
                }
            }
            ("application", "pgp-encrypted") | ("multipart", "encrypted") => encrypted("a PGP mail"),
            ("multipart", "signed") if attribute("protocol").contains("pgp") => signed("a PGP mail"),
            ("multipart", "signed") => signed("an S/MIME mail"),
            _ => Ok(()),
        }
    }

    /// The format that a part's text is read in; none for what is copied.
    fn format(&self, part: &MessagePart<'_>) -> Option<Format> {
        let by_name = || {
            let name = part.attachment_name()?;
            match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
                "md" | "markdown" => Some(Format::Markdown),
                "html" | "htm" => Some(Format::Html),
                "txt" => Some(Format::Text),
                _ => None,
            }
        };
        match (self.main.as_str(), self.sub.as_str()) {
            ("text", "plain") => {
                Some(by_name().filter(|&format| format == Format::Markdown).unwrap_or(Format::Text))
            }
            ("text", "markdown" | "x-markdown") => Some(Format::Markdown),
            ("text", "html") | ("application", "xhtml+xml") => Some(Format::Html),
            ("application", "octet-stream") => by_name(),
            _ => None,
        }
    }
}

/// The boundaries that a mail names, wherever it does: programs differ on which of two fields counts.
pub(super) fn boundaries(bytes: &[u8]) -> Vec<String> {
    const NAME: &[u8] = b"boundary=";
    let mut found = Vec::new();
    for (at, window) in bytes.windows(NAME.len()).enumerate() {
        if found.len() < BOUNDARIES_MAX && window.eq_ignore_ascii_case(NAME) {
            let value = &bytes[at + NAME.len()..];
            let boundary = match value.strip_prefix(b"\"") {
                Some(quoted) => quoted.split(|&byte| byte == b'"').next(),
                None => value.split(|byte| byte.is_ascii_whitespace() || *byte == b';').next(),
            };
            // RFC 2046, section 5.1.1: no more than 70 characters.
            let boundary = boundary
                .map(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(70)]).trim().to_owned());
            found.extend(
                boundary.filter(|boundary| !boundary.is_empty()).map(|boundary| format!("--{boundary}")),
            );
        }
    }
    if found.len() >= BOUNDARIES_MAX {
        // Too many to compare with: every line that could be one counts.
        return vec!["--".into()];
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a line of a body is a boundary, or its first one a header field of a part: some programs cut the mail there
/// and others do not.
pub(super) fn has_boundary(body: &[u8], boundaries: &[String]) -> bool {
    let lines = || body.split(|&byte| byte == b'\n');
    let field = |name: &str| {
        let first = lines().find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        first.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    field("content-type:")
        || field("content-transfer-encoding:")
        || lines().any(|line| {
            line.starts_with(b"--") && boundaries.iter().any(|boundary| line.starts_with(boundary.as_bytes()))
        })
}

/// The charset that a mail's label names; none where it is not known.
pub(super) fn charset(label: &str) -> Option<Charset> {
    let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
    Some(if encoding == encoding_rs::UTF_8 {
        Charset::Utf8
    } else if encoding == encoding_rs::UTF_16LE {
        Charset::Utf16Le
    } else if encoding == encoding_rs::UTF_16BE {
        Charset::Utf16Be
    } else if encoding == encoding_rs::REPLACEMENT || encoding == encoding_rs::X_USER_DEFINED {
        return None;
    } else {
        Charset::Legacy(encoding)
    })
}

/// The text of a header field.
fn field<'p>(part: &'p MessagePart<'_>, name: &HeaderName<'_>) -> Option<&'p str> {
    let value =
        part.headers.iter().rfind(|header: &&Header<'_>| header.name == *name).map(|header| &header.value)?;
    match value {
        HeaderValue::Text(text) => Some(text.as_ref()),
        _ => None,
    }
}
