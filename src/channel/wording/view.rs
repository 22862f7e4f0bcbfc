//! What the rules see of an item: tokens with parts of speech, sentence by sentence, and what may be edited.

use std::ops::Range;

use crate::item::{BlockKind, LeafKind};
use crate::language::lexicon::WordTable;
use crate::language::pos::{self, PosSet};
use crate::language::{Analysis, TokenKind};

/// An item as the rules see it.
pub(super) struct View<'a> {
    pub(super) analysis: &'a Analysis<'a>,
    pos: Vec<PosSet>,
    pub(super) gates: Gates,
    counts: WordTable<u32>,
}

/// The item's habits that switch classes on or off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gates {
    /// Spelling is mostly British.
    pub(super) british: bool,
    /// Spelling is mostly American.
    pub(super) american: bool,
    /// More than one semicolon in a thousand words.
    pub(super) semicolons: bool,
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

impl<'a> View<'a> {
    pub(super) fn new(analysis: &'a Analysis<'a>) -> Self {
        let mut counts = WordTable::new();
        let mut words = 0_u32;
        let mut semicolons = 0_u32;
        let mut british = 0_u32;
        let mut american = 0_u32;
        let mut pos = Vec::with_capacity(analysis.tokens.len());
        for (at, token) in analysis.tokens.iter().enumerate() {
            pos.push(match token.kind {
                TokenKind::Word => pos::possible(&token.lower),
                TokenKind::Number => PosSet::NUMBER | PosSet::DET,
                TokenKind::Mark => PosSet::EMPTY,
            });
            if token.kind == TokenKind::Mark {
                semicolons += u32::from(analysis.word(at) == ";");
                continue;
            }
            words += 1;
            *counts.entry(&token.lower, || 0) += 1;
            match spelling(&token.lower) {
                Some(true) => british += 1,
                Some(false) => american += 1,
                None => {}
            }
        }
        let gates = Gates {
            british: british > american * 2,
            american: american > british * 2,
            semicolons: semicolons > 1 && u64::from(semicolons) * 1000 > u64::from(words),
            term_uses: (words / 1500).max(3),
        };
        Self { analysis, pos, gates, counts }
    }

    /// The sentences of paragraphs and list items.
    pub(super) fn sentences(&self) -> Vec<Sentence> {
        let blocks = self.analysis.document.blocks();
        let mut out = Vec::new();
        let mut block = 0;
        for tokens in &self.analysis.sentences {
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
            let normative = tokens.clone().any(|at| {
                matches!(
                    self.analysis.word(at),
                    "SHALL" | "MUST" | "SHOULD" | "MAY" | "REQUIRED" | "RECOMMENDED"
                )
            });
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

    /// Whether every byte of `range` may be replaced: nothing protected, nothing fixed, only plain leaves.
    pub(super) fn editable(&self, range: &Range<usize>) -> bool {
        if range.is_empty() || self.analysis.is_protected(range) {
            return false;
        }
        let leaves = self.analysis.document.leaves();
        let first = leaves.partition_point(|leaf| leaf.text.end <= range.start);
        leaves[first..]
            .iter()
            .take_while(|leaf| leaf.text.start < range.end)
            .all(|leaf| matches!(leaf.kind, LeafKind::Text | LeafKind::Break))
    }
}

/// Whether a word is spelled as in Britain (true) or America (false); none for most words.
fn spelling(word: &str) -> Option<bool> {
    const BRITISH: &[&str] = &[
        "whilst",
        "amongst",
        "labour",
        "colour",
        "favour",
        "behaviour",
        "honour",
        "neighbour",
        "harbour",
        "defence",
        "offence",
        "licence",
        "centre",
        "theatre",
        "metre",
        "programme",
        "programmes",
        "cheque",
        "travelled",
        "travelling",
        "cancelled",
        "modelling",
        "labelled",
        "organisation",
        "organisations",
        "organised",
        "recognised",
        "realised",
        "criticised",
        "towards",
        "learnt",
        "fulfil",
        "enrol",
        "grey",
        "favourable",
        "labours",
        "favoured",
        "neighbours",
        "neighbouring",
        "neighbourhood",
        "centres",
        "judgement",
        "analyse",
        "analysed",
        "catalogue",
        "ageing",
        "sceptical",
        "tonnes",
        "organise",
        "recognise",
        "emphasise",
        "emphasised",
        "minimise",
        "utilise",
        "prioritise",
        "authorised",
        "specialised",
    ];
    const AMERICAN: &[&str] = &[
        "labor",
        "color",
        "favor",
        "behavior",
        "honor",
        "neighbor",
        "harbor",
        "defense",
        "offense",
        "license",
        "center",
        "theater",
        "meter",
        "program",
        "programs",
        "traveled",
        "traveling",
        "canceled",
        "modeling",
        "labeled",
        "organization",
        "organizations",
        "organized",
        "recognized",
        "realized",
        "criticized",
        "toward",
        "fulfill",
        "enroll",
        "gray",
        "favorable",
        "favored",
        "neighbors",
        "neighboring",
        "neighborhood",
        "centers",
        "analyze",
        "analyzed",
        "percent",
        "skeptical",
        "organize",
        "recognize",
        "emphasize",
        "emphasized",
        "minimize",
        "utilize",
        "prioritize",
        "authorized",
        "specialized",
        "judgment",
    ];
    static TABLE: std::sync::LazyLock<WordTable<bool>> = std::sync::LazyLock::new(|| {
        let mut table = WordTable::new();
        for word in BRITISH {
            table.entry(word, || true);
        }
        for word in AMERICAN {
            table.entry(word, || false);
        }
        table
    });
    let ending = word.as_bytes().last()?;
    // Cheap refusal first: most words end in letters none of the marked spellings has.
    if !matches!(ending, b't' | b'r' | b'e' | b's' | b'd' | b'g' | b'y' | b'l' | b'n')
        || !(4..=14).contains(&word.len())
    {
        return None;
    }
    TABLE.get(word).copied()
}
