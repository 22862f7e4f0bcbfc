//! Which sentences are likely to be quoted, and what an author could vary in them.
//!
//! A ranking for people, not a probability: what a newspaper lifts from a document is short enough to print, says
//! something that can be right or wrong, and holds a figure or a name. Nothing that is issued or scored depends on it.

use std::ops::Range;

use super::capacity::Paragraph;
use crate::item::{BlockKind, Document};
use crate::language::{Analysis, Token, TokenKind, cardinal};

/// How many sentences are named at most.
pub const QUOTABLE_MAX: usize = 10;

/// A sentence that is likely to be quoted and names nobody alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Quotable {
    /// Its bytes of the canonical text.
    pub range: Range<usize>,
    /// How many sites it shows.
    pub sites: usize,
    /// How many bits it lacks to name one of the copies. For display.
    pub missing_bits: f64,
    /// Why it is likely to be quoted, most telling first; at least one.
    pub reasons: Vec<Reason>,
    /// What could be varied in it; at least one.
    pub ideas: Vec<Idea>,
}

/// Why a sentence is likely to be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// It gives a figure, an amount, a share or a date.
    Figure,
    /// It names somebody or something.
    Name,
    /// It claims: a superlative, a warning, a duty, a denial, a promise.
    Claim,
    /// It opens the item or a paragraph.
    Opening,
    /// It is about as long as what newspapers quote, 8 to 35 words.
    Length,
}

impl Reason {
    /// A word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Figure => "figure",
            Self::Name => "name",
            Self::Claim => "claim",
            Self::Opening => "opening",
            Self::Length => "length",
        }
    }

    /// How much it adds to the ranking.
    fn points(self) -> u32 {
        match self {
            Self::Figure | Self::Claim => 3,
            Self::Name | Self::Opening | Self::Length => 2,
        }
    }
}

/// What an author could vary in a sentence, as markup to finish.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Idea {
    /// A figure given exactly or rounded: a fact, which survives a rewrite.
    Figure {
        /// The figure with its noun, as the item has it.
        text: String,
    },
    /// A name in its long or its short form, linked over the item.
    Name {
        /// The name, as the item has it.
        text: String,
    },
    /// The order of a list whose elements are alike.
    List {
        /// The list, as the item has it.
        text: String,
        /// The same list, starting with its last element.
        turned: String,
    },
    /// A second wording of the sentence, or of its main clause.
    Wording,
}

impl Idea {
    /// Markup to finish; "…" stands for what only the author can write.
    pub fn markup(&self) -> String {
        match self {
            Self::Figure { text } => format!("{{{{#fact:{text}|…}}}}"),
            Self::Name { text } => format!("{{{{@name:{text}|…}}}}"),
            Self::List { text, turned } => format!("{{{{{text}|{turned}}}}}"),
            Self::Wording => "{{this wording|that wording}}".to_owned(),
        }
    }

    /// What it asks of the author.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Figure { .. } => "give the figure exactly or rounded",
            Self::Name { .. } => "use the long or the short form of the name, the same all through a copy",
            Self::List { .. } => "turn the list round if nothing hangs on its order",
            Self::Wording => "write the sentence in two or more ways",
        }
    }
}

/// Words that make a sentence a claim.
const CLAIMS: &[&str] = &[
    "must",
    "will",
    "never",
    "failed",
    "fails",
    "fail",
    "warned",
    "warns",
    "first",
    "largest",
    "biggest",
    "worst",
    "best",
    "highest",
    "lowest",
    "only",
    "illegal",
    "unlawful",
    "risk",
    "risks",
    "crisis",
    "urgent",
    "immediately",
    "refused",
    "denied",
    "rejected",
    "agreed",
    "decided",
    "approved",
    "secret",
    "confidential",
    "cannot",
    "not",
    "no",
    "nobody",
    "wrong",
    "danger",
    "dangerous",
    "threat",
    "blame",
    "responsible",
    "ordered",
    "banned",
    "cut",
    "doubled",
    "halved",
    "record",
    "most",
    "least",
    "shall",
    "should",
    "recommend",
    "recommends",
    "concluded",
    "concludes",
    "judge",
    "judges",
    "assess",
    "assesses",
    "assessed",
    "believe",
    "believes",
    "found",
    "finds",
    "estimates",
    "estimated",
    "confirmed",
    "confirms",
    "revealed",
    "reveals",
    "shows",
    "showed",
    "admitted",
    "expects",
    "expected",
    "think",
    "said",
];

/// The sentences that name none of `copies` alone, likeliest to be quoted first.
pub(super) fn rank(
    document: &Document,
    paragraphs: &[Paragraph],
    copies: u64,
    needed_bits: f64,
) -> Vec<Quotable> {
    let analysis = Analysis::new(document);
    let mut ranked: Vec<(u32, Quotable)> = Vec::new();
    for (number, paragraph) in paragraphs.iter().enumerate() {
        let kind = document.blocks().iter().find(|block| block.range.contains(&paragraph.whole.range.start));
        if !kind.is_some_and(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)) {
            continue;
        }
        for (index, sentence) in paragraph.sentences.iter().enumerate() {
            if sentence.names(copies) || sentence.words < 4 {
                continue;
            }
            let view = Sentence::of(&analysis, &sentence.range);
            let opens = index == 0 && (number < 3 || paragraph.sentences.len() > 2);
            let reasons = view.reasons(sentence.words, opens);
            let points = points(&reasons);
            if points < 4 {
                continue;
            }
            let quotable = Quotable {
                range: sentence.range.clone(),
                sites: sentence.sites,
                missing_bits: (needed_bits - sentence.bits).max(0.0),
                reasons,
                ideas: view.ideas(),
            };
            ranked.push((points, quotable));
        }
    }
    // Stable: of equals the one that stands first in the item.
    ranked.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    ranked.into_iter().map(|(_, quotable)| quotable).take(QUOTABLE_MAX).collect()
}

/// Why a sentence of so many words is likely to be quoted, most telling first; `range` are its bytes of the canonical
/// text, and `opens` says whether it opens a paragraph.
pub(crate) fn reasons(
    analysis: &Analysis<'_>,
    range: &Range<usize>,
    words: usize,
    opens: bool,
) -> Vec<Reason> {
    Sentence::of(analysis, range).reasons(words, opens)
}

/// How likely these reasons make it, in points.
pub(crate) fn points(reasons: &[Reason]) -> u32 {
    reasons.iter().map(|reason| reason.points()).sum()
}

/// A sentence's tokens.
struct Sentence<'a> {
    analysis: &'a Analysis<'a>,
    tokens: Range<usize>,
}

impl<'a> Sentence<'a> {
    fn of(analysis: &'a Analysis<'a>, range: &Range<usize>) -> Self {
        let first = analysis.tokens.partition_point(|token| token.range.end <= range.start);
        let last = analysis.tokens.partition_point(|token| token.range.start < range.end);
        Self { analysis, tokens: first..last.max(first) }
    }

    fn reasons(&self, words: usize, opens: bool) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let tokens = &self.analysis.tokens[self.tokens.clone()];
        // "one" is a pronoun as often.
        let figure = |token: &Token| {
            token.kind == TokenKind::Number || cardinal::value(&token.lower).is_some_and(|value| value > 1)
        };
        if tokens.iter().any(figure) {
            reasons.push(Reason::Figure);
        }
        if self.tokens.clone().skip(1).any(|at| self.is_name(at)) {
            reasons.push(Reason::Name);
        }
        if tokens.iter().any(|token| CLAIMS.contains(&token.lower.as_str())) {
            reasons.push(Reason::Claim);
        }
        if opens {
            reasons.push(Reason::Opening);
        }
        if (8..=35).contains(&words) {
            reasons.push(Reason::Length);
        }
        reasons
    }

    /// A capital inside the sentence that no sentence start explains.
    fn is_name(&self, at: usize) -> bool {
        self.analysis.tokens[at].kind == TokenKind::Word
            && self.analysis.word(at).starts_with(char::is_uppercase)
            && self.analysis.tokens[at].lower != "i"
    }

    fn ideas(&self) -> Vec<Idea> {
        let mut ideas: Vec<Idea> = [self.figure(), self.name(), self.list()].into_iter().flatten().collect();
        if ideas.len() < 2 {
            ideas.push(Idea::Wording);
        }
        ideas
    }

    fn text(&self, tokens: Range<usize>) -> String {
        let all = &self.analysis.tokens;
        let text = self.analysis.document.text();
        text[all[tokens.start].range.start..all[tokens.end - 1].range.end].replace('\n', " ")
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens.contains(&at) && self.analysis.tokens[at].kind == TokenKind::Word
    }

    /// The first number with what is counted; a year or a numbered heading has nothing to round.
    fn figure(&self) -> Option<Idea> {
        self.tokens.clone().find_map(|at| {
            let token = &self.analysis.tokens[at];
            let counted = at + 1;
            let plain = token.kind == TokenKind::Number && self.is_word(counted);
            let plural = plain && self.analysis.tokens[counted].lower.ends_with('s');
            let magnitude = plain
                && matches!(
                    self.analysis.tokens[counted].lower.as_str(),
                    "million" | "billion" | "per" | "percent"
                );
            (plural || magnitude).then(|| Idea::Figure { text: self.text(at..counted + 1) })
        })
    }

    /// The first name of two or more words.
    fn name(&self) -> Option<Idea> {
        let mut at = self.tokens.start + 1;
        while at < self.tokens.end {
            let run = (at..self.tokens.end).take_while(|&next| self.is_name(next)).count();
            if run >= 2 {
                return Some(Idea::Name { text: self.text(at..at + run) });
            }
            at += run.max(1);
        }
        None
    }

    /// "A, B and C" of single words.
    fn list(&self) -> Option<Idea> {
        self.tokens.clone().find_map(|at| {
            let comma = |at: usize| self.tokens.contains(&at) && self.analysis.word(at) == ",";
            let joins = |at: usize| self.is_word(at) && matches!(self.analysis.word(at), "and" | "or");
            let oxford = usize::from(comma(at + 3) && joins(at + 4));
            let shape = self.is_word(at)
                && comma(at + 1)
                && self.is_word(at + 2)
                && joins(at + 3 + oxford)
                && self.is_word(at + 4 + oxford);
            if !shape || self.is_word(at.wrapping_sub(1)) && self.tokens.start == at {
                return None;
            }
            let word = |at: usize| self.analysis.word(at);
            let (a, b, c) = (word(at), word(at + 2), word(at + 4 + oxford));
            if [a, b, c].iter().any(|word| word.len() < 4) || a.starts_with(char::is_uppercase) {
                return None;
            }
            let gap = if oxford == 1 { "," } else { "" };
            let turned = format!("{c}, {a}{gap} {} {b}", word(at + 3 + oxford));
            Some(Idea::List { text: self.text(at..at + 5 + oxford), turned })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Format;
    use crate::plan::Capacity;

    fn quotable(text: &str) -> (Document, Vec<Quotable>) {
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let map = Capacity::of(&document, &[], 33, 1e-3);
        (document, map.quotable)
    }

    const TEXT: &str = "The harbour board met as usual on the quay. Its members drank tea together and talked a \
        little. The board had never told the 33 agencies that Lower Wick Pier was unsafe, the minutes show. \
        It inspected cranes, ramps and boats.";

    #[test]
    fn figures_names_and_claims_come_first() {
        let (document, found) = quotable(TEXT);
        let first = &found[0];
        assert!(document.text()[first.range.clone()].starts_with("The board had never"));
        assert_eq!(first.reasons, [Reason::Figure, Reason::Name, Reason::Claim, Reason::Length]);
        let markup: Vec<String> = first.ideas.iter().map(Idea::markup).collect();
        assert_eq!(markup, ["{{#fact:33 agencies|…}}", "{{@name:Lower Wick Pier|…}}"]);
        assert!(first.missing_bits > 14.0);
    }

    #[test]
    fn lists_are_turned_round_and_plain_sentences_get_another_wording() {
        let text = "It has never inspected cranes, ramps and boats in the harbour of the town.";
        let (_, found) = quotable(text);
        assert_eq!(found[0].ideas[0].markup(), "{{cranes, ramps and boats|boats, cranes and ramps}}");
        assert_eq!(found[0].ideas[1], Idea::Wording);
    }

    #[test]
    fn small_talk_and_odd_texts_are_left_alone() {
        assert!(quotable("They drank tea together and talked a little while it rained.").1.len() <= 1);
        for text in [", , and", "A, B and C", "1", "1 million", "33", "The 5 , , or 6.", "\u{a0}"] {
            quotable(text);
        }
    }
}
