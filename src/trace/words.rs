//! How much a matched word says: rare words are evidence of a common source, common ones are not.

use std::sync::LazyLock;

use super::align::Step;
use super::lattice::Lattice;

/// Units of 1/8 bit that a word carries, discounted for being predictable from its neighbours.
///
/// Words of English prose carry about 10 bits each by frequency alone and 6 to 7 in context (C. E. Shannon,
/// "Prediction and entropy of printed English", 1951, and P. F. Brown et al., "An estimate of an upper bound for the
/// entropy of English", 1992, at five letters and a space), so a word counts 5/8 of −log₂ of its frequency, and
/// a frequent one half: set phrases are made of those.
const PER_BIT: i64 = 5;
const PER_COMMON_BIT: i64 = 4;

/// Bits of the most frequent words of English, by rank under Zipf's law with the frequency of "the" at 6 %.
const COMMON: [(&str, i64); 5] = [
    ("the of and to a in", 5),
    ("that is was for it on with as be by at he i his not are but from or have an they which this had", 7),
    (
        "you were her all she there would their we him been has when who will more no if out so said what up its about \
         into than them can only other new some could time these two may then do first any my now such like our over \
         me even most made after also did many before must through back years where much your way well down should \
         because each just those how too little state good very make world still own see men work long get here \
         between both life being under never day same another know while last might us great old year off come since \
         against go came right used take three",
        9,
    ),
    (
        "government people during without within however public general part number end hand fact case point result \
         course house country national president minister office week month side early later already together \
         according following including important different several second group order problem question large small \
         high next present possible whether among until around per cent upon once again always often almost",
        11,
    ),
    ("united states kingdom european union prime british american million billion thousand hundred", 11),
];

/// [`COMMON`], sorted by word.
static RANKED: LazyLock<Vec<(&str, i64)>> = LazyLock::new(|| {
    let words = COMMON.iter().flat_map(|&(words, bits)| words.split(' ').map(move |word| (word, bits)));
    let mut ranked: Vec<(&str, i64)> = words.collect();
    ranked.sort_unstable();
    ranked.dedup_by_key(|&mut (word, _)| word);
    ranked
});

/// What the matched words on a path say together, in 1/8 bit; a word of which a part is matched says that part.
pub(super) fn information(lattice: &Lattice, steps: &[Step], same: impl Fn(&Step) -> bool) -> i64 {
    let mut total = 0;
    let mut word = String::new();
    let (mut letters, mut matched) = (0_i64, 0_i64);
    let mut end = |word: &mut String, letters: &mut i64, matched: &mut i64| {
        if *letters > 0 {
            total += weight(word, *letters) * *matched / *letters;
        }
        word.clear();
        (*letters, *matched) = (0, 0);
    };
    for step in steps {
        let symbol = lattice.node(step.node).symbol;
        if symbol.is_letter() {
            if letters < 32 {
                word.push(symbol.char);
            }
            letters += 1;
            matched += i64::from(same(step));
        } else {
            end(&mut word, &mut letters, &mut matched);
        }
    }
    end(&mut word, &mut letters, &mut matched);
    total
}

fn weight(word: &str, letters: i64) -> i64 {
    if word.chars().all(|c| c.is_ascii_digit()) {
        return PER_BIT * (letters * 3).min(12);
    }
    if let Ok(at) = RANKED.binary_search_by(|(common, _)| (*common).cmp(word)) {
        return PER_COMMON_BIT * RANKED[at].1;
    }
    PER_BIT
        * match letters {
            1 => 5,
            2 => 7,
            3 => 9,
            4 => 11,
            5 => 12,
            6 | 7 => 13,
            _ => 15,
        }
}
