//! In which order the children of a node are entered.
//!
//! Owns: the order of 16 keys, least first, without sorting them, and the way down by it. Does not
//! own what a key means, nor what is done with items. Invariants: each lane within the
//! limit comes once; one comes before another only if its key is less, or so near that a few units
//! in the last place part them.

use smallvec::SmallVec;

use super::lanes::{larger, least, smaller};
use super::walk::DEPTH;
use crate::packed::ordered::{number, ordered};
use crate::packed::tree::{LANES, Mask, Tree, bits};

/// The nodes on the way down, each with the order of its children.
pub(super) struct Descent<G> {
    steps: SmallVec<[Step<G>; FEW_STEPS]>,
}

/// So many steps down need no memory of their own: no tree with ids of 32 bits has more.
const FEW_STEPS: usize = 32;

struct Step<G> {
    group: G,
    ranks: [f64; LANES],
    /// The rank of the child that was entered last.
    last: f64,
}

impl<G: Copy> Descent<G> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Descent { steps: SmallVec::new() }
    }

    /// Goes into a node, unless it lies too deep; its children are ranked by their keys.
    #[inline(always)]
    pub(super) fn enter(&mut self, group: G, keys: &[f64; LANES], limit: f64, present: Mask) {
        if self.steps.len() < DEPTH {
            let mut step = Step { group, ranks: [0.0; LANES], last: FIRST };
            rank(keys, limit, present, &mut step.ranks);
            self.steps.push(step);
        }
    }

    /// The group to look at next: the nearest child that is left, or the rest of its node.
    #[inline(always)]
    pub(super) fn next<const D: usize, T: Tree<D, Group = G>>(
        &mut self,
        tree: &T,
        limit: f64,
    ) -> Option<G> {
        while let Some(step) = self.steps.last_mut() {
            if let Some(lane) = next(&step.ranks, &mut step.last, limit) {
                return Some(tree.child(step.group, lane));
            }
            let rest = tree.rest(step.group);
            self.steps.pop();
            if rest.is_some() {
                return rest;
            }
        }
        None
    }
}

/// Below the rank of every lane.
pub(super) const FIRST: f64 = f64::NEG_INFINITY;

/// Keys below this one, which no distance has, are ordered as if they were it.
const LEAST: f64 = f64::MIN / 2.0;

/// Gives the lanes whose key is within the limit a number by which they are ordered: the key a
/// little lowered, with the lane in its last bits, so that no two are the same and the least of
/// them says by itself which lane it is. Those of the others are infinite.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn rank(keys: &[f64; LANES], limit: f64, present: Mask, ranks: &mut [f64; LANES]) {
    const LANE: i64 = LANES as i64 - 1;
    for lane in 0..LANES {
        let key = larger(keys[lane], LEAST);
        let lowered = (ordered(smaller(key, f64::MAX)) & !LANE) - (LANE + 1);
        let rank = number(lowered | lane as i64);
        ranks[lane] = if keys[lane] <= limit { rank } else { f64::INFINITY };
    }
    if present != Mask::MAX {
        bits(!present).for_each(|lane| ranks[lane] = f64::INFINITY);
    }
}

/// The lane that comes next after `last`, unless it is beyond the limit, as then all others are.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn next(ranks: &[f64; LANES], last: &mut f64, limit: f64) -> Option<usize> {
    let mut left = [0.0; LANES];
    for lane in 0..LANES {
        left[lane] = if ranks[lane] > *last { ranks[lane] } else { f64::INFINITY };
    }
    *last = least(&left);
    let is_near = *last <= larger(limit, LEAST) && *last < f64::INFINITY;
    is_near.then(|| ordered(*last) as usize % LANES)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> impl Strategy<Value = f64> {
        prop_oneof![
            any::<f64>(),
            prop_oneof![
                Just(f64::NAN),
                Just(f64::INFINITY),
                Just(f64::NEG_INFINITY),
                Just(0.0),
                Just(-0.0),
                Just(f64::MAX),
                Just(f64::MIN),
                Just(1.0),
            ],
        ]
    }

    proptest! {
        #[test]
        fn lanes_come_in_the_order_of_their_keys(
            keys in prop::array::uniform16(key()), limit in key(), present: Mask,
        ) {
            let mut ranks = [0.0; LANES];
            rank(&keys, limit, present, &mut ranks);
            let (mut last, mut found) = (FIRST, Vec::new());
            while let Some(lane) = next(&ranks, &mut last, limit) {
                found.push(lane);
            }
            let wanted = |lane: &usize| keys[*lane] <= limit && present >> lane & 1 == 1;
            let mut expected: Vec<usize> = (0..LANES).filter(wanted).collect();
            // Keys next to each other may change places.
            let order = |a: &usize, b: &usize| keys[*a].total_cmp(&keys[*b]);
            let far = |a: f64, b: f64| ordered(a).saturating_sub(ordered(b)) > 2 * LANES as i64;
            for pair in found.windows(2) {
                prop_assert!(!far(keys[pair[0]].max(LEAST), keys[pair[1]].max(LEAST)));
            }
            expected.sort_by(order);
            found.sort_by(order);
            let keys_of = |lanes: &[usize]| -> Vec<u64> {
                lanes.iter().map(|lane| keys[*lane].to_bits()).collect()
            };
            prop_assert_eq!(keys_of(&found), keys_of(&expected));
        }
    }
}
