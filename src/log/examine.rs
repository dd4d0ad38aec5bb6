//! A full look at one segment: every frame, and the directory against a fresh one.
//!
//! Owns the verdict that `check` reports and salvage acts on. Writes nothing. Invariant: a
//! segment without a finding opens, and every trajectory in it can be read.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{
    Change, Frame, SEGMENT_HEADER_BYTES, Scanner, SegmentHeader, Trailer, decode,
    directory_checksum,
};

use super::chain::Chain;
use super::sealed::directory_bytes;
use super::survey::SegmentFile;
use super::walk::{Tail, check_sealed_end, judge_tail, walk};

/// What a full look at a segment found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Records before the first flaw.
    pub(super) records: u64,
    /// Where the good frames end.
    pub(super) good: usize,
    /// The number after the last good frame.
    pub(super) next_seq: u64,
    /// The first flaw, if there is one.
    pub(super) problem: Option<(u64, String)>,
    /// The flaw is a torn tail, which an ordinary open drops.
    pub(super) is_torn: bool,
}

/// Takes a change, or a frame that was skipped, into an index.
#[inline]
pub(super) fn index(chain: &mut Chain, offset: u32, change: Option<&Change<'_>>) {
    match change {
        Some(&Change::Move { handle, time_us, .. }) => chain.push_move(offset, handle, time_us),
        Some(&Change::Namespace { number, settings, .. }) => {
            chain.push_namespace(offset, number, settings);
        }
        Some(&Change::Define { handle, .. }) => chain.push_define(offset, handle),
        Some(Change::Delete { .. } | Change::Expire { .. }) | None => chain.push_other(offset),
    }
}

/// Looks at all of a segment whose bytes are `bytes`. The last one may be unsealed; `floor` is
/// how much of it somebody else knows to be durable. Only a newer version is an error.
pub(super) fn examine(
    segment: &SegmentFile,
    bytes: &[u8],
    is_last: bool,
    floor: u64,
) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    match look(segment, bytes, is_last, floor, &mut verdict) {
        Ok(()) => Ok(verdict),
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            let offset = error.offset().unwrap_or(0);
            verdict.problem = Some((offset, error.message().to_string()));
            Ok(verdict)
        }
        Err(error) => Err(error),
    }
}

fn look(
    segment: &SegmentFile,
    bytes: &[u8],
    is_last: bool,
    floor: u64,
    verdict: &mut Verdict,
) -> Result<()> {
    let header = segment.check_header()?;
    verdict.next_seq = header.first_seq;
    let trailer = match is_last && segment.trailer.is_none() {
        true => None,
        false => Some(segment.check_sealed()?),
    };
    let mut chain = Chain::new();
    let end = trailer.map_or(bytes.len(), |trailer| trailer.directory_offset as usize);
    let frames = bytes.get(..end).unwrap_or(bytes);
    let mut scanner = scanner(frames, &header);
    let (good, end) = walk(&mut scanner, &mut |_, offset, change| {
        index(&mut chain, offset as u32, change.as_ref());
        Ok(())
    })?;
    (verdict.good, verdict.next_seq) = (good, scanner.seq());
    verdict.records = chain.len() as u64;
    let Some(trailer) = trailer else {
        if let Tail::Torn(reason) = judge_tail(&scanner, good, &end, floor, &segment.path)? {
            verdict.problem = Some((good as u64, reason.to_string()));
            verdict.is_torn = true;
        }
        return Ok(());
    };
    check_sealed_end(good, &end, trailer.seal_offset, trailer.next_seq, &segment.path)?;
    check_directory(bytes, &trailer, &chain, &segment.path)
}

/// A scanner over all frames of a segment.
pub(super) fn scanner<'b>(bytes: &'b [u8], header: &SegmentHeader) -> Scanner<'b> {
    let start = SEGMENT_HEADER_BYTES.min(bytes.len());
    Scanner::new(bytes, start, header.first_seq, header.seeds(), header.base_us)
}

/// Refuses a directory that is not the one that the frames give.
fn check_directory(bytes: &[u8], trailer: &Trailer, chain: &Chain, path: &Path) -> Result<()> {
    let flaw = |reason: &str| Err(Error::corrupt("open", path, trailer.directory_offset, reason));
    let Some(stored) = directory_bytes(bytes, trailer) else {
        return flaw("the directory is cut off");
    };
    if directory_checksum(stored) != trailer.directory_crc {
        return flaw("the checksum of the directory is wrong");
    }
    let (fresh, _) = chain.directory(trailer.header.base_us).finish();
    if fresh != stored || (chain.min_us, chain.max_us) != (trailer.min_us, trailer.max_us) {
        return flaw("the directory does not fit the frames");
    }
    Ok(())
}

/// Whether the seal of a segment came to the disk whole. Of the last segment it may not have: its
/// frames are durable then, and it is sealed again.
pub(super) fn seal_is_whole(bytes: &[u8], trailer: &Trailer) -> bool {
    let directory = directory_bytes(bytes, trailer);
    let seal = bytes.get(trailer.seal_offset as usize..trailer.directory_offset as usize);
    let (Some(directory), Some(seal)) = (directory, seal) else {
        return false;
    };
    let seeds = trailer.header.seeds();
    let frame = decode(seal, seeds, 0, trailer.seal_offset, 0);
    matches!(frame, Ok((Frame::Seal(_), len)) if len == seal.len())
        && directory_checksum(directory) == trailer.directory_crc
}
