//! Which tables hold data and which only lay out a page.

use super::tag::Token;

/// For each `table` start tag in order, whether it lays out the page: it says so, or has neither headings nor a
/// caption and either holds paragraphs, lists or tables in its cells or has rows of one cell only.
///
/// It looks at tags alone, so an edit of text changes nothing.
pub(super) fn layouts(source: &str, tokens: &[Token]) -> Vec<bool> {
    struct Table {
        number: usize,
        says: Option<bool>,
        blocks: bool,
        cells: usize,
        widest: usize,
    }
    let mut found = Vec::new();
    let mut open: Vec<Table> = Vec::new();
    let close = |table: Table, found: &mut Vec<bool>| {
        found[table.number] = table.says.unwrap_or(table.blocks || table.widest <= 1);
    };
    for token in tokens {
        let Token::Tag(tag) = token else { continue };
        match (tag.name.as_str(), tag.end) {
            ("table", false) => {
                if let Some(outer) = open.last_mut() {
                    outer.blocks = true;
                }
                let role = tag.attribute(source, "role").map(|role| role.trim().to_ascii_lowercase());
                let says = match role.as_deref() {
                    Some("presentation" | "none") => Some(true),
                    Some("table" | "grid" | "treegrid") => Some(false),
                    _ => None,
                };
                open.push(Table { number: found.len(), says, blocks: false, cells: 0, widest: 0 });
                found.push(false);
            }
            ("table", true) => {
                if let Some(table) = open.pop() {
                    close(table, &mut found);
                }
            }
            (name, false) => {
                let Some(table) = open.last_mut() else { continue };
                match name {
                    "th" | "caption" | "thead" => table.says = table.says.or(Some(false)),
                    "tr" => table.cells = 0,
                    "td" => {
                        table.cells += 1;
                        table.widest = table.widest.max(table.cells);
                    }
                    "p" | "div" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "blockquote" | "section" => {
                        table.blocks = true;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    while let Some(table) = open.pop() {
        close(table, &mut found);
    }
    found
}
