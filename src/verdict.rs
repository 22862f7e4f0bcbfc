//! Scores to a verdict; the only place that knows α.

use crate::codebook::CopyNumber;
use crate::score::Wealth;

/// What the tracer concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// One copy reached the threshold.
    Attributed,
    /// Two or more copies reached the threshold.
    Coalition,
    /// The fragment carries the unmarked original's own variants: it came from none of the copies.
    Original,
    /// Ours, but the evidence falls short.
    Inconclusive,
    /// Ours, from a passage without readable sites.
    NoMarks,
    /// No item of this registry.
    NotOurs,
}

impl Verdict {
    /// The name used in JSON and in `docs/FORMAT.md`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Attributed => "attributed",
            Self::Coalition => "coalition",
            Self::Original => "original",
            Self::Inconclusive => "inconclusive",
            Self::NoMarks => "no_marks",
            Self::NotOurs => "not_ours",
        }
    }

    /// Whether the tracer names at least one copy.
    pub fn names_a_copy(self) -> bool {
        matches!(self, Self::Attributed | Self::Coalition)
    }
}

/// The largest acceptable probability of accusing any innocent copy: 0 < α < 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Alpha(f64);

/// α is not a probability strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("alpha is {0}, not a probability between 0 and 1")]
pub struct AlphaError(pub f64);

impl Alpha {
    /// Checks that 1e-300 ≤ `value` < 1.
    pub fn new(value: f64) -> Result<Self, AlphaError> {
        if (1e-300..1.0).contains(&value) { Ok(Self(value)) } else { Err(AlphaError(value)) }
    }

    /// The probability.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// What a copy's wealth must reach so that all accusations together are wrong with probability at most α.
///
/// N/α for N copies: Markov's inequality for each innocent copy (mean wealth 1) and the union bound over all.
pub fn threshold(copies: u64, alpha: Alpha) -> Wealth {
    #[expect(clippy::cast_precision_loss, reason = "copy counts stay far below 2^53")]
    let copies = copies.max(1) as f64;
    Wealth::new(copies / alpha.value(), 0)
}

/// The bound on accusing any of `copies` innocent copies when this wealth is accepted: min(1, N / E).
///
/// Never below 1e-300, so that no report prints 0.
pub fn false_accusation_bound(copies: u64, wealth: Wealth) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "copy counts stay far below 2^53")]
    let copies = copies.max(1) as f64;
    if wealth.mantissa() <= 0.0 {
        return 1.0;
    }
    Wealth::new(copies / wealth.mantissa(), -wealth.exponent()).to_f64().clamp(1e-300, 1.0)
}

/// The scores of one trace.
#[derive(Clone, Copy, Debug)]
pub struct Scores<'s> {
    /// Every copy that was issued, with its wealth.
    pub copies: &'s [(CopyNumber, Wealth)],
    /// How many copies could have been accused, these and those of items that explain the leak as well: N.
    pub accusable: u64,
    /// The wealth the unmarked original would have if it were a copy.
    pub original: Wealth,
    /// How many sites lie in the passages that align, whether they could be read or not.
    pub sites_seen: usize,
    /// Whether any passage of the fragment aligns with the item.
    pub aligned: bool,
}

/// Decides, and lists the copies over the threshold by falling wealth.
///
/// `original` is concluded only where no copy reaches the threshold: the original's symbols are fixed before the
/// codewords are drawn, so the wealth it gets from a leak of any one copy has mean 1 as well, and reaching N/α with
/// a copy's leak has probability at most α over all copies.
pub fn decide(scores: &Scores<'_>, alpha: Alpha) -> (Verdict, Vec<(CopyNumber, Wealth)>) {
    if !scores.aligned {
        return (Verdict::NotOurs, Vec::new());
    }
    if scores.sites_seen == 0 {
        return (Verdict::NoMarks, Vec::new());
    }
    let needed = threshold(scores.accusable.max(scores.copies.len() as u64), alpha);
    let mut named: Vec<_> = scores.copies.iter().copied().filter(|(_, wealth)| *wealth >= needed).collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let verdict = match named.len() {
        0 if scores.original >= needed => Verdict::Original,
        0 => Verdict::Inconclusive,
        1 => Verdict::Attributed,
        _ => Verdict::Coalition,
    };
    (verdict, named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(copies: &[f64], original: f64, alpha: f64) -> (Verdict, Vec<u64>) {
        let copies: Vec<_> = (1..).zip(copies).map(|(n, bits)| (CopyNumber(n), wealth_of(*bits))).collect();
        let scores = Scores {
            copies: &copies,
            accusable: 4,
            original: wealth_of(original),
            sites_seen: 9,
            aligned: true,
        };
        let (verdict, named) = decide(&scores, Alpha::new(alpha).unwrap());
        (verdict, named.into_iter().map(|(copy, _)| copy.0).collect())
    }

    fn wealth_of(bits: f64) -> Wealth {
        Wealth::new(libm::exp2(bits), 0)
    }

    #[test]
    fn names_exactly_the_copies_over_n_over_alpha() {
        // 4 copies at 1/256: 10 bits.
        let alpha = 1.0 / 256.0;
        assert_eq!(decided(&[9.99, 3.0, -2.0, 0.0], 0.0, alpha), (Verdict::Inconclusive, vec![]));
        assert_eq!(decided(&[3.0, 10.0, -2.0, 0.0], 0.0, alpha), (Verdict::Attributed, vec![2]));
        assert_eq!(decided(&[10.5, 3.0, 12.0, 0.0], 0.0, alpha), (Verdict::Coalition, vec![3, 1]));
        assert_eq!(decided(&[9.0, 3.0, 1.0, 0.0], 10.0, alpha), (Verdict::Original, vec![]));
        assert_eq!(decided(&[11.0, 3.0, 1.0, 0.0], 30.0, alpha), (Verdict::Attributed, vec![1]));
    }

    #[test]
    fn without_passages_or_sites_nobody_is_named() {
        let copies = [(CopyNumber(1), wealth_of(99.0))];
        let scores =
            Scores { copies: &copies, accusable: 1, original: Wealth::ONE, sites_seen: 0, aligned: true };
        let alpha = Alpha::new(0.01).unwrap();
        assert_eq!(decide(&scores, alpha).0, Verdict::NoMarks);
        assert_eq!(decide(&Scores { aligned: false, ..scores }, alpha).0, Verdict::NotOurs);
    }

    #[test]
    fn bounds_are_probabilities_and_never_zero() {
        assert!((false_accusation_bound(33, wealth_of(20.0)) - 33.0 / 1_048_576.0).abs() < 1e-15);
        assert!(false_accusation_bound(33, wealth_of(1.0)) >= 1.0);
        assert!(false_accusation_bound(33, Wealth::new(1.0, 9_000)) > 0.0);
        assert!(Alpha::new(0.0).is_err() && Alpha::new(1.0).is_err() && Alpha::new(f64::NAN).is_err());
    }
}
