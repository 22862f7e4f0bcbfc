//! The view of `verify`.

use serde::Serialize;

use super::paint::{Page, Role};
use super::{Style, words};

/// One file that was checked.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Its path, as it was given.
    pub path: String,
    /// What it is: "copy".
    pub kind: &'static str,
    /// Whether file, record and key hold together.
    pub valid: bool,
    /// Why not.
    pub problem: Option<String>,
    /// The copy's number.
    pub copy: Option<u64>,
    /// Whom it was issued to.
    pub recipient: Option<String>,
    /// The id of the key that it was checked with.
    pub issuer: String,
    /// The item's title.
    pub item: Option<String>,
    /// When it was issued.
    pub issued_at: Option<String>,
    /// The handling terms, as words.
    pub terms: Vec<String>,
}

/// `dyetrace/verify/1`.
#[derive(Debug, Serialize)]
pub struct Object<'c> {
    schema: &'static str,
    valid: bool,
    files: &'c [Checked],
}

/// The object that `dyetrace verify --json` prints.
pub fn object(files: &[Checked]) -> Object<'_> {
    Object { schema: "dyetrace/verify/1", valid: all_valid(files), files }
}

/// Whether every file is valid; of no files, none is.
pub fn all_valid(files: &[Checked]) -> bool {
    !files.is_empty() && files.iter().all(|file| file.valid)
}

/// The page that `dyetrace verify` prints.
pub fn page(files: &[Checked], style: Style) -> String {
    let mut page = Page::new(style);
    for file in files {
        let path = style.line(&file.path);
        if file.valid {
            page.field("valid", Role::Good, &path);
        } else {
            page.field("not valid", Role::Bad, &path);
        }
        if let Some(problem) = &file.problem {
            page.field("", Role::Plain, &style.line(problem));
        }
        // What a record says is shown only where its signature holds.
        if file.valid
            && let (Some(copy), Some(recipient)) = (file.copy, &file.recipient)
        {
            let item = file.item.as_ref().map(|item| format!(" of {}", style.clip(item, 60)));
            let text = format!(
                "copy {}{}, issued to {}",
                words::count(copy),
                item.unwrap_or_default(),
                style.line(recipient)
            );
            page.field("", Role::Plain, &text);
            if let Some(at) = &file.issued_at {
                page.field("", Role::Plain, &format!("on {}", style.line(at)));
            }
            if !file.terms.is_empty() {
                page.field("", Role::Plain, &style.line(&file.terms.join(", ")));
            }
            page.field(
                "",
                Role::Faint,
                &format!("signed by key {}", file.issuer.get(..16).unwrap_or(&file.issuer)),
            );
        }
    }
    if files.len() > 1 {
        let valid = files.iter().filter(|file| file.valid).count();
        page.gap();
        let role = if valid == files.len() { Role::Good } else { Role::Bad };
        page.row(role, &format!("{} of {} files are valid", words::size(valid), words::size(files.len())));
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(valid: bool) -> Checked {
        Checked {
            path: "outbox/brief.agency-q.md".to_owned(),
            kind: "copy",
            valid,
            problem: (!valid).then(|| "the copy's SHA-256 differs\u{1b}[2J".to_owned()),
            copy: Some(17),
            recipient: Some("Agency\u{202e} Q".to_owned()),
            issuer: "530d903a".repeat(8),
            item: Some("Cedar brief".to_owned()),
            issued_at: Some("2026-11-23T06:42:20Z".to_owned()),
            terms: vec!["TLP:AMBER+STRICT".to_owned(), "onward sharing with-consent".to_owned()],
        }
    }

    #[test]
    fn a_valid_and_a_broken_copy() {
        let files = [checked(true), checked(false)];
        insta::assert_snapshot!("verify", page(&files, Style::PLAIN));
        assert!(!all_valid(&files) && all_valid(&files[..1]) && !all_valid(&[]));
    }

    #[test]
    fn a_broken_record_vouches_for_nothing() {
        assert!(!page(&[checked(false)], Style::PLAIN).contains("Agency"));
    }
}
