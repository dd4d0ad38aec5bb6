//! Pairs of items that touch, of two pages of one tree at once.
//!
//! Owns: the order in which groups and items meet. Does not own what is done with a pair, nor those
//! that cells do not decide: a [`Pairing`] and [`refine`] do. Invariants: of one page each pair of
//! distinct items comes once, in one order, of two pages each pair once.

use std::ops::ControlFlow;

use super::join::{Item, Nodes, Pairing, refine};
use crate::packed::fast::{Leaves, SharedBoxes, SharedGrid};
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Mask, Tree, bits};

/// Two pages on the grid that they share.
pub(super) struct Pages<'t, const D: usize> {
    pub(super) left: Leaves<'t, D>,
    pub(super) right: Leaves<'t, D>,
    pub(super) grid: SharedGrid<D>,
}

/// Room for boxes on a shared grid.
pub(super) struct Room<const D: usize> {
    lefts: SharedBoxes<D>,
    rights: SharedBoxes<D>,
    /// The items of the left group.
    items: SharedBoxes<D>,
    /// The items of the right page, as far as they were wanted.
    others: [SharedBoxes<D>; LANES],
}

impl<const D: usize> Room<D> {
    pub(super) const EMPTY: Self = Room {
        lefts: SharedBoxes::EMPTY,
        rights: SharedBoxes::EMPTY,
        items: SharedBoxes::EMPTY,
        others: [SharedBoxes::EMPTY; LANES],
    };
}

/// Takes the pairs of two pages.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn match_pages<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    nodes: &Nodes<D, L::Group, R::Group>,
    pages: &Pages<'_, D>,
    room: &mut Room<D>,
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let Pages { left, right, grid } = pages;
    let Room { lefts, rights, items, others } = room;
    left.take(grid, lefts);
    right.take(grid, rights);
    let (mut near, mut left_leaves, mut right_leaves) = ([0; LANES], 0, 0);
    for leaf in bits(left.present()) {
        // Of one page each two groups meet once, and each meets itself.
        let wanted = if nodes.is_self { Mask::MAX << leaf } else { Mask::MAX };
        near[leaf] = rights.touching(kernel, &lefts.window(leaf)).0 & right.present() & wanted;
        left_leaves |= Mask::from(near[leaf] != 0) << leaf;
        right_leaves |= near[leaf];
    }
    // All of these are read soon.
    bits(left_leaves).for_each(|leaf| left.ask_ahead(leaf));
    bits(right_leaves).for_each(|leaf| right.ask_ahead(leaf));
    let mut taken = 0;
    for left_leaf in bits(left_leaves) {
        left.take_items(left_leaf, grid, items);
        for right_leaf in bits(near[left_leaf]) {
            let lanes = items.touching(kernel, &rights.window(right_leaf)).0;
            let lanes = lanes & left.items(left_leaf);
            if lanes == 0 {
                continue;
            }
            if taken >> right_leaf & 1 == 0 {
                taken |= 1 << right_leaf;
                right.take_items(right_leaf, grid, &mut others[right_leaf]);
            }
            let groups = (left_leaf, right_leaf);
            let boxes = (&*items, &others[right_leaf]);
            match_groups(kernel, trees, nodes, pages, groups, (lanes, boxes), pairing)?;
        }
    }
    ControlFlow::Continue(())
}

/// Takes the pairs of two groups; of the left one only some lanes are near the right one.
#[cfg_attr(not(debug_assertions), inline(always))]
fn match_groups<const D: usize, K: Kernel, L: Tree<D>, R: Tree<D>>(
    kernel: K,
    trees: (&L, &R),
    nodes: &Nodes<D, L::Group, R::Group>,
    Pages { left, right, .. }: &Pages<'_, D>,
    (left_leaf, right_leaf): (usize, usize),
    (lanes, boxes): (Mask, (&SharedBoxes<D>, &SharedBoxes<D>)),
    pairing: &mut impl Pairing<D>,
) -> ControlFlow<()> {
    let present = right.items(right_leaf);
    let is_diagonal = nodes.is_self && left_leaf == right_leaf;
    // First it is known of all which are near, then they are told: fewer branches that nobody can
    // guess.
    let (mut rows, mut met) = ([(0, 0); LANES], 0);
    for lane in bits(lanes) {
        let (maybe, sure) = boxes.1.touching(kernel, &boxes.0.window(lane));
        let wanted = if is_diagonal { present & Mask::MAX << lane << 1 } else { present };
        rows[lane] = (maybe & wanted, sure & wanted);
        met |= Mask::from(maybe & wanted != 0) << lane;
    }
    for lane in bits(met) {
        let (rank, id) = left.item(left_leaf, lane);
        if pairing.is_done(rank) {
            continue;
        }
        let ((maybe, sure), item) = (rows[lane], Item { rank, id });
        for lane in bits(sure) {
            let (rank, id) = right.item(right_leaf, lane);
            pairing.sure_pair(item, Item { rank, id })?;
        }
        if maybe != sure {
            let left = (trees.0.child(nodes.left, left_leaf), lane);
            let right = (trees.1.child(nodes.right, right_leaf), maybe & !sure);
            refine(trees, left, right, pairing)?;
        }
    }
    ControlFlow::Continue(())
}
