//! Keys, signatures, statements and their checking; the only place that signs.
//!
//! In reading order: [`key`] holds issuer keys at rest and in memory, [`sign`] makes and checks signatures, [`dsse`]
//! wraps a payload and its signatures, [`statement`] says what is claimed of which bytes, [`record`] is the claim
//! "this copy was issued to that recipient" with its [`handling`] terms.

pub mod digest;
pub mod time;
pub mod key;
pub mod denied;
pub mod sign;
pub mod json;
pub mod dsse;
pub mod statement;
pub mod handling;
pub mod record;

pub use denied::{TestKeys, denied};
pub use digest::Digest;
pub use handling::{Handling, HandlingInput, Terms};
pub use key::{KeyError, KeyId, Passphrase, PublicKey, SecretKey};
pub use record::{IssueStatement, Policy, RecordError, VerifyError, issue_record, verify_issue};
pub use sign::{Signature, Signer, Verified};
pub use time::Timestamp;
