//! An item as every copy of it at once: literal text and, at each place, the forms of each variant.

use std::ops::Range;

use crate::channel::{Place, Site};
use crate::item::Document;
use crate::leak::{Folded, fold_piece};

use super::exact::ExactPlace;
use super::noise::Symbol;
use super::seeds::SeedIndex;

/// How many first characters may follow a boundary: adjacent places with empty forms multiply, and this bounds it.
const HEADS_MAX: usize = 64;

/// An item as every copy of it at once.
///
/// Made from the item and its sites alone; nothing here knows a codeword. A character of the folded text is a
/// *node*; nodes lie in *segments*, which follow each other: a literal, or a place with one run of nodes per distinct
/// folded form. A place whose forms all fold alike (a space and a figure space, `’` and `'`) is *typographic*: it
/// costs nothing in alignment, so it stays inside its literal and only its nodes are remembered.
#[derive(Debug)]
pub struct Lattice {
    text: String,
    variants: Vec<usize>,
    nodes: Vec<Node>,
    segments: Vec<Segment>,
    forks: Vec<Fork>,
    spots: Vec<Spot>,
    exact: Vec<ExactPlace>,
    seeds: SeedIndex,
    words: usize,
}

/// A folded character of the lattice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) symbol: Symbol,
    /// Index of its segment.
    pub(super) segment: u32,
    /// Whether it is the last of its literal or form.
    pub(super) last: bool,
    /// Bytes of the canonical text: its own in a literal, the place's in a form.
    pub(super) start: u32,
    pub(super) end: u32,
    /// Letters and digits before it on the shortest and on the longest path from the start.
    pub(super) near: u32,
    pub(super) far: u32,
}

/// A literal or a place, in document order.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) nodes: Range<u32>,
    /// Index into the forks when it is a place.
    pub(super) fork: Option<u32>,
    /// The first nodes that may come next when this segment begins; empty forms are looked through.
    pub(super) heads: Vec<u32>,
    /// Letters before it on the shortest and on the longest path.
    pub(super) near: u32,
    pub(super) far: u32,
}

/// A place whose forms differ after folding.
#[derive(Clone, Debug)]
pub(super) struct Fork {
    pub(super) site: usize,
    pub(super) place: usize,
    /// Index of its segment.
    pub(super) segment: u32,
    /// The nodes of each distinct folded form.
    pub(super) forms: Vec<Range<u32>>,
    /// Which of `forms` each variant has.
    pub(super) form_of: Vec<usize>,
}

/// A typographic place.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) site: usize,
    pub(super) place: usize,
    /// Its nodes, all in one literal; empty when it folds to nothing.
    pub(super) nodes: Range<u32>,
}

impl Lattice {
    /// The lattice of an item.
    ///
    /// A place that overlaps an earlier one, lies outside the text or has not one form per variant is left out; the
    /// plan refuses such sites, so none is lost here that was issued.
    pub fn new(document: &Document, sites: &[Site]) -> Self {
        Self::from_text(document.text(), sites)
    }

    pub(super) fn from_text(text: &str, sites: &[Site]) -> Self {
        let mut builder =
            Builder { text, nodes: Vec::new(), segments: Vec::new(), forks: Vec::new(), spots: Vec::new() };
        let places = ordered_places(text, sites);
        let mut literal_from = 0;
        let mut pending = Vec::new();
        for &(site, index, place) in &places {
            let line_start = starts_line(text, place.range.start);
            let mut distinct: Vec<Vec<Folded>> = Vec::new();
            let form_of: Vec<usize> = place
                .forms
                .iter()
                .map(|form| {
                    let folded = fold_piece(form, line_start);
                    let same =
                        |other: &Vec<Folded>| other.iter().map(|f| f.char).eq(folded.iter().map(|f| f.char));
                    distinct.iter().position(same).unwrap_or_else(|| {
                        distinct.push(folded);
                        distinct.len() - 1
                    })
                })
                .collect();
            if distinct.len() == 1 {
                pending.push((site, index, place.range.clone()));
                continue;
            }
            builder.literal(literal_from..place.range.start, &mut pending);
            builder.fork(site, index, place.range.clone(), &distinct, form_of);
            literal_from = place.range.end;
        }
        builder.literal(literal_from..text.len(), &mut pending);
        let Builder { nodes, segments, forks, spots, .. } = builder;
        let words = nodes.iter().filter(|node| node.symbol.char == ' ').count() + 1;
        let mut lattice = Self {
            text: text.to_owned(),
            variants: sites.iter().map(|site| site.labels.len()).collect(),
            nodes,
            segments,
            forks,
            spots,
            exact: places.iter().map(|&(site, _, place)| ExactPlace::new(site, place)).collect(),
            seeds: SeedIndex::default(),
            words,
        };
        lattice.link_heads();
        lattice.seeds = SeedIndex::new(&lattice);
        lattice
    }

    /// The item's canonical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many sites the item has.
    pub fn sites(&self) -> usize {
        self.variants.len()
    }

    /// About how many words the item has, all variants counted.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    pub(super) fn variants(&self, site: usize) -> usize {
        self.variants[site]
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(super) fn forks(&self) -> &[Fork] {
        &self.forks
    }

    pub(super) fn spots(&self) -> &[Spot] {
        &self.spots
    }

    pub(super) fn exact(&self) -> &[ExactPlace] {
        &self.exact
    }

    pub(super) fn seeds(&self) -> &SeedIndex {
        &self.seeds
    }

    /// The nodes that may follow a node.
    pub(super) fn followers(&self, node: u32) -> Followers<'_> {
        let current = self.node(node);
        if current.last {
            let next = self.segments.get(current.segment as usize + 1);
            Followers::Heads(next.map_or(&[][..], |segment| &segment.heads).iter())
        } else {
            Followers::Next(Some(node + 1))
        }
    }

    fn link_heads(&mut self) {
        for index in (0..self.segments.len()).rev() {
            let (segment, rest) = (&self.segments[index], self.segments.get(index + 1));
            let mut heads: Vec<u32> = Vec::new();
            let mut passes = false;
            match segment.fork {
                None if segment.nodes.is_empty() => passes = true,
                None => heads.push(segment.nodes.start),
                Some(fork) => {
                    for form in &self.forks[fork as usize].forms {
                        if form.is_empty() {
                            passes = true;
                        } else {
                            heads.push(form.start);
                        }
                    }
                }
            }
            if passes && let Some(next) = rest {
                heads.extend(next.heads.iter().take(HEADS_MAX.saturating_sub(heads.len())));
            }
            self.segments[index].heads = heads;
        }
    }
}

/// The nodes that may follow a node.
pub(super) enum Followers<'l> {
    Next(Option<u32>),
    Heads(std::slice::Iter<'l, u32>),
}

impl Iterator for Followers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match self {
            Self::Next(node) => node.take(),
            Self::Heads(heads) => heads.next().copied(),
        }
    }
}

/// The usable places of all sites in document order.
fn ordered_places<'s>(text: &str, sites: &'s [Site]) -> Vec<(usize, usize, &'s Place)> {
    let mut places: Vec<(usize, usize, &Place)> = sites
        .iter()
        .enumerate()
        .flat_map(|(site, s)| {
            let variants = s.labels.len();
            s.places
                .iter()
                .enumerate()
                .filter(move |(_, place)| place.forms.len() == variants && !place.range.is_empty())
                .map(move |(index, place)| (site, index, place))
        })
        .filter(|(_, _, place)| text.get(place.range.clone()).is_some())
        .collect();
    places.sort_by_key(|&(site, index, place)| (place.range.start, place.range.end, site, index));
    let mut end = 0;
    places.retain(|(_, _, place)| {
        let free = place.range.start >= end;
        if free {
            end = place.range.end;
        }
        free
    });
    places
}

fn starts_line(text: &str, at: usize) -> bool {
    at == 0 || text[..at].ends_with(['\n', '\r'])
}

struct Builder<'t> {
    text: &'t str,
    nodes: Vec<Node>,
    segments: Vec<Segment>,
    forks: Vec<Fork>,
    spots: Vec<Spot>,
}

impl Builder<'_> {
    /// Appends a literal with its typographic places, which `pending` holds in document order.
    fn literal(&mut self, range: Range<usize>, pending: &mut Vec<(usize, usize, Range<usize>)>) {
        let (near, far) = self.reach();
        let from = self.nodes.len();
        let folded = fold_piece(&self.text[range.clone()], starts_line(self.text, range.start));
        let offset = index(range.start);
        self.append(&folded, near, far, |f| (f.start + offset, f.end + offset));
        let nodes = index(from)..index(self.nodes.len());
        self.segments.push(Segment { nodes, fork: None, heads: Vec::new(), near, far });
        let mut first = from;
        for (site, place, range) in pending.drain(..) {
            while self.nodes.get(first).is_some_and(|node| node.end as usize <= range.start) {
                first += 1;
            }
            let mut last = first;
            while self.nodes.get(last).is_some_and(|node| (node.start as usize) < range.end) {
                last += 1;
            }
            self.spots.push(Spot { site, place, nodes: index(first)..index(last) });
        }
    }

    fn fork(
        &mut self,
        site: usize,
        place: usize,
        range: Range<usize>,
        distinct: &[Vec<Folded>],
        form_of: Vec<usize>,
    ) {
        let (near, far) = self.reach();
        let from = self.nodes.len();
        let span = (index(range.start), index(range.end));
        let forms = distinct
            .iter()
            .map(|form| {
                let first = self.nodes.len();
                self.append(form, near, far, |_| span);
                index(first)..index(self.nodes.len())
            })
            .collect();
        let fork = Some(index(self.forks.len()));
        let nodes = index(from)..index(self.nodes.len());
        self.segments.push(Segment { nodes, fork, heads: Vec::new(), near, far });
        let segment = index(self.segments.len() - 1);
        self.forks.push(Fork { site, place, segment, forms, form_of });
    }

    fn append(&mut self, folded: &[Folded], near: u32, far: u32, bytes: impl Fn(&Folded) -> (u32, u32)) {
        let segment = index(self.segments.len());
        let mut letters = 0;
        for f in folded {
            let (start, end) = bytes(f);
            let (near, far) = (near + letters, far + letters);
            self.nodes.push(Node {
                symbol: Symbol::new(f.char),
                segment,
                last: false,
                start,
                end,
                near,
                far,
            });
            letters += u32::from(f.char.is_alphanumeric());
        }
        if !folded.is_empty()
            && let Some(node) = self.nodes.last_mut()
        {
            node.last = true;
        }
    }

    /// Letters up to here on the shortest and on the longest path.
    fn reach(&self) -> (u32, u32) {
        let Some(segment) = self.segments.last() else { return (0, 0) };
        let letters = |nodes: &Range<u32>| {
            let nodes = &self.nodes[nodes.start as usize..nodes.end as usize];
            index(nodes.iter().filter(|node| node.symbol.is_letter()).count())
        };
        match segment.fork {
            None => {
                let count = letters(&segment.nodes);
                (segment.near + count, segment.far + count)
            }
            Some(fork) => {
                let counts = self.forks[fork as usize].forms.iter().map(letters);
                let (least, most) =
                    counts.fold((u32::MAX, 0), |(least, most), n| (least.min(n), most.max(n)));
                (segment.near + least.min(most), segment.far + most)
            }
        }
    }
}

/// Lattices of items under the size limit stay far below 2³² nodes; larger indices would only lose their place.
pub(super) fn index(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
