//! The chunk PYLD: a run of bytes for each item, in the order of the tree.
//!
//! Owns: its head, and finding the bytes of one item. Does not own which item has which rank.
//! Invariants: what is handed out lies inside of the chunk; the offsets of an item are checked
//! when they are used, so that opening costs the same for any number of items.

use std::ops::Range;

use super::{corrupt, head_bytes, newer, u16_at, u32_at, u64_at};
use crate::error::Result;

/// Bytes of the head if payloads may differ in length.
const HEAD_BYTES: usize = 8;
/// Bytes of the head if they do not.
const FIXED_HEAD_BYTES: usize = 12;
/// Bytes of an offset.
const OFFSET_BYTES: usize = 8;
/// The writer saw that all lengths are equal; nobody said what the records are.
const INFERRED: u16 = 1;

/// The head of the payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PayloadHead {
    /// The length of every payload; 0 if they differ, or are empty.
    pub(crate) stride: u32,
    /// Whether the writer found the length, rather than being told it.
    pub(crate) inferred: bool,
}

impl PayloadHead {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let flags = if self.inferred { INFERRED } else { 0 };
        let head_bytes = if self.stride == 0 { HEAD_BYTES } else { FIXED_HEAD_BYTES };
        let mut bytes = (head_bytes as u32).to_le_bytes().to_vec();
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&flags.to_le_bytes());
        if self.stride > 0 {
            bytes.extend_from_slice(&self.stride.to_le_bytes());
        }
        bytes
    }

    /// Bytes of a chunk of payloads that are `region_bytes` long together; `None` beyond 64 bits.
    pub(crate) fn chunk_bytes(&self, items: u64, region_bytes: u64) -> Option<u64> {
        if self.stride > 0 {
            return region_bytes.checked_add(FIXED_HEAD_BYTES as u64);
        }
        let table = items.checked_add(1)?.checked_mul(OFFSET_BYTES as u64)?;
        table.checked_add(HEAD_BYTES as u64)?.checked_add(region_bytes)
    }
}

/// Where payloads stand in their chunk, from its head alone.
#[derive(Clone, Debug)]
pub(crate) struct PayloadPlan {
    head: PayloadHead,
    items: u64,
    /// Where the offsets begin, if lengths differ.
    offsets: u64,
    /// The payloads themselves.
    region: Range<u64>,
}

impl PayloadPlan {
    /// The payloads of a tree of `items` items, in a chunk of `chunk_bytes` bytes, of which `bytes`
    /// are the first.
    pub(crate) fn read(bytes: &[u8], chunk_bytes: u64, items: u64) -> Result<Self> {
        let start = head_bytes(bytes, "PYLD", HEAD_BYTES, chunk_bytes)?;
        check_order_and_compression(bytes, "PYLD")?;
        let has_stride = start >= FIXED_HEAD_BYTES as u64;
        let stride = u32_at(bytes, HEAD_BYTES).filter(|_| has_stride).unwrap_or(0);
        // Without a length for all, how it was found says nothing.
        let inferred = stride > 0 && u16_at(bytes, 6).is_some_and(|flags| flags & INFERRED != 0);
        let head = PayloadHead { stride, inferred };
        if stride > 0 {
            let found = chunk_bytes - start;
            if u64::from(stride).checked_mul(items) != Some(found) {
                let message = format!("PYLD has {found} bytes for {items} records of {stride}");
                return Err(corrupt(message));
            }
            return Ok(PayloadPlan { head, items, offsets: start, region: start..chunk_bytes });
        }
        let table = items.checked_add(1).and_then(|count| count.checked_mul(OFFSET_BYTES as u64));
        let region = table.and_then(|table| start.checked_add(table));
        let Some(region) = region.filter(|region| *region <= chunk_bytes) else {
            return Err(corrupt(format!("PYLD has no room for the offsets of {items} items")));
        };
        Ok(PayloadPlan { head, items, offsets: start, region: region..chunk_bytes })
    }

    /// What the head says.
    pub(crate) fn head(&self) -> PayloadHead {
        self.head
    }

    /// Where in the chunk the two offsets of a rank stand; nowhere if all have one length.
    pub(crate) fn offsets(&self, rank: u64) -> Option<Range<u64>> {
        let at = self.offsets + rank.min(self.items) * OFFSET_BYTES as u64;
        (self.head.stride == 0).then_some(at..at + 2 * OFFSET_BYTES as u64)
    }

    /// Where in the chunk the payload of a rank stands; `offsets` are its two, if it has them.
    pub(crate) fn payload(&self, rank: u64, offsets: &[u8]) -> Result<Range<u64>> {
        let of_region = |start: u64, end: u64| {
            let whole =
                self.region.start.checked_add(start)?..self.region.start.checked_add(end)?;
            (rank < self.items && whole.start <= whole.end && whole.end <= self.region.end)
                .then_some(whole)
        };
        let stride = u64::from(self.head.stride);
        let found = match (u64_at(offsets, 0), u64_at(offsets, OFFSET_BYTES)) {
            _ if stride > 0 => of_region(rank * stride, (rank + 1) * stride),
            (Some(start), Some(end)) => of_region(start, end),
            _ => None,
        };
        found.ok_or_else(|| corrupt(format!("PYLD has no payload for rank {rank}")))
    }
}

/// The payloads of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PayloadTable<'a> {
    head: PayloadHead,
    items: usize,
    /// Where payloads begin and end; empty if all are of one length.
    offsets: &'a [u8],
    region: &'a [u8],
}

impl<'a> PayloadTable<'a> {
    /// The payloads of a tree of `items` items.
    pub(crate) fn decode(chunk: &'a [u8], items: usize) -> Result<Self> {
        let PayloadPlan { head, offsets, region, .. } =
            PayloadPlan::read(chunk, chunk.len() as u64, items as u64)?;
        // Both lie inside of the chunk, which is in memory.
        let (before, region) = chunk.split_at(region.start as usize);
        let payloads = PayloadTable { head, items, offsets: &before[offsets as usize..], region };
        let last = u64_at(payloads.offsets, items.saturating_mul(OFFSET_BYTES));
        if head.stride == 0
            && (u64_at(payloads.offsets, 0), last) != (Some(0), Some(region.len() as u64))
        {
            let message = format!("the offsets of PYLD do not cover its {} bytes", region.len());
            return Err(corrupt(message));
        }
        Ok(payloads)
    }

    /// What the head says.
    pub(crate) fn head(&self) -> PayloadHead {
        self.head
    }

    /// The payload of the item of a rank.
    pub(crate) fn get(&self, rank: usize) -> Result<&'a [u8]> {
        let found = self.range(rank).and_then(|range| self.region.get(range));
        found.ok_or_else(|| corrupt(format!("PYLD has no payload for rank {rank}")))
    }

    fn range(&self, rank: usize) -> Option<Range<usize>> {
        if rank >= self.items {
            return None;
        }
        if self.head.stride > 0 {
            let stride = self.head.stride as usize;
            return Some(rank * stride..(rank + 1) * stride);
        }
        let at = |rank: usize| usize::try_from(u64_at(self.offsets, rank * OFFSET_BYTES)?).ok();
        Some(at(rank)?..at(rank + 1)?)
    }

    /// Reads all offsets; an error for the first pair that is wrong.
    pub(crate) fn verify(&self) -> Result<()> {
        (0..self.items).try_for_each(|rank| self.get(rank).map(|_| ()))
    }
}

/// Both are reserved for later versions.
pub(super) fn check_order_and_compression(head: &[u8], name: &str) -> Result<()> {
    match head.get(4..6) {
        Some(&[0, 0]) => Ok(()),
        Some(&[ordering, compression]) => {
            let message = format!(
                "{name} has ordering {ordering} and compression {compression}, known is only 0"
            );
            Err(newer(message))
        }
        _ => Err(corrupt(format!("the head of {name} is too short"))),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn variable(lengths: &[u64]) -> Vec<u8> {
        let mut chunk = PayloadHead { stride: 0, inferred: false }.encode();
        let mut end = 0_u64;
        chunk.extend_from_slice(&end.to_le_bytes());
        for length in lengths {
            end += length;
            chunk.extend_from_slice(&end.to_le_bytes());
        }
        chunk.extend((0..end).map(|at| at as u8));
        chunk
    }

    #[test]
    fn payloads_of_any_lengths() {
        let chunk = variable(&[2, 0, 3]);
        assert_eq!(chunk[..8], [8, 0, 0, 0, 0, 0, 0, 0]);
        let head = PayloadHead { stride: 0, inferred: false };
        assert_eq!(head.chunk_bytes(3, 5), Some(chunk.len() as u64));
        let payloads = PayloadTable::decode(&chunk, 3).unwrap();
        payloads.verify().unwrap();
        let found: Vec<&[u8]> = (0..3).map(|rank| payloads.get(rank).unwrap()).collect();
        assert_eq!(found, [&[0, 1][..], &[], &[2, 3, 4]]);
        assert!(payloads.get(3).is_err());
        assert!(PayloadTable::decode(&chunk, 4).is_err());
        assert!(PayloadTable::decode(&chunk, usize::MAX).is_err());
        assert!(PayloadTable::decode(&variable(&[]), 0).is_ok());
    }

    #[test]
    fn a_wrong_offset_is_met_when_it_is_used() {
        let mut chunk = variable(&[2, 0, 3]);
        chunk[8 + 16 + 7] = 1;
        let payloads = PayloadTable::decode(&chunk, 3).unwrap();
        assert_eq!(payloads.get(1).unwrap_err().kind(), ErrorKind::Corrupt);
        assert_eq!(payloads.get(0).unwrap(), [0, 1]);
        assert!(payloads.verify().is_err());
    }

    #[test]
    fn payloads_of_one_length() {
        for inferred in [false, true] {
            let head = PayloadHead { stride: 2, inferred };
            let mut chunk = head.encode();
            assert_eq!(chunk, [12, 0, 0, 0, 0, 0, inferred.into(), 0, 2, 0, 0, 0]);
            chunk.extend_from_slice(&[7, 8, 9, 10]);
            let payloads = PayloadTable::decode(&chunk, 2).unwrap();
            assert_eq!((payloads.head(), payloads.get(1).unwrap()), (head, &[9, 10][..]));
            assert!(PayloadTable::decode(&chunk, 3).is_err());
            chunk[6] = 0xfe | u8::from(inferred);
            assert_eq!(PayloadTable::decode(&chunk, 2).unwrap().head(), head, "unknown flags");
            chunk[5] = 1;
            let error = PayloadTable::decode(&chunk, 2).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::FormatVersion, "compressed");
        }
    }
}
