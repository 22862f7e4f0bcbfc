//! The reviewed list of an item's sites.
//!
//! A plan is proposed by the channels, written to a TOML file, edited by a person and read back. It belongs to one
//! file, whose SHA-256 digest it holds, and it finds its places again by the text around them.

mod anchor;
mod capacity;
mod drift;
mod edit;
mod error;
mod file;
mod promise;
mod quotable;
mod switch;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::channel::{Channel, Site, Tier};
use crate::item::{Document, Edit};
use crate::language::Analysis;

pub use capacity::{Capacity, Paragraph, Passage};
pub use drift::{Drift, LINE_CHARS};
pub use edit::{Change, PlanFile, Revision, SiteId};
pub use error::{PLAN_BYTES_MAX, PlanError, Problem, SITES_MAX};
pub(crate) use file::is_unseen;
pub use promise::{Lengths, Promise, Weak};
pub use quotable::{Idea, QUOTABLE_MAX, Quotable, Reason};
pub(crate) use quotable::{points, reasons};

/// The reviewed list of an item's sites.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// SHA-256 of the file the plan was made for, as 64 hexadecimal digits.
    pub item: String,
    /// The sites, in document order of their first place; those that are on do not overlap, one that is off may
    /// overlap any other.
    pub entries: Vec<Entry>,
    /// Ranges of the canonical text that no site may touch, in document order.
    pub protected: Vec<Range<usize>>,
}

/// One site of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The site.
    pub site: Site,
    /// Whether copies carry it.
    pub on: bool,
    /// Who proposed it, where that was neither a channel nor the originator ("suggested by MODEL at HOST"). From
    /// outside: views escape it.
    pub source: Option<String>,
}

/// What a proposal switches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Sites up to this tier are on; those above are listed and off.
    pub accept: Tier,
    /// Whether the invisible channel is used at all.
    pub invisible: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { accept: Tier::Strict, invisible: false }
    }
}

impl Plan {
    /// Proposes the sites of an item.
    ///
    /// `marked` and `protected` come from the item's markup. Of candidates that overlap the better one stays:
    /// authored before style before wording (strict, normal, bold) before glyph styles before invisible, and what is
    /// on before what is off. A style decision only loses the places that overlap, a glyph style goes whole. Nothing
    /// is proposed that cannot be written. In paged formats variants of one length come before others of their rank.
    pub fn propose(
        document: &Document,
        marked: Vec<Site>,
        protected: Vec<Range<usize>>,
        options: Options,
    ) -> Self {
        let analysis = Analysis::new(document);
        let found = |channel: Channel| channel.find(&analysis);
        let mut candidates = marked;
        candidates.extend(found(Channel::Style));
        candidates.extend(found(Channel::Wording));
        if options.invisible {
            candidates.extend(found(Channel::Invisible));
        }
        let mut entries: Vec<Entry> = candidates
            .into_iter()
            .map(|site| {
                let on = match site.channel {
                    Channel::Authored | Channel::Invisible => true,
                    Channel::Style | Channel::Wording => site.tier <= options.accept,
                };
                Entry { site, on, source: None }
            })
            .collect();
        // Stable: within a rank the channels' own order decides.
        let paged = document.format().is_paged();
        entries.sort_by_key(|entry| (!entry.on, rank(&entry.site), paged && drift::moves_lines(&entry.site)));

        let mut taken = Taken::new(&protected);
        entries.retain_mut(|entry| {
            is_well_formed(document, &mut entry.site)
                && settle(&mut entry.site, &taken)
                && taken.insert(&entry.site)
        });
        // What no single check can tell, Markdown decides: whether every variant can be written.
        let refused = unwritable(document, &entries.iter().map(|entry| &entry.site).collect::<Vec<_>>());
        let mut index = 0;
        entries.retain(|_| {
            index += 1;
            !refused.contains(&(index - 1))
        });
        entries.sort_by_key(position);
        Self { item: digest_of(document), entries, protected }
    }

    /// The sites that are on, in document order of their first place.
    pub fn sites(&self) -> Vec<Site> {
        self.entries.iter().filter(|entry| entry.on).map(|entry| entry.site.clone()).collect()
    }

    /// Adds an entry in its place in the document, behind others that start and end there.
    ///
    /// One that is on must not overlap another that is on, or the plan's file cannot be read again.
    pub fn insert(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.entries.sort_by_key(position);
    }

    /// Reads a plan file for an item, which must be the very file it was made for.
    pub fn from_toml(toml: &str, document: &Document) -> Result<Self, PlanError> {
        file::read(toml, document)
    }

    /// The plan as a file for people to read and edit.
    pub fn to_toml(&self, document: &Document) -> String {
        file::write(self, document, None)
    }

    /// The same, with the name of the item's file at its head, so that `review` finds it.
    ///
    /// The name is no part of what is planned: neither [`Self::digest`] nor what `issue` records depends on it.
    pub fn to_toml_for(&self, document: &Document, file: &str) -> String {
        file::write(self, document, Some(file))
    }

    /// SHA-256 over everything in the plan, in a form that does not depend on how its file is laid out: every
    /// number as eight bytes, most significant first, every text as its length and its UTF-8 bytes, in the order of
    /// the fields; behind all else the index and the source of each entry that has one.
    pub fn digest(&self) -> [u8; 32] {
        let mut canonical = Canonical(Sha256::new());
        canonical.text("dyetrace/plan/1");
        canonical.text(&self.item);
        canonical.number(self.entries.len());
        for Entry { site, on, .. } in &self.entries {
            canonical.number(usize::from(*on));
            canonical.text(site.channel.name());
            canonical.text(&site.class);
            canonical.text(tier_name(site.tier));
            canonical.number(usize::from(site.fact));
            canonical.number(usize::from(site.original));
            canonical.number(site.labels.len());
            for (label, weight) in site.labels.iter().zip(&site.weights) {
                canonical.text(label);
                canonical.0.update(u64::from(*weight).to_be_bytes());
            }
            canonical.number(site.places.len());
            for place in &site.places {
                canonical.range(&place.range);
                place.forms.iter().for_each(|form| canonical.text(form));
            }
            canonical.number(usize::from(site.desk.is_some()));
            if let Some(desk) = site.desk {
                canonical.number(usize::from(desk.canonical));
                canonical.0.update(desk.strength.to_bits().to_be_bytes());
            }
        }
        canonical.number(self.protected.len());
        self.protected.iter().for_each(|range| canonical.range(range));
        for (index, entry) in self.entries.iter().enumerate() {
            if let Some(source) = &entry.source {
                canonical.number(index);
                canonical.text(source);
            }
        }
        canonical.0.finalize().into()
    }
}

/// Numbers and texts, each unmistakable from the next.
struct Canonical(Sha256);

impl Canonical {
    fn number(&mut self, value: usize) {
        self.0.update((value as u64).to_be_bytes());
    }

    fn text(&mut self, value: &str) {
        self.number(value.len());
        self.0.update(value.as_bytes());
    }

    fn range(&mut self, range: &Range<usize>) {
        self.number(range.start);
        self.number(range.end);
    }
}

/// The sentences of a document as ranges of its canonical text, in order.
pub(crate) fn sentences(document: &Document) -> Vec<Range<usize>> {
    file::sentences(document)
}

/// SHA-256 of a document's file, in hexadecimal.
fn digest_of(document: &Document) -> String {
    Sha256::digest(document.bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

/// Which of two overlapping candidates stays: the one with the lower rank.
///
/// Glyph styles come after wording: an apostrophe dies with the first plain paste, a word does not.
fn rank(site: &Site) -> (u8, Tier) {
    match site.channel {
        Channel::Authored => (0, site.tier),
        Channel::Style if site.is_typographic() => (3, site.tier),
        Channel::Style => (1, site.tier),
        Channel::Wording => (2, site.tier),
        Channel::Invisible => (4, site.tier),
    }
}

/// What entries are in order of.
fn position(entry: &Entry) -> Option<(usize, usize)> {
    entry.site.places.first().map(|place| (place.range.start, place.range.end))
}

/// Drops the places of a style decision that cannot be written; false when the site cannot.
fn is_well_formed(document: &Document, site: &mut Site) -> bool {
    let original = usize::from(site.original);
    let places = site.places.len();
    site.places.retain(|place| {
        document.editable(&place.range)
            && place.forms.len() == site.labels.len()
            && place.forms.get(original).is_some_and(|form| *form == document.text()[place.range.clone()])
            && place.forms.iter().all(|form| document.encodes(form))
    });
    // Variants of a site with several places may write the same at one of them, but not at all.
    let alike = |a: usize, b: usize| site.places.iter().all(|place| place.forms[a] == place.forms[b]);
    !site.places.is_empty()
        && (site.channel == Channel::Style || site.places.len() == places)
        && (1..site.labels.len()).all(|index| !(0..index).any(|earlier| alike(earlier, index)))
}

/// Drops the places of a style decision that are taken; false when the site has to go.
///
/// A glyph style goes whole: with some places left out a copy would mix straight and curly quotes.
fn settle(site: &mut Site, taken: &Taken) -> bool {
    let places = site.places.len();
    site.places.retain(|place| taken.overlap(&place.range).is_none());
    let may_lose_places = site.channel == Channel::Style && !site.is_typographic();
    !site.places.is_empty() && (may_lose_places || site.places.len() == places)
}

/// Disjoint ranges that belong to somebody: by their start, their end.
struct Taken(BTreeMap<usize, usize>);

impl Taken {
    /// What is protected counts as taken.
    fn new(protected: &[Range<usize>]) -> Self {
        let mut taken = BTreeMap::new();
        let mut reach = 0;
        let mut sorted = protected.to_vec();
        sorted.sort_by_key(|range| (range.start, range.end));
        for range in sorted {
            let start = range.start.max(reach);
            reach = reach.max(range.end);
            if start < reach {
                taken.insert(start, reach);
            }
        }
        Self(taken)
    }

    /// The taken range that shares a byte with `range`.
    fn overlap(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let (&start, &end) = self.0.range(..range.end).next_back()?;
        (end > range.start).then_some(start..end)
    }

    /// Takes the places of a site; none of them, and false, when two of them overlap.
    fn insert(&mut self, site: &Site) -> bool {
        for (count, place) in site.places.iter().enumerate() {
            if self.overlap(&place.range).is_some() {
                for earlier in &site.places[..count] {
                    self.0.remove(&earlier.range.start);
                }
                return false;
            }
            self.0.insert(place.range.start, place.range.end);
        }
        true
    }
}

/// The sites of which some variant cannot be written; `sites` do not overlap.
///
/// All are written together, and halves of them only where that fails, so a plan without such sites costs as many
/// edits as a site has variants.
fn unwritable(document: &Document, sites: &[&Site]) -> Vec<usize> {
    let most = sites.iter().map(|site| site.labels.len()).max().unwrap_or(0);
    let mut refused = Vec::new();
    for round in 1..most {
        let edits: Vec<(usize, Vec<Edit>)> = sites
            .iter()
            .enumerate()
            .filter(|(index, site)| round < site.labels.len() && !refused.contains(index))
            .map(|(index, site)| {
                let symbol = (usize::from(site.original) + round) % site.labels.len();
                (index, site.write(u8::try_from(symbol).unwrap_or(site.original)))
            })
            .collect();
        let mut pending = vec![edits.as_slice()];
        while let Some(part) = pending.pop() {
            let all: Vec<Edit> = part.iter().flat_map(|(_, edits)| edits.iter().cloned()).collect();
            if document.edit(&all).is_ok() {
                continue;
            }
            if let [(index, _)] = part {
                refused.push(*index);
            } else {
                let (left, right) = part.split_at(part.len() / 2);
                pending.extend([left, right]);
            }
        }
    }
    refused.sort_unstable();
    refused
}

#[cfg(test)]
mod tests;
