//! The view over a chunk TREE: any precision, either layout, read where it stands.
//!
//! Owns: finding boxes, ids and children in the bytes. Invariants: opening reads the head and the
//! topmost box. A child pointer counts only if it says what the format derives; an id only if it
//! is below the number of items. What does not count is absent, and [`Damage`] remembers it.

use std::marker::PhantomData;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{Layout, Shape, TreeChunk, TreeHead};
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, Window, bits};
use crate::sync::atomic::{AtomicU64, Ordering};

use super::coordinate::{Coordinate, Precision};

/// What the errors of this file were met doing; the caller names its own operation.
const READING: &str = "read index";
/// Bytes of an index: an item's id, or a node's first child.
pub(super) const INDEX_BYTES: usize = 8;
/// Nothing is wrong so far; otherwise the position of an entry that is.
const SOUND: u64 = u64::MAX;

/// What was learned of a chunk TREE when it was opened.
#[derive(Clone, Debug)]
pub(crate) struct OriginPlan<const D: usize> {
    pub(super) shape: Shape,
    pub(super) layout: Layout,
    precision: Precision,
    /// Where the entries begin in the chunk.
    pub(super) start: usize,
    pub(super) extent: BoxN<D>,
}

impl<const D: usize> OriginPlan<D> {
    /// Reads the head of a chunk, which must be of this dimension, and the topmost box.
    pub(crate) fn read(chunk: &[u8]) -> Result<Self> {
        let TreeChunk { head, shape, entries } = TreeChunk::decode(chunk)?;
        let mut plan = OriginPlan::new(&head, shape, chunk.len() - entries.len())?;
        if let Some(root) = plan.shape.entries().checked_sub(1) {
            let damage = Damage::default();
            plan.extent = match plan.precision {
                Precision::Double => OriginTree::<D, f64>::new(chunk, &plan, &damage).entry(root),
                Precision::Single => OriginTree::<D, f32>::new(chunk, &plan, &damage).entry(root),
            };
        }
        Ok(plan)
    }

    /// What a head says, which must be of this dimension; the extent is not known yet.
    pub(super) fn new(head: &TreeHead, shape: Shape, start: usize) -> Result<Self> {
        if usize::from(head.dimensions) != D {
            let message = format!("the index has {} dimensions, expected {D}", head.dimensions);
            return Err(Error::invalid(READING, message));
        }
        if head.items > u64::from(u32::MAX) {
            let message = format!("the index has {} items, the limit is {}", head.items, u32::MAX);
            return Err(Error::new(ErrorKind::LimitExceeded, READING, message));
        }
        let precision =
            if head.coordinate_bytes == 8 { Precision::Double } else { Precision::Single };
        Ok(OriginPlan { shape, layout: head.layout, precision, start, extent: BoxN::EMPTY })
    }

    /// How its coordinates are stored: which [`OriginTree`] reads it.
    pub(crate) fn precision(&self) -> Precision {
        self.precision
    }

    /// The shape of the tree, which that of its aggregates follows.
    pub(crate) fn shape(&self) -> &Shape {
        &self.shape
    }
}

/// Whether anything was met that leads nowhere, so that an answer may lack items.
#[derive(Debug)]
pub(crate) struct Damage(AtomicU64);

impl Default for Damage {
    fn default() -> Self {
        Damage(AtomicU64::new(SOUND))
    }
}

impl Damage {
    #[cold]
    fn note(&self, position: usize) {
        self.0.store(position as u64, Ordering::Relaxed);
    }

    /// An error that names the last such entry.
    pub(crate) fn check(&self) -> Result<()> {
        match self.0.load(Ordering::Relaxed) {
            SOUND => Ok(()),
            position => {
                let message = format!("entry {position} of the tree leads nowhere");
                Err(Error::new(ErrorKind::Corrupt, READING, message))
            }
        }
    }
}

/// Fields of the entries, one every `stride` bytes.
#[derive(Clone, Copy, Debug)]
struct Column<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// The position of the first entry that is there.
    first: usize,
}

impl<'a> Column<'a> {
    /// What begins with the field of an entry; nothing if that is not there.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn from(&self, position: usize) -> &'a [u8] {
        let at = position.wrapping_sub(self.first).wrapping_mul(self.stride);
        self.bytes.get(at..).unwrap_or_default()
    }
}

/// A tree over the bytes of a chunk TREE, with `D` dimensions of coordinates `C`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OriginTree<'a, const D: usize, C> {
    plan: &'a OriginPlan<D>,
    boxes: Column<'a>,
    indices: Column<'a>,
    damage: &'a Damage,
    coordinate: PhantomData<C>,
}

/// A run of up to 16 children of one node: entries `first..end` of a level, of which the lanes
/// hold as many as there are lanes. Without damage it is not empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OriginGroup {
    pub(super) first: u32,
    pub(super) end: u32,
    pub(super) level: u32,
}

impl OriginGroup {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn count(self) -> usize {
        ((self.end - self.first) as usize).min(LANES)
    }
}

impl<'a, const D: usize, C: Coordinate> OriginTree<'a, D, C> {
    /// Bytes of a box.
    pub(super) const BOX_BYTES: usize = 2 * D * C::BYTES;

    /// The tree of the chunk that the plan was read from; it must be of coordinates `C`.
    #[inline]
    pub(crate) fn new(chunk: &'a [u8], plan: &'a OriginPlan<D>, damage: &'a Damage) -> Self {
        let bytes = chunk.get(plan.start..).unwrap_or_default();
        let (boxes, indices) = match plan.layout {
            Layout::Split => bytes.split_at(plan.shape.entries() * Self::BOX_BYTES),
            Layout::Interleaved => (bytes, &[][..]),
        };
        OriginTree::of(plan, damage, 0, boxes, indices)
    }

    /// The tree of some entries, the first of them at position `first`: their boxes, and their
    /// indices where these stand apart. No others may be asked for.
    #[inline]
    pub(super) fn of(
        plan: &'a OriginPlan<D>,
        damage: &'a Damage,
        first: usize,
        boxes: &'a [u8],
        indices: &'a [u8],
    ) -> Self {
        debug_assert_eq!(plan.precision, C::PRECISION, "the caller looked");
        let (indices, strides) = match plan.layout {
            Layout::Split => (indices, [Self::BOX_BYTES, INDEX_BYTES]),
            Layout::Interleaved => (
                boxes.get(Self::BOX_BYTES..).unwrap_or_default(),
                [Self::BOX_BYTES + INDEX_BYTES; 2],
            ),
        };
        OriginTree {
            plan,
            boxes: Column { bytes: boxes, stride: strides[0], first },
            indices: Column { bytes: indices, stride: strides[1], first },
            damage,
            coordinate: PhantomData,
        }
    }

    /// Reads the whole tree: every pointer, every id, and that each box holds those below it.
    pub(crate) fn verify(&self) -> Result<()> {
        let shape = &self.plan.shape;
        let mut seen = vec![false; shape.items()];
        for rank in 0..shape.items() {
            let seen = self.checked_id(rank).and_then(|id| seen.get_mut(id as usize));
            if seen.is_none_or(|seen| std::mem::replace(seen, true)) {
                self.damage.note(rank);
            }
        }
        for level in 1..shape.levels() {
            let below = shape.level(level - 1).start;
            for (index, position) in shape.level(level).enumerate() {
                let (group, all) = (self.follow(level, index), self.entry(position));
                let mut children = group.first as usize..group.end as usize;
                if !children.all(|child| all.contains(&self.entry(below + child))) {
                    self.damage.note(position);
                }
            }
        }
        self.damage.check()
    }

    /// The box of an entry.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn entry(&self, position: usize) -> BoxN<D> {
        Self::read_box(self.boxes.from(position))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn read_box(bytes: &[u8]) -> BoxN<D> {
        let bytes = &bytes[..Self::BOX_BYTES];
        BoxN {
            min: each(|k| C::read(&bytes[k * C::BYTES..])),
            max: each(|k| C::read(&bytes[(D + k) * C::BYTES..])),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn index(&self, position: usize) -> u64 {
        let bytes = self.indices.from(position).first_chunk();
        bytes.map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes))
    }

    /// The boxes of the children of a group.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn children(&self, group: OriginGroup) -> impl Iterator<Item = BoxN<D>> {
        let start = self.plan.shape.level(group.level as usize).start + group.first as usize;
        let bytes = self.boxes.from(start);
        bytes.chunks(self.boxes.stride).take(group.count()).map(Self::read_box)
    }

    /// The children of an entry above the items; none if its pointer does not count.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn follow(&self, level: usize, index: usize) -> OriginGroup {
        let (below, position) = (level - 1, self.plan.shape.level(level).start + index);
        let Range { start, end } = self.plan.shape.level(below);
        let first = index * self.plan.shape.node_size();
        if self.index(position) != (start + first) as u64 {
            self.damage.note(position);
            return OriginGroup { first: 0, end: 0, level: below as u32 };
        }
        let last = (first + self.plan.shape.node_size()).min(end - start);
        OriginGroup { first: first as u32, end: last as u32, level: below as u32 }
    }

    /// The id of a rank, if it counts.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn checked_id(&self, rank: usize) -> Option<u32> {
        let id = self.index(rank);
        if id < self.plan.shape.items() as u64 {
            return Some(id as u32);
        }
        self.damage.note(rank);
        None
    }

    /// One bit for each child where `test` holds.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn mask(&self, group: OriginGroup, test: impl Fn(&BoxN<D>) -> bool) -> Mask {
        let children = self.children(group).enumerate();
        children.fold(0, |mask, (lane, child)| mask | Mask::from(test(&child)) << lane)
    }
}

impl<const D: usize, C: Coordinate> Tree<D> for OriginTree<'_, D, C> {
    type Group = OriginGroup;

    fn len(&self) -> usize {
        self.plan.shape.items()
    }

    fn extent(&self) -> BoxN<D> {
        self.plan.extent
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn root(&self) -> Option<OriginGroup> {
        self.plan.shape.levels().checked_sub(1).map(|level| self.follow(level, 0))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn level(&self, group: OriginGroup) -> u32 {
        group.level
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn rest(&self, group: OriginGroup) -> Option<OriginGroup> {
        let first = group.first.saturating_add(LANES as u32);
        (first < group.end).then_some(OriginGroup { first, ..group })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn present(&self, group: OriginGroup) -> Mask {
        ((1_u32 << group.count()) - 1) as Mask
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lanes<K: Kernel>(&self, _kernel: K, group: OriginGroup, lanes: &mut Lanes<D>) {
        let mut children = self.children(group);
        for lane in 0..LANES {
            let child = children.next().unwrap_or(BoxN::EMPTY);
            for axis in 0..D {
                lanes.min[axis][lane] = child.min[axis];
                lanes.max[axis][lane] = child.max[axis];
            }
        }
    }

    #[inline(always)]
    fn inner_lanes<K: Kernel>(&self, kernel: K, group: OriginGroup, lanes: &mut Lanes<D>) {
        self.lanes(kernel, group, lanes);
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn child(&self, group: OriginGroup, lane: usize) -> OriginGroup {
        if group.level == 0 || lane >= group.count() {
            return OriginGroup { first: 0, end: 0, level: group.level.saturating_sub(1) };
        }
        self.follow(group.level as usize, group.first as usize + lane)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ranks(&self, group: OriginGroup, lane: usize) -> Range<usize> {
        self.plan.shape.ranks(group.level as usize, group.first as usize + lane)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn item(&self, group: OriginGroup, lane: usize) -> BoxN<D> {
        let start = self.plan.shape.level(group.level as usize).start;
        self.entry(start + group.first as usize + lane)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn nodes_in<K: Kernel>(
        &self,
        _kernel: K,
        group: OriginGroup,
        window: &Window<D>,
    ) -> (Mask, Mask) {
        let (mut touched, mut inside) = (0, 0);
        for (lane, child) in self.children(group).enumerate() {
            touched |= Mask::from(child.intersects(&window.bounds)) << lane;
            inside |= Mask::from(window.bounds.contains(&child)) << lane;
        }
        // A damaged box may be inside out.
        (touched, inside & touched)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn items_in<K: Kernel>(&self, _kernel: K, group: OriginGroup, window: &Window<D>) -> Mask {
        self.mask(group, |child| child.intersects(&window.bounds))
    }

    /// `u32::MAX`, which is no id, if that of the rank does not count.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn id(&self, rank: usize) -> u32 {
        self.checked_id(rank).unwrap_or(u32::MAX)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn push_ids<K: Kernel>(&self, _kernel: K, group: OriginGroup, mask: Mask, ids: &mut Vec<u32>) {
        let first = group.first as usize;
        ids.reserve(LANES);
        for lane in bits(mask) {
            if let Some(id) = self.checked_id(first + lane) {
                ids.push(id);
            }
        }
    }

    fn extend_ids(&self, ranks: Range<usize>, ids: &mut Vec<u32>) {
        let (stride, items, known) = (self.indices.stride, self.plan.shape.items(), ids.len());
        let bytes = self.indices.from(ranks.start);
        let mut greatest = 0;
        ids.extend(bytes.chunks(stride).take(ranks.len()).map(|bytes| {
            let id = bytes.first_chunk().map_or(u64::MAX, |bytes| u64::from_le_bytes(*bytes));
            greatest = id.max(greatest);
            id as u32
        }));
        // Together is faster than one by one, which only damage needs.
        if greatest >= items as u64 {
            ids.truncate(known);
            ids.extend(ranks.filter_map(|rank| self.checked_id(rank)));
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prefetch(&self, group: OriginGroup, lane: usize) {
        let Some(below) = (group.level as usize).checked_sub(1) else { return };
        let child = (group.first as usize + lane) * self.plan.shape.node_size();
        let position = self.plan.shape.level(below).start + child;
        if let Some(first) = self.boxes.from(position).first() {
            branches::prefetch_read_data::<u8, 0>(first);
        }
    }
}
