//! What a file is, by its content: names lie, and a leak often has none.

/// The kind of a file, by the bytes it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Text of some sort, or nothing that is known.
    Text,
    /// A web page.
    Html,
    /// A mail with its header lines (RFC 5322).
    Mail,
    /// A zip archive, as DOCX, PPTX, XLSX and the formats of `OpenDocument` are.
    Zip,
    /// A PDF document.
    Pdf,
    /// An RTF document.
    Rtf,
    /// A compound file (MS-CFB): an Office document from before 2007, or an encrypted one of today.
    Compound,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A GIF image.
    Gif,
    /// A TIFF image.
    Tiff,
}

/// The bytes that a kind begins with.
const MAGIC: [(&[u8], Kind); 11] = [
    (b"%PDF-", Kind::Pdf),
    (b"{\\rtf", Kind::Rtf),
    (b"PK\x03\x04", Kind::Zip),
    // An archive without members begins with its end.
    (b"PK\x05\x06", Kind::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Compound),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF8", Kind::Gif),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"\x89PNG", Kind::Png),
];

/// How far into a file a PDF's mark may stand (PDF 1.7, implementation note 13 of appendix H), and a web page's.
const HEAD_BYTES: usize = 1024;

/// Header fields that a mail has and a memorandum in plain text has not.
const MAIL_FIELDS: [&str; 9] = [
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
    "delivered-to",
    "x-mailer",
];

impl Kind {
    /// The kind of a file.
    pub fn of(bytes: &[u8]) -> Self {
        if let Some(&(_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return kind;
        }
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        if head.windows(5).any(|window| window == b"%PDF-") && bytes.contains(&0) {
            return Self::Pdf;
        }
        // UTF-16 puts a zero beside every letter of markup.
        let plain: Vec<u8> = head.iter().copied().filter(|&byte| byte != 0).collect();
        let text = String::from_utf8_lossy(&plain).to_lowercase();
        if is_html(&text) {
            Self::Html
        } else if is_mail(&text) {
            Self::Mail
        } else {
            Self::Text
        }
    }

    /// What it is called in messages, with its article.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Html => "a web page",
            Self::Mail => "a mail",
            Self::Zip => "a zip archive, as DOCX, PPTX and ODT files are",
            Self::Pdf => "a PDF document",
            Self::Rtf => "an RTF document",
            Self::Compound => "an old or encrypted Office document",
            Self::Png => "a PNG image",
            Self::Jpeg => "a JPEG image",
            Self::Gif => "a GIF image",
            Self::Tiff => "a TIFF image",
        }
    }
}

/// Markup that only a page begins with, comments and an XML declaration aside.
fn is_html(head: &str) -> bool {
    let mut rest =
        head.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{fffd}'));
    loop {
        rest = rest.trim_start();
        let skipped = [("<!--", "-->"), ("<?xml", "?>")].into_iter().find_map(|(open, close)| {
            let inner = rest.strip_prefix(open)?;
            inner.find(close).map(|at| &inner[at + close.len()..])
        });
        match skipped {
            Some(behind) => rest = behind,
            None => break,
        }
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|mark| rest.starts_with(mark))
}

/// Header lines from the first line on, one of them of a mail's own.
fn is_mail(head: &str) -> bool {
    let mut own = false;
    let mut fields = 0;
    for line in head.trim_start_matches('\u{feff}').lines() {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) && fields > 0 {
            continue;
        }
        // The line that a mailbox file puts before a message.
        if fields == 0 && line.starts_with("from ") {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else { break };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return false;
        }
        own |= MAIL_FIELDS.contains(&name);
        fields += 1;
    }
    own && fields >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_files_by_their_content() {
        for (bytes, kind) in [
            (&b"%PDF-1.7\n"[..], Kind::Pdf),
            (b"\x0d\x0a%PDF-1.4\0\x01", Kind::Pdf),
            (b"How a file begins: %PDF-1.7", Kind::Text),
            (b"PK\x05\x06\0\0", Kind::Zip),
            (b"{\\rtf1\\ansi", Kind::Rtf),
            (b"\xef\xbb\xbf<!-- saved --> <!DOCTYPE html>", Kind::Html),
            (b"<?xml version='1.0'?>\n<HTML lang=en>", Kind::Html),
            (b"\xff\xfe<\0h\0t\0m\0l\0>\0", Kind::Html),
            (b"<p>is fine in Markdown</p>", Kind::Text),
            (b"Received: by a; Mon\r\n\tfolded\r\nFrom: a@b.example\r\n\r\nHi", Kind::Mail),
            (b"From a@b Mon\nMessage-ID: <1@b>\nSubject: x\n\n", Kind::Mail),
            (b"From: The Director\nTo: All staff\nSubject: The harbour\n\nThe harbour", Kind::Text),
            (b"Content-Type: a label\nthat goes on as text", Kind::Text),
            (b"", Kind::Text),
        ] {
            assert_eq!(Kind::of(bytes), kind, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
