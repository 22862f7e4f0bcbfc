//! A person decides about the sites of a plan, one by one.
//!
//! A [`Session`] holds the queue of sites, takes one [`Answer`] at a time and writes what it means into the plan's
//! file. It asks [`Question`]s and shows nothing: whoever holds the terminal and the file does that, and keeps
//! [`Session::text`] after every answer.

mod question;
mod tally;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::channel::{Channel, Site, Tier};
use crate::item::Document;
use crate::plan::{Change, Plan, PlanFile, Problem, Revision, SiteId, sentences};

pub use question::{Glimpse, Question};
pub use tally::Tally;

/// Which sites a review is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Also those that have been decided.
    pub all: bool,
    /// Those of these tiers; of every tier where it is empty.
    pub tiers: Vec<Tier>,
    /// Those of these channels; of every channel where it is empty.
    pub channels: Vec<Channel>,
    /// Those of these classes; of every class where it is empty.
    pub classes: Vec<String>,
}

/// What a person may answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The site may be used.
    Accept,
    /// The site may not be used.
    Reject,
    /// All sites of this class that are still to be decided may be used.
    AcceptClass,
    /// None of them may.
    RejectClass,
    /// The variants are not right yet; the question stays.
    Revise(Revision),
    /// The words, or else the whole sentence, must not change.
    Protect(Option<String>),
    /// Takes back the last answer of this session.
    Undo,
    /// Goes back by one site without changing anything.
    Back,
    /// Leaves the site for another time.
    Skip,
}

/// What an answer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Sites were decided.
    Decided {
        /// Whether they may be used.
        on: bool,
        /// How many.
        sites: usize,
        /// How many were switched off, because they overlap those.
        switched_off: usize,
        /// How many could not be switched on.
        refused: usize,
    },
    /// The site has other variants.
    Revised,
    /// A passage is protected.
    Protected {
        /// How many sites were switched off for it.
        switched_off: usize,
    },
    /// The last answer was taken back.
    Undone,
    /// Another site is asked about.
    Moved,
}

impl Effect {
    /// Whether the plan's file is another one now.
    pub fn changes_plan(self) -> bool {
        !matches!(self, Self::Moved)
    }
}

/// Why an answer cannot be taken; nothing has changed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// What it asks of the plan cannot be.
    #[error(transparent)]
    Plan(#[from] Problem),
    /// No answer of this session is left.
    #[error("there is no answer of this session to take back")]
    NothingToUndo,
    /// The first site is being asked about.
    #[error("this is the first site")]
    First,
    /// No site is being asked about.
    #[error("every site has been asked about")]
    Over,
    /// The words to protect are not in the paragraph.
    #[error("{words:?} does not stand in this paragraph")]
    NotHere {
        /// The words.
        words: String,
    },
}

/// An answer that can be taken back.
#[derive(Clone, Debug)]
struct Step {
    deed: Deed,
    changes: Vec<Change>,
    /// Where in the queue it was given.
    at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Decided { on: bool, sites: Vec<SiteId> },
    Edited,
    Added,
    Dropped,
    Protected,
}

/// A review under way.
#[derive(Clone, Debug)]
pub struct Session<'d> {
    document: &'d Document,
    file: PlanFile,
    sentences: Vec<Range<usize>>,
    /// The sites that were selected, whether decided or not.
    queue: Vec<SiteId>,
    /// Which of them is being asked about; past the end when the review is over.
    at: usize,
    history: Vec<Step>,
    /// How often each site was decided in this session.
    answered: BTreeMap<SiteId, usize>,
    all: bool,
}

impl<'d> Session<'d> {
    /// Begins with the first selected site that is not decided yet, in document order.
    ///
    /// Of sites that begin at the same place the longer one comes first, so that accepting a whole sentence spares
    /// the questions about its words.
    pub fn new(document: &'d Document, file: PlanFile, selection: &Selection) -> Self {
        let mut queue: Vec<(usize, std::cmp::Reverse<usize>, SiteId)> = file
            .ids()
            .filter_map(|id| {
                let site = &file.entry(id)?.site;
                let first = site.places.first()?;
                let wanted = selection.wants(site);
                wanted.then_some((first.range.start, std::cmp::Reverse(first.range.end), id))
            })
            .collect();
        queue.sort_unstable();
        let mut session = Self {
            document,
            sentences: sentences(document),
            file,
            queue: queue.into_iter().map(|(_, _, id)| id).collect(),
            at: 0,
            history: Vec::new(),
            answered: BTreeMap::new(),
            all: selection.all,
        };
        session.at = session.next_from(0);
        session
    }

    /// The plan as it is now.
    pub fn plan(&self) -> &Plan {
        self.file.plan()
    }

    /// The plan's file as it is now.
    pub fn text(&self) -> String {
        self.file.text()
    }

    /// What is asked now; nothing when every selected site has been asked about.
    pub fn question(&self) -> Option<Question<'_>> {
        Question::of(self)
    }

    /// Takes an answer.
    pub fn answer(&mut self, answer: &Answer) -> Result<Effect, Refusal> {
        let current = self.queue.get(self.at).copied();
        match answer {
            Answer::Undo => self.undo(),
            Answer::Back => {
                self.at = self.at.min(self.queue.len()).checked_sub(1).ok_or(Refusal::First)?;
                Ok(Effect::Moved)
            }
            Answer::Skip => {
                current.ok_or(Refusal::Over)?;
                self.at = self.next_from(self.at + 1);
                Ok(Effect::Moved)
            }
            Answer::Accept | Answer::Reject => {
                let id = current.ok_or(Refusal::Over)?;
                let on = *answer == Answer::Accept;
                let change = self.file.decide(self.document, id, on)?;
                Ok(self.decided(on, vec![id], vec![change], 0))
            }
            Answer::AcceptClass | Answer::RejectClass => {
                self.decide_class(current.ok_or(Refusal::Over)?, *answer == Answer::AcceptClass)
            }
            Answer::Revise(revision) => {
                let change = self.file.revise(self.document, current.ok_or(Refusal::Over)?, revision)?;
                let deed = match revision {
                    Revision::Edit { .. } => Deed::Edited,
                    Revision::Add { .. } => Deed::Added,
                    Revision::Drop { .. } => Deed::Dropped,
                };
                self.push(deed, vec![change]);
                Ok(Effect::Revised)
            }
            Answer::Protect(words) => {
                let id = current.ok_or(Refusal::Over)?;
                let range = self.passage(id, words.as_deref())?;
                let change = self.file.protect(self.document, &range)?;
                let switched_off = change.switched_off().len();
                self.push(Deed::Protected, vec![change]);
                if !self.is_pending(id) || !self.file.entry(id).is_some_and(|entry| entry.on) {
                    self.at = self.next_from(self.at);
                }
                Ok(Effect::Protected { switched_off })
            }
        }
    }

    /// Whether a site still has to be asked about.
    fn is_pending(&self, id: SiteId) -> bool {
        !self.answered.contains_key(&id) && (self.all || !self.file.reviewed(id))
    }

    fn next_from(&self, from: usize) -> usize {
        let after = self.queue.iter().enumerate().skip(from);
        after.filter(|(_, id)| self.is_pending(**id)).map(|(at, _)| at).next().unwrap_or(self.queue.len())
    }

    fn decide_class(&mut self, current: SiteId, on: bool) -> Result<Effect, Refusal> {
        let alike = self.alike(current);
        let (mut sites, mut changes, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for id in alike {
            // An earlier one of the class may have decided it, by overlapping it.
            let settled = |change: &Change| change.switched_off().contains(&id);
            if changes.iter().any(settled) {
                continue;
            }
            match self.file.decide(self.document, id, on) {
                Ok(change) => {
                    sites.push(id);
                    changes.push(change);
                }
                Err(problem) => refused.push(problem),
            }
        }
        match refused.pop() {
            Some(problem) if sites.is_empty() => Err(problem.into()),
            last => {
                let refused = refused.len() + usize::from(last.is_some());
                Ok(self.decided(on, sites, changes, refused))
            }
        }
    }

    /// The site itself and those of its class that are still to be asked about.
    fn alike(&self, current: SiteId) -> Vec<SiteId> {
        let kind = |id: SiteId| self.file.entry(id).map(|entry| (entry.site.channel, &entry.site.class));
        let wanted = kind(current);
        let alike = |id: &SiteId| *id == current || (kind(*id) == wanted && self.is_pending(*id));
        self.queue.iter().copied().filter(alike).collect()
    }

    fn decided(&mut self, on: bool, sites: Vec<SiteId>, changes: Vec<Change>, refused: usize) -> Effect {
        let switched_off = changes.iter().map(|change| change.switched_off().len()).sum();
        let effect = Effect::Decided { on, sites: sites.len(), switched_off, refused };
        self.push(Deed::Decided { on, sites }, changes);
        self.at = self.next_from(self.at + 1);
        effect
    }

    fn push(&mut self, deed: Deed, changes: Vec<Change>) {
        let step = Step { deed, changes, at: self.at };
        for id in step.sites() {
            *self.answered.entry(id).or_default() += 1;
        }
        self.history.push(step);
    }

    fn undo(&mut self) -> Result<Effect, Refusal> {
        let step = self.history.pop().ok_or(Refusal::NothingToUndo)?;
        for id in step.sites() {
            if let Some(count) = self.answered.get_mut(&id) {
                *count -= 1;
                if *count == 0 {
                    self.answered.remove(&id);
                }
            }
        }
        for change in step.changes.into_iter().rev() {
            self.file.undo(change);
        }
        self.at = step.at;
        Ok(Effect::Undone)
    }

    /// The range that a person means by some words of a site's sentence.
    fn passage(&self, id: SiteId, words: Option<&str>) -> Result<Range<usize>, Refusal> {
        let place = self.file.entry(id).and_then(|entry| entry.site.places.first());
        let place = place.map(|place| place.range.clone()).ok_or(Refusal::Over)?;
        let sentence = self.sentence(&place);
        let Some(words) = words else { return Ok(sentence) };
        // A line may break between any two words; both blanks are one byte.
        let flat = |text: &str| text.replace(['\n', '\t'], " ");
        let wanted = flat(words.trim());
        let block = self.document.block_at(place.start).map_or(sentence.clone(), |block| block.range.clone());
        let found = [sentence, block].into_iter().find_map(|within| {
            let text = flat(&self.document.text()[within.clone()]);
            let mut places: Vec<Range<usize>> = text
                .match_indices(&wanted)
                .map(|(at, _)| within.start + at..within.start + at + wanted.len())
                .collect();
            // Of several the one that is being asked about.
            places.sort_by_key(|range| !(range.start < place.end && place.start < range.end));
            places.into_iter().next()
        });
        found
            .filter(|range| !range.is_empty())
            .ok_or_else(|| Refusal::NotHere { words: words.trim().to_owned() })
    }

    /// The sentence around a place, or all sentences that it touches.
    fn sentence(&self, place: &Range<usize>) -> Range<usize> {
        let first = self.sentences.partition_point(|sentence| sentence.end <= place.start);
        let after = self.sentences.partition_point(|sentence| sentence.start < place.end);
        let touched = self.sentences.get(first..after).unwrap_or_default();
        let start = touched.first().map_or(place.start, |sentence| sentence.start.min(place.start));
        let end = touched.last().map_or(place.end, |sentence| sentence.end.max(place.end));
        start..end
    }
}

impl Step {
    /// The sites that it decided, and those that were switched off for them.
    fn sites(&self) -> Vec<SiteId> {
        let about = match &self.deed {
            Deed::Decided { sites, .. } => sites.as_slice(),
            _ => &[],
        };
        let off = self.changes.iter().flat_map(Change::switched_off);
        about.iter().chain(off).copied().collect()
    }
}

impl Selection {
    fn wants(&self, site: &Site) -> bool {
        (self.tiers.is_empty() || self.tiers.contains(&site.tier))
            && (self.channels.is_empty() || self.channels.contains(&site.channel))
            && (self.classes.is_empty() || self.classes.iter().any(|class| *class == site.class))
    }
}

#[cfg(test)]
mod tests;
