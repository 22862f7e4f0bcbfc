//! What a person or a script reads: terminal pages, JSON objects, one HTML page.
//!
//! Reports format what the library found; they never compute a score, a bound or a verdict. Everything that came
//! from outside (names, file names, leaked text) goes through [`escape()`] on its way to a screen.

pub mod about;
pub mod capacity;
pub mod checked;
pub mod demo;
pub mod escape;
pub mod facts;
pub mod html;
pub mod issue;
pub mod json;
pub mod paint;
pub mod plan;
pub mod review;
pub mod roster;
pub mod terminal;
pub mod words;

#[cfg(test)]
mod sample;

use std::collections::BTreeMap;

pub use escape::escape;
pub use paint::Style;

use crate::codebook::CopyNumber;
use crate::tracer::{FragmentTally, SeenAs, SiteEvidence, Trace};

/// A trace and the names of those who received the copies it mentions.
///
/// A trace knows copies only by number; whoever holds the registry adds the names here.
#[derive(Clone, Copy, Debug)]
pub struct TraceView<'t> {
    /// What was found.
    pub trace: &'t Trace,
    /// Who received which copy; a copy that is missing is shown without a name.
    pub recipients: &'t BTreeMap<CopyNumber, String>,
}

impl<'t> TraceView<'t> {
    /// Who received the copy, as the registry has it (not escaped); a question mark where nobody is recorded.
    pub fn recipient(&self, copy: CopyNumber) -> &'t str {
        self.recipients.get(&copy).map_or("?", String::as_str)
    }
}

/// What a page says first where every site was read as a fact and no passage of the item is quoted.
const RETOLD: &str = "Nothing of the item is quoted: its facts were read in other words.";

/// What a page says where such a text seems to come from the original.
const RETOLD_ORIGINAL: &str = "A writer who knew the facts from elsewhere would write the same.";

/// Whether all evidence is of facts read in other words.
fn is_retold(trace: &Trace) -> bool {
    !trace.sites.is_empty()
        && trace.sites.iter().all(|site| site.seen_as == SeenAs::Fact)
        && trace.fragments.iter().all(|fragment| fragment.spans.is_empty())
}

/// How a fragment was read; nothing for plain text, of which there is nothing to say.
fn reading(fragment: &FragmentTally) -> Option<String> {
    let sure = fragment.confidence.map(|confidence| format!(", confidence {confidence:.0} of 100"));
    let method = &fragment.method;
    let how = match fragment.kind {
        "text" if method == "text" => return None,
        kind if method.starts_with(kind) => format!("read as {method}"),
        kind => format!("{kind}, read by {method}"),
    };
    Some(how + &sure.unwrap_or_default())
}

/// A site's channel and class, once where they are called the same; and whether it was read as a fact.
fn kind(site: &SiteEvidence) -> String {
    let channel = site.channel.name();
    let kind = if site.class == channel { channel.to_owned() } else { format!("{channel}, {}", site.class) };
    match site.seen_as {
        SeenAs::Text => kind,
        // "authored, fact" says less than how it was read, and a line holds one of them.
        SeenAs::Fact => "read as a fact, in other words".to_owned(),
    }
}
