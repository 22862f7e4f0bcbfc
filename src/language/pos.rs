//! Which parts of speech a word can be.
//!
//! Sets, not one tag: a rule asks "can this be a finite verb" or "can this be anything but a noun" and stays away
//! where the answer is unclear. That is cheaper than a tagger and errs on the safe side.

use std::ops::BitOr;

use super::lexicon;

/// A set of parts of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PosSet(u32);

impl BitOr for PosSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl PosSet {
    /// No part of speech.
    pub(crate) const EMPTY: Self = Self(0);
    /// A singular or mass noun.
    pub(crate) const NOUN: Self = Self(1);
    /// A plural noun.
    pub(crate) const PLURAL: Self = Self(1 << 1);
    /// A noun for a person.
    pub(crate) const PERSON: Self = Self(1 << 2);
    /// A verb's base form.
    pub(crate) const BASE: Self = Self(1 << 3);
    /// A verb's form in -s.
    pub(crate) const S_FORM: Self = Self(1 << 4);
    /// A past tense.
    pub(crate) const PAST: Self = Self(1 << 5);
    /// A past participle.
    pub(crate) const PARTICIPLE: Self = Self(1 << 6);
    /// A form in -ing.
    pub(crate) const ING: Self = Self(1 << 7);
    /// An adjective.
    pub(crate) const ADJECTIVE: Self = Self(1 << 8);
    /// An adverb.
    pub(crate) const ADVERB: Self = Self(1 << 9);
    /// An article or other determiner.
    pub(crate) const DET: Self = Self(1 << 10);
    /// A possessive determiner.
    pub(crate) const POSSESSIVE: Self = Self(1 << 11);
    /// A pronoun that can be a subject.
    pub(crate) const SUBJECT: Self = Self(1 << 12);
    /// A pronoun that can be an object.
    pub(crate) const OBJECT: Self = Self(1 << 13);
    /// Any other pronoun.
    pub(crate) const PRONOUN: Self = Self(1 << 14);
    /// A preposition.
    pub(crate) const PREPOSITION: Self = Self(1 << 15);
    /// A co-ordinating conjunction.
    pub(crate) const CONJUNCTION: Self = Self(1 << 16);
    /// A subordinating conjunction.
    pub(crate) const SUBORDINATOR: Self = Self(1 << 17);
    /// A question word or relative.
    pub(crate) const WH: Self = Self(1 << 18);
    /// A modal verb.
    pub(crate) const MODAL: Self = Self(1 << 19);
    /// A form of "be".
    pub(crate) const BE: Self = Self(1 << 20);
    /// A form of "have".
    pub(crate) const HAVE: Self = Self(1 << 21);
    /// A form of "do".
    pub(crate) const DO: Self = Self(1 << 22);
    /// The word "to".
    pub(crate) const TO: Self = Self(1 << 23);
    /// A number word or figure.
    pub(crate) const NUMBER: Self = Self(1 << 24);
    /// A comparative.
    pub(crate) const COMPARATIVE: Self = Self(1 << 25);
    /// A superlative or ordinal-like word ("first", "only").
    pub(crate) const SUPERLATIVE: Self = Self(1 << 26);
    /// A negation.
    pub(crate) const NEGATION: Self = Self(1 << 27);
    /// Nothing is known: the word is not listed and its ending says nothing.
    pub(crate) const UNKNOWN: Self = Self(1 << 28);
    /// A form of "be", "have", "do" or a modal.
    pub(crate) const AUXILIARY: Self = Self(Self::MODAL.0 | Self::BE.0 | Self::HAVE.0 | Self::DO.0);
    /// A verb form that can carry a clause.
    pub(crate) const FINITE: Self = Self(Self::AUXILIARY.0 | Self::S_FORM.0 | Self::PAST.0 | Self::BASE.0);
    /// Any noun.
    pub(crate) const NOMINAL: Self = Self(Self::NOUN.0 | Self::PLURAL.0);
    /// What stands before a noun and starts its phrase.
    pub(crate) const DETERMINER: Self = Self(Self::DET.0 | Self::POSSESSIVE.0);

    /// The set with this name in rule files and word lists.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "noun" => Self::NOUN,
            "plural" => Self::PLURAL,
            "nominal" => Self::NOMINAL,
            "person" => Self::PERSON,
            "base" => Self::BASE,
            "sform" => Self::S_FORM,
            "past" => Self::PAST,
            "participle" => Self::PARTICIPLE,
            "ing" => Self::ING,
            "adjective" => Self::ADJECTIVE,
            "adverb" => Self::ADVERB,
            "det" => Self::DET,
            "possessive" => Self::POSSESSIVE,
            "subject" => Self::SUBJECT,
            "object" => Self::OBJECT,
            "pronoun" => Self::PRONOUN,
            "preposition" => Self::PREPOSITION,
            "conjunction" => Self::CONJUNCTION,
            "subordinator" => Self::SUBORDINATOR,
            "wh" => Self::WH,
            "modal" => Self::MODAL,
            "be" => Self::BE,
            "have" => Self::HAVE,
            "do" => Self::DO,
            "to" => Self::TO,
            "number" => Self::NUMBER,
            "comparative" => Self::COMPARATIVE,
            "superlative" => Self::SUPERLATIVE,
            "negation" => Self::NEGATION,
            "aux" => Self::AUXILIARY,
            "finite" => Self::FINITE,
            "unknown" => Self::UNKNOWN,
            _ => return None,
        })
    }

    /// Whether the two sets share a part of speech.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every part of speech of this set, which is not empty, is in `other`.
    pub(crate) fn within(self, other: Self) -> bool {
        self.0 != 0 && self.0 & !other.0 == 0
    }
}

/// What the word, in lower case with `'` for apostrophes, can be; never empty.
pub(crate) fn possible(word: &str) -> PosSet {
    let listed = lexicon::listed(word);
    let guessed = if listed == PosSet::EMPTY { by_suffix(word) } else { PosSet::EMPTY };
    listed | guessed
}

/// Endings of unlisted words, longest first, and what such words usually are.
const SUFFIXES: &[(&str, PosSet)] = &[
    ("ically", PosSet::ADVERB),
    ("tions", PosSet::PLURAL),
    ("ments", PosSet::PLURAL),
    ("ities", PosSet::PLURAL),
    ("nesses", PosSet::PLURAL),
    ("ances", PosSet::PLURAL),
    ("ences", PosSet::PLURAL),
    ("isms", PosSet::PLURAL),
    ("ists", PosSet(PosSet::PLURAL.0 | PosSet::PERSON.0)),
    ("ians", PosSet(PosSet::PLURAL.0 | PosSet::PERSON.0)),
    ("ers", PosSet(PosSet::PLURAL.0 | PosSet::PERSON.0)),
    ("ors", PosSet(PosSet::PLURAL.0 | PosSet::PERSON.0)),
    ("ants", PosSet(PosSet::PLURAL.0 | PosSet::PERSON.0)),
    ("tion", PosSet::NOUN),
    ("sion", PosSet::NOUN),
    ("ment", PosSet::NOUN),
    ("ness", PosSet::NOUN),
    ("ship", PosSet::NOUN),
    ("hood", PosSet::NOUN),
    ("ance", PosSet::NOUN),
    ("ence", PosSet::NOUN),
    ("ency", PosSet::NOUN),
    ("ancy", PosSet::NOUN),
    ("ology", PosSet::NOUN),
    ("ity", PosSet::NOUN),
    ("ism", PosSet::NOUN),
    ("ist", PosSet(PosSet::NOUN.0 | PosSet::PERSON.0)),
    ("ian", PosSet(PosSet::NOUN.0 | PosSet::PERSON.0 | PosSet::ADJECTIVE.0)),
    ("less", PosSet::ADJECTIVE),
    ("able", PosSet::ADJECTIVE),
    ("ible", PosSet::ADJECTIVE),
    ("ous", PosSet::ADJECTIVE),
    ("ful", PosSet::ADJECTIVE),
    ("ive", PosSet(PosSet::ADJECTIVE.0 | PosSet::NOUN.0)),
    ("ary", PosSet(PosSet::ADJECTIVE.0 | PosSet::NOUN.0)),
    ("ish", PosSet(PosSet::ADJECTIVE.0 | PosSet::BASE.0)),
    ("ic", PosSet(PosSet::ADJECTIVE.0 | PosSet::NOUN.0)),
    ("al", PosSet(PosSet::ADJECTIVE.0 | PosSet::NOUN.0)),
    ("ly", PosSet(PosSet::ADVERB.0)),
    ("ing", PosSet(PosSet::ING.0 | PosSet::NOUN.0 | PosSet::ADJECTIVE.0)),
    ("ed", PosSet(PosSet::PAST.0 | PosSet::PARTICIPLE.0 | PosSet::ADJECTIVE.0)),
    ("ize", PosSet::BASE),
    ("ise", PosSet(PosSet::BASE.0 | PosSet::NOUN.0)),
    ("ify", PosSet::BASE),
    ("izes", PosSet::S_FORM),
    ("ises", PosSet(PosSet::S_FORM.0 | PosSet::PLURAL.0)),
    ("ifies", PosSet::S_FORM),
    ("er", PosSet(PosSet::NOUN.0 | PosSet::PERSON.0 | PosSet::COMPARATIVE.0 | PosSet::ADJECTIVE.0)),
    ("or", PosSet(PosSet::NOUN.0 | PosSet::PERSON.0)),
    ("est", PosSet(PosSet::SUPERLATIVE.0 | PosSet::NOUN.0 | PosSet::ADJECTIVE.0)),
    ("ss", PosSet::NOUN),
    ("us", PosSet::NOUN),
    ("is", PosSet::NOUN),
    ("'s", PosSet(PosSet::POSSESSIVE.0)),
    ("s'", PosSet(PosSet::POSSESSIVE.0)),
    ("s", PosSet(PosSet::PLURAL.0 | PosSet::S_FORM.0)),
];

fn by_suffix(word: &str) -> PosSet {
    if word.starts_with(|c: char| c.is_numeric()) {
        return PosSet::NUMBER | PosSet::DET;
    }
    SUFFIXES
        .iter()
        .find(|(ending, _)| word.len() > ending.len() + 2 && word.ends_with(ending))
        .map_or(PosSet::NOUN | PosSet::ADJECTIVE | PosSet::BASE | PosSet::UNKNOWN, |&(_, pos)| pos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_common_words_can_be() {
        assert!(possible("committee").within(PosSet::NOUN));
        assert!(possible("agreed").meets(PosSet::PAST));
        assert!(possible("reports").meets(PosSet::PLURAL) && possible("reports").meets(PosSet::S_FORM));
        assert!(possible("minister").meets(PosSet::PERSON));
        assert!(possible("would").meets(PosSet::MODAL) && !possible("would").meets(PosSet::NOUN));
        assert!(possible("quickly").within(PosSet::ADVERB));
        assert!(possible("1,250").meets(PosSet::NUMBER));
        assert!(possible("glorbination").within(PosSet::NOUN));
    }
}
