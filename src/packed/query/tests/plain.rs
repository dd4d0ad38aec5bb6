//! A tree so plain that it is seen to be right: levels of boxes in vectors.
//!
//! Owns: the order (by the middle on the first axis, then in runs by the second), the levels.
//! Invariants: `fanout` children to a node but for the last, so that with more than 16 a node has
//! several groups.

use std::ops::Range;

use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, Window, bits};

/// The tree; `levels[0]` are the boxes of items in order, `levels[l + 1]` those of the nodes that
/// hold `fanout` entries of `levels[l]` each.
#[derive(Clone, Debug)]
pub(super) struct Plain<const D: usize> {
    levels: Vec<Vec<BoxN<D>>>,
    ids: Vec<u32>,
    fanout: usize,
    /// By how much boxes in lanes are larger than they are.
    slack: f64,
}

/// Entries `start..end` of one level, of a node that ends at `node_end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    level: usize,
    start: usize,
    node_end: usize,
}

impl Place {
    fn len(&self) -> usize {
        (self.node_end - self.start).min(LANES)
    }
}

impl<const D: usize> Plain<D> {
    /// The tree of these items; what differs between trees is made from the seed.
    pub(super) fn new(items: &[BoxN<D>], seed: u64) -> Self {
        let fanout = [2, 5, 16, 16, 16, 33][(seed % 6) as usize];
        let slack = [0.0, 0.0, 0.5][(seed / 6 % 3) as usize];
        let mut ids: Vec<u32> = (0..items.len() as u32).collect();
        let middle = |id: u32, axis: usize| items[id as usize].center()[axis];
        ids.sort_by(|&a, &b| middle(a, 0).total_cmp(&middle(b, 0)));
        let run = (items.len() as f64 * fanout as f64).sqrt() as usize + 1;
        for run in ids.chunks_mut(run) {
            run.sort_by(|&a, &b| middle(a, 1).total_cmp(&middle(b, 1)));
        }
        let mut levels = vec![ids.iter().map(|&id| items[id as usize]).collect::<Vec<_>>()];
        while let Some(below) = levels.last().filter(|level| level.len() > fanout) {
            let union = |node: &[BoxN<D>]| node.iter().fold(BoxN::EMPTY, |all, b| all.union(b));
            levels.push(below.chunks(fanout).map(union).collect());
        }
        Plain { levels, ids, fanout, slack }
    }

    fn node(&self, level: usize, number: usize) -> Place {
        let start = number * self.fanout;
        Place { level, start, node_end: (start + self.fanout).min(self.levels[level].len()) }
    }

    fn entry(&self, group: Place, lane: usize) -> BoxN<D> {
        self.levels[group.level][group.start + lane]
    }

    fn test(&self, group: Place, test: impl Fn(&BoxN<D>) -> bool) -> Mask {
        (0..group.len())
            .fold(0, |mask, lane| mask | Mask::from(test(&self.entry(group, lane))) << lane)
    }
}

impl<const D: usize> Tree<D> for Plain<D> {
    type Group = Place;

    fn len(&self) -> usize {
        self.ids.len()
    }

    fn extent(&self) -> BoxN<D> {
        self.levels[0].iter().fold(BoxN::EMPTY, |all, b| all.union(b))
    }

    fn root(&self) -> Option<Place> {
        (!self.ids.is_empty()).then(|| self.node(self.levels.len() - 1, 0))
    }

    fn level(&self, group: Place) -> u32 {
        group.level as u32
    }

    fn rest(&self, group: Place) -> Option<Place> {
        let start = group.start + LANES;
        (start < group.node_end).then_some(Place { start, ..group })
    }

    fn present(&self, group: Place) -> Mask {
        self.test(group, |_| true)
    }

    fn lanes<K: Kernel>(&self, _kernel: K, group: Place, lanes: &mut Lanes<D>) {
        *lanes = Lanes::EMPTY;
        for lane in 0..group.len() {
            let bounds = self.entry(group, lane);
            for axis in 0..D {
                lanes.min[axis][lane] = bounds.min[axis] - self.slack;
                lanes.max[axis][lane] = bounds.max[axis] + self.slack;
            }
        }
    }

    fn bracket(&self, group: Place, lane: usize) -> (BoxN<D>, BoxN<D>) {
        let BoxN { min, max } = self.entry(group, lane);
        let larger = BoxN { min: min.map(|x| x - self.slack), max: max.map(|x| x + self.slack) };
        let smaller = BoxN { min: min.map(|x| x + self.slack), max: max.map(|x| x - self.slack) };
        (larger, smaller)
    }

    fn inner_lanes<K: Kernel>(&self, _kernel: K, group: Place, lanes: &mut Lanes<D>) {
        *lanes = Lanes::EMPTY;
        for lane in 0..group.len() {
            let bounds = self.entry(group, lane);
            for axis in 0..D {
                lanes.min[axis][lane] = bounds.min[axis] + self.slack;
                lanes.max[axis][lane] = bounds.max[axis] - self.slack;
            }
        }
    }

    fn child(&self, group: Place, lane: usize) -> Place {
        self.node(group.level - 1, group.start + lane)
    }

    fn ranks(&self, group: Place, lane: usize) -> Range<usize> {
        let width = self.fanout.pow(group.level as u32);
        let start = (group.start + lane) * width;
        start..(start + width).min(self.ids.len())
    }

    fn item(&self, group: Place, lane: usize) -> BoxN<D> {
        assert_eq!(group.level, 0);
        self.entry(group, lane)
    }

    fn nodes_in<K: Kernel>(&self, _: K, group: Place, window: &Window<D>) -> (Mask, Mask) {
        assert!(group.level > 0);
        let window = &window.bounds;
        (self.test(group, |b| window.intersects(b)), self.test(group, |b| window.contains(b)))
    }

    fn items_in<K: Kernel>(&self, _: K, group: Place, window: &Window<D>) -> Mask {
        assert_eq!(group.level, 0);
        self.test(group, |b| window.bounds.intersects(b))
    }

    fn id(&self, rank: usize) -> u32 {
        self.ids[rank]
    }

    fn push_ids<K: Kernel>(&self, _: K, group: Place, mask: Mask, ids: &mut Vec<u32>) {
        ids.extend(bits(mask).map(|lane| self.ids[group.start + lane]));
    }

    fn extend_ids(&self, ranks: Range<usize>, ids: &mut Vec<u32>) {
        ids.extend_from_slice(&self.ids[ranks]);
    }
}
