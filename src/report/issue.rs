//! The view of `issue`: what will be written, and what was.

use std::collections::BTreeMap;

use serde::Serialize;

use super::paint::{Page, Role};
use super::{Style, words};

/// How many copies are listed on a terminal.
const COPIES_MAX: usize = 5;

/// An item, its sites and its copies.
#[derive(Clone, Debug)]
pub struct IssueView {
    /// The item's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its format's name.
    pub format: String,
    /// SHA-256 of the original, in hexadecimal.
    pub sha256: String,
    /// How many sites each channel has.
    pub by_channel: Vec<(&'static str, usize)>,
    /// The copies, those that were written before among them.
    pub copies: Vec<IssuedCopy>,
    /// How many of them were written by an earlier run.
    pub resumed: usize,
    /// The handling terms, as words.
    pub terms: Vec<String>,
    /// The names of what no copy keeps.
    pub warnings: Vec<&'static str>,
}

/// One copy and its record.
#[derive(Clone, Debug, Serialize)]
pub struct IssuedCopy {
    /// Its number.
    pub copy: u64,
    /// Whom it is for.
    pub recipient: String,
    /// The copy's path.
    pub path: String,
    /// The signed record's path.
    pub record: String,
    /// SHA-256 of the copy, in hexadecimal.
    pub sha256: String,
}

/// What is about to be written.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The item's title.
    pub title: String,
    /// For whom, in the order of their copies.
    pub recipients: Vec<String>,
    /// How many sites each channel has.
    pub by_channel: Vec<(&'static str, usize)>,
    /// The folder.
    pub out: String,
    /// How many words the item has.
    pub words: u64,
    /// The words of a typical exact quote that names one of the copies; none where it takes most of the item.
    pub quote_words: Option<u64>,
    /// The chance of a false accusation which that is meant for.
    pub alpha: f64,
    /// The handling terms, as words.
    pub terms: Vec<String>,
}

/// `dyetrace/issue/1`.
#[derive(Debug, Serialize)]
pub struct Object<'v> {
    schema: &'static str,
    item: Item<'v>,
    sites: Sites<'v>,
    copies: &'v [IssuedCopy],
    resumed: usize,
    terms: &'v [String],
    dry_run: bool,
    warnings: &'v [&'static str],
}

#[derive(Debug, Serialize)]
struct Item<'v> {
    id: &'v str,
    title: &'v str,
    format: &'v str,
    sha256: &'v str,
}

#[derive(Debug, Serialize)]
struct Sites<'v> {
    total: usize,
    by_channel: BTreeMap<&'v str, usize>,
}

impl IssueView {
    /// The object that `dyetrace issue --json` prints.
    pub fn object(&self) -> Object<'_> {
        Object {
            schema: "dyetrace/issue/1",
            item: Item { id: &self.id, title: &self.title, format: &self.format, sha256: &self.sha256 },
            sites: Sites {
                total: total(&self.by_channel),
                by_channel: self.by_channel.iter().copied().collect(),
            },
            copies: &self.copies,
            resumed: self.resumed,
            terms: &self.terms,
            dry_run: false,
            warnings: &self.warnings,
        }
    }

    /// The same of what would be issued: nothing was written.
    pub fn dry_run(&self) -> Object<'_> {
        Object { dry_run: true, ..self.object() }
    }

    /// The page that `dyetrace issue` prints.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let copies = words::counted(self.copies.len() as u64, "copy", "copies");
        page.field("Issued", Role::Good, &format!("{copies} of {}", style.clip(&self.title, 60)));
        page.field("", Role::Faint, &format!("id {}", style.line(&self.id)));
        if self.resumed > 0 {
            let text = format!("{} of them had been issued before and were kept", words::size(self.resumed));
            page.field("", Role::Plain, &text);
        }
        page.field("Sites", Role::Plain, &sites(&self.by_channel));
        page.field("Terms", Role::Plain, &style.line(&self.terms.join(", ")));
        for (i, copy) in self.copies.iter().take(COPIES_MAX).enumerate() {
            page.field(if i == 0 { "Copies" } else { "" }, Role::Literal, &style.line(&copy.path));
        }
        let more = self.copies.len().saturating_sub(COPIES_MAX);
        if more > 0 {
            page.field("", Role::Plain, &format!("and {} more", words::size(more)));
        }
        page.finish()
    }
}

impl Preview {
    /// What is shown before anything is written.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let copies = words::counted(self.recipients.len() as u64, "copy", "copies");
        page.field("Item", Role::Strong, &format!("{}, {copies}", style.clip(&self.title, 60)));
        let names: Vec<_> =
            self.recipients.iter().take(COPIES_MAX).map(|name| style.clip(name, 40)).collect();
        let more = self.recipients.len().saturating_sub(COPIES_MAX);
        let names = if more > 0 {
            format!("{} and {} more", names.join(", "), words::size(more))
        } else {
            words::list(&names)
        };
        page.field("For", Role::Plain, &names);
        page.field("Into", Role::Literal, &style.line(&self.out));
        page.field("Sites", Role::Plain, &sites(&self.by_channel));
        let promise = match self.quote_words {
            Some(quote) => format!(
                "an exact quote of about {} of its {} words names one copy; a false accusation: {}",
                words::count(quote),
                words::count(self.words),
                words::bound(self.alpha)
            ),
            None => format!(
                "most quotes cannot name one copy if a false accusation is to be {}: add variants, {{{{this|that}}}}",
                words::bound(self.alpha)
            ),
        };
        let role = if self.quote_words.is_some() { Role::Plain } else { Role::Caution };
        page.field("Promise", role, &promise);
        page.field("Terms", Role::Plain, &style.line(&self.terms.join(", ")));
        page.finish()
    }
}

fn total(by_channel: &[(&'static str, usize)]) -> usize {
    by_channel.iter().map(|(_, count)| count).sum()
}

/// "164: wording 101, style 40, authored 23".
fn sites(by_channel: &[(&'static str, usize)]) -> String {
    let parts: Vec<_> =
        by_channel.iter().map(|(channel, count)| format!("{channel} {}", words::size(*count))).collect();
    format!("{}: {}", words::size(total(by_channel)), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    #[test]
    fn before_and_after() {
        let by_channel = vec![("authored", 23), ("style", 40), ("wording", 101)];
        let terms = vec!["TLP:AMBER+STRICT".to_owned(), "onward sharing with-consent".to_owned()];
        let recipients: Vec<_> = (0..33).map(|n| format!("Agency\u{202e} {n}")).collect();
        let preview = Preview {
            title: "Cedar brief".to_owned(),
            recipients: recipients.clone(),
            by_channel: by_channel.clone(),
            out: "outbox".to_owned(),
            words: 1_012,
            quote_words: Some(130),
            alpha: 1e-3,
            terms: terms.clone(),
        };
        insta::assert_snapshot!("issue-preview", preview.page(Style::PLAIN));
        let hopeless = Preview { quote_words: None, recipients: vec!["A".into()], ..preview };
        insta::assert_snapshot!("issue-preview-hopeless", hopeless.page(Style::PLAIN));
        let copies = (1..).zip(&recipients).map(|(copy, recipient)| IssuedCopy {
            copy,
            recipient: recipient.clone(),
            path: format!("outbox/cedar-brief.agency-{copy}.md"),
            record: format!("outbox/cedar-brief.agency-{copy}.md.dsse.json"),
            sha256: "ab".repeat(32),
        });
        let view = IssueView {
            id: "3f9c2a7e51d04b863f9c2a7e51d04b86".to_owned(),
            title: "Cedar brief".to_owned(),
            format: "markdown".to_owned(),
            sha256: "cd".repeat(32),
            by_channel,
            copies: copies.collect(),
            resumed: 4,
            terms,
            warnings: Vec::new(),
        };
        let page = view.page(Style::PLAIN);
        assert!(page.lines().all(|line| line.width() <= 80));
        insta::assert_snapshot!("issue", page);
        let object = serde_json::to_value(view.object()).unwrap();
        assert_eq!(object["schema"], "dyetrace/issue/1");
        assert_eq!(object["item"]["format"], "markdown");
        assert_eq!(object["sites"]["total"], 164);
        assert_eq!(object["sites"]["by_channel"]["wording"], 101);
        assert_eq!(object["copies"][32]["copy"], 33);
    }
}
