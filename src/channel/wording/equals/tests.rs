use crate::channel::{Channel, Site, Tier, WEIGHT_TOTAL};
use crate::item::{Document, Format};
use crate::language::Analysis;

fn equals(text: &str) -> Vec<Site> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let found = Channel::Wording.find(&Analysis::new(&document));
    found
        .into_iter()
        .filter(|site| site.class.starts_with("coord-") || site.class.starts_with("series-"))
        .collect()
}

fn copies(text: &str) -> Vec<String> {
    let [site] = &equals(text)[..] else { panic!("one site: {text}") };
    (0..site.labels.len())
        .map(|symbol| {
            let mut copy = text.to_owned();
            for place in site.places.iter().rev() {
                copy.replace_range(place.range.clone(), &place.forms[symbol]);
            }
            copy
        })
        .collect()
}

#[test]
fn two_equals_change_places() {
    assert_eq!(
        copies("The council paid for schools and hospitals."),
        ["The council paid for schools and hospitals.", "The council paid for hospitals and schools."]
    );
    assert_eq!(copies("It was an honest and careful report.")[1], "It was a careful and honest report.");
    assert_eq!(
        copies("They built the school and the hospital.")[1],
        "They built the hospital and the school."
    );
}

#[test]
fn a_series_rotates_and_leaves_its_marks_alone() {
    let text = "The convoy set off with bandages, blankets, and tents.";
    assert_eq!(
        copies(text),
        [
            text,
            "The convoy set off with blankets, tents, and bandages.",
            "The convoy set off with tents, bandages, and blankets.",
        ]
    );
    let sites = equals(text);
    let site = &sites[0];
    assert_eq!((site.tier, site.weights.iter().sum::<u32>()), (Tier::Bold, WEIGHT_TOTAL));
    let places = &site.places;
    for place in places {
        assert_eq!(text[place.range.clone()], place.forms[0]);
        assert!((1..place.forms.len()).all(|at| !place.forms[..at].contains(&place.forms[at])));
    }
}

#[test]
fn what_binds_the_order_is_left_alone() {
    for text in [
        "The council paid for new schools and hospitals.",
        "It was a matter of supply and demand.",
        "They waited for minutes and hours.",
        "The council paid for schools and hospitals that were safe.",
        "The council paid for schools and hospitals of note.",
        "He looked for a man and his dog.",
        "They paid for schools and hospitals, respectively.",
        "They paid for schools and hospitals. We close schools and hospitals.",
        "They wrote to Smith and Jones.",
    ] {
        assert!(equals(text).is_empty(), "{text}");
    }
}
