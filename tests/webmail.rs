//! Web pages and mails from the command line: planned, issued, read again and traced.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use base64::Engine as _;
use dyetrace::channel::authored;
use dyetrace::item::{Document, Edit, Format, LeafKind, Skipped, visible_text};
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

    /// Issues an item to everybody: its original, and the paths of the copies.
    fn issue(&self, name: &str, item: &str) -> (String, Vec<PathBuf>) {
        fs::write(self.path(name), item).unwrap();
        let document = Document::read(Format::detect(item.as_bytes(), Some(name)), item.as_bytes()).unwrap();
        let original = String::from_utf8(authored::extract(&document).unwrap().original).unwrap();
        let plan = self.json(&["plan", name]);
        assert!(plan["sites"]["by_channel"]["wording"].as_u64().unwrap() >= 2, "{plan}");
        let out = name.split('.').next().unwrap();
        let issued = self.json(&["issue", name, "--to-all", "--out", out]);
        let copies = issued["copies"].as_array().unwrap_or_else(|| panic!("{issued}"));
        assert_eq!(copies.len(), 3);
        (original, copies.iter().map(|copy| self.path(copy["path"].as_str().unwrap())).collect())
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

/// A fixture with a paragraph of variants put in before each of some marks: enough of them that no two copies are alike
/// and each is named, whatever secret the registry drew.
fn varied(path: &str, places: &[(&str, &str, &str)]) -> String {
    let mut text = fs::read_to_string(fixture(path)).unwrap();
    let notes: Vec<String> = (1..=40).map(|n| format!("note {n} was {{{{kept|held}}}} and ")).collect();
    let paragraph = notes.concat();
    for (mark, before, behind) in places {
        let at = text.find(mark).unwrap_or_else(|| panic!("{mark}"));
        text.insert_str(at, &format!("{before}Of these {paragraph}that was all.{behind}"));
    }
    text
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
    let item = varied("web/lighthouse.html", &[("<p>In the end", "<p>", "</p>\n\n")]);
    let (source, copies) = desk.issue("lighthouse.html", &item);
    let original = Document::read(Format::Html, source.as_bytes()).unwrap();
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
    let places =
        [("A decision must", "", "\r\n\r\n"), ("<p style=3D\"margin:0\">A decision", "<p>", "</p>\r\n")];
    let (source, copies) = desk.issue("sluice.eml", &varied("mail/sluice.eml", &places));
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
    let note = varied("mail/gate.md", &[("- Bring", "", "\n\n")]);
    let note = base64::engine::general_purpose::STANDARD.encode(note);
    let attached = fs::read_to_string(fixture("mail/attachments.eml")).unwrap();
    let start = attached.find("IyBUaGUg").unwrap();
    let end = start + attached[start..].find("\n--outer").unwrap();
    let attached = format!("{}{note}\n{}", &attached[..start], &attached[end..]);
    let reply = varied("mail/reply.eml", &[("I cannot come", "", "\n\n")]);
    for (name, item, kept) in [
        ("attachments.eml", attached, "--outer\nContent-Type: image/png"),
        ("reply.eml", reply, "\n-- \nTom Beck"),
    ] {
        let (source, copies) = desk.issue(name, &item);
        for copy in copies {
            let text = fs::read_to_string(copy).unwrap();
            let tail = |text: &str| text[text.find(kept).unwrap()..].to_owned();
            assert_eq!(tail(&source), tail(&text));
            assert!(source != text && source.lines().take(7).eq(text.lines().take(7)));
        }
    }
}

#[test]
fn authors_write_variants_into_pages_and_mails() {
    let desk = Desk::new();
    let many: Vec<String> = (0..40).map(|n| format!(" {n} {{{{up|on}}}}")).collect();
    let many = many.concat();
    let page = format!(
        "<p>Notes{many}.</p>\r\n<p>He <b>{{{{said|told us|wrote}}}}</b> that he left {{{{early|before noon}}}}, &amp; that \
         {{{{nobody|no one}}}} saw it.</p>"
    );
    fs::write(desk.path("note.html"), &page).unwrap();
    let wrapped = many.replace("7 {{", "7\r\n{{");
    let plain = format!(
        "Notes{wrapped}.\r\n\r\nHe {{{{said|told us|wrote}}}} that he left {{{{early|before noon}}}}, & that\r\n\
         {{{{nobody|no one}}}} saw it."
    );
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
fn variants_across_tags_are_an_error() {
    let desk = Desk::new();
    for (page, right) in [
        ("<p>He <b>{{said|told}}</b> so.</p>", true),
        ("<p>He {{said|told}}<b> so</b>.</p>", true),
        ("<p>He {{<b>said|told</b>}} so.</p>", false),
        ("<p>He {{said|<b>told</b>}} so.</p>", false),
        ("<p>He <b>{</b>{said|told}} so.</p>", false),
    ] {
        fs::write(desk.path("note.html"), page).unwrap();
        let output = desk.run(&["plan", "note.html"]);
        assert_eq!(output.status.code(), Some(if right { 0 } else { 2 }), "{page}");
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
        assert!(stderr.contains("hint: issue it without its signature"), "{stderr}");
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

/// A Word document that is attached to a mail is marked as it would be by itself, comments that name variants included.
#[test]
fn an_attached_document_is_marked_too() {
    use base64::Engine as _;
    use dyetrace::channel::authored;
    let document = fs::read(fixture("office/ferry.docx")).unwrap();
    let packed = base64::engine::general_purpose::STANDARD.encode(&document);
    let lines: Vec<&str> =
        packed.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let mail = format!(
        "From: a@b.example\r\nMIME-Version: 1.0\r\nSubject: Ferry\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n\
         --cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe report on the ferry is attached.\r\n\
         --cut\r\nContent-Type: application/octet-stream; name=ferry.docx\r\nContent-Disposition: attachment; filename=ferry.docx\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--cut--\r\n",
        lines.join("\r\n")
    );
    let read = Document::read(Format::Eml, mail.as_bytes()).unwrap();
    assert_eq!(read.bytes(), mail.as_bytes());
    let alone = authored::extract(&Document::read(Format::Docx, &document).unwrap()).unwrap();
    let marked = authored::extract(&read).unwrap();
    assert!(marked.document.text().ends_with(alone.document.text()));
    let labels = |sites: &[dyetrace::channel::Site]| -> Vec<Vec<String>> {
        sites.iter().map(|site| site.labels.clone()).collect()
    };
    assert!(!alone.sites.is_empty());
    assert_eq!(labels(&marked.sites), labels(&alone.sites));
    let edits: Vec<Edit> = marked.sites.iter().flat_map(|site| site.write(1)).collect();
    let copy = marked.document.edit(&edits).unwrap();
    let by_itself: Vec<Edit> = alone.sites.iter().flat_map(|site| site.write(1)).collect();
    let wanted = alone.document.edit(&by_itself).unwrap();
    // The attachment is the very copy that the document alone would be.
    let text = String::from_utf8(copy.clone()).unwrap();
    let body = text.split("base64\r\n\r\n").nth(1).unwrap().split("\r\n--cut--").next().unwrap();
    let attached = base64::engine::general_purpose::STANDARD.decode(body.replace("\r\n", "")).unwrap();
    assert!(attached == wanted);
    assert_eq!(text.split("base64\r\n\r\n").next(), mail.split("base64\r\n\r\n").next());
    assert!(body.lines().all(|line| line.len() <= 76));
    // One that cannot be opened is copied, and counted as what it is.
    let broken = mail.replacen(lines[1], &"A".repeat(76), 1);
    let read = Document::read(Format::Eml, broken.as_bytes()).unwrap();
    assert_eq!((read.bytes(), read.skipped()), (broken.into_bytes(), &[(Skipped::Attachment, 1)][..]));
    let seen = dyetrace::item::visible_text(Format::Eml, &copy).unwrap();
    assert!(seen.contains("The report on the ferry is attached."));
    let tail: String = Document::read(Format::Docx, &wanted).unwrap().text().chars().rev().take(40).collect();
    assert!(seen.contains(&tail.chars().rev().collect::<String>()), "{seen}");
}
