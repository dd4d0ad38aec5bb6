//! The k nearest by any measure, in rounds.
//!
//! Owns: which nodes are fetched together. Does not own measures, nor the list of the best.
//! Invariants: the answer is that of any index. The first rounds go straight down, to the nearest
//! nodes with enough items below them, so that there is a limit after as many rounds as there are
//! levels; from then on everything that is not beyond the limit is fetched at once. Where what was
//! fetched held too little, twice as much is fetched the next time.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::Arc;

use super::layout::{Child, Layout, Step};
use super::machine::Machine;
use super::options::{StreamOptions, check};
use super::round::{Fetched, Span};
use crate::error::Result;
use crate::packed::ordered::ordered;
use crate::packed::query::{Best, Measure, at_most};
use crate::packed::simd::Portable;
use crate::packed::tree::{Lanes, Mask, Tree, bits};

/// An item of a streamed index and how far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearby {
    /// The item.
    pub id: u32,
    /// Its place in the tree, by which its payload is asked for.
    pub rank: u32,
    /// How far it is; for a ray the `t` at which it enters the item.
    pub distance: f64,
}

/// After so many nodes that are kept it is found out again how far the next round reaches.
const PATIENCE: usize = 16;

/// A node that was kept, nearest first.
struct Kept<G> {
    key: f64,
    step: Step<G>,
}

impl<G> Ord for Kept<G> {
    fn cmp(&self, other: &Self) -> Ordering {
        ordered(other.key).cmp(&ordered(self.key))
    }
}

impl<G> PartialOrd for Kept<G> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<G> PartialEq for Kept<G> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<G> Eq for Kept<G> {}

/// A node that must be fetched, and how many items it has.
struct Far<G> {
    key: f64,
    items: usize,
    step: Step<G>,
}

/// The lowest nodes first, of one level the nearest: its level, its key, a number of its own.
type Place = (u32, i64, u64);

/// What is still to be looked at.
struct Front<G> {
    kept: BinaryHeap<Kept<G>>,
    far: BTreeMap<Place, Far<G>>,
    far_items: usize,
    seen: u64,
}

impl<G> Front<G> {
    fn push(&mut self, key: f64, (level, items): (u32, usize), step: Step<G>) {
        if step.is_kept() {
            return self.kept.push(Kept { key, step });
        }
        self.seen += 1;
        self.far_items += items;
        self.far.insert((level, ordered(key), self.seen), Far { key, items, step });
    }

    /// Of the nodes with the first `aim` items that must be fetched, the greatest key.
    fn reach(&self, aim: usize) -> f64 {
        if self.far_items < aim {
            return f64::INFINITY;
        }
        let (mut items, mut reach) = (0, 0.0_f64);
        for far in self.far.values() {
            if items >= aim {
                break;
            }
            items += far.items;
            reach = reach.max(far.key);
        }
        reach
    }
}

/// The walk.
pub(super) struct Nearest<L: Layout<D>, M, const D: usize> {
    layout: Arc<L>,
    measure: M,
    max_distance: f64,
    options: StreamOptions,
    best: Best,
    /// The ranks of the items that were among the best at some time.
    ranks: HashMap<u32, u32>,
    front: Front<L::Group>,
    asked: Vec<(f64, Step<L::Group>)>,
    /// How many items the next round should bring.
    aim: usize,
}

impl<L: Layout<D>, M: Measure<D>, const D: usize> Nearest<L, M, D> {
    pub(super) fn new(
        layout: Arc<L>,
        measure: M,
        (k, max_distance): (usize, f64),
        options: StreamOptions,
    ) -> Result<Self> {
        let k = k.min(layout.items());
        check("items", k as u64, options.limits.items)?;
        let mut best = Best::default();
        best.reset(k, measure.limit(max_distance));
        let (kept, far) = (BinaryHeap::new(), BTreeMap::new());
        let mut front = Front { kept, far, far_items: 0, seen: 0 };
        if let Some(step) = layout.root()?.filter(|_| k > 0) {
            front.push(f64::NEG_INFINITY, (u32::MAX, layout.items()), step);
        }
        let (ranks, asked, aim) = (HashMap::new(), Vec::new(), k);
        Ok(Nearest { layout, measure, max_distance, options, best, ranks, front, asked, aim })
    }

    /// Looks at a node, whose parts are there.
    fn look(&mut self, step: &Step<L::Group>, fetched: &Fetched) -> Result<()> {
        let layout = Arc::clone(&self.layout);
        let mut bench = L::Bench::default();
        let tree = layout.tree(step, fetched, &mut bench)?;
        let mut here = vec![step.group];
        let mut lanes = Lanes::EMPTY;
        while let Some(group) = here.pop() {
            here.extend(tree.rest(group));
            tree.lanes(Portable, group, &mut lanes);
            let keys = self.measure.bounds(&lanes);
            let wanted = at_most(&keys, self.best.limit()) & tree.present(group);
            if tree.level(group) == 0 {
                self.offer(&tree, group, wanted);
                continue;
            }
            for lane in bits(wanted) {
                match layout.child(&tree, (group, lane), step, fetched)? {
                    Child::Here(child) => here.push(child),
                    Child::Apart(child) => {
                        let place = (tree.level(group), tree.ranks(group, lane).len());
                        self.front.push(keys[lane], place, child);
                    }
                }
            }
        }
        drop(tree);
        L::check(&bench)
    }

    fn offer<T: Tree<D>>(&mut self, tree: &T, group: T::Group, wanted: Mask) {
        let mut ids = Vec::new();
        tree.push_ids(Portable, group, wanted, &mut ids);
        for (lane, id) in bits(wanted).zip(ids) {
            let key = self.measure.key(id, &tree.item(group, lane));
            if key <= self.best.limit() {
                self.ranks.insert(id, tree.ranks(group, lane).start as u32);
                self.best.offer(key, id);
            }
        }
    }

    /// Looks at the nodes that are kept and no further than the next round will reach.
    fn look_at_kept(&mut self) -> Result<()> {
        let mut reach = f64::INFINITY;
        for seen in 0.. {
            if seen % PATIENCE == 0 && !self.best.is_full() {
                reach = self.front.reach(self.aim);
            }
            let reach = reach.min(self.best.limit());
            match self.front.kept.peek() {
                Some(next) if next.key <= reach => {}
                _ => break,
            }
            let Some(next) = self.front.kept.pop() else { break };
            self.look(&next.step, &Fetched::default())?;
        }
        Ok(())
    }

    /// Asks for the next round's nodes.
    fn ask(&mut self, wants: &mut Vec<Span>) {
        let aim = if self.best.is_full() { usize::MAX } else { self.aim };
        let (mut items, mut bytes) = (0, 0_u64);
        let mut later = Vec::new();
        while let Some((place, far)) = self.front.far.pop_first() {
            if far.key > self.best.limit() {
                self.front.far_items -= far.items;
                continue;
            }
            let with = bytes.saturating_add(far.step.bytes());
            if bytes > 0 && (items >= aim || with > self.options.round_bytes) {
                later.push((place, far));
                break;
            }
            (items, bytes) = (items + far.items, with);
            self.front.far_items -= far.items;
            far.step.want(wants);
            self.asked.push((far.key, far.step));
        }
        self.front.far.extend(later);
    }
}

impl<L: Layout<D>, M: Measure<D> + Send, const D: usize> Machine<Vec<Nearby>> for Nearest<L, M, D> {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        let asked = std::mem::take(&mut self.asked);
        if !asked.is_empty() {
            self.aim = self.aim.saturating_mul(2);
        }
        for (key, step) in asked {
            // The limit falls as items come in.
            if key <= self.best.limit() {
                self.look(&step, fetched)?;
            }
        }
        self.look_at_kept()?;
        self.ask(wants);
        Ok(())
    }

    fn answer(self: Box<Self>) -> Result<Vec<Nearby>> {
        let Nearest { mut best, measure, ranks, max_distance, .. } = *self;
        let mut found = Vec::new();
        best.drain(|key, id| {
            let distance = measure.distance(key);
            // The limit of keys may let a little more through.
            if distance <= max_distance {
                let rank = ranks.get(&id).copied().unwrap_or_default();
                found.push(Nearby { id, rank, distance });
            }
        });
        Ok(found)
    }
}
