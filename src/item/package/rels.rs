//! Content types and relationships (ECMA-376 part 2): how the parts of an Office package are found, whatever they are
//! called.

use std::collections::BTreeMap;

use super::xml::{Scanner, Token};
use super::zip::Archive;
use super::{decode, part};
use crate::item::ReadError;

/// The member with the content types.
pub(super) const TYPES: &str = "[Content_Types].xml";

/// The content types of the parts.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// By extension and by part name, both in lower case.
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
}

/// What a part points to.
#[derive(Clone, Debug)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last word of its type, such as `header`.
    pub(super) kind: String,
    /// The name of the part, or an address where it lies outside.
    pub(super) target: String,
    pub(super) external: bool,
}

impl Types {
    pub(super) fn read(archive: &Archive) -> Result<Self, ReadError> {
        let mut types = Self::default();
        let Some(text) = part(archive, TYPES)? else { return Ok(types) };
        let mut scanner = Scanner::new(TYPES, &text, 0..text.len());
        while let Some(token) = scanner.next()? {
            let Token::Open(tag) = token else { continue };
            let attr = |name| scanner.attr(&tag, "", name);
            match tag.name() {
                ("ct", "Default") => {
                    if let (Some(extension), Some(kind)) = (attr("Extension"), attr("ContentType")) {
                        types.defaults.insert(extension.to_ascii_lowercase(), kind);
                    }
                }
                ("ct", "Override") => {
                    if let (Some(name), Some(kind)) = (attr("PartName"), attr("ContentType")) {
                        types.overrides.insert(name.trim_start_matches('/').to_ascii_lowercase(), kind);
                    }
                }
                _ => {}
            }
        }
        Ok(types)
    }

    /// The content type of a part.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        let by_extension = || self.defaults.get(name.rsplit_once('.')?.1);
        self.overrides.get(&name).or_else(by_extension).map(String::as_str)
    }
}

/// The relationships of a part, in their order; of the package where the name is empty.
pub(super) fn relationships(archive: &Archive, name: &str) -> Result<Vec<Relationship>, ReadError> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let slash = if folder.is_empty() { "" } else { "/" };
    let rels = format!("{folder}{slash}_rels/{file}.rels");
    let Some(index) = archive.find(&rels) else { return Ok(Vec::new()) };
    let text = decode(&rels, &archive.unpack(index)?)?.1;
    let mut scanner = Scanner::new(&rels, &text, 0..text.len());
    let mut found = Vec::new();
    while let Some(token) = scanner.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.name() != ("rel", "Relationship") {
            continue;
        }
        let attr = |name| scanner.attr(&tag, "", name).unwrap_or_default();
        let (target, external) = (attr("Target"), attr("TargetMode") == "External");
        found.push(Relationship {
            id: attr("Id"),
            kind: attr("Type").rsplit('/').next().unwrap_or_default().to_owned(),
            target: if external { target } else { resolve(folder, &target) },
            external,
        });
    }
    Ok(found)
}

/// A target beside the parts of `folder`, as the name of a member.
fn resolve(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut steps: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Whether a link's text is its own address: as it stands, or without the scheme and the last slash.
pub(super) fn is_own_address(text: &str, target: &str) -> bool {
    let bare = |address: &str| {
        let address = address.trim().trim_end_matches('/').to_lowercase();
        let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
        rest.strip_prefix("mailto:").unwrap_or(rest).to_owned()
    };
    !text.trim().is_empty() && bare(text) == bare(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_beside_the_part_that_names_them() {
        assert_eq!(resolve("word", "header1.xml"), "word/header1.xml");
        assert_eq!(resolve("ppt/slides", "../notesSlides/n.xml"), "ppt/notesSlides/n.xml");
        assert_eq!(resolve("word", "/word/./document.xml"), "word/document.xml");
        assert_eq!(resolve("", "../../etc/passwd"), "etc/passwd");
    }

    #[test]
    fn knows_a_link_that_shows_its_address() {
        assert!(is_own_address("www.a.example/b", "https://www.a.example/b/"));
        assert!(is_own_address("j@a.example ", "mailto:j@a.example"));
        assert!(!is_own_address("the report", "https://a.example/report"));
        assert!(!is_own_address(" ", ""));
    }
}
