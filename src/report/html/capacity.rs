//! The page that `dyetrace plan --page OUT.html` writes: the item's text, shaded by what each sentence names alone.

use super::writer::Html;
use super::{HEAD, Imprint};
use crate::report::capacity::{CapacityView, Grade, among, meant};
use crate::report::words;

/// The capacity map of an item as one page that loads and runs nothing.
///
/// It holds the item's whole text and is as confidential as the item.
pub fn capacity(view: &CapacityView<'_>, imprint: Imprint<'_>) -> String {
    let mut html = Html::default();
    html.raw(HEAD).text(format!("Capacity map: {}", view.title)).raw("</title>\n</head>\n<body>\n<main>\n");
    summary(&mut html, view);
    suggestions(&mut html, view);
    text(&mut html, view);
    html.raw("</main>\n<footer>Made by ").text(imprint.program).raw(" at ").text(imprint.made_at);
    html.raw(". This page holds the item's text and is as confidential as the item.</footer>\n");
    html.raw("</body>\n</html>\n");
    html.finish()
}

fn summary(html: &mut Html, view: &CapacityView<'_>) {
    let (all, named) = view.capacity.sentences();
    html.raw("<h1>What a quotation of ").name(view.title).raw(" would name</h1>\n<p>");
    html.text(format!(
        "{} of {} name one copy when quoted exactly and alone, for {}. Each sentence below says among how many copies \
         it names one; longer quotations add up.",
        words::size(named),
        words::counted(all as u64, "sentence", "sentences"),
        meant(view.capacity)
    ));
    html.raw("</p>\n<p class=\"legend\"><span class=\"g0\">nothing differs</span> ");
    html.raw("<span class=\"g1\">less than half of the evidence</span> ");
    html.raw("<span class=\"g2\">half or more</span> <span class=\"g3\">names one copy</span></p>\n");
}

fn suggestions(html: &mut Html, view: &CapacityView<'_>) {
    if view.capacity.quotable.is_empty() {
        return;
    }
    html.raw("<h2>Sentences to vary first</h2>\n<p>They are likely to be quoted and name nobody alone.</p>\n<ol>\n");
    for one in &view.capacity.quotable {
        let reasons: Vec<String> = one.reasons.iter().map(|reason| reason.name().to_owned()).collect();
        html.element("<li><p>", view.text(&one.range), "</p>\n");
        html.element("<p class=\"soft\">", words::list(&reasons), "</p>\n<ul>\n");
        for idea in &one.ideas {
            html.element("<li>", idea.advice(), ": ").element("<code>", idea.markup(), "</code></li>\n");
        }
        html.raw("</ul></li>\n");
    }
    html.raw("</ol>\n");
}

fn text(html: &mut Html, view: &CapacityView<'_>) {
    html.raw("<h2>The text</h2>\n");
    for paragraph in &view.capacity.paragraphs {
        html.raw("<p class=\"map\">");
        for sentence in &paragraph.sentences {
            html.raw(match Grade::of(sentence, view.capacity) {
                Grade::Blank => "<span class=\"g0\">",
                Grade::Low => "<span class=\"g1\">",
                Grade::Half => "<span class=\"g2\">",
                Grade::Full => "<span class=\"g3\">",
            });
            html.text(view.text(&sentence.range)).element(" <sub>", among(sentence), "</sub></span> ");
        }
        html.element("<br><small>paragraph: ", among(&paragraph.whole), "</small></p>\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Document, Format};
    use crate::plan::Capacity;

    #[test]
    fn the_items_text_is_never_markup_and_every_element_is_closed() {
        let text = "The <script>alert(1)</script> board told 33 agencies \"no\" & left. It 'rained'.\n\nEnd \u{202e}of it.";
        let document = Document::read(Format::Text, text.as_bytes()).unwrap();
        let map = Capacity::of(&document, &[], 33, 1e-3);
        let view = CapacityView { title: "</title><b>", document: &document, capacity: &map };
        let page = capacity(&view, Imprint { made_at: "2026-01-01T00:00:00Z", program: "dyetrace 0" });
        assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains('\u{202e}'));
        for tag in ["main", "p", "span", "ol", "ul", "li", "code", "sub", "small", "h1", "h2"] {
            let opened =
                page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(page.contains("default-src 'none'") && !page.contains("src=") && !page.contains("href="));
    }
}
