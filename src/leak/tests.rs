use proptest::prelude::*;

use super::*;

fn folded(text: &str) -> String {
    fold(text).iter().map(|folded| folded.char).collect()
}

#[test]
fn undoes_what_pasting_and_retyping_do() {
    for (raw, want) in [
        ("“Don’t,” he said — ‘go’…", "\"don't,\" he said - 'go'..."),
        ("infor-\nmation and infor\u{ad}\r\n  mation", "information and information"),
        ("> quoted line\n> > deeper\nplain > sign", " quoted line deeper plain > sign"),
        ("zero\u{200b}width\u{feff} soft\u{ad}hyphen", "zerowidth softhyphen"),
        ("ﬁne ｆｕｌｌ ① x²", "fine full 1 x2"),
        ("a\u{2008}b \t\n\u{a0} c", "a b c"),
        ("1914–18 -- no", "1914-18 - no"),
        ("ΟΔΟΣ cafe\u{301} CAFÉ", "οδοσ café café"),
        ("ends with a dash -\n\nNew", "ends with a dash - new"),
        ("2010-\n2020", "2010- 2020"),
        ("5′ 10″", "5' 10\""),
    ] {
        assert_eq!(folded(raw), want, "{raw:?}");
    }
}

#[test]
fn points_back_to_the_raw_characters() {
    let fragment = Fragment::from_text("-", "He\u{2008}said “no”… and infor-\n> mation.");
    let find = |needle: &str| {
        let all: String = fragment.chars().iter().map(|folded| folded.char).collect();
        let at = all.find(needle).unwrap();
        fragment.raw_of(at..at + needle.len())
    };
    assert_eq!(find(" said"), "\u{2008}said");
    assert_eq!(find("\"no\""), "“no”");
    assert_eq!(find("..."), "…");
    assert_eq!(find("information"), "infor-\n> mation");
    assert_eq!(fragment.raw_of(3..3), "");
    assert_eq!(fragment.raw_of(900..901), "");
}

#[test]
fn reads_charsets_and_refuses_binaries() {
    let text = "Señor Größe, “naïve” – café";
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_eq!(Fragment::read("-", &utf16).unwrap().raw(), text);
    let marked: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    assert_eq!(Fragment::read("-", &marked).unwrap().raw(), text);
    let (latin, _, lossy) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!lossy);
    assert_eq!(Fragment::read("-", &latin).unwrap().raw(), text);
    assert_eq!(Fragment::read("-", "\u{feff}a".as_bytes()).unwrap().raw(), "a");
    for (bytes, word) in [
        (&b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>"[..], "PDF"),
        (b"{\\rtf1\\ansi The harbour was empty.}", "RTF"),
        (b"PK\x03\x04\x14\0", "DOCX"),
    ] {
        let error = Fragment::read("-", bytes).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    assert!(matches!(Fragment::read("-", b"\x7fELF\x00\x01\x02\x00abc"), Err(ReadError::Binary { .. })));
    assert!(matches!(
        Fragment::read("-", &vec![b'a'; FRAGMENT_BYTES_MAX + 1]),
        Err(ReadError::TooLarge { .. })
    ));
    assert_eq!(Fragment::read("-", b"").unwrap().chars(), []);
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(text in "\\PC{0,40}|[a-z>\\- \n\u{301}\u{200b}\u{ad}“’—…ﬁÉİς]{0,40}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn ranges_are_ordered_characters_of_the_raw_text(text in any::<String>()) {
        let mut previous = (0, 0);
        for folded in fold(&text) {
            prop_assert!(folded.start < folded.end);
            prop_assert!(text.get(folded.start as usize..folded.end as usize).is_some());
            prop_assert!((folded.start, folded.end) >= previous);
            previous = (folded.start, folded.end);
        }
    }

    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = Fragment::read("-", &bytes);
    }
}
