//! Where everything is: the hot index of one namespace.
//!
//! Owns: the place of every live object (leaf and row), and inserting, moving and removing as one
//! operation each. Does not own names' meaning, time rules or durability; `db` decides what is
//! late. Invariants: the place of an object changes
//! only under the write lock of the leaf that holds it; whoever locks two leaves locks the lower
//! number first, or only tries the second; an object that is not live is inserted by one thread at
//! a time, which `db` sees to with the object's lock.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

use super::cell::{DIMS, coordinates};
use super::chunks::Chunks;
use super::compass::Hint;
use super::ids::Ids;
use super::leaf::{Leaf, Payload, Row};
use super::tree::{Child, Tree};
use crate::geom::{Point, Space};
use crate::sync::RwLockWriteGuard;
use crate::sync::atomic::{AtomicU64, AtomicUsize};

/// A new state for an object; `payload` `None` keeps what there is.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    pub(crate) position: Point,
    pub(crate) time_us: i64,
    pub(crate) expires_us: i64,
    pub(crate) payload: Option<Payload>,
}

/// The index of one namespace.
pub(crate) struct HotIndex {
    pub(crate) space: Space,
    pub(crate) ids: Ids,
    pub(super) tree: Tree,
    /// For each index: 0 if it is not live, else leaf number + 1 and row number.
    pub(super) places: Chunks<AtomicU64>,
    live: AtomicUsize,
    /// Counts queries; tells a query what moved since it began.
    pub(super) epoch: AtomicU64,
}

const NOWHERE: u64 = 0;

fn pack(leaf: u32, row: usize) -> u64 {
    (u64::from(leaf) + 1) << 32 | row as u64
}

/// Leaf and row of a packed place.
fn unpack(place: u64) -> Option<(u32, usize)> {
    let leaf = (place >> 32).checked_sub(1)?;
    Some((leaf as u32, place as u32 as usize))
}

impl HotIndex {
    pub(crate) fn new(space: Space) -> Self {
        HotIndex {
            space,
            ids: Ids::new(),
            tree: Tree::new(),
            places: Chunks::new(),
            live: AtomicUsize::new(0),
            epoch: AtomicU64::new(0),
        }
    }

    /// Live objects, those that expired but were not swept yet included.
    pub(crate) fn len(&self) -> usize {
        self.live.load(Relaxed)
    }

    #[inline]
    pub(super) fn place(&self, index: u32) -> Option<(u32, usize)> {
        unpack(self.places.get(index as usize)?.load(Acquire))
    }

    /// The row of an object that stands in a leaf which the caller has locked.
    pub(crate) fn row_in_locked_leaf(&self, index: u32) -> Option<usize> {
        self.place(index).map(|(_, row)| row)
    }

    /// Whether an object is live.
    #[inline]
    pub(crate) fn is_live(&self, index: u32) -> bool {
        self.place(index).is_some()
    }

    /// Runs `read` on the leaf and row of a live object, under the leaf's lock.
    pub(crate) fn read<T>(&self, index: u32, read: impl Fn(&Leaf, usize) -> T) -> Option<T> {
        loop {
            let (number, row) = self.place(index)?;
            let slot = self.tree.slot(number);
            // Taking the lock would hold the row's loading up.
            slot.fetch_row(row);
            let leaf = slot.lock.read();
            // Only under the lock is the place sure.
            match self.place(index)? {
                (held, row) if held == number => return Some(read(&leaf, row)),
                _ => {}
            }
        }
    }

    /// The state of a live object.
    pub(crate) fn get(&self, index: u32) -> Option<Row> {
        self.read(index, |leaf, row| leaf.columns().row(row))
    }

    /// Time and expiry of a live object.
    pub(crate) fn times(&self, index: u32) -> Option<(i64, i64)> {
        self.read(index, |leaf, row| {
            (leaf.columns().spots[row].time_us, leaf.columns().expires_us(row))
        })
    }

    /// Grows all arrays, as a model must not create a lock while its threads run.
    #[cfg(all(test, loom))]
    pub(super) fn make_room(&self, objects: u32) {
        for number in 0..objects {
            self.places.grow(number as usize);
            self.tree.make_room(number);
        }
    }

    /// Gives an object its state, wherever it was or was not before.
    pub(crate) fn put(&self, index: u32, new: Placement) {
        match self.advance(index, new, |_, _| true) {
            Ok(_) => {}
            Err(new) => self.insert(index, &coordinates(new.position), new),
        }
    }

    /// Gives a live object its state if `admits` its present time and expiry, in one step; tells
    /// whether it did, or gives the state back for an object that is not live.
    #[inline]
    pub(crate) fn advance(
        &self,
        index: u32,
        mut new: Placement,
        admits: impl Fn(i64, i64) -> bool,
    ) -> Result<bool, Placement> {
        let c = coordinates(new.position);
        loop {
            let Some((from, _)) = self.place(index) else { return Err(new) };
            let mut source = self.tree.leaf(from).write();
            let row = match self.place(index) {
                Some((held, row)) if held == from => row,
                _ => continue,
            };
            let columns = source.columns();
            if !admits(columns.spots[row].time_us, columns.expires_us(row)) {
                return Ok(false);
            }
            if source.cell.contains(&c) {
                source.write(row, new.position, new.time_us, new.expires_us, new.payload);
                self.leave_split(from, source);
                return Ok(true);
            }
            // Its place is about to change with that of the object that leaves.
            if let Some(last) = columns.spots.last() {
                self.fetch_place(last.index);
            }
            match self.carry(index, (from, source), &c, new, &admits) {
                Ok(is_admitted) => return Ok(is_admitted),
                Err(again) => new = again,
            }
        }
    }

    fn insert(&self, index: u32, c: &[f64; DIMS], new: Placement) {
        let row = Row {
            index,
            position: new.position,
            time_us: new.time_us,
            expires_us: new.expires_us,
            payload: new.payload.flatten(),
        };
        loop {
            let number = match self.tree.seek(c) {
                Child::Leaf(number) => number,
                _ => {
                    self.plant(c);
                    continue;
                }
            };
            let mut leaf = self.tree.leaf(number).write();
            if !leaf.cell.contains(c) {
                drop(leaf);
                self.tree.forget_hint(c);
                continue;
            }
            self.places.grow(index as usize);
            self.put_row(number, &mut leaf, row);
            self.live.fetch_add(1, Relaxed);
            return self.leave_split(number, leaf);
        }
    }

    /// Carries an object from its locked leaf into another; gives `new` back if it must be tried
    /// again from the start.
    fn carry(
        &self,
        index: u32,
        (from, source): (u32, RwLockWriteGuard<'_, Leaf>),
        c: &[f64; DIMS],
        new: Placement,
        admits: &impl Fn(i64, i64) -> bool,
    ) -> Result<bool, Placement> {
        let (mut source, to, mut target) = match self.hinted(from, c) {
            Some((to, target)) => (source, to, target),
            None => match self.sought((from, source), c) {
                Some(both) => both,
                None => return Err(new),
            },
        };
        let row = match self.place(index) {
            Some((held, row)) if held == from && target.cell.contains(c) => row,
            _ => {
                drop((source, target));
                self.tree.forget_hint(c);
                return Err(new);
            }
        };
        // Between the two ways to lock, the object may have been changed by another thread.
        let columns = source.columns();
        if !admits(columns.spots[row].time_us, columns.expires_us(row)) {
            return Ok(false);
        }
        // With both locks held, so that a query that has already read the target and not yet the
        // source has surely begun an epoch that this load sees.
        let epoch = self.epoch.load(SeqCst);
        let mut state = self.take_row(from, &mut source, row);
        source.note_departure(epoch, index);
        target.note_arrival(epoch);
        state.position = new.position;
        state.time_us = new.time_us;
        state.expires_us = new.expires_us;
        if let Some(payload) = new.payload {
            state.payload = payload;
        }
        self.put_row(to, &mut target, state);
        let is_sparse = source.len() < super::leaf::SPLIT_AT / 4;
        drop(source);
        self.leave_split(to, target);
        if is_sparse {
            self.merge(from);
        }
        Ok(true)
    }

    /// The leaf that is hinted at for `c`, locked, if it is another one than `from`, free, and the
    /// right one: as a rule it is, and then no plane is looked at.
    #[inline]
    fn hinted(&self, from: u32, c: &[f64; DIMS]) -> Option<(u32, RwLockWriteGuard<'_, Leaf>)> {
        let to = self.tree.compass.hint(c).and_then(Hint::leaf).filter(|&to| to != from)?;
        let target = self.tree.leaf(to).try_write()?;
        target.cell.contains(c).then_some((to, target))
    }

    /// The leaf for `c` as the planes have it, locked together with the one to leave; `None` if
    /// there was none, or another thread changed planes: then it must be tried again.
    fn sought<'a>(
        &'a self,
        (from, source): (u32, RwLockWriteGuard<'a, Leaf>),
        c: &[f64; DIMS],
    ) -> Option<(RwLockWriteGuard<'a, Leaf>, u32, RwLockWriteGuard<'a, Leaf>)> {
        let to = match self.seek_near(from, c) {
            Child::Leaf(to) if to != from => to,
            Child::Leaf(_) => {
                self.tree.forget_hint(c);
                return None;
            }
            _ => {
                drop(source);
                self.plant(c);
                return None;
            }
        };
        if let Some(target) = self.tree.leaf(to).try_write() {
            return Some((source, to, target));
        }
        drop(source);
        let first = self.tree.leaf(from.min(to)).write();
        let second = self.tree.leaf(from.max(to)).write();
        Some(if from < to { (first, to, second) } else { (second, to, first) })
    }

    /// The leaf for `c`: a step leads to a cell near the one it came from, a jump anywhere.
    #[inline]
    fn seek_near(&self, from: u32, c: &[f64; DIMS]) -> Child {
        match self.tree.compass.hint(c).and_then(Hint::leaf) {
            Some(_) => self.tree.seek(c),
            None => self.tree.seek_from(from, c),
        }
    }

    /// Takes a live object out.
    pub(crate) fn remove(&self, index: u32) -> Option<Row> {
        loop {
            let (number, _) = self.place(index)?;
            let mut leaf = self.tree.leaf(number).write();
            let row = match self.place(index)? {
                (held, row) if held == number => row,
                _ => continue,
            };
            let taken = self.take_row(number, &mut leaf, row);
            self.set_place(index, NOWHERE);
            self.live.fetch_sub(1, Relaxed);
            let is_sparse = leaf.len() < super::leaf::SPLIT_AT / 4;
            drop(leaf);
            if is_sparse {
                self.merge(number);
            }
            return Some(taken);
        }
    }

    /// The objects that have expired at `now_us`.
    pub(crate) fn expired(&self, now_us: i64) -> Vec<u32> {
        let mut expired = Vec::new();
        let used = self.tree.structure.lock().leaf_hooks.len();
        for number in 0..used {
            let leaf = self.tree.leaf(number as u32).read();
            let columns = leaf.columns();
            let due = columns.expires_us.iter().zip(&columns.spots);
            expired.extend(due.filter(|(at, _)| **at <= now_us).map(|(_, spot)| spot.index));
        }
        expired
    }

    fn leave_split(&self, number: u32, leaf: RwLockWriteGuard<'_, Leaf>) {
        let is_overfull = leaf.is_overfull();
        drop(leaf);
        if is_overfull {
            self.split(number);
        }
    }

    fn set_place(&self, index: u32, place: u64) {
        self.places.grow(index as usize).store(place, Release);
    }

    /// Takes a row out of a locked leaf and mends the place of the row that took its number.
    pub(super) fn take_row(&self, number: u32, leaf: &mut Leaf, row: usize) -> Row {
        let taken = leaf.swap_remove(row);
        if let Some(moved) = leaf.columns().spots.get(row) {
            self.set_place(moved.index, pack(number, row));
        }
        self.tree.slot(number).rows.note(&leaf.columns().spots);
        taken
    }

    /// Puts a row into a locked leaf and notes its place.
    pub(super) fn put_row(&self, number: u32, leaf: &mut Leaf, row: Row) {
        let index = row.index;
        let row = leaf.push(row);
        self.set_place(index, pack(number, row));
        self.tree.slot(number).rows.note(&leaf.columns().spots);
    }

    /// Bytes held, and the number of leaves.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.ids.heap_bytes() + self.tree.heap_bytes() + self.places.heap_bytes()
    }

    /// Leaves in use.
    pub(crate) fn leaves(&self) -> usize {
        self.tree.structure.lock().leaves()
    }
}
