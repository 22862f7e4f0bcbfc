//! `dyetrace plan --suggest`: further wordings of sentences, from a language model, for the plan, switched off.

use std::time::Duration;

use dyetrace::language::Analysis;
use dyetrace::plan::{Entry, Plan, Weak};
use dyetrace::report::Style;
use dyetrace::report::plan::Suggested;
use dyetrace::report::words::counted;
use dyetrace::suggest::answer::{self, AnswerError};
use dyetrace::suggest::request::{self, Dialect};
use dyetrace::suggest::{self, Checker, SENTENCES_MAX, Sifted, Target, WORDINGS_ASKED};

use super::args::SuggestArgs;
use super::error::{Failure, Stop};
use super::http::{Client, Endpoint, Key, Silence};
use super::interrupt;
use super::item::Item;
use super::ui::Ui;

/// The model that is named where nobody names one; servers with one model do not look.
const MODEL: &str = "default";
/// The longest name of a model, in bytes.
const MODEL_BYTES_MAX: usize = 200;
/// After so many sentences in a row without a usable answer the server is given up.
const FAILURES_MAX: usize = 3;

/// What was obtained, and why it is not more.
pub(super) struct Outcome {
    pub(super) suggested: Suggested,
    /// The sites that came of it, all off.
    pub(super) entries: Vec<Entry>,
    /// Why asking ended before the last sentence.
    pub(super) ended: Option<Stop>,
}

/// Asks for wordings of a plan's sentences and keeps those that pass; none where a person says no.
pub(super) fn run(
    ui: &Ui,
    args: &SuggestArgs,
    address: &str,
    item: &Item,
    plan: &Plan,
    weak: &[Weak],
) -> Result<Option<Outcome>, Stop> {
    let endpoint = Endpoint::new(address, args.allow_http)?;
    let key = key(args, &endpoint)?;
    let model = args.model.clone().unwrap_or_else(|| MODEL.to_owned());
    if model.is_empty() || model.len() > MODEL_BYTES_MAX || model.contains(char::is_control) {
        let why = format!("a model's name has 1 to {MODEL_BYTES_MAX} bytes and no control characters");
        return Err(
            Failure::new("`--model` cannot be used", why, "pass the name that the server knows").into()
        );
    }
    let analysis = Analysis::new(item.document());
    let max = usize::from(args.suggest_sentences).min(SENTENCES_MAX);
    let targets = suggest::choose(&analysis, plan, weak, max);
    let mut suggested = Suggested {
        host: endpoint.host.clone(),
        model: model.clone(),
        sentences: targets.len(),
        ..Suggested::default()
    };
    if targets.is_empty() {
        ui.hint("no sentence needs a suggestion, or none may be sent: nothing was asked");
        return Ok(Some(Outcome { suggested, entries: Vec::new(), ended: None }));
    }
    if !args.yes && !confirmed(ui, &endpoint.host, &targets)? {
        return Ok(None);
    }
    let client = Client::new(endpoint, key, Duration::from_secs(args.suggest_timeout));
    let mut asker = Asker { client: &client, model: &model, analysis: &analysis, dialect: Dialect::Full };
    let checker = Checker::new(&analysis);
    let source = format!("suggested by {model} at {}", client.host());
    let mut progress = ui.progress(targets.len() as u64, "Asking");
    interrupt::defer();
    let mut failures = 0;
    let mut entries = Vec::new();
    let mut ended = None;
    for target in &targets {
        let answer = match interrupt::check() {
            Ok(()) => asker.ask(target),
            Err(stop) => Err(stop),
        };
        match answer {
            Ok(Ok(wordings)) => {
                failures = 0;
                let Sifted { kept, rejected } = checker.sift(target, &wordings);
                suggested.kept += kept.len();
                for (reason, count) in rejected {
                    *suggested.rejected.entry(reason).or_insert(0) += count;
                }
                if !kept.is_empty() {
                    entries.push(suggest::entry(item.document(), target, kept, source.clone()));
                }
            }
            Ok(Err(error)) => {
                failures += 1;
                *suggested.failed.entry(error.name().to_owned()).or_insert(0) += 1;
            }
            Err(stop) => {
                ended = Some(stop);
                break;
            }
        }
        suggested.asked += 1;
        progress.at(suggested.asked as u64);
        if failures >= FAILURES_MAX && suggested.asked < targets.len() {
            let why = format!("{failures} answers in a row could not be used");
            ended = Some(Failure::new("asking was given up", why, "check the address and the model").into());
            break;
        }
    }
    drop(progress);
    Ok(Some(Outcome { suggested, entries, ended }))
}

/// The key that the command line names, if it may be sent.
fn key(args: &SuggestArgs, endpoint: &Endpoint) -> Result<Option<Key>, Stop> {
    let key = match (&args.key_file, &args.key_env) {
        (Some(path), _) => Key::from_file(path)?,
        (None, Some(name)) => Key::from_environment(name)?,
        (None, None) => return Ok(None),
    };
    if !endpoint.may_have_key() {
        let why = "http:// to another machine would show it to everybody on the way";
        return Err(Failure::new("the key is not sent", why, "use https://, or leave the key out").into());
    }
    Ok(Some(key))
}

fn confirmed(ui: &Ui, host: &str, targets: &[Target]) -> Result<bool, Stop> {
    let words: usize = targets.iter().map(Target::words).sum();
    let what = format!(
        "{} with their neighbours, {} in all",
        counted(targets.len() as u64, "sentence", "sentences"),
        counted(words as u64, "word", "words")
    );
    if !ui.can_ask() {
        return Err(Failure::new(
            format!("nothing was sent to {host}"),
            format!("{what}, would leave this machine, and there is no terminal to ask on"),
            "pass `--yes` if the text may go there",
        )
        .into());
    }
    ui.preview(|style: Style| {
        let line = "Terms that forbid onward sharing forbid this too, unless the originator agreed.";
        format!("{}\n", style.line(line))
    });
    if ui.confirm(&format!("Send {what}, to {host}?"))? {
        return Ok(true);
    }
    ui.hint("nothing was sent and nothing was written");
    Ok(false)
}

/// Asks one endpoint.
struct Asker<'a> {
    client: &'a Client,
    model: &'a str,
    analysis: &'a Analysis<'a>,
    dialect: Dialect,
}

impl Asker<'_> {
    /// The wordings of a sentence: asked once more, for fewer, where the answer breaks off or cannot be read.
    fn ask(&mut self, target: &Target) -> Result<Result<Vec<String>, AnswerError>, Stop> {
        let first = self.request(target, WORDINGS_ASKED)?;
        match first {
            Err(AnswerError::Truncated | AnswerError::Malformed | AnswerError::Empty) => {
                self.request(target, WORDINGS_ASKED / 2)
            }
            other => Ok(other),
        }
    }

    fn request(&mut self, target: &Target, count: usize) -> Result<Result<Vec<String>, AnswerError>, Stop> {
        loop {
            let variety = self.analysis.profile.variety;
            let body = request::body(self.model, target, variety, count, self.dialect);
            return match self.client.ask(&body) {
                Ok(body) => Ok(answer::read(&body)),
                Err(Silence::TooLarge) => Ok(Err(AnswerError::TooLarge)),
                Err(Silence::NotJson) => Ok(Err(AnswerError::NotCompletion)),
                Err(Silence::Unsuited) if self.dialect == Dialect::Full => {
                    self.dialect = Dialect::Plain;
                    continue;
                }
                Err(Silence::Interrupted) => Err(Stop::Interrupted),
                Err(Silence::Unsuited) => {
                    Err(self.failure("the server turned the request down", "name a model by `--model`"))
                }
                Err(Silence::Broken { why, hint }) => Err(self.failure(&why, hint)),
            };
        }
    }

    fn failure(&self, why: &str, hint: &str) -> Stop {
        Failure::new(format!("cannot ask {}", self.client.host()), why, hint).into()
    }
}
