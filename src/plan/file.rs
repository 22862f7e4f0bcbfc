//! Plans as TOML files that people read and edit.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::anchor::{self, Anchor, Miss};
use super::error::{PLAN_BYTES_MAX, PlanError, Problem, SITES_MAX};
use super::{Entry, Plan, Taken, digest_of, position, settle, tier_name, unwritable};
use crate::channel::{Channel, Desk, Place, Site, Tier, VARIANTS_MAX, WEIGHT_TOTAL, authored, equal_weights};
use crate::item::Document;
use crate::language;

const HEADER: &str = "\
# Sites of one item: the places that are written differently in different copies.
#
# Edit what you like:
#   on        false strikes a site, true accepts a proposal.
#   anchor    the sentence, with the text that changes in [[double brackets]]; it must occur exactly once in the
#             item. '\u{2026}' at an end means that the sentence goes on there.
#   variants  what copies may say there, 2 to 16; one of them is the item's own text, in the brackets.
#   percent   how often each variant is drawn; equally often if left out.
#   fact      true if the variants state different facts, which survive a rewrite of the sentence.
#   places    several places that show one choice, each with its own anchor and variants.
#   nth       which of several equal quotations an anchor means, from 1; only where no longer one tells them apart.
#   desk      which variant (from 1) newspaper editors tend to write, and how many of them do, from 0 to 1.
#   labels    names of the variants in reports; the variants themselves if left out.
#   source    who proposed it, where that was a model.
# A site that is off may overlap others. Before you switch on another wording of a whole sentence, switch off the
# sites inside it; `dyetrace review` does so by itself.
# A site of your own needs an anchor and variants. A passage that must not change:
#   [[protect]]
#   text = \"the text, every time it occurs, or with its context and [[double brackets]] one place of it\"
";

/// Only in files for people: the text that a registry keeps is part of the item's id and stays as it was.
const REVIEWED: &str = "\
#   reviewed  true once a person has decided about the site; `dyetrace review` asks about the others.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlan {
    version: Spanned<i64>,
    item: Spanned<String>,
    /// Where `review` looks for the item.
    #[serde(rename = "file", default)]
    _file: Option<String>,
    /// For people only.
    #[serde(rename = "title", default)]
    _title: Option<String>,
    #[serde(default)]
    site: Vec<Spanned<RawSite>>,
    #[serde(default)]
    protect: Vec<RawProtect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProtect {
    text: Spanned<String>,
    nth: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSite {
    on: Option<bool>,
    #[serde(default)]
    reviewed: bool,
    channel: Option<Channel>,
    class: Option<String>,
    tier: Option<Tier>,
    #[serde(default)]
    fact: bool,
    anchor: Option<Spanned<String>>,
    nth: Option<usize>,
    variants: Option<Vec<String>>,
    places: Option<Vec<RawPlace>>,
    labels: Option<Vec<String>>,
    percent: Option<Vec<f64>>,
    desk: Option<RawDesk>,
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    anchor: Spanned<String>,
    nth: Option<usize>,
    variants: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDesk {
    variant: u8,
    strength: f64,
}

/// What the file says of an entry beside the entry itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Which `[[site]]` of the file it is, from 0.
    pub(super) site: usize,
    /// Whether a person has decided about it.
    pub(super) reviewed: bool,
}

/// Reads a plan file for `document`.
pub(super) fn read(toml: &str, document: &Document) -> Result<Plan, PlanError> {
    read_rows(toml, document).map(|(plan, _)| plan)
}

/// Reads a plan file, and of each entry where it stands in the file.
pub(super) fn read_rows(toml: &str, document: &Document) -> Result<(Plan, Vec<Row>), PlanError> {
    let whole = |problem| PlanError { line: 1, problem };
    if toml.len() > PLAN_BYTES_MAX {
        return Err(whole(Problem::TooLarge { bytes: toml.len() }));
    }
    let lines = Lines::of(toml);
    let raw: RawPlan = toml::from_str(toml).map_err(|error| syntax(toml, &error))?;
    if *raw.version.get_ref() != 1 {
        let problem = Problem::Version { version: *raw.version.get_ref() };
        return Err(PlanError { line: lines.at(raw.version.span().start), problem });
    }
    let found = digest_of(document);
    let planned = planned_digest(raw.item.get_ref());
    if planned != found {
        let problem = Problem::Item { planned, found };
        return Err(PlanError { line: lines.at(raw.item.span().start), problem });
    }
    if raw.site.len() > SITES_MAX {
        return Err(whole(Problem::TooManySites { count: raw.site.len() }));
    }
    let mut protected = Vec::new();
    for passage in raw.protect {
        let line = lines.at(passage.text.span().start);
        protect(document, &passage, &mut protected).map_err(|problem| PlanError { line, problem })?;
    }
    protected.sort_by_key(|range| (range.start, range.end));
    protected.dedup();

    let shelter = Taken::new(&protected);
    let mut taken = Taken::new(&[]);
    let mut entries = Vec::new();
    let mut rows = Vec::new();
    let mut own_lines = Vec::new();
    for (site, raw) in raw.site.into_iter().enumerate() {
        let line = lines.at(raw.span().start);
        let raw = raw.into_inner();
        rows.push(Row { site, reviewed: raw.reviewed });
        let (entry, line) = entry(document, raw, line, &lines)?;
        let Entry { mut site, mut on, source } = entry;
        // A protected passage wins: style loses its places there, other sites are off.
        let sheltered = site.places.iter().any(|place| shelter.overlap(&place.range).is_some());
        if sheltered {
            let whole = site.clone();
            if !settle(&mut site, &shelter) {
                (site, on) = (whole, false);
            }
        }
        if on && !taken.insert(&site) {
            let text = own_text(document, &site);
            return Err(PlanError { line, problem: Problem::Overlap { text } });
        }
        entries.push(Entry { site, on, source });
        own_lines.push(line);
    }
    let on: Vec<usize> = (0..entries.len()).filter(|&index| entries[index].on).collect();
    let refused = unwritable(document, &on.iter().map(|&index| &entries[index].site).collect::<Vec<_>>());
    if let Some(&index) = refused.first().and_then(|&refused| on.get(refused)) {
        let text = own_text(document, &entries[index].site);
        return Err(PlanError { line: own_lines[index], problem: Problem::Unwritable { text } });
    }
    let mut both: Vec<(Entry, Row)> = entries.into_iter().zip(rows).collect();
    both.sort_by_key(|(entry, _)| position(entry));
    let (entries, rows) = both.into_iter().unzip();
    Ok((Plan { item: found, entries, protected }, rows))
}

/// Of a plan of whatever version only whom it is for.
#[derive(Deserialize)]
struct Head {
    file: Option<String>,
    item: Option<String>,
}

fn head(toml: &str) -> Result<Head, PlanError> {
    if toml.len() > PLAN_BYTES_MAX {
        return Err(PlanError { line: 1, problem: Problem::TooLarge { bytes: toml.len() } });
    }
    toml::from_str(toml).map_err(|error| syntax(toml, &error))
}

/// The name of the item's file, as far as the plan records one.
pub(super) fn item_name(toml: &str) -> Result<Option<String>, PlanError> {
    head(toml).map(|head| head.file)
}

/// Whether the plan was made for this very item.
pub(super) fn is_for(toml: &str, document: &Document) -> bool {
    let planned = head(toml).ok().and_then(|head| head.item);
    planned.is_some_and(|planned| planned_digest(&planned) == digest_of(document))
}

fn planned_digest(item: &str) -> String {
    item.trim_start_matches("sha256:").to_ascii_lowercase()
}

fn syntax(toml: &str, error: &toml::de::Error) -> PlanError {
    PlanError {
        line: error.span().map_or(1, |span| Lines::of(toml).at(span.start)),
        problem: Problem::Syntax { message: error.message().replace(['\n', '\r'], " ") },
    }
}

pub(super) fn own_text(document: &Document, site: &Site) -> String {
    site.places.first().map(|place| document.text()[place.range.clone()].to_owned()).unwrap_or_default()
}

fn protect(document: &Document, passage: &RawProtect, out: &mut Vec<Range<usize>>) -> Result<(), Problem> {
    let text = passage.text.get_ref();
    if text.contains("[[") {
        out.push(locate(document, text, passage.nth)?);
        return Ok(());
    }
    let before = out.len();
    out.extend(anchor::occurrences(document.text(), text).map(|at| at..at + text.len()));
    if out.len() == before {
        return Err(Problem::ProtectNowhere { text: text.clone() });
    }
    Ok(())
}

fn locate(document: &Document, quote: &str, nth: Option<usize>) -> Result<Range<usize>, Problem> {
    let anchor = Anchor { quote: quote.to_owned(), nth };
    anchor::find(document.text(), &anchor).map_err(|miss| {
        let anchor = anchor.quote;
        match miss {
            Miss::Brackets => Problem::Brackets { anchor },
            Miss::Nowhere => Problem::Nowhere { anchor },
            Miss::Ambiguous => Problem::Ambiguous { anchor },
        }
    })
}

/// One site, and the line to name when something is wrong with it as a whole.
fn entry(document: &Document, raw: RawSite, line: usize, lines: &Lines) -> Result<(Entry, usize), PlanError> {
    let raw_places = match (raw.anchor, raw.variants, raw.places) {
        (Some(anchor), Some(variants), None) => vec![RawPlace { anchor, nth: raw.nth, variants }],
        (None, None, Some(places)) if !places.is_empty() && raw.nth.is_none() => places,
        _ => return Err(PlanError { line, problem: Problem::Shape }),
    };
    let line = raw_places.first().map_or(line, |place| lines.at(place.anchor.span().start));
    let channel = raw.channel.unwrap_or(Channel::Authored);
    let mut places = Vec::new();
    for raw in raw_places {
        let line = lines.at(raw.anchor.span().start);
        places.push(place(document, channel, raw).map_err(|problem| PlanError { line, problem })?);
    }
    places.sort_by_key(|place| place.range.start);
    let fail = |problem| PlanError { line, problem };
    let count = places[0].forms.len();
    if let Some(other) = places.iter().find(|place| place.forms.len() != count) {
        let problem =
            Problem::Count { what: "'variants'", found: other.forms.len(), needed: count.to_string() };
        return Err(fail(problem));
    }
    let alike = |a: usize, b: usize| places.iter().all(|place| place.forms[a] == place.forms[b]);
    if let Some(twice) = (1..count).find(|&index| (0..index).any(|earlier| alike(earlier, index))) {
        return Err(fail(Problem::Duplicate { text: places[0].forms[twice].clone() }));
    }
    let own = |place: &Place, index: usize| place.forms[index] == document.text()[place.range.clone()];
    let original = (0..count)
        .find(|&index| places.iter().all(|place| own(place, index)))
        .ok_or_else(|| Problem::OriginalMissing { text: document.text()[places[0].range.clone()].to_owned() })
        .map_err(fail)?;
    let labels = raw.labels.unwrap_or_else(|| authored::labels(places[0].forms.iter().map(String::as_str)));
    let needs = |what, found: usize| {
        let problem = Problem::Count { what, found, needed: count.to_string() };
        if found == count { Ok(()) } else { Err(fail(problem)) }
    };
    needs("'labels'", labels.len())?;
    if let Some(twice) = (1..count).find(|&index| labels[..index].contains(&labels[index])) {
        return Err(fail(Problem::Duplicate { text: labels[twice].clone() }));
    }
    let weights = match raw.percent {
        Some(percent) => {
            needs("'percent'", percent.len())?;
            weights(&percent).ok_or_else(|| fail(Problem::Percent))?
        }
        None => equal_weights(count),
    };
    let desk = match raw.desk {
        Some(RawDesk { variant, strength })
            if (1..=count).contains(&usize::from(variant)) && (0.0..=1.0).contains(&strength) =>
        {
            Some(Desk { canonical: variant - 1, strength })
        }
        Some(_) => return Err(fail(Problem::Desk)),
        None => None,
    };
    let class = raw.class.map_or(Cow::Borrowed(authored::class(raw.fact)), Cow::Owned);
    let site = Site {
        channel,
        class,
        tier: raw.tier.unwrap_or(Tier::Strict),
        labels,
        weights,
        original: u8::try_from(original).unwrap_or(0),
        places,
        desk,
        fact: raw.fact,
    };
    Ok((Entry { site, on: raw.on.unwrap_or(true), source: raw.source }, line))
}

fn place(document: &Document, channel: Channel, raw: RawPlace) -> Result<Place, Problem> {
    let range = locate(document, raw.anchor.get_ref(), raw.nth)?;
    check_place(document, channel, &range, &raw.variants)?;
    Ok(Place { range, forms: raw.variants })
}

/// Whether these may be the variants of a site's only place, or of all its places.
pub(super) fn check_forms(
    document: &Document,
    channel: Channel,
    range: &Range<usize>,
    forms: &[String],
) -> Result<(), Problem> {
    check_place(document, channel, range, forms)?;
    match (1..forms.len()).find(|&index| forms[..index].contains(&forms[index])) {
        Some(twice) => Err(Problem::Duplicate { text: forms[twice].clone() }),
        None => Ok(()),
    }
}

/// Whether these may be what the variants of a site write at one of its places, where two may write the same.
fn check_place(
    document: &Document,
    channel: Channel,
    range: &Range<usize>,
    forms: &[String],
) -> Result<(), Problem> {
    let text = &document.text()[range.clone()];
    let found = forms.len();
    if !(2..=VARIANTS_MAX).contains(&found) {
        let needed = format!("2 to {VARIANTS_MAX}");
        return Err(Problem::Count { what: "'variants'", found, needed });
    }
    if let Some(long) = forms.iter().find(|variant| variant.len() > authored::VARIANT_BYTES_MAX) {
        return Err(Problem::TooLong { bytes: long.len() });
    }
    if !forms.iter().any(|variant| variant == text) {
        return Err(Problem::OriginalMissing { text: text.to_owned() });
    }
    // What nobody sees, nobody decides about, unless the channel is there for it.
    let seen: Vec<String> = forms.iter().map(|variant| seen(variant)).collect();
    let alike = |index: usize, earlier: usize| seen[earlier] == seen[index] && forms[earlier] != forms[index];
    let twice = (1..found).find(|&index| (0..index).any(|earlier| alike(index, earlier)));
    if let Some(twice) = twice.filter(|_| channel != Channel::Invisible) {
        return Err(Problem::Unseen { text: forms[twice].clone() });
    }
    if !document.editable(range) {
        return Err(Problem::Fixed { text: text.to_owned() });
    }
    if !forms.iter().all(|variant| document.encodes(variant)) {
        return Err(Problem::Unwritable { text: text.to_owned() });
    }
    Ok(())
}

/// A text without the characters that show nothing at all.
fn seen(text: &str) -> String {
    text.chars().filter(|&c| c.is_whitespace() || !is_unseen(c)).collect()
}

/// Weights from percentages: rounded, and what rounding left over added to the largest.
pub(super) fn weights(percent: &[f64]) -> Option<Vec<u32>> {
    let total: f64 = percent.iter().sum();
    if !(99.99..=100.01).contains(&total) {
        return None;
    }
    let mut weights = Vec::new();
    for &value in percent {
        let units = (value / 100.0 * f64::from(WEIGHT_TOTAL)).round();
        if !(1.0..f64::from(WEIGHT_TOTAL)).contains(&units) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 65,535")]
        weights.push(units as u32);
    }
    let sum: u32 = weights.iter().sum();
    let largest = weights.iter_mut().max()?;
    *largest = (*largest + WEIGHT_TOTAL).checked_sub(sum)?;
    Some(weights)
}

/// Names a range by the sentence around it.
pub(super) fn name(document: &Document, sentences: &[Range<usize>], range: &Range<usize>) -> Anchor {
    let next = sentences.partition_point(|sentence| sentence.end <= range.start);
    let around = sentences.get(next).filter(|sentence| sentence.start <= range.start);
    anchor::name(document.text(), range, around.unwrap_or(range))
}

/// Writes a plan for `document`, which is kept in a file called `file`.
pub(super) fn write(plan: &Plan, document: &Document, file: Option<&str>) -> String {
    let sentences = sentences(document);
    let name = |range: &Range<usize>| name(document, &sentences, range);
    let mut out = Out(String::from(HEADER));
    if let (Some(_), Some(next)) = (file, HEADER.find("#   anchor")) {
        out.0.insert_str(next, REVIEWED);
    }
    out.line(format_args!(""));
    out.line(format_args!("version = 1"));
    if let Some(title) = document.title() {
        out.line(format_args!("title = {}", quoted(title)));
    }
    if let Some(file) = file {
        out.line(format_args!("file = {}", quoted(file)));
    }
    out.line(format_args!("item = {}", quoted(&format!("sha256:{}", plan.item))));
    for range in &plan.protected {
        let anchor = name(range);
        out.line(format_args!("\n[[protect]]\ntext = {}", quoted(&anchor.quote)));
        out.nth(anchor.nth);
    }
    for entry in &plan.entries {
        out.0.push_str(&block(document, &sentences, entry));
    }
    out.0
}

/// One site as the file has it, a blank line before it.
pub(super) fn block(document: &Document, sentences: &[Range<usize>], entry: &Entry) -> String {
    let Entry { site, on, source } = entry;
    let name = |range: &Range<usize>| name(document, sentences, range);
    let mut out = Out(String::new());
    out.line(format_args!("\n[[site]]\non = {on}"));
    match site.places.as_slice() {
        [place] => {
            let anchor = name(&place.range);
            out.line(format_args!("anchor = {}", quoted(&anchor.quote)));
            out.nth(anchor.nth);
            out.line(format_args!("variants = {}", list(&place.forms)));
        }
        places => {
            out.line(format_args!("places = ["));
            for place in places {
                let anchor = name(&place.range);
                let nth = anchor.nth.map(|nth| format!(", nth = {nth}")).unwrap_or_default();
                let (quote, forms) = (quoted(&anchor.quote), list(&place.forms));
                out.line(format_args!("  {{ anchor = {quote}{nth}, variants = {forms} }},"));
            }
            out.line(format_args!("]"));
        }
    }
    let derived =
        authored::labels(site.places.iter().take(1).flat_map(|place| &place.forms).map(String::as_str));
    if site.labels != derived {
        out.line(format_args!("labels = {}", list(&site.labels)));
    }
    if site.weights != equal_weights(site.labels.len()) {
        let percent: Vec<String> = site
            .weights
            .iter()
            .map(|&weight| format!("{:.4}", f64::from(weight) * 100.0 / f64::from(WEIGHT_TOTAL)))
            .collect();
        out.line(format_args!("percent = [{}]", percent.join(", ")));
    }
    out.line(format_args!("channel = {}", quoted(site.channel.name())));
    out.line(format_args!("class = {}", quoted(&site.class)));
    out.line(format_args!("tier = {}", quoted(tier_name(site.tier))));
    if site.fact {
        out.line(format_args!("fact = true"));
    }
    if let Some(desk) = site.desk {
        let variant = u32::from(desk.canonical) + 1;
        out.line(format_args!("desk = {{ variant = {variant}, strength = {:?} }}", desk.strength));
    }
    if let Some(source) = source {
        out.line(format_args!("source = {}", quoted(source)));
    }
    out.0
}

struct Out(String);

impl Out {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    fn nth(&mut self, nth: Option<usize>) {
        if let Some(nth) = nth {
            self.line(format_args!("nth = {nth}"));
        }
    }
}

/// The sentences of a document as ranges of its text, in order.
pub(super) fn sentences(document: &Document) -> Vec<Range<usize>> {
    let text = document.text();
    document
        .blocks()
        .iter()
        .flat_map(|block| {
            let tokens = language::tokens(text, block.range.clone());
            language::sentences(text, &tokens)
                .into_iter()
                .filter_map(|sentence| {
                    let (first, last) =
                        (tokens.get(sentence.start)?, tokens.get(sentence.end.checked_sub(1)?)?);
                    Some(first.range.start..last.range.end)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// A TOML basic string. Characters that show nothing are written as escapes, so that people see them.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_unseen(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Control and format characters, and white space other than the plain space.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Line numbers of byte offsets.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|&end| end < offset) + 1
    }
}
