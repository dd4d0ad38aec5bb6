//! What is fetched together: parts gathered into reads, and found again in what came.
//!
//! Owns: the gathering. Does not own which parts are needed. Invariants: every part lies whole in
//! one read; reads ascend; a read of several parts keeps to the options.

use std::ops::Range;

use super::options::{OPERATION, StreamOptions};
use crate::error::{Error, ErrorKind, Result};

/// A part of the file; none if it has no bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) bytes: u64,
}

impl Span {
    pub(super) const NONE: Self = Span { start: 0, bytes: 0 };

    /// A part of a chunk that begins at `chunk` of the file.
    pub(super) fn of(chunk: u64, range: Range<u64>) -> Self {
        let bytes = range.end.saturating_sub(range.start);
        Span { start: chunk.saturating_add(range.start), bytes }
    }

    pub(super) fn end(self) -> u64 {
        self.start.saturating_add(self.bytes)
    }
}

/// The reads of one round.
pub(super) fn gather(mut wants: Vec<Span>, options: &StreamOptions) -> Vec<Range<u64>> {
    wants.retain(|want| want.bytes > 0);
    wants.sort_unstable();
    let mut reads: Vec<Range<u64>> = Vec::new();
    for want in wants {
        if let Some(last) = reads.last_mut()
            && want.start <= last.end.saturating_add(options.gap_bytes)
            && (want.end() <= last.end || want.end() - last.start <= options.read_bytes)
        {
            last.end = last.end.max(want.end());
            continue;
        }
        reads.push(want.start..want.end());
    }
    reads
}

/// What came.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    /// Where each read begins.
    starts: Vec<u64>,
    reads: Vec<Vec<u8>>,
}

impl Fetched {
    /// Takes what a reader gave for some reads, if it is what was asked for.
    pub(super) fn new(asked: &[Range<u64>], reads: Vec<Vec<u8>>) -> Result<Self> {
        let refused = |message: String| Err(Error::new(ErrorKind::Io, OPERATION, message));
        if reads.len() != asked.len() {
            return refused(format!("{} ranges came, {} were asked for", reads.len(), asked.len()));
        }
        for (asked, read) in asked.iter().zip(&reads) {
            if read.len() as u64 != asked.end - asked.start {
                return refused(format!("{} bytes came for the range {asked:?}", read.len()));
            }
        }
        Ok(Fetched { starts: asked.iter().map(|range| range.start).collect(), reads })
    }

    /// A part that was asked for; no bytes of [`Span::NONE`].
    pub(super) fn part(&self, span: Span) -> Result<&[u8]> {
        if span.bytes == 0 {
            return Ok(&[]);
        }
        let end = self.starts.partition_point(|start| *start <= span.start);
        // Where reads overlap it may lie in an earlier one.
        for at in (0..end).rev() {
            let within = usize::try_from(span.start - self.starts[at]).unwrap_or(usize::MAX);
            let bytes = usize::try_from(span.bytes).unwrap_or(usize::MAX);
            let part = self.reads[at].get(within..).and_then(|rest| rest.get(..bytes));
            if let Some(part) = part {
                return Ok(part);
            }
        }
        let message = format!("bytes {}..{} were not fetched", span.start, span.end());
        Err(Error::new(ErrorKind::Internal, OPERATION, message))
    }

    /// The reads and where each begins.
    pub(super) fn reads(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.starts.iter().copied().zip(self.reads.iter().map(Vec::as_slice))
    }
}
