use super::*;
use crate::channel::{Channel, Tier, equal_weights};
use crate::item::Format;

/// An item with a site of each shape; shared with the registry's tests.
pub(in crate::registry) fn item_state() -> ItemState {
    let place =
        |range, forms: &[&str]| Place { range, forms: forms.iter().map(ToString::to_string).collect() };
    ItemState {
        original: b"# Brief\n\nThree tugs arrived at the north basin in 10 days.\n".to_vec(),
        format: Format::Markdown,
        title: "Harbour brief".to_owned(),
        file_name: "brief.md".to_owned(),
        plan_toml: "[[site]]\nchannel = \"wording\"\n".to_owned(),
        coalition: 2,
        sites: vec![
            Site {
                channel: Channel::Wording,
                class: "arrive".into(),
                tier: Tier::Strict,
                labels: vec!["arrived at".to_owned(), "reached".to_owned()],
                weights: equal_weights(2),
                original: 0,
                places: vec![place(20..30, &["arrived at", "reached"])],
                desk: Some(Desk { canonical: 1, strength: 0.85 }),
                fact: false,
            },
            Site {
                channel: Channel::Authored,
                class: "fact".into(),
                tier: Tier::Bold,
                labels: vec!["10".to_owned(), "ten".to_owned(), String::new()],
                weights: equal_weights(3),
                original: 2,
                places: vec![place(50..52, &["10", "ten", "10"]), place(53..57, &["days", "days", "days"])],
                desk: None,
                fact: true,
            },
        ],
    }
}

#[test]
fn a_state_reads_back_equal() {
    let item = item_state();
    let bytes = encode_item(&item).unwrap();
    assert_eq!(decode_item(&bytes).unwrap(), item);
    // Lengths are u64, little-endian: the original comes first.
    assert_eq!(bytes[..8], (item.original.len() as u64).to_le_bytes());
    assert_eq!(bytes[8..8 + item.original.len()], item.original);
}

/// Stored bytes must stay readable for ever; this is what format 1 looks like.
#[test]
fn the_layout_is_fixed() {
    let bytes = encode_item(&item_state()).unwrap();
    assert_eq!(
        crate::trust::Digest::of(&bytes).to_string(),
        "7dba296630179edc12d815da131b1926aba84935935845a0ed95c3aa58eac7b5",
        "{} bytes",
        bytes.len()
    );
}

#[test]
fn cut_longer_and_overlong_bytes_are_refused() {
    let bytes = encode_item(&item_state()).unwrap();
    for length in 0..bytes.len() {
        assert!(decode_item(&bytes[..length]).is_err(), "{length} bytes");
    }
    let longer = [bytes.as_slice(), &[0]].concat();
    assert!(matches!(decode_item(&longer), Err(CodecError::Form { .. })));
    // A length that claims more than memory holds is an error, not an allocation.
    for length in [u64::MAX, 1 << 60, STATE_BYTES_MAX] {
        let mut huge = bytes.to_vec();
        huge[..8].copy_from_slice(&length.to_le_bytes());
        assert!(decode_item(&huge).is_err());
    }
}

#[test]
fn text_that_is_not_utf_8_and_unknown_names_are_refused() {
    let good = encode_item(&item_state()).unwrap();
    let find = |word: &[u8]| good.windows(word.len()).rposition(|window| window == word).unwrap();
    for (word, to) in
        [(b"Harbour".as_slice(), 0xff), (b"markdown", b'n'), (b"wording", b'x'), (b"strict", b'S')]
    {
        let mut bytes = good.to_vec();
        bytes[find(word)] = to;
        assert!(decode_item(&bytes).is_err(), "{}", String::from_utf8_lossy(word));
    }
    // An option or a truth value is 0 or 1, nothing else.
    let desk = good.len() - 2;
    for at in [desk, good.len() - 1] {
        let mut bytes = good.to_vec();
        bytes[at] = 2;
        assert!(decode_item(&bytes).is_err());
    }
}

#[test]
fn sites_that_break_the_rules_are_neither_written_nor_read() {
    let broken = |edit: &dyn Fn(&mut Site)| {
        let mut item = item_state();
        edit(&mut item.sites[1]);
        encode_item(&item).unwrap_err()
    };
    for error in [
        broken(&|site| site.labels.truncate(1)),
        broken(&|site| site.weights[0] += 1),
        broken(&|site| site.weights = vec![WEIGHT_TOTAL, 0, 0]),
        broken(&|site| site.weights = equal_weights(2)),
        broken(&|site| site.original = 3),
        broken(&|site| site.places.clear()),
        broken(&|site| site.places[0].range = 50..50),
        broken(&|site| site.places[1].forms.truncate(2)),
        broken(&|site| site.desk = Some(Desk { canonical: 3, strength: 0.5 })),
        broken(&|site| site.desk = Some(Desk { canonical: 0, strength: 1.5 })),
        broken(&|site| site.desk = Some(Desk { canonical: 0, strength: f64::NAN })),
        broken(&|site| site.desk = Some(Desk { canonical: 0, strength: 1.0 / 3.0 })),
    ] {
        assert!(matches!(error, CodecError::Site { site: 1, .. }), "{error}");
    }
}

#[test]
fn strengths_of_four_decimals_are_exact() {
    for units in 0..=STRENGTH_UNITS {
        assert_eq!(strength_units(f64::from(units) / 10_000.0), Some(units));
        let decimal: f64 = format!("{}.{:04}", units / 10_000, units % 10_000).parse().unwrap();
        assert_eq!(strength_units(decimal), Some(units));
    }
    for none in [-0.1, 0.000_05, 1.000_1, f64::INFINITY, f64::NAN, -0.0] {
        assert_eq!(strength_units(none), None, "{none}");
    }
}

proptest::proptest! {
    /// Whatever is read would be written again as the same bytes.
    #[test]
    fn damaged_bytes_are_refused_or_canonical(at in 0_usize..10_000, byte: u8, cut in 0_usize..4) {
        let mut bytes = encode_item(&item_state()).unwrap().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(bytes.len() - cut);
        if let Ok(item) = decode_item(&bytes) {
            proptest::prop_assert_eq!(&*encode_item(&item).unwrap(), &bytes);
        }
    }
}
