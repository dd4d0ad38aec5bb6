//! What stands beside the tree of an index: payloads, their prefixes, metadata, summaries.
//!
//! Owns: where these lie, and joining ids with ranks. Does not own any chunk's bytes. Invariants:
//! opening costs the same for any number of items; the table of ranks is made when something is
//! first asked by id, and takes 4 bytes an item.

use std::ops::Range;

use crate::error::Result;
use crate::format::psindex::{
    Aggregates, Columns, Metadata, PayloadTable, Prefixes, Shape, Tag, tag,
};

use super::boxes::BoxN;
use super::index::Index;
use super::origin::{
    Aggregate, AggregateIn, RankTable, Triangle, triangle_at, triangle_coordinates,
};
use super::simd::Kernel;
use super::tree::{LANES, Question, Tree, bits};

/// Where it lies in the bytes.
#[derive(Debug, Default)]
pub(super) struct Contents {
    items: usize,
    payloads: Option<Range<usize>>,
    prefixes: Option<Range<usize>>,
    /// With the shape of the tree that they summarize.
    aggregates: Option<(Range<usize>, Shape)>,
    metadata: Option<Range<usize>>,
    ranks: RankTable,
}

impl Contents {
    /// Looks at the head of each part. `shape` is that of the tree that has summaries, if its boxes
    /// are exact: summaries of boxes that grew would not be those of their windows.
    pub(super) fn open(
        bytes: &[u8],
        place: impl Fn(Tag) -> Option<Range<usize>>,
        items: usize,
        shape: Option<Shape>,
    ) -> Result<Self> {
        let payloads = place(tag::PAYLOAD);
        if let Some(range) = &payloads {
            PayloadTable::decode(&bytes[range.clone()], items)?;
        }
        // Prefixes of no payloads mean nothing.
        let prefixes = place(tag::PREFIX).filter(|_| payloads.is_some());
        if let Some(range) = &prefixes {
            Prefixes::decode(&bytes[range.clone()], items)?;
        }
        let aggregates = place(tag::AGGREGATES).zip(shape);
        if let Some((range, shape)) = &aggregates {
            Aggregates::decode(&bytes[range.clone()], shape)?;
        }
        let (metadata, ranks) = (place(tag::METADATA), RankTable::default());
        Ok(Contents { items, payloads, prefixes, aggregates, metadata, ranks })
    }
}

impl<const D: usize> Index<D> {
    /// All items: id and stored box, in the order of the tree.
    pub fn items(&self) -> Result<Vec<(u32, BoxN<D>)>> {
        self.ask(AllItems)
    }

    /// What the items of a window come to; `None` if the file has nothing to add up.
    pub fn aggregate(&self, window: &BoxN<D>) -> Result<Option<Aggregate>> {
        let Some((range, shape)) = &self.contents.aggregates else { return Ok(None) };
        let aggregates = &Aggregates::decode(self.part(range), shape)?;
        let question = AggregateIn { aggregates, shape, window: *window };
        // Both trees have the items in one order, so groups of one size are the same groups.
        let answer = match shape.node_size() {
            LANES => self.ask(question),
            _ => self.ask_origin(question),
        };
        answer.map(Some)
    }

    /// The rank of the item with an id.
    pub fn rank(&self, id: u32) -> Result<Option<usize>> {
        self.ask(RankOf { ranks: &self.contents.ranks, id })
    }

    /// The stored box of the item with an id; `None` if there is none. The first call makes the
    /// table of ranks, which takes 4 bytes an item.
    pub fn item(&self, id: u32) -> Result<Option<BoxN<D>>> {
        self.ask(ItemOf { ranks: &self.contents.ranks, id })
    }

    /// Whether items have payloads.
    pub fn has_payloads(&self) -> bool {
        self.contents.payloads.is_some()
    }

    /// Whether items have numbers to add up.
    pub fn has_scalars(&self) -> bool {
        self.columns().scalar
    }

    /// Whether items have bits to unite.
    pub fn has_masks(&self) -> bool {
        self.columns().mask
    }

    fn columns(&self) -> Columns {
        let nothing = Columns { scalar: false, mask: false };
        let Some((range, shape)) = &self.contents.aggregates else { return nothing };
        Aggregates::decode(self.part(range), shape).map_or(nothing, |found| found.columns())
    }

    fn payloads(&self) -> Result<Option<PayloadTable<'_>>> {
        let range = self.contents.payloads.as_ref();
        range.map(|range| PayloadTable::decode(self.part(range), self.contents.items)).transpose()
    }

    /// The payload of an item; `None` if the file has none, or not this item.
    pub fn payload(&self, id: u32) -> Result<Option<&[u8]>> {
        if self.contents.payloads.is_none() {
            return Ok(None);
        }
        self.rank(id)?.map_or(Ok(None), |rank| self.payload_at(rank))
    }

    /// The payload of the item of a rank.
    pub fn payload_at(&self, rank: usize) -> Result<Option<&[u8]>> {
        match self.payloads()? {
            Some(payloads) if rank < self.contents.items => payloads.get(rank).map(Some),
            _ => Ok(None),
        }
    }

    fn prefixes(&self) -> Option<Prefixes<'_>> {
        let range = self.contents.prefixes.as_ref()?;
        Prefixes::decode(self.part(range), self.contents.items).ok()
    }

    /// The first bytes of the payload of the item of a rank, if they are stored apart.
    pub fn prefix_at(&self, rank: usize) -> Option<&[u8]> {
        self.prefixes()?.get(rank)
    }

    /// The length of the prefixes that are stored apart.
    pub fn prefix_bytes(&self) -> Option<usize> {
        self.prefixes().map(|prefixes| prefixes.stride())
    }

    /// The payload of an item as a triangle; `None` if the file does not say that it is one.
    pub fn triangle(&self, id: u32) -> Result<Option<Triangle<D>>> {
        let (Some(payloads), Some(payload)) = (self.payloads()?, self.payload(id)?) else {
            return Ok(None);
        };
        Ok(triangle_at(payloads.head(), payload))
    }

    /// Whether the file says that payloads are triangles.
    pub fn has_triangles(&self) -> bool {
        let head = self.payloads().ok().flatten().map(|payloads| payloads.head());
        head.is_some_and(|head| triangle_coordinates::<D>(head).is_some())
    }

    /// What the file says about itself.
    pub fn metadata(&self) -> Result<Metadata<'_>> {
        let range = self.contents.metadata.as_ref();
        range.map_or(Ok(Metadata::default()), |range| Metadata::decode(self.part(range)))
    }

    /// Whether each part says of itself that it is right.
    pub(super) fn verify_contents(&self) -> Result<()> {
        self.payloads()?.map_or(Ok(()), |payloads| payloads.verify())?;
        self.metadata().map(|_| ())
    }
}

struct AllItems;

impl<const D: usize> Question<D> for AllItems {
    type Answer = Vec<(u32, BoxN<D>)>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Self::Answer {
        let mut items = Vec::with_capacity(tree.len());
        let mut stack: Vec<T::Group> = tree.root().into_iter().collect();
        while let Some(group) = stack.pop() {
            stack.extend(tree.rest(group));
            for lane in bits(tree.present(group)) {
                if tree.level(group) > 0 {
                    stack.push(tree.child(group, lane));
                    continue;
                }
                items.push((tree.ranks(group, lane).start, tree.item(group, lane)));
            }
        }
        items.sort_unstable_by_key(|(rank, _)| *rank);
        items.into_iter().map(|(rank, bounds)| (tree.id(rank), bounds)).collect()
    }
}

struct RankOf<'a> {
    ranks: &'a RankTable,
    id: u32,
}

impl<const D: usize> Question<D> for RankOf<'_> {
    type Answer = Option<usize>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Option<usize> {
        self.ranks.rank(tree, self.id)
    }
}

struct ItemOf<'a> {
    ranks: &'a RankTable,
    id: u32,
}

impl<const D: usize> Question<D> for ItemOf<'_> {
    type Answer = Option<BoxN<D>>;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, _kernel: K, tree: &T) -> Option<BoxN<D>> {
        let rank = self.ranks.rank(tree, self.id)?;
        let mut group = tree.root()?;
        loop {
            let mut lanes = bits(tree.present(group));
            match lanes.find(|lane| tree.ranks(group, *lane).contains(&rank)) {
                None => group = tree.rest(group)?,
                Some(lane) if tree.level(group) == 0 => return Some(tree.item(group, lane)),
                Some(lane) => group = tree.child(group, lane),
            }
        }
    }
}
