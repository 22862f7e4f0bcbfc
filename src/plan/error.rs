//! What can be wrong with a plan file, and the line it stands on.

use crate::channel::authored;

/// The largest plan file that is read, in bytes.
pub const PLAN_BYTES_MAX: usize = 32 << 20;

/// The largest number of sites in a plan file.
pub const SITES_MAX: usize = 50_000;

/// A mistake in a plan file.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct PlanError {
    /// Line of the plan file, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a plan file.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Larger than [`PLAN_BYTES_MAX`].
    #[error("the plan has {bytes} bytes, more than the {PLAN_BYTES_MAX} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More than [`SITES_MAX`].
    #[error("{count} sites, more than {SITES_MAX}")]
    TooManySites {
        /// How many there are.
        count: usize,
    },
    /// Not TOML, or a field that plans do not have.
    #[error("{message}")]
    Syntax {
        /// The reader's own words.
        message: String,
    },
    /// A version this program does not know.
    #[error("plan version {version} is not known, only 1 is")]
    Version {
        /// The version.
        version: i64,
    },
    /// Made for another file, or the file has changed since.
    #[error("the plan is for the item with SHA-256 {planned}, and this item has {found}")]
    Item {
        /// The digest in the plan.
        planned: String,
        /// The item's digest.
        found: String,
    },
    /// No text in double brackets.
    #[error("anchor {anchor:?} has no text in [[double brackets]]")]
    Brackets {
        /// The anchor.
        anchor: String,
    },
    /// An anchor that matches nowhere.
    #[error("anchor {anchor:?} occurs nowhere in the item")]
    Nowhere {
        /// The anchor.
        anchor: String,
    },
    /// An anchor that matches more than once.
    #[error("anchor {anchor:?} occurs more than once in the item; quote more of its sentence")]
    Ambiguous {
        /// The anchor.
        anchor: String,
    },
    /// Neither `anchor` and `variants` nor `places`, or both.
    #[error("a site has either 'anchor' and 'variants', or 'places'")]
    Shape,
    /// A number of variants outside 2..=16, or lists of different lengths.
    #[error("{what} has {found} entries and needs {needed}")]
    Count {
        /// Which list.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it needs.
        needed: String,
    },
    /// No variant is the text in the brackets.
    #[error("none of the variants is the item's own text {text:?}")]
    OriginalMissing {
        /// The text in the brackets.
        text: String,
    },
    /// Two variants or labels are the same.
    #[error("{text:?} stands there twice")]
    Duplicate {
        /// The text.
        text: String,
    },
    /// A variant that looks like another one.
    #[error("{text:?} differs from another variant only in characters that show nothing")]
    Unseen {
        /// The variant.
        text: String,
    },
    /// A variant longer than [`authored::VARIANT_BYTES_MAX`].
    #[error("a variant of {bytes} bytes, more than {}", authored::VARIANT_BYTES_MAX)]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Percentages that are not positive or do not add up to 100.
    #[error("'percent' must hold positive numbers that add up to 100")]
    Percent,
    /// A `desk` whose variant does not exist or whose strength is not from 0 to 1.
    #[error("'desk' needs a variant from 1 to the number of variants and a strength from 0 to 1")]
    Desk,
    /// The place holds code, an address or other fixed text, or spans paragraphs.
    #[error("the text {text:?} cannot be changed in this file")]
    Fixed {
        /// The text.
        text: String,
    },
    /// A variant cannot be written.
    #[error("a variant of the site at {text:?} cannot be written in this file")]
    Unwritable {
        /// The item's own text there.
        text: String,
    },
    /// Two sites that are on share text.
    #[error("the site at {text:?} overlaps another site that is on")]
    Overlap {
        /// The item's own text there.
        text: String,
    },
    /// A protected text that occurs nowhere.
    #[error("the protected text {text:?} occurs nowhere in the item")]
    ProtectNowhere {
        /// The text.
        text: String,
    },
    /// A site that cannot be switched on, because a protected passage shares text with it.
    #[error("{text:?} lies in a protected passage")]
    Protected {
        /// The item's own text there.
        text: String,
    },
    /// The variant of a site that is the item's own, which stays as it is.
    #[error("{text:?} is the item's own wording")]
    Own {
        /// The item's own text there.
        text: String,
    },
    /// A number that no variant has.
    #[error("there is no variant {number}")]
    NoVariant {
        /// The number, from 1.
        number: usize,
    },
    /// A choice that is written differently in its several places.
    #[error("the site is written differently in its {places} places")]
    Linked {
        /// How many places it has.
        places: usize,
    },
}
