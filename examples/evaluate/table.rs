//! What was counted, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dyetrace::channel::{Channel, Tier};
use dyetrace::suggest::Reason;
use serde_json::json;

use crate::drill::{Counts, Drill, NOISE};
use crate::subject::{Options, Subject};
use crate::suggested::Sifting;

/// Tables of 80 columns.
pub(crate) fn text(
    subjects: &[Subject],
    refused: &[String],
    counts: &Counts,
    drill: &Drill,
    options: &Options,
) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} texts, {} copies each, {} tier, alpha {}, seed {}\n",
        subjects.len(),
        options.copies,
        tier(options.tier),
        drill.alpha.value(),
        drill.seed
    );
    let _ = writeln!(out, "{:<26}{:>7}   sites per 100 words", "text", "words");
    let _ = write!(out, "{:<33}", "");
    for channel in Channel::ALL {
        let _ = write!(out, "{:>11}", channel.name());
    }
    out.push('\n');
    for subject in subjects {
        let _ = write!(out, "{:<26.25}{:>7}", subject.name, subject.words);
        for channel in Channel::ALL {
            let _ = write!(out, "{:>11.2}", density(subject, channel));
        }
        out.push('\n');
    }
    for reason in refused {
        let _ = writeln!(out, "{reason}");
    }
    out.push_str(&sifted(subjects));
    let _ = writeln!(
        out,
        "\n{:<16}{:>9}{:>7}{:>7}  {:<15}{:>6}{:>6}  {:<10}",
        "leak", "words", "trials", "right", "95 % interval", "none", "wrong", "upper 95 %"
    );
    for (attack, size, count) in &counts.leaks {
        if count.trials == 0 {
            let _ = writeln!(out, "{:<16}{:>9}   not measured", attack.name(), size.name());
            continue;
        }
        let (low, high) = wilson(count.right, count.trials);
        let (_, upper) = wilson(count.wrong, count.trials);
        let both = if attack.merges() { format!("  both {}", count.all) } else { String::new() };
        let _ = writeln!(
            out,
            "{:<16}{:>9}{:>7}{:>7}  {:<15}{:>6}{:>6}  {upper:.3}{both}",
            attack.name(),
            size.name(),
            count.trials,
            count.right,
            format!("{low:.3} .. {high:.3}"),
            count.trials - count.right - count.wrong,
            count.wrong
        );
    }
    if !counts.innocents.is_empty() {
        let _ = writeln!(
            out,
            "\n{:<19}{:<12}{:>9}{:>8}{:>8}  {:<10}{:>10}",
            "leak of no copy", "", "words", "trials", "wrong", "upper 95 %", "told so"
        );
        for (innocent, attack, size, count) in counts.innocents.iter().filter(|(.., count)| count.trials > 0)
        {
            let (_, upper) = wilson(count.wrong, count.trials);
            let _ = writeln!(
                out,
                "{:<19}{:<12}{:>9}{:>8}{:>8}  {upper:<10.3}{:>10}",
                innocent.name(),
                attack.name(),
                size.name(),
                count.trials,
                count.wrong,
                count.told
            );
        }
    }
    let _ = writeln!(
        out,
        "\nright: every named copy is a source, at least one is named; none: nobody is named;\n\
         wrong: somebody is named who is no source; both: both sources of a merge are named;\n\
         told so: the verdict is original, inconclusive and not_ours, in that order.\n\
         Intervals are Wilson's. Simulated recognition misreads {NOISE} of all characters."
    );
    out
}

/// One JSON object.
pub(crate) fn json(
    subjects: &[Subject],
    refused: &[String],
    counts: &Counts,
    drill: &Drill,
    options: &Options,
) -> Result<String, serde_json::Error> {
    let texts: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let sites: serde_json::Map<_, _> = subject
                .channels
                .iter()
                .map(|(channel, count)| (channel.name().to_owned(), json!(count)))
                .collect();
            json!({ "name": subject.name, "words": subject.words, "sites": sites })
        })
        .collect();
    let leaks: Vec<_> = counts
        .leaks
        .iter()
        .map(|(attack, size, count)| {
            json!({
                "leak": attack.name(), "words": size.name(), "trials": count.trials, "right": count.right,
                "wrong": count.wrong, "all_sources": count.all,
                "right_interval": wilson(count.right, count.trials), "wrong_interval": wilson(count.wrong, count.trials),
            })
        })
        .collect();
    let innocents: Vec<_> = counts
        .innocents
        .iter()
        .map(|(innocent, attack, size, count)| {
            json!({
                "leak": innocent.name(), "attack": attack.name(), "words": size.name(), "trials": count.trials,
                "wrong": count.wrong, "told_so": count.told, "wrong_interval": wilson(count.wrong, count.trials),
            })
        })
        .collect();
    serde_json::to_string_pretty(&json!({
        "schema": "dyetrace/evaluate/1", "copies": options.copies, "tier": tier(options.tier),
        "invisible": options.invisible, "alpha": drill.alpha.value(), "seed": drill.seed, "texts": texts, "refused": refused,
        "leaks": leaks, "innocents": innocents,
    }))
}

/// What became of the wordings that a language model suggested; empty where none were.
fn sifted(subjects: &[Subject]) -> String {
    let all: Vec<_> = subjects.iter().filter_map(|subject| subject.sifting.as_ref()).collect();
    if all.is_empty() {
        return String::new();
    }
    let sum = |of: fn(&Sifting) -> usize| all.iter().map(|sifting| of(sifting)).sum::<usize>();
    let mut rejected: BTreeMap<Reason, usize> = BTreeMap::new();
    for (&reason, &count) in all.iter().flat_map(|sifting| &sifting.rejected) {
        *rejected.entry(reason).or_insert(0) += count;
    }
    let down: usize = rejected.values().sum();
    let mut out = format!(
        "\n{} sentences asked about, {} with wordings that passed; {} wordings passed, {down} were turned down:\n",
        sum(|sifting| sifting.sentences),
        sum(|sifting| sifting.kept_sentences),
        sum(|sifting| sifting.kept),
    );
    for (reason, count) in rejected {
        let _ = writeln!(out, "{count:>6}  {}", reason.describe());
    }
    out
}

fn density(subject: &Subject, channel: Channel) -> f64 {
    let count = subject.channels.iter().find(|(found, _)| *found == channel).map_or(0, |(_, count)| *count);
    real(count as u64) * 100.0 / real(subject.words.max(1) as u64)
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Strict => "strict",
        Tier::Normal => "normal",
        Tier::Bold => "bold",
    }
}

/// Wilson's 95 % interval for a share (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927)).
pub(crate) fn wilson(hits: u64, trials: u64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (share, trials) = (real(hits) / real(trials), real(trials));
    let centre = share + Z * Z / (2.0 * trials);
    let spread = Z * (share * (1.0 - share) / trials + Z * Z / (4.0 * trials * trials)).sqrt();
    let scale = 1.0 + Z * Z / trials;
    (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
pub(crate) fn real(count: u64) -> f64 {
    count as f64
}
