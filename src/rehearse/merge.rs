//! One text out of several copies.

use std::ops::Range;

use super::Random;
use super::cut::{sentences, word_ranges};

/// How far two copies may run apart, in words, before the rest of them counts as different.
const APART_MAX: usize = 80;

/// How many equal words in a row count as the copies having met again.
const MEETING: usize = 2;

/// The first half of `a` and the second half of `b`, cut between sentences.
pub fn halves(a: &str, b: &str) -> String {
    let (a, b) = (sentences(a), sentences(b));
    let (first, second) = (&a[..a.len() / 2], &b[b.len() / 2..]);
    first.iter().chain(second).copied().collect()
}

/// The sentences of the copies in turn: the first of the first copy, the second of the second, and so on.
///
/// As long as the shortest copy; empty for no copies.
pub fn alternate(copies: &[&str]) -> String {
    let split: Vec<Vec<&str>> = copies.iter().map(|copy| sentences(copy)).collect();
    let length = split.iter().map(Vec::len).min().unwrap_or(0);
    (0..length).map(|i| split[i % split.len()][i]).collect()
}

/// The copies mixed word by word: wherever they differ, one of them is drawn and followed.
pub fn mix(copies: &[&str], random: &mut Random) -> String {
    let Some((first, others)) = copies.split_first() else { return String::new() };
    let mut mixed = (*first).to_owned();
    for (copy, count) in others.iter().zip(2_u32..) {
        // Each further copy is followed with probability 1/count, which leaves all of them equally likely.
        let merged = Comparison::new(&mixed, copy)
            .fold(|_, theirs| random.chance(1.0 / f64::from(count)).then_some(theirs));
        mixed = merged;
    }
    mixed
}

/// Copy `a` with everything in which it differs from `b` left out.
pub fn strike(a: &str, b: &str) -> String {
    Comparison::new(a, b).fold(|_, _| Some(""))
}

/// Two texts word by word: runs that are equal and runs that are not.
struct Comparison<'t> {
    a: &'t str,
    b: &'t str,
    runs: Vec<Run>,
}

struct Run {
    equal: bool,
    a: Range<usize>,
    b: Range<usize>,
}

impl<'t> Comparison<'t> {
    fn new(a: &'t str, b: &'t str) -> Self {
        let (left, right): (Vec<_>, Vec<_>) = (word_ranges(a).collect(), word_ranges(b).collect());
        let same = |mine: usize, theirs: usize| match (left.get(mine), right.get(theirs)) {
            (Some(word), Some(other)) => a[word.clone()] == b[other.clone()],
            (None, None) => true,
            _ => false,
        };
        // A run of words with the white space after it, so that the runs of a text put together are the text.
        let bytes = |words: &[Range<usize>], text: &str, run: Range<usize>| {
            let at =
                |word: usize| if word == 0 { 0 } else { words.get(word).map_or(text.len(), |w| w.start) };
            at(run.start)..at(run.end)
        };
        let mut runs = Vec::new();
        let (mut mine, mut theirs) = (0, 0);
        while mine < left.len() || theirs < right.len() {
            let shorter = (left.len() - mine).min(right.len() - theirs);
            let length = (0..shorter).take_while(|&n| same(mine + n, theirs + n)).count();
            let (skip, pass) = if length > 0 {
                (length, length)
            } else {
                (1..=APART_MAX)
                    .flat_map(|apart| (0..=apart).map(move |ahead| (ahead, apart - ahead)))
                    .find(|&(skip, pass)| {
                        mine + skip <= left.len()
                            && theirs + pass <= right.len()
                            && (0..MEETING).all(|n| same(mine + skip + n, theirs + pass + n))
                    })
                    .unwrap_or((left.len() - mine, right.len() - theirs))
            };
            runs.push(Run {
                equal: length > 0,
                a: bytes(&left, a, mine..mine + skip),
                b: bytes(&right, b, theirs..theirs + pass),
            });
            (mine, theirs) = (mine + skip, theirs + pass);
        }
        if runs.is_empty() {
            // No words at all: what white space there is counts as one run.
            runs.push(Run { equal: a == b, a: 0..a.len(), b: 0..b.len() });
        }
        Self { a, b, runs }
    }

    /// Text `a`, each differing run replaced by what `choose` returns; none keeps it.
    fn fold(&self, mut choose: impl FnMut(&'t str, &'t str) -> Option<&'t str>) -> String {
        let mut out = String::with_capacity(self.a.len());
        for run in &self.runs {
            let (mine, theirs) = (&self.a[run.a.clone()], &self.b[run.b.clone()]);
            let chosen = if run.equal { None } else { choose(mine, theirs) };
            out.push_str(chosen.unwrap_or(mine));
        }
        out
    }
}
