//! The view of `plan --map`: what each passage of an item names when it is quoted alone.

use serde::Serialize;

use super::paint::{Page, Role};
use super::{Style, json, words};
use crate::item::Document;
use crate::plan::{Capacity, Passage};

/// A capacity map and the text it is about.
#[derive(Clone, Copy, Debug)]
pub struct CapacityView<'c> {
    /// What the item is called.
    pub title: &'c str,
    /// The item.
    pub document: &'c Document,
    /// Its map.
    pub capacity: &'c Capacity,
}

/// How far a passage is from naming one of the copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    /// Nothing in it differs between copies.
    Blank,
    /// Less than half of the evidence.
    Low,
    /// Half of it or more.
    Half,
    /// It names one copy.
    Full,
}

impl Grade {
    pub(super) fn of(passage: &Passage, capacity: &Capacity) -> Self {
        if passage.names(capacity.copies) {
            Self::Full
        } else if passage.sites == 0 {
            Self::Blank
        } else if passage.bits * 2.0 < capacity.needed_bits {
            Self::Low
        } else {
            Self::Half
        }
    }

    /// A gauge of three cells, which reads without colour.
    fn gauge(self, style: Style) -> &'static str {
        match self {
            Self::Blank => style.glyph("···", "..."),
            Self::Low => style.glyph("▮··", "#.."),
            Self::Half => style.glyph("▮▮·", "##."),
            Self::Full => style.glyph("▮▮▮", "###"),
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Blank => Role::Faint,
            Self::Low | Self::Half => Role::Plain,
            Self::Full => Role::Good,
        }
    }
}

/// Among how many copies a passage names one, in words.
pub(super) fn among(passage: &Passage) -> String {
    match passage.separates {
        0 | 1 => "nobody".to_owned(),
        u64::MAX => "any number".to_owned(),
        separates => format!("1 of {}", words::count(separates)),
    }
}

/// What the map was made for: "33 copies, wrong at most once in 1,000".
pub(super) fn meant(capacity: &Capacity) -> String {
    format!("{}, wrong {}", words::counted(capacity.copies, "copy", "copies"), words::bound(capacity.alpha))
}

/// The object under `capacity` of `dyetrace plan --map --json`.
#[derive(Debug, Serialize)]
pub struct Object<'c> {
    copies: u64,
    alpha: f64,
    log10_alpha: f64,
    needed_bits: f64,
    paragraphs: Vec<ParagraphRow<'c>>,
    quotable: Vec<QuotableRow<'c>>,
}

#[derive(Debug, Serialize)]
struct ParagraphRow<'c> {
    #[serde(flatten)]
    whole: PassageRow,
    sentences: Vec<SentenceRow<'c>>,
}

#[derive(Debug, Serialize)]
struct PassageRow {
    span: [usize; 2],
    words: usize,
    sites: usize,
    bits: f64,
    /// `null` where it is more than any number of copies.
    separates: Option<u64>,
}

#[derive(Debug, Serialize)]
struct SentenceRow<'c> {
    #[serde(flatten)]
    passage: PassageRow,
    sentence: &'c str,
}

#[derive(Debug, Serialize)]
struct QuotableRow<'c> {
    sentence: &'c str,
    sites: usize,
    missing_bits: f64,
    reasons: Vec<&'static str>,
    suggestions: Vec<String>,
}

impl From<&Passage> for PassageRow {
    fn from(passage: &Passage) -> Self {
        Self {
            span: [passage.range.start, passage.range.end],
            words: passage.words,
            sites: passage.sites,
            bits: json::rounded(passage.bits),
            separates: (passage.separates < u64::MAX).then_some(passage.separates),
        }
    }
}

impl<'c> CapacityView<'c> {
    /// The text of a range.
    pub(super) fn text(&self, range: &std::ops::Range<usize>) -> &'c str {
        &self.document.text()[range.clone()]
    }

    /// What goes into the object of `plan --json`.
    pub fn object(&self) -> Object<'c> {
        let capacity = self.capacity;
        Object {
            copies: capacity.copies,
            alpha: capacity.alpha,
            log10_alpha: json::log10(capacity.alpha),
            needed_bits: json::rounded(capacity.needed_bits),
            paragraphs: capacity
                .paragraphs
                .iter()
                .map(|paragraph| ParagraphRow {
                    whole: PassageRow::from(&paragraph.whole),
                    sentences: paragraph
                        .sentences
                        .iter()
                        .map(|sentence| SentenceRow {
                            passage: PassageRow::from(sentence),
                            sentence: self.text(&sentence.range),
                        })
                        .collect(),
                })
                .collect(),
            quotable: capacity
                .quotable
                .iter()
                .map(|one| QuotableRow {
                    sentence: self.text(&one.range),
                    sites: one.sites,
                    missing_bits: json::rounded(one.missing_bits),
                    reasons: one.reasons.iter().map(|reason| reason.name()).collect(),
                    suggestions: one.ideas.iter().map(crate::plan::Idea::markup).collect(),
                })
                .collect(),
        }
    }

    /// The part of the page that `dyetrace plan --map` adds.
    pub fn page(&self, style: Style) -> String {
        let mut page = Page::new(style);
        let (all, named) = self.capacity.sentences();
        page.field(
            "Map",
            Role::Plain,
            &format!(
                "{} of {} name one copy when quoted exactly and alone ({})",
                words::size(named),
                words::counted(all as u64, "sentence", "sentences"),
                meant(self.capacity)
            ),
        );
        page.gap();
        for (number, paragraph) in self.capacity.paragraphs.iter().enumerate() {
            let (label, whole) = (format!("{}", number + 1), &paragraph.whole);
            if let [only] = paragraph.sentences.as_slice() {
                self.row(&mut page, &label, only, self.text(&only.range));
            } else {
                page.gap();
                self.row(&mut page, &label, whole, &Self::counts(whole));
                for sentence in &paragraph.sentences {
                    self.row(&mut page, "", sentence, self.text(&sentence.range));
                }
                page.gap();
            }
        }
        self.suggestions(&mut page);
        page.finish()
    }

    fn counts(passage: &Passage) -> String {
        format!(
            "paragraph of {}, {}",
            words::counted(passage.words as u64, "word", "words"),
            words::counted(passage.sites as u64, "site", "sites")
        )
    }

    /// "  12  ▮▮·  1 of 120   the words …".
    fn row(&self, page: &mut Page, label: &str, passage: &Passage, text: &str) {
        let style = page.style();
        let grade = Grade::of(passage, self.capacity);
        let among = among(passage);
        page.put(Role::Label, &format!("{label:>4}  "));
        page.put(grade.role(), grade.gauge(style));
        page.put(grade.role(), &format!("  {among:<14}"));
        let room = style.width.saturating_sub(25);
        page.put(Role::Plain, &style.clip(&style.line(text), room)).end();
    }

    fn suggestions(&self, page: &mut Page) {
        page.gap();
        let style = page.style();
        if self.capacity.quotable.is_empty() {
            return page.field("Add", Role::Plain, "no sentence that is likely to be quoted needs variants");
        }
        page.field(
            "Add",
            Role::Plain,
            "variants to these first; they are likely to be quoted and name nobody:",
        );
        for one in &self.capacity.quotable {
            page.gap();
            page.text(4, Role::Strong, &style.line(self.text(&one.range)));
            let reasons: Vec<String> = one.reasons.iter().map(|reason| reason.name().to_owned()).collect();
            let lacking = format!("{}; lacks {}", words::list(&reasons), words::bits(one.missing_bits));
            page.text(4, Role::Faint, lacking.replace('+', "").as_str());
            for idea in &one.ideas {
                page.text(6, Role::Plain, &format!("{}:", idea.advice()));
                page.text(8, Role::Literal, &style.line(&idea.markup()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Format;
    use crate::plan::{Options, Plan};

    const TEXT: &str = "The board had never told the 33 agencies that Lower Wick Pier was unsafe. For example, \
        it had about 40 letters in which the danger was described.\n\nThe crew drank \u{202e}tea<b>.";

    fn view(test: impl FnOnce(CapacityView<'_>)) {
        let document = Document::read(Format::Text, TEXT.as_bytes()).unwrap();
        let plan = Plan::propose(&document, Vec::new(), Vec::new(), Options::default());
        let capacity = Capacity::of(&document, &plan.sites(), 33, 1e-3);
        test(CapacityView { title: "board <i>", document: &document, capacity: &capacity });
    }

    #[test]
    fn the_page_fits_and_reads_without_colour() {
        view(|view| {
            let page = view.page(Style::PLAIN);
            assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
            assert!(page.contains("nobody") && page.contains("{{#fact:33 agencies|…}}"), "{page}");
            assert!(!page.contains('\u{202e}'));
            let ascii = view.page(Style { ascii: true, ..Style::PLAIN });
            assert!(ascii.is_ascii(), "{ascii}");
        });
    }

    #[test]
    fn the_object_names_every_sentence_once() {
        view(|view| {
            let object = serde_json::to_value(view.object()).unwrap();
            let paragraphs = object["paragraphs"].as_array().unwrap();
            assert_eq!(paragraphs.len(), 2);
            assert_eq!(paragraphs[0]["sentences"].as_array().unwrap().len(), 2);
            assert!(paragraphs[0]["sentences"][0]["sentence"].as_str().unwrap().starts_with("The board"));
            assert_eq!(object["quotable"][0]["reasons"][0], "figure");
        });
    }
}
