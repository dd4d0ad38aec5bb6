//! Rotation beside writers: what is appended while the full segment is being synced goes into that
//! segment, and is durable before its seal is, whatever survives of the writes after that.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::support::{Rule, go, handle, open, options, segment};
use spatio::log::{Log, LogOptions, check};
use spatio::vfs::{FaultVfs, MemoryVfs, OperationKind, Survivors};
use spatio::{Interval, Order};

fn append(log: &Log, range: std::ops::Range<i64>) {
    for time_us in range {
        log.append(&Rule::new(1), &go(handle(1, 0), time_us, 1.0, 1.0)).unwrap();
    }
}

#[test]
fn what_comes_in_between_is_durable_before_the_seal() {
    let options = LogOptions { segment_bytes: 8192, ..options() };
    let vfs = FaultVfs::new(1);
    let log = Arc::new(OnceLock::new());
    let armed = Arc::new(AtomicBool::new(false));
    let images: Arc<Mutex<Vec<MemoryVfs>>> = Arc::default();
    let (late, trap, taken) = (log.clone(), armed.clone(), images.clone());
    vfs.set_observer(Some(Arc::new(move |vfs, operation| {
        if operation.kind == OperationKind::SyncData && trap.swap(false, Ordering::SeqCst) {
            // The first fsync of a rotation holds no lock: other writers go on.
            append(late.get().unwrap(), 1_000..1_040);
        }
        if operation.kind.changes_the_disk() {
            for seed in 0..40 {
                taken.lock().unwrap().push(vfs.crash_image(Survivors::Sectors(seed)));
                taken.lock().unwrap().push(vfs.crash_image(Survivors::Mixed(seed)));
            }
        }
    })));
    log.set(open(&vfs, options).unwrap().0).unwrap();
    let log: &Log = log.get().unwrap();
    images.lock().unwrap().clear();
    let mut before = 0;
    while log.stats().segments == 1 {
        armed.store(true, Ordering::SeqCst);
        append(log, before..before + 1);
        before += 1;
    }
    vfs.set_observer(None);
    log.sync().unwrap();
    let mut points = Vec::new();
    log.trajectory(handle(1, 0), Interval::ALL, Order::OldestFirst, 9_999, &mut points).unwrap();
    assert_eq!(points.len() as i64, before + 40);
    let images = std::mem::take(&mut *images.lock().unwrap());
    assert!(images.len() > 300);
    for image in images {
        assert!(check(&image, &crate::support::dir()).unwrap().sound);
        let (log, report, _) = open(&image, options).unwrap_or_else(|error| panic!("{error}"));
        let is_sealed = log.stats().segments == 2;
        assert!(!is_sealed || log.stats().last_seq as i64 >= before - 1 + 40, "{report}");
    }
    assert!(vfs.crash_image(Survivors::None).read(&segment(2)).is_ok());
}
