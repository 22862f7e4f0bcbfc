//! Conditions on the words around a match; their syntax is told in [`super::rule`].

use std::collections::BTreeMap;
use std::ops::Range;

use super::view::View;
use crate::language::pos::PosSet;

/// A condition on the neighbourhood.
pub(super) struct Guard {
    site: Where,
    negated: bool,
    set: Set,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Left(usize),
    Right(usize),
    Head,
    After,
    Before,
    Sentence,
}

#[derive(Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one independent item of a guard's list")]
struct Set {
    words: Vec<&'static str>,
    /// Words in a row.
    runs: Vec<Vec<&'static str>>,
    pos: Option<PosSet>,
    start: bool,
    end: bool,
    mark: bool,
    comma: bool,
    capital: bool,
}

impl Guard {
    /// From `key:value`, where `key` may end in `!`.
    pub(super) fn parse(
        key: &str,
        value: &'static str,
        lists: &BTreeMap<&str, Vec<&'static str>>,
    ) -> Result<Self, &'static str> {
        let (key, negated) = key.strip_suffix('!').map_or((key, false), |key| (key, true));
        let site = match key {
            "H" => Where::Head,
            "A" => Where::After,
            "B" => Where::Before,
            "S" => Where::Sentence,
            _ if !key.is_empty() && key.bytes().all(|b| b == b'L') => Where::Left(key.len()),
            _ if !key.is_empty() && key.bytes().all(|b| b == b'R') => Where::Right(key.len()),
            _ => return Err("unknown guard"),
        };
        Ok(Self { site, negated, set: Set::parse(value, lists)? })
    }

    /// Whether it holds around `at`.
    pub(super) fn holds(&self, view: &View<'_>, sentence: &Range<usize>, at: &Range<usize>) -> bool {
        let any = |range: Range<usize>| {
            range
                .into_iter()
                .any(|token| self.set.has(view, Some(token)) || self.set.run_starts(view, sentence, token))
        };
        let found = match self.site {
            Where::Left(n) => {
                let token = at.start.checked_sub(n).filter(|token| *token >= sentence.start);
                self.set.has(view, token)
                    || token.is_some_and(|token| self.set.run_ends(view, sentence, token))
            }
            Where::Right(n) => {
                let token = Some(at.end + n - 1).filter(|token| *token < sentence.end);
                self.set.has(view, token)
                    || token.is_some_and(|token| self.set.run_starts(view, sentence, token))
            }
            Where::After => any(at.end..sentence.end.min(at.end + 8)),
            Where::Before => any(sentence.start.max(at.start.saturating_sub(8))..at.start),
            Where::Sentence => any(sentence.clone()),
            Where::Head => self.set.has(view, head(view, sentence, at.end)),
        };
        found != self.negated
    }
}

/// The last noun of the noun phrase that starts at a token.
fn head(view: &View<'_>, sentence: &Range<usize>, start: usize) -> Option<usize> {
    let mut head = None;
    for at in start..sentence.end.min(start + 7) {
        let pos = view.pos(at);
        if !view.is_word(at) && !pos.meets(PosSet::NUMBER) {
            break;
        }
        if at > start
            && pos.meets(
                PosSet::PREPOSITION | PosSet::AUXILIARY | PosSet::WH | PosSet::TO | PosSet::CONJUNCTION,
            )
        {
            break;
        }
        if at > start && head.is_some() && pos.meets(PosSet::DETERMINER) && !pos.meets(PosSet::NOMINAL) {
            break;
        }
        if pos.meets(PosSet::NOMINAL) {
            head = Some(at);
        } else if head.is_some() && !pos.meets(PosSet::ADJECTIVE) {
            break;
        }
    }
    head
}

impl Set {
    fn parse(text: &'static str, lists: &BTreeMap<&str, Vec<&'static str>>) -> Result<Self, &'static str> {
        let mut set = Self::default();
        for item in text.split(',') {
            match item {
                "" => return Err("an empty item in a list"),
                "@start" => set.start = true,
                "@end" => set.end = true,
                "@mark" => set.mark = true,
                "@comma" => set.comma = true,
                "@cap" => set.capital = true,
                _ => {
                    if let Some(name) = item.strip_prefix('@') {
                        let pos = PosSet::named(name).ok_or("unknown part of speech")?;
                        set.pos = Some(set.pos.map_or(pos, |all| all | pos));
                    } else if let Some(name) = item.strip_prefix('$').filter(|name| !name.is_empty()) {
                        let list = lists.get(name).ok_or("unknown list")?;
                        set.words.extend(list);
                    } else if item.contains('_') {
                        let words = item.split('_').filter(|word| !word.is_empty());
                        set.runs.push(words.collect());
                    } else {
                        set.words.push(item);
                    }
                }
            }
        }
        set.words.sort_unstable();
        Ok(set)
    }

    /// Whether one of the runs of words starts at a token.
    fn run_starts(&self, view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
        self.runs.iter().any(|run| {
            at + run.len() <= sentence.end && run.iter().zip(at..).all(|(word, at)| *word == view.lower(at))
        })
    }

    /// Whether one of the runs of words ends at a token.
    fn run_ends(&self, view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
        self.runs.iter().any(|run| {
            (at + 1)
                .checked_sub(run.len())
                .filter(|first| *first >= sentence.start)
                .is_some_and(|first| run.iter().zip(first..).all(|(word, at)| *word == view.lower(at)))
        })
    }

    fn has(&self, view: &View<'_>, token: Option<usize>) -> bool {
        let Some(at) = token else { return self.start || self.end };
        if view.is_mark(at) {
            let mark = view.word(at);
            return self.mark
                || (self.comma && mark == ",")
                || (self.end && matches!(mark, "." | ";" | ":" | "!" | "?" | ")" | "”" | "\""))
                || (self.start && matches!(mark, "“" | "\"" | "(" | "‘"))
                || self.words.contains(&mark);
        }
        let lower = view.lower(at);
        (self.capital && view.capital(at))
            || self.pos.is_some_and(|pos| view.pos(at).meets(pos))
            || self.words.binary_search(&lower).is_ok()
    }
}
