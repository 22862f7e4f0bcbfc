//! Alternations that move something: a clause, a phrase, an adverb, the order of equals.
//!
//! A move covers more text than a word, so other sites lie inside it. Sites that are on never overlap; therefore a
//! move takes the best strict sites inside along and becomes one *joint* site, whose variants are its orders times
//! their choices. Whoever finds moves says how each order is put together from spans of the item; everything else
//! (capitals, inner choices, weights, labels) is settled here, once.

mod adverb;
mod clause;
mod phrase;

use std::borrow::Cow;
use std::ops::Range;

use super::proposal::{article_for, capitalised};
use super::view::{Sentence, View};
use crate::channel::{Channel, Place, Site, Tier, VARIANTS_MAX, WEIGHT_TOTAL};
use crate::language::pos::PosSet;

/// The most inner sites of a joint site: with more, a person reviewing it no longer sees what differs.
const INNER_MAX: usize = 3;

/// The most bytes all variants of a joint site have together. A reader aligns a fragment with every variant, so this
/// bounds what a moved sentence costs to read (`trace` measures it).
const FORMS_BYTES_MAX: usize = 1200;

/// A run of tokens that can stand in several orders.
pub(super) struct Move {
    class: &'static str,
    tier: Tier,
    /// What is replaced, in tokens.
    tokens: Range<usize>,
    /// At least two; the first is the item's own.
    orders: Vec<Order>,
}

/// One way of putting a move's parts together.
struct Order {
    label: &'static str,
    pieces: Vec<Piece>,
    /// How often it is drawn, relative to the other orders.
    weight: u32,
}

/// A part of an order.
#[derive(Clone)]
enum Piece {
    /// Tokens of the item, and what becomes of their first letter.
    Span(Range<usize>, Case),
    /// Other characters, spaces included.
    Text(Cow<'static, str>),
}

/// What becomes of a span's first letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Keep,
    Upper,
    Lower,
}

/// Every move of an item; they may overlap each other and the sites of other classes.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Move>) {
    if sentence.normative {
        return;
    }
    adverb::find(view, sentence, out);
    clause::find(view, sentence, out);
    phrase::find(view, sentence, out);
}

/// The joint site of a move; `locals` are the other sites of the item, disjoint and in document order.
pub(super) fn join(view: &View<'_>, moved: &Move, locals: &[Site]) -> Option<Site> {
    let range = view.bytes(moved.tokens.clone());
    let text = view.text(range.clone());
    let from = locals.partition_point(|site| extent(site).end <= range.start);
    let near = &locals[from.saturating_sub(1)..];
    if !movable(view, &range) || near.iter().take(1).any(|left| left.places[0].range.end > range.start) {
        return None;
    }
    let within: Vec<&Site> =
        locals[from..].iter().take_while(|site| extent(site).start < range.end).collect();
    if within.iter().any(|site| extent(site).end > range.end) {
        return None;
    }
    let limit = VARIANTS_MAX.min(FORMS_BYTES_MAX / text.len().max(1)).max(moved.orders.len());
    let inner = choose(view, moved, &within, limit);
    let built = build(view, moved, &inner).or_else(|| build(view, moved, &[]))?;
    let Built { forms, labels, weights } = built;
    (forms.first().is_some_and(|own| own == text)).then(|| Site {
        channel: Channel::Wording,
        class: Cow::Borrowed(moved.class),
        tier: moved.tier,
        labels,
        weights: scaled(&weights),
        original: 0,
        places: vec![Place { range, forms }],
        desk: None,
        fact: false,
    })
}

/// Entropy of a site's draw in units of 1/1000 bit.
pub(super) fn millibits(weights: &[u32]) -> u32 {
    let bits: f64 = weights
        .iter()
        .map(|&weight| f64::from(weight) / f64::from(WEIGHT_TOTAL))
        .map(|p| -p * libm::log2(p))
        .sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 4,000")]
    let rounded = (bits * 1000.0).round() as u32;
    rounded
}

/// From the first to the last byte of a site.
fn extent(site: &Site) -> Range<usize> {
    let end = site.places.last().map_or(0, |place| place.range.end);
    site.places.first().map_or(0, |place| place.range.start)..end
}

/// Whether a range may be moved as it stands: names and numbers may go along, quotations, code and references stay.
fn movable(view: &View<'_>, range: &Range<usize>) -> bool {
    let analysis = view.analysis;
    let text = view.text(range.clone());
    !analysis.is_fixed(range)
        && analysis.is_editable(range)
        && !text
            .contains(['"', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}', '`', '[', ']', '(', ')', '\u{2018}'])
        && analysis.protected.iter().all(|span| {
            span.end <= range.start
                || span.start >= range.end
                || (range.start <= span.start && span.end <= range.end)
        })
}

/// The strict sites that go along, the most informative first.
fn choose<'s>(view: &View<'_>, moved: &Move, within: &[&'s Site], limit: usize) -> Vec<&'s Site> {
    let mut fit: Vec<&Site> = within
        .iter()
        .copied()
        .filter(|site| site.tier == Tier::Strict && site.places.len() == 1 && carried(view, moved, site))
        .collect();
    fit.sort_by_key(|site| (std::cmp::Reverse(millibits(&site.weights)), site.places[0].range.start));
    let mut variants = moved.orders.len();
    let mut chosen: Vec<&Site> = Vec::new();
    for site in fit {
        if chosen.len() < INNER_MAX && variants * site.labels.len() <= limit {
            variants *= site.labels.len();
            chosen.push(site);
        }
    }
    chosen.sort_by_key(|site| site.places[0].range.start);
    chosen
}

/// Whether every order takes the whole of a site along.
fn carried(view: &View<'_>, moved: &Move, site: &Site) -> bool {
    let range = &site.places[0].range;
    moved.orders.iter().all(|order| {
        order.pieces.iter().any(|piece| match piece {
            Piece::Span(tokens, case) => {
                let span = view.bytes(tokens.clone());
                // A span that changes its first letter must not begin with a site that may be empty.
                let edge = *case != Case::Keep && range.start <= span.start;
                span.start <= range.start
                    && range.end <= span.end
                    && !(edge && site.places[0].forms.iter().any(String::is_empty))
            }
            Piece::Text(_) => false,
        })
    })
}

struct Built {
    forms: Vec<String>,
    labels: Vec<String>,
    weights: Vec<u64>,
}

/// All variants; none where two are alike or one has a word twice in a row that the item has not.
fn build(view: &View<'_>, moved: &Move, inner: &[&Site]) -> Option<Built> {
    let mut built = Built { forms: Vec::new(), labels: Vec::new(), weights: Vec::new() };
    let around = Around::of(view, &moved.tokens);
    let doubled = around.doubles(view.text(view.bytes(moved.tokens.clone())));
    for order in &moved.orders {
        for choice in choices(inner) {
            let form = write(view, order, inner, &choice);
            if built.forms.contains(&form) || around.doubles(&form) > doubled || around.needs_article(&form) {
                return None;
            }
            let mut label = order.label.to_owned();
            let mut weight = u64::from(order.weight);
            for (site, &symbol) in inner.iter().zip(&choice) {
                label.push_str("; ");
                label.push_str(&site.labels[symbol]);
                // 16 bits each, of which at most three multiply.
                weight *= u64::from(site.weights[symbol]);
            }
            while built.labels.contains(&label) {
                label.push('\u{2032}');
            }
            built.forms.push(form);
            built.labels.push(label);
            built.weights.push(weight);
        }
    }
    (built.forms.len() >= 2).then_some(built)
}

/// Every combination of the inner sites' symbols, all originals first.
fn choices(inner: &[&Site]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for site in inner {
        let own = usize::from(site.original);
        let symbols = std::iter::once(own).chain((0..site.labels.len()).filter(|&symbol| symbol != own));
        let symbols: Vec<usize> = symbols.collect();
        all = all
            .into_iter()
            .flat_map(|choice: Vec<usize>| {
                symbols.iter().map(move |&symbol| choice.iter().copied().chain([symbol]).collect())
            })
            .collect();
    }
    all
}

fn write(view: &View<'_>, order: &Order, inner: &[&Site], choice: &[usize]) -> String {
    let mut out = String::new();
    for piece in &order.pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Span(tokens, case) => {
                let span = view.bytes(tokens.clone());
                let mut at = span.start;
                let mut part = String::new();
                for (site, &symbol) in inner.iter().zip(choice) {
                    let place = &site.places[0];
                    if place.range.start < at || place.range.end > span.end {
                        continue;
                    }
                    part.push_str(view.text(at..place.range.start));
                    part.push_str(&place.forms[symbol]);
                    at = place.range.end;
                }
                part.push_str(view.text(at..span.end));
                out.push_str(&match case {
                    Case::Keep => part,
                    Case::Upper => capitalised(&part),
                    Case::Lower => lowered(&part),
                });
            }
        }
    }
    out
}

/// Weights that add up to [`WEIGHT_TOTAL`], each at least 1; what rounding leaves goes to the largest.
fn scaled(weights: &[u64]) -> Vec<u32> {
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

/// The words on either side of a move.
struct Around<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Around<'a> {
    fn of(view: &View<'a>, tokens: &Range<usize>) -> Self {
        let before =
            tokens.start.checked_sub(1).filter(|&at| view.spaced(at + 1)).map_or("", |at| view.lower(at));
        let after = if view.spaced(tokens.end) { view.lower(tokens.end) } else { "" };
        Self { before, after }
    }

    /// How many words stand twice in a row once `form` is written.
    fn doubles(&self, form: &str) -> usize {
        let lower = form.to_lowercase();
        let mut last = self.before;
        let mut count = 0;
        for word in lower.split_whitespace().chain([self.after]) {
            count += usize::from(word == last && !word.is_empty());
            last = word;
        }
        count
    }

    /// Whether the article before the move would no longer suit what follows it.
    fn needs_article(&self, form: &str) -> bool {
        matches!(self.before, "a" | "an")
            && form
                .split_whitespace()
                .next()
                .is_some_and(|word| article_for(&word.to_lowercase()) != self.before)
    }
}

/// Whether a sentence is one that moves are made for: it ends in a full stop and holds no marks but commas and the
/// like, so that nothing inside reaches over a boundary.
fn simple(view: &View<'_>, tokens: &Range<usize>) -> bool {
    tokens.len() >= 5
        && view.word(tokens.end - 1) == "."
        && view.capital(tokens.start)
        && tokens.clone().all(|at| {
            !view.is_mark(at)
                || at == tokens.end - 1
                || matches!(view.word(at), "," | "\u{2019}" | "'" | "%" | "$" | "\u{a3}" | "-")
        })
}

/// Whether the first word of a sentence loses its capital inside one.
fn lowers(view: &View<'_>, at: usize) -> bool {
    let word = view.lower(at);
    if view.shouts(at)
        || word == "i"
        || word.starts_with("i'")
        || !view.is_word(at)
        || word.len() < 2 && word != "a"
    {
        return false;
    }
    let closed =
        PosSet::DETERMINER | PosSet::SUBJECT | PosSet::PRONOUN | PosSet::PREPOSITION | PosSet::SUBORDINATOR;
    view.pos(at).meets(closed) && !matches!(word, "will" | "may") && !word.ends_with("'s")
        || is_command(view, at)
}

/// Whether a sentence starts with a command: a base form and what a verb takes after it.
fn is_command(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    let next = view.pos(at + 1);
    pos.meets(PosSet::BASE)
        && !pos.meets(PosSet::UNKNOWN | PosSet::AUXILIARY)
        && view.is_word(at + 1)
        && next.meets(PosSet::DETERMINER | PosSet::OBJECT | PosSet::PREPOSITION)
        && !next.meets(PosSet::AUXILIARY)
}

/// Where the finite verb of a clause stands whose subject begins at `start`: behind a pronoun, or behind a short
/// phrase of determiner, adjectives and nouns. Adverbs between subject and verb are not looked through.
fn verb_of(view: &View<'_>, start: usize, end: usize) -> Option<usize> {
    if view.pos(start).meets(PosSet::SUBJECT)
        && !matches!(view.lower(start), "that" | "there" | "this")
        && !view.lower(start).contains('\'')
    {
        let verb = start + 1;
        return (verb < end && is_finite(view, verb)).then_some(verb);
    }
    let closed = view.pos(start).meets(PosSet::DETERMINER)
        && !matches!(view.lower(start), "all" | "both" | "such" | "that");
    let plural = view.pos(start).within(PosSet::PLURAL | PosSet::PERSON);
    if !closed && !plural {
        return None;
    }
    for at in start + 1..end.min(start + 6) {
        if !view.is_word(at) {
            return None;
        }
        let pos = view.pos(at);
        if is_finite(view, at)
            && (!pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::PARTICIPLE)
                || pos.meets(PosSet::AUXILIARY))
        {
            let left = view.pos(at - 1);
            return left.meets(PosSet::NOMINAL).then_some(at);
        }
        let part = PosSet::NOMINAL
            | PosSet::ADJECTIVE
            | PosSet::NUMBER
            | PosSet::ING
            | PosSet::COMPARATIVE
            | PosSet::SUPERLATIVE;
        if !pos.meets(part)
            || pos.meets(PosSet::PREPOSITION | PosSet::CONJUNCTION | PosSet::WH | PosSet::SUBORDINATOR)
        {
            return None;
        }
    }
    None
}

/// Whether a word can be the verb of a clause: an auxiliary, or a form that shows tense.
fn is_finite(view: &View<'_>, at: usize) -> bool {
    let pos = view.pos(at);
    view.is_word(at)
        && !matches!(view.lower(at), "be" | "been" | "being" | "having")
        && pos.meets(PosSet::AUXILIARY | PosSet::PAST | PosSet::S_FORM | PosSet::BASE)
        && !pos.meets(PosSet::UNKNOWN)
}

/// Whether any of the words stands among the tokens.
fn any_of(view: &View<'_>, tokens: &Range<usize>, words: &[&str]) -> bool {
    tokens.clone().any(|at| words.contains(&view.lower(at)))
}

fn negated(view: &View<'_>, tokens: &Range<usize>) -> bool {
    tokens.clone().any(|at| view.pos(at).meets(PosSet::NEGATION) || view.lower(at).ends_with("n't"))
}

fn span(tokens: Range<usize>, case: Case) -> Piece {
    Piece::Span(tokens, case)
}

fn text(text: &'static str) -> Piece {
    Piece::Text(Cow::Borrowed(text))
}
