//! Leaks, and how often the copy they came from is named.

use dyetrace::rehearse::{
    Random, Variety, alternate, article, desk_in, excerpt, halves, mix, ocr_noise, retype, word_count,
};
use dyetrace::verdict::{Alpha, Verdict};

use crate::subject::Subject;

/// How leaks are drawn and judged.
pub(crate) struct Drill {
    pub(crate) alpha: Alpha,
    pub(crate) trials: u32,
    pub(crate) seed: u64,
}

/// Which leaks are tried.
pub(crate) struct Plan {
    attacks: &'static [Attack],
    sizes: Vec<Size>,
    innocents: bool,
}

/// What happens to a copy, or to two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attack {
    Verbatim,
    Retyped,
    Desk,
    Noise,
    Ocr,
    Article,
    Halves,
    Sentences,
    Words,
}

/// How much of it leaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Whole,
    Words(usize),
    /// A hundred words that hold three sentences with authored variants.
    Three,
}

/// What was leaked though nobody received it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Innocent {
    Original,
    Stranger,
    Other,
}

/// A cell of the table: leaks of one kind and size, over all texts.
#[derive(Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) trials: u64,
    /// A copy is named, and every named copy is a source of the leak.
    pub(crate) right: u64,
    /// A copy is named that is no source.
    pub(crate) wrong: u64,
    /// All sources are named, and nobody else.
    pub(crate) all: u64,
    /// The verdict says just what the leak is (innocent leaks only).
    pub(crate) told: u64,
}

/// Everything that was counted.
pub(crate) struct Counts {
    pub(crate) leaks: Vec<(Attack, Size, Count)>,
    pub(crate) innocents: Vec<(Innocent, Attack, Size, Count)>,
    /// One line for every leak of a copy that was not named rightly.
    pub(crate) misses: Vec<String>,
}

/// The share of characters misread in the rows with simulated recognition.
pub(crate) const NOISE: f64 = 0.02;

impl Plan {
    /// Whole texts and excerpts, every attack.
    pub(crate) fn text(invisible: bool, ocr: bool) -> Self {
        use Attack::{Article, Desk, Halves, Noise, Ocr, Retyped, Sentences, Verbatim, Words};
        let attacks: &[Attack] = if ocr {
            &[Verbatim, Retyped, Desk, Noise, Ocr, Article, Halves, Sentences, Words]
        } else {
            &[Verbatim, Retyped, Desk, Noise, Article, Halves, Sentences, Words]
        };
        let mut sizes =
            vec![Size::Whole, Size::Words(400), Size::Words(200), Size::Words(100), Size::Words(50)];
        if invisible {
            sizes.push(Size::Words(30));
        }
        Self { attacks, sizes, innocents: true }
    }

    /// Quotations with authored variants.
    pub(crate) fn authored() -> Self {
        use Attack::{Article, Desk, Noise, Retyped, Verbatim};
        Self {
            attacks: &[Verbatim, Retyped, Desk, Noise, Article],
            sizes: vec![Size::Three, Size::Whole],
            innocents: true,
        }
    }
}

impl Plan {
    /// Retyped excerpts of these lengths in words, and nothing else.
    pub(crate) fn scan(lengths: &[usize]) -> Self {
        Self {
            attacks: &[Attack::Retyped],
            sizes: lengths.iter().map(|&words| Size::Words(words)).collect(),
            innocents: false,
        }
    }
}

impl Attack {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Verbatim => "verbatim",
            Self::Retyped => "retyped",
            Self::Desk => "desk-edited",
            Self::Noise => "ocr, simulated",
            Self::Ocr => "ocr, tesseract",
            Self::Article => "in an article",
            Self::Halves => "two: halves",
            Self::Sentences => "two: sentences",
            Self::Words => "two: words",
        }
    }

    /// Whether the leak is made of two copies.
    pub(crate) fn merges(self) -> bool {
        matches!(self, Self::Halves | Self::Sentences | Self::Words)
    }

    fn apply(self, text: &str, random: &mut Random) -> String {
        match self {
            Self::Retyped => retype(text, random),
            Self::Desk => {
                let variety = if random.chance(0.5) { Variety::British } else { Variety::American };
                desk_in(text, variety, random)
            }
            Self::Noise => ocr_noise(text, NOISE, random),
            Self::Article => article(&[text], random),
            _ => text.to_owned(),
        }
    }

    fn merge(self, a: &str, b: &str, random: &mut Random) -> String {
        match self {
            Self::Halves => halves(a, b),
            Self::Sentences => alternate(&[a, b]),
            _ => mix(&[a, b], random),
        }
    }
}

impl Size {
    pub(crate) fn name(self) -> String {
        match self {
            Self::Whole => "all".to_owned(),
            Self::Words(words) => words.to_string(),
            Self::Three => "100 / 3s".to_owned(),
        }
    }

    /// A place of this size, as words from and count; none when the text is too short for it.
    fn place(self, subject: &Subject, random: &mut Random) -> Option<(usize, usize)> {
        match self {
            Self::Whole => Some((0, usize::MAX)),
            Self::Words(words) => {
                let room = subject.words.checked_sub(words)?;
                Some((random.below(room + 1), words))
            }
            Self::Three => {
                let runs: Vec<_> = subject
                    .marked
                    .windows(3)
                    .filter(|run| run[0].end == run[1].start && run[1].end == run[2].start)
                    .map(|run| run[0].start..run[2].end)
                    .collect();
                let run = random.pick(&runs)?.clone();
                // The copy's words may be a few more or less than the original's before this place.
                let slack = 100_usize.checked_sub(run.len())?;
                Some((run.start.saturating_sub(random.below(slack / 2 + 1)), 100))
            }
        }
    }
}

impl Innocent {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Original => "unmarked original",
            Self::Stranger => "copy not issued",
            Self::Other => "another text",
        }
    }

    /// The verdict that says just what the leak is.
    fn expected(self) -> Verdict {
        match self {
            Self::Original => Verdict::Original,
            Self::Stranger => Verdict::Inconclusive,
            Self::Other => Verdict::NotOurs,
        }
    }
}

impl Drill {
    /// Tries every leak of the plan.
    pub(crate) fn run(&self, subjects: &[Subject], plan: &Plan) -> Counts {
        let mut seeds = Random::new(self.seed);
        let mut leaks = Vec::new();
        let mut misses = Vec::new();
        for &attack in plan.attacks {
            for &size in &plan.sizes {
                let mut random = Random::new(seeds.bits());
                let mut count = Count::default();
                for subject in subjects {
                    misses.extend(self.leaks(subject, attack, size, &mut random, &mut count));
                }
                leaks.push((attack, size, count));
            }
        }
        let mut innocents = Vec::new();
        if plan.innocents {
            for innocent in [Innocent::Original, Innocent::Stranger, Innocent::Other] {
                for attack in [Attack::Verbatim, Attack::Retyped, Attack::Desk] {
                    for &size in &plan.sizes {
                        let mut random = Random::new(seeds.bits());
                        let mut count = Count::default();
                        for (index, subject) in subjects.iter().enumerate() {
                            let others = || {
                                subjects.iter().enumerate().filter(move |(i, _)| *i != index).map(|(_, s)| s)
                            };
                            let texts: Vec<&str> = match innocent {
                                Innocent::Original => vec![&subject.original],
                                Innocent::Stranger => subject.strangers.iter().map(String::as_str).collect(),
                                Innocent::Other => others().map(|other| other.original.as_str()).collect(),
                            };
                            self.innocents(
                                subject,
                                (innocent, attack, size),
                                &texts,
                                &mut random,
                                &mut count,
                            );
                        }
                        innocents.push((innocent, attack, size, count));
                    }
                }
            }
        }
        Counts { leaks, innocents, misses }
    }

    fn leaks(
        &self,
        subject: &Subject,
        attack: Attack,
        size: Size,
        random: &mut Random,
        count: &mut Count,
    ) -> Vec<String> {
        let mut misses = Vec::new();
        let scans = subject.scans.len();
        let trials = match (attack, size) {
            // A page read twice by tesseract is the same page.
            (Attack::Ocr, Size::Whole) => scans,
            (Attack::Ocr, _) if scans == 0 => 0,
            _ => self.trials as usize,
        };
        for trial in 0..trials {
            let Some((at, words)) = size.place(subject, random) else { break };
            let first = random.below(subject.issued()) as u64 + 1;
            let (leak, sources) = if attack == Attack::Ocr {
                let (copy, text) = &subject.scans[trial % scans];
                (excerpt(text, words, at).to_owned(), vec![*copy])
            } else if attack.merges() {
                let step = random.below(subject.issued() - 1) as u64 + 1;
                let second = (first - 1 + step) % subject.issued() as u64 + 1;
                let cut = |copy| excerpt(subject.copy(copy), words, at);
                (attack.merge(cut(first), cut(second), random), vec![first, second])
            } else {
                (attack.apply(excerpt(subject.copy(first), words, at), random), vec![first])
            };
            let outcome = subject.trace_one(&leak, self.alpha);
            let named = &outcome.named;
            let wrong = named.iter().any(|copy| !sources.contains(copy));
            count.trials += 1;
            count.wrong += u64::from(wrong);
            count.right += u64::from(!wrong && !named.is_empty());
            count.all += u64::from(!wrong && sources.iter().all(|source| named.contains(source)));
            if wrong || named.is_empty() {
                misses.push(format!(
                    "{} {} {} from word {at}: {}, {:.1} bits, {} sites: {:?}",
                    subject.name,
                    attack.name(),
                    size.name(),
                    outcome.verdict.name(),
                    outcome.bits,
                    outcome.read,
                    excerpt(&leak, 8, 0)
                ));
            }
        }
        misses
    }

    fn innocents(
        &self,
        subject: &Subject,
        (innocent, attack, size): (Innocent, Attack, Size),
        texts: &[&str],
        random: &mut Random,
        count: &mut Count,
    ) {
        for _ in 0..self.trials {
            let Some(text) = random.pick(texts) else { return };
            let Some((at, words)) = size.place(subject, random) else { return };
            let at = if words < word_count(text) { at.min(word_count(text) - words) } else { 0 };
            let outcome = subject.trace_one(&attack.apply(excerpt(text, words, at), random), self.alpha);
            count.trials += 1;
            count.wrong += u64::from(!outcome.named.is_empty());
            count.told += u64::from(outcome.verdict == innocent.expected());
        }
    }
}
