//! Character references in a page's text (HTML Living Standard, section 13.2.5.72), and text written so that it needs
//! none to be safe.

use std::borrow::Cow;

use quick_xml::escape::resolve_html5_entity;

use super::super::Charset;

/// Names that end without a semicolon too (section 13.5): the entities of HTML 3.2 and Latin-1.
const OPEN_NAMES: &str = "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT \
     Iacute Icirc Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml \
     Yacute aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil cedil cent copy curren deg divide \
     eacute ecirc egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo lt macr micro \
     middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound quot raquo reg sect shy \
     sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml";

/// The longest name, in bytes, without the ampersand and the semicolon.
const NAME_BYTES_MAX: usize = 32;

/// What the numbers 0x80 to 0x9f stand for: the characters of windows-1252 (section 13.2.5.80).
const C1: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The characters that the reference at the start of `text` stands for, and how many bytes it has; none where the
/// ampersand is only an ampersand.
pub(super) fn decode(text: &str) -> Option<(Cow<'static, str>, usize)> {
    let rest = text.strip_prefix('&')?;
    match rest.strip_prefix('#') {
        Some(number) => decode_number(number),
        None => decode_name(rest),
    }
}

fn decode_number(number: &str) -> Option<(Cow<'static, str>, usize)> {
    let (digits, base) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(base)).count();
    if length == 0 {
        return None;
    }
    // More digits than fit stand for no character.
    let code = u32::from_str_radix(&digits[..length], base).unwrap_or(u32::MAX);
    let shown = match code {
        0 => char::REPLACEMENT_CHARACTER,
        0x80..=0x9f => C1[code as usize - 0x80],
        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let closed = usize::from(digits[length..].starts_with(';'));
    let bytes = 2 + (number.len() - digits.len()) + length + closed;
    Some((Cow::Owned(shown.to_string()), bytes))
}

fn decode_name(rest: &str) -> Option<(Cow<'static, str>, usize)> {
    let length = rest.bytes().take(NAME_BYTES_MAX).take_while(u8::is_ascii_alphanumeric).count();
    let name = &rest[..length];
    if rest[length..].starts_with(';')
        && let Some(shown) = resolve_html5_entity(name)
    {
        return Some((Cow::Borrowed(shown), 1 + length + 1));
    }
    // The longest open name that the text begins with: "&notit;" is "¬it;".
    let open =
        OPEN_NAMES.split_whitespace().filter(|open| name.starts_with(open)).max_by_key(|open| open.len())?;
    let shown = resolve_html5_entity(open)?;
    Some((Cow::Borrowed(shown), 1 + open.len()))
}

/// `text` written as a page's text: it opens no tag, starts no reference, and what the charset lacks is a number.
pub(in super::super) fn escape(text: &str, charset: Option<Charset>) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut buffer = [0; 4];
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            _ if c.is_ascii() || charset.is_some_and(|charset| charset.has(c.encode_utf8(&mut buffer))) => {
                out.push(c);
            }
            _ => {
                out.push_str("&#");
                out.push_str(&u32::from(c).to_string());
                out.push(';');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_as_a_browser_does() {
        for (text, shown, bytes) in [
            ("&amp;b", "&", 5),
            ("&ampb", "&", 4),
            ("&notit;", "¬", 4),
            ("&notin;", "∉", 7),
            ("&mdash;", "—", 7),
            ("&#8217;s", "’", 7),
            ("&#x2019 s", "’", 7),
            ("&#X41;", "A", 6),
            ("&#151;", "—", 6),
            ("&#0;", "\u{fffd}", 4),
            ("&#xD800;", "\u{fffd}", 8),
            ("&#99999999999999;", "\u{fffd}", 17),
            ("&nbsp", "\u{a0}", 5),
            ("&CounterClockwiseContourIntegral;", "∳", 33),
        ] {
            let (decoded, length) = decode(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((decoded.as_ref(), length), (shown, bytes), "{text}");
        }
        for text in ["&", "& b", "&;", "&#;", "&#x;", "&#xg", "&mdash", "&nothing_known", "&T", "&é;"] {
            let decoded = decode(text);
            assert!(decoded.is_none() || text.starts_with("&not"), "{text}: {decoded:?}");
        }
    }

    #[test]
    fn every_open_name_is_a_name() {
        assert_eq!(OPEN_NAMES.split_whitespace().count(), 106);
        assert!(OPEN_NAMES.split_whitespace().all(|name| resolve_html5_entity(name).is_some()));
    }

    #[test]
    fn escapes_what_a_page_would_take_for_markup_or_cannot_hold() {
        let latin = Charset::Legacy(encoding_rs::WINDOWS_1252);
        assert_eq!(escape("R&D <b> “é”\u{2008}ł", Some(latin)), "R&amp;D &lt;b&gt; “é”&#8200;&#322;");
        assert_eq!(escape("ł\u{a0}€", Some(Charset::Utf8)), "ł&nbsp;€");
        assert_eq!(escape("ł a", None), "&#322; a");
    }
}
