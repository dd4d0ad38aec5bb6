//! What a query does to a tree, written down.
//!
//! Owns: a tree that is asked like any other and notes which boxes were looked at, and what came
//! of each. Does not own the queries, which do not know that they are watched. Invariants: each
//! box is told once, in the order in which it was first seen; the notes grow with what is seen.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::packed::boxes::BoxN;
use crate::packed::simd::{Kernel, Portable};
use crate::packed::tree::{Lanes, Mask, Question, Tree, Window, bits};

/// What became of a box that a query looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It was passed over: nothing below it was looked at.
    Passed,
    /// The boxes below it were looked at.
    Opened,
    /// All items below it belong to the answer, and none of them was looked at.
    Whole,
    /// It is an item of the answer.
    Found,
}

/// A box that a query looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visited<const D: usize> {
    /// How far above the items it stands, which are at 0.
    pub level: u32,
    /// The box, as the query saw it: of a node never too small, of an item exact.
    pub bounds: BoxN<D>,
    /// What became of it.
    pub fate: Fate,
}

/// Asks a question of a tree; the answer, and what was looked at.
pub(super) fn watched<const D: usize, T: Tree<D>, Q: Question<D>>(
    tree: &T,
    question: Q,
) -> (Q::Answer, Notes<D>) {
    let notes = RefCell::new(Notes { seen: Vec::new(), places: HashMap::new(), ids: Vec::new() });
    if let Some(root) = tree.root() {
        let level = tree.level(root) + 1;
        let all = Visited { level, bounds: tree.extent(), fate: Fate::Opened };
        notes.borrow_mut().seen.push(all);
    }
    let answer = question.ask(Portable, &Watched { tree, notes: &notes });
    (answer, notes.into_inner())
}

/// What was seen so far.
pub(super) struct Notes<const D: usize> {
    seen: Vec<Visited<D>>,
    /// Where a box stands in `seen`, by its level and the first rank below it.
    places: HashMap<(u32, usize), usize>,
    /// The items that were seen: where they stand, and their ids.
    ids: Vec<(usize, u32)>,
}

impl<const D: usize> Notes<D> {
    /// What was seen, when it is known which items were found.
    pub(super) fn finish(mut self, found: impl Iterator<Item = u32>) -> Vec<Visited<D>> {
        let found: HashSet<u32> = found.collect();
        for (place, _) in self.ids.iter().filter(|(_, id)| found.contains(id)) {
            self.seen[*place].fate = Fate::Found;
        }
        self.seen
    }

    fn mark(&mut self, level: u32, ranks: &Range<usize>, fate: Fate) {
        if let Some(place) = self.places.get(&(level, ranks.start)) {
            self.seen[*place].fate = fate;
        }
    }
}

/// The tree that is watched.
struct Watched<'a, T, const D: usize> {
    tree: &'a T,
    notes: &'a RefCell<Notes<D>>,
}

impl<T: Tree<D>, const D: usize> Watched<'_, T, D> {
    /// Notes the children of a group.
    fn look<K: Kernel>(&self, kernel: K, group: T::Group) {
        let (level, notes) = (self.tree.level(group), &mut *self.notes.borrow_mut());
        let mut lanes = Lanes::EMPTY;
        self.tree.lanes(kernel, group, &mut lanes);
        for lane in bits(self.tree.present(group)) {
            let rank = self.tree.ranks(group, lane).start;
            let place = notes.seen.len();
            if *notes.places.entry((level, rank)).or_insert(place) < place {
                continue;
            }
            let bounds = if level == 0 { self.tree.item(group, lane) } else { lanes.get(lane) };
            notes.seen.push(Visited { level, bounds, fate: Fate::Passed });
            if level == 0 {
                notes.ids.push((place, self.tree.id(rank)));
            }
        }
    }
}

impl<T: Tree<D>, const D: usize> Tree<D> for Watched<'_, T, D> {
    type Group = T::Group;

    fn len(&self) -> usize {
        self.tree.len()
    }

    fn extent(&self) -> BoxN<D> {
        self.tree.extent()
    }

    fn root(&self) -> Option<T::Group> {
        self.tree.root()
    }

    fn level(&self, group: T::Group) -> u32 {
        self.tree.level(group)
    }

    fn rest(&self, group: T::Group) -> Option<T::Group> {
        self.tree.rest(group)
    }

    fn present(&self, group: T::Group) -> Mask {
        self.tree.present(group)
    }

    fn lanes<K: Kernel>(&self, kernel: K, group: T::Group, lanes: &mut Lanes<D>) {
        self.look(kernel, group);
        self.tree.lanes(kernel, group, lanes);
    }

    fn inner_lanes<K: Kernel>(&self, kernel: K, group: T::Group, lanes: &mut Lanes<D>) {
        self.look(kernel, group);
        self.tree.inner_lanes(kernel, group, lanes);
    }

    fn child(&self, group: T::Group, lane: usize) -> T::Group {
        let (level, ranks) = (self.tree.level(group), self.tree.ranks(group, lane));
        self.notes.borrow_mut().mark(level, &ranks, Fate::Opened);
        self.tree.child(group, lane)
    }

    fn ranks(&self, group: T::Group, lane: usize) -> Range<usize> {
        self.tree.ranks(group, lane)
    }

    fn item(&self, group: T::Group, lane: usize) -> BoxN<D> {
        self.tree.item(group, lane)
    }

    fn nodes_in<K: Kernel>(&self, kernel: K, group: T::Group, window: &Window<D>) -> (Mask, Mask) {
        self.look(kernel, group);
        let (maybe, inside) = self.tree.nodes_in(kernel, group, window);
        for lane in bits(maybe & inside) {
            let (level, ranks) = (self.tree.level(group), self.tree.ranks(group, lane));
            self.notes.borrow_mut().mark(level, &ranks, Fate::Whole);
        }
        (maybe, inside)
    }

    fn items_in<K: Kernel>(&self, kernel: K, group: T::Group, window: &Window<D>) -> Mask {
        self.look(kernel, group);
        self.tree.items_in(kernel, group, window)
    }

    fn id(&self, rank: usize) -> u32 {
        self.tree.id(rank)
    }

    fn push_ids<K: Kernel>(&self, kernel: K, group: T::Group, mask: Mask, ids: &mut Vec<u32>) {
        self.tree.push_ids(kernel, group, mask, ids);
    }

    fn extend_ids(&self, ranks: Range<usize>, ids: &mut Vec<u32>) {
        self.tree.extend_ids(ranks, ids);
    }
}
