//! Fictional items with sites, and what leakers do to copies.

use std::borrow::Cow;

use crate::channel::{Channel, Place, Site, Tier, equal_weights};
use crate::leak::Fragment;

use super::super::{Lattice, Observation, observe};

/// An item in which `{{a|b|…}}` marks a site; the first form is the original's.
pub(super) const BRIEF: &str = "\
{{The harbour authority|The port authority}} of Veldmark {{began|started}} a review of its night patrols in the \
spring, {{after|when}} two barges were found adrift near the old customs quay. Officials {{said|said that}} the \
barges had been moored by a private contractor, {{which|who}} was not present {{when|at the time when}} the inspectors \
arrived. {{On|Upon}} the following morning the deputy warden, Ilse Carrow, asked for the logs of the {{preceding|previous}} \
{{10|ten}} days; they {{couldn\u{2019}t|could not}} be produced. The contractor{{, however,| however}} claimed that the logs \
had been handed over {{before|prior to}} the end of March.\n\n\
A second report, {{written|drafted}} in April by the signal station on Merrow Point, describes lights moving between the \
breakwater and the fuel jetty {{on|during}} four nights. Nobody at the station {{thought|believed}} that these lights were \
important{{;| \u{2013}}} the watch officer noted them only {{because|since}} his replacement was late. {{Around|About}} 40 \
{{per cent|percent}} of the fuel delivered that month {{cannot|can not}} be accounted for, and the supplier has {{since|now}} \
withdrawn its original invoices. The auditors {{found|discovered}} that three of the invoices carried the same number, and \
that the tanker named on them {{was|had been}} in dry dock at Osterby until the middle of May.\n\n\
Carrow{{\u{2019}s first|\u{2019}s earliest}} theory was a simple one: somebody {{inside|within}} the depot sold fuel to fishing \
crews and {{covered|hid}} the shortage with invented deliveries. {{But|Yet}} the barges do not fit that theory. They were \
{{too large|too big}} for the fishing harbour, {{they|and}} carried no fuel, and their holds had been {{washed|cleaned}} with \
fresh water. The customs laboratory {{examined|tested}} scrapings from both hulls and identified a grain dust {{that|which}} is \
used in animal feed, {{as well as|and}} traces of a solvent common in printing works.\n\n\
{{In June|In early June}} the ministry sent an adviser, Tomas Brandt, {{to|in order to}} speak with the crews. He was told \
that {{small|little}} groups of men had come ashore at the quay {{at least|no fewer than}} six times, always {{between|from}} \
midnight and two o\u{2019}clock, and that a grey van with {{foreign|Osterby}} plates waited for them at the {{gate|entrance}}. \
None of the crews had {{spoken|talked}} about it earlier, they explained, {{because|as}} nobody had asked. Brandt{{ also|}} \
noticed that the floodlights beside the gate {{had been|were}} switched off on each of those nights by a timer in the \
depot office, {{to which|for which}} only three people hold a key.";

/// Other items, without any sentence in common with [`BRIEF`].
pub(super) const OTHERS: [&str; 4] = [
    "The school board met on Tuesday evening to discuss the future of the swimming pool. According to the treasurer, the \
     cost of heating has doubled in the course of two years, and it is not clear whether the council will be able to pay \
     its share at the end of the year. On the other hand, several parents pointed out that there is no other pool within \
     twenty miles. A decision was put off until after the summer, when a survey of the building should be available. In the \
     meantime the pool will be open on three days of the week, and the price of a ticket will go up by a third.",
    "Growing tomatoes from seed is one of the most rewarding things that a gardener can do in the early spring. Start with a \
     clean tray and fresh compost, and do not water too much: as a matter of fact, more seedlings die of damp than of \
     drought. After two or three weeks the first true leaves appear, and it is time to move each plant into a pot of its own. \
     They were too large for the window in my kitchen last year, so at the end of the day I gave half of them away. By the \
     middle of May the plants can go outside, at least during the day, and by July there is more fruit than anybody can eat.",
    "Chapter four deals with the theory of small vibrations. We begin with a single mass on a spring and show that the period \
     does not depend on the amplitude, which is the reason why a pendulum clock keeps time. The same equation describes the \
     charge on a capacitor, and the reader is invited to compare the two solutions term by term. In order to include damping \
     we add a force in proportion to the velocity, and it turns out that there are three cases, of which the second is the \
     most important in practice. Exercises at the end of the chapter ask for the energy that is lost during one period.",
    "It was between midnight and two o\u{2019}clock that the wind changed, and by the following morning the whole valley lay \
     under snow. My grandfather said that he had seen nothing like it since the war. The road to the village was closed, and \
     there was no telephone, so we sat around the stove and told stories until the light came back. A second report on the \
     radio said that the army would be sent, but nobody came for a week. When at last the road was open, we found that the \
     post office had burned down, because the clerk had been asleep and had left a candle on the table.",
];

/// An item's text, its sites, and how to write copies.
pub(super) struct Item {
    pub(super) text: String,
    pub(super) sites: Vec<Site>,
    pub(super) lattice: Lattice,
}

impl Item {
    /// From marked-up text; `linked` marks with equal forms are one site.
    pub(super) fn new(markup: &str, linked: bool) -> Self {
        let mut text = String::new();
        let mut sites: Vec<Site> = Vec::new();
        let mut rest = markup;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, after) = after.split_once("}}").unwrap();
            text.push_str(before);
            let forms: Vec<String> = inside.split('|').map(str::to_owned).collect();
            let place = Place { range: text.len()..text.len() + forms[0].len(), forms: forms.clone() };
            text.push_str(&forms[0]);
            match sites.iter_mut().find(|site| linked && site.labels == forms) {
                Some(site) => site.places.push(place),
                None => sites.push(site(forms, place)),
            }
            rest = after;
        }
        text.push_str(rest);
        let lattice = Lattice::from_text(&text, &sites);
        Self { text, sites, lattice }
    }

    pub(super) fn copy(&self, word: &[u8]) -> String {
        let mut edits: Vec<_> =
            self.sites.iter().zip(word).flat_map(|(site, &symbol)| site.write(symbol)).collect();
        edits.sort_by_key(|edit| edit.range.start);
        let mut out = String::new();
        let mut at = 0;
        for edit in edits {
            out.push_str(&self.text[at..edit.range.start]);
            out.push_str(&edit.text);
            at = edit.range.end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    /// How many places of a copy lie in `part` of it, which occurs once.
    pub(super) fn sites_in(&self, copy: &str, word: &[u8], part: &str) -> usize {
        let begin = copy.find(part).unwrap();
        let mut shift = 0_isize;
        let inside = |at: isize| (begin..begin + part.len()).contains(&usize::try_from(at).unwrap());
        let mut count = 0;
        for (site, &symbol) in self.sites.iter().zip(word) {
            let place = &site.places[0];
            let form = &place.forms[usize::from(symbol)];
            count += usize::from(inside(isize::try_from(place.range.start).unwrap() + shift));
            shift += isize::try_from(form.len()).unwrap() - isize::try_from(place.range.len()).unwrap();
        }
        count
    }

    pub(super) fn random_word(&self, dice: &mut Dice) -> Vec<u8> {
        self.sites.iter().map(|site| u8::try_from(dice.below(site.labels.len())).unwrap()).collect()
    }

    /// What was read of the codeword, over all sightings.
    pub(super) fn tally(observation: &Observation<'_>, word: &[u8]) -> Tally {
        let mut tally = Tally::default();
        for seen in &observation.seen {
            for sighting in &seen.sightings {
                let truth = usize::from(word[seen.site]);
                let own = sighting.costs[truth];
                let others = sighting.costs.iter().enumerate().filter(|&(symbol, _)| symbol != truth);
                let other = others.map(|(_, &cost)| cost).min().unwrap();
                if own + SURE <= other && own <= sighting.rewritten {
                    tally.right += 1;
                } else if other + SURE <= own.min(sighting.rewritten) {
                    tally.wrong += 1;
                } else {
                    tally.unsure += 1;
                }
            }
        }
        tally
    }

    pub(super) fn read(&self, leak: &str, word: &[u8]) -> (Tally, f64) {
        let fragment = Fragment::from_text("leak", leak);
        let observation = observe(&self.lattice, &fragment);
        (Self::tally(&observation, word), observation.aligned)
    }
}

/// Three bits.
const SURE: u32 = 24;

/// Sightings that say the truth, something else, or nothing by three bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) right: usize,
    pub(super) wrong: usize,
    pub(super) unsure: usize,
}

pub(super) fn site(labels: Vec<String>, place: Place) -> Site {
    Site {
        channel: Channel::Authored,
        class: Cow::Borrowed("test"),
        tier: Tier::Strict,
        weights: equal_weights(labels.len()),
        labels,
        original: 0,
        places: vec![place],
        desk: None,
        fact: false,
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.unsure += other.unsure;
    }
}

/// A small generator (xorshift64*, Vigna 2016), so that every run of a test is the same.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        usize::try_from((self.next() >> 33) % n as u64).unwrap()
    }

    pub(super) fn chance(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }
}

/// Typing slips at `per_mille` of the characters: wrong, missing, doubled and swapped letters; typographic
/// characters become plain ones.
pub(super) fn retype(text: &str, per_mille: usize, dice: &mut Dice) -> String {
    let plain =
        text.replace(['\u{2019}', '\u{2018}'], "'").replace(['“', '”'], "\"").replace('\u{2013}', "-");
    let chars: Vec<char> = plain.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        if !dice.chance(per_mille) {
            out.push(c);
            continue;
        }
        match dice.below(4) {
            0 => out.push(char::from(b'a' + u8::try_from(dice.below(26)).unwrap())),
            1 => {}
            2 => out.extend([c, c]),
            _ if at < chars.len() => {
                out.extend([chars[at], c]);
                at += 1;
            }
            _ => out.push(c),
        }
    }
    out
}

/// What optical reading does at about `per_mille` of the characters: look-alikes mostly, lost and stray marks, lost
/// spaces, line ends with hyphens.
pub(super) fn scan(text: &str, per_mille: usize, dice: &mut Dice) -> String {
    const ALIKE: [(&str, &str); 16] = [
        ("rn", "m"),
        ("m", "rn"),
        ("cl", "d"),
        ("d", "cl"),
        ("l", "1"),
        ("i", "l"),
        ("o", "0"),
        ("e", "c"),
        ("c", "e"),
        ("h", "b"),
        ("w", "vv"),
        ("u", "n"),
        ("f", "t"),
        ("s", "5"),
        ("a", "o"),
        ("g", "q"),
    ];
    let mut out = String::new();
    let mut rest = text;
    let mut column = 0;
    while let Some(c) = rest.chars().next() {
        let mut take = c.len_utf8();
        if dice.chance(per_mille) {
            let fits: Vec<_> = ALIKE.iter().filter(|(from, _)| rest.starts_with(from)).collect();
            match dice.below(10) {
                0 => {}
                1 => out.extend([c, '.']),
                2 => out.push(char::from(b'a' + u8::try_from(dice.below(26)).unwrap())),
                _ if fits.is_empty() => out.push(if c == ' ' { '_' } else { c }),
                _ => {
                    let (from, to) = fits[dice.below(fits.len())];
                    out.push_str(to);
                    take = from.len();
                }
            }
        } else {
            out.push(c);
        }
        rest = &rest[take..];
        column += 1;
        if column > 68 && c == ' ' {
            out.push('\n');
            column = 0;
        } else if column > 74 && c.is_ascii_lowercase() && rest.starts_with(|c: char| c.is_ascii_lowercase())
        {
            out.push_str("-\n");
            column = 0;
        }
    }
    out
}
