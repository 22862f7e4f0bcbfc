//! New sites in a plan's file as it stands.

use toml_edit::{Array, Document as Toml, DocumentMut, Item, RawString, Value};

use super::PlanFile;
use crate::item::Document;
use crate::plan::error::PlanError;
use crate::plan::{Entry, file, position};

/// Where a new site goes, by the number of a `[[site]]` of the file.
#[derive(Clone, Copy)]
enum Spot {
    Behind(usize),
    Before(usize),
    /// There is no site yet.
    Last,
}

impl PlanFile {
    /// Adds sites, each behind those that come before it in the document; what people wrote stays as it is.
    ///
    /// Comments right above a site stay with it; what goes between two sites goes to the last blank line there. The reader's rules hold for what is added: where they are broken nothing is, and the error's
    /// line is one of the file as it would be. Every [`super::SiteId`] and [`super::Change`] from before is void.
    pub fn insert(&mut self, document: &Document, entries: &[Entry]) -> Result<(), PlanError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut entries: Vec<&Entry> = entries.iter().collect();
        entries.sort_by_key(|entry| position(entry));
        let blocks: Vec<(Spot, String)> = entries
            .into_iter()
            .map(|entry| (self.spot(entry), file::block(document, &self.sentences, entry)))
            .collect();
        let text = match self.toml.get("site") {
            Some(Item::Value(Value::Array(_))) => self.with_elements(&blocks),
            _ => with_tables(&self.toml.to_string().replace("\r\n", "\n"), &blocks),
        };
        *self = Self::read(&self.dressed(text), document)?;
        Ok(())
    }

    fn spot(&self, entry: &Entry) -> Spot {
        let next = self.plan.entries.partition_point(|other| position(other) <= position(entry));
        match (next.checked_sub(1).and_then(|before| self.rows.get(before)), self.rows.first()) {
            (Some(row), _) => Spot::Behind(row.site),
            (None, Some(row)) => Spot::Before(row.site),
            (None, None) => Spot::Last,
        }
    }

    /// The file with further elements in its one array of sites.
    fn with_elements(&self, blocks: &[(Spot, String)]) -> String {
        let mut toml = self.toml.clone();
        if let Some(array) = toml.get_mut("site").and_then(Item::as_array_mut) {
            let mut elements: Vec<(usize, Value)> = blocks
                .iter()
                .filter_map(|(spot, block)| {
                    let at = match *spot {
                        Spot::Behind(site) => site + 1,
                        Spot::Before(site) => site,
                        Spot::Last => 0,
                    };
                    Some((at, element(block)?))
                })
                .collect();
            elements.sort_by_key(|(at, _)| *at);
            // From the last on, so that the numbers before it stay.
            elements.into_iter().rev().for_each(|(at, value)| put(array, at, value));
        }
        toml.to_string()
    }
}

/// The file with further tables.
fn with_tables(text: &str, blocks: &[(Spot, String)]) -> String {
    let mut pieces: Vec<(usize, &str)> = Vec::new();
    {
        let parsed = Toml::parse(text).ok();
        let tables = parsed.as_ref().and_then(|toml| toml.get("site")).and_then(Item::as_array_of_tables);
        for (spot, block) in blocks {
            let above = match *spot {
                Spot::Behind(site) => tables
                    .and_then(|tables| tables.get(site))
                    .map(|table| table.iter().map(|(_, item)| last_end(item, text.len())).max().unwrap_or(0)),
                Spot::Before(site) => tables
                    .and_then(|tables| tables.get(site))
                    .and_then(toml_edit::Table::span)
                    .and_then(|span| parsed.as_ref().map(|toml| last_end(toml.as_item(), span.start))),
                Spot::Last => None,
            };
            pieces.push((above.map_or(text.len(), |end| gap(text, end)), block));
        }
    }
    pieces.sort_by_key(|(at, _)| *at);
    let mut out =
        String::with_capacity(text.len() + pieces.iter().map(|(_, block)| block.len()).sum::<usize>());
    let mut done = 0;
    for (at, block) in pieces {
        out.push_str(&text[done..at]);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str(block);
        done = at;
    }
    out.push_str(&text[done..]);
    out
}

/// The end of the last value of an item that ends at `limit` or before; 0 when there is none.
fn last_end(item: &Item, limit: usize) -> usize {
    match item {
        Item::None => 0,
        Item::Value(value) => value.span().map(|span| span.end).filter(|&end| end <= limit).unwrap_or(0),
        Item::Table(table) => table.iter().map(|(_, item)| last_end(item, limit)).max().unwrap_or(0),
        Item::ArrayOfTables(tables) => tables
            .iter()
            .flat_map(|table| table.iter().map(|(_, item)| last_end(item, limit)))
            .max()
            .unwrap_or(0),
    }
}

/// Where something new goes below the table that holds the value before `end`: at the last blank line before what
/// follows, or else right below the table.
fn gap(text: &str, end: usize) -> usize {
    let start = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    let (mut at, mut blank) = (start, start);
    for line in text[start..].split_inclusive('\n') {
        match line.trim_start() {
            "" => blank = at,
            line if line.starts_with('#') => {}
            _ => break,
        }
        at += line.len();
    }
    blank
}

/// A site's table as one element of an array.
fn element(block: &str) -> Option<Value> {
    let toml: DocumentMut = block.parse().ok()?;
    let mut table = toml.get("site")?.as_array_of_tables()?.get(0)?.clone().into_inline_table();
    table.fmt();
    Some(Value::InlineTable(table))
}

/// Puts an element on a line of its own; a comment behind the element before it stays there.
fn put(array: &mut Array, at: usize, mut value: Value) {
    let plain = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let split = |text: &str| match text.split_once('\n') {
        Some((line, rest)) => (format!("{line}\n  "), format!("\n{rest}")),
        None => (format!("{text}\n  "), "\n  ".to_owned()),
    };
    if let Some(next) = array.get_mut(at) {
        let (own, rest) = split(&plain(next.decor().prefix()));
        next.decor_mut().set_prefix(rest);
        value.decor_mut().set_prefix(own);
        array.insert_formatted(at, value);
        return;
    }
    if array.is_empty() || array.trailing_comma() {
        let (own, rest) = split(&plain(Some(array.trailing())));
        value.decor_mut().set_prefix(own);
        array.set_trailing(if rest.trim().is_empty() { "\n".to_owned() } else { rest });
        array.set_trailing_comma(true);
    } else {
        value.decor_mut().set_prefix("\n  ");
    }
    array.push_formatted(value);
}
