//! What the items of a window come to, of an index that is fetched in parts.
//!
//! Owns: the two steps: which ranks lie in the window, then the summaries that cover them. Does not
//! own the walk (`sift`) nor the records (`format::psindex`). Invariants: as few records as cover
//! the ranks are fetched, and added in the order of the ranks, so that the answer is the same to
//! the last bit however much was kept, fetched together, or walked through which tree.

use std::ops::Range;

use super::machine::Machine;
use super::options::{OPERATION, StreamOptions};
use super::round::{Fetched, Span};
use super::sift::Take;
use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{AggregatePlan, Shape, Summary};
use crate::packed::origin::Aggregate;
use crate::packed::tree::{Mask, Tree, bits};

/// The aggregates of a file.
#[derive(Clone, Debug)]
pub(super) struct AggregatePart {
    pub(super) plan: AggregatePlan,
    pub(super) shape: Shape,
    /// Where the chunk begins in the file.
    pub(super) chunk: u64,
}

/// Takes ranks, of which those that follow each other are one range.
#[derive(Default)]
pub(super) struct Ranks(Vec<Range<usize>>);

impl Ranks {
    fn push(&mut self, ranks: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if last.end == ranks.start => last.end = ranks.end,
            _ => self.0.push(ranks),
        }
    }
}

impl Take for Ranks {
    type Answer = Vec<Range<usize>>;

    fn unseen(&mut self, ranks: Range<usize>) -> bool {
        self.push(ranks);
        true
    }

    fn items<const D: usize, T: Tree<D>>(&mut self, tree: &T, group: T::Group, mask: Mask) {
        bits(mask).for_each(|lane| self.push(tree.ranks(group, lane)));
    }

    /// Items are summed up and not kept, so no limit is for them.
    fn count(&self) -> u64 {
        0
    }

    /// Ascending, none following another one directly.
    fn answer(mut self) -> Vec<Range<usize>> {
        self.0.sort_unstable_by_key(|ranks| ranks.start);
        let mut joined = Ranks::default();
        self.0.into_iter().for_each(|ranks| joined.push(ranks));
        joined.0
    }
}

/// The walk over the tree.
pub(super) type Walk = Box<dyn Machine<Vec<Range<usize>>>>;

/// A record that is fetched, and whether it is that of an item.
type Place = (Span, bool);

/// The question for what a window comes to.
pub(super) struct Aggregation {
    /// The first step, until it is done.
    walk: Option<Walk>,
    part: AggregatePart,
    options: StreamOptions,
    /// The ranks that are still to be covered, the last first.
    ranks: Vec<Range<usize>>,
    asked: Vec<Place>,
    count: u64,
    summary: Summary,
}

impl Aggregation {
    pub(super) fn new(walk: Walk, part: AggregatePart, options: StreamOptions) -> Self {
        let (ranks, asked) = (Vec::new(), Vec::new());
        let walk = Some(walk);
        Aggregation { walk, part, options, ranks, asked, count: 0, summary: Summary::EMPTY }
    }

    /// Where the record of an entry lies.
    fn place(&self, level: usize, index: usize) -> Place {
        let AggregatePart { plan, shape, chunk } = &self.part;
        match level {
            0 => (Span::of(*chunk, plan.item(index)), true),
            _ => (Span::of(*chunk, plan.summary(shape.level(level).start + index)), false),
        }
    }

    /// Asks for as many records as a round may have.
    fn ask(&mut self, wants: &mut Vec<Span>) {
        let mut bytes = 0;
        while let Some(ranks) = self.ranks.pop() {
            for (level, index) in self.part.shape.cover(ranks.clone()) {
                let place = self.place(level, index);
                bytes += place.0.bytes;
                if bytes > self.options.round_bytes && !self.asked.is_empty() {
                    self.ranks.push(self.part.shape.ranks(level, index).start..ranks.end);
                    return;
                }
                wants.push(place.0);
                self.asked.push(place);
            }
        }
    }

    fn take(&mut self, fetched: &Fetched) -> Result<()> {
        let columns = self.part.plan.columns();
        for (span, is_item) in std::mem::take(&mut self.asked) {
            let record = fetched.part(span)?;
            let summary = if is_item { columns.item(record) } else { columns.summary(record) };
            let summary = summary.ok_or_else(|| {
                let message = format!("the record at {} ends early", span.start);
                Error::new(ErrorKind::Internal, OPERATION, message)
            })?;
            self.summary.add(&summary);
        }
        Ok(())
    }
}

impl Machine<Aggregate> for Aggregation {
    fn advance(&mut self, fetched: &Fetched, wants: &mut Vec<Span>) -> Result<()> {
        match self.walk.take() {
            None => self.take(fetched)?,
            Some(mut walk) => {
                walk.advance(fetched, wants)?;
                if !wants.is_empty() {
                    self.walk = Some(walk);
                    return Ok(());
                }
                self.ranks = walk.answer()?;
                self.count = self.ranks.iter().map(|ranks| ranks.len() as u64).sum();
                self.ranks.reverse();
            }
        }
        self.ask(wants);
        Ok(())
    }

    fn answer(self: Box<Self>) -> Result<Aggregate> {
        Ok(Aggregate::of(self.part.plan.columns(), self.count, &self.summary))
    }
}
