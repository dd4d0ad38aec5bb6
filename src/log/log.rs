//! The log as its users hold it: append, settle, flush, sync, close.
//!
//! Owns the lock around the writer and the order of locks: the turn to sync first, then the
//! writer. Does not own recovery (`recover`), trajectories (`history`) nor checkpoints
//! (`checkpoint`). Invariants: a change that was refused is not in the log; a change that was
//! taken is, unless the process or the machine dies before the sync policy made it durable.

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::format::Change;
use crate::sync::atomic::{AtomicI64, Ordering};
use crate::sync::{Mutex, MutexGuard};
use crate::vfs::{Vfs, VfsLock};

use super::checkpoint::Checkpoints;
use super::commit::{Commit, Lead, Turn};
use super::options::{LogOptions, SyncPolicy};
use super::point::{MoveRow, Names};
use super::report::LogStats;
use super::rotate::fsync_failed;
use super::salt::Salts;
use super::writer::{State, Writer};

/// Rows that a batch takes in under one lock, whole or not at all.
const BATCH_ROWS: usize = 16_384;
/// The most bytes of an id or a name.
const NAME_BYTES_MAX: usize = 255;
/// The most bytes of a payload.
const PAYLOAD_BYTES_MAX: usize = 64 << 10;

/// A log that is open.
pub struct Log {
    pub(super) vfs: Arc<dyn Vfs>,
    pub(super) dir: PathBuf,
    pub(super) options: LogOptions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) writer: Mutex<Writer>,
    pub(super) commit: Commit,
    pub(super) checkpoints: Mutex<Checkpoints>,
    pub(super) salts: Salts,
    pub(super) last_sync_us: AtomicI64,
    pub(super) lock: Mutex<Option<Box<dyn VfsLock>>>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stats = self.stats();
        write!(f, "Log({}, {} segments, last ", self.dir.display(), stats.segments)?;
        write!(f, "{}, durable {})", stats.last_seq, stats.durable_seq)
    }
}

impl Log {
    /// Takes one change into the buffer; the sequence number it got. A change that is refused is
    /// not in the log.
    #[inline]
    pub fn append(&self, names: &dyn Names, change: &Change<'_>) -> Result<u64> {
        check_size(change)?;
        let mut writer = self.ready()?;
        Ok(writer.take(names, change))
    }

    /// Takes many moves under one lock; the sequence number of the last. On an error its `row` is
    /// how many rows the log took; batches of up to 16,384 rows are taken whole or not at all.
    pub fn append_moves(&self, names: &dyn Names, moves: &[MoveRow]) -> Result<u64> {
        let mut last = 0;
        for (batch, rows) in moves.chunks(BATCH_ROWS).enumerate() {
            let mut writer = self.ready().map_err(|error| error.in_row(batch * BATCH_ROWS))?;
            for row in rows {
                last = writer.take_row(names, row);
            }
        }
        Ok(last)
    }

    /// The writer, with room for a change.
    #[inline]
    fn ready(&self) -> Result<MutexGuard<'_, Writer>> {
        loop {
            let mut writer = self.writer.lock();
            writer.check_open()?;
            self.commit.check()?;
            if writer.end() >= self.options.segment_bytes
                && writer.chain.len() > 0
                && self.must_rotate(&mut writer)
            {
                drop(writer);
                self.rotate()?;
                continue;
            }
            writer.make_room(&self.commit)?;
            return Ok(writer);
        }
    }

    /// Of a full segment: whether this thread has to see to it. While one thread prepares the
    /// rotation the others go on for a while.
    #[cold]
    fn must_rotate(&self, writer: &mut Writer) -> bool {
        let is_overdue = writer.end() >= self.options.segment_bytes.saturating_mul(5) / 4;
        if writer.rotating && !is_overdue {
            return false;
        }
        writer.rotating = true;
        true
    }

    fn rotate(&self) -> Result<()> {
        let lead = self.commit.lead()?;
        let result = self.rotate_as(&lead);
        let mut writer = self.writer.lock();
        writer.rotating = false;
        drop(writer);
        match result {
            Ok(Some(durable)) => {
                lead.succeed(durable);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Rotates unless another thread did; whether it did.
    fn rotate_as(&self, _lead: &Lead<'_>) -> Result<Option<u64>> {
        let mut writer = self.writer.lock();
        if writer.end() < self.options.segment_bytes {
            return Ok(None);
        }
        writer.flush(&self.commit)?;
        let file = writer.file.clone();
        let path = writer.path.clone();
        drop(writer);
        // Most bytes become durable here, while other threads go on.
        file.sync_data().map_err(|error| self.commit.poison(&fsync_failed(&path, &error)))?;
        let mut writer = self.writer.lock();
        let (salt, now_us) = (self.salts.next(), self.clock.now_us());
        writer.rotate(&*self.vfs, &self.dir, &self.commit, salt, now_us)?;
        Ok(Some(writer.last_seq()))
    }

    /// Gives what the sync policy owes the caller whose change got `seq`: under `Always` it
    /// returns once that change is durable; under `Every` it syncs if it is time and nobody else
    /// does it. A disk that is full is told under `Always`, where the change stays in the buffer
    /// and its fate is open until a later sync; otherwise the next change is refused.
    #[inline]
    pub fn settle(&self, seq: u64) -> Result<()> {
        match self.options.sync {
            SyncPolicy::Always => self.sync_to(seq),
            SyncPolicy::Every(_) if !self.options.background => match self.sync_if_due() {
                Err(error) if error.kind() != ErrorKind::Poisoned => Ok(()),
                other => other,
            },
            SyncPolicy::Every(_) | SyncPolicy::Never => self.commit.check(),
        }
    }

    /// Writes the buffer to the file, without an fsync.
    pub fn flush(&self) -> Result<()> {
        let mut writer = self.writer.lock();
        if writer.state == State::ReadOnly {
            return Ok(());
        }
        writer.check_open()?;
        writer.flush(&self.commit)
    }

    /// Writes the buffer to the file and makes it durable.
    pub fn sync(&self) -> Result<()> {
        let writer = self.writer.lock();
        if writer.state == State::ReadOnly {
            return Ok(());
        }
        writer.check_open()?;
        let last = writer.last_seq();
        drop(writer);
        self.sync_to(last)
    }

    /// `sync`, if the policy says that it is time; for a background thread.
    pub fn sync_if_due(&self) -> Result<()> {
        let SyncPolicy::Every(period) = self.options.sync else {
            return self.commit.check();
        };
        let now_us = self.clock.now_us();
        let since_us = now_us.wrapping_sub(self.last_sync_us.load(Ordering::Relaxed));
        // A clock that was set back makes it due too.
        if (0..i64::try_from(period.as_micros()).unwrap_or(i64::MAX)).contains(&since_us) {
            return self.commit.check();
        }
        self.last_sync_us.store(now_us, Ordering::Relaxed);
        self.sync()
    }

    pub(super) fn sync_to(&self, seq: u64) -> Result<()> {
        match self.commit.wait_for(seq)? {
            Turn::Durable => Ok(()),
            Turn::Lead(lead) => self.commit_group(lead),
        }
    }

    /// As the leader: writes all that was appended so far, and syncs it for everybody who waits.
    fn commit_group(&self, lead: Lead<'_>) -> Result<()> {
        let mut writer = self.writer.lock();
        writer.flush(&self.commit)?;
        let (file, len, last) = (writer.file.clone(), writer.len, writer.last_seq());
        drop(writer);
        if let Err(error) = file.sync_data() {
            let path = self.writer.lock().path.clone();
            return Err(lead.fail(&fsync_failed(&path, &error)));
        }
        // Only the holder of the turn rotates, so it is still the same file.
        self.writer.lock().durable_bytes = len;
        lead.succeed(last);
        Ok(())
    }

    /// Makes everything durable and refuses what comes after. A poisoned log is closed too, with
    /// the error; a log that cannot be written because the disk is full stays open.
    pub fn close(&self) -> Result<()> {
        let state = self.writer.lock().state;
        let result = match state {
            State::Closed => return Ok(()),
            State::ReadOnly => Ok(()),
            State::Open => self.close_files(),
        };
        if result.is_ok() || self.is_poisoned() {
            self.writer.lock().state = State::Closed;
            *self.lock.lock() = None;
        }
        result
    }

    fn close_files(&self) -> Result<()> {
        let lead = self.commit.lead()?;
        let mut writer = self.writer.lock();
        let writer = &mut *writer;
        writer.flush(&self.commit)?;
        let sync = |writer: &Writer| {
            let outcome = writer.file.sync_data();
            outcome.map_err(|error| self.commit.poison(&fsync_failed(&writer.path, &error)))
        };
        sync(writer)?;
        writer.durable_bytes = writer.len;
        if writer.marked_bytes + (crate::format::MARK_BYTES as u64) < writer.len {
            // A last mark, so that damage to what is durable now does not pass for a torn tail.
            let mark = writer.mark(writer.next_seq);
            match writer.file.write_all_at(&mark, writer.len) {
                Ok(()) => {
                    writer.grown(mark.len() as u64);
                    sync(writer)?;
                }
                Err(error) => {
                    // It is a luxury: without it the log is as whole as after a crash.
                    let error = Error::io("write", &writer.path, error);
                    writer.cut_back(&self.commit, error);
                    self.commit.check()?;
                }
            }
        }
        writer.state = State::Closed;
        lead.succeed_and_close(writer.last_seq());
        Ok(())
    }

    /// Whether an fsync failed, so that writes are refused until the log is opened again.
    pub fn is_poisoned(&self) -> bool {
        self.commit.is_poisoned()
    }

    /// Figures of the log.
    pub fn stats(&self) -> LogStats {
        let writer = self.writer.lock();
        let sealed = writer.sealed.iter();
        LogStats {
            bytes_on_disk: writer.len + sealed.clone().map(|segment| segment.bytes).sum::<u64>(),
            segments: writer.sealed.len() + 1,
            records: writer.chain.len() as u64
                + sealed.map(|segment| segment.records()).sum::<u64>(),
            last_seq: writer.last_seq(),
            durable_seq: self.commit.durable(),
            buffered_records: writer.buffered,
        }
    }
}

/// Refuses what a frame cannot hold.
#[inline]
fn check_size(change: &Change<'_>) -> Result<()> {
    let (what, bytes, most) = match change {
        Change::Move { payload: Some(payload), .. } => {
            ("payload", payload.len(), PAYLOAD_BYTES_MAX)
        }
        Change::Define { id, .. } => ("id", id.len(), NAME_BYTES_MAX),
        Change::Namespace { name, .. } => ("namespace name", name.len(), NAME_BYTES_MAX),
        _ => return Ok(()),
    };
    if bytes <= most {
        return Ok(());
    }
    let message = format!("the {what} has {bytes} bytes, at most {most} are allowed");
    Err(Error::new(ErrorKind::LimitExceeded, "append", message))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::format::NamespaceSettings;
    use crate::geom::Point;
    use crate::vfs::MemoryVfs;
    use std::path::Path;

    struct Nameless;

    impl Names for Nameless {
        fn id(&self, _: u64) -> &str {
            "x"
        }
        fn namespace(&self, _: u32) -> (String, NamespaceSettings) {
            (String::new(), NamespaceSettings::default())
        }
    }

    /// A fork cannot be made here; a log that another process opened looks the same.
    #[test]
    fn after_a_fork_the_child_cannot_write_over_its_parent() {
        for (check_process, refused) in [(true, true), (false, false)] {
            let options = LogOptions { check_process, ..LogOptions::default() };
            let vfs = MemoryVfs::new();
            let clock = Arc::new(ManualClock::new(1));
            let (log, _) = Log::open(
                Arc::new(vfs.clone()),
                Path::new("d"),
                options,
                clock,
                &mut |_, _| Ok(()),
            )
            .unwrap();
            let mut writer = log.writer.lock();
            writer.process = writer.process.map(|process| process + 1);
            drop(writer);
            let change = Change::Move {
                handle: 1 << 32,
                time_us: 1,
                position: Point::new(1.0, 1.0),
                expires_us: None,
                payload: None,
            };
            log.append(&Nameless, &change).unwrap();
            for outcome in [log.flush(), log.sync(), log.close()] {
                let kind = outcome.err().map(|error| error.kind());
                assert_eq!(kind, refused.then_some(ErrorKind::Locked));
                if !refused {
                    break;
                }
            }
            assert_eq!(vfs.read(Path::new("d/00000001.log")).unwrap().len() > 64, !refused);
        }
    }
}
