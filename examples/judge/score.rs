//! Readers' answers against the key.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::corpus::wilson;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Good,
    Awkward,
    Wrong,
}

#[derive(Clone, Copy, Default)]
struct Count {
    good: usize,
    awkward: usize,
    wrong: usize,
}

impl Count {
    fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Good => self.good += 1,
            Verdict::Awkward => self.awkward += 1,
            Verdict::Wrong => self.wrong += 1,
        }
    }

    fn line(self) -> String {
        let all = self.good + self.awkward + self.wrong;
        let share = |hits: usize| {
            let (low, high) = wilson(hits, all);
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let share = hits as f64 * 100.0 / all.max(1) as f64;
            format!("{share:>5.1} % ({:.1}..{:.1})", low * 100.0, high * 100.0)
        };
        format!(
            "{all:>5}{:>6}{:>5}{:>5}  good {}  not wrong {}",
            self.good,
            self.awkward,
            self.wrong,
            share(self.good),
            share(all - self.wrong)
        )
    }
}

pub(crate) fn run(key: &Path, answers: &[PathBuf], list: bool) -> Result<String, String> {
    let key = columns(key)?;
    let mut given: BTreeMap<&str, Vec<(usize, Verdict)>> = BTreeMap::new();
    let sheets = answers.iter().map(|path| columns(path)).collect::<Result<Vec<_>, _>>()?;
    for (reader, sheet) in sheets.iter().enumerate() {
        for line in sheet {
            let verdict = match line.get(1).map(|word| word.trim()) {
                Some("good") => Verdict::Good,
                Some("awkward") => Verdict::Awkward,
                Some("wrong") => Verdict::Wrong,
                _ => return Err(format!("{}: not an answer: {}", answers[reader].display(), line.join(" "))),
            };
            given.entry(line[0].trim()).or_default().push((reader, verdict));
        }
    }
    let mut groups: BTreeMap<(u8, String), Count> = BTreeMap::new();
    let mut readers: BTreeMap<usize, Count> = BTreeMap::new();
    let (mut both, mut same, mut same_on_wrong) = (0, 0, 0);
    let mut faults = String::new();
    for line in &key {
        let [number, genre, tier, class, _, own, new, ..] = line.as_slice() else {
            return Err(format!("not a line of a key: {}", line.join(" ")));
        };
        let Some(verdicts) = given.get(number.as_str()) else { continue };
        for &(reader, verdict) in verdicts {
            readers.entry(reader).or_default().add(verdict);
        }
        if let [(_, first), (_, second), ..] = verdicts.as_slice() {
            both += 1;
            same += usize::from(first == second);
            same_on_wrong += usize::from((*first == Verdict::Wrong) == (*second == Verdict::Wrong));
        }
        // Where two readers differ the harsher one counts.
        let Some(worst) = verdicts.iter().map(|(_, verdict)| *verdict).max() else { continue };
        for group in [(0, tier.clone()), (1, format!("{tier} {genre}")), (2, format!("{tier} {class}"))] {
            groups.entry(group).or_default().add(worst);
        }
        if worst != Verdict::Good {
            let _ = writeln!(faults, "{number}\t{worst:?}\t{tier}\t{class}\t{own}\t{new}");
        }
    }
    if list {
        return Ok(faults);
    }
    let mut out = String::from("                              pairs  good  awk wrong\n");
    for (reader, count) in readers {
        let _ = writeln!(out, "reader {:<23}{}", reader + 1, count.line());
    }
    let _ = writeln!(out, "judged twice {both}: same verdict {same}, same on wrong {same_on_wrong}\n");
    for ((_, group), count) in groups {
        let _ = writeln!(out, "{group:<30}{}", count.line());
    }
    Ok(out)
}

fn columns(path: &Path) -> Result<Vec<Vec<String>>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    Ok(lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}
