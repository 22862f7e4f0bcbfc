//! Records of recipients.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};

use super::{RECIPIENT_COLUMNS, RawRecipient, begin, select_recipient};
use crate::registry::recipient::{self, Import, NewRecipient, Problems, Recipient, RecipientError};
use crate::registry::{Registry, RegistryError};
use crate::trust::{PublicKey, Timestamp};

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
    // One key for two would let either sign the other's receipts.
    if let Some(key) = &new.key
        && let Some((_, held)) = select_recipient(transaction, "public_key", &key.to_pem())?
    {
        let (key, holder) = (key.id(), held.name);
        return Ok(Insertion::Refused(RecipientError::KeyTaken { key, holder }));
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
