//! A sealed segment: immutable, mapped when first asked, its directory searched in place.
//!
//! Owns the mapping and the reading of single records. Invariants: the directory's checksum is
//! verified once for each opening of the log, each record's at each reading; every offset is
//! bounded by the part of the file that it must lie in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::format::{
    ANCHOR_EVERY, Change, Directory, Entry, Extent, Frame, SEGMENT_HEADER_BYTES, Scanner, Seeds,
    SegmentHeader, TRAILER_BYTES, Trailer, decode, directory_checksum, is_numbered,
};
use crate::sync::Mutex;
use crate::vfs::{Mapping, OpenMode, Vfs};

use super::point::HistoryPoint;

/// A segment that will not change any more.
#[derive(Debug)]
pub(super) struct Sealed {
    pub(super) path: PathBuf,
    pub(super) trailer: Trailer,
    pub(super) bytes: u64,
    mapping: Mutex<Option<Arc<Mapping>>>,
}

impl Sealed {
    /// The segment in the file `path` of `bytes` bytes, whose trailer was read and verified.
    pub(super) fn new(path: PathBuf, trailer: Trailer, bytes: u64) -> Self {
        Sealed { path, trailer, bytes, mapping: Mutex::new(None) }
    }

    pub(super) fn header(&self) -> &SegmentHeader {
        &self.trailer.header
    }

    /// Records of every kind in it.
    pub(super) fn records(&self) -> u64 {
        self.trailer.next_seq - self.trailer.header.first_seq
    }

    /// Whether no trajectory needs it.
    pub(super) fn has_no_history(&self) -> bool {
        self.trailer.min_us > self.trailer.max_us
    }

    fn corrupt(&self, offset: u64, reason: &str) -> Error {
        Error::corrupt("read", &self.path, offset, reason)
    }

    /// The file, mapped, with a verified directory.
    pub(super) fn open(&self, vfs: &dyn Vfs) -> Result<View<'_>> {
        let mut slot = self.mapping.lock();
        let mapping = match &*slot {
            Some(mapping) => mapping.clone(),
            None => {
                let mapping = Arc::new(self.map(vfs)?);
                *slot = Some(mapping.clone());
                mapping
            }
        };
        drop(slot);
        Ok(View { sealed: self, mapping, seeds: self.header().seeds() })
    }

    fn map(&self, vfs: &dyn Vfs) -> Result<Mapping> {
        let file = vfs
            .open(&self.path, OpenMode::Read)
            .map_err(|error| Error::io("open", &self.path, error))?;
        let mapping = file.map().map_err(|error| Error::io("map", &self.path, error))?;
        if mapping.len() as u64 != self.bytes {
            return Err(self.corrupt(mapping.len() as u64, "the file has another length"));
        }
        let Some(directory) = directory_bytes(&mapping, &self.trailer) else {
            return Err(self.corrupt(self.trailer.directory_offset, "the directory is cut off"));
        };
        if directory_checksum(directory) != self.trailer.directory_crc {
            let reason = "the checksum of the directory is wrong";
            return Err(self.corrupt(self.trailer.directory_offset, reason));
        }
        Ok(mapping)
    }
}

/// The part of a sealed segment that is its directory.
pub(super) fn directory_bytes<'a>(bytes: &'a [u8], trailer: &Trailer) -> Option<&'a [u8]> {
    let end = bytes.len().checked_sub(TRAILER_BYTES)?;
    bytes.get(usize::try_from(trailer.directory_offset).ok()?..end)
}

/// A sealed segment, mapped.
#[derive(Debug)]
pub(super) struct View<'s> {
    sealed: &'s Sealed,
    mapping: Arc<Mapping>,
    seeds: Seeds,
}

impl View<'_> {
    /// A scanner over its frames from `offset`, where the frame with number `seq` begins.
    pub(super) fn scanner(&self, offset: usize, seq: u64) -> Scanner<'_> {
        Scanner::new(self.frames(), offset, seq, self.seeds, self.sealed.header().base_us)
    }

    /// Everything up to the directory, so that a scan ends with the seal.
    fn frames(&self) -> &[u8] {
        let end = usize::try_from(self.sealed.trailer.directory_offset).unwrap_or(usize::MAX);
        self.mapping.get(..end).unwrap_or(&self.mapping)
    }

    fn directory(&self) -> Result<Directory<'_>> {
        directory_bytes(&self.mapping, &self.sealed.trailer)
            .and_then(|bytes| Directory::new(bytes, self.sealed.header().base_us))
            .ok_or_else(|| self.malformed())
    }

    fn malformed(&self) -> Error {
        let offset = self.sealed.trailer.directory_offset;
        self.sealed.corrupt(offset, "the directory is malformed")
    }

    /// The object's records, if it has any here.
    pub(super) fn find(&self, handle: u64) -> Result<Option<Found<'_>>> {
        let directory = self.directory()?;
        let entry = directory.find(handle).ok_or_else(|| self.malformed())?;
        Ok(entry.map(|entry| Found { view: self, directory, entry, handle }))
    }
}

/// The records of one object in a sealed segment.
#[derive(Debug)]
pub(super) struct Found<'v> {
    view: &'v View<'v>,
    directory: Directory<'v>,
    pub(super) entry: Entry<'v>,
    handle: u64,
}

impl Found<'_> {
    /// Their numbers, ascending.
    pub(super) fn records(&self) -> Result<Vec<u32>> {
        self.entry.records().ok_or_else(|| self.view.malformed())
    }

    /// Reads one of them.
    pub(super) fn read(&self, record: u32) -> Result<HistoryPoint> {
        let sealed = self.view.sealed;
        let anchor = self.directory.anchor(record).ok_or_else(|| self.view.malformed())?;
        let mut at = anchor as usize;
        let mut passed = record / ANCHOR_EVERY as u32 * ANCHOR_EVERY as u32;
        let frames = self.view.frames();
        loop {
            let broken = || sealed.corrupt(at as u64, "no frame is where the directory says");
            let rest = match frames.get(at..) {
                Some(rest) if at >= SEGMENT_HEADER_BYTES => rest,
                _ => return Err(broken()),
            };
            let extent = Extent::read(rest).map_err(|_| broken())?;
            if is_numbered(rest[extent.kind_at]) {
                if passed == record {
                    return self.view.read_at(rest, at as u64, record, self.handle);
                }
                passed += 1;
            }
            at += extent.len();
        }
    }
}

impl View<'_> {
    fn read_at(&self, rest: &[u8], at: u64, record: u32, handle: u64) -> Result<HistoryPoint> {
        let header = self.sealed.header();
        let seq = header.first_seq.wrapping_add(u64::from(record));
        read_move(rest, self.seeds, seq, at, header.base_us, handle, &self.sealed.path)
    }
}

/// Reads the move of `handle` that `bytes` must begin with.
pub(super) fn read_move(
    bytes: &[u8],
    seeds: Seeds,
    seq: u64,
    offset: u64,
    base_us: i64,
    handle: u64,
    path: &Path,
) -> Result<HistoryPoint> {
    match decode(bytes, seeds, seq, offset, base_us) {
        Ok((Frame::Change(Change::Move { handle: found, time_us, position, .. }), _))
            if found == handle =>
        {
            Ok(HistoryPoint { time_us, position, seq })
        }
        Ok(_) => Err(Error::corrupt("read", path, offset, "another record is here")),
        Err(flaw) => Err(Error::corrupt("read", path, offset, flaw.reason())),
    }
}
