//! What is to be said of an item's file beside its sites: what is not edited, and whether its pages may move.

use std::collections::BTreeMap;

use serde::Serialize;

use super::paint::{Page, Role};
use super::words;
use crate::item::{Skipped, Warning};
use crate::plan::{Drift, LINE_CHARS};

/// What a file holds that is left alone, and how its copies differ in length.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What is not edited, and how often it is there.
    pub skipped: Vec<(Skipped, usize)>,
    /// For formats with pages.
    pub drift: Option<Drift>,
    /// What no copy keeps.
    pub warnings: Vec<Warning>,
}

/// Fields of the objects of `plan` and `issue`.
#[derive(Debug, Serialize)]
pub(super) struct Object {
    skipped: BTreeMap<&'static str, usize>,
    drift: Option<DriftObject>,
    warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct DriftObject {
    chars: usize,
    line_chars: usize,
    moves_pages: bool,
}

impl About {
    pub(super) fn object(&self) -> Object {
        Object {
            skipped: self.skipped.iter().map(|(what, count)| (what.name(), *count)).collect(),
            drift: self.drift.map(|drift| DriftObject {
                chars: drift.chars,
                line_chars: LINE_CHARS,
                moves_pages: drift.moves_pages(),
            }),
            warnings: self.warnings.iter().map(|warning| warning.name()).collect(),
        }
    }

    pub(super) fn fields(&self, page: &mut Page) {
        for (index, (what, count)) in self.skipped.iter().enumerate() {
            let [one, several] = what.words();
            let text = format!("{}, not edited", words::counted(*count as u64, one, several));
            page.field(if index == 0 { "Skipped" } else { "" }, Role::Faint, &text);
        }
        let Some(drift) = self.drift.filter(|drift| drift.chars > 0) else { return };
        let chars = words::counted(drift.chars as u64, "character", "characters");
        if drift.moves_pages() {
            let text = format!("copies can differ by {chars}, more than a line of {LINE_CHARS}:");
            page.field("Pages", Role::Caution, &text);
            page.field("", Role::Caution, "they may break elsewhere, and their number may differ");
        } else {
            let text = format!("copies differ by at most {chars}, less than a line of {LINE_CHARS}");
            page.field("Pages", Role::Plain, &text);
        }
    }
}
