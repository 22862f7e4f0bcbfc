//! Phrase rules as data: one line a rule, compiled in, parsed once into an index by first word.
//!
//! A line is `tier class | form = form … | guards`. Tiers are S, N, B (strict, normal, bold).
//!
//! Forms: words; `>form` is offered but never looked for; where a line has `<form`, only that is looked for and never offered;
//! `[gb]` or `[us]` after a form offers it only there; `~20` after a form lets 20 per cent of the copies carry it (the forms
//! without a figure share the rest equally), for one that is right but less natural. `(a|b)` gives alternatives that run in parallel through all forms of the line,
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

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use super::guard::Guard;
use super::view::View;
use crate::channel::Tier;
use crate::language::lexicon::{Verb, WordTable};

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
    include_str!("rules/verbs_normal.rules"),
    include_str!("rules/verb_complements.rules"),
    include_str!("rules/verbs_bold.rules"),
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
    pub(super) line: Arc<Line>,
    pub(super) forms: Vec<Form>,
}

/// What the parallel wordings of a line have in common.
pub(super) struct Line {
    pub(super) class: &'static str,
    pub(super) tier: Tier,
    guards: Vec<Guard>,
    pub(super) desk: Option<(usize, f64)>,
    spelling: Option<(bool, bool)>,
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
    /// How many of a hundred copies carry it; an equal share of the rest where nothing is said.
    pub(super) percent: Option<u8>,
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
        let mut order: Vec<usize> = (0..rules.patterns.len()).collect();
        order.sort_by_key(|&index| (std::cmp::Reverse(rules.patterns[index].words.len()), index));
        for index in order {
            if let Ok(number) = u32::try_from(index) {
                rules.first.entry(&rules.patterns[index].words[0], Vec::new).push(number);
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
        let forms = columns.next().ok_or("no forms")?.split(" = ").map(RawForm::parse);
        let forms = forms.collect::<Result<Vec<_>, _>>()?;
        let guards = columns.next().unwrap_or_default();
        if columns.next().is_some() {
            return Err("too many columns");
        }
        if forms.len() < 2 {
            return Err("fewer than two forms");
        }
        let given: Vec<u32> = forms.iter().filter_map(|form| form.percent.map(u32::from)).collect();
        if given.len() == forms.len() || given.iter().sum::<u32>() >= 100 {
            return Err("the percentages leave nothing for the rest");
        }
        let line = Arc::new(Line::parse(head, guards, lists)?);
        if line.desk.is_some_and(|(at, _)| at >= forms.len()) {
            return Err("desk names no form");
        }
        let sources = forms.iter().any(|form| form.sought);
        let words = || forms.iter().flat_map(|form| &form.words);
        let arity = words().map(|word| word.texts.len()).max().unwrap_or(1);
        if words().any(|word| !matches!(word.texts.len(), 1) && word.texts.len() != arity) {
            return Err("alternatives do not run in parallel");
        }
        // Past and participle differ between the wordings of the line.
        let split = words().any(|word| word.verb && word.texts[2] != word.texts[3]);
        for turn in 0..arity {
            let rule = u32::try_from(self.lines.len()).map_err(|_| "too many rules")?;
            let mut written = Vec::with_capacity(forms.len());
            for (number, form) in forms.iter().enumerate() {
                let (words, verb) = form.turn(turn)?;
                written.push(Form {
                    text: spaced(&words),
                    offered: !form.sought,
                    only: form.only,
                    percent: form.percent,
                });
                let looked_for = if sources { form.sought } else { !form.offered_only };
                if !looked_for {
                    continue;
                }
                if words.is_empty() {
                    return Err("an empty form cannot be looked for");
                }
                let verb = verb.map(|at| (at, VerbForm::of(turn, split)));
                self.patterns.push(Pattern { rule, form: number, words, verb });
            }
            self.lines.push(Rule { line: Arc::clone(&line), forms: written });
        }
        Ok(())
    }
}

impl VerbForm {
    /// The form of a parallel wording; `split` where past and participle differ somewhere in the line.
    fn of(turn: usize, split: bool) -> Self {
        match turn {
            0 => Self::Base,
            1 => Self::S,
            2 if split => Self::Past,
            3 if split => Self::Participle,
            2 | 3 => Self::PastOrParticiple,
            _ => Self::Ing,
        }
    }
}

/// A form of a line before its parallel wordings are told apart.
struct RawForm {
    words: Vec<RawWord>,
    /// `<form`: looked for and never offered.
    sought: bool,
    /// `>form`: offered and never looked for.
    offered_only: bool,
    only: Option<bool>,
    percent: Option<u8>,
}

/// One word of a form, as one text or as parallel ones.
struct RawWord {
    texts: Vec<Cow<'static, str>>,
    verb: bool,
}

impl RawForm {
    fn parse(text: &'static str) -> Result<Self, &'static str> {
        let mut text = text.trim();
        let mut percent = None;
        if let Some((rest, figure)) = text.rsplit_once('~') {
            let figure = figure.parse().ok().filter(|figure| (1..100).contains(figure));
            percent = Some(figure.ok_or("a percentage is from 1 to 99")?);
            text = rest.trim_end();
        }
        let mut only = None;
        for (mark, british) in [("[gb]", true), ("[us]", false)] {
            if let Some(rest) = text.strip_suffix(mark) {
                (text, only) = (rest.trim_end(), Some(british));
            }
        }
        let (sought, offered_only) = (text.starts_with('<'), text.starts_with('>'));
        let text = text.trim_start_matches(['<', '>']).trim();
        let words = text.split(' ').filter(|word| !word.is_empty()).map(RawWord::parse);
        Ok(Self { words: words.collect::<Result<_, _>>()?, sought, offered_only, only, percent })
    }

    /// The words of one parallel wording, and which of them is a verb.
    fn turn(&self, turn: usize) -> Result<(Vec<Box<str>>, Option<usize>), &'static str> {
        let mut words: Vec<Box<str>> = Vec::new();
        let mut verb = None;
        for word in &self.words {
            let text = if word.texts.len() == 1 { &word.texts[0] } else { &word.texts[turn] };
            if word.verb {
                verb = Some(words.len());
            }
            for part in text.split('_').filter(|part| !part.is_empty()) {
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
        Ok((words, verb))
    }
}

impl RawWord {
    fn parse(word: &'static str) -> Result<Self, &'static str> {
        if let Some(inner) = word.strip_prefix('(') {
            let inner = inner.strip_suffix(')').ok_or("unclosed bracket")?;
            return Ok(Self { texts: inner.split('|').map(Cow::Borrowed).collect(), verb: false });
        }
        if let Some(inner) = word.strip_prefix('{') {
            let inner = inner.strip_suffix('}').ok_or("unclosed brace")?;
            let verb = Verb::find(inner).ok_or("a verb that is not in the lexicon")?;
            let forms = [verb.base, verb.s, verb.past, verb.participle, verb.ing];
            return Ok(Self { texts: forms.map(Cow::Owned).into(), verb: true });
        }
        Ok(Self { texts: vec![Cow::Borrowed(word)], verb: false })
    }
}

/// Words as they are written, with no space before a mark.
fn spaced(words: &[Box<str>]) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() && !matches!(&**word, "," | ";" | ".") {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

impl Line {
    fn parse(
        head: &'static str,
        guards: &'static str,
        lists: &BTreeMap<&str, Vec<&'static str>>,
    ) -> Result<Self, &'static str> {
        let (tier, class) = head.trim().split_once(' ').ok_or("no tier and class")?;
        let tier = match tier {
            "S" => Tier::Strict,
            "N" => Tier::Normal,
            "B" => Tier::Bold,
            _ => return Err("unknown tier"),
        };
        let mut line = Self {
            class: class.trim(),
            tier,
            guards: Vec::new(),
            desk: None,
            spelling: None,
            place: None,
            term: false,
            plain: false,
            rank: 50,
        };
        for guard in guards.split_whitespace() {
            line.guard(guard, lists)?;
        }
        Ok(line)
    }

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
                self.guards.push(Guard::parse(key, value, lists)?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_line_is_read() {
        let (rules, faults) = Rules::parse(FILES);
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(rules.lines.len() > 500, "{}", rules.lines.len());
        for rule in &rules.lines {
            assert!(
                !rule.line.class.is_empty() && rule.forms.iter().filter(|form| form.offered).count() >= 1
            );
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
            "S x | a = b ~0",
            "S x | a = b ~100",
            "S x | a = b ~x",
            "S x | a ~40 = b ~60",
            "S x | a ~60 = b ~50 = c",
        ] {
            let (_, faults) = Rules::parse(&[line]);
            assert_eq!(faults.len(), usize::from(line != "S x | > = b"), "{line}");
        }
    }
}
