//! Which pairs of items a walk over two trees wants, and what is done with them.
//!
//! Owns: what the walk asks. Does not own the walk (`join`), nor any question. Invariants: what is
//! surely wanted is not looked at again.

use std::ops::ControlFlow;

use crate::packed::boxes::BoxN;
use crate::packed::tree::{Tree, Window};

/// A box that holds another one, and a box that the other one surely holds (`Tree::bracket`).
pub(super) type Bracket<const D: usize> = (BoxN<D>, BoxN<D>);

/// Which pairs are wanted, and what is done with them.
pub(super) trait Pairing<const D: usize> {
    /// Whether near is what touches, so that boxes can be compared on grids.
    const IS_TOUCHING: bool = false;

    /// What does not touch this window is not near enough to anything in a box.
    fn around(&self, bounds: &BoxN<D>) -> Window<D>;

    /// An item that touches this window is surely wanted with any whose box holds `inner`, which
    /// may be inside out; none if that is not known.
    #[inline(always)]
    fn within(&self, _inner: &BoxN<D>) -> Option<Window<D>> {
        None
    }

    /// Whether two items are wanted, if their brackets decide it.
    #[inline(always)]
    fn decides(&self, _left: &Bracket<D>, _right: &Bracket<D>) -> Option<bool> {
        None
    }

    /// Takes two items, with their exact boxes, if they are wanted.
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()>;

    /// Takes two items that are surely wanted.
    #[inline(always)]
    fn sure_pair(&mut self, _left: Item, _right: Item) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Breaks off if the caller wants no more; asked at each pair of nodes.
    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether an item on the left is no longer of interest.
    #[inline(always)]
    fn is_done(&self, _left: usize) -> bool {
        false
    }
}

/// An item of a pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) rank: usize,
    pub(super) id: u32,
}

impl Item {
    #[inline(always)]
    pub(super) fn of<const D: usize, T: Tree<D>>(tree: &T, group: T::Group, lane: usize) -> Self {
        Item { rank: tree.ranks(group, lane).start, id: tree.item_id(group, lane) }
    }
}
