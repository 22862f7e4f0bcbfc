//! `dyetrace review` as a script and a person's editor meet it: answers by line, files, kills, refusals.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const BRIEF: &str = include_str!("../fixtures/items/brief.md");

struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    /// With the brief and its plan.
    fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(sandbox.path("brief.md"), BRIEF).unwrap();
        assert!(sandbox.run(&["plan", "brief.md", "-o", "plan.toml"], "").status.success());
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self) -> String {
        fs::read_to_string(self.path("plan.toml")).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
        command.args(args).current_dir(self.folder.path()).env_remove("DYETRACE_REGISTRY");
        command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm-256color");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.command(args).spawn().unwrap();
        // A program that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    fn object(&self, args: &[&str], input: &str) -> Value {
        let output = self.run(&[args, &["--json"]].concat(), input);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args, "a\n");
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), error.lines().count()), (Some(2), 3), "{error}");
        assert!(output.stdout.is_empty());
        error
    }
}

#[test]
fn answers_are_kept_and_the_copies_carry_them() {
    let sandbox = Sandbox::new();
    let commented =
        sandbox.plan().replacen("on = true\n", "# the desk likes this one\non = true # sure\n", 1);
    fs::write(sandbox.path("plan.toml"), &commented).unwrap();
    let input = "r\na\ne 1 rerouting\na\n\nnonsense\ns\n+ since last March\n+ since last March\na\np shape of nothing\np\nu\nq\n";
    let done = sandbox.object(&["review", "plan.toml", "--channel", "authored"], input);
    assert_eq!(done["schema"], "dyetrace/review/1");
    let counts =
        ["accepted", "rejected", "edited", "added", "protected"].map(|key| done[key].as_u64().unwrap());
    assert_eq!(counts, [3, 1, 1, 1, 0], "{done}");
    assert_eq!(done["left_in_plan"].as_u64().unwrap() + 4, done["sites"].as_u64().unwrap());
    let plan = sandbox.plan();
    assert!(plan.contains("# the desk likes this one\non = false # sure\n"), "{plan}");
    assert!(plan.contains("[\"diverting\", \"rerouting\"]"), "{plan}");
    assert_eq!(plan.matches("reviewed = true").count(), 4);

    let first = sandbox.run(&["review", "plan.toml", "--channel", "authored"], "");
    let page = String::from_utf8(first.stdout).unwrap();
    assert!(page.contains("4 of "), "the one that was skipped: {page}");
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
    assert!(!page.contains('\u{1b}'));
    assert_eq!(sandbox.plan(), plan, "no answer, no change");

    assert!(sandbox.run(&["init"], "").status.success());
    assert!(sandbox.run(&["recipient", "add", "Agency Q"], "").status.success());
    let issue = ["issue", "brief.md", "--plan", "plan.toml", "--to-all", "--out", "out", "--yes"];
    let issued = sandbox.run(&issue, "");
    assert!(issued.status.success(), "{}", String::from_utf8_lossy(&issued.stderr));
    // A note in the plan is no other plan: the same item takes the next recipient.
    assert!(sandbox.run(&["review", "plan.toml", "--class", "fact"], "a\n").status.success());
    assert_ne!(sandbox.plan(), plan);
    assert!(sandbox.run(&["recipient", "add", "Agency R"], "").status.success());
    let again = sandbox.object(&issue, "");
    let copies: Vec<u64> =
        again["copies"].as_array().unwrap().iter().map(|c| c["copy"].as_u64().unwrap()).collect();
    assert_eq!((copies, again["resumed"].as_u64()), (vec![1, 2], Some(1)), "{again}");
}

#[test]
fn a_kill_loses_no_answer() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.command(&["review", "plan.toml"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"a\nr\na\n").unwrap();
    input.flush().unwrap();
    // The fourth question is shown once the third answer is kept.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("4 of ")));
    child.kill().unwrap();
    child.wait().unwrap();
    let rest = sandbox.object(&["review", "plan.toml"], "a\n");
    assert_eq!(rest["left"].as_u64().unwrap() + 4, rest["sites"].as_u64().unwrap());
    let leftovers = fs::read_dir(sandbox.folder.path()).unwrap().count();
    assert_eq!(leftovers, 2, "the item and the plan");
}

#[test]
fn another_hand_in_the_file_is_not_overwritten() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.command(&["review", "plan.toml"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().starts_with("1 of ")));
    let edited = sandbox.plan() + "# Ada was here\n";
    fs::write(sandbox.path("plan.toml"), &edited).unwrap();
    input.write_all(b"a\n").unwrap();
    drop(input);
    lines.for_each(drop);
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("another program has changed it"), "{error}");
    assert_eq!(sandbox.plan(), edited);
}

#[test]
fn the_item_is_found_or_asked_for() {
    let sandbox = Sandbox::new();
    let old = sandbox.plan().replace("file = \"brief.md\"\n", "");
    fs::write(sandbox.path("old.toml"), &old).unwrap();
    assert!(sandbox.refused(&["review", "old.toml"]).contains("does not name its file"));
    sandbox.object(&["review", "old.toml", "--item", "brief.md"], "a\n");
    let evil = sandbox.plan().replace("file = \"brief.md\"", "file = \"../../\\u001b[2Jx\"");
    fs::write(sandbox.path("evil.toml"), evil).unwrap();
    let error = sandbox.refused(&["review", "evil.toml"]);
    assert!(error.contains("not the name of a file") && !error.contains('\u{1b}'), "{error}");
    fs::write(sandbox.path("other.md"), "Another text.").unwrap();
    assert!(sandbox.refused(&["review", "plan.toml", "--item", "other.md"]).contains("is another item"));
    fs::write(sandbox.path("scan.pdf"), b"%PDF-1.7\n\x00\xff\xfe").unwrap();
    sandbox.refused(&["review", "plan.toml", "--item", "scan.pdf"]);
    fs::write(sandbox.path("bad.toml"), sandbox.plan().replacen("on = true", "on = perhaps", 1)).unwrap();
    assert!(sandbox.refused(&["review", "bad.toml"]).contains("line "));
    assert!(sandbox.refused(&["review", "missing.toml"]).contains("no such file"));
    // Beside the plan, wherever one is; and here, wherever the plan is.
    fs::create_dir(sandbox.path("plans")).unwrap();
    fs::write(sandbox.path("plans/plan.toml"), sandbox.plan()).unwrap();
    sandbox.object(&["review", "plans/plan.toml"], "");
    fs::write(sandbox.path("plans/brief.md"), "changed").unwrap();
    sandbox.object(&["review", "plans/plan.toml"], "");
    fs::rename(sandbox.path("brief.md"), sandbox.path("gone.md")).unwrap();
    assert!(sandbox.refused(&["review", "plans/plan.toml"]).contains("has changed since"));
    assert!(sandbox.refused(&["review", "plan.toml"]).contains("there is no brief.md"));
}

#[test]
fn hostile_lines_are_refused_and_the_review_goes_on() {
    let sandbox = Sandbox::new();
    let mut child = sandbox.command(&["review", "plan.toml", "--json"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        input.write_all(&vec![b'x'; 100_000]).unwrap();
        input.write_all(b"\n\xff\xfe\n\x1b[2J\ne 99 x\nd x\n+\ne\na").unwrap();
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((object["accepted"].as_u64(), object["edited"].as_u64()), (Some(1), Some(0)));
    assert!(!String::from_utf8(output.stderr).unwrap().contains('\u{1b}'));
}

#[test]
#[cfg(unix)]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::new();
    fs::set_permissions(sandbox.path("plan.toml"), fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("plan.toml", sandbox.path("link.toml")).unwrap();
    sandbox.object(&["review", "link.toml"], "r\n");
    assert!(fs::symlink_metadata(sandbox.path("link.toml")).unwrap().is_symlink());
    assert_eq!(fs::metadata(sandbox.path("plan.toml")).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(sandbox.plan().contains("\nreviewed = true\n"));
}

#[test]
fn help_fits_a_terminal() {
    let sandbox = Sandbox::new();
    let help = String::from_utf8(sandbox.run(&["review", "--help"], "").stdout).unwrap();
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    assert!(help.contains("Exit codes:\n  0 "), "{help}");
}
