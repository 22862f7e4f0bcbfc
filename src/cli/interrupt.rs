//! Ctrl-C: at once, or at the next safe point; and other signals that end the process, which leave the terminal as it
//! was.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{Failure, Stop};

/// What shells expect of a program that SIGINT ended: 128 + 2.
pub(super) const EXIT_CODE: u8 = 130;

static DEFERRED: AtomicBool = AtomicBool::new(false);
static PRESSED: AtomicBool = AtomicBool::new(false);
static BEFORE_EXIT: Mutex<Option<fn()>> = Mutex::new(None);

/// Starts listening.
pub(super) fn listen() -> Result<(), Stop> {
    // Before the first thread: all of them inherit which signals they do not take.
    #[cfg(unix)]
    terminated::listen();
    ctrlc::set_handler(|| {
        // A second Ctrl-C means it, even between two safe points: every file is written beside and renamed.
        if PRESSED.swap(true, Ordering::SeqCst) || !DEFERRED.load(Ordering::SeqCst) {
            clean();
            #[expect(clippy::exit, reason = "the only way for a signal's thread to end the process")]
            std::process::exit(i32::from(EXIT_CODE));
        }
    })
    .map_err(|e| {
        Failure::from_error("cannot listen for Ctrl-C", &e, "run the command from an ordinary shell").into()
    })
}

/// From here on the command looks for Ctrl-C itself, with [`check`].
pub(super) fn defer() {
    DEFERRED.store(true, Ordering::SeqCst);
}

/// From here on Ctrl-C ends the process at once again; stops when it was pressed meanwhile.
pub(super) fn release() -> Result<(), Stop> {
    DEFERRED.store(false, Ordering::SeqCst);
    check()
}

/// What a signal does before it ends the process, such as putting the terminal back.
pub(super) fn before_exit(clean: fn()) {
    if let Ok(mut slot) = BEFORE_EXIT.lock() {
        *slot = Some(clean);
    }
}

fn clean() {
    if let Ok(Some(clean)) = BEFORE_EXIT.lock().map(|clean| *clean) {
        clean();
    }
}

/// Stops when Ctrl-C was pressed.
pub(super) fn check() -> Result<(), Stop> {
    if PRESSED.load(Ordering::SeqCst) { Err(Stop::Interrupted) } else { Ok(()) }
}

/// SIGTERM and SIGHUP: the terminal is put back, then they do what they would have done.
///
/// Not by ctrlc's `termination`: it exits with one code for every signal, and a process that `nohup` started would
/// end with its terminal.
#[cfg(unix)]
mod terminated {
    use std::thread;

    use nix::sys::signal::{SigSet, Signal, raise};

    pub(super) fn listen() {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGTERM);
        signals.add(Signal::SIGHUP);
        if signals.thread_block().is_err() {
            return;
        }
        let waiting = thread::Builder::new().name("signals".into()).spawn(move || wait(signals));
        if waiting.is_err() {
            // Without the thread they end the process at once, as they do without us.
            let _ = signals.thread_unblock();
        }
    }

    fn wait(signals: SigSet) {
        while let Ok(signal) = signals.wait() {
            super::clean();
            // It ends the process here, unless whoever started it chose that it be ignored.
            if signals.thread_unblock().is_err() || raise(signal).is_err() || signals.thread_block().is_err()
            {
                return;
            }
        }
    }
}
