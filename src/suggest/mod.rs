//! Further wordings of whole sentences, asked of a language model and checked by rule.
//!
//! What is here is pure: which sentences to ask about ([`choose`]), what to send ([`request`]), what came back
//! ([`answer`]) and what of it may enter a plan ([`Checker`]). Whoever calls it carries the bytes. A model's answer is
//! from outside like any leak: all that can come of it is a site that is off, of the very sentence that was asked
//! about, whose variants passed every check; a person switches it on.

pub mod answer;
mod candidate;
mod check;
mod choose;
mod facts;
mod reason;
pub mod request;
mod words;

use std::borrow::Cow;

pub use candidate::tidy;
pub use check::{Checker, Sifted};
pub use choose::{Target, choose};
pub use reason::Reason;

use crate::channel::{Channel, Place, Site, Tier, equal_weights};
use crate::item::Document;
use crate::plan::Entry;

/// The most sentences that are asked about in one run.
pub const SENTENCES_MAX: usize = 1_000;

/// How many wordings of a sentence are asked for.
pub const WORDINGS_ASKED: usize = 6;

/// The most wordings of a sentence that are kept, besides its own: three bits with it.
pub const WORDINGS_KEPT: usize = 7;

/// The class of the sites that suggestions become.
pub const CLASS: &str = "sentence";

/// The plan's entry for the wordings of a sentence that passed: off, until a person accepts it.
pub fn entry(document: &Document, target: &Target, wordings: Vec<String>, source: String) -> Entry {
    let mut forms = vec![document.text()[target.range.clone()].to_owned()];
    forms.extend(wordings);
    let site = Site {
        channel: Channel::Authored,
        class: Cow::Borrowed(CLASS),
        tier: Tier::Bold,
        labels: forms.clone(),
        weights: equal_weights(forms.len()),
        original: 0,
        places: vec![Place { range: target.range.clone(), forms }],
        desk: None,
        fact: false,
    };
    Entry { site, on: false, source: Some(source) }
}
