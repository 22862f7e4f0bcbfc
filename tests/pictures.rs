//! Leaks that are no plain text: PDF documents, screenshots, scans, another program's OCR output, and all of them
//! together. The pictures are made here from issued copies; `tesseract` must be installed, as the README says.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder as _, imageops};
use serde_json::Value;

/// An item of one page; its author wrote 26 alternatives.
const ITEM: &str = "Note on the ferry at Aldwick Sound

The {{ferry|boat}} that links Aldwick to the outer islands {{will stay|is to stay}} in dock until the end of May, the \
{{board|council}} decided on Monday after a {{long|lengthy}} session. Engineers {{found|discovered}} cracks in both ramps, \
and the {{yard|dockyard}} that built her closed {{nine|9}} years ago. {{Spare|Replacement}} parts must be cast in Brenholm, \
which takes {{about|roughly}} seven weeks.

Until then a {{smaller|lesser}} vessel will carry {{post|mail}}, medicine and up to forty passengers, {{but|yet}} no cars. \
Farmers on Skerra {{asked|requested}} that feed should go {{first|before all else}}. The harbour master, Ina Velde, \
{{answered|replied}} that {{nobody|no one}} would be left {{without|short of}} what they need, and that the \
{{timetable|schedule}} hangs {{at|on}} the {{old|former}} customs shed.

The {{costs|expenses}} are put at 412,000 crowns. A {{third|3rd}} of them is {{insured|covered}}; the rest {{comes|is taken}} \
out of the fund for roads. The {{auditor|examiner}} has been {{told|informed}}, and a {{full|complete}} account is due in June.
";

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("note.txt", ITEM.as_bytes());
        desk.ok(&["init"]);
        let mut names = "name\n".to_owned();
        for copy in 1..=9 {
            writeln!(names, "Reader {copy}").unwrap();
        }
        desk.write("names.csv", names.as_bytes());
        desk.ok(&["recipient", "import", "names.csv"]);
        desk.ok(&["issue", "note.txt", "--to-all", "--out", "out"]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyetrace"));
        command.current_dir(self.folder.path()).args(["--registry", "registry"]).args(arguments);
        if arguments[0] == "init" {
            command.arg("registry");
        }
        command
    }

    fn ok(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// The copy of `Reader 4`.
    fn copy(&self) -> String {
        fs::read_to_string(self.path("out/note.reader-4.txt")).unwrap()
    }

    fn trace(&self, leaks: &[&str]) -> Value {
        let output =
            self.command(&[&["trace", "--alpha", "1e-3", "--json"], leaks].concat()).output().unwrap();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Traces to `Reader 4`, and gives the fragments' entries.
    fn named(&self, leaks: &[&str]) -> Vec<Value> {
        let found = self.trace(leaks);
        assert_eq!(found["verdict"], "attributed", "{leaks:?}: {found:#}");
        assert_eq!(found["culprits"][0]["recipient"], "Reader 4");
        found["fragments"].as_array().unwrap().clone()
    }

    /// The three lines of an error.
    fn refused(&self, leak: &str, path: Option<&str>) -> String {
        let mut command = self.command(&["trace", leak]);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(!text.contains("panicked"), "{text}");
        text
    }
}

/// Lines of at most so many characters.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.len() + word.len() >= width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.extend([line, String::new()]);
    }
    lines
}

fn assembled(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    for (at, object) in objects.iter().enumerate() {
        out.extend(format!("{} 0 obj\n", at + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    out.extend(format!("trailer<</Size {}/Root 1 0 R>>\n%%EOF\n", objects.len() + 1).into_bytes());
    out
}

fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{dictionary}/Length {}>>stream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A page of A4 in 11 pt Times.
fn pdf(text: &str) -> Vec<u8> {
    let mut content = "BT /F1 11 Tf 14 TL 70 770 Td ".to_owned();
    for line in wrapped(text, 88) {
        let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        write!(content, "({line}) Tj T* ").unwrap();
    }
    content += "ET";
    assembled(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_vec(),
        stream("", content.as_bytes()),
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>".to_vec(),
    ])
}

/// Pages that are nothing but a picture, as a scanner's PDF is.
fn scan_pdf(jpeg: &[u8], width: u32, height: u32) -> Vec<u8> {
    let dictionary = format!(
        "/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode"
    );
    assembled(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</Im 5 0 R>>>>>>".to_vec(),
        stream("", b"q 595 0 0 842 0 0 cm /Im Do Q"),
        stream(&dictionary, jpeg),
    ])
}

/// The page as a screen or a printer shows it, at so many dots per inch.
fn rendered(text: &str, dpi: f32) -> GrayImage {
    let pdf = Pdf::new(pdf(text)).unwrap();
    let scale = dpi / 72.0;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = hayro::render(
        &pdf.pages()[0],
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    GrayImage::from_raw(width, height, pixmap.data().iter().map(|pixel| pixel.g).collect()).unwrap()
}

/// A scan: 0.7 degrees askew, blurred.
fn scanned(page: &GrayImage) -> GrayImage {
    let askew = |offset: u32| f64::from(offset) * 0.0122;
    let turned = GrayImage::from_fn(page.width(), page.height(), |x, y| {
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        let from = (f64::from(y) + askew(x)) as i64 - 8;
        let y = u32::try_from(from).ok().filter(|y| *y < page.height());
        y.map_or(image::Luma([255]), |y| *page.get_pixel(x, y))
    });
    imageops::blur(&turned, 0.7)
}

fn jpeg(page: &GrayImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(page.as_raw(), page.width(), page.height(), ExtendedColorType::L8)
        .unwrap();
    bytes
}

fn png(page: &GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(page.as_raw(), page.width(), page.height(), ExtendedColorType::L8)
        .unwrap();
    bytes
}

fn is_tesseract(fragment: &Value) -> bool {
    let method = fragment["read_as"].as_str().unwrap();
    method.starts_with("tesseract ")
        && method.contains("psm ")
        && fragment["mean_confidence"].as_f64() > Some(60.0)
}

#[test]
fn documents_and_pictures_of_a_copy_name_it() {
    let desk = Desk::new();
    let copy = desk.copy();
    desk.write("leak.pdf", &pdf(&copy));
    let fragment = &desk.named(&["leak.pdf"])[0];
    assert_eq!((&fragment["kind"], &fragment["read_as"]), (&"pdf".into(), &"pdf text".into()));
    assert_eq!(fragment["mean_confidence"], Value::Null);

    let scan = scanned(&rendered(&copy, 150.0));
    desk.write("scan.jpg", &jpeg(&scan, 50));
    // What a file is called does not matter.
    desk.write("scan.txt", &scan_pdf(&jpeg(&scan, 50), scan.width(), scan.height()));
    let mut dark = rendered(&copy, 110.0);
    imageops::invert(&mut dark);
    desk.write("dark.png", &png(&dark));
    let mut tiff = Cursor::new(Vec::new());
    scan.write_to(&mut tiff, image::ImageFormat::Tiff).unwrap();
    desk.write("scan.tif", &tiff.into_inner());
    desk.write("over.png", &png(&imageops::rotate180(&scan)));
    for (name, kind) in [
        ("scan.jpg", "jpeg"),
        ("scan.txt", "pdf"),
        ("dark.png", "png"),
        ("scan.tif", "tiff"),
        ("over.png", "png"),
    ] {
        let fragment = &desk.named(&[name])[0];
        assert_eq!(fragment["kind"], kind);
        assert!(is_tesseract(fragment), "{name}: {fragment}");
        let method = fragment["read_as"].as_str().unwrap();
        assert_eq!(method.contains("inverted"), name == "dark.png", "{method}");
        assert_eq!(method.contains("turned"), name == "over.png", "{method}");
    }
    let shown = desk.ok(&["trace", "--alpha", "1e-3", "scan.jpg", "--report", "report.html"]);
    assert!(String::from_utf8(shown.stdout).unwrap().contains("jpeg, read by tesseract "));
    assert!(fs::read_to_string(desk.path("report.html")).unwrap().contains("jpeg, read by tesseract "));
}

#[test]
fn fragments_of_several_kinds_add_up() {
    let desk = Desk::new();
    let copy = desk.copy();
    let parts: Vec<&str> = copy.split("\n\n").filter(|part| part.len() > 120).collect();
    assert_eq!(parts.len(), 3);
    desk.write("one.pdf", &pdf(parts[0]));
    desk.write("two.png", &png(&rendered(parts[1], 130.0)));
    desk.write(
        "three.txt",
        format!("> {}\n\nThat is what they wrote.", wrapped(parts[2], 60).join("\n> ")).as_bytes(),
    );
    let bits = |leaks: &[&str]| {
        let found = desk.trace(leaks);
        let of_ours = |all: &Value| {
            let one = all.as_array().unwrap().iter().find(|one| one["recipient"] == "Reader 4").cloned();
            one.map_or(0.0, |one| one["evidence_bits"].as_f64().unwrap())
        };
        of_ours(&found["candidates"])
    };
    let alone = ["one.pdf", "two.png", "three.txt"].map(|leak| bits(&[leak]));
    let together = bits(&["one.pdf", "two.png", "three.txt"]);
    assert!(alone.iter().all(|one| *one < together - 3.0), "{alone:?} {together}");
    let fragments = desk.named(&["one.pdf", "two.png", "three.txt"]);
    let kinds: Vec<&str> = fragments.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["pdf", "png", "text"]);
}

#[test]
fn the_output_of_another_program_is_read() {
    let desk = Desk::new();
    desk.write("page.png", &png(&rendered(&desk.copy(), 150.0)));
    for (config, name, kind) in
        [("tsv", "page.tsv", "tsv"), ("hocr", "page.hocr", "hocr"), ("alto", "page.xml", "alto")]
    {
        let done = Command::new("tesseract")
            .current_dir(desk.folder.path())
            .args(["page.png", "page", "-l", "eng", config])
            .env("OMP_THREAD_LIMIT", "1")
            .output()
            .unwrap();
        assert!(done.status.success());
        let fragment = &desk.named(&[name])[0];
        assert_eq!(fragment["kind"], kind);
        assert!(fragment["mean_confidence"].as_f64() > Some(80.0));
        assert!(fragment["read_as"].as_str().unwrap().contains("another program"));
    }
}

#[test]
fn a_page_or_a_mail_that_quotes_the_copy_among_other_text_names_it() {
    let desk = Desk::new();
    let copy = desk.copy();
    let around = "<p>Readers wrote in about the fair, the new bakery and a lost dog with one white ear.</p>";
    let quoted: String =
        copy.split("\n\n").map(|part| ["<blockquote>", part, "</blockquote>\n", around].concat()).collect();
    desk.write("page.html", format!("<!DOCTYPE html><html><body>{around}{quoted}</body></html>").as_bytes());
    let lines: Vec<String> = wrapped(&copy, 66).into_iter().map(|line| format!("> {line}")).collect();
    let mail = format!(
        "From: a@example.org\nTo: b@example.org\nMessage-ID: <1@example.org>\nSubject: look\n\nHave you seen this?\n\n{}\n\n\
         See you on Sunday, and bring the ladder back.\n",
        lines.join("\n")
    );
    desk.write("mail.eml", mail.as_bytes());
    desk.named(&["page.html"]);
    desk.named(&["mail.eml"]);
}

#[test]
fn without_tesseract_the_error_says_what_to_do_and_text_is_read_all_the_same() {
    let desk = Desk::new();
    let copy = desk.copy();
    let nowhere = desk.folder.path().to_str().unwrap().to_owned();
    desk.write("page.png", &png(&rendered(&copy, 100.0)));
    let text = desk.refused("page.png", Some(&nowhere));
    for part in [
        "error: cannot read page.png",
        "tesseract for text recognition was not found",
        "apt-get install tesseract-ocr",
    ] {
        assert!(text.contains(part), "{text}");
    }
    desk.write("leak.pdf", &pdf(&copy));
    let output =
        desk.command(&["trace", "--alpha", "1e-3", "leak.pdf"]).env("PATH", &nowhere).output().unwrap();
    assert!(output.status.success());
}

#[cfg(unix)]
#[test]
fn another_tesseract_may_fail_hang_up_or_lack_the_language() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.write("page.png", &png(&rendered(&desk.copy(), 100.0)));
    let bin = desk.path("bin");
    fs::create_dir(&bin).unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    for (script, part) in [
        (
            "case $1 in --version) echo tesseract 9;; --list-langs) echo List:; echo deu;; esac",
            "no data for the language",
        ),
        (
            "case $1 in --version) echo tesseract 9;; --list-langs) echo; echo eng;; *) echo Broken. >&2; exit 1;; esac",
            "Broken",
        ),
        (
            "case $1 in --version) echo tesseract 9;; --list-langs) echo; echo eng;; *) printf 'not\\ta\\ttsv\\n';; esac",
            "cannot be read",
        ),
    ] {
        let program = bin.join("tesseract");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let text = desk.refused("page.png", Some(&path));
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn damaged_files_are_errors_of_three_lines() {
    let desk = Desk::new();
    let fixture = |name: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/leaks").join(name)).unwrap()
    };
    let png = fixture("page.png");
    desk.write("half.png", &png[..png.len() / 2]);
    desk.write("head.pdf", b"%PDF-1.7\n%\xe2\xe3\n");
    desk.write("locked.pdf", &fixture("password.pdf"));
    let tsv = fixture("page.tsv");
    // In the middle of a row.
    let row = tsv[..tsv.len() / 2].iter().rposition(|byte| *byte == b'\n').unwrap();
    desk.write("half.tsv", &tsv[..row + 6]);
    for (name, part) in [
        ("half.png", "damaged"),
        ("head.pdf", "no pages that can be found"),
        ("locked.pdf", "encrypted"),
        ("half.tsv", "line"),
    ] {
        let text = desk.refused(name, None);
        assert!(text.contains(part), "{name}: {text}");
    }
}
