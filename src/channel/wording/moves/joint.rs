//! From the slots of a move and the sites inside them to one site.

use std::borrow::Cow;
use std::ops::Range;

use super::{Case, Move, Piece, Slot, millibits};
use crate::channel::wording::proposal::capitalised;
use crate::channel::wording::view::View;
use crate::channel::{Channel, Place, Site, VARIANTS_MAX, WEIGHT_TOTAL};

/// The most sites that go along: with more, a person reviewing the site no longer sees what differs.
const INNER_MAX: usize = 3;

/// The most bytes all forms of a joint site have together. A reader aligns a fragment with every one of them, so this
/// bounds what a moved clause costs to read.
const FORMS_BYTES_MAX: usize = 900;

/// A slot in bytes of the canonical text.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) range: Range<usize>,
    forms: Vec<Vec<Part>>,
}

#[derive(Clone, Debug)]
enum Part {
    Span(Range<usize>, Case),
    Text(&'static str),
}

/// The slots in bytes, if they are disjoint and all they hold may be moved as it stands.
pub(super) fn place(view: &View<'_>, slots: &[Slot]) -> Option<Vec<Region>> {
    let empty = |piece: &Piece| matches!(piece, Piece::Span(tokens, _) if tokens.is_empty());
    if slots.iter().any(|slot| slot.tokens.is_empty() || slot.forms.iter().flatten().any(empty)) {
        return None;
    }
    let mut end = 0;
    slots
        .iter()
        .map(|slot| {
            let range = view.bytes(slot.tokens.clone());
            let forms = slot
                .forms
                .iter()
                .map(|pieces| {
                    pieces
                        .iter()
                        .map(|piece| match piece {
                            Piece::Span(tokens, case) => Part::Span(view.bytes(tokens.clone()), *case),
                            Piece::Text(text) => Part::Text(text),
                        })
                        .collect()
                })
                .collect();
            let free = range.start >= end && movable(view, &range);
            end = range.end;
            free.then_some(Region { range, forms })
        })
        .collect()
}

/// Whether the text may be moved as it stands. Names and figures may go along; quotations, code, references and every
/// glyph that a style decision may want stay where they are.
fn movable(view: &View<'_>, range: &Range<usize>) -> bool {
    const STYLED: &[char] = &[
        '"', '\'', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}', '(', ')', '[',
        ']', '{', '}', '\u{2013}', '\u{2014}', '\u{2026}', '<', '>', '*', '_', '\u{a0}',
    ];
    !view.analysis.is_fixed(range)
        && view.analysis.is_editable(range)
        && !view.text(range.clone()).contains(STYLED)
}

/// The joint site of a move over the sites its regions cover, as many as there is room for; none where some variant
/// cannot be written without harm.
pub(super) fn join(
    view: &View<'_>,
    moved: &Move,
    mut regions: Vec<Region>,
    covered: &[&Site],
) -> Option<Site> {
    for site in covered {
        if let [place] = site.places.as_slice() {
            widen(&mut regions, &place.range);
        }
    }
    if !regions.iter().all(|region| movable(view, &region.range))
        || regions.windows(2).any(|pair| pair[0].range.end > pair[1].range.start)
    {
        return None;
    }
    let inner = choose(moved, &regions, covered);
    build(view, moved, &regions, &inner).or_else(|| build(view, moved, &regions, &[]))
}

/// Widens a region to the end of a site that reaches out of it, where all orders end there with the same words.
fn widen(regions: &mut [Region], site: &Range<usize>) {
    for region in regions {
        let (start, end) = (region.range.start, region.range.end);
        if site.start < end && site.end > end && site.start >= start {
            let last = |form: &Vec<Part>| matches!(form.last(), Some(Part::Span(span, _)) if span.end == end);
            if region.forms.iter().all(last) {
                for form in &mut region.forms {
                    if let Some(Part::Span(span, _)) = form.last_mut() {
                        span.end = site.end;
                    }
                }
                region.range.end = site.end;
            }
        } else if site.start < start && site.end > start && site.end <= end {
            let first = |form: &Vec<Part>| matches!(form.first(), Some(Part::Span(span, Case::Keep)) if span.start == start);
            if region.forms.iter().all(first) {
                for form in &mut region.forms {
                    if let Some(Part::Span(span, _)) = form.first_mut() {
                        span.start = site.start;
                    }
                }
                region.range.start = site.start;
            }
        }
    }
}

/// A site inside a move.
struct Inner<'s> {
    site: &'s Site,
    /// For each order, whether it takes the site along; the item's own always does. An order that does not writes what
    /// the item has there.
    along: Vec<bool>,
}

/// How many variants a move has with the sites inside it.
fn count(orders: usize, inner: &[Inner<'_>]) -> usize {
    (0..orders)
        .map(|order| {
            inner.iter().filter(|one| one.along[order]).map(|one| one.site.labels.len()).product::<usize>()
        })
        .sum()
}

/// The sites that go along, the most informative first; in document order.
fn choose<'s>(moved: &Move, regions: &[Region], covered: &[&'s Site]) -> Vec<Inner<'s>> {
    let orders = moved.orders.len();
    let mut fit: Vec<Inner<'_>> = covered
        .iter()
        .filter(|site| site.tier <= moved.tier && site.places.len() == 1)
        .map(|site| Inner { site, along: (0..orders).map(|order| carries(regions, order, site)).collect() })
        .filter(|one| one.along[0])
        .collect();
    fit.sort_by_key(|one| {
        let all = one.along.iter().all(|&along| along);
        (!all, std::cmp::Reverse(millibits(&one.site.weights)), one.site.places[0].range.start)
    });
    let bytes: usize = regions.iter().map(|region| longest(region) * orders).sum();
    let limit = VARIANTS_MAX.min(FORMS_BYTES_MAX * orders / bytes.max(1));
    let mut chosen: Vec<Inner<'_>> = Vec::new();
    for one in fit {
        chosen.push(one);
        if chosen.len() > INNER_MAX || count(orders, &chosen) > limit {
            chosen.pop();
        }
    }
    chosen.sort_by_key(|one| one.site.places[0].range.start);
    chosen
}

/// The bytes of the longest form a region has.
fn longest(region: &Region) -> usize {
    let length = |part: &Part| match part {
        Part::Span(span, _) => span.len(),
        Part::Text(text) => text.len(),
    };
    region.forms.iter().map(|form| form.iter().map(length).sum()).max().unwrap_or(0)
}

/// Whether an order writes the whole of a site, once.
fn carries(regions: &[Region], order: usize, site: &Site) -> bool {
    let place = &site.places[0];
    let mut count = 0;
    for part in regions.iter().flat_map(|region| &region.forms[order]) {
        let Part::Span(span, case) = part else { continue };
        if span.start <= place.range.start && place.range.end <= span.end {
            // A span that changes its first letter must not begin with what may be empty or begins with a space.
            let edge = *case != Case::Keep && place.range.start == span.start;
            if edge && place.forms.iter().any(|form| !form.starts_with(char::is_alphabetic)) {
                return false;
            }
            count += 1;
        }
    }
    count == 1
}

/// The site with all its variants; none where two are alike or one has a word twice in a row that the item has not.
fn build(view: &View<'_>, moved: &Move, regions: &[Region], inner: &[Inner<'_>]) -> Option<Site> {
    let mut places: Vec<Place> =
        regions.iter().map(|region| Place { range: region.range.clone(), forms: Vec::new() }).collect();
    let mut labels: Vec<String> = Vec::new();
    let mut weights: Vec<u64> = Vec::new();
    let mut doubled = None;
    for (order, &(name, weight)) in moved.orders.iter().enumerate() {
        for choice in choices(inner, order) {
            let forms: Vec<String> =
                regions.iter().map(|region| write(view, &region.forms[order], inner, &choice)).collect();
            let doubles: usize =
                regions.iter().zip(&forms).map(|(region, form)| doubles(view, &region.range, form)).sum();
            if doubles > *doubled.get_or_insert(doubles) {
                return None;
            }
            let mut label = name.to_owned();
            let mut product = u64::from(weight);
            for (one, &symbol) in inner.iter().zip(&choice) {
                // 17 bits each, of which at most three multiply, and a small factor.
                product *= u64::from(if one.along[order] { one.site.weights[symbol] } else { WEIGHT_TOTAL });
                if one.along[order] {
                    label.push_str("; ");
                    label.push_str(&one.site.labels[symbol]);
                }
            }
            while labels.contains(&label) {
                label.push('\u{2032}');
            }
            labels.push(label);
            weights.push(product);
            for (place, form) in places.iter_mut().zip(forms) {
                place.forms.push(form);
            }
        }
    }
    let alike = (0..labels.len())
        .any(|a| (0..a).any(|b| places.iter().all(|place| place.forms[a] == place.forms[b])));
    let own = places.iter().all(|place| place.forms[0] == view.text(place.range.clone()));
    // A place that every variant writes alike says nothing.
    places.retain(|place| place.forms.iter().any(|form| *form != place.forms[0]));
    (!alike && own && !places.is_empty()).then(|| Site {
        channel: Channel::Wording,
        class: Cow::Borrowed(moved.class),
        tier: moved.tier,
        labels,
        weights: scaled(&weights),
        original: 0,
        places,
        desk: None,
        fact: false,
    })
}

/// Every combination of the symbols of the sites that go along in an order, the item's own first.
fn choices(inner: &[Inner<'_>], order: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for one in inner {
        let own = usize::from(one.site.original);
        let others = (0..one.site.labels.len()).filter(|&symbol| symbol != own && one.along[order]);
        let symbols: Vec<usize> = std::iter::once(own).chain(others).collect();
        all = all
            .into_iter()
            .flat_map(|choice: Vec<usize>| {
                symbols
                    .iter()
                    .map(move |&symbol| choice.iter().copied().chain([symbol]).collect())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}

/// One form with the inner sites' choices written into it.
fn write(view: &View<'_>, form: &[Part], inner: &[Inner<'_>], choice: &[usize]) -> String {
    let mut out = String::new();
    for part in form {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Span(span, case) => {
                let mut at = span.start;
                let mut text = String::new();
                for (one, &symbol) in inner.iter().zip(choice) {
                    let place = &one.site.places[0];
                    if place.range.start < at || place.range.end > span.end {
                        continue;
                    }
                    text.push_str(view.text(at..place.range.start));
                    text.push_str(&place.forms[symbol]);
                    at = place.range.end;
                }
                text.push_str(view.text(at..span.end));
                out.push_str(&match case {
                    Case::Keep => text,
                    Case::Upper => capitalised(&text),
                    Case::Lower => lowered(&text),
                });
            }
        }
    }
    out
}

/// Weights that add up to [`WEIGHT_TOTAL`], each at least 1; what rounding leaves goes to the largest.
pub(super) fn scaled(weights: &[u64]) -> Vec<u32> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum::<u128>().max(1);
    let mut out: Vec<u32> = weights
        .iter()
        .map(|&weight| {
            let share = u128::from(weight) * u128::from(WEIGHT_TOTAL) / total;
            u32::try_from(share).unwrap_or(WEIGHT_TOTAL).max(1)
        })
        .collect();
    let sum: u32 = out.iter().sum();
    if let Some(largest) = out.iter_mut().max() {
        *largest = (*largest + WEIGHT_TOTAL).saturating_sub(sum);
    }
    out
}

/// The text with its first letter in lower case.
fn lowered(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// How many words stand twice in a row once `form` is written, neighbours included.
fn doubles(view: &View<'_>, range: &Range<usize>, form: &str) -> usize {
    let text = view.analysis.document.text();
    let before = text[..range.start].rsplit(char::is_whitespace).find(|word| !word.is_empty()).unwrap_or("");
    let after = text[range.end..].split(char::is_whitespace).find(|word| !word.is_empty()).unwrap_or("");
    let glued = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    let left = if glued(text[..range.start].chars().next_back()) { "" } else { " " };
    let right = if glued(text[range.end..].chars().next()) { "" } else { " " };
    let whole = format!("{before}{left}{form}{right}{after}").to_lowercase();
    let words: Vec<&str> = whole.split_whitespace().collect();
    words.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
