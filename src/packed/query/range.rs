//! The window as a region: everything that shares a point with a box.
//!
//! Owns: nothing but the way from a window to the tests that a layout brings for it, and the lazy
//! iterator. Does not own those tests. Invariants: borders belong to the window.

use std::ops::{ControlFlow, Range};

use super::search::{Bracketed, Filter};
use super::walk::Path;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::sink::Sink;
use crate::packed::tree::{Lanes, Mask, Tree, Window, ask_ahead, bits};

impl<const D: usize> Filter<D> for Window<D> {
    #[inline(always)]
    fn search<K: Kernel, T: Tree<D>, S: Sink>(
        &self,
        kernel: K,
        tree: &T,
        sink: &mut S,
    ) -> ControlFlow<()> {
        tree.search_between(kernel, self, sink)
    }

    #[inline(always)]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        self.bounds.intersects(bounds)
    }

    #[inline(always)]
    fn nodes<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> (Mask, Mask) {
        tree.nodes_in(kernel, group, self)
    }

    #[inline(always)]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        tree.items_in(kernel, group, self)
    }
}

impl<const D: usize> Bracketed<D> for Window<D> {
    const IS_WINDOW: bool = true;

    #[inline(always)]
    fn around(&self) -> &Window<D> {
        self
    }

    #[inline(always)]
    fn within(&self) -> &Window<D> {
        self
    }

    /// Whether cells decide was known from the windows.
    #[inline(always)]
    fn decide(&self, _outer: &Lanes<D>, _slack: f64) -> (Mask, Mask) {
        (Mask::MAX, 0)
    }
}

/// The ids of the items in a window, one at a time; the tree is looked at no further than the next
/// id needs.
#[derive(Clone, Debug)]
pub(crate) struct Iter<const D: usize, K, T: Tree<D>> {
    kernel: K,
    tree: T,
    window: Window<D>,
    path: Path<T::Group>,
    /// The group that comes next.
    next: Option<T::Group>,
    /// The group that is being told, and which of its children, as nodes or items, are left.
    told: Option<(T::Group, Mask)>,
    /// What is left of the child that is being told.
    ranks: Range<usize>,
}

impl<const D: usize, K: Kernel, T: Tree<D>> Iter<D, K, T> {
    pub(crate) fn new(kernel: K, tree: T, window: Window<D>) -> Self {
        let root = tree.root();
        Iter { kernel, tree, window, path: Path::new(), next: root, told: None, ranks: 0..0 }
    }

    /// Opens the next group; none if there is no more.
    fn open(&mut self) -> Option<()> {
        let group = self.next?;
        let (told, opened) = if self.tree.level(group) == 0 {
            (self.tree.items_in(self.kernel, group, &self.window), 0)
        } else {
            let (maybe, inside) = self.tree.nodes_in(self.kernel, group, &self.window);
            (maybe & inside, maybe & !inside)
        };
        self.told = Some((group, told));
        ask_ahead(&self.tree, group, opened);
        self.next = self.path.next(&self.tree, group, opened);
        Some(())
    }
}

impl<const D: usize, K: Kernel, T: Tree<D>> Iterator for Iter<D, K, T> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            if let Some(rank) = self.ranks.next() {
                return Some(self.tree.id(rank));
            }
            match &mut self.told {
                Some((group, mask)) if *mask != 0 => {
                    let lane = bits(*mask).next()?;
                    *mask &= *mask - 1;
                    self.ranks = self.tree.ranks(*group, lane);
                }
                _ => self.open()?,
            }
        }
    }
}
