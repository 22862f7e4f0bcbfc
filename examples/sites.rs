//! Prints the wording sites of a text: every sentence that has one, with `[own form|other|…]` in place, class and tier;
//! then totals by class and tier.
//!
//! `cargo run --example sites -- FILE… [--tier strict|normal|bold] [--every N]`
#![allow(clippy::print_stdout, reason = "printing is what this tool is for")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use dyetrace::channel::{Channel, Site, Tier};
use dyetrace::item::{Document, Format};
use dyetrace::language::Analysis;

fn main() -> ExitCode {
    let mut files = Vec::new();
    let mut tier = None;
    let mut every = 1;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--tier" => tier = arguments.next(),
            "--every" => every = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1).max(1),
            _ => files.push(argument),
        }
    }
    let wanted = |site: &Site| tier.as_deref().is_none_or(|name| name == name_of(site.tier));
    let mut totals: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let mut words = 0;
    let mut seen = 0;
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else {
            println!("cannot read {file}");
            return ExitCode::from(2);
        };
        let format = if std::path::Path::new(&file).extension().is_some_and(|end| end == "md") {
            Format::Markdown
        } else {
            Format::Text
        };
        let Ok(document) = Document::read(format, &bytes) else {
            println!("not text: {file}");
            return ExitCode::from(2);
        };
        let analysis = Analysis::new(&document);
        words += analysis.tokens.iter().filter(|t| t.kind != dyetrace::language::TokenKind::Mark).count();
        for site in Channel::Wording.find(&analysis).into_iter().filter(|site| wanted(site)) {
            *totals.entry((name_of(site.tier), site.class.to_string())).or_default() += 1;
            seen += 1;
            if seen % every == 0 {
                println!("{}", line(&analysis, &site));
            }
        }
    }
    println!("\nwords {words}");
    for tier in ["strict", "normal", "bold"] {
        let sum: usize = totals.iter().filter(|((name, _), _)| *name == tier).map(|(_, n)| n).sum();
        println!("{tier}: {sum} sites, {} a hundred words", per_hundred(sum, words));
        for ((name, class), count) in &totals {
            if *name == tier {
                println!("    {class:<18} {count:>6}  {}", per_hundred(*count, words));
            }
        }
    }
    ExitCode::SUCCESS
}

fn name_of(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

fn per_hundred(sites: usize, words: usize) -> String {
    let thousandths = sites * 100_000 / words.max(1);
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// The site's sentence with its variants in place.
fn line(analysis: &Analysis<'_>, site: &Site) -> String {
    let text = analysis.document.text();
    let (start, end) = (site.places[0].range.start, site.places[site.places.len() - 1].range.end);
    let at = analysis
        .sentences
        .iter()
        .find(|s| analysis.tokens[s.end - 1].range.end >= start)
        .map_or(start..end, |s| {
            analysis.tokens[s.start].range.start..analysis.tokens[s.end - 1].range.end.max(end)
        });
    let own = usize::from(site.original);
    let mut out = format!("{} {}: ", name_of(site.tier), site.class);
    let mut from = at.start.min(start);
    for place in &site.places {
        let others = place.forms.iter().enumerate().filter(|(index, _)| *index != own).map(|(_, form)| form);
        let forms: Vec<&str> = std::iter::once(&place.forms[own]).chain(others).map(String::as_str).collect();
        out.push_str(&text[from..place.range.start]);
        out.push_str(&format!("[{}]", forms.join("|")));
        from = place.range.end;
    }
    out.push_str(&text[from..at.end.max(end)]);
    out.replace('\n', " ")
}
