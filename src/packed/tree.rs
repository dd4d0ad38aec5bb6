//! What every query may know of a tree, whatever its bytes look like.
//!
//! Owns: the traits and the small types between a layout and a query. Does not own either.
//! Invariants: boxes that a tree tells of a node hold all items below it; those of items are exact
//! when asked for by [`Tree::item`], and may be a little larger in [`Tree::lanes`].

use std::ops::{ControlFlow, Range};

use super::boxes::BoxN;
use super::each::each;
use super::fast::{Cells, Leaves};
use super::ordered::{lower, upper};
use super::query::{Bracketed, sift};
use super::simd::Kernel;
use super::sink::Sink;

/// How many children are looked at together.
pub(crate) const LANES: usize = 16;

/// One bit for each lane.
pub(crate) type Mask = u16;

/// The boxes of up to [`LANES`] children, one axis after the other. Lanes without a child hold the
/// empty box (`min` infinite, `max` minus infinite).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<const D: usize> {
    pub(crate) min: [[f64; LANES]; D],
    pub(crate) max: [[f64; LANES]; D],
}

impl<const D: usize> Lanes<D> {
    pub(crate) const EMPTY: Self =
        Lanes { min: [[f64::INFINITY; LANES]; D], max: [[f64::NEG_INFINITY; LANES]; D] };

    /// The box in one lane.
    #[inline(always)]
    pub(crate) fn get(&self, lane: usize) -> BoxN<D> {
        BoxN { min: each(|k| self.min[k][lane]), max: each(|k| self.max[k][lane]) }
    }
}

/// A box that is searched for, with the integers that layouts compare.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window<const D: usize> {
    pub(crate) bounds: BoxN<D>,
    pub(crate) lower: [i64; D],
    pub(crate) upper: [i64; D],
}

impl<const D: usize> Window<D> {
    #[inline(always)]
    pub(crate) fn new(bounds: BoxN<D>) -> Self {
        Window {
            bounds,
            lower: each(|k| lower(bounds.min[k])),
            upper: each(|k| upper(bounds.max[k])),
        }
    }
}

/// A tree of boxes that is read in groups of up to [`LANES`] children of one node.
///
/// A group lies at a level: at level 0 its children are items, above they are nodes. Items are
/// numbered by rank, from 0 in the order of the tree; below each child is a range of ranks. Ids are
/// the numbers that the items were given in.
pub(crate) trait Tree<const D: usize> {
    /// A place in the tree, small enough for a stack.
    type Group: Copy;

    /// The number of items.
    fn len(&self) -> usize;

    /// The box of all items; empty if there is none.
    fn extent(&self) -> BoxN<D>;

    /// The first group of the topmost node; none if there is no item. The topmost node's children
    /// are nodes or, in a small tree, items.
    fn root(&self) -> Option<Self::Group>;

    /// The level of a group: 0 if its children are items.
    fn level(&self, group: Self::Group) -> u32;

    /// The next group of the same node, where a node has more children than there are lanes.
    fn rest(&self, group: Self::Group) -> Option<Self::Group>;

    /// Which lanes hold a child: the lowest bits.
    fn present(&self, group: Self::Group) -> Mask;

    /// The boxes of the children, each at least as large as what it stands for.
    fn lanes<K: Kernel>(&self, kernel: K, group: Self::Group, lanes: &mut Lanes<D>);

    /// The same of items, but each box one that the item's surely holds: its minimum may be a
    /// little larger and its maximum a little smaller, even below its minimum.
    fn inner_lanes<K: Kernel>(&self, kernel: K, group: Self::Group, lanes: &mut Lanes<D>);

    /// The first group of a child that is a node.
    fn child(&self, group: Self::Group, lane: usize) -> Self::Group;

    /// The ranks of the items below a child; of one item if the child is one.
    fn ranks(&self, group: Self::Group, lane: usize) -> Range<usize>;

    /// The exact box of a child that is an item.
    fn item(&self, group: Self::Group, lane: usize) -> BoxN<D>;

    /// The children, as nodes, that share a point with the window, and those that lie wholly
    /// inside; the second may leave out some that do.
    fn nodes_in<K: Kernel>(
        &self,
        kernel: K,
        group: Self::Group,
        window: &Window<D>,
    ) -> (Mask, Mask);

    /// The children, as items, that share a point with the window. Exact.
    fn items_in<K: Kernel>(&self, kernel: K, group: Self::Group, window: &Window<D>) -> Mask;

    /// The children, as items, that may share a point with the window, and those of them that
    /// surely do: what is known without looking for exact boxes.
    #[inline(always)]
    fn items_near<K: Kernel>(
        &self,
        kernel: K,
        group: Self::Group,
        window: &Window<D>,
    ) -> (Mask, Mask) {
        let exact = self.items_in(kernel, group, window);
        (exact, exact)
    }

    /// Of a child a box that holds its own and, of an item, one that its own surely holds, which
    /// may be inside out.
    #[inline(always)]
    fn bracket(&self, group: Self::Group, lane: usize) -> (BoxN<D>, BoxN<D>) {
        let exact = self.item(group, lane);
        (exact, exact)
    }

    /// The boxes of the children on their grid, where the layout has one.
    #[inline(always)]
    fn cells(&self, _group: Self::Group) -> Option<Cells<'_, D>> {
        None
    }

    /// The groups of items below a node, where the layout keeps them together and they are sound.
    #[inline(always)]
    fn leaves(&self, _group: Self::Group) -> Option<Leaves<'_, D>> {
        None
    }

    /// The id of an item by its rank.
    fn id(&self, rank: usize) -> u32;

    /// The id of a child that is an item.
    #[inline(always)]
    fn item_id(&self, group: Self::Group, lane: usize) -> u32 {
        self.id(self.ranks(group, lane).start)
    }

    /// Adds the ids of the items of a group whose bits are set, in order of rank.
    fn push_ids<K: Kernel>(&self, kernel: K, group: Self::Group, mask: Mask, ids: &mut Vec<u32>);

    /// Adds the ids of all items below a child.
    fn push_subtree<K: Kernel>(
        &self,
        _kernel: K,
        group: Self::Group,
        lane: usize,
        ids: &mut Vec<u32>,
    ) {
        self.extend_ids(self.ranks(group, lane), ids);
    }

    /// Adds the ids of the items of a range of ranks.
    fn extend_ids(&self, ranks: Range<usize>, ids: &mut Vec<u32>);

    /// The children that a ray may hit, given by its origin, the inverse of its direction and where
    /// it ends, and those that it surely does; none if that cannot be told without their boxes.
    #[inline(always)]
    fn passed<K: Kernel>(
        &self,
        _kernel: K,
        _group: Self::Group,
        _ray: (&[f64; D], &[f64; D], f64),
    ) -> Option<(Mask, Mask)> {
        None
    }

    /// Hands all items of a region that lies between two windows to `sink`, until it breaks off.
    #[inline(always)]
    fn search_between<K: Kernel, F: Bracketed<D>, S: Sink>(
        &self,
        kernel: K,
        filter: &F,
        sink: &mut S,
    ) -> ControlFlow<()>
    where
        Self: Sized,
    {
        sift(kernel, self, filter, sink)
    }

    /// Asks for the memory of a child, as a node, that will soon be looked at.
    fn prefetch(&self, _group: Self::Group, _lane: usize) {}
}

/// The numbers of the bits that are set, lowest first.
#[inline(always)]
pub(crate) fn bits(mut mask: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = mask.trailing_zeros() as usize;
        (mask != 0).then(|| {
            mask &= mask - 1;
            lane
        })
    })
}

/// All of these children will be opened; what they need is asked for at once, but for the first,
/// which is next.
#[inline(always)]
pub(crate) fn ask_ahead<const D: usize, T: Tree<D>>(tree: &T, group: T::Group, mut mask: Mask) {
    mask &= mask.wrapping_sub(1);
    while mask != 0 {
        tree.prefetch(group, mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// A query: written once, and compiled for each layout and each set of instructions. `ask` and all
/// it calls in loops must be `#[inline(always)]`, or its loops stay narrow.
pub(crate) trait Question<const D: usize> {
    /// What it answers.
    type Answer;

    /// Asks it of a tree.
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Self::Answer;
}
