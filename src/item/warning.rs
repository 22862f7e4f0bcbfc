//! What every copy of a file breaks or shows, and its originator should know.

/// Something about a file that its copies cannot keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// The sender's domain signed the mail (DKIM, RFC 6376).
    Dkim,
    /// Relays sealed the mail's chain of custody (ARC, RFC 8617).
    Arc,
}

impl Warning {
    /// What it means, in a sentence without its stop.
    pub fn words(self) -> &'static str {
        match self {
            Self::Dkim => {
                "the mail carries a DKIM signature, which no marked copy fulfils: mail programs may say so"
            }
            Self::Arc => {
                "the mail carries an ARC seal, which no marked copy fulfils: mail programs may say so"
            }
        }
    }

    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dkim => "dkim",
            Self::Arc => "arc",
        }
    }
}
