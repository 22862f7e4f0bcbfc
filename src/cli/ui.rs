//! Streams, colour, questions and progress; the only place that prints.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anstream::AutoStream;
use anstream::ColorChoice;
use dyetrace::report::Style;
use dyetrace::report::paint::{Page, Role};
use dyetrace::trust::Passphrase;
use serde::Serialize;
use zeroize::Zeroizing;

use super::args::{ColorWhen, Global};
use super::error::{Failure, Stop, unreadable};

/// How long work goes on silently.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where answers and everything else go.
#[derive(Debug)]
pub(super) struct Ui {
    pub(super) json: bool,
    pub(super) quiet: bool,
    color: ColorWhen,
    stdout: Style,
    stderr: Style,
}

impl Ui {
    pub(super) fn new(global: &Global) -> Self {
        let ascii = global.ascii || is_plain(environment);
        let style = |colour, size: Option<(terminal_size::Width, terminal_size::Height)>| Style {
            width: size.map_or(80, |(columns, _)| usize::from(columns.0).clamp(60, 80)),
            ascii,
            colour,
        };
        let choice = |auto: ColorChoice| match global.color {
            ColorWhen::Auto => auto != ColorChoice::Never,
            ColorWhen::Always => true,
            ColorWhen::Never => false,
        };
        Self {
            json: global.json,
            quiet: global.quiet,
            color: global.color,
            stdout: style(
                choice(AutoStream::choice(&io::stdout())),
                terminal_size::terminal_size_of(io::stdout()),
            ),
            stderr: style(
                choice(AutoStream::choice(&io::stderr())),
                terminal_size::terminal_size_of(io::stderr()),
            ),
        }
    }

    /// For mistakes in the command line itself, before its options are known.
    pub(super) fn before_parsing() -> Self {
        Self::new(&Global {
            registry: None,
            json: false,
            quiet: false,
            color: ColorWhen::Auto,
            ascii: false,
            passphrase_file: None,
        })
    }

    /// What standard output can show.
    pub(super) fn style(&self) -> Style {
        self.stdout
    }

    fn choice(&self) -> ColorChoice {
        match self.color {
            ColorWhen::Auto => ColorChoice::Auto,
            ColorWhen::Always => ColorChoice::Always,
            ColorWhen::Never => ColorChoice::Never,
        }
    }

    /// The answer, to standard output.
    pub(super) fn answer(&self, text: &str) -> Result<(), Stop> {
        let mut out = AutoStream::new(io::stdout(), self.choice());
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| match e.kind() {
            io::ErrorKind::BrokenPipe => Stop::ClosedPipe,
            _ => Failure::from_error("cannot write to standard output", &e, "check where the output is sent")
                .into(),
        })
    }

    /// The answer as one JSON object.
    pub(super) fn object(&self, object: &impl Serialize) -> Result<(), Stop> {
        let text = dyetrace::report::json::text(object).map_err(|e| {
            Failure::from_error("cannot write the answer as JSON", &e, "run the command without `--json`")
        })?;
        self.answer(&text)
    }

    /// Something worth knowing that is not the answer; to standard error, unless `--quiet`.
    pub(super) fn hint(&self, text: &str) {
        if !self.quiet {
            self.aside(Role::Faint, "hint", text);
        }
    }

    /// Something that a person should look at; to standard error, unless `--quiet`.
    pub(super) fn warning(&self, text: &str) {
        if !self.quiet {
            self.aside(Role::Caution, "warning", text);
        }
    }

    /// The three lines of an error.
    pub(super) fn failure(&self, failure: &Failure) {
        self.aside(Role::Bad, "error", &failure.what);
        self.aside(Role::Faint, "caused by", &failure.why);
        self.aside(Role::Faint, "hint", &failure.hint);
    }

    fn aside(&self, role: Role, label: &str, text: &str) {
        let mut page = Page::new(self.stderr);
        page.put(role, &format!("{label}:")).put(Role::Plain, " ");
        // One line each, however long, so that scripts can cut them apart; only the text itself is from outside.
        let safe = self.stderr.line(text);
        page.put(Role::Plain, &safe).end();
        let mut err = AutoStream::new(io::stderr(), self.choice());
        // Nobody can be told that standard error is closed.
        let _ = err.write_all(page.finish().as_bytes());
    }

    /// What standard error can show.
    pub(super) fn aside_style(&self) -> Style {
        self.stderr
    }

    /// A page on standard error that is needed to go on, even with `--quiet`.
    pub(super) fn aside_page(&self, text: &str) -> Result<(), Stop> {
        let mut err = AutoStream::new(io::stderr(), self.choice());
        err.write_all(text.as_bytes()).and_then(|()| err.flush()).map_err(|_| Stop::ClosedPipe)
    }

    /// A page of text on standard error: a preview, a story.
    pub(super) fn preview(&self, page: impl FnOnce(Style) -> String) {
        if !self.quiet {
            let mut err = AutoStream::new(io::stderr(), self.choice());
            let _ = err.write_all(page(self.stderr).as_bytes());
        }
    }

    /// Whether a person can be asked: standard input and standard error are a terminal.
    pub(super) fn can_ask(&self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// A question with yes or no; anything but yes is no.
    pub(super) fn confirm(&self, question: &str) -> Result<bool, Stop> {
        let mut err = AutoStream::new(io::stderr(), self.choice());
        let _ = write!(err, "{} [y/N] ", self.stderr.line(question));
        let _ = err.flush();
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(|e| {
            Failure::from_error("cannot read your answer", &e, "pass `--yes` to go on unasked")
        })?;
        Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    /// A bar for work that takes longer than a moment; silent unless standard error is a terminal.
    pub(super) fn progress(&self, total: u64, what: &'static str) -> Progress {
        let bar = if self.quiet || !io::stderr().is_terminal() {
            indicatif::ProgressBar::hidden()
        } else {
            // Nothing is drawn before PATIENCE has passed, see `Progress::step`.
            indicatif::ProgressBar::with_draw_target(Some(total), indicatif::ProgressDrawTarget::hidden())
        };
        let visible = !self.quiet && io::stderr().is_terminal();
        Progress { bar, visible, started: Instant::now(), shown: false, what, ascii: self.stderr.ascii }
    }
}

/// A progress bar that appears after half a second and leaves no trace.
#[derive(Debug)]
pub(super) struct Progress {
    bar: indicatif::ProgressBar,
    visible: bool,
    started: Instant,
    shown: bool,
    what: &'static str,
    ascii: bool,
}

impl Progress {
    /// So many are done.
    pub(super) fn at(&mut self, done: u64) {
        self.bar.set_position(done);
        if self.visible && !self.shown && self.started.elapsed() >= PATIENCE {
            self.shown = true;
            let template = "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}";
            if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
                self.bar.set_style(if self.ascii { style.progress_chars("#>-") } else { style });
            }
            self.bar.set_message(self.what);
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Reads a passphrase from the first line of a file.
pub(super) fn passphrase_from_file(path: &Path) -> Result<Passphrase, Stop> {
    /// Longer than any passphrase, shorter than a mistake with `/dev/zero`.
    const BYTES_MAX: u64 = 4096;
    let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    let mut line = Zeroizing::new(String::new());
    io::BufReader::new(io::Read::take(file, BYTES_MAX))
        .read_line(&mut line)
        .map_err(|e| unreadable(path, &e))?;
    passphrase(line.trim_end_matches(['\n', '\r']))
}

/// Asks for the passphrase of an existing key.
pub(super) fn ask_passphrase(ui: &Ui) -> Result<Passphrase, Stop> {
    if !ui.can_ask() {
        return Err(Failure::new(
            "the issuer's key is locked",
            "it is protected by a passphrase, and there is no terminal to ask on",
            "pass `--passphrase-file FILE`",
        )
        .into());
    }
    passphrase(&read_hidden("Passphrase of the issuer's key: ")?)
}

/// Asks for a new passphrase, twice.
pub(super) fn ask_new_passphrase(ui: &Ui) -> Result<Passphrase, Stop> {
    if !ui.can_ask() {
        return Err(Failure::new(
            "cannot ask for a passphrase",
            "there is no terminal",
            "pass `--passphrase-file FILE`",
        )
        .into());
    }
    let first = read_hidden("New passphrase: ")?;
    let second = read_hidden("The same again: ")?;
    if *first != *second {
        return Err(Failure::new(
            "the two passphrases differ",
            "one of them was mistyped",
            "run the same command again",
        )
        .into());
    }
    passphrase(&first)
}

fn read_hidden(question: &str) -> Result<Zeroizing<String>, Stop> {
    super::terminal::restore_on_exit();
    rpassword::prompt_password(question).map(Zeroizing::new).map_err(|e| {
        Failure::from_error("cannot read the passphrase", &e, "pass `--passphrase-file FILE`").into()
    })
}

fn passphrase(text: &str) -> Result<Passphrase, Stop> {
    Passphrase::new(text.to_owned()).map_err(|e| {
        Failure::from_error("the passphrase cannot be used", &e, "choose one that is not empty").into()
    })
}

/// Whether the environment asks for plain ASCII: a dumb terminal, or the C locale by name.
///
/// An unset locale means nothing: most containers leave it unset and show UTF-8.
fn is_plain(environment: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&environment);
    environment("TERM").as_deref() == Some("dumb") || matches!(locale.as_deref(), Some("C" | "POSIX"))
}

/// A variable that is set to something.
fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the binary looks at the terminal's settings")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_follows_the_locale_and_the_terminal() {
        let plain = |set: &[(&str, &str)]| {
            is_plain(|name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(plain(&[("LC_ALL", "C")]));
        assert!(plain(&[("LANG", "POSIX")]));
        assert!(plain(&[("TERM", "dumb"), ("LC_ALL", "en_GB.UTF-8")]));
        assert!(!plain(&[("LC_ALL", "C.UTF-8"), ("LANG", "C")]));
        assert!(!plain(&[]));
    }
}
