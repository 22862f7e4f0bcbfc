//! Where a window's alignment may lead, from the runs found in it.

use super::lattice::index;

/// Half the width of the band around a run, in characters.
pub(super) const BAND: usize = 20;

/// A stretch where the way through the window is known: the fragment character of each of its letters.
pub(super) struct Mark {
    pub(super) near: u32,
    pub(super) far: u32,
    pub(super) chars: Vec<usize>,
}

/// Where the way leads, between marks no more than that it does not go back.
pub(super) struct Guides {
    pub(super) marks: Vec<Mark>,
    /// Characters of the window's fragment.
    pub(super) size: usize,
}

impl Guides {
    /// The fragment characters among which a boundary lies that has so many letters before it on the shortest and
    /// longest path.
    pub(super) fn band(&self, near: u32, far: u32) -> (usize, usize) {
        let next = self.marks.partition_point(|mark| mark.far <= far);
        let before = next.checked_sub(1).map(|at| &self.marks[at]);
        let after = self.marks.get(next);
        if let Some(&at) = before.and_then(|mark| mark.chars.get((far - mark.far) as usize)) {
            return (at.saturating_sub(BAND), at + BAND);
        }
        // One letter is about one and a quarter characters; edges allow for one to two.
        let ahead = |letters: u32| letters as usize;
        let lo = match (before, after) {
            (Some(mark), _) => {
                let end = mark.chars.last().copied().unwrap_or(0);
                let open = after.is_none();
                let gone = near.saturating_sub(mark.near + index(mark.chars.len() - 1));
                (if open { end + ahead(gone) } else { end }).saturating_sub(BAND)
            }
            (None, Some(mark)) => {
                let begin = mark.chars.first().copied().unwrap_or(0);
                begin.saturating_sub(2 * ahead(mark.far - far.min(mark.far)) + BAND)
            }
            (None, None) => 0,
        };
        let hi = match (before, after) {
            (_, Some(mark)) => {
                let begin = mark.chars.first().copied().unwrap_or(self.size);
                let open = before.is_none();
                let left = mark.near.saturating_sub(near);
                (if open { begin.saturating_sub(ahead(left)) } else { begin }) + BAND
            }
            (Some(mark), None) => {
                let end = mark.chars.last().copied().unwrap_or(0);
                end + 2 * ahead(far.saturating_sub(mark.far + index(mark.chars.len() - 1))) + BAND
            }
            (None, None) => self.size,
        };
        (lo.min(self.size), hi.min(self.size))
    }
}
