//! The rows found so far by a search, of which the best are kept.
//!
//! Owns: the order among rows, and room that is used again. Does not own the search. Invariants:
//! what is sorted is small (a distance and two numbers); what a row says besides stands aside and
//! is moved once, at the end.

use std::cmp::Ordering;
use std::ops::Range;

use crate::geom::Point;
use crate::hot::{Payload, Row};

use super::rows::Rows;
use super::source::Source;

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
#[derive(Clone, Copy, Debug)]
struct Rest {
    position: Point,
    time_us: i64,
}

/// Rows found so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Best {
    hits: Vec<Hit>,
    rests: Vec<Rest>,
    /// Beside the rests; empty while no row has one.
    payloads: Vec<Payload>,
    /// Rests that were added at one distance in the order of their ids, so that a tie among them
    /// is settled.
    settled: Range<u32>,
    /// Room to sort in.
    packed: Vec<u64>,
    sorted: Vec<Hit>,
}

/// Low bits of a distance that give way to a hit's number, so that one integer is sorted.
const NUMBER_BITS: u32 = 12;

/// What hits are sorted by first; those of one rank are sorted again with care.
#[inline]
fn rank(hit: &Hit) -> u64 {
    hit.key >> NUMBER_BITS
}

/// By distance, then the origin's object before others, then by id.
fn order<S: Source>(source: &S, origin: Option<u32>) -> impl Fn(&Hit, &Hit) -> Ordering {
    move |a, b| match a.key.cmp(&b.key) {
        Ordering::Equal => tie(source, origin, a, b),
        other => other,
    }
}

#[cold]
fn tie<S: Source>(source: &S, origin: Option<u32>, a: &Hit, b: &Hit) -> Ordering {
    let is_origin = |hit: &Hit| Some(hit.index) == origin;
    is_origin(b).cmp(&is_origin(a)).then_with(|| source.order(a.index, b.index))
}

impl Best {
    pub(super) fn len(&self) -> usize {
        self.hits.len()
    }

    pub(super) fn clear(&mut self) {
        self.hits.clear();
        self.rests.clear();
        self.payloads.clear();
        self.settled = 0..0;
    }

    /// How many rows were added, those that were dropped included.
    pub(super) fn added(&self) -> u32 {
        self.rests.len() as u32
    }

    /// Says that the rows added from number `first` on have one distance and the order of ties.
    pub(super) fn settle_from(&mut self, first: u32) {
        self.settled = first..self.added();
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
        if payload.is_some() || !self.payloads.is_empty() {
            self.push_payload(payload);
        }
        self.rests.push(Rest { position, time_us });
    }

    #[cold]
    fn push_payload(&mut self, payload: Payload) {
        self.payloads.resize(self.rests.len(), None);
        self.payloads.push(payload);
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
    pub(super) fn keep<S: Source>(&mut self, limit: usize, source: &S, origin: Option<u32>) -> f64 {
        if self.hits.len() > limit {
            let (_, worst, beyond) = self.hits.select_nth_unstable_by_key(limit - 1, |hit| hit.key);
            let worst = worst.key;
            // Equals on both sides of the limit are parted by their ids.
            if beyond.iter().any(|hit| hit.key == worst) {
                self.hits.select_nth_unstable_by(limit - 1, order(source, origin));
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
        let mut payloads = Vec::new();
        for hit in &mut self.hits {
            let at = std::mem::replace(&mut hit.at, rests.len() as u32) as usize;
            rests.push(self.rests[at]);
            if !self.payloads.is_empty() {
                payloads.push(self.payloads.get_mut(at).and_then(Option::take));
            }
        }
        (self.rests, self.payloads, self.settled) = (rests, payloads, 0..0);
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
    pub(super) fn finish<S: Source>(
        &mut self,
        limit: usize,
        (source, origin): (&S, Option<u32>),
        base: u64,
        rows: &mut Rows,
    ) {
        self.sort(source, origin);
        self.hits.truncate(limit);
        let rests = || self.hits.iter().map(|hit| &self.rests[hit.at as usize]);
        rows.handles.extend(self.hits.iter().map(|hit| base | u64::from(hit.index)));
        rows.x.extend(rests().map(|rest| rest.position.x));
        rows.y.extend(rests().map(|rest| rest.position.y));
        rows.z.extend(rests().map(|rest| rest.position.z));
        rows.time_us.extend(rests().map(|rest| rest.time_us));
        rows.distance.extend(self.hits.iter().map(|hit| hit.distance()));
        if !self.payloads.is_empty() {
            let payload = |hit: &Hit| self.payloads.get(hit.at as usize).cloned().flatten();
            rows.payload.extend(self.hits.iter().map(payload));
            if rows.payload.iter().all(Option::is_none) {
                rows.payload.clear();
            }
        }
        self.clear();
    }

    /// Sorts by distance and by what settles ties. Where there are few, integers are sorted that
    /// hold the distance but for its last bits, which is far cheaper than to sort records.
    fn sort<S: Source>(&mut self, source: &S, origin: Option<u32>) {
        if self.hits.len() <= 1 << NUMBER_BITS {
            self.packed.clear();
            let hits = (0..).zip(&self.hits);
            self.packed.extend(hits.map(|(number, hit)| rank(hit) << NUMBER_BITS | number));
            self.packed.sort_unstable();
            self.sorted.clear();
            let number = |packed: &u64| (packed & ((1 << NUMBER_BITS) - 1)) as usize;
            self.sorted.extend(self.packed.iter().map(|packed| self.hits[number(packed)]));
            std::mem::swap(&mut self.hits, &mut self.sorted);
        } else {
            self.hits.sort_unstable_by_key(|hit| (hit.key, hit.at));
        }
        for equals in self.hits.chunk_by_mut(|a, b| rank(a) == rank(b)) {
            let is_settled = |hit: &Hit| self.settled.contains(&hit.at);
            if equals.len() > 1
                && !(equals.is_sorted_by_key(|hit| hit.at) && equals.iter().all(is_settled))
            {
                equals.sort_unstable_by(order(source, origin));
            }
        }
    }
}
