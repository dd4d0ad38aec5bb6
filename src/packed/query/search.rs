//! One search for every sort of region, and the forms of its answer.
//!
//! Owns: the walk over what a [`Filter`] lets through, and the sinks that take the items: ids,
//! their number, whether there is one, the first, a visitor. Does not own any test of a box.
//! Invariants: a subtree that lies wholly inside is taken whole, without looking at its boxes;
//! each item is told once; the order is not specified.

use std::ops::ControlFlow;

use super::walk::{Walk, descend};
use crate::packed::boxes::BoxN;
use crate::packed::simd::{Kernel, Near};
use crate::packed::sink::Sink;
use crate::packed::steps::Steps;
use crate::packed::tree::{LANES, Lanes, Mask, Question, Tree, Window, bits};

/// A region, as tests of up to 16 boxes at once.
///
/// Whoever implements it gives the tests of columns and of one box; a window brings tests of its
/// own that a layout answers without unpacking its boxes.
pub(crate) trait Filter<const D: usize> {
    /// The lanes that may hold something that belongs to the answer, and of them those of which
    /// everything inside surely does.
    #[inline(always)]
    fn lanes(&self, _lanes: &Lanes<D>) -> (Mask, Mask) {
        (Mask::MAX, 0)
    }

    /// Hands everything that it lets through to `sink`, until it breaks off.
    #[inline(always)]
    fn search<K: Kernel, T: Tree<D>, S: Sink>(
        &self,
        kernel: K,
        tree: &T,
        sink: &mut S,
    ) -> ControlFlow<()>
    where
        Self: Sized,
    {
        sift(kernel, tree, self, sink)
    }

    /// Whether an item with this box belongs to the answer.
    fn item(&self, bounds: &BoxN<D>) -> bool;

    /// The children, as nodes, that may hold an answer, and those of which all is one.
    #[inline(always)]
    fn nodes<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> (Mask, Mask) {
        let mut lanes = Lanes::EMPTY;
        tree.lanes(kernel, group, &mut lanes);
        let (maybe, sure) = self.lanes(&lanes);
        let maybe = maybe & tree.present(group);
        (maybe, maybe & sure)
    }

    /// The children, as items, that are an answer.
    #[inline(always)]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        let (maybe, sure) = self.nodes(kernel, tree, group);
        let mut found = sure;
        for lane in bits(maybe & !sure) {
            found |= Mask::from(self.item(&tree.item(group, lane))) << lane;
        }
        found
    }
}

/// A region that lies between two windows, which layouts have a quick way to search.
pub(crate) trait Bracketed<const D: usize>: Filter<D> {
    /// Whether both windows are the region itself.
    const IS_WINDOW: bool;

    /// What does not touch this window does not belong to the answer.
    fn around(&self) -> &Window<D>;

    /// An item that touches this window belongs to the answer, as does all of a node inside of it.
    fn within(&self) -> &Window<D>;

    /// How to tell of boxes in whole steps which may belong to the answer, and which surely do;
    /// none if it is no distance, or if the numbers do not allow it.
    #[inline(always)]
    fn near(&self, _steps: &Steps<D>) -> Option<Near<D>> {
        None
    }

    /// Of items those that may belong to the answer, and those that surely do, by boxes that hold
    /// theirs and whose corners are at most `slack` from the corners of theirs.
    fn decide(&self, outer: &Lanes<D>, slack: f64) -> (Mask, Mask);
}

/// The question for all items that a filter lets through.
#[derive(Debug)]
pub(crate) struct Search<F, S> {
    pub(crate) filter: F,
    pub(crate) sink: S,
}

impl<const D: usize, F: Filter<D>, S: Sink> Question<D> for Search<F, S> {
    type Answer = S::Answer;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(mut self, kernel: K, tree: &T) -> S::Answer {
        // Whether the sink broke off shows in what it has taken.
        let _ = self.filter.search(kernel, tree, &mut self.sink);
        self.sink.finish()
    }
}

/// Every tree's way to search a region, unless it has a quicker one.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn sift<const D: usize, K: Kernel, T: Tree<D>, F: Filter<D>, S: Sink>(
    kernel: K,
    tree: &T,
    filter: &F,
    sink: &mut S,
) -> ControlFlow<()> {
    descend(tree, &mut Sifting { kernel, tree, filter, sink })
}

struct Sifting<'a, K, T, F, S> {
    kernel: K,
    tree: &'a T,
    filter: &'a F,
    sink: &'a mut S,
}

impl<const D: usize, K, T, F, S> Walk<D, T> for Sifting<'_, K, T, F, S>
where
    K: Kernel,
    T: Tree<D>,
    F: Filter<D>,
    S: Sink,
{
    const OPENS_ALL: bool = S::TAKES_ALL;

    #[inline(always)]
    fn open(&mut self, group: T::Group) -> ControlFlow<(), Mask> {
        if self.tree.level(group) == 0 {
            let mask = self.filter.items(self.kernel, self.tree, group);
            if mask != 0 {
                self.sink.items(self.kernel, self.tree, group, mask)?;
            }
            return ControlFlow::Continue(0);
        }
        let (maybe, sure) = self.filter.nodes(self.kernel, self.tree, group);
        for lane in bits(sure) {
            self.sink.subtree(self.kernel, self.tree, group, lane)?;
        }
        ControlFlow::Continue(maybe & !sure)
    }
}

/// Takes the ids.
#[derive(Debug)]
pub(crate) struct Collect<'a>(pub(crate) &'a mut Vec<u32>);

impl Sink for Collect<'_> {
    type Answer = ();

    #[inline(always)]
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()> {
        tree.push_subtree(kernel, group, lane, self.0);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()> {
        tree.push_ids(kernel, group, mask, self.0);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn expect(&self, ids: &[u8; 4 * LANES], _first: usize, _is_whole: bool) {
        branches::prefetch_read_data::<_, 0>(ids);
    }

    #[inline(always)]
    fn chosen<K: Kernel>(
        &mut self,
        kernel: K,
        ids: &[u8; 4 * LANES],
        _first: usize,
        mask: Mask,
    ) -> ControlFlow<()> {
        kernel.push_ids(ids, mask, self.0);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn finish(self) {}
}

/// Takes only the number of items.
#[derive(Debug, Default)]
pub(crate) struct Count(pub(crate) usize);

impl Sink for Count {
    type Answer = usize;

    #[inline(always)]
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()> {
        self.0 += tree.ranks(group, lane).len();
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        _tree: &T,
        _group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()> {
        self.0 += mask.count_ones() as usize;
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn chosen<K: Kernel>(
        &mut self,
        _kernel: K,
        _ids: &[u8; 4 * LANES],
        _first: usize,
        mask: Mask,
    ) -> ControlFlow<()> {
        self.0 += mask.count_ones() as usize;
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn finish(self) -> usize {
        self.0
    }
}

/// Whether there is an item; breaks off at the first.
#[derive(Debug, Default)]
pub(crate) struct Any(pub(crate) bool);

impl Sink for Any {
    type Answer = bool;

    const TAKES_ALL: bool = false;

    #[inline(always)]
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()> {
        self.0 = !tree.ranks(group, lane).is_empty();
        if self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    #[inline(always)]
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        _tree: &T,
        _group: T::Group,
        _mask: Mask,
    ) -> ControlFlow<()> {
        self.0 = true;
        ControlFlow::Break(())
    }

    #[inline(always)]
    fn chosen<K: Kernel>(
        &mut self,
        _kernel: K,
        _ids: &[u8; 4 * LANES],
        _first: usize,
        mask: Mask,
    ) -> ControlFlow<()> {
        self.0 = mask != 0;
        if self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    #[inline(always)]
    fn finish(self) -> bool {
        self.0
    }
}

/// Tells a visitor each id, until it breaks off; answers whether it did not.
#[derive(Debug)]
pub(crate) struct Visit<V>(pub(crate) V, bool);

impl<V: FnMut(u32) -> ControlFlow<()>> Visit<V> {
    pub(crate) fn new(visitor: V) -> Self {
        Visit(visitor, true)
    }

    #[inline(always)]
    fn tell(&mut self, id: u32) -> ControlFlow<()> {
        let told = (self.0)(id);
        self.1 = told.is_continue();
        told
    }
}

impl<V: FnMut(u32) -> ControlFlow<()>> Sink for Visit<V> {
    type Answer = bool;

    #[inline(always)]
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()> {
        tree.ranks(group, lane).try_for_each(|rank| self.tell(tree.id(rank)))
    }

    #[inline(always)]
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()> {
        bits(mask).try_for_each(|lane| self.tell(tree.item_id(group, lane)))
    }

    #[inline(always)]
    fn expect(&self, ids: &[u8; 4 * LANES], _first: usize, _is_whole: bool) {
        branches::prefetch_read_data::<_, 0>(ids);
    }

    #[inline(always)]
    fn chosen<K: Kernel>(
        &mut self,
        _kernel: K,
        ids: &[u8; 4 * LANES],
        _first: usize,
        mask: Mask,
    ) -> ControlFlow<()> {
        let ids = ids.as_chunks::<4>().0;
        bits(mask).try_for_each(|lane| self.tell(u32::from_le_bytes(ids[lane])))
    }

    #[inline(always)]
    fn finish(self) -> bool {
        self.1
    }
}
