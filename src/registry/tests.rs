use std::path::Path;

use ring::rand::SystemRandom;

use super::codec::tests::item_state;
use super::*;
use crate::codebook::CopyNumber;
use crate::trust::KeyError;

const NOW: &str = "2026-11-23T07:12:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn random() -> SystemRandom {
    SystemRandom::new()
}

/// A registry in a folder that is removed with the returned guard.
fn registry() -> (tempfile::TempDir, Registry) {
    let folder = tempfile::tempdir().unwrap();
    let registry = Registry::init(&folder.path().join("r"), None, &random(), NOW).unwrap();
    (folder, registry)
}

fn issued(bytes: &[u8]) -> Issued {
    Issued {
        file_name: "brief.a.txt".to_owned(),
        sha256: Digest::of(bytes),
        record: b"{}\n".to_vec(),
        issued_at: now(),
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_registry_is_private_whole_and_can_be_opened_again() {
    let (folder, registry) = registry();
    let at = folder.path().join("r");
    let issuer = registry.issuer_id();
    let index = registry.index_key().unwrap();
    drop(registry);
    assert_eq!(names(folder.path()), ["r"], "nothing is left beside it");
    assert_eq!(names(&at), [ISSUER_KEY, ISSUER_PUBLIC, DATABASE, SECRET]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&at), 0o700);
        for secret in [ISSUER_KEY, SECRET, DATABASE] {
            assert_eq!(mode(&at.join(secret)), 0o600, "{secret}");
        }
        assert_eq!(mode(&at.join(ISSUER_PUBLIC)), 0o644);
    }
    let mut registry = Registry::open(&at).unwrap();
    assert!(!registry.needs_passphrase().unwrap());
    assert_eq!(registry.issuer_id(), issuer);
    assert_eq!(registry.issuer(None).unwrap().id(), issuer);
    assert!(matches!(registry.index_key(), Err(RegistryError::Sealed)));
    assert!(matches!(registry.item_key("x"), Err(RegistryError::Sealed)));
    registry.unlock_secret(None).unwrap();
    assert_eq!(registry.index_key().unwrap(), index);
    assert_eq!(registry.check_database().unwrap(), Vec::<String>::new());
}

#[test]
fn a_passphrase_protects_both_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("r");
    let right = Passphrase::new("right".to_owned()).unwrap();
    let wrong = Passphrase::new("wrong".to_owned()).unwrap();
    Registry::init(&at, Some(&right), &random(), NOW).unwrap();
    let mut registry = Registry::open(&at).unwrap();
    assert!(registry.needs_passphrase().unwrap());
    assert!(matches!(registry.issuer(None), Err(RegistryError::Key(KeyError::PassphraseNeeded))));
    assert!(matches!(registry.issuer(Some(&wrong)), Err(RegistryError::Key(KeyError::WrongPassphrase))));
    assert!(matches!(registry.unlock_secret(None), Err(RegistryError::Key(KeyError::PassphraseNeeded))));
    assert!(matches!(
        registry.unlock_secret(Some(&wrong)),
        Err(RegistryError::Key(KeyError::WrongPassphrase))
    ));
    assert!(registry.issuer(Some(&right)).is_ok());
    assert!(registry.unlock_secret(Some(&right)).is_ok());
}

#[test]
fn init_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let init = |name: &str| Registry::init(&folder.path().join(name), None, &random(), NOW);
    fs::create_dir(folder.path().join("empty")).unwrap();
    assert!(init("empty").is_ok());
    let before = fs::read(folder.path().join("empty").join(SECRET)).unwrap();
    assert!(matches!(init("empty"), Err(RegistryError::Exists { .. })));
    assert_eq!(fs::read(folder.path().join("empty").join(SECRET)).unwrap(), before);
    fs::write(folder.path().join("file"), b"x").unwrap();
    assert!(matches!(init("file"), Err(RegistryError::Exists { .. })));
    assert!(init("new/deeper").is_ok());
    assert!(matches!(
        Registry::init(&folder.path().join("late"), None, &random(), "today"),
        Err(RegistryError::Timestamp(_))
    ));
    assert!(!folder.path().join("late").exists());
    assert!(matches!(init("file/below"), Err(RegistryError::File(_))));
    assert_eq!(names(folder.path()), ["empty", "file", "new"]);
}

#[test]
fn what_is_no_registry_is_called_what_it_is() {
    let (folder, registry) = registry();
    drop(registry);
    let at = folder.path().join("r");
    let open = || Registry::open(&at).unwrap_err();
    assert!(matches!(
        Registry::open(folder.path()),
        Err(RegistryError::NotARegistry { missing: DATABASE, .. })
    ));
    #[cfg(unix)]
    {
        let ring = folder.path().join("ring");
        std::os::unix::fs::symlink(&ring, &ring).unwrap();
        assert!(matches!(Registry::open(&ring), Err(RegistryError::File(_))));
    }
    let database = fs::read(at.join(DATABASE)).unwrap();

    let change =
        |sql: &str| rusqlite::Connection::open(at.join(DATABASE)).unwrap().execute_batch(sql).unwrap();
    change("PRAGMA user_version = 7");
    assert!(matches!(open(), RegistryError::Newer { found: 7, known: 1 }));
    change("PRAGMA user_version = 1; PRAGMA application_id = 1");
    assert!(matches!(open(), RegistryError::NotOurs { found: 1 }));
    fs::write(at.join(DATABASE), b"").unwrap();
    assert!(matches!(open(), RegistryError::NotOurs { found: 0 }));
    fs::write(at.join(DATABASE), b"not a database, and long enough to be looked at".repeat(30)).unwrap();
    assert!(matches!(open(), RegistryError::Damaged { .. }));
    fs::write(at.join(DATABASE), &database).unwrap();
    change("DELETE FROM meta WHERE key = 'issuer'");
    assert!(matches!(open(), RegistryError::Damaged { .. }));
    fs::write(at.join(DATABASE), &database).unwrap();
    change("DROP TABLE shingle");
    let without_index = Registry::open(&at).unwrap();
    assert!(matches!(without_index.items_sharing(&[1], 1), Err(RegistryError::Damaged { .. })));
    drop(without_index);
    fs::write(at.join(DATABASE), &database).unwrap();
    assert!(Registry::open(&at).is_ok());

    // Files of another registry.
    let other = folder.path().join("other");
    Registry::init(&other, None, &random(), NOW).unwrap();
    for name in [SECRET, ISSUER_KEY, ISSUER_PUBLIC] {
        let own = fs::read(at.join(name)).unwrap();
        fs::write(at.join(name), fs::read(other.join(name)).unwrap()).unwrap();
        let error = Registry::open(&at)
            .and_then(|mut registry| {
                registry.unlock_secret(None)?;
                registry.issuer(None)
            })
            .unwrap_err();
        assert!(matches!(error, RegistryError::Foreign { file } if file == name), "{name}: {error}");
        fs::write(at.join(name), own).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_secret_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let (folder, registry) = registry();
    drop(registry);
    let at = folder.path().join("r");
    fs::set_permissions(at.join(SECRET), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(Registry::open(&at), Err(RegistryError::OpenToOthers { mode: 0o640, .. })));
}

#[test]
fn recipients_are_unique_by_what_the_eye_sees() {
    let (_folder, mut registry) = registry();
    let mut add = |name: &str| registry.add_recipient(&NewRecipient::named(name), &now());
    assert_eq!(add("Agency  Q ").unwrap().name, "Agency Q");
    for same in ["agency q", "AGENCY\u{a0}Q", "Agency\u{200d} Q"] {
        assert!(
            matches!(add(same), Err(RegistryError::Recipient(RecipientError::NameTaken { .. }))),
            "{same}"
        );
    }
    add("Größe").unwrap();
    assert!(add("GRÖSSE").is_err());
    assert!(add("Gro\u{308}ße").is_err(), "decomposed");
    assert!(add("Agency\u{fe0f} Q").is_err(), "a variation selector is no difference");
    for bad in ["", "  ", "\u{3164}", "a\u{7}b", "a\nb", "a\u{202e}b", "a\u{200b}b", &"x".repeat(201)] {
        assert!(matches!(add(bad), Err(RegistryError::Recipient(RecipientError::Unfit { .. }))), "{bad:?}");
    }
    assert_eq!(add("Agency/Q").unwrap().id, "agency-q-3");
    assert_eq!(add("日本").unwrap().id, "recipient");
    assert_eq!(registry.recipient(" AGENCY q").unwrap().id, "agency-q");
    assert_eq!(registry.recipient("agency-q-3").unwrap().name, "Agency/Q");
    assert!(matches!(registry.recipient("nobody"), Err(RegistryError::NoRecipient { .. })));
    let names: Vec<String> = registry.recipients().unwrap().into_iter().map(|r| r.name).collect();
    assert_eq!(names, ["Agency Q", "Größe", "Agency/Q", "日本"]);
}

#[test]
fn a_recipients_details_read_back() {
    let (folder, mut registry) = registry();
    let new = NewRecipient {
        name: "Agency Q".to_owned(),
        id: Some("Q-1".to_owned()),
        email: Some("q@example.org".to_owned()),
        org: Some("Ministry".to_owned()),
        key: Some(SecretKey::from_seed(&[4; 32]).public()),
    };
    let added = registry.add_recipient(&new, &now()).unwrap();
    assert_eq!((added.id.as_str(), added.key), ("Q-1", new.key));
    assert_eq!(Registry::open(&folder.path().join("r")).unwrap().recipients().unwrap(), [added]);
    let other = NewRecipient { id: Some("q-1".to_owned()), ..NewRecipient::named("Other") };
    assert!(matches!(
        registry.add_recipient(&other, &now()),
        Err(RegistryError::Recipient(RecipientError::IdTaken { .. }))
    ));
}

#[test]
fn an_import_is_all_or_nothing_and_may_be_repeated() {
    let (_folder, mut registry) = registry();
    let list = b"name,email,id,phone\nAgency A,a@example.org,,1\nAgency B,,agency-a,2\n";
    let import = registry.import_recipients(list, &now()).unwrap();
    let ids: Vec<&str> = import.added.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["agency-a-1", "agency-a"], "a made id gives way to a stated one");
    assert_eq!(import.ignored_columns, ["phone"]);
    let again = registry.import_recipients(list, &now()).unwrap();
    assert_eq!((again.added.len(), again.unchanged.len()), (0, 2));

    let bad = b"name,email\nAgency C,\nAgency A,other@example.org\nAgency D,\nagency b,b@example.org\n";
    let error = registry.import_recipients(bad, &now()).unwrap_err();
    let RegistryError::Csv(CsvError { problems, more: 0 }) = error else { panic!("{error}") };
    assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 5]);
    assert_eq!(registry.recipients().unwrap().len(), 2, "nothing of a bad list is kept");
}

#[test]
fn an_item_is_kept_sealed_and_comes_back_whole() {
    let (folder, mut registry) = registry();
    let item = item_state();
    let id = registry.put_item(&item, &random(), &now()).unwrap();
    assert_eq!(id, item_id(&item.original, &item.plan_toml));
    assert_eq!((id.len(), id.to_lowercase()), (32, id.to_string()));
    assert_eq!(registry.item(&id).unwrap(), item);
    let [summary] = registry.items().unwrap().try_into().unwrap();
    assert_eq!((summary.sites, summary.issued, summary.pending), (2, 0, 0));
    assert_eq!((summary.title.as_str(), summary.format.as_str()), ("Harbour brief", "markdown"));
    assert_eq!(registry.items_by_prefix(&id[..6], 2).unwrap().len(), 1);
    assert!(matches!(registry.item("0"), Err(RegistryError::NoItem { .. })));
    drop(registry);

    let at = folder.path().join("r").join(DATABASE);
    let bytes = fs::read(&at).unwrap();
    for secret in [item.original.as_slice(), b"north basin", b"arrived at"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
    // A sealed state that was moved to another item's row, or changed, does not open.
    let connection = rusqlite::Connection::open(&at).unwrap();
    connection.execute("UPDATE item SET id = ?1", ["0".repeat(32)]).unwrap();
    let mut registry = Registry::open(&folder.path().join("r")).unwrap();
    assert!(matches!(registry.item(&"0".repeat(32)), Err(RegistryError::Sealed)));
    registry.unlock_secret(None).unwrap();
    assert!(matches!(registry.item(&"0".repeat(32)), Err(RegistryError::Damaged { .. })));
}

#[test]
fn a_codebook_is_fixed_once_copies_exist() {
    let (_folder, mut registry) = registry();
    let item = item_state();
    let id = registry.put_item(&item, &random(), &now()).unwrap();
    let other = ItemState { coalition: 4, ..item.clone() };
    assert_eq!(registry.put_item(&other, &random(), &now()).unwrap(), id);
    assert_eq!(registry.item(&id).unwrap().coalition, 4, "replaced while there are no copies");
    registry.add_recipient(&NewRecipient::named("A"), &now()).unwrap();
    registry.reserve_copies(&id, &["a"]).unwrap();
    assert!(matches!(registry.put_item(&item, &random(), &now()), Err(RegistryError::ItemConflict { .. })));
    assert_eq!(registry.put_item(&other, &random(), &now()).unwrap(), id, "the same again is no conflict");
    let other_plan = ItemState { plan_toml: "# other\n".to_owned(), ..item };
    assert_ne!(registry.put_item(&other_plan, &random(), &now()).unwrap(), id);
}

#[test]
fn copies_are_reserved_finished_and_resumed() {
    let (folder, mut registry) = registry();
    let id = registry.put_item(&item_state(), &random(), &now()).unwrap();
    for name in ["A", "B", "C"] {
        registry.add_recipient(&NewRecipient::named(name), &now()).unwrap();
    }
    let numbers = |rows: &[CopyRow]| rows.iter().map(|row| row.copy.0).collect::<Vec<_>>();
    let rows = registry.reserve_copies(&id, &["b", "a", "b"]).unwrap();
    assert_eq!(numbers(&rows), [1, 2, 1], "in the order given; one copy per recipient");
    assert!(rows.iter().all(|row| row.state == CopyState::Pending));
    registry.finish_copy(&id, CopyNumber(1), &issued(b"copy of b")).unwrap();

    // As after an interrupt: opened again, asked for the same and for more.
    let mut registry = Registry::open(&folder.path().join("r")).unwrap();
    let rows = registry.reserve_copies(&id, &["a", "b", "c"]).unwrap();
    assert_eq!(numbers(&rows), [2, 1, 3]);
    assert_eq!(rows[1].state, CopyState::Issued(issued(b"copy of b")));
    registry.finish_copy(&id, CopyNumber(1), &issued(b"copy of b")).unwrap();
    assert!(matches!(
        registry.finish_copy(&id, CopyNumber(1), &issued(b"other bytes")),
        Err(RegistryError::CopyConflict { copy: 1, .. })
    ));
    assert!(matches!(
        registry.finish_copy(&id, CopyNumber(9), &issued(b"x")),
        Err(RegistryError::NoCopy { copy: 9, .. })
    ));
    assert!(matches!(
        registry.finish_copy(&id, CopyNumber(u64::MAX), &issued(b"x")),
        Err(RegistryError::NoCopy { .. })
    ));
    let error = registry.reserve_copies(&id, &["a", "nobody"]).unwrap_err();
    assert!(matches!(error, RegistryError::NoRecipient { .. }));
    assert!(matches!(registry.reserve_copies("0", &["a"]), Err(RegistryError::NoItem { .. })));
    assert_eq!(numbers(&registry.copies(&id).unwrap()), [1, 2, 3]);
    let [summary] = registry.items().unwrap().try_into().unwrap();
    assert_eq!((summary.issued, summary.pending), (1, 2));

    let (found, row) = registry.copy_by_digest(&Digest::of(b"copy of b")).unwrap().unwrap();
    assert_eq!((found, row.recipient.name.as_str()), (id, "B"));
    assert_eq!(registry.copy_by_digest(&Digest::of(b"other bytes")).unwrap(), None);
}

#[test]
fn many_copies_are_finished_together_or_not_at_all() {
    let (_folder, mut registry) = registry();
    let id = registry.put_item(&item_state(), &random(), &now()).unwrap();
    for name in ["A", "B"] {
        registry.add_recipient(&NewRecipient::named(name), &now()).unwrap();
    }
    registry.reserve_copies(&id, &["a", "b"]).unwrap();
    let copies = [(CopyNumber(1), issued(b"one")), (CopyNumber(3), issued(b"three"))];
    assert!(matches!(registry.finish_copies(&id, &copies), Err(RegistryError::NoCopy { copy: 3, .. })));
    assert!(registry.copies(&id).unwrap().iter().all(|row| row.state == CopyState::Pending));
    let copies = [(CopyNumber(1), issued(b"one")), (CopyNumber(2), issued(b"two"))];
    registry.finish_copies(&id, &copies).unwrap();
    assert!(registry.copies(&id).unwrap().iter().all(|row| row.state != CopyState::Pending));
}

/// A refused reservation of many takes no number.
#[test]
fn a_refused_reservation_leaves_nothing() {
    let (_folder, mut registry) = registry();
    let id = registry.put_item(&item_state(), &random(), &now()).unwrap();
    registry.add_recipient(&NewRecipient::named("A"), &now()).unwrap();
    assert!(registry.reserve_copies(&id, &["a", "nobody"]).is_err());
    assert_eq!(registry.copies(&id).unwrap(), []);
}

/// The database itself refuses to forget or rewrite who got what.
#[test]
fn issued_copies_cannot_be_changed_even_by_sql() {
    let (folder, mut registry) = registry();
    let id = registry.put_item(&item_state(), &random(), &now()).unwrap();
    registry.add_recipient(&NewRecipient::named("A"), &now()).unwrap();
    registry.add_recipient(&NewRecipient::named("B"), &now()).unwrap();
    registry.reserve_copies(&id, &["a"]).unwrap();
    registry.finish_copy(&id, CopyNumber(1), &issued(b"x")).unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("r").join(DATABASE)).unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    for sql in [
        "DELETE FROM copy",
        "DELETE FROM recipient",
        "DELETE FROM item",
        "UPDATE copy SET recipient = 2",
        "UPDATE copy SET sha256 = 'x'",
        "INSERT INTO copy (item, number, recipient) VALUES (1, 1, 2)",
        "INSERT INTO copy (item, number, recipient) VALUES (1, 2, 1)",
        "INSERT INTO copy (item, number, recipient) VALUES (1, 0, 2)",
        "INSERT INTO copy (item, number, recipient) VALUES (9, 1, 2)",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn the_index_finds_items_by_shared_shingles() {
    let (_folder, mut registry) = registry();
    let one = registry.put_item(&item_state(), &random(), &now()).unwrap();
    let second = ItemState { plan_toml: String::new(), ..item_state() };
    let two = registry.put_item(&second, &random(), &now()).unwrap();
    registry.put_shingles(&one, &[1, 2, 3, u64::MAX, 2]).unwrap();
    registry.put_shingles(&one, &[3]).unwrap();
    registry.put_shingles(&two, &[3, u64::MAX]).unwrap();
    let sharing = |hashes: &[u64], limit| registry.items_sharing(hashes, limit).unwrap();
    assert_eq!(sharing(&[1, 1, 3, u64::MAX, 9], 5), [(one.clone(), 3), (two.clone(), 2)]);
    assert_eq!(sharing(&[3], 1), [(one, 1)], "of equals the older first");
    assert_eq!(sharing(&[3], 2).len(), 2);
    assert_eq!(sharing(&[9], 5), []);
    assert_eq!(sharing(&[], 5), []);
}

#[test]
fn two_processes_take_turns() {
    let (folder, registry) = registry();
    drop(registry);
    let at = folder.path().join("r");
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            let at = at.clone();
            std::thread::spawn(move || {
                let mut registry = Registry::open(&at).unwrap();
                for n in 0..5 {
                    let name = NewRecipient::named(&format!("Agency {thread}-{n}"));
                    registry.add_recipient(&name, &NOW.parse().unwrap()).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let recipients = Registry::open(&at).unwrap().recipients().unwrap();
    assert_eq!(recipients.len(), 20);
}

#[test]
fn a_lock_that_is_held_is_called_that() {
    let (folder, mut registry) = registry();
    registry.connection.busy_timeout(std::time::Duration::from_millis(10)).unwrap();
    let other = rusqlite::Connection::open(folder.path().join("r").join(DATABASE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = registry.add_recipient(&NewRecipient::named("A"), &now()).unwrap_err();
    assert!(matches!(error, RegistryError::Busy), "{error}");
    assert!(registry.recipients().is_ok(), "reading does not wait for a writer");
}

#[test]
fn item_keys_and_commitments_belong_to_the_item_and_the_secret() {
    let (_folder, registry) = registry();
    let (_other_folder, other) = self::registry();
    let commitment = |registry: &Registry, item: &str| registry.key_commitment(item).unwrap();
    assert_eq!(commitment(&registry, "a"), commitment(&registry, "a"));
    assert_ne!(commitment(&registry, "a"), commitment(&registry, "b"));
    assert_ne!(commitment(&registry, "a"), commitment(&other, "a"));
    assert!(registry.item_key("a").is_ok());
}

#[test]
fn what_cannot_be_written_is_read_with_its_log_and_not_changed() {
    let (folder, mut registry) = registry();
    let at = folder.path().join("r");
    registry.add_recipient(&NewRecipient::named("Agency A"), &now()).unwrap();
    // The connection stays open, so that what was added stands in the log alone.
    let log = fs::metadata(at.join("registry.db-wal")).unwrap().len();
    assert!(log > 0);
    let before = names(&at);
    let schema::Opened { connection, meta, copy } = schema::open_copy(&at.join(DATABASE)).unwrap();
    assert_eq!((names(&at), meta.issuer), (before, registry.issuer_id()));
    let place = copy.as_ref().unwrap().path().to_owned();
    assert!(place.is_dir());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let mut reading = Registry {
        folder: at,
        connection,
        copy,
        issuer: *registry.issuer_public(),
        secret_check: meta.secret_check,
        secret: None,
    };
    assert!(reading.is_read_only() && !registry.is_read_only());
    let held: Vec<String> = reading.recipients().unwrap().into_iter().map(|held| held.name).collect();
    assert_eq!(held, ["Agency A"]);
    let refused = reading.add_recipient(&NewRecipient::named("Agency B"), &now());
    assert!(matches!(refused, Err(RegistryError::ReadOnly)), "{refused:?}");
    assert_eq!((reading.recipients().unwrap().len(), registry.recipients().unwrap().len()), (1, 1));
    drop(reading);
    assert!(!place.exists(), "the copy goes with the registry");
}

/// Whoever may do everything, as root may, opens it as always.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_can_be_opened() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, mut registry) = registry();
    let at = folder.path().join("r");
    registry.add_recipient(&NewRecipient::named("Agency A"), &now()).unwrap();
    drop(registry);
    let mode = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&at.join(DATABASE), 0o400);
    mode(&at, 0o500);
    let bites = fs::write(at.join("x"), "").is_err();
    let opened = Registry::open(&at);
    let held = opened.as_ref().map(|opened| opened.recipients().unwrap().len());
    let read_only = opened.as_ref().is_ok_and(Registry::is_read_only);
    mode(&at, 0o700);
    assert_eq!((held.unwrap(), read_only), (1, bites));
}

#[test]
fn a_key_is_one_recipients() {
    let (_folder, mut registry) = registry();
    let key = SecretKey::generate(&random()).unwrap().public();
    let new = |name: &str| NewRecipient { key: Some(key), ..NewRecipient::named(name) };
    registry.add_recipient(&new("Agency A"), &now()).unwrap();
    let refused = registry.add_recipient(&new("Agency B"), &now()).unwrap_err();
    let RegistryError::Recipient(RecipientError::KeyTaken { key: id, holder }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((id, holder.as_str()), (key.id(), "Agency A"));
    registry.add_recipient(&NewRecipient::named("Agency B"), &now()).unwrap();
    assert_eq!(registry.recipients().unwrap().len(), 2);
}
