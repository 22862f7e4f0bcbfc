//! The terminal as it was, when a signal ends the process while a key or a passphrase is awaited.

/// From here on a signal that ends the process first puts the terminal back as it is now.
///
/// Where there is no terminal there is nothing to put back.
pub(super) fn restore_on_exit() {
    #[cfg(unix)]
    unix::arm();
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{self, IsTerminal as _};
    use std::os::fd::{AsFd as _, OwnedFd};
    use std::sync::Mutex;

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    use crate::cli::interrupt;

    /// The terminal, and how it was before the first question.
    static BEFORE: Mutex<Option<(OwnedFd, Termios)>> = Mutex::new(None);

    pub(super) fn arm() {
        let Ok(mut before) = BEFORE.lock() else { return };
        if before.is_some() {
            return;
        }
        // A passphrase is asked for on the terminal also where standard input is a file.
        let stdin = io::stdin();
        let own = stdin.is_terminal().then(|| stdin.as_fd().try_clone_to_owned().ok()).flatten();
        let Some(terminal) = own.or_else(|| File::open("/dev/tty").ok().map(OwnedFd::from)) else { return };
        if let Ok(now) = tcgetattr(&terminal) {
            *before = Some((terminal, now));
            interrupt::before_exit(restore);
        }
    }

    fn restore() {
        if let Ok(before) = BEFORE.lock()
            && let Some((terminal, termios)) = &*before
        {
            // There is nobody left to tell.
            let _ = tcsetattr(terminal, OptionalActions::Now, termios);
        }
    }
}
