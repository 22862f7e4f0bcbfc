//! Answers from a person: one key each.

use std::io::{self, Write as _};

use console::{Key, Term};
use dyetrace::report::Style;
use dyetrace::report::review::alternatives;
use dyetrace::review::{Answer as Given, Session};
use unicode_width::UnicodeWidthStr as _;

use super::{Answers, Screen, Typed, add, edit, strike, variant};
use crate::cli::error::Stop;
use crate::cli::{interrupt, terminal};

const HELP: &str = "
    a y  accept                      A  accept all that are left of this class
    r n  reject                      R  reject all that are left of this class
    e    edit an alternative         +  add an alternative
    d    strike an alternative       p  protect the sentence, or some words
    s    skip: leave it for later    b  back by one, changing nothing
    u    undo the last answer        q  save and quit
    While typing: Enter takes it, Esc leaves it; \"\" means nothing at all.
    Every answer is in the plan at once.
";

/// The longest text that can be typed, in bytes; variants are shorter.
const TYPED_MAX: usize = 4096;

/// The keys of a terminal.
pub(super) struct Keys {
    term: Term,
    asked: bool,
}

impl Keys {
    /// On the stream that the questions go to.
    pub(super) fn new(aside: bool) -> Self {
        terminal::restore_on_exit();
        Self { term: if aside { Term::stderr() } else { Term::stdout() }, asked: false }
    }

    /// The next key; none when the terminal has gone.
    fn key(&self) -> Result<Option<Key>, Stop> {
        match self.term.read_key_raw() {
            Ok(Key::CtrlC | Key::Char('\u{3}')) => Err(Stop::Interrupted),
            Ok(Key::Char('\u{4}')) => Ok(None),
            Ok(key) => Ok(Some(key)),
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {
                interrupt::check()?;
                Ok(Some(Key::Unknown))
            }
            Err(_) => Ok(None),
        }
    }

    fn put(&self, text: &str) -> Result<(), Stop> {
        let mut term = &self.term;
        // A terminal that has gone is no error: every answer is in the plan.
        term.write_all(text.as_bytes()).and_then(|()| term.flush()).map_err(|_| Stop::ClosedPipe)
    }

    /// Which alternative is meant: the only one, or the one whose number is typed.
    fn which(&self, session: &Session<'_>, style: Style) -> Result<Result<usize, Typed>, Stop> {
        let Some(question) = session.question() else {
            return Ok(Err(Typed::Odd("there is no site to change".to_owned())));
        };
        let count = alternatives(&question.entry.site).count();
        if count == 1 {
            return Ok(variant(session, 1).map_err(Typed::Odd));
        }
        let typed = self.line(&format!("    which alternative, 1 to {count}? "), "", style)?;
        Ok(match typed.as_deref().map(str::trim).map(str::parse) {
            None => Err(Typed::Nothing),
            Some(Ok(number)) => variant(session, number).map_err(Typed::Odd),
            Some(Err(_)) => Err(Typed::Odd("that is no number".to_owned())),
        })
    }

    /// A line that the person types, beginning with `text`; none when it was left by Esc.
    fn line(&self, prompt: &str, text: &str, style: Style) -> Result<Option<String>, Stop> {
        self.put(prompt)?;
        let mut line = Line::of(text);
        // Backspace does not climb to the line above, so the line stays shorter than the terminal is wide.
        let room = style.width.saturating_sub(prompt.width() + 1).max(20);
        let mut drawn = 0;
        loop {
            let (before, after) = line.shown(style, room);
            let width = before.width() + after.width();
            let mut out = "\u{8}".repeat(drawn);
            out.push_str(&before);
            out.push_str(&after);
            // Blanks over what was longer before, then back to the place where the next character goes.
            out.push_str(&" ".repeat(room.saturating_sub(width)));
            out.push_str(&"\u{8}".repeat(room.max(width) - before.width()));
            self.put(&out)?;
            drawn = before.width();
            let Some(key) = self.key()? else { return Ok(None) };
            match key {
                Key::Enter => {
                    self.put("\n")?;
                    return Ok(Some(line.text()));
                }
                Key::Escape => {
                    self.put("\n")?;
                    return Ok(None);
                }
                key => line.press(&key),
            }
        }
    }
}

impl Answers for Keys {
    fn next(&mut self, screen: &Screen<'_>, session: &Session<'_>) -> Result<Typed, Stop> {
        let style = screen.style();
        if !std::mem::replace(&mut self.asked, true) {
            screen.say("every answer is kept at once; `q` leaves, the same command goes on")?;
        }
        let asking = session.question().is_some();
        let prompt = if asking {
            "    a accept  r reject  e edit  s skip  u undo  q quit  ? more > "
        } else {
            "    Enter ends > "
        };
        self.put(prompt)?;
        let Some(key) = self.key()? else {
            self.put("\n")?;
            return Ok(Typed::Quit);
        };
        // What was pressed stays to be seen.
        let echo = match &key {
            Key::Char(c) if c.is_ascii_graphic() => c.to_string(),
            _ => String::new(),
        };
        self.put(&format!("{echo}\n"))?;
        Ok(match key {
            Key::Char('a' | 'y') => Typed::Given(Given::Accept),
            Key::Char('r' | 'n') => Typed::Given(Given::Reject),
            Key::Char('A' | 'Y') => Typed::Given(Given::AcceptClass),
            Key::Char('R' | 'N') => Typed::Given(Given::RejectClass),
            Key::Char('s') | Key::ArrowRight => Typed::Given(Given::Skip),
            Key::Char('b') | Key::ArrowLeft => Typed::Given(Given::Back),
            Key::Char('u') => Typed::Given(Given::Undo),
            Key::Char('q') => Typed::Quit,
            Key::Char('?' | 'h') => Typed::Help,
            Key::Char('e') => match self.which(session, style)? {
                Err(typed) => typed,
                Ok(variant) => {
                    let question = session.question();
                    let old = question.and_then(|question| question.here.forms.get(variant).cloned());
                    let typed = self.line("    instead: ", old.as_deref().unwrap_or_default(), style)?;
                    match typed.filter(|typed| !typed.is_empty() && Some(typed) != old.as_ref()) {
                        Some(typed) => edit(variant, &typed),
                        None => Typed::Nothing,
                    }
                }
            },
            Key::Char('+') if asking => {
                match self.line("    also: ", "", style)?.filter(|typed| !typed.is_empty()) {
                    Some(typed) => add(&typed),
                    None => Typed::Nothing,
                }
            }
            Key::Char('d') => self.which(session, style)?.map_or_else(|typed| typed, strike),
            Key::Char('p') if asking => match self.line("    words (Enter: the sentence): ", "", style)? {
                None => Typed::Nothing,
                Some(words) if words.trim().is_empty() => Typed::Given(Given::Protect(None)),
                Some(words) => Typed::Given(Given::Protect(Some(words))),
            },
            Key::Char(c) if c.is_ascii_graphic() => Typed::Odd(format!("`{c}` is no answer; `?` lists them")),
            _ => Typed::Nothing,
        })
    }

    fn ends_with_queue(&self) -> bool {
        true
    }

    fn help(&self) -> &'static str {
        HELP
    }
}

/// A line while it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    chars: Vec<char>,
    at: usize,
}

impl Line {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self { at: chars.len(), chars }
    }

    fn text(&self) -> String {
        self.chars.iter().collect()
    }

    fn press(&mut self, key: &Key) {
        match key {
            Key::Char('\u{15}') => {
                self.chars.drain(..self.at);
                self.at = 0;
            }
            // Control-W: the word before.
            Key::Char('\u{17}') => {
                let before = &self.chars[..self.at];
                let word = before.iter().rposition(|c| *c != ' ').unwrap_or(0);
                let start = before[..word].iter().rposition(|c| *c == ' ').map_or(0, |blank| blank + 1);
                self.chars.drain(start..self.at);
                self.at = start;
            }
            Key::Char(c) if !c.is_control() && self.text().len() + c.len_utf8() <= TYPED_MAX => {
                self.chars.insert(self.at, *c);
                self.at += 1;
            }
            Key::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            Key::Del if self.at < self.chars.len() => {
                self.chars.remove(self.at);
            }
            Key::ArrowLeft => self.at = self.at.saturating_sub(1),
            Key::ArrowRight => self.at = (self.at + 1).min(self.chars.len()),
            Key::Home => self.at = 0,
            Key::End => self.at = self.chars.len(),
            _ => {}
        }
    }

    /// What is seen of it in `room` columns: before the cursor, and from it on.
    fn shown(&self, style: Style, room: usize) -> (String, String) {
        let piece = |c: &char| style.safe(c.encode_utf8(&mut [0; 4])).into_owned();
        let (mut before, mut after) = (String::new(), String::new());
        let mut pieces: Vec<String> = Vec::new();
        let mut used = 0;
        for c in self.chars[..self.at].iter().rev() {
            let piece = piece(c);
            if used + piece.width() > room {
                break;
            }
            used += piece.width();
            pieces.push(piece);
        }
        pieces.iter().rev().for_each(|piece| before.push_str(piece));
        for c in &self.chars[self.at..] {
            let piece = piece(c);
            if used + piece.width() > room {
                break;
            }
            used += piece.width();
            after.push_str(&piece);
        }
        (before, after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_typed_where_the_cursor_is() {
        let mut line = Line::of("came to");
        for key in [Key::Home, Key::Del, Key::Char('g'), Key::End, Key::Backspace, Key::Char('é')] {
            line.press(&key);
        }
        assert_eq!(line.text(), "game té");
        for key in [Key::ArrowLeft, Key::Char('\u{17}'), Key::Char('\u{1b}'), Key::Tab] {
            line.press(&key);
        }
        assert_eq!(line.text(), "game é");
        line.press(&Key::Char('\u{15}'));
        assert_eq!(line.text(), "é");
        let mut full = Line::of(&"x".repeat(TYPED_MAX));
        full.press(&Key::Char('y'));
        assert_eq!(full.text().len(), TYPED_MAX);
    }

    #[test]
    fn a_long_line_shows_what_is_around_the_cursor() {
        let mut line = Line::of("abcdefghij\u{1b}日");
        assert_eq!(line.shown(Style::PLAIN, 8), ("\\u{1b}日".to_owned(), String::new()));
        line.press(&Key::Home);
        assert_eq!(line.shown(Style::PLAIN, 4), (String::new(), "abcd".to_owned()));
    }
}
