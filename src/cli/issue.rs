//! `dyetrace issue`: one marked, signed copy for each recipient.

use std::ops::ControlFlow;
use std::path::Path;

use dyetrace::issue::{IssueError, sites_by_channel};
use dyetrace::outbox::{self, Delivered, Order, OutboxError, Registered, World};
use dyetrace::plan::{Drift, Promise};
use dyetrace::registry::recipient::{CSV_BYTES_MAX, parse_csv};
use dyetrace::registry::{ItemState, Recipient, Registry, RegistryError};
use dyetrace::report::about::About;
use dyetrace::report::issue::{IssueView, IssuedCopy, Preview};
use dyetrace::trust::handling::HandlingInput;
use dyetrace::trust::{Terms, Timestamp};
use ring::rand::SystemRandom;

use super::args::{Global, HandlingArgs, IssueArgs, ToArgs};
use super::error::{Failure, Stop};
use super::item::Item;
use super::ui::Ui;
use super::{Answer, clock, files, interrupt, registry, verify};

/// The program and its version, as records name it.
pub(super) const TOOL: &str = concat!("dyetrace ", env!("CARGO_PKG_VERSION"));

/// The chance of a false accusation for which the preview says how short a quote may be.
const PREVIEW_ALPHA: f64 = 1e-3;

/// The largest file of handling terms.
const HANDLING_BYTES_MAX: usize = 64 << 10;

pub(super) fn run(ui: &Ui, global: &Global, args: &IssueArgs) -> Result<Answer, Stop> {
    let item = Item::open(&args.item)?;
    item.warn(ui);
    let plan = item.plan(args.plan.as_deref(), &args.sites)?;
    let terms = terms(&args.handling)?;
    let now = clock::now()?;
    let (mut registry, passphrase) = registry::unlock(ui, global)?;
    let recipients = recipients(&registry, &args.to, &now)?;
    let state = state(&item, &plan, args.coalition)?;
    let registered = prepare(&registry, &item, state)?;
    outbox::check(&registry, &registered, &recipients).map_err(|e| failure(&item.file_name, e))?;

    let ask = !args.yes && ui.can_ask();
    if args.dry_run || ask {
        let preview = preview(&item, &registered, &recipients, &args.out, &terms);
        if args.dry_run {
            if ui.json {
                ui.object(&view(&registered, &[], &terms).dry_run())?;
            } else {
                ui.answer(&preview.page(ui.style()))?;
            }
            return Ok(Answer::Yes);
        }
        ui.preview(|style| preview.page(style));
        if !ui.confirm("Write these copies?")? {
            ui.hint("nothing was written");
            return Ok(Answer::No);
        }
    }

    let recipients = register(&mut registry, &args.to, recipients, &now)?;
    let signer = registry
        .issuer(passphrase.as_ref())
        .map_err(|e| registry::failure("cannot use the issuer's key", e))?;
    let order = Order { recipients: &recipients, folder: &args.out, terms: &terms, tool: TOOL };
    let random = SystemRandom::new();
    let world = World { now: &now, random: &random };
    let mut progress = ui.progress(recipients.len() as u64, "Issuing");
    interrupt::defer();
    let delivered = outbox::issue(&mut registry, &signer, &registered, &order, world, |done, _| {
        progress.at(done as u64);
        if interrupt::check().is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    drop(progress);
    let delivered = match delivered {
        Ok(delivered) => delivered,
        Err(OutboxError::Interrupted { done, total }) => {
            ui.warning(&format!("interrupted after {done} of {total} copies"));
            ui.hint("the same command again goes on where this one stopped");
            return Err(Stop::Interrupted);
        }
        Err(error) => return Err(failure(&item.file_name, error)),
    };
    let view = view(&registered, &delivered, &terms);
    if ui.json {
        ui.object(&view.object())?;
    } else {
        ui.answer(&view.page(ui.style()))?;
    }
    if view.resumed > 0 {
        ui.warning(
            "copies that had been issued before keep the records, and the terms, they were issued with",
        );
    }
    ui.hint("keep the registry folder: nothing can be traced without it");
    Ok(Answer::Yes)
}

/// What the registry will keep of the item.
pub(super) fn state(item: &Item, plan: &dyetrace::plan::Plan, coalition: u32) -> Result<ItemState, Stop> {
    if !(1..=dyetrace::codebook::COALITION_MAX).contains(&coalition) {
        return Err(Failure::new(
            "`--coalition` cannot be used",
            format!("it is {coalition}, not from 1 to {}", dyetrace::codebook::COALITION_MAX),
            "leave it out, unless you expect more than two recipients to merge their copies",
        )
        .into());
    }
    Ok(ItemState {
        original: item.marked.original.clone(),
        format: item.document().format(),
        title: item.title.clone(),
        file_name: item.file_name.clone(),
        plan_toml: plan.to_toml(item.document()),
        sites: plan.sites(),
        coalition,
    })
}

pub(super) fn prepare(registry: &Registry, item: &Item, state: ItemState) -> Result<Registered, Stop> {
    outbox::prepare(registry, state, item.document().clone()).map_err(|e| failure(&item.file_name, e))
}

/// Who shall receive copies; nobody is registered yet.
fn recipients(registry: &Registry, to: &ToArgs, now: &Timestamp) -> Result<Vec<Recipient>, Stop> {
    let mut chosen: Vec<Recipient> = Vec::new();
    let mut choose = |one: Recipient| {
        if !chosen.iter().any(|other| other.id == one.id) {
            chosen.push(one);
        }
    };
    if to.to_all {
        registry
            .recipients()
            .map_err(|e| registry::failure("cannot list the recipients", e))?
            .into_iter()
            .for_each(&mut choose);
    }
    for name in &to.to {
        choose(
            registry.recipient(name).map_err(|e| registry::failure(format!("cannot issue to {name}"), e))?,
        );
    }
    if let Some(file) = &to.to_file {
        let what = || format!("cannot issue to the recipients of {}", file.display());
        let csv = files::read(file, CSV_BYTES_MAX)?;
        let list = parse_csv(&csv).map_err(|e| registry::failure(what(), RegistryError::Csv(e)))?;
        for (_, row) in list.rows {
            match registry.recipient(&row.name) {
                Ok(known) => choose(known),
                // The id it will get does not matter before it is registered: it only has to be no other's.
                Err(RegistryError::NoRecipient { .. }) => choose(Recipient {
                    id: row.name.clone(),
                    name: row.name,
                    email: row.email,
                    org: row.org,
                    key: row.key,
                    created: now.clone(),
                }),
                Err(error) => return Err(registry::failure(what(), error)),
            }
        }
    }
    if chosen.is_empty() {
        return Err(Failure::new(
            "there is nobody to issue to",
            "the list of recipients is empty",
            "`dyetrace recipient add NAME` or `dyetrace recipient import FILE.csv` adds some",
        )
        .into());
    }
    Ok(chosen)
}

/// Registers those of a list who are new; the result has everybody's real id.
fn register(
    registry: &mut Registry,
    to: &ToArgs,
    chosen: Vec<Recipient>,
    now: &Timestamp,
) -> Result<Vec<Recipient>, Stop> {
    let Some(file) = &to.to_file else { return Ok(chosen) };
    let what = || format!("cannot register the recipients of {}", file.display());
    let csv = files::read(file, CSV_BYTES_MAX)?;
    registry.import_recipients(&csv, now).map_err(|e| registry::failure(what(), e))?;
    let real = chosen.iter().map(|one| registry.recipient(&one.name));
    real.collect::<Result<_, _>>().map_err(|e| registry::failure(what(), e))
}

fn terms(args: &HandlingArgs) -> Result<Terms, Stop> {
    let failed = |e: &dyn std::error::Error| {
        let hint = "`dyetrace issue --help` lists the terms; docs/FORMAT.md describes the file";
        Failure::from_error("the handling terms cannot be used", e, hint)
    };
    let base = match &args.handling {
        Some(path) => {
            let text = files::read_text(path, HANDLING_BYTES_MAX)?;
            HandlingInput::parse(&text).map_err(|e| failed(&e))?
        }
        None => HandlingInput::default(),
    };
    let flags = HandlingInput {
        tlp: args.tlp.clone(),
        onward_sharing: args.no_onward.then(|| "none".to_owned()),
        release_to: (!args.release_to.is_empty()).then(|| args.release_to.clone()),
        expires: args.expires.clone(),
        ..HandlingInput::default()
    };
    flags.over(base).terms().map_err(|e| failed(&e).into())
}

fn preview(
    item: &Item,
    registered: &Registered,
    recipients: &[Recipient],
    out: &Path,
    terms: &Terms,
) -> Preview {
    let sites = registered.edition.sites();
    let promise = Promise::of(item.document(), sites, recipients.len() as u64, PREVIEW_ALPHA);
    Preview {
        title: item.title.clone(),
        recipients: recipients.iter().map(|recipient| recipient.name.clone()).collect(),
        by_channel: by_channel(registered),
        out: out.display().to_string(),
        words: promise.words as u64,
        quote_words: promise.quote.median.map(|words| words as u64),
        alpha: PREVIEW_ALPHA,
        terms: verify::terms(terms),
        about: about(registered),
    }
}

/// What of the item is left alone, and how its copies differ in length.
fn about(registered: &Registered) -> About {
    let edition = &registered.edition;
    let document = edition.document();
    About {
        skipped: document.skipped().to_vec(),
        drift: Drift::of(document, edition.sites()),
        warnings: document.warnings().to_vec(),
    }
}

fn by_channel(registered: &Registered) -> Vec<(&'static str, usize)> {
    let counts = sites_by_channel(registered.edition.sites());
    counts.into_iter().map(|(channel, count)| (channel.name(), count)).collect()
}

pub(super) fn view(registered: &Registered, delivered: &[Delivered], terms: &Terms) -> IssueView {
    IssueView {
        id: registered.id.to_string(),
        title: registered.state.title.clone(),
        format: registered.state.format.name().to_owned(),
        sha256: registered.state.sha256().to_string(),
        by_channel: by_channel(registered),
        copies: delivered
            .iter()
            .map(|copy| IssuedCopy {
                copy: copy.copy.0,
                recipient: copy.recipient.name.clone(),
                path: copy.path.display().to_string(),
                record: copy.record.display().to_string(),
                sha256: copy.sha256.to_string(),
            })
            .collect(),
        resumed: delivered.iter().filter(|copy| copy.before).count(),
        terms: verify::terms(terms),
        about: about(registered),
    }
}

/// An error while issuing, with what to do about it.
pub(super) fn failure(item: &str, error: OutboxError) -> Stop {
    let what = format!("cannot issue {item}");
    let error = match error {
        OutboxError::Registry(error) => return registry::failure(what, error),
        other => other,
    };
    let hint = match &error {
        OutboxError::Issue(IssueError::NoSites) => {
            "write variants into the item, {{this|that}}, or try `--accept normal`; `dyetrace plan` shows what is found"
        }
        OutboxError::Issue(IssueError::Duplicate { .. }) => {
            "write more variants into the item, {{this|that}}, or try `--accept normal`, or issue to fewer recipients"
        }
        OutboxError::Issue(_) => {
            "write a plan with `dyetrace plan ITEM -o PLAN.toml`, strike sites near the passage, and pass `--plan`"
        }
        OutboxError::File(_) | OutboxError::Folder { .. } => {
            "check the folder given to `--out` and the space on its disk, then run the same command again"
        }
        OutboxError::Occupied { .. } => "move that file away, or issue into another folder",
        OutboxError::Record { .. } => "shorten the title, the recipient's name or the terms that it names",
        OutboxError::Original(_) | OutboxError::NotReproducible { .. } => {
            "use the dyetrace version that issued the item, or restore the registry from a backup"
        }
        _ => "run the same command again",
    };
    Failure::from_error(what, &error, hint).into()
}
