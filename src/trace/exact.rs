//! Reading an unaltered copy, character by character.

use std::ops::Range;

use crate::channel::Place;

use super::lattice::Lattice;

/// How many readings of one text are followed at the same time.
const READINGS_MAX: usize = 1024;

/// Why a text is not read as one copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExactError {
    /// The text differs from every copy.
    #[error("the text is no copy of the item: it departs from every variant at byte {at}")]
    Departs {
        /// The furthest byte of the text that could be explained.
        at: usize,
    },
    /// Several codewords write this text.
    #[error("the text can be read as several copies: site {site} is not determined")]
    Ambiguous {
        /// Index of the first site that has several readings.
        site: usize,
    },
}

/// A place with the raw forms of its variants.
#[derive(Clone, Debug)]
pub(super) struct ExactPlace {
    site: usize,
    range: Range<usize>,
    forms: Vec<String>,
}

impl ExactPlace {
    pub(super) fn new(site: usize, place: &Place) -> Self {
        Self { site, range: place.range.clone(), forms: place.forms.clone() }
    }
}

/// A reading so far: how much of the text it explains and the choice that led here.
#[derive(Clone, Copy)]
struct Reading {
    at: usize,
    last: Option<usize>,
}

/// One choice: at this place the text agrees with every variant in `symbols` (bit a = variant a).
#[derive(Clone, Copy)]
struct Choice {
    site: usize,
    symbols: u16,
    before: Option<usize>,
}

/// The codeword of an unaltered copy: the variant that stands at each site of its canonical text.
///
/// Exact to the character, typographic and invisible forms included; takes time linear in the text. A site none of
/// whose places could be used has no symbol in any text and counts as ambiguous, unless it has one variant.
pub fn read_exact(lattice: &Lattice, text: &str) -> Result<Vec<u8>, ExactError> {
    let mut symbols: Vec<u16> = (0..lattice.sites()).map(|site| all(lattice.variants(site))).collect();
    let mut choices: Vec<Choice> = Vec::new();
    let mut readings = vec![Reading { at: 0, last: None }];
    let mut literal_from = 0;
    let mut furthest = 0;
    for place in lattice.exact() {
        let literal = &lattice.text()[literal_from..place.range.start];
        advance(&mut readings, text, literal, &mut furthest)?;
        literal_from = place.range.end;
        let mut next: Vec<Reading> = Vec::new();
        for reading in &readings {
            let open = known(&symbols, &choices, reading.last, place.site);
            let mut lengths: Vec<(usize, u16)> = Vec::new();
            for (symbol, form) in place.forms.iter().enumerate() {
                let bit = 1_u16 << symbol.min(15);
                if open & bit != 0 && text[reading.at..].starts_with(form.as_str()) {
                    match lengths.iter_mut().find(|(length, _)| *length == form.len()) {
                        Some((_, mask)) => *mask |= bit,
                        None => lengths.push((form.len(), bit)),
                    }
                }
            }
            for (length, mask) in lengths {
                choices.push(Choice { site: place.site, symbols: mask, before: reading.last });
                next.push(Reading { at: reading.at + length, last: Some(choices.len() - 1) });
            }
        }
        if next.is_empty() {
            return Err(ExactError::Departs { at: furthest });
        }
        if next.len() > READINGS_MAX {
            return Err(ExactError::Ambiguous { site: place.site });
        }
        furthest = next.iter().map(|reading| reading.at).fold(furthest, usize::max);
        readings = next;
        if let [only] = readings.as_mut_slice() {
            settle(&mut symbols, &mut choices, only);
        }
    }
    advance(&mut readings, text, &lattice.text()[literal_from..], &mut furthest)?;
    readings.retain(|reading| reading.at == text.len());
    if readings.is_empty() {
        return Err(ExactError::Departs { at: furthest });
    }
    let several = (readings.len() > 1).then(|| first_difference(&choices, &readings)).flatten();
    if let Some(site) = several {
        return Err(ExactError::Ambiguous { site });
    }
    let mut only = readings[0];
    settle(&mut symbols, &mut choices, &mut only);
    symbols
        .iter()
        .enumerate()
        .map(|(site, &mask)| {
            if mask.is_power_of_two() {
                u8::try_from(mask.trailing_zeros()).map_err(|_| ExactError::Ambiguous { site })
            } else {
                Err(ExactError::Ambiguous { site })
            }
        })
        .collect()
}

fn all(variants: usize) -> u16 {
    u16::MAX >> (16 - variants.clamp(1, 16))
}

/// Keeps the readings that a literal continues.
fn advance(
    readings: &mut Vec<Reading>,
    text: &str,
    literal: &str,
    furthest: &mut usize,
) -> Result<(), ExactError> {
    for reading in &*readings {
        let same = text.as_bytes()[reading.at..].iter().zip(literal.as_bytes()).take_while(|(a, b)| a == b);
        *furthest = (*furthest).max(reading.at + same.count());
    }
    readings.retain_mut(|reading| {
        let fits = text[reading.at..].starts_with(literal);
        reading.at += literal.len();
        fits
    });
    if readings.is_empty() {
        while !text.is_char_boundary(*furthest) {
            *furthest -= 1;
        }
        return Err(ExactError::Departs { at: *furthest });
    }
    Ok(())
}

/// The symbols a site may still have in this reading.
fn known(symbols: &[u16], choices: &[Choice], mut last: Option<usize>, site: usize) -> u16 {
    let mut mask = symbols[site];
    while let Some(choice) = last.map(|at| choices[at]) {
        if choice.site == site {
            mask &= choice.symbols;
        }
        last = choice.before;
    }
    mask
}

/// Writes the only reading's choices into `symbols` and forgets them.
fn settle(symbols: &mut [u16], choices: &mut Vec<Choice>, only: &mut Reading) {
    let mut last = only.last.take();
    while let Some(choice) = last.map(|at| choices[at]) {
        symbols[choice.site] &= choice.symbols;
        last = choice.before;
    }
    choices.clear();
}

/// The first site at which two readings of the whole text choose differently.
fn first_difference(choices: &[Choice], readings: &[Reading]) -> Option<usize> {
    let trail = |reading: &Reading| {
        let mut sites = Vec::new();
        let mut last = reading.last;
        while let Some(choice) = last.map(|at| choices[at]) {
            sites.push((choice.site, choice.symbols));
            last = choice.before;
        }
        sites.reverse();
        sites
    };
    let first = trail(readings.first()?);
    readings[1..]
        .iter()
        .filter_map(|other| first.iter().zip(trail(other)).find(|(a, b)| **a != *b).map(|(a, _)| a.0))
        .min()
}
