//! The statistics that every accusation rests on: with a swapped sign or a biased draw everything would still run.

#![allow(clippy::unwrap_used, reason = "a failed step of a test should stop it")]
#![allow(clippy::cast_precision_loss, reason = "counts of trials")]

use dyetrace::channel::{WEIGHT_TOTAL, equal_weights};
use dyetrace::codebook::{Codebook, CopyNumber, ItemKey};
use dyetrace::score::{self, Evidence, Wealth};
use dyetrace::verdict::{self, Alpha};

const HALF: [u32; 2] = [WEIGHT_TOTAL / 2; 2];

fn binary_book(item: &str, sites: usize) -> Codebook {
    Codebook::with_weights(ItemKey::derive(&[9; 32], item), std::iter::repeat_n(HALF.as_slice(), sites))
}

/// A reading of every site; `likelihood[symbol]` is 1 and the other's is `floor`.
fn read(leak: impl IntoIterator<Item = Option<u8>>, floor: f64) -> Vec<Evidence> {
    leak.into_iter()
        .enumerate()
        .filter_map(|(site, symbol)| {
            let mut likelihood = [floor; 2];
            likelihood[usize::from(symbol?)] = 1.0;
            Evidence::new(site, &likelihood, &[0.5, 0.5])
        })
        .collect()
}

#[test]
fn a_million_decoys_stay_under_the_bound() {
    let book = binary_book("decoys", 48);
    let (a, b) = (book.codeword(CopyNumber(1)), book.codeword(CopyNumber(2)));
    let clean: Vec<_> = a.iter().map(|&x| Some(x)).collect();
    let noisy: Vec<_> = a.iter().enumerate().map(|(i, &x)| Some(x ^ u8::from(i % 11 == 3))).collect();
    let merged: Vec<_> = a[..24].iter().chain(&b[24..]).map(|&x| Some(x)).collect();
    let unmarked = vec![Some(0); 48];
    for (name, leak) in [("clean", clean), ("noisy", noisy), ("merged", merged), ("unmarked", unmarked)] {
        let evidence = [read(leak, 1e-3)];
        let decoys = 250_000;
        let mut counts = [0_u32; 3];
        for decoy in 0..decoys {
            let wealth = score::wealth(&book.codeword(CopyNumber(100 + decoy)), &evidence);
            for (count, alpha) in counts.iter_mut().zip([1e-2, 1e-3, 1e-4]) {
                *count += u32::from(wealth >= Wealth::new(1.0 / alpha, 0));
            }
        }
        for (count, alpha) in counts.iter().zip([1e-2, 1e-3, 1e-4]) {
            assert!(f64::from(*count) <= alpha * decoys as f64, "{name}: {count} of {decoys} at {alpha}");
        }
    }
}

#[test]
fn the_wealth_of_drawn_codewords_averages_one() {
    // Few sites and soft readings, so that the mean is not carried by events too rare to be drawn.
    let weights: Vec<Vec<u32>> = (0..8)
        .map(|site| {
            if site % 2 == 0 { equal_weights(2 + site) } else { vec![WEIGHT_TOTAL / 4, 3 * WEIGHT_TOTAL / 4] }
        })
        .collect();
    let book = Codebook::with_weights(ItemKey::derive(&[5; 32], "mean"), weights.iter().map(Vec::as_slice));
    let evidence: Vec<Evidence> = weights
        .iter()
        .enumerate()
        .map(|(site, weights)| {
            let p: Vec<f64> = weights.iter().map(|&w| f64::from(w) / f64::from(WEIGHT_TOTAL)).collect();
            let likelihood: Vec<f64> =
                (0..p.len()).map(|a| if a == site % p.len() { 1.0 } else { 0.2 }).collect();
            Evidence::new(site, &likelihood, &p).unwrap()
        })
        .collect();
    let (left, right) = evidence.split_at(3);
    let channels = [left.to_vec(), right.to_vec()];
    let draws = 200_000_u64;
    let (mut sum, mut squares) = (0.0, 0.0);
    for copy in 1..=draws {
        let wealth = score::wealth(&book.codeword(CopyNumber(copy)), &channels).to_f64();
        sum += wealth;
        squares += wealth * wealth;
    }
    let mean = sum / draws as f64;
    let error = ((squares / draws as f64 - mean * mean) / draws as f64).sqrt();
    assert!((mean - 1.0).abs() < 5.0 * error, "mean {mean} ± {error}");
    assert!(error < 0.02, "the test has no power: ± {error}");
}

#[test]
fn the_right_copy_is_named_and_the_complement_is_not() {
    let alpha = Alpha::new(1e-3).unwrap();
    let needed = verdict::threshold(33, alpha);
    for trial in 0..50 {
        let book = binary_book(&format!("right {trial}"), 40);
        let words: Vec<Vec<u8>> = (1..=33).map(|copy| book.codeword(CopyNumber(copy))).collect();
        let named = |leak: Vec<Option<u8>>| -> Vec<usize> {
            let evidence = [read(leak, 1e-3)];
            (0..33).filter(|&i| score::wealth(&words[i], &evidence) >= needed).collect()
        };
        assert_eq!(named(words[4].iter().map(|&x| Some(x)).collect()), [4]);
        // The exact opposite of a copy's codeword is nobody's evidence: a swapped sign would name copy 5 here.
        assert_eq!(named(words[4].iter().map(|&x| Some(1 - x)).collect()), [0; 0]);
    }
}

#[test]
fn wealth_has_the_same_digits_on_every_machine() {
    // The expected bits come from the same formula in another language (CPython's doubles), so that any libm call,
    // fused multiply-add or reordering shows here.
    let book = binary_book("digits", 64);
    let word = book.codeword(CopyNumber(7));
    let evidence = [read(word.iter().enumerate().map(|(i, &x)| (i % 5 != 0).then_some(x)), 0.01)];
    let wealth = score::wealth(&word, &evidence);
    assert_eq!((wealth.mantissa().to_bits(), wealth.exponent()), (0x3ffa_cb40_0fe1_37ff, 47));
}
