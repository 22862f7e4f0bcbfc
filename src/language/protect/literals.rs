//! Code, addresses, references and numbers: strings that mean what they spell.

use std::ops::Range;

use super::super::{Token, TokenKind};
use super::span;

/// File name endings and top-level domains that make "name.ending" a literal.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "ai", "app", "bat", "bin", "c", "com", "conf", "cpp", "csv", "de", "dev", "dll", "doc", "docx", "edu",
    "eml", "eu", "exe", "fr", "gif", "go", "gov", "gz", "h", "htm", "html", "info", "ini", "int", "io",
    "java", "jpeg", "jpg", "js", "json", "log", "md", "mil", "mp3", "mp4", "msg", "net", "odt", "onion",
    "org", "pdf", "php", "png", "ppt", "pptx", "ps1", "py", "rb", "rs", "rtf", "ru", "sh", "sql", "svg",
    "tar", "tex", "tiff", "toml", "ts", "txt", "uk", "us", "wav", "xls", "xlsx", "xml", "yaml", "yml",
    "zip",
];

/// The longest bracketed reference, in bytes.
const REFERENCE_MAX: usize = 80;

/// Adds a block's code, addresses, tags, paths, bracketed references and footnote marks.
pub(super) fn in_block(text: &str, block: Range<usize>, out: &mut Vec<Range<usize>>) {
    let body = &text[block.clone()];
    let mut start = None;
    for (offset, c) in body.char_indices().chain([(body.len(), ' ')]) {
        if !c.is_whitespace() {
            start = start.or(Some(offset));
            continue;
        }
        let Some(from) = start.take() else { continue };
        let chunk = &body[from..offset];
        let left = chunk.trim_start_matches(['(', '"', '\'', '\u{201c}', '\u{2018}', '\u{ab}', '*']);
        let core = left.trim_end_matches([
            '.', ',', ';', ':', '!', '?', ')', '"', '\'', '\u{201d}', '\u{2019}', '\u{bb}', '*', '\u{2026}',
        ]);
        if is_literal(core) {
            let first = block.start + from + (chunk.len() - left.len());
            out.push(first..first + core.len());
        }
    }
    delimited(text, &block, out);
    for (offset, c) in body.char_indices() {
        if matches!(
            c,
            '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '†' | '‡' | '§' | '¶'
        ) {
            out.push(block.start + offset..block.start + offset + c.len_utf8());
        }
    }
}

/// Whether a chunk between white space, less the punctuation around it, is spelled rather than said.
fn is_literal(chunk: &str) -> bool {
    let mut letters = chunk.chars();
    let first = letters.next();
    let second = letters.next();
    if matches!(first, Some('@' | '#' | '~')) && second.is_some_and(char::is_alphanumeric) {
        return true;
    }
    if chunk.contains("://") || chunk.starts_with("www.") || chunk.starts_with("--") && chunk.len() > 3 {
        return true;
    }
    if chunk.contains(['_', '`', '\\', '{', '}', '<', '>', '=', '|', '^']) || chunk.ends_with("()") {
        return true;
    }
    if chunk.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) {
        return true;
    }
    let slashes = chunk.matches('/').count();
    if slashes > 1 || (slashes == 1 && (chunk.starts_with(['/', '.']) || chunk.contains(char::is_numeric))) {
        return true;
    }
    if let Some((name, ending)) = chunk.rsplit_once('.') {
        let plain =
            name.chars().count() > 1 && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        if plain && ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
            return true;
        }
    }
    let digits = chunk.chars().filter(char::is_ascii_digit).count();
    let capitals = chunk.chars().filter(|c| c.is_uppercase()).count();
    // Case numbers, models, hashes, coordinates: "C-131/12", "B12", "9f86d081".
    if digits > 0
        && (capitals > 0
            || (chunk.len() >= 8 && chunk.chars().all(|c| c.is_ascii_hexdigit()) && digits < chunk.len()))
    {
        return true;
    }
    // camelCase, as in identifiers and product names.
    chunk.chars().zip(chunk.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
        && !chunk.contains(['-', '\'', '\u{2019}'])
        && !chunk.starts_with("Mc")
        && !chunk.starts_with("Mac")
}

/// Adds code in back-ticks, references in square brackets, and "(Hale 2004)".
fn delimited(text: &str, block: &Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut at = block.start;
    while let Some(found) = text[at..block.end].find(['`', '[', '(']) {
        let start = at + found;
        let (close, limit) = match text.as_bytes()[start] {
            b'`' => ('`', block.end - start),
            b'[' => (']', REFERENCE_MAX),
            _ => (')', REFERENCE_MAX),
        };
        at = start + 1;
        // Looking no further than a reference reaches keeps hostile text linear.
        let near = text[at..block.end].char_indices().take_while(|(offset, _)| *offset <= limit);
        let Some(length) = near.into_iter().find(|(_, c)| *c == close).map(|(offset, _)| offset) else {
            continue;
        };
        let inner = &text[at..at + length];
        if close != ')' || cites(inner) {
            out.push(start..at + length + 1);
            at += length + 1;
        }
    }
}

/// Whether the inside of round brackets is a citation: a name with a year, "see …", or a case's mark.
fn cites(inner: &str) -> bool {
    let year = inner.split(|c: char| !c.is_alphanumeric()).any(|part| {
        part.len() >= 4
            && part.as_bytes()[..4].iter().all(u8::is_ascii_digit)
            && (part.starts_with('1') || part.starts_with('2'))
            && part.len() <= 5
    });
    let capital = inner.chars().next().is_some_and(char::is_uppercase);
    (year && capital) || inner.starts_with("see ") || inner.starts_with("cf.")
}

/// Words that make the number after them a reference.
#[rustfmt::skip]
const REFERRERS: &[&str] = &[
    "annex", "annexes", "appendix", "art", "article", "articles", "box", "case", "chapter", "chapters",
    "chart", "clause", "clauses", "decision", "directive", "document", "exhibit", "fig", "figs", "figure",
    "figures", "item", "no", "nos", "p", "page", "pages", "para", "paragraph", "paragraphs", "paras",
    "part", "pp", "protocol", "recital", "recitals", "regulation", "resolution", "rule", "rules",
    "schedule", "sec", "section", "sections", "table", "tables", "title", "vol", "volume", "footnote",
    "note", "version", "ref",
];

/// Adds "Section 12(3)", "Articles 4 and 5", "Rule IV", "no. 7".
pub(super) fn references(text: &str, tokens: &[Token], out: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while at < tokens.len() {
        let first = at;
        at += 1;
        if !REFERRERS.contains(&tokens[first].lower.as_str()) {
            continue;
        }
        let mut next = at;
        if tokens.get(next).is_some_and(|token| token.lower == "." && !token.spaced) {
            next += 1;
        }
        if !tokens.get(next).is_some_and(|token| token.spaced && is_ordinal_label(text, token)) {
            continue;
        }
        let mut last = next;
        // "12(3)(a)", "4 and 5", "7, 8 or 9", "10 to 12".
        loop {
            let label = |i: usize| tokens.get(i).is_some_and(|token| is_ordinal_label(text, token));
            let is = |i: usize, marks: &[&str]| {
                tokens.get(i).is_some_and(|token| marks.contains(&token.lower.as_str()))
            };
            if is(last + 1, &["("]) && !tokens[last + 1].spaced && is(last + 3, &[")"]) {
                last += 3;
            } else if is(last + 1, &["and", "or", "to", "-", "–", ",", "."])
                && label(last + 2)
                && tokens[last + 2].kind == TokenKind::Number
            {
                last += 2;
            } else {
                break;
            }
        }
        out.push(span(&tokens[first..=last]));
        at = last + 1;
    }
}

/// A figure, a Roman numeral or a single capital.
fn is_ordinal_label(text: &str, token: &Token) -> bool {
    let word = &text[token.range.clone()];
    token.kind == TokenKind::Number
        || (token.kind == TokenKind::Word
            && word != "I"
            && (word.chars().all(|c| "IVXLC".contains(c))
                || (word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "A")))
}

/// Units, scales and calendar words that belong to the number before or after them.
#[rustfmt::skip]
const UNITS: &[&str] = &[
    "%", "percent", "per", "cent", "°", "km", "m", "cm", "mm", "kg", "g", "mg", "t", "l", "ml", "ha", "hz",
    "khz", "mhz", "ghz", "kb", "mb", "gb", "tb", "kw", "mw", "gw", "kwh", "mph", "kph", "ft", "lb", "oz",
    "am", "pm", "gmt", "utc", "cet", "metres", "meters", "metre", "meter", "kilometres", "kilometers",
    "miles", "mile", "feet", "foot", "inches", "inch", "yards", "tonnes", "tons", "tonne", "ton",
    "kilograms", "kilos", "grams", "litres", "liters", "gallons", "barrels", "hectares", "acres", "degrees",
    "knots", "watts", "kilowatts", "megawatts", "volts", "dollars", "dollar", "euros", "euro", "pounds",
    "pound", "pence", "cents", "yen", "hundred", "thousand", "million", "billion", "trillion", "dozen",
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "bc", "ad", "bce", "ce",
];

const CURRENCIES: &[&str] = &["$", "£", "€", "¥", "₹", "usd", "eur", "gbp", "chf", "us$"];

/// Numbers in figures and words, with their units, currencies, months and scales.
pub(super) fn numbers(text: &str, tokens: &[Token]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let figure = token.kind == TokenKind::Number;
        if !figure && !is_number_word(&token.lower) {
            continue;
        }
        let mut first = at;
        let mut last = at;
        if figure {
            let unit = |i: usize| {
                let word = tokens[i].lower.as_str();
                let month = matches!(word, "may" | "march");
                UNITS.contains(&word) && (!month || text[tokens[i].range.clone()].starts_with('M'))
            };
            while first > 0
                && (CURRENCIES.contains(&tokens[first - 1].lower.as_str())
                    || (first == at && unit(first - 1) && tokens[first - 1].lower.len() > 2))
            {
                first -= 1;
            }
            while last + 1 < tokens.len() && last < at + 3 && unit(last + 1) {
                last += 1;
            }
        } else {
            while last + 1 < tokens.len() && last < at + 3 && UNITS.contains(&tokens[last + 1].lower.as_str())
            {
                last += 1;
            }
        }
        let joined = last + 1 == tokens.len() || tokens[last].range.end <= tokens[last + 1].range.start;
        if joined {
            out.push(span(&tokens[first..=last]));
        }
    }
    out
}

/// Whether a lower-case word is a unit, a scale or a month, which belongs to the number beside it.
pub(in crate::language) fn is_unit(word: &str) -> bool {
    UNITS.contains(&word)
}

/// Whether a lower-case word is a cardinal or ordinal number above one, or a compound of them.
///
/// "one" is as often a pronoun ("no one", "one another") and stays free.
pub(in crate::language) fn is_number_word(word: &str) -> bool {
    #[rustfmt::skip]
    const PARTS: &[&str] = &[
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
        "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand",
        "million", "billion", "trillion", "hundreds", "thousands", "millions", "billions", "third",
        "thirds", "quarter", "quarters", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "twentieth", "twice", "half",
    ];
    word.split('-').all(|part| part == "one" && word.contains('-') || PARTS.contains(&part))
}
