//! Why a leak cannot be read.

use crate::item::ReadError;

use super::guard::Stopped;

/// Why a leak cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeakError {
    /// The bytes are not what they seem to be, or are refused.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is a picture, and nobody was there to read it.
    #[error("{kind} is a picture of text, which only text recognition reads")]
    Picture {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// The parser failed, or did more work than any honest file asks for.
    #[error("{kind} is damaged beyond reading, or made to keep its reader busy")]
    Unreadable {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// The parser took too long.
    #[error("{kind} was not read within {seconds} seconds")]
    Late {
        /// What it is, with its article.
        kind: &'static str,
        /// The limit.
        seconds: u64,
    },
    /// Text recognition failed.
    #[error(transparent)]
    Recognise(#[from] RecogniseError),
}

/// Why a picture's text cannot be recognised.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecogniseError {
    /// The program is not there.
    #[error("the program {program} for text recognition was not found")]
    Missing {
        /// Its name.
        program: String,
    },
    /// The program does not know the language.
    #[error("{program} has no data for the language {language:?}")]
    Language {
        /// The program.
        program: String,
        /// The language, as the program calls it.
        language: String,
    },
    /// It took too long and was stopped.
    #[error("{program} was stopped after {seconds} seconds")]
    Late {
        /// The program.
        program: String,
        /// The limit.
        seconds: u64,
    },
    /// It ended with an error.
    #[error("{program} failed: {said}")]
    Failed {
        /// The program.
        program: String,
        /// The last thing it said.
        said: String,
    },
    /// What it wrote cannot be read.
    #[error("what {program} wrote cannot be read: {problem}")]
    Output {
        /// The program.
        program: String,
        /// What is wrong.
        problem: String,
    },
    /// A person pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl LeakError {
    /// For what a guarded parser did not answer.
    pub(super) fn stopped(why: Stopped, kind: &'static str, wait: std::time::Duration) -> Self {
        match why {
            Stopped::Failed => Self::Unreadable { kind },
            Stopped::Late => Self::Late { kind, seconds: wait.as_secs() },
        }
    }
}
