//! Wordings of sentences that a language model wrote, checked and switched on.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use dyetrace::item::Document;
use dyetrace::language::Analysis;
use dyetrace::plan::{Plan, Promise};
use dyetrace::suggest::{self, Checker, Reason, SENTENCES_MAX, WORDINGS_ASKED};

/// What became of the wordings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sifting {
    /// Sentences that `plan --suggest` asks about.
    pub(crate) sentences: usize,
    /// Sentences of which at least one wording passed.
    pub(crate) kept_sentences: usize,
    /// Wordings that passed.
    pub(crate) kept: usize,
    /// Wordings that were turned down, by reason.
    pub(crate) rejected: BTreeMap<Reason, usize>,
}

/// The wordings of the sentences of one text, as `NAME.json` of the folder holds them.
#[derive(serde::Deserialize)]
struct Answer {
    sentence: String,
    wordings: Vec<String>,
}

/// Adds to a plan what `plan --suggest` would, from the folder's answers in place of a server's, and accepts all of it.
pub(crate) fn accept(
    folder: &Path,
    name: &str,
    document: &Document,
    plan: &mut Plan,
    copies: u64,
    alpha: f64,
) -> Result<Sifting, Box<dyn Error>> {
    let answers: Vec<Answer> = serde_json::from_slice(&std::fs::read(folder.join(format!("{name}.json")))?)?;
    let answers: BTreeMap<&str, &[String]> =
        answers.iter().map(|answer| (answer.sentence.as_str(), answer.wordings.as_slice())).collect();
    let analysis = Analysis::new(document);
    let weak = Promise::of(document, &plan.sites(), copies, alpha).weak;
    let targets = suggest::choose(&analysis, plan, &weak, SENTENCES_MAX);
    let checker = Checker::new(&analysis);
    let mut sifting = Sifting { sentences: targets.len(), ..Sifting::default() };
    for target in &targets {
        let Some(wordings) = answers.get(target.text.as_str()) else { continue };
        let sifted = checker.sift(target, &wordings[..wordings.len().min(WORDINGS_ASKED)]);
        for (reason, count) in sifted.rejected {
            *sifting.rejected.entry(reason).or_insert(0) += count;
        }
        if !sifted.kept.is_empty() {
            sifting.kept += sifted.kept.len();
            sifting.kept_sentences += 1;
            plan.insert(suggest::entry(
                document,
                target,
                sifted.kept,
                "suggested by a language model".to_owned(),
            ));
        }
    }
    let suggested: Vec<usize> =
        (0..plan.entries.len()).filter(|&index| plan.entries[index].source.is_some()).collect();
    for index in suggested {
        plan.switch(document, index, true).map_err(|problem| format!("{problem:?}"))?;
    }
    Ok(sifting)
}
