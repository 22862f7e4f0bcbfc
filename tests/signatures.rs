//! Signatures against public vectors, against `openssl`, and against forgers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says aloud what it skips"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use dyetrace::trust::digest::{from_hex, to_hex};
use dyetrace::trust::dsse::{Envelope, pae};
use dyetrace::trust::key::needs_passphrase;
use dyetrace::trust::record::{Issue, IssuedCodebook, IssuedItem, IssuedTo};
use dyetrace::trust::sign::{RefusedBy, SignatureError, verify};
use dyetrace::trust::{
    Digest, IssueStatement, KeyError, Passphrase, Policy, PublicKey, SecretKey, Signer, Terms, TestKeys,
    VerifyError, denied, issue_record, verify_issue,
};
use pkcs8::pkcs5::pbes2;
use proptest::prelude::*;
use ring::rand::SystemRandom;
use serde_json::Value;

const ROLES: [&str; 5] = ["issuer", "second-issuer", "recipient", "witness", "demo"];
const RECORD: &str = "fixtures/ed25519/record/brief.agency-q.txt.intoto.jsonl";
const COPY: &str = "fixtures/ed25519/record/brief.agency-q.txt";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(path(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
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

fn allowed() -> Policy {
    Policy { test_keys: TestKeys::Allowed }
}

// Public vectors.

#[test]
fn rfc_8032_vectors_are_signed_and_verified() {
    let vectors: Vec<Value> = serde_json::from_str(&read("fixtures/ed25519/rfc8032.json")).unwrap();
    assert_eq!(vectors.len(), 5);
    for vector in &vectors {
        let field = |name: &str| vector[name].as_str().unwrap();
        let seed = from_hex(field("seed")).unwrap();
        let signer = Signer::new(SecretKey::from_seed(&seed), TestKeys::Allowed).unwrap();
        let message = hex(field("message"));
        assert_eq!(to_hex(signer.public().as_bytes()), field("public"));
        assert_eq!(to_hex(signer.sign(&message).unwrap().as_bytes()), field("signature"));
        verify(signer.public(), &message, &hex(field("signature"))).unwrap();
        // Everybody knows these secrets.
        let published = denied(&signer.id()).unwrap();
        assert_eq!(published, format!("RFC 8032, {}", field("name")));
    }
}

#[test]
fn wycheproof_vectors_are_judged_as_they_should_be() {
    let vectors: Value = serde_json::from_str(&read("fixtures/ed25519/wycheproof.json")).unwrap();
    let mut count = 0;
    for group in vectors["testGroups"].as_array().unwrap() {
        let bytes = hex(group["publicKey"]["pk"].as_str().unwrap());
        let public = PublicKey::from_bytes(&bytes.try_into().unwrap());
        if let (Ok(public), Some(pem)) = (&public, group["publicKeyPem"].as_str()) {
            assert_eq!(PublicKey::from_pem(pem).as_ref(), Ok(public));
            assert_eq!(public.to_pem(), pem);
        }
        for test in group["tests"].as_array().unwrap() {
            let message = hex(test["msg"].as_str().unwrap());
            let signature = hex(test["sig"].as_str().unwrap());
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
                let harmless = matches!(flag, "low_order_component_A" | "low_order_component_R");
                assert!(harmless, "vector {} has {flag}", vector["number"]);
            }
        }
    }
    assert_eq!(accepted, 43);
}

/// S + L is the same scalar; a verifier that accepts it lets anybody make a second signature of a signed message.
/// It also trips if a dependency switches on dalek's `legacy_compatibility`.
#[test]
fn a_signature_has_one_spelling() {
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let signer = signer("issuer");
    let mut signature = *signer.sign(b"message").unwrap().as_bytes();
    let mut carry = 0_u16;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry.to_le_bytes()[0];
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

#[test]
fn weak_and_non_canonical_keys_are_refused() {
    for text in [
        // Orders 1, 2, 4 and 8.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    ] {
        assert_eq!(PublicKey::from_bytes(&from_hex(text).unwrap()), Err(KeyError::Weak), "{text}");
    }
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

// Keys at rest.

#[test]
fn published_keys_are_what_their_sentence_says_and_denied() {
    for role in ROLES {
        let text = read(&format!("keys/{role}.test.key.pem"));
        let key = SecretKey::from_pem(&text, None).unwrap();
        assert_eq!(key.id(), SecretKey::from_seed(&seed(role)).id(), "{role}");
        let public = PublicKey::from_pem(&read(&format!("keys/{role}.test.pub.pem")));
        assert_eq!(public, Ok(key.public()));
        assert_eq!(text, format!("TEST KEY, NEVER USE\n{}", key.to_pem().unwrap().as_str()));
        assert_eq!(denied(&key.id()), Some(format!("keys/{role}.test.key.pem").as_str()));
        assert!(Signer::new(key, TestKeys::Refused).is_err(), "{role}");
    }
    let real = SecretKey::from_seed(&[3; 32]);
    assert_eq!(denied(&real.id()), None);
    assert!(Signer::new(real, TestKeys::Refused).is_ok());
}

#[test]
fn a_new_key_is_random_and_written_as_version_1() {
    let random = SystemRandom::new();
    let (one, two) = (SecretKey::generate(&random).unwrap(), SecretKey::generate(&random).unwrap());
    assert_ne!(one.id(), two.id());
    let pem = one.to_pem().unwrap();
    assert_eq!(SecretKey::from_pem(&pem, None).unwrap().id(), one.id());
    // 48 bytes of DER are 64 characters: one line, and no room for the public key.
    assert_eq!(pem.lines().map(str::len).collect::<Vec<_>>(), [27, 64, 25]);
    assert_eq!(format!("{one:?}"), format!("SecretKey({})", one.id()));
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
    let wrong = passphrase("never use this Passphrase");
    assert_eq!(SecretKey::from_pem(&text, Some(&wrong)).unwrap_err(), KeyError::WrongPassphrase);
    assert_eq!(Passphrase::new(String::new()).unwrap_err(), KeyError::EmptyPassphrase);
    assert_eq!(format!("{right:?}"), "Passphrase(..)");

    let sealed = key("issuer").to_encrypted_pem(&right, &SystemRandom::new()).unwrap();
    assert_eq!(SecretKey::from_pem(&sealed, Some(&right)).unwrap().id(), key("issuer").id());
    let again = key("issuer").to_encrypted_pem(&right, &SystemRandom::new()).unwrap();
    assert_ne!(sealed, again, "salt and IV are drawn anew");
}

#[test]
fn a_key_file_cannot_ask_for_absurd_work() {
    let ask = |parameters: pbes2::Parameters| {
        let info = pkcs8::EncryptedPrivateKeyInfoRef {
            encryption_algorithm: parameters.into(),
            encrypted_data: pkcs8::der::asn1::OctetStringRef::new(&[0; 64]).unwrap(),
        };
        let pem = pkcs8::SecretDocument::encode_msg(&info)
            .and_then(|der| der.to_pem("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF))
            .unwrap();
        SecretKey::from_pem(&pem, Some(&passphrase("x"))).unwrap_err()
    };
    let rounds =
        |rounds| pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(rounds, &[0; 16], [0; 16]).unwrap();
    assert_eq!(
        ask(rounds(10_000_001)),
        KeyError::Cost { what: "PBKDF2 rounds", asked: 10_000_001, max: 10_000_000 }
    );
    assert_eq!(ask(rounds(1)), KeyError::WrongPassphrase);
}

#[test]
fn what_is_no_key_is_called_what_it_is() {
    let secret = |text: &str| SecretKey::from_pem(text, None).unwrap_err();
    let body = "MC4CAQAwBQYDK2VwBCIEICbk6Gx9+Hi59y9xSw2uPsrRuMaB05u+i50Yh1Owf7LI";
    let block = |label: &str, body: &str| format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n");
    assert!(SecretKey::from_pem(&block("PRIVATE KEY", body), None).is_ok());
    assert!(SecretKey::from_pem(&block("PRIVATE KEY", body).replace('\n', "\r\n"), None).is_ok());
    assert!(matches!(secret(""), KeyError::Pem { .. }));
    assert!(matches!(secret(&"x".repeat(20_000)), KeyError::TooLarge { bytes: 20_000 }));
    assert!(matches!(
        secret(&read("keys/issuer.test.pub.pem")),
        KeyError::Label { found, .. } if found == "PUBLIC KEY"
    ));
    assert!(matches!(secret(&block("OPENSSH PRIVATE KEY", body)), KeyError::Label { .. }));
    // One byte short; the wrong algorithm (X25519, 1.3.101.110); bytes after the key.
    assert!(matches!(secret(&block("PRIVATE KEY", &body[..60])), KeyError::Damaged { .. }));
    assert_eq!(secret(&block("PRIVATE KEY", &body.replace("K2Vw", "K2Vu"))), KeyError::Algorithm);
    assert!(matches!(secret(&block("PRIVATE KEY", &format!("{body}\nAAAA"))), KeyError::Damaged { .. }));
    assert!(matches!(secret(&block("ENCRYPTED PRIVATE KEY", body)), KeyError::Damaged { .. }));
    assert!(matches!(PublicKey::from_pem(&read("keys/issuer.test.key.pem")), Err(KeyError::Label { .. })));
}

/// Version 2 carries the public key as well; it must be the right one.
#[test]
fn version_2_keys_are_read_and_checked() {
    let (issuer, second) = (key("issuer"), key("second-issuer"));
    let v2 = |public: &PublicKey| {
        let der = [
            hex("3051020101300506032b657004220420").as_slice(),
            &seed("issuer"),
            &hex("812100"),
            public.as_bytes(),
        ]
        .concat();
        pkcs8::SecretDocument::try_from(der).unwrap().to_pem("PRIVATE KEY", pkcs8::LineEnding::LF).unwrap()
    };
    assert_eq!(SecretKey::from_pem(&v2(&issuer.public()), None).unwrap().id(), issuer.id());
    assert_eq!(SecretKey::from_pem(&v2(&second.public()), None).unwrap_err(), KeyError::Mismatch);
}

// Records and forgeries.

fn statement() -> IssueStatement {
    let item = "00112233445566778899aabbccddeeff";
    IssueStatement {
        file_name: "brief.agency-q.txt".to_owned(),
        sha256: Digest::of(read(COPY).as_bytes()),
        issue: Issue {
            item: IssuedItem {
                id: item.to_owned(),
                sha256: Digest::of(b"original"),
                title: "Harbour brief".to_owned(),
                format: "text".to_owned(),
            },
            plan_sha256: Digest::of(b"plan"),
            copy: 17,
            recipient: IssuedTo {
                name: "Agency Q".to_owned(),
                id: "agency-q".to_owned(),
                org: Some("Ministry of Q".to_owned()),
                email: None,
            },
            sites: 164,
            codebook: IssuedCodebook {
                scheme: "dyetrace/codebook/v1".to_owned(),
                commitment: Digest::of(b"item key"),
                coalition: 2,
            },
            issued_at: "2026-11-23T06:42:20Z".parse().unwrap(),
            tool: "dyetrace 0.1.0".to_owned(),
            nonce: Digest::of(b"nonce"),
            handling: Terms::default().bind(key("issuer").id()),
        },
    }
}

/// Ed25519 is deterministic, so a record is one sequence of bytes for all time.
#[test]
fn the_signed_fixture_is_what_is_signed_today() {
    let record = issue_record(&statement(), &signer("issuer")).unwrap();
    assert_eq!(String::from_utf8(record).unwrap(), read(RECORD));
    let verified =
        verify_issue(read(RECORD).as_bytes(), read(COPY).as_bytes(), &key("issuer").public(), allowed())
            .unwrap();
    assert_eq!(verified.get(), &statement());
}

/// Beside the fixture lie forgeries; each fails for its own reason.
#[test]
fn forgeries_of_the_fixture_are_refused() {
    let copy = read(COPY);
    let issuer = key("issuer").public();
    let error = |record: &str, copy: &str| {
        verify_issue(record.as_bytes(), copy.as_bytes(), &issuer, allowed()).unwrap_err().to_string()
    };
    for (forgery, reason) in [
        ("forged-recipient.intoto.jsonl", "refused by both"),
        ("forged-by-second-issuer.intoto.jsonl", "not by 1252214e426b09b1"),
        ("forged-key-id.intoto.jsonl", "refused by both"),
        ("forged-payload-type.intoto.jsonl", "refused by both"),
        ("forged-handling.intoto.jsonl", "refused by both"),
        ("forged-duplicate-key.intoto.jsonl", "occurs twice"),
        ("forged-spacing.intoto.jsonl", "changed after signing"),
    ] {
        let text = read(&format!("fixtures/ed25519/record/{forgery}"));
        let message = error(&text, &copy);
        assert!(message.contains(reason), "{forgery}: {message}");
    }
    let forged_copy = read("fixtures/ed25519/record/forged-copy.txt");
    let message = error(&read(RECORD), &forged_copy);
    for part in [Digest::of(forged_copy.as_bytes()), Digest::of(copy.as_bytes())] {
        assert!(message.contains(&part.to_string()), "{message}");
    }
}

/// Every bit of the record and of the copy.
#[test]
fn every_flipped_bit_is_found() {
    let (record, copy) = (read(RECORD).into_bytes(), read(COPY).into_bytes());
    let issuer = key("issuer").public();
    for (flipped, other, is_record) in [(&record, &copy, true), (&copy, &record, false)] {
        for bit in 0..flipped.len() * 8 {
            let mut bytes = flipped.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let result = if is_record {
                verify_issue(&bytes, other, &issuer, allowed())
            } else {
                verify_issue(other, &bytes, &issuer, allowed())
            };
            assert!(result.is_err(), "record: {is_record}, bit {bit}");
        }
    }
}

#[test]
fn a_published_key_proves_nothing_in_real_use() {
    let result = verify_issue(
        read(RECORD).as_bytes(),
        read(COPY).as_bytes(),
        &key("issuer").public(),
        Policy::default(),
    );
    assert!(result.unwrap_err().to_string().contains("published test key"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_records_are_refused_and_never_panic(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        length in any::<prop::sample::Index>(),
    ) {
        let good = read(RECORD).into_bytes();
        let mut record = good.clone();
        for (at, byte) in cuts {
            let at = at.index(record.len());
            record[at] = byte;
        }
        record.truncate(length.index(good.len()) + 1);
        prop_assume!(record != good);
        let issuer = key("issuer").public();
        prop_assert!(verify_issue(&record, read(COPY).as_bytes(), &issuer, allowed()).is_err());
    }

    #[test]
    fn any_bytes_as_key_or_record_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        let issuer = key("issuer").public();
        prop_assert!(SecretKey::from_pem(&text, None).is_err());
        prop_assert!(PublicKey::from_pem(&text).is_err());
        prop_assert!(matches!(verify_issue(&bytes, b"", &issuer, allowed()), Err(VerifyError::Envelope(_))));
    }
}

// The same with `openssl`, both ways.

/// Runs `openssl`; none where it is not installed.
fn openssl(folder: &Path, args: &[&str]) -> Option<Vec<u8>> {
    let output = match Command::new("openssl").args(args).current_dir(folder).output() {
        Ok(output) => output,
        Err(e) => {
            eprintln!("SKIPPED: openssl cannot be run ({e}); interoperability is not checked");
            return None;
        }
    };
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {args:?}: {errors}");
    Some(output.stdout)
}

#[test]
fn openssl_reads_the_keys_written_here() {
    let folder = tempfile::tempdir().unwrap();
    let key = SecretKey::generate(&SystemRandom::new()).unwrap();
    let secret = passphrase("päss phrase");
    std::fs::write(folder.path().join("plain.pem"), key.to_pem().unwrap().as_bytes()).unwrap();
    let sealed = key.to_encrypted_pem(&secret, &SystemRandom::new()).unwrap();
    std::fs::write(folder.path().join("sealed.pem"), sealed.as_bytes()).unwrap();
    for args in [
        ["pkey", "-pubout", "-in", "plain.pem", "-passin", "pass:unused"],
        ["pkey", "-pubout", "-in", "sealed.pem", "-passin", "pass:päss phrase"],
    ] {
        let Some(public) = openssl(folder.path(), &args) else { return };
        assert_eq!(String::from_utf8(public).unwrap(), key.public().to_pem());
    }
    let Some(der) = openssl(folder.path(), &["pkey", "-pubout", "-in", "plain.pem", "-outform", "DER"])
    else {
        return;
    };
    assert_eq!(Digest::of(&der).to_string(), key.id().to_string());
}

#[test]
fn keys_written_by_openssl_are_read_here() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let new = ["genpkey", "-algorithm", "ed25519", "-out", "k.pem"];
    if openssl(at, &new).is_none() {
        return;
    }
    openssl(at, &["pkey", "-in", "k.pem", "-pubout", "-out", "k.pub.pem"]);
    let text = |name: &str| std::fs::read_to_string(at.join(name)).unwrap();
    let key = SecretKey::from_pem(&text("k.pem"), None).unwrap();
    assert_eq!(PublicKey::from_pem(&text("k.pub.pem")), Ok(key.public()));
    for (name, how) in [
        ("pbkdf2.pem", ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256", "-iter", "1000"].as_slice()),
        ("default.pem", &[]),
        ("scrypt.pem", &["-scrypt"]),
    ] {
        let args = ["pkcs8", "-topk8", "-in", "k.pem", "-out", name, "-passout", "pass:geheim"];
        openssl(at, &[args.as_slice(), how].concat());
        let opened = SecretKey::from_pem(&text(name), Some(&passphrase("geheim"))).unwrap();
        assert_eq!(opened.id(), key.id(), "{name}");
    }
    // A key of another kind is called that.
    openssl(at, &["genpkey", "-algorithm", "x25519", "-out", "x.pem"]);
    assert_eq!(SecretKey::from_pem(&text("x.pem"), None).unwrap_err(), KeyError::Algorithm);
}

#[test]
fn openssl_and_this_program_accept_each_others_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let signer = signer("issuer");
    let envelope = Envelope::parse(read(RECORD).as_bytes()).unwrap();
    let message = pae(&envelope.payload_type, &envelope.payload);
    std::fs::write(at.join("k.pem"), read("keys/issuer.test.key.pem")).unwrap();
    std::fs::write(at.join("k.pub.pem"), signer.public().to_pem()).unwrap();
    std::fs::write(at.join("message"), &message).unwrap();
    std::fs::write(at.join("ours.sig"), &envelope.signatures[0].signature).unwrap();
    let check = ["pkeyutl", "-verify", "-pubin", "-inkey", "k.pub.pem", "-rawin", "-in", "message"];
    if openssl(at, &[check.as_slice(), &["-sigfile", "ours.sig"]].concat()).is_none() {
        return;
    }
    openssl(at, &["pkeyutl", "-sign", "-inkey", "k.pem", "-rawin", "-in", "message", "-out", "theirs.sig"]);
    verify(signer.public(), &message, &std::fs::read(at.join("theirs.sig")).unwrap()).unwrap();
}
