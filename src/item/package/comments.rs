//! Comments of a Word document that name variants, in all the parts that a comment leaves its traces in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::xml::{Scanner, Tag, Token};
use super::{Package, Role, is_note};
use crate::item::ReadError;

/// The comments that name variants, and the answers to them.
#[derive(Debug, Default)]
pub(super) struct Comments(BTreeMap<String, Comment>);

/// One of them.
#[derive(Debug, Default)]
pub(super) struct Comment {
    /// What it says; nothing for an answer, which only goes with it.
    pub(super) text: String,
    /// What takes it out of the parts that hold comments.
    pub(super) cuts: Vec<Range<usize>>,
}

/// An element of one of those parts.
#[derive(Debug, Default)]
struct Entry {
    id: String,
    /// The name of its last paragraph, or of the comment in time.
    paragraph: Option<String>,
    parent: Option<String>,
    durable: Option<String>,
    text: String,
    range: Range<usize>,
}

impl Comments {
    pub(super) fn is_note(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    pub(super) fn get(&self, id: &str) -> Option<&Comment> {
        self.0.get(id)
    }

    pub(super) fn read(package: &Package, source: &str, ranges: &[Range<usize>]) -> Result<Self, ReadError> {
        let mut entries = BTreeMap::<Role, Vec<Entry>>::new();
        for (part, range) in package.parts.iter().zip(ranges) {
            if let Role::Comments | Role::CommentThreads | Role::CommentIds | Role::CommentTimes = part.role {
                entries.entry(part.role).or_default().extend(read(&part.name, source, range.clone())?);
            }
        }
        let of = |role| entries.get(&role).map_or(&[][..], Vec::as_slice);
        let noted = |entry: &&Entry| is_note(&entry.text);
        let paragraphs: BTreeSet<&str> =
            of(Role::Comments).iter().filter(noted).filter_map(|entry| entry.paragraph.as_deref()).collect();
        let answers: BTreeSet<&str> = of(Role::CommentThreads)
            .iter()
            .filter(|entry| entry.parent.as_deref().is_some_and(|parent| paragraphs.contains(parent)))
            .filter_map(|entry| entry.paragraph.as_deref())
            .collect();
        // By the name of a paragraph; those of the last part by their lasting name.
        let mut linked = BTreeMap::<&str, Vec<&Entry>>::new();
        for entry in of(Role::CommentThreads).iter().chain(of(Role::CommentIds)) {
            linked.entry(entry.paragraph.as_deref().unwrap_or_default()).or_default().push(entry);
        }
        let mut times = BTreeMap::<&str, Vec<&Entry>>::new();
        for entry in of(Role::CommentTimes) {
            times.entry(entry.durable.as_deref().unwrap_or_default()).or_default().push(entry);
        }
        let mut found = BTreeMap::new();
        for entry in of(Role::Comments) {
            let is_note = noted(&entry);
            let is_answer = entry.paragraph.as_deref().is_some_and(|name| answers.contains(name));
            if !is_note && !is_answer {
                continue;
            }
            let name = entry.paragraph.as_deref();
            let traces = name.and_then(|name| linked.get(name)).map_or(&[][..], Vec::as_slice);
            let made = traces.iter().filter_map(|trace| times.get(trace.durable.as_deref()?)).flatten();
            let cuts = [&entry].into_iter().chain(traces).chain(made).map(|one| one.range.clone()).collect();
            let text = if is_note { entry.text.clone() } else { String::new() };
            found.insert(entry.id.clone(), Comment { text, cuts });
        }
        Ok(Self(found))
    }
}

/// The entries of one part.
fn read(name: &str, source: &str, range: Range<usize>) -> Result<Vec<Entry>, ReadError> {
    let mut scanner = Scanner::new(name, source, range);
    let mut entries = Vec::new();
    // The entry that is open, and how many elements are open inside it.
    let mut open: Option<(Entry, usize)> = None;
    let mut in_text = false;
    while let Some(token) = scanner.next()? {
        match token {
            Token::Open(tag) => {
                if let Some((entry, depth)) = &mut open {
                    *depth += 1;
                    match tag.name() {
                        ("w", "t") => in_text = true,
                        ("w", "p") => {
                            entry.paragraph = scanner.attr(&tag, "w14", "paraId");
                            if !entry.text.is_empty() {
                                entry.text.push(' ');
                            }
                        }
                        _ => {}
                    }
                } else if let Some(entry) = entry(&scanner, &tag) {
                    open = Some((entry, 0));
                }
            }
            Token::Close(range) => {
                in_text = false;
                match open.take() {
                    Some((mut entry, 0)) => {
                        entry.range.end = range.end;
                        entries.push(entry);
                    }
                    Some((entry, depth)) => open = Some((entry, depth - 1)),
                    None => {}
                }
            }
            Token::Text(range) if in_text => {
                if let Some((entry, _)) = &mut open {
                    entry.text.push_str(&source[range]);
                }
            }
            Token::Written(_, text) if in_text => {
                if let Some((entry, _)) = &mut open {
                    entry.text.push_str(&text);
                }
            }
            Token::Text(_) | Token::Written(..) => {}
        }
    }
    Ok(entries)
}

fn entry(scanner: &Scanner<'_>, tag: &Tag<'_>) -> Option<Entry> {
    let attr = |ns, name| scanner.attr(tag, ns, name);
    let entry = match tag.name() {
        ("w", "comment") => Entry { id: attr("w", "id")?, ..Entry::default() },
        ("w15", "commentEx") => Entry {
            paragraph: attr("w15", "paraId"),
            parent: attr("w15", "paraIdParent"),
            ..Entry::default()
        },
        ("w16cid", "commentId") => Entry {
            paragraph: attr("w16cid", "paraId"),
            durable: attr("w16cid", "durableId"),
            ..Entry::default()
        },
        ("w16cex", "commentExtensible") => Entry { durable: attr("w16cex", "durableId"), ..Entry::default() },
        _ => return None,
    };
    Some(Entry { range: tag.range.clone(), ..entry })
}
