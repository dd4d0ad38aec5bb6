//! Pairs of items that are near each other, by walking down two trees at once.
//!
//! Owns: the walk over pairs of nodes. Does not own what near means, nor what is done with a pair:
//! a [`Pairing`] does. Invariants: of one tree each unordered pair of distinct items comes once, of
//! two trees each pair once; nothing is allocated but the steps of the walk, once.

use std::ops::ControlFlow;

use super::walk::DEPTH;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Mask, Tree, bits};

/// Which pairs are wanted, and what is done with them.
pub(super) trait Pairing<const D: usize> {
    /// The lanes in which something may be near enough to something in a box.
    fn near(&self, lanes: &Lanes<D>, bounds: &BoxN<D>) -> Mask;

    /// Takes two items, with their exact boxes, if they are wanted.
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()>;

    /// The lanes that are surely wanted, of what items surely hold (`Tree::inner_lanes`).
    #[inline(always)]
    fn sure(&self, _inner: &Lanes<D>, _bounds: &BoxN<D>) -> Mask {
        0
    }

    /// Takes two items that are surely wanted.
    #[inline(always)]
    fn sure_pair(&mut self, _left: Item, _right: Item) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    /// Whether an item on the left is no longer of interest.
    #[inline(always)]
    fn is_done(&self, _left: usize) -> bool {
        false
    }
}

/// An item of a pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) rank: usize,
    pub(super) id: u32,
}

impl Item {
    #[inline(always)]
    fn of<const D: usize, T: Tree<D>>(tree: &T, group: T::Group, lane: usize) -> Self {
        Item { rank: tree.ranks(group, lane).start, id: tree.item_id(group, lane) }
    }
}

/// All pairs of two trees.
#[inline(always)]
pub(super) fn between<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let (Some(left), Some(right)) = (trees.0.root(), trees.1.root()) else {
        return ControlFlow::Continue(());
    };
    let bounds = (trees.0.extent(), trees.1.extent());
    walk(kernel, trees, Nodes { left, right, bounds, is_self: false }, pairing)
}

/// All pairs of one tree.
#[inline(always)]
pub(super) fn within<const D: usize, K: Kernel, T: Tree<D>>(
    kernel: K,
    tree: &T,
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let Some(root) = tree.root() else { return ControlFlow::Continue(()) };
    let bounds = (tree.extent(), tree.extent());
    walk(kernel, (tree, tree), Nodes { left: root, right: root, bounds, is_self: true }, pairing)
}

/// A node of each tree; the boxes matter where one node is looked at as a whole.
#[derive(Clone, Copy)]
struct Nodes<const D: usize, L, R> {
    left: L,
    right: R,
    bounds: (BoxN<D>, BoxN<D>),
    is_self: bool,
}

/// One side of a step: the group that is looked at, and the boxes.
struct Side<const D: usize, G> {
    group: G,
    /// Whether the node stands for itself, as the other side's children are still larger.
    is_whole: bool,
    lanes: Lanes<D>,
    present: Mask,
}

impl<const D: usize, G: Copy> Side<D, G> {
    #[inline(always)]
    fn load<K: Kernel, T: Tree<D, Group = G>>(&mut self, kernel: K, tree: &T) {
        tree.lanes(kernel, self.group, &mut self.lanes);
        self.present = tree.present(self.group);
    }

    #[inline(always)]
    fn enter<K, T>(&mut self, kernel: K, tree: &T, node: G, whole: Option<&BoxN<D>>)
    where
        K: Kernel,
        T: Tree<D, Group = G>,
    {
        self.group = node;
        self.is_whole = whole.is_some();
        let Some(bounds) = whole else { return self.load(kernel, tree) };
        for axis in 0..D {
            self.lanes.min[axis][0] = bounds.min[axis];
            self.lanes.max[axis][0] = bounds.max[axis];
        }
        self.present = 1;
    }

    #[inline(always)]
    fn child<T: Tree<D, Group = G>>(&self, tree: &T, lane: usize) -> G {
        if self.is_whole { self.group } else { tree.child(self.group, lane) }
    }

    #[inline(always)]
    fn rest<T: Tree<D, Group = G>>(&self, tree: &T) -> Option<G> {
        if self.is_whole { None } else { tree.rest(self.group) }
    }
}

/// Two groups, and which of their children are near each other: for the left lane that is being
/// entered the right ones, and the left ones that are still to come.
struct Step<const D: usize, L, R> {
    left: Side<D, L>,
    right: Side<D, R>,
    /// The right group that the present left one began with.
    right_start: R,
    /// The box of the right node.
    right_bounds: BoxN<D>,
    /// Whether both sides are the same node of one tree.
    is_self: bool,
    /// Whether both sides are the same group.
    is_diagonal: bool,
    lefts: Mask,
    lane: usize,
    rights: Mask,
    /// Whether the step below has the boxes of the left lane that is being entered.
    is_left_below: bool,
}

impl<const D: usize, L: Copy, R: Copy> Step<D, L, R> {
    fn blank(left: L, right: R) -> Self {
        let (lanes, present) = (Lanes::EMPTY, 0);
        Step {
            left: Side { group: left, is_whole: false, lanes, present },
            right: Side { group: right, is_whole: false, lanes, present },
            right_start: right,
            right_bounds: BoxN::EMPTY,
            is_self: false,
            is_diagonal: false,
            lefts: 0,
            lane: 0,
            rights: 0,
            is_left_below: false,
        }
    }

    /// Begins with two nodes: both, or the one with the larger children against the other whole.
    #[inline(always)]
    fn enter<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        kernel: K,
        trees: (&T, &U),
        nodes: &Nodes<D, L, R>,
        is_left_here: bool,
        pairing: &impl Pairing<D>,
    ) {
        let levels = (trees.0.level(nodes.left), trees.1.level(nodes.right));
        if !is_left_here {
            let whole = (levels.0 < levels.1).then_some(&nodes.bounds.0);
            self.left.enter(kernel, trees.0, nodes.left, whole);
        }
        let whole = (levels.1 < levels.0).then_some(&nodes.bounds.1);
        self.right.enter(kernel, trees.1, nodes.right, whole);
        self.right_start = nodes.right;
        self.right_bounds = nodes.bounds.1;
        (self.is_self, self.is_diagonal) = (nodes.is_self, nodes.is_self);
        self.narrow(pairing);
    }

    /// Leaves only those children on the left that are near anything on the right.
    #[inline(always)]
    fn narrow(&mut self, pairing: &impl Pairing<D>) {
        self.rights = 0;
        self.lefts = self.left.present;
        if !self.is_self {
            self.lefts &= pairing.near(&self.left.lanes, &self.right_bounds);
        }
    }

    /// The right lanes that are near one left lane; on the diagonal those from `from` on.
    #[inline(always)]
    fn row(&self, lane: usize, from: usize, pairing: &impl Pairing<D>) -> Mask {
        let near = pairing.near(&self.right.lanes, &self.left.lanes.get(lane));
        let rights = near & self.right.present;
        if self.is_diagonal { rights & (u32::from(Mask::MAX) << from) as Mask } else { rights }
    }

    /// The next two nodes below; none if these groups are done.
    #[inline(always)]
    fn next<T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        trees: (&T, &U),
        pairing: &impl Pairing<D>,
    ) -> Option<Nodes<D, L, R>> {
        while self.rights == 0 {
            if self.lefts == 0 {
                return None;
            }
            self.lane = self.lefts.trailing_zeros() as usize;
            self.lefts &= self.lefts - 1;
            self.rights = self.row(self.lane, self.lane, pairing);
            self.is_left_below = false;
        }
        let lane = self.rights.trailing_zeros() as usize;
        self.rights &= self.rights - 1;
        Some(Nodes {
            left: self.left.child(trees.0, self.lane),
            right: self.right.child(trees.1, lane),
            bounds: (self.left.lanes.get(self.lane), self.right.lanes.get(lane)),
            is_self: self.is_diagonal && lane == self.lane,
        })
    }

    /// Takes the pairs of two groups of items.
    #[inline(always)]
    fn match_items<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        kernel: K,
        trees: (&T, &U),
        pairing: &mut impl Pairing<D>,
    ) -> ControlFlow<()> {
        let mut inner = None;
        for lane in bits(std::mem::take(&mut self.lefts)) {
            if pairing.is_done(trees.0.ranks(self.left.group, lane).start) {
                continue;
            }
            let rights = self.row(lane, lane + 1, pairing);
            if rights == 0 {
                continue;
            }
            let inner = inner.get_or_insert_with(|| {
                let mut inner = (Lanes::EMPTY, Lanes::EMPTY);
                trees.0.inner_lanes(kernel, self.left.group, &mut inner.0);
                trees.1.inner_lanes(kernel, self.right.group, &mut inner.1);
                inner
            });
            let left = Item::of(trees.0, self.left.group, lane);
            let sure = rights & pairing.sure(&inner.1, &inner.0.get(lane));
            for right_lane in bits(sure) {
                pairing.sure_pair(left, Item::of(trees.1, self.right.group, right_lane))?;
            }
            if rights & !sure == 0 {
                continue;
            }
            let bounds = trees.0.item(self.left.group, lane);
            for right_lane in bits(rights & !sure) {
                let right = trees.1.item(self.right.group, right_lane);
                let right_item = Item::of(trees.1, self.right.group, right_lane);
                pairing.pair((left, &bounds), (right_item, &right))?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Goes on to the next two groups of the same nodes, if there are any, and says whether the
    /// left one changed.
    #[inline(always)]
    fn advance<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        kernel: K,
        trees: (&T, &U),
        pairing: &impl Pairing<D>,
    ) -> Option<bool> {
        let is_left = if let Some(group) = self.right.rest(trees.1) {
            self.right.group = group;
            self.is_diagonal = false;
            false
        } else {
            self.left.group = self.left.rest(trees.0)?;
            self.left.load(kernel, trees.0);
            if self.is_self {
                // The groups before have met this one already.
                self.right_start = trees.1.rest(self.right_start)?;
            }
            self.right.group = self.right_start;
            self.is_diagonal = self.is_self;
            true
        };
        if !self.right.is_whole {
            self.right.load(kernel, trees.1);
        }
        self.narrow(pairing);
        Some(is_left)
    }
}

#[inline(always)]
fn walk<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    roots: Nodes<D, L::Group, R::Group>,
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let mut steps = Vec::with_capacity(DEPTH);
    steps.push(Step::blank(roots.left, roots.right));
    steps[0].enter(kernel, trees, &roots, false, pairing);
    let mut depth = 0;
    loop {
        let step = &mut steps[depth];
        if trees.0.level(step.left.group) == 0 && trees.1.level(step.right.group) == 0 {
            step.match_items(kernel, trees, pairing)?;
        } else if let Some(nodes) = step.next(trees, pairing) {
            let is_left_below = std::mem::replace(&mut step.is_left_below, true);
            if depth + 1 == steps.len() {
                steps.push(Step::blank(nodes.left, nodes.right));
            }
            depth += 1;
            steps[depth].enter(kernel, trees, &nodes, is_left_below, pairing);
            continue;
        }
        let is_left_new = step.advance(kernel, trees, pairing);
        if is_left_new == Some(true) && depth > 0 {
            steps[depth - 1].is_left_below = false;
        }
        if is_left_new.is_none() {
            match depth.checked_sub(1) {
                Some(above) => depth = above,
                None => return ControlFlow::Continue(()),
            }
        }
    }
}
