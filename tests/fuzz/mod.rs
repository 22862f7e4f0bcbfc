//! What every fuzz target does with its bytes; shared by `fuzz/` and by the replay of its corpora on stable.

#![allow(dead_code, reason = "each fuzz binary calls one of these")]
#![allow(clippy::panic, clippy::expect_used, reason = "a broken invariant must stop the fuzzer")]

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Once;
use std::time::Duration;

use dyetrace::channel::{Channel, Place, Site, Tier, authored, equal_weights};
use dyetrace::item::{Document, Edit, Format, LeafKind, visible_text};
use dyetrace::leak::{Fragment, Leak, READER_THREAD};
use dyetrace::plan::{Options, Plan, Promise};
use dyetrace::registry::codec::{decode_item, encode_item};
use dyetrace::registry::recipient::parse_csv;
use dyetrace::suggest::{self, Checker};
use dyetrace::trace::{Lattice, observe as observation, read_exact};
use dyetrace::trust::dsse::Envelope;
use dyetrace::trust::key::needs_passphrase;
use dyetrace::trust::record::Issue;
use dyetrace::trust::statement::Statement;
use dyetrace::trust::{PublicKey, SecretKey};

/// Plain text: reads, writes back, edits.
pub(crate) fn item_text(bytes: &[u8]) {
    item(Format::Text, bytes);
}

/// Markdown: reads, writes back, edits.
pub(crate) fn item_markdown(bytes: &[u8]) {
    item(Format::Markdown, bytes);
}

/// Office files: reads, writes back, edits; as a leak, too.
///
/// An archive is taken as it is. Anything else is the main part of a whole package, whose format the first byte
/// chooses: no fuzzer finds the checksums that a changed archive needs.
pub(crate) fn item_office(bytes: &[u8]) {
    let built = (!bytes.starts_with(b"PK")).then(|| package(bytes));
    let bytes = built.as_deref().unwrap_or(bytes);
    let format = dyetrace::item::package_format(bytes);
    for other in [Format::Docx, Format::Pptx, Format::Odt, Format::Odp] {
        let _ = dyetrace::item::visible_text(other, bytes);
        if format == Some(other) {
            item(other, bytes);
        } else {
            assert!(Document::read(other, bytes).is_err(), "another format's file");
        }
    }
    let Some(Ok(document)) = format.map(|format| Document::read(format, bytes)) else { return };
    let Ok(marked) = authored::extract(&document) else { return };
    assert_eq!(document.reread(&marked.original).expect("reads").text(), marked.document.text());
}

/// A package around a main part.
fn package(bytes: &[u8]) -> Vec<u8> {
    let (choice, part) = bytes.split_first().unwrap_or((&0, b""));
    let relationships = |kind: &str, target: &str| {
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
        .into_bytes()
    };
    let types = |kind: &str| {
        format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/m\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}.main+xml\"/></Types>").into_bytes()
    };
    let members: Vec<(&str, Vec<u8>)> = match choice % 4 {
        0 => vec![
            ("[Content_Types].xml", types("wordprocessingml.document")),
            ("_rels/.rels", relationships("officeDocument", "m")),
            ("m", part.to_vec()),
        ],
        1 => vec![
            ("[Content_Types].xml", types("wordprocessingml.document")),
            ("_rels/.rels", relationships("officeDocument", "m")),
            ("m", b"<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:p><w:commentRangeStart w:id=\"1\"/><w:r><w:t>words here</w:t></w:r><w:commentRangeEnd w:id=\"1\"/></w:p></w:document>".to_vec()),
            ("_rels/m.rels", relationships("comments", "c")),
            ("c", part.to_vec()),
        ],
        2 => vec![
            ("[Content_Types].xml", types("presentationml.presentation")),
            ("_rels/.rels", relationships("officeDocument", "m")),
            ("m", b"<p:presentation xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><p:sldId r:id=\"r\"/></p:presentation>".to_vec()),
            ("_rels/m.rels", relationships("slide", "s")),
            ("s", part.to_vec()),
        ],
        _ => vec![
            ("mimetype", b"application/vnd.oasis.opendocument.text".to_vec()),
            ("content.xml", part.to_vec()),
        ],
    };
    stored(&members)
}

/// An archive of stored members.
fn stored(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |sum, &byte| {
            (0..8).fold(sum ^ u32::from(byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
        })
    };
    let size = |length: usize| u32::try_from(length).unwrap_or(0).to_le_bytes();
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let offset = out.len();
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc(bytes).to_le_bytes());
        common.extend([size(bytes.len()), size(bytes.len()), size(name.len())].concat());
        out.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), bytes].concat());
        directory
            .extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 10], &size(offset), name.as_bytes()].concat());
    }
    let start = out.len();
    out.extend(&directory);
    let count = u16::try_from(members.len()).unwrap_or(0).to_le_bytes();
    out.extend(
        [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &size(directory.len()), &size(start), &[0; 2]].concat(),
    );
    out
}

/// A web page: reads, writes back, edits, and shows what a leak of it shows.
pub(crate) fn item_html(bytes: &[u8]) {
    item(Format::Html, bytes);
    let _ = visible_text(Format::Html, bytes);
}

/// A mail: reads, writes back, edits both writings, and shows what a leak of it shows.
pub(crate) fn item_mail(bytes: &[u8]) {
    item(Format::Eml, bytes);
    let _ = visible_text(Format::Eml, bytes);
}

/// Markup in both formats: the first byte's lowest bit chooses.
pub(crate) fn authored_markup(bytes: &[u8]) {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let format = if choice & 1 == 0 { Format::Text } else { Format::Markdown };
    let Ok(document) = Document::read(format, bytes) else { return };
    let Ok(marked) = authored::extract(&document) else { return };
    assert_eq!(Document::read(format, &marked.original).expect("reads").text(), marked.document.text());
    for site in &marked.sites {
        assert!(!site.places.is_empty());
        for place in &site.places {
            assert_eq!(place.forms[0], marked.document.text()[place.range.clone()]);
        }
    }
    let plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
    let toml = plan.to_toml(&marked.document);
    assert_eq!(Plan::from_toml(&toml, &marked.document).expect("a written plan reads"), plan, "{toml}");
    let promise = Promise::of(&marked.document, &plan.sites(), 33, 1e-3);
    assert!(promise.quote.best <= promise.quote.median || promise.quote.median.is_none());
}

/// A plan for a fixed item: whatever is read is written and read again.
pub(crate) fn plan_toml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let item = b"The ministry said that the talks had been hindered by rain. About ten men stayed behind.\n";
    let document = Document::read(Format::Text, item).expect("the item reads");
    let digest = Plan::propose(&document, Vec::new(), Vec::new(), Options::default()).item;
    let Ok(plan) = Plan::from_toml(&text.replace("DIGEST", &digest), &document) else { return };
    let again = plan.to_toml(&document);
    let reread = Plan::from_toml(&again, &document).expect("a written plan reads");
    assert_eq!(reread.digest(), plan.digest(), "{again}");
    for symbol in 0..16 {
        let edits: Vec<Edit> = plan
            .sites()
            .iter()
            .flat_map(|site| site.write(symbol.min(u8::try_from(site.labels.len() - 1).unwrap_or(0))))
            .collect();
        document.edit(&edits).expect("every variant of a plan can be written");
    }
}

/// Any bytes are a fragment or a clear refusal, and folding keeps its promises.
pub(crate) fn fragment(bytes: &[u8]) {
    let Ok(fragment) = Fragment::read("fuzz", bytes) else { return };
    let mut last = 0;
    for folded in fragment.chars() {
        assert!(folded.start < folded.end && folded.start >= last);
        assert!(fragment.raw().get(folded.start as usize..folded.end as usize).is_some());
        last = folded.start;
    }
    let once: String = fragment.chars().iter().map(|folded| folded.char).collect();
    let twice = Fragment::from_text("fuzz", once.as_str());
    assert!(twice.chars().iter().map(|folded| folded.char).eq(once.chars()));
}

/// A leak of any kind, and PDF documents above all: a text or an error, in bounded time.
///
/// What the PDF library panics on is an error of the document; the fuzzer would take it for a find.
pub(crate) fn leak_pdf(bytes: &[u8]) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(READER_THREAD) {
                usual(panic);
            }
        }));
    });
    let Ok(leak) = Leak::open("fuzz", bytes.to_vec(), Duration::from_secs(10)) else { return };
    let pictures = leak.pictures();
    match leak.read(None) {
        Ok(fragment) => assert!(fragment.chars().len() <= fragment.raw().len() * 4),
        Err(_) => assert!(pictures > 0),
    }
}

/// What other programs for text recognition wrote: TSV, hOCR and ALTO by their beginnings, and each parser's limits.
pub(crate) fn leak_ocr(bytes: &[u8]) {
    let Ok(leak) = Leak::open("fuzz", bytes.to_vec(), Duration::from_secs(10)) else { return };
    if leak.pictures() > 0 {
        return;
    }
    let fragment = leak.read(None).expect("text reads");
    let confidence = fragment.origin().confidence;
    assert!(confidence.is_none_or(|confidence| (0.0..=100.0).contains(&confidence)));
}

/// Any text against any item: no panic, no reading of what is not there.
///
/// The input is the item's text and the leak, separated by a zero byte; every word of the item that begins with a
/// capital is a site.
pub(crate) fn observe(bytes: &[u8]) {
    let Ok(input) = std::str::from_utf8(bytes) else { return };
    let (item, leak) = input.split_once('\0').unwrap_or((input, input));
    let Ok(document) = Document::read(Format::Text, item.as_bytes()) else { return };
    let text = document.text();
    let sites: Vec<Site> = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |at, word| {
            *at += word.len();
            Some((*at - word.len(), word.trim_end()))
        })
        .filter(|(_, word)| word.starts_with(char::is_uppercase))
        .map(|(at, word)| {
            let forms = vec![word.to_owned(), word.to_lowercase() + "x", String::new()];
            Site {
                channel: Channel::Authored,
                class: Cow::Borrowed("fuzz"),
                tier: Tier::Strict,
                labels: vec!["a".into(), "b".into(), "c".into()],
                weights: equal_weights(3),
                original: 0,
                places: vec![Place { range: at..at + word.len(), forms }],
                desk: None,
                fact: false,
            }
        })
        .collect();
    let lattice = Lattice::new(&document, &sites);
    let fragment = Fragment::from_text("fuzz", leak);
    let observed = observation(&lattice, &fragment);
    assert!((0.0..=1.0).contains(&observed.aligned));
    for seen in &observed.seen {
        for sighting in &seen.sightings {
            assert_eq!(sighting.costs.len(), 3);
            assert!(sighting.costs.iter().all(|&cost| cost < u32::MAX / 4));
        }
    }
    // An unaltered item reads as itself unless another codeword writes the same text.
    if let Ok(word) = read_exact(&lattice, text) {
        assert!(word.iter().all(|&symbol| symbol == 0));
    }
}

/// An envelope that is read is written in one form, which reads as the same envelope.
pub(crate) fn dsse(bytes: &[u8]) {
    if let Ok(envelope) = Envelope::parse(bytes) {
        let line = envelope.to_line().expect("an envelope that was read can be written");
        assert_eq!(Envelope::parse(&line).expect("a written envelope reads"), envelope);
    }
}

/// A statement that is read is written in one form, which reads as the same statement.
pub(crate) fn statement(bytes: &[u8]) {
    if let Ok(statement) = Statement::<Issue>::from_payload(bytes) {
        let payload = statement.to_payload().expect("a statement that was read can be written");
        assert_eq!(Statement::<Issue>::from_payload(&payload).expect("a written statement reads"), statement);
    }
}

/// State that is read would be written as the very same bytes.
pub(crate) fn codec(bytes: &[u8]) {
    if let Ok(item) = decode_item(bytes) {
        assert_eq!(encode_item(&item).expect("state that was read can be written").as_slice(), bytes);
    }
}

/// Key files: whatever is read is written and read again as the same key.
///
/// No passphrase is given, so that no time goes into key derivation.
pub(crate) fn pem(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(key) = SecretKey::from_pem(text, None) {
        let written = key.to_pem().expect("a key that was read can be written");
        assert_eq!(SecretKey::from_pem(&written, None).expect("a written key reads").id(), key.id());
        assert!(!needs_passphrase(text));
    }
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::from_pem(&key.to_pem()), Ok(key));
    }
}

/// Recipient lists: every row that is read is fit to be registered, every refusal names a line.
pub(crate) fn recipients_csv(bytes: &[u8]) {
    match parse_csv(bytes) {
        Ok(list) => {
            for (line, row) in list.rows {
                assert!(line >= 1);
                assert_eq!(row.checked(), Ok(row));
            }
        }
        Err(error) => assert!(error.problems.iter().all(|problem| problem.line >= 1)),
    }
}

fn item(format: Format, bytes: &[u8]) {
    let Ok(document) = Document::read(format, bytes) else { return };
    assert_eq!(document.edit(&[]).expect("no edits"), bytes);
    let text = document.text();
    let mut end = 0;
    for leaf in document.leaves() {
        assert!(leaf.text.start >= end && leaf.text.end > leaf.text.start, "{leaf:?}");
        end = leaf.text.end;
    }
    assert_eq!(end, text.len());
    assert!(document.title().is_none_or(|title| !title.is_empty()));

    // Edits taken from the bytes themselves, at words of editable leaves.
    let words: Vec<Range<usize>> = document
        .leaves()
        .iter()
        .filter(|leaf| leaf.kind != LeafKind::Fixed)
        .map(|leaf| leaf.text.clone())
        .step_by(1 + bytes.len() % 3)
        .take(8)
        .collect();
    let edits: Vec<Edit> = words
        .into_iter()
        .map(|range| {
            let new = text[range.clone()].split(' ').rev().collect::<Vec<_>>().join(" ");
            Edit { range, text: new }
        })
        .collect();
    if let Ok(copy) = document.edit(&edits) {
        let mut wanted = text.to_owned();
        for edit in edits.iter().rev() {
            wanted.replace_range(edit.range.clone(), &edit.text);
        }
        assert_eq!(Document::read(format, &copy).expect("a copy reads").text(), wanted);
    }
}

/// A model's answer, as a response body and as the text of a message: what is kept is a plan's site that is off.
pub(crate) fn model_answer(bytes: &[u8]) {
    let text =
        b"The clerk said that the harbour office had not asked Halvic Marine for 33 licences at all.\n";
    let document = Document::read(Format::Text, text).expect("the item reads");
    let analysis = dyetrace::language::Analysis::new(&document);
    let mut plan = Plan::propose(&document, Vec::new(), Vec::new(), Options::default());
    let weak = Promise::of(&document, &plan.sites(), 33, 1e-3).weak;
    let targets = suggest::choose(&analysis, &plan, &weak, 1);
    let target = targets.first().expect("the sentence is weak");
    let message = serde_json::json!({"choices": [{"message": {"content": String::from_utf8_lossy(bytes)}}]});
    for body in [bytes.to_vec(), message.to_string().into_bytes()] {
        let Ok(wordings) = suggest::answer::read(&body) else { continue };
        assert!(wordings.len() <= suggest::answer::WORDINGS_MAX);
        let kept = Checker::new(&analysis).sift(target, &wordings).kept;
        assert!(
            kept.iter().all(|one| one.contains("33") && one.contains("Halvic Marine") && !one.contains('{'))
        );
        if !kept.is_empty() {
            plan.insert(suggest::entry(&document, target, kept, "fuzz".into()));
        }
    }
    let reread = Plan::from_toml(&plan.to_toml(&document), &document).expect("a written plan reads");
    assert_eq!(reread, plan);
    assert!(plan.entries.iter().all(|entry| entry.source.is_none() || !entry.on));
}
