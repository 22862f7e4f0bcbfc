//! From fragments to a verdict: locate, align, read, score, decide.
//!
//! This is the one place where the stages meet. What was seen is turned into readings before any codeword is drawn,
//! so nothing that touches a copy's symbols can bend a reading towards it.

use std::ops::Range;

use crate::channel::{self, Channel, Reading};
use crate::codebook::CopyNumber;
use crate::fact::{self, Account, Subject};
use crate::issue::Edition;
use crate::language;
use crate::leak::Fragment;
use crate::score::{self, Evidence, Wealth};
use crate::trace::{self, Observation};
use crate::verdict::{self, Alpha, Scores, Verdict};

/// How many candidates a trace reports.
pub const CANDIDATES_MAX: usize = 10;

/// A copy still fits the leak when its wealth is at least the best copy's divided by this.
const FIT_FACTOR: f64 = 1000.0;

/// Items whose text explains the fragments at least this well, compared with the best item (per cent), are scored
/// as well.
///
/// Two versions of one report share most passages; the choice between them must not hang on a hair.
const TIE_PERCENT: u64 = 97;

/// The same where the best item is retold and not quoted.
const TIE_RETOLD_PERCENT: u64 = 50;

/// Where the likeliest variant of an aligned site is less than this much likelier than the least likely, its words were
/// rewritten, and the fact may be read from what stands there now.
const REWRITTEN_RATIO: f64 = 2.0;

/// An item as the tracer needs it: its edition, and which copies were issued.
#[derive(Debug)]
pub struct Prepared {
    id: String,
    title: String,
    edition: Edition,
    copies: Vec<CopyNumber>,
    /// Byte ranges of the text's sentences, in order.
    sentences: Vec<Range<usize>>,
    /// What a retelling of the item is known by; empty where no site is a fact.
    subject: Subject,
}

impl Prepared {
    /// Prepares an item for tracing; `copies` are the numbers of the copies that were issued.
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        edition: Edition,
        copies: Vec<CopyNumber>,
    ) -> Self {
        let text = edition.document().text();
        let mut sentences = Vec::new();
        for block in edition.document().blocks() {
            let tokens = language::tokens(text, block.range.clone());
            for sentence in language::sentences(text, &tokens) {
                sentences.push(tokens[sentence.start].range.start..tokens[sentence.end - 1].range.end);
            }
        }
        let subject = Subject::new(edition.document(), edition.sites());
        Self { id: id.into(), title: title.into(), edition, copies, sentences, subject }
    }

    /// Its edition, from which any codeword can be drawn.
    pub fn edition(&self) -> &Edition {
        &self.edition
    }

    /// The sentence around a byte range of the text, and the range within it.
    fn context(&self, range: &Range<usize>) -> (String, Range<usize>) {
        let at = self.sentences.partition_point(|sentence| sentence.end <= range.start);
        let Some(sentence) = self.sentences.get(at) else { return (String::new(), 0..0) };
        let start = sentence.start.min(range.start);
        let end = sentence.end.max(range.end);
        (self.edition.document().text()[start..end].to_owned(), range.start - start..range.end - start)
    }
}

/// What a trace found.
#[derive(Clone, Debug)]
pub struct Trace {
    /// The conclusion.
    pub verdict: Verdict,
    /// The item that the fragments belong to; none for [`Verdict::NotOurs`].
    pub item: Option<ItemRef>,
    /// The bound asked for.
    pub alpha: Alpha,
    /// How many copies could have been accused: the N of the union bound, at least [`Trace::issued`].
    pub copies: u64,
    /// How many copies of the item were issued; the others belong to items that explain the fragments as well.
    pub issued: u64,
    /// What a copy's wealth must reach: N/α.
    pub needed: Wealth,
    /// The wealth the unmarked original would have if it were a copy that also has to win the boldest bet.
    pub original: Wealth,
    /// The copies over the threshold, best first; each is among `candidates` as well.
    pub culprits: Vec<Candidate>,
    /// The best copies, at most [`CANDIDATES_MAX`] (more only where more are over the threshold).
    pub candidates: Vec<Candidate>,
    /// How many of all `copies` the leak still fits: those with at least 1/1,000 of the best copy's wealth.
    pub fits: u64,
    /// How many sites the item has.
    pub sites_total: usize,
    /// Every site that was read, in document order.
    pub sites: Vec<SiteEvidence>,
    /// For each channel of the item: how many sites it has and how many were read.
    pub channels: Vec<ChannelTally>,
    /// One entry per fragment, in the order given.
    pub fragments: Vec<FragmentTally>,
}

/// An item by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRef {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A copy and the evidence for it.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The copy.
    pub copy: CopyNumber,
    /// Its wealth.
    pub wealth: Wealth,
    /// min(1, N / wealth): the bound on accusing any innocent copy if this one is accepted.
    pub bound: f64,
    /// How it compares at each entry of [`Trace::sites`].
    pub marks: Vec<Mark>,
    /// The entries of [`Trace::sites`] that it explains best: a range of indices, empty when none speak for it.
    pub explains: Range<usize>,
}

/// How a copy compares with the leak at one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The copy carries the likeliest variant.
    Agrees,
    /// The copy carries another variant.
    Differs,
    /// The reading hardly tells the variants apart.
    Unclear,
}

/// One site that was read.
#[derive(Clone, Debug)]
pub struct SiteEvidence {
    /// Its index in the item's list of sites; reports count from 1.
    pub site: usize,
    /// Its channel.
    pub channel: Channel,
    /// Its class.
    pub class: String,
    /// The fragment's own characters at the site, as far as they could be found.
    pub leaked: String,
    /// What its variants are called.
    pub variants: Vec<String>,
    /// The likeliest variant.
    pub seen: u8,
    /// How many of the item's copies carry it.
    pub held_by: u64,
    /// The evidence, in bits, for a copy that carries the likeliest variant.
    pub bits: f64,
    /// How it was read.
    pub seen_as: SeenAs,
    /// The item's sentence around the site, and the site's byte range in it.
    pub context: (String, Range<usize>),
}

/// How a site was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenAs {
    /// In a passage that is aligned with the item.
    Text,
    /// As a fact, in other words.
    Fact,
}

impl SeenAs {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Fact => "fact",
        }
    }
}

/// A channel's share of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelTally {
    /// The channel.
    pub channel: Channel,
    /// How many sites of the item belong to it.
    pub total: usize,
    /// How many were read.
    pub read: usize,
}

/// How a fragment lies in the item.
#[derive(Clone, Debug)]
pub struct FragmentTally {
    /// Its name.
    pub name: String,
    /// How many characters it has after folding.
    pub chars: usize,
    /// The share of them that aligns with the item, 0.0..=1.0.
    pub aligned: f64,
    /// The passages of the item that it covers, in the fragment's order, as byte ranges of the canonical text.
    pub spans: Vec<Range<usize>>,
    /// The kind of file it is.
    pub kind: &'static str,
    /// How its text was read.
    pub method: String,
    /// How sure text recognition was of it, 0..=100, where there was any and it said so.
    pub confidence: Option<f64>,
}

impl Candidate {
    /// How many read sites speak for the copy.
    pub fn sites_for(&self) -> usize {
        self.marks.iter().filter(|&&mark| mark == Mark::Agrees).count()
    }

    /// How many read sites speak against it.
    pub fn sites_against(&self) -> usize {
        self.marks.iter().filter(|&&mark| mark == Mark::Differs).count()
    }
}

/// Traces fragments that are taken to come from one source, against the given items.
///
/// The fragments' evidence adds up; a site that several fragments show is still bet on once, with the product of its
/// likelihoods, because a second bet on the same symbol would no longer be fair. Where several items explain the
/// fragments equally well, all of them are scored and N counts all their copies.
pub fn trace(items: &[Prepared], fragments: &[Fragment], alpha: Alpha) -> Trace {
    let views: Vec<Vec<View<'_>>> = items.iter().map(|item| observe_all(item, fragments)).collect();
    let explained: Vec<u64> = views.iter().map(|view| view.iter().map(View::explained).sum()).collect();
    let best = explained.iter().copied().max().unwrap_or(0);
    // Names and amounts place a text less surely than its own sentences do.
    let quoted = |view: &[View<'_>]| view.iter().any(|seen| !seen.text.passages.is_empty());
    let in_words = (0..items.len()).all(|i| explained[i] < best || !quoted(&views[i]));
    let tie = if in_words { TIE_RETOLD_PERCENT } else { TIE_PERCENT };
    let chosen: Vec<usize> = (0..items.len())
        .filter(|&i| explained[i] >= best / 100 * tie && views[i].iter().any(View::is_ours))
        .collect();
    let copies = chosen.iter().map(|&i| items[i].copies.len() as u64).sum();
    let scored: Vec<Scored<'_>> =
        chosen.iter().map(|&i| Scored::new(&items[i], fragments, &views[i])).collect();
    let best = scored
        .iter()
        .reduce(|best, next| if next.best().total_cmp(&best.best()).is_gt() { next } else { best });
    match best {
        Some(best) => {
            let fits_from = best.best() * Wealth::new(1.0 / FIT_FACTOR, 0);
            let fits = scored.iter().map(|one| one.reaching(fits_from)).sum();
            best.conclude(copies, fits, alpha)
        }
        None => Trace {
            verdict: Verdict::NotOurs,
            item: None,
            alpha,
            copies: items.iter().map(|item| item.copies.len() as u64).sum(),
            issued: 0,
            needed: verdict::threshold(copies, alpha),
            original: Wealth::ONE,
            culprits: Vec::new(),
            candidates: Vec::new(),
            fits: 0,
            sites_total: 0,
            sites: Vec::new(),
            channels: Vec::new(),
            fragments: fragments.iter().map(|fragment| FragmentTally::new(fragment, None)).collect(),
        },
    }
}

/// The evidence that a trace bets on when these fragments are taken to come from one source and to show this item.
///
/// By channel, in the order of [`Channel::ALL`], each in document order: what [`score::wealth`] asks for beside a
/// codeword. It is finished before any codeword is drawn and is the same for every copy.
pub fn evidence(item: &Prepared, fragments: &[Fragment]) -> Vec<Vec<Evidence>> {
    evidence_of(item, &readings_of(&observe_all(item, fragments)))
}

/// What one fragment shows of one item: passages of its text, and its facts in other words.
struct View<'f> {
    text: Observation<'f>,
    retold: Account,
    /// What both say, by ascending site, each site once.
    readings: Vec<Reading>,
}

impl<'f> View<'f> {
    fn new(item: &Prepared, fragment: &'f Fragment) -> Self {
        let text = trace::observe(item.edition.lattice(), fragment);
        let mut readings = channel::read_all(item.edition.sites(), &text.seen);
        let mut retold = if item.subject.is_empty() {
            Account::default()
        } else {
            let credit = u32::try_from(text.score / 8).unwrap_or(u32::MAX);
            item.subject.read(fragment, &aligned(fragment, &text), credit)
        };
        // A site that an aligned passage shows is read there; elsewhere it is no second bet.
        retold.facts.retain(|fact| {
            let shown = readings.iter().find(|reading| reading.site == fact.site);
            shown.is_none_or(|reading| is_flat(&reading.likelihood))
        });
        for fact in &retold.facts {
            readings.retain(|reading| reading.site != fact.site);
            readings.push(Reading { site: fact.site, likelihood: fact.likelihood.clone() });
        }
        readings.sort_by_key(|reading| reading.site);
        Self { text, retold, readings }
    }

    /// How far beyond chance it is that the fragment belongs to the item, in 1/8 bit.
    fn explained(&self) -> u64 {
        let retold = if self.text.passages.is_empty() { 8 * u64::from(self.retold.bits) } else { 0 };
        self.text.score + retold
    }

    fn is_ours(&self) -> bool {
        !self.text.passages.is_empty() || !self.retold.facts.is_empty()
    }
}

fn is_flat(likelihood: &[f64]) -> bool {
    let least = likelihood.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = likelihood.iter().copied().fold(0.0, f64::max);
    largest < REWRITTEN_RATIO * least
}

fn aligned(fragment: &Fragment, text: &Observation<'_>) -> Vec<fact::Aligned> {
    let chars = fragment.chars();
    let of = |passage: &trace::Passage| {
        let first = chars.get(passage.fragment.start)?;
        let last = chars.get(passage.fragment.end.checked_sub(1)?)?;
        let raw = first.start as usize..last.end as usize;
        Some(fact::Aligned { raw, text: passage.text.clone() })
    };
    text.passages.iter().filter_map(of).collect()
}

fn observe_all<'f>(item: &Prepared, fragments: &'f [Fragment]) -> Vec<View<'f>> {
    fragments.iter().map(|fragment| View::new(item, fragment)).collect()
}

fn readings_of(views: &[View<'_>]) -> Vec<Reading> {
    combine(views.iter().map(|view| view.readings.clone()))
}

fn evidence_of(item: &Prepared, readings: &[Reading]) -> Vec<Vec<Evidence>> {
    let mut evidence = vec![Vec::new(); Channel::ALL.len()];
    for reading in readings {
        let site = &item.edition.sites()[reading.site];
        let slot = Channel::ALL.iter().position(|&channel| channel == site.channel).unwrap_or(0);
        evidence[slot].extend(Evidence::new(reading.site, &reading.likelihood, &site.probabilities()));
    }
    evidence
}

/// One item with every copy's wealth.
struct Scored<'t> {
    item: &'t Prepared,
    fragments: &'t [Fragment],
    views: &'t [View<'t>],
    readings: Vec<Reading>,
    /// Evidence by channel, in document order.
    evidence: Vec<Vec<Evidence>>,
    wealths: Vec<(CopyNumber, Wealth)>,
    original: Wealth,
    /// For each entry of `readings` that is evidence: how many copies carry each symbol.
    held: Vec<Vec<u64>>,
}

impl<'t> Scored<'t> {
    fn new(item: &'t Prepared, fragments: &'t [Fragment], views: &'t [View<'t>]) -> Self {
        let readings = readings_of(views);
        let evidence = evidence_of(item, &readings);
        let mut held: Vec<Vec<u64>> =
            readings.iter().map(|reading| vec![0; reading.likelihood.len()]).collect();
        let mut wealths = Vec::with_capacity(item.copies.len());
        for &copy in &item.copies {
            let codeword = item.edition.codebook().codeword(copy);
            for (reading, held) in readings.iter().zip(&mut held) {
                held[usize::from(codeword[reading.site])] += 1;
            }
            wealths.push((copy, score::wealth(&codeword, &evidence)));
        }
        let original = original_wealth(&item.edition.original(), &evidence);
        Self { item, fragments, views, readings, evidence, wealths, original, held }
    }

    fn best(&self) -> Wealth {
        self.wealths.iter().map(|(_, wealth)| *wealth).max_by(Wealth::total_cmp).unwrap_or(Wealth::ONE)
    }

    /// How many copies have at least this wealth.
    fn reaching(&self, wealth: Wealth) -> u64 {
        self.wealths.iter().filter(|(_, own)| *own >= wealth).count() as u64
    }

    fn conclude(&self, copies: u64, fits: u64, alpha: Alpha) -> Trace {
        let item = self.item;
        let scores = Scores {
            copies: &self.wealths,
            accusable: copies,
            original: self.original,
            sites_seen: self.readings.len(),
            aligned: true,
        };
        let (verdict, named) = verdict::decide(&scores, alpha);
        let mut ranked = self.wealths.clone();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        ranked.truncate(CANDIDATES_MAX.max(named.len()));

        let ratios: Vec<&Evidence> = {
            let mut all: Vec<&Evidence> = self.evidence.iter().flatten().collect();
            all.sort_by_key(|evidence| evidence.site);
            all
        };
        let candidates: Vec<Candidate> = ranked
            .into_iter()
            .map(|(copy, wealth)| {
                let codeword = item.edition.codebook().codeword(copy);
                let own = |evidence: &&Evidence| evidence.ratios[usize::from(codeword[evidence.site])];
                Candidate {
                    copy,
                    wealth,
                    bound: verdict::false_accusation_bound(copies, wealth),
                    marks: ratios.iter().map(|evidence| mark(evidence, codeword[evidence.site])).collect(),
                    explains: best_run(ratios.iter().map(own)),
                }
            })
            .collect();
        let culprits =
            candidates.iter().filter(|c| named.iter().any(|(copy, _)| *copy == c.copy)).cloned().collect();
        let sites: Vec<SiteEvidence> = ratios.iter().map(|evidence| self.site_evidence(evidence)).collect();
        let channels = Channel::ALL
            .iter()
            .map(|&channel| ChannelTally {
                channel,
                total: item.edition.sites().iter().filter(|site| site.channel == channel).count(),
                read: sites.iter().filter(|site| site.channel == channel).count(),
            })
            .filter(|tally| tally.total > 0)
            .collect();
        Trace {
            verdict,
            item: Some(ItemRef { id: item.id.clone(), title: item.title.clone() }),
            alpha,
            copies,
            issued: item.copies.len() as u64,
            needed: verdict::threshold(copies, alpha),
            original: self.original,
            culprits,
            candidates,
            fits,
            sites_total: item.edition.sites().len(),
            sites,
            channels,
            fragments: self
                .fragments
                .iter()
                .zip(self.views)
                .map(|(fragment, view)| FragmentTally::new(fragment, Some(view)))
                .collect(),
        }
    }

    fn site_evidence(&self, evidence: &Evidence) -> SiteEvidence {
        let site = &self.item.edition.sites()[evidence.site];
        let seen = likeliest(&evidence.ratios);
        let held_by = self
            .readings
            .iter()
            .zip(&self.held)
            .find(|(reading, _)| reading.site == evidence.site)
            .map_or(0, |(_, held)| held[seen]);
        let shows = |view: &View<'_>| view.readings.iter().any(|reading| reading.site == evidence.site);
        let retold = self.views.iter().zip(self.fragments).find_map(|(view, fragment)| {
            let fact = view.retold.facts.iter().find(|fact| fact.site == evidence.site)?;
            Some((fact.place, fragment.raw().get(fact.raw.clone()).unwrap_or_default()))
        });
        let sighted = self
            .views
            .iter()
            .filter(|view| shows(view) && view.retold.facts.iter().all(|fact| fact.site != evidence.site))
            .flat_map(|view| &view.text.seen)
            .find(|seen| seen.site == evidence.site)
            .and_then(|seen| seen.sightings.first())
            .map(|sighting| (sighting.place, sighting.raw));
        let seen_as = if sighted.is_none() && retold.is_some() { SeenAs::Fact } else { SeenAs::Text };
        let found = sighted.or(retold);
        let place = found.and_then(|(place, _)| site.places.get(place)).or(site.places.first());
        SiteEvidence {
            site: evidence.site,
            channel: site.channel,
            class: site.class.to_string(),
            leaked: found.map(|(_, raw)| raw.to_owned()).unwrap_or_default(),
            variants: site.labels.clone(),
            seen: u8::try_from(seen).unwrap_or(u8::MAX),
            held_by,
            bits: libm::log2(evidence.ratios[seen]),
            seen_as,
            context: place.map_or_else(|| (String::new(), 0..0), |place| self.item.context(&place.range)),
        }
    }
}

impl FragmentTally {
    fn new(fragment: &Fragment, view: Option<&View<'_>>) -> Self {
        Self {
            name: fragment.name().to_owned(),
            chars: fragment.chars().len(),
            aligned: view.map_or(0.0, |view| view.text.aligned),
            spans: view.map_or_else(Vec::new, |view| {
                view.text.passages.iter().map(|passage| passage.text.clone()).collect()
            }),
            kind: fragment.origin().kind,
            method: fragment.origin().method.clone(),
            confidence: fragment.origin().confidence,
        }
    }
}

/// The original's wealth, which must hold at the boldest bet as well.
///
/// Naming the original clears every copy, and somebody may well have turned part of a copy back to what the original
/// says, with it at hand or by writing what most people write. Such a leak still holds places that only the copy
/// explains; a leak of the original holds none, but for slips. The lesser of two numbers of mean 1 is as safe as either.
fn original_wealth(original: &[u8], evidence: &[Vec<Evidence>]) -> Wealth {
    let (balanced, bold) = (score::wealth(original, evidence), score::bold_wealth(original, evidence));
    if bold < balanced { bold } else { balanced }
}

/// Multiplies the readings of several fragments site by site; the result is in site order.
fn combine(parts: impl Iterator<Item = Vec<Reading>>) -> Vec<Reading> {
    let mut all: Vec<Reading> = parts.flatten().collect();
    all.sort_by_key(|reading| reading.site);
    let mut out: Vec<Reading> = Vec::new();
    for reading in all {
        match out.last_mut() {
            Some(last) if last.site == reading.site => {
                for (product, factor) in last.likelihood.iter_mut().zip(&reading.likelihood) {
                    *product *= factor;
                }
                let largest = last.likelihood.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
                for value in &mut last.likelihood {
                    *value = (*value / largest).max(f64::MIN_POSITIVE);
                }
            }
            _ => out.push(reading),
        }
    }
    out
}

/// The symbol with the largest ratio; the first of equals.
fn likeliest(ratios: &[f64]) -> usize {
    (1..ratios.len()).fold(0, |best, symbol| if ratios[symbol] > ratios[best] { symbol } else { best })
}

/// Less than a bit between the likeliest and the least likely variant is no reading to show for or against.
fn mark(evidence: &Evidence, symbol: u8) -> Mark {
    let best = likeliest(&evidence.ratios);
    let least = evidence.ratios.iter().copied().fold(f64::INFINITY, f64::min);
    if evidence.ratios[best] < 2.0 * least {
        Mark::Unclear
    } else if usize::from(symbol) == best {
        Mark::Agrees
    } else {
        Mark::Differs
    }
}

/// The run of sites on which a bet of 0.95 gains most; empty when it gains on none.
fn best_run(ratios: impl Iterator<Item = f64>) -> Range<usize> {
    let (mut best, mut best_gain) = (0..0, 0.0);
    let (mut start, mut gain) = (0, 0.0);
    for (index, ratio) in ratios.enumerate() {
        gain += libm::log2(1.0 + 0.95 * (ratio - 1.0));
        if gain <= 0.0 {
            (start, gain) = (index + 1, 0.0);
        } else if gain > best_gain {
            (best, best_gain) = (start..index + 1, gain);
        }
    }
    best
}
