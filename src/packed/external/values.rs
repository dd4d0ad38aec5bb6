//! The values that are added up: beside the items while they are sorted, and in their chunk.
//!
//! Owns: how values are put aside, and the records of all levels, written side by side. Does not
//! own a record's bytes (`format::psindex`) nor where the chunk stands (`room`). Invariants: the
//! same bytes as writing from memory, whose sums are begun and added in the same order; what is
//! kept is one summary a level, and what places gather before they write.

use super::OPERATION;
use crate::error::{Error, Result};
use crate::format::psindex::{AggregateHead, AggregatePlan, Columns, Shape, Summary};
use crate::packed::file::{Trees, WriteOptions};
use crate::packed::origin::{Precision, Sink};

/// Bytes of the values of an item as they are put aside.
const VALUES_BYTES: usize = 16;
/// Bytes that a place gathers before it writes.
const GATHERED_BYTES: usize = 1 << 16;

/// Puts the values of an item aside.
pub(super) fn put_values((scalar, mask): (f64, u64), kept: &mut Vec<u8>) {
    kept.extend_from_slice(&scalar.to_le_bytes());
    kept.extend_from_slice(&mask.to_le_bytes());
}

/// The values of an item, and the payload that was put behind them.
pub(super) fn split_values(kept: &[u8]) -> (Summary, &[u8]) {
    let (values, payload) = kept.split_at(VALUES_BYTES);
    let word = |at: usize| std::array::from_fn(|byte| values[at + byte]);
    (Summary::of(f64::from_le_bytes(word(0)), u64::from_le_bytes(word(8))), payload)
}

/// Refuses values where they cannot be kept, as writing from memory does.
pub(super) fn check_values(write: &WriteOptions) -> Result<()> {
    if write.trees != Trees::Fast && write.form.precision == Precision::Single {
        let message = "aggregates need coordinates of 64 bits, 32 were asked for";
        return Err(Error::invalid(OPERATION, message));
    }
    Ok(())
}

/// A place in a sink that moves on with what is put.
struct Place {
    at: u64,
    gathered: Vec<u8>,
}

impl Place {
    fn new(at: u64) -> Self {
        Place { at, gathered: Vec::new() }
    }

    fn put<S: Sink>(&mut self, sink: &mut S, fill: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        fill(&mut self.gathered);
        if self.gathered.len() >= GATHERED_BYTES { self.flush(sink) } else { Ok(()) }
    }

    fn flush<S: Sink>(&mut self, sink: &mut S) -> Result<()> {
        sink.write_at(self.at, &self.gathered)?;
        self.at += self.gathered.len() as u64;
        self.gathered.clear();
        Ok(())
    }
}

/// A level that is being written: its records, and the node above that is not full yet.
struct Level {
    records: Place,
    node: Summary,
    children: usize,
}

/// The chunk that is being written.
pub(super) struct ValuesWriter {
    columns: Columns,
    node_size: usize,
    levels: Vec<Level>,
    items: Place,
}

impl ValuesWriter {
    /// Begins the chunk, which stands at `at`, for a tree of this shape.
    pub(super) fn begin<S: Sink>(
        at: u64,
        columns: Columns,
        shape: &Shape,
        sink: &mut S,
    ) -> Result<Self> {
        let head = AggregateHead { columns };
        let chunk_bytes = head.chunk_bytes(shape).unwrap_or_default() as u64;
        let plan = AggregatePlan::read(&head.encode(), chunk_bytes, shape)?;
        sink.write_at(at, &head.encode())?;
        let level = |level: usize| Level {
            records: Place::new(at + plan.summary(shape.level(level).start).start),
            node: Summary::EMPTY,
            children: 0,
        };
        let levels = (0..shape.levels()).map(level).collect();
        let items = Place::new(at + plan.item(0).start);
        Ok(ValuesWriter { columns, node_size: shape.node_size(), levels, items })
    }

    /// Writes the values of the next item.
    pub(super) fn push<S: Sink>(&mut self, sink: &mut S, values: &Summary) -> Result<()> {
        let columns = self.columns;
        self.items.put(sink, |bytes| values.put_item(columns, bytes))?;
        self.entry(sink, 0, values)
    }

    /// Writes an entry, and the nodes that become full by it.
    fn entry<S: Sink>(&mut self, sink: &mut S, level: usize, summary: &Summary) -> Result<()> {
        let columns = self.columns;
        let Some(here) = self.levels.get_mut(level) else { return Ok(()) };
        here.records.put(sink, |bytes| summary.put(columns, bytes))?;
        here.node.add(summary);
        here.children += 1;
        if here.children == self.node_size { self.close(sink, level) } else { Ok(()) }
    }

    /// Writes the node above the last entries of a level.
    fn close<S: Sink>(&mut self, sink: &mut S, level: usize) -> Result<()> {
        let here = &mut self.levels[level];
        here.children = 0;
        let node = std::mem::replace(&mut here.node, Summary::EMPTY);
        self.entry(sink, level + 1, &node)
    }

    /// Writes what is left.
    pub(super) fn finish<S: Sink>(mut self, sink: &mut S) -> Result<()> {
        for level in 0..self.levels.len() {
            if self.levels[level].children > 0 {
                self.close(sink, level)?;
            }
            self.levels[level].records.flush(sink)?;
        }
        self.items.flush(sink)
    }
}
