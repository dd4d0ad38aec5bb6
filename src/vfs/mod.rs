//! The only door to files.
//!
//! Owns: the traits behind which every disk hides, and the names of the operations that a fault
//! can hit. Does not own file formats or retry policies. Invariants: written data is durable only
//! after `sync_data` of the file and, for a new, renamed or removed name, `sync_dir` of its
//! directory; a mapped file is never written again.

mod fault;
mod memory;
mod mmap;
mod path;
mod real;

pub use fault::{Fault, FaultVfs, Observer, Operation, OperationKind, Survivors};
pub use memory::MemoryVfs;
pub use real::RealVfs;

use std::fmt::Debug;
use std::io;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// For reading; it must exist.
    Read,
    /// For reading and writing; it must exist.
    ReadWrite,
    /// For reading and writing; it must not exist yet.
    CreateNew,
}

/// A tree of files: the real one, one in memory, or one that fails on purpose.
pub trait Vfs: Send + Sync + Debug {
    /// Creates `dir` and its parents where they are missing, and makes their names durable.
    fn create_dir_all(&self, dir: &Path) -> io::Result<()>;
    /// The names (not paths) of files and directories in `dir`, sorted.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Opens a file.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>>;
    /// Renames a file within its directory, at one stroke, replacing the file that `to` named.
    /// Between directories it is refused, since no single `sync_dir` could make that durable.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes creations, renames and removals in `dir` durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Takes the exclusive lock that `path` stands for, creating the file if missing; fails with
    /// `WouldBlock` at once while somebody holds it. Dropping the lock releases it.
    fn lock(&self, path: &Path) -> io::Result<Box<dyn VfsLock>>;
}

/// An open file. Reads and writes name their offset; there is no cursor.
#[expect(clippy::len_without_is_empty, reason = "a file is not a collection")]
pub trait VfsFile: Send + Sync + Debug {
    /// The length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Fills `buffer` from `offset`, or fails with `UnexpectedEof` when the file ends before. An
    /// interrupted call is repeated inside, here and in all other methods.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
    /// Writes all of `data` at `offset`, growing the file. On an error any part of it may have
    /// been written.
    fn write_all_at(&self, data: &[u8], offset: u64) -> io::Result<()>;
    /// Cuts or extends the file with zeros.
    fn set_len(&self, len: u64) -> io::Result<()>;
    /// Makes contents and length durable. An error is final: it must not be tried again.
    fn sync_data(&self) -> io::Result<()>;
    /// The whole file as bytes, for a file that nobody writes any more.
    fn map(&self) -> io::Result<Mapping>;
}

/// A held lock; released when dropped.
pub trait VfsLock: Send + Sync + Debug {}

/// The bytes of a sealed file, mapped or copied.
pub struct Mapping(Box<dyn Deref<Target = [u8]> + Send + Sync>);

impl Mapping {
    /// Wraps whatever holds the bytes.
    pub fn new(bytes: impl Deref<Target = [u8]> + Send + Sync + 'static) -> Self {
        Mapping(Box::new(bytes))
    }
}

impl Deref for Mapping {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// So that a packed index can be opened over it.
impl AsRef<[u8]> for Mapping {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Debug for Mapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mapping({} bytes)", self.len())
    }
}
