//! The database's tables, how they came to be, and how a connection is set up.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params};

use tempfile::TempDir;

use super::{RegistryError, error};
use crate::trust::{Digest, KeyId, Timestamp};

/// The database's `application_id`: "DYTR".
const APPLICATION_ID: i32 = 0x4459_5452;

/// How long to wait for another process before giving up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a database that another process changes meanwhile is copied anew.
const SNAPSHOTS_MAX: usize = 5;

/// One step per format; a database at format n has had the first n applied. Steps are never changed once released.
const MIGRATIONS: [&str; 1] = [FORMAT_1];

const FORMAT_1: &str = "
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recipient (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL UNIQUE,
    email      TEXT,
    org        TEXT,
    public_key TEXT,
    created    TEXT NOT NULL
) STRICT;

CREATE TABLE item (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
    title       TEXT NOT NULL,
    format      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    sites       INTEGER NOT NULL CHECK (sites >= 0),
    created     TEXT NOT NULL,
    state       BLOB NOT NULL
) STRICT;

CREATE TABLE copy (
    item      INTEGER NOT NULL REFERENCES item (number),
    number    INTEGER NOT NULL CHECK (number >= 1),
    recipient INTEGER NOT NULL REFERENCES recipient (number),
    file_name TEXT,
    sha256    TEXT,
    record    BLOB,
    issued_at TEXT,
    PRIMARY KEY (item, number),
    UNIQUE (item, recipient),
    CHECK ((file_name IS NULL) = (issued_at IS NULL)
       AND (sha256 IS NULL) = (issued_at IS NULL)
       AND (record IS NULL) = (issued_at IS NULL))
) STRICT;
CREATE INDEX copy_by_sha256 ON copy (sha256) WHERE sha256 IS NOT NULL;

CREATE TABLE shingle (
    hash INTEGER NOT NULL,
    item INTEGER NOT NULL REFERENCES item (number),
    PRIMARY KEY (hash, item)
) STRICT, WITHOUT ROWID;

-- Who got what is never forgotten and never rewritten, not even by a mistake in this program.
CREATE TRIGGER copy_is_kept BEFORE DELETE ON copy
BEGIN SELECT RAISE(ABORT, 'copies are never deleted'); END;
CREATE TRIGGER copy_stays BEFORE UPDATE ON copy
WHEN OLD.issued_at IS NOT NULL OR NEW.item <> OLD.item OR NEW.number <> OLD.number OR NEW.recipient <> OLD.recipient
BEGIN SELECT RAISE(ABORT, 'issued copies are never changed'); END;
CREATE TRIGGER recipient_is_kept BEFORE DELETE ON recipient
BEGIN SELECT RAISE(ABORT, 'recipients are never deleted'); END;
CREATE TRIGGER item_is_kept BEFORE DELETE ON item
BEGIN SELECT RAISE(ABORT, 'items are never deleted'); END;
";

/// What the database knows of the files beside it.
pub(super) struct Meta {
    pub(super) issuer: KeyId,
    pub(super) secret_check: Digest,
}

/// Fills an empty database file and closes it, so that it is whole without its write-ahead log.
pub(super) fn create(
    path: &Path,
    issuer: &KeyId,
    secret_check: &Digest,
    created: &Timestamp,
) -> Result<(), RegistryError> {
    let mut connection = connect(path)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    // Readers do not wait for a writer, and a crash loses no finished transaction (with synchronous = FULL).
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    migrate(&mut connection)?;
    let transaction = connection.transaction()?;
    for (key, value) in [
        ("issuer", issuer.to_string()),
        ("secret_check", secret_check.to_string()),
        ("created", created.to_string()),
    ] {
        transaction.execute("INSERT INTO meta (key, value) VALUES (?1, ?2)", params![key, value])?;
    }
    transaction.commit()?;
    connection.close().map_err(|(_, e)| e.into())
}

/// An open database.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) meta: Meta,
    /// Where the copy lies that is read instead of a database that cannot be written; it goes with this value.
    pub(super) copy: Option<TempDir>,
}

/// Opens a database and brings it up to date; one that cannot be written is read from a copy, which takes no changes.
///
/// `SQLite` reads a database with a write-ahead log only where it may write beside it. To read the file alone would
/// leave out what stands in the log, which is the last that was issued; so both are copied, and the log is worked in.
pub(super) fn open(path: &Path) -> Result<Opened, RegistryError> {
    match open_here(path) {
        Ok((connection, meta)) => Ok(Opened { connection, meta, copy: None }),
        Err(error) if cannot_be_written(&error) => open_copy(path),
        Err(error) => Err(error),
    }
}

/// Whether a database failed to open because it, or the folder it lies in, cannot be written.
fn cannot_be_written(error: &RegistryError) -> bool {
    match error {
        RegistryError::ReadOnly => true,
        RegistryError::Database(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen),
        _ => false,
    }
}

/// Reads a database from a copy that goes with the result.
pub(super) fn open_copy(path: &Path) -> Result<Opened, RegistryError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(crate::files::TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    let folder = tempfile::env::temp_dir();
    let copy = builder.tempdir_in(&folder).map_err(|e| error::io(&folder, "written to", e))?;
    let target = copy.path().join(super::DATABASE);
    snapshot(path, &target)?;
    let (connection, meta) = open_here(&target)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(Opened { connection, meta, copy: Some(copy) })
}

/// Copies a database with its log, as they are at one moment.
fn snapshot(from: &Path, to: &Path) -> Result<(), RegistryError> {
    let part = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let parts = ["", "-wal", "-journal"];
    let state = || {
        parts.map(|end| fs::metadata(part(from, end)).ok().map(|found| (found.len(), found.modified().ok())))
    };
    for _ in 0..SNAPSHOTS_MAX {
        let before = state();
        for (end, found) in parts.iter().zip(&before) {
            let (source, target) = (part(from, end), part(to, end));
            if found.is_some() {
                // Not `fs::copy`, which would carry permissions along that forbid to write the copy.
                let copied = fs::File::open(&source)
                    .and_then(|mut source| io::copy(&mut source, &mut fs::File::create(&target)?));
                copied.map_err(|e| error::io(&source, "read", e))?;
            } else if target.exists() {
                fs::remove_file(&target).map_err(|e| error::io(&target, "removed", e))?;
            }
        }
        // Whoever may write it may have done so meanwhile.
        if state() == before {
            return Ok(());
        }
    }
    Err(RegistryError::Busy)
}

fn open_here(path: &Path) -> Result<(Connection, Meta), RegistryError> {
    let mut connection = connect(path)?;
    let found: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if found != APPLICATION_ID {
        return Err(RegistryError::NotOurs { found: found.cast_unsigned() });
    }
    let version = format(&connection)?;
    let known = MIGRATIONS.len();
    if version > known {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        return Err(RegistryError::Newer { found: number(version), known: number(known) });
    }
    if connection.is_readonly(rusqlite::MAIN_DB)? {
        return Err(RegistryError::ReadOnly);
    }
    if version < known {
        migrate(&mut connection)?;
    }
    let meta =
        Meta { issuer: parsed(&connection, "issuer")?, secret_check: parsed(&connection, "secret_check")? };
    Ok((connection, meta))
}

/// Looks at every page and every reference; an empty list means all is well.
pub(super) fn check(connection: &Connection) -> Result<Vec<String>, RegistryError> {
    let mut problems = Vec::new();
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    for row in statement.query_map([], |row| row.get::<_, String>(0))? {
        let row = row?;
        if row != "ok" {
            problems.push(row);
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    for row in statement.query_map([], |row| row.get::<_, String>(0))? {
        problems.push(format!("a row of table {} refers to nothing", row?));
    }
    Ok(problems)
}

fn connect(path: &Path) -> Result<Connection, RegistryError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A database file may come from elsewhere: its schema must not run functions or rewrite itself.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), RegistryError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have been faster.
    let version = format(&transaction)?;
    for step in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX))?;
    Ok(transaction.commit()?)
}

fn format(connection: &Connection) -> Result<usize, RegistryError> {
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    usize::try_from(version)
        .map_err(|_| RegistryError::Damaged { reason: format!("the database has format {version}") })
}

fn parsed<T: std::str::FromStr>(connection: &Connection, key: &'static str) -> Result<T, RegistryError> {
    let value: String =
        connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))?;
    value
        .parse()
        .map_err(|_| RegistryError::Damaged { reason: format!("{key} in the database is no digest") })
}
