//! Amounts, hedges, dates and times of day in the many ways they are written.

use super::word::{Hedge, Word, currency, plain};
use crate::language::cardinal;
use crate::leak::Folded;

/// Amounts are counted in thousandths, so that "1.5" is a whole number.
const UNIT: u64 = 1000;

/// Words before an amount, longest first.
const BEFORE: [(&[&str], Hedge); 41] = [
    (&["in", "excess", "of"], Hedge::Over),
    (&["no", "fewer", "than"], Hedge::AtLeast),
    (&["no", "less", "than"], Hedge::AtLeast),
    (&["not", "fewer", "than"], Hedge::AtLeast),
    (&["not", "less", "than"], Hedge::AtLeast),
    (&["a", "minimum", "of"], Hedge::AtLeast),
    (&["no", "more", "than"], Hedge::AtMost),
    (&["not", "more", "than"], Hedge::AtMost),
    (&["a", "maximum", "of"], Hedge::AtMost),
    (&["a", "little", "over"], Hedge::Over),
    (&["a", "little", "under"], Hedge::Nearly),
    (&["more", "than"], Hedge::Over),
    (&["greater", "than"], Hedge::Over),
    (&["upwards", "of"], Hedge::Over),
    (&["north", "of"], Hedge::Over),
    (&["just", "over"], Hedge::Over),
    (&["well", "over"], Hedge::Over),
    (&["at", "least"], Hedge::AtLeast),
    (&["at", "most"], Hedge::AtMost),
    (&["up", "to"], Hedge::AtMost),
    (&["fewer", "than"], Hedge::Under),
    (&["less", "than"], Hedge::Under),
    (&["just", "under"], Hedge::Nearly),
    (&["close", "to"], Hedge::Nearly),
    (&["getting", "on", "for"], Hedge::Nearly),
    (&["something", "like"], Hedge::About),
    (&["over"], Hedge::Over),
    (&["above"], Hedge::Over),
    (&["exceeding"], Hedge::Over),
    (&["nearly"], Hedge::Nearly),
    (&["almost"], Hedge::Nearly),
    (&["approaching"], Hedge::Nearly),
    (&["about"], Hedge::About),
    (&["around"], Hedge::About),
    (&["roughly"], Hedge::About),
    (&["some"], Hedge::About),
    (&["approximately"], Hedge::About),
    (&["circa"], Hedge::About),
    (&["under"], Hedge::Under),
    (&["below"], Hedge::Under),
    (&["maximum"], Hedge::AtMost),
];

/// Words behind an amount.
const BEHIND: [(&[&str], Hedge); 5] = [
    (&["or", "more"], Hedge::AtLeast),
    (&["or", "so"], Hedge::About),
    (&["or", "fewer"], Hedge::AtMost),
    (&["or", "less"], Hedge::AtMost),
    (&["odd"], Hedge::About),
];

/// The key of an amount in thousandths.
pub(super) fn key(thousandths: u64) -> String {
    format!("#{thousandths}")
}

/// The amount behind a key, in thousandths; none for words and times.
pub(super) fn value(key: &str) -> Option<u64> {
    key.strip_prefix('#')?.parse().ok()
}

/// How many units a word multiplies by.
fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" | "hundreds" => 100,
        "thousand" | "thousands" => 1_000,
        "million" | "millions" | "mn" => 1_000_000,
        "billion" | "billions" | "bn" => 1_000_000_000,
        "dozen" | "dozens" => 12,
        _ => return None,
    })
}

fn spelled(word: &str) -> Option<u64> {
    cardinal::value(word).map(u64::from)
}

/// A number in figures with what is attached to it, in thousandths: "1,250", "2.5bn", "3rd", "1O5" of a scan.
fn figures(word: &str) -> Option<u64> {
    let digits = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(word.len());
    let (number, attached) = word.split_at(digits);
    let times = match attached {
        "" | "st" | "nd" | "rd" | "th" => 1,
        "k" => 1_000,
        "mn" => 1_000_000,
        "bn" => 1_000_000_000,
        _ if word.starts_with(|c: char| c.is_ascii_digit())
            && word.len() <= 6
            && word.chars().all(|c| c.is_ascii_digit() || matches!(c, 'l' | 'o' | 'i')) =>
        {
            // Optical reading takes 1 for l or i and 0 for o.
            let mended: String = word
                .chars()
                .map(|c| match c {
                    'l' | 'i' => '1',
                    'o' => '0',
                    c => c,
                })
                .collect();
            return mended.parse::<u64>().ok().map(|value| value.saturating_mul(UNIT));
        }
        _ => return None,
    };
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (whole, part) = match number.rsplit_once('.') {
        Some((whole, part)) if number.matches('.').count() == 1 => (whole, part),
        _ => (number, ""),
    };
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    let grouped = groups.len() == 1 || groups[1..].iter().all(|group| group.len() == 3);
    if !grouped || groups.concat().len() > 15 {
        return None;
    }
    let whole: u64 = groups.concat().parse().ok()?;
    let thousandths: u64 = format!("{:0<3}", part.get(..part.len().min(3))?).parse().ok()?;
    Some(whole.saturating_mul(UNIT).saturating_add(thousandths).saturating_mul(times))
}

/// A time of day in minutes from the words at `at`: "18:00", "6.30pm", "6 p.m.", "noon"; and how many words it takes.
fn clock(words: &[Word]) -> Option<(u64, usize)> {
    let first = words.first()?.lower.as_str();
    match first {
        "noon" | "midday" => return Some((12 * 60, 1)),
        "midnight" => return Some((0, 1)),
        _ => {}
    }
    let bare = first.strip_suffix("am").or_else(|| first.strip_suffix("pm")).unwrap_or(first);
    let marked = (bare.len() < first.len()).then(|| (first.ends_with("pm"), 1));
    let next = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let half = marked.or_else(|| match (next(1), next(2)) {
        ("am", _) => Some((false, 2)),
        ("pm", _) => Some((true, 2)),
        ("a", "m") => Some((false, 3)),
        ("p", "m") => Some((true, 3)),
        _ => None,
    });
    let (hour, minute, colon) = match bare.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse::<u64>().ok()?, bare.contains(':')),
        None => (bare, 0, false),
        _ => return None,
    };
    let hour: u64 = hour.parse().ok().or_else(|| spelled(hour))?;
    match half {
        Some((after, taken)) if (1..=12).contains(&hour) && minute < 60 => {
            Some(((hour % 12 + if after { 12 } else { 0 }) * 60 + minute, taken))
        }
        None if colon && hour < 24 && minute < 60 => Some((hour * 60 + minute, 1)),
        _ => None,
    }
}

/// The words of a text, whose folded characters are `chars`.
pub(super) fn words(text: &str, chars: &[Folded]) -> Vec<Word> {
    merge(&plain(text, chars))
}

/// Makes amounts, times and dates of the words that spell them; a hedge goes into its amount.
fn merge(words: &[Word]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let (mut word, taken) = match clock(&words[at..]) {
            Some((minutes, taken)) => (joined(&words[at..at + taken], format!("@{minutes}")), taken),
            None => match money(out.last(), &words[at..]).or_else(|| number(&words[at..])) {
                Some((value, taken)) => (joined(&words[at..at + taken], key(value)), taken),
                None => (words[at].clone(), 1),
            },
        };
        at += taken;
        if word.key.starts_with('#') {
            if let Some((hedge, behind)) = matching(&BEHIND, |list| begins(&words[at..], list)) {
                word.hedge = hedge;
                word.raw.end = words[at + behind - 1].raw.end;
                at += behind;
            } else {
                // "more than $2 million": the sign stands between.
                let sign = out.pop_if(|last| currency(&last.lower).is_some());
                if let Some((hedge, before)) = matching(&BEFORE, |list| ends(&out, list)) {
                    word.hedge = hedge;
                    let from = out.len() - before;
                    word.raw.start = out[from].raw.start;
                    word.starts = out[from].starts;
                    out.truncate(from);
                }
                out.extend(sign);
            }
        } else if word.lower == "per" && words.get(at).is_some_and(|next| next.lower == "cent") {
            word =
                Word { key: "percent".into(), stop: false, ..joined(&words[at - 1..=at], "percent".into()) };
            at += 1;
        } else if let Some(month) = month(&word, out.last(), words.get(at)) {
            month.clone_into(&mut word.key);
            word.stop = false;
        }
        out.push(word);
    }
    out
}

fn matching(table: &[(&[&str], Hedge)], fits: impl Fn(&[&str]) -> bool) -> Option<(Hedge, usize)> {
    table.iter().find(|(list, _)| fits(list)).map(|(list, hedge)| (*hedge, list.len()))
}

fn begins(words: &[Word], list: &[&str]) -> bool {
    words.len() >= list.len() && words.iter().zip(list).all(|(word, want)| word.lower == *want)
}

fn ends(words: &[Word], list: &[&str]) -> bool {
    words.len() >= list.len() && begins(&words[words.len() - list.len()..], list)
}

fn joined(words: &[Word], key: String) -> Word {
    let (first, last) = (&words[0], &words[words.len() - 1]);
    Word {
        key,
        lower: String::new(),
        hedge: Hedge::None,
        raw: first.raw.start..last.raw.end,
        capital: false,
        shouted: false,
        starts: first.starts,
        stop: false,
    }
}

/// "4.2m" behind a currency or before one, where it is millions and no length; in thousandths.
fn money(before: Option<&Word>, words: &[Word]) -> Option<(u64, usize)> {
    let of_money = |word: Option<&Word>| word.is_some_and(|word| currency(&word.lower).is_some());
    let number = words.first()?.lower.strip_suffix('m')?;
    let millions =
        number.starts_with(|c: char| c.is_ascii_digit()) && (of_money(before) || of_money(words.get(1)));
    Some((figures(number).filter(|_| millions)?.saturating_mul(1_000_000), 1))
}

/// A number at the head of `words`, in thousandths, and how many words it takes.
fn number(words: &[Word]) -> Option<(u64, usize)> {
    let lower = |at: usize| words.get(at).map_or("", |word| word.lower.as_str());
    let first = lower(0);
    if let Some(mut value) = figures(first) {
        let mut taken = 1;
        while let Some(times) = scale(lower(taken)) {
            value = value.saturating_mul(times);
            taken += 1;
        }
        return Some((value, taken));
    }
    if first == "half" && lower(1) == "a" && matches!(lower(2), "million" | "billion" | "dozen") {
        return Some((scale(lower(2))? * UNIT / 2, 3));
    }
    let article = matches!(first, "a" | "an");
    if article && scale(lower(1)).is_none() {
        return None;
    }
    let mut total = 0_u64;
    let mut part = if article { 1 } else { spelled(first).or_else(|| (first == "dozen").then_some(1))? };
    let mut taken = usize::from(first != "dozen");
    // "thirty three", "one hundred and twenty", "two thousand five hundred", "half a million".
    loop {
        let next = lower(taken);
        if let Some(times) = scale(next) {
            part = part.max(1).saturating_mul(times);
            if times >= 1000 {
                total = total.saturating_add(part);
                part = 0;
            }
            taken += 1;
        } else if let Some(more) = spelled(next) {
            let fits = (more < 10 && part >= 20 && part % 10 == 0 && more > 0)
                || (part % 100 == 0 && (part > 0 || total > 0));
            if !fits {
                break;
            }
            part = part.saturating_add(more);
            taken += 1;
        } else if next == "and"
            && (part >= 100 || total > 0)
            && part % 100 == 0
            && spelled(lower(taken + 1)).is_some()
        {
            taken += 1;
        } else {
            break;
        }
        if taken > 12 {
            break;
        }
    }
    Some((total.saturating_add(part).saturating_mul(UNIT), taken))
}

/// The month a word names in short, where it does.
fn month(word: &Word, before: Option<&Word>, after: Option<&Word>) -> Option<&'static str> {
    let beside =
        |word: Option<&Word>| word.is_some_and(|word| word.is_amount() || figures(&word.lower).is_some());
    let dated = || beside(before) || beside(after);
    let full = match word.lower.as_str() {
        "jan" | "january" => "january",
        "feb" | "february" => "february",
        "apr" | "april" => "april",
        "aug" | "august" => "august",
        "sept" | "september" => "september",
        "oct" | "october" => "october",
        "nov" | "november" => "november",
        "dec" | "december" => "december",
        "mar" if dated() => "march",
        "june" => "june",
        "july" => "july",
        "jun" if dated() => "june",
        "jul" if dated() => "july",
        "sep" if dated() => "september",
        "march" if word.capital || dated() => "march",
        "may" if word.capital && !word.starts || dated() => "may",
        _ => return None,
    };
    Some(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::fold;

    fn keys(text: &str) -> Vec<String> {
        let all = words(text, &fold(text));
        all.iter()
            .filter(|word| !word.stop)
            .map(|word| {
                if word.hedge == Hedge::None {
                    word.key.clone()
                } else {
                    format!("{:?}{}", word.hedge, word.key)
                }
            })
            .collect()
    }

    #[test]
    fn amounts_meet_in_all_their_forms() {
        for (text, want) in [
            ("33 agencies", "#33000 agency"),
            ("Thirty-three agencies", "#33000 agency"),
            ("33 partner agencies", "#33000 partner agency"),
            ("more than 30 agencies", "Over#30000 agency"),
            ("over thirty agencies", "Over#30000 agency"),
            ("no fewer than 1,250.5", "AtLeast#1250500"),
            ("one hundred and twenty men", "#120000 men"),
            ("two thousand five hundred", "#2500000"),
            ("more than $2 million", "dollar Over#2000000000"),
            ("$2.5bn", "dollar #2500000000000"),
            ("EUR 4.2 million", "euro #4200000000"),
            ("\u{20ac}4.2m", "euro #4200000000"),
            ("4.2m euros", "#4200000000 euro"),
            ("4.2 million euros", "#4200000000 euro"),
            ("more than EUR 4 million", "euro Over#4000000000"),
            ("more than 4 million euros", "Over#4000000000 euro"),
            ("nearly GBP 1,250", "pound Nearly#1250000"),
            ("a wall of 4.2m", "wall 4.2m"),
            ("half a million", "#500000000"),
            ("a dozen or so", "About#12000"),
            ("dozens", "dozen"),
            ("33rd", "#33000"),
            ("40 per cent", "#40000 percent"),
            ("40%", "#40000 percent"),
            ("forty percent", "#40000 percent"),
            ("3 May", "#3000 may"),
            ("May 3rd", "may #3000"),
            ("Sept. 9", "september #9000"),
            ("it may be", "be"),
            ("at 18:00", "@1080"),
            ("6 p.m.", "@1080"),
            ("6.30pm", "@1110"),
            ("noon", "@720"),
            ("1O5 men", "#105000 men"),
            ("1.2.3", "1.2.3"),
            ("one or more", "AtLeast#1000"),
        ] {
            assert_eq!(
                keys(text).join(" ").replace(" be", "").replace("be", ""),
                want.replace("be", ""),
                "{text}"
            );
        }
    }

    #[test]
    fn hostile_numbers_end() {
        for text in
            ["9".repeat(100_000), "million ".repeat(10_000), "hundred and ".repeat(9_000), "1.,1".repeat(999)]
        {
            let _ = keys(&text);
            let _ = keys(&format!("more than one {text}"));
        }
    }
}
