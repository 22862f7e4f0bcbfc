//! Stems: what inflected forms of a word share, good enough to recognise them in another sentence.

/// Words that say nothing about what a text is about. Lower case, sorted by use, not by letter.
#[rustfmt::skip]
const STOP: &str = "the of and to a in that is was for it on with as be by at he i his not are but from or have an they \
    which this had you were her all she there would their we him been has when who will if out so said what up its into \
    than them can only other then do any my such our me also did must through where your how too very own between both \
    being under while us since against because each just those should could may might these whom whose is am does done \
    during until upon after before again once here both per about over off down more most some no nor not yet still \
    even ever never however although though whether either neither else thus hence among amongst within without across \
    along around behind beside besides beyond despite except like near onto toward towards via unless whereas while \
    every another same few many much less least several own one's mr mrs ms dr sir madam say says saying told tell tells \
    get got gets let lets make makes made go goes went gone come comes came take takes took taken give gives gave given \
    put puts set sets see sees saw seen know knows knew known think thinks thought want wants use uses used find finds \
    found call calls called need needs needed seem seems seemed keep keeps kept show shows showed shown now new well \
    way ways thing things people time times day days year years s t d ll re ve m p";

/// Whether a word is too common to say what a text is about.
pub(super) fn is_stop(lower: &str) -> bool {
    static SORTED: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(|| {
        let mut words: Vec<&str> = STOP.split_whitespace().collect();
        words.sort_unstable();
        words
    });
    SORTED.binary_search(&lower).is_ok()
}

/// The stem of a lower-case word: without its ending where one of English is likely.
///
/// Not a linguist's stem; item and fragment go through the same function, so all that matters is that forms of one
/// word meet and different words seldom do.
pub(super) fn stem(lower: &str) -> String {
    if !lower.is_ascii() || lower.bytes().any(|byte| byte.is_ascii_digit()) {
        return lower.to_owned();
    }
    let mut word = lower.replace('\'', "");
    let cut = |word: &mut String, ending: &str, rest: usize| {
        let fits = word.len() >= ending.len() + rest && word.ends_with(ending);
        if fits {
            word.truncate(word.len() - ending.len());
        }
        fits
    };
    if cut(&mut word, "ies", 2) || cut(&mut word, "ied", 2) {
        word.push('y');
    } else if word.ends_with("sses")
        || word.ends_with("shes")
        || word.ends_with("ches")
        || word.ends_with("xes")
    {
        cut(&mut word, "es", 3);
    } else if !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        cut(&mut word, "s", 3);
    }
    let shorter = cut(&mut word, "ing", 4) || (!word.ends_with("eed") && cut(&mut word, "ed", 3));
    let bytes = word.as_bytes();
    if shorter
        && let [.., before, last] = *bytes
        && before == last
        && !matches!(last, b'l' | b's' | b'z' | b'e' | b'o')
    {
        word.pop();
    }
    // "vessel's organisation" and "organization" are one word of two varieties.
    let mut word = word.replace("isation", "ization").replace("ising", "izing");
    if word.ends_with("ise") && word.len() > 5 {
        word.truncate(word.len() - 3);
        word.push_str("iz");
    } else if word.ends_with('e') && word.len() > 3 {
        word.pop();
    }
    if word.ends_with("our") && word.len() > 4 {
        word.truncate(word.len() - 3);
        word.push_str("or");
    }
    if word.ends_with("tr") && lower.ends_with("tre") {
        word.truncate(word.len() - 2);
        word.push_str("ter");
    }
    word
}

/// Whether two words differ by one letter: changed, lost, added, or two swapped.
pub(super) fn one_slip(one: &str, other: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count().min(a.len() - same);
    if a.len() < b.len() {
        return same + back >= a.len();
    }
    let gap = a.len() - same - back;
    gap <= 1 || (gap == 2 && a[same] == b[same + 1] && a[same + 1] == b[same])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_meet() {
        for (one, other) in [
            ("agency", "agencies"),
            ("leave", "leaving"),
            ("stop", "stopped"),
            ("inspect", "inspected"),
            ("crate", "crates"),
            ("harbour", "harbor"),
            ("organisation", "organization"),
            ("match", "matches"),
            ("centre", "center"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
        for (one, other) in [("officer", "office"), ("navy", "naval"), ("bus", "bu"), ("corvan", "corvany")] {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn one_slip_is_one_slip() {
        for (one, other) in [("tarnholm", "tarnholrn"), ("venn", "ven"), ("saltmere", "satlmere"), ("a", "b")]
        {
            assert_eq!(one_slip(one, other), other != "tarnholrn", "{one} {other}");
        }
        assert!(one_slip("corvany", "corvan") && one_slip("same", "same") && !one_slip("abcd", "badc"));
        assert!(one_slip("", "a") && !one_slip("", "ab"));
    }
}
