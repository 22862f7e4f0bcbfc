//! The charset that a page declares (HTML Living Standard, section 13.2.3.2).

use super::super::Charset;
use super::tag::{self, Tag};

/// How far into a page a declaration is looked for, in bytes.
const PRESCAN_BYTES: usize = 1024;

/// The charset that a `meta` element among the first bytes names; none where there is none, or an unknown one.
pub(in super::super) fn declared(bytes: &[u8]) -> Option<Charset> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN_BYTES)]);
    let mut rest = head.as_ref();
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            // "<!-->" is a comment too: its end may share the dashes of its start.
            rest =
                &rest[rest[2..].find("-->").map_or(rest.len(), |end| 2 + end + 3).max(4.min(rest.len()))..];
            if rest.len() == comment.len() {
                break;
            }
            continue;
        }
        let Some(tag) = tag::read(rest, 0) else {
            rest = &rest[1..];
            continue;
        };
        if !tag.end
            && tag.name == "meta"
            && let Some(charset) = of_meta(rest, &tag)
        {
            return Some(charset);
        }
        rest = &rest[tag.range.end..];
    }
    None
}

/// The charset for a label of the Encoding Standard, as a page's declaration means it.
fn of_label(label: &str) -> Option<Charset> {
    let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
    // A declaration that can be read byte by byte is not in UTF-16; and x-user-defined is windows-1252 in a `meta`.
    Some(
        if encoding == encoding_rs::UTF_8
            || encoding == encoding_rs::UTF_16LE
            || encoding == encoding_rs::UTF_16BE
        {
            Charset::Utf8
        } else if encoding == encoding_rs::X_USER_DEFINED {
            Charset::Legacy(encoding_rs::WINDOWS_1252)
        } else if encoding == encoding_rs::REPLACEMENT {
            return None;
        } else {
            Charset::Legacy(encoding)
        },
    )
}

fn of_meta(source: &str, tag: &Tag) -> Option<Charset> {
    if let Some(label) = tag.attribute(source, "charset") {
        return of_label(label);
    }
    if !tag.attribute(source, "http-equiv")?.trim().eq_ignore_ascii_case("content-type") {
        return None;
    }
    let content = tag.attribute(source, "content")?;
    let lower = content.to_ascii_lowercase();
    let mut from = 0;
    loop {
        let behind = from + lower.get(from..)?.find("charset")? + "charset".len();
        let value = content[behind..].trim_start();
        let Some(value) = value.strip_prefix('=') else {
            from = behind;
            continue;
        };
        let value = value.trim_start();
        let label = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next()?,
            _ => value.split(|c: char| c.is_ascii_whitespace() || c == ';').next()?,
        };
        return of_label(label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_declaration_that_counts() {
        for (head, name) in [
            ("<meta charset=utf-8>", Some("UTF-8")),
            ("<META CHARSET='iso-8859-1'/>", Some("windows-1252")),
            ("<meta http-equiv=Content-Type content=\"text/html; charset=KOI8-R\">", Some("KOI8-R")),
            (
                "<meta http-equiv='content-type' content='text/html;charset = \"shift_jis\"'>",
                Some("Shift_JIS"),
            ),
            ("<meta content='text/html; charset=koi8-r'>", None),
            ("<meta charset=utf-16>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            ("<!-- <meta charset=koi8-r> --><meta charset=big5>", Some("Big5")),
            ("<!--><meta charset=big5>", Some("Big5")),
            ("<a title='<meta charset=koi8-r>'><meta charset=gbk>", Some("GBK")),
            ("<meta charset=nonsense><meta charset=gbk>", Some("GBK")),
            ("<!-- <meta charset=koi8-r>", None),
            ("<meta charset=iso-2022-kr>", None),
            ("", None),
        ] {
            assert_eq!(declared(head.as_bytes()).map(Charset::name), name, "{head}");
        }
        let late = format!("{}<meta charset=gbk>", " ".repeat(PRESCAN_BYTES));
        assert!(declared(late.as_bytes()).is_none());
    }
}
