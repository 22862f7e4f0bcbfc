//! Adverbs and connectives of the whole sentence: at its head, behind its subject, or behind its auxiliary.

use std::ops::Range;

use super::shape::{Frame, any_of, is_command, negated, starts_with, verb_of};
use super::{Case, Move, Piece, Slot, span};
use crate::channel::Tier;
use crate::channel::wording::view::View;
use crate::language::pos::PosSet;

/// Connectives that stand between commas inside a sentence.
const SET_OFF: &[(&[&str], Tier)] = &[
    (&["however"], Tier::Strict),
    (&["for", "example"], Tier::Strict),
    (&["for", "instance"], Tier::Strict),
    (&["of", "course"], Tier::Strict),
    (&["in", "fact"], Tier::Normal),
    (&["nevertheless"], Tier::Normal),
    (&["moreover"], Tier::Normal),
    (&["by", "contrast"], Tier::Strict),
    (&["in", "turn"], Tier::Normal),
    (&["meanwhile"], Tier::Normal),
];

/// An adverb that stands without commas inside a sentence, and at its head.
struct Adverb {
    word: &'static str,
    /// From the head to the inside.
    inward: Tier,
    /// From the inside to the head, where that is good.
    outward: Option<Tier>,
    /// Whether it takes a comma at the head.
    comma: bool,
}

const fn adverb(word: &'static str, inward: Tier, outward: Option<Tier>, comma: bool) -> Adverb {
    Adverb { word, inward, outward, comma }
}

const PLAIN: &[Adverb] = &[
    adverb("usually", Tier::Strict, Some(Tier::Normal), true),
    adverb("typically", Tier::Strict, Some(Tier::Normal), true),
    adverb("generally", Tier::Strict, Some(Tier::Normal), true),
    adverb("normally", Tier::Strict, Some(Tier::Normal), true),
    adverb("often", Tier::Strict, Some(Tier::Bold), true),
    adverb("sometimes", Tier::Strict, Some(Tier::Normal), true),
    adverb("occasionally", Tier::Strict, Some(Tier::Normal), true),
    adverb("currently", Tier::Strict, Some(Tier::Normal), true),
    adverb("recently", Tier::Strict, Some(Tier::Normal), true),
    adverb("originally", Tier::Strict, Some(Tier::Bold), true),
    adverb("initially", Tier::Strict, Some(Tier::Normal), true),
    adverb("previously", Tier::Strict, Some(Tier::Bold), true),
    adverb("eventually", Tier::Strict, Some(Tier::Normal), true),
    adverb("ultimately", Tier::Normal, Some(Tier::Bold), true),
    adverb("traditionally", Tier::Strict, Some(Tier::Normal), true),
    adverb("historically", Tier::Strict, Some(Tier::Normal), true),
    adverb("also", Tier::Strict, None, true),
    adverb("therefore", Tier::Strict, Some(Tier::Normal), true),
    adverb("then", Tier::Strict, Some(Tier::Bold), false),
    adverb("thus", Tier::Strict, None, true),
    adverb("now", Tier::Normal, None, false),
    adverb("perhaps", Tier::Bold, None, false),
    adverb("gradually", Tier::Strict, Some(Tier::Bold), true),
    adverb("subsequently", Tier::Normal, Some(Tier::Bold), true),
    adverb("unfortunately", Tier::Bold, None, true),
];

/// All positions that are good for the adverb.
pub(super) fn find(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    set_off(view, frame, out);
    plain_front(view, frame, out);
    plain_inside(view, frame, out);
}

/// Whether an adverb may stand behind this auxiliary: its verb or complement follows.
fn behind(view: &View<'_>, verb: usize) -> bool {
    let next = view.pos(verb + 1);
    let word = view.lower(verb);
    view.is_word(verb + 1)
        && (matches!(word, "is" | "are" | "was" | "were")
            && next.meets(
                PosSet::PARTICIPLE
                    | PosSet::ADJECTIVE
                    | PosSet::DETERMINER
                    | PosSet::ING
                    | PosSet::PREPOSITION,
            )
            && !next.meets(PosSet::NEGATION)
            || matches!(word, "has" | "have" | "had") && next.meets(PosSet::PARTICIPLE)
            || matches!(word, "will" | "would" | "can" | "could" | "may" | "might" | "must" | "should")
                && (next.meets(PosSet::BASE) || matches!(view.lower(verb + 1), "be" | "have")))
}

/// A subject, its adverb, and its auxiliary where that is taken in.
struct Stretch {
    subject: Range<usize>,
    /// Wherever it stands.
    adverb: Range<usize>,
    auxiliary: Option<usize>,
}

impl Stretch {
    /// Adverb, subject, auxiliary.
    fn first(&self, frame: &Frame, sink: Case, comma: bool) -> Vec<Piece> {
        let mut pieces = vec![
            Piece::Span(self.adverb.clone(), frame.rises()),
            Piece::Text(if comma { ", " } else { " " }),
            Piece::Span(self.subject.clone(), sink),
        ];
        pieces.extend(self.verb());
        pieces
    }

    /// Subject, adverb; or subject, auxiliary, adverb.
    fn inside(&self, case: Case, late: bool) -> Vec<Piece> {
        let mut pieces = vec![Piece::Span(self.subject.clone(), case)];
        if late {
            pieces.extend(self.verb());
        }
        pieces.extend([Piece::Text(" "), Piece::Span(self.adverb.clone(), Case::Lower)]);
        pieces
    }

    fn verb(&self) -> Vec<Piece> {
        self.auxiliary.map_or_else(Vec::new, |at| vec![Piece::Text(" "), span(at..at + 1)])
    }
}

/// "However, the plan is sound" / "The plan, however, is sound" / "But the plan is sound". From the inside outwards
/// `boundary` goes already.
fn set_off(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let body = frame.body.start;
    // A sentence that opens with "But" or "However," has its frame behind that word.
    let (start, subject, words, tier) = if frame.opened && view.lower(body - 1) == "but" {
        (body - 1, body, &["however"][..], Tier::Strict)
    } else {
        let start = if frame.opened && view.word(body - 1) == "," { body - 2 } else { body };
        let Some(&(words, tier)) = SET_OFF.iter().find(|(words, _)| starts_with(view, start, words)) else {
            return;
        };
        if view.word(start + words.len()) != "," {
            return;
        }
        (start, start + words.len() + 1, words, tier)
    };
    let but = view.lower(start) == "but";
    let Some(verb) = verb_of(view, subject, frame.body.end).filter(|&verb| verb > subject) else { return };
    let indefinite = matches!(view.lower(subject), "a" | "an" | "one" | "some" | "many" | "most" | "several");
    let definite = matches!(
        view.lower(subject),
        "the" | "this" | "these" | "those" | "our" | "my" | "your" | "his" | "her" | "their" | "its"
    );
    let pronoun = verb == subject + 1 && view.pos(subject).meets(PosSet::SUBJECT);
    let example = words.len() == 2 && words[0] == "for";
    // What is set off behind a subject stresses it: as an example one of several, against something else a known one.
    let fits = match (indefinite, definite) {
        (true, _) => true,
        (_, true) => !example,
        _ => !example && !but && names(view, subject, verb),
    };
    if verb - subject > 5
        || verb == subject + 1
            && !view.capital(subject)
            && !view.pos(subject).within(PosSet::PLURAL | PosSet::PERSON | PosSet::S_FORM)
        || pronoun
        || !view.spaced(subject)
        || !fits
        || (subject..verb).any(|at| {
            view.pos(at).within(PosSet::ADVERB)
                || view.pos(at).meets(PosSet::NEGATION | PosSet::COMPARATIVE) && at > subject
        })
        || unsure(view, verb)
    {
        return;
    }
    let end = verb;
    let auxiliary = (view.pos(verb).meets(PosSet::AUXILIARY) && behind(view, verb)).then_some(verb);
    let rise = if view.capital(subject) { Case::Keep } else { Case::Upper };
    let subject = subject..verb;
    let comma = |word: &'static str| vec![Piece::Span(subject.clone(), rise), Piece::Text(word)];
    let mut orders = vec![("first", 4), ("behind subject", 3)];
    let mut forms = vec![vec![span(start..end)]];
    if words[0] == "however" {
        forms.push(comma(", however,"));
        let (label, opening) = if but { ("However", "However, ") } else { ("But", "But ") };
        orders.push((label, 4));
        forms.push(vec![Piece::Text(opening), span(subject.clone())]);
        orders[0].0 = if but { "But" } else { "However" };
    } else {
        let adverb = Piece::Span(start..start + words.len(), Case::Lower);
        forms.push(vec![Piece::Span(subject.clone(), rise), Piece::Text(", "), adverb, Piece::Text(",")]);
    }
    // "has, however, been": only where a verb follows.
    let has_verb = auxiliary.is_some_and(|at| view.pos(at + 1).meets(PosSet::PARTICIPLE | PosSet::BASE));
    if has_verb && words[0] == "however" && !but {
        for (form, order) in forms.iter_mut().zip(0..) {
            form.extend(if order == 0 { vec![] } else { vec![Piece::Text(" "), span(verb..verb + 1)] });
        }
        forms[0] = vec![span(start..verb + 1)];
        orders.push(("behind verb", 2));
        forms.push(vec![
            Piece::Span(subject.clone(), rise),
            Piece::Text(" "),
            span(verb..verb + 1),
            Piece::Text(", however,"),
        ]);
    }
    let end = if has_verb && words[0] == "however" && !but { verb + 1 } else { end };
    out.push(Move {
        class: if words[0] == "however" { "however-place" } else { "connective-place" },
        tier,
        orders,
        ways: vec![vec![Slot { tokens: start..end, forms }]],
    });
}

/// Whether a subject is a name or a plural and nothing else.
fn names(view: &View<'_>, subject: usize, verb: usize) -> bool {
    view.capital(subject)
        || (subject..verb).all(|at| view.pos(at).meets(PosSet::NOMINAL | PosSet::ADJECTIVE))
            && view.pos(verb - 1).meets(PosSet::PLURAL)
}

/// Whether what was taken for the verb may be a participle of the noun before it ("the instructions received over").
fn unsure(view: &View<'_>, verb: usize) -> bool {
    let pos = view.pos(verb);
    let pronoun = matches!(view.lower(verb - 1), "i" | "we" | "you" | "he" | "she" | "they" | "it");
    !pronoun
        && !pos.meets(PosSet::AUXILIARY)
        && (pos.meets(PosSet::PARTICIPLE)
            && view.pos(verb + 1).meets(PosSet::PREPOSITION | PosSet::ADVERB | PosSet::TO)
            || pos.meets(PosSet::NOMINAL)
                && !view.pos(verb + 1).meets(PosSet::DETERMINER | PosSet::OBJECT | PosSet::PREPOSITION))
}

/// "Usually, the board meets" / "The board usually meets".
fn plain_front(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let start = frame.body.start;
    let word = view.lower(start);
    let Some(adverb) = PLAIN.iter().find(|adverb| adverb.word == word) else { return };
    let comma = view.word(start + 1) == ",";
    let subject = start + 1 + usize::from(comma);
    let Some(verb) = verb_of(view, subject, frame.body.end).filter(|&verb| verb > subject) else { return };
    if blocked(view, frame, verb, word)
        || !comma && !matches!(word, "then" | "now" | "perhaps") && !adverb.comma
        || verb - subject > 6
        || !frame.may_rise(view, subject)
        || view.lower(subject) == "there"
        || is_command(view, subject)
        || unsure(view, verb)
        || word == "also" && !view.pos(verb).meets(PosSet::AUXILIARY)
    {
        return;
    }
    let auxiliary = view.pos(verb).meets(PosSet::AUXILIARY);
    if auxiliary && !behind(view, verb) || (subject..verb).any(|at| view.pos(at).within(PosSet::ADVERB)) {
        return;
    }
    let stretch =
        Stretch { subject: subject..verb, adverb: start..start + 1, auxiliary: auxiliary.then_some(verb) };
    let end = if auxiliary { verb + 1 } else { verb };
    let mut orders = vec![("first", 1), ("inside", 1)];
    let mut forms = vec![vec![span(start..end)], stretch.inside(frame.rises(), auxiliary)];
    // The comma may come; to take one away leaves the reader to find the subject.
    if adverb.comma && !comma && word != "also" {
        orders.push(("first, comma", 1));
        forms.push(stretch.first(frame, Case::Keep, true));
    }
    out.push(Move {
        class: "adverb-inside",
        tier: adverb.inward,
        orders,
        ways: vec![vec![Slot { tokens: start..end, forms }]],
    });
}

/// "The board usually meets" / "Usually, the board meets".
fn plain_inside(view: &View<'_>, frame: &Frame, out: &mut Vec<Move>) {
    let start = frame.body.start;
    let end = frame.body.end;
    let found = (start + 1..end.min(start + 8))
        .find_map(|at| PLAIN.iter().find(|adverb| adverb.word == view.lower(at)).map(|adverb| (at, adverb)));
    let Some((at, &Adverb { word, outward: Some(tier), comma, .. })) = found else { return };
    let Some(verb) = verb_of(view, start, end).filter(|&verb| verb > start) else { return };
    if blocked(view, frame, verb, word)
        || at + 1 >= end
        || view.lower(start) == "there"
        || is_command(view, start)
        || view.lower(start) == "it" && view.pos(at + 1).meets(PosSet::ADJECTIVE)
    {
        return;
    }
    let Some(sink) = frame.sinks(view) else { return };
    let auxiliary = verb + 1 == at && view.pos(verb).meets(PosSet::AUXILIARY);
    if !auxiliary && verb != at + 1 || unsure(view, verb) {
        return;
    }
    let next = view.pos(at + 1);
    if auxiliary
        && !(next.meets(PosSet::PARTICIPLE | PosSet::BASE | PosSet::ING | PosSet::BE | PosSet::HAVE)
            || matches!(view.lower(verb), "is" | "are" | "was" | "were")
                && next.meets(PosSet::DETERMINER | PosSet::ADJECTIVE | PosSet::PREPOSITION))
    {
        return;
    }
    let subject = if auxiliary { start..verb } else { start..at };
    let stretch = Stretch { subject, adverb: at..at + 1, auxiliary: auxiliary.then_some(verb) };
    let forms = vec![vec![span(start..at + 1)], stretch.first(frame, sink, comma)];
    out.push(Move {
        class: "adverb-front",
        tier,
        orders: vec![("inside", 3), ("first", 2)],
        ways: vec![vec![Slot { tokens: start..at + 1, forms }]],
    });
}

/// Whether something around the verb would change the adverb's scope or compete for its place.
fn blocked(view: &View<'_>, frame: &Frame, verb: usize, adverb: &str) -> bool {
    let near = frame.body.start..frame.body.end.min(verb + 5);
    negated(view, &near)
        || any_of(
            view,
            &near,
            &[
                "only", "but", "more", "most", "less", "than", "too", "even", "just", "so", "still", "never",
                "always", "ever", "either", "greater",
            ],
        )
        || near.filter(|&at| view.lower(at) == adverb).count() > 1
}
