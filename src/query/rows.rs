//! The answer of a query: a column for each field, and rows for a person.
//!
//! Owns: the columns and the iterator over them. Does not own the question. Invariants: all
//! columns that are present have one length; `distance` is present if and only if the query's
//! shape has an origin; a row is what its object was at some moment of the query.

use std::ptr;
use std::sync::Arc;

use crate::error::Result;
use crate::geom::Point;
use crate::hot::{Columns, Payload};

use super::best::Best;
use super::source::{Names, Source};

/// Rows found by a query, kept as columns. Reused by `query_into`, it does not allocate again.
#[derive(Clone, Default)]
pub struct Rows {
    names: Option<Arc<dyn Names>>,
    pub(super) handles: Vec<u64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) time_us: Vec<i64>,
    pub(super) distance: Vec<f64>,
    pub(super) payload: Vec<Payload>,
    /// Room for a search to sort in.
    pub(super) best: Best,
}

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct FoundRow<'a> {
    /// The object's id.
    pub id: &'a str,
    /// The object's handle.
    pub handle: u64,
    /// Where it was.
    pub position: Point,
    /// The event time of that position.
    pub time_us: i64,
    /// How far from the query's origin, in metres or units; absent for a box, a polygon and
    /// everywhere.
    pub distance: Option<f64>,
    /// Its payload, if it has one.
    pub payload: Option<&'a [u8]>,
}

/// The numbers of the bits that are set, lowest first.
#[inline]
fn rows_of(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let row = bits.trailing_zeros() as usize;
        (bits != 0).then(|| {
            bits &= bits - 1;
            row
        })
    })
}

impl Rows {
    /// No rows yet.
    pub fn new() -> Self {
        Rows::default()
    }

    pub(super) fn begin<S: Source>(&mut self, source: &Arc<S>) {
        let is_same =
            |names: &Arc<dyn Names>| ptr::addr_eq(&raw const **names, &raw const **source);
        if !self.names.as_ref().is_some_and(is_same) {
            let source: Arc<S> = Arc::clone(source);
            self.names = Some(source);
        }
        self.clear();
    }

    /// Removes the rows and keeps the room.
    pub fn clear(&mut self) {
        self.handles.clear();
        self.x.clear();
        self.y.clear();
        self.z.clear();
        self.time_us.clear();
        self.distance.clear();
        self.payload.clear();
    }

    /// Adds a row; the payload column stays empty while no row has one.
    #[inline]
    pub(super) fn push(&mut self, handle: u64, position: Point, time_us: i64, payload: Payload) {
        if payload.is_some() || !self.payload.is_empty() {
            self.payload.resize(self.handles.len(), None);
            self.payload.push(payload);
        }
        self.handles.push(handle);
        self.x.push(position.x);
        self.y.push(position.y);
        self.z.push(position.z);
        self.time_us.push(time_us);
    }

    /// Adds the rows of a leaf from `start` on whose bit is set.
    #[inline]
    pub(super) fn extend(&mut self, base: u64, columns: &Columns, start: usize, bits: u64) {
        let before = self.handles.len();
        let after = before + bits.count_ones() as usize;
        self.handles.resize(after, 0);
        self.x.resize(after, 0.0);
        self.y.resize(after, 0.0);
        self.z.resize(after, 0.0);
        self.time_us.resize(after, 0);
        let places = self.x[before..].iter_mut().zip(&mut self.y[before..]);
        let keys = self.handles[before..].iter_mut().zip(&mut self.time_us[before..]);
        for (((x, y), (handle, time_us)), row) in places.zip(keys).zip(rows_of(bits)) {
            let spot = &columns.spots[start + row];
            (*x, *y) = (spot.x, spot.y);
            (*handle, *time_us) = (base | u64::from(spot.index), spot.time_us);
        }
        if !columns.z.is_empty() {
            for (z, row) in self.z[before..].iter_mut().zip(rows_of(bits)) {
                *z = columns.altitude(start + row);
            }
        }
        if columns.has_payload || !self.payload.is_empty() {
            self.payload.resize(before, None);
            self.payload.extend(rows_of(bits).map(|row| columns.payload(start + row)));
        }
    }

    /// Keeps the first row of each handle.
    pub(super) fn drop_repeated(&mut self) {
        let mut seen = hashbrown::HashSet::with_hasher(ahash::RandomState::new());
        let keep: Vec<bool> = self.handles.iter().map(|&handle| seen.insert(handle)).collect();
        fn retain<T>(column: &mut Vec<T>, keep: &[bool]) {
            let mut row = 0;
            column.retain(|_| {
                row += 1;
                keep[row - 1]
            });
        }
        retain(&mut self.handles, &keep);
        retain(&mut self.x, &keep);
        retain(&mut self.y, &keep);
        retain(&mut self.z, &keep);
        retain(&mut self.time_us, &keep);
        retain(&mut self.payload, &keep);
    }

    /// Gives each row the time and the payload that its object's number leads to.
    pub(crate) fn complete(
        &mut self,
        mut rest: impl FnMut(u32) -> Result<(i64, Payload)>,
    ) -> Result<()> {
        for row in 0..self.handles.len() {
            let (time_us, payload) = rest(self.handles[row] as u32)?;
            self.time_us[row] = time_us;
            if payload.is_some() {
                self.payload.resize(self.handles.len(), None);
                self.payload[row] = payload;
            }
        }
        Ok(())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.handles.is_empty()
    }

    /// Handles of the objects.
    pub fn handles(&self) -> &[u64] {
        &self.handles
    }

    /// Longitudes in degrees, or x.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// Latitudes in degrees, or y.
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// Altitudes in metres, or z.
    pub fn z(&self) -> &[f64] {
        &self.z
    }

    /// Event times in microseconds since 1970-01-01 UTC.
    pub fn time_us(&self) -> &[i64] {
        &self.time_us
    }

    /// Distances from the origin in metres or units; empty if the query had no origin.
    pub fn distance(&self) -> &[f64] {
        &self.distance
    }

    /// The id of the object of a row.
    pub fn id(&self, row: usize) -> &str {
        let index = self.handles[row] as u32;
        self.names.as_deref().and_then(|names| names.name(index)).unwrap_or_default()
    }

    /// The payload of the object of a row, if it has one.
    pub fn payload(&self, row: usize) -> Option<&[u8]> {
        self.payload.get(row).and_then(|payload| payload.as_deref())
    }

    /// One row; `None` beyond the last.
    pub fn get(&self, row: usize) -> Option<FoundRow<'_>> {
        (row < self.len()).then(|| FoundRow {
            id: self.id(row),
            handle: self.handles[row],
            position: Point::new_3d(self.x[row], self.y[row], self.z[row]),
            time_us: self.time_us[row],
            distance: self.distance.get(row).copied(),
            payload: self.payload(row),
        })
    }

    /// The rows one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = FoundRow<'_>> {
        (0..self.len()).map(|row| self.get(row).expect("a row below the length"))
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
