//! `dyetrace trace`: from what leaked to the copy it came from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dyetrace::codebook::CopyNumber;
use dyetrace::issue::Edition;
use dyetrace::item::{Document, SOURCE_BYTES_MAX};
use dyetrace::leak::Fragment;
use dyetrace::registry::Registry;
use dyetrace::report::{TraceView, html, json, terminal};
use dyetrace::trace::fragment_shingles;
use dyetrace::tracer::{self, Prepared, Trace};
use dyetrace::verdict::{Alpha, Verdict};

use super::args::{Global, TraceArgs};
use super::error::{Failure, Stop};
use super::ui::Ui;
use super::{Answer, clock, files, registry};

/// How many items of the registry are compared with a leak in full: those that share most passages with it.
const ITEMS_MAX: usize = 8;

pub(super) fn run(ui: &Ui, global: &Global, args: &TraceArgs) -> Result<Answer, Stop> {
    let alpha = alpha(args.alpha)?;
    if let Some(report) = &args.report {
        files::must_be_free(report, args.force, "--force")?;
    }
    let fragments = fragments(&args.leaks)?;
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
    let failed = |e| registry::failure("cannot read the registry's items", e);
    let ids: Vec<String> = match item {
        Some(prefix) => vec![one_item(registry, prefix)?],
        None => {
            let key = registry.index_key().map_err(failed)?;
            let hashes: BTreeSet<_> =
                fragments.iter().flat_map(|fragment| fragment_shingles(fragment, &key)).collect();
            let hashes: Vec<_> = hashes.into_iter().collect();
            let sharing = registry.items_sharing(&hashes, ITEMS_MAX).map_err(failed)?;
            sharing.into_iter().map(|(id, _)| id.to_string()).collect()
        }
    };
    let mut prepared = Vec::with_capacity(ids.len());
    let mut names = BTreeMap::new();
    for id in &ids {
        let (item, recipients) = prepare(registry, id)?;
        prepared.push(item);
        names.insert(id.clone(), recipients);
    }
    let trace = tracer::trace(&prepared, fragments, alpha);
    let recipients = trace.item.as_ref().and_then(|item| names.remove(&item.id)).unwrap_or_default();
    Ok(Found { trace, recipients })
}

/// An item as the tracer needs it, and who holds its copies.
///
/// Copies that are reserved count as issued: an interrupt may have come after a copy left and before it was recorded.
fn prepare(registry: &Registry, id: &str) -> Result<(Prepared, BTreeMap<CopyNumber, String>), Stop> {
    let what = || format!("cannot read item {id} from the registry");
    let state = registry.item(id).map_err(|e| registry::failure(what(), e))?;
    let key = registry.item_key(id).map_err(|e| registry::failure(what(), e))?;
    let rows = registry.copies(id).map_err(|e| registry::failure(what(), e))?;
    let hint = "restore the registry from a backup";
    let document = Document::read(state.format, &state.original)
        .map_err(|e| Stop::from(Failure::from_error(what(), &e, hint)))?;
    let edition = Edition::new(document, state.sites, key);
    let copies = rows.iter().map(|row| row.copy).collect();
    let recipients = rows.into_iter().map(|row| (row.copy, row.recipient.name)).collect();
    Ok((Prepared::new(id, state.title, edition, copies), recipients))
}

/// The id that a prefix of it stands for.
fn one_item(registry: &Registry, prefix: &str) -> Result<String, Stop> {
    let what = || format!("cannot find the item {prefix}");
    let found = registry.items_by_prefix(prefix, 2).map_err(|e| registry::failure(what(), e))?;
    let hint = "`dyetrace inspect REGISTRY` lists the items with their ids";
    match found.as_slice() {
        [one] => Ok(one.to_string()),
        [] => Err(Failure::new(what(), "no item's id begins like this", hint).into()),
        _ => Err(Failure::new(what(), "the ids of several items begin like this", hint).into()),
    }
}

fn fragments(paths: &[std::path::PathBuf]) -> Result<Vec<Fragment>, Stop> {
    let stdin = paths.iter().filter(|path| path.as_os_str() == files::STDIN).count();
    if stdin > 1 {
        return Err(Failure::new(
            "`-` was given more than once",
            "standard input can be read only once",
            "put the other fragments into files",
        )
        .into());
    }
    paths.iter().map(|path| fragment(path)).collect()
}

fn fragment(path: &Path) -> Result<Fragment, Stop> {
    let bytes = files::read(path, SOURCE_BYTES_MAX)?;
    let what = format!("cannot read {} as text", path.display());
    let fragment = Fragment::read(path.display().to_string(), &bytes).map_err(|e| {
        Failure::from_error(
            &what,
            &e,
            "copy its text out, or run it through OCR, and pass that as a text file",
        )
    })?;
    if fragment.chars().is_empty() {
        let hint = "check that the fragment was saved, or that something was piped in";
        return Err(Failure::new(what, "it is empty", hint).into());
    }
    Ok(fragment)
}

pub(super) fn alpha(value: f64) -> Result<Alpha, Stop> {
    Alpha::new(value).map_err(|e| {
        let hint = "pass the chance of a false accusation you accept, such as `--alpha 1e-6`";
        Failure::from_error("`--alpha` cannot be used", &e, hint).into()
    })
}

fn write_report(path: &Path, view: &TraceView<'_>, replace: bool) -> Result<(), Stop> {
    let now = clock::now()?;
    let program = concat!("dyetrace ", env!("CARGO_PKG_VERSION"));
    let page = html::trace(view, html::Imprint { made_at: now.as_str(), program });
    files::write(path, page.as_bytes(), replace)
}

/// What to try next; only what was not tried yet.
fn advise(ui: &Ui, args: &TraceArgs, trace: &Trace) {
    match trace.verdict {
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
