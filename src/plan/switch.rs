//! Switching entries on and off: what is on never overlaps.

use super::error::Problem;
use super::{Plan, Taken, file, unwritable};
use crate::channel::Site;
use crate::item::Document;

impl Plan {
    /// The entries that are on and share text with entry `index`: those that switching it on switches off.
    ///
    /// In document order; empty when there is no such entry.
    pub fn overlapped(&self, index: usize) -> Vec<usize> {
        let Some(entry) = self.entries.get(index) else { return Vec::new() };
        let mut taken = Taken::new(&[]);
        if !taken.insert(&entry.site) {
            return Vec::new();
        }
        let meets = |site: &Site| site.places.iter().any(|place| taken.overlap(&place.range).is_some());
        let others = self.entries.iter().enumerate();
        others
            .filter(|(other, entry)| *other != index && entry.on && meets(&entry.site))
            .map(|(other, _)| other)
            .collect()
    }

    /// Switches entry `index` on or off; the result are the entries that had to be switched off for it.
    ///
    /// An entry that is off may overlap entries that are on, such as a whole sentence over its words: switching it
    /// on switches those off. Refused, with nothing changed, is an entry that shares text with a protected passage
    /// or of which some variant cannot be written. There is nothing to switch where there is no entry `index`.
    pub fn switch(&mut self, document: &Document, index: usize, on: bool) -> Result<Vec<usize>, Problem> {
        let Some(entry) = self.entries.get(index) else { return Ok(Vec::new()) };
        if !on {
            self.entries[index].on = false;
            return Ok(Vec::new());
        }
        let text = || file::own_text(document, &entry.site);
        let shelter = Taken::new(&self.protected);
        if entry.site.places.iter().any(|place| shelter.overlap(&place.range).is_some()) {
            return Err(Problem::Protected { text: text() });
        }
        if !Taken::new(&[]).insert(&entry.site) {
            return Err(Problem::Overlap { text: text() });
        }
        if !unwritable(document, &[&entry.site]).is_empty() {
            return Err(Problem::Unwritable { text: text() });
        }
        let off = self.overlapped(index);
        for &other in &off {
            self.entries[other].on = false;
        }
        self.entries[index].on = true;
        Ok(off)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::channel::{Channel, Place, Tier, equal_weights};
    use crate::item::Format;
    use crate::plan::Entry;

    const TEXT: &str = "aa bb cc dd ee ff gg hh ii jj kk ll";

    fn entry(places: &[(usize, usize)], on: bool) -> Entry {
        let places: Vec<Place> = places
            .iter()
            .map(|&(first, last)| {
                let range = first * 3..last * 3 + 2;
                let own = TEXT[range.clone()].to_owned();
                Place { range, forms: vec![own, "x".into()] }
            })
            .collect();
        let site = Site {
            channel: Channel::Authored,
            class: Cow::Borrowed("test"),
            tier: Tier::Strict,
            labels: vec!["a".into(), "b".into()],
            weights: equal_weights(2),
            original: 0,
            places,
            desk: None,
            fact: false,
        };
        Entry { site, on, source: None }
    }

    fn plan(entries: Vec<Entry>, protected: Vec<std::ops::Range<usize>>) -> (Document, Plan) {
        let document = Document::read(Format::Text, TEXT.as_bytes()).unwrap();
        (document, Plan { item: String::new(), entries, protected })
    }

    #[test]
    fn a_sentence_switches_its_words_off() {
        let entries = vec![
            entry(&[(0, 5)], false),
            entry(&[(1, 1)], true),
            entry(&[(2, 2)], false),
            entry(&[(4, 4), (9, 9)], true),
            entry(&[(6, 6)], true),
        ];
        let (document, mut plan) = plan(entries, Vec::new());
        assert_eq!(plan.overlapped(0), [1, 3]);
        assert_eq!(plan.switch(&document, 0, true), Ok(vec![1, 3]));
        let on = |plan: &Plan| plan.entries.iter().map(|entry| entry.on).collect::<Vec<_>>();
        assert_eq!(on(&plan), [true, false, false, false, true]);
        assert_eq!(plan.switch(&document, 2, true), Ok(vec![0]));
        assert_eq!(plan.switch(&document, 2, false), Ok(vec![]));
        assert_eq!(on(&plan), [false, false, false, false, true]);
        assert_eq!(plan.switch(&document, 99, true), Ok(vec![]));
    }

    #[test]
    #[expect(clippy::single_range_in_vec_init, reason = "one protected passage")]
    fn what_must_not_be_on_stays_off() {
        let overlapping = entry(&[(6, 7), (7, 8)], false);
        let (document, mut plan) = plan(vec![entry(&[(1, 2)], false), overlapping], vec![7..10]);
        let before = plan.clone();
        assert_eq!(plan.switch(&document, 0, true), Err(Problem::Protected { text: "bb cc".into() }));
        assert!(matches!(plan.switch(&document, 1, true), Err(Problem::Overlap { .. })));
        plan.protected.clear();
        plan.entries[0].site.places[0].forms[1] = "two\nlines".into();
        assert!(matches!(plan.switch(&document, 0, true), Err(Problem::Unwritable { .. })));
        assert!(plan.entries == [entry_with(&before.entries[0], "two\nlines"), before.entries[1].clone()]);
    }

    fn entry_with(entry: &Entry, form: &str) -> Entry {
        let mut entry = entry.clone();
        entry.site.places[0].forms[1] = form.into();
        entry
    }

    proptest! {
        #[test]
        fn what_is_on_never_overlaps(
            spans in prop::collection::vec((0_usize..12, 0_usize..4, prop::option::of(0_usize..12)), 1..8),
            moves in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..20),
        ) {
            let entries = spans
                .iter()
                .map(|&(first, length, second)| {
                    let mut places = vec![(first, (first + length).min(11))];
                    places.extend(second.map(|at| (at, at)));
                    places.sort_unstable();
                    entry(&places, false)
                })
                .collect();
            let (document, mut plan) = plan(entries, Vec::new());
            for (index, on) in moves {
                let index = index.index(plan.entries.len());
                let before = plan.clone();
                if let Ok(off) = plan.switch(&document, index, on) {
                    prop_assert!(plan.entries[index].on == on);
                    for other in (0..plan.entries.len()).filter(|&other| other != index) {
                        let kept = before.entries[other].on && !off.contains(&other);
                        prop_assert_eq!(plan.entries[other].on, kept);
                    }
                } else {
                    prop_assert_eq!(&plan, &before);
                }
                let mut taken = Taken::new(&[]);
                prop_assert!(plan.entries.iter().filter(|entry| entry.on).all(|entry| taken.insert(&entry.site)));
            }
        }
    }
}
