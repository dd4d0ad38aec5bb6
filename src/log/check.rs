//! `check`: reads every frame of every file and says what is sound; never writes.

use std::path::Path;

use crate::error::{ErrorKind, Result};
use crate::vfs::Vfs;

use super::checkpoint::open_checkpoint;
use super::examine::examine;
use super::report::{CheckReport, FileCheck};
use super::survey::{read_all, survey};

/// Reads every frame of every file in `dir` and says what is sound; never writes. A file of a
/// newer format version is an error.
pub fn check(vfs: &dyn Vfs, dir: &Path) -> Result<CheckReport> {
    let mut survey = survey(vfs, dir)?;
    let mut report = CheckReport { notes: survey.notes.clone(), ..CheckReport::default() };
    let mut checkpoints = Vec::new();
    let mut newest = None;
    for path in &survey.checkpoints {
        let (records, bytes, problem) = match open_checkpoint(vfs, path)? {
            Ok(view) => {
                newest = newest.or(Some(view.header));
                (view.replay(&mut |_| Ok(()))?.unwrap_or(0), view.bytes().len(), None)
            }
            Err(problem) => (0, read_all(vfs, path)?.len(), Some(problem)),
        };
        let name = name_of(path);
        let (kind, bytes) = ("checkpoint", bytes as u64);
        checkpoints.push(FileCheck { name, kind, bytes, records, problem, torn_tail: false });
    }
    for (index, segment) in survey.segments.iter().enumerate() {
        let is_last = index + 1 == survey.segments.len();
        let floor = newest.filter(|header| {
            header.segment == segment.number
                && Ok(header.segment_salt) == segment.header.map(|header| header.salt)
        });
        let bytes = read_all(vfs, &segment.path)?;
        let verdict = examine(segment, &bytes, is_last, floor.map_or(0, |header| header.offset))?;
        report.files.push(FileCheck {
            name: name_of(&segment.path),
            kind: if segment.trailer.is_some() { "sealed segment" } else { "segment" },
            bytes: segment.bytes,
            records: verdict.records,
            problem: verdict.problem,
            torn_tail: verdict.is_torn,
        });
    }
    report.files.extend(checkpoints);
    report.sound = report.files.iter().all(|file| file.problem.is_none() || file.torn_tail);
    survey.leave_out(newest.map_or(0, |header| header.first_segment));
    match survey.check_row(dir).and_then(|()| survey.check_first(dir, newest.as_ref())) {
        Err(error) if error.kind() == ErrorKind::Corrupt => {
            report.sound = false;
            report.notes.push(error.to_string());
        }
        other => other?,
    }
    Ok(report)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
