use proptest::prelude::*;

use super::super::tests::{blocks, check_invariants};
use super::super::{BlockKind, Document, Edit, EditError, visible_text};
use super::*;

const FIXTURES: [&str; 4] = ["sluice", "attachments", "reply", "smime"];

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/items/mail/{name}.eml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn mail(bytes: &[u8]) -> Document {
    let document = Document::read(Format::Eml, bytes).unwrap();
    check_invariants(&document);
    assert_eq!(document.edit(&[]).unwrap(), bytes);
    document
}

fn replace(document: &Document, old: &str, new: &str) -> Result<String, EditError> {
    let start = document.text().find(old).unwrap_or_else(|| panic!("{old:?} in {:?}", document.text()));
    let edit = Edit { range: start..start + old.len(), text: new.into() };
    document.edit(&[edit]).map(|bytes| String::from_utf8(bytes).unwrap())
}

/// The lines of `new` that are not in `old`.
fn changed<'t>(old: &str, new: &'t str) -> Vec<&'t str> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    new.split_inclusive('\n').filter(|line| !old.contains(line)).collect()
}

fn alternative(plain: &str, page: &str) -> String {
    format!(
        "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{plain}\r\n--x\r\n\
         Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{page}\r\n--x--\r\n"
    )
}

#[test]
fn both_writings_are_marked_alike() {
    let bytes = fixture("sluice");
    let source = String::from_utf8(bytes.clone()).unwrap();
    let document = mail(&bytes);
    assert_eq!(document.title(), Some("The lower sluice: what we know – and what we ask"));
    assert_eq!(document.warnings(), [Warning::Dkim]);
    assert_eq!(document.skipped(), [(Skipped::Hidden, 1)]);
    assert!(document.text().starts_with("Dear colleagues,\n\nThe surveyors"));
    assert!(!document.text().contains("water.example"), "{}", document.text());

    let copy = replace(&document, "is worse than anybody", "is far worse than anyone").unwrap();
    assert_eq!(
        changed(&source, &copy),
        [
            "sluice is far worse than anyone had expected. The gate on the north side\r\n",
            "nd at the lower sluice is <b>far worse than anyone</b> had expected. The ga=\r\n",
            "te =\r\n"
        ]
    );
    // A word that a soft line break and a wrapped line cut, and a space that does not break.
    let copy = replace(&document, "spring tides begin. Mr\u{a0}Aldous", "spring tides start. Mr\u{a0}Aldous")
        .unwrap();
    assert_eq!(copy.matches("tides start. Mr").count(), 2);
    let copy = replace(&document, "before the spring", "ahead of the spring").unwrap();
    assert!(copy.contains("ahead of\r\nthe spring"), "{copy}");
    // What plain text adds for a link stays in it, and stays out of the text.
    let copy = replace(&document, "drawings", "plans").unwrap();
    assert!(copy.contains("The plans are here <https://water.example/sluice?plan=3D7&page=3D2"), "{copy}");
    assert!(copy.contains(">, and they should not"), "{copy}");
    let document = mail(copy.as_bytes());
    assert_eq!(document.skipped().len(), 1);
    assert!(document.text().contains("The plans are here, and they"));
}

#[test]
fn attachments_are_marked_by_their_own_type() {
    let bytes = fixture("attachments");
    let source = String::from_utf8(bytes.clone()).unwrap();
    let document = mail(&bytes);
    let kinds: Vec<_> = blocks(&document).into_iter().map(|(kind, text)| (kind, &text[..9])).collect();
    assert_eq!(
        kinds,
        [
            (BlockKind::Paragraph, "Hello Tom"),
            (BlockKind::Paragraph, "the notes"),
            (BlockKind::Quote, "Could you"),
            (BlockKind::Paragraph, "I would n"),
            (BlockKind::Heading, "The north"),
            (BlockKind::Paragraph, "The hinge"),
            (BlockKind::ListItem, "Bring the"),
            (BlockKind::ListItem, "gate --dr"),
            (BlockKind::Paragraph, "Whoever g"),
        ]
    );
    assert_eq!(document.skipped(), [(Skipped::Attachment, 2)]);
    // A page names what its charset lacks; the attachment is written in its own charset.
    let copy = replace(&document, "quickly, so", "in haste “łł”, so").unwrap();
    let [old, new] = [&source, &copy].map(|text| Document::read(Format::Eml, text.as_bytes()).unwrap());
    assert!(new.text().contains("in haste “łł”, so") && new.skipped() == old.skipped());
    let outside = |text: &str| {
        let start = text.find("--outer\nContent-Type: text/markdown").unwrap();
        text[start..].to_owned()
    };
    assert_eq!(outside(&source), outside(&copy));
    assert!(copy.lines().all(|line| line.len() <= 78));
    let copy = replace(&document, "cast in 1911", "cast *in* 1911 “łł”").unwrap();
    assert!(mail(copy.as_bytes()).text().contains("cast *in* 1911 “łł”"));
    assert_eq!(copy.split("--outer").next(), source.split("--outer").next());
    let image = |text: &str| text[text.find("--outer\nContent-Type: image").unwrap()..].to_owned();
    assert_eq!(image(&source), image(&copy));
}

#[test]
fn a_reply_keeps_its_flow_and_its_quotations() {
    let bytes = fixture("reply");
    let document = mail(&bytes);
    let source = String::from_utf8(bytes).unwrap();
    let quote = blocks(&document).into_iter().find(|(kind, _)| *kind == BlockKind::Quote).unwrap();
    assert!(quote.1.starts_with("A decision must be made") && !quote.1.contains('>'));
    // The blank that says that a line goes on moves with its line end.
    let copy = replace(&document, "most of them think", "others think").unwrap();
    assert_eq!(copy, source.replace("most \nof them think that", "others \nthink that"));
    let copy = replace(&document, "most of them think that", "others think").unwrap();
    assert!(copy.contains("others \nthink the temporary"), "{copy}");
    // Declared as ASCII, it stays ASCII.
    assert!(!document.encodes("“") && document.encodes("x"));
    assert!(matches!(replace(&document, "Monday", "Möntag"), Err(EditError::Unencodable { .. })));
    assert!(matches!(replace(&document, "Dear Ines", "> Dear"), Err(EditError::Structure { .. })));
}

#[test]
fn what_only_one_writing_has_is_left_alone() {
    let source = alternative("Read this mail with a program that shows pages.", "<p>He said so.</p>");
    let document = mail(source.as_bytes());
    assert_eq!(document.text(), "He said so.");
    assert_eq!(document.skipped(), [(Skipped::OneWriting, 2)]);
    assert!(matches!(replace(&document, "said", "told"), Err(EditError::Fixed { .. })));
    // A third writing could be compared as well.
    let third = alternative("He said so.", "<p>He said so.</p>")
        .replace("--x--", "--x\r\nContent-Type: text/x-amp-html\r\n\r\n<p>He said so.</p>\r\n--x--");
    let document = mail(third.as_bytes());
    assert!(matches!(replace(&document, "said", "told"), Err(EditError::Fixed { .. })));
    // An invitation says nothing twice.
    let third = third.replace("x-amp-html", "calendar");
    assert!(replace(&mail(third.as_bytes()), "said", "told").unwrap().matches("He told so.").count() == 2);
    // A page alone.
    let page = "Subject: x\nContent-Type: text/html\n\n<p>He said so.</p>\n";
    assert_eq!(
        replace(&mail(page.as_bytes()), "said", "“told”").unwrap(),
        page.replace("said", "&#8220;told&#8221;")
    );
}

#[test]
fn an_edit_that_only_one_writing_can_hold_is_refused() {
    let source = alternative(
        "Ten men left, and\r\nwere not seen again.",
        "<p>Ten men left, and were not seen again.</p>",
    );
    let document = mail(source.as_bytes());
    assert!(replace(&document, "men", "people").is_ok());
    // In plain text this would start a quotation, and a boundary would end the part.
    assert!(matches!(replace(&document, "Ten men", "> men"), Err(EditError::Structure { .. })));
    assert!(replace(&document, "Ten men left", "--x").is_err());
    assert!(replace(&document, "Ten men left", "--x--").is_err());
}

#[test]
fn authors_mark_variants_in_both_writings() {
    let source = alternative(
        "He {{said|told}} so,\r\nand {{left|went}}.",
        "<p>He <b>{{said|told}}</b> so, and {{left|went}}.</p>",
    );
    let document = mail(source.as_bytes());
    let text = document.text();
    let mut cuts: Vec<Range<usize>> = ["{{", "|told}}", "{{", "|went}}"]
        .iter()
        .scan(0, |from, cut| {
            let at = *from + text[*from..].find(cut).unwrap();
            *from = at + cut.len();
            Some(document.source_pieces(&(at..at + cut.len())).unwrap())
        })
        .flatten()
        .collect();
    cuts.sort_by_key(|cut| cut.start);
    let bytes = document.without(&cuts).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        alternative("He said so,\r\nand left.", "<p>He <b>said</b> so, and left.</p>")
    );
}

#[test]
fn variants_in_one_writing_only_are_an_error() {
    for (plain, page) in
        [("He {{said|told}} so.", "<p>He said so."), ("He said so.", "<p>He {{said|told}} so.")]
    {
        let error = Document::read(Format::Eml, alternative(plain, page).as_bytes()).unwrap_err();
        assert!(error.to_string().contains("variants are marked"), "{error}");
    }
    assert!(Document::read(Format::Eml, alternative("Dear {{name}},", "<p>Dear all,").as_bytes()).is_ok());
}

#[test]
fn refuses_what_an_edit_would_break() {
    let of = |kind: &str, body: &str| {
        let source = format!("From: a@b.example\nContent-Type: {kind}\n\n{body}");
        Document::read(Format::Eml, source.as_bytes()).map(|_| ()).unwrap_err()
    };
    let smime = fixture("smime");
    assert!(matches!(Document::read(Format::Eml, &smime), Err(ReadError::Signed { kind: "an S/MIME mail" })));
    assert!(matches!(
        of("application/pkcs7-mime; smime-type=enveloped-data", "MII="),
        ReadError::Encrypted { .. }
    ));
    assert!(matches!(
        of("application/x-pkcs7-mime; smime-type=signed-data", "MII="),
        ReadError::Signed { .. }
    ));
    let parts = "--x\n\nhello\n--x--\n";
    assert!(matches!(
        of("multipart/encrypted; boundary=x", parts),
        ReadError::Encrypted { kind: "a PGP mail" }
    ));
    assert!(matches!(
        of("multipart/signed; boundary=x; protocol=\"application/pgp-signature\"", parts),
        ReadError::Signed { kind: "a PGP mail" }
    ));
    assert!(matches!(
        of("text/plain", "-----BEGIN PGP SIGNED MESSAGE-----\n\nhello\n"),
        ReadError::Signed { .. }
    ));
    assert!(matches!(
        of("text/plain", "Hi\n-----BEGIN PGP MESSAGE-----\n\nhQ\n"),
        ReadError::Encrypted { .. }
    ));
    for bytes in [&b""[..], b"\n\nhello", b"hello"] {
        assert!(matches!(Document::read(Format::Eml, bytes), Err(ReadError::Damaged { .. })), "{bytes:?}");
    }
    let many = format!("A: b\nContent-Type: multipart/mixed; boundary=x\n\n{}", "--x\n\na\n".repeat(1200));
    assert!(matches!(Document::read(Format::Eml, many.as_bytes()), Err(ReadError::Limit { .. })));
    let deep: Vec<String> =
        (0..100).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let deep = deep.concat();
    assert!(matches!(Document::read(Format::Eml, deep.as_bytes()), Err(ReadError::Limit { .. })));
}

#[test]
fn copies_what_it_cannot_write_back() {
    for (header, body) in [
        ("Content-Type: text/plain; charset=utf-7", "hello"),
        ("Content-Type: text/plain; charset=utf-8", "caf\u{e9}"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: x-uuencode", "hello"),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: base64", "!!!!"),
        ("Content-Type: text/plain", "a\u{0}b"),
    ] {
        let source = format!("A: b\n{header}\n\n{body}\n");
        // One byte for each character: é is no UTF-8.
        let bytes: Vec<u8> = source.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let document = mail(&bytes);
        assert_eq!(document.text(), "", "{header}");
        assert_eq!(document.skipped(), [(Skipped::Unreadable, 1)], "{header}");
    }
    // What the mail shows is read for tracing all the same.
    let bytes = b"A: b\nSubject: s\nContent-Type: text/plain; charset=utf-8\n\ncaf\xe9 au lait\n";
    assert_eq!(visible_text(Format::Eml, bytes).unwrap(), "s\n\ncaf\u{fffd} au lait");
}

#[test]
fn shows_what_a_reader_sees() {
    let shown = |name| visible_text(Format::Eml, &fixture(name)).unwrap();
    let text = shown("sluice");
    assert!(text.starts_with(
        "The lower sluice: what we know – and what we ask\n\nDear colleagues,\n\nThe surveyors"
    ));
    assert_eq!(text.matches("surveyors").count(), 1);
    assert!(!text.contains("display"));
    let text = shown("attachments");
    for part in
        ["Hello Tom", "cast in 1911", "Could you send me what you have about the gate? The contractor"]
    {
        assert!(text.contains(part), "{part}");
    }
    assert!(shown("smime").contains("bent by ice"));
    let page = "<p>a<script>no</script><table><tr><td>cell</table><p hidden>no".as_bytes();
    assert_eq!(visible_text(Format::Html, page).unwrap(), "a\n\ncell");
    assert!(visible_text(Format::Eml, b"").is_err());
    assert!(visible_text(Format::Html, b"%PDF-1.7").is_err());
}

#[test]
fn truncated_anywhere_it_reads_or_refuses() {
    for name in FIXTURES {
        let bytes = fixture(name);
        for end in (0..bytes.len()).step_by(11).chain([bytes.len()]) {
            if let Ok(document) = Document::read(Format::Eml, &bytes[..end]) {
                check_invariants(&document);
                assert_eq!(document.edit(&[]).unwrap(), &bytes[..end]);
            }
            let _ = visible_text(Format::Eml, &bytes[..end]);
        }
    }
}

#[test]
fn line_ends_of_all_sorts_and_a_missing_end() {
    let base = alternative("He said so,\r\nand left.", "<p>He said so, and left.</p>");
    for source in [
        base.clone(),
        base.replace("\r\n", "\n"),
        base.replacen("\r\n", "\n", 5),
        base.replace("\r\n--x--\r\n", ""),
        base.replace("\r\n--x--\r\n", "\r\n--x\r\n"),
        base.replace("--x--", "--x--trailing\r\nepilogue"),
        format!("From b Mon Mar  3 10:00:00 2031\r\n{base}"),
    ] {
        let document = mail(source.as_bytes());
        let copy = replace(&document, "so, and left", "that and went away")
            .unwrap_or_else(|error| panic!("{error}: {source}"));
        assert_eq!(copy.matches("went away").count(), 2, "{copy}");
    }
}

#[test]
fn what_programs_cut_differently_is_not_touched() {
    for source in [
        // The inner parts are closed by the outer boundary.
        "Content-Type: multipart/mixed; boundary=\"outer\"\n\n--outer\nContent-Type: multipart/alternative; boundary=\"inner\"\n\n\
         --inner\nContent-Type: text/plain\n\nword one\n--outer\nContent-Type: text/plain\n\nword two\n--outer--\n",
        // Two fields name the type of a part, and only one of them its boundary.
        "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative;\n boundary=\"i\"\nContent-Type: \
         text/plain\n\nword\n\n--i\nContent-Type: text/html\n\n<p>word\n--i--\n--o--\n",
        // A part whose header is its body.
        "A: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nContent-Type: text/html\n\n<p>word\n--x--\n",
    ] {
        let document = mail(source.as_bytes());
        for leaf in document.leaves().iter().filter(|leaf| leaf.kind == LeafKind::Text) {
            let text = &document.text()[leaf.text.clone()];
            assert!(text.starts_with("word"), "{text}");
        }
    }
}

fn mails() -> impl Strategy<Value = String> {
    let words = "[a-z]{1,6}( [a-z=&<>{}|\u{e9}.*]{1,7}){0,12}";
    let paragraph = prop_oneof![4 => words.prop_map(|text| text), 1 => Just("> quoted words".to_owned()), 1 => Just(String::new())];
    let transfer = prop::sample::select(vec!["8bit", "quoted-printable", "base64"]);
    (prop::collection::vec(paragraph, 0..5), transfer.clone(), transfer, any::<bool>(), any::<bool>()).prop_map(
        |(paragraphs, one, two, unix, same)| {
            let encode = |transfer: &str, text: String| match transfer {
                "base64" => String::from_utf8(
                    Transfer::Base64.encode(b"\r\n", text.as_bytes()).unwrap_or_else(|| text.clone().into_bytes()),
                )
                .unwrap(),
                "quoted-printable" => text
                    .bytes()
                    .map(|byte| if byte == b'=' || byte >= 128 { format!("={byte:02X}") } else { char::from(byte).to_string() })
                    .collect(),
                _ => text,
            };
            let plain = paragraphs.join("\r\n\r\n");
            let escape = |text: &String| text.replace('&', "&amp;").replace('<', "&lt;");
            let page: Vec<String> =
                paragraphs.iter().skip(usize::from(!same)).map(|text| format!("<p>{}</p>\r\n", escape(text))).collect();
            let page = page.concat();
            let source = format!(
                "From: a@b.example\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; \
                 charset=utf-8\r\nContent-Transfer-Encoding: {one}\r\n\r\n{}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Transfer-Encoding: {two}\r\n\r\n{}\r\n--b--\r\n",
                encode(one, plain),
                encode(two, page)
            );
            if unix { source.replace("\r\n", "\n") } else { source }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn never_panics_and_keeps_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..300), headed in any::<bool>()) {
        let bytes = if headed { [b"A: b\nContent-Type: multipart/mixed; boundary=\"\"\n\n", bytes.as_slice()].concat() } else { bytes };
        if let Ok(document) = Document::read(Format::Eml, &bytes) {
            check_invariants(&document);
            prop_assert_eq!(document.edit(&[]).unwrap(), bytes.clone());
        }
        let _ = visible_text(Format::Eml, &bytes);
    }

    #[test]
    fn a_copy_reads_back_to_the_edited_text(
        source in mails(),
        wanted in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..14, "[a-z<&é=]{0,5}( [a-z>&;1.#-]{1,4}){0,3}"), 1..5),
    ) {
        let document = mail(source.as_bytes());
        let bounds: Vec<usize> = document.text().char_indices().map(|(at, _)| at).chain([document.text().len()]).collect();
        let mut edits: Vec<Edit> = Vec::new();
        for (index, length, text) in wanted {
            let first = index.index(bounds.len());
            let range = bounds[first]..bounds[(first + length).min(bounds.len() - 1)];
            if edits.iter().all(|other| other.range.end <= range.start || range.end <= other.range.start)
                && edits.iter().all(|other| other.range != range)
            {
                edits.push(Edit { range, text });
            }
        }
        if let Ok(bytes) = document.edit(&edits) {
            edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
            let mut wanted = document.text().to_owned();
            for edit in edits.iter().rev() {
                wanted.replace_range(edit.range.clone(), &edit.text);
            }
            let copy = Document::read(Format::Eml, &bytes).unwrap();
            prop_assert_eq!(copy.text(), wanted);
            // Both writings still say the same of as many blocks.
            prop_assert_eq!(copy.skipped(), document.skipped());
            let heads = |bytes: &[u8]| -> Vec<String> {
                String::from_utf8_lossy(bytes).lines().filter(|line| line.starts_with("Content-") || line.starts_with("--b")).map(str::to_owned).collect()
            };
            prop_assert_eq!(heads(source.as_bytes()), heads(&bytes));
        }
    }
}
