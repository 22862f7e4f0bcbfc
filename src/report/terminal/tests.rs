use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::report::sample::{self, recipients};
use crate::report::{Style, TraceView, terminal};
use crate::tracer::Trace;
use crate::verdict::Verdict;

const ASCII: Style = Style { ascii: true, ..Style::PLAIN };

fn page(trace: &Trace, style: Style) -> String {
    terminal::trace(&TraceView { trace, recipients: &recipients() }, style)
}

#[test]
fn every_verdict_has_its_page() {
    for verdict in sample::VERDICTS {
        let trace = sample::trace(verdict);
        insta::assert_snapshot!(format!("{}-unicode", verdict.name()), page(&trace, Style::PLAIN));
        insta::assert_snapshot!(format!("{}-ascii", verdict.name()), page(&trace, ASCII));
    }
}

#[test]
fn pages_fit_their_width_and_their_alphabet() {
    for verdict in sample::VERDICTS {
        let mut traces = vec![sample::trace(verdict), sample::hostile(verdict), sample::long(verdict)];
        let mut bare = sample::trace(verdict);
        bare.sites.clear();
        bare.candidates.clear();
        bare.culprits.clear();
        traces.push(bare);
        for trace in traces {
            for width in [60, 72, 80, 100] {
                for ascii in [false, true] {
                    let page = page(&trace, Style { width, ascii, colour: false });
                    for line in page.lines() {
                        assert!(line.width() <= width, "{} > {width}: {line}", line.width());
                    }
                    assert!(!ascii || page.is_ascii());
                    assert!(!page.contains(['\u{1b}', '\u{202e}', '\u{200b}', '\r', '\t']), "{page}");
                    assert!(!page.contains(" \n") && !page.contains("\n\n\n"));
                }
            }
        }
    }
}

#[test]
fn colour_changes_no_word() {
    for verdict in sample::VERDICTS {
        let trace = sample::trace(verdict);
        let plain = page(&trace, Style::PLAIN);
        let coloured = page(&trace, Style { colour: true, ..Style::PLAIN });
        assert_ne!(plain, coloured);
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }
}

#[test]
fn long_items_group_their_sites() {
    insta::assert_snapshot!("long-unicode", page(&sample::long(Verdict::Attributed), Style::PLAIN));
    insta::assert_snapshot!("long-ascii", page(&sample::long(Verdict::Attributed), ASCII));
}

#[test]
fn hostile_names_stay_on_their_line() {
    insta::assert_snapshot!("hostile", page(&sample::hostile(Verdict::Attributed), Style::PLAIN));
}

#[test]
fn a_copy_without_a_recorded_name_is_still_shown() {
    let trace = sample::trace(Verdict::Attributed);
    let page = terminal::trace(&TraceView { trace: &trace, recipients: &BTreeMap::new() }, Style::PLAIN);
    assert!(page.contains("copy 17 (issued to ?)"), "{page}");
}

#[test]
fn nothing_is_called_certain_and_nobody_is_called_guilty() {
    for verdict in sample::VERDICTS {
        let page = page(&sample::trace(verdict), Style::PLAIN).to_lowercase();
        for word in ["guilty", "traitor", "suspect", "leaker", "culprit", "certain", "proof", " 0 %"] {
            assert!(!page.contains(word), "{word}: {page}");
        }
    }
}
