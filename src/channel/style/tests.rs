use super::*;
use crate::item::{Document, Format};

fn sites(text: &str) -> Vec<Site> {
    let document = Document::read(Format::Text, text.as_bytes()).unwrap();
    let text = document.text();
    let found = find(&Analysis::new(&document));
    for site in &found {
        assert!((2..=4).contains(&site.labels.len()) && site.labels.len() == site.weights.len());
        for place in &site.places {
            assert_eq!(text[place.range.clone()], place.forms[usize::from(site.original)], "{}", site.class);
            assert_eq!(place.forms.len(), site.labels.len());
            assert!(!place.range.is_empty());
        }
    }
    found
}

/// The text with one kind written as `symbol`; none where the kind is not offered.
fn written(text: &str, class: &str, symbol: u8) -> Option<String> {
    let site = sites(text).into_iter().find(|site| site.class == class)?;
    let mut out = text.to_owned();
    for edit in site.write(symbol).into_iter().rev() {
        out.replace_range(edit.range, &edit.text);
    }
    Some(out)
}

/// Writes the other variant of a kind, and checks that the result offers the kind the other way round.
fn flipped(text: &str, class: &str) -> String {
    let original = sites(text).iter().find(|site| site.class == class).map(|site| site.original);
    let original = original.unwrap_or_else(|| panic!("{class} is not offered in {text:?}"));
    written(text, class, 1 - original).unwrap()
}

fn offered(text: &str, class: &str) -> bool {
    sites(text).iter().any(|site| site.class == class)
}

#[test]
fn every_place_of_a_kind_changes_together() {
    let text =
        "The harbour lost 12 per cent of its trade and 3.5 per cent of its crews, whose colour drained.";
    assert_eq!(
        flipped(text, "percent"),
        "The harbour lost 12% of its trade and 3.5% of its crews, whose colour drained."
    );
    assert_eq!(
        flipped("Mr Hale told Dr Orr and Mrs Bell that they had to go.", "title"),
        "Mr. Hale told Dr. Orr and Mrs. Bell that they had to go."
    );
}

#[test]
fn an_inconsistent_text_is_left_alone() {
    assert!(!offered(
        "They lost 12 per cent in spring, and in the autumn about 14% more was lost.",
        "percent"
    ));
    assert!(!offered("Mr Hale told Mr. Orr that they had to go home again, and so they did.", "title"));
    assert!(!offered(
        "It isn't \"curly\" if the crews\u{2019} marks are both, as they are in this text.",
        "quotes"
    ));
}

#[test]
fn oxford_commas_need_a_habit() {
    let text = "They counted ships, trucks and trains. They had asked for maps, tables and photographs.";
    assert_eq!(
        flipped(text, "oxford"),
        "They counted ships, trucks, and trains. They had asked for maps, tables, and photographs."
    );
    assert_eq!(flipped(&flipped(text, "oxford"), "oxford"), text);
    assert!(!offered(
        "They counted ships, trucks and trains. Nothing else was seen there that day.",
        "oxford"
    ));
}

#[test]
fn counts_change_but_weighty_numbers_do_not() {
    let text = "There were twelve ships and eleven crews. Ten of them left at ten o'clock, ten per cent full, with ten \
                million coins. It cost ten pounds.";
    assert_eq!(
        flipped(text, "number"),
        text.replace("twelve ships", "12 ships").replace("eleven crews", "11 crews")
    );
    let text =
        "There were 12 ships in all, and by noon 10 crews had left. In the end about 40 people stayed there.";
    let words = text.replace("12 ships", "twelve ships").replace("10 crews", "ten crews");
    assert_eq!(flipped(text, "number"), words);
    assert_eq!(flipped(&words, "number"), text);
    for kept in [
        "There were 12 ships and 14 crews, and all of them had gone by the time that it got dark.",
        "There were 12 ships and 3 boats, and all of them had gone by the time that it got dark.",
        "On 12 March they paid $12 for page 12, at 12% of the price, in flat 12 of a house of 12 m.",
        "The band got to the top ten hits, and one in ten asked who they were and where they had gone.",
    ] {
        assert!(!offered(kept, "number"), "{kept}");
    }
}

#[test]
fn initials_keep_the_full_stop() {
    let text = "They left the U.S. in May. The U.S. Navy stayed, and U.S.-led forces came back to the U.S. Nobody spoke.";
    let plain =
        "They left the US in May. The US Navy stayed, and US-led forces came back to the US. Nobody spoke.";
    assert_eq!(flipped(text, "initials").replace("US Nobody", "US. Nobody"), plain);
    assert_eq!(flipped(plain, "initials"), text);
}

#[test]
fn spelling_follows_the_variety() {
    let british =
        "The organizers realized that the colour of the harbour had been their own judgement all along.";
    assert_eq!(flipped(british, "-ise"), british.replace("organizers realized", "organisers realised"));
    assert_eq!(flipped(british, "judgement"), british.replace("judgement", "judgment"));
    let american =
        "The organizers realized that the color of the harbor had been their own judgment all along.";
    assert!(!offered(american, "-ise") && !offered(american, "judgement"));
    assert!(!offered(
        "The organisers realised that they would pasteurise the colour of the harbour.",
        "-ise"
    ));
    assert!(offered(
        "The colour of the harbour changed whilst they were asleep and the ship went down.",
        "while"
    ));
    assert!(!offered(
        "The colour of the harbour changed while they were asleep and the ship went down.",
        "while"
    ));
}

#[test]
fn doublets_keep_capitals_and_inflections() {
    let text =
        "Emails were sent by the advisers, and one adviser emailed that the talks were under way again.";
    assert_eq!(flipped(text, "email"), text.replace("Emails", "E-mails").replace("emailed", "e-mailed"));
    assert_eq!(flipped(text, "adviser"), text.replace("adviser", "advisor"));
    assert_eq!(flipped(text, "under way"), text.replace("under way", "underway"));
    assert!(!offered(
        "They liked how the data set out the case, and they said so to the man who kept it.",
        "data set"
    ));
}

#[test]
fn contractions_change_only_where_the_text_mixes_them() {
    let text = "It doesn't rain there and it didn't rain then. They are not sure, and they were not asked. Isn't it odd?";
    assert_eq!(flipped(text, "didn't"), text.replace("didn't", "did not"));
    assert_eq!(flipped(text, "weren't"), text.replace("were not", "weren't"));
    assert!(!offered(text, "isn't"));
    assert!(!offered(
        "It does not rain there, it did not rain then, and they are not sure of it at all.",
        "doesn't"
    ));
}

#[test]
fn quotations_keep_their_words_and_change_their_glyphs() {
    let text = "The board\u{2019}s clerk said: \u{201c}Don\u{2019}t give them 12 per cent.\u{201d} They gave 12 per cent.";
    assert_eq!(
        flipped(text, "quotes"),
        "The board's clerk said: \"Don't give them 12 per cent.\" They gave 12 per cent."
    );
    assert_eq!(flipped(&flipped(text, "quotes"), "quotes"), text);
    let percent = sites(text).into_iter().find(|site| site.class == "percent").unwrap();
    assert_eq!((percent.places.len(), percent.tier), (1, Tier::Normal));
}

#[test]
fn centuries_hours_ranges_and_counts_have_two_forms() {
    let text = "A twentieth-century colour, from the harbour of the early eighteenth century, was gone by 3 p.m. They \
                closed at 11.30 a.m. and came back in 1990\u{2013}95. First, they ate. Second, they slept there.";
    assert_eq!(
        flipped(text, "century"),
        text.replace("twentieth-century", "20th-century").replace("eighteenth century", "18th century")
    );
    let plain = text.replace("3 p.m. They", "3pm. They").replace("11.30 a.m.", "11.30am");
    assert_eq!(flipped(text, "clock"), plain);
    assert_eq!(flipped(&plain, "clock"), text);
    assert_eq!(flipped(text, "range"), text.replace("1990\u{2013}95", "1990-95"));
    let counted = text.replace("First,", "Firstly,").replace("Second,", "Secondly,");
    assert_eq!(flipped(text, "firstly"), counted);
}

#[test]
fn dashes_are_not_ranges() {
    let text = "They left \u{2013} all of them \u{2013} in 1990\u{2013}95, and the Hale\u{2013}Orr talks went on without them.";
    assert_eq!(flipped(text, "dash"), text.replace(" \u{2013} ", "\u{2014}"));
}

#[test]
fn ordinary_prose_has_several_strict_kinds() {
    for (text, least) in [
        (include_str!("../../../fixtures/prose/ferry.txt"), 5),
        (include_str!("../../../fixtures/prose/grain.txt"), 5),
    ] {
        let found = sites(text);
        let strict: Vec<_> =
            found.iter().filter(|site| site.tier == Tier::Strict).map(|s| s.class.as_ref()).collect();
        assert!(strict.len() >= least, "{strict:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_searched(text in "([a-z]{1,8}|[0-9]{1,3}|U\\.S\\.|US|Mr\\.? [A-Z]|per cent|%|, and|ten|e-mail|don't|\u{2014}| \u{2013} |\"|\u{2019}|\\.|\\.\\.\\.|\u{2026}| ){0,60}") {
        sites(&text);
    }
}
