//! Item, plan and codebook to copies.

use std::collections::BTreeMap;

use crate::channel::{Channel, Site};
use crate::codebook::{Codebook, CopyNumber, ItemKey};
use crate::files;
use crate::item::{Document, EditError, ReadError};
use crate::trace::{self, ExactError, Lattice};

/// An item with its final sites and its codebook: all that is needed to write any of its copies.
#[derive(Debug)]
pub struct Edition {
    document: Document,
    sites: Vec<Site>,
    lattice: Lattice,
    codebook: Codebook,
}

/// Why a copy cannot be issued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// Nothing tells copies apart.
    #[error("the item has no sites, so all its copies would be alike")]
    NoSites,
    /// Two copies, or a copy and the original, would be the same text.
    #[error("copy {copy} would be the same as {}; {} {} different copies at most",
        twin.map_or_else(|| "the unmarked original".to_owned(), |twin| format!("copy {twin}")),
        if *sites == 1 { "1 site makes".to_owned() } else { format!("{sites} sites make") },
        about(*log2_codewords))]
    Duplicate {
        /// The copy.
        copy: CopyNumber,
        /// The copy it equals; none for the original.
        twin: Option<CopyNumber>,
        /// How many sites the item has.
        sites: usize,
        /// log₂ of the number of different codewords.
        log2_codewords: f64,
    },
    /// The plan's variants cannot be written into the file.
    #[error("copy {copy} cannot be written")]
    Edit {
        /// The copy.
        copy: CopyNumber,
        /// Why.
        source: EditError,
    },
    /// The written file is not readable as the item's format.
    #[error("copy {copy} cannot be read back")]
    ReadBack {
        /// The copy.
        copy: CopyNumber,
        /// Why.
        source: ReadError,
    },
    /// The written file does not carry the codeword that was written into it.
    #[error("copy {copy} does not read back to its own codeword")]
    SelfCheck {
        /// The copy.
        copy: CopyNumber,
        /// Where reading failed; none where another codeword was read.
        source: Option<ExactError>,
    },
}

fn about(log2: f64) -> String {
    if log2 < 40.0 { format!("{}", libm::exp2(log2).round()) } else { format!("2^{}", libm::floor(log2)) }
}

impl Edition {
    /// Prepares an item's copies; `document` is the unmarked original and `sites` carry their final weights.
    pub fn new(document: Document, sites: Vec<Site>, key: ItemKey) -> Self {
        let lattice = Lattice::new(&document, &sites);
        let codebook = Codebook::new(key, &sites);
        Self { document, sites, lattice, codebook }
    }

    /// The unmarked original.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The sites, in the order of codewords.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// The text with all its variants.
    pub fn lattice(&self) -> &Lattice {
        &self.lattice
    }

    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The symbols of the unmarked original.
    pub fn original(&self) -> Vec<u8> {
        self.sites.iter().map(|site| site.original).collect()
    }

    /// Refuses copies that could not be told apart from each other or from the original.
    ///
    /// Codewords are independent draws; drawing a twin again would tie one copy's symbols to another's and void the
    /// bound, so the item is refused instead and needs more sites.
    pub fn check_distinct(&self, copies: impl IntoIterator<Item = CopyNumber>) -> Result<(), IssueError> {
        if self.sites.is_empty() {
            return Err(IssueError::NoSites);
        }
        let mut seen = BTreeMap::from([(self.original(), None)]);
        for copy in copies {
            if let Some(twin) = seen.insert(self.codebook.codeword(copy), Some(copy)) {
                return Err(IssueError::Duplicate {
                    copy,
                    twin,
                    sites: self.sites.len(),
                    log2_codewords: log2_codewords(&self.sites),
                });
            }
        }
        Ok(())
    }

    /// The bytes of a copy, after checking that they read back to its codeword.
    pub fn write(&self, copy: CopyNumber) -> Result<Vec<u8>, IssueError> {
        let codeword = self.codebook.codeword(copy);
        let bytes = compose(&self.document, &self.sites, &codeword)
            .map_err(|source| IssueError::Edit { copy, source })?;
        let back = self.document.reread(&bytes).map_err(|source| IssueError::ReadBack { copy, source })?;
        match trace::read_exact(&self.lattice, back.text()) {
            Ok(read) if read == codeword => Ok(bytes),
            Ok(_) => Err(IssueError::SelfCheck { copy, source: None }),
            Err(source) => Err(IssueError::SelfCheck { copy, source: Some(source) }),
        }
    }
}

/// The bytes of the item with one symbol written at every site.
///
/// # Panics
/// When the codeword is shorter than the list of sites or holds a symbol a site does not have.
pub fn compose(document: &Document, sites: &[Site], codeword: &[u8]) -> Result<Vec<u8>, EditError> {
    let edits: Vec<_> = sites.iter().zip(codeword).flat_map(|(site, &symbol)| site.write(symbol)).collect();
    document.edit(&edits)
}

/// log₂ of how many different codewords the sites allow.
pub fn log2_codewords(sites: &[Site]) -> f64 {
    sites.iter().map(|site| libm::log2(f64::from(u8::try_from(site.labels.len()).unwrap_or(u8::MAX)))).sum()
}

/// The longest recipient part of a file name, in characters.
const SLUG_CHARS_MAX: usize = 48;

/// The file name of a recipient's copy: `stem.recipient.ext`.
///
/// Recipient names come from outside: only ASCII letters, digits and single hyphens survive, so no name can climb
/// out of the folder, hide a file or meet a reserved name. Where `taken` holds the name already, or nothing of the
/// recipient's name survives, the copy's number makes it unique.
pub fn copy_file_name(
    stem: &str,
    recipient: &str,
    extension: &str,
    copy: CopyNumber,
    taken: impl Fn(&str) -> bool,
) -> String {
    let stem = match files::slug(stem, SLUG_CHARS_MAX) {
        stem if stem.is_empty() => "item".to_owned(),
        stem => stem,
    };
    let name = files::slug(recipient, SLUG_CHARS_MAX);
    let plain = format!("{stem}.{name}.{extension}");
    if name.is_empty() {
        format!("{stem}.copy-{copy}.{extension}")
    } else if taken(&plain) {
        format!("{stem}.{name}-{copy}.{extension}")
    } else {
        plain
    }
}

/// How many of the sites belong to each channel, in the order of reports; channels without sites are left out.
pub fn sites_by_channel(sites: &[Site]) -> Vec<(Channel, usize)> {
    Channel::ALL
        .iter()
        .map(|&channel| (channel, sites.iter().filter(|site| site.channel == channel).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(recipient: &str) -> String {
        copy_file_name("Brief 7", recipient, "md", CopyNumber(3), |_| false)
    }

    #[test]
    fn a_refusal_counts_in_words_that_agree() {
        let refused = |sites: u8, twin| {
            let (copy, log2_codewords) = (CopyNumber(3), f64::from(sites));
            IssueError::Duplicate { copy, twin, sites: sites.into(), log2_codewords }.to_string()
        };
        assert_eq!(
            refused(1, None),
            "copy 3 would be the same as the unmarked original; 1 site makes 2 different copies at most"
        );
        assert!(
            refused(2, Some(CopyNumber(1))).ends_with("as copy 1; 2 sites make 4 different copies at most")
        );
    }

    #[test]
    fn hostile_names_stay_in_the_folder() {
        assert_eq!(name("Agency Q"), "brief-7.agency-q.md");
        assert_eq!(name("../../etc/passwd"), "brief-7.etc-passwd.md");
        assert_eq!(name("Büro für Ärger\u{202e}gpj.exe"), "brief-7.buro-fur-arger-gpj-exe.md");
        assert_eq!(name("\u{0}\n/ .. "), "brief-7.copy-3.md");
        assert_eq!(name("局"), "brief-7.copy-3.md");
        assert!(name(&"x".repeat(10_000)).len() < 70);
        assert_eq!(
            copy_file_name("", "a", "txt", CopyNumber(12), |name| name == "item.a.txt"),
            "item.a-12.txt"
        );
    }
}
