//! Articles retold in other words: what is read of their facts, whom it names, and what is not taken for a retelling.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "the figures of docs/record/facts.md are read from it")]
#![allow(clippy::cast_precision_loss, reason = "counts of trials")]

use std::fs;
use std::path::{Path, PathBuf};

use dyetrace::channel::authored;
use dyetrace::codebook::{CopyNumber, ItemKey};
use dyetrace::issue::Edition;
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::score;
use dyetrace::tracer::{self, Prepared, SeenAs, Trace};
use dyetrace::verdict::{Alpha, Verdict};

const COPIES: u64 = 33;

const RETELLINGS: [&str; 6] = ["cable.1", "cable.2", "vaccine.1", "vaccine.2", "orchestra.1", "orchestra.2"];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn read(path: &str) -> String {
    fs::read_to_string(fixtures().join(path)).unwrap()
}

fn item(text: &str, id: &str) -> Prepared {
    let marked = authored::extract(&Document::read(Format::Text, text.as_bytes()).unwrap()).unwrap();
    let edition = Edition::new(marked.document, marked.sites, ItemKey::derive(&[3; 32], id));
    Prepared::new(id, id, edition, (1..=COPIES).map(CopyNumber).collect())
}

fn article(name: &str) -> Prepared {
    item(&read(&format!("facts/{name}.txt")), name)
}

/// A retelling by somebody who had the copy with this codeword; `{{N:a|b|…}}` is what they make of fact N.
fn retold(template: &str, codeword: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (inside, after) = after.split_once("}}").unwrap();
        let (number, forms) = inside.split_once(':').unwrap();
        let symbol = codeword[number.parse::<usize>().unwrap() - 1];
        out.push_str(before);
        out.push_str(forms.split('|').nth(usize::from(symbol)).unwrap());
        rest = after;
    }
    out + rest
}

fn trace(items: &[Prepared], text: &str) -> Trace {
    tracer::trace(items, &[Fragment::from_text("retold", text)], Alpha::new(1e-3).unwrap())
}

/// What many copies' retellings said.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    /// Facts for which the copy's own variant was the likeliest.
    right: usize,
    /// Facts for which it was among several likeliest.
    shared: usize,
    /// Facts for which another variant was likelier.
    wrong: usize,
    /// Copies that were named.
    named: usize,
}

fn tally(item: &Prepared, template: &str, copies: u64) -> Tally {
    let mut tally = Tally::default();
    for copy in 1..=copies {
        let codeword = item.edition().codebook().codeword(CopyNumber(copy));
        let leak = retold(template, &codeword);
        let found = trace(std::slice::from_ref(item), &leak);
        for one in tracer::evidence(item, &[Fragment::from_text("-", leak)]).iter().flatten() {
            let own = one.ratios[usize::from(codeword[one.site])];
            let largest = one.ratios.iter().copied().fold(0.0, f64::max);
            let as_large = one.ratios.iter().filter(|&&ratio| ratio > 0.999 * largest).count();
            match (own > 0.999 * largest, as_large) {
                (true, 1) => tally.right += 1,
                (true, _) => tally.shared += 1,
                (false, _) => tally.wrong += 1,
            }
        }
        tally.named += usize::from(found.culprits.iter().any(|one| one.copy.0 == copy));
        assert!(found.culprits.iter().all(|one| one.copy.0 == copy), "copy {copy}: another was named");
    }
    tally
}

#[test]
fn a_retelling_with_many_facts_names_its_copy() {
    let item = article("cable");
    let found = tally(&item, &read("facts/cable.1.txt"), COPIES);
    eprintln!("{found:?} of {COPIES} copies");
    // Eleven facts are kept, 363 in all; what is missed and why: docs/record/facts.md.
    assert!(found.right >= 325 && found.wrong * 50 <= found.right && found.named >= 22, "{found:?}");
}

#[test]
fn a_retelling_with_five_facts_is_ours_and_names_nobody() {
    let item = article("cable");
    let template = read("facts/cable.2.txt");
    let found = tally(&item, &template, COPIES);
    eprintln!("{found:?} of {COPIES} copies");
    // Of 165.
    assert!(found.right >= 160 && found.wrong * 50 <= found.right && found.named == 0, "{found:?}");
    let codeword = item.edition().codebook().codeword(CopyNumber(4));
    let found = trace(std::slice::from_ref(&item), &retold(&template, &codeword));
    assert_eq!((found.verdict, found.sites.len()), (Verdict::Inconclusive, 5));
    assert!(found.candidates.len() == 10 && found.sites.iter().all(|site| site.seen_as == SeenAs::Fact));
}

/// The figures are those of docs/record/facts.md, which says what of the reader was made after it first saw these texts.
#[test]
fn articles_the_reader_was_not_made_on() {
    let mut all = Tally::default();
    for name in &RETELLINGS[2..] {
        let item = article(name.split_once('.').unwrap().0);
        let template = read(&format!("facts/{name}.txt"));
        let kept = template.matches("{{").count() * 33;
        let found = tally(&item, &template, COPIES);
        eprintln!("{name}: {found:?} of {kept} facts, {COPIES} copies");
        all.right += found.right;
        all.wrong += found.wrong;
    }
    assert!(all.right >= 900 && all.wrong * 50 <= all.right, "{all:?}");
}

#[test]
fn the_original_retold_accuses_nobody() {
    for template in RETELLINGS {
        let item = article(template.split_once('.').unwrap().0);
        let template = read(&format!("facts/{template}.txt"));
        let found = trace(std::slice::from_ref(&item), &retold(&template, &item.edition().original()));
        assert!(found.culprits.is_empty(), "{template}: {:?}", found.verdict);
    }
}

/// One article issued twice: whoever is named is the copy, of the item that was retold.
#[test]
fn two_items_that_share_their_facts() {
    let text = read("facts/cable.txt");
    let items = [item(&text, "cable"), item(&text, "cable again")];
    let template = read("facts/cable.1.txt");
    let mut named = 0;
    for copy in 1..=COPIES {
        for (at, item) in items.iter().enumerate() {
            let leak = retold(&template, &item.edition().codebook().codeword(CopyNumber(copy)));
            let found = trace(&items, &leak);
            assert_eq!(found.copies, 2 * COPIES, "all copies could have been accused");
            for culprit in &found.culprits {
                let right = found.item.as_ref().unwrap().id == ["cable", "cable again"][at];
                assert!(right && culprit.copy.0 == copy, "{copy} of item {at}: {:?}", found.item);
                named += 1;
            }
        }
    }
    eprintln!("{named} of {} named", 2 * COPIES);
    assert!(named >= 12, "{named}");
}

/// A later article on the same affair, with facts of its own, is another item; a retelling of the first accuses no copy
/// of the second.
#[test]
fn an_article_on_the_same_affair_is_another_item() {
    let later = "The Drevanger inquiry is to close. Ingrid Solvay told the Halmund Compact in Marrowby that the owners of \
        the Pelagia Star had paid {{#fact:900,000 crowns|850,000 crowns|more than 800,000 crowns|nearly a million \
        crowns}} towards the repair, and that Matthis Orre had returned {{#fact:two photographs|a ring|a pistol|his \
        passport}}. Of the {{#fact:33 agencies|31 agencies|over 25 agencies}} that took part, the coast guard of Port \
        Ellery was {{#fact:the last|the slowest|the smallest|the most helpful}}.";
    let items = [article("cable"), item(later, "later")];
    let template = read("facts/cable.1.txt");
    for copy in 1..=COPIES {
        let leak = retold(&template, &items[0].edition().codebook().codeword(CopyNumber(copy)));
        let found = trace(&items, &leak);
        assert_eq!(found.item.as_ref().map(|item| item.id.as_str()), Some("cable"), "copy {copy}");
        assert!(found.culprits.iter().all(|one| one.copy.0 == copy), "copy {copy}");
    }
}

#[test]
fn linked_places_are_one_bet() {
    let text = "Ottoline Brask of Quellmar counted {{@n:#fact:33 crates|29 crates|over 40 crates}} in the ice shed at \
        Tavistrel. The watchman, Leopold Ness, was asked about it for a day and would say nothing at all. By evening \
        the {{@n:33 crates|29 crates|over 40 crates}} had been moved to the old mill.";
    let item = item(text, "linked");
    let leak = "What Brask saw at Tavistrel, in a shed full of ice, were 29 crates. Ness looks after the mill at \
        Quellmar, and he says that 29 crates came there by cart.";
    let found = trace(std::slice::from_ref(&item), leak);
    assert_eq!((found.sites.len(), found.sites_total), (1, 1));
    assert_eq!((found.sites[0].seen, found.sites[0].seen_as), (1, SeenAs::Fact));
}

/// Said in the words of the item and again in other words, a fact is bet on once, as it was read in the item's words.
#[test]
fn a_fact_beside_a_quoted_passage_is_one_bet() {
    let item = article("cable");
    let original = item.edition().document().text();
    let from = original.find("Most could be set aside").unwrap();
    let first = original[..original.find("Nobody has been charged").unwrap()].to_owned();
    let quoted = &original[original.find("Investigators").unwrap()..first.len()];
    let more = &original[from..from + 60];
    let leak = format!(
        "{quoted}\n\nIngrid Solvay had 29 agencies at work. Matthis Orre, agent of the Pelagia Star, was paid 2.1 million \
         dollars. {more}"
    );
    let found = trace(std::slice::from_ref(&item), &leak);
    let of = |site: usize| found.sites.iter().filter(|one| one.site == site).collect::<Vec<_>>();
    assert_eq!((of(0).len(), of(0)[0].seen_as, of(0)[0].seen), (1, SeenAs::Text, 0));
    assert_eq!((of(6).len(), of(6)[0].seen_as, of(6)[0].seen), (1, SeenAs::Fact, 1));
    let evidence = tracer::evidence(&item, &[Fragment::from_text("-", leak.as_str())]);
    let mut sites: Vec<usize> = evidence.iter().flatten().map(|one| one.site).collect();
    sites.sort_unstable();
    assert!(sites.windows(2).all(|pair| pair[0] < pair[1]), "{sites:?}");
}

#[test]
fn an_optional_clause_is_read_where_it_is_kept() {
    let item = article("vaccine");
    let read = |clause: &str| {
        let leak = format!(
            "The audit by Amabel Quist of the Orlanth Bay store is clear, and Tobias Renwick is in his garden. \
             Kestrel Mills and Dunmarrow must wait with the villages until May{clause}."
        );
        let found = trace(std::slice::from_ref(&item), &leak);
        found.sites.iter().find(|site| site.site == 9).map(|site| site.seen)
    };
    assert_eq!(read(", when the roads are to be mended"), Some(1));
    assert_eq!(read(", if customs clears the shipment"), Some(3));
    // That a clause is missing says nothing: writers leave things out.
    assert_eq!(read(""), None);
}

/// The words of another variant, said of something else.
#[test]
fn variants_said_of_other_things_are_few_and_name_nobody() {
    let item = article("cable");
    let leak = "Ingrid Solvay and Matthis Orre met once before the Drevanger affair, at a wedding in Skarnes. Forty guests \
        were photographed on the terrace. Somebody had left a tide table under the cake. The band hired a helicopter, \
        a third of it fell ill, and the bride's mother of four cats wept for Halmund and for Vestrheim.";
    let found = trace(std::slice::from_ref(&item), leak);
    // Five variants are said of other things; three are taken for the facts (docs/record/facts.md), the amounts not.
    let read: Vec<usize> = found.sites.iter().map(|site| site.site).collect();
    assert!(read.len() <= 3 && !read.contains(&0) && found.culprits.is_empty(), "{read:?}");
}

/// Every article's retellings against every other article.
#[test]
fn retellings_of_other_articles_are_not_ours() {
    for name in ["cable", "vaccine", "orchestra"] {
        let item = article(name);
        for template in RETELLINGS.iter().filter(|template| !template.starts_with(name)) {
            let other = article(template.split_once('.').unwrap().0);
            let template = read(&format!("facts/{template}.txt"));
            for copy in 1..=8 {
                let leak = retold(&template, &other.edition().codebook().codeword(CopyNumber(copy)));
                let found = trace(std::slice::from_ref(&item), &leak);
                assert_eq!((found.verdict, found.sites.len()), (Verdict::NotOurs, 0), "{name}");
            }
        }
    }
}

#[test]
fn decoys_win_nothing_on_facts() {
    let item = article("cable");
    let book = item.edition().codebook();
    let leak = retold(&read("facts/cable.2.txt"), &book.codeword(CopyNumber(4)));
    let evidence = tracer::evidence(&item, &[Fragment::from_text("-", leak)]);
    assert!(evidence.iter().flatten().count() == 5);
    let decoys = 40_000_u32;
    let (mut sum, mut squares) = (0.0, 0.0);
    for decoy in 0..decoys {
        let wealth =
            score::wealth(&book.codeword(CopyNumber(1_000_000 + u64::from(decoy))), &evidence).to_f64();
        (sum, squares) = (sum + wealth, squares + wealth * wealth);
    }
    let mean = sum / f64::from(decoys);
    let error = ((squares / f64::from(decoys) - mean * mean) / f64::from(decoys)).sqrt();
    assert!((mean - 1.0).abs() < 5.0 * error && error < 0.1, "{mean} ± {error}");
    // A swapped sign would pay the decoys and not the copy.
    assert!(score::wealth(&book.codeword(CopyNumber(4)), &evidence).bits() > 5.0);
}

#[test]
fn other_texts_are_not_ours() {
    let items = [article("cable"), article("vaccine"), article("orchestra")];
    let mut texts = vec![
        read("prose/ferry.txt"),
        read("prose/grain.txt"),
        // The same matter elsewhere: its words, its kinds of numbers, none of its names.
        "A cable that carries the telephone traffic of the northern islands was cut twice in May, and 33 agencies are \
         looking for the ship that did it. A former judge leads the inquiry. Of 412 vessels in the register one, a \
         survey ship on charter, drifted over the cable for a night; her agent was paid $2.4 million and kept a green \
         notebook. Eleven sailors remember a crane on the after deck and a locked container. Repairs cost 40 per cent \
         of the company's income, and London wants a listening array."
            .to_owned(),
        "A cold store outside Lyon lost 18,400 doses of vaccine on 11 February after a public holiday. Six warnings were \
         ignored, a second generator had been refused, and a brewery's subsidiary held the contract for maintenance. \
         Replacing the doses costs 3.7 million euros; the policy lapsed in December for want of a signature."
            .to_owned(),
        "An orchestra in Leipzig has sold its hall for 61 million euros to a pension fund for dentists, which plans 240 \
         flats. It owed 14 suppliers; the director kept a red ledger in an unheated attic. The players rehearse in a \
         disused chapel, and a hearing is expected in November."
            .to_owned(),
    ];
    for folder in ["items", "items/prose"] {
        for entry in fs::read_dir(fixtures().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                texts.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    for (at, text) in texts.into_iter().enumerate() {
        let found = trace(&items, &text);
        let facts: Vec<_> = found.sites.iter().filter(|site| site.seen_as == SeenAs::Fact).collect();
        assert!(facts.is_empty() && found.culprits.is_empty(), "{facts:?} {}", &text[..60]);
        // The text on the same matter shares whole phrases, so that a passage aligns; no fact is read from it.
        let quoted =
            (2..5).contains(&at) && matches!(found.verdict, Verdict::NoMarks | Verdict::Inconclusive);
        assert!(quoted || found.verdict == Verdict::NotOurs, "{:?} {}", found.verdict, &text[..60]);
    }
}

#[test]
fn an_amount_in_another_role_is_not_the_fact() {
    let item = article("cable");
    let text = "Ingrid Solvay has worked on the Drevanger affair since spring; the Pelagia Star and Matthis Orre are \
                known to everybody in Marrowby. She answered 33 letters in one evening, was photographed beside 29 \
                oak trees on the estate at Vestrheim, and sold her car for 412 crowns.";
    let found = trace(std::slice::from_ref(&item), text);
    for site in &found.sites {
        assert!(![0, 3].contains(&site.site), "{:?} was read as fact {}", site.leaked, site.site + 1);
    }
}
