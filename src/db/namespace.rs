//! A handle of one namespace, and what is read of single objects.
//!
//! Owns: the handle, names and handles of objects, `get`. Does not own writing (`write.rs`),
//! batches (`batch.rs`), queries (`asking.rs`) or the past (`past.rs`). Invariants: reads see an
//! object whole, as one update left it.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, NamespaceSettings};
use crate::geom::{Point, Space};
use crate::hot::Row;
use crate::sync::atomic::Ordering;

use super::core::{Core, Place};
use super::database::Database;
use super::limits::check_id;

/// A namespace: objects that share a space and settings. A clone is another handle of it.
#[derive(Clone)]
pub struct Namespace {
    pub(super) core: Arc<Core>,
    pub(super) place: Arc<Place>,
}

impl std::fmt::Debug for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Namespace({:?}, {} objects)", self.place.name, self.len())
    }
}

/// The present state of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    pub(super) id: SmolStr,
    /// The object's handle.
    pub handle: u64,
    /// Where it is.
    pub position: Point,
    /// The event time of that position, in microseconds since 1970-01-01 UTC.
    pub time_us: i64,
    /// When it expires by the database's clock, if it does.
    pub expires_us: Option<i64>,
    /// Its payload, if it has one.
    pub payload: Option<Arc<[u8]>>,
}

/// The numbers of an object's present state, for callers who take neither its id nor its payload
/// along: telling them costs no more than reading them.
#[derive(Clone, Copy)]
pub(crate) struct State {
    pub(crate) handle: u64,
    pub(crate) position: Point,
    pub(crate) time_us: i64,
    /// `i64::MAX`: never.
    pub(crate) expires_us: i64,
    pub(crate) payload_bytes: usize,
}

impl Object {
    /// The object's id.
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Namespace {
    pub(super) fn new(db: &Database, place: Arc<Place>) -> Self {
        Namespace { core: Arc::clone(&db.core), place }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.place.name
    }

    /// What it was made with.
    pub fn settings(&self) -> Result<NamespaceSettings> {
        self.core.check_open("settings")?;
        Ok(self.place.settings)
    }

    /// What its coordinates mean.
    pub fn space(&self) -> Space {
        self.place.settings.space
    }

    /// Whether it keeps every accepted position.
    pub fn has_history(&self) -> bool {
        self.place.settings.history
    }

    /// Objects in the hot state; those that expired and were not swept yet are counted too.
    pub fn len(&self) -> usize {
        self.place.hot.len()
    }

    /// Whether it has no objects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The present moment if anything here can expire, else the beginning of time, which is
    /// cheaper and has the same effect.
    #[inline]
    pub(super) fn now_us(&self) -> i64 {
        match self.place.expires.load(Ordering::Relaxed) {
            true => self.core.clock.now_us(),
            false => i64::MIN,
        }
    }

    /// The handle of `id`, given now if it never had one; it lasts as long as the database.
    pub fn intern(&self, id: &str) -> Result<u64> {
        self.core.check_writable("intern")?;
        check_id("intern", "id", id)?;
        let index = self.intern_index("intern", id)?;
        let handle = self.place.handle(index);
        // What was ever here has its name in the log; of other names it is not known, as the log
        // may have refused them.
        let was_here = || self.place.hot.is_live(index) || self.was_here(index);
        if let Some(log) = self.core.log_for(&self.place).filter(|_| !was_here()) {
            let seq = log.append(&*self.place, &Change::Define { handle, id })?;
            log.settle(seq)?;
        }
        Ok(handle)
    }

    fn was_here(&self, index: u32) -> bool {
        self.place.objects.lock(index).contains_key(&index)
    }

    /// The handle of `id`, if it ever had one.
    pub fn handle(&self, id: &str) -> Result<Option<u64>> {
        self.core.check_open("handle")?;
        check_id("handle", "id", id)?;
        Ok(self.place.hot.find(id).map(|index| self.place.handle(index)))
    }

    /// The id that a handle stands for.
    pub fn id(&self, handle: u64) -> Result<&str> {
        self.core.check_open("id")?;
        let index = self.place.index("id", handle)?;
        Ok(self.place.hot.ids.name(index).unwrap_or_default())
    }

    /// The present state of an object; `None` if it is not here, was deleted or has expired.
    pub fn get(&self, id: &str) -> Result<Option<Object>> {
        self.core.check_open("get")?;
        check_id("get", "id", id)?;
        Ok(self.place.hot.find(id).and_then(|index| self.object(index)))
    }

    /// The same by handle.
    pub fn get_handle(&self, handle: u64) -> Result<Option<Object>> {
        self.core.check_open("get")?;
        Ok(self.object(self.place.index("get", handle)?))
    }

    fn object(&self, index: u32) -> Option<Object> {
        let (hot, now_us) = (&self.place.hot, self.now_us());
        hot.read(index, |leaf, row| {
            let columns = leaf.columns();
            let (spot, expires_us) = (&columns.spots[row], columns.expires_us(row));
            (now_us < expires_us).then(|| Object {
                id: hot.ids.smol(index).cloned().unwrap_or_default(),
                handle: self.place.handle(index),
                position: columns.position(row),
                time_us: spot.time_us,
                expires_us: Some(expires_us).filter(|&at| at != crate::hot::NEVER),
                payload: columns.payload(row),
            })
        })?
    }

    /// The numbers of an object; `None` as for [`Namespace::get`].
    pub(crate) fn state(&self, id: &str) -> Result<Option<State>> {
        self.core.check_open("get")?;
        check_id("get", "id", id)?;
        Ok(self.place.hot.find(id).and_then(|index| self.state_at(index)))
    }

    /// The same by handle.
    #[inline]
    pub(crate) fn state_of_handle(&self, handle: u64) -> Result<Option<State>> {
        self.core.check_open("get")?;
        Ok(self.state_at(self.place.index("get", handle)?))
    }

    #[inline]
    fn state_at(&self, index: u32) -> Option<State> {
        let now_us = self.now_us();
        self.place.hot.read(index, |leaf, row| {
            let columns = leaf.columns();
            let state = State {
                handle: self.place.handle(index),
                position: columns.position(row),
                time_us: columns.spots[row].time_us,
                expires_us: columns.expires_us(row),
                payload_bytes: columns.payload_bytes(row),
            };
            (now_us < state.expires_us).then_some(state)
        })?
    }

    /// The row of an object that is here and has not expired.
    pub(super) fn live(&self, index: u32) -> Option<Row> {
        let row = self.place.hot.get(index)?;
        (self.now_us() < row.expires_us).then_some(row)
    }

    /// The index of an object that has a name here.
    pub(super) fn index_of(&self, operation: &'static str, id: &str) -> Result<u32> {
        check_id(operation, "id", id)?;
        self.place.hot.find(id).ok_or_else(|| {
            let message = format!("object {id:?} was never seen in {:?}", self.place.name);
            Error::new(ErrorKind::NotFound, operation, message)
        })
    }
}
