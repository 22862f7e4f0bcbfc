//! `dyetrace recipient`: who may receive copies.

use dyetrace::registry::recipient::CSV_BYTES_MAX;
use dyetrace::registry::{NewRecipient, Recipient};
use dyetrace::report::roster::{Entry, Roster};

use super::args::{Global, RecipientAddArgs, RecipientCommand};
use super::error::Stop;
use super::ui::Ui;
use super::{Answer, clock, files, registry, verify};

pub(super) fn run(ui: &Ui, global: &Global, command: RecipientCommand) -> Result<Answer, Stop> {
    let mut registry = registry::open(global)?;
    match command {
        RecipientCommand::Add(args) => {
            let new = new_recipient(args)?;
            let added = registry
                .add_recipient(&new, &clock::now()?)
                .map_err(|e| registry::failure(format!("cannot add {}", new.name), e))?;
            show(ui, &Roster::new("added", &[entry(&added)]))?;
        }
        RecipientCommand::Import { file } => {
            let csv = files::read(&file, CSV_BYTES_MAX)?;
            let import = registry
                .import_recipients(&csv, &clock::now()?)
                .map_err(|e| registry::failure(format!("cannot import {}", file.display()), e))?;
            let added: Vec<_> = import.added.iter().map(entry).collect();
            let roster = Roster::new("imported", &added);
            show(ui, &roster.with_import(import.unchanged.len(), &import.ignored_columns))?;
            if !import.ignored_columns.is_empty() {
                ui.warning(&format!("these columns were not read: {}", import.ignored_columns.join(", ")));
            }
        }
        RecipientCommand::List => {
            let all =
                registry.recipients().map_err(|e| registry::failure("cannot list the recipients", e))?;
            let entries: Vec<_> = all.iter().map(entry).collect();
            show(ui, &Roster::new("listed", &entries))?;
        }
    }
    Ok(Answer::Yes)
}

fn new_recipient(args: RecipientAddArgs) -> Result<NewRecipient, Stop> {
    let key = args.key.as_deref().map(verify::public_key).transpose()?;
    Ok(NewRecipient { name: args.name, id: None, email: args.email, org: args.org, key })
}

fn show(ui: &Ui, roster: &Roster<'_>) -> Result<(), Stop> {
    if ui.json { ui.object(roster) } else { ui.answer(&roster.page(ui.style())) }
}

fn entry(recipient: &Recipient) -> Entry {
    Entry {
        id: recipient.id.clone(),
        name: recipient.name.clone(),
        org: recipient.org.clone(),
        email: recipient.email.clone(),
        key: recipient.key.map(|key| key.id().to_string()),
    }
}
