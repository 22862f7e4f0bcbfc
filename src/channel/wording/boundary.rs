//! Where one sentence ends and the next begins: openers, semicolons, ", but", and connectives inside the first phrase.

use std::borrow::Cow;
use std::ops::Range;

use super::proposal::{Proposal, capitalised};
use super::view::{Sentence, View};
use crate::channel::Tier;
use crate::language::pos::PosSet;

/// But / Yet / However at the head of a sentence; connectives set off in its first phrase; ", but"; a semicolon.
pub(super) fn find(view: &View<'_>, sentence: &Sentence, out: &mut Vec<Proposal<'_>>) {
    opener(view, &sentence.tokens, out);
    set_off(view, &sentence.tokens, out);
    but_clause(view, &sentence.tokens, out);
    semicolon(view, &sentence.tokens, out);
}

/// A full stop that may become a semicolon, over two sentences of one block.
pub(super) fn join(
    view: &View<'_>,
    first: &Sentence,
    second: &Sentence,
    out: &mut Vec<Proposal<'_>>,
) -> bool {
    let (a, b) = (&first.tokens, &second.tokens);
    if !view.gates.semicolons || first.block != second.block || a.end != b.start {
        return false;
    }
    let stop = a.end - 1;
    let plain = |tokens: &Range<usize>| {
        tokens.clone().all(|i| !view.is_mark(i) || matches!(view.word(i), "." | "," | "’"))
            && (5..=17).contains(&tokens.len())
            && view.word(tokens.end - 1) == "."
    };
    if a.clone().any(|i| view.word(i) == ",")
        || !plain(a)
        || !plain(b)
        || !matches!(
            view.lower(b.start),
            "it" | "they"
                | "he"
                | "she"
                | "this"
                | "these"
                | "we"
                | "there"
                | "its"
                | "their"
                | "his"
                | "her"
        )
        || view.pos(b.start + 1).meets(PosSet::CONJUNCTION)
        || !is_clause(view, a)
        || !is_clause(view, b)
        || matches!(view.lower(a.start), "but" | "and" | "so" | "yet" | "or")
        || view.pos(stop - 1).meets(PosSet::NUMBER)
        || view.shouts(stop - 1)
        || (view.lower(stop - 1).chars().count() < 3)
    {
        return false;
    }
    let word = view.word(b.start);
    let lower = view.lower(b.start);
    out.push(exact(
        "semi/period",
        stop..b.start + 1,
        vec![format!(". {word}"), format!("; {lower}")],
        &["full stop", "semicolon"],
        0,
        45,
    ));
    true
}

fn exact<'r>(
    class: &'static str,
    tokens: Range<usize>,
    forms: Vec<String>,
    labels: &[&'static str],
    original: usize,
    rank: u8,
) -> Proposal<'r> {
    Proposal {
        class,
        tier: Tier::Strict,
        tokens,
        bytes: None,
        forms: forms.into_iter().map(Cow::Owned).collect(),
        labels: labels.to_vec(),
        original,
        desk: None,
        rank,
        exact: true,
        shares: Vec::new(),
    }
}

fn opener(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Proposal<'_>>) {
    let start = tokens.start;
    if tokens.len() < 6 || view.word(tokens.end - 1) == "?" || tokens.clone().any(|i| view.word(i) == "?") {
        return;
    }
    let word = view.word(start);
    let comma = view.lower(start + 1) == ",";
    let (end, original) = match (word, comma) {
        ("But", false) => (start + 1, 0),
        ("Yet", false) => (start + 1, 1),
        ("However", true) => (start + 2, 1),
        _ => return,
    };
    let next = view.lower(end);
    if view.is_mark(end)
        || (view.pos(end).meets(PosSet::WH) && !matches!(next, "when" | "while" | "where"))
        || (view.pos(end).meets(PosSet::BASE)
            && !view.pos(end).meets(PosSet::NOMINAL | PosSet::ADJECTIVE | PosSet::AUXILIARY))
        || matches!(
            next,
            "not"
                | "also"
                | "for"
                | "then"
                | "rather"
                | "however"
                | "first"
                | "even"
                | "nevertheless"
                | "yet"
                | "still"
                | "nor"
                | "to"
                | "oh"
                | "of"
                | "another"
                | "again"
                | "more"
                | "nonetheless"
                | "instead"
                | "just"
                | "never"
                | "so"
                | "let"
                | "don't"
                | "do"
                | "i"
                | "please"
                | "no"
                | "now"
                | "only"
                | "too"
                | "because"
                | "since"
                | "that's"
                | "wait"
                | "though"
                | "surely"
        )
    {
        return;
    }
    // "However," stood stiff in six of eighteen places of "But"; "But" for "However," failed where no clause with its
    // own subject follows at once, and where the sentence is short.
    let plain = word == "However"
        && tokens.len() > 9
        && (view.pos(end).meets(PosSet::SUBJECT | PosSet::DETERMINER)
            || matches!(next, "there" | "when" | "if" | "while" | "for" | "in"));
    // "Yet" insists more than the others: blind readers stopped at six of eight that stood for them.
    let forms: &[&'static str] = if word == "Yet" { &["But", "Yet"] } else { &["But", "However,"] };
    let written = forms.iter().map(|form| (*form).to_owned()).collect();
    let tier = if plain { Tier::Strict } else { Tier::Normal };
    out.push(Proposal { tier, ..exact("but/however", start..end, written, forms, original, 60) });
}

/// "The plan, however, failed" / "However, the plan failed" / "But the plan failed".
fn set_off(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Proposal<'_>>) {
    for at in tokens.start + 1..tokens.end.saturating_sub(4).min(tokens.start + 7) {
        if view.word(at) != "," {
            continue;
        }
        let word = view.lower(at + 1);
        let (class, end) = match word {
            "however" | "therefore" | "moreover" | "furthermore" | "nevertheless" | "nonetheless"
            | "meanwhile" | "consequently" => ("however-pos", at + 2),
            "for" if matches!(view.lower(at + 2), "example" | "instance") => ("example-pos", at + 3),
            _ => continue,
        };
        if end + 1 >= tokens.end || view.word(end) != "," {
            return;
        }
        let first = tokens.start;
        let phrase = first..at;
        let closed = matches!(
            view.lower(first),
            "the"
                | "this"
                | "these"
                | "that"
                | "those"
                | "it"
                | "they"
                | "he"
                | "she"
                | "we"
                | "there"
                | "such"
                | "some"
                | "many"
                | "most"
                | "his"
                | "her"
                | "their"
                | "its"
                | "our"
                | "no"
                | "one"
                | "another"
                | "both"
                | "a"
                | "an"
                | "several"
                | "other"
                | "few"
                | "each"
        );
        let next = view.pos(end + 1);
        let verb =
            next.meets(PosSet::AUXILIARY | PosSet::S_FORM | PosSet::PAST) && !next.meets(PosSet::PREPOSITION);
        let one_phrase = phrase.clone().all(|i| {
            view.is_word(i)
                && !view
                    .pos(i)
                    .meets(PosSet::AUXILIARY | PosSet::WH | PosSet::SUBORDINATOR | PosSet::CONJUNCTION)
                || i == first
        });
        if !closed || !verb || !one_phrase || view.shouts(first) {
            return;
        }
        let own = view.text(view.bytes(first..end + 1)).to_owned();
        let subject = view.text(view.bytes(phrase));
        let subject = format!("{}{}", view.lower(first), &subject[view.word(first).len()..]);
        let adverb = view.text(view.bytes(at + 1..end)).to_lowercase();
        let mut forms = vec![own, format!("{}, {subject}", capitalised(&adverb))];
        let mut labels = vec!["inside", "first"];
        match word {
            "however" => {
                forms.push(format!("But {subject}"));
                labels.push("But");
            }
            "for" => {
                let other = if adverb.ends_with("example") { "instance" } else { "example" };
                forms.push(format!("For {other}, {subject}"));
                labels.push(if other == "example" { "For example," } else { "For instance," });
            }
            _ => {}
        }
        out.push(exact(class, first..end + 1, forms, &labels, 0, 65));
        return;
    }
}

/// ", but they" / ". But they" / ". However, they".
fn but_clause(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Proposal<'_>>) {
    let mut sites = (tokens.start + 6..tokens.end.saturating_sub(5))
        .filter(|&i| view.word(i) == "," && view.lower(i + 1) == "but");
    let (Some(at), None) = (sites.next(), sites.next()) else { return };
    let left = tokens.start..at;
    let right = at + 2..tokens.end;
    let subordinate = view
        .pos(tokens.start)
        .meets(PosSet::SUBORDINATOR | PosSet::WH | PosSet::PREPOSITION | PosSet::CONJUNCTION)
        || left.clone().any(|i| {
            matches!(
                view.lower(i),
                "not"
                    | "only"
                    | "that"
                    | "said"
                    | "says"
                    | "if"
                    | "who"
                    | "which"
                    | "no"
                    | "told"
                    | "whether"
                    | "because"
            ) || view.lower(i).ends_with("n't")
        });
    if subordinate
        || view.word(tokens.end - 1) != "."
        || tokens
            .clone()
            .any(|i| view.is_mark(i) && !matches!(view.word(i), "." | "," | "’" | "'" | "%" | "$" | "£"))
        || !is_clause(view, &left)
        || !opens_clause(view, &right)
    {
        return;
    }
    let word = view.word(at + 2);
    if view.capital(at + 2) {
        return;
    }
    // Blind readers stop at the emphasis that a sentence of its own gives the second half.
    let split = exact(
        "but-split",
        at..at + 3,
        vec![format!(", but {word}"), format!(". But {word}")],
        &[", but", ". But"],
        0,
        58,
    );
    out.push(Proposal { tier: Tier::Normal, ..split });
}

/// ", and it" / ". It" and ", so they" / ". So they": a person says whether the two belong in one breath.
pub(super) fn joined(view: &View<'_>, at: usize, tokens: &Range<usize>, out: &mut Vec<Proposal<'_>>) {
    let next = view.word(at + 2);
    let even = (6..=24).contains(&(at - tokens.start)) && (6..=24).contains(&(tokens.end - at));
    let single = !(tokens.start..at).any(|i| view.word(i) == ",");
    if !single
        || !even
        || view.capital(at + 2)
        || !matches!(view.lower(at + 2), "it" | "they" | "we" | "he" | "she" | "this" | "these" | "there")
    {
        return;
    }
    let mut forms = vec![format!(", and {next}"), format!(". {}", capitalised(next))];
    let mut labels = vec![", and", "full stop"];
    if view.gates.semicolons {
        forms.push(format!("; {next}"));
        labels.push("semicolon");
    }
    let proposal = exact("and-split", at..at + 3, forms, &labels, 0, 40);
    out.push(Proposal { tier: Tier::Normal, ..proposal });
}

/// "; they" / ". They".
fn semicolon(view: &View<'_>, tokens: &Range<usize>, out: &mut Vec<Proposal<'_>>) {
    let mut sites = tokens.clone().filter(|&i| view.word(i) == ";");
    let (Some(at), None) = (sites.next(), sites.next()) else { return };
    if at < tokens.start + 5 || at + 5 > tokens.end || view.word(tokens.end - 1) != "." {
        return;
    }
    if tokens
        .clone()
        .any(|i| view.is_mark(i) && !matches!(view.word(i), "." | "," | ";" | "’" | "'" | "%" | "$" | "£"))
    {
        return;
    }
    let (left, right) = (tokens.start..at, at + 1..tokens.end);
    // "; however, the": the connective opens the sentence as well as the clause.
    let connected = matches!(
        view.lower(at + 1),
        "however"
            | "therefore"
            | "instead"
            | "otherwise"
            | "moreover"
            | "furthermore"
            | "thus"
            | "consequently"
            | "nevertheless"
            | "indeed"
    ) && view.lower(at + 2) == ","
        && is_clause(view, &(at + 3..tokens.end));
    if !is_clause(view, &left)
        || !(opens_clause(view, &right) || connected)
        || view.capital(at + 1)
        || !view.spaced(at + 1)
    {
        return;
    }
    if view.pos(tokens.start).meets(PosSet::SUBORDINATOR) && !left.clone().any(|i| view.word(i) == ",") {
        return;
    }
    let word = view.word(at + 1);
    out.push(exact(
        "semi/period",
        at..at + 2,
        vec![format!("; {word}"), format!(". {}", capitalised(word))],
        &["semicolon", "full stop"],
        0,
        58,
    ));
}

/// Whether a run holds a verb that can carry a main clause.
pub(super) fn is_clause(view: &View<'_>, tokens: &Range<usize>) -> bool {
    (tokens.start + 1..tokens.end).any(|i| {
        let pos = view.pos(i);
        view.is_word(i)
            && ((pos.meets(PosSet::AUXILIARY)
                && !matches!(view.lower(i), "be" | "been" | "being" | "am" | "having"))
                || (pos.meets(PosSet::PAST) && !pos.meets(PosSet::NOMINAL | PosSet::ADJECTIVE))
                || (pos.meets(PosSet::S_FORM) && !pos.meets(PosSet::PLURAL)))
    })
}

/// Whether a run starts with a subject and its finite verb.
pub(super) fn opens_clause(view: &View<'_>, tokens: &Range<usize>) -> bool {
    let first = tokens.start;
    let finite = |i: usize| {
        let pos = view.pos(i);
        (pos.meets(PosSet::AUXILIARY) && !matches!(view.lower(i), "be" | "been" | "being" | "having"))
            || (pos.meets(PosSet::PAST) && !pos.meets(PosSet::NOMINAL))
            || (pos.meets(PosSet::S_FORM) && !pos.meets(PosSet::PLURAL))
    };
    match view.lower(first) {
        "it" | "he" | "she" | "they" | "we" | "there" | "this" | "these" | "those" => {
            (first + 1..tokens.end.min(first + 3)).any(finite)
        }
        "the" | "his" | "her" | "their" | "its" | "our" | "a" | "an" | "some" | "many" | "most" | "no"
        | "few" => (first + 2..tokens.end.min(first + 7))
            .take_while(|&i| !view.is_mark(i) && !view.pos(i).meets(PosSet::WH | PosSet::SUBORDINATOR))
            .any(finite),
        _ => false,
    }
}
