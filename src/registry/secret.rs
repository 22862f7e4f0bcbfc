//! The registry secret: 32 random bytes from which every codebook, the index and the sealing key are derived.

use std::num::NonZeroU32;

use pkcs8::der::pem;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SecureRandom;
use ring::{hkdf, pbkdf2};
use zeroize::Zeroizing;

use crate::codebook::ItemKey;
use crate::trust::digest::Digest;
use crate::trust::key::{KeyError, PBKDF2_ROUNDS, PBKDF2_ROUNDS_MAX, Passphrase};

use super::RegistryError;

/// The PEM label of an unprotected secret; the block holds its 32 bytes.
const PLAIN_LABEL: &str = "DYETRACE REGISTRY SECRET";

/// The PEM label of a secret under a passphrase; the block holds rounds (u32, big-endian) ‖ salt (16) ‖ nonce (12) ‖
/// ChaCha20-Poly1305 ciphertext and tag (48), authenticated together with the 20 bytes of rounds and salt.
const WRAPPED_LABEL: &str = "DYETRACE WRAPPED REGISTRY SECRET";

const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const HEAD_BYTES: usize = 4 + SALT_BYTES;
const WRAPPED_BYTES: usize = HEAD_BYTES + NONCE_BYTES + 32 + 16;

/// The registry secret; wiped when dropped.
pub(super) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(super) fn generate(random: &dyn SecureRandom) -> Result<Self, RegistryError> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(bytes.as_mut()).map_err(|_| RegistryError::Random)?;
        Ok(Self(bytes))
    }

    /// The text of `secret.key`.
    pub(super) fn to_pem(
        &self,
        passphrase: Option<&Passphrase>,
        random: &dyn SecureRandom,
    ) -> Result<Zeroizing<String>, RegistryError> {
        let encode = |label, bytes: &[u8]| {
            pem::encode_string(label, pem::LineEnding::LF, bytes)
                .map(Zeroizing::new)
                .map_err(|e| RegistryError::Damaged { reason: e.to_string() })
        };
        let Some(passphrase) = passphrase else {
            return encode(PLAIN_LABEL, self.0.as_ref());
        };
        let mut block = PBKDF2_ROUNDS.to_be_bytes().to_vec();
        block.resize(HEAD_BYTES + NONCE_BYTES, 0);
        random.fill(&mut block[4..]).map_err(|_| RegistryError::Random)?;
        let (head, nonce) = block.split_at(HEAD_BYTES);
        let key = wrapping_key(passphrase, PBKDF2_ROUNDS, &head[4..])?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| RegistryError::Random)?;
        let mut sealed = Zeroizing::new(self.0.to_vec());
        key.seal_in_place_append_tag(nonce, Aad::from(head), &mut *sealed)
            .map_err(|_| RegistryError::Random)?;
        block.extend_from_slice(&sealed);
        encode(WRAPPED_LABEL, &block)
    }

    /// Reads the text of `secret.key`.
    pub(super) fn from_pem(text: &str, passphrase: Option<&Passphrase>) -> Result<Self, RegistryError> {
        let damaged = |reason: String| RegistryError::Damaged { reason: format!("secret.key: {reason}") };
        let (label, block) = pem::decode_vec(text.as_bytes()).map_err(|e| damaged(e.to_string()))?;
        let block = Zeroizing::new(block);
        match label {
            PLAIN_LABEL => {
                let bytes =
                    block.as_slice().try_into().map_err(|_| damaged(format!("{} bytes", block.len())))?;
                Ok(Self(Zeroizing::new(bytes)))
            }
            WRAPPED_LABEL if block.len() == WRAPPED_BYTES => unwrap(&block, passphrase),
            WRAPPED_LABEL => Err(damaged(format!("{} bytes", block.len()))),
            other => Err(damaged(format!("unknown kind {other:?}"))),
        }
    }

    /// Tells this secret from others without telling anything about it.
    pub(super) fn check(&self) -> Digest {
        Digest::of_parts(&[b"dyetrace/secret-check/v1\0", self.0.as_ref()])
    }

    pub(super) fn item_key(&self, item: &str) -> ItemKey {
        ItemKey::derive(&self.0, item)
    }

    pub(super) fn key_commitment(&self, item: &str) -> Digest {
        let symbols = self.derive(&[b"dyetrace/item-key/v1", b"\0", item.as_bytes()]);
        let biases = self.derive(&[b"dyetrace/bias-key/v1", b"\0", item.as_bytes()]);
        Digest::of_parts(&[b"dyetrace/key-commitment/v1\0", symbols.as_ref(), biases.as_ref()])
    }

    pub(super) fn index_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive(&[b"dyetrace/index/v1"])
    }

    pub(super) fn seal_key(&self) -> Zeroizing<[u8; 32]> {
        self.derive(&[b"dyetrace/seal/v1"])
    }

    /// HKDF-SHA-256 (RFC 5869), no salt.
    fn derive(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.0.as_ref());
        let filled = prk.expand(info, hkdf::HKDF_SHA256).and_then(|okm| okm.fill(out.as_mut()));
        match filled {
            Ok(()) => out,
            Err(_) => unreachable!("HKDF-SHA-256 gives up to 8,160 bytes and 32 are asked for"),
        }
    }
}

/// Whether the text of `secret.key` needs a passphrase; false for anything else.
pub(super) fn needs_passphrase(text: &str) -> bool {
    pem::decode_vec(text.as_bytes()).is_ok_and(|(label, _)| label == WRAPPED_LABEL)
}

fn unwrap(block: &[u8], passphrase: Option<&Passphrase>) -> Result<Secret, RegistryError> {
    let (head, rest) = block.split_at(HEAD_BYTES);
    let (nonce, sealed) = rest.split_at(NONCE_BYTES);
    let rounds = head[..4].iter().fold(0, |n, &byte| n << 8 | u32::from(byte));
    if rounds > PBKDF2_ROUNDS_MAX {
        return Err(KeyError::Cost {
            what: "PBKDF2 rounds",
            asked: u64::from(rounds),
            max: u64::from(PBKDF2_ROUNDS_MAX),
        }
        .into());
    }
    let passphrase = passphrase.ok_or(KeyError::PassphraseNeeded)?;
    let key = wrapping_key(passphrase, rounds, &head[4..])?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| KeyError::WrongPassphrase)?;
    let mut buffer = Zeroizing::new(sealed.to_vec());
    // The tag cannot tell a wrong passphrase from a damaged file; the first is by far the likelier.
    let plain =
        key.open_in_place(nonce, Aad::from(head), &mut buffer).map_err(|_| KeyError::WrongPassphrase)?;
    let bytes: [u8; 32] = (&*plain).try_into().map_err(|_| KeyError::WrongPassphrase)?;
    Ok(Secret(Zeroizing::new(bytes)))
}

fn wrapping_key(passphrase: &Passphrase, rounds: u32, salt: &[u8]) -> Result<LessSafeKey, RegistryError> {
    let damaged = || RegistryError::Damaged { reason: "secret.key: zero PBKDF2 rounds".to_owned() };
    let rounds = NonZeroU32::new(rounds).ok_or_else(damaged)?;
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, passphrase.as_bytes(), key.as_mut());
    aead_key(&key)
}

/// The AEAD under a 32-byte key.
pub(super) fn aead_key(key: &[u8; 32]) -> Result<LessSafeKey, RegistryError> {
    UnboundKey::new(&CHACHA20_POLY1305, key).map(LessSafeKey::new).map_err(|_| RegistryError::Random)
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;

    use super::*;
    use crate::channel::WEIGHT_TOTAL;
    use crate::codebook::{Codebook, CopyNumber};

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap()
    }

    #[test]
    fn a_secret_reads_back_with_and_without_passphrase() {
        let random = SystemRandom::new();
        let secret = Secret::generate(&random).unwrap();
        let plain = secret.to_pem(None, &random).unwrap();
        assert!(!needs_passphrase(&plain));
        assert_eq!(Secret::from_pem(&plain, None).unwrap().0, secret.0);
        let right = passphrase("right");
        let wrapped = secret.to_pem(Some(&right), &random).unwrap();
        assert!(needs_passphrase(&wrapped));
        assert_eq!(Secret::from_pem(&wrapped, Some(&right)).unwrap().0, secret.0);
        let error = |passphrase| Secret::from_pem(&wrapped, passphrase).err().unwrap();
        assert!(matches!(error(None), RegistryError::Key(KeyError::PassphraseNeeded)));
        assert!(matches!(error(Some(&passphrase("wrong"))), RegistryError::Key(KeyError::WrongPassphrase)));
    }

    #[test]
    fn damaged_and_absurd_secrets_are_refused() {
        let pem = |label, bytes: &[u8]| pem::encode_string(label, pem::LineEnding::LF, bytes).unwrap();
        let error = |text: &str| Secret::from_pem(text, Some(&passphrase("x"))).err().unwrap();
        for text in [
            String::new(),
            "nonsense".to_owned(),
            pem(PLAIN_LABEL, &[0; 31]),
            pem(WRAPPED_LABEL, &[0; 32]),
            pem("PRIVATE KEY", &[0; 32]),
            pem(WRAPPED_LABEL, &[0; WRAPPED_BYTES]),
        ] {
            assert!(matches!(error(&text), RegistryError::Damaged { .. }), "{text}");
        }
        let mut greedy = [0; WRAPPED_BYTES];
        greedy[0] = 0xff;
        assert!(matches!(
            error(&pem(WRAPPED_LABEL, &greedy)),
            RegistryError::Key(KeyError::Cost { asked: 0xff00_0000, .. })
        ));
        // Fewer rounds than were used are noticed: they are authenticated and change the key.
        let mut few = [0; WRAPPED_BYTES];
        few[3] = 1;
        assert!(matches!(error(&pem(WRAPPED_LABEL, &few)), RegistryError::Key(KeyError::WrongPassphrase)));
    }

    #[test]
    fn derived_keys_differ_from_each_other() {
        let secret = Secret(Zeroizing::new([7; 32]));
        let keys = [
            *secret.seal_key(),
            *secret.index_key(),
            *secret.key_commitment("a").as_bytes(),
            *secret.key_commitment("b").as_bytes(),
            *secret.check().as_bytes(),
        ];
        for (i, one) in keys.iter().enumerate() {
            assert!(!keys[i + 1..].contains(one));
        }
    }

    /// The commitment must be about the very key the codebook draws from: the first word of a copy's stream,
    /// computed here from the derived bytes, decides the first symbol.
    #[test]
    fn the_commitment_is_to_the_codebooks_key() {
        let secret = Secret(Zeroizing::new([9; 32]));
        let half = [WEIGHT_TOTAL / 2, WEIGHT_TOTAL / 2];
        let book = Codebook::with_weights(secret.item_key("item"), [half.as_slice()]);
        let bytes = secret.derive(&[b"dyetrace/item-key/v1", b"\0", b"item"]);
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, bytes.as_ref());
        for copy in 1..=64_u64 {
            let message = [copy.to_be_bytes().as_slice(), &[0; 4]].concat();
            let tag = ring::hmac::sign(&key, &message);
            assert_eq!(book.codeword(CopyNumber(copy)), [tag.as_ref()[0] >> 7]);
        }
    }
}
