//! Our own layout, part by part.
//!
//! Owns: which parts a group needs, and the tree over them. Does not own where parts lie
//! (`packed::fast`). Invariants: the checksums of the upper nodes are kept from the time of
//! opening; every part is checked before it is looked at.

use std::ops::Range;

use super::layout::{Child, Layout, Step};
use super::round::{Fetched, Span};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::fast::{FastTree, Group, Plan, Proof};
use crate::packed::tree::Tree;

/// What is known since the index was opened.
pub(super) struct FastParts<const D: usize> {
    plan: Plan<D>,
    page_plan: Plan<D>,
    kept_plan: Plan<D>,
    /// Where the chunk begins in the file.
    chunk: u64,
    kept: Kept,
    /// Parts are checked before a tree over them is made.
    checked: Proof,
}

/// The bytes that are kept.
#[derive(Default)]
pub(super) struct Kept {
    /// The first upper nodes, as many as were to be kept.
    pub(super) upper: Vec<u8>,
    /// How many runs of them.
    pub(super) blocks: usize,
    /// The table of the pages; empty if it was too large.
    pub(super) table: Vec<u8>,
    /// The checksums of all upper nodes.
    pub(super) sums: Vec<u8>,
}

/// Which bytes of a chunk are to be kept.
pub(super) struct Keeping {
    pub(super) blocks: usize,
    pub(super) upper: Range<usize>,
    pub(super) table: Range<usize>,
    pub(super) sums: Range<usize>,
}

impl Keeping {
    /// All upper nodes and the table if they take no more than `bytes`; else half as much of upper
    /// nodes, from the root on, and no table.
    pub(super) fn new<const D: usize>(plan: &Plan<D>, bytes: u64) -> Self {
        // The head of an empty chunk may say anything of places.
        if plan.items() == 0 {
            return Keeping { blocks: 0, upper: 0..0, table: 0..0, sums: 0..0 };
        }
        let sums = plan.sums_range();
        let (all, table) =
            (plan.block_range(0..plan.blocks()), plan.entries_range(0..plan.pages()));
        if (all.len() + table.len()) as u64 <= bytes || plan.pages() == 1 {
            return Keeping { blocks: plan.blocks(), upper: all, table, sums };
        }
        let fits = |blocks: &usize| plan.block_range(0..*blocks).len() as u64 <= bytes / 2;
        let blocks = (1..=plan.blocks()).take_while(fits).last().unwrap_or(0);
        Keeping { blocks, upper: plan.block_range(0..blocks), table: 0..0, sums }
    }
}

impl<const D: usize> FastParts<D> {
    pub(super) fn new(plan: Plan<D>, chunk: u64, kept: Kept) -> Result<Self> {
        plan.check_blocks(0, &kept.upper, &kept.sums)?;
        let (page_plan, kept_plan) = (plan.of_page(), plan.of_blocks(0, kept.upper.len()));
        Ok(FastParts { plan, page_plan, kept_plan, chunk, kept, checked: Proof::sound() })
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::of(self.chunk, range.start as u64..range.end as u64)
    }

    /// The step of a group above the pages.
    fn upper_step(&self, group: Group<D>) -> Step<Group<D>> {
        let block = self.plan.block_of(&group);
        let mut spans = [Span::NONE; 2];
        if block >= self.kept.blocks {
            spans[0] = self.span(self.plan.block_range(block..block + 1));
        }
        if group.level() == 2 && self.kept.table.is_empty() {
            spans[1] = self.span(self.plan.entries_range(self.plan.pages_of(&group)));
        }
        Step { group, spans, sum: 0 }
    }

    /// The step of a page, from the entries of the pages from `first` on.
    fn page_step(&self, group: Group<D>, first: usize, entries: &[u8]) -> Result<Step<Group<D>>> {
        let place = self.plan.page(first, entries, group.node())?;
        let span = self.span(place.start..place.start + place.bytes);
        Ok(Step { group: group.alone(), spans: [span, Span::NONE], sum: place.sum })
    }
}

impl<const D: usize> Layout<D> for FastParts<D> {
    type Group = Group<D>;
    type Tree<'a> = FastTree<'a, D>;
    type Bench = Option<Plan<D>>;

    fn items(&self) -> usize {
        self.plan.items()
    }

    fn extent(&self) -> BoxN<D> {
        self.plan.extent()
    }

    fn root(&self) -> Result<Option<Step<Group<D>>>> {
        match self.plan.root() {
            Some(root) if root.level() == 1 => self.page_step(root, 0, &self.kept.table).map(Some),
            Some(root) => Ok(Some(self.upper_step(root))),
            None => Ok(None),
        }
    }

    fn tree<'a>(
        &'a self,
        step: &Step<Group<D>>,
        fetched: &'a Fetched,
        bench: &'a mut Self::Bench,
    ) -> Result<FastTree<'a, D>> {
        let bytes = fetched.part(step.spans[0])?;
        if step.group.level() <= 1 {
            self.plan.check_page(&step.group, bytes, step.sum)?;
            return Ok(FastTree::new(bytes, &self.page_plan, &self.checked));
        }
        if bytes.is_empty() {
            return Ok(FastTree::new(&self.kept.upper, &self.kept_plan, &self.checked));
        }
        let block = self.plan.block_of(&step.group);
        self.plan.check_blocks(block, bytes, &self.kept.sums)?;
        let plan = bench.insert(self.plan.of_blocks(block, bytes.len()));
        Ok(FastTree::new(bytes, plan, &self.checked))
    }

    fn child(
        &self,
        tree: &FastTree<'_, D>,
        (group, lane): (Group<D>, usize),
        step: &Step<Group<D>>,
        fetched: &Fetched,
    ) -> Result<Child<Group<D>>> {
        let child = tree.child(group, lane);
        match child.level() {
            0 => Ok(Child::Here(child)),
            1 if self.kept.table.is_empty() => {
                let first = self.plan.pages_of(&group).start;
                let entries = fetched.part(step.spans[1])?;
                self.page_step(child, first, entries).map(Child::Apart)
            }
            1 => self.page_step(child, 0, &self.kept.table).map(Child::Apart),
            _ => Ok(Child::Apart(self.upper_step(child))),
        }
    }

    fn check(_bench: &Self::Bench) -> Result<()> {
        Ok(())
    }
}
