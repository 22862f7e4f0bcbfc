//! The signed record beside every copy: which bytes were issued to whom, from what, under which terms.

use serde::{Deserialize, Serialize};

use super::denied::TestKeys;
use super::digest::Digest;
use super::dsse::{DsseError, Envelope, IN_TOTO};
use super::handling::{Handling, HandlingError};
use super::json::JsonError;
use super::key::{KeyId, PublicKey};
use super::sign::{SignatureError, Signer, Verified};
use super::statement::{Predicate, Statement, StatementError};
use super::time::Timestamp;

/// The most characters of a title or of a name.
const NAME_CHARS_MAX: usize = 512;

/// What an issuer states about one copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueStatement {
    /// The copy's file name, without folders.
    pub file_name: String,
    /// SHA-256 of the copy's bytes.
    pub sha256: Digest,
    /// Everything else.
    pub issue: Issue,
}

/// The predicate `urn:dyetrace:predicate:issue:v1`.
///
/// Fields that a later version adds are ignored by this one, as in-toto demands, except inside `handling`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// The item the copy was made of.
    pub item: IssuedItem,
    /// SHA-256 of the plan that was used.
    pub plan_sha256: Digest,
    /// The copy's number within the item, from 1.
    pub copy: u64,
    /// Whom it was issued to.
    pub recipient: IssuedTo,
    /// How many sites the item has.
    pub sites: u64,
    /// How the copy's symbols were drawn.
    pub codebook: IssuedCodebook,
    /// When, as the issuer's clock had it.
    pub issued_at: Timestamp,
    /// The program and its version.
    pub tool: String,
    /// 32 random bytes in hexadecimal, so that the record's digest tells nothing about a guessable text.
    pub nonce: Digest,
    /// The terms.
    pub handling: Handling,
}

/// The item a copy was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedItem {
    /// The item's id.
    pub id: String,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// Its title.
    pub title: String,
    /// Its format, as in `issue --json`.
    pub format: String,
}

/// Whom a copy was issued to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedTo {
    /// The recipient's name.
    pub name: String,
    /// The recipient's id in the issuer's registry.
    pub id: String,
    /// The recipient's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<String>,
    /// The recipient's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// How a copy's symbols were drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedCodebook {
    /// The scheme's name and version.
    pub scheme: String,
    /// SHA-256 that fixes the item's key without showing it.
    pub commitment: Digest,
    /// The coalition the biases are made for.
    pub coalition: u32,
}

/// What a verifier insists on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policy {
    /// Whether published keys are believed.
    pub test_keys: TestKeys,
}

/// Why a record cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A field is empty, too long or out of range.
    #[error("{0}")]
    Field(#[from] FieldError),
    /// Handling terms that contradict each other.
    #[error(transparent)]
    Handling(#[from] HandlingError),
    /// A number that JSON readers would round.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The signature could not be made.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// A field of a record that is empty, too long or out of range.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record's {field} {problem}")]
pub struct FieldError {
    /// Its name.
    pub field: &'static str,
    /// What is wrong.
    pub problem: &'static str,
}

/// Why a copy and its record do not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// Not an envelope, by another key, or a signature that is refused.
    #[error(transparent)]
    Envelope(#[from] DsseError),
    /// Signed, but not a statement of issue.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// Signed, but a field is out of range.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The envelope's bytes differ from the one form in which records are written.
    #[error("the record is not in the form in which records are written: it was changed after signing")]
    NotCanonical,
    /// The copy is not the file that was issued.
    #[error("the copy's SHA-256 is {found}, the record is about {stated}")]
    Digest {
        /// Of the copy at hand.
        found: Digest,
        /// In the record.
        stated: Digest,
    },
}

impl Predicate for Issue {
    const TYPE: &'static str = "urn:dyetrace:predicate:issue:v1";
}

/// Makes the signed record of a copy: a DSSE envelope in one line of JSON with its line end.
pub fn issue_record(statement: &IssueStatement, signer: &Signer) -> Result<Vec<u8>, RecordError> {
    statement.check()?;
    statement.issue.handling.terms.check()?;
    let payload = Statement {
        name: statement.file_name.clone(),
        sha256: statement.sha256,
        predicate: statement.issue.clone(),
    }
    .to_payload()?;
    Ok(Envelope::sign(IN_TOTO, payload, signer)?.to_line()?)
}

/// Checks a copy against its record and the issuer's public key.
///
/// The record must be, byte for byte, in the form in which records are written: fields outside the signature (the
/// key id, spaces) are then fixed as well, and one changed bit anywhere is found.
pub fn verify_issue(
    record: &[u8],
    copy: &[u8],
    key: &PublicKey,
    policy: Policy,
) -> Result<Verified<IssueStatement>, VerifyError> {
    let verified = verify_record(record, key, policy)?;
    let (found, stated) = (Digest::of(copy), verified.get().sha256);
    if found == stated { Ok(verified) } else { Err(VerifyError::Digest { found, stated }) }
}

/// Checks a record alone, without the copy it is about.
pub fn verify_record(
    record: &[u8],
    key: &PublicKey,
    policy: Policy,
) -> Result<Verified<IssueStatement>, VerifyError> {
    let envelope = Envelope::parse(record)?;
    let verified = envelope.verify(key, policy.test_keys)?;
    if verified.get().to_line().ok().as_deref() != Some(record) {
        return Err(VerifyError::NotCanonical);
    }
    verified.try_map(|envelope| {
        let statement = IssueStatement::from_envelope(&envelope)?;
        statement.check()?;
        Ok(statement)
    })
}

/// Reads what a record claims and which keys it says signed it, *without checking any signature*: for `inspect`.
pub fn read_unverified(record: &[u8]) -> Result<(IssueStatement, Vec<KeyId>), VerifyError> {
    let envelope = Envelope::parse(record)?;
    let signers = envelope
        .signatures
        .iter()
        .filter_map(|one| one.key_id.as_deref().and_then(|id| id.parse().ok()))
        .collect();
    Ok((IssueStatement::from_envelope(&envelope)?, signers))
}

impl IssueStatement {
    fn from_envelope(envelope: &Envelope) -> Result<Self, StatementError> {
        let Statement { name, sha256, predicate } = Statement::<Issue>::from_envelope(envelope)?;
        Ok(Self { file_name: name, sha256, issue: predicate })
    }

    fn check(&self) -> Result<(), FieldError> {
        let Issue { item, recipient, codebook, .. } = &self.issue;
        let bad = |field, problem| Err(FieldError { field, problem });
        for (field, text) in [
            ("file name", Some(&self.file_name)),
            ("item id", Some(&item.id)),
            ("title", Some(&item.title)),
            ("format", Some(&item.format)),
            ("recipient", Some(&recipient.name)),
            ("recipient id", Some(&recipient.id)),
            ("organisation", recipient.org.as_ref()),
            ("email", recipient.email.as_ref()),
            ("codebook scheme", Some(&codebook.scheme)),
            ("tool", Some(&self.issue.tool)),
        ] {
            let Some(text) = text else { continue };
            if text.is_empty() {
                return bad(field, "is empty");
            }
            if text.chars().count() > NAME_CHARS_MAX {
                return bad(field, "is too long");
            }
            if text.chars().any(char::is_control) {
                return bad(field, "holds control characters");
            }
        }
        if self.file_name.contains(['/', '\\']) || matches!(self.file_name.as_str(), "." | "..") {
            return bad("file name", "is a path");
        }
        if self.issue.copy == 0 {
            return bad("copy number", "is zero");
        }
        if codebook.coalition == 0 {
            return bad("coalition", "is zero");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
