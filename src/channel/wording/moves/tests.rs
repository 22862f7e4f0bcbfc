//! What moves, what must not, and that a move takes the sites inside it along.

use proptest::prelude::*;

use super::super::find;
use crate::channel::wording::tests::{sites, written_whole};
use crate::channel::{Seen, Sighting, Site, Tier};

/// The variants of the site of a class, written into the text; none where there is no such site.
fn variants(text: &str, class: &str) -> Vec<String> {
    sites(text).iter().find(|site| site.class == class).map_or_else(Vec::new, |site| {
        (0..site.labels.len()).map(|symbol| written_whole(text, site, symbol)).collect()
    })
}

fn moved(text: &str, class: &str, expected: &str) {
    let all = variants(text, class);
    assert!(all.contains(&expected.to_owned()), "{expected}\nnot among {all:#?}");
}

#[track_caller]
fn stays(text: &str) {
    const CLASSES: &[&str] = &[
        "clause-order",
        "clause-front",
        "clause-ing",
        "clause-short",
        "purpose-order",
        "phrase-order",
        "set-phrase",
        "set-front",
        "time-phrase",
        "time-front",
        "source-order",
        "adverb-inside",
        "adverb-front",
        "however-place",
        "connective-place",
    ];
    let found: Vec<_> =
        sites(text).into_iter().filter(|site| CLASSES.contains(&site.class.as_ref())).collect();
    assert!(found.is_empty(), "{text}: {found:#?}");
}

#[test]
fn clauses_move_to_either_end() {
    moved(
        "If the request fails, the client sends a warning.",
        "clause-order",
        "The client sends a warning if the request fails.",
    );
    moved(
        "The client sends a warning if the request fails.",
        "clause-front",
        "If the request fails, the client sends a warning.",
    );
    moved("When possible, use the new form.", "clause-short", "Use the new form when possible.");
    moved(
        "According to the report, sales fell in the north.",
        "source-order",
        "Sales fell in the north, according to the report.",
    );
}

#[test]
fn capitals_follow_the_words_to_their_new_place() {
    moved("But if the dam fails, the town floods.", "clause-order", "But the town floods if the dam fails.");
    moved(
        "The NASA office closes when I leave the town.",
        "clause-front",
        "When I leave the town, the NASA office closes.",
    );
    moved(
        "I close the office when NASA calls the board.",
        "clause-front",
        "When NASA calls the board, I close the office.",
    );
}
