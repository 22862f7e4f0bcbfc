//! Phrase rules as data: one line a rule, compiled in, parsed once into an index by first word.
//!
//! A line is `tier class | form = form … | guards`. Tiers are S, N, B (strict, normal, bold).
//!
//! Forms: words; `>form` is offered but never looked for; where a line has `<form`, only that is looked for and never offered;
//! `[gb]` or `[us]` after a form offers it only there. `(a|b)` gives alternatives that run in parallel through all forms of the line,
//! `{try}` is `(try|tries|tried|tried|trying)` and asks that the word be a verb where it stands. `_` is a space.
//!
//! Guards: `L:` `LL:` `R:` `RR:` and so on, the n-th token to the left or right, must be one of a comma-separated list; with
//! `!` (`L!:`) must not. `H:` the head noun of the noun phrase to the right; `A:` any of the eight tokens after;
//! `B:` any of the eight before; `S:` any of the sentence. List items: words, `@part` (see [`PosSet::named`]), `@start`,
//! `@end`, `@mark`, `@comma`, `@cap`, `$list` (from a line `let list = …`), runs of words
//! written with `_` (they end at a token to the left, start at one to the right). Other guards: `desk:2@0.5` (canonical form and how
//! often a desk writes it), `gb`, `us` (only in items of that spelling), `notgb`, `notus`, `start`, `mid`, `term` (the words may not be a term
//! of the item), `plain` (not in a sentence that lays
//! down a norm), `rank:n`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::view::View;
use crate::channel::Tier;
use crate::language::lexicon::{Verb, WordTable};
use crate::language::pos::PosSet;

const FILES: &[&str] = &[
    include_str!("rules/connectives.rules"),
    include_str!("rules/prepositions.rules"),
    include_str!("rules/adverbs.rules"),
    include_str!("rules/quantity.rules"),
    include_str!("rules/clauses.rules"),
    include_str!("rules/time.rules"),
    include_str!("rules/verbs.rules"),
    include_str!("rules/nouns.rules"),
    include_str!("rules/proposals.rules"),
    include_str!("rules/function_frames.rules"),
    include_str!("rules/adverb_pairs.rules"),
    include_str!("rules/verb_frames.rules"),
    include_str!("rules/noun_frames.rules"),
    include_str!("rules/adjective_frames.rules"),
    include_str!("rules/adjectives_normal.rules"),
    include_str!("rules/nouns_normal.rules"),
    include_str!("rules/expressions.rules"),
    include_str!("rules/time_frames.rules"),
];

/// The rules, ready to match.
pub(super) struct Rules {
    pub(super) lines: Vec<Rule>,
    /// Every wording of every rule that is looked for.
    pub(super) patterns: Vec<Pattern>,
    first: WordTable<Vec<u32>>,
}

/// One line, one of its parallel wordings.
pub(super) struct Rule {
    pub(super) class: &'static str,
    pub(super) tier: Tier,
    pub(super) forms: Vec<Form>,
    pub(super) guards: Vec<Guard>,
    pub(super) desk: Option<(usize, f64)>,
    pub(super) spelling: Option<(bool, bool)>,
    pub(super) place: Option<bool>,
    pub(super) term: bool,
    /// Not in sentences that lay down a norm.
    pub(super) plain: bool,
    pub(super) rank: u8,
}

/// One wording.
pub(super) struct Form {
    pub(super) text: String,
    pub(super) offered: bool,
    pub(super) only: Option<bool>,
}

/// What is looked for.
pub(super) struct Pattern {
    pub(super) rule: u32,
    pub(super) form: usize,
    pub(super) words: Vec<Box<str>>,
    /// Which word is a verb, and in which form.
    pub(super) verb: Option<(usize, VerbForm)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VerbForm {
    Base,
    S,
    /// Past and participle differ between the wordings of the line.
    Past,
    Participle,
    /// Past and participle are the same in all wordings.
    PastOrParticiple,
    Ing,
}

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
    words: Vec<Box<str>>,
    /// Words in a row.
    runs: Vec<Vec<Box<str>>>,
    pos: Option<PosSet>,
    start: bool,
    end: bool,
    mark: bool,
    comma: bool,
    capital: bool,
}

/// A line that cannot be read: its text and what is wrong. None of the shipped files has one; a test says so.
pub(super) type Fault = (String, &'static str);

/// The shipped rules.
pub(super) fn shipped() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::parse(FILES).0);
    &RULES
}

impl Rules {
    /// Reads rule files; a faulty line is left out and reported.
    pub(super) fn parse(files: &[&'static str]) -> (Self, Vec<Fault>) {
        let mut rules = Self { lines: Vec::new(), patterns: Vec::new(), first: WordTable::new() };
        let mut faults = Vec::new();
        let mut lists = BTreeMap::new();
        for line in files.iter().flat_map(|file| file.lines()) {
            let line = line.split(" #").next().unwrap_or_default().trim();
            // An empty guard column.
            let line = line.strip_suffix(" |").unwrap_or(line);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let outcome = match line.strip_prefix("let ").and_then(|rest| rest.split_once('=')) {
                Some((name, words)) => {
                    lists.insert(name.trim(), words.split(',').map(str::trim).collect::<Vec<_>>());
                    Ok(())
                }
                None => rules.add(line, &lists),
            };
            if let Err(problem) = outcome {
                faults.push((line.to_owned(), problem));
            }
        }
        let lengths: Vec<usize> = rules.patterns.iter().map(|pattern| pattern.words.len()).collect();
        for (index, pattern) in rules.patterns.iter().enumerate() {
            if let Ok(index) = u32::try_from(index) {
                let list = rules.first.entry(&pattern.words[0], Vec::new);
                list.push(index);
                list.sort_by_key(|&at| (std::cmp::Reverse(lengths[at as usize]), at));
            }
        }
        (rules, faults)
    }

    /// The patterns that start with a word, longest first.
    pub(super) fn starting(&self, word: &str) -> &[u32] {
        self.first.get(word).map_or(&[], Vec::as_slice)
    }

    fn add(
        &mut self,
        line: &'static str,
        lists: &BTreeMap<&str, Vec<&'static str>>,
    ) -> Result<(), &'static str> {
        let mut columns = line.trim_end_matches(" |").split(" | ");
        let head = columns.next().unwrap_or_default();
        let (tier, class) = head.trim().split_once(' ').ok_or("no tier and class")?;
        let tier = match tier {
            "S" => Tier::Strict,
            "N" => Tier::Normal,
            "B" => Tier::Bold,
            _ => return Err("unknown tier"),
        };
        let raw: Vec<&str> = columns.next().ok_or("no forms")?.split(" = ").map(str::trim).collect();
        if raw.len() < 2 {
            return Err("fewer than two forms");
        }
        let guards = columns.next().unwrap_or_default();
        if columns.next().is_some() {
            return Err("too many columns");
        }
        let sources = raw.iter().any(|form| form.starts_with('<'));
        let mut arity = 1;
        for form in &raw {
            for word in form.split(' ') {
                arity = arity.max(alternatives(word)?.len());
            }
        }
        for turn in 0..arity {
            let mut rule = Rule {
                class: class.trim(),
                tier,
                forms: Vec::new(),
                guards: Vec::new(),
                desk: None,
                spelling: None,
                place: None,
                term: false,
                plain: false,
                rank: 50,
            };
            for guard in guards.split_whitespace() {
                rule.guard(guard, lists)?;
            }
            if rule.desk.is_some_and(|(at, _)| at >= raw.len()) {
                return Err("desk names no form");
            }
            let index = u32::try_from(self.lines.len()).map_err(|_| "too many rules")?;
            let mut verbs = false;
            let mut patterns = Vec::new();
            for (number, form) in raw.iter().enumerate() {
                let (form, only) = match form.strip_suffix("[gb]") {
                    Some(form) => (form.trim(), Some(true)),
                    None => match form.strip_suffix("[us]") {
                        Some(form) => (form.trim(), Some(false)),
                        None => (*form, None),
                    },
                };
                let looked_for = if sources { form.starts_with('<') } else { !form.starts_with('>') };
                let offered = !form.starts_with('<');
                let form = form.trim_start_matches(['<', '>']).trim();
                let mut words: Vec<Box<str>> = Vec::new();
                let mut verb = None;
                for word in form.split(' ').filter(|word| !word.is_empty()) {
                    let all = alternatives(word)?;
                    if all.len() != 1 && all.len() != arity {
                        return Err("alternatives do not run in parallel");
                    }
                    let chosen = if all.len() == 1 { &all[0] } else { &all[turn] };
                    if word.starts_with('{') {
                        verbs = true;
                        verb = Some((words.len(), turn));
                    }
                    for part in chosen.split('_').filter(|part| !part.is_empty()) {
                        match part.strip_suffix(',').filter(|rest| !rest.is_empty()) {
                            Some(rest) => words.extend([rest.into(), ",".into()]),
                            None => words.push(part.into()),
                        }
                    }
                }
                let odd = |c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-' | ','));
                if words.iter().any(|word| word.contains(odd)) {
                    return Err("an odd character in a form");
                }
                let mut text = String::new();
                for word in &words {
                    if !text.is_empty() && !matches!(&**word, "," | ";" | ".") {
                        text.push(' ');
                    }
                    text.push_str(word);
                }
                if looked_for {
                    if words.is_empty() {
                        return Err("an empty form cannot be looked for");
                    }
                    patterns.push((number, words, verb));
                }
                rule.forms.push(Form { text, offered, only });
            }
            let participles = verbs && (turn == 2 || turn == 3) && self.differs(&raw)?;
            for (form, words, verb) in patterns {
                let verb = verb.map(|(at, turn)| {
                    let form = match turn {
                        0 => VerbForm::Base,
                        1 => VerbForm::S,
                        2 if participles => VerbForm::Past,
                        3 if participles => VerbForm::Participle,
                        2 | 3 => VerbForm::PastOrParticiple,
                        _ => VerbForm::Ing,
                    };
                    (at, form)
                });
                self.patterns.push(Pattern { rule: index, form, words, verb });
            }
            self.lines.push(rule);
        }
        Ok(())
    }

    /// Whether any verb of the line has a past tense other than its participle.
    fn differs(&self, raw: &[&str]) -> Result<bool, &'static str> {
        let _ = self;
        for word in raw.iter().flat_map(|form| form.split(' ')).filter(|word| word.contains('{')) {
            let forms = alternatives(word)?;
            if forms[2] != forms[3] {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The parallel alternatives a word of a rule stands for.
fn alternatives(word: &str) -> Result<Vec<String>, &'static str> {
    let word = word.trim_start_matches(['<', '>']);
    if let Some(inner) = word.strip_prefix('(') {
        let inner = inner.strip_suffix(')').ok_or("unclosed bracket")?;
        return Ok(inner.split('|').map(str::to_owned).collect());
    }
    if let Some(inner) = word.strip_prefix('{') {
        let inner = inner.strip_suffix('}').ok_or("unclosed brace")?;
        let verb = Verb::find(inner).ok_or("a verb that is not in the lexicon")?;
        return Ok(vec![verb.base, verb.s, verb.past, verb.participle, verb.ing]);
    }
    Ok(vec![word.to_owned()])
}

impl Rule {
    fn guard(
        &mut self,
        text: &'static str,
        lists: &BTreeMap<&str, Vec<&'static str>>,
    ) -> Result<(), &'static str> {
        match text {
            "gb" => self.spelling = Some((true, true)),
            "us" => self.spelling = Some((false, true)),
            "notgb" => self.spelling = Some((true, false)),
            "notus" => self.spelling = Some((false, false)),
            "start" => self.place = Some(true),
            "mid" => self.place = Some(false),
            "term" => self.term = true,
            "plain" => self.plain = true,
            _ => {
                let (key, value) = text.split_once(':').ok_or("unknown guard")?;
                if key == "desk" {
                    let (at, strength) = value.split_once('@').ok_or("desk without strength")?;
                    let at: usize = at.parse().map_err(|_| "desk names no form")?;
                    let strength = strength.parse().map_err(|_| "desk strength is no number")?;
                    self.desk = Some((at.checked_sub(1).ok_or("desk counts from one")?, strength));
                    return Ok(());
                }
                if key == "rank" {
                    self.rank = value.parse().map_err(|_| "rank is no number")?;
                    return Ok(());
                }
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
                self.guards.push(Guard { site, negated, set: Set::parse(value, lists)? });
            }
        }
        Ok(())
    }

    /// Whether every guard holds around `at`.
    pub(super) fn allows(&self, view: &View<'_>, sentence: &Range<usize>, at: &Range<usize>) -> bool {
        let gates = view.gates;
        self.spelling
            .is_none_or(|(british, wanted)| wanted == if british { gates.british } else { gates.american })
            && self.guards.iter().all(|guard| guard.holds(view, sentence, at))
    }
}

impl Guard {
    fn holds(&self, view: &View<'_>, sentence: &Range<usize>, at: &Range<usize>) -> bool {
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
pub(super) fn head(view: &View<'_>, sentence: &Range<usize>, start: usize) -> Option<usize> {
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
    fn parse(text: &str, lists: &BTreeMap<&str, Vec<&'static str>>) -> Result<Self, &'static str> {
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
                        set.words.extend(list.iter().map(|word| Box::from(*word)));
                    } else if item.contains('_') {
                        let words = item.split('_').filter(|word| !word.is_empty());
                        set.runs.push(words.map(Box::from).collect());
                    } else {
                        set.words.push(item.into());
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
            at + run.len() <= sentence.end && run.iter().zip(at..).all(|(word, at)| **word == *view.lower(at))
        })
    }

    /// Whether one of the runs of words ends at a token.
    fn run_ends(&self, view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
        self.runs.iter().any(|run| {
            (at + 1)
                .checked_sub(run.len())
                .filter(|first| *first >= sentence.start)
                .is_some_and(|first| run.iter().zip(first..).all(|(word, at)| **word == *view.lower(at)))
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
                || self.words.iter().any(|word| **word == *mark);
        }
        let lower = view.lower(at);
        (self.capital && view.capital(at))
            || self.pos.is_some_and(|pos| view.pos(at).meets(pos))
            || self.words.binary_search_by(|word| (**word).cmp(lower)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_line_is_read() {
        let (rules, faults) = Rules::parse(FILES);
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(rules.lines.len() > 500, "{}", rules.lines.len());
        for rule in &rules.lines {
            assert!(!rule.class.is_empty() && rule.forms.iter().filter(|form| form.offered).count() >= 1);
        }
    }

    #[test]
    fn faulty_lines_are_refused() {
        for line in [
            "S x",
            "Q x | a = b",
            "S x | a",
            "S x | a = b | L:",
            "S x | a = b | L:@nonsense",
            "S x | a = b | L:$none",
            "S x | (a|b) = (c|d|e)",
            "S x | {glorb} = {take}",
            "S x | a = b | desk:3@0.5",
            "S x | a = b | desk:0@0.5",
            "S x | (a = b",
            "S x | > = b",
            "S x | a = b | frobnicate",
            "S x | a = b |L:c",
        ] {
            let (_, faults) = Rules::parse(&[line]);
            assert_eq!(faults.len(), usize::from(line != "S x | > = b"), "{line}");
        }
    }
}
