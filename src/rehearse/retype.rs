//! Typing a text off by hand.

use unicode_normalization::UnicodeNormalization;

use super::Random;

/// How often a typist slips.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slips {
    /// Share of words with one wrong keystroke, 0.0..=1.0.
    pub words: f64,
    /// Share of commas and semicolons that are left out, 0.0..=1.0.
    pub commas: f64,
    /// Share of capitalised words typed in lower case, 0.0..=1.0.
    pub lower: f64,
}

impl Slips {
    /// A typist who makes no mistake.
    pub const NONE: Self = Self { words: 0.0, commas: 0.0, lower: 0.0 };
}

impl Default for Slips {
    /// A careful typist in a hurry: one wrong key in a hundred words, one comma in twenty, one capital in fifty.
    fn default() -> Self {
        Self { words: 0.01, commas: 0.05, lower: 0.02 }
    }
}

/// The text as a careful typist gives it: plain characters, and the slips of [`Slips::default`].
pub fn retype(text: &str, random: &mut Random) -> String {
    retype_with(text, Slips::default(), random)
}

/// The text as a typist with the given `slips` gives it.
pub fn retype_with(text: &str, slips: Slips, random: &mut Random) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in plain(text).split_inclusive([' ', '\n']) {
        let word = piece.trim_end();
        let mut typed: String =
            word.chars().filter(|c| !matches!(c, ',' | ';') || !random.chance(slips.commas)).collect();
        if typed.starts_with(char::is_uppercase) && random.chance(slips.lower) {
            typed = typed.to_lowercase();
        }
        if random.chance(slips.words) {
            typed = slip(&typed, random);
        }
        out.push_str(&typed);
        out.push_str(&piece[word.len()..]);
    }
    out
}

/// The text in the characters of a keyboard: NFKC, straight quotes, hyphens for dashes, nothing invisible, single
/// spaces, at most one empty line.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = Gap::None;
    for c in text.nfkc().filter(|&c| !ignorable(c)) {
        if c.is_whitespace() {
            gap = gap.and(c);
            continue;
        }
        if !out.is_empty() {
            out.push_str(gap.typed());
        }
        gap = Gap::None;
        match c {
            '‘' | '’' | '‚' | '‛' | '′' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' | '‟' | '″' | '«' | '»' => out.push('"'),
            '‐' | '‑' | '‒' | '–' | '−' => out.push('-'),
            // An unspaced dash of the printer is typed with spaces around it.
            '—' | '―' => {
                if out.ends_with(|before: char| !before.is_whitespace()) {
                    out.push(' ');
                }
                out.push('-');
                gap = Gap::Space;
            }
            _ => out.push(c),
        }
    }
    out
}

/// The text without capitals.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// The text without punctuation; hyphens and apostrophes inside words stay.
pub fn no_punctuation(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let inner = |at: usize| {
        let beside = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_some_and(|c| c.is_alphanumeric());
        beside(at.checked_sub(1)) && beside(Some(at + 1))
    };
    let kept = chars.iter().enumerate().filter_map(|(at, &c)| match c {
        _ if c.is_alphanumeric() || c.is_whitespace() => Some(c),
        '\'' | '’' | '-' | '.' | ',' if inner(at) => Some(c),
        // A dash between words leaves the space it stood for.
        '—' | '–' => Some(' '),
        _ => None,
    });
    kept.collect()
}

/// White space between two words, as it will be typed.
#[derive(Clone, Copy, PartialEq)]
enum Gap {
    None,
    Space,
    Line,
    Paragraph,
}

impl Gap {
    fn and(self, c: char) -> Self {
        match (self, c) {
            (Self::Line | Self::Paragraph, '\n') => Self::Paragraph,
            (Self::None | Self::Space, '\n') => Self::Line,
            (Self::None, _) => Self::Space,
            (gap, _) => gap,
        }
    }

    fn typed(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Space => " ",
            Self::Line => "\n",
            Self::Paragraph => "\n\n",
        }
    }
}

/// Characters that show nothing: soft hyphen, zero-width characters, direction marks, variation selectors.
fn ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// One wrong keystroke in a word: two letters swapped, one left out, one doubled, or the key beside it.
fn slip(word: &str, random: &mut Random) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    let letters: Vec<usize> = (0..chars.len()).filter(|&i| chars[i].is_alphabetic()).collect();
    let Some(&at) = random.pick(&letters) else { return word.to_owned() };
    match random.below(4) {
        0 if chars.get(at + 1).is_some_and(|c| c.is_alphabetic()) => chars.swap(at, at + 1),
        1 if letters.len() > 1 => {
            chars.remove(at);
        }
        2 => chars.insert(at, chars[at]),
        _ => {
            if let Some(key) = beside(chars[at], random) {
                chars[at] = key;
            }
        }
    }
    chars.into_iter().collect()
}

/// A key beside `c` on a QWERTY keyboard, in the case of `c`.
fn beside(c: char, random: &mut Random) -> Option<char> {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let lower = c.to_ascii_lowercase();
    let (row, at) = ROWS.iter().find_map(|row| row.find(lower).map(|at| (row.as_bytes(), at)))?;
    let left = at.checked_sub(1);
    let right = (at + 1 < row.len()).then_some(at + 1);
    let keys: Vec<usize> = left.into_iter().chain(right).collect();
    let key = char::from(row[*random.pick(&keys)?]);
    Some(if c.is_uppercase() { key.to_ascii_uppercase() } else { key })
}
