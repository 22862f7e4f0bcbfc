//! Other people's parsers, at arm's length: in a thread of their own, with a time limit.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

/// The name of the threads in which files are parsed.
///
/// A parser that panics there is reported as an error of the file; a program may keep its panic hook silent for them.
pub const READER_THREAD: &str = "dyetrace-reader";

/// Room for parsers that recurse; pages that are not used cost nothing.
const STACK_BYTES: usize = 64 << 20;

/// Why a parser gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It panicked, or did more than it may.
    Failed,
    /// It took too long.
    Late,
}

/// Tells work to stop, and counts what it does.
#[derive(Debug)]
pub(super) struct Brake {
    pulled: AtomicBool,
    steps: AtomicU64,
}

/// What unwinds a parser that did too much; it is caught by the thread.
struct Braked;

impl Brake {
    /// Takes steps; unwinds when there are none left or when nobody waits any more.
    ///
    /// The only way out of an interpreter that calls back and cannot be told to stop. `resume_unwind` runs no panic
    /// hook.
    pub(super) fn step(&self, steps: u64) {
        let left = self.steps.load(Ordering::Relaxed);
        if left < steps || self.pulled.load(Ordering::Relaxed) {
            resume_unwind(Box::new(Braked));
        }
        self.steps.store(left - steps, Ordering::Relaxed);
    }
}

/// Runs `work` in a thread and waits for it; `steps` is how many steps it may take.
///
/// A thread cannot be killed: one that is late is told to stop at its next step and is left behind.
pub(super) fn run<T: Send + 'static>(
    wait: Duration,
    steps: u64,
    work: impl FnOnce(&Brake) -> T + Send + 'static,
) -> Result<T, Stopped> {
    let brake = Arc::new(Brake { pulled: AtomicBool::new(false), steps: AtomicU64::new(steps) });
    let (answer, answered) = sync_channel(1);
    let inner = Arc::clone(&brake);
    let spawned = thread::Builder::new()
        .name(READER_THREAD.to_owned())
        .stack_size(STACK_BYTES)
        // A panic drops the sender, which is how it is noticed.
        .spawn(move || drop(answer.send(work(&inner))));
    if spawned.is_err() {
        return Err(Stopped::Failed);
    }
    answered.recv_timeout(wait).map_err(|why| match why {
        RecvTimeoutError::Timeout => {
            brake.pulled.store(true, Ordering::Relaxed);
            Stopped::Late
        }
        RecvTimeoutError::Disconnected => Stopped::Failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn a_parser_cannot_take_the_program_with_it() {
        assert_eq!(run(SOON, 1, |_| 7), Ok(7));
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        let panicked = run(SOON, 1, |_| [1, 2, 3].iter().position(|&n| n == 4).unwrap());
        std::panic::set_hook(hook);
        assert_eq!(panicked, Err(Stopped::Failed));
        // More steps than it was given, and no end.
        let endless = |brake: &Brake| -> u8 {
            loop {
                brake.step(1);
            }
        };
        assert_eq!(run(SOON, 1000, endless), Err(Stopped::Failed));
        assert_eq!(run(Duration::from_millis(20), u64::MAX, endless), Err(Stopped::Late));
    }
}
