//! The shape of the code, checked: who may depend on whom, how long a file may be, what may not appear in it.

#![allow(clippy::unwrap_used, reason = "a failed step of a test should stop it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// For each room the rooms it may use; the order is the data flow of `docs/ARCHITECTURE.md`.
const ROOMS: &[(&str, &[&str])] = &[
    ("files", &[]),
    ("score", &[]),
    ("item", &[]),
    ("language", &["item"]),
    ("channel", &["item", "language", "score"]),
    ("codebook", &["channel"]),
    ("plan", &["item", "language", "channel", "score", "verdict"]),
    ("review", &["item", "channel", "plan"]),
    ("leak", &["item"]),
    ("suggest", &["channel", "item", "language", "leak", "plan"]),
    ("trace", &["item", "channel", "leak"]),
    ("fact", &["item", "language", "channel", "leak"]),
    ("issue", &["item", "channel", "codebook", "files", "trace"]),
    ("verdict", &["codebook", "score"]),
    ("tracer", &["channel", "codebook", "fact", "issue", "language", "leak", "score", "trace", "verdict"]),
    ("trust", &["files"]),
    ("registry", &["channel", "codebook", "files", "item", "trust"]),
    ("outbox", &["codebook", "fact", "files", "issue", "item", "plan", "registry", "trace", "trust"]),
    ("inquiry", &["fact", "issue", "leak", "outbox", "registry", "trace", "tracer", "verdict"]),
    ("rehearse", &["language"]),
    (
        "report",
        &[
            "channel", "codebook", "issue", "item", "plan", "registry", "review", "score", "suggest",
            "tracer", "trust", "verdict",
        ],
    ),
];

/// Longer files must be split by meaning; tables of data are not counted.
const LINES_MAX: usize = 650;

#[test]
fn rooms_use_only_rooms_before_them() {
    let rooms: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let room = room_of(&path);
        if room == "cli" || room == "main" || room == "lib" {
            continue;
        }
        let Some(allowed) = rooms.get(room.as_str()) else {
            faults.push(format!("{}: room `{room}` is not in the table", path.display()));
            continue;
        };
        for used in text.lines().take_while(|line| !line.contains("#[cfg(test)]")).flat_map(uses) {
            if used != room && !allowed.contains(&used.as_str()) {
                faults.push(format!("{}: `{room}` uses `{used}`", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_are_short_and_silent() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let room = room_of(&path);
        if text.lines().count() > LINES_MAX {
            faults.push(format!("{}: more than {LINES_MAX} lines", path.display()));
        }
        let library = room != "cli" && room != "main";
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in ["println!", "eprintln!", "SystemTime::now", "env::var", "std::process::exit"] {
            if library && code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word))
            {
                faults.push(format!("{}: the library must not use {word}", path.display()));
            }
        }
        for word in ["todo!", "unimplemented!", "FIXME", "XXX"] {
            if text.contains(word) {
                faults.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_binary_stays_thin() {
    let main = fs::read_to_string(root().join("src/main.rs")).unwrap();
    assert!(main.lines().count() < 60, "src/main.rs parses, dispatches and exits, no more");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !path.ends_with("tests.rs")
            {
                out.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    out.sort();
    assert!(out.len() > 20, "the sources were not found");
    out
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms named after `crate::` in a line, `{…}` lists at the first level included.
fn uses(line: &str) -> Vec<String> {
    let line = line.split("//").next().unwrap_or_default();
    line.split("crate::")
        .skip(1)
        .flat_map(|rest| {
            let list = rest.strip_prefix('{').map_or(vec![rest], |inner| inner.split(',').collect());
            list.into_iter()
                .map(|name| name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
                .collect::<Vec<String>>()
        })
        .filter(|name: &String| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .collect()
}
