//! From glyphs with places to lines of text in the order in which they are read.

use std::ops::Range;

use super::sheet::{Glyph, Sheet};

/// A baseline that moves by more than this many ems begins a line.
const LINE_EM: f64 = 0.4;

/// A gap of more than this many ems is a space: half of a narrow one, more than the widest kerning.
const SPACE_EM: f64 = 0.17;

/// A gap of more than this many ems is no space but another column or cell.
const COLUMN_EM: f64 = 1.6;

/// A glyph that begins so many ems before the end of the one before was not meant to follow it.
const BACK_EM: f64 = 0.7;

/// More pieces than this are left in the order in which they were drawn.
const PIECES_MAX: usize = 20_000;

/// How often a page is cut.
const DEPTH_MAX: usize = 40;

/// Glyphs that were drawn one after the other on one baseline.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    start: f64,
    end: f64,
    /// The baseline, downwards.
    line: f64,
    size: f64,
    angle: i16,
}

/// The text of a page: one line end after each line.
pub(super) fn text(sheet: &Sheet<'_>) -> String {
    let pieces = pieces(sheet);
    let drawn: Vec<usize> = (0..pieces.len()).collect();
    let placed = by_place(&pieces);
    // Most programs draw text in the order in which it is read. Where sorting by place finds clearly more lines that
    // follow one another, they did not.
    let (as_drawn, as_placed) = (flow(&pieces, &drawn), flow(&pieces, &placed));
    let order = if as_placed > as_drawn + as_drawn / 10 + 2 { placed } else { drawn };
    let mut out = String::new();
    let mut last: Option<&Piece> = None;
    for piece in order.iter().map(|&at| &pieces[at]) {
        if let Some(last) = last {
            match gap(last, piece) {
                Some(gap) if gap > SPACE_EM * last.size.max(piece.size) => {
                    if !out.ends_with(' ') {
                        out.push(' ');
                    }
                }
                Some(_) => {}
                None => out.push('\n'),
            }
        }
        out.push_str(&piece.text);
        last = Some(piece);
    }
    out
}

/// How far `next` begins behind `last` where it goes on on the same baseline.
fn gap(last: &Piece, next: &Piece) -> Option<f64> {
    let size = last.size.max(next.size);
    let gap = next.start - last.end;
    let same = turned(last.angle, next.angle) <= 2 && (next.line - last.line).abs() <= LINE_EM * size;
    (same && gap > -BACK_EM * size).then_some(gap)
}

/// The angle between two directions in degrees, 0..=180.
fn turned(one: i16, other: i16) -> i16 {
    let turn = (one - other).rem_euclid(360);
    turn.min(360 - turn)
}

fn pieces(sheet: &Sheet<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut first = 0;
    for at in 1..=sheet.glyphs.len() {
        let breaks = sheet.glyphs.get(at).is_none_or(|next| {
            let last = &sheet.glyphs[at - 1];
            let size = last.size.max(next.size);
            let gap = next.start - last.end;
            turned(last.angle, next.angle) > 2
                || (next.line - last.line).abs() > LINE_EM * size
                || !(-BACK_EM * size..=COLUMN_EM * size).contains(&gap)
        });
        if breaks {
            pieces.extend(piece(sheet, first..at));
            first = at;
        }
    }
    pieces
}

fn piece(sheet: &Sheet<'_>, range: Range<usize>) -> Option<Piece> {
    let glyphs = sheet.glyphs.get(range)?;
    let first = glyphs.first()?;
    let characters = |glyph: &Glyph| {
        let (from, to) = glyph.text;
        sheet.pool.get(from as usize..to as usize).unwrap_or_default()
    };
    let blank = |glyph: &Glyph| characters(glyph).chars().all(char::is_whitespace);
    // Spaced-out type has a gap after every letter: half of all gaps are no spaces.
    let mut gaps: Vec<f64> = glyphs
        .windows(2)
        .filter(|pair| !blank(&pair[0]) && !blank(&pair[1]))
        .map(|pair| (pair[1].start - pair[0].end) / pair[1].size.max(pair[0].size))
        .collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0).clamp(0.0, 0.5);
    let mut text = String::new();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        let spaced =
            last.is_some_and(|last| glyph.start - last.end > (SPACE_EM + usual) * glyph.size.max(last.size));
        if (spaced || blank(glyph)) && !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        if !blank(glyph) {
            text.push_str(characters(glyph));
        }
        last = Some(glyph);
    }
    let inked = |glyph: &&Glyph| !blank(glyph);
    let start = glyphs.iter().find(inked)?.start;
    let end = glyphs.iter().rev().find(inked)?.end;
    let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f64::max);
    if text.ends_with(' ') && end > start {
        // A space at the end of a line that goes on in another piece is found again as a gap.
        text.truncate(text.trim_end().len());
    }
    Some(Piece { text, start, end, line: first.line, size, angle: first.angle })
}

/// How many pieces are followed by what a reader would read next: the rest of the line, or the line below.
fn flow(pieces: &[Piece], order: &[usize]) -> usize {
    let follows = |pair: &&[usize]| {
        let (one, next) = (&pieces[pair[0]], &pieces[pair[1]]);
        let size = one.size.max(next.size);
        if turned(one.angle, next.angle) > 2 {
            return false;
        }
        let down = next.line - one.line;
        if down.abs() <= LINE_EM * size {
            return (-BACK_EM * size..=COLUMN_EM * size).contains(&(next.start - one.end));
        }
        let shared = one.end.min(next.end) - one.start.max(next.start);
        let narrow = (one.end - one.start).min(next.end - next.start);
        (0.5 * size..=2.5 * size).contains(&down) && shared > 0.5 * narrow
    };
    order.windows(2).filter(follows).count()
}

/// The pieces from top to bottom, column by column.
fn by_place(pieces: &[Piece]) -> Vec<usize> {
    if pieces.len() > PIECES_MAX {
        return (0..pieces.len()).collect();
    }
    let upright: Vec<usize> = (0..pieces.len()).filter(|&at| turned(pieces[at].angle, 0) <= 2).collect();
    let turned: Vec<usize> = (0..pieces.len()).filter(|&at| turned(pieces[at].angle, 0) > 2).collect();
    let mut out = Vec::with_capacity(pieces.len());
    cut(pieces, upright, 0, &mut out);
    out.extend(turned);
    out
}

/// The recursive X-Y cut (Nagy and Seth 1984): along a gutter if there is one, else below the lines that reach across
/// it, else no further.
fn cut(pieces: &[Piece], mut set: Vec<usize>, depth: usize, out: &mut Vec<usize>) {
    let top = |at: usize| pieces[at].line - 0.8 * pieces[at].size;
    set.sort_by(|&a, &b| top(a).total_cmp(&top(b)).then(a.cmp(&b)));
    if depth < DEPTH_MAX && set.len() > 3 {
        if let Some(gutter) = gutter(pieces, &set) {
            let (left, right) = set.into_iter().partition(|&at| pieces[at].start < gutter);
            cut(pieces, left, depth + 1, out);
            cut(pieces, right, depth + 1, out);
            return;
        }
        // Where headings and footings reach across the columns, these show when they are taken away.
        if let Some(band) = band(pieces, &set) {
            let foot = set.split_off(band.end);
            let columns = set.split_off(band.start);
            lines_of(pieces, set, out);
            cut(pieces, columns, depth + 1, out);
            cut(pieces, foot, depth + 1, out);
            return;
        }
    }
    lines_of(pieces, set, out);
}

/// The largest band of lines, of a set sorted by its top, that has a gutter.
fn band(pieces: &[Piece], set: &[usize]) -> Option<Range<usize>> {
    let starts = line_starts(pieces, set);
    // Every try looks at the whole set; long pages are tried less often.
    let tries = (200_000 / set.len().max(1)).clamp(8, 400);
    let mut tried = 0;
    for away in 1..starts.len() {
        for above in (0..=away).rev() {
            if tried == tries {
                return None;
            }
            tried += 1;
            let end = starts.get(starts.len() - (away - above)).copied().unwrap_or(set.len());
            let Some(band) = starts.get(above).map(|&start| start..end) else { continue };
            if band.len() >= 4 && gutter(pieces, &set[band.clone()]).is_some() {
                return Some(band);
            }
        }
    }
    None
}

/// Where in a set, sorted by its top, lines begin.
fn line_starts(pieces: &[Piece], set: &[usize]) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut line = f64::NEG_INFINITY;
    for (index, &at) in set.iter().enumerate() {
        if pieces[at].line - line > LINE_EM * pieces[at].size {
            starts.push(index);
            line = pieces[at].line;
        }
    }
    starts
}

/// The middle of the widest vertical strip without text that has some lines on either side.
fn gutter(pieces: &[Piece], set: &[usize]) -> Option<f64> {
    if set.len() < 4 {
        return None;
    }
    let mut spans: Vec<(f64, f64)> = set.iter().map(|&at| (pieces[at].start, pieces[at].end)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sizes: Vec<f64> = set.iter().map(|&at| pieces[at].size).collect();
    sizes.sort_by(f64::total_cmp);
    let em = sizes[sizes.len() / 2];
    let mut reach = f64::NEG_INFINITY;
    let mut best: Option<(f64, f64)> = None;
    for (index, &(start, end)) in spans.iter().enumerate() {
        let width = start - reach;
        if index >= 2
            && spans.len() - index >= 2
            && width >= em
            && best.is_none_or(|(widest, _)| width > widest)
        {
            best = Some((width, f64::midpoint(start, reach)));
        }
        reach = reach.max(end);
    }
    best.map(|(_, at)| at)
}

/// Line by line, from left to right.
fn lines_of(pieces: &[Piece], mut set: Vec<usize>, out: &mut Vec<usize>) {
    set.sort_by(|&a, &b| pieces[a].line.total_cmp(&pieces[b].line).then(a.cmp(&b)));
    let mut from = 0;
    while from < set.len() {
        let first = &pieces[set[from]];
        let same = |&&at: &&usize| pieces[at].line - first.line <= LINE_EM * first.size.max(pieces[at].size);
        let count = set[from..].iter().take_while(same).count();
        set[from..from + count].sort_by(|&a, &b| pieces[a].start.total_cmp(&pieces[b].start).then(a.cmp(&b)));
        from += count;
    }
    out.extend(set);
}
