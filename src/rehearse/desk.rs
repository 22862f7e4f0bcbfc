//! A newspaper's desk: house style applied to a text from front to back.
//!
//! The rules are those that the style books of English-language newspapers share: figures, titles, spelling, plain
//! words for long ones, no comma before the last "and". They run one way only; a desk does not put "upon" where the
//! author wrote "on".

use super::Random;
use crate::language::cardinal::{SMALL as NUMBERS, TENS};

/// Whose spelling the desk follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variety {
    /// "towards", "organise", "colour".
    British,
    /// "toward", "organize", "color".
    American,
}

/// The text in the house style of a desk whose variety of English is drawn.
pub fn desk(text: &str, random: &mut Random) -> String {
    let variety = if random.chance(0.5) { Variety::British } else { Variety::American };
    desk_in(text, variety, random)
}

/// The text in the house style of a desk that writes `variety`.
pub fn desk_in(text: &str, variety: Variety, random: &mut Random) -> String {
    let straight = super::retype::plain(text);
    let mut words: Vec<Word> = straight.split_inclusive([' ', '\n']).map(Word::new).collect();
    phrases(&mut words, random);
    for word in &mut words {
        word.core = spell(&word.core, variety);
    }
    figures(&mut words);
    serial_commas(&mut words);
    words.iter().map(Word::text).collect()
}

/// A word with the marks around it and the white space after it.
pub(super) struct Word {
    pub(super) before: String,
    pub(super) core: String,
    pub(super) after: String,
    pub(super) space: String,
}

impl Word {
    pub(super) fn new(piece: &str) -> Self {
        let word = piece.trim_end();
        let core = word.trim_start_matches(|c: char| !c.is_alphanumeric() && !"$#@&".contains(c));
        let before = &word[..word.len() - core.len()];
        let kept = core.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
        Self {
            before: before.to_owned(),
            core: kept.to_owned(),
            after: core[kept.len()..].to_owned(),
            space: piece[word.len()..].to_owned(),
        }
    }

    pub(super) fn text(&self) -> String {
        [&self.before, &self.core, &self.after, &self.space].map(String::as_str).concat()
    }

    /// Whether the next word belongs to the same phrase: one space between, no mark.
    pub(super) fn runs_on(&self) -> bool {
        self.after.is_empty() && self.space == " "
    }

    pub(super) fn is(&self, lower: &str) -> bool {
        self.core.to_lowercase() == lower
    }
}

/// What an editor writes (second) for a phrase (first); the third says how often, of 100 places.
const PHRASES: &[(&str, &str, u32)] = &[
    // Plain words.
    ("upon", "on", 100),
    ("prior to", "before", 100),
    ("in order to", "to", 100),
    ("owing to", "because of", 100),
    ("due to the fact that", "because", 100),
    ("in spite of the fact that", "although", 100),
    ("on account of", "because of", 100),
    ("whilst", "while", 100),
    ("amongst", "among", 100),
    ("amidst", "amid", 100),
    ("with regard to", "about", 100),
    ("with respect to", "about", 80),
    ("in relation to", "about", 80),
    ("regarding", "about", 80),
    ("concerning", "about", 60),
    ("as regards", "on", 100),
    ("in the event that", "if", 100),
    ("at this point in time", "now", 100),
    ("at the present time", "now", 100),
    ("at present", "now", 60),
    ("in the near future", "soon", 100),
    ("on a regular basis", "regularly", 100),
    ("on a daily basis", "daily", 100),
    ("a large number of", "many", 100),
    ("the majority of", "most", 80),
    ("a majority of", "most", 80),
    ("approximately", "about", 100),
    ("sufficient", "enough", 80),
    ("additional", "more", 60),
    ("numerous", "many", 100),
    ("commence", "start", 100),
    ("commenced", "started", 100),
    ("commencing", "starting", 100),
    ("purchase", "buy", 60),
    ("purchased", "bought", 100),
    ("purchasing", "buying", 60),
    ("utilise", "use", 100),
    ("utilize", "use", 100),
    ("utilised", "used", 100),
    ("utilized", "used", 100),
    ("assist", "help", 100),
    ("assisted", "helped", 100),
    ("attempted to", "tried to", 100),
    ("attempt to", "try to", 60),
    ("endeavour to", "try to", 100),
    ("obtain", "get", 60),
    ("obtained", "got", 40),
    ("demonstrate", "show", 100),
    ("demonstrates", "shows", 100),
    ("demonstrated", "showed", 60),
    ("require", "need", 60),
    ("requires", "needs", 60),
    ("permit", "allow", 60),
    ("permitted", "allowed", 60),
    ("terminate", "end", 100),
    ("terminated", "ended", 100),
    ("subsequently", "later", 100),
    ("subsequent to", "after", 100),
    ("following", "after", 20),
    ("nevertheless", "still", 60),
    ("nonetheless", "still", 60),
    ("furthermore", "also", 60),
    ("thus", "so", 60),
    ("consequently", "so", 60),
    ("in addition to", "besides", 60),
    ("as well as", "and", 40),
    ("individuals", "people", 100),
    ("persons", "people", 100),
    ("residence", "home", 80),
    ("is able to", "can", 100),
    ("are able to", "can", 100),
    ("was able to", "could", 80),
    ("were able to", "could", 80),
    ("has the ability to", "can", 100),
    // Half the time: "which" that defines becomes "that", "that" after a verb of saying comes or goes.
    ("said that", "said", 50),
    ("says that", "says", 50),
    ("told reporters that", "told reporters", 50),
    // Contractions written out.
    ("don't", "do not", 100),
    ("doesn't", "does not", 100),
    ("didn't", "did not", 100),
    ("isn't", "is not", 100),
    ("aren't", "are not", 100),
    ("wasn't", "was not", 100),
    ("weren't", "were not", 100),
    ("can't", "cannot", 100),
    ("couldn't", "could not", 100),
    ("won't", "will not", 100),
    ("wouldn't", "would not", 100),
    ("shouldn't", "should not", 100),
    ("hasn't", "has not", 100),
    ("haven't", "have not", 100),
    ("hadn't", "had not", 100),
    ("it's", "it is", 90),
    ("that's", "that is", 90),
    ("there's", "there is", 90),
    ("they're", "they are", 100),
    ("we're", "we are", 100),
    ("i'm", "I am", 100),
    ("they've", "they have", 100),
    ("we've", "we have", 100),
    ("they'll", "they will", 100),
    ("we'll", "we will", 100),
    // Country names without points.
    ("u.s", "US", 100),
    ("u.k", "UK", 100),
    ("u.n", "UN", 100),
];

/// Replaces phrases and the words that depend on their neighbours.
fn phrases(words: &mut Vec<Word>, random: &mut Random) {
    let mut at = 0;
    while at < words.len() {
        if words[at].is("which") && defines(words, at) && random.chance(0.5) {
            "that".clone_into(&mut words[at].core);
        } else if words[at].is("said")
            && words[at].runs_on()
            && opens_clause(words.get(at + 1))
            && random.chance(0.3)
        {
            words[at].core.push_str(" that");
        } else if ["mr", "mrs", "ms", "dr", "prof"].iter().any(|title| words[at].is(title))
            && words[at].after == "."
        {
            words[at].after.clear();
        } else if let Some((length, to)) = phrase_at(words, at, random) {
            let last = at + length - 1;
            let (after, space) = (words[last].after.clone(), words[last].space.clone());
            words.drain(at + 1..=last);
            let point = to.len() == 2 && to.starts_with(char::is_uppercase);
            words[at].core = if starts_upper(&words[at].core) { capitalise(to) } else { to.to_owned() };
            words[at].after = if point { after.replacen('.', "", 1) } else { after };
            words[at].space = space;
        }
        at += 1;
    }
}

/// The phrase that begins at a word, when the editor acts on it: its length in words and what is written instead.
fn phrase_at(words: &[Word], at: usize, random: &mut Random) -> Option<(usize, &'static str)> {
    let (length, to, rate) = PHRASES
        .iter()
        .filter_map(|&(from, to, rate)| {
            let length = from.split(' ').count();
            let run = words.get(at..at + length)?;
            let joined =
                run[..length - 1].iter().all(Word::runs_on) && run[1..].iter().all(|w| w.before.is_empty());
            (joined && run.iter().zip(from.split(' ')).all(|(word, part)| word.is(part)))
                .then_some((length, to, rate))
        })
        .max_by_key(|(length, ..)| *length)?;
    random.chance(f64::from(rate) / 100.0).then_some((length, to))
}

/// Whether "which" at this word defines what stands before it: no comma and no preposition before, and not a question.
pub(super) fn defines(words: &[Word], at: usize) -> bool {
    const NOT_AFTER: &[&str] = &[
        "in", "of", "for", "to", "from", "on", "by", "at", "with", "about", "under", "over", "into",
        "through", "upon", "after", "before", "and", "or", "but", "know", "knew", "say", "decide", "decided",
        "see", "ask", "asked",
    ];
    at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| {
        word.runs_on() && !word.core.is_empty() && !NOT_AFTER.iter().any(|stop| word.is(stop))
    })
}

/// Whether a word opens a clause: then "that" may stand before it.
pub(super) fn opens_clause(word: Option<&Word>) -> bool {
    const OPENERS: &[&str] = &[
        "the", "it", "he", "she", "they", "we", "there", "this", "these", "those", "its", "their", "that",
        "when", "who",
    ];
    word.is_some_and(|word| word.before.is_empty() && OPENERS.iter().any(|opener| word.is(opener)))
}

/// Words that stay after a figure: measures, parts of dates.
const UNITS: &[&str] = &[
    "%",
    "am",
    "pm",
    "km",
    "kg",
    "mm",
    "cm",
    "m",
    "mph",
    "million",
    "billion",
    "trillion",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// One to nine in words, from 10 on in figures; "%" for "per cent" and "percent".
pub(super) fn figures(words: &mut Vec<Word>) {
    let mut at = 0;
    while at < words.len() {
        let per_cent = words[at].is("percent")
            || (words[at].is("per")
                && words[at].runs_on()
                && words.get(at + 1).is_some_and(|next| next.is("cent")));
        if per_cent
            && at > 0
            && words[at - 1].runs_on()
            && let Some(figure) = figure_of(&words[at - 1].core)
        {
            let last = if words[at].is("per") { at + 1 } else { at };
            let (after, space) = (words[last].after.clone(), words[last].space.clone());
            words[at - 1].core = format!("{figure}%");
            words[at - 1].after = after;
            words[at - 1].space = space;
            words.drain(at..=last);
            continue;
        }
        let starts = at == 0
            || words[at - 1].after.ends_with(['.', '!', '?', ':'])
            || words[at - 1].space.contains('\n');
        let beside_unit = words[at].runs_on()
            && words
                .get(at + 1)
                .is_some_and(|next| UNITS.iter().any(|unit| next.is(unit)) || is_figure(&next.core));
        // "Section 4", "May 3": a figure that belongs to a name.
        let named = at > 0
            && words[at - 1].runs_on()
            && (starts_upper(&words[at - 1].core)
                || is_figure(&words[at - 1].core)
                || words[at - 1].is("no"));
        if !starts && !beside_unit && !named && words[at].before.is_empty() {
            let core = &words[at].core;
            if let Some(value) = spelled(core).filter(|value| *value >= 10) {
                words[at].core = value.to_string();
            } else if let [digit @ b'1'..=b'9'] = core.as_bytes() {
                NUMBERS[usize::from(digit - b'0')].clone_into(&mut words[at].core);
            }
        }
        at += 1;
    }
}

fn figure_of(word: &str) -> Option<String> {
    if is_figure(word) { Some(word.to_owned()) } else { spelled(word).map(|value| value.to_string()) }
}

fn is_figure(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.ends_with(|c: char| c.is_ascii_digit())
}

/// The value of a number word up to ninety-nine.
fn spelled(word: &str) -> Option<usize> {
    let lower = word.to_lowercase();
    let ten = |part: &str| TENS.iter().position(|&name| name == part).map(|i| (i + 2) * 10);
    match lower.split_once('-') {
        Some((first, second)) => {
            let unit = NUMBERS[1..10].iter().position(|&name| name == second)?;
            Some(ten(first)? + unit + 1)
        }
        None => NUMBERS.iter().position(|&name| name == lower).or_else(|| ten(&lower)),
    }
}

/// Takes out the comma before the last "and" or "or" of a list: "a, b, and c" becomes "a, b and c".
pub(super) fn serial_commas(words: &mut [Word]) {
    /// How many words back the comma before may stand for the three parts to be a list.
    const PART_MAX: usize = 5;
    for at in 1..words.len() {
        let serial = (words[at].is("and") || words[at].is("or")) && words[at - 1].after == ",";
        let listed = || {
            words[at.saturating_sub(1 + PART_MAX)..at - 1]
                .iter()
                .rev()
                .take_while(|w| !w.after.contains(['.', ';', ':']))
                .any(|w| w.after == ",")
        };
        // "…, and they said": a clause follows, not the last part of a list.
        let clause = opens_clause(words.get(at + 1)) && !words.get(at + 1).is_some_and(|w| w.is("the"));
        if serial && !clause && listed() {
            words[at - 1].after.clear();
        }
    }
}

/// Word beginnings that differ: British, American.
const SPELLINGS: &[(&str, &str)] = &[
    ("colour", "color"),
    ("honour", "honor"),
    ("labour", "labor"),
    ("favour", "favor"),
    ("neighbour", "neighbor"),
    ("harbour", "harbor"),
    ("behaviour", "behavior"),
    ("rumour", "rumor"),
    ("humour", "humor"),
    ("armour", "armor"),
    ("endeavour", "endeavor"),
    ("vapour", "vapor"),
    ("rigour", "rigor"),
    ("centre", "center"),
    ("theatre", "theater"),
    ("metre", "meter"),
    ("litre", "liter"),
    ("fibre", "fiber"),
    ("calibre", "caliber"),
    ("defence", "defense"),
    ("offence", "offense"),
    ("licence", "license"),
    ("pretence", "pretense"),
    ("programme", "program"),
    ("cheque", "check"),
    ("grey", "gray"),
    ("organis", "organiz"),
    ("realis", "realiz"),
    ("recognis", "recogniz"),
    ("emphasis", "emphasiz"),
    ("authoris", "authoriz"),
    ("criticis", "criticiz"),
    ("prioritis", "prioritiz"),
    ("minimis", "minimiz"),
    ("maximis", "maximiz"),
    ("summaris", "summariz"),
    ("modernis", "moderniz"),
    ("mobilis", "mobiliz"),
    ("standardis", "standardiz"),
    ("centralis", "centraliz"),
    ("finalis", "finaliz"),
    ("specialis", "specializ"),
    ("stabilis", "stabiliz"),
    ("apologis", "apologiz"),
    ("privatis", "privatiz"),
    ("legalis", "legaliz"),
    ("characteris", "characteriz"),
    ("scrutinis", "scrutiniz"),
    ("analyse", "analyze"),
    ("analysing", "analyzing"),
    ("travelled", "traveled"),
    ("travelling", "traveling"),
    ("traveller", "traveler"),
    ("cancelled", "canceled"),
    ("cancelling", "canceling"),
    ("modelled", "modeled"),
    ("modelling", "modeling"),
    ("labelled", "labeled"),
    ("labelling", "labeling"),
    ("fuelled", "fueled"),
    ("signalled", "signaled"),
    ("channelled", "channeled"),
    ("levelled", "leveled"),
    ("judgement", "judgment"),
    ("ageing", "aging"),
    ("sceptic", "skeptic"),
    ("manoeuvre", "maneuver"),
    ("plough", "plow"),
    ("aluminium", "aluminum"),
    ("fulfil", "fulfill"),
    ("enrolment", "enrollment"),
    ("instalment", "installment"),
    ("skilful", "skillful"),
    ("towards", "toward"),
    ("afterwards", "afterward"),
    ("learnt", "learned"),
    ("spelt", "spelled"),
];

/// A word in the desk's spelling.
pub(super) fn spell(word: &str, variety: Variety) -> String {
    let lower = word.to_lowercase();
    for &(british, american) in SPELLINGS {
        let (from, to) = match variety {
            Variety::British => (american, british),
            Variety::American => (british, american),
        };
        let Some(rest) = lower.strip_prefix(from) else { continue };
        if endings(british, variety).contains(&rest) && word.is_char_boundary(from.len()) {
            let tail = &word[from.len()..];
            return if starts_upper(word) { capitalise(to) + tail } else { to.to_owned() + tail };
        }
    }
    word.to_owned()
}

/// The endings with which a beginning of [`SPELLINGS`] is changed.
///
/// "emphasis" and "criticism" are no verbs in "-ise", "laboratory" and "rigorous" have no "u" anywhere, "centred" does
/// not become "centerd", and an American "meter" or "license" may be a British one.
fn endings(british: &str, variety: Variety) -> &'static [&'static str] {
    match british {
        "cheque" | "metre" | "licence" | "learnt" | "programme" if variety == Variety::British => &[],
        "towards" | "afterwards" | "learnt" | "spelt" | "analysing" | "ageing" => &[""],
        _ if british.ends_with("is") => &["e", "ed", "es", "er", "ers", "ing", "ation", "ations"],
        _ if british.ends_with("our") => &[
            "", "s", "ed", "ing", "er", "ers", "able", "ably", "al", "ally", "ite", "ites", "hood", "hoods",
            "ful", "less", "master", "masters",
        ],
        "sceptic" => &["", "s", "al", "ally", "ism"],
        "grey" | "plough" => &["", "s", "ed", "ing"],
        "analyse" | "manoeuvre" => &["", "s", "d", "r", "rs"],
        _ => &["", "s", "ly"],
    }
}

pub(super) fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

pub(super) fn capitalise(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
