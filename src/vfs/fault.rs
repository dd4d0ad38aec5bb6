//! A disk that forgets and fails on purpose, the same way for the same seed.
//!
//! Owns the model of a page cache over a disk: a process sees every write at once, but only what
//! was synced is sure to be there after a power cut, and a file's contents can be durable while its
//! name is not. Does not own workloads or checks; those stand in `crates/sim` and the tests.
//! Invariants: a run on one thread is repeatable to the byte; taking a crash image changes nothing;
//! a failed sync is final for the data that it was to make durable.

mod crash;
mod disk;
mod pending;
mod plan;

pub use crash::Survivors;
pub use plan::{Fault, Operation, OperationKind};

use super::memory::{MemoryVfs, Snapshot, read_exact};
use super::path::normal;
use super::{Mapping, OpenMode, Vfs, VfsFile, VfsLock};
use crate::prng::Prng;
use crate::sync::Mutex;
use disk::Disk;
use plan::{Plan, Rule, Scope};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Called after every operation, when it has had its effect.
pub type Observer = Arc<dyn Fn(&FaultVfs, &Operation) + Send + Sync>;

/// A disk in memory with faults and power cuts. Clones share the disk.
///
/// Operations are numbered from 1. Every call of [`Vfs`] and [`VfsFile`] counts, reads too.
#[derive(Clone)]
pub struct FaultVfs {
    shared: Arc<Shared>,
    /// Which process this handle belongs to; see [`FaultVfs::kill`].
    life: u64,
}

struct Shared {
    state: Mutex<State>,
    observer: Mutex<Option<Observer>>,
}

struct State {
    disk: Disk,
    plan: Plan,
    operations: u64,
    trace: Option<Vec<Operation>>,
    life: u64,
    seed: u64,
}

impl FaultVfs {
    /// An empty disk; `seed` decides how much of a short write is written.
    pub fn new(seed: u64) -> Self {
        FaultVfs::from_image(&MemoryVfs::new(), seed)
    }

    /// A disk with the files of `image`, all durable: the machine after a power cut.
    pub fn from_image(image: &MemoryVfs, seed: u64) -> Self {
        let state = State {
            disk: Disk::from_image(image),
            plan: Plan::default(),
            operations: 0,
            trace: None,
            life: 0,
            seed,
        };
        let shared = Shared { state: Mutex::new(state), observer: Mutex::new(None) };
        FaultVfs { shared: Arc::new(shared), life: 0 }
    }

    /// How many operations were begun so far; the next one has this number plus one.
    pub fn operations(&self) -> u64 {
        self.shared.state.lock().operations
    }

    /// Makes operation `number` fail.
    pub fn fail_at(&self, number: u64, fault: Fault) {
        let number = number.max(1);
        self.add_rule(Rule { from: number, scope: Scope::Any, times: 1, fault });
    }

    /// Makes operation `number` and all later ones fail, until [`FaultVfs::heal`].
    pub fn fail_from(&self, number: u64, fault: Fault) {
        self.add_rule(Rule { from: number, scope: Scope::Any, times: u64::MAX, fault });
    }

    /// Makes operations from `number` on fail if they would change the disk, until
    /// [`FaultVfs::heal`]; reads go on.
    pub fn fail_changes_from(&self, number: u64, fault: Fault) {
        self.add_rule(Rule { from: number, scope: Scope::Changes, times: u64::MAX, fault });
    }

    /// Makes the next operation of `kind` fail, and the `times - 1` of that kind after it.
    pub fn fail_next(&self, kind: OperationKind, times: u64, fault: Fault) {
        self.add_rule(Rule { from: 0, scope: Scope::Kind(kind), times, fault });
    }

    /// As [`FaultVfs::fail_next`], for operations from `number` on.
    pub fn fail_next_from(&self, number: u64, kind: OperationKind, times: u64, fault: Fault) {
        self.add_rule(Rule { from: number, scope: Scope::Kind(kind), times, fault });
    }

    fn add_rule(&self, rule: Rule) {
        self.shared.state.lock().plan.add(rule);
    }

    /// Drops every planned fault. What a failed sync lost stays lost.
    pub fn heal(&self) {
        self.shared.state.lock().plan.clear();
    }

    /// Limits the bytes of all files together, or lifts the limit. A write that does not fit
    /// writes what fits and fails; a disk that is wholly full takes no new file.
    pub fn set_capacity(&self, bytes: Option<u64>) {
        self.shared.state.lock().disk.capacity = bytes;
    }

    /// The bytes of all files together.
    pub fn used(&self) -> u64 {
        self.shared.state.lock().disk.used()
    }

    /// The disk as a power cut at this moment could leave it. The running disk goes on unchanged,
    /// so one run yields many images.
    pub fn crash_image(&self, choice: Survivors) -> MemoryVfs {
        crash::image(&self.shared.state.lock().disk, choice)
    }

    /// Kills the process and keeps the machine running: every handle made before fails from now
    /// on and holds no lock; what was written but not synced is still visible through the handle
    /// that is returned, and still not durable.
    #[must_use]
    pub fn kill(&self) -> FaultVfs {
        let mut state = self.shared.state.lock();
        state.life += 1;
        state.disk.unlock_all();
        FaultVfs { shared: self.shared.clone(), life: state.life }
    }

    /// Begins to remember operations, or stops and forgets them.
    pub fn set_trace(&self, on: bool) {
        self.shared.state.lock().trace = on.then(Vec::new);
    }

    /// The operations since tracing began.
    pub fn trace(&self) -> Vec<Operation> {
        self.shared.state.lock().trace.clone().unwrap_or_default()
    }

    /// Has `observer` called after every operation, on the thread that did it and with no lock of
    /// the disk held. It may take images; it must not do operations on this disk.
    pub fn set_observer(&self, observer: Option<Observer>) {
        *self.shared.observer.lock() = observer;
    }

    /// Counts an operation, meets its fault if one is planned, and lets `act` do it.
    fn perform<T>(
        &self,
        kind: OperationKind,
        path: &Path,
        extent: (u64, u64),
        act: impl FnOnce(&mut Disk, &Step<'_>) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.shared.state.lock();
        if state.life != self.life {
            return Err(io::Error::other("the process of this handle was killed"));
        }
        state.operations += 1;
        let number = state.operations;
        let fault = state.plan.take(number, kind);
        let (offset, length) = extent;
        let operation = Operation { number, kind, path: path.to_owned(), offset, length, fault };
        if let Some(trace) = &mut state.trace {
            trace.push(operation.clone());
        }
        let step = Step { operation: &operation, seed: state.seed };
        let result = act(&mut state.disk, &step);
        drop(state);
        let observer = self.shared.observer.lock().clone();
        if let Some(observer) = observer {
            observer(self, &operation);
        }
        result
    }
}

/// The operation that is being done.
struct Step<'a> {
    operation: &'a Operation,
    seed: u64,
}

impl Step<'_> {
    fn number(&self) -> u64 {
        self.operation.number
    }

    /// The planned fault, as the error that the caller will see.
    fn fault(&self) -> Option<(Fault, io::Error)> {
        self.operation.fault.map(|fault| (fault, fault.error(self.operation)))
    }

    /// Fails if a fault is planned: enough for an operation that leaves nothing behind.
    fn check(&self) -> io::Result<()> {
        self.fault().map_or(Ok(()), |(_, error)| Err(error))
    }
}

impl fmt::Debug for FaultVfs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultVfs(after {} operations)", self.operations())
    }
}

impl Vfs for FaultVfs {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        let dir = normal(dir);
        self.perform(OperationKind::CreateDir, &dir, (0, 0), |disk, step| {
            step.check()?;
            disk.create_dir_all(&dir)
        })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let dir = normal(dir);
        self.perform(OperationKind::List, &dir, (0, 0), |disk, step| {
            step.check()?;
            disk.list(&dir)
        })
    }

    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Arc<dyn VfsFile>> {
        let path = normal(path);
        let kind = match mode {
            OpenMode::Read | OpenMode::ReadWrite => OperationKind::Open,
            OpenMode::CreateNew => OperationKind::Create,
        };
        let inode = self.perform(kind, &path, (0, 0), |disk, step| {
            step.check()?;
            match mode {
                OpenMode::Read | OpenMode::ReadWrite => disk.find(&path),
                OpenMode::CreateNew => disk.create(step.number(), &path),
            }
        })?;
        let writable = mode != OpenMode::Read;
        Ok(Arc::new(FaultFile { vfs: self.clone(), path, inode, writable }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (normal(from), normal(to));
        self.perform(OperationKind::Rename, &from, (0, 0), |disk, step| {
            step.check()?;
            disk.rename(step.number(), &from, &to)
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let path = normal(path);
        self.perform(OperationKind::Remove, &path, (0, 0), |disk, step| {
            step.check()?;
            disk.remove(step.number(), &path)
        })
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let dir = normal(dir);
        self.perform(OperationKind::SyncDir, &dir, (0, 0), |disk, step| {
            // Names are journaled: a journal that failed lets no later sync succeed, so after one
            // that did, what the failed one left is durable too.
            step.check()?;
            disk.directory(&dir)?.sync();
            Ok(())
        })
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn VfsLock>> {
        let path = normal(path);
        let token = self.perform(OperationKind::Lock, &path, (0, 0), |disk, step| {
            step.check()?;
            disk.lock(step.number(), &path)
        })?;
        Ok(Box::new(FaultLock { shared: self.shared.clone(), path, token }))
    }
}

/// An open file of a [`FaultVfs`].
#[derive(Debug)]
struct FaultFile {
    vfs: FaultVfs,
    path: PathBuf,
    inode: u64,
    writable: bool,
}

impl FaultFile {
    fn check_writable(&self) -> io::Result<()> {
        if self.writable { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// Writes what a short write leaves behind: at least a byte less than was asked for.
    fn write_part(
        &self,
        disk: &mut Disk,
        step: &Step<'_>,
        data: &[u8],
        offset: u64,
    ) -> io::Result<()> {
        let part = Prng::for_part(step.seed, step.number()).index(data.len());
        disk.write(step.number(), self.inode, offset, &data[..part])
    }
}

impl VfsFile for FaultFile {
    fn len(&self) -> io::Result<u64> {
        self.vfs.perform(OperationKind::Len, &self.path, (0, 0), |disk, step| {
            step.check()?;
            Ok(disk.inode(self.inode).visible.len() as u64)
        })
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let extent = (offset, buffer.len() as u64);
        self.vfs.perform(OperationKind::Read, &self.path, extent, |disk, step| {
            step.check()?;
            read_exact(&disk.inode(self.inode).visible, buffer, offset)
        })
    }

    fn write_all_at(&self, data: &[u8], offset: u64) -> io::Result<()> {
        let extent = (offset, data.len() as u64);
        self.vfs.perform(OperationKind::Write, &self.path, extent, |disk, step| {
            self.check_writable()?;
            match step.fault() {
                None => disk.write(step.number(), self.inode, offset, data),
                Some((fault, error)) => {
                    if fault.writes_a_part() {
                        self.write_part(disk, step, data, offset)?;
                    }
                    Err(error)
                }
            }
        })
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.vfs.perform(OperationKind::SetLen, &self.path, (len, 0), |disk, step| {
            self.check_writable()?;
            step.check()?;
            disk.set_len(step.number(), self.inode, len)
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.vfs.perform(OperationKind::SyncData, &self.path, (0, 0), |disk, step| {
            let inode = disk.inode(self.inode);
            if let Some((_, error)) = step.fault() {
                inode.lose();
                return Err(error);
            }
            inode.sync();
            Ok(())
        })
    }

    fn map(&self) -> io::Result<Mapping> {
        self.vfs.perform(OperationKind::Map, &self.path, (0, 0), |disk, step| {
            step.check()?;
            let inode = disk.inode(self.inode);
            Ok(Mapping::new(Snapshot(Arc::new(inode.visible.clone()))))
        })
    }
}

/// A lock on a path of a [`FaultVfs`].
struct FaultLock {
    shared: Arc<Shared>,
    path: PathBuf,
    token: u64,
}

impl fmt::Debug for FaultLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultLock({})", self.path.display())
    }
}

impl VfsLock for FaultLock {}

impl Drop for FaultLock {
    fn drop(&mut self) {
        self.shared.state.lock().disk.unlock(&self.path, self.token);
    }
}
