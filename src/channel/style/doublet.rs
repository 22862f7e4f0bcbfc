//! Words that are written in two ways: "email" and "e-mail", "judgement" and "judgment", "-ise" and "-ize".

use std::collections::BTreeSet;

use super::{Kind, Site, Text, Tier, cased};
use crate::language::{Token, TokenKind, Variety, verbs};

/// Where both forms are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    /// Everywhere.
    Anywhere,
    /// In British spelling alone.
    Britain,
    /// In British spelling, and where the variety is not told.
    NotAmerica,
    /// In British spelling, and unread only from the second form to the first: the second is the rarer one.
    BritainRarer,
    /// Not in Britain, and never unread.
    AmericaReviewed,
    /// Everywhere, and never unread.
    Reviewed,
}

/// A family of words with two spellings: the first and the second form of each, and where both are right.
///
/// A form may end in `*`: then an inflection follows ("cooperat*" is "cooperate", "cooperation", …).
struct Family {
    class: &'static str,
    pairs: &'static [(&'static str, &'static str)],
    places: Where,
    /// The form a desk writes (0 or 1) and how often, where that is known.
    desk: Option<(u8, f64)>,
}

const fn family(
    class: &'static str,
    pairs: &'static [(&'static str, &'static str)],
    places: Where,
) -> Family {
    Family { class, pairs, places, desk: None }
}

const FAMILIES: &[Family] = &[
    family("email", &[("email*", "e-mail*")], Where::Anywhere),
    family("adviser", &[("adviser", "advisor"), ("advisers", "advisors")], Where::Reviewed),
    family("under way", &[("under way", "underway")], Where::Anywhere),
    family("ceasefire", &[("ceasefire*", "cease-fire*")], Where::Anywhere),
    family("data set", &[("data set", "dataset"), ("data sets", "datasets")], Where::Anywhere),
    family("policymaker", &[("policymak*", "policy-mak*")], Where::Anywhere),
    family("decision-making", &[("decision-mak*", "decision mak*")], Where::Anywhere),
    family("start-up", &[("start-up", "startup"), ("start-ups", "startups")], Where::Anywhere),
    family("by-product", &[("by-product*", "byproduct*")], Where::Anywhere),
    family("trade-off", &[("trade-off*", "tradeoff*")], Where::Anywhere),
    family("standoff", &[("standoff*", "stand-off*")], Where::Anywhere),
    family("non-profit", &[("nonprofit*", "non-profit*")], Where::Anywhere),
    family("well-being", &[("well-being", "wellbeing")], Where::Anywhere),
    family("sizeable", &[("sizeable", "sizable")], Where::Anywhere),
    family("health care", &[("health care", "healthcare")], Where::Anywhere),
    family("cyber security", &[("cybersecurity", "cyber security")], Where::Anywhere),
    family("time frame", &[("time frame", "timeframe"), ("time frames", "timeframes")], Where::Anywhere),
    family("airstrike", &[("airstrike*", "air strike*")], Where::Anywhere),
    family("takeover", &[("takeover*", "take-over*")], Where::Anywhere),
    family("bestseller", &[("bestsell*", "best-sell*")], Where::Anywhere),
    family("lifespan", &[("lifespan*", "life span*")], Where::Anywhere),
    family("socio-economic", &[("socioeconomic*", "socio-economic*")], Where::Anywhere),
    family("coworker", &[("co-worker*", "coworker*")], Where::Anywhere),
    family("payoff", &[("payoff*", "pay-off*")], Where::Anywhere),
    family("cutoff", &[("cutoff*", "cut-off*")], Where::Anywhere),
    family("build-up", &[("build-up*", "buildup*")], Where::Anywhere),
    family("line-up", &[("line-up*", "lineup*")], Where::Anywhere),
    family("counter-terrorism", &[("counterterror*", "counter-terror*")], Where::Anywhere),
    family("longstanding", &[("longstanding", "long-standing")], Where::Anywhere),
    family(
        "counter-",
        &[("counterproductive*", "counter-productive*"), ("countermeasure*", "counter-measure*")],
        Where::Anywhere,
    ),
    family("preventive", &[("preventive*", "preventative*")], Where::Anywhere),
    family("proved", &[("proved", "proven")], Where::Reviewed),
    family("leaped", &[("leaped", "leapt"), ("kneeled", "knelt")], Where::Anywhere),
    family("hardworking", &[("hardworking", "hard-working")], Where::Anywhere),
    family("fundraising", &[("fundrais*", "fund-rais*")], Where::Anywhere),
    family("first-hand", &[("firsthand", "first-hand"), ("secondhand", "second-hand")], Where::Anywhere),
    family("grassroots", &[("grassroots", "grass-roots")], Where::Anywhere),
    family("bylaw", &[("bylaw*", "by-law*")], Where::Anywhere),
    family("on-site", &[("onsite", "on-site"), ("offsite", "off-site")], Where::Anywhere),
    family("sea bed", &[("seabed", "sea bed"), ("sea wall*", "seawall*")], Where::Anywhere),
    family("riverbank", &[("riverbank*", "river bank*")], Where::Reviewed),
    family("floodplain", &[("floodplain*", "flood plain*")], Where::Anywhere),
    family("logbook", &[("logbook*", "log book*")], Where::Anywhere),
    family("roadmap", &[("roadmap", "road map")], Where::Anywhere),
    family("rollout", &[("rollout*", "roll-out*")], Where::Anywhere),
    family("clean-up", &[("cleanup*", "clean-up*")], Where::Anywhere),
    family("lay-off", &[("layoff*", "lay-off*")], Where::Anywhere),
    family("shipbuilding", &[("shipbuild*", "ship-build*")], Where::Anywhere),
    family("counter-attack", &[("counterattack*", "counter-attack*")], Where::Anywhere),
    family("co-author", &[("coauthor*", "co-author*")], Where::Anywhere),
    family("vice chair", &[("vice chair*", "vice-chair*")], Where::Anywhere),
    family("OK", &[("okay", "OK")], Where::Anywhere),
    family("co-operation", &[("cooperat*", "co-operat*")], Where::NotAmerica),
    family("co-ordination", &[("coordinat*", "co-ordinat*")], Where::NotAmerica),
    family("subcommittee", &[("subcommittee*", "sub-committee*")], Where::NotAmerica),
    family("peacekeeping", &[("peacekeep*", "peace-keep*")], Where::NotAmerica),
    family("timescale", &[("timescale*", "time-scale*")], Where::NotAmerica),
    family("taskforce", &[("task force", "taskforce"), ("task forces", "taskforces")], Where::Britain),
    family("no one", &[("no one", "no-one")], Where::Britain),
    family(
        "south-east",
        &[
            ("south-east*", "southeast*"),
            ("south-west*", "southwest*"),
            ("north-east*", "northeast*"),
            ("north-west*", "northwest*"),
        ],
        Where::Britain,
    ),
    family("oriented", &[("oriented", "orientated")], Where::Britain),
    family("subcontract", &[("subcontract*", "sub-contract*")], Where::Britain),
    family("insofar", &[("in so far as", "insofar as")], Where::Britain),
    family(
        "judgement",
        &[("judgement*", "judgment*"), ("acknowledgement*", "acknowledgment*")],
        Where::Britain,
    ),
    family(
        "-t past",
        &[("learned", "learnt"), ("dreamed", "dreamt"), ("spelled", "spelt")],
        Where::BritainRarer,
    ),
    family("focused", &[("focus*", "focuss*")], Where::BritainRarer),
    Family {
        class: "while",
        pairs: &[("while", "whilst")],
        places: Where::BritainRarer,
        desk: Some((0, 0.8)),
    },
    Family {
        class: "among",
        pairs: &[("among", "amongst"), ("amid", "amidst")],
        places: Where::BritainRarer,
        desk: Some((0, 0.8)),
    },
    Family {
        class: "toward",
        pairs: &[("toward", "towards"), ("afterward", "afterwards")],
        places: Where::AmericaReviewed,
        desk: None,
    },
];

/// Inflections that may follow a form that ends in `*`.
const INFLECTIONS: &[&str] = &[
    "", "s", "e", "es", "ed", "ing", "er", "ers", "ion", "ions", "ional", "ive", "ively", "or", "ors", "y",
    "ly", "al", "ally", "ism", "ist", "ists", "ern", "man", "men", "woman",
];

/// What must not follow the open form of a pair: there the words are not one.
const APART: &[(&str, &[&str])] = &[
    ("data set", &["out", "up", "in", "off", "a", "the", "by", "on", "for", "to"]),
    (
        "no one",
        &[
            "person",
            "man",
            "woman",
            "thing",
            "side",
            "party",
            "country",
            "group",
            "single",
            "factor",
            "cause",
            "answer",
            "reason",
            "size",
            "way",
            "place",
            "state",
            "company",
            "member",
            "model",
            "method",
            "body",
            "time",
            "of",
            "solution",
            "event",
            "government",
            "agency",
            "nation",
            "point",
            "measure",
        ],
    ),
    ("health care", &["about", "for", "of"]),
];

pub(super) fn find(text: &Text<'_>) -> Vec<Site> {
    let letters = by_letter(text);
    let mut out: Vec<Site> =
        FAMILIES.iter().filter_map(|family| find_family(text, family, &letters)).collect();
    out.extend(ize(text));
    out
}

/// The tokens that begin with each letter, so that a family looks at few of them.
fn by_letter(text: &Text<'_>) -> [Vec<usize>; 26] {
    let mut letters: [Vec<usize>; 26] = std::array::from_fn(|_| Vec::new());
    for (at, token) in text.tokens().iter().enumerate() {
        if let Some(letter) = token.lower.bytes().next().and_then(letter) {
            letters[letter].push(at);
        }
    }
    letters
}

fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

fn find_family(text: &Text<'_>, family: &Family, letters: &[Vec<usize>; 26]) -> Option<Site> {
    let variety = text.analysis.profile.variety;
    let tier = match (family.places, variety) {
        (Where::Anywhere, _)
        | (Where::Britain | Where::BritainRarer | Where::NotAmerica, Variety::British)
        | (Where::NotAmerica, Variety::Unknown) => Tier::Strict,
        // In what is reviewed everywhere, judged readers saw a house style and not a free choice.
        (Where::AmericaReviewed, Variety::American) | (Where::Reviewed, _) => Tier::Normal,
        _ => return None,
    };
    let bare = |form: &str| form.trim_end_matches('*').to_owned();
    let (first, second) = family.pairs.first()?;
    let mut kind = Kind::new(family.class, tier, &[&bare(first), &bare(second)]);
    if let Some((canonical, strength)) = family.desk {
        kind = kind.desk(canonical, strength);
    }
    let first_letters: BTreeSet<usize> = family
        .pairs
        .iter()
        .flat_map(|(a, b)| [a, b])
        .filter_map(|form| letter(*form.as_bytes().first()?))
        .collect();
    for &at in first_letters.into_iter().flat_map(|letter| &letters[letter]) {
        let Some((form, words, forms)) = occurrence(text, family, at) else { continue };
        let range = text.span(at, at + words - 1);
        // Capitals throughout are a heading's, capitals inside a sentence a name's.
        let shouted = text.raw(at).len() > 2 && text.raw(at).chars().all(|c| !c.is_lowercase());
        let proper =
            text.raw(at).starts_with(char::is_uppercase) && !text.starts_sentence(at) && family.class != "OK";
        if !shouted && !proper {
            kind.add(text, form, range, forms);
        }
    }
    if family.places == Where::BritainRarer && kind.original == Some(0) {
        return None;
    }
    kind.site(1)
}

/// Which form of a family stands at a token, in how many tokens, and both forms with its capitals.
fn occurrence(text: &Text<'_>, family: &Family, at: usize) -> Option<(u8, usize, Vec<String>)> {
    // The longer form first: "focuss*" also begins with "focus".
    for (first, second) in family.pairs {
        for (index, form) in [(1_u8, second), (0, first)] {
            let Some((words, ending)) = matches(text, form, at) else { continue };
            if family.class == "focused" && !matches!(ending.as_str(), "ed" | "ing") {
                continue;
            }
            let next = text.lower(at + words);
            // "has proved" and "has proven"; "it proved" and "a proven way" have one form each.
            let led = matches!(text.before(at), "has" | "have" | "had" | "having");
            if family.class == "proved" && !led {
                continue;
            }
            if APART.iter().any(|(apart, follow)| form == apart && follow.contains(&next)) {
                continue;
            }
            let raw = text.slice(text.span(at, at + words - 1));
            let write = |form: &str| match format!("{}{ending}", form.trim_end_matches('*')) {
                whole if whole == "OK" => whole,
                // "OK" has capitals of its own.
                whole if raw == "OK" => cased(if text.starts_sentence(at) { "Ok" } else { "ok" }, &whole),
                whole => cased(raw, &whole),
            };
            return Some((index, words, vec![write(first), write(second)]));
        }
    }
    None
}

/// How many tokens at `at` a form covers, and the inflection that follows it.
fn matches(text: &Text<'_>, form: &str, at: usize) -> Option<(usize, String)> {
    let mut words = 0;
    let mut ending = String::new();
    for part in form.split(' ') {
        let token: &Token = text.tokens().get(at + words)?;
        if token.kind != TokenKind::Word || (words > 0 && text.slice(gap(text, at + words)) != " ") {
            return None;
        }
        let lower = token.lower.as_str();
        match part.strip_suffix('*') {
            Some(stem) => {
                let rest = lower.strip_prefix(stem)?;
                if !INFLECTIONS.contains(&rest) {
                    return None;
                }
                rest.clone_into(&mut ending);
            }
            None if lower == part.to_lowercase() => {}
            None => return None,
        }
        words += 1;
    }
    Some((words, ending))
}

/// The bytes between a token and the one before it.
fn gap(text: &Text<'_>, at: usize) -> std::ops::Range<usize> {
    text.tokens()[at - 1].range.end..text.tokens()[at].range.start
}

/// Words in -ise and -isation that are never written with z, or that are not known to be.
fn keeps_s(word: &str) -> bool {
    #[rustfmt::skip]
    const KEPT: &[&str] = &[
        "advert", "adv", "ar", "compr", "comprom", "desp", "dev", "disgu", "enterpr", "exerc", "expert",
        "franch", "gu", "improv", "inc", "merchand", "otherw", "parad", "pract", "pra", "prem", "prom",
        "ra", "rev", "r", "superv", "surpr", "telev", "treat", "w", "likew", "prec", "conc", "no", "po",
        "cru", "bru", "demi", "dem", "exc", "m", "pr", "clockw", "mort", "appra", "appr", "vo", "porpo",
        "tort", "turquo", "malais", "mala", "upr", "sunr", "circumc", "chast", "ba", "pa", "re-r",
        "lengthw", "streetw", "unw", "imprec", "equipo", "valise", "val", "ch",
    ];
    let stem = ["ise", "ises", "ised", "ising"].iter().find_map(|ending| word.strip_suffix(ending));
    stem.is_some_and(|stem| KEPT.contains(&stem))
}

/// -ise and -ize in the verbs that British spelling writes with either.
///
/// Oxford's -ize is right everywhere; from -ise to -ize a British reader may suspect an American hand, so that way
/// round a person should see it.
fn ize(text: &Text<'_>) -> Option<Site> {
    let profile = &text.analysis.profile;
    if profile.variety != Variety::British || profile.ize.is_mixed() {
        return None;
    }
    let tier = if profile.ize.first > 0 { Tier::Strict } else { Tier::Normal };
    let mut kind = Kind::new("-ise", tier, &["-ise", "-ize"]);
    for at in 0..text.tokens().len() {
        let token = &text.tokens()[at];
        let raw = text.raw(at);
        let proper = raw.starts_with(char::is_uppercase) && !text.starts_sentence(at);
        if token.kind != TokenKind::Word || proper || !raw.is_ascii() {
            continue;
        }
        let Some(letter) = verbs::ize_letter(&token.lower) else {
            let unknown = ["ise", "ises", "ised", "ising"].iter().any(|ending| token.lower.ends_with(ending))
                && !keeps_s(&token.lower);
            kind.refused |= unknown || token.lower.ends_with("isation") || token.lower.ends_with("isations");
            continue;
        };
        let form = |c: &str| format!("{}{c}{}", &raw[..letter], &raw[letter + 1..]);
        let z = token.lower.as_bytes()[letter] == b'z';
        kind.add(text, u8::from(z), token.range.clone(), vec![form("s"), form("z")]);
    }
    kind.site(1)
}
