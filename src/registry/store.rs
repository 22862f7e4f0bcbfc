//! Records of recipients, items, copies and shingles: every query of the program.
//!
//! Here are the copies and what the others share.

mod items;
mod recipients;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::recipient::Recipient;
use super::{ItemId, Registry, RegistryError};
use crate::codebook::CopyNumber;
use crate::trust::{Digest, PublicKey, Timestamp};

/// A copy of an item, reserved or issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyRow {
    /// Its number within the item, from 1 without gaps.
    pub copy: CopyNumber,
    /// Whose it is.
    pub recipient: Recipient,
    /// How far it has come.
    pub state: CopyState,
}

/// How far a copy has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyState {
    /// Its number is reserved.
    Pending,
    /// It was written and signed.
    Issued(Issued),
}

/// What was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The copy's file name, without folders.
    pub file_name: String,
    /// SHA-256 of the copy.
    pub sha256: Digest,
    /// The signed record, as it lies beside the copy.
    pub record: Vec<u8>,
    /// When.
    pub issued_at: Timestamp,
}

const RECIPIENT_COLUMNS: &str = "r.id, r.name, r.email, r.org, r.public_key, r.created";
const COPY_COLUMNS: &str = "c.number, c.file_name, c.sha256, c.record, c.issued_at";

impl Registry {
    /// Gives every recipient a copy number of an item, in one transaction; a recipient who has one keeps it.
    ///
    /// Returns one row per recipient, in the order given. Numbers run from 1 without gaps and are never used again.
    pub fn reserve_copies<S: AsRef<str>>(
        &mut self,
        item: &str,
        recipients: &[S],
    ) -> Result<Vec<CopyRow>, RegistryError> {
        let transaction = begin(&mut self.connection)?;
        let item_number = item_number(&transaction, item)?;
        let mut next: i64 = transaction.query_row(
            "SELECT coalesce(max(number), 0) + 1 FROM copy WHERE item = ?1",
            [item_number],
            |row| row.get(0),
        )?;
        let mut numbers = Vec::with_capacity(recipients.len());
        for id in recipients {
            let id = id.as_ref();
            let Some((recipient, _)) = select_recipient(&transaction, "id", id)? else {
                return Err(RegistryError::NoRecipient { name: id.to_owned() });
            };
            let mut held =
                transaction.prepare_cached("SELECT number FROM copy WHERE item = ?1 AND recipient = ?2")?;
            let held: Option<i64> = held.query_row([item_number, recipient], |row| row.get(0)).optional()?;
            if let Some(number) = held {
                numbers.push(number);
            } else {
                transaction
                    .prepare_cached("INSERT INTO copy (item, number, recipient) VALUES (?1, ?2, ?3)")?
                    .execute([item_number, next, recipient])?;
                numbers.push(next);
                next += 1;
            }
        }
        let sql = format!(
            "SELECT {COPY_COLUMNS}, {RECIPIENT_COLUMNS} FROM copy c JOIN recipient r ON r.number = c.recipient
             WHERE c.item = ?1 AND c.number = ?2"
        );
        let rows = numbers
            .into_iter()
            .map(|number| {
                transaction.prepare_cached(&sql)?.query_row([item_number, number], RawCopy::read)?.parse()
            })
            .collect::<Result<_, RegistryError>>()?;
        transaction.commit()?;
        Ok(rows)
    }

    /// Records that a reserved copy was written and signed.
    ///
    /// The same copy again is no error and changes nothing; other bytes under its number are refused.
    pub fn finish_copy(
        &mut self,
        item: &str,
        copy: CopyNumber,
        issued: &Issued,
    ) -> Result<(), RegistryError> {
        self.finish_copies(item, &[(copy, issued.clone())])
    }

    /// As [`Self::finish_copy`] for several copies in one transaction, all of them or none.
    ///
    /// A transaction waits for the disk, some milliseconds; a few dozen copies at a time share the wait.
    pub fn finish_copies(
        &mut self,
        item: &str,
        copies: &[(CopyNumber, Issued)],
    ) -> Result<(), RegistryError> {
        let transaction = begin(&mut self.connection)?;
        let item_number = item_number(&transaction, item)?;
        for (copy, issued) in copies {
            finish(&transaction, item, item_number, *copy, issued)?;
        }
        Ok(transaction.commit()?)
    }

    /// An item's copies by number.
    pub fn copies(&self, item: &str) -> Result<Vec<CopyRow>, RegistryError> {
        let item = item_number(&self.connection, item)?;
        let sql = format!(
            "SELECT {COPY_COLUMNS}, {RECIPIENT_COLUMNS} FROM copy c JOIN recipient r ON r.number = c.recipient
             WHERE c.item = ?1 ORDER BY c.number"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([item], RawCopy::read)?;
        rows.map(|row| row?.parse()).collect()
    }

    /// The issued copy with these very bytes, if there is one.
    pub fn copy_by_digest(&self, sha256: &Digest) -> Result<Option<(ItemId, CopyRow)>, RegistryError> {
        let sql = format!(
            "SELECT {COPY_COLUMNS}, {RECIPIENT_COLUMNS}, i.id FROM copy c
             JOIN recipient r ON r.number = c.recipient JOIN item i ON i.number = c.item
             WHERE c.sha256 = ?1"
        );
        let found = self
            .connection
            .query_row(&sql, [sha256.to_string()], |row| Ok((RawCopy::read(row)?, row.get(11)?)))
            .optional()?;
        found.map(|(copy, id)| Ok((ItemId::from_stored(id), copy.parse()?))).transpose()
    }
}

fn finish(
    transaction: &Transaction<'_>,
    item: &str,
    item_number: i64,
    copy: CopyNumber,
    issued: &Issued,
) -> Result<(), RegistryError> {
    let no_copy = || RegistryError::NoCopy { item: item.to_owned(), copy: copy.0 };
    let number = i64::try_from(copy.0).map_err(|_| no_copy())?;
    let held: Option<String> = transaction
        .prepare_cached("SELECT sha256 FROM copy WHERE item = ?1 AND number = ?2")?
        .query_row([item_number, number], |row| row.get(0))
        .optional()?
        .ok_or_else(no_copy)?;
    if let Some(held) = held {
        let sha256 = stored(&held)?;
        if sha256 == issued.sha256 {
            return Ok(());
        }
        return Err(RegistryError::CopyConflict { item: item.to_owned(), copy: copy.0, sha256 });
    }
    transaction
        .prepare_cached(
            "UPDATE copy SET file_name = ?3, sha256 = ?4, record = ?5, issued_at = ?6
             WHERE item = ?1 AND number = ?2",
        )?
        .execute(params![
            item_number,
            number,
            issued.file_name,
            issued.sha256.to_string(),
            issued.record,
            issued.issued_at.as_str()
        ])?;
    Ok(())
}

/// `column` is one of this file's own words, never a value from outside.
fn select_recipient(
    connection: &Connection,
    column: &'static str,
    value: &str,
) -> Result<Option<(i64, Recipient)>, RegistryError> {
    let sql = format!("SELECT r.number, {RECIPIENT_COLUMNS} FROM recipient r WHERE r.{column} = ?1");
    let found = connection
        .prepare_cached(&sql)?
        .query_row([value], |row| Ok((row.get(0)?, RawRecipient::read(row, 1)?)))
        .optional()?;
    found.map(|(number, raw)| Ok((number, raw.parse()?))).transpose()
}

fn item_number(connection: &Connection, id: &str) -> Result<i64, RegistryError> {
    connection
        .query_row("SELECT number FROM item WHERE id = ?1", [id], |row| row.get(0))
        .optional()?
        .ok_or_else(|| RegistryError::NoItem { id: id.to_owned() })
}

/// Takes the write lock at once: two writers then wait for each other instead of failing half-way.
fn begin(connection: &mut Connection) -> Result<Transaction<'_>, RegistryError> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// A recipient's columns before they are parsed.
struct RawRecipient {
    id: String,
    name: String,
    email: Option<String>,
    org: Option<String>,
    key: Option<String>,
    created: String,
}

impl RawRecipient {
    fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(first)?,
            name: row.get(first + 1)?,
            email: row.get(first + 2)?,
            org: row.get(first + 3)?,
            key: row.get(first + 4)?,
            created: row.get(first + 5)?,
        })
    }

    fn parse(self) -> Result<Recipient, RegistryError> {
        Ok(Recipient {
            key: self.key.map(|pem| PublicKey::from_pem(&pem)).transpose()?,
            created: stored(&self.created)?,
            id: self.id,
            name: self.name,
            email: self.email,
            org: self.org,
        })
    }
}

/// A copy's columns and its recipient's before they are parsed.
struct RawCopy {
    number: i64,
    file_name: Option<String>,
    sha256: Option<String>,
    record: Option<Vec<u8>>,
    issued_at: Option<String>,
    recipient: RawRecipient,
}

impl RawCopy {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            number: row.get(0)?,
            file_name: row.get(1)?,
            sha256: row.get(2)?,
            record: row.get(3)?,
            issued_at: row.get(4)?,
            recipient: RawRecipient::read(row, 5)?,
        })
    }

    fn parse(self) -> Result<CopyRow, RegistryError> {
        let state = match (self.file_name, self.sha256, self.record, self.issued_at) {
            (Some(file_name), Some(sha256), Some(record), Some(issued_at)) => CopyState::Issued(Issued {
                file_name,
                sha256: stored(&sha256)?,
                record,
                issued_at: stored(&issued_at)?,
            }),
            _ => CopyState::Pending,
        };
        Ok(CopyRow { copy: CopyNumber(count(self.number)?), recipient: self.recipient.parse()?, state })
    }
}

fn stored<T: std::str::FromStr>(text: &str) -> Result<T, RegistryError> {
    text.parse().map_err(|_| RegistryError::Damaged { reason: format!("the database holds {text:?}") })
}

fn count(number: i64) -> Result<u64, RegistryError> {
    u64::try_from(number)
        .map_err(|_| RegistryError::Damaged { reason: format!("the database holds {number}") })
}

fn integer(number: u64) -> Result<i64, RegistryError> {
    i64::try_from(number).map_err(|_| RegistryError::Damaged { reason: format!("{number} is too large") })
}
