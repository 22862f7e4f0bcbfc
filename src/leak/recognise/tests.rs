use std::fmt::Write as _;

use super::super::ocr;
use super::*;

/// A row of TSV for each word.
fn reading(words: &str, confidence: u32, height: u32) -> Reading {
    let mut tsv =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
            .to_owned();
    for (at, word) in words.split_whitespace().enumerate() {
        writeln!(tsv, "5\t1\t1\t1\t1\t{at}\t0\t0\t40\t{height}\t{confidence}\t{word}").unwrap();
    }
    ocr::tsv(&tsv).unwrap()
}

/// What the fake says of a picture of this width, shown as this kind of page: words, confidence, height.
type Says = fn(width: u32, height: u32, first: u8, mode: PageMode) -> (&'static str, u32, u32);

struct Fake {
    says: Says,
    runs: Vec<(u32, u32, PageMode)>,
}

impl Recogniser for Fake {
    fn name(&self) -> &'static str {
        "fake 1"
    }

    fn recognise(
        &mut self,
        picture: &Picture,
        mode: PageMode,
        language: &str,
    ) -> Result<Reading, RecogniseError> {
        assert_eq!(language, "eng");
        self.runs.push((picture.width(), picture.height(), mode));
        let (words, confidence, height) =
            (self.says)(picture.width(), picture.height(), picture.gray()[0], mode);
        Ok(reading(words, confidence, height))
    }
}

const OURS: &str = "the ferry left at dawn";

/// How much of our five words a text has.
fn fit(text: &str) -> Fit {
    let has = |word: &&str| text.split_whitespace().any(|found| found == *word);
    let gain = u32::try_from(OURS.split(' ').filter(has).count()).unwrap();
    let words = u32::try_from(text.split_whitespace().count().max(1)).unwrap();
    Fit { gain: gain.into(), aligned: f64::from(gain) / f64::from(words) }
}

/// A page 100 pixels wide and 60 high, light or dark, with a dot that says which corner was its first.
fn page(light: u8) -> Picture {
    let mut pixels = vec![light; 6000];
    pixels[0] = if light > 128 { 200 } else { 60 };
    Picture::new(100, 60, pixels).unwrap()
}

fn read(says: Says, light: u8) -> (Best, Vec<(u32, u32, PageMode)>) {
    let mut fake = Fake { says, runs: Vec::new() };
    let best = best(&page(light), &mut fake, &mut fit, "eng").unwrap();
    (best, fake.runs)
}

#[test]
fn a_page_that_is_explained_is_read_once() {
    let (best, runs) = read(|_, _, _, _| (OURS, 80, 30), 255);
    assert_eq!(runs, [(100, 60, PageMode::Auto)]);
    assert_eq!((best.how.to_string().as_str(), best.reading.text()), ("psm 3", OURS));
}

#[test]
fn small_letters_are_enlarged() {
    let (best, runs) = read(
        |width, _, _, _| if width == 300 { (OURS, 90, 33) } else { ("tho forry loft at down", 70, 11) },
        255,
    );
    assert_eq!(best.reading.text(), OURS);
    assert_eq!(best.how.to_string(), "psm 3, x3");
    assert_eq!(runs.len(), 2, "the measured height says how much");
}

#[test]
fn pages_on_their_side_are_turned_and_negatives_inverted() {
    let (best, _) = read(
        // Turned by 270 degrees, the first corner is the last pixel of the first column.
        |width, height, first, _| {
            if width < height && first == 255 { (OURS, 95, 30) } else { ("", 0, 0) }
        },
        255,
    );
    assert!(best.how.turn == Turn::Left || best.how.turn == Turn::Right, "{}", best.how);
    assert_eq!(best.reading.text(), OURS);
    let (best, runs) = read(|_, _, first, _| if first > 128 { (OURS, 95, 30) } else { ("", 0, 0) }, 10);
    assert_eq!((best.how.to_string().as_str(), runs.len()), ("psm 3, inverted", 1));
}

#[test]
fn the_run_that_fits_best_is_kept_however_sure_others_are() {
    let (best, _) = read(
        |_, _, _, mode| match mode {
            PageMode::Auto => ("menu file edit view window help", 99, 30),
            PageMode::Block => ("menu the ferry left file", 70, 30),
            PageMode::Column => ("the ferry left at noon", 60, 30),
            PageMode::Sparse => ("nothing", 99, 30),
        },
        255,
    );
    assert_eq!(best.how.to_string(), "psm 4");
}

#[test]
fn a_page_that_is_none_of_ours_is_not_read_for_ever() {
    let (_, runs) = read(|_, _, _, _| ("quite another page that was read well", 90, 30), 255);
    assert!(runs.len() <= 3, "{runs:?}");
}

#[test]
fn where_nothing_fits_the_most_legible_run_is_kept_and_it_ends() {
    let (best, runs) = read(
        |width, _, _, _| if width == 200 { ("quite another text here", 60, 16) } else { ("gl mf", 20, 9) },
        255,
    );
    assert_eq!(best.reading.text(), "quite another text here");
    assert!(runs.len() <= RUNS_MAX, "{runs:?}");
    let (best, runs) = read(|_, _, _, _| ("", 0, 0), 255);
    assert_eq!(best.reading.words(), 0);
    assert!(runs.len() <= RUNS_MAX, "{runs:?}");
}

#[test]
fn huge_pictures_are_not_enlarged() {
    let large = Picture::new(9000, 9000, vec![255; 81_000_000]).unwrap();
    assert!(large.room(1.0) < 0.8 && large.room(3.0) < 0.8);
    assert!((page(255).room(3.0) - 3.0).abs() < 1e-9);
}
