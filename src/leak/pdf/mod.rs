//! PDF documents: what their text operators draw, and pages that are pictures of text.
//!
//! Parsing is done by `hayro`, in a guarded thread. A PDF has no words, lines or paragraphs; [`layout`] makes them from
//! the places of the glyphs.

mod layout;
mod sheet;
mod unpacked;

use std::sync::Arc;
use std::time::Duration;

use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, TransformExt as _, interpret_page,
};
use hayro::hayro_syntax::page::Page as PdfPage;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::kurbo::Rect;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::item::{Kind, ReadError};

use super::LeakError;
use super::guard::{self, Brake};
use super::picture::{PIXELS_MAX, Picture};
use sheet::Sheet;

/// The most pages that are read.
pub(super) const PAGES_MAX: usize = 5000;

/// The most objects that a document may have.
const OBJECTS_MAX: usize = 4_000_000;

/// The most glyphs, paths and pictures that are drawn in all.
const STEPS_MAX: u64 = 30_000_000;

/// Pages that are pictures are rendered at the resolution of their pictures, within these bounds, in dots per inch.
const DPI_MIN: f64 = 150.0;
const DPI_MAX: f64 = 300.0;

/// The resolution for pages whose letters are drawn as paths.
const DPI_USUAL: f64 = 250.0;

/// A page with fewer letters has nearly no text.
const LETTERS_FEW: usize = 40;

/// A page with fewer letters may hold no more than a stamp on a scan.
const LETTERS_STAMP: usize = 400;

/// Letters drawn as paths: a page without text that has so many paths is taken for one.
const PATHS_MANY: usize = 100;

/// A page of a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    /// What its text operators draw; of a scan what somebody's text recognition laid under it, or a stamp.
    pub(super) text: String,
    /// Where the page should be read as a picture: at how many dots per inch.
    pub(super) picture: Option<f64>,
}

/// Reads the pages of a document.
pub(super) fn open(bytes: &Arc<Vec<u8>>, wait: Duration) -> Result<Vec<Page>, LeakError> {
    let kind = Kind::Pdf.name();
    let own = Arc::clone(bytes);
    guard::run(wait, STEPS_MAX, move |brake| pages(own, brake))
        .map_err(|why| LeakError::stopped(why, kind, wait))?
}

fn pages(bytes: Arc<Vec<u8>>, brake: &Brake) -> Result<Vec<Page>, LeakError> {
    unpacked::check(&bytes)?;
    let pdf = load(bytes)?;
    let limit = |what, found: usize, max: usize| {
        if found > max {
            Err(ReadError::Limit { what, found: found as u64, max: max as u64 })
        } else {
            Ok(())
        }
    };
    limit("the PDF's objects", pdf.len(), OBJECTS_MAX)?;
    limit("the PDF's pages", pdf.pages().len(), PAGES_MAX)?;
    let cache = InterpreterCache::new();
    let mut read = Vec::with_capacity(pdf.pages().len());
    for page in pdf.pages().iter() {
        brake.step(1);
        let (width, height) = page.render_dimensions();
        let mut sheet = Sheet::new(f64::from(width), f64::from(height), brake);
        let transform = page.initial_transform(true).to_kurbo();
        let view = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let settings = InterpreterSettings::default();
        let mut context = Context::new(transform, view, &cache, page.xref(), settings);
        interpret_page(page, &mut context, &mut sheet);
        read.push(assess(&sheet));
    }
    Ok(read)
}

fn load(bytes: Arc<Vec<u8>>) -> Result<Pdf, LeakError> {
    Pdf::new(bytes).map_err(|error| {
        let kind = Kind::Pdf.name();
        match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => ReadError::Encrypted { kind },
            LoadPdfError::Decryption(_) => ReadError::Damaged {
                part: kind.to_owned(),
                problem: "it is encrypted in a way that cannot be undone".to_owned(),
            },
            LoadPdfError::Invalid => ReadError::Damaged {
                part: kind.to_owned(),
                problem: "it has no pages that can be found".to_owned(),
            },
        }
        .into()
    })
}

/// Whether the page's own text will do.
fn assess(sheet: &Sheet<'_>) -> Page {
    let text = layout::text(sheet);
    let letters = sheet.letters();
    let pictured = sheet.pictured();
    // Without a table of characters, glyph numbers look like letters and are none.
    let foreign = sheet.unmapped() * 10 > letters * 3;
    let scanned = pictured > 0.4 && (letters < LETTERS_STAMP || sheet.hidden() * 2 > letters);
    let bare = letters < LETTERS_FEW && (pictured > 0.05 || sheet.paths() > PATHS_MANY);
    let dpi = match sheet.dpi() {
        Some(dpi) => dpi.clamp(DPI_MIN, DPI_MAX),
        None => DPI_USUAL,
    };
    // A damaged or hostile file may announce pictures that no memory holds.
    let wanted = (foreign && letters > 0 || scanned || bare) && sheet.picture_pixels() <= PIXELS_MAX;
    Page { text, picture: wanted.then_some(dpi) }
}

/// Renders a page on white.
pub(super) fn render(
    bytes: &Arc<Vec<u8>>,
    page: usize,
    dpi: f64,
    wait: Duration,
) -> Result<Picture, LeakError> {
    let kind = Kind::Pdf.name();
    let own = Arc::clone(bytes);
    let rendered = guard::run(wait, u64::MAX, move |_| -> Result<Option<Picture>, LeakError> {
        let pdf = load(own)?;
        Ok(pdf.pages().get(page).and_then(|page| draw(page, dpi)))
    });
    rendered.map_err(|why| LeakError::stopped(why, kind, wait))??.ok_or(LeakError::Unreadable { kind })
}

fn draw(page: &PdfPage<'_>, dpi: f64) -> Option<Picture> {
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    // Poster-sized pages are rendered as small as a scanner would have seen them.
    let side = f64::from(u16::MAX - 1) / width.max(height);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let area = (PIXELS_MAX as f64 / 4.0 / (width * height)).sqrt();
    let scale = (dpi / 72.0).min(side).min(area);
    if !(scale.is_finite() && scale > 0.0) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a scale factor")]
    let scale = scale as f32;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let luma = |red: u8, green: u8, blue: u8| {
        // ITU-R BT.601, as scanners have it.
        let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        u8::try_from(sum / 1000).unwrap_or(u8::MAX)
    };
    let gray = pixmap.data().iter().map(|pixel| luma(pixel.r, pixel.g, pixel.b)).collect();
    Picture::new(width, height, gray)
}

#[cfg(test)]
mod tests;
