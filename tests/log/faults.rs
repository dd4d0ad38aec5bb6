//! Every operation of the disk fails once, in every way, and a disk fills up and has room again:
//! a change that was refused is not in the log, a change that was taken is, an fsync error is
//! final, a full disk is not.

use crate::support::{Rule, Told, dir, go, handle, is_introduction, open, options};
use spatio::format::Change;
use spatio::log::{Log, LogOptions, SyncPolicy};
use spatio::vfs::{Fault, FaultVfs, OperationKind, Survivors};
use spatio::{Error, ErrorKind, Interval, Order};

fn small() -> LogOptions {
    LogOptions { segment_bytes: 1200, buffer_size: 3, ..options() }
}

fn change(step: usize) -> Change<'static> {
    go(handle(1, step as u32 % 3), step as i64, step as f64, 1.0)
}

fn append(log: &Log, step: usize) -> Result<u64, Error> {
    log.append(&Rule::new(3), &change(step))
}

/// The steps that a disk holds, in order.
fn steps(told: &[Told]) -> Vec<usize> {
    let moves = told.iter().filter(|told| !is_introduction(told));
    moves.map(|(_, words)| words.split(' ').nth(2).unwrap().parse().unwrap()).collect()
}

/// What a script got through.
#[derive(Default)]
struct Outcome {
    taken: Vec<usize>,
    durable: usize,
    errors: Vec<Error>,
    closed: bool,
}

/// Appends, syncs, checkpoints and closes, going on whatever fails.
fn script(vfs: &FaultVfs) -> Outcome {
    let mut outcome = Outcome::default();
    let log = match open(vfs, small()) {
        Ok((log, ..)) => log,
        Err(error) => {
            outcome.errors.push(error);
            return outcome;
        }
    };
    for step in 0..90 {
        match append(&log, step) {
            Ok(_) => outcome.taken.push(step),
            Err(error) => outcome.errors.push(error),
        }
        let told = match step % 30 {
            7 => log.flush(),
            13 => log.sync().map(|()| outcome.durable = outcome.taken.len()),
            23 => log.checkpoint(&mut |_| Ok(())),
            _ => Ok(()),
        };
        outcome.errors.extend(told.err());
        let read = log.trajectory(handle(1, 0), Interval::ALL, Order::NewestFirst, 5, &mut vec![]);
        outcome.errors.extend(read.err());
    }
    for _ in 0..2 {
        match log.close() {
            Ok(()) => outcome.closed = true,
            Err(error) => outcome.errors.push(error),
        }
    }
    if outcome.closed && !log.is_poisoned() {
        outcome.durable = outcome.taken.len();
    }
    outcome
}

/// What the disk holds, wherever a checkpoint stands: read from the trajectories.
fn kept(vfs: &spatio::vfs::MemoryVfs) -> Vec<usize> {
    let (log, ..) = open(vfs, small()).unwrap_or_else(|error| panic!("{error}"));
    let mut points = Vec::new();
    for index in 0..3 {
        let object = handle(1, index);
        log.trajectory(object, Interval::ALL, Order::OldestFirst, usize::MAX, &mut points).unwrap();
    }
    points.sort_by_key(|point| point.seq);
    points.iter().map(|point| point.time_us as usize).collect()
}

#[test]
fn every_operation_fails_once_in_every_way() {
    let whole = FaultVfs::new(1);
    assert!(script(&whole).errors.is_empty());
    let operations = whole.operations();
    assert!(operations > 150, "{operations}");
    for fault in Fault::ALL {
        for number in 1..=operations {
            let vfs = FaultVfs::new(number);
            vfs.fail_at(number, fault);
            let outcome = script(&vfs);
            let what = format!("{fault:?} at operation {number}: {:?}", outcome.errors);
            for error in &outcome.errors {
                let kinds = [ErrorKind::Io, ErrorKind::NoSpace, ErrorKind::Poisoned];
                assert!(kinds.contains(&error.kind()), "{what}");
            }
            vfs.heal();
            // The machine goes on: everything that was written is there.
            let live = kept(&vfs.crash_image(Survivors::All));
            assert_eq!(live, outcome.taken[..live.len()], "{what}");
            // The power fails: what was known to be durable is there.
            let left = kept(&vfs.crash_image(Survivors::None));
            assert_eq!(left, outcome.taken[..left.len()], "{what}");
            assert!(left.len() >= outcome.durable, "{} {} {what}", left.len(), outcome.durable);
            if outcome.closed && outcome.errors.iter().all(|e| e.kind() != ErrorKind::Poisoned) {
                assert_eq!(left, outcome.taken, "{what}");
            }
        }
    }
}

#[test]
fn an_fsync_error_is_final() {
    for fault in [Fault::Eio, Fault::NoSpace] {
        let vfs = FaultVfs::new(1);
        let (log, ..) = open(&vfs, options()).unwrap();
        append(&log, 0).unwrap();
        log.sync().unwrap();
        append(&log, 1).unwrap();
        vfs.fail_next(OperationKind::SyncData, 1, fault);
        let error = log.sync().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Poisoned);
        assert!(error.message().contains("injected"), "the cause is told: {error}");
        assert!(log.is_poisoned());
        let before = vfs.operations();
        for refused in [append(&log, 2).map(drop), log.flush(), log.sync(), log.settle(2)] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Poisoned);
        }
        assert_eq!(log.checkpoint(&mut |_| Ok(())).unwrap_err().kind(), ErrorKind::Poisoned);
        assert_eq!(vfs.operations(), before, "no fsync is tried again");
        // Reads go on, over everything that was taken.
        let mut points = Vec::new();
        log.trajectory(handle(1, 1), Interval::ALL, Order::OldestFirst, 9, &mut points).unwrap();
        assert_eq!(points.len(), 1);
        assert_eq!(log.close().unwrap_err().kind(), ErrorKind::Poisoned);
        assert_eq!(append(&log, 3).unwrap_err().kind(), ErrorKind::Closed);
        let (_, _, told) = open(&vfs.crash_image(Survivors::None), options()).unwrap();
        assert_eq!(steps(&told), [0]);
        // Closing gave the lock back.
        let (_, _, told) = open(&vfs, options()).unwrap();
        assert_eq!(steps(&told), [0, 1]);
    }
}

#[test]
fn a_full_disk_is_told_at_once_and_heals() {
    let vfs = FaultVfs::new(1);
    let (log, ..) = open(&vfs, small()).unwrap();
    let mut taken = Vec::new();
    let mut refused = 0;
    vfs.set_capacity(Some(2_000));
    for step in 0..200 {
        if step == 150 {
            vfs.set_capacity(None);
        }
        match append(&log, step) {
            Ok(_) => taken.push(step),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::NoSpace);
                assert!(step < 150, "there is room again");
                refused += 1;
            }
        }
        assert!(log.stats().buffered_records <= 4, "the buffer is bounded");
        assert!(!log.is_poisoned());
    }
    assert!(refused > 50 && taken.len() > 60);
    log.close().unwrap();
    assert_eq!(kept(&vfs.crash_image(Survivors::None)), taken);
}

#[test]
fn a_full_disk_under_always_leaves_at_most_the_waiting_change_open() {
    let vfs = FaultVfs::new(1);
    let options = LogOptions { sync: SyncPolicy::Always, ..options() };
    let (log, ..) = open(&vfs, options).unwrap();
    let seq = append(&log, 0).unwrap();
    log.settle(seq).unwrap();
    vfs.set_capacity(Some(vfs.used() + 10));
    let seq = append(&log, 1).unwrap();
    assert_eq!(log.settle(seq).unwrap_err().kind(), ErrorKind::NoSpace);
    for step in 2..5 {
        assert_eq!(append(&log, step).unwrap_err().kind(), ErrorKind::NoSpace);
    }
    assert_eq!(log.close().unwrap_err().kind(), ErrorKind::NoSpace, "it stays open");
    vfs.set_capacity(None);
    let seq = append(&log, 5).unwrap();
    log.settle(seq).unwrap();
    let (_, _, told) = open(&vfs.crash_image(Survivors::None), options).unwrap();
    assert_eq!(steps(&told), [0, 1, 5]);
}

#[test]
fn a_write_that_cannot_be_cut_back_poisons() {
    let vfs = FaultVfs::new(3);
    let (log, ..) = open(&vfs, options()).unwrap();
    append(&log, 0).unwrap();
    log.sync().unwrap();
    append(&log, 1).unwrap();
    vfs.fail_next(OperationKind::Write, 1, Fault::ShortWrite);
    vfs.fail_next(OperationKind::SetLen, 1, Fault::Eio);
    assert_eq!(log.flush().unwrap_err().kind(), ErrorKind::Poisoned);
    assert_eq!(append(&log, 2).unwrap_err().kind(), ErrorKind::Poisoned);
    drop(log);
    let (_, report, told) = open(&vfs.crash_image(Survivors::All), options()).unwrap();
    assert_eq!(steps(&told), [0]);
    assert!(report.bytes_dropped > 0 && dir().is_absolute());
}
