//! The chunk AGGR: for each entry of the tree the sum, the extremes and the united mask of the
//! values below, and the values themselves.
//!
//! Owns: its head, and the records of one entry and one item. Does not own how summaries are made
//! or asked for. Invariants: the chunk has exactly the records that the shape of its tree asks
//! for; that the summaries are right is not checked.

use std::ops::Range;

use super::shape::Shape;
use super::{corrupt, head_bytes, u64_at};
use crate::error::Result;

/// Bytes of the head as this version writes it.
const HEAD_BYTES: usize = 16;
const SCALAR: u8 = 1;
const MASK: u8 = 2;
/// The values of the items follow the summaries. The only variant that there is.
const HAS_ITEMS: u16 = 1;

/// Which values the items have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) scalar: bool,
    pub(crate) mask: bool,
}

impl Columns {
    /// Bytes of the summary of an entry.
    fn summary_bytes(self) -> usize {
        24 * usize::from(self.scalar) + 8 * usize::from(self.mask)
    }

    /// Bytes of the values of an item.
    fn item_bytes(self) -> usize {
        8 * usize::from(self.scalar) + 8 * usize::from(self.mask)
    }

    /// Reads the summary of an entry from the front of its record.
    #[inline]
    pub(crate) fn summary(self, record: &[u8]) -> Option<Summary> {
        let mut summary = Summary::EMPTY;
        let mut at = 0;
        if self.scalar {
            summary.sum = f64::from_bits(u64_at(record, 0)?);
            summary.min = f64::from_bits(u64_at(record, 8)?);
            summary.max = f64::from_bits(u64_at(record, 16)?);
            at = 24;
        }
        if self.mask {
            summary.mask = u64_at(record, at)?;
        }
        Some(summary)
    }

    /// Reads the values of an item from the front of its record.
    #[inline]
    pub(crate) fn item(self, record: &[u8]) -> Option<Summary> {
        let (mut value, mut mask, mut at) = (0.0, 0, 0);
        if self.scalar {
            value = f64::from_bits(u64_at(record, 0)?);
            at = 8;
        }
        if self.mask {
            mask = u64_at(record, at)?;
        }
        Some(Summary::of(value, mask))
    }
}

/// The head of the aggregates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AggregateHead {
    pub(crate) columns: Columns,
}

impl AggregateHead {
    pub(crate) fn encode(self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[0] = HEAD_BYTES as u8;
        let Columns { scalar, mask } = self.columns;
        bytes[5] = SCALAR * u8::from(scalar) + MASK * u8::from(mask);
        bytes[6..8].copy_from_slice(&HAS_ITEMS.to_le_bytes());
        bytes
    }

    /// Bytes of a chunk for a tree of this shape; `None` beyond this machine.
    pub(crate) fn chunk_bytes(self, shape: &Shape) -> Option<usize> {
        record_bytes(self.columns, shape)?.checked_add(HEAD_BYTES)
    }
}

fn record_bytes(columns: Columns, shape: &Shape) -> Option<usize> {
    let summaries = shape.entries().checked_mul(columns.summary_bytes())?;
    shape.items().checked_mul(columns.item_bytes())?.checked_add(summaries)
}

/// What an entry, or an item, says about itself. Without a column its part means nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Summary {
    pub(crate) sum: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) mask: u64,
}

impl Summary {
    /// That of no item at all.
    pub(crate) const EMPTY: Self =
        Summary { sum: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, mask: 0 };

    /// That of one item.
    pub(crate) fn of(value: f64, mask: u64) -> Self {
        Summary { sum: value, min: value, max: value, mask }
    }

    /// Takes another one in. Extremes pass over what is not a number, and of equal ones the first
    /// stays; `f64::min` would leave that open for zeros.
    #[inline(always)]
    pub(crate) fn add(&mut self, other: &Self) {
        self.sum += other.sum;
        self.min = if other.min < self.min { other.min } else { self.min };
        self.max = if other.max > self.max { other.max } else { self.max };
        self.mask |= other.mask;
    }

    /// The record of an entry.
    pub(crate) fn put(&self, columns: Columns, bytes: &mut Vec<u8>) {
        if columns.scalar {
            for number in [self.sum, self.min, self.max] {
                bytes.extend_from_slice(&number.to_le_bytes());
            }
        }
        if columns.mask {
            bytes.extend_from_slice(&self.mask.to_le_bytes());
        }
    }

    /// The record of an item.
    pub(crate) fn put_item(&self, columns: Columns, bytes: &mut Vec<u8>) {
        if columns.scalar {
            bytes.extend_from_slice(&self.sum.to_le_bytes());
        }
        if columns.mask {
            bytes.extend_from_slice(&self.mask.to_le_bytes());
        }
    }
}

/// Where the records stand in their chunk: what a reader knows that fetches parts of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AggregatePlan {
    columns: Columns,
    /// Where the summaries begin, and where the values of the items do.
    summaries: u64,
    items: u64,
}

impl AggregatePlan {
    /// Reads the head of a chunk of `chunk_bytes` bytes, of which `bytes` are the first, for a tree
    /// of this shape.
    pub(crate) fn read(bytes: &[u8], chunk_bytes: u64, shape: &Shape) -> Result<Self> {
        let start = head_bytes(bytes, "AGGR", HEAD_BYTES, chunk_bytes)?;
        let (columns, flags) = match bytes.get(4..8) {
            Some(&[0, columns @ 1..=3, low, high]) => (columns, u16::from_le_bytes([low, high])),
            _ => return Err(corrupt("AGGR has an unknown order or columns")),
        };
        if flags != HAS_ITEMS {
            return Err(corrupt(format!("AGGR has flags {flags}, known is only {HAS_ITEMS}")));
        }
        let columns = Columns { scalar: columns & SCALAR != 0, mask: columns & MASK != 0 };
        let found = chunk_bytes - start;
        if record_bytes(columns, shape).map(|bytes| bytes as u64) != Some(found) {
            let (items, entries) = (shape.items(), shape.entries());
            let message = format!("AGGR has {found} bytes for {items} items, {entries} entries");
            return Err(corrupt(message));
        }
        // It was just seen that this is no more than the chunk has.
        let summaries = (shape.entries() * columns.summary_bytes()) as u64;
        Ok(AggregatePlan { columns, summaries: start, items: start + summaries })
    }

    /// Which values there are.
    pub(crate) fn columns(&self) -> Columns {
        self.columns
    }

    /// Where in the chunk the summary of an entry stands, by its position in the tree.
    pub(crate) fn summary(&self, position: usize) -> Range<u64> {
        let bytes = self.columns.summary_bytes() as u64;
        let start = self.summaries + position as u64 * bytes;
        start..start + bytes
    }

    /// Where in the chunk the values of an item stand, by its rank.
    pub(crate) fn item(&self, rank: usize) -> Range<u64> {
        let bytes = self.columns.item_bytes() as u64;
        let start = self.items + rank as u64 * bytes;
        start..start + bytes
    }
}

/// The aggregates of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aggregates<'a> {
    columns: Columns,
    summaries: &'a [u8],
    items: &'a [u8],
}

impl<'a> Aggregates<'a> {
    /// The aggregates of a tree of this shape.
    pub(crate) fn decode(chunk: &'a [u8], shape: &Shape) -> Result<Self> {
        let plan = AggregatePlan::read(chunk, chunk.len() as u64, shape)?;
        // Both lie inside of the chunk, which is in memory.
        let (before, items) = chunk.split_at(plan.items as usize);
        let summaries = &before[plan.summaries as usize..];
        Ok(Aggregates { columns: plan.columns, summaries, items })
    }

    /// Which values there are.
    pub(crate) fn columns(&self) -> Columns {
        self.columns
    }

    /// The summary of an entry, by its position in the tree.
    #[inline]
    pub(crate) fn summary(&self, position: usize) -> Option<Summary> {
        let start = position.checked_mul(self.columns.summary_bytes())?;
        self.columns.summary(self.summaries.get(start..)?)
    }

    /// Asks for the memory of the summary of an entry.
    #[inline(always)]
    pub(crate) fn prefetch_summary(&self, position: usize) {
        let record = self.columns.summary_bytes();
        prefetch(self.summaries, position * record..(position + 1) * record);
    }

    /// Asks for the memory of the values of some items, by their ranks.
    #[inline(always)]
    pub(crate) fn prefetch_items(&self, ranks: Range<usize>) {
        let record = self.columns.item_bytes();
        prefetch(self.items, ranks.start * record..ranks.end * record);
    }

    /// Takes into `all` the values of some items: `lanes` of those from the rank `first` on.
    #[inline(always)]
    pub(crate) fn add_items(
        &self,
        first: usize,
        lanes: impl Iterator<Item = usize>,
        all: &mut Summary,
    ) {
        let start = first.saturating_mul(self.columns.item_bytes());
        let bytes = self.items.get(start..).unwrap_or_default();
        let Columns { scalar, mask } = self.columns;
        if scalar && mask {
            let values = bytes.as_chunks::<8>().0.as_chunks::<2>().0;
            lanes.filter_map(|lane| values.get(lane)).for_each(|[value, mask]| {
                all.add(&Summary::of(f64::from_le_bytes(*value), u64::from_le_bytes(*mask)));
            });
            return;
        }
        let values = bytes.as_chunks::<8>().0;
        lanes.filter_map(|lane| values.get(lane)).for_each(|value| match scalar {
            true => all.add(&Summary::of(f64::from_le_bytes(*value), 0)),
            false => all.mask |= u64::from_le_bytes(*value),
        });
    }
}

/// Asks for the lines of some bytes, as far as they are there.
#[inline(always)]
fn prefetch(bytes: &[u8], range: Range<usize>) {
    const LINE: usize = 64;
    let Some(bytes) = bytes.get(range.start..range.end.min(bytes.len())) else { return };
    for line in bytes.chunks(LINE) {
        branches::prefetch_read_data::<u8, 0>(line.as_ptr());
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn a_chunk_without_items_is_its_head() {
        let shape = Shape::new(0, 16).unwrap();
        let columns = Columns { scalar: false, mask: true };
        let head = AggregateHead { columns };
        let chunk = head.encode();
        assert_eq!(chunk[..8], [16, 0, 0, 0, 0, 2, 1, 0]);
        assert_eq!(head.chunk_bytes(&shape), Some(16));
        let read = Aggregates::decode(&chunk, &shape).unwrap();
        assert_eq!(read.columns(), columns);
        let mut all = Summary::EMPTY;
        read.add_items(0, 0..1, &mut all);
        assert_eq!((all, read.summary(0)), (Summary::EMPTY, None));
    }

    #[test]
    fn what_a_head_must_not_say() {
        let shape = Shape::new(1, 2).unwrap();
        let columns = Columns { scalar: true, mask: true };
        let mut good = AggregateHead { columns }.encode().to_vec();
        for _ in 0..shape.entries() {
            Summary::of(1.5, 6).put(columns, &mut good);
        }
        Summary::of(1.5, 6).put_item(columns, &mut good);
        let read = |chunk: &[u8]| {
            let mut all = Summary::EMPTY;
            Aggregates::decode(chunk, &shape).map(|read| read.add_items(0, 0..9, &mut all))?;
            Ok::<_, Error>(all)
        };
        assert_eq!(read(&good).unwrap(), Summary::of(1.5, 6));
        for (at, byte) in [(4, 1), (5, 0), (5, 7), (6, 0), (6, 3), (7, 1), (0, 15), (5, 1)] {
            let mut bad = good.clone();
            bad[at] = byte;
            assert!(read(&bad).is_err(), "byte {at} is {byte}");
        }
        assert!(read(&good[..good.len() - 1]).is_err());
        let mut grown = good.clone();
        grown.splice(16..16, [9; 8]);
        grown[0] = 24;
        grown[8] = 1;
        assert_eq!(read(&grown).unwrap(), Summary::of(1.5, 6), "longer head, reserved bytes");
        // From its first bytes alone a reader knows where each record stands.
        let plan = AggregatePlan::read(&grown[..16], grown.len() as u64, &shape).unwrap();
        let part = |range: Range<u64>| &grown[range.start as usize..range.end as usize];
        assert_eq!(columns.summary(part(plan.summary(1))), Some(Summary::of(1.5, 6)));
        assert_eq!(columns.item(part(plan.item(0))), Some(Summary::of(1.5, 6)));
        assert_eq!(plan.item(0).end, grown.len() as u64);
    }
}
