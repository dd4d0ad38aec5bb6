//! A file that is written under another name and takes its own when it is complete.
//!
//! Owns: the temporary name, the renaming, and making both durable. Invariants: nobody sees half a
//! file under its name; a file that was not finished is removed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use spatio::packed::Sink;
use spatio::vfs::{OpenMode, RealVfs, Vfs, VfsFile};

use crate::failure::{Failure, Outcome};

/// The file.
pub(crate) struct Target<'a> {
    path: &'a Path,
    part: PathBuf,
    file: Arc<dyn VfsFile>,
    bytes: u64,
    is_finished: bool,
}

impl<'a> Target<'a> {
    /// Begins to write what will be `path`.
    pub(crate) fn create(path: &'a Path) -> Outcome<Self> {
        let Some(name) = path.file_name() else {
            return Err(Failure::usage(format!("{} is no name of a file", path.display())));
        };
        let part = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        let part = path.with_file_name(part);
        let file = RealVfs.open(&part, OpenMode::CreateNew);
        let file = file.map_err(|error| Failure::file(&part, &error))?;
        Ok(Target { path, part, file, bytes: 0, is_finished: false })
    }

    /// Gives the file its name, which may have been another file's.
    pub(crate) fn finish(mut self) -> Outcome<()> {
        let dir = self.path.parent().unwrap_or(Path::new(""));
        // What follows the last chunk is padding, which nobody writes.
        self.file
            .set_len(self.bytes)
            .and_then(|()| self.file.sync_data())
            .and_then(|()| RealVfs.rename(&self.part, self.path))
            .and_then(|()| RealVfs.sync_dir(dir))
            .map_err(|error| Failure::file(self.path, &error))?;
        self.is_finished = true;
        Ok(())
    }
}

impl Sink for Target<'_> {
    fn begin(&mut self, file_bytes: u64) {
        self.bytes = file_bytes;
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> spatio::Result<()> {
        let written = self.file.write_all_at(bytes, offset);
        written.map_err(|error| spatio::Error::io("pack build", &self.part, error))
    }
}

impl Drop for Target<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            // What led here has been told already.
            let _ = RealVfs.remove(&self.part);
        }
    }
}
