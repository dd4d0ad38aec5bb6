//! Whether a ray hits anything.
//!
//! Owns: in which order children are entered. Does not own the tests (`ray`). Invariants: the
//! answer does not depend on the order; the search ends at the first hit.

use super::rank::Descent;
use super::ray::Ray;
use super::search::Filter;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Question, Tree};

/// The question whether there is a hit.
pub(crate) struct LineOfSight<const D: usize>(pub(crate) Ray<D>);

impl<const D: usize> Question<D> for LineOfSight<D> {
    type Answer = bool;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> bool {
        let ray = self.0;
        let (mut descent, mut lanes) = (Descent::new(), Lanes::EMPTY);
        let mut left = tree.root();
        while let Some(group) = left {
            if tree.level(group) == 0 {
                if ray.items(kernel, tree, group) != 0 {
                    return true;
                }
                left = tree.rest(group);
                if left.is_some() {
                    continue;
                }
            } else {
                tree.lanes(kernel, group, &mut lanes);
                let keys = ray.brevity(&lanes);
                descent.enter(group, &keys, f64::INFINITY, tree.present(group));
            }
            left = descent.next(tree, f64::INFINITY);
        }
        false
    }
}
