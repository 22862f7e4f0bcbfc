//! Makes the golden vectors of `fixtures/vectors`.
//!
//! `cargo run --example vectors` writes every vector again; what each must conclude stands here and is not taken from
//! the tracer, only `bits` and `sites_read` are. `cargo run --example vectors -- plans` first freezes the plans anew
//! from today's rules. Either is done on purpose, and the difference is read before it is committed.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

#[path = "../tests/vectors/house.rs"]
mod house;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::process::ExitCode;

use dyetrace::channel::Tier;
use dyetrace::codebook::CopyNumber;
use dyetrace::item::Document;
use dyetrace::rehearse::{self, Random, Variety};
use house::{Expect, House, Vector};

type Fault = Box<dyn Error>;

const BRIEF: &str = "brief.md";
const MEMO: &str = "board-memo.txt";
const GUIDE: &str = "field-guide.md";
const NOTICE: &str = "ration-notice.txt";
const LETTER: &str = "letter.txt";

/// The plans that the vectors need.
const PLANS: &[(&str, Tier, bool)] = &[
    (BRIEF, Tier::Strict, false),
    (BRIEF, Tier::Normal, false),
    (MEMO, Tier::Strict, false),
    (MEMO, Tier::Normal, false),
    (GUIDE, Tier::Strict, false),
    (GUIDE, Tier::Normal, false),
    (NOTICE, Tier::Strict, false),
    (LETTER, Tier::Strict, true),
];

/// A report on the same affair by somebody who has not seen the brief.
const LOOKALIKE: &str = "\
Port police in Tarnholm have opened a file on a chandler suspected of passing navigation equipment to a navy under \
embargo. Investigators say that crates of gyroscopes made by Aldane Precision were declared as pump parts and taken \
up the coast by night. The company, Halvic Marine, was bought last winter by a holding registered in the Saltmere \
Islands, whose owners are unknown. A lawyer for Halvic called the story absurd and said that every crate had been \
shown to customs.

Two neighbours of the inner basin told this paper that lorries had come and gone after midnight since the spring. \
\"Nobody unloads pump parts at three in the morning,\" said one, who has mended nets there for forty years. The \
licensing office would not say whether further permits had been asked for, nor whether those already granted would \
be looked at again.
";

const UNRELATED: &str = "\
The orchestra tuned for longer than usual, and when the curtain went up the forest was still being carried in from \
the left. Nobody minded. The soprano, who had flown overnight, sang the first act with a scarf around her throat and \
the second without it, and by the third the gallery was on its feet. If the tenor looked at his shoes, it was \
because a trap door had opened under them in the spring, and he is a careful man.
";

fn main() -> ExitCode {
    let plans = std::env::args().nth(1).is_some_and(|word| word == "plans");
    let made = if plans { freeze() } else { Ok(()) };
    match made.and_then(|()| make()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            eprintln!("vectors: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the plans that today's rules propose, and their digests.
fn freeze() -> Result<(), Fault> {
    let mut digests = String::new();
    for &(item, tier, invisible) in PLANS {
        fs::write(house::plan_path(item, tier, invisible), house::proposed(item, tier, invisible)?)?;
        let (plan, ..) = house::plan(item, tier, invisible)?;
        let digest = plan.digest().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let tier = if tier == Tier::Strict { "strict" } else { "normal" };
        let invisible = if invisible { "yes" } else { "no" };
        writeln!(digests, "{item} {tier} {invisible} {digest}")?;
    }
    fs::write(house::folder().join("plans/digests"), digests)?;
    Ok(())
}

/// Writes every vector that is concluded as it should be, names the others; false when there are any.
fn make() -> Result<bool, Fault> {
    let mut desk = Desk::default();
    scenarios(&mut desk)?;
    let mut house = House::default();
    let mut good = true;
    for (name, mut vector) in desk.vectors {
        let trace = house.trace(&vector)?;
        let found = Expect::of(&trace);
        vector.bits = house::bits(&trace);
        vector.sites_read = trace.item.is_some().then_some(trace.sites.len());
        let bits = vector.bits.clone().unwrap_or_default();
        println!("{name}: {} {bits} bit, {} sites", found.text(), trace.sites.len());
        if found == vector.expect {
            fs::write(house::folder().join(name), vector.to_bytes())?;
        } else {
            println!("    expected {}; not written", vector.expect.text());
            good = false;
        }
    }
    Ok(good)
}

/// A copy: item, tier, whether the invisible channel is on, number.
type Key = (String, Tier, bool, u64);

/// Where vectors are put together.
#[derive(Default)]
struct Desk {
    vectors: Vec<(&'static str, Vector)>,
    house: House,
    copies: BTreeMap<Key, (Vec<u8>, String)>,
}

impl Desk {
    /// A copy as bytes and as its readers see it.
    fn copy_of(
        &mut self,
        item: &str,
        tier: Tier,
        invisible: bool,
        copy: u64,
    ) -> Result<(Vec<u8>, String), Fault> {
        let key = (item.to_owned(), tier, invisible, copy);
        if let Some(there) = self.copies.get(&key) {
            return Ok(there.clone());
        }
        let items = self.house.items(&[item.to_owned()], 33, tier, invisible)?;
        let edition = items[0].edition();
        let bytes = edition.write(CopyNumber(copy))?;
        let text = Document::read(edition.document().format(), &bytes)?.text().to_owned();
        self.copies.insert(key, (bytes.clone(), text.clone()));
        Ok((bytes, text))
    }

    /// The text of a copy of the strict edition.
    fn text(&mut self, item: &str, copy: u64) -> Result<String, Fault> {
        Ok(self.copy_of(item, Tier::Strict, false, copy)?.1)
    }

    /// Adds a vector of the brief's strict edition for 33 recipients at 1e-3; the result may be changed.
    fn add(
        &mut self,
        name: &'static str,
        expect: &str,
        fragment: impl Into<Vec<u8>>,
        comment: &str,
    ) -> &mut Vector {
        let expect = match Expect::parse(expect) {
            Ok(expect) => expect,
            Err(error) => unreachable!("{name}: {error}"),
        };
        let vector = Vector {
            expect,
            items: vec![BRIEF.to_owned()],
            recipients: 33,
            alpha: "1e-3".to_owned(),
            tier: Tier::Strict,
            invisible: false,
            bits: None,
            sites_read: None,
            comment: comment.to_owned(),
            fragment: fragment.into(),
        };
        self.vectors.push((name, vector));
        let last = self.vectors.len() - 1;
        &mut self.vectors[last].1
    }
}

fn scenarios(desk: &mut Desk) -> Result<(), Fault> {
    excerpts(desk)?;
    typed(desk)?;
    edited(desk)?;
    merged(desk)?;
    unmarked(desk)?;
    strangers(desk);
    registries(desk)?;
    kinds(desk)?;
    encodings(desk)
}

fn excerpts(desk: &mut Desk) -> Result<(), Fault> {
    let (bytes, text) = desk.copy_of(BRIEF, Tier::Strict, false, 17)?;
    desk.add("whole", "attributed 17", text.clone(), "the whole copy as its readers see it").alpha =
        "1e-6".into();
    desk.add("whole_source", "attributed 17", bytes, "the copy's file, Markdown and all").alpha =
        "1e-6".into();
    desk.add("part", "attributed 17", rehearse::excerpt(&text, 140, 40), "140 words pasted");
    desk.add(
        "alpha_1e-12",
        "attributed 17",
        text.clone(),
        "the whole copy at a bound that a court would like",
    )
    .alpha = "1e-12".into();
    desk.add(
        "alpha_too_small",
        "inconclusive",
        text.clone(),
        "no number of sites in one brief proves that much",
    )
    .alpha = "1e-300".into();
    desk.add("one_sentence", "inconclusive", rehearse::excerpt(&text, 24, 60), "one sentence is too little");
    desk.add(
        "no_sites",
        "no_marks",
        passage(&text, "They fit survey ships", 23),
        "a passage in which all copies agree",
    );
    let shuffled = [
        passage(&text, "A quiet", 90).replace("A quiet", "a quiet"),
        rehearse::excerpt(&text, 130, 40).to_owned(),
        passage(&text, "Between March", 110),
    ];
    desk.add(
        "out_of_order",
        "attributed 17",
        shuffled.join("\n\n"),
        "three passages, the last of them first",
    );
    let other = desk.text(BRIEF, 4)?;
    let quotes = [
        rehearse::excerpt(&other, 120, 50),
        rehearse::excerpt(&other, 100, 275),
        rehearse::excerpt(&other, 90, 420),
    ];
    let article = rehearse::article(&quotes, &mut Random::new(11));
    desk.add("article", "attributed 4", article, "a newspaper article that quotes three passages");
    Ok(())
}

/// `words` words from where the text says `start`; from its beginning where it does not.
fn passage(text: &str, start: &str, words: usize) -> String {
    let at = text.find(start).unwrap_or(0);
    rehearse::excerpt(&text[at..], words, 0).to_owned()
}

fn typed(desk: &mut Desk) -> Result<(), Fault> {
    let text = desk.text(BRIEF, 8)?;
    let part = rehearse::excerpt(&text, 300, 230);
    desk.add(
        "retyped",
        "attributed 8",
        rehearse::retype(part, &mut Random::new(21)),
        "300 words typed off by hand",
    );
    let bare = rehearse::no_punctuation(&rehearse::lower(&text));
    desk.add("lower_case", "attributed 8", bare, "typed without capitals and without punctuation");
    let text = desk.text(BRIEF, 26)?;
    let noise = |rate| rehearse::ocr_noise(&text, rate, &mut Random::new(31));
    desk.add(
        "ocr_2_percent",
        "attributed 26",
        noise(0.02),
        "a scan with two characters in a hundred misread",
    );
    desk.add("ocr_6_percent", "attributed 26", noise(0.06), "a photograph of a screen");
    let spoiled = noise(0.4);
    desk.add(
        "ocr_ruined",
        "not_ours",
        rehearse::excerpt(&spoiled, 120, 100),
        "so misread that nothing is recognised",
    );
    let hidden: String =
        text.chars().flat_map(|c| [Some(c), (c == 'e').then_some('\u{200b}')]).flatten().collect();
    desk.add(
        "zero_width",
        "attributed 26",
        format!("\u{202a}{hidden}\u{202c}"),
        "zero-width and direction characters sown in",
    );
    Ok(())
}

fn edited(desk: &mut Desk) -> Result<(), Fault> {
    let text = desk.text(BRIEF, 5)?;
    let british = rehearse::desk_in(&text, Variety::British, &mut Random::new(41));
    desk.add("desk_british", "attributed 5", british, "house style of a British desk");
    let american = rehearse::desk_in(&text, Variety::American, &mut Random::new(42));
    desk.add("desk_american", "attributed 5", american, "house style of an American desk");
    let memo = desk.copy_of(MEMO, Tier::Normal, false, 30)?.1;
    let edited = rehearse::desk(&memo, &mut Random::new(43));
    let vector = desk.add(
        "desk_memo",
        "attributed 30",
        edited,
        "a memo without markup, normal tier, edited by a desk",
    );
    (vector.items, vector.tier) = (vec![MEMO.into()], Tier::Normal);
    Ok(())
}

fn merged(desk: &mut Desk) -> Result<(), Fault> {
    let (a, b, c) = (desk.text(BRIEF, 4)?, desk.text(BRIEF, 22)?, desk.text(BRIEF, 13)?);
    desk.add(
        "halves",
        "coalition 4 22",
        rehearse::halves(&a, &b),
        "the first half of one copy, the second of another",
    );
    desk.add(
        "alternating",
        "attributed 22",
        rehearse::alternate(&[&a, &b]),
        "copies 4 and 22 in turn: one is proven",
    );
    let mixed = rehearse::mix(&[&a, &b, &c], &mut Random::new(51));
    desk.add(
        "mix_of_three",
        "inconclusive",
        mixed,
        "three copies mixed word by word: too much for one brief",
    );
    desk.add(
        "struck",
        "coalition 4 22",
        rehearse::strike(&a, &b),
        "whatever 4 and 22 differ in is struck out; where they agree is left",
    );
    Ok(())
}

fn unmarked(desk: &mut Desk) -> Result<(), Fault> {
    let original = house::marked(BRIEF)?.document.text().to_owned();
    desk.add("original", "original", original.clone(), "the unmarked original");
    let edited = rehearse::desk_in(&original, Variety::British, &mut Random::new(61));
    desk.add("original_desk", "original", edited, "the unmarked original after a desk");
    desk.add(
        "original_part",
        "inconclusive",
        rehearse::excerpt(&original, 40, 60),
        "forty words of the original",
    );
    let other = desk.copy_of(BRIEF, Tier::Normal, false, 17)?.1;
    desk.add("other_edition", "inconclusive", other, "copy 17 of another edition of the same brief");
    let decoy = desk.text(BRIEF, 5_000)?;
    desk.add("never_issued", "inconclusive", decoy, "copy 5000, which nobody received");
    Ok(())
}

fn strangers(desk: &mut Desk) {
    desk.add("unrelated", "not_ours", UNRELATED, "a review of an opera");
    desk.add("lookalike", "not_ours", LOOKALIKE, "the same affair in somebody else's words");
    desk.add("empty", "not_ours", "", "nothing at all");
    desk.add("white_space", "not_ours", " \n\t\u{a0}\n\n  \r\n", "nothing but white space");
}

fn registries(desk: &mut Desk) -> Result<(), Fault> {
    let guide = desk.copy_of(GUIDE, Tier::Normal, false, 3)?.1;
    let vector = desk.add("other_item", "attributed 3", guide, "one item of three in the registry");
    (vector.items, vector.tier) = (vec![GUIDE.into(), BRIEF.into(), MEMO.into()], Tier::Normal);
    let brief = desk.copy_of(BRIEF, Tier::Normal, false, 3)?.1;
    let part = rehearse::excerpt(&brief, 200, 40).to_owned();
    let vector = desk.add("among_items", "attributed 3", part, "an excerpt, three items in the registry");
    (vector.items, vector.tier) = (vec![BRIEF.into(), GUIDE.into(), MEMO.into()], Tier::Normal);
    let brief = desk.text(BRIEF, 2)?;
    desk.add(
        "two_recipients",
        "attributed 2",
        rehearse::excerpt(&brief, 100, 40),
        "two recipients need less",
    )
    .recipients = 2;
    let brief = desk.text(BRIEF, 7_777)?;
    desk.add("many_recipients", "attributed 7777", brief, "ten thousand recipients").recipients = 10_000;
    Ok(())
}

fn kinds(desk: &mut Desk) -> Result<(), Fault> {
    let notice = desk.text(NOTICE, 19)?;
    let of_notice = |vector: &mut Vector| vector.items = vec![NOTICE.into()];
    let part = rehearse::excerpt(&notice, 130, 20);
    of_notice(desk.add(
        "many_variants",
        "attributed 19",
        part,
        "sites with two to five variants, linked places and facts",
    ));
    let typed = rehearse::retype(&rehearse::lower(&notice), &mut Random::new(71));
    of_notice(desk.add(
        "many_variants_retyped",
        "attributed 19",
        typed,
        "the same, whole, typed off in lower case",
    ));
    let facts = "The upper town will have its water rationed, said ".to_owned()
        + &passage(&notice, "the thirteen", 1)
        + ". "
        + &passage(&notice, "Each household", 19);
    of_notice(desk.add(
        "facts",
        "inconclusive",
        facts,
        "two sentences with facts, too little to name anybody",
    ));

    let letter = desk.copy_of(LETTER, Tier::Strict, true, 11)?.1;
    let part = rehearse::excerpt(&letter, 60, 30).to_owned();
    let plain = rehearse::plain(&part);
    for (name, expect, fragment, comment) in [
        ("invisible", "attributed 11", part, "sixty words pasted with their U+2008 spaces"),
        ("invisible_stripped", "inconclusive", plain, "the same sixty words typed off: plain spaces"),
    ] {
        let vector = desk.add(name, expect, fragment, comment);
        (vector.items, vector.invisible) = (vec![LETTER.into()], true);
    }
    Ok(())
}

fn encodings(desk: &mut Desk) -> Result<(), Fault> {
    let text = desk.text(BRIEF, 29)?;
    let part = rehearse::excerpt(&text, 200, 60);
    let (windows, _, lossy) = encoding_rs::WINDOWS_1252.encode(part);
    if lossy {
        return Err("the excerpt has characters that windows-1252 lacks".into());
    }
    desk.add("windows_1252", "attributed 29", windows.into_owned(), "saved as Windows-1252");
    let wide: Vec<u8> =
        std::iter::once(0xfeff).chain(part.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    desk.add("utf16_le", "attributed 29", wide, "saved as UTF-16 with a byte order mark");
    let crlf = part.replace('\n', "\r\n");
    desk.add("crlf", "attributed 29", crlf, "lines that end as on Windows");
    Ok(())
}
