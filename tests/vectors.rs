//! Runs the golden vectors of `fixtures/vectors`.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "vectors/house.rs"]
mod house;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use dyetrace::channel::Tier;
use dyetrace::verdict::Verdict;
use house::{Expect, House, Vector};

fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(house::folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.extension().is_none())
        .collect();
    files.sort();
    files
}

#[test]
fn every_vector_is_concluded_as_it_expects() {
    let files = files();
    assert!(files.len() >= 25, "{} vectors", files.len());
    let mut house = House::default();
    let mut faults = String::new();
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&file).unwrap();
        let vector = Vector::parse(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(vector.to_bytes(), bytes, "{name} is not in the form its generator writes");
        let trace = house.trace(&vector).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut check = |what: &str, found: String, wanted: String| {
            if found != wanted {
                let _ = writeln!(faults, "{name}: {what}: {found}, expected {wanted} ({})", vector.comment);
            }
        };
        check("verdict", Expect::of(&trace).text(), vector.expect.text());
        let item = (trace.verdict != Verdict::NotOurs).then(|| vector.items[0].clone());
        check(
            "item",
            format!("{:?}", trace.item.as_ref().map(|item| item.title.clone())),
            format!("{item:?}"),
        );
        if vector.bits.is_some() {
            check("bits", format!("{:?}", house::bits(&trace)), format!("{:?}", vector.bits));
        }
        if let Some(wanted) = vector.sites_read {
            check("sites_read", trace.sites.len().to_string(), wanted.to_string());
        }
        for named in &trace.culprits {
            assert!(named.bound <= trace.alpha.value(), "{name}: copy {} at {}", named.copy, named.bound);
        }
    }
    assert!(
        faults.is_empty(),
        "\n{faults}if a rule changed on purpose: cargo run --example vectors, then read the difference"
    );
}

#[test]
fn a_vector_with_a_mistake_is_refused() {
    let good =
        "expect: attributed 17\nitem: brief.md\nrecipients: 33\nalpha: 1e-3\ncomment: c\n\ntext\n\nmore";
    let vector = Vector::parse(good.as_bytes()).unwrap();
    assert_eq!((vector.fragment.as_slice(), vector.tier), (b"text\n\nmore".as_slice(), Tier::Strict));
    for (old, new) in [
        ("comment: c", "comment: c\ncolour: red"),
        ("comment: c", "comment: c\ncomment: d"),
        ("attributed 17", "attributed"),
        ("attributed 17", "attributed 4 22"),
        ("attributed 17", "coalition 4"),
        ("attributed 17", "original 4"),
        ("attributed 17", "guessed"),
        ("recipients: 33", "recipients: many"),
        ("alpha: 1e-3\n", ""),
        ("\n\ntext\n\nmore", ""),
    ] {
        assert!(Vector::parse(good.replace(old, new).as_bytes()).is_err(), "{new:?} was accepted");
    }
}

/// A frozen plan finds the same sites in the same places whatever the rules propose today.
#[test]
fn frozen_plans_keep_their_digests() {
    let pinned = fs::read_to_string(house::folder().join("plans/digests")).unwrap();
    let mut count = 0;
    for line in pinned.lines() {
        let [item, tier, invisible, digest] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line:?} is not `item tier invisible digest`")
        };
        let tier = if tier == "strict" { Tier::Strict } else { Tier::Normal };
        let (plan, _, marked) = house::plan(item, tier, invisible == "yes").unwrap();
        let found = plan.digest().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        assert_eq!(found, digest, "{item}");
        let written = plan.to_toml(&marked.document);
        let again = dyetrace::plan::Plan::from_toml(&written, &marked.document).unwrap();
        assert_eq!(again, plan, "{item} written and read again");
        count += 1;
    }
    let plans = fs::read_dir(house::folder().join("plans")).unwrap().count();
    assert_eq!(count + 1, plans, "every plan has its digest");
}
