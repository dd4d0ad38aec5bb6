//! Joins: pairs that touch or are within a distance, items without a partner, groups.
//!
//! Owns: the questions. Does not own the walk over pairs of nodes (`join`). Invariants: a distance
//! of 0 is the join of what touches; borders belong to boxes and to distances.

use std::ops::ControlFlow;

use super::join::{Bracket, Item, Pairing, between, within};
use super::margins::Margins;
use super::reach::Reach;
use super::stop::Stop;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Question, Tree, Window};

/// When two boxes are a pair.
pub(crate) trait Near<const D: usize>: Copy {
    /// Whether near is what touches.
    const IS_TOUCHING: bool;

    /// What does not touch this window is not near the box.
    fn around(self, bounds: &BoxN<D>) -> Window<D>;

    /// What touches this window is surely near any box that holds this one; none if that is not
    /// known.
    fn within(self, inner: &BoxN<D>) -> Option<Window<D>>;

    /// Whether two boxes are near each other, if what holds them and what they hold decides it.
    fn decides(self, a: &Bracket<D>, b: &Bracket<D>) -> Option<bool>;

    /// Whether two boxes are near each other.
    fn boxes(self, a: &BoxN<D>, b: &BoxN<D>) -> bool;
}

/// Pairs that share a point.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Touching;

impl<const D: usize> Near<D> for Touching {
    const IS_TOUCHING: bool = true;

    #[inline(always)]
    fn around(self, bounds: &BoxN<D>) -> Window<D> {
        Window::new(*bounds)
    }

    #[inline(always)]
    fn within(self, inner: &BoxN<D>) -> Option<Window<D>> {
        Some(Window::new(*inner))
    }

    #[inline(always)]
    fn decides(self, _a: &Bracket<D>, _b: &Bracket<D>) -> Option<bool> {
        None
    }

    #[inline(always)]
    fn boxes(self, a: &BoxN<D>, b: &BoxN<D>) -> bool {
        a.intersects(b)
    }
}

/// Pairs within a Euclidean distance. For a distance of 0 ask for [`Touching`], as the square of a
/// tiny distance is 0 too.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoFurther {
    reach: Reach,
    margins: Margins,
}

impl NoFurther {
    pub(crate) fn than<const D: usize>(distance: f64) -> Self {
        let reach = Reach::new(distance);
        NoFurther { reach, margins: Margins::new::<D>(&reach) }
    }
}

impl<const D: usize> Near<D> for NoFurther {
    const IS_TOUCHING: bool = false;

    #[inline(always)]
    fn around(self, bounds: &BoxN<D>) -> Window<D> {
        self.margins.around(bounds)
    }

    #[inline(always)]
    fn within(self, inner: &BoxN<D>) -> Option<Window<D>> {
        (self.reach.outer >= 0.0).then(|| self.margins.within(inner))
    }

    #[inline(always)]
    fn decides(self, a: &Bracket<D>, b: &Bracket<D>) -> Option<bool> {
        if a.1.distance_squared_to_box(&b.1) <= self.reach.inner {
            return Some(true);
        }
        let may_be = a.0.distance_squared_to_box(&b.0) <= self.reach.outer;
        if may_be { None } else { Some(false) }
    }

    #[inline(always)]
    fn boxes(self, a: &BoxN<D>, b: &BoxN<D>) -> bool {
        self.reach.holds(a.distance_squared_to_box(b))
    }
}

/// Who is told pairs.
trait Visit {
    /// Takes a pair by its ids.
    fn pair(&mut self, left: u32, right: u32) -> ControlFlow<()>;

    /// Breaks off if no more is wanted, though there may be no pair for long.
    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<V: FnMut(u32, u32) -> ControlFlow<()>> Visit for V {
    #[inline(always)]
    fn pair(&mut self, left: u32, right: u32) -> ControlFlow<()> {
        self(left, right)
    }
}

/// Tells a visitor pairs.
struct Telling<N, V> {
    near: N,
    visitor: V,
}

impl<const D: usize, N: Near<D>, V: Visit> Pairing<D> for Telling<N, V> {
    const IS_TOUCHING: bool = N::IS_TOUCHING;

    #[inline(always)]
    fn around(&self, bounds: &BoxN<D>) -> Window<D> {
        self.near.around(bounds)
    }

    #[inline(always)]
    fn within(&self, inner: &BoxN<D>) -> Option<Window<D>> {
        self.near.within(inner)
    }

    #[inline(always)]
    fn decides(&self, left: &Bracket<D>, right: &Bracket<D>) -> Option<bool> {
        self.near.decides(left, right)
    }

    #[inline(always)]
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()> {
        if self.near.boxes(left.1, right.1) {
            return Pairing::<D>::sure_pair(self, left.0, right.0);
        }
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn sure_pair(&mut self, left: Item, right: Item) -> ControlFlow<()> {
        self.visitor.pair(left.id, right.id)
    }

    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        self.visitor.go_on()
    }
}

/// The question for the pairs of one tree, each once with the smaller id first, told to `visitor`
/// until it breaks off. The answer is whether it did not.
pub(crate) struct Pairs<N, V> {
    pub(crate) near: N,
    pub(crate) visitor: V,
}

impl<const D: usize, N, V> Question<D> for Pairs<N, V>
where
    N: Near<D>,
    V: FnMut(u32, u32) -> ControlFlow<()>,
{
    type Answer = bool;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> bool {
        let Pairs { near, mut visitor } = self;
        let visitor = |a: u32, b: u32| visitor(a.min(b), a.max(b));
        within(kernel, tree, &mut Telling { near, visitor }).is_continue()
    }
}

/// The question for the pairs of two trees, the id in the tree that is asked first, told to
/// `visitor` until it breaks off. The answer is whether it did not.
pub(crate) struct Join<'a, U, N, V> {
    pub(crate) other: &'a U,
    pub(crate) near: N,
    pub(crate) visitor: V,
}

impl<const D: usize, U, N, V> Question<D> for Join<'_, U, N, V>
where
    U: Tree<D>,
    N: Near<D>,
    V: FnMut(u32, u32) -> ControlFlow<()>,
{
    type Answer = bool;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> bool {
        let Join { other, near, visitor } = self;
        between(kernel, (tree, other), &mut Telling { near, visitor }).is_continue()
    }
}

/// The question for the items of the tree that is asked that are not near any item of another one;
/// the answer is their ids, in no order. It takes a bit for each item.
pub(crate) struct AntiJoin<'a, U, N> {
    pub(crate) other: &'a U,
    pub(crate) near: N,
    pub(crate) stop: Stop<'a>,
}

impl<const D: usize, U: Tree<D>, N: Near<D>> Question<D> for AntiJoin<'_, U, N> {
    type Answer = Result<Vec<u32>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Result<Vec<u32>> {
        let met = vec![0; tree.len().div_ceil(64)];
        let mut meeting = Meeting { near: self.near, met, stop: self.stop };
        // It breaks off when it is stopped.
        let _ = between(kernel, (tree, self.other), &mut meeting);
        let Meeting { met, stop, .. } = meeting;
        let alone = (0..tree.len()).filter(|rank| !is_set(&met, *rank));
        stop.unless_stopped(|| alone.map(|rank| tree.id(rank)).collect())
    }
}

/// Notes which items on the left have a partner.
struct Meeting<'a, N> {
    near: N,
    met: Vec<u64>,
    stop: Stop<'a>,
}

#[inline(always)]
fn is_set(bits: &[u64], rank: usize) -> bool {
    bits[rank / 64] >> (rank % 64) & 1 == 1
}

impl<const D: usize, N: Near<D>> Pairing<D> for Meeting<'_, N> {
    const IS_TOUCHING: bool = N::IS_TOUCHING;

    #[inline(always)]
    fn around(&self, bounds: &BoxN<D>) -> Window<D> {
        self.near.around(bounds)
    }

    #[inline(always)]
    fn within(&self, inner: &BoxN<D>) -> Option<Window<D>> {
        self.near.within(inner)
    }

    #[inline(always)]
    fn decides(&self, left: &Bracket<D>, right: &Bracket<D>) -> Option<bool> {
        self.near.decides(left, right)
    }

    #[inline(always)]
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()> {
        if self.near.boxes(left.1, right.1) {
            return Pairing::<D>::sure_pair(self, left.0, right.0);
        }
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn sure_pair(&mut self, left: Item, _right: Item) -> ControlFlow<()> {
        self.met[left.rank / 64] |= 1 << (left.rank % 64);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn is_done(&self, left: usize) -> bool {
        is_set(&self.met, left)
    }

    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        self.stop.step()
    }
}

/// The question which items hang together, from one to the next by pairs. The answer has for each
/// item, by id, the smallest id that it hangs together with.
pub(crate) struct Components<'a, N> {
    pub(crate) near: N,
    pub(crate) stop: Stop<'a>,
}

impl<const D: usize, N: Near<D>> Question<D> for Components<'_, N> {
    type Answer = Result<Vec<u32>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Result<Vec<u32>> {
        let forest = Forest { parents: (0..tree.len()).map(|id| id as u32).collect() };
        let mut uniting = Telling { near: self.near, visitor: Uniting { forest, stop: self.stop } };
        // It breaks off when it is stopped.
        let _ = within(kernel, tree, &mut uniting);
        let Uniting { forest, stop } = uniting.visitor;
        stop.unless_stopped(|| forest.labels())
    }
}

/// Unites the sets of both items of each pair.
struct Uniting<'a> {
    forest: Forest,
    stop: Stop<'a>,
}

impl Visit for Uniting<'_> {
    #[inline(always)]
    fn pair(&mut self, left: u32, right: u32) -> ControlFlow<()> {
        self.forest.unite(left, right);
        // Two pages can have very many.
        self.stop.step()
    }

    #[inline(always)]
    fn go_on(&mut self) -> ControlFlow<()> {
        self.stop.step()
    }
}

/// Sets that are united, each known by its smallest member. A parent is never larger than its
/// child.
struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    #[inline(always)]
    fn root(&mut self, mut id: u32) -> u32 {
        loop {
            let parent = self.parents[id as usize];
            if parent == id {
                return id;
            }
            // Each second link is made to skip one, so that ways become short.
            let above = self.parents[parent as usize];
            self.parents[id as usize] = above;
            id = above;
        }
    }

    #[inline(always)]
    fn unite(&mut self, a: u32, b: u32) {
        // Bytes from elsewhere may hold ids beyond the number of items.
        let count = self.parents.len();
        if a as usize >= count || b as usize >= count {
            return;
        }
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    fn labels(mut self) -> Vec<u32> {
        for id in 0..self.parents.len() {
            // The parent is not after its child, so it has its label by now.
            self.parents[id] = self.parents[self.parents[id] as usize];
        }
        self.parents
    }
}
