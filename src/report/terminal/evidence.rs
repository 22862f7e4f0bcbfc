//! The sites behind a verdict, in their sentences.

use unicode_width::UnicodeWidthStr;

use crate::report::paint::{Page, Role, prefix, suffix};
use crate::report::{Style, TraceView, kind, words};
use crate::tracer::{Candidate, Mark, SiteEvidence};

/// How many sites for a copy are shown where it is the only one; the JSON object and the HTML page hold all.
const FOR_MAX: usize = 5;
/// How many sites against a copy are shown where it is the only one, and for it where there are several.
const FEW: usize = 3;
/// The column at which a site's sentence starts.
const SENTENCE_COLUMN: usize = 11;

/// The strongest sites for a copy, and those against it.
pub(super) fn for_and_against(page: &mut Page, view: &TraceView<'_>, candidate: &Candidate) {
    let sites = |wanted: Mark| -> Vec<&SiteEvidence> {
        let marked = view.trace.sites.iter().zip(&candidate.marks);
        marked.filter(|(_, mark)| **mark == wanted).map(|(site, _)| site).collect()
    };
    let copy = words::count(candidate.copy.0);
    let alone = view.trace.culprits.len() == 1;
    let (most_for, most_against) = if alone { (FOR_MAX, FEW) } else { (FEW, 1) };
    section(page, "Evidence", &format!("for copy {copy}"), &sites(Mark::Agrees), most_for, view);
    let against = sites(Mark::Differs);
    if !against.is_empty() {
        page.gap();
        section(page, "Against", &format!("against copy {copy}"), &against, most_against, view);
    }
}

/// The strongest sites that were read, where no copy is named.
pub(super) fn read(page: &mut Page, view: &TraceView<'_>) {
    let sites: Vec<_> = view.trace.sites.iter().collect();
    section(page, "Read", "readable in the fragment", &sites, FOR_MAX, view);
}

fn section(
    page: &mut Page,
    label: &str,
    what: &str,
    sites: &[&SiteEvidence],
    max: usize,
    view: &TraceView<'_>,
) {
    let total = sites.len();
    let mut shown = sites.to_vec();
    shown.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.site.cmp(&b.site)));
    shown.truncate(max);
    let noun = if total == 1 { "site" } else { "sites" };
    let heading = if total > shown.len() && shown.len() == 1 {
        format!("the strongest of {} sites {what}", words::size(total))
    } else if total > shown.len() {
        format!("the {} strongest of {} sites {what}", shown.len(), words::size(total))
    } else {
        format!("{} {noun} {what}", words::size(total))
    };
    page.field(label, Role::Plain, &heading);
    for site in shown {
        page.gap();
        one(page, site, view.trace.issued);
    }
}

/// Two to four lines: the site and its weight, its sentence, the leaked wording under it, the other variants.
fn one(page: &mut Page, site: &SiteEvidence, copies: u64) {
    let style = page.style();
    let number = format!("site {}", site.site + 1);
    let weight = format!(
        "held by {} of {}   {}",
        words::count(site.held_by),
        words::counted(copies, "copy", "copies"),
        words::bits(site.bits)
    );
    let class_columns = style.width.saturating_sub(SENTENCE_COLUMN + weight.width() + 2);
    let class = style.clip(&kind(site), class_columns);
    page.pad(2).put(Role::Strong, &number);
    page.pad(SENTENCE_COLUMN.saturating_sub(2 + number.width()).max(1)).put(Role::Faint, &class);
    page.pad(class_columns.saturating_sub(class.width()) + 2).put(Role::Plain, &weight).end();

    let excerpt = Excerpt::cut(style, site);
    page.pad(SENTENCE_COLUMN).put(Role::Plain, &excerpt.before).put(Role::Leaked, &excerpt.leaked);
    page.put(Role::Plain, &excerpt.after).end();
    let underline = style.glyph("─", "-").repeat(excerpt.leaked.width());
    let place = if underline.is_empty() { style.glyph("│", "|") } else { &underline };
    page.pad(SENTENCE_COLUMN + excerpt.before.width()).put(Role::Caution, place).end();

    page.text(SENTENCE_COLUMN, Role::Faint, &variants(style, site));
}

/// What the fragment has and what it could have had.
fn variants(style: Style, site: &SiteEvidence) -> String {
    // Blanks are what tells some variants apart, so they are kept.
    let name = |label: &String| format!("\"{}\"", style.cut(&style.safe(label), 60));
    let seen = usize::from(site.seen);
    let others = site.variants.iter().enumerate().filter(|(i, _)| *i != seen).map(|(_, label)| name(label));
    let others: Vec<_> = others.collect();
    let seen = site.variants.get(seen).map_or_else(|| name(&site.leaked), name);
    format!("{seen} and not {}", others.join(" / "))
}

/// A sentence of the item with the leaked wording in the site's place, cut to one line around it.
struct Excerpt {
    before: String,
    leaked: String,
    after: String,
}

impl Excerpt {
    fn cut(style: Style, site: &SiteEvidence) -> Self {
        let (sentence, range) = &site.context;
        let columns = style.width.saturating_sub(SENTENCE_COLUMN);
        // A site that covers a whole sentence is cut in the middle of the line's two thirds.
        let leaked = style.clip(&site.leaked, columns * 2 / 3);
        let (before, after) = match (sentence.get(..range.start), sentence.get(range.end..)) {
            (Some(before), Some(after)) => (spaced(style, before), spaced(style, after)),
            _ => (String::new(), String::new()),
        };
        let ellipsis = style.glyph("…", "...");
        let room = columns.saturating_sub(leaked.width());
        let left = room.saturating_sub(after.width()).max(room / 2);
        let before = if before.width() > left {
            let kept = suffix(&before, left.saturating_sub(ellipsis.width()));
            // Whole words read better, unless that would drop most of the line.
            let kept =
                kept.split_once(' ').map_or(kept, |(_, words)| if words.len() > 8 { words } else { kept });
            format!("{ellipsis}{kept}")
        } else {
            before
        };
        let right = room.saturating_sub(before.width());
        let after = if after.width() > right {
            let kept = prefix(&after, right.saturating_sub(ellipsis.width()));
            let kept =
                kept.rsplit_once(' ').map_or(kept, |(words, _)| if words.len() > 8 { words } else { kept });
            format!("{kept}{ellipsis}")
        } else {
            after
        };
        Self { before, leaked, after }
    }
}

/// [`Style::line`] that keeps one blank at either end: the text goes on there.
fn spaced(style: Style, text: &str) -> String {
    let blank = |at: Option<char>| if at.is_some_and(|c| c.is_ascii_whitespace()) { " " } else { "" };
    let line = style.line(text);
    if line.is_empty() {
        return blank(text.chars().next()).to_owned();
    }
    format!("{}{line}{}", blank(text.chars().next()), blank(text.chars().next_back()))
}
