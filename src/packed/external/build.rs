//! The build, from the items to the file.
//!
//! Owns: its steps. Does not own any of them. Invariants: items are taken once; nothing is written
//! to the sink before all of them were taken and checked.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use super::OPERATION;
use super::item::ExternalItem;
use super::order::{Rule, in_order};
use super::progress::{Progress, Reporter, Stage};
use super::record::{Pile, Record, Records};
use super::room::{Room, RoomySink};
use super::sort::{Bench, buffer_bytes};
use super::spill::{Folder, Spill};
use super::values::{check_values, put_values, split_values};
use crate::error::{Error, ErrorKind, Result};
use crate::format::psindex::{Columns, Metadata};
use crate::packed::fast::{Batches, Frame, Outline};
use crate::packed::file::{Trees, WriteOptions};
use crate::packed::origin::{Sink, StreamedFile, StreamedItems};
use crate::packed::tree::LANES;
use crate::vfs::Vfs;

/// No less memory than this is used, however little was asked for.
const LEAST_MEMORY_BYTES: usize = 64 << 10;

/// Whether the items of a build have payloads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExternalPayloads {
    /// They have none; bytes that come with them are left out.
    #[default]
    None,
    /// Of any lengths, each below 4 GiB.
    Blobs,
    /// Records, all of this length.
    Records(u32),
}

/// How an index is built of more items than memory holds.
#[derive(Clone, Debug)]
pub struct ExternalOptions<'a> {
    /// Which trees the file has, and how they are laid out.
    pub write: WriteOptions,
    /// About how much memory it takes, from 64 KiB on; beside it the build takes some MiB for
    /// writing, half a byte an item for our own tree, and room for the largest payload.
    pub memory_bytes: usize,
    /// Where temporary files are made; they take about three times what the items do.
    pub folder: &'a Path,
    /// The files that the folder belongs to.
    pub vfs: Arc<dyn Vfs>,
    /// Whether items have payloads.
    pub payloads: ExternalPayloads,
    /// How many bytes of each payload to store once more, close together.
    pub prefix_bytes: Option<u32>,
    /// Whether the file has the numbers of the items, to be summed up. As the bits, they need
    /// coordinates of 64 bits in the tree of the format.
    pub scalars: bool,
    /// Whether it has the bits of the items, to be united.
    pub masks: bool,
    /// What the file says about itself.
    pub metadata: Metadata<'a>,
}

impl<'a> ExternalOptions<'a> {
    /// Our own tree, no payloads, nothing to add up, 256 MiB of memory.
    pub fn new(vfs: Arc<dyn Vfs>, folder: &'a Path) -> Self {
        ExternalOptions {
            write: WriteOptions::default(),
            memory_bytes: 256 << 20,
            folder,
            vfs,
            payloads: ExternalPayloads::None,
            prefix_bytes: None,
            scalars: false,
            masks: false,
            metadata: Metadata::default(),
        }
    }

    /// Which values the file has; `None` if it has none.
    fn columns(&self) -> Option<Columns> {
        let columns = Columns { scalar: self.scalars, mask: self.masks };
        (columns.scalar || columns.mask).then_some(columns)
    }
}

/// Writes the file of an index from items that come one by one, more of them than memory holds; the
/// number of its bytes. The ids of the items are their places in the row, at most 4,294,967,295.
///
/// An item is a pair of its box and its payload. Where the options ask for values to add up it is
/// `(box, payload, number, bits)`; what the options do not ask for is left out.
///
/// The file has the same bytes as [`write_index`](super::super::write_index) gives. The first item
/// that is an error ends the build with it, as does a box that is refused; `progress` ends it by
/// breaking off. The temporary files are removed in any case.
///
/// ```
/// use std::{ops::ControlFlow, path::Path, sync::Arc};
/// use spatio::packed::{BoxN, ExternalOptions, Index, write_index_external};
/// use spatio::vfs::MemoryVfs;
/// let options = ExternalOptions::new(Arc::new(MemoryVfs::new()), Path::new("/"));
/// let items = (0..1000).map(|n| Ok((BoxN::point([f64::from(n), 0.0]), [])));
/// let mut file = Vec::new();
/// write_index_external(items, &options, &mut |_| ControlFlow::Continue(()), &mut file)?;
/// assert_eq!(Index::<2>::open(Arc::new(file))?.len(), 1000);
/// # Ok::<(), spatio::Error>(())
/// ```
pub fn write_index_external<const D: usize, I: ExternalItem<D>, S: Sink>(
    items: impl IntoIterator<Item = Result<I>>,
    options: &ExternalOptions<'_>,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
    sink: &mut S,
) -> Result<u64> {
    const { assert!(D >= 2 && D <= 4, "an index has two, three or four axes") };
    let columns = options.columns();
    if columns.is_some() {
        check_values(&options.write)?;
    }
    let build = Build {
        options,
        columns,
        memory: options.memory_bytes.max(LEAST_MEMORY_BYTES),
        bench: Bench {
            folder: Folder::new(Arc::clone(&options.vfs), options.folder),
            has_payload: options.payloads != ExternalPayloads::None || columns.is_some(),
            reporter: RefCell::new(Reporter::new(progress)),
        },
    };
    // Asked first, because it refuses what cannot be written.
    let nothing = build.streamed(0, &Lengths::default(), None);
    StreamedFile::<D>::fast_offset(&nothing, options.write.form)?;
    let (pile, lengths) = build.take::<D, I>(items)?;
    match options.write.trees {
        Trees::Origin => build.stream::<D, S>(pile, &lengths, sink),
        Trees::Fast | Trees::Both => build.page::<D, S>(pile, &lengths, sink),
    }
}

/// What is learned of the payloads while items are taken.
#[derive(Default)]
struct Lengths {
    all: u64,
    first: Option<usize>,
    differ: bool,
}

impl Lengths {
    fn add(&mut self, length: usize) {
        self.all += length as u64;
        self.differ |= *self.first.get_or_insert(length) != length;
    }
}

struct Build<'o, 'r> {
    options: &'o ExternalOptions<'o>,
    columns: Option<Columns>,
    memory: usize,
    bench: Bench<'r>,
}

impl<'o> Build<'o, '_> {
    /// Puts all items aside.
    fn take<const D: usize, I: ExternalItem<D>>(
        &self,
        items: impl IntoIterator<Item = Result<I>>,
    ) -> Result<(Pile, Lengths)> {
        self.bench.reporter.borrow_mut().begin(Stage::Take, None)?;
        let spill = self.bench.folder.spill(buffer_bytes(self.memory))?;
        let (mut pile, mut lengths) = (Pile { spill, count: 0 }, Lengths::default());
        let mut record = Record::<D>::EMPTY;
        for (row, item) in items.into_iter().enumerate() {
            let item = item?;
            let bounds = item.bounds();
            bounds.validate(OPERATION).map_err(|error| error.in_row(row))?;
            if row >= u32::MAX as usize {
                let message = format!("more than {} items", u32::MAX);
                return Err(Error::new(ErrorKind::LimitExceeded, OPERATION, message));
            }
            (record.id, record.bounds) = (row as u32, bounds);
            record.payload.clear();
            let taken = self
                .take_values(item.values(), &mut record.payload)
                .and_then(|()| self.take_payload(item.payload(), &mut record.payload));
            lengths.add(taken.map_err(|error| error.in_row(row))?);
            pile.spill.put(|out| record.put(self.bench.has_payload, out))?;
            pile.count += 1;
            self.bench.step()?;
        }
        pile.spill.flush()?;
        self.bench.end()?;
        Ok((pile, lengths))
    }

    fn take_values(&self, values: Option<(f64, u64)>, kept: &mut Vec<u8>) -> Result<()> {
        match (self.columns, values) {
            (None, _) => Ok(()),
            (Some(_), Some(values)) => {
                put_values(values, kept);
                Ok(())
            }
            (Some(_), None) => Err(Error::invalid(OPERATION, "an item has no values to add up")),
        }
    }

    /// Keeps a payload; how long what is kept is.
    fn take_payload(&self, payload: &[u8], kept: &mut Vec<u8>) -> Result<usize> {
        let length = u32::try_from(payload.len());
        match (self.options.payloads, length) {
            (ExternalPayloads::None, _) => return Ok(0),
            (ExternalPayloads::Records(stride), Ok(length)) if length == stride && stride > 0 => {}
            (ExternalPayloads::Blobs, Ok(_)) => {}
            (wanted, _) => {
                let message =
                    format!("a payload of {} bytes, {wanted:?} are wanted", payload.len());
                return Err(Error::invalid(OPERATION, message));
            }
        }
        kept.extend_from_slice(payload);
        Ok(payload.len())
    }

    /// Where the values go, if there are any.
    fn room(&self, items: usize) -> Result<Option<Room>> {
        let WriteOptions { trees, form, .. } = self.options.write;
        // Without the tree of the format they are those of the groups that ours has.
        let node_size = if trees == Trees::Fast { LANES as u16 } else { form.node_size };
        self.columns.map(|columns| Room::new(columns, items, node_size)).transpose()
    }

    /// What decides how the file looks.
    fn streamed(
        &self,
        items: usize,
        lengths: &Lengths,
        fast_bytes: Option<u64>,
    ) -> StreamedItems<'_> {
        let trees = self.options.write.trees;
        let payload = match self.options.payloads {
            ExternalPayloads::None => None,
            ExternalPayloads::Records(stride) => Some((stride, false, lengths.all)),
            ExternalPayloads::Blobs => {
                let length = lengths.first.filter(|_| !lengths.differ).unwrap_or(0) as u32;
                Some((length, length > 0, lengths.all))
            }
        };
        StreamedItems {
            items: items as u64,
            payload,
            prefix_bytes: self.options.prefix_bytes,
            metadata: &self.options.metadata,
            fast_bytes: (trees != Trees::Origin).then_some(fast_bytes.unwrap_or(0)),
            without_tree: trees == Trees::Fast,
        }
    }

    /// Writes a file without our own tree: items go straight from their order into the file.
    fn stream<const D: usize, S: Sink>(
        &self,
        pile: Pile,
        lengths: &Lengths,
        sink: &mut S,
    ) -> Result<u64> {
        let (form, count) = (self.options.write.form, pile.count);
        let items = self.streamed(count, lengths, None);
        let mut sink = RoomySink::new(sink, self.room(count)?);
        let mut file = StreamedFile::<D>::begin(&items, form, &mut sink)?;
        let rule = Rule::Origin(form.node_size);
        in_order(&self.bench, pile, (rule, self.memory), &mut |record: &Record<D>| {
            push(&mut file, &mut sink, record)
        })?;
        file.finish(&mut sink)?;
        sink.finish()
    }

    /// Writes a file with our own tree, whose pages can be made once the boxes of all are known.
    fn page<const D: usize, S: Sink>(
        &self,
        pile: Pile,
        lengths: &Lengths,
        sink: &mut S,
    ) -> Result<u64> {
        let (form, count) = (self.options.write.form, pile.count);
        let buffer = buffer_bytes(self.memory);
        let mut sorted = self.bench.folder.spill(buffer)?;
        let mut outline = Outline::<D>::new();
        in_order(&self.bench, pile, (Rule::Ours, self.memory), &mut |record: &Record<D>| {
            outline.push(&record.bounds);
            sorted.put(|out| record.put(self.bench.has_payload, out))
        })?;
        sorted.flush()?;
        let mut batches = outline.finish();
        let pages = self.make_pages(&sorted, count, &mut batches)?;
        let items = self.streamed(count, lengths, None);
        let room = self.room(count)?;
        let moved = room.as_ref().map_or(0, Room::moved_by);
        let lead = StreamedFile::<D>::fast_offset(&items, form)?.saturating_add(moved);
        let Frame { before, after } = batches.frame(usize::try_from(lead).unwrap_or(usize::MAX));
        let paged = batches.paged_bytes();
        let fast_bytes = before.len() as u64 + paged + after.len() as u64;
        self.bench.begin(Stage::Write, count)?;
        let items = self.streamed(count, lengths, Some(fast_bytes));
        let mut sink = RoomySink::new(sink, room);
        let mut file = StreamedFile::<D>::begin(&items, form, &mut sink)?;
        if self.bench.has_payload || !items.without_tree {
            let mut records = self.records(&sorted);
            let mut record = Record::EMPTY;
            while records.next(&mut record)? {
                push(&mut file, &mut sink, &record)?;
                self.bench.step()?;
            }
        }
        let (at, _) = file.finish(&mut sink)?;
        sink.write_at(at, &before)?;
        let mut place = at + before.len() as u64;
        let mut bytes = pages.read(0..paged, buffer);
        while !bytes.is_done() {
            let some = bytes.take_some(buffer)?;
            sink.write_at(place, some)?;
            place += some.len() as u64;
        }
        sink.write_at(place, &after)?;
        let file_bytes = sink.finish()?;
        self.bench.end().map(|()| file_bytes)
    }

    /// Makes the pages of records in their order, and puts them aside.
    fn make_pages<const D: usize>(
        &self,
        sorted: &Spill,
        count: usize,
        batches: &mut Batches<D>,
    ) -> Result<Spill> {
        self.bench.begin(Stage::Pages, count)?;
        let mut pages = self.bench.folder.spill(buffer_bytes(self.memory))?;
        let most = Batches::<D>::batch_items(self.memory / 2);
        let (mut boxes, mut ids) = (Vec::new(), Vec::new());
        let (mut records, mut record) = (self.records(sorted), Record::EMPTY);
        let mut is_more = true;
        while is_more {
            is_more = records.next(&mut record)?;
            if is_more {
                boxes.push(record.bounds);
                ids.push(record.id);
                self.bench.step()?;
            }
            if boxes.len() == most || !is_more && !boxes.is_empty() {
                let made = batches.pages(&boxes, &ids, self.options.write.threads);
                pages.put(|out| out.extend_from_slice(&made))?;
                boxes.clear();
                ids.clear();
            }
        }
        pages.flush()?;
        self.bench.end()?;
        Ok(pages)
    }

    fn records<const D: usize>(&self, sorted: &Spill) -> Records<D> {
        let bytes = sorted.read(0..sorted.bytes(), buffer_bytes(self.memory));
        Records::new(bytes, self.bench.has_payload)
    }
}

/// Writes the next item, with its values where they are kept.
fn push<const D: usize, S: Sink>(
    file: &mut StreamedFile<D>,
    sink: &mut RoomySink<'_, S>,
    record: &Record<D>,
) -> Result<()> {
    let mut payload = &record.payload[..];
    if let Some((writer, sink)) = sink.values() {
        let (values, rest) = split_values(payload);
        writer.push(sink, &values)?;
        payload = rest;
    }
    file.push(sink, record.id, &record.bounds, payload)
}
