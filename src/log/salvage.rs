//! Salvage: a directory that opens again, from one that does not.
//!
//! Owns the pass over a damaged row of segments, in place (`RecoveryMode::Salvage`) and into a new
//! directory (`salvage`). Does not own the reading of one segment (`rescue`). Invariants: in place,
//! the original is kept under another name, durably, before a clean file takes its name in one
//! rename; into a new directory, the source is only read; a file of a newer version is an error.

use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::format::{FLAG_SALVAGED, HeaderFlaw, SegmentHeader};
use crate::vfs::Vfs;

use super::checkpoint::{CheckpointView, open_checkpoint};
use super::examine::{Verdict, examine};
use super::files::{DAMAGED_SUFFIX, segment_name};
use super::report::SalvageReport;
use super::rescue::{Known, Rescued, rescue};
use super::rotate::{create_file, publish, temporary};
use super::salt::Salts;
use super::survey::{SegmentFile, Survey, read_all, survey};

/// What becomes of one segment.
pub(super) enum Fate {
    /// It is sound up to `good` bytes.
    Sound { good: usize, verdict: Verdict },
    /// It is written anew.
    Rewritten(Rescued),
}

/// A pass over a row of segments, from the first to the last.
pub(super) struct Pass<'p> {
    salts: &'p Salts,
    survey: &'p Survey,
    known: Known,
    /// The sound checkpoints, the newest first.
    pub(super) checkpoints: Vec<CheckpointView>,
    /// The segment before: its number, flags and salt.
    before: Option<(u32, u32, u64)>,
    /// The number that must come next.
    next_seq: u64,
    /// A number that no record of the source had.
    beyond_seq: u64,
    base_us: i64,
    pub(super) report: SalvageReport,
}

impl<'p> Pass<'p> {
    pub(super) fn new(vfs: &'p dyn Vfs, survey: &'p Survey, salts: &'p Salts) -> Result<Self> {
        let mut pass = Pass {
            salts,
            survey,
            known: Known::new(),
            checkpoints: Vec::new(),
            before: None,
            next_seq: 1,
            beyond_seq: 1,
            base_us: 0,
            report: SalvageReport { notes: survey.notes.clone(), ..SalvageReport::default() },
        };
        for path in &survey.checkpoints {
            match open_checkpoint(vfs, path)? {
                Ok(view) => {
                    let known = &mut pass.known;
                    let told = view.replay(&mut |change| {
                        known.learn(&change);
                        Ok(())
                    })?;
                    told.map_err(|(at, why)| Error::corrupt("salvage", path, at, why))?;
                    pass.beyond_seq = pass.beyond_seq.max(view.header.next_seq);
                    pass.checkpoints.push(view);
                }
                Err((offset, reason)) => {
                    pass.report.damages.push((path.clone(), offset, reason));
                }
            }
        }
        Ok(pass)
    }

    /// The segments to read: those there are, and the one on which the newest checkpoint needs the
    /// log to follow, if it and all after it are lost.
    fn row(&self, dir: &Path) -> Vec<SegmentFile> {
        let mut row = self.survey.segments.clone();
        let needed = self.checkpoints.first().map_or(0, |view| view.header.segment);
        if row.last().map_or(0, |last| last.number) < needed {
            row.push(SegmentFile {
                number: needed,
                path: dir.join(segment_name(needed)),
                bytes: 0,
                header: Err(HeaderFlaw::Foreign),
                trailer: None,
            });
        }
        row
    }

    /// Reads one segment and decides.
    pub(super) fn decide(&mut self, segment: &SegmentFile, bytes: &[u8]) -> Result<Fate> {
        let last = self.survey.segments.last().map(|segment| segment.number);
        let is_last = last == Some(segment.number);
        let verdict = examine(segment, bytes, is_last, self.floor(segment))?;
        let mut problem = verdict.problem.clone().filter(|_| !verdict.is_torn);
        if problem.is_none() {
            problem = self.gap(segment);
        }
        let number = segment.number;
        self.base_us = segment.header.map_or(self.base_us, |header| header.base_us);
        let Some((offset, reason)) = problem else {
            if let Ok(header) = &segment.header {
                self.known.learn_segment(&bytes[..verdict.good.min(bytes.len())], header);
                self.before = Some((number, header.flags, header.salt));
            }
            self.next_seq = verdict.next_seq;
            self.beyond_seq = self.beyond_seq.max(verdict.next_seq);
            self.report.records_kept += verdict.records;
            let sealed = segment.trailer.is_some();
            let good = if sealed { bytes.len() } else { verdict.good };
            return Ok(Fate::Sound { good, verdict });
        };
        let salt = self.salts.next();
        let rescued = rescue(segment, bytes, self.next_seq, salt, &mut self.known)?;
        self.before = Some((number, FLAG_SALVAGED, rescued.salt));
        self.next_seq = rescued.next_seq;
        self.beyond_seq = self.beyond_seq.max(rescued.beyond_seq);
        let report = &mut self.report;
        report.damaged += 1;
        report.records_kept += rescued.records;
        report.bytes_dropped += rescued.bytes_lost;
        report.damages.push((segment.path.clone(), offset, reason));
        if rescued.nameless > 0 {
            let name = segment.path.display();
            let count = rescued.nameless;
            report.notes.push(format!("{count} records of {name} have lost their object's name"));
        }
        Ok(Fate::Rewritten(rescued))
    }

    /// How much of a segment a checkpoint knows to be durable.
    fn floor(&self, segment: &SegmentFile) -> u64 {
        let salt = segment.header.map(|header| header.salt);
        let headers = self.checkpoints.iter().map(|view| view.header);
        let here = headers
            .filter(|header| header.segment == segment.number && Ok(header.segment_salt) == salt);
        here.map(|header| header.offset).max().unwrap_or(0)
    }

    /// What is missing before a segment that is itself sound.
    fn gap(&self, segment: &SegmentFile) -> Option<(u64, String)> {
        let header = segment.header.as_ref().ok()?;
        if header.flags & FLAG_SALVAGED != 0 && header.first_seq >= self.next_seq {
            return None;
        }
        match self.before {
            None => {
                let first = self.checkpoints.first().map_or(1, |view| view.header.first_segment);
                let reason = format!("segments {first} to {} are missing", segment.number - 1);
                (segment.number > first).then_some((0, reason))
            }
            Some((before, ..)) if before + 1 != segment.number => {
                let reason =
                    format!("segments {} to {} are missing", before + 1, segment.number - 1);
                Some((0, reason))
            }
            Some((_, flags, _)) if flags & FLAG_SALVAGED == 0 && !self.follows(header) => {
                Some((48, "it does not follow on the segment before it".to_string()))
            }
            Some((_, flags, _)) => {
                let joins = match flags & FLAG_SALVAGED {
                    0 => header.first_seq == self.next_seq,
                    _ => header.first_seq >= self.next_seq,
                };
                let (first, next) = (header.first_seq, self.next_seq);
                (!joins).then(|| (32, format!("it begins with number {first}, not {next}")))
            }
        }
    }

    fn follows(&self, header: &SegmentHeader) -> bool {
        self.before.is_none_or(|(_, _, salt)| salt == header.before_salt)
    }

    /// The segment to go on in behind a last one that was rewritten, so that no number is given
    /// out twice.
    fn successor(&self, number: u32) -> SegmentHeader {
        SegmentHeader {
            number: number + 1,
            flags: 0,
            salt: self.salts.next(),
            first_seq: self.beyond_seq,
            base_us: self.base_us,
            before_salt: self.before.map_or(0, |(_, _, salt)| salt),
        }
    }
}

/// Puts clean segments in place of damaged ones, keeping the originals.
pub(super) fn repair(
    vfs: &dyn Vfs,
    dir: &Path,
    survey: &Survey,
    salts: &Salts,
) -> Result<SalvageReport> {
    let mut pass = Pass::new(vfs, survey, salts)?;
    let mut last = None;
    for segment in &pass.row(dir) {
        let bytes = read_there(vfs, segment)?;
        last = match pass.decide(segment, &bytes)? {
            Fate::Sound { .. } => None,
            Fate::Rewritten(rescued) => {
                let name = segment.path.display();
                let note = match bytes.is_empty() {
                    true => format!("{name} was empty or missing, and is written anew"),
                    false => {
                        let kept = set_aside(vfs, dir, segment, &bytes)?;
                        format!("{name} was rewritten, the original is {kept}")
                    }
                };
                create_file(vfs, &temporary(&segment.path), &rescued.bytes)?;
                publish(vfs, dir, &segment.path)?;
                pass.report.notes.push(note);
                Some(segment.number)
            }
        };
        pass.report.segments += 1;
    }
    if let Some(number) = last {
        super::rotate::create_segment(vfs, dir, &pass.successor(number))?;
        pass.report.segments += 1;
    }
    Ok(pass.report)
}

/// The bytes of a segment; none of one that is missing.
fn read_there(vfs: &dyn Vfs, segment: &SegmentFile) -> Result<Vec<u8>> {
    match segment.bytes {
        0 => Ok(Vec::new()),
        _ => read_all(vfs, &segment.path),
    }
}

/// Keeps a copy of a damaged segment under a name of its own; that name.
fn set_aside(vfs: &dyn Vfs, dir: &Path, segment: &SegmentFile, bytes: &[u8]) -> Result<String> {
    let taken = vfs.list(dir).map_err(|error| Error::io("list", dir, error))?;
    let plain = format!("{}{DAMAGED_SUFFIX}", segment_name(segment.number));
    let numbered = (2..).map(|count: u32| format!("{plain}.{count}"));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|name| !taken.contains(name));
    let name = free.unwrap_or(plain);
    create_file(vfs, &dir.join(&name), bytes)?;
    vfs.sync_dir(dir).map_err(|error| Error::io("sync", dir, error))?;
    Ok(name)
}

/// Writes what is readable in `source` to the new directory `target`; never touches `source`.
pub fn salvage(vfs: &dyn Vfs, source: &Path, target: &Path) -> Result<SalvageReport> {
    let found = survey(vfs, source)?;
    vfs.create_dir_all(target).map_err(|error| Error::io("create", target, error))?;
    let taken = vfs.list(target).map_err(|error| Error::io("list", target, error))?;
    if !taken.is_empty() {
        let message = format!("{} is not empty", target.display());
        return Err(Error::new(ErrorKind::AlreadyExists, "salvage", message));
    }
    let salts = Salts::new(None, 0);
    let mut pass = Pass::new(vfs, &found, &salts)?;
    let place = |path: &Path| -> PathBuf { target.join(path.file_name().unwrap_or_default()) };
    let mut last = None;
    for segment in &pass.row(source) {
        let bytes = read_there(vfs, segment)?;
        let to = place(&segment.path);
        last = match pass.decide(segment, &bytes)? {
            Fate::Sound { good, verdict } => {
                if let Some((offset, reason)) = verdict.problem {
                    // Only a torn tail leaves a segment sound.
                    pass.report.bytes_dropped += segment.bytes - offset;
                    pass.report.damages.push((segment.path.clone(), offset, reason));
                }
                create_file(vfs, &to, &bytes[..good])?;
                None
            }
            Fate::Rewritten(rescued) => {
                create_file(vfs, &to, &rescued.bytes)?;
                Some(segment.number)
            }
        };
        pass.report.segments += 1;
    }
    if let Some(number) = last {
        let header = pass.successor(number);
        let path = target.join(segment_name(header.number));
        create_file(vfs, &path, &header.encode())?;
        pass.report.segments += 1;
    }
    for view in &pass.checkpoints {
        create_file(vfs, &place(&view.path), view.bytes())?;
    }
    vfs.sync_dir(target).map_err(|error| Error::io("sync", target, error))?;
    Ok(pass.report)
}
