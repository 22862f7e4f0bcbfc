//! The view of `review`: one site in its sentence, what an answer did, what a session came to.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::paint::{Page, Role};
use super::{Style, words};
use crate::channel::{Site, Tier};
use crate::review::{Effect, Glimpse, Question, Tally};

/// Where a question's text starts.
const INDENT: usize = 4;
/// How many columns alternatives may take inside a sentence; wider ones stand below it.
const INLINE_MAX: usize = 56;
/// How many sites that would be switched off are named.
const NAMED_MAX: usize = 3;

/// One site in its sentence: `[own → other]`.
pub fn question(question: &Question<'_>, style: Style) -> String {
    let mut page = Page::new(style);
    let site = &question.entry.site;
    page.gap();
    let number = format!("{} of {}", question.number, question.of);
    let kind = format!(", {}, {}", tier(site.tier), style.clip(&site.class, 30));
    let state = state(question);
    let fits = number.width() + kind.width() + 2 + state.width() <= style.width;
    page.put(Role::Strong, &number).put(Role::Plain, &kind);
    if fits {
        page.put(Role::Faint, &format!("  {state}")).end();
    } else {
        page.end();
        page.text(INDENT, Role::Faint, &state);
    }
    let inline = is_inline(&question.here, site, style);
    flow(&mut page, INDENT, &sentence(&question.here, site, inline, style));
    if !inline {
        for (number, alternative) in alternatives(site) {
            let form = question.here.forms.get(alternative).map_or("", String::as_str);
            let mut spans = vec![(Role::Faint, format!("{number} "))];
            spans.extend(shown(form, Role::Literal, style));
            flow(&mut page, INDENT + 2, &spans);
        }
    }
    for place in &question.elsewhere {
        let mut spans = vec![(Role::Faint, "also ".to_owned())];
        spans.extend(sentence(place, site, is_inline(place, site, style), style));
        flow(&mut page, INDENT, &spans);
    }
    let more = site.places.len().saturating_sub(1 + question.elsewhere.len());
    if more > 0 {
        let more = words::counted(more as u64, "more place", "more places");
        page.text(INDENT, Role::Faint, &format!("and in {more}: one choice for all of them"));
    }
    for note in notes(question, style) {
        page.text(INDENT, Role::Faint, &note);
    }
    page.finish()
}

/// What an answer did, in a few words.
pub fn effect(effect: Effect) -> String {
    let sites = |count: usize| words::counted(count as u64, "site", "sites");
    match effect {
        Effect::Decided { on, sites: count, switched_off, refused } => {
            // Writing to a string cannot fail.
            let mut text = if on { "accepted" } else { "rejected" }.to_owned();
            if count != 1 {
                let _ = write!(text, ": {}", sites(count));
            }
            if switched_off > 0 {
                let _ = write!(text, "; switched off {} it overlaps", sites(switched_off));
            }
            if refused > 0 {
                let _ = write!(text, "; {} cannot be used and stay as they are", sites(refused));
            }
            text
        }
        Effect::Revised => "changed; accept or reject it now".to_owned(),
        Effect::Protected { switched_off: 0 } => "protected".to_owned(),
        Effect::Protected { switched_off } => format!("protected; switched off {}", sites(switched_off)),
        Effect::Undone => "taken back".to_owned(),
        Effect::Moved => String::new(),
    }
}

/// What a session came to, and where it was kept.
#[derive(Clone, Debug)]
pub struct ReviewView {
    /// The plan's file.
    pub plan: String,
    /// The item's file.
    pub item: String,
    /// What the session came to.
    pub tally: Tally,
}

/// `dyetrace/review/1`.
#[derive(Debug, Serialize)]
pub struct Object<'v> {
    schema: &'static str,
    accepted: usize,
    rejected: usize,
    edited: usize,
    added: usize,
    protected: usize,
    left: usize,
    dropped: usize,
    switched_off: usize,
    left_in_plan: usize,
    sites: usize,
    on: usize,
    plan: &'v str,
    item: &'v str,
}

impl ReviewView {
    /// The object that `dyetrace review --json` prints.
    pub fn object(&self) -> Object<'_> {
        let tally = self.tally;
        Object {
            schema: "dyetrace/review/1",
            accepted: tally.accepted,
            rejected: tally.rejected,
            edited: tally.edited,
            added: tally.added,
            protected: tally.protected,
            left: tally.left,
            dropped: tally.dropped,
            switched_off: tally.switched_off,
            left_in_plan: tally.left_in_plan,
            sites: tally.sites,
            on: tally.on,
            plan: &self.plan,
            item: &self.item,
        }
    }

    /// The page that ends a review.
    pub fn page(&self, style: Style) -> String {
        let tally = self.tally;
        let mut page = Page::new(style);
        let parts = [
            (tally.accepted, "accepted"),
            (tally.rejected, "rejected"),
            (tally.edited, "edited"),
            (tally.added, "added"),
            (tally.dropped, "struck"),
            (tally.protected, "protected"),
            (tally.switched_off, "switched off"),
        ];
        let done: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let done = if done.is_empty() { "nothing decided this time".to_owned() } else { done.join(", ") };
        page.field("Review", Role::Strong, &done);
        let left = if tally.left_in_plan == 0 {
            "every site of the plan is decided".to_owned()
        } else if tally.left == tally.left_in_plan {
            format!("{} left to decide", words::counted(tally.left as u64, "site", "sites"))
        } else {
            format!("{} left of those chosen, {} of the plan", tally.left, tally.left_in_plan)
        };
        page.field("", Role::Plain, &left);
        let sites = words::counted(tally.sites as u64, "site", "sites");
        page.field("Sites", Role::Plain, &format!("{} on, of {sites}", tally.on));
        page.field("Plan", Role::Literal, &style.line(&self.plan));
        page.finish()
    }
}

/// How things stand with the site, and with its class.
fn state(question: &Question<'_>) -> String {
    let state = match (question.reviewed, question.entry.on) {
        (true, true) => "accepted",
        (true, false) => "rejected",
        (false, true) => "on unless you reject it",
        (false, false) => "off unless you accept it",
    };
    match question.alike {
        0 => state.to_owned(),
        more => format!("{state}; {more} more of its class"),
    }
}

fn notes(question: &Question<'_>, style: Style) -> Vec<String> {
    let mut notes = Vec::new();
    let site = &question.entry.site;
    if site.fact {
        notes.push("the variants state different facts".to_owned());
    }
    if let Some((&lightest, &heaviest)) = site.weights.iter().min().zip(site.weights.iter().max())
        && heaviest > lightest + 1
    {
        let share =
            |weight: u32| (weight * 100 + crate::channel::WEIGHT_TOTAL / 2) / crate::channel::WEIGHT_TOTAL;
        let own = usize::from(site.original);
        let all = std::iter::once(own).chain((0..site.weights.len()).filter(|&variant| variant != own));
        let shares: Vec<_> = all.map(|variant| format!("{} %", share(site.weights[variant]))).collect();
        notes.push(format!("drawn {}", shares.join(" / ")));
    }
    let off = &question.switches_off;
    if !off.is_empty() && !question.entry.on {
        let quotes = style.ascii;
        let name = |own: &&str| {
            let own = style.clip(own, 24);
            if quotes { format!("\"{own}\"") } else { format!("“{own}”") }
        };
        let mut named: Vec<String> = off.iter().take(NAMED_MAX).map(name).collect();
        if off.len() > NAMED_MAX {
            named.push(format!("{} more", off.len() - NAMED_MAX));
        }
        notes.push(format!("accepting it switches off {}", named.join(", ")));
    }
    notes
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

/// The variants that are not the item's own, each with the number that a person calls it by.
pub fn alternatives(site: &Site) -> impl Iterator<Item = (usize, usize)> + '_ {
    let own = usize::from(site.original);
    (0..site.labels.len())
        .filter(move |&variant| variant != own)
        .enumerate()
        .map(|(at, variant)| (at + 1, variant))
}

fn is_inline(place: &Glimpse<'_>, site: &Site, style: Style) -> bool {
    let forms = alternatives(site).filter_map(|(_, variant)| place.forms.get(variant));
    forms.map(|form| style.safe(form).width() + 3).sum::<usize>() <= INLINE_MAX
}

/// A place in its sentence; the alternatives as well, where they are `inline`.
fn sentence(place: &Glimpse<'_>, site: &Site, inline: bool, style: Style) -> Vec<(Role, String)> {
    let ellipsis = style.glyph("…", "...");
    let mut spans = Vec::new();
    if place.cut.0 {
        spans.push((Role::Faint, ellipsis.to_owned()));
    }
    let flat = |text: &str| style.safe(&flat(text)).into_owned();
    spans.push((Role::Plain, flat(place.before)));
    spans.push((Role::Caution, "[".to_owned()));
    spans.extend(shown(&self::flat(place.own), Role::Strong, style));
    if inline {
        let several = site.labels.len() > 2;
        for (number, variant) in alternatives(site) {
            let between = if number == 1 { style.glyph(" → ", " -> ") } else { " | " };
            spans.push((Role::Caution, between.to_owned()));
            if several {
                spans.push((Role::Faint, format!("{number} ")));
            }
            let form = place.forms.get(variant).map_or("", String::as_str);
            spans.extend(shown(form, Role::Literal, style));
        }
    }
    spans.push((Role::Caution, "]".to_owned()));
    spans.push((Role::Plain, flat(place.after)));
    if place.cut.1 {
        spans.push((Role::Faint, ellipsis.to_owned()));
    }
    spans
}

/// A wording; one that is nothing, or begins or ends with a blank, so that one sees it.
fn shown(form: &str, role: Role, style: Style) -> Vec<(Role, String)> {
    let blank = || (Role::Faint, style.glyph("␣", "_").to_owned());
    if form.is_empty() {
        return vec![(Role::Faint, style.glyph("∅", "(nothing)").to_owned())];
    }
    let inner = form.trim_matches(' ');
    let (start, end) = (form.starts_with(' '), form.ends_with(' ') && !inner.is_empty());
    let mut spans = Vec::new();
    if start {
        spans.push(blank());
    }
    spans.push((role, style.safe(inner).into_owned()));
    if end {
        spans.push(blank());
    }
    spans
}

/// Line breaks of the source are blanks of a sentence.
fn flat(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        Cow::Owned(text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// Adds to the last piece where it looks the same.
fn push(line: &mut Vec<(Role, String)>, role: Role, text: &str) {
    match line.last_mut() {
        Some((last, piece)) if *last == role => piece.push_str(text),
        _ => line.push((role, text.to_owned())),
    }
}

/// A paragraph of differently painted pieces under an indent, broken at blanks; a longer word is cut.
fn flow(page: &mut Page, indent: usize, spans: &[(Role, String)]) {
    let columns = page.style().width.saturating_sub(indent).max(8);
    let (mut line, mut used): (Vec<(Role, String)>, usize) = (Vec::new(), 0);
    let (mut word, mut width): (Vec<(Role, String)>, usize) = (Vec::new(), 0);
    let mut blank = None;
    let mut emit = |line: &mut Vec<(Role, String)>| {
        page.pad(indent);
        for (role, text) in line.drain(..) {
            page.put(role, &text);
        }
        page.end();
    };
    let ends = std::iter::once((Role::Plain, ' '));
    let chars = spans.iter().flat_map(|(role, text)| text.chars().map(move |char| (*role, char)));
    for (role, char) in chars.chain(ends) {
        if char != ' ' {
            let wide = char.width().unwrap_or(0);
            if width + wide > columns {
                // A word wider than the line: what is there of it fills a line of its own.
                if !line.is_empty() {
                    emit(&mut line);
                }
                emit(&mut word);
                (used, width, blank) = (0, 0, None);
            }
            match word.last_mut() {
                Some((last, text)) if *last == role => text.push(char),
                _ => word.push((role, char.to_string())),
            }
            width += wide;
            continue;
        }
        if width > 0 {
            if used > 0 && used + 1 + width > columns {
                emit(&mut line);
                (used, blank) = (0, None);
            }
            if let (Some(role), true) = (blank, used > 0) {
                push(&mut line, role, " ");
                used += 1;
            }
            word.drain(..).for_each(|(role, text)| push(&mut line, role, &text));
            used += width;
            width = 0;
        }
        blank = Some(role);
    }
    if !line.is_empty() {
        emit(&mut line);
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::channel::{Channel, Place, equal_weights};
    use crate::plan::Entry;

    fn entry(forms: &[&str], class: &str) -> Entry {
        let forms: Vec<String> = forms.iter().map(|form| (*form).to_owned()).collect();
        let site = Site {
            channel: Channel::Wording,
            class: Cow::Owned(class.to_owned()),
            tier: Tier::Strict,
            labels: forms.clone(),
            weights: equal_weights(forms.len()),
            original: 0,
            places: vec![Place { range: 0..1, forms }],
            desk: None,
            fact: false,
        };
        Entry { site, on: false, source: None }
    }

    fn asked<'s>(entry: &'s Entry, before: &'s str, after: &'s str) -> Question<'s> {
        let forms = &entry.site.places[0].forms;
        let here = Glimpse { before, own: &forms[0], after, cut: (false, true), forms };
        let switches_off = vec!["cargo"];
        Question {
            number: 14,
            of: 96,
            entry,
            reviewed: false,
            here,
            elsewhere: Vec::new(),
            alike: 3,
            switches_off,
            same_sentence: false,
        }
    }

    #[test]
    fn shows_the_change_in_its_sentence() {
        let one = entry(&["which", "that"], "which/that");
        let page = question(&asked(&one, "The cargo\n", " was lost"), Style::PLAIN);
        assert_eq!(
            page,
            "14 of 96, strict, which/that  off unless you accept it; 3 more of its class\n    The cargo [which → that] was lost…\n    accepting it switches off “cargo”\n"
        );
        let three = entry(&[" behind", "", "x\u{1b}[2J"], "odd\nclass");
        let ascii = Style { ascii: true, ..Style::PLAIN };
        let page = question(&asked(&three, "They stayed", "."), ascii);
        assert!(page.contains("stayed[_behind -> 1 (nothing) | 2 x\\u{1b}[2J]...."), "{page}");
        assert!(page.contains("strict, odd class  off"), "{page}");
        let long = "another way to say all of it ".repeat(4);
        let long = entry(&["own", &long], "sentence");
        let page = question(&asked(&long, "", "."), Style::PLAIN);
        assert!(page.contains("    [own].…\n      1 another way"), "{page}");
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_page(
            before in any::<String>(),
            after in "[a-z日 \u{202e}\n]{0,300}",
            own in "\\PC{1,90}",
            other in any::<String>(),
            ascii in any::<bool>(),
        ) {
            let entry = entry(&[&own, &other], &before);
            let page = question(&asked(&entry, &before, &after), Style { ascii, ..Style::PLAIN });
            for line in page.lines() {
                prop_assert!(line.width() <= 80, "{line:?}");
                let clean = !line.contains(['\u{1b}', '\u{202e}', '\r']);
                prop_assert!(clean, "{line:?}");
            }
        }
    }
}
