//! The generator that attacks draw from.

/// A small deterministic generator: the same seed gives the same attack on every machine.
///
/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// It decides where a simulated typist slips and is never used for codewords or keys.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A generator that starts from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    ///
    /// Multiply-high without rejection: the bias is below `bound` · 2⁻⁶⁴.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.bits()) * (bound as u128);
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// True with probability `rate`; never for 0, always for 1.
    pub fn chance(&mut self, rate: f64) -> bool {
        let draw = u32::try_from(self.bits() >> 32).unwrap_or(0);
        f64::from(draw) < rate * 4_294_967_296.0
    }

    /// One of `options`, or none when there are none.
    pub fn pick<'o, T>(&mut self, options: &'o [T]) -> Option<&'o T> {
        options.get(self.below(options.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for seed 1234567, as published with the reference implementation.
    #[test]
    fn agrees_with_the_reference() {
        let mut random = Random::new(1_234_567);
        let first = [random.bits(), random.bits(), random.bits()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn chances_and_picks_stay_in_range() {
        let mut random = Random::new(5);
        assert!((0..1000).all(|_| !random.chance(0.0) && random.chance(1.0) && random.below(3) < 3));
        assert_eq!(random.below(0), 0);
        assert!(random.pick::<u8>(&[]).is_none());
        let hits = (0..10_000).filter(|_| random.chance(0.3)).count();
        assert!((2_800..3_200).contains(&hits), "{hits}");
    }
}
