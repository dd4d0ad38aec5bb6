//! Reading the records of one object in the segment that is being written.
//!
//! Owns the walk along the chain in batches, so that the log's lock is held briefly, and the
//! reading of the file in stretches. Invariant: records that are in the file are read without the
//! lock, which is sound because the file below its good length never changes.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::format::{FRAME_BYTES_MAX, Seeds};
use crate::vfs::VfsFile;

use super::point::HistoryPoint;
use super::sealed::read_move;
use super::writer::Writer;

/// Bytes read behind the last record of a stretch, in the hope that it ends there.
const SLACK_BYTES: u64 = 128;
/// Records further apart than this are read in two stretches.
const GAP_BYTES: u64 = 4 << 10;
/// The most bytes of a stretch.
const STRETCH_BYTES: u64 = 256 << 10;

/// A walk along the chain of one object, from its last record to its first.
#[derive(Debug)]
pub(super) struct Walk {
    handle: u64,
    /// The segment, once the walk has begun, and the record that is next.
    at: Option<(u32, Option<u32>)>,
}

/// Some records of the chain.
#[derive(Debug)]
pub(super) struct Batch {
    /// The span of the object's times, if it has records.
    pub(super) bounds: Option<(i64, i64)>,
    /// Whether times ascend along the chain.
    pub(super) is_ordered: bool,
    /// Whether the chain ends with it.
    pub(super) is_last: bool,
    /// Those that were still in the buffer.
    buffered: Vec<HistoryPoint>,
    /// Number and offset of those that are in the file, descending.
    filed: Vec<(u32, u32)>,
    file: Arc<dyn VfsFile>,
    path: PathBuf,
    len: u64,
    seeds: Seeds,
    first_seq: u64,
    base_us: i64,
}

impl Walk {
    pub(super) fn new(handle: u64) -> Self {
        Walk { handle, at: None }
    }

    /// The next records, at most `most`; `None` if another segment is active than before.
    pub(super) fn next(&mut self, writer: &Writer, most: usize) -> Result<Option<Batch>> {
        let track = writer.chain.track(self.handle);
        let mut next = match self.at {
            None => track.and_then(|track| track.last()),
            Some((number, _)) if number != writer.header.number => return Ok(None),
            Some((_, next)) => next,
        };
        let mut batch = Batch {
            bounds: track.map(|track| (track.min_us, track.max_us)),
            is_ordered: track.is_some_and(|track| track.is_ordered()),
            is_last: false,
            buffered: Vec::new(),
            filed: Vec::new(),
            file: writer.file.clone(),
            path: writer.path.clone(),
            len: writer.len,
            seeds: writer.seeds,
            first_seq: writer.header.first_seq,
            base_us: writer.header.base_us,
        };
        for _ in 0..most {
            let Some(record) = next else { break };
            let Some(offset) = writer.chain.offset(record) else { break };
            match u64::from(offset).checked_sub(writer.len) {
                Some(at) => {
                    let bytes = writer.buffer.get(at as usize..).unwrap_or_default();
                    batch.buffered.push(batch.read(self.handle, record, offset, bytes)?);
                }
                None => batch.filed.push((record, offset)),
            }
            next = writer.chain.previous(record);
        }
        batch.is_last = next.is_none();
        self.at = Some((writer.header.number, next));
        Ok(Some(batch))
    }

    /// Shows every record of the batch to `visit`.
    pub(super) fn read(&self, mut batch: Batch, visit: &mut dyn FnMut(HistoryPoint)) -> Result<()> {
        batch.buffered.drain(..).for_each(&mut *visit);
        batch.filed.reverse();
        let mut stretch = Vec::new();
        let mut rest = batch.filed.as_slice();
        while let Some(&(_, first)) = rest.first() {
            let start = u64::from(first);
            let near = |pair: &[(u32, u32)]| {
                u64::from(pair[1].1 - pair[0].1) <= GAP_BYTES
                    && u64::from(pair[1].1) - start <= STRETCH_BYTES
            };
            let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
            let (now, later) = rest.split_at(count);
            let end = u64::from(now[count - 1].1) + SLACK_BYTES;
            batch.fill(&mut stretch, start, end)?;
            for &(record, offset) in now {
                let bytes = stretch.get((offset - first) as usize..).unwrap_or_default();
                match batch.read(self.handle, record, offset, bytes) {
                    Ok(point) => visit(point),
                    // It may be longer than the slack.
                    Err(_) => visit(batch.read_alone(self.handle, record, offset)?),
                }
            }
            rest = later;
        }
        Ok(())
    }
}

impl Batch {
    fn fill(&self, stretch: &mut Vec<u8>, start: u64, end: u64) -> Result<()> {
        let end = end.min(self.len);
        stretch.clear();
        stretch.resize((end - start) as usize, 0);
        self.file
            .read_exact_at(stretch, start)
            .map_err(|error| Error::io("read", &self.path, error))
    }

    fn read_alone(&self, handle: u64, record: u32, offset: u32) -> Result<HistoryPoint> {
        let mut bytes = Vec::new();
        let start = u64::from(offset);
        self.fill(&mut bytes, start, start + FRAME_BYTES_MAX as u64 + SLACK_BYTES)?;
        self.read(handle, record, offset, &bytes)
    }

    fn read(&self, handle: u64, record: u32, offset: u32, bytes: &[u8]) -> Result<HistoryPoint> {
        let seq = self.first_seq + u64::from(record);
        read_move(bytes, self.seeds, seq, u64::from(offset), self.base_us, handle, &self.path)
    }
}
