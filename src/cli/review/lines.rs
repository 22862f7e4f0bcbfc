//! Answers from a script: one a line, the end of the input saves and quits.

use std::io::{self, BufRead as _, Read as _};

use dyetrace::review::{Answer as Given, Session};

use super::{Answers, Screen, Typed, add, edit, strike, variant};
use crate::cli::error::{Failure, Stop};

/// The longest line that is read: more than the longest variant.
const LINE_BYTES_MAX: u64 = 16 << 10;

const HELP: &str = "
    accept | a | y      accept-all | A    accepts all that are left of the class
    reject | r | n      reject-all | R    rejects all that are left of the class
    edit N TEXT | e     another text for alternative N; \"\" is nothing at all
    add TEXT | +        one more alternative
    drop N | d          strikes alternative N
    protect [WORDS] | p protects the sentence, or only some words near the site
    skip | s   back | b   undo | u   quit | q   help | ?
";

/// Lines of standard input.
pub(super) struct Lines {
    input: io::StdinLock<'static>,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { input: io::stdin().lock() }
    }
}

impl Answers for Lines {
    fn next(&mut self, _: &Screen<'_>, session: &Session<'_>) -> Result<Typed, Stop> {
        let mut line = Vec::new();
        let read = |input: &mut io::StdinLock<'_>, line: &mut Vec<u8>| {
            input.take(LINE_BYTES_MAX).read_until(b'\n', line)
        };
        let failed = |e: io::Error| {
            Stop::from(Failure::from_error(
                "cannot read the answers",
                &e,
                "the answers so far are in the plan; run the same command again",
            ))
        };
        if read(&mut self.input, &mut line).map_err(failed)? == 0 {
            return Ok(Typed::Quit);
        }
        if !line.ends_with(b"\n") && line.len() as u64 == LINE_BYTES_MAX {
            // The rest of an endless line is not kept.
            let mut rest = Vec::new();
            while !rest.ends_with(b"\n") {
                rest.clear();
                if read(&mut self.input, &mut rest).map_err(failed)? == 0 {
                    break;
                }
            }
            return Ok(Typed::Odd(format!("not an answer: a line of more than {LINE_BYTES_MAX} bytes")));
        }
        match String::from_utf8(line) {
            Ok(line) => Ok(parse(line.trim_end_matches(['\n', '\r']), session)),
            Err(_) => Ok(Typed::Odd("not an answer: the line is not UTF-8 text".to_owned())),
        }
    }

    fn ends_with_queue(&self) -> bool {
        false
    }

    fn help(&self) -> &'static str {
        HELP
    }
}

/// An answer, and after one blank what belongs to it, blanks included.
fn parse(line: &str, session: &Session<'_>) -> Typed {
    let (word, rest) = line.split_once(' ').map_or((line, None), |(word, rest)| (word, Some(rest)));
    let bare = rest.is_none_or(|rest| rest.trim().is_empty());
    let simple = match word {
        "" if bare => Some(Typed::Nothing),
        "a" | "y" | "accept" => Some(Typed::Given(Given::Accept)),
        "r" | "n" | "reject" => Some(Typed::Given(Given::Reject)),
        "A" | "accept-all" => Some(Typed::Given(Given::AcceptClass)),
        "R" | "reject-all" => Some(Typed::Given(Given::RejectClass)),
        "s" | "skip" => Some(Typed::Given(Given::Skip)),
        "b" | "back" => Some(Typed::Given(Given::Back)),
        "u" | "undo" => Some(Typed::Given(Given::Undo)),
        "q" | "quit" => Some(Typed::Quit),
        "?" | "h" | "help" => Some(Typed::Help),
        _ => None,
    };
    let odd = || Typed::Odd(format!("not an answer: {line:?}; `?` lists them"));
    if let Some(simple) = simple {
        return if bare { simple } else { odd() };
    }
    let numbered = |text: &str| {
        let number = text.trim().parse().map_err(|_| format!("which alternative? {text:?} is no number"))?;
        variant(session, number)
    };
    match (word, rest) {
        ("p" | "protect", _) => {
            let words = rest.map(str::trim).filter(|words| !words.is_empty()).map(str::to_owned);
            Typed::Given(Given::Protect(words))
        }
        ("+" | "add", Some(text)) if !text.is_empty() => add(text),
        ("e" | "edit", Some(rest)) => match rest.split_once(' ') {
            Some((number, text)) if !text.is_empty() => {
                numbered(number).map_or_else(Typed::Odd, |variant| edit(variant, text))
            }
            _ => odd(),
        },
        ("d" | "drop", Some(number)) => numbered(number).map_or_else(Typed::Odd, strike),
        _ => odd(),
    }
}
