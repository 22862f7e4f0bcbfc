//! Kinds of numbers: counts in words or figures, percentages, dates, fractions.

use std::collections::BTreeSet;

use super::{Kind, Site, Text, Tier};
use crate::language::{Percent, TokenKind, Variety, cardinal};

pub(super) fn find(text: &Text<'_>) -> Vec<Site> {
    [percent(text), counts(text), dates(text), fractions(text), centuries(text), clock(text), ranges(text)]
        .into_iter()
        .flatten()
        .collect()
}

/// "12 per cent" or "12 percent", and "12%".
fn percent(text: &Text<'_>) -> Option<Site> {
    let profile = &text.analysis.profile;
    let spelled = match (profile.variety, profile.percent) {
        (_, Percent { one_word: 0, two_words: 1.., .. })
        | (Variety::British, Percent { one_word: 0, .. }) => " per cent",
        (_, Percent { one_word: 1.., two_words: 0, .. })
        | (Variety::American, Percent { two_words: 0, .. }) => " percent",
        _ => return None,
    };
    let mut kind = Kind::new("percent", Tier::Strict, &[spelled.trim_start(), "%"]).desk(1, 0.67);
    let forms = || vec![spelled.to_owned(), "%".to_owned()];
    for at in 1..text.tokens().len() {
        let (form, last) = match text.lower(at) {
            "%" => (1, at),
            "percent" => (0, at),
            "per" if text.lower(at + 1) == "cent" => (0, at + 1),
            _ => continue,
        };
        let number = &text.tokens()[at - 1];
        let range = number.range.end..text.tokens()[last].range.end;
        if number.kind != TokenKind::Number {
            // "ten per cent", "a few per cent": no sign can stand there.
            kind.refused |= !text.analysis.is_protected(&range);
            continue;
        }
        // "between 10 and 20%" leaves the first figure bare.
        if matches!(text.before(at - 1), "and" | "or")
            && text.tokens().get(at.wrapping_sub(3)).is_some_and(is_number)
        {
            kind.tier = Tier::Normal;
        }
        kind.add(text, form, range, forms());
    }
    kind.site(1)
}

fn is_number(token: &crate::language::Token) -> bool {
    token.kind == TokenKind::Number
}

/// The number from 10 to 99 that a word spells: "twelve", "twenty-two".
fn spelled(word: &str) -> Option<u32> {
    let whole = |word: &str| cardinal::value(word).filter(|value| *value >= 10);
    whole(word).or_else(|| {
        let (tens, unit) = word.split_once('-')?;
        let unit = cardinal::value(unit).filter(|unit| (1..10).contains(unit))?;
        whole(tens).filter(|tens| *tens >= 20).map(|tens| tens + unit)
    })
}

fn in_words(value: u32) -> Option<&'static str> {
    cardinal::word(value).filter(|_| value >= 10)
}

/// The largest count that is spelled out where a text that wrote figures changes to words: houses draw the line at
/// nine, ten or twelve.
const WORDS_UP_TO: u32 = 12;

/// Counts of things from ten on, in words or in figures.
///
/// From words all counts become figures (the line is drawn at nine); from figures those up to twelve become words
/// (the line is drawn at twelve). Either way the text must have drawn one line itself, and counts that share a
/// sentence must stay alike.
fn counts(text: &Text<'_>) -> Option<Site> {
    let profile = &text.analysis.profile;
    // A text with "3 ships" spells out nothing, one with "twelve" and "14" draws its line in between.
    if profile.small_figures.first > 0 {
        return None;
    }
    let mut kind = Kind::new("number", Tier::Strict, &["words", "figures"]).desk(1, 0.43);
    let mut largest_word = 0;
    let mut smallest_figure = u32::MAX;
    let (mut small, mut large) = (BTreeSet::new(), BTreeSet::new());
    let mut words = Vec::new();
    let mut figures = Vec::new();
    for at in 0..text.tokens().len() {
        let token = &text.tokens()[at];
        if text.analysis.is_protected(&token.range) {
            continue;
        }
        let (value, is_word) = match token.kind {
            TokenKind::Number => (token.lower.parse::<u32>().ok(), false),
            TokenKind::Word => (spelled(&token.lower), true),
            TokenKind::Mark => (None, false),
        };
        let Some(value) = value.filter(|value| (10..=99).contains(value)) else { continue };
        if !is_count(text, at) {
            continue;
        }
        let sentence = text.analysis.sentence_of(at);
        if text.starts_sentence(at) {
            continue;
        }
        if value <= WORDS_UP_TO { &mut small } else { &mut large }.insert(sentence);
        if is_word {
            largest_word = largest_word.max(value);
            words.push((at, value));
        } else {
            smallest_figure = smallest_figure.min(value);
            figures.push((at, value));
        }
    }
    if words.is_empty() {
        // One sentence never has "twelve ships and 14 crews".
        if !small.is_disjoint(&large) {
            return None;
        }
        for (at, value) in figures.into_iter().filter(|(_, value)| *value <= WORDS_UP_TO) {
            let raw = text.raw(at);
            let Some(word) = in_words(value) else { continue };
            kind.add(text, 1, text.span(at, at), vec![word.to_owned(), raw.to_owned()]);
        }
    } else {
        if largest_word >= smallest_figure {
            return None;
        }
        for (at, value) in words {
            let raw = text.raw(at);
            kind.add(text, 0, text.span(at, at), vec![raw.to_owned(), value.to_string()]);
        }
    }
    kind.site(1)
}

/// Whether the number at a token plainly counts what the next words name: "twelve ships", "14 old barges".
fn is_count(text: &Text<'_>, at: usize) -> bool {
    /// Units, money, times, calendar words, other numbers: houses have rules of their own for them.
    #[rustfmt::skip]
    const NOT_COUNTED: &[&str] = &[
        "of", "or", "to", "and", "in", "by", "per", "percent", "cent", "hundred", "thousand", "million",
        "billion", "trillion", "dozen", "o'clock", "past", "am", "pm", "a", "p", "km", "m", "cm", "mm",
        "kg", "g", "mg", "ml", "degrees", "pounds", "dollars", "euros", "pence", "cents", "times", "x",
        "is", "was", "were", "are", "at", "on", "from", "for", "with", "as", "that", "who", "which", "the",
        "had", "have", "has", "but", "per-cent", "nil", "january", "february", "march", "april", "may",
        "june", "july", "august", "september", "october", "november", "december", "ad", "bc", "ft", "lb",
        "oz", "mph", "kph", "mw", "kw", "gb", "mb", "ha", "others", "out",
    ];
    /// What makes the number before or after it a range, a label, a rate or an idiom.
    #[rustfmt::skip]
    const NOT_BEFORE: &[&str] = &[
        "top", "number", "no", "aged", "age", "past", "to", "or", "between", "in", "route", "room", "day",
        "week", "chapter", "page", "part", "table", "figure", "section", "article", "level", "phase",
        "type", "version", "highway", "flight", "platform", "gate", "line", "volume", "channel", "grade",
        "unit", "item", "appendix", "annex", "rule", "big", "-", "\u{2013}", "\u{2014}", "$", "£", "€", "/",
        ":", "#", "x", "~", "±", "<", ">", "+",
    ];
    let raw = text.raw(at);
    let next = &text.tokens().get(at + 1);
    let counts_things = next.is_some_and(|next| {
        next.kind == TokenKind::Word
            && next.spaced
            && text.raw(at + 1).starts_with(char::is_lowercase)
            && !NOT_COUNTED.contains(&next.lower.as_str())
            && spelled(&next.lower).is_none()
    });
    // "in twelve ships" is a count, "one in twelve" and "in 12 hours" are for a person to see.
    let led = NOT_BEFORE.contains(&text.before(at))
        && !(text.before(at) == "in" && text.lower(at + 1).ends_with('s'));
    let month = at > 0 && text.raw(at - 1).starts_with(char::is_uppercase) && !text.starts_sentence(at - 1);
    raw.chars().next().is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
        && counts_things
        && !led
        && !month
        && !matches!((text.lower(at + 1), text.lower(at + 2)), ("years", "old") | ("minutes", "past" | "to"))
}

#[rustfmt::skip]
const MONTHS: &[&str] = &[
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
];

/// "12 March" and "March 12": British newspapers write either; with a year commas would move, so no date may have one.
fn dates(text: &Text<'_>) -> Option<Site> {
    if text.analysis.profile.variety != Variety::British {
        return None;
    }
    let mut kind = Kind::new("date", Tier::Normal, &["day month", "month day"]);
    for at in 0..text.tokens().len() {
        if !MONTHS.contains(&text.raw(at)) {
            continue;
        }
        let day = |i: usize| {
            text.raw(i).parse::<u32>().is_ok_and(|day| (1..=31).contains(&day)) && text.raw(i).len() < 3
        };
        let year = |i: usize| text.raw(i).len() == 4 && text.raw(i).chars().all(|c| c.is_ascii_digit());
        let month = text.raw(at);
        if at > 0 && day(at - 1) {
            let number = text.raw(at - 1);
            kind.refused |=
                year(at + 1) || matches!(text.before(at - 1), "-" | "\u{2013}" | "to" | "and" | "/");
            kind.add(
                text,
                0,
                text.span(at - 1, at),
                vec![format!("{number} {month}"), format!("{month} {number}")],
            );
        } else if day(at + 1) {
            let number = text.raw(at + 1);
            let dated = year(at + 2) || (text.raw(at + 2) == "," && year(at + 3));
            kind.refused |= dated || matches!(text.lower(at + 2), "-" | "\u{2013}" | "to" | "and" | "/");
            kind.add(
                text,
                1,
                text.span(at, at + 1),
                vec![format!("{number} {month}"), format!("{month} {number}")],
            );
        }
    }
    kind.site(1)
}

/// "two-thirds of" and "two thirds of"; before a noun the hyphen must stay, so that is no place.
fn fractions(text: &Text<'_>) -> Option<Site> {
    const PARTS: &[(&str, &str)] = &[
        ("two", "thirds"),
        ("one", "third"),
        ("three", "quarters"),
        ("one", "quarter"),
        ("two", "fifths"),
        ("three", "fifths"),
        ("four", "fifths"),
    ];
    let mut kind = Kind::new("fraction", Tier::Strict, &["hyphen", "space"]);
    for at in 0..text.tokens().len() {
        let lower = text.lower(at);
        let open = PARTS.iter().any(|&(count, part)| lower == count && text.lower(at + 1) == part);
        let closed = lower.split_once('-').is_some_and(|pair| PARTS.contains(&pair));
        let last = at + usize::from(open);
        if !(open || closed) || text.lower(last + 1) != "of" {
            continue;
        }
        let raw = text.slice(text.span(at, last));
        let forms = vec![raw.replacen(' ', "-", 1), raw.replacen('-', " ", 1)];
        kind.add(text, u8::from(open), text.span(at, last), forms);
    }
    kind.site(1)
}

/// "twentieth century" and "20th century".
fn centuries(text: &Text<'_>) -> Option<Site> {
    const ORDINALS: &[(&str, &str)] = &[
        ("tenth", "10th"),
        ("eleventh", "11th"),
        ("twelfth", "12th"),
        ("thirteenth", "13th"),
        ("fourteenth", "14th"),
        ("fifteenth", "15th"),
        ("sixteenth", "16th"),
        ("seventeenth", "17th"),
        ("eighteenth", "18th"),
        ("nineteenth", "19th"),
        ("twentieth", "20th"),
        ("twenty-first", "21st"),
    ];
    let mut kind = Kind::new("century", Tier::Strict, &["words", "figures"]).desk(1, 0.43);
    for at in 0..text.tokens().len() {
        // "nineteenth-century" is one token.
        let (ordinal, tail) = match text.lower(at).split_once("-centur") {
            Some((ordinal, _)) => (ordinal, &text.raw(at)[ordinal.len()..]),
            None if matches!(text.lower(at + 1), "century" | "centuries") => (text.lower(at), ""),
            None => continue,
        };
        let Some((form, (words, figures))) = ORDINALS.iter().find_map(|pair| {
            (pair.0 == ordinal).then_some((0, pair)).or_else(|| (pair.1 == ordinal).then_some((1, pair)))
        }) else {
            // "ninth century" stays in words either way; "third" and other counts are none.
            continue;
        };
        if text.starts_sentence(at) || text.raw(at).starts_with(char::is_uppercase) {
            kind.refused |= form == 0;
            continue;
        }
        let whole = text.tokens()[at].range.clone();
        let range = whole.start..whole.end - tail.len();
        kind.add(text, form, range, vec![(*words).to_owned(), (*figures).to_owned()]);
    }
    kind.site(1)
}

/// "3 p.m." and "3pm", as British papers write it either way.
fn clock(text: &Text<'_>) -> Option<Site> {
    if text.analysis.profile.variety != Variety::British {
        return None;
    }
    let mut kind = Kind::new("clock", Tier::Strict, &["p.m.", "pm"]);
    for at in 0..text.tokens().len() {
        if text.tokens()[at].kind != TokenKind::Number {
            continue;
        }
        let raw = text.raw(at);
        let time = |digits: &str| {
            !digits.is_empty()
                && digits.len() <= 5
                && digits.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ':')
        };
        if let Some(half) = ["am", "pm"].into_iter().find(|half| raw.strip_suffix(half).is_some_and(time)) {
            let digits = &raw[..raw.len() - 2];
            // At a sentence's end the points would swallow the full stop.
            let stop = text.raw(at + 1) == "." && text.is_glued(at + 1);
            let dotted = format!("{digits} {}.m.", &half[..1]);
            if stop {
                let range = text.span(at, at + 1);
                kind.add(text, 1, range, vec![dotted, format!("{raw}.")]);
            } else {
                kind.add(text, 1, text.span(at, at), vec![dotted, raw.to_owned()]);
            }
        } else if time(raw)
            && matches!(text.raw(at + 1), "a" | "p")
            && text.raw(at + 3) == "m"
            && [at + 2, at + 4].iter().all(|&i| text.raw(i) == ".")
            && (at + 2..at + 5).all(|i| text.is_glued(i))
        {
            let range = text.span(at, at + 4);
            let ends = text.analysis.sentence_of(at).is_none_or(|s| text.analysis.sentences[s].end == at + 5);
            let plain = format!("{raw}{}m{}", text.raw(at + 1), if ends { "." } else { "" });
            let written = text.slice(range.clone()).to_owned();
            kind.add(text, 0, range, vec![written, plain]);
        }
    }
    kind.site(1)
}

/// "1990–95" with a dash and with a hyphen; from hyphen to dash would catch telephone and case numbers.
fn ranges(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("range", Tier::Strict, &["hyphen", "dash"]).desk(0, 0.8);
    for at in 1..text.tokens().len().saturating_sub(1) {
        let figures = |i: usize| text.raw(i).chars().all(|c| c.is_ascii_digit());
        let open = text.raw(at) == "\u{2013}" && text.is_glued(at) && text.is_glued(at + 1);
        if open && figures(at - 1) && figures(at + 1) {
            kind.add(text, 1, text.span(at, at), vec!["-".to_owned(), "\u{2013}".to_owned()]);
        }
    }
    kind.site(1)
}
