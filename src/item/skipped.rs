//! What of a file is not edited.

/// A kind of text that no variant is written into, though the file shows or holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Skipped {
    /// Insertions, deletions and moves that somebody has yet to accept.
    Change,
    /// Page numbers, dates, references: what the program computes anew.
    Field,
    /// Content controls with a value of their own: bound data, lists, dates, locked text.
    Control,
    /// Formulas.
    Formula,
    /// Paragraphs and passages in a style for code.
    Code,
    /// Text that is not shown.
    Hidden,
    /// Tables of contents and other directories, which repeat what stands elsewhere.
    Contents,
    /// Diagrams and charts, and documents inside of the document.
    Embedded,
}

impl Skipped {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "tracked_change",
            Self::Field => "field",
            Self::Control => "content_control",
            Self::Formula => "formula",
            Self::Code => "code",
            Self::Hidden => "hidden",
            Self::Contents => "contents",
            Self::Embedded => "embedded_object",
        }
    }

    /// What one and several are called in a sentence.
    pub fn words(self) -> [&'static str; 2] {
        match self {
            Self::Change => ["tracked change", "tracked changes"],
            Self::Field => ["field", "fields"],
            Self::Control => ["bound or locked content control", "bound or locked content controls"],
            Self::Formula => ["formula", "formulas"],
            Self::Code => ["piece of code", "pieces of code"],
            Self::Hidden => ["hidden text", "hidden texts"],
            Self::Contents => ["table of contents", "tables of contents"],
            Self::Embedded => {
                ["chart, diagram or embedded document", "charts, diagrams or embedded documents"]
            }
        }
    }
}
