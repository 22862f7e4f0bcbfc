use std::fmt::Write as _;

use super::*;

const SOON: Duration = Duration::from_mins(1);

fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/leaks").join(name);
    std::fs::read(path).unwrap()
}

fn read(bytes: Vec<u8>) -> Result<Vec<Page>, LeakError> {
    open(&Arc::new(bytes), SOON)
}

/// The text as it is compared: folded, so that line ends and broken words do not matter.
fn folded(text: &str) -> String {
    let all: String = crate::leak::fold(text).iter().map(|folded| folded.char).collect();
    all.trim().to_owned()
}

/// What all the documents say.
fn expected() -> String {
    folded(&String::from_utf8(fixture("page.txt")).unwrap())
}

/// A document of one page with this content, whose font F1 is Times (F2 Courier), and an image Im.
fn document(content: &str) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>\
         /XObject<</Im 6 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 2/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray/Length 4>>stream\n\
         abcd\nendstream"
            .to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    for (at, object) in objects.iter().enumerate() {
        writeln!(out, "{} 0 obj\n{object}\nendobj", at + 1).unwrap();
    }
    out += "trailer<</Size 7/Root 1 0 R>>\n%%EOF\n";
    out.into_bytes()
}

fn text(content: &str) -> String {
    read(document(content)).unwrap().remove(0).text
}

#[test]
fn documents_of_several_programs_say_the_same() {
    let expected = expected();
    for name in ["chromium.pdf", "libreoffice.pdf", "typst.pdf", "rows.pdf", "type3.pdf", "locked.pdf"] {
        let pages = read(fixture(name)).unwrap();
        // Codes that no table explains may be letters or not: its pages can be looked at as well.
        assert!(pages.iter().all(|page| page.picture.is_some() == (name == "type3.pdf")), "{name}");
        let all: Vec<&str> = pages.iter().map(|page| page.text.as_str()).collect();
        let text = folded(&all.join("\n"));
        let text = text.strip_prefix("corrin head ").unwrap_or(&text);
        let text = text.strip_suffix(" page 1 of 1").unwrap_or(text);
        assert_eq!(text, expected, "{name}");
    }
}

#[test]
fn a_password_is_asked_for_by_name() {
    let locked = read(fixture("password.pdf"));
    assert!(matches!(locked, Err(LeakError::Read(ReadError::Encrypted { .. }))), "{locked:?}");
}

#[test]
fn words_and_lines_are_found_by_place() {
    for (content, want) in [
        // Kerning is no space; a gap is, though no space is drawn.
        ("BT /F1 10 Tf 20 200 Td [(W) 90 (at) -20 (er) -333 (is) -250 (wet)] TJ ET", "Water is wet"),
        // A line that goes on in another text object, and one below.
        (
            "BT /F1 10 Tf 20 200 Td (one) Tj ET BT /F1 10 Tf 37.2 200 Td (two) Tj 0 -12 Td (three) Tj ET",
            "one two\nthree",
        ),
        // A raised figure stays in its line.
        ("BT /F1 10 Tf 20 200 Td (note) Tj /F1 6 Tf 3 Ts (1) Tj /F1 10 Tf 0 Ts ( here) Tj ET", "note1 here"),
        // Bold type by drawing twice.
        ("BT /F1 10 Tf 20 200 Td (all) Tj ET BT /F1 10 Tf 20.2 200 Td (all) Tj ET", "all"),
        // Spaced-out type.
        ("BT /F1 10 Tf 3 Tc 20 200 Td (SECRET FILE) Tj ET", "SECRET FILE"),
        // Off the page.
        ("BT /F1 10 Tf 20 200 Td (seen) Tj 0 400 Td (unseen) Tj ET", "seen"),
        ("BT /F1 10 Tf 20 200 Td (a\\222s \\223b\\224 \\226 c) Tj ET", "a’s “b” – c"),
        // On its side, as a page of a wide table is.
        ("BT /F1 10 Tf 0 1 -1 0 200 20 Tm (turned text) Tj 0 -12 Td (below) Tj ET", "turned text\nbelow"),
        ("", ""),
    ] {
        assert_eq!(text(content), want, "{content}");
    }
}

#[test]
fn lines_that_were_drawn_across_columns_are_put_in_order() {
    let left = ["the first column", "goes down here", "for four lines", "until it ends"];
    let right = ["and the second", "one begins at", "the top again", "and ends below"];
    let mut content = "BT /F1 12 Tf 1 0 0 1 90 270 Tm (A heading that reaches across) Tj ".to_owned();
    for (at, (left, right)) in left.iter().zip(right).enumerate() {
        let y = 240 - 14 * at;
        write!(content, "1 0 0 1 20 {y} Tm ({left}) Tj 1 0 0 1 210 {y} Tm ({right}) Tj ").unwrap();
    }
    let want = format!("A heading that reaches across\n{}\n{}", left.join("\n"), right.join("\n"));
    assert_eq!(text(&(content + "ET")), want);
}

#[test]
fn pages_that_are_pictures_are_told_from_pages_of_text() {
    let page = |content: &str| read(document(content)).unwrap().remove(0);
    let whole = "q 400 0 0 300 0 0 cm /Im Do Q ";
    let long = "BT /F1 6 Tf 10 200 Td (".to_owned() + &"words on a page ".repeat(40) + ") Tj ET";
    assert!(page(whole).picture.is_some());
    assert!(
        page(&format!("{whole} BT /F1 9 Tf 20 20 Td (Scanned by the registry, page 1) Tj ET"))
            .picture
            .is_some()
    );
    // Text under a scan, not to be seen: either may be better.
    let under = page(&format!("{whole} BT 3 Tr /F1 9 Tf 20 200 Td (words under a scan) Tj ET"));
    assert!(under.picture.is_some() && under.text == "words under a scan");
    assert!(page(&long).picture.is_none());
    assert!(page("q 20 0 0 20 0 0 cm /Im Do Q BT /F1 9 Tf 20 200 Td (A letter with a small logo and some more text) Tj ET").picture.is_none());
    assert!(page("").picture.is_none());
    // Letters that were turned into paths.
    assert!(page(&"0 0 m 5 5 l 9 0 l f ".repeat(200)).picture.is_some());
    let drawn = render(&Arc::new(document(whole)), 0, 72.0, SOON).unwrap();
    assert_eq!((drawn.width(), drawn.height()), (400, 300));
    assert!(render(&Arc::new(document(whole)), 3, 72.0, SOON).is_err());
}

#[test]
fn too_much_work_is_an_error() {
    let busy = document(&"0 0 m 1 1 l f ".repeat(10));
    let kind = Kind::Pdf.name();
    let own = Arc::new(busy);
    let stopped = guard::run(SOON, 5, move |brake| pages(own, brake).is_ok());
    assert_eq!(stopped.unwrap_err(), guard::Stopped::Failed);
    assert!(LeakError::stopped(guard::Stopped::Late, kind, SOON).to_string().contains("60 seconds"));
}

#[test]
fn truncated_documents_never_end_the_program() {
    for name in ["type3.pdf", "rows.pdf", "locked.pdf"] {
        let whole = fixture(name);
        for end in (0..whole.len()).step_by(whole.len() / 40) {
            if let Ok(pages) = read(whole[..end].to_vec()) {
                assert!(pages.len() <= 1);
            }
        }
    }
}
