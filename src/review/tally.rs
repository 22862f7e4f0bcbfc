//! What a session came to.

use std::collections::BTreeMap;

use super::{Deed, Session};
use crate::plan::SiteId;

/// What a session came to; answers that were taken back do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sites that a person accepted.
    pub accepted: usize,
    /// Sites that a person rejected.
    pub rejected: usize,
    /// Variants that were given other words.
    pub edited: usize,
    /// Variants that were added.
    pub added: usize,
    /// Variants that were struck.
    pub dropped: usize,
    /// Passages that were protected.
    pub protected: usize,
    /// Sites that were switched off because they overlap an accepted one or a protected passage.
    pub switched_off: usize,
    /// Selected sites that are still to be decided.
    pub left: usize,
    /// Sites of the whole plan that are still to be decided.
    pub left_in_plan: usize,
    /// Sites of the whole plan.
    pub sites: usize,
    /// Those of them that are on.
    pub on: usize,
}

impl Session<'_> {
    /// What this session came to so far.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        let mut last: BTreeMap<SiteId, Option<bool>> = BTreeMap::new();
        for step in &self.history {
            for change in &step.changes {
                last.extend(change.switched_off().iter().map(|&id| (id, None)));
            }
            match &step.deed {
                Deed::Decided { on, sites } => last.extend(sites.iter().map(|&id| (id, Some(*on)))),
                Deed::Edited => tally.edited += 1,
                Deed::Added => tally.added += 1,
                Deed::Dropped => tally.dropped += 1,
                Deed::Protected => tally.protected += 1,
            }
        }
        let count = |what| last.values().filter(|&&decision| decision == what).count();
        (tally.accepted, tally.rejected) = (count(Some(true)), count(Some(false)));
        tally.switched_off = count(None);
        tally.left = self.queue.iter().filter(|&&id| !self.file.reviewed(id)).count();
        tally.left_in_plan = self.file.ids().filter(|&id| !self.file.reviewed(id)).count();
        tally.sites = self.plan().entries.len();
        tally.on = self.plan().entries.iter().filter(|entry| entry.on).count();
        tally
    }
}
