//! A segment and a checkpoint of format 1.0, committed as text, open and give what was put into
//! them; and the same changes written today give the same bytes. When this fails, databases that
//! exist can no longer be read, or `docs/FORMAT.md` is no longer true.

use crate::support::{Rule, Told, dir, go, handle, is_introduction, open, options, segment, tell};
use spatio::format::Change;
use spatio::log::{LogOptions, check};
use spatio::vfs::MemoryVfs;
use spatio::{Interval, Order, Point};

const FIXTURE: &str = include_str!("../fixtures/v1.txt");
const BASE_US: i64 = 1_700_000_000_000_000;

/// One of everything.
fn changes() -> Vec<Change<'static>> {
    let full = |payload, expires_us| Change::Move {
        handle: handle(2, 1),
        time_us: BASE_US + 3,
        position: Point::new_3d(-0.0, f64::MIN_POSITIVE, -1.5),
        expires_us,
        payload,
    };
    vec![
        go(handle(1, 0), BASE_US + 1, 8.5417, 47.3769),
        go(handle(1, 2), BASE_US - 1, -180.0, -90.0),
        full(Some(b"{\"kind\":\"tram\"}"), Some(BASE_US + 60_000_000)),
        full(Some(b""), None),
        full(None, Some(0)),
        go(handle(4, 0), 0, 0.1, 0.2),
        go(handle(9, 1), i64::MAX, 0.1, 0.2),
        Change::Delete { handle: handle(1, 2), time_us: BASE_US },
        Change::Expire { handle: handle(4, 0), time_us: BASE_US + 9 },
        go(handle(3, 0), i64::MIN, 1.0, 2.0),
        go(handle(1, 0), BASE_US + 4_000_000, 8.5418, 47.3770),
    ]
}

/// Three segments and a checkpoint, written now.
fn write() -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let options = LogOptions { segment_bytes: 1024, buffer_size: 4, seed: Some(2026), ..options() };
    let (log, ..) = open(&vfs, options).unwrap();
    let names = Rule::new(3);
    let mut append = |change: &Change<'_>| log.append(&names, change).map(drop).unwrap();
    changes().iter().for_each(&mut append);
    log.sync().unwrap();
    log.checkpoint(&mut |emit| changes().iter().try_for_each(|change| emit(*change))).unwrap();
    changes().iter().for_each(&mut append);
    changes().iter().for_each(&mut append);
    log.close().unwrap();
    vfs
}

fn as_text(vfs: &MemoryVfs) -> String {
    let mut text = String::new();
    for (path, bytes) in vfs.files().iter().filter(|(_, bytes)| !bytes.is_empty()) {
        text += &format!("{}\n", path.file_name().unwrap().to_string_lossy());
        for line in bytes.chunks(32) {
            let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
            text += &format!("  {}\n", hex.join(""));
        }
    }
    text
}

fn fixture() -> MemoryVfs {
    let vfs = MemoryVfs::new();
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    for line in FIXTURE.lines() {
        match line.strip_prefix("  ") {
            None => files.push((line, Vec::new())),
            Some(hex) => {
                let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
                let bytes = (0..hex.len()).step_by(2).map(byte);
                files.last_mut().unwrap().1.extend(bytes);
            }
        }
    }
    for (name, bytes) in files {
        vfs.replace(&dir().join(name), bytes);
    }
    vfs
}

fn words(told: &[Told]) -> Vec<&str> {
    let others = told.iter().filter(|told| !is_introduction(told));
    others.map(|(_, words)| words.as_str()).collect()
}

#[test]
fn a_database_of_format_1_0_opens_and_is_whole() {
    let vfs = fixture();
    assert!(check(&vfs, &dir()).unwrap().sound);
    let expected: Vec<String> = changes().iter().map(tell).collect();
    let (log, report, told) = open(&vfs, options()).unwrap();
    assert_eq!((report.bytes_dropped, report.notes.len()), (0, 0), "{report}");
    assert_eq!(words(&told), [&expected[..], &expected[..], &expected[..]].concat());
    let seqs = [told[11].0, told.last().unwrap().0, log.stats().last_seq];
    assert_eq!(seqs, [23, 55, 55], "the numbers of the first and last change after the checkpoint");
    let mut points = Vec::new();
    log.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 9, &mut points).unwrap();
    let times: Vec<i64> = points.iter().map(|point| point.time_us - BASE_US).collect();
    assert_eq!(times, [1, 1, 1, 4_000_000, 4_000_000, 4_000_000]);
    drop(log);
    // Without its checkpoint too.
    let plain = MemoryVfs::new();
    for number in 1..=report.segments as u32 {
        plain.replace(&segment(number), vfs.read(&segment(number)).unwrap());
    }
    let (_, _, told) = open(&plain, options()).unwrap();
    assert_eq!(words(&told), [&expected[..], &expected[..], &expected[..]].concat());
}

#[test]
fn the_same_changes_give_the_same_bytes() {
    let text = as_text(&write());
    assert!(text == FIXTURE, "the format has changed; today's bytes are:\n{text}");
}
