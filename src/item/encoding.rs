//! Bytes to characters and back, without losing one.

use std::borrow::Cow;

use super::{Kind, ReadError, SOURCE_BYTES_MAX, package};

/// How a file's characters are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The charset.
    pub charset: Charset,
    /// Whether the file starts with a byte-order mark.
    pub bom: bool,
}

/// A charset that can be written as well as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// A single- or multi-byte charset of the WHATWG Encoding Standard.
    Legacy(&'static encoding_rs::Encoding),
}

impl Charset {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Legacy(charset) => charset.name(),
        }
    }

    /// Whether the charset has every character of `text`.
    pub(super) fn has(self, text: &str) -> bool {
        Encoding { charset: self, bom: false }.encodes(text)
    }

    fn bom(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xef\xbb\xbf",
            Self::Utf16Le => b"\xff\xfe",
            Self::Utf16Be => b"\xfe\xff",
            Self::Legacy(_) => b"",
        }
    }

    /// The bytes of `text`, or none where the charset lacks a character or would read it back as another one.
    fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Utf8 => Some(Cow::Borrowed(text.as_bytes())),
            Self::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Self::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Self::Legacy(charset) => {
                let (bytes, _, unmappable) = charset.encode(text);
                (!unmappable).then_some(bytes)
            }
        }
    }

    /// The characters of `bytes`, which hold no byte-order mark; none where they are malformed.
    fn decode(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            Self::Utf16Le => decode_utf16(bytes, u16::from_le_bytes),
            Self::Utf16Be => decode_utf16(bytes, u16::from_be_bytes),
            Self::Legacy(charset) => {
                charset.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
            }
        }
    }
}

impl Encoding {
    /// The encoding of an XML part and its characters: a byte-order mark decides, else zeros beside the first bracket;
    /// none where the bytes are malformed.
    pub(super) fn of_xml(bytes: &[u8]) -> Option<(Self, String)> {
        let marked = [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be]
            .into_iter()
            .find(|charset| bytes.starts_with(charset.bom()));
        let charset = marked.unwrap_or(match bytes {
            [b'<', 0, ..] => Charset::Utf16Le,
            [0, b'<', ..] => Charset::Utf16Be,
            _ => Charset::Utf8,
        });
        let bom = marked.is_some();
        let text = charset.decode(&bytes[if bom { charset.bom().len() } else { 0 }..])?;
        Some((Self { charset, bom }, text))
    }

    /// Whether every character of `text` can be written, and reads back as itself.
    pub(super) fn encodes(&self, text: &str) -> bool {
        match self.charset {
            Charset::Legacy(_) if !text.is_ascii() => {
                self.charset.encode(text).and_then(|bytes| self.charset.decode(&bytes)).as_deref()
                    == Some(text)
            }
            // ASCII is the same in every legacy charset that detection can return.
            _ => true,
        }
    }

    /// The file of `source`, byte-order mark included; none where a character has no code.
    pub(super) fn encode(&self, source: &str) -> Option<Vec<u8>> {
        let body = self.charset.encode(source)?;
        if !self.bom {
            return Some(body.into_owned());
        }
        Some([self.charset.bom(), &body].concat())
    }
}

/// The encoding of a file and its characters without the byte-order mark.
///
/// A byte-order mark decides; without one valid UTF-8 is UTF-8, bytes that alternate with zeros are UTF-16, and the
/// rest is a legacy charset, detected from the bytes. Whatever is returned encodes to the same bytes again.
pub(super) fn decode(bytes: &[u8]) -> Result<(Encoding, String), ReadError> {
    decode_as(bytes, None)
}

/// As [`decode`], with the charset that the file says it is in; a byte-order mark still decides.
pub(super) fn decode_as(bytes: &[u8], declared: Option<Charset>) -> Result<(Encoding, String), ReadError> {
    if bytes.len() > SOURCE_BYTES_MAX {
        return Err(ReadError::TooLarge { bytes: bytes.len(), max: SOURCE_BYTES_MAX });
    }
    refuse_foreign(bytes)?;
    let marked = [Charset::Utf8, Charset::Utf16Le, Charset::Utf16Be]
        .into_iter()
        .find(|charset| bytes.starts_with(charset.bom()));
    let bom = marked.is_some();
    let charset = marked.or(declared).unwrap_or_else(|| detect(bytes));
    let encoding = Encoding { charset, bom };
    let skipped = if bom { charset.bom().len() } else { 0 };

    let wide = matches!(charset, Charset::Utf16Le | Charset::Utf16Be);
    if !wide && let Some(at) = bytes[skipped..].iter().position(|&byte| is_control(u32::from(byte))) {
        return Err(ReadError::Binary { offset: skipped + at, value: bytes[skipped + at] });
    }
    let irreversible = || ReadError::NotReversible { charset: charset.name().into() };
    let source = charset.decode(&bytes[skipped..]).ok_or_else(irreversible)?;
    if wide {
        let mut offset = skipped;
        for c in source.chars() {
            if is_control(u32::from(c)) {
                return Err(ReadError::Binary { offset, value: u8::try_from(u32::from(c)).unwrap_or(0) });
            }
            offset += 2 * c.len_utf16();
        }
    }
    if matches!(charset, Charset::Legacy(_)) && encoding.encode(&source).as_deref() != Some(bytes) {
        return Err(irreversible());
    }
    Ok((encoding, source))
}

/// The characters of `bytes`, with replacements for what is none: by byte-order mark, as declared, as UTF-8, or by the
/// detector that browsers use.
pub(super) fn lossy(bytes: &[u8], declared: Option<Charset>) -> String {
    let declared = declared.map(|charset| match charset {
        Charset::Utf8 => encoding_rs::UTF_8,
        Charset::Utf16Le => encoding_rs::UTF_16LE,
        Charset::Utf16Be => encoding_rs::UTF_16BE,
        Charset::Legacy(encoding) => encoding,
    });
    let marked = encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let encoding = marked.or(declared).unwrap_or_else(|| {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        detector.guess(None, chardetng::Utf8Detection::Allow)
    });
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// Refuses documents of other kinds, known by the bytes that they begin with; some of them are ASCII throughout and
/// would pass for text.
pub(crate) fn refuse_foreign(bytes: &[u8]) -> Result<(), ReadError> {
    match Kind::of(bytes) {
        Kind::Text | Kind::Html | Kind::Mail => Ok(()),
        Kind::Compound => package::refuse_compound(bytes),
        Kind::Zip => Err(ReadError::Foreign { kind: package::foreign(bytes)? }),
        kind => Err(ReadError::Foreign { kind: kind.name() }),
    }
}

/// Control characters that no text file holds; tab, line feed, vertical tab, form feed and carriage return are text.
fn is_control(code: u32) -> bool {
    matches!(code, 0..=8 | 14..=31 | 127)
}

fn detect(bytes: &[u8]) -> Charset {
    if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() {
        return Charset::Utf8;
    }
    if let Some(charset) = detect_utf16(bytes) {
        return charset;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    Charset::Legacy(detector.guess(None, chardetng::Utf8Detection::Deny))
}

/// UTF-16 without a byte-order mark: at least a third of the units have a zero high byte, none has a zero low byte,
/// and the surrogates pair up. Text in Latin script passes; anything less certain is left to the caller.
fn detect_utf16(bytes: &[u8]) -> Option<Charset> {
    if bytes.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let charset = match (even, odd) {
        (0, odd) if odd * 6 >= bytes.len() => Charset::Utf16Le,
        (even, 0) if even * 6 >= bytes.len() => Charset::Utf16Be,
        _ => return None,
    };
    charset.decode(bytes).map(|_| charset)
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    char::decode_utf16(pairs.iter().map(|&pair| unit(pair))).collect::<Result<_, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charset(bytes: &[u8]) -> (&'static str, bool, String) {
        let (encoding, source) = decode(bytes).unwrap();
        assert_eq!(encoding.encode(&source).unwrap(), bytes);
        (encoding.charset.name(), encoding.bom, source)
    }

    #[test]
    fn reads_and_writes_what_files_are_stored_in() {
        let wide = |unit: fn(u16) -> [u8; 2]| "Café 10 %".encode_utf16().flat_map(unit).collect::<Vec<_>>();
        assert_eq!(charset("Café".as_bytes()), ("UTF-8", false, "Café".into()));
        assert_eq!(charset("\u{feff}Café".as_bytes()), ("UTF-8", true, "Café".into()));
        assert_eq!(charset(&wide(u16::to_le_bytes)), ("UTF-16LE", false, "Café 10 %".into()));
        assert_eq!(charset(&wide(u16::to_be_bytes)), ("UTF-16BE", false, "Café 10 %".into()));
        let marked = [b"\xff\xfe".as_slice(), &wide(u16::to_le_bytes)].concat();
        assert_eq!(charset(&marked), ("UTF-16LE", true, "Café 10 %".into()));
        let latin = b"The caf\xe9 in the na\xefve quarter is \x93closed\x94 \x96 for now.";
        assert_eq!(charset(latin).0, "windows-1252");
        assert_eq!(charset(latin).2, "The café in the naïve quarter is “closed” – for now.");
        assert_eq!(charset(b""), ("UTF-8", false, String::new()));
    }

    #[test]
    fn refuses_what_is_not_text() {
        assert!(matches!(decode(b"a\0b"), Err(ReadError::Binary { offset: 1, value: 0 })));
        assert!(matches!(decode(b"\xef\xbb\xbfa\x1b"), Err(ReadError::Binary { offset: 4, value: 0x1b })));
        assert!(matches!(decode(b"\xff\xfea\0\x02\0"), Err(ReadError::Binary { offset: 4, value: 2 })));
        // A lone surrogate, an odd length, a truncated UTF-8 sequence behind a byte-order mark.
        for bytes in [b"\xff\xfe\x00\xd8".as_slice(), b"\xff\xfeab\0", b"\xef\xbb\xbf\xe2\x82"] {
            assert!(matches!(decode(bytes), Err(ReadError::NotReversible { .. })), "{bytes:?}");
        }
        let large = vec![b'a'; SOURCE_BYTES_MAX + 1];
        assert!(matches!(decode(&large), Err(ReadError::TooLarge { .. })));
    }

    #[test]
    fn knows_which_characters_a_legacy_charset_has() {
        let (encoding, _) = decode(b"The caf\xe9 in the na\xefve quarter.").unwrap();
        assert!(encoding.encodes("“déjà vu” – 10"));
        assert!(!encoding.encodes("a\u{2008}b"));
        assert!(!encoding.encodes("Łódź"));
    }
}
