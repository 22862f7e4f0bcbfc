use super::*;
use crate::trust::SecretKey;

fn terms(text: &str) -> Result<Terms, HandlingError> {
    HandlingInput::parse(text)?.terms()
}

fn originator() -> KeyId {
    SecretKey::from_seed(&[1; 32]).id()
}

#[test]
fn nothing_said_means_the_third_party_rule() {
    let handling = terms("").unwrap().bind(originator());
    let text = String::from_utf8(json::write(&handling).unwrap()).unwrap();
    assert_eq!(
        text,
        format!(
            concat!(
                r#"{{"action_on":"with-consent","judicial_use":"with-consent","onward_sharing":"with-consent","#,
                r#""originator":"{}","originator_control":true,"release_to":[],"#,
                r#""stix_marking":"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003","#,
                r#""third_party_rule":true,"tlp":"TLP:AMBER+STRICT"}}"#
            ),
            originator()
        )
    );
    assert_eq!(json::read::<Handling>(text.as_bytes()).unwrap(), handling);
}

#[test]
fn toml_json_and_flags_say_the_same() {
    let toml = "tlp = \"amber\"\neuropol = [\"h2\", \"H1\"]\npap = \"PAP:red\"\nonward_sharing = \"none\"\n\
                release_to = [\" Agency B \", \"Agency A\"]\nexpires = \"2027-01-01T00:00:00Z\"\n";
    let json = r#"{"tlp":"TLP:AMBER","europol":["H1","H2"],"pap":"red","onward_sharing":"none",
        "release_to":["Agency A","Agency B"],"expires":"2027-01-01T00:00:00Z"}"#;
    let one = terms(toml).unwrap();
    assert_eq!(one, terms(json).unwrap());
    let flags = HandlingInput { tlp: Some("red".to_owned()), ..HandlingInput::default() };
    let both = flags.over(HandlingInput::parse(toml).unwrap()).terms().unwrap();
    assert_eq!(both, Terms { tlp: Tlp::Red, ..one.clone() });
    let handling = one.bind(originator());
    let written = json::write(&handling).unwrap();
    assert_eq!(json::read::<Handling>(&written).unwrap(), handling);
}

#[test]
fn terms_end_when_they_say() {
    let terms = terms("expires = \"2027-01-01T00:00:00Z\"").unwrap();
    let at = |text: &str| terms.expired(&text.parse().unwrap());
    assert!(!at("2026-12-31T23:59:59Z"));
    assert!(at("2027-01-01T00:00:00Z"));
    assert!(!Terms::default().expired(&"2099-01-01T00:00:00Z".parse().unwrap()));
}

#[test]
fn mistakes_are_named() {
    let error = |text: &str| terms(text).unwrap_err().to_string();
    assert!(error("tlp = \"white\"").contains("TLP:CLEAR"));
    assert!(error("tlp = \"purple\"").contains("known: TLP:CLEAR, TLP:GREEN"));
    assert!(error("europol = [\"H4\"]").contains("H0, H1, H2, H3"));
    assert!(error("colour = \"red\"").contains("colour"));
    assert!(error("{\"tlp\":\"red\",\"tlp\":\"clear\"}").contains("occurs twice"));
    assert!(error("expires = \"tomorrow\"").contains("UTC time"));
    assert!(error("release_to = [\"\"]").contains("empty"));
    assert!(error("release_to = [\"a\\u0007\"]").contains("control"));
}

#[test]
fn terms_that_contradict_each_other_are_refused() {
    for text in [
        "tlp = \"red\"\nonward_sharing = \"open\"",
        "onward_sharing = \"open\"",
        "tlp = \"red\"\nonward_sharing = \"within-organisation\"",
        "tlp = \"green\"\neuropol = [\"H2\"]\nonward_sharing = \"open\"",
        "europol = [\"H1\"]\njudicial_use = \"open\"",
        "europol = [\"H0\"]\njudicial_use = \"open\"",
    ] {
        assert!(matches!(terms(text), Err(HandlingError::Contradiction { .. })), "{text}");
    }
    assert!(terms("tlp = \"clear\"\nonward_sharing = \"open\"\njudicial_use = \"open\"").is_ok());
}

/// A restriction that a reader skips is a restriction that is broken.
#[test]
fn a_handling_object_is_read_whole_or_not_at_all() {
    let good = String::from_utf8(json::write(&Terms::default().bind(originator())).unwrap()).unwrap();
    for (from, to) in [
        (r#""third_party_rule":true"#, r#""third_party_rule":false"#),
        (r#""originator_control":true,"#, ""),
        (r#""release_to":[]"#, r#""release_to":[],"no_foreign":true"#),
        ("939a9414", "e828b379"),
        (r#""onward_sharing":"with-consent""#, r#""onward_sharing":"open""#),
        ("TLP:AMBER+STRICT", "tlp:amber+strict"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good);
        assert!(json::read::<Handling>(bad.as_bytes()).is_err(), "{bad}");
    }
}
