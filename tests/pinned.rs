//! Codewords and wealths that other programs must agree on: `fixtures/vectors/pinned`, computed in Python, and
//! `openssl`, asked here.

#![allow(clippy::panic, clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dyetrace::codebook::{Codebook, CopyNumber, ItemKey};
use dyetrace::score::{self, Evidence};

const SITES: usize = 64;

struct Pinned {
    secret: String,
    item: String,
    weights: Vec<Vec<u32>>,
    copies: Vec<(u64, String)>,
}

fn pinned(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vectors/pinned").join(name);
    fs::read_to_string(path).unwrap()
}

fn codewords() -> Pinned {
    let mut out = Pinned { secret: String::new(), item: String::new(), weights: vec![], copies: vec![] };
    for line in pinned("codewords").lines() {
        let (key, value) = line.split_once(": ").unwrap();
        match (key, key.strip_prefix("copy ")) {
            ("secret", _) => value.clone_into(&mut out.secret),
            ("item", _) => value.clone_into(&mut out.item),
            ("weights", _) => out.weights.push(value.split(' ').map(|w| w.parse().unwrap()).collect()),
            (_, Some(copy)) => out.copies.push((copy.parse().unwrap(), value.to_owned())),
            _ => panic!("{line}"),
        }
    }
    assert!(out.copies.len() >= 5 && out.copies.iter().all(|(_, word)| word.len() == SITES));
    out
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn weights_of(pinned: &Pinned) -> impl Iterator<Item = &[u32]> {
    pinned.weights.iter().map(Vec::as_slice).cycle().take(SITES)
}

#[test]
fn codewords_are_the_pinned_ones() {
    let pinned = codewords();
    let secret: [u8; 32] = from_hex(&pinned.secret).try_into().unwrap();
    let book = Codebook::with_weights(ItemKey::derive(&secret, &pinned.item), weights_of(&pinned));
    for (copy, wanted) in &pinned.copies {
        let found: String = book.codeword(CopyNumber(*copy)).iter().map(u8::to_string).collect();
        assert_eq!(&found, wanted, "copy {copy}");
    }
}

/// What `openssl` writes, in hexadecimal; none where there is no openssl.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<String> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // A run that takes no input may be gone before this is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(to_hex(&output.stdout))
}

#[test]
fn anybody_can_compute_a_codeword_with_openssl() {
    let pinned = codewords();
    let secret = format!("hexkey:{}", pinned.secret);
    let info = format!("hexinfo:{}", to_hex(format!("dyetrace/item-key/v1\0{}", pinned.item).as_bytes()));
    let derive = ["kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", &secret, "-kdfopt", &info];
    let Some(key) = openssl(&[&derive[..], &["-binary", "HKDF"]].concat(), b"") else {
        eprintln!("SKIPPED: there is no `openssl` to compare codewords with");
        return;
    };
    let key = format!("hexkey:{key}");
    for (copy, wanted) in &pinned.copies {
        let mut found = String::new();
        for block in 0..u32::try_from(SITES / 8).unwrap() {
            let input = [copy.to_be_bytes().as_slice(), &block.to_be_bytes()].concat();
            let tag =
                openssl(&["dgst", "-sha256", "-mac", "HMAC", "-macopt", &key, "-binary"], &input).unwrap();
            for (i, word) in from_hex(&tag).chunks_exact(4).enumerate() {
                let word = u64::from(u32::from_be_bytes(word.try_into().unwrap()));
                let weights = &pinned.weights[(block as usize * 8 + i) % pinned.weights.len()];
                // The symbol whose share of 2^32 the word falls into.
                let mut sum = 0;
                let symbol = weights.iter().position(|&weight| {
                    sum += u64::from(weight) << 16;
                    word < sum
                });
                found.push_str(&symbol.unwrap().to_string());
            }
        }
        assert_eq!(&found, wanted, "copy {copy}");
    }
}

#[test]
fn wealths_have_the_pinned_digits() {
    let numbers = |text: &str| text.split_whitespace().map(|n| n.parse().unwrap()).collect::<Vec<f64>>();
    let text = pinned("wealth");
    let cases: Vec<&str> = text.split("case: ").skip(1).collect();
    assert!(cases.len() >= 6);
    for case in cases {
        let (mut codeword, mut channels) = (Vec::new(), Vec::<Vec<Evidence>>::new());
        let mut wanted = "";
        for line in case.lines().skip(1) {
            match line.split_once(": ").unwrap_or((line, "")) {
                ("channel:", _) => channels.push(Vec::new()),
                ("wealth", value) => wanted = value,
                ("site", value) => {
                    let [head, probabilities, likelihoods] = value.split('|').collect::<Vec<_>>()[..] else {
                        panic!("{line}")
                    };
                    let (count, symbol) = head.trim().split_once(" x ").unwrap();
                    for _ in 0..count.parse::<usize>().unwrap() {
                        let site = codeword.len();
                        codeword.push(symbol.parse().unwrap());
                        let read =
                            Evidence::new(site, &numbers(likelihoods), &numbers(probabilities)).unwrap();
                        channels.last_mut().unwrap().push(read);
                    }
                }
                _ => panic!("{line}"),
            }
        }
        let wealth = score::wealth(&codeword, &channels);
        assert_eq!(format!("{} {}", hex(wealth.mantissa()), wealth.exponent()), wanted, "{case:.30}");
    }
}

/// A number in [1, 2) as C and Python write it in hexadecimal.
fn hex(mantissa: f64) -> String {
    assert!((1.0..2.0).contains(&mantissa));
    format!("0x1.{:013x}p+0", mantissa.to_bits() & ((1 << 52) - 1))
}
