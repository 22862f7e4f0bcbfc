//! `dyetrace inspect`: what a file or a folder is, and what it holds.

use std::path::Path;

use dyetrace::item::{Format, package_format};
use dyetrace::report::facts::Facts;
use dyetrace::trust::key::{KeyError, PublicKey, SecretKey};
use dyetrace::trust::record::read_unverified;
use dyetrace::trust::{Digest, denied};

use super::args::InspectArgs;
use super::error::Stop;
use super::ui::Ui;
use super::{Answer, files, registry, verify};

pub(super) const SCHEMA: &str = "dyetrace/inspect/1";

pub(super) fn run(ui: &Ui, args: &InspectArgs) -> Result<Answer, Stop> {
    let facts = if args.file.is_dir() {
        registry::facts(&args.file)?
    } else {
        let bytes = files::read(&args.file, dyetrace::item::SOURCE_BYTES_MAX)?;
        file(&args.file, &bytes)
    };
    if ui.json {
        ui.object(&facts)?;
    } else {
        ui.answer(&facts.page(ui.style()))?;
    }
    Ok(Answer::Yes)
}

/// What a file is: by its content, never by its name alone.
fn file(path: &Path, bytes: &[u8]) -> Facts {
    let text = std::str::from_utf8(bytes).ok();
    let facts = text
        .and_then(|text| key(text).or_else(|| plan(text)))
        .or_else(|| record(bytes))
        .unwrap_or_else(|| Facts::new(SCHEMA, looks_like(path, bytes)));
    facts
        .with("path", path.display().to_string())
        .with("bytes", bytes.len())
        .with("sha256", Digest::of(bytes).to_string())
}

fn key(text: &str) -> Option<Facts> {
    if !text.contains("-----BEGIN ") {
        return None;
    }
    if ["REGISTRY", "WRAPPED REGISTRY"]
        .iter()
        .any(|kind| text.contains(&format!("-----BEGIN DYETRACE {kind} SECRET-----")))
    {
        return Some(Facts::new(SCHEMA, "secret of a registry"));
    }
    let named = |kind, key: &PublicKey| {
        Facts::new(SCHEMA, kind).with("key_id", key.id().to_string()).with("algorithm", "Ed25519").with_some(
            "warning",
            denied(&key.id()).map(|where_| format!("published test key ({where_}): never use it")),
        )
    };
    if let Ok(key) = PublicKey::from_pem(text) {
        return Some(named("public key", &key));
    }
    match SecretKey::from_pem(text, None) {
        Ok(key) => Some(named("private key", &key.public()).with("passphrase", false)),
        Err(KeyError::PassphraseNeeded) => Some(Facts::new(SCHEMA, "private key").with("passphrase", true)),
        Err(error) => {
            Some(Facts::new(SCHEMA, "unusable key or certificate").with("problem", error.to_string()))
        }
    }
}

fn record(bytes: &[u8]) -> Option<Facts> {
    let (statement, signers) = read_unverified(bytes).ok()?;
    let issue = statement.issue;
    let signers: Vec<_> = signers.iter().map(ToString::to_string).collect();
    Some(
        Facts::new(SCHEMA, "signed record of a copy, signature not checked")
            .with("checked_by", "dyetrace verify")
            .with("copy", issue.copy)
            .with("recipient", issue.recipient.name)
            .with_some("organisation", issue.recipient.org)
            .with_some("email", issue.recipient.email)
            .with("item", issue.item.title)
            .with("item_id", issue.item.id)
            .with("copy_file", statement.file_name)
            .with("copy_sha256", statement.sha256.to_string())
            .with("issued_at", issue.issued_at.to_string())
            .with("sites", issue.sites)
            .with("codebook", issue.codebook.scheme)
            .with("coalition", u64::from(issue.codebook.coalition))
            .with("handling", verify::terms(&issue.handling.terms))
            .with("tool", issue.tool)
            .with("claims_key", signers),
    )
}

/// A plan, as far as it can be read without its item.
fn plan(text: &str) -> Option<Facts> {
    let plan: toml::Table = text.parse().ok()?;
    let sites = plan.get("site")?.as_array()?;
    let item = plan.get("item")?.as_str()?;
    let on = sites.iter().filter(|site| site.get("on").and_then(toml::Value::as_bool) != Some(false));
    Some(
        Facts::new(SCHEMA, "plan, not checked against its item")
            .with("checked_by", "dyetrace plan ITEM --plan PLAN")
            .with("item_sha256", item.trim_start_matches("sha256:"))
            .with("sites", sites.len())
            .with("switched_on", on.count())
            .with("protected", plan.get("protect").and_then(toml::Value::as_array).map_or(0, Vec::len)),
    )
}

/// A guess from the first bytes, for whoever wonders why a file is not read.
fn looks_like(path: &Path, bytes: &[u8]) -> &'static str {
    const MAGIC: [(&[u8], &str); 12] = [
        (b"%PDF-", "PDF document"),
        (b"PK\x03\x04", "ZIP archive or office document"),
        (b"\xd0\xcf\x11\xe0", "legacy office document"),
        (b"\x89PNG", "PNG image"),
        (b"\xff\xd8\xff", "JPEG image"),
        (b"GIF8", "GIF image"),
        (b"II*\0", "TIFF image"),
        (b"MM\0*", "TIFF image"),
        (b"{\\rtf", "RTF document"),
        (b"SQLite format 3\0", "SQLite database"),
        (b"\x1f\x8b", "gzip archive"),
        (b"\x7fELF", "program"),
    ];
    match package_format(bytes) {
        Some(Format::Docx) => return "Word document",
        Some(Format::Pptx) => return "PowerPoint presentation",
        Some(Format::Odt) => return "OpenDocument text",
        Some(Format::Odp) => return "OpenDocument presentation",
        _ => {}
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return kind;
    }
    if bytes.is_empty() {
        return "empty file";
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let text = std::str::from_utf8(bytes);
    match (text, extension.to_ascii_lowercase().as_str()) {
        (Ok(text), _) if text.contains('\0') => "binary file of an unknown kind",
        (Ok(_), "md" | "markdown") => "Markdown text",
        (Ok(text), _) if text.trim_start().starts_with('{') => "JSON or similar text",
        (Ok(text), _) if text.trim_start().starts_with('<') => "HTML or XML text",
        (Ok(_), _) => "text",
        (Err(_), _) => "binary file of an unknown kind, or text that is not UTF-8",
    }
}
