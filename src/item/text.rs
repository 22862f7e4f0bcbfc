use super::{Block, BlockKind, Leaf, LeafKind};

pub(super) fn parse(source: &str) -> (String, Vec<Block>, Vec<Leaf>) {
    let range = 0..source.len();
    (
        source.to_owned(),
        vec![Block { kind: BlockKind::Paragraph, range: range.clone() }],
        vec![Leaf { kind: LeafKind::Text, text: range.clone(), source: range }],
    )
}
