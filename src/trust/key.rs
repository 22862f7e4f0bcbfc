//! Ed25519 keys: made, kept, read and named.
//!
//! Private keys are PKCS#8 *version 1* PEM (RFC 8410), because OpenSSL before 3.5 refuses the version 2 form that
//! carries the public key as well. With a passphrase they are PBES2 (RFC 8018) with PBKDF2-HMAC-SHA-256 and
//! AES-256-CBC, which every OpenSSL and pyca/cryptography opens; scrypt at a cost worth having is refused by the
//! `openssl` command.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::pkcs8::KeypairBytes;
use ed25519_dalek::{SigningKey, VerifyingKey};
use pkcs8::der::SecretDocument;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{self, Kdf};
use pkcs8::{Document, EncodePrivateKey, EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef};
use ring::rand::SecureRandom;
use zeroize::Zeroizing;

use super::digest::{Digest, HexError};

/// PBKDF2 rounds of the keys written here (OWASP Password Storage Cheat Sheet 2023, PBKDF2-HMAC-SHA-256).
pub const PBKDF2_ROUNDS: u32 = 600_000;

/// The most PBKDF2 rounds a key file may ask for; RFC 8018 names this number as the high end.
pub const PBKDF2_ROUNDS_MAX: u32 = 10_000_000;

/// The largest key file that is read, in bytes.
pub const PEM_BYTES_MAX: usize = 16 << 10;

/// The most memory a scrypt-protected key file may ask for, in bytes.
const SCRYPT_BYTES_MAX: u64 = 256 << 20;

/// What the DER of every Ed25519 SPKI begins with (RFC 8410, section 4); the 32 bytes of the key follow.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

const PRIVATE_LABEL: &str = "PRIVATE KEY";
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";
const PUBLIC_LABEL: &str = "PUBLIC KEY";

/// The name of a key: SHA-256 of its SPKI DER.
///
/// `openssl pkey -pubin -in KEY.pub.pem -outform DER | sha256sum` prints the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct KeyId(Digest);

/// A public key that is fit to verify with: canonical and not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// A private key; wiped when dropped.
pub struct SecretKey(SigningKey);

/// What protects a key at rest; never empty, wiped when dropped.
pub struct Passphrase(Zeroizing<String>);

/// Why a key cannot be made, read or used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The system's random generator failed.
    #[error("the random generator failed")]
    Random,
    /// Larger than [`PEM_BYTES_MAX`].
    #[error("the key file has {bytes} bytes, more than the {max} that are read", max = PEM_BYTES_MAX)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// No PEM block, or a broken one.
    #[error("not a PEM file: {reason}")]
    Pem {
        /// What the reader objected to.
        reason: String,
    },
    /// A PEM block of another kind.
    #[error("the file holds {found:?} where {wanted:?} is needed")]
    Label {
        /// The label of the block.
        found: String,
        /// The label that is read.
        wanted: &'static str,
    },
    /// The PEM block does not hold what its label says.
    #[error("the key is damaged: {reason}")]
    Damaged {
        /// What the reader objected to.
        reason: String,
    },
    /// A key of another algorithm.
    #[error("the key is not an Ed25519 key")]
    Algorithm,
    /// The key is encrypted and no passphrase was given.
    #[error("the key is protected by a passphrase")]
    PassphraseNeeded,
    /// The passphrase does not open the key.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// An empty passphrase protects nothing.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The file asks for an absurd amount of work.
    #[error("the key file asks for {asked} of {what}, more than the {max} that are done")]
    Cost {
        /// "PBKDF2 rounds" or "scrypt bytes".
        what: &'static str,
        /// What it asks for.
        asked: u64,
        /// The limit.
        max: u64,
    },
    /// An encryption that is not read.
    #[error("the key's encryption is not supported: {reason}")]
    Encryption {
        /// Which.
        reason: String,
    },
    /// The public half inside the file belongs to another key.
    #[error("the private and the public half of the key do not belong together")]
    Mismatch,
    /// The 32 bytes are no point of the curve, or not its canonical encoding.
    #[error("the public key is not a canonical curve point")]
    NotCanonical,
    /// A key of small order, under which one signature fits many messages.
    #[error("the public key is weak: one signature would fit many messages")]
    Weak,
}

impl KeyId {
    /// The first 16 of its 64 digits: enough for the eye, never for a decision.
    pub fn short(&self) -> String {
        self.to_string()[..16].to_owned()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for KeyId {
    type Err = HexError;

    fn from_str(text: &str) -> Result<Self, HexError> {
        text.parse().map(Self)
    }
}

impl PublicKey {
    /// A key from its 32 bytes (RFC 8032, section 5.1.2).
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotCanonical)?;
        // Decompression reduces y modulo p and ignores the sign of x = 0; only one of those spellings has a key id.
        if key.to_edwards().compress().to_bytes() != *bytes {
            return Err(KeyError::NotCanonical);
        }
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self(key))
    }

    /// A key from its SPKI DER.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let bytes = der.strip_prefix(&SPKI_PREFIX).and_then(|key| key.try_into().ok());
        Self::from_bytes(bytes.ok_or(KeyError::Algorithm)?)
    }

    /// A key from an SPKI PEM file; text before the PEM block is skipped.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        check_size(pem)?;
        let (label, document) = Document::from_pem(pem).map_err(|e| pem_error(&e))?;
        if label != PUBLIC_LABEL {
            return Err(KeyError::Label { found: label.to_owned(), wanted: PUBLIC_LABEL });
        }
        Self::from_der(document.as_bytes())
    }

    /// The key as SPKI DER, 44 bytes.
    pub fn to_der(&self) -> Vec<u8> {
        [SPKI_PREFIX.as_slice(), self.0.as_bytes()].concat()
    }

    /// The key as SPKI PEM, as `openssl pkey -pubin` reads it.
    pub fn to_pem(&self) -> String {
        // 44 bytes are 60 characters of base64: one line.
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, self.to_der());
        format!("-----BEGIN {PUBLIC_LABEL}-----\n{body}\n-----END {PUBLIC_LABEL}-----\n")
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Its name.
    pub fn id(&self) -> KeyId {
        KeyId(Digest::of(&self.to_der()))
    }

    pub(super) fn dalek(&self) -> &VerifyingKey {
        &self.0
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl SecretKey {
    /// A new key.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0; 32]);
        random.fill(seed.as_mut()).map_err(|_| KeyError::Random)?;
        Ok(Self::from_seed(&seed))
    }

    /// The key of a seed (RFC 8032, section 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a PKCS#8 PEM file, version 1 or 2, encrypted or not; text before the PEM block is skipped.
    ///
    /// A passphrase that is not needed is ignored.
    pub fn from_pem(pem: &str, passphrase: Option<&Passphrase>) -> Result<Self, KeyError> {
        check_size(pem)?;
        let (label, document) = SecretDocument::from_pem(pem).map_err(|e| pem_error(&e))?;
        match label {
            PRIVATE_LABEL => {
                let info = PrivateKeyInfoRef::try_from(document.as_bytes())
                    .map_err(|e| KeyError::Damaged { reason: e.to_string() })?;
                Self::from_info(info)
            }
            ENCRYPTED_LABEL => {
                let plain = decrypt(document.as_bytes(), passphrase)?;
                // Padding looks right once in 256 wrong passphrases; what comes out then is not DER.
                let info =
                    PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| KeyError::WrongPassphrase)?;
                Self::from_info(info)
            }
            other => Err(KeyError::Label { found: other.to_owned(), wanted: PRIVATE_LABEL }),
        }
    }

    /// The key as unencrypted PKCS#8 version 1 PEM.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.v1()?.to_pem(PRIVATE_LABEL, LineEnding::LF).map_err(|e| pem_error(&e))
    }

    /// The key as PKCS#8 version 1 PEM under a passphrase: PBES2 with [`PBKDF2_ROUNDS`] rounds of
    /// PBKDF2-HMAC-SHA-256 and AES-256-CBC.
    pub fn to_encrypted_pem(
        &self,
        passphrase: &Passphrase,
        random: &dyn SecureRandom,
    ) -> Result<Zeroizing<String>, KeyError> {
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        random.fill(&mut salt).map_err(|_| KeyError::Random)?;
        random.fill(&mut iv).map_err(|_| KeyError::Random)?;
        let damaged = |reason: String| KeyError::Damaged { reason };
        let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(PBKDF2_ROUNDS, &salt, iv)
            .map_err(|e| damaged(e.to_string()))?;
        let plain = self.v1()?;
        let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|e| damaged(e.to_string()))?;
        let sealed = info
            .encrypt_with_params(parameters, passphrase.as_bytes())
            .map_err(|e| damaged(e.to_string()))?;
        sealed.to_pem(ENCRYPTED_LABEL, LineEnding::LF).map_err(|e| pem_error(&e))
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The key's name.
    pub fn id(&self) -> KeyId {
        self.public().id()
    }

    pub(super) fn dalek(&self) -> &SigningKey {
        &self.0
    }

    fn v1(&self) -> Result<SecretDocument, KeyError> {
        KeypairBytes { secret_key: self.0.to_bytes(), public_key: None }
            .to_pkcs8_der()
            .map_err(|e| KeyError::Damaged { reason: e.to_string() })
    }

    fn from_info(info: PrivateKeyInfoRef<'_>) -> Result<Self, KeyError> {
        if info.algorithm.oid != ed25519_dalek::pkcs8::ALGORITHM_OID {
            return Err(KeyError::Algorithm);
        }
        let pair = KeypairBytes::try_from(info).map_err(|e| KeyError::Damaged { reason: e.to_string() })?;
        let key = Self(SigningKey::from_bytes(&pair.secret_key));
        match pair.public_key {
            Some(public) if public.0 != *key.public().as_bytes() => Err(KeyError::Mismatch),
            _ => Ok(key),
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.id())
    }
}

impl Passphrase {
    /// A passphrase; not empty.
    pub fn new(text: String) -> Result<Self, KeyError> {
        let text = Zeroizing::new(text);
        if text.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(text)) }
    }

    /// Its UTF-8 bytes, as they go into the key derivation.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Whether a PEM file holds a private key that needs a passphrase; false for anything else.
pub fn needs_passphrase(pem: &str) -> bool {
    check_size(pem).is_ok() && SecretDocument::from_pem(pem).is_ok_and(|(label, _)| label == ENCRYPTED_LABEL)
}

fn decrypt(der: &[u8], passphrase: Option<&Passphrase>) -> Result<SecretDocument, KeyError> {
    let sealed =
        EncryptedPrivateKeyInfoRef::try_from(der).map_err(|e| KeyError::Damaged { reason: e.to_string() })?;
    check_cost(&sealed.encryption_algorithm)?;
    let passphrase = passphrase.ok_or(KeyError::PassphraseNeeded)?;
    sealed.decrypt(passphrase.as_bytes()).map_err(|e| match e {
        pkcs8::Error::EncryptedPrivateKey(
            e @ (pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }
            | pkcs8::pkcs5::Error::AlgorithmParametersInvalid { .. }),
        ) => KeyError::Encryption { reason: e.to_string() },
        _ => KeyError::WrongPassphrase,
    })
}

/// Refuses work that only a file made to stall its reader asks for.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), KeyError> {
    let parameters = scheme
        .pbes2()
        .ok_or_else(|| KeyError::Encryption { reason: "PBES1 is too weak to be read".to_owned() })?;
    let (what, asked, max) = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => ("PBKDF2 rounds", u64::from(kdf.iteration_count), u64::from(PBKDF2_ROUNDS_MAX)),
        Kdf::Scrypt(kdf) => {
            let bytes = kdf
                .cost_parameter
                .saturating_mul(u64::from(kdf.block_size))
                .saturating_mul(u64::from(kdf.parallelization))
                .saturating_mul(128);
            ("scrypt bytes", bytes, SCRYPT_BYTES_MAX)
        }
        _ => return Err(KeyError::Encryption { reason: "unknown key derivation".to_owned() }),
    };
    if asked > max { Err(KeyError::Cost { what, asked, max }) } else { Ok(()) }
}

fn check_size(pem: &str) -> Result<(), KeyError> {
    if pem.len() > PEM_BYTES_MAX { Err(KeyError::TooLarge { bytes: pem.len() }) } else { Ok(()) }
}

fn pem_error(error: &pkcs8::der::Error) -> KeyError {
    let reason = error.to_string();
    match error.kind() {
        pkcs8::der::ErrorKind::Pem(_) => KeyError::Pem { reason },
        _ => KeyError::Damaged { reason },
    }
}
