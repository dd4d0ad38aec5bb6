//! The walk from the root down, depth first, that most queries share.
//!
//! Owns: the path and its memory. Does not own which children are entered: a [`Walk`] says so.
//! Invariants: nothing is allocated; a node is opened once for each way that leads to it; a tree
//! of more than [`DEPTH`] levels is not followed beyond them, and none with ids of 32 bits is.

use std::ops::ControlFlow;

use crate::packed::tree::{Mask, Tree};

/// The most levels that a walk goes down.
pub(super) const DEPTH: usize = 40;

/// What is done with each group that a walk comes to.
pub(super) trait Walk<const D: usize, T: Tree<D>> {
    /// Looks at a group and says which children, as nodes, are to be opened; none if they are
    /// items.
    fn open(&mut self, group: T::Group) -> ControlFlow<(), Mask>;
}

/// Walks until there is nothing left, or `walk` breaks off.
#[inline(always)]
pub(super) fn descend<const D: usize, T: Tree<D>>(
    tree: &T,
    walk: &mut impl Walk<D, T>,
) -> ControlFlow<()> {
    let Some(root) = tree.root() else { return ControlFlow::Continue(()) };
    let mut path = Path::new(root);
    let mut group = root;
    loop {
        let mask = walk.open(group)?;
        match path.next(tree, group, mask) {
            Some(next) => group = next,
            None => return ControlFlow::Continue(()),
        }
    }
}

/// The groups above the present one, each with the children that are still to be opened.
#[derive(Clone, Debug)]
pub(super) struct Path<G> {
    steps: [(G, Mask); DEPTH],
    length: usize,
}

impl<G: Copy> Path<G> {
    #[inline(always)]
    pub(super) fn new(root: G) -> Self {
        Path { steps: [(root, 0); DEPTH], length: 0 }
    }

    /// The group to open after `group`, of which the children in `mask` are wanted.
    #[inline(always)]
    pub(super) fn next<const D: usize, T: Tree<D, Group = G>>(
        &mut self,
        tree: &T,
        mut group: G,
        mut mask: Mask,
    ) -> Option<G> {
        loop {
            if mask != 0 {
                let lane = mask.trailing_zeros() as usize;
                mask &= mask - 1;
                if mask != 0 {
                    tree.prefetch(group, mask.trailing_zeros() as usize);
                }
                if self.length < DEPTH {
                    self.steps[self.length] = (group, mask);
                    self.length += 1;
                    return Some(tree.child(group, lane));
                }
            } else if let Some(rest) = tree.rest(group) {
                return Some(rest);
            } else {
                self.length = self.length.checked_sub(1)?;
                (group, mask) = self.steps[self.length];
            }
        }
    }
}
