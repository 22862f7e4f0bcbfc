//! Cardinal numbers in words, for everything that reads or writes them.

/// The numbers from 0 to 19, each at its own index.
pub(crate) const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// The tens from 20 to 90.
pub(crate) const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The number that one lower-case word without a hyphen names: 0 to 19, or a ten up to 90.
pub(crate) fn value(word: &str) -> Option<u32> {
    let at =
        |table: &[&str]| table.iter().position(|name| *name == word).and_then(|at| u32::try_from(at).ok());
    at(&SMALL).or_else(|| at(&TENS).map(|at| 10 * (at + 2)))
}

/// The one word for a number, where there is one.
pub(crate) fn word(value: u32) -> Option<&'static str> {
    let value = usize::try_from(value).ok()?;
    match value {
        0..20 => Some(SMALL[value]),
        20..100 if value.is_multiple_of(10) => Some(TENS[value / 10 - 2]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_values_are_each_others_inverse() {
        let named: Vec<u32> = (0..=1000).filter(|&number| word(number).is_some()).collect();
        assert_eq!(named.len(), 28);
        assert!(named.iter().all(|&number| word(number).and_then(value) == Some(number)));
        assert_eq!((value("nineteen"), value("twenty"), value("ninety")), (Some(19), Some(20), Some(90)));
        for none in ["", "hundred", "twenty-one", "Ten", "first"] {
            assert_eq!(value(none), None);
        }
    }
}
