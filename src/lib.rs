//! dyetrace puts a different dye into every recipient's copy of a shared item and names the copy a leaked fragment
//! came from, with a proven bound on naming the wrong one.
//!
//! The modules below stand in the order in which data flows through them; `docs/ARCHITECTURE.md` says which question
//! each answers, `docs/MATH.md` why the bound holds. The library never prints and never reads the clock, the
//! environment or randomness: the caller hands them in.
//!
//! # Issue
//!
//! An item's text, its sites and a secret make an [`issue::Edition`], from which any copy can be written.
//!
//! ```
//! use dyetrace::channel::authored;
//! use dyetrace::codebook::{CopyNumber, ItemKey};
//! use dyetrace::issue::Edition;
//! use dyetrace::item::{Document, Format};
//! use dyetrace::plan::{Options, Plan};
//!
//! let text = "Officers {{reached|arrived at}} the port {{shortly|soon}} after the crates had left it.\n";
//! let marked = authored::extract(&Document::read(Format::Text, text.as_bytes())?)?;
//! let plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
//! let edition = Edition::new(marked.document, plan.sites(), ItemKey::derive(&[7; 32], "brief"));
//! let copy = String::from_utf8(edition.write(CopyNumber(1))?)?;
//! assert!(copy.starts_with("Officers reached the port") || copy.starts_with("Officers arrived at the port"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Trace
//!
//! A fragment is compared with the item, never with a copy; [`tracer::trace`] then asks of every copy how well it
//! explains what was read.
//!
//! ```
//! # use dyetrace::channel::authored;
//! # use dyetrace::codebook::{CopyNumber, ItemKey};
//! # use dyetrace::issue::Edition;
//! # use dyetrace::item::{Document, Format};
//! # use dyetrace::plan::{Options, Plan};
//! use dyetrace::leak::Fragment;
//! use dyetrace::tracer::{self, Prepared};
//! use dyetrace::verdict::{Alpha, Verdict};
//!
//! # let text = "Officers {{reached|arrived at}} the port {{shortly|soon}} after the crates had left it.\n";
//! # let marked = authored::extract(&Document::read(Format::Text, text.as_bytes())?)?;
//! # let plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
//! # let edition = Edition::new(marked.document, plan.sites(), ItemKey::derive(&[7; 32], "brief"));
//! let copies = (1..=33).map(CopyNumber).collect();
//! let item = Prepared::new("brief", "Brief", edition, copies);
//! let leak = Fragment::from_text("-", "officers arrived at the port soon after the crates had left it");
//! let found = tracer::trace(&[item], &[leak], Alpha::new(1e-3)?);
//! // Two sites cannot single out one of 33 copies: nobody is named.
//! assert_eq!(found.verdict, Verdict::Inconclusive);
//! assert!(found.culprits.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Verify
//!
//! A copy and the record beside it are checked with the issuer's public key alone.
//!
//! ```no_run
//! use dyetrace::trust::{Policy, PublicKey, verify_issue};
//!
//! let key = PublicKey::from_pem(&std::fs::read_to_string("issuer.pub.pem")?)?;
//! let (copy, record) = (std::fs::read("brief.agency-q.md")?, std::fs::read("brief.agency-q.md.dsse.json")?);
//! let verified = verify_issue(&record, &copy, &key, Policy::default())?;
//! println!("copy {} was issued to {}", verified.get().issue.copy, verified.get().issue.recipient.name);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod item;
pub mod language;
pub mod channel;
pub mod plan;
pub mod review;
pub mod codebook;
pub mod issue;
pub mod leak;
pub mod suggest;
pub mod trace;
pub mod fact;
pub mod score;
pub mod verdict;
pub mod tracer;
pub mod files;
pub mod trust;
pub mod registry;
pub mod outbox;
pub mod inquiry;
pub mod report;
pub mod rehearse;
