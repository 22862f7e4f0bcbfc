//! The judged sentences, and what must hold of every site whatever the text.

use proptest::prelude::*;

use super::*;
use crate::channel::WEIGHT_TOTAL;
use crate::item::{Document, Format};

const JUDGED: &str = include_str!("../../../fixtures/judged/wording.tsv");

pub(super) fn sites(text: &str) -> Vec<Site> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    find(&Analysis::new(&document))
}

/// The sites at which nothing moves: a move that takes one along goes by its own class.
fn local_sites(text: &str) -> Vec<Site> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let analysis = Analysis::new(&document);
    let view = View::new(&analysis);
    local(&view, &view.sentences())
}

/// The text with a variant at all places of a site.
pub(super) fn written_whole(text: &str, site: &Site, symbol: usize) -> String {
    let mut out = String::new();
    let mut from = 0;
    for place in &site.places {
        out.push_str(&text[from..place.range.start]);
        out.push_str(&place.forms[symbol]);
        from = place.range.end;
    }
    out.push_str(&text[from..]);
    out
}

#[test]
fn judged_sentences_keep_their_verdict() {
    let mut wrong = Vec::new();
    for line in JUDGED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let [class, expected, sentence] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("three columns: {line}");
        };
        let found = local_sites(sentence).iter().any(|site| site.class == class && site.tier == Tier::Strict);
        if found != (expected == "site") {
            wrong.push(line);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn capitals_articles_and_spaces_stay_right() {
    let all = |text: &str, class: &str| -> Vec<String> {
        let found = local_sites(text);
        let site = found.iter().find(|site| site.class == class).unwrap_or_else(|| panic!("{class}: {text}"));
        (0..site.labels.len()).map(|symbol| written_whole(text, site, symbol)).collect()
    };
    assert_eq!(
        all("Almost all the boats were lost.", "adv-virtually")[1..3],
        ["Almost all the boats were lost.", "Nearly all the boats were lost."]
    );
    assert!(
        all("It was an entirely new kind of boat.", "adv-entirely")
            .contains(&"It was a completely new kind of boat.".to_owned())
    );
    assert!(
        all("They said that he would sail at once.", "that-del")
            .contains(&"They said he would sail at once.".to_owned())
    );
    assert!(
        all("It is not only fast but also cheap to run.", "but-also")
            .contains(&"It is not only fast but cheap to run.".to_owned())
    );
    assert!(
        all("The boats, however, were lost at sea.", "however-pos")
            .contains(&"However, the boats were lost at sea.".to_owned())
    );
    assert!(
        all("In recent years the boats have been lost.", "comma-intro")
            .contains(&"In recent years, the boats have been lost.".to_owned())
    );
}

#[test]
fn a_label_is_no_article() {
    let entirely = |text: &str| -> Vec<String> {
        let found = sites(text);
        let site = found.iter().find(|site| site.class == "adv-entirely");
        site.map_or_else(Vec::new, |site| {
            (0..site.labels.len()).map(|symbol| written_whole(text, site, symbol)).collect()
        })
    };
    for label in ["Group A", "Annex A", "the men of Ward A"] {
        for (adverb, other) in [("completely", "entirely"), ("entirely", "completely")] {
            let text = format!("In the end {label} {adverb} rejected the plan.");
            let all = entirely(&text);
            assert!(all.iter().all(|copy| copy.contains(&format!("{label} "))), "{all:?}");
            assert!(all.is_empty() || all.contains(&text.replace(adverb, other)), "{all:?}");
        }
    }
    // At the start of a sentence, quoted or not, it is the article.
    for text in ["A completely new boat sank.", "He said: \u{201c}A completely new boat sank.\u{201d}"] {
        assert!(entirely(text).iter().all(|copy| !copy.contains("A entirely")), "{text}");
    }
    assert!(entirely("It was a completely new boat.").contains(&"It was an entirely new boat.".to_owned()));
}

#[test]
fn headings_capitals_and_terms_are_left_alone() {
    assert!(sites("ALMOST ALL THE BOATS WERE LOST BECAUSE OF THE STORM.").is_empty());
    let term = "The huge boat is here. A huge boat is there. One huge boat sank. The huge boat rose. That huge boat won.";
    assert!(!sites(term).iter().any(|site| site.class == "lexA"));
}

#[test]
fn a_no_break_space_beside_a_site_is_no_harm() {
    check(
        "The boats were lost\u{a0}because of the storm, but\u{a0}almost\u{a0}all the men said\u{a0}that\u{a0}they were safe.",
    );
    check("The\u{3000}captain said\u{2003}he would sail\u{a0}at once.");
}

fn check(source: &str) {
    let document = Document::read(Format::Text, source.as_bytes()).unwrap();
    let found = find(&Analysis::new(&document));
    // The canonical text, which may leave out blank lines of the source.
    let text = document.text();
    let mut taken: Vec<std::ops::Range<usize>> = Vec::new();
    for site in &found {
        for place in &site.places {
            assert!(!place.range.is_empty());
            taken.push(place.range.clone());
            assert_eq!(text[place.range.clone()], place.forms[usize::from(site.original)]);
            assert_eq!(site.labels.len(), place.forms.len());
        }
        assert_eq!(site.weights.iter().sum::<u32>(), WEIGHT_TOTAL);
        assert!(site.weights.iter().all(|&weight| weight > 0));
        for index in 0..site.labels.len() {
            assert!(!site.labels[..index].contains(&site.labels[index]), "label twice: {:?}", site.labels);
            let alike =
                |earlier: usize| site.places.iter().all(|place| place.forms[earlier] == place.forms[index]);
            assert!(!(0..index).any(alike), "{:?} twice", site.labels[index]);
        }
        assert!(site.desk.is_none_or(|desk| usize::from(desk.canonical) < site.labels.len()));
        for symbol in 0..site.labels.len() {
            let copy = written_whole(text, site, symbol);
            let double = |text: &str| {
                let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
                words.windows(2).filter(|pair| pair[0] == pair[1]).count()
            };
            assert!(double(&copy) <= double(text), "{copy}");
            assert!(copy.matches("  ").count() <= text.matches("  ").count(), "{copy:?}");
        }
    }
    taken.sort_by_key(|range| range.start);
    assert!(taken.windows(2).all(|pair| pair[0].end <= pair[1].start), "disjoint");
}

#[test]
fn every_site_of_the_judged_sentences_is_sound() {
    for line in JUDGED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        check(line.rsplit('\t').next().unwrap());
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_finder(text in "(But|However,|\u{a0}|\u{2003}|the|that|which|a|an|said|he|would|not only|but also|; |, |\\. |report|was|In recent years|as well|about|40|people|“|”|\u{e9}|\u{2019}s|\n\n| ){0,60}") {
        if !text.is_empty() {
            check(&text);
        }
    }

    #[test]
    fn no_words_in_any_order_break_the_finder(words in proptest::collection::vec(prop_oneof![
        Just("of"), Just("all"), Just("the"), Just("almost"), Just("nearly"), Just("in"), Just("order"), Just("to"),
        Just("upon"), Just("based"), Just("try"), Just("seem"), Just("that"), Just("which"), Just("is"), Just("and"),
        Just("both"), Just("however,"), Just("So"), Just("an"), Just("entirely"), Just("houses"), Just("x."), Just("It"),
    ], 1..40)) {
        check(&words.join(" "));
    }
}

#[test]
fn wide_spaces_beside_a_site_are_read_whole() {
    check(
        "The audit hook\u{a0}which was added last year works. It runs for\u{2003}example\u{a0}, however\u{a0}slowly.",
    );
    check(
        "In\u{3000}2019\u{a0}the board, for example, said\u{a0}that the\u{2009}plan which failed was about\u{a0}40 pages.",
    );
}
