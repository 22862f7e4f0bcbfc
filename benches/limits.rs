//! What the code alone can do: the limits that documents and channels can at best reach.
//!
//! `cargo bench --bench limits` prints, for 33 copies with codewords from the real codebook and wealth from the real
//! scorer, the share of trials that name a right copy; then the share of 1,000,000 decoy codewords that reach 1/α.

#![allow(clippy::print_stdout, reason = "the table is what it is run for")]
#![allow(clippy::expect_used, clippy::cast_precision_loss, reason = "fixed inputs and counts of trials")]
#![allow(clippy::items_after_statements, reason = "the row's type is read beside the rows")]

use dyetrace::channel::WEIGHT_TOTAL;
use dyetrace::codebook::{Codebook, CopyNumber, ItemKey};
use dyetrace::score::{self, Evidence, Wealth};
use dyetrace::verdict::{self, Alpha};

const COPIES: u64 = 33;
const TRIALS: u64 = 200;
const SITES: [usize; 7] = [20, 30, 40, 60, 90, 130, 200];
/// What a clean reading gives the variants that were not seen; the reader's floor is of this order.
const FLOOR: f64 = 1e-4;

/// What the leak shows at each site: a symbol, or nothing.
type Leak = Vec<Option<u8>>;

fn main() {
    println!("copies {COPIES}, trials per cell {TRIALS}, share that names a right copy\n");
    print!("{:<44}", "leak, sites seen:");
    for sites in SITES {
        print!("{sites:>6}");
    }
    println!();
    type Leaker = fn(&[u8], &[u8], &mut Draw) -> Leak;
    let rows: [(&str, f64, bool, Leaker); 6] = [
        ("one copy, clean, 1e-3", 1e-3, false, |a, _, _| clean(a)),
        ("one copy, clean, 1e-6", 1e-6, false, |a, _, _| clean(a)),
        ("one copy, 5 % of sites flipped, 1e-3", 1e-3, false, |a, _, draw| flipped(a, 0.05, draw)),
        ("halves of A and B, 1e-3, both named", 1e-3, true, |a, b, _| halves(a, b)),
        ("A and B mixed site by site, 1e-3", 1e-3, false, mixed),
        ("A and B, differences deleted, 1e-3", 1e-3, false, |a, b, _| agreeing(a, b)),
    ];
    for (name, alpha, both, leaker) in rows {
        print!("{name:<44}");
        for sites in SITES {
            let hits = (0..TRIALS).filter(|&trial| names(trial, sites, alpha, both, leaker)).count();
            print!("{:>6.2}", hits as f64 / TRIALS as f64);
        }
        println!();
    }

    println!("\nshare of 1,000,000 decoys with wealth >= 1/alpha, 120 sites");
    println!("{:<44}{:>10}{:>10}{:>10}", "leak, alpha:", "1e-2", "1e-3", "1e-4");
    let book = codebook(u64::MAX, 120);
    let (a, b) = (book.codeword(CopyNumber(1)), book.codeword(CopyNumber(2)));
    let mut draw = Draw(7);
    let leaks = [
        ("clean", clean(&a)),
        ("noisy", flipped(&a, 0.1, &mut draw)),
        ("merged", halves(&a, &b)),
        ("unmarked", vec![Some(0); a.len()]),
    ];
    for (name, leak) in leaks {
        let evidence = [evidence(&leak)];
        let mut counts = [0_u32; 3];
        let mut mean = 0.0;
        for decoy in 0..1_000_000 {
            let wealth = score::wealth(&book.codeword(CopyNumber(1_000 + decoy)), &evidence);
            mean += wealth.to_f64() / 1e6;
            for (count, alpha) in counts.iter_mut().zip([1e-2, 1e-3, 1e-4]) {
                *count += u32::from(wealth >= Wealth::new(1.0 / alpha, 0));
            }
        }
        print!("{name:<44}");
        for (count, alpha) in counts.iter().zip([1e-2, 1e-3, 1e-4]) {
            assert!(f64::from(*count) / 1e6 <= alpha, "more false accusations than the bound allows");
            print!("{:>10.6}", f64::from(*count) / 1e6);
        }
        println!("   mean wealth {mean:.3}");
    }
}

/// Whether one trial names at least one right copy (or both) and no wrong one.
fn names(
    trial: u64,
    sites: usize,
    alpha: f64,
    both: bool,
    leaker: fn(&[u8], &[u8], &mut Draw) -> Leak,
) -> bool {
    let book = codebook(trial, sites);
    let words: Vec<Vec<u8>> = (1..=COPIES).map(|copy| book.codeword(CopyNumber(copy))).collect();
    let mut draw = Draw(trial ^ (sites as u64) << 32);
    let evidence = [evidence(&leaker(&words[0], &words[1], &mut draw))];
    let needed = verdict::threshold(COPIES, Alpha::new(alpha).expect("a probability"));
    let named: Vec<usize> =
        (0..words.len()).filter(|&i| score::wealth(&words[i], &evidence) >= needed).collect();
    assert!(named.iter().all(|&i| i < 2), "an innocent copy was named");
    if both { named.len() == 2 } else { !named.is_empty() }
}

fn codebook(trial: u64, sites: usize) -> Codebook {
    let half = [WEIGHT_TOTAL / 2; 2];
    let key = ItemKey::derive(&[42; 32], &format!("trial {trial}"));
    Codebook::with_weights(key, std::iter::repeat_n(half.as_slice(), sites))
}

fn evidence(leak: &Leak) -> Vec<Evidence> {
    leak.iter()
        .enumerate()
        .filter_map(|(site, seen)| {
            let mut likelihood = [FLOOR; 2];
            likelihood[usize::from((*seen)?)] = 1.0;
            Evidence::new(site, &likelihood, &[0.5, 0.5])
        })
        .collect()
}

fn clean(a: &[u8]) -> Leak {
    a.iter().map(|&symbol| Some(symbol)).collect()
}

fn flipped(a: &[u8], rate: f64, draw: &mut Draw) -> Leak {
    a.iter().map(|&symbol| Some(symbol ^ u8::from(draw.unit() < rate))).collect()
}

fn halves(a: &[u8], b: &[u8]) -> Leak {
    let middle = a.len() / 2;
    a[..middle].iter().chain(&b[middle..]).map(|&symbol| Some(symbol)).collect()
}

fn mixed(a: &[u8], b: &[u8], draw: &mut Draw) -> Leak {
    a.iter().zip(b).map(|(&a, &b)| Some(if draw.unit() < 0.5 { a } else { b })).collect()
}

fn agreeing(a: &[u8], b: &[u8]) -> Leak {
    a.iter().zip(b).map(|(&a, &b)| (a == b).then_some(a)).collect()
}

/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ z >> 31) as f64 / 2.0_f64.powi(64)
    }
}
