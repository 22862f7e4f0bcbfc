//! Which of a model's wordings may enter a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Facts, Vocabulary};
use super::{Reason, Target, WORDINGS_KEPT, candidate, request};
use crate::item::{Document, Edit, Format};
use crate::language::{Analysis, Profile, Variety};
use crate::leak::fold;

/// The fewest characters in which two wordings differ after folding, punctuation aside.
///
/// Two or three can be one reading error of a scan.
const DISTANCE_MIN: usize = 4;

/// So many words in a row that also stand in the instructions are copied from them.
const COPIED_FROM_INSTRUCTIONS: usize = 5;

/// So many words in a row that also stand in a neighbouring sentence are copied from it.
const COPIED_FROM_NEIGHBOURS: usize = 4;

/// What wordings of one document's sentences are held against.
#[derive(Debug)]
pub struct Checker<'a> {
    document: &'a Document,
    profile: &'a Profile,
    vocabulary: Vocabulary,
    /// The document's characters beyond ASCII.
    foreign: BTreeSet<char>,
    instructions: BTreeSet<Vec<String>>,
}

/// What became of the wordings of one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// Those that passed, in the model's order.
    pub kept: Vec<String>,
    /// How many were turned down, by the first reason found.
    pub rejected: BTreeMap<Reason, usize>,
}

impl<'a> Checker<'a> {
    /// A checker for the sentences of an item.
    pub fn new(analysis: &'a Analysis<'a>) -> Self {
        Self {
            document: analysis.document,
            profile: &analysis.profile,
            vocabulary: Vocabulary::of(analysis),
            foreign: analysis.document.text().chars().filter(|c| !c.is_ascii()).collect(),
            instructions: shingles(&key(request::INSTRUCTIONS), COPIED_FROM_INSTRUCTIONS),
        }
    }

    /// Parts the wordings of a sentence into those that may enter a plan and those that may not.
    pub fn sift(&self, target: &Target, wordings: &[String]) -> Sifted {
        let mut sifted = Sifted::default();
        let own = &self.document.text()[target.range.clone()];
        let facts = Facts::of(own, &self.vocabulary);
        for wording in wordings {
            let wording = candidate::tidy(wording, self.profile);
            match self.fault(target, own, &facts, &wording, &sifted.kept) {
                Some(reason) => *sifted.rejected.entry(reason).or_insert(0) += 1,
                None => sifted.kept.push(wording),
            }
        }
        sifted
    }

    /// The first reason not to keep a wording.
    fn fault(
        &self,
        target: &Target,
        own: &str,
        facts: &Facts,
        wording: &str,
        kept: &[String],
    ) -> Option<Reason> {
        if let Some(reason) = candidate::fault(own, wording, self.profile, &self.foreign) {
            return Some(reason);
        }
        let own_key = key(own);
        let new_key = key(wording);
        let kept_keys: Vec<Vec<String>> = kept.iter().map(|other| key(other)).collect();
        if new_key == own_key || kept_keys.contains(&new_key) {
            return Some(Reason::Duplicate);
        }
        let new = Facts::of(wording, &self.vocabulary);
        if let Some(reason) = facts.differs(&new) {
            return Some(reason);
        }
        if let Some(reason) = self.other_english(facts, &new, own, wording) {
            return Some(reason);
        }
        if self.copies(target, &own_key, &new_key) {
            return Some(Reason::Prompt);
        }
        let text = new_key.join(" ");
        let close = |other: &[String]| distance(&other.join(" "), &text) < DISTANCE_MIN;
        if close(&own_key) || kept_keys.iter().any(|other| close(other)) {
            return Some(Reason::TooClose);
        }
        let edit = Edit { range: target.range.clone(), text: wording.to_owned() };
        if !self.document.encodes(wording) || self.document.edit(&[edit]).is_err() {
            return Some(Reason::Unwritable);
        }
        (kept.len() >= WORDINGS_KEPT).then_some(Reason::Surplus)
    }

    /// Whether the words that are new belong to another English than the document's.
    fn other_english(&self, own: &Facts, new: &Facts, own_text: &str, wording: &str) -> Option<Reason> {
        let fresh: Vec<&str> = new.words_beyond(own).collect();
        let profile = measured(&fresh.join(" "));
        let document = self.profile;
        let (only_ize, only_ise) =
            (document.ize.is_first(), document.ize.first == 0 && document.ize.second > 0);
        let mixes_ize = (only_ize && profile.ize.second > 0) || (only_ise && profile.ize.first > 0);
        let other = profile.variety != Variety::Unknown && profile.variety != document.variety;
        if other || mixes_ize {
            return Some(Reason::Variety);
        }
        let (before, after) = (measured(own_text), measured(wording));
        let contracts = fresh.iter().any(|word| {
            ["n't", "'re", "'ve", "'ll", "'d", "'m"].iter().any(|end| word.ends_with(end))
                || matches!(
                    *word,
                    "it's" | "that's" | "there's" | "he's" | "she's" | "let's" | "who's" | "what's"
                )
        });
        let commas = |habit: crate::language::Habit| (habit.first > 0, habit.second > 0);
        let (with, without) = commas(after.oxford);
        let (had, lacked) = commas(before.oxford);
        let series = (with && !had && document.oxford.first == 0 && document.oxford.second > 0)
            || (without && !lacked && document.oxford.is_first());
        ((contracts && document.contractions.first == 0) || series).then_some(Reason::Style)
    }

    /// Whether a wording repeats the instructions or a neighbouring sentence.
    fn copies(&self, target: &Target, own: &[String], new: &[String]) -> bool {
        let mut known = shingles(own, COPIED_FROM_INSTRUCTIONS);
        let repeats = |given: &BTreeSet<Vec<String>>, own: &BTreeSet<Vec<String>>, length| {
            shingles(new, length).iter().any(|one| given.contains(one) && !own.contains(one))
        };
        if repeats(&self.instructions, &known, COPIED_FROM_INSTRUCTIONS) {
            return true;
        }
        known = shingles(own, COPIED_FROM_NEIGHBOURS);
        [&target.before, &target.after].into_iter().flatten().any(|near| {
            repeats(&shingles(&key(near), COPIED_FROM_NEIGHBOURS), &known, COPIED_FROM_NEIGHBOURS)
        })
    }
}

/// The words of a text as a tracer sees them: folded, without punctuation.
fn key(text: &str) -> Vec<String> {
    let folded: String = fold(text).into_iter().map(|folded| folded.char).collect();
    folded
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|word| word.trim_matches('\''))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn shingles(words: &[String], length: usize) -> BTreeSet<Vec<String>> {
    words.windows(length).map(<[String]>::to_vec).collect()
}

/// The habits of a sentence, or of a few words made into one: a line of words would be taken for a heading.
fn measured(text: &str) -> Profile {
    let text = format!("They said so at once and in the same way as before: {}.", text.trim_end_matches('.'));
    Document::read(Format::Text, text.as_bytes())
        .map(|document| Analysis::new(&document).profile)
        .unwrap_or_default()
}

/// The edit distance of two texts in characters (Levenshtein), for texts as long as sentences.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (line, c) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, d) in two.iter().enumerate() {
            let replaced = diagonal + usize::from(c != *d);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
