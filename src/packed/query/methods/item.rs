//! The box of one item, by its id.
//!
//! Owns: the way down to a rank. Does not own which item has which rank (`contents`).

use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Question, Tree, bits};

impl<const D: usize> Index<D> {
    /// The stored box of the item with an id; `None` if there is no such item. The first call
    /// makes the table of ranks, which takes 4 bytes an item.
    pub fn item(&self, id: u32) -> Result<Option<BoxN<D>>> {
        match self.rank(id)? {
            Some(rank) => self.ask(BoxAt { rank }),
            None => Ok(None),
        }
    }
}

struct BoxAt {
    rank: usize,
}

impl<const D: usize> Question<D> for BoxAt {
    type Answer = Option<BoxN<D>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Self::Answer {
        let mut next = tree.root();
        while let Some(group) = next {
            let holds = |lane: &usize| tree.ranks(group, *lane).contains(&self.rank);
            next = match bits(tree.present(group)).find(holds) {
                Some(lane) if tree.level(group) == 0 => return Some(tree.item(group, lane)),
                Some(lane) => Some(tree.child(group, lane)),
                None => tree.rest(group),
            };
        }
        None
    }
}
