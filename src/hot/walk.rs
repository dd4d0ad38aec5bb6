//! Walking the leaves that a query reaches, so that nothing which stayed is missed and nothing
//! which moved is told twice.
//!
//! Owns: the order of the walk and what makes it right beside writers. Does not own what a query
//! looks for; that is the [`Collector`]. Invariants: one leaf is locked at a time, shared, and
//! only while its columns are read. An object that moves from a leaf not yet read to one already
//! read has left a note in the ring of the former with the query's epoch or a later one, and is
//! looked up at the end. When planes changed meanwhile, or more left a leaf than its ring holds,
//! the walk starts again; the last attempt keeps planes still and, if need be, all reached leaves
//! locked.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use super::cell::{Cell, DIMS};
use super::index::HotIndex;
use super::leaf::{Leaf, Row};
use super::tree::Child;

/// What a query looks for, and where it keeps what it finds.
pub(crate) trait Collector {
    /// Whether anything in `cell` could still matter.
    fn reaches(&self, cell: &Cell) -> bool;
    /// Whether what matters lies in the one box of its [`bounds`](Self::bounds).
    fn is_one_box(&self) -> bool {
        false
    }
    /// The least and the greatest coordinates of what could still matter.
    fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]);
    /// The position whose leaf, and whose side of each plane, is read first, if that is of use.
    fn focus(&self) -> Option<[f64; DIMS]>;
    /// Takes what it wants of a leaf; `Break` ends the walk.
    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()>;
    /// Takes an object that moved during the walk, unless it is held already.
    fn read_moved(&mut self, row: &Row);
    /// Drops all but one of the rows of an object that was met twice; false if the repeated ones
    /// have kept others out, so that the walk must start again.
    fn drop_repeated(&mut self) -> bool;
    /// Forgets everything, for another attempt.
    fn clear(&mut self);
}

/// Attempts without keeping planes still.
const FREE_ATTEMPTS: usize = 2;
/// Leaves that are reached before the first of them is read.
const AHEAD: usize = 8;
/// Deeper than any tree of planes; met only by a reader led astray by changing planes.
const MAX_DEPTH: usize = 1_024;

/// Why a walk ended early.
enum Stop {
    /// The collector has enough.
    Enough,
    /// Planes changed, or a ring ran over.
    Again,
}

/// One attempt.
struct Walk<'a, C> {
    index: &'a HotIndex,
    collector: &'a mut C,
    /// The version to hold the planes to, or `None` when they are kept still.
    version: Option<u64>,
    epoch: u64,
    /// The leaf that was read first and is passed over later.
    first: Option<u32>,
    /// Leaves that were reached and not yet read: their memory is on its way meanwhile.
    ahead: [u32; AHEAD],
    waiting: usize,
    /// What may still matter lies within, if that is one box.
    bounds: ([f64; DIMS], [f64; DIMS]),
    focus: Option<[f64; DIMS]>,
    moved: Vec<u32>,
    is_repeated: bool,
}

impl HotIndex {
    /// Shows `collector` every leaf it reaches.
    pub(crate) fn walk(&self, collector: &mut impl Collector) {
        for _ in 0..FREE_ATTEMPTS {
            let Some(version) = self.tree.version() else {
                std::hint::spin_loop();
                continue;
            };
            if self.attempt(collector, Some(version)) {
                return;
            }
            collector.clear();
        }
        let structure = self.tree.structure.lock();
        if !self.attempt(collector, None) {
            collector.clear();
            self.walk_locked(collector);
        }
        drop(structure);
    }

    fn attempt(&self, collector: &mut impl Collector, version: Option<u64>) -> bool {
        let epoch = self.epoch.fetch_add(1, SeqCst) + 1;
        let (bounds, focus) = (collector.bounds(), collector.focus());
        let mut walk = Walk {
            index: self,
            collector,
            version,
            epoch,
            first: None,
            ahead: [0; AHEAD],
            waiting: 0,
            bounds,
            focus,
            moved: Vec::new(),
            is_repeated: false,
        };
        let ended = walk.run();
        if matches!(ended, Err(Stop::Again)) || !walk.is_still() {
            return false;
        }
        let Walk { moved, is_repeated, .. } = walk;
        if is_repeated && !collector.drop_repeated() {
            return false;
        }
        for index in moved {
            if let Some(row) = self.get(index) {
                collector.read_moved(&row);
            }
        }
        true
    }

    /// Locks every leaf that is reached, in the order of their numbers, and only then reads. The
    /// caller keeps planes still.
    fn walk_locked(&self, collector: &mut impl Collector) {
        let mut reached = Vec::new();
        self.reached(collector, self.tree.root(), &mut Cell::ALL.clone(), &mut reached);
        let mut order: Vec<usize> = (0..reached.len()).collect();
        order.sort_by_key(|&at| reached[at]);
        let mut guards: Vec<_> = reached.iter().map(|_| None).collect();
        for at in order {
            guards[at] = Some(self.tree.leaf(reached[at]).read());
        }
        for leaf in guards.iter().flatten() {
            if collector.read(leaf).is_break() {
                return;
            }
        }
    }

    fn reached(
        &self,
        collector: &impl Collector,
        child: Child,
        cell: &mut Cell,
        reached: &mut Vec<u32>,
    ) {
        if !collector.reaches(cell) {
            return;
        }
        match child {
            Child::Absent => {}
            Child::Leaf(leaf) => reached.push(leaf),
            Child::Node(node) => {
                let node = self.tree.node(node);
                let (dim, plane) = node.cut();
                for side in [0, 1] {
                    let mut half = cell.half(dim, plane, side);
                    self.reached(collector, node.child(side), &mut half, reached);
                }
            }
        }
    }
}

/// The sides of a plane in the order in which they are walked.
#[inline]
fn sides(dim: usize, plane: f64, focus: Option<[f64; DIMS]>) -> [usize; 2] {
    match focus {
        Some(c) if c[dim] >= plane => [1, 0],
        _ => [0, 1],
    }
}

impl<C: Collector> Walk<'_, C> {
    fn is_still(&self) -> bool {
        self.version.is_none_or(|version| self.index.tree.is_version(version))
    }

    /// Reads the leaf in focus, which often narrows what is left, and then the rest.
    fn run(&mut self) -> Result<(), Stop> {
        if let Some(focus) = self.focus
            && let Child::Leaf(leaf) = self.index.tree.seek(&focus)
        {
            self.read(leaf)?;
            self.first = Some(leaf);
        }
        self.bounds = self.collector.bounds();
        let (min, max) = self.bounds;
        let (child, mut cell) = self.index.tree.start(&min, &max);
        match self.collector.is_one_box() {
            true => self.visit_box(child, 0)?,
            false => self.visit(child, &mut cell, 0)?,
        }
        self.read_waiting()
    }

    /// Puts a leaf down to be read, and calls its memory.
    #[inline]
    fn reach(&mut self, number: u32) -> Result<(), Stop> {
        self.index.fetch_leaf(number);
        self.ahead[self.waiting] = number;
        self.waiting += 1;
        if self.waiting == AHEAD { self.read_waiting() } else { Ok(()) }
    }

    fn read_waiting(&mut self) -> Result<(), Stop> {
        let waiting = std::mem::take(&mut self.waiting);
        for at in 0..waiting {
            // Taking a lock lets no later load begin, so the next rows are called before it.
            if let Some(&next) = self.ahead[..waiting].get(at + 1) {
                self.index.fetch_first_rows(next);
            }
            self.read(self.ahead[at])?;
        }
        self.bounds = self.collector.bounds();
        Ok(())
    }

    /// Whether the box reaches below a plane (side 0), or from it on (side 1).
    #[inline]
    fn is_on_side(&self, side: usize, dim: usize, plane: f64) -> bool {
        match side {
            0 => self.bounds.0[dim] < plane,
            _ => plane <= self.bounds.1[dim],
        }
    }

    /// Walks below `child` where one box is looked for.
    fn visit_box(&mut self, mut child: Child, mut depth: usize) -> Result<(), Stop> {
        loop {
            let number = match child {
                Child::Absent => return Ok(()),
                Child::Leaf(number) if Some(number) == self.first => return Ok(()),
                Child::Leaf(number) => return self.reach(number),
                Child::Node(_) if depth > MAX_DEPTH => return Err(Stop::Again),
                Child::Node(number) => number,
            };
            let node = self.index.tree.node(number);
            let (dim, plane) = node.cut();
            let [first, second] = sides(dim, plane, self.focus);
            depth += 1;
            if self.is_on_side(first, dim, plane) {
                self.visit_box(node.child(first), depth)?;
            }
            if !self.is_on_side(second, dim, plane) {
                return Ok(());
            }
            child = node.child(second);
        }
    }

    /// Walks below `child`, whose cell is `cell`; the depth is that of the tree.
    fn visit(&mut self, child: Child, cell: &mut Cell, depth: usize) -> Result<(), Stop> {
        match child {
            Child::Absent => Ok(()),
            Child::Leaf(number) if Some(number) == self.first => Ok(()),
            Child::Leaf(number) => self.reach(number),
            Child::Node(_) if depth > MAX_DEPTH => Err(Stop::Again),
            Child::Node(number) => {
                let node = self.index.tree.node(number);
                let (dim, plane) = node.cut();
                for side in sides(dim, plane, self.focus) {
                    let bound = if side == 0 { &mut cell.high[dim] } else { &mut cell.low[dim] };
                    let whole = std::mem::replace(bound, plane);
                    let visited = match self.collector.reaches(cell) {
                        true => self.visit(node.child(side), cell, depth + 1),
                        false => Ok(()),
                    };
                    if side == 0 {
                        cell.high[dim] = whole;
                    } else {
                        cell.low[dim] = whole;
                    }
                    visited?;
                }
                Ok(())
            }
        }
    }

    fn read(&mut self, number: u32) -> Result<(), Stop> {
        let leaf = self.index.tree.leaf(number).read();
        if !self.is_still() {
            return Err(Stop::Again);
        }
        if leaf.stirred_since(self.epoch) {
            let moved = &mut self.moved;
            if !leaf.departures_since(self.epoch, |index| moved.push(index)) {
                return Err(Stop::Again);
            }
            // Perhaps something came, too: from a leaf that was read before.
            self.is_repeated = true;
        }
        match self.collector.read(&leaf) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    }
}
