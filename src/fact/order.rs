//! Lists whose variants are orders of the same parts: "A, B and C" and "C, A and B".

use super::leak::Leak;
use super::mention::{Finder, Mention};
use super::place::{Place, Variant};
use super::subject::Id;
use super::word::Word;

/// How likely a writer who keeps a list gives it another order: alphabetical, by weight, by chance.
const REORDERED: f64 = 0.2;

/// Lists of more parts are not looked at.
const PARTS_MAX: usize = 16;

/// How far apart, in words, neighbouring parts may stand.
const STEP: usize = 9;

/// The parts of a list, and the orders that the variants give them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// For each part the words by which it is known; no word belongs to two.
    parts: Vec<Vec<Id>>,
    /// For each variant the parts in its order.
    orders: Vec<Vec<usize>>,
}

impl Order {
    /// For each part the words by which it is known.
    pub(super) fn parts(&self) -> &[Vec<Id>] {
        &self.parts
    }
}

/// The parts of a list, cut at commas and at "and", "or", "nor", "then", "plus".
pub(super) fn parts(text: &str, words: &[Word], id: impl Fn(&Word) -> Option<Id>) -> Vec<Vec<Id>> {
    let mut parts: Vec<Vec<Id>> = vec![Vec::new()];
    let mut end = 0;
    for word in words {
        let gap = text.get(end..word.raw.start).unwrap_or("");
        end = word.raw.end;
        let cuts = matches!(word.lower.as_str(), "and" | "or" | "nor" | "then" | "plus");
        if (cuts || gap.contains([',', ';', '/', '&'])) && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
        }
        if let Some(id) = id(word).filter(|_| !word.stop && !cuts)
            && let Some(part) = parts.last_mut()
        {
            part.push(id);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The order site that these variants make; none where they are no orders of the same parts.
pub(super) fn of(variants: &[Variant]) -> Option<Order> {
    let words = |variant: &Variant| variant.units.iter().map(|unit| vec![unit.id]).collect::<Vec<_>>();
    let lists: Vec<Vec<Vec<Id>>> = variants.iter().map(|variant| variant.parts.clone()).collect();
    permuted(&lists).or_else(|| permuted(&variants.iter().map(words).collect::<Vec<_>>()))
}

fn permuted(lists: &[Vec<Vec<Id>>]) -> Option<Order> {
    let first = lists.first()?;
    if !(2..=PARTS_MAX).contains(&first.len()) {
        return None;
    }
    let shared = |id: &Id| first.iter().filter(|part| part.contains(id)).count() > 1;
    let parts: Vec<Vec<Id>> =
        first.iter().map(|part| part.iter().copied().filter(|id| !shared(id)).collect()).collect();
    let mut orders = Vec::with_capacity(lists.len());
    for list in lists {
        let order: Vec<usize> =
            list.iter().map(|part| first.iter().position(|other| other == part)).collect::<Option<_>>()?;
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if sorted.iter().copied().ne(0..first.len()) {
            return None;
        }
        orders.push(order);
    }
    let known = parts.iter().all(|part| !part.is_empty());
    let differ = orders.iter().any(|order| order != &orders[0]);
    (known && differ).then_some(Order { parts, orders })
}

/// Where the fragment lists the parts, and what their order says.
pub(super) fn mentions(finder: &Finder<'_>, place: &Place, order: &Order, out: &mut Vec<Mention>) {
    let leak: &Leak<'_> = finder.leak;
    let rarest =
        |part: &Vec<Id>| part.iter().copied().max_by_key(|&id| (finder.rarity(id), std::cmp::Reverse(id)));
    let Some(anchors) = order.parts.iter().map(rarest).collect::<Option<Vec<Id>>>() else { return };
    // Two parts of a long list may be all that is kept; of two parts both.
    for (first, &anchor) in anchors.iter().enumerate() {
        for &at in leak.places[anchor as usize].iter().take(super::mention::ANCHORS_MAX) {
            if !leak.open(at, &place.range) {
                continue;
            }
            let mut found: Vec<(usize, usize)> = vec![(at, first)];
            let (mut from, mut to) = (at, at);
            // Parts are gathered outwards, each within reach of those found.
            loop {
                let near = (0..anchors.len())
                    .filter(|part| found.iter().all(|(_, known)| known != part))
                    .filter_map(|part| {
                        let id = anchors[part];
                        let before = leak.nearest(id, from, STEP);
                        let after = leak.nearest(id, to, STEP);
                        before.or(after).map(|at| (at, part))
                    })
                    .min_by_key(|&(at, part)| (at.abs_diff(from).min(at.abs_diff(to)), part));
                let Some((at, part)) = near else { break };
                found.push((at, part));
                (from, to) = (from.min(at), to.max(at));
            }
            found.sort_unstable();
            if found.len() < 2 || found[0].1 != first {
                continue;
            }
            let fits = |variant: &Vec<usize>| {
                let seen =
                    found.iter().filter_map(|(_, part)| variant.iter().position(|other| other == part));
                seen.is_sorted()
            };
            let likelihood: Vec<f64> =
                order.orders.iter().map(|variant| if fits(variant) { 1.0 } else { REORDERED }).collect();
            let ids: Vec<Id> = found.iter().map(|&(_, part)| anchors[part]).collect();
            finder.add(place, at, from..to + 1, &ids, likelihood, out);
        }
    }
}
