//! A small lexicon of common English words with every part of speech they can be, inflected by rule.
//!
//! Written for this project. Closed classes are complete; open classes hold the few thousand commonest words, and
//! [`super::pos::possible`] falls back on suffixes for the rest.

use std::sync::LazyLock;

use super::pos::PosSet;

const VERBS: &str = include_str!("words/verbs.txt");
const NOUNS: &str = include_str!("words/nouns.txt");
const ADJECTIVES: &str = include_str!("words/adjectives.txt");
const CLOSED: &str = include_str!("words/closed.txt");

/// A string-keyed table with open addressing: one hash and about one comparison a look-up, no allocation.
#[derive(Debug)]
pub(crate) struct WordTable<T> {
    slots: Vec<Option<(Box<str>, T)>>,
    len: usize,
}

impl<T> WordTable<T> {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self { slots: Vec::new(), len: 0 }
    }

    /// The value stored for `word`.
    pub(crate) fn get(&self, word: &str) -> Option<&T> {
        let slot = self.slot(word)?;
        self.slots[slot].as_ref().map(|(_, value)| value)
    }

    /// The value stored for `word`, made by `default` if there is none.
    pub(crate) fn entry(&mut self, word: &str, default: impl FnOnce() -> T) -> &mut T {
        if (self.len + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let slot = self.slot(word).unwrap_or(0);
        if self.slots[slot].is_none() {
            self.len += 1;
        }
        &mut self.slots[slot].get_or_insert_with(|| (word.into(), default())).1
    }

    /// The slot that holds `word` or in which it would be put; none in an empty table.
    fn slot(&self, word: &str) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = fnv(word) & mask;
        while self.slots[slot].as_ref().is_some_and(|(key, _)| **key != *word) {
            slot = (slot + 1) & mask;
        }
        Some(slot)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, std::iter::repeat_with(|| None).take(size).collect());
        for (word, value) in old.into_iter().flatten() {
            if let Some(slot) = self.slot(&word) {
                self.slots[slot] = Some((word, value));
            }
        }
    }
}

/// FNV-1a (Fowler, Noll, Vo), folded to the upper bits' quality by one multiplication.
fn fnv(word: &str) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in word.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    (hash ^ (hash >> 15)) as usize
}

/// What the lexicon says of a lower-case word; empty when it is not listed.
pub(super) fn listed(word: &str) -> PosSet {
    static TABLE: LazyLock<WordTable<PosSet>> = LazyLock::new(build);
    TABLE.get(word).copied().unwrap_or(PosSet::EMPTY)
}

fn build() -> WordTable<PosSet> {
    let mut table = WordTable::new();
    let mut add = |word: &str, pos: PosSet| {
        let set = table.entry(word, || PosSet::EMPTY);
        *set = *set | pos;
    };
    for line in lines(VERBS) {
        let verb = Verb::parse(line);
        add(&verb.base, PosSet::BASE);
        add(&verb.s, PosSet::S_FORM);
        add(&verb.past, PosSet::PAST);
        add(&verb.participle, PosSet::PARTICIPLE);
        add(&verb.ing, PosSet::ING);
    }
    let mut person = PosSet::EMPTY;
    for word in lines(NOUNS).flat_map(str::split_whitespace) {
        match word {
            "thing:" => person = PosSet::EMPTY,
            "person:" => person = PosSet::PERSON,
            _ => {
                add(word, PosSet::NOUN | person);
                add(&plural(word), PosSet::PLURAL | person);
            }
        }
    }
    for word in lines(ADJECTIVES).flat_map(str::split_whitespace) {
        add(word, PosSet::ADJECTIVE);
    }
    for line in lines(CLOSED) {
        if let Some((names, words)) = line.split_once(':') {
            let pos = names.split_whitespace().filter_map(PosSet::named).fold(PosSet::EMPTY, |a, b| a | b);
            for word in words.split_whitespace() {
                add(word, pos);
            }
        }
    }
    // Closed classes win: "will", "may", "can" are not treated as nouns, "that" not as anything else.
    table
}

fn lines(data: &'static str) -> impl Iterator<Item = &'static str> {
    data.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The five forms of a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verb {
    /// "take".
    pub(crate) base: String,
    /// "takes".
    pub(crate) s: String,
    /// "took".
    pub(crate) past: String,
    /// "taken".
    pub(crate) participle: String,
    /// "taking".
    pub(crate) ing: String,
}

impl Verb {
    /// From a line of the verb list: a base form with marks, or three principal parts.
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        let base = first.trim_end_matches(['=', '+']);
        let doubled = first.contains('+') || doubles(base);
        let stem = match (doubled, base.chars().last()) {
            (true, Some(last)) => format!("{base}{last}"),
            _ => base.to_owned(),
        };
        let regular = if base.ends_with('e') {
            format!("{base}d")
        } else if let Some(root) = consonant_y(base) {
            format!("{root}ied")
        } else {
            format!("{stem}ed")
        };
        let past = words.next().map_or_else(|| regular.clone(), str::to_owned);
        let participle = words.next().map_or_else(|| past.clone(), str::to_owned);
        let ing = if let Some(root) = base.strip_suffix("ie") {
            format!("{root}ying")
        } else if base.ends_with('e') && !base.ends_with("ee") && !base.ends_with("oe") && base.len() > 2 {
            format!("{}ing", &base[..base.len() - 1])
        } else {
            format!("{stem}ing")
        };
        Self { base: base.to_owned(), s: third_person(base), past, participle, ing }
    }

    /// The listed verb with this base form.
    pub(crate) fn find(base: &str) -> Option<Self> {
        static TABLE: LazyLock<WordTable<&str>> = LazyLock::new(|| {
            let mut table = WordTable::new();
            for line in lines(VERBS) {
                let first = line.split_whitespace().next().unwrap_or_default();
                // Of two entries the first counts.
                table.entry(first.trim_end_matches(['=', '+']), || line);
            }
            table
        });
        TABLE.get(base).map(|line| Self::parse(line))
    }
}

fn third_person(base: &str) -> String {
    match base {
        "be" => "is".to_owned(),
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        _ => plural(base),
    }
}

fn consonant_y(word: &str) -> Option<&str> {
    word.strip_suffix('y').filter(|root| !root.ends_with(['a', 'e', 'i', 'o', 'u']) && !root.is_empty())
}

/// Whether a verb of one syllable doubles its last letter ("stop", "plan"): consonant, vowel, consonant.
fn doubles(base: &str) -> bool {
    let bytes = base.as_bytes();
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let [.., a, v, c] = bytes else { return false };
    bytes.iter().filter(|&&b| vowel(b)).count() == 1
        && !vowel(*a)
        && vowel(*v)
        && !vowel(*c)
        && !matches!(c, b'w' | b'x' | b'y')
}

/// The regular plural, with the common irregular ones.
pub(super) fn plural(noun: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("man", "men"),
        ("woman", "women"),
        ("child", "children"),
        ("foot", "feet"),
        ("tooth", "teeth"),
        ("mouse", "mice"),
        ("person", "people"),
        ("life", "lives"),
        ("wife", "wives"),
        ("knife", "knives"),
        ("leaf", "leaves"),
        ("half", "halves"),
        ("self", "selves"),
        ("thief", "thieves"),
        ("wolf", "wolves"),
        ("shelf", "shelves"),
        ("crisis", "crises"),
        ("basis", "bases"),
        ("analysis", "analyses"),
        ("criterion", "criteria"),
        ("phenomenon", "phenomena"),
        ("hypothesis", "hypotheses"),
        ("thesis", "theses"),
        ("aircraft", "aircraft"),
        ("series", "series"),
        ("species", "species"),
        ("means", "means"),
        ("hero", "heroes"),
        ("potato", "potatoes"),
        ("veto", "vetoes"),
    ];
    if let Some((_, irregular)) = IRREGULAR.iter().find(|(one, _)| *one == noun) {
        return (*irregular).to_owned();
    }
    for (one, many) in [("man", "men"), ("woman", "women"), ("person", "people")] {
        if let Some(stem) = noun.strip_suffix(one).filter(|stem| stem.len() > 3) {
            return format!("{stem}{many}");
        }
    }
    if let Some(root) = consonant_y(noun) {
        format!("{root}ies")
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end)) {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflects_by_rule_and_by_list() {
        let forms = |base| {
            let verb = Verb::find(base).unwrap();
            [verb.s, verb.past, verb.participle, verb.ing].join(" ")
        };
        assert_eq!(forms("stop"), "stops stopped stopped stopping");
        assert_eq!(forms("try"), "tries tried tried trying");
        assert_eq!(forms("begin"), "begins began begun beginning");
        assert_eq!(forms("admit"), "admits admitted admitted admitting");
        assert_eq!(forms("die"), "dies died died dying");
        assert_eq!(forms("agree"), "agrees agreed agreed agreeing");
        assert_eq!(forms("seek"), "seeks sought sought seeking");
        assert_eq!(forms("open"), "opens opened opened opening");
        assert_eq!(forms("fix"), "fixes fixed fixed fixing");
    }

    #[test]
    fn forms_plurals() {
        for (one, many) in
            [("policy", "policies"), ("day", "days"), ("box", "boxes"), ("policeman", "policemen")]
        {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn table_keeps_every_word_through_growth() {
        let mut table = WordTable::new();
        for i in 0..5000 {
            *table.entry(&format!("w{i}"), || 0) += i;
        }
        assert!((0..5000).all(|i| table.get(&format!("w{i}")) == Some(&i)));
        assert_eq!(table.get("absent"), None);
    }
}
