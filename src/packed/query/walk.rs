//! The walk from the root down, depth first, that most queries share.
//!
//! Owns: the path and its memory. Does not own which children are entered: a [`Walk`] says so.
//! Invariants: nothing is allocated; a node is opened once for each way that leads to it; a tree
//! of more than [`DEPTH`] levels is not followed beyond them, and none with ids of 32 bits is.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use crate::packed::tree::{Mask, Tree, ask_ahead};

/// The most levels that a walk goes down.
pub(super) const DEPTH: usize = 64;

/// What is done with each group that a walk comes to.
pub(super) trait Walk<const D: usize, T: Tree<D>> {
    /// Whether it mostly opens all that is to be opened, so that memory can be asked for ahead.
    const OPENS_ALL: bool = true;

    /// Looks at a group and says which children, as nodes, are to be opened; none if they are
    /// items.
    fn open(&mut self, group: T::Group) -> ControlFlow<(), Mask>;
}

/// Walks until there is nothing left, or `walk` breaks off.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn descend<const D: usize, T: Tree<D>, W: Walk<D, T>>(
    tree: &T,
    walk: &mut W,
) -> ControlFlow<()> {
    let Some(root) = tree.root() else { return ControlFlow::Continue(()) };
    let mut path = Path::new();
    let mut group = root;
    loop {
        let mask = walk.open(group)?;
        if W::OPENS_ALL {
            ask_ahead(tree, group, mask);
        }
        match path.next(tree, group, mask) {
            Some(next) => group = next,
            None => return ControlFlow::Continue(()),
        }
    }
}

/// The groups above the present one, each with the children that are still to be opened.
#[derive(Clone, Debug)]
pub(super) struct Path<G: Copy> {
    steps: SmallVec<[(G, Mask); DEPTH]>,
}

impl<G: Copy> Path<G> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Path { steps: SmallVec::new() }
    }

    /// The group to open after `group`, of which the children in `mask` are wanted.
    #[cfg_attr(not(debug_assertions), inline(always))]
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
                if self.steps.len() < DEPTH {
                    self.steps.push((group, mask));
                    return Some(tree.child(group, lane));
                }
            } else if let Some(rest) = tree.rest(group) {
                return Some(rest);
            } else {
                (group, mask) = self.steps.pop()?;
            }
        }
    }
}
