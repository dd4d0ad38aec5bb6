//! Bytes that are put aside in files, and read again from front to back.
//!
//! Owns: the temporary files, and reading and writing them in large pieces. Does not own what the
//! bytes mean. Invariants: a file that was made is removed when its owner is dropped, whatever
//! happened; nobody's file is overwritten.

use std::cell::Cell;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OPERATION;
use crate::error::{Error, ErrorKind, Result};
use crate::vfs::{OpenMode, Vfs, VfsFile};

/// So many names are tried before a folder counts as full of such files.
const MOST_NAMES: u32 = 100_000;

/// Where files are made.
pub(super) struct Folder {
    vfs: Arc<dyn Vfs>,
    path: PathBuf,
    next: Cell<u32>,
}

impl Folder {
    pub(super) fn new(vfs: Arc<dyn Vfs>, path: &Path) -> Self {
        Folder { vfs, path: path.to_path_buf(), next: Cell::new(0) }
    }

    /// Makes a file that gathers `buffer_bytes` before it writes.
    pub(super) fn spill(&self, buffer_bytes: usize) -> Result<Spill> {
        while self.next.get() < MOST_NAMES {
            let number = self.next.get();
            self.next.set(number + 1);
            let path = self.path.join(format!("spatio-build-{number}.tmp"));
            match self.vfs.open(&path, OpenMode::CreateNew) {
                Ok(file) => {
                    let gathered = Vec::new();
                    let vfs = Arc::clone(&self.vfs);
                    return Ok(Spill { vfs, path, file, written: 0, gathered, buffer_bytes });
                }
                // Another build's, or one that a crash left behind.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io(OPERATION, &path, error)),
            }
        }
        let message = format!("{} holds {MOST_NAMES} temporary files", self.path.display());
        Err(Error::new(ErrorKind::LimitExceeded, OPERATION, message))
    }
}

/// A temporary file that is appended to.
pub(super) struct Spill {
    vfs: Arc<dyn Vfs>,
    path: PathBuf,
    file: Arc<dyn VfsFile>,
    written: u64,
    gathered: Vec<u8>,
    buffer_bytes: usize,
}

impl Spill {
    /// Appends what `fill` appends.
    #[inline]
    pub(super) fn put(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        fill(&mut self.gathered);
        if self.gathered.len() >= self.buffer_bytes { self.flush() } else { Ok(()) }
    }

    /// Writes what was gathered; to be called before it is read.
    pub(super) fn flush(&mut self) -> Result<()> {
        let written = self.file.write_all_at(&self.gathered, self.written);
        written.map_err(|error| Error::io(OPERATION, &self.path, error))?;
        self.written += self.gathered.len() as u64;
        self.gathered.clear();
        Ok(())
    }

    /// How many bytes were put.
    pub(super) fn bytes(&self) -> u64 {
        self.written + self.gathered.len() as u64
    }

    /// Reads some of what was flushed.
    pub(super) fn read(&self, range: Range<u64>, buffer_bytes: usize) -> SpillReader {
        SpillReader {
            file: Arc::clone(&self.file),
            path: self.path.clone(),
            next: range.start,
            end: range.end.min(self.written),
            buffer: Vec::new(),
            used: 0,
            buffer_bytes: buffer_bytes.max(1),
        }
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        // Who cannot remove it leaves rubbish, not a wrong index.
        let _ = self.vfs.remove(&self.path);
    }
}

/// Reads a part of a file from front to back.
pub(super) struct SpillReader {
    file: Arc<dyn VfsFile>,
    path: PathBuf,
    /// What is read next into the buffer, and where it ends.
    next: u64,
    end: u64,
    buffer: Vec<u8>,
    /// How much of the buffer was taken.
    used: usize,
    buffer_bytes: usize,
}

impl SpillReader {
    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.used == self.buffer.len() && self.next == self.end
    }

    /// The next `count` bytes, which must be left.
    #[inline]
    pub(super) fn take(&mut self, count: usize) -> Result<&[u8]> {
        if self.buffer.len() - self.used < count {
            self.fill(count)?;
        }
        let start = self.used;
        self.used += count;
        Ok(&self.buffer[start..self.used])
    }

    /// As many of the next bytes as are left, but no more than `most`.
    pub(super) fn take_some(&mut self, most: usize) -> Result<&[u8]> {
        let left = (self.end - self.next) + (self.buffer.len() - self.used) as u64;
        self.take(usize::try_from(left).unwrap_or(usize::MAX).min(most))
    }

    #[cold]
    fn fill(&mut self, count: usize) -> Result<()> {
        let kept = self.buffer.len() - self.used;
        self.buffer.copy_within(self.used.., 0);
        self.used = 0;
        let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
        let more = left.min(self.buffer_bytes.max(count - kept));
        self.buffer.resize(kept + more, 0);
        if kept + more < count {
            let message = format!("{} ends inside of a record", self.path.display());
            return Err(Error::new(ErrorKind::Internal, OPERATION, message));
        }
        let read = self.file.read_exact_at(&mut self.buffer[kept..], self.next);
        read.map_err(|error| Error::io(OPERATION, &self.path, error).at(&self.path, self.next))?;
        self.next += more as u64;
        Ok(())
    }
}
