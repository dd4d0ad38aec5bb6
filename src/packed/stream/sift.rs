//! All items of a region, level by level.
//!
//! Owns: the walk, and what takes the items. Does not own the tests of boxes, which are those of
//! any index. Invariants: each node is looked at once; what is known to lie wholly inside is not
//! tested, and if only the number is wanted not fetched either.

use std::ops::Range;
use std::sync::Arc;

use super::layout::{Child, Layout, Step};
use super::machine::Machine;
use super::options::{StreamOptions, check};
use super::round::{Fetched, Span};
use crate::error::Result;
use crate::packed::query::Filter;
use crate::packed::simd::Portable;
use crate::packed::tree::{Mask, Tree, bits};

/// An item that was found in a streamed index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Found {
    /// The item.
    pub id: u32,
    /// Its place in the tree, by which its payload is asked for.
    pub rank: u32,
}

/// What takes the items.
pub(super) trait Take: Send {
    type Answer;

    /// Takes all items of some ranks unseen, if it can.
    fn unseen(&mut self, ranks: Range<usize>) -> bool;

    /// Takes some items of a group.
    fn items<const D: usize, T: Tree<D>>(&mut self, tree: &T, group: T::Group, mask: Mask);

    /// How many it has.
    fn count(&self) -> u64;

    fn answer(self) -> Self::Answer;
}

/// Takes ids and ranks.
#[derive(Default)]
pub(super) struct Collect {
    found: Vec<Found>,
    ids: Vec<u32>,
}

impl Take for Collect {
    type Answer = Vec<Found>;

    fn unseen(&mut self, _ranks: Range<usize>) -> bool {
        false
    }

    fn items<const D: usize, T: Tree<D>>(&mut self, tree: &T, group: T::Group, mask: Mask) {
        self.ids.clear();
        tree.push_ids(Portable, group, mask, &mut self.ids);
        let ranks = bits(mask).map(|lane| tree.ranks(group, lane).start as u32);
        let ids = self.ids.iter().zip(ranks);
        self.found.extend(ids.map(|(&id, rank)| Found { id, rank }));
    }

    fn count(&self) -> u64 {
        self.found.len() as u64
    }

    fn answer(self) -> Vec<Found> {
        self.found
    }
}

/// Takes only the number.
#[derive(Default)]
pub(super) struct Count(usize);

impl Take for Count {
    type Answer = usize;

    fn unseen(&mut self, ranks: Range<usize>) -> bool {
        self.0 += ranks.len();
        true
    }

    fn items<const D: usize, T: Tree<D>>(&mut self, _tree: &T, _group: T::Group, mask: Mask) {
        self.0 += mask.count_ones() as usize;
    }

    /// Counted items are not kept, so no limit is for them.
    fn count(&self) -> u64 {
        0
    }

    fn answer(self) -> usize {
        self.0
    }
}

/// A node that is to be looked at, and whether all of it is known to lie inside.
type Open<G> = (Step<G>, bool);

/// The walk.
pub(super) struct Sift<L: Layout<D>, F, T, const D: usize> {
    layout: Arc<L>,
    filter: F,
    take: T,
    options: StreamOptions,
    /// What is still to be looked at; the last is the next.
    open: Vec<Open<L::Group>>,
    /// What was asked for.
    asked: Vec<Open<L::Group>>,
}

impl<L: Layout<D>, F: Filter<D>, T: Take, const D: usize> Sift<L, F, T, D> {
    pub(super) fn new(layout: Arc<L>, filter: F, take: T, options: StreamOptions) -> Result<Self> {
        let open = layout.root()?.into_iter().map(|step| (step, false)).collect();
        Ok(Sift { layout, filter, take, options, open, asked: Vec::new() })
    }

    /// Looks at a node, whose parts are there.
    fn look(&mut self, (step, is_whole): Open<L::Group>, fetched: &Fetched) -> Result<()> {
        let mut bench = L::Bench::default();
        let tree = self.layout.tree(&step, fetched, &mut bench)?;
        let mut here = vec![(step.group, is_whole)];
        while let Some((group, is_whole)) = here.pop() {
            here.extend(tree.rest(group).map(|rest| (rest, is_whole)));
            let all = tree.present(group);
            if tree.level(group) == 0 {
                let items = || self.filter.items(Portable, &tree, group);
                self.take.items(&tree, group, if is_whole { all } else { items() });
                continue;
            }
            let (maybe, sure) = match is_whole {
                true => (all, all),
                false => self.filter.nodes(Portable, &tree, group),
            };
            for lane in bits(maybe) {
                let is_whole = sure >> lane & 1 == 1;
                if is_whole && self.take.unseen(tree.ranks(group, lane)) {
                    continue;
                }
                match self.layout.child(&tree, (group, lane), &step, fetched)? {
                    Child::Here(child) => here.push((child, is_whole)),
                    Child::Apart(child) => self.open.push((child, is_whole)),
                }
            }
        }
        drop(tree);
        L::check(&bench)?;
        check("items", self.take.count(), self.options.limits.items)
    }
}

impl<L, F, T, const D: usize> Machine<T::Answer> for Sift<L, F, T, D>
where
    L: Layout<D>,
    F: Filter<D> + Send,
    T: Take,
{
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        for open in std::mem::take(&mut self.asked) {
            self.look(open, fetched)?;
        }
        let mut bytes = 0_u64;
        while let Some(open) = self.open.pop() {
            if open.0.is_kept() {
                self.look(open, &Fetched::default())?;
                continue;
            }
            let with = bytes.saturating_add(open.0.bytes());
            if bytes > 0 && with > self.options.round_bytes {
                self.open.push(open);
                break;
            }
            bytes = with;
            open.0.want(wants);
            self.asked.push(open);
        }
        Ok(())
    }

    fn answer(self: Box<Self>) -> Result<T::Answer> {
        Ok(self.take.answer())
    }
}
