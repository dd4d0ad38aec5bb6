//! The closest pair, within one tree or between two.
//!
//! Owns: the bound that falls as pairs are found, and the first guess at it. Does not own the walk
//! (`join`). Invariants: no pair is closer than the one that is told; of pairs that are equally
//! close any one is told.

use std::ops::ControlFlow;

use super::join::{Item, Pairing, between, within};
use super::lanes::distances_squared;
use super::margins::Margins;
use super::reach::Reach;
use super::stop::Stop;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Question, Tree, Window, bits};

/// Two items and the Euclidean distance between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosestPair {
    /// The first item; in one index the one with the smaller id.
    pub first: u32,
    /// The second item; of the other index, if there are two.
    pub second: u32,
    /// How far they are apart.
    pub distance: f64,
}

/// The closest pair by ids, and the square of its distance.
struct Closest<'a> {
    /// Above this nothing is wanted, and what equals it only while there is no pair.
    limit: f64,
    pair: Option<(u32, u32)>,
    /// How far away anything can be that is not above the limit.
    margins: Margins,
    stop: Stop<'a>,
}

impl<'a> Closest<'a> {
    fn below<const D: usize>(limit: f64, stop: Stop<'a>) -> Self {
        Closest { limit, pair: None, margins: Margins::new::<D>(&Reach::of_square(limit)), stop }
    }

    /// The pair that was found, in the order of the trees.
    fn told(self) -> Result<Option<ClosestPair>> {
        let Closest { limit, pair, stop, .. } = self;
        let told = |(first, second)| ClosestPair { first, second, distance: limit.sqrt() };
        stop.unless_stopped(|| pair.map(told))
    }
}

impl<const D: usize> Pairing<D> for Closest<'_> {
    #[inline(always)]
    fn around(&self, bounds: &BoxN<D>) -> Window<D> {
        self.margins.around(bounds)
    }

    #[inline(always)]
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()> {
        let squared = left.1.distance_squared_to_box(right.1);
        if squared < self.limit || (self.pair.is_none() && squared <= self.limit) {
            self.limit = squared;
            self.margins = Margins::new::<D>(&Reach::of_square(squared));
            self.pair = Some((left.0.id, right.0.id));
            if squared == 0.0 {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        self.stop.step()
    }
}

/// The question for the closest two distinct items of one tree.
pub(crate) struct ClosestWithin<'a>(pub(crate) Stop<'a>);

impl<const D: usize> Question<D> for ClosestWithin<'_> {
    type Answer = Result<Option<ClosestPair>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Self::Answer {
        let mut closest = Closest::below::<D>(f64::INFINITY, self.0);
        // It breaks off when nothing can be closer, or when it is stopped.
        let _ = within(kernel, tree, &mut closest);
        closest.pair = closest.pair.map(|(a, b)| (a.min(b), a.max(b)));
        closest.told()
    }
}

/// The question for the closest items of the tree that is asked and another one.
pub(crate) struct ClosestBetween<'a, U> {
    pub(crate) other: &'a U,
    pub(crate) stop: Stop<'a>,
}

impl<const D: usize, U: Tree<D>> Question<D> for ClosestBetween<'_, U> {
    type Answer = Result<Option<ClosestPair>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Self::Answer {
        let other = self.other;
        let Some(limit) = guess(kernel, tree, other) else { return Ok(None) };
        let mut closest = Closest::below::<D>(limit, self.stop);
        // It breaks off when nothing can be closer, or when it is stopped.
        let _ = between(kernel, (tree, other), &mut closest);
        closest.told()
    }
}

/// The square of the distance of two items that are close, if not the closest: down both trees, to
/// the child that is nearest to where the other tree is.
#[inline(always)]
fn guess<const D: usize, K: Kernel, T: Tree<D>, U: Tree<D>>(
    kernel: K,
    tree: &T,
    other: &U,
) -> Option<f64> {
    let near = descend(kernel, tree, &other.extent())?;
    let there = descend(kernel, other, &near)?;
    let here = descend(kernel, tree, &there)?;
    Some(here.distance_squared_to_box(&there))
}

/// The box of an item that is near to a box, by the nearest child of each node on the way.
#[inline(always)]
fn descend<const D: usize, K: Kernel, T: Tree<D>>(
    kernel: K,
    tree: &T,
    bounds: &BoxN<D>,
) -> Option<BoxN<D>> {
    let mut group = tree.root()?;
    let mut lanes = Lanes::EMPTY;
    loop {
        tree.lanes(kernel, group, &mut lanes);
        let keys = distances_squared(&lanes, bounds);
        let nearest = bits(tree.present(group)).min_by(|a, b| keys[*a].total_cmp(&keys[*b]))?;
        if tree.level(group) == 0 {
            return Some(tree.item(group, nearest));
        }
        group = tree.child(group, nearest);
    }
}
