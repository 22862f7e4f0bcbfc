//! Numbers in words: what a reader who is not a statistician takes away.

/// A false-accusation bound in words: "at most 1 in 3.8 billion", "less than 1 in a trillion".
///
/// `bound` is a probability. The odds are rounded down, so the words never promise more than the number; nothing is
/// ever called impossible or certain.
pub fn bound(bound: f64) -> String {
    if bound < 1e-12 {
        return "less than 1 in a trillion".to_owned();
    }
    if bound > 0.5 {
        return "no better than chance".to_owned();
    }
    format!("at most 1 in {}", odds(bound.recip()))
}

/// Odds of two significant digits, rounded down; `one_in` is at least 1 and at most 1e12.
fn odds(one_in: f64) -> String {
    // 1/p of a power of ten may come out a rounding error below it.
    let one_in = one_in * (1.0 + 4.0 * f64::EPSILON);
    match one_in {
        1e12.. => "a trillion".to_owned(),
        1e9.. => scaled(one_in / 1e9, "billion"),
        1e6.. => scaled(one_in / 1e6, "million"),
        1e4.. => count(whole(one_in / 1e3) * 1_000),
        1e3.. => count(whole(one_in / 1e2) * 100),
        _ => count(whole(one_in)),
    }
}

fn scaled(value: f64, unit: &str) -> String {
    if value < 10.0 {
        let tenths = whole(value * 10.0 * (1.0 + f64::EPSILON));
        if tenths == 10 {
            format!("a {unit}")
        } else if tenths.is_multiple_of(10) {
            format!("{} {unit}", tenths / 10)
        } else {
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
    } else if value < 100.0 {
        format!("{} {unit}", whole(value))
    } else {
        format!("{} {unit}", whole(value / 10.0) * 10)
    }
}

fn whole(value: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ value ≤ 1e12")]
    let whole = value as u64;
    whole
}

/// A whole number with a comma before every third digit.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// [`count`] of a length.
pub fn size(number: usize) -> String {
    count(number as u64)
}

/// "1 copy", "33 copies": the number and the noun in its form.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Evidence in bits with its sign and one decimal: "+36.9 bit".
pub fn bits(bits: f64) -> String {
    format!("{} bit", signed(bits))
}

/// A number of bits with its sign and one decimal; out of range it says so ("< -9999").
pub fn signed(bits: f64) -> String {
    if bits <= -9_999.5 || bits.is_nan() {
        return "< -9999".to_owned();
    }
    // "-0.0" would look like a value of its own.
    let rounded = (bits * 10.0).round() / 10.0 + 0.0;
    format!("{rounded:+.1}")
}

/// A share of something that was counted, in per cent with one decimal, rounded towards the middle.
///
/// "100 %" and "0 %" appear only where they are exact.
pub fn percent(share: f64) -> String {
    if share >= 1.0 {
        return "100 %".to_owned();
    }
    if share <= 0.0 {
        return "0 %".to_owned();
    }
    format!("{:.1} %", (share * 100.0).clamp(0.1, 99.9))
}

/// "A", "A and B", "A, B and C".
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_rounded_against_the_claim() {
        for (p, words) in [
            (2.6e-10, "at most 1 in 3.8 billion"),
            (1e-6, "at most 1 in a million"),
            (9.99e-7, "at most 1 in a million"),
            (1e-3, "at most 1 in 1,000"),
            (1.0 / 33_499.0, "at most 1 in 33,000"),
            (1.0 / 4_999.0, "at most 1 in 4,900"),
            (0.3, "at most 1 in 3"),
            (1.0 / 123_999_999.0, "at most 1 in 120 million"),
            (1e-12, "at most 1 in a trillion"),
            (9e-13, "less than 1 in a trillion"),
            (1e-300, "less than 1 in a trillion"),
            (0.7, "no better than chance"),
            (1.0, "no better than chance"),
        ] {
            assert_eq!(bound(p), words, "{p}");
        }
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(bits(-0.04), "+0.0 bit");
        assert_eq!(bits(36.94), "+36.9 bit");
        assert_eq!(signed(f64::NEG_INFINITY), "< -9999");
        assert_eq!(percent(0.999_9), "99.9 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(1e-9), "0.1 %");
        assert_eq!(list(&["4".into(), "22".into(), "30".into()]), "4, 22 and 30");
    }
}
