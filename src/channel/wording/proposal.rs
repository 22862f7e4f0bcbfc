//! From "these words could also be those words" to a site that keeps the text right.
//!
//! Capitals, articles, spaces around a dropped word and double words are settled here, once, for all rules.

use std::borrow::Cow;
use std::ops::Range;

use super::view::View;
use crate::channel::{Channel, Desk, Place, Site, Tier, VARIANTS_MAX, WEIGHT_TOTAL, equal_weights};

/// What a rule proposes for a run of tokens.
pub(super) struct Proposal<'r> {
    pub(super) class: &'static str,
    pub(super) tier: Tier,
    /// The tokens that are replaced; never empty.
    pub(super) tokens: Range<usize>,
    /// The bytes that are replaced, where they are not just those of the tokens.
    pub(super) bytes: Option<Range<usize>>,
    /// Lower-case forms as they stand inside a sentence, `forms[original]` being what the item says; may be empty.
    pub(super) forms: Vec<Cow<'r, str>>,
    /// What the forms are called; the forms themselves where empty.
    pub(super) labels: Vec<&'r str>,
    pub(super) original: usize,
    /// Canonical form and how often a desk writes it.
    pub(super) desk: Option<(usize, f64)>,
    /// Higher wins where two sites overlap and are equal in tier.
    pub(super) rank: u8,
    /// Whether the forms are written exactly as given: the rule has seen to capitals and spaces itself.
    pub(super) exact: bool,
    /// How many of a hundred copies carry each form; equal shares where empty, of the rest where none.
    pub(super) shares: Vec<Option<u8>>,
}

/// A site, and how it compares with others that overlap it.
pub(super) struct Candidate {
    pub(super) site: Site,
    pub(super) rank: u8,
}

impl Proposal<'_> {
    /// The site, or none where a variant cannot be written without harm.
    pub(super) fn settle(self, view: &View<'_>, sentence: &Range<usize>) -> Option<Candidate> {
        let mut range = self.bytes.clone().unwrap_or_else(|| view.bytes(self.tokens.clone()));
        let mut forms: Vec<String> = self.forms.iter().map(|form| form.clone().into_owned()).collect();
        if !self.exact {
            (range, forms) = fit(view, sentence, &self.tokens, forms, self.original)?;
        }
        if !view.editable(&range) || range.start >= range.end {
            return None;
        }
        view.text(range.clone()).clone_into(&mut forms[self.original]);
        let around = Around::new(view, &range);
        let doubled = around.doubles(&forms[self.original]);
        let mut labels = Vec::with_capacity(forms.len());
        let mut kept: Vec<String> = Vec::with_capacity(forms.len());
        let mut shares = Vec::with_capacity(forms.len());
        let mut original = 0;
        let mut canonical = None;
        for (index, form) in forms.into_iter().enumerate().take(VARIANTS_MAX) {
            let plain = self.forms[index].trim();
            let doubles = index != self.original && around.doubles(&form) > doubled;
            let echoes = !self.exact && index != self.original && self.echoes(view, sentence, plain);
            if doubles || echoes || (index != self.original && kept.contains(&form)) {
                continue;
            }
            if index == self.original {
                // An earlier variant that looks the same as the original gives way to it.
                if kept.contains(&form) {
                    return None;
                }
                original = kept.len();
            }
            if self.desk.is_some_and(|(at, _)| at == index) {
                canonical = u8::try_from(kept.len()).ok();
            }
            let label = self.labels.get(index).copied().unwrap_or(plain);
            shares.push(self.shares.get(index).copied().flatten());
            labels.push(if label.is_empty() { "(none)".to_owned() } else { label.to_owned() });
            kept.push(form);
        }
        if kept.len() < 2 {
            return None;
        }
        let desk =
            self.desk.and_then(|(_, strength)| canonical.map(|canonical| Desk { canonical, strength }));
        let site = Site {
            channel: Channel::Wording,
            class: Cow::Borrowed(self.class),
            tier: self.tier,
            labels,
            weights: weights(&shares),
            original: u8::try_from(original).ok()?,
            places: vec![Place { range, forms: kept }],
            desk,
            fact: false,
        };
        Some(Candidate { site, rank: self.rank })
    }
}

/// Weights of the forms that are left; what dropped forms would have had is shared by all.
fn weights(shares: &[Option<u8>]) -> Vec<u32> {
    let given: u32 = shares.iter().flatten().map(|&percent| u32::from(percent)).sum();
    let open = u32::try_from(shares.iter().filter(|share| share.is_none()).count()).unwrap_or(0);
    if given == 0 || given + open > 100 {
        return equal_weights(shares.len());
    }
    // Without an open form the rest goes to all of them in proportion.
    let whole = if open == 0 { given } else { 100 };
    let mut weights: Vec<u32> = shares
        .iter()
        .map(|share| match share {
            Some(percent) => WEIGHT_TOTAL * u32::from(*percent) / whole,
            None => WEIGHT_TOTAL * (100 - given) / (100 * open),
        })
        .collect();
    let missing = WEIGHT_TOTAL - weights.iter().sum::<u32>();
    if let Some(first) = weights.first_mut() {
        *first += missing;
    }
    weights
}

/// The words right before and after a range.
struct Around<'t> {
    before: &'t str,
    after: &'t str,
}

impl<'t> Around<'t> {
    fn new(view: &View<'t>, range: &Range<usize>) -> Self {
        let text = view.analysis.document.text();
        let (before, after) = (&text[..range.start], &text[range.end..]);
        // One word is enough, also when it is glued to the range.
        let start = before
            .trim_end()
            .char_indices()
            .rev()
            .find(|(_, c)| c.is_whitespace())
            .map_or(0, |(at, c)| at + c.len_utf8());
        let stop = after.len() - after.trim_start().len();
        let end = after[stop..].find(char::is_whitespace).map_or(after.len(), |at| stop + at);
        Self { before: &before[start..], after: &after[..end] }
    }

    /// How many words stand twice in a row once `form` is written.
    fn doubles(&self, form: &str) -> usize {
        let text = format!("{}{form}{}", self.before, self.after).to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }
}

impl Proposal<'_> {
    /// Whether a variant would bring in a word the rest of the sentence already uses: "some argue …, others argue …".
    fn echoes(&self, view: &View<'_>, sentence: &Range<usize>, form: &str) -> bool {
        let fresh = |word: &str| {
            word.len() > 4 && word != "which" && !self.tokens.clone().any(|at| view.lower(at) == word)
        };
        form.split(' ').map(|word| word.trim_end_matches(',')).filter(|word| fresh(word)).any(|word| {
            (sentence.start..self.tokens.start)
                .chain(self.tokens.end..sentence.end)
                .any(|at| view.lower(at) == word)
        })
    }
}

/// Gives forms the capitals, article and spaces of their place; widens the range where that takes a neighbour in.
fn fit(
    view: &View<'_>,
    sentence: &Range<usize>,
    tokens: &Range<usize>,
    mut forms: Vec<String>,
    original: usize,
) -> Option<(Range<usize>, Vec<String>)> {
    let first = tokens.start;
    let mut range = view.bytes(tokens.clone());
    if tokens.clone().any(|at| view.shouts(at))
        || tokens.clone().skip(1).any(|at| view.capital(at) && view.lower(at) != "i")
        || touches(view, tokens)
    {
        return None;
    }
    let starts = starts_sentence(view, sentence, first);
    if view.capital(first) && view.lower(first) != "i" {
        if !starts {
            return None;
        }
        if forms.iter().any(String::is_empty) {
            let next = tokens.end;
            if next >= sentence.end || !view.is_word(next) || view.capital(next) {
                return None;
            }
            range.end = view.analysis.tokens[next].range.end;
            for form in &mut forms {
                let gap = if form.is_empty() { "" } else { " " };
                *form = capitalised(&format!("{form}{gap}{}", view.word(next)));
            }
        } else {
            forms = forms.iter().map(|form| capitalised(form)).collect();
        }
        return Some((range, forms));
    }
    if starts {
        // A sentence that starts in lower case is a fragment or a list item of the author's own making.
        return None;
    }
    let left = first - 1;
    let article = matches!(view.lower(left), "a" | "an") && view.spaced(first);
    // A capital behind a word of the same sentence is a label, "Annex A", and goes with no sound.
    let label = view.capital(left) && left > sentence.start && view.is_word(left - 1);
    if article && !label {
        let next = (tokens.end < sentence.end && view.is_word(tokens.end)).then(|| view.lower(tokens.end));
        let articles: Option<Vec<&str>> = forms
            .iter()
            .map(|form| form.split(' ').next().filter(|word| !word.is_empty()).or(next).map(article_for))
            .collect();
        let articles = articles?;
        if articles[original] != view.lower(left) {
            return None;
        }
        if articles.iter().any(|article| *article != articles[original]) {
            if forms.iter().any(String::is_empty) || view.shouts(left) {
                return None;
            }
            range.start = view.analysis.tokens[left].range.start;
            let capital = view.capital(left);
            for (form, article) in forms.iter_mut().zip(articles) {
                let whole = format!("{article} {form}");
                *form = if capital { capitalised(&whole) } else { whole };
            }
            return Some((range, forms));
        }
    }
    if forms.iter().any(String::is_empty) {
        if !view.spaced(first) {
            return None;
        }
        range.start = view.analysis.tokens[left].range.end;
        for form in &mut forms {
            if !form.is_empty() {
                form.insert(0, ' ');
            }
        }
    }
    Some((range, forms))
}

/// Whether a token is the first word of its sentence, quotation marks and brackets aside.
pub(super) fn starts_sentence(view: &View<'_>, sentence: &Range<usize>, at: usize) -> bool {
    (sentence.start..at).all(|before| view.is_mark(before) && !matches!(view.word(before), "," | ";" | ":"))
}

/// Whether the run is glued to a neighbour by a slash, a hyphen or another mark.
fn touches(view: &View<'_>, tokens: &Range<usize>) -> bool {
    let odd = |at: usize| {
        view.is_mark(at)
            && !matches!(
                view.word(at),
                "." | ","
                    | ";"
                    | ":"
                    | "!"
                    | "?"
                    | "("
                    | ")"
                    | "\""
                    | "“"
                    | "”"
                    | "‘"
                    | "’"
                    | "—"
                    | "–"
                    | "'"
                    | "…"
            )
    };
    let left = tokens.start > 0 && !view.spaced(tokens.start) && odd(tokens.start - 1);
    let right = view.analysis.tokens.get(tokens.end).is_some_and(|token| !token.spaced) && odd(tokens.end);
    left || right
}

/// The text with its first letter in upper case.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// "a" or "an" before a word.
pub(super) fn article_for(word: &str) -> &'static str {
    const VOWEL_SOUND: &[&str] = &["hour", "honest", "honour", "honor", "heir"];
    const CONSONANT_SOUND: &[&str] =
        &["uni", "use", "usu", "usa", "uti", "eu", "one", "once", "ubiq", "u.s", "u.k", "uk"];
    let consonant = CONSONANT_SOUND.iter().any(|start| word.starts_with(start))
        && !["unin", "unim", "unid"].iter().any(|start| word.starts_with(start));
    let vowel = VOWEL_SOUND.iter().any(|start| word.starts_with(start));
    let opens =
        word.starts_with(['a', 'e', 'i', 'o', 'u']) || word.starts_with('8') || word == "11" || word == "18";
    if vowel || (opens && !consonant) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_the_percentages_of_the_forms_that_are_left() {
        assert_eq!(weights(&[None, Some(25)]), [3 * WEIGHT_TOTAL / 4, WEIGHT_TOTAL / 4]);
        assert_eq!(weights(&[None, None, Some(50)]), [WEIGHT_TOTAL / 4, WEIGHT_TOTAL / 4, WEIGHT_TOTAL / 2]);
        // The open form was dropped: twenty and forty stand one to two.
        let [lesser, better] = weights(&[Some(20), Some(40)])[..] else { panic!("two weights") };
        assert!(better.abs_diff(2 * lesser) <= 3 && lesser + better == WEIGHT_TOTAL);
        assert_eq!(weights(&[None, None]), equal_weights(2));
        for shares in [vec![Some(33), None, None], vec![Some(1), Some(1), None, None, None]] {
            let weights = weights(&shares);
            assert!(weights.iter().sum::<u32>() == WEIGHT_TOTAL && weights.iter().all(|&weight| weight > 0));
        }
    }
}
