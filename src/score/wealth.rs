//! Numbers from 10^-1,000,000 to 10^1,000,000 whose digits are the same on every machine.

use std::cmp::Ordering;
use std::ops::{Add, Mul};

/// A non-negative number as mantissa × 2^exponent.
///
/// The mantissa is 0 (then the exponent is 0) or lies in [1, 2). Only exactly rounded operations are used.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wealth {
    mantissa: f64,
    exponent: i64,
}

impl Wealth {
    /// What every copy starts with.
    pub const ONE: Self = Self { mantissa: 1.0, exponent: 0 };
    pub(super) const HALF: Self = Self { mantissa: 1.0, exponent: -1 };
    const ZERO: Self = Self { mantissa: 0.0, exponent: 0 };

    /// `value` × 2^`exponent`; `value` is finite and not negative.
    pub fn new(value: f64, exponent: i64) -> Self {
        debug_assert!(value.is_finite() && value >= 0.0, "{value}");
        if value <= 0.0 {
            return Self::ZERO;
        }
        let power = self::exponent(value);
        Self { mantissa: value * power_of_two(-power), exponent: exponent + power }
    }

    /// The mantissa: 0 or in [1, 2).
    pub fn mantissa(self) -> f64 {
        self.mantissa
    }

    /// The power of two.
    pub fn exponent(self) -> i64 {
        self.exponent
    }

    /// The number itself; infinite or 0 where it is out of `f64`'s range.
    pub fn to_f64(self) -> f64 {
        match self.exponent {
            -1022..=1023 => self.mantissa * power_of_two(self.exponent),
            ..-1022 => 0.0,
            _ if self.mantissa > 0.0 => f64::INFINITY,
            _ => 0.0,
        }
    }

    /// Compares two numbers; every wealth has its place, so this is a total order.
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        match (self.mantissa > 0.0, other.mantissa > 0.0) {
            (true, true) => self.exponent.cmp(&other.exponent).then(self.mantissa.total_cmp(&other.mantissa)),
            (mine, theirs) => mine.cmp(&theirs),
        }
    }

    /// log₂, for display; negative infinity for 0.
    pub fn bits(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "exponents stay far below 2^53")]
        let exponent = self.exponent as f64;
        libm::log2(self.mantissa) + exponent
    }
}

/// The exponent of a positive finite number: 2^e ≤ value < 2^(e + 1).
pub(super) fn exponent(value: f64) -> i64 {
    let field = |v: f64| i64::try_from((v.to_bits() >> 52) & 0x7ff).unwrap_or(0);
    match field(value) {
        // A subnormal is made normal first; multiplying by a power of two is exact.
        0 => field(value * power_of_two(100)) - 1023 - 100,
        biased => biased - 1023,
    }
}

/// 2^`power`, exact; beyond `f64`'s normal range in either direction the nearest normal power.
pub(super) fn power_of_two(power: i64) -> f64 {
    let biased = u64::try_from((power + 1023).clamp(1, 2046)).unwrap_or(1);
    f64::from_bits(biased << 52)
}

impl Mul for Wealth {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self::new(self.mantissa * other.mantissa, self.exponent + other.exponent)
    }
}

impl Add for Wealth {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (large, small) = if self < other { (other, self) } else { (self, other) };
        let shift = large.exponent - small.exponent;
        if small.mantissa <= 0.0 || shift > 1000 {
            return large;
        }
        Self::new(large.mantissa + small.mantissa * power_of_two(-shift), large.exponent)
    }
}

impl PartialOrd for Wealth {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.total_cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_and_adds_across_scales() {
        let big = Wealth::new(3.0, 2000);
        assert_eq!((big.mantissa(), big.exponent()), (1.5, 2001));
        assert_eq!(big + Wealth::new(1.0, -2000), big);
        assert_eq!(Wealth::new(0.75, 0) + Wealth::new(0.75, 0), Wealth::new(1.5, 0));
        assert_eq!(Wealth::new(5e-324, 0).exponent(), -1074);
        assert_eq!(Wealth::new(0.0, 7) + Wealth::ONE, Wealth::ONE);
        assert!(Wealth::new(1.9, 3) < Wealth::new(1.1, 4));
        assert!(Wealth::new(1.5, 2000).to_f64().is_infinite());
        assert!((Wealth::new(1.0, 40).bits() - 40.0).abs() < 1e-12);
    }
}
