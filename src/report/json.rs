//! JSON objects for scripts; their fields are promises, listed in `docs/FORMAT.md`.
//!
//! These types are separate from the library's own, so that renaming a field inside the library can never change
//! what a script reads. Numbers are always finite, and every probability comes with its log₁₀, because scripts in
//! other languages may round 1e-300 to 0.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TraceView;
use crate::tracer::{Candidate, Mark};
use crate::verdict::false_accusation_bound;

/// `dyetrace/trace/1`.
#[derive(Debug, Serialize)]
pub struct Trace<'t> {
    schema: &'static str,
    verdict: &'static str,
    item: Option<Item<'t>>,
    alpha: f64,
    copies: u64,
    culprits: Vec<Culprit<'t>>,
    candidates: Vec<CandidateRow<'t>>,
    needed_bits: f64,
    sites_total: usize,
    sites_read: usize,
    channels: BTreeMap<&'static str, ChannelRow>,
    sites: Vec<SiteRow<'t>>,
    fragments: Vec<FragmentRow<'t>>,
    log10_alpha: f64,
    fits: u64,
    copies_issued: u64,
    original: OriginalRow,
}

#[derive(Debug, Serialize)]
struct Item<'t> {
    id: &'t str,
    title: &'t str,
}

#[derive(Debug, Serialize)]
struct Culprit<'t> {
    copy: u64,
    recipient: Option<&'t str>,
    evidence_bits: f64,
    false_accusation_bound: f64,
    log10_false_accusation_bound: f64,
    sites_for: usize,
    sites_against: usize,
    /// The first and last site that the copy explains best.
    span: Option<[usize; 2]>,
}

#[derive(Debug, Serialize)]
struct CandidateRow<'t> {
    #[serde(flatten)]
    copy: Culprit<'t>,
    /// One letter per entry of `sites`: `+` agrees, `-` differs, `.` unreadable.
    marks: String,
}

#[derive(Debug, Serialize)]
struct ChannelRow {
    read: usize,
    /// Sites at which the best candidate agrees; none without a candidate.
    agree: Option<usize>,
    total: usize,
}

#[derive(Debug, Serialize)]
struct SiteRow<'t> {
    site: usize,
    channel: &'static str,
    leaked: &'t str,
    variants: &'t [String],
    held_by: u64,
    class: &'t str,
    seen: u8,
    bits: f64,
    sentence: &'t str,
    seen_as: &'static str,
}

#[derive(Debug, Serialize)]
struct FragmentRow<'t> {
    path: &'t str,
    aligned: f64,
    /// From the first to past the last byte of the item's canonical text that the fragment covers.
    span: Option<[usize; 2]>,
    chars: usize,
    /// Every passage, in the fragment's order.
    spans: Vec<[usize; 2]>,
    kind: &'t str,
    read_as: &'t str,
    mean_confidence: Option<f64>,
}

#[derive(Debug, Serialize)]
struct OriginalRow {
    evidence_bits: f64,
    chance_bound: f64,
    log10_chance_bound: f64,
}

impl<'t> Trace<'t> {
    /// The object that `dyetrace trace --json` prints.
    pub fn new(view: &TraceView<'t>) -> Self {
        let trace = view.trace;
        let original = false_accusation_bound(trace.copies, trace.original);
        Self {
            schema: "dyetrace/trace/1",
            verdict: trace.verdict.name(),
            item: trace.item.as_ref().map(|item| Item { id: &item.id, title: &item.title }),
            alpha: trace.alpha.value(),
            copies: trace.copies,
            culprits: trace.culprits.iter().map(|culprit| Culprit::new(view, culprit)).collect(),
            candidates: trace
                .candidates
                .iter()
                .take(crate::tracer::CANDIDATES_MAX)
                .map(|candidate| CandidateRow {
                    copy: Culprit::new(view, candidate),
                    marks: candidate.marks.iter().map(|mark| letter(*mark)).collect(),
                })
                .collect(),
            needed_bits: rounded(trace.needed.bits()),
            sites_total: trace.sites_total,
            sites_read: trace.sites.len(),
            channels: channels(view),
            sites: trace
                .sites
                .iter()
                .map(|site| SiteRow {
                    site: site.site + 1,
                    channel: site.channel.name(),
                    leaked: &site.leaked,
                    variants: &site.variants,
                    held_by: site.held_by,
                    class: &site.class,
                    seen: site.seen,
                    bits: rounded(site.bits),
                    sentence: &site.context.0,
                    seen_as: site.seen_as.name(),
                })
                .collect(),
            fragments: trace
                .fragments
                .iter()
                .map(|fragment| FragmentRow {
                    path: &fragment.name,
                    aligned: rounded(fragment.aligned),
                    span: fragment
                        .spans
                        .iter()
                        .map(|span| [span.start, span.end])
                        .reduce(|all, span| [all[0].min(span[0]), all[1].max(span[1])]),
                    chars: fragment.chars,
                    spans: fragment.spans.iter().map(|span| [span.start, span.end]).collect(),
                    kind: fragment.kind,
                    read_as: &fragment.method,
                    mean_confidence: fragment.confidence.map(rounded),
                })
                .collect(),
            log10_alpha: log10(trace.alpha.value()),
            fits: trace.fits,
            copies_issued: trace.issued,
            original: OriginalRow {
                evidence_bits: rounded(trace.original.bits()),
                chance_bound: original,
                log10_chance_bound: log10(original),
            },
        }
    }
}

impl<'t> Culprit<'t> {
    fn new(view: &TraceView<'t>, candidate: &Candidate) -> Self {
        let sites = view.trace.sites.get(candidate.explains.clone()).unwrap_or_default();
        let span = sites.first().zip(sites.last()).map(|(first, last)| [first.site + 1, last.site + 1]);
        Self {
            copy: candidate.copy.0,
            recipient: view.recipients.get(&candidate.copy).map(String::as_str),
            evidence_bits: rounded(candidate.wealth.bits()),
            false_accusation_bound: candidate.bound,
            log10_false_accusation_bound: log10(candidate.bound),
            sites_for: candidate.sites_for(),
            sites_against: candidate.sites_against(),
            span,
        }
    }
}

fn channels(view: &TraceView<'_>) -> BTreeMap<&'static str, ChannelRow> {
    let best = view.trace.candidates.first();
    let agree = |channel| {
        let marks = &best?.marks;
        let sites = view.trace.sites.iter().zip(marks);
        Some(sites.filter(|(site, mark)| site.channel == channel && **mark == Mark::Agrees).count())
    };
    view.trace
        .channels
        .iter()
        .map(|tally| {
            let row = ChannelRow { read: tally.read, agree: agree(tally.channel), total: tally.total };
            (tally.channel.name(), row)
        })
        .collect()
}

fn letter(mark: Mark) -> char {
    match mark {
        Mark::Agrees => '+',
        Mark::Differs => '-',
        Mark::Unclear => '.',
    }
}

/// Four decimals, finite: JSON has no infinity, and the digits beyond say nothing.
pub fn rounded(value: f64) -> f64 {
    if value.is_nan() {
        return 0.0;
    }
    (value.clamp(-1e9, 1e9) * 1e4).round() / 1e4 + 0.0
}

/// log₁₀ of a probability, at least 1e-300, with four decimals; the same digits on every machine.
pub fn log10(probability: f64) -> f64 {
    rounded(libm::log10(probability.clamp(1e-300, 1.0)))
}

/// The one object that goes to standard output, with a line feed.
pub fn text(object: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(object)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample;
    use crate::verdict::Verdict;

    fn object(trace: &crate::tracer::Trace) -> Value {
        let recipients = sample::recipients();
        let text = text(&Trace::new(&TraceView { trace, recipients: &recipients })).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn every_verdict_has_the_fields_of_the_contract() {
        for verdict in sample::VERDICTS {
            for trace in [sample::trace(verdict), sample::hostile(verdict), sample::long(verdict)] {
                let object = object(&trace);
                assert_eq!(object["schema"], "dyetrace/trace/1");
                assert_eq!(object["verdict"], verdict.name());
                assert_eq!(object["item"].is_null(), verdict == Verdict::NotOurs);
                assert_eq!(object["culprits"].as_array().unwrap().len(), trace.culprits.len());
                for field in ["alpha", "copies", "needed_bits", "sites_total", "sites_read"] {
                    assert!(object[field].is_number(), "{field}");
                }
                for row in object["candidates"].as_array().unwrap() {
                    let bound = row["false_accusation_bound"].as_f64().unwrap();
                    assert!(bound > 0.0 && bound <= 1.0);
                    let log10 = row["log10_false_accusation_bound"].as_f64().unwrap();
                    assert!((log10 - libm::log10(bound)).abs() < 1e-3);
                    for field in ["copy", "evidence_bits", "sites_for", "sites_against"] {
                        assert!(row[field].is_number(), "{field}");
                    }
                }
                for fragment in object["fragments"].as_array().unwrap() {
                    assert!(fragment["path"].is_string() && fragment["aligned"].is_number());
                }
            }
        }
    }

    #[test]
    fn the_first_fields_are_those_of_the_contract_in_its_order() {
        let recipients = sample::recipients();
        let trace = sample::trace(Verdict::Attributed);
        insta::assert_snapshot!(
            "attributed-json",
            text(&Trace::new(&TraceView { trace: &trace, recipients: &recipients })).unwrap()
        );
    }

    #[test]
    fn every_number_survives() {
        let mut trace = sample::trace(Verdict::Attributed);
        for (bits, bound) in
            [(f64::NEG_INFINITY, 1e-300), (f64::INFINITY, 1.0), (f64::NAN, f64::MIN_POSITIVE)]
        {
            trace.sites[0].bits = bits;
            trace.fragments[0].aligned = bits;
            trace.culprits[0].bound = bound;
            let object = object(&trace);
            assert!(object["sites"][0]["bits"].is_number());
            assert!(object["fragments"][0]["aligned"].is_number());
            assert!(object["culprits"][0]["log10_false_accusation_bound"].as_f64().unwrap() >= -300.0);
        }
    }
}
