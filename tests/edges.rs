//! What a first user runs into at the edges: an empty item, the author's own draft as the leak, one key twice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

struct Sandbox(tempfile::TempDir);

impl Sandbox {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_remove("DYETRACE_REGISTRY").env("LC_ALL", "C.UTF-8").output().unwrap()
    }

    fn done(&self, args: &[&str]) {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn an_item_without_text_has_nothing_to_mark() {
    let sandbox = Sandbox::new();
    for (name, text) in [("empty.txt", ""), ("blank.md", "\n \n")] {
        fs::write(sandbox.path(name), text).unwrap();
        let output = sandbox.run(&["plan", name]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert!(stderr(&output).contains(&format!("nothing to mark in {name}: it holds no text")));
    }
    fs::write(sandbox.path("short.txt"), "Qwxz.\n").unwrap();
    let output = sandbox.run(&["plan", "short.txt", "--json"]);
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &object["sites"]["total"]), (Some(1), &Value::from(0)));
    assert!(stderr(&output).contains("none of its 1 word"), "{}", stderr(&output));
}

#[test]
fn the_authors_draft_is_the_original() {
    let sandbox = Sandbox::new();
    let mut draft = String::from("The ledger of the lighthouse\n\n");
    for (count, keeper) in ["Aldous", "Brenna", "Corvin", "Delphine", "Edric", "Fenella"].iter().enumerate() {
        for night in 0..6 {
            let number = 10 * count + night + 3;
            write!(
                draft,
                "{keeper} {{{{lit|kindled}}}} lamp {number} at dusk and {{{{#fact:saw|missed}}}} vessel {number} by {{{{the north|the east}}}} \
                 reef. "
            )
            .unwrap();
        }
        draft.push_str("\n\n");
    }
    fs::write(sandbox.path("ledger.txt"), &draft).unwrap();
    let names: Vec<String> = (1..=33).map(|n| format!("Agency {n}")).collect();
    fs::write(sandbox.path("agencies.csv"), format!("name\n{}\n", names.join("\n"))).unwrap();
    sandbox.done(&["init"]);
    sandbox.done(&["issue", "ledger.txt", "--to-file", "agencies.csv", "--out", "out", "--yes"]);
    // Whole, and cut in the middle of a markup.
    for leak in [draft.as_str(), &draft[draft.find("indled").unwrap()..draft.rfind("missed").unwrap()]] {
        fs::write(sandbox.path("leak.txt"), leak).unwrap();
        let output = sandbox.run(&["trace", "leak.txt", "--json"]);
        let object: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(object["verdict"], "original", "{object}");
        assert_eq!((output.status.code(), object["culprits"].as_array().unwrap().len()), (Some(1), 0));
        assert!(stderr(&output).contains("read as a draft"), "{}", stderr(&output));
    }
}

#[test]
fn a_key_is_not_two_recipients() {
    let sandbox = Sandbox::new();
    sandbox.done(&["init"]);
    sandbox.done(&["init", "other"]);
    let key = "other/issuer.pub.pem";
    sandbox.done(&["recipient", "add", "Agency A", "--key", key]);
    let output = sandbox.run(&["recipient", "add", "Agency B", "--key", key]);
    let error = stderr(&output);
    assert_eq!((output.status.code(), error.lines().count()), (Some(2), 3), "{error}");
    assert!(error.contains("Agency A") && error.contains("hint: pass the public key"), "{error}");
}
