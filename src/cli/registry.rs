//! Opening the registry that a command works on.

use std::path::{Path, PathBuf};

use dyetrace::registry::{ISSUER_PUBLIC, RecipientError, Registry, RegistryError};
use dyetrace::report::facts::Facts;
use dyetrace::trust::{KeyError, Passphrase, PublicKey};

use super::args::{Global, REGISTRY_DEFAULT};
use super::error::{Failure, Stop, chain};
use super::ui::{self, Ui};

/// The folder that was named, or the default.
pub(super) fn folder(global: &Global) -> PathBuf {
    global.registry.clone().unwrap_or_else(|| PathBuf::from(REGISTRY_DEFAULT))
}

/// The registry, its secrets still closed.
pub(super) fn open(global: &Global) -> Result<Registry, Stop> {
    open_at(&folder(global))
}

pub(super) fn open_at(folder: &Path) -> Result<Registry, Stop> {
    Registry::open(folder).map_err(|e| failure(format!("cannot open the registry {}", folder.display()), e))
}

/// The registry with its secret open, and the passphrase if it needs one.
pub(super) fn unlock(ui: &Ui, global: &Global) -> Result<(Registry, Option<Passphrase>), Stop> {
    let mut registry = open(global)?;
    let what = || format!("cannot unlock the registry {}", registry_name(global));
    let passphrase = match &global.passphrase_file {
        Some(file) => Some(ui::passphrase_from_file(file)?),
        None if registry.needs_passphrase().map_err(|e| failure(what(), e))? => Some(ui::ask_passphrase(ui)?),
        None => None,
    };
    registry.unlock_secret(passphrase.as_ref()).map_err(|e| failure(what(), e))?;
    Ok((registry, passphrase))
}

fn registry_name(global: &Global) -> String {
    folder(global).display().to_string()
}

/// The issuer's public key of the registry, where no other was named.
pub(super) fn issuer_key(global: &Global) -> Result<PublicKey, Stop> {
    let path = folder(global).join(ISSUER_PUBLIC);
    if !path.is_file() {
        return Err(Failure::new(
            "there is no key to check with",
            format!("neither `--key` was given nor is there a registry at {}", registry_name(global)),
            "pass the issuer's public key: `--key ISSUER.pub`",
        )
        .into());
    }
    super::verify::public_key(&path)
}

/// What a registry folder holds, as far as it can be read without its secret.
pub(super) fn facts(folder: &Path) -> Result<Facts, Stop> {
    let registry = open_at(folder)?;
    let what = || format!("cannot read the registry {}", folder.display());
    let recipients = registry.recipients().map_err(|e| failure(what(), e))?;
    let items = registry.items().map_err(|e| failure(what(), e))?;
    let titles = items.iter().map(|item| {
        format!(
            "{} ({}, {}, id {})",
            item.title,
            dyetrace::report::words::counted(item.issued, "copy", "copies"),
            item.format,
            item.id
        )
    });
    Ok(Facts::new(super::inspect::SCHEMA, "registry")
        .with("path", folder.display().to_string())
        .with("issuer", registry.issuer_id().to_string())
        .with("passphrase", registry.needs_passphrase().map_err(|e| failure(what(), e))?)
        .with("recipients", recipients.len())
        .with("items", items.len())
        .with("copies_issued", items.iter().map(|item| item.issued).sum::<u64>())
        .with("copies_reserved", items.iter().map(|item| item.pending).sum::<u64>())
        .with("titles", titles.collect::<Vec<_>>()))
}

/// A registry error with what to do about it.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`, which gives the error away")]
pub(super) fn failure(what: impl Into<String>, error: RegistryError) -> Stop {
    let hint = match &error {
        RegistryError::Exists { .. } => {
            "choose another folder, or work with the registry that is there".to_owned()
        }
        RegistryError::NotARegistry { .. } => {
            "make one with `dyetrace init`, or name yours with `--registry DIR`".to_owned()
        }
        RegistryError::NotOurs { .. } | RegistryError::Foreign { .. } => {
            "put the registry's own file back, from a backup of the whole folder".to_owned()
        }
        RegistryError::Newer { .. } => "install a newer dyetrace".to_owned(),
        RegistryError::Damaged { .. } | RegistryError::Codec(_) => {
            "restore the folder from a backup; copies that were issued can be written again from it"
                .to_owned()
        }
        RegistryError::OpenToOthers { path, .. } => format!("run `chmod 600 {}`", path.display()),
        RegistryError::Busy => {
            "wait for the other dyetrace to finish, then run the same command again".to_owned()
        }
        RegistryError::ReadOnly => {
            "check who may write to the folder, and whether its disk is writable".to_owned()
        }
        RegistryError::NoItem { .. } => {
            "`dyetrace inspect REGISTRY` lists the items with their ids".to_owned()
        }
        RegistryError::NoRecipient { .. } => {
            "`dyetrace recipient list` shows the names; `dyetrace recipient add NAME` adds one".to_owned()
        }
        RegistryError::Key(KeyError::WrongPassphrase) => {
            "check the keyboard layout, or the file named by `--passphrase-file`".to_owned()
        }
        RegistryError::Key(KeyError::PassphraseNeeded) => "pass `--passphrase-file FILE`".to_owned(),
        RegistryError::Key(_) => "restore the key file from a backup of the registry".to_owned(),
        RegistryError::TestKey(_) => "make a registry of your own with `dyetrace init`".to_owned(),
        RegistryError::Timestamp(_) => "write moments as 2026-11-23T06:42:20Z".to_owned(),
        RegistryError::Recipient(RecipientError::KeyTaken { .. }) => {
            "pass the public key that this recipient made; each signs with a key of their own".to_owned()
        }
        RegistryError::Recipient(_) => {
            "give the recipient a name that is new, short and in one line".to_owned()
        }
        RegistryError::Csv(_) => {
            "correct these lines; nothing was imported, so the same command can be run again".to_owned()
        }
        RegistryError::ItemConflict { .. } | RegistryError::CopyConflict { .. } => {
            "issue the item with the plan and the coalition that it was issued with before".to_owned()
        }
        _ => "check the folder and its disk, then run the same command again".to_owned(),
    };
    Failure::new(what, chain(&error), hint).into()
}
