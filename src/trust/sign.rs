//! Ed25519 signatures (RFC 8032): made by one implementation, believed only when two agree.
//!
//! `ed25519-dalek`'s `verify_strict` refuses keys and nonces of small order, under which a dishonest signer could let
//! one signature fit many messages; `ring` is an independent implementation. Batch verification is never used: it
//! accepts signatures that single verification refuses.

use std::fmt;

use ed25519_dalek::Signer as _;
use ring::signature::{ED25519, UnparsedPublicKey};

use super::denied::{TestKeyError, TestKeys};
use super::key::{KeyId, PublicKey, SecretKey};

/// The length of a signature, in bytes.
pub const SIGNATURE_BYTES: usize = 64;

/// A detached signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; SIGNATURE_BYTES]);

/// A private key that may sign.
#[derive(Debug)]
pub struct Signer {
    key: SecretKey,
    public: PublicKey,
    id: KeyId,
}

/// A value whose signature was checked; only this module makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    value: T,
    signer: KeyId,
}

/// Which verifier refused a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedBy {
    /// `ed25519-dalek`'s `verify_strict` alone.
    Strict,
    /// `ring` alone.
    Ring,
    /// Both.
    Both,
}

/// Why a signature is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// Not [`SIGNATURE_BYTES`] long.
    #[error("the signature has {bytes} bytes instead of 64")]
    Length {
        /// Its length.
        bytes: usize,
    },
    /// At least one verifier refused it.
    #[error("the signature is refused by {by}")]
    Refused {
        /// Which.
        by: RefusedBy,
    },
    /// The key is published and denied.
    #[error(transparent)]
    TestKey(#[from] TestKeyError),
}

impl Signature {
    /// The 64 bytes R ‖ S.
    pub fn as_bytes(&self) -> &[u8; SIGNATURE_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", super::digest::to_hex(&self.0))
    }
}

impl fmt::Display for RefusedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Strict => "verify_strict",
            Self::Ring => "ring",
            Self::Both => "both verifiers",
        })
    }
}

impl Signer {
    /// Lets a key sign, unless it is a published one and those are refused.
    pub fn new(key: SecretKey, test_keys: TestKeys) -> Result<Self, TestKeyError> {
        let public = key.public();
        let id = public.id();
        test_keys.check(&id)?;
        Ok(Self { key, public, id })
    }

    /// The public half of the key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The key's name.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Signs a message and checks the result, so that a computing fault never leaves the process as a signature,
    /// which could give the key away.
    ///
    /// One key signs messages of several kinds; each kind must begin with a prefix of its own (`"DSSEv1 "`, a
    /// checkpoint's origin line, …), so that none can be taken for another.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignatureError> {
        let signature = Signature(self.key.dalek().sign(message).to_bytes());
        verify(&self.public, message, signature.as_bytes())?;
        Ok(signature)
    }
}

impl<T> Verified<T> {
    /// What was signed.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// What was signed, without the proof that it was.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The key that signed it.
    pub fn signer(&self) -> KeyId {
        self.signer
    }

    /// Reads what was signed as something more definite; kept inside `trust`, so that nobody else can put a value
    /// of their own in.
    pub(super) fn try_map<U, E>(self, read: impl FnOnce(T) -> Result<U, E>) -> Result<Verified<U>, E> {
        Ok(Verified { value: read(self.value)?, signer: self.signer })
    }
}

/// Accepts a signature only if `verify_strict` and `ring` both do.
///
/// Both always run, so that the error names every refusal.
pub fn verify(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), SignatureError> {
    let bytes: &[u8; SIGNATURE_BYTES] =
        signature.try_into().map_err(|_| SignatureError::Length { bytes: signature.len() })?;
    let dalek = key.dalek().verify_strict(message, &ed25519_dalek::Signature::from_bytes(bytes)).is_ok();
    let ring = UnparsedPublicKey::new(&ED25519, key.as_bytes()).verify(message, signature).is_ok();
    let by = match (dalek, ring) {
        (true, true) => return Ok(()),
        (false, true) => RefusedBy::Strict,
        (true, false) => RefusedBy::Ring,
        (false, false) => RefusedBy::Both,
    };
    Err(SignatureError::Refused { by })
}

/// As [`verify`], refusing published keys as told, and vouching for `value`, which the caller read from `message`.
pub(super) fn vouch<T>(
    key: &PublicKey,
    test_keys: TestKeys,
    message: &[u8],
    signature: &[u8],
    value: T,
) -> Result<Verified<T>, SignatureError> {
    let signer = key.id();
    test_keys.check(&signer)?;
    verify(key, message, signature)?;
    Ok(Verified { value, signer })
}
