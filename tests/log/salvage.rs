//! Salvage: a damaged log opens again with everything that can still be proved, in place with the
//! original kept, or into a new directory with the source untouched; numbers are never given out
//! twice.

use std::path::{Path, PathBuf};

use crate::support::{Rule, Told, bytes, dir, frames, go, handle, is_introduction, open, options};
use crate::support::{segment, settings, small_segment};
use spatio::format::Change;
use spatio::log::{LogOptions, RecoveryMode, check, salvage};
use spatio::vfs::{MemoryVfs, Vfs};
use spatio::{ErrorKind, Interval, Order};

fn strict() -> LogOptions {
    LogOptions { segment_bytes: 1500, buffer_size: 6, ..options() }
}

fn lenient() -> LogOptions {
    LogOptions { recovery: RecoveryMode::Salvage, ..strict() }
}

/// A log of some segments, with a checkpoint on the way; what an open without it tells.
fn sample(with_checkpoint: bool) -> (MemoryVfs, Vec<Told>) {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, strict()).unwrap();
    let names = Rule::new(4);
    for step in 0..150 {
        let to = handle(1, step as u32 % 4);
        log.append(&names, &go(to, step, step as f64, 1.0)).unwrap();
        if step == 60 && with_checkpoint {
            log.checkpoint(&mut |emit| {
                emit(Change::Namespace { number: 1, name: "n1", settings: settings(1) })?;
                (0..4).try_for_each(|index| {
                    let id = format!("object-{index}");
                    emit(Change::Define { handle: handle(1, index), id: &id })?;
                    emit(go(handle(1, index), 57 + i64::from(index), 1.0, 1.0))
                })
            })
            .unwrap();
        }
    }
    log.close().unwrap();
    let plain = vfs.duplicate();
    for (path, _) in plain.files() {
        if path.extension().is_some_and(|end| end == "ckpt") {
            plain.remove(&path).unwrap();
        }
    }
    let (_, _, told) = open(&plain, strict()).unwrap();
    (vfs, told)
}

/// The moves' words, in order.
fn moves(told: &[Told]) -> Vec<&str> {
    let moves = told.iter().filter(|told| !is_introduction(told));
    moves.map(|(_, words)| words.as_str()).collect()
}

/// That `part` is `all` without some.
fn is_subsequence(part: &[&str], all: &[&str]) -> bool {
    let mut rest = all.iter();
    part.iter().all(|wanted| rest.any(|found| found == wanted))
}

fn last_segment(vfs: &MemoryVfs) -> u32 {
    (1..).take_while(|number| vfs.read(&segment(*number)).is_ok()).last().unwrap()
}

/// Every position of every object, in order of the numbers.
fn history(vfs: &MemoryVfs) -> usize {
    let (log, ..) = open(vfs, strict()).unwrap();
    let mut points = Vec::new();
    for index in 0..4 {
        let object = handle(1, index);
        log.trajectory(object, Interval::ALL, Order::NewestFirst, usize::MAX, &mut points).unwrap();
    }
    points.len()
}

#[test]
fn a_damaged_byte_anywhere_costs_one_record() {
    let (vfs, all) = sample(false);
    for number in 1..=last_segment(&vfs) {
        let good = bytes(&vfs, &segment(number));
        for at in (0..good.len()).step_by(11) {
            let mut bad = good.clone();
            bad[at] ^= 0x10;
            let damaged = vfs.duplicate();
            damaged.replace(&segment(number), bad.clone());
            let strictly = open(&damaged.duplicate(), strict());
            let (log, report, told) = match open(&damaged, lenient()) {
                Ok(opened) => opened,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::FormatVersion, "{error}");
                    continue;
                }
            };
            let what = format!("segment {number} byte {at}: {report}");
            assert!(is_subsequence(&moves(&told), &moves(&all)), "{what}");
            let is_header = at < 64 && number == last_segment(&vfs);
            if !is_header && strictly.is_err() {
                let lost = moves(&all).len() - moves(&told).len();
                // A name that is lost takes its object's records of that segment along, unless
                // an earlier segment tells it too.
                assert!(lost <= 1 || number == 1, "{lost} lost: {what}");
                let kept = dir().join(format!("{number:08}.log.damaged"));
                assert_eq!(bytes(&damaged, &kept), bad, "{what}");
                assert!(report.first_bad.is_some() && !report.notes.is_empty(), "{what}");
            }
            // Numbers go on above every number that was ever given out.
            assert!(log.stats().last_seq >= told.last().map_or(0, |(seq, _)| *seq), "{what}");
            if strictly.is_err() {
                let last = all.last().unwrap().0;
                let seq = log.append(&Rule::new(4), &go(handle(1, 0), 999, 1.0, 1.0)).unwrap();
                assert!(seq > last, "{seq} after {last}: {what}");
            }
            log.close().unwrap();
            assert!(check(&damaged, &dir()).unwrap().sound, "{what}");
            let (_, _, again) = open(&damaged, strict()).unwrap();
            assert_eq!(&moves(&again)[..moves(&told).len()], moves(&told), "{what}");
            assert_eq!(history(&damaged), moves(&again).len(), "{what}");
        }
    }
}

#[test]
fn a_hole_of_a_whole_sector_is_passed_over() {
    let (vfs, all) = sample(false);
    let mut bad = bytes(&vfs, &segment(2));
    bad[512..1024].fill(0);
    vfs.replace(&segment(2), bad);
    let (log, report, told) = open(&vfs, lenient()).unwrap();
    assert!(is_subsequence(&moves(&told), &moves(&all)));
    let lost = moves(&all).len() - moves(&told).len();
    assert!((10..40).contains(&lost), "{lost}");
    assert!((500..1100).contains(&report.bytes_dropped), "{report}");
    drop(log);
    assert_eq!(history(&vfs), moves(&told).len());
}

#[test]
fn a_missing_segment_leaves_the_others() {
    let (vfs, all) = sample(false);
    for number in 1..=last_segment(&vfs) {
        let damaged = vfs.duplicate();
        damaged.remove(&segment(number)).unwrap();
        let (log, _, told) = open(&damaged, lenient()).unwrap();
        assert!(is_subsequence(&moves(&told), &moves(&all)));
        assert!(moves(&told).len() > moves(&all).len() / 3);
        log.close().unwrap();
        let (_, _, again) = open(&damaged, strict()).unwrap();
        assert_eq!(moves(&again), moves(&told));
    }
}

#[test]
fn a_checkpoint_is_still_of_use_when_its_segment_was_rewritten() {
    let (vfs, all) = sample(true);
    for number in 1..=last_segment(&vfs) {
        let damaged = vfs.duplicate();
        let mut bad = bytes(&vfs, &segment(number));
        bad[150] ^= 1;
        damaged.replace(&segment(number), bad);
        let (log, report, told) = open(&damaged, lenient()).unwrap();
        assert!(report.checkpoint_seq.is_some(), "{report}");
        if number < last_segment(&vfs) {
            let tail = &moves(&all)[moves(&all).len() - 30..];
            assert!(moves(&told).ends_with(tail), "{report}");
        }
        log.close().unwrap();
        let (_, report, again) = open(&damaged, strict()).unwrap();
        assert!(report.checkpoint_seq.is_some());
        assert_eq!(moves(&again), moves(&told));
    }
}

#[test]
fn a_sound_log_is_not_changed_by_salvage_mode() {
    for with_checkpoint in [false, true] {
        let (vfs, _) = sample(with_checkpoint);
        let before = vfs.files();
        let (log, report, _) = open(&vfs, lenient()).unwrap();
        assert_eq!((report.bytes_dropped, report.notes.len()), (0, 0));
        log.close().unwrap();
        assert_eq!(vfs.files(), before);
    }
}

#[test]
fn reading_only_never_repairs() {
    let (vfs, _) = sample(false);
    let mut bad = bytes(&vfs, &segment(1));
    bad[100] ^= 1;
    vfs.replace(&segment(1), bad);
    let before = vfs.files();
    let error = open(&vfs, LogOptions { read_only: true, ..lenient() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert_eq!(vfs.files(), before);
}

/// The files of one directory, under their names.
fn files_in(vfs: &MemoryVfs, dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let inside = vfs.files().into_iter().filter(|(path, _)| path.parent() == Some(dir));
    inside.map(|(path, bytes)| (path, bytes.to_vec())).collect()
}

/// Salvages `/db` into `/new` and opens that as `/db` of another tree.
fn into_new(vfs: &MemoryVfs) -> (MemoryVfs, spatio::log::SalvageReport) {
    let before = files_in(vfs, &dir());
    let report = salvage(vfs, &dir(), Path::new("/new")).unwrap();
    assert_eq!(files_in(vfs, &dir()), before, "the source is untouched");
    let moved = MemoryVfs::new();
    for (path, bytes) in files_in(vfs, Path::new("/new")) {
        moved.replace(&dir().join(path.file_name().unwrap()), bytes);
    }
    assert!(check(&moved, &dir()).unwrap().sound, "{report}");
    (moved, report)
}

#[test]
fn a_new_directory_gets_what_is_readable() {
    for with_checkpoint in [false, true] {
        let (vfs, _) = sample(with_checkpoint);
        let (_, _, all) = open(&vfs.duplicate(), strict()).unwrap();
        let (copy, report) = into_new(&vfs);
        assert_eq!((report.damaged, report.bytes_dropped), (0, 0), "{report}");
        let (_, _, told) = open(&copy, strict()).unwrap();
        assert_eq!(told, all);

        let (vfs, all) = sample(with_checkpoint);
        let mut bad = bytes(&vfs, &segment(2));
        bad[700] ^= 1;
        vfs.replace(&segment(2), bad);
        let (copy, report) = into_new(&vfs);
        assert_eq!((report.damaged, report.damages.len()), (1, 1), "{report}");
        let (_, _, told) = open(&copy, strict()).unwrap();
        let state = if with_checkpoint { 4 } else { 0 };
        assert!(is_subsequence(&moves(&told)[state..], &moves(&all)));
        assert!(history(&copy) >= 149);
        assert_eq!(
            salvage(&vfs, &dir(), Path::new("/new")).unwrap_err().kind(),
            ErrorKind::AlreadyExists
        );
    }
}

#[test]
fn a_torn_tail_is_left_out_and_counted() {
    let (vfs, all) = small_segment(1);
    let good = bytes(&vfs, &segment(1));
    let last = *frames(&good, good.len()).last().unwrap();
    vfs.replace(&segment(1), good[..last.end - 1].to_vec());
    let (copy, report) = into_new(&vfs);
    assert_eq!(report.bytes_dropped as usize, last.end - 1 - last.start, "{report}");
    assert_eq!((report.damaged, report.damages.len()), (0, 1));
    let (_, opened, told) = open(&copy, strict()).unwrap();
    assert_eq!((opened.bytes_dropped, told), (0, all[..all.len() - 1].to_vec()));
}
