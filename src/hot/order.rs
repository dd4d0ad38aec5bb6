//! The rows of one place in the order of their ids, put right when a question needs them.
//!
//! Owns: the order, and the note of who came or went since it was last right. Does not own the
//! rows. Invariants: whoever notes holds the leaf's write lock, and whoever reads its read lock, so
//! that nothing is noted while the order is read; an object that is noted is looked up in the
//! leaf, so that it may be noted any number of times.
//!
//! To keep a hundred thousand names in order costs as much as several moves at each of them. So a
//! move only notes its object; as many notes as there are rows give the order up, and the next
//! question sorts anew.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::leaf::Spot;
use crate::sync::RwLock;

/// Fewest notes at which an order is given up.
const NOTES: usize = 1_024;

/// An order that is made when it is asked for.
#[derive(Default)]
pub(crate) struct Order(RwLock<Names>);

#[derive(Default)]
struct Names {
    /// Whether the order is that of all rows but for the notes.
    is_made: bool,
    sorted: BTreeSet<(SmolStr, u32)>,
    /// Objects that came or went since.
    noted: Vec<u32>,
}

impl Names {
    fn is_right(&self) -> bool {
        self.is_made && self.noted.is_empty()
    }

    fn put_right(
        &mut self,
        rows: &[Spot],
        is_here: impl Fn(u32) -> bool,
        name: impl Fn(u32) -> Option<SmolStr>,
    ) {
        let name = |index| (name(index).unwrap_or_default(), index);
        if !self.is_made {
            self.noted.clear();
            self.sorted = rows.iter().map(|spot| name(spot.index)).collect();
            self.is_made = true;
        }
        for index in std::mem::take(&mut self.noted) {
            match is_here(index) {
                true => self.sorted.insert(name(index)),
                false => self.sorted.remove(&name(index)),
            };
        }
    }
}

impl Order {
    /// Notes that an object came or went, among so many rows.
    #[inline]
    pub(super) fn note(&self, index: u32, rows: usize) {
        let mut names = self.0.write();
        if !names.is_made {
            return;
        }
        names.noted.push(index);
        if names.noted.len() > rows.max(NOTES) {
            *names = Names::default();
        }
    }

    /// Shows `read` the objects in order. The caller holds the leaf that has these rows.
    pub(crate) fn read(
        &self,
        rows: &[Spot],
        is_here: impl Fn(u32) -> bool,
        name: impl Fn(u32) -> Option<SmolStr>,
        read: impl FnOnce(&mut dyn Iterator<Item = u32>),
    ) {
        let mut names = self.0.read();
        if !names.is_right() {
            drop(names);
            let mut wrong = self.0.write();
            if !wrong.is_right() {
                wrong.put_right(rows, is_here, name);
            }
            drop(wrong);
            names = self.0.read();
        }
        read(&mut names.sorted.iter().map(|(_, index)| *index));
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let names = self.0.read();
        names.sorted.len() * 40 + names.noted.capacity() * size_of::<u32>()
    }
}
