//! Sites and bits per 100 words.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::corpus::{self, TIERS};

#[derive(Clone, Copy, Default)]
struct Sum {
    sites: usize,
    bits: f64,
}

impl Sum {
    fn add(&mut self, bits: f64) {
        self.sites += 1;
        self.bits += bits;
    }
}

pub(crate) fn run(genres: &[PathBuf], short: bool) -> Result<String, String> {
    let texts = corpus::read(genres)?;
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sums: BTreeMap<(usize, &str), Sum> = BTreeMap::new();
    let mut classes: BTreeMap<(usize, String), Sum> = BTreeMap::new();
    for text in &texts {
        for genre in [text.genre.as_str(), "all"] {
            *words.entry(genre).or_default() += text.words;
        }
        for (index, &(tier, _)) in TIERS.iter().enumerate() {
            for site in text.sites(tier) {
                let bits = corpus::bits(&site);
                for genre in [text.genre.as_str(), "all"] {
                    sums.entry((index, genre)).or_default().add(bits);
                }
                if site.tier == tier {
                    classes.entry((index, site.class.to_string())).or_default().add(bits);
                }
            }
        }
    }
    let mut out = format!("wording sites and bits per 100 words, {} texts\n\n", texts.len());
    let _ = writeln!(
        out,
        "{:<14}{:>9}{:>16}{:>18}{:>14}",
        "genre", "words", "strict", "with normal", "with bold"
    );
    for (genre, &count) in &words {
        let _ = write!(out, "{genre:<14}{count:>9}");
        for index in 0..TIERS.len() {
            let sum = sums.get(&(index, *genre)).copied().unwrap_or_default();
            let _ = write!(out, "{:>9.2} {:>6.2}", per(sum.sites, count), sum.bits * 100.0 / real(count));
        }
        out.push('\n');
    }
    if short {
        return Ok(out);
    }
    let all = words.get("all").copied().unwrap_or(1);
    for (index, (_, name)) in TIERS.iter().enumerate() {
        let _ = writeln!(out, "\n{name}");
        for ((_, class), sum) in classes.iter().filter(|((at, _), _)| *at == index) {
            let _ = writeln!(
                out,
                "  {class:<22}{:>6} sites{:>8.3} a hundred words{:>7.2} bits each",
                sum.sites,
                per(sum.sites, all),
                sum.bits / real(sum.sites)
            );
        }
    }
    Ok(out)
}

fn per(sites: usize, words: usize) -> f64 {
    real(sites) * 100.0 / real(words.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn real(count: usize) -> f64 {
    count as f64
}
