//! One page for people who were not there: editors, lawyers, whoever must decide what a trace is worth.
//!
//! A single file that loads nothing and runs nothing: no script, no font, no image, and a content security policy
//! that says so. Numbers come before pictures and nothing scrolls sideways, so that a phone shows the answer.

mod capacity;
mod writer;

use super::{TraceView, json, kind, words};
use crate::report::{self, terminal::CAVEAT};
use crate::tracer::{Candidate, Mark, SiteEvidence, Trace};
use crate::verdict::{Verdict, false_accusation_bound};
pub use capacity::capacity;
use writer::Html;

const HEAD: &str = concat!(
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n",
    "<style>\n",
    include_str!("page.css"),
    "</style>\n<title>"
);

/// Where and when a report was made.
#[derive(Clone, Copy, Debug)]
pub struct Imprint<'i> {
    /// The moment, as RFC 3339 writes it.
    pub made_at: &'i str,
    /// The program and its version.
    pub program: &'i str,
}

/// The page that `dyetrace trace --report OUT.html` writes.
pub fn trace(view: &TraceView<'_>, imprint: Imprint<'_>) -> String {
    let mut html = Html::default();
    let item = view.trace.item.as_ref().map_or("no item of this registry", |item| item.title.as_str());
    html.raw(HEAD).text(format!("Trace report: {item}")).raw("</title>\n</head>\n<body>\n<main>\n");
    verdict(&mut html, view);
    limits(&mut html, view.trace);
    numbers(&mut html, view.trace);
    candidates(&mut html, view);
    evidence(&mut html, view);
    sites(&mut html, view);
    checking(&mut html, view.trace);
    html.raw("</main>\n<footer>Made by ").text(imprint.program).raw(" at ").text(imprint.made_at);
    html.raw(".</footer>\n</body>\n</html>\n");
    html.finish()
}

/// The answer, in words that need no explaining.
fn verdict(html: &mut Html, view: &TraceView<'_>) {
    let trace = view.trace;
    html.raw("<p class=\"kind\">Trace report</p>\n<h1>");
    let copies = words::counted(trace.copies, "copy", "copies");
    match (trace.verdict, trace.culprits.as_slice()) {
        (Verdict::Attributed, [culprit, ..]) => {
            html.text(format!("The fragment came from copy {}, issued to ", culprit.copy));
            html.name(view.recipient(culprit.copy));
        }
        (Verdict::Coalition, culprits) => {
            html.text(format!("At least {} copies went into what leaked", words::size(culprits.len())));
        }
        (Verdict::Original, _) => {
            html.text("The fragment came from the unmarked original, from none of the copies");
        }
        (Verdict::NoMarks, _) => {
            html.text("The fragment is from this item, but from a passage without readable marks");
        }
        (Verdict::NotOurs, _) => {
            html.text("The fragment is from no item of this registry");
        }
        _ => {
            html.text("The fragment is from this item, but nobody can be named");
        }
    }
    let named = trace.verdict.names_a_copy();
    html.raw("</h1>\n").raw(if named {
        "<div class=\"verdict named\">\n"
    } else {
        "<div class=\"verdict\">\n"
    });
    if trace.verdict == Verdict::Coalition {
        html.raw("<ul>\n");
        for culprit in &trace.culprits {
            html.raw("<li>copy ").text(culprit.copy).raw(", issued to ").name(view.recipient(culprit.copy));
            if let Some((first, last)) = span(trace, culprit) {
                html.text(format!(", explains sites {first} to {last}"));
            }
            html.raw("</li>\n");
        }
        html.raw("</ul>\n");
    }
    if report::is_retold(trace) {
        html.element("<p>", report::RETOLD, "</p>\n");
    }
    for sentence in meaning(trace, &copies) {
        html.element("<p>", sentence, "</p>\n");
    }
    if trace.verdict == Verdict::Original && report::is_retold(trace) {
        html.element("<p>", report::RETOLD_ORIGINAL, "</p>\n");
    }
    if named {
        html.element("<p><strong>", CAVEAT, "</strong></p>\n");
    }
    html.raw("</div>\n");
}

/// What the verdict means, sentence by sentence.
fn meaning(trace: &Trace, copies: &str) -> Vec<String> {
    match trace.verdict {
        Verdict::Attributed | Verdict::Coalition => {
            let bound = trace.culprits.iter().map(|culprit| culprit.bound).fold(0.0, f64::max);
            vec![
                format!(
                    "Every copy of this item differs from every other in wording that was chosen at random before \
                     it was issued. What leaked agrees with {} far more often than chance allows.",
                    if trace.culprits.len() == 1 { "this copy" } else { "these copies" }
                ),
                format!(
                    "The chance that evidence as strong as this turns up against a copy that had no part in the \
                     leak, any of the {copies}, is {}. That holds whatever was done to the text before it was published.",
                    words::bound(bound)
                ),
            ]
        }
        Verdict::Original => {
            let bound = words::bound(false_accusation_bound(trace.copies, trace.original));
            vec![
                "At the places where the copies differ, what leaked carries the original's own wording. Drafts, \
                 backups and whoever held the item before it was marked are where to look."
                    .to_owned(),
                format!(
                    "The chance that a leak of any of the {copies} comes to look like this by accident is {bound}. \
                     Somebody who has the original as well as a copy could make it so on purpose."
                ),
            ]
        }
        Verdict::Inconclusive => {
            let needed = trace.needed.bits();
            let best = trace.candidates.first().map_or(0.0, |best| best.wealth.bits());
            vec![
                format!(
                    "The evidence falls short: {} of the {} that naming a copy takes were found, and what leaked \
                     still fits {} of the {copies}.",
                    words::bits(best),
                    words::bits(needed),
                    words::count(trace.fits)
                ),
                "A longer quote, another fragment of the same leak or a better copy of it would help. Nobody \
                 should be accused on this result."
                    .to_owned(),
            ]
        }
        Verdict::NoMarks => vec![
            "The passage holds no wording in which the copies differ, so it would read the same in all of them. A \
             longer quote, or another fragment, may help."
                .to_owned(),
        ],
        Verdict::NotOurs => {
            vec!["No passage of it could be aligned with any item whose copies are on record here.".to_owned()]
        }
    }
}

/// What the result does not show.
fn limits(html: &mut Html, trace: &Trace) {
    html.raw("<h2>What this does not show</h2>\n<ul>\n");
    if trace.verdict.names_a_copy() {
        html.raw(
            "<li>Who leaked it. A copy may have been passed on, left lying about, stolen or seen over a shoulder; \
             its recipient may know nothing of it.</li>\n\
             <li>That the issuer is honest. Whoever holds the registry could write any copy; the signed records and \
             the key that was fixed beforehand are what to ask for.</li>\n\
             <li>How likely it is that one person did it. The bound says how rarely the method names an uninvolved \
             copy; what that means for a person depends on everything else that is known.</li>\n",
        );
    } else {
        html.raw(
            "<li>That no copy leaked. The result says what this fragment can show, and no more.</li>\n\
             <li>That anybody is cleared. Copies that are listed without being named are neither accused nor \
             exonerated.</li>\n",
        );
    }
    html.raw("</ul>\n");
}

/// The figures behind the words.
fn numbers(html: &mut Html, trace: &Trace) {
    html.raw("<h2>In numbers</h2>\n<dl>\n");
    if let Some(item) = &trace.item {
        html.raw("<dt>Item</dt><dd>").name(&item.title).raw("</dd>\n");
        html.element("<dt>Item id</dt><dd><code>", &item.id, "</code></dd>\n");
    }
    html.element("<dt>Copies issued</dt><dd>", words::count(trace.issued), "</dd>\n");
    html.element(
        "<dt>Accepted chance of a false accusation</dt><dd>",
        exponent(trace.alpha.value()),
        "</dd>\n",
    );
    for culprit in &trace.culprits {
        html.element("<dt>Copy ", culprit.copy, "</dt><dd>");
        html.text(format!(
            "{}; false accusation of any copy: {}, that is {} (log10 {})",
            words::bits(culprit.wealth.bits()),
            words::bound(culprit.bound),
            exponent(culprit.bound),
            json::log10(culprit.bound)
        ));
        html.raw("</dd>\n");
    }
    html.element("<dt>Evidence needed</dt><dd>", words::bits(trace.needed.bits()), "</dd>\n");
    html.element(
        "<dt>Mark sites</dt><dd>",
        format!("{} of {} could be read", words::size(trace.sites.len()), words::size(trace.sites_total)),
        "</dd>\n",
    );
    for tally in trace.channels.iter().filter(|tally| tally.total > 0) {
        html.element("<dt>of these, ", tally.channel.name(), "</dt>");
        html.element("<dd>", format!("{} of {}", tally.read, tally.total), "</dd>\n");
    }
    for fragment in &trace.fragments {
        html.raw("<dt>Fragment</dt><dd>").name(&fragment.name);
        html.text(format!(
            ", {}, {} aligned to the item",
            words::counted(fragment.chars as u64, "character", "characters"),
            words::percent(fragment.aligned)
        ));
        if let Some(reading) = report::reading(fragment) {
            html.text(format!("; {reading}"));
        }
        html.raw("</dd>\n");
    }
    html.raw("</dl>\n");
}

/// The best copies with the threshold drawn between them.
fn candidates(html: &mut Html, view: &TraceView<'_>) {
    let trace = view.trace;
    if trace.candidates.is_empty() || trace.sites.is_empty() {
        return;
    }
    html.raw(
        "<h2>The copies compared</h2>\n<table>\n<caption>Best first. Each bit doubles the evidence; a copy that had no \
         part in the leak gains none on average.</caption>\n<thead><tr><th scope=\"col\" class=\"number narrow\">Copy</th>\
         <th scope=\"col\">Issued to</th><th scope=\"col\" class=\"number medium\">Evidence</th>\
         <th scope=\"col\" class=\"number medium\">Sites agree</th></tr></thead>\n<tbody>\n",
    );
    let mut drawn = false;
    for candidate in &trace.candidates {
        let over = candidate.wealth >= trace.needed;
        if !over && !drawn {
            threshold(html, trace);
            drawn = true;
        }
        html.raw(if over { "<tr class=\"over\">" } else { "<tr>" });
        html.element("<td class=\"number\">", candidate.copy, "</td><td>")
            .name(view.recipient(candidate.copy));
        html.element("</td><td class=\"number\">", words::bits(candidate.wealth.bits()), "</td>");
        let agree = candidate.sites_for();
        let all = agree + candidate.sites_against();
        html.element("<td class=\"number\">", format!("{agree} of {all}"), "</td></tr>\n");
    }
    if !drawn {
        threshold(html, trace);
    }
    html.raw("</tbody>\n</table>\n");
    let more = trace.issued.saturating_sub(trace.candidates.len() as u64);
    if more > 0
        && let Some(last) = trace.candidates.last()
    {
        let none_above = words::bits(last.wealth.bits());
        html.element(
            "<p class=\"soft\">",
            format!("{} more, none above {none_above}.", words::count(more)),
            "</p>\n",
        );
    }
    html.raw(
        "<p>Site by site, in the order of the item: <span aria-hidden=\"true\">●</span> agrees, \
         <span aria-hidden=\"true\">○</span> differs, <span aria-hidden=\"true\">·</span> unreadable.</p>\n",
    );
    for candidate in trace.candidates.iter().take(5) {
        html.element("<p class=\"strip\">Copy ", candidate.copy, "<br><span aria-hidden=\"true\">");
        let mut strip = String::with_capacity(candidate.marks.len() * 3);
        for (i, mark) in candidate.marks.iter().enumerate() {
            // A blank after every tenth lets the line break there.
            if i > 0 && i % 10 == 0 {
                strip.push(' ');
            }
            strip.push(glyph(*mark));
        }
        html.text(strip).raw("</span></p>\n");
    }
}

fn threshold(html: &mut Html, trace: &Trace) {
    html.raw("<tr class=\"threshold\"><td colspan=\"4\">Needed to name a copy: ");
    html.text(format!(
        "{} = log2({} / {})",
        words::bits(trace.needed.bits()),
        words::counted(trace.copies, "copy", "copies"),
        exponent(trace.alpha.value())
    ));
    html.raw("</td></tr>\n");
}

/// The sentences behind the verdict, those against it as well.
fn evidence(html: &mut Html, view: &TraceView<'_>) {
    /// The full table follows, so that here a reader sees only what weighs most.
    const SENTENCES_MAX: usize = 12;
    let trace = view.trace;
    for culprit in &trace.culprits {
        for (mark, what) in [(Mark::Agrees, "for"), (Mark::Differs, "against")] {
            let marked = trace.sites.iter().zip(&culprit.marks);
            let mut sites: Vec<_> = marked.filter(|(_, m)| **m == mark).map(|(site, _)| site).collect();
            let total = sites.len();
            html.element("<h2>Evidence ", what, " copy ");
            html.element("", culprit.copy, "</h2>\n");
            sites.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.site.cmp(&b.site)));
            sites.truncate(SENTENCES_MAX);
            let heading = match total {
                0 => "No site.".to_owned(),
                n if n > sites.len() => format!("The {} strongest of {} sites.", sites.len(), words::size(n)),
                n => words::counted(n as u64, "site.", "sites."),
            };
            html.element("<p class=\"soft\">", heading, "</p>\n");
            for site in sites {
                sentence(html, site, trace.issued);
            }
        }
    }
}

fn sentence(html: &mut Html, site: &SiteEvidence, copies: u64) {
    let (context, range) = &site.context;
    html.raw("<blockquote>");
    if let (Some(before), Some(after)) = (context.get(..range.start), context.get(range.end..)) {
        html.text(flat(before)).element("<mark>", shown(site), "</mark>").text(flat(after));
    } else {
        html.element("<mark>", shown(site), "</mark>");
    }
    html.raw("<br><span class=\"soft\">site ").text(site.site + 1);
    html.text(format!(
        ", {}: held by {} of {}, {}",
        kind(site),
        words::count(site.held_by),
        words::counted(copies, "copy", "copies"),
        words::bits(site.bits)
    ));
    html.raw("</span></blockquote>\n");
}

/// What the fragment has at a site; where it has nothing, the name of the variant that means nothing.
fn shown(site: &SiteEvidence) -> String {
    let leaked = flat(&site.leaked);
    if !leaked.trim_matches(' ').is_empty() {
        return leaked;
    }
    match site.variants.get(usize::from(site.seen)).map(|label| label.trim_matches(' ')) {
        Some(label) if !label.is_empty() => label.to_owned(),
        _ if leaked.is_empty() => "(nothing)".to_owned(),
        _ => "(space)".to_owned(),
    }
}

/// Line ends inside a sentence are blanks to its reader.
fn flat(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// Every site that was read.
fn sites(html: &mut Html, view: &TraceView<'_>) {
    let trace = view.trace;
    if trace.sites.is_empty() {
        return;
    }
    html.raw(
        "<h2>Every site that was read</h2>\n<table>\n<thead><tr><th scope=\"col\" class=\"number narrow\">Site</th>",
    );
    html.raw("<th scope=\"col\">In the fragment</th><th scope=\"col\">Instead of</th>");
    html.raw("<th scope=\"col\" class=\"number medium\">Held by</th></tr></thead>\n<tbody>\n");
    for (i, site) in trace.sites.iter().enumerate() {
        html.element("<tr><td class=\"number\">", site.site + 1, "</td><td>");
        html.text(shown(site)).raw("<br><span class=\"soft\">");
        html.text(kind(site));
        for culprit in &trace.culprits {
            let mark = culprit.marks.get(i).copied().unwrap_or(Mark::Unclear);
            let verb = match mark {
                Mark::Agrees => "agrees",
                Mark::Differs => "differs",
                Mark::Unclear => "unreadable",
            };
            html.text(format!("; copy {} {} {verb}", culprit.copy, glyph(mark)));
        }
        html.raw("</span></td><td>");
        let seen = usize::from(site.seen);
        let others = site.variants.iter().enumerate().filter(|(i, _)| *i != seen).map(|(_, label)| label);
        for (i, label) in others.enumerate() {
            html.raw(if i > 0 { " / " } else { "" }).text(flat(label));
        }
        html.element("</td><td class=\"number\">", words::count(site.held_by), "<br>");
        html.element("", words::bits(site.bits), "</td></tr>\n");
    }
    html.raw("</tbody>\n</table>\n");
}

/// How somebody else repeats it.
fn checking(html: &mut Html, trace: &Trace) {
    html.raw("<h2>How to check this</h2>\n<ol>\n");
    html.raw(
        "<li>Ask whoever keeps the registry to repeat the trace; the same input gives the same numbers on every \
         machine:<pre><code>dyetrace trace LEAK",
    );
    if let Some(item) = &trace.item {
        html.text(format!(" --item {}", item.id));
    }
    html.text(format!(" --alpha {}", exponent(trace.alpha.value()))).raw(" --json</code></pre></li>\n");
    if trace.verdict.names_a_copy() {
        html.raw(
            "<li>Ask for the signed record of the copy and check it against the copy with the issuer&#39;s public \
             key alone:<pre><code>dyetrace verify COPY --key ISSUER.pub</code></pre></li>\n\
             <li>Read the sentences above in the fragment and in the copy yourself.</li>\n",
        );
    }
    html.raw(
        "</ol>\n<p class=\"soft\">How the numbers are made: at every site each copy carries a variant drawn at random \
         by a keyed function. A copy bets on its own variants; the bets are fair, so a copy that has nothing to do \
         with the leak keeps a wealth of 1 on average, whatever was done to the text. By Markov&#39;s inequality and \
         the union bound, the chance that any such copy among N reaches a wealth of N divided by the accepted chance \
         is at most that chance. Bits are the wealth&#39;s base-2 logarithm.</p>\n",
    );
}

fn span(trace: &Trace, candidate: &Candidate) -> Option<(usize, usize)> {
    let sites = trace.sites.get(candidate.explains.clone())?;
    Some((sites.first()?.site + 1, sites.last()?.site + 1))
}

fn glyph(mark: Mark) -> char {
    match mark {
        Mark::Agrees => '●',
        Mark::Differs => '○',
        Mark::Unclear => '·',
    }
}

/// A probability with two decimals of its mantissa: "2.57e-10", "1e-6".
fn exponent(probability: f64) -> String {
    let text = format!("{probability:.2e}");
    text.replace(".00e", "e")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn page(trace: &Trace) -> String {
        let recipients = sample::recipients();
        let imprint = Imprint { made_at: "2026-11-23T06:42:20Z", program: "dyetrace 0.1.0" };
        super::trace(&TraceView { trace, recipients: &recipients }, imprint)
    }

    /// The names of all elements in the page, opening and closing.
    fn tags(page: &str) -> Vec<&str> {
        let body = page.split_once("</style>").unwrap().1;
        body.split('<').skip(1).map(|tag| tag.split([' ', '>']).next().unwrap()).collect()
    }

    #[test]
    fn nothing_from_outside_becomes_markup() {
        for verdict in sample::VERDICTS {
            let page = page(&sample::hostile(verdict));
            let allowed = [
                "title",
                "head",
                "body",
                "main",
                "p",
                "h1",
                "h2",
                "div",
                "ul",
                "ol",
                "li",
                "dl",
                "dt",
                "dd",
                "code",
                "pre",
                "table",
                "caption",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
                "blockquote",
                "mark",
                "br",
                "span",
                "strong",
                "bdi",
                "footer",
                "html",
            ];
            for tag in tags(&page) {
                assert!(allowed.contains(&tag.trim_start_matches('/')), "<{tag}>");
            }
            assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{200b}']));
        }
    }

    #[test]
    fn every_element_is_closed() {
        for verdict in sample::VERDICTS {
            for trace in [sample::trace(verdict), sample::hostile(verdict), sample::long(verdict)] {
                let page = page(&trace);
                let mut open = vec!["html", "head", "title"];
                for tag in tags(&page).into_iter().skip_while(|tag| *tag == "title") {
                    match tag.strip_prefix('/') {
                        Some(closed) => assert_eq!(open.pop(), Some(closed)),
                        None if tag == "br" => {}
                        None => open.push(tag),
                    }
                }
                assert!(open.is_empty(), "{open:?}");
            }
        }
    }

    #[test]
    fn the_page_loads_and_runs_nothing() {
        let page = page(&sample::trace(Verdict::Attributed));
        assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
        for loader in ["<script", "src=", "href=", "url(", "@import", "http://", "https://"] {
            assert!(!page.contains(loader), "{loader}");
        }
    }

    #[test]
    fn the_page_and_the_object_say_the_same() {
        let trace = sample::trace(Verdict::Coalition);
        let recipients = sample::recipients();
        let object = json::Trace::new(&TraceView { trace: &trace, recipients: &recipients });
        let object: serde_json::Value = serde_json::from_str(&json::text(&object).unwrap()).unwrap();
        let page = page(&trace);
        for culprit in object["culprits"].as_array().unwrap() {
            assert!(page.contains(&format!("(log10 {})", culprit["log10_false_accusation_bound"])));
            assert!(page.contains(culprit["recipient"].as_str().unwrap()));
            assert!(page.contains(&words::bits(culprit["evidence_bits"].as_f64().unwrap())));
            let [first, last] = [&culprit["span"][0], &culprit["span"][1]];
            assert!(page.contains(&format!("explains sites {first} to {last}")));
        }
        for site in object["sites"].as_array().unwrap() {
            assert!(page.contains(&format!("<tr><td class=\"number\">{}</td>", site["site"])));
        }
        assert!(page.contains(&words::bits(object["needed_bits"].as_f64().unwrap())));
    }

    #[test]
    fn only_named_copies_are_said_to_have_leaked() {
        for verdict in sample::VERDICTS {
            let page = page(&sample::trace(verdict));
            assert_eq!(page.contains(CAVEAT), verdict.names_a_copy());
            assert_eq!(page.contains("Evidence for copy"), verdict.names_a_copy());
        }
    }
}
