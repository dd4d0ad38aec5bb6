//! What a database directory holds, by the names, headers and trailers of its files.
//!
//! Owns the first look, which reads a few bytes of each file and writes nothing. Does not judge
//! frames (`walk`). Invariant: a file of a newer format version is recognised here, before
//! anything is changed.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::format::{
    CheckpointHeader, FLAG_SALVAGED, HeaderFlaw, SEGMENT_HEADER_BYTES, SegmentHeader,
    TRAILER_BYTES, Trailer,
};
use crate::vfs::{OpenMode, Vfs};

use super::examine::seal_is_whole;
use super::files::{FileKind, classify, segment_name};

/// A segment as its first and last bytes show it.
#[derive(Clone, Debug)]
pub(super) struct SegmentFile {
    pub(super) number: u32,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    pub(super) header: std::result::Result<SegmentHeader, HeaderFlaw>,
    pub(super) trailer: Option<Trailer>,
}

/// The files of a directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    /// By ascending number.
    pub(super) segments: Vec<SegmentFile>,
    /// Paths of checkpoints, the newest first.
    pub(super) checkpoints: Vec<PathBuf>,
    /// What a crash left half made.
    pub(super) temporaries: Vec<PathBuf>,
    pub(super) notes: Vec<String>,
}

/// Looks at the files in `dir`.
pub(super) fn survey(vfs: &dyn Vfs, dir: &Path) -> Result<Survey> {
    let names = vfs.list(dir).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message = format!("there is no database in {}", dir.display());
            Error::new(ErrorKind::NotFound, "open", message)
        }
        _ => Error::io("list", dir, error),
    })?;
    let mut survey = Survey::default();
    let mut checkpoints = Vec::new();
    for name in names {
        let path = dir.join(&name);
        match classify(&name) {
            FileKind::Lock => {}
            FileKind::Segment(number) => survey.segments.push(look(vfs, path, number)?),
            FileKind::Checkpoint(seq) => checkpoints.push((seq, path)),
            FileKind::Temporary => survey.temporaries.push(path),
            FileKind::Damaged => survey.notes.push(format!("{name} was set aside by salvage")),
            FileKind::Foreign => survey.notes.push(format!("{name} is not of this database")),
        }
    }
    survey.segments.sort_unstable_by_key(|segment| segment.number);
    if let Some(last) = survey.segments.last_mut()
        && let Some(trailer) = last.trailer
        && !(last.header == Ok(trailer.header)
            && seal_is_whole(&read_all(vfs, &last.path)?, &trailer))
    {
        // A crash let the end of the seal come to the disk, but not all of it.
        last.trailer = None;
    }
    checkpoints.sort_unstable_by_key(|&(seq, _)| std::cmp::Reverse(seq));
    survey.checkpoints = checkpoints.into_iter().map(|(_, path)| path).collect();
    Ok(survey)
}

fn look(vfs: &dyn Vfs, path: PathBuf, number: u32) -> Result<SegmentFile> {
    let io = |error| Error::io("open", &path, error);
    let file = vfs.open(&path, OpenMode::Read).map_err(io)?;
    let bytes = file.len().map_err(io)?;
    if bytes > u64::from(u32::MAX) {
        return Err(Error::corrupt("open", &path, 0, "a segment is never as long as this"));
    }
    let mut first = vec![0; SEGMENT_HEADER_BYTES.min(bytes as usize)];
    file.read_exact_at(&mut first, 0).map_err(io)?;
    let header = SegmentHeader::decode(&first);
    if let Err(flaw @ HeaderFlaw::Newer { .. }) = header {
        return Err(Error::new(ErrorKind::FormatVersion, "open", flaw.reason()).at(&path, 8));
    }
    let mut last = vec![0; TRAILER_BYTES.min(bytes as usize)];
    let last_at = bytes - last.len() as u64;
    file.read_exact_at(&mut last, last_at).map_err(io)?;
    let trailer = Trailer::decode(&last, bytes);
    Ok(SegmentFile { number, path, bytes, header, trailer })
}

/// The whole of a file, in memory.
pub(super) fn read_all(vfs: &dyn Vfs, path: &Path) -> Result<Vec<u8>> {
    let io = |error| Error::io("read", path, error);
    let file = vfs.open(path, OpenMode::Read).map_err(io)?;
    let len = usize::try_from(file.len().map_err(io)?).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(len).map_err(|error| Error::io("read", path, error.into()))?;
    bytes.resize(len, 0);
    file.read_exact_at(&mut bytes, 0).map_err(io)?;
    Ok(bytes)
}

impl SegmentFile {
    /// What is wrong with the header, if anything.
    pub(super) fn check_header(&self) -> Result<SegmentHeader> {
        match self.header {
            Ok(header) if header.number == self.number => Ok(header),
            Ok(header) => {
                let reason = format!(
                    "the file is called {} but is segment {}",
                    segment_name(self.number),
                    header.number
                );
                Err(Error::corrupt("open", &self.path, 12, reason))
            }
            Err(flaw) => Err(Error::corrupt("open", &self.path, 0, flaw.reason())),
        }
    }

    /// The trailer of a segment that must be sealed.
    pub(super) fn check_sealed(&self) -> Result<Trailer> {
        let header = self.check_header()?;
        match self.trailer {
            Some(trailer) if trailer.header == header => Ok(trailer),
            Some(_) => {
                let reason = "the trailer is of another segment";
                Err(Error::corrupt("open", &self.path, self.bytes, reason))
            }
            None => {
                let reason = "the segment is followed by another, but its trailer is missing or \
                              damaged";
                Err(Error::corrupt("open", &self.path, self.bytes, reason))
            }
        }
    }
}

impl Survey {
    /// Leaves the segments before `first` out, which a checkpoint let go: removing a name is not
    /// made durable, so that a crash brings back any of them. Their paths.
    pub(super) fn leave_out(&mut self, first: u32) -> Vec<PathBuf> {
        let kept = self.segments.partition_point(|segment| segment.number < first);
        self.segments.drain(..kept).map(|segment| segment.path).collect()
    }

    /// Refuses a row of segments with a gap, a segment without its seal, or numbers of frames
    /// that do not join.
    pub(super) fn check_row(&self, dir: &Path) -> Result<()> {
        for segment in &self.segments {
            segment.check_header()?;
        }
        for pair in self.segments.windows(2) {
            check_pair(dir, &pair[0], &pair[1])?;
        }
        Ok(())
    }

    /// Refuses a row that does not begin where it must: with segment 1, or with the one that the
    /// `newest` checkpoint names. A salvaged segment may begin a row.
    pub(super) fn check_first(&self, dir: &Path, newest: Option<&CheckpointHeader>) -> Result<()> {
        let needed = newest.map_or(1, |header| header.first_segment);
        let is_missing = match self.segments.first() {
            Some(SegmentFile { header: Ok(header), .. }) if header.flags & FLAG_SALVAGED != 0 => {
                false
            }
            Some(first) => first.number > needed,
            None => newest.is_some() || !self.checkpoints.is_empty(),
        };
        if is_missing {
            let missing = dir.join(segment_name(needed));
            let reason = "the segment is missing, and no checkpoint replaces it";
            return Err(Error::corrupt("open", &missing, 0, reason));
        }
        Ok(())
    }
}

/// Refuses two segments that do not stand next to each other in one log. A salvaged one may have
/// a gap on either side.
fn check_pair(dir: &Path, segment: &SegmentFile, next: &SegmentFile) -> Result<()> {
    let header = next.check_header()?;
    let flags = header.flags | segment.check_header()?.flags;
    let has_gaps = flags & FLAG_SALVAGED != 0;
    if next.number != segment.number + 1 && header.flags & FLAG_SALVAGED == 0 {
        let missing = dir.join(segment_name(segment.number + 1));
        return Err(Error::corrupt("open", &missing, 0, "the segment is missing"));
    }
    let trailer = segment.check_sealed()?;
    if header.before_salt != trailer.header.salt && !has_gaps {
        let reason = "the segment does not follow on the one before it; is it of another database?";
        return Err(Error::corrupt("open", &next.path, 48, reason));
    }
    if header.first_seq != trailer.next_seq && !(has_gaps && header.first_seq > trailer.next_seq) {
        let (first, end) = (header.first_seq, trailer.next_seq);
        let reason = format!("the segment begins with number {first}, not {end}");
        return Err(Error::corrupt("open", &next.path, 32, reason));
    }
    Ok(())
}
