use proptest::prelude::*;

use super::super::tests::{blocks, check_invariants, replace};
use super::super::{BlockKind, Document, Edit, EditError, Format, ReadError, Skipped};
use super::*;

fn html(source: &str) -> Document {
    let document = Document::read(Format::Html, source.as_bytes()).unwrap();
    check_invariants(&document);
    document
}

fn texts(source: &str) -> Vec<String> {
    let document = html(source);
    blocks(&document).into_iter().map(|(_, text)| text.to_owned()).collect()
}

#[test]
fn reads_a_page_as_a_reader_sees_it() {
    let source = "<!DOCTYPE html>\n<html><head><title>Not seen</title><style>p { color: red }</style></head>\n<body>\n\
        <h1>The <em>first</em> part</h1>\n<!-- <p>comment</p> -->\n<p class='a>b'>Two&nbsp;&amp; three\n   \
        <b>bo</b>ld, <code>x &lt; y</code><br>\nsecond line <a href=\"https://x.example/a?b=1&amp;c=2\">x.example/a?b=1&amp;c=2</a>. \
        <del>gone</del><ins>new</ins> <a href='/p'>a link</a></p>\n<ul><li>one<li>two <p>par</ul>\n\
        <blockquote><p>quoted</p></blockquote><table><tr><th>Name<td>41</table>\n<pre>let x = 1;\n  y</pre>\
        <dl><dt>term<dd>meaning</dl><div>direct <span hidden>no</span><span style=\"Display: none\">no</span> text<p>par\
        <figure><figcaption>caption</figcaption></figure></div><script>var a = '<p>no</p>';</script>tail</body></html>\n";
    let document = html(source);
    assert_eq!(
        blocks(&document),
        [
            (BlockKind::Heading, "The first part"),
            (
                BlockKind::Paragraph,
                "Two\u{a0}& three bold, x < y second line x.example/a?b=1&c=2. new a link"
            ),
            (BlockKind::ListItem, "one"),
            (BlockKind::ListItem, "two"),
            (BlockKind::ListItem, "par"),
            (BlockKind::Quote, "quoted"),
            (BlockKind::Table, "Name"),
            (BlockKind::Table, "41"),
            (BlockKind::Code, "let x = 1;\n  y"),
            (BlockKind::ListItem, "term"),
            (BlockKind::ListItem, "meaning"),
            (BlockKind::Paragraph, "direct text"),
            (BlockKind::Paragraph, "par"),
            (BlockKind::Paragraph, "caption"),
            (BlockKind::Paragraph, "tail"),
        ]
    );
    assert_eq!(document.title(), Some("The first part"));
    assert_eq!(
        document.skipped(),
        [
            (Skipped::Code, 2),
            (Skipped::Hidden, 3),
            (Skipped::Deleted, 1),
            (Skipped::Script, 2),
            (Skipped::Address, 1),
            (Skipped::Cell, 2)
        ]
    );
    assert_eq!(document.edit(&[]).unwrap(), source.as_bytes());
    for (old, new, from, to) in [
        ("first", "second", "<em>first</em>", "<em>second</em>"),
        ("three bold", "3 fat", "three\n   <b>bo</b>ld", "3\n   <b>fat</b>"),
        ("second line", "<b>&", "second line", "&lt;b&gt;&amp;"),
        ("Two\u{a0}& three", "two & 3", "Two&nbsp;&amp; three", "two &amp; 3"),
        ("a link", "the link", ">a link<", ">the link<"),
        ("new", "1 \u{a0} 2", "new", "1 &nbsp; 2"),
        ("tail", "end", ">tail<", ">end<"),
    ] {
        let copy = replace(&document, old, new).unwrap_or_else(|error| panic!("{old}: {error}"));
        assert_eq!(copy, source.replace(from, to), "{old}");
    }
    for old in ["x < y", "x.example", "41", "let"] {
        assert!(matches!(replace(&document, old, "z"), Err(EditError::Fixed { .. })), "{old}");
    }
    assert!(matches!(replace(&document, "tail", "two  blanks"), Err(EditError::Structure { .. })));
    assert!(matches!(replace(&document, "tail", " tail"), Err(EditError::Structure { .. })));
}

#[test]
fn line_ends_stay_where_an_edit_spans_them() {
    let source = "<p>The talks had\r\n    been hindered<br>\r\n by the <i>weather</i>\tin the north.</p>";
    let document = html(source);
    assert_eq!(document.text(), "The talks had been hindered by the weather in the north.");
    assert_eq!(
        replace(&document, "had been hindered by", "were being delayed through").unwrap(),
        source
            .replace("had\r\n    been", "were\r\n    being")
            .replace("hindered", "delayed")
            .replace("by", "through")
    );
    assert_eq!(
        replace(&document, "been hindered by", "stalled in").unwrap(),
        "<p>The talks had\r\n    stalled<br>\r\n in the <i>weather</i>\tin the north.</p>"
    );
    assert_eq!(
        replace(&document, "hindered by the weather in", "x").unwrap(),
        "<p>The talks had\r\n    been x<i></i><br>\r\n the north.</p>"
    );
}

#[test]
fn two_line_breaks_end_a_block_and_white_space_around_tags_is_one_space() {
    assert_eq!(texts("a<br>b<br> \n <br/>c<br><b><br></b>d<br>"), ["a b", "c", "d"]);
    assert_eq!(texts("a <b> b </b> c <i>  </i>  d<b>e</b>f"), ["a b c def"]);
    assert_eq!(texts("<p>  a&#32;&#10; b\u{a0}\u{a0}c &nbsp; d  </p>"), ["a b\u{a0}\u{a0}c \u{a0} d"]);
    // A line with nothing but spaces that do not break is empty.
    assert_eq!(
        texts("a<br>&nbsp;<br>b<p>&nbsp;</p>c<br>&nbsp; &nbsp;d<p>\u{a0} e&nbsp;</p>"),
        ["a", "b", "c \u{a0} \u{a0}d", "\u{a0} e\u{a0}"]
    );
    assert_eq!(texts("x<wbr>y<img alt='no'>z<hr>w"), ["xyz", "w"]);
}

#[test]
fn closes_elements_as_a_browser_does() {
    for (source, wanted) in [
        ("<p>a<p>b<div>c</p>d</div>e", vec!["a", "b", "c", "d", "e"]),
        ("<ul><li>a<ul><li>b</ul>c<li>d</ul>e", vec!["a", "b", "c", "d", "e"]),
        ("<table><tr><td>a<td>b<tr><td>c</div>c</table>d", vec!["a", "b", "c", "c", "d"]),
        ("<h1>a</h2>b", vec!["a", "b"]),
        ("<del><p>a</p>b</del>c", vec!["c"]),
        ("<div hidden><p>a</div>b</p>c", vec!["b", "c"]),
        ("<span hidden>a<div>b</span>c</div>d</span>e", vec!["e"]),
        ("a<title>b</title>c", vec!["ac"]),
        ("a<template><p>b</template>c<noscript><p>d</noscript>e", vec!["ace"]),
        ("a</p>b</br>c", vec!["a", "b c"]),
        ("<svg><title>t</title><text>a</text><path/></svg>b<math><mi>x</mi></math>", vec!["abx"]),
        ("a<!--[if mso]><p>b</p><![endif]-->c<![if !mso]>d<![endif]>e", vec!["acde"]),
        ("a < b & c &copy 5 <3 </ x>d", vec!["a < b & c © 5 <3 d"]),
        ("<p>a<plaintext>b</p>", vec!["a", "b</p>"]),
        ("<a href=x>a<p>b</a>c", vec!["a", "bc"]),
        ("<select><option>a<option>b</select>c<textarea><p>d</textarea>", vec!["a", "bc<p>d"]),
        ("a<p", vec!["a"]),
        ("a<!-- b", vec!["a"]),
        ("a<script>b", vec!["a"]),
    ] {
        assert_eq!(texts(source), wanted, "{source}");
    }
    // A formatting element ends where its end tag stands, the blocks inside it go on.
    let document = html("<p>a</p><code><div>b</code> c</div>");
    assert_eq!(document.text(), "a\n\nb c");
    assert!(!document.editable(&(3..4)) && document.editable(&(5..6)));
}

#[test]
fn tables_that_lay_out_a_page_hold_prose() {
    for (source, kind) in [
        ("<table><tr><td>a<td>b</table>", BlockKind::Table),
        ("<table role=presentation><tr><td>a<td>b</table>", BlockKind::Paragraph),
        ("<table><tr><td>a<td><p>b</table>", BlockKind::Paragraph),
        ("<table><tr><td>a<tr><td>b</table>", BlockKind::Paragraph),
        ("<table><tr><th>x<td>a<td><p>b</table>", BlockKind::Table),
        ("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>", BlockKind::Paragraph),
    ] {
        let document = html(source);
        let at = document.text().find('a').unwrap();
        assert_eq!(document.block_at(at).unwrap().kind, kind, "{source}");
        assert_eq!(document.editable(&(at..at + 1)), kind == BlockKind::Paragraph, "{source}");
    }
}

#[test]
fn keeps_the_charset_and_names_what_it_lacks() {
    let page = |label: &str, text: &[u8]| {
        [format!("<meta charset={label}><p>").as_bytes(), text, b" here</p>"].concat()
    };
    for (label, text, shown, written) in [
        ("iso-8859-1", &b"caf\xe9 \x93a\x94"[..], "café “a”", &b"na\xefve &#322;"[..]),
        ("utf-8", "café".as_bytes(), "café", "naïve ł".as_bytes()),
        ("koi8-r", b"\xd7\xcf\xd4", "вот", b"na&#239;ve &#322;"),
        ("shift_jis", b"\x82\xa0 a", "あ a", b"na&#239;ve &#322;"),
    ] {
        let bytes = page(label, text);
        let document = Document::read(Format::Html, &bytes).unwrap();
        check_invariants(&document);
        assert_eq!(document.text(), format!("{shown} here"));
        assert_eq!(document.edit(&[]).unwrap(), bytes);
        let edit = Edit { range: 0..shown.len(), text: "naïve ł".into() };
        assert_eq!(document.edit(&[edit]).unwrap(), page(label, written), "{label}");
    }
    let wide: Vec<u8> =
        "\u{feff}<meta charset=koi8-r><p>é".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(Document::read(Format::Html, &wide).unwrap().text(), "é");
    assert_eq!(html("\u{feff}<meta charset=koi8-r>é").text(), "é");
    let wrong = page("utf-8", b"caf\xe9");
    assert!(matches!(Document::read(Format::Html, &wrong), Err(ReadError::NotReversible { .. })));
    assert!(matches!(Document::read(Format::Html, b"<p>some text a\0b"), Err(ReadError::Binary { .. })));
}

#[test]
fn an_edit_of_the_declaration_itself_is_none() {
    // Text within the first bytes that an edit pushes about cannot move the declaration out of the prescan unseen.
    let source = format!("<p>short</p>{}<meta charset=koi8-r><p>\u{444}</p>", " ".repeat(950));
    let (bytes, _, _) = encoding_rs::KOI8_R.encode(&source);
    let document = Document::read(Format::Html, &bytes).unwrap();
    let edit =
        Edit { range: 0..5, text: "a very long text indeed, which it is ".repeat(4).trim().to_owned() };
    assert!(matches!(document.edit(&[edit]), Err(EditError::Charset { .. })));
}

#[test]
fn authors_mark_variants_in_pages() {
    let source = "<p>He <b>{{said|told}}</b> us &amp; left {{early|late &amp; tired}}.</p>";
    let marked = crate::item::Document::read(Format::Html, source.as_bytes()).unwrap();
    assert_eq!(marked.text(), "He {{said|told}} us & left {{early|late & tired}}.");
}

#[test]
fn limits_hold_and_hostile_pages_are_read_in_linear_time() {
    for unit in
        ["<div>", "<b>", "<span hidden>", "<table><tr><td>", "<svg>", "<a href=x>", "<li>", "<p>", "<ul>"]
    {
        let source = unit.repeat(10_000);
        match Document::read(Format::Html, source.as_bytes()) {
            Ok(_) => assert!(["<li>", "<p>", "<a href=x>"].contains(&unit), "{unit}"),
            Err(ReadError::Limit { .. }) => assert!(!["<li>", "<p>"].contains(&unit), "{unit}"),
            Err(error) => panic!("{unit}: {error}"),
        }
        parse(&source, false).unwrap();
    }
    for unit in [
        "<a ",
        "<a b='",
        "</",
        "<!--",
        "<![CDATA[",
        "&",
        "&#",
        "&am",
        "<b></i>",
        "<b></b>",
        "<br>",
        "<p></p>",
        "a ",
        "<x></div>",
        "<b><p></b>",
        "\n",
        "&#10;",
        "<script>",
        "<td>",
        "</p>",
        "<!",
        "<?",
        "<a href=a>a</a>",
        "<textarea>",
    ] {
        let source = unit.repeat((1 << 18) / unit.len());
        match Document::read(Format::Html, source.as_bytes()) {
            Ok(document) => check_invariants(&document),
            Err(ReadError::Limit { .. }) => {}
            Err(error) => panic!("{unit}: {error}"),
        }
    }
    let many = "<b></b>".repeat(tag::TAGS_MAX / 2 + 1);
    assert!(matches!(Document::read(Format::Html, many.as_bytes()), Err(ReadError::Limit { .. })));
    assert!(parse(&many, false).is_ok());
}

#[test]
fn truncated_anywhere_it_reads_or_refuses() {
    let source =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/items/web/lighthouse.html")).unwrap();
    for end in (0..source.len()).step_by(7).chain([source.len()]) {
        if let Ok(document) = Document::read(Format::Html, &source[..end]) {
            check_invariants(&document);
            assert_eq!(document.edit(&[]).unwrap(), &source[..end]);
        }
    }
}

/// Pages made of what matters to the reader.
fn pages() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-z]{1,9}",
        6 => Just(" ".to_owned()),
        2 => prop::sample::select(vec!["\n", "\r\n ", "  ", "\t", "&#32;"]).prop_map(str::to_owned),
        6 => prop::sample::select(vec![
            "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<br>", "<br/>", "<div>", "</div>", "<li>", "<ul>", "</ul>",
            "<td>", "<tr>", "<table>", "</table>", "<code>", "</code>", "<pre>", "</pre>", "<span hidden>", "</span>",
            "<a href=a>", "</a>", "<del>", "</del>", "<h1>", "</h1>", "<!-- c -->", "<script>", "</script>", "<svg>",
            "</svg>", "<blockquote>", "</blockquote>", "<![CDATA[", "]]>", "<p", "</", "<textarea>", "</textarea>",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "&amp;", "&lt;", "&nbsp;", "&copy", "&", "&#8217;", ";", "<", ">", "\"", "'", "=", "É", "\u{a0}", "{{a|b}}",
            "https://x.y/z", "a@b.c", ".", "\u{2008}", "amp", "#", "!--", "--",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn never_panics_and_keeps_every_byte(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(document) = Document::read(Format::Html, &bytes) {
            check_invariants(&document);
            prop_assert_eq!(document.edit(&[]).unwrap(), bytes.clone());
        }
    }

    #[test]
    fn a_copy_reads_back_to_the_edited_text(
        source in pages(),
        wanted in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..14, "[a-z<&]{0,5}( [a-z>&;1.#-]{1,4}){0,3}"), 1..5),
    ) {
        let document = html(&source);
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
            let copy = Document::read(Format::Html, &bytes).unwrap();
            prop_assert_eq!(copy.text(), wanted);
            // Tags, comments and what is not shown are as they were.
            let markup = |source: &str| -> Vec<String> {
                tag::tokens(source, true).unwrap().into_iter().filter_map(|token| match token {
                    Token::Tag(tag) => Some(source[tag.range].to_owned()),
                    Token::Text { .. } => None,
                }).collect()
            };
            let breaks = |tags: Vec<String>| tags.into_iter().filter(|tag| !tag.starts_with("<br")).collect::<Vec<_>>();
            prop_assert_eq!(breaks(markup(&source)), breaks(markup(std::str::from_utf8(&bytes).unwrap())));
        }
    }
}

/// Refusals keep the invariant too, so it says little unless ordinary edits of ordinary prose are carried out.
#[test]
fn carries_out_every_word_edit_of_ordinary_prose() {
    let document = html(
        "<p>The <i>ministry</i> said on Monday that the talks had been\n  hindered by the <b>weather in the north</b>, and \
         that a\n  second round &mdash; the last &mdash; would follow. Nobody who<br>\n  was there objected, said Ms&nbsp;Doe.</p>",
    );
    let words: Vec<std::ops::Range<usize>> = document
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
            for new in ["x", "x y", "longer words x y z", "R&D <x>"] {
                tried += 1;
                let edit = Edit { range: range.clone(), text: new.into() };
                document.edit(&[edit]).unwrap_or_else(|error| panic!("{error}: {range:?} {new}"));
            }
        }
    }
    assert!(tried > 300, "{tried}");
}
