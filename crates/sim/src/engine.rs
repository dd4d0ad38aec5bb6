//! The engine as a subject.
//!
//! Owns the translation of operations into calls of the public interface, and the looking: every
//! object by its id, every track in both orders, and the index through a query, which must agree.

use crate::state::{Bits, Live, Picture, Seen};
use crate::subject::{Outcome, Subject, Told};
use crate::workload::{Fix, NamespaceSetup, Op, Policy, Setup};
use spatio::clock::ManualClock;
use spatio::vfs::Vfs;
use spatio::{
    Database, Error, ErrorKind, Interpolation, Interval, Moves, Namespace, NamespaceOptions,
    Options, Order, Point, Query, RecoveryMode, SyncPolicy, Upsert,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// An open database.
#[derive(Debug)]
pub struct Engine {
    db: Database,
    setup: Setup,
}

impl Engine {
    fn namespace(&self, namespace: usize) -> Result<Namespace, Error> {
        let setup = &self.setup.namespaces[namespace];
        self.db.create_namespace(&setup.name, &settings(setup))
    }

    fn upsert(
        &self,
        namespace: usize,
        fix: &Fix,
        payload: Option<&[u8]>,
        ttl_us: Option<i64>,
    ) -> Result<Told, Error> {
        let mut with = Upsert::new().time_us(fix.time_us);
        if let Some(payload) = payload {
            with = with.payload(payload);
        }
        if let Some(ttl_us) = ttl_us {
            with = with.ttl(Duration::from_micros(ttl_us.unsigned_abs()));
        }
        let id = self.setup.id(fix.object);
        let written = self.namespace(namespace)?.upsert_with(&id, point(fix.position), &with)?;
        Ok(Told::Wrote(match written.outcome {
            spatio::Outcome::Created => Outcome::Created,
            spatio::Outcome::Moved => Outcome::Moved,
            spatio::Outcome::Late => Outcome::Late,
        }))
    }

    fn columns(&self, namespace: usize, fixes: &[Fix]) -> Result<Told, Error> {
        let namespace = self.namespace(namespace)?;
        let handles: Result<Vec<u64>, Error> =
            fixes.iter().map(|fix| namespace.intern(&self.setup.id(fix.object))).collect();
        let column = |axis: usize| fixes.iter().map(|fix| fix.position[axis]).collect::<Vec<_>>();
        let times: Vec<i64> = fixes.iter().map(|fix| fix.time_us).collect();
        let outcome = namespace.upsert_columns(&Moves {
            handles: &handles?,
            x: &column(0),
            y: &column(1),
            z: Some(&column(2)),
            time_us: Some(&times),
        })?;
        Ok(Told::Batch { applied: outcome.applied, late: outcome.late })
    }
}

impl Subject for Engine {
    fn open(vfs: Arc<dyn Vfs>, clock: Arc<ManualClock>, setup: &Setup) -> Result<Self, Error> {
        let policy = match setup.policy {
            Policy::Always => SyncPolicy::Always,
            Policy::Every(us) => SyncPolicy::Every(Duration::from_micros(us)),
            Policy::Never => SyncPolicy::Never,
        };
        let options = Options::new()
            .sync(policy)
            .buffer_size(setup.buffer_size)
            .segment_bytes(setup.segment_bytes)
            .clock(clock)
            .vfs(vfs)
            .seed(setup.seed)
            .background(false)
            .read_only(setup.read_only)
            .recovery(match setup.salvage {
                true => RecoveryMode::Salvage,
                false => RecoveryMode::Strict,
            });
        Ok(Engine { db: options.open(&setup.dir)?, setup: setup.clone() })
    }

    fn apply(&self, op: &Op) -> Result<Told, Error> {
        match op {
            Op::Namespace(namespace) => self.namespace(*namespace).map(|_| Told::Done),
            Op::Upsert { namespace, fix, payload, ttl_us } => {
                self.upsert(*namespace, fix, payload.as_deref(), *ttl_us)
            }
            Op::Columns { namespace, fixes } => self.columns(*namespace, fixes),
            Op::Delete { namespace, object } => {
                let gone = self.namespace(*namespace)?.delete(&self.setup.id(*object))?;
                Ok(Told::Deleted(gone))
            }
            Op::Sweep => self.db.sweep().map(|_| Told::Done),
            Op::Flush => self.db.flush().map(|()| Told::Done),
            Op::Sync => self.db.sync().map(|()| Told::Done),
            Op::Checkpoint => self.db.checkpoint().map(|()| Told::Done),
            Op::Clock(_) | Op::Reopen | Op::Kill => Ok(Told::Done),
        }
    }

    fn look(&self, setup: &Setup) -> Result<Picture, Error> {
        let mut picture = Picture::default();
        let names = self.db.namespaces();
        for (number, namespace) in setup.namespaces.iter().enumerate() {
            if names.contains(&namespace.name) {
                let seen = look_at(&self.db.namespace(&namespace.name)?, namespace, setup)?;
                picture.0.insert(number, seen);
            }
        }
        Ok(picture)
    }

    fn is_poisoned(&self) -> bool {
        self.db.flush().is_err_and(|error| error.kind() == ErrorKind::Poisoned)
    }

    fn is_sound(vfs: &dyn Vfs, setup: &Setup) -> Result<bool, Error> {
        spatio::log::check(vfs, &setup.dir).map(|report| report.sound)
    }

    fn reports_loss(&self) -> bool {
        let report = self.db.recovery();
        report.bytes_dropped > 0 || report.first_bad.is_some() || !report.notes.is_empty()
    }

    fn close(self) -> Result<(), Error> {
        self.db.close()
    }
}

fn settings(setup: &NamespaceSetup) -> NamespaceOptions {
    let mut options = match setup.geographic {
        true => NamespaceOptions::geographic(),
        false => NamespaceOptions::cartesian(),
    };
    if let Some(ttl_us) = setup.ttl_us {
        options = options.ttl(Duration::from_micros(ttl_us.unsigned_abs()));
    }
    options.history(setup.history)
}

fn point(position: [f64; 3]) -> Point {
    Point::new_3d(position[0], position[1], position[2])
}

fn bits(point: Point) -> Bits {
    [point.x, point.y, point.z].map(f64::to_bits)
}

/// Two ways of reading that must agree, and do not.
fn disagree(what: String) -> Error {
    Error::new(ErrorKind::Internal, "look", what)
}

fn look_at(
    namespace: &Namespace,
    setup: &NamespaceSetup,
    all: &Setup,
) -> Result<BTreeMap<usize, Seen>, Error> {
    let rows = namespace.query(&Query::everywhere())?;
    let mut indexed: BTreeMap<&str, (Bits, i64)> = BTreeMap::new();
    for row in rows.iter() {
        if indexed.insert(row.id, (bits(row.position), row.time_us)).is_some() {
            return Err(disagree(format!("a query gives {} twice", row.id)));
        }
    }
    let mut objects = BTreeMap::new();
    for object in 0..all.objects {
        let id = all.id(object);
        let found = namespace.get(&id)?;
        let by_query = indexed.remove(id.as_str());
        let by_id = found.as_ref().map(|found| (bits(found.position), found.time_us));
        if by_query != by_id {
            return Err(disagree(format!("{id}: {by_id:?} by id, {by_query:?} by query")));
        }
        let live = found.map(|found| Live {
            time_us: found.time_us,
            position: bits(found.position),
            payload: found.payload.filter(|bytes| !bytes.is_empty()).map(|bytes| bytes.to_vec()),
        });
        let track = if setup.history { track(namespace, &id)? } else { Vec::new() };
        let seen = Seen { live, track };
        if !seen.is_empty() {
            objects.insert(object, seen);
        }
    }
    match indexed.first_key_value() {
        Some((id, _)) => Err(disagree(format!("a query gives the unknown object {id}"))),
        None => Ok(objects),
    }
}

fn track(namespace: &Namespace, id: &str) -> Result<Vec<(i64, Bits)>, Error> {
    if namespace.handle(id)?.is_none() {
        return Ok(Vec::new());
    }
    let read = |order, limit| -> Result<Vec<(i64, Bits)>, Error> {
        let track = namespace.trajectory(id, Interval::ALL, order, limit)?;
        Ok(track.iter().map(|(time_us, point)| (time_us, bits(point))).collect())
    };
    let track = read(Order::OldestFirst, usize::MAX)?;
    let newest = read(Order::NewestFirst, 3)?;
    if !newest.iter().eq(track.iter().rev().take(3)) {
        return Err(disagree(format!("the newest of {id} are {newest:?}, of {track:?}")));
    }
    if let Some((time_us, _)) = track.get(track.len() / 2) {
        let last = track.iter().rev().find(|(time, _)| time <= time_us).map(|(_, at)| *at);
        let there = namespace.position_at(id, *time_us, Interpolation::Last)?.map(bits);
        if there != last {
            return Err(disagree(format!("{id} at {time_us}: {there:?}, its track says {last:?}")));
        }
    }
    Ok(track)
}
