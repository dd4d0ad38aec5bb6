//! Writing a chunk TREE: the items in their order, then level upon level of boxes around them.
//!
//! Owns: the entries' bytes. Invariants: one pass from left to right, with no more in memory than
//! the boxes of one level above the items; boxes of nodes are the union of the stored ones below.

use crate::error::Result;
use crate::format::psindex::{Layout, Shape, TreeHead};
use crate::packed::boxes::BoxN;
use crate::packed::each::each;

use super::coordinate::Coordinate;
use super::sink::{Cursor, Sink};

/// How far ahead the next boxes are asked for: they lie anywhere.
const AHEAD: usize = 24;

/// Writes the tree of `boxes` in the order of `order`, ids of boxes, at `offset`.
pub(super) fn write_tree<const D: usize, C: Coordinate, S: Sink>(
    sink: &mut S,
    offset: u64,
    (head, shape): (&TreeHead, &Shape),
    boxes: &[BoxN<D>],
    order: &[u32],
) -> Result<()> {
    let mut cursor = Cursor::new(offset);
    cursor.put(sink, |bytes| bytes.extend_from_slice(&head.encode()))?;
    let is_split = head.layout == Layout::Split;
    let mut put = |bounds: &BoxN<D>, index: u64| {
        cursor.put(sink, |bytes| {
            put_box::<D, C>(bounds, bytes);
            if !is_split {
                bytes.extend_from_slice(&index.to_le_bytes());
            }
        })
    };
    let mut level = Vec::with_capacity(shape.width(1));
    for (at, group) in order.chunks(shape.node_size()).enumerate() {
        let mut all = BoxN::EMPTY;
        for (rank, &id) in (at * shape.node_size()..).zip(group) {
            if let Some(&id) = order.get(rank + AHEAD) {
                branches::prefetch_read_data::<BoxN<D>, 0>(&boxes[id as usize]);
            }
            let bounds = round::<D, C>(&boxes[id as usize]);
            all = all.union(&bounds);
            put(&bounds, id.into())?;
        }
        level.push(all);
    }
    for at in 1..shape.levels() {
        for (bounds, child) in level.iter().zip(children(shape, at)) {
            put(bounds, child)?;
        }
        let groups = level.chunks(shape.node_size());
        level = groups.map(|group| group.iter().fold(BoxN::EMPTY, |a, b| a.union(b))).collect();
    }
    if is_split {
        let ids = order.iter().map(|&id| u64::from(id));
        for index in ids.chain((1..shape.levels()).flat_map(|at| children(shape, at))) {
            cursor.put(sink, |bytes| bytes.extend_from_slice(&index.to_le_bytes()))?;
        }
    }
    cursor.flush(sink)
}

/// Where the first child of each entry of a level stands.
fn children(shape: &Shape, level: usize) -> impl Iterator<Item = u64> {
    shape.level(level - 1).step_by(shape.node_size()).map(|position| position as u64)
}

/// Appends a box that can be stored.
#[inline(always)]
pub(super) fn put_box<const D: usize, C: Coordinate>(bounds: &BoxN<D>, bytes: &mut Vec<u8>) {
    bounds.min.iter().chain(&bounds.max).for_each(|&value| C::put(value, bytes));
}

/// The least box that can be stored around a box.
#[inline(always)]
pub(super) fn round<const D: usize, C: Coordinate>(bounds: &BoxN<D>) -> BoxN<D> {
    BoxN { min: each(|k| C::below(bounds.min[k])), max: each(|k| C::above(bounds.max[k])) }
}
