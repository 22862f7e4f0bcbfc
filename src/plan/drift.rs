//! How much longer one copy may be than another, in formats that are shown in pages.

use std::collections::BTreeMap;

use crate::channel::Site;
use crate::item::Document;

/// Characters of a line: a copy that is longer by less than one in all seldom breaks its pages elsewhere.
pub const LINE_CHARS: usize = 80;

/// Variants whose lengths differ by no more than so many characters keep their line.
const SAME_LINE: usize = 2;

/// How much copies can differ in length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The sum over all paragraphs of the largest difference, in characters, that two copies can have there.
    pub chars: usize,
}

impl Drift {
    /// Of an item and its sites; none for formats without pages.
    pub fn of(document: &Document, sites: &[Site]) -> Option<Self> {
        if !document.format().is_paged() {
            return None;
        }
        let mut places: Vec<_> = sites.iter().flat_map(|site| &site.places).collect();
        places.sort_by_key(|place| place.range.start);
        // By the number of the block; two copies can differ in every site of a paragraph at once.
        let mut blocks: BTreeMap<usize, usize> = BTreeMap::new();
        for place in places {
            let block = document.blocks().partition_point(|block| block.range.end <= place.range.start);
            *blocks.entry(block).or_default() += spread(&place.forms);
        }
        Some(Self { chars: blocks.values().sum() })
    }

    /// Whether pages may break at other places in one copy than in another: over [`LINE_CHARS`].
    pub fn moves_pages(self) -> bool {
        self.chars > LINE_CHARS
    }
}

/// Whether the variants of a site differ so much in length that a line may break elsewhere.
pub(super) fn moves_lines(site: &Site) -> bool {
    site.places.iter().any(|place| spread(&place.forms) > SAME_LINE)
}

fn spread(forms: &[String]) -> usize {
    let lengths = forms.iter().map(|form| form.chars().count());
    let (least, most) =
        lengths.fold((usize::MAX, 0), |(least, most), length| (least.min(length), most.max(length)));
    most.saturating_sub(least)
}
