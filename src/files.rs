//! Files written whole or not at all, and never over another one.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What temporary names begin with; such a file left behind belongs to an interrupted run and may be deleted.
pub const TEMPORARY_PREFIX: &str = ".dyetrace-";

/// Why a file cannot be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Something stands at the path already.
    #[error("{path:?} exists already")]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// Larger than the reader's limit.
    #[error("{path:?} has more than the {max} bytes that are read")]
    TooLarge {
        /// The path.
        path: PathBuf,
        /// The limit.
        max: u64,
    },
    /// The operating system refused.
    #[error("{path:?} cannot be {action}")]
    Io {
        /// The path.
        path: PathBuf,
        /// What was to be done with it, as a participle.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },
}

/// Writes a new file: beside its place, synced, then renamed to it; the folder is synced last.
///
/// After a crash the file is there whole or not at all. An existing file is never replaced, not even by a race:
/// the rename itself refuses. `mode` are Unix permission bits, in force before the first byte is written.
pub fn write_new_atomic(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    let error = |action| move |source| FileError::Io { path: path.to_owned(), action, source };
    let folder = folder_of(path);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY_PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = builder.tempfile_in(folder).map_err(error("created"))?;
    file.write_all(bytes).map_err(error("written"))?;
    file.as_file().sync_all().map_err(error("written"))?;
    file.persist_noclobber(path).map_err(|e| match e.error.kind() {
        io::ErrorKind::AlreadyExists => FileError::Exists { path: path.to_owned() },
        _ => FileError::Io { path: path.to_owned(), action: "created", source: e.error },
    })?;
    sync_folder(folder)
}

/// Makes the names in a folder durable.
pub fn sync_folder(folder: &Path) -> Result<(), FileError> {
    // Windows cannot open a folder as a file, and its renames are durable without.
    if cfg!(unix) {
        let error = |source| FileError::Io { path: folder.to_owned(), action: "synced", source };
        File::open(folder).and_then(|file| file.sync_all()).map_err(error)?;
    }
    Ok(())
}

/// Reads a file of at most `max` bytes.
///
/// The limit is kept while reading, so that a pipe or a growing file cannot exceed it.
pub fn read_limited(path: &Path, max: u64) -> Result<Vec<u8>, FileError> {
    let error = |source| FileError::Io { path: path.to_owned(), action: "read", source };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(max.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(error)?;
    if bytes.len() as u64 > max {
        return Err(FileError::TooLarge { path: path.to_owned(), max });
    }
    Ok(bytes)
}

/// A part of a file name made from a text from outside, at most `chars_max` characters; empty when nothing survives.
///
/// ASCII letters in lower case and digits of the compatibility decomposition, runs of anything else as one hyphen
/// between them, so that no name can climb out of a folder or hide a file.
pub fn slug(text: &str, chars_max: usize) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let mut slug = String::new();
    for c in text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if slug.len() >= chars_max {
            break;
        }
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// The folder a path lies in; the current one for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_whole_private_and_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_new_atomic(&path, b"one", 0o600).unwrap();
        assert_eq!(read_limited(&path, 3).unwrap(), b"one");
        assert!(matches!(write_new_atomic(&path, b"two", 0o600), Err(FileError::Exists { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_dangling_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), &link).unwrap();
        assert!(matches!(write_new_atomic(&link, b"x", 0o644), Err(FileError::Exists { .. })));
        assert!(!folder.path().join("elsewhere").exists());
    }

    #[test]
    fn reading_stops_at_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, b"1234").unwrap();
        assert!(matches!(read_limited(&path, 3), Err(FileError::TooLarge { max: 3, .. })));
        assert!(matches!(read_limited(&folder.path().join("b"), 3), Err(FileError::Io { .. })));
    }
}
