//! Records of items, and the index of their shingles.

use std::collections::BTreeMap;

use ring::rand::SecureRandom;
use rusqlite::{OptionalExtension, params};

use super::{begin, count, integer, item_number, stored};
use crate::registry::seal::{self, RecordType};
use crate::registry::{ItemId, ItemState, ItemSummary, Registry, RegistryError, codec, schema};
use crate::trust::Timestamp;

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
        // One read transaction for all of them: opening one costs more than a look-up.
        let transaction = self.connection.unchecked_transaction()?;
        let mut holders = transaction.prepare_cached("SELECT item FROM shingle WHERE hash = ?1")?;
        for hash in distinct {
            for item in holders.query_map([hash.cast_signed()], |row| row.get(0))? {
                *counts.entry(item?).or_default() += 1;
            }
        }
        let mut best: Vec<(i64, u64)> = counts.into_iter().collect();
        best.sort_by_key(|&(item, count)| (std::cmp::Reverse(count), item));
        best.truncate(limit);
        let mut ids = transaction.prepare_cached("SELECT id FROM item WHERE number = ?1")?;
        best.into_iter()
            .map(|(item, count)| Ok((ItemId::from_stored(ids.query_row([item], |row| row.get(0))?), count)))
            .collect()
    }

    /// The items that hold terms under these hashes, at least two of them; best first, at most `limit`.
    ///
    /// A term counts by how few items hold it, and one that more than 256 hold counts nothing: what every item of a
    /// registry names (the service, its partners) does not tell which is meant. The work is bounded by the number of
    /// hashes, however many items there are.
    pub fn items_naming(&self, hashes: &[u64], limit: usize) -> Result<Vec<ItemId>, RegistryError> {
        const HOLDERS_MAX: u32 = 256;
        let mut scores = BTreeMap::<i64, (u64, u32)>::new();
        let transaction = self.connection.unchecked_transaction()?;
        let mut holders = transaction.prepare_cached("SELECT item FROM shingle WHERE hash = ?1 LIMIT ?2")?;
        for hash in hashes {
            let found: Vec<i64> = holders
                .query_map(params![hash.cast_signed(), HOLDERS_MAX + 1], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
            if count > u64::from(HOLDERS_MAX) {
                continue;
            }
            for item in found {
                let (score, terms) = scores.entry(item).or_default();
                *score += 1_000 / count.max(1);
                *terms += 1;
            }
        }
        let mut best: Vec<(i64, u64)> = scores
            .into_iter()
            .filter(|(_, (_, terms))| *terms >= 2)
            .map(|(item, (score, _))| (item, score))
            .collect();
        best.sort_by_key(|&(item, score)| (std::cmp::Reverse(score), item));
        best.truncate(limit);
        let mut ids = transaction.prepare_cached("SELECT id FROM item WHERE number = ?1")?;
        best.into_iter()
            .map(|(item, _)| Ok(ItemId::from_stored(ids.query_row([item], |row| row.get(0))?)))
            .collect()
    }

    /// Looks at every page and every reference of the database; an empty list means all is well.
    pub fn check_database(&self) -> Result<Vec<String>, RegistryError> {
        schema::check(&self.connection)
    }
}
