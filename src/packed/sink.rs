//! What takes the items of an answer, between a search and what is made of it.
//!
//! Owns: the trait. Does not own any sink. Invariants: each item is handed over once.

use std::ops::ControlFlow;

use super::simd::Kernel;
use super::tree::{LANES, Mask, Tree};

/// What takes the items of an answer.
pub(crate) trait Sink {
    /// What comes of it.
    type Answer;

    /// Whether it mostly takes all that there is, and does not break off early.
    const TAKES_ALL: bool = true;

    /// Takes all items below a child.
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()>;

    /// Takes some items of a group.
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()>;

    /// Learns that a group of 16 items will soon be handed over, whole or in part, so that the
    /// memory it needs for that can be asked for.
    #[inline(always)]
    fn expect(&self, _ids: &[u8; 4 * LANES], _first: usize, _is_whole: bool) {}

    /// Takes some of a group of 16 items, whose little-endian ids these are; `first` is the rank of
    /// the first of them.
    fn chosen<K: Kernel>(
        &mut self,
        kernel: K,
        ids: &[u8; 4 * LANES],
        first: usize,
        mask: Mask,
    ) -> ControlFlow<()>;

    /// The answer, when all is taken.
    fn finish(self) -> Self::Answer;
}
