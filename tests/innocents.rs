//! That innocents never profit, end to end: real leaks through the real tracer, and codewords that nobody received.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "vectors/house.rs"]
mod house;

use dyetrace::channel::Tier;
use dyetrace::codebook::CopyNumber;
use dyetrace::item::Document;
use dyetrace::leak::Fragment;
use dyetrace::rehearse::{self, Random, Variety};
use dyetrace::score::{self, Evidence, Wealth};
use dyetrace::tracer::{self, Prepared};
use dyetrace::verdict::{self, Alpha};

const RECIPIENTS: u64 = 33;
const DECOYS: u32 = 20_000;

/// Bounds at which accusations are counted, and the wealth that the registry's 33 copies would need at 1e-3.
const ALPHAS: [f64; 3] = [1e-1, 1e-2, 1e-3];

fn leaks(item: &Prepared) -> Vec<(&'static str, String)> {
    let edition = item.edition();
    let copy = |number| {
        let bytes = edition.write(CopyNumber(number)).unwrap();
        Document::read(edition.document().format(), &bytes).unwrap().text().to_owned()
    };
    let original = edition.document().text().to_owned();
    let (a, b, c) = (copy(4), copy(22), copy(13));
    vec![
        ("clean", a.clone()),
        ("excerpt", rehearse::excerpt(&a, 140, 40).to_owned()),
        ("retyped", rehearse::retype(&a, &mut Random::new(1))),
        ("bare", rehearse::no_punctuation(&rehearse::lower(&b))),
        ("scanned", rehearse::ocr_noise(&b, 0.05, &mut Random::new(2))),
        ("halves", rehearse::halves(&a, &b)),
        ("mixed", rehearse::mix(&[&a, &b, &c], &mut Random::new(3))),
        ("original", original.clone()),
        ("original after a desk", rehearse::desk_in(&original, Variety::British, &mut Random::new(4))),
        ("after a desk", rehearse::desk_in(&c, Variety::American, &mut Random::new(5))),
    ]
}

#[test]
fn decoys_stay_under_the_bound_in_every_leak() {
    let item = house::prepare("brief.md", Tier::Normal, false, RECIPIENTS).unwrap();
    let leaks: Vec<(&str, Vec<Vec<Evidence>>)> = leaks(&item)
        .into_iter()
        .map(|(name, text)| (name, tracer::evidence(&item, &[Fragment::from_text(name, text)])))
        .collect();
    let accused_at = verdict::threshold(RECIPIENTS, Alpha::new(1e-3).unwrap());
    let mut over = vec![[0_u32; ALPHAS.len()]; leaks.len()];
    let mut accused = vec![0_u32; leaks.len()];
    // Wealth above 1,000 is counted as 1,000: truncating keeps a mean of at most 1 and makes its error small.
    let mut sums = vec![(0.0, 0.0); leaks.len()];
    for decoy in 0..DECOYS {
        let codeword = item.edition().codebook().codeword(CopyNumber(1_000_000 + u64::from(decoy)));
        for (at, (_, evidence)) in leaks.iter().enumerate() {
            let wealth = score::wealth(&codeword, evidence);
            for (count, alpha) in over[at].iter_mut().zip(ALPHAS) {
                *count += u32::from(wealth >= Wealth::new(1.0 / alpha, 0));
            }
            accused[at] += u32::from(wealth >= accused_at);
            let kept = wealth.to_f64().min(1_000.0);
            sums[at] = (sums[at].0 + kept, sums[at].1 + kept * kept);
        }
    }
    let decoys = f64::from(DECOYS);
    for (at, (name, evidence)) in leaks.iter().enumerate() {
        assert!(
            evidence.iter().map(Vec::len).sum::<usize>() >= 15,
            "{name}: too little was read to test anything"
        );
        let mean = sums[at].0 / decoys;
        let error = ((sums[at].1 / decoys - mean * mean) / decoys).sqrt();
        assert!(mean <= 1.0 + 5.0 * error, "{name}: innocent wealth averages {mean} ± {error}");
        for (count, alpha) in over[at].iter().zip(ALPHAS) {
            let (most, spread) = (alpha * decoys, (alpha * decoys).sqrt());
            assert!(
                f64::from(*count) <= most + 4.0 * spread,
                "{name}: {count} of {DECOYS} decoys at {alpha}"
            );
        }
        // 20,000 tries at a chance of at most 1e-3/33: 0.6 on average, more than 6 once in a million.
        assert!(accused[at] <= 6, "{name}: {} of {DECOYS} decoys would be accused", accused[at]);
    }
}

/// The test above passes for a tracer that reads nothing; this one does not.
#[test]
fn the_copy_that_leaked_profits_from_the_same_evidence() {
    let item = house::prepare("brief.md", Tier::Normal, false, RECIPIENTS).unwrap();
    let accused_at = verdict::threshold(RECIPIENTS, Alpha::new(1e-3).unwrap());
    let sources = [Some(4), Some(4), Some(4), Some(22), Some(22), Some(4), None, None, None, Some(13)];
    for ((name, text), copy) in leaks(&item).into_iter().zip(sources) {
        let fragments = [Fragment::from_text(name, text)];
        let evidence = tracer::evidence(&item, &fragments);
        let trace = tracer::trace(std::slice::from_ref(&item), &fragments, Alpha::new(1e-3).unwrap());
        let best = &trace.candidates[0];
        let codeword = item.edition().codebook().codeword(best.copy);
        assert_eq!(
            score::wealth(&codeword, &evidence),
            best.wealth,
            "{name}: the tracer bets on other evidence"
        );
        if let Some(copy) = copy {
            let wealth = score::wealth(&item.edition().codebook().codeword(CopyNumber(copy)), &evidence);
            assert!(wealth >= accused_at, "{name}: copy {copy} has {} bits", wealth.bits());
        }
    }
}
