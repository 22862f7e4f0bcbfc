//! `dyetrace verify`: copies against their signed records, with the issuer's public key alone.

use std::path::{Path, PathBuf};

use dyetrace::outbox::RECORD_SUFFIX;
use dyetrace::report::checked::{self, Checked};
use dyetrace::trust::record::{Policy, verify_issue};
use dyetrace::trust::{IssueStatement, PublicKey, Terms};

use super::args::{Global, VerifyArgs};
use super::error::{Failure, Stop, chain};
use super::ui::Ui;
use super::{Answer, files, registry};

pub(super) fn run(ui: &Ui, global: &Global, args: &VerifyArgs) -> Result<Answer, Stop> {
    if args.record.is_some() && args.files.len() > 1 {
        return Err(Failure::new(
            "`--record` was given with several files",
            "one record is about one copy",
            "check them one by one, or keep each record beside its copy and leave `--record` out",
        )
        .into());
    }
    let key = match &args.key {
        Some(path) => public_key(path)?,
        None => registry::issuer_key(global)?,
    };
    let mut checked = Vec::with_capacity(args.files.len());
    for file in &args.files {
        checked.push(check(file, args.record.as_deref(), &key)?);
    }
    if ui.json {
        ui.object(&checked::object(&checked))?;
    } else {
        ui.answer(&checked::page(&checked, ui.style()))?;
    }
    Ok(if checked::all_valid(&checked) { Answer::Yes } else { Answer::No })
}

/// Checks one copy.
pub(super) fn check(file: &Path, record: Option<&Path>, key: &PublicKey) -> Result<Checked, Stop> {
    let (copy_path, record_path) = pair(file, record);
    let record = files::read(&record_path, files::RECORD_BYTES_MAX).map_err(|stop| match stop {
        Stop::Failed(failure) => Failure {
            hint: "keep the record beside its copy, or name it with `--record FILE`".to_owned(),
            ..failure
        }
        .into(),
        other => other,
    })?;
    let copy = files::read(&copy_path, dyetrace::item::SOURCE_BYTES_MAX)?;
    let verified = verify_issue(&record, &copy, key, Policy::default());
    let problem = verified.as_ref().err().map(|e| chain(e));
    let statement = verified.ok().map(dyetrace::trust::Verified::into_inner);
    Ok(Checked {
        path: copy_path.display().to_string(),
        kind: "copy",
        valid: statement.is_some(),
        problem,
        copy: statement.as_ref().map(|statement| statement.issue.copy),
        recipient: statement.as_ref().map(|statement| statement.issue.recipient.name.clone()),
        issuer: key.id().to_string(),
        item: statement.as_ref().map(|statement| statement.issue.item.title.clone()),
        issued_at: statement.as_ref().map(|statement| statement.issue.issued_at.to_string()),
        terms: statement
            .map(|statement: IssueStatement| terms(&statement.issue.handling.terms))
            .unwrap_or_default(),
    })
}

/// The copy and its record, whichever of them was named.
fn pair(file: &Path, record: Option<&Path>) -> (PathBuf, PathBuf) {
    if let Some(record) = record {
        return (file.to_owned(), record.to_owned());
    }
    let named = file.to_str().and_then(|path| path.strip_suffix(RECORD_SUFFIX));
    match named {
        Some(copy) => (PathBuf::from(copy), file.to_owned()),
        None => (file.to_owned(), record_path(file)),
    }
}

/// The record that lies beside a copy.
pub(super) fn record_path(copy: &Path) -> PathBuf {
    let mut path = copy.as_os_str().to_owned();
    path.push(RECORD_SUFFIX);
    PathBuf::from(path)
}

/// Handling terms as words.
pub(super) fn terms(terms: &Terms) -> Vec<String> {
    let mut words = vec![terms.tlp.to_string(), format!("onward sharing {}", terms.onward_sharing)];
    words.extend(terms.europol.iter().map(ToString::to_string));
    words.extend(terms.pap.map(|pap| pap.to_string()));
    if !terms.release_to.is_empty() {
        words.push(format!(
            "releasable to {}",
            terms.release_to.iter().cloned().collect::<Vec<_>>().join(", ")
        ));
    }
    words.extend(terms.expires.as_ref().map(|at| format!("expires {at}")));
    words
}

/// A public key from a file.
pub(super) fn public_key(path: &Path) -> Result<PublicKey, Stop> {
    let pem = files::read_text(path, dyetrace::trust::key::PEM_BYTES_MAX)?;
    PublicKey::from_pem(&pem).map_err(|e| {
        let hint = "pass a public key: a PEM file that begins with `-----BEGIN PUBLIC KEY-----`";
        Failure::from_error(format!("cannot use {} as a public key", path.display()), &e, hint).into()
    })
}
