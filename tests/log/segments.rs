//! The row of segments: a missing one, one under another's name, one of another program, files
//! that are not of the database. What is missing is named; what is foreign is left alone.

use std::path::Path;

use crate::support::{Rule, bytes, dir, go, handle, open, options, segment};
use spatio::log::{LogOptions, check};
use spatio::vfs::{MemoryVfs, Vfs};
use spatio::{ErrorKind, Interval, Order};

fn small() -> LogOptions {
    LogOptions { segment_bytes: 1024, ..options() }
}

/// Five segments.
fn five() -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, small()).unwrap();
    let names = Rule::new(2);
    for step in 0.. {
        log.append(&names, &go(handle(1, step as u32 % 2), step, 1.0, 1.0)).unwrap();
        if log.stats().segments == 5 {
            break;
        }
    }
    log.close().unwrap();
    vfs
}

#[test]
fn a_missing_segment_is_named() {
    for number in 1..5 {
        let vfs = five();
        vfs.remove(&segment(number)).unwrap();
        let error = open(&vfs, small()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt);
        assert!(error.message().contains("missing"), "{error}");
        assert_eq!(error.path(), Some(segment(number).as_path()), "{error}");
        assert!(!check(&vfs, &dir()).unwrap().sound);
    }
}

#[test]
fn the_last_segment_may_be_missing_only_after_a_crash_that_left_its_seal() {
    let vfs = five();
    let (_, _, all) = open(&vfs.duplicate(), small()).unwrap();
    vfs.remove(&segment(5)).unwrap();
    let (log, _, told) = open(&vfs, small()).unwrap();
    assert!(told.len() < all.len() && told == all[..told.len()]);
    assert_eq!(log.stats().segments, 5);
}

#[test]
fn a_segment_under_another_name_is_refused() {
    let vfs = five();
    let second = bytes(&vfs, &segment(2));
    vfs.replace(&segment(3), second);
    let error = open(&vfs, small()).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Corrupt, Some(segment(3).as_path())));
}

#[test]
fn a_segment_of_another_database_is_refused() {
    let vfs = five();
    let other = MemoryVfs::new();
    let (log, ..) = open(&other, LogOptions { seed: Some(9), ..small() }).unwrap();
    for step in 0..200 {
        log.append(&Rule::new(1), &go(handle(1, 0), step, 1.0, 1.0)).unwrap();
    }
    log.close().unwrap();
    vfs.replace(&segment(3), bytes(&other, &segment(3)));
    let error = open(&vfs, small()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
}

#[test]
fn a_segment_of_another_program_is_refused_and_not_touched() {
    let vfs = five();
    vfs.replace(&segment(6), b"2026-01-01 something was logged\n".repeat(9));
    let before = vfs.files();
    let error = open(&vfs, small()).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ErrorKind::Corrupt, Some(0)));
    assert_eq!(vfs.files(), before);
}

#[test]
fn foreign_files_are_noted_and_left_alone() {
    let vfs = five();
    for name in [".DS_Store", "app.log", "1.log", "notes.txt", "00000003.log.bak", "x.tmp"] {
        vfs.replace(&dir().join(name), b"not ours".to_vec());
    }
    let (log, report, _) = open(&vfs, small()).unwrap();
    assert_eq!(report.notes.len(), 6, "{report}");
    assert!(report.to_string().contains(".DS_Store"));
    log.close().unwrap();
    for name in [".DS_Store", "app.log", "1.log", "notes.txt", "00000003.log.bak", "x.tmp"] {
        assert_eq!(vfs.read(&dir().join(name)).unwrap(), b"not ours");
    }
    assert!(check(&vfs, &dir()).unwrap().sound);
}

#[test]
fn what_a_crash_left_half_made_is_removed() {
    let vfs = five();
    for name in ["00000006.log.tmp", "checkpoint-0000000000000009.ckpt.tmp"] {
        vfs.replace(&dir().join(name), b"half".to_vec());
    }
    let (_log, report, _) = open(&vfs, small()).unwrap();
    assert!(report.notes.is_empty());
    assert!(vfs.files().iter().all(|(path, _)| !path.to_string_lossy().ends_with(".tmp")));
}

#[test]
fn a_long_row_answers_from_every_segment() {
    let vfs = five();
    let (log, ..) = open(&vfs, small()).unwrap();
    let mut found = Vec::new();
    log.trajectory(handle(1, 1), Interval::ALL, Order::OldestFirst, usize::MAX, &mut found)
        .unwrap();
    assert!(
        found.len() > 40 && found.windows(2).all(|pair| pair[0].time_us + 2 == pair[1].time_us)
    );
    assert!(vfs.read(Path::new("/db/00000005.log")).is_ok());
}
