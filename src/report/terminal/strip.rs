//! How one copy compares with the leak, site by site, on one line.

use crate::report::paint::{Page, Role};
use crate::tracer::Mark;

/// Shares of agreeing sites in a group, from none to all.
const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// The same in ASCII, where a digit reads as tenths.
const TENTHS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// How many sites share a glyph so that `sites` fit into `columns`.
pub(super) fn group(sites: usize, columns: usize) -> usize {
    sites.div_ceil(columns.max(1)).max(1)
}

/// Writes a strip of at most `columns` glyphs.
pub(super) fn strip(page: &mut Page, marks: &[Mark], columns: usize) {
    for sites in marks.chunks(group(marks.len(), columns)) {
        let agree = sites.iter().filter(|&&mark| mark == Mark::Agrees).count();
        let differ = sites.iter().filter(|&&mark| mark == Mark::Differs).count();
        let style = page.style();
        let (role, glyph) = match (agree, differ) {
            (0, 0) => (Role::Faint, style.glyph("·", ".")),
            _ if sites.len() == 1 && agree == 1 => (Role::Good, style.glyph("●", "+")),
            _ if sites.len() == 1 => (Role::Caution, style.glyph("○", "-")),
            _ => {
                let scale: &[&str] = if style.ascii { &TENTHS } else { &BARS };
                // All of a group is the last glyph alone, so that one disagreement is never hidden.
                let step = agree * (scale.len() - 1) / (agree + differ);
                (if differ == 0 { Role::Good } else { Role::Plain }, scale[step])
            }
        };
        page.put(role, glyph);
    }
}

/// What the glyphs mean.
pub(super) fn legend(ascii: bool, group: usize) -> String {
    match (group, ascii) {
        (1, false) => "● agrees  ○ differs  · unreadable".to_owned(),
        (1, true) => "+ agrees  - differs  . unreadable".to_owned(),
        (_, false) => format!("each of {group} sites: ▁ none agree … █ all agree"),
        (_, true) => format!("each of {group} sites: 0 none agree ... 9 all agree"),
    }
}
