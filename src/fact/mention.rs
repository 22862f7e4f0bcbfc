//! Where a fragment states a fact, and what that says about the variants.

use std::cell::RefCell;
use std::ops::Range;

use super::Fact;
use super::amount;
use super::leak::Leak;
use super::order::Order;
use super::place::{Place, Unit};
use super::vocabulary::{Id, Vocabulary};
use super::word::Hedge;

/// Of each word at most so many occurrences are taken for a statement of the fact.
const ANCHORS_MAX: usize = 64;

/// Words that the fragment has more often than this do not tell where in it a fact belongs.
const CONTEXT_MAX: usize = 256;

/// Steps of work that one fragment may take: about two seconds.
const STEPS_MAX: usize = 400_000_000;

/// What looking at one statement counts for.
const STATEMENT_STEPS: usize = 4_096;

/// How likely a writer who had another variant states this one: from another source, by mistake, by misreading.
const ERROR: f64 = 1.0 / 24.0;

/// How likely a writer rounds an exact amount; nobody makes a round one exact.
const ROUNDED: f64 = 0.15;

/// How likely a writer leaves out a part of the variant's words.
const SHORTENED: f64 = 0.35;

/// How likely a writer replaces a hedge by one that means nearly the same, or drops it.
const HEDGED: f64 = 0.3;

/// How near, in words, an amount stands to its noun where it stands beside it, and where it can be of it.
const BESIDE: usize = 3;
const ATTACHED: usize = 6;

/// Statements that are expected by chance more often than this are not read.
const CHANCE_MAX: f64 = 0.25;

/// No fact speaks against a variant by more than this factor, however often it is stated.
const FLOOR: f64 = 1.0 / 64.0;

/// How likely a writer who keeps a list gives it another order: alphabetical, by weight, by chance.
const REORDERED: f64 = 0.2;

/// How far apart, in words, neighbouring parts may stand.
const STEP: usize = 9;

/// Less than this between the likeliest and the least likely variant is no reading.
const TELLING: f64 = 1.5;

/// Distance in words at which a word counts in full, mostly, and a little, with the share in eighths.
const NEAR: [(usize, u32); 3] = [(8, 8), (16, 5), (32, 2)];

/// A statement that may be of the fact.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    place: usize,
    tokens: Range<usize>,
    /// How much the statement and its surroundings say, in 1/8 bit.
    strength: u32,
    likelihood: Vec<f64>,
}

/// The facts of a subject that a fragment states, by ascending site.
pub(super) fn read(vocabulary: &Vocabulary, places: &[Place], leak: &Leak<'_>) -> Vec<Fact> {
    let finder = Finder { vocabulary, leak, scores: RefCell::default() };
    let mut steps = 0_usize;
    let mut found: Vec<(usize, Mention)> = Vec::new();
    for place in places {
        steps = steps.saturating_add(finder.cost(place));
        if steps > STEPS_MAX {
            break;
        }
        let mut mentions = Vec::new();
        finder.survey(place);
        match &place.order {
            Some(order) => finder.listed(place, order, &mut mentions),
            None => finder.mentions(place, &mut mentions),
        }
        found.extend(mentions.into_iter().map(|mention| (place.site, mention)));
    }
    found.sort_by_key(|(site, mention)| (*site, std::cmp::Reverse(mention.strength), mention.tokens.start));
    let of_sites = found.chunk_by(|(one, _), (other, _)| one == other);
    of_sites.filter_map(|all| combine(leak, all[0].0, all)).collect()
}

/// One reading of all statements of a fact, strongest first.
///
/// A writer who says a thing twice knows it no better, so of statements that speak for the same variant the strongest
/// counts; statements of different variants multiply, and so cancel.
fn combine(leak: &Leak<'_>, site: usize, all: &[(usize, Mention)]) -> Option<Fact> {
    let mut kept: Vec<&Mention> = Vec::new();
    for (_, mention) in all {
        let apart = |other: &&Mention| {
            other.tokens.end <= mention.tokens.start || mention.tokens.end <= other.tokens.start
        };
        let news = kept.iter().all(|other| best(&other.likelihood) != best(&mention.likelihood));
        if news && kept.iter().all(apart) {
            kept.push(mention);
        }
    }
    let first = kept.first()?;
    let mut likelihood = vec![1.0; first.likelihood.len()];
    for mention in &kept {
        for (product, factor) in likelihood.iter_mut().zip(&mention.likelihood) {
            *product *= factor;
        }
    }
    let largest = likelihood.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 {
        return None;
    }
    for value in &mut likelihood {
        *value = (*value / largest).max(FLOOR);
    }
    let least = likelihood.iter().copied().fold(1.0, f64::min);
    let raw = leak.tokens[first.tokens.start].raw.start..leak.tokens[first.tokens.end - 1].raw.end;
    (least * TELLING <= 1.0).then_some(Fact { site, place: first.place, likelihood, raw })
}

/// The symbol with the largest likelihood; the first of equals.
fn best(likelihood: &[f64]) -> usize {
    (1..likelihood.len()).fold(0, |best, at| if likelihood[at] > likelihood[best] { at } else { best })
}

/// Looks for one place after another.
struct Finder<'a> {
    vocabulary: &'a Vocabulary,
    leak: &'a Leak<'a>,
    /// How much the surroundings of each token have in common with those of the place at hand, in 1/8 bit, and all
    /// these scores in order.
    scores: RefCell<(Vec<u32>, Vec<u32>)>,
}

impl Finder<'_> {
    fn rarity(&self, id: Id) -> u32 {
        self.vocabulary.entries[id as usize].rarity
    }

    /// About how many steps a place takes.
    fn cost(&self, place: &Place) -> usize {
        let places = |id: Id| self.leak.count(id).min(CONTEXT_MAX);
        let context: usize = place.context.iter().map(|&(id, _)| places(id) * 65).sum();
        // Each statement is compared with the other spots of the item where its words stand.
        let anchors =
            |ids: &mut dyn Iterator<Item = Id>| ids.map(|id| self.leak.count(id).min(ANCHORS_MAX)).max();
        let variants =
            place.own.iter().filter_map(|own| anchors(&mut own.iter().map(|unit| unit.id))).sum::<usize>();
        let parts =
            place.order.iter().flat_map(Order::parts).filter_map(|part| anchors(&mut part.iter().copied()));
        let stated = variants + parts.sum::<usize>();
        context + 2 * self.leak.tokens.len() + stated * STATEMENT_STEPS
    }

    /// Scores the surroundings of every token for a place.
    fn survey(&self, place: &Place) {
        let mut scores = self.scores.borrow_mut();
        let (score, sorted) = &mut *scores;
        score.clear();
        score.resize(self.leak.tokens.len(), 0);
        let reach = NEAR[NEAR.len() - 1].0;
        for &(id, weight) in &place.context {
            let places = &self.leak.places[id as usize];
            if places.len() > CONTEXT_MAX {
                continue;
            }
            for (index, &at) in places.iter().enumerate() {
                let before = index.checked_sub(1).map_or(0, |before| usize::midpoint(places[before], at) + 1);
                let after = places.get(index + 1).map_or(score.len(), |&next| usize::midpoint(at, next) + 1);
                let from = at.saturating_sub(reach).max(before);
                let to = (at + reach + 1).min(after).min(score.len());
                for (token, sum) in score.iter_mut().enumerate().take(to).skip(from) {
                    *sum += weight * share(token.abs_diff(at)) / 8;
                }
            }
        }
        sorted.clone_from(score);
        sorted.sort_unstable();
    }

    /// The surroundings' score of a token, and at how many tokens they fit as well.
    fn fit(&self, at: usize) -> (u32, usize) {
        let scores = self.scores.borrow();
        let own = scores.0.get(at).copied().unwrap_or(0);
        (own, scores.1.len() - scores.1.partition_point(|&score| score < own))
    }

    fn mentions(&self, place: &Place, out: &mut Vec<Mention>) {
        for (variant, own) in place.own.iter().enumerate() {
            let Some(anchor) =
                own.iter().max_by_key(|unit| (self.rarity(unit.id), std::cmp::Reverse(unit.id)))
            else {
                continue;
            };
            for &at in self.leak.places[anchor.id as usize].iter().take(ANCHORS_MAX) {
                if self.leak.open(at, &place.range) {
                    self.statement(place, variant, at, out);
                }
            }
        }
    }

    /// Where the fragment lists the parts, and what their order says.
    fn listed(&self, place: &Place, order: &Order, out: &mut Vec<Mention>) {
        let leak = self.leak;
        let rarest =
            |part: &Vec<Id>| part.iter().copied().max_by_key(|&id| (self.rarity(id), std::cmp::Reverse(id)));
        let Some(anchors) = order.parts().iter().map(rarest).collect::<Option<Vec<Id>>>() else { return };
        // Two parts of a long list may be all that is kept; of two parts both.
        for (first, &anchor) in anchors.iter().enumerate() {
            for &at in leak.places[anchor as usize].iter().take(ANCHORS_MAX) {
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
                let likelihood: Vec<f64> = order
                    .orders()
                    .iter()
                    .map(|variant| if fits(variant) { 1.0 } else { REORDERED })
                    .collect();
                let ids: Vec<Id> = found.iter().map(|&(_, part)| anchors[part]).collect();
                self.add(place, at, from..to + 1, &ids, likelihood, out);
            }
        }
    }

    /// What is stated around a token that belongs to a variant.
    fn statement(&self, place: &Place, variant: usize, at: usize, out: &mut Vec<Mention>) {
        let reach = (place.length + 4).clamp(6, 30);
        // For each variant its units that stand here.
        let held: Vec<Vec<(Unit, usize, f64)>> = place
            .own
            .iter()
            .map(|own| {
                let here = own.iter().filter_map(|&unit| {
                    let token = self.leak.nearest(unit.id, at, reach)?;
                    let fits = hedges(unit.hedge, self.leak.tokens[token].hedge)?;
                    Some((unit, token, fits))
                });
                here.collect()
            })
            .collect();
        let stated: Vec<usize> = (0..place.own.len())
            .filter(|&symbol| self.is_stated(&place.own[symbol], &held[symbol]))
            .collect();
        if !stated.contains(&variant) {
            return;
        }
        // A hedge that fits one variant exactly is no loose form of another's.
        let exact = |token: usize| {
            stated
                .iter()
                .flat_map(|&symbol| &held[symbol])
                .any(|&(_, other, fits)| other == token && fits >= 1.0)
        };
        let mut seen: Vec<(Id, Hedge, usize)> = Vec::new();
        for &symbol in &stated {
            for &(unit, token, fits) in &held[symbol] {
                let loose = fits < 1.0 && exact(token);
                if !loose && !seen.iter().any(|&(id, hedge, _)| (id, hedge) == (unit.id, unit.hedge)) {
                    seen.push((unit.id, unit.hedge, token));
                }
            }
        }
        if self.is_part_of_names(place, &seen) {
            return;
        }
        let likelihood: Vec<f64> = (0..place.own.len())
            .map(|symbol| self.likelihood(&place.own[symbol], &held[symbol], &seen))
            .collect();
        let mut ids: Vec<Id> = seen.iter().map(|&(id, _, _)| id).collect();
        ids.dedup();
        let from = seen.iter().map(|&(_, _, token)| token).min().unwrap_or(at).min(at);
        let to = seen.iter().map(|&(_, _, token)| token).max().unwrap_or(at).max(at) + 1;
        self.add(place, at, from..to, &ids, likelihood, out);
    }

    /// Whether all that is seen are names that several variants hold: "Olt" of "President Olt" and "Maren Olt".
    ///
    /// Whoever was named in full is named in part from then on, whatever form the copy had.
    fn is_part_of_names(&self, place: &Place, seen: &[(Id, Hedge, usize)]) -> bool {
        let holds = |own: &&Vec<Unit>| seen.iter().all(|&(id, _, _)| own.iter().any(|unit| unit.id == id));
        seen.iter().all(|&(id, _, _)| self.vocabulary.entries[id as usize].name)
            && place.own.iter().filter(holds).count() > 1
    }

    /// Whether enough of a variant stands here: all its amounts, and half of what its words say.
    fn is_stated(&self, own: &[Unit], held: &[(Unit, usize, f64)]) -> bool {
        let has = |unit: &Unit| held.iter().any(|(other, _, _)| other == unit);
        let bits =
            |units: &mut dyn Iterator<Item = &Unit>| units.map(|unit| self.rarity(unit.id)).sum::<u32>();
        let all = bits(&mut own.iter());
        let here = bits(&mut own.iter().filter(|unit| has(unit)));
        here > 0 && 2 * here >= all && own.iter().filter(|unit| self.is_amount(unit.id)).all(has)
    }

    fn is_amount(&self, id: Id) -> bool {
        self.vocabulary.entries[id as usize].key.starts_with(['#', '@'])
    }

    /// How likely a writer who had the variant with these units states what is seen.
    fn likelihood(&self, own: &[Unit], held: &[(Unit, usize, f64)], seen: &[(Id, Hedge, usize)]) -> f64 {
        let mut extra: Vec<(Id, Hedge)> = Vec::new();
        for &(id, hedge, token) in seen {
            let known =
                held.iter().any(|&(unit, other, _)| unit.id == id && (unit.hedge == hedge || other == token));
            if !known {
                extra.push((id, hedge));
            }
        }
        let missing: Vec<&Unit> =
            own.iter().filter(|unit| !held.iter().any(|(other, _, _)| other == *unit)).collect();
        if extra.is_empty() {
            let hedged: f64 = held.iter().map(|&(_, _, fits)| fits).fold(1.0, f64::min);
            return match (held.is_empty(), missing.is_empty()) {
                (true, _) => 0.0,
                (false, true) => hedged,
                (false, false) => hedged * SHORTENED,
            };
        }
        let rounds = |&(id, hedge): &(Id, Hedge)| {
            missing.iter().any(|unit| unit.hedge == Hedge::None && self.is_rounding(id, hedge, unit.id))
        };
        if extra.iter().all(rounds) { ROUNDED } else { 0.0 }
    }

    /// Whether an amount is the other one made round.
    fn is_rounding(&self, round: Id, hedge: Hedge, exact: Id) -> bool {
        let value = |id: Id| amount::value(&self.vocabulary.entries[id as usize].key);
        let (Some(round), Some(exact)) = (value(round), value(exact)) else { return false };
        let zeros = |mut value: u64| {
            let mut count = 0;
            while value > 0 && value.is_multiple_of(10) {
                (value, count) = (value / 10, count + 1);
            }
            count
        };
        let side = match hedge {
            Hedge::Over | Hedge::AtLeast => round <= exact,
            Hedge::Nearly | Hedge::Under | Hedge::AtMost => round >= exact,
            Hedge::None | Hedge::About => true,
        };
        side && round.abs_diff(exact) <= exact / 6 && zeros(round) > zeros(exact)
    }

    /// Adds a statement with words `ids` around token `at`, unless it is likely to stand there for another reason.
    fn add(
        &self,
        place: &Place,
        at: usize,
        tokens: Range<usize>,
        ids: &[Id],
        mut likelihood: Vec<f64>,
        out: &mut Vec<Mention>,
    ) {
        let (fit, positions) = self.fit(at);
        // Words that stand elsewhere in the item say nothing here; the others must be most of the statement.
        let bits = |ids: &[Id]| ids.iter().map(|&id| self.rarity(id)).sum::<u32>();
        let (elsewhere, own): (Vec<Id>, Vec<Id>) =
            ids.iter().partition(|&&id| self.is_elsewhere(place, id, at, fit));
        if bits(&elsewhere) > bits(&own) || elsewhere.iter().any(|&id| self.is_amount(id)) {
            return;
        }
        let mut rates: Vec<f64> = own.iter().map(|&id| self.rate(place, id)).collect();
        rates.sort_by(f64::total_cmp);
        let Some((&first, more)) = rates.split_first() else { return };
        // A second word of the same statement comes within some sixty words, and seldom alone.
        let together = more.first().map_or(1.0, |rate| (64.0 * rate).min(1.0));
        let amounts = ids.iter().any(|&id| self.is_amount(id));
        let beside =
            |reach| place.heads.iter().filter(move |&&head| self.leak.nearest(head, at, reach).is_some());
        // Beside the noun an amount can come by chance only where the noun stands.
        let positions = match beside(BESIDE).map(|&head| self.leak.count(head) * (2 * BESIDE + 1)).min() {
            Some(beside) if amounts => positions.min(beside),
            _ => positions,
        };
        let chance = first * together * count(positions);
        // An amount without its noun may be of anything.
        if amounts && !place.heads.is_empty() && beside(ATTACHED).next().is_none() {
            return;
        }
        if chance > CHANCE_MAX {
            return;
        }
        for value in &mut likelihood {
            *value += ERROR + chance;
        }
        out.push(Mention { place: place.index, tokens, strength: fit + 8 * bits(&own), likelihood });
    }

    /// How often a word comes by chance, per word: in texts in general, in this fragment, in the rest of the item.
    fn rate(&self, place: &Place, id: Id) -> f64 {
        let entry = &self.vocabulary.entries[id as usize];
        let general = 1.0 / f64::from(1_u32 << entry.rarity.min(30));
        let others = entry.postings.iter().filter(|(_, site)| *site != Some(place.site)).count();
        let item = count(others) / count(self.vocabulary.words.len().max(1));
        let again = self.leak.count(id).saturating_sub(1);
        let leak = count(again) / count(self.leak.tokens.len().max(1));
        general.max(item).max(leak)
    }

    /// Whether the statement fits another spot of the item where the same word stands as well as it fits the place.
    fn is_elsewhere(&self, place: &Place, id: Id, at: usize, fit: u32) -> bool {
        const SPOTS_MAX: usize = 32;
        const REACH: usize = 14;
        let entry = &self.vocabulary.entries[id as usize];
        let others = entry.postings.iter().filter(|(_, site)| *site != Some(place.site));
        others.take(SPOTS_MAX).any(|&(word, _)| {
            let near = word.saturating_sub(REACH)..(word + REACH + 1).min(self.vocabulary.words.len());
            let mut known: Vec<Id> = vec![id];
            let mut score = 0;
            let mut head = true;
            for other in near.clone().filter(|&other| other > word).chain(near.start..word) {
                let Some(other) = self.vocabulary.words[other].id else { continue };
                if known.contains(&other) {
                    continue;
                }
                known.push(other);
                let weight = self.vocabulary.entries[other as usize].weight;
                let weight = if std::mem::take(&mut head) { weight.max(40) } else { weight };
                if let Some(token) = self.leak.nearest(other, at, NEAR[NEAR.len() - 1].0) {
                    score += weight * share(token.abs_diff(at)) / 8;
                }
            }
            score > 0 && score >= fit
        })
    }
}

/// How well a hedge that was read fits a variant's: 1 for the same, none where they contradict each other.
fn hedges(own: Hedge, read: Hedge) -> Option<f64> {
    use Hedge::{About, AtLeast, AtMost, Nearly, None as Exact, Over, Under};
    match (own, read) {
        _ if own == read => Some(1.0),
        (Over, AtLeast)
        | (AtLeast, Over)
        | (Under, Nearly | AtMost)
        | (Nearly | AtMost, Under)
        | (About, Nearly | Over)
        | (_, Exact)
        | (Exact, About) => Some(HEDGED),
        _ => None,
    }
}

/// The share, in eighths, of a word's weight at a distance.
fn share(distance: usize) -> u32 {
    NEAR.iter().find(|(reach, _)| distance <= *reach).map_or(0, |&(_, share)| share)
}

fn count(values: usize) -> f64 {
    u32::try_from(values).map_or(f64::MAX, f64::from)
}
