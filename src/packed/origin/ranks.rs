//! From ids to ranks, for what stands in the order of the tree and is asked for by id.
//!
//! Owns: the table, which is made when first asked. Invariants: 4 bytes an item; an id that the
//! tree has twice has its last rank, one that it lacks has none.

use std::sync::OnceLock;

use crate::packed::tree::Tree;

/// No rank: a tree has fewer items.
const NONE: u32 = u32::MAX;

/// The rank of each id.
#[derive(Debug, Default)]
pub(crate) struct RankTable(OnceLock<Vec<u32>>);

impl RankTable {
    /// The rank of the item with an id.
    pub(crate) fn rank<const D: usize>(&self, tree: &impl Tree<D>, id: u32) -> Option<usize> {
        let ranks = self.0.get_or_init(|| {
            let mut ranks = vec![NONE; tree.len()];
            for rank in 0..tree.len() {
                if let Some(of_id) = ranks.get_mut(tree.id(rank) as usize) {
                    *of_id = rank as u32;
                }
            }
            ranks
        });
        ranks.get(id as usize).filter(|rank| **rank != NONE).map(|rank| *rank as usize)
    }
}
