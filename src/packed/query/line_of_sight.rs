//! Whether a ray hits anything.
//!
//! Owns: in which order children are entered. Does not own the tests (`ray`). Invariants: the
//! answer does not depend on the order; the search ends at the first hit.

use smallvec::SmallVec;

use super::rank::{FIRST, next, rank};
use super::ray::Ray;
use super::search::Filter;
use super::walk::DEPTH;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Question, Tree};

/// The question whether there is a hit.
pub(crate) struct LineOfSight<const D: usize>(pub(crate) Ray<D>);

/// A node on the way down, with the order of its children and the last that was entered.
struct Step<G> {
    group: G,
    ranks: [f64; LANES],
    last: f64,
}

impl<const D: usize> Question<D> for LineOfSight<D> {
    type Answer = bool;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> bool {
        let ray = self.0;
        let Some(mut group) = tree.root() else { return false };
        let mut path = SmallVec::<[Step<T::Group>; 12]>::new();
        let mut lanes = Lanes::EMPTY;
        'open: loop {
            if tree.level(group) == 0 {
                if ray.items(kernel, tree, group) != 0 {
                    return true;
                }
                if let Some(rest) = tree.rest(group) {
                    group = rest;
                    continue;
                }
            } else if path.len() < DEPTH {
                tree.lanes(kernel, group, &mut lanes);
                let mut ranks = [0.0; LANES];
                rank(&ray.brevity(&lanes), f64::INFINITY, tree.present(group), &mut ranks);
                path.push(Step { group, ranks, last: FIRST });
            }
            while let Some(step) = path.last_mut() {
                if let Some(lane) = next(&step.ranks, &mut step.last, f64::INFINITY) {
                    group = tree.child(step.group, lane);
                    continue 'open;
                }
                let rest = tree.rest(step.group);
                path.pop();
                if let Some(rest) = rest {
                    group = rest;
                    continue 'open;
                }
            }
            return false;
        }
    }
}
