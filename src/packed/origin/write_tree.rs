//! Writing a chunk TREE: the items in their order, then level upon level of boxes around them.
//!
//! Owns: the entries' bytes. Invariants: one pass from left to right, with no more in memory than
//! the boxes of one level above the items; boxes of nodes are the union of the stored ones below.

use crate::error::Result;
use crate::format::psindex::{Layout, Shape, TreeHead};
use crate::packed::boxes::BoxN;

use super::coordinate::Coordinate;
use super::sink::{Cursor, Sink};

/// Where boxes and indices go: to two places, or one after the other to one.
struct Entries<'a, S> {
    sink: &'a mut S,
    boxes: Cursor,
    indices: Option<Cursor>,
}

impl<S: Sink> Entries<'_, S> {
    #[inline(always)]
    fn put<const D: usize, C: Coordinate>(&mut self, bounds: &BoxN<D>, index: u64) -> Result<()> {
        self.boxes.put(self.sink, |bytes| {
            bounds.min.iter().chain(&bounds.max).for_each(|&value| C::put(value, bytes));
        })?;
        let indices = self.indices.as_mut().unwrap_or(&mut self.boxes);
        indices.put(self.sink, |bytes| bytes.extend_from_slice(&index.to_le_bytes()))
    }
}

/// Writes the tree of `boxes` in the order of `order`, ids of boxes, at `offset`.
pub(super) fn write_tree<const D: usize, C: Coordinate, S: Sink>(
    sink: &mut S,
    offset: u64,
    (head, shape): (&TreeHead, &Shape),
    boxes: &[BoxN<D>],
    order: &[u32],
) -> Result<()> {
    let encoded = head.encode();
    sink.write_at(offset, &encoded)?;
    let start = offset + encoded.len() as u64;
    let indices_at = start + shape.entries() as u64 * head.box_bytes();
    let indices = (head.layout == Layout::Split).then(|| Cursor::new(indices_at));
    let mut entries = Entries { sink, boxes: Cursor::new(start), indices };
    let mut level = Vec::with_capacity(shape.width(1));
    for group in order.chunks(shape.node_size()) {
        let mut all = BoxN::EMPTY;
        for &id in group {
            let bounds = round::<D, C>(&boxes[id as usize]);
            all = all.union(&bounds);
            entries.put::<D, C>(&bounds, id.into())?;
        }
        level.push(all);
    }
    for at in 1..shape.levels() {
        let below = shape.level(at - 1).start;
        for (index, bounds) in level.iter().enumerate() {
            entries.put::<D, C>(bounds, (below + index * shape.node_size()) as u64)?;
        }
        let groups = level.chunks(shape.node_size());
        level = groups.map(|group| group.iter().fold(BoxN::EMPTY, |a, b| a.union(b))).collect();
    }
    entries.boxes.flush(entries.sink)?;
    entries.indices.map_or(Ok(()), |mut indices| indices.flush(entries.sink))
}

/// The least box that can be stored around a box.
#[inline(always)]
fn round<const D: usize, C: Coordinate>(bounds: &BoxN<D>) -> BoxN<D> {
    BoxN { min: bounds.min.map(C::below), max: bounds.max.map(C::above) }
}
