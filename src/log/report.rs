//! What recovery, a check and a salvage found, in words and numbers.
//!
//! Owns the reports. Invariant: nothing is dropped that a report does not count.

use std::fmt;
use std::path::PathBuf;

/// So many of something, in words.
struct Count(u64, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Count(count, what) = self;
        write!(f, "{count} {what}{}", if *count == 1 { "" } else { "s" })
    }
}

/// What opening a log found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecoveryReport {
    /// Segments that the log consists of.
    pub segments: usize,
    /// Records that recovery read and kept (of segments behind the checkpoint none are read).
    pub records_kept: u64,
    /// Bytes that were dropped as a torn tail, or that salvage could not read.
    pub bytes_dropped: u64,
    /// The first bad byte: file, offset, reason.
    pub first_bad: Option<(PathBuf, u64, String)>,
    /// The sequence number that the checkpoint used for recovery reaches to.
    pub checkpoint_seq: Option<u64>,
    /// Foreign files, unusable checkpoints, repairs.
    pub notes: Vec<String>,
}

impl fmt::Display for RecoveryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (segments, records) = (Count(self.segments as u64, "segment"), self.records_kept);
        write!(f, "{segments}, {} kept", Count(records, "record"))?;
        if let Some(seq) = self.checkpoint_seq {
            write!(f, " after the checkpoint at {seq}")?;
        }
        write!(f, ", {} dropped", Count(self.bytes_dropped, "byte"))?;
        if let Some((path, offset, reason)) = &self.first_bad {
            write!(f, "; first bad byte {offset} of {}: {reason}", path.display())?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

/// What `check` found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCheck {
    /// The file's name in its directory.
    pub name: String,
    /// What it is: `segment`, `sealed segment`, `checkpoint`.
    pub kind: &'static str,
    /// Its length.
    pub bytes: u64,
    /// Sound records in it.
    pub records: u64,
    /// The first bad byte and why, where there is one.
    pub problem: Option<(u64, String)>,
    /// Whether the problem is a torn tail, which an ordinary open drops and reports.
    pub torn_tail: bool,
}

/// What `check` found in a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Every file of the log, in order.
    pub files: Vec<FileCheck>,
    /// Missing segments, foreign files.
    pub notes: Vec<String>,
    /// Whether an ordinary open would keep every byte that was known durable.
    pub sound: bool,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            write!(f, "{}: {}, {}, ", file.name, file.kind, Count(file.bytes, "byte"))?;
            write!(f, "{}, ", Count(file.records, "record"))?;
            match &file.problem {
                None => writeln!(f, "sound")?,
                Some((at, why)) if file.torn_tail => writeln!(f, "torn tail at byte {at}: {why}")?,
                Some((at, why)) => writeln!(f, "DAMAGED at byte {at}: {why}")?,
            }
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "{note}"))?;
        write!(f, "{}", if self.sound { "sound" } else { "damaged" })
    }
}

/// What `salvage` carried over into the new directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalvageReport {
    /// Segments written to the target.
    pub segments: usize,
    /// Segments of the source that were damaged or missing.
    pub damaged: usize,
    /// Records carried over.
    pub records_kept: u64,
    /// Bytes of the source's segments that could not be read.
    pub bytes_dropped: u64,
    /// Every damage met: file, first bad byte, reason.
    pub damages: Vec<(PathBuf, u64, String)>,
    /// Foreign files, unusable checkpoints.
    pub notes: Vec<String>,
}

impl fmt::Display for SalvageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} damaged, ", Count(self.segments as u64, "segment"), self.damaged)?;
        let (kept, lost) = (Count(self.records_kept, "record"), Count(self.bytes_dropped, "byte"));
        write!(f, "{kept} kept, {lost} lost")?;
        for (path, offset, reason) in &self.damages {
            write!(f, "; byte {offset} of {}: {reason}", path.display())?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

/// Figures of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogStats {
    /// Bytes of all segments, without what the buffer holds.
    pub bytes_on_disk: u64,
    /// Segments, the active one included.
    pub segments: usize,
    /// Records in them, the buffered ones included.
    pub records: u64,
    /// The highest sequence number given out; 0 before the first.
    pub last_seq: u64,
    /// The highest sequence number known to be on disk.
    pub durable_seq: u64,
    /// Records that the buffer holds.
    pub buffered_records: usize,
}
