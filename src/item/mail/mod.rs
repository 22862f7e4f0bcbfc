//! Mails (RFC 5322 with MIME): their bodies and the attachments that are text, each in its own transfer encoding and
//! charset. Everything else, headers and boundaries among it, is copied byte for byte.
//!
//! A page and the plain text that says the same are one text with two writings: what both have is edited in both, and
//! what only one has is left alone, so that a recipient who compares them sees no difference that others do not see.

mod lenient;
mod transfer;
mod tree;
mod twin;

use std::borrow::Cow;
use std::ops::Range;

use mail_parser::{Message, MessageParser};

use super::carrier::{Carrier, PART_END, Writing};
use super::encoding::{self, Charset, Encoding};
use super::{Format, Leaf, LeafKind, Note, Parsed, ReadError, SOURCE_BYTES_MAX, Skipped, Warning, html};
pub(super) use lenient::visible_text;
use transfer::Transfer;
use tree::{Role, Text, Walk};

/// A mail around its texts.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    raw: Vec<u8>,
    subject: Option<String>,
    warnings: Vec<Warning>,
    /// Texts that are read come before those that say them again.
    parts: Vec<Part>,
    skipped: Vec<(Skipped, usize)>,
    encoding: Encoding,
}

/// One text of a mail.
#[derive(Clone, Debug)]
struct Part {
    /// Its body in the mail.
    range: Range<usize>,
    transfer: Transfer,
    /// Only characters of ASCII may be added.
    ascii: bool,
    format: Format,
    role: Role,
    /// The text's own file: an attachment may have parts as well.
    carrier: Carrier,
    source: String,
}

impl Mail {
    /// Opens a mail: what is around its texts, and the texts.
    pub(super) fn open(bytes: &[u8]) -> Result<(Self, String), ReadError> {
        if bytes.len() > SOURCE_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: bytes.len(), max: SOURCE_BYTES_MAX });
        }
        encoding::refuse_foreign(bytes)?;
        let damaged = |problem: &str| ReadError::Damaged { part: "the mail".into(), problem: problem.into() };
        let message = structure(bytes).ok_or_else(|| damaged("it has no header"))?;
        if message.headers().is_empty() || !has_header(bytes) {
            return Err(damaged("it has no header"));
        }
        let walk = Walk::over(&message, false)?;
        let mut skipped: Vec<(Skipped, usize)> = walk.skipped().into_iter().collect();
        let mut parts = Vec::new();
        let mut unreadable = 0;
        let mut floor = 0;
        let boundaries = tree::boundaries(bytes);
        for text in &walk.texts {
            // What the parser could not tell apart, or what others would tell apart, is not touched.
            if text.range.start < floor
                || text.range.end > bytes.len()
                || tree::has_boundary(&bytes[text.range.clone()], &boundaries)
            {
                unreadable += 1;
                continue;
            }
            floor = text.range.end;
            match Part::open(bytes, text) {
                Some(part) if part.is_armoured() => {
                    let encrypted = part.source.contains("-----BEGIN PGP MESSAGE-----");
                    let kind = "a PGP mail";
                    return Err(if encrypted {
                        ReadError::Encrypted { kind }
                    } else {
                        ReadError::Signed { kind }
                    });
                }
                Some(part) => parts.push(part),
                // Signed, encrypted or damaged: no charset is to blame.
                None if text.format.is_package() => add(&mut skipped, Skipped::Attachment, 1),
                None => unreadable += 1,
            }
        }
        if unreadable > 0 {
            skipped.push((Skipped::Unreadable, unreadable));
        }
        pair_up(&mut parts);
        let source =
            parts.iter().map(|part| part.source.as_str()).collect::<Vec<_>>().join(&PART_END.to_string());
        let encoding = parts
            .first()
            .map_or(Encoding { charset: Charset::Utf8, bom: false }, |part| part.carrier.encoding().clone());
        let has = |names: &[&str]| {
            message
                .headers()
                .iter()
                .any(|header| names.iter().any(|name| header.name.as_str().eq_ignore_ascii_case(name)))
        };
        let warnings = [
            (Warning::Dkim, has(&["DKIM-Signature", "DomainKey-Signature"])),
            (Warning::Arc, has(&["ARC-Seal", "ARC-Message-Signature"])),
        ];
        let mail = Self {
            raw: bytes.to_vec(),
            subject: message
                .subject()
                .map(|subject| subject.split_whitespace().collect::<Vec<_>>().join(" ")),
            warnings: warnings.into_iter().filter(|(_, holds)| *holds).map(|(warning, _)| warning).collect(),
            parts,
            skipped,
            encoding,
        };
        Ok((mail, source))
    }

    /// How many parts the mail's source has.
    pub(super) fn parts(&self) -> usize {
        self.parts.iter().map(|part| part.carrier.parts()).sum()
    }

    pub(super) fn subject(&self) -> Option<&str> {
        self.subject.as_deref().filter(|subject| !subject.is_empty())
    }

    pub(super) fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(super) fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// The mail with this source; only the bodies of parts whose text is another one change.
    pub(super) fn write(&self, source: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(self.raw.len() + 64);
        let mut pieces: Vec<(&Part, &str)> =
            self.parts.iter().zip(self.split(source)?.into_iter().map(|(_, text)| text)).collect();
        pieces.sort_by_key(|(part, _)| part.range.start);
        let mut done = 0;
        for (part, text) in pieces {
            if text == part.source {
                continue;
            }
            let body = &self.raw[part.range.clone()];
            out.extend_from_slice(&self.raw[done..part.range.start]);
            out.extend(part.transfer.encode(body, &part.carrier.write(text)?)?);
            done = part.range.end;
        }
        out.extend_from_slice(&self.raw[done..]);
        Some(out)
    }

    /// What the parts of a source say.
    pub(super) fn parse(&self, source: &str) -> Result<Parsed, ReadError> {
        let damaged =
            || ReadError::Damaged { part: "the mail".into(), problem: "its parts do not fit".into() };
        let mut read = Vec::with_capacity(self.parts.len());
        for (part, (start, text)) in self.parts.iter().zip(self.split(source).ok_or_else(damaged)?) {
            let mut parsed = part.carrier.parse(part.format, text)?;
            let moved = |range: &Range<usize>| range.start + start..range.end + start;
            for leaf in parsed.leaves.iter_mut().chain(&mut parsed.twins) {
                leaf.source = moved(&leaf.source);
            }
            for cut in parsed.notes.iter_mut().flat_map(|note| &mut note.cuts) {
                *cut = moved(cut);
            }
            read.push(parsed);
        }
        let mut all = Parsed { skipped: self.skipped.clone(), ..Parsed::default() };
        for (part, parsed) in self.parts.iter().zip(&read) {
            let others = || self.parts.iter().zip(&read);
            match part.role {
                Role::Second(_) => {}
                Role::Alone => all.append(parsed.clone()),
                Role::OneOfMany => {
                    let mut parsed = parsed.clone();
                    let fixed = parsed.blocks.len();
                    fix(&mut parsed, |_| true);
                    all.skip(Skipped::OneWriting, fixed);
                    all.append(parsed);
                }
                Role::First(number) => {
                    // Several pages may share one plain text; the first of them has all of it.
                    let second = others().find(|(other, _)| other.role == Role::Second(number));
                    let first = others().position(|(other, _)| other.role == Role::First(number));
                    let mine = std::ptr::eq(part, &raw const self.parts[first.unwrap_or(0)]);
                    all.append(match second {
                        Some((_, second)) if mine => paired(parsed, second)?,
                        _ => paired(parsed, &Parsed::default())?,
                    });
                }
            }
        }
        all.twins.sort_by_key(|leaf| leaf.text.start);
        all.skipped.sort_unstable();
        Ok(all)
    }

    /// Whether every text of the mail can hold `text`.
    pub(super) fn encodes(&self, text: &str) -> bool {
        self.parts.iter().all(|part| {
            part.format == Format::Html
                || ((!part.ascii || text.is_ascii()) && part.carrier.encodes(part.format, text))
        })
    }

    /// Adds to the patches of the source that was read what they make necessary in the documents among the parts.
    pub(super) fn settle(&self, source: &str, patches: &mut Vec<(Range<usize>, Cow<'_, str>)>) {
        let mut start = 0;
        for part in &self.parts {
            let end = start + part.source.len();
            if part.format.is_package()
                && let Some(text) = source.get(start..end)
            {
                let (inside, others): (Vec<_>, Vec<_>) =
                    patches.drain(..).partition(|(range, _)| start <= range.start && range.end <= end);
                let mut inside: Vec<_> = inside
                    .into_iter()
                    .map(|(range, text)| (range.start - start..range.end - start, text))
                    .collect();
                part.carrier.settle(text, &mut inside);
                *patches = others;
                patches.extend(
                    inside.into_iter().map(|(range, text)| (range.start + start..range.end + start, text)),
                );
            }
            start = end + PART_END.len_utf8();
        }
    }

    /// How characters are written at an offset of the source that was read.
    pub(super) fn writing(&self, at: usize) -> Writing {
        let mut start = 0;
        for part in &self.parts {
            let end = start + part.source.len();
            if at <= end {
                return match part.carrier.writing(part.format, at - start) {
                    Writing::Html(_) if part.ascii => Writing::Html(None),
                    writing => writing,
                };
            }
            start = end + PART_END.len_utf8();
        }
        Writing::Plain
    }

    /// The texts in a source, and where each starts.
    fn split<'s>(&self, source: &'s str) -> Option<Vec<(usize, &'s str)>> {
        let mut ends = source.match_indices(PART_END).map(|(at, _)| at).chain([source.len()]);
        let mut start = 0;
        let mut texts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let end = ends.nth(part.carrier.parts().checked_sub(1)?)?;
            texts.push((start, &source[start..end]));
            start = end + PART_END.len_utf8();
        }
        // A mail without texts has one empty part.
        (ends.next().is_none() || self.parts.is_empty()).then_some(texts)
    }
}

impl Part {
    /// Opens a text; none where it could not be written back as it is.
    fn open(bytes: &[u8], text: &Text) -> Option<Self> {
        let body = bytes.get(text.range.clone())?;
        let transfer = text.transfer?;
        let decoded = transfer.decode(body)?;
        if text.format.is_package() {
            // What cannot be issued by itself, signed or encrypted as it may be, is copied as it is.
            let (carrier, source) = Carrier::open(text.format, &decoded).ok()?;
            let part = Self {
                range: text.range.clone(),
                transfer,
                ascii: false,
                format: text.format,
                role: text.role,
                carrier,
                source,
            };
            return part.carrier.parse(part.format, &part.source).is_ok().then_some(part);
        }
        if decoded.contains(&0)
            && !matches!(
                text.charset.as_deref().map(tree::charset),
                Some(Some(Charset::Utf16Le | Charset::Utf16Be))
            )
        {
            return None;
        }
        let declared = match &text.charset {
            Some(label) => Some(tree::charset(label)?),
            None if text.format == Format::Html => html::declared(&decoded),
            None => None,
        };
        let (encoding, source) = encoding::decode_as(&decoded, declared).ok()?;
        if source.contains(PART_END) || encoding.encode(&source)? != decoded {
            return None;
        }
        let named_ascii = text.charset.as_deref().is_none_or(|label| {
            matches!(label.trim().to_ascii_lowercase().as_str(), "us-ascii" | "ascii" | "ansi_x3.4-1968")
        });
        let undeclared = named_ascii && (text.format != Format::Html || declared.is_none());
        let seven_bit = transfer == Transfer::Ascii && body.is_ascii();
        let part = Self {
            range: text.range.clone(),
            transfer,
            ascii: (undeclared || seven_bit) && source.is_ascii(),
            format: text.format,
            role: text.role,
            carrier: Carrier::Text(encoding),
            source,
        };
        // A page over a limit is copied as it is.
        part.carrier.parse(part.format, &part.source).is_ok().then_some(part)
    }

    /// Whether a text is signed or encrypted for PGP without saying so in its headers (RFC 4880, section 7).
    fn is_armoured(&self) -> bool {
        self.format == Format::Text
            && self.source.lines().any(|line| {
                ["-----BEGIN PGP MESSAGE", "-----BEGIN PGP SIGNED MESSAGE"]
                    .iter()
                    .any(|start| line.starts_with(start))
            })
    }
}

/// The parts of a mail; none where it has not even a header.
fn structure(bytes: &[u8]) -> Option<Message<'_>> {
    // The parser checks itself with assertions, which the worst of mails fail.
    std::panic::catch_unwind(|| MessageParser::default().parse(bytes)).ok().flatten()
}

/// Whether the first line, that of a mailbox aside, is a header field.
fn has_header(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|&byte| byte == b'\n').skip_while(|line| line.starts_with(b"From "));
    let name = lines
        .next()
        .and_then(|line| line.split(|&byte| byte == b':').next().filter(|name| name.len() < line.len()));
    name.is_some_and(|name| {
        let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii_end();
        !name.is_empty() && name.iter().all(u8::is_ascii_graphic)
    })
}

/// Orders the texts, first what is read; a writing that lost its other one stays unmarked.
fn pair_up(parts: &mut [Part]) {
    let roles: Vec<Role> = parts.iter().map(|part| part.role).collect();
    for part in parts.iter_mut() {
        if let Role::Second(number) = part.role
            && !roles.contains(&Role::First(number))
        {
            part.role = Role::OneOfMany;
        }
    }
    parts.sort_by_key(|part| matches!(part.role, Role::Second(_)));
}

/// A text with the leaves of its other writing; what only one of them has is fixed, and counted.
///
/// Errors: an author's variants in such a block, which every copy would show as they are marked.
fn paired(first: &Parsed, second: &Parsed) -> Result<Parsed, ReadError> {
    let mut parsed = first.clone();
    let pairs = twin::pairs(first, second);
    let mut has = vec![false; parsed.blocks.len()];
    for (block, ..) in &pairs {
        has[*block] = true;
    }
    let marked = |parsed: &Parsed| {
        let texts = parsed.blocks.iter().map(|block| &parsed.text[block.range.clone()]);
        texts.filter(|text| has_variants(text)).count()
    };
    let paired_variants = first
        .blocks
        .iter()
        .zip(&has)
        .filter(|(block, has)| **has && has_variants(&first.text[block.range.clone()]))
        .count();
    if marked(first) > paired_variants || marked(second) > paired_variants {
        let problem =
            "variants are marked in a paragraph that its page and its plain text do not have alike".into();
        return Err(ReadError::Damaged { part: "the mail".into(), problem });
    }
    let alone = fix(&mut parsed, |block| !has[block]);
    // A line drawn with dashes says nothing.
    let says =
        second.blocks.iter().filter(|block| second.text[block.range.clone()].contains(char::is_alphanumeric));
    let count = alone + says.count().saturating_sub(pairs.len());
    parsed.twins.extend(pairs.into_iter().flat_map(|(_, leaves)| leaves));
    parsed.twins.sort_by_key(|leaf| leaf.text.start);
    parsed.skip(Skipped::OneWriting, count);
    Ok(parsed)
}

/// Whether an author marked variants in a text.
fn has_variants(text: &str) -> bool {
    let inside = text.split_once("{{").and_then(|(_, rest)| rest.split_once("}}"));
    inside.is_some_and(|(inside, _)| inside.contains('|'))
}

/// Makes the blocks fixed that `which` says; returns how many of them were not fixed before.
fn fix(parsed: &mut Parsed, which: impl Fn(usize) -> bool) -> usize {
    let mut fixed = 0;
    for (_, block) in parsed.blocks.iter().enumerate().filter(|&(number, _)| which(number)) {
        let first = parsed.leaves.partition_point(|leaf| leaf.text.end <= block.range.start);
        let mut any = false;
        for leaf in parsed.leaves[first..].iter_mut().take_while(|leaf| leaf.text.start < block.range.end) {
            if leaf.kind != LeafKind::Break && leaf.kind != LeafKind::Fixed {
                leaf.kind = LeafKind::Fixed;
                any = true;
            }
        }
        fixed += usize::from(any);
    }
    fixed
}

fn add(skipped: &mut Vec<(Skipped, usize)>, what: Skipped, count: usize) {
    match skipped.iter_mut().find(|(known, _)| *known == what) {
        Some((_, known)) => *known += count,
        None if count > 0 => skipped.push((what, count)),
        None => {}
    }
}

impl Parsed {
    /// Adds what another part says.
    fn append(&mut self, other: Self) {
        if !self.blocks.is_empty() && !other.blocks.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        let moved = |range: Range<usize>| range.start + start..range.end + start;
        self.text.push_str(&other.text);
        self.blocks.extend(
            other.blocks.into_iter().map(|block| super::Block { range: moved(block.range), ..block }),
        );
        let leaf = |leaf: Leaf| Leaf { text: moved(leaf.text), ..leaf };
        self.leaves.extend(other.leaves.into_iter().map(leaf));
        self.twins.extend(other.twins.into_iter().map(leaf));
        self.notes.extend(other.notes.into_iter().map(|note| Note { range: moved(note.range), ..note }));
        for (what, count) in other.skipped {
            self.skip(what, count);
        }
    }

    fn skip(&mut self, what: Skipped, count: usize) {
        add(&mut self.skipped, what, count);
    }
}

impl Mail {
    /// Whether a mail that was just written has these texts.
    pub(super) fn recognises(&self, bytes: &[u8], source: &str) -> bool {
        Self::open(bytes).is_ok_and(|(mail, read)| {
            read == source
                && mail.parts.len() == self.parts.len()
                && mail
                    .parts
                    .iter()
                    .zip(&self.parts)
                    .all(|(new, old)| new.role == old.role && new.format == old.format)
        })
    }
}

#[cfg(test)]
mod tests;
