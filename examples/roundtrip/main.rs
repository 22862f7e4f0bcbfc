//! Whether real office files come through: each is issued or refused with a reason.
//!
//! Every file that is read gets two treatments. The one is a copy as it would be issued, with every site that the
//! channels find. The other is harsher: every few words of all editable text become another word, shorter, longer, or
//! with characters that markup has to escape. After each the members of the archive are compared with another zip
//! reader, the changed parts are read with a plain XML reader, and the text is read again.
//!
//! ```text
//! cargo run --release --example roundtrip -- FOLDER... --out COPIES
//! ```

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use dyetrace::channel::{Tier, authored};
use dyetrace::codebook::{CopyNumber, ItemKey};
use dyetrace::issue::Edition;
use dyetrace::item::{Document, Edit, Format, Kind, SOURCE_BYTES_MAX};
use dyetrace::plan::{Options, Plan};
use zip::ZipArchive;

/// Issues office files and compares the copies with them.
#[derive(Parser, Debug)]
#[command(name = "roundtrip", max_term_width = 80)]
struct Arguments {
    /// Files, and folders that are searched for them.
    paths: Vec<PathBuf>,
    /// Folder for the harsher copies, so that other programs can open them.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Folder for a copy of each as it would be issued.
    #[arg(long)]
    copies: Option<PathBuf>,
    /// Times so many copies of each file against copying its bytes as they are.
    #[arg(long, default_value_t = 0)]
    time: u64,
    /// One word in so many is changed.
    #[arg(long, default_value_t = 5)]
    every: usize,
}

/// What became of one file.
enum Outcome {
    Issued(Issued),
    Refused(String),
    Broken(String),
}

#[derive(Default)]
struct Issued {
    format: &'static str,
    words: usize,
    sites: usize,
    edits: usize,
    members: usize,
    changed: usize,
    skipped: String,
}

/// What words become in turn.
const FORMS: [fn(&str) -> String; 4] = [
    |word| format!("{word}&<{word}>"),
    |word| word.chars().take(2).collect(),
    |word| format!("{word} & \"more\""),
    |word| word.chars().rev().collect(),
];

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut files = Vec::new();
    for path in &arguments.paths {
        gather(path, &mut files);
    }
    files.sort();
    let mut out = std::io::stdout().lock();
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let outcome = match std::fs::read(file) {
            Ok(bytes) if bytes.len() <= SOURCE_BYTES_MAX => round_trip(file, &bytes, &arguments),
            Ok(_) => Outcome::Refused("too large".into()),
            Err(error) => Outcome::Broken(error.to_string()),
        };
        let line = match outcome {
            Outcome::Issued(done) => {
                *totals.entry("issued").or_default() += 1;
                *totals.entry("edits").or_default() += done.edits;
                *totals.entry("sites").or_default() += done.sites;
                format!(
                    "issued   {:5} {:6} words {:4} sites {:5} edits, {} of {} members changed{}",
                    done.format, done.words, done.sites, done.edits, done.changed, done.members, done.skipped
                )
            }
            Outcome::Refused(why) => {
                *totals.entry("refused").or_default() += 1;
                *reasons.entry(why.clone()).or_default() += 1;
                format!("refused  {why}")
            }
            Outcome::Broken(why) => {
                *totals.entry("BROKEN").or_default() += 1;
                format!("BROKEN   {why}")
            }
        };
        let _ = writeln!(out, "{name:48} {line}");
    }
    let _ = writeln!(out, "\n{} files: {totals:?}\nreasons: {reasons:#?}", files.len());
    if totals.contains_key("BROKEN") { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        entries.flatten().for_each(|entry| gather(&entry.path(), files));
    } else if std::fs::read(path).is_ok_and(|bytes| matches!(Kind::of(&bytes), Kind::Zip | Kind::Compound)) {
        files.push(path.to_owned());
    }
}

fn round_trip(path: &Path, bytes: &[u8], arguments: &Arguments) -> Outcome {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let document = match Document::read(Format::detect(bytes, Some(&name)), bytes) {
        Ok(document) => document,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    match treat(path, bytes, &document, arguments) {
        Ok(issued) => Outcome::Issued(issued),
        Err(why) => Outcome::Broken(why),
    }
}

fn treat(path: &Path, bytes: &[u8], document: &Document, arguments: &Arguments) -> Result<Issued, String> {
    if document.bytes() != bytes || document.edit(&[]).map_err(|e| e.to_string())? != bytes {
        return Err("without an edit other bytes are written".into());
    }
    let mut done = Issued {
        format: document.format().name(),
        words: document.text().split_whitespace().count(),
        ..Issued::default()
    };
    if !document.skipped().is_empty() {
        let skipped = document.skipped().iter().map(|(what, count)| format!("{count} {}", what.name()));
        done.skipped = format!("; skipped {}", skipped.collect::<Vec<_>>().join(", "));
    }

    let edits = harsh(document, arguments.every.max(1));
    done.edits = edits.len();
    let copy = document.edit(&edits).map_err(|e| format!("the harsh edits: {e}"))?;
    (done.members, done.changed) = compare(bytes, &copy)?;
    let mut wanted = document.text().to_owned();
    for edit in edits.iter().rev() {
        wanted.replace_range(edit.range.clone(), &edit.text);
    }
    let again = Document::read(document.format(), &copy).map_err(|e| format!("the harsh copy: {e}"))?;
    if again.text() != wanted {
        return Err("the harsh copy reads differently".into());
    }
    if let Some(folder) = &arguments.out {
        keep(folder, path, &copy)?;
    }

    let marked = authored::extract(document).map_err(|e| format!("its markup: {e}"))?;
    let options = Options { accept: Tier::Bold, ..Options::default() };
    let plan = Plan::propose(&marked.document, marked.sites, marked.protected, options);
    let sites = plan.sites();
    done.sites = sites.len();
    if !sites.is_empty() {
        let edition = Edition::new(marked.document, sites, ItemKey::derive(&[7; 32], "roundtrip"));
        for copy in 1..=2 {
            let bytes = edition.write(CopyNumber(copy)).map_err(|e| format!("copy {copy}: {e}"))?;
            compare(&marked.original, &bytes)?;
            if let Some(folder) = arguments.copies.as_ref().filter(|_| copy == 1) {
                keep(folder, path, &bytes)?;
            }
        }
        if arguments.time > 0 {
            done.skipped += &timed(path, &edition, arguments.time).map_err(|e| e.to_string())?;
        }
    }
    Ok(done)
}

/// Writes a copy under the name of its original and of the folder that one is in.
fn keep(folder: &Path, path: &Path, copy: &[u8]) -> Result<(), String> {
    let parent = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    std::fs::write(folder.join(format!("{parent}-{name}")), copy).map_err(|e| e.to_string())
}

/// How many copies a second are written and checked, and how many plain copies of the file.
fn timed(path: &Path, edition: &Edition, count: u64) -> std::io::Result<String> {
    let folder = tempfile::tempdir()?;
    let start = Instant::now();
    for copy in 1..=count {
        let bytes = edition.write(CopyNumber(copy)).map_err(std::io::Error::other)?;
        std::fs::write(folder.path().join(copy.to_string()), bytes)?;
    }
    let ours = start.elapsed().as_secs_f64();
    let start = Instant::now();
    for copy in 1..=count {
        std::fs::copy(path, folder.path().join(copy.to_string()))?;
    }
    let plain = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred copies")]
    let count = count as f64;
    Ok(format!("; {:.0} copies/s, plain copying {:.0}/s", count / ours, count / plain))
}

/// Every few words of the text that may be edited, changed.
fn harsh(document: &Document, every: usize) -> Vec<Edit> {
    let text = document.text();
    let mut at = 0;
    let mut edits = Vec::new();
    let mut seen = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let range = at..at + word.len();
        at += piece.len();
        if word.is_empty() || !document.editable(&range) {
            continue;
        }
        seen += 1;
        if seen % every == 0 {
            edits.push(Edit { range, text: FORMS[edits.len() % FORMS.len()](word) });
        }
    }
    edits.retain(|edit| text[edit.range.clone()] != edit.text);
    edits
}

/// How many members there are and how many changed; an error where anything else differs.
fn compare(before: &[u8], after: &[u8]) -> Result<(usize, usize), String> {
    let open = |bytes: &[u8]| ZipArchive::new(Cursor::new(bytes.to_vec())).map_err(|e| e.to_string());
    let (mut old, mut new) = (open(before)?, open(after)?);
    if old.len() != new.len() || old.comment() != new.comment() {
        return Err("another number of members".into());
    }
    let mut changed = 0;
    for index in 0..old.len() {
        let mut contents = [Vec::new(), Vec::new()];
        let mut said = Vec::new();
        for (archive, content) in [&mut old, &mut new].into_iter().zip(&mut contents) {
            let mut file = archive.by_index(index).map_err(|e| e.to_string())?;
            file.read_to_end(content).map_err(|e| e.to_string())?;
            said.push((
                file.name_raw().to_vec(),
                file.last_modified(),
                file.unix_mode(),
                file.compression(),
                file.extra_data(),
            ));
        }
        let name = String::from_utf8_lossy(&said[0].0).into_owned();
        if said[0] != said[1] {
            return Err(format!("{name}: its header says something else"));
        }
        if contents[0] != contents[1] {
            changed += 1;
            well_formed(&contents[1]).map_err(|e| format!("{name}: {e}"))?;
            let tags = contents.each_ref().map(|content| content.split(|&byte| byte == b'<').count());
            if tags[0] != tags[1] {
                return Err(format!("{name}: it has {} tags, not {}", tags[1], tags[0]));
            }
        }
    }
    Ok((old.len(), changed))
}

fn well_formed(xml: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(quick_xml::events::Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}
