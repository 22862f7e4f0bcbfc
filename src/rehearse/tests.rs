use proptest::prelude::*;

use super::*;

const TEXT: &str = "“We don’t know,” Mr. Hale said — but 12 per cent of the twenty-one crates, which were empty, had gone \
    upon arrival. In order to find them, the U.S. office sent boats, planes, and 3 divers.\n\nThe report which he wrote \
    recognises that the harbour was closed in 2019; Section 4 has the details. Nine of them left prior to May 3.";

#[test]
fn plain_text_has_nothing_a_keyboard_lacks() {
    assert_eq!(
        plain("\u{feff}“a’s”\u{2008}b\u{200b}c—d – e…  f\r\n\r\n\r\ng"),
        "\"a's\" bc - d - e... f\n\ng"
    );
    assert_eq!(plain("  "), "");
    assert_eq!(retype_with(TEXT, Slips::NONE, &mut Random::new(1)), plain(TEXT));
}

#[test]
fn a_typist_slips_as_often_as_asked() {
    let text = "ordinary words of no account ".repeat(2_000);
    let slips = Slips { words: 0.01, commas: 0.0, lower: 0.0 };
    let typed = retype_with(&text, slips, &mut Random::new(9));
    let wrong = typed.split(' ').zip(text.split(' ')).filter(|(a, b)| a != b).count();
    // 10,000 words: four standard deviations of 100 are 40; a slip may fall on letters that swap into themselves.
    assert!((55..=140).contains(&wrong), "{wrong}");
    assert_eq!(word_count(&typed), word_count(&text));
}

#[test]
fn an_american_desk_applies_its_house_style() {
    let edited = desk_in(TEXT, Variety::American, &mut Random::new(0));
    for expected in [
        "do not",
        "Mr Hale",
        " - but 12% of the 21 crates, which",
        "on arrival",
        "To find",
        "the US office",
        "planes and three",
        "recognizes",
        "harbor",
        "Section 4",
        "Nine of them left before May 3.",
    ] {
        assert!(edited.contains(expected), "{expected:?} is not in {edited:?}");
    }
}

#[test]
fn a_british_desk_does_not_turn_nouns_into_verbs() {
    let text = "The emphasis and the criticism of the programmer, a literal laboratory; color, centered, organizing, a meter, towards.";
    let edited = desk_in(text, Variety::British, &mut Random::new(0));
    assert_eq!(
        edited,
        "The emphasis and the criticism of the programmer, a literal laboratory; colour, centered, organising, a meter, towards."
    );
}

#[test]
fn house_style_does_not_run_backwards() {
    let text = "On arrival, before noon, to win, because of rain, while among most people, it is about 10% in 12 of nine.";
    for seed in 0..20 {
        assert_eq!(desk(text, &mut Random::new(seed)), text);
    }
}

#[test]
fn a_clause_keeps_the_comma_that_a_list_loses() {
    let mut random = Random::new(0);
    assert_eq!(desk("A, b, and c went.", &mut random), "A, b and c went.");
    assert_eq!(
        desk("Having come home, he slept, and they left.", &mut random),
        "Having come home, he slept, and they left."
    );
    assert_eq!(desk("He slept, and rose late.", &mut random), "He slept, and rose late.");
}

#[test]
fn clean_recognition_keeps_every_word() {
    let read = ocr_noise(TEXT, 0.0, &mut Random::new(3));
    assert!(read.split_whitespace().eq(TEXT.split_whitespace()));
    assert!(read.lines().all(|line| line.chars().count() <= 72));
}

#[test]
fn bad_recognition_misreads_in_proportion() {
    let text = "silent mourners climbed clear of the burning village ".repeat(200);
    let noise = OcrNoise { misread: 0.05, broken: 0.0, joined: 0.0, divided: 0.0, width: 0, page: 0 };
    let read = ocr_noise_with(&text, &noise, &mut Random::new(4));
    let wrong = read.split(' ').zip(text.split(' ')).filter(|(a, b)| a != b).count();
    // 1,600 words of 6 letters on average, nearly all of which have a look-alike: about a quarter are hit.
    assert!((250..550).contains(&wrong), "{wrong}");
}

#[test]
fn divided_words_are_put_together_by_dropping_hyphen_and_line_end() {
    let noise = OcrNoise { misread: 0.0, broken: 0.0, joined: 0.0, divided: 1.0, width: 30, page: 0 };
    let text = "considerable commotion accompanied the announcement of the undertaking ".repeat(20);
    let read = ocr_noise_with(&text, &noise, &mut Random::new(4));
    assert!(read.contains("-\n"));
    assert!(read.replace("-\n", "").split_whitespace().eq(text.split_whitespace()));
}

#[test]
fn excerpts_are_slices_of_the_text() {
    assert_eq!(excerpt("a b  c\nd", 2, 1), "b  c");
    assert_eq!(excerpt("a b  c\nd", 9, 3), "d");
    assert_eq!(excerpt("a b", 2, 2), "");
    assert_eq!(excerpt("a b", 0, 0), "");
}

#[test]
fn sentences_end_where_they_should() {
    assert_eq!(
        sentences("Mr. Hale went. “Why?” he asked. So.\n\nHeading\n\nJ. K. did."),
        ["Mr. Hale went. ", "“Why?” he asked. ", "So.\n\n", "Heading\n\n", "J. K. did."]
    );
}

#[test]
fn merging_takes_from_the_copies_it_is_given() {
    assert_eq!(
        halves("A one. A two. A three. A four.", "B one. B two. B three. B four."),
        "A one. A two. B three. B four."
    );
    assert_eq!(alternate(&["A one. A two. A three.", "B one. B two. B three."]), "A one. B two. A three.");
    assert_eq!(
        strike("he left upon the tide of May", "he left on the tide of May"),
        "he left the tide of May"
    );
    assert_eq!(strike("we say that it is so now", "we say it is so now"), "we say it is so now");
}

#[test]
fn a_mix_follows_every_copy_equally_often() {
    let copy = |word: &str| format!("it is {word} that we know ").repeat(300);
    let copies = [copy("red"), copy("green"), copy("blue")];
    let views: Vec<&str> = copies.iter().map(String::as_str).collect();
    let mixed = mix(&views, &mut Random::new(8));
    for word in ["red", "green", "blue"] {
        let count = mixed.matches(word).count();
        // 300 draws at 1/3: four standard deviations are 33.
        assert!((67..=133).contains(&count), "{word}: {count}");
    }
}

#[test]
fn an_article_holds_every_passage_whole() {
    let passages = ["first passage", "second passage", "third one"];
    for seed in 0..30 {
        let text = article(&passages, &mut Random::new(seed));
        assert!(passages.iter().all(|passage| text.contains(passage)));
        assert!(word_count(&text) > 100);
    }
}

#[test]
fn bare_words_keep_their_inner_marks() {
    assert_eq!(
        no_punctuation("“Don’t,” he said: well-known 1,250.5—so."),
        "Don’t he said well-known 1,250.5 so"
    );
    assert_eq!(lower("Ärger IN Paris"), "ärger in paris");
}

/// Text with the characters that attacks look for, and any others.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,80}",
        "[a-zA-Z ,.;'\"“”‘’—–\n\u{200b}\u{2008}%0-9ǆẞßİ-]{0,200}",
        "((said|which|per cent|and,|or|Mr\\.|U\\.S\\.|ten|9|twenty-|prior to|don’t|organise|harbor)[ \n,.]){0,40}",
    ]
}

proptest! {
    #[test]
    fn attacks_never_panic_and_repeat_themselves(a in hostile(), b in hostile(), seed: u64, rate in 0.0..=1.0_f64, n in 0..50_usize) {
        let run = || {
            let mut random = Random::new(seed);
            [
                retype(&a, &mut random),
                retype_with(&a, Slips { words: rate, commas: rate, lower: rate }, &mut random),
                desk(&a, &mut random),
                ocr_noise(&a, rate, &mut random),
                excerpt(&a, n, n / 3).to_owned(),
                halves(&a, &b),
                alternate(&[&a, &b, &a]),
                mix(&[&a, &b, &a], &mut random),
                strike(&a, &b),
                article(&[&a, &b], &mut random),
                lower(&a),
                no_punctuation(&a),
            ]
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn identical_copies_merge_into_themselves(a in hostile(), seed: u64) {
        prop_assert_eq!(&mix(&[&a, &a], &mut Random::new(seed)), &a);
        prop_assert_eq!(&strike(&a, &a), &a);
        prop_assert_eq!(&alternate(&[&a, &a]), &a);
        prop_assert_eq!(&halves(&a, &a), &a);
        prop_assert_eq!(&sentences(&a).concat(), &a);
    }

    #[test]
    fn a_mix_of_two_copies_holds_words_of_both_alone(a in hostile(), b in hostile(), seed: u64) {
        let words: std::collections::BTreeSet<&str> = a.split_whitespace().chain(b.split_whitespace()).collect();
        let mixed = mix(&[&a, &b], &mut Random::new(seed));
        // Copies that end without white space may run together where a run of the other follows.
        let joined = |word: &str| words.iter().any(|&part| word.starts_with(part) || word.ends_with(part));
        prop_assert!(mixed.split_whitespace().all(|word| words.contains(word) || joined(word)));
    }
}
