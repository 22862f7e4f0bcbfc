//! Strict JSON: what is signed is written in one way and read in one way.
//!
//! RFC 8259 leaves open what a repeated key means, how numbers are rounded and how deep a text may nest; two readers
//! that decide differently see two statements under one signature. Here a repeated key, a fraction, an integer
//! beyond ±(2⁵³ − 1), deep nesting, a large text and bytes after the end are all refused.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The largest text that is read, in bytes.
pub const JSON_BYTES_MAX: usize = 1 << 20;

/// How deep lists and objects may nest.
pub const JSON_DEPTH_MAX: usize = 32;

/// The largest integer, which every JSON reader keeps exactly (RFC 7493, section 2.2).
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why a text is not strict JSON of the expected shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// Larger than [`JSON_BYTES_MAX`].
    #[error("{bytes} bytes of JSON, more than the {max} that are read", max = JSON_BYTES_MAX)]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// Not JSON, not strict, or not of the expected shape; the reason names the place.
    #[error("{reason}")]
    Syntax {
        /// What the reader objected to, with line and column.
        reason: String,
    },
    /// A value to be written holds a fraction or an integer that readers would round.
    #[error("the number {number} cannot be written exactly")]
    Number {
        /// The number.
        number: String,
    },
}

/// Reads strict JSON.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    if bytes.len() > JSON_BYTES_MAX {
        return Err(JsonError::TooLarge { bytes: bytes.len() });
    }
    let syntax = |e: serde_json::Error| JsonError::Syntax { reason: quoted(&e.to_string()) };
    // The shape of T may skip parts of the text, so strictness is checked by a pass of its own.
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Strict { depth: 0 }.deserialize(&mut reader).map_err(syntax)?;
    reader.end().map_err(syntax)?;
    serde_json::from_slice(bytes).map_err(syntax)
}

/// A parser's message, which may quote what it read: at most 300 characters, control characters escaped.
pub(super) fn quoted(message: &str) -> String {
    let escaped = |c: char| {
        let (plain, escape) = if c.is_control() { (None, Some(c.escape_default())) } else { (Some(c), None) };
        plain.into_iter().chain(escape.into_iter().flatten())
    };
    message.chars().take(300).flat_map(escaped).collect()
}

/// Writes a value in its one form: keys sorted by code point, no spaces, integers only.
pub fn write<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, JsonError> {
    let value = serde_json::to_value(value).map_err(|e| JsonError::Syntax { reason: e.to_string() })?;
    let mut text = String::new();
    write_value(&value, &mut text)?;
    Ok(text.into_bytes())
}

fn write_value(value: &Value, out: &mut String) -> Result<(), JsonError> {
    match value {
        Value::Null | Value::Bool(_) => out.push_str(&value.to_string()),
        Value::Number(number) => {
            let exact = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
            if exact.is_none_or(|n| n > INTEGER_MAX) {
                return Err(JsonError::Number { number: number.to_string() });
            }
            out.push_str(&number.to_string());
        }
        // serde_json escapes quote, backslash and control characters alone.
        Value::String(text) => out.push_str(&Value::from(text.as_str()).to_string()),
        Value::Array(values) => {
            out.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(value, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            // Sorted here and not left to the map: its order depends on a feature any dependency may switch on.
            let mut keys: Vec<&String> = members.keys().collect();
            keys.sort();
            out.push('{');
            for (index, key) in keys.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_value(&members[key], out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// Walks a value and keeps nothing but the keys of the objects it is in.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == JSON_DEPTH_MAX {
            return Err(E::custom(format_args!("nested deeper than {JSON_DEPTH_MAX}")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<(), E> {
        if number > INTEGER_MAX {
            return Err(E::custom(format_args!("the integer {number} is too large")));
        }
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<(), E> {
        self.visit_u64(number.unsigned_abs())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while list.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut keys = BTreeSet::new();
        while let Some(key) = members.next_key::<String>()? {
            members.next_value_seed(inner)?;
            if keys.contains(&key) {
                return Err(serde::de::Error::custom(format_args!("the key {key:?} occurs twice")));
            }
            keys.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read::<Value>(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        assert!(refused(r#"{"a":1,"b":{"c":1,"c":2}}"#).contains(r#"the key "c" occurs twice"#));
        // The same key in two spellings is the same key.
        assert!(refused(r#"{"a":1,"\u0061":2}"#).contains("occurs twice"));
        for fraction in ["1.5", "1e3", "-0.0", "1e400", "9007199254740992", "-9007199254740992"] {
            assert!(read::<Value>(fraction.as_bytes()).is_err(), "{fraction}");
        }
        assert!(read::<Value>(b"9007199254740991").is_ok());
        for trailing in ["{} {}", "{}x", "{}\u{0}", "[1,]", "{\"a\":1,}", "", "nul"] {
            assert!(read::<Value>(trailing.as_bytes()).is_err(), "{trailing}");
        }
        assert!(read::<Value>(b"{\"a\":\"\xff\"}").is_err());
        assert!(read::<Value>(b"\"\\ud800\"").is_err());
    }

    #[test]
    fn a_message_carries_no_escape_sequences() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Empty {}

        let text = format!("{{\"\\u001b[2J{}\":1}}", "x".repeat(1000));
        let message = read::<Empty>(text.as_bytes()).unwrap_err().to_string();
        assert!(message.contains("\\u{1b}[2J") && !message.contains('\u{1b}'), "{message}");
        assert!(message.chars().count() < 320);
    }

    #[test]
    fn depth_and_size_are_limited() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read::<Value>(nested(JSON_DEPTH_MAX).as_bytes()).is_ok());
        assert!(refused(&nested(JSON_DEPTH_MAX + 1)).contains("nested deeper than 32"));
        assert!(read::<Value>(nested(400_000).as_bytes()).is_err());
        let large = format!("\"{}\"", "x".repeat(JSON_BYTES_MAX));
        assert_eq!(read::<Value>(large.as_bytes()), Err(JsonError::TooLarge { bytes: JSON_BYTES_MAX + 2 }));
    }

    #[test]
    fn values_are_written_in_one_form() {
        let value: Value =
            serde_json::from_str(r#" {"é":1, "b":[true, null,"\u0001\"\\/é"], "B":-3 ,"a":{}}"#).unwrap();
        let text = String::from_utf8(write(&value).unwrap()).unwrap();
        assert_eq!(text, r#"{"B":-3,"a":{},"b":[true,null,"\u0001\"\\/é"],"é":1}"#);
        assert_eq!(read::<Value>(text.as_bytes()).unwrap(), value);
        assert!(matches!(write(&0.5), Err(JsonError::Number { .. })));
        assert!(matches!(write(&u64::MAX), Err(JsonError::Number { .. })));
    }
}
