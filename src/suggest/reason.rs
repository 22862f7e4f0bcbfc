//! Why a wording was turned down.

/// Why a wording was turned down, in the order in which the checks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Empty, or longer than any variant may be.
    Size,
    /// A refusal, or talk about the task.
    Refusal,
    /// Invisible, control or foreign characters, or quotes and dashes that the document does not use.
    Characters,
    /// Markdown, HTML or the markup of variants.
    Markup,
    /// Not one sentence, or another mark or letter case at its ends.
    Sentence,
    /// Much shorter or longer than the sentence.
    Length,
    /// Code, an address or a reference that was added, dropped or changed.
    Literals,
    /// A quotation that is not the same to the byte.
    Quotation,
    /// Another number, unit, date or comparison ("more than 30").
    Numbers,
    /// A name or acronym that was added, dropped, changed or moved past another one.
    Names,
    /// A negation that was added, dropped or changed.
    Negation,
    /// Another obligation, possibility, probability or reservation.
    Modality,
    /// Another quantity ("all", "most", "only").
    Quantity,
    /// A word where the sentence has its opposite ("rose" for "fell").
    Opposite,
    /// A speaker, a hearer or a sex that the sentence does not have.
    Person,
    /// The other variety of English.
    Variety,
    /// Contractions or list commas where the document has none.
    Style,
    /// Words of the instructions or of the sentences around.
    Prompt,
    /// Too little in common with the sentence.
    Strays,
    /// The sentence itself, or a wording that is there already, but for case and punctuation.
    Duplicate,
    /// So like the sentence or another wording that a leak could not tell them apart.
    TooClose,
    /// It cannot be written in the document's format or charset.
    Unwritable,
    /// Good, but there are enough.
    Surplus,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 23] = [
        Self::Size,
        Self::Refusal,
        Self::Characters,
        Self::Markup,
        Self::Sentence,
        Self::Length,
        Self::Literals,
        Self::Quotation,
        Self::Numbers,
        Self::Names,
        Self::Negation,
        Self::Modality,
        Self::Quantity,
        Self::Opposite,
        Self::Person,
        Self::Variety,
        Self::Style,
        Self::Prompt,
        Self::Strays,
        Self::Duplicate,
        Self::TooClose,
        Self::Unwritable,
        Self::Surplus,
    ];

    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Refusal => "refusal",
            Self::Characters => "characters",
            Self::Markup => "markup",
            Self::Sentence => "sentence",
            Self::Length => "length",
            Self::Literals => "literals",
            Self::Quotation => "quotation",
            Self::Numbers => "numbers",
            Self::Names => "names",
            Self::Negation => "negation",
            Self::Modality => "modality",
            Self::Quantity => "quantity",
            Self::Opposite => "opposite",
            Self::Person => "person",
            Self::Variety => "variety",
            Self::Style => "style",
            Self::Prompt => "prompt",
            Self::Strays => "strays",
            Self::Duplicate => "duplicate",
            Self::TooClose => "too_close",
            Self::Unwritable => "unwritable",
            Self::Surplus => "surplus",
        }
    }

    /// What people read: what is wrong with so many wordings.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Size => "empty or oversized",
            Self::Refusal => "a refusal or talk about the task",
            Self::Characters => "characters the document does not use",
            Self::Markup => "markup",
            Self::Sentence => "not one sentence with the same ends",
            Self::Length => "too short or too long",
            Self::Literals => "other code, address or reference",
            Self::Quotation => "other quotation",
            Self::Numbers => "other number, unit or date",
            Self::Names => "other name, or names in another order",
            Self::Negation => "other negation",
            Self::Modality => "other obligation or certainty",
            Self::Quantity => "other quantity",
            Self::Opposite => "opposite meaning",
            Self::Person => "other speaker or person",
            Self::Variety => "other variety of English",
            Self::Style => "not the document's style",
            Self::Prompt => "copied from the request",
            Self::Strays => "little in common with the sentence",
            Self::Duplicate => "the same again",
            Self::TooClose => "too close to another one",
            Self::Unwritable => "cannot be written in the file",
            Self::Surplus => "more than are kept",
        }
    }
}
