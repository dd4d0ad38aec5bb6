//! The write path: validate, append to the log, apply to the hot state, return.
//!
//! Owns: what makes an update late, what expires when, and the order log-then-memory. Does not own
//! frames or leaves. Invariants: a refused update changes nothing; an update that the log did not
//! take is not applied; an object that expired is laid to rest in the log before it is written to
//! again, so that replaying needs no clock.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};
use crate::format::Change;
use crate::geom::{Point, Space};
use crate::hot::{NEVER, Placement};
use crate::log::Log;
use crate::sync::MutexGuard;
use crate::sync::atomic::Ordering;

use super::core::{Core, Place};
use super::limits::{check_id, check_payload};
use super::namespace::Namespace;
use super::objects::Tombstones;

/// What an update did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The object was not there before.
    Created,
    /// It was there, and is now where the update says.
    Moved,
    /// The update is older than what is known: it went to history and moved nothing.
    Late,
}

/// The receipt of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The object's handle.
    pub handle: u64,
    /// What the update did.
    pub outcome: Outcome,
    /// Its place in the order of all changes; 0 in a namespace that keeps no log.
    pub seq: u64,
}

/// What may come with an update besides a position.
#[derive(Clone, Copy, Debug, Default)]
pub struct Upsert<'a> {
    pub(super) time_us: Option<i64>,
    pub(super) ttl: Option<Duration>,
    pub(super) payload: Option<&'a [u8]>,
}

impl<'a> Upsert<'a> {
    /// Nothing: the time is now, the time to live the namespace's, the payload stays.
    pub fn new() -> Self {
        Upsert::default()
    }

    /// The event time, in microseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn time_us(mut self, time_us: i64) -> Self {
        self.time_us = Some(time_us);
        self
    }

    /// How long from now, by the database's clock, the object lives without another update.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Replaces the payload; an empty one removes it.
    #[must_use]
    pub fn payload(mut self, payload: &'a [u8]) -> Self {
        self.payload = Some(payload);
        self
    }
}

/// One update, checked.
#[derive(Clone, Copy)]
pub(super) struct Update<'a> {
    pub(super) position: Point,
    pub(super) time_us: i64,
    pub(super) expires_us: i64,
    pub(super) payload: Option<&'a [u8]>,
}

/// Refuses an update that no namespace of `space` takes.
pub(super) fn check_update(
    operation: &'static str,
    space: Space,
    id: &str,
    position: Point,
    with: &Upsert<'_>,
) -> Result<()> {
    check_id(operation, "id", id)?;
    check_state(operation, space, position, with)
}

fn check_state(
    operation: &'static str,
    space: Space,
    position: Point,
    with: &Upsert<'_>,
) -> Result<()> {
    space.validate(operation, position)?;
    check_payload(operation, with.payload)?;
    match with.ttl {
        Some(ttl) if ttl.is_zero() => Err(Error::invalid(operation, "ttl is 0, expected more")),
        _ => Ok(()),
    }
}

/// When an update that lives `ttl` from now expires.
pub(super) fn expiry(now_us: i64, ttl_us: Option<i64>) -> i64 {
    ttl_us.map_or(NEVER, |ttl_us| now_us.saturating_add(ttl_us).min(NEVER - 1))
}

impl Namespace {
    /// Says that object `id` is at `position` now; `payload` `None` keeps the one it has, an empty
    /// one removes it.
    pub fn upsert(&self, id: &str, position: Point, payload: Option<&[u8]>) -> Result<Written> {
        self.upsert_with(id, position, &Upsert { payload, ..Upsert::default() })
    }

    /// The same with an event time or a time to live.
    ///
    /// ```
    /// # use spatio::{Database, NamespaceOptions, Outcome, Point, Upsert};
    /// # let db = Database::memory();
    /// let ships = db.create_namespace("ships", &NamespaceOptions::geographic())?;
    /// let at = |time_us| Upsert::new().time_us(time_us);
    /// ships.upsert_with("IMO 9074729", Point::new(4.0, 51.9), &at(2_000_000))?;
    /// let late = ships.upsert_with("IMO 9074729", Point::new(3.9, 51.9), &at(1_000_000))?;
    /// assert_eq!(late.outcome, Outcome::Late);
    /// # Ok::<(), spatio::Error>(())
    /// ```
    pub fn upsert_with(&self, id: &str, position: Point, with: &Upsert<'_>) -> Result<Written> {
        const OPERATION: &str = "upsert";
        self.core.check_writable(OPERATION)?;
        check_update(OPERATION, self.space(), id, position, with)?;
        self.place.hot.fetch_hint(position);
        let index = self.intern_index(OPERATION, id)?;
        let leaves = self.place.hot.fetch_leaves(index, position);
        // The clock is asked while the leaves are on their way.
        let update = self.update(position, with);
        leaves.fetch_rows();
        let written = self.core.write(&self.place, index, &update)?;
        self.core.settle(&self.place, written.seq)?;
        Ok(written)
    }

    /// An update that was checked, with its times.
    pub(super) fn update<'a>(&self, position: Point, with: &Upsert<'a>) -> Update<'a> {
        let ttl_us = match with.ttl {
            Some(ttl) => Some(i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX)),
            None => self.place.settings.ttl_us,
        };
        // The clock is read only where it is needed: it costs as much as the move itself.
        let now_us = match (with.time_us, ttl_us) {
            (Some(time_us), None) => time_us,
            _ => self.core.clock.now_us(),
        };
        Update {
            position,
            time_us: with.time_us.unwrap_or(now_us),
            expires_us: expiry(now_us, ttl_us),
            payload: with.payload,
        }
    }

    /// The same for an object whose handle is known.
    pub fn upsert_handle(
        &self,
        handle: u64,
        position: Point,
        with: &Upsert<'_>,
    ) -> Result<Written> {
        const OPERATION: &str = "upsert_handle";
        self.core.check_writable(OPERATION)?;
        let index = self.place.index(OPERATION, handle)?;
        check_state(OPERATION, self.space(), position, with)?;
        let written = self.core.write(&self.place, index, &self.update(position, with))?;
        self.core.settle(&self.place, written.seq)?;
        Ok(written)
    }

    /// Removes an object from the present; its track stays. False if it was not there.
    pub fn delete(&self, id: &str) -> Result<bool> {
        self.core.check_writable("delete")?;
        check_id("delete", "id", id)?;
        match self.place.hot.find(id) {
            Some(index) => self.core.delete(&self.place, index),
            None => Ok(false),
        }
    }

    /// The same by handle.
    pub fn delete_handle(&self, handle: u64) -> Result<bool> {
        self.core.check_writable("delete")?;
        let index = self.place.index("delete", handle)?;
        self.core.delete(&self.place, index)
    }

    /// The index of an id; a new one is written into the log, so that handles last.
    pub(super) fn intern_index(&self, operation: &'static str, id: &str) -> Result<u32> {
        if let Some(index) = self.place.hot.find(id) {
            return Ok(index);
        }
        self.place.hot.ids.intern(id).map_err(|_| {
            let message = "four thousand million ids were used in this namespace";
            Error::new(ErrorKind::LimitExceeded, operation, message)
        })
    }
}

impl Core {
    /// Writes one update; the caller settles with the log afterwards.
    pub(super) fn write(&self, place: &Place, index: u32, update: &Update<'_>) -> Result<Written> {
        let handle = place.handle(index);
        let log = self.log_for(place);
        if log.is_none() && update.expires_us == NEVER && !place.expires.load(Ordering::Relaxed) {
            // Without a log and expiry the time rule is all there is, and the leaf's own lock is
            // enough to keep it.
            let rule = |time_us, _| update.time_us >= time_us;
            if let Ok(is_new) = place.hot.advance(index, as_placement(update, true), rule) {
                let outcome = if is_new { Outcome::Moved } else { Outcome::Late };
                return Ok(Written { handle, outcome, seq: 0 });
            }
        }
        let mut tombstones = place.objects.lock(index);
        let known = self.known(place, index, &mut tombstones)?;
        let (is_live, is_late) = match known {
            Known::Live(time_us) => (true, update.time_us < time_us),
            Known::Gone(time_us) => (false, update.time_us <= time_us),
            Known::Never => (false, false),
        };
        let mut seq = 0;
        // A late update matters to history alone.
        if let Some(log) = log.filter(|_| !is_late || place.settings.history) {
            seq = log.append(place, &as_change(handle, update))?;
        }
        if is_late {
            return Ok(Written { handle, outcome: Outcome::Late, seq });
        }
        if update.expires_us != NEVER && !place.expires.load(Ordering::Relaxed) {
            place.expires.store(true, Ordering::SeqCst);
        }
        place.hot.put(index, as_placement(update, is_live));
        if matches!(known, Known::Gone(_)) {
            tombstones.remove(&index);
        }
        let outcome = if is_live { Outcome::Moved } else { Outcome::Created };
        Ok(Written { handle, outcome, seq })
    }

    /// What is known of an object; one that has expired is laid to rest first.
    fn known(
        &self,
        place: &Place,
        index: u32,
        tombstones: &mut MutexGuard<'_, Tombstones>,
    ) -> Result<Known> {
        let Some((time_us, expires_us)) = place.hot.times(index) else {
            return Ok(match tombstones.get(&index) {
                Some(&time_us) => Known::Gone(time_us),
                None => Known::Never,
            });
        };
        if expires_us != NEVER && expires_us <= self.clock.now_us() {
            self.lay_to_rest(place, index, time_us, tombstones)?;
            return Ok(Known::Gone(time_us));
        }
        Ok(Known::Live(time_us))
    }

    /// Removes an expired object, in the log first; the caller holds its lock.
    fn lay_to_rest(
        &self,
        place: &Place,
        index: u32,
        time_us: i64,
        tombstones: &mut MutexGuard<'_, Tombstones>,
    ) -> Result<()> {
        if let Some(log) = self.log_for(place) {
            log.append(place, &Change::Expire { handle: place.handle(index), time_us })?;
        }
        place.hot.remove(index);
        tombstones.insert(index, time_us);
        Ok(())
    }

    /// Removes an object if it is still expired; true if it was.
    pub(super) fn expire(&self, place: &Place, index: u32, now_us: i64) -> Result<bool> {
        let mut tombstones = place.objects.lock(index);
        match place.hot.times(index) {
            Some((time_us, expires_us)) if expires_us <= now_us => {
                self.lay_to_rest(place, index, time_us, &mut tombstones)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn delete(&self, place: &Place, index: u32) -> Result<bool> {
        let mut tombstones = place.objects.lock(index);
        let Known::Live(time_us) = self.known(place, index, &mut tombstones)? else {
            return Ok(false);
        };
        let mut seq = 0;
        if let Some(log) = self.log_for(place) {
            seq = log.append(place, &Change::Delete { handle: place.handle(index), time_us })?;
        }
        place.hot.remove(index);
        tombstones.insert(index, time_us);
        drop(tombstones);
        self.settle(place, seq)?;
        Ok(true)
    }

    /// Gives the caller what the sync policy promises for `seq`.
    #[inline]
    pub(super) fn settle(&self, place: &Place, seq: u64) -> Result<()> {
        match self.log_for(place) {
            Some(log) if seq > 0 => Log::settle(log, seq),
            _ => Ok(()),
        }
    }
}

/// What is known of an object before an update: the event time of its state or of its end.
#[derive(Clone, Copy)]
enum Known {
    Live(i64),
    Gone(i64),
    Never,
}

fn as_change<'a>(handle: u64, update: &Update<'a>) -> Change<'a> {
    Change::Move {
        handle,
        time_us: update.time_us,
        position: update.position,
        expires_us: Some(update.expires_us).filter(|&expires_us| expires_us != NEVER),
        payload: update.payload,
    }
}

fn as_placement(update: &Update<'_>, is_live: bool) -> Placement {
    let payload = match update.payload {
        // What begins anew has no payload to keep.
        None if !is_live => Some(None),
        None => None,
        Some([]) => Some(None),
        Some(bytes) => Some(Some(Arc::from(bytes))),
    };
    Placement {
        position: update.position,
        time_us: update.time_us,
        expires_us: update.expires_us,
        payload,
    }
}
