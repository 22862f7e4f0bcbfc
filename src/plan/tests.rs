use std::borrow::Cow;

use proptest::prelude::*;

use super::*;
use crate::channel::authored;
use crate::channel::{Desk, Place, WEIGHT_TOTAL, equal_weights};
use crate::item::Format;

const BRIEF: &str = "Operation Cedar\n\nThe ministry said on Monday that the talks had been {{hindered|hampered}} by rain. About {{@n:ten|10}} men, {{!none of them armed}}, stayed{{ behind|}}. Later {{@n:ten|10}} more came.\n\nThe ministry said on Monday that the talks had been stopped [see [[7]]]. He said \"C:\\dir\u{200b}\" {{#fact:~20:33 agencies|more than 30 agencies}} knew…\n";

fn brief() -> (Document, Vec<Site>, Vec<Range<usize>>) {
    let marked = authored::extract(&Document::read(Format::Text, BRIEF.as_bytes()).unwrap()).unwrap();
    (marked.document, marked.sites, marked.protected)
}

fn proposed() -> (Document, Plan) {
    let (document, sites, protected) = brief();
    let plan = Plan::propose(&document, sites, protected, Options::default());
    (document, plan)
}

/// The line of the plan that holds `text`.
fn line_of(toml: &str, text: &str) -> usize {
    toml.lines().position(|line| line.contains(text)).unwrap() + 1
}

fn refused(toml: &str, document: &Document) -> (usize, Problem) {
    let error = Plan::from_toml(toml, document).unwrap_err();
    (error.line, error.problem)
}

#[test]
fn a_plan_survives_its_file() {
    let (document, mut plan) = proposed();
    let class = |class: &str| plan.entries.iter().filter(|entry| entry.site.class == class).count();
    assert_eq!((class("authored"), class("fact")), (3, 1));
    let toml = plan.to_toml(&document);
    assert!(toml.contains("[[hindered]] by rain."), "{toml}");
    assert!(toml.contains("variants = [\" behind\", \"\"]"), "{toml}");
    assert!(toml.contains("percent = [19.9997, 80.0003]"), "{toml}");
    assert!(toml.is_ascii() || !toml.contains('\u{200b}'), "what shows nothing is written as an escape");
    assert_eq!(Plan::from_toml(&toml, &document).unwrap(), plan);
    assert_eq!(Plan::from_toml(&toml.replace('\n', "\r\n"), &document).unwrap(), plan);

    // Every kind of field.
    plan.entries[0].on = false;
    plan.entries[0].site.desk = Some(Desk { canonical: 1, strength: 0.1 + 0.2 });
    plan.entries[0].site.class = Cow::Borrowed("odd \"class\"\n\u{1b}[31m");
    plan.entries[0].site.tier = Tier::Bold;
    plan.entries[0].site.labels = vec!["a".into(), "b".into()];
    plan.entries[0].site.weights = vec![1, WEIGHT_TOTAL - 1];
    assert_eq!(Plan::from_toml(&plan.to_toml(&document), &document).unwrap(), plan);
}

#[test]
fn people_strike_change_and_add_sites() {
    let (document, plan) = proposed();
    let toml = plan.to_toml(&document);
    let before = plan.sites().len();
    let struck =
        toml.replacen("on = true\nanchor = \"The ministry", "on = false\nanchor = \"The ministry", 1);
    assert_eq!(Plan::from_toml(&struck, &document).unwrap().sites().len(), before - 1);
    let changed =
        Plan::from_toml(&toml.replace("\"hampered\"", "\"held up\", \"slowed\""), &document).unwrap();
    assert!(changed.sites().iter().any(|site| site.labels == ["hindered", "held up", "slowed"]));
    let own = "\n[[site]]\nanchor = \"had been [[stopped]]\"\nvariants = [\"ended\", \"stopped\"]\npercent = [30, 70]\n[[protect]]\ntext = \"knew\"\n";
    let added = Plan::from_toml(&format!("{toml}{own}"), &document).unwrap();
    let site = added.sites().into_iter().find(|site| site.labels == ["ended", "stopped"]).unwrap();
    assert_eq!(
        (site.original, site.weights.as_slice(), site.tier),
        (1, [19_661, 45_875].as_slice(), Tier::Strict)
    );
    assert_eq!(added.protected.len(), 2);
    // Protecting a passage switches its sites off.
    let kept =
        Plan::from_toml(&format!("{toml}\n[[protect]]\ntext = \"been hindered by\"\n"), &document).unwrap();
    assert_eq!(kept.sites().len(), before - 1);
    assert_eq!(Plan::from_toml(&kept.to_toml(&document), &document).unwrap(), kept);
}

#[test]
fn refuses_mistakes_by_their_line() {
    let (document, plan) = proposed();
    let toml = plan.to_toml(&document);
    let line = line_of(&toml, "[[hindered]]");
    let quote = "anchor = \"The ministry said on Monday that the talks had been [[hindered]] by rain.\"";
    assert!(toml.contains(quote), "{toml}");
    let with = |new: &str| refused(&toml.replace(quote, new), &document);
    let ambiguous = with("anchor = \"the [[talks]] had been\"");
    assert_eq!(ambiguous, (line, Problem::Ambiguous { anchor: "the [[talks]] had been".into() }));
    let nowhere = with("anchor = \"had been [[hindered]] by snow\"");
    assert_eq!(nowhere, (line, Problem::Nowhere { anchor: "had been [[hindered]] by snow".into() }));
    assert!(matches!(with("anchor = \"hindered\""), (at, Problem::Brackets { .. }) if at == line));
    assert!(matches!(with("anchor = \"[[rain]]\""), (at, Problem::OriginalMissing { .. }) if at == line));
    assert!(matches!(with(""), (_, Problem::Shape)));
    assert!(matches!(with("anchr = \"x\""), (at, Problem::Syntax { .. }) if at == line));
    let variants = |new: &str| refused(&toml.replace("[\"hindered\", \"hampered\"]", new), &document);
    assert!(matches!(variants("[\"hindered\"]"), (at, Problem::Count { .. }) if at == line));
    assert!(
        matches!(variants("[\"hindered\", \"a\", \"a\"]"), (at, Problem::Duplicate { .. }) if at == line)
    );
    assert!(matches!(variants("[\"hindered\", \"a\\nb\"]"), (at, Problem::Unwritable { .. }) if at == line));
    assert!(matches!(variants("[\"hindered\", 3]"), (at, Problem::Syntax { .. }) if at >= line));
    assert!(matches!(
        refused(&toml.replace("percent = [19.9997, ", "percent = [30, "), &document).1,
        Problem::Percent
    ));
    let own = "\n[[site]]\nanchor = \"[[been hindered]] by\"\nvariants = [\"been hindered\", \"x\"]\n";
    let (at, problem) = refused(&format!("{toml}{own}"), &document);
    assert_eq!((at, problem), (toml.lines().count() + 3, Problem::Overlap { text: "been hindered".into() }));
    let (at, problem) = refused(&format!("{toml}\n[[protect]]\ntext = \"no such words\"\n"), &document);
    assert_eq!(at, toml.lines().count() + 3);
    assert!(matches!(problem, Problem::ProtectNowhere { .. }));
    let digest = "sha256:".to_owned() + &plan.item;
    let (at, problem) = refused(&toml.replace(&digest, "sha256:00"), &document);
    assert_eq!(at, line_of(&toml, &digest));
    assert!(matches!(problem, Problem::Item { .. }));
    assert!(matches!(
        refused(&toml.replace("version = 1", "version = 2"), &document).1,
        Problem::Version { .. }
    ));
    let many = format!("{toml}{}", "[[site]]\n".repeat(SITES_MAX));
    assert!(matches!(refused(&many, &document).1, Problem::TooManySites { .. }));
    let nested = format!("{toml}\nx = {}", "[".repeat(100_000));
    assert!(matches!(refused(&nested, &document).1, Problem::Syntax { .. }));
    assert!(matches!(refused(&" ".repeat(PLAN_BYTES_MAX + 1), &document).1, Problem::TooLarge { .. }));
    assert!(
        !refused(&toml.replace("on = true", "on = \"\u{1b}[31m"), &document).1.to_string().contains('\n')
    );
}

#[test]
fn the_digest_covers_everything() {
    let (_, plan) = proposed();
    let digest = plan.digest();
    assert_eq!(digest, plan.clone().digest());
    let changes: [fn(&mut Plan); 9] = [
        |plan| plan.item.push('0'),
        |plan| plan.protected.clear(),
        |plan| plan.entries[0].on ^= true,
        |plan| plan.entries[0].site.labels[0].push('x'),
        |plan| plan.entries[0].site.weights[0] += 1,
        |plan| plan.entries[0].site.places[0].range.start += 1,
        |plan| plan.entries[0].site.places[0].forms[1].push('x'),
        |plan| plan.entries[0].site.fact ^= true,
        |plan| plan.entries[0].site.desk = Some(Desk { canonical: 0, strength: 0.5 }),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut other = plan.clone();
        change(&mut other);
        assert_ne!(other.digest(), digest, "{index}");
    }
}

fn site(document: &Document, channel: Channel, tier: Tier, places: &[(&str, &[&str])]) -> Site {
    let places: Vec<Place> = places
        .iter()
        .map(|(own, forms)| {
            let start = document.text().find(own).unwrap();
            Place {
                range: start..start + own.len(),
                forms: forms.iter().map(|form| (*form).to_owned()).collect(),
            }
        })
        .collect();
    let count = places[0].forms.len();
    Site {
        channel,
        class: Cow::Borrowed("test"),
        tier,
        labels: (0..count).map(|n| n.to_string()).collect(),
        weights: equal_weights(count),
        original: 0,
        places,
        desk: None,
        fact: false,
    }
}

/// The own texts of the entries, a `-` before those that are off.
fn chosen(document: &Document, sites: Vec<Site>, accept: Tier) -> Vec<String> {
    let options = Options { accept, invisible: false };
    let protected = document.text().find("kept words").map(|at| at..at + 10).into_iter().collect();
    let plan = Plan::propose(document, sites, protected, options);
    plan.entries
        .iter()
        .filter(|entry| entry.site.class == "test")
        .map(|entry| {
            let places = entry.site.places.iter().map(|place| &document.text()[place.range.clone()]);
            format!("{}{}", if entry.on { "" } else { "-" }, places.collect::<Vec<_>>().join("+"))
        })
        .collect()
}

#[test]
fn the_better_candidate_stays() {
    use Channel::{Authored, Style, Wording};
    let source = "Qq aa bb cc dd ee ff **gg** `hh` kept words ii jj.\n";
    let document = Document::read(Format::Markdown, source.as_bytes()).unwrap();
    let make = |channel, tier, places: &[(&str, &[&str])]| site(&document, channel, tier, places);
    let sites = || {
        vec![
            make(Wording, Tier::Strict, &[("bb cc", &["bb cc", "x"])]),
            make(Wording, Tier::Normal, &[("dd ee", &["dd ee", "x"])]),
            make(Wording, Tier::Bold, &[("ee ff", &["ee ff", "x"])]),
            make(
                Style,
                Tier::Strict,
                &[("aa", &["aa", "1"]), ("cc", &["cc", "2"]), ("jj", &["jj", "3"]), ("hh", &["hh", "4"])],
            ),
            make(Authored, Tier::Strict, &[("Qq aa", &["Qq aa", "x"])]),
            // Code, protected text, a form that is not the item's, emphasis that would end up empty.
            make(Wording, Tier::Strict, &[("hh", &["hh", "x"])]),
            make(Wording, Tier::Strict, &[("words", &["words", "x"])]),
            make(Wording, Tier::Strict, &[("ii", &["i", "x"])]),
            make(Wording, Tier::Strict, &[("gg", &["gg", ""])]),
        ]
    };
    assert_eq!(chosen(&document, sites(), Tier::Strict), ["Qq aa", "cc+jj", "-dd ee"]);
    assert_eq!(chosen(&document, sites(), Tier::Bold), ["Qq aa", "cc+jj", "dd ee"]);
    // What is off does not block what is on, whatever its rank.
    let off = vec![
        make(Style, Tier::Normal, &[("bb", &["bb", "1"]), ("ii", &["ii", "2"])]),
        make(Wording, Tier::Strict, &[("bb cc", &["bb cc", "x"])]),
    ];
    assert_eq!(chosen(&document, off, Tier::Strict), ["bb cc", "-ii"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_plan_survives_its_file(
        words in prop::collection::vec("[a-c]{1,3}|\\[\\[|…|\"|\\\\|é\u{200d}|[.]", 3..40),
        picks in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..3, "[a-z\"\\\\]{0,5}", 1_u32..65_536, any::<bool>()), 0..6),
        markdown in any::<bool>(),
    ) {
        let format = if markdown { Format::Markdown } else { Format::Text };
        let document = Document::read(format, words.join(" ").as_bytes()).unwrap();
        let text = document.text().to_owned();
        let spans: Vec<Range<usize>> = text
            .split(' ')
            .scan(0, |at, word| { let start = *at; *at += word.len() + 1; Some(start..start + word.len()) })
            .filter(|range| !range.is_empty())
            .collect();
        prop_assume!(!spans.is_empty());
        let sites = picks
            .into_iter()
            .map(|(index, length, variant, weight, style)| {
                let first = index.index(spans.len());
                let range = spans[first].start..spans[(first + length).min(spans.len()) - 1].end;
                let own = text[range.clone()].to_owned();
                let other = format!("{variant}x{own}");
                Site {
                    channel: if style { Channel::Style } else { Channel::Authored },
                    class: Cow::Borrowed("test"),
                    tier: Tier::Strict,
                    labels: vec![own.clone(), other.clone()],
                    weights: vec![weight, WEIGHT_TOTAL - weight],
                    original: 0,
                    places: vec![Place { range, forms: vec![own, other] }],
                    desk: style.then_some(Desk { canonical: 1, strength: f64::from(weight) / 65_536.0 }),
                    fact: !style,
                }
            })
            .collect();
        let plan = Plan::propose(&document, sites, Vec::new(), Options { accept: Tier::Bold, invisible: true });
        let toml = plan.to_toml(&document);
        prop_assert_eq!(Plan::from_toml(&toml, &document).unwrap(), plan.clone(), "{}", toml);
        for symbol in 0..2 {
            let edits: Vec<Edit> = plan.sites().iter().flat_map(|site| site.write(symbol)).collect();
            prop_assert!(document.edit(&edits).is_ok());
        }
    }

    #[test]
    fn hostile_plans_never_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "version = 1\n", "item = \"", "\"\n", "[[site]]\n", "on = true\n", "anchor = \"", "[[", "]]", "ten", " men", "variants = [", "\"a\", ", "\"\"", "]\n",
        "percent = [nan, inf]\n", "places = [{", "}]\n", "nth = 0\n", "nth = -1\n", "desk = { variant = 0, strength = nan }\n", "\\u0000", "…", "[[protect]]\ntext = \"\"\n",
    ]), 0..40)) {
        let (document, plan) = proposed();
        let head = format!("version = 1\nitem = \"{}\"\n", plan.item);
        let _ = Plan::from_toml(&pieces.concat(), &document);
        let _ = Plan::from_toml(&(head + &pieces.concat()), &document);
    }
}
