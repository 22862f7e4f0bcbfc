//! What copying, retyping and optical reading do to text, in units of 1/8 bit.
//!
//! A cost is −8·log₂ of how often a character suffers that slip. The figures are round ones for text that lost about
//! one character in a hundred (careful retyping, 150 dpi OCR: `docs/MATH.md`); a noisier leak only makes
//! the reader more cautious, because the price of *any other wording* does not change with it.

use unicode_normalization::UnicodeNormalization;

/// A letter read as an unrelated letter: 10 bits (one in fifty, times one of some twenty).
const SUBSTITUTE: u8 = 80;
/// Two shapes that optical readers confuse: 5.5 bits.
const CONFUSE: u8 = 44;
/// A mark of punctuation read as another.
const REPUNCTUATE: u8 = 32;
/// A lost or added accent.
const ACCENT: u32 = 24;
/// Two letters read as one or the reverse ("rn" and "m").
pub(super) const LIGATE: u32 = 44;
/// Two neighbours typed in the wrong order.
pub(super) const SWAP: u32 = 56;
/// Each further character of a dropped run: 1 bit; that text is missing says little about how much.
pub(super) const DELETE_MORE: u32 = 8;
/// Each further character of an added run: 2.5 bits, near the entropy of English text by short context.
pub(super) const INSERT_MORE: u32 = WILD;
/// A character of unknown text: 2.5 bits.
pub(super) const WILD: u32 = 20;
/// That a place was written in other words: 8 bits before its characters.
pub(super) const REWRITE: u32 = 64;

const DROP_LETTER: u8 = 72;
const DROP_SPACE: u8 = 48;
const DROP_PUNCTUATION: u8 = 40;
const DROP_HYPHEN: u8 = 32;
const DROP_QUOTE: u8 = 24;

/// The code of letters and digits without an ASCII base, and of other characters.
const OTHER_LETTER: u8 = 127;
const OTHER_MARK: u8 = 126;

/// A folded character with what the noise model needs to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) char: char,
    /// The ASCII character it is or is built on.
    code: u8,
    /// The cost of losing or adding it alone.
    drop: u8,
}

impl Symbol {
    pub(super) fn new(char: char) -> Self {
        let ascii = |c: char| u8::try_from(c).ok().filter(u8::is_ascii);
        let code = match ascii(char) {
            Some(code) => code.min(OTHER_MARK),
            None if char.is_alphanumeric() => {
                let base = char.nfd().next().and_then(ascii).filter(u8::is_ascii_alphanumeric);
                base.unwrap_or(OTHER_LETTER)
            }
            None => OTHER_MARK,
        };
        let drop = match code {
            OTHER_LETTER => DROP_LETTER,
            b' ' => DROP_SPACE,
            b'-' => DROP_HYPHEN,
            b'\'' | b'"' | b'*' | b'_' | b'#' | b'|' => DROP_QUOTE,
            code if code.is_ascii_alphanumeric() => DROP_LETTER,
            _ => DROP_PUNCTUATION,
        };
        Self { char, code, drop }
    }

    /// Whether it is a letter or digit of any script.
    pub(super) fn is_letter(self) -> bool {
        self.code == OTHER_LETTER || self.code.is_ascii_alphanumeric()
    }

    pub(super) fn is_space(self) -> bool {
        self.char == ' '
    }

    /// The cost of losing or adding it, where no run is under way.
    pub(super) fn drop_cost(self) -> u32 {
        u32::from(self.drop)
    }

    /// The cost of reading it as `other`.
    pub(super) fn read_as(self, other: Self) -> u32 {
        if self.char == other.char {
            0
        } else if self.code == other.code {
            if self.code < OTHER_MARK { ACCENT } else { u32::from(SUBSTITUTE) }
        } else {
            u32::from(SLIPS[usize::from(self.code & 127)][usize::from(other.code & 127)])
        }
    }

    /// The letter that this one and the next are read as together.
    pub(super) fn ligates(self, next: Self) -> Option<u8> {
        PAIRS.iter().find(|(pair, _)| *pair == [self.code, next.code]).map(|&(_, one)| one)
    }

    /// Whether `first` and `second` may be read for this one letter.
    pub(super) fn splits(self, first: Self, second: Self) -> bool {
        PAIRS.iter().any(|&(pair, one)| one == self.code && pair == [first.code, second.code])
    }

    /// Whether any pair may be read for this letter.
    pub(super) fn may_split(self) -> bool {
        PAIRS.iter().any(|&(_, one)| one == self.code)
    }

    pub(super) fn is(self, code: u8) -> bool {
        self.code == code
    }
}

/// Letter pairs that print like one letter. Known from proofreading of scanned books ("arid" for "and",
/// "modem" for "modern").
const PAIRS: [([u8; 2], u8); 11] = [
    (*b"rn", b'm'),
    (*b"nn", b'm'),
    (*b"in", b'm'),
    (*b"ni", b'm'),
    (*b"cl", b'd'),
    (*b"ol", b'd'),
    (*b"vv", b'w'),
    (*b"ii", b'u'),
    (*b"li", b'h'),
    (*b"ri", b'n'),
    (*b"ti", b'n'),
];

/// Single shapes that print alike, in either direction.
const ALIKE: [[u8; 2]; 36] = [
    *b"l1", *b"li", *b"i1", *b"ij", *b"i!", *b"l!", *b"l|", *b"i|", *b"1|", *b"0o", *b"ce", *b"co", *b"eo",
    *b"hb", *b"uv", *b"un", *b"vy", *b"s5", *b"b8", *b"b6", *b"g9", *b"gq", *b"z2", *b"tf", *b"tl", *b"ti",
    *b"ao", *b"ea", *b"nm", *b"nh", *b"38", *b"17", *b"56", *b"rt", *b"fl", *b"rn",
];

const SLIPS: [[u8; 128]; 128] = slips();

const fn slips() -> [[u8; 128]; 128] {
    let mut table = [[SUBSTITUTE; 128]; 128];
    let mut a = 0;
    while a < OTHER_LETTER {
        let mut b = 0;
        while b < OTHER_LETTER {
            if !a.is_ascii_alphanumeric() && !b.is_ascii_alphanumeric() {
                table[a as usize][b as usize] = REPUNCTUATE;
            }
            b += 1;
        }
        a += 1;
    }
    let mut i = 0;
    while i < ALIKE.len() {
        let (a, b) = (ALIKE[i][0] as usize, ALIKE[i][1] as usize);
        table[a][b] = CONFUSE;
        table[b][a] = CONFUSE;
        i += 1;
    }
    table
}
