//! What desks with a house style do to the evidence, and what a table of their habits is worth.
//!
//! A table is fitted to copies of one folder's texts as two houses print them and measured on another folder's texts as
//! the third prints them: neither the house nor the text was seen. The three take turns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dyetrace::channel::{self, Channel, Desks, Seen, Site};
use dyetrace::codebook::CopyNumber;
use dyetrace::issue::Edition;
use dyetrace::leak::Fragment;
use dyetrace::rehearse::{House, Random, excerpt, retype};
use dyetrace::score::{self, Evidence, Wealth};
use dyetrace::trace;
use dyetrace::verdict::{self, Alpha};

use crate::subject::Subject;
use crate::table::{real, wilson};

/// Cost that the best variant must lie below the second best and below other words: two bits, in 1/8 bit.
const CLEAR: u32 = 16;

/// What a class's habit is pulled towards the habit of all classes by: as much as so many desks that were seen.
const CLASS_WEIGHT: f64 = 1.0;

/// A form has to have been written over others so often before a line is worth having.
const EDITS_MIN: f64 = 4.0;

/// The shares of places that an editor changes, as the reader knows them.
const SHARES: [f64; 3] = [0.02, 0.5, 0.95];

/// How often a form of a class was read where a copy carried another one, by class and form written.
type Habits = BTreeMap<(String, String), Vec<Tally>>;

/// One house's treatment of one form of a class.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    /// Places where a copy carried another variant of a site that has this form.
    others: f64,
    /// Of these, where the house printed this form.
    into: f64,
    /// Places where a copy carried this form.
    own: f64,
    /// Of these, where the house printed another variant.
    away: f64,
}

/// The table that fits what these houses do to copies of these texts.
pub(crate) fn fit(subjects: &[Subject], houses: &[House], copies: u64, seed: u64) -> String {
    let mut habits: Habits = BTreeMap::new();
    for (number, house) in houses.iter().enumerate() {
        for subject in subjects {
            let mut random = Random::new(seed ^ ((number as u64 + 1) << 32));
            let edition = subject.edition();
            for copy in 1..=copies.min(subject.issued() as u64) {
                let leak = house.edit(subject.copy(copy), &mut random);
                let fragment = Fragment::from_text("leak", leak.as_str());
                let observed = trace::observe(edition.lattice(), &fragment);
                let codeword = edition.codebook().codeword(CopyNumber(copy));
                for one in &observed.seen {
                    let site = &edition.sites()[one.site];
                    if site.channel == Channel::Authored || site.is_typographic() {
                        continue;
                    }
                    let Some(seen) = clear(site, one) else { continue };
                    note(&mut habits, houses.len(), number, site, usize::from(codeword[one.site]), seen);
                }
            }
        }
    }
    lines(&habits)
}

/// The variant that was clearly seen, if one was.
fn clear(site: &Site, seen: &Seen<'_>) -> Option<usize> {
    let mut costs = vec![0_u32; site.labels.len()];
    let mut rewritten = 0_u32;
    for sighting in &seen.sightings {
        for (total, cost) in costs.iter_mut().zip(&sighting.costs) {
            *total = total.saturating_add(*cost);
        }
        rewritten = rewritten.saturating_add(sighting.rewritten);
    }
    let best = (0..costs.len()).min_by_key(|&variant| costs[variant])?;
    let second = (0..costs.len()).filter(|&other| other != best).map(|other| costs[other]).min()?;
    (costs[best] + CLEAR <= second.min(rewritten)).then_some(best)
}

fn note(habits: &mut Habits, houses: usize, house: usize, site: &Site, carried: usize, seen: usize) {
    for (variant, label) in site.labels.iter().enumerate() {
        let key = (site.class.clone().into_owned(), label.clone());
        let tally = &mut habits.entry(key).or_insert_with(|| vec![Tally::default(); houses])[house];
        if variant == carried {
            tally.own += 1.0;
            tally.away += f64::from(u8::from(seen != carried));
        } else {
            tally.others += 1.0;
            tally.into += f64::from(u8::from(seen == variant));
        }
    }
}

/// The lines of the table: for each form that is written over others more than it is written over itself, how likely
/// an editor does so throughout and in part.
///
/// Each house's share of edited places is one draw from a mixture over [`SHARES`]; its weights are fitted for all
/// forms together (expectation and maximisation), then for each class with that as its prior, then for each form with
/// its class's.
fn lines(habits: &Habits) -> String {
    let written = |tallies: &[Tally]| tallies.iter().map(|tally| tally.into).sum::<f64>();
    let left = |tallies: &[Tally]| tallies.iter().map(|tally| tally.away).sum::<f64>();
    let chosen: Vec<(&(String, String), &Vec<Tally>)> = habits
        .iter()
        .filter(|(_, tallies)| written(tallies) >= EDITS_MIN && written(tallies) > 2.0 * left(tallies))
        .collect();
    let mut general = [1.0 / 3.0; 3];
    for _ in 0..200 {
        let mut sums = [0.0; 3];
        for tally in chosen.iter().flat_map(|(_, tallies)| tallies.iter()).filter(|tally| tally.others > 0.0)
        {
            let weights = responsibilities(*tally, general);
            sums = std::array::from_fn(|share| sums[share] + weights[share]);
        }
        let total: f64 = sums.iter().sum();
        if total > 0.0 {
            general = sums.map(|sum| sum / total);
        }
    }
    let mut out = String::new();
    for ((class, form), tallies) in &chosen {
        let of_class: Vec<Tally> = chosen
            .iter()
            .filter(|((other, _), _)| other == class)
            .flat_map(|(_, tallies)| tallies.iter().copied())
            .collect();
        let prior = posterior(&of_class, general);
        let rates = posterior(tallies, prior);
        let others: f64 = tallies.iter().map(|tally| tally.others).sum();
        let _ = writeln!(
            out,
            "{class}\t{form}\t{:.2}\t{:.2}\t{}\t{}",
            rates[2],
            rates[1],
            others,
            written(tallies)
        );
    }
    out
}

/// The mixture's weights given what some houses did, with `prior` counted as [`CLASS_WEIGHT`] houses.
fn posterior(tallies: &[Tally], prior: [f64; 3]) -> [f64; 3] {
    let mut sums = prior.map(|weight| weight * CLASS_WEIGHT);
    for tally in tallies.iter().filter(|tally| tally.others > 0.0) {
        let weights = responsibilities(*tally, prior);
        sums = std::array::from_fn(|share| sums[share] + weights[share]);
    }
    let total: f64 = sums.iter().sum();
    sums.map(|sum| sum / total)
}

/// P(share | what a house did), for a share drawn with the given weights.
fn responsibilities(tally: Tally, weights: [f64; 3]) -> [f64; 3] {
    // Places of one text are edited alike: twenty say no more than twenty would that were drawn apart.
    let scale = (20.0 / tally.others.max(1.0)).min(1.0);
    let logs: [f64; 3] = std::array::from_fn(|share| {
        let rate = SHARES[share];
        libm::log(weights[share].max(1e-12))
            + scale * (tally.into * libm::log(rate) + (tally.others - tally.into) * libm::log(1.0 - rate))
    });
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts = logs.map(|log| libm::exp(log - most));
    let total: f64 = parts.iter().sum();
    parts.map(|part| part / total)
}

/// A way to read.
struct Reader<'r> {
    name: &'static str,
    desks: &'r Desks,
    /// Whether the marks of rules are taken off.
    unmarked: bool,
}

/// Leaks of one kind, as one reader reads them.
#[derive(Default)]
struct Cell {
    /// Per leak: sites read, and the sum of log₂ e of the true copy.
    leaks: Vec<(f64, f64)>,
    /// Per leak: log₂ of the true copy's wealth.
    wealth: Vec<f64>,
    right: u64,
    wrong: u64,
    /// Sum and count of e over sites and uninvolved copies.
    innocent: (f64, f64),
}

/// The tables of evidence per site and of names, before and after fitting.
pub(crate) fn report(
    subjects: &[Subject],
    fitting: &[Subject],
    options: (u32, u64, Alpha),
    copies: u64,
) -> Result<String, Box<dyn std::error::Error>> {
    let (trials, seed, alpha) = options;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{:<26}{:>6}  {:<9}{:>6}{:>7}  {:<15}{:>7}{:>7}{:>7}{:>6}{:>6}{:>8}",
        "leak",
        "words",
        "reader",
        "leaks",
        "sites",
        "bits per site",
        "change",
        "95 %",
        "bits",
        "right",
        "wrong",
        "others"
    );
    let marks = Desks::marks();
    let mut sums: BTreeMap<(String, &'static str), Cell> = BTreeMap::new();
    for (index, house) in House::ALL.iter().enumerate() {
        let others: Vec<House> = House::ALL.iter().copied().filter(|other| other != house).collect();
        let table = fit(fitting, &others, copies, seed.wrapping_add(1000));
        let fitted = Desks::parse(&table)?;
        let _ = writeln!(out, "{}: {} lines fitted to the other two", house.name, table.lines().count());
        let readers = [
            Reader { name: "no desk", desks: &marks, unmarked: true },
            Reader { name: "marks", desks: &marks, unmarked: false },
            Reader { name: "fitted", desks: &fitted, unmarked: false },
        ];
        for (edited, words) in [(true, None), (true, Some(400)), (false, None), (false, Some(400))] {
            let mut cells: Vec<Cell> = readers.iter().map(|_| Cell::default()).collect();
            let mut random = Random::new(seed.wrapping_add(7 * index as u64));
            for subject in subjects {
                for _ in 0..trials {
                    let copy = random.below(subject.issued()) as u64 + 1;
                    let text = match words {
                        Some(words) => {
                            let at = random.below(subject.words.saturating_sub(words) + 1);
                            excerpt(subject.copy(copy), words, at)
                        }
                        None => subject.copy(copy),
                    };
                    let leak = if edited { house.edit(text, &mut random) } else { retype(text, &mut random) };
                    read(subject, &leak, copy, &readers, alpha, &mut cells);
                }
            }
            let kind = if edited { house.name } else { "retyped" };
            let size = words.map_or("all".to_owned(), |words| words.to_string());
            for (reader, cell) in readers.iter().zip(&cells) {
                row(&mut out, kind, &size, reader.name, cell, &cells[1]);
            }
            for (reader, cell) in readers.iter().zip(cells) {
                let all = if edited { "any desk" } else { "any retyped" };
                let sum = sums.entry((format!("{all}\t{size}"), reader.name)).or_default();
                sum.leaks.extend(cell.leaks);
                sum.wealth.extend(cell.wealth);
                sum.right += cell.right;
                sum.wrong += cell.wrong;
                sum.innocent = (sum.innocent.0 + cell.innocent.0, sum.innocent.1 + cell.innocent.1);
            }
        }
    }
    for ((key, reader), cell) in &sums {
        let (kind, size) = key.split_once('\t').unwrap_or((key, ""));
        row(&mut out, kind, size, reader, cell, &sums[&(key.clone(), "marks")]);
    }
    let _ = writeln!(
        out,
        "\nbits per site: log2 of the true copy's e, mean over leaks of the mean over read sites, with a 95 % interval;\n\
         change: the same less the reader with the rules' marks, paired by leak; bits: mean log2 of the true copy's\n\
         wealth; others: mean e of all uninvolved copies. A copy is named when its wealth reaches N/alpha."
    );
    Ok(out)
}

/// Reads one leak in every way.
fn read(subject: &Subject, leak: &str, copy: u64, readers: &[Reader<'_>], alpha: Alpha, cells: &mut [Cell]) {
    let edition = subject.edition();
    let fragment = Fragment::from_text("leak", leak);
    let observed = trace::observe(edition.lattice(), &fragment);
    let bare: Vec<Site> = edition.sites().iter().map(|site| Site { desk: None, ..site.clone() }).collect();
    let needed = verdict::threshold(subject.issued() as u64, alpha);
    for (reader, cell) in readers.iter().zip(cells) {
        let sites = if reader.unmarked { bare.as_slice() } else { edition.sites() };
        let readings = channel::read_all_with(sites, &observed.seen, reader.desks);
        let mut evidence: Vec<Vec<Evidence>> = vec![Vec::new(); Channel::ALL.len()];
        for reading in &readings {
            let site = &edition.sites()[reading.site];
            let slot = Channel::ALL.iter().position(|&channel| channel == site.channel).unwrap_or(0);
            evidence[slot].extend(Evidence::new(reading.site, &reading.likelihood, &site.probabilities()));
        }
        tally(edition, &evidence, copy, subject.issued() as u64, needed, cell);
    }
}

fn tally(
    edition: &Edition,
    evidence: &[Vec<Evidence>],
    copy: u64,
    issued: u64,
    needed: Wealth,
    cell: &mut Cell,
) {
    let mut named = Vec::new();
    for number in 1..=issued {
        let codeword = edition.codebook().codeword(CopyNumber(number));
        let wealth = score::wealth(&codeword, evidence);
        if wealth >= needed {
            named.push(number);
        }
        let ratios = evidence.iter().flatten().map(|one| one.ratios[usize::from(codeword[one.site])]);
        if number == copy {
            let bits: Vec<f64> = ratios.map(libm::log2).collect();
            cell.leaks.push((real(bits.len() as u64), bits.iter().sum()));
            cell.wealth.push(wealth.bits());
        } else {
            for ratio in ratios {
                cell.innocent.0 += ratio;
                cell.innocent.1 += 1.0;
            }
        }
    }
    cell.wrong += u64::from(named.iter().any(|&number| number != copy));
    cell.right += u64::from(named == [copy]);
}

fn row(out: &mut String, kind: &str, size: &str, reader: &str, cell: &Cell, base: &Cell) {
    let mean_of = |leaks: &[(f64, f64)]| -> Vec<f64> {
        leaks.iter().map(|(sites, bits)| if *sites > 0.0 { bits / sites } else { 0.0 }).collect()
    };
    let own = mean_of(&cell.leaks);
    let change: Vec<f64> = own.iter().zip(mean_of(&base.leaks)).map(|(own, base)| own - base).collect();
    let (mean, spread) = interval(&own);
    let (gain, gain_spread) = interval(&change);
    let sites = cell.leaks.iter().map(|(sites, _)| sites).sum::<f64>() / real(cell.leaks.len().max(1) as u64);
    let (low, high) = wilson(cell.right, cell.leaks.len() as u64);
    let _ = writeln!(
        out,
        "{kind:<26}{size:>6}  {reader:<9}{:>6}{sites:>7.1}  {:<15}{gain:>+7.3}{gain_spread:>7.3}{:>7.1}{:>6}{:>6}{:>8.3}  \
         {low:.3} .. {high:.3}",
        cell.leaks.len(),
        format!("{mean:.3} +- {spread:.3}"),
        interval(&cell.wealth).0,
        cell.right,
        cell.wrong,
        cell.innocent.0 / cell.innocent.1.max(1.0),
    );
}

/// The mean of independent numbers, and half the width of its 95 % interval.
fn interval(values: &[f64]) -> (f64, f64) {
    let count = real(values.len().max(2) as u64);
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0);
    (mean, 1.96 * (variance / count).sqrt())
}
