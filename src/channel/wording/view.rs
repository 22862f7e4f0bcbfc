//! What the rules see of an item: tokens with parts of speech, sentence by sentence, and what may be edited.

use std::ops::Range;

use crate::item::BlockKind;
use crate::language::lexicon::WordTable;
use crate::language::pos::{self, PosSet};
use crate::language::{Analysis, TokenKind, Variety};

/// An item as the rules see it.
pub(super) struct View<'a> {
    pub(super) analysis: &'a Analysis<'a>,
    pos: Vec<PosSet>,
    pub(super) gates: Gates,
    counts: WordTable<u32>,
}

/// The item's habits that switch classes on or off.
#[allow(clippy::struct_excessive_bools, reason = "each is one independent habit")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gates {
    /// Spelling is mostly British.
    pub(super) british: bool,
    /// Spelling is mostly American.
    pub(super) american: bool,
    /// More than one semicolon in a thousand words.
    pub(super) semicolons: bool,
    /// The author writes "which" in defining clauses too ("a plan which failed"), at least twice. Elsewhere blind readers
    /// stopped at 24 of 27 "which" that stood for a "that".
    pub(super) defining_which: bool,
    /// A word used more often than this is a term of the item.
    pub(super) term_uses: u32,
}

/// A sentence of running prose: its tokens, and whether it lays down a norm.
pub(super) struct Sentence {
    pub(super) tokens: Range<usize>,
    /// Holds SHALL, MUST or the like in capitals: only function words may vary.
    pub(super) normative: bool,
    /// Which block it stands in.
    pub(super) block: usize,
}

/// How often "which" stands behind a noun with no comma between.
fn defining_which(analysis: &Analysis<'_>, pos: &[PosSet]) -> usize {
    let noun = |at: usize| {
        pos[at].meets(PosSet::NOMINAL) && !pos[at].meets(PosSet::PREPOSITION | PosSet::BASE | PosSet::WH)
    };
    analysis
        .tokens
        .windows(2)
        .enumerate()
        .filter(|(at, pair)| pair[1].lower == "which" && pair[0].kind == TokenKind::Word && noun(*at))
        .count()
}

impl<'a> View<'a> {
    pub(super) fn new(analysis: &'a Analysis<'a>) -> Self {
        let mut counts = WordTable::new();
        let mut words = 0_u32;
        let mut pos = Vec::with_capacity(analysis.tokens.len());
        for token in &analysis.tokens {
            pos.push(match token.kind {
                TokenKind::Word => pos::possible(&token.lower),
                TokenKind::Number => PosSet::NUMBER | PosSet::DET,
                TokenKind::Mark => PosSet::EMPTY,
            });
            if token.kind == TokenKind::Mark {
                continue;
            }
            words += 1;
            *counts.entry(&token.lower, || 0) += 1;
        }
        let profile = &analysis.profile;
        let gates = Gates {
            british: profile.variety == Variety::British,
            american: profile.variety == Variety::American,
            semicolons: profile.semicolons > 1 && profile.semicolons_per_thousand() > 1.0,
            term_uses: (words / 1500).max(3),
            defining_which: defining_which(analysis, &pos) >= 2,
        };
        Self { analysis, pos, gates, counts }
    }

    /// The sentences of paragraphs and list items.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        let blocks = self.analysis.document.blocks();
        let mut out = Vec::new();
        let mut block = 0;
        for (index, tokens) in self.analysis.sentences.iter().enumerate() {
            if tokens.is_empty() {
                continue;
            }
            let start = self.analysis.tokens[tokens.start].range.start;
            while blocks.get(block).is_some_and(|b| b.range.end <= start) {
                block += 1;
            }
            let Some(home) = blocks.get(block) else { break };
            if !matches!(home.kind, BlockKind::Paragraph | BlockKind::ListItem) {
                continue;
            }
            let normative = self.analysis.is_normative(index);
            out.push(Sentence { tokens: tokens.clone(), normative, block });
        }
        out
    }

    /// A token's text in lower case; empty past the end, so that rules may look ahead freely.
    pub(super) fn lower(&self, at: usize) -> &'a str {
        self.analysis.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    /// What a token can be; nothing past the end.
    pub(super) fn pos(&self, at: usize) -> PosSet {
        self.pos.get(at).copied().unwrap_or(PosSet::EMPTY)
    }

    /// A token as it is written; empty past the end.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.analysis.tokens.get(at).map_or("", |token| &self.analysis.document.text()[token.range.clone()])
    }

    pub(super) fn is_mark(&self, at: usize) -> bool {
        self.analysis.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Mark)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.analysis.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Word)
    }

    /// Whether white space stands before a token.
    pub(super) fn spaced(&self, at: usize) -> bool {
        self.analysis.tokens.get(at).is_some_and(|token| token.spaced)
    }

    /// Whether a token starts with a capital.
    pub(super) fn capital(&self, at: usize) -> bool {
        self.word(at).starts_with(char::is_uppercase)
    }

    /// Whether a token holds a capital after its first letter ("NATO").
    pub(super) fn shouts(&self, at: usize) -> bool {
        self.word(at).chars().skip(1).any(char::is_uppercase)
    }

    /// The item's text between two bytes.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        &self.analysis.document.text()[range]
    }

    /// Bytes from the start of one token to the end of the last.
    pub(super) fn bytes(&self, tokens: Range<usize>) -> Range<usize> {
        self.analysis.tokens[tokens.start].range.start..self.analysis.tokens[tokens.end - 1].range.end
    }

    /// Whether the item uses a word so often that it is a term.
    pub(super) fn is_term(&self, word: &str) -> bool {
        self.counts.get(word).is_some_and(|&count| count > self.gates.term_uses)
    }

    /// Whether every byte of `range` may be replaced: nothing protected, no figure, nothing fixed.
    pub(super) fn editable(&self, range: &Range<usize>) -> bool {
        !range.is_empty()
            && !self.analysis.is_protected(range)
            && !self.analysis.is_weighty(range)
            && self.analysis.is_editable(range)
    }
}
