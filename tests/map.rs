//! `plan --map` and `plan --page` through the program.

#![allow(clippy::unwrap_used, reason = "a failed step of a test should stop it")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn dyetrace(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dyetrace"))
        .current_dir(folder)
        .env_remove("DYETRACE_REGISTRY")
        .args(arguments)
        .output()
        .unwrap()
}

const ITEM: &str = "The {{board|council}} {{met|gathered}} in {{June|early summer}} and {{never|not once}} told \
    the {{agencies|services}} that the {{pier|jetty}} was {{unsafe|in danger}}, {{it|the report}} says, \
    {{although|though}} {{letters|notes}} had {{come|arrived}} {{often|again and again}}, {{nearly|almost}} \
    {{weekly|every week}}, {{from|by way of}} the {{harbour|port}} {{office|desk}}. Nobody {{spoke|said a word}} \
    then.\n\nIt had inspected 12 cranes at Lower Wick Pier and will never do so again, the minutes show.\n";

#[test]
fn a_map_says_what_every_sentence_names() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("item.txt"), ITEM).unwrap();
    let output = dyetrace(
        folder.path(),
        &["plan", "item.txt", "--map", "--json", "--copies", "33", "--alpha", "1e-2", "--page", "map.html"],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let sentences = |paragraph: usize| &object["capacity"]["paragraphs"][paragraph]["sentences"];
    let separates = |value: &serde_json::Value| value["separates"].as_u64().unwrap();
    // Seventeen choices of two, at one in a hundred, less what the scorer keeps back.
    assert!((33..=1310).contains(&separates(&sentences(0)[0])), "{object}");
    assert!(separates(&sentences(0)[1]) < 2);
    let last = &object["capacity"]["quotable"][0];
    assert!(last["sentence"].as_str().unwrap().starts_with("It had inspected 12 cranes"));
    assert_eq!(last["suggestions"][0], "{{#fact:12 cranes|\u{2026}}}");

    let page = fs::read_to_string(folder.path().join("map.html")).unwrap();
    assert!(page.contains("Lower Wick Pier") && !page.contains("{{board"));
    let again = dyetrace(folder.path(), &["plan", "item.txt", "--page", "map.html"]);
    assert_eq!(again.status.code(), Some(2), "an existing page is not overwritten");

    let page = dyetrace(folder.path(), &["plan", "item.txt", "--map", "--color", "never"]);
    let text = String::from_utf8(page.stdout).unwrap();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let plain = dyetrace(folder.path(), &["plan", "item.txt", "--json"]);
    let object: serde_json::Value = serde_json::from_slice(&plain.stdout).unwrap();
    assert!(object.get("capacity").is_none());
}
