//! Every file of the fuzz corpora and every hostile fixture goes through the fuzz targets on the stable compiler.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test's helper fails by panicking"
)]

mod fuzz;

use std::path::Path;
use std::time::{Duration, Instant};

fn replay(corpus: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(corpus);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 4, "{corpus} has {} files", files.len());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        // The name shows up in the output of a failing test.
        println!("{}", file.display());
        let start = Instant::now();
        target(&bytes);
        // A debug build on a busy machine; a reader that is not linear takes minutes.
        assert!(start.elapsed() < Duration::from_secs(20), "{} takes {:?}", file.display(), start.elapsed());
        for end in (0..bytes.len()).step_by(37.max(bytes.len() / 12)) {
            target(&bytes[..end]);
        }
    }
}

#[test]
fn item_text() {
    replay("fuzz/corpus/item_text", fuzz::item_text);
}

#[test]
fn item_markdown() {
    replay("fuzz/corpus/item_markdown", fuzz::item_markdown);
}

#[test]
fn authored_markup() {
    replay("fuzz/corpus/authored_markup", fuzz::authored_markup);
}

#[test]
fn plan_toml() {
    replay("fuzz/corpus/plan_toml", fuzz::plan_toml);
}

#[test]
fn hostile_fixtures() {
    for target in [fuzz::item_text, fuzz::item_markdown, fuzz::authored_markup, fuzz::plan_toml] {
        replay("fixtures/hostile", target);
    }
}
