//! Variants the originator wrote or approved.

use super::{Reading, Seen, Site, reading};

pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}
