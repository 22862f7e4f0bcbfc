//! State at rest: a header in clear, a body under ChaCha20-Poly1305 (RFC 8439).
//!
//! The header is `DYTR`, format version, record type, two zero bytes and the body's length (u32, little-endian); the
//! body is a random 96-bit nonce and the ciphertext with its tag. The header and the record's id are authenticated
//! with the body, so a body that was moved to another record, or given another type, does not open.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce};
use ring::rand::SecureRandom;
use zeroize::Zeroizing;

use super::RegistryError;
use super::secret::aead_key;

const MAGIC: [u8; 4] = *b"DYTR";
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 12;

/// What a sealed record holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RecordType {
    /// An item's state, [`super::codec`].
    Item = 1,
}

/// Seals a record of a given id.
pub(super) fn seal(
    key: &[u8; 32],
    record: RecordType,
    id: &str,
    plain: Zeroizing<Vec<u8>>,
    random: &dyn SecureRandom,
) -> Result<Vec<u8>, RegistryError> {
    let length = NONCE_LEN + plain.len() + CHACHA20_POLY1305.tag_len();
    let too_long = |_| RegistryError::Damaged { reason: format!("a record of {length} bytes is too long") };
    let header = header(record, u32::try_from(length).map_err(too_long)?);
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce).map_err(|_| RegistryError::Random)?;
    let mut body = plain;
    key_of(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad(&header, id), &mut *body)
        .map_err(|_| RegistryError::Random)?;
    Ok([header.as_slice(), &nonce, &body].concat())
}

/// Opens a record of a given id.
pub(super) fn open(
    key: &[u8; 32],
    record: RecordType,
    id: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, RegistryError> {
    let damaged = |what: &str| RegistryError::Damaged { reason: format!("record of {id}: {what}") };
    let Some((found, body)) = sealed.split_at_checked(HEADER_BYTES) else {
        return Err(damaged("it is cut short"));
    };
    if found[..4] != MAGIC {
        return Err(damaged("it has no header"));
    }
    if found[4] > VERSION {
        return Err(RegistryError::Newer { found: u32::from(found[4]), known: u32::from(VERSION) });
    }
    let expected = header(record, u32::try_from(body.len()).unwrap_or(u32::MAX));
    if found != expected {
        return Err(damaged("its header does not fit"));
    }
    let Some((nonce, sealed)) = body.split_at_checked(NONCE_LEN) else {
        return Err(damaged("it is cut short"));
    };
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged("it is cut short"))?;
    let mut buffer = Zeroizing::new(sealed.to_vec());
    let length = key_of(key)?
        .open_in_place(nonce, aad(&expected, id), &mut buffer)
        .map_err(|_| damaged("it was changed, or sealed under another secret"))?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

fn key_of(key: &[u8; 32]) -> Result<LessSafeKey, RegistryError> {
    aead_key(key)
}

fn header(record: RecordType, length: u32) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(&MAGIC);
    header[4] = VERSION;
    header[5] = record as u8;
    header[8..].copy_from_slice(&length.to_le_bytes());
    header
}

fn aad(header: &[u8; HEADER_BYTES], id: &str) -> Aad<Vec<u8>> {
    Aad::from([header.as_slice(), id.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;

    const KEY: [u8; 32] = [5; 32];

    fn sealed() -> Vec<u8> {
        let plain = Zeroizing::new(b"plan and original".to_vec());
        seal(&KEY, RecordType::Item, "item-a", plain, &SystemRandom::new()).unwrap()
    }

    #[test]
    fn a_record_opens_where_it_belongs_and_nowhere_else() {
        let bytes = sealed();
        assert!(!bytes.windows(4).any(|w| w == b"plan"));
        assert_eq!(*open(&KEY, RecordType::Item, "item-a", &bytes).unwrap(), b"plan and original");
        assert!(open(&KEY, RecordType::Item, "item-b", &bytes).is_err());
        assert!(open(&[6; 32], RecordType::Item, "item-a", &bytes).is_err());
        assert_ne!(sealed(), sealed(), "nonces are drawn anew");
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_found() {
        let good = sealed();
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&KEY, RecordType::Item, "item-a", &bytes).is_err(), "bit {bit}");
        }
        for length in 0..good.len() {
            assert!(open(&KEY, RecordType::Item, "item-a", &good[..length]).is_err(), "{length} bytes");
        }
        let longer = [good.as_slice(), b"x"].concat();
        assert!(open(&KEY, RecordType::Item, "item-a", &longer).is_err());
        let mut newer = good;
        newer[4] = VERSION + 1;
        assert!(matches!(
            open(&KEY, RecordType::Item, "item-a", &newer),
            Err(RegistryError::Newer { found: 2, known: 1 })
        ));
    }
}
