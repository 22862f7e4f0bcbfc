//! Families of sites: how they are found, written and read.
//!
//! A channel is one small module with the same three functions: `find` proposes sites in an item, `write` turns a
//! symbol into edits, `read` turns what was seen at the sites into likelihoods. Channels know the item and the
//! fragment; they never see a codeword, a copy or a recipient.

pub mod authored;
pub mod invisible;
mod reading;
pub mod style;
pub mod wording;

use std::borrow::Cow;
use std::ops::Range;

pub use reading::Desks;

use crate::item::Edit;
use crate::language::Analysis;

/// The largest number of variants of one site.
pub const VARIANTS_MAX: usize = 16;

/// The denominator of a variant's probability: `Site::weights` add up to this.
pub const WEIGHT_TOTAL: u32 = 1 << 16;

/// A family of sites that a launderer tends to remove as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Variants the originator wrote or approved.
    Authored,
    /// One decision per document and kind.
    Style,
    /// Curated alternations in context.
    Wording,
    /// A neutral space code point; opt-in.
    Invisible,
}

/// How much a person must see before a site may be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// May be issued unread.
    Strict,
    /// Good in most places; on once a person accepts it.
    Normal,
    /// A proposal; often needs a person's judgement.
    Bold,
}

/// A decision of the item that can be written in two or more ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The channel that finds, writes and reads it.
    pub channel: Channel,
    /// The kind of alternation within the channel ("which/that", "percent", "fact", …).
    pub class: Cow<'static, str>,
    /// Who may switch it on.
    pub tier: Tier,
    /// What each variant is called in plans and reports; 2..=[`VARIANTS_MAX`] labels, all different.
    pub labels: Vec<String>,
    /// The probability of each variant in units of 1/[`WEIGHT_TOTAL`]; positive, adding up to it.
    pub weights: Vec<u32>,
    /// The variant that the item itself carries.
    pub original: u8,
    /// Where the decision shows, in document order, at least one; several for `style` and linked choices.
    pub places: Vec<Place>,
    /// How a desk edits this kind, if it is known to.
    pub desk: Option<Desk>,
    /// Whether the variants are facts, which survive a rewrite of the sentence.
    pub fact: bool,
}

/// One place where a site's symbol shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the item's canonical text; never empty, so that deleting and inserting are both replacements.
    pub range: Range<usize>,
    /// What stands there for each variant; `forms[original]` equals the item's text.
    pub forms: Vec<String>,
}

/// House style is directional: an editor turns other variants into the canonical one, seldom the reverse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Desk {
    /// The variant an editor writes.
    pub canonical: u8,
    /// How often an editor who was at work applies this rule throughout a text, 0.0..=1.0.
    pub strength: f64,
}

/// What was seen of one place in a fragment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting<'f> {
    /// Which place of the site, by index.
    pub place: usize,
    /// The cost of the best alignment through each variant, in units of 1/8 bit; lower is likelier.
    pub costs: Vec<u32>,
    /// The cost of explaining the fragment by some other wording, in the same units.
    pub rewritten: u32,
    /// The fragment's own characters there, before normalising.
    pub raw: &'f str,
}

/// What was seen of one site: its index in the item's list of sites, and the sightings of its places.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<'f> {
    /// Index of the site.
    pub site: usize,
    /// At least one sighting; a place may be sighted more than once when a passage is repeated.
    pub sightings: Vec<Sighting<'f>>,
}

/// For one site, how likely what was seen is under each variant.
///
/// Only ratios matter; the largest entry is 1. All equal means unreadable.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Index of the site in the item's list.
    pub site: usize,
    /// One likelihood per variant, each finite and > 0.
    pub likelihood: Vec<f64>,
}

impl Channel {
    /// Every channel, in the order in which reports list them.
    pub const ALL: [Self; 4] = [Self::Authored, Self::Style, Self::Wording, Self::Invisible];

    /// The name used in plans, reports and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Authored => "authored",
            Self::Style => "style",
            Self::Wording => "wording",
            Self::Invisible => "invisible",
        }
    }

    /// The channel's proposals for an item, in document order of their first place; they may overlap.
    ///
    /// `authored` proposes nothing by itself: its sites come from the originator's markup and plan.
    pub fn find(self, analysis: &Analysis<'_>) -> Vec<Site> {
        match self {
            Self::Authored => Vec::new(),
            Self::Style => style::find(analysis),
            Self::Wording => wording::find(analysis),
            Self::Invisible => invisible::find(analysis),
        }
    }

    /// Turns what was seen at this channel's sites into likelihoods, in the order of `seen`.
    ///
    /// All of a channel's sightings come in one call, so that a channel the leak shows to be flattened can be made
    /// flat. Every entry of `seen` must belong to this channel.
    pub fn read(self, sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
        match self {
            Self::Authored => authored::read(sites, seen),
            Self::Style => style::read(sites, seen),
            Self::Wording => wording::read(sites, seen),
            Self::Invisible => invisible::read(sites, seen),
        }
    }
}

/// Turns what was seen at sites of any channels into likelihoods, in the order of `seen`.
///
/// Better than [`Channel::read`] for each channel by itself: whether an editor with a house style was at work shows
/// in every channel, so the classes of all of them share that question.
pub fn read_all(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}

/// [`read_all`] with another table of what desks do than the shipped one; for fitting and measuring tables.
pub fn read_all_with(sites: &[Site], seen: &[Seen<'_>], desks: &Desks) -> Vec<Reading> {
    reading::read_with(sites, seen, desks)
}

impl Site {
    /// The edits that give the item this site's variant `symbol`; none for the original's own.
    ///
    /// # Panics
    /// When `symbol` is not below the number of variants.
    pub fn write(&self, symbol: u8) -> Vec<Edit> {
        if symbol == self.original {
            return Vec::new();
        }
        self.places
            .iter()
            .map(|place| Edit { range: place.range.clone(), text: place.forms[usize::from(symbol)].clone() })
            .filter(|edit| !edit.range.is_empty())
            .collect()
    }

    /// Whether the variants differ in glyphs alone (quotes, dashes, spaces), so that retyping and OCR lose them.
    pub fn is_typographic(&self) -> bool {
        reading::is_typographic(self)
    }

    /// The probability of each variant, exact in binary.
    pub fn probabilities(&self) -> Vec<f64> {
        self.weights.iter().map(|&weight| f64::from(weight) / f64::from(WEIGHT_TOTAL)).collect()
    }
}

/// Weights of `variants` equally likely variants; the first few take the remainder.
pub fn equal_weights(variants: usize) -> Vec<u32> {
    split_weight(WEIGHT_TOTAL, variants)
}

/// Splits `total` into `parts` equal weights; the first few take the remainder.
pub(crate) fn split_weight(total: u32, parts: usize) -> Vec<u32> {
    let count = u32::try_from(parts).unwrap_or(u32::MAX).max(1);
    (0..count).map(|i| total / count + u32::from(i < total % count)).collect()
}
