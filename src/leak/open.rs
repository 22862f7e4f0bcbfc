//! From a file that leaked to a fragment, whatever kind of file it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::item::{Kind, ReadError};

use super::ocr::{self, Reading};
use super::pdf;
use super::picture::{self, Picture};
use super::recognise::{Fit, Recogniser, best};
use super::{FRAGMENT_BYTES_MAX, Fragment, LeakError, Origin, decode};

/// The largest leak that is read, in bytes: a scan of some hundred pages.
pub const LEAK_BYTES_MAX: usize = 256 << 20;

/// How far into a text the marks of a format are looked for, in bytes.
pub(super) const HEAD_BYTES: usize = 8 << 10;

/// Text under a picture of which an item explains this share needs no second reading.
const ALIGNED_WELL: f64 = 0.97;

/// A file that leaked, opened: its kind is known, and so is the text that it holds as text.
#[derive(Clone, Debug)]
pub struct Leak {
    name: String,
    kind: Kind,
    format: &'static str,
    wait: Duration,
    pages: Pages,
}

#[derive(Clone, Debug)]
enum Pages {
    /// Text as it stands, and how it was read.
    Text { text: String, method: String, confidence: Option<f64> },
    /// The pages of a PDF.
    Pdf { bytes: Arc<Vec<u8>>, pages: Vec<pdf::Page> },
    /// Pictures.
    Pictures(Vec<Picture>),
}

/// What it takes to read pictures.
pub struct Sight<'s> {
    /// The program.
    pub recogniser: &'s mut dyn Recogniser,
    /// How well a text fits the items that it could be from; it must not depend on any codeword.
    pub judge: &'s mut dyn FnMut(&str) -> Fit,
    /// The language of the items, in three letters (ISO 639-2).
    pub language: &'s str,
}

impl Leak {
    /// Opens a file: finds out what it is by its content and takes the text that it holds as text.
    ///
    /// Nothing that others wrote is run but their parsers, each in a thread of its own for at most `wait`. Errors:
    /// [`LeakError::Read`] for files that are too large, damaged, locked, or of a kind that is not read;
    /// [`LeakError::Unreadable`] and [`LeakError::Late`] for those that a parser did not survive.
    pub fn open(name: impl Into<String>, bytes: Vec<u8>, wait: Duration) -> Result<Self, LeakError> {
        if bytes.len() > LEAK_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: bytes.len(), max: LEAK_BYTES_MAX }.into());
        }
        let kind = Kind::of(&bytes);
        let (format, pages) = match kind {
            Kind::Pdf => {
                let bytes = Arc::new(bytes);
                let pages = pdf::open(&bytes, wait)?;
                ("pdf", Pages::Pdf { bytes, pages })
            }
            Kind::Png | Kind::Jpeg | Kind::Tiff => {
                let format = match kind {
                    Kind::Png => "png",
                    Kind::Jpeg => "jpeg",
                    _ => "tiff",
                };
                (format, Pages::Pictures(picture::decode(kind, bytes, wait)?))
            }
            _ => written(&bytes)?,
        };
        Ok(Self { name: name.into(), kind, format, wait, pages })
    }

    /// What reports call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many of its pages are pictures that only text recognition can read.
    pub fn pictures(&self) -> usize {
        match &self.pages {
            Pages::Text { .. } => 0,
            Pages::Pdf { pages, .. } => pages.iter().filter(|page| page.picture.is_some()).count(),
            Pages::Pictures(pictures) => pictures.len(),
        }
    }

    /// Whether it holds any text as text.
    pub fn has_text(&self) -> bool {
        match &self.pages {
            Pages::Text { text, .. } => !text.trim().is_empty(),
            Pages::Pdf { pages, .. } => pages.iter().any(|page| !page.text.trim().is_empty()),
            Pages::Pictures(_) => false,
        }
    }

    /// The fragment: its text, and what text recognition makes of its pictures.
    ///
    /// Without `sight`, pages that are pictures give the text that lies under them, if any; where there is no text at
    /// all, that is [`LeakError::Picture`].
    pub fn read(self, mut sight: Option<Sight<'_>>) -> Result<Fragment, LeakError> {
        if sight.is_none() && self.pictures() > 0 && !self.has_text() {
            return Err(LeakError::Picture { kind: self.kind.name() });
        }
        let (name, format) = (self.name, self.format);
        let mut whole = Whole::default();
        match self.pages {
            Pages::Text { text, method, confidence } => {
                let origin = Origin { kind: format, method, confidence };
                return Ok(Fragment::from_text(name, text).with_origin(origin));
            }
            Pages::Pictures(pictures) => {
                let Some(sight) = &mut sight else {
                    return Err(LeakError::Picture { kind: self.kind.name() });
                };
                let pages = pictures.len();
                for (at, picture) in pictures.into_iter().enumerate() {
                    sight.recogniser.turn_to(&name, at + 1, pages);
                    whole.recognised(&picture, sight)?;
                }
            }
            Pages::Pdf { bytes, pages } => {
                let count = pages.len();
                for (at, page) in pages.into_iter().enumerate() {
                    match (page.picture, &mut sight) {
                        (Some(dpi), Some(sight)) => {
                            sight.recogniser.turn_to(&name, at + 1, count);
                            let picture = pdf::render(&bytes, at, dpi, self.wait)?;
                            whole.better(&page.text, &picture, sight)?;
                        }
                        _ => whole.text(&page.text),
                    }
                }
            }
        }
        whole.finish(name, format)
    }
}

/// Text that is no picture.
fn written(bytes: &[u8]) -> Result<(&'static str, Pages), LeakError> {
    let plain = |format, text| (format, Pages::Text { text, method: "text".to_owned(), confidence: None });
    if let Some((format, text)) = super::document::visible_text(bytes)? {
        return Ok((format, Pages::Text { text, method: format!("{format} text"), confidence: None }));
    }
    if bytes.len() > FRAGMENT_BYTES_MAX {
        return Err(ReadError::TooLarge { bytes: bytes.len(), max: FRAGMENT_BYTES_MAX }.into());
    }
    let text = decode::decode(bytes)?;
    let head = &text[..text.floor_char_boundary(HEAD_BYTES)];
    let recognised = |format, reading: Reading| {
        let confidence = reading.confidence();
        let method = format!("{format} of another program");
        (format, Pages::Text { text: reading.text().to_owned(), method, confidence })
    };
    Ok(if ocr::is_tsv(head) {
        recognised("tsv", ocr::tsv(&text)?)
    } else if ocr::is_hocr(head) {
        recognised("hocr", ocr::hocr(&text)?)
    } else if ocr::is_alto(head) {
        recognised("alto", ocr::alto(&text)?)
    } else {
        plain("text", text)
    })
}

/// The pages of one fragment so far.
#[derive(Default)]
struct Whole {
    text: String,
    /// How pages were read, with how many of them.
    methods: BTreeMap<String, usize>,
    /// The first page of each, to name them in order.
    order: Vec<String>,
    certain: f64,
    letters: f64,
}

impl Whole {
    fn text(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.push(text, "pdf text".to_owned());
        }
    }

    fn recognised(&mut self, picture: &Picture, sight: &mut Sight<'_>) -> Result<(), LeakError> {
        let found = best(picture, sight.recogniser, sight.judge, sight.language)?;
        let method = format!("{}, {}", sight.recogniser.name(), found.how);
        self.rate(&found.reading);
        self.push(found.reading.text(), method);
        Ok(())
    }

    /// The text under a picture, or what is read from it: whichever fits better.
    fn better(&mut self, text: &str, picture: &Picture, sight: &mut Sight<'_>) -> Result<(), LeakError> {
        let own = if text.trim().is_empty() { Fit::default() } else { (sight.judge)(text) };
        if own.gain > 0 && own.aligned >= ALIGNED_WELL {
            self.text(text);
            return Ok(());
        }
        let found = best(picture, sight.recogniser, sight.judge, sight.language)?;
        if own.gain > found.fit.gain || found.reading.words() == 0 {
            self.text(text);
            return Ok(());
        }
        let method = format!("{}, {}", sight.recogniser.name(), found.how);
        self.rate(&found.reading);
        self.push(found.reading.text(), method);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of letters")]
    fn rate(&mut self, reading: &Reading) {
        if let Some(confidence) = reading.confidence() {
            let letters = reading.text().len() as f64;
            self.certain += confidence * letters;
            self.letters += letters;
        }
    }

    fn push(&mut self, text: &str, method: String) {
        // One line end: a word that is broken at the end of a page is still one word.
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.text.push_str(text);
        if !self.methods.contains_key(&method) {
            self.order.push(method.clone());
        }
        *self.methods.entry(method).or_default() += 1;
    }

    fn finish(self, name: String, format: &'static str) -> Result<Fragment, LeakError> {
        if self.text.len() > FRAGMENT_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: self.text.len(), max: FRAGMENT_BYTES_MAX }.into());
        }
        let method = match self.order.as_slice() {
            [] => "no text".to_owned(),
            [one] => one.clone(),
            several => {
                let counted = |method: &String| {
                    let pages = self.methods.get(method).copied().unwrap_or_default();
                    format!("{method} ({pages} {})", if pages == 1 { "page" } else { "pages" })
                };
                several.iter().map(counted).collect::<Vec<_>>().join("; ")
            }
        };
        let confidence = (self.letters > 0.0).then(|| self.certain / self.letters);
        Ok(Fragment::from_text(name, self.text).with_origin(Origin { kind: format, method, confidence }))
    }
}
