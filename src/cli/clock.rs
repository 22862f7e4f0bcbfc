//! The only place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use dyetrace::trust::Timestamp;

use super::error::{Failure, Stop};

/// The current second of UTC.
pub(super) fn now() -> Result<Timestamp, Stop> {
    #[expect(clippy::disallowed_methods, reason = "the binary hands moments to the library")]
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let hint = "set the computer's clock";
    rfc3339(seconds)
        .parse()
        .map_err(|e| Failure::from_error("the computer's clock cannot be used", &e, hint).into())
}

/// A UTC moment from seconds since 1970-01-01, as RFC 3339 writes it.
///
/// The date comes from the day number by `civil_from_days` of H. Hinnant, "chrono-compatible low-level date
/// algorithms": a year begins on 1 March there, so that the leap day is its last, and 400 years are 146,097 days.
/// Fifteen lines are less to check than a calendar library of which one function would be used.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        // Checked with `date -u -d @SECONDS`.
        for (seconds, moment) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_799, "2000-02-29T23:59:59Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_795_416_140, "2026-11-23T06:42:20Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(seconds), moment);
            assert!(rfc3339(seconds).parse::<Timestamp>().is_ok());
        }
    }
}
