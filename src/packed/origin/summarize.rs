//! Writing a chunk AGGR: the values of the items summed up, level upon level.
//!
//! Owns: how summaries are folded, and the chunk's bytes. Invariants: plain sums from left to
//! right, begun at zero, so that equal values give equal bytes.

use crate::error::{Error, Result};
use crate::format::psindex::{AggregateHead, Columns, Shape, Summary};

use super::sink::{Cursor, Sink};
use super::write::{Items, WRITING};

impl<const D: usize> Items<'_, D> {
    /// Which values there are; `None` if there are none.
    pub(super) fn columns(&self) -> Result<Option<Columns>> {
        let items = self.boxes.len();
        let counts = [self.scalars.map(<[f64]>::len), self.masks.map(<[u64]>::len)];
        if let Some(count) = counts.into_iter().flatten().find(|count| *count != items) {
            let message = format!("{count} values to aggregate for {items} items");
            return Err(Error::invalid(WRITING, message));
        }
        let columns = Columns { scalar: self.scalars.is_some(), mask: self.masks.is_some() };
        Ok((columns.scalar || columns.mask).then_some(columns))
    }

    fn values(&self, id: u32) -> Summary {
        let value = self.scalars.map_or(0.0, |values| values[id as usize]);
        Summary::of(value, self.masks.map_or(0, |masks| masks[id as usize]))
    }
}

/// Writes the chunk AGGR at `offset`.
pub(super) fn write_aggregates<const D: usize, S: Sink>(
    sink: &mut S,
    offset: u64,
    columns: Columns,
    (items, order): (&Items<'_, D>, &[u32]),
    shape: &Shape,
) -> Result<()> {
    let mut cursor = Cursor::new(offset);
    cursor.put(sink, |bytes| bytes.extend_from_slice(&AggregateHead { columns }.encode()))?;
    let mut level = Vec::with_capacity(shape.width(1));
    for group in order.chunks(shape.node_size()) {
        let mut all = Summary::EMPTY;
        for &id in group {
            let summary = items.values(id);
            all.add(&summary);
            cursor.put(sink, |bytes| summary.put(columns, bytes))?;
        }
        level.push(all);
    }
    for _ in 1..shape.levels() {
        for summary in &level {
            cursor.put(sink, |bytes| summary.put(columns, bytes))?;
        }
        let groups = level.chunks(shape.node_size());
        level = groups.map(fold).collect();
    }
    for &id in order {
        cursor.put(sink, |bytes| items.values(id).put_item(columns, bytes))?;
    }
    cursor.flush(sink)
}

fn fold(group: &[Summary]) -> Summary {
    group.iter().fold(Summary::EMPTY, |mut all, summary| {
        all.add(summary);
        all
    })
}
