//! Makes text from outside safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

/// How many combining marks in a row are shown as they are.
///
/// The longest useful stacks (Vietnamese, Hebrew with points and accents) have three or four; a stack of hundreds
/// paints over the lines above and below it.
const COMBINING_MAX: usize = 4;

/// Replaces every character that could move the cursor, reorder the line or hide by its visible notation.
///
/// Control characters (C0, C1, DEL, and with them every ANSI sequence), bidirectional controls, zero-width and
/// other invisible characters, line and paragraph separators, and spaces that look like `' '` without being common
/// in running text become `\n`, `\r`, `\t` or `\u{202e}`. With `ascii`, everything above U+007E does.
pub fn escape(text: &str, ascii: bool) -> Cow<'_, str> {
    let mut stacked = 0;
    let mut hidden = |char: char| {
        stacked = if is_combining_mark(char) { stacked + 1 } else { 0 };
        stacked > COMBINING_MAX || is_unsafe(char) || (ascii && !char.is_ascii())
    };
    let Some(first) = text.char_indices().find(|&(_, char)| hidden(char)).map(|(at, _)| at) else {
        return Cow::Borrowed(text);
    };
    let mut shown = text[..first].to_owned();
    // The first hidden character was counted already when it was found.
    let mut found = true;
    for char in text[first..].chars() {
        if std::mem::take(&mut found) || hidden(char) {
            push_notation(&mut shown, char);
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

fn push_notation(out: &mut String, char: char) {
    match char {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(char));
        }
    }
}

/// Whether a character acts on the line it stands in, or cannot be seen in it.
fn is_unsafe(char: char) -> bool {
    char.is_control() || is_bidi_control(char) || is_invisible(char) || is_rare_space(char)
}

/// Unicode's `Bidi_Control` property (UAX #9).
fn is_bidi_control(char: char) -> bool {
    matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Zero-width and default-ignorable characters, separators that break a line, annotation and tag characters.
///
/// Variation selectors 1 to 16 hide nothing by themselves, yet a copy could carry a mark in them: they are shown.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Spaces other than those of running text (space, no-break, narrow no-break, ideographic).
fn is_rare_space(char: char) -> bool {
    matches!(char, '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{2800}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["Agency Q", "Zürich, 10\u{a0}km", "日本語", "e\u{301}", ""] {
            assert!(matches!(escape(text, false), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn every_way_to_act_on_a_line_becomes_visible() {
        for (hostile, shown) in [
            ("\x1b[31mred\x1b[0m", "\\u{1b}[31mred\\u{1b}[0m"),
            ("a\u{9b}2Jb", "a\\u{9b}2Jb"),
            ("Agency\u{202e}Q", "Agency\\u{202e}Q"),
            ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
            ("punctuation\u{2008}space", "punctuation\\u{2008}space"),
            ("line\u{2028}separator", "line\\u{2028}separator"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("\u{7f}", "\\u{7f}"),
        ] {
            assert_eq!(escape(hostile, false), shown);
        }
    }

    #[test]
    fn stacks_of_combining_marks_are_cut() {
        let zalgo = format!("a{}b", "\u{301}".repeat(50));
        let shown = escape(&zalgo, false);
        assert_eq!(shown.matches('\u{301}').count(), COMBINING_MAX);
        assert_eq!(shown.matches("\\u{301}").count(), 50 - COMBINING_MAX);
        assert!(shown.ends_with('b'));
    }

    #[test]
    fn ascii_means_ascii() {
        assert_eq!(escape("Zürich “Q”", true), "Z\\u{fc}rich \\u{201c}Q\\u{201d}");
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in any::<String>(), ascii in any::<bool>()) {
            let shown = escape(&text, ascii);
            prop_assert!(!shown.chars().any(is_unsafe));
            prop_assert!(!ascii || shown.is_ascii());
            let again = escape(&shown, ascii);
            prop_assert_eq!(again.as_ref(), shown.as_ref());
        }
    }
}
