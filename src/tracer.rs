//! From fragments to a verdict: locate, align, read, score, decide.
//!
//! This is the one place where the stages meet. What was seen is turned into readings before any codeword is drawn,
//! so nothing that touches a copy's symbols can bend a reading towards it.

use std::ops::Range;

use crate::channel::Channel;
use crate::codebook::CopyNumber;
use crate::score::Wealth;
use crate::verdict::{Alpha, Verdict};

/// How many candidates a trace reports.
pub const CANDIDATES_MAX: usize = 10;

/// What a trace found.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The conclusion.
    pub verdict: Verdict,
    /// The item that the fragments belong to; none for [`Verdict::NotOurs`].
    pub item: Option<ItemRef>,
    /// The bound asked for.
    pub alpha: Alpha,
    /// How many copies could have been accused: the N of the union bound.
    pub copies: u64,
    /// What a copy's wealth must reach: N/α.
    pub needed: Wealth,
    /// The wealth the unmarked original would have if it were a copy.
    pub original: Wealth,
    /// The copies over the threshold, best first; each is among `candidates` as well.
    pub culprits: Vec<Candidate>,
    /// The best copies, at most [`CANDIDATES_MAX`] (more only where more are over the threshold).
    pub candidates: Vec<Candidate>,
    /// How many copies the leak still fits: those with at least 1/1,000 of the best copy's wealth.
    pub fits: u64,
    /// How many sites the item has.
    pub sites_total: usize,
    /// Every site that was read, in document order.
    pub sites: Vec<SiteEvidence>,
    /// For each channel of the item: how many sites it has and how many were read.
    pub channels: Vec<ChannelTally>,
    /// One entry per fragment, in the order given.
    pub fragments: Vec<FragmentTally>,
}

/// An item by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRef {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A copy and the evidence for it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The copy.
    pub copy: CopyNumber,
    /// Its wealth.
    pub wealth: Wealth,
    /// min(1, N / wealth): the bound on accusing any innocent copy if this one is accepted.
    pub bound: f64,
    /// How it compares at each entry of [`Trace::sites`].
    pub marks: Vec<Mark>,
    /// The entries of [`Trace::sites`] that it explains best: a range of indices, empty when none speak for it.
    pub explains: Range<usize>,
}

/// How a copy compares with the leak at one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The copy carries the likeliest variant.
    Agrees,
    /// The copy carries another variant.
    Differs,
    /// The reading hardly tells the variants apart.
    Unclear,
}

/// One site that was read.
#[derive(Clone, Debug)]
pub struct SiteEvidence {
    /// Its index in the item's list of sites; reports count from 1.
    pub site: usize,
    /// Its channel.
    pub channel: Channel,
    /// Its class.
    pub class: String,
    /// The fragment's own characters at the site, as far as they could be found.
    pub leaked: String,
    /// What its variants are called.
    pub variants: Vec<String>,
    /// The likeliest variant.
    pub seen: u8,
    /// How many copies carry it.
    pub held_by: u64,
    /// The evidence, in bits, for a copy that carries the likeliest variant.
    pub bits: f64,
    /// The item's sentence around the site, and the site's byte range in it.
    pub context: (String, Range<usize>),
}

/// A channel's share of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelTally {
    /// The channel.
    pub channel: Channel,
    /// How many sites of the item belong to it.
    pub total: usize,
    /// How many were read.
    pub read: usize,
}

/// How a fragment lies in the item.
#[derive(Clone, Debug)]
pub struct FragmentTally {
    /// Its name.
    pub name: String,
    /// How many characters it has after folding.
    pub chars: usize,
    /// The share of them that aligns with the item, 0.0..=1.0.
    pub aligned: f64,
    /// The passages of the item that it covers, in the fragment's order, as byte ranges of the canonical text.
    pub spans: Vec<Range<usize>>,
}

impl Candidate {
    /// How many read sites speak for the copy.
    pub fn sites_for(&self) -> usize {
        self.marks.iter().filter(|&&mark| mark == Mark::Agrees).count()
    }

    /// How many read sites speak against it.
    pub fn sites_against(&self) -> usize {
        self.marks.iter().filter(|&&mark| mark == Mark::Differs).count()
    }
}
