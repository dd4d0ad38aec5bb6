//! Sorting more records than memory holds: runs, and merging them.
//!
//! Owns: both. Does not own what a key means. Invariants: records come out by key and then by id;
//! runs and the buffers of a merge keep to the memory they are given, but for a record that alone
//! is larger.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::ops::Range;

use super::progress::{Reporter, Stage};
use super::record::{Pile, Record, Records};
use super::spill::{Folder, Spill};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::radix::sort_by_wide_key;

/// The least buffer of a run that is merged.
const LEAST_BUFFER_BYTES: usize = 4 << 10;
/// The largest buffer that is of use.
const MOST_BUFFER_BYTES: usize = 1 << 20;
/// What sorting takes for each record beside its bytes: where it is, and key and number twice.
const SORTING_BYTES: usize = 4 + 2 * (8 + 4);

/// What all steps of a build share.
pub(super) struct Bench<'r> {
    pub(super) folder: Folder,
    pub(super) has_payload: bool,
    pub(super) reporter: RefCell<Reporter<'r>>,
}

impl Bench<'_> {
    /// A stage begins.
    pub(super) fn begin(&self, stage: Stage, total: usize) -> Result<()> {
        self.reporter.borrow_mut().begin(stage, Some(total as u64))
    }

    /// One item of it is done.
    #[inline]
    pub(super) fn step(&self) -> Result<()> {
        self.reporter.borrow_mut().step()
    }

    /// Does something with stages of its own in the middle of the present one.
    pub(super) fn meanwhile(&self, work: impl FnOnce() -> Result<()>) -> Result<()> {
        let now = self.reporter.borrow().now();
        work()?;
        self.reporter.borrow_mut().resume(now);
        Ok(())
    }

    /// The stage is done.
    pub(super) fn end(&self) -> Result<()> {
        self.reporter.borrow_mut().end()
    }
}

/// How many bytes are read or written at once, of so much memory.
pub(super) fn buffer_bytes(memory: usize) -> usize {
    (memory / 16).clamp(LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES)
}

/// Sorted runs in one file.
struct Runs {
    spill: Spill,
    runs: Vec<Range<u64>>,
}

/// A run that is being made.
struct Run {
    bytes: Vec<u8>,
    places: Vec<u32>,
    keys: Vec<u64>,
    numbers: Vec<u32>,
    most_bytes: usize,
    most_records: usize,
    key_scratch: Vec<u64>,
    number_scratch: Vec<u32>,
}

impl Run {
    /// A run of records of about `record_bytes` bytes, `count` of them in all.
    fn new(memory: usize, record_bytes: usize, count: usize) -> Self {
        let memory = memory - memory / 8;
        let most_records = (memory / (record_bytes + SORTING_BYTES)).clamp(1, count.max(1));
        // Places in it are of 32 bits.
        let most_bytes = (most_records.saturating_mul(record_bytes)).min(u32::MAX as usize);
        Run {
            bytes: Vec::with_capacity(most_bytes),
            places: Vec::with_capacity(most_records),
            keys: Vec::with_capacity(most_records),
            numbers: Vec::with_capacity(most_records),
            most_bytes,
            most_records,
            key_scratch: Vec::new(),
            number_scratch: Vec::new(),
        }
    }

    fn has_room(&self, bytes: usize) -> bool {
        let is_empty = self.keys.is_empty();
        is_empty
            || self.keys.len() < self.most_records && self.bytes.len() + bytes <= self.most_bytes
    }

    fn push<const D: usize>(&mut self, key: u64, record: &Record<D>, has_payload: bool) {
        self.numbers.push(self.keys.len() as u32);
        self.places.push(self.bytes.len() as u32);
        self.keys.push(key);
        record.put(has_payload, &mut self.bytes);
    }

    /// Appends it, sorted, to a file, and forgets it.
    fn write(&mut self, runs: &mut Runs) -> Result<()> {
        // Numbers ascend as ids do, so that a stable sort keeps equal keys in order of ids.
        sort_by_wide_key(
            &mut self.keys,
            &mut self.numbers,
            &mut self.key_scratch,
            &mut self.number_scratch,
        );
        let start = runs.spill.bytes();
        for &number in &self.numbers {
            let number = number as usize;
            let end = self.places.get(number + 1).map_or(self.bytes.len(), |end| *end as usize);
            let record = &self.bytes[self.places[number] as usize..end];
            runs.spill.put(|out| out.extend_from_slice(record))?;
        }
        runs.runs.push(start..runs.spill.bytes());
        self.bytes.clear();
        self.places.clear();
        self.keys.clear();
        self.numbers.clear();
        Ok(())
    }
}

/// Sorts the records of a pile by key and id, and hands them to `emit` with their keys. It takes
/// `memory` bytes while it makes runs, and half of that while it emits.
pub(super) fn sort<const D: usize>(
    bench: &Bench<'_>,
    pile: Pile,
    memory: usize,
    key: &dyn Fn(&BoxN<D>) -> u64,
    emit: &mut dyn FnMut(u64, &mut Record<D>) -> Result<()>,
) -> Result<()> {
    let count = pile.count;
    let mut runs = make_runs(bench, pile, memory, key)?;
    let fan_in = (memory / 2 / LEAST_BUFFER_BYTES).max(2);
    while runs.runs.len() > fan_in {
        runs = merge_some(bench, runs, (memory, fan_in, count), key)?;
    }
    bench.begin(Stage::Merge, count)?;
    let merged = &mut Merge::new(&runs, 0..runs.runs.len(), memory / 2, bench.has_payload, key)?;
    let mut record = Record::EMPTY;
    while let Some(key) = merged.next(&mut record)? {
        emit(key, &mut record)?;
        bench.step()?;
    }
    bench.end()
}

fn make_runs<const D: usize>(
    bench: &Bench<'_>,
    pile: Pile,
    memory: usize,
    key: &dyn Fn(&BoxN<D>) -> u64,
) -> Result<Runs> {
    bench.begin(Stage::Sort, pile.count)?;
    let buffer = buffer_bytes(memory);
    let mut runs = Runs { spill: bench.folder.spill(buffer)?, runs: Vec::new() };
    let bytes = pile.spill.bytes();
    let mut records = Records::<D>::new(pile.spill.read(0..bytes, buffer), bench.has_payload);
    let average = (bytes as usize).div_ceil(pile.count.max(1));
    let mut run = Run::new(memory.saturating_sub(2 * buffer), average, pile.count);
    let mut record = Record::EMPTY;
    while records.next(&mut record)? {
        if !run.has_room(record.bytes(bench.has_payload)) {
            run.write(&mut runs)?;
        }
        run.push(key(&record.bounds), &record, bench.has_payload);
        bench.step()?;
    }
    run.write(&mut runs)?;
    runs.spill.flush()?;
    bench.end()?;
    Ok(runs)
}

/// Merges each `fan_in` runs to one.
fn merge_some<const D: usize>(
    bench: &Bench<'_>,
    runs: Runs,
    (memory, fan_in, count): (usize, usize, usize),
    key: &dyn Fn(&BoxN<D>) -> u64,
) -> Result<Runs> {
    bench.begin(Stage::Merge, count)?;
    let mut fewer = Runs { spill: bench.folder.spill(buffer_bytes(memory))?, runs: Vec::new() };
    let mut record = Record::EMPTY;
    for first in (0..runs.runs.len()).step_by(fan_in) {
        let some = first..(first + fan_in).min(runs.runs.len());
        let mut merged = Merge::new(&runs, some, memory / 2, bench.has_payload, key)?;
        let start = fewer.spill.bytes();
        while merged.next(&mut record)?.is_some() {
            fewer.spill.put(|out| record.put(bench.has_payload, out))?;
            bench.step()?;
        }
        fewer.runs.push(start..fewer.spill.bytes());
    }
    fewer.spill.flush()?;
    bench.end()?;
    Ok(fewer)
}

/// Some runs as one.
struct Merge<'k, const D: usize> {
    heads: Vec<(Records<D>, Record<D>)>,
    /// The key and the id of each run's next record, and which run.
    order: BinaryHeap<Reverse<(u64, u32, usize)>>,
    key: &'k dyn Fn(&BoxN<D>) -> u64,
}

impl<'k, const D: usize> Merge<'k, D> {
    fn new(
        runs: &Runs,
        some: Range<usize>,
        memory: usize,
        has_payload: bool,
        key: &'k dyn Fn(&BoxN<D>) -> u64,
    ) -> Result<Self> {
        let buffer = memory / some.len().max(1);
        let buffer = buffer.clamp(LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES);
        let mut merge = Merge { heads: Vec::new(), order: BinaryHeap::new(), key };
        for range in &runs.runs[some] {
            let mut records = Records::new(runs.spill.read(range.clone(), buffer), has_payload);
            let mut record = Record::EMPTY;
            if records.next(&mut record)? {
                let entry = (key(&record.bounds), record.id, merge.heads.len());
                merge.order.push(Reverse(entry));
                merge.heads.push((records, record));
            }
        }
        Ok(merge)
    }

    /// The next record and its key.
    fn next(&mut self, record: &mut Record<D>) -> Result<Option<u64>> {
        let Some(mut least) = self.order.peek_mut() else { return Ok(None) };
        let Reverse((key, _, run)) = *least;
        let (records, head) = &mut self.heads[run];
        std::mem::swap(record, head);
        if records.next(head)? {
            *least = Reverse(((self.key)(&head.bounds), head.id, run));
        } else {
            PeekMut::pop(least);
        }
        Ok(Some(key))
    }
}
