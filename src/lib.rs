//! dyetrace puts a different dye into every recipient's copy of a shared item and names the copy a leaked fragment
//! came from, with a proven bound on naming the wrong one.

pub mod files;
pub mod item;
pub mod language;
pub mod channel;
pub mod plan;
pub mod codebook;
pub mod issue;
pub mod leak;
pub mod trace;
pub mod score;
pub mod verdict;
pub mod tracer;
pub mod trust;
pub mod registry;
pub mod outbox;
pub mod inquiry;
pub mod report;
pub mod rehearse;
