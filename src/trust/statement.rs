//! What is claimed of which bytes: in-toto Statement v1.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::dsse::{Envelope, IN_TOTO};
use super::json::{self, JsonError};

/// The `_type` of every statement.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// A predicate about one file.
///
/// in-toto allows several subjects; the statements made here are about one, and others are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement<P> {
    /// The file's name when the statement was made.
    pub name: String,
    /// SHA-256 of the file.
    pub sha256: Digest,
    /// What is claimed of it.
    pub predicate: P,
}

/// A kind of claim.
pub trait Predicate: Serialize + DeserializeOwned {
    /// The URI that names the kind and its version.
    const TYPE: &'static str;
}

/// Why a payload is not the statement that is looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// Not an in-toto payload.
    #[error("the payload is {found:?}, not an in-toto statement")]
    PayloadType {
        /// Its type, at most 80 characters.
        found: String,
    },
    /// A statement of another version.
    #[error("the statement is of type {found:?}, not {STATEMENT_TYPE:?}")]
    StatementType {
        /// Its `_type`, at most 80 characters.
        found: String,
    },
    /// A claim of another kind.
    #[error("the statement is a {found:?}, not a {wanted:?}")]
    PredicateType {
        /// Its `predicateType`, at most 80 characters.
        found: String,
        /// The kind that is looked for.
        wanted: &'static str,
    },
    /// About no file, or about several.
    #[error("the statement is about {count} files, not about one")]
    Subjects {
        /// How many.
        count: usize,
    },
    /// Not strict JSON, or a field is missing, unknown or out of range.
    #[error("the statement cannot be read: {0}")]
    Json(#[from] JsonError),
}

/// What all statements have in common.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "_type")]
    kind: String,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Body<P> {
    predicate: P,
}

#[derive(Serialize)]
struct Wire<'s, P> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: [Subject; 1],
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: &'s P,
}

#[derive(Serialize, Deserialize)]
struct Subject {
    name: String,
    digest: Digests,
}

#[derive(Serialize, Deserialize)]
struct Digests {
    sha256: Digest,
}

impl<P: Predicate> Statement<P> {
    /// The statement in its one written form.
    pub fn to_payload(&self) -> Result<Vec<u8>, JsonError> {
        json::write(&Wire {
            kind: STATEMENT_TYPE,
            subject: [Subject { name: self.name.clone(), digest: Digests { sha256: self.sha256 } }],
            predicate_type: P::TYPE,
            predicate: &self.predicate,
        })
    }

    /// Reads the statement of an envelope, whose signature the caller has checked or will check.
    pub fn from_envelope(envelope: &Envelope) -> Result<Self, StatementError> {
        if envelope.payload_type != IN_TOTO {
            return Err(StatementError::PayloadType { found: head(&envelope.payload_type) });
        }
        Self::from_payload(&envelope.payload)
    }

    /// Reads a statement.
    pub fn from_payload(payload: &[u8]) -> Result<Self, StatementError> {
        // The kind first: a statement of another kind is called that, not a damaged one of this kind.
        let Head { kind, predicate_type, subject } = json::read(payload)?;
        if kind != STATEMENT_TYPE {
            return Err(StatementError::StatementType { found: head(&kind) });
        }
        if predicate_type != P::TYPE {
            return Err(StatementError::PredicateType { found: head(&predicate_type), wanted: P::TYPE });
        }
        let count = subject.len();
        let mut subjects = subject.into_iter();
        let (Some(subject), None) = (subjects.next(), subjects.next()) else {
            return Err(StatementError::Subjects { count });
        };
        let Body { predicate } = json::read(payload)?;
        Ok(Self { name: subject.name, sha256: subject.digest.sha256, predicate })
    }
}

fn head(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Claim {
        n: u32,
    }

    impl Predicate for Claim {
        const TYPE: &'static str = "urn:dyetrace:predicate:test:v1";
    }

    fn text() -> String {
        let statement =
            Statement { name: "a.txt".to_owned(), sha256: Digest::of(b""), predicate: Claim { n: 7 } };
        String::from_utf8(statement.to_payload().unwrap()).unwrap()
    }

    #[test]
    fn a_statement_has_the_in_toto_form() {
        assert_eq!(
            text(),
            concat!(
                r#"{"_type":"https://in-toto.io/Statement/v1","predicate":{"n":7},"#,
                r#""predicateType":"urn:dyetrace:predicate:test:v1","subject":[{"digest":{"sha256":"#,
                r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"name":"a.txt"}]}"#
            )
        );
        assert_eq!(Statement::<Claim>::from_payload(text().as_bytes()).unwrap().predicate, Claim { n: 7 });
    }

    #[test]
    fn other_statements_are_named_not_read() {
        let read = |text: String| Statement::<Claim>::from_payload(text.as_bytes()).unwrap_err();
        assert!(matches!(
            read(text().replace("Statement/v1", "Statement/v0.1")),
            StatementError::StatementType { .. }
        ));
        assert!(matches!(
            read(text().replace(":test:v1", ":issue:v1").replace("\"n\"", "\"m\"")),
            StatementError::PredicateType { .. }
        ));
        let (open, close) = (text().find('[').unwrap() + 1, text().rfind(']').unwrap());
        let subject = text()[open..close].to_owned();
        assert_eq!(
            read(text().replace(&subject, &format!("{subject},{subject}"))),
            StatementError::Subjects { count: 2 }
        );
        assert_eq!(read(text().replace(&subject, "")), StatementError::Subjects { count: 0 });
        assert!(matches!(read(text().replace(":7", ":7.5")), StatementError::Json(_)));
    }
}
