use super::*;
use crate::channel::{Desk, Tier, equal_weights};

const FAR: u32 = 400;

fn site(channel: Channel, class: &'static str, forms: &[&str], desk: Option<Desk>) -> Site {
    let forms: Vec<String> = forms.iter().map(|&form| form.to_owned()).collect();
    Site {
        channel,
        class: class.into(),
        tier: Tier::Strict,
        labels: forms.clone(),
        weights: equal_weights(forms.len()),
        original: 0,
        places: vec![Place { range: 0..forms[0].len(), forms }],
        desk,
        fact: false,
    }
}

fn binary(class: &'static str) -> Site {
    site(Channel::Wording, class, &["on", "upon"], Some(Desk { canonical: 0, strength: 0.5 }))
}

/// What an alignment reports that saw variant `symbol` clearly.
fn saw(index: usize, site: &Site, symbol: usize) -> Seen<'_> {
    let costs = (0..site.labels.len()).map(|a| if a == symbol { 0 } else { 100 }).collect();
    let raw = site.places[0].forms[symbol].as_str();
    Seen { site: index, sightings: vec![Sighting { place: 0, costs, rewritten: FAR, raw }] }
}

/// What an alignment reports of a place whose forms fold to the same characters.
fn saw_raw<'f>(index: usize, site: &Site, raw: &'f str) -> Seen<'f> {
    let costs = vec![3; site.labels.len()];
    Seen { site: index, sightings: vec![Sighting { place: 0, costs, rewritten: FAR, raw }] }
}

fn read_symbols(sites: &[Site], symbols: &[usize]) -> Vec<Reading> {
    let seen: Vec<Seen<'_>> =
        sites.iter().zip(symbols).enumerate().map(|(index, (site, &a))| saw(index, site, a)).collect();
    read(sites, &seen)
}

#[test]
fn powers_fall_by_half_every_eight_units_and_stop_at_the_cap() {
    for eighths in 0..COST_CAP {
        assert!(half_power(eighths + 1) < half_power(eighths));
        let exact = libm::exp2(-f64::from(eighths) / 8.0);
        assert!((half_power(eighths) / exact - 1.0).abs() < 1e-15, "{eighths}");
    }
    assert!(half_power(u32::MAX).to_bits() == half_power(COST_CAP).to_bits());
}

#[test]
fn a_marked_form_is_strong_evidence_even_beside_a_busy_editor() {
    let sites: Vec<Site> = (0..10).map(|_| binary("upon/on")).collect();
    let mut symbols = [0; 10];
    symbols[4] = 1;
    let readings = read_symbols(&sites, &symbols);
    assert!(readings[4].likelihood[0] < 0.03, "{readings:?}");
}

#[test]
fn canonical_forms_alone_say_little_and_less_the_more_there_are() {
    let flatness = |n: usize| {
        let sites: Vec<Site> = (0..n).map(|_| binary("upon/on")).collect();
        read_symbols(&sites, &vec![0; n])[0].likelihood[1]
    };
    let by_count: Vec<f64> = [1, 3, 6, 12, 40].map(flatness).to_vec();
    assert!(by_count.windows(2).all(|pair| pair[0] < pair[1]), "{by_count:?}");
    assert!(by_count[0] < 0.25 && by_count[4] > 0.95, "{by_count:?}");
}

#[test]
fn other_classes_tell_that_an_editor_was_at_work() {
    let alone = read_symbols(&[binary("upon/on")], &[0]);
    let sites: Vec<Site> = ["upon/on", "whilst/while", "prior to", "owing to"]
        .into_iter()
        .flat_map(|class| std::iter::repeat_n(binary(class), 4))
        .chain([binary("in order to")])
        .collect();
    let edited = read_symbols(&sites, &[0; 17]);
    assert!(edited[16].likelihood[1] > 2.0 * alone[0].likelihood[1], "{edited:?}");
    let mut symbols = [0; 17];
    for (at, symbol) in symbols.iter_mut().enumerate().take(16) {
        *symbol = at % 2;
    }
    let unedited = read_symbols(&sites, &symbols);
    assert!(unedited[16].likelihood[1] < alone[0].likelihood[1], "{unedited:?}");
}

#[test]
fn without_an_editor_canonical_forms_are_nearly_full_evidence() {
    let sites: Vec<Site> = (0..8).map(|_| binary("upon/on")).collect();
    for reading in read_symbols(&sites, &[0, 1, 0, 0, 1, 1, 0, 1]) {
        let wrong = reading.likelihood.iter().copied().fold(1.0, f64::min);
        assert!(wrong < 0.08, "{reading:?}");
    }
}

#[test]
fn spaces_are_read_raw_and_a_stripped_paste_is_flat() {
    let space =
        || site(Channel::Invisible, "space", &[" ", "\u{2008}"], Some(Desk { canonical: 0, strength: 0.9 }));
    let sites: Vec<Site> = (0..20).map(|_| space()).collect();
    let seen = |raw: fn(usize) -> &'static str| -> Vec<Seen<'static>> {
        (0..20).map(|i| saw_raw(i, &space(), raw(i))).collect()
    };
    for (i, reading) in read(&sites, &seen(|i| if i % 3 == 0 { "\u{2008}" } else { " " })).iter().enumerate()
    {
        let wrong = usize::from(i % 3 != 0);
        assert!(reading.likelihood[wrong] < 0.05, "{i} {reading:?}");
    }
    for reading in read(&sites, &seen(|_| " ")) {
        assert!(reading.likelihood[1] > 0.99, "{reading:?}");
    }
    for reading in read(&sites, &seen(|i| if i == 0 { "\u{2008}" } else { "\n" })).iter().skip(1) {
        assert!((reading.likelihood[0] - reading.likelihood[1]).abs() < 1e-12, "{reading:?}");
    }
}

#[test]
fn glyphs_are_read_raw_and_their_plain_form_is_weak() {
    let dash = site(Channel::Style, "dash", &[" – ", "—"], Some(Desk { canonical: 0, strength: 0.5 }));
    assert!(is_typographic(&dash) && !is_typographic(&binary("x")));
    assert!(!is_typographic(&site(Channel::Style, "oxford", &[", and", " and"], None)));
    let sites = [dash.clone()];
    assert!(read(&sites, &[saw_raw(0, &dash, "—")])[0].likelihood[0] < 0.05);
    let plain = read(&sites, &[saw_raw(0, &dash, "\n– ")]);
    assert!((0.2..0.8).contains(&plain[0].likelihood[1]), "{plain:?}");
    assert_eq!(read(&sites, &[saw_raw(0, &dash, " -- ")])[0].likelihood, [1.0, 1.0]);
}

#[test]
fn likelihood_never_rises_with_cost() {
    let site = site(Channel::Wording, "x", &["a", "b", "c"], None);
    let mut last = f64::INFINITY;
    for cost in 0..300 {
        let costs = vec![0, cost, 40];
        let seen = Seen { site: 0, sightings: vec![Sighting { place: 0, costs, rewritten: 90, raw: "?" }] };
        let reading = read(std::slice::from_ref(&site), &[seen]);
        assert!(reading[0].likelihood[1] <= last);
        last = reading[0].likelihood[1];
    }
}

#[test]
fn a_rewritten_passage_is_flat() {
    let site = site(Channel::Wording, "x", &["a", "b"], None);
    let seen =
        Seen { site: 0, sightings: vec![Sighting { place: 0, costs: vec![80, 120], rewritten: 0, raw: "" }] };
    assert!(read(std::slice::from_ref(&site), &[seen])[0].likelihood[1] > 0.99);
}

#[test]
fn places_that_agree_add_up_and_one_slip_does_not_decide() {
    let mut many = site(Channel::Style, "percent", &["percent", "per cent"], None);
    many.places = vec![many.places[0].clone(); 6];
    let seen = |symbols: &[usize]| Seen {
        site: 0,
        sightings: symbols
            .iter()
            .enumerate()
            .map(|(place, &a)| Sighting {
                place,
                costs: vec![80 * u32::from(a != 0), 80 * u32::from(a != 1)],
                rewritten: FAR,
                raw: "",
            })
            .collect(),
    };
    let sites = [many];
    let one = read(&sites, &[seen(&[0])])[0].likelihood[1];
    let six = read(&sites, &[seen(&[0; 6])])[0].likelihood[1];
    let slip = read(&sites, &[seen(&[0, 0, 1, 0, 0, 0])])[0].likelihood.clone();
    assert!(six < one / 8.0 && six >= SITE_FLOOR, "{one} {six}");
    assert!(slip[1] < one && slip[0] >= 1.0, "{slip:?}");
    let halves = read(&sites, &[seen(&[0, 1])])[0].likelihood.clone();
    assert!(halves.iter().all(|&l| l > 0.95), "{halves:?}");
}

#[test]
fn what_does_not_fit_is_ignored() {
    let sites = [binary("x")];
    let bad = |place, costs: Vec<u32>| Sighting { place, costs, rewritten: 0, raw: "" };
    let seen = [
        Seen { site: 7, sightings: vec![bad(0, vec![0, 0])] },
        Seen { site: 0, sightings: vec![bad(3, vec![0, 9]), bad(0, vec![0])] },
        Seen { site: 0, sightings: Vec::new() },
    ];
    let readings = read(&sites, &seen);
    assert!(readings[0].likelihood.is_empty());
    assert_eq!(readings[1].likelihood, [1.0, 1.0]);
    assert_eq!(readings[2].likelihood, [1.0, 1.0]);
}

proptest::proptest! {
    #[test]
    fn readings_are_finite_positive_and_at_most_one(
        entries in proptest::collection::vec((0_usize..5, proptest::collection::vec(0_u32..u32::MAX, 2), 0_u32..u32::MAX), 0..60),
    ) {
        let classes = ["a", "b", "c"];
        let sites: Vec<Site> = (0..5).map(|i| binary(classes[i % 3])).collect();
        let seen: Vec<Seen<'_>> = entries
            .into_iter()
            .map(|(site, costs, rewritten)| Seen {
                site,
                sightings: vec![Sighting { place: 0, costs, rewritten, raw: "on" }],
            })
            .collect();
        for reading in read(&sites, &seen) {
            proptest::prop_assert!(reading.likelihood.iter().all(|l| l.is_finite() && *l > 0.0 && *l <= 1.0));
            proptest::prop_assert!(reading.likelihood.iter().any(|l| *l >= 1.0));
        }
    }
}
