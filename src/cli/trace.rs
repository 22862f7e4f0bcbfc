//! `dyetrace trace`: from what leaked to the copy it came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dyetrace::channel::authored;
use dyetrace::codebook::CopyNumber;
use dyetrace::inquiry::{self, InquiryError, Judge};
use dyetrace::item::ReadError;
use dyetrace::leak::{Fit, Fragment, LEAK_BYTES_MAX, Leak, LeakError, READER_THREAD, RecogniseError, Sight};
use dyetrace::registry::Registry;
use dyetrace::report::{TraceView, html, json, terminal};
use dyetrace::tracer::Trace;
use dyetrace::verdict::{Alpha, Verdict};

use super::args::{Global, TraceArgs};
use super::error::{Failure, Stop};
use super::ocr::{self, Tesseract};
use super::ui::Ui;
use super::{Answer, clock, files, interrupt, issue, registry};

/// How long the parser of one file, or of one page that is rendered, may take.
const PARSER_MAX: Duration = Duration::from_mins(1);

/// The language of the items, as text recognition calls it: wording is found in English only, so far.
const LANGUAGE: &str = "eng";

pub(super) fn run(ui: &Ui, global: &Global, args: &TraceArgs) -> Result<Answer, Stop> {
    let alpha = alpha(args.alpha)?;
    if let Some(report) = &args.report {
        files::must_be_free(report, args.force, "--force")?;
    }
    let leaks = open(&args.leaks)?;
    let (registry, _) = registry::unlock(ui, global)?;
    let fragments = read(ui, leaks, &registry, args.item.as_deref())?;
    let fragments: Vec<Fragment> = fragments.into_iter().map(|fragment| draft(ui, fragment)).collect();
    let found = search(&registry, &fragments, args.item.as_deref(), alpha)?;
    let view = found.view();
    if ui.json {
        ui.object(&json::Trace::new(&view))?;
    } else {
        ui.answer(&terminal::trace(&view, ui.style()))?;
    }
    if let Some(path) = &args.report {
        write_report(path, &view, args.force)?;
        ui.hint(&format!("the report is {}", path.display()));
    }
    advise(ui, args, &found.trace);
    Ok(if found.trace.verdict.names_a_copy() { Answer::Yes } else { Answer::No })
}

/// A trace and the names of those who hold the item's copies.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) trace: Trace,
    pub(super) recipients: BTreeMap<CopyNumber, String>,
}

impl Found {
    pub(super) fn view(&self) -> TraceView<'_> {
        TraceView { trace: &self.trace, recipients: &self.recipients }
    }
}

/// Looks for the fragments in one item, or in those of the registry that share passages with them.
pub(super) fn search(
    registry: &Registry,
    fragments: &[Fragment],
    item: Option<&str>,
    alpha: Alpha,
) -> Result<Found, Stop> {
    let found = inquiry::run(registry, fragments, item, alpha).map_err(failure)?;
    let recipients = found.copies.into_iter().map(|row| (row.copy, row.recipient.name)).collect();
    Ok(Found { trace: found.trace, recipients })
}

fn failure(error: InquiryError) -> Stop {
    let what = "cannot search the registry";
    let error = match error {
        InquiryError::Registry(error) => return registry::failure(what, error),
        other => other,
    };
    let hint = match &error {
        InquiryError::Ambiguous { .. } => "type more of the id; `dyetrace inspect REGISTRY` lists them",
        _ => "use the dyetrace version that issued the item, or restore the registry from a backup",
    };
    Failure::from_error(what, &error, hint).into()
}

/// A parser that panics in its own thread is an error of the file that it read, told as such; its own report would only
/// come on top.
pub(super) fn silence_readers() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some(READER_THREAD) {
            usual(panic);
        }
    }));
}

/// Opens what leaked, whatever kind of file it is.
fn open(paths: &[PathBuf]) -> Result<Vec<Leak>, Stop> {
    let stdin = paths.iter().filter(|path| path.as_os_str() == files::STDIN).count();
    if stdin > 1 {
        return Err(Failure::new(
            "`-` was given more than once",
            "standard input can be read only once",
            "put the other fragments into files",
        )
        .into());
    }
    paths
        .iter()
        .map(|path| {
            let bytes = files::read(path, LEAK_BYTES_MAX)?;
            let empty = bytes.is_empty();
            let name = path.display().to_string();
            let leak = Leak::open(name.clone(), bytes, PARSER_MAX).map_err(|error| unread(&name, &error))?;
            if !leak.has_text() && leak.pictures() == 0 {
                return Err(without_text(&name, empty));
            }
            Ok(leak)
        })
        .collect()
}

/// Reads the leaks: their text, and through text recognition their pictures.
fn read(ui: &Ui, leaks: Vec<Leak>, registry: &Registry, item: Option<&str>) -> Result<Vec<Fragment>, Stop> {
    let pictures: usize = leaks.iter().map(Leak::pictures).sum();
    if pictures == 0 {
        let text = |leak: Leak| {
            let name = leak.name().to_owned();
            leak.read(None).map_err(|error| unread(&name, &error))
        };
        return leaks.into_iter().map(text).collect();
    }
    let mut tesseract = match Tesseract::find(ui) {
        Ok(found) => Some(found),
        // What is there as text can be traced without it.
        Err(missing) => {
            let blind = leaks.iter().find(|leak| leak.pictures() > 0 && !leak.has_text());
            if let Some(leak) = blind {
                return Err(unread(leak.name(), &missing.into()));
            }
            let pages = dyetrace::report::words::counted(
                pictures as u64,
                "page looks like a picture",
                "pages look like pictures",
            );
            ui.warning(&format!("{pages}, and only text was read: {missing}"));
            None
        }
    };
    let mut judge = Judge::new(registry, item);
    let mut refused = None;
    interrupt::defer();
    let mut fragments = Vec::with_capacity(leaks.len());
    for leak in leaks {
        let name = leak.name().to_owned();
        let mut fit = |text: &str| {
            judge.fit(text).unwrap_or_else(|error| {
                refused.get_or_insert(error);
                Fit::default()
            })
        };
        let sight =
            tesseract.as_mut().map(|recogniser| Sight { recogniser, judge: &mut fit, language: LANGUAGE });
        let fragment = leak.read(sight).map_err(|error| unread(&name, &error))?;
        if let Some(error) = refused.take() {
            return Err(failure(error));
        }
        if fragment.raw().trim().is_empty() {
            return Err(without_text(&name, false));
        }
        fragments.push(fragment);
    }
    interrupt::release()?;
    Ok(fragments)
}

/// A fragment, or where it holds an author's markup, what its original says.
///
/// No copy holds markup: whoever has it has the draft, which says what the original says.
fn draft(ui: &Ui, fragment: Fragment) -> Fragment {
    let Some(draft) = authored::draft(fragment.raw()) else { return fragment };
    ui.warning(&format!(
        "{} holds variants in markup: it is read as a draft, with the first variant of each",
        fragment.name()
    ));
    Fragment::from_text(fragment.name(), draft).with_origin(fragment.origin().clone())
}

fn without_text(name: &str, empty: bool) -> Stop {
    let why = if empty { "it is empty" } else { "it holds no text" };
    let hint = "check that the fragment was saved, or that something was piped in";
    Failure::new(format!("cannot read {name} as text"), why, hint).into()
}

/// A leak that cannot be read, and what to do about it.
fn unread(name: &str, error: &LeakError) -> Stop {
    let hint = match error {
        LeakError::Recognise(RecogniseError::Interrupted) => return Stop::Interrupted,
        LeakError::Recognise(RecogniseError::Missing { .. }) | LeakError::Picture { .. } => format!(
            "install tesseract (Debian: `apt-get install {}`), or pass text, TSV, hOCR or ALTO of another program",
            ocr::PACKAGE
        ),
        LeakError::Recognise(RecogniseError::Language { language, .. }) => {
            format!("install its data (Debian: `apt-get install {}-{language}`)", ocr::PACKAGE)
        }
        LeakError::Recognise(_) => {
            "run it through another program for text recognition, and pass its text, TSV, hOCR or ALTO"
                .to_owned()
        }
        LeakError::Read(ReadError::Encrypted { .. }) => {
            "open it with its password, save it without one, and trace that file".to_owned()
        }
        LeakError::Read(ReadError::Limit { .. } | ReadError::TooLarge { .. }) | LeakError::Late { .. } => {
            "cut it into parts, and pass those that matter".to_owned()
        }
        LeakError::Read(ReadError::Damaged { .. }) | LeakError::Unreadable { .. } => {
            "open it in another program, save it anew or copy its text out, and pass that".to_owned()
        }
        _ => "copy its text out, or run it through OCR, and pass that as a text file".to_owned(),
    };
    Failure::from_error(format!("cannot read {name} as text"), error, hint).into()
}

pub(super) fn alpha(value: f64) -> Result<Alpha, Stop> {
    Alpha::new(value).map_err(|e| {
        let hint = "pass the chance of a false accusation you accept, such as `--alpha 1e-6`";
        Failure::from_error("`--alpha` cannot be used", &e, hint).into()
    })
}

pub(super) fn write_report(path: &Path, view: &TraceView<'_>, replace: bool) -> Result<(), Stop> {
    let now = clock::now()?;
    let page = html::trace(view, html::Imprint { made_at: now.as_str(), program: issue::TOOL });
    files::write(path, page.as_bytes(), replace)
}

/// What to try next; only what was not tried yet.
fn advise(ui: &Ui, args: &TraceArgs, trace: &Trace) {
    match trace.verdict {
        Verdict::NotOurs if trace.copies == 0 => {
            ui.hint("nothing like it was issued from this registry; name another with `--registry DIR`");
        }
        Verdict::Inconclusive | Verdict::NoMarks if args.leaks.len() == 1 => {
            ui.hint("fragments of the same leak can be traced together: `dyetrace trace LEAK MORE`");
        }
        Verdict::NotOurs if args.item.is_some() => {
            ui.hint("leave `--item` out to look in the whole registry");
        }
        Verdict::Attributed | Verdict::Coalition if args.report.is_none() => {
            ui.hint("`--report OUT.html` writes the same for people who were not there");
        }
        _ => {}
    }
}
