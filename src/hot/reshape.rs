//! Splitting a leaf that holds too much, merging two that hold little, making one where none is.
//!
//! Owns: every change of planes, one at a time under the structure's lock. Does not own the
//! decision what an object's position is. Invariants: the version is odd from before the first
//! row is relocated until the planes fit the leaves again; the smaller part of a split leaf is the
//! one that moves; a change that finds the structure's lock taken is put off to a later write, as
//! the size of a leaf is a wish and not a promise.

use super::cell::{Cell, DIMS, Extent, choose_cut, plane_units};
use super::index::HotIndex;
use super::leaf::{Leaf, SPLIT_AT};
use super::tree::{Child, Hook, Structure};
use crate::sync::RwLockWriteGuard;

/// Two siblings are merged when they hold no more than this together.
const MERGE_AT: usize = SPLIT_AT / 2;

impl HotIndex {
    /// Makes the missing leaf for the cell that `c` lies in.
    pub(super) fn plant(&self, c: &[f64; DIMS]) {
        let mut structure = self.tree.structure.lock();
        let (Child::Absent, hook) = self.tree.descend(c) else { return };
        let cell = self.tree.cell_at(hook);
        let (number, mut leaf) = self.lock_spare_leaf(&mut structure, hook);
        leaf.cell = cell;
        self.tree.turn_version();
        self.tree.hang(hook, Child::Leaf(number));
        self.tree.turn_version();
    }

    /// Splits a leaf until it is not overfull, unless somebody else changes planes just now.
    pub(super) fn split(&self, number: u32) {
        let Some(mut structure) = self.tree.structure.try_lock() else { return };
        let mut work = vec![number];
        while let Some(number) = work.pop() {
            if let Some(other) = self.split_once(&mut structure, number) {
                work.extend([number, other]);
            }
        }
        if self.tree.compass.is_too_coarse(structure.leaves()) {
            self.refine_compass(&structure);
        }
    }

    /// Makes a finer grid of hints and fills it.
    fn refine_compass(&self, structure: &Structure) {
        let (mut places, mut cells) = (Vec::new(), Vec::new());
        for number in 0..structure.leaf_hooks.len() as u32 {
            let leaf = self.tree.leaf(number).read();
            if leaf.len() > 0 {
                places.push(leaf.columns().coordinates(0));
                cells.push((leaf.cell, number));
            }
        }
        let compass = &self.tree.compass;
        compass.refine(&places, plane_units(self.space));
        cells.iter().for_each(|(cell, number)| compass.fill(cell, *number));
    }

    /// Splits a leaf in two that both hold rows, and returns the new one.
    fn split_once(&self, structure: &mut Structure, number: u32) -> Option<u32> {
        let mut leaf = self.tree.leaf(number).write();
        if leaf.cell == Cell::NONE || !leaf.is_overfull() {
            return None;
        }
        let extent = leaf.measure();
        if !leaf.is_overfull() {
            return None;
        }
        self.tree.turn_version();
        let made = self.cut(structure, number, &mut leaf, &extent);
        self.tree.turn_version();
        made
    }

    /// Hangs the chain of planes down to the one that parts the rows, and parts them.
    fn cut(
        &self,
        structure: &mut Structure,
        number: u32,
        leaf: &mut Leaf,
        extent: &Extent,
    ) -> Option<u32> {
        let top = structure.leaf_hooks[number as usize];
        let mut chain = Vec::new();
        let mut cell = leaf.cell;
        let (dim, plane, node) = loop {
            let Some((dim, plane)) = choose_cut(self.space, &cell, extent) else {
                structure.free_nodes.extend(chain.iter().map(|&(node, _)| node));
                return None;
            };
            let node = structure.take_node();
            self.tree.grow_node(node).set(&cell, dim, plane);
            let side = match (plane <= extent.min[dim], plane > extent.max[dim]) {
                (true, _) => 1,
                (_, true) => 0,
                _ => break (dim, plane, node),
            };
            chain.push((node, side));
            cell = cell.half(dim, plane, side);
        };
        let rows = leaf.columns().len();
        let above = (0..rows).filter(|&row| leaf.columns().coordinates(row)[dim] >= plane).count();
        // The smaller part moves out.
        let out = usize::from(above <= rows - above);
        let (other, mut into) = self.lock_spare_leaf(structure, Hook::Side(node, out));
        self.tree.note_hook(structure, number, Hook::Side(node, 1 - out));
        into.cell = cell.half(dim, plane, out);
        leaf.cell = cell.half(dim, plane, 1 - out);
        self.relocate((number, leaf), (other, &mut into), |c| usize::from(c[dim] >= plane) == out);
        leaf.measure();
        into.measure();
        self.tree.compass.fill(&into.cell, other);
        self.tree.node(node).set_child(out, Child::Leaf(other));
        self.tree.node(node).set_child(1 - out, Child::Leaf(number));
        self.hang_chain(structure, top, &chain, node);
        Some(other)
    }

    /// A leaf that is out of use, locked. A straggler may still hold a used number and wait for
    /// the leaf that is being split, so its lock is only tried; a fresh number nobody holds.
    fn lock_spare_leaf<'a>(
        &'a self,
        structure: &mut Structure,
        hook: Hook,
    ) -> (u32, RwLockWriteGuard<'a, Leaf>) {
        for place in (0..structure.free_leaves.len()).rev() {
            let number = structure.free_leaves[place];
            if let Some(leaf) = self.tree.leaf(number).try_write() {
                structure.free_leaves.swap_remove(place);
                self.tree.note_hook(structure, number, hook);
                return (number, leaf);
            }
        }
        let number = structure.fresh_leaf(hook);
        self.tree.note_hook(structure, number, hook);
        (number, self.tree.grow_leaf(number).write())
    }

    /// Hangs `chain` and then `last` under `top`; the top pointer is turned at the end, so that a
    /// reader sees either the old leaf or the whole chain.
    fn hang_chain(&self, structure: &mut Structure, top: Hook, chain: &[(u32, usize)], last: u32) {
        let mut child = last;
        for &(node, side) in chain.iter().rev() {
            self.tree.hang(Hook::Side(node, side), Child::Node(child));
            structure.node_hooks[child as usize] = Hook::Side(node, side);
            child = node;
        }
        structure.node_hooks[child as usize] = top;
        self.tree.hang(top, Child::Node(child));
    }

    /// Moves the rows that `picks` from one locked leaf to another.
    fn relocate(
        &self,
        (from, source): (u32, &mut Leaf),
        (to, target): (u32, &mut Leaf),
        picks: impl Fn(&[f64; DIMS]) -> bool,
    ) {
        let mut row = 0;
        while row < source.len() {
            if !picks(&source.columns().coordinates(row)) {
                row += 1;
                continue;
            }
            let taken = self.take_row(from, source, row);
            self.put_row(to, target, taken);
        }
    }

    /// Merges a leaf with its sibling if both together are small.
    pub(super) fn merge(&self, number: u32) {
        let Some(mut structure) = self.tree.structure.try_lock() else { return };
        let mut number = Some(number);
        while let Some(leaf) = number {
            number = self.merge_once(&mut structure, leaf);
        }
    }

    /// Merges once and returns the leaf that remains, if any did.
    fn merge_once(&self, structure: &mut Structure, number: u32) -> Option<u32> {
        let Hook::Side(node, side) = structure.leaf_hooks[number as usize] else { return None };
        if self.tree.at(Hook::Side(node, side)) != Child::Leaf(number) {
            return None;
        }
        let sibling = match self.tree.node(node).child(1 - side) {
            Child::Node(_) => return None,
            Child::Leaf(leaf) => Some(leaf),
            Child::Absent => None,
        };
        // Locks are taken in the order of leaf numbers, as everywhere.
        let keep = sibling.map_or(number, |sibling| sibling.min(number));
        let drop = sibling.map(|sibling| sibling.max(number));
        let mut kept = self.tree.leaf(keep).write();
        let mut dropped = drop.map(|drop| self.tree.leaf(drop).write());
        let rows = kept.len() + dropped.as_ref().map_or(0, |leaf| leaf.len());
        if rows > MERGE_AT {
            return None;
        }
        let top = structure.node_hooks[node as usize];
        self.tree.turn_version();
        kept.cell = self.tree.cell_at(top);
        if let (Some(drop), Some(dropped)) = (drop, dropped.as_mut()) {
            self.relocate((drop, dropped), (keep, &mut kept), |_| true);
            self.tree.compass.fill(&dropped.cell, keep);
            dropped.cell = Cell::NONE;
            self.tree.retire_leaf(structure, drop);
        }
        let child = if rows == 0 { Child::Absent } else { Child::Leaf(keep) };
        if rows == 0 {
            kept.cell = Cell::NONE;
            self.tree.retire_leaf(structure, keep);
        } else {
            kept.measure();
            self.tree.note_hook(structure, keep, top);
        }
        self.tree.hang(top, child);
        structure.free_nodes.push(node);
        self.tree.turn_version();
        // An empty pair leaves its cell absent; the sibling of that one may now be merged too, but
        // nothing points at it from here, so it waits until one of its own objects leaves.
        (rows > 0).then_some(keep)
    }
}
