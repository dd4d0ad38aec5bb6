//! Opening: from files to a log that goes on where it ended.
//!
//! Owns the order of recovery: look at everything, refuse what must be refused, and only then
//! replay and repair. Does not own salvage. Invariants: nothing is changed before headers, versions
//! and the row of segments were found good; what is kept is a prefix of what was written; a
//! read-only open changes nothing at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::format::{
    Change, CheckpointHeader, FLAG_SALVAGED, SEGMENT_HEADER_BYTES, Scanner, SegmentHeader,
};
use crate::sync::Mutex;
use crate::sync::atomic::AtomicI64;
use crate::vfs::{OpenMode, Vfs, VfsFile, VfsLock};

use super::chain::Chain;
use super::checkpoint::{Checkpoint, CheckpointView, Checkpoints, open_checkpoint};
use super::commit::Commit;
use super::files::LOCK_NAME;
use super::log::Log;
use super::options::{LogOptions, RecoveryMode};
use super::report::RecoveryReport;
use super::rotate::create_segment;
use super::salt::Salts;
use super::salvage::repair;
use super::sealed::Sealed;
use super::survey::{SegmentFile, Survey, read_all, survey};
use super::walk::{Tail, check_sealed_end, judge_tail, walk};
use super::writer::{State, Writer};

/// What is given every change that recovery keeps, with its sequence number. Namespaces and ids
/// are told again in each segment that mentions them.
pub type Replay<'r> = &'r mut dyn FnMut(u64, Change<'_>) -> Result<()>;

/// Where a segment may end at the latest, so that offsets in it fit 32 bits.
const SEGMENT_BYTES_MAX: u64 = 1 << 30;
const SEGMENT_BYTES_MIN: u64 = 1 << 10;

/// From where the log is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    segment: u32,
    offset: u64,
    seq: u64,
}

impl Log {
    /// Opens or creates the log in `dir`, and calls `replay` with every change that recovery
    /// keeps, in order: first the newest valid checkpoint's, then everything after it. Changes
    /// that `replay` was given before an error do not count.
    pub fn open(
        vfs: Arc<dyn Vfs>,
        dir: &Path,
        options: LogOptions,
        clock: Arc<dyn Clock>,
        replay: Replay<'_>,
    ) -> Result<(Log, RecoveryReport)> {
        let mut opening = Opening::new(&*vfs, dir, options, &*clock)?;
        let lock = opening.lock.take();
        opening.repair()?;
        let writer = opening.recover(replay)?;
        let Opening { options, report, salts, checkpoints, .. } = opening;
        let last_sync_us = AtomicI64::new(clock.now_us());
        let log = Log {
            dir: dir.to_path_buf(),
            options,
            commit: Commit::new(writer.last_seq()),
            writer: Mutex::new(writer),
            checkpoints: Mutex::new(Checkpoints(checkpoints)),
            salts,
            last_sync_us,
            lock: Mutex::new(lock),
            clock,
            vfs,
        };
        Ok((log, report))
    }
}

/// The checkpoint that recovery starts from.
struct Chosen {
    view: CheckpointView,
    place: Place,
    /// Whether it is the newest there is, and not only the newest that is sound.
    is_newest: bool,
}

/// What recovery has found out so far.
struct Opening<'o> {
    vfs: &'o dyn Vfs,
    dir: &'o Path,
    options: LogOptions,
    clock: &'o dyn Clock,
    lock: Option<Box<dyn VfsLock>>,
    survey: Survey,
    report: RecoveryReport,
    salts: Salts,
    /// The sound ones, the newest last.
    checkpoints: Vec<Checkpoint>,
    sealed: Vec<Arc<Sealed>>,
    since_checkpoint: u64,
}

impl<'o> Opening<'o> {
    fn new(
        vfs: &'o dyn Vfs,
        dir: &'o Path,
        mut options: LogOptions,
        clock: &'o dyn Clock,
    ) -> Result<Self> {
        options.segment_bytes = options.segment_bytes.clamp(SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        options.buffer_size = options.buffer_size.max(1);
        let mut lock = None;
        if !options.read_only {
            vfs.create_dir_all(dir).map_err(|error| Error::io("create", dir, error))?;
            let path = dir.join(LOCK_NAME);
            lock = Some(vfs.lock(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::WouldBlock => {
                    let message = "another process or handle has the database open for writing";
                    Error::new(ErrorKind::Locked, "open", message).at(&path, 0)
                }
                _ => Error::io("lock", &path, error),
            })?);
        }
        let survey = survey(vfs, dir)?;
        let at = survey.segments.iter().map(|segment| segment.bytes).sum();
        Ok(Opening {
            vfs,
            dir,
            options,
            clock,
            lock,
            report: RecoveryReport { notes: survey.notes.clone(), ..RecoveryReport::default() },
            survey,
            salts: Salts::new(options.seed, at),
            checkpoints: Vec::new(),
            sealed: Vec::new(),
            since_checkpoint: 0,
        })
    }

    /// In salvage mode: puts clean segments in place of damaged ones.
    fn repair(&mut self) -> Result<()> {
        if self.options.recovery != RecoveryMode::Salvage || self.options.read_only {
            return Ok(());
        }
        let found = repair(self.vfs, self.dir, &self.survey, &self.salts)?;
        if found.damaged > 0 {
            self.report.bytes_dropped += found.bytes_dropped;
            self.report.first_bad = found.damages.first().cloned();
            self.report.notes = found.notes;
            self.survey = survey(self.vfs, self.dir)?;
        }
        Ok(())
    }

    fn recover(&mut self, replay: Replay<'_>) -> Result<Writer> {
        let newest = self.choose_checkpoint()?;
        let first = self.checkpoints.last().map_or(0, |newest| newest.header.first_segment);
        let let_go = self.survey.leave_out(first);
        self.survey.check_row(self.dir)?;
        let place = self.replay_checkpoint(newest, replay)?;
        if !self.options.read_only {
            self.tidy(&let_go)?;
        }
        let segments = std::mem::take(&mut self.survey.segments);
        let mut next_seq = 1;
        for segment in &segments {
            if segment.number < segments[segments.len() - 1].number || segment.trailer.is_some() {
                let sealed =
                    Sealed::new(segment.path.clone(), segment.check_sealed()?, segment.bytes);
                next_seq = sealed.trailer.next_seq;
                self.recover_sealed(&sealed, place, replay)?;
                self.sealed.push(Arc::new(sealed));
            }
        }
        self.report.segments = segments.len();
        match segments.last() {
            Some(active) if active.trailer.is_none() => self.recover_active(active, place, replay),
            last => {
                if let Some(last) = last.filter(|_| !self.options.read_only) {
                    self.write_again(last)?;
                }
                self.begin(last.map_or(1, |last| last.number + 1), next_seq)
            }
        }
    }

    /// Makes a sealed segment durable that no other follows: its seal may have been the last thing
    /// before a crash, or an fsync that failed.
    fn write_again(&self, segment: &SegmentFile) -> Result<()> {
        let bytes = read_all(self.vfs, &segment.path)?;
        let file = self.vfs.open(&segment.path, OpenMode::ReadWrite);
        let file = file.map_err(|error| Error::io("open", &segment.path, error))?;
        file.write_all_at(&bytes, 0).map_err(|error| Error::io("write", &segment.path, error))?;
        file.sync_data().map_err(|error| Error::io("sync", &segment.path, error))?;
        self.vfs.sync_dir(self.dir).map_err(|error| Error::io("sync", self.dir, error))
    }

    /// Finds the sound checkpoints; the newest of them.
    fn choose_checkpoint(&mut self) -> Result<Option<Chosen>> {
        let mut newest = None;
        for (age, path) in self.survey.checkpoints.clone().iter().enumerate() {
            let flaw = match open_checkpoint(self.vfs, path)? {
                Ok(view) => match self.place_of(&view.header) {
                    Ok(place) => {
                        let (header, bytes) = (view.header, view.bytes().len() as u64);
                        self.checkpoints.push(Checkpoint { path: path.clone(), header, bytes });
                        if newest.is_none() {
                            newest = Some(Chosen { view, place, is_newest: age == 0 });
                        }
                        continue;
                    }
                    Err(reason) => reason,
                },
                Err((offset, reason)) => format!("{reason} at byte {offset}"),
            };
            self.report.notes.push(format!("{} is unusable: {flaw}", path.display()));
        }
        self.checkpoints.reverse();
        Ok(newest)
    }

    /// Replays a checkpoint; from where the log follows.
    fn replay_checkpoint(&mut self, newest: Option<Chosen>, replay: Replay<'_>) -> Result<Place> {
        let Some(Chosen { view, place, is_newest }) = newest else {
            self.survey.check_first(self.dir, None)?;
            return Ok(Place { segment: 1, offset: SEGMENT_HEADER_BYTES as u64, seq: 0 });
        };
        if is_newest {
            // If a newer one is unusable, it may have let older segments go.
            self.survey.check_first(self.dir, Some(&view.header))?;
        }
        let seq = view.header.next_seq.saturating_sub(1);
        view.replay(&mut |change| replay(seq, change))?
            .map_err(|(offset, reason)| Error::corrupt("open", &view.path, offset, reason))?;
        self.report.checkpoint_seq = Some(seq);
        Ok(place)
    }

    /// Where the log follows on a checkpoint, or why it does not.
    fn place_of(&self, header: &CheckpointHeader) -> std::result::Result<Place, String> {
        let number = header.segment;
        let found = self.survey.segments.iter().find(|segment| segment.number == number);
        let Some((file, Ok(segment))) = found.map(|file| (file, file.header)) else {
            return Err(format!("segment {number}, where the log follows on it, is missing"));
        };
        if segment.salt == header.segment_salt {
            let is_inside = SEGMENT_HEADER_BYTES as u64 <= header.offset
                && header.next_seq >= segment.first_seq;
            if !is_inside {
                return Err("its place in the log does not exist".to_string());
            }
            return Ok(Place { segment: number, offset: header.offset, seq: header.next_seq });
        }
        if segment.flags & FLAG_SALVAGED != 0 && file.trailer.is_some() {
            // Places in a rewritten segment are gone; replaying all of it does no harm.
            let (offset, seq) = (SEGMENT_HEADER_BYTES as u64, 0);
            return Ok(Place { segment: number, offset, seq });
        }
        Err(format!("segment {number} is another than the one that it was written for"))
    }

    /// Removes what a crash left half made, and segments that a checkpoint had let go.
    fn tidy(&mut self, let_go: &[PathBuf]) -> Result<()> {
        for path in let_go.iter().chain(&self.survey.temporaries) {
            self.vfs.remove(path).map_err(|error| Error::io("remove", path, error))?;
        }
        Ok(())
    }

    fn recover_sealed(&mut self, sealed: &Sealed, place: Place, replay: Replay<'_>) -> Result<()> {
        let number = sealed.header().number;
        if number < place.segment {
            return Ok(());
        }
        let (mut offset, mut seq) = (SEGMENT_HEADER_BYTES as u64, sealed.header().first_seq);
        if number == place.segment && place.seq > 0 {
            (offset, seq) = (place.offset, place.seq);
        }
        self.since_checkpoint += sealed.bytes - offset.min(sealed.bytes);
        let view = sealed.open(self.vfs)?;
        let mut scanner = view.scanner(offset as usize, seq);
        let mut kept = 0;
        let (offset, end) = walk(&mut scanner, &mut |seq, _, change| {
            kept += 1;
            change.map_or(Ok(()), |change| replay(seq, change))
        })?;
        self.report.records_kept += kept;
        let trailer = &sealed.trailer;
        check_sealed_end(offset, &end, trailer.seal_offset, trailer.next_seq, &sealed.path)
    }

    /// Reads the active segment from its beginning, because its index must be made anew, and
    /// replays what comes after the place.
    fn recover_active(
        &mut self,
        segment: &SegmentFile,
        place: Place,
        replay: Replay<'_>,
    ) -> Result<Writer> {
        let header = segment.check_header()?;
        let mode = if self.options.read_only { OpenMode::Read } else { OpenMode::ReadWrite };
        let io = |error| Error::io("open", &segment.path, error);
        let file = self.vfs.open(&segment.path, mode).map_err(io)?;
        let bytes = read_all(self.vfs, &segment.path)?;
        let mut writer = self.writer(file, segment.path.clone(), header);
        let is_here = place.segment == header.number;
        let from = if is_here { place.seq } else { 0 };
        let floor = if is_here && place.seq > 0 { place.offset } else { 0 };
        let (start, seeds) = (SEGMENT_HEADER_BYTES, header.seeds());
        let mut scanner = Scanner::new(&bytes, start, header.first_seq, seeds, header.base_us);
        let mut kept = 0;
        let (good, end) = walk(&mut scanner, &mut |seq, offset, change| {
            match &change {
                Some(change) => writer.index(offset as u32, change),
                None => writer.chain.push_other(offset as u32),
            }
            if seq < from {
                return Ok(());
            }
            kept += 1;
            change.map_or(Ok(()), |change| replay(seq, change))
        })?;
        let tail = judge_tail(&scanner, good, &end, floor, &segment.path)?;
        if scanner.seq() < from {
            let reason = format!("the log ends before number {from}, which a checkpoint follows");
            return Err(Error::corrupt("open", &segment.path, good as u64, reason));
        }
        self.report.records_kept += kept;
        writer.len = good as u64;
        writer.next_seq = scanner.seq();
        writer.marked_bytes = scanner.durable_bytes();
        writer.since_checkpoint = self.since_checkpoint + writer.len.saturating_sub(floor);
        self.note_tail(segment, good as u64, &tail);
        if !self.options.read_only {
            if tail != Tail::Whole {
                writer.file.set_len(writer.len).map_err(io)?;
            }
            // What was read may be in the page cache only; nothing is built on it before it is
            // durable. After an fsync that failed the cache may even call it clean, so that only
            // what is written again is sure to reach the disk.
            let sure = (scanner.durable_bytes().max(floor) as usize).clamp(start, good);
            writer.file.write_all_at(&bytes[sure..good], sure as u64).map_err(io)?;
            writer.file.sync_data().map_err(|error| Error::io("sync", &segment.path, error))?;
            self.vfs.sync_dir(self.dir).map_err(|error| Error::io("sync", self.dir, error))?;
        }
        writer.durable_bytes = writer.len;
        Ok(writer)
    }

    fn note_tail(&mut self, segment: &SegmentFile, good: u64, tail: &Tail) {
        match tail {
            Tail::Whole => {}
            Tail::Unsealed => {
                let path = segment.path.display();
                self.report.notes.push(format!("{path} was about to be sealed and is not yet"));
            }
            Tail::Torn(reason) => {
                self.report.bytes_dropped += segment.bytes - good;
                let found = (segment.path.clone(), good, (*reason).to_string());
                self.report.first_bad.get_or_insert(found);
            }
        }
    }

    /// Begins segment `number` because there is none to go on with.
    fn begin(&mut self, number: u32, next_seq: u64) -> Result<Writer> {
        let header = SegmentHeader {
            number,
            flags: 0,
            salt: self.salts.next(),
            first_seq: next_seq,
            base_us: self.clock.now_us(),
            before_salt: self.sealed.last().map_or(0, |last| last.header().salt),
        };
        let mut writer = if self.options.read_only {
            if number == 1 {
                let message = format!("there is no database in {}", self.dir.display());
                return Err(Error::new(ErrorKind::NotFound, "open", message));
            }
            self.writer(Arc::new(NoFile), self.dir.to_path_buf(), header)
        } else {
            let (path, file) = create_segment(self.vfs, self.dir, &header)?;
            if number == 1 {
                self.sync_parent()?;
            }
            self.report.segments += 1;
            self.writer(file, path, header)
        };
        writer.since_checkpoint = self.since_checkpoint;
        Ok(writer)
    }

    /// Makes the name of a new database directory durable, where its parent may be opened.
    fn sync_parent(&self) -> Result<()> {
        let Some(parent) = self.dir.parent().filter(|parent| *parent != Path::new("")) else {
            return Ok(());
        };
        match self.vfs.sync_dir(parent) {
            Err(error) if error.kind() != std::io::ErrorKind::PermissionDenied => {
                Err(Error::io("sync", parent, error))
            }
            _ => Ok(()),
        }
    }

    fn writer(
        &mut self,
        file: Arc<dyn VfsFile>,
        path: std::path::PathBuf,
        header: SegmentHeader,
    ) -> Writer {
        let options = &self.options;
        let start = SEGMENT_HEADER_BYTES as u64;
        Writer {
            file,
            path,
            header,
            seeds: header.seeds(),
            len: start,
            durable_bytes: start,
            marked_bytes: start,
            buffer: Vec::new(),
            buffered: 0,
            buffer_size: options.buffer_size,
            must_flush: false,
            rotating: false,
            state: if options.read_only { State::ReadOnly } else { State::Open },
            process: options.check_process.then(std::process::id),
            next_seq: header.first_seq,
            last_us: None,
            chain: Chain::new(),
            sealed: Arc::new(std::mem::take(&mut self.sealed)),
            since_checkpoint: 0,
        }
    }
}

/// Stands for the active segment of a log that is only read and whose last segment is sealed.
#[derive(Debug)]
struct NoFile;

fn no_file<T>() -> std::io::Result<T> {
    Err(std::io::ErrorKind::Unsupported.into())
}

impl VfsFile for NoFile {
    fn len(&self) -> std::io::Result<u64> {
        Ok(0)
    }
    fn read_exact_at(&self, _: &mut [u8], _: u64) -> std::io::Result<()> {
        no_file()
    }
    fn write_all_at(&self, _: &[u8], _: u64) -> std::io::Result<()> {
        no_file()
    }
    fn set_len(&self, _: u64) -> std::io::Result<()> {
        no_file()
    }
    fn sync_data(&self) -> std::io::Result<()> {
        no_file()
    }
    fn map(&self) -> std::io::Result<crate::vfs::Mapping> {
        no_file()
    }
}
