//! `dyetrace trace`: from what leaked to the copy it came from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dyetrace::channel::authored;
use dyetrace::codebook::CopyNumber;
use dyetrace::inquiry::{self, InquiryError};
use dyetrace::item::SOURCE_BYTES_MAX;
use dyetrace::leak::Fragment;
use dyetrace::registry::Registry;
use dyetrace::report::{TraceView, html, json, terminal};
use dyetrace::tracer::Trace;
use dyetrace::verdict::{Alpha, Verdict};

use super::args::{Global, TraceArgs};
use super::error::{Failure, Stop};
use super::ui::Ui;
use super::{Answer, clock, files, issue, registry};

pub(super) fn run(ui: &Ui, global: &Global, args: &TraceArgs) -> Result<Answer, Stop> {
    let alpha = alpha(args.alpha)?;
    if let Some(report) = &args.report {
        files::must_be_free(report, args.force, "--force")?;
    }
    let fragments = fragments(ui, &args.leaks)?;
    let (registry, _) = registry::unlock(ui, global)?;
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

fn fragments(ui: &Ui, paths: &[PathBuf]) -> Result<Vec<Fragment>, Stop> {
    let stdin = paths.iter().filter(|path| path.as_os_str() == files::STDIN).count();
    if stdin > 1 {
        return Err(Failure::new(
            "`-` was given more than once",
            "standard input can be read only once",
            "put the other fragments into files",
        )
        .into());
    }
    paths.iter().map(|path| fragment(ui, path)).collect()
}

fn fragment(ui: &Ui, path: &Path) -> Result<Fragment, Stop> {
    let bytes = files::read(path, SOURCE_BYTES_MAX)?;
    let what = format!("cannot read {} as text", path.display());
    let fragment = Fragment::read(path.display().to_string(), &bytes).map_err(|e| {
        Failure::from_error(
            &what,
            &e,
            "copy its text out, or run it through OCR, and pass that as a text file",
        )
    })?;
    if fragment.raw().trim().is_empty() {
        let why = if bytes.is_empty() { "it is empty" } else { "it holds no text" };
        let hint = "check that the fragment was saved, or that something was piped in";
        return Err(Failure::new(what, why, hint).into());
    }
    // No copy holds markup: whoever has it has the draft, which says what the original says.
    if let Some(draft) = authored::draft(fragment.raw()) {
        ui.warning(&format!(
            "{} holds variants in markup: it is read as a draft, with the first variant of each",
            path.display()
        ));
        return Ok(Fragment::from_text(path.display().to_string(), draft));
    }
    Ok(fragment)
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
