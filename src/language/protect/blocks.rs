//! Whole blocks and sentences that stand apart from the prose: headings, captions, markings, verse, other languages,
//! obligations.

use std::ops::Range;

use super::super::{Token, TokenKind};
use super::span;
use crate::item::{Block, BlockKind, Document, LeafKind};

/// How far a block as a whole is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Not one character changes.
    Fixed,
    /// Glyphs alone may change.
    Protected,
    /// Running text.
    Prose,
}

/// A paragraph with fewer words and no final stop is a heading or a line of a letter.
const HEADING_WORDS: usize = 12;

/// A block with a marking and at most this many words is a marking or a handling instruction as a whole; in a longer
/// one the marking's sentence is.
const MARKING_WORDS: usize = 60;

/// A caption or source line is at most this long.
const CAPTION_WORDS: usize = 40;

/// Classification markings and caveats as they are written, in capitals.
#[rustfmt::skip]
const MARKINGS: &[&str] = &[
    "CLASSIFIED", "CONFIDENTIAL", "COSMIC", "EMBARGOED", "FOUO", "LIMDIS", "LIMITE", "NODIS", "NOFORN",
    "ORCON", "PROPIN", "RELIDO", "RESTRICTED", "SECRET", "SENSITIVE", "STRAP", "TLP", "UNCLASSIFIED",
    "OFFICIAL-SENSITIVE",
];

/// Handling instructions, in lower case.
#[rustfmt::skip]
const CAVEATS: &[&str] = &[
    "for official use only", "eyes only", "not for onward", "not for further dissemination",
    "not for publication", "not for distribution", "do not forward", "do not copy", "do not distribute",
    "do not disseminate", "do not circulate", "handling code", "handling instruction", "third-party rule",
    "third party rule", "originator control", "originator's consent", "need-to-know basis",
    "controlled unclassified", "tlp:", "under embargo", "strictly confidential", "in strict confidence",
    "legally privileged", "without the prior written consent",
];

/// Words that make up a quarter or more of English prose and are rare in other languages.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "is", "that", "for", "it", "with", "by", "from", "this", "are", "have", "has",
    "had", "not", "but", "or", "they", "we", "you", "his", "her", "their", "its", "which", "who", "would",
    "can", "been", "were", "there", "if", "when", "than", "then", "these", "those", "our", "your", "my",
    "she", "do", "did", "does", "about", "into", "over", "after", "before", "where", "what", "how", "more",
    "most", "other", "some", "any", "should", "could", "must", "may", "might", "will", "shall", "each",
    "all", "no", "as", "be", "was", "at", "he",
];

/// The level of a block as a whole.
pub(super) fn level(document: &Document, block: &Block, tokens: &[Token]) -> Level {
    match block.kind {
        BlockKind::Code | BlockKind::Table => return Level::Fixed,
        BlockKind::Heading | BlockKind::Quote => return Level::Protected,
        BlockKind::Paragraph | BlockKind::ListItem => {}
    }
    let text = &document.text()[block.range.clone()];
    let words = tokens.iter().filter(|token| token.kind != TokenKind::Mark).count();
    if words <= MARKING_WORDS && is_marked(document.text(), tokens) {
        return Level::Fixed;
    }
    if words <= CAPTION_WORDS && is_caption(tokens) {
        return Level::Protected;
    }
    let open_ended = text.trim_end().chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == ',');
    if block.kind == BlockKind::Paragraph && words < HEADING_WORDS && open_ended {
        return Level::Protected;
    }
    let capitals = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    if capitals || is_verse(document, block) || is_foreign(tokens, HEADING_WORDS, 10) {
        return Level::Protected;
    }
    Level::Prose
}

/// Adds a sentence that carries a marking, or that is in another language.
pub(super) fn marked_sentence(
    text: &str,
    sentence: &[Token],
    fixed: &mut Vec<Range<usize>>,
    protected: &mut Vec<Range<usize>>,
) {
    if is_marked(text, sentence) {
        fixed.push(span(sentence));
    } else if is_foreign(sentence, 8, 1) {
        protected.push(span(sentence));
    }
}

fn is_marked(text: &str, tokens: &[Token]) -> bool {
    let capitals = tokens.iter().any(|token| {
        let word = &text[token.range.clone()];
        word.chars().count() > 2 && MARKINGS.contains(&word)
    });
    // "Official", "Rel to" and "Top" are markings only beside others, which are in the list by themselves.
    capitals || {
        let whole = text[span(tokens)].to_lowercase();
        CAVEATS.iter().any(|caveat| whole.contains(caveat))
    }
}

fn is_caption(tokens: &[Token]) -> bool {
    let Some(first) = tokens.first() else { return false };
    let label = tokens.iter().skip(1).find(|token| token.lower != ".");
    match first.lower.as_str() {
        "figure" | "fig" | "table" | "chart" | "map" | "box" | "exhibit" | "plate" | "photo" => {
            label.is_some_and(|token| token.kind == TokenKind::Number || token.lower == ":")
        }
        "source" | "sources" | "credit" | "photograph" | "caption" => {
            label.is_some_and(|token| token.lower == ":")
        }
        _ => false,
    }
}

/// Whether a block is set in short lines that all begin with a capital: verse, an address, a signature.
fn is_verse(document: &Document, block: &Block) -> bool {
    let text = document.text();
    let leaves = document.leaves();
    let first = leaves.partition_point(|leaf| leaf.text.end <= block.range.start);
    let mut lines: Vec<&str> = Vec::new();
    let mut start = block.range.start;
    for leaf in leaves[first..].iter().take_while(|leaf| leaf.text.start < block.range.end) {
        if leaf.kind == LeafKind::Break {
            lines.push(&text[start..leaf.text.start]);
            start = leaf.text.end;
        }
    }
    lines.push(&text[start..block.range.end]);
    lines.len() > 2
        && lines.iter().all(|line| {
            let begins = line.trim_start().chars().next();
            line.chars().count() < 48 && begins.is_some_and(|c| !c.is_lowercase() && !c.is_whitespace())
        })
}

/// Whether of at least `least` words hardly any (fewer than `percent` in a hundred) is a frequent English one.
fn is_foreign(tokens: &[Token], least: usize, percent: usize) -> bool {
    let words = tokens.iter().filter(|token| token.kind == TokenKind::Word).count();
    // Counting stops where the answer is known: most blocks are English.
    let enough = (words * percent).div_ceil(100).max(1);
    words >= least
        && tokens.iter().filter(|token| ENGLISH.contains(&token.lower.as_str())).take(enough).count() < enough
}

/// Sentences that oblige: "SHALL", "MUST" in capitals, or "shall" of a third person; where a text has two of those,
/// also "must not", "is required to", "is entitled to".
pub(super) fn normative(text: &str, tokens: &[Token], sentences: &[Range<usize>]) -> Vec<usize> {
    let strong: Vec<bool> =
        sentences.iter().map(|sentence| obliges(text, &tokens[sentence.clone()])).collect();
    let legal = strong.iter().filter(|&&is| is).count() >= 2;
    sentences
        .iter()
        .zip(strong)
        .enumerate()
        .filter(|(_, (sentence, strong))| *strong || (legal && regulates(&tokens[(*sentence).clone()])))
        .map(|(index, _)| index)
        .collect()
}

fn obliges(text: &str, sentence: &[Token]) -> bool {
    sentence.iter().enumerate().any(|(at, token)| {
        let first_person = at > 0 && matches!(sentence[at - 1].lower.as_str(), "i" | "we");
        match &text[token.range.clone()] {
            "SHALL" | "MUST" | "REQUIRED" | "SHOULD" => true,
            "shall" => !first_person,
            _ => false,
        }
    })
}

fn regulates(sentence: &[Token]) -> bool {
    sentence.iter().any(|token| token.lower == "must")
        || sentence.windows(3).any(|three| {
            matches!(three[0].lower.as_str(), "is" | "are" | "be")
                && matches!(
                    three[1].lower.as_str(),
                    "required" | "entitled" | "obliged" | "prohibited" | "permitted"
                )
                && matches!(three[2].lower.as_str(), "to" | "from")
        })
}
