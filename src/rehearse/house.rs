//! Invented newspapers and offices with a house style of their own.
//!
//! Each has a list of what its editors write for what (`house/*.style`, with the public style guides that state such
//! directions named in it), acts on each preference in some places and not in others, and shortens or splits a
//! sentence here and there as every editor does. The lists say what guides say, not what the channels offer: many
//! lines meet no site, and many sites no line.

use std::collections::BTreeMap;

use super::Random;
use super::desk::{
    Variety, Word, capitalise, defines, figures, opens_clause, serial_commas, spell, starts_upper,
};

/// A desk with a name and a style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct House {
    /// What tables call it.
    pub name: &'static str,
    variety: Variety,
    style: &'static str,
    /// Of a hundred places: "which" that defines becomes "that".
    which: u32,
    /// Of a hundred places: "that" goes after a verb of saying, or comes.
    that: (u32, u32),
    /// Of a hundred sentences, how many are rewritten in part.
    rewritten: u32,
    /// Whether numbers and lists follow newspaper style.
    figures: bool,
}

impl House {
    /// A British newspaper.
    pub const BROADSHEET: Self = Self {
        name: "British newspaper",
        variety: Variety::British,
        style: include_str!("house/broadsheet.style"),
        which: 40,
        that: (15, 25),
        rewritten: 12,
        figures: true,
    };

    /// An American news agency.
    pub const AGENCY: Self = Self {
        name: "American agency",
        variety: Variety::American,
        style: include_str!("house/agency.style"),
        which: 85,
        that: (50, 5),
        rewritten: 15,
        figures: true,
    };

    /// A government editor of plain English.
    pub const PLAIN: Self = Self {
        name: "plain-English editor",
        variety: Variety::British,
        style: include_str!("house/plain.style"),
        which: 70,
        that: (35, 5),
        rewritten: 20,
        figures: false,
    };

    /// All of them.
    pub const ALL: [Self; 3] = [Self::BROADSHEET, Self::AGENCY, Self::PLAIN];

    /// The text as this desk prints it.
    pub fn edit(&self, text: &str, random: &mut Random) -> String {
        let straight = super::retype::plain(text);
        let rewritten: String =
            super::sentences(&straight).into_iter().map(|sentence| self.rewrite(sentence, random)).collect();
        let mut words: Vec<Word> = rewritten.split_inclusive([' ', '\n']).map(Word::new).collect();
        self.prefer(&mut words, random);
        for word in &mut words {
            word.core = spell(&word.core, self.variety);
        }
        if self.figures {
            figures(&mut words);
            serial_commas(&mut words);
        }
        words.iter().map(Word::text).collect()
    }

    /// Free rewriting of one sentence, white space after it included: an opener, an aside or an adverb goes, or a
    /// sentence of two clauses becomes two.
    fn rewrite(&self, sentence: &str, random: &mut Random) -> String {
        let chance = |of: u32, random: &mut Random| random.chance(f64::from(of) / 100.0);
        if !chance(self.rewritten, random) {
            return sentence.to_owned();
        }
        match random.below(4) {
            0 => without_opener(sentence),
            1 => without_aside(sentence),
            2 => without_adverb(sentence),
            _ => in_two(sentence),
        }
        .unwrap_or_else(|| sentence.to_owned())
    }

    /// Acts on the preferences of the list, and on "which" and "that".
    fn prefer(&self, words: &mut Vec<Word>, random: &mut Random) {
        let chance = |of: u32, random: &mut Random| random.chance(f64::from(of) / 100.0);
        let mut by_first: BTreeMap<&str, Vec<Preference>> = BTreeMap::new();
        for preference in preferences(self.style) {
            by_first.entry(preference.from[0]).or_default().push(preference);
        }
        let mut at = 0;
        while at < words.len() {
            let lower = words[at].core.to_lowercase();
            if lower == "which" && defines(words, at) {
                if chance(self.which, random) {
                    "that".clone_into(&mut words[at].core);
                }
            } else if matches!(lower.as_str(), "said" | "says" | "told") && words[at].runs_on() {
                if words.get(at + 1).is_some_and(|next| next.is("that") && next.runs_on()) {
                    if chance(self.that.0, random) {
                        words.remove(at + 1);
                    }
                } else if lower != "told" && opens_clause(words.get(at + 1)) && chance(self.that.1, random) {
                    words[at].core.push_str(" that");
                }
            } else if let Some(preference) = by_first
                .get(lower.as_str())
                .into_iter()
                .flatten()
                .filter(|preference| preference.stands(&words[at..]))
                .max_by_key(|preference| preference.from.len())
                && chance(preference.rate, random)
            {
                preference.apply(words, at);
            }
            at += 1;
        }
    }
}

/// A line of a style.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Preference {
    from: Vec<&'static str>,
    to: &'static str,
    /// Of a hundred places.
    rate: u32,
}

/// The lines of a style; comments and what cannot be read are left out.
fn preferences(style: &'static str) -> Vec<Preference> {
    style.lines().filter(|line| !line.starts_with('#')).filter_map(Preference::parse).collect()
}

impl Preference {
    /// `from > to @rate`
    fn parse(line: &'static str) -> Option<Self> {
        let (pair, rate) = line.rsplit_once('@')?;
        let (from, to) = pair.split_once('>')?;
        let from: Vec<&str> = from.split_whitespace().collect();
        (!from.is_empty()).then_some(())?;
        Some(Self { from, to: to.trim(), rate: rate.trim().parse().ok().filter(|rate| *rate <= 100)? })
    }

    /// Whether the words begin with its phrase.
    fn stands(&self, words: &[Word]) -> bool {
        let length = self.from.len();
        words.get(..length).is_some_and(|run| {
            run.iter().zip(&self.from).all(|(word, part)| word.is(part.trim_end_matches(',')))
                && run[1..].iter().all(|word| word.before.is_empty())
                && run[..length - 1].iter().all(Word::runs_on)
                && (!self.from[length - 1].ends_with(',') || run[length - 1].after == ",")
        })
    }

    fn apply(&self, words: &mut Vec<Word>, at: usize) {
        let last = at + self.from.len() - 1;
        let upper = starts_upper(&words[at].core);
        let (after, space) = (words[last].after.clone(), words[last].space.clone());
        words.drain(at + 1..=last);
        if self.to.is_empty() {
            // What is left out leaves its marks to the word before it, a capital to the one behind.
            let gone = words.remove(at);
            if let Some(previous) = at.checked_sub(1).and_then(|before| words.get_mut(before)) {
                if !after.is_empty() && after != "," && previous.after.is_empty() {
                    previous.after = after;
                }
                if space.contains('\n') {
                    previous.space = space;
                }
            }
            if let Some(next) = words.get_mut(at) {
                next.before.insert_str(0, &gone.before);
                if upper {
                    next.core = capitalise(&next.core);
                }
            }
            return;
        }
        words[at].core = if upper { capitalise(self.to) } else { self.to.to_owned() };
        words[at].after = after;
        words[at].space = space;
    }
}

/// "However, the port closed." without its first word.
fn without_opener(sentence: &str) -> Option<String> {
    const OPENERS: &[&str] = &[
        "However, ",
        "Meanwhile, ",
        "Moreover, ",
        "In addition, ",
        "Indeed, ",
        "Of course, ",
        "In fact, ",
        "Nevertheless, ",
        "But ",
        "And ",
        "Yet ",
        "So ",
        "Still, ",
        "Overall, ",
    ];
    OPENERS.iter().find_map(|opener| sentence.strip_prefix(opener)).map(capitalise)
}

/// "The port, which was old, closed." without what stands between the commas.
fn without_aside(sentence: &str) -> Option<String> {
    let start = sentence.find(", which ").or_else(|| sentence.find(", who "))?;
    let end = start + 2 + sentence[start + 2..].find(", ")?;
    let rest = &sentence[end + 1..];
    (!rest.trim_start().starts_with("and ")).then(|| format!("{}{rest}", &sentence[..start]))
}

/// Without the first word in "-ly" or of degree inside the sentence.
fn without_adverb(sentence: &str) -> Option<String> {
    const DEGREE: &[&str] = &["very", "quite", "rather", "also", "still", "even", "just", "already"];
    let adverb = |word: &str| {
        DEGREE.contains(&word)
            || (word.len() > 5 && word.ends_with("ly") && word.bytes().all(|b| b.is_ascii_lowercase()))
    };
    let mut gone = false;
    let kept: String = sentence
        .split_inclusive(' ')
        .filter(|word| {
            let drop = !gone && word.ends_with(' ') && adverb(word.trim_end());
            gone |= drop;
            !drop
        })
        .collect();
    gone.then_some(kept)
}

/// "…, and the …" as two sentences.
fn in_two(sentence: &str) -> Option<String> {
    let at = ["and the ", "and it ", "and they ", "but the ", "but it ", "and he ", "and she "]
        .iter()
        .find_map(|opener| sentence.find(&format!(", {opener}")))?;
    let second = sentence[at + 2..].strip_prefix("and ").unwrap_or(&sentence[at + 2..]);
    Some(format!("{}. {}", &sentence[..at], capitalise(second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_every_style_is_read() {
        for house in House::ALL {
            let lines = house.style.lines().filter(|line| !line.starts_with('#')).count();
            assert_eq!(preferences(house.style).len(), lines, "{}", house.name);
            assert!(lines > 60, "{}", house.name);
        }
    }

    #[test]
    fn preferences_run_one_way_and_keep_marks_and_capitals() {
        let only = |line: &'static str, text: &str| {
            let house = House { style: line, rewritten: 0, figures: false, ..House::BROADSHEET };
            house.edit(text, &mut Random::new(1))
        };
        assert_eq!(
            only("prior to > before @100", "Prior to May (prior to it), before."),
            "Before May (before it), before."
        );
        assert_eq!(only("prior to > before @100", "It was prior, to us."), "It was prior, to us.");
        assert_eq!(
            only("a total of > @100", "He saw a total of 40. A total of 9 left."),
            "He saw 40. 9 left."
        );
        assert_eq!(only("upon > on @0", "upon"), "upon");
        assert_eq!(
            only("as a result, > so @100", "As a result, it shut. As a result of it."),
            "So, it shut. As a result of it."
        );
    }

    #[test]
    fn desks_differ_and_repeat_themselves() {
        let text = "However, the plant, which was old, was commenced prior to May, and the town said that it \
                    was approximately large. It utilised upon towards.\n\nIn addition, they purchased it.";
        for house in House::ALL {
            let edit = |seed| house.edit(text, &mut Random::new(seed));
            assert_eq!(edit(4), edit(4));
            assert!((0..20).any(|seed| edit(seed) != edit(4)), "{}", house.name);
            assert!((0..40).all(|seed| edit(seed).contains("\n\n")), "{}", house.name);
        }
        let edit = |house: House| house.edit("They left towards noon.", &mut Random::new(2));
        assert_eq!(edit(House::AGENCY), "They left toward noon.");
        assert_eq!(edit(House::BROADSHEET), "They left towards noon.");
    }

    #[test]
    fn rewriting_keeps_sentences_whole() {
        assert_eq!(without_opener("However, it rained. ").as_deref(), Some("It rained. "));
        assert_eq!(without_aside("The port, which was old, closed. ").as_deref(), Some("The port closed. "));
        assert_eq!(
            without_adverb("It was very old and quickly closed. ").as_deref(),
            Some("It was old and quickly closed. ")
        );
        assert_eq!(
            in_two("It rained, and the port closed. ").as_deref(),
            Some("It rained. The port closed. ")
        );
        assert_eq!(in_two("It rained."), None);
    }
}
