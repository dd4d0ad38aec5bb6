//! The unsafe island of the file layer: a file as bytes in memory.
//!
//! Owns the one call to `mmap`. Does not own the decision which files are mapped: by the contract
//! of [`VfsFile::map`](super::VfsFile::map) only sealed files are: segments while the directory
//! lock is held, and packs, which are replaced but never changed. A damaged disk can still answer a
//! page fault with a signal instead of an error; a caller who cannot have that reads with
//! `read_exact_at`.

use super::Mapping;
use std::fs::File;
use std::io;

/// Maps the whole of `file` for reading; an empty file gives no bytes and no mapping.
#[expect(unsafe_code, reason = "mapping a file is unsafe in Rust: see the SAFETY comment")]
pub(super) fn map(file: &File) -> io::Result<Mapping> {
    let len = file.metadata()?.len();
    if len == 0 {
        return Ok(Mapping::new(Vec::new()));
    }
    // SAFETY: the bytes behind the slice must not change or vanish while it lives. The contract of
    // `VfsFile::map` says that nobody writes or cuts the file any more: the engine maps only sealed
    // segments, which it never opens for writing again, and holds the exclusive lock of the
    // directory, which keeps every other engine out; packs are only ever renamed into place, so the
    // file that a name stood for is not written again, and of the file of a packed index the caller
    // of `spatio_index_open` promises the same. Removing or replacing the file while it is mapped
    // leaves the pages alive on Unix and fails on Windows. The mapping is private to this process,
    // read only, and owns itself, so no reference outlives it. What remains is a foreign program
    // that cuts the file by hand; no lock stops it, and docs/SAFETY.md names it as out of bounds.
    let bytes = unsafe { memmap2::Mmap::map(file)? };
    if bytes.len() as u64 != len {
        let message = format!("the file has {len} bytes, the mapping {}", bytes.len());
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, message));
    }
    Ok(Mapping::new(bytes))
}
