//! A writer that cannot forget to escape.

use std::fmt::Display;

use crate::report::escape;

/// An HTML page in the making.
///
/// Markup is `&'static str`, so it comes from this source code; everything else can only get in through
/// [`Html::text`], which escapes. That is the whole of what a template engine would be taken in for here.
#[derive(Debug, Default)]
pub(super) struct Html {
    out: String,
}

impl Html {
    /// Markup, as it stands in the source code.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text from anywhere: what could act on the line becomes visible, what could act as markup becomes an entity.
    pub(super) fn text(&mut self, text: impl Display) -> &mut Self {
        for char in escape(&text.to_string(), false).chars() {
            match char {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                _ => self.out.push(char),
            }
        }
        self
    }

    /// A name from outside, kept from reordering the line it stands in.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.raw("<bdi>").text(name).raw("</bdi>")
    }

    /// Text between an opening and a closing tag.
    pub(super) fn element(
        &mut self,
        open: &'static str,
        text: impl Display,
        close: &'static str,
    ) -> &mut Self {
        self.raw(open).text(text).raw(close)
    }

    /// The finished page.
    pub(super) fn finish(self) -> String {
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let mut html = Html::default();
        html.raw("<p>").text("<script>&\"'\u{202e}\u{1b}").name("</bdi>").raw("</p>");
        assert_eq!(
            html.finish(),
            "<p>&lt;script&gt;&amp;&quot;&#39;\\u{202e}\\u{1b}<bdi>&lt;/bdi&gt;</bdi></p>"
        );
    }
}
