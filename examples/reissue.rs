//! Reads files as items, changes every fifth word that may be changed and the wording that is proposed, and writes the
//! results: `reissue OUT FILE…`. One line for each file: what became of it. docs/record/formats.md uses it.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, reason = "a tool for measuring")]

use std::path::Path;
use std::time::Instant;

use dyetrace::channel::authored;
use dyetrace::issue::compose;
use dyetrace::item::{Document, Edit, Format};
use dyetrace::plan::{Options, Plan};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().expect("usage: reissue OUT FILE…");
    std::fs::create_dir_all(&out).unwrap();
    let (mut issued, mut refused, mut unchanged) = (0, 0, 0);
    let (mut tried, mut failed) = (0, 0);
    for (number, file) in arguments.enumerate() {
        let bytes = std::fs::read(&file).unwrap();
        let began = Instant::now();
        let document = match Document::read(Format::detect(&bytes, Some(&file)), &bytes) {
            Ok(document) => document,
            Err(error) => {
                println!("refused\t{file}\t{error}");
                refused += 1;
                continue;
            }
        };
        assert_eq!(document.edit(&[]).unwrap(), bytes, "{file}");
        let read = began.elapsed();
        let edits = every_fifth_word(&document);
        let (copy, lost) = carried_out(&document, &edits);
        let words = document.text().split_whitespace().count();
        let sites = proposed(&document);
        let skipped: Vec<String> =
            document.skipped().iter().map(|(what, count)| format!("{} {count}", what.name())).collect();
        let what = if edits.len() == lost { "unchanged" } else { "issued" };
        println!(
            "{what}\t{file}\t{words} words\t{} edits\t{lost} refused\t{sites} sites\t{} ms to read\t{} ms\t{}",
            edits.len(),
            read.as_millis(),
            began.elapsed().as_millis(),
            skipped.join(", ")
        );
        tried += edits.len();
        failed += lost;
        if edits.len() == lost {
            unchanged += 1;
        } else {
            issued += 1;
        }
        let name = Path::new(&file).file_name().unwrap().to_string_lossy().into_owned();
        std::fs::write(Path::new(&out).join(format!("{number:04}.{name}")), copy).unwrap();
    }
    println!(
        "total\t{issued} issued\t{unchanged} without text to change\t{refused} refused\t{failed} of {tried} edits refused"
    );
}

fn every_fifth_word(document: &Document) -> Vec<Edit> {
    let mut at = 0;
    let mut found = Vec::new();
    for (number, word) in document.text().split_inclusive(char::is_whitespace).enumerate() {
        let bare = word.trim();
        let start = at + word.len() - word.trim_start().len();
        at += word.len();
        let range = start..start + bare.len();
        if number % 5 == 2 && document.editable(&range) {
            let text = if number % 2 == 0 { format!("{bare}x") } else { "R&D <b> word".to_owned() };
            found.push(Edit { range, text });
        }
    }
    found
}

/// The copy with all edits that can be made, and how many cannot.
fn carried_out(document: &Document, edits: &[Edit]) -> (Vec<u8>, usize) {
    if let Ok(copy) = document.edit(edits) {
        return (copy, 0);
    }
    let alone = |edit: &&Edit| match document.edit(std::slice::from_ref(edit)) {
        Ok(_) => true,
        Err(error) => {
            println!("lost\t{:?}: {error}", &document.text()[edit.range.clone()]);
            false
        }
    };
    let one_by_one: Vec<Edit> = edits.iter().filter(alone).cloned().collect();
    match document.edit(&one_by_one) {
        Ok(copy) => (copy, edits.len() - one_by_one.len()),
        Err(_) => (document.bytes(), edits.len()),
    }
}

/// How many sites are proposed; each is written in every variant.
fn proposed(document: &Document) -> usize {
    // Two braces that are no markup.
    let Ok(marked) = authored::extract(document) else { return 0 };
    let plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
    let sites = plan.sites();
    for symbol in 0..2 {
        let word: Vec<u8> = sites.iter().map(|_| symbol).collect();
        compose(&marked.document, &sites, &word).expect("every proposal can be written");
    }
    sites.len()
}
