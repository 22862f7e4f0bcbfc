//! The program as its users meet it: commands, exit codes, streams, files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const BRIEF: &str = include_str!("../fixtures/items/brief.md");
const AGENCIES: &str = include_str!("../fixtures/items/agencies.csv");

/// A folder of its own in which the program runs.
struct Sandbox {
    folder: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        let sandbox = Self { folder: tempfile::tempdir().unwrap() };
        sandbox.write("brief.md", BRIEF);
        sandbox.write("agencies.csv", AGENCIES);
        sandbox
    }

    /// With a registry and 33 agencies.
    fn with_agencies() -> Self {
        let sandbox = Self::new();
        sandbox.yes(&["init"]);
        sandbox.yes(&["recipient", "import", "agencies.csv"]);
        sandbox
    }

    /// With a copy of the brief for each of them in `out`.
    fn with_copies() -> Self {
        let sandbox = Self::with_agencies();
        sandbox.yes(&["issue", "brief.md", "--to-all", "--out", "out"]);
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
        command.args(args).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["DYETRACE_REGISTRY", "NO_COLOR", "CLICOLOR_FORCE", "LC_CTYPE", "LANG"] {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm-256color");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs and expects exit code 0.
    fn yes(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}\n{}", stderr(&output));
        stdout(&output)
    }

    /// Runs with `--json` and expects one object and an exit code.
    fn object(&self, args: &[&str], code: i32) -> Value {
        let output = self.run(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{}", stderr(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs with something to read on standard input.
    fn piped(&self, args: &[&str], input: &str) -> Output {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A text without what differs from run to run: digits of keys and digests, moments.
fn steady(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != ':' && c != '-') {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let hex = word.len() >= 16 && word.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let moment = word.len() == 20 && word.ends_with('Z') && word.contains('T');
        if hex || moment {
            out.push_str(if hex { "<hex>" } else { "<moment>" });
            out.push_str(&part[word.len()..]);
        } else {
            out.push_str(part);
        }
    }
    out
}

/// `count` words of a text from word `at` on.
fn words(text: &str, at: usize, count: usize) -> String {
    text.split_whitespace().skip(at).take(count).collect::<Vec<_>>().join(" ")
}

#[test]
fn from_a_registry_to_a_named_copy() {
    let sandbox = Sandbox::with_copies();
    assert_eq!(sandbox.files("out").len(), 66);
    let copy = "out/brief.innisvale-revenue-police.md";
    let quote = words(&sandbox.read(copy), 40, 160);
    sandbox.write("leak.txt", &quote);

    let traced = sandbox.yes(&["trace", "leak.txt", "--alpha", "1e-3", "--report", "report.html"]);
    assert!(traced.contains("(issued to Innisvale Revenue Police)"), "{traced}");
    assert!(traced.contains("This names the copy that leaked, not the person who leaked it."));
    assert!(sandbox.read("report.html").contains("<bdi>Innisvale Revenue Police</bdi>"));

    let from_stdin = sandbox.piped(&["trace", "-", "--alpha", "1e-3"], &quote);
    assert_eq!(from_stdin.status.code(), Some(0));

    let key = ["--key", "dyetrace-registry/issuer.pub.pem"];
    assert!(sandbox.yes(&[&["verify", copy], &key[..]].concat()).starts_with("valid"));
    // The record names its copy as well as the copy its record.
    sandbox.yes(&[&["verify", &format!("{copy}.dsse.json")], &key[..]].concat());
    sandbox.write("forged.md", &sandbox.read(copy).replacen("the", "tha", 1));
    let record = format!("{copy}.dsse.json");
    let forged = sandbox.run(&[&["verify", "forged.md", "--record", &record], &key[..]].concat());
    assert_eq!(forged.status.code(), Some(1));
    assert!(stdout(&forged).starts_with("not valid"));

    // The same command again writes nothing new and replaces nothing.
    let before = sandbox.read(copy);
    let again = sandbox.object(&["issue", "brief.md", "--to-all", "--out", "out"], 0);
    assert_eq!(again["resumed"], 33);
    assert_eq!(sandbox.read(copy), before);
    assert_eq!(sandbox.files("out").len(), 66);
}

#[test]
fn exit_codes_say_yes_no_and_could_not_tell() {
    let sandbox = Sandbox::with_copies();
    sandbox.write("other.txt", "Nothing in here was ever issued by anybody; it is about gardening and rain.");
    sandbox.write("short.txt", &words(&sandbox.read("out/brief.arnvik-customs-board.md"), 40, 60));
    let code = |args: &[&str]| sandbox.run(args).status.code();
    assert_eq!(code(&["trace", "out/brief.arnvik-customs-board.md"]), Some(0));
    assert_eq!(code(&["trace", "other.txt"]), Some(1));
    assert_eq!(code(&["trace", "short.txt"]), Some(1));
    assert_eq!(code(&["trace", "missing.txt"]), Some(2));
    assert_eq!(code(&["trace"]), Some(2));
    assert_eq!(code(&["tarce"]), Some(2));
    assert_eq!(code(&[]), Some(2));
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["--version"]), Some(0));
}

#[test]
fn what_is_no_text_is_an_error_and_never_not_ours() {
    let sandbox = Sandbox::with_copies();
    for (name, bytes, why) in [
        ("a.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "PDF"),
        ("a.rtf", "{\\rtf1\\ansi The port was empty.}", "RTF"),
        ("a.txt", " \n\n\t\n", "holds no text"),
        ("b.txt", "", "it is empty"),
    ] {
        sandbox.write(name, bytes);
        let output = sandbox.run(&["trace", name]);
        assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""), "{name}");
        assert!(stderr(&output).contains(why), "{name}\n{}", stderr(&output));
    }
    let secret = sandbox.yes(&["inspect", "dyetrace-registry/secret.key"]);
    assert!(secret.starts_with("secret of a registry"), "{secret}");
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let sandbox = Sandbox::with_agencies();
    let plan = sandbox.object(&["plan", "brief.md"], 0);
    assert_eq!(plan["schema"], "dyetrace/plan/1");
    for field in ["words", "sites", "words_per_site", "promise"] {
        assert!(!plan[field].is_null(), "{field}");
    }
    assert!(plan["sites"]["by_class"]["fact"].is_number());
    assert!(
        plan["promise"]
            .as_array()
            .unwrap()
            .iter()
            .any(|cell| cell["copies"] == 33 && cell["words"].is_number())
    );

    let issued = sandbox.object(&["issue", "brief.md", "--to-all", "--out", "out"], 0);
    assert_eq!(issued["schema"], "dyetrace/issue/1");
    assert_eq!(issued["item"]["format"], "markdown");
    assert_eq!(issued["copies"].as_array().unwrap().len(), 33);
    assert_eq!(issued["copies"][0]["copy"], 1);
    let channels = issued["sites"]["by_channel"].as_object().unwrap();
    assert_eq!(
        channels.values().map(|n| n.as_u64().unwrap()).sum::<u64>(),
        issued["sites"]["total"].as_u64().unwrap()
    );

    let path = issued["copies"][16]["path"].as_str().unwrap();
    let traced = sandbox.object(&["trace", path], 0);
    assert_eq!(traced["schema"], "dyetrace/trace/1");
    assert_eq!(traced["verdict"], "attributed");
    assert_eq!(traced["item"]["id"], issued["item"]["id"]);
    assert_eq!(traced["copies"], 33);
    assert_eq!(traced["culprits"].as_array().unwrap().len(), 1);
    assert_eq!(traced["culprits"][0]["copy"], 17);
    assert_eq!(traced["culprits"][0]["recipient"], issued["copies"][16]["recipient"]);
    assert!(traced["culprits"][0]["false_accusation_bound"].as_f64().unwrap() <= 1e-6);
    assert!(traced["culprits"][0]["log10_false_accusation_bound"].as_f64().unwrap() <= -6.0);
    assert_eq!(traced["sites_read"], traced["sites"].as_array().unwrap().len());
    for field in ["candidates", "needed_bits", "sites_total", "channels", "fragments", "alpha"] {
        assert!(!traced[field].is_null(), "{field}");
    }

    let verified = sandbox.object(&["verify", path], 0);
    assert_eq!(verified["schema"], "dyetrace/verify/1");
    assert_eq!(verified["valid"], true);
    assert_eq!(verified["files"][0]["kind"], "copy");
    assert_eq!(verified["files"][0]["copy"], 17);
    assert!(verified["files"][0]["problem"].is_null());

    sandbox.write("other.txt", "Nothing in here was ever issued by anybody; it is about gardening and rain.");
    let not_ours = sandbox.object(&["trace", "other.txt"], 1);
    assert_eq!(not_ours["verdict"], "not_ours");
    assert!(not_ours["item"].is_null() && not_ours["culprits"].as_array().unwrap().is_empty());

    // Errors stay three lines on standard error, whatever standard output was meant for.
    let failed = sandbox.run(&["trace", "missing.txt", "--json"]);
    assert!(failed.stdout.is_empty());
    assert_eq!(stderr(&failed).lines().count(), 3);
}

#[test]
fn every_error_says_what_why_and_what_to_do() {
    let sandbox = Sandbox::with_copies();
    sandbox.write("empty.txt", "");
    sandbox.write("nul.txt", "a\0b");
    sandbox.write("plain.txt", "Plain words only here.");
    sandbox.write("coin.txt", "One {{coin|penny}} only.");
    sandbox.write("open.txt", "One {{coin|penny only.");
    sandbox.write("bad.csv", "name,email\nA\nB,c\n\u{1b}[2J,d@e.example\n");
    sandbox.write("empty.csv", "");
    sandbox.write("bad.toml", "version = 1\nitem = 3\n");
    sandbox.write("terms.toml", "tlp = \"purple\"\n");
    sandbox.write("passphrase", "correct horse\n");
    sandbox.write("wrong", "battery staple\n");
    sandbox.write("blank", "\n");
    sandbox.yes(&["init", "locked", "--passphrase-file", "passphrase"]);
    fs::create_dir(sandbox.path("occupied")).unwrap();
    sandbox.write("occupied/brief.arnvik-customs-board.md", "something else");
    sandbox.write("taken.html", "something else");
    let copy = "out/brief.arnvik-customs-board.md";
    let issue = |rest: &[&'static str]| [&["issue", "brief.md", "--out", "new"], rest].concat();
    let mistakes: Vec<Vec<&str>> = vec![
        vec!["tarce", "x"],
        vec!["trace"],
        vec!["trace", "leak.txt", "--alpha", "much"],
        vec!["trace", "missing.txt"],
        vec!["trace", "out"],
        vec!["trace", "empty.txt"],
        vec!["trace", "nul.txt"],
        vec!["trace", "-", "-"],
        vec!["trace", "plain.txt", "--alpha", "2"],
        vec!["trace", "plain.txt", "--item", "ffff"],
        vec!["trace", "plain.txt", "--report", "taken.html"],
        vec!["trace", "plain.txt", "--registry", "nowhere"],
        vec!["trace", "plain.txt", "--registry", "locked"],
        vec!["trace", "plain.txt", "--registry", "locked", "--passphrase-file", "wrong"],
        vec!["trace", "plain.txt", "--registry", "locked", "--passphrase-file", "blank"],
        vec!["init"],
        vec!["init", "fresh", "--passphrase"],
        vec!["recipient", "add", "Arnvik Customs Board"],
        vec!["recipient", "add", "ARNVIK  customs board", "--email", "x@y.example"],
        vec!["recipient", "add", "Agency\u{202e}Q"],
        vec!["recipient", "add", "Agency Q", "--key", "plain.txt"],
        vec!["recipient", "import", "bad.csv"],
        vec!["recipient", "import", "empty.csv"],
        vec!["plan", "-"],
        vec!["plan", "nul.txt"],
        vec!["plan", "open.txt"],
        vec!["plan", "brief.md", "--plan", "bad.toml"],
        vec!["plan", "brief.md", "--copies", "0"],
        vec!["plan", "brief.md", "-o", "taken.html"],
        vec!["plan", "brief.md", "--plan", "bad.toml", "--accept", "bold"],
        issue(&[]),
        issue(&["--to", "Nobody"]),
        issue(&["--to-file", "empty.csv"]),
        issue(&["--to-all", "--coalition", "99"]),
        issue(&["--to-all", "--tlp", "purple"]),
        issue(&["--to-all", "--handling", "terms.toml"]),
        issue(&["--to-all", "--expires", "tomorrow"]),
        vec!["issue", "plain.txt", "--to-all", "--out", "new"],
        vec!["issue", "brief.md", "--to-all", "--out", "occupied"],
        vec!["verify", copy, "--registry", "nowhere"],
        vec!["verify", "plain.txt"],
        vec!["verify", copy, "plain.txt", "--record", "plain.txt"],
        vec!["verify", copy, "--key", "dyetrace-registry/issuer.key.pem"],
        vec!["inspect", "missing"],
        vec!["inspect", "out"],
        vec!["demo", "out"],
    ];
    let mut all = String::new();
    for args in mistakes {
        let output = sandbox.run(&args);
        let error = steady(&stderr(&output));
        assert_eq!(output.status.code(), Some(2), "{args:?}\n{error}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let lines: Vec<_> = error.lines().collect();
        assert_eq!(lines.len(), 3, "{args:?}\n{error}");
        for (line, label) in lines.iter().zip(["error: ", "caused by: ", "hint: "]) {
            let text = line.strip_prefix(label).unwrap_or_else(|| panic!("{args:?}\n{error}"));
            assert!(!text.is_empty() && !text.ends_with('.'), "{args:?}\n{error}");
        }
        assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error}");
        writeln!(all, "$ dyetrace {}\n{error}", args.join(" ").escape_debug()).unwrap();
    }
    // Which two of 33 copies meet first depends on the registry's secret.
    let coin = sandbox.run(&["issue", "coin.txt", "--to-all", "--out", "new"]);
    assert_eq!(coin.status.code(), Some(2));
    assert!(stderr(&coin).contains("would be the same as"), "{}", stderr(&coin));
    assert!(!sandbox.path("new").exists(), "a refused order leaves nothing behind");
    insta::assert_snapshot!("errors", all);
}

#[test]
fn helps_fit_a_terminal_and_end_with_the_exit_codes() {
    let sandbox = Sandbox::new();
    let help = sandbox.yes(&["--help"]);
    assert!(help.trim_end().ends_with("130  interrupted"), "{help}");
    let mut all = help;
    for command in ["init", "recipient", "plan", "issue", "trace", "verify", "inspect", "demo"] {
        all.push_str(&sandbox.yes(&[command, "--help"]));
    }
    for command in ["add", "import", "list"] {
        all.push_str(&sandbox.yes(&["recipient", command, "--help"]));
    }
    for line in all.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let sandbox = Sandbox::with_copies();
    for args in [
        vec!["trace", "out/brief.arnvik-customs-board.md"],
        vec!["recipient", "list"],
        vec!["inspect", "dyetrace-registry", "--json"],
    ] {
        let mut child = sandbox.command(&args).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(stderr(&output), "", "{args:?}");
    }
}

#[test]
fn colour_and_alphabet_follow_the_reader() {
    let sandbox = Sandbox::with_copies();
    let args = ["trace", "out/brief.arnvik-customs-board.md", "--quiet"];
    let plain = sandbox.run(&args).stdout;
    assert!(!plain.contains(&0x1b), "not a terminal");
    assert!(!plain.is_ascii());
    let with = |extra: &[&str], environment: &[(&str, &str)]| {
        let mut command = sandbox.command(&[&args[..], extra].concat());
        command.envs(environment.iter().copied()).output().unwrap().stdout
    };
    assert!(with(&["--color", "always"], &[]).contains(&0x1b));
    assert_eq!(with(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(with(&[], &[("NO_COLOR", "1")]), plain);
    let ascii = with(&["--ascii"], &[]);
    assert!(ascii.is_ascii());
    assert_eq!(with(&[], &[("LC_ALL", "C")]), ascii);
    assert_eq!(with(&[], &[("TERM", "dumb")]), ascii);
}

#[test]
fn names_from_outside_never_act() {
    let sandbox = Sandbox::with_agencies();
    for name in ["a\u{1b}[2Jb", "a\nb", "Agency\u{202e}Q", "\u{200b}", ""] {
        let output = sandbox.run(&["recipient", "add", name]);
        assert_eq!(output.status.code(), Some(2), "{name:?}");
        assert!(!stderr(&output).contains(['\u{1b}', '\u{202e}', '\u{200b}']));
    }
    for name in ["../../etc/passwd", "CON", "<script>alert(1)</script>", "-rf", "日本の機関", "a/b\\c:d*e?f"]
    {
        sandbox.yes(&["recipient", "add", "--", name]);
        sandbox.yes(&["issue", "brief.md", "--out", "out", &format!("--to={name}")]);
    }
    let written = sandbox.files("out");
    assert_eq!(written.len(), 12);
    for name in &written {
        assert!(name.starts_with("brief."), "{name}");
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b)),
            "{name}"
        );
    }
    let hostile = "evil\u{1b}[31m\u{202e}.txt";
    let copy = sandbox.path("out").join(written.iter().find(|name| name.contains("script")).unwrap());
    fs::copy(copy, sandbox.path(hostile)).unwrap();
    let traced = sandbox.yes(&["trace", hostile, "--report", "report.html"]);
    assert!(traced.contains("<script>alert(1)</script>"));
    assert!(traced.contains("evil\\u{1b}[31m\\u{202e}.txt"), "{traced}");
    assert!(!traced.contains(['\u{1b}', '\u{202e}']));
    let report = sandbox.read("report.html");
    assert!(!report.contains("<script") && report.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn nothing_is_overwritten_unasked() {
    let sandbox = Sandbox::with_copies();
    let copy = "out/brief.arnvik-customs-board.md";
    sandbox.write("mine", "mine");
    for args in [
        vec!["init", "out"],
        vec!["plan", "brief.md", "-o", "mine"],
        vec!["trace", copy, "--report", "mine"],
        vec!["demo", "out"],
    ] {
        assert_eq!(sandbox.run(&args).status.code(), Some(2), "{args:?}");
        assert_eq!(sandbox.read("mine"), "mine");
    }
    sandbox.yes(&["trace", copy, "--report", "mine", "--force"]);
    assert!(sandbox.read("mine").starts_with("<!doctype html>"));
    sandbox.write(copy, "mine");
    let args = ["issue", "brief.md", "--to-all", "--out", "out"];
    assert_eq!(sandbox.run(&args).status.code(), Some(2));
    assert_eq!(sandbox.read(copy), "mine");
}

#[test]
fn a_plan_is_written_edited_and_used() {
    let sandbox = Sandbox::with_agencies();
    sandbox.yes(&["plan", "brief.md", "-o", "plan.toml"]);
    let plan = sandbox.read("plan.toml");
    let before = sandbox.object(&["plan", "brief.md", "--plan", "plan.toml"], 0);
    sandbox.write("plan.toml", &plan.replacen("on = true", "on = false", 1));
    let after = sandbox.object(&["plan", "brief.md", "--plan", "plan.toml"], 0);
    let total = |plan: &Value| plan["sites"]["total"].as_u64().unwrap();
    assert_eq!(total(&before), total(&after) + 1);
    let dry = ["issue", "brief.md", "--to-all", "--out", "out", "--plan", "plan.toml", "--dry-run"];
    let dry = sandbox.object(&dry, 0);
    assert_eq!((total(&dry), dry["dry_run"].as_bool()), (total(&after), Some(true)));
    assert!(!sandbox.path("out").exists());
    let issued = sandbox.object(&["issue", "brief.md", "--to-all", "--out", "out", "--plan", "plan.toml"], 0);
    assert_eq!(total(&issued), total(&after));
}

#[test]
fn terms_are_signed_into_every_record() {
    let sandbox = Sandbox::with_agencies();
    sandbox.write("terms.toml", "tlp = \"green\"\neuropol = [\"H2\"]\nrelease_to = [\"Ministry of Q\"]\n");
    let to = ["--to", "Arnvik Customs Board", "--handling", "terms.toml", "--tlp", "red", "--no-onward"];
    sandbox.yes(&[&["issue", "brief.md", "--out", "out"], &to[..]].concat());
    let verified = sandbox.object(&["verify", "out/brief.arnvik-customs-board.md"], 0);
    let terms: Vec<_> =
        verified["files"][0]["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
    assert!(
        terms.contains(&"TLP:RED") && terms.contains(&"H2") && terms.contains(&"onward sharing none"),
        "{terms:?}"
    );
    let inspected = sandbox.yes(&["inspect", "out/brief.arnvik-customs-board.md.dsse.json"]);
    assert!(inspected.contains("signature not checked") && inspected.contains("TLP:RED"), "{inspected}");
}

#[test]
fn a_passphrase_comes_from_a_file_or_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("passphrase", "correct horse\n");
    let unlock = ["--passphrase-file", "passphrase"];
    sandbox.yes(&[&["init"], &unlock[..]].concat());
    assert!(sandbox.read("dyetrace-registry/issuer.key.pem").contains("ENCRYPTED"));
    // Recipients are no secret.
    sandbox.yes(&["recipient", "import", "agencies.csv"]);
    let issue = ["issue", "brief.md", "--to-all", "--out", "out"];
    assert_eq!(sandbox.run(&issue).status.code(), Some(2));
    sandbox.yes(&[&issue[..], &unlock[..]].concat());
    let trace = ["trace", "out/brief.arnvik-customs-board.md"];
    sandbox.yes(&[&trace[..], &unlock[..]].concat());
    sandbox.yes(&["verify", "out/brief.arnvik-customs-board.md"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_issue_goes_on_where_it_stopped() {
    use std::time::{Duration, Instant};

    let sandbox = Sandbox::new();
    sandbox.yes(&["init"]);
    let mut list = "name\n".to_owned();
    for n in 0..300 {
        writeln!(list, "Station {n}").unwrap();
    }
    sandbox.write("stations.csv", &list);
    sandbox.yes(&["recipient", "import", "stations.csv"]);
    let args = ["issue", "brief.md", "--to-all", "--out", "out"];
    let child = sandbox.command(&args).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_mins(2);
    let started = |sandbox: &Sandbox| {
        fs::read_dir(sandbox.path("out")).is_ok_and(|mut entries| entries.nth(3).is_some())
    };
    while !started(&sandbox) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("goes on where this one stopped"));
    let partial = sandbox.files("out");
    assert!(partial.len() < 600);
    assert!(partial.iter().all(|name| name.starts_with("brief.station-")), "no temporary files: {partial:?}");
    let kept: Vec<_> = partial.iter().map(|name| (name, sandbox.read(&format!("out/{name}")))).collect();

    let resumed = sandbox.object(&args, 0);
    assert_eq!(resumed["copies"].as_array().unwrap().len(), 300);
    assert!(resumed["resumed"].as_u64().unwrap() >= 1);
    assert_eq!(sandbox.files("out").len(), 600);
    for (name, text) in kept {
        assert_eq!(sandbox.read(&format!("out/{name}")), text, "{name}");
    }
    let copies: Vec<_> = sandbox
        .files("out")
        .into_iter()
        .filter(|name| Path::new(name).extension() == Some("md".as_ref()))
        .collect();
    let paths: Vec<_> = copies.iter().map(|name| format!("out/{name}")).collect();
    let mut verify = vec!["verify"];
    verify.extend(paths.iter().map(String::as_str));
    assert_eq!(sandbox.object(&verify, 0)["valid"], true);
}

#[test]
fn the_demo_tells_the_truth() {
    let sandbox = Sandbox::new();
    let story = sandbox.object(&["demo", "story"], 0);
    assert_eq!(story["copies"], 33);
    assert_eq!(story["signatures_hold"], true);
    let leaks = story["leaks"].as_array().unwrap();
    assert_eq!(leaks.len(), 5);
    for leak in leaks {
        assert_eq!(leak["as_expected"], true, "{leak}");
        assert!(sandbox.path("story").join(leak["report"].as_str().unwrap()).is_file());
    }
    let told = sandbox.yes(&["demo"]);
    assert!(told.contains("Your turn") && told.contains("the unmarked original, none of the copies"));
    for line in told.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    // Nothing of the demo works outside it: its registry is one like any other, with a key of its own.
    sandbox.yes(&[
        "trace",
        "dyetrace-demo/leaks/1-pasted.txt",
        "--alpha",
        "1e-3",
        "--registry",
        "dyetrace-demo/registry",
    ]);
    assert_eq!(sandbox.run(&["demo"]).status.code(), Some(2));
}
