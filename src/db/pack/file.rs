//! A file that appears whole or not at all, and its bytes.
//!
//! Owns: the temporary name, the order write, sync, rename, sync, and mapping. Does not own what is
//! written. Invariants: nothing is ever written under the file's own name, so a crash at any point
//! leaves what was there before or the whole new file; whoever has the former file mapped keeps it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::packed::{Bytes, Sink};
use crate::vfs::{Mapping, OpenMode, Vfs, VfsFile};

/// Temporary names that are tried before it is an error.
const ATTEMPTS: u32 = 1_000;

/// Writes what `write` puts into its sink into a file named `path`; the number of its bytes.
pub(super) fn write_whole(
    vfs: &dyn Vfs,
    path: &Path,
    operation: &'static str,
    write: impl FnOnce(&mut FileSink<'_>) -> Result<u64>,
) -> Result<u64> {
    let (temporary, file) = create_beside(vfs, path, operation)?;
    let refused = |error| Error::io(operation, &temporary, error);
    let written = write(&mut FileSink { file: &*file, path: &temporary, operation })
        .map_err(|error| error.during(operation))
        .and_then(|bytes| file.sync_data().map(|()| bytes).map_err(refused));
    drop(file);
    let renamed = written.and_then(|bytes| {
        vfs.rename(&temporary, path).map_err(|error| Error::io(operation, path, error))?;
        Ok(bytes)
    });
    match renamed {
        Ok(bytes) => {
            let dir = path.parent().unwrap_or(Path::new(""));
            vfs.sync_dir(dir).map(|()| bytes).map_err(|error| Error::io(operation, dir, error))
        }
        Err(error) => {
            // The error says what went wrong; a file that cannot be removed either is only litter.
            let _ = vfs.remove(&temporary);
            Err(error)
        }
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

/// A new file beside `path`, with a name that nobody else uses.
fn create_beside(
    vfs: &dyn Vfs,
    path: &Path,
    operation: &'static str,
) -> Result<(PathBuf, Arc<dyn VfsFile>)> {
    let Some(name) = path.file_name() else {
        return Err(Error::invalid(operation, format!("path {path:?} does not name a file")));
    };
    for number in 0..ATTEMPTS {
        let mut temporary = OsString::from(name);
        temporary.push(format!(".{number}.tmp"));
        let temporary = path.with_file_name(temporary);
        match vfs.open(&temporary, OpenMode::CreateNew) {
            Ok(file) => return Ok((temporary, file)),
            // Another one is freezing, or has crashed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(told(operation, &temporary, error)),
        }
    }
    let message = format!("{ATTEMPTS} temporary files stand beside {}", path.display());
    Err(Error::new(ErrorKind::AlreadyExists, operation, message))
}

/// Puts the parts of a pack into a file.
pub(super) struct FileSink<'a> {
    file: &'a dyn VfsFile,
    path: &'a Path,
    operation: &'static str,
}

impl Sink for FileSink<'_> {
    fn begin(&mut self, _file_bytes: u64) {}

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let refused = |error| Error::io(self.operation, self.path, error);
        if bytes.is_empty() {
            // The end of the file, which may be padding.
            let length = self.file.len().map_err(refused)?;
            return match length < offset {
                true => self.file.set_len(offset).map_err(refused),
                false => Ok(()),
            };
        }
        self.file.write_all_at(bytes, offset).map_err(refused)
    }
}

struct Mapped(Mapping);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The bytes of a file that is never written again, mapped.
pub(super) fn map(vfs: &dyn Vfs, path: &Path, operation: &'static str) -> Result<Bytes> {
    let mapping = vfs
        .open(path, OpenMode::Read)
        .and_then(|file| file.map())
        .map_err(|error| told(operation, path, error))?;
    Ok(Arc::new(Mapped(mapping)))
}
