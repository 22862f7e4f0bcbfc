//! Readings to wealth per copy; knows numbers only, no formats and no names.
//!
//! For a copy that has nothing to do with the leak its symbols are independent of everything that was read, so each
//! ratio e = L(X) / Σ p(a) L(a) has mean exactly 1, whatever the leaker did, and so has every bet on it. A copy's
//! *wealth* is a mixture of such bets: by Markov's inequality an innocent copy reaches wealth w with probability at
//! most 1/w. See `docs/MATH.md`.
//!
//! Everything here is + − × ÷ on `f64` (exactly rounded by IEEE 754 on every machine) in document order, so two
//! machines compute the same digits.

mod wealth;

pub use wealth::Wealth;

/// The fractions of its wealth that a copy bets on each site.
///
/// 1/c suits a coalition of c copies that mix at random, values near 1 a single copy read with little noise, and 0
/// abstains. The grid and its prior were simulated for the project's design; `benches/limits.rs` measures them.
pub const BETS: [f64; 8] = [0.0, 0.2, 1.0 / 3.0, 0.5, 0.7, 0.85, 0.95, 0.99];

/// The largest of [`BETS`].
pub const BOLDEST: f64 = 0.99;

/// The prior of [`BETS`]; adds up to 1.
pub const BET_PRIOR: [f64; 8] = [0.04, 0.08, 0.10, 0.14, 0.10, 0.14, 0.20, 0.20];

/// How often, per site, the switching bet moves to a fraction drawn afresh from the prior
/// (fixed share: M. Herbster, M. K. Warmuth, "Tracking the best expert", Machine Learning 32 (1998)).
pub const SWITCH_RATE: f64 = 0.02;

/// One site that was read: its index in the codeword, and for every symbol the ratio e.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Index into the codeword.
    pub site: usize,
    /// For each symbol a, L(a) / Σ p(b) L(b); its mean under the site's probabilities is 1.
    pub ratios: Vec<f64>,
}

impl Evidence {
    /// The ratios of a reading.
    ///
    /// `likelihood` holds finite numbers, at least one of them positive; `probabilities` are positive and add up to
    /// 1; both have one entry per symbol. Returns none when the reading says nothing (all likelihoods equal).
    pub fn new(site: usize, likelihood: &[f64], probabilities: &[f64]) -> Option<Self> {
        debug_assert_eq!(likelihood.len(), probabilities.len());
        let first = *likelihood.first()?;
        if likelihood.iter().all(|&value| value.to_bits() == first.to_bits()) {
            return None;
        }
        let mean: f64 = likelihood.iter().zip(probabilities).map(|(l, p)| l * p).sum();
        Some(Self { site, ratios: likelihood.iter().map(|l| l / mean).collect() })
    }
}

/// The wealth of the copy with this codeword, betting on each channel by itself.
///
/// `channels` holds, for every channel, its evidence in document order; a site must appear at most once in all.
/// E = Π over channels [½ Σ π(λ) W(λ) + ½ switching wealth].
pub fn wealth(codeword: &[u8], channels: &[Vec<Evidence>]) -> Wealth {
    channels.iter().fold(Wealth::ONE, |product, evidence| product * channel_wealth(codeword, evidence))
}

/// The wealth from betting [`BOLDEST`] on every site, with no room for mistakes: a reading firmly against the codeword
/// costs as much as five for it bring, so about one in six undoes all the others.
///
/// Its mean is 1 like that of [`wealth`]. For what must hold throughout, not only on balance: a copy whose sites were
/// in part turned back to the original's variants resembles the original on balance.
pub fn bold_wealth(codeword: &[u8], channels: &[Vec<Evidence>]) -> Wealth {
    let ratio = |site: &Evidence| site.ratios[usize::from(codeword[site.site])];
    channels
        .iter()
        .flatten()
        .map(|site| Wealth::new(1.0 + BOLDEST * (ratio(site) - 1.0), 0))
        .fold(Wealth::ONE, |product, factor| product * factor)
}

/// The wealth from one channel.
pub fn channel_wealth(codeword: &[u8], evidence: &[Evidence]) -> Wealth {
    let mut constant = BET_PRIOR;
    let mut switching = BET_PRIOR;
    let mut exponents = (0_i64, 0_i64);
    for site in evidence {
        let gain = site.ratios[usize::from(codeword[site.site])] - 1.0;
        let mut shared = 0.0;
        for ((fixed, moving), bet) in constant.iter_mut().zip(&mut switching).zip(BETS) {
            let factor = 1.0 + bet * gain;
            *fixed *= factor;
            *moving *= factor;
            shared += *moving;
        }
        for (moving, prior) in switching.iter_mut().zip(BET_PRIOR) {
            *moving = (1.0 - SWITCH_RATE) * *moving + SWITCH_RATE * prior * shared;
        }
        exponents.0 += rescale(&mut constant);
        exponents.1 += rescale(&mut switching);
    }
    let total = |parts: [f64; 8], exponent| Wealth::new(parts.iter().sum(), exponent);
    Wealth::HALF * total(constant, exponents.0) + Wealth::HALF * total(switching, exponents.1)
}

/// Multiplies all parts by a power of two (exact) so that the largest lies in [1, 2); returns the power taken out.
fn rescale(parts: &mut [f64; 8]) -> i64 {
    let largest = parts.iter().copied().fold(0.0, f64::max);
    let power = wealth::exponent(largest);
    if power != 0 {
        let scale = wealth::power_of_two(-power);
        for part in parts {
            *part *= scale;
        }
    }
    power
}

#[cfg(test)]
mod tests;
