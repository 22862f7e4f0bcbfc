//! Variants the originator wrote or approved, as markup inside the item.
//!
//! | markup | means |
//! |---|---|
//! | `{{hindered\|hampered}}` | two variants; up to sixteen, the first is the original's |
//! | `he came{{ too\|}}` | a variant may be empty |
//! | `{{@us:US\|United States}}` | linked: every place with the key shows the same choice |
//! | `{{#fact:33 agencies\|more than 30 agencies}}` | the variants are facts and survive a rewrite |
//! | `{{~20:rare form\|usual form}}` | the variant behind it is drawn with 20 per cent |
//! | `{{!keep exactly this}}` | no channel touches this |
//! | `\{{` | two braces; inside markup `\` also frees `\|`, `{`, `}`, `\`, `@`, `#`, `~` and `!` |
//!
//! Prefixes combine in any order: `{{@us:#fact:~20:US|United States}}`. Percentages are whole numbers from 1 to 99
//! and may stand before any variant; the variants without one share the rest equally, and there must be a rest;
//! where every variant has one they add up to 100. Of linked places one may give percentages, or all the same.
//!
//! Code, tables of plain text and other fixed text are left alone.
//!
//! In Word and Writer the same can be said without touching the text: by a comment on the words, or in Word by a
//! content control around them whose tag or title says it. `variants: hampered | held up` gives other wordings for the
//! words that are selected, `protect` (or `variants!`) keeps them as they are. The words themselves are the first
//! variant, listed or not; white space around a variant does not count; prefixes and escapes are those of the markup.
//! Such comments, their answers and such controls are in no copy.

mod markup;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{
    Channel, Place, Reading, Seen, Site, Tier, VARIANTS_MAX, WEIGHT_TOTAL, equal_weights, reading,
    split_weight,
};
use crate::item::{BlockKind, Document, Format};
use markup::{Content, Markup, Variant, error, notes, scan};

/// The largest number of markups in one item.
pub const MARKUPS_MAX: usize = 20_000;

/// The longest variant, in bytes.
pub const VARIANT_BYTES_MAX: usize = 4096;

/// What an empty variant is called in plans and reports.
pub(crate) const NOTHING: &str = "(nothing)";

/// An item whose markup was taken out.
#[derive(Clone, Debug)]
pub struct Marked {
    /// The file with every markup replaced by its first alternative.
    pub original: Vec<u8>,
    /// That file, read.
    pub document: Document,
    /// The sites, in document order of their first place; ranges are of `document`'s canonical text.
    pub sites: Vec<Site>,
    /// What the markup protects, in document order, in `document`'s canonical text.
    pub protected: Vec<Range<usize>>,
}

/// A mistake in an item's markup.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{}: {mistake}", place(*line, *column, paragraph.as_deref()))]
pub struct MarkupError {
    /// Line of the file, from 1; in files without lines the paragraph.
    pub line: usize,
    /// Column in characters, from 1, of the markup's first brace.
    pub column: usize,
    /// In files without lines: how the paragraph begins.
    pub paragraph: Option<String>,
    /// What is wrong.
    pub mistake: Mistake,
}

fn place(line: usize, column: usize, paragraph: Option<&str>) -> String {
    match paragraph {
        Some(start) => format!("paragraph {line} ({start:?}), character {column}"),
        None => format!("line {line}, column {column}"),
    }
}

/// What can be wrong with markup.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mistake {
    /// No closing braces before the paragraph ends.
    #[error("'{{{{' is not closed in its paragraph")]
    Unclosed,
    /// Markup inside markup.
    #[error("'{{{{' inside '{{{{'")]
    Nested,
    /// Fewer than two variants.
    #[error("one variant only; write {{{{this|or that}}}}, or {{{{!this}}}} to protect it")]
    Single,
    /// More variants than a site can have.
    #[error("{count} variants, more than {VARIANTS_MAX}")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Two variants are the same.
    #[error("variant {text:?} stands there twice")]
    Duplicate {
        /// The variant.
        text: String,
    },
    /// A variant is longer than [`VARIANT_BYTES_MAX`].
    #[error("a variant of {bytes} bytes, more than {VARIANT_BYTES_MAX}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Linked places differ in their number of variants.
    #[error("key {key:?} has {count} variants here and {first} at its first place")]
    KeyCount {
        /// The key.
        key: String,
        /// Variants here.
        count: usize,
        /// Variants at the first place.
        first: usize,
    },
    /// The percentages of one site do not add up.
    #[error(
        "the percentages add up to {total}; they must leave a rest, or be 100 where every variant has one"
    )]
    Percentages {
        /// Their sum.
        total: u32,
    },
    /// Linked places give different percentages.
    #[error("key {key:?} has other percentages at an earlier place")]
    KeyPercentages {
        /// The key.
        key: String,
    },
    /// A percentage outside 1..=99.
    #[error("{percent} per cent is not from 1 to 99")]
    Percent {
        /// What was written.
        percent: String,
    },
    /// A comment on nothing.
    #[error("the comment on variants is on no words; select them and write it again")]
    NoWords,
    /// A comment on words of several paragraphs.
    #[error("the comment on variants reaches over several paragraphs")]
    Paragraphs,
    /// An empty first variant with no text beside it to hold on to.
    #[error("an empty first variant needs unmarked text beside it")]
    NoAnchor,
    /// Nothing to protect.
    #[error("there is nothing to protect")]
    Empty,
    /// A variant cannot be written here.
    #[error("variant {text:?} cannot be written here: {reason}")]
    Unwritable {
        /// The variant.
        text: String,
        /// Why.
        reason: String,
    },
    /// Without the markup the file would be taken for another charset.
    #[error("without markup the file is too short to be recognised as {charset}; save it as UTF-8")]
    Charset {
        /// The charset of the file with its markup.
        charset: &'static str,
    },
    /// More than [`MARKUPS_MAX`].
    #[error("more than {MARKUPS_MAX} markups")]
    TooManyMarkups,
}

pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}

/// Takes the markup out of an item: its original, and the sites and protected passages the markup names.
pub fn extract(document: &Document) -> Result<Marked, MarkupError> {
    let mut markups = Vec::new();
    let mut cuts = Vec::new();
    // What looks like a table in plain text may be anything; elsewhere a cell is text like any other.
    let plain = matches!(document.format(), Format::Text | Format::Markdown);
    for block in document.blocks() {
        if block.kind != BlockKind::Code && !(plain && block.kind == BlockKind::Table) {
            scan(document, block, &mut markups, &mut cuts)?;
        }
    }
    notes(document, &mut markups)?;
    let strips = document.notes().iter().flat_map(|note| note.cuts.iter().cloned()).collect();
    let taken = Taken::out_of(document, &cuts, strips, &markups)?;
    let mut sites: Vec<Site> = Vec::new();
    let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
    let mut protected = Vec::new();
    // The markup of each site's first place, for messages.
    let mut firsts = Vec::new();
    for (index, markup) in markups.iter().enumerate() {
        let Content::Choice { key, fact, variants } = &markup.content else {
            protected.push(taken.kept(index).ok_or_else(|| markup.error(document, Mistake::Unclosed))?);
            continue;
        };
        let place = taken.place(document, &markups, index)?;
        let known = key.as_deref().and_then(|key| keys.get(key).copied());
        if let (Some(key), Some(known)) = (key, known) {
            let site = &mut sites[known];
            join(site, place, *fact, key, variants).map_err(|mistake| markup.error(document, mistake))?;
        } else {
            if let Some(key) = key {
                keys.insert(key, sites.len());
            }
            firsts.push(index);
            sites.push(site(place, *fact, variants).map_err(|mistake| markup.error(document, mistake))?);
        }
    }
    check_writable(&taken.document, &sites)
        .map_err(|(site, mistake)| markups[firsts[site]].error(document, mistake))?;
    Ok(Marked { original: taken.bytes, document: taken.document, sites, protected })
}

/// A leaked text that holds an author's markup, with the first alternative of each in its place: the draft that copies
/// are made from says what their original says. None where there is no choice in it.
pub fn draft(text: &str) -> Option<String> {
    markup::unmarked(text)
}

/// A canonical text without some ranges of it.
struct Kept<'m> {
    cuts: &'m [Range<usize>],
    /// How much is gone before each cut.
    removed: Vec<usize>,
}

impl<'m> Kept<'m> {
    /// None where cutting did more than take the ranges out, or where a source position is more certain.
    fn new(document: &Document, cuts: &'m [Range<usize>], original: &Document) -> Option<Self> {
        if matches!(document.format(), Format::Text | Format::Markdown) {
            return None;
        }
        let mut removed = vec![0];
        let mut left = String::with_capacity(document.text().len());
        let mut done = 0;
        for cut in cuts {
            left.push_str(document.text().get(done..cut.start)?);
            removed.push(removed.last().copied().unwrap_or(0) + cut.len());
            done = cut.end;
        }
        left.push_str(document.text().get(done..)?);
        (left == original.text()).then_some(Self { cuts, removed })
    }

    fn find(&self, range: &Range<usize>) -> Option<usize> {
        let cut = self.cuts.partition_point(|cut| cut.end <= range.start);
        if self.cuts.get(cut).is_some_and(|cut| cut.start <= range.start) {
            return None;
        }
        range.start.checked_sub(self.removed[cut])
    }
}

/// The original, and where in it the kept parts of the markup are.
struct Taken {
    bytes: Vec<u8>,
    document: Document,
    /// For each markup the range of its kept text; none where it is empty or did not come through.
    kept: Vec<Option<Range<usize>>>,
    /// For each markup the characters before and behind it, as ranges.
    beside: Vec<[Option<Range<usize>>; 2]>,
}

impl Taken {
    /// Takes `cuts` out of the canonical text and `strips` out of the source.
    fn out_of(
        document: &Document,
        cuts: &[Range<usize>],
        strips: Vec<Range<usize>>,
        markups: &[Markup],
    ) -> Result<Self, MarkupError> {
        let fail = |offset: usize| {
            let reason = "it is cut by other markup of the document".to_owned();
            error(document, offset, Mistake::Unwritable { text: String::new(), reason })
        };
        let start = cuts.first().map_or(0, |cut| cut.start);
        let mut gone = strips;
        for cut in cuts {
            gone.extend(document.source_pieces(cut).ok_or_else(|| fail(cut.start))?);
        }
        gone.sort_by_key(|cut| (cut.start, cut.end));
        if let Some(pair) = gone.windows(2).find(|pair| pair[0].end > pair[1].start) {
            return Err(fail(document.text_offset(pair[1].start).unwrap_or(start)));
        }
        let bytes = document.without(&gone).ok_or_else(|| fail(start))?;
        let original = Document::read(document.format(), &bytes).map_err(|_| fail(start))?;
        if original.encoding() != document.encoding() {
            let charset = document.encoding().charset.name();
            return Err(error(document, start, Mistake::Charset { charset }));
        }

        // How much is gone before each cut, to find a place again.
        let mut removed = vec![0];
        for cut in &gone {
            removed.push(removed.last().copied().unwrap_or(0) + cut.len());
        }
        // Where markup of the file stays, so do the characters between the cuts, in the text at least.
        let kept = Kept::new(document, cuts, &original);
        let find = |range: &Range<usize>| {
            if let Some(kept) = &kept {
                return kept.find(range);
            }
            let source = document.source_range(range)?;
            let cut = gone.partition_point(|cut| cut.end <= source.start);
            if gone.get(cut).is_some_and(|cut| cut.start <= source.start) {
                return None;
            }
            original.text_offset(source.start.checked_sub(removed[cut])?)
        };
        let span = |range: Range<usize>| {
            let text = &document.text()[range.clone()];
            let (first, last) = (text.chars().next()?, text.chars().next_back()?);
            let start = find(&(range.start..range.start + first.len_utf8()))?;
            let end = find(&(range.end - last.len_utf8()..range.end))? + last.len_utf8();
            (start < end && original.text().is_char_boundary(end)).then_some(start..end)
        };
        let beside = |markup: &Markup| {
            let before = document.text()[..markup.range.start].chars().next_back();
            let after = document.text()[markup.range.end..].chars().next();
            [
                before.and_then(|c| span(markup.range.start - c.len_utf8()..markup.range.start)),
                after.and_then(|c| span(markup.range.end..markup.range.end + c.len_utf8())),
            ]
        };
        Ok(Self {
            kept: markups.iter().map(|markup| span(markup.kept.clone())).collect(),
            beside: markups.iter().map(beside).collect(),
            bytes,
            document: original,
        })
    }

    fn kept(&self, markup: usize) -> Option<Range<usize>> {
        self.kept[markup].clone()
    }

    /// The place of a choice in the original: where its first variant stands or, where that is empty, a character
    /// beside it that every variant then includes.
    fn place(&self, document: &Document, markups: &[Markup], index: usize) -> Result<Place, MarkupError> {
        let markup = &markups[index];
        let Content::Choice { variants, .. } = &markup.content else {
            return Err(markup.error(document, Mistake::Single));
        };
        let texts = variants.iter().map(|variant| variant.text.as_str());
        let first = variants.first().map_or("", |variant| &variant.text);
        if first.is_empty() {
            let [before, after] = &self.beside[index];
            let free = |range: &&Range<usize>| {
                let neighbours = index.saturating_sub(1)..(index + 2).min(markups.len());
                self.document.editable(range)
                    && neighbours.filter(|&other| other != index).all(|other| {
                        self.kept[other]
                            .as_ref()
                            .is_none_or(|kept| kept.end <= range.start || range.end <= kept.start)
                    })
            };
            let text = |range: &Range<usize>| self.document.text()[range.clone()].to_owned();
            if let Some(range) = before.as_ref().filter(free) {
                let anchor = text(range);
                let forms = texts.map(|variant| format!("{anchor}{variant}")).collect();
                return Ok(Place { range: range.clone(), forms });
            }
            if let Some(range) = after.as_ref().filter(free) {
                let anchor = text(range);
                let forms = texts.map(|variant| format!("{variant}{anchor}")).collect();
                return Ok(Place { range: range.clone(), forms });
            }
            return Err(markup.error(document, Mistake::NoAnchor));
        }
        let unwritable = |reason: &str| {
            markup.error(document, Mistake::Unwritable { text: first.to_owned(), reason: reason.into() })
        };
        let range = self
            .kept(index)
            .filter(|range| self.document.text()[range.clone()] == *first)
            .ok_or_else(|| {
                unwritable("without its markup the document would be cut into other paragraphs or emphasis")
            })?;
        if !self.document.editable(&range) {
            return Err(unwritable("it holds code, an address or other fixed text"));
        }
        Ok(Place { range, forms: texts.map(str::to_owned).collect() })
    }
}

fn site(place: Place, fact: bool, variants: &[Variant]) -> Result<Site, Mistake> {
    Ok(Site {
        channel: Channel::Authored,
        class: Cow::Borrowed(class(fact)),
        tier: Tier::Strict,
        labels: labels(variants.iter().map(|variant| variant.text.as_str())),
        weights: weights(&variants.iter().map(|variant| variant.percent).collect::<Vec<_>>())?,
        original: 0,
        places: vec![place],
        desk: None,
        fact,
    })
}

/// Adds a linked place to its site.
fn join(site: &mut Site, place: Place, fact: bool, key: &str, variants: &[Variant]) -> Result<(), Mistake> {
    let (count, first) = (variants.len(), site.labels.len());
    if count != first {
        return Err(Mistake::KeyCount { key: key.into(), count, first });
    }
    let percents: Vec<Option<u32>> = variants.iter().map(|variant| variant.percent).collect();
    if percents.iter().any(Option::is_some) {
        let weights = weights(&percents)?;
        if site.weights != weights {
            if site.weights != equal_weights(first) {
                return Err(Mistake::KeyPercentages { key: key.into() });
            }
            site.weights = weights;
        }
    }
    if fact {
        site.fact = true;
        site.class = Cow::Borrowed(class(true));
    }
    site.places.push(place);
    Ok(())
}

/// The class of authored sites.
pub(crate) fn class(fact: bool) -> &'static str {
    if fact { "fact" } else { "authored" }
}

/// Names for variants: the variants themselves, something to read for an empty one.
pub(crate) fn labels<'v>(variants: impl Iterator<Item = &'v str> + Clone) -> Vec<String> {
    let taken = variants.clone().any(|variant| variant == NOTHING);
    let nothing = if taken { "(left out)" } else { NOTHING };
    variants.map(|variant| if variant.is_empty() { nothing.into() } else { variant.into() }).collect()
}

/// Weights from percentages; variants without one share the rest equally.
pub(crate) fn weights(percents: &[Option<u32>]) -> Result<Vec<u32>, Mistake> {
    let total: u32 = percents.iter().flatten().sum();
    let free = percents.iter().filter(|percent| percent.is_none()).count();
    if total > 100 || (total < 100) != (free > 0) {
        return Err(Mistake::Percentages { total });
    }
    let given = |percent: u32| percent * WEIGHT_TOTAL / 100;
    let rest = WEIGHT_TOTAL - percents.iter().flatten().copied().map(given).sum::<u32>();
    if free == 0 {
        let mut weights: Vec<u32> = percents.iter().flatten().copied().map(given).collect();
        // What rounding left over.
        if let Some(first) = weights.first_mut() {
            *first += rest;
        }
        return Ok(weights);
    }
    let mut shares = split_weight(rest, free).into_iter();
    Ok(percents.iter().map(|percent| percent.map_or_else(|| shares.next().unwrap_or(1), given)).collect())
}

/// Checks that every variant can be written, all sites at once; names the first site that cannot.
fn check_writable(document: &Document, sites: &[Site]) -> Result<(), (usize, Mistake)> {
    let unwritable = |site: usize, symbol: usize, reason: String| {
        (site, Mistake::Unwritable { text: sites[site].labels[symbol].clone(), reason })
    };
    for (index, site) in sites.iter().enumerate() {
        for place in &site.places {
            if let Some(symbol) = place.forms.iter().position(|form| !document.encodes(form)) {
                let charset = document.encoding().charset.name();
                return Err(unwritable(index, symbol, format!("the file is written in {charset}")));
            }
        }
    }
    let most = sites.iter().map(|site| site.labels.len()).max().unwrap_or(0);
    for symbol in 1..most {
        let of = |site: &Site| symbol.min(site.labels.len() - 1);
        let write = |site: &Site| site.write(u8::try_from(of(site)).unwrap_or(0));
        let all: Vec<_> = sites.iter().flat_map(write).collect();
        let Err(together) = document.edit(&all) else { continue };
        for (index, site) in sites.iter().enumerate() {
            if let Err(alone) = document.edit(&write(site)) {
                return Err(unwritable(index, of(site), alone.to_string()));
            }
        }
        return Err(unwritable(0, of(&sites[0]), together.to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
