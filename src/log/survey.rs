//! What a database directory holds, by the names, headers and trailers of its files.
//!
//! Owns the first look, which reads a few bytes of each file and writes nothing. Does not judge
//! frames (`walk`). Invariant: a file of a newer format version is recognised here, before
//! anything is changed.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::format::{HeaderFlaw, SEGMENT_HEADER_BYTES, SegmentHeader, TRAILER_BYTES, Trailer};
use crate::vfs::{OpenMode, Vfs};

use super::files::{FileKind, classify, segment_name};

/// Numbers that a segment may begin with: the first one is 1, and nobody counts to the last, so
/// that what is counted on from there does not overflow.
const FIRST_SEQS: std::ops::Range<u64> = 1..1 << 62;

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
            Ok(header) if header.number == self.number => {
                if !FIRST_SEQS.contains(&header.first_seq) {
                    let reason = format!("no log begins a segment at {}", header.first_seq);
                    return Err(Error::corrupt("open", &self.path, 32, reason));
                }
                Ok(header)
            }
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
    /// Refuses a row of segments with a gap, a segment without its seal, or numbers of frames
    /// that do not join.
    pub(super) fn check_row(&self, dir: &Path) -> Result<()> {
        for pair in self.segments.windows(2) {
            let (segment, next) = (&pair[0], &pair[1]);
            if next.number != segment.number + 1 {
                let missing = dir.join(segment_name(segment.number + 1));
                return Err(Error::corrupt("open", &missing, 0, "the segment is missing"));
            }
            let trailer = segment.check_sealed()?;
            let header = next.check_header()?;
            let joins = match trailer.header.flags & crate::format::FLAG_SALVAGED {
                0 => header.first_seq == trailer.next_seq,
                _ => header.first_seq >= trailer.next_seq,
            };
            if !joins {
                let reason = format!(
                    "the segment begins with number {}, the one before ends before {}",
                    header.first_seq, trailer.next_seq
                );
                return Err(Error::corrupt("open", &next.path, 32, reason));
            }
        }
        match self.segments.last() {
            Some(last) => last.check_header().map(drop),
            None => Ok(()),
        }
    }
}
