//! Items one after the other, best first, until the caller has enough.
//!
//! Owns: the queue. Does not own what is best (`measure`). Invariants: keys do not fall from one
//! item to the next, and of equal keys the smaller id comes first. The queue is made for the call
//! and grows with what is seen; who knows how many are wanted asks for the nearest instead.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use super::lanes::at_most;
use super::measure::Measure;
use super::nearest::Neighbour;
use crate::packed::ordered::ordered;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Question, Tree, bits};

/// The question for every item within `max_distance`, nearest first, told to `visitor` until it
/// breaks off. The answer is whether it did not.
pub(crate) struct BestFirst<M, V> {
    pub(crate) measure: M,
    pub(crate) max_distance: f64,
    pub(crate) visitor: V,
}

/// What waits in the queue.
struct Waiting<G> {
    key: f64,
    /// 0 for a node, so that it comes before items that are as near; for an item 1 more than its
    /// id.
    rank: u64,
    group: G,
}

impl<G> Ord for Waiting<G> {
    /// The best is the greatest, for the queue of the standard library.
    fn cmp(&self, other: &Self) -> Ordering {
        (ordered(other.key), other.rank).cmp(&(ordered(self.key), self.rank))
    }
}

impl<G> PartialOrd for Waiting<G> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<G> PartialEq for Waiting<G> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<G> Eq for Waiting<G> {}

impl<const D: usize, M, V> Question<D> for BestFirst<M, V>
where
    M: Measure<D>,
    V: FnMut(Neighbour) -> ControlFlow<()>,
{
    type Answer = bool;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ask<K: Kernel, T: Tree<D>>(mut self, kernel: K, tree: &T) -> bool {
        let Some(root) = tree.root() else { return true };
        let limit = self.measure.limit(self.max_distance);
        let mut queue = BinaryHeap::new();
        queue.push(Waiting { key: f64::NEG_INFINITY, rank: 0, group: root });
        let mut lanes = Lanes::EMPTY;
        while let Some(Waiting { key, rank, group }) = queue.pop() {
            if rank > 0 {
                let distance = self.measure.distance(key);
                let neighbour = Neighbour { id: (rank - 1) as u32, distance };
                if distance <= self.max_distance && (self.visitor)(neighbour).is_break() {
                    return false;
                }
                continue;
            }
            let mut rest = Some(group);
            while let Some(group) = rest {
                rest = tree.rest(group);
                tree.lanes(kernel, group, &mut lanes);
                let keys = self.measure.bounds(&lanes);
                let wanted = at_most(&keys, limit) & tree.present(group);
                let is_leaf = tree.level(group) == 0;
                for lane in bits(wanted) {
                    if !is_leaf {
                        let (key, group) = (keys[lane] + 0.0, tree.child(group, lane));
                        queue.push(Waiting { key, rank: 0, group });
                        continue;
                    }
                    let id = tree.item_id(group, lane);
                    let key = self.measure.key(id, &tree.item(group, lane)) + 0.0;
                    if key <= limit {
                        queue.push(Waiting { key, rank: u64::from(id) + 1, group });
                    }
                }
            }
        }
        true
    }
}
