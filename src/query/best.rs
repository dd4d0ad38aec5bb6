//! The rows found so far by a search, of which the best are kept.
//!
//! Owns: the order among rows, and room that is used again. Does not own the search. Invariants:
//! what is sorted is small (a distance and two numbers); what a row says besides stands aside and
//! is moved once, at the end.

use std::cmp::Ordering;

use crate::geom::Point;
use crate::hot::{HotIndex, Payload, Row};

use super::rows::Rows;

/// A row's distance, its object, and where the rest stands.
#[derive(Clone, Copy, Debug)]
struct Hit {
    /// The bits of the distance; as none is negative, they have the order of the distances.
    key: u64,
    index: u32,
    at: u32,
}

impl Hit {
    #[inline]
    fn distance(self) -> f64 {
        f64::from_bits(self.key)
    }
}

/// The rest of a row.
#[derive(Clone, Debug)]
struct Rest {
    position: Point,
    time_us: i64,
    payload: Payload,
}

/// Rows found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    hits: Vec<Hit>,
    rests: Vec<Rest>,
}

/// By distance, then the origin's object before others, then by id.
fn order(hot: &HotIndex, origin: Option<u32>) -> impl Fn(&Hit, &Hit) -> Ordering {
    move |a, b| match a.key.cmp(&b.key) {
        Ordering::Equal => tie(hot, origin, a, b),
        other => other,
    }
}

#[cold]
fn tie(hot: &HotIndex, origin: Option<u32>, a: &Hit, b: &Hit) -> Ordering {
    let is_origin = |hit: &Hit| Some(hit.index) == origin;
    is_origin(b).cmp(&is_origin(a)).then_with(|| hot.ids.name(a.index).cmp(&hot.ids.name(b.index)))
}

impl Best {
    pub(super) fn len(&self) -> usize {
        self.hits.len()
    }

    pub(super) fn clear(&mut self) {
        self.hits.clear();
        self.rests.clear();
    }

    #[inline]
    pub(super) fn push(
        &mut self,
        distance: f64,
        index: u32,
        position: Point,
        (time_us, payload): (i64, Payload),
    ) {
        let at = self.rests.len() as u32;
        self.hits.push(Hit { key: distance.to_bits(), index, at });
        self.rests.push(Rest { position, time_us, payload });
    }

    /// Makes room for so many rows.
    #[inline]
    pub(super) fn reserve(&mut self, rows: usize) {
        self.hits.reserve(rows);
        self.rests.reserve(rows);
    }

    pub(super) fn holds(&self, row: &Row) -> bool {
        self.hits.iter().any(|hit| hit.index == row.index)
    }

    /// Drops all but the `limit` best, and tells the distance of the worst of these.
    pub(super) fn keep(&mut self, limit: usize, hot: &HotIndex, origin: Option<u32>) -> f64 {
        if self.hits.len() > limit {
            let (_, worst, beyond) = self.hits.select_nth_unstable_by_key(limit - 1, |hit| hit.key);
            let worst = worst.key;
            // Equals on both sides of the limit are parted by their ids.
            if beyond.iter().any(|hit| hit.key == worst) {
                self.hits.select_nth_unstable_by(limit - 1, order(hot, origin));
            }
            self.hits.truncate(limit);
            if self.rests.len() > 4 * limit + 256 {
                self.drop_unused();
            }
        }
        f64::from_bits(self.hits.iter().map(|hit| hit.key).max().unwrap_or(0))
    }

    /// Gives back the room of rows that were dropped.
    fn drop_unused(&mut self) {
        let mut rests = Vec::with_capacity(self.hits.len());
        for hit in &mut self.hits {
            let rest = &mut self.rests[hit.at as usize];
            let payload = rest.payload.take();
            hit.at = rests.len() as u32;
            rests.push(Rest { payload, ..*rest });
        }
        self.rests = rests;
    }

    /// Keeps one row of each object; true if there was one only.
    pub(super) fn drop_repeated(&mut self) -> bool {
        let before = self.hits.len();
        // Which of an object's rows is kept is free, so the order may be that of the indexes.
        self.hits.sort_by_key(|hit| hit.index);
        self.hits.dedup_by_key(|hit| hit.index);
        self.hits.len() == before
    }

    /// Writes the `limit` best into the answer's columns, in order.
    pub(super) fn finish(
        &mut self,
        limit: usize,
        (hot, origin): (&HotIndex, Option<u32>),
        base: u64,
        rows: &mut Rows,
    ) {
        self.hits.sort_unstable_by_key(|hit| hit.key);
        for equals in self.hits.chunk_by_mut(|a, b| a.key == b.key) {
            if equals.len() > 1 {
                equals.sort_unstable_by(order(hot, origin));
            }
        }
        self.hits.truncate(limit);
        let rests = || self.hits.iter().map(|hit| &self.rests[hit.at as usize]);
        rows.handles.extend(self.hits.iter().map(|hit| base | u64::from(hit.index)));
        rows.x.extend(rests().map(|rest| rest.position.x));
        rows.y.extend(rests().map(|rest| rest.position.y));
        rows.z.extend(rests().map(|rest| rest.position.z));
        rows.time_us.extend(rests().map(|rest| rest.time_us));
        rows.distance.extend(self.hits.iter().map(|hit| hit.distance()));
        if rests().any(|rest| rest.payload.is_some()) {
            rows.payload.extend(rests().map(|rest| rest.payload.clone()));
        }
        self.clear();
    }
}
