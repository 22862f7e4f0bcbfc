//! Who got what: the registry folder, its records and its secrets.
//!
//! A registry is a folder that only its owner may enter: the issuer's key pair (`issuer.key.pem`, `issuer.pub.pem`),
//! the registry secret (`secret.key`) from which every codebook and sealing key is derived, and `registry.db`, an
//! `SQLite` database of recipients, items and copies. Originals and plans are sealed inside the database; copies are
//! not kept, because they can be written again byte for byte.

pub mod codec;
mod error;
mod item;
pub mod recipient;
mod schema;
mod seal;
mod secret;
mod store;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use ring::rand::SecureRandom;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::codebook::ItemKey;
use crate::files::{self, FileError, read_limited, sync_folder, write_new_atomic};
use crate::trust::{Digest, KeyId, Passphrase, PublicKey, SecretKey, Signer, TestKeys, Timestamp, key};
use secret::Secret;

pub use error::RegistryError;
pub use item::{ItemId, ItemState, ItemSummary, item_id};
pub use recipient::{CsvError, Import, LineProblem, NewRecipient, Recipient, RecipientError};
pub use store::{CopyRow, CopyState, Issued};

/// The issuer's private key, PKCS#8 PEM.
pub const ISSUER_KEY: &str = "issuer.key.pem";
/// The issuer's public key, SPKI PEM.
pub const ISSUER_PUBLIC: &str = "issuer.pub.pem";
/// The registry secret.
pub const SECRET: &str = "secret.key";
/// The database.
pub const DATABASE: &str = "registry.db";

/// An open registry.
///
/// Recipients and lists can be read at once; items, keys of codebooks and the index need [`Registry::unlock_secret`].
pub struct Registry {
    folder: PathBuf,
    connection: Connection,
    /// Behind the connection, which is closed before the copy goes.
    copy: Option<TempDir>,
    issuer: PublicKey,
    secret_check: Digest,
    secret: Option<Secret>,
}

impl Registry {
    /// Makes a registry folder, which must not exist or be empty; the result is unlocked.
    ///
    /// Everything is built in a folder beside it, synced, and renamed into place, so an interrupt leaves the place
    /// as it was (and perhaps a folder that begins with [`files::TEMPORARY_PREFIX`]). `now` is an RFC 3339 moment.
    pub fn init(
        folder: &Path,
        passphrase: Option<&Passphrase>,
        random: &dyn SecureRandom,
        now: &str,
    ) -> Result<Self, RegistryError> {
        let created: Timestamp = now.parse()?;
        refuse_existing(folder)?;
        let parent = files::folder_of(folder);
        fs::create_dir_all(parent).map_err(|e| error::io(parent, "created", e))?;

        let mut builder = tempfile::Builder::new();
        builder.prefix(files::TEMPORARY_PREFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o700));
        }
        let building = builder.tempdir_in(parent).map_err(|e| error::io(parent, "written to", e))?;
        let place = |name: &str| building.path().join(name);

        let issuer = SecretKey::generate(random)?;
        let pem = match passphrase {
            Some(passphrase) => issuer.to_encrypted_pem(passphrase, random)?,
            None => issuer.to_pem()?,
        };
        write_new_atomic(&place(ISSUER_KEY), pem.as_bytes(), 0o600)?;
        write_new_atomic(&place(ISSUER_PUBLIC), issuer.public().to_pem().as_bytes(), 0o644)?;
        let secret = Secret::generate(random)?;
        write_new_atomic(&place(SECRET), secret.to_pem(passphrase, random)?.as_bytes(), 0o600)?;
        // The database's first byte is written by SQLite, so its permissions are set on an empty file before.
        write_new_atomic(&place(DATABASE), b"", 0o600)?;
        schema::create(&place(DATABASE), &issuer.id(), &secret.check(), &created)?;
        sync_folder(building.path())?;

        let built = building.keep();
        if let Err(e) = fs::rename(&built, folder) {
            // A failure to clean up must not hide why the rename failed.
            let _ = fs::remove_dir_all(&built);
            return Err(match e.kind() {
                std::io::ErrorKind::DirectoryNotEmpty
                | std::io::ErrorKind::AlreadyExists
                | std::io::ErrorKind::NotADirectory => RegistryError::Exists { folder: folder.to_owned() },
                _ => error::io(folder, "created", e),
            });
        }
        sync_folder(parent)?;
        let mut registry = Self::open(folder)?;
        registry.secret = Some(secret);
        Ok(registry)
    }

    /// Opens a registry folder, bringing an older database up to date.
    ///
    /// Where it cannot be written (read-only media, another owner) it can be read: every change is then refused with
    /// [`RegistryError::ReadOnly`].
    pub fn open(folder: &Path) -> Result<Self, RegistryError> {
        let not_one =
            |missing: &'static str| RegistryError::NotARegistry { folder: folder.to_owned(), missing };
        for name in [DATABASE, ISSUER_PUBLIC, SECRET] {
            let path = folder.join(name);
            match std::fs::metadata(&path) {
                Ok(found) if found.is_file() => {}
                // Whoever may not look into the folder must not be told to make a new registry.
                Err(source) if !matches!(source.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    return Err(FileError::Io { path, action: "looked at", source }.into());
                }
                _ => return Err(not_one(name)),
            }
        }
        for name in [SECRET, ISSUER_KEY, DATABASE] {
            refuse_open_to_others(&folder.join(name))?;
        }
        let pem = read_text(&folder.join(ISSUER_PUBLIC))?;
        let issuer = PublicKey::from_pem(&pem)?;
        let schema::Opened { connection, meta, copy } = schema::open(&folder.join(DATABASE))?;
        if meta.issuer != issuer.id() {
            return Err(RegistryError::Foreign { file: ISSUER_PUBLIC });
        }
        Ok(Self {
            folder: folder.to_owned(),
            connection,
            copy,
            issuer,
            secret_check: meta.secret_check,
            secret: None,
        })
    }

    /// Whether the registry can be read only.
    pub fn is_read_only(&self) -> bool {
        self.copy.is_some()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the registry's secrets are under a passphrase.
    pub fn needs_passphrase(&self) -> Result<bool, RegistryError> {
        let issuer = self.folder.join(ISSUER_KEY);
        Ok(secret::needs_passphrase(&read_text(&self.folder.join(SECRET))?)
            || (issuer.exists() && key::needs_passphrase(&read_text(&issuer)?)))
    }

    /// Opens the registry secret; a passphrase that is not needed is ignored.
    pub fn unlock_secret(&mut self, passphrase: Option<&Passphrase>) -> Result<(), RegistryError> {
        let secret = Secret::from_pem(&read_text(&self.folder.join(SECRET))?, passphrase)?;
        if secret.check() != self.secret_check {
            return Err(RegistryError::Foreign { file: SECRET });
        }
        self.secret = Some(secret);
        Ok(())
    }

    /// The issuer's key, ready to sign; a passphrase that is not needed is ignored.
    pub fn issuer(&self, passphrase: Option<&Passphrase>) -> Result<Signer, RegistryError> {
        let key = SecretKey::from_pem(&read_text(&self.folder.join(ISSUER_KEY))?, passphrase)?;
        if key.id() != self.issuer.id() {
            return Err(RegistryError::Foreign { file: ISSUER_KEY });
        }
        Ok(Signer::new(key, TestKeys::Refused)?)
    }

    /// The issuer's public key.
    pub fn issuer_public(&self) -> &PublicKey {
        &self.issuer
    }

    /// The issuer's key id.
    pub fn issuer_id(&self) -> KeyId {
        self.issuer.id()
    }

    /// The key of an item's codebook.
    pub fn item_key(&self, item: &str) -> Result<ItemKey, RegistryError> {
        Ok(self.unlocked()?.item_key(item))
    }

    /// SHA-256 that fixes an item's key without showing it: of `"dyetrace/key-commitment/v1"` ‖ 0 ‖ symbol key ‖
    /// bias key, which are HKDF outputs as [`ItemKey::derive`] makes them.
    pub fn key_commitment(&self, item: &str) -> Result<Digest, RegistryError> {
        Ok(self.unlocked()?.key_commitment(item))
    }

    /// The key under which shingles are hashed before they are stored.
    pub fn index_key(&self) -> Result<[u8; 32], RegistryError> {
        Ok(*self.unlocked()?.index_key())
    }

    fn unlocked(&self) -> Result<&Secret, RegistryError> {
        self.secret.as_ref().ok_or(RegistryError::Sealed)
    }
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry")
            .field("folder", &self.folder)
            .field("issuer", &self.issuer)
            .field("unlocked", &self.secret.is_some())
            .finish_non_exhaustive()
    }
}

fn refuse_existing(folder: &Path) -> Result<(), RegistryError> {
    match fs::symlink_metadata(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(error::io(folder, "examined", e)),
        Ok(found) => {
            let empty =
                found.is_dir() && fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
            if empty { Ok(()) } else { Err(RegistryError::Exists { folder: folder.to_owned() }) }
        }
    }
}

/// Refuses a secret that others on the machine can read, as `ssh` does; a missing file is reported where it is read.
fn refuse_open_to_others(path: &Path) -> Result<(), RegistryError> {
    #[cfg(unix)]
    if let Ok(found) = fs::metadata(path) {
        use std::os::unix::fs::PermissionsExt;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(RegistryError::OpenToOthers { path: path.to_owned(), mode });
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn read_text(path: &Path) -> Result<zeroize::Zeroizing<String>, RegistryError> {
    let bytes = read_limited(path, key::PEM_BYTES_MAX as u64)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(zeroize::Zeroizing::new(text)),
        Err(_) => Err(RegistryError::Damaged { reason: format!("{} is not text", path.display()) }),
    }
}

#[cfg(test)]
mod tests;
