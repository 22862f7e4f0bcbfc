//! Text recognition, tried in several ways until one fits.
//!
//! The program that reads pictures is somebody else's; the caller brings it as a [`Recogniser`]. What is decided here is
//! how to show it a picture: how large, which way round, and as what kind of page. Of several runs the one is kept that
//! aligns best with an item; that depends on the item alone, never on a codeword.

use std::fmt;

use super::error::RecogniseError;
use super::ocr::Reading;
use super::picture::{Picture, Turn};

/// How many times a page is shown to the program at most.
pub const RUNS_MAX: usize = 12;

/// The height in pixels at which words are read best.
///
/// Tesseract's documentation asks for capitals of 20 pixels and more ("Improving the quality of the output"); a word's
/// box reaches from the top of capitals to the foot of descenders, half as much again.
const WORD_HEIGHT: f64 = 32.0;

/// Factors by which pictures are scaled.
const SCALES: [f64; 7] = [0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0];

/// A page of which an item explains this share of the characters is read as well as it can be.
const ALIGNED_ALL: f64 = 0.997;

/// One of which it explains this share is the right way round, and needs one second opinion only.
const ALIGNED_WELL: f64 = 0.9;
const ALIGNED_NEARLY: f64 = 0.99;

/// The same where other text stands beside the item's: how sure the program must be, 0..=100.
const SURE: f64 = 93.0;

/// A page of which more rows than this share were passed over is read as another kind of page as well: the programs
/// leave out paragraphs and are sure of the rest.
const UNREAD: f64 = 0.06;

/// How many runs such a page is worth; pictures and rules on a page are never read.
const UNREAD_RUNS: usize = 5;

/// Below this confidence the page may lie on its side, or be a negative.
const UNSURE: f64 = 65.0;

/// Reads pictures of text.
pub trait Recogniser {
    /// Its name and version, as reports say them.
    fn name(&self) -> &str;

    /// Reads a picture as a page of this kind in this language (a code of three letters, ISO 639-2).
    fn recognise(
        &mut self,
        picture: &Picture,
        mode: PageMode,
        language: &str,
    ) -> Result<Reading, RecogniseError>;

    /// Page `page` of `pages`, from 1, of the leak `name` comes next.
    fn turn_to(&mut self, name: &str, page: usize, pages: usize) {
        let _ = (name, page, pages);
    }
}

/// What kind of page a picture is taken for; the numbers are tesseract's page segmentation modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageMode {
    /// Anything, columns included: 3.
    Auto,
    /// One column of text of various sizes: 4.
    Column,
    /// One block of text of one size: 6.
    Block,
    /// Words here and there: 11.
    Sparse,
}

impl PageMode {
    /// The mode's number.
    pub fn number(self) -> u8 {
        match self {
            Self::Auto => 3,
            Self::Column => 4,
            Self::Block => 6,
            Self::Sparse => 11,
        }
    }
}

/// How well a text fits an item.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fit {
    /// How much likelier the text is as a rendering of the item than by chance: bits, times eight.
    pub gain: u64,
    /// The share of its characters that stand for an equal one of the item, 0.0..=1.0.
    pub aligned: f64,
}

/// How a picture was shown to the program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct How {
    pub(super) mode: PageMode,
    pub(super) scale: f64,
    pub(super) turn: Turn,
    pub(super) inverted: bool,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "psm {}", self.mode.number())?;
        if (self.scale - 1.0).abs() > 0.01 {
            write!(f, ", x{}", (self.scale * 100.0).round() / 100.0)?;
        }
        if self.turn != Turn::None {
            write!(f, ", turned by {}", self.turn.degrees())?;
        }
        if self.inverted {
            f.write_str(", inverted")?;
        }
        Ok(())
    }
}

/// The best run.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) reading: Reading,
    pub(super) how: How,
    pub(super) fit: Fit,
    /// The share of the page's rows that hold something and were passed over.
    unread: f64,
}

impl Best {
    /// A larger gain first; where nothing fits, more letters that were read with confidence.
    fn beats(&self, other: &Self) -> bool {
        match self.fit.gain.cmp(&other.fit.gain) {
            std::cmp::Ordering::Equal => self.reading.legible() > other.reading.legible(),
            order => order.is_gt(),
        }
    }
}

/// Reads a picture in up to [`RUNS_MAX`] ways and keeps the run that fits best.
pub(super) fn best(
    picture: &Picture,
    reader: &mut dyn Recogniser,
    judge: &mut dyn FnMut(&str) -> Fit,
    language: &str,
) -> Result<Best, RecogniseError> {
    let mut trial = Trial { picture, reader, judge, language, best: None, tried: Vec::new() };
    let dark = picture.is_dark();
    let first = How { mode: PageMode::Auto, scale: 1.0, turn: Turn::None, inverted: dark };
    // A picture of enormous letters, or of more pixels than are worth their time, is read smaller from the start.
    let mut how = How { scale: picture.room(1.0), ..first };
    trial.run(how)?;
    let mut height = trial.height();
    if height.is_none() && !trial.is_upright() {
        // Nothing legible: too small, or not upright.
        trial.run(How { scale: picture.room(2.0), ..first })?;
        height = trial.height();
        for turn in [Turn::Right, Turn::Left, Turn::Over] {
            if height.is_none() {
                trial.run(How { turn, ..how })?;
                height = trial.height();
            }
        }
    } else if trial.unsure() {
        // Upside down, letters make words as well, but poor ones.
        for turn in [Turn::Over, Turn::Right, Turn::Left] {
            if trial.unsure() {
                trial.run(How { turn, ..how })?;
            }
        }
        height = trial.height();
    }
    how = trial.how().unwrap_or(how);
    if let Some(height) = height {
        let scale = nearest(how.scale * WORD_HEIGHT / f64::from(height.max(1)));
        how.scale = picture.room(scale);
        if !trial.is_done() {
            trial.run(how)?;
        }
    }
    how = trial.how().unwrap_or(how);
    for mode in [PageMode::Block, PageMode::Column, PageMode::Sparse] {
        if !trial.is_done() {
            trial.run(How { mode, ..how })?;
        }
    }
    how = trial.how().unwrap_or(how);
    for scale in [1.5, 2.0, 3.0, 1.0] {
        if !trial.is_done() {
            trial.run(How { scale: picture.room(scale), ..how })?;
        }
    }
    how = trial.how().unwrap_or(how);
    if trial.unsure() {
        trial.run(How { inverted: !how.inverted, ..how })?;
    }
    trial.best.ok_or_else(|| RecogniseError::Failed {
        program: trial.reader.name().to_owned(),
        said: "it read nothing".to_owned(),
    })
}

struct Trial<'t> {
    picture: &'t Picture,
    reader: &'t mut dyn Recogniser,
    judge: &'t mut dyn FnMut(&str) -> Fit,
    language: &'t str,
    best: Option<Best>,
    tried: Vec<How>,
}

impl Trial<'_> {
    fn run(&mut self, how: How) -> Result<(), RecogniseError> {
        let same =
            |tried: &How| How { scale: how.scale, ..*tried } == how && (tried.scale - how.scale).abs() < 0.05;
        if self.tried.len() >= RUNS_MAX || self.tried.iter().any(same) {
            return Ok(());
        }
        self.tried.push(how);
        let shown = self.picture.prepared(how.scale, how.turn, how.inverted);
        let reading = self.reader.recognise(&shown, how.mode, self.language)?;
        let fit = if reading.words() == 0 { Fit::default() } else { (self.judge)(reading.text()) };
        let unread = shown.unread(reading.rows());
        let run = Best { reading, how, fit, unread };
        if self.best.as_ref().is_none_or(|best| run.beats(best)) {
            self.best = Some(run);
        }
        Ok(())
    }

    fn how(&self) -> Option<How> {
        self.best.as_ref().map(|best| best.how)
    }

    fn height(&self) -> Option<u32> {
        self.best.as_ref().and_then(|best| best.reading.word_height())
    }

    fn confidence(&self) -> f64 {
        self.best.as_ref().and_then(|best| best.reading.confidence()).unwrap_or(0.0)
    }

    fn unsure(&self) -> bool {
        !self.is_upright() && self.confidence() < UNSURE
    }

    fn aligned(&self) -> f64 {
        self.best.as_ref().filter(|best| best.fit.gain > 0).map_or(0.0, |best| best.fit.aligned)
    }

    fn is_upright(&self) -> bool {
        self.aligned() >= ALIGNED_WELL
    }

    /// Whether another run is hardly worth its seconds.
    fn is_done(&self) -> bool {
        let gain = self.best.as_ref().map_or(0, |best| best.fit.gain);
        // One more way than the first, at the size that suits the letters, for every page.
        let sure = self.tried.len() >= 2 && (self.confidence() >= SURE || self.aligned() >= ALIGNED_NEARLY);
        // A page that is read and is none of ours.
        let foreign = self.tried.len() >= 3 && gain == 0 && self.confidence() >= UNSURE + 15.0;
        let unread = self.best.as_ref().map_or(0.0, |best| best.unread);
        let passed_over = gain > 0 && unread > UNREAD && self.tried.len() < UNREAD_RUNS;
        !passed_over && (self.aligned() >= ALIGNED_ALL || sure || foreign)
    }
}

/// The nearest of the usual factors.
fn nearest(scale: f64) -> f64 {
    let far = |factor: f64| if factor > scale { factor / scale } else { scale / factor };
    SCALES.into_iter().fold(1.0, |best, factor| if far(factor) < far(best) { factor } else { best })
}

#[cfg(test)]
#[path = "recognise/tests.rs"]
mod tests;
