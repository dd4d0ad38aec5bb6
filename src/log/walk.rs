//! A walk over the frames of one segment, and what its end means.
//!
//! Owns the difference between a torn tail and damage. Does not own what is done about either.
//! Invariant: a flaw is a torn tail only if no mark, before it or after it, and nobody else says
//! that the bytes there were durable.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, Flaw, Scanner, Seal, Step};

/// How a walk over frames ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With the last byte.
    Empty,
    /// With the seal of a sealed segment.
    Seal(Seal),
    /// With something that is not a frame.
    Flaw(Flaw),
}

/// A frame on a walk: its number, where it begins, and its change unless it was skipped.
pub(super) type Visit<'v> = &'v mut dyn FnMut(u64, usize, Option<Change<'_>>) -> Result<()>;

/// Shows every frame to `visit`, until the frames end; where they end, and how.
pub(super) fn walk(scanner: &mut Scanner<'_>, visit: Visit<'_>) -> Result<(usize, End)> {
    loop {
        match scanner.step() {
            Step::Change { seq, offset, change } => visit(seq, offset, Some(change))?,
            Step::Skipped { seq, offset } => visit(seq, offset, None)?,
            Step::Seal { seal, offset } => return Ok((offset, End::Seal(seal))),
            Step::Empty => return Ok((scanner.offset(), End::Empty)),
            Step::Flaw { flaw, offset } => return Ok((offset, End::Flaw(flaw))),
            Step::End { .. } => {
                let flaw = Flaw::Bad("the end of a checkpoint stands in a segment");
                return Ok((scanner.offset(), End::Flaw(flaw)));
            }
        }
    }
}

/// What the end of the walk over the active segment means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing is amiss.
    Whole,
    /// The segment was about to be sealed; the frames are all there.
    Unsealed,
    /// What comes behind was never known to be durable.
    Torn(&'static str),
}

/// Judges the end of the walk over the last segment; `floor` is what else is known to be durable.
/// Damage to what was durable is an error, and so is a frame of a newer version.
pub(super) fn judge_tail(
    scanner: &Scanner<'_>,
    offset: usize,
    end: &End,
    floor: u64,
    path: &Path,
) -> Result<Tail> {
    let known = floor.max(scanner.durable_bytes());
    let at = offset as u64;
    match *end {
        End::Empty if at < known => {
            let reason = format!("the file ends, but {known} bytes of it were durable");
            Err(Error::corrupt("open", path, at, reason))
        }
        End::Empty => Ok(Tail::Whole),
        End::Seal(_) => Ok(Tail::Unsealed),
        End::Flaw(flaw @ Flaw::Unknown(_)) => Err(newer_frame(flaw, path, at)),
        End::Flaw(flaw @ Flaw::Bad(reason)) => {
            if at < known.max(scanner.durable_bytes_ahead()) {
                return Err(Error::corrupt("open", path, at, flaw.reason()));
            }
            Ok(Tail::Torn(reason))
        }
    }
}

/// A frame that this version must not skip.
pub(super) fn newer_frame(flaw: Flaw, path: &Path, offset: u64) -> Error {
    Error::new(ErrorKind::FormatVersion, "open", flaw.reason()).at(path, offset)
}

/// Refuses anything but the seal that the trailer tells of at the end of a sealed segment.
pub(super) fn check_sealed_end(
    offset: usize,
    end: &End,
    seal_offset: u64,
    next_seq: u64,
    path: &Path,
) -> Result<()> {
    let at = offset as u64;
    match *end {
        End::Seal(seal) if at == seal_offset && seal.next_seq == next_seq => Ok(()),
        End::Seal(_) => Err(Error::corrupt("open", path, at, "the seal is not the trailer's")),
        End::Empty => Err(Error::corrupt("open", path, at, "the frames end without a seal")),
        End::Flaw(flaw @ Flaw::Unknown(_)) => Err(newer_frame(flaw, path, at)),
        End::Flaw(flaw) => Err(Error::corrupt("open", path, at, flaw.reason())),
    }
}
