//! Files in and out: limits before reading, no overwriting, atomic writing.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::error::{Failure, Stop, unreadable, unwritable};

/// The largest signed record that is read, in bytes.
pub(super) const RECORD_BYTES_MAX: usize = 1 << 20;

/// The path that stands for standard input.
pub(super) const STDIN: &str = "-";

/// The bytes of a file of at most `max` bytes; `-` is standard input.
pub(super) fn read(path: &Path, max: usize) -> Result<Vec<u8>, Stop> {
    let read = |from: &mut dyn io::Read| {
        let mut bytes = Vec::new();
        from.take(max as u64 + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    let bytes = if path == Path::new(STDIN) {
        read(&mut io::stdin().lock())
    } else {
        fs::File::open(path).and_then(|mut file| read(&mut file))
    };
    let bytes = bytes.map_err(|e| unreadable(path, &e))?;
    if bytes.len() > max {
        return Err(Failure::new(
            format!("cannot read {}", path.display()),
            format!(
                "it has more than the {} that are read",
                dyetrace::report::words::counted(max as u64, "byte", "bytes")
            ),
            "check that this is the right file, or cut it into parts",
        )
        .into());
    }
    Ok(bytes)
}

/// A UTF-8 text file.
pub(super) fn read_text(path: &Path, max: usize) -> Result<String, Stop> {
    String::from_utf8(read(path, max)?).map_err(|_| {
        Failure::new(
            format!("cannot read {}", path.display()),
            "it is not UTF-8 text",
            "check that this is the right file",
        )
        .into()
    })
}

/// Writes a file at once or not at all; an existing one is replaced only where `replace` says so.
pub(super) fn write(path: &Path, bytes: &[u8], replace: bool) -> Result<(), Stop> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let failed = |e: &io::Error| Stop::from(unwritable(path, e));
    let mut file = beside(&folder).map_err(|e| failed(&e))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|e| failed(&e))?;
    let persisted = if replace { file.persist(path) } else { file.persist_noclobber(path) };
    persisted.map(|_| ()).map_err(|e| failed(&e.error))
}

/// Replaces a file by its next version at once or not at all: permissions stay, and so does what another program
/// wrote there since it was `before`.
pub(super) fn rewrite(path: &Path, before: &str, after: &str) -> Result<(), Stop> {
    let failed = |e: &io::Error| Stop::from(unwritable(path, e));
    let now = fs::read(path).map_err(|e| Stop::from(unreadable(path, &e)))?;
    if now != before.as_bytes() {
        return Err(Failure::new(
            format!("cannot write {}", path.display()),
            "another program has changed it meanwhile",
            "run the same command again: only the last answer is missing",
        )
        .into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let permissions = fs::metadata(path).map_err(|e| failed(&e))?.permissions();
    let mut file = tempfile::Builder::new()
        .prefix(dyetrace::files::TEMPORARY_PREFIX)
        .tempfile_in(folder)
        .map_err(|e| failed(&e))?;
    file.write_all(after.as_bytes())
        .and_then(|()| file.as_file().set_permissions(permissions))
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| failed(&e))?;
    file.persist(path).map_err(|e| failed(&e.error))?;
    // The new name itself becomes durable with its folder; where that cannot be synced the file is whole anyway.
    let _ = dyetrace::files::sync_folder(folder);
    Ok(())
}

/// A temporary file with the permissions of ordinary ones, which the process's mask narrows.
fn beside(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Refuses a path where something is already, before any work is done for it.
pub(super) fn must_be_free(path: &Path, replace: bool, option: &str) -> Result<(), Stop> {
    if replace || fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    Err(Failure::new(
        format!("cannot write {}", path.display()),
        "there is something with this name already",
        format!("choose another path, or pass `{option}` to replace it"),
    )
    .into())
}
