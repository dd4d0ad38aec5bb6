//! Checkpoints: the live state in one file, and the place in the log from which to replay on it.
//!
//! Owns writing and verifying checkpoint files, keeping the two newest, and letting go of segments
//! that nobody needs. Does not own what the state is. Invariants: a checkpoint gets its name only
//! when everything it reflects is durable in the log and its own bytes are durable; older ones are
//! removed only after that.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{
    CHECKPOINT_HEADER_BYTES, Change, CheckpointHeader, HeaderFlaw, Scanner, Seeds, Step, encode,
    encode_end,
};
use crate::vfs::{Mapping, OpenMode, Vfs, VfsFile};

use super::files::checkpoint_name;
use super::log::Log;
use super::rotate::{create_file, publish, temporary};
use super::writer::Writer;

/// Checkpoints that are kept.
const KEPT: usize = 2;
/// Bytes gathered before they go to the file.
const BUFFER_BYTES: usize = 256 << 10;
/// The log grows by this much, or by four times the last checkpoint, before another is due.
const DUE_BYTES: u64 = 256 << 20;

/// What a checkpoint writes one change with.
pub type Emit<'e> = &'e mut dyn FnMut(Change<'_>) -> Result<()>;

/// A checkpoint that is on disk and sound.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub(super) path: PathBuf,
    pub(super) header: CheckpointHeader,
    pub(super) bytes: u64,
}

/// The checkpoints of a log, the newest last.
#[derive(Debug, Default)]
pub(super) struct Checkpoints(pub(super) Vec<Checkpoint>);

impl Log {
    /// Writes the live state as a checkpoint, from which recovery starts. The place in the log is
    /// noted first, so changes may go on while `write` streams the state: it must give namespaces
    /// before their objects and ids before their positions.
    pub fn checkpoint(&self, write: &mut dyn FnMut(Emit<'_>) -> Result<()>) -> Result<()> {
        let mut kept = self.checkpoints.lock();
        let mut writer = self.writer.lock();
        writer.check_open()?;
        writer.flush(&self.commit)?;
        let (since, header) = (writer.since_checkpoint, self.place(&writer, &kept));
        drop(writer);
        if kept.0.last().is_some_and(|newest| is_same_place(&newest.header, &header)) {
            return Ok(());
        }
        let path = self.dir.join(checkpoint_name(header.next_seq));
        let file = create_file(&*self.vfs, &temporary(&path), &header.encode())?;
        let bytes = write_changes(&*file, &temporary(&path), &header, write)?;
        // The state may reflect changes after the place: they must not be lost where it is kept.
        self.sync()?;
        publish(&*self.vfs, &self.dir, &path)?;
        kept.0.push(Checkpoint { path, header, bytes });
        let mut writer = self.writer.lock();
        writer.since_checkpoint -= since.min(writer.since_checkpoint);
        drop(writer);
        self.let_go(&mut kept.0, header.first_segment)
    }

    fn place(&self, writer: &Writer, kept: &Checkpoints) -> CheckpointHeader {
        // The newest so far will be the fallback; what it needs stays.
        let needed = kept.0.last().map_or(0, |newest| newest.header.segment);
        let free = |number: u32, history: bool| number < needed && !history;
        let numbers = writer.sealed.iter().map(|s| (s.header().number, !s.has_no_history()));
        let mut first = numbers.skip_while(|&(number, history)| free(number, history));
        CheckpointHeader {
            salt: self.salts.next(),
            base_us: writer.last_us.unwrap_or_else(|| self.clock.now_us()),
            next_seq: writer.next_seq,
            segment: writer.header.number,
            segment_salt: writer.header.salt,
            offset: writer.len,
            first_segment: first.next().map_or(writer.header.number, |(number, _)| number),
        }
    }

    /// Removes checkpoints beyond the two newest, and segments before `first`.
    fn let_go(&self, kept: &mut Vec<Checkpoint>, first: u32) -> Result<()> {
        let mut writer = self.writer.lock();
        let is_free = |number: u32| number < first;
        let gone: Vec<PathBuf> = writer
            .sealed
            .iter()
            .filter(|segment| is_free(segment.header().number))
            .map(|segment| segment.path.clone())
            .collect();
        if !gone.is_empty() {
            Arc::make_mut(&mut writer.sealed).retain(|segment| !is_free(segment.header().number));
        }
        drop(writer);
        let surplus = kept.len().saturating_sub(KEPT);
        let old = kept.drain(..surplus).map(|checkpoint| checkpoint.path);
        for path in old.chain(gone) {
            self.vfs.remove(&path).map_err(|error| Error::io("remove", &path, error))?;
        }
        Ok(())
    }

    /// Whether enough was written since the last checkpoint to make another worth it.
    pub fn checkpoint_due(&self) -> bool {
        let since = self.writer.lock().since_checkpoint;
        if since <= DUE_BYTES {
            return false;
        }
        let newest = self.checkpoints.lock().0.last().map_or(0, |newest| newest.bytes);
        since > DUE_BYTES.max(4 * newest)
    }
}

fn is_same_place(one: &CheckpointHeader, other: &CheckpointHeader) -> bool {
    (one.next_seq, one.segment, one.segment_salt)
        == (other.next_seq, other.segment, other.segment_salt)
}

/// Streams the state behind the header and makes it durable; the length of the file.
fn write_changes(
    file: &dyn VfsFile,
    path: &Path,
    header: &CheckpointHeader,
    write: &mut dyn FnMut(Emit<'_>) -> Result<()>,
) -> Result<u64> {
    let seeds = header.seeds();
    let mut len = CHECKPOINT_HEADER_BYTES as u64;
    let mut count = 0;
    let mut buffer = Vec::with_capacity(BUFFER_BYTES + (1 << 10));
    let mut drain = |buffer: &mut Vec<u8>| {
        file.write_all_at(buffer, len).map_err(|error| Error::io("write", path, error))?;
        len += buffer.len() as u64;
        buffer.clear();
        Ok::<u64, Error>(len)
    };
    write(&mut |change| {
        encode(&change, seeds, count, header.base_us, &mut buffer);
        count += 1;
        if buffer.len() >= BUFFER_BYTES {
            drain(&mut buffer)?;
        }
        Ok(())
    })?;
    encode_end(count, seeds, count, &mut buffer);
    let len = drain(&mut buffer)?;
    file.sync_data().map_err(|error| Error::io("sync", path, error))?;
    Ok(len)
}

/// A checkpoint file, mapped.
#[derive(Debug)]
pub(super) struct CheckpointView {
    pub(super) path: PathBuf,
    pub(super) header: CheckpointHeader,
    mapping: Mapping,
}

/// Reads and verifies a checkpoint, every frame of it. The inner error is what is wrong with it,
/// and where; a file of a newer version is an outer one.
pub(super) fn open_checkpoint(
    vfs: &dyn Vfs,
    path: &Path,
) -> Result<std::result::Result<CheckpointView, (u64, String)>> {
    let io = |error| Error::io("open", path, error);
    let mapping = vfs.open(path, OpenMode::Read).and_then(|file| file.map()).map_err(io)?;
    let header = match CheckpointHeader::decode(&mapping) {
        Ok(header) => header,
        Err(flaw @ HeaderFlaw::Newer { .. }) => {
            return Err(Error::new(ErrorKind::FormatVersion, "open", flaw.reason()).at(path, 8));
        }
        Err(flaw) => return Ok(Err((0, flaw.reason()))),
    };
    let view = CheckpointView { path: path.to_path_buf(), header, mapping };
    match view.replay(&mut |_| Ok(()))? {
        Ok(_) => Ok(Ok(view)),
        Err(flaw) => Ok(Err(flaw)),
    }
}

impl CheckpointView {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.mapping
    }

    /// Shows every change to `visit`; how many there were. The inner error is a flaw in the file.
    pub(super) fn replay(
        &self,
        visit: &mut dyn FnMut(Change<'_>) -> Result<()>,
    ) -> Result<std::result::Result<u64, (u64, String)>> {
        let seeds: Seeds = self.header.seeds();
        let (bytes, base_us) = (&*self.mapping, self.header.base_us);
        let mut scanner = Scanner::new(bytes, CHECKPOINT_HEADER_BYTES, 0, seeds, base_us);
        let mut skipped = 0;
        loop {
            let at = scanner.offset() as u64;
            let flaw = match scanner.step() {
                Step::Change { change, .. } => {
                    visit(change)?;
                    continue;
                }
                Step::Skipped { .. } => {
                    skipped += 1;
                    continue;
                }
                Step::End { count, next } if count == scanner.seq() && next == bytes.len() => {
                    return Ok(Ok(count - skipped));
                }
                Step::End { .. } => "the end names another count or is not the end".to_string(),
                Step::Empty => "the end is missing".to_string(),
                Step::Seal { .. } => "a seal stands in a checkpoint".to_string(),
                Step::Flaw { flaw, .. } => flaw.reason(),
            };
            return Ok(Err((at, flaw)));
        }
    }
}
