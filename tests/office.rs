//! Office files through the whole program: planned, issued, read again, traced; everything else as it was.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use dyetrace::channel::authored;
use dyetrace::item::{Document, Format, visible_text};
use serde_json::Value;
use zip::ZipArchive;

const FIXTURES: [(&str, Format); 4] = [
    ("ferry.docx", Format::Docx),
    ("ferry.pptx", Format::Pptx),
    ("ferry.odt", Format::Odt),
    ("ferry.odp", Format::Odp),
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/items/office").join(name)).unwrap()
}

struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        sandbox.json(&["init"]);
        for name in ["Agency P", "Agency Q", "Agency R"] {
            sandbox.json(&["recipient", "add", name]);
        }
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
        command.args(args).current_dir(self.folder.path()).env_remove("DYETRACE_REGISTRY");
        command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).output().unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.lines().count()), (Some(2), 3), "{error}");
        error
    }
}

/// The members of an archive in their order: name, date, packed bytes where `raw`, and content.
fn members(bytes: &[u8]) -> Vec<(String, String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), format!("{:?}", file.last_modified()), content)
        })
        .collect()
}

fn is_xml(member: &str) -> bool {
    Path::new(member).extension().is_some_and(|extension| extension == "xml")
}

#[test]
fn every_format_is_planned_issued_and_traced() {
    for (name, format) in FIXTURES {
        let sandbox = Sandbox::new();
        let item = fixture(name);
        fs::write(sandbox.path(name), &item).unwrap();
        let plan = sandbox.json(&["plan", name]);
        assert_eq!(plan["format"], format.name());
        assert!(plan["sites"]["by_channel"]["authored"].as_u64().unwrap() >= 15, "{name}: {plan}");
        assert!(plan["drift"]["chars"].as_u64().unwrap() > 0, "{name}: {plan}");
        let issued = sandbox.json(&["issue", name, "--to-all", "--out", "out", "--yes"]);
        let copies: Vec<Vec<u8>> = issued["copies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|copy| fs::read(sandbox.path(copy["path"].as_str().unwrap())).unwrap())
            .collect();
        assert_eq!(copies.len(), 3);

        let marked = authored::extract(&Document::read(format, &item).unwrap()).unwrap();
        let original = members(&marked.original);
        let mut changed = BTreeSet::new();
        for (number, copy) in copies.iter().enumerate() {
            assert_eq!(Format::detect(copy, None), format);
            for ((before, after), whole) in original.iter().zip(members(copy)).zip(members(&item)) {
                assert_eq!((&before.0, &before.1), (&after.0, &after.1), "{name}");
                assert_eq!((&whole.0, &whole.1), (&after.0, &after.1), "{name}");
                if before.2 != after.2 {
                    changed.insert(after.0.clone());
                }
                let text = String::from_utf8_lossy(&after.2);
                let is_text = is_xml(&after.0);
                assert!(
                    !is_text || !(text.contains("variants:") || text.contains("{{")),
                    "{name}: {}",
                    after.0
                );
            }
            // A paste of the whole copy names it.
            let text = visible_text(format, copy).unwrap();
            fs::write(sandbox.path("leak.txt"), text).unwrap();
            let traced = sandbox.json(&["trace", "leak.txt", "--alpha", "1e-3"]);
            assert_eq!(traced["verdict"], "attributed", "{name}");
            let wanted = &issued["copies"][number]["recipient"];
            assert_eq!(&traced["culprits"][0]["recipient"], wanted, "{name}");
        }
        // Whatever differs between two copies lies in members with text.
        for (left, right) in copies.iter().zip(&copies[1..]) {
            assert_ne!(left, right);
            for (a, b) in members(left).into_iter().zip(members(right)) {
                assert!(a.2 == b.2 || changed.contains(&a.0), "{name}: {}", a.0);
            }
        }
        assert!(changed.iter().all(|part| is_xml(part)), "{name}: {changed:?}");
        // The same command again keeps what is there: a copy is always the same bytes.
        let again = sandbox.json(&["issue", name, "--to-all", "--out", "out", "--yes"]);
        assert_eq!((&again["copies"], again["resumed"].as_u64()), (&issued["copies"], Some(3)), "{name}");
    }
}

#[test]
fn comments_are_variants_and_leave_no_trace() {
    for (name, format, part, tag) in [
        ("ferry.docx", Format::Docx, "word/comments.xml", "<w:comment "),
        ("ferry.odt", Format::Odt, "content.xml", "<office:annotation "),
    ] {
        let document = Document::read(format, &fixture(name)).unwrap();
        let marked = authored::extract(&document).unwrap();
        let seen = marked.sites.iter().find(|site| site.labels[0] == "can be seen").unwrap();
        assert_eq!(seen.labels, ["can be seen", "may be consulted", "are on view"], "{name}");
        let kept: Vec<_> =
            marked.protected.iter().map(|range| &marked.document.text()[range.clone()]).collect();
        assert_eq!(kept, ["The chairwoman signed the plans in person."], "{name}");
        // The other comment is somebody's own and stays.
        let text = members(&marked.original).into_iter().find(|(name, ..)| name == part).unwrap().2;
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.matches(tag).count(), 1, "{name}");
        assert!(text.contains("Ask the pilots."), "{name}");
    }
}

#[test]
fn a_copy_keeps_the_extension_of_its_item() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("Ferry note.docm"), fixture("ferry.docx")).unwrap();
    let issued = sandbox.json(&["issue", "Ferry note.docm", "--to", "Agency Q", "--out", "out", "--yes"]);
    let path = issued["copies"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("ferry-note.agency-q.docm"), "{path}");
    // By its content, whatever it is called.
    fs::write(sandbox.path("note.txt"), fixture("ferry.odt")).unwrap();
    assert_eq!(sandbox.json(&["plan", "note.txt"])["format"], "odt");
}

#[test]
fn what_is_left_alone_is_said() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("ferry.odp"), fixture("ferry.odp")).unwrap();
    let page = sandbox.run(&["plan", "ferry.odp"]);
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("Skipped") && page.contains("fields, not edited"), "{page}");
    assert!(page.contains("Pages") && page.contains("less than a line of 80"), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    let plan = sandbox.json(&["plan", "ferry.odp"]);
    assert_eq!(plan["skipped"]["field"].as_u64(), Some(3), "{plan}");
    assert_eq!(plan["drift"]["moves_pages"], false);
    fs::write(sandbox.path("ferry.docx"), fixture("ferry.docx")).unwrap();
    let preview = sandbox.run(&["issue", "ferry.docx", "--to-all", "--out", "out", "--dry-run"]);
    let preview = String::from_utf8(preview.stdout).unwrap();
    assert!(preview.contains("more than a line of 80"), "{preview}");
}

#[test]
fn inspect_names_office_files_by_their_content() {
    let sandbox = Sandbox::new();
    for (name, kind) in [
        ("ferry.docx", "Word document"),
        ("ferry.pptx", "PowerPoint presentation"),
        ("ferry.odt", "OpenDocument text"),
        ("ferry.odp", "OpenDocument presentation"),
    ] {
        fs::write(sandbox.path("unnamed"), fixture(name)).unwrap();
        let page = sandbox.run(&["inspect", "unnamed"]);
        assert!(String::from_utf8_lossy(&page.stdout).contains(kind), "{page:?}");
    }
}

#[test]
fn refusals_say_why_and_what_to_do() {
    let sandbox = Sandbox::new();
    let try_with = |name: &str, bytes: &[u8]| {
        fs::write(sandbox.path(name), bytes).unwrap();
        sandbox.refused(&["plan", name])
    };
    let whole = fixture("ferry.docx");
    let cut = try_with("cut.docx", &whole[..whole.len() / 2]);
    assert!(
        cut.contains("files are) is damaged: its directory is missing") && cut.contains("hint:"),
        "{cut}"
    );
    let old = try_with("old.doc", &[&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600]].concat());
    assert!(old.contains("old binary format") && old.contains("save it as DOCX"), "{old}");
    let zip = try_with("x.docx", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    assert!(zip.contains("zip archive that is no DOCX"), "{zip}");
}

#[test]
fn every_truncation_of_a_fixture_is_an_error() {
    for (name, format) in FIXTURES {
        let bytes = fixture(name);
        for length in (64..bytes.len()).step_by(211).chain(bytes.len() - 60..bytes.len()) {
            let cut = &bytes[..length];
            assert!(Document::read(format, cut).is_err(), "{name} at {length}");
            assert!(visible_text(format, cut).is_err(), "{name} at {length}");
            assert!(Document::read(Format::detect(cut, Some(name)), cut).is_err(), "{name} at {length}");
        }
    }
}
