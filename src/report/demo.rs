//! The view of `demo` for scripts: five leaks, and whether each trace found what had happened.

use serde::Serialize;

/// The story in figures.
#[derive(Clone, Debug)]
pub struct Story {
    /// Where everything lies.
    pub folder: String,
    /// How many copies were issued.
    pub copies: usize,
    /// How many mark sites the item has.
    pub sites: usize,
    /// The leaks in the order of the story.
    pub leaks: Vec<Leak>,
    /// Whether every copy is valid and the forgery is not.
    pub signatures_hold: bool,
}

/// One leak and its trace.
#[derive(Clone, Debug, Serialize)]
pub struct Leak {
    /// What leaked, as a path inside the folder.
    pub leak: String,
    /// The page about it, as a path inside the folder.
    pub report: String,
    /// The verdict.
    pub verdict: &'static str,
    /// Who received the copies that were named.
    pub named: Vec<String>,
    /// Who received the copies that the leak was made of.
    pub meant: Vec<String>,
    /// Whether the two agree.
    pub as_expected: bool,
}

/// `dyetrace/demo/1`.
#[derive(Debug, Serialize)]
pub struct Object<'s> {
    schema: &'static str,
    folder: &'s str,
    copies: usize,
    sites: usize,
    leaks: &'s [Leak],
    signatures_hold: bool,
}

impl Story {
    /// The object that `dyetrace demo --json` prints.
    pub fn object(&self) -> Object<'_> {
        Object {
            schema: "dyetrace/demo/1",
            folder: &self.folder,
            copies: self.copies,
            sites: self.sites,
            leaks: &self.leaks,
            signatures_hold: self.signatures_hold,
        }
    }
}
