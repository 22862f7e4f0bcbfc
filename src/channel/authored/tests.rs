#![allow(clippy::format_collect, reason = "parts are written as they read")]

use proptest::prelude::*;

use super::*;
use crate::item::Format;

fn extract_text(source: &str) -> Result<Marked, MarkupError> {
    extract(&Document::read(Format::Text, source.as_bytes()).unwrap())
}

fn extract_markdown(source: &str) -> Result<Marked, MarkupError> {
    extract(&Document::read(Format::Markdown, source.as_bytes()).unwrap())
}

fn original(marked: &Marked) -> &str {
    std::str::from_utf8(&marked.original).unwrap()
}

/// The file with every site set to its variant `symbol`, or its last one.
fn copy(marked: &Marked, symbol: u8) -> String {
    let edits: Vec<_> = marked
        .sites
        .iter()
        .flat_map(|site| site.write(symbol.min(u8::try_from(site.labels.len() - 1).unwrap())))
        .collect();
    String::from_utf8(marked.document.edit(&edits).unwrap()).unwrap()
}

#[test]
fn reads_every_form_of_markup() {
    let source = "The talks were {{hindered|hampered|held up}} by rain, and he came{{ too|}}.\r\nThe {{@us:US|United States}} sent {{#fact:33 agencies|more than 30 agencies}}{{|, all told}}; the\r\n{{@us:~20:US|U.S. side}} {{!kept 10 men}} and \\{{ braces }} there.\r\n";
    for marked in [extract_text(source).unwrap(), extract_markdown(source).unwrap()] {
        let shown = "The talks were hindered by rain, and he came too.\r\nThe US sent 33 agencies; the\r\nUS kept 10 men and \\{{ braces }} there.\r\n";
        let shown =
            if marked.document.format() == Format::Text { shown.replace('\\', "") } else { shown.into() };
        assert_eq!(original(&marked), shown);
        let labels: Vec<_> = marked.sites.iter().map(|site| site.labels.join("/")).collect();
        assert_eq!(
            labels,
            [
                "hindered/hampered/held up",
                " too/(nothing)",
                "US/United States",
                "33 agencies/more than 30 agencies",
                "(nothing)/, all told"
            ]
        );
        assert_eq!(marked.sites[2].places.len(), 2);
        assert_eq!(marked.sites[2].weights, [13_107, 52_429]);
        assert_eq!((marked.sites[3].fact, &*marked.sites[3].class), (true, "fact"));
        assert_eq!(marked.sites[4].places[0].forms, [";", ", all told;"]);
        for site in &marked.sites {
            assert_eq!(site.weights.iter().sum::<u32>(), WEIGHT_TOTAL);
            for place in &site.places {
                assert_eq!(place.forms[0], marked.document.text()[place.range.clone()]);
            }
        }
        let kept: Vec<_> =
            marked.protected.iter().map(|range| &marked.document.text()[range.clone()]).collect();
        assert_eq!(kept, ["kept 10 men"]);
        assert_eq!(
            copy(&marked, 1),
            shown
                .replace("hindered", "hampered")
                .replace(" too.", ".")
                .replace("The US", "The United States")
                .replace("33 agencies", "more than 30 agencies, all told")
                .replace("\r\nUS", "\r\nU.S. side")
        );
    }
}

#[test]
fn markup_does_not_change_how_plain_text_is_cut() {
    // Lines that the markup makes long, bars that look like a table, braces that look like code.
    let source = "The {{ministry|department|cabinet office}} said on {{Monday|the first day of the week}} that\n{{talks|negotiations}} had {{been hindered|run into trouble|stalled}} by {{rain|bad weather}} in\nthe north of the country, and {{that|}} nothing would follow before the end of the year.\n";
    let marked = extract_text(source).unwrap();
    assert_eq!(marked.document.blocks().len(), 1);
    assert_eq!(marked.document.blocks()[0].kind, BlockKind::Paragraph);
    assert_eq!(marked.sites.len(), 6);
    let joined = copy(&marked, 2);
    assert!(joined.contains("cabinet office said") && joined.contains("had stalled by"), "{joined}");
}

#[test]
fn first_variants_keep_their_emphasis_and_later_ones_leave_none() {
    let marked = extract_markdown("A {{*very* big|huge}} one, {{plain|*odd*}} too.\n").unwrap();
    assert_eq!(original(&marked), "A *very* big one, plain too.\n");
    assert_eq!(marked.sites[1].labels, ["plain", "odd"]);
    let marked = extract_markdown("See `{{a}}` and\n\n    {{code\n\nhere {{a|b}}.\n").unwrap();
    assert_eq!(original(&marked), "See `{{a}}` and\n\n    {{code\n\nhere a.\n");
}

#[test]
fn escapes_free_the_characters_of_markup() {
    for source in [
        "They said {{\\@k:a\\|b|\\~20:c\\}}}} in the answer.\n",
        "They said {{\\@k:a\\|b|\\~20:c\\}}} in the answer.\n",
    ] {
        for marked in [extract_text(source), extract_markdown(source)] {
            assert_eq!(marked.unwrap().sites[0].labels, ["@k:a|b", "~20:c}"]);
        }
    }
}

#[test]
fn shares_probability_as_documented() {
    assert_eq!(weights(&[Some(20), None]).unwrap(), [13_107, 52_429]);
    assert_eq!(weights(&[None, Some(50), None]).unwrap(), [16_384, 32_768, 16_384]);
    assert_eq!(weights(&[None, None, None]).unwrap(), equal_weights(3));
    assert_eq!(weights(&[Some(33), Some(67)]).unwrap().iter().sum::<u32>(), WEIGHT_TOTAL);
    for (percents, total) in [
        (vec![Some(60), Some(60)], 120),
        (vec![Some(30), Some(60)], 90),
        (vec![Some(50), Some(50), None], 100),
    ] {
        assert_eq!(weights(&percents), Err(Mistake::Percentages { total }));
    }
}

#[test]
fn names_the_line_the_column_and_the_mistake() {
    let many = format!("{{{{{}}}}}", (0..17).map(|n| n.to_string()).collect::<Vec<_>>().join("|"));
    for (markup, mistake) in [
        ("{{a|b", Mistake::Unclosed),
        ("{{only}}", Mistake::Single),
        ("{{}}", Mistake::Single),
        ("{{!}}", Mistake::Empty),
        (&many, Mistake::TooMany { count: 17 }),
        ("{{a|b|a}}", Mistake::Duplicate { text: "a".into() }),
        ("{{~0:a|b}}", Mistake::Percent { percent: "0".into() }),
        ("{{~70:a|~40:b}}", Mistake::Percentages { total: 110 }),
        ("{{~99999999999:a|b}}", Mistake::Percent { percent: "99999999999".into() }),
    ] {
        for cut in [extract_text, extract_markdown] {
            let source = format!("First line of the text.\nÉt {markup} here.\n\nNext paragraph }} }}.\n");
            let error = cut(&source).unwrap_err();
            assert_eq!(
                (error.line, error.column, error.mistake),
                (
                    2,
                    4,
                    match &mistake {
                        Mistake::Percent { percent } => Mistake::Percent { percent: percent.clone() },
                        Mistake::Percentages { total } => Mistake::Percentages { total: *total },
                        Mistake::Duplicate { text } => Mistake::Duplicate { text: text.clone() },
                        Mistake::TooMany { count } => Mistake::TooMany { count: *count },
                        Mistake::Single => Mistake::Single,
                        Mistake::Empty => Mistake::Empty,
                        _ => Mistake::Unclosed,
                    }
                ),
                "{markup}"
            );
        }
    }
    let error = extract_text("a {{b|{{c|d}}}} e\n").unwrap_err();
    assert_eq!((error.column, error.mistake), (7, Mistake::Nested));
    let error = extract_text("{{@k:a|b}} and\n{{@k:a|b|c}}\n").unwrap_err();
    assert_eq!(error.to_string(), "line 2, column 1: key \"k\" has 3 variants here and 2 at its first place");
    let error = extract_text("{{@k:~20:a|b}} and\n{{@k:~30:a|b}}\n").unwrap_err();
    assert_eq!(error.mistake, Mistake::KeyPercentages { key: "k".into() });
    let error = extract_text("{{|a}}{{|b}}\n").unwrap_err();
    assert_eq!(error.mistake, Mistake::NoAnchor);
    for (source, text) in [
        ("so {{Ten|10.}} men\n", None),
        ("{{Ten men|1. men}} came\n", Some("1. men")),
        ("{{see https://a.example/ now|look}}\n", Some("see https://a.example/ now")),
    ] {
        let unwritable = match extract_markdown(source) {
            Err(MarkupError { mistake: Mistake::Unwritable { text, .. }, .. }) => Some(text),
            Err(error) => panic!("{error}"),
            Ok(_) => None,
        };
        assert_eq!(unwritable.as_deref(), text, "{source}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn never_panics_and_copies_read_back(
        pieces in prop::collection::vec(
            prop_oneof![
                3 => "[a-z]{1,6}",
                3 => Just(" ".to_owned()),
                4 => prop::sample::select(vec![
                    "{{", "}}", "|", "{{a|b}}", "{{ c|}}", "{{|d}}", "{{@k:e|f}}", "{{!g}}", "{{~20:h|i|~30:j}}", "{{#fact:", "\\",
                    "\n", "\n\n", "*", "`", ". ", "[x](u)", "{{k *l* m|n}}", "é", "https://a.b "
                ]).prop_map(str::to_owned),
            ],
            0..30,
        ),
        markup in any::<bool>(),
    ) {
        let source = pieces.concat();
        let marked = if markup { extract_markdown(&source) } else { extract_text(&source) };
        if let Ok(marked) = marked {
            let read = Document::read(marked.document.format(), &marked.original).unwrap();
            prop_assert_eq!(read.text(), marked.document.text());
            for site in &marked.sites {
                for place in &site.places {
                    prop_assert_eq!(&place.forms[0], &marked.document.text()[place.range.clone()]);
                }
            }
            for symbol in 0..3 {
                copy(&marked, symbol);
            }
        }
    }
}

#[test]
fn a_draft_says_what_its_original_says() {
    let text = "The talks {{@x:#fact:~20:were hindered|were\\|hampered}} by {{!rain}}. {{Tw\\|o|2}} men came{{ too|}}.";
    let marked = extract(&Document::read(crate::item::Format::Text, text.as_bytes()).unwrap()).unwrap();
    assert_eq!(draft(text).as_deref(), Some(marked.document.text()));
    // What is cut or mistaken stays.
    assert_eq!(
        draft("ered|hampered}} by {{a|b}} and {{then").as_deref(),
        Some("ered|hampered}} by a and {{then")
    );
    assert_eq!(draft("{{a|b {{c|d}}").as_deref(), Some("{{a|b c"));
    for plain in ["", "{", "{{", "{{}}", "{{one}}", "{{!kept}}", "{{a|a}}", "a | b", "}}|{{"] {
        assert_eq!(draft(plain), None, "{plain}");
    }
    assert_eq!(draft(&"{{".repeat(100_000)), None);
    assert_eq!(draft(&"{{a|".repeat(50_000)), None);
}

/// A Word document with these paragraphs and comments, both as XML.
fn word(body: &str, comments: &str) -> Document {
    word_with(body, &[("comments", format!("<w:comments W>{comments}</w:comments>"))])
}

/// The same with these parts beside the text, by their kind; `W` stands for the namespaces.
fn word_with(body: &str, parts: &[(&str, String)]) -> Document {
    let rels = |kinds: &[&str]| {
        let all: String = kinds
            .iter()
            .map(|kind| format!("<Relationship Id=\"{kind}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" Target=\"{kind}.xml\"/>"))
            .collect();
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{all}</Relationships>"
        )
    };
    let w = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\" xmlns:w16cid=\"http://schemas.microsoft.com/office/word/2016/wordml/cid\" xmlns:w16cex=\"http://schemas.microsoft.com/office/word/2018/wordml/cex\"";
    let kinds: Vec<&str> = parts.iter().map(|(kind, _)| *kind).collect();
    let mut members = vec![
        ("[Content_Types].xml".to_owned(), "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>".to_owned()),
        ("_rels/.rels".to_owned(), rels(&["officeDocument"])),
        ("_rels/officeDocument.xml.rels".to_owned(), rels(&kinds)),
        ("officeDocument.xml".to_owned(), format!("<w:document {w}>{body}</w:document>")),
    ];
    members.extend(
        parts
            .iter()
            .map(|(kind, content)| (format!("{kind}.xml"), content.replace(" W>", &format!(" {w}>")))),
    );
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, content.as_bytes()).unwrap();
    }
    Document::read(Format::Docx, &writer.finish().unwrap().into_inner()).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
}

fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn commented(id: u32, text: &str) -> String {
    format!(
        "<w:commentRangeStart w:id=\"{id}\"/>{}<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:rPr><w:b/></w:rPr><w:commentReference w:id=\"{id}\"/></w:r>",
        run(text)
    )
}

fn comment(id: u32, text: &str) -> String {
    format!("<w:comment w:id=\"{id}\" w:author=\"A\"><w:p>{}</w:p></w:comment>", run(text))
}

#[test]
fn comments_and_controls_in_word_are_markup_and_leave_no_trace() {
    let body = format!(
        "<w:p>{}{}{}<w:sdt><w:sdtPr><w:tag w:val=\"variants: rain | bad weather\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{}</w:p><w:p>{}{}{}</w:p>",
        run("The talks were "),
        commented(1, "hindered "),
        run("by "),
        run("rain"),
        run(" and {{by|because of}} hail."),
        commented(2, "Ten men"),
        run(" stayed"),
        commented(3, " behind"),
    );
    let comments = [
        comment(1, "Variants: @k: hampered | ~20: held \\| up"),
        comment(2, "protect"),
        comment(3, "Is that so?"),
    ];
    let marked = extract(&word(&body, &comments.concat())).unwrap();
    let text = "The talks were hindered by rain and by hail.\n\nTen men stayed behind";
    assert_eq!(marked.document.text(), text);
    let labels: Vec<_> = marked.sites.iter().map(|site| site.labels.join("/")).collect();
    assert_eq!(labels, ["hindered/hampered/held | up", "rain/bad weather", "by/because of"]);
    assert_eq!(marked.sites[0].weights[2], 13_107);
    assert_eq!(marked.protected.iter().map(|range| &text[range.clone()]).collect::<Vec<_>>(), ["Ten men"]);
    let xml = part(&marked.original, "officeDocument.xml");
    assert!(!xml.contains("sdt") && !xml.contains("{{"), "{xml}");
    // The comment that is none of ours stays, its marks and all.
    assert_eq!((xml.matches("w:id=").count(), xml.matches("w:id=\"3\"").count()), (3, 3), "{xml}");
    let left = part(&marked.original, "comments.xml");
    assert!(left.contains("Is that so?") && !left.contains("ariants") && !left.contains("protect"), "{left}");
    for site in &marked.sites {
        assert_eq!(site.places[0].forms[0], text[site.places[0].range.clone()]);
        assert!(marked.document.edit(&site.write(1)).is_ok());
    }
}

#[test]
fn markup_in_word_may_lie_across_runs_and_cells() {
    let body = format!(
        "<w:p>{}{}{}<w:hyperlink>{}</w:hyperlink></w:p><w:tbl><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl>",
        run("He came {"),
        run("{early|"),
        run("la"),
        run("te}} again"),
        run("{{Cell|Field}}"),
    );
    let marked = extract(&word(&body, "")).unwrap();
    assert_eq!(marked.document.text(), "He came early again\n\nCell");
    let labels: Vec<_> = marked.sites.iter().map(|site| site.labels.join("/")).collect();
    assert_eq!(labels, ["early/late", "Cell/Field"]);
    assert!(part(&marked.original, "officeDocument.xml").contains("<w:hyperlink>"));
}

#[test]
fn mistakes_in_word_are_told_by_their_paragraph() {
    let message = |body: &str, text: &str| extract(&word(body, &comment(1, text))).unwrap_err().to_string();
    let first = format!("<w:p>{}</w:p>", run("One."));
    let body = format!("{first}<w:p>{}</w:p>", run("Two {{a}} here"));
    assert!(
        message(&body, "x").starts_with("paragraph 2 (\"Two {{a}} here\"), character 5: one variant only")
    );
    let body = format!("{first}<w:p><w:r><w:commentReference w:id=\"1\"/></w:r>{}</w:p>", run("Two"));
    assert!(message(&body, "variants: a | b").contains("is on no words"));
    let body = format!(
        "<w:p><w:commentRangeStart w:id=\"1\"/>{}</w:p><w:p>{}<w:commentRangeEnd w:id=\"1\"/></w:p>",
        run("One."),
        run("Two.")
    );
    assert!(message(&body, "variants: a | b").contains("several paragraphs"));
    assert_eq!(extract(&word(&body, &comment(1, "Protect!"))).unwrap().protected.len(), 2);
    let body = format!("<w:p>{}</w:p>", commented(1, "the {{a|b}} one"));
    assert!(message(&body, "variants: x").contains("inside"));
}

#[test]
fn comments_leave_every_part_that_knows_of_them_with_their_answers() {
    let comment = |id: u32, text: &str| {
        format!("<w:comment w:id=\"{id}\"><w:p w14:paraId=\"P{id}\">{}</w:p></w:comment>", run(text))
    };
    let body =
        format!("<w:p>{}{}{}</w:p>", commented(1, "hindered"), commented(2, " by"), commented(3, " rain"));
    let comments = [comment(1, "variants: hampered"), comment(2, "Agreed."), comment(3, "Mine.")].concat();
    let parts = [
        ("comments", format!("<w:comments W>{comments}</w:comments>")),
        ("commentsExtended", "<w15:commentsEx W><w15:commentEx w15:paraId=\"P1\"/><w15:commentEx w15:paraId=\"P2\" w15:paraIdParent=\"P1\"/><w15:commentEx w15:paraId=\"P3\"></w15:commentEx></w15:commentsEx>".to_owned()),
        ("commentsIds", "<w16cid:ids W><w16cid:commentId w16cid:paraId=\"P1\" w16cid:durableId=\"D1\"/><w16cid:commentId w16cid:paraId=\"P2\" w16cid:durableId=\"D2\"/><w16cid:commentId w16cid:paraId=\"P3\" w16cid:durableId=\"D3\"/></w16cid:ids>".to_owned()),
        ("commentsExtensible", "<w16cex:all W><w16cex:commentExtensible w16cex:durableId=\"D1\"/><w16cex:commentExtensible w16cex:durableId=\"D2\"/><w16cex:commentExtensible w16cex:durableId=\"D3\"/></w16cex:all>".to_owned()),
    ];
    let marked = extract(&word_with(&body, &parts)).unwrap();
    assert_eq!(marked.document.text(), "hindered by rain");
    assert_eq!(marked.sites.len(), 1);
    for (kind, _) in &parts {
        let xml = part(&marked.original, &format!("{kind}.xml"));
        for gone in ["P1", "P2", "D1", "D2", "Agreed"] {
            assert!(!xml.contains(gone), "{xml}");
        }
        assert!(xml.contains("P3") || xml.contains("D3"), "{xml}");
    }
    let xml = part(&marked.original, "officeDocument.xml");
    assert_eq!(xml.matches("w:id=").count(), 3, "{xml}");
}
