//! Pictures of text, in shades of grey.

use std::io::Cursor;
use std::time::Duration;

use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

use crate::item::{Kind, ReadError};

use super::LeakError;
use super::guard;

/// The most pixels that a page may have; an A3 sheet scanned at 600 dpi has 70 million.
pub const PIXELS_MAX: u64 = 100_000_000;

/// The longest side that is read, in pixels.
const SIDE_MAX: u32 = 40_000;

/// The most pixels after scaling up: text recognition takes time in proportion.
const SCALED_PIXELS_MAX: f64 = 48e6;

/// What a decoder may allocate: a page of [`PIXELS_MAX`] in colour, and its working copy.
const DECODE_BYTES_MAX: u64 = 800 << 20;

/// The most pages of a TIFF file.
pub(super) const PAGES_MAX: usize = 500;

/// A picture in 256 shades of grey, black 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pixels: GrayImage,
}

/// A quarter turn clockwise, how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// As it is.
    None,
    /// By 90 degrees.
    Right,
    /// By 180 degrees.
    Over,
    /// By 270 degrees.
    Left,
}

impl Turn {
    /// The angle in degrees.
    pub fn degrees(self) -> u16 {
        match self {
            Self::None => 0,
            Self::Right => 90,
            Self::Over => 180,
            Self::Left => 270,
        }
    }
}

impl Picture {
    /// A picture from its pixels, row by row; none unless there are width × height of them, and at least one.
    pub fn new(width: u32, height: u32, gray: Vec<u8>) -> Option<Self> {
        let wanted = u64::from(width) * u64::from(height);
        if wanted == 0 || wanted != gray.len() as u64 {
            return None;
        }
        GrayImage::from_raw(width, height, gray).map(|pixels| Self { pixels })
    }

    /// Its width in pixels.
    pub fn width(&self) -> u32 {
        self.pixels.width()
    }

    /// Its height in pixels.
    pub fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// Its pixels, row by row.
    pub fn gray(&self) -> &[u8] {
        self.pixels.as_raw()
    }

    /// Whether most of it is dark, as a screen with light letters on black is.
    pub fn is_dark(&self) -> bool {
        let dark = self.gray().iter().filter(|&&value| value < 110).count();
        dark * 2 > self.gray().len()
    }

    /// The share of the rows with dark pixels on light paper that lie in none of `rows`, 0.0..=1.0.
    ///
    /// A hundredth of a row's pixels makes it dark; a line of text has five times as many.
    pub(super) fn unread(&self, rows: &[(u32, u32)]) -> f64 {
        let mut shades = [0_u64; 256];
        for &value in self.gray() {
            shades[usize::from(value)] += 1;
        }
        // Paper is what half of the page is darker than, or as dark as.
        let mut below = 0;
        let paper = shades.iter().position(|&count| {
            below += count;
            below * 2 >= self.gray().len() as u64
        });
        let dark = paper.unwrap_or(255) * 3 / 5;
        let width = self.width() as usize;
        let mut read = vec![false; self.height() as usize];
        for &(first, last) in rows {
            // Boxes are tight, and lines may lean.
            let more = last.saturating_sub(first) / 3;
            let (first, last) = (first.saturating_sub(more) as usize, last.saturating_add(more) as usize);
            let end = last.min(read.len());
            read.get_mut(first.min(end)..end).unwrap_or_default().fill(true);
        }
        let mut inked = 0_u32;
        let mut missed = 0_u32;
        for (row, read) in self.gray().chunks_exact(width).zip(read) {
            if row.iter().filter(|&&value| usize::from(value) < dark).count() * 100 >= width.max(300) {
                inked += 1;
                missed += u32::from(!read);
            }
        }
        if inked == 0 { 0.0 } else { f64::from(missed) / f64::from(inked) }
    }

    /// The largest factor up to `scale` by which it may be scaled.
    pub(super) fn room(&self, scale: f64) -> f64 {
        let pixels = f64::from(self.width()) * f64::from(self.height());
        scale.min((SCALED_PIXELS_MAX / pixels).sqrt())
    }

    /// Scaled, turned and inverted.
    pub(super) fn prepared(&self, scale: f64, turn: Turn, inverted: bool) -> Self {
        let mut pixels = if (scale - 1.0).abs() < 0.01 {
            self.pixels.clone()
        } else {
            let side = |length: u32| pixels_of(f64::from(length) * scale);
            imageops::resize(&self.pixels, side(self.width()), side(self.height()), FilterType::CatmullRom)
        };
        pixels = match turn {
            Turn::None => pixels,
            Turn::Right => imageops::rotate90(&pixels),
            Turn::Over => imageops::rotate180(&pixels),
            Turn::Left => imageops::rotate270(&pixels),
        };
        if inverted {
            imageops::invert(&mut pixels);
        }
        Self { pixels }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a side may be")]
fn pixels_of(length: f64) -> u32 {
    length.round().clamp(1.0, f64::from(SIDE_MAX) * 4.0) as u32
}

/// The pages of a picture file: one, or those of a TIFF.
pub(super) fn decode(kind: Kind, bytes: Vec<u8>, wait: Duration) -> Result<Vec<Picture>, LeakError> {
    let decoded = guard::run(wait, u64::MAX, move |_| match kind {
        Kind::Tiff => decode_pages(bytes),
        Kind::Jpeg => decode_one(&bytes, ImageFormat::Jpeg).map(|one| vec![one]),
        _ => decode_one(&bytes, ImageFormat::Png).map(|one| vec![one]),
    });
    decoded.map_err(|why| LeakError::stopped(why, kind.name(), wait))?.map_err(|problem| match problem {
        Problem::Large { pixels } => {
            ReadError::Limit { what: "a picture's pixels", found: pixels, max: PIXELS_MAX }.into()
        }
        Problem::Pages { pages } => {
            ReadError::Limit { what: "a picture's pages", found: pages, max: PAGES_MAX as u64 }.into()
        }
        Problem::Damaged(problem) => ReadError::Damaged { part: kind.name().to_owned(), problem }.into(),
    })
}

enum Problem {
    Large { pixels: u64 },
    Pages { pages: u64 },
    Damaged(String),
}

impl From<image::ImageError> for Problem {
    fn from(error: image::ImageError) -> Self {
        // The decoders' own words may hold line ends and capitals; they become part of one line.
        let text = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        Self::Damaged(text.trim_end_matches('.').to_owned())
    }
}

fn decode_one(bytes: &[u8], format: ImageFormat) -> Result<Picture, Problem> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        return Err(Problem::Large { pixels });
    }
    // What a camera wrote down about how it was held.
    let orientation = decoder.orientation()?;
    let mut decoded = DynamicImage::from_decoder(decoder)?;
    decoded.apply_orientation(orientation);
    Ok(Picture { pixels: gray(decoded) })
}

/// Grey, on white paper where it is transparent.
fn gray(decoded: DynamicImage) -> GrayImage {
    if !decoded.color().has_alpha() {
        return decoded.into_luma8();
    }
    let shaded = decoded.into_luma_alpha8();
    let (width, height) = shaded.dimensions();
    let over_white = |luma: u8, alpha: u8| {
        let (luma, alpha) = (u32::from(luma), u32::from(alpha));
        u8::try_from((luma * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
    };
    let pixels = shaded.pixels().map(|pixel| over_white(pixel.0[0], pixel.0[1])).collect();
    GrayImage::from_raw(width, height, pixels).unwrap_or_else(|| GrayImage::new(1, 1))
}

/// The pages of a TIFF file.
///
/// The decoder reads the first directory of a file; the header is pointed at each in turn.
fn decode_pages(mut bytes: Vec<u8>) -> Result<Vec<Picture>, Problem> {
    let directories = directories(&bytes)?;
    let mut pages = Vec::new();
    let mut pixels: u64 = 0;
    for at in directories {
        let offset = if bytes.starts_with(b"II") { at.to_le_bytes() } else { at.to_be_bytes() };
        bytes[4..8].copy_from_slice(&offset);
        let page = decode_one(&bytes, ImageFormat::Tiff)?;
        pixels += page.gray().len() as u64;
        // All pages are held at once: grey, a quarter of what one page in colour takes while it is decoded.
        if pixels > 8 * PIXELS_MAX {
            return Err(Problem::Large { pixels });
        }
        pages.push(page);
    }
    Ok(pages)
}

/// The tag that says what a directory's picture is, and its bit for a smaller version of another one.
const SUBFILE: u16 = 254;
const REDUCED: u32 = 1;

/// Where the directories of a TIFF file's pages stand (TIFF 6.0, section 2), previews left out.
fn directories(bytes: &[u8]) -> Result<Vec<u32>, Problem> {
    let little = bytes.starts_with(b"II");
    let damaged = || Problem::Damaged("a directory lies outside the file".to_owned());
    let take = |at: usize, length: usize| bytes.get(at..at.checked_add(length)?);
    let u16_at = |at: usize| {
        let pair: [u8; 2] = take(at, 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
    };
    let u32_at = |at: usize| {
        let four: [u8; 4] = take(at, 4)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let mut found: Vec<u32> = Vec::new();
    let mut seen = 0_usize;
    let mut next = u32_at(4).ok_or_else(damaged)?;
    while next != 0 {
        let at = next as usize;
        let entries = usize::from(u16_at(at).ok_or_else(damaged)?);
        let reduced = (0..entries).map(|entry| at + 2 + 12 * entry).any(|entry| {
            // A LONG (4); some writers use a SHORT (3).
            let value = match u16_at(entry + 2) {
                Some(3) => u16_at(entry + 8).map(u32::from),
                _ => u32_at(entry + 8),
            };
            u16_at(entry) == Some(SUBFILE) && value.is_some_and(|value| value & REDUCED != 0)
        });
        if !reduced || found.is_empty() {
            found.push(next);
        }
        seen += 1;
        if seen > PAGES_MAX {
            return Err(Problem::Pages { pages: seen as u64 });
        }
        let behind = u32_at(at + 2 + 12 * entries).ok_or_else(damaged)?;
        if found.contains(&behind) {
            return Err(Problem::Damaged("its directories form a circle".to_owned()));
        }
        next = behind;
    }
    if found.is_empty() {
        return Err(Problem::Damaged("it has no page".to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
#[path = "picture/tests.rs"]
mod tests;
