//! A thing and what is known of it: the view of `inspect` and of commands that made one thing.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthStr as _;

use super::paint::{Page, Role, wrap};
use super::{Style, words};

/// What is known of one thing, in the order in which it is shown.
#[derive(Clone, Debug)]
pub struct Facts {
    schema: &'static str,
    kind: &'static str,
    rows: Vec<(&'static str, Fact)>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// Words, a path, a name.
    Text(String),
    /// A whole number.
    Number(u64),
    /// Yes or no.
    Flag(bool),
    /// Several names.
    List(Vec<String>),
}

impl Facts {
    /// Nothing yet, of a thing of this kind; `schema` is the name of the JSON object.
    pub fn new(schema: &'static str, kind: &'static str) -> Self {
        Self { schema, kind, rows: Vec::new() }
    }

    /// Adds a fact; `key` is its JSON field, and with blanks for underscores its label.
    #[must_use]
    pub fn with(mut self, key: &'static str, fact: impl Into<Fact>) -> Self {
        self.rows.push((key, fact.into()));
        self
    }

    /// Adds a fact where there is one.
    #[must_use]
    pub fn with_some(self, key: &'static str, fact: Option<impl Into<Fact>>) -> Self {
        match fact {
            Some(fact) => self.with(key, fact),
            None => self,
        }
    }

    /// The page for a terminal: what it is, then a line or more for each fact.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        page.row(Role::Strong, self.kind);
        let label = |key: &str| key.replace('_', " ");
        let column = self.rows.iter().map(|(key, _)| label(key).width()).max().unwrap_or(0) + 4;
        for (key, fact) in &self.rows {
            let text = match fact {
                Fact::Text(text) => style.line(text),
                Fact::Number(number) => words::count(*number),
                Fact::Flag(true) => "yes".to_owned(),
                Fact::Flag(false) => "no".to_owned(),
                Fact::List(names) if names.is_empty() => "none".to_owned(),
                Fact::List(names) => names.iter().map(|name| style.line(name)).collect::<Vec<_>>().join(", "),
            };
            let label = label(key);
            // A digest that is cut cannot be copied or looked for: it has a line of its own instead.
            let room = style.width.saturating_sub(column);
            if text.len() > room && text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                page.pad(2);
                page.put(Role::Label, label.as_str()).end();
                page.pad(4);
                page.put(Role::Plain, text.as_str()).end();
                continue;
            }
            for (i, line) in wrap(&text, style.width.saturating_sub(column)).iter().enumerate() {
                page.pad(2);
                let label = if i == 0 { label.as_str() } else { "" };
                page.put(Role::Label, label).pad(column - 2 - label.width());
                page.put(Role::Plain, line).end();
            }
        }
        page.finish()
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.rows.len() + 2))?;
        map.serialize_entry("schema", self.schema)?;
        map.serialize_entry("kind", self.kind)?;
        for (key, fact) in &self.rows {
            map.serialize_entry(key, fact)?;
        }
        map.end()
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Fact {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Fact {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<bool> for Fact {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Vec<String>> for Fact {
    fn from(names: Vec<String>) -> Self {
        Self::List(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_line_up_and_stay_harmless() {
        let facts = Facts::new("dyetrace/inspect/1", "signed record")
            .with("recipient", "Agency\u{202e}Q")
            .with("sites", 1_640_usize)
            .with("release_to", vec!["Agency A".to_owned(), "Agency B".to_owned()])
            .with_some("expires", None::<String>)
            .with("note", "x ".repeat(60));
        insta::assert_snapshot!("facts", facts.page(Style::PLAIN));
        let digest = "0123456789abcdef".repeat(4);
        for fact in [("issuer", ""), ("copies_reserved", "")] {
            let facts = Facts::new("dyetrace/inspect/1", "registry")
                .with("issuer", digest.as_str())
                .with(fact.0, fact.1);
            let page = facts.page(Style::PLAIN);
            assert!(page.lines().any(|line| line.ends_with(&digest) && line.len() <= 80), "{page}");
        }
        let object = serde_json::to_value(&facts).unwrap();
        assert_eq!(object["schema"], "dyetrace/inspect/1");
        assert_eq!(object["sites"], 1_640);
        assert_eq!(object["recipient"], "Agency\u{202e}Q");
    }
}
