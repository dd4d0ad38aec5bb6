//! The order of items that do not fit in memory: the one they have in it.
//!
//! Owns: bringing a pile of records in order, in memory where it fits and by sorted runs where not.
//! Does not own the keys, which are those of the orders in memory. Invariants: the same order, down
//! to the ties, as `along_curve` and `curve_order` give.

use super::record::{Pile, Record, Records};
use super::sort::{Bench, buffer_bytes, sort};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::order::{Cells, along_curve, center, widen};
use crate::packed::origin::{CurveKeys, STABLE, curve_order};
use crate::packed::simd::Isa;
use crate::packed::tree::LANES;

/// Which order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// That of our own layout, and of files with both trees.
    Ours,
    /// That of the format, for nodes of this size.
    Origin(u16),
}

/// Takes the records in their order.
pub(super) type Emit<'e, const D: usize> = &'e mut dyn FnMut(&Record<D>) -> Result<()>;

/// What ordering in memory takes for an item beside its record: box, place, and sorting.
const fn ordering_bytes<const D: usize>() -> usize {
    16 * D + 8 + 4 + 2 * (8 + 4)
}

/// Brings a pile, whose ids ascend, in order.
pub(super) fn in_order<const D: usize>(
    bench: &Bench<'_>,
    pile: Pile,
    (rule, memory): (Rule, usize),
    emit: Emit<'_, D>,
) -> Result<()> {
    let bytes = pile.spill.bytes().saturating_add((pile.count * ordering_bytes::<D>()) as u64);
    let fits = bytes <= memory as u64;
    match rule {
        Rule::Origin(node_size) if pile.count <= usize::from(node_size) => {
            as_they_are(bench, &pile, memory, emit)
        }
        // Ties of few items are a matter of how few are sorted.
        Rule::Origin(node_size) if fits || pile.count < STABLE => {
            let order = |boxes: &[BoxN<D>]| curve_order(boxes, node_size);
            in_memory(bench, &pile, fits, &order, emit)
        }
        Rule::Origin(_) => {
            let extent = fold(bench, &pile, memory, |all: &mut BoxN<D>, b| *all = all.union(b))?;
            let keys = CurveKeys::over(&extent);
            let key = |bounds: &BoxN<D>| keys.key(bounds);
            sort(bench, pile, memory, &key, &mut |_, record| emit(record))
        }
        Rule::Ours if fits || pile.count <= LANES => {
            let order = |boxes: &[BoxN<D>]| along_curve(boxes, Isa::detect());
            in_memory(bench, &pile, fits, &order, emit)
        }
        Rule::Ours => {
            let extent = fold(bench, &pile, memory, |all, b| widen(all, &center(b)))?;
            let cells = Cells::over([&extent], pile.count);
            if cells.is_one() {
                return as_they_are(bench, &pile, memory, emit);
            }
            finer(bench, pile, memory, &cells, emit)
        }
    }
}

/// Folds all boxes of a pile.
fn fold<const D: usize>(
    bench: &Bench<'_>,
    pile: &Pile,
    memory: usize,
    mut with: impl FnMut(&mut BoxN<D>, &BoxN<D>),
) -> Result<BoxN<D>> {
    let (mut all, mut record) = (BoxN::EMPTY, Record::EMPTY);
    let mut records = read(bench, pile, memory);
    while records.next(&mut record)? {
        with(&mut all, &record.bounds);
    }
    Ok(all)
}

fn read<const D: usize>(bench: &Bench<'_>, pile: &Pile, memory: usize) -> Records<D> {
    let bytes = pile.spill.read(0..pile.spill.bytes(), buffer_bytes(memory));
    Records::new(bytes, bench.has_payload)
}

fn as_they_are<const D: usize>(
    bench: &Bench<'_>,
    pile: &Pile,
    memory: usize,
    emit: Emit<'_, D>,
) -> Result<()> {
    let (mut records, mut record) = (read(bench, pile, memory), Record::EMPTY);
    while records.next(&mut record)? {
        emit(&record)?;
    }
    Ok(())
}

/// Orders a pile of which at least boxes and places fit in memory; `fits` if all does.
fn in_memory<const D: usize>(
    bench: &Bench<'_>,
    pile: &Pile,
    fits: bool,
    order: &dyn Fn(&[BoxN<D>]) -> Vec<u32>,
    emit: Emit<'_, D>,
) -> Result<()> {
    let all = pile.spill.bytes();
    let (mut boxes, mut places) = (Vec::with_capacity(pile.count), Vec::new());
    places.reserve_exact(pile.count);
    let (mut place, mut record) = (0_u64, Record::EMPTY);
    let mut records = read(bench, pile, if fits { all as usize } else { 0 });
    while records.next(&mut record)? {
        boxes.push(record.bounds);
        places.push(place);
        place += record.bytes(bench.has_payload) as u64;
    }
    let order = order(&boxes);
    drop(boxes);
    if !fits {
        for id in order {
            let bytes = pile.spill.read(places[id as usize]..all, 1);
            Records::new(bytes, bench.has_payload).next(&mut record)?;
            emit(&record)?;
        }
        return Ok(());
    }
    let mut whole = pile.spill.read(0..all, all as usize);
    let whole = whole.take(all as usize)?;
    for id in order {
        record.parse(&whole[places[id as usize] as usize..], bench.has_payload);
        emit(&record)?;
    }
    Ok(())
}

/// Sorts a pile by the cells of a grid, and what shares a cell on a grid of its own.
fn finer<const D: usize>(
    bench: &Bench<'_>,
    pile: Pile,
    memory: usize,
    cells: &Cells<D>,
    emit: Emit<'_, D>,
) -> Result<()> {
    let key = |bounds: &BoxN<D>| u64::from(cells.key(&center(bounds)));
    let mut shared = Shared { key: 0, few: Vec::new(), count: 0, bytes: 0, many: None };
    sort(bench, pile, memory, &key, &mut |key, record| {
        if key != shared.key {
            shared.end(bench, memory / 2, emit)?;
            shared.key = key;
        }
        shared.push(bench, memory / 4, record)
    })?;
    shared.end(bench, memory / 2, emit)
}

/// The records of one cell, until it is known how many there are.
struct Shared<const D: usize> {
    key: u64,
    /// The first `count` of these; the others are kept for their memory.
    few: Vec<Record<D>>,
    count: usize,
    bytes: usize,
    /// What was too much for memory.
    many: Option<Pile>,
}

impl<const D: usize> Shared<D> {
    /// Takes a record, and leaves another one, that means nothing, in its place.
    fn push(&mut self, bench: &Bench<'_>, memory: usize, record: &mut Record<D>) -> Result<()> {
        self.bytes += record.payload.len() + size_of::<Record<D>>() + ordering_bytes::<D>();
        if self.count == self.few.len() {
            self.few.push(Record::EMPTY);
        }
        std::mem::swap(&mut self.few[self.count], record);
        self.count += 1;
        if self.bytes > memory && self.count > LANES {
            self.put_aside(bench, memory)?;
        }
        Ok(())
    }

    fn put_aside(&mut self, bench: &Bench<'_>, memory: usize) -> Result<()> {
        let mut pile = match self.many.take() {
            Some(pile) => pile,
            None => Pile { spill: bench.folder.spill(buffer_bytes(memory))?, count: 0 },
        };
        for record in self.few.drain(..self.count) {
            pile.spill.put(|out| record.put(bench.has_payload, out))?;
        }
        pile.count += std::mem::take(&mut self.count);
        self.bytes = 0;
        self.many = Some(pile);
        Ok(())
    }

    /// Hands all over, in order, and forgets them.
    fn end(&mut self, bench: &Bench<'_>, memory: usize, emit: Emit<'_, D>) -> Result<()> {
        if self.many.is_some() {
            self.put_aside(bench, memory)?;
        }
        if let Some(mut pile) = self.many.take() {
            pile.spill.flush()?;
            return bench.meanwhile(|| in_order(bench, pile, (Rule::Ours, memory), emit));
        }
        let records = &self.few[..std::mem::take(&mut self.count)];
        self.bytes = 0;
        if records.len() <= LANES {
            return records.iter().try_for_each(emit);
        }
        let boxes: Vec<BoxN<D>> = records.iter().map(|record| record.bounds).collect();
        let order = along_curve(&boxes, Isa::detect());
        order.into_iter().try_for_each(|at| emit(&records[at as usize]))
    }
}
