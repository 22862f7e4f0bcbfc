//! What every fuzz target does with its bytes; shared by `fuzz/` and by the replay of its corpora on stable.

#![allow(dead_code, reason = "each fuzz binary calls one of these")]
#![allow(clippy::panic, clippy::expect_used, reason = "a broken invariant must stop the fuzzer")]

use std::ops::Range;

use dyetrace::channel::authored;
use dyetrace::item::{Document, Edit, Format, LeafKind};
use dyetrace::plan::{Options, Plan, Promise};

/// Plain text: reads, writes back, edits.
pub(crate) fn item_text(bytes: &[u8]) {
    item(Format::Text, bytes);
}

/// Markdown: reads, writes back, edits.
pub(crate) fn item_markdown(bytes: &[u8]) {
    item(Format::Markdown, bytes);
}

/// Markup in both formats: the first byte's lowest bit chooses.
pub(crate) fn authored_markup(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let format = if choice & 1 == 0 { Format::Text } else { Format::Markdown };
    let Ok(document) = Document::read(format, bytes) else { return };
    let Ok(marked) = authored::extract(&document) else { return };
    assert_eq!(Document::read(format, &marked.original).expect("reads").text(), marked.document.text());
    for site in &marked.sites {
        assert!(!site.places.is_empty());
        for place in &site.places {
            assert_eq!(place.forms[0], marked.document.text()[place.range.clone()]);
        }
    }
    let plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
    let toml = plan.to_toml(&marked.document);
    assert_eq!(Plan::from_toml(&toml, &marked.document).expect("a written plan reads"), plan, "{toml}");
    let promise = Promise::of(&marked.document, &plan.sites(), 33, 1e-3);
    assert!(promise.quote.best <= promise.quote.median || promise.quote.median.is_none());
}

/// A plan for a fixed item: whatever is read is written and read again.
pub(crate) fn plan_toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let item = b"The ministry said that the talks had been hindered by rain. About ten men stayed behind.\n";
    let document = Document::read(Format::Text, item).expect("the item reads");
    let digest = Plan::propose(&document, Vec::new(), Vec::new(), Options::default()).item;
    let Ok(plan) = Plan::from_toml(&text.replace("DIGEST", &digest), &document) else { return };
    let again = plan.to_toml(&document);
    let reread = Plan::from_toml(&again, &document).expect("a written plan reads");
    assert_eq!(reread.digest(), plan.digest(), "{again}");
    for symbol in 0..16 {
        let edits: Vec<Edit> = plan
            .sites()
            .iter()
            .flat_map(|site| site.write(symbol.min(u8::try_from(site.labels.len() - 1).unwrap_or(0))))
            .collect();
        document.edit(&edits).expect("every variant of a plan can be written");
    }
}

fn item(format: Format, bytes: &[u8]) {
    let Ok(document) = Document::read(format, bytes) else { return };
    assert_eq!(document.edit(&[]).expect("no edits"), bytes);
    let text = document.text();
    let mut end = 0;
    for leaf in document.leaves() {
        assert!(leaf.text.start >= end && leaf.text.end > leaf.text.start, "{leaf:?}");
        end = leaf.text.end;
    }
    assert_eq!(end, text.len());
    assert!(document.title().is_none_or(|title| !title.is_empty()));

    // Edits taken from the bytes themselves, at words of editable leaves.
    let words: Vec<Range<usize>> = document
        .leaves()
        .iter()
        .filter(|leaf| leaf.kind != LeafKind::Fixed)
        .map(|leaf| leaf.text.clone())
        .step_by(1 + bytes.len() % 3)
        .take(8)
        .collect();
    let edits: Vec<Edit> = words
        .into_iter()
        .map(|range| {
            let new = text[range.clone()].split(' ').rev().collect::<Vec<_>>().join(" ");
            Edit { range, text: new }
        })
        .collect();
    if let Ok(copy) = document.edit(&edits) {
        let mut wanted = text.to_owned();
        for edit in edits.iter().rev() {
            wanted.replace_range(edit.range.clone(), &edit.text);
        }
        assert_eq!(Document::read(format, &copy).expect("a copy reads").text(), wanted);
    }
}
