//! `dyetrace plan`: an item's sites, and what they promise.

use std::path::Path;

use dyetrace::plan::{Capacity, Drift, Entry, Plan, Promise};
use dyetrace::report::about::About;
use dyetrace::report::capacity::CapacityView;
use dyetrace::report::html;
use dyetrace::report::plan::{PlanView, Promised, SiteKind, Untraceable};

use super::args::{Global, PlanArgs};
use super::error::{Failure, Stop};
use super::item::Item;
use super::ui::Ui;
use super::{Answer, clock, files, issue, registry, suggest, trace};

/// For how many copies something is promised where nobody says: besides the registry's own number.
const COPIES: [u64; 3] = [33, 1_000, 1_000_000];
/// For which chances of a false accusation.
const ALPHAS: [f64; 2] = [1e-3, 1e-6];

pub(super) fn run(ui: &Ui, global: &Global, args: &PlanArgs) -> Result<Answer, Stop> {
    let alphas = match args.alpha {
        Some(alpha) => vec![trace::alpha(alpha)?.value()],
        None => ALPHAS.to_vec(),
    };
    let copies = match args.copies {
        Some(0) => {
            let hint = "pass how many recipients there will be, such as `--copies 33`";
            return Err(Failure::new(
                "`--copies` cannot be used",
                "0 copies can be told apart by nothing",
                hint,
            )
            .into());
        }
        Some(copies) => vec![copies],
        None => usual_copies(global),
    };
    if let Some(output) = &args.output {
        files::must_be_free(output, args.force, "--force")?;
    }
    if let Some(page) = &args.page {
        files::must_be_free(page, args.force, "--force")?;
    }
    let item = Item::open(&args.item)?;
    item.warn(ui);
    let mut plan = item.plan(args.plan.as_deref(), &args.sites)?;
    let mut outcome = None;
    if let Some(address) = &args.suggest.suggest {
        let weak = Promise::of(item.document(), &plan.sites(), copies[0], alphas[0]).weak;
        let Some(found) = suggest::run(ui, &args.suggest, address, &item, &plan, &weak)? else {
            return Ok(Answer::No);
        };
        if found.suggested.asked == 0
            && let Some(stop) = found.ended
        {
            return Err(stop);
        }
        for entry in &found.entries {
            plan.insert(entry.clone());
        }
        outcome = Some(found);
    }
    let mut view = view(&item, &plan, &copies, &alphas);
    view.suggested = outcome.as_ref().map(|outcome| outcome.suggested.clone());
    if let Some(output) = &args.output {
        if let Some(reviewed) = &args.plan {
            let added = outcome.as_ref().map_or(&[][..], |outcome| &outcome.entries);
            write_reviewed(&item, reviewed, added, output, args.force)?;
        } else {
            let toml = plan.to_toml_for(item.document(), &item.file_name);
            files::write(output, toml.as_bytes(), args.force)?;
        }
        view.written = Some(output.display().to_string());
    }
    let capacity = (args.map || args.page.is_some())
        .then(|| Capacity::of(item.document(), &plan.sites(), copies[0], alphas[0]));
    let map = capacity.as_ref().map(|capacity| CapacityView {
        title: &item.title,
        document: item.document(),
        capacity,
    });
    if let (Some(path), Some(map)) = (&args.page, &map) {
        let now = clock::now()?;
        let page = html::capacity(map, html::Imprint { made_at: now.as_str(), program: issue::TOOL });
        files::write(path, page.as_bytes(), args.force)?;
    }
    let shown = map.filter(|_| args.map);
    if ui.json {
        ui.object(&view.object(shown))?;
    } else {
        let mut page = view.page(ui.style());
        if let Some(map) = shown {
            page.push('\n');
            page.push_str(&map.page(ui.style()));
        }
        ui.answer(&page)?;
    }
    if let Some(suggest::Outcome { suggested, ended: Some(stop), .. }) = outcome {
        ui.warning(&format!(
            "{} of {} sentences were asked about; the plan holds what came of them",
            suggested.asked, suggested.sentences
        ));
        return Err(stop);
    }
    if plan.entries.is_empty() {
        let words = dyetrace::report::words::counted(view.words, "word", "words");
        let why = if view.words == 0 {
            "it holds no text".to_owned()
        } else {
            format!("none of its {words} could be written another way")
        };
        ui.warning(&format!("there is nothing to mark in {}: {why}", args.item.display()));
        ui.hint("variants of your own are written as {{this|or that}} in the item");
        return Ok(Answer::No);
    }
    match (&args.output, &args.plan) {
        (Some(output), _) if args.suggest.suggest.is_some() => ui.hint(&format!(
            "suggestions are off: read each with `dyetrace review {}` before you switch it on",
            output.display()
        )),
        (Some(output), _) => ui.hint(&format!(
            "`dyetrace review {0}` goes through it; after editing it by hand `dyetrace plan {1} --plan {0}` checks it",
            output.display(),
            args.item.display()
        )),
        (None, None) => ui.hint("`-o PLAN.toml` writes a plan that can be reviewed and edited"),
        (None, Some(_)) => {}
    }
    Ok(Answer::Yes)
}

/// Writes a reviewed plan with the sites that are added to it; all else in it stays as people wrote it.
///
/// Its file is read once more: a person may have gone on with it while the model was asked.
fn write_reviewed(
    item: &Item,
    reviewed: &Path,
    added: &[Entry],
    output: &Path,
    force: bool,
) -> Result<(), Stop> {
    let (mut file, before) = item.plan_file(reviewed)?;
    file.insert(item.document(), added).map_err(|e| {
        let what = format!("cannot add the suggestions to {}", reviewed.display());
        Failure::from_error(what, &e, "run the same command again; the plan is as it was")
    })?;
    let after = file.text();
    let same = reviewed.canonicalize().ok().filter(|path| output.canonicalize().ok().as_ref() == Some(path));
    match same {
        Some(path) => files::rewrite(&path, &before, &after).map_err(|stop| match stop {
            Stop::Failed(failure) => Stop::Failed(Failure {
                what: format!("cannot write {}", output.display()),
                hint: "run the same command again; the plan is as it was".into(),
                ..failure
            }),
            other => other,
        }),
        None => files::write(output, after.as_bytes(), force),
    }
}

/// The registry's own number of recipients first, if there is a registry; planning needs none.
fn usual_copies(global: &Global) -> Vec<u64> {
    let mut copies = COPIES.to_vec();
    let known = registry::open(global).ok().and_then(|registry| registry.recipients().ok());
    if let Some(known) = known.filter(|known| known.len() > 1) {
        copies.push(known.len() as u64);
        copies.sort_unstable();
        copies.dedup();
    }
    copies
}

fn view(item: &Item, plan: &Plan, copies: &[u64], alphas: &[f64]) -> PlanView {
    let document = item.document();
    let sites = plan.sites();
    let promises: Vec<Promise> = copies
        .iter()
        .flat_map(|&copies| alphas.iter().map(move |&alpha| (copies, alpha)))
        .map(|(copies, alpha)| Promise::of(document, &sites, copies, alpha))
        .collect();
    let first = &promises[0];
    PlanView {
        title: item.title.clone(),
        format: document.format().name().to_owned(),
        words: first.words as u64,
        sites: plan
            .entries
            .iter()
            .map(|entry| SiteKind {
                channel: entry.site.channel.name(),
                class: entry.site.class.clone().into_owned(),
                tier: entry.site.tier,
                on: entry.on,
            })
            .collect(),
        promise: promises
            .iter()
            .map(|promise| Promised {
                copies: promise.copies,
                alpha: promise.alpha,
                words: promise.quote.median,
                best: promise.quote.best,
                most: promise.quote.most,
                worst: promise.quote.worst,
            })
            .collect(),
        untraceable: first
            .weak
            .iter()
            .map(|weak| Untraceable {
                sentence: document.text()[weak.range.clone()].to_owned(),
                sites: weak.sites,
                bits: weak.bits,
            })
            .collect(),
        log2_copies: first.codeword_bits,
        written: None,
        suggested: None,
        about: About {
            skipped: document.skipped().to_vec(),
            drift: Drift::of(document, &sites),
            warnings: document.warnings().to_vec(),
        },
    }
}
