//! The end of one segment and the beginning of the next.
//!
//! Owns the order in which a segment is sealed and its successor made, so that a crash at any
//! point leaves either an active segment or a sealed one, and never a gap. Invariants: every frame
//! is durable before the seal is written; the successor is complete under a temporary name before
//! the seal is, and gets its name after; no frame goes into it before its name is durable.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::format::{
    SEGMENT_HEADER_BYTES, Seal, SegmentHeader, TRAILER_BYTES, Trailer, encode_seal,
};
use crate::vfs::{OpenMode, Vfs, VfsFile};

use super::chain::Chain;
use super::commit::Commit;
use super::files::{TEMPORARY_SUFFIX, segment_name};
use super::sealed::Sealed;
use super::writer::Writer;

/// The path under which a file is made before it gets its name.
pub(super) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(TEMPORARY_SUFFIX);
    PathBuf::from(name)
}

/// Makes the file at `path`, which must not exist, with a content that is durable; what an
/// earlier crash left under the name is removed first.
pub(super) fn create_file(vfs: &dyn Vfs, path: &Path, bytes: &[u8]) -> Result<Arc<dyn VfsFile>> {
    let file = match vfs.open(path, OpenMode::CreateNew) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            vfs.remove(path).map_err(|error| Error::io("remove", path, error))?;
            vfs.open(path, OpenMode::CreateNew)
        }
        other => other,
    };
    let file = file.map_err(|error| Error::io("create", path, error))?;
    file.write_all_at(bytes, 0).map_err(|error| Error::io("write", path, error))?;
    file.sync_data().map_err(|error| Error::io("sync", path, error))?;
    Ok(file)
}

/// Gives a file that was made under a temporary name its own, durably.
pub(super) fn publish(vfs: &dyn Vfs, dir: &Path, path: &Path) -> Result<()> {
    vfs.rename(&temporary(path), path).map_err(|error| Error::io("rename", path, error))?;
    vfs.sync_dir(dir).map_err(|error| Error::io("sync", dir, error))
}

/// Makes the empty segment that `header` describes, ready for frames.
pub(super) fn create_segment(
    vfs: &dyn Vfs,
    dir: &Path,
    header: &SegmentHeader,
) -> Result<(PathBuf, Arc<dyn VfsFile>)> {
    let path = dir.join(segment_name(header.number));
    let file = create_file(vfs, &temporary(&path), &header.encode())?;
    publish(vfs, dir, &path)?;
    Ok((path, file))
}

/// The bytes behind the last frame of a segment that seal it: seal, directory, trailer.
pub(super) fn seal_bytes(
    header: SegmentHeader,
    chain: &Chain,
    seal_offset: u64,
    next_seq: u64,
) -> (Vec<u8>, Trailer) {
    let mut bytes = Vec::new();
    encode_seal(Seal { next_seq }, header.seeds(), seal_offset, &mut bytes);
    let directory_offset = seal_offset + bytes.len() as u64;
    let (directory, directory_crc) = chain.directory(header.base_us).finish();
    bytes.reserve(directory.len() + TRAILER_BYTES);
    bytes.extend_from_slice(&directory);
    let trailer = Trailer {
        header,
        seal_offset,
        directory_offset,
        next_seq,
        min_us: chain.min_us,
        max_us: chain.max_us,
        directory_crc,
    };
    bytes.extend_from_slice(&trailer.encode());
    (bytes, trailer)
}

impl Writer {
    /// Seals the segment and goes on in a new one with `salt`. The caller has the turn to sync.
    pub(super) fn rotate(
        &mut self,
        vfs: &dyn Vfs,
        dir: &Path,
        commit: &Commit,
        salt: u64,
        now_us: i64,
    ) -> Result<()> {
        self.flush(commit)?;
        let sync = |file: &Arc<dyn VfsFile>, path: &Path| {
            file.sync_data().map_err(|error| commit.poison(&fsync_failed(path, &error)))
        };
        sync(&self.file, &self.path)?;
        self.durable_bytes = self.len;
        let header = SegmentHeader {
            number: self.header.number + 1,
            flags: 0,
            salt,
            first_seq: self.next_seq,
            base_us: self.last_us.unwrap_or(now_us),
            before_salt: self.header.salt,
        };
        let path = dir.join(segment_name(header.number));
        let file = create_file(vfs, &temporary(&path), &header.encode())?;
        let (seal, trailer) = seal_bytes(self.header, &self.chain, self.len, self.next_seq);
        if let Err(error) = self.file.write_all_at(&seal, self.len) {
            return Err(self.cut_back(commit, Error::io("write", &self.path, error)));
        }
        sync(&self.file, &self.path)?;
        // Sealed on disk: from here on there is no way back.
        publish(vfs, dir, &path).map_err(|error| commit.poison(&error.to_string()))?;
        self.grown(seal.len() as u64);
        let sealed = Sealed::new(self.path.clone(), trailer, self.len);
        Arc::make_mut(&mut self.sealed).push(Arc::new(sealed));
        self.begin(file, path, header);
        Ok(())
    }

    /// Goes on in an empty segment.
    fn begin(&mut self, file: Arc<dyn VfsFile>, path: PathBuf, header: SegmentHeader) {
        (self.file, self.path, self.header) = (file, path, header);
        self.seeds = header.seeds();
        self.len = SEGMENT_HEADER_BYTES as u64;
        self.durable_bytes = self.len;
        self.marked_bytes = self.len;
        self.chain.clear();
    }
}

/// The cause of a poisoning.
pub(super) fn fsync_failed(path: &Path, error: &std::io::Error) -> String {
    format!("fsync of {} failed: {error}", path.display())
}
