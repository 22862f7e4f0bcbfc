//! Lines for a terminal: roles instead of colours, columns instead of bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape;

/// What the terminal can show; the binary finds out and passes it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns that may be used.
    pub width: usize,
    /// Whether only bytes below 128 may be written.
    pub ascii: bool,
    /// Whether roles are written as ANSI colours.
    pub colour: bool,
}

impl Style {
    /// Eighty columns, Unicode, no colour.
    pub const PLAIN: Self = Self { width: 80, ascii: false, colour: false };

    /// One of two glyphs.
    pub fn glyph(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { unicode }
    }

    /// Text from outside, made safe.
    pub fn safe(self, text: &str) -> Cow<'_, str> {
        escape(text, self.ascii)
    }

    /// Text from outside on one line: white space collapsed, made safe.
    pub fn line(self, text: &str) -> String {
        let mut flat = String::with_capacity(text.len());
        let mut parts = text.split([' ', '\t', '\r', '\n']).filter(|part| !part.is_empty());
        if let Some(first) = parts.next() {
            flat.push_str(first);
        }
        for part in parts {
            flat.push(' ');
            flat.push_str(part);
        }
        self.safe(&flat).into_owned()
    }

    /// Safe text cut to `columns`, with an ellipsis where something was cut.
    pub fn clip(self, text: &str, columns: usize) -> String {
        self.cut(&self.line(text), columns)
    }

    /// Cuts text that is safe already to `columns`, with an ellipsis where something was cut.
    pub fn cut(self, text: &str, columns: usize) -> String {
        if text.width() <= columns {
            return text.to_owned();
        }
        let ellipsis = self.glyph("…", "...");
        let mut out = prefix(text, columns.saturating_sub(ellipsis.width())).to_owned();
        out.push_str(ellipsis);
        out
    }
}

/// The longest prefix of at most `columns` columns.
pub(crate) fn prefix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, char) in text.char_indices() {
        used += char.width().unwrap_or(0);
        if used > columns {
            return &text[..at];
        }
    }
    text
}

/// The longest suffix of at most `columns` columns.
pub(crate) fn suffix(text: &str, columns: usize) -> &str {
    let mut used = 0;
    for (at, char) in text.char_indices().rev() {
        used += char.width().unwrap_or(0);
        if used > columns {
            return &text[at + char.len_utf8()..];
        }
    }
    text
}

/// What a piece of text is; one table says how that looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Running text.
    Plain,
    /// The label at the left edge.
    Label,
    /// A heading or a name that matters.
    Strong,
    /// A positive answer; the verdict that names a copy.
    Good,
    /// A negative answer, a broken signature.
    Bad,
    /// What speaks against, or needs a person's attention.
    Caution,
    /// The leaked wording.
    Leaked,
    /// Legends and asides.
    Faint,
    /// Something to type: a command or a path.
    Literal,
}

impl Role {
    /// The one table from meaning to look. Colour only ever repeats what the words say.
    fn ansi(self) -> anstyle::Style {
        use anstyle::AnsiColor;
        let plain = anstyle::Style::new();
        match self {
            Self::Plain => plain,
            Self::Label | Self::Faint => plain.dimmed(),
            Self::Strong | Self::Leaked => plain.bold(),
            Self::Good => AnsiColor::Green.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Caution => AnsiColor::Yellow.on_default(),
            Self::Literal => AnsiColor::Cyan.on_default(),
        }
    }
}

/// The column at which a field's text starts.
const FIELD_COLUMN: usize = 10;

/// Builds a page line by line.
#[derive(Debug)]
pub struct Page {
    style: Style,
    out: String,
}

impl Page {
    /// An empty page.
    pub fn new(style: Style) -> Self {
        Self { style, out: String::new() }
    }

    /// What the terminal can show.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The finished page; every line ends with a line feed.
    pub fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless the page is empty or already ends with one.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// Appends to the current line; `text` is safe already.
    pub fn put(&mut self, role: Role, text: &str) -> &mut Self {
        let look = role.ansi();
        if self.style.colour && !text.is_empty() && look != anstyle::Style::new() {
            // Writing to a string cannot fail.
            let _ = write!(self.out, "{look}{text}{look:#}");
        } else {
            self.out.push_str(text);
        }
        self
    }

    /// Appends blanks.
    pub fn pad(&mut self, columns: usize) -> &mut Self {
        self.out.extend(std::iter::repeat_n(' ', columns));
        self
    }

    /// Ends the current line; blanks at its end are dropped.
    pub fn end(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
    }

    /// A whole line.
    pub fn row(&mut self, role: Role, text: &str) {
        self.put(role, text).end();
    }

    /// A label and a paragraph beside it, wrapped; an empty label continues the field above.
    pub fn field(&mut self, label: &str, role: Role, text: &str) {
        for (i, line) in wrap(text, self.style.width.saturating_sub(FIELD_COLUMN)).iter().enumerate() {
            let label = if i == 0 { label } else { "" };
            self.put(Role::Label, label);
            self.pad(FIELD_COLUMN.saturating_sub(label.width()).max(usize::from(!label.is_empty())));
            self.put(role, line).end();
        }
    }

    /// A paragraph under an indent, wrapped.
    pub fn text(&mut self, indent: usize, role: Role, text: &str) {
        for line in wrap(text, self.style.width.saturating_sub(indent)) {
            self.pad(indent).put(role, &line).end();
        }
    }
}

/// Breaks a text at blanks into lines of at most `columns`; a longer word is cut.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for mut word in text.split(' ') {
        if used > 0 && used + 1 + word.width() > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        while word.width() > columns {
            let head = prefix(word, columns);
            lines.push(head.to_owned());
            word = &word[head.len()..];
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += word.width();
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(Style::PLAIN.clip("日本語の機関", 7), "日本語…");
        assert_eq!(Style { ascii: true, ..Style::PLAIN }.clip("Agency Quebec", 9), "Agency...");
        assert_eq!(prefix("日本", 3), "日");
        assert_eq!(suffix("日本", 3), "本");
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        let page = |colour| {
            let mut page = Page::new(Style { colour, ..Style::PLAIN });
            page.field("Verdict", Role::Good, "attributed");
            page.finish()
        };
        assert_eq!(page(false), "Verdict   attributed\n");
        assert!(page(true).contains("\u{1b}["));
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-z日 ]{0,200}", columns in 8_usize..60) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| line.width() <= columns));
            let kept: String = lines.concat().split(' ').collect();
            let given: String = text.split(' ').collect();
            prop_assert_eq!(kept, given);
        }
    }
}
