//! Moments as they stand in signed statements.

use std::fmt;
use std::str::FromStr;

/// A whole second of UTC in one spelling: `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339).
///
/// Offsets, fractions, lower case and leap seconds are refused, so that moments compare as their texts do. The
/// library never reads the clock; the binary hands moments in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(String);

/// A text is not a moment in the one accepted spelling.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a UTC time like 2026-11-23T06:42:20Z")]
pub struct TimestampError {
    /// The text, at most its first 40 characters.
    pub text: String,
}

impl Timestamp {
    /// The moment as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        if is_moment(text.as_bytes()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TimestampError { text: text.chars().take(40).collect() })
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn is_moment(text: &[u8]) -> bool {
    const SHAPE: &[u8; 20] = b"dddd-dd-ddTdd:dd:ddZ";
    if text.len() != SHAPE.len() {
        return false;
    }
    let fits =
        |(&shape, &byte): (&u8, &u8)| if shape == b'd' { byte.is_ascii_digit() } else { byte == shape };
    if !SHAPE.iter().zip(text).all(fits) {
        return false;
    }
    let number = |from: usize, to: usize| text[from..to].iter().fold(0, |n, &d| n * 10 + u32::from(d - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_moments_in_one_spelling_are_read() {
        for good in ["2026-11-23T06:42:20Z", "2024-02-29T00:00:00Z", "2000-02-29T23:59:59Z"] {
            assert_eq!(good.parse::<Timestamp>().unwrap().as_str(), good);
        }
        for bad in [
            "2026-11-23T06:42:20+00:00",
            "2026-11-23t06:42:20z",
            "2026-11-23T06:42:20.0Z",
            "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z",
            "2026-00-10T00:00:00Z",
            "2026-13-10T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T06:60:00Z",
            "2026-11-23T06:42:60Z",
            "",
        ] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }
}
