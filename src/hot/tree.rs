//! The directory of leaves: a tree of cutting planes that is read without a lock.
//!
//! Owns: the nodes, the leaves' locks, and the version that tells a reader that planes changed
//! under it. Does not own what stands in a leaf, nor when to split or merge (`reshape.rs`).
//! Invariants: a reader may be led to a wrong leaf while planes change, so whoever arrives locks
//! the leaf and asks its cell; the cells of all leaves in use, and of the absent ones, part space
//! without overlap; the version is odd while planes change.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

use super::cell::{Cell, DIMS};
use super::chunks::Chunks;
use super::compass::{Compass, Hint};
use super::leaf::Leaf;
use super::near::Whereabouts;
use crate::sync::atomic::{AtomicU32, AtomicU64};
use crate::sync::{Mutex, RwLock};

/// What a node or the root points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    /// A cell without objects has no leaf.
    Absent,
    Node(u32),
    Leaf(u32),
}

const ABSENT: u32 = u32::MAX;
/// More steps than any tree is deep.
const MAX_CLIMB: usize = 1_024;
const LEAF_BIT: u32 = 1 << 31;

impl Child {
    fn pack(self) -> u32 {
        match self {
            Child::Absent => ABSENT,
            Child::Node(node) => node,
            Child::Leaf(leaf) => leaf | LEAF_BIT,
        }
    }

    #[inline]
    fn unpack(packed: u32) -> Child {
        match packed {
            ABSENT => Child::Absent,
            packed if packed & LEAF_BIT != 0 => Child::Leaf(packed & !LEAF_BIT),
            packed => Child::Node(packed),
        }
    }
}

/// A cutting plane, what lies on its two sides, and what it is a part of.
pub(super) struct Node {
    plane: AtomicU64,
    dim: AtomicU32,
    children: [AtomicU32; 2],
    parent: AtomicU32,
    low: [AtomicU64; DIMS],
    high: [AtomicU64; DIMS],
}

impl Default for Node {
    fn default() -> Self {
        Node {
            plane: AtomicU64::new(0),
            dim: AtomicU32::new(0),
            children: [AtomicU32::new(ABSENT), AtomicU32::new(ABSENT)],
            parent: AtomicU32::new(ABSENT),
            low: Default::default(),
            high: Default::default(),
        }
    }
}

impl Node {
    #[inline]
    pub(super) fn cut(&self) -> (usize, f64) {
        // The remainder keeps a half-written node of another life within bounds.
        let dim = self.dim.load(Relaxed) as usize % DIMS;
        (dim, f64::from_bits(self.plane.load(Relaxed)))
    }

    #[inline]
    pub(super) fn child(&self, side: usize) -> Child {
        Child::unpack(self.children[side].load(Acquire))
    }

    /// Makes a node that nobody is led to yet: the cut of `cell`, with nothing on either side.
    pub(super) fn set(&self, cell: &Cell, dim: usize, plane: f64) {
        self.dim.store(dim as u32, Relaxed);
        self.plane.store(plane.to_bits(), Relaxed);
        for d in 0..DIMS {
            self.low[d].store(cell.low[d].to_bits(), Relaxed);
            self.high[d].store(cell.high[d].to_bits(), Relaxed);
        }
        self.set_child(0, Child::Absent);
        self.set_child(1, Child::Absent);
    }

    fn set_parent(&self, hook: Hook) {
        let parent = match hook {
            Hook::Root => ABSENT,
            Hook::Side(node, _) => node,
        };
        self.parent.store(parent, Release);
    }

    /// The node above, unless it is the root.
    #[inline]
    fn parent(&self) -> Option<u32> {
        Some(self.parent.load(Acquire)).filter(|&parent| parent != ABSENT)
    }

    pub(super) fn cell(&self) -> Cell {
        let number = |bits: &AtomicU64| f64::from_bits(bits.load(Acquire));
        Cell { low: self.low.each_ref().map(number), high: self.high.each_ref().map(number) }
    }

    /// Whether its cell holds the closed box.
    #[inline]
    fn holds(&self, min: &[f64; DIMS], max: &[f64; DIMS]) -> bool {
        (0..DIMS).all(|d| {
            let low = f64::from_bits(self.low[d].load(Acquire));
            let high = f64::from_bits(self.high[d].load(Acquire));
            low <= min[d] && (max[d] < high || high == f64::INFINITY)
        })
    }

    pub(super) fn set_child(&self, side: usize, child: Child) {
        self.children[side].store(child.pack(), Release);
    }
}

/// Where a child hangs: under the root pointer, or on a side of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Hook {
    #[default]
    Root,
    Side(u32, usize),
}

/// What only the one who changes planes needs: who hangs where, and what is out of use.
#[derive(Default)]
pub(super) struct Structure {
    pub(super) node_hooks: Vec<Hook>,
    pub(super) leaf_hooks: Vec<Hook>,
    pub(super) free_nodes: Vec<u32>,
    pub(super) free_leaves: Vec<u32>,
}

impl Structure {
    pub(super) fn take_node(&mut self) -> u32 {
        self.free_nodes.pop().unwrap_or_else(|| {
            self.node_hooks.push(Hook::Root);
            u32::try_from(self.node_hooks.len() - 1).expect("fewer nodes than objects")
        })
    }

    /// A leaf number that nobody ever saw.
    pub(super) fn fresh_leaf(&mut self, hook: Hook) -> u32 {
        self.leaf_hooks.push(hook);
        u32::try_from(self.leaf_hooks.len() - 1).expect("fewer leaves than objects")
    }

    /// Leaves in use.
    pub(super) fn leaves(&self) -> usize {
        self.leaf_hooks.len() - self.free_leaves.len()
    }
}

/// A leaf behind its lock, on pairs of cache lines of its own, as these are fetched together. A
/// move in place and a scan need the first pair only.
#[derive(Default)]
#[repr(C, align(128))]
pub(super) struct Slot {
    /// Where the rows are, for whoever wants them near before holding the lock.
    pub(super) rows: Whereabouts,
    pub(super) lock: RwLock<Leaf>,
}

#[cfg(not(loom))]
const _: () = assert!(size_of::<Slot>() == 256, "a leaf's head takes four cache lines");

/// The tree.
pub(super) struct Tree {
    root: AtomicU32,
    nodes: Chunks<Node>,
    leaves: Chunks<Slot>,
    /// The node above each leaf, for climbing.
    above: Chunks<AtomicU32>,
    pub(super) compass: Compass,
    version: AtomicU64,
    pub(super) structure: Mutex<Structure>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Tree {
            root: AtomicU32::new(ABSENT),
            nodes: Chunks::new(),
            leaves: Chunks::new(),
            above: Chunks::new(),
            compass: Compass::new(),
            version: AtomicU64::new(0),
            structure: Mutex::new(Structure::default()),
        }
    }

    #[inline]
    pub(super) fn root(&self) -> Child {
        Child::unpack(self.root.load(Acquire))
    }

    #[inline]
    pub(super) fn node(&self, node: u32) -> &Node {
        self.nodes.get(node as usize).expect("a node that is pointed to was grown")
    }

    #[inline]
    pub(super) fn leaf(&self, leaf: u32) -> &RwLock<Leaf> {
        &self.slot(leaf).lock
    }

    #[inline]
    pub(super) fn slot(&self, leaf: u32) -> &Slot {
        self.leaves.get(leaf as usize).expect("a leaf that is pointed to was grown")
    }

    pub(super) fn grow_node(&self, node: u32) -> &Node {
        self.nodes.grow(node as usize)
    }

    #[cfg(all(test, loom))]
    pub(super) fn make_room(&self, number: u32) {
        self.grow_node(number);
        self.grow_leaf(number);
        self.above.grow(number as usize);
    }

    pub(super) fn grow_leaf(&self, leaf: u32) -> &RwLock<Leaf> {
        &self.leaves.grow(leaf as usize).lock
    }

    /// Notes where a leaf hangs.
    pub(super) fn note_hook(&self, structure: &mut Structure, leaf: u32, hook: Hook) {
        structure.leaf_hooks[leaf as usize] = hook;
        let above = match hook {
            Hook::Root => ABSENT,
            Hook::Side(node, _) => node,
        };
        self.above.grow(leaf as usize).store(above, Release);
    }

    /// Puts a leaf out of use. Nothing is above it any more, so that nobody climbs from it into a
    /// node that is out of use too.
    pub(super) fn retire_leaf(&self, structure: &mut Structure, leaf: u32) {
        self.note_hook(structure, leaf, Hook::Root);
        structure.free_leaves.push(leaf);
    }

    /// Puts `child` where `hook` says.
    pub(super) fn hang(&self, hook: Hook, child: Child) {
        if let Child::Node(node) = child {
            self.node(node).set_parent(hook);
        }
        match hook {
            Hook::Root => self.root.store(child.pack(), Release),
            Hook::Side(node, side) => self.node(node).set_child(side, child),
        }
    }

    /// What hangs there.
    pub(super) fn at(&self, hook: Hook) -> Child {
        match hook {
            Hook::Root => self.root(),
            Hook::Side(node, side) => self.node(node).child(side),
        }
    }

    /// The leaf in whose cell `c` probably lies, or where one is missing, from the root.
    pub(super) fn descend(&self, c: &[f64; DIMS]) -> (Child, Hook) {
        self.descend_from(self.root(), Hook::Root, c)
    }

    #[inline]
    fn descend_from(&self, start: Child, hook: Hook, c: &[f64; DIMS]) -> (Child, Hook) {
        let (mut child, mut hook) = (start, hook);
        while let Child::Node(number) = child {
            let node = self.node(number);
            let (dim, plane) = node.cut();
            let side = usize::from(c[dim] >= plane);
            hook = Hook::Side(number, side);
            child = node.child(side);
        }
        (child, hook)
    }

    /// The lowest node above `leaf` whose cell holds the closed box; `None` is the root.
    #[inline]
    fn climb(&self, leaf: u32, min: &[f64; DIMS], max: &[f64; DIMS]) -> Option<u32> {
        let above = self.above.get(leaf as usize)?.load(Acquire);
        let mut at = Some(above).filter(|&above| above != ABSENT);
        // Each step leads to a larger cell; the bound is for a reader led in circles by changes.
        for _ in 0..MAX_CLIMB {
            match at {
                Some(node) if !self.node(node).holds(min, max) => at = self.node(node).parent(),
                _ => return at,
            }
        }
        None
    }

    /// The leaf in whose cell `c` probably lies, looked for from a leaf near to it.
    #[inline]
    pub(super) fn seek_from(&self, leaf: u32, c: &[f64; DIMS]) -> Child {
        match self.climb(leaf, c, c) {
            Some(node) => self.descend_from(Child::Node(node), Hook::Root, c).0,
            None => self.descend(c).0,
        }
    }

    /// The leaf in whose cell `c` probably lies.
    #[inline]
    pub(super) fn seek(&self, c: &[f64; DIMS]) -> Child {
        let Some(hint) = self.compass.hint(c) else { return self.descend(c).0 };
        let found = match hint.leaf() {
            Some(leaf) => self.seek_from(leaf, c),
            None => self.descend(c).0,
        };
        if let Child::Leaf(leaf) = found {
            hint.mend(leaf);
        }
        found
    }

    /// Takes back a hint that led astray, so that the next search begins at the root.
    #[cold]
    pub(super) fn forget_hint(&self, c: &[f64; DIMS]) {
        if let Some(hint) = self.compass.hint(c) {
            hint.forget();
        }
    }

    /// Where a walk of everything in the closed box may begin, and the cell there. Sure only if
    /// the planes did not change meanwhile.
    pub(super) fn start(&self, min: &[f64; DIMS], max: &[f64; DIMS]) -> (Child, Cell) {
        if !(min[0].is_finite() && max[0].is_finite()) {
            return (self.root(), Cell::ALL);
        }
        let middle = std::array::from_fn(|d| min[d] * 0.5 + max[d] * 0.5);
        let near = match self.compass.hint(&middle).and_then(Hint::leaf) {
            Some(leaf) => Some(leaf),
            None => match self.seek(&middle) {
                Child::Leaf(leaf) => Some(leaf),
                _ => None,
            },
        };
        match near.and_then(|leaf| self.climb(leaf, min, max)) {
            Some(node) => (Child::Node(node), self.node(node).cell()),
            None => (self.root(), Cell::ALL),
        }
    }

    /// The version to compare with later; `None` while planes change.
    #[inline]
    pub(super) fn version(&self) -> Option<u64> {
        let version = self.version.load(SeqCst);
        version.is_multiple_of(2).then_some(version)
    }

    #[inline]
    pub(super) fn is_version(&self, version: u64) -> bool {
        self.version.load(SeqCst) == version
    }

    /// Says that planes are about to change, or have changed; called under the structure's lock.
    pub(super) fn turn_version(&self) {
        self.version.fetch_add(1, SeqCst);
    }

    /// The cell at `hook`.
    pub(super) fn cell_at(&self, hook: Hook) -> Cell {
        match hook {
            Hook::Root => Cell::ALL,
            Hook::Side(number, side) => {
                let node = self.node(number);
                let (dim, plane) = node.cut();
                node.cell().half(dim, plane, side)
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let structure = self.structure.lock();
        let used = structure.leaf_hooks.len();
        let rows: usize = (0..used).map(|leaf| self.leaf(leaf as u32).read().heap_bytes()).sum();
        let hooks = structure.node_hooks.capacity() + structure.leaf_hooks.capacity();
        rows + hooks * size_of::<Hook>()
            + self.nodes.heap_bytes()
            + self.leaves.heap_bytes()
            + self.above.heap_bytes()
            + self.compass.heap_bytes()
    }
}
