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

/// Every file of a folder, and about `cuts` beginnings of each.
fn replay(corpus: &str, target: fn(&[u8]), cuts: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(corpus);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 2, "{corpus} has {} files", files.len());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        // The name shows up in the output of a failing test.
        println!("{}", file.display());
        let start = Instant::now();
        target(&bytes);
        // A debug build on a busy machine; a reader that is not linear takes minutes.
        assert!(start.elapsed() < Duration::from_secs(20), "{} takes {:?}", file.display(), start.elapsed());
        for end in (0..bytes.len()).step_by(37.max(bytes.len() / cuts)) {
            target(&bytes[..end]);
        }
    }
}

/// One test for each target; a corpus without a target, or the reverse, fails below.
macro_rules! replays {
    ($($target:ident),*) => {
        $(#[test]
        fn $target() {
            replay(concat!("fuzz/corpus/", stringify!($target)), fuzz::$target, 12);
        })*

        const TARGETS: &[(&str, fn(&[u8]))] = &[$((stringify!($target), fuzz::$target)),*];
    };
}

replays!(
    item_text,
    item_markdown,
    item_office,
    item_html,
    item_mail,
    authored_markup,
    plan_toml,
    fragment,
    observe,
    dsse,
    statement,
    codec,
    pem,
    recipients_csv,
    model_answer,
    leak_pdf,
    leak_ocr
);

#[test]
fn every_target_is_replayed_and_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = std::fs::read_to_string(root.join("fuzz/Cargo.toml")).unwrap();
    for folder in ["fuzz/fuzz_targets", "fuzz/corpus"] {
        let mut found: Vec<String> = std::fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        let mut wanted: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{folder}");
    }
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml lacks {name}");
    }
}

#[test]
fn hostile_fixtures() {
    for (name, target) in TARGETS {
        println!("{name}");
        replay("fixtures/hostile", *target, 3);
    }
}
