use super::*;
use crate::trust::json;
use crate::trust::{SecretKey, Terms};

fn signer() -> Signer {
    let seed = Digest::of(b"dyetrace TEST KEY, NEVER USE: issuer");
    Signer::new(SecretKey::from_seed(seed.as_bytes()), TestKeys::Allowed).unwrap()
}

fn allowed() -> Policy {
    Policy { test_keys: TestKeys::Allowed }
}

const COPY: &[u8] = b"The convoy reached the coast on Tuesday.\n";

fn statement(signer: &Signer) -> IssueStatement {
    IssueStatement {
        file_name: "brief.agency-q.md".to_owned(),
        sha256: Digest::of(COPY),
        issue: Issue {
            item: IssuedItem {
                id: "00112233445566778899aabbccddeeff".to_owned(),
                sha256: Digest::of(b"original"),
                title: "Brief \"äöü\"".to_owned(),
                format: "markdown".to_owned(),
            },
            plan_sha256: Digest::of(b"plan"),
            copy: 17,
            recipient: IssuedTo {
                name: "Agency Q".to_owned(),
                id: "q".to_owned(),
                org: None,
                email: Some("q@example.org".to_owned()),
            },
            sites: 164,
            codebook: IssuedCodebook {
                scheme: "dyetrace/codebook/v1".to_owned(),
                commitment: Digest::of(b"key"),
                coalition: 2,
            },
            issued_at: "2026-11-23T06:42:20Z".parse().unwrap(),
            tool: "dyetrace 0.1.0".to_owned(),
            nonce: Digest::of(b"nonce"),
            handling: Terms::default().bind(signer.id()),
        },
    }
}

#[test]
fn a_record_says_what_was_signed() {
    let signer = signer();
    let statement = statement(&signer);
    let record = issue_record(&statement, &signer).unwrap();
    assert_eq!(record.last(), Some(&b'\n'));
    let verified = verify_issue(&record, COPY, signer.public(), allowed()).unwrap();
    assert_eq!(verified.get(), &statement);
    assert_eq!(verified.signer(), signer.id());
    assert_eq!(read_unverified(&record).unwrap(), (statement, vec![signer.id()]));
}

#[test]
fn every_refusal_has_its_own_name() {
    let signer = signer();
    let record = issue_record(&statement(&signer), &signer).unwrap();
    let stranger = SecretKey::from_seed(&[9; 32]).public();

    let error =
        |record: &[u8], copy: &[u8], key, policy| verify_issue(record, copy, key, policy).unwrap_err();
    assert!(matches!(
        error(&record, COPY, &stranger, allowed()),
        VerifyError::Envelope(DsseError::WrongKey { .. })
    ));
    assert!(matches!(
        error(&record, COPY, signer.public(), Policy::default()),
        VerifyError::Envelope(DsseError::Signature(SignatureError::TestKey(_)))
    ));
    assert_eq!(
        error(&record, b"other", signer.public(), allowed()),
        VerifyError::Digest { found: Digest::of(b"other"), stated: Digest::of(COPY) }
    );
    assert!(matches!(
        error(b"not json", COPY, signer.public(), allowed()),
        VerifyError::Envelope(DsseError::Json(_))
    ));
    let spaced = [b" ", record.as_slice()].concat();
    assert_eq!(error(&spaced, COPY, signer.public(), allowed()), VerifyError::NotCanonical);
}

/// A valid signature over another kind of statement, or over a broken one, is not a record.
#[test]
fn what_is_signed_must_be_a_statement_of_issue() {
    let signer = signer();
    let payload =
        Statement { name: "a".to_owned(), sha256: Digest::of(COPY), predicate: statement(&signer).issue }
            .to_payload()
            .unwrap();
    let payload = String::from_utf8(payload).unwrap();
    let verify = |payload_type: &str, payload: String| {
        let line = Envelope::sign(payload_type, payload.into_bytes(), &signer).unwrap().to_line().unwrap();
        verify_issue(&line, COPY, signer.public(), allowed()).unwrap_err()
    };
    assert!(matches!(
        verify("application/json", payload.clone()),
        VerifyError::Statement(StatementError::PayloadType { .. })
    ));
    assert!(matches!(
        verify(IN_TOTO, payload.replace("issue:v1", "receipt:v1")),
        VerifyError::Statement(StatementError::PredicateType { .. })
    ));
    assert!(matches!(
        verify(IN_TOTO, payload.replace("\"copy\":17", "\"copy\":17,\"copy\":18")),
        VerifyError::Statement(StatementError::Json(JsonError::Syntax { .. }))
    ));
    assert!(matches!(
        verify(IN_TOTO, payload.replace("\"copy\":17", "\"copy\":0")),
        VerifyError::Field(FieldError { field: "copy number", .. })
    ));
    assert!(matches!(
        verify(IN_TOTO, payload.replace("\"name\":\"a\"", "\"name\":\"../a\"")),
        VerifyError::Field(FieldError { field: "file name", .. })
    ));
    // A later version may add a field to the predicate, but not to the handling terms.
    let line =
        |payload: String| Envelope::sign(IN_TOTO, payload.into_bytes(), &signer).unwrap().to_line().unwrap();
    let added = line(payload.replace("\"copy\":17", "\"copy\":17,\"pages\":3"));
    assert!(verify_issue(&added, COPY, signer.public(), allowed()).is_ok());
    assert!(matches!(
        verify(IN_TOTO, payload.replace("\"release_to\":[]", "\"release_to\":[],\"noforn\":true")),
        VerifyError::Statement(StatementError::Json(_))
    ));
}

#[test]
fn fields_out_of_range_are_not_signed() {
    let signer = signer();
    let change = |edit: &dyn Fn(&mut IssueStatement)| {
        let mut changed = statement(&signer);
        edit(&mut changed);
        issue_record(&changed, &signer)
    };
    assert!(matches!(change(&|s| s.issue.copy = 0), Err(RecordError::Field(_))));
    assert!(matches!(change(&|s| s.file_name = "a/b".to_owned()), Err(RecordError::Field(_))));
    assert!(matches!(change(&|s| s.issue.recipient.name = String::new()), Err(RecordError::Field(_))));
    assert!(matches!(change(&|s| s.issue.item.title = "a\u{1b}[2J".to_owned()), Err(RecordError::Field(_))));
    assert!(matches!(
        change(&|s| s.issue.sites = u64::MAX),
        Err(RecordError::Json(JsonError::Number { .. }))
    ));
}

#[test]
fn the_payload_is_in_canonical_form() {
    let signer = signer();
    let record = issue_record(&statement(&signer), &signer).unwrap();
    let payload = Envelope::parse(&record).unwrap().payload;
    let value: serde_json::Value = json::read(&payload).unwrap();
    assert_eq!(json::write(&value).unwrap(), payload);
}
