//! Contracted and full forms, pair by pair, in texts that mix them by themselves.

use super::{Kind, Site, Text, Tier};

/// Full form (two words, or "cannot") and contraction.
///
/// Not here: it'll, that's, there's and shouldn't (judged awkward one way or the other), and 's and 'd, which stand
/// for two verbs each.
const PAIRS: &[(&str, &str)] = &[
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("has not", "hasn't"),
    ("have not", "haven't"),
    ("had not", "hadn't"),
    ("could not", "couldn't"),
    ("would not", "wouldn't"),
    ("cannot", "can't"),
    ("they are", "they're"),
    ("they have", "they've"),
];

/// After a contraction these make a question or an exclamation: "isn't it" is not "is not it".
#[rustfmt::skip]
const INVERTED: &[&str] = &[
    "i", "you", "he", "she", "it", "we", "they", "there", "that", "this", "these", "those", "the", "a",
    "an", "anyone", "anybody", "everyone", "everybody", "someone", "my", "your", "his", "her", "our",
    "their", "its",
];

/// After a full form these lean on its "not": "is not only" is seldom "isn't only".
#[rustfmt::skip]
const LEANING: &[&str] = &[
    "only", "just", "merely", "so", "even", "yet", "least", "simply", "necessarily", "because", "to", "a",
    "an", "one", "that", "what", "how", "who", "all", "always", "every", "much", "nor", "but", "then",
    "until", "unless", "for", "if", "when", "and", "or",
];

/// Before "they are" these make the verb carry the clause: "as they are", "what they are".
const LEADING: &[&str] = &[
    "as", "what", "where", "who", "how", "than", "whatever", "whoever", "wherever", "that", "until",
    "because", "since", "and",
];

pub(super) fn find(text: &Text<'_>) -> Vec<Site> {
    if !text.analysis.profile.mixes_contractions() {
        return Vec::new();
    }
    PAIRS.iter().filter_map(|(full, short)| find_pair(text, full, short)).collect()
}

fn find_pair(text: &Text<'_>, full: &str, short: &str) -> Option<Site> {
    let curly = text.analysis.profile.curly.first >= text.analysis.profile.curly.second.max(1);
    let written = if curly { short.replace('\'', "\u{2019}") } else { short.to_owned() };
    // Normal even where the item mixes: in judged pairs four contractions of four jarred with their sentence.
    let mut kind = Kind::new(short, Tier::Normal, &[full, short]).desk(0, 0.45);
    let (first, second) = full.split_once(' ').unwrap_or((full, ""));
    for at in 0..text.tokens().len() {
        let lower = text.lower(at);
        let contracted = lower == short;
        let words = if contracted || second.is_empty() { 1 } else { 2 };
        let spelled = lower == first && (second.is_empty() || text.lower(at + 1) == second);
        if !(contracted || spelled) {
            continue;
        }
        let range = text.span(at, at + words - 1);
        let raw = text.slice(range.clone());
        // A sentence that obliges keeps its words; so do capitals at its start, quotations, and what leans on "not".
        let next = text.lower(at + words);
        let leans = if contracted { INVERTED.contains(&next) } else { LEANING.contains(&next) };
        // Nothing contracted can end a clause ("and they have, too") or carry it ("as they are").
        let opens =
            !contracted && second != "not" && !second.is_empty() && LEADING.contains(&text.before(at));
        let closing = !contracted && !next.starts_with(char::is_alphabetic);
        let normative = text.analysis.sentence_of(at).is_some_and(|s| text.analysis.is_normative(s));
        let capital = raw.starts_with(char::is_uppercase);
        let gap = text.slice(range.clone()).contains('\n');
        if leans || opens || closing || normative || capital || gap || text.analysis.is_protected(&range) {
            continue;
        }
        let forms = if contracted {
            vec![full.to_owned(), raw.to_owned()]
        } else {
            vec![raw.to_owned(), written.clone()]
        };
        kind.add(text, u8::from(contracted), range, forms);
    }
    kind.site(1)
}
