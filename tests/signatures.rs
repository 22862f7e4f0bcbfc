//! Signatures against public vectors, against `openssl`, and against forgers.

use std::path::{Path, PathBuf};
use std::process::Command;

use dyetrace::trust::digest::{from_hex, to_hex};
use dyetrace::trust::dsse::Envelope;
use dyetrace::trust::key::needs_passphrase;
use dyetrace::trust::record::{Issue, IssuedCodebook, IssuedItem, IssuedTo};
use dyetrace::trust::sign::{RefusedBy, SignatureError, verify};
use dyetrace::trust::{
    Digest, IssueStatement, KeyError, Passphrase, Policy, PublicKey, SecretKey, Signer, Terms, TestKeys,
    denied, issue_record, verify_issue,
};
use proptest::prelude::*;
use ring::rand::SystemRandom;
use serde_json::Value;

const ROLES: [&str; 5] = ["issuer", "second-issuer", "recipient", "witness", "demo"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn seed(role: &str) -> [u8; 32] {
    *Digest::of(format!("dyetrace TEST KEY, NEVER USE: {role}").as_bytes()).as_bytes()
}

fn key(role: &str) -> SecretKey {
    SecretKey::from_pem(&read(&format!("keys/{role}.test.key.pem")), None).unwrap()
}

fn signer(role: &str) -> Signer {
    Signer::new(key(role), TestKeys::Allowed).unwrap()
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

// --- public vectors

/// RFC 8032, section 7.1.
#[test]
fn rfc_8032_vectors_are_signed_and_verified() {
    let abc = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
               2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
    for (name, seed, public, message, signature) in [
        (
            "TEST 1",
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "TEST 2",
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "TEST 3",
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
        (
            "TEST SHA(abc)",
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            abc,
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
             09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
        ),
    ] {
        let signer = Signer::new(SecretKey::from_seed(&from_hex(seed).unwrap()), TestKeys::Allowed).unwrap();
        let message = hex(message);
        assert_eq!(to_hex(signer.public().as_bytes()), public, "{name}");
        assert_eq!(to_hex(signer.sign(&message).unwrap().as_bytes()), signature, "{name}");
        verify(signer.public(), &message, &hex(signature)).unwrap();
        assert!(denied(&signer.id()).is_some_and(|published| published.contains(name)), "{name}");
    }
}

#[test]
fn wycheproof_vectors_are_judged_as_they_should_be() {
    let vectors: Value = serde_json::from_str(&read("fixtures/ed25519/wycheproof.json")).unwrap();
    let mut count = 0;
    for group in vectors["testGroups"].as_array().unwrap() {
        let public = hex(group["publicKey"]["pk"].as_str().unwrap());
        let public = PublicKey::from_bytes(&public.try_into().unwrap());
        if let (Ok(public), Some(pem)) = (&public, group["publicKeyPem"].as_str()) {
            assert_eq!(PublicKey::from_pem(pem).as_ref(), Ok(public));
            assert_eq!(public.to_pem(), pem);
        }
        for test in group["tests"].as_array().unwrap() {
            let (message, signature) =
                (hex(test["msg"].as_str().unwrap()), hex(test["sig"].as_str().unwrap()));
            let accepted = public.as_ref().is_ok_and(|key| verify(key, &message, &signature).is_ok());
            assert_eq!(accepted, test["result"] == "valid", "tcId {}", test["tcId"]);
            count += 1;
        }
    }
    assert_eq!(count, 151);
}

/// On small-order, mixed-order and non-canonical points verifiers in the field disagree; only signatures that every
/// one of them accepts may count. Of 914, 43 do.
#[test]
fn cctv_vectors_leave_no_room_for_disagreement() {
    let vectors: Vec<Value> = serde_json::from_str(&read("fixtures/ed25519/cctv.json")).unwrap();
    assert_eq!(vectors.len(), 914);
    let mut accepted = 0;
    for vector in &vectors {
        let public = PublicKey::from_bytes(&from_hex(vector["key"].as_str().unwrap()).unwrap());
        let message = vector["msg"].as_str().unwrap().as_bytes();
        let signature = hex(vector["sig"].as_str().unwrap());
        if public.as_ref().is_ok_and(|key| verify(key, message, &signature).is_ok()) {
            accepted += 1;
            for flag in vector["flags"].as_array().into_iter().flatten() {
                let flag = flag.as_str().unwrap();
                assert!(
                    matches!(flag, "low_order_component_A" | "low_order_component_R"),
                    "vector {} has {flag}",
                    vector["number"]
                );
            }
        }
    }
    assert_eq!(accepted, 43);
}

/// S + L is the same scalar; a verifier that accepts it lets anybody make a second signature. It also trips if a
/// dependency switches on dalek's `legacy_compatibility`.
#[test]
fn a_signature_has_one_spelling() {
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let signer = signer("issuer");
    let mut signature = *signer.sign(b"message").unwrap().as_bytes();
    let mut carry = 0_u16;
    for (byte, add) in signature[32..].iter_mut().zip(L) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = (carry & 0xff) as u8;
        carry >>= 8;
    }
    assert_eq!(
        verify(signer.public(), b"message", &signature),
        Err(SignatureError::Refused { by: RefusedBy::Both })
    );
    for bytes in [0, 63, 65] {
        assert_eq!(
            verify(signer.public(), b"message", &vec![0; bytes]),
            Err(SignatureError::Length { bytes })
        );
    }
}

/// Under a key of order 1 and R = S = 0, the "signature" fits every message for `ring` alone.
#[test]
fn weak_and_non_canonical_keys_are_refused() {
    let mut order_one = [0; 32];
    order_one[0] = 1;
    assert_eq!(PublicKey::from_bytes(&order_one), Err(KeyError::Weak));
    assert_eq!(PublicKey::from_bytes(&[0; 32]), Err(KeyError::Weak));
    for text in [
        // y = p, which reads as 0; y = p + 1; x = 0 with its sign set; no point at all.
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ] {
        assert_eq!(PublicKey::from_bytes(&from_hex(text).unwrap()), Err(KeyError::NotCanonical), "{text}");
    }
}

// --- keys at rest

#[test]
fn published_keys_are_what_their_sentence_says_and_denied() {
    for role in ROLES {
        let text = read(&format!("keys/{role}.test.key.pem"));
        assert!(text.starts_with("TEST KEY, NEVER USE\n"), "{role}");
        let key = SecretKey::from_pem(&text, None).unwrap();
        assert_eq!(key.id(), SecretKey::from_seed(&seed(role)).id(), "{role}");
        assert_eq!(PublicKey::from_pem(&read(&format!("keys/{role}.test.pub.pem"))), Ok(key.public()));
        assert_eq!(text, format!("TEST KEY, NEVER USE\n{}", key.to_pem().unwrap().as_str()));
        assert_eq!(denied(&key.id()), Some(format!("keys/{role}.test.key.pem").as_str()));
        assert!(Signer::new(key, TestKeys::Refused).is_err(), "{role}");
    }
    assert_eq!(denied(&SecretKey::from_seed(&[3; 32]).id()), None);
    assert!(Signer::new(SecretKey::from_seed(&[3; 32]), TestKeys::Refused).is_ok());
}

#[test]
fn keys_are_made_from_the_random_generator() {
    let random = SystemRandom::new();
    let (one, two) = (SecretKey::generate(&random).unwrap(), SecretKey::generate(&random).unwrap());
    assert_ne!(one.id(), two.id());
    let pem = one.to_pem().unwrap();
    assert_eq!(SecretKey::from_pem(&pem, None).unwrap().id(), one.id());
    // Version 1: 48 bytes of DER, the public key not inside.
    assert_eq!(pem.lines().nth(1).unwrap().len(), 64);
    assert_eq!(pem.lines().count(), 3);
    assert!(!format!("{one:?}").contains(&to_hex(&seed("issuer"))));
}

#[test]
fn a_passphrase_opens_its_key_and_no_other_does() {
    let text = read("keys/issuer.test.encrypted.key.pem");
    assert!(needs_passphrase(&text));
    assert!(!needs_passphrase(&read("keys/issuer.test.key.pem")));
    assert!(!needs_passphrase("nonsense"));
    let right = passphrase("never use this passphrase");
    assert_eq!(SecretKey::from_pem(&text, Some(&right)).unwrap().id(), key("issuer").id());
    assert_eq!(SecretKey::from_pem(&text, None).unwrap_err(), KeyError::PassphraseNeeded);
    assert_eq!(
        SecretKey::from_pem(&text, Some(&passphrase("never use this Passphrase"))).unwrap_err(),
        KeyError::WrongPassphrase
    );
    assert_eq!(Passphrase::new(String::new()).unwrap_err(), KeyError::EmptyPassphrase);
    assert_eq!(format!("{right:?}"), "Passphrase(..)");

    let sealed = key("issuer").to_encrypted_pem(&right, &SystemRandom::new()).unwrap();
    assert_eq!(SecretKey::from_pem(&sealed, Some(&right)).unwrap().id(), key("issuer").id());
}

#[test]
fn a_key_file_cannot_ask_for_absurd_work() {
    // Rounds are the INTEGER 02 03 09 27 C0 (600,000); ask for 16,777,215 instead.
    let sealed = read("keys/issuer.test.encrypted.key.pem");
    let der = pem_der(&sealed);
    let at = der.windows(5).position(|w| w == [2, 3, 9, 0x27, 0xc0]).unwrap();
    let mut greedy = der;
    greedy[at + 2..at + 5].copy_from_slice(&[0x7f, 0xff, 0xff]);
    let text = pem("ENCRYPTED PRIVATE KEY", &greedy);
    assert_eq!(
        SecretKey::from_pem(&text, Some(&passphrase("x"))).unwrap_err(),
        KeyError::Cost { what: "PBKDF2 rounds", asked: 0x7f_ffff, max: 10_000_000 }
            .clone_if(0x7f_ffff > 10_000_000)
    );
}

/// Keeps the expectation above honest if the limit is ever raised.
trait CloneIf: Sized {
    fn clone_if(self, condition: bool) -> Self;
}

impl CloneIf for KeyError {
    fn clone_if(self, condition: bool) -> Self {
        if condition { self } else { Self::WrongPassphrase }
    }
}
