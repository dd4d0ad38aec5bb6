//! What a power cut leaves behind the last good frame: zeros, ones, blocks of other files, blocks
//! of this one at another place. All of it is dropped and reported; none of it is taken for data,
//! and it never comes back when the log grows over it.

use std::path::Path;

use crate::support::{
    Rule, bytes, frames, go, handle, open, options, reopen, segment, small_segment,
};
use spatio::vfs::MemoryVfs;

/// Opens a segment with `tail` behind it: everything is kept but the tail.
fn dropped(vfs: &MemoryVfs, all: &[crate::support::Told], tail: &[u8], what: &str) {
    let good = bytes(vfs, &segment(1));
    let damaged = MemoryVfs::new();
    damaged.replace(&segment(1), [&good, tail].concat());
    let (log, report, told) = open(&damaged, options()).unwrap();
    assert_eq!(told, all, "{what}");
    assert_eq!(report.bytes_dropped, tail.len() as u64, "{what}");
    let (path, at, _) = report.first_bad.clone().unwrap();
    assert_eq!((path.as_path(), at), (segment(1).as_path(), good.len() as u64), "{what}");
    let words = format!(" {} byte", tail.len());
    assert!(report.to_string().contains(&words), "{report}");
    // Growing over the place must not bring anything back.
    let seq = log.append(&Rule::new(4), &go(handle(1, 0), 5, 5.0, 5.0)).unwrap();
    assert_eq!(seq, all.len() as u64 + 1);
    log.close().unwrap();
    let (_, told) = reopen(&damaged, options());
    assert_eq!(told.len(), all.len() + 1, "{what}");
}

#[test]
fn fillings_are_a_torn_tail() {
    let (vfs, all) = small_segment(3);
    for len in [1, 2, 63, 512, 4096, 70_000] {
        dropped(&vfs, &all, &vec![0; len], "zeros");
        dropped(&vfs, &all, &vec![0xff; len], "ones");
    }
}

#[test]
fn a_block_of_this_file_at_another_place_is_not_taken() {
    let (vfs, all) = small_segment(4);
    let good = bytes(&vfs, &segment(1));
    let frames = frames(&good, good.len());
    for frame in &frames {
        dropped(&vfs, &all, &good[frame.start..frame.end], "a copy of one frame");
        dropped(&vfs, &all, &good[frame.start..], "a copy from one frame on");
    }
}

#[test]
fn a_block_of_an_older_file_is_not_taken() {
    let (vfs, all) = small_segment(5);
    let (older, others) = small_segment(6);
    assert_eq!(all.len(), others.len());
    let (good, stale) = (bytes(&vfs, &segment(1)), bytes(&older, &segment(1)));
    assert_eq!(good.len(), stale.len(), "the same changes, another salt");
    dropped(&vfs, &all, &stale[64..], "the frames of an older file");
    dropped(&vfs, &all, &stale, "an older file");
    // The same numbers at the same places, as when a block is recycled.
    let frames = frames(&good, good.len());
    let last = frames[frames.len() - 1].start;
    let damaged = MemoryVfs::new();
    damaged.replace(&segment(1), [&good[..last], &stale[last..]].concat());
    let (_, report, told) = open(&damaged, options()).unwrap();
    assert_eq!(told, all[..all.len() - 1]);
    assert_eq!(report.first_bad.map(|(_, at, _)| at), Some(last as u64));
}

#[test]
fn a_later_group_without_an_earlier_one_is_dropped() {
    let (vfs, all) = small_segment(7);
    let good = bytes(&vfs, &segment(1));
    let frames = frames(&good, good.len());
    let marks: Vec<_> = frames.iter().filter(|frame| frame.mark.is_some()).collect();
    let durable = marks.iter().filter_map(|frame| frame.mark).max().unwrap();
    let lost = marks.iter().find(|frame| frame.start >= durable).unwrap();
    let later = marks.iter().find(|frame| frame.start > lost.start).unwrap();
    let mut bad = good.clone();
    bad[lost.start..later.start].fill(0);
    let damaged = MemoryVfs::new();
    damaged.replace(&segment(1), bad);
    let (log, report, told) = open(&damaged, options()).unwrap();
    assert_eq!(report.first_bad.map(|(_, at, _)| at), Some(lost.start as u64));
    assert!(told.len() < all.len() && told == all[..told.len()]);
    // Write a group of the same length over the lost one: the later group must not follow it.
    drop(log);
    let (log, _) = reopen(&damaged, options());
    for number in told.len()..all.len() {
        log.append(&Rule::new(4), &go(handle(1, 0), number as i64, 1.0, 1.0)).unwrap();
        log.flush().unwrap();
        let (_, _, now) = open(&damaged.duplicate(), options()).unwrap();
        assert_eq!(now.len(), number + 1);
    }
    assert!(vfs.read(Path::new("/db/LOCK")).is_ok());
}
