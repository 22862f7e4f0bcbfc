//! Kinds of one mark: the comma before "and", the point after "Mr", the points of "U.S.".

use super::{Kind, Site, Text, Tier};
use crate::language::list::series;
use crate::language::{TokenKind, Variety};

pub(super) fn find(text: &Text<'_>) -> Vec<Site> {
    [oxford(text), titles(text), initials(text), latin(text), too(text), firstly(text)]
        .into_iter()
        .flatten()
        .collect()
}

/// "ships, trucks, and trains" and "ships, trucks and trains": two series at least, or it is no habit.
fn oxford(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("oxford", Tier::Strict, &["comma", "no comma"]).desk(1, 0.47);
    let found = series(text.analysis.document.text(), text.tokens(), &text.analysis.protected);
    for one in found {
        let word = text.raw(one.conjunction);
        let range = text.tokens()[one.before].range.end..text.tokens()[one.conjunction].range.end;
        let forms = vec![format!(", {word}"), format!(" {word}")];
        kind.add(text, u8::from(one.comma.is_none()), range, forms);
    }
    kind.site(2)
}

/// "Mr.", "Mrs.", "Ms.", "Dr." and the same without the point.
///
/// American usage has the point throughout; elsewhere both are seen (the United Nations writes British spelling with
/// points), but readers judge the other form a breach of the text's convention, so a person accepts it first.
fn titles(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("title", Tier::Normal, &["Mr.", "Mr"]).desk(1, 0.38);
    for at in 0..text.tokens().len() {
        let word = text.raw(at);
        if !matches!(word, "Mr" | "Mrs" | "Ms" | "Dr") {
            continue;
        }
        let dotted = text.lower(at + 1) == "." && text.is_glued(at + 1);
        let name = at + 1 + usize::from(dotted);
        if !text.raw(name).starts_with(char::is_uppercase) || text.is_glued(name) {
            continue;
        }
        let range = text.span(at, name - 1);
        kind.add(text, u8::from(!dotted), range, vec![format!("{word}."), word.to_owned()]);
    }
    kind.site(1)
}

/// "U.S." and "US", "U.K." and "UK".
fn initials(text: &Text<'_>) -> Option<Site> {
    let tier = if text.analysis.profile.variety == Variety::British { Tier::Normal } else { Tier::Strict };
    let mut kind = Kind::new("initials", tier, &["U.S.", "US"]).desk(1, 0.36);
    for at in 0..text.tokens().len() {
        let raw = text.raw(at);
        let second = text.raw(at + 2);
        if raw == "U"
            && matches!(second, "S" | "K")
            && [at + 1, at + 3].iter().all(|&i| text.raw(i) == ".")
            && (at + 1..at + 4).all(|i| text.is_glued(i))
        {
            // At a sentence's end the last point is the full stop as well.
            let ends = text.analysis.sentence_of(at).is_none_or(|s| text.analysis.sentences[s].end == at + 4);
            let plain = format!("U{second}{}", if ends { "." } else { "" });
            kind.add(text, 0, text.span(at, at + 3), vec![format!("U.{second}."), plain]);
            continue;
        }
        let Some(letter) = ["US", "UK"].into_iter().find(|form| raw.strip_prefix(form).is_some_and(is_tail))
        else {
            continue;
        };
        if text.raw(at + 1) == "$" && text.is_glued(at + 1) {
            continue;
        }
        let dotted = format!("U.{}.", &letter[1..]);
        let stop = raw.len() == 2 && text.raw(at + 1) == "." && text.is_glued(at + 1);
        let start = text.tokens()[at].range.start;
        if stop {
            kind.add(text, 1, start..start + 3, vec![dotted, format!("{letter}.")]);
        } else {
            kind.add(text, 1, start..start + 2, vec![dotted, letter.to_owned()]);
        }
    }
    kind.site(1)
}

/// What may follow "US" within a token: nothing, or "-led", "'s".
fn is_tail(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['-', '\'', '\u{2019}'])
}

/// "e.g." and "eg", "i.e." and "ie": without points in Britain alone.
fn latin(text: &Text<'_>) -> Option<Site> {
    if text.analysis.profile.variety != Variety::British {
        return None;
    }
    let mut kind = Kind::new("e.g.", Tier::Strict, &["e.g.", "eg"]);
    for at in 0..text.tokens().len() {
        let pair = (text.raw(at), text.raw(at + 2));
        let plain = match text.raw(at) {
            "eg" | "ie" => {
                let word = text.raw(at);
                let dotted = format!("{}.{}.", &word[..1], &word[1..]);
                kind.refused |= text.raw(at + 1) == "." && text.is_glued(at + 1);
                kind.add(text, 1, text.span(at, at), vec![dotted, word.to_owned()]);
                continue;
            }
            "e" if pair.1 == "g" => "eg",
            "i" if pair.1 == "e" => "ie",
            _ => continue,
        };
        let dotted = [at + 1, at + 3].iter().all(|&i| text.raw(i) == ".")
            && (at + 1..at + 4).all(|i| text.is_glued(i));
        if dotted {
            let range = text.span(at, at + 3);
            kind.add(text, 0, range, vec![format!("{}.{}.", pair.0, pair.1), plain.to_owned()]);
        }
    }
    kind.site(1)
}

/// "They left, too." and "They left too.", at the end of a sentence.
fn too(text: &Text<'_>) -> Option<Site> {
    let mut kind = Kind::new("too", Tier::Strict, &["comma", "no comma"]);
    for at in 2..text.tokens().len() {
        if text.lower(at) != "too" || text.raw(at + 1) != "." {
            continue;
        }
        let comma = text.raw(at - 1) == ",";
        let before = if comma { at - 2 } else { at - 1 };
        // "was not too." and the like end in something else than the word that "too" adds to.
        if text.tokens()[before].kind != TokenKind::Word
            || matches!(text.lower(before), "not" | "far" | "none" | "all")
        {
            continue;
        }
        let range = text.tokens()[before].range.end..text.tokens()[at].range.end;
        kind.add(text, u8::from(!comma), range, vec![", too".to_owned(), " too".to_owned()]);
    }
    kind.site(1)
}

/// "First, … Second, …" and "Firstly, … Secondly, …" at the start of sentences: British texts write either.
fn firstly(text: &Text<'_>) -> Option<Site> {
    const PAIRS: &[(&str, &str)] =
        &[("First", "Firstly"), ("Second", "Secondly"), ("Third", "Thirdly"), ("Fourth", "Fourthly")];
    if text.analysis.profile.variety != Variety::British {
        return None;
    }
    let mut kind = Kind::new("firstly", Tier::Strict, &["First,", "Firstly,"]).desk(0, 0.3);
    for at in 0..text.tokens().len() {
        if text.raw(at + 1) != "," || !text.starts_sentence(at) {
            continue;
        }
        let raw = text.raw(at);
        let Some((short, long)) = PAIRS.iter().find(|pair| raw == pair.0 || raw == pair.1) else { continue };
        kind.add(
            text,
            u8::from(raw == *long),
            text.span(at, at),
            vec![(*short).to_owned(), (*long).to_owned()],
        );
    }
    // One alone need not begin a count.
    kind.site(2)
}
