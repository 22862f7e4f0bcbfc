//! Any text against any item: no panic, no reading of what is not there. The input is the item's text and the leak,
//! separated by a zero byte; every word of the item that begins with a capital is a site.
#![no_main]

use std::borrow::Cow;

use dyetrace::channel::{Channel, Place, Site, Tier, equal_weights};
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::trace::{Lattice, observe, read_exact};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (item, leak) = input.split_once('\0').unwrap_or((input, input));
    let Ok(document) = Document::read(Format::Text, item.as_bytes()) else { return };
    let text = document.text();
    let sites: Vec<Site> = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |at, word| {
            *at += word.len();
            Some((*at - word.len(), word.trim_end()))
        })
        .filter(|(_, word)| word.starts_with(char::is_uppercase))
        .map(|(at, word)| {
            let forms = vec![word.to_owned(), word.to_lowercase() + "x", String::new()];
            Site {
                channel: Channel::Authored,
                class: Cow::Borrowed("fuzz"),
                tier: Tier::Strict,
                labels: vec!["a".into(), "b".into(), "c".into()],
                weights: equal_weights(3),
                original: 0,
                places: vec![Place { range: at..at + word.len(), forms }],
                desk: None,
                fact: false,
            }
        })
        .collect();
    let lattice = Lattice::new(&document, &sites);
    let fragment = Fragment::from_text("fuzz", leak);
    let observation = observe(&lattice, &fragment);
    assert!((0.0..=1.0).contains(&observation.aligned));
    for seen in &observation.seen {
        for sighting in &seen.sightings {
            assert_eq!(sighting.costs.len(), 3);
            assert!(sighting.costs.iter().all(|&cost| cost < u32::MAX / 4));
        }
    }
    // An unaltered item reads as itself unless another codeword writes the same text.
    if let Ok(word) = read_exact(&lattice, text) {
        assert!(word.iter().all(|&symbol| symbol == 0));
    }
});
