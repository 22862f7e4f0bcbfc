//! What an item can promise before any copy is issued, computed by the scorer itself.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::channel::{Channel, Site};
use crate::item::{BlockKind, Document};
use crate::language::{self, TokenKind};
use crate::score::{self, Evidence, Wealth};

/// The likelihood of the variants that were not seen, in a clean reading: what the scorer's readers leave for slips.
const UNSEEN: f64 = 1e-6;

/// What a clean quotation of an item names, for a number of copies and a bound on naming an innocent one.
///
/// A copy's wealth depends on its symbols; what is promised holds for every copy, because each site counts with its
/// most probable symbol, which is the least evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// How many copies the promise is for.
    pub copies: u64,
    /// The bound α on the chance that any innocent copy is named.
    pub alpha: f64,
    /// Words of prose: everything but code and tables.
    pub words: usize,
    /// How many sites there are.
    pub sites: usize,
    /// How many of them each channel has; channels without sites are left out.
    pub by_channel: BTreeMap<Channel, usize>,
    /// How many of them each class has.
    pub by_class: BTreeMap<String, usize>,
    /// The fewest consecutive words that name any copy, over all words a quotation can start with.
    pub quote: Lengths,
    /// The sentences that cannot be traced when they are quoted alone, in document order.
    pub weak: Vec<Weak>,
    /// log₂ of the number of different codewords: more copies than that cannot all differ. For display.
    pub codeword_bits: f64,
}

/// Lengths of quotations in words; none where no quotation from there on is long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Half of the starting words need at most this.
    pub median: Option<usize>,
    /// 95 of 100 starting words need at most this.
    pub most: Option<usize>,
    /// Every starting word needs at most this.
    pub worst: Option<usize>,
    /// The shortest of all.
    pub best: Option<usize>,
}

/// A sentence that names nobody when it is quoted alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Weak {
    /// Its bytes of the canonical text.
    pub range: Range<usize>,
    /// The evidence that it carries against any copy, log₂ of the wealth; 0 without sites. For display.
    pub bits: f64,
    /// How many sites it shows.
    pub sites: usize,
}

impl Promise {
    /// The promise of an item with these sites for `copies` copies at bound `alpha`, 0 < `alpha` ≤ 1.
    ///
    /// `sites` are those that are on, in document order of their first place.
    pub fn of(document: &Document, sites: &[Site], copies: u64, alpha: f64) -> Self {
        let alpha = if alpha > 0.0 { alpha.clamp(f64::MIN_POSITIVE, 1.0) } else { f64::MIN_POSITIVE };
        #[expect(clippy::cast_precision_loss, reason = "a number of copies is far below 2^53")]
        let needed = Wealth::new(copies.max(1) as f64, 0) * reciprocal(alpha);
        let prose = Prose::of(document);
        let clean = Clean::of(sites);
        let shows = prose.shows(sites);
        let lengths = lengths(&prose, &shows, &clean, needed);

        let mut by_channel = BTreeMap::new();
        let mut by_class = BTreeMap::new();
        for site in sites {
            *by_channel.entry(site.channel).or_insert(0) += 1;
            *by_class.entry(site.class.clone().into_owned()).or_insert(0) += 1;
        }
        Self {
            copies,
            alpha,
            words: prose.words.len(),
            sites: sites.len(),
            by_channel,
            by_class,
            quote: Lengths::of(lengths),
            weak: weak(&prose, &shows, &clean, needed),
            codeword_bits: sites.iter().map(|site| libm::log2(float(site.labels.len()))).sum(),
        }
    }

    /// Words of prose per site; none without sites.
    pub fn words_per_site(&self) -> Option<f64> {
        (self.sites > 0).then(|| float(self.words) / float(self.sites))
    }
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// 1 / `value`, for values whose reciprocal a float may not hold.
fn reciprocal(value: f64) -> Wealth {
    let small = Wealth::new(value, 0);
    Wealth::new(1.0 / small.mantissa(), -small.exponent())
}

impl Lengths {
    fn of(mut lengths: Vec<Option<usize>>) -> Self {
        // What never suffices is longer than anything.
        lengths.sort_unstable_by_key(|length| length.unwrap_or(usize::MAX));
        let at = |share: usize| {
            let rank = (lengths.len() * share).div_ceil(100).max(1);
            lengths.get(rank - 1).copied().flatten()
        };
        Self { median: at(50), most: at(95), worst: at(100), best: at(0) }
    }
}

/// The words and sentences that a quotation is made of.
pub(super) struct Prose {
    /// Bytes of every word and number outside code and tables.
    words: Vec<Range<usize>>,
    /// Every sentence: its bytes, and its words as a range of `words`.
    sentences: Vec<(Range<usize>, Range<usize>)>,
    /// For each block with sentences the index of its first.
    blocks: Vec<usize>,
}

/// A place of a site: the words from `first` to `last` must be quoted to show it.
pub(super) struct Show {
    first: usize,
    last: usize,
    site: usize,
}

impl Prose {
    pub(super) fn of(document: &Document) -> Self {
        let text = document.text();
        let (mut words, mut sentences, mut blocks) = (Vec::new(), Vec::new(), Vec::new());
        for block in document.blocks() {
            if matches!(block.kind, BlockKind::Code | BlockKind::Table) {
                continue;
            }
            let tokens = language::tokens(text, block.range.clone());
            let before = sentences.len();
            for sentence in language::sentences(text, &tokens) {
                let tokens = &tokens[sentence];
                let first = words.len();
                words.extend(
                    tokens
                        .iter()
                        .filter(|token| token.kind != TokenKind::Mark)
                        .map(|token| token.range.clone()),
                );
                if let (Some(start), Some(end)) = (tokens.first(), tokens.last())
                    && first < words.len()
                {
                    sentences.push((start.range.start..end.range.end, first..words.len()));
                }
            }
            if sentences.len() > before {
                blocks.push(before);
            }
        }
        Self { words, sentences, blocks }
    }

    /// The sentences of each block that has any.
    pub(super) fn blocks(&self) -> impl Iterator<Item = &[(Range<usize>, Range<usize>)]> {
        let ends = self.blocks.iter().skip(1).copied().chain([self.sentences.len()]);
        self.blocks.iter().zip(ends).map(|(&start, end)| &self.sentences[start..end])
    }

    /// The sites that these words show whole, each once, in document order.
    pub(super) fn shown(shows: &[Show], words: &Range<usize>) -> Vec<usize> {
        let from = shows.partition_point(|show| show.first < words.start);
        let mut sites: Vec<usize> = Vec::new();
        for show in shows[from..].iter().take_while(|show| show.first < words.end) {
            if show.last < words.end && !sites.contains(&show.site) {
                sites.push(show.site);
            }
        }
        sites
    }

    /// Where the sites show, in document order.
    pub(super) fn shows(&self, sites: &[Site]) -> Vec<Show> {
        let mut shows: Vec<Show> = sites
            .iter()
            .enumerate()
            .flat_map(|(site, Site { places, .. })| places.iter().map(move |place| (site, &place.range)))
            .filter_map(|(site, range)| {
                // What stands between words, or reaches beyond them, shows only with the words on both sides.
                let next = self.words.partition_point(|word| word.end <= range.start);
                let behind = self.words.partition_point(|word| word.start < range.end);
                let whole = |word: Option<&Range<usize>>| word.is_some_and(|word| word.start <= range.start);
                let first =
                    if whole(self.words.get(next)) { next } else { next.checked_sub(1).unwrap_or(next) };
                let ends = behind.checked_sub(1).and_then(|last| self.words.get(last));
                let last = match ends {
                    Some(word) if word.end >= range.end => behind - 1,
                    _ => behind.min(self.words.len().checked_sub(1)?),
                };
                (first <= last).then_some(Show { first, last, site })
            })
            .collect();
        shows.sort_by_key(|show| (show.first, show.last));
        shows
    }
}

/// The evidence of a clean reading of every site, for the copy that has least of it.
pub(super) struct Clean {
    evidence: Vec<Option<(Channel, Evidence)>>,
    codeword: Vec<u8>,
}

impl Clean {
    pub(super) fn of(sites: &[Site]) -> Self {
        let mut clean = Self { evidence: Vec::new(), codeword: Vec::new() };
        for (index, site) in sites.iter().enumerate() {
            // The first of the most probable.
            let symbol =
                (0..site.weights.len()).rev().max_by_key(|&symbol| site.weights[symbol]).unwrap_or(0);
            let likelihood: Vec<f64> =
                (0..site.weights.len()).map(|other| if other == symbol { 1.0 } else { UNSEEN }).collect();
            let evidence = Evidence::new(index, &likelihood, &site.probabilities());
            clean.evidence.push(evidence.map(|evidence| (site.channel, evidence)));
            clean.codeword.push(u8::try_from(symbol).unwrap_or(0));
        }
        clean
    }

    /// The wealth from these sites, which are in document order.
    pub(super) fn wealth(&self, sites: &[usize]) -> Wealth {
        let mut channels: BTreeMap<Channel, Vec<Evidence>> = BTreeMap::new();
        for (channel, evidence) in sites.iter().filter_map(|&site| self.evidence[site].as_ref()) {
            channels.entry(*channel).or_default().push(evidence.clone());
        }
        score::wealth(&self.codeword, &channels.into_values().collect::<Vec<_>>())
    }
}

/// For every word the fewest words from it on that reach `needed`.
///
/// From the last word to the first, each site is kept at its next place, so a start looks only at as many sites as
/// it needs; how many that is changes little from one start to the one before. Further clean sites never make a
/// copy poorer, so the search for the number of sites may step up and down.
fn lengths(prose: &Prose, shows: &[Show], clean: &Clean, needed: Wealth) -> Vec<Option<usize>> {
    let mut lengths = vec![None; prose.words.len()];
    let mut pending = shows.iter().enumerate().rev().peekable();
    // The next show of every site, in document order.
    let mut next: BTreeMap<usize, usize> = BTreeMap::new();
    let mut at: Vec<Option<usize>> = vec![None; clean.evidence.len()];
    let (mut count, mut end) = (0, None);
    for start in (0..prose.words.len()).rev() {
        let mut changed = false;
        while let Some((index, show)) = pending.next_if(|(_, show)| show.first >= start) {
            if let Some(later) = at[show.site].replace(index) {
                next.remove(&later);
            }
            next.insert(index, show.site);
            changed = true;
        }
        if changed {
            (count, end) = enough(&next, count, clean, needed);
        }
        lengths[start] = end.map(|show: usize| shows[show].last + 1 - start);
    }
    lengths
}

/// The fewest of the next sites that reach `needed`, and the show that completes them; `guess` is where to start.
fn enough(
    next: &BTreeMap<usize, usize>,
    guess: usize,
    clean: &Clean,
    needed: Wealth,
) -> (usize, Option<usize>) {
    let mut upcoming = next.iter().map(|(&show, &site)| (show, site));
    let mut taken: Vec<(usize, usize)> = upcoming.by_ref().take(guess.max(1)).collect();
    let reaches = |taken: &[(usize, usize)]| {
        clean.wealth(&taken.iter().map(|&(_, site)| site).collect::<Vec<_>>()) >= needed
    };
    if reaches(&taken) {
        while taken.len() > 1 && reaches(&taken[..taken.len() - 1]) {
            taken.pop();
        }
    } else {
        loop {
            let Some(one) = upcoming.next() else { return (taken.len(), None) };
            taken.push(one);
            if reaches(&taken) {
                break;
            }
        }
    }
    let last = taken.iter().map(|&(show, _)| show).max();
    (taken.len(), last)
}

fn weak(prose: &Prose, shows: &[Show], clean: &Clean, needed: Wealth) -> Vec<Weak> {
    prose
        .sentences
        .iter()
        .filter_map(|(range, words)| {
            let sites = Prose::shown(shows, words);
            let wealth = clean.wealth(&sites);
            (wealth < needed).then(|| Weak { range: range.clone(), bits: wealth.bits(), sites: sites.len() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::channel::{Place, Tier, equal_weights};
    use crate::item::Format;

    fn site(text: &str, words: &[&str], channel: Channel, variants: usize) -> Site {
        let places = words
            .iter()
            .map(|word| {
                let start = text.find(word).unwrap();
                let forms = (0..variants).map(|n| if n == 0 { (*word).to_owned() } else { format!("v{n}") });
                Place { range: start..start + word.len(), forms: forms.collect() }
            })
            .collect();
        Site {
            channel,
            class: Cow::Borrowed("test"),
            tier: Tier::Strict,
            labels: (0..variants).map(|n| n.to_string()).collect(),
            weights: equal_weights(variants),
            original: 0,
            places,
            desk: None,
            fact: false,
        }
    }

    /// "w0 w1 … w99. ", ten words a sentence, a binary site at every `step`-th word.
    fn item(words: usize, step: usize) -> (Document, Vec<Site>) {
        let text: Vec<String> =
            (0..words).map(|n| format!("W{n}x{}", if n % 10 == 9 { "." } else { "" })).collect();
        let document = Document::read(Format::Text, text.join(" ").as_bytes()).unwrap();
        let sites = (0..words)
            .step_by(step)
            .map(|n| site(document.text(), &[&format!("W{n}x")], Channel::Wording, 2))
            .collect();
        (document, sites)
    }

    /// The definition, word by word.
    fn slow(document: &Document, sites: &[Site], needed: f64) -> Vec<Option<usize>> {
        let (prose, clean) = (Prose::of(document), Clean::of(sites));
        let shows = prose.shows(sites);
        (0..prose.words.len())
            .map(|start| {
                (start..prose.words.len()).map(|end| end + 1 - start).find(|length| {
                    let mut seen = Vec::new();
                    for show in &shows {
                        if show.first >= start && show.last < start + length && !seen.contains(&show.site) {
                            seen.push(show.site);
                        }
                    }
                    clean.wealth(&seen) >= Wealth::new(needed, 0)
                })
            })
            .collect()
    }

    #[test]
    fn finds_the_shortest_quotation_from_every_word() {
        let (document, mut sites) = item(120, 3);
        // A decision that shows all over the text, and one with many variants.
        sites.retain(|site| !document.text()[site.places[0].range.clone()].contains('6'));
        sites.push(site(document.text(), &["W6x", "W26x", "W36x", "W86x"], Channel::Style, 2));
        sites.push(site(document.text(), &["W56x"], Channel::Authored, 16));
        sites.sort_by_key(|site| site.places[0].range.start);
        let (prose, clean) = (Prose::of(&document), Clean::of(&sites));
        let shows = prose.shows(&sites);
        for needed in [3.0, 40.0, 33_000.0, 1e12] {
            let fast = lengths(&prose, &shows, &clean, Wealth::new(needed, 0));
            assert_eq!(fast, slow(&document, &sites, needed), "{needed}");
            assert_eq!(fast.last(), Some(&None));
        }
    }

    #[test]
    fn promises_what_the_scorer_gives() {
        let (document, sites) = item(1000, 1);
        let promise = Promise::of(&document, &sites, 33, 1e-3);
        // 33,000 is 15.01 bits; a clean binary site is worth just under one bit, and the bets cost some.
        let median = promise.quote.median.unwrap();
        assert!((16..=22).contains(&median), "{promise:?}");
        assert_eq!((promise.quote.best, promise.quote.worst), (Some(median), None));
        assert_eq!((promise.words, promise.sites), (1000, 1000));
        assert_eq!(promise.words_per_site(), Some(1.0));
        assert!((promise.codeword_bits - 1000.0).abs() < 1e-9);
        assert_eq!(promise.by_channel, BTreeMap::from([(Channel::Wording, 1000)]));
        // Ten sites a sentence are ten bits at most.
        assert_eq!(promise.weak.len(), 100);
        assert!(promise.weak.iter().all(|weak| weak.sites == 10 && (5.0..10.0).contains(&weak.bits)));
        assert!(Promise::of(&document, &sites, 4, 0.1).weak.is_empty());
        let rarer = Promise::of(&document, &item(1000, 5).1, 33, 1e-3);
        assert!(rarer.quote.median > Some(4 * median), "{rarer:?}");
        let none = Promise::of(&document, &[], 33, 1e-3);
        assert_eq!((none.quote.median, none.words_per_site(), none.weak.len()), (None, None, 100));
        assert!((none.weak[0].bits).abs() < 1e-12);
        // Bounds that a float can hardly hold.
        assert_eq!(Promise::of(&document, &sites, u64::MAX, 0.0).quote.median, None);
    }

    #[test]
    fn punctuation_shows_only_between_its_words() {
        let text = "One, two, and three are here.";
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let prose = Prose::of(&document);
        let shows = |word: &str| {
            let shows = prose.shows(&[site(text, &[word], Channel::Style, 2)]);
            (shows[0].first, shows[0].last)
        };
        assert_eq!(shows(", and"), (1, 2));
        assert_eq!(shows(", "), (0, 1));
        assert_eq!(shows("two"), (1, 1));
        assert_eq!(shows(" three"), (2, 3));
        assert_eq!(shows("here."), (5, 5));
    }
}
