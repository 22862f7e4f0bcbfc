//! Articles retold in other words: what is read of their facts, whom it names, and what is not taken for a retelling.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
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

/// Facts read right and wrong, over many copies.
fn tally(item: &Prepared, template: &str, copies: u64) -> (usize, usize, usize) {
    let (mut right, mut wrong, mut named) = (0, 0, 0);
    for copy in 1..=copies {
        let codeword = item.edition().codebook().codeword(CopyNumber(copy));
        let found = trace(std::slice::from_ref(item), &retold(template, &codeword));
        for site in &found.sites {
            if site.seen == codeword[site.site] {
                right += 1;
            } else {
                wrong += 1;
                eprintln!(
                    "copy {copy} fact {}: {:?} as {}",
                    site.site + 1,
                    site.leaked,
                    site.variants[usize::from(site.seen)]
                );
            }
        }
        named += usize::from(found.culprits.iter().any(|one| one.copy.0 == copy));
        assert!(found.culprits.iter().all(|one| one.copy.0 == copy), "copy {copy}: another was named");
        for (number, _) in
            template.match_indices("{{").map(|(at, _)| template[at + 2..].split_once(':').unwrap())
        {
            let number: usize = number.parse().unwrap();
            if !found.sites.iter().any(|site| site.site + 1 == number) {
                eprintln!("copy {copy} fact {number} symbol {} not read", codeword[number - 1]);
            }
        }
    }
    (right, wrong, named)
}

#[test]
fn a_retelling_with_many_facts_names_its_copy() {
    let item = article("cable");
    let (right, wrong, named) = tally(&item, &read("facts/cable.1.txt"), COPIES);
    eprintln!("{right} right, {wrong} wrong, {named} named of {COPIES}");
    // Eleven facts are kept, 363 in all; what is missed and why: docs/record/facts.md.
    assert!(right >= 325 && wrong * 50 <= right && named >= 22, "{right} {wrong} {named}");
}

#[test]
fn a_retelling_with_five_facts_is_ours_and_names_nobody() {
    let item = article("cable");
    let template = read("facts/cable.2.txt");
    let (right, wrong, named) = tally(&item, &template, COPIES);
    eprintln!("{right} right, {wrong} wrong, {named} named of {COPIES}");
    // Of 165; not all of them yet: docs/record/facts.md.
    assert!(right >= 140 && wrong * 50 <= right && named == 0, "{right} {wrong} {named}");
    let codeword = item.edition().codebook().codeword(CopyNumber(4));
    let found = trace(std::slice::from_ref(&item), &retold(&template, &codeword));
    assert_eq!((found.verdict, found.sites.len()), (Verdict::Inconclusive, 5));
    assert!(found.candidates.len() == 10 && found.sites.iter().all(|site| site.seen_as == SeenAs::Fact));
}

#[test]
fn the_original_retold_accuses_nobody() {
    let item = article("cable");
    for template in ["facts/cable.1.txt", "facts/cable.2.txt"] {
        let found = trace(std::slice::from_ref(&item), &retold(&read(template), &item.edition().original()));
        assert!(found.culprits.is_empty(), "{template}: {:?}", found.verdict);
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
    let items = [article("cable")];
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
        assert_eq!(found.sites.len(), 0, "{}", &text[..60]);
        // The text on the same matter shares whole phrases, so that a passage aligns; no fact is read from it.
        let quoted = at == 2 && found.verdict == Verdict::NoMarks;
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
