//! Words whose coming or going changes what a sentence says.

/// Negations by kind; a rewording has as many of each kind as the sentence.
#[rustfmt::skip]
pub(super) const NEGATIONS: &[&[&str]] = &[
    &["not", "no", "none", "nobody", "nothing", "nowhere", "neither", "nor", "cannot", "non"],
    &["never"],
    &["without"],
    &["hardly", "scarcely", "barely"],
    &["rarely", "seldom"],
    &["fail", "fails", "failed", "failing", "failure"],
    &["lack", "lacks", "lacked", "lacking", "absence", "absent"],
    &["refuse", "refuses", "refused", "refusing", "refusal", "decline", "declines", "declined", "declining"],
    &["deny", "denies", "denied", "denying", "denial"],
    &["stop", "stops", "stopped", "cease", "ceases", "ceased", "prevent", "prevents", "prevented"],
    &["except", "unless", "excluding", "apart"],
];

/// Beginnings that negate the word behind them; what follows has to be a word of its own.
pub(super) const NEGATING_PREFIXES: &[&str] = &["un", "non", "non-", "dis", "in", "im", "ir", "il", "mis"];

/// Words that carry a meaning, and words that may carry it too.
pub(super) struct Sense {
    /// Where one of these is in one text, one of these or of `also` is in the other.
    pub(super) words: &'static [&'static str],
    /// Words that can mean the same and need not.
    pub(super) also: &'static [&'static str],
}

const fn sense(words: &'static [&'static str], also: &'static [&'static str]) -> Sense {
    Sense { words, also }
}

/// Obligation, permission, possibility, probability, hearsay.
#[rustfmt::skip]
pub(super) const MODALITIES: &[Sense] = &[
    sense(&["must", "shall", "obliged", "obligation", "obligatory", "mandatory", "compulsory"],
        &["required", "requires", "require", "has", "have", "need", "needs"]),
    sense(&["required", "requires", "require"], &["must", "shall", "obliged", "mandatory", "need", "needs"]),
    sense(&["should", "ought"], &["recommended", "supposed"]),
    sense(&["may", "might", "could", "possibly", "perhaps", "maybe", "possible"], &["can"]),
    sense(&["can"], &["able", "could", "may", "possible", "capable"]),
    sense(&["will"], &["shall", "going", "due", "set"]),
    sense(&["would"], &[]),
    sense(&["allowed", "permitted", "forbidden", "prohibited", "banned"],
        &["may", "can", "allow", "allows", "permit", "permits", "forbid", "forbids", "prohibit", "prohibits"]),
    sense(&["likely", "probably", "probable", "probability"], &[]),
    sense(&["unlikely", "improbable"], &[]),
    sense(&["allegedly", "alleged", "reportedly", "supposedly", "purportedly", "purported", "rumoured",
        "rumored", "claimed", "claims", "claim"], &["said", "reported"]),
    sense(&["apparently", "seemingly", "appears", "appear", "appeared", "seems", "seem", "seemed"], &["evidently"]),
    sense(&["suspected", "suspect", "suspects", "suspicion"], &[]),
    sense(&["certainly", "certain", "definitely", "undoubtedly", "surely", "proven", "proved", "confirmed",
        "confirms", "confirm", "indisputably", "conclusively", "clearly"], &[]),
    sense(&["high"], &["highly"]),
    sense(&["moderate"], &["moderately"]),
    sense(&["low"], &[]),
    sense(&["if", "provided"], &["should", "were", "case", "unless"]),
    sense(&["try", "tries", "tried", "trying", "attempt", "attempts", "attempted", "attempting"],
        &["sought", "seek", "seeks", "seeking", "effort", "efforts"]),
    sense(&["plan", "plans", "planned", "planning", "intend", "intends", "intended"],
        &["meant", "means", "mean", "want", "wants", "wanted", "due"]),
];

/// How much, how many, how often.
#[rustfmt::skip]
pub(super) const QUANTITIES: &[Sense] = &[
    sense(&["all", "every", "everyone", "everything", "everybody", "entire", "entirely", "whole", "wholly",
        "always", "completely", "fully"], &["each", "any", "total", "throughout"]),
    sense(&["most", "mostly", "majority", "mainly", "largely", "chiefly", "principally", "primarily"],
        &["main", "chief", "principal", "largest", "predominantly"]),
    sense(&["only", "solely", "merely", "exclusively"], &["just", "alone", "sole", "mere"]),
    sense(&["both"], &["two", "either"]),
    sense(&["few", "fewer"], &["handful", "small"]),
    sense(&["several"], &["some", "various", "number", "multiple"]),
    sense(&["many", "numerous"], &["lot", "large", "multiple", "number"]),
    sense(&["half", "halved", "doubled", "twice", "double", "tripled", "triple", "thrice", "dozen", "dozens",
        "once", "single", "pair"], &["one", "two", "couple"]),
    sense(&["sometimes", "occasionally"], &["times", "occasion", "occasions"]),
    sense(&["often", "frequently"], &["usually", "regularly", "frequent"]),
    sense(&["partly", "partially"], &["part", "partial"]),
    sense(&["minority"], &[]),
];

/// Words that must not stand for each other: where one text has a word of one side, the other has none of the other
/// side that is new.
#[rustfmt::skip]
pub(super) const OPPOSITES: &[(&[&str], &[&str])] = &[
    (&["rise", "rises", "rose", "risen", "rising", "increase", "increases", "increased", "increasing", "grow",
        "grows", "grew", "grown", "growing", "climb", "climbed", "climbs", "gain", "gained"],
     &["fall", "falls", "fell", "fallen", "falling", "decrease", "decreases", "decreased", "decreasing",
        "decline", "declined", "declines", "shrink", "shrank", "shrunk", "drop", "drops", "dropped", "reduce",
        "reduced", "reduces", "cut"]),
    (&["before", "earlier", "prior", "previously"], &["after", "later", "subsequently", "afterwards", "following"]),
    (&["more", "greater"], &["less", "fewer", "lower"]),
    (&["import", "imports", "imported", "importing", "importer"], &["export", "exports", "exported", "exporting", "exporter"]),
    (&["accept", "accepts", "accepted", "approve", "approves", "approved", "grant", "grants", "granted", "allow",
        "allows", "allowed", "permit", "permits", "permitted"],
     &["reject", "rejects", "rejected", "refuse", "refuses", "refused", "deny", "denies", "denied", "forbid",
        "forbids", "forbidden", "prohibit", "prohibits", "prohibited", "ban", "bans", "banned"]),
    (&["win", "wins", "won"], &["lose", "loses", "lost"]),
    (&["buy", "buys", "bought", "purchase", "purchased"], &["sell", "sells", "sold"]),
    (&["north", "northern"], &["south", "southern"]),
    (&["east", "eastern"], &["west", "western"]),
    (&["left"], &["right"]),
    (&["innocent"], &["guilty"]),
    (&["open", "opens", "opened", "opening", "openly"], &["close", "closes", "closed", "closing", "shut"]),
    (&["first"], &["last"]),
    (&["true", "genuine", "authentic", "real"], &["false", "fake", "forged", "counterfeit"]),
    (&["legal", "lawful"], &["illegal", "unlawful"]),
    (&["safe", "secure"], &["unsafe", "dangerous", "insecure"]),
    (&["success", "successful", "succeed", "succeeds", "succeeded"], &["failure", "unsuccessful", "fail", "fails", "failed"]),
    (&["support", "supports", "supported", "supporting", "back", "backs", "backed"],
     &["oppose", "opposes", "opposed", "opposing"]),
    (&["start", "starts", "started", "begin", "begins", "began", "begun"],
     &["stop", "stops", "stopped", "end", "ends", "ended", "finish", "finished", "cease", "ceased"]),
    (&["strong", "stronger"], &["weak", "weaker"]),
    (&["high", "higher"], &["low", "lower"]),
    (&["large", "larger", "big", "bigger"], &["small", "smaller", "tiny"]),
    (&["long", "longer"], &["short", "shorter"]),
    (&["friend", "ally", "allies"], &["enemy", "enemies", "foe"]),
    (&["public", "publicly"], &["private", "privately", "secret", "secretly"]),
    (&["arrive", "arrives", "arrived", "enter", "enters", "entered"], &["depart", "departs", "departed", "leave", "leaves"]),
    (&["remember", "remembers", "remembered"], &["forget", "forgets", "forgot", "forgotten"]),
    (&["include", "includes", "included", "including"], &["exclude", "excludes", "excluded", "excluding"]),
    (&["possible"], &["impossible"]),
    (&["able"], &["unable"]),
    (&["with"], &["without"]),
    (&["former"], &["latter"]),
    (&["life", "alive", "living"], &["death", "dead", "dying"]),
];

/// Persons: one that the sentence lacks would put words into a mouth. A group may go, none may come.
pub(super) const PERSONS: &[&[&str]] = &[
    &["i", "me", "my", "mine", "myself", "i'm", "i've", "i'll", "i'd"],
    &["we", "us", "our", "ours", "ourselves", "we're", "we've", "we'll", "we'd"],
    &["you", "your", "yours", "yourself", "you're", "you've", "you'll", "you'd"],
    &["he", "him", "his", "himself", "he's", "he'll", "he'd"],
    &["she", "her", "hers", "herself", "she's", "she'll", "she'd"],
];

/// Phrases before a number that say how it is meant; a rewording keeps the kind.
pub(super) const COMPARISONS: &[(&[&str], char)] = &[
    (&["more", "than"], '>'),
    (&["in", "excess", "of"], '>'),
    (&["upwards", "of"], '>'),
    (&["over"], '>'),
    (&["above"], '>'),
    (&["exceeding"], '>'),
    (&["exceeded"], '>'),
    (&["beyond"], '>'),
    (&["less", "than"], '<'),
    (&["fewer", "than"], '<'),
    (&["under"], '<'),
    (&["below"], '<'),
    (&["at", "least"], 'g'),
    (&["no", "fewer", "than"], 'g'),
    (&["no", "less", "than"], 'g'),
    (&["a", "minimum", "of"], 'g'),
    (&["at", "most"], 'l'),
    (&["up", "to"], 'l'),
    (&["no", "more", "than"], 'l'),
    (&["larger", "than"], '>'),
    (&["a", "maximum", "of"], 'l'),
    (&["about"], '~'),
    (&["around"], '~'),
    (&["some"], '~'),
    (&["roughly"], '~'),
    (&["approximately"], '~'),
    (&["nearly"], 'n'),
    (&["almost"], 'n'),
    (&["close", "to"], 'n'),
    (&["exactly"], '='),
    (&["precisely"], '='),
];

/// Prepositions that say which end of a span or which agent it is, so they stay with what follows.
pub(super) const BOUND: &[&str] =
    &["from", "to", "by", "until", "till", "since", "before", "after", "against", "between", "within", "for"];

/// Months and days: capitalised, and free to move.
#[rustfmt::skip]
pub(super) const CALENDAR: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "christmas", "easter",
];

/// Number words that the language's own list leaves out because they are something else as often.
pub(super) const SMALL_NUMBERS: &[&str] = &["one", "zero", "first", "dozen", "dozens", "score", "scores"];

/// Words that say little: they are not compared when a wording's likeness to the sentence is measured.
#[rustfmt::skip]
pub(super) const STOPWORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "so", "yet", "of", "in", "on", "at", "by", "for", "from", "to", "with",
    "into", "onto", "over", "under", "about", "as", "than", "that", "this", "these", "those", "it", "its",
    "he", "she", "him", "her", "his", "hers", "they", "them", "their", "we", "us", "our", "you", "your", "i",
    "me", "my", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "having", "do", "does",
    "did", "done", "will", "would", "shall", "should", "can", "could", "may", "might", "must", "not", "no",
    "who", "whom", "whose", "which", "what", "when", "where", "while", "there", "here", "then", "also", "too",
    "very", "such", "both", "each", "if", "whether", "because", "since", "before", "after", "during", "through",
    "between", "against", "within", "upon", "up", "out", "off", "own", "other", "another", "any", "some", "more",
    "most", "only", "just", "even", "still", "however", "therefore", "thus", "now", "until", "per", "via",
];

/// What models write when they decline.
#[rustfmt::skip]
pub(super) const REFUSALS: &[&str] = &[
    "i'm sorry", "i am sorry", "i apologize", "i apologise", "i can't", "i cannot", "i can not", "i won't",
    "i'm unable", "i am unable", "i'm not able", "i am not able", "as an ai", "as a language model",
    "unable to comply", "cannot comply", "can't assist", "cannot assist", "can't help with",
    "cannot help with", "against my guidelines", "content policy",
];

/// What models write about the task instead of doing it.
#[rustfmt::skip]
pub(super) const TALK: &[&str] = &[
    "language model", "ai assistant", "sure, here", "here is a", "here are", "here's a", "rewritten sentence",
    "rephrased", "paraphrase", "reworded", "alternative wording", "original sentence", "the sentence above",
    "this sentence", "variant 1", "variant one", "system prompt", "previous instructions",
    "above instructions",
];
