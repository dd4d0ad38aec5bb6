//! Power cuts at every operation of the disk, with every choice of what survives: the log opens,
//! holds a prefix of what was appended, and holds all that was known to be durable; also when the
//! power fails again during recovery, and whatever is written after it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::support::{Rule, Told, dir, go, handle, is_introduction, open, options, settings, tell};
use spatio::format::Change;
use spatio::log::{Log, LogOptions, check};
use spatio::prng::Prng;
use spatio::vfs::{FaultVfs, MemoryVfs, Survivors};
use spatio::{Interval, Order, Point};

const OBJECTS: u32 = 5;

/// What was appended, as the test knows it, without the log's own introductions.
#[derive(Clone, Debug, Default)]
struct Known {
    appended: Vec<(u64, String, Change<'static>)>,
    /// Everything up to this number was reported durable.
    durable: u64,
    /// How many of `appended` that was.
    durable_count: usize,
}

type Shared = Arc<Mutex<Known>>;

fn append(log: &Log, known: &Shared, change: Change<'static>) {
    // Known before it can be on disk: an image may be taken in the middle of the call.
    known.lock().unwrap().appended.push((0, tell(&change), change));
    let seq = log.append(&Rule::new(OBJECTS as usize), &change).unwrap();
    known.lock().unwrap().appended.last_mut().unwrap().0 = seq;
}

fn note_durable(log: &Log, known: &Shared) {
    let mut known = known.lock().unwrap();
    known.durable = log.stats().durable_seq;
    let durable = known.durable;
    known.durable_count = known.appended.iter().filter(|entry| entry.0 <= durable).count();
}

/// The state as a database would stream it: here simply every change so far.
fn checkpoint(log: &Log, known: &Shared) {
    let all = known.lock().unwrap().appended.clone();
    log.checkpoint(&mut |emit| {
        for number in 1..3 {
            emit(Change::Namespace { number, name: "n", settings: settings(number) })?;
            for index in 0..OBJECTS {
                emit(Change::Define { handle: handle(number, index), id: "o" })?;
            }
        }
        all.iter().try_for_each(|(.., change)| emit(*change))
    })
    .unwrap();
    note_durable(log, known);
}

fn random_change(prng: &mut Prng) -> Change<'static> {
    let to = handle(1 + prng.below(2) as u32, prng.below(u64::from(OBJECTS)) as u32);
    let time_us = prng.below(40) as i64;
    match prng.below(12) {
        0 => Change::Delete { handle: to, time_us },
        1 => Change::Move {
            handle: to,
            time_us,
            position: Point::new_3d(prng.between(-9.0, 9.0), 1.0, 2.0),
            expires_us: Some(time_us + 5),
            payload: Some(b"a payload that makes frames longer than others"),
        },
        _ => go(to, time_us, prng.between(-180.0, 180.0), prng.between(-90.0, 90.0)),
    }
}

/// A run on a disk, whose observer is set by the caller.
fn run(vfs: &FaultVfs, known: &Shared, prng: &mut Prng, steps: usize, options: LogOptions) {
    let (log, ..) = open(vfs, options).unwrap();
    for _ in 0..steps {
        match prng.below(20) {
            0 => log.flush().unwrap(),
            1 | 2 => {
                log.sync().unwrap();
                note_durable(&log, known);
            }
            3 if prng.chance(1, 3) => checkpoint(&log, known),
            _ => append(&log, known, random_change(prng)),
        }
    }
    if prng.chance(1, 2) {
        log.close().unwrap();
        note_durable(&log, known);
    }
}

/// Opens an image and compares; how many changes it holds.
fn recover(image: &MemoryVfs, known: &Known, options: LogOptions) -> usize {
    let report = check(image, &dir());
    let (log, found, told) = open(image, options).unwrap_or_else(|error| panic!("{error}"));
    let told: Vec<Told> = told.into_iter().filter(|told| !is_introduction(told)).collect();
    let words = known.appended.iter().map(|(_, words, _)| words);
    assert!(told.len() >= known.durable_count, "lost what was durable: {found}");
    assert!(told.len() <= known.appended.len());
    assert!(told.iter().map(|(_, words)| words).eq(words.take(told.len())), "{found}");
    if known.durable > 0 {
        assert!(report.unwrap().sound);
    }
    for index in 0..OBJECTS {
        let mut points = Vec::new();
        let object = handle(1, index);
        log.trajectory(object, Interval::ALL, Order::OldestFirst, usize::MAX, &mut points).unwrap();
        let moves = known.appended[..told.len()].iter().filter(
            |(.., change)| matches!(change, Change::Move { handle, .. } if *handle == object),
        );
        assert_eq!(points.len(), moves.count(), "{found}");
    }
    assert_eq!(log.stats().durable_seq, log.stats().last_seq);
    told.len()
}

fn images_of(seed: u64, steps: usize, per_operation: u64) {
    let mut prng = Prng::for_part(seed, 1);
    let options = LogOptions {
        segment_bytes: 1024 + prng.below(1500),
        buffer_size: 1 + prng.index(12),
        seed: Some(seed),
        ..options()
    };
    let vfs = FaultVfs::new(seed);
    let known = Shared::default();
    let images: Arc<Mutex<Vec<(MemoryVfs, usize, Known)>>> = Arc::default();
    let (taken, seen) = (images.clone(), known.clone());
    vfs.set_observer(Some(Arc::new(move |vfs, operation| {
        if !operation.kind.changes_the_disk() {
            return;
        }
        let now = seen.lock().unwrap().clone();
        for choice in 0..per_operation {
            let seed = seed.wrapping_mul(0x9e37).wrapping_add(operation.number * 8 + choice);
            let image = vfs.crash_image(Survivors::from_seed(seed));
            taken.lock().unwrap().push((image, now.appended.len(), now.clone()));
        }
    })));
    run(&vfs, &known, &mut prng, steps, options);
    vfs.set_observer(None);
    let all = known.lock().unwrap().clone();
    let images = std::mem::take(&mut *images.lock().unwrap());
    for (number, (image, appended, then)) in images.into_iter().enumerate() {
        if image.directories().iter().all(|found| *found != dir()) {
            continue;
        }
        // Numbers are filled in by the end of the run; what was durable is of that moment.
        let mut then_known = all.clone();
        then_known.appended.truncate(appended);
        (then_known.durable, then_known.durable_count) = (then.durable, then.durable_count);
        if number % 7 == 0 {
            second_crash(&image, &then_known, options, seed + number as u64);
        }
        let kept = recover(&image, &then_known, options);
        go_on(&image, &then_known, kept, options);
    }
}

/// The power fails again at some operation of recovery.
fn second_crash(image: &MemoryVfs, known: &Known, options: LogOptions, seed: u64) {
    let vfs = FaultVfs::from_image(image, seed);
    let images: Arc<Mutex<Vec<MemoryVfs>>> = Arc::default();
    let taken = images.clone();
    vfs.set_observer(Some(Arc::new(move |vfs, operation| {
        let survivors = Survivors::from_seed(seed.wrapping_add(operation.number));
        taken.lock().unwrap().push(vfs.crash_image(survivors));
    })));
    let (log, ..) = open(&vfs, options).unwrap();
    vfs.set_observer(None);
    drop(log);
    for image in std::mem::take(&mut *images.lock().unwrap()) {
        recover(&image, known, options);
    }
}

/// What is appended after recovery follows on what was kept.
fn go_on(image: &MemoryVfs, known: &Known, kept: usize, options: LogOptions) {
    let mut grown = known.clone();
    grown.appended.truncate(kept);
    let shared = Arc::new(Mutex::new(grown));
    let (log, ..) = open(image, options).unwrap();
    for step in 0..3 {
        append(&log, &shared, go(handle(1, step), 50, 1.0, 1.0));
    }
    log.sync().unwrap();
    drop(log);
    let mut grown = shared.lock().unwrap().clone();
    grown.durable_count = grown.appended.len();
    assert_eq!(recover(&image.duplicate(), &grown, options), grown.appended.len());
}

#[test]
fn a_power_cut_at_every_operation_leaves_a_prefix() {
    for seed in 0..12 {
        images_of(seed, 120, 3);
    }
}

#[test]
fn a_power_cut_while_the_database_is_made_leaves_it_openable() {
    for seed in 100..140 {
        images_of(seed, 2, 8);
    }
}

#[test]
fn a_killed_process_loses_only_what_was_in_the_buffer() {
    for seed in 0..20 {
        let mut prng = Prng::new(seed);
        let vfs = FaultVfs::new(seed);
        let options = LogOptions { buffer_size: 4, segment_bytes: 1500, ..options() };
        let known = Shared::default();
        let (log, ..) = open(&vfs, options).unwrap();
        for _ in 0..prng.below(200) {
            append(&log, &known, random_change(&mut prng));
        }
        let buffered = log.stats().buffered_records;
        let last = log.stats().last_seq;
        let alive = vfs.kill();
        let (log, report, _) = open(&alive, options).unwrap();
        assert_eq!(log.stats().last_seq, last - buffered as u64);
        assert_eq!((report.bytes_dropped, report.first_bad), (0, None));
        // What was read back is durable before anything is built on it.
        let image = alive.crash_image(Survivors::None);
        let (log, ..) = open(&image, options).unwrap();
        assert_eq!(log.stats().last_seq, last - buffered as u64);
        assert!(image.read(&PathBuf::from("/db/00000001.log")).is_ok());
    }
}
