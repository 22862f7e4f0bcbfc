//! What desks do to each class of sites: a table fitted to edited texts, and the rules' own marks behind it.
//!
//! A line of `desks.tsv` says which form of a class editors write, and how often an editor who was at work does so
//! throughout a text, or in about half of the places. Where no line fits a site, the mark that its rule or channel set
//! ([`Site::desk`]) holds. The table is public and depends on nothing that a leak or a copy shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::channel::Site;

/// What an editor does to one site.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Habit {
    /// The variant that editors write.
    pub(super) canonical: usize,
    /// The probability that an editor who was at work writes it in about half of the places, 0.0..=1.0.
    pub(super) partly: f64,
    /// The probability that they write it throughout; at most 1 with `partly`.
    pub(super) throughout: f64,
}

/// Which form of each class editors write, and how often.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desks {
    /// By class, the best supported first.
    rows: BTreeMap<String, Vec<Row>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    to: String,
    partly: f64,
    throughout: f64,
}

/// A line of a table that cannot be read, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not a class, a form and two rates that add up to at most 1")]
pub struct DesksError {
    /// Which line.
    pub line: usize,
}

impl Desks {
    /// The shipped table.
    pub fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Desks> =
            LazyLock::new(|| Desks::parse(include_str!("desks.tsv")).unwrap_or_default());
        &SHIPPED
    }

    /// A table without lines: every site's own mark holds.
    pub fn marks() -> Self {
        Self::default()
    }

    /// Reads a table: class, form, rate throughout and rate in part, with tabs between; `#` starts a comment line.
    ///
    /// Further columns are for people. A form is a variant's label; lines of one class are tried from the strongest on.
    pub fn parse(text: &str) -> Result<Self, DesksError> {
        let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = DesksError { line: index + 1 };
            let mut columns = line.split('\t');
            let (Some(class), Some(to)) = (columns.next(), columns.next()) else { return Err(fault) };
            let mut rate = || columns.next().and_then(|rate| rate.parse::<f64>().ok());
            let (Some(throughout), Some(partly)) = (rate(), rate()) else { return Err(fault) };
            let valid = |rate: f64| (0.0..=1.0).contains(&rate);
            if !valid(throughout)
                || !valid(partly)
                || throughout + partly > 1.0
                || class.is_empty()
                || to.is_empty()
            {
                return Err(fault);
            }
            rows.entry(class.to_owned()).or_default().push(Row { to: to.to_owned(), partly, throughout });
        }
        for of_class in rows.values_mut() {
            of_class.sort_by(|a, b| b.share().total_cmp(&a.share()).then_with(|| a.to.cmp(&b.to)));
        }
        Ok(Self { rows })
    }

    /// What editors do to a site, if anything is known.
    pub(super) fn of(&self, site: &Site) -> Option<Habit> {
        let fitted = self.rows.get(site.class.as_ref()).and_then(|rows| {
            rows.iter().find_map(|row| {
                let canonical = site.labels.iter().position(|label| *label == row.to)?;
                Some(Habit { canonical, partly: row.partly, throughout: row.throughout })
            })
        });
        fitted.or_else(|| {
            let desk = site.desk?;
            let throughout = if desk.strength.is_finite() { desk.strength.clamp(0.0, 1.0) } else { 0.0 };
            // A round figure says nothing of half-hearted editors: what is left is split evenly.
            let partly = (1.0 - throughout) / 2.0;
            Some(Habit { canonical: usize::from(desk.canonical), partly, throughout })
        })
    }
}

impl Row {
    /// The share of places that is expected to be changed.
    fn share(&self) -> f64 {
        self.throughout + self.partly / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Channel, Desk, Place, Tier, equal_weights};

    fn site(class: &'static str, forms: &[&str], desk: Option<Desk>) -> Site {
        let forms: Vec<String> = forms.iter().map(|&form| form.to_owned()).collect();
        Site {
            channel: Channel::Wording,
            class: class.into(),
            tier: Tier::Strict,
            labels: forms.clone(),
            weights: equal_weights(forms.len()),
            original: 0,
            places: vec![Place { range: 0..forms[0].len(), forms }],
            desk,
            fact: false,
        }
    }

    #[test]
    fn the_shipped_table_is_read_whole() {
        let shipped = Desks::parse(include_str!("desks.tsv")).unwrap();
        assert_eq!(&shipped, Desks::shipped());
    }

    #[test]
    fn a_line_goes_before_the_mark_and_the_strongest_line_first() {
        let desks = Desks::parse("# to\nabout\tabout\t0.25\t0.5\t9\nabout\troughly\t0.125\t0.25\n").unwrap();
        let marked = Some(Desk { canonical: 0, strength: 0.5 });
        let three = site("about", &["some", "roughly", "about"], marked);
        assert_eq!(desks.of(&three), Some(Habit { canonical: 2, partly: 0.5, throughout: 0.25 }));
        let two = site("about", &["some", "roughly"], marked);
        assert_eq!(desks.of(&two), Some(Habit { canonical: 1, partly: 0.25, throughout: 0.125 }));
        let none = site("about", &["some", "circa"], marked);
        assert_eq!(desks.of(&none), Some(Habit { canonical: 0, partly: 0.25, throughout: 0.5 }));
        assert_eq!(desks.of(&site("other", &["about", "some"], None)), None);
    }

    #[test]
    fn odd_lines_are_refused() {
        for line in [
            "a",
            "a\tb",
            "a\tb\t0.5",
            "a\tb\t0.6\t0.5",
            "a\tb\t-0.1\t0",
            "a\tb\tNaN\t0",
            "\tb\t0\t0",
            "a\t\t0\t0",
        ] {
            assert_eq!(Desks::parse(line), Err(DesksError { line: 1 }), "{line}");
        }
        assert_eq!(Desks::parse("# only\n\n"), Ok(Desks::marks()));
    }

    #[test]
    fn a_mark_that_is_no_number_flattens_nothing_throughout() {
        let odd = site("x", &["a", "b"], Some(Desk { canonical: 1, strength: f64::NAN }));
        assert_eq!(Desks::marks().of(&odd), Some(Habit { canonical: 1, partly: 0.5, throughout: 0.0 }));
    }
}
