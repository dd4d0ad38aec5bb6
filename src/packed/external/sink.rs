//! A file that an index is written into.
//!
//! Owns: the way from a [`Sink`] to a file. Invariants: nobody's file is overwritten; the file
//! is durable once [`FileSink::finish`] returned, and its name once the folder was synced.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::OPERATION;
use crate::error::{Error, Result};
use crate::packed::origin::Sink;
use crate::vfs::{OpenMode, Vfs, VfsFile};

/// Writes an index into a new file.
#[derive(Debug)]
pub struct FileSink {
    file: Arc<dyn VfsFile>,
    path: PathBuf,
    bytes: u64,
}

impl FileSink {
    /// Makes the file, which must not exist yet.
    pub fn create(vfs: &dyn Vfs, path: &Path) -> Result<Self> {
        let file = vfs.open(path, OpenMode::CreateNew);
        let file = file.map_err(|error| Error::io(OPERATION, path, error))?;
        Ok(FileSink { file, path: path.to_path_buf(), bytes: 0 })
    }

    /// Makes what was written durable; to be called when the index was written.
    pub fn finish(self) -> Result<()> {
        let synced = self.file.set_len(self.bytes).and_then(|()| self.file.sync_data());
        synced.map_err(|error| Error::io(OPERATION, &self.path, error))
    }
}

impl Sink for FileSink {
    fn begin(&mut self, file_bytes: u64) {
        self.bytes = file_bytes;
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all_at(bytes, offset);
        written.map_err(|error| Error::io(OPERATION, &self.path, error))
    }
}
