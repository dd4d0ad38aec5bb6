//! The k nearest by any measure.
//!
//! Owns: the walk, nearest child first, and the pruning. Does not own what near means
//! (`measure`), nor the list of the best (`best`). Invariants: of items equally near those with
//! the smallest ids are found, so that the nearest k are the first of the nearest k + 1; a subtree
//! is left out only if all of it is strictly further than the k-th found.

use super::best::Best;
use super::measure::Measure;
use super::rank::{Descent, FIRST, next, rank};
use super::workspace::Workspace;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Question, Tree};

/// An item and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// The item.
    pub id: u32,
    /// How far it is, in what the query measures.
    pub distance: f64,
}

/// The question for the `k` items of least key, none further than `max_distance`.
pub(crate) struct Nearest<'a, M> {
    pub(crate) measure: M,
    pub(crate) k: usize,
    pub(crate) max_distance: f64,
    pub(crate) workspace: &'a mut Workspace,
    /// What is found is added here, nearest first.
    pub(crate) found: &'a mut Vec<Neighbour>,
}

impl<const D: usize, M: Measure<D>> Question<D> for Nearest<'_, M> {
    type Answer = ();

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) {
        let Nearest { measure, k, max_distance, workspace, found } = self;
        let Some(root) = tree.root().filter(|_| k > 0) else { return };
        workspace.best.reset(k, measure.limit(max_distance));
        gather(kernel, tree, root, &measure, &mut workspace.best);
        workspace.best.drain(|key, id| {
            let distance = measure.distance(key);
            // The limit of keys may let a little more through.
            if distance <= max_distance {
                found.push(Neighbour { id, distance });
            }
        });
    }
}

/// Offers all items that may be among the best.
#[cfg_attr(not(debug_assertions), inline(always))]
fn gather<const D: usize, K: Kernel, T: Tree<D>, M: Measure<D>>(
    kernel: K,
    tree: &T,
    root: T::Group,
    measure: &M,
    best: &mut Best,
) {
    let (mut descent, mut lanes) = (Descent::new(), Lanes::EMPTY);
    let mut left = Some(root);
    while let Some(group) = left {
        tree.lanes(kernel, group, &mut lanes);
        let (keys, present) = (measure.bounds(&lanes), tree.present(group));
        if tree.level(group) > 0 {
            descent.enter(group, &keys, best.limit(), present);
        } else {
            let (mut ranks, mut last) = ([0.0; LANES], FIRST);
            rank(&keys, best.limit(), present, &mut ranks);
            // The limit falls as the items of this group come in.
            while let Some(lane) = next(&ranks, &mut last, best.limit()) {
                let id = tree.item_id(group, lane);
                best.offer(measure.key(id, &tree.item(group, lane)), id);
            }
            left = tree.rest(group);
            if left.is_some() {
                continue;
            }
        }
        left = descent.next(tree, best.limit());
    }
}
