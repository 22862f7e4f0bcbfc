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
    /// What was skipped, in words, for `count` of it.
    pub fn words(self, count: usize) -> &'static str {
        match (self, count) {
            (Self::Code, 1) => "piece of code",
            (Self::Code, _) => "pieces of code",
            (Self::Formula, 1) => "formula",
            (Self::Formula, _) => "formulas",
            (Self::Drawing, 1) => "drawing",
            (Self::Drawing, _) => "drawings",
            (Self::Hidden, 1) => "hidden text",
            (Self::Hidden, _) => "hidden texts",
            (Self::Deleted, 1) => "deleted text",
            (Self::Deleted, _) => "deleted texts",
            (Self::Script, 1) => "script or style sheet",
            (Self::Script, _) => "scripts and style sheets",
            (Self::Form, 1) => "form control",
            (Self::Form, _) => "form controls",
            (Self::Quotation, 1) => "quotation, title or date",
            (Self::Quotation, _) => "quotations, titles and dates",
            (Self::Address, 1) => "link that shows its address",
            (Self::Address, _) => "links that show their address",
            (Self::Cell, 1) => "table cell",
            (Self::Cell, _) => "table cells",
            (Self::OneWriting, 1) => "block that only one writing of the mail has",
            (Self::OneWriting, _) => "blocks that only one writing of the mail has",
            (Self::Attachment, 1) => "attachment or enclosed message",
            (Self::Attachment, _) => "attachments and enclosed messages",
            (Self::Unreadable, 1) => "text that is not valid in its charset",
            (Self::Unreadable, _) => "texts that are not valid in their charset",
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
