//! Measures the wording sites of a corpus: how dense they are, and, with readers, how good.
//!
//! A corpus is one folder per genre. `sample` draws sites at random and writes pairs of sentences for readers, who see
//! neither rule nor class; each reader answers with lines of `number<TAB>good|awkward|wrong`; `score` sets the answers
//! against the key.
//!
//! ```text
//! cargo run --release --example judge -- density CORPUS/press CORPUS/blog
//! cargo run --release --example judge -- sample CORPUS/press CORPUS/blog --strict 200 --normal 100 --bold 100 \
//!     --pairs pairs.tsv --key key.tsv
//! cargo run --release --example judge -- score --key key.tsv reader-a.tsv reader-b.tsv
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this tool is for")]

mod corpus;
mod density;
mod sample;
mod score;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures the wording sites of a corpus.
#[derive(Parser, Debug)]
#[command(name = "judge", max_term_width = 80)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Sites and bits per 100 words by tier, genre and class.
    Density {
        /// Folders of .txt and .md files, one a genre.
        genres: Vec<PathBuf>,
        /// Leave the classes out.
        #[arg(long)]
        short: bool,
    },
    /// Draws sites for readers to judge, every genre alike.
    Sample(sample::Draw),
    /// What the readers found.
    Score {
        /// The key that `sample` wrote.
        #[arg(long)]
        key: PathBuf,
        /// The readers' answers.
        answers: Vec<PathBuf>,
        /// List the pairs that a reader did not call good.
        #[arg(long)]
        list: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Density { genres, short } => density::run(&genres, short),
        Command::Sample(draw) => sample::run(&draw),
        Command::Score { key, answers, list } => score::run(&key, &answers, list),
    };
    match outcome {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}
