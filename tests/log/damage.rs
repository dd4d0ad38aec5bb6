//! Every cut and every flipped bit of a small segment, active or sealed: recovery gives the exact
//! intact prefix and says where it ended, or refuses at the damaged byte because that byte was
//! durable. It never panics and never hands out an altered record.

use crate::support::{FrameAt, Told, bytes, dir, frames, open, options, segment, small_segment};
use crate::support::{Rule, go, handle};
use spatio::log::{Log, LogOptions, check};
use spatio::vfs::MemoryVfs;
use spatio::{ErrorKind, Interval, Order};

/// How many numbered frames end at or before `end`.
fn records_before(frames: &[FrameAt], end: usize) -> usize {
    frames.iter().filter(|frame| frame.mark.is_none() && frame.end <= end).count()
}

/// What opening `damaged` must give, when the frame that begins at `bad` is the first bad one and
/// `durable` bytes are known to be durable by the marks that are left.
fn expect(damaged: &MemoryVfs, all: &[Told], frames: &[FrameAt], bad: usize, durable: usize) {
    let report = check(damaged, &dir()).unwrap();
    match open(damaged, options()) {
        Err(error) => {
            assert!(bad < durable, "refused a torn tail: {error}");
            assert_eq!(error.kind(), ErrorKind::Corrupt);
            assert_eq!(error.offset(), Some(bad as u64), "{error}");
            assert!(!report.sound);
        }
        Ok((log, found, told)) => {
            assert!(bad >= durable, "dropped what was durable: {found}");
            assert_eq!(told, all[..records_before(frames, bad)]);
            assert_eq!(found.first_bad.as_ref().map(|(_, at, _)| *at as usize), Some(bad));
            assert!(found.bytes_dropped > 0 && report.sound);
            assert!(report.files[0].torn_tail);
            drop(log);
            let (_, again, same) = open(damaged, options()).unwrap();
            assert_eq!((again.bytes_dropped, same), (0, told), "the tail was cut off");
        }
    }
}

#[test]
fn every_flipped_bit_of_an_active_segment() {
    let (vfs, all) = small_segment(1);
    let good = bytes(&vfs, &segment(1));
    let frames = frames(&good, good.len());
    assert!(frames.iter().filter_map(|frame| frame.mark).max() > Some(200), "{frames:?}");
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let damaged = MemoryVfs::new();
        damaged.replace(&segment(1), bad.clone());
        let Some(frame) = frames.iter().find(|frame| bit / 8 < frame.end && bit / 8 >= 64) else {
            let kind = open(&damaged, options()).unwrap_err().kind();
            let version = (8..10).contains(&(bit / 8)) && bit != 64;
            let newer = if version { ErrorKind::FormatVersion } else { ErrorKind::Corrupt };
            assert_eq!(kind, newer, "bit {bit} of the header");
            assert_eq!(bytes(&damaged, &segment(1)), bad, "the file is untouched");
            continue;
        };
        // The damaged mark itself bears no witness.
        let others = frames.iter().filter(|other| other.start != frame.start);
        let durable = others.filter_map(|other| other.mark).max().unwrap_or(0);
        expect(&damaged, &all, &frames, frame.start, durable);
    }
}

#[test]
fn every_cut_of_an_active_segment() {
    let (vfs, all) = small_segment(2);
    let good = bytes(&vfs, &segment(1));
    let frames = frames(&good, good.len());
    for len in 0..good.len() {
        let damaged = MemoryVfs::new();
        damaged.replace(&segment(1), good[..len].to_vec());
        if len < 64 {
            assert_eq!(open(&damaged, options()).unwrap_err().kind(), ErrorKind::Corrupt);
            continue;
        }
        let whole = frames.iter().map(|frame| frame.end).filter(|end| *end <= len).max();
        let whole = whole.unwrap_or(64);
        if whole < len {
            let marks = frames.iter().filter(|frame| frame.end <= len);
            let durable = marks.filter_map(|mark| mark.mark).max().unwrap_or(0);
            expect(&damaged, &all, &frames, whole, durable);
        } else {
            let (_, report, told) = open(&damaged, options()).unwrap();
            assert_eq!((report.bytes_dropped, report.first_bad), (0, None));
            assert_eq!(told, all[..records_before(&frames, len)]);
        }
    }
}

/// Three segments, of which the first two are sealed.
fn sealed() -> (MemoryVfs, LogOptions) {
    let vfs = MemoryVfs::new();
    let options = LogOptions { segment_bytes: 1024, buffer_size: 8, ..options() };
    let (log, ..) = open(&vfs, options).unwrap();
    let names = Rule::new(3);
    let mut step = 0;
    while log.stats().segments < 3 {
        step += 1;
        let to = handle(1, step as u32 % 3);
        log.append(&names, &go(to, 1_700_000_000_000_000 + step, 1.0, 2.0)).unwrap();
    }
    log.close().unwrap();
    (vfs, options)
}

#[test]
fn every_flipped_bit_and_every_cut_of_a_sealed_segment() {
    let (vfs, options) = sealed();
    let good = bytes(&vfs, &segment(1));
    for bit in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let damaged = vfs.duplicate();
        damaged.replace(&segment(1), bad.clone());
        let error = open(&damaged, options).unwrap_err();
        let newer = (8..10).contains(&(bit / 8)) && bit != 64;
        let kind = if newer { ErrorKind::FormatVersion } else { ErrorKind::Corrupt };
        assert_eq!(error.kind(), kind, "bit {bit}: {error}");
        assert_eq!(error.path(), Some(segment(1).as_path()));
        assert_eq!(bytes(&damaged, &segment(1)), bad, "the file is untouched");
        if !newer {
            assert!(!check(&damaged, &dir()).unwrap().sound, "bit {bit}");
        }
    }
    for len in 0..good.len() {
        let damaged = vfs.duplicate();
        damaged.replace(&segment(1), good[..len].to_vec());
        let error = open(&damaged, options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Corrupt, "cut at {len}: {error}");
    }
}

/// A crash between the seal of a segment and the name of the next leaves a sealed segment at the
/// end; its frames are durable, its seal need not be.
#[test]
fn every_flipped_bit_and_every_cut_of_a_last_segment_with_a_seal() {
    let (vfs, options) = sealed();
    let good = bytes(&vfs, &segment(1));
    let trailer = good.len() - 96;
    let number = |at: usize| u64::from_le_bytes(good[trailer + at..][..8].try_into().unwrap());
    let seal = number(24) as usize;
    let frames = frames(&good, seal);
    let lone = MemoryVfs::new();
    lone.replace(&segment(1), good.clone());
    let (log, report, all) = open(&lone.duplicate(), options).unwrap();
    assert_eq!((all.len(), report.notes.len()), (records_before(&frames, seal), 0));
    assert_eq!((log.stats().segments, log.stats().last_seq), (2, all.len() as u64));
    for byte in 64..good.len() {
        for bit in [0, 5] {
            let mut bad = good.clone();
            bad[byte] ^= 1 << bit;
            let damaged = MemoryVfs::new();
            damaged.replace(&segment(1), bad);
            match open(&damaged, options) {
                Ok((_, report, told)) => {
                    assert!(byte >= seal, "byte {byte}");
                    assert_eq!(told, all);
                    assert!(!report.notes.is_empty() || report.first_bad.is_some());
                }
                Err(error) => {
                    assert!(byte < seal, "byte {byte}: {error}");
                    assert_eq!(error.kind(), ErrorKind::Corrupt);
                }
            }
        }
    }
    for len in seal..good.len() {
        let damaged = MemoryVfs::new();
        damaged.replace(&segment(1), good[..len].to_vec());
        let (log, _, told) = open(&damaged, options).unwrap();
        assert_eq!(told, all, "cut at {len}");
        log.append(&Rule::new(3), &go(handle(1, 0), 1, 1.0, 1.0)).unwrap();
        log.close().unwrap();
        let (_, report, told) = open(&damaged, options).unwrap();
        assert_eq!((report.first_bad, report.bytes_dropped), (None, 0));
        assert!(told.len() > all.len());
    }
}

/// What recovery need not read is verified when it is read: every answer is right or an error.
#[test]
fn every_flipped_bit_of_a_sealed_segment_behind_the_checkpoint() {
    let (vfs, options) = sealed();
    let (log, ..) = open(&vfs, options).unwrap();
    log.checkpoint(&mut |_| Ok(())).unwrap();
    let track = |log: &Log, index| {
        let mut points = Vec::new();
        let object = handle(1, index);
        log.trajectory(object, Interval::ALL, Order::OldestFirst, usize::MAX, &mut points)
            .map(|()| points)
    };
    let expected: Vec<_> = (0..3).map(|index| track(&log, index).unwrap()).collect();
    log.close().unwrap();
    let good = bytes(&vfs, &segment(1));
    let (mut opened, mut refused) = (0, 0);
    for bit in 64 * 8..good.len() * 8 {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let damaged = vfs.duplicate();
        damaged.replace(&segment(1), bad);
        let Ok((log, ..)) = open(&damaged, options) else { continue };
        opened += 1;
        for index in 0..3 {
            match track(&log, index) {
                Ok(points) => assert_eq!(points, expected[index as usize], "bit {bit}"),
                Err(error) => {
                    refused += 1;
                    assert_eq!(error.kind(), ErrorKind::Corrupt, "bit {bit}: {error}");
                    assert_eq!(error.path(), Some(segment(1).as_path()));
                }
            }
        }
    }
    assert!(opened > 8_000 && refused > opened / 2, "{opened} {refused}");
}
