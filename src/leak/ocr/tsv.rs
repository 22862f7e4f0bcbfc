//! Tesseract's TSV: a header, then one row for each page, block, paragraph, line and word.

use crate::item::ReadError;

use super::{Place, Reading, Word};

/// The columns that are needed, in the order in which they are used below.
const COLUMNS: [&str; 10] =
    ["level", "page_num", "block_num", "par_num", "line_num", "height", "conf", "text", "word_num", "top"];

/// The level of words.
const WORD: u32 = 5;

/// Whether a text begins with the header of such a file.
pub(in crate::leak) fn is_tsv(head: &str) -> bool {
    head.trim_start_matches('\u{feff}')
        .starts_with("level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\t")
}

/// Reads tesseract's TSV output.
///
/// Errors: [`ReadError::Damaged`] with the line where the header or a row is not what it should be, and
/// [`ReadError::Limit`] above [`super::WORDS_MAX`] words.
pub fn tsv(text: &str) -> Result<Reading, ReadError> {
    let damaged = |line: usize, problem: &str| ReadError::Damaged {
        part: "the TSV".to_owned(),
        problem: format!("line {line}: {problem}"),
    };
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
    let mut columns = [0; COLUMNS.len()];
    for (column, name) in columns.iter_mut().zip(COLUMNS) {
        *column = header
            .iter()
            .position(|found| *found == name)
            .ok_or_else(|| damaged(1, &format!("there is no column {name:?}")))?;
    }
    let [level, page, block, paragraph, line, height, confidence, word, _, top] = columns;
    let mut reading = Reading::default();
    for (at, row) in lines.enumerate().map(|(index, row)| (index + 2, row)) {
        if row.is_empty() {
            continue;
        }
        // A word may hold a quotation mark but never a tab.
        let fields: Vec<&str> = row.splitn(header.len(), '\t').collect();
        let number = |column: usize| fields.get(column).and_then(|field| field.trim().parse::<u32>().ok());
        let rank = number(level).ok_or_else(|| damaged(at, "the level is no number"))?;
        if rank != WORD {
            continue;
        }
        let (Some(page), Some(block), Some(paragraph), Some(line)) =
            (number(page), number(block), number(paragraph), number(line))
        else {
            return Err(damaged(at, "a word has no place"));
        };
        let text = fields.get(word).ok_or_else(|| damaged(at, "a word is missing"))?;
        let confidence = fields
            .get(confidence)
            .and_then(|field| field.trim().parse::<f32>().ok())
            .filter(|confidence| confidence.is_finite())
            .ok_or_else(|| damaged(at, "a confidence is no number"))?;
        let word = Word {
            text,
            confidence: (confidence >= 0.0).then_some(confidence),
            height: number(height).unwrap_or(0),
            top: number(top),
        };
        reading.push(Place { page, block, paragraph, line }, &word)?;
    }
    Ok(reading)
}
