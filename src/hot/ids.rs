//! The names of objects: text to a dense number and back, for ever.
//!
//! Owns: which id has which index, and the array from index to id. Does not own the hash table
//! (`table.rs`), nor whether an object is live. Invariants: an index is never given to a second
//! id; an id that was given an index keeps it; both ways are read without a lock.

use std::hash::{BuildHasher, Hasher};
use std::sync::OnceLock;

use ahash::RandomState;
use smol_str::SmolStr;

use super::chunks::Chunks;
use super::table::{Hash, STRIPES, Series, Table};

/// Every id ever seen in one namespace.
pub(crate) struct Ids {
    hasher: RandomState,
    table: Table,
    names: Chunks<OnceLock<SmolStr>>,
}

#[cfg(not(loom))]
fn hasher() -> RandomState {
    RandomState::new()
}

/// A model must do the same in every run.
#[cfg(loom)]
fn hasher() -> RandomState {
    RandomState::with_seeds(1, 2, 3, 4)
}

/// No more indexes: four thousand million ids were used.
#[derive(Debug)]
pub(crate) struct Exhausted;

impl Ids {
    pub(crate) fn new() -> Self {
        Ids { hasher: hasher(), table: Table::new(), names: Chunks::new() }
    }

    #[inline]
    fn hash(&self, id: &str) -> Hash {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(id.as_bytes());
        Hash::new(hasher.finish())
    }

    #[inline]
    fn is(&self, index: u32, id: &str) -> bool {
        self.name(index) == Some(id)
    }

    /// The index of `id`, if it was ever interned.
    #[cfg(all(test, not(loom)))]
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.find_as(id, |_| {})
    }

    /// The same; `supposed` is told an index that is very likely the one, before its id is read.
    #[inline]
    pub(super) fn find_as(&self, id: &str, supposed: impl Fn(u32)) -> Option<u32> {
        self.table.find(self.hash(id), |index| {
            supposed(index);
            self.is(index, id)
        })
    }

    /// The index of `id`, a new one if it was never seen.
    pub(crate) fn intern(&self, id: &str) -> Result<u32, Exhausted> {
        let hash = self.hash(id);
        let mut series = self.table.lock(hash.stripe());
        if let Some(index) = self.table.find_locked(&series, hash, |index| self.is(index, id)) {
            return Ok(index);
        }
        // Indexes of stripe `s` are `s`, `s + STRIPES`, `s + 2 * STRIPES` ...
        let index = u64::from(series.given) * STRIPES as u64 + hash.stripe() as u64;
        let index = u32::try_from(index).map_err(|_| Exhausted)?;
        series.given += 1;
        self.insert(&mut series, hash, index, id);
        Ok(index)
    }

    /// Gives `id` the index that it had when it was written down; for recovery. An index or an id
    /// that is taken by another keeps what it has, and the answer is false.
    pub(crate) fn restore(&self, id: &str, index: u32) -> bool {
        // The hash differs from run to run, so the index may belong to another stripe's series
        // than the one whose table holds the id; that series must not give it again.
        {
            let mut series = self.table.lock(index as usize % STRIPES);
            series.given = series.given.max(index / STRIPES as u32 + 1);
        }
        if let Some(held) = self.name(index) {
            return held == id;
        }
        let hash = self.hash(id);
        let mut series = self.table.lock(hash.stripe());
        if self.table.find_locked(&series, hash, |index| self.is(index, id)).is_some() {
            return false;
        }
        self.insert(&mut series, hash, index, id);
        true
    }

    fn insert(&self, series: &mut Series, hash: Hash, index: u32, id: &str) {
        self.names.grow(index as usize).get_or_init(|| SmolStr::new(id));
        self.table.insert(series, hash, index);
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
        self.table.indexes()
    }

    /// Bytes held by names and table.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.names.heap_bytes() + self.table.heap_bytes()
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

#[cfg(all(test, loom))]
mod tests {
    use super::*;
    use loom::sync::Arc;
    use loom::thread;

    fn explore(model: impl Fn() + Sync + Send + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(4);
        builder.max_branches = 10_000;
        builder.check(model);
    }

    /// Ids of one stripe, of which the first fill it, so that the next makes it grow.
    fn of_one_stripe(ids: &Ids, count: usize) -> Vec<String> {
        let names = (0..).map(|n| format!("id {n}"));
        names.filter(|id| ids.hash(id).stripe() == 0).take(count).collect()
    }

    #[test]
    fn loom_an_id_is_found_while_its_table_grows_and_no_other_is() {
        explore(|| {
            let ids = Arc::new(Ids::new());
            let names = of_one_stripe(&ids, 5);
            let held: Vec<u32> = names[..2].iter().map(|id| ids.intern(id).unwrap()).collect();
            let grower = thread::spawn({
                let (ids, names) = (ids.clone(), names.clone());
                move || [ids.intern(&names[2]).unwrap(), ids.intern(&names[3]).unwrap()]
            });
            assert_eq!(ids.find_as(&names[0], |_| {}), Some(held[0]));
            assert_eq!(ids.find_as(&names[1], |_| {}), Some(held[1]));
            assert_eq!(ids.find_as(&names[4], |_| {}), None);
            let late = ids.find_as(&names[2], |_| {});
            let given = grower.join().unwrap();
            assert!(late.is_none_or(|late| late == given[0]));
            assert_eq!(ids.find_as(&names[2], |_| {}), Some(given[0]));
            assert_eq!(ids.find_as(&names[3], |_| {}), Some(given[1]));
        });
    }

    #[test]
    fn loom_two_threads_give_an_id_one_index() {
        explore(|| {
            let ids = Arc::new(Ids::new());
            let names = of_one_stripe(&ids, 2);
            let other = thread::spawn({
                let (ids, names) = (ids.clone(), names.clone());
                move || [ids.intern(&names[0]).unwrap(), ids.intern(&names[1]).unwrap()]
            });
            let second = ids.intern(&names[1]).unwrap();
            assert_eq!(ids.find_as(&names[1], |_| {}), Some(second));
            let first = ids.intern(&names[0]).unwrap();
            assert_eq!(other.join().unwrap(), [first, second]);
        });
    }
}
