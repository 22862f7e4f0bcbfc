//! Web pages and mails from the command line: planned, issued, read again and traced.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dyetrace::item::{Document, Edit, Format, LeafKind, visible_text};
use serde_json::Value;

const RECIPIENTS: [&str; 3] = ["Aldermoor", "Brackwater", "Coldharbour"];

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        assert!(desk.run(&["init"]).status.success());
        for name in RECIPIENTS {
            assert!(desk.run(&["recipient", "add", name]).status.success());
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_dyetrace"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("DYETRACE_REGISTRY")
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Issues a fixture to everybody; the paths of the copies.
    fn issue(&self, item: &str) -> Vec<PathBuf> {
        let name = Path::new(item).file_name().unwrap().to_str().unwrap();
        fs::copy(fixture(item), self.path(name)).unwrap();
        let plan = self.json(&["plan", name, "--accept", "bold"]);
        assert!(plan["sites"]["total"].as_u64().unwrap() >= 8, "{plan}");
        let issued = self.json(&[
            "issue",
            name,
            "--to-all",
            "--out",
            name.split('.').next().unwrap(),
            "--accept",
            "bold",
        ]);
        let copies = issued["copies"].as_array().unwrap_or_else(|| panic!("{issued}"));
        assert_eq!(copies.len(), 3);
        copies.iter().map(|copy| self.path(copy["path"].as_str().unwrap())).collect()
    }

    fn named(&self, leak: &str) -> Value {
        let trace = self.json(&["trace", leak, "--alpha", "0.3"]);
        assert_eq!(trace["verdict"], "attributed", "{trace}");
        trace["culprits"][0]["recipient"].clone()
    }
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/items").join(path)
}

/// What lies between the source's editable pieces, which no copy may change.
fn around(source: &str, document: &Document) -> Vec<String> {
    assert_eq!(document.format(), Format::Html);
    let mut at = 0;
    let mut out = Vec::new();
    for leaf in document.leaves().iter().filter(|leaf| leaf.kind != LeafKind::Fixed) {
        out.push(source[at..leaf.source.start].to_owned());
        at = leaf.source.end;
    }
    out.push(source[at..].to_owned());
    out.retain(|piece| !piece.is_empty());
    out
}

#[test]
fn a_page_is_issued_and_traced() {
    let desk = Desk::new();
    let source = fs::read_to_string(fixture("web/lighthouse.html")).unwrap();
    let original = Document::read(Format::Html, source.as_bytes()).unwrap();
    let copies = desk.issue("web/lighthouse.html");
    let mut seen = vec![source.clone()];
    for (copy, recipient) in copies.iter().zip(RECIPIENTS) {
        assert_eq!(copy.extension().unwrap(), "html");
        let text = fs::read_to_string(copy).unwrap();
        let document = Document::read(Format::Html, text.as_bytes()).unwrap();
        assert_eq!(document.skipped(), original.skipped());
        assert_eq!(around(&text, &document).concat(), around(&source, &original).concat());
        assert!(!seen.contains(&text));
        seen.push(text);
        // A reader copies what the page shows.
        fs::write(desk.path("leak.txt"), visible_text(Format::Html, &fs::read(copy).unwrap()).unwrap())
            .unwrap();
        assert_eq!(desk.named("leak.txt"), recipient);
    }
}

#[test]
fn a_mail_is_issued_with_both_writings_alike_and_traced_from_either() {
    let desk = Desk::new();
    let source = fs::read_to_string(fixture("mail/sluice.eml")).unwrap();
    let copies = desk.issue("mail/sluice.eml");
    for (copy, recipient) in copies.iter().zip(RECIPIENTS) {
        let text = fs::read_to_string(copy).unwrap();
        let document = Document::read(Format::Eml, text.as_bytes()).unwrap();
        // Whatever differed in one writing only would be counted.
        assert_eq!(document.skipped(), Document::read(Format::Eml, source.as_bytes()).unwrap().skipped());
        let parts = |text: &str| -> Vec<String> { text.split("--=_alt_7f3").map(str::to_owned).collect() };
        let [old, new] = [parts(&source), parts(&text)];
        assert_eq!((&old[0], old.len()), (&new[0], new.len()));
        assert_eq!(old[3], new[3]);
        for number in [1, 2] {
            let head = |part: &str| part.split("\r\n\r\n").next().unwrap().to_owned();
            assert_eq!(head(&old[number]), head(&new[number]));
            assert!(old[number] != new[number], "both writings are marked");
        }
        // Each writing alone names the copy.
        let head = text.split("\r\n\r\n").next().unwrap().lines().take(8).collect::<Vec<_>>().join("\r\n");
        for number in [1, 2] {
            let alone = format!("{head}{}", new[number]);
            let shown = visible_text(Format::Eml, alone.as_bytes()).unwrap();
            assert!(shown.contains("surveyors"));
            fs::write(desk.path("leak.txt"), shown).unwrap();
            assert_eq!(desk.named("leak.txt"), recipient);
        }
    }
    let warned = desk.run(&["plan", "sluice.eml"]);
    assert!(String::from_utf8_lossy(&warned.stderr).contains("warning: the mail carries a DKIM signature"));
    assert_eq!(desk.json(&["plan", "sluice.eml"])["warnings"], serde_json::json!(["dkim"]));
}

#[test]
fn attachments_and_replies_are_issued() {
    let desk = Desk::new();
    for (item, kept) in
        [("mail/attachments.eml", "--outer\nContent-Type: image/png"), ("mail/reply.eml", "\n-- \nTom Beck")]
    {
        let source = fs::read_to_string(fixture(item)).unwrap();
        for copy in desk.issue(item) {
            let text = fs::read_to_string(copy).unwrap();
            let tail = |text: &str| text[text.find(kept).unwrap()..].to_owned();
            assert_eq!(tail(&source), tail(&text));
            assert!(source != text && source.lines().take(8).eq(text.lines().take(8)));
        }
    }
}

#[test]
fn authors_write_variants_into_pages_and_mails() {
    let desk = Desk::new();
    let page = "<p>He <b>{{said|told us|wrote}}</b> that he left {{early|before noon}}, &amp; that {{nobody|no one}} saw it.</p>";
    fs::write(desk.path("note.html"), page).unwrap();
    let plain =
        "He {{said|told us|wrote}} that he left {{early|before noon}}, & that\r\n{{nobody|no one}} saw it.";
    let mail = format!(
        "From: a@b.example\r\nSubject: s\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\
         Content-Type: text/plain\r\n\r\n{plain}\r\n--x\r\nContent-Type: text/html\r\n\r\n{page}\r\n--x--\r\n"
    );
    fs::write(desk.path("note.eml"), mail).unwrap();
    for (item, out) in [("note.html", "pages"), ("note.eml", "mails")] {
        let issued = desk.json(&["issue", item, "--to", RECIPIENTS[0], "--out", out]);
        let path = desk.path(issued["copies"][0]["path"].as_str().unwrap_or_else(|| panic!("{issued}")));
        let copy = fs::read_to_string(path).unwrap();
        assert!(!copy.contains("{{") && !copy.contains('|'), "{copy}");
        let wrote = |word: &str| copy.matches(word).count();
        let writings = if item == "note.eml" { 2 } else { 1 };
        for forms in [["nobody", "no one"], ["early", "before noon"]] {
            assert_eq!(forms.iter().map(|form| wrote(form)).max(), Some(writings), "{copy}");
            assert_eq!(forms.iter().map(|form| wrote(form)).min(), Some(0), "{copy}");
        }
    }
}

#[test]
fn what_cannot_be_issued_is_refused_with_a_reason() {
    let desk = Desk::new();
    fs::copy(fixture("mail/smime.eml"), desk.path("smime.eml")).unwrap();
    for command in [vec!["plan", "smime.eml"], vec!["issue", "smime.eml", "--to-all", "--out", "out"]] {
        let output = desk.run(&command);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("caused by: an S/MIME mail carries a digital signature"), "{stderr}");
        assert!(stderr.contains("hint: issue the text before it is signed"), "{stderr}");
    }
    assert!(!desk.path("out").exists());
}

/// Every word of the fixtures that may be edited can be, and the copy reads back.
#[test]
fn every_editable_word_of_the_fixtures_can_be_replaced() {
    for item in ["web/lighthouse.html", "mail/sluice.eml", "mail/attachments.eml", "mail/reply.eml"] {
        let bytes = fs::read(fixture(item)).unwrap();
        let document = Document::read(Format::detect(&bytes, Some(item)), &bytes).unwrap();
        let mut at = 0;
        let (mut tried, mut refused) = (0, Vec::new());
        for word in document.text().split_inclusive(char::is_whitespace) {
            let range = at..at + word.trim_end().len();
            at += word.len();
            if document.editable(&range) {
                tried += 1;
                let edit = Edit { range: range.clone(), text: "another word".into() };
                if document.edit(&[edit]).is_err() {
                    refused.push(document.text()[range].to_owned());
                }
            }
        }
        assert!(tried > 80, "{item}: {tried}");
        assert!(refused.is_empty(), "{item}: {refused:?}");
    }
}
