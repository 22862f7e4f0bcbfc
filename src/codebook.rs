//! For every copy and every site, which symbol that copy carries.
//!
//! Nothing is stored: a codeword is drawn by a keyed pseudo-random function whenever it is needed, so a stolen
//! registry without its secret says nothing about the copies, and a stranger who is given one copy's opening can
//! recompute it with `openssl`.

use std::fmt;

use ring::{hkdf, hmac};

use crate::channel::{Site, WEIGHT_TOTAL};

/// The number of a copy within its item, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CopyNumber(pub u64);

impl fmt::Display for CopyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The largest coalition the bias tables of [`draw_biases`] are made for.
pub const COALITION_MAX: u32 = 8;

/// The keys from which all codewords and biases of one item are drawn.
pub struct ItemKey {
    symbols: hmac::Key,
    biases: hmac::Key,
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemKey(..)")
    }
}

impl ItemKey {
    /// HKDF-SHA-256 (RFC 5869), no salt, info = `"dyetrace/item-key/v1"` ‖ 0 ‖ `item_id`; the biases' key is made the
    /// same way with `"dyetrace/bias-key/v1"`.
    pub fn derive(registry_secret: &[u8; 32], item_id: &str) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(registry_secret);
        let expand = |purpose: &[u8]| {
            let info = [purpose, b"\0", item_id.as_bytes()];
            let Ok(okm) = prk.expand(&info, hmac::HMAC_SHA256) else {
                unreachable!("HKDF-SHA-256 gives up to 8,160 bytes and 32 are asked for")
            };
            okm.into()
        };
        Self { symbols: expand(b"dyetrace/item-key/v1"), biases: expand(b"dyetrace/bias-key/v1") }
    }
}

/// A stream of 32-bit words: word `i` is big-endian word `i % 8` of HMAC-SHA-256(key, `stream` ‖ `i / 8`), both
/// big-endian, of 8 and 4 bytes.
fn words(key: &hmac::Key, stream: u64) -> impl Iterator<Item = u32> {
    (0_u32..).flat_map(move |block| {
        let mut context = hmac::Context::with_key(key);
        context.update(&stream.to_be_bytes());
        context.update(&block.to_be_bytes());
        let tag = context.sign();
        let mut words = [0_u32; 8];
        for (word, bytes) in words.iter_mut().zip(tag.as_ref().chunks_exact(4)) {
            *word = bytes.iter().fold(0, |acc, &byte| acc << 8 | u32::from(byte));
        }
        words
    })
}

/// The codewords of one item's copies.
#[derive(Debug)]
pub struct Codebook {
    key: ItemKey,
    /// For each site the cumulative probability of its variants, the last left out, in units of 2⁻³².
    thresholds: Vec<Vec<u32>>,
}

impl Codebook {
    /// The codebook of an item's sites, whose weights are the biases.
    pub fn new(key: ItemKey, sites: &[Site]) -> Self {
        Self::with_weights(key, sites.iter().map(|site| site.weights.as_slice()))
    }

    /// The codebook of sites that are known by their weights alone (units of 1/[`WEIGHT_TOTAL`]).
    pub fn with_weights<'w>(key: ItemKey, weights: impl IntoIterator<Item = &'w [u32]>) -> Self {
        let thresholds = weights
            .into_iter()
            .map(|weights| {
                let mut sum = 0_u32;
                weights[..weights.len().saturating_sub(1)]
                    .iter()
                    .map(|&weight| {
                        sum += weight;
                        // The total is 2^16, and a proper prefix of positive weights stays below it.
                        sum << 16
                    })
                    .collect()
            })
            .collect();
        Self { key, thresholds }
    }

    /// How many sites a codeword has.
    pub fn sites(&self) -> usize {
        self.thresholds.len()
    }

    /// The codeword of one copy: a symbol for every site, in the order of the item's sites.
    ///
    /// Symbol `a` of site `s` is drawn with exactly its probability: word `s` of the stream
    /// HMAC-SHA-256(item key, copy ‖ block) lies in the a-th interval of the site's cumulative weights.
    pub fn codeword(&self, copy: CopyNumber) -> Vec<u8> {
        self.thresholds
            .iter()
            .zip(words(&self.key.symbols, copy.0))
            .map(|(thresholds, u)| {
                let symbol = thresholds.iter().take_while(|&&bound| u >= bound).count();
                u8::try_from(symbol).unwrap_or(u8::MAX)
            })
            .collect()
    }
}

/// Gives every site the bias that suits coalitions of up to `coalition` copies.
///
/// One or two copies: the weights stay as the channel set them (½ each is optimal for both, Nuida et al. 2009,
/// table 1). From three on, a binary site's probability is drawn by the item's key from the discrete distribution
/// of K. Nuida, S. Fujitsu, M. Hagiwara, T. Kitagawa, H. Watanabe, K. Ogawa, H. Imai, "An improvement of discrete
/// Tardos fingerprinting codes", Des. Codes Cryptogr. 52 (2009), definition 3: the Gauss–Legendre nodes of degree
/// ⌈c/2⌉ mapped to (0, 1). A site with more variants gives the drawn probability to one variant, drawn as well, and
/// shares the rest equally; the paper treats binary codes only. Above [`COALITION_MAX`] the largest table serves.
pub fn draw_biases(key: &ItemKey, sites: &mut [Site], coalition: u32) {
    let Some(table) = bias_table(coalition) else { return };
    for (site, stream) in sites.iter_mut().zip(0_u64..) {
        let mut draw = words(&key.biases, stream);
        let (node, chosen) = (draw.next().unwrap_or(0), draw.next().unwrap_or(0));
        let mut sum = 0_u64;
        let bias = table
            .iter()
            .find(|(_, weight)| {
                sum += u64::from(*weight);
                u64::from(node) * u64::from(TABLE_TOTAL) < sum << 32
            })
            .map_or(WEIGHT_TOTAL / 2, |(bias, _)| *bias);
        let count = site.weights.len();
        let first = usize::try_from((u64::from(chosen) * count as u64) >> 32).unwrap_or(0);
        let rest = crate::channel::split_weight(WEIGHT_TOTAL - bias, count - 1);
        let mut rest = rest.into_iter();
        for (index, weight) in site.weights.iter_mut().enumerate() {
            *weight = if index == first { bias } else { rest.next().unwrap_or(1) };
        }
    }
}

/// What the second column of a bias table adds up to.
const TABLE_TOTAL: u32 = 100_000;

/// Biases in units of 1/[`WEIGHT_TOTAL`] and their probabilities in units of 1/[`TABLE_TOTAL`]; none for c < 3.
///
/// The decimal values are those of Nuida et al. 2009, table 1; a test derives them from the Legendre polynomials.
fn bias_table(coalition: u32) -> Option<&'static [(u32, u32)]> {
    match coalition {
        0..=2 => None,
        3 | 4 => Some(&[(13_849, 50_000), (51_687, 50_000)]),
        5 | 6 => Some(&[(7_386, 33_201), (32_768, 33_598), (58_150, 33_201)]),
        _ => Some(&[(4_550, 24_833), (21_628, 25_167), (43_908, 25_167), (60_986, 24_833)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ItemKey {
        ItemKey::derive(&[7; 32], "item")
    }

    #[test]
    fn symbols_follow_their_probabilities() {
        let weights: Vec<u32> = vec![WEIGHT_TOTAL / 2, WEIGHT_TOTAL / 4, WEIGHT_TOTAL / 4];
        let sites = 200;
        let book = Codebook::with_weights(key(), std::iter::repeat_n(weights.as_slice(), sites));
        let mut counts = [0_u32; 3];
        for copy in 1..=500 {
            for symbol in book.codeword(CopyNumber(copy)) {
                counts[usize::from(symbol)] += 1;
            }
        }
        // 100,000 draws: five standard deviations of a quarter are 685.
        assert!(counts[0].abs_diff(50_000) < 800, "{counts:?}");
        assert!(counts[1].abs_diff(25_000) < 700, "{counts:?}");
    }

    #[test]
    fn codewords_differ_between_copies_items_and_secrets() {
        let half = [WEIGHT_TOTAL / 2, WEIGHT_TOTAL / 2];
        let word = |secret: u8, item: &str, copy| {
            let key = ItemKey::derive(&[secret; 32], item);
            Codebook::with_weights(key, std::iter::repeat_n(half.as_slice(), 64)).codeword(CopyNumber(copy))
        };
        let base = word(1, "a", 1);
        assert_eq!(base, word(1, "a", 1));
        for other in [word(1, "a", 2), word(1, "b", 1), word(2, "a", 1)] {
            assert_ne!(base, other);
        }
    }

    /// Nodes and weights from the polynomial itself: p = (1 + x)/2 at the roots of `L_k`, weighted by
    /// `(1 − x²)^(−3/2) · L_k'(x)^(−2)` (Nuida et al. 2009, definition 3).
    #[test]
    fn bias_tables_are_the_gauss_legendre_distribution() {
        for (coalition, degree) in [(3, 2_u32), (5, 3), (7, 4)] {
            let table = bias_table(coalition).unwrap();
            assert_eq!(table.len(), degree as usize);
            let legendre = |x: f64| {
                let (mut previous, mut current) = (1.0, x);
                for n in 2..=degree {
                    let k = f64::from(n);
                    (previous, current) =
                        (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
                }
                let slope = f64::from(degree) * (x * current - previous) / (x * x - 1.0);
                (current, slope)
            };
            let raw: Vec<(f64, f64)> = table
                .iter()
                .map(|&(bias, _)| {
                    let mut x = 2.0 * f64::from(bias) / f64::from(WEIGHT_TOTAL) - 1.0;
                    for _ in 0..50 {
                        let (value, slope) = legendre(x);
                        x -= value / slope;
                    }
                    let (_, slope) = legendre(x);
                    (f64::midpoint(1.0, x), 1.0 / ((1.0 - x * x) * (1.0 - x * x).sqrt() * slope * slope))
                })
                .collect();
            let total: f64 = raw.iter().map(|(_, weight)| weight).sum();
            for (&(bias, weight), (node, mass)) in table.iter().zip(raw) {
                assert!((f64::from(bias) / f64::from(WEIGHT_TOTAL) - node).abs() < 2e-5, "c={coalition}");
                assert!(
                    (f64::from(weight) / f64::from(TABLE_TOTAL) - mass / total).abs() < 2e-5,
                    "c={coalition}"
                );
            }
        }
    }
}
