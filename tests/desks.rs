//! What is known of desks may sharpen readings and must never favour a copy.
#![allow(clippy::unwrap_used, reason = "a failed step of a test should stop it")]

use dyetrace::channel::{self, Channel, Desks, Site, Tier};
use dyetrace::codebook::{CopyNumber, ItemKey};
use dyetrace::issue::Edition;
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::plan::{Options, Plan};
use dyetrace::rehearse::{House, Random, excerpt};
use dyetrace::score::{self, Evidence};
use dyetrace::tracer::{self, Prepared};
use dyetrace::{trace, verdict};

const TEXT: &str = include_str!("../fixtures/items/prose/news-analysis.txt");

/// So many sites make 2^10 or more codewords, which are all gone through.
const SITES: usize = 10;

fn edition(key: u8) -> Edition {
    let document = Document::read(Format::Text, TEXT.as_bytes()).unwrap();
    let options = Options { accept: Tier::Bold, invisible: false };
    let sites = Plan::propose(&document, Vec::new(), Vec::new(), options).sites();
    Edition::new(document, sites, ItemKey::derive(&[key; 32], "news"))
}

fn copy(edition: &Edition, number: u64) -> String {
    String::from_utf8(edition.write(CopyNumber(number)).unwrap()).unwrap()
}

fn evidence(edition: &Edition, leak: &str, desks: &Desks) -> Vec<Vec<Evidence>> {
    let fragment = Fragment::from_text("leak", leak);
    let seen = trace::observe(edition.lattice(), &fragment).seen;
    let mut evidence = vec![Vec::new(); Channel::ALL.len()];
    for reading in channel::read_all_with(edition.sites(), &seen, desks) {
        let site = &edition.sites()[reading.site];
        let slot = Channel::ALL.iter().position(|&channel| channel == site.channel).unwrap();
        evidence[slot].extend(Evidence::new(reading.site, &reading.likelihood, &site.probabilities()));
    }
    evidence
}

/// The mean wealth over all codewords, each as often as it is drawn.
fn mean_wealth(sites: &[Site], evidence: &[Vec<Evidence>]) -> f64 {
    let read: Vec<usize> = evidence.iter().flatten().map(|one| one.site).collect();
    let mut codeword = vec![0_u8; sites.len()];
    let mut mean = 0.0;
    loop {
        let probability: f64 =
            read.iter().map(|&site| sites[site].probabilities()[usize::from(codeword[site])]).product();
        mean += probability * score::wealth(&codeword, evidence).to_f64();
        // Counts through the codewords like an odometer.
        let Some(turn) =
            read.iter().find(|&&site| usize::from(codeword[site]) + 1 < sites[site].labels.len())
        else {
            return mean;
        };
        for &site in read.iter().take_while(|site| *site != turn) {
            codeword[site] = 0;
        }
        codeword[*turn] += 1;
    }
}

#[test]
fn the_wealth_of_an_uninvolved_copy_averages_one_whatever_a_desk_did() {
    let edition = edition(1);
    let bold = Desks::parse("about\tabout\t1\t0\nupon\ton\t0.5\t0.5\nwhich/that\tthat\t1\t0\n").unwrap();
    let mut checked = 0;
    for house in House::ALL {
        for (number, at) in [(1, 0), (2, 700), (3, 1400)] {
            let mut random = Random::new(number);
            let leak = house.edit(excerpt(&copy(&edition, number), 300, at), &mut random);
            for desks in [Desks::shipped(), &Desks::marks(), &bold] {
                let mut evidence = evidence(&edition, &leak, desks);
                let mut left = SITES;
                for channel in &mut evidence {
                    channel.truncate(left);
                    left -= channel.len();
                }
                let read = evidence.iter().map(Vec::len).sum::<usize>();
                checked += usize::from(read >= 5);
                let mean = mean_wealth(edition.sites(), &evidence);
                assert!((mean - 1.0).abs() < 1e-9, "{} {at}: {mean} over {read} sites", house.name);
            }
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn readings_are_the_same_whoever_holds_which_copy() {
    let (one, other) = (edition(1), edition(2));
    let leak = House::AGENCY.edit(&copy(&one, 5), &mut Random::new(5));
    let numbers = |last: u64| (1..=last).map(CopyNumber).collect();
    let fragment = [Fragment::from_text("leak", leak.as_str())];
    let first = tracer::evidence(&Prepared::new("a", "a", one, numbers(33)), &fragment);
    let second = tracer::evidence(&Prepared::new("a", "a", other, numbers(2)), &fragment);
    assert_eq!(first, second);
    assert!(first.iter().flatten().count() > 40);
}

#[test]
fn the_true_copy_is_named_after_every_desk_and_the_table_has_a_say() {
    let edition = edition(3);
    let needed = verdict::threshold(33, verdict::Alpha::new(1e-3).unwrap());
    for house in House::ALL {
        let leak = house.edit(&copy(&edition, 7), &mut Random::new(11));
        let with = evidence(&edition, &leak, Desks::shipped());
        assert_ne!(with, evidence(&edition, &leak, &Desks::marks()), "{}", house.name);
        let named: Vec<u64> = (1..=33)
            .filter(|&number| {
                score::wealth(&edition.codebook().codeword(CopyNumber(number)), &with) >= needed
            })
            .collect();
        assert_eq!(named, [7], "{}", house.name);
    }
}
