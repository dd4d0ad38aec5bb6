//! Joins.
//!
//! Owns: the methods, and asking two indexes at once. Does not own the walk. Invariants: a distance
//! of 0 joins what touches.

use std::ops::ControlFlow;

use super::check_distance;
use crate::error::Result;
use crate::packed::index::Index;
use crate::packed::query::closest_pair::{ClosestBetween, ClosestPair, ClosestWithin};
use crate::packed::query::pairs::{AntiJoin, Components, Join, Near, NoFurther, Pairs, Touching};
use crate::packed::query::stop::Stop;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Question, Tree};

/// A question to two trees, of any two layouts.
trait OfTwo<const D: usize> {
    type Answer;

    fn ask<K: Kernel, T: Tree<D>, U: Tree<D>>(self, kernel: K, tree: &T, other: &U)
    -> Self::Answer;
}

/// The question to the first of two indexes: to ask the second.
struct First<'a, const D: usize, Q>(&'a Index<D>, Q);

impl<const D: usize, Q: OfTwo<D>> Question<D> for First<'_, D, Q> {
    type Answer = Result<Q::Answer>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Self::Answer {
        self.0.ask(Second(tree, self.1))
    }
}

/// The question to the second, with the tree of the first.
struct Second<'a, T, Q>(&'a T, Q);

impl<const D: usize, T: Tree<D>, Q: OfTwo<D>> Question<D> for Second<'_, T, Q> {
    type Answer = Q::Answer;

    #[inline(always)]
    fn ask<K: Kernel, U: Tree<D>>(self, kernel: K, other: &U) -> Q::Answer {
        self.1.ask(kernel, self.0, other)
    }
}

struct Joined<N, V>(N, V);

impl<const D: usize, N, V> OfTwo<D> for Joined<N, V>
where
    N: Near<D>,
    V: FnMut(u32, u32) -> ControlFlow<()>,
{
    type Answer = bool;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>, U: Tree<D>>(self, kernel: K, tree: &T, other: &U) -> bool {
        Join { other, near: self.0, visitor: self.1 }.ask(kernel, tree)
    }
}

struct Alone<'a, N>(N, Stop<'a>);

impl<const D: usize, N: Near<D>> OfTwo<D> for Alone<'_, N> {
    type Answer = Result<Vec<u32>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>, U: Tree<D>>(
        self,
        kernel: K,
        tree: &T,
        other: &U,
    ) -> Self::Answer {
        AntiJoin { other, near: self.0, stop: self.1 }.ask(kernel, tree)
    }
}

struct Closest<'a>(Stop<'a>);

impl<const D: usize> OfTwo<D> for Closest<'_> {
    type Answer = Result<Option<ClosestPair>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>, U: Tree<D>>(
        self,
        kernel: K,
        tree: &T,
        other: &U,
    ) -> Self::Answer {
        ClosestBetween { other, stop: self.0 }.ask(kernel, tree)
    }
}

/// A visitor that keeps all pairs.
fn keep(pairs: &mut Vec<(u32, u32)>) -> impl FnMut(u32, u32) -> ControlFlow<()> {
    |a, b| {
        pairs.push((a, b));
        ControlFlow::Continue(())
    }
}

impl<const D: usize> Index<D> {
    /// All pairs of items that touch each other, each once with the smaller id first, in no order.
    pub fn pairs(&self) -> Result<Vec<(u32, u32)>> {
        let mut pairs = Vec::new();
        self.pairs_each(keep(&mut pairs))?;
        Ok(pairs)
    }

    /// Tells `visitor` the pairs until it breaks off, and whether it did not.
    pub fn pairs_each(&self, visitor: impl FnMut(u32, u32) -> ControlFlow<()>) -> Result<bool> {
        self.ask(Pairs { near: Touching, visitor })
    }

    /// All pairs of items within a Euclidean distance of each other, each once with the smaller id
    /// first, in no order.
    pub fn pairs_within(&self, max_distance: f64) -> Result<Vec<(u32, u32)>> {
        let mut pairs = Vec::new();
        self.pairs_within_each(max_distance, keep(&mut pairs))?;
        Ok(pairs)
    }

    /// Tells `visitor` the pairs until it breaks off, and whether it did not.
    pub fn pairs_within_each(
        &self,
        max_distance: f64,
        visitor: impl FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        check_distance("packed pairs", max_distance)?;
        if max_distance == 0.0 {
            return self.pairs_each(visitor);
        }
        self.ask(Pairs { near: NoFurther::than::<D>(max_distance), visitor })
    }

    /// Which items hang together, from one to the next within a Euclidean distance: for each item,
    /// by id, the smallest id that it hangs together with.
    pub fn pairs_within_components(&self, max_distance: f64) -> Result<Vec<u32>> {
        self.components_until(Stop::never(), max_distance)
    }

    /// The same, until it is stopped.
    pub(crate) fn components_until(&self, stop: Stop<'_>, max_distance: f64) -> Result<Vec<u32>> {
        check_distance("packed components", max_distance)?;
        if max_distance == 0.0 {
            return self.ask(Components { near: Touching, stop })?;
        }
        self.ask(Components { near: NoFurther::than::<D>(max_distance), stop })?
    }

    /// All pairs of an item of this index and one of another that touch each other, in no order.
    pub fn join(&self, other: &Index<D>) -> Result<Vec<(u32, u32)>> {
        let mut pairs = Vec::new();
        self.join_each(other, keep(&mut pairs))?;
        Ok(pairs)
    }

    /// Tells `visitor` the pairs until it breaks off, and whether it did not.
    pub fn join_each(
        &self,
        other: &Index<D>,
        visitor: impl FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.hand_over(First(other, Joined(Touching, visitor)))?
    }

    /// All pairs of an item of this index and one of another within a Euclidean distance, in no
    /// order.
    pub fn join_within(&self, other: &Index<D>, max_distance: f64) -> Result<Vec<(u32, u32)>> {
        let mut pairs = Vec::new();
        self.join_within_each(other, max_distance, keep(&mut pairs))?;
        Ok(pairs)
    }

    /// Tells `visitor` the pairs until it breaks off, and whether it did not.
    pub fn join_within_each(
        &self,
        other: &Index<D>,
        max_distance: f64,
        visitor: impl FnMut(u32, u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        check_distance("packed join", max_distance)?;
        if max_distance == 0.0 {
            return self.join_each(other, visitor);
        }
        self.hand_over(First(other, Joined(NoFurther::than::<D>(max_distance), visitor)))?
    }

    /// The ids of the items of this index that no item of another is within a Euclidean distance
    /// of, in no order. It takes a bit for each item.
    pub fn anti_join_within(&self, other: &Index<D>, max_distance: f64) -> Result<Vec<u32>> {
        self.anti_join_until(Stop::never(), other, max_distance)
    }

    /// The same, until it is stopped.
    pub(crate) fn anti_join_until(
        &self,
        stop: Stop<'_>,
        other: &Index<D>,
        max_distance: f64,
    ) -> Result<Vec<u32>> {
        check_distance("packed anti-join", max_distance)?;
        if max_distance == 0.0 {
            return self.hand_over(First(other, Alone(Touching, stop)))??;
        }
        self.hand_over(First(other, Alone(NoFurther::than::<D>(max_distance), stop)))??
    }

    /// The two distinct items that are closest to each other; none if there are less than two. Of
    /// several pairs that are equally close it is any one.
    pub fn closest_pair(&self) -> Result<Option<ClosestPair>> {
        self.closest_pair_until(Stop::never())
    }

    /// The same, until it is stopped.
    pub(crate) fn closest_pair_until(&self, stop: Stop<'_>) -> Result<Option<ClosestPair>> {
        self.ask(ClosestWithin(stop))?
    }

    /// The item of this index and the one of another that are closest to each other; of several
    /// pairs any one.
    pub fn closest_pair_to(&self, other: &Index<D>) -> Result<Option<ClosestPair>> {
        self.closest_pair_to_until(Stop::never(), other)
    }

    /// The same, until it is stopped.
    pub(crate) fn closest_pair_to_until(
        &self,
        stop: Stop<'_>,
        other: &Index<D>,
    ) -> Result<Option<ClosestPair>> {
        self.hand_over(First(other, Closest(stop)))??
    }
}
