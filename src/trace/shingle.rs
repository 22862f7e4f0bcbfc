//! Keyed hashes of pairs of words: which item may a fragment come from?

use ring::hmac;

use crate::leak::Fragment;

use super::lattice::Lattice;

/// At most so many word triples are followed from one word.
const PATHS_MAX: usize = 64;

/// The longest word, in bytes, that is hashed whole; longer ones count by their beginning.
const WORD_BYTES_MAX: usize = 64;

/// The hashes of all pairs of words that some copy of the item holds: neighbours, and next but one.
///
/// Sorted, without repeats. The key keeps a stolen index from telling what the items say. Where many places
/// follow each other closely, only the first 64 combinations from each word on are taken.
pub fn shingles(lattice: &Lattice, key: &[u8; 32]) -> Vec<u64> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut out = Vec::new();
    let mut pairs: Vec<(String, String, bool)> = Vec::new();
    let mut walk = Vec::new();
    for start in word_starts(lattice) {
        pairs.clear();
        walk.clear();
        walk.push((start, Words::default()));
        let mut paths = 0;
        while let Some((node, mut words)) = walk.pop() {
            words.push(lattice.node(node).symbol.char, lattice.node(node).symbol.is_letter());
            if words.complete < 3 {
                let reached = walk.len();
                walk.extend(lattice.followers(node).map(|next| (next, words.clone())));
                if walk.len() > reached {
                    continue;
                }
            }
            words.pairs(&mut pairs);
            paths += 1;
            if paths == PATHS_MAX {
                break;
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        out.extend(pairs.iter().map(|(first, second, skips)| hash(&key, first, second, *skips)));
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The hashes of the fragment's pairs of words under the same key; sorted, without repeats.
pub fn fragment_shingles(fragment: &Fragment, key: &[u8; 32]) -> Vec<u64> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let mut words: Vec<String> = vec![String::new()];
    for folded in fragment.chars() {
        match words.last_mut() {
            Some(word) if folded.char.is_alphanumeric() => extend(word, folded.char),
            Some(word) if !word.is_empty() && !joins(folded.char) => words.push(String::new()),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty());
    let mut out: Vec<u64> = words
        .windows(2)
        .map(|pair| hash(&key, &pair[0], &pair[1], false))
        .chain(words.windows(3).map(|three| hash(&key, &three[0], &three[2], true)))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn extend(word: &mut String, c: char) {
    if word.len() < WORD_BYTES_MAX {
        word.push(c);
    }
}

/// An apostrophe is no word boundary: "don't" is one word, however it is quoted.
fn joins(c: char) -> bool {
    c == '\''
}

fn hash(key: &hmac::Key, first: &str, second: &str, skips: bool) -> u64 {
    let mut context = hmac::Context::with_key(key);
    context.update(first.as_bytes());
    context.update(if skips { b"  " } else { b" " });
    context.update(second.as_bytes());
    let tag = context.sign();
    tag.as_ref().iter().take(8).fold(0, |hash, &byte| hash << 8 | u64::from(byte))
}

/// The nodes at which a word begins on some path.
fn word_starts(lattice: &Lattice) -> Vec<u32> {
    let nodes = lattice.nodes();
    // A node inside a literal or form follows the node before it; a first one follows whatever may end there.
    let mut starts = vec![false; nodes.len()];
    let mut mark = |node: u32| {
        if lattice.node(node).symbol.is_letter() {
            starts[node as usize] = true;
        }
    };
    if let Some(first) = lattice.segments().first() {
        first.heads.iter().copied().for_each(&mut mark);
    }
    for (at, node) in (0_u32..).zip(nodes) {
        // An apostrophe may open a quotation as well as stand within a word.
        if !node.symbol.is_letter() {
            lattice.followers(at).for_each(&mut mark);
        }
    }
    (0_u32..).zip(starts).filter(|(_, start)| *start).map(|(node, _)| node).collect()
}

/// The first three words of a path.
#[derive(Clone, Default)]
struct Words {
    words: [String; 3],
    /// How many are complete.
    complete: usize,
}

impl Words {
    fn push(&mut self, c: char, letter: bool) {
        let Some(word) = self.words.get_mut(self.complete) else { return };
        if letter {
            extend(word, c);
        } else if !word.is_empty() && !joins(c) {
            self.complete += 1;
        }
    }

    fn pairs(self, out: &mut Vec<(String, String, bool)>) {
        let [first, second, third] = self.words;
        if !third.is_empty() {
            out.push((first.clone(), third, true));
        }
        if !second.is_empty() {
            out.push((first, second, false));
        }
    }
}
