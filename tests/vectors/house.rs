//! Golden vectors: their file format, and the fixed registry they are read against.
//!
//! Shared by `tests/vectors.rs`, which runs them, and `examples/vectors.rs`, which makes them.

#![allow(dead_code, reason = "the test and the generator each use a part of it")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dyetrace::channel::{Tier, authored};
use dyetrace::codebook::{CopyNumber, ItemKey};
use dyetrace::issue::Edition;
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::plan::{Options, Plan};
use dyetrace::registry::item_id;
use dyetrace::tracer::{self, Prepared, Trace};
use dyetrace::verdict::{Alpha, Verdict};

/// The registry secret of all vectors: the bytes 00 to 1f. Published, so it protects nothing.
pub(crate) const SECRET: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
    29, 30, 31,
];

/// Where the vectors lie.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vectors")
}

/// One scenario.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vector {
    pub(crate) expect: Expect,
    /// The items of the registry, by file name; the first is the one the fragment belongs to, if to any.
    pub(crate) items: Vec<String>,
    pub(crate) recipients: u64,
    /// As written, so that a file written again is the same file.
    pub(crate) alpha: String,
    pub(crate) tier: Tier,
    pub(crate) invisible: bool,
    /// The evidence in bits, with one decimal: for the best copy, or for the original where that is the verdict.
    pub(crate) bits: Option<String>,
    /// How many sites were read.
    pub(crate) sites_read: Option<usize>,
    pub(crate) comment: String,
    pub(crate) fragment: Vec<u8>,
}

/// What a vector expects: the verdict, and the copies it names by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expect {
    pub(crate) verdict: Verdict,
    pub(crate) copies: Vec<u64>,
}

const VERDICTS: [Verdict; 6] = [
    Verdict::Attributed,
    Verdict::Coalition,
    Verdict::Original,
    Verdict::Inconclusive,
    Verdict::NoMarks,
    Verdict::NotOurs,
];

impl Expect {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let verdict = VERDICTS
            .into_iter()
            .find(|verdict| verdict.name() == name)
            .ok_or_else(|| format!("unknown verdict {name:?}"))?;
        let copies: Vec<u64> = words
            .map(|word| word.parse().map_err(|_| format!("{word:?} is no copy number")))
            .collect::<Result<_, _>>()?;
        let fits = match verdict {
            Verdict::Attributed => copies.len() == 1,
            Verdict::Coalition => copies.len() >= 2,
            _ => copies.is_empty(),
        };
        if fits {
            Ok(Self { verdict, copies })
        } else {
            Err(format!("{text:?} names {} copies", copies.len()))
        }
    }

    /// What a trace concluded, copies by number.
    pub(crate) fn of(trace: &Trace) -> Self {
        let mut copies: Vec<u64> = trace.culprits.iter().map(|one| one.copy.0).collect();
        copies.sort_unstable();
        Self { verdict: trace.verdict, copies }
    }

    pub(crate) fn text(&self) -> String {
        self.copies.iter().fold(self.verdict.name().to_owned(), |text, copy| format!("{text} {copy}"))
    }
}

impl Vector {
    /// Reads a vector file: header lines `key: value`, an empty line, the raw fragment.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let end =
            bytes.windows(2).position(|pair| pair == b"\n\n").ok_or("no empty line after the header")?;
        let header = std::str::from_utf8(&bytes[..end]).map_err(|_| "the header is not UTF-8")?;
        let mut keys = BTreeMap::new();
        for line in header.lines() {
            let (key, value) = line.split_once(": ").ok_or_else(|| format!("{line:?} is no `key: value`"))?;
            if keys.insert(key, value).is_some() {
                return Err(format!("key {key:?} stands there twice"));
            }
        }
        let mut take = |key: &str| keys.remove(key);
        let number = |value: &str| value.parse::<u64>().map_err(|_| format!("{value:?} is no number"));
        let vector = Self {
            expect: Expect::parse(take("expect").ok_or("no `expect`")?)?,
            items: take("item").ok_or("no `item`")?.split(", ").map(str::to_owned).collect(),
            recipients: number(take("recipients").ok_or("no `recipients`")?)?,
            alpha: take("alpha").ok_or("no `alpha`")?.to_owned(),
            tier: match take("tier").unwrap_or("strict") {
                "strict" => Tier::Strict,
                "normal" => Tier::Normal,
                "bold" => Tier::Bold,
                other => return Err(format!("unknown tier {other:?}")),
            },
            invisible: match take("invisible").unwrap_or("no") {
                "yes" => true,
                "no" => false,
                other => return Err(format!("invisible is `yes` or `no`, not {other:?}")),
            },
            bits: take("bits").map(str::to_owned),
            sites_read: take("sites_read")
                .map(number)
                .transpose()?
                .map(usize::try_from)
                .transpose()
                .map_err(|_| "too many sites")?,
            comment: take("comment").ok_or("no `comment`")?.to_owned(),
            fragment: bytes[end + 2..].to_vec(),
        };
        match keys.keys().next() {
            Some(key) => Err(format!("unknown key {key:?}")),
            None => Ok(vector),
        }
    }

    /// The vector as a file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = String::new();
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key}: {value}");
        };
        line("expect", &self.expect.text());
        line("item", &self.items.join(", "));
        line("recipients", &self.recipients.to_string());
        line("alpha", &self.alpha);
        if self.tier != Tier::Strict {
            line("tier", tier_name(self.tier));
        }
        if self.invisible {
            line("invisible", "yes");
        }
        if let Some(bits) = &self.bits {
            line("bits", bits);
        }
        if let Some(sites) = self.sites_read {
            line("sites_read", &sites.to_string());
        }
        line("comment", &self.comment);
        text.push('\n');
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.fragment);
        bytes
    }
}

/// The evidence of a trace as vectors state it; none where no item was found.
pub(crate) fn bits(trace: &Trace) -> Option<String> {
    let wealth = match trace.verdict {
        Verdict::Original => trace.original,
        _ => trace.candidates.first()?.wealth,
    };
    Some(format!("{:.1}", wealth.bits()))
}

/// The file of an item's frozen plan.
pub(crate) fn plan_path(item: &str, tier: Tier, invisible: bool) -> PathBuf {
    let stem = item.rsplit_once('.').map_or(item, |(stem, _)| stem);
    let invisible = if invisible { ".invisible" } else { "" };
    folder().join("plans").join(format!("{stem}.{}{invisible}.toml", tier_name(tier)))
}

fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

/// An item of the fixtures without its markup, and the sites and protected passages its markup states.
pub(crate) fn marked(item: &str) -> Result<authored::Marked, String> {
    let items = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/items");
    let bytes = fs::read(items.join(item))
        .or_else(|_| fs::read(items.join("prose").join(item)))
        .map_err(|error| format!("{item}: {error}"))?;
    let document =
        Document::read(Format::detect(&bytes, Some(item)), &bytes).map_err(|e| format!("{item}: {e}"))?;
    authored::extract(&document).map_err(|error| format!("{item}: {error}"))
}

/// The plan that today's rules propose for an item.
pub(crate) fn proposed(item: &str, accept: Tier, invisible: bool) -> Result<String, String> {
    let marked = marked(item)?;
    let options = Options { accept, invisible };
    Ok(Plan::propose(&marked.document, marked.sites, marked.protected, options).to_toml(&marked.document))
}

/// The frozen plan of an item, and the item.
pub(crate) fn plan(
    item: &str,
    tier: Tier,
    invisible: bool,
) -> Result<(Plan, String, authored::Marked), String> {
    let path = plan_path(item, tier, invisible);
    let toml = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let marked = marked(item)?;
    let plan = Plan::from_toml(&toml, &marked.document).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok((plan, toml, marked))
}

/// An item as the registry of the vectors has it, with copies 1 to `recipients` issued.
pub(crate) fn prepare(item: &str, tier: Tier, invisible: bool, recipients: u64) -> Result<Prepared, String> {
    let (plan, toml, marked) = plan(item, tier, invisible)?;
    let id = item_id(&marked.original, &toml);
    let key = ItemKey::derive(&SECRET, id.as_str());
    let edition = Edition::new(marked.document, plan.sites(), key);
    let copies: Vec<CopyNumber> = (1..=recipients).map(CopyNumber).collect();
    edition.check_distinct(copies.iter().copied()).map_err(|error| format!("{item}: {error}"))?;
    Ok(Prepared::new(id.as_str(), item, edition, copies))
}

/// Items that were prepared before, by everything that a vector says of its registry.
#[derive(Default)]
pub(crate) struct House(BTreeMap<(Vec<String>, u64, Tier, bool), Vec<Prepared>>);

impl House {
    /// Traces a vector's fragment; the items are prepared once and kept.
    pub(crate) fn trace(&mut self, vector: &Vector) -> Result<Trace, String> {
        let alpha: f64 = vector.alpha.parse().map_err(|_| format!("{:?} is no number", vector.alpha))?;
        let alpha = Alpha::new(alpha).map_err(|error| error.to_string())?;
        let items = self.items(&vector.items, vector.recipients, vector.tier, vector.invisible)?;
        let fragment = Fragment::read("fragment", &vector.fragment).map_err(|error| error.to_string())?;
        Ok(tracer::trace(items, &[fragment], alpha))
    }

    /// The items of one registry.
    pub(crate) fn items(
        &mut self,
        names: &[String],
        recipients: u64,
        tier: Tier,
        invisible: bool,
    ) -> Result<&[Prepared], String> {
        let key = (names.to_vec(), recipients, tier, invisible);
        if !self.0.contains_key(&key) {
            let items = names
                .iter()
                .map(|name| prepare(name, tier, invisible, recipients))
                .collect::<Result<_, _>>()?;
            self.0.insert(key.clone(), items);
        }
        Ok(&self.0[&key])
    }
}
