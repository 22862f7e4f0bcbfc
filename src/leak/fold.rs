//! Folding: what two renderings of one text have in common.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Folded;

/// Folds a text; the same function serves items and fragments.
///
/// Compatibility normal form (NFKC), lower case, typographic quotes and primes to `'` and `"`, dashes and runs of
/// them to `-`, `…` to `...`, runs of white space to one `' '`. Dropped: invisible characters (Unicode's
/// default-ignorable ones and controls), hyphens at line ends between letters together with the line end, and
/// e-mail quote marks (`>`) at line starts.
pub fn fold(text: &str) -> Vec<Folded> {
    fold_piece(text, true)
}

/// Folds a piece of a text; `line_start` says whether it begins a line.
pub(crate) fn fold_piece(text: &str, line_start: bool) -> Vec<Folded> {
    let mut folder = Folder { out: Vec::with_capacity(text.len()), line_start };
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        // Most text is this. No combining mark may follow for the short way, not even behind a dropped control.
        let plain_follows = |next: &u8| next.is_ascii() && !is_ignorable(char::from(*next));
        if byte.is_ascii_alphanumeric() && bytes.get(at + 1).is_some_and(plain_follows) {
            folder.emit(char::from(byte.to_ascii_lowercase()), at, at + 1);
            at += 1;
            continue;
        }
        at = folder.cluster(text, at);
    }
    folder.out
}

struct Folder {
    out: Vec<Folded>,
    line_start: bool,
}

impl Folder {
    /// Folds the character at `at` with the marks that combine with it; returns where the next one starts.
    fn cluster(&mut self, text: &str, at: usize) -> usize {
        let Some(first) = text[at..].chars().next() else { return text.len() };
        let mut end = at + first.len_utf8();
        if matches!(first, '-' | '\u{2010}' | '\u{ad}' | '\u{ac}')
            && self.out.last().is_some_and(|last| last.char.is_alphabetic())
            && let Some(joined) = joins(text, end)
        {
            return joined;
        }
        if is_ignorable(first) {
            return end;
        }
        if is_line_end(first) {
            self.emit(' ', at, end);
            self.line_start = true;
            return end;
        }
        if is_space(first) && !continues(text, end) {
            self.emit(' ', at, end);
            return end;
        }
        if let Some(plain) = plain(first)
            && !continues(text, end)
        {
            plain.chars().for_each(|c| self.emit(c, at, end));
            return end;
        }
        let mut marks = String::new();
        marks.push(first);
        let mut next = end;
        while let Some(mark) = text[next..].chars().next() {
            next += mark.len_utf8();
            if is_ignorable(mark) {
                continue;
            }
            if !combines(mark) {
                break;
            }
            marks.push(mark);
            end = next;
        }
        // Lower-casing can leave what normalises further, and the reverse.
        let lower: String = marks.nfkc().flat_map(char::to_lowercase).collect();
        let again: String = lower.nfkc().flat_map(char::to_lowercase).collect();
        for c in again.nfkc() {
            match plain(c) {
                Some(plain) => plain.chars().for_each(|c| self.emit(c, at, end)),
                None => self.emit(c, at, end),
            }
        }
        end
    }

    fn emit(&mut self, c: char, start: usize, end: usize) {
        if is_ignorable(c) {
            return;
        }
        let c = match c {
            'ς' => 'σ',
            c if is_space(c) => ' ',
            c => c,
        };
        if self.line_start {
            match c {
                '>' => return,
                ' ' => {}
                _ => self.line_start = false,
            }
        }
        let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if matches!(c, ' ' | '-')
            && let Some(last) = self.out.last_mut()
            && last.char == c
        {
            last.end = last.end.max(position(end));
            return;
        }
        self.out.push(Folded { char: c, start: position(start), end: position(end) });
    }
}

/// Where the word goes on after a hyphen that ends at `at`, when that hyphen stands at a line end.
fn joins(text: &str, at: usize) -> Option<usize> {
    let mut lines = 0;
    let mut previous = ' ';
    for (offset, c) in text[at..].char_indices() {
        if is_line_end(c) {
            lines += usize::from(!(c == '\n' && previous == '\r'));
        } else if c.is_alphabetic() {
            return (lines == 1).then_some(at + offset);
        } else if !(matches!(c, ' ' | '\t') || (c == '>' && lines == 1) || is_ignorable(c)) {
            return None;
        }
        if lines > 1 {
            return None;
        }
        previous = c;
    }
    None
}

/// Whether a mark follows that combines with what stands before `at`.
fn continues(text: &str, at: usize) -> bool {
    text[at..].chars().find(|&c| !is_ignorable(c)).is_some_and(combines)
}

fn combines(c: char) -> bool {
    // Vowel and final jamo compose with the syllable before them though they are no marks.
    let joins = |c: char| is_combining_mark(c) || matches!(c, '\u{1161}'..='\u{11ff}');
    // A compatibility letter ("ㄳ") may stand for a jamo that does.
    !c.is_ascii() && (joins(c) || std::iter::once(c).nfkc().next().is_some_and(joins))
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Punctuation in its plain form, where NFKC has none or another one.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2bc}'
        | '\u{2b9}'
        | '`'
        | '\u{b4}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{ff07}'
        | '\u{2bb}'
        | '\u{2bd}'
        | '\u{55a}' => "'",
        '\u{201c}'..='\u{201f}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{ab}'
        | '\u{bb}'
        | '\u{ff02}'
        | '\u{301d}'..='\u{301f}'
        | '\u{2ba}' => "\"",
        '\u{2034}' => "\"'",
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{2043}'
        | '\u{ac}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => "-",
        '\u{2026}' => "...",
        _ => return None,
    })
}

/// Characters without a glyph: Unicode's `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`), the
/// interlinear annotation marks, and controls other than white space.
fn is_ignorable(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_ascii_whitespace() && c != '\u{b}';
    }
    matches!(c,
        '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}
