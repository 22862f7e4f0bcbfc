//! Errors as people read them: what went wrong, why, and what to do.

use std::error::Error;
use std::io;
use std::path::Path;

/// Why a command ends without an answer.
#[derive(Debug)]
pub(super) enum Stop {
    /// The reader of our output went away: quiet success.
    ClosedPipe,
    /// Ctrl-C.
    Interrupted,
    /// Anything else, with its three lines.
    Failed(Failure),
}

/// Three lines: `error:`, `caused by:`, `hint:`; lower case, no final stop, not escaped yet.
///
/// All three are always there: an error that cannot say what to do next is not finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) what: String,
    pub(super) why: String,
    pub(super) hint: String,
}

impl Failure {
    pub(super) fn new(what: impl Into<String>, why: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into(), hint: hint.into() }
    }

    /// With the error's own words and those of its sources as the cause.
    pub(super) fn from_error(what: impl Into<String>, error: &dyn Error, hint: impl Into<String>) -> Self {
        Self::new(what, chain(error), hint)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// An error and its sources, outermost first.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        // Wrappers that repeat their source's words add nothing.
        if !text.ends_with(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

/// A file that cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "check the spelling of the path",
        io::ErrorKind::PermissionDenied => "check who may read the file",
        io::ErrorKind::IsADirectory => "name a file in it",
        _ => "check that the file can be read with other programs",
    };
    Failure::new(format!("cannot read {}", path.display()), io_reason(error), hint)
}

/// A file that cannot be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => "choose another path, or remove what is there",
        io::ErrorKind::NotFound => "make the folder it should lie in",
        io::ErrorKind::PermissionDenied => "check who may write there",
        io::ErrorKind::StorageFull => "free some space, then run the same command again",
        _ => "check the path and the space on the disk",
    };
    Failure::new(format!("cannot write {}", path.display()), io_reason(error), hint)
}

/// A command line that cannot be understood, from clap's own words.
pub(super) fn usage(rendered: &str) -> Failure {
    let mut paragraphs = rendered.split("\n\n").map(|text| {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let why = paragraphs.next().unwrap_or_default();
    let mut hint = "`--help` lists what can be typed".to_owned();
    for paragraph in paragraphs {
        if let Some(tip) = paragraph.strip_prefix("tip: ") {
            tip.clone_into(&mut hint);
        } else if let Some(usage) = paragraph.strip_prefix("Usage: ") {
            // The usage line names the command that was meant; a tip says more.
            let command: Vec<_> =
                usage.split(' ').take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
            if hint.starts_with("`--help`") {
                hint = format!("`{} --help` lists what can be typed", command.join(" "));
            }
        }
    }
    // The dots of a usage like `<LEAK>...` would read as a sentence's end.
    let why = why.strip_prefix("error: ").unwrap_or(&why).trim_end_matches('.');
    Failure::new("the command line cannot be understood", why, hint)
}

/// The reason without the operating system's capital letter and number.
pub(super) fn io_reason(error: &io::Error) -> String {
    let text = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::AlreadyExists => "there is something with this name already".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is not a folder".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    };
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
