//! Records of recipients, items, copies and shingles: every query of the program.

use std::collections::{BTreeMap, BTreeSet};

use ring::rand::SecureRandom;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::recipient::{self, Import, NewRecipient, Problems, Recipient, RecipientError};
use super::seal::{self, RecordType};
use super::{ItemId, ItemState, ItemSummary, Registry, RegistryError, codec, schema};
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

// Recipients.

impl Registry {
    /// Registers a recipient.
    pub fn add_recipient(&mut self, new: &NewRecipient, now: &Timestamp) -> Result<Recipient, RegistryError> {
        let new = new.checked()?;
        let transaction = begin(&mut self.connection)?;
        let added = match insert_recipient(&transaction, &new, &BTreeSet::new(), now)? {
            Insertion::Added(added) => added,
            Insertion::Same(held) => {
                return Err(RecipientError::NameTaken { name: new.name, holder: held.id }.into());
            }
            Insertion::Refused(error) => return Err(error.into()),
        };
        transaction.commit()?;
        Ok(added)
    }

    /// Registers the recipients of a CSV list ([`recipient::parse_csv`]), all of them or none.
    ///
    /// A recipient that is registered already with the same details is left as it is, so a list that has grown can
    /// be imported again.
    pub fn import_recipients(&mut self, csv: &[u8], now: &Timestamp) -> Result<Import, RegistryError> {
        let list = recipient::parse_csv(csv)?;
        let transaction = begin(&mut self.connection)?;
        let mut import = Import { ignored_columns: list.ignored_columns, ..Import::default() };
        let mut problems = Problems::default();
        // An id that is made from a name must give way to one that a later line states.
        let stated =
            list.rows.iter().filter_map(|(_, row)| row.id.as_ref().map(|id| id.to_ascii_lowercase()));
        let stated: BTreeSet<String> = stated.collect();
        for (line, row) in &list.rows {
            match insert_recipient(&transaction, row, &stated, now)? {
                Insertion::Added(added) => import.added.push(added),
                Insertion::Same(held) => import.unchanged.push(held),
                Insertion::Refused(error) => problems.add(*line, error.to_string()),
            }
        }
        problems.into_result()?;
        transaction.commit()?;
        Ok(import)
    }

    /// Every recipient, in the order of registration.
    pub fn recipients(&self) -> Result<Vec<Recipient>, RegistryError> {
        let sql = format!("SELECT {RECIPIENT_COLUMNS} FROM recipient r ORDER BY r.number");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| RawRecipient::read(row, 0))?;
        rows.map(|row| row?.parse()).collect()
    }

    /// The recipient of a name (compared as names are) or, failing that, of an id.
    pub fn recipient(&self, name_or_id: &str) -> Result<Recipient, RegistryError> {
        let by_name = select_recipient(&self.connection, "folded", &recipient::fold(name_or_id))?;
        let found = match by_name {
            Some(found) => Some(found),
            None => select_recipient(&self.connection, "id", name_or_id.trim())?,
        };
        found
            .map(|(_, found)| found)
            .ok_or_else(|| RegistryError::NoRecipient { name: name_or_id.to_owned() })
    }
}

// Items.

impl Registry {
    /// Registers an item, or finds it registered already; needs the secret.
    ///
    /// The same original and plan give the same item. A codebook (sites, weights, coalition, format) that differs
    /// from the registered one replaces it while the item has no copies and is refused afterwards, because it would
    /// make the issued copies untraceable.
    pub fn put_item(
        &mut self,
        item: &ItemState,
        random: &dyn SecureRandom,
        now: &Timestamp,
    ) -> Result<ItemId, RegistryError> {
        let id = item.id();
        let key = self.unlocked()?.seal_key();
        let transaction = begin(&mut self.connection)?;
        let held = transaction
            .query_row("SELECT number, state FROM item WHERE id = ?1", [id.as_str()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .optional()?;
        if let Some((number, sealed)) = held {
            let held = codec::decode_item(&seal::open(&key, RecordType::Item, &id, &sealed)?)?;
            let same =
                held.sites == item.sites && held.coalition == item.coalition && held.format == item.format;
            if same {
                return Ok(id);
            }
            let copies: i64 =
                transaction
                    .query_row("SELECT count(*) FROM copy WHERE item = ?1", [number], |row| row.get(0))?;
            if copies > 0 {
                return Err(RegistryError::ItemConflict { id: id.to_string() });
            }
        }
        let sealed = seal::seal(&key, RecordType::Item, &id, codec::encode_item(item)?, random)?;
        transaction.execute(
            "INSERT INTO item (id, title, format, sha256, sites, created, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE
             SET title = ?2, format = ?3, sites = ?5, state = ?7",
            params![
                id.as_str(),
                item.title,
                codec::name_of(&item.format)?,
                item.sha256().to_string(),
                integer(item.sites.len() as u64)?,
                now.as_str(),
                sealed
            ],
        )?;
        transaction.commit()?;
        Ok(id)
    }

    /// An item's state; needs the secret.
    pub fn item(&self, id: &str) -> Result<ItemState, RegistryError> {
        let key = self.unlocked()?.seal_key();
        let sealed: Vec<u8> = self
            .connection
            .query_row("SELECT state FROM item WHERE id = ?1", [id], |row| row.get(0))
            .optional()?
            .ok_or_else(|| RegistryError::NoItem { id: id.to_owned() })?;
        let item = codec::decode_item(&seal::open(&key, RecordType::Item, id, &sealed)?)?;
        if *item.id() == *id {
            Ok(item)
        } else {
            Err(RegistryError::Damaged { reason: format!("item {id} holds another item") })
        }
    }

    /// Every item, in the order of registration.
    pub fn items(&self) -> Result<Vec<ItemSummary>, RegistryError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT i.id, i.title, i.format, i.sha256, i.sites, i.created,
                    count(c.issued_at), count(c.number) - count(c.issued_at)
             FROM item i LEFT JOIN copy c ON c.item = i.number
             GROUP BY i.number ORDER BY i.number",
        )?;
        let rows = statement.query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                (row.get(1)?, row.get(2)?),
                row.get::<_, String>(3)?,
                row.get(4)?,
                row.get::<_, String>(5)?,
                (row.get(6)?, row.get(7)?),
            ))
        })?;
        rows.map(|row| {
            let (id, (title, format), sha256, sites, created, (issued, pending)) = row?;
            Ok(ItemSummary {
                id: ItemId::from_stored(id),
                title,
                format,
                sha256: stored(&sha256)?,
                sites: count(sites)?,
                issued: count(issued)?,
                pending: count(pending)?,
                created: stored(&created)?,
            })
        })
        .collect()
    }

    /// The items whose id begins with `prefix` (at least one digit), at most `limit`.
    pub fn items_by_prefix(&self, prefix: &str, limit: usize) -> Result<Vec<ItemId>, RegistryError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM item WHERE substr(id, 1, length(?1)) = ?1 ORDER BY number LIMIT ?2",
        )?;
        let rows = statement.query_map(params![prefix, integer(limit as u64)?], |row| row.get(0))?;
        rows.map(|row| Ok(ItemId::from_stored(row?))).collect()
    }
}

// Copies.

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
        let transaction = begin(&mut self.connection)?;
        let item_number = item_number(&transaction, item)?;
        let no_copy = || RegistryError::NoCopy { item: item.to_owned(), copy: copy.0 };
        let number = i64::try_from(copy.0).map_err(|_| no_copy())?;
        let held: Option<String> = transaction
            .query_row(
                "SELECT sha256 FROM copy WHERE item = ?1 AND number = ?2",
                [item_number, number],
                |row| row.get(0),
            )
            .optional()?
            .ok_or_else(no_copy)?;
        if let Some(held) = held {
            let sha256 = stored(&held)?;
            if sha256 == issued.sha256 {
                return Ok(());
            }
            return Err(RegistryError::CopyConflict { item: item.to_owned(), copy: copy.0, sha256 });
        }
        transaction.execute(
            "UPDATE copy SET file_name = ?3, sha256 = ?4, record = ?5, issued_at = ?6
             WHERE item = ?1 AND number = ?2",
            params![
                item_number,
                number,
                issued.file_name,
                issued.sha256.to_string(),
                issued.record,
                issued.issued_at.as_str()
            ],
        )?;
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

// The index of shingles, and the whole.

impl Registry {
    /// Adds keyed hashes of an item's shingles to the index.
    pub fn put_shingles(&mut self, item: &str, hashes: &[u64]) -> Result<(), RegistryError> {
        let transaction = begin(&mut self.connection)?;
        let item = item_number(&transaction, item)?;
        {
            let mut insert =
                transaction.prepare("INSERT OR IGNORE INTO shingle (hash, item) VALUES (?1, ?2)")?;
            for hash in hashes {
                insert.execute([hash.cast_signed(), item])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// The items that share shingles with these, most first, at most `limit`; each hash counts once.
    pub fn items_sharing(&self, hashes: &[u64], limit: usize) -> Result<Vec<(ItemId, u64)>, RegistryError> {
        let mut distinct = hashes.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let mut counts = BTreeMap::<i64, u64>::new();
        let mut holders = self.connection.prepare_cached("SELECT item FROM shingle WHERE hash = ?1")?;
        for hash in distinct {
            for item in holders.query_map([hash.cast_signed()], |row| row.get(0))? {
                *counts.entry(item?).or_default() += 1;
            }
        }
        let mut best: Vec<(i64, u64)> = counts.into_iter().collect();
        best.sort_by_key(|&(item, count)| (std::cmp::Reverse(count), item));
        best.truncate(limit);
        let mut ids = self.connection.prepare_cached("SELECT id FROM item WHERE number = ?1")?;
        best.into_iter()
            .map(|(item, count)| Ok((ItemId::from_stored(ids.query_row([item], |row| row.get(0))?), count)))
            .collect()
    }

    /// Looks at every page and every reference of the database; an empty list means all is well.
    pub fn check_database(&self) -> Result<Vec<String>, RegistryError> {
        schema::check(&self.connection)
    }
}

enum Insertion {
    Added(Recipient),
    Same(Recipient),
    Refused(RecipientError),
}

/// `new` must be checked; `stated` are ids in lower case that others of the same list ask for.
fn insert_recipient(
    transaction: &Transaction<'_>,
    new: &NewRecipient,
    stated: &BTreeSet<String>,
    now: &Timestamp,
) -> Result<Insertion, RegistryError> {
    let folded = recipient::fold(&new.name);
    if let Some((_, held)) = select_recipient(transaction, "folded", &folded)? {
        let same = held.email == new.email
            && held.org == new.org
            && (new.key.is_none() || held.key == new.key)
            && new.id.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(&held.id));
        return Ok(if same {
            Insertion::Same(held)
        } else {
            Insertion::Refused(RecipientError::NameTaken { name: new.name.clone(), holder: held.id })
        });
    }
    let number: i64 =
        transaction.query_row("SELECT coalesce(max(number), 0) + 1 FROM recipient", [], |row| row.get(0))?;
    let id = match &new.id {
        Some(id) => {
            if let Some((_, held)) = select_recipient(transaction, "id", id)? {
                let id = id.clone();
                return Ok(Insertion::Refused(RecipientError::IdTaken { id, holder: held.name }));
            }
            id.clone()
        }
        None => free_id(transaction, &new.name, number, stated)?,
    };
    transaction
        .prepare_cached(
            "INSERT INTO recipient (number, id, name, folded, email, org, public_key, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            number,
            id,
            new.name,
            folded,
            new.email,
            new.org,
            new.key.as_ref().map(PublicKey::to_pem),
            now.as_str()
        ])?;
    Ok(Insertion::Added(Recipient {
        id,
        name: new.name.clone(),
        email: new.email.clone(),
        org: new.org.clone(),
        key: new.key,
        created: now.clone(),
    }))
}

/// The name's slug, or the slug and a number that nobody has.
fn free_id(
    connection: &Connection,
    name: &str,
    number: i64,
    stated: &BTreeSet<String>,
) -> Result<String, RegistryError> {
    let slug = recipient::slug(name);
    let mut id = slug.clone();
    let mut suffix = number;
    while stated.contains(&id) || select_recipient(connection, "id", &id)?.is_some() {
        id = format!("{slug}-{suffix}");
        suffix += 1;
    }
    Ok(id)
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
