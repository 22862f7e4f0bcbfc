use super::*;

const TEXT: &str = "Halvic Marine sold 33 crates of gyroscopes to Corvany between March and October. The clerk \
    said that the harbour office had not asked for a licence. We judge with moderate confidence that the network \
    will probably continue through the winter. More than 30 crates were moved at night to Shed 14, which Halvic\u{2019}s \
    foreman had leased. He called it \u{201c}a small matter\u{201d} and left the room before the meeting ended. The board \
    knew that the guards were unpaid.";

/// What the checks make of one wording of the `nth` sentence.
fn verdict(nth: usize, wording: &str) -> Option<Reason> {
    let document = Document::read(Format::Text, TEXT.as_bytes()).unwrap();
    let analysis = Analysis::new(&document);
    let checker = Checker::new(&analysis);
    let range = |nth: usize| {
        let sentence = analysis.sentences.get(nth)?;
        Some(analysis.tokens[sentence.start].range.start..analysis.tokens[sentence.end - 1].range.end)
    };
    let own = |nth: usize| range(nth).map(|range| TEXT[range].to_owned());
    let target = Target {
        range: range(nth).unwrap(),
        text: own(nth).unwrap(),
        before: nth.checked_sub(1).and_then(own),
        after: own(nth + 1),
    };
    let sifted = checker.sift(&target, &[wording.to_owned()]);
    assert_eq!(sifted.kept.len() + sifted.rejected.len(), 1);
    sifted.rejected.into_keys().next()
}

#[test]
fn keeps_wordings_that_say_the_same() {
    for (nth, wording) in [
        (0, "Between March and October, Halvic Marine sold 33 crates of gyroscopes to Corvany."),
        (1, "According to the clerk, the harbour office had not asked for a licence."),
        (1, "The clerk told us that no licence had been asked for by the harbour office."),
        (
            2,
            "It is our judgement, held with moderate confidence, that the network will probably go on through the winter.",
        ),
        (
            3,
            "At night, more than 30 crates were taken to Shed 14, which had been leased by Halvic's foreman.",
        ),
        (
            3,
            "Over 30 crates were carried to Shed 14, which the foreman at Halvic\u{2019}s had leased, under cover of night.",
        ),
        (4, "Before the meeting ended he left the room, having called it \u{201c}a small matter\u{201d}."),
    ] {
        let found = verdict(nth, wording);
        // The second example brings in a speaker, the fourth a passive with another agent.
        match wording {
            w if w.contains("told us") => assert_eq!(found, Some(Reason::Person), "{wording}"),
            w if w.contains("leased by") => assert_eq!(found, Some(Reason::Names), "{wording}"),
            _ => assert_eq!(found, None, "{wording}"),
        }
    }
}

#[test]
fn turns_down_what_says_something_else() {
    for (nth, wording, reason) in [
        (
            0,
            "Between March and October, Halvic Marine sold 34 crates of gyroscopes to Corvany.",
            Reason::Numbers,
        ),
        (
            0,
            "Between March and October, Halvic Marine sold crates of gyroscopes to Corvany.",
            Reason::Numbers,
        ),
        (
            0,
            "Between March and October, Halvic Marine sold thirty-three crates of gyroscopes to Corvany.",
            Reason::Numbers,
        ),
        (
            0,
            "Between March and October, Halvic Marine sold up to 33 crates of gyroscopes to Corvany.",
            Reason::Numbers,
        ),
        (
            0,
            "Between March and November, Halvic Marine sold 33 crates of gyroscopes to Corvany.",
            Reason::Numbers,
        ),
        (
            0,
            "Between March and October, Corvany sold 33 crates of gyroscopes to Halvic Marine.",
            Reason::Names,
        ),
        (0, "Between March and October, Halvic sold 33 crates of gyroscopes to Corvany.", Reason::Names),
        (0, "Kelvic Marine sold Corvany 33 crates of gyroscopes between March and October.", Reason::Names),
        (1, "According to the clerk, the harbour office had asked for a licence.", Reason::Negation),
        (1, "According to the clerk, the harbour office had never asked for a licence.", Reason::Negation),
        (5, "It was known to the board that the guards were paid.", Reason::Negation),
        (
            2,
            "We judge with moderate confidence that the network will continue through the winter.",
            Reason::Modality,
        ),
        (
            2,
            "We judge with high confidence that the network will probably go on through the winter.",
            Reason::Modality,
        ),
        (
            2,
            "We judge with moderate confidence that the network must probably go on through the winter.",
            Reason::Modality,
        ),
        (
            3,
            "At night 30 crates were moved to Shed 14, which the foreman of Halvic\u{2019}s had leased.",
            Reason::Numbers,
        ),
        (
            3,
            "At night, all of the more than 30 crates were moved to Shed 14, which Halvic\u{2019}s foreman leased.",
            Reason::Quantity,
        ),
        (
            4,
            "He called it \u{201c}a tiny matter\u{201d} and went out of the room before the meeting ended.",
            Reason::Quotation,
        ),
        (
            4,
            "He called it \u{201c}a small matter\u{201d} and went out of the room after the meeting ended.",
            Reason::Opposite,
        ),
        (
            4,
            "She called it \u{201c}a small matter\u{201d} and went out of the room before the meeting ended.",
            Reason::Person,
        ),
        (
            1,
            "The moon above the quiet town was as round as a great silver coin that evening.",
            Reason::Negation,
        ),
        (5, "Those who ran the place saw unpaid men.", Reason::Strays),
    ] {
        assert_eq!(verdict(nth, wording), Some(reason), "{wording}");
    }
}

#[test]
fn numbers_stay_with_what_they_count_and_name() {
    let of = |text: &str| Facts::of(text, &Vocabulary::default());
    let own = of("The crew of pier 11 lifted nine crates and 33 lamps.");
    let same = of("Nine crates and 33 lamps were lifted by the crew of pier 11.");
    assert_eq!(own.differs(&same), None);
    for other in [
        "The crew of pier 33 lifted nine crates and 11 lamps.",
        "The crew of pier 11 lifted nine lamps and 33 crates.",
        "The crew of pier 9 lifted nine crates and 33 lamps.",
        "The crew of pier 11 lifted 9 crates and 33 lamps.",
        "The crew of pier 11 lifted nine crates and at least 33 lamps.",
    ] {
        assert_eq!(own.differs(&of(other)), Some(Reason::Numbers), "{other}");
    }
}

#[test]
fn turns_down_hostile_forms() {
    for (wording, reason) in [
        ("", Reason::Size),
        (" \n ", Reason::Size),
        ("I'm sorry, but I cannot reword what the clerk said about the licence.", Reason::Refusal),
        ("The clerk said the harbour\u{200b} office had not asked for a licence.", Reason::Characters),
        ("The clerk said the h\u{430}rbour office had not asked for a licence.", Reason::Characters),
        ("The clerk said the \u{202e}harbour office had not asked for a licence.", Reason::Characters),
        ("The clerk said the harbour office\nhad not asked for a licence.", Reason::Characters),
        ("The clerk said \"that the harbour office\" had not asked for a licence.", Reason::Characters),
        ("The clerk said \u{2013} that the harbour office had not asked for a licence.", Reason::Characters),
        ("The clerk said the harbour office had **not** asked for a licence.", Reason::Markup),
        ("The clerk said the harbour office had <b>not asked for a licence.", Reason::Markup),
        ("{{The clerk|He}} said that the harbour office had not asked for a licence.", Reason::Markup),
        ("- The clerk said the harbour office had not asked for a licence.", Reason::Markup),
        ("The clerk said this. The harbour office had not asked for a licence.", Reason::Sentence),
        ("The clerk said that the harbour office had not asked for a licence!", Reason::Sentence),
        ("the clerk said the office of the harbour had not asked for a licence.", Reason::Sentence),
        ("The clerk said that the harbour office had not asked for a licence", Reason::Sentence),
        ("The clerk said it had not asked.", Reason::Length),
        (
            "The clerk said the harbour office had not asked for a licence at evil.example today.",
            Reason::Literals,
        ),
        ("1. The clerk said that the harbour office had not asked for a licence.", Reason::Sentence),
        ("The clerk said the harbor office had not requested or asked for a licence.", Reason::Variety),
        ("The clerk said that the harbour office hadn\u{2019}t asked for any licence.", Reason::Style),
        ("The clerk said that, the harbour office had not asked for a licence.", Reason::Duplicate),
        ("THE clerk said that the harbour office had not asked for a licence.", Reason::Duplicate),
        ("The clerk said that the harbour office had not asked for the licence.", Reason::TooClose),
        (
            "The clerk said the office had not asked the network to continue through the winter.",
            Reason::Prompt,
        ),
    ] {
        assert_eq!(verdict(1, wording), Some(reason), "{wording:?}");
    }
}

#[test]
fn wordings_must_differ_from_each_other() {
    let document = Document::read(Format::Text, TEXT.as_bytes()).unwrap();
    let analysis = Analysis::new(&document);
    let end = TEXT.find(" More").unwrap();
    let start = TEXT.find("We judge").unwrap();
    let target = Target { range: start..end, text: TEXT[start..end].into(), before: None, after: None };
    let verbs = [
        "go on",
        "carry on",
        "stay alive",
        "remain active",
        "keep running",
        "persist",
        "endure",
        "stay in business",
        "keep working",
    ];
    let mut wordings: Vec<String> = verbs
        .iter()
        .map(|verb| {
            format!(
                "We judge with moderate confidence that the network will probably {verb} through the winter."
            )
        })
        .collect();
    wordings.insert(
        1,
        wordings[0].replace("We judge with", "We judge, with").replace("confidence", "confidence,"),
    );
    wordings.insert(2, wordings[0].replace("go on", "go in"));
    let sifted = Checker::new(&analysis).sift(&target, &wordings);
    assert_eq!(sifted.kept.len(), WORDINGS_KEPT);
    let expected = [(Reason::Duplicate, 1), (Reason::TooClose, 1), (Reason::Surplus, 2)];
    assert_eq!(sifted.rejected, expected.into_iter().collect());
}

#[test]
fn only_what_the_file_can_hold() {
    let text =
        "Il est n\u{e9}: the clerk said that the harbour office had not asked for a caf\u{e9} licence.\n";
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let document = Document::read(Format::Text, &bytes).unwrap();
    let analysis = Analysis::new(&document);
    let start = text.find("the clerk").unwrap();
    let range = start..document.text().trim_end().len();
    let target = Target { text: document.text()[range.clone()].into(), range, before: None, after: None };
    let wording =
        "the clerk said that the caf\u{e9} licence had not been asked for by the harbour office.".to_owned();
    let sifted = Checker::new(&analysis).sift(&target, std::slice::from_ref(&wording));
    assert_eq!(sifted.kept, [wording]);
}

#[test]
fn distances_are_of_characters() {
    assert_eq!(distance("", "abc"), 3);
    assert_eq!(distance("kitten", "sitting"), 3);
    assert_eq!(distance("caf\u{e9}", "cafe"), 1);
    assert_eq!(distance("same", "same"), 0);
}
