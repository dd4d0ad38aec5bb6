//! The file of an index: written beside its name and put there at one stroke, or mapped.
//!
//! Owns: the order of these steps. Does not own a byte of the file. Invariants: a file that has the
//! name is whole; who has an older one mapped keeps it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::packed::{Bytes, Items, Sink, WriteOptions, write_index};
use crate::vfs::{Mapping, OpenMode, RealVfs, Vfs, VfsFile};

const WRITING: &str = "write index";
const OPENING: &str = "open index";

/// A mapped file as the index wants its bytes.
struct Mapped(Mapping);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// An error of the system, where a file or folder that is not there has a kind of its own.
fn told(operation: &'static str, path: &Path, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::NotFound {
        let message = format!("{} does not exist", path.display());
        return Error::new(ErrorKind::NotFound, operation, message);
    }
    Error::io(operation, path, error)
}

/// The bytes of a file.
pub(super) fn map(path: &Path) -> Result<Bytes> {
    let mapping = RealVfs.open(path, OpenMode::Read).and_then(|file| file.map());
    mapping.map(|bytes| Arc::new(Mapped(bytes)) as Bytes).map_err(|e| told(OPENING, path, e))
}

/// Writes the file of an index; the number of its bytes.
pub(super) fn write<const D: usize>(
    path: &Path,
    items: &Items<'_, D>,
    options: WriteOptions,
) -> Result<u64> {
    let beside = beside(path)?;
    let written = fill(&beside, items, options).and_then(|bytes| {
        let renamed = RealVfs.rename(&beside, path);
        let folder = path.parent().unwrap_or(Path::new(""));
        let named = renamed.and_then(|()| RealVfs.sync_dir(folder));
        named.map(|()| bytes).map_err(|error| told(WRITING, path, error))
    });
    if written.is_err() {
        // What is left of it is of no use; that it may not be there is no matter either.
        let _ = RealVfs.remove(&beside);
    }
    written
}

/// A name in the same folder that nobody else uses.
fn beside(path: &Path) -> Result<PathBuf> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        let message = format!("{:?} names no file", path.display().to_string());
        return Err(Error::invalid(WRITING, message));
    };
    let mut name = name.to_owned();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    name.push(format!(".{}-{number}.tmp", std::process::id()));
    Ok(path.with_file_name(name))
}

fn fill<const D: usize>(path: &Path, items: &Items<'_, D>, options: WriteOptions) -> Result<u64> {
    let file = RealVfs.open(path, OpenMode::CreateNew).map_err(|e| told(WRITING, path, e))?;
    let bytes = write_index(items, options, &mut Parts { file: &*file, path })?;
    let done = file.set_len(bytes).and_then(|()| file.sync_data());
    done.map(|()| bytes).map_err(|error| told(WRITING, path, error))
}

/// What takes the parts of the file.
struct Parts<'a> {
    file: &'a dyn VfsFile,
    path: &'a Path,
}

impl Sink for Parts<'_> {
    fn begin(&mut self, _file_bytes: u64) {}

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all_at(bytes, offset);
        written.map_err(|error| told(WRITING, self.path, error))
    }
}
