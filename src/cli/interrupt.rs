//! Ctrl-C: at once, or at the next safe point.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::{Failure, Stop};

/// What shells expect of a program that SIGINT ended: 128 + 2.
pub(super) const EXIT_CODE: u8 = 130;

static DEFERRED: AtomicBool = AtomicBool::new(false);
static PRESSED: AtomicBool = AtomicBool::new(false);

/// Starts listening.
pub(super) fn listen() -> Result<(), Stop> {
    ctrlc::set_handler(|| {
        // A second Ctrl-C means it, even between two safe points: every file is written beside and renamed.
        if PRESSED.swap(true, Ordering::SeqCst) || !DEFERRED.load(Ordering::SeqCst) {
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

/// Stops when Ctrl-C was pressed.
pub(super) fn check() -> Result<(), Stop> {
    if PRESSED.load(Ordering::SeqCst) { Err(Stop::Interrupted) } else { Ok(()) }
}
