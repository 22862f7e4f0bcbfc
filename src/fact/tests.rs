//! What a subject reads, whatever it is given.

use proptest::prelude::*;

use super::*;
use crate::channel::authored;
use crate::item::{Document, Format};
use crate::leak::Fragment;

fn subject(text: &str) -> Subject {
    let marked = authored::extract(&Document::read(Format::Text, text.as_bytes()).unwrap()).unwrap();
    Subject::new(&marked.document, &marked.sites)
}

const ITEM: &str = "Ottoline Brask of the Quellmar harbour board found {{#fact:33 crates|29 crates|over 30 crates}} in \
    the ice shed at Tavistrel, {{#fact:Marl, Venn and Osk|Osk, Marl and Venn}} were told of it, and the watchman had \
    {{#fact:a brass lantern|no lantern|}}with him on the night that the Quellmar ferry sank.";

fn check(account: &Account, raw: &str) {
    for fact in &account.facts {
        assert!(raw.get(fact.raw.clone()).is_some_and(|said| !said.is_empty()), "{fact:?}");
        let largest = fact.likelihood.iter().copied().fold(0.0, f64::max);
        let least = fact.likelihood.iter().copied().fold(f64::INFINITY, f64::min);
        assert!((largest - 1.0).abs() < 1e-9 && least > 0.0 && least < largest, "{fact:?}");
    }
    assert!(account.facts.is_sorted_by(|one, other| one.site < other.site));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_is_read_without_harm(raw in "(\\PC|[ \n.,:#@]){0,300}", credit in any::<u32>()) {
        check(&subject(ITEM).read(&Fragment::from_text("-", raw.clone()), &[], credit), &raw);
    }

    #[test]
    fn any_arrangement_of_its_words_is_read_without_harm(
        picked in prop::collection::vec(0_usize..18, 0..120), cut in 0_usize..400, credit in 0_u32..1_000
    ) {
        const WORDS: [&str; 18] = [
            "Ottoline", "Brask", "Quellmar", "Tavistrel", "33", "29", "crates", "over thirty", "Marl", "Venn", "Osk",
            "lantern", "18446744073709551615", "99:99", "more than", ".\n", "6 p.m.", "million billion",
        ];
        let raw: String = picked.iter().map(|&at| WORDS[at]).collect::<Vec<_>>().join(" ");
        let cut = (cut.min(raw.len())..=raw.len()).find(|&cut| raw.is_char_boundary(cut)).unwrap();
        // Passages that lie, too: beyond the text, or backwards against the item.
        let aligned = [
            Aligned { raw: 0..cut, text: 0..usize::MAX },
            Aligned { raw: cut..usize::MAX, text: 40..41 },
        ];
        check(&subject(ITEM).read(&Fragment::from_text("-", raw.clone()), &aligned, credit), &raw);
    }
}

/// A text that is all anchors, against an item that is all facts: the work is bounded, the answer well formed.
#[test]
fn work_is_bounded() {
    let mut sites = String::new();
    for n in 0..1_500 {
        let fact = format!("{{{{#fact:{n} crates|lantern {n}|over {n} crates}}}}");
        sites.push_str("Brask of Quellmar saw ");
        sites.push_str(&fact);
        sites.push_str(" there. ");
    }
    let subject = subject(&sites);
    assert!(!subject.is_empty());
    let raw = "Brask Quellmar 33 crates lantern over 30 crates ".repeat(4_000);
    check(&subject.read(&Fragment::from_text("-", raw.clone()), &[], u32::MAX), &raw);
}

#[test]
fn a_list_is_read_by_its_order() {
    let subject = subject(ITEM);
    let read = |list: &str| {
        let raw = format!("Brask says the Quellmar ferry was no accident. She told {list} about Tavistrel.");
        let account = subject.read(&Fragment::from_text("-", raw), &[], 0);
        account.facts.into_iter().find(|fact| fact.site == 1).map(|fact| fact.likelihood)
    };
    let (first, second) =
        (read("Marl, then Venn and Osk").unwrap(), read("Osk, Marl and then Venn").unwrap());
    assert!(first[0] > 2.0 * first[1] && second[1] > 2.0 * second[0], "{first:?} {second:?}");
}

#[test]
fn nothing_is_read_where_no_site_is_a_fact() {
    let subject = subject("Ottoline Brask of Quellmar {{found|saw}} the crates at Tavistrel.");
    assert!(subject.is_empty() && subject.index(&[1; 32]).is_empty());
    assert_eq!(
        subject.read(&Fragment::from_text("-", "Brask of Quellmar found crates"), &[], 500),
        Account::default()
    );
}
