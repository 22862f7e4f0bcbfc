//! `dyetrace init`: a registry folder of its own.

use dyetrace::registry::Registry;
use dyetrace::report::facts::Facts;
use ring::rand::SystemRandom;

use super::args::{Global, InitArgs};
use super::error::Stop;
use super::ui::{self, Ui};
use super::{Answer, clock, registry};

pub(super) fn run(ui: &Ui, global: &Global, args: &InitArgs) -> Result<Answer, Stop> {
    let folder = args.dir.clone().unwrap_or_else(|| registry::folder(global));
    let passphrase = match (&global.passphrase_file, args.passphrase) {
        (Some(file), _) => Some(ui::passphrase_from_file(file)?),
        (None, true) => Some(ui::ask_new_passphrase(ui)?),
        (None, false) => None,
    };
    let now = clock::now()?;
    let made = Registry::init(&folder, passphrase.as_ref(), &SystemRandom::new(), now.as_str())
        .map_err(|e| registry::failure(format!("cannot make a registry at {}", folder.display()), e))?;
    let facts = Facts::new("dyetrace/init/1", "registry made")
        .with("path", folder.display().to_string())
        .with("issuer", made.issuer_id().to_string())
        .with("public_key", folder.join(dyetrace::registry::ISSUER_PUBLIC).display().to_string())
        .with("passphrase", passphrase.is_some());
    if ui.json {
        ui.object(&facts)?;
    } else {
        ui.answer(&facts.page(ui.style()))?;
    }
    if passphrase.is_none() {
        ui.hint(
            "whoever can read this folder can write and trace every copy: keep it, and its backups, private",
        );
    }
    ui.hint("give the public key to your recipients; next, `dyetrace recipient add NAME`");
    Ok(Answer::Yes)
}
