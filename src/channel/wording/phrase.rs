//! Matches the phrase rules.

use std::borrow::Cow;
use std::ops::Range;

use super::proposal::{Proposal, starts_sentence};
use super::rule::{Pattern, Rule, Rules, VerbForm};
use super::view::{Sentence, View};
use crate::language::pos::PosSet;

/// Every phrase rule that fits somewhere in a sentence.
pub(super) fn find<'r>(view: &View<'_>, sentence: &Sentence, rules: &'r Rules, out: &mut Vec<Proposal<'r>>) {
    let tokens = &sentence.tokens;
    for start in tokens.clone() {
        for &index in rules.starting(view.lower(start)) {
            let pattern = &rules.patterns[index as usize];
            let run = start..start + pattern.words.len();
            if run.end > tokens.end || !spells(view, pattern, start) {
                continue;
            }
            let Rule { line: rule, forms: wordings } = &rules.lines[pattern.rule as usize];
            let lexical = rule.term || rule.class.starts_with("lex");
            if (lexical
                && (sentence.normative
                    || run
                        .clone()
                        .any(|at| view.is_word(at) && content(view, at) && view.is_term(view.lower(at)))))
                || (rule.plain && sentence.normative)
                || rule.place.is_some_and(|wanted| wanted != starts_sentence(view, tokens, start))
                || pattern.verb.is_some_and(|(at, form)| !is_verb(view, tokens, start + at, form))
                || !rule.allows(view, tokens, &run)
            {
                continue;
            }
            let british = view.gates.british;
            let american = view.gates.american;
            let mut forms = Vec::new();
            let mut shares = Vec::new();
            let mut original = 0;
            let mut desk = None;
            for (number, form) in wordings.iter().enumerate() {
                let fits = form.only.is_none_or(|gb| if gb { british } else { american });
                if number == pattern.form {
                    original = forms.len();
                } else if !form.offered || !fits {
                    continue;
                }
                if rule.desk.is_some_and(|(canonical, _)| canonical == number) {
                    desk = rule.desk.map(|(_, strength)| (forms.len(), strength));
                }
                shares.push(form.percent);
                forms.push(Cow::Borrowed(form.text.as_str()));
            }
            if forms.len() > 1 {
                out.push(Proposal {
                    class: rule.class,
                    tier: rule.tier,
                    tokens: run,
                    bytes: None,
                    forms,
                    labels: Vec::new(),
                    original,
                    desk,
                    rank: rule.rank,
                    exact: false,
                    shares,
                });
            }
        }
    }
}

/// Whether the pattern's words stand at `start`, each set off by a space.
fn spells(view: &View<'_>, pattern: &Pattern, start: usize) -> bool {
    pattern.words.iter().enumerate().skip(1).all(|(offset, word)| {
        let at = start + offset;
        *view.lower(at) == **word && (view.is_mark(at) != view.spaced(at))
    })
}

/// Whether a word carries meaning of its own.
fn content(view: &View<'_>, at: usize) -> bool {
    view.pos(at).meets(
        PosSet::NOMINAL
            | PosSet::BASE
            | PosSet::S_FORM
            | PosSet::PAST
            | PosSet::PARTICIPLE
            | PosSet::ING
            | PosSet::ADJECTIVE,
    ) && !view.pos(at).meets(PosSet::AUXILIARY | PosSet::DETERMINER | PosSet::PREPOSITION)
}

/// The first token left of `at` that is not an adverb.
pub(super) fn before_adverbs(view: &View<'_>, sentence: &Range<usize>, at: usize) -> Option<usize> {
    (sentence.start..at).rev().find(|&left| {
        let pos = view.pos(left);
        view.is_mark(left) || !pos.meets(PosSet::ADVERB | PosSet::NEGATION) || pos.meets(PosSet::AUXILIARY)
    })
}

/// Whether a word is a verb of this form where it stands.
pub(super) fn is_verb(view: &View<'_>, sentence: &Range<usize>, at: usize, form: VerbForm) -> bool {
    // "put", "cut", "let": nothing in the word tells the present from the past.
    let one_form = view.pos(at).meets(PosSet::BASE) && view.pos(at).meets(PosSet::PAST);
    let object = view.pos(at + 1).meets(PosSet::DETERMINER) && at + 1 < sentence.end;
    let Some(left) = before_adverbs(view, sentence, at) else {
        // An instruction: "provide a list of".
        return matches!(form, VerbForm::Ing) || (form == VerbForm::Base && object && !one_form);
    };
    let pos = view.pos(left);
    let word = view.lower(left);
    // "the council's attempts to": a noun, whatever else the word could be.
    if word.ends_with("'s") && !pos.meets(PosSet::AUXILIARY) || word.ends_with("s'") {
        return false;
    }
    let aux_near = || {
        (sentence.start.max(at.saturating_sub(4))..at)
            .rev()
            .take_while(|&i| !view.is_mark(i))
            .any(|i| view.pos(i).meets(PosSet::BE | PosSet::HAVE))
    };
    let asks_base = pos.meets(PosSet::TO | PosSet::MODAL | PosSet::DO);
    if one_form {
        match form {
            VerbForm::Base => return asks_base || word == "help",
            VerbForm::Past | VerbForm::Participle | VerbForm::PastOrParticiple => {
                let past = pos.meets(PosSet::NOUN) && !pos.meets(PosSet::PLURAL | PosSet::BASE)
                    || matches!(word, "he" | "she" | "it");
                return pos.meets(PosSet::BE | PosSet::HAVE) || (form != VerbForm::Participle && past);
            }
            VerbForm::S | VerbForm::Ing => {}
        }
    }
    match form {
        VerbForm::Base => {
            asks_base
                || (object && matches!(word, "and" | "or" | "please" | "then"))
                || matches!(word, "i" | "you" | "we" | "they" | "who" | "which" | "help" | "people")
                || (pos.meets(PosSet::PLURAL) && !pos.meets(PosSet::S_FORM | PosSet::DETERMINER))
                || (pos.meets(PosSet::PLURAL)
                    && left > sentence.start
                    && view.pos(left - 1).meets(PosSet::DETERMINER | PosSet::ADJECTIVE))
        }
        VerbForm::S => {
            matches!(word, "he" | "she" | "it" | "that" | "which" | "who" | "this")
                || (pos.meets(PosSet::NOUN)
                    && !pos.meets(PosSet::DETERMINER | PosSet::PREPOSITION | PosSet::BASE))
                || (pos.meets(PosSet::NOUN)
                    && left > sentence.start
                    && view.pos(left - 1).meets(PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::POSSESSIVE))
                || (view.capital(left) && left > sentence.start)
                || (word == "and" && !view.pos(at).meets(PosSet::PLURAL))
        }
        VerbForm::Past => {
            !aux_near()
                && !asks_base
                && !pos.meets(PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::PREPOSITION)
        }
        VerbForm::Participle => aux_near(),
        VerbForm::PastOrParticiple => {
            !asks_base && !pos.meets(PosSet::DET | PosSet::POSSESSIVE)
                || matches!(
                    word,
                    "that"
                        | "those"
                        | "these"
                        | "this"
                        | "all"
                        | "each"
                        | "both"
                        | "some"
                        | "many"
                        | "few"
                        | "most"
                )
        }
        VerbForm::Ing => {
            !pos.meets(PosSet::DET | PosSet::ADJECTIVE)
                || matches!(word, "that" | "those" | "these" | "all" | "some" | "many")
        }
    }
}
