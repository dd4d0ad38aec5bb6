//! The k nearest by any measure.
//!
//! Owns: the walk, nearest child first, and the pruning. Does not own what near means
//! (`measure`), nor the list of the best (`best`). Invariants: of items equally near those with
//! the smallest ids are found, so that the nearest k are the first of the nearest k + 1; a subtree
//! is left out only if all of it is strictly further than the k-th found.

use super::lanes::{at_most, least};
use super::measure::Measure;
use super::walk::DEPTH;
use super::workspace::Workspace;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Question, Tree, bits};

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
        workspace.keys.resize(DEPTH, [0.0; LANES]);
        gather(kernel, tree, root, &measure, workspace);
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
    workspace: &mut Workspace,
) {
    let Workspace { best, keys: above, .. } = workspace;
    let mut path = [root; DEPTH];
    let mut length = 0;
    let mut group = root;
    let mut lanes = Lanes::EMPTY;
    'open: loop {
        tree.lanes(kernel, group, &mut lanes);
        let mut keys = measure.bounds(&lanes);
        let wanted = at_most(&keys, best.limit()) & tree.present(group);
        if tree.level(group) == 0 {
            for lane in bits(wanted) {
                // The limit falls as the items of this group come in.
                if keys[lane] <= best.limit() {
                    let id = tree.item_id(group, lane);
                    best.offer(measure.key(id, &tree.item(group, lane)), id);
                }
            }
            keys = [f64::INFINITY; LANES];
        } else {
            keep(&mut keys, wanted);
        }
        let mut open = if tree.level(group) == 0 { 0 } else { wanted };
        loop {
            if open != 0
                && let Some(lane) = next(&mut keys, &mut open, best.limit())
                && length < DEPTH
            {
                // What has been entered is no longer open, and neither is what is too far by now.
                above[length] = keys;
                path[length] = group;
                length += 1;
                group = tree.child(group, lane);
                continue 'open;
            }
            if let Some(rest) = tree.rest(group) {
                group = rest;
                continue 'open;
            }
            if length == 0 {
                return;
            }
            length -= 1;
            (group, keys) = (path[length], above[length]);
            open = at_most(&keys, best.limit()) & tree.present(group);
        }
    }
}

/// Sets the keys of lanes that are not wanted to NaN.
#[cfg_attr(not(debug_assertions), inline(always))]
fn keep(keys: &mut [f64; LANES], wanted: Mask) {
    for (lane, key) in keys.iter_mut().enumerate() {
        *key = if wanted >> lane & 1 == 1 { *key } else { f64::NAN };
    }
}

/// Takes the nearest of the open lanes, unless it is beyond the limit; then none is open any more.
#[cfg_attr(not(debug_assertions), inline(always))]
fn next(keys: &mut [f64; LANES], open: &mut Mask, limit: f64) -> Option<usize> {
    let mut known = [0.0; LANES];
    for lane in 0..LANES {
        known[lane] = if keys[lane] <= limit { keys[lane] } else { f64::INFINITY };
    }
    let nearest = at_most(keys, least(&known)) & *open;
    let lane = nearest.trailing_zeros() as usize;
    let key = keys.get_mut(lane)?;
    if *key > limit {
        *open = 0;
        return None;
    }
    *key = f64::NAN;
    *open &= !(1 << lane);
    Some(lane)
}
