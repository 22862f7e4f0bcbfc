//! What a trace found.

use unicode_width::UnicodeWidthStr;

use super::{evidence, strip};
use crate::report::paint::{Page, Role, Style};
use crate::report::{self, TraceView, words};
use crate::tracer::{Candidate, Trace};
use crate::verdict::{Verdict, false_accusation_bound};

/// What every page that names a copy says.
pub(crate) const CAVEAT: &str = "This names the copy that leaked, not the person who leaked it.";

/// How many copies below the threshold are shown.
const BELOW_MAX: usize = 4;
/// How many copies over the threshold are shown.
const NAMED_MAX: usize = 10;
/// How many fragments are listed.
const FRAGMENTS_MAX: usize = 5;
/// The widest recipient's name in a table.
const NAME_COLUMNS_MAX: usize = 28;
/// The widest strip: more glyphs than this are not counted at a glance.
const STRIP_COLUMNS_MAX: usize = 36;

/// The page that `dyetrace trace` prints.
pub fn trace(view: &TraceView<'_>, style: Style) -> String {
    let mut page = Page::new(style);
    subject(&mut page, view.trace);
    page.gap();
    verdict(&mut page, view);
    if !view.trace.candidates.is_empty() && !view.trace.sites.is_empty() {
        page.gap();
        table(&mut page, view);
    }
    for culprit in view.trace.culprits.iter().take(NAMED_MAX) {
        page.gap();
        evidence::for_and_against(&mut page, view, culprit);
    }
    if view.trace.culprits.is_empty() && !view.trace.sites.is_empty() {
        page.gap();
        evidence::read(&mut page, view);
    }
    page.finish()
}

/// The verdict alone: the lines that matter where several traces stand one after another.
pub fn summary(view: &TraceView<'_>, style: Style) -> String {
    let mut page = Page::new(style);
    verdict(&mut page, view);
    page.finish()
}

/// What was compared with what.
fn subject(page: &mut Page, trace: &Trace) {
    let style = page.style();
    match &trace.item {
        Some(item) => {
            let title = style.clip(&item.title, 60);
            let copies = words::counted(trace.issued, "copy", "copies");
            page.field("Item", Role::Plain, &format!("{title}, {copies} issued"));
            page.field("", Role::Faint, &format!("id {}", style.clip(&item.id, 64)));
            let others = trace.copies.saturating_sub(trace.issued);
            if others > 0 {
                let others = words::counted(others, "copy", "copies");
                let text =
                    format!("{others} of items that fit what leaked as well could have been named too");
                page.field("", Role::Plain, &text);
            }
        }
        None => page.field("Item", Role::Plain, "none of this registry"),
    }
    for (i, fragment) in trace.fragments.iter().take(FRAGMENTS_MAX).enumerate() {
        let name = style.clip(&fragment.name, 40);
        let chars = words::counted(fragment.chars as u64, "character", "characters");
        let aligned = words::percent(fragment.aligned);
        let text = format!("{name}, {chars}, {aligned} aligned to the item");
        page.field(if i == 0 { "Fragment" } else { "" }, Role::Plain, &text);
        if let Some(reading) = report::reading(fragment) {
            page.field("", Role::Faint, &reading);
        }
    }
    if trace.fragments.len() > FRAGMENTS_MAX {
        let more = trace.fragments.len() - FRAGMENTS_MAX;
        page.field("", Role::Plain, &format!("and {} more", words::size(more)));
    }
    if report::is_retold(trace) {
        page.field("", Role::Plain, report::RETOLD);
    }
    if trace.item.is_some() {
        let read = words::size(trace.sites.len());
        let total = words::counted(trace.sites_total as u64, "mark site", "mark sites");
        page.field("Marks", Role::Plain, &format!("{read} of {total} could be read in what leaked"));
        let channels: Vec<_> = trace
            .channels
            .iter()
            .filter(|tally| tally.total > 0)
            .map(|tally| format!("{} {} of {}", tally.channel.name(), tally.read, tally.total))
            .collect();
        if channels.len() > 1 {
            page.field("", Role::Faint, &channels.join(", "));
        }
    }
}

/// The verdict in words, and what it does and does not say.
fn verdict(page: &mut Page, view: &TraceView<'_>) {
    let trace = view.trace;
    let style = page.style();
    let copies = words::counted(trace.copies, "copy", "copies");
    match trace.verdict {
        Verdict::Attributed => {
            let named = trace.culprits.iter().map(|culprit| named(style, view, culprit)).collect::<Vec<_>>();
            page.field("Verdict", Role::Good, &format!("attributed to copy {}", words::list(&named)));
            accusation(page, trace);
            page.field("", Role::Strong, CAVEAT);
        }
        Verdict::Coalition => {
            let count = words::size(trace.culprits.len());
            let numbers: Vec<_> = trace.culprits.iter().take(NAMED_MAX).map(|c| c.copy.to_string()).collect();
            let more = trace.culprits.len().saturating_sub(NAMED_MAX);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let text = format!("at least {count} copies are in it: copies {}{more}", words::list(&numbers));
            page.field("Verdict", Role::Good, &text);
            for culprit in trace.culprits.iter().take(NAMED_MAX) {
                page.field("", Role::Plain, &explains(style, view, culprit));
            }
            accusation(page, trace);
            page.field(
                "",
                Role::Strong,
                "This names the copies that leaked, not the people who leaked them.",
            );
        }
        Verdict::Original => {
            page.field("Verdict", Role::Good, "the unmarked original, none of the copies");
            let bound = words::bound(false_accusation_bound(trace.copies, trace.original));
            let text = format!("that a leak of any of the {copies} looks like this by chance: {bound}");
            page.field("", Role::Plain, &text);
            page.field(
                "",
                Role::Plain,
                "Look at drafts, backups and whoever held the item before it was marked.",
            );
            if report::is_retold(trace) {
                page.field("", Role::Caution, report::RETOLD_ORIGINAL);
            }
        }
        Verdict::Inconclusive => inconclusive(page, view),
        Verdict::NoMarks => {
            let text = "from this item, but from a passage without readable marks: nobody can be named";
            page.field("Verdict", Role::Caution, text);
            let text = "A longer quote, or another fragment of the same leak, may reach a marked passage.";
            page.field("", Role::Plain, text);
        }
        Verdict::NotOurs => {
            page.field("Verdict", Role::Caution, "from no item of this registry: nobody can be named");
            let best = trace.fragments.iter().map(|f| f.aligned).fold(0.0, f64::max);
            if best > 0.0 {
                let text = format!("At most {} of a fragment aligns with any item.", words::percent(best));
                page.field("", Role::Plain, &text);
            }
        }
    }
}

/// "17 (issued to Agency Q)".
fn named(style: Style, view: &TraceView<'_>, candidate: &Candidate) -> String {
    format!("{} (issued to {})", candidate.copy, style.clip(view.recipient(candidate.copy), 60))
}

/// "4 (issued to Agency D) explains sites 1–14".
fn explains(style: Style, view: &TraceView<'_>, candidate: &Candidate) -> String {
    let named = named(style, view, candidate);
    match span(view.trace, candidate) {
        Some((first, last)) if first == last => format!("{named} explains site {first}"),
        Some((first, last)) => format!("{named} explains sites {first}{}{last}", style.glyph("–", "-")),
        None => format!("{named} explains the whole no better than the others do"),
    }
}

/// The first and last site that a copy explains best, counted from 1.
fn span(trace: &Trace, candidate: &Candidate) -> Option<(usize, usize)> {
    let sites = trace.sites.get(candidate.explains.clone())?;
    Some((sites.first()?.site + 1, sites.last()?.site + 1))
}

fn accusation(page: &mut Page, trace: &Trace) {
    let bound = trace.culprits.iter().map(|culprit| culprit.bound).fold(0.0, f64::max);
    let copies = match trace.copies {
        1 => "the one copy".to_owned(),
        n => format!("any of the {} copies", words::count(n)),
    };
    page.field("", Role::Plain, &format!("false accusation of {copies}: {}", words::bound(bound)));
}

fn inconclusive(page: &mut Page, view: &TraceView<'_>) {
    let trace = view.trace;
    page.field("Verdict", Role::Caution, "inconclusive: ours, but the evidence falls short of naming a copy");
    let needed = trace.needed.bits();
    let best = trace.candidates.first().map_or(0.0, |best| best.wealth.bits());
    let missing = needed - best;
    let text = format!(
        "the best copy has {} of the {} needed: {:.1} bit short",
        words::signed(best),
        words::bits(needed),
        missing
    );
    page.field("", Role::Plain, &text);
    let fits = if trace.fits >= trace.copies {
        format!("it still fits all {}", words::counted(trace.copies, "copy", "copies"))
    } else {
        format!("it still fits {} of the {} copies", words::count(trace.fits), words::count(trace.copies))
    };
    page.field("", Role::Plain, &fits);
    let sites = more_sites(trace, missing);
    let unread = trace.sites_total.saturating_sub(trace.sites.len()) as u64;
    let text = if sites > unread {
        let rest = match unread {
            0 => "the item has no more".to_owned(),
            n => format!("the item has only {} more", words::count(n)),
        };
        format!("about {} would decide, but {rest}", words::counted(sites, "more site", "more sites"))
    } else {
        format!(
            "about {} would decide: a longer quote, another fragment of the same leak, or a better copy of it",
            words::counted(sites, "more readable site", "more readable sites")
        )
    };
    page.field("", Role::Plain, &text);
}

/// About how many more sites would bring the missing bits, at what the sites read so far say each.
fn more_sites(trace: &Trace, missing: f64) -> u64 {
    let read: Vec<_> = trace.sites.iter().map(|site| site.bits).filter(|bits| *bits > 0.05).collect();
    #[expect(clippy::cast_precision_loss, reason = "an item has far fewer than 2^53 sites")]
    let each = if read.is_empty() { 1.0 } else { read.iter().sum::<f64>() / read.len() as f64 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let sites = (missing / each).ceil().clamp(1.0, 1e9) as u64;
    sites
}

/// The best copies, the threshold between those above and below it.
fn table(page: &mut Page, view: &TraceView<'_>) {
    let trace = view.trace;
    let style = page.style();
    let above = trace.candidates.iter().filter(|candidate| candidate.wealth >= trace.needed).count();
    let rows: Vec<_> = trace.candidates[..above]
        .iter()
        .take(NAMED_MAX)
        .chain(trace.candidates[above..].iter().take(BELOW_MAX))
        .collect();
    let columns = Columns::fit(view, &rows, style);
    columns.heading(page, trace);
    for (i, candidate) in rows.iter().enumerate() {
        if i == above.min(NAMED_MAX) {
            columns.threshold(page, trace);
        }
        columns.row(page, view, candidate);
    }
    if above >= rows.len() {
        columns.threshold(page, trace);
    }
    columns.rest(page, trace, &rows);
}

/// Widths of the candidate table.
struct Columns {
    copy: usize,
    name: usize,
    agree: usize,
    strip: usize,
}

impl Columns {
    /// The marker before a copy over the threshold and the blank after it.
    const MARKER: usize = 2;
    /// "+9999.9 bit".
    const EVIDENCE: usize = 11;

    fn fit(view: &TraceView<'_>, rows: &[&Candidate], style: Style) -> Self {
        let widest =
            |width: &dyn Fn(&Candidate) -> usize| rows.iter().map(|row| width(row)).max().unwrap_or(0);
        let copy = widest(&|row| row.copy.to_string().width()).max(4);
        let name = widest(&|row| style.line(view.recipient(row.copy)).width()).clamp(9, NAME_COLUMNS_MAX);
        let agree = widest(&|row| agree(row).width()).max(5);
        let used = Self::MARKER + copy + 2 + name + 2 + Self::EVIDENCE + 2 + agree + 2;
        Self { copy, name, agree, strip: style.width.saturating_sub(used).min(STRIP_COLUMNS_MAX) }
    }

    fn left(&self) -> usize {
        Self::MARKER + self.copy + 2
    }

    fn heading(&self, page: &mut Page, trace: &Trace) {
        let style = page.style();
        let text = format!(
            "{:marker$}{:>copy$}  {:<name$}  {:>evidence$}  {:>agree$}",
            "",
            "copy",
            "issued to",
            "evidence",
            "agree",
            marker = Self::MARKER,
            copy = self.copy,
            name = self.name,
            evidence = Self::EVIDENCE,
            agree = self.agree
        );
        page.put(Role::Label, &text);
        let (Some(first), Some(last)) = (trace.sites.first(), trace.sites.last()) else { return page.end() };
        let dash = style.glyph("–", "-");
        let span = format!("{}{dash}{}", first.site + 1, last.site + 1);
        for title in [format!("site by site ({span})"), format!("sites {span}"), span] {
            if title.width() <= self.strip {
                page.pad(2).put(Role::Label, &title);
                break;
            }
        }
        page.end();
    }

    fn row(&self, page: &mut Page, view: &TraceView<'_>, candidate: &Candidate) {
        let style = page.style();
        let over = candidate.wealth >= view.trace.needed;
        let role = if over { Role::Good } else { Role::Plain };
        page.put(role, if over { style.glyph("▸ ", "> ") } else { "  " });
        page.put(role, &format!("{:>1$}", candidate.copy.to_string(), self.copy));
        let name = style.clip(view.recipient(candidate.copy), self.name);
        page.pad(2).put(role, &name).pad(self.name.saturating_sub(name.width()) + 2);
        let evidence = words::bits(candidate.wealth.bits());
        page.put(
            Role::Plain,
            &format!("{evidence:>0$}  {1:>2$}", Self::EVIDENCE, agree(candidate), self.agree),
        );
        if self.strip >= 8 {
            page.pad(2);
            strip::strip(page, &candidate.marks, self.strip);
        }
        page.end();
    }

    fn threshold(&self, page: &mut Page, trace: &Trace) {
        let style = page.style();
        let rule = style.glyph("─", "-");
        let text = format!(
            " needed: {} = log2({} / {:e}) ",
            words::bits(trace.needed.bits()),
            words::counted(trace.copies, "copy", "copies"),
            trace.alpha.value()
        );
        let width = style.width.min(self.left() + self.name + Self::EVIDENCE + self.agree + self.strip + 6);
        let tail = width.saturating_sub(Self::MARKER + 4 + text.width());
        page.pad(Self::MARKER).put(Role::Faint, &rule.repeat(4)).put(Role::Plain, &text);
        page.put(Role::Faint, &rule.repeat(tail)).end();
    }

    /// How many copies are not shown, and what the glyphs mean.
    fn rest(&self, page: &mut Page, trace: &Trace, rows: &[&Candidate]) {
        let more = trace.issued.saturating_sub(rows.len() as u64);
        let group = strip::group(trace.sites.len(), self.strip);
        let legend = strip::legend(page.style().ascii, group);
        page.pad(self.left());
        let mut used = self.left();
        if more > 0
            && let Some(last) = rows.last()
        {
            let more = format!("{} more, none above {}", words::count(more), words::bits(last.wealth.bits()));
            used += more.width();
            page.put(Role::Plain, &more);
        }
        if self.strip < 8 {
            return page.end();
        }
        let start = self.left() + self.name + 2 + Self::EVIDENCE + 2 + self.agree + 2;
        let start = start.min(page.style().width.saturating_sub(legend.width()));
        if used + 2 > start {
            page.end();
            used = 0;
        }
        page.pad(start.saturating_sub(used)).put(Role::Faint, &legend).end();
    }
}

/// "25/26": the sites that agree, of those that tell the variants apart.
fn agree(candidate: &Candidate) -> String {
    format!("{}/{}", candidate.sites_for(), candidate.sites_for() + candidate.sites_against())
}
