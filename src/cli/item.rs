//! The item that a command works on, and the sites that a plan or a proposal gives it.

use std::path::Path;

use dyetrace::channel::Tier;
use dyetrace::channel::authored::{self, Marked, Mistake};
use dyetrace::item::{Document, Format, ReadError, SOURCE_BYTES_MAX};
use dyetrace::plan::{Options, PLAN_BYTES_MAX, Plan, PlanError, PlanFile};

use super::args::{SiteArgs, TierArg};
use super::error::{Failure, Stop};
use super::files;
use super::ui::Ui;

/// An item, its markup taken out.
pub(super) struct Item {
    /// The name of its file, without folders.
    pub(super) file_name: String,
    /// What reports call it.
    pub(super) title: String,
    /// The original, the sites that its markup names and what it protects.
    pub(super) marked: Marked,
}

impl Item {
    /// Reads an item from a file.
    pub(super) fn open(path: &Path) -> Result<Self, Stop> {
        if path == Path::new(files::STDIN) {
            return Err(Failure::new(
                "cannot read the item from standard input",
                "copies take their name and format from the item's file name",
                "save it to a file, and name that",
            )
            .into());
        }
        let bytes = files::read(path, SOURCE_BYTES_MAX)?;
        let file_name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::read(&file_name, &bytes)
    }

    /// Reads an item from its bytes.
    pub(super) fn read(file_name: &str, bytes: &[u8]) -> Result<Self, Stop> {
        let format = Format::detect(bytes, Some(file_name));
        let document = Document::read(format, bytes)
            .map_err(|e| Failure::from_error(format!("cannot read the item {file_name}"), &e, hint(&e)))?;
        let marked = authored::extract(&document).map_err(|e| {
            let hint = match e.mistake {
                Mistake::NoWords | Mistake::Paragraphs => {
                    "select words of one paragraph, and comment on those"
                }
                _ => "correct the markup there, or write `\\{{` where two braces are meant",
            };
            Failure::from_error(format!("cannot read the variants in {file_name}"), &e, hint)
        })?;
        let stem = Path::new(file_name).file_stem().unwrap_or_default().to_string_lossy();
        let title = marked.document.title().map_or_else(|| stem.into_owned(), str::to_owned);
        Ok(Self { file_name: file_name.to_owned(), title, marked })
    }

    /// Says what no copy of the item keeps.
    pub(super) fn warn(&self, ui: &Ui) {
        for warning in self.document().warnings() {
            ui.warning(warning.words());
        }
    }

    /// The unmarked original.
    pub(super) fn document(&self) -> &Document {
        &self.marked.document
    }

    /// The plan that a person reviewed, or else what the channels propose.
    pub(super) fn plan(&self, reviewed: Option<&Path>, sites: &SiteArgs) -> Result<Plan, Stop> {
        let Some(path) = reviewed else { return Ok(self.propose(sites.into())) };
        let toml = files::read_text(path, PLAN_BYTES_MAX)?;
        Plan::from_toml(&toml, self.document()).map_err(|e| unusable(path, &e))
    }

    /// The plan that a person reviewed as its file stands, and the text of that file.
    pub(super) fn plan_file(&self, path: &Path) -> Result<(PlanFile, String), Stop> {
        let toml = files::read_text(path, PLAN_BYTES_MAX)?;
        let file = PlanFile::read(&toml, self.document()).map_err(|e| unusable(path, &e))?;
        Ok((file, toml))
    }

    /// What the channels propose.
    pub(super) fn propose(&self, options: Options) -> Plan {
        let Marked { document, sites, protected, .. } = &self.marked;
        Plan::propose(document, sites.clone(), protected.clone(), options)
    }
}

fn unusable(path: &Path, error: &PlanError) -> Stop {
    let hint = "correct that line; `dyetrace plan ITEM -o NEW.toml` writes a fresh plan";
    Failure::from_error(format!("cannot use the plan {}", path.display()), error, hint).into()
}

/// What to do about an item that cannot be read.
fn hint(error: &ReadError) -> &'static str {
    match error {
        ReadError::Encrypted { .. } => "open it with its password or key, and save it without one",
        ReadError::Legacy { .. } => "save it as DOCX, PPTX, ODT or ODP",
        ReadError::Signed { .. } => {
            "issue it without its signature: the signed record of each copy vouches for it instead"
        }
        ReadError::Damaged { .. } | ReadError::Doctype { .. } => {
            "open it in the program it was written with, and save it again"
        }
        ReadError::Limit { .. } | ReadError::TooLarge { .. } => "issue it in parts",
        _ => "save it as text, Markdown, HTML, EML, DOCX, PPTX, ODT or ODP",
    }
}

impl From<TierArg> for Tier {
    fn from(tier: TierArg) -> Self {
        match tier {
            TierArg::Strict => Self::Strict,
            TierArg::Normal => Self::Normal,
            TierArg::Bold => Self::Bold,
        }
    }
}

impl From<&SiteArgs> for Options {
    fn from(args: &SiteArgs) -> Self {
        Self { accept: args.accept.into(), invisible: args.invisible }
    }
}
