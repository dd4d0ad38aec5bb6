//! What each sync policy owes: `Always` an fsync before it returns, `Every` one when its time has
//! come, `Never` none until asked; and what a power cut at that moment leaves of each.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Rule, Told, dir, go, handle, is_introduction, open, options};
use spatio::ErrorKind;
use spatio::clock::ManualClock;
use spatio::log::{Log, LogOptions, SyncPolicy};
use spatio::vfs::{Fault, FaultVfs, OperationKind, Survivors};

/// A log on a disk of its own, with a clock in the hand.
struct Bench {
    disk: FaultVfs,
    clock: Arc<ManualClock>,
    log: Log,
}

fn bench(sync: SyncPolicy, background: bool) -> Bench {
    let disk = FaultVfs::new(1);
    let clock = Arc::new(ManualClock::new(1_000_000));
    let options = LogOptions { sync, background, buffer_size: 4, ..options() };
    let vfs = Arc::new(disk.clone());
    let (log, _) = Log::open(vfs, &dir(), options, clock.clone(), &mut |_, _| Ok(())).unwrap();
    disk.set_trace(true);
    Bench { disk, clock, log }
}

impl Bench {
    /// Appends and settles a change.
    fn write(&self, time_us: i64) -> spatio::Result<()> {
        let seq = self.log.append(&Rule::new(1), &go(handle(1, 0), time_us, 1.0, 1.0))?;
        self.log.settle(seq)
    }

    /// Fsyncs since the last call.
    fn syncs(&self) -> usize {
        let trace = self.disk.trace();
        self.disk.set_trace(true);
        trace.iter().filter(|operation| operation.kind == OperationKind::SyncData).count()
    }

    /// How many changes a power cut and a killed process leave.
    fn left(&self) -> (usize, usize) {
        let count = |choice| {
            let (_, _, told) = open(&self.disk.crash_image(choice), options()).unwrap();
            told.iter().filter(|told: &&Told| !is_introduction(told)).count()
        };
        (count(Survivors::None), count(Survivors::All))
    }
}

const SECOND_US: i64 = 1_000_000;

#[test]
fn always_is_durable_when_it_returns() {
    let bench = bench(SyncPolicy::Always, false);
    for time_us in 0..10 {
        bench.write(time_us).unwrap();
        assert_eq!(
            (bench.syncs(), bench.left()),
            (1, (time_us as usize + 1, time_us as usize + 1))
        );
    }
}

#[test]
fn every_is_durable_once_its_time_has_come() {
    let bench = bench(SyncPolicy::Every(Duration::from_secs(1)), false);
    bench.clock.advance(SECOND_US - 1);
    for time_us in 0..6 {
        bench.write(time_us).unwrap();
    }
    assert_eq!((bench.syncs(), bench.left()), (0, (0, 2)), "with their names, a buffer full");
    bench.clock.advance(1);
    bench.write(6).unwrap();
    assert_eq!((bench.syncs(), bench.left()), (1, (7, 7)));
    bench.write(7).unwrap();
    assert_eq!(bench.syncs(), 0);
    // A clock that was set back does not put it off for ever.
    bench.clock.set(5);
    bench.write(8).unwrap();
    assert_eq!((bench.syncs(), bench.left()), (1, (9, 9)));
}

#[test]
fn every_leaves_the_clock_to_a_background_thread_that_there_is() {
    let bench = bench(SyncPolicy::Every(Duration::from_secs(1)), true);
    bench.clock.advance(5 * SECOND_US);
    bench.write(1).unwrap();
    assert_eq!(bench.syncs(), 0);
    bench.log.sync_if_due().unwrap();
    assert_eq!((bench.syncs(), bench.left()), (1, (1, 1)));
    bench.log.sync_if_due().unwrap();
    bench.clock.advance(SECOND_US);
    bench.log.sync_if_due().unwrap();
    assert_eq!(bench.syncs(), 0, "nothing was written since");
}

#[test]
fn every_does_not_fail_a_change_that_was_taken_because_the_disk_is_full() {
    let bench = bench(SyncPolicy::Every(Duration::from_secs(1)), false);
    bench.clock.advance(SECOND_US);
    bench.disk.fail_next(OperationKind::Write, 1, Fault::NoSpace);
    bench.write(1).unwrap();
    bench.disk.fail_next(OperationKind::Write, 1, Fault::NoSpace);
    assert_eq!(bench.write(2).unwrap_err().kind(), ErrorKind::NoSpace, "the next one is refused");
    bench.write(3).unwrap();
    bench.log.sync().unwrap();
    assert_eq!(bench.left(), (2, 2));
}

#[test]
fn never_waits_for_sync_or_close() {
    let bench = bench(SyncPolicy::Never, false);
    bench.clock.advance(1000 * SECOND_US);
    for time_us in 0..6 {
        bench.write(time_us).unwrap();
        bench.log.sync_if_due().unwrap();
    }
    assert_eq!((bench.syncs(), bench.left()), (0, (0, 2)));
    bench.log.flush().unwrap();
    assert_eq!((bench.syncs(), bench.left()), (0, (0, 6)));
    bench.log.sync().unwrap();
    assert_eq!((bench.syncs(), bench.left()), (1, (6, 6)));
    bench.write(6).unwrap();
    bench.log.close().unwrap();
    assert_eq!(bench.left(), (7, 7));
}

/// After a close, damage to anything that was written is told apart from a torn tail.
#[test]
fn close_says_that_all_before_is_durable() {
    let bench = bench(SyncPolicy::Never, false);
    for time_us in 0..6 {
        bench.write(time_us).unwrap();
    }
    bench.log.close().unwrap();
    let image = bench.disk.crash_image(Survivors::None);
    let path = crate::support::segment(1);
    let good = image.read(&path).unwrap();
    let last = crate::support::frames(&good, good.len());
    let last_change = last.iter().rev().find(|frame| frame.mark.is_none()).unwrap();
    let mut bad = good.clone();
    bad[last_change.start + 5] ^= 1;
    image.replace(&path, bad);
    assert_eq!(open(&image, options()).unwrap_err().kind(), ErrorKind::Corrupt);
}
