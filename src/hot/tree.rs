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
use super::leaf::Leaf;
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

/// A cutting plane and what lies on its two sides.
pub(super) struct Node {
    plane: AtomicU64,
    dim: AtomicU32,
    children: [AtomicU32; 2],
}

impl Default for Node {
    fn default() -> Self {
        Node {
            plane: AtomicU64::new(0),
            dim: AtomicU32::new(0),
            children: [AtomicU32::new(ABSENT), AtomicU32::new(ABSENT)],
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

    pub(super) fn set(&self, dim: usize, plane: f64, children: [Child; 2]) {
        self.dim.store(dim as u32, Relaxed);
        self.plane.store(plane.to_bits(), Relaxed);
        self.set_child(0, children[0]);
        self.set_child(1, children[1]);
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

/// A leaf behind its lock, on pairs of cache lines of its own, as these are fetched together.
#[derive(Default)]
#[repr(align(128))]
pub(super) struct Slot(pub(super) RwLock<Leaf>);

/// The tree.
pub(super) struct Tree {
    root: AtomicU32,
    nodes: Chunks<Node>,
    leaves: Chunks<Slot>,
    version: AtomicU64,
    pub(super) structure: Mutex<Structure>,
}

impl Tree {
    pub(super) fn new() -> Self {
        Tree {
            root: AtomicU32::new(ABSENT),
            nodes: Chunks::new(),
            leaves: Chunks::new(),
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
        &self.leaves.get(leaf as usize).expect("a leaf that is pointed to was grown").0
    }

    pub(super) fn grow_node(&self, node: u32) -> &Node {
        self.nodes.grow(node as usize)
    }

    pub(super) fn grow_leaf(&self, leaf: u32) -> &RwLock<Leaf> {
        &self.leaves.grow(leaf as usize).0
    }

    /// Puts `child` where `hook` says.
    pub(super) fn hang(&self, hook: Hook, child: Child) {
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

    /// The leaf in whose cell `c` probably lies, or where one is missing.
    #[inline]
    pub(super) fn descend(&self, c: &[f64; DIMS]) -> (Child, Hook) {
        let mut hook = Hook::Root;
        let mut child = self.root();
        while let Child::Node(number) = child {
            let node = self.node(number);
            let (dim, plane) = node.cut();
            let side = usize::from(c[dim] >= plane);
            hook = Hook::Side(number, side);
            child = node.child(side);
        }
        (child, hook)
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

    /// The cell at `hook`, from the planes above it; called under the structure's lock.
    pub(super) fn cell_at(&self, structure: &Structure, hook: Hook) -> Cell {
        let mut cell = Cell::ALL;
        let mut hook = hook;
        while let Hook::Side(number, side) = hook {
            let (dim, plane) = self.node(number).cut();
            if side == 0 {
                cell.high[dim] = cell.high[dim].min(plane);
            } else {
                cell.low[dim] = cell.low[dim].max(plane);
            }
            hook = structure.node_hooks[number as usize];
        }
        cell
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let structure = self.structure.lock();
        let used = structure.leaf_hooks.len();
        let rows: usize = (0..used).map(|leaf| self.leaf(leaf as u32).read().heap_bytes()).sum();
        let hooks = structure.node_hooks.capacity() + structure.leaf_hooks.capacity();
        rows + hooks * size_of::<Hook>() + self.nodes.heap_bytes() + self.leaves.heap_bytes()
    }
}
