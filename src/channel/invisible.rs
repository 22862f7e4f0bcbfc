//! One neutral space code point: U+2008 PUNCTUATION SPACE for the plain space between two words.
//!
//! Of all Unicode spaces only this one keeps the width of a space in serif, sans and monospaced faces, allows a line
//! break, and survives a copy from a browser; NFKC, retyping, OCR and PDF extraction turn it into a plain space. It
//! is easy to strip and easy to forge, so it is off until the originator switches it on.
//!
//! Nearly every gap between plain words is a site: thirty pasted words must name one of 33 copies at 1e-3, which
//! takes about twenty sites, and punctuation, numbers, names and quotations leave few to spare.

use std::borrow::Cow;

use super::{Channel, Desk, Place, Reading, Seen, Site, Tier, equal_weights, reading};
use crate::item::{BlockKind, Charset};
use crate::language::{Analysis, Token, TokenKind};

/// What is written instead of a space.
const MARKED: &str = "\u{2008}";

/// The chance that whatever strips one such space strips them all.
const STRIPPED_THROUGHOUT: f64 = 0.9;

pub(super) fn find(analysis: &Analysis<'_>) -> Vec<Site> {
    let document = analysis.document;
    if matches!(document.encoding().charset, Charset::Legacy(_)) {
        return Vec::new();
    }
    let prose = |token: &Token| {
        let next = document.blocks().partition_point(|block| block.range.end <= token.range.start);
        document
            .blocks()
            .get(next)
            .is_some_and(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem))
    };
    analysis
        .tokens
        .windows(2)
        .filter_map(|pair| {
            let [left, right] = pair else { return None };
            let gap = left.range.end..right.range.start;
            let usable = is_plain(left)
                && is_plain(right)
                && document.text().get(gap.clone()) == Some(" ")
                && analysis.is_plain_text(&gap)
                && !analysis.is_protected(&(left.range.start..right.range.end))
                && prose(left);
            usable.then(|| site(gap))
        })
        .collect()
}

fn site(gap: std::ops::Range<usize>) -> Site {
    Site {
        channel: Channel::Invisible,
        class: Cow::Borrowed("space"),
        tier: Tier::Strict,
        labels: vec!["U+0020".to_owned(), "U+2008".to_owned()],
        weights: equal_weights(2),
        original: 0,
        places: vec![Place { range: gap, forms: vec![" ".to_owned(), MARKED.to_owned()] }],
        desk: Some(Desk { canonical: 0, strength: STRIPPED_THROUGHOUT }),
        fact: false,
    }
}

/// A word of letters: figures keep the space they were written with.
fn is_plain(token: &Token) -> bool {
    token.kind == TokenKind::Word
}

pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Document, Format};

    fn gaps(text: &str) -> Vec<String> {
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let text = document.text();
        find(&Analysis::new(&document))
            .into_iter()
            .map(|site| {
                let range = site.places[0].range.clone();
                assert_eq!(&text[range.clone()], site.places[0].forms[usize::from(site.original)]);
                text[range.start.saturating_sub(4)..text.len().min(range.end + 4)].to_owned()
            })
            .collect()
    }

    #[test]
    fn only_single_spaces_between_words_are_sites() {
        let found = gaps("So they, and 12 men  came\u{a0}back soon.");
        assert_eq!(found, ["So they", "back soon"].map(str::to_owned));
        assert_eq!(gaps("We saw it."), ["We saw ", " saw it."].map(str::to_owned));
    }

    #[test]
    fn a_gap_that_is_already_marked_is_left_alone() {
        assert!(gaps("We\u{2008}saw").is_empty());
    }

    #[test]
    fn thirty_words_of_prose_hold_twenty_sites() {
        let text = "The committee met twice during the winter and agreed, after some debate, that the harbour \
                    works should be finished before the new ferries arrive. Nobody asked who would pay for the \
                    dredging, and the minutes leave that question open. Since then the price of stone has risen, \
                    two contractors have withdrawn, and the town has begun to wonder whether a smaller quay would \
                    serve the island just as well.";
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let analysis = Analysis::new(&document);
        let sites = find(&analysis);
        let words: Vec<_> = analysis.tokens.iter().filter(|t| t.kind == TokenKind::Word).collect();
        for window in words.windows(30) {
            let span = window[0].range.start..window[29].range.end;
            let held = sites
                .iter()
                .filter(|s| span.start <= s.places[0].range.start && s.places[0].range.end <= span.end);
            assert!(held.count() >= 20);
        }
    }
}
