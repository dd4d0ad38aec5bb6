//! One writer at a time, any number of readers that change nothing, and an end that is an end.

use std::path::Path;

use crate::support::{Rule, bytes, dir, go, handle, open, options, segment, small_segment};
use spatio::format::Change;
use spatio::log::LogOptions;
use spatio::vfs::{FaultVfs, MemoryVfs, Vfs};
use spatio::{ErrorKind, Interval, NamespaceSettings, Order, Point};

fn read_only() -> LogOptions {
    LogOptions { read_only: true, ..options() }
}

#[test]
fn a_second_writer_is_refused_until_the_first_closes_or_dies() {
    let vfs = MemoryVfs::new();
    let (first, ..) = open(&vfs, options()).unwrap();
    assert_eq!(open(&vfs, options()).unwrap_err().kind(), ErrorKind::Locked);
    first.close().unwrap();
    let (second, ..) = open(&vfs, options()).unwrap();
    assert_eq!(
        first.append(&Rule::new(1), &go(1, 1, 1.0, 1.0)).unwrap_err().kind(),
        ErrorKind::Closed
    );
    drop(second);
    open(&vfs, options()).unwrap();
}

#[test]
fn a_closed_log_refuses_changes_and_closes_again() {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, options()).unwrap();
    let names = Rule::new(1);
    log.append(&names, &go(handle(1, 0), 1, 1.0, 1.0)).unwrap();
    log.close().unwrap();
    log.close().unwrap();
    for refused in [
        log.append(&names, &go(handle(1, 0), 2, 1.0, 1.0)).map(drop),
        log.flush(),
        log.sync(),
        log.checkpoint(&mut |_| Ok(())),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Closed);
    }
    let mut points = Vec::new();
    log.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 9, &mut points).unwrap();
    assert_eq!(points.len(), 1);
}

#[test]
fn closing_and_opening_without_changes_leaves_the_bytes_alone() {
    let (vfs, _) = small_segment(1);
    open(&vfs, options()).unwrap().0.close().unwrap();
    let before = vfs.files();
    for _ in 0..3 {
        open(&vfs, options()).unwrap().0.close().unwrap();
    }
    assert_eq!(vfs.files(), before);
}

#[test]
fn reading_only_takes_no_lock_and_changes_nothing() {
    let (vfs, all) = small_segment(1);
    let good = bytes(&vfs, &segment(1));
    vfs.remove(Path::new("/db/LOCK")).unwrap();
    vfs.replace(&segment(1), [&good[..], &[0; 100]].concat());
    vfs.replace(&dir().join("00000002.log.tmp"), b"half".to_vec());
    let before = vfs.files();
    let disk = FaultVfs::from_image(&vfs, 1);
    disk.set_trace(true);
    let (reader, report, told) = open(&disk, read_only()).unwrap();
    assert_eq!((&told, report.bytes_dropped), (&all, 100));
    let mut points = Vec::new();
    reader.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 9, &mut points).unwrap();
    assert!(!points.is_empty());
    let names = Rule::new(1);
    let refused = reader.append(&names, &go(handle(1, 0), 1, 1.0, 1.0)).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ReadOnly);
    assert_eq!(reader.checkpoint(&mut |_| Ok(())).unwrap_err().kind(), ErrorKind::ReadOnly);
    for allowed in [reader.flush(), reader.sync(), reader.settle(1), reader.close()] {
        allowed.unwrap();
    }
    let changed = disk.trace().into_iter().find(|operation| operation.kind.changes_the_disk());
    assert!(changed.is_none(), "{changed:?}");
    let (reader, ..) = open(&vfs, read_only()).unwrap();
    let (_other, ..) = open(&vfs, read_only()).unwrap();
    drop(reader);
    assert_eq!(vfs.files(), before);
}

#[test]
fn reading_only_beside_a_writer_sees_what_is_in_the_files() {
    let vfs = MemoryVfs::new();
    let (writer, ..) = open(&vfs, options()).unwrap();
    writer.append(&Rule::new(1), &go(handle(1, 0), 1, 1.0, 1.0)).unwrap();
    writer.flush().unwrap();
    let (_, _, told) = open(&vfs, read_only()).unwrap();
    assert_eq!(told.len(), 3);
}

#[test]
fn reading_only_where_there_is_nothing_is_not_found() {
    let vfs = MemoryVfs::new();
    assert_eq!(open(&vfs, read_only()).unwrap_err().kind(), ErrorKind::NotFound);
    vfs.create_dir_all(&dir()).unwrap();
    assert_eq!(open(&vfs, read_only()).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(vfs.files().is_empty());
}

#[test]
fn reading_only_over_a_sealed_end() {
    let vfs = MemoryVfs::new();
    let small = LogOptions { segment_bytes: 1024, ..options() };
    let (log, ..) = open(&vfs, small).unwrap();
    for time_us in 0..100 {
        log.append(&Rule::new(1), &go(handle(1, 0), time_us, 1.0, 1.0)).unwrap();
    }
    log.close().unwrap();
    let segments = log.stats().segments as u32;
    vfs.remove(&segment(segments)).unwrap();
    let before = vfs.files();
    let (log, report, _) = open(&vfs, LogOptions { read_only: true, ..small }).unwrap();
    assert_eq!(report.segments as u32, segments - 1);
    let mut points = Vec::new();
    log.trajectory(handle(1, 0), Interval::ALL, Order::NewestFirst, 1, &mut points).unwrap();
    assert!(points[0].time_us > 50);
    assert_eq!(vfs.files(), before);
}

#[test]
fn what_a_frame_cannot_hold_is_refused_and_nothing_is_written() {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, options()).unwrap();
    let names = Rule::new(1);
    let long = "x".repeat(256);
    let payload = vec![0; (64 << 10) + 1];
    let settings = NamespaceSettings::default();
    for change in [
        Change::Define { handle: handle(1, 0), id: &long },
        Change::Namespace { number: 1, name: &long, settings },
        Change::Move {
            handle: handle(1, 0),
            time_us: 1,
            position: Point::new(1.0, 1.0),
            expires_us: None,
            payload: Some(&payload),
        },
    ] {
        let error = log.append(&names, &change).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
    }
    assert_eq!((log.stats().last_seq, log.stats().buffered_records), (0, 0));
    let change = Change::Move {
        handle: handle(1, 0),
        time_us: 1,
        position: Point::new(1.0, 1.0),
        expires_us: None,
        payload: Some(&payload[1..]),
    };
    log.append(&names, &change).unwrap();
    let mut points = Vec::new();
    for _ in 0..2 {
        points.clear();
        log.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 9, &mut points).unwrap();
        assert_eq!(points.len(), 1);
        log.flush().unwrap();
    }
}

#[test]
fn numbers_rise_over_every_end_and_beginning() {
    let vfs = MemoryVfs::new();
    let small = LogOptions { segment_bytes: 1024, buffer_size: 3, ..options() };
    let mut last = 0;
    for round in 0..40 {
        let (log, ..) = open(&vfs, small).unwrap();
        assert_eq!(log.stats().last_seq, last);
        for index in 0..4 {
            let seq = log.append(&Rule::new(4), &go(handle(1, index), round, 1.0, 1.0)).unwrap();
            assert!(seq > last);
            last = seq;
        }
        if round % 3 == 0 {
            log.checkpoint(&mut |_| Ok(())).unwrap();
        }
        match round % 2 {
            0 => log.close().unwrap(),
            _ => log.flush().unwrap(),
        }
    }
    assert!(last > 160);
}
