//! What a file shows and marking leaves alone.

/// Why a piece of text is not marked; counted once for each piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Skipped {
    /// Code, input and output of programs, preformatted text.
    Code,
    /// A formula.
    Formula,
    /// A drawing's text.
    Drawing,
    /// Text that a reader does not see.
    Hidden,
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
    /// What one and several are called in a sentence.
    pub fn words(self) -> [&'static str; 2] {
        match self {
            Self::Code => ["piece of code", "pieces of code"],
            Self::Formula => ["formula", "formulas"],
            Self::Drawing => ["drawing", "drawings"],
            Self::Hidden => ["hidden text", "hidden texts"],
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

    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Formula => "formula",
            Self::Drawing => "drawing",
            Self::Hidden => "hidden",
            Self::Deleted => "deleted",
            Self::Script => "script",
            Self::Form => "form",
            Self::Quotation => "quotation",
            Self::Address => "address",
            Self::Cell => "cell",
            Self::OneWriting => "one_writing",
            Self::Attachment => "attachment",
            Self::Unreadable => "unreadable",
        }
    }
}
