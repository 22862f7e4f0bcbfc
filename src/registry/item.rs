//! What is kept of an item.

use std::fmt;
use std::ops::Deref;

use crate::channel::Site;
use crate::item::Format;
use crate::trust::{Digest, Timestamp};

/// The name of an item: 32 lowercase hexadecimal digits.
///
/// See [`item_id`] for how it is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ItemId(String);

/// Everything that is needed to write an item's copies again and to trace them.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemState {
    /// The original file, unchanged.
    pub original: Vec<u8>,
    /// How it is read.
    pub format: Format,
    /// What it is called in records and reports.
    pub title: String,
    /// The name of the original file, without folders.
    pub file_name: String,
    /// The plan as it was used.
    pub plan_toml: String,
    /// The sites with the weights that the codebook uses.
    pub sites: Vec<Site>,
    /// The coalition the weights are made for.
    pub coalition: u32,
}

/// An item in a list, readable without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemSummary {
    /// Its id.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// Its format's name.
    pub format: String,
    /// SHA-256 of the original.
    pub sha256: Digest,
    /// How many sites it has.
    pub sites: u64,
    /// How many copies were issued.
    pub issued: u64,
    /// How many copies are reserved and not yet issued.
    pub pending: u64,
    /// When it was registered.
    pub created: Timestamp,
}

/// The id of an item: the first 16 bytes of SHA-256(`"dyetrace/item/v1"` ‖ 0 ‖ SHA-256(original) ‖ SHA-256(plan)).
///
/// The plan is part of it: the same text under another plan has other sites, so its copies are another item's.
pub fn item_id(original: &[u8], plan_toml: &str) -> ItemId {
    let digest = Digest::of_parts(&[
        b"dyetrace/item/v1\0",
        Digest::of(original).as_bytes(),
        Digest::of(plan_toml.as_bytes()).as_bytes(),
    ]);
    ItemId(digest.to_string()[..32].to_owned())
}

impl ItemId {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_stored(text: String) -> Self {
        Self(text)
    }
}

impl Deref for ItemId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ItemState {
    /// The item's id.
    pub fn id(&self) -> ItemId {
        item_id(&self.original, &self.plan_toml)
    }

    /// SHA-256 of the original.
    pub fn sha256(&self) -> Digest {
        Digest::of(&self.original)
    }

    /// SHA-256 of the plan.
    pub fn plan_sha256(&self) -> Digest {
        Digest::of(self.plan_toml.as_bytes())
    }
}
