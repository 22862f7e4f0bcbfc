//! What of a file is seen, or held, and left alone by marking.

/// Why a piece of text is not marked; counted once for each piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Code, input and output of programs, preformatted text.
    Code,
    /// Text that is not shown.
    Hidden,
    /// Tables of contents and other directories, which repeat what stands elsewhere.
    Contents,
    /// Diagrams and charts, and documents inside of the document.
    Embedded,
    /// A drawing's text.
    Drawing,
    /// Text that is struck out.
    Deleted,
    /// Scripts and style sheets.
    Script,
    /// The text of a form's controls, and what its author forbade to translate.
    Form,
    /// Marked as somebody's words, a title of a work or a date.
    Quotation,
    /// A link whose text is its own address.
    Address,
    /// A table's cell.
    Cell,
    /// A block of a mail that only one of its two writings has.
    OneWriting,
    /// An attachment or a message within a mail, copied unchanged.
    Attachment,
    /// A text that would not be written back as it was: its characters are not those of its charset.
    Unreadable,
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
            Self::Drawing => "drawing",
            Self::Deleted => "deleted",
            Self::Script => "script",
            Self::Form => "form_control",
            Self::Quotation => "quotation",
            Self::Address => "address",
            Self::Cell => "cell",
            Self::OneWriting => "one_writing",
            Self::Attachment => "attachment",
            Self::Unreadable => "unreadable",
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
            Self::Drawing => ["drawing", "drawings"],
            Self::Deleted => ["deleted text", "deleted texts"],
            Self::Script => ["script or style sheet", "scripts and style sheets"],
            Self::Form => ["form control", "form controls"],
            Self::Quotation => ["quotation, title or date", "quotations, titles and dates"],
            Self::Address => ["link that shows its address", "links that show their address"],
            Self::Cell => ["table cell", "table cells"],
            Self::OneWriting => [
                "block that only one writing of the mail has",
                "blocks that only one writing of the mail has",
            ],
            Self::Attachment => ["attachment or enclosed message", "attachments and enclosed messages"],
            Self::Unreadable => {
                ["text that is not valid in its charset", "texts that are not valid in their charset"]
            }
        }
    }
}
