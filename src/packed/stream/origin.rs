//! The tree of the format, part by part.
//!
//! Owns: which entries a group needs, and the tree over them. Does not own where entries lie
//! (`packed::origin`). Invariants: the topmost levels are kept from the time of opening; a pointer
//! counts only if it says what the format derives.

use super::layout::{Child, Layout, Step};
use super::round::{Fetched, Span};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::origin::{Coordinate, Damage, OriginGroup, OriginHead, OriginPart, OriginTree};
use crate::packed::tree::Tree;
use std::marker::PhantomData;

/// What is known since the index was opened.
pub(super) struct OriginParts<const D: usize, C> {
    head: OriginHead<D>,
    /// Where the chunk begins in the file.
    chunk: u64,
    /// The entries from this position on are kept.
    first: usize,
    boxes: Vec<u8>,
    indices: Vec<u8>,
    root: Option<OriginGroup>,
    extent: BoxN<D>,
    coordinate: PhantomData<C>,
}

/// The spans of boxes and indices of the entries from `first` on.
pub(super) fn kept_spans<const D: usize, C: Coordinate>(
    head: &OriginHead<D>,
    chunk: u64,
    first: usize,
) -> [Span; 2] {
    head.entries::<C>(first..head.count()).map(|range| Span::of(chunk, range))
}

impl<const D: usize, C: Coordinate> OriginParts<D, C> {
    pub(super) fn new(
        head: OriginHead<D>,
        chunk: u64,
        first: usize,
        [boxes, indices]: [Vec<u8>; 2],
    ) -> Result<Self> {
        let part = OriginPart { first, boxes: &boxes, indices: &indices };
        let root = part.root::<D, C>(&head)?;
        let extent = root.map_or(BoxN::EMPTY, |(extent, _)| extent);
        let root = root.map(|(_, group)| group);
        Ok(OriginParts {
            head,
            chunk,
            first,
            boxes,
            indices,
            root,
            extent,
            coordinate: PhantomData,
        })
    }

    fn step(&self, group: OriginGroup) -> Step<OriginGroup> {
        let positions = group.positions(&self.head);
        let mut spans = [Span::NONE; 2];
        if positions.start < self.first {
            spans = self.head.entries::<C>(positions).map(|range| Span::of(self.chunk, range));
        }
        Step { group, spans, sum: 0 }
    }
}

impl<const D: usize, C: Coordinate + Send + Sync> Layout<D> for OriginParts<D, C> {
    type Group = OriginGroup;
    type Tree<'a> = OriginTree<'a, D, C>;
    type Bench = Damage;

    fn items(&self) -> usize {
        self.head.items()
    }

    fn extent(&self) -> BoxN<D> {
        self.extent
    }

    fn root(&self) -> Result<Option<Step<OriginGroup>>> {
        Ok(self.root.map(|group| self.step(group)))
    }

    fn tree<'a>(
        &'a self,
        step: &Step<OriginGroup>,
        fetched: &'a Fetched,
        bench: &'a mut Damage,
    ) -> Result<OriginTree<'a, D, C>> {
        let part = match step.is_kept() {
            true => OriginPart { first: self.first, boxes: &self.boxes, indices: &self.indices },
            false => OriginPart {
                first: step.group.positions(&self.head).start,
                boxes: fetched.part(step.spans[0])?,
                indices: fetched.part(step.spans[1])?,
            },
        };
        Ok(part.tree(&self.head, bench))
    }

    fn child(
        &self,
        tree: &OriginTree<'_, D, C>,
        (group, lane): (OriginGroup, usize),
        _step: &Step<OriginGroup>,
        _fetched: &Fetched,
    ) -> Result<Child<OriginGroup>> {
        Ok(Child::Apart(self.step(tree.child(group, lane))))
    }

    fn check(bench: &Damage) -> Result<()> {
        bench.check()
    }
}
