//! What a page draws: glyphs with their characters and places, and how much of it is pictures.

use std::collections::BTreeSet;

use hayro::hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::kurbo::{BezPath, Point, Rect, Vec2};

use crate::leak::guard::Brake;

/// Glyph coordinates per em.
const UNITS: f64 = 1000.0;

/// A glyph on the page: points, y downwards, along its own baseline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Its characters in [`Sheet::pool`].
    pub(super) text: (u32, u32),
    /// Where its baseline begins and where the next glyph is expected, along the baseline.
    pub(super) start: f64,
    pub(super) end: f64,
    /// Distance of the baseline from the origin, downwards.
    pub(super) line: f64,
    /// The size of its font.
    pub(super) size: f64,
    /// The direction of its baseline in whole degrees.
    pub(super) angle: i16,
}

/// A device that remembers glyphs.
pub(super) struct Sheet<'b> {
    pub(super) pool: String,
    pub(super) glyphs: Vec<Glyph>,
    view: Rect,
    brake: &'b Brake,
    letters: usize,
    unmapped: usize,
    hidden: usize,
    paths: usize,
    /// Area of the pictures over that of the page; those that overlap count twice.
    pictured: f64,
    picture_pixels: u64,
    dpi: Option<f64>,
    /// Characters and where they stand, in steps of about a tenth of their size.
    drawn: BTreeSet<(u64, i64, i64)>,
}

impl<'b> Sheet<'b> {
    pub(super) fn new(width: f64, height: f64, brake: &'b Brake) -> Self {
        Self {
            pool: String::new(),
            glyphs: Vec::new(),
            view: Rect::new(0.0, 0.0, width, height),
            brake,
            letters: 0,
            unmapped: 0,
            hidden: 0,
            paths: 0,
            pictured: 0.0,
            picture_pixels: 0,
            dpi: None,
            drawn: BTreeSet::new(),
        }
    }

    /// How many letters and digits it has.
    pub(super) fn letters(&self) -> usize {
        self.letters
    }

    /// How many glyphs did not say which characters they are.
    pub(super) fn unmapped(&self) -> usize {
        self.unmapped
    }

    /// How many letters are not to be seen, as those are that lie under a scan.
    pub(super) fn hidden(&self) -> usize {
        self.hidden
    }

    pub(super) fn paths(&self) -> usize {
        self.paths
    }

    /// The share of the page that pictures cover, 0.0 and up.
    pub(super) fn pictured(&self) -> f64 {
        self.pictured
    }

    /// The pixels of all pictures.
    pub(super) fn picture_pixels(&self) -> u64 {
        self.picture_pixels
    }

    /// The resolution of the largest picture.
    pub(super) fn dpi(&self) -> Option<f64> {
        self.dpi
    }

    fn glyph(&mut self, glyph: &Drawn<'_>, origin: Point, em: Vec2, advance: f64, hidden: bool) {
        let code = glyph.char_code();
        let mapped = glyph.as_unicode().map(|text| match text {
            BfString::Char(c) => c.to_string(),
            BfString::String(text) => text,
        });
        let known = mapped.as_ref().is_some_and(|text| !text.is_empty() && !text.contains('\u{fffd}'));
        let text = mapped.filter(|_| known).unwrap_or_else(|| of_code(code));
        let size = em.hypot();
        if !(origin.is_finite() && size.is_finite() && size > 0.01 && advance.is_finite()) {
            return;
        }
        // Text off the page is not to be seen by anyone who leaks it.
        if !self.view.inflate(size, size).contains(origin) {
            return;
        }
        let direction = em / size;
        let blank = text.chars().all(char::is_whitespace);
        if !blank && self.is_repeated(&text, origin, size) {
            return;
        }
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        self.letters += letters;
        self.hidden += if hidden { letters } else { 0 };
        self.unmapped += usize::from(!known && !blank);
        let first = self.pool.len();
        self.pool.push_str(&text);
        let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(self.pool.len())) else { return };
        let start = origin.x * direction.x + origin.y * direction.y;
        let line = origin.y * direction.x - origin.x * direction.y;
        #[expect(clippy::cast_possible_truncation, reason = "-180..=180")]
        let angle = direction.y.atan2(direction.x).to_degrees().round() as i16;
        self.glyphs.push(Glyph { text: (first, last), start, end: start + advance, line, size, angle });
    }

    /// Whether the same characters stand here already: bold type is imitated by drawing twice.
    fn is_repeated(&mut self, text: &str, origin: Point, size: f64) -> bool {
        let mut key: u64 = 0;
        for byte in text.bytes() {
            key = key.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte);
        }
        let step = (size * 0.1).max(0.05);
        #[expect(clippy::cast_possible_truncation, reason = "points on a page")]
        let cell = |value: f64| (value / step).floor() as i64;
        let (x, y) = (cell(origin.x), cell(origin.y));
        let near = (-1..=1).any(|dx| (-1..=1).any(|dy| self.drawn.contains(&(key, x + dx, y + dy))));
        if !near {
            self.drawn.insert((key, x, y));
        }
        near
    }
}

/// What a code stands for in a font that does not say: its ASCII character, with the ligatures and dashes where TeX's
/// text encodings have them (OT1: 0x0b to 0x0f, T1: 0x1b to 0x1f).
fn of_code(code: u32) -> String {
    match code {
        0x0b | 0x1b => "ff".to_owned(),
        0x0c | 0x1c => "fi".to_owned(),
        0x0d | 0x1d => "fl".to_owned(),
        0x0e | 0x1e => "ffi".to_owned(),
        0x0f | 0x1f => "ffl".to_owned(),
        0x10 | 0x5c => "“".to_owned(),
        0x11 => "”".to_owned(),
        // OT1 has its dashes and its opening quotes where ASCII has a brace, a bar and a backslash.
        0x15 | 0x7b => "–".to_owned(),
        0x16 | 0x7c => "—".to_owned(),
        _ => match char::from_u32(code) {
            Some(c) if !c.is_control() => c.to_string(),
            _ => "\u{fffd}".to_owned(),
        },
    }
}

impl<'a> Device<'a> for Sheet<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.brake.step(1 + run.glyphs().len() as u64);
        let hidden = matches!(mode, DrawMode::Invisible);
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let origin = transform * Point::ZERO;
            let mut em = transform * Point::new(UNITS, 0.0) - origin;
            let rise = (transform * Point::new(0.0, UNITS) - origin).hypot();
            let width = match &**glyph {
                Drawn::Outline(outline) => outline.advance_width(),
                Drawn::Type3(type3) => type3.advance_width(),
            };
            let width = width.map_or(0.5, |units| f64::from(units) / UNITS);
            let advance = width * em.hypot();
            // Condensed type is as large as it is high.
            if em.hypot() > 0.0 && rise > 0.0 {
                em = em / em.hypot() * rise;
            }
            // The font matrix of a Type 3 font may make an em anything; letters are about half as wide as high.
            if matches!(&**glyph, Drawn::Type3(_))
                && !(0.15..=1.5).contains(&width)
                && width > 0.0
                && em.hypot() > 0.0
            {
                em = em / em.hypot() * (2.0 * advance);
            }
            self.glyph(glyph, origin, em, advance, hidden);
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.brake.step(1);
        self.paths += 1;
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.brake.step(1);
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        self.picture_pixels += u64::from(image.width()) * u64::from(image.height());
        let seen =
            props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height)).intersect(self.view);
        let share = seen.area() / self.view.area();
        if share.is_finite() && share > 0.0 {
            let across = (props.transform * Point::new(width, 0.0) - props.transform * Point::ZERO).hypot();
            if share > 0.05 && across > 0.0 {
                self.dpi = Some(self.dpi.unwrap_or(0.0).max(width / across * 72.0));
            }
            self.pictured += share;
        }
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.brake.step(1);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.brake.step(1);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
