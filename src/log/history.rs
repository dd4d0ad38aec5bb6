//! Trajectories: the positions of one object, from the active segment and the sealed ones.
//!
//! Owns which segments are looked at and when enough was found. Does not own their bytes.
//! Invariants: what is in the buffer is seen too; a segment that is sealed while the question is
//! answered is seen exactly once; points are ordered by time, then by sequence number.

use std::sync::Arc;

use crate::error::Result;
use crate::time::{Interval, Order};

use super::active::{Batch, Walk};
use super::log::Log;
use super::point::HistoryPoint;
use super::sealed::{Found, Sealed};

/// The most records looked up under one hold of the log's lock.
const BATCH_RECORDS: usize = 4096;

/// The best points found so far.
struct Pick<'o> {
    order: Order,
    limit: usize,
    /// What the caller's list held before stays in front.
    start: usize,
    out: &'o mut Vec<HistoryPoint>,
}

impl Pick<'_> {
    /// Puts what was found into order and drops what is beyond the limit.
    fn settle(&mut self) {
        let points = &mut self.out[self.start..];
        match self.order {
            Order::OldestFirst => points.sort_by_key(|point| (point.time_us, point.seq)),
            Order::NewestFirst => {
                points.sort_by_key(|point| std::cmp::Reverse((point.time_us, point.seq)));
            }
        }
        self.out.truncate(self.start.saturating_add(self.limit));
    }

    /// Whether a settled pick is full of points that all come before any within `bounds`.
    fn is_beyond(&self, bounds: (i64, i64)) -> bool {
        match self.out.last() {
            Some(last) if self.out.len() - self.start == self.limit => match self.order {
                Order::OldestFirst => last.time_us < bounds.0,
                Order::NewestFirst => last.time_us > bounds.1,
            },
            _ => false,
        }
    }
}

impl Log {
    /// The positions of an object within `interval`, at most `limit`, appended to `out` in
    /// `order`: by time, then by sequence number. What is not flushed yet is there too.
    pub fn trajectory(
        &self,
        handle: u64,
        interval: Interval,
        order: Order,
        limit: usize,
        out: &mut Vec<HistoryPoint>,
    ) -> Result<()> {
        if limit == 0 || interval.start_us > interval.end_us {
            return Ok(());
        }
        let mut pick = Pick { order, limit, start: out.len(), out };
        let sealed = self.pick_active(handle, interval, &mut pick)?;
        pick.settle();
        let mut wanted: Vec<&Sealed> = sealed
            .iter()
            .map(|segment| &**segment)
            .filter(|segment| overlaps(interval, bounds_of(segment)))
            .collect();
        match order {
            Order::OldestFirst => wanted.sort_by_key(|segment| segment.trailer.min_us),
            Order::NewestFirst => {
                wanted.sort_by_key(|segment| std::cmp::Reverse(segment.trailer.max_us));
            }
        }
        for segment in wanted {
            if pick.is_beyond(bounds_of(segment)) {
                // The others lie further in the same direction.
                break;
            }
            self.pick_sealed(segment, handle, interval, &mut pick)?;
        }
        Ok(())
    }

    /// The last position at or before `at_us`, and the first after it.
    pub fn neighbours(
        &self,
        handle: u64,
        at_us: i64,
    ) -> Result<(Option<HistoryPoint>, Option<HistoryPoint>)> {
        let mut found = Vec::with_capacity(2);
        let before = Interval::new(i64::MIN, at_us);
        self.trajectory(handle, before, Order::NewestFirst, 1, &mut found)?;
        let last = found.pop();
        if let Some(after_us) = at_us.checked_add(1) {
            let after = Interval::new(after_us, i64::MAX);
            self.trajectory(handle, after, Order::OldestFirst, 1, &mut found)?;
        }
        Ok((last, found.pop()))
    }

    /// Picks from the active segment; the sealed segments as they were at that moment.
    fn pick_active(
        &self,
        handle: u64,
        interval: Interval,
        pick: &mut Pick<'_>,
    ) -> Result<Arc<Vec<Arc<Sealed>>>> {
        'again: loop {
            pick.out.truncate(pick.start);
            let mut walk = Walk::new(handle);
            let mut most = match pick.order {
                Order::NewestFirst => pick.limit.clamp(4, 64),
                Order::OldestFirst => 64,
            };
            loop {
                let writer = self.writer.lock();
                let sealed = writer.sealed.clone();
                let Some(batch) = walk.next(&writer, most)? else {
                    // It was sealed meanwhile, so that its records moved.
                    continue 'again;
                };
                drop(writer);
                let wanted = batch.bounds.is_some_and(|bounds| overlaps(interval, bounds));
                if !wanted || self.take_batch(batch, &walk, interval, pick)? {
                    return Ok(sealed);
                }
                most = (most * 4).min(BATCH_RECORDS);
            }
        }
    }

    /// Takes what is wanted of a batch; whether the records before it are not wanted.
    fn take_batch(
        &self,
        batch: Batch,
        walk: &Walk,
        interval: Interval,
        pick: &mut Pick<'_>,
    ) -> Result<bool> {
        let (is_last, is_ordered) = (batch.is_last, batch.is_ordered);
        let mut oldest_us = i64::MAX;
        walk.read(batch, &mut |point| {
            oldest_us = oldest_us.min(point.time_us);
            if interval.contains(point.time_us) {
                pick.out.push(point);
            }
        })?;
        // The records before are older, or as old and earlier.
        let found = pick.out.len() - pick.start;
        let has_enough = pick.order == Order::NewestFirst && found >= pick.limit;
        Ok(is_last || (is_ordered && (has_enough || oldest_us < interval.start_us)))
    }

    fn pick_sealed(
        &self,
        segment: &Sealed,
        handle: u64,
        interval: Interval,
        pick: &mut Pick<'_>,
    ) -> Result<()> {
        let view = segment.open(&*self.vfs)?;
        let Some(found) = view.find(handle)? else {
            return Ok(());
        };
        if let Some(bounds) = found.entry.bounds
            && (!overlaps(interval, bounds) || pick.is_beyond(bounds))
        {
            return Ok(());
        }
        let records = found.records()?;
        let mut wanted = records.as_slice();
        if found.entry.ordered {
            wanted = within(&found, wanted, interval)?;
            let surplus = wanted.len().saturating_sub(pick.limit);
            wanted = match pick.order {
                Order::OldestFirst => &wanted[..wanted.len() - surplus],
                Order::NewestFirst => &wanted[surplus..],
            };
        }
        for &record in wanted {
            let point = found.read(record)?;
            if interval.contains(point.time_us) {
                pick.out.push(point);
            }
        }
        pick.settle();
        Ok(())
    }
}

fn bounds_of(segment: &Sealed) -> (i64, i64) {
    (segment.trailer.min_us, segment.trailer.max_us)
}

fn overlaps(interval: Interval, (min_us, max_us): (i64, i64)) -> bool {
    // A segment without moves has inverted bounds.
    min_us <= max_us && min_us <= interval.end_us && interval.start_us <= max_us
}

/// The part of `records`, whose times ascend, that lies within the interval.
fn within<'r>(found: &Found<'_>, records: &'r [u32], interval: Interval) -> Result<&'r [u32]> {
    if let Some((min_us, max_us)) = found.entry.bounds
        && interval.contains(min_us)
        && interval.contains(max_us)
    {
        return Ok(records);
    }
    let first = partition(found, records, |time_us| time_us < interval.start_us)?;
    let records = &records[first..];
    let end = partition(found, records, |time_us| time_us <= interval.end_us)?;
    Ok(&records[..end])
}

/// How many of the first records have a time that is `before`.
fn partition(found: &Found<'_>, records: &[u32], before: impl Fn(i64) -> bool) -> Result<usize> {
    let (mut low, mut high) = (0, records.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if before(found.read(records[middle])?.time_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}
