//! A store of one file, small enough to be read at once, that is right unless it is told not to be.
//!
//! What its records mean is left to the model; what it does itself is to keep them. Each defect is
//! a mistake that real stores made.

use spatio::clock::{Clock, ManualClock};
use spatio::vfs::{OpenMode, Vfs, VfsFile, VfsLock};
use spatio::{Error, ErrorKind};
use spatio_sim::model::Model;
use spatio_sim::state::Picture;
use spatio_sim::subject::{Subject, Told};
use spatio_sim::workload::{Fix, Op, Policy, Setup};
use std::io;
use std::sync::{Arc, Mutex};

/// A mistake, by number, since a `Subject` has no settings of its own.
pub(crate) const NONE: u8 = 0;
/// The name of the new file is not made durable.
pub(crate) const NO_DIRECTORY_SYNC: u8 = 1;
/// A write is acknowledged before it is durable.
pub(crate) const NO_SYNC: u8 = 2;
/// Torn records are taken for whole ones.
pub(crate) const NO_CHECKSUM: u8 = 3;
/// A sync that failed is tried again, and believed.
pub(crate) const SYNC_AGAIN: u8 = 4;
/// The torn tail is left in place, and the next records follow it.
pub(crate) const TAIL_STAYS: u8 = 5;
/// What a killed process left in the page cache is taken for durable.
pub(crate) const CACHE_IS_TRUSTED: u8 = 6;
/// A record that could not be written whole is left as it is.
pub(crate) const PART_STAYS: u8 = 7;
/// A refused change stays in memory.
pub(crate) const REFUSED_IS_APPLIED: u8 = 8;

/// The store.
pub(crate) struct Toy<const DEFECT: u8> {
    setup: Setup,
    clock: Arc<ManualClock>,
    file: Arc<dyn VfsFile>,
    state: Mutex<State>,
    _lock: Option<Box<dyn VfsLock>>,
}

struct State {
    model: Model,
    end: u64,
    dropped: bool,
    poisoned: bool,
}

fn failed(setup: &Setup, what: &'static str) -> impl Fn(io::Error) -> Error {
    let path = setup.dir.clone();
    move |error| Error::io(what, &path, error)
}

impl<const DEFECT: u8> Subject for Toy<DEFECT> {
    fn open(vfs: Arc<dyn Vfs>, clock: Arc<ManualClock>, setup: &Setup) -> Result<Self, Error> {
        let failed = failed(setup, "open");
        let path = setup.dir.join("log");
        let (lock, file) = if setup.read_only {
            let file = vfs.open(&path, OpenMode::Read).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => Error::new(ErrorKind::NotFound, "open", "no log"),
                _ => failed(error),
            })?;
            (None, file)
        } else {
            vfs.create_dir_all(&setup.dir).map_err(&failed)?;
            let lock = vfs.lock(&setup.dir.join("LOCK")).map_err(&failed)?;
            let exists = vfs.list(&setup.dir).map_err(&failed)?.contains(&"log".to_owned());
            let mode = if exists { OpenMode::ReadWrite } else { OpenMode::CreateNew };
            let file = vfs.open(&path, mode).map_err(&failed)?;
            if DEFECT != NO_DIRECTORY_SYNC {
                vfs.sync_dir(&setup.dir).map_err(&failed)?;
            }
            (Some(lock), file)
        };
        let mut bytes = vec![0; file.len().map_err(&failed)? as usize];
        file.read_exact_at(&mut bytes, 0).map_err(&failed)?;
        let mut model = Model::new(setup, clock.now_us());
        let mut end = 0;
        while let Some((op, now_us, next)) = decode(&bytes, end, DEFECT != NO_CHECKSUM) {
            model.set_now(now_us);
            model.tell(&op);
            end = next;
        }
        model.set_now(clock.now_us());
        if setup.read_only {
            // It only looks.
        } else if DEFECT != TAIL_STAYS {
            file.set_len(end as u64).map_err(&failed)?;
        } else {
            end = bytes.len();
        }
        if DEFECT != CACHE_IS_TRUSTED && !setup.read_only {
            // A sync that failed in another life may have left clean pages that are nowhere else.
            file.write_all_at(&bytes[..end], 0).map_err(&failed)?;
            file.sync_data().map_err(&failed)?;
        }
        let dropped = end < bytes.len();
        let state = State { model, end: end as u64, dropped, poisoned: false };
        let setup = setup.clone();
        Ok(Toy { setup, clock, file, state: Mutex::new(state), _lock: lock })
    }

    fn apply(&self, op: &Op) -> Result<Told, Error> {
        let mut state = self.state.lock().unwrap();
        if state.poisoned {
            return Err(Error::new(ErrorKind::Poisoned, "write", "an earlier sync failed"));
        }
        let now_us = self.clock.now_us();
        state.model.set_now(now_us);
        let mut told = Told::Done;
        let ops = split(op);
        let mut late = 0;
        for op in &ops {
            let mut after = state.model.clone();
            let one = after.tell(op);
            late += usize::from(one == Told::Wrote(spatio_sim::subject::Outcome::Late));
            told = one;
            if after.len() > state.model.len() {
                let written = self.append(&mut state, op, now_us);
                if written.is_ok() || DEFECT == REFUSED_IS_APPLIED {
                    state.model = after;
                }
                written?;
            }
        }
        if matches!(op, Op::Columns { .. }) {
            told = Told::Batch { applied: ops.len() - late, late };
        }
        let always = self.setup.policy == Policy::Always && DEFECT != NO_SYNC;
        if always || matches!(op, Op::Sync | Op::Checkpoint) {
            self.sync(&mut state)?;
        }
        Ok(told)
    }

    fn look(&self, _: &Setup) -> Result<Picture, Error> {
        let mut model = self.state.lock().unwrap().model.clone();
        model.set_now(self.clock.now_us());
        Ok(model.picture())
    }

    fn is_poisoned(&self) -> bool {
        self.state.lock().unwrap().poisoned
    }

    fn is_sound(vfs: &dyn Vfs, setup: &Setup) -> Result<bool, Error> {
        let failed = failed(setup, "check");
        let path = setup.dir.join("log");
        let Ok(file) = vfs.open(&path, OpenMode::Read) else { return Ok(true) };
        let mut bytes = vec![0; file.len().map_err(&failed)? as usize];
        file.read_exact_at(&mut bytes, 0).map_err(&failed)?;
        let mut end = 0;
        while let Some((_, _, next)) = decode(&bytes, end, DEFECT != NO_CHECKSUM) {
            end = next;
        }
        Ok(end == bytes.len())
    }

    fn reports_loss(&self) -> bool {
        self.state.lock().unwrap().dropped
    }

    fn close(self) -> Result<(), Error> {
        self.apply(&Op::Sync).map(|_| ())
    }
}

impl<const DEFECT: u8> Toy<DEFECT> {
    fn append(&self, state: &mut State, op: &Op, now_us: i64) -> Result<(), Error> {
        let record = encode(op, now_us);
        if let Err(error) = self.file.write_all_at(&record, state.end) {
            if DEFECT == PART_STAYS {
                state.end = self.file.len().unwrap_or(state.end);
            } else if self.file.set_len(state.end).is_err() {
                state.poisoned = true;
            }
            return Err(failed(&self.setup, "write")(error));
        }
        state.end += record.len() as u64;
        Ok(())
    }

    fn sync(&self, state: &mut State) -> Result<(), Error> {
        let Err(error) = self.file.sync_data() else { return Ok(()) };
        if DEFECT == SYNC_AGAIN && self.file.sync_data().is_ok() {
            return Ok(());
        }
        state.poisoned = true;
        Err(failed(&self.setup, "sync")(error))
    }
}

/// The rows of a batch one by one; a record is a row.
fn split(op: &Op) -> Vec<Op> {
    match op {
        Op::Columns { namespace, fixes } => {
            let row = |fix: &Fix| Op::Upsert {
                namespace: *namespace,
                fix: *fix,
                payload: None,
                ttl_us: None,
            };
            fixes.iter().map(row).collect()
        }
        op => vec![op.clone()],
    }
}

fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn encode(op: &Op, now_us: i64) -> Vec<u8> {
    let mut body = now_us.to_le_bytes().to_vec();
    match op {
        Op::Upsert { namespace, fix, payload, ttl_us } => {
            body.extend([1, *namespace as u8, fix.object as u8, u8::from(payload.is_some())]);
            body.extend(fix.time_us.to_le_bytes());
            body.extend(ttl_us.unwrap_or(0).to_le_bytes());
            fix.position.iter().for_each(|axis| body.extend(axis.to_le_bytes()));
            body.extend(payload.iter().flatten());
        }
        Op::Delete { namespace, object } => body.extend([2, *namespace as u8, *object as u8, 0]),
        Op::Namespace(namespace) => body.extend([3, *namespace as u8, 0, 0]),
        _ => {}
    }
    let length = (body.len() as u32).to_le_bytes();
    [&length[..], &checksum(&body).to_le_bytes(), &body].concat()
}

fn decode(bytes: &[u8], start: usize, check: bool) -> Option<(Op, i64, usize)> {
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let length = word(start)? as usize;
    let end = start + 8 + length;
    let body = bytes.get(start + 8..end)?;
    if length < 12 || (check && word(start + 4)? != checksum(body)) {
        return None;
    }
    let long = |at: usize| Some(i64::from_le_bytes(body.get(at..at + 8)?.try_into().ok()?));
    let (namespace, object) = (usize::from(body[9]) % 3, usize::from(body[10]));
    let op = match body[8] {
        1 => {
            let axis = |index: usize| Some(f64::from_bits(long(28 + 8 * index)? as u64));
            let position = [axis(0)?, axis(1)?, axis(2)?];
            let ttl_us = Some(long(20)?).filter(|ttl_us| *ttl_us != 0);
            let payload = (body[11] != 0).then(|| body[52..].to_vec());
            let fix = Fix { object, time_us: long(12)?, position };
            Op::Upsert { namespace, fix, payload, ttl_us }
        }
        2 => Op::Delete { namespace, object },
        _ => Op::Namespace(namespace),
    };
    Some((op, long(0)?, end))
}
