//! Transfer encodings of a mail's parts (RFC 2045, section 6): decoded whole, encoded again only where they changed.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be missing, and the bits behind the last byte may be anything: what old programs wrote is read.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The longest line of quoted-printable, without its end (RFC 2045, section 6.7, rule 5).
const QUOTED_LINE_MAX: usize = 76;
/// How far two texts are searched for a place where they are the same again, in bytes.
const REACH: usize = 320;
/// How many equal bytes make such a place.
const ANCHOR: usize = 16;

/// How a part's bytes are written in a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are, all below 128.
    Ascii,
    /// As they are.
    Identity,
    /// Quoted-printable.
    Quoted,
    /// Base64 in lines.
    Base64,
}

impl Transfer {
    /// The encoding that a header field names; none for one that is not known.
    pub(super) fn of(field: Option<&str>) -> Option<Self> {
        let Some(name) = field else { return Some(Self::Ascii) };
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "" | "7bit" => Self::Ascii,
            "8bit" | "binary" => Self::Identity,
            "quoted-printable" => Self::Quoted,
            "base64" => Self::Base64,
            _ => return None,
        })
    }

    /// The bytes of a part; none where they are not encoded as it says.
    pub(super) fn decode(self, raw: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ascii | Self::Identity => Some(raw.to_vec()),
            Self::Quoted => Some(quoted(raw).bytes),
            Self::Base64 => {
                let digits: Vec<u8> =
                    raw.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
                BASE64.decode(digits).ok()
            }
        }
    }

    /// `raw` changed so that it decodes to `new`; none where that cannot be written.
    pub(super) fn encode(self, raw: &[u8], new: &[u8]) -> Option<Vec<u8>> {
        let written = match self {
            Self::Ascii => (new.is_ascii() || !raw.is_ascii()).then(|| new.to_vec())?,
            Self::Identity => new.to_vec(),
            Self::Quoted => encode_quoted(raw, new),
            Self::Base64 => encode_base64(raw, new)?,
        };
        (self.decode(&written).as_deref() == Some(new)).then_some(written)
    }
}

/// A quoted-printable text, decoded.
struct Quoted {
    bytes: Vec<u8>,
    /// For each byte where it is written.
    at: Vec<Range<usize>>,
}

fn quoted(raw: &[u8]) -> Quoted {
    let mut out = Quoted { bytes: Vec::with_capacity(raw.len()), at: Vec::with_capacity(raw.len()) };
    for line in lines(raw) {
        let end = line.end - line_end(&raw[line.clone()]).len();
        let blanks = raw[line.start..end].iter().rev().take_while(|byte| b" \t".contains(byte)).count();
        // Blanks at the end of a line were put there on the way.
        let body = end - blanks;
        let soft = body > line.start && raw[body - 1] == b'=' && end < line.end;
        let stop = if soft { body - 1 } else { body };
        let mut next = line.start;
        while next < stop {
            let pair = (raw[next] == b'=').then(|| raw.get(next + 1..(next + 3).min(stop))).flatten();
            let decoded = pair.and_then(|pair| match pair {
                [high, low] => Some(16 * hex(*high)? + hex(*low)?),
                _ => None,
            });
            let width = if decoded.is_some() { 3 } else { 1 };
            out.push(decoded.unwrap_or(raw[next]), next..next + width);
            next += width;
        }
        if !soft {
            for (at, &byte) in (end..).zip(&raw[end..line.end]) {
                out.push(byte, at..at + 1);
            }
        }
    }
    out
}

impl Quoted {
    fn push(&mut self, byte: u8, at: Range<usize>) {
        self.bytes.push(byte);
        self.at.push(at);
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The lines of a text with their ends.
fn lines(raw: &[u8]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        lines.push(start..start + line.len());
        start += line.len();
    }
    lines
}

fn line_end(line: &[u8]) -> &[u8] {
    let length = if line.ends_with(b"\r\n") { 2 } else { usize::from(line.ends_with(b"\n")) };
    &line[line.len() - length..]
}

/// Writes the lines with a change anew and leaves the others alone; what did not change in them keeps its spelling.
fn encode_quoted(raw: &[u8], new: &[u8]) -> Vec<u8> {
    let old = quoted(raw);
    let lines = lines(raw);
    let line_of = |at: usize| lines.partition_point(|line| line.end <= at).min(lines.len().saturating_sub(1));
    // The line that a decoded byte is written in; for the end of the text the last line.
    let home = |byte: usize| old.at.get(byte).map_or(lines.len().saturating_sub(1), |at| line_of(at.start));

    let mut out = Vec::with_capacity(raw.len() + 64);
    let mut copied = 0;
    let changes = changes(&old.bytes, new);
    let mut rest = changes.as_slice();
    while let Some((first, _)) = rest.first() {
        let from = home(first.start);
        let mut to = home(first.end.saturating_sub(1).max(first.start));
        let mut count = 1;
        while let Some((next, _)) = rest.get(count).filter(|(next, _)| home(next.start) <= to) {
            to = to.max(home(next.end.saturating_sub(1).max(next.start)));
            count += 1;
        }
        let (group, others) = rest.split_at(count);
        rest = others;
        let span =
            lines.get(from).map_or(0, |line| line.start)..lines.get(to).map_or(raw.len(), |line| line.end);
        out.extend_from_slice(&raw[copied..span.start]);
        copied = span.end;
        let start = old.at.partition_point(|at| at.start < span.start);
        let end = old.at.partition_point(|at| at.start < span.end).max(group[count - 1].0.end);
        let longest = lines[from.min(lines.len())..(to + 1).min(lines.len())]
            .iter()
            .map(|line| raw[line.clone()].trim_ascii_end().len());
        let mut line = Line {
            out: &mut out,
            open: Vec::new(),
            most: longest.max().unwrap_or(0).max(QUOTED_LINE_MAX),
            end: lines.get(from).map_or(b"\r\n".as_slice(), |line| match line_end(&raw[line.clone()]) {
                b"" => b"\r\n",
                end => end,
            }),
        };
        let mut done = start;
        for (old_range, new_range) in group {
            for at in done..old_range.start {
                line.unit(old.bytes[at], Some(&raw[old.at[at].clone()]));
            }
            for &byte in &new[new_range.clone()] {
                line.unit(byte, None);
            }
            done = old_range.end;
        }
        for at in done..end {
            line.unit(old.bytes[at], Some(&raw[old.at[at].clone()]));
        }
        // The last of the lines went on in the next one.
        let soft = raw[span.clone()].trim_ascii_end().ends_with(b"=") && end < old.at.len();
        line.finish(soft);
    }
    out.extend_from_slice(&raw[copied..]);
    out
}

/// A line of quoted-printable that is being written.
struct Line<'o> {
    out: &'o mut Vec<u8>,
    open: Vec<u8>,
    most: usize,
    end: &'o [u8],
}

impl Line<'_> {
    /// Adds a byte, in the spelling that it had or in the usual one.
    fn unit(&mut self, byte: u8, spelling: Option<&[u8]>) {
        if byte == b'\n' && spelling.is_none_or(|spelling| spelling == b"\n") {
            let carriage = self.open.ends_with(b"\r");
            if carriage {
                self.open.pop();
            }
            self.protect_blank();
            self.out.append(&mut self.open);
            self.out.extend_from_slice(if carriage { b"\r\n" } else { b"\n" });
            return;
        }
        let literal = matches!(byte, b' ' | b'\t' | b'\r' | 33..=60 | 62..=126);
        let quoted = format!("={byte:02X}");
        // A sign that starts no code is made safe: what follows it may be new.
        let spelling = spelling.filter(|&spelling| spelling != b"=");
        let written =
            spelling.unwrap_or(if literal { std::slice::from_ref(&byte) } else { quoted.as_bytes() });
        // One place is left for the "=" of a soft line break.
        if byte != b'\r' && self.open.len() + written.len() >= self.most {
            self.break_softly();
        }
        self.open.extend_from_slice(written);
    }

    fn break_softly(&mut self) {
        self.out.append(&mut self.open);
        self.out.push(b'=');
        self.out.extend_from_slice(self.end);
    }

    /// A blank at the end of a line would be lost on the way.
    fn protect_blank(&mut self) {
        if let Some(&blank @ (b' ' | b'\t')) = self.open.last() {
            self.open.pop();
            if self.open.len() + 3 > self.most {
                self.break_softly();
            }
            self.open.extend_from_slice(format!("={blank:02X}").as_bytes());
        }
    }

    fn finish(mut self, soft: bool) {
        if soft && !self.open.is_empty() {
            self.break_softly();
        } else {
            self.protect_blank();
            self.out.append(&mut self.open);
        }
    }
}

/// Where two texts differ: ranges of the old and of the new one, in order; what lies between is the same.
fn changes(old: &[u8], new: &[u8]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let (mut a, mut b) = (0, 0);
    loop {
        let same = old[a..].iter().zip(&new[b..]).take_while(|(x, y)| x == y).count();
        (a, b) = (a + same, b + same);
        if a == old.len() && b == new.len() {
            return found;
        }
        let (skip_old, skip_new) = meeting(&old[a..], &new[b..]).unwrap_or_else(|| {
            let suffix = old[a..].iter().rev().zip(new[b..].iter().rev()).take_while(|(x, y)| x == y).count();
            (old.len() - a - suffix, new.len() - b - suffix)
        });
        found.push((a..a + skip_old, b..b + skip_new));
        (a, b) = (a + skip_old, b + skip_new);
    }
}

/// The nearest place where both texts go on alike.
fn meeting(old: &[u8], new: &[u8]) -> Option<(usize, usize)> {
    for distance in 1..=2 * REACH {
        for i in distance.saturating_sub(REACH)..=distance.min(REACH) {
            let j = distance - i;
            let (Some(x), Some(y)) = (old.get(i..), new.get(j..)) else { continue };
            let (x, y) = (&x[..x.len().min(ANCHOR)], &y[..y.len().min(ANCHOR)]);
            if x == y && (x.len() == ANCHOR || (i + x.len() == old.len() && j + y.len() == new.len())) {
                return Some((i, j));
            }
        }
    }
    None
}

/// Keeps the lines before the first change, and the length and the end of lines.
fn encode_base64(raw: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let old = Transfer::Base64.decode(raw)?;
    let same = old.iter().zip(new).take_while(|(x, y)| x == y).count();
    let lines = lines(raw);
    let end = lines.first().map(|line| line_end(&raw[line.clone()])).filter(|end| !end.is_empty());
    let width = lines.first().map_or(76, |line| raw[line.clone()].trim_ascii().len().max(4));
    // Whole lines, of whole groups of three bytes, that lie before the change.
    let (mut kept, mut bytes) = (0, 0);
    for line in &lines {
        let digits = raw[line.clone()].iter().filter(|byte| !byte.is_ascii_whitespace()).count();
        let padded = raw[line.clone()].contains(&b'=');
        if padded || digits % 4 != 0 || bytes + digits / 4 * 3 > same {
            break;
        }
        bytes += digits / 4 * 3;
        kept = line.end;
    }
    let tail = raw.len() - raw.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut out = raw[..kept.min(tail)].to_vec();
    if kept > tail {
        // All of the old text is kept and something follows it.
        out.extend_from_slice(end.unwrap_or(b"\r\n"));
    }
    let padded = raw[..tail].ends_with(b"=") || old.len().is_multiple_of(3) || new.len().is_multiple_of(3);
    let mut digits = BASE64.encode(&new[bytes..]);
    if !padded {
        digits.truncate(digits.trim_end_matches('=').len());
    }
    let digits = digits.as_bytes();
    for (index, line) in digits.chunks(width).enumerate() {
        if index > 0 {
            out.extend_from_slice(end.unwrap_or(b"\r\n"));
        }
        out.extend_from_slice(line);
    }
    out.extend_from_slice(&raw[tail..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn decodes_what_mail_programs_write() {
        for (raw, decoded) in [
            ("caf=C3=A9 =\r\nau lait  \r\n", "café au lait\r\n"),
            ("a=3d=\nb\nc=", "a=b\nc="),
            ("a=zz=4", "a=zz=4"),
            ("a =20\r\nb", "a  \r\nb"),
            ("a=  \r\nb", "ab"),
            ("", ""),
        ] {
            assert_eq!(text(&Transfer::Quoted.decode(raw.as_bytes()).unwrap()), decoded, "{raw}");
        }
        assert_eq!(Transfer::Base64.decode(b"YWJj\r\nZGU=\r\n").unwrap(), b"abcde");
        assert_eq!(Transfer::Base64.decode(b"YWJjZGU").unwrap(), b"abcde");
        assert!(Transfer::Base64.decode(b"YWJj!").is_none());
        assert_eq!(Transfer::of(Some(" Quoted-Printable ")), Some(Transfer::Quoted));
        assert_eq!(Transfer::of(Some("x-uuencode")), None);
    }

    #[test]
    fn only_changed_lines_of_quoted_printable_are_written_anew() {
        let raw = "Un paragraphe =C3=A0 propos du caf=c3=a9 et de tout ce que l=E2=80=99on=\r\n=20peut en dire, sans f=\r\nin.\r\n\r\nUne autre ligne.\r\n";
        let old = String::from_utf8(Transfer::Quoted.decode(raw.as_bytes()).unwrap()).unwrap();
        let change = |from: &str, to: &str| {
            assert!(old.contains(from));
            String::from_utf8(
                Transfer::Quoted.encode(raw.as_bytes(), old.replace(from, to).as_bytes()).unwrap(),
            )
            .unwrap()
        };
        // A soft line break in the middle of an edited word.
        assert_eq!(change("fin", "début"), raw.replace("sans f=\r\nin.", "sans d=C3=A9but."));
        assert_eq!(change("autre", "seule"), raw.replace("autre", "seule"));
        // The spelling of what stays is kept, and a longer line is cut.
        let longer = change("café", "café noir et chaud");
        assert!(
            longer.contains("caf=c3=a9 noir et chaud")
                && longer.ends_with(&raw[raw.find("=20peut").unwrap()..])
        );
        assert!(longer.lines().all(|line| line.len() <= 76), "{longer}");
        // A blank that ends up at the end of a line.
        assert_eq!(change("ligne.", "ligne "), raw.replace("autre ligne.", "autre ligne=20"));
        // Line feeds alone stay alone.
        let unix = raw.replace("\r\n", "\n");
        let new = old.replace("\r\n", "\n").replace("tout ce que", "chaque chose que");
        let written = Transfer::Quoted.encode(unix.as_bytes(), new.as_bytes()).unwrap();
        assert!(!text(&written).contains('\r'));
    }

    #[test]
    fn base64_keeps_its_lines() {
        let old: Vec<u8> = (0..200_u8).collect();
        for (width, end) in [(76, "\r\n"), (64, "\n"), (60, "\r\n"), (1000, "\r\n")] {
            let digits = BASE64.encode(&old);
            let raw: Vec<&str> = digits.as_bytes().chunks(width).map(text).collect();
            for tail in ["", end] {
                let raw = raw.join(end) + tail;
                let mut new = old.clone();
                new.splice(120..124, b"changed".iter().copied());
                let written = Transfer::Base64.encode(raw.as_bytes(), &new).unwrap();
                let written = text(&written);
                assert_eq!(written.find(|_| true).map(|_| &written[..100]), Some(&raw[..100]));
                assert!(written.ends_with(tail) && written.lines().all(|line| line.len() <= width));
                assert!(end == "\r\n" || !written.contains('\r'));
                assert_eq!(Transfer::Base64.encode(raw.as_bytes(), &old).unwrap(), raw.as_bytes());
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_decodes_to_what_was_meant(
            raw in "([a-z =A-F0-9]{0,30}(=\r\n|\r\n|\n|=\n| =20|=C3=A9)){0,8}",
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..20, "[ -~é\r\n]{0,90}"), 0..4),
        ) {
            let raw = raw.as_bytes();
            let old = Transfer::Quoted.decode(raw).unwrap();
            prop_assert_eq!(Transfer::Quoted.encode(raw, &old).unwrap(), raw);
            let mut new = old.clone();
            for (index, length, text) in edits {
                let at = index.index(new.len() + 1);
                let end = (at + length).min(new.len());
                new.splice(at..end, text.replace('\r', "").bytes());
            }
            prop_assert!(Transfer::Quoted.encode(raw, &new).is_some());
            let raw = BASE64.encode(&old);
            prop_assert!(Transfer::Base64.encode(raw.as_bytes(), &new).is_some());
        }
    }
}
