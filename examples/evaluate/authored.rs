//! Authored variants made by rule, to measure the channel and nobody's prose.

use dyetrace::item::Format;
use dyetrace::rehearse::{Random, excerpt, sentences, word_count};

use crate::subject::File;

/// How much of a text is used, in words.
const WORDS: usize = 1000;

/// How many sentences get variants, in groups of neighbours that a quotation would take together.
const GROUPS: [usize; 3] = [3, 3, 4];

/// How many variants each of them gets.
const VARIANTS: usize = 6;

/// The longest run of three marked sentences, in words, that still fits a quotation of a hundred.
const QUOTE: usize = 96;

/// The file's first thousand words with six binary variants in each of ten sentences; none when it is too short.
///
/// Each variant offers, for one word of the sentence, another word of the same text and about the same length,
/// drawn at random. The sentences make no sense afterwards, and need none: a channel that reads what the originator
/// wrote does not know what it means. What matters is how many there are and how alike their variants look, and
/// words drawn from prose are as alike as words of prose are.
pub(crate) fn mark(file: &File, seed: u64) -> Option<File> {
    let text = String::from_utf8(file.bytes.clone()).ok()?;
    if file.format != Format::Text || word_count(&text) < WORDS {
        return None;
    }
    let text = excerpt(&text, WORDS, 0);
    let parts = sentences(text);
    let mut random = Random::new(seed);
    let pool: Vec<&str> = text.split_whitespace().filter(|word| plain(word)).collect();
    let starts = groups(&parts)?;
    let mut marked = Vec::new();
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        let chosen = starts.iter().zip(GROUPS).any(|(&start, count)| (start..start + count).contains(&index));
        if chosen {
            marked.push(part.trim_end().to_owned());
            out.push_str(&with_variants(part, &pool, &mut random));
        } else {
            out.push_str(part);
        }
    }
    Some(File { name: file.name.clone(), format: file.format, bytes: out.into_bytes(), sentences: marked })
}

/// The first sentences of the groups: spread over the text, each group short enough to be quoted together.
fn groups(parts: &[&str]) -> Option<Vec<usize>> {
    let room = |part: &&str| part.split_whitespace().filter(|word| plain(word)).count() >= VARIANTS;
    let length = |run: &[&str]| run.iter().map(|part| word_count(part)).sum::<usize>();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (group, &count) in GROUPS.iter().enumerate() {
        let wanted = group * parts.len() / GROUPS.len();
        let mut starts: Vec<usize> = (0..parts.len().saturating_sub(count)).collect();
        starts.sort_by_key(|start| start.abs_diff(wanted));
        let start = starts.into_iter().find(|&start| {
            let run = &parts[start..start + count];
            let free = taken.iter().all(|&(other, size)| start + count <= other || other + size <= start);
            free && run.iter().all(room) && run.windows(3).all(|three| length(three) <= QUOTE)
        })?;
        taken.push((start, count));
    }
    Some(taken.into_iter().map(|(start, _)| start).collect())
}

/// The sentence with variants at words spread over it.
fn with_variants(sentence: &str, pool: &[&str], random: &mut Random) -> String {
    let places: Vec<usize> =
        sentence.split(' ').enumerate().filter(|(_, word)| plain(word)).map(|(index, _)| index).collect();
    let chosen: Vec<usize> =
        (0..VARIANTS).filter_map(|i| places.get(i * places.len() / VARIANTS).copied()).collect();
    let words = sentence.split(' ').enumerate().map(|(index, word)| {
        if !chosen.contains(&index) {
            return word.to_owned();
        }
        let alike: Vec<&str> = pool
            .iter()
            .copied()
            .filter(|other| other.len().abs_diff(word.len()) <= 2 && !other.eq_ignore_ascii_case(word))
            .collect();
        match random.pick(&alike) {
            Some(other) => format!("{{{{{word}|{other}}}}}"),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A lower-case word of three letters or more without any mark.
fn plain(word: &str) -> bool {
    word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())
}
