//! Verbs that British spelling writes in -ise as well as in -ize.

/// Stems before -is- / -iz-: both spellings are right in Britain, -iz- alone in America.
///
/// Verbs that are never written with z (advise, exercise, supervise, …) and those that never take s (size, seize,
/// prize, capsize) are not of this kind.
#[rustfmt::skip]
const STEMS: &[&str] = &[
    "agon", "apolog", "author", "bureaucrat", "capital", "categor", "central", "character", "civil",
    "colon", "commercial", "computer", "critic", "crystall", "customi", "custom", "decentral", "democrat",
    "destabil", "digit", "econom", "emphas", "equal", "familiar", "final", "formal", "general", "harmon",
    "hospital", "ideal", "immun", "individual", "industrial", "institutional", "internal", "jeopard",
    "legal", "liberal", "local", "marginal", "material", "maxim", "mechan", "memor", "militar", "minim",
    "mobil", "modern", "monopol", "national", "natural", "neutral", "normal", "optim", "organ", "reorgan",
    "personal", "polar", "popular", "priorit", "privat", "public", "radical", "rational", "real", "recogn",
    "revolution", "revital", "scrutin", "social", "special", "stabil", "standard", "subsid", "summar",
    "symbol", "sympath", "synchron", "terror", "urban", "util", "visual", "vandal", "victim", "western",
];

/// Endings after -is- / -iz-.
const ENDINGS: &[&str] =
    &["e", "es", "ed", "ing", "er", "ers", "ation", "ations", "ational", "able", "ingly"];

/// Whether a lower-case word is written with -iz- (`true`) or -is- (`false`); none for every other word.
pub(crate) fn ize(word: &str) -> Option<bool> {
    split(word).map(|(_, z, _)| z)
}

/// The byte offset of the s or z of such a word.
pub(crate) fn ize_letter(word: &str) -> Option<usize> {
    split(word).map(|(at, _, _)| at)
}

fn split(word: &str) -> Option<(usize, bool, &str)> {
    if word.len() < 6 || !(word.contains("is") || word.contains("iz")) {
        return None;
    }
    if matches!(word, "realist" | "organist" | "emphasis") || !word.is_ascii() {
        return None;
    }
    STEMS.iter().find_map(|stem| {
        let rest = word.strip_prefix(stem)?;
        let (z, ending) = match rest.strip_prefix("iz") {
            Some(ending) => (true, ending),
            None => (false, rest.strip_prefix("is")?),
        };
        ENDINGS.contains(&ending).then_some((stem.len() + 1, z, ending))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_verbs_that_take_both() {
        assert_eq!(ize("organisations"), Some(false));
        assert_eq!(ize("recognized"), Some(true));
        assert_eq!(ize_letter("realise"), Some(5));
        for other in
            ["advise", "exercised", "size", "emphasis", "organism", "prized", "promise", "rise", "analyse"]
        {
            assert_eq!(ize(other), None, "{other}");
        }
    }
}
