//! What the tests of the log share: names, a clock that stands, owned changes, directories in
//! memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use spatio::clock::ManualClock;
use spatio::format::Change;
use spatio::log::{Log, LogOptions, Names, RecoveryReport, SyncPolicy};
use spatio::vfs::{MemoryVfs, Vfs};
use spatio::{NamespaceSettings, Point, Result, Space};

// Each test that includes this file uses some of it; these lines use the rest.
const _: fn(&Told) -> bool = is_introduction;
const _: fn(&MemoryVfs, LogOptions) -> (Log, Vec<Told>) = reopen;
const _: fn(u64) -> (MemoryVfs, Vec<Told>) = small_segment;
const _: fn(&[u8], usize) -> Vec<FrameAt> = frames;
const _: fn(&FrameAt) -> (usize, usize, Option<usize>) = |at| (at.start, at.end, at.mark);
const _: fn(u32) -> PathBuf = segment;
const _: fn(&MemoryVfs, &Path) -> Vec<u8> = bytes;

/// Names by rule: namespace `n` is `n<n>`, object `h` is `object-<h>`. Namespace 3 has no history.
#[derive(Debug)]
pub struct Rule(Vec<String>);

impl Rule {
    /// Knows the objects with indices below `objects`, in namespaces 1 to 9.
    pub fn new(objects: usize) -> Self {
        Rule((0..objects).map(|index| format!("object-{index}")).collect())
    }
}

/// The settings of namespace `number`.
pub fn settings(number: u32) -> NamespaceSettings {
    let space = if number == 2 { Space::Cartesian } else { Space::Geographic };
    NamespaceSettings { space, ttl_us: (number == 4).then_some(5_000_000), history: number != 3 }
}

impl Names for Rule {
    fn id(&self, handle: u64) -> &str {
        &self.0[handle as u32 as usize]
    }
    fn namespace(&self, number: u32) -> (String, NamespaceSettings) {
        (format!("n{number}"), settings(number))
    }
}

/// A handle.
pub fn handle(namespace: u32, index: u32) -> u64 {
    u64::from(namespace) << 32 | u64::from(index)
}

/// A move on the ground without expiry that keeps the payload.
pub fn go(handle: u64, time_us: i64, x: f64, y: f64) -> Change<'static> {
    let position = Point::new(x, y);
    Change::Move { handle, time_us, position, expires_us: None, payload: None }
}

/// A change that owns its bytes, as a test remembers it.
pub type Told = (u64, String);

/// A change in words that are equal only if all its bits are.
pub fn tell(change: &Change<'_>) -> String {
    match change {
        Change::Move { handle, time_us, position: p, expires_us, payload } => {
            let bits = [p.x.to_bits(), p.y.to_bits(), p.z.to_bits()];
            format!("move {handle:x} {time_us} {bits:x?} {expires_us:?} {payload:?}")
        }
        other => format!("{other:?}"),
    }
}

/// Whether a change is an introduction, which the log may repeat.
pub fn is_introduction(told: &Told) -> bool {
    told.1.starts_with("Namespace") || told.1.starts_with("Define")
}

/// Where the tests keep their log.
pub fn dir() -> PathBuf {
    PathBuf::from("/db")
}

/// Options that make every run the same and never sync by themselves.
pub fn options() -> LogOptions {
    LogOptions { sync: SyncPolicy::Never, seed: Some(7), ..LogOptions::default() }
}

/// Opens the log in `/db`; what was replayed.
pub fn open(
    vfs: &(impl Vfs + Clone + 'static),
    options: LogOptions,
) -> Result<(Log, RecoveryReport, Vec<Told>)> {
    let mut told = Vec::new();
    let clock = Arc::new(ManualClock::new(1_700_000_000_000_000));
    let (log, report) =
        Log::open(Arc::new(vfs.clone()), &dir(), options, clock, &mut |seq, change| {
            told.push((seq, tell(&change)));
            Ok(())
        })?;
    Ok((log, report, told))
}

/// Opens a log that must be sound.
pub fn reopen(vfs: &(impl Vfs + Clone + 'static), options: LogOptions) -> (Log, Vec<Told>) {
    let (log, report, told) = open(vfs, options).expect("the log opens");
    assert_eq!((report.bytes_dropped, report.first_bad), (0, None));
    (log, told)
}

/// The path of segment `number`.
pub fn segment(number: u32) -> PathBuf {
    dir().join(format!("{number:08}.log"))
}

/// The bytes of a file.
pub fn bytes(vfs: &MemoryVfs, path: &Path) -> Vec<u8> {
    vfs.read(path).expect("the file is there")
}

/// One frame of a segment whose frames are all shorter than 128 bytes.
#[derive(Clone, Copy, Debug)]
pub struct FrameAt {
    pub start: usize,
    pub end: usize,
    /// What a mark calls durable; other frames are `None`.
    pub mark: Option<usize>,
}

/// The frames of a segment, up to `end`.
pub fn frames(bytes: &[u8], end: usize) -> Vec<FrameAt> {
    let mut found = Vec::new();
    let mut start = 64;
    while start < end {
        let end = start + 1 + usize::from(bytes[start]) + 4;
        let durable = || u32::from_le_bytes(bytes[start + 14..start + 18].try_into().unwrap());
        let mark = (bytes[start + 1] == 1).then(|| durable() as usize);
        found.push(FrameAt { start, end, mark });
        start = end;
    }
    found
}

/// A segment that was not sealed: some groups, some of them synced; nothing longer than 127 bytes.
pub fn small_segment(seed: u64) -> (MemoryVfs, Vec<Told>) {
    let vfs = MemoryVfs::new();
    let (log, ..) = open(&vfs, LogOptions { seed: Some(seed), ..options() }).unwrap();
    let names = Rule::new(4);
    let mut told = Vec::new();
    let append = |change: &Change<'_>| log.append(&names, change).map(drop).unwrap();
    for step in 0..12 {
        let to = handle(1 + step % 2, step % 3);
        let time_us = 1_700_000_000_000_000 + i64::from(step) * 1000;
        append(&match step {
            4 => Change::Delete { handle: to, time_us },
            7 => Change::Expire { handle: to, time_us },
            5 => Change::Move {
                handle: to,
                time_us,
                position: Point::new_3d(1.0, 2.0, 3.0),
                expires_us: Some(time_us + 9),
                payload: Some(b"{}"),
            },
            _ => go(to, time_us, f64::from(step), 1.5),
        });
        match step {
            2 | 6 => log.sync().unwrap(),
            3 | 9 => log.flush().unwrap(),
            _ => {}
        }
    }
    log.flush().unwrap();
    drop(log);
    let (log, .., all) = open(&vfs.duplicate(), options()).unwrap();
    drop(log);
    told.extend(all);
    (vfs, told)
}
