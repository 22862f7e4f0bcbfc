//! A trace against a registry: which of its items, and whose copies.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::fact;
use crate::issue::Edition;
use crate::leak::{Fit, Fragment};
use crate::outbox::{self, OutboxError, Registered};
use crate::registry::{CopyRow, Registry, RegistryError};
use crate::trace;
use crate::tracer::{self, Prepared, Trace};
use crate::verdict::Alpha;

/// How many items are looked at closely when none is named.
const ITEMS_USUAL: usize = 8;

/// How many there may be when they share about as many shingles with the fragments as the best: one text issued under
/// several plans.
const ITEMS_MAX: usize = 64;

/// A trace and the records it speaks of.
#[derive(Debug)]
pub struct Inquiry {
    /// What was found.
    pub trace: Trace,
    /// The copies of the trace's item, by number; empty when no item was found.
    pub copies: Vec<CopyRow>,
}

/// Why fragments cannot be traced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InquiryError {
    /// The registry refused.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A registered item cannot be prepared.
    #[error("item {item} cannot be prepared")]
    Item {
        /// The item.
        item: String,
        /// Why.
        source: Box<OutboxError>,
    },
    /// Several items begin with the given digits.
    #[error("{prefix:?} is the beginning of several items' ids")]
    Ambiguous {
        /// The digits.
        prefix: String,
    },
}

/// Traces fragments against one item (named by its id or the beginning of it), or against the whole registry.
///
/// The registry's secret must be unlocked. Copies whose issue was interrupted count as issued: their files may have
/// left the folder.
pub fn run(
    registry: &Registry,
    fragments: &[Fragment],
    item: Option<&str>,
    alpha: Alpha,
) -> Result<Inquiry, InquiryError> {
    let ids = match item {
        Some(prefix) => vec![named(registry, prefix)?],
        None => likely(registry, fragments)?,
    };
    let mut items = Vec::with_capacity(ids.len());
    for id in &ids {
        let registered = load(registry, id)?;
        let copies = registry.copies(id)?.into_iter().map(|row| row.copy).collect();
        items.push(Prepared::new(id.clone(), registered.state.title, registered.edition, copies));
    }
    let trace = tracer::trace(&items, fragments, alpha);
    let copies = match &trace.item {
        Some(item) => registry.copies(&item.id)?,
        None => Vec::new(),
    };
    Ok(Inquiry { trace, copies })
}

/// Says how well a text fits the registry's items, for choosing among several readings of one picture.
///
/// It looks at items with all their variants alike, so no choice made by it depends on a codeword.
#[derive(Debug)]
pub struct Judge<'r> {
    registry: &'r Registry,
    item: Option<&'r str>,
    /// The items that were looked at so far.
    known: BTreeMap<String, Edition>,
}

impl<'r> Judge<'r> {
    /// A judge for one item (named as for [`run`]), or for the whole registry, whose secret must be unlocked.
    pub fn new(registry: &'r Registry, item: Option<&'r str>) -> Self {
        Self { registry, item, known: BTreeMap::new() }
    }

    /// How well a text fits the item that it fits best.
    pub fn fit(&mut self, text: &str) -> Result<Fit, InquiryError> {
        let fragment = [Fragment::from_text("", text)];
        let ids = match self.item {
            Some(prefix) => vec![named(self.registry, prefix)?],
            None => likely(self.registry, &fragment)?,
        };
        let mut best = Fit::default();
        for id in ids {
            let edition = match self.known.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let edition = load(self.registry, new.key())?.edition;
                    new.insert(edition)
                }
            };
            let seen = trace::observe(edition.lattice(), &fragment[0]);
            if seen.score > best.gain {
                best = Fit { gain: seen.score, aligned: seen.aligned };
            }
        }
        Ok(best)
    }
}

fn load(registry: &Registry, id: &str) -> Result<Registered, InquiryError> {
    outbox::load(registry, id)
        .map_err(|source| InquiryError::Item { item: id.to_owned(), source: Box::new(source) })
}

fn named(registry: &Registry, prefix: &str) -> Result<String, InquiryError> {
    let found = registry.items_by_prefix(&prefix.to_ascii_lowercase(), 2)?;
    match found.as_slice() {
        [] => Err(RegistryError::NoItem { id: prefix.to_owned() }.into()),
        [one] => Ok(one.as_str().to_owned()),
        _ => Err(InquiryError::Ambiguous { prefix: prefix.to_owned() }),
    }
}

/// The items that share most shingles with the fragments, and those whose names and amounts they hold.
fn likely(registry: &Registry, fragments: &[Fragment]) -> Result<Vec<String>, InquiryError> {
    let key = registry.index_key()?;
    let mut hashes: Vec<u64> =
        fragments.iter().flat_map(|fragment| trace::fragment_shingles(fragment, &key)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    let shared = registry.items_sharing(&hashes, ITEMS_MAX)?;
    let best = shared.first().map_or(0, |&(_, count)| count);
    let near = shared.into_iter().enumerate().filter(|&(rank, (_, count))| {
        rank < ITEMS_USUAL || count.saturating_mul(10) >= best.saturating_mul(9)
    });
    let mut ids: Vec<String> = near.map(|(_, (id, _))| id.as_str().to_owned()).collect();
    // A text retold shares no more pairs of words with its item than with any other, so these are asked always.
    let mut terms: Vec<u64> =
        fragments.iter().flat_map(|fragment| fact::fragment_terms(fragment, &key)).collect();
    terms.sort_unstable();
    terms.dedup();
    for id in registry.items_naming(&terms, ITEMS_USUAL)? {
        if !ids.iter().any(|known| *known == *id.as_str()) {
            ids.push(id.as_str().to_owned());
        }
    }
    Ok(ids)
}
