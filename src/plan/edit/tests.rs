use super::*;
use crate::channel::{Channel, authored as markup};
use crate::item::Format;
use crate::plan::{Options, SITES_MAX};

const TEXT: &str = "The talks had been {{hindered|hampered|~20:held up}} by rain. About {{@n:ten|10}} men stayed{{ behind|}}. Later {{@n:ten|10}} more came with {{#fact:33 crates|more than 30 crates}}.\n";

fn brief() -> (Document, String) {
    let marked = markup::extract(&Document::read(Format::Text, TEXT.as_bytes()).unwrap()).unwrap();
    let mut plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
    // What rules find there may change.
    plan.entries.retain(|entry| entry.site.channel == Channel::Authored);
    let toml = plan.to_toml_for(&marked.document, "brief.txt");
    (marked.document, toml)
}

/// The site whose own wording this is.
fn named(file: &PlanFile, own: &str) -> SiteId {
    let named =
        |id: &SiteId| file.entry(*id).is_some_and(|e| e.site.labels[usize::from(e.site.original)] == own);
    file.ids().find(named).unwrap()
}

/// The file reads back to what is held in memory.
fn consistent(file: &PlanFile, document: &Document) {
    let again = PlanFile::read(&file.text(), document).unwrap();
    assert_eq!((&again.plan, &again.rows), (&file.plan, &file.rows), "{}", file.text());
}

#[test]
fn comments_and_layout_survive_every_change() {
    let (document, toml) = brief();
    let toml = toml
        .replace("on = true\nanchor = \"The talks", "on = true   # Ada: keep?\n# below\nanchor = \"The talks")
        .replace(
            "[\"hindered\", \"hampered\", \"held up\"]",
            "[\n  \"hindered\",  # ours\n  \"hampered\",\n  \"held up\",\n]",
        )
        + "# the end\n";
    let mut file = PlanFile::read(&toml, &document).unwrap();
    assert_eq!(file.text(), toml);
    let id = named(&file, "hindered");
    let change = file.decide(&document, id, false).unwrap();
    assert!(file.text().contains("on = false   # Ada: keep?\n# below\n"), "{}", file.text());
    assert!(file.text().contains("tier = \"strict\"\nreviewed = true\n"), "{}", file.text());
    consistent(&file, &document);
    let edit = Revision::Edit { variant: 1, text: "slowed".into() };
    let edited = file.revise(&document, id, &edit).unwrap();
    assert!(file.text().contains("\"hindered\",  # ours\n  \"slowed\",\n"), "{}", file.text());
    consistent(&file, &document);
    let added = file.revise(&document, id, &Revision::Add { text: "set back".into() }).unwrap();
    consistent(&file, &document);
    let weights = &file.entry(id).unwrap().site.weights;
    assert_eq!((weights.len(), weights.iter().sum::<u32>()), (4, WEIGHT_TOTAL));
    assert_eq!(weights[3], WEIGHT_TOTAL / 4, "what is added gets an equal share");
    assert!(weights[0] > weights[2], "the others keep their proportions");
    let dropped = file.revise(&document, id, &Revision::Drop { variant: 2 }).unwrap();
    consistent(&file, &document);
    for change in [dropped, added, edited, change] {
        file.undo(change);
    }
    assert_eq!(file.text(), toml, "to the byte");
    consistent(&file, &document);
}

#[test]
fn linked_places_change_together() {
    let (document, toml) = brief();
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let id = named(&file, "ten");
    file.revise(&document, id, &Revision::Add { text: "a dozen".into() }).unwrap();
    consistent(&file, &document);
    assert_eq!(file.text().matches("\"a dozen\"").count(), 2);
    // Each in its own words: no single text fits both.
    let apart = toml.replacen("variants = [\"ten\", \"10\"] },\n]", "variants = [\"ten\", \"TEN\"] },\n]", 1);
    assert_ne!(apart, toml);
    let mut file = PlanFile::read(&apart, &document).unwrap();
    let refused = file.revise(&document, id, &Revision::Add { text: "a dozen".into() });
    assert_eq!(refused.unwrap_err(), Problem::Linked { places: 2 });
    assert_eq!(file.text(), apart);
}

#[test]
fn refuses_variants_that_the_reader_would_refuse() {
    let (document, toml) = brief();
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let id = named(&file, "hindered");
    let mut refused = |revision: Revision| {
        let problem = file.revise(&document, id, &revision).unwrap_err();
        assert_eq!(file.text(), toml);
        problem
    };
    let add = |text: &str| Revision::Add { text: text.into() };
    assert!(matches!(refused(add("hampered")), Problem::Duplicate { .. }));
    assert!(matches!(refused(add("two\nlines")), Problem::Unwritable { .. }));
    assert!(matches!(refused(add(&"x".repeat(5000))), Problem::TooLong { .. }));
    assert!(matches!(refused(Revision::Edit { variant: 0, text: "x".into() }), Problem::Own { .. }));
    assert!(matches!(refused(Revision::Drop { variant: 0 }), Problem::Own { .. }));
    assert!(matches!(refused(Revision::Drop { variant: 9 }), Problem::NoVariant { number: 10 }));
    for n in 0..13 {
        file.revise(&document, id, &Revision::Add { text: format!("x{n}") }).unwrap();
    }
    consistent(&file, &document);
    assert!(matches!(file.revise(&document, id, &add("one more")), Err(Problem::Count { found: 17, .. })));
    let id = named(&file, " behind");
    assert!(matches!(
        file.revise(&document, id, &Revision::Drop { variant: 1 }),
        Err(Problem::Count { found: 1, .. })
    ));
}

#[test]
fn a_protected_passage_switches_off_what_lies_in_it() {
    let (document, toml) = brief();
    for toml in [toml.clone(), toml.replace('\n', "\r\n"), format!("\u{feff}{toml}")] {
        let Ok(mut file) = PlanFile::read(&toml, &document) else {
            assert!(toml.starts_with('\u{feff}'), "only a byte order mark may be refused");
            continue;
        };
        assert_eq!(file.text(), toml);
        let at = document.text().find("men stayed behind").unwrap();
        let change = file.protect(&document, &(at..at + 17)).unwrap();
        assert_eq!(change.switched_off(), [named(&file, " behind")]);
        assert_eq!(file.plan().protected.as_slice(), std::slice::from_ref(&(at..at + 17)));
        assert!(file.reviewed(named(&file, " behind")) && !file.reviewed(named(&file, "ten")));
        consistent(&file, &document);
        let refused = file.decide(&document, named(&file, " behind"), true).unwrap_err();
        assert!(matches!(refused, Problem::Protected { .. }));
        let second = file.protect(&document, &(0..3)).unwrap();
        consistent(&file, &document);
        file.undo(second);
        file.undo(change);
        assert_eq!(file.text(), toml);
        consistent(&file, &document);
    }
}

#[test]
fn sites_may_be_written_as_one_array() {
    let (document, toml) = brief();
    let item = toml.lines().find(|line| line.starts_with("item = ")).unwrap();
    let toml = format!(
        "version = 1\n{item}\nprotect = [{{ text = \"Later\" }}]\nsite = [\n  {{ anchor = \"[[hindered]] by\", variants = [\"hindered\", \"slowed\"] }}, # first\n  {{ anchor = \"About [[ten]]\", variants = [\"ten\", \"10\"], on = false }},\n]\n"
    );
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let first = file.decide(&document, named(&file, "ten"), true).unwrap();
    let second =
        file.revise(&document, named(&file, "hindered"), &Revision::Add { text: "held up".into() }).unwrap();
    let third = file.protect(&document, &(0..9)).unwrap();
    consistent(&file, &document);
    assert!(file.text().contains("# first"), "{}", file.text());
    for change in [third, second, first] {
        file.undo(change);
    }
    assert_eq!(file.text(), toml);
}

#[test]
fn notes_change_no_digest_and_old_plans_stay_readable() {
    let (document, toml) = brief();
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let digest = file.plan().digest();
    let ids: Vec<SiteId> = file.ids().collect();
    for id in ids {
        file.decide(&document, id, true).unwrap();
    }
    assert_eq!(file.plan().digest(), digest);
    let plan = Plan::from_toml(&file.text(), &document).unwrap();
    assert_eq!(plan.to_toml(&document), Plan::from_toml(&toml, &document).unwrap().to_toml(&document));
    assert_eq!(PlanFile::item_name(&toml).unwrap().as_deref(), Some("brief.txt"));
    let old = toml.replace("file = \"brief.txt\"\n", "");
    assert_eq!(PlanFile::item_name(&old).unwrap(), None);
    assert!(PlanFile::is_for(&old, &document) && PlanFile::read(&old, &document).is_ok());
    let other = Document::read(Format::Text, b"Other.").unwrap();
    assert!(!PlanFile::is_for(&toml, &other));
    assert!(PlanFile::item_name("version = ").is_err());
    let many = format!("{toml}{}", "[[site]]\n".repeat(SITES_MAX));
    assert!(matches!(PlanFile::read(&many, &document).unwrap_err().problem, Problem::TooManySites { .. }));
}

/// Another wording of the passage `own`, as a model would suggest it.
fn suggested(document: &Document, own: &str, other: &str) -> Entry {
    let start = document.text().find(own).unwrap();
    let forms = vec![own.to_owned(), other.to_owned()];
    let site = Site {
        channel: Channel::Authored,
        class: std::borrow::Cow::Borrowed("sentence"),
        tier: crate::channel::Tier::Bold,
        labels: forms.clone(),
        weights: equal_weights(2),
        original: 0,
        places: vec![crate::channel::Place { range: start..start + own.len(), forms }],
        desk: None,
        fact: false,
    };
    Entry { site, on: false, source: Some("suggested by \"m\" at h".into()) }
}

/// Without the lines of `new` the lines of `old`, in their order.
fn only_added(old: &str, new: &str) {
    let mut rest = new.lines();
    for line in old.lines() {
        assert!(rest.any(|other| other == line), "{line:?} is gone from\n{new}");
    }
}

#[test]
fn sites_are_added_where_they_belong_and_all_else_stays() {
    let (document, toml) = brief();
    let toml = toml
        .replace("version = 1\n", "version = 1 # Ada\n")
        .replace(
            "on = true\nanchor = \"The talks",
            "on = true   # Ada: keep?\nreviewed = true\nanchor = \"The talks",
        )
        .replacen("\n[[site]]", "\n# All of it.\n\n# On the talks.\n[[site]]", 1)
        + "# of the last\n\n# the end";
    let entries = [
        suggested(&document, "Later ten more came with 33 crates.", "Ten more came with 33 crates later."),
        suggested(&document, "The talks had been hindered by rain.", "Rain had hindered the talks."),
        suggested(&document, "crates.", "boxes."),
        suggested(&document, "The", "Those"),
    ];
    for toml in [toml.clone(), toml.replace('\n', "\r\n")] {
        let mut file = PlanFile::read(&toml, &document).unwrap();
        let before = file.plan.clone();
        file.insert(&document, &entries).unwrap();
        consistent(&file, &document);
        let text = file.text();
        only_added(&toml, &text);
        assert_eq!(text.contains("\r\n"), toml.contains("\r\n"));
        let text = text.replace("\r\n", "\n");
        let mut expected = before;
        for entry in &entries {
            expected.insert(entry.clone());
        }
        assert_eq!(file.plan, expected);
        assert_eq!(file.rows.iter().filter(|row| row.reviewed).count(), 1);
        let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"));
        assert!(at("# All of it.") < at("[[The]] talks") && at("[[The]] talks") < at("# On the talks."));
        assert!(at("# On the talks.") < at("# Ada: keep?"));
        assert!(at("# Ada: keep?") < at("Ten more came") && at("Ten more came") < at("# of the last"));
        assert!(at("# of the last") < at("boxes") && at("boxes") < at("# the end"), "{text}");
        let places: Vec<usize> = file.rows.iter().map(|row| row.site).collect();
        assert_eq!(places, (0..places.len()).collect::<Vec<_>>(), "in document order");
    }
}

#[test]
fn sites_are_added_to_files_of_any_layout() {
    let (document, toml) = brief();
    let item = toml.lines().find(|line| line.starts_with("item = ")).unwrap();
    let entry = |own: &str| suggested(&document, own, "other words");
    let all = [entry("The talks"), entry("men stayed behind"), entry("more came")];
    let head = format!("version = 1\n{item}");
    let one = "{ anchor = \"[[hindered]] by\", variants = [\"hindered\", \"slowed\"] }";
    let two = "{ anchor = \"About [[ten]]\", variants = [\"ten\", \"10\"], on = false }";
    for rest in [
        String::new(),
        "\n".into(),
        "\n\n[[protect]]\ntext = \"Later\"\n# end".into(),
        "\nsite = []\n".into(),
        format!("\nsite = [{one}]\n"),
        format!("\nsite = [\n  {one}, # first\n  {two}\n]\n[[protect]]\ntext = \"Later\"\n"),
        format!("\nsite = [\n  {two}, # ten\n  {one}, # first\n] # all\n"),
        "\n[[site]]\nanchor = \"About [[ten]]\"\nvariants = [\n\"ten\",\n\"10\"]\n[site.desk]\nvariant = 1 # desk\nstrength = 0.5\n[[protect]]\ntext = \"Later\"\n[[site]]\n[[site.places]]\nanchor = \"[[hindered]] by\"\nvariants = [\"\"\"hindered\"\"\", \"\"\"\n# no comment\"\"\"]".into(),
    ] {
        let toml = format!("{head}{rest}");
        let mut file = PlanFile::read(&toml, &document).unwrap_or_else(|e| panic!("{e} in {toml}"));
        let mut expected = file.plan.clone();
        for entry in &all {
expected.insert(entry.clone());
}
        file.insert(&document, &all).unwrap_or_else(|e| panic!("{e} in {toml}"));
        assert_eq!(file.plan, expected, "{toml}\n{}", file.text());
        consistent(&file, &document);
        for note in ["# first", "# ten", "# all", "# desk", "# end", "# no comment"] {
            assert_eq!(file.text().contains(note), toml.contains(note), "{}", file.text());
        }
        if rest.contains("# first\n  ") {
            assert!(file.text().contains(&format!("{one}, # first\n")), "{}", file.text());
        }
    }
}

#[test]
fn what_the_reader_refuses_is_not_added() {
    let (document, toml) = brief();
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let good = suggested(&document, "men stayed", "men were");
    let mut bad = suggested(&document, "The talks", "x");
    bad.site.places[0].forms[1] = "x".repeat(5000);
    assert!(file.insert(&document, &[good.clone(), bad]).is_err());
    assert_eq!(file.text(), toml);
    consistent(&file, &document);
    file.insert(&document, &[]).unwrap();
    assert_eq!(file.text(), toml);
}

#[test]
fn variants_that_look_the_same_are_refused_with_their_line() {
    let (document, toml) = brief();
    for hidden in ["\\u200B", "\\u00AD", "\\u2060", "\\U000E0041"] {
        let hidden =
            toml.replace("\"hampered\", \"held up\"", &format!("\"hampered\", \"hin{hidden}dered\""));
        assert_ne!(hidden, toml);
        let error = PlanFile::read(&hidden, &document).unwrap_err();
        let line = hidden.lines().position(|line| line.contains("[[hindered]]")).unwrap() + 1;
        assert!(matches!(error.problem, Problem::Unseen { .. }) && error.line == line, "{error}");
    }
    let mut file = PlanFile::read(&toml, &document).unwrap();
    let id = named(&file, "hindered");
    let add = Revision::Add { text: "hampe\u{200d}red".into() };
    assert!(matches!(file.revise(&document, id, &add), Err(Problem::Unseen { .. })));
    // A space that does not break is another space, which people see in the plan.
    file.revise(&document, id, &Revision::Add { text: "held\u{a0}up".into() }).unwrap();
    consistent(&file, &document);
}
