use image::{ImageEncoder as _, RgbaImage};

use super::*;

const SOON: Duration = Duration::from_secs(30);

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A TIFF file with a page for each shade, without packing; `subfile` says what each page is.
fn tiff(shades: &[(u8, u32)], little: bool) -> Vec<u8> {
    let u16_of = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let u32_of = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let mut out = if little { b"II*\0".to_vec() } else { b"MM\0*".to_vec() };
    out.extend(u32_of(8));
    for (index, &(shade, subfile)) in shades.iter().enumerate() {
        let at = u32::try_from(out.len()).unwrap();
        // Eight entries, then the picture of 2 x 2 pixels.
        let entries: [(u16, u32); 8] =
            [(254, subfile), (256, 2), (257, 2), (258, 8), (259, 1), (262, 1), (273, at + 102), (279, 4)];
        out.extend(u16_of(8));
        for (tag, value) in entries {
            out.extend(u16_of(tag));
            out.extend(u16_of(4));
            out.extend(u32_of(1));
            out.extend(u32_of(value));
        }
        let next = if index + 1 < shades.len() { at + 106 } else { 0 };
        out.extend(u32_of(next));
        out.extend([shade; 4]);
    }
    out
}

#[test]
fn transparent_pictures_stand_on_white() {
    let mut picture = RgbaImage::from_pixel(2, 1, image::Rgba([0, 0, 0, 255]));
    picture.get_pixel_mut(1, 0).0 = [0, 0, 0, 0];
    let pages = decode(Kind::Png, png(&picture.into()), SOON).unwrap();
    assert_eq!(pages, [Picture::new(2, 1, vec![0, 255]).unwrap()]);
}

#[test]
fn every_page_of_a_tiff_is_read_but_previews() {
    for little in [true, false] {
        let pages = decode(Kind::Tiff, tiff(&[(10, 0), (20, 1), (30, 2)], little), SOON).unwrap();
        let shades: Vec<u8> = pages.iter().map(|page| page.gray()[3]).collect();
        assert_eq!(shades, [10, 30]);
    }
}

#[test]
fn hostile_pictures_are_errors() {
    // Directories that form a circle, and one that never ends.
    let mut circle = tiff(&[(10, 0), (20, 0)], true);
    let last = circle.len() - 8;
    circle[last..last + 4].copy_from_slice(&8_u32.to_le_bytes());
    assert!(matches!(decode(Kind::Tiff, circle, SOON), Err(LeakError::Read(ReadError::Damaged { .. }))));
    // Forty thousand times forty thousand pixels in a few bytes.
    let mut bytes = Cursor::new(Vec::new());
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(&[0], 1, 1, image::ExtendedColorType::L8)
        .unwrap();
    let mut huge = bytes.into_inner();
    huge[16..20].copy_from_slice(&39_999_u32.to_be_bytes());
    huge[20..24].copy_from_slice(&39_999_u32.to_be_bytes());
    let refused = decode(Kind::Png, huge, SOON);
    assert!(matches!(refused, Err(LeakError::Read(_))), "{refused:?}");
}

#[test]
fn truncated_pictures_are_errors_or_pictures() {
    let whole = png(&DynamicImage::new_luma8(64, 64));
    let pages = tiff(&[(10, 0), (20, 0)], true);
    for (kind, bytes) in [(Kind::Png, whole), (Kind::Tiff, pages)] {
        for end in 0..bytes.len() {
            if let Err(error) = decode(kind, bytes[..end].to_vec(), SOON) {
                let text = error.to_string();
                assert!(!text.is_empty() && !text.contains('\n'), "{text}");
            }
        }
    }
}

#[test]
fn rows_that_nobody_read_are_seen() {
    // Three lines of text of ten rows each on a grey page.
    let mut pixels = vec![200; 400 * 100];
    for row in (10..20).chain(40..50).chain(70..80) {
        pixels[row * 400..row * 400 + 40].fill(20);
    }
    let page = Picture::new(400, 100, pixels).unwrap();
    let near = |share: f64, want: f64| (share - want).abs() < 0.01;
    assert!(near(page.unread(&[]), 1.0) && near(page.unread(&[(10, 20), (71, 79)]), 1.0 / 3.0));
    assert!(near(page.unread(&[(0, u32::MAX)]), 0.0) && near(page.unread(&[(500, 400), (95, 100)]), 1.0));
    assert!(near(Picture::new(1, 1, vec![0]).unwrap().unread(&[]), 0.0));
}

#[test]
fn turning_and_scaling_keep_the_pixels() {
    let picture = Picture::new(2, 1, vec![0, 255]).unwrap();
    let turned = picture.prepared(1.0, Turn::Right, false);
    assert_eq!((turned.width(), turned.height(), turned.gray()), (1, 2, &[0, 255][..]));
    assert_eq!(picture.prepared(1.0, Turn::Over, true).gray(), [0, 255]);
    assert_eq!(picture.prepared(2.0, Turn::Left, false).height(), 4);
    assert!(Picture::new(2, 2, vec![0; 3]).is_none() && Picture::new(0, 0, Vec::new()).is_none());
    assert!(!picture.is_dark() && Picture::new(1, 1, vec![9]).unwrap().is_dark());
}
