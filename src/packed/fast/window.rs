//! Searching what lies between two windows: what most queries come down to, and so written out for
//! this layout.
//!
//! Owns: the walk, from the root to the pages, and through a page. Does not own the comparisons.
//! Invariants: answers as the walk that every layout has (a test holds it so).

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::grid::{Grid, entry};
use super::page::{self, BLOCK_BYTES, IDS_BYTES, LINE};
use super::tree::{FastTree, Group};
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::ordered::number;
use crate::packed::query::Bracketed;
use crate::packed::simd::Kernel;
use crate::packed::sink::Sink;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, ask_ahead, bits};

/// The levels above the pages of the largest tree.
const LEVELS: usize = 8;

/// Hands all items of a region to `sink`, until it breaks off.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn search<const D: usize, K: Kernel, F: Bracketed<D>, S: Sink>(
    kernel: K,
    tree: &FastTree<'_, D>,
    filter: &F,
    sink: &mut S,
) -> ControlFlow<()> {
    let Some(mut group) = tree.root() else { return ControlFlow::Continue(()) };
    let mut steps: SmallVec<[(Group<D>, Mask); LEVELS]> = SmallVec::new();
    loop {
        let mut left = 0;
        if let Some(block) = tree.block(&group) {
            let (maybe, mut inside) = kernel.nodes(block, &group.grid.window(filter.around()));
            if !F::IS_WINDOW {
                inside &= kernel.nodes(block, &group.grid.window(filter.within())).1;
            }
            let present = tree.plan.present(u32::from(group.level), group.node as usize);
            let (maybe, inside) = (maybe & present, inside & present);
            if group.level == 1 {
                search_page(kernel, tree, &group, (block, maybe, inside), filter, sink)?;
            } else {
                for lane in bits(inside) {
                    sink.subtree(kernel, tree, group, lane)?;
                }
                left = maybe & !inside;
                if S::TAKES_ALL {
                    ask_ahead(tree, group, left);
                }
            }
        }
        while left == 0 {
            let Some(above) = steps.pop() else { return ControlFlow::Continue(()) };
            (group, left) = above;
        }
        let lane = left.trailing_zeros() as usize;
        steps.push((group, left & (left - 1)));
        group = tree.child(group, lane);
    }
}

/// The same of one page, of whose groups it is known which may hold something and which lie wholly
/// inside.
#[cfg_attr(not(debug_assertions), inline(always))]
fn search_page<const D: usize, K: Kernel, F: Bracketed<D>, S: Sink>(
    kernel: K,
    tree: &FastTree<'_, D>,
    group: &Group<D>,
    (block, maybe, inside): (&[u8], Mask, Mask),
    filter: &F,
    sink: &mut S,
) -> ControlFlow<()> {
    let node = group.node as usize;
    let leaves = tree.plan.leaves(node);
    let (blocks, ids) = (page::block::<D>(0), page::ids::<D>(leaves, 0));
    let Some(here) = tree.in_page(group.page, 0, page::leaf_head::<D>(leaves, 0)) else {
        return ControlFlow::Continue(());
    };
    let (blocks, ids) = (&here[blocks..ids], here[ids..].as_chunks::<IDS_BYTES>().0);
    // All of these are read soon, and none of them says where the next is: they come together.
    for lane in bits(maybe & !inside) {
        fetch(&blocks[lane * BLOCK_BYTES * D..][..BLOCK_BYTES * D]);
    }
    for lane in bits(maybe) {
        sink.expect(&ids[lane], (node * LANES + lane) * LANES, inside >> lane & 1 == 1);
    }
    for lane in bits(inside) {
        let leaf = node * LANES + lane;
        sink.chosen(kernel, &ids[lane], leaf * LANES, tree.plan.present(0, leaf))?;
    }
    let around = F::IS_WINDOW.then(|| group.grid.child_windows(block, filter.around()));
    for lane in bits(maybe & !inside) {
        let items = &blocks[lane * BLOCK_BYTES * D..][..BLOCK_BYTES * D];
        let (maybe, sure) = match &around {
            Some(around) => kernel.items(items, &around.get(lane)),
            None => decide(kernel, group, (block, lane), items, filter),
        };
        let leaf = node * LANES + lane;
        let present = tree.plan.present(0, leaf);
        let (mut hits, unsure) = (sure & present, maybe & present & !sure);
        if unsure != 0 {
            hits |= refine(tree, group, (block, lane), (items, unsure), filter);
        }
        if hits != 0 {
            sink.chosen(kernel, &ids[lane], leaf * LANES, hits)?;
        }
    }
    ControlFlow::Continue(())
}

/// The items that may belong to the answer, and those that surely do.
#[cfg_attr(not(debug_assertions), inline(always))]
fn decide<const D: usize, K: Kernel, F: Bracketed<D>>(
    kernel: K,
    page: &Group<D>,
    (block, leaf): (&[u8], usize),
    items: &[u8],
    filter: &F,
) -> (Mask, Mask) {
    let grid = leaf_grid(page, block, leaf);
    let last = each(|axis| page.grid.last(axis, entry(block, D + axis, leaf)));
    if let Some(near) = grid.steps(last).and_then(|steps| filter.near(&steps)) {
        return kernel.near(items, &near);
    }
    let (maybe, _) = kernel.items(items, &grid.window(filter.around()));
    if maybe == 0 {
        return (0, 0);
    }
    let mut lanes = Lanes::EMPTY;
    grid.lanes(items, &mut lanes);
    let (perhaps, surely) = filter.decide(&lanes, grid.diagonal());
    (maybe & perhaps, maybe & surely)
}

/// Asks for the lines of some bytes.
#[inline(always)]
fn fetch(bytes: &[u8]) {
    for line in bytes.chunks(LINE) {
        branches::prefetch_read_data::<u8, 0>(line.as_ptr());
    }
}

/// The grid of a group of items.
#[cfg_attr(not(debug_assertions), inline(always))]
fn leaf_grid<const D: usize>(page: &Group<D>, block: &[u8], leaf: usize) -> Grid<D> {
    page.grid
        .child(each(|axis| entry(block, axis, leaf)), each(|axis| entry(block, D + axis, leaf)))
}

/// Of the items whose cells do not decide by themselves, those that belong to the answer.
#[inline(never)]
fn refine<const D: usize, F: Bracketed<D>>(
    tree: &FastTree<'_, D>,
    group: &Group<D>,
    (block, leaf): (&[u8], usize),
    (items, unsure): (&[u8], Mask),
    filter: &F,
) -> Mask {
    let grid = leaf_grid(group, block, leaf);
    let node = group.node * LANES as u32 + leaf as u32;
    let group = Group { grid, node, page: group.page, level: 0 };
    let mut hits = 0;
    for lane in bits(unsure) {
        let (min, max) = tree.exact(&group, items, lane);
        let bounds = BoxN { min: each(|k| number(min[k])), max: each(|k| number(max[k])) };
        hits |= Mask::from(filter.item(&bounds)) << lane;
    }
    hits
}
