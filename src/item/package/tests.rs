#![allow(clippy::format_collect, clippy::items_after_statements, reason = "parts are written as they read")]

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::item::{BlockKind, Document, Edit, EditError, Format, LeafKind, ReadError, Skipped, visible_text};

const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math""#;
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An archive with these members, the first one stored and each with a date of its own.
fn archive(members: &[(&str, String)]) -> Vec<u8> {
    let members: Vec<_> = members.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    archive_of(&members)
}

fn archive_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (index, (name, content)) in members.iter().enumerate() {
        let method = if index == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let day = u8::try_from(index % 27 + 1).unwrap();
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .unix_permissions(0o640)
            .last_modified_time(DateTime::from_date_and_time(2019, 3, day, 4, 5, 6).unwrap());
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn relationships(targets: &[(&str, &str)]) -> String {
    let all: String = targets
        .iter()
        .enumerate()
        .map(|(index, (kind, target))| {
            let mode = if target.contains("://") { " TargetMode=\"External\"" } else { "" };
            format!(r#"<Relationship Id="r{index}" Type="{REL}/{kind}" Target="{target}"{mode}/>"#)
        })
        .collect();
    format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>"#
    )
}

/// A Word document with a body, and other parts that it relates to: kind, name, content.
fn docx_with(body: &str, others: &[(&str, &str, &str)]) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let links: Vec<(&str, &str)> = others.iter().map(|(kind, name, _)| (*kind, *name)).collect();
    let mut members = vec![
        ("[Content_Types].xml", types.to_owned()),
        ("_rels/.rels", relationships(&[("officeDocument", "main/text.xml")])),
        ("main/_rels/text.xml.rels", relationships(&links)),
        ("main/text.xml", format!("<w:document {W}><w:body>{body}</w:body></w:document>")),
        ("main/picture.png", "not looked at".to_owned()),
    ];
    let named: Vec<(String, String)> = others
        .iter()
        .filter(|(_, name, _)| !name.contains("://"))
        .map(|(_, name, content)| (format!("main/{name}"), (*content).to_owned()))
        .collect();
    members.extend(named.iter().map(|(name, content)| (name.as_str(), content.clone())));
    archive(&members)
}

fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

fn read(bytes: &[u8]) -> Document {
    Document::read(Format::detect(bytes, None), bytes).unwrap()
}

fn member(bytes: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

fn replace(document: &Document, old: &str, new: &str) -> Result<Vec<u8>, EditError> {
    let start = document.text().find(old).unwrap();
    document.edit(&[Edit { range: start..start + old.len(), text: new.into() }])
}

/// The runs of a paragraph, which keep their white space.
fn p(runs: &[&str]) -> String {
    let runs: String =
        runs.iter().map(|run| format!(r#"<w:r><w:t xml:space="preserve">{run}</w:t></w:r>"#)).collect();
    format!("<w:p>{runs}</w:p>")
}

#[test]
fn a_word_over_several_runs_is_replaced_in_the_first() {
    let bytes = docx(&p(&["The talks were hin", "de", "red by R&amp;D and &#8217;rain."]));
    let document = read(&bytes);
    assert_eq!(document.text(), "The talks were hindered by R&D and ’rain.");
    let kinds: Vec<_> = document.leaves().iter().map(|leaf| leaf.kind).collect();
    assert_eq!(kinds.iter().filter(|&&kind| kind == LeafKind::Atom).count(), 2);
    let copy = replace(&document, "hindered", "held <up>").unwrap();
    let xml = member(&copy, "main/text.xml");
    assert!(xml.contains("The talks were h</w:t>") || xml.contains("were held &lt;up&gt;</w:t>"), "{xml}");
    assert_eq!(read(&copy).text(), "The talks were held <up> by R&D and ’rain.");
    assert_eq!(document.edit(&[]).unwrap(), bytes);
    assert_eq!(document.bytes(), bytes);
}

#[test]
fn only_the_edited_part_and_its_sums_change() {
    let bytes = docx_with(&p(&["The talks were hindered."]), &[("header", "top.xml", &margin("hdr", "Top"))]);
    let copy = replace(&read(&bytes), "hindered", "hampered by rain").unwrap();
    let (mut before, mut after) =
        (ZipArchive::new(Cursor::new(&bytes)).unwrap(), ZipArchive::new(Cursor::new(&copy)).unwrap());
    assert_eq!(before.len(), after.len());
    for index in 0..before.len() {
        let (old, new) = (before.by_index_raw(index).unwrap(), after.by_index_raw(index).unwrap());
        assert_eq!(old.name().unwrap(), new.name().unwrap());
        assert_eq!(old.last_modified(), new.last_modified());
        assert_eq!(old.unix_mode(), new.unix_mode());
        assert_eq!(old.compression(), new.compression());
        assert_eq!(old.extra_data(), new.extra_data());
        assert_eq!(old.crc32() == new.crc32(), old.name().unwrap() != "main/text.xml");
        drop((old, new));
    }
    // Two copies with edits of the same length differ in that member and its sums alone.
    let other = replace(&read(&bytes), "hindered", "hampered by hail").unwrap();
    assert_eq!(copy, replace(&read(&bytes), "hindered", "hampered by rain").unwrap());
    assert_ne!(copy, other);
    assert!(read(&bytes).reread(&copy).unwrap().text().contains("by rain"));
}

fn margin(root: &str, text: &str) -> String {
    format!("<w:{root} {W}>{}</w:{root}>", p(&[text]))
}

#[test]
fn white_space_at_the_ends_counts_where_it_says_so() {
    let body = "<w:p><w:r><w:t> One </w:t></w:r><w:r><w:t>two</w:t></w:r><w:r><w:t xml:space=\"preserve\"> three</w:t></w:r></w:p>";
    let document = read(&docx(body));
    assert_eq!(document.text(), "Onetwo three");
    // The edit leaves a space at the end of an element that would drop it.
    let copy = replace(&document, "two", "and two or").unwrap();
    assert_eq!(read(&copy).text(), "Oneand two or three");
    let copy = replace(&document, "One", "A ").unwrap();
    let xml = member(&copy, "main/text.xml");
    assert_eq!(read(&copy).text(), "A two three");
    assert!(xml.contains("<w:t xml:space=\"preserve\">A </w:t>"), "{xml}");
}

#[test]
fn blocks_are_what_styles_and_places_say() {
    let styles = format!(
        r#"<w:styles {W}><w:style w:type="paragraph" w:styleId="Ueber1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="My"><w:basedOn w:val="Ueber1"/></w:style><w:style w:styleId="Z"><w:name w:val="Quote"/></w:style><w:style w:styleId="C"><w:name w:val="Source Code"/></w:style><w:style w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"#
    );
    let styled = |style: &str, text: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#)
    };
    let prose = "In this cell there is a whole sentence that goes on for more than twelve words.";
    let body = [
        styled("My", "Heading"),
        styled("Z", "Quoted"),
        styled("C", "let x"),
        styled("Hid", "hidden"),
        "<w:p><w:pPr><w:numPr><w:numId w:val=\"3\"/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>"
            .into(),
        format!("<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>", p(&["Cell"]), p(&[prose])),
        p(&["Plain"]),
    ];
    let bytes = docx_with(
        &body.concat(),
        &[
            ("styles", "s.xml", &styles),
            (
                "footnotes",
                "f.xml",
                &format!(
                    "<w:footnotes {W}><w:footnote w:type=\"separator\">{}</w:footnote><w:footnote w:id=\"2\">{}</w:footnote></w:footnotes>",
                    p(&["-"]),
                    p(&["A note"])
                ),
            ),
            ("header", "h.xml", &margin("hdr", "Header")),
        ],
    );
    let document = read(&bytes);
    let blocks: Vec<(&str, BlockKind)> =
        document.blocks().iter().map(|block| (&document.text()[block.range.clone()], block.kind)).collect();
    assert_eq!(
        blocks,
        [
            ("Heading", BlockKind::Heading),
            ("Quoted", BlockKind::Quote),
            ("let x", BlockKind::Code),
            ("Item", BlockKind::ListItem),
            ("Cell", BlockKind::Table),
            (prose, BlockKind::Paragraph),
            ("Plain", BlockKind::Paragraph),
            ("A note", BlockKind::Paragraph),
            ("Header", BlockKind::Table),
        ]
    );
    assert_eq!(document.title(), Some("Heading"));
    assert_eq!(document.skipped(), [(Skipped::Code, 1), (Skipped::Hidden, 1)]);
    assert!(
        !document.editable(&(document.text().find("let").unwrap()..document.text().find("let").unwrap() + 3))
    );
}

#[test]
fn what_is_not_settled_text_is_fixed_or_not_seen() {
    let run = |text: &str| format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let body = format!(
        "<w:p>{}<w:ins>{}</w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:moveFrom>{}</w:moveFrom>{}<w:r><w:instrText>PAGE</w:instrText></w:r>{}{}{}<w:fldSimple w:instr=\"DATE\">{}</w:fldSimple><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:t>end</w:t><w:br/><w:t>now</w:t><w:tab/></w:r></w:p>",
        run("Said "),
        run("new "),
        run("moved "),
        field("begin"),
        field("separate"),
        run("7 "),
        field("end"),
        run("Monday "),
        run(" at the "),
    );
    let sdt = |pr: &str, text: &str| {
        format!("<w:sdt><w:sdtPr>{pr}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p(&[text]))
    };
    let body = [
        body,
        sdt("<w:dataBinding w:xpath=\"x\"/>", "Bound"),
        sdt("<w:tag w:val=\"name\"/>", "Free"),
        format!(
            "<w:p><w:hyperlink r:id=\"r0\">{}</w:hyperlink><w:hyperlink r:id=\"r0\">{}</w:hyperlink></w:p>",
            run("a.example/x"),
            run(" the report")
        ),
    ];
    let document = read(&docx_with(&body.concat(), &[("hyperlink", "https://a.example/x", "")]));
    assert_eq!(
        document.text(),
        "Said new 7 Monday x=1 at the end now\n\nBound\n\nFree\n\na.example/x the report"
    );
    let editable = |words: &str| {
        let start = document.text().find(words).unwrap();
        document.editable(&(start..start + words.len()))
    };
    for (words, free) in [
        ("Said", true),
        ("new", false),
        ("7", false),
        ("Monday", false),
        ("x=1", false),
        ("at the end", true),
        ("end now", false),
        ("Bound", false),
        ("Free", true),
        ("a.example/x", false),
        ("the report", true),
    ] {
        assert_eq!(editable(words), free, "{words}");
    }
    assert_eq!(
        document.skipped(),
        [
            (Skipped::Change, 3),
            (Skipped::Field, 2),
            (Skipped::Control, 1),
            (Skipped::Formula, 1),
            (Skipped::Hidden, 1)
        ]
    );
}

#[test]
fn a_text_box_that_is_stored_twice_is_edited_twice() {
    let boxed = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(&[text]));
    let body = |fallback: &str| {
        format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">Before </w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>after.</w:t></w:r></w:p>{}",
            boxed("Inside the box"),
            boxed(fallback),
            p(&["Last"])
        )
    };
    let document = read(&docx(&body("Inside the box")));
    assert_eq!(document.text(), "Before after.\n\nInside the box\n\nLast");
    let copy = replace(&document, "Inside", "Within").unwrap();
    let xml = member(&copy, "main/text.xml");
    assert_eq!((xml.matches("Within the box").count(), xml.matches("Inside").count()), (2, 0));
    assert_eq!(read(&copy).text(), "Before after.\n\nWithin the box\n\nLast");
    // Where the two differ neither is touched.
    let document = read(&docx(&body("Inside a box")));
    assert!(replace(&document, "Inside", "Within").is_err());
    assert!(replace(&document, "Last", "End").is_ok());
}

#[test]
fn formats_are_known_by_content_and_others_are_named() {
    assert_eq!(Format::detect(&docx(""), Some("brief.txt")), Format::Docx);
    let sheet = archive(&[
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/x.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#.into()),
        ("_rels/.rels", relationships(&[("officeDocument", "/x.xml")])),
        ("x.xml", "<x/>".into()),
    ]);
    let refused =
        |bytes: &[u8]| Document::read(Format::detect(bytes, Some("x.docx")), bytes).unwrap_err().to_string();
    assert!(refused(&sheet).contains("an Excel workbook"), "{}", refused(&sheet));
    let ods = archive(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet".into())]);
    assert!(refused(&ods).contains("spreadsheet"), "{}", refused(&ods));
    assert!(refused(&archive(&[("a.txt", "x".into())])).contains("a zip archive that is no"));
    let compound = [&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..], &[0; 600]].concat();
    assert!(matches!(Document::read(Format::Text, &compound), Err(ReadError::Legacy { .. })));
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let locked = [&compound[..], &name].concat();
    assert!(matches!(Document::read(Format::Text, &locked), Err(ReadError::Encrypted { .. })));
}

#[test]
fn signed_and_hostile_packages_are_refused() {
    let signed = archive(&[
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#.into()),
        ("_rels/.rels", relationships(&[("officeDocument", "d.xml")])),
        ("d.xml", format!("<w:document {W}>{}</w:document>", p(&["Signed text"]))),
        ("_xmlsignatures/sig1.xml", "<x/>".into()),
    ]);
    assert!(matches!(Document::read(Format::Docx, &signed), Err(ReadError::Signed { .. })));
    assert_eq!(visible_text(Format::Docx, &signed).unwrap(), "Signed text");

    let with_type = docx_with("", &[("header", "h.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>")]);
    assert!(matches!(Document::read(Format::Docx, &with_type), Err(ReadError::Doctype { .. })));
    let deep = format!("{}{}", "<w:x>".repeat(5000), "</w:x>".repeat(5000));
    assert!(matches!(Document::read(Format::Docx, &docx(&deep)), Err(ReadError::Limit { .. })));
    let open = docx("<w:p>");
    assert!(matches!(Document::read(Format::Docx, &open), Err(ReadError::Damaged { .. })));

    // A bomb: 32 MiB of one character.
    let bomb = docx_with("", &[("image", "big.bin", &"a".repeat(32 << 20))]);
    assert!(matches!(Document::read(Format::Docx, &bomb), Err(ReadError::Limit { .. })));

    // A checksum that is wrong, in a member that is not even text.
    let whole = docx(&p(&["Text"]));
    let at = whole.windows(16).position(|window| window == b"main/picture.png").unwrap();
    let mut broken = whole.clone();
    broken[at + 16] ^= 0x40;
    assert!(matches!(Document::read(Format::Docx, &broken), Err(ReadError::Damaged { .. })));

    // Two members of one name, and an encrypted one.
    let mut twice = docx_with(&p(&["Text"]), &[("image", "pict.xml", "<x/>")]);
    for _ in 0..2 {
        let at = twice.windows(13).position(|window| window == b"main/pict.xml").unwrap();
        twice[at..at + 13].copy_from_slice(b"main/text.xml");
    }
    assert!(Document::read(Format::Docx, &twice).unwrap_err().to_string().contains("two of its members"));
    let central = whole.windows(16).rposition(|window| window == b"main/picture.png").unwrap();
    let mut locked = whole.clone();
    locked[central - 46 + 8] |= 1;
    assert!(matches!(Document::read(Format::Docx, &locked), Err(ReadError::Encrypted { .. })));
}

#[test]
fn every_truncation_is_an_error() {
    let bytes =
        docx_with(&p(&["The talks were hindered by rain."]), &[("header", "h.xml", &margin("hdr", "H"))]);
    for length in 0..bytes.len() {
        assert!(Document::read(Format::Docx, &bytes[..length]).is_err(), "{length}");
        let _ = visible_text(Format::Docx, &bytes[..length]);
        let _ = Format::detect(&bytes[..length], None);
    }
}

const A: &str = r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

#[test]
fn slides_come_in_the_order_of_the_presentation_each_with_its_notes() {
    let shape = |kind: &str, text: &str| {
        format!(
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"x\"/><p:nvPr><p:ph{kind}/></p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>"
        )
    };
    let line = |text: &str| format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>");
    let slide = |title: &str| {
        format!(
            "<p:sld {A}>{}{}{}<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"y\" hidden=\"1\"/></p:nvSpPr><p:txBody>{}</p:txBody></p:sp></p:sld>",
            shape(" type=\"title\"", &line(title)),
            shape(
                " idx=\"1\"",
                "<a:p><a:r><a:t>One </a:t></a:r><a:r><a:t>point</a:t></a:r><a:br/><a:r><a:t>more</a:t></a:r></a:p><a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>Plain</a:t></a:r></a:p>"
            ),
            shape(" type=\"sldNum\"", "<a:p><a:fld id=\"x\" type=\"slidenum\"><a:t>3</a:t></a:fld></a:p>"),
            line("hidden"),
        )
    };
    let notes =
        format!("<p:notes {A}>{}</p:notes>", shape(" type=\"body\" idx=\"1\"", &line("Say this slowly.")));
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/p.xml" ContentType="application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"/></Types>"#;
    let bytes = archive(&[
        ("[Content_Types].xml", types.into()),
        ("_rels/.rels", relationships(&[("officeDocument", "p.xml")])),
        (
            "p.xml",
            format!(
                "<p:presentation {A}><p:sldIdLst><p:sldId id=\"256\" r:id=\"r1\"/><p:sldId id=\"257\" r:id=\"r0\"/></p:sldIdLst></p:presentation>"
            ),
        ),
        ("_rels/p.xml.rels", relationships(&[("slide", "s/a.xml"), ("slide", "s/b.xml")])),
        ("s/a.xml", slide("Second")),
        ("s/b.xml", slide("First")),
        ("s/_rels/b.xml.rels", relationships(&[("notesSlide", "../n.xml")])),
        ("n.xml", notes),
    ]);
    let document = read(&bytes);
    assert_eq!(document.format(), Format::Pptx);
    assert_eq!(
        document.text(),
        "First\n\nOne point more\n\nPlain\n\n3\n\nSay this slowly.\n\nSecond\n\nOne point more\n\nPlain\n\n3"
    );
    let kinds: Vec<BlockKind> = document.blocks().iter().map(|block| block.kind).collect();
    use BlockKind::{Heading, ListItem, Paragraph, Table};
    assert_eq!(kinds, [Heading, ListItem, Paragraph, Table, Paragraph, Heading, ListItem, Paragraph, Table]);
    assert_eq!(document.skipped(), [(Skipped::Field, 2), (Skipped::Hidden, 2)]);
    let copy = replace(&document, "point", "item & all ").unwrap();
    assert!(member(&copy, "s/b.xml").contains("<a:t>item &amp; all </a:t>"));
    assert_eq!(member(&copy, "s/a.xml"), member(&bytes, "s/a.xml"));
}

const ODF: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0""#;

fn odf(kind: &str, styles: &str, body: &str) -> Vec<u8> {
    archive(&[
        ("mimetype", format!("application/vnd.oasis.opendocument.{kind}")),
        (
            "content.xml",
            format!(
                "<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
            ),
        ),
        (
            "styles.xml",
            format!(
                "<office:document-styles {ODF}><office:master-styles><style:master-page><style:header><text:p>Page top</text:p></style:header></style:master-page></office:master-styles></office:document-styles>"
            ),
        ),
        ("META-INF/manifest.xml", format!("<manifest:manifest {ODF}/>")),
    ])
}

#[test]
fn open_document_text_shows_white_space_as_a_reader_does() {
    let body = "<text:h text:outline-level=\"1\">Title</text:h><text:p text:style-name=\"P1\">  The\n   talks <text:span>were  <text:s text:c=\"2\"/>hin</text:span>dered <text:span> by</text:span><text:tab/>rain.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body></text:note> </text:p><text:list><text:list-item><text:p>Item <text:page-number>4</text:page-number></text:p></text:list-item></text:list><text:p text:style-name=\"H\">hidden</text:p><text:table-of-content><text:index-body><text:p>Title 1</text:p></text:index-body></text:table-of-content><text:p><draw:frame><draw:text-box>  <text:p>Boxed</text:p>\n</draw:text-box></draw:frame></text:p>";
    let styles = "<style:style style:name=\"P1\" style:parent-style-name=\"Quotations\"/><style:style style:name=\"Quotations\"/><style:style style:name=\"H\"><style:text-properties text:display=\"none\"/></style:style>";
    let document = read(&odf("text", styles, body));
    assert_eq!(
        document.text(),
        "Title\n\nThe talks were   hindered by\train.\n\nA note.\n\nItem 4\n\nTitle 1\n\nBoxed\n\nPage top"
    );
    use BlockKind::{Heading, ListItem, Paragraph, Quote, Table};
    let kinds: Vec<BlockKind> = document.blocks().iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [Heading, Quote, Paragraph, ListItem, Paragraph, Paragraph, Table]);
    assert_eq!(document.skipped(), [(Skipped::Field, 1), (Skipped::Hidden, 1), (Skipped::Contents, 1)]);
    let copy = replace(&document, "hindered", "held up").unwrap();
    assert_eq!(read(&copy).text(), document.text().replace("hindered", "held up"));
    assert!(member(&copy, "content.xml").contains("<text:s text:c=\"2\"/>held up</text:span> <text:span>"));
    let copy = replace(&document, "The talks", "All the talks").unwrap();
    assert!(member(&copy, "content.xml").contains("  All the\n   talks <"));
    assert!(replace(&document, "Title 1", "Title 2").is_err());
}

#[test]
fn open_document_with_encrypted_members_is_refused() {
    let bytes = archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.text".into()),
        ("content.xml", "garbage".into()),
        (
            "META-INF/manifest.xml",
            format!(
                "<manifest:manifest {ODF}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
            ),
        ),
    ]);
    assert!(matches!(Document::read(Format::Odt, &bytes), Err(ReadError::Encrypted { .. })));
}

#[test]
fn arbitrary_edits_of_broken_runs_read_back() {
    let body = [
        p(&["The min", "istry said ", "that ", "t", "alks &amp; all"]),
        "<w:p><w:r><w:t>No space</w:t></w:r><w:r><w:t xml:space=\"preserve\"> here </w:t></w:r><w:r><w:t>now</w:t></w:r></w:p>".to_owned(),
    ]
    .concat();
    let document = read(&docx(&body));
    let text = document.text().to_owned();
    let mut written = 0;
    for start in 0..text.len() {
        for end in start + 1..(start + 14).min(text.len()) {
            if !document.editable(&(start..end)) {
                continue;
            }
            for new in ["", "x", " lead", "trail ", "a & b"] {
                let edit = Edit { range: start..end, text: new.into() };
                // A block that would lose all its text is refused; nothing else is.
                match document.edit(&[edit]) {
                    Ok(bytes) => {
                        let mut wanted = text.clone();
                        wanted.replace_range(start..end, new);
                        assert_eq!(read(&bytes).text(), wanted);
                        written += 1;
                    }
                    Err(error) => panic!("{:?} to {new:?}: {error}", &text[start..end]),
                }
            }
        }
    }
    assert!(written > 500, "{written}");
}

#[test]
fn hostile_parts_are_read_in_linear_time() {
    let begin = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let field = format!("<w:p>{}{}<w:r><w:t>x</w:t></w:r></w:p>", begin("begin"), begin("separate"));
    let link = "<w:hyperlink r:id=\"r0\"><w:r><w:t>www.a.example/1 </w:t></w:r></w:hyperlink>";
    let change = "<w:ins><w:r><w:t>a</w:t></w:r></w:ins><w:del><w:r><w:delText>b</w:delText></w:r></w:del>";
    let parts = [
        field.repeat(20_000),
        format!("<w:p>{}</w:p>", link.repeat(20_000)),
        format!("<w:p>{}</w:p>", change.repeat(20_000)),
        format!("<w:p>{}</w:p>", "<w:r><w:t>&amp;</w:t></w:r>".repeat(50_000)),
        format!("{}{}", "<w:p><w:r>".repeat(200), "</w:r></w:p>".repeat(200)),
    ];
    for body in parts {
        let bytes = docx_with(&body, &[("hyperlink", "https://b.example/", "")]);
        let start = std::time::Instant::now();
        let document = read(&bytes);
        assert_eq!(document.edit(&[]).unwrap(), bytes);
        // A debug build on a busy machine; what is not linear takes minutes.
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}

#[test]
fn parts_keep_their_encoding() {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><w:document {W}>{}</w:document>",
        p(&["Größe zählt"])
    );
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/D.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"/></Types>"#;
    let rels = relationships(&[("officeDocument", "d.xml")]);
    let with = |part: &[u8]| {
        archive_of(&[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", rels.as_bytes()),
            ("d.xml", part),
        ])
    };
    let document = read(&with(&utf16));
    assert_eq!(document.text(), "Größe zählt");
    let copy = replace(&document, "zählt", "’s").unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&copy)).unwrap();
    let mut part = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name("d.xml").unwrap(), &mut part).unwrap();
    assert_eq!((&part[..2], part.len()), (&[0xff, 0xfe][..], utf16.len() - 6));
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let refused = Document::read(Format::Docx, &with(&latin)).unwrap_err();
    assert!(refused.to_string().contains("neither UTF-8 nor UTF-16"), "{refused}");
}
