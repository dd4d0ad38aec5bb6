//! The names of objects: text to a dense number and back, for ever.
//!
//! Owns: the striped hash tables from id to index, and the array from index to id. Does not own
//! whether an object is live. Invariants: an index is never given to a second id; an id that was
//! given an index keeps it; the id of an index is read without a lock.

use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;

use ahash::RandomState;
use hashbrown::HashTable;
use smol_str::SmolStr;

use super::chunks::Chunks;
use crate::sync::RwLock;

#[cfg(not(loom))]
const STRIPES: usize = 64;
#[cfg(loom)]
const STRIPES: usize = 2;

/// An index with the hash of its id, so that a growing table need not read the ids again.
#[derive(Clone, Copy)]
struct Entry {
    hash: u32,
    index: u32,
}

/// What a table is given for a hash: all 64 bits of it must be mixed.
#[inline]
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// One stripe: the ids whose hash falls on it, and the next index it may give.
#[derive(Default)]
#[repr(align(64))]
struct Stripe {
    table: HashTable<Entry>,
    /// Indexes of stripe `s` are `s`, `s + STRIPES`, `s + 2 * STRIPES` ...: this counts them.
    next: u32,
}

/// Every id ever seen in one namespace.
pub(crate) struct Ids {
    hasher: RandomState,
    stripes: Box<[RwLock<Stripe>]>,
    names: Chunks<OnceLock<SmolStr>>,
}

/// No more indexes: four thousand million ids were used.
#[derive(Debug)]
pub(crate) struct Exhausted;

impl Ids {
    pub(crate) fn new() -> Self {
        Ids {
            hasher: RandomState::new(),
            stripes: (0..STRIPES).map(|_| RwLock::new(Stripe::default())).collect(),
            names: Chunks::new(),
        }
    }

    #[inline]
    fn hash(&self, id: &str) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(id.as_bytes());
        hasher.finish() as u32
    }

    #[inline]
    fn stripe_of(hash: u32) -> usize {
        hash as usize % STRIPES
    }

    /// The index of `id` in its stripe.
    #[inline]
    fn look_up(&self, stripe: &Stripe, hash: u32, id: &str) -> Option<u32> {
        let is_it = |entry: &Entry| entry.hash == hash && self.name(entry.index) == Some(id);
        stripe.table.find(spread(hash), is_it).map(|entry| entry.index)
    }

    /// The index of `id`, if it was ever interned.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        let hash = self.hash(id);
        let stripe = self.stripes[Self::stripe_of(hash)].read();
        self.look_up(&stripe, hash, id)
    }

    /// The index of `id`, a new one if it was never seen.
    pub(crate) fn intern(&self, id: &str) -> Result<u32, Exhausted> {
        if let Some(index) = self.find(id) {
            return Ok(index);
        }
        let hash = self.hash(id);
        let number = Self::stripe_of(hash);
        let mut stripe = self.stripes[number].write();
        if let Some(index) = self.look_up(&stripe, hash, id) {
            return Ok(index);
        }
        let index = u64::from(stripe.next) * STRIPES as u64 + number as u64;
        let index = u32::try_from(index).map_err(|_| Exhausted)?;
        stripe.next += 1;
        self.insert(&mut stripe, hash, index, id);
        Ok(index)
    }

    /// Gives `id` the index that it had when it was written down; for recovery. An index or an id
    /// that is taken by another keeps what it has, and the answer is false.
    pub(crate) fn restore(&self, id: &str, index: u32) -> bool {
        // The hash differs from run to run, so the index may belong to another stripe's series
        // than the one whose table holds the id; that series must not give it again.
        {
            let mut series = self.stripes[index as usize % STRIPES].write();
            series.next = series.next.max(index / STRIPES as u32 + 1);
        }
        if let Some(held) = self.name(index) {
            return held == id;
        }
        let hash = self.hash(id);
        let mut stripe = self.stripes[Self::stripe_of(hash)].write();
        if self.look_up(&stripe, hash, id).is_some() {
            return false;
        }
        self.insert(&mut stripe, hash, index, id);
        true
    }

    fn insert(&self, stripe: &mut Stripe, hash: u32, index: u32, id: &str) {
        self.names.grow(index as usize).get_or_init(|| SmolStr::new(id));
        stripe.table.insert_unique(spread(hash), Entry { hash, index }, |entry| spread(entry.hash));
    }

    /// The id of an index, if it was given.
    #[inline]
    pub(crate) fn name(&self, index: u32) -> Option<&str> {
        self.smol(index).map(SmolStr::as_str)
    }

    /// The id of an index as a value that is cheap to keep.
    #[inline]
    pub(crate) fn smol(&self, index: u32) -> Option<&SmolStr> {
        self.names.get(index as usize)?.get()
    }

    /// Every index that was given, in no promised order.
    pub(crate) fn indexes(&self) -> Vec<u32> {
        let mut all = Vec::new();
        for stripe in &self.stripes {
            all.extend(stripe.read().table.iter().map(|entry| entry.index));
        }
        all
    }

    /// Bytes held by names and tables.
    pub(crate) fn heap_bytes(&self) -> usize {
        let tables: usize =
            self.stripes.iter().map(|stripe| stripe.read().table.allocation_size()).sum();
        self.names.heap_bytes() + tables + self.stripes.len() * size_of::<RwLock<Stripe>>()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn an_id_keeps_its_index_and_an_index_its_id() {
        let ids = Ids::new();
        let mut given = HashMap::new();
        for n in 0..20_000 {
            let id = format!("object:{n}");
            let index = ids.intern(&id).unwrap();
            assert!(given.insert(index, id).is_none(), "index {index} was given twice");
        }
        for (index, id) in &given {
            assert_eq!(ids.name(*index), Some(id.as_str()));
            assert_eq!(ids.find(id), Some(*index));
            assert_eq!(ids.intern(id).unwrap(), *index);
        }
        assert_eq!(ids.find("nobody"), None);
        assert_eq!(ids.indexes().len(), 20_000);
    }

    #[test]
    fn restored_indexes_are_not_given_again() {
        let first = Ids::new();
        let names: Vec<String> = (0..3_000).map(|n| format!("ship {n}")).collect();
        let indexes: Vec<u32> = names.iter().map(|id| first.intern(id).unwrap()).collect();
        let second = Ids::new();
        for (id, &index) in names.iter().zip(&indexes) {
            assert!(second.restore(id, index));
        }
        assert!(second.restore(&names[7], indexes[7]), "the same again changes nothing");
        assert!(!second.restore("another", indexes[7]));
        assert!(!second.restore(&names[7], 1 << 20));
        for n in 0..3_000 {
            let index = second.intern(&format!("new {n}")).unwrap();
            assert!(!indexes.contains(&index));
        }
    }

    #[test]
    fn long_ids_are_kept_whole() {
        let ids = Ids::new();
        let long = "x".repeat(255);
        let index = ids.intern(&long).unwrap();
        assert_eq!(ids.name(index), Some(long.as_str()));
    }
}
