//! What a person is asked about a site.

use std::ops::Range;

use super::Session;
use crate::plan::Entry;

/// The most bytes of a sentence that are shown on either side of a place.
const CONTEXT_MAX: usize = 600;
/// The most bytes on either side of a further place of the same site.
const GLIMPSE: usize = 40;
/// How many further places are shown.
const GLIMPSES_MAX: usize = 3;

/// One site and what a person needs to judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question<'s> {
    /// Its number among the selected sites, from 1.
    pub number: usize,
    /// How many sites were selected.
    pub of: usize,
    /// The site, and whether it is on.
    pub entry: &'s Entry,
    /// Whether a person has decided about it before.
    pub reviewed: bool,
    /// Its first place in its sentence.
    pub here: Glimpse<'s>,
    /// Some of its further places, with a little around each.
    pub elsewhere: Vec<Glimpse<'s>>,
    /// How many further sites of its class are still to be asked about.
    pub alike: usize,
    /// The own wording of the sites that accepting it switches off.
    pub switches_off: Vec<&'s str>,
    /// Whether the site before it in the queue stands in the same sentence.
    pub same_sentence: bool,
}

/// A place and the text around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glimpse<'s> {
    /// The text before it.
    pub before: &'s str,
    /// The item's own text.
    pub own: &'s str,
    /// The text after it.
    pub after: &'s str,
    /// Whether text of the sentence was left out at the start and at the end.
    pub cut: (bool, bool),
    /// What stands there for each variant.
    pub forms: &'s [String],
}

impl<'s> Question<'s> {
    pub(super) fn of(session: &'s Session<'_>) -> Option<Self> {
        let id = *session.queue.get(session.at)?;
        let entry = session.file.entry(id)?;
        let (first, others) = entry.site.places.split_first()?;
        let glimpse = |range: &Range<usize>, forms: &'s [String], reach: usize| {
            let text = session.document.text();
            let sentence = session.sentence(range);
            let floor = sentence.start.max(range.start.saturating_sub(reach));
            let start = (floor..=range.start).find(|&at| text.is_char_boundary(at)).unwrap_or(range.start);
            let ceiling = sentence.end.min(range.end + reach);
            let end = (range.end..=ceiling).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(range.end);
            Glimpse {
                before: &text[start..range.start],
                own: &text[range.clone()],
                after: &text[range.end..end],
                cut: (start > sentence.start, end < sentence.end),
                forms,
            }
        };
        let text = session.document.text();
        let before = session.at.checked_sub(1).and_then(|at| session.file.entry(session.queue[at]));
        let before = before.and_then(|entry| entry.site.places.first());
        Some(Self {
            number: session.at + 1,
            of: session.queue.len(),
            entry,
            reviewed: session.file.reviewed(id),
            here: glimpse(&first.range, &first.forms, CONTEXT_MAX),
            elsewhere: others
                .iter()
                .take(GLIMPSES_MAX)
                .map(|place| glimpse(&place.range, &place.forms, GLIMPSE))
                .collect(),
            alike: session.alike(id).len().saturating_sub(1),
            switches_off: session
                .file
                .overlapped(id)
                .into_iter()
                .filter_map(|other| session.file.entry(other)?.site.places.first())
                .map(|place| &text[place.range.clone()])
                .collect(),
            same_sentence: before
                .is_some_and(|place| session.sentence(&place.range) == session.sentence(&first.range)),
        })
    }
}
