//! Bytes to characters and back, without losing one.

use super::ReadError;

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

pub(super) fn decode(bytes: &[u8]) -> Result<(Encoding, String), ReadError> {
    let charset = Charset::Utf8;
    let source = std::str::from_utf8(bytes)
        .map_err(|_| ReadError::NotReversible { charset: "UTF-8".into() })?
        .to_owned();
    Ok((Encoding { charset, bom: false }, source))
}
