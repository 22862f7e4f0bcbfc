use crate::item::{Document, Format};
use crate::language::{Analysis, TokenKind};

/// The pieces of a text that are protected, and those that are fixed.
fn pieces(text: &str) -> (Vec<String>, Vec<String>) {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let text = document.text();
    let analysis = Analysis::new(&document);
    let cut = |ranges: &[std::ops::Range<usize>]| ranges.iter().map(|r| text[r.clone()].to_owned()).collect();
    (cut(&analysis.protected), cut(&analysis.fixed))
}

/// Pads a piece of text with prose, so that it is not taken for a heading.
fn protected(text: &str) -> Vec<String> {
    pieces(&format!(
        "It was late and they had gone home by then. {text} Nothing else was found there that day."
    ))
    .0
}

#[test]
fn quotations_are_protected_without_their_marks() {
    assert_eq!(protected("He said \u{201c}we left\u{201d} and \"not yet\" again."), ["we left", "not yet"]);
    assert_eq!(
        protected("He called it \u{2018}the crews\u{2019} fault,\u{2019} and left."),
        ["the crews\u{2019} fault,"]
    );
    assert_eq!(protected("It was 'rather odd' to him."), ["rather odd"]);
}

#[test]
fn apostrophes_are_no_quotations() {
    assert!(protected("The crews\u{2019} quarters and the dogs' bowls aren't theirs.").is_empty());
    assert!(protected("It 'twas said, in the '90s, that the crews' luck was out.").is_empty());
}

#[test]
fn an_unclosed_quotation_ends_with_its_block() {
    let text = "They left after the talk at the pier, and one of them wrote: \u{201c}We went home.";
    assert_eq!(pieces(text).0, ["We went home."]);
}

#[test]
fn spelled_strings_are_fixed() {
    let text = "They wrote to a.hale@orr.example and to https://orr.example/a?b=1 about report_v2.pdf, `rm -rf x`, \
                /etc/hosts, #quay and @hale, as in [12] and case C-131/12 (Hale, 2004), and left.";
    let (_, fixed) = pieces(text);
    for literal in [
        "a.hale@orr.example",
        "https://orr.example/a?b=1",
        "report_v2.pdf",
        "`rm -rf x`",
        "/etc/hosts",
        "#quay",
        "@hale",
        "[12]",
        "C-131/12",
        "(Hale, 2004)",
    ] {
        assert!(fixed.iter().any(|span| span.contains(literal)), "{literal}: {fixed:?}");
    }
    assert!(protected("They asked and/or begged, in a well-known way, for one-off help.").is_empty());
}

#[test]
fn references_reach_to_their_last_label() {
    assert_eq!(protected("It follows from section 12(3) and from it."), ["section 12(3)"]);
    assert_eq!(protected("It follows from articles 4 and 5 of it."), ["articles 4 and 5"]);
    assert_eq!(protected("It follows from rule IV of it."), ["rule IV"]);
    assert!(protected("The section was closed, and no one of them left.").is_empty());
}

#[test]
fn names_of_several_words_are_protected_and_openers_are_not() {
    assert_eq!(
        protected("But Marta Hale of the Ministry of Public Works left, and so did Mr Orr."),
        ["Marta Hale of the Ministry of Public Works"]
    );
    assert_eq!(protected("They cite the Harbours Act 1964 here."), ["Harbours Act 1964"]);
    assert_eq!(protected("Then J. K. Orr left."), ["J. K. Orr"]);
    assert!(protected("However, they left. In March I saw it.").is_empty());
}

#[test]
fn markings_are_fixed_as_a_whole() {
    for text in [
        "TLP:AMBER+STRICT",
        "TOP SECRET // ORCON / NOFORN. Handle through agreed channels.",
        "For official use only. The reader is asked to keep it in the file and return it to the registry.",
    ] {
        let (_, fixed) = pieces(text);
        assert_eq!(fixed, [text]);
    }
    assert!(protected("They kept it secret, and the restricted area was closed.").is_empty());
}

#[test]
fn headings_captions_and_other_languages_are_protected() {
    for text in [
        "What the harbour will cost",
        "Figure 3: The harbour after the storm, with the two ferries that were lost in it.",
        "Les bateaux sont partis avant la nuit et personne ne sait encore pourquoi ils ont quitté le port.",
        "Yours faithfully,",
    ] {
        assert_eq!(pieces(text).0, [text]);
    }
}

#[test]
fn numbers_are_weighty_and_not_protected() {
    let text = "They paid £1,250 on 12 March 2021 for twenty-two ships of 14 metres, and no one asked.";
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let text = document.text();
    let analysis = Analysis::new(&document);
    let weighty: Vec<&str> = analysis.weighty.iter().map(|r| &text[r.clone()]).collect();
    assert_eq!(weighty, ["£1,250", "12 March 2021", "twenty-two", "14 metres"]);
    assert!(analysis.protected.is_empty());
}

#[test]
fn sentences_that_oblige_are_known() {
    let text = "The issuer SHALL keep a log. We shall see. The log shall be kept. It is kept in a safe. \
                The keeper is required to sign it.";
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    assert_eq!(Analysis::new(&document).normative, [0, 2, 4]);
}

/// Ordinary prose must stay editable: density is what names a copy.
#[test]
fn ordinary_prose_loses_less_than_a_tenth() {
    for text in
        [include_str!("../../../fixtures/prose/ferry.txt"), include_str!("../../../fixtures/prose/grain.txt")]
    {
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let text = document.text();
        let analysis = Analysis::new(&document);
        let words: Vec<_> = analysis.tokens.iter().filter(|token| token.kind != TokenKind::Mark).collect();
        let quoted = |range: &std::ops::Range<usize>| {
            let before = &text[..range.start];
            before.matches('\u{201c}').count() > before.matches('\u{201d}').count()
        };
        let lost: Vec<&str> = words
            .iter()
            .filter(|token| analysis.is_protected(&token.range) && !quoted(&token.range))
            .map(|token| &text[token.range.clone()])
            .collect();
        assert!(lost.len() * 10 < words.len(), "{lost:?}");
    }
}

/// Marks that open and never close are read in linear time; in quadratic time this would take minutes.
#[test]
fn hostile_marks_are_harmless() {
    for mark in ["(", "[", "`", "'", "\"", " '", "\u{2018}", "a, ", "Section 1, ", "U.", "A "] {
        let text = mark.repeat(200_000 / mark.len());
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let _ = Analysis::new(&document);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_analysed(text in "[ -~\u{2018}\u{2019}\u{201c}\u{201d}\u{2014}éß\n]{0,400}") {
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let text = document.text();
        let analysis = Analysis::new(&document);
        for spans in [&analysis.protected, &analysis.fixed, &analysis.weighty] {
            proptest::prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
            proptest::prop_assert!(spans.iter().all(|span| text.get(span.clone()).is_some()));
        }
    }
}
