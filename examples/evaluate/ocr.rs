//! A real round trip through print and optical character recognition.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether both programs answer.
pub(crate) fn installed() -> bool {
    ["tesseract", "text2image"].iter().all(|program| {
        let run = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    })
}

/// The text as tesseract reads it from pages of 11 pt serif type at 150 dpi.
///
/// `text2image` is tesseract's own renderer; as run here it adds speckle noise, blur, dilation and a slight
/// rotation to every page, which is about what an office scanner does.
pub(crate) fn round_trip(text: &str) -> io::Result<String> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("page.txt"), text)?;
    let mut render = Command::new("text2image");
    render
        .arg(format!("--text={}", at("page.txt").display()))
        .arg(format!("--outputbase={}", at("page").display()))
        .arg(format!("--fontconfig_tmpdir={}", folder.path().display()))
        .args(["--font=Liberation Serif", "--fonts_dir=/usr/share/fonts", "--ptsize=11", "--resolution=150"])
        // A4 at 150 dpi with margins of 2 cm.
        .args(["--xsize=1240", "--ysize=1754", "--margin=120"]);
    succeed(render, "text2image")?;
    let mut read = Command::new("tesseract");
    read.arg(at("page.tif")).arg(at("read")).args(["--psm", "3"]).env("OMP_THREAD_LIMIT", "1");
    succeed(read, "tesseract")?;
    text_of(&at("read.txt"))
}

fn succeed(mut command: Command, name: &str) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{name} failed: {}", said.lines().last().unwrap_or_default())))
}

fn text_of(path: &Path) -> io::Result<String> {
    // Tesseract ends every page with a form feed.
    Ok(std::fs::read_to_string(path)?.replace('\u{c}', "\n"))
}
