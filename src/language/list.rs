//! Series of three or more short, parallel items: "ships, trucks and trains".
//!
//! Without a parser a comma before "and" is as often the end of an apposition or the start of a clause as the last
//! comma of a series. So only series whose items are visibly of one kind are taken: the same ending, the same
//! determiner, nouns by their endings, or bare words throughout where there are four or more.

use std::ops::Range;

use super::{Token, TokenKind};

/// A series and its last comma.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    /// Index of the token before the last comma, or before the conjunction where there is none.
    pub(crate) before: usize,
    /// Index of the comma before the conjunction.
    pub(crate) comma: Option<usize>,
    /// Index of "and" or "or".
    pub(crate) conjunction: usize,
}

/// An item has at most this many words.
const ITEM_WORDS: usize = 3;

/// Words that no short item holds: what they begin is a clause, not an item.
#[rustfmt::skip]
const CLAUSE_WORDS: &[&str] = &[
    "i", "he", "she", "it", "we", "they", "you", "who", "which", "that", "this", "there", "what", "when",
    "where", "while", "because", "if", "although", "though", "since", "as", "so", "then", "but", "yet",
    "is", "are", "was", "were", "be", "been", "has", "have", "had", "do", "does", "did", "will", "would",
    "can", "could", "may", "might", "must", "should", "shall", "not", "said", "says", "to", "and", "or",
    "nor", "both", "either", "neither", "respectively", "together", "however", "also", "even", "perhaps",
    "etc", "others", "more", "than",
];

/// Openings after which a sentence's first comma closes a phrase instead of an item.
#[rustfmt::skip]
const PHRASE_OPENERS: &[&str] = &[
    "in", "on", "at", "by", "for", "from", "with", "without", "after", "before", "during", "since", "until",
    "under", "over", "among", "amongst", "between", "beyond", "across", "along", "around", "about", "above",
    "below", "behind", "beside", "besides", "despite", "inside", "outside", "through", "throughout", "to",
    "toward", "towards", "upon", "within", "when", "while", "whilst", "where", "if", "as", "because",
    "although", "though", "unless", "once", "like", "unlike", "of", "according", "given", "compared",
    "apart", "instead", "today", "yesterday", "tomorrow", "then", "now", "later", "earlier", "meanwhile",
    "however", "moreover", "indeed", "thus", "here", "first", "second", "third", "finally", "last", "next",
    "yes", "no", "well", "still", "yet", "so", "perhaps", "sometimes", "often", "usually", "eventually",
    "recently", "including", "says", "said",
];

const DETERMINERS: &[&str] =
    &["the", "a", "an", "its", "his", "her", "their", "our", "my", "your", "some", "no", "every", "each"];

/// Words that may follow a series' last item.
const FOLLOWERS: &[&str] = &[
    "of", "in", "on", "at", "for", "from", "by", "with", "without", "are", "were", "have", "had", "will",
    "would", "can", "could", "must", "may", "might", "should", "that", "which", "who", "is", "was", "has",
    "between", "among", "during", "under", "over", "into", "across", "within", "before", "after", "as",
    "but", "when", "while", "because",
];

/// Every series of unprotected prose.
pub(crate) fn series(text: &str, tokens: &[Token], protected: &[Range<usize>]) -> Vec<Series> {
    let free = |range: &Range<usize>| {
        let next = protected.partition_point(|span| span.end <= range.start);
        protected.get(next).is_none_or(|span| span.start >= range.end)
    };
    (0..tokens.len())
        .filter(|&at| matches!(tokens[at].lower.as_str(), "and" | "or") && tokens[at].spaced)
        .filter_map(|at| {
            let found = at_conjunction(text, tokens, at)?;
            free(&(tokens[found.before].range.start..tokens[at].range.end)).then_some(found)
        })
        .collect()
}

fn at_conjunction(text: &str, tokens: &[Token], conjunction: usize) -> Option<Series> {
    let comma = conjunction.checked_sub(1).filter(|&at| tokens[at].lower == "," && !tokens[at].spaced);
    let mut end = comma.unwrap_or(conjunction);
    let before = end.checked_sub(1)?;
    let mut items: Vec<Range<usize>> = vec![last_item(text, tokens, conjunction)?];
    // Middle items, from the last to the first; what stands before the first comma has no known start.
    loop {
        let start = item_start(tokens, end)?;
        let opened = start.checked_sub(1).filter(|&at| tokens[at].lower == "," && !tokens[at].spaced);
        let Some(opened) = opened else {
            items.push(end.checked_sub(1)?..end);
            if items.len() < 3 || !starts_as_item(tokens, end) {
                return None;
            }
            break;
        };
        if !is_item(tokens, start..end) {
            return None;
        }
        items.push(start..end);
        end = opened;
    }
    let open_first = items.pop()?;
    is_parallel(tokens, &items, open_first.start, comma.is_some()).then_some(Series {
        before,
        comma,
        conjunction,
    })
}

/// The start of the item that ends before token `end`: after the last comma at most [`ITEM_WORDS`] back, else wherever
/// the words end.
fn item_start(tokens: &[Token], end: usize) -> Option<usize> {
    let mut start = end;
    while start > 0 && end - start < ITEM_WORDS && tokens[start - 1].kind == TokenKind::Word {
        start -= 1;
    }
    (start < end).then_some(start)
}

fn is_item(tokens: &[Token], item: Range<usize>) -> bool {
    (1..=ITEM_WORDS).contains(&item.len())
        && tokens[item].iter().all(|token| {
            token.kind == TokenKind::Word && token.spaced && !CLAUSE_WORDS.contains(&token.lower.as_str())
        })
}

/// The words after the conjunction up to punctuation or a word that follows a series.
fn last_item(text: &str, tokens: &[Token], conjunction: usize) -> Option<Range<usize>> {
    let first = conjunction + 1;
    let mut last = first;
    while let Some(token) = tokens.get(last) {
        let stops =
            token.kind == TokenKind::Mark || (last > first && FOLLOWERS.contains(&token.lower.as_str()));
        if stops {
            break;
        }
        last += 1;
        if last > first + ITEM_WORDS {
            return None;
        }
    }
    let closes = tokens.get(last).is_none_or(|token| {
        FOLLOWERS.contains(&token.lower.as_str())
            || matches!(
                &text[token.range.clone()],
                "." | ";" | ":" | "," | "!" | "?" | ")" | "\u{2013}" | "\u{2014}"
            )
    });
    (closes && is_item(tokens, first..last)).then_some(first..last)
}

/// Whether the words before the first comma can be an item: they do not close a phrase that opens the clause.
fn starts_as_item(tokens: &[Token], comma: usize) -> bool {
    let mut start = comma;
    while start > 0 && comma - start < 30 {
        let token = &tokens[start - 1];
        let ends =
            matches!(token.lower.as_str(), "." | ";" | ":" | "!" | "?" | "\u{2013}" | "\u{2014}" | "," | "(");
        if ends || (token.kind == TokenKind::Mark && token.lower != "-") {
            break;
        }
        start -= 1;
    }
    let opens = tokens.get(start).is_some_and(|token| {
        PHRASE_OPENERS.contains(&token.lower.as_str())
            || token.lower.ends_with("ly")
            || token.lower.ends_with("ing")
    });
    start < comma && !opens
}

/// Whether items (last to second) and the word that ends the first are visibly of one kind.
///
/// `closed`: a comma stands before the conjunction, so that the first item need not prove that the series begins with
/// it ("in winter, ships and trucks" is none).
fn is_parallel(tokens: &[Token], items: &[Range<usize>], first: usize, closed: bool) -> bool {
    let word = |at: usize| tokens[at].lower.as_str();
    let endings: Vec<&str> = items.iter().map(|item| word(item.end - 1)).chain([word(first)]).collect();
    if tokens[first].kind != TokenKind::Word || endings.iter().any(|word| CLAUSE_WORDS.contains(word)) {
        return false;
    }
    let reach = |words: usize| &tokens[(first + 1).saturating_sub(words)..=first];
    let determiners = items.iter().filter(|item| DETERMINERS.contains(&word(item.start))).count();
    if determiners > 0 {
        // "the port, the rail yard and the depot": every item has one, and the first one's is within reach.
        let opened = reach(ITEM_WORDS).iter().any(|token| DETERMINERS.contains(&token.lower.as_str()));
        return determiners == items.len() && opened;
    }
    let shared =
        |suffix: &str| endings.iter().all(|word| word.len() > suffix.len() + 1 && word.ends_with(suffix));
    let nouns = items.iter().all(|item| is_noun(word(item.end - 1)));
    let begins = is_noun(word(first))
        || reach(4)
            .iter()
            .all(|token| !PHRASE_OPENERS.contains(&token.lower.as_str()) && token.kind == TokenKind::Word);
    let bare = items.len() > 2 && items.iter().all(|item| item.len() == 1);
    bare || (nouns && (closed || begins)) || ["ing", "ed", "al", "ic"].into_iter().any(shared)
}

/// Whether a word looks like a plural or an abstract noun.
fn is_noun(word: &str) -> bool {
    const SUFFIXES: &[&str] = &[
        "tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "hood", "dom", "age", "ure", "ism",
        "acy",
    ];
    let plural =
        word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    plural || SUFFIXES.iter().any(|suffix| word.len() > suffix.len() + 1 && word.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tokens;

    fn found(text: &str) -> Vec<bool> {
        series(text, &tokens(text, 0..text.len()), &[]).iter().map(|s| s.comma.is_some()).collect()
    }

    #[test]
    fn takes_series_of_one_kind() {
        assert_eq!(found("They counted ships, trucks and trains at dusk."), [false]);
        assert_eq!(found("They counted ships, heavy trucks, and trains."), [true]);
        assert_eq!(found("He saw the port, the rail yard and the depot."), [false]);
        assert_eq!(found("The plan was tested, approved, and shipped."), [true]);
        assert_eq!(found("They need yards, drivers and insurance on it."), [false]);
        assert_eq!(found("They blame it on weather, strikes, and shortages of coal."), [true]);
        assert_eq!(found("There was no task, no date, and no owner."), [true]);
        assert_eq!(found("They rationed milk, bread, salt and sugar."), [false]);
        assert_eq!(found("Crews, guards, drivers or clerks may enter."), [false]);
    }

    #[test]
    fn leaves_what_only_looks_like_a_series() {
        for text in [
            "In the mountains, rivers and lakes freeze.",
            "He met the mayor, a tall man, and left.",
            "When it rains, ships and ports close.",
            "She saw ships, trucks, and plans to return.",
            "He came, and ships left.",
            "Usually, clerks and guards agree.",
            "He bought ships, a house and trains.",
            "Hale, mayor and poet, spoke.",
            "He said that in winter, ships and trucks stop.",
            "He died of hunger, alone and cold.",
            "They saw dogs and cats, birds, and they left.",
        ] {
            assert_eq!(found(text), Vec::<bool>::new(), "{text}");
        }
    }
}
