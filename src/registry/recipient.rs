//! Who may receive copies: their names, and lists of them in CSV.

use std::collections::BTreeMap;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::files;
use crate::trust::{KeyId, PublicKey, Timestamp};

/// The most characters of a name or an organisation.
pub const NAME_CHARS_MAX: usize = 200;

/// The largest recipient list that is read, in bytes.
pub const CSV_BYTES_MAX: usize = 16 << 20;

/// The most problems of a list that are reported one by one.
pub const PROBLEMS_MAX: usize = 20;

/// A recipient as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Short, unique, safe in file names: ASCII letters, digits, `.`, `-` and `_`.
    pub id: String,
    /// The name, unique under [`fold`].
    pub name: String,
    /// An address.
    pub email: Option<String>,
    /// The organisation.
    pub org: Option<String>,
    /// The key that signs the recipient's receipts.
    pub key: Option<PublicKey>,
    /// When it was registered.
    pub created: Timestamp,
}

/// A recipient to be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRecipient {
    /// The name.
    pub name: String,
    /// An id; made from the name when there is none.
    pub id: Option<String>,
    /// An address.
    pub email: Option<String>,
    /// The organisation.
    pub org: Option<String>,
    /// The key that signs the recipient's receipts.
    pub key: Option<PublicKey>,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Recipients that are new.
    pub added: Vec<Recipient>,
    /// Recipients that were registered already, with the same details.
    pub unchanged: Vec<Recipient>,
    /// Columns whose contents were not read.
    pub ignored_columns: Vec<String>,
}

/// Why a recipient cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecipientError {
    /// A name, organisation, address or id that is not fit to be printed, compared or written to.
    #[error("the {field} {text:?} {problem}")]
    Unfit {
        /// "name", "organisation", "email" or "id".
        field: &'static str,
        /// Its beginning.
        text: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The name, or one that differs in case and spaces alone, is taken.
    #[error("the name {name:?} is taken by recipient {holder:?}")]
    NameTaken {
        /// The name.
        name: String,
        /// Who has it, by id.
        holder: String,
    },
    /// The key signs another recipient's receipts.
    #[error("the key {key} is already that of {holder:?}")]
    KeyTaken {
        /// The key's id.
        key: KeyId,
        /// Whose it is, by name.
        holder: String,
    },
    /// The id is taken.
    #[error("the id {id:?} is taken by {holder:?}")]
    IdTaken {
        /// The id.
        id: String,
        /// Who has it, by name.
        holder: String,
    },
}

/// What is wrong with one line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineProblem {
    /// The line, from 1; where a record spans several, its first.
    pub line: u64,
    /// What is wrong.
    pub problem: String,
}

/// Everything that is wrong with a list; nothing of it was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvError {
    /// At most [`PROBLEMS_MAX`] problems, in the order of their lines.
    pub problems: Vec<LineProblem>,
    /// How many more there are.
    pub more: u64,
}

/// A list as read: recipients with the line they stand in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvList {
    /// In the order of the file.
    pub rows: Vec<(u64, NewRecipient)>,
    /// Columns whose contents were not read.
    pub ignored_columns: Vec<String>,
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, LineProblem { line, problem }) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}line {line}: {problem}")?;
        }
        if self.more > 0 {
            write!(f, "; and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for CsvError {}

/// Collects problems up to the limit and counts the rest.
#[derive(Debug, Default)]
pub(super) struct Problems {
    listed: Vec<LineProblem>,
    more: u64,
}

impl Problems {
    pub(super) fn add(&mut self, line: u64, problem: impl Into<String>) {
        if self.listed.len() < PROBLEMS_MAX {
            self.listed.push(LineProblem { line, problem: problem.into() });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn into_result(mut self) -> Result<(), CsvError> {
        if self.listed.is_empty() {
            return Ok(());
        }
        self.listed.sort_by_key(|problem| problem.line);
        Err(CsvError { problems: self.listed, more: self.more })
    }
}

impl NewRecipient {
    /// A recipient of whom the name alone is known.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The same with every text trimmed and in NFC, or what is wrong with it.
    pub fn checked(&self) -> Result<Self, RecipientError> {
        let optional = |text: &Option<String>| text.as_deref().map(tidy).filter(|text| !text.is_empty());
        let checked = Self {
            name: tidy(&self.name),
            id: optional(&self.id),
            email: optional(&self.email),
            org: optional(&self.org),
            key: self.key,
        };
        check_text("name", &checked.name)?;
        if let Some(org) = &checked.org {
            check_text("organisation", org)?;
        }
        if let Some(email) = &checked.email {
            check_text("email", email)?;
            check_email(email)?;
        }
        if let Some(id) = &checked.id {
            check_id(id)?;
        }
        Ok(checked)
    }
}

/// The form under which names are compared: NFC, trimmed, spaces run together, case folded, joiners dropped.
///
/// Folding goes through upper case, which treats ß and ss, ς and σ as the same.
pub fn fold(name: &str) -> String {
    let upper: String = tidy(name).chars().filter(|c| !is_joiner(*c)).flat_map(char::to_uppercase).collect();
    upper.to_lowercase().nfc().collect()
}

/// An id made from a name.
pub(super) fn slug(name: &str) -> String {
    match files::slug(name, 40) {
        empty if empty.is_empty() => "recipient".to_owned(),
        slug => slug,
    }
}

/// Reads a list: UTF-8, with or without byte-order mark, any line end, quoted fields (RFC 4180), separated by comma,
/// semicolon or tab, the first line naming the columns.
///
/// The column `name` is needed; `email`, `org` and `id` are read; others are named in the result. Every line is
/// checked, and all problems are reported together.
pub fn parse_csv(bytes: &[u8]) -> Result<CsvList, CsvError> {
    let fail = |line, problem: String| CsvError { problems: vec![LineProblem { line, problem }], more: 0 };
    if bytes.len() > CSV_BYTES_MAX {
        return Err(fail(1, format!("{} bytes, more than the {CSV_BYTES_MAX} that are read", bytes.len())));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let line = bytes[..e.valid_up_to()].split(|&byte| byte == b'\n').count() as u64;
        fail(line, "it is not UTF-8 text; save the list as CSV in UTF-8".to_owned())
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut records = reader.records().map(|record| {
        let record = record.map_err(|e| fail(e.position().map_or(1, csv::Position::line), e.to_string()))?;
        Ok::<_, CsvError>((lines.line_of(&record), record))
    });

    let Some((header_line, header)) = records.next().transpose()? else {
        return Err(fail(1, "the list is empty; its first line must name the columns".to_owned()));
    };
    let (columns, ignored_columns) = columns(&header).map_err(|problem| fail(header_line, problem))?;
    let mut list = CsvList { rows: Vec::new(), ignored_columns };
    let mut problems = Problems::default();
    for record in records {
        let (line, record) = record?;
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            problems.add(line, format!("{} fields where the first line has {}", record.len(), header.len()));
            continue;
        }
        let field = |name| columns.get(name).and_then(|&at: &usize| record.get(at)).map(str::to_owned);
        let new = NewRecipient {
            name: field("name").unwrap_or_default(),
            id: field("id"),
            email: field("email"),
            org: field("org"),
            key: None,
        };
        match new.checked() {
            Ok(new) => list.rows.push((line, new)),
            Err(e) => problems.add(line, e.to_string()),
        }
    }
    find_repeats(&list.rows, &mut problems);
    problems.into_result()?;
    Ok(list)
}

/// Spreadsheets separate by semicolon where the comma is the decimal sign.
fn separator(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| header.bytes().filter(|&byte| byte == separator).count();
    // The first of equals wins, so a header of one column is read with commas.
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

fn columns(header: &csv::StringRecord) -> Result<(BTreeMap<&'static str, usize>, Vec<String>), String> {
    const KNOWN: [&str; 4] = ["name", "email", "org", "id"];
    let mut columns = BTreeMap::new();
    let mut ignored = Vec::new();
    for (at, column) in header.iter().enumerate() {
        let column = column.trim();
        match KNOWN.into_iter().find(|known| column.eq_ignore_ascii_case(known)) {
            Some(known) if columns.insert(known, at).is_some() => {
                return Err(format!("the column {known:?} occurs twice"));
            }
            Some(_) => {}
            None if column.is_empty() => {}
            None => ignored.push(column.chars().take(40).collect()),
        }
    }
    if columns.contains_key("name") {
        Ok((columns, ignored))
    } else {
        Err(format!("no column is called \"name\"; the first line reads {:?}", ignored.join(", ")))
    }
}

/// Names and ids must differ within the list, too.
fn find_repeats(rows: &[(u64, NewRecipient)], problems: &mut Problems) {
    let (mut names, mut ids) = (BTreeMap::new(), BTreeMap::new());
    for (line, row) in rows {
        if let Some(first) = names.get(&fold(&row.name)) {
            problems.add(*line, format!("the name {:?} stands in line {first} already", row.name));
        } else {
            names.insert(fold(&row.name), line);
        }
        let Some(id) = row.id.as_ref().map(|id| id.to_ascii_lowercase()) else { continue };
        if let Some(first) = ids.get(&id) {
            problems.add(*line, format!("the id {id:?} stands in line {first} already"));
        } else {
            ids.insert(id, line);
        }
    }
}

/// Counts the lines up to where a record's first field stands.
///
/// The reader's own count is that of the line after the previous record, which may be blank.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line_of(&mut self, record: &csv::StringRecord) -> u64 {
        let start = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or(self.at);
        while let Some(&byte) = self.text.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            let next = self.text.get(self.at + 1);
            if byte == b'\n' || (byte == b'\r' && next != Some(&b'\n')) {
                self.line += 1;
            }
            self.at += 1;
        }
        self.line
    }
}

fn tidy(text: &str) -> String {
    let text: String = text.nfc().collect();
    // Control characters are whitespace to `split_whitespace`, and must stay to be refused.
    text.split(|c: char| c.is_whitespace() && !c.is_control())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn check_text(field: &'static str, text: &str) -> Result<(), RecipientError> {
    let unfit =
        |problem| Err(RecipientError::Unfit { field, text: text.chars().take(40).collect(), problem });
    if text.chars().all(is_joiner) {
        return unfit("is empty");
    }
    if text.chars().count() > NAME_CHARS_MAX {
        return unfit("has more than 200 characters");
    }
    if text.chars().any(char::is_control) {
        return unfit("holds control characters");
    }
    if text.chars().any(is_invisible) {
        return unfit("holds invisible or direction-changing characters");
    }
    Ok(())
}

fn check_email(email: &str) -> Result<(), RecipientError> {
    let fits = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !email.contains(char::is_whitespace)
    });
    if fits {
        return Ok(());
    }
    let text = email.chars().take(40).collect();
    Err(RecipientError::Unfit { field: "email", text, problem: "is no address" })
}

fn check_id(id: &str) -> Result<(), RecipientError> {
    let fits = id.len() <= 64
        && id.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if fits {
        return Ok(());
    }
    let problem = "is not 1 to 64 letters, digits, dots, hyphens and underscores, a letter or digit first";
    Err(RecipientError::Unfit { field: "id", text: id.chars().take(40).collect(), problem })
}

/// Joiners and variation selectors: needed in some scripts, and no difference between two names.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Characters that make two different names look the same, or a name look like another text (Unicode TR 36).
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
