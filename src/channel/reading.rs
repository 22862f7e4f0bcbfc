//! Sightings to likelihoods, for every text channel.
//!
//! A reading answers, for one site, how likely what was seen is under each variant. It is built in three steps:
//!
//! 1. *Sighting*: alignment costs become probabilities, mixed with the flat part "the passage was rewritten" and with
//!    a slip floor. Variants that fold to the same characters (quotes, dashes, spaces) are told apart by the
//!    fragment's raw characters.
//! 2. *Site*: sightings multiply, with a floor per place and one per site, so that one slip cannot decide a site and
//!    one site cannot decide a trace.
//! 3. *Flattening*: a desk with a house style, or a paste that strips typography, turns a class's variants into the
//!    canonical one. Whether that happened is a hidden state whose posterior comes from the leak itself; as far as it
//!    did, the canonical reading says nothing about what the copy carried.
//!
//! Everything here depends on the leak, the item's sites and their public probabilities, never on a codeword, so a
//! ratio L(X) / Σ p L keeps mean 1 for every copy that has nothing to do with the leak: a wrong model costs power,
//! never validity. Only + − × ÷ and constants are used, so two machines compute the same digits.

mod desks;

use std::collections::BTreeMap;

pub use desks::Desks;
use desks::Habit;

use super::{Channel, Place, Reading, Seen, Sighting, Site};
use crate::score::Wealth;

/// Costs more than this above the best count as this much: 30 bits, in units of 1/8 bit.
const COST_CAP: u32 = 30 * 8;

/// No place speaks against a variant by more than this factor, however often it was sighted.
const PLACE_FLOOR: f64 = 1.0 / 4096.0;

/// No site speaks against a variant by more than this factor, however many places it has: slips of one kind (an
/// autocorrect list, a habit of the typist) come together.
const SITE_FLOOR: f64 = 1.0 / 16384.0;

/// How much rarer a slip into another variant is than one into the canonical one, where a desk has one: nobody types
/// "upon" or a punctuation space by accident.
const SLIP_INTO_MARKED: f64 = 1.0 / 16.0;

/// Prior probability that an editor with a house style worked on the leak.
const EDITOR_PRIOR: f64 = 0.25;

/// Prior probability that a leak lost its typography or its space code points: any retyping, OCR, NFKC step or
/// plain-text editor does that, so it is as likely as not.
const STRIPPED_PRIOR: f64 = 0.5;

/// Shares of a class's places that a flattening leaves canonical: all by a rule that is applied throughout, half by
/// an editor who applies it here and there or who saw half of the text.
const FLATTENED: [f64; 3] = [0.0, 0.5, 1.0];

/// The likelihoods of what was seen, in the order of `seen`, which may mix channels.
///
/// All that a leak shows should come in one call: the hidden editor is shared by every class that has a
/// [`Desk`](super::Desk). Sightings whose place or number of costs does not fit the site are ignored; a site without
/// a usable sighting reads flat.
pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    read_with(sites, seen, Desks::shipped())
}

/// [`read`] with a table of what desks do.
pub(super) fn read_with(sites: &[Site], seen: &[Seen<'_>], desks: &Desks) -> Vec<Reading> {
    let mut readings: Vec<Reading> = seen
        .iter()
        .map(|one| Reading {
            site: one.site,
            likelihood: sites
                .get(one.site)
                .map_or_else(Vec::new, |site| site_likelihood(site, &one.sightings, desks.of(site))),
        })
        .collect();
    flatten(sites, &mut readings, desks);
    readings
}

/// Step 1 and 2 for one site; the largest entry is 1.
fn site_likelihood(site: &Site, sightings: &[Sighting<'_>], habit: Option<Habit>) -> Vec<f64> {
    let variants = site.labels.len();
    let mut places: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for sighting in sightings {
        let Some(place) = site.places.get(sighting.place) else { continue };
        if sighting.costs.len() != variants || place.forms.len() != variants {
            continue;
        }
        let one = sighting_likelihood(site, place, sighting, habit);
        let product = places.entry(sighting.place).or_insert_with(|| vec![1.0; variants]);
        multiply(product, &one, PLACE_FLOOR);
    }
    let mut total = vec![1.0; variants];
    for place in places.values() {
        multiply(&mut total, place, SITE_FLOOR);
    }
    total
}

/// Step 1 for one sighting; the largest entry is 1.
///
/// L(a) = (1 − slip) l(a) + Σ slip(a → b) l(b) + the rewritten part, where l is what the alignment costs say.
fn sighting_likelihood(
    site: &Site,
    place: &Place,
    sighting: &Sighting<'_>,
    habit: Option<Habit>,
) -> Vec<f64> {
    let best = sighting.costs.iter().copied().fold(sighting.rewritten, u32::min);
    let rewritten = half_power(sighting.rewritten - best);
    let raw = raw_matches(site.channel, place, sighting);
    let mut likelihood: Vec<f64> = sighting
        .costs
        .iter()
        .zip(raw)
        .map(|(&cost, matches)| if matches { half_power(cost - best) } else { 0.0 })
        .collect();
    let slip = slip_rate(site.channel);
    let canonical = habit.map(|habit| habit.canonical);
    let slipped: f64 = likelihood
        .iter()
        .enumerate()
        .map(|(b, l)| if canonical.is_none_or(|to| to == b) { *l } else { SLIP_INTO_MARKED * l })
        .sum();
    let slipped = slip * slipped / count(likelihood.len());
    for value in &mut likelihood {
        *value = (1.0 - slip) * *value + slipped + rewritten;
    }
    normalise(&mut likelihood);
    likelihood
}

/// How often a copyist's slip (autocorrect, a word exchanged or dropped) turns one variant into exactly another.
///
/// Retyping with 0.9 % of words mistyped plus autocorrect kept 100 % of wording sites and 96 % of style sites
/// (`research` measurement of 920 sites); authored variants differ by whole words, space code points by nothing a
/// typist produces.
fn slip_rate(channel: Channel) -> f64 {
    match channel {
        Channel::Authored => 1.0 / 512.0,
        Channel::Style => 1.0 / 64.0,
        Channel::Wording => 1.0 / 128.0,
        Channel::Invisible => 1.0 / 256.0,
    }
}

/// For each variant, whether the fragment's raw characters allow it.
///
/// Only variants of equal cost are compared: they fold to the same characters, so that the alignment cannot tell
/// them apart. Where none or all of them match, the raw text decides nothing.
fn raw_matches(channel: Channel, place: &Place, sighting: &Sighting<'_>) -> Vec<bool> {
    let written = comparable(channel, sighting.raw);
    let equal: Vec<bool> =
        place.forms.iter().map(|form| comparable(channel, form) == written && !written.is_empty()).collect();
    let decided = |cost: u32| sighting.costs.iter().zip(&equal).any(|(&other, &same)| other == cost && same);
    sighting.costs.iter().zip(&equal).map(|(&cost, &same)| same || !decided(cost)).collect()
}

/// Raw characters without what never carries a symbol: case, and for all but the space channel how white space is
/// made. A line end that replaced a space leaves nothing to read in the space channel, and matches no form.
fn comparable(channel: Channel, raw: &str) -> String {
    if channel == Channel::Invisible {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// What flattens a class of sites: one hidden state each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A desk with a house style.
    Editor,
    /// Retyping, OCR or normalising, which all lose quote, dash and ellipsis glyphs.
    Typography,
    /// Anything that writes every white space as a plain space.
    Spaces,
}

impl Cause {
    fn of(site: &Site) -> Self {
        match site.channel {
            Channel::Invisible => Self::Spaces,
            _ if is_typographic(site) => Self::Typography,
            _ => Self::Editor,
        }
    }

    fn prior(self) -> f64 {
        match self {
            Self::Editor => EDITOR_PRIOR,
            Self::Typography | Self::Spaces => STRIPPED_PRIOR,
        }
    }
}

/// Whether a site's variants differ in glyphs alone, so that retyping and OCR lose them.
pub(super) fn is_typographic(site: &Site) -> bool {
    site.places.iter().all(|place| {
        let mut plain = place.forms.iter().map(|form| without_glyphs(form));
        plain.next().is_some_and(|first| plain.all(|other| other == first))
    })
}

/// A form with its quotes, dashes, ellipses and spaces in the plainest glyphs; dashes lose the spaces around them.
fn without_glyphs(form: &str) -> String {
    let mut out = String::with_capacity(form.len());
    for c in form.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '`' => {
                out.push('\'');
            }
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' => out.push('"'),
            '\u{2010}'..='\u{2015}' | '-' => {
                out.truncate(out.trim_end_matches([' ', '-']).len());
                out.push('-');
            }
            '\u{2026}' => out.push_str("..."),
            _ if c.is_whitespace() => {
                if !out.ends_with([' ', '-']) {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
    }
    out
}

/// Sites that one rule of one cause flattens together.
struct Group {
    cause: Cause,
    /// What was at work leaves them all canonical with probability `throughout`, half of them with `partly`.
    habit: Habit,
    /// Indices into the readings, and the canonical variant of each.
    members: Vec<(usize, usize)>,
    /// For each member and each share f of [`FLATTENED`], P(seen | f) / P(seen | f = 0) for a random copy.
    ratios: Vec<[f64; 3]>,
}

impl Group {
    /// P(share | the cause was at work), in the order of [`FLATTENED`].
    fn priors(&self) -> [f64; 3] {
        let Habit { partly, throughout, .. } = self.habit;
        [(1.0 - partly - throughout).max(0.0), partly, throughout]
    }

    /// For each share, the product of the ratios of all members but one, for every member in turn, and of them all.
    fn products(&self) -> (Vec<[Wealth; 3]>, [Wealth; 3]) {
        let step = |product: [Wealth; 3], ratio: &[f64; 3]| {
            std::array::from_fn(|f| product[f] * Wealth::new(ratio[f], 0))
        };
        let mut product = [Wealth::ONE; 3];
        let mut others: Vec<[Wealth; 3]> = Vec::with_capacity(self.ratios.len());
        for ratio in &self.ratios {
            others.push(product);
            product = step(product, ratio);
        }
        let whole = product;
        product = [Wealth::ONE; 3];
        for (other, ratio) in others.iter_mut().zip(&self.ratios).rev() {
            *other = std::array::from_fn(|f| other[f] * product[f]);
            product = step(product, ratio);
        }
        (others, whole)
    }

    /// Σ P(share) × product over the shares.
    fn evidence(&self, products: &[Wealth; 3]) -> Wealth {
        self.priors()
            .into_iter()
            .zip(products)
            .map(|(prior, &product)| Wealth::new(prior, 0) * product)
            .fold(Wealth::new(0.0, 0), |total, part| total + part)
    }
}

/// Step 3: mixes into every reading what it would be had the class been flattened.
///
/// A cause c is at work with its prior; then rule g leaves a share f of its sites canonical with P(f). A site seen
/// under share f has likelihood (1 − f) L(a) + f L(canonical), which is linear in f, so a site needs only the mean of
/// f given what all *other* sites show (its own sighting is in L already).
fn flatten(sites: &[Site], readings: &mut [Reading], desks: &Desks) {
    let groups = groups(sites, readings, desks);
    for cause in [Cause::Editor, Cause::Typography, Cause::Spaces] {
        let of_cause: Vec<&Group> = groups.iter().filter(|group| group.cause == cause).collect();
        let products: Vec<_> = of_cause.iter().map(|group| group.products()).collect();
        let evidence: Vec<Wealth> =
            of_cause.iter().zip(&products).map(|(group, (_, whole))| group.evidence(whole)).collect();
        let idle = Wealth::new(1.0 - cause.prior(), 0);
        for ((group, (others, _)), elsewhere) in of_cause.iter().zip(&products).zip(others_product(&evidence))
        {
            let at_work = Wealth::new(cause.prior(), 0) * elsewhere;
            for (&(member, canonical), other) in group.members.iter().zip(others) {
                let total = idle + at_work * group.evidence(other);
                let share: f64 = group
                    .priors()
                    .into_iter()
                    .zip(FLATTENED)
                    .zip(other)
                    .map(|((prior, share), &product)| {
                        share * ratio(at_work * Wealth::new(prior, 0) * product, total)
                    })
                    .sum();
                mix_canonical(canonical, &mut readings[member], share);
            }
        }
    }
}

/// The readings of sites that a desk is known to edit, by cause, channel, class and how often.
fn groups(sites: &[Site], readings: &[Reading], desks: &Desks) -> Vec<Group> {
    let mut groups: BTreeMap<(Cause, Channel, &str, u64, u64), Group> = BTreeMap::new();
    for (index, reading) in readings.iter().enumerate() {
        let Some(site) = sites.get(reading.site) else { continue };
        let Some(habit) = desks.of(site) else { continue };
        let Some(&canonical) = reading.likelihood.get(habit.canonical) else { continue };
        if site.weights.len() != reading.likelihood.len() {
            continue;
        }
        let mean: f64 = reading.likelihood.iter().zip(site.probabilities()).map(|(l, p)| l * p).sum();
        if mean <= 0.0 {
            continue;
        }
        let cause = Cause::of(site);
        let rates = (habit.partly.to_bits(), habit.throughout.to_bits());
        let group = groups
            .entry((cause, site.channel, site.class.as_ref(), rates.0, rates.1))
            .or_insert_with(|| Group { cause, habit, members: Vec::new(), ratios: Vec::new() });
        group.members.push((index, habit.canonical));
        group.ratios.push(FLATTENED.map(|share| (1.0 - share) + share * canonical / mean));
    }
    groups.into_values().collect()
}

/// For every entry the product of all the others.
fn others_product(evidence: &[Wealth]) -> Vec<Wealth> {
    let mut others = Vec::with_capacity(evidence.len());
    let mut product = Wealth::ONE;
    for &one in evidence {
        others.push(product);
        product = product * one;
    }
    product = Wealth::ONE;
    for (other, &one) in others.iter_mut().zip(evidence).rev() {
        *other = *other * product;
        product = product * one;
    }
    others
}

fn mix_canonical(canonical: usize, reading: &mut Reading, share: f64) {
    let Some(&canonical) = reading.likelihood.get(canonical) else { return };
    for value in &mut reading.likelihood {
        *value = (1.0 - share) * *value + share * canonical;
    }
    normalise(&mut reading.likelihood);
}

/// `part` / `whole` as a number in 0..=1, for 0 ≤ part ≤ whole and whole > 0.
fn ratio(part: Wealth, whole: Wealth) -> f64 {
    if whole.mantissa() <= 0.0 {
        return 0.0;
    }
    let quotient = Wealth::new(part.mantissa() / whole.mantissa(), part.exponent() - whole.exponent());
    quotient.to_f64().clamp(0.0, 1.0)
}

/// Multiplies `product` by `factor`, keeps every entry at least `floor` of the largest, and normalises.
fn multiply(product: &mut [f64], factor: &[f64], floor: f64) {
    for (value, by) in product.iter_mut().zip(factor) {
        *value *= by;
    }
    normalise(product);
    for value in product.iter_mut() {
        *value = floor + (1.0 - floor) * *value;
    }
    normalise(product);
}

/// Divides by the largest entry; leaves all ones where that is not a positive number.
fn normalise(values: &mut [f64]) {
    let largest = values.iter().copied().fold(0.0, f64::max);
    for value in values.iter_mut() {
        *value = if largest > 0.0 && largest.is_finite() { *value / largest } else { 1.0 };
    }
}

fn count(values: usize) -> f64 {
    u32::try_from(values).map_or(f64::MAX, f64::from)
}

/// 2^(−eighths / 8), at most [`COST_CAP`] down: a constant for the fraction, an exact power of two for the rest.
fn half_power(eighths: u32) -> f64 {
    const FRACTIONS: [f64; 8] = [
        1.0,
        0.917_004_043_204_671_2,
        0.840_896_415_253_714_5,
        0.771_105_412_703_970_4,
        std::f64::consts::FRAC_1_SQRT_2,
        0.648_419_777_325_504_8,
        0.594_603_557_501_360_5,
        0.545_253_866_332_628_8,
    ];
    let capped = eighths.min(COST_CAP);
    FRACTIONS[usize::try_from(capped % 8).unwrap_or(0)] / f64::from(1_u32 << (capped / 8))
}

#[cfg(test)]
mod tests;
