use proptest::prelude::*;

use super::*;

fn fixture(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/leaks").join(name);
    std::fs::read_to_string(path).unwrap()
}

const HEADER: &str =
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n";

#[test]
fn tsv_keeps_lines_and_paragraphs() {
    let rows = "1\t1\t0\t0\t0\t0\t0\t0\t9\t9\t-1\t\n\
                5\t1\t1\t1\t1\t1\t0\t0\t9\t20\t96.5\tThe\n\
                5\t1\t1\t1\t1\t2\t0\t0\t9\t30\t90\thar-\n\
                5\t1\t1\t1\t2\t1\t0\t0\t9\t20\t80\tbour\n\
                5\t1\t1\t1\t2\t2\t0\t0\t9\t20\t95\t \n\
                5\t1\t1\t2\t1\t1\t0\t0\t9\t20\t70\t\"was\n\
                5\t2\t1\t1\t1\t1\t0\t0\t9\t20\t-1\tclosed\n";
    let read = tsv(&format!("{HEADER}{rows}")).unwrap();
    assert_eq!(read.text(), "The har-\nbour\n\n\"was\nclosed");
    assert_eq!(read.words(), 5);
    // (3 x 96.5 + 3 x 90 + 4 x 80 + 3 x 70) / 13; a word without a confidence is not counted.
    assert!((read.confidence().unwrap() - 83.807).abs() < 0.01, "{:?}", read.confidence());
    assert_eq!(read.word_height(), Some(20));
    assert_eq!(tsv(HEADER).unwrap(), Reading::default());
}

#[test]
fn the_same_page_reads_alike_in_all_three_formats() {
    let (tsv, hocr, alto) = (
        tsv(&fixture("page.tsv")).unwrap(),
        hocr(&fixture("page.hocr")).unwrap(),
        alto(&fixture("page.alto.xml")).unwrap(),
    );
    assert_eq!(tsv.text(), hocr.text());
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(flat(tsv.text()), flat(alto.text()));
    assert!(tsv.text().contains("a floating beacon"), "{}", tsv.text());
    for reading in [&tsv, &hocr, &alto] {
        assert!(reading.confidence().unwrap() > 85.0);
    }
}

#[test]
fn formats_are_known_by_their_content() {
    assert!(is_tsv(&fixture("page.tsv")) && is_tsv(&format!("\u{feff}{HEADER}")));
    assert!(is_hocr(&fixture("page.hocr")) && !is_hocr("<html><body><p>The class ocr_page says</p>"));
    assert!(is_alto(&fixture("page.alto.xml")));
    assert!(is_alto("<?xml version='1.0'?>\n<!-- scan --> <a:alto xmlns:a='x'>"));
    assert!(!is_alto("<altogether>") && !is_alto("alto") && !is_alto("<?xml") && !is_alto("<!-- <alto>"));
}

#[test]
fn loose_hocr_is_read_and_entities_are_resolved() {
    let page = "<!DOCTYPE html><html><head><meta charset=utf-8><title>x &amp; y</title></head><body>\
                <div class='ocr_page'><p class=ocr_par><span class='ocr_line' title='bbox 0 0 9 9'>\
                <span class='ocrx_word' title='bbox 0 0 9 31; x_wconf 77'><b>R&amp;D</b></span> \
                <span class='ocrx_word'>caf&#233;<br></span></span></p></unmatched></div></body></html>";
    let read = hocr(page).unwrap();
    assert_eq!((read.text(), read.confidence()), ("R&D café", Some(77.0)));
    assert!(hocr("<html><body>no page</body></html>").is_err());
}

#[test]
fn alto_hyphens_join_and_doctypes_are_refused() {
    let page = "<alto><Layout><Page><PrintSpace><TextBlock><TextLine><String CONTENT='har' WC='0.5'/><HYP CONTENT='\u{ad}'/>\
                </TextLine><TextLine><String CONTENT='bour &amp; sea'/><SP/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>";
    let read = alto(page).unwrap();
    assert_eq!(read.text(), "har-\nbour & sea");
    let folded: String = crate::leak::fold(read.text()).iter().map(|folded| folded.char).collect();
    assert_eq!(folded, "harbour & sea");
    let bomb = "<!DOCTYPE alto [<!ENTITY a 'aaaa'>]><alto><String CONTENT='&a;'/></alto>";
    assert!(matches!(alto(bomb), Err(ReadError::Doctype { .. })));
    let deep = "<a>".repeat(500);
    assert!(matches!(alto(&format!("<alto>{deep}")), Err(ReadError::Limit { .. })));
    assert!(matches!(hocr(&"<div class='ocr_page'>".repeat(500)), Err(ReadError::Limit { .. })));
}

#[test]
fn what_is_cut_off_is_an_error_or_shorter() {
    type Read = fn(&str) -> Result<Reading, ReadError>;
    let all: [(&str, Read); 3] = [("page.tsv", tsv), ("page.hocr", hocr), ("page.alto.xml", alto)];
    for (name, read) in all {
        let whole = fixture(name);
        let full = read(&whole).unwrap();
        let mut errors = 0;
        for end in (0..whole.len()).step_by(97).map(|end| whole.floor_char_boundary(end)) {
            match read(&whole[..end]) {
                Ok(part) => assert!(
                    full.text().starts_with(part.text().trim_end_matches('-'))
                        || part.words() <= full.words()
                ),
                Err(error) => {
                    errors += 1;
                    assert!(
                        error.to_string().contains("line") || error.to_string().contains("Limit"),
                        "{error}"
                    );
                }
            }
        }
        assert!(errors > 0, "{name}");
    }
}

proptest! {
    #[test]
    fn no_input_panics(text in "(<(div|span|String|alto|Page) (class='ocrx_word'|CONTENT='a&b')/?>|</span>|&#x0;|[a\t\n5]|\\PC){0,60}") {
        let _ = tsv(&format!("{HEADER}{text}"));
        let _ = hocr(&text);
        let _ = alto(&text);
    }
}
