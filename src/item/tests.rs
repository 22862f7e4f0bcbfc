use proptest::prelude::*;

use super::*;

fn text(source: &str) -> Document {
    Document::read(Format::Text, source.as_bytes()).unwrap()
}

fn markdown(source: &str) -> Document {
    Document::read(Format::Markdown, source.as_bytes()).unwrap()
}

pub(super) fn blocks(document: &Document) -> Vec<(BlockKind, &str)> {
    document.blocks().iter().map(|block| (block.kind, &document.text()[block.range.clone()])).collect()
}

/// Replaces the only occurrence of `old`.
pub(super) fn replace(document: &Document, old: &str, new: &str) -> Result<String, EditError> {
    let start = document.text().find(old).unwrap_or_else(|| panic!("{old:?} in {:?}", document.text()));
    let edit = Edit { range: start..start + old.len(), text: new.into() };
    document.edit(&[edit]).map(|bytes| String::from_utf8(bytes).unwrap())
}

pub(super) fn check_invariants(document: &Document) {
    let mut end = 0;
    let mut leaves = document.leaves().iter();
    for (index, block) in document.blocks().iter().enumerate() {
        if index > 0 {
            assert_eq!(&document.text()[end..block.range.start], "\n\n");
        }
        assert!(block.range.start < block.range.end);
        let mut at = block.range.start;
        while at < block.range.end {
            let leaf = leaves.next().expect("leaves tile blocks");
            assert_eq!(leaf.text.start, at);
            assert!(leaf.text.end > at && leaf.text.end <= block.range.end);
            let source = &document.source[leaf.source.clone()];
            let shown = &document.text()[leaf.text.clone()];
            match leaf.kind {
                LeafKind::Text => assert_eq!(shown, source),
                LeafKind::Break => assert_eq!(shown, " "),
                _ => {}
            }
            assert!(leaf.kind == LeafKind::Fixed || !shown.contains(['\n', '\r']), "{leaf:?}");
            at = leaf.text.end;
        }
        end = block.range.end;
    }
    assert_eq!(leaves.next(), None);
    assert_eq!(end, document.text().len());
    let mut source = 0;
    for leaf in document.leaves().iter().filter(|leaf| leaf.kind != LeafKind::Fixed) {
        assert!(leaf.source.start >= source, "{leaf:?}");
        source = leaf.source.end;
    }
}

#[test]
fn joins_wrapped_lines_and_keeps_them_when_a_copy_is_written() {
    let source = "The ministry said on Monday that the talks had been\r\n  hindered by the weather, and that a second\r\nround would follow.  Nobody objected.\r\n\r\nMore below. \r\n";
    let document = text(source);
    assert_eq!(
        document.text(),
        "The ministry said on Monday that the talks had been hindered by the weather, and that a second round would follow.  Nobody objected.\n\nMore below."
    );
    check_invariants(&document);
    assert_eq!(document.edit(&[]).unwrap(), source.as_bytes());
    // The line end and the indentation behind it stay between the two words.
    assert_eq!(
        replace(&document, "had been hindered", "were being hampered").unwrap(),
        source.replace("had been\r\n  hindered", "were being\r\n  hampered")
    );
    // A single word leaves no room for the line end: it moves to the next space.
    assert_eq!(
        replace(&document, "been hindered", "stalled").unwrap(),
        source.replace("been\r\n  hindered by the", "stalled\r\n  by the")
    );
    // A dropped clause before punctuation takes it along.
    assert_eq!(
        replace(&document, " had been hindered by the weather", " stalled").unwrap(),
        source.replace("had been\r\n  hindered by the weather, and", "stalled,\r\n  and")
    );
}

#[test]
fn takes_each_line_for_a_paragraph_where_nothing_is_wrapped() {
    let long = "The committee met in the morning and heard four witnesses about the state of the bridges, which had been inspected in the spring and again in the autumn, when two of them were closed for repairs that lasted until the new year.";
    let source = format!("A short heading\n{long}\n{long}\nHe left.\n");
    let document = text(&source);
    let kinds: Vec<_> = blocks(&document).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [BlockKind::Heading, BlockKind::Paragraph, BlockKind::Paragraph, BlockKind::Paragraph]);
    // Dialogue, one speech a line, none of them long.
    let speech = "\"Yes.\"\n\"I saw it from the window of the train, and so did she.\"\n\"No.\"\n\"It was dark by then.\"\n\"Who else knows?\"\n";
    assert_eq!(text(speech).blocks().len(), 5);
}

#[test]
fn tells_prose_from_what_is_not() {
    let source = "TOP SECRET//NOFORN\nDraft of 4 May\n\nThe plan has three parts:\n- the first part, which was agreed in March and is\n  now law;\n- the second.\n(a) a clause\n12. a number\n\n> They said \"no\" and\n> went home.\n>\n> Then slept.\n\nName\tAge\nAnn\t41\n\nfor (i = 0; i < n; i++) {\n    x[i] = 0;\n}\n\n-----\n\n```\nsome code here, with prose in it.\n\nmore\n```\n\nYours sincerely\nJane Doe\nDirector\n";
    let document = text(source);
    check_invariants(&document);
    assert_eq!(
        blocks(&document),
        [
            (BlockKind::Heading, "TOP SECRET//NOFORN"),
            (BlockKind::Heading, "Draft of 4 May"),
            (BlockKind::Paragraph, "The plan has three parts:"),
            (BlockKind::ListItem, "the first part, which was agreed in March and is now law;"),
            (BlockKind::ListItem, "the second."),
            (BlockKind::ListItem, "a clause"),
            (BlockKind::ListItem, "a number"),
            (BlockKind::Quote, "They said \"no\" and went home."),
            (BlockKind::Quote, "Then slept."),
            (BlockKind::Table, "Name\tAge"),
            (BlockKind::Table, "Ann\t41"),
            (BlockKind::Code, "for (i = 0; i < n; i++) { x[i] = 0;"),
            (BlockKind::Code, "}"),
            (BlockKind::Code, "-----"),
            (BlockKind::Code, "``` some code here, with prose in it. more ```"),
            (BlockKind::Heading, "Yours sincerely Jane Doe Director"),
        ]
    );
    assert_eq!(document.title(), Some("TOP SECRET//NOFORN"));
    let fixed = document.text().find("Ann").unwrap();
    assert!(!document.editable(&(fixed..fixed + 3)));
    assert!(!document.editable(&(0..document.text().len())), "no range spans blocks");
}

#[test]
fn a_number_or_dash_at_a_line_start_inside_a_clause_is_text() {
    let source = "The old bridge, which the county has closed since\n12. May and nobody had seen since, was opened again\n- as everybody knew it would be - in the summer.\n";
    let document = text(source);
    assert_eq!(document.blocks().len(), 1, "{:?}", blocks(&document));
    assert!(document.text().contains("since 12. May") && document.text().contains("again - as"));
}

#[test]
fn addresses_are_fixed() {
    for document in [
        text("Write to j.doe@a.example or see https://a.example/b_c for more.\n"),
        markdown("Write to j.doe@a.example or see <https://a.example/b_c> for more.\n"),
    ] {
        let at = document.text().find("a.example/b_c").unwrap();
        assert!(!document.editable(&(at..at + 4)));
        assert_eq!(
            replace(&document, "https://a", "http://a"),
            Err(EditError::Fixed { start: at - 8, end: at + 1 })
        );
        assert!(replace(&document, "or see", "and see").is_ok());
    }
}

#[test]
fn reads_markdown_as_a_reader_sees_it() {
    let source = "---\ntitle: A brief\n---\n\n# The *first* part\n\nTwo & three &amp; four \\* five, `code` and [a link](https://x.example \"t\")[^n].\nA second **line  \nbroken** hard; ![alt](p.png) <b>bold</b> ~~gone~~ $5-$10 and $x_1 = 2$.\n\n- item one\n  goes on\n\n  > quoted\n  > twice\n- [x] done\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n    code\n\n[^n]: A note.\n";
    let document = markdown(source);
    check_invariants(&document);
    assert_eq!(
        blocks(&document),
        [
            (BlockKind::Code, "title: A brief\n"),
            (BlockKind::Heading, "The first part"),
            (
                BlockKind::Paragraph,
                "Two & three & four * five, code and a link. A second line broken hard;  bold gone $5-$10 and x_1 = 2."
            ),
            (BlockKind::ListItem, "item one goes on"),
            (BlockKind::Quote, "quoted twice"),
            (BlockKind::ListItem, "done"),
            (BlockKind::Table, "a"),
            (BlockKind::Table, "b"),
            (BlockKind::Table, "1"),
            (BlockKind::Table, "2"),
            (BlockKind::Code, "code\n"),
            (BlockKind::Paragraph, "A note."),
        ]
    );
    assert_eq!(document.title(), Some("The first part"));
    assert_eq!(document.edit(&[]).unwrap(), source.as_bytes());
    for (old, new, fixed) in [
        ("four * five", "four by five", "four by five"),
        ("three & four", "three and four", "three and four"),
        ("A second", "The *second*", "The \\*second\\*"),
        ("line broken hard", "row broken hard", "**row  \nbroken** hard"),
        ("$5-$10", "$6-$10", " $6-$10"),
    ] {
        let copy = replace(&document, old, new).unwrap();
        assert!(copy.contains(fixed), "{copy}");
    }
    for old in ["code", "gone", "x_1", "title", "brief"] {
        assert!(matches!(replace(&document, old, "z"), Err(EditError::Fixed { .. })), "{old}");
    }
}

#[test]
fn refuses_edits_that_would_change_markdown_structure() {
    let document = markdown("A **b** c is here.\n\nSee [note] for it.\n\n[note]: https://x.example\n");
    assert!(matches!(replace(&document, "A b c is", "is"), Err(EditError::Fixed { .. })));
    assert!(matches!(replace(&document, "A b c is here.", "# is"), Err(EditError::Fixed { .. })));
    assert!(matches!(replace(&document, "note", "hint"), Err(EditError::Fixed { .. })));
    assert_eq!(
        replace(&document, "A b c", "One b c").unwrap(),
        "One **b** c is here.\n\nSee [note] for it.\n\n[note]: https://x.example\n"
    );
    let document = markdown("Ten\nmen went.\n");
    assert!(matches!(replace(&document, "Ten men", "10. men"), Err(EditError::Structure { .. })));
    assert!(matches!(replace(&document, "men", "- men"), Err(EditError::Structure { .. })));
    assert!(matches!(replace(&document, "Ten", "#"), Err(EditError::Structure { .. })));
}

#[test]
fn refuses_edits_that_make_no_sense() {
    let document = text("One two three.\n\nFour é five.\n");
    let edit = |range: Range<usize>, text: &str| Edit { range, text: text.into() };
    let refused = |edits: &[Edit]| document.edit(edits).unwrap_err();
    assert_eq!(refused(&[edit(0..5, "a"), edit(4..7, "b")]), EditError::Range { start: 4, end: 7 });
    assert_eq!(refused(&[edit(3..99, "a")]), EditError::Range { start: 3, end: 99 });
    let e = document.text().find('é').unwrap();
    assert_eq!(refused(&[edit(e + 1..e + 2, "a")]), EditError::Range { start: e + 1, end: e + 2 });
    assert!(matches!(refused(&[edit(8..20, "a")]), EditError::Fixed { .. }));
    assert!(matches!(refused(&[edit(4..7, "a\nb")]), EditError::Unencodable { .. }));
    assert!(matches!(refused(&[edit(0..3, "- one")]), EditError::Structure { .. }));
    // Any order, touching, inserting and deleting.
    let copy =
        document.edit(&[edit(13..13, "!"), edit(4..7, "2"), edit(0..3, "1"), edit(7..8, "  ")]).unwrap();
    assert_eq!(copy, "1 2  three!.\n\nFour é five.\n".as_bytes());
    let latin = Document::read(Format::Text, b"The caf\xe9 in the na\xefve quarter.").unwrap();
    assert!(latin.encodes("thé") && !latin.encodes("a\u{2008}b"));
    assert!(matches!(
        latin.edit(&[edit(0..3, "a\u{2008}b")]),
        Err(EditError::Unencodable { charset, .. }) if charset == "windows-1252"
    ));
}

#[test]
fn a_copy_is_never_taken_for_another_charset() {
    let document = text("One \u{feff}two.\n");
    let edits = [Edit { range: 0..4, text: String::new() }];
    assert!(matches!(document.edit(&edits), Err(EditError::Charset { .. })));
    let marked = text("\u{feff}One \u{feff}two.\n");
    assert_eq!(marked.edit(&edits).unwrap(), "\u{feff}\u{feff}two.\n".as_bytes());
    // UTF-16 without a mark is known by its zero bytes.
    let wide: Vec<u8> = "Onetwo жжж".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let document = Document::read(Format::Text, &wide).unwrap();
    let edits = [Edit { range: 0..6, text: "ж".into() }];
    assert_eq!(document.edit(&edits), Err(EditError::Charset { charset: "UTF-16LE".into() }));
}

#[test]
fn knows_formats_by_name_and_first_line() {
    for (name, bytes, format) in [
        (Some("a/b.MD"), "", Format::Markdown),
        (Some("b.markdown"), "", Format::Markdown),
        (Some("x.md/b.txt"), "# t", Format::Text),
        (Some("README"), "# t", Format::Markdown),
        (None, "---\ntitle: x\n---\n", Format::Markdown),
        (None, "-- x", Format::Text),
    ] {
        assert_eq!(Format::detect(bytes.as_bytes(), name), format, "{name:?}");
    }
}

#[test]
fn reads_hostile_nesting_in_linear_time() {
    for unit in
        ["[", "*", ">", "`", "- ", "_a", "<", "![", "(", "\\", "&", "|", "$", "a@b.", "~~", "\r", "> \n"]
    {
        for format in [Format::Text, Format::Markdown] {
            let source = unit.repeat((1 << 18) / unit.len());
            let document = Document::read(format, source.as_bytes()).unwrap();
            check_invariants(&document);
        }
    }
}

#[test]
fn survives_truncation_anywhere() {
    let source = "\u{feff}# Títle\r\n\r\nA “quoted” *word* and `code`\r\nwith [link](u) &amp; \\* more.\r\n\r\n- one\r\n- two  \r\n  three\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n";
    let wide: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [source.as_bytes(), &wide] {
        for end in 0..=bytes.len() {
            for format in [Format::Text, Format::Markdown] {
                if let Ok(document) = Document::read(format, &bytes[..end]) {
                    check_invariants(&document);
                    assert_eq!(document.edit(&[]).unwrap(), &bytes[..end]);
                }
            }
        }
    }
}

/// Sources made of what matters to the readers.
fn sources() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z]{1,9}",
        6 => Just(" ".to_owned()),
        2 => prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", "  \n", "\\\n", "\n> ", "\n- ", "\n  ", "\n\t"]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            ". ", ", ", "*", "**", "_", "`", "[", "](u)", "]", "~~", "<b>", "<br>", "&amp;", "\\*", "\\", "$", "|", "1. ",
            "#", "# ", "---", "```", "    ", "\t", "É", "“", "\u{a0}", "\u{2008}", "https://x.y", "a@b.c", "10", "(a) ",
            "!", ":", "[^1]", "![", "<!--", "+++", "=", "TEN MEN"
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn never_panics_and_keeps_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::Text, Format::Markdown] {
            if let Ok(document) = Document::read(format, &bytes) {
                check_invariants(&document);
                prop_assert_eq!(document.edit(&[]).unwrap(), bytes.clone());
            }
        }
    }

    #[test]
    fn a_copy_reads_back_to_the_edited_text(
        source in sources(),
        markup in any::<bool>(),
        wanted in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..14, "[a-z]{0,5}( [a-z*&1.#-]{1,4}){0,3}"), 1..5),
    ) {
        let document = if markup { markdown(&source) } else { text(&source) };
        check_invariants(&document);
        prop_assert_eq!(document.edit(&[]).unwrap(), source.as_bytes());
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
            let copy = Document::read(document.format(), &bytes).unwrap();
            prop_assert_eq!(copy.text(), wanted);
            prop_assert_eq!(copy.blocks().len(), document.blocks().len());
        }
    }
}

/// Refusals keep the invariant too, so it says little unless ordinary edits of ordinary prose are carried out.
#[test]
fn carries_out_every_word_edit_of_wrapped_prose() {
    let source = "The *ministry* said on Monday that the talks had been\nhindered by the **weather in the north**, and that a\nsecond round &mdash; the last &mdash; would follow. Nobody who\nwas there objected, said\nMs Doe.\n";
    for document in [text(source), markdown(source)] {
        let words: Vec<Range<usize>> = document
            .text()
            .split(' ')
            .scan(0, |at, word| {
                let start = *at;
                *at += word.len() + 1;
                Some(start..start + word.len())
            })
            .collect();
        let mut tried = 0;
        for first in 0..words.len() {
            for last in first..words.len().min(first + 4) {
                let range = words[first].start..words[last].end;
                if !document.editable(&range) {
                    continue;
                }
                for new in ["x", "x y", "longer words x y z"] {
                    let edit = Edit { range: range.clone(), text: new.into() };
                    tried += 1;
                    match document.edit(&[edit]) {
                        Ok(_) => {}
                        // Emphasis would end up empty.
                        Err(EditError::Fixed { .. }) => {
                            assert!(document.format() == Format::Markdown, "{range:?} {new}");
                        }
                        Err(error) => panic!("{error} {:?} -> {new}", &document.text()[range.clone()]),
                    }
                }
            }
        }
        assert!(tried > 300, "{tried}");
    }
}
