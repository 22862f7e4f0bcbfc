//! The bytes of sealed state: `bincode` 1.3.3, and nowhere else in the program.
//!
//! Integers are fixed-width little-endian, lengths u64, options one byte, so the bytes can be read with three lines
//! of any language. The layout is that of structs which only this module knows: no floats, no `usize`, no maps, and
//! names instead of enum numbers, so that adding a channel or a format moves nothing. What is read must be exactly
//! what would be written again. These bytes are sealed before they are stored and never signed.

use bincode::Options;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::channel::{Desk, Place, Site, VARIANTS_MAX, WEIGHT_TOTAL};
use crate::item::SOURCE_BYTES_MAX;

use super::item::ItemState;

/// The largest state that is written or read, in bytes: an original and plan at their limits and their sites.
pub const STATE_BYTES_MAX: u64 = 4 * SOURCE_BYTES_MAX as u64;

/// What [`Desk::strength`] is stored in: units of 1/10,000.
const STRENGTH_UNITS: u16 = 10_000;

/// Why state cannot be stored or read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// Cut short, too long, over the limit, or not what is written here.
    #[error("stored state cannot be read: {reason}")]
    Form {
        /// What is wrong.
        reason: String,
    },
    /// A site that breaks the rules of [`Site`].
    #[error("site {site}: {problem}")]
    Site {
        /// Its index.
        site: usize,
        /// What is wrong.
        problem: &'static str,
    },
}

#[derive(Serialize, Deserialize)]
struct StoredItem {
    original: Vec<u8>,
    format: String,
    title: String,
    file_name: String,
    plan_toml: String,
    coalition: u32,
    sites: Vec<StoredSite>,
}

#[derive(Serialize, Deserialize)]
struct StoredSite {
    channel: String,
    class: String,
    tier: String,
    labels: Vec<String>,
    weights: Vec<u32>,
    original: u8,
    places: Vec<StoredPlace>,
    desk: Option<StoredDesk>,
    fact: bool,
}

#[derive(Serialize, Deserialize)]
struct StoredPlace {
    start: u64,
    end: u64,
    forms: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredDesk {
    canonical: u8,
    strength: u16,
}

/// An item's state as bytes.
pub fn encode_item(item: &ItemState) -> Result<Zeroizing<Vec<u8>>, CodecError> {
    let sites = item.sites.iter().enumerate().map(|(index, site)| store_site(index, site));
    let stored = StoredItem {
        original: item.original.clone(),
        format: name_of(&item.format)?,
        title: item.title.clone(),
        file_name: item.file_name.clone(),
        plan_toml: item.plan_toml.clone(),
        coalition: item.coalition,
        sites: sites.collect::<Result<_, _>>()?,
    };
    encode(&stored)
}

/// An item's state from bytes; refuses anything [`encode_item`] would not have written.
pub fn decode_item(bytes: &[u8]) -> Result<ItemState, CodecError> {
    let stored: StoredItem = decode(bytes)?;
    let sites = stored.sites.into_iter().enumerate().map(|(index, site)| load_site(index, site));
    Ok(ItemState {
        original: stored.original,
        format: from_name(stored.format)?,
        title: stored.title,
        file_name: stored.file_name,
        plan_toml: stored.plan_toml,
        coalition: stored.coalition,
        sites: sites.collect::<Result<_, _>>()?,
    })
}

fn options() -> impl Options {
    bincode::DefaultOptions::new()
        .with_fixint_encoding()
        .with_little_endian()
        .with_limit(STATE_BYTES_MAX)
        .reject_trailing_bytes()
}

fn encode<T: Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>, CodecError> {
    options().serialize(value).map(Zeroizing::new).map_err(|e| form(e.to_string()))
}

fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let value: T = options().deserialize(bytes).map_err(|e| form(e.to_string()))?;
    // One state, one encoding: whatever the reader is lenient about is refused here.
    if **encode(&value)? == *bytes { Ok(value) } else { Err(form("it is not in canonical form".to_owned())) }
}

fn form(reason: String) -> CodecError {
    CodecError::Form { reason }
}

fn store_site(index: usize, site: &Site) -> Result<StoredSite, CodecError> {
    check_site(index, site)?;
    let desk = site.desk.map(|desk| {
        let strength = strength_units(desk.strength).ok_or(CodecError::Site {
            site: index,
            problem: "its desk's strength is not a multiple of 1/10,000 between 0 and 1",
        })?;
        Ok(StoredDesk { canonical: desk.canonical, strength })
    });
    Ok(StoredSite {
        channel: name_of(&site.channel)?,
        class: site.class.clone().into_owned(),
        tier: name_of(&site.tier)?,
        labels: site.labels.clone(),
        weights: site.weights.clone(),
        original: site.original,
        places: site
            .places
            .iter()
            .map(|place| StoredPlace {
                start: place.range.start as u64,
                end: place.range.end as u64,
                forms: place.forms.clone(),
            })
            .collect(),
        desk: desk.transpose()?,
        fact: site.fact,
    })
}

fn load_site(index: usize, stored: StoredSite) -> Result<Site, CodecError> {
    let offset = |at: u64| usize::try_from(at).map_err(|_| form(format!("offset {at}")));
    let places = stored
        .places
        .into_iter()
        .map(|place| Ok(Place { range: offset(place.start)?..offset(place.end)?, forms: place.forms }));
    let desk = stored.desk.map(|desk| {
        if desk.strength > STRENGTH_UNITS {
            return Err(form(format!("strength {}", desk.strength)));
        }
        let strength = f64::from(desk.strength) / f64::from(STRENGTH_UNITS);
        Ok(Desk { canonical: desk.canonical, strength })
    });
    let site = Site {
        channel: from_name(stored.channel)?,
        class: stored.class.into(),
        tier: from_name(stored.tier)?,
        labels: stored.labels,
        weights: stored.weights,
        original: stored.original,
        places: places.collect::<Result<_, _>>()?,
        desk: desk.transpose()?,
        fact: stored.fact,
    };
    check_site(index, &site)?;
    Ok(site)
}

/// The number of units that divides back to exactly this strength.
///
/// Every decimal fraction of up to four places is the f64 nearest to units / 10,000, which is what division gives.
fn strength_units(strength: f64) -> Option<u16> {
    let fraction = |units: u16| f64::from(units) / f64::from(STRENGTH_UNITS);
    let (mut low, mut high) = (0, STRENGTH_UNITS);
    while low < high {
        let middle = u16::midpoint(low, high);
        if fraction(middle) < strength { low = middle + 1 } else { high = middle }
    }
    fraction(low).total_cmp(&strength).is_eq().then_some(low)
}

/// The rules of [`Site`] on which its methods rely.
fn check_site(index: usize, site: &Site) -> Result<(), CodecError> {
    let variants = site.labels.len();
    let problem = if !(2..=VARIANTS_MAX).contains(&variants) {
        "it has fewer than 2 or more than 16 variants"
    } else if site.weights.len() != variants || site.places.iter().any(|place| place.forms.len() != variants)
    {
        "its weights or forms are not as many as its variants"
    } else if usize::from(site.original) >= variants
        || site.desk.is_some_and(|desk| usize::from(desk.canonical) >= variants)
    {
        "it names a variant that it does not have"
    } else if site.weights.contains(&0)
        || site.weights.iter().map(|&weight| u64::from(weight)).sum::<u64>() != u64::from(WEIGHT_TOTAL)
    {
        "its weights are not positive or do not add up"
    } else if site.places.is_empty() || site.places.iter().any(|place| place.range.is_empty()) {
        "it has no place, or an empty one"
    } else {
        return Ok(());
    };
    Err(CodecError::Site { site: index, problem })
}

/// An enum variant by the name serde gives it.
pub(super) fn name_of<T: Serialize>(value: &T) -> Result<String, CodecError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(form("a variant without a name".to_owned())),
    }
}

fn from_name<T: DeserializeOwned>(name: String) -> Result<T, CodecError> {
    serde_json::from_value(name.into()).map_err(|e| form(e.to_string()))
}

#[cfg(test)]
pub(super) mod tests;
