//! Ctrl-C: at once, or at the next safe point.

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
    ctrlc::set_handler(|| {
        // A second Ctrl-C means it, even between two safe points: every file is written beside and renamed.
        if PRESSED.swap(true, Ordering::SeqCst) || !DEFERRED.load(Ordering::SeqCst) {
            if let Ok(Some(clean)) = BEFORE_EXIT.lock().map(|clean| *clean) {
                clean();
            }
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

/// What Ctrl-C does before it ends the process, such as putting the terminal back.
pub(super) fn before_exit(clean: fn()) {
    if let Ok(mut slot) = BEFORE_EXIT.lock() {
        *slot = Some(clean);
    }
}

/// Stops when Ctrl-C was pressed.
pub(super) fn check() -> Result<(), Stop> {
    if PRESSED.load(Ordering::SeqCst) { Err(Stop::Interrupted) } else { Ok(()) }
}
