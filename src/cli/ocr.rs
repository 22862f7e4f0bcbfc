//! Text recognition by the system's `tesseract`.

use std::io::{self, Read, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use dyetrace::leak::ocr::{self, Reading};
use dyetrace::leak::{PageMode, Picture, RecogniseError, Recogniser};

use super::interrupt;
use super::ui::{Progress, Ui};

/// The program, found as every command is.
const PROGRAM: &str = "tesseract";

/// The Debian package that has it.
pub(super) const PACKAGE: &str = "tesseract-ocr";

/// How long one run may take; a dense page takes two or three seconds.
const RUN_MAX: Duration = Duration::from_secs(150);

/// How long it may take to say what it is.
const ASK_MAX: Duration = Duration::from_secs(20);

/// The most it may write; the densest page of a newspaper makes about one megabyte.
const OUTPUT_BYTES_MAX: u64 = 64 << 20;

/// How much of what it complains about is kept.
const ERROR_BYTES_MAX: u64 = 64 << 10;

/// How often a running program is looked after.
const TICK: Duration = Duration::from_millis(10);

/// A `tesseract` that was found.
pub(super) struct Tesseract<'u> {
    ui: &'u Ui,
    name: String,
    languages: Vec<String>,
    progress: Option<Progress>,
}

impl<'u> Tesseract<'u> {
    /// Looks for the program and asks what it can read.
    pub(super) fn find(ui: &'u Ui) -> Result<Self, RecogniseError> {
        let version = ask("--version")?;
        let first = version.lines().next().unwrap_or_default();
        let number = first.strip_prefix("tesseract ").unwrap_or(first).trim_start_matches('v');
        let sane = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let number: String = number.chars().take_while(sane).take(24).collect();
        // A heading, then one language a line.
        let languages = ask("--list-langs")?.lines().skip(1).map(|line| line.trim().to_owned()).collect();
        Ok(Self { ui, name: format!("{PROGRAM} {number}").trim_end().to_owned(), languages, progress: None })
    }
}

fn ask(option: &str) -> Result<String, RecogniseError> {
    let mut command = Command::new(PROGRAM);
    command.arg(option);
    // Old versions answer on standard error.
    let done = run(command, Vec::new(), ASK_MAX)?;
    let bytes = if done.output.is_empty() { done.errors } else { done.output };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Recogniser for Tesseract<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn recognise(
        &mut self,
        picture: &Picture,
        mode: PageMode,
        language: &str,
    ) -> Result<Reading, RecogniseError> {
        if !self.languages.iter().any(|known| known == language) {
            return Err(RecogniseError::Language {
                program: self.name.clone(),
                language: language.to_owned(),
            });
        }
        let mut command = Command::new(PROGRAM);
        // The picture goes through a pipe: what leaked is not left in a temporary file, and no file's name can be
        // taken for an option.
        command
            .args(["stdin", "stdout", "-l", language, "--psm", &mode.number().to_string()])
            .args(["-c", "tessedit_create_tsv=1"]);
        let done = run(command, pgm(picture), RUN_MAX)?;
        if !done.status.success() {
            return Err(RecogniseError::Failed { program: self.name.clone(), said: said(&done) });
        }
        let output = |problem: String| RecogniseError::Output { program: self.name.clone(), problem };
        if done.output.is_empty() {
            // A picture on which it sees nothing at all, in some versions.
            return Ok(Reading::default());
        }
        let text = String::from_utf8(done.output).map_err(|_| output("it is not UTF-8".to_owned()))?;
        ocr::tsv(&text).map_err(|error| output(error.to_string()))
    }

    fn turn_to(&mut self, _: &str, page: usize, pages: usize) {
        if page == 1 || self.progress.is_none() {
            self.progress = Some(self.ui.progress(pages as u64, "reading pictures"));
        }
        if let Some(progress) = &mut self.progress {
            progress.at(page as u64 - 1);
        }
    }
}

/// The picture in the simplest of all formats (PGM, "portable graymap"), which costs no packing.
fn pgm(picture: &Picture) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", picture.width(), picture.height()).into_bytes();
    bytes.extend_from_slice(picture.gray());
    bytes
}

/// What it says on every other page.
const CHATTER: [&str; 3] = ["Estimating resolution", "Warning", "Detected "];

/// The last line that it wrote to standard error and that is no chatter.
fn said(done: &Done) -> String {
    let errors = String::from_utf8_lossy(&done.errors);
    let told = |line: &&str| !line.is_empty() && !CHATTER.iter().any(|chatter| line.starts_with(chatter));
    match errors.lines().rev().map(str::trim).find(told) {
        Some(line) => line.trim_end_matches('.').chars().take(200).collect(),
        None => format!("it ended with {}", done.status),
    }
}

struct Done {
    status: ExitStatus,
    output: Vec<u8>,
    errors: Vec<u8>,
}

/// Runs a program to its end, or ends it: after `limit`, when it writes too much, and on Ctrl-C.
fn run(mut command: Command, input: Vec<u8>, limit: Duration) -> Result<Done, RecogniseError> {
    let failed = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => RecogniseError::Missing { program: PROGRAM.to_owned() },
        _ => RecogniseError::Failed { program: PROGRAM.to_owned(), said: super::error::io_reason(error) },
    };
    command
        // Its threads wait for each other more than they work.
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| failed(&e))?;
    if let Some(mut stdin) = child.stdin.take() {
        // It may stop reading before it has read everything, which is no error of ours.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let output = collect(child.stdout.take(), OUTPUT_BYTES_MAX);
    let errors = collect(child.stderr.take(), ERROR_BYTES_MAX);
    let started = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => {}
            Err(e) => return Err(end(&mut child, failed(&e))),
        }
        if interrupt::check().is_err() {
            return Err(end(&mut child, RecogniseError::Interrupted));
        }
        if started.elapsed() > limit {
            let late = RecogniseError::Late { program: PROGRAM.to_owned(), seconds: limit.as_secs() };
            return Err(end(&mut child, late));
        }
        thread::sleep(TICK);
    };
    // Ctrl-C reaches the program as well, and perhaps before it reaches this one.
    if status.code().is_none() {
        thread::sleep(10 * TICK);
    }
    interrupt::check().map_err(|_| RecogniseError::Interrupted)?;
    // A grandchild may hold the pipes open for ever.
    let rest = |pipe: Receiver<Vec<u8>>| pipe.recv_timeout(Duration::from_secs(5)).unwrap_or_default();
    let (output, errors) = (rest(output), rest(errors));
    if output.len() as u64 > OUTPUT_BYTES_MAX {
        let problem = "it does not end".to_owned();
        return Err(RecogniseError::Output { program: PROGRAM.to_owned(), problem });
    }
    Ok(Done { status, output, errors })
}

/// Ends a program that is not wanted any more.
fn end(child: &mut Child, why: RecogniseError) -> RecogniseError {
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    why
}

/// Reads a pipe in a thread, so that the other pipes cannot block it: one byte more than `max` at most, the rest is
/// thrown away.
fn collect(pipe: Option<impl Read + Send + 'static>, max: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    if let Some(mut pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = pipe.by_ref().take(max + 1).read_to_end(&mut bytes);
            let _ = io::copy(&mut pipe, &mut io::sink());
            // Nobody waits where the program was ended.
            let _ = sender.send(bytes);
        });
    }
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn programs_are_fed_heard_and_ended() {
        let second = Duration::from_secs(30);
        let done = run(shell("wc -c; echo no >&2; exit 3"), vec![7; 300_000], second).unwrap();
        assert_eq!(String::from_utf8_lossy(&done.output).trim(), "300000");
        assert_eq!((said(&done).as_str(), done.status.code()), ("no", Some(3)));
        // One that does not read its input, and one that says nothing.
        let done =
            run(shell("echo Estimating resolution as 70 >&2; exit 1"), vec![7; 3_000_000], second).unwrap();
        assert!(said(&done).contains("exit status: 1"), "{}", said(&done));
        let started = Instant::now();
        let late = run(shell("exec sleep 60"), Vec::new(), Duration::from_millis(50));
        assert!(matches!(late, Err(RecogniseError::Late { .. })) && started.elapsed() < second);
        let missing = run(Command::new("dyetrace-no-such-program"), Vec::new(), second);
        assert!(matches!(missing, Err(RecogniseError::Missing { .. })));
    }

    #[test]
    fn a_picture_is_written_as_pgm() {
        let picture = Picture::new(2, 1, vec![0, 255]).unwrap();
        assert_eq!(pgm(&picture), b"P5\n2 1\n255\n\x00\xff");
    }
}
