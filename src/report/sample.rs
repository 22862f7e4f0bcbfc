//! Hand-made traces that tests render: figures chosen to be seen, not measured.

use std::collections::BTreeMap;

use crate::channel::Channel;
use crate::codebook::CopyNumber;
use crate::score::Wealth;
use crate::tracer::{Candidate, ChannelTally, FragmentTally, ItemRef, Mark, SeenAs, SiteEvidence, Trace};
use crate::verdict::{Alpha, Verdict, false_accusation_bound, threshold};

pub(crate) const VERDICTS: [Verdict; 6] = [
    Verdict::Attributed,
    Verdict::Coalition,
    Verdict::Original,
    Verdict::Inconclusive,
    Verdict::NoMarks,
    Verdict::NotOurs,
];

const COPIES: u64 = 33;

/// Agency A to Agency Z, then Agency AA to Agency AG.
pub(crate) fn recipients() -> BTreeMap<CopyNumber, String> {
    let letter = |n: u64| char::from(b'A' + u8::try_from(n % 26).unwrap());
    let name =
        |n: u64| if n < 26 { format!("Agency {}", letter(n)) } else { format!("Agency A{}", letter(n)) };
    (0..COPIES).map(|n| (CopyNumber(n + 1), name(n))).collect()
}

fn wealth(bits: f64) -> Wealth {
    #[expect(clippy::cast_possible_truncation, reason = "test values")]
    let whole = bits.floor() as i64;
    Wealth::new(libm::exp2(bits - bits.floor()), whole)
}

fn candidate(copy: u64, bits: f64, marks: &str) -> Candidate {
    let marks: Vec<_> = marks
        .chars()
        .map(|c| match c {
            '+' => Mark::Agrees,
            '-' => Mark::Differs,
            _ => Mark::Unclear,
        })
        .collect();
    let wealth = wealth(bits);
    Candidate {
        copy: CopyNumber(copy),
        wealth,
        bound: false_accusation_bound(COPIES, wealth),
        explains: 0..marks.len(),
        marks,
    }
}

fn site(
    site: usize,
    channel: Channel,
    class: &str,
    sentence: &str,
    leaked: &str,
    others: &[&str],
) -> SiteEvidence {
    let start = sentence.find('{').unwrap();
    let end = sentence.find('}').unwrap() - 1;
    let mut variants = vec![leaked.to_owned()];
    variants.extend(others.iter().map(|&other| other.to_owned()));
    SiteEvidence {
        site,
        channel,
        class: class.to_owned(),
        leaked: leaked.to_owned(),
        variants,
        seen: 0,
        held_by: 9 + (site % 9) as u64,
        bits: 0.4 + f64::from(u8::try_from(site % 7).unwrap()) * 0.25,
        seen_as: SeenAs::Text,
        context: (sentence.replace(['{', '}'], ""), start..end),
    }
}

fn sites() -> Vec<SiteEvidence> {
    let mut sites = vec![
        site(
            37,
            Channel::Authored,
            "fact",
            "The convoy left the yard at {six} and crossed the bridge an hour later.",
            "dawn",
            &["six", "first light"],
        ),
        site(
            40,
            Channel::Wording,
            "arrive at/reach",
            "Officers {arrived at} the scene shortly after; twenty-two crates were missing from the store that the \
             carrier had sealed in the presence of two witnesses the day before.",
            "arrived at",
            &["reached"],
        ),
        site(
            41,
            Channel::Style,
            "numerals",
            "Officers arrived at the scene shortly after; {twenty-two} crates were missing from the store that the \
             carrier had sealed in the presence of two witnesses the day before.",
            "twenty-two",
            &["22"],
        ),
        site(
            44,
            Channel::Wording,
            "that/-",
            "The harbour master said{ that} the seals were intact.",
            "",
            &["that"],
        ),
        site(47, Channel::Invisible, "gap", "No{ }arrests were made.", "\u{2008}", &[" "]),
    ];
    for n in 48..64 {
        sites.push(site(
            n,
            Channel::Wording,
            "which/that",
            "The list {which} he kept was long.",
            "that",
            &["which"],
        ));
    }
    sites
}

/// A trace of each verdict, with 33 copies and 212 sites.
pub(crate) fn trace(verdict: Verdict) -> Trace {
    let alpha = Alpha::new(1e-6).unwrap();
    let mut trace = Trace {
        verdict,
        item: Some(ItemRef { id: "3f9c2a7e51d04b86".to_owned(), title: "Cedar brief.md".to_owned() }),
        alpha,
        copies: COPIES,
        issued: COPIES,
        needed: threshold(COPIES, alpha),
        original: wealth(-6.2),
        culprits: Vec::new(),
        candidates: vec![
            candidate(17, 36.9, "+++++++++++-+++++++.+"),
            candidate(8, 3.1, "+-++-+--++-+--+-++-.+"),
            candidate(31, -1.2, "--++-+-++--+--++-+-.+"),
            candidate(2, -4.4, "--+--++-++-+--+-++-.-"),
            candidate(29, -5.0, "-----++-++-+--+-+--.-"),
            candidate(11, -7.5, "-----++-+--+----+--.-"),
        ],
        fits: 1,
        sites_total: 212,
        sites: sites(),
        channels: vec![
            ChannelTally { channel: Channel::Authored, total: 12, read: 1 },
            ChannelTally { channel: Channel::Style, total: 9, read: 1 },
            ChannelTally { channel: Channel::Wording, total: 101, read: 18 },
            ChannelTally { channel: Channel::Invisible, total: 90, read: 1 },
        ],
        fragments: vec![FragmentTally {
            name: "leak.txt".to_owned(),
            chars: 1_612,
            aligned: 0.9914,
            spans: std::iter::once(2_048..3_660).collect(),
            kind: "text",
            method: "text".to_owned(),
            confidence: None,
        }],
    };
    match verdict {
        Verdict::Attributed => trace.culprits = vec![trace.candidates[0].clone()],
        Verdict::Coalition => {
            trace.candidates.splice(
                0..1,
                [
                    Candidate { explains: 0..11, ..candidate(4, 31.0, "+++++++++++--+-+--+.-") },
                    Candidate { explains: 11..21, ..candidate(22, 27.3, "-+--+--++-++++++++-.+") },
                ],
            );
            trace.culprits = trace.candidates[..2].to_vec();
        }
        Verdict::Original => {
            trace.original = wealth(33.3);
            trace.candidates.remove(0);
        }
        Verdict::Inconclusive => {
            trace.candidates[0] = candidate(17, 14.2, "+++++++-+++-+++++++.+");
            trace.fits = 3;
        }
        Verdict::NoMarks => {
            trace.sites.clear();
            trace.candidates.clear();
            trace.channels.iter_mut().for_each(|tally| tally.read = 0);
        }
        Verdict::NotOurs => {
            trace.item = None;
            trace.sites.clear();
            trace.candidates.clear();
            trace.channels.clear();
            trace.sites_total = 0;
            trace.fragments[0].aligned = 0.112;
            trace.fragments[0].spans.clear();
        }
    }
    trace
}

/// The same with names, texts and numbers that try to break out of their place.
pub(crate) fn hostile(verdict: Verdict) -> Trace {
    let mut trace = trace(verdict);
    if let Some(item) = &mut trace.item {
        item.title = format!("</title><script>alert(1)</script>\u{1b}[2J\u{202e}{}", "x".repeat(300));
    }
    trace.fragments[0].name =
        "a\u{1b}]0;pwned\u{7}\r\nVerdict   attributed to copy 1 <img src=x onerror=alert(1)>".into();
    trace.fragments = vec![trace.fragments[0].clone(); 9];
    for (i, site) in trace.sites.iter_mut().enumerate() {
        site.leaked = format!("<b>\u{202e}{}\u{200b}&amp;\"'{}", "日本".repeat(i), "w".repeat(i * 20));
        site.class = "<script>".repeat(9);
        site.context.1 = match i % 3 {
            0 => site.context.1.clone(),
            1 => 1..usize::MAX,
            _ => std::ops::Range { start: 5, end: 3 },
        };
    }
    for candidate in trace.candidates.iter_mut().chain(&mut trace.culprits) {
        candidate.copy = CopyNumber(u64::MAX - candidate.copy.0);
        candidate.marks.truncate(3);
        candidate.explains = 5..9_999;
    }
    trace
}

/// The same with 188 sites read.
pub(crate) fn long(verdict: Verdict) -> Trace {
    let mut trace = trace(verdict);
    if trace.sites.is_empty() {
        return trace;
    }
    let seed = trace.sites.clone();
    trace.sites = (0..188).map(|n| SiteEvidence { site: n, ..seed[n % seed.len()].clone() }).collect();
    for candidate in trace.candidates.iter_mut().chain(&mut trace.culprits) {
        let marks = candidate.marks.clone();
        candidate.marks = (0..188).map(|n| marks[(n * n / 3 + n) % marks.len()]).collect();
        candidate.explains = 0..188;
    }
    trace
}
