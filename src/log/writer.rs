//! The active segment: its file, the buffer in front of it, and its index.
//!
//! Owns encoding into the buffer and the buffer's way to the file. Does not own fsync (`commit`,
//! `rotate`) nor locks: somebody else holds the lock around it. Invariants:
//!
//! 1. The first `len` bytes of the file are sound frames; nothing below is written again.
//! 2. What the buffer holds begins at `len` and is one group, with a mark at its head.
//! 3. A failed write leaves `len` and the buffer as they were; if the file cannot be cut back to
//!    `len`, the log is poisoned.

use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, MARK_BYTES, Mark, Seeds, SegmentHeader, encode, encode_mark};
use crate::vfs::VfsFile;

use super::chain::Chain;
use super::commit::Commit;
use super::examine::index;
use super::point::{MoveRow, Names};
use super::sealed::Sealed;

/// Bytes that the buffer holds before it goes to the file, whatever the number of records.
const BUFFER_BYTES: usize = 1 << 20;

/// What the log may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Open,
    ReadOnly,
    Closed,
}

/// The end of the log that is being written.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) file: Arc<dyn VfsFile>,
    pub(super) path: PathBuf,
    pub(super) header: SegmentHeader,
    pub(super) seeds: Seeds,
    /// Bytes of the file.
    pub(super) len: u64,
    /// How many of them are known to be durable.
    pub(super) durable_bytes: u64,
    /// How many of them the last mark calls durable.
    pub(super) marked_bytes: u64,
    pub(super) buffer: Vec<u8>,
    /// Records in the buffer, and how many it may hold.
    pub(super) buffered: usize,
    pub(super) buffer_size: usize,
    /// A write failed, so that the next change must first see one succeed.
    pub(super) must_flush: bool,
    /// Somebody is about to seal this segment.
    pub(super) rotating: bool,
    pub(super) state: State,
    /// The process that may write, where that is checked.
    pub(super) process: Option<u32>,
    pub(super) next_seq: u64,
    /// The time of the last move.
    pub(super) last_us: Option<i64>,
    pub(super) chain: Chain,
    pub(super) sealed: Arc<Vec<Arc<Sealed>>>,
    /// Bytes of the log since the last checkpoint, without what the buffer holds.
    pub(super) since_checkpoint: u64,
}

impl Writer {
    /// Where the next frame will begin.
    pub(super) fn end(&self) -> u64 {
        self.len + self.buffer.len() as u64
    }

    /// The highest number given out.
    pub(super) fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Refuses, if the log was closed or is only read.
    #[inline]
    pub(super) fn check_open(&self) -> Result<()> {
        match self.state {
            State::Open => Ok(()),
            State::ReadOnly => Err(Error::new(
                ErrorKind::ReadOnly,
                "write",
                "the database was opened for reading only",
            )),
            State::Closed => Err(Error::new(ErrorKind::Closed, "write", "the log is closed")),
        }
    }

    /// Refuses to write from a process that did not open the log: a forked child would write over
    /// its parent's frames.
    fn check_process(&self) -> Result<()> {
        match self.process {
            Some(process) if process != std::process::id() => {
                let message = format!(
                    "the database was opened by process {process}; after a fork it must be \
                     opened again"
                );
                Err(Error::new(ErrorKind::Locked, "write", message))
            }
            _ => Ok(()),
        }
    }

    /// Sees to it that the buffer can take a change.
    #[inline]
    pub(super) fn make_room(&mut self, commit: &Commit) -> Result<()> {
        let is_full = self.buffered >= self.buffer_size || self.buffer.len() >= BUFFER_BYTES;
        if is_full || self.must_flush {
            self.flush(commit)?;
        }
        Ok(())
    }

    /// Takes in a change, and before it the introductions that the segment still lacks.
    pub(super) fn take(&mut self, names: &dyn Names, change: &Change<'_>) -> u64 {
        match *change {
            Change::Namespace { .. } => {}
            Change::Define { handle, .. } => self.introduce_namespace(names, handle),
            Change::Move { handle, .. }
            | Change::Delete { handle, .. }
            | Change::Expire { handle, .. } => self.introduce(names, handle),
        }
        self.push(change)
    }

    /// Takes in one row of a batch.
    #[inline]
    pub(super) fn take_row(&mut self, names: &dyn Names, row: &MoveRow) -> u64 {
        self.introduce(names, row.handle);
        let &MoveRow { handle, time_us, position, expires_us } = row;
        self.push(&Change::Move { handle, time_us, position, expires_us, payload: None })
    }

    #[inline]
    fn introduce(&mut self, names: &dyn Names, handle: u64) {
        if !self.chain.knows(handle) {
            self.introduce_now(names, handle);
        }
    }

    #[cold]
    fn introduce_now(&mut self, names: &dyn Names, handle: u64) {
        self.introduce_namespace(names, handle);
        self.push(&Change::Define { handle, id: names.id(handle) });
    }

    fn introduce_namespace(&mut self, names: &dyn Names, handle: u64) {
        let number = (handle >> 32) as u32;
        if !self.chain.knows_namespace(number) {
            let (name, settings) = names.namespace(number);
            self.push(&Change::Namespace { number, name: &name, settings });
        }
    }

    /// Puts a change into the buffer and the index.
    #[inline]
    fn push(&mut self, change: &Change<'_>) -> u64 {
        if self.buffer.is_empty() {
            // The mark is filled in when the group goes to the file.
            self.buffer.extend_from_slice(&[0; MARK_BYTES]);
        }
        let seq = self.next_seq;
        let offset = self.end() as u32;
        encode(change, self.seeds, seq, self.header.base_us, &mut self.buffer);
        self.index(offset, change);
        self.buffered += 1;
        self.next_seq = seq + 1;
        seq
    }

    /// Puts a change into the index; `offset` is where its frame begins.
    #[inline]
    pub(super) fn index(&mut self, offset: u32, change: &Change<'_>) {
        if let Change::Move { time_us, .. } = *change {
            self.last_us = Some(time_us);
        }
        index(&mut self.chain, offset, Some(change));
    }

    /// Writes the buffer to the file.
    pub(super) fn flush(&mut self, commit: &Commit) -> Result<()> {
        self.check_process()?;
        commit.check()?;
        if self.buffer.is_empty() {
            return Ok(());
        }
        let seq = self.next_seq - self.buffered as u64;
        let mark = self.mark(seq);
        self.buffer[..MARK_BYTES].copy_from_slice(&mark);
        let outcome = self.file.write_all_at(&self.buffer, self.len);
        if let Err(error) = outcome {
            self.must_flush = true;
            return Err(self.cut_back(commit, Error::io("write", &self.path, error)));
        }
        self.must_flush = false;
        self.grown(self.buffer.len() as u64);
        self.buffer.clear();
        self.buffered = 0;
        Ok(())
    }

    /// The mark of a group that begins at `len` with the frame `seq`.
    pub(super) fn mark(&mut self, seq: u64) -> [u8; MARK_BYTES] {
        let durable_bytes = self.durable_bytes;
        self.marked_bytes = durable_bytes;
        let mark = Mark { seq, durable_bytes: durable_bytes as u32 };
        encode_mark(mark, self.seeds, self.len)
    }

    /// Notes that `bytes` more are in the file.
    pub(super) fn grown(&mut self, bytes: u64) {
        self.len += bytes;
        self.since_checkpoint += bytes;
    }

    /// After a failed write: cuts off what it may have left. The error to be told.
    pub(super) fn cut_back(&mut self, commit: &Commit, error: Error) -> Error {
        match self.file.set_len(self.len) {
            Ok(()) => error,
            Err(cut) => commit.poison(&format!("{error}; and cutting it off failed: {cut}")),
        }
    }
}
