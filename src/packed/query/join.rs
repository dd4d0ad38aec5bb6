//! Pairs of items that are near each other, by walking down two trees at once.
//!
//! Owns: the walk over pairs of nodes. Does not own what near means, nor what is done with a pair:
//! a [`Pairing`] does. Invariants: of one tree each unordered pair of distinct items comes once, of
//! two trees each pair once; nothing is allocated but the steps of the walk, once.

use std::ops::ControlFlow;

use super::walk::DEPTH;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Mask, Tree, Window, bits};

/// A box that holds another one, and a box that the other one surely holds (`Tree::bracket`).
pub(super) type Bracket<const D: usize> = (BoxN<D>, BoxN<D>);

/// Which pairs are wanted, and what is done with them.
pub(super) trait Pairing<const D: usize> {
    /// What does not touch this window is not near enough to anything in a box.
    fn around(&self, bounds: &BoxN<D>) -> Window<D>;

    /// An item that touches this window is surely wanted with any whose box holds `inner`, which
    /// may be inside out; none if that is not known.
    #[inline(always)]
    fn within(&self, _inner: &BoxN<D>) -> Option<Window<D>> {
        None
    }

    /// Whether two items are wanted, if their brackets decide it.
    #[inline(always)]
    fn decides(&self, _left: &Bracket<D>, _right: &Bracket<D>) -> Option<bool> {
        None
    }

    /// Takes two items, with their exact boxes, if they are wanted.
    fn pair(&mut self, left: (Item, &BoxN<D>), right: (Item, &BoxN<D>)) -> ControlFlow<()>;

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

/// A node of each tree, and their boxes.
#[derive(Clone, Copy)]
struct Nodes<const D: usize, L, R> {
    left: L,
    right: R,
    bounds: (BoxN<D>, BoxN<D>),
    is_self: bool,
}

/// One side of a step: the group that is looked at.
#[derive(Clone, Copy)]
struct Side<const D: usize, G> {
    group: G,
    /// The box of the node, where it stands for itself, as the other side's children are still
    /// larger.
    whole: Option<BoxN<D>>,
}

impl<const D: usize, G: Copy> Side<D, G> {
    /// The children that touch a window.
    #[inline(always)]
    fn touching<K, T>(&self, kernel: K, tree: &T, window: &Window<D>) -> Mask
    where
        K: Kernel,
        T: Tree<D, Group = G>,
    {
        match &self.whole {
            Some(bounds) => Mask::from(bounds.intersects(&window.bounds)),
            None if tree.level(self.group) == 0 => tree.items_near(kernel, self.group, window).0,
            None => tree.nodes_in(kernel, self.group, window).0,
        }
    }

    #[inline(always)]
    fn bounds<T: Tree<D, Group = G>>(&self, tree: &T, lane: usize) -> BoxN<D> {
        self.whole.unwrap_or_else(|| tree.bracket(self.group, lane).0)
    }

    #[inline(always)]
    fn present<T: Tree<D, Group = G>>(&self, tree: &T) -> Mask {
        if self.whole.is_some() { 1 } else { tree.present(self.group) }
    }

    #[inline(always)]
    fn child<T: Tree<D, Group = G>>(&self, tree: &T, lane: usize) -> G {
        if self.whole.is_some() { self.group } else { tree.child(self.group, lane) }
    }

    #[inline(always)]
    fn rest<T: Tree<D, Group = G>>(&self, tree: &T) -> Option<G> {
        if self.whole.is_some() { None } else { tree.rest(self.group) }
    }
}

/// Two groups, and which of their children are near each other: for the left child that is being
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
    /// The left child that is being entered, and its box.
    entered: (L, BoxN<D>),
    rights: Mask,
}

impl<const D: usize, L: Copy, R: Copy> Step<D, L, R> {
    /// Begins with two nodes: both, or the one with the larger children against the other whole.
    #[inline(always)]
    fn new<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        kernel: K,
        trees: (&T, &U),
        nodes: &Nodes<D, L, R>,
        pairing: &impl Pairing<D>,
    ) -> Self {
        let levels = (trees.0.level(nodes.left), trees.1.level(nodes.right));
        let whole = |is_whole: bool, bounds| is_whole.then_some(bounds);
        let mut step = Step {
            left: Side { group: nodes.left, whole: whole(levels.0 < levels.1, nodes.bounds.0) },
            right: Side { group: nodes.right, whole: whole(levels.1 < levels.0, nodes.bounds.1) },
            right_start: nodes.right,
            right_bounds: nodes.bounds.1,
            is_self: nodes.is_self,
            is_diagonal: nodes.is_self,
            lefts: 0,
            lane: 0,
            entered: (nodes.left, nodes.bounds.0),
            rights: 0,
        };
        step.narrow(kernel, trees.0, pairing);
        step
    }

    /// Leaves only those children on the left that are near anything on the right.
    #[inline(always)]
    fn narrow<K, T>(&mut self, kernel: K, tree: &T, pairing: &impl Pairing<D>)
    where
        K: Kernel,
        T: Tree<D, Group = L>,
    {
        self.rights = 0;
        self.lefts = match self.is_self {
            true => self.left.present(tree),
            false => self.left.touching(kernel, tree, &pairing.around(&self.right_bounds)),
        };
    }

    /// The right lanes that are near a box on the left; on the diagonal those from `from` on.
    #[inline(always)]
    fn row<K, U>(
        &self,
        kernel: K,
        tree: &U,
        (bounds, from): (&BoxN<D>, usize),
        pairing: &impl Pairing<D>,
    ) -> Mask
    where
        K: Kernel,
        U: Tree<D, Group = R>,
    {
        let rights = self.right.touching(kernel, tree, &pairing.around(bounds));
        if self.is_diagonal { rights & (u32::from(Mask::MAX) << from) as Mask } else { rights }
    }

    /// The next two nodes below; none if these groups are done.
    #[inline(always)]
    fn next<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        kernel: K,
        trees: (&T, &U),
        pairing: &impl Pairing<D>,
    ) -> Option<Nodes<D, L, R>> {
        while self.rights == 0 {
            if self.lefts == 0 {
                return None;
            }
            self.lane = self.lefts.trailing_zeros() as usize;
            self.lefts &= self.lefts - 1;
            let bounds = self.left.bounds(trees.0, self.lane);
            self.rights = self.row(kernel, trees.1, (&bounds, self.lane), pairing);
            if self.rights != 0 {
                self.entered = (self.left.child(trees.0, self.lane), bounds);
            }
        }
        let lane = self.rights.trailing_zeros() as usize;
        self.rights &= self.rights - 1;
        let (left, bounds) = self.entered;
        Some(Nodes {
            left,
            right: self.right.child(trees.1, lane),
            bounds: (bounds, self.right.bounds(trees.1, lane)),
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
        let (left_group, right_group) = (self.left.group, self.right.group);
        for lane in bits(std::mem::take(&mut self.lefts)) {
            if pairing.is_done(trees.0.ranks(left_group, lane).start) {
                continue;
            }
            let bracket = trees.0.bracket(left_group, lane);
            let rights = self.row(kernel, trees.1, (&bracket.0, lane + 1), pairing);
            if rights == 0 {
                continue;
            }
            let sure = pairing
                .within(&bracket.1)
                .map_or(0, |window| rights & trees.1.items_near(kernel, right_group, &window).1);
            let left = Item::of(trees.0, left_group, lane);
            for right_lane in bits(sure) {
                pairing.sure_pair(left, Item::of(trees.1, right_group, right_lane))?;
            }
            if rights != sure {
                let unsure = rights & !sure;
                refine(trees, (left_group, lane, &bracket), (right_group, unsure), pairing)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Goes on to the next two groups of the same nodes, if there are any.
    #[inline(always)]
    fn advance<K: Kernel, T: Tree<D, Group = L>, U: Tree<D, Group = R>>(
        &mut self,
        kernel: K,
        trees: (&T, &U),
        pairing: &impl Pairing<D>,
    ) -> Option<()> {
        if let Some(group) = self.right.rest(trees.1) {
            self.right.group = group;
            self.is_diagonal = false;
        } else {
            self.left.group = self.left.rest(trees.0)?;
            if self.is_self {
                // The groups before have met this one already.
                self.right_start = trees.1.rest(self.right_start)?;
            }
            self.right.group = self.right_start;
            self.is_diagonal = self.is_self;
        }
        self.narrow(kernel, trees.0, pairing);
        Some(())
    }
}

/// Takes those of some items on the right that are wanted with one on the left, of which windows
/// do not tell it.
#[inline(never)]
fn refine<const D: usize, L: Tree<D>, R: Tree<D>>(
    trees: (&L, &R),
    (left_group, left_lane, left): (L::Group, usize, &Bracket<D>),
    (right_group, rights): (R::Group, Mask),
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let left_item = Item::of(trees.0, left_group, left_lane);
    let mut exact = None;
    for lane in bits(rights) {
        let right_item = Item::of(trees.1, right_group, lane);
        match pairing.decides(left, &trees.1.bracket(right_group, lane)) {
            Some(true) => pairing.sure_pair(left_item, right_item)?,
            Some(false) => {}
            None => {
                let left = exact.get_or_insert_with(|| trees.0.item(left_group, left_lane));
                let right = trees.1.item(right_group, lane);
                pairing.pair((left_item, left), (right_item, &right))?;
            }
        }
    }
    ControlFlow::Continue(())
}

#[inline(always)]
fn walk<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    roots: Nodes<D, L::Group, R::Group>,
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let mut steps = Vec::with_capacity(DEPTH);
    steps.push(Step::new(kernel, trees, &roots, pairing));
    while let Some(step) = steps.last_mut() {
        if trees.0.level(step.left.group) == 0 && trees.1.level(step.right.group) == 0 {
            step.match_items(kernel, trees, pairing)?;
        } else if let Some(nodes) = step.next(kernel, trees, pairing) {
            steps.push(Step::new(kernel, trees, &nodes, pairing));
            continue;
        }
        if step.advance(kernel, trees, pairing).is_none() {
            steps.pop();
        }
    }
    ControlFlow::Continue(())
}
