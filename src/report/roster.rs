//! The view of `recipient`: who may receive copies.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::paint::{Page, Role};
use super::{Style, words};

/// A recipient as lists show it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The organisation.
    pub org: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// The id of the key that signs its receipts.
    pub key: Option<String>,
}

/// What a recipient command did, and whom it concerns.
#[derive(Debug, Serialize)]
pub struct Roster<'r> {
    schema: &'static str,
    action: &'static str,
    recipients: &'r [Entry],
    /// Recipients that were registered before with the same details.
    unchanged: usize,
    ignored_columns: &'r [String],
}

impl<'r> Roster<'r> {
    /// `action` is "added", "imported" or "listed".
    pub fn new(action: &'static str, recipients: &'r [Entry]) -> Self {
        Self { schema: "dyetrace/recipients/1", action, recipients, unchanged: 0, ignored_columns: &[] }
    }

    /// What an import left alone.
    #[must_use]
    pub fn with_import(mut self, unchanged: usize, ignored_columns: &'r [String]) -> Self {
        self.unchanged = unchanged;
        self.ignored_columns = ignored_columns;
        self
    }

    /// The page that `dyetrace recipient` prints: the whole list where it was asked for, a count after a change.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let count = words::counted(self.recipients.len() as u64, "recipient", "recipients");
        if self.action == "listed" {
            self.table(&mut page);
            page.row(Role::Faint, &count);
        } else {
            page.row(Role::Good, &format!("{} {count}", self.action));
            if let [one] = self.recipients {
                page.text(2, Role::Plain, &format!("{} (id {})", style.line(&one.name), style.line(&one.id)));
            }
            if self.unchanged > 0 {
                page.row(Role::Plain, &format!("{} were there already", words::size(self.unchanged)));
            }
        }
        page.finish()
    }

    fn table(&self, page: &mut Page) {
        let style = page.style();
        let widest = |field: &dyn Fn(&Entry) -> &str, max: usize| {
            self.recipients.iter().map(|entry| style.line(field(entry)).width()).max().unwrap_or(0).min(max)
        };
        let id = widest(&|entry| &entry.id, 26);
        let name = widest(&|entry| &entry.name, 30);
        for entry in self.recipients {
            let shown = (style.clip(&entry.id, id), style.clip(&entry.name, name));
            page.put(Role::Faint, &shown.0).pad(id - shown.0.width() + 2);
            page.put(Role::Plain, &shown.1);
            let rest =
                [&entry.org, &entry.email].into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
            if !rest.is_empty() {
                page.pad(name - shown.1.width() + 2);
                let room = style.width.saturating_sub(id + name + 4);
                page.put(Role::Faint, &style.clip(&rest.join(", "), room));
            }
            page.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_line_up() {
        let entry = |id: &str, name: &str, org: Option<&str>| Entry {
            id: id.to_owned(),
            name: name.to_owned(),
            org: org.map(str::to_owned),
            email: Some("desk@agency.example".to_owned()),
            key: None,
        };
        let entries = [
            entry("agency-q", "Agency Q", Some("Ministry of Q")),
            entry("nihon", "日本の機関", None),
            entry("long", &"Very ".repeat(20), Some("x\u{202e}y")),
        ];
        let page = Roster::new("listed", &entries).page(Style::PLAIN);
        assert!(page.lines().all(|line| line.width() <= 80), "{page}");
        insta::assert_snapshot!("roster", page);
        let columns = ["phone".to_owned()];
        let import = Roster::new("imported", &entries[..1]).with_import(2, &columns);
        insta::assert_snapshot!("roster-import", import.page(Style::PLAIN));
        assert_eq!(serde_json::to_value(import).unwrap()["recipients"][0]["id"], "agency-q");
    }
}
