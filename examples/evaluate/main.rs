//! How often a leaked copy is named, measured on a folder of texts.
//!
//! Every text is issued to recipients in memory and leaked in many ways, whole and in excerpts; each leak is traced
//! and the conclusion is compared with the truth. Then come leaks that came from none of the copies: the unmarked
//! original, a copy that was never issued, and the folder's other texts.
//!
//! ```text
//! cargo run --release --example evaluate -- fixtures/items/prose
//! cargo run --release --example evaluate -- fixtures/items/prose --ocr 3
//! cargo run --release --example evaluate -- fixtures/items/prose --authored
//! cargo run --release --example evaluate -- fixtures/items/prose --invisible
//! cargo run --release --example evaluate -- fixtures/items/prose --tier bold --suggested fixtures/items/suggested
//! cargo run --release --example evaluate -- fixtures/items/prose --scan 100,200,400
//! cargo run --release --example evaluate -- fixtures/items/prose --houses FOLDER-TO-FIT-ON
//! ```

mod authored;
mod drill;
mod houses;
mod ocr;
mod subject;
mod suggested;
mod table;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dyetrace::channel::Tier;
use dyetrace::verdict::Alpha;

/// Issues every text of a folder, leaks it in many ways, traces the leaks and counts.
///
/// The rows marked ocr are a real round trip: the copy is set in 11 pt type, rendered at 150 dpi with noise and a
/// slight rotation by text2image, and read by tesseract. On Debian: apt-get install tesseract-ocr fonts-liberation.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Parser, Debug)]
#[command(name = "evaluate", max_term_width = 80)]
struct Arguments {
    /// Folder with .txt and .md files.
    folder: PathBuf,
    /// Which wording sites are issued: strict, normal or bold.
    #[arg(long, default_value = "strict", value_parser = tier)]
    tier: Tier,
    /// Switch the invisible channel on, and add excerpts of 30 words.
    #[arg(long)]
    invisible: bool,
    /// Measure authored variants instead: six in each of ten sentences of the first 1,000 words.
    #[arg(long)]
    authored: bool,
    /// Accept the wordings in this folder that a language model suggested and the checks let pass.
    #[arg(long, value_name = "DIR")]
    suggested: Option<PathBuf>,
    /// Try retyped excerpts of these lengths in words, and nothing else.
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    scan: Vec<usize>,
    /// Measure desks with a house style instead, and a table of their habits fitted to the texts of this folder.
    #[arg(long, value_name = "DIR")]
    houses: Option<PathBuf>,
    /// With --houses: print the table that fits all of them, for src/channel/reading/desks.tsv.
    #[arg(long, requires = "houses")]
    fit: bool,
    /// The bound on naming any wrong copy.
    #[arg(long, default_value = "1e-3", value_parser = alpha)]
    alpha: Alpha,
    /// Recipients of each text.
    #[arg(long, default_value_t = 33, value_parser = clap::value_parser!(u64).range(2..=100_000))]
    copies: u64,
    /// Leaks of each text, kind and size.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    trials: u32,
    /// Copies of each text that go through tesseract (about five seconds each).
    #[arg(long, num_args = 0..=1, default_value_t = 0, default_missing_value = "3")]
    ocr: u32,
    /// Where all chance starts: the same seed prints the same table.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// List every leak of a copy that was not named, or named wrongly, with the verdict and the best copy's bits.
    #[arg(long)]
    misses: bool,
    /// One JSON object instead of tables.
    #[arg(long)]
    json: bool,
}

fn tier(name: &str) -> Result<Tier, String> {
    match name {
        "strict" => Ok(Tier::Strict),
        "normal" => Ok(Tier::Normal),
        "bold" => Ok(Tier::Bold),
        _ => Err("expected strict, normal or bold".to_owned()),
    }
}

fn alpha(text: &str) -> Result<Alpha, String> {
    let value: f64 = text.parse().map_err(|_| "expected a number such as 1e-3".to_owned())?;
    Alpha::new(value).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let options = subject::Options {
        tier: arguments.tier,
        invisible: arguments.invisible,
        copies: arguments.copies,
        seed: arguments.seed,
        alpha: arguments.alpha.value(),
        suggested: arguments.suggested.clone(),
    };
    if let Some(folder) = &arguments.houses {
        return desks(arguments, folder, &options);
    }
    let mut subjects = Vec::new();
    let mut refused = Vec::new();
    for file in subject::files(&arguments.folder)? {
        let file = if arguments.authored { authored::mark(&file, arguments.seed) } else { Some(file) };
        let Some(file) = file else { continue };
        let (name, spans) = (file.name.clone(), file.sentences.clone());
        let mut subject = match subject::Subject::issue(file, &options) {
            Ok(subject) => subject,
            Err(error) => {
                refused.push(format!("{name}: not issued: {error}"));
                continue;
            }
        };
        subject.locate(&spans);
        if arguments.ocr > 0 && ocr::installed() {
            for copy in 0..arguments.ocr.min(u32::try_from(arguments.copies)?) {
                // Spread over the recipients, so that no text has only its first copies read.
                let copy = u64::from(copy) * arguments.copies / u64::from(arguments.ocr) + 1;
                let read = ocr::round_trip(subject.copy(copy))?;
                subject.scans.push((copy, read));
            }
        }
        subjects.push(subject);
    }
    if subjects.is_empty() {
        refused.push("the folder has no .txt or .md file that can be issued".to_owned());
        return Err(refused.join("\n").into());
    }
    let drill = drill::Drill { alpha: arguments.alpha, trials: arguments.trials, seed: arguments.seed };
    let plan = if !arguments.scan.is_empty() {
        drill::Plan::scan(&arguments.scan)
    } else if arguments.authored {
        drill::Plan::authored()
    } else {
        drill::Plan::text(arguments.invisible, arguments.ocr > 0)
    };
    let result = drill.run(&subjects, &plan);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", table::json(&subjects, &refused, &result, &drill, &options)?)?;
    } else {
        write!(out, "{}", table::text(&subjects, &refused, &result, &drill, &options))?;
        if arguments.misses {
            writeln!(out)?;
            for miss in &result.misses {
                writeln!(out, "{miss}")?;
            }
        }
        if arguments.ocr > 0 && !ocr::installed() {
            writeln!(out, "\nocr: not measured: tesseract or text2image is not installed")?;
        }
    }
    Ok(())
}

/// Fits a table of what desks do, or measures tables.
fn desks(
    arguments: &Arguments,
    folder: &std::path::Path,
    options: &subject::Options,
) -> Result<(), Box<dyn std::error::Error>> {
    /// Copies of each text that a table is fitted to, for each house.
    const COPIES: u64 = 4;
    let issue =
        |folder: &std::path::Path, options: &subject::Options| -> std::io::Result<Vec<subject::Subject>> {
            let files = subject::files(folder)?;
            Ok(files.into_iter().filter_map(|file| subject::Subject::issue(file, options).ok()).collect())
        };
    // A table is of use for whatever is switched on, so it is fitted to everything that can be.
    let everything =
        subject::Options { tier: Tier::Bold, copies: COPIES.max(2), suggested: None, ..*options };
    let fitting = issue(folder, &everything)?;
    let mut out = std::io::stdout().lock();
    if arguments.fit {
        let seed = arguments.seed.wrapping_add(1000);
        write!(out, "{}", houses::fit(&fitting, &dyetrace::rehearse::House::ALL, COPIES, seed))?;
        return Ok(());
    }
    let subjects = issue(&arguments.folder, options)?;
    let chosen = (arguments.trials, arguments.seed, arguments.alpha);
    write!(out, "{}", houses::report(&subjects, &fitting, chosen, COPIES)?)?;
    Ok(())
}
