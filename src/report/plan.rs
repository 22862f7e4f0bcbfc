//! The view of `plan`: what an item can promise before any copy is issued.

use std::collections::BTreeMap;

use serde::Serialize;

use super::capacity::{self, CapacityView};
use super::paint::{Page, Role};
use super::{Style, json, words};
use crate::channel::Tier;
use crate::suggest::Reason;

/// How many sentences that cannot be traced alone are shown on a terminal.
const SENTENCES_MAX: usize = 5;
/// How many classes are named on a terminal.
const CLASSES_MAX: usize = 8;

/// An item's sites, counted, and what they promise.
#[derive(Clone, Debug)]
pub struct PlanView {
    /// What the item is called.
    pub title: String,
    /// Its format's name.
    pub format: String,
    /// How many words it has.
    pub words: u64,
    /// The sites that are on, or proposed, each once.
    pub sites: Vec<SiteKind>,
    /// The shortest quote that names one of N copies, for several N and α.
    pub promise: Vec<Promised>,
    /// The sentences that, quoted alone, name nobody: for the first entry of `promise`.
    pub untraceable: Vec<Untraceable>,
    /// How many different copies the sites allow, as a power of two.
    pub log2_copies: f64,
    /// Where the plan was written, if it was.
    pub written: Option<String>,
    /// What a language model suggested, if one was asked.
    pub suggested: Option<Suggested>,
    /// The names of what no copy keeps.
    pub warnings: Vec<&'static str>,
}

/// What came of asking a language model.
#[derive(Clone, Debug, Default)]
pub struct Suggested {
    /// The host that was asked.
    pub host: String,
    /// The model.
    pub model: String,
    /// How many sentences were chosen.
    pub sentences: usize,
    /// How many of them were asked about.
    pub asked: usize,
    /// How many wordings passed the checks.
    pub kept: usize,
    /// How many did not, by reason.
    pub rejected: BTreeMap<Reason, usize>,
    /// How many sentences got no usable answer, by reason.
    pub failed: BTreeMap<String, usize>,
}

/// `suggested` of the object.
#[derive(Debug, Serialize)]
struct SuggestedObject<'v> {
    host: &'v str,
    model: &'v str,
    sentences: usize,
    asked: usize,
    kept: usize,
    rejected: BTreeMap<&'static str, usize>,
    failed: &'v BTreeMap<String, usize>,
}

/// What is counted of a site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteKind {
    /// The name of its channel.
    pub channel: &'static str,
    /// Its class.
    pub class: String,
    /// Its tier.
    pub tier: Tier,
    /// Whether it is used.
    pub on: bool,
}

/// One cell of the promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promised {
    /// Among how many copies.
    pub copies: u64,
    /// The accepted chance of a false accusation.
    pub alpha: f64,
    /// How many words of an exact quote are enough, wherever in half of the item it begins; none where they are not.
    pub words: Option<usize>,
    /// From the best starting point.
    pub best: Option<usize>,
    /// From 95 of 100 starting points.
    pub most: Option<usize>,
    /// From every starting point.
    pub worst: Option<usize>,
}

/// A sentence that names nobody when it is quoted alone.
#[derive(Clone, Debug, Serialize)]
pub struct Untraceable {
    /// The sentence.
    pub sentence: String,
    /// How many sites it holds.
    pub sites: usize,
    /// The least evidence that they carry, in bits.
    pub bits: f64,
}

/// `dyetrace/plan/1`.
#[derive(Debug, Serialize)]
pub struct Object<'v> {
    schema: &'static str,
    words: u64,
    sites: Sites<'v>,
    words_per_site: Option<f64>,
    promise: Vec<PromiseRow>,
    title: &'v str,
    format: &'v str,
    log2_distinct_copies: f64,
    untraceable_sentences: Vec<Untraceable>,
    plan: Option<&'v str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<capacity::Object<'v>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggested: Option<SuggestedObject<'v>>,
    warnings: &'v [&'static str],
}

#[derive(Debug, Serialize)]
struct Sites<'v> {
    total: usize,
    by_channel: BTreeMap<&'v str, usize>,
    by_class: BTreeMap<&'v str, usize>,
    by_tier: BTreeMap<&'v str, usize>,
    off: BTreeMap<&'v str, usize>,
}

#[derive(Debug, Serialize)]
struct PromiseRow {
    copies: u64,
    alpha: f64,
    words: Option<usize>,
    log10_alpha: f64,
    words_best: Option<usize>,
    words_most: Option<usize>,
    words_worst: Option<usize>,
}

impl PlanView {
    fn on(&self) -> impl Iterator<Item = &SiteKind> {
        self.sites.iter().filter(|site| site.on)
    }

    fn words_per_site(&self) -> Option<f64> {
        let on = self.on().count();
        #[expect(clippy::cast_precision_loss, reason = "an item has far fewer than 2^53 words")]
        (on > 0).then(|| self.words as f64 / on as f64)
    }

    /// The object that `dyetrace plan --json` prints; with `--map` it holds the map.
    pub fn object<'v>(&'v self, map: Option<CapacityView<'v>>) -> Object<'v> {
        Object {
            schema: "dyetrace/plan/1",
            words: self.words,
            sites: Sites {
                total: self.on().count(),
                by_channel: tally(self.on().map(|site| site.channel)),
                by_class: tally(self.on().map(|site| site.class.as_str())),
                by_tier: tally(self.on().map(|site| tier(site.tier))),
                off: tally(self.sites.iter().filter(|site| !site.on).map(|site| tier(site.tier))),
            },
            words_per_site: self.words_per_site().map(json::rounded),
            promise: self
                .promise
                .iter()
                .map(|cell| PromiseRow {
                    copies: cell.copies,
                    alpha: cell.alpha,
                    words: cell.words,
                    log10_alpha: json::log10(cell.alpha),
                    words_best: cell.best,
                    words_most: cell.most,
                    words_worst: cell.worst,
                })
                .collect(),
            title: &self.title,
            format: &self.format,
            log2_distinct_copies: json::rounded(self.log2_copies),
            untraceable_sentences: self
                .untraceable
                .iter()
                .map(|one| Untraceable { bits: json::rounded(one.bits), ..one.clone() })
                .collect(),
            plan: self.written.as_deref(),
            capacity: map.map(|map| map.object()),
            warnings: &self.warnings,
            suggested: self.suggested.as_ref().map(|suggested| SuggestedObject {
                host: &suggested.host,
                model: &suggested.model,
                sentences: suggested.sentences,
                asked: suggested.asked,
                kept: suggested.kept,
                rejected: suggested.rejected.iter().map(|(reason, count)| (reason.name(), *count)).collect(),
                failed: &suggested.failed,
            }),
        }
    }

    /// The page that `dyetrace plan` prints.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let title = style.clip(&self.title, 60);
        page.field(
            "Item",
            Role::Strong,
            &format!("{title}, {}, {}", words::counted(self.words, "word", "words"), self.format),
        );
        self.sites_field(&mut page);
        if self.on().next().is_some() {
            page.gap();
            self.promise_table(&mut page);
        }
        if self.on().next().is_some() {
            page.gap();
            self.untraceable_sentences(&mut page);
        }
        if let Some(suggested) = &self.suggested {
            page.gap();
            suggested_field(&mut page, suggested);
        }
        if let Some(path) = &self.written {
            page.gap();
            page.field("Plan", Role::Literal, &style.line(path));
        }
        page.finish()
    }

    fn sites_field(&self, page: &mut Page) {
        let on = self.on().count();
        match self.words_per_site() {
            None => page.field("Sites", Role::Caution, "none: all copies would be alike"),
            Some(each) => {
                let sites = words::counted(on as u64, "mark site", "mark sites");
                page.field("Sites", Role::Plain, &format!("{sites}, one in every {each:.1} words"));
                page.field("", Role::Plain, &listed(&tally(self.on().map(|site| site.channel)), usize::MAX));
                let classes = tally(self.on().map(|site| site.class.as_str()));
                page.field("", Role::Faint, &page.style().line(&listed(&classes, CLASSES_MAX)));
                if self.log2_copies < 40.0 {
                    let copies = libm::exp2(self.log2_copies.max(0.0));
                    page.field(
                        "",
                        Role::Caution,
                        &format!("enough for {copies:.0} different copies at most"),
                    );
                }
            }
        }
        let off = tally(self.sites.iter().filter(|site| !site.on).map(|site| tier(site.tier)));
        if !off.is_empty() {
            let text = format!("switched off: {}", listed(&off, usize::MAX));
            page.field("", Role::Faint, &text);
        }
    }

    /// Rows are numbers of copies, columns are chances of a false accusation.
    fn promise_table(&self, page: &mut Page) {
        const COLUMN: usize = 20;
        let mut alphas: Vec<f64> = Vec::new();
        let mut copies: Vec<u64> = Vec::new();
        for cell in &self.promise {
            if !alphas.contains(&cell.alpha) {
                alphas.push(cell.alpha);
            }
            if !copies.contains(&cell.copies) {
                copies.push(cell.copies);
            }
        }
        page.field("Promise", Role::Plain, "words of an exact quote that names one copy: typical (shortest)");
        page.pad(10).put(Role::Label, &format!("{:>9}", "copies"));
        for alpha in &alphas {
            let chance = words::bound(*alpha);
            page.put(
                Role::Label,
                &format!("{:>COLUMN$}", chance.trim_start_matches("at most ").replacen("1 in", "at 1 in", 1)),
            );
        }
        page.end();
        for &copies in &copies {
            page.pad(10).put(Role::Plain, &format!("{:>9}", words::count(copies)));
            for &alpha in &alphas {
                let cell = self
                    .promise
                    .iter()
                    .find(|cell| cell.copies == copies && cell.alpha.total_cmp(&alpha).is_eq());
                let text = match cell.map(|cell| (cell.words, cell.best)) {
                    Some((Some(typical), Some(best))) => {
                        format!("{} ({})", words::size(typical), words::size(best))
                    }
                    Some((None, Some(best))) => format!("- ({})", words::size(best)),
                    _ => "more than it has".to_owned(),
                };
                page.put(Role::Plain, &format!("{text:>COLUMN$}"));
            }
            page.end();
        }
    }

    fn untraceable_sentences(&self, page: &mut Page) {
        let style = page.style();
        let Some(first) = self.promise.first() else { return };
        let meant = format!(
            "{}, wrong {}",
            words::counted(first.copies, "copy", "copies"),
            words::bound(first.alpha)
        );
        if self.untraceable.is_empty() {
            return page.field(
                "Quotes",
                Role::Plain,
                &format!("every sentence names one copy when quoted alone ({meant})"),
            );
        }
        let text = format!(
            "{} name nobody when quoted alone ({meant}):",
            words::counted(self.untraceable.len() as u64, "sentence", "sentences"),
        );
        page.field("Quotes", Role::Plain, &text);
        let mut weakest: Vec<_> = self.untraceable.iter().collect();
        // A long sentence is quoted sooner than a heading.
        weakest.sort_by_key(|one| (one.sites, std::cmp::Reverse(one.sentence.len())));
        for one in weakest.iter().take(SENTENCES_MAX) {
            let sites = words::counted(one.sites as u64, "site ", "sites");
            page.field("", Role::Faint, &format!("{sites}  {}", style.clip(&one.sentence, 60)));
        }
        let more = weakest.len().saturating_sub(SENTENCES_MAX);
        if more > 0 {
            page.field("", Role::Faint, &format!("and {} more", words::size(more)));
        }
        page.field("", Role::Plain, "Write variants into a sentence that matters: {{this|that}}.");
    }
}

fn suggested_field(page: &mut Page, suggested: &Suggested) {
    let style = page.style();
    let kept = words::counted(suggested.kept as u64, "wording", "wordings");
    let asked = words::counted(suggested.asked as u64, "sentence", "sentences");
    page.field(
        "Suggested",
        Role::Plain,
        &format!("{kept} of {asked}, switched off until a person accepts them"),
    );
    page.field("", Role::Faint, &style.clip(&format!("{} at {}", suggested.model, suggested.host), 66));
    let turned_down: usize = suggested.rejected.values().sum();
    if turned_down > 0 {
        page.field(
            "",
            Role::Faint,
            &format!("{} turned down:", words::counted(turned_down as u64, "wording", "wordings")),
        );
        for (reason, count) in &suggested.rejected {
            page.field("", Role::Faint, &format!("  {} {}", words::size(*count), reason.describe()));
        }
    }
    for (reason, count) in &suggested.failed {
        let sentences = words::counted(*count as u64, "sentence", "sentences");
        page.field(
            "",
            Role::Caution,
            &format!("{sentences} without a usable answer: {}", reason.replace('_', " ")),
        );
    }
}

fn tally<'t>(names: impl Iterator<Item = &'t str>) -> BTreeMap<&'t str, usize> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    counts
}

/// "wording 101, style 40": most first, at most `max`, and how many kinds are left.
fn listed(counts: &BTreeMap<&str, usize>, max: usize) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let more = counts.len().saturating_sub(max);
    let mut parts: Vec<_> =
        counts.iter().take(max).map(|(name, count)| format!("{name} {}", words::size(**count))).collect();
    if more > 0 {
        parts.push(format!("{more} more kinds"));
    }
    parts.join(", ")
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    fn view() -> PlanView {
        let site = |channel, class: &str, tier, on| SiteKind { channel, class: class.to_owned(), tier, on };
        let mut sites = vec![site("style", "percent", Tier::Strict, true)];
        sites.extend((0..40).map(|n| site("wording", &format!("class {}", n % 11), Tier::Strict, true)));
        sites.extend((0..23).map(|_| site("authored", "fact", Tier::Strict, true)));
        sites.extend((0..12).map(|_| site("wording", "begin/start", Tier::Normal, false)));
        sites.extend((0..7).map(|_| site("wording", "help to", Tier::Bold, false)));
        let cell = |copies, alpha, words: Option<usize>| Promised {
            copies,
            alpha,
            words,
            best: words.map(|words| words / 2),
            most: words.map(|words| words + 10),
            worst: words.map(|words| words + 20),
        };
        PlanView {
            title: "Cedar brief.md".to_owned(),
            format: "markdown".to_owned(),
            words: 1_012,
            sites,
            promise: vec![
                cell(33, 1e-3, Some(130)),
                cell(33, 1e-6, Some(245)),
                cell(1_000, 1e-3, Some(260)),
                cell(1_000, 1e-6, None),
            ],
            untraceable: (0..7)
                .map(|n| Untraceable {
                    sentence: format!("Sentence {n} is \u{202e}long {}", "and longer ".repeat(9)),
                    sites: n / 3,
                    bits: 0.0,
                })
                .collect(),
            log2_copies: 71.0,
            written: Some("cedar.plan.toml".to_owned()),
            suggested: None,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn the_page_of_a_plan() {
        insta::assert_snapshot!("plan", view().page(Style::PLAIN));
        let bare = PlanView { sites: Vec::new(), promise: Vec::new(), untraceable: Vec::new(), ..view() };
        insta::assert_snapshot!("plan-bare", bare.page(Style { ascii: true, ..Style::PLAIN }));
        assert!(view().page(Style::PLAIN).lines().all(|line| line.width() <= 80));
    }

    #[test]
    fn the_object_has_the_fields_of_the_contract() {
        let object = serde_json::to_value(view().object(None)).unwrap();
        assert_eq!(object["schema"], "dyetrace/plan/1");
        assert_eq!(object["words"], 1_012);
        assert_eq!(object["sites"]["total"], 64);
        assert_eq!(object["sites"]["by_channel"]["wording"], 40);
        assert_eq!(object["sites"]["by_class"]["fact"], 23);
        assert_eq!(object["sites"]["off"]["bold"], 7);
        assert_eq!(object["words_per_site"], 15.8125);
        assert_eq!(object["promise"][0]["words"], 130);
        assert!(object["promise"][3]["words"].is_null());
    }
}
