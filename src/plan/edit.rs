//! A plan as its file stands: answers are written into it, and what else people wrote there stays as it is.

mod insert;

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::anchor;
use super::error::{PlanError, Problem};
use super::file::{self, Row};
use super::{Entry, Plan, Taken, unwritable};
use crate::channel::{Site, WEIGHT_TOTAL, authored, equal_weights};
use crate::item::Document;

/// A plan and the file it was read from.
///
/// Comments, order and layout of the file survive every change: only the values that an answer is about are written.
#[derive(Clone, Debug)]
pub struct PlanFile {
    toml: DocumentMut,
    plan: Plan,
    /// One for each of the plan's entries.
    rows: Vec<Row>,
    /// Where each `[[site]]` of the file is in the plan.
    order: Vec<usize>,
    sentences: Vec<Range<usize>>,
    /// Whether lines end with CR LF, and whether the file begins with a byte order mark.
    crlf: bool,
    mark: bool,
}

/// One `[[site]]` of a plan's file, whatever the plan's order becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SiteId(usize);

/// What a person changes about a site's variants; numbers count from 0, as symbols do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// Variant `variant` reads `text` instead.
    Edit {
        /// Which one.
        variant: usize,
        /// The new text.
        text: String,
    },
    /// There is one more variant.
    Add {
        /// The new text.
        text: String,
    },
    /// Variant `variant` is struck.
    Drop {
        /// Which one.
        variant: usize,
    },
}

/// What has to be put back to take a change back.
#[derive(Clone, Debug)]
pub struct Change {
    /// The tables as they were in the file, with the number of each.
    tables: Vec<(usize, Saved)>,
    before: Before,
    switched_off: Vec<SiteId>,
}

#[derive(Clone, Debug)]
enum Before {
    /// Entries and their rows.
    Entries(Vec<(Entry, Row)>),
    /// All of the plan, and the file's protected passages: a passage may change which places a site has.
    Whole(Box<(Plan, Vec<Row>, Option<Item>)>),
}

#[derive(Clone, Debug)]
enum Saved {
    Table(Table),
    Inline(Value),
}

impl Change {
    /// The sites that were switched off although the answer was about another one.
    pub fn switched_off(&self) -> &[SiteId] {
        &self.switched_off
    }
}

impl PlanFile {
    /// Reads a plan file for an item, as [`Plan::from_toml`] does.
    pub fn read(toml: &str, document: &Document) -> Result<Self, PlanError> {
        let (plan, rows) = file::read_rows(toml, document)?;
        let unmarked = toml.strip_prefix('\u{feff}').unwrap_or(toml);
        let parsed = unmarked.parse::<DocumentMut>().map_err(|error| {
            let line = error.span().map_or(1, |span| unmarked[..span.start].matches('\n').count() + 1);
            PlanError {
                line,
                problem: Problem::Syntax { message: error.message().replace(['\n', '\r'], " ") },
            }
        })?;
        Ok(Self {
            toml: parsed,
            plan,
            order: order(&rows),
            rows,
            sentences: file::sentences(document),
            crlf: unmarked.split('\n').next().is_some_and(|line| line.ends_with('\r')),
            mark: unmarked.len() < toml.len(),
        })
    }

    /// The name of the item's file, as far as a plan file records one; it comes from outside.
    pub fn item_name(toml: &str) -> Result<Option<String>, PlanError> {
        file::item_name(toml)
    }

    /// Whether a plan file, as far as it can be read, was made for this very item.
    pub fn is_for(toml: &str, document: &Document) -> bool {
        file::is_for(toml, document)
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The file.
    pub fn text(&self) -> String {
        self.dressed(self.toml.to_string())
    }

    /// A text with the file's own line ends and mark.
    fn dressed(&self, mut text: String) -> String {
        if self.crlf {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        if self.mark {
            text.insert(0, '\u{feff}');
        }
        text
    }

    /// The sites, in the plan's order.
    pub fn ids(&self) -> impl Iterator<Item = SiteId> + '_ {
        self.rows.iter().map(|row| SiteId(row.site))
    }

    /// The plan's entry for a site.
    pub fn entry(&self, id: SiteId) -> Option<&Entry> {
        self.plan.entries.get(self.index(id)?)
    }

    /// Whether a person has decided about a site.
    pub fn reviewed(&self, id: SiteId) -> bool {
        self.index(id).is_some_and(|index| self.rows[index].reviewed)
    }

    /// The sites that switching one on switches off.
    pub fn overlapped(&self, id: SiteId) -> Vec<SiteId> {
        let others = self.index(id).map(|index| self.plan.overlapped(index)).unwrap_or_default();
        others.into_iter().map(|other| SiteId(self.rows[other].site)).collect()
    }

    /// Records a person's decision about a site.
    ///
    /// The sites that are switched off because they overlap it are decided with it.
    pub fn decide(&mut self, document: &Document, id: SiteId, on: bool) -> Result<Change, Problem> {
        let Some(index) = self.index(id) else { return Ok(Change::none()) };
        let overlapped = if on { self.plan.overlapped(index) } else { Vec::new() };
        let change = self.save(overlapped.iter().copied().chain([index]));
        self.plan.switch(document, index, on)?;
        for index in overlapped.into_iter().chain([index]) {
            self.mark(index);
        }
        Ok(change)
    }

    /// Changes the variants of a site, checked as the reader of plans checks them.
    ///
    /// The weights are shared anew: a variant that is added gets an equal share, one that is struck leaves its own to
    /// the others in proportion.
    pub fn revise(
        &mut self,
        document: &Document,
        id: SiteId,
        revision: &Revision,
    ) -> Result<Change, Problem> {
        let Some(index) = self.index(id) else { return Ok(Change::none()) };
        let site = revised(document, &self.plan.entries[index].site, revision)?;
        let change = self.save([index].into_iter());
        let number = self.rows[index].site;
        let old = std::mem::replace(&mut self.plan.entries[index].site, site.clone());
        let written = self.table(number).map_or(Ok(()), |table| write_variants(table, &old, &site, revision));
        if let Err(problem) = written {
            self.plan.entries[index].site = old;
            return Err(problem);
        }
        Ok(change)
    }

    /// Protects a range of the item's canonical text and switches off what lies in it.
    ///
    /// Sites that lose their place are decided with it. A range that is empty, reaches out of the text or cuts a
    /// character protects nothing.
    pub fn protect(&mut self, document: &Document, range: &Range<usize>) -> Result<Change, Problem> {
        if document.text().get(range.clone()).is_none_or(str::is_empty) {
            return Ok(Change::none());
        }
        let inside: Vec<usize> = (0..self.rows.len())
            .filter(|&index| {
                let places = &self.plan.entries[index].site.places;
                places.iter().any(|place| place.range.start < range.end && range.start < place.range.end)
            })
            .collect();
        let whole = Before::Whole(Box::new((
            self.plan.clone(),
            self.rows.clone(),
            self.toml.get("protect").cloned(),
        )));
        let mut change = self.save(inside.iter().copied());
        change.before = whole;
        let ids: Vec<(SiteId, bool)> = inside
            .iter()
            .map(|&index| (SiteId(self.rows[index].site), self.plan.entries[index].on))
            .collect();
        self.push_protected(&file::name(document, &self.sentences, range));
        // The reader knows what a passage does to the sites in it.
        let read = file::read_rows(&self.toml.to_string(), document);
        match read {
            Ok((plan, rows)) => (self.plan, self.order, self.rows) = (plan, order(&rows), rows),
            Err(error) => {
                self.undo(change);
                return Err(error.problem);
            }
        }
        for (id, was_on) in ids {
            let Some(index) = self.index(id) else { continue };
            if self.plan.entries[index].on {
                continue;
            }
            self.mark(index);
            if was_on {
                change.switched_off.push(id);
            }
        }
        Ok(change)
    }

    /// Takes a change back; changes are taken back in the reverse of the order in which they were made.
    pub fn undo(&mut self, change: Change) {
        match change.before {
            Before::Entries(entries) => {
                for (entry, row) in entries {
                    if let Some(index) = self.index(SiteId(row.site)) {
                        self.plan.entries[index] = entry;
                        self.rows[index] = row;
                    }
                }
            }
            Before::Whole(whole) => {
                let (plan, rows, protect) = *whole;
                (self.plan, self.order, self.rows) = (plan, order(&rows), rows);
                match protect {
                    Some(item) => {
                        if let Some(now) = self.toml.get_mut("protect") {
                            *now = item;
                        }
                    }
                    None => {
                        self.toml.remove("protect");
                    }
                }
            }
        }
        for (number, saved) in change.tables {
            match (self.toml.get_mut("site"), saved) {
                (Some(Item::ArrayOfTables(tables)), Saved::Table(table)) => {
                    if let Some(now) = tables.get_mut(number) {
                        *now = table;
                    }
                }
                (Some(Item::Value(Value::Array(array))), Saved::Inline(value)) => {
                    if let Some(now) = array.get_mut(number) {
                        *now = value;
                    }
                }
                _ => {}
            }
        }
    }

    fn index(&self, id: SiteId) -> Option<usize> {
        self.order.get(id.0).copied()
    }

    /// What has to be put back to undo a change to these entries; the last is the one that the change is about.
    fn save(&self, indices: impl Iterator<Item = usize>) -> Change {
        let mut change = Change::none();
        let mut entries = Vec::new();
        for index in indices {
            let row = &self.rows[index];
            let saved = match self.toml.get("site") {
                Some(Item::ArrayOfTables(tables)) => tables.get(row.site).cloned().map(Saved::Table),
                Some(Item::Value(Value::Array(array))) => array.get(row.site).cloned().map(Saved::Inline),
                _ => None,
            };
            change.tables.extend(saved.map(|saved| (row.site, saved)));
            change.switched_off.push(SiteId(row.site));
            entries.push((self.plan.entries[index].clone(), row.clone()));
        }
        change.switched_off.pop();
        change.before = Before::Entries(entries);
        change
    }

    /// Writes into the file that an entry is decided, and how.
    fn mark(&mut self, index: usize) {
        self.rows[index].reviewed = true;
        let (number, on) = (self.rows[index].site, self.plan.entries[index].on);
        let Some(table) = self.table(number) else { return };
        // On is what a site is where nothing is said.
        let was = table.get("on").and_then(Item::as_bool).unwrap_or(true);
        if was != on {
            set(table, "on", Value::from(on));
        }
        if table.get("reviewed").and_then(Item::as_bool) != Some(true) {
            set(table, "reviewed", Value::from(true));
        }
    }

    fn table(&mut self, number: usize) -> Option<&mut dyn TableLike> {
        match self.toml.get_mut("site")? {
            Item::ArrayOfTables(tables) => tables.get_mut(number).map(|table| table as &mut dyn TableLike),
            Item::Value(Value::Array(array)) => {
                let table = array.get_mut(number)?.as_inline_table_mut()?;
                Some(table as &mut dyn TableLike)
            }
            _ => None,
        }
    }

    fn push_protected(&mut self, anchor: &anchor::Anchor) {
        let nth = anchor.nth.and_then(|nth| i64::try_from(nth).ok());
        if let Some(Item::Value(Value::Array(array))) = self.toml.get_mut("protect") {
            let mut table = InlineTable::new();
            table.insert("text", text_value(&anchor.quote));
            if let Some(nth) = nth {
                table.insert("nth", Value::from(nth));
            }
            array.push(table);
            return;
        }
        let mut table = Table::new();
        table.insert("text", Item::Value(text_value(&anchor.quote)));
        if let Some(nth) = nth {
            table.insert("nth", Item::Value(Value::from(nth)));
        }
        let passages =
            self.toml.entry("protect").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
        if let Item::ArrayOfTables(passages) = passages {
            passages.push(table);
        }
    }
}

/// For each `[[site]]` of the file its place in the plan.
fn order(rows: &[Row]) -> Vec<usize> {
    let mut order = vec![0; rows.len()];
    for (index, row) in rows.iter().enumerate() {
        order[row.site] = index;
    }
    order
}

impl Change {
    fn none() -> Self {
        Self { tables: Vec::new(), before: Before::Entries(Vec::new()), switched_off: Vec::new() }
    }
}

/// A site with its variants revised.
fn revised(document: &Document, site: &Site, revision: &Revision) -> Result<Site, Problem> {
    let mut site = site.clone();
    let own = usize::from(site.original);
    if site.places.iter().any(|place| place.forms != site.places[0].forms) {
        return Err(Problem::Linked { places: site.places.len() });
    }
    let named = |variant: usize| match site.labels.get(variant) {
        None => Err(Problem::NoVariant { number: variant + 1 }),
        Some(label) if variant == own => Err(Problem::Own { text: label.clone() }),
        Some(_) => Ok(()),
    };
    let mut forms = site.places.first().map(|place| place.forms.clone()).unwrap_or_default();
    let derived = site.labels == authored::labels(forms.iter().map(String::as_str));
    let count = forms.len();
    let mut shares: Vec<f64> = site.weights.iter().map(|&weight| f64::from(weight)).collect();
    match revision {
        Revision::Edit { variant, text } => {
            named(*variant)?;
            forms[*variant].clone_from(text);
            text.clone_into(&mut site.labels[*variant]);
        }
        Revision::Add { text } => {
            forms.push(text.clone());
            site.labels.push(text.clone());
            shares.push(shares.iter().sum::<f64>() / f64::from(u32::try_from(count).unwrap_or(1).max(1)));
        }
        Revision::Drop { variant } => {
            named(*variant)?;
            forms.remove(*variant);
            site.labels.remove(*variant);
            shares.remove(*variant);
            let dropped = u8::try_from(*variant).unwrap_or(u8::MAX);
            if site.original > dropped {
                site.original -= 1;
            }
            site.desk = site.desk.filter(|desk| desk.canonical != dropped).map(|mut desk| {
                desk.canonical -= u8::from(desk.canonical > dropped);
                desk
            });
        }
    }
    for place in &site.places {
        file::check_forms(document, site.channel, &place.range, &forms)?;
    }
    // Names that a person gave stay; the new one is named by its text, as without names.
    let plain = authored::labels(forms.iter().map(String::as_str));
    if derived {
        site.labels = plain;
    } else if let Some(at) = site.labels.iter().position(String::is_empty) {
        site.labels[at].clone_from(&plain[at]);
    }
    if let Some(twice) = (1..site.labels.len()).find(|&at| site.labels[..at].contains(&site.labels[at])) {
        return Err(Problem::Duplicate { text: site.labels[twice].clone() });
    }
    if forms.len() != count {
        let equal = site.weights == equal_weights(count);
        site.weights = if equal {
            equal_weights(forms.len())
        } else {
            file::weights(&percent(&shares)).ok_or(Problem::Percent)?
        };
    }
    for place in &mut site.places {
        place.forms.clone_from(&forms);
    }
    if !unwritable(document, &[&site]).is_empty() || !Taken::new(&[]).insert(&site) {
        return Err(Problem::Unwritable { text: file::own_text(document, &site) });
    }
    Ok(site)
}

/// Shares as percentages with the digits that a plan shows.
fn percent(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    shares.iter().map(|share| (share / total * 1e6).round() / 1e4).collect()
}

/// Writes a site's new variants over its old ones.
fn write_variants(
    table: &mut dyn TableLike,
    old: &Site,
    new: &Site,
    revision: &Revision,
) -> Result<(), Problem> {
    let linked = || Problem::Linked { places: old.places.len() };
    let forms = &new.places[0].forms;
    // All or none: a place of the file that reads differently belongs to a passage that is protected now.
    let mut arrays: Vec<&mut Array> = Vec::new();
    let key = if table.contains_key("places") { "places" } else { "variants" };
    match table.get_mut(key) {
        Some(Item::Value(Value::Array(array))) => {
            if key == "variants" {
                arrays.push(array);
            } else {
                for place in array.iter_mut() {
                    let array = place.as_inline_table_mut().and_then(|place| place.get_mut("variants"));
                    arrays.push(array.and_then(Value::as_array_mut).ok_or_else(linked)?);
                }
            }
        }
        Some(Item::ArrayOfTables(places)) => {
            for place in places.iter_mut() {
                let array = place.get_mut("variants").and_then(Item::as_array_mut);
                arrays.push(array.ok_or_else(linked)?);
            }
        }
        _ => {}
    }
    let reads = |array: &Array| {
        array
            .iter()
            .map(|value| value.as_str().unwrap_or_default())
            .eq(old.places[0].forms.iter().map(String::as_str))
    };
    if arrays.is_empty() || !arrays.iter().all(|array| reads(array)) {
        return Err(linked());
    }
    for array in arrays {
        apply(array, revision, |at| forms[at].clone());
    }
    if let Some(labels) = table.get_mut("labels").and_then(Item::as_array_mut) {
        apply(labels, revision, |at| new.labels[at].clone());
    }
    if new.weights == equal_weights(new.weights.len()) {
        if old.weights.len() != new.weights.len() {
            table.remove("percent");
        }
    } else if new.weights != old.weights {
        let mut array = Array::new();
        for &weight in &new.weights {
            let percent = f64::from(weight) * 100.0 / f64::from(WEIGHT_TOTAL);
            array.push((percent * 1e4).round() / 1e4);
        }
        set(table, "percent", Value::Array(array));
    }
    if new.desk != old.desk {
        match (new.desk, table.get_mut("desk").and_then(Item::as_table_like_mut)) {
            (Some(desk), Some(table)) => set(table, "variant", Value::from(i64::from(desk.canonical) + 1)),
            _ => drop(table.remove("desk")),
        }
    }
    Ok(())
}

/// Makes a revision's change in an array of texts.
fn apply(array: &mut Array, revision: &Revision, text: impl Fn(usize) -> String) {
    match revision {
        Revision::Edit { variant, .. } => {
            if let Some(value) = array.get_mut(*variant) {
                replace(value, text_value(&text(*variant)));
            }
        }
        Revision::Add { .. } => array.push(text_value(&text(array.len()))),
        Revision::Drop { variant } if *variant < array.len() => {
            let removed = array.remove(*variant);
            if let (0, Some(first)) = (*variant, array.get_mut(0)) {
                *first.decor_mut() = removed.decor().clone();
            }
        }
        Revision::Drop { .. } => {}
    }
}

/// Sets a key; what stands around an old value stays there.
fn set(table: &mut dyn TableLike, key: &str, value: Value) {
    match table.get_mut(key) {
        Some(Item::Value(old)) => replace(old, value),
        _ => drop(table.insert(key, Item::Value(value))),
    }
}

fn replace(old: &mut Value, new: Value) {
    let decor = old.decor().clone();
    *old = new;
    *old.decor_mut() = decor;
}

/// A text, with characters that show nothing written as escapes.
fn text_value(text: &str) -> Value {
    file::quoted(text).parse().unwrap_or_else(|_| Value::from(text))
}

#[cfg(test)]
mod tests;
