//! The terms under which a copy is handed over: the control principle and the third-party rule, machine-readable.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::json::{self, JsonError};
use super::key::KeyId;
use super::time::{Timestamp, TimestampError};

/// The most entries of `release_to`.
const RELEASE_MAX: usize = 256;

/// The most characters of an entry of `release_to`.
const RELEASE_CHARS_MAX: usize = 200;

/// The largest handling file that is read, in bytes.
const FILE_BYTES_MAX: usize = 64 << 10;

/// Traffic Light Protocol 2.0 (FIRST, August 2022).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tlp {
    /// May be disclosed without limit.
    Clear,
    /// May be shared in the community.
    Green,
    /// Recipients' organisations and their clients, on a need-to-know basis.
    Amber,
    /// Recipients' organisations only.
    #[default]
    AmberStrict,
    /// For the eyes of individual recipients only.
    Red,
}

/// Europol handling codes, the provider's restrictions on use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Europol {
    /// For the prevention of crime only.
    H0,
    /// Not in judicial proceedings without the provider's permission.
    H1,
    /// Not to be passed on without the provider's permission: the third-party rule.
    H2,
    /// Other restrictions, stated elsewhere.
    H3,
}

/// Permissible Actions Protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pap {
    /// No restrictions.
    Clear,
    /// Active actions are allowed.
    Green,
    /// Passive cross-checking only.
    Amber,
    /// Not detectable outside.
    Red,
}

/// To whom a recipient may pass a copy on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Onward {
    /// Nobody.
    None,
    /// The recipient's own organisation.
    WithinOrganisation,
    /// Whoever the originator consents to.
    #[default]
    WithConsent,
    /// Anybody.
    Open,
}

/// Whether a use is allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// No.
    None,
    /// With the originator's consent.
    #[default]
    WithConsent,
    /// Yes.
    Open,
}

/// A text is none of the words of a fixed list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {what} (known: {known})")]
pub struct WordError {
    /// What it should be.
    pub what: &'static str,
    /// The text, at most its first 40 characters.
    pub text: String,
    /// The list.
    pub known: String,
}

/// A fixed list of words: reading, writing, serde.
macro_rules! words {
    ($type:ident, $what:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            /// The word that stands for it in signed statements.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $type {
            type Err = WordError;

            fn from_str(text: &str) -> Result<Self, WordError> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(WordError {
                        what: $what,
                        text: text.chars().take(40).collect(),
                        known: [$($word),+].join(", "),
                    }),
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

words!(
    Tlp,
    "TLP 2.0 label",
    Clear = "TLP:CLEAR",
    Green = "TLP:GREEN",
    Amber = "TLP:AMBER",
    AmberStrict = "TLP:AMBER+STRICT",
    Red = "TLP:RED",
);
words!(Europol, "Europol handling code", H0 = "H0", H1 = "H1", H2 = "H2", H3 = "H3");
words!(Pap, "PAP label", Clear = "PAP:CLEAR", Green = "PAP:GREEN", Amber = "PAP:AMBER", Red = "PAP:RED",);
words!(
    Onward,
    "onward sharing rule",
    None = "none",
    WithinOrganisation = "within-organisation",
    WithConsent = "with-consent",
    Open = "open",
);
words!(Permission, "permission", None = "none", WithConsent = "with-consent", Open = "open");

/// What a person asks for, in a file or by flags; whatever is left out takes its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandlingInput {
    /// `TLP:AMBER+STRICT`, `amber+strict`, …; default `TLP:AMBER+STRICT`.
    pub tlp: Option<String>,
    /// Europol codes `H0` to `H3`; default none.
    pub europol: Option<Vec<String>>,
    /// `PAP:AMBER`, `amber`, …; default none.
    pub pap: Option<String>,
    /// `none`, `within-organisation`, `with-consent` or `open`; default `with-consent`.
    pub onward_sharing: Option<String>,
    /// `none`, `with-consent` or `open`; default `with-consent`.
    pub action_on: Option<String>,
    /// `none`, `with-consent` or `open`; default `with-consent`.
    pub judicial_use: Option<String>,
    /// Organisations the originator already consents to; default none.
    pub release_to: Option<Vec<String>>,
    /// When the permission to hold the copy ends, as `YYYY-MM-DDTHH:MM:SSZ`; default never.
    pub expires: Option<String>,
}

/// Checked terms, not yet bound to an originator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Who may see it.
    pub tlp: Tlp,
    /// The provider's restrictions on use.
    pub europol: BTreeSet<Europol>,
    /// What may be done with indicators in it.
    pub pap: Option<Pap>,
    /// To whom it may be passed on.
    pub onward_sharing: Onward,
    /// Whether its contents may be acted on.
    pub action_on: Permission,
    /// Whether it may be used in judicial proceedings.
    pub judicial_use: Permission,
    /// Organisations the originator already consents to.
    pub release_to: BTreeSet<String>,
    /// When the permission to hold it ends.
    pub expires: Option<Timestamp>,
}

/// The `handling` object of a statement: terms and the originator who keeps control.
///
/// A reader refuses fields it does not know, because a restriction that is skipped is a restriction that is broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handling {
    /// The terms.
    pub terms: Terms,
    /// The key that speaks for the originator.
    pub originator: KeyId,
}

/// Why handling terms are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HandlingError {
    /// Not TOML or not JSON, or a field is unknown.
    #[error("the handling file cannot be read: {reason}")]
    Syntax {
        /// What the reader objected to, with its place.
        reason: String,
    },
    /// A word that is on no list.
    #[error(transparent)]
    Word(#[from] WordError),
    /// TLP 1.0 or another label that TLP 2.0 replaced.
    #[error("{text:?} is TLP 1.0; TLP 2.0 calls it TLP:CLEAR")]
    OldTlp {
        /// The label.
        text: String,
    },
    /// `expires` is no moment.
    #[error(transparent)]
    Expires(#[from] TimestampError),
    /// An entry of `release_to` is empty, too long or holds control characters, or there are too many.
    #[error("release_to: {reason}")]
    Release {
        /// What is wrong.
        reason: String,
    },
    /// Two terms that cannot both hold.
    #[error("{one} contradicts {other}")]
    Contradiction {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
}

impl Tlp {
    /// The id of the STIX 2.1 marking definition that stands for the label (OASIS, TLP 2.0 extension).
    pub fn stix_marking(self) -> &'static str {
        match self {
            Self::Clear => "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
            Self::Green => "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            Self::Amber => "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
            Self::AmberStrict => "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
            Self::Red => "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        }
    }
}

impl HandlingInput {
    /// Reads a handling file: JSON if it begins with a brace, TOML otherwise.
    pub fn parse(text: &str) -> Result<Self, HandlingError> {
        let syntax = |reason: String| HandlingError::Syntax { reason };
        if text.len() > FILE_BYTES_MAX {
            return Err(syntax(format!(
                "{} bytes, more than the {FILE_BYTES_MAX} that are read",
                text.len()
            )));
        }
        if text.trim_start().starts_with('{') {
            json::read(text.as_bytes()).map_err(|e: JsonError| syntax(e.to_string()))
        } else {
            toml::from_str(text).map_err(|e| syntax(e.to_string()))
        }
    }

    /// These wishes where they are stated, `base` elsewhere: flags over a file.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        Self {
            tlp: self.tlp.or(base.tlp),
            europol: self.europol.or(base.europol),
            pap: self.pap.or(base.pap),
            onward_sharing: self.onward_sharing.or(base.onward_sharing),
            action_on: self.action_on.or(base.action_on),
            judicial_use: self.judicial_use.or(base.judicial_use),
            release_to: self.release_to.or(base.release_to),
            expires: self.expires.or(base.expires),
        }
    }

    /// The terms, checked each and together.
    pub fn terms(&self) -> Result<Terms, HandlingError> {
        let terms = Terms {
            tlp: self.tlp.as_deref().map(parse_tlp).transpose()?.unwrap_or_default(),
            europol: parse_all(self.europol.as_deref().unwrap_or_default())?,
            pap: self.pap.as_deref().map(|text| labelled("PAP:", text).parse()).transpose()?,
            onward_sharing: parse_or_default(self.onward_sharing.as_deref())?,
            action_on: parse_or_default(self.action_on.as_deref())?,
            judicial_use: parse_or_default(self.judicial_use.as_deref())?,
            release_to: self.release_to.iter().flatten().map(|name| name.trim().to_owned()).collect(),
            expires: self.expires.as_deref().map(str::parse).transpose()?,
        };
        terms.check()?;
        Ok(terms)
    }
}

impl Terms {
    /// Whether the permission to hold the copy had ended by `now`.
    pub fn expired(&self, now: &Timestamp) -> bool {
        self.expires.as_ref().is_some_and(|expires| expires <= now)
    }

    /// The `handling` object of an originator's statements.
    pub fn bind(self, originator: KeyId) -> Handling {
        Handling { terms: self, originator }
    }

    /// Refuses terms that contradict each other: a recipient cannot obey both.
    pub fn check(&self) -> Result<(), HandlingError> {
        if self.release_to.len() > RELEASE_MAX {
            let reason = format!("{} entries, more than {RELEASE_MAX}", self.release_to.len());
            return Err(HandlingError::Release { reason });
        }
        for name in &self.release_to {
            if name.is_empty()
                || name.chars().count() > RELEASE_CHARS_MAX
                || name.chars().any(char::is_control)
            {
                let reason = format!("{name:?} is empty, too long or holds control characters");
                return Err(HandlingError::Release { reason });
            }
        }
        let contradiction = |one: &dyn fmt::Display, other: String| {
            Err(HandlingError::Contradiction { one: one.to_string(), other })
        };
        let onward = || format!("onward_sharing = {:?}", self.onward_sharing.word());
        if self.onward_sharing == Onward::Open && self.tlp >= Tlp::Amber {
            return contradiction(&self.tlp, onward());
        }
        if self.onward_sharing == Onward::WithinOrganisation && self.tlp == Tlp::Red {
            return contradiction(&self.tlp, onward());
        }
        if self.europol.contains(&Europol::H2) && self.onward_sharing == Onward::Open {
            return contradiction(&Europol::H2, onward());
        }
        if self.judicial_use == Permission::Open {
            let judicial = "judicial_use = \"open\"".to_owned();
            for code in [Europol::H0, Europol::H1] {
                if self.europol.contains(&code) {
                    return contradiction(&code, judicial);
                }
            }
        }
        Ok(())
    }
}

/// The object as it stands in statements.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    tlp: Tlp,
    stix_marking: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    europol: BTreeSet<Europol>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pap: Option<Pap>,
    originator: KeyId,
    originator_control: bool,
    third_party_rule: bool,
    onward_sharing: Onward,
    action_on: Permission,
    judicial_use: Permission,
    release_to: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
}

impl Serialize for Handling {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let terms = self.terms.clone();
        Wire {
            tlp: terms.tlp,
            stix_marking: terms.tlp.stix_marking().to_owned(),
            europol: terms.europol,
            pap: terms.pap,
            originator: self.originator,
            originator_control: true,
            third_party_rule: true,
            onward_sharing: terms.onward_sharing,
            action_on: terms.action_on,
            judicial_use: terms.judicial_use,
            release_to: terms.release_to,
            expires: terms.expires,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Handling {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        let wire = Wire::deserialize(deserializer)?;
        if wire.stix_marking != wire.tlp.stix_marking() {
            return Err(D::Error::custom(format_args!("stix_marking is not that of {}", wire.tlp)));
        }
        if !wire.originator_control || !wire.third_party_rule {
            return Err(D::Error::custom("originator_control and third_party_rule are always true"));
        }
        let terms = Terms {
            tlp: wire.tlp,
            europol: wire.europol,
            pap: wire.pap,
            onward_sharing: wire.onward_sharing,
            action_on: wire.action_on,
            judicial_use: wire.judicial_use,
            release_to: wire.release_to,
            expires: wire.expires,
        };
        terms.check().map_err(D::Error::custom)?;
        Ok(Self { terms, originator: wire.originator })
    }
}

fn parse_tlp(text: &str) -> Result<Tlp, HandlingError> {
    let label = labelled("TLP:", text);
    if label == "TLP:WHITE" {
        return Err(HandlingError::OldTlp { text: label });
    }
    Ok(label.parse()?)
}

/// People write "amber" for "TLP:AMBER".
fn labelled(prefix: &str, text: &str) -> String {
    let label = text.trim().to_ascii_uppercase();
    if label.starts_with(prefix) { label } else { format!("{prefix}{label}") }
}

fn parse_all<T: FromStr<Err = WordError> + Ord>(words: &[String]) -> Result<BTreeSet<T>, WordError> {
    words.iter().map(|word| word.trim().to_ascii_uppercase().parse()).collect()
}

fn parse_or_default<T: FromStr<Err = WordError> + Default>(word: Option<&str>) -> Result<T, WordError> {
    word.map_or_else(|| Ok(T::default()), |word| word.trim().to_ascii_lowercase().parse())
}

#[cfg(test)]
mod tests;
