//! Lists whose variants are orders of the same parts: "A, B and C" and "C, A and B".

use super::vocabulary::Id;
use super::word::Word;

/// Lists of more parts are not looked at.
const PARTS_MAX: usize = 16;

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

    /// For each variant the parts in its order.
    pub(super) fn orders(&self) -> &[Vec<usize>] {
        &self.orders
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
///
/// Each variant is given as its parts and as its single words.
pub(super) fn of(parts: &[Vec<Vec<Id>>], words: &[Vec<Vec<Id>>]) -> Option<Order> {
    permuted(parts).or_else(|| permuted(words))
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
