//! Signed envelopes: DSSE 1.0.2 (Dead Simple Signing Envelope).
//!
//! A signature covers the payload *and* its type, each with its length before it, so that bytes signed as one kind of
//! statement can never be passed off as another.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::{Deserialize, Serialize};

use super::denied::TestKeys;
use super::json::{self, JsonError};
use super::key::{KeyId, PublicKey};
use super::sign::{self, SignatureError, Signer, Verified};

/// The payload type of in-toto statements.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// The most signatures of one envelope.
pub const SIGNATURES_MAX: usize = 16;

/// A payload, its type and its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// How the payload is to be read; signed.
    pub payload_type: String,
    /// The signed bytes.
    pub payload: Vec<u8>,
    /// At least one, at most [`SIGNATURES_MAX`].
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeSignature {
    /// Which key to try; a hint that is not signed and decides nothing.
    pub key_id: Option<String>,
    /// The signature's bytes, of whatever length.
    pub signature: Vec<u8>,
}

/// Why an envelope is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DsseError {
    /// Not strict JSON, or fields are missing.
    #[error("not a signed envelope: {0}")]
    Json(#[from] JsonError),
    /// A field is not base64 (RFC 4648, standard or URL-safe, padded).
    #[error("the envelope's {field} is not base64")]
    Base64 {
        /// "payload" or "sig".
        field: &'static str,
    },
    /// No signature, or more than [`SIGNATURES_MAX`].
    #[error("the envelope has {count} signatures instead of 1 to {max}", max = SIGNATURES_MAX)]
    Count {
        /// How many.
        count: usize,
    },
    /// No signature claims to be by this key.
    #[error("the envelope is signed by {found}, not by {expected}",
        found = names(found, digits(expected, found)),
        expected = &expected.to_string()[..digits(expected, found)])]
    WrongKey {
        /// The key it was checked against.
        expected: KeyId,
        /// The key ids it names.
        found: Vec<String>,
    },
    /// A signature by this key does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// The envelope as JSON; the order of fields is that of the one form in which it is written.
#[derive(Serialize, Deserialize)]
struct Wire {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<WireSignature>,
}

#[derive(Serialize, Deserialize)]
struct WireSignature {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// The bytes a DSSE signature covers: `DSSEv1`, then length and text of the type and of the payload, each after one
/// space; lengths are decimal and count bytes.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    /// Signs a payload.
    pub fn sign(payload_type: &str, payload: Vec<u8>, signer: &Signer) -> Result<Self, SignatureError> {
        let signature = signer.sign(&pae(payload_type, &payload))?;
        let signature = EnvelopeSignature {
            key_id: Some(signer.id().to_string()),
            signature: signature.as_bytes().to_vec(),
        };
        Ok(Self { payload_type: payload_type.to_owned(), payload, signatures: vec![signature] })
    }

    /// Reads an envelope; fields it does not know are ignored, as the specification demands.
    pub fn parse(bytes: &[u8]) -> Result<Self, DsseError> {
        let wire: Wire = json::read(bytes)?;
        let count = wire.signatures.len();
        if count == 0 || count > SIGNATURES_MAX {
            return Err(DsseError::Count { count });
        }
        let signatures = wire
            .signatures
            .into_iter()
            .map(|one| Ok(EnvelopeSignature { key_id: one.keyid, signature: from_base64(&one.sig, "sig")? }))
            .collect::<Result<_, DsseError>>()?;
        let payload = from_base64(&wire.payload, "payload")?;
        Ok(Self { payload_type: wire.payload_type, payload, signatures })
    }

    /// The envelope in its one written form: a line of JSON with its line end, fit for JSON Lines.
    pub fn to_line(&self) -> Result<Vec<u8>, JsonError> {
        let wire = Wire {
            payload: STANDARD.encode(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: self
                .signatures
                .iter()
                .map(|one| WireSignature { keyid: one.key_id.clone(), sig: STANDARD.encode(&one.signature) })
                .collect(),
        };
        let mut line = json::write(&wire)?;
        line.push(b'\n');
        Ok(line)
    }

    /// Accepts the payload if every signature that may be this key's verifies, and there is one.
    ///
    /// A signature without a key id may be anybody's; it counts when it verifies and is passed over otherwise.
    pub fn verify(self, key: &PublicKey, test_keys: TestKeys) -> Result<Verified<Self>, DsseError> {
        let id = key.id();
        let name = id.to_string();
        let message = pae(&self.payload_type, &self.payload);
        let mut accepted = None;
        let mut failure = None;
        for one in &self.signatures {
            if one.key_id.as_ref().is_some_and(|claimed| *claimed != name) {
                continue;
            }
            match sign::vouch(key, test_keys, &message, &one.signature, ()) {
                Ok(proof) => accepted = Some(proof),
                Err(error) if one.key_id.is_some() => return Err(error.into()),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(proof) = accepted {
            return proof.try_map(|()| Ok(self));
        }
        Err(match failure {
            Some(error) => error.into(),
            None => DsseError::WrongKey {
                expected: id,
                found: self.signatures.into_iter().filter_map(|one| one.key_id).collect(),
            },
        })
    }
}

/// Both alphabets are read, because the specification lets signers choose; each only in its canonical form.
fn from_base64(text: &str, field: &'static str) -> Result<Vec<u8>, DsseError> {
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).map_err(|_| DsseError::Base64 { field })
}

/// Key ids come from the file, so they are cut to what a fingerprint's head looks like and escaped.
/// How many digits of a key id tell the expected key from the ones found: 16, or all of them where 16 do not.
fn digits(expected: &KeyId, found: &[String]) -> usize {
    if found.iter().any(|id| id.starts_with(&expected.short())) { 64 } else { 16 }
}

fn names(found: &[String], digits: usize) -> String {
    let mut names = String::new();
    for (index, id) in found.iter().enumerate() {
        if index > 0 {
            names.push_str(", ");
        }
        names.extend(id.chars().take(digits).flat_map(char::escape_default));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::{PublicKey, SecretKey};

    fn signer(role: &str) -> Signer {
        let seed = crate::trust::Digest::of(format!("dyetrace TEST KEY, NEVER USE: {role}").as_bytes());
        Signer::new(SecretKey::from_seed(seed.as_bytes()), TestKeys::Allowed).unwrap()
    }

    /// protocol.md, "Test Vectors".
    #[test]
    fn the_encoding_is_the_specifications() {
        let pae = pae("http://example.com/HelloWorld", b"hello world");
        assert_eq!(pae, b"DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    /// Lengths count bytes, and an empty payload leaves the last space in place.
    #[test]
    fn lengths_count_bytes() {
        assert_eq!(pae("ä", "ö".as_bytes()), "DSSEv1 2 ä 2 ö".as_bytes());
        assert_eq!(pae("t", b""), b"DSSEv1 1 t 0 ");
    }

    #[test]
    fn an_envelope_reads_back_and_its_type_is_signed() {
        let signer = signer("issuer");
        let envelope = Envelope::sign("text/x", b"payload\xff".to_vec(), &signer).unwrap();
        let line = envelope.to_line().unwrap();
        let read = Envelope::parse(&line).unwrap();
        assert_eq!(read, envelope);
        let verified = read.verify(signer.public(), TestKeys::Allowed).unwrap();
        assert_eq!(verified.get().payload, b"payload\xff");
        assert_eq!(verified.signer(), signer.id());

        let mut other_type = envelope.clone();
        other_type.payload_type = "text/y".to_owned();
        assert!(matches!(
            other_type.verify(signer.public(), TestKeys::Allowed),
            Err(DsseError::Signature(SignatureError::Refused { .. }))
        ));
        assert!(matches!(
            envelope.verify(signer.public(), TestKeys::Refused),
            Err(DsseError::Signature(SignatureError::TestKey(_)))
        ));
    }

    /// The key id is a hint: a false one must not lend a signature to a key, and a missing one must not hide it.
    #[test]
    fn key_ids_are_hints() {
        let (one, two) = (signer("issuer"), signer("second-issuer"));
        let mut envelope = Envelope::sign("t", b"p".to_vec(), &one).unwrap();
        assert!(matches!(
            envelope.clone().verify(two.public(), TestKeys::Allowed),
            Err(DsseError::WrongKey { .. })
        ));
        envelope.signatures[0].key_id = Some(two.id().to_string());
        assert!(matches!(
            envelope.clone().verify(two.public(), TestKeys::Allowed),
            Err(DsseError::Signature(SignatureError::Refused { .. }))
        ));
        envelope.signatures[0].key_id = None;
        assert!(envelope.clone().verify(one.public(), TestKeys::Allowed).is_ok());
        assert!(envelope.clone().verify(two.public(), TestKeys::Allowed).is_err());
        // One good signature does not excuse another that claims the same key and fails.
        envelope
            .signatures
            .push(EnvelopeSignature { key_id: Some(one.id().to_string()), signature: vec![0; 64] });
        assert!(envelope.verify(one.public(), TestKeys::Allowed).is_err());
    }

    /// Ed25519 vectors of the DSSE repository, testvectors/vectors.json: "single-signature", "url-safe-base64",
    /// "non-ascii-payload-type" and "payload-type-swapped"; the key is that of RFC 8032, TEST 1.
    #[test]
    fn the_specifications_ed25519_vectors_verify() {
        let key = PublicKey::from_bytes(
            &crate::trust::digest::from_hex(
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            )
            .unwrap(),
        )
        .unwrap();
        let statement = "eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEifQ==";
        let single =
            "2WAfaHm5jluo0w+0rk8uVkluELJYWjSmU9x7EUzx+AyteDGJ4/nqyJXfmAUVFIAoQafWm7AxBZNw5M9ixNHiCA==";
        for (payload, payload_type, sig, accept) in [
            (statement, IN_TOTO, single, true),
            (
                "-_-_Pj8=",
                IN_TOTO,
                "P-_KHICeR7tI6S_YyejJTRtrXhcQyQ2LYPaL8h90KjC9qN8HU_svOQ6TuDOT1HIrsGW886DbWNWcCmX5twLrAw==",
                true,
            ),
            (
                statement,
                "application/vnd.exämple+json",
                "xmSk/ug66ysT7ayhkCIjhAq42zgZXSsEWuzUaNL7w2eGAdF/NU6/fRXPtmfN+5DNSAs5/i2lUnHjbbjPsu0tAw==",
                true,
            ),
            (statement, "application/vnd.example.other+json", single, false),
        ] {
            let text = format!(
                r#"{{"payload": "{payload}", "payloadType": "{payload_type}", "signatures": [{{"sig": "{sig}"}}]}}"#
            );
            let envelope = Envelope::parse(text.as_bytes()).unwrap();
            assert_eq!(envelope.verify(&key, TestKeys::Allowed).is_ok(), accept, "{text}");
        }
    }

    #[test]
    fn damaged_envelopes_are_refused_with_the_reason() {
        let error = |text: &str| Envelope::parse(text.as_bytes()).unwrap_err();
        assert_eq!(
            error(r#"{"payload":"","payloadType":"t","signatures":[]}"#),
            DsseError::Count { count: 0 }
        );
        assert_eq!(
            error(r#"{"payload":"*","payloadType":"t","signatures":[{"sig":""}]}"#),
            DsseError::Base64 { field: "payload" }
        );
        // Bits after the last byte must be zero, or one payload had several spellings.
        assert_eq!(
            error(r#"{"payload":"aGVsbG8gd29ybGR=","payloadType":"t","signatures":[{"sig":""}]}"#),
            DsseError::Base64 { field: "payload" }
        );
        let twice = r#"{"payload":"","payload":"aA==","payloadType":"t","signatures":[{"sig":""}]}"#;
        assert!(error(twice).to_string().contains("occurs twice"));
        let many = format!(
            r#"{{"payload":"","payloadType":"t","signatures":[{}]}}"#,
            [r#"{"sig":""}"#; SIGNATURES_MAX + 1].join(",")
        );
        assert_eq!(error(&many), DsseError::Count { count: SIGNATURES_MAX + 1 });
    }
}
