//! A hash table from the hashes of ids to their indexes, which is read without a lock.
//!
//! Owns: the slots, and how they are divided among stripes that are written one by one. Does not
//! own the ids; the caller says whether an index is the one that is looked for. Invariants: an
//! entry, once there, is there for ever; a stripe is written under its lock; what is found is sure
//! because the caller has compared the id, and what is not found is sure because the stripe has as
//! many groups as before: while entries are dealt out anew it has none that a reader may use.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::chunks::Chunks;
use crate::sync::atomic::{AtomicU32, AtomicU64};
use crate::sync::{Mutex, MutexGuard};

#[cfg(not(loom))]
pub(super) const STRIPES: usize = 64;
#[cfg(loom)]
pub(super) const STRIPES: usize = 2;
/// Slots of a group: two cache lines, which are fetched together.
#[cfg(not(loom))]
const SLOTS: usize = 16;
#[cfg(loom)]
const SLOTS: usize = 2;
/// Entries for each group, on average, from which on a stripe grows.
const FULL: usize = SLOTS - SLOTS.div_ceil(6);
const EMPTY: u64 = 0;
/// Stands in for the number of groups while entries are dealt out anew.
const BUSY: u32 = u32::MAX;

/// The hash of an id. Its highest bit is set, so that no entry looks like an empty slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash(u32);

impl Hash {
    #[inline]
    pub(super) fn new(hash: u64) -> Self {
        Hash(hash as u32 | 1 << 31)
    }

    #[inline]
    pub(super) fn stripe(self) -> usize {
        self.0 as usize % STRIPES
    }

    /// Where the search begins in a stripe of so many groups: the group, and the slot within.
    #[inline]
    fn start(self, groups: u32) -> (u32, usize) {
        let mixed = u64::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let group = ((mixed >> 32) * u64::from(groups)) >> 32;
        (group as u32, (mixed >> 31) as usize % 2 * (SLOTS / 2))
    }
}

#[derive(Default)]
#[repr(align(128))]
struct Group([AtomicU64; SLOTS]);

/// What the writers of a stripe share.
#[derive(Debug, Default)]
pub(super) struct Series {
    entries: usize,
    /// How many indexes of this stripe's series were given.
    pub(super) given: u32,
}

#[derive(Default)]
#[repr(align(64))]
struct Stripe {
    /// Only ever more, but for the time in which it is [`BUSY`].
    groups: AtomicU32,
    series: Mutex<Series>,
}

/// The table.
pub(super) struct Table {
    /// Group `g` of stripe `s` is number `g * STRIPES + s`, so that stripes grow together.
    groups: Chunks<Group>,
    stripes: Box<[Stripe]>,
}

/// The next larger number of groups: together those of all stripes fill the array's chunks.
fn more(groups: u32) -> u32 {
    let filled = groups + 1;
    filled + ((1 << filled.ilog2()) / 4).max(1) - 1
}

impl Table {
    pub(super) fn new() -> Self {
        let stripes = (0..STRIPES).map(|_| Stripe::default()).collect();
        Table { groups: Chunks::new(), stripes }
    }

    /// Locks a stripe for writing.
    pub(super) fn lock(&self, stripe: usize) -> MutexGuard<'_, Series> {
        self.stripes[stripe].series.lock()
    }

    #[inline]
    fn group(&self, stripe: usize, group: u32) -> Option<&[AtomicU64; SLOTS]> {
        self.groups.get(group as usize * STRIPES + stripe).map(|group| &group.0)
    }

    /// The index with that hash for which `is_it` holds.
    #[inline]
    pub(super) fn find(&self, hash: Hash, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let stripe = &self.stripes[hash.stripe()];
        let groups = stripe.groups.load(Acquire);
        if groups != BUSY {
            let found = self.probe(hash, groups, &mut is_it);
            if found.is_some() || stripe.groups.load(Acquire) == groups {
                return found;
            }
        }
        self.find_locked(&self.lock(hash.stripe()), hash, is_it)
    }

    /// The same for who holds the stripe's lock.
    #[cold]
    pub(super) fn find_locked(
        &self,
        _: &Series,
        hash: Hash,
        is_it: impl FnMut(u32) -> bool,
    ) -> Option<u32> {
        self.probe(hash, self.stripes[hash.stripe()].groups.load(Acquire), is_it)
    }

    #[inline]
    fn probe(&self, hash: Hash, groups: u32, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let (mut group, start) = hash.start(groups);
        for _ in 0..groups {
            let slots = self.group(hash.stripe(), group)?;
            for slot in 0..SLOTS {
                let entry = slots[(start + slot) % SLOTS].load(Acquire);
                if entry == EMPTY {
                    return None;
                }
                if (entry >> 32) as u32 == hash.0 && is_it(entry as u32) {
                    return Some(entry as u32);
                }
            }
            group = if group + 1 == groups { 0 } else { group + 1 };
        }
        None
    }

    /// Adds an index that is not there; `series` is that of the hash's stripe.
    pub(super) fn insert(&self, series: &mut Series, hash: Hash, index: u32) {
        let number = hash.stripe();
        let size = &self.stripes[number].groups;
        let mut groups = size.load(Relaxed);
        if series.entries >= groups as usize * FULL {
            let entries = self.entries_of(series, number);
            // A reader that saw any of what follows sees this, too, when it asks again.
            size.store(BUSY, Relaxed);
            for group in (0..groups).filter_map(|group| self.group(number, group)) {
                group.iter().for_each(|slot| slot.store(EMPTY, Release));
            }
            groups = more(groups);
            for entry in entries {
                self.put(Hash((entry >> 32) as u32), groups, entry);
            }
            size.store(groups, Release);
        }
        self.put(hash, groups, u64::from(hash.0) << 32 | u64::from(index));
        series.entries += 1;
    }

    /// Puts an entry into the first free slot of its search; there is one.
    fn put(&self, hash: Hash, groups: u32, entry: u64) {
        let (mut group, start) = hash.start(groups);
        loop {
            let slots = &self.groups.grow(group as usize * STRIPES + hash.stripe()).0;
            let search = (0..SLOTS).map(|slot| &slots[(start + slot) % SLOTS]);
            if let Some(free) = search.into_iter().find(|slot| slot.load(Relaxed) == EMPTY) {
                return free.store(entry, Release);
            }
            group = (group + 1) % groups;
        }
    }

    fn entries_of(&self, _: &Series, stripe: usize) -> Vec<u64> {
        let groups = self.stripes[stripe].groups.load(Relaxed);
        let slots = (0..groups).filter_map(|group| self.group(stripe, group)).flatten();
        slots.map(|slot| slot.load(Relaxed)).filter(|&entry| entry != EMPTY).collect()
    }

    /// Every index, in no promised order.
    pub(super) fn indexes(&self) -> Vec<u32> {
        let entries = (0..STRIPES).flat_map(|stripe| self.entries_of(&self.lock(stripe), stripe));
        entries.map(|entry| entry as u32).collect()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.groups.heap_bytes() + self.stripes.len() * size_of::<Stripe>()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn all_entries_are_found_again_even_where_all_hashes_are_one() {
        let table = Table::new();
        // Three hashes for three thousand indexes: each is told by its number alone.
        let hash = |index: u32| Hash::new(u64::from(index % 3) << 8);
        for index in 0..3_000 {
            assert_eq!(table.find(hash(index), |found| found == index), None);
            table.insert(&mut table.lock(hash(index).stripe()), hash(index), index);
            assert_eq!(table.find(hash(index), |found| found == index), Some(index));
        }
        assert!((0..3_000).all(|index| table.find(hash(index), |found| found == index).is_some()));
        let mut all = table.indexes();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..3_000));
    }

    #[test]
    fn stripes_grow_by_about_a_quarter_and_fill_the_chunks() {
        let sizes: Vec<u32> =
            std::iter::successors(Some(0), |&groups| Some(more(groups))).take(16).collect();
        assert_eq!(sizes, [0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 15, 19, 23, 27, 31]);
    }
}
