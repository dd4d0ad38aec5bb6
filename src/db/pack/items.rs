//! The items of a pack: the tree, the records, and the order of their ids.
//!
//! Owns: opening, and the way from an item to its record and from an id to its item. Does not own
//! what a record says. Invariants: an item's number is its place in the order of ids; a record is
//! handed out only after its checksum was found right once, and only to the item whose it is.

use std::cmp::Ordering;
use std::ops::Range;

use crate::error::{Error, ErrorKind, Result};
use crate::format::pack::{ById, FenceRecord, Kind, ObjectRecord, PackHead, is_sealed};
use crate::format::psindex::{Directory, PayloadTable, Tag, tag};
use crate::packed::{BoxN, Bytes, Index, Proof};

const READING: &str = "read pack";

/// What a pack is made of.
pub(super) struct Items<const D: usize> {
    bytes: Bytes,
    pub(super) head: PackHead,
    pub(super) index: Index<D>,
    pub(super) records: Range<usize>,
    by_id: Range<usize>,
    proof: Proof,
}

pub(super) fn corrupt(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Corrupt, READING, message)
}

/// What the bytes of a pack say that they are.
pub(super) fn head_of(bytes: &Bytes) -> Result<PackHead> {
    let all = (**bytes).as_ref();
    let directory = Directory::parse(all, all.len() as u64)?;
    match directory.contents(all, tag::PACK) {
        Some(chunk) => PackHead::decode(chunk),
        None => Err(corrupt("the file is an index of something else: it has no chunk pack")),
    }
}

impl<const D: usize> Items<D> {
    /// Opens a pack; `head` is its own.
    pub(super) fn open(bytes: Bytes, head: PackHead) -> Result<Self> {
        let index = Index::<D>::open(Bytes::clone(&bytes))?;
        let items = index.len();
        if items as u64 != u64::from(head.items) {
            let message = format!("the tree has {items} items, the pack {}", head.items);
            return Err(corrupt(message));
        }
        let all = (*bytes).as_ref();
        let directory = Directory::parse(all, all.len() as u64)?;
        let place = |tag: Tag| {
            let chunk = directory
                .contents(all, tag)
                .ok_or_else(|| corrupt(format!("the pack has no chunk {}", tag.escape_ascii())))?;
            // Where it is found from where the file begins; both are parts of one slice.
            let start = chunk.as_ptr().addr() - all.as_ptr().addr();
            Ok::<_, Error>(start..start + chunk.len())
        };
        let (records, by_id) = (place(tag::PAYLOAD)?, place(tag::BY_ID)?);
        PayloadTable::decode(&all[records.clone()], items)?;
        ById::decode(&all[by_id.clone()], items)?;
        Ok(Items { bytes, head, index, records, by_id, proof: Proof::unknown(items) })
    }

    pub(super) fn len(&self) -> usize {
        self.head.items as usize
    }

    pub(super) fn byte_len(&self) -> usize {
        self.index.byte_len()
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        (*self.bytes).as_ref().get(range.clone()).unwrap_or_default()
    }

    /// The item that a handle stands for: handles are the places in the order of ids.
    pub(super) fn index_of(&self, operation: &'static str, handle: u64) -> Result<u32> {
        let index = u32::try_from(handle).ok().filter(|&index| index < self.head.items);
        index.ok_or_else(|| {
            let message = format!("handle {handle:#x} stands for none of {} items", self.len());
            Error::new(ErrorKind::NotFound, operation, message)
        })
    }

    /// The rank of an item, confirmed by the tree.
    fn rank(&self, index: u32) -> Result<usize> {
        let rank = ById::decode(self.part(&self.by_id), self.len())?.rank(index);
        match rank.map(|rank| Ok::<_, Error>((rank, self.index.id_at(rank)?))).transpose()? {
            Some((rank, Some(id))) if id == index => Ok(rank),
            _ => Err(corrupt(format!("no rank leads to item {index} of {}", self.len()))),
        }
    }

    /// Refuses an item that the tree has at a rank and the order of ids at another one: what is
    /// asked of it by its number would be asked of something else.
    pub(super) fn confirm(&self, rank: usize, index: u32) -> Result<()> {
        match ById::decode(self.part(&self.by_id), self.len())?.rank(index) {
            Some(found) if found == rank => Ok(()),
            _ => Err(corrupt(format!("item {index} of {} is not at rank {rank}", self.len()))),
        }
    }

    /// The box of an item.
    pub(super) fn bounds(&self, index: u32) -> Result<BoxN<D>> {
        let rank = self.rank(index)?;
        self.index.box_at(rank)?.ok_or_else(|| corrupt(format!("item {index} has no box")))
    }

    /// The record of an item.
    pub(super) fn record(&self, index: u32) -> Result<&[u8]> {
        self.record_at(self.rank(index)?, index, None)
    }

    /// The record of an item whose rank, and perhaps box, are known.
    pub(super) fn record_at(
        &self,
        rank: usize,
        index: u32,
        bounds: Option<&BoxN<D>>,
    ) -> Result<&[u8]> {
        let record = PayloadTable::decode(self.part(&self.records), self.len())?.get(rank)?;
        let is_sound = || {
            let bounds =
                bounds.copied().map_or_else(|| self.index.box_at(rank), |all| Ok(Some(all)));
            let bounds = bounds.ok().flatten();
            bounds.is_some_and(|bounds| is_sealed(record, index, &bounds.min, &bounds.max))
        };
        match self.proof.holds(rank, is_sound) {
            true => Ok(record),
            false => Err(corrupt(format!("the record of item {index} is not what was written"))),
        }
    }

    /// The id of an item.
    pub(super) fn id(&self, index: u32) -> Result<&str> {
        let record = self.record(index)?;
        match self.head.kind {
            Kind::Objects => ObjectRecord::decode(record).map(|object| object.id),
            Kind::Fences => FenceRecord::decode(record).map(|fence| fence.id),
        }
    }

    /// The item with an id.
    pub(super) fn find(&self, id: &str) -> Result<Option<u32>> {
        let (mut low, mut high) = (0, self.head.items);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.id(middle)?.cmp(id) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(Some(middle)),
            }
        }
        Ok(None)
    }

    /// Looks through every byte that says of itself whether it is right, and at the order of ids.
    pub(super) fn verify(&self) -> Result<()> {
        self.index.verify()?;
        let mut before = "";
        for index in 0..self.head.items {
            let id = self.id(index)?;
            if index > 0 && before >= id {
                return Err(corrupt(format!("id {id:?} follows {before:?}")));
            }
            before = id;
        }
        Ok(())
    }
}
