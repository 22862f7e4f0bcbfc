//! `dyetrace review`: a plan's sites, one by one, in the terminal or from a script.

mod keys;
mod lines;

use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};

use dyetrace::plan::{PLAN_BYTES_MAX, PlanError, PlanFile, Problem, Revision};
use dyetrace::report::Style;
use dyetrace::report::review::{self as view, ReviewView};
use dyetrace::review::{Answer as Given, Effect, Refusal, Selection, Session};

use super::args::ReviewArgs;
use super::error::{Failure, Stop, chain};
use super::item::Item;
use super::ui::Ui;
use super::{Answer, files, interrupt};

/// What a person typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Typed {
    /// An answer.
    Given(Given),
    /// Show the keys.
    Help,
    /// Nothing: ask again.
    Nothing,
    /// Not an answer, and why.
    Odd(String),
    /// Save and quit.
    Quit,
}

/// Where answers come from.
trait Answers {
    /// Waits for the next answer about what was shown last.
    fn next(&mut self, screen: &Screen<'_>, session: &Session<'_>) -> Result<Typed, Stop>;
    /// Whether the end of the queue is the end of the review, rather than the end of the input.
    fn ends_with_queue(&self) -> bool;
    /// The list of answers.
    fn help(&self) -> &'static str;
}

/// Where questions go: standard output, unless that carries one JSON object or is no terminal while input is.
struct Screen<'u> {
    ui: &'u Ui,
    aside: bool,
    terminal: bool,
}

impl Screen<'_> {
    fn style(&self) -> Style {
        if self.aside { self.ui.aside_style() } else { self.ui.style() }
    }

    fn show(&self, text: &str) -> Result<(), Stop> {
        let shown = if self.aside { self.ui.aside_page(text) } else { self.ui.answer(text) };
        // A terminal that has gone is no error: every answer is in the plan.
        if self.terminal { shown.map_err(|_| Stop::ClosedPipe) } else { shown }
    }

    fn say(&self, text: &str) -> Result<(), Stop> {
        let text = self.style().line(text);
        if text.is_empty() { Ok(()) } else { self.show(&format!("    {text}\n")) }
    }
}

pub(super) fn run(ui: &Ui, args: &ReviewArgs) -> Result<Answer, Stop> {
    // A link stays one: what it points to is replaced.
    let path = args.plan.canonicalize().map_err(|e| super::error::unreadable(&args.plan, &e))?;
    let toml = files::read_text(&path, PLAN_BYTES_MAX)?;
    let (item_path, item) = find_item(args, &path, &toml)?;
    let document = item.document();
    let file = PlanFile::read(&toml, document).map_err(|e| plan_failure(args, &item_path, &e))?;
    let selection = Selection {
        all: args.all,
        tiers: args.tier.iter().map(|&tier| tier.into()).collect(),
        channels: args.channel.clone(),
        classes: args.class.clone(),
    };
    let session = Session::new(document, file, &selection);

    let terminal = io::stdin().is_terminal() && (io::stdout().is_terminal() || io::stderr().is_terminal());
    let aside = ui.json || (terminal && !io::stdout().is_terminal());
    let screen = Screen { ui, aside, terminal };
    let mut keys;
    let mut lines;
    let answers: &mut dyn Answers = if terminal {
        keys = keys::Keys::new(aside);
        &mut keys
    } else {
        lines = lines::Lines::new();
        &mut lines
    };
    let session = converse(&screen, answers, session, &Kept { path: &path, shown: &args.plan }, toml)?;

    let view = ReviewView {
        plan: args.plan.display().to_string(),
        item: item_path.display().to_string(),
        tally: session.tally(),
    };
    if ui.json {
        ui.object(&view.object())?;
    } else {
        screen.show("\n")?;
        screen.show(&view.page(screen.style()))?;
    }
    if view.tally.left > 0 {
        ui.hint("the same command goes on here");
    } else if view.tally.sites > 0 && session.question().is_none() && !args.all && !decided_any(&view) {
        ui.hint("`--all` shows the sites that are decided");
    } else if view.tally.left_in_plan > 0 {
        ui.hint(&format!("`dyetrace review {}` asks about the others", args.plan.display()));
    } else {
        let (item, plan) = (item_path.display(), args.plan.display());
        ui.hint(&format!("`dyetrace issue {item} --plan {plan} --to-all --out DIR` writes the copies"));
    }
    Ok(Answer::Yes)
}

fn decided_any(view: &ReviewView) -> bool {
    view.tally.accepted + view.tally.rejected > 0
}

/// The plan's file: where it is, and what the person calls it.
struct Kept<'p> {
    path: &'p Path,
    shown: &'p Path,
}

/// Asks until there is nothing left, or until the person leaves; every answer is in the file before the next question.
fn converse<'d>(
    screen: &Screen<'_>,
    answers: &mut dyn Answers,
    mut session: Session<'d>,
    kept: &Kept<'_>,
    mut saved: String,
) -> Result<Session<'d>, Stop> {
    let mut asked = false;
    let mut again = true;
    loop {
        match session.question() {
            Some(question) if again => {
                screen.show("\n")?;
                screen.show(&view::question(&question, screen.style()))?;
                asked = true;
            }
            None if !asked => return Ok(session),
            None if again => {
                screen.show("\n")?;
                screen.say("that was the last one; `u` takes the last answer back, `b` goes back")?;
            }
            Some(_) | None => {}
        }
        again = true;
        let given = match answers.next(screen, &session)? {
            Typed::Quit => return Ok(session),
            Typed::Nothing if session.question().is_none() && answers.ends_with_queue() => {
                return Ok(session);
            }
            Typed::Nothing => {
                again = false;
                continue;
            }
            Typed::Help => {
                screen.show(answers.help())?;
                continue;
            }
            Typed::Odd(why) => {
                screen.say(&why)?;
                again = false;
                continue;
            }
            Typed::Given(given) => given,
        };
        match session.answer(&given) {
            Ok(effect) => {
                keep(&session, kept, effect, &mut saved)?;
                screen.say(&view::effect(effect))?;
            }
            Err(refusal) => {
                screen.say(&format!("not done: {}", refused(&refusal)))?;
                again = false;
            }
        }
    }
}

/// Writes the plan where an answer changed it.
fn keep(session: &Session<'_>, kept: &Kept<'_>, effect: Effect, saved: &mut String) -> Result<(), Stop> {
    if !effect.changes_plan() {
        return Ok(());
    }
    let text = session.text();
    if text == *saved {
        return Ok(());
    }
    interrupt::defer();
    let written = files::rewrite(kept.path, saved, &text).map_err(|stop| match stop {
        Stop::Failed(failure) => {
            let what = format!("cannot keep the last answer in {}", kept.shown.display());
            Stop::Failed(Failure { what, ..failure })
        }
        other => other,
    });
    *saved = text;
    interrupt::release()?;
    written
}

/// Why an answer was not taken, and what would be.
fn refused(refusal: &Refusal) -> String {
    let why = chain(refusal);
    match refusal {
        Refusal::Plan(Problem::Linked { .. }) => format!("{why}; change it in the plan file"),
        Refusal::Plan(Problem::Own { .. }) => format!("{why}, which stays"),
        Refusal::Over => format!("{why}; `b` goes back, `q` quits"),
        _ => why,
    }
}

/// The item that a plan was made for.
fn find_item(args: &ReviewArgs, plan: &Path, toml: &str) -> Result<(PathBuf, Item), Stop> {
    if let Some(path) = &args.item {
        return Ok((path.clone(), Item::open(path)?));
    }
    let what = || format!("cannot find the item of {}", args.plan.display());
    let hint = "pass `--item FILE`";
    let name = PlanFile::item_name(toml).map_err(|e| plan_failure(args, Path::new("the item"), &e))?;
    let Some(name) = name else {
        return Err(Failure::new(what(), "the plan does not name its file", hint).into());
    };
    // A plan may come from anybody: it names a file in one of two folders, not a path.
    let plain = Path::new(&name).file_name().is_some_and(|only| only == name.as_str());
    if !plain {
        let why = format!("the plan names {name:?}, which is not the name of a file");
        return Err(Failure::new(what(), why, hint).into());
    }
    let folder = plan.parent().unwrap_or(Path::new("."));
    let beside = args.plan.parent().unwrap_or(Path::new("")).join(&name);
    // Beside the plan as it was named, then beside the file that it links to, then here.
    let mut candidates = vec![beside, folder.join(&name), PathBuf::from(&name)];
    candidates.retain(|path| path.is_file());
    let mut problem = None;
    for path in candidates {
        match Item::open(&path) {
            Ok(item) if PlanFile::is_for(toml, item.document()) => return Ok((path, item)),
            Ok(item) => problem = problem.or(Some(Ok((path, item)))),
            Err(stop) => problem = problem.or(Some(Err(stop))),
        }
    }
    // Another file of this name: reading the plan for it says what differs.
    problem.unwrap_or_else(|| {
        let why = format!("there is no {name} beside it and none in the current folder");
        Err(Failure::new(what(), why, hint).into())
    })
}

fn plan_failure(args: &ReviewArgs, item: &Path, error: &PlanError) -> Stop {
    let what = format!("cannot review {}", args.plan.display());
    let hint = match error.problem {
        Problem::Item { .. } => {
            let hint = format!(
                "{} is another item or has changed since: pass `--item FILE`, or plan it anew",
                item.display()
            );
            return Failure::from_error(what, error, hint).into();
        }
        _ => "correct that line; `dyetrace plan ITEM -o NEW.toml` writes a fresh plan",
    };
    Failure::from_error(what, error, hint).into()
}

/// The number that a person gave, as a variant of the site that is asked about.
fn variant(session: &Session<'_>, number: usize) -> Result<usize, String> {
    let question = session.question().ok_or("there is no site to change")?;
    let found = view::alternatives(&question.entry.site).find(|(shown, _)| *shown == number);
    found.map(|(_, variant)| variant).ok_or_else(|| format!("there is no alternative {number}"))
}

/// What a person typed for a variant: `""` is nothing at all.
fn text_of(typed: &str) -> String {
    if typed == "\"\"" { String::new() } else { typed.to_owned() }
}

fn edit(variant: usize, typed: &str) -> Typed {
    Typed::Given(Given::Revise(Revision::Edit { variant, text: text_of(typed) }))
}

fn add(typed: &str) -> Typed {
    Typed::Given(Given::Revise(Revision::Add { text: text_of(typed) }))
}

fn strike(variant: usize) -> Typed {
    Typed::Given(Given::Revise(Revision::Drop { variant }))
}
