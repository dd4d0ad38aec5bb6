//! Writers that want their change on disk share fsyncs: while one syncs, the others append, and
//! the next sync is for all of them. Every change that was acknowledged is durable at that moment.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::support::{Rule, go, handle, open, options};
use spatio::log::{LogOptions, SyncPolicy};
use spatio::vfs::{FaultVfs, Mapping, OpenMode, Survivors, Vfs, VfsFile, VfsLock};
use spatio::{ErrorKind, Interval, Order};

/// A disk whose fsync takes its time, and counts.
#[derive(Clone, Debug)]
struct Slow {
    disk: FaultVfs,
    syncs: Arc<AtomicU64>,
}

#[derive(Debug)]
struct SlowFile(Arc<dyn VfsFile>, Arc<AtomicU64>);

impl Vfs for Slow {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.disk.create_dir_all(dir)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.disk.list(dir)
    }
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        Ok(Arc::new(SlowFile(self.disk.open(path, mode)?, self.syncs.clone())))
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.sync_dir(dir)
    }
    fn lock(&self, path: &Path) -> io::Result<Box<dyn VfsLock>> {
        self.disk.lock(path)
    }
}

impl VfsFile for SlowFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }
    fn write_all_at(&self, data: &[u8], offset: u64) -> io::Result<()> {
        self.0.write_all_at(data, offset)
    }
    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }
    fn sync_data(&self) -> io::Result<()> {
        self.1.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(2));
        self.0.sync_data()
    }
    fn map(&self) -> io::Result<Mapping> {
        self.0.map()
    }
}

fn always(segment_bytes: u64) -> LogOptions {
    LogOptions { sync: SyncPolicy::Always, segment_bytes, ..options() }
}

#[test]
fn many_writers_share_one_fsync() {
    let disk = FaultVfs::new(1);
    let slow = Slow { disk: disk.clone(), syncs: Arc::default() };
    let (log, ..) = open(&slow, always(64 << 20)).unwrap();
    let (writers, each) = (64, 10);
    let before = slow.syncs.load(Ordering::SeqCst);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let (log, disk) = (&log, &disk);
            scope.spawn(move || {
                let names = Rule::new(writers as usize);
                for time_us in 0..each {
                    let change = go(handle(1, writer), time_us, 1.0, 1.0);
                    let seq = log.append(&names, &change).unwrap();
                    log.settle(seq).unwrap();
                    assert!(log.stats().durable_seq >= seq);
                }
                if writer % 16 == 0 {
                    // The power fails now: everything acknowledged is there.
                    let image = disk.crash_image(Survivors::None);
                    let (log, ..) = open(&image, options()).unwrap();
                    let mut points = Vec::new();
                    let of = handle(1, writer);
                    log.trajectory(of, Interval::ALL, Order::OldestFirst, 99, &mut points).unwrap();
                    assert_eq!(points.len(), each as usize);
                }
            });
        }
    });
    let syncs = slow.syncs.load(Ordering::SeqCst) - before;
    let changes = u64::from(writers) * each as u64;
    assert!(syncs <= changes / 8, "{syncs} fsyncs for {changes} changes");
}

#[test]
fn writers_over_rotations_lose_nothing() {
    let disk = FaultVfs::new(1);
    for policy in [SyncPolicy::Always, SyncPolicy::Never] {
        let dir_of = FaultVfs::new(2);
        let options = LogOptions { sync: policy, buffer_size: 5, ..always(2048) };
        let (log, ..) = open(&dir_of, options).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..6 {
                let log = &log;
                scope.spawn(move || {
                    let names = Rule::new(6);
                    for time_us in 0..150 {
                        let change = go(handle(1, writer), time_us, 1.0, 1.0);
                        let seq = log.append(&names, &change).unwrap();
                        log.settle(seq).unwrap();
                        let mut points = Vec::new();
                        let of = handle(1, writer);
                        log.trajectory(of, Interval::ALL, Order::NewestFirst, 200, &mut points)
                            .unwrap();
                        let expected = (0..=time_us).rev();
                        assert!(points.iter().map(|point| point.time_us).eq(expected));
                    }
                });
            }
        });
        assert!(log.stats().segments > 5);
        log.close().unwrap();
        let (log, ..) = open(&dir_of.crash_image(Survivors::None), options).unwrap();
        assert_eq!(log.stats().records - log.stats().segments as u64 * 7, 900 - late(&log));
    }
    assert_eq!(disk.operations(), 0);
}

/// Introductions that the last, short segment does not have.
fn late(log: &spatio::log::Log) -> u64 {
    let stats = log.stats();
    let introduced = stats.segments as u64 * 7;
    900 + introduced - stats.records
}

#[test]
fn a_failed_fsync_fails_everybody_who_waits() {
    let disk = FaultVfs::new(1);
    let slow = Slow { disk: disk.clone(), syncs: Arc::default() };
    let (log, ..) = open(&slow, always(64 << 20)).unwrap();
    disk.fail_next(spatio::vfs::OperationKind::SyncData, 1, spatio::vfs::Fault::Eio);
    std::thread::scope(|scope| {
        for writer in 0..16 {
            let log = &log;
            scope.spawn(move || {
                let change = go(handle(1, writer), 1, 1.0, 1.0);
                let outcome = log.append(&Rule::new(16), &change).and_then(|seq| log.settle(seq));
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Poisoned);
            });
        }
    });
    assert!(log.is_poisoned());
}
