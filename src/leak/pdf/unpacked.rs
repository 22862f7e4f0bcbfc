//! How large a document's streams are when they are unpacked, before anything unpacks them into memory.

use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;

use crate::item::ReadError;

/// The most bytes that one stream may unpack to: an A3 page in colour at 600 dpi.
const STREAM_BYTES_MAX: u64 = 256 << 20;

/// The most that all of them may.
const TOTAL_BYTES_MAX: u64 = 1 << 30;

/// Streams packed inside packed streams are followed this far.
const LAYERS_MAX: usize = 4;

/// Refuses documents whose deflated streams unpack to more than any honest document holds.
///
/// The PDF reader has no such limit. Streams are found by their keyword, not by the table of objects, which may lie;
/// encrypted ones cannot be looked into.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    let mut total = 0;
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        at += found + b"stream".len();
        let body = &bytes[at..];
        let body = body.strip_prefix(b"\r").unwrap_or(body);
        let body = body.strip_prefix(b"\n").unwrap_or(body);
        let size = unpacked(body);
        total += size;
        if size > STREAM_BYTES_MAX || total > TOTAL_BYTES_MAX {
            return Err(ReadError::Limit {
                what: "the PDF's unpacked bytes",
                found: total,
                max: if size > STREAM_BYTES_MAX { STREAM_BYTES_MAX } else { TOTAL_BYTES_MAX },
            });
        }
    }
    Ok(())
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == needle[0]) {
        if bytes[from + at..].starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// The size of what is packed here, counted up to just above the limit; layers inside count as well.
fn unpacked(body: &[u8]) -> u64 {
    let mut largest = 0;
    for layers in 1..=LAYERS_MAX {
        let mut reader: Box<dyn io::BufRead + '_> = Box::new(body);
        for _ in 0..layers {
            if !is_zlib(&mut reader) {
                return largest;
            }
            reader = Box::new(io::BufReader::new(ZlibDecoder::new(reader)));
        }
        largest = largest.max(count(reader));
        if largest > STREAM_BYTES_MAX {
            break;
        }
    }
    largest
}

/// Whether a zlib header follows (RFC 1950, section 2.2).
fn is_zlib(reader: &mut dyn io::BufRead) -> bool {
    let Ok(&[method, flags, ..]) = reader.fill_buf() else { return false };
    method & 0x0f == 8 && (u16::from(method) << 8 | u16::from(flags)).is_multiple_of(31)
}

fn count(mut reader: Box<dyn io::BufRead + '_>) -> u64 {
    let mut buffer = [0; 1 << 14];
    let mut size = 0;
    // A damaged stream unpacks to what comes before the damage.
    while let Ok(read @ 1..) = reader.read(&mut buffer) {
        size += read as u64;
        if size > STREAM_BYTES_MAX {
            break;
        }
    }
    size
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn document(stream: &[u8]) -> Vec<u8> {
        [b"%PDF-1.7\n1 0 obj\n<<>>\nstream\r\n", stream, b"\nendstream\nendobj\n"].concat()
    }

    #[test]
    fn counts_what_streams_unpack_to() {
        assert_eq!(unpacked(&packed(&vec![7; 100_000])), 100_000);
        // The inner size where it is packed twice.
        assert_eq!(unpacked(&packed(&packed(&vec![7; 100_000]))), 100_000);
        assert_eq!(unpacked(b"BT /F1 12 Tf (text) Tj ET"), 0);
        assert_eq!(unpacked(&packed(&vec![7; 100_000])[..60]).min(1), 1);
        assert!(check(&document(&packed(&vec![7; 100_000]))).is_ok());
    }

    #[test]
    fn refuses_bombs() {
        let zeros = vec![0; 16 << 20];
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        for _ in 0..17 {
            encoder.write_all(&zeros).unwrap();
        }
        let bomb = encoder.finish().unwrap();
        assert!(bomb.len() < 400_000);
        for stream in [packed(&bomb), bomb] {
            let refused = check(&document(&stream));
            assert!(matches!(refused, Err(ReadError::Limit { .. })), "{refused:?}");
        }
    }
}
