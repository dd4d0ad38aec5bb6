//! Where the bytes of a streamed index come from.
//!
//! Owns: the interface, and readers of memory and of files. Does not own any protocol: a program
//! brings its own reader. Invariants: none of its own; whoever uses a reader checks what it gives.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::options::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::packed::index::Bytes;
use crate::vfs::{OpenMode, Vfs, VfsFile};

/// Fetches ranges of the bytes of one index.
///
/// A call brings what one round needs, so a reader over a network sends all of its requests at
/// once, or one request of many ranges.
pub trait RangeReader {
    /// How many bytes there are.
    fn total_bytes(&self) -> Result<u64>;

    /// The bytes of each range, in the order of the ranges. They ascend, none is empty, and all end
    /// within the total. Bytes that are too few or too many are refused by whoever asked.
    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>>;
}

impl<R: RangeReader + ?Sized> RangeReader for &R {
    fn total_bytes(&self) -> Result<u64> {
        (**self).total_bytes()
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        (**self).read_ranges(ranges)
    }
}

impl<R: RangeReader + ?Sized> RangeReader for Arc<R> {
    fn total_bytes(&self) -> Result<u64> {
        (**self).total_bytes()
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        (**self).read_ranges(ranges)
    }
}

/// Reads from bytes in memory.
#[derive(Clone)]
pub struct MemoryRanges(Bytes);

impl MemoryRanges {
    /// A reader of these bytes.
    pub fn new(bytes: Bytes) -> Self {
        MemoryRanges(bytes)
    }
}

impl fmt::Debug for MemoryRanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryRanges of {} bytes", (*self.0).as_ref().len())
    }
}

impl RangeReader for MemoryRanges {
    fn total_bytes(&self) -> Result<u64> {
        Ok((*self.0).as_ref().len() as u64)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        let all = (*self.0).as_ref();
        let part = |range: &Range<u64>| {
            let place = usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?;
            all.get(place).map(<[u8]>::to_vec)
        };
        let parts = ranges.iter().map(|range| part(range).ok_or(range));
        parts.collect::<std::result::Result<_, _>>().map_err(|range| {
            let message = format!("bytes {range:?} were asked for, there are {}", all.len());
            Error::new(ErrorKind::Io, OPERATION, message)
        })
    }
}

/// Reads from a file, range by range.
#[derive(Clone, Debug)]
pub struct FileRanges {
    file: Arc<dyn VfsFile>,
    path: PathBuf,
}

impl FileRanges {
    /// Opens a file, which nobody may write to while it is read.
    pub fn open(vfs: &dyn Vfs, path: &Path) -> Result<Self> {
        let file = vfs.open(path, OpenMode::Read);
        let file = file.map_err(|error| Error::io(OPERATION, path, error))?;
        Ok(FileRanges { file, path: path.to_path_buf() })
    }
}

impl RangeReader for FileRanges {
    fn total_bytes(&self) -> Result<u64> {
        self.file.len().map_err(|error| Error::io(OPERATION, &self.path, error))
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Vec<u8>>> {
        let read = |range: &Range<u64>| {
            let mut bytes = vec![0; usize::try_from(range.end - range.start).unwrap_or(usize::MAX)];
            let read = self.file.read_exact_at(&mut bytes, range.start);
            read.map(|()| bytes).map_err(|error| {
                Error::io(OPERATION, &self.path, error).at(&self.path, range.start)
            })
        };
        ranges.iter().map(read).collect()
    }
}
