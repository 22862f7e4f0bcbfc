//! Which sentences a model is asked about: those most likely to be quoted that name nobody yet.

use std::ops::Range;

use crate::item::{BlockKind, LeafKind};
use crate::language::{self, Analysis, TokenKind};
use crate::plan::{self, Plan, Weak};

/// Sentences with fewer or more words are not asked about: nothing to vary, or too much to check.
const WORDS: std::ops::RangeInclusive<usize> = 6..=60;

/// The longest sentence, in bytes; a sentence of sixty words has about four hundred.
const BYTES_MAX: usize = 1_000;

/// So many words inside quotation marks are a quotation, which is somebody else's words; fewer are a term.
const QUOTATION_WORDS: usize = 4;

/// Words that lean on the sentence before, so that nobody quotes theirs alone.
const LEANING: &[&str] = &["this", "that", "these", "those", "it", "they", "he", "she", "such", "both", "so"];

/// A sentence to ask about, and what of the document goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its bytes of the canonical text.
    pub range: Range<usize>,
    /// The sentence.
    pub text: String,
    /// The sentence before it in its paragraph, where that may be sent.
    pub before: Option<String>,
    /// The sentence behind it in its paragraph, where that may be sent.
    pub after: Option<String>,
}

impl Target {
    /// How many words of the document are sent with it, its own included.
    pub fn words(&self) -> usize {
        let count = |text: &str| {
            language::tokens(text, 0..text.len()).iter().filter(|token| token.kind != TokenKind::Mark).count()
        };
        count(&self.text) + self.before.as_deref().map_or(0, count) + self.after.as_deref().map_or(0, count)
    }
}

/// At most `max` of the weak sentences, most quotable first chosen, in document order.
///
/// Only sentences of prose that may be written anew: no heading, quotation, table, marking or code, nothing that the
/// plan protects, no sentence that obliges somebody ("shall"), no inline markup, and none that has been asked about
/// before.
pub fn choose(analysis: &Analysis<'_>, plan: &Plan, weak: &[Weak], max: usize) -> Vec<Target> {
    let sentences: Vec<Range<usize>> = analysis
        .sentences
        .iter()
        .filter_map(|sentence| {
            let (first, last) =
                (analysis.tokens.get(sentence.start)?, analysis.tokens.get(sentence.end.checked_sub(1)?)?);
            Some(first.range.start..last.range.end)
        })
        .collect();
    let mut ranked: Vec<(i32, usize, Target)> = Vec::new();
    for weak in weak {
        let index = sentences.partition_point(|range| range.start < weak.range.start);
        if sentences.get(index) != Some(&weak.range) || !may_be_reworded(analysis, plan, index, &weak.range) {
            continue;
        }
        let asked = plan.entries.iter().any(|entry| {
            entry.source.is_some() && entry.site.places.iter().any(|place| place.range == weak.range)
        });
        let Some(score) = quotable(analysis, index, &weak.range).filter(|_| !asked) else { continue };
        let near = |index: Option<usize>| {
            let range = sentences.get(index?)?;
            let same_block =
                analysis.document.block_at(range.start) == analysis.document.block_at(weak.range.start);
            (same_block && may_be_sent(analysis, plan, range))
                .then(|| analysis.document.text()[range.clone()].to_owned())
        };
        let target = Target {
            range: weak.range.clone(),
            text: analysis.document.text()[weak.range.clone()].to_owned(),
            before: near(index.checked_sub(1)),
            after: near(Some(index + 1)),
        };
        ranked.push((-score, weak.sites, target));
    }
    ranked.sort_by_key(|(score, sites, target)| (*score, *sites, target.range.start));
    ranked.truncate(max);
    let mut targets: Vec<Target> = ranked.into_iter().map(|(_, _, target)| target).collect();
    targets.sort_by_key(|target| target.range.start);
    targets
}

/// Whether a text may leave the house at all: prose that nobody protected and nobody else said.
fn may_be_sent(analysis: &Analysis<'_>, plan: &Plan, range: &Range<usize>) -> bool {
    let kind = analysis.document.block_at(range.start).map(|block| block.kind);
    let overlap =
        |other: &Range<usize>| other.end.min(range.end).saturating_sub(other.start.max(range.start));
    let shielded: usize = analysis.protected.iter().map(overlap).sum();
    range.len() <= BYTES_MAX
        && matches!(kind, Some(BlockKind::Paragraph | BlockKind::ListItem))
        && plan.protected.iter().all(|protected| overlap(protected) == 0)
        && analysis.fixed.iter().map(overlap).sum::<usize>() * 2 < range.len()
        // A heading-like line is protected as a whole; a sentence with names is not.
        && shielded * 10 < range.len() * 8
        && !quotes(&analysis.document.text()[range.clone()])
}

/// Whether a sentence holds more of a quotation than a term.
fn quotes(sentence: &str) -> bool {
    let tokens = language::tokens(sentence, 0..sentence.len());
    let spelled = language::spelled(sentence, &tokens);
    spelled.quotations.iter().any(|range| {
        let inside = |token: &&language::Token| {
            token.kind != TokenKind::Mark && range.start <= token.range.start && token.range.end <= range.end
        };
        tokens.iter().filter(inside).count() >= QUOTATION_WORDS
    })
}

fn may_be_reworded(analysis: &Analysis<'_>, plan: &Plan, sentence: usize, range: &Range<usize>) -> bool {
    let leaves = analysis.document.leaves();
    let first = leaves.partition_point(|leaf| leaf.text.end <= range.start);
    let behind = leaves.partition_point(|leaf| leaf.text.start < range.end);
    // Emphasis and links lie between leaves that do not touch in the source.
    let plain = leaves[first..behind].windows(2).all(|pair| pair[0].source.end == pair[1].source.start)
        && leaves[first..behind].iter().all(|leaf| leaf.kind != LeafKind::Fixed);
    plain
        && !analysis.is_normative(sentence)
        && analysis.document.editable(range)
        && may_be_sent(analysis, plan, range)
}

/// How likely a sentence is to be quoted, in points; none for one that cannot be varied well.
fn quotable(analysis: &Analysis<'_>, sentence: usize, range: &Range<usize>) -> Option<i32> {
    let tokens = &analysis.tokens[analysis.sentences[sentence].clone()];
    let words: Vec<_> = tokens.iter().filter(|token| token.kind != TokenKind::Mark).collect();
    if !WORDS.contains(&words.len()) {
        return None;
    }
    let leans = words.first().is_some_and(|word| LEANING.contains(&word.lower.as_str()));
    let opens = sentence.checked_sub(1).is_none_or(|before| {
        let end =
            analysis.tokens[analysis.sentences[before].clone()].last().map_or(0, |token| token.range.end);
        analysis.document.block_at(end.saturating_sub(1)) != analysis.document.block_at(range.start)
    });
    let reasons = plan::reasons(analysis, range, words.len(), opens);
    Some(i32::try_from(plan::points(&reasons)).unwrap_or(i32::MAX) - i32::from(leans))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Document, Format};
    use crate::plan::{Options, Promise};

    const TEXT: &str = "# The harbour accounts of 2026\n\n\
        The board found that 33 crates had left the port before the guards came back. It rained. \
        \u{201c}Nobody told us that the gate was open at all,\u{201d} the clerk said. The crews shall return every key \
        to the harbour office at noon. The port of Tarnholm closed its northern gate for nine weeks in March. \
        The yard was *very* quiet while the inspectors walked along the quay with lamps.\n\n\
        > The whole northern fleet was sold to Corvany for nine crowns by the old board.\n";

    fn chosen(protect: &str, max: usize) -> Vec<Target> {
        let document = Document::read(Format::Markdown, TEXT.as_bytes()).unwrap();
        let analysis = Analysis::new(&document);
        let protected = document.text().find(protect).filter(|_| !protect.is_empty());
        let protected = protected.map(|at| at..at + protect.len()).into_iter().collect();
        let plan = Plan::propose(&document, Vec::new(), protected, Options::default());
        let weak = Promise::of(&document, &plan.sites(), 33, 1e-3).weak;
        choose(&analysis, &plan, &weak, max)
    }

    fn starts(targets: &[Target]) -> Vec<&str> {
        targets.iter().map(|target| target.text.split_at(8).0).collect()
    }

    #[test]
    fn asks_about_prose_alone() {
        assert_eq!(starts(&chosen("", 9)), ["The boar", "The port"]);
        assert_eq!(starts(&chosen("33 crates", 9)), ["The port"]);
        assert_eq!(starts(&chosen("", 1)).len(), 1);
        assert!(chosen("", 0).is_empty());
    }

    #[test]
    fn sends_no_neighbour_that_is_quoted_or_protected() {
        let found = chosen("It rained", 9);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (None, None));
        let found = chosen("", 9);
        assert_eq!((found[0].before.as_deref(), found[0].after.as_deref()), (None, Some("It rained.")));
        assert_eq!(found[0].words(), 17);
        // Before it stands what the crews shall do, which may be read and not changed; behind it emphasis.
        assert!(found[1].before.as_deref().is_some_and(|before| before.starts_with("The crews")));
    }

    #[test]
    fn asks_about_no_sentence_twice() {
        let document = Document::read(Format::Markdown, TEXT.as_bytes()).unwrap();
        let analysis = Analysis::new(&document);
        let mut plan = Plan::propose(&document, Vec::new(), Vec::new(), Options::default());
        let weak = Promise::of(&document, &plan.sites(), 33, 1e-3).weak;
        let first = choose(&analysis, &plan, &weak, 1);
        let wording =
            "By the time the guards came back, the board found, 33 crates had left the port.".to_owned();
        plan.insert(crate::suggest::entry(&document, &first[0], vec![wording], "suggested by m at h".into()));
        let rest = choose(&analysis, &plan, &weak, 9);
        assert!(rest.iter().all(|target| target.range != first[0].range));
        assert_eq!(Plan::from_toml(&plan.to_toml(&document), &document).unwrap(), plan);
    }
}
