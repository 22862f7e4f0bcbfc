//! The optional comma before a phrase that closes a sentence: ", rather than", ", even if", ", too".

use std::borrow::Cow;
use std::ops::Range;

use super::boundary::is_clause;
use super::proposal::Proposal;
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// What a phrase opens, and in which tier its comma may come or go.
struct Opening {
    words: &'static str,
    put: Option<Tier>,
    drop: Option<Tier>,
}

const fn opening(words: &'static str, put: Option<Tier>, drop: Option<Tier>) -> Opening {
    Opening { words, put, drop }
}

const S: Option<Tier> = Some(Tier::Strict);
const N: Option<Tier> = Some(Tier::Normal);
const B: Option<Tier> = Some(Tier::Bold);

/// Phrases that may follow a comma or none; longer ones before those they start with.
#[rustfmt::skip]
const OPENINGS: &[Opening] = &[
    opening("rather than", S, S), opening("instead of", B, S), opening("as well as", None, S),
    opening("but not", S, S), opening("but also", S, S), opening("even if", S, S),
    opening("even though", S, S), opening("even when", S, S), opening("even as", S, S),
    opening("although", S, N), opening("though", N, N), opening("unless", N, S),
    opening("until", None, S), opening("whereas", S, None), opening("because", None, S),
    opening("if", None, N), opening("regardless of", S, S), opening("depending on", N, S),
    opening("along with", S, S), opening("together with", S, S), opening("in addition to", N, S),
    opening("except when", S, S), opening("except if", S, S), opening("except in", S, S),
    opening("except for", S, S), opening("except", N, N), opening("especially", S, N),
    opening("particularly", N, N), opening("including", S, None), opening("such as", N, N),
    opening("and then", None, S), opening("and thus", None, S), opening("and therefore", None, S),
    opening("and even", None, N), opening("or even", None, N), opening("in order to", None, S),
    opening("just as", N, N), opening("despite", N, S), opening("without", None, N),
    opening("ranging from", N, N), opening("starting with", S, N), opening("beginning with", S, N),
    opening("followed by", S, None), opening("due to", None, S), opening("apart from", N, N),
    opening("before", None, N), opening("after", None, N), opening("once", None, N),
    opening("in particular", S, None), opening("or at least", S, N), opening("by using", None, N),
];

/// Phrases that may stand at the end with a comma before them or none.
#[rustfmt::skip]
const CLOSINGS: &[Opening] = &[
    opening("too", S, S), opening("as well", None, S), opening("either", None, S),
    opening("respectively", S, None), opening("if necessary", S, S), opening("if possible", S, S),
    opening("if needed", S, S), opening("where possible", S, S), opening("where appropriate", S, S),
    opening("when possible", S, S), opening("if any", S, None), opening("where necessary", S, S),
    opening("when necessary", S, S), opening("as appropriate", S, S), opening("as needed", N, S),
    opening("for example", S, None), opening("for instance", S, None), opening("of course", S, None),
    opening("if required", S, S), opening("if desired", S, S), opening("when needed", N, S),
    opening("at all times", None, S), opening("at the same time", None, N), opening("by default", None, N),
    opening("if applicable", S, S), opening("as applicable", S, S), opening("where applicable", S, S),
];

/// Every place where such a comma may come or go.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    let tokens = &sentence.tokens;
    if tokens.len() < 8 || view.word(tokens.end - 1) != "." || !is_plain(view, tokens) {
        return;
    }
    let stop = tokens.end - 1;
    for at in tokens.start + 5..stop {
        if !leads(view.lower(at)) || view.capital(at) || !view.spaced(at) {
            continue;
        }
        let comma = view.word(at - 1) == ",";
        let closing = CLOSINGS.iter().find(|one| spells(view, at, one.words) == Some(stop));
        let opens = |one: &&Opening| spells(view, at, one.words).is_some_and(|end| end + 2 <= stop);
        let (found, class) = if let Some(one) = closing {
            (one, "comma-end")
        } else if let Some(one) = OPENINGS.iter().find(opens) {
            (one, "comma-before")
        } else {
            continue;
        };
        let Some(tier) = (if comma { found.drop } else { found.put }) else { continue };
        let own = at - usize::from(comma);
        if fits(view, tokens, own, at, class == "comma-end") && suits(view, tokens, own, at, found.words) {
            out.push(comma_site(view, own, at, tier, class, comma));
        }
    }
}

/// Whether any phrase of the lists starts with the word: most words are turned away here.
#[rustfmt::skip]
fn leads(word: &str) -> bool {
    matches!(
        word,
        "rather" | "instead" | "as" | "but" | "even" | "although" | "though" | "unless" | "until" | "whereas" | "because"
            | "if" | "regardless" | "depending" | "along" | "together" | "in" | "except" | "especially" | "particularly"
            | "including" | "such" | "and" | "or" | "just" | "despite" | "without" | "ranging" | "starting" | "beginning"
            | "followed" | "due" | "apart" | "before" | "after" | "once" | "by" | "too" | "either" | "respectively"
            | "where" | "when" | "for" | "of" | "at"
    )
}

/// Where the words end if they stand at `at`.
fn spells(view: &View<'_>, at: usize, words: &str) -> Option<usize> {
    let mut end = at;
    for word in words.split(' ') {
        if view.lower(end) != word {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// Whether no mark but commas, quotation marks, short brackets and the stop stands in the sentence.
fn is_plain(view: &View<'_>, tokens: &Range<usize>) -> bool {
    let marks = |list: &[&str]| {
        tokens.clone().filter(|&at| view.is_mark(at) && list.contains(&view.word(at))).count()
    };
    marks(&["("]) == marks(&[")"])
        && marks(&["“"]) == marks(&["”"])
        && marks(&["\""]) % 2 == 0
        && tokens.clone().all(|at| {
            !view.is_mark(at)
                || matches!(
                    view.word(at),
                    "," | "." | "’" | "'" | "%" | "$" | "(" | ")" | "“" | "”" | "\"" | "-" | "/" | "£"
                )
        })
}

/// Whether the sentence has a clause before `own` and no comma that would pair with one there.
fn fits(view: &View<'_>, tokens: &Range<usize>, own: usize, at: usize, last: bool) -> bool {
    let left = tokens.start..own;
    let is_comma = |at: &usize| view.word(*at) == ",";
    let commas = left.clone().filter(is_comma).count();
    // One early comma sets off an introduction; any other may open an aside or a series that the one here closes.
    let introduction = left.clone().take(7).filter(is_comma).count();
    let near = left.clone().rev().take(6).filter(is_comma).count();
    let after = (at..tokens.end).filter(is_comma).count();
    let unclosed = left.clone().filter(|&i| matches!(view.word(i), "(" | "“")).count()
        != left.clone().filter(|&i| matches!(view.word(i), ")" | "”")).count()
        || left.clone().filter(|&i| view.word(i) == "\"").count() % 2 == 1;
    let few = if own == at { commas <= 2 } else { commas <= 1 && commas == introduction };
    let open = !unclosed && few;
    open && near == 0
        && after == 0
        && own >= tokens.start + if last { 4 } else { 5 }
        && is_clause(view, &left)
}

/// Conditions of single phrases, and those all share.
fn suits(view: &View<'_>, tokens: &Range<usize>, own: usize, at: usize, words: &str) -> bool {
    let before = view.pos(own - 1);
    let near = view.lower(own - 1);
    let put = own == at;
    if !view.is_word(own - 1)
        || before.meets(
            PosSet::PREPOSITION
                | PosSet::DETERMINER
                | PosSet::CONJUNCTION
                | PosSet::BE
                | PosSet::MODAL
                | PosSet::SUBORDINATOR
                | PosSet::WH
                | PosSet::NEGATION,
        ) && !before.meets(PosSet::NOMINAL | PosSet::NUMBER)
        || matches!(
            near,
            "only"
                | "even"
                | "just"
                | "not"
                | "so"
                | "as"
                | "than"
                | "more"
                | "such"
                | "especially"
                | "particularly"
                | "simply"
                | "mostly"
                | "partly"
                | "largely"
                | "mainly"
                | "all"
                | "both"
                | "either"
                | "and"
                | "or"
        )
    {
        return false;
    }
    let left = tokens.start..own;
    let has = |word: &str| left.clone().any(|i| view.lower(i) == word);
    let negated = || left.clone().any(|i| view.pos(i).meets(PosSet::NEGATION));
    let bracketed = || has("not") || negated();
    match words {
        "because" | "if" | "until" | "unless" | "once" => !bracketed() && !has("if") && !has("that"),
        "but also" => {
            left.clone().any(|i| view.lower(i) == "not" && matches!(view.lower(i + 1), "only" | "just"))
        }
        "but not" => !negated(),
        "rather than" => {
            // "political rather than functional unity" is one phrase; so may be what stands before a long rest.
            let one = before.meets(PosSet::ADJECTIVE | PosSet::ADVERB) || tokens.end - at > 12;
            !(has("more") || has("less") || has("better") || has("rather") || put && one)
        }
        "or at least" => !(put && before.meets(PosSet::ADJECTIVE | PosSet::ADVERB)),
        "although" | "though" | "whereas" | "even though" => {
            at + 2 < tokens.end
                && !has("if")
                && near != "even"
                && near != "as"
                && starts_clause(view, tokens, at + words.split(' ').count())
        }
        "such as" => {
            before.meets(PosSet::PLURAL) && (put || !has("such")) && {
                let quantified = left.clone().rev().take(4).any(|i| {
                    matches!(
                        view.lower(i),
                        "many" | "several" | "various" | "other" | "different" | "numerous" | "some"
                    )
                });
                !put || quantified
            }
        }
        "including" => {
            let next = view.pos(at + 1);
            before.meets(PosSet::PLURAL) && !next.meets(PosSet::OBJECT)
        }
        "especially" | "particularly" => {
            let next = view.lower(at + 1);
            matches!(
                next,
                "when"
                    | "if"
                    | "for"
                    | "in"
                    | "with"
                    | "where"
                    | "since"
                    | "given"
                    | "because"
                    | "as"
                    | "on"
                    | "at"
                    | "among"
                    | "those"
            ) && !has("not")
        }
        "and then" | "and thus" | "and therefore" => {
            let next = view.pos(at + 2);
            next.meets(PosSet::S_FORM | PosSet::PAST | PosSet::BASE | PosSet::ING | PosSet::PARTICIPLE)
                && !next.meets(PosSet::DETERMINER | PosSet::PLURAL | PosSet::SUBJECT)
                && !has(",")
                && !has("and")
        }
        "and even" | "or even" => !has(","),
        "without" => view.pos(at + 1).meets(PosSet::ING),
        "too" | "either" | "as well" => {
            !matches!(near, "far" | "bit" | "that" | "it" | "just") && !put
                || words == "too" && before.meets(PosSet::NOMINAL)
        }
        "along with" => !matches!(
            near,
            "get"
                | "got"
                | "gets"
                | "getting"
                | "go"
                | "goes"
                | "went"
                | "going"
                | "gone"
                | "come"
                | "comes"
                | "came"
        ),
        _ => true,
    }
}

/// Whether a subject stands at `at`.
fn starts_clause(view: &View<'_>, tokens: &Range<usize>, at: usize) -> bool {
    at + 1 < tokens.end
        && (view.pos(at).meets(PosSet::SUBJECT | PosSet::DETERMINER | PosSet::PLURAL) || view.capital(at))
        && !view.pos(at).meets(PosSet::ING)
        && (at + 1..tokens.end).any(|i| view.pos(i).meets(PosSet::FINITE))
}

/// A site on the end of the word before, the gap and the word at `next`.
pub(super) fn comma_site<'r>(
    view: &View<'_>,
    own: usize,
    next: usize,
    tier: Tier,
    class: &'static str,
    has: bool,
) -> Proposal<'r> {
    let word = view.word(next);
    Proposal {
        class,
        tier,
        tokens: own..next + 1,
        bytes: Some(view.analysis.tokens[own - 1].range.end..view.analysis.tokens[next].range.end),
        forms: vec![Cow::Owned(format!(", {word}")), Cow::Owned(format!(" {word}"))],
        labels: vec!["comma", "no comma"],
        original: usize::from(!has),
        desk: None,
        rank: 47,
        exact: true,
        shares: Vec::new(),
    }
}
