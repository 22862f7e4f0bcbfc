//! The judged sentences of the frame files (`rules/*_frames.rules`, `rules/adverb_pairs.rules`).

use super::*;
use crate::item::{Document, Format};

const JUDGED: &str = include_str!("../../../fixtures/judged/lexis.tsv");

/// The sites of the frame files: a move that takes one along would go by its own class.
fn sites(text: &str) -> Vec<Site> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let analysis = Analysis::new(&document);
    let view = View::new(&analysis);
    local(&view, &view.sentences())
}

fn cases() -> impl Iterator<Item = [&'static str; 4]> {
    JUDGED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let columns: Vec<&str> = line.split('\t').collect();
        columns.try_into().unwrap_or_else(|_| panic!("four columns: {line}"))
    })
}

#[test]
fn judged_sentences_keep_their_verdict() {
    let mut wrong = Vec::new();
    for [sentence, class, expected, comment] in cases() {
        let found = sites(sentence).iter().any(|site| site.class == class && site.tier == Tier::Strict);
        if found != (expected == "site") {
            wrong.push(format!("{class} should be {expected}: {sentence} ({comment})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Sentences that others wrote and readers judged blind.
const PUBLIC: &str = include_str!("../../../fixtures/judged/public.tsv");

#[test]
fn what_blind_readers_stopped_at_stays_out_of_the_strict_tier() {
    let mut wrong = Vec::new();
    for line in PUBLIC.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [sentence, class, expected, verdict] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}");
        };
        let found = sites(sentence).iter().any(|site| site.class == class && site.tier == Tier::Strict);
        if found != (expected == "site") {
            wrong.push(format!("{expected}\t{class}\t{verdict}\t{sentence}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn copies_of_judged_sentences_are_sound() {
    for [sentence, ..] in cases() {
        for site in sites(sentence) {
            let place = &site.places[0];
            for form in &place.forms {
                let copy =
                    format!("{}{form}{}", &sentence[..place.range.start], &sentence[place.range.end..]);
                assert!(!copy.contains("  ") && !copy.contains(" ,") && !copy.contains('|'), "{copy:?}");
                assert!(copy.starts_with(char::is_uppercase), "{copy:?}");
                let words: Vec<&str> = copy.split(' ').collect();
                assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{copy:?}");
            }
        }
    }
}

#[test]
fn normative_sentences_keep_their_verbs() {
    let plain = "The module will need to meet the requirements of the second annex.";
    let norm = "The module SHALL meet the requirements of the second annex.";
    assert!(sites(plain).iter().any(|site| site.class.starts_with("vf-")));
    assert!(!sites(norm).iter().any(|site| site.class.starts_with("vf-")));
}

#[test]
fn what_the_item_says_keeps_its_apostrophes() {
    let text = "Drivers don\u{2019}t need to pay the toll before the bridge opens.";
    let found = sites(text);
    let site = found.iter().find(|site| site.class == "vf-need-to").unwrap();
    assert!(site.places[0].forms.iter().all(|form| !form.contains('\'')));
}

#[test]
fn verbs_with_one_form_for_all_tenses_take_the_tense_of_their_place() {
    for (text, form) in [
        ("The council would cut the number of berths.", "reduce"),
        ("The council has cut the number of berths.", "reduced"),
        ("The mayors want to set up a committee.", "establish a"),
        ("The mayors had set up a committee.", "established a"),
    ] {
        let found = sites(text);
        let forms: Vec<&String> = found.iter().flat_map(|site| &site.places[0].forms).collect();
        assert!(forms.iter().any(|other| *other == form), "{text} {forms:?}");
    }
}

#[test]
fn verbs_that_hide_their_tense_are_left_alone_where_it_is_open() {
    let forms = |text| -> Vec<String> {
        sites(text)
            .into_iter()
            .filter(|site| site.class == "v-create")
            .map(|site| site.places[0].forms.join("|"))
            .collect()
    };
    assert_eq!(forms("The clerk put together a report on the quay."), ["put together|assembled"]);
    assert_eq!(forms("The clerks had put together a report on the quay."), ["put together|assembled"]);
    assert_eq!(forms("The clerks will put together a report on the quay."), ["put together|assemble"]);
    assert!(forms("The clerks put together a report on the quay.").is_empty());
}
