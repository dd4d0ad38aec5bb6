//! Checkpoints: recovery starts at the newest sound one; a damaged one falls back to the one
//! before, or to the segments, and the report says so; two are kept; segments that no trajectory
//! and no checkpoint needs are let go.

use std::path::PathBuf;

use crate::support::{Rule, bytes, dir, go, handle, open, options, segment, settings};
use spatio::format::Change;
use spatio::log::{Log, LogOptions, check};
use spatio::vfs::{MemoryVfs, OpenMode, Vfs};
use spatio::{ErrorKind, Interval, Order};

fn small() -> LogOptions {
    LogOptions { segment_bytes: 1024, ..options() }
}

/// Writes a state of one namespace, one object at `time_us`, and one tombstone.
fn checkpoint(log: &Log, time_us: i64) {
    log.checkpoint(&mut |emit| {
        emit(Change::Namespace { number: 1, name: "n1", settings: settings(1) })?;
        emit(Change::Define { handle: handle(1, 0), id: "object-0" })?;
        emit(Change::Define { handle: handle(1, 1), id: "object-1" })?;
        emit(go(handle(1, 0), time_us, 1.0, 2.0))?;
        emit(Change::Delete { handle: handle(1, 1), time_us })
    })
    .unwrap();
}

fn append(log: &Log, from: i64, to: i64) {
    for time_us in from..to {
        log.append(&Rule::new(2), &go(handle(1, 0), time_us, 1.0, 2.0)).unwrap();
    }
}

fn checkpoints(vfs: &MemoryVfs) -> Vec<PathBuf> {
    let paths = vfs.files().into_iter().map(|(path, _)| path);
    paths.filter(|path| path.extension().is_some_and(|end| end == "ckpt")).collect()
}

/// The times of the moves that an open replays.
fn times(vfs: &MemoryVfs) -> (Vec<i64>, spatio::RecoveryReport) {
    let (_, report, told) = open(vfs, small()).unwrap();
    let moves = told.iter().filter(|(_, words)| words.starts_with("move"));
    (moves.map(|(_, words)| words.split(' ').nth(2).unwrap().parse().unwrap()).collect(), report)
}

/// Three checkpoints over several segments, the last in the middle of the active one.
fn sample() -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, small()).unwrap();
    append(&log, 0, 50);
    checkpoint(&log, 49);
    append(&log, 50, 100);
    checkpoint(&log, 99);
    append(&log, 100, 150);
    checkpoint(&log, 149);
    append(&log, 150, 160);
    log.close().unwrap();
    vfs
}

#[test]
fn recovery_starts_at_the_newest_and_two_are_kept() {
    let vfs = sample();
    assert_eq!(checkpoints(&vfs).len(), 2);
    let (found, report) = times(&vfs);
    assert_eq!(found, (149..160).collect::<Vec<i64>>());
    let seq = report.checkpoint_seq.unwrap();
    assert!(seq > 150 && report.to_string().contains(&seq.to_string()), "{report}");
    // The history is whole all the same.
    let (log, ..) = open(&vfs, small()).unwrap();
    let mut points = Vec::new();
    log.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 999, &mut points).unwrap();
    let all: Vec<i64> = points.iter().map(|point| point.time_us).collect();
    assert_eq!(all, (0..160).collect::<Vec<i64>>());
    assert!(check(&vfs, &dir()).unwrap().sound);
}

#[test]
fn nothing_new_writes_no_checkpoint() {
    let vfs = sample();
    let (log, ..) = open(&vfs, small()).unwrap();
    checkpoint(&log, 159);
    let before = checkpoints(&vfs);
    log.checkpoint(&mut |_| panic!("nothing was written since")).unwrap();
    log.close().unwrap();
    let (log, ..) = open(&vfs, small()).unwrap();
    log.checkpoint(&mut |_| panic!("nothing was written since")).unwrap();
    assert_eq!(checkpoints(&vfs), before);
}

#[test]
fn every_cut_and_flip_of_a_checkpoint_falls_back() {
    let vfs = sample();
    let newest = checkpoints(&vfs).pop().unwrap();
    let good = bytes(&vfs, &newest);
    let expected: Vec<i64> = (99..160).collect();
    let damaged_ways = (0..good.len()).map(|len| good[..len].to_vec());
    let flipped = (0..good.len() * 8).filter(|bit| !(64..80).contains(bit)).map(|bit| {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        bad
    });
    let longer = [[&good[..], &[0]].concat(), [&good[..], &good[..]].concat()];
    for bad in damaged_ways.chain(flipped).chain(longer) {
        let damaged = vfs.duplicate();
        damaged.replace(&newest, bad);
        let (found, report) = times(&damaged);
        assert_eq!(found, expected, "{report}");
        assert!(report.notes.iter().any(|note| note.contains("unusable")), "{report}");
        assert!(!check(&damaged, &dir()).unwrap().sound);
    }
}

#[test]
fn without_any_sound_checkpoint_the_segments_are_replayed() {
    let vfs = sample();
    for path in checkpoints(&vfs) {
        vfs.replace(&path, b"SPATIOC\n".to_vec());
    }
    let (found, report) = times(&vfs);
    assert_eq!(found, (0..160).collect::<Vec<i64>>());
    assert_eq!((report.notes.len(), report.checkpoint_seq), (2, None));
}

#[test]
fn a_checkpoint_of_another_database_is_not_used() {
    let vfs = sample();
    let other = MemoryVfs::new();
    let (log, ..) = open(&other, LogOptions { seed: Some(1), ..small() }).unwrap();
    append(&log, 500, 700);
    checkpoint(&log, 699);
    let path = checkpoints(&other).pop().unwrap();
    vfs.replace(&path, bytes(&other, &path));
    let (found, report) = times(&vfs);
    assert_eq!(found, (149..160).collect::<Vec<i64>>(), "{report}");
    assert_eq!(report.notes.len(), 1);
}

#[test]
fn a_log_that_is_shorter_than_its_checkpoint_knows_is_damaged() {
    let vfs = sample();
    let last = (1..).take_while(|n| vfs.read(&segment(*n)).is_ok()).last().unwrap();
    let good = bytes(&vfs, &segment(last));
    vfs.replace(&segment(last), good[..64].to_vec());
    let error = open(&vfs, small()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error}");
}

#[test]
fn a_failed_state_leaves_no_checkpoint() {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, small()).unwrap();
    append(&log, 0, 9);
    let refused = || spatio::Error::new(ErrorKind::Cancelled, "test", "stop");
    let error = log.checkpoint(&mut |_| Err(refused())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    checkpoint(&log, 8);
    assert_eq!(checkpoints(&vfs).len(), 1);
    log.close().unwrap();
    assert_eq!(times(&vfs).0, [8]);
}

#[test]
fn segments_without_history_are_let_go() {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, small()).unwrap();
    let names = Rule::new(2);
    let state = |log: &Log, time_us| {
        log.checkpoint(&mut |emit| {
            emit(Change::Namespace { number: 3, name: "n3", settings: settings(3) })?;
            emit(Change::Define { handle: handle(3, 0), id: "object-0" })?;
            emit(go(handle(3, 0), time_us, 1.0, 2.0))
        })
        .unwrap();
    };
    for time_us in 0..400 {
        log.append(&names, &go(handle(3, 0), time_us, 1.0, 2.0)).unwrap();
        if time_us % 100 == 99 {
            state(&log, time_us);
        }
    }
    let stats = log.stats();
    assert!(stats.segments < 8, "{stats:?}");
    assert_eq!(stats.last_seq, 400 + 2 * 11);
    log.close().unwrap();
    assert!(vfs.read(&segment(1)).is_err());
    // A segment that was let go and is still there does no harm.
    let (log, report, told) = open(&vfs.duplicate(), small()).unwrap();
    assert_eq!((report.segments, log.stats().last_seq), (stats.segments, stats.last_seq));
    assert_eq!(told.iter().filter(|(_, words)| words.starts_with("move")).count(), 1);
    // The older checkpoint still has what it needs.
    let newest = checkpoints(&vfs).pop().unwrap();
    let mut bad = bytes(&vfs, &newest);
    bad[100] ^= 1;
    vfs.replace(&newest, bad);
    let (_, report, told) = open(&vfs.duplicate(), small()).unwrap();
    assert!(told.iter().any(|(_, words)| words.starts_with("move 300000000 399 ")), "{report}");
    // Without the newer one nobody knows that the older segments were let go, and not lost.
    vfs.remove(&newest).unwrap();
    assert_eq!(open(&vfs.duplicate(), small()).unwrap_err().kind(), ErrorKind::Corrupt);
    // With no checkpoint at all the log begins in the middle, and that is refused.
    vfs.remove(&checkpoints(&vfs).pop().unwrap()).unwrap();
    let error = open(&vfs, small()).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Corrupt, Some(segment(1).as_path())));
}

#[test]
fn segments_that_were_let_go_may_come_back_with_gaps() {
    // Removing names is not made durable, so a power cut brings back any of them.
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, small()).unwrap();
    let names = Rule::new(2);
    for time_us in 0..60 {
        log.append(&names, &go(handle(3, 0), time_us, 1.0, 2.0)).unwrap();
    }
    log.flush().unwrap();
    let before = vfs.duplicate();
    for time_us in 60..400 {
        log.append(&names, &go(handle(3, 0), time_us, 1.0, 2.0)).unwrap();
        if time_us % 100 == 99 {
            log.checkpoint(&mut |emit| {
                emit(Change::Namespace { number: 3, name: "n3", settings: settings(3) })?;
                emit(Change::Define { handle: handle(3, 0), id: "object-0" })?;
                emit(go(handle(3, 0), time_us, 1.0, 2.0))
            })
            .unwrap();
        }
    }
    let stats = log.stats();
    log.close().unwrap();
    assert!(vfs.read(&segment(1)).is_err() && vfs.read(&segment(2)).is_err());
    let back = vfs.open(&segment(1), OpenMode::CreateNew).unwrap();
    back.write_all_at(&bytes(&before, &segment(1)), 0).unwrap();
    assert!(check(&vfs, &dir()).unwrap().sound);
    let read_only = LogOptions { read_only: true, ..small() };
    for options in [read_only, small()] {
        let (log, report, _) = open(&vfs, options).unwrap();
        assert_eq!((report.segments, log.stats().last_seq), (stats.segments, stats.last_seq));
    }
    assert!(vfs.read(&segment(1)).is_err(), "it is let go again");
}

#[test]
fn a_checkpoint_is_due_by_what_was_written_since() {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, options()).unwrap();
    assert!(!log.checkpoint_due());
    let payload = vec![7; 60_000];
    let names = Rule::new(1);
    let mut count = 0;
    while !log.checkpoint_due() {
        let Change::Move { handle, time_us, position, expires_us, .. } =
            go(handle(1, 0), 1, 1.0, 1.0)
        else {
            unreachable!()
        };
        let payload = Some(&payload[..]);
        let change = Change::Move { handle, time_us, position, expires_us, payload };
        log.append(&names, &change).unwrap();
        count += 1;
    }
    assert!((4_400..4_600).contains(&count), "{count}");
    checkpoint(&log, 1);
    assert!(!log.checkpoint_due());
}
