//! The command line: one file per command, each from arguments to library calls to a view.
//!
//! The library never prints, reads the clock or the environment; what it needs of these is made here and handed in.

mod args;
mod clock;
mod error;
mod files;
mod http;
mod interrupt;
mod item;
mod ocr;
mod registry;
mod terminal;
mod ui;

mod demo;
mod init;
mod inspect;
mod issue;
mod plan;
mod recipient;
mod review;
mod suggest;
mod trace;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use error::Stop;
use ui::Ui;

/// What a command answers, apart from errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Copies written, attributed, valid: exit code 0.
    Yes,
    /// Nothing attributed, a bad signature: exit code 1.
    No,
}

/// Runs the command line and turns its outcome into an exit code.
pub(crate) fn main() -> ExitCode {
    trace::silence_readers();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return usage_exit(&usage),
    };
    let ui = Ui::new(&cli.global);
    let outcome = interrupt::listen().and_then(|()| dispatch(&ui, cli));
    match outcome {
        Ok(Answer::Yes) | Err(Stop::ClosedPipe) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(Stop::Interrupted) => ExitCode::from(interrupt::EXIT_CODE),
        Err(Stop::Failed(failure)) => {
            ui.failure(&failure);
            ExitCode::from(2)
        }
    }
}

/// Help and version as clap writes them; mistakes in our three lines.
fn usage_exit(usage: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    let asked = matches!(
        usage.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if asked {
        // Help that nobody reads is no error.
        let _ = usage.print();
    } else {
        Ui::before_parsing().failure(&error::usage(&usage.render().to_string()));
    }
    ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2))
}

fn dispatch(ui: &Ui, cli: Cli) -> Result<Answer, Stop> {
    let global = cli.global;
    match cli.command {
        Command::Init(args) => init::run(ui, &global, &args),
        Command::Recipient(args) => recipient::run(ui, &global, args.command),
        Command::Plan(args) => plan::run(ui, &global, &args),
        Command::Review(args) => review::run(ui, &args),
        Command::Issue(args) => issue::run(ui, &global, &args),
        Command::Trace(args) => trace::run(ui, &global, &args),
        Command::Verify(args) => verify::run(ui, &global, &args),
        Command::Inspect(args) => inspect::run(ui, &args),
        Command::Demo(args) => demo::run(ui, &args),
    }
}
