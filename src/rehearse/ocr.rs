//! What printing, scanning and optical character recognition leave of a text, without a scanner.

use super::Random;

/// How badly a page was recognised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OcrNoise {
    /// Share of characters that are misread, 0.0..=1.0; only characters that have a look-alike are.
    pub misread: f64,
    /// Share of words that fall apart into two, 0.0..=1.0.
    pub broken: f64,
    /// Share of spaces that are lost, 0.0..=1.0.
    pub joined: f64,
    /// Share of lines that end in a divided word, 0.0..=1.0.
    pub divided: f64,
    /// Characters a line; 0 keeps the text's own lines.
    pub width: usize,
    /// Lines a page; a page number and a running head stand between pages. 0 for one endless page.
    pub page: usize,
}

impl OcrNoise {
    /// A page on which `rate` of the characters are misread, with the other faults in proportion.
    ///
    /// Tesseract on clean pages stays below 0.002 and reaches about 0.05 on photographs of a screen (measured for the
    /// project's design). At rate 0 the text comes back in the lines of a printed page and otherwise whole.
    pub fn with_rate(rate: f64) -> Self {
        Self {
            misread: rate,
            broken: (rate / 2.0).min(1.0),
            joined: (rate / 2.0).min(1.0),
            divided: (rate * 10.0).min(0.3),
            width: 72,
            page: if rate > 0.0 { 40 } else { 0 },
        }
    }
}

/// The text as it is read off a page on which `rate` of the characters are misread, 0.0..=1.0.
pub fn ocr_noise(text: &str, rate: f64, random: &mut Random) -> String {
    ocr_noise_with(text, &OcrNoise::with_rate(rate), random)
}

/// The text as it is read off pages with this noise.
pub fn ocr_noise_with(text: &str, noise: &OcrNoise, random: &mut Random) -> String {
    let read: String =
        text.split_inclusive(char::is_whitespace).map(|piece| damage(piece, noise, random)).collect();
    if noise.width == 0 { read } else { set(&read, noise, random) }
}

/// What is printed, and what it may be read as.
const CONFUSIONS: &[(&str, &[&str])] = &[
    ("rn", &["m"]),
    ("cl", &["d"]),
    ("vv", &["w"]),
    ("fi", &["ﬁ", "f1", "h"]),
    ("ff", &["ﬀ"]),
    ("m", &["rn", "nn"]),
    ("w", &["vv"]),
    ("d", &["cl"]),
    ("l", &["1", "I", "i", "|"]),
    ("I", &["l", "1", "|"]),
    ("i", &["l", "1", "j"]),
    ("1", &["l", "I"]),
    ("0", &["O", "o"]),
    ("O", &["0", "Q"]),
    ("o", &["0", "c"]),
    ("e", &["c", "o"]),
    ("c", &["e", "o"]),
    ("a", &["o", "s"]),
    ("s", &["5", "z"]),
    ("S", &["5"]),
    ("5", &["S"]),
    ("8", &["B"]),
    ("B", &["8"]),
    ("6", &["b"]),
    ("g", &["q", "9"]),
    ("h", &["b", "li"]),
    ("b", &["h", "6"]),
    ("n", &["ri", "u"]),
    ("u", &["n", "ii"]),
    ("t", &["f", "r"]),
    ("f", &["t"]),
    ("r", &["t"]),
    ("y", &["v"]),
    ("v", &["y"]),
    (",", &[".", "'"]),
    (".", &[",", ""]),
    (";", &[":", ","]),
    ("’", &["'", "`", ","]),
    ("'", &["`", "’"]),
    ("“", &["\"", "''"]),
    ("”", &["\"", "''"]),
    ("–", &["-", "—"]),
    ("-", &["–", "~"]),
];

/// A word and the white space after it, misread.
fn damage(piece: &str, noise: &OcrNoise, random: &mut Random) -> String {
    let word = piece.trim_end();
    let space = &piece[word.len()..];
    let mut out = String::with_capacity(piece.len());
    let length = word.chars().count();
    let split = (length > 3 && random.chance(noise.broken)).then(|| 1 + random.below(length - 1));
    let mut rest = word;
    let mut at = 0;
    while let Some(c) = rest.chars().next() {
        if split == Some(at) {
            out.push(' ');
        }
        let confusion =
            random.chance(noise.misread).then(|| CONFUSIONS.iter().find(|(from, _)| rest.starts_with(from)));
        if let Some((from, read)) = confusion.flatten()
            && let Some(read) = random.pick(read)
        {
            out.push_str(read);
            rest = &rest[from.len()..];
            at += from.chars().count();
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            at += 1;
        }
    }
    if space != " " || !random.chance(noise.joined) {
        out.push_str(space);
    }
    out
}

/// Sets a text in lines and pages.
fn set(text: &str, noise: &OcrNoise, random: &mut Random) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let (mut column, mut line, mut page) = (0, 0, 1);
    let mut turn = |out: &mut String| {
        out.push('\n');
        line += 1;
        if noise.page > 0 && line % noise.page == 0 {
            page += 1;
            // The number at the foot and the head of the next page, between two paragraphs or in the middle of one.
            out.extend(["\n", &page.to_string(), "\n\nPage ", &page.to_string(), "\n\n"]);
        }
    };
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            turn(&mut out);
            turn(&mut out);
            column = 0;
        }
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > noise.width {
                let room = noise.width.saturating_sub(column + 2);
                let letters = word.chars().all(char::is_alphabetic);
                if letters && length > 5 && (2..=length - 2).contains(&room) && random.chance(noise.divided) {
                    let cut = word.char_indices().nth(room).map_or(word.len(), |(at, _)| at);
                    out.push(' ');
                    out.push_str(&word[..cut]);
                    out.push('-');
                    turn(&mut out);
                    out.push_str(&word[cut..]);
                    column = length - room;
                    continue;
                }
                turn(&mut out);
                column = 0;
            }
            if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
    }
    out
}
