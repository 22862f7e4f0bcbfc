//! Curated alternations in context: "which" / "that", "for example" / "for instance", a full stop or a semicolon.
//!
//! Function words, connectives and punctuation that the language itself leaves open; never a thesaurus. Most are
//! lines of data (`rules/`), those that need more than a phrase have a small file each.

mod aside;
mod boundary;
mod comma;
mod complement;
mod coordination;
mod equals;
mod guard;
mod moves;
mod pairs;
mod participle;
mod pause;
mod phrase;
mod position;
mod proposal;
mod relative;
mod rule;
mod view;
mod zero;

use super::{Place, Reading, Seen, Site, Tier, reading};
use crate::language::Analysis;
use proposal::{Candidate, Proposal};
use view::{Sentence, View};

/// Every wording site of an item, disjoint, in document order of their first place.
pub(super) fn find(analysis: &Analysis<'_>) -> Vec<Site> {
    let view = View::new(analysis);
    let sentences = view.sentences();
    let mut moved = moves::Moves::default();
    for (index, sentence) in sentences.iter().enumerate() {
        moved.find(&view, sentence, sentences.get(index + 1).filter(|next| next.block == sentence.block));
    }
    moved.settle(&view, local(&view, &sentences))
}

/// The sites at which nothing moves, disjoint, in document order of their first place.
fn local(view: &View<'_>, sentences: &[Sentence]) -> Vec<Site> {
    let rules = rule::shipped();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut proposals: Vec<Proposal<'_>> = Vec::new();
    let equals = equals::Equals::new(view);
    let introductions = comma::Introductions::new(view, sentences);
    let coordination = coordination::Coordination::new(view, sentences);
    let mut joined = false;
    for (index, sentence) in sentences.iter().enumerate() {
        phrase::find(view, sentence, rules, &mut proposals);
        relative::find(view, sentence, &mut proposals);
        complement::find(view, sentence, &mut proposals);
        position::find(view, sentence, &mut proposals);
        pairs::find(view, sentence, &mut proposals);
        equals.find(view, sentence, &mut proposals, &mut candidates);
        introductions.find(view, sentence, &mut proposals);
        pause::find(view, sentence, &mut proposals);
        coordination.find(view, sentence, &mut proposals);
        participle::find(view, sentence, &mut proposals);
        zero::find(view, sentence, &mut proposals);
        aside::find(view, sentence, &mut candidates);
        boundary::find(view, sentence, &mut proposals);
        // Three sentences in a row are never strung together by semicolons.
        joined = !joined
            && sentences
                .get(index + 1)
                .is_some_and(|next| boundary::join(view, sentence, next, &mut proposals));
        candidates.extend(proposals.drain(..).filter_map(|proposal| proposal.settle(view, &sentence.tokens)));
    }
    disjoint(candidates)
}

/// Keeps the better of two sites that overlap or would clash where they touch, and sorts by place.
fn disjoint(mut candidates: Vec<Candidate>) -> Vec<Site> {
    candidates.sort_by_key(|candidate| {
        let range = candidate.site.places[0].range.clone();
        let variants = std::cmp::Reverse(candidate.site.labels.len());
        (
            tier_order(candidate.site.tier),
            std::cmp::Reverse(candidate.rank),
            variants,
            range.start,
            std::cmp::Reverse(range.end),
        )
    });
    let mut taken: std::collections::BTreeMap<usize, Place> = std::collections::BTreeMap::new();
    let mut kept = Vec::with_capacity(candidates.len());
    for Candidate { site, .. } in candidates {
        let free = site.places.iter().all(|place| {
            let before = taken.range(..place.range.end).next_back().map(|(_, other)| other);
            let after = taken.range(place.range.end..).next().map(|(_, other)| other);
            before.is_none_or(|other| other.range.end <= place.range.start && !clash(other, place))
                && after.is_none_or(|other| !clash(place, other))
        });
        if free {
            taken.extend(site.places.iter().map(|place| (place.range.start, place.clone())));
            kept.push(site);
        }
    }
    kept.sort_by_key(|site| site.places[0].range.start);
    kept
}

fn tier_order(tier: Tier) -> u8 {
    match tier {
        Tier::Strict => 0,
        Tier::Normal => 1,
        Tier::Bold => 2,
    }
}

/// Whether two places stand side by side and some pair of variants would make a double word.
fn clash(left: &Place, right: &Place) -> bool {
    if right.range.start > left.range.end + 1 {
        return false;
    }
    let last = |form: &str| form.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let first = |form: &str| form.trim_start().split(' ').next().unwrap_or_default().to_lowercase();
    left.forms.iter().any(|a| right.forms.iter().any(|b| !b.is_empty() && last(a) == first(b)))
}

pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}

#[cfg(test)]
mod lexis_tests;
#[cfg(test)]
mod tests;
