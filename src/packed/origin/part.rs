//! Parts of a chunk TREE, for readers that have not got the whole of it.
//!
//! Owns: where the entries of a group lie, and the tree over some entries alone. Does not own
//! fetching. Invariants: what is asked for lies inside of the chunk, whose length was checked.

use std::ops::Range;

use crate::error::Result;
use crate::format::psindex::{Layout, TreeHead};
use crate::packed::boxes::BoxN;

use super::coordinate::Coordinate;
use super::coordinate::Precision;
use super::view::{Damage, INDEX_BYTES, OriginGroup, OriginPlan, OriginTree};

/// What the head of a chunk says.
#[derive(Clone, Debug)]
pub(crate) struct OriginHead<const D: usize>(OriginPlan<D>);

impl<const D: usize> OriginHead<D> {
    /// Reads the head of a chunk of `chunk_bytes` bytes, of which `bytes` are the first.
    pub(crate) fn read(bytes: &[u8], chunk_bytes: u64) -> Result<Self> {
        let (head, shape, start) = TreeHead::read(bytes, chunk_bytes)?;
        Ok(OriginHead(OriginPlan::new(&head, shape, usize::try_from(start).unwrap_or(usize::MAX))?))
    }

    pub(crate) fn precision(&self) -> Precision {
        self.0.precision()
    }

    pub(crate) fn items(&self) -> usize {
        self.0.shape().items()
    }

    /// Where boxes and indices of some entries lie in the chunk; the second is empty where each box
    /// is followed by its index.
    pub(crate) fn entries<C: Coordinate>(&self, positions: Range<usize>) -> [Range<u64>; 2] {
        let (start, box_bytes) = (self.0.start as u64, OriginTree::<D, C>::BOX_BYTES as u64);
        let index_bytes = INDEX_BYTES as u64;
        let place = |from: u64, stride: u64| {
            from + positions.start as u64 * stride..from + positions.end as u64 * stride
        };
        match self.0.layout {
            Layout::Split => {
                let indices = start + self.0.shape.entries() as u64 * box_bytes;
                [place(start, box_bytes), place(indices, index_bytes)]
            }
            Layout::Interleaved => [place(start, box_bytes + index_bytes), 0..0],
        }
    }

    /// The first of the entries that whole levels from the top on take, as many levels as leaves no
    /// more than `bytes` bytes, but at least the topmost.
    pub(crate) fn top<C: Coordinate>(&self, bytes: u64) -> usize {
        let shape = self.0.shape();
        let entry_bytes = (OriginTree::<D, C>::BOX_BYTES + INDEX_BYTES) as u64;
        let starts = (0..shape.levels()).map(|level| shape.level(level).start);
        let mut fitting = starts.filter(|start| {
            (shape.entries() - start) as u64 * entry_bytes <= bytes || start + 1 == shape.entries()
        });
        fitting.next().unwrap_or(shape.entries())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.shape().entries()
    }
}

/// Some entries of a tree.
#[derive(Clone, Debug)]
pub(crate) struct OriginPart<'a> {
    /// The position of the first.
    pub(crate) first: usize,
    pub(crate) boxes: &'a [u8],
    pub(crate) indices: &'a [u8],
}

impl<'a> OriginPart<'a> {
    /// The tree of these entries alone.
    pub(crate) fn tree<const D: usize, C: Coordinate>(
        &self,
        head: &'a OriginHead<D>,
        damage: &'a Damage,
    ) -> OriginTree<'a, D, C> {
        OriginTree::of(&head.0, damage, self.first, self.boxes, self.indices)
    }

    /// The topmost box and the children of the topmost entry, which must be among these; none if
    /// there is no item.
    pub(crate) fn root<const D: usize, C: Coordinate>(
        &self,
        head: &OriginHead<D>,
    ) -> Result<Option<(BoxN<D>, OriginGroup)>> {
        let Some(position) = head.count().checked_sub(1) else { return Ok(None) };
        let damage = Damage::default();
        let tree = self.tree::<D, C>(head, &damage);
        let group = tree.follow(head.0.shape().levels() - 1, 0);
        let extent = tree.entry(position);
        damage.check().map(|()| Some((extent, group)))
    }
}

impl OriginGroup {
    /// The positions of its entries, those of further groups of the same node included.
    pub(crate) fn positions<const D: usize>(&self, head: &OriginHead<D>) -> Range<usize> {
        let start = head.0.shape().level(self.level as usize).start;
        start + self.first as usize..start + self.end as usize
    }
}
