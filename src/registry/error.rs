//! Why a registry cannot be made, opened, read or written.

use std::io;
use std::path::{Path, PathBuf};

use crate::files::FileError;
use crate::trust::denied::TestKeyError;
use crate::trust::time::TimestampError;
use crate::trust::{Digest, KeyError};

use super::codec::CodecError;
use super::recipient::{CsvError, RecipientError};

/// Why a registry cannot be made, opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// There is something where the registry should be made.
    #[error("{folder:?} exists already")]
    Exists {
        /// The place.
        folder: PathBuf,
    },
    /// The folder is none.
    #[error("{folder:?} is not a registry: it has no {missing}")]
    NotARegistry {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        missing: &'static str,
    },
    /// The database is not one of this program.
    #[error("the database was not made by dyetrace (application id {found:#010x})")]
    NotOurs {
        /// Its application id.
        found: u32,
    },
    /// The database was written by a newer version.
    #[error("the registry has format {found}; this version reads up to {known}")]
    Newer {
        /// Its format.
        found: u32,
        /// The newest format this version knows.
        known: u32,
    },
    /// Contents that cannot be right.
    #[error("the registry is damaged: {reason}")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
    /// A file that belongs to another registry.
    #[error("{file} belongs to another registry")]
    Foreign {
        /// The file.
        file: &'static str,
    },
    /// A secret that others on the machine can read.
    #[error("{path:?} can be read by others (mode {mode:o})")]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process is writing and did not finish in time.
    #[error("the registry is in use by another process")]
    Busy,
    /// The file system does not let it be written.
    #[error("the registry cannot be written to")]
    ReadOnly,
    /// The secret was not unlocked.
    #[error("the registry's secret has not been unlocked")]
    Sealed,
    /// No such item.
    #[error("no item {id:?} in this registry")]
    NoItem {
        /// What was looked for.
        id: String,
    },
    /// No such copy.
    #[error("item {item} has no copy {copy}")]
    NoCopy {
        /// The item.
        item: String,
        /// The copy's number.
        copy: u64,
    },
    /// No such recipient.
    #[error("no recipient {name:?} in this registry")]
    NoRecipient {
        /// What was looked for.
        name: String,
    },
    /// The item is there already, with other sites or another coalition.
    #[error("item {id} is registered already with a different codebook")]
    ItemConflict {
        /// The item.
        id: String,
    },
    /// The copy was issued already, as other bytes.
    #[error("copy {copy} of item {item} was issued already with SHA-256 {sha256}")]
    CopyConflict {
        /// The item.
        item: String,
        /// The copy's number.
        copy: u64,
        /// What was issued.
        sha256: Digest,
    },
    /// The random generator failed.
    #[error("the random generator failed")]
    Random,
    /// A recipient that cannot be registered.
    #[error(transparent)]
    Recipient(#[from] RecipientError),
    /// A recipient list that cannot be imported.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A key or passphrase.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A published key.
    #[error(transparent)]
    TestKey(#[from] TestKeyError),
    /// A moment that is none.
    #[error(transparent)]
    Timestamp(#[from] TimestampError),
    /// State that cannot be stored.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database, for any other reason.
    #[error("the database refused")]
    Database(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for RegistryError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;

        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            // Unknown is SQLite's general error: our own queries meet it where a table or column is missing.
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) => {
                Self::Damaged { reason: error.to_string() }
            }
            // A disk that is full or fails, and rules of the schema.
            Some(_) => Self::Database(error),
            // A row that is missing or of another type than was ever written.
            None => Self::Damaged { reason: error.to_string() },
        }
    }
}

pub(super) fn io(path: &Path, action: &'static str, source: io::Error) -> RegistryError {
    FileError::Io { path: path.to_owned(), action, source }.into()
}
