//! Issuing through the registry: resumable, reproducible, and never over a file that is not ours.

#![allow(clippy::unwrap_used, reason = "a failed step of a test should stop it")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use dyetrace::channel::{Channel, Site, Tier, equal_weights};
use dyetrace::inquiry;
use dyetrace::issue::IssueError;
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::outbox::{self, Delivered, Order, OutboxError, RECORD_SUFFIX, Registered, World};
use dyetrace::registry::{ItemState, NewRecipient, Registry};
use dyetrace::trust::{Policy, Terms, Timestamp, verify_issue};
use dyetrace::verdict::{Alpha, Verdict};
use ring::rand::SystemRandom;
use tempfile::TempDir;

/// A text of `n` sentences with one binary site each.
fn text_and_sites(n: usize) -> (String, Vec<Site>) {
    let names = ["harbour", "railway", "market", "school", "library", "theatre", "station", "museum"];
    let mut text = String::new();
    let mut sites = Vec::new();
    for i in 0..n {
        let sentence =
            format!("Inspector {} found the {} number {} quite ", i * 7 + 3, names[i % 8], i * 13 + 5);
        text.push_str(&sentence);
        let start = text.len();
        text.push_str("empty");
        sites.push(Site {
            channel: Channel::Authored,
            class: "authored".into(),
            tier: Tier::Strict,
            labels: vec!["empty".into(), "deserted".into()],
            weights: equal_weights(2),
            original: 0,
            places: vec![dyetrace::channel::Place {
                range: start..text.len(),
                forms: vec!["empty".into(), "deserted".into()],
            }],
            desk: None,
            fact: false,
        });
        text.push_str(". ");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    (text, sites)
}

struct House {
    folder: TempDir,
    registry: Registry,
    now: Timestamp,
    random: SystemRandom,
}

impl House {
    fn new(recipients: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let random = SystemRandom::new();
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let mut registry = Registry::init(&folder.path().join("r"), None, &random, now.as_str()).unwrap();
        for i in 1..=recipients {
            registry.add_recipient(&NewRecipient::named(&format!("Agency {i}")), &now).unwrap();
        }
        registry.unlock_secret(None).unwrap();
        Self { folder, registry, now, random }
    }

    fn item(&self, sites: usize) -> Registered {
        self.item_under(sites, "plan")
    }

    fn item_under(&self, sites: usize, plan: &str) -> Registered {
        let (text, sites) = text_and_sites(sites);
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let state = ItemState {
            original: text.into_bytes(),
            format: Format::Text,
            title: "Inspection".into(),
            file_name: "inspection.txt".into(),
            plan_toml: plan.into(),
            sites,
            coalition: 1,
        };
        outbox::prepare(&self.registry, state, document).unwrap()
    }

    fn outbox(&self) -> std::path::PathBuf {
        self.folder.path().join("outbox")
    }

    fn issue(&mut self, item: &Registered, stop_after: usize) -> Result<Vec<Delivered>, OutboxError> {
        let folder = self.outbox();
        self.order(item, &folder, stop_after)
    }

    fn issue_into(&mut self, item: &Registered, folder: &str) -> Result<Vec<Delivered>, OutboxError> {
        let folder = self.folder.path().join(folder);
        self.order(item, &folder, usize::MAX)
    }

    fn order(
        &mut self,
        item: &Registered,
        folder: &Path,
        stop_after: usize,
    ) -> Result<Vec<Delivered>, OutboxError> {
        let signer = self.registry.issuer(None).unwrap();
        let recipients = self.registry.recipients().unwrap();
        let terms = Terms::default();
        let order = Order { recipients: &recipients, folder, terms: &terms, tool: "test" };
        let world = World { now: &self.now, random: &self.random };
        outbox::issue(&mut self.registry, &signer, item, &order, world, |done, _| {
            if done >= stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }
}

fn listing(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn an_interrupted_run_is_finished_by_the_next_and_changes_nothing_that_was_written() {
    let mut house = House::new(5);
    let item = house.item(30);
    let stopped = house.issue(&item, 2);
    assert!(matches!(stopped, Err(OutboxError::Interrupted { done: 2, total: 5 })), "{stopped:?}");
    let before = listing(&house.outbox());
    assert_eq!(before.len(), 4, "two copies, two records, no temporary files");

    let delivered = house.issue(&item, usize::MAX).unwrap();
    assert_eq!(delivered.iter().map(|one| one.before).collect::<Vec<_>>(), [true, true, false, false, false]);
    let after = listing(&house.outbox());
    assert_eq!(after.len(), 10);
    assert!(before.iter().all(|file| after.contains(file)));

    let key = house.registry.issuer_public();
    for one in &delivered {
        let (copy, record) = (fs::read(&one.path).unwrap(), fs::read(&one.record).unwrap());
        let verified = verify_issue(&record, &copy, key, Policy::default()).unwrap();
        assert_eq!(verified.get().issue.recipient.name, one.recipient.name);
    }
    // A third run writes nothing; a lost file comes back byte for byte.
    fs::remove_file(&delivered[3].path).unwrap();
    house.issue(&item, usize::MAX).unwrap();
    assert_eq!(listing(&house.outbox()), after);
}

#[test]
fn copies_whose_entries_were_lost_are_entered_again_as_they_lie() {
    let mut house = House::new(3);
    let item = house.item(30);
    // The registry as it was before, beside files that were written after: what a crash before the entries leaves.
    let (kept, lost) = (house.folder.path().join("kept"), house.folder.path().join("r"));
    fs::create_dir(&kept).unwrap();
    for (name, bytes) in listing(&lost) {
        fs::write(kept.join(name), bytes).unwrap();
    }
    house.issue(&item, usize::MAX).unwrap();
    let files = listing(&house.outbox());
    for entry in fs::read_dir(&lost).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, bytes) in listing(&kept) {
        fs::write(lost.join(name), bytes).unwrap();
    }
    #[cfg(unix)]
    for entry in fs::read_dir(&lost).unwrap() {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(0o600)).unwrap();
    }
    house.registry = Registry::open(&lost).unwrap();
    house.registry.unlock_secret(None).unwrap();
    let item = house.item(30);
    let again = house.issue(&item, usize::MAX).unwrap();
    assert!(again.iter().all(|one| !one.before), "the registry did not know them");
    assert_eq!(listing(&house.outbox()), files, "and yet nothing was written anew");
    assert!(house.issue(&item, usize::MAX).unwrap().iter().all(|one| one.before));
}

#[test]
fn a_file_in_the_way_is_never_replaced() {
    let mut house = House::new(2);
    let item = house.item(30);
    let first = house.issue(&item, usize::MAX).unwrap();
    fs::write(&first[0].path, b"something else").unwrap();
    assert!(matches!(house.issue(&item, usize::MAX), Err(OutboxError::Occupied { .. })));
    assert_eq!(fs::read(&first[0].path).unwrap(), b"something else");
}

#[test]
fn an_item_that_cannot_separate_its_recipients_is_refused_before_anything_is_written() {
    let mut house = House::new(9);
    let item = house.item(3);
    let refused = house.issue(&item, usize::MAX);
    assert!(
        matches!(refused, Err(OutboxError::Issue(IssueError::Duplicate { sites: 3, .. }))),
        "{refused:?}"
    );
    assert!(!house.outbox().exists());
    assert_eq!(house.registry.items().unwrap(), []);
}

#[test]
fn a_leak_is_traced_through_the_registry_and_a_stranger_is_not_ours() {
    let mut house = House::new(4);
    let item = house.item(60);
    let delivered = house.issue(&item, usize::MAX).unwrap();
    let alpha = Alpha::new(1e-3).unwrap();
    let leak = fs::read_to_string(&delivered[2].path).unwrap();
    let found = inquiry::run(&house.registry, &[Fragment::from_text("leak", leak)], None, alpha).unwrap();
    assert_eq!(
        found.trace.verdict,
        Verdict::Attributed,
        "{:?} {:?} {}",
        found.trace.fragments,
        found.trace.candidates.first().map(|c| (c.copy, c.wealth.bits(), c.sites_for(), c.sites_against())),
        found.trace.sites.len()
    );
    assert_eq!(found.trace.culprits[0].copy, delivered[2].copy);
    assert!(found.trace.culprits[0].bound <= 1e-3);
    assert_eq!(found.copies.len(), 4);

    let (original, _) = text_and_sites(60);
    let found = inquiry::run(&house.registry, &[Fragment::from_text("o", original)], None, alpha).unwrap();
    assert_eq!(found.trace.verdict, Verdict::Original);
    assert!(found.trace.culprits.is_empty());

    let stranger =
        "The orchestra played until midnight and nobody in the gallery wanted to leave before the end.";
    let found = inquiry::run(&house.registry, &[Fragment::from_text("s", stranger)], None, alpha).unwrap();
    assert_eq!(found.trace.verdict, Verdict::NotOurs);
    assert!(delivered[0].record.to_string_lossy().ends_with(RECORD_SUFFIX));
}

#[test]
fn one_text_under_many_plans_is_traced_to_the_plan_it_came_from() {
    let mut house = House::new(2);
    let mut last = Vec::new();
    for plan in 0..10 {
        let item = house.item_under(60, &format!("plan {plan}"));
        last = house.issue_into(&item, &format!("outbox-{plan}")).unwrap();
    }
    let leak = fs::read_to_string(&last[1].path).unwrap();
    let alpha = Alpha::new(1e-3).unwrap();
    let trace =
        inquiry::run(&house.registry, &[Fragment::from_text("leak", leak)], None, alpha).unwrap().trace;
    assert_eq!((trace.verdict, trace.culprits[0].copy), (Verdict::Attributed, last[1].copy));
    // Every plan's copies could have been named; what is said of the item's own copies counts those alone.
    assert_eq!((trace.copies, trace.issued, trace.fits), (20, 2, 1));
    assert!(trace.sites.iter().all(|site| site.held_by <= 2));
}

/// Half of a copy's sites turned back to what the original says: neither that copy nor chance explains the leak, and
/// the original does not either.
#[test]
fn a_copy_turned_back_in_part_is_not_called_the_original() {
    let mut house = House::new(4);
    let item = house.item(200);
    let delivered = house.issue(&item, usize::MAX).unwrap();
    let copy = fs::read_to_string(&delivered[0].path).unwrap();
    let kept = copy.matches("deserted").count() / 2;
    let mut parts = copy.split("deserted");
    let mut leak = parts.next().unwrap().to_owned();
    for (index, part) in parts.enumerate() {
        leak.push_str(if index % 2 == 0 && index / 2 < kept { "deserted" } else { "empty" });
        leak.push_str(part);
    }
    let alpha = Alpha::new(1e-3).unwrap();
    let trace =
        inquiry::run(&house.registry, &[Fragment::from_text("leak", leak)], None, alpha).unwrap().trace;
    assert_ne!(trace.verdict, Verdict::Original, "{:?}", trace.original);
    let others = trace.culprits.iter().filter(|one| one.copy != delivered[0].copy).count();
    assert_eq!(others, 0);
}
