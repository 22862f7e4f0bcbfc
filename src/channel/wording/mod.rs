//! Curated alternations in context: "which" / "that", "for example" / "for instance", a full stop or a semicolon.
//!
//! Function words, connectives and punctuation that the language itself leaves open; never a thesaurus. Most are
//! lines of data (`rules/`), those that need more than a phrase have a small file each.

mod boundary;
mod comma;
mod complement;
mod guard;
mod pairs;
mod phrase;
mod position;
mod proposal;
mod relative;
mod rule;
mod view;

use super::{Reading, Seen, Site, Tier, reading};
use crate::language::Analysis;
use proposal::{Candidate, Proposal};
use view::View;

/// Every wording site of an item, disjoint, in document order.
pub(super) fn find(analysis: &Analysis<'_>) -> Vec<Site> {
    let view = View::new(analysis);
    let rules = rule::shipped();
    let sentences = view.sentences();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut proposals: Vec<Proposal<'_>> = Vec::new();
    let mut joined = false;
    for (index, sentence) in sentences.iter().enumerate() {
        phrase::find(&view, sentence, rules, &mut proposals);
        relative::find(&view, sentence, &mut proposals);
        complement::find(&view, sentence, &mut proposals);
        position::find(&view, sentence, &mut proposals);
        pairs::find(&view, sentence, &mut proposals);
        comma::find(&view, sentence, &mut proposals);
        boundary::find(&view, sentence, &mut proposals);
        // Three sentences in a row are never strung together by semicolons.
        joined = !joined
            && sentences
                .get(index + 1)
                .is_some_and(|next| boundary::join(&view, sentence, next, &mut proposals));
        candidates
            .extend(proposals.drain(..).filter_map(|proposal| proposal.settle(&view, &sentence.tokens)));
    }
    disjoint(candidates)
}

/// Keeps the better of two sites that overlap or would clash where they touch, and sorts by place.
fn disjoint(mut candidates: Vec<Candidate>) -> Vec<Site> {
    let place = |site: &Site| site.places[0].range.clone();
    candidates.sort_by_key(|candidate| {
        let range = place(&candidate.site);
        let variants = std::cmp::Reverse(candidate.site.labels.len());
        (
            tier_order(candidate.site.tier),
            std::cmp::Reverse(candidate.rank),
            variants,
            range.start,
            std::cmp::Reverse(range.end),
        )
    });
    let mut kept: std::collections::BTreeMap<usize, Site> = std::collections::BTreeMap::new();
    for Candidate { site, .. } in candidates {
        let range = place(&site);
        let before = kept.range(..range.end).next_back();
        if before.is_some_and(|(_, other)| other.places[0].range.end > range.start) {
            continue;
        }
        if before.is_some_and(|(_, other)| clash(other, &site))
            || kept.range(range.end..).next().is_some_and(|(_, other)| clash(&site, other))
        {
            continue;
        }
        kept.insert(range.start, site);
    }
    kept.into_values().collect()
}

fn tier_order(tier: Tier) -> u8 {
    match tier {
        Tier::Strict => 0,
        Tier::Normal => 1,
        Tier::Bold => 2,
    }
}

/// Whether two sites stand side by side and some pair of variants would make a double word.
fn clash(left: &Site, right: &Site) -> bool {
    let (left, right) = (&left.places[0], &right.places[0]);
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
