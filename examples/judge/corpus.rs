//! Texts by genre, and the wording sites that a tier gives them.

use std::path::{Path, PathBuf};

use dyetrace::channel::{Channel, Site, Tier};
use dyetrace::item::{Document, Format};
use dyetrace::language::{Analysis, TokenKind};
use dyetrace::plan::{Options, Plan};

/// The tiers, each with its name.
pub(crate) const TIERS: [(Tier, &str); 3] =
    [(Tier::Strict, "strict"), (Tier::Normal, "normal"), (Tier::Bold, "bold")];

/// One text of a corpus.
pub(crate) struct Text {
    /// The folder's name.
    pub(crate) genre: String,
    pub(crate) name: String,
    pub(crate) document: Document,
    pub(crate) words: usize,
}

/// Every text of the folders, in the order of their names.
pub(crate) fn read(genres: &[PathBuf]) -> Result<Vec<Text>, String> {
    let mut texts = Vec::new();
    for folder in genres {
        let genre = name(folder);
        let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for file in files {
            let format = match file.extension().and_then(|end| end.to_str()) {
                Some("md") => Format::Markdown,
                Some("txt") => Format::Text,
                _ => continue,
            };
            let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let document =
                Document::read(format, &bytes).map_err(|error| format!("{}: {error}", file.display()))?;
            let words =
                Analysis::new(&document).tokens.iter().filter(|token| token.kind != TokenKind::Mark).count();
            texts.push(Text { genre: genre.clone(), name: name(&file), document, words });
        }
    }
    if texts.is_empty() {
        return Err("no .txt or .md file there".into());
    }
    Ok(texts)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

impl Text {
    /// The wording sites that copies carry once everything up to `tier` is accepted.
    pub(crate) fn sites(&self, tier: Tier) -> Vec<Site> {
        let options = Options { accept: tier, invisible: false };
        let plan = Plan::propose(&self.document, Vec::new(), Vec::new(), options);
        plan.sites().into_iter().filter(|site| site.channel == Channel::Wording).collect()
    }
}

/// The entropy of a site's draw, in bits: what a clean reading of it tells.
pub(crate) fn bits(site: &Site) -> f64 {
    site.probabilities().iter().map(|&p| -p * libm::log2(p)).sum()
}

/// Wilson's interval for a share, 95 %: E. B. Wilson, JASA 22 (1927) 209-212.
pub(crate) fn wilson(hits: usize, trials: usize) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let z = 1.959_963_984_540_054_f64;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let (hits, n) = (hits as f64, trials as f64);
    let share = hits / n;
    let middle = share + z * z / (2.0 * n);
    let spread = z * libm::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    let whole = 1.0 + z * z / n;
    ((middle - spread) / whole, (middle + spread) / whole)
}
