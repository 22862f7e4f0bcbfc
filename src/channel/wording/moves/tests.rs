//! What moves, what must not, and that a move takes the sites inside it along.

use proptest::prelude::*;

use crate::channel::wording::tests::{sites, written_whole};
use crate::channel::{Channel, Seen, Sighting, Site, Tier, VARIANTS_MAX, WEIGHT_TOTAL};
use crate::item::{Document, Format};
use crate::leak::Fragment;
use crate::trace::{Lattice, observe};

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

fn moves(text: &str) -> Vec<Site> {
    sites(text).into_iter().filter(|site| CLASSES.contains(&site.class.as_ref())).collect()
}

/// Every variant of a site, written into the text.
fn copies(text: &str, site: &Site) -> Vec<String> {
    (0..site.labels.len()).map(|symbol| written_whole(text, site, symbol)).collect()
}

#[track_caller]
fn moved(text: &str, class: &str, expected: &[&str]) {
    let found = moves(text);
    let site = found.iter().find(|site| site.class == class);
    let all = site.map_or_else(Vec::new, |site| copies(text, site));
    for one in expected {
        assert!(all.contains(&(*one).to_owned()), "{one}\nnot among {all:#?} of {found:#?}");
    }
}

#[track_caller]
fn stays(text: &str) {
    let found = moves(text);
    assert!(found.is_empty(), "{text}: {found:#?}");
}

#[test]
fn clauses_move_to_either_end() {
    moved(
        "If the request fails, the client sends a warning.",
        "clause-order",
        &["The client sends a warning if the request fails."],
    );
    moved(
        "The client sends a warning if the request fails.",
        "clause-front",
        &["If the request fails, the client sends a warning."],
    );
    moved(
        "If they agree, they may sign the lease.",
        "clause-order",
        &["They may sign the lease if they agree."],
    );
    moved("When possible, use the new form.", "clause-short", &["Use the new form when possible."]);
    moved(
        "Although the harbour was closed, the ferry left on time.",
        "clause-order",
        &["The ferry left on time, although the harbour was closed."],
    );
    moved("To see the log, open the menu.", "purpose-order", &["Open the menu to see the log."]);
}

#[test]
fn phrases_move_to_either_end() {
    moved(
        "Last year, the office opened two branches.",
        "set-phrase",
        &["The office opened two branches last year."],
    );
    moved(
        "The office opened two branches last year.",
        "set-front",
        &["Last year, the office opened two branches."],
    );
    moved(
        "In October 1944, the office opened two branches.",
        "time-phrase",
        &["The office opened two branches in October 1944."],
    );
    moved(
        "According to the report, sales fell in the north.",
        "source-order",
        &["Sales fell in the north, according to the report."],
    );
    moved(
        "Sales fell in the north, according to the report.",
        "source-order",
        &["According to the report, sales fell in the north."],
    );
}

#[test]
fn adverbs_take_every_place_that_is_good() {
    moved(
        "However, the board has refused the offer.",
        "however-place",
        &[
            "The board, however, has refused the offer.",
            "The board has, however, refused the offer.",
            "But the board has refused the offer.",
        ],
    );
    moved(
        "But the board refused the offer.",
        "however-place",
        &["The board, however, refused the offer.", "However, the board refused the offer."],
    );
    moved(
        "Sometimes, the board meets in the town hall.",
        "adverb-inside",
        &["The board sometimes meets in the town hall."],
    );
    moved(
        "Currently, the board is in the town hall.",
        "adverb-inside",
        &["The board is currently in the town hall."],
    );
    moved(
        "The board is currently in the town hall.",
        "adverb-front",
        &["Currently, the board is in the town hall."],
    );
    moved("Then they returned to the hotel.", "adverb-inside", &["They then returned to the hotel."]);
}

#[test]
fn a_contracted_subject_has_nothing_before_its_verb_to_move() {
    for text in [
        "Usually, it's open in the morning.",
        "However, we've seen the offer.",
        "It's usually open in the morning.",
    ] {
        stays(text);
    }
}

#[test]
fn capitals_follow_the_words_to_their_new_place() {
    moved("But if the dam fails, the town sinks.", "clause-order", &["But the town sinks if the dam fails."]);
    moved(
        "The office closes when I leave the town.",
        "clause-front",
        &["When I leave the town, the office closes."],
    );
    moved(
        "I close the office when NASA calls the board.",
        "clause-front",
        &["When NASA calls the board, I close the office."],
    );
    moved(
        "NASA calls the board when the office closes.",
        "clause-front",
        &["When the office closes, NASA calls the board."],
    );
    moved("Thus Trevelyan repeats the story.", "adverb-inside", &["Trevelyan thus repeats the story."]);
    // Whether "Rust" is a name or a word that opens the sentence cannot be told.
    stays("Glorb closes the office when the board leaves.");
}

#[test]
fn what_leans_on_the_other_clause_stays_behind_it() {
    for text in [
        "If the minister agrees, he may sign the lease.",
        "When the board met, its members took a vote.",
        "The crew left the boat before it sank.",
        "If a user asks, the user gets a copy.",
        "If a new ABI is frozen, the year becomes the name of the ABI.",
        "When the storm came, that was a surprise.",
        "If this fails, the client sends a warning.",
        "If the request fails, such warnings are sent.",
    ] {
        stays(text);
    }
    // The next sentence points back at what would then be further away.
    stays("If the request fails, the client sends a warning. This is what the log shows.");
    assert_eq!(moves("If the request fails, the client sends a warning. The log shows the rest.").len(), 1);
}

#[test]
fn what_would_belong_to_something_else_stays() {
    for text in [
        "The board asked the clerk if the office was open.",
        "The clerk knows when the office closes.",
        "Use the form that the clerk sends when the office closes.",
        "The minister said the town would flood if the dam failed.",
        "The day before the office closed was cold.",
        "The board met shortly after the office closed.",
        "The board was pleased because the clerk left and because the office closed.",
        "The board did not leave because the office closed.",
        "When the office closed, the clerk left and the board met.",
        "DRY is the first rule you learn when the office closes.",
        "The office closes only when the board leaves.",
        "If the office closes, should the clerk leave?",
        "If so, the clerk leaves the office.",
        "If the office closes (as it may), the clerk leaves.",
        "If the office closes, the clerk leaves; the board stays.",
        "If the office closes, \u{201c}the clerk leaves\u{201d}.",
        "If the office closes, the clerk MUST leave.",
        "If we ever need to, the office may close early.",
        "In 2019, the board asked for the figures of 2018.",
        "The report describes the elections in 2019.",
        "The board met on Monday and the office closed last year.",
        "Clearly, ensure the labels are right.",
        "Then a friend I knew sent the offer.",
        "If the office closes, the clerk also leaves.",
        "Also, the board does not meet.",
        "Sometimes, the board does not meet in the hall.",
        "However, nobody has seen the offer.",
        "It, however, may be open.",
    ] {
        stays(text);
    }
}

#[test]
fn a_move_takes_the_sites_inside_it_along() {
    let text =
        "The town will lose almost all of the boats once the clerk has sold almost all of the tickets.";
    let found = moves(text);
    let [site] = found.as_slice() else { panic!("one move: {found:#?}") };
    assert!(site.labels.len() > 2 && site.labels.len() <= VARIANTS_MAX, "{site:#?}");
    let copies = copies(text, site);
    // Both orders have the same choices: without order, capitals and comma the words of each pair are the same.
    let words = |copy: &String| {
        let mut words: Vec<String> =
            copy.split([' ', ',', '.']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        words.sort();
        words
    };
    let half = copies.len() / 2;
    for symbol in 0..half {
        assert_eq!(words(&copies[symbol]), words(&copies[half + symbol]));
        assert!(copies[symbol].contains(" of the boats once "), "{}", copies[symbol]);
        assert!(copies[half + symbol].ends_with(" of the boats."), "{}", copies[half + symbol]);
        assert!(copies[half + symbol].contains(" of the tickets, "), "{}", copies[half + symbol]);
        let (a, b) = (site.weights[symbol], site.weights[half + symbol]);
        assert!(a.abs_diff(b) <= 16, "the order is as likely with one choice as with another");
    }
}

#[test]
fn a_site_that_cannot_go_along_varies_where_it_stands() {
    let text = "Sometimes, the board meets in the town hall.";
    let found = moves(text);
    let [site] = found.as_slice() else { panic!("one move: {found:#?}") };
    let copies = copies(text, site);
    for copy in
        [text, "The board sometimes meets in the town hall.", "At times, the board meets in the town hall."]
    {
        assert!(copies.contains(&copy.to_owned()), "{copy}: {copies:#?}");
    }
    let inside: u32 =
        (0..copies.len()).filter(|&i| copies[i].starts_with("The")).map(|i| site.weights[i]).sum();
    assert!(inside.abs_diff(WEIGHT_TOTAL / 2) <= 16, "an order keeps its share: {site:#?}");
}

#[test]
fn sites_between_the_two_ends_stay_their_own() {
    let text = "If the dam fails, the town will lose almost all of the boats to the sea.";
    let found = sites(text);
    let position = found.iter().position(|site| site.class == "clause-order").unwrap();
    assert_eq!(found[position].places.len(), 2);
    let (head, tail) = (&found[position].places[0].range, &found[position].places[1].range);
    let between = found.iter().filter(|site| {
        site.places.iter().all(|place| head.end <= place.range.start && place.range.end <= tail.start)
    });
    assert!(between.count() > 0, "{found:#?}");
}

/// What a fragment says of the variants of the item's only move.
fn read(text: &str, fragment: &str) -> Vec<f64> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let all = moves(text);
    assert_eq!(all.len(), 1);
    let lattice = Lattice::new(&document, &all);
    let fragment = Fragment::from_text("leak", fragment);
    let seen = observe(&lattice, &fragment).seen;
    let readings = Channel::Wording.read(&all, &seen);
    readings.first().map_or_else(|| vec![1.0; all[0].labels.len()], |reading| reading.likelihood.clone())
}

const STORY: &str = "The committee visited the old harbour of the northern province with a guide. \
    If the dam above the village fails, the lower town sinks by noon. \
    Nobody on the committee could remember who had paid for the repairs of the bridge.";

#[test]
fn every_variant_is_read_back() {
    let document = Document::read(Format::Text, STORY.as_bytes()).unwrap();
    let site = &moves(STORY)[0];
    for symbol in 0..site.labels.len() {
        let likelihood = read(document.text(), &written_whole(STORY, site, symbol));
        for (other, value) in likelihood.iter().enumerate() {
            assert!(other == symbol || *value < likelihood[symbol] / 20.0, "{symbol}: {likelihood:?}");
        }
    }
}

#[test]
fn half_a_sentence_is_no_evidence_against_what_it_may_come_from() {
    let site = &moves(STORY)[0];
    let copy = |symbol: usize| written_whole(STORY, site, symbol);
    // Cut inside the words that do not move: either end alone tells the order.
    for symbol in 0..2 {
        let whole = copy(symbol);
        let middle = whole.find("lower town").unwrap() + "lower town".len();
        for part in [&whole[..middle], &whole[middle - "lower town".len()..]] {
            let likelihood = read(STORY, part);
            assert!(likelihood[symbol] >= likelihood[1 - symbol], "{symbol} {part:?}: {likelihood:?}");
        }
    }
    // "the lower town sinks" without what came before it and without what comes after fits both orders.
    let likelihood = read(STORY, "the lower town sinks by noon");
    assert!(likelihood.iter().all(|value| *value > 0.2), "{likelihood:?}");
}

#[test]
fn costs_of_one_place_do_not_speak_for_the_other() {
    let sites = moves(STORY);
    let flat = Sighting { place: 0, costs: vec![0; sites[0].labels.len()], rewritten: 200, raw: "" };
    let seen = [Seen { site: 0, sightings: vec![flat] }];
    let reading = &Channel::Wording.read(&sites, &seen)[0];
    assert!(reading.likelihood.iter().all(|value| (value - reading.likelihood[0]).abs() < 1e-12));
}

#[test]
fn a_move_never_costs_a_site_of_a_better_tier() {
    let text = "Over time, the boats were almost entirely lost because of the storm.";
    let strict: Vec<_> = sites(text).into_iter().filter(|site| site.tier == Tier::Strict).collect();
    assert!(!strict.is_empty());
    for one in sites(text).iter().filter(|site| site.tier != Tier::Strict) {
        for better in &strict {
            let (a, b) = (&one.places[0].range, &better.places[0].range);
            assert!(a.end <= b.start || b.end <= a.start, "{one:#?} over {better:#?}");
        }
    }
}

proptest! {
    #[test]
    fn no_words_in_any_order_break_a_move(words in proptest::collection::vec(prop_oneof![
        Just("If"), Just("if"), Just("When"), Just("when"), Just("the"), Just("board,"), Just("board"), Just("fails"),
        Just("fails,"), Just("however,"), Just("However,"), Just("But"), Just("then"), Just("Then"), Just("I"),
        Just("According"), Just("to"), Just("2019"), Just("last"), Just("year"), Just("year."), Just("closes."),
        Just("almost"), Just("all"), Just("of"), Just("and"), Just("it"), Just("\u{e9}t\u{e9}"), Just("NASA"), Just("usually"), Just("It's"), Just("it's"), Just("Usually"), Just("is"),
    ], 1..30)) {
        let text = words.join(" ");
        for site in moves(&text) {
            prop_assert!(site.labels.len() <= VARIANTS_MAX);
            let all = copies(&text, &site);
            prop_assert_eq!(&all[usize::from(site.original)], &text);
            for (index, copy) in all.iter().enumerate() {
                prop_assert!(!all[..index].contains(copy));
                prop_assert!(!copy.contains("  ") && !copy.contains(" ,"), "{:?}", copy);
            }
        }
    }
}
