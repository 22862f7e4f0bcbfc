//! Pairs of sentences for readers, and the key that stays behind.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use dyetrace::channel::{Site, Tier};
use dyetrace::language::{Analysis, TokenKind};
use dyetrace::rehearse::Random;

use crate::corpus::{self, TIERS, Text};

/// What is drawn, and where it goes.
#[derive(clap::Args, Debug)]
pub(crate) struct Draw {
    /// Folders of .txt and .md files, one a genre; every genre gives about as many pairs.
    genres: Vec<PathBuf>,
    /// How many strict sites.
    #[arg(long, default_value_t = 0)]
    strict: usize,
    /// How many normal sites.
    #[arg(long, default_value_t = 0)]
    normal: usize,
    /// How many bold sites.
    #[arg(long, default_value_t = 0)]
    bold: usize,
    /// Where all chance starts.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// For the readers: number, the sentence, the changed sentence.
    #[arg(long)]
    pairs: PathBuf,
    /// For `score`: number, genre, tier, class, file, what stood there, what was written, bits.
    #[arg(long)]
    key: PathBuf,
}

pub(crate) fn run(draw: &Draw) -> Result<String, String> {
    let texts = corpus::read(&draw.genres)?;
    let mut random = Random::new(draw.seed);
    let mut lines: Vec<(String, String)> = Vec::new();
    for ((tier, name), count) in TIERS.into_iter().zip([draw.strict, draw.normal, draw.bold]) {
        if count > 0 {
            let drawn = tier_lines(&texts, tier, name, count, &mut random);
            lines.extend(drawn);
        }
    }
    shuffle(&mut lines, &mut random);
    let (mut pairs, mut key) = (String::new(), String::new());
    for (index, (pair, about)) in lines.iter().enumerate() {
        let _ = writeln!(pairs, "{}\t{pair}", index + 1);
        let _ = writeln!(key, "{}\t{about}", index + 1);
    }
    for (path, text) in [(&draw.pairs, &pairs), (&draw.key, &key)] {
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(format!("{} pairs\n", lines.len()))
}

/// Pairs of one tier with the key's columns, the genres in turn as long as they last.
fn tier_lines(
    texts: &[Text],
    tier: Tier,
    name: &str,
    count: usize,
    random: &mut Random,
) -> Vec<(String, String)> {
    let mut pools: BTreeMap<&str, Vec<(&Text, Site)>> = BTreeMap::new();
    for text in texts {
        let sites = text.sites(tier).into_iter().filter(|site| site.tier == tier);
        pools.entry(&text.genre).or_default().extend(sites.map(|site| (text, site)));
    }
    let mut lines = Vec::new();
    while lines.len() < count && pools.values().any(|pool| !pool.is_empty()) {
        for (genre, pool) in &mut pools {
            if pool.is_empty() || lines.len() >= count {
                continue;
            }
            let (text, site) = pool.swap_remove(random.below(pool.len()));
            let symbol = other(&site, random);
            let (before, after) = sentences(text, &site, symbol);
            let place = &site.places[0];
            let (own, new) = (&place.forms[usize::from(site.original)], &place.forms[symbol]);
            let about = format!(
                "{genre}\t{name}\t{}\t{}\t{}\t{}\t{:.3}",
                site.class,
                text.name,
                flat(own),
                flat(new),
                corpus::bits(&site)
            );
            lines.push((format!("{before}\t{after}"), about));
        }
    }
    lines
}

/// Another variant than the item's own, drawn as the copies draw it.
fn other(site: &Site, random: &mut Random) -> usize {
    let original = usize::from(site.original);
    let rest: u32 = (0..site.weights.len()).filter(|&i| i != original).map(|i| site.weights[i]).sum();
    let mut left = random.below(rest as usize);
    for (index, &weight) in site.weights.iter().enumerate() {
        if index == original {
            continue;
        }
        if left < weight as usize {
            return index;
        }
        left -= weight as usize;
    }
    usize::from(original == 0)
}

/// The sentences that hold the site's places, as they are and with a variant in them.
fn sentences(text: &Text, site: &Site, symbol: usize) -> (String, String) {
    let analysis = Analysis::new(&text.document);
    let all = text.document.text();
    let places = &site.places;
    let (first, last) = (places[0].range.start, places[places.len() - 1].range.end);
    let (mut start, mut end) = (first, last);
    for sentence in &analysis.sentences {
        let tokens = &analysis.tokens[sentence.clone()];
        let (Some(head), Some(tail)) = (tokens.first(), tokens.last()) else { continue };
        let range = head.range.start..tail.range.end;
        let marks = tokens.iter().all(|token| token.kind == TokenKind::Mark);
        if !marks && range.start < last && first < range.end {
            start = start.min(range.start);
            end = end.max(range.end);
        }
    }
    let mut after = String::new();
    let mut from = start;
    for place in places {
        after.push_str(&all[from..place.range.start]);
        after.push_str(&place.forms[symbol]);
        from = place.range.end;
    }
    after.push_str(&all[from..end]);
    (flat(&all[start..end]), flat(&after))
}

fn flat(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for at in (1..items.len()).rev() {
        items.swap(at, random.below(at + 1));
    }
}
