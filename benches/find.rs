//! How fast the wording sites of a text are found, in words a second on one core.
//!
//! `cargo bench --bench find` times the three steps on the texts of `fixtures/items/prose`, 30 rounds each, and prints
//! the median and the fastest round. For a figure that does not depend on the machine's load, count instructions:
//!
//! ```text
//! cargo bench --bench find --no-run
//! valgrind --tool=callgrind --toggle-collect='*wording*find*' target/release/deps/find-* once
//! ```

#![allow(clippy::print_stdout, reason = "the table is what it is run for")]
#![allow(clippy::expect_used, clippy::cast_precision_loss, reason = "fixed inputs and counts of words")]

use std::time::Instant;

use dyetrace::channel::Channel;
use dyetrace::item::{Document, Format};
use dyetrace::language::{Analysis, TokenKind};
use dyetrace::plan::{Options, Plan};

const ROUNDS: usize = 30;
const TEXTS: [&str; 6] = [
    include_str!("../fixtures/items/prose/board-memo.txt"),
    include_str!("../fixtures/items/prose/committee-report.txt"),
    include_str!("../fixtures/items/prose/long-feature.txt"),
    include_str!("../fixtures/items/prose/news-analysis.txt"),
    include_str!("../fixtures/items/prose/safety-report.txt"),
    include_str!("../fixtures/items/prose/transit-policy.txt"),
];

fn main() {
    let documents: Vec<Document> = TEXTS
        .iter()
        .map(|text| Document::read(Format::Text, text.as_bytes()).expect("the fixtures are text"))
        .collect();
    let words: usize = documents
        .iter()
        .map(|document| {
            Analysis::new(document).tokens.iter().filter(|token| token.kind != TokenKind::Mark).count()
        })
        .sum();
    let rounds = if std::env::args().any(|argument| argument == "once") { 1 } else { ROUNDS };
    let analyses: Vec<Analysis<'_>> = documents.iter().map(Analysis::new).collect();
    println!("{} texts, {words} words, {rounds} rounds; words a second on one core\n", documents.len());
    println!("{:<34}{:>12}{:>12}", "step", "median", "fastest");
    row("tokens, profile, protected spans", words, rounds, || {
        documents.iter().map(|document| Analysis::new(document).tokens.len()).sum()
    });
    row("finding wording sites", words, rounds, || {
        analyses.iter().map(|analysis| Channel::Wording.find(analysis).len()).sum()
    });
    row("a whole plan", words, rounds, || {
        documents
            .iter()
            .map(|document| Plan::propose(document, Vec::new(), Vec::new(), Options::default()).entries.len())
            .sum()
    });
}

/// Times one step; what it counted is shown so that nothing is optimised away.
fn row(name: &str, words: usize, rounds: usize, step: impl Fn() -> usize) {
    // The first call parses the rules.
    let counted = step();
    let mut seconds: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(step(), counted, "the same text gives the same sites");
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let rate = |seconds: f64| words as f64 / seconds.max(1e-9);
    println!("{name:<34}{:>12.0}{:>12.0}   ({counted})", rate(seconds[seconds.len() / 2]), rate(seconds[0]));
}
