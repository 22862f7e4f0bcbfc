//! A retold article through the program: from the markup of facts to the report on a text that quotes nothing.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const ARTICLE: &str = include_str!("../fixtures/facts/cable.txt");
const TEMPLATE: &str = include_str!("../fixtures/facts/cable.1.txt");
const OTHER: &str = include_str!("../fixtures/facts/vaccine.txt");
const AGENCIES: &str = include_str!("../fixtures/items/agencies.csv");

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
    command.args(args).current_dir(folder).env_remove("DYETRACE_REGISTRY").env("LC_ALL", "C.UTF-8");
    command.output().unwrap()
}

fn yes(folder: &Path, args: &[&str]) {
    let output = run(folder, args);
    assert_eq!(output.status.code(), Some(0), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
}

/// The variants of each fact of an article.
fn facts(article: &str) -> Vec<Vec<&str>> {
    let markups = article.split("{{#fact:").skip(1);
    markups.map(|rest| rest.split_once("}}").unwrap().0.split('|').collect()).collect()
}

/// What the holder of a copy makes of it.
fn retold(copy: &str) -> String {
    let facts = facts(ARTICLE);
    let mut out = String::new();
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after.split_once("}}").unwrap();
        let (number, forms) = inside.split_once(':').unwrap();
        let variants = &facts[number.parse::<usize>().unwrap() - 1];
        let symbol = variants.iter().position(|variant| copy.contains(variant)).unwrap();
        out.push_str(before);
        out.push_str(forms.split('|').nth(symbol).unwrap());
        rest = after;
    }
    out + rest
}

#[test]
fn a_retold_article_is_found_in_the_registry() {
    let sandbox = tempfile::tempdir().unwrap();
    let folder = sandbox.path();
    for (name, text) in [("cable.txt", ARTICLE), ("vaccine.txt", OTHER), ("agencies.csv", AGENCIES)] {
        fs::write(folder.join(name), text).unwrap();
    }
    yes(folder, &["init"]);
    yes(folder, &["recipient", "import", "agencies.csv"]);
    yes(folder, &["issue", "vaccine.txt", "--to-all", "--out", "other"]);
    yes(folder, &["issue", "cable.txt", "--to-all", "--out", "out"]);
    let mut copies: Vec<_> =
        fs::read_dir(folder.join("out")).unwrap().map(|entry| entry.unwrap().path()).collect();
    copies.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    copies.sort();
    assert_eq!(copies.len(), 33);
    let mut named = 0;
    for path in copies.iter().step_by(11) {
        fs::write(folder.join("leak.txt"), retold(&fs::read_to_string(path).unwrap())).unwrap();
        // No item is named: the registry has to find it by names and amounts.
        let output =
            run(folder, &["trace", "leak.txt", "--alpha", "0.5", "--report", "report.html", "--force"]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.contains("cable"), "{told}{}", String::from_utf8_lossy(&output.stderr));
        assert!(told.contains("Nothing of the item is quoted"), "{told}");
        let report = fs::read_to_string(folder.join("report.html")).unwrap();
        assert!(report.contains("Nothing of the item is quoted: its facts were read in other words."));
        let file = path.file_stem().unwrap().to_str().unwrap();
        let mut slug = file.strip_prefix("cable.").unwrap().split('-');
        if output.status.code() == Some(0) {
            named += 1;
            assert!(told.to_lowercase().contains(slug.next().unwrap()), "{file}: {told}");
        }
    }
    assert!(named >= 1, "eleven facts are enough for a one in two");
    fs::write(folder.join("none.txt"), "A ferry ran aground on Sunday; nobody was hurt, and tea was served.")
        .unwrap();
    assert_ne!(run(folder, &["trace", "none.txt"]).status.code(), Some(0));
}
