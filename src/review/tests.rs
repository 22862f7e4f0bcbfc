use proptest::prelude::*;

use super::*;
use crate::channel::authored;
use crate::item::Format;
use crate::plan::Options;

const TEXT: &str = "The ministry said that the talks had been {{hindered|hampered}} by rain. About {{@n:ten|10}} men, {{!none of them armed}}, stayed{{ behind|}}. Later {{@n:ten|10}} more came with {{#fact:33 crates|more than 30 crates}}.\n\nThe {{boats|vessels}} left at {{once|the same hour}}.\n";

/// With one site over a whole sentence, which is off and overlaps what is on.
fn brief() -> (Document, String) {
    let marked = authored::extract(&Document::read(Format::Text, TEXT.as_bytes()).unwrap()).unwrap();
    let mut plan = Plan::propose(&marked.document, marked.sites, marked.protected, Options::default());
    // What rules find there may change.
    plan.entries.retain(|entry| entry.site.channel == Channel::Authored);
    let toml = plan.to_toml(&marked.document);
    let whole = "\n# one sentence\n[[site]]\non = false\nanchor = \"[[The boats left at once.]]\"\nvariants = [\"The boats left at once.\", \"At once the boats left.\"]\nclass = \"sentence\"\ntier = \"bold\"\n";
    (marked.document, toml + whole)
}

fn session<'d>(document: &'d Document, toml: &str, selection: &Selection) -> Session<'d> {
    Session::new(document, PlanFile::read(toml, document).unwrap(), selection)
}

fn asked<'s>(session: &'s Session<'_>) -> Option<&'s str> {
    session.question().map(|question| question.here.own)
}

fn on(session: &Session<'_>) -> Vec<bool> {
    session.plan().entries.iter().map(|entry| entry.on).collect()
}

#[test]
fn goes_through_the_item_in_order_and_on_where_it_stopped() {
    let (document, toml) = brief();
    let mut first = session(&document, &toml, &Selection::default());
    let question = first.question().unwrap();
    assert_eq!((question.number, question.of, question.alike), (1, 7, 4));
    assert_eq!(question.here.before, "The ministry said that the talks had been ");
    assert_eq!((question.here.own, question.here.after), ("hindered", " by rain."));
    first.answer(&Answer::Accept).unwrap();
    assert_eq!(asked(&first), Some("ten"));
    assert_eq!(first.question().unwrap().elsewhere.len(), 1);
    first.answer(&Answer::Skip).unwrap();
    assert!(first.question().unwrap().same_sentence);
    first.answer(&Answer::Reject).unwrap();
    let again = session(&document, &first.text(), &Selection::default());
    assert_eq!((asked(&again), again.question().unwrap().number), (Some("ten"), 2), "what was skipped");
    let all = session(&document, &first.text(), &Selection { all: true, ..Selection::default() });
    assert_eq!(asked(&all), Some("hindered"));
    assert!(all.question().unwrap().reviewed);
    let facts = Selection { classes: vec!["fact".into()], ..Selection::default() };
    assert_eq!(asked(&session(&document, &toml, &facts)), Some("33 crates"));
    let bold = Selection { tiers: vec![Tier::Bold], ..Selection::default() };
    assert_eq!(asked(&session(&document, &toml, &bold)), Some("The boats left at once."));
    let none = Selection { channels: vec![Channel::Invisible], ..Selection::default() };
    assert_eq!(asked(&session(&document, &toml, &none)), None);
}

#[test]
fn an_accepted_sentence_spares_its_words() {
    let (document, toml) = brief();
    let mut session = session(&document, &toml, &Selection::default());
    while asked(&session) != Some("The boats left at once.") {
        session.answer(&Answer::Skip).unwrap();
    }
    assert_eq!(session.question().unwrap().switches_off, ["boats", "once"]);
    let before = (on(&session), session.text());
    let effect = session.answer(&Answer::Accept).unwrap();
    assert_eq!(effect, Effect::Decided { on: true, sites: 1, switched_off: 2, refused: 0 });
    assert_eq!(asked(&session), None);
    assert_eq!(session.answer(&Answer::Accept), Err(Refusal::Over));
    let tally = session.tally();
    assert_eq!((tally.accepted, tally.rejected, tally.switched_off, tally.left), (1, 0, 2, 4));
    // Going back and accepting a word gives the sentence up again.
    session.answer(&Answer::Back).unwrap();
    assert_eq!(asked(&session), Some("once"));
    session.answer(&Answer::Accept).unwrap();
    assert_eq!((session.tally().accepted, session.tally().switched_off), (1, 2));
    session.answer(&Answer::Undo).unwrap();
    session.answer(&Answer::Undo).unwrap();
    assert_eq!((on(&session), session.text()), before);
    assert_eq!(session.answer(&Answer::Undo), Err(Refusal::NothingToUndo));
}

#[test]
fn a_class_is_one_answer() {
    let (document, toml) = brief();
    let mut session = session(&document, &toml, &Selection::default());
    session.answer(&Answer::Accept).unwrap();
    let effect = session.answer(&Answer::RejectClass).unwrap();
    assert_eq!(effect, Effect::Decided { on: false, sites: 4, switched_off: 0, refused: 0 });
    assert_eq!(asked(&session), Some("33 crates"));
    assert_eq!((session.tally().accepted, session.tally().rejected), (1, 4));
    session.answer(&Answer::Undo).unwrap();
    assert_eq!(asked(&session), Some("ten"));
    assert_eq!(session.tally().rejected, 0);
    assert_eq!(session.answer(&Answer::Back), Ok(Effect::Moved));
    assert_eq!(session.answer(&Answer::Back), Err(Refusal::First));
    // Over the decided one the answer counts as well.
    session.answer(&Answer::AcceptClass).unwrap();
    assert_eq!(session.tally().accepted, 5);
}

#[test]
fn passages_are_found_near_the_site() {
    let (document, toml) = brief();
    let mut session = session(&document, &toml, &Selection::default());
    let protect = |words: &str| Answer::Protect(Some(words.into()));
    assert!(matches!(session.answer(&protect("no such words")), Err(Refusal::NotHere { .. })));
    assert!(
        matches!(session.answer(&protect("boats left")), Err(Refusal::NotHere { .. })),
        "another paragraph"
    );
    let effect = session.answer(&protect("talks had been")).unwrap();
    assert_eq!(effect, Effect::Protected { switched_off: 0 });
    assert_eq!(asked(&session), Some("hindered"), "the site itself is still free");
    assert_eq!(session.answer(&Answer::Protect(None)), Ok(Effect::Protected { switched_off: 1 }));
    assert_eq!(asked(&session), Some("ten"));
    assert_eq!(session.tally().protected, 2);
    session.answer(&Answer::Undo).unwrap();
    session.answer(&Answer::Undo).unwrap();
    assert_eq!(session.text(), toml);
}

fn answer() -> impl Strategy<Value = Answer> {
    let variant = 0_usize..4;
    prop_oneof![
        4 => Just(Answer::Accept),
        3 => Just(Answer::Reject),
        1 => Just(Answer::AcceptClass),
        1 => Just(Answer::RejectClass),
        2 => Just(Answer::Back),
        2 => Just(Answer::Skip),
        1 => Just(Answer::Protect(None)),
        1 => "[a-z]{1,6}".prop_map(|words| Answer::Protect(Some(words))),
        2 => ("[a-z]{0,2}", variant.clone())
            .prop_map(|(text, variant)| Answer::Revise(Revision::Edit { variant, text })),
        2 => "[a-z]{0,2}".prop_map(|text| Answer::Revise(Revision::Add { text })),
        1 => variant.prop_map(|variant| Answer::Revise(Revision::Drop { variant })),
        1 => Just(Answer::Undo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn as_many_undos_give_the_plan_back(answers in prop::collection::vec(answer(), 0..24), all in any::<bool>()) {
        let (document, toml) = brief();
        let mut session = session(&document, &toml, &Selection { all, ..Selection::default() });
        let plan = session.plan().clone();
        for answer in &answers {
            let before = session.text();
            if session.answer(answer).is_err() {
                prop_assert_eq!(session.text(), before, "a refused answer changes nothing");
            }
            // The file is the session: read again it is the same plan with the same sites left.
            let reread = Session::new(&document, PlanFile::read(&session.text(), &document).unwrap(), &Selection::default());
            prop_assert_eq!(reread.plan(), session.plan());
            prop_assert_eq!(reread.tally().left_in_plan, session.tally().left_in_plan);
            if let Some(question) = session.question() {
                prop_assert!(question.number <= question.of);
            }
        }
        while session.answer(&Answer::Undo).is_ok() {}
        prop_assert_eq!(session.plan(), &plan);
        prop_assert_eq!(session.text(), toml);
        let tally = session.tally();
        prop_assert_eq!((tally.accepted, tally.edited, tally.protected, tally.left), (0, 0, 0, 7));
    }
}
