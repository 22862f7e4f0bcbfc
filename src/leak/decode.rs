//! Bytes of a leak to text, leniently.

use crate::item::{ReadError, refuse_foreign};

/// One control byte in this many is tolerated: terminals and e-mail leave some in honest text.
const CONTROLS_PER: usize = 64;

/// Decodes by byte-order mark, else as UTF-8, else as UTF-16 (every second byte mostly zero), else by the
/// detector browsers use; what cannot be decoded becomes U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    refuse_foreign(bytes)?;
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned());
    }
    if let Some(encoding) = bare_utf16(bytes) {
        return Ok(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    refuse_binary(bytes)?;
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    Ok(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// UTF-16 without a byte-order mark, as some clipboards save it.
fn bare_utf16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = sample.len() / 2;
    if !bytes.len().is_multiple_of(2) || pairs < 2 {
        None
    } else if odd * 4 > pairs * 3 && even == 0 {
        Some(encoding_rs::UTF_16LE)
    } else if even * 4 > pairs * 3 && odd == 0 {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

fn refuse_binary(bytes: &[u8]) -> Result<(), ReadError> {
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1b);
    let mut controls = bytes.iter().enumerate().filter(|&(_, &byte)| control(byte));
    let Some((offset, &value)) = controls.next() else { return Ok(()) };
    if value == 0 || (1 + controls.count()) * CONTROLS_PER > bytes.len() || bytes[offset..].contains(&0) {
        return Err(ReadError::Binary { offset, value });
    }
    Ok(())
}
