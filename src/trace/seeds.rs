//! Where short runs of letters occur in the lattice, over all paths.

use super::lattice::Lattice;
use super::noise::Symbol;

/// Letters and digits per seed. Eight survive between two errors of 10 % noise with probability 0.43, so a sentence
/// of forty letters keeps several, while a run of eight is rare enough by chance.
pub(super) const SEED_LETTERS: usize = 8;

/// At most so many paths are followed from one node.
const PATHS_MAX: usize = 48;

/// Hashes of all runs of [`SEED_LETTERS`] letters, sorted, with the node each begins at.
#[derive(Debug, Default)]
pub(super) struct SeedIndex {
    hashes: Vec<u64>,
    nodes: Vec<u32>,
    /// For each value of the top bits, where its hashes begin.
    buckets: Vec<u32>,
    shift: u32,
}

impl SeedIndex {
    pub(super) fn new(lattice: &Lattice) -> Self {
        let mut pairs: Vec<(u64, u32)> = Vec::with_capacity(lattice.nodes().len());
        let mut stack: Vec<(u32, Rolling)> = Vec::new();
        for (start, first) in (0_u32..).zip(lattice.nodes()) {
            if !first.symbol.is_letter() {
                continue;
            }
            let mut paths = 0;
            stack.clear();
            stack.push((start, Rolling::default()));
            while let Some((node, seed)) = stack.pop() {
                let seed = seed.push(lattice.node(node).symbol);
                if seed.letters == SEED_LETTERS {
                    pairs.push((seed.finish(), start));
                    paths += 1;
                    if paths == PATHS_MAX {
                        break;
                    }
                } else {
                    stack.extend(lattice.followers(node).map(|next| (next, seed)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let bits = (usize::BITS - pairs.len().leading_zeros()).clamp(1, 20);
        let shift = 64 - bits;
        let mut buckets = vec![0; (1 << bits) + 1];
        for &(hash, _) in &pairs {
            buckets[usize::try_from(hash >> shift).unwrap_or(0) + 1] += 1;
        }
        for i in 1..buckets.len() {
            buckets[i] += buckets[i - 1];
        }
        let (hashes, nodes) = pairs.into_iter().unzip();
        Self { hashes, nodes, buckets, shift }
    }

    /// The nodes at which a run of letters with this hash begins, ascending.
    pub(super) fn find(&self, hash: u64) -> &[u32] {
        if self.buckets.is_empty() {
            return &[];
        }
        let bucket = usize::try_from(hash >> self.shift).unwrap_or(0);
        let (from, to) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let hashes = &self.hashes[from..to];
        let first = hashes.partition_point(|&h| h < hash);
        let last = first + hashes[first..].partition_point(|&h| h == hash);
        &self.nodes[from + first..from + last]
    }
}

/// The hash of a run of letters under construction.
#[derive(Clone, Copy, Default)]
pub(super) struct Rolling {
    hash: u64,
    letters: usize,
}

impl Rolling {
    /// Adds a character; anything but letters and digits is passed over, so lost spaces and commas do no harm.
    pub(super) fn push(self, symbol: Symbol) -> Self {
        if !symbol.is_letter() {
            return self;
        }
        let hash = (self.hash ^ u64::from(u32::from(symbol.char)))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(23);
        Self { hash, letters: self.letters + 1 }
    }

    /// Mixes the bits so that the top ones serve as a bucket.
    pub(super) fn finish(self) -> u64 {
        let mut hash = self.hash;
        hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        hash ^ (hash >> 32)
    }
}
