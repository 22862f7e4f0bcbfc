//! What the paragraph and character styles of a document say of the text: headings, quotations, lists, code, hidden.

use std::collections::BTreeMap;

use super::xml::{Scanner, Tag, Token};
use crate::item::ReadError;

/// The longest chain of styles that are based on each other.
const CHAIN_MAX: usize = 20;

/// The styles of a document, by their id.
#[derive(Debug, Default)]
pub(super) struct Styles(BTreeMap<String, Style>);

#[derive(Debug, Default)]
struct Style {
    base: Option<String>,
    look: Look,
}

/// What a style says; none where it leaves it to its base.
#[expect(clippy::struct_excessive_bools, reason = "each holds by itself")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// The level of an outline, from 0; 9 and more is body text.
    pub(super) outline: Option<u8>,
    pub(super) hidden: Option<bool>,
    pub(super) list: Option<bool>,
    /// By its name.
    pub(super) heading: bool,
    pub(super) quote: bool,
    pub(super) code: bool,
    pub(super) contents: bool,
}

impl Look {
    /// What the name of a built-in or usual style says, in any case and with any separators.
    fn of_name(name: &str) -> Self {
        // `LibreOffice` writes a space in an id as "_20_".
        let name = name.replace("_20_", " ").replace(['_', '-'], " ").to_lowercase();
        let name = name.trim();
        let numbered = |prefix: &str| {
            name.strip_prefix(prefix).is_some_and(|rest| {
                let rest = rest.trim();
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let code = ["source code", "sourcecode", "source text", "verbatim", "preformatted", "macro text"];
        Self {
            heading: numbered("heading") || matches!(name, "title" | "subtitle" | "heading" | "toc heading"),
            quote: matches!(
                name,
                "quote" | "intense quote" | "block text" | "block quote" | "block quotation" | "quotations"
            ),
            code: code.iter().any(|word| name.contains(word))
                || name.split(' ').any(|word| matches!(word, "code" | "codeblock" | "listing")),
            contents: numbered("toc") || numbered("contents"),
            list: name.starts_with("list ").then_some(true),
            ..Self::default()
        }
    }

    /// What is left open by `self` as `base` says it.
    fn over(self, base: Self) -> Self {
        Self {
            outline: self.outline.or(base.outline),
            hidden: self.hidden.or(base.hidden),
            list: self.list.or(base.list),
            heading: self.heading || base.heading,
            quote: self.quote || base.quote,
            code: self.code || base.code,
            contents: self.contents || base.contents,
        }
    }
}

impl Styles {
    /// What a style says, with all that it is based on.
    pub(super) fn look(&self, id: &str) -> Look {
        let mut look = Look::default();
        let mut next = Some(id);
        for _ in 0..CHAIN_MAX {
            let Some(style) = next.and_then(|id| self.0.get(id)) else { break };
            look = look.over(style.look);
            next = style.base.as_deref();
        }
        look
    }

    /// Reads the styles of a Word document.
    pub(super) fn read_word(&mut self, part: &str, text: &str) -> Result<(), ReadError> {
        let mut scanner = Scanner::new(part, text, 0..text.len());
        let mut open: Option<(String, Style)> = None;
        let mut depth = 0_usize;
        while let Some(token) = scanner.next()? {
            match token {
                Token::Open(tag) => {
                    depth += 1;
                    let value = |scanner: &Scanner<'_>| scanner.attr(&tag, "w", "val");
                    match (tag.name(), &mut open) {
                        (("w", "style"), _) => {
                            let id = scanner.attr(&tag, "w", "styleId").unwrap_or_default();
                            open = Some((id, Style::default()));
                            depth = 0;
                        }
                        (("w", "name"), Some((_, style))) => {
                            style.look = style.look.over(Look::of_name(&value(&scanner).unwrap_or_default()));
                        }
                        (("w", "basedOn"), Some((_, style))) => style.base = value(&scanner),
                        (("w", "outlineLvl"), Some((_, style))) => {
                            style.look.outline = value(&scanner).and_then(|level| level.parse().ok());
                        }
                        (("w", "vanish"), Some((_, style))) => {
                            style.look.hidden = Some(is_on(value(&scanner)));
                        }
                        (("w", "numPr"), Some((_, style))) => style.look.list = Some(true),
                        _ => {}
                    }
                }
                Token::Close(_) if depth == 0 => {
                    if let Some((id, style)) = open.take() {
                        self.0.insert(id, style);
                    }
                }
                Token::Close(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds a style of an `OpenDocument` file, whose tag was just read.
    pub(super) fn add_odf(&mut self, scanner: &Scanner<'_>, tag: &Tag<'_>) -> Option<String> {
        let id = scanner.attr(tag, "style", "name")?;
        let shown = scanner.attr(tag, "style", "display-name");
        let mut look = Look::of_name(shown.as_deref().unwrap_or(&id));
        look.outline = scanner
            .attr(tag, "style", "default-outline-level")
            .and_then(|level| level.parse::<u8>().ok()?.checked_sub(1));
        let base = scanner.attr(tag, "style", "parent-style-name");
        self.0.insert(id.clone(), Style { base, look });
        Some(id)
    }

    /// Notes that a style hides its text.
    pub(super) fn hide(&mut self, id: &str) {
        if let Some(style) = self.0.get_mut(id) {
            style.look.hidden = Some(true);
        }
    }
}

/// A switch of Word's: on unless it says off.
pub(super) fn is_on(value: Option<String>) -> bool {
    !value.is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_text_is() {
        assert!(Look::of_name("heading 2").heading && Look::of_name("Heading_20_1").heading);
        assert!(!Look::of_name("Headings and more").heading && !Look::of_name("heading").quote);
        assert!(Look::of_name("Source Code").code && Look::of_name("Preformatted_20_Text").code);
        assert!(!Look::of_name("Barcode").code && Look::of_name("Verbatim Char").code);
        assert!(Look::of_name("toc 3").contents && Look::of_name("Intense Quote").quote);
    }
}
