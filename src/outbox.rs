//! The originator's side of the work: an item into the registry, copies and signed records into a folder.
//!
//! Order of writing, so that an interrupt at any point is repaired by running the same command again: the item and
//! the copy numbers are reserved in the registry; then for each copy its file and its record, and for a few copies
//! together their entries. Copy numbers
//! and bytes are fixed by the registry, so a second run writes the same copies, keeps what is there and never
//! replaces a file.

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ring::rand::SecureRandom;

use crate::codebook::{self, CopyNumber};
use crate::fact::Subject;
use crate::files::{self, FileError};
use crate::issue::{self, Edition, IssueError};
use crate::item::{Document, ReadError, SOURCE_BYTES_MAX};
use crate::registry::{
    CopyRow, CopyState, Issued, ItemId, ItemState, Recipient, Registry, RegistryError, item_id,
};
use crate::trace;
use crate::trust::record::{Issue, IssuedCodebook, IssuedItem, IssuedTo, verify_record};
use crate::trust::{Digest, IssueStatement, Policy, RecordError, Signer, Terms, Timestamp, issue_record};

/// What follows a copy's file name in its record's.
pub const RECORD_SUFFIX: &str = ".dsse.json";

/// The scheme by which codewords are drawn, as records name it.
const SCHEME: &str = "hkdf-hmac-sha256/v1";

/// How many copies share one entry into the registry, which waits for the disk; their files are safe before it.
const ENTRIES_MAX: usize = 32;

/// The largest record that is read back.
const RECORD_BYTES_MAX: u64 = 1 << 20;

/// What is taken from the world outside: the clock and randomness, read by the caller.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// The time, for records and the registry.
    pub now: &'w Timestamp,
    /// A source of nonces.
    pub random: &'w dyn SecureRandom,
}

/// An order to issue copies.
#[derive(Clone, Copy, Debug)]
pub struct Order<'o> {
    /// Who receives a copy, each at most once.
    pub recipients: &'o [Recipient],
    /// Where copies and records are written; made if it is missing.
    pub folder: &'o Path,
    /// The terms signed into every record.
    pub terms: &'o Terms,
    /// The program and its version.
    pub tool: &'o str,
}

/// A copy that lies in the folder.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Its number.
    pub copy: CopyNumber,
    /// Whose it is.
    pub recipient: Recipient,
    /// The copy.
    pub path: PathBuf,
    /// Its signed record.
    pub record: PathBuf,
    /// SHA-256 of the copy.
    pub sha256: Digest,
    /// Whether an earlier run had issued it.
    pub before: bool,
}

/// Why copies are not issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// The item cannot make these copies.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// The registered original is not readable any more.
    #[error("the registered original cannot be read")]
    Original(#[source] ReadError),
    /// The registry refused.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The folder cannot be made.
    #[error("{path:?} cannot be made")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A record cannot be made.
    #[error("the record of copy {copy} cannot be made")]
    Record {
        /// The copy.
        copy: CopyNumber,
        /// Why.
        source: RecordError,
    },
    /// Something else stands where a copy or record belongs.
    #[error("{path:?} exists and is not what belongs there")]
    Occupied {
        /// The file.
        path: PathBuf,
    },
    /// A copy made again is not the copy that was issued.
    #[error("copy {copy} made again has another digest than the one that was issued")]
    NotReproducible {
        /// The copy.
        copy: CopyNumber,
    },
    /// The caller asked to stop.
    #[error("interrupted after {done} of {total} copies")]
    Interrupted {
        /// How many copies are complete.
        done: usize,
        /// How many were ordered.
        total: usize,
    },
}

/// An item that is ready to be issued or traced.
#[derive(Debug)]
pub struct Registered {
    /// Its id.
    pub id: ItemId,
    /// What the registry keeps.
    pub state: ItemState,
    /// Its copies can be written from this.
    pub edition: Edition,
}

/// Gives an item its id and the weights its codebook uses, without writing anything.
///
/// `state.sites` hold the plan's weights; for a coalition of three or more they are replaced by drawn biases.
/// The registry's secret must be unlocked.
pub fn prepare(
    registry: &Registry,
    mut state: ItemState,
    document: Document,
) -> Result<Registered, OutboxError> {
    let id = item_id(&state.original, &state.plan_toml);
    let key = registry.item_key(id.as_str())?;
    codebook::draw_biases(&key, &mut state.sites, state.coalition);
    let edition = Edition::new(document, state.sites.clone(), key);
    Ok(Registered { id, state, edition })
}

/// An item of the registry, ready to be issued again or traced.
pub fn load(registry: &Registry, id: &str) -> Result<Registered, OutboxError> {
    let state = registry.item(id)?;
    let document = Document::read(state.format, &state.original).map_err(OutboxError::Original)?;
    let key = registry.item_key(id)?;
    let edition = Edition::new(document, state.sites.clone(), key);
    Ok(Registered { id: item_id(&state.original, &state.plan_toml), state, edition })
}

/// Checks that the copies an order asks for, and those issued before, can all be told apart; writes nothing.
///
/// Returns how many of the recipients do not have a number yet.
pub fn check(registry: &Registry, item: &Registered, recipients: &[Recipient]) -> Result<usize, OutboxError> {
    let held = match registry.copies(item.id.as_str()) {
        Ok(rows) => rows,
        Err(RegistryError::NoItem { .. }) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let new = recipients.iter().filter(|one| !held.iter().any(|row| row.recipient.id == one.id)).count();
    item.edition.check_distinct((1..=(held.len() + new) as u64).map(CopyNumber))?;
    Ok(new)
}

/// Issues copies: registers the item, then writes each copy, its record and its entry.
///
/// `progress` is told after each copy how many of how many are done and may ask to stop.
pub fn issue(
    registry: &mut Registry,
    signer: &Signer,
    item: &Registered,
    order: &Order<'_>,
    world: World<'_>,
    mut progress: impl FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Vec<Delivered>, OutboxError> {
    check(registry, item, order.recipients)?;
    std::fs::create_dir_all(order.folder)
        .map_err(|source| OutboxError::Folder { path: order.folder.to_owned(), source })?;
    let id = registry.put_item(&item.state, world.random, world.now)?;
    let index_key = registry.index_key()?;
    registry.put_shingles(id.as_str(), &trace::shingles(item.edition.lattice(), &index_key))?;
    // By these an item is found when its facts are retold and nothing is quoted.
    let subject = Subject::new(item.edition.document(), item.edition.sites());
    registry.put_shingles(id.as_str(), &subject.index(&index_key))?;
    let ids: Vec<&str> = order.recipients.iter().map(|recipient| recipient.id.as_str()).collect();
    let rows = registry.reserve_copies(id.as_str(), &ids)?;
    let mut taken: Vec<String> = registry.copies(id.as_str())?.into_iter().filter_map(file_name_of).collect();

    let mut done = Vec::with_capacity(rows.len());
    let mut entries = Vec::new();
    let mut stopped = None;
    for row in &rows {
        if progress(done.len(), rows.len()).is_break() {
            stopped = Some(OutboxError::Interrupted { done: done.len(), total: rows.len() });
            break;
        }
        match deliver(registry, signer, item, order, world, row, &taken) {
            Ok((delivered, entry)) => {
                taken.extend(delivered.path.file_name().map(|name| name.to_string_lossy().into_owned()));
                done.push(delivered);
                entries.extend(entry.map(|issued| (row.copy, issued)));
            }
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
        if entries.len() >= ENTRIES_MAX {
            registry.finish_copies(id.as_str(), &entries)?;
            entries.clear();
        }
    }
    registry.finish_copies(id.as_str(), &entries)?;
    stopped.map_or(Ok(done), Err)
}

fn file_name_of(row: CopyRow) -> Option<String> {
    match row.state {
        CopyState::Issued(issued) => Some(issued.file_name),
        CopyState::Pending => None,
    }
}

/// One copy and its record, and its entry where the registry has none.
fn deliver(
    registry: &Registry,
    signer: &Signer,
    item: &Registered,
    order: &Order<'_>,
    world: World<'_>,
    row: &CopyRow,
    taken: &[String],
) -> Result<(Delivered, Option<Issued>), OutboxError> {
    let bytes = item.edition.write(row.copy)?;
    let sha256 = Digest::of(&bytes);
    let (file_name, before) = match &row.state {
        CopyState::Issued(issued) if issued.sha256 != sha256 => {
            return Err(OutboxError::NotReproducible { copy: row.copy });
        }
        CopyState::Issued(issued) => (issued.file_name.clone(), Some(issued)),
        CopyState::Pending => {
            let stem = Path::new(&item.state.file_name).file_stem().unwrap_or_default().to_string_lossy();
            let used = |name: &str| taken.iter().any(|other| other == name);
            let extension = item.state.format.extension_like(&item.state.file_name);
            (issue::copy_file_name(&stem, &row.recipient.id, extension, row.copy, used), None)
        }
    };
    let path = order.folder.join(&file_name);
    let record_path = order.folder.join(format!("{file_name}{RECORD_SUFFIX}"));
    write_or_keep(&path, &bytes, SOURCE_BYTES_MAX as u64, |there| there == bytes)?;
    let entry = if let Some(issued) = before {
        write_or_keep(&record_path, &issued.record, RECORD_BYTES_MAX, |there| there == issued.record)?;
        None
    } else {
        let record = new_record(registry, signer, item, order, world, row, &file_name, sha256)?;
        // A record left by an interrupted run says the same under another nonce; it may have been sent already.
        let ours = |there: &[u8]| {
            verify_record(there, signer.public(), Policy::default()).is_ok_and(|verified| {
                let stated = verified.get();
                stated.sha256 == sha256
                    && stated.file_name == file_name
                    && stated.issue.copy == row.copy.0
                    && stated.issue.item.id == item.id.as_str()
                    && stated.issue.recipient.id == row.recipient.id
            })
        };
        let record = write_or_keep(&record_path, &record, RECORD_BYTES_MAX, ours)?;
        Some(Issued { file_name, sha256, record, issued_at: world.now.clone() })
    };
    let delivered = Delivered {
        copy: row.copy,
        recipient: row.recipient.clone(),
        path,
        record: record_path,
        sha256,
        before: before.is_some(),
    };
    Ok((delivered, entry))
}

/// Writes a file, or accepts the one that is there; returns what lies there afterwards.
fn write_or_keep(
    path: &Path,
    bytes: &[u8],
    bytes_max: u64,
    acceptable: impl Fn(&[u8]) -> bool,
) -> Result<Vec<u8>, OutboxError> {
    match files::write_new_atomic(path, bytes, 0o644) {
        Ok(()) => Ok(bytes.to_vec()),
        Err(FileError::Exists { .. }) => {
            let there = files::read_limited(path, bytes_max)?;
            if acceptable(&there) { Ok(there) } else { Err(OutboxError::Occupied { path: path.to_owned() }) }
        }
        Err(error) => Err(error.into()),
    }
}

#[expect(clippy::too_many_arguments, reason = "everything that a record states")]
fn new_record(
    registry: &Registry,
    signer: &Signer,
    item: &Registered,
    order: &Order<'_>,
    world: World<'_>,
    row: &CopyRow,
    file_name: &str,
    sha256: Digest,
) -> Result<Vec<u8>, OutboxError> {
    let mut nonce = [0; 32];
    world.random.fill(&mut nonce).map_err(|_| RegistryError::Random)?;
    let statement = IssueStatement {
        file_name: file_name.to_owned(),
        sha256,
        issue: Issue {
            item: IssuedItem {
                id: item.id.as_str().to_owned(),
                sha256: item.state.sha256(),
                title: item.state.title.clone(),
                format: item.state.format.name().to_owned(),
            },
            plan_sha256: item.state.plan_sha256(),
            copy: row.copy.0,
            recipient: IssuedTo {
                name: row.recipient.name.clone(),
                id: row.recipient.id.clone(),
                org: row.recipient.org.clone(),
                email: row.recipient.email.clone(),
            },
            sites: item.state.sites.len() as u64,
            codebook: IssuedCodebook {
                scheme: SCHEME.to_owned(),
                commitment: registry.key_commitment(item.id.as_str())?,
                coalition: item.state.coalition,
            },
            issued_at: world.now.clone(),
            tool: order.tool.to_owned(),
            nonce: Digest::from_bytes(nonce),
            handling: order.terms.clone().bind(signer.id()),
        },
    };
    issue_record(&statement, signer).map_err(|source| OutboxError::Record { copy: row.copy, source })
}
