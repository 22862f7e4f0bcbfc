//! One decision per document and kind: "10" or "ten", "per cent" or "%", Oxford comma or none, "Mr" or "Mr.".
//!
//! A kind is one site with all its places, so a copy never mixes styles, and any place that leaks reads it. A kind is
//! offered only where the item itself is consistent, where both forms are right in its variety of English, and where
//! every occurrence in its own prose can be written; what stands in a quotation keeps its form and makes the kind one
//! that a person should see first.

mod contraction;
mod doublet;
mod glyph;
mod mark;
mod number;

use std::borrow::Cow;
use std::ops::Range;

use super::{Channel, Desk, Place, Reading, Seen, Site, Tier, equal_weights, reading};
use crate::language::{Analysis, Token};

pub(super) fn find(analysis: &Analysis<'_>) -> Vec<Site> {
    let text = Text { analysis };
    let mut sites: Vec<Site> = Vec::new();
    sites.extend(glyph::find(&text));
    sites.extend(mark::find(&text));
    sites.extend(number::find(&text));
    sites.extend(doublet::find(&text));
    sites.extend(contraction::find(&text));
    // Glyph kinds come last: where their many places overlap another kind's, the kind that survives retyping has
    // the first claim.
    sites.sort_by_key(|site| (site.is_typographic(), site.places.first().map(|place| place.range.start)));
    sites
}

pub(super) fn read(sites: &[Site], seen: &[Seen<'_>]) -> Vec<Reading> {
    reading::read(sites, seen)
}

/// The item as the kinds look at it.
struct Text<'t> {
    analysis: &'t Analysis<'t>,
}

impl<'t> Text<'t> {
    fn tokens(&self) -> &'t [Token] {
        &self.analysis.tokens
    }

    /// The characters of a range.
    fn slice(&self, range: Range<usize>) -> &'t str {
        self.analysis.document.text().get(range).unwrap_or("")
    }

    /// A token as it is written.
    fn raw(&self, token: usize) -> &'t str {
        self.analysis.tokens.get(token).map_or("", |token| self.slice(token.range.clone()))
    }

    /// A token in lower case; empty outside the text.
    fn lower(&self, token: usize) -> &'t str {
        self.analysis.tokens.get(token).map_or("", |token| token.lower.as_str())
    }

    /// The token before, in lower case; empty at the start.
    fn before(&self, token: usize) -> &'t str {
        token.checked_sub(1).map_or("", |at| self.lower(at))
    }

    /// Whether a token follows the one before it without white space.
    fn is_glued(&self, token: usize) -> bool {
        self.analysis.tokens.get(token).is_some_and(|token| !token.spaced)
    }

    /// Whether a token is the first word of its sentence.
    fn starts_sentence(&self, token: usize) -> bool {
        let Some(sentence) = self.analysis.sentence_of(token) else { return true };
        let range = self.analysis.sentences[sentence].clone();
        (range.start..token).all(|at| self.tokens()[at].kind == crate::language::TokenKind::Mark)
    }

    /// The bytes from one token to another, both included.
    fn span(&self, first: usize, last: usize) -> Range<usize> {
        self.tokens()[first].range.start..self.tokens()[last].range.end
    }

    /// Where an occurrence of a kind stands.
    fn standing(&self, range: &Range<usize>) -> Standing {
        if self.analysis.is_fixed(range) {
            Standing::Foreign
        } else if self.analysis.is_protected(range) {
            Standing::Hidden
        } else if self.analysis.is_editable(range) {
            Standing::Free
        } else {
            Standing::Blocked
        }
    }

    /// Whether the item's encoding has these characters.
    fn can_write(&self, form: &str) -> bool {
        form.is_ascii()
            || !matches!(self.analysis.document.encoding().charset, crate::item::Charset::Legacy(_))
    }
}

/// Where an occurrence of a kind stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In the item's own prose, and it can be replaced.
    Free,
    /// In the item's own prose, and it cannot be replaced.
    Blocked,
    /// In a quotation, a name or a heading.
    Hidden,
    /// In code or an address, where nobody looks for style.
    Foreign,
}

/// The occurrences of one kind while they are collected.
struct Kind<'k> {
    class: &'k str,
    tier: Tier,
    labels: Vec<String>,
    desk: Option<Desk>,
    /// The form every occurrence so far has; none before the first.
    original: Option<u8>,
    places: Vec<Place>,
    /// Whether both forms occur, or one that cannot be written.
    refused: bool,
    /// Whether an occurrence stands where it must keep its form.
    hidden: bool,
}

impl<'k> Kind<'k> {
    fn new(class: &'k str, tier: Tier, labels: &[&str]) -> Self {
        Self {
            class,
            tier,
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            desk: None,
            original: None,
            places: Vec::new(),
            refused: false,
            hidden: false,
        }
    }

    fn desk(mut self, canonical: u8, strength: f64) -> Self {
        self.desk = Some(Desk { canonical, strength });
        self
    }

    /// Adds an occurrence that has form `form`; `forms` is what would stand there for every variant.
    fn add(&mut self, text: &Text<'_>, form: u8, range: Range<usize>, forms: Vec<String>) {
        match text.standing(&range) {
            Standing::Foreign => return,
            Standing::Hidden => {
                self.hidden = true;
                return;
            }
            Standing::Blocked => self.refused = true,
            Standing::Free => {}
        }
        let reproduces = forms.get(usize::from(form)).is_some_and(|own| own == text.slice(range.clone()));
        let consistent = *self.original.get_or_insert(form) == form;
        let writable = forms.iter().all(|form| text.can_write(form));
        self.refused |= !reproduces || !consistent || !writable;
        self.places.push(Place { range, forms });
    }

    /// The site, if there are at least `least` places and nothing speaks against the kind.
    fn site(mut self, least: usize) -> Option<Site> {
        let original = self.original?;
        if self.refused || self.places.len() < least {
            return None;
        }
        if self.hidden {
            self.tier = self.tier.max(Tier::Normal);
        }
        self.places.sort_by_key(|place| place.range.start);
        if self.places.windows(2).any(|pair| pair[0].range.end > pair[1].range.start) {
            return None;
        }
        let weights = equal_weights(self.labels.len());
        Some(Site {
            channel: Channel::Style,
            class: Cow::Owned(self.class.to_owned()),
            tier: self.tier,
            labels: self.labels,
            weights,
            original,
            places: self.places,
            desk: self.desk,
            fact: false,
        })
    }
}

/// `form` with the capitals of `raw`: a capital first letter, or capitals throughout.
fn cased(raw: &str, form: &str) -> String {
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
    let first = letters.next().is_some_and(char::is_uppercase);
    let mut rest = letters.peekable();
    if first && rest.peek().is_some() && rest.all(char::is_uppercase) {
        return form.to_uppercase();
    }
    let mut chars = form.chars();
    match chars.next() {
        Some(c) if first => c.to_uppercase().chain(chars).collect(),
        _ => form.to_owned(),
    }
}

#[cfg(test)]
mod tests;
