use proptest::prelude::*;

use super::*;
use material::*;

mod material;

type Noise = fn(&str, usize, &mut Dice) -> String;

#[test]
fn a_whole_copy_reads_back_at_every_site() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(1);
    for _ in 0..20 {
        let word = item.random_word(&mut dice);
        let copy = item.copy(&word);
        assert_eq!(read_exact(&item.lattice, &copy), Ok(word.clone()));
        let (tally, aligned) = item.read(&copy, &word);
        assert_eq!(tally, Tally { right: item.sites.len(), wrong: 0, unsure: 0 });
        assert!(aligned > 0.999, "{aligned}");
    }
}

#[test]
fn reads_noisy_copies_with_few_wrong_readings() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(7);
    let noises: [(Noise, usize, usize); 4] =
        [(retype, 10, 975), (retype, 30, 960), (scan, 50, 970), (scan, 100, 930)];
    for (noise, per_mille, least) in noises {
        let (mut sum, mut sites) = (Tally::default(), 0);
        for _ in 0..40 {
            let word = item.random_word(&mut dice);
            let leak = noise(&item.copy(&word), per_mille, &mut dice);
            sum += item.read(&leak, &word).0;
            sites += item.sites.len();
        }
        assert!(sum.wrong * 100 < sum.right, "{per_mille}: {sum:?} of {sites}");
        assert!(sum.right * 1000 > sites * least, "{per_mille}: {sum:?} of {sites}");
    }
}

#[test]
fn finds_every_excerpt_of_seven_words() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(11);
    let mut sum = Tally::default();
    for length in 7..30 {
        for _ in 0..10 {
            let word = item.random_word(&mut dice);
            let copy = item.copy(&word);
            let words: Vec<&str> = copy.split_whitespace().collect();
            let at = dice.below(words.len() - length);
            let leak = words[at..at + length].join(" ").to_lowercase().replace([',', '.', ';'], "");
            let (tally, aligned) = item.read(&leak, &word);
            assert!(aligned > 0.9, "{aligned} {leak:?}");
            sum += tally;
        }
    }
    // Commas are lost here, and with them what two sites say.
    assert!(sum.right > 100 * sum.wrong && sum.right > 20 * sum.unsure, "{sum:?}");
}

#[test]
fn reads_a_newspaper_article_that_quotes_two_sentences() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(5);
    for other in OTHERS {
        for _ in 0..10 {
            let word = item.random_word(&mut dice);
            let copy = item.copy(&word);
            let sentences: Vec<&str> = copy.split(". ").filter(|sentence| sentence.len() > 70).collect();
            let (a, b) = (dice.below(sentences.len()), dice.below(sentences.len()));
            let (before, after) = other.split_at(other.find(". ").unwrap() + 2);
            let (middle, last) = after.split_at(after.find(". ").unwrap() + 2);
            let leak = format!(
                "{before}\u{201c}{}\u{201d}, the paper says. {middle} It adds: \u{201c}{}.\u{201d} {last}",
                sentences[a], sentences[b]
            );
            let fragment = Fragment::from_text("-", leak.as_str());
            let observation = observe(&item.lattice, &fragment);
            let shown: Vec<&str> = observation
                .passages
                .iter()
                .map(|passage| fragment.raw_of(passage.fragment.clone()))
                .collect();
            for sentence in [a, b] {
                let middle: String = sentences[sentence].chars().skip(10).take(40).collect();
                assert!(shown.iter().any(|shown| shown.contains(&middle)), "{shown:#?}\n{middle}");
            }
            let tally = Item::tally(&observation, &word);
            assert_eq!(tally.wrong, 0, "{tally:?} {leak}");
            let read: usize = observation.seen.iter().map(|seen| seen.sightings.len()).sum();
            let expected = [a, b].map(|at| item.sites_in(&copy, &word, sentences[at])).iter().sum::<usize>();
            // A place at the quote's very edge may be lost, and the one shared phrase touches none.
            assert!(read <= expected && read + 4 >= expected, "{read} of {expected} in {leak}");
        }
    }
}

#[test]
fn follows_passages_out_of_order_and_repeated() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(23);
    let word = item.random_word(&mut dice);
    let copy = item.copy(&word);
    let paragraphs: Vec<&str> = copy.split("\n\n").collect();
    let leak = [paragraphs[3], paragraphs[1], paragraphs[0], paragraphs[2], paragraphs[1]].join("\n");
    let fragment = Fragment::from_text("-", leak);
    let observation = observe(&item.lattice, &fragment);
    assert_eq!(observation.seen.len(), item.sites.len());
    assert!(observation.aligned > 0.99);
    let tally = Item::tally(&observation, &word);
    assert_eq!((tally.wrong, tally.unsure), (0, 0));
    assert!(tally.right > item.sites.len() + 5, "the repeated paragraph counts twice: {tally:?}");
}

#[test]
fn reads_each_half_of_two_merged_copies() {
    let item = Item::new(BRIEF, false);
    let mut dice = Dice(29);
    let (a, b) = (item.random_word(&mut dice), item.random_word(&mut dice));
    let (one, other) = (item.copy(&a), item.copy(&b));
    let leak: Vec<&str> = one
        .split_inclusive(". ")
        .zip(other.split_inclusive(". "))
        .enumerate()
        .map(|(at, (one, other))| if at % 2 == 0 { one } else { other })
        .collect();
    let leak = leak.concat();
    let fragment = Fragment::from_text("-", leak);
    let observation = observe(&item.lattice, &fragment);
    assert_eq!(observation.seen.len(), item.sites.len());
    for seen in &observation.seen {
        let best = seen.sightings[0].costs.iter().position(|&cost| cost == 0).unwrap();
        assert!(best == usize::from(a[seen.site]) || best == usize::from(b[seen.site]));
    }
    assert!(Item::tally(&observation, &a).wrong > 5 && Item::tally(&observation, &b).wrong > 5);
}

#[test]
fn unrelated_texts_and_common_phrases_are_no_passages() {
    let items: Vec<Item> = std::iter::once(BRIEF).chain(OTHERS).map(|text| Item::new(text, false)).collect();
    for (i, item) in items.iter().enumerate() {
        for other in items.iter().skip(i + 1) {
            for (lattice, text) in [(&item.lattice, &other.text), (&other.lattice, &item.text)] {
                let fragment = Fragment::from_text("-", text.as_str());
                let observation = observe(lattice, &fragment);
                let shown: Vec<&str> =
                    observation.passages.iter().map(|p| fragment.raw_of(p.fragment.clone())).collect();
                // The one phrase that two of these texts share at length stands at the edge of chance.
                assert!(shown.iter().all(|text| text.contains("midnight")), "{shown:?}");
            }
        }
    }
    let item = Item::new(BRIEF, false);
    for phrase in [
        "on the following morning",
        "by the middle of May",
        "It was said that they had been",
        "at the end of March",
    ] {
        let leak = format!("{} {phrase} {}", &OTHERS[0][..300], &OTHERS[2][..300]);
        let fragment = Fragment::from_text("-", leak);
        assert_eq!(observe(&item.lattice, &fragment).passages, [], "{phrase}");
    }
}

#[test]
fn other_wordings_are_called_rewritten() {
    let item = Item::new(
        "The committee met in the old library and {{decided|resolved}} to postpone the vote until Friday.",
        false,
    );
    for (leak, rewritten) in [
        ("The committee met in the old library and decided to postpone the vote until Friday.", false),
        ("The committee met in the old library and dccided to postpone the vote until Friday.", false),
        ("The committee met in the old library and agreed to postpone the vote until Friday.", true),
        (
            "The committee met in the old library and voted with three dissents to postpone the vote until Friday.",
            true,
        ),
    ] {
        let fragment = Fragment::from_text("-", leak);
        let observation = observe(&item.lattice, &fragment);
        let sighting = &observation.seen[0].sightings[0];
        assert_eq!(sighting.rewritten < sighting.costs[0] + 8, rewritten, "{sighting:?}");
        assert_eq!(sighting.costs[0] == 0, !rewritten, "{sighting:?}");
    }
}

#[test]
fn a_place_cut_by_the_fragments_edge_says_only_what_it_shows() {
    let item = Item::new(
        "The minister waited in the garden of the embassy {{while|whilst}} his driver fetched the papers.",
        false,
    );
    let costs = |leak: &str| {
        let fragment = Fragment::from_text("-", leak);
        let observation = observe(&item.lattice, &fragment);
        assert_eq!(observation.passages.len(), 1, "{leak}");
        observation.seen.first().map(|seen| seen.sightings[0].costs.clone())
    };
    let whole = "The minister waited in the garden of the embassy ";
    assert_eq!(costs(whole), None);
    for (end, flat) in [("whil", true), ("while", false), ("whilst", false), ("wh", true)] {
        let costs = costs(&format!("{whole}{end}"));
        let flatness = costs.as_ref().is_none_or(|costs| costs[0] == costs[1]);
        assert_eq!(flatness, flat, "{end} {costs:?}");
    }
    // Another text goes on after the quote: what it says is not the item's.
    for after in
        ["whilst nobody else in the room said another word", "while she laughed", "\u{201d}, she said"]
    {
        assert_eq!(costs(&format!("{whole}{after}")), None, "{after}");
    }
    let tail = "st his driver fetched the papers.";
    let start = costs(tail).unwrap();
    assert!(start[1] + 8 <= start[0], "{start:?}");
    assert_eq!(costs("his driver fetched the papers."), None);
}

#[test]
fn typographic_places_show_their_raw_characters() {
    let item = Item::new(
        "She wrote{{ |\u{2008}}}that the archive{{\u{2019}|'}}s doors{{ |\u{2008}}}had been {{sealed|locked}} by the          commission{{ |\u{2008}}}in 1994 and never opened.",
        false,
    );
    let word = [1, 1, 0, 1, 1];
    let copy = item.copy(&word);
    assert_eq!(read_exact(&item.lattice, &copy), Ok(word.to_vec()));
    let fragment = Fragment::from_text("-", format!("Before. {copy} After."));
    let observation = observe(&item.lattice, &fragment);
    let raw: Vec<(usize, &str)> =
        observation.seen.iter().map(|seen| (seen.site, seen.sightings[0].raw)).collect();
    assert_eq!(raw, [(0, "\u{2008}"), (1, "'"), (2, " "), (3, "locked"), (4, "\u{2008}")]);
    for seen in observation.seen.iter().filter(|seen| seen.site != 3) {
        let sighting = &seen.sightings[0];
        assert_eq!(sighting.costs, [0, 0]);
        assert!(sighting.rewritten >= 64);
    }
}

#[test]
fn white_space_around_empty_variants_collapses() {
    for markup in [
        "The chairman said{{ that|}} he would never sign the treaty with the islanders.",
        "The chairman said {{that |}}he would never sign the treaty with the islanders.",
        "The chairman said {{that|}} he would never sign the treaty with the islanders.",
        "The chairman said{{ that|}}{{ surely|}} he would never sign the treaty with the islanders.",
        "The chairman{{,| }}{{ of course,|}} said he would never sign the treaty with the islanders.",
    ] {
        let item = Item::new(markup, false);
        for symbols in 0..1_u8 << item.sites.len() {
            let word: Vec<u8> = (0..item.sites.len()).map(|site| symbols >> site & 1).collect();
            let copy = item.copy(&word);
            let (tally, _) = item.read(&copy, &word);
            assert_eq!(tally.wrong, 0, "{copy}");
            let fragment = Fragment::from_text("-", copy.as_str());
            let observation = observe(&item.lattice, &fragment);
            for seen in &observation.seen {
                assert_eq!(seen.sightings[0].costs[usize::from(word[seen.site])], 0, "{copy}");
            }
        }
    }
}

#[test]
fn passages_that_the_item_repeats_are_not_read() {
    let markup = "The ministry did not answer {{any|further}} questions about the convoy. In the north a bridge collapsed near                   Tarnow and two lorries fell. The ministry did not answer {{any|further}} questions about the convoy.";
    let item = Item::new(markup, false);
    let both = item.copy(&[0, 1]);
    let (tally, aligned) = item.read(&both, &[0, 1]);
    assert_eq!((tally, aligned > 0.99), (Tally { right: 2, wrong: 0, unsure: 0 }, true));
    let fragment =
        Fragment::from_text("-", "The ministry did not answer further questions about the convoy.");
    let observation = observe(&item.lattice, &fragment);
    assert_eq!((observation.passages.len(), observation.seen.len()), (1, 0));
}

#[test]
fn exact_reading_reports_where_a_text_departs() {
    let item = Item::new("It {{was|is}} {{big|large}} and {{red|blue}}.", true);
    assert_eq!(read_exact(&item.lattice, "It is big and blue."), Ok(vec![1, 0, 1]));
    assert_eq!(read_exact(&item.lattice, "It is big or blue."), Err(ExactError::Departs { at: 10 }));
    assert_eq!(read_exact(&item.lattice, "It is big and blue"), Err(ExactError::Departs { at: 18 }));
    assert_eq!(read_exact(&item.lattice, "It is big and blue.."), Err(ExactError::Departs { at: 19 }));
    assert_eq!(read_exact(&item.lattice, ""), Err(ExactError::Departs { at: 0 }));
    let unclear = Item::new("A {{b|bc}}{{cd|d}} e.", false);
    assert_eq!(read_exact(&unclear.lattice, "A bcd e."), Err(ExactError::Ambiguous { site: 0 }));
    assert_eq!(read_exact(&unclear.lattice, "A bccd e."), Ok(vec![1, 0]));
    // One decision in two places must show the same symbol in both.
    let linked = Item::new("{{10|ten}} ships and {{10|ten}} men", true);
    assert_eq!(read_exact(&linked.lattice, "ten ships and ten men"), Ok(vec![1]));
    assert_eq!(read_exact(&linked.lattice, "ten ships and 10 men"), Err(ExactError::Departs { at: 14 }));
}

#[test]
fn shingles_of_every_copy_are_shingles_of_the_item() {
    let item = Item::new(BRIEF, false);
    let key = [9; 32];
    let index = shingles(&item.lattice, &key);
    let mut dice = Dice(31);
    for _ in 0..20 {
        let copy = item.copy(&item.random_word(&mut dice));
        let fragment = Fragment::from_text("-", copy.as_str());
        let own = fragment_shingles(&fragment, &key);
        let missing = own.iter().filter(|hash| index.binary_search(hash).is_err()).count();
        assert!(missing * 100 <= own.len(), "{missing} of {}", own.len());
    }
    let fragment = Fragment::from_text("-", OTHERS[0]);
    let foreign = fragment_shingles(&fragment, &key);
    let shared = foreign.iter().filter(|hash| index.binary_search(hash).is_ok()).count();
    assert!(shared * 8 < foreign.len(), "{shared} of {}", foreign.len());
    assert_ne!(index, shingles(&item.lattice, &[8; 32]));
}

#[test]
fn whole_sentences_may_be_variants() {
    let markup = "{{The envoy left Osterby before dawn in a hired car.|Before dawn a hired car took the envoy out of Osterby.|\
                  A hired car had carried the envoy away from Osterby before it was light.}} {{He had with him two sealed \
                  boxes and a letter for the consul.|Two sealed boxes travelled with him, and a letter meant for the \
                  consul.}} {{Nobody saw him cross the bridge.|His crossing of the bridge went unseen.}}";
    let item = Item::new(markup, false);
    let mut dice = Dice(41);
    for word in [[0, 0, 0], [1, 1, 1], [2, 0, 1]] {
        let copy = item.copy(&word);
        for (noise, per_mille) in [(retype as Noise, 0), (retype, 10), (scan, 50)] {
            let leak = noise(&copy, per_mille, &mut dice);
            assert_eq!(item.read(&leak, &word).0, Tally { right: 3, wrong: 0, unsure: 0 }, "{leak}");
        }
        let leak = format!(
            "{} \u{201c}{}\u{201d} {}",
            &OTHERS[3][..209],
            copy.split(". ").next().unwrap(),
            OTHERS[0]
        );
        assert_eq!(item.read(&leak, &word).0, Tally { right: 1, wrong: 0, unsure: 0 }, "{leak}");
    }
}

#[test]
fn hostile_sizes_end_in_time() {
    let item = Item::new(BRIEF, false);
    let places: String = (0..200).map(|at| format!("{{{{a{at}||b|cc{at}|d}}}}")).collect::<Vec<_>>().concat();
    let dense = Item::new(&format!("Before all this {places} after all that, {BRIEF}"), false);
    let long = format!("{{{{{}|{}}}}}", "lorem ipsum ".repeat(4000), "dolor sit ".repeat(4000));
    let wide = Item::new(&format!("Before all this {long} after all that."), false);
    let repeated = item.text.repeat(40);
    for leak in [
        "a".repeat(200_000),
        "a1 ".repeat(70_000),
        repeated,
        "lorem ipsum ".repeat(9000),
        "\u{301}".repeat(50_000),
    ] {
        let fragment = Fragment::from_text("-", leak);
        for item in [&item, &dense, &wide] {
            let _ = observe(&item.lattice, &fragment);
        }
    }
    let word = dense.random_word(&mut Dice(3));
    let copy = dense.copy(&word);
    let fragment = Fragment::from_text("-", copy);
    // Two hundred places without a letter between them are more than is followed; what surrounds them is found.
    assert!(observe(&dense.lattice, &fragment).aligned > 0.7);
}

/// A text of invented words in which every few words one is a place; some places touch or vanish.
fn invented(dice: &mut Dice) -> String {
    let word = |dice: &mut Dice| -> String {
        (0..2 + dice.below(7)).map(|_| char::from(b'a' + u8::try_from(dice.below(26)).unwrap())).collect()
    };
    let mut out = format!("It begins with {}", word(dice));
    for _ in 0..120 {
        // Two letters drawn twice are the same once in some hundred words, and such variants are no variants.
        let (one, two, three) = loop {
            let drawn = (word(dice), word(dice), word(dice));
            if drawn.0 != drawn.1 && drawn.1 != drawn.2 && drawn.0 != drawn.2 {
                break drawn;
            }
        };
        let next = match dice.below(9) {
            0 => format!(" {{{{{one}|{two}}}}}"),
            1 => format!("{{{{ {one}|}}}} {two}"),
            2 => format!(" {{{{{one}|{one} {two}|{three}}}}}"),
            3 => format!("{{{{,|;| \u{2013}}}}} {one} {two}"),
            4 => format!(" {{{{{one}|{two}}}}}{{{{ {three}|}}}} {two} {one}"),
            _ => format!(" {one} {two}"),
        };
        out.push_str(&next);
    }
    out + " the end of all that"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn copies_read_back(seed in 1_u64.., from in 0_usize..400, words in 25_usize..120) {
        let item = Item::new(BRIEF, true);
        let word = item.random_word(&mut Dice(seed));
        let copy = item.copy(&word);
        prop_assert_eq!(read_exact(&item.lattice, &copy), Ok(word.clone()));
        let all: Vec<&str> = copy.split(' ').collect();
        let from = from.min(all.len() - 20);
        let excerpt = all[from..(from + words).min(all.len())].join(" ");
        for leak in [copy.as_str(), excerpt.as_str()] {
            let fragment = Fragment::from_text("-", leak);
            let observation = observe(&item.lattice, &fragment);
            for seen in &observation.seen {
                for sighting in &seen.sightings {
                    let own = sighting.costs[usize::from(word[seen.site])];
                    prop_assert_eq!(own, 0, "{:?} in {}", sighting, leak);
                }
            }
            prop_assert_eq!(&observation, &observe(&item.lattice, &fragment));
        }
    }

    #[test]
    fn invented_items_read_back(seed in 1_u64..) {
        let mut dice = Dice(seed);
        let item = Item::new(&invented(&mut dice), false);
        let word = item.random_word(&mut dice);
        let copy = item.copy(&word);
        prop_assert_eq!(read_exact(&item.lattice, &copy), Ok(word.clone()));
        let fragment = Fragment::from_text("-", copy.as_str());
        let observation = observe(&item.lattice, &fragment);
        prop_assert_eq!(observation.seen.len(), item.sites.len());
        for seen in &observation.seen {
            let sighting = &seen.sightings[0];
            let own = sighting.costs[usize::from(word[seen.site])];
            prop_assert_eq!(own, 0, "{:?} at {} in {}", sighting, seen.site, copy);
            prop_assert!(sighting.costs.iter().filter(|&&cost| cost < 16).count() == 1, "{:?}", sighting);
        }
    }

    #[test]
    fn nothing_panics(text in "(\\PC{0,8}|the harbour authority |said that |\\{|while |[ \n\u{200b}>-]{0,3}){0,40}") {
        let item = Item::new(BRIEF, false);
        let fragment = Fragment::from_text("-", text.as_str());
        let observation = observe(&item.lattice, &fragment);
        prop_assert!(observation.aligned <= 1.0);
        let _ = read_exact(&item.lattice, &text);
        let own = Lattice::from_text(&text, &[]);
        let mirror = observe(&own, &fragment);
        prop_assert!(mirror.aligned <= 1.0);
        prop_assert_eq!(read_exact(&own, &text), Ok(vec![]));
        let _ = shingles(&own, &[0; 32]);
    }
}
