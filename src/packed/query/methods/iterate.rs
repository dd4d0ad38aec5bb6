//! The items of a window one at a time.
//!
//! Owns: the iterator that a caller gets. Does not own the walk. Invariants: what was found
//! damaged on the way ends the iterator with an error.

use super::windows::window;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::range::Iter;
use crate::packed::simd::Portable;

/// The ids of the items in a window; see [`Index::search_iter`].
struct Ids<'a, const D: usize> {
    index: &'a Index<D>,
    ids: Box<dyn Iterator<Item = u32> + 'a>,
    is_done: bool,
}

impl<const D: usize> Iterator for Ids<'_, D> {
    type Item = Result<u32>;

    fn next(&mut self) -> Option<Result<u32>> {
        if self.is_done {
            return None;
        }
        if let Some(id) = self.ids.next() {
            return Some(Ok(id));
        }
        self.is_done = true;
        self.index.check().err().map(Err)
    }
}

impl<const D: usize> Index<D> {
    /// The ids of the items that share a point with a box, one at a time, in no order. The tree is
    /// looked at no further than the next id needs; it is not as fast as [`search`](Self::search).
    pub fn search_iter(&self, bounds: &BoxN<D>) -> Result<impl Iterator<Item = Result<u32>>> {
        let window = window(bounds)?;
        let ids: Box<dyn Iterator<Item = u32>> = match (self.fast_tree(), self.origin_trees()) {
            (Some(tree), _) => Box::new(Iter::new(Portable, tree, window)),
            (None, (Some(tree), _)) => Box::new(Iter::new(Portable, tree, window)),
            (None, (_, Some(tree))) => Box::new(Iter::new(Portable, tree, window)),
            (None, (None, None)) => Box::new(std::iter::empty()),
        };
        Ok(Ids { index: self, ids, is_done: false })
    }
}
