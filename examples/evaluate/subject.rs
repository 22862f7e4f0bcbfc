//! One text of the folder, issued.

use std::error::Error;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use dyetrace::channel::{Channel, Site, Tier, authored};
use dyetrace::codebook::{CopyNumber, ItemKey};
use dyetrace::issue::{Edition, sites_by_channel};
use dyetrace::item::{Document, Format};
use dyetrace::leak::Fragment;
use dyetrace::plan::{self, Plan};
use dyetrace::rehearse::{Random, word_count};
use dyetrace::tracer::{self, Prepared};
use dyetrace::verdict::{Alpha, Verdict};

use crate::suggested::{self, Sifting};

/// Copies that are written but never issued: their leaks must name nobody.
const STRANGERS: u64 = 100;

/// A file of the folder.
pub(crate) struct File {
    /// Its name.
    pub(crate) name: String,
    /// How it is read.
    pub(crate) format: Format,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// The first words of the sentences that were given authored variants, by index of sentence.
    pub(crate) sentences: Vec<String>,
}

/// How texts are issued.
pub(crate) struct Options {
    pub(crate) tier: Tier,
    pub(crate) invisible: bool,
    pub(crate) copies: u64,
    pub(crate) seed: u64,
    /// The bound on naming any wrong copy, which says what sentences need suggestions.
    pub(crate) alpha: f64,
    /// The folder with suggested wordings to accept.
    pub(crate) suggested: Option<PathBuf>,
}

/// A text, its copies as their readers see them, and the tracer's view of it.
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) words: usize,
    pub(crate) channels: Vec<(Channel, usize)>,
    pub(crate) original: String,
    copies: Vec<String>,
    /// Copies with codewords that nobody received.
    pub(crate) strangers: Vec<String>,
    /// Copies that went through tesseract.
    pub(crate) scans: Vec<(u64, String)>,
    /// Where the sentences with authored variants stand, as ranges of the original's words.
    pub(crate) marked: Vec<Range<usize>>,
    /// What became of suggested wordings.
    pub(crate) sifting: Option<Sifting>,
    prepared: Prepared,
}

/// What a trace concluded.
pub(crate) struct Outcome {
    pub(crate) named: Vec<u64>,
    pub(crate) verdict: Verdict,
    /// The evidence for the best copy, in bits.
    pub(crate) bits: f64,
    /// How many sites were read.
    pub(crate) read: usize,
}

/// The folder's texts in the order of their names.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let format = match path.extension().and_then(|extension| extension.to_str()) {
            Some("txt") => Format::Text,
            Some("md") => Format::Markdown,
            _ => continue,
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        files.push(File { name, format, bytes: fs::read(&path)?, sentences: Vec::new() });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

impl Subject {
    /// Issues a text.
    pub(crate) fn issue(file: File, options: &Options) -> Result<Self, Box<dyn Error>> {
        let mut secret = [0; 32];
        let mut random = Random::new(options.seed);
        for bytes in secret.chunks_exact_mut(8) {
            bytes.copy_from_slice(&random.bits().to_be_bytes());
        }
        let Marked { document, sites, sifting } = mark(&file, options)?;
        let channels = sites_by_channel(&sites);
        let edition = Edition::new(document, sites, ItemKey::derive(&secret, &file.name));
        let numbers: Vec<CopyNumber> = (1..=options.copies).map(CopyNumber).collect();
        edition.check_distinct(numbers.iter().copied())?;
        let seen = |copy: u64| -> Result<String, Box<dyn Error>> {
            let bytes = edition.write(CopyNumber(copy))?;
            Ok(Document::read(file.format, &bytes)?.text().to_owned())
        };
        let copies = (1..=options.copies).map(seen).collect::<Result<_, _>>()?;
        let strangers = (0..STRANGERS).map(|i| seen(options.copies + 1 + i)).collect::<Result<_, _>>()?;
        let original = edition.document().text().to_owned();
        Ok(Self {
            words: word_count(&original),
            channels,
            original,
            copies,
            strangers,
            scans: Vec::new(),
            marked: Vec::new(),
            sifting,
            prepared: Prepared::new(&file.name, &file.name, edition, numbers),
            name: file.name,
        })
    }

    /// The text of a copy, by its number from 1.
    pub(crate) fn copy(&self, number: u64) -> &str {
        usize::try_from(number - 1).ok().and_then(|index| self.copies.get(index)).map_or("", String::as_str)
    }

    /// The item with its sites and codewords.
    pub(crate) fn edition(&self) -> &Edition {
        self.prepared.edition()
    }

    /// How many copies were issued.
    pub(crate) fn issued(&self) -> usize {
        self.copies.len()
    }

    /// Finds the sentences with authored variants in the original.
    pub(crate) fn locate(&mut self, sentences: &[String]) {
        for sentence in sentences {
            if let Some(at) = self.original.find(sentence.as_str()) {
                let start = word_count(&self.original[..at]);
                self.marked.push(start..start + word_count(sentence));
            }
        }
    }

    /// Traces a leak among this text's copies.
    pub(crate) fn trace_one(&self, leak: &str, alpha: Alpha) -> Outcome {
        let fragment = Fragment::from_text("leak", leak);
        let trace = tracer::trace(std::slice::from_ref(&self.prepared), &[fragment], alpha);
        let named = trace.culprits.iter().map(|candidate| candidate.copy.0).collect();
        let bits = trace.candidates.first().map_or(0.0, |candidate| candidate.wealth.bits());
        Outcome { named, verdict: trace.verdict, bits, read: trace.sites.len() }
    }
}

/// The text without its markup, the sites that are issued, and what became of suggested wordings.
struct Marked {
    document: Document,
    sites: Vec<Site>,
    sifting: Option<Sifting>,
}

fn mark(file: &File, options: &Options) -> Result<Marked, Box<dyn Error>> {
    let marked = authored::extract(&Document::read(file.format, &file.bytes)?)?;
    let chosen = plan::Options { accept: options.tier, invisible: options.invisible };
    let mut plan = Plan::propose(&marked.document, marked.sites, marked.protected, chosen);
    let sifting = match &options.suggested {
        Some(folder) => Some(suggested::accept(
            folder,
            &file.name,
            &marked.document,
            &mut plan,
            options.copies,
            options.alpha,
        )?),
        None => None,
    };
    let sites = plan.sites();
    Ok(Marked { document: marked.document, sites, sifting })
}
