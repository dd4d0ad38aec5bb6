//! The objects of one cell, and the memory of who left it lately.
//!
//! Owns: the rows, their order of names where many objects share one place, and the ring of
//! departures. Does not own the places of objects (`index.rs` keeps those in step). Invariants: all
//! columns that are present have one length; a missing `z` column means altitude 0 everywhere, a
//! missing `expires_us` never, a missing `payload` none; row numbers change only by `swap_remove`.
//!
//! What every move writes and every hit reads is kept together in one half of a cache line, a
//! [`Spot`]; what few objects have stands in columns of its own. Measured against a column for
//! each field: a move touches one line instead of three, and a scan reads no more lines, because
//! it needs all fields of what it finds.

use std::sync::Arc;

use super::cell::{Cell, DIMS, Extent, coordinates};
use super::order::Order;
use crate::geom::Point;

/// Rows at which a leaf is split.
#[cfg(not(loom))]
pub(crate) const SPLIT_AT: usize = 64;
#[cfg(loom)]
pub(crate) const SPLIT_AT: usize = 4;
/// Rows of one place from which on their order by id is kept.
const ORDER_AT: usize = 256;
/// Rows for which a full leaf makes room at a time.
const ROOM: usize = 8;
/// Departures remembered.
#[cfg(not(loom))]
const RING: usize = 4;
#[cfg(loom)]
const RING: usize = 2;
/// The time of expiry of what never expires.
pub(crate) const NEVER: i64 = i64::MAX;

/// Bytes that belong to an object.
pub(crate) type Payload = Option<Arc<[u8]>>;

/// One object's state.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) index: u32,
    pub(crate) position: Point,
    pub(crate) time_us: i64,
    /// [`NEVER`], or the moment from which on the object is absent.
    pub(crate) expires_us: i64,
    pub(crate) payload: Payload,
}

/// What every object has, in half a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(crate) struct Spot {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) time_us: i64,
    pub(crate) index: u32,
}

/// The rows of a leaf. What a move in place and a scan look at stands first.
#[derive(Default)]
#[repr(C)]
pub(crate) struct Columns {
    /// Whether all rows lie on one place, so that no plane can part them.
    one_place: bool,
    /// Whether any row expires, and has a payload: both spare the look at columns that are seldom
    /// there and stand further away.
    pub(crate) has_expiry: bool,
    pub(crate) has_payload: bool,
    /// Whether the leaf keeps its rows in the order of their ids.
    has_order: bool,
    pub(crate) spots: Vec<Spot>,
    /// Empty while every altitude is 0.
    pub(crate) z: Vec<f64>,
    /// Empty while no row expires.
    pub(crate) expires_us: Vec<i64>,
    /// Empty while no row has a payload.
    pub(crate) payload: Vec<Payload>,
}

impl Columns {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.spots.len()
    }

    #[inline]
    pub(crate) fn altitude(&self, row: usize) -> f64 {
        self.z.get(row).copied().unwrap_or(0.0)
    }

    #[inline]
    pub(crate) fn position(&self, row: usize) -> Point {
        let spot = &self.spots[row];
        Point::new_3d(spot.x, spot.y, self.altitude(row))
    }

    #[inline]
    pub(crate) fn coordinates(&self, row: usize) -> [f64; DIMS] {
        coordinates(self.position(row))
    }

    #[inline]
    pub(crate) fn expires_us(&self, row: usize) -> i64 {
        match self.has_expiry {
            true => self.expires_us.get(row).copied().unwrap_or(NEVER),
            false => NEVER,
        }
    }

    #[inline]
    pub(crate) fn payload(&self, row: usize) -> Payload {
        match self.has_payload {
            true => self.payload.get(row).cloned().flatten(),
            false => None,
        }
    }

    /// Bytes of its payload; 0 if it has none.
    #[inline]
    pub(crate) fn payload_bytes(&self, row: usize) -> usize {
        match self.has_payload {
            true => self.payload.get(row).and_then(Option::as_ref).map_or(0, |held| held.len()),
            false => 0,
        }
    }

    pub(crate) fn row(&self, row: usize) -> Row {
        Row {
            index: self.spots[row].index,
            position: self.position(row),
            time_us: self.spots[row].time_us,
            expires_us: self.expires_us(row),
            payload: self.payload(row),
        }
    }

    fn push(&mut self, row: Row) {
        let rows = self.len();
        let Point { x, y, z } = row.position;
        if self.spots.capacity() == rows {
            // Leaves hold about as much for long, so doubling would leave half of it unused.
            self.spots.reserve_exact((rows / 4).max(ROOM));
        }
        self.spots.push(Spot { x, y, time_us: row.time_us, index: row.index });
        push_sparse(&mut self.z, rows, z, 0.0, is_plain_zero);
        if self.has_expiry || row.expires_us != NEVER {
            push_sparse(&mut self.expires_us, rows, row.expires_us, NEVER, |&e| e == NEVER);
            self.has_expiry = !self.expires_us.is_empty();
        }
        if self.has_payload || row.payload.is_some() {
            push_sparse(&mut self.payload, rows, row.payload, None, Option::is_none);
            self.has_payload = !self.payload.is_empty();
        }
    }

    fn swap_remove(&mut self, row: usize) -> Row {
        let spot = self.spots.swap_remove(row);
        let z = if self.z.is_empty() { 0.0 } else { self.z.swap_remove(row) };
        Row {
            index: spot.index,
            position: Point::new_3d(spot.x, spot.y, z),
            time_us: spot.time_us,
            expires_us: match self.has_expiry {
                true => self.expires_us.swap_remove(row),
                false => NEVER,
            },
            payload: match self.has_payload {
                true => self.payload.swap_remove(row),
                false => None,
            },
        }
    }

    fn extent(&self) -> Extent {
        let mut extent = Extent::EMPTY;
        (0..self.len()).for_each(|row| extent.add(&self.coordinates(row)));
        extent
    }

    fn heap_bytes(&self) -> usize {
        let payloads: usize =
            self.payload.iter().flatten().map(|bytes| bytes.len() + 2 * size_of::<usize>()).sum();
        self.spots.capacity() * size_of::<Spot>()
            + self.z.capacity() * size_of::<f64>()
            + self.expires_us.capacity() * size_of::<i64>()
            + self.payload.capacity() * size_of::<Payload>()
            + payloads
    }
}

/// Altitude 0, but not -0: coordinates are kept to the last bit.
fn is_plain_zero(z: &f64) -> bool {
    z.to_bits() == 0
}

/// Adds to a column that stays empty while every value is the ordinary one.
fn push_sparse<T: Clone>(
    column: &mut Vec<T>,
    rows: usize,
    value: T,
    ordinary: T,
    is_ordinary: impl Fn(&T) -> bool,
) {
    if column.is_empty() {
        if is_ordinary(&value) {
            return;
        }
        column.resize(rows, ordinary);
    }
    column.push(value);
}

/// Writes into such a column.
fn set_sparse<T: Clone>(
    column: &mut Vec<T>,
    (row, rows): (usize, usize),
    value: T,
    ordinary: T,
    is_ordinary: impl Fn(&T) -> bool,
) {
    if column.is_empty() {
        if is_ordinary(&value) {
            return;
        }
        column.resize(rows, ordinary);
    }
    column[row] = value;
}

/// The last objects that left a leaf for another one, and in which epochs; in a cache line.
#[derive(Default)]
#[repr(C)]
struct Departures {
    /// So that the rest begins with a cache line.
    _before: u64,
    epochs: [u64; RING],
    indexes: [u32; RING],
    count: usize,
}

/// A leaf: its cell, its rows, and what an overlapping query must know of it. The fields stand in
/// the order of their use: a move in place and a scan need the first two cache lines only, one that
/// leaves needs the last too.
#[repr(C)]
pub(crate) struct Leaf {
    pub(crate) cell: Cell,
    /// The epoch of the last departure or arrival; before it a query need not look further.
    stirred: u64,
    columns: Columns,
    order: Option<Box<Order>>,
    departures: Departures,
}

impl Default for Leaf {
    fn default() -> Self {
        Leaf {
            cell: Cell::NONE,
            stirred: 0,
            columns: Columns::default(),
            order: None,
            departures: Departures::default(),
        }
    }
}

impl Leaf {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.columns.len()
    }

    #[inline]
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Whether it holds more than it should and could be parted.
    #[inline]
    pub(crate) fn is_overfull(&self) -> bool {
        self.len() > SPLIT_AT && !self.columns.one_place
    }

    /// Measures the rows and notes whether they share one place.
    pub(crate) fn measure(&mut self) -> Extent {
        let extent = self.columns.extent();
        self.columns.one_place = self.len() > 0 && extent.is_one_place();
        extent
    }

    /// The order of the rows by id, if they are many and share one place.
    pub(crate) fn order(&self) -> Option<&Order> {
        self.order.as_deref().filter(|_| self.columns.one_place)
    }

    /// Adds a row and returns its number.
    pub(crate) fn push(&mut self, row: Row) -> usize {
        self.notice_place(row.position);
        self.note_in_order(row.index);
        self.columns.push(row);
        if self.len() > ORDER_AT && self.columns.one_place && !self.columns.has_order {
            self.order = Some(Box::default());
            self.columns.has_order = true;
        }
        self.len() - 1
    }

    /// Takes a row out; the last row, if another, takes its number.
    pub(crate) fn swap_remove(&mut self, row: usize) -> Row {
        let taken = self.columns.swap_remove(row);
        self.note_in_order(taken.index);
        if self.columns.has_order && self.len() < ORDER_AT / 2 {
            self.order = None;
            self.columns.has_order = false;
        }
        if self.len() == 0 {
            self.columns.one_place = false;
        }
        taken
    }

    #[inline]
    fn note_in_order(&mut self, index: u32) {
        if self.columns.has_order
            && let Some(order) = &self.order
        {
            order.note(index, self.columns.len());
        }
    }

    /// Changes a row in place; `payload` `None` keeps what there is.
    #[inline]
    pub(crate) fn write(
        &mut self,
        row: usize,
        position: Point,
        time_us: i64,
        expires_us: i64,
        payload: Option<Payload>,
    ) {
        self.notice_place_of_other(row, position);
        let rows = self.columns.len();
        let columns = &mut self.columns;
        let spot = &mut columns.spots[row];
        (spot.x, spot.y, spot.time_us) = (position.x, position.y, time_us);
        set_sparse(&mut columns.z, (row, rows), position.z, 0.0, is_plain_zero);
        if columns.has_expiry || expires_us != NEVER {
            set_sparse(&mut columns.expires_us, (row, rows), expires_us, NEVER, |&e| e == NEVER);
            columns.has_expiry = true;
        }
        if let Some(payload) = payload {
            set_sparse(&mut columns.payload, (row, rows), payload, None, Option::is_none);
            columns.has_payload = !columns.payload.is_empty();
        }
    }

    /// Keeps `one_place` true to the rows, now that one more stands at `position`.
    fn notice_place(&mut self, position: Point) {
        if self.len() == 0 {
            self.columns.one_place = true;
        } else if self.columns.one_place {
            self.columns.one_place =
                self.columns.coordinates(0) == [position.x, position.y, position.z];
        }
    }

    #[inline]
    fn notice_place_of_other(&mut self, row: usize, position: Point) {
        if self.columns.one_place {
            let place = [position.x, position.y, position.z];
            self.columns.one_place = self.columns.coordinates(row) == place || self.len() == 1;
        }
    }

    /// Notes that `index` left for another leaf during `epoch`.
    pub(crate) fn note_departure(&mut self, epoch: u64, index: u32) {
        self.stirred = epoch;
        let departures = &mut self.departures;
        departures.epochs[departures.count % RING] = epoch;
        departures.indexes[departures.count % RING] = index;
        departures.count += 1;
    }

    /// Notes that an object came from another leaf during `epoch`.
    pub(crate) fn note_arrival(&mut self, epoch: u64) {
        self.stirred = epoch;
    }

    /// Whether an object came from or went to another leaf since `epoch`.
    #[inline]
    pub(crate) fn stirred_since(&self, epoch: u64) -> bool {
        self.stirred >= epoch
    }

    /// Tells `found` every object that left since `epoch`; false if more left than are remembered.
    #[cold]
    pub(crate) fn departures_since(&self, epoch: u64, mut found: impl FnMut(u32)) -> bool {
        let Departures { epochs, indexes, count, .. } = &self.departures;
        let held = (*count).min(RING);
        let since = epochs.iter().zip(indexes).take(held).filter(|(when, _)| **when >= epoch);
        let mut late = 0;
        since.for_each(|(_, &index)| {
            late += 1;
            found(index);
        });
        late < RING
    }

    /// Bytes held by the columns and what they own.
    pub(crate) fn heap_bytes(&self) -> usize {
        let order = self.order.as_ref().map_or(0, |order| order.heap_bytes());
        self.columns.heap_bytes() + order
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use smol_str::SmolStr;

    fn row(index: u32, x: f64, z: f64) -> Row {
        let position = Point::new_3d(x, 0.0, z);
        Row { index, position, time_us: 1, expires_us: NEVER, payload: None }
    }

    fn name(index: u32) -> Option<SmolStr> {
        Some(SmolStr::new(format!("{index:05}")))
    }

    /// The objects in order, if there is one.
    fn ordered(leaf: &Leaf) -> Option<Vec<u32>> {
        let spots = &leaf.columns.spots;
        let is_here = |index: u32| spots.iter().any(|spot| spot.index == index);
        let mut told = Vec::new();
        leaf.order()?.read(spots, is_here, name, |sorted| told.extend(sorted));
        Some(told)
    }

    #[test]
    fn rows_come_back_as_they_went_in_and_sparse_columns_stay_absent() {
        let mut leaf = Leaf::default();
        let payload: Payload = Some(Arc::from(&b"abc"[..]));
        leaf.push(row(1, 1.0, 0.0));
        assert!(leaf.columns.z.is_empty() && leaf.columns.payload.is_empty());
        let full = Row { expires_us: 9, payload: payload.clone(), ..row(2, 2.0, -0.0) };
        leaf.push(full.clone());
        leaf.push(row(3, 3.0, 7.0));
        assert_eq!(leaf.columns.row(1), full);
        assert!(leaf.columns.row(1).position.z.is_sign_negative());
        assert_eq!(leaf.swap_remove(0), row(1, 1.0, 0.0));
        assert_eq!(leaf.columns.row(0), row(3, 3.0, 7.0));
        leaf.write(0, Point::new(5.0, 6.0), 2, NEVER, Some(payload.clone()));
        assert_eq!(leaf.columns.row(0).payload, payload);
        assert_eq!(leaf.columns.row(0).position, Point::new(5.0, 6.0));
    }

    #[test]
    fn one_place_is_noticed_and_its_rows_are_kept_in_order_of_id() {
        let mut leaf = Leaf::default();
        for index in (0..1_000).rev() {
            leaf.push(row(index, 4.0, 0.0));
        }
        assert!(!leaf.is_overfull(), "no plane parts one place");
        assert_eq!(ordered(&leaf), Some((0..1_000).collect()));
        leaf.swap_remove(999);
        leaf.push(row(2_000, 4.0, 0.0));
        leaf.push(row(0, 4.0, 0.0));
        leaf.swap_remove(0);
        assert_eq!(ordered(&leaf), Some((0..999).chain([2_000]).collect()));
        leaf.write(0, Point::new(4.5, 0.0), 2, NEVER, None);
        assert!(leaf.is_overfull() && leaf.order().is_none());
        leaf.write(0, Point::new(4.0, 0.0), 3, NEVER, None);
        leaf.measure();
        assert_eq!(ordered(&leaf).map(|order| order.len()), Some(1_000));
    }

    #[test]
    fn departures_are_told_by_epoch_until_the_ring_is_full() {
        let mut leaf = Leaf::default();
        let since = |leaf: &Leaf, epoch| {
            let mut found = Vec::new();
            leaf.departures_since(epoch, |index| found.push(index)).then_some(found)
        };
        leaf.note_departure(3, 30);
        leaf.note_departure(4, 40);
        assert_eq!(since(&leaf, 4), Some(vec![40]));
        assert_eq!(since(&leaf, 5), Some(vec![]));
        (0..RING as u32).for_each(|index| leaf.note_departure(6, index));
        assert_eq!(since(&leaf, 6), None);
        assert_eq!(since(&leaf, 7), Some(vec![]));
    }
}
