//! Pairs of items that are near each other, by walking down two trees at once.
//!
//! Owns: the walk over pairs of nodes. Does not own what near means, nor what is done with a pair:
//! a [`Pairing`] does. Invariants: of one tree each unordered pair of distinct items comes once, of
//! two trees each pair once; nothing is allocated but the steps of the walk, once.

use std::ops::ControlFlow;

use super::page_pairs::{Pages, Room, match_pages};
pub(super) use super::pairing::{Bracket, Item, Pairing};
use super::walk::DEPTH;
use crate::packed::boxes::BoxN;
use crate::packed::fast::{Cells, LaneWindows};
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Mask, Tree, Window, bits};

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
pub(super) struct Nodes<const D: usize, L, R> {
    pub(super) left: L,
    pub(super) right: R,
    bounds: (BoxN<D>, BoxN<D>),
    /// Whether both are the same node of one tree.
    pub(super) is_self: bool,
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
    #[cfg_attr(not(debug_assertions), inline(always))]
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

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bounds<T: Tree<D, Group = G>>(&self, tree: &T, lane: usize) -> BoxN<D> {
        self.whole.unwrap_or_else(|| tree.bracket(self.group, lane).0)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn present<T: Tree<D, Group = G>>(&self, tree: &T) -> Mask {
        if self.whole.is_some() { 1 } else { tree.present(self.group) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn child<T: Tree<D, Group = G>>(&self, tree: &T, lane: usize) -> G {
        if self.whole.is_some() { self.group } else { tree.child(self.group, lane) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rest<T: Tree<D, Group = G>>(&self, tree: &T) -> Option<G> {
        if self.whole.is_some() { None } else { tree.rest(self.group) }
    }
}

/// The cells of the groups of both sides.
type Both<'t, const D: usize> = Option<(Cells<'t, D>, Cells<'t, D>)>;

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
    /// The boxes of the left group as windows on the grid of the right one, where cells decide.
    windows: Option<LaneWindows<D>>,
    lefts: Mask,
    lane: usize,
    /// The left child that is being entered, and its box.
    entered: (L, BoxN<D>),
    rights: Mask,
}

impl<const D: usize, L: Copy, R: Copy> Step<D, L, R> {
    /// Begins with two nodes: both, or the one with the larger children against the other whole.
    #[cfg_attr(not(debug_assertions), inline(always))]
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
            windows: None,
            lefts: 0,
            lane: 0,
            entered: (nodes.left, nodes.bounds.0),
            rights: 0,
        };
        step.narrow(kernel, trees, pairing);
        step
    }

    /// The cells of both groups, where those decide what is near.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cells<'t, T, U, P>(&self, trees: (&'t T, &'t U), _pairing: &P) -> Both<'t, D>
    where
        T: Tree<D, Group = L>,
        U: Tree<D, Group = R>,
        P: Pairing<D>,
    {
        if !P::IS_TOUCHING || self.left.whole.is_some() || self.right.whole.is_some() {
            return None;
        }
        trees.0.cells(self.left.group).zip(trees.1.cells(self.right.group))
    }

    /// Leaves only those children on the left that are near anything on the right.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn narrow<K, T, U, P>(&mut self, kernel: K, trees: (&T, &U), pairing: &P)
    where
        K: Kernel,
        T: Tree<D, Group = L>,
        U: Tree<D, Group = R>,
        P: Pairing<D>,
    {
        self.rights = 0;
        self.lefts = match self.is_self {
            true => self.left.present(trees.0),
            false => self.left.touching(kernel, trees.0, &pairing.around(&self.right_bounds)),
        };
        self.windows = match self.cells(trees, pairing) {
            Some((left, right)) if self.lefts != 0 => right.windows_of(&left, false),
            _ => None,
        };
    }

    /// The right lanes that are near a lane on the left.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn near_right<K, T, U>(
        &self,
        kernel: K,
        trees: (&T, &U),
        lane: usize,
        pairing: &impl Pairing<D>,
    ) -> Mask
    where
        K: Kernel,
        T: Tree<D, Group = L>,
        U: Tree<D, Group = R>,
    {
        let window = pairing.around(&self.left.bounds(trees.0, lane));
        self.right.touching(kernel, trees.1, &window)
    }

    /// Of the right lanes those that do not come twice: on the diagonal those from `from` on.
    #[inline(always)]
    fn beyond_diagonal(&self, rights: Mask, from: usize) -> Mask {
        if self.is_diagonal { rights & (u32::from(Mask::MAX) << from) as Mask } else { rights }
    }

    /// The next two nodes below; none if these groups are done.
    #[cfg_attr(not(debug_assertions), inline(always))]
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
            let rights = match (&self.windows, trees.1.cells(self.right.group)) {
                (Some(windows), Some(right)) => right.touching(kernel, &windows.get(self.lane)),
                _ => self.near_right(kernel, trees, self.lane, pairing),
            };
            self.rights = self.beyond_diagonal(rights, self.lane);
            if self.rights != 0 {
                let bounds = self.left.bounds(trees.0, self.lane);
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
    #[cfg_attr(not(debug_assertions), inline(always))]
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
            let rights = self.near_right(kernel, trees, lane, pairing);
            let rights = self.beyond_diagonal(rights, lane + 1);
            if rights == 0 {
                continue;
            }
            let sure = match pairing.within(&trees.0.bracket(left_group, lane).1) {
                Some(window) => rights & trees.1.items_near(kernel, right_group, &window).1,
                None => 0,
            };
            let left = Item::of(trees.0, left_group, lane);
            for right_lane in bits(sure) {
                pairing.sure_pair(left, Item::of(trees.1, right_group, right_lane))?;
            }
            if rights != sure {
                refine(trees, (left_group, lane), (right_group, rights & !sure), pairing)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Goes on to the next two groups of the same nodes, if there are any.
    #[cfg_attr(not(debug_assertions), inline(always))]
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
        self.narrow(kernel, trees, pairing);
        Some(())
    }
}

/// Takes those of some items on the right that are wanted with one on the left, of which windows
/// do not tell it.
#[inline(never)]
pub(super) fn refine<const D: usize, L: Tree<D>, R: Tree<D>>(
    trees: (&L, &R),
    (left_group, left_lane): (L::Group, usize),
    (right_group, rights): (R::Group, Mask),
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let left_item = Item::of(trees.0, left_group, left_lane);
    let left = trees.0.bracket(left_group, left_lane);
    let mut exact = None;
    for lane in bits(rights) {
        let right_item = Item::of(trees.1, right_group, lane);
        match pairing.decides(&left, &trees.1.bracket(right_group, lane)) {
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

/// Takes the pairs of two nodes whose children are items.
#[cfg_attr(not(debug_assertions), inline(always))]
fn match_leaves<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>, P: Pairing<D>>(
    kernel: K,
    trees: (&L, &R),
    nodes: &Nodes<D, L::Group, R::Group>,
    pairing: &mut P,
) -> ControlFlow<()> {
    if P::IS_TOUCHING
        && let (Some(left), Some(right)) = (trees.0.cells(nodes.left), trees.1.cells(nodes.right))
    {
        let lefts = match nodes.is_self {
            true => left.present(),
            false => left.touching(kernel, &left.window(&pairing.around(&nodes.bounds.1))),
        };
        if lefts == 0 {
            return ControlFlow::Continue(());
        }
        if let Some(windows) = right.windows_of(&left, false) {
            return match_cells(kernel, trees, nodes, (&left, &right, &windows, lefts), pairing);
        }
    }
    let mut step = Step::new(kernel, trees, nodes, pairing);
    loop {
        step.match_items(kernel, trees, pairing)?;
        if step.advance(kernel, trees, pairing).is_none() {
            return ControlFlow::Continue(());
        }
    }
}

/// The same on the grid of the right node, where the boxes of the left one are `windows`. First it
/// is known of all which are near, then they are told: fewer branches that nobody can guess.
#[cfg_attr(not(debug_assertions), inline(always))]
fn match_cells<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    nodes: &Nodes<D, L::Group, R::Group>,
    (left, right, windows, lefts): (&Cells<'_, D>, &Cells<'_, D>, &LaneWindows<D>, Mask),
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let (mut rows, mut met) = ([0; LANES], 0);
    for lane in bits(lefts) {
        let beyond = if nodes.is_self { Mask::MAX << lane << 1 } else { Mask::MAX };
        rows[lane] = beyond & right.touching(kernel, &windows.get(lane));
        met |= Mask::from(rows[lane] != 0) << lane;
    }
    if met == 0 {
        return ControlFlow::Continue(());
    }
    let held = right.windows_of(left, true);
    for lane in bits(met) {
        if pairing.is_done(trees.0.ranks(nodes.left, lane).start) {
            continue;
        }
        let sure = match &held {
            Some(windows) => rows[lane] & right.surely_touching(kernel, &windows.get(lane)),
            None => 0,
        };
        let item = Item { rank: trees.0.ranks(nodes.left, lane).start, id: left.id(lane) };
        for lane in bits(sure) {
            let rank = trees.1.ranks(nodes.right, lane).start;
            pairing.sure_pair(item, Item { rank, id: right.id(lane) })?;
        }
        if rows[lane] != sure {
            refine(trees, (nodes.left, lane), (nodes.right, rows[lane] & !sure), pairing)?;
        }
    }
    ControlFlow::Continue(())
}

/// Two nodes that are pages, and the grid that they share, if cells decide.
#[cfg_attr(not(debug_assertions), inline(always))]
fn pages<'t, const D: usize, L: Tree<D>, R: Tree<D>, P: Pairing<D>>(
    trees: (&'t L, &'t R),
    nodes: &Nodes<D, L::Group, R::Group>,
    _pairing: &P,
) -> Option<Pages<'t, D>> {
    if !P::IS_TOUCHING {
        return None;
    }
    let (left, right) = (trees.0.leaves(nodes.left)?, trees.1.leaves(nodes.right)?);
    let grid = left.shared_grid(&right)?;
    Some(Pages { left, right, grid })
}

#[cfg_attr(not(debug_assertions), inline(always))]
fn walk<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    roots: Nodes<D, L::Group, R::Group>,
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let mut steps = Vec::with_capacity(DEPTH);
    if trees.0.level(roots.left) == 0 && trees.1.level(roots.right) == 0 {
        return match_leaves(kernel, trees, &roots, pairing);
    }
    let mut room = Room::EMPTY;
    steps.push(Step::new(kernel, trees, &roots, pairing));
    while let Some(step) = steps.last_mut() {
        if let Some(nodes) = step.next(kernel, trees, pairing) {
            pairing.go_on()?;
            if trees.0.level(nodes.left) == 0 && trees.1.level(nodes.right) == 0 {
                match_leaves(kernel, trees, &nodes, pairing)?;
            } else if let Some(pages) = pages(trees, &nodes, pairing) {
                match_pages(kernel, trees, &nodes, &pages, &mut room, pairing)?;
            } else {
                if nodes.is_self && trees.0.level(nodes.left) == 1 {
                    // Each of them is looked at with itself and its neighbours.
                    let all = bits(trees.0.present(nodes.left));
                    all.for_each(|lane| trees.0.prefetch(nodes.left, lane));
                }
                steps.push(Step::new(kernel, trees, &nodes, pairing));
            }
        } else if step.advance(kernel, trees, pairing).is_none() {
            steps.pop();
        }
    }
    ControlFlow::Continue(())
}
