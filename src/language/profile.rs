//! A document's own habits of style, measured before any class is switched on.
//!
//! Only unprotected prose counts: a quoted source or a heading has habits of its own. Every habit is a pair of counts,
//! so that a class can ask for consistency ("never the other form") as well as for a majority.

use std::collections::BTreeSet;
use std::ops::Range;

use super::list::{Series, series};
use super::protect::{is_number_word, is_unit};
use super::{Token, TokenKind};
use crate::item::Document;

/// How much more evidence one variety of English needs than the other.
const VARIETY_RATIO: u32 = 3;

/// The least evidence (in points; a spelling counts two, a habit one) for a variety.
const VARIETY_POINTS: u32 = 2;

/// A document's habits of style.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Words in prose blocks.
    pub words: usize,
    /// British or American spelling.
    pub variety: Variety,
    /// Verbs and nouns in -ize, -ization against those in -ise, -isation.
    pub ize: Habit,
    /// Typographic against straight apostrophes and quotation marks.
    pub curly: Habit,
    /// Quotations in double marks against those in single ones.
    pub double: Habit,
    /// How breaks of thought are written.
    pub dashes: Dashes,
    /// `…` against `...`.
    pub ellipsis: Habit,
    /// Series of three or more short items with a comma before the conjunction against those without.
    pub oxford: Habit,
    /// Contracted forms ("don't") against full ones ("do not").
    pub contractions: Habit,
    /// Counts from ten to a hundred in figures against those in words.
    pub figures: Habit,
    /// Counts below ten in figures against those in words.
    pub small_figures: Habit,
    /// How percentages are written.
    pub percent: Percent,
    /// Semicolons.
    pub semicolons: usize,
    /// `Mr.`, `Mrs.`, `Dr.` against `Mr`, `Mrs`, `Dr`.
    pub dotted_titles: Habit,
    /// `U.S.`, `U.K.`, `U.N.` against `US`, `UK`, `UN`.
    pub dotted_initials: Habit,
    /// Words with an inner hyphen, by number of tokens.
    pub hyphenated: usize,
}

/// How often a document has one form and the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// Occurrences of the form named first.
    pub first: usize,
    /// Occurrences of the form named second.
    pub second: usize,
}

/// British or American English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variety {
    /// Spelled as in Britain, Ireland, Australia, most international bodies.
    British,
    /// Spelled as in the United States.
    American,
    /// Too little to tell, or both.
    #[default]
    Unknown,
}

/// Occurrences of dashes between words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dashes {
    /// `word – word`.
    pub spaced_en: usize,
    /// `word — word`.
    pub spaced_em: usize,
    /// `word—word`.
    pub closed_em: usize,
    /// `word - word`.
    pub spaced_hyphen: usize,
    /// `word -- word` and `word--word`.
    pub double_hyphen: usize,
}

/// Occurrences of the ways to write percentages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percent {
    /// `12%` or `12 %`.
    pub sign: usize,
    /// `12 percent`.
    pub one_word: usize,
    /// `12 per cent`.
    pub two_words: usize,
}

impl Habit {
    /// Occurrences of either form.
    pub fn total(self) -> usize {
        self.first + self.second
    }

    /// Whether both forms occur.
    pub fn is_mixed(self) -> bool {
        self.first > 0 && self.second > 0
    }

    /// Whether the first form occurs and the second does not.
    pub fn is_first(self) -> bool {
        self.first > 0 && self.second == 0
    }

    /// The share of the first form, 0 where neither occurs.
    pub fn rate(self) -> f64 {
        let count = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
        if self.total() == 0 { 0.0 } else { count(self.first) / count(self.total()) }
    }

    fn add(&mut self, first: bool) {
        if first {
            self.first += 1;
        } else {
            self.second += 1;
        }
    }
}

impl Profile {
    /// Semicolons per 1,000 words.
    pub fn semicolons_per_thousand(&self) -> f64 {
        let count = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
        if self.words == 0 { 0.0 } else { 1000.0 * count(self.semicolons) / count(self.words) }
    }

    /// Whether the document mixes contracted and full forms by itself: at least two contracted, one full, and more
    /// than 15 % contracted. Only then may either be written for the other.
    pub fn mixes_contractions(&self) -> bool {
        self.contractions.first >= 2 && self.contractions.second >= 1 && self.contractions.rate() > 0.15
    }

    pub(super) fn measure(document: &Document, tokens: &[Token], protected: &[Range<usize>]) -> Self {
        let text = document.text();
        let mut profile = Self::default();
        let mut spelling = Spelling::default();
        let free = |token: &Token| {
            let next = protected.partition_point(|span| span.end <= token.range.start);
            protected.get(next).is_none_or(|span| span.start >= token.range.end)
        };
        profile.oxford = series(text, tokens, protected).iter().fold(Habit::default(), |mut habit, found| {
            habit.add(matches!(found, Series { comma: Some(_), .. }));
            habit
        });
        for (at, token) in tokens.iter().enumerate() {
            let raw = &text[token.range.clone()];
            profile.count_glyphs(text, tokens, at);
            if !free(token) {
                continue;
            }
            let next = |step: usize| tokens.get(at + step).map_or("", |token| token.lower.as_str());
            let glued = tokens.get(at + 1).is_some_and(|token| !token.spaced);
            if token.kind != TokenKind::Mark {
                profile.words += 1;
            }
            match token.lower.as_str() {
                ";" => profile.semicolons += 1,
                "mr" | "mrs" | "dr" | "ms" if raw.starts_with(char::is_uppercase) => {
                    profile.dotted_titles.add(glued && next(1) == ".");
                }
                "u" if raw == "U" && glued && next(1) == "." => profile.dotted_initials.add(true),
                "us" | "uk" | "un" if raw.chars().all(char::is_uppercase) => {
                    profile.dotted_initials.add(false);
                }
                "%" if at > 0 && tokens[at - 1].kind == TokenKind::Number => profile.percent.sign += 1,
                "percent" => profile.percent.one_word += 1,
                "per" if next(1) == "cent" => profile.percent.two_words += 1,
                _ => {}
            }
            profile.hyphenated += usize::from(token.kind == TokenKind::Word && raw.contains('-'));
            profile.count_contraction(token, next(1));
            profile.count_number(token, tokens.get(at + 1), text);
            if token.kind == TokenKind::Word && (token.lower == raw || !token.spaced) {
                spelling.add(&token.lower);
            }
        }
        profile.ize = spelling.ize;
        profile.variety = spelling.variety(&profile);
        profile
    }

    fn count_glyphs(&mut self, text: &str, tokens: &[Token], at: usize) {
        let token = &tokens[at];
        let raw = &text[token.range.clone()];
        let inner = |mark: char| raw.matches(mark).count();
        self.curly.first += inner('\u{2019}') + inner('\u{2018}') + inner('\u{201c}') + inner('\u{201d}');
        self.curly.second += inner('\'') + inner('"');
        let spaced = token.spaced;
        let spaced_after = tokens.get(at + 1).is_some_and(|next| next.spaced);
        let word =
            |i: Option<usize>| i.and_then(|i| tokens.get(i)).is_some_and(|t| t.kind != TokenKind::Mark);
        match raw {
            "\u{201c}" => self.double.add(true),
            "\u{2018}" if spaced => self.double.add(false),
            "\"" if spaced => self.double.add(true),
            "'" if spaced && !spaced_after => self.double.add(false),
            "\u{2026}" => self.ellipsis.add(true),
            "." if !spaced && followed_by(tokens, at, "..") && (at == 0 || tokens[at - 1].lower != ".") => {
                self.ellipsis.add(false);
            }
            "\u{2013}" if spaced && spaced_after => self.dashes.spaced_en += 1,
            "\u{2014}" if spaced && spaced_after => self.dashes.spaced_em += 1,
            "\u{2014}" if !spaced && !spaced_after && word(at.checked_sub(1)) => self.dashes.closed_em += 1,
            "-" if spaced && followed_by(tokens, at, "-") => self.dashes.double_hyphen += 1,
            "-" if spaced && spaced_after => self.dashes.spaced_hyphen += 1,
            _ => {}
        }
    }

    fn count_contraction(&mut self, token: &Token, next: &str) {
        const FULL: &[&str] =
            &["is", "are", "was", "were", "do", "does", "did", "has", "have", "had", "could", "would"];
        if token.lower.ends_with("n't") || token.lower.ends_with("'re") || token.lower.ends_with("'ve") {
            self.contractions.add(true);
        } else if (FULL.contains(&token.lower.as_str()) && next == "not")
            || token.lower == "cannot"
            || (matches!(token.lower.as_str(), "we" | "they" | "you") && matches!(next, "are" | "have"))
        {
            self.contractions.add(false);
        }
    }

    fn count_number(&mut self, token: &Token, next: Option<&Token>, text: &str) {
        let counted = next.is_some_and(|next| {
            next.kind == TokenKind::Word
                && next.spaced
                && !is_unit(&next.lower)
                && text[next.range.clone()].starts_with(char::is_lowercase)
        });
        if !counted {
            return;
        }
        if token.kind == TokenKind::Number {
            match token.lower.parse::<u32>() {
                Ok(2..=9) => self.small_figures.add(true),
                Ok(10..=100) => self.figures.add(true),
                _ => {}
            }
        } else if is_number_word(&token.lower) {
            match token.lower.as_str() {
                "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" => {
                    self.small_figures.add(false);
                }
                "ten" | "eleven" | "twelve" => self.figures.add(false),
                word if word.ends_with("teen") || word.contains("ty") => self.figures.add(false),
                _ => {}
            }
        }
    }
}

/// Whether the tokens right after `at` are these marks, each glued to the one before.
fn followed_by(tokens: &[Token], at: usize, marks: &str) -> bool {
    marks.chars().zip(at + 1..).all(|(mark, next)| {
        tokens.get(next).is_some_and(|token| !token.spaced && token.lower.chars().eq([mark]))
    })
}

/// Evidence of a variety, by spelling.
#[derive(Default)]
struct Spelling<'t> {
    british: u32,
    american: u32,
    ize: Habit,
    stems: Vec<&'static str>,
    /// The words seen so far.
    words: BTreeSet<&'t str>,
}

/// Stems that are spelled so in one variety alone. A stem matches as a prefix; each counts once a document, so that a
/// favourite word does not decide.
#[rustfmt::skip]
const BRITISH: &[&str] = &[
    "colour", "favour", "labour", "harbour", "neighbour", "honour", "behaviour", "rumour", "vigour",
    "endeavour", "humour", "savour", "armour", "parlour", "centre", "theatre", "fibre", "calibre",
    "manoeuvre", "sombre", "defence", "offence", "pretence", "travell", "cancell", "labell", "modell",
    "signall", "fuell", "counsell", "marvell", "analys", "paralys", "catalys", "programme", "cheque",
    "grey", "aluminium", "tyre", "plough", "sceptic", "whilst", "amongst", "learnt", "spelt", "kerb",
    "pyjamas", "jewellery", "enrol ", "fulfil ", "instalment", "skilful", "wilful", "ageing", "storey",
    "draught", "mould", "moult", "cosy", "aeroplane", "archaeolog", "paediatric", "anaesthe", "haemo",
    "oestro", "foetus", "encyclopaedia", "tonne", "licence", "licens", "practis", "metre", "litre",
    "kilometre", "organisation", "recognis", "realis", "organis", "authoris", "criticis", "emphasis",
    "apologis", "prioritis",
];

#[rustfmt::skip]
const AMERICAN: &[&str] = &[
    "color", "favor", "labor", "harbor", "neighbor", "honor", "behavior", "rumor", "vigor", "endeavor",
    "humor", "savor", "armor", "parlor", "center", "theater", "fiber", "caliber", "maneuver", "somber",
    "defense", "offense", "pretense", "traveled", "traveler", "traveling", "canceled", "canceling",
    "labeled", "labeling", "modeled", "modeling", "signaled", "signaling", "fueled", "fueling", "counselor",
    "marvelous", "analyz", "paralyz", "catalyz", "gray", "aluminum", "plow", "skeptic", "jewelry",
    "installment", "skillful", "willful", "aging", "mold", "cozy", "airplane", "archeolog", "pediatric",
    "anesthe", "hemo", "fetus", "gotten", "meter", "liter", "kilometer", "toward ", "afterward ", "enroll ",
    "fulfill ",
];

/// Words that begin like a stem and are not of it.
#[rustfmt::skip]
const NOT_SPELLINGS: &[&str] = &[
    "analysis", "analyst", "analysts", "emphasis", "laboratory", "laboratories", "laborious", "humorous",
    "honorary", "vigorous", "rumored", "favorite", "colorado", "metered", "moldova", "programmed",
    "realism", "realist", "realistic", "realists", "organism", "organisms", "paralysis", "catalyst",
    "catalysis", "coloration", "literal", "literally", "literary", "literature", "literate", "literacy",
    "centered", "centering", "armory", "greyhound", "licensed", "license", "licenses", "licensing",
    "elaborate", "meteor", "meteorite", "meteorology", "agingly", "modelled", "criticism", "criticisms",
    "cosmetic", "laborator", "honorarium", "honorable",
];

impl<'t> Spelling<'t> {
    fn add(&mut self, word: &'t str) {
        if let Some(ize) = super::verbs::ize(word) {
            self.ize.add(ize);
        }
        if word.len() < 4 || !self.words.insert(word) {
            return;
        }
        if NOT_SPELLINGS.contains(&word)
            && !matches!(word, "rumored" | "favorite" | "centered" | "centering" | "modelled")
        {
            return;
        }
        for (stems, british) in [(BRITISH, true), (AMERICAN, false)] {
            // A stem with a space at its end is the whole word.
            let found = stems.iter().find(|stem| match stem.strip_suffix(' ') {
                Some(whole) => word == whole,
                None => word.starts_with(*stem),
            });
            let Some(stem) = found else { continue };
            if british && Self::american_too(word) {
                continue;
            }
            if !self.stems.contains(stem) {
                self.stems.push(stem);
                *(if british { &mut self.british } else { &mut self.american }) += 2;
            }
        }
    }

    /// Words that a British stem matches and Americans write as well.
    fn american_too(word: &str) -> bool {
        matches!(word, "analyst" | "analysts" | "skeptic" | "programmer" | "programmers" | "programming")
    }

    fn variety(&self, profile: &Profile) -> Variety {
        let habits = |british: bool| u32::from(british);
        let british = self.british
            + habits(profile.percent.two_words > 0)
            + habits(profile.ize.second > 1)
            + habits(profile.dotted_titles.second > 1 && profile.dotted_titles.first == 0);
        let american = self.american
            + habits(profile.percent.one_word > 0)
            + habits(profile.dotted_titles.first > 1 && profile.dotted_titles.second == 0)
            + habits(self.british == 0 && profile.ize.first > 1 && profile.ize.second == 0);
        if british >= VARIETY_POINTS && british >= VARIETY_RATIO * american {
            Variety::British
        } else if american >= VARIETY_POINTS && american >= VARIETY_RATIO * british {
            Variety::American
        } else {
            Variety::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Format;
    use crate::language::Analysis;

    fn profile(text: &str) -> Profile {
        Analysis::new(&Document::read(Format::Text, text.as_bytes()).unwrap()).profile
    }

    #[test]
    fn tells_british_from_american_spelling() {
        let british = "The harbour authority centred its defence on the colour of the analysis.";
        let american = "The harbor authority centered its defense on the color of the analysis.";
        assert_eq!(profile(british).variety, Variety::British);
        assert_eq!(profile(american).variety, Variety::American);
        assert_eq!(profile(&format!("{british} {american}")).variety, Variety::Unknown);
        assert_eq!(
            profile("The literature and the laboratory agree on the emphasis.").variety,
            Variety::Unknown
        );
    }

    #[test]
    fn counts_habits_in_pairs() {
        let found = profile(
            "It doesn\u{2019}t matter \u{2013} or so they say \u{2013} that 12 per cent of them can't. We don't know; we do \
             not ask; Mr Hale and Dr Orr of the U.S. mission saw twelve ships and 14 crews.",
        );
        assert_eq!(found.contractions, Habit { first: 3, second: 1 });
        assert!(found.mixes_contractions());
        assert_eq!(found.curly, Habit { first: 1, second: 2 });
        assert_eq!(found.dashes.spaced_en, 2);
        assert_eq!(found.percent, Percent { two_words: 1, ..Percent::default() });
        assert_eq!(found.figures, Habit { first: 1, second: 1 });
        assert_eq!(found.dotted_titles, Habit { first: 0, second: 2 });
        assert_eq!(found.dotted_initials, Habit { first: 1, second: 0 });
        assert_eq!(found.semicolons, 2);
    }

    #[test]
    fn measures_whole_texts() {
        let british = profile(include_str!("../../fixtures/prose/ferry.txt"));
        let american = profile(include_str!("../../fixtures/prose/grain.txt"));
        assert_eq!((british.variety, american.variety), (Variety::British, Variety::American));
        assert_eq!((british.oxford.first > 0, american.oxford.second > 0), (false, false));
        assert!(british.mixes_contractions() && american.mixes_contractions());
    }

    #[test]
    fn quotations_do_not_count() {
        let found = profile(
            "Everybody agreed. \u{201c}We don't colour it, we can't, we won't; never,\u{201d} said the clerk.",
        );
        assert_eq!(found.contractions, Habit::default());
        assert_eq!((found.semicolons, found.variety), (0, Variety::Unknown));
    }
}
