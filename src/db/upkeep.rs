//! What a database does beside its callers: syncing in time, checkpoints, sweeping, closing.
//!
//! Owns: the one background thread, which only [`SyncPolicy::Every`](crate::SyncPolicy::Every)
//! asks for, and the work it shares with explicit calls. Does not own files. Invariants: the
//! thread holds no strong handle, so that dropping the last one closes the database.

use std::sync::{Arc, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::format::Change;
use crate::hot::NEVER;
use crate::log::Log;
use crate::notice::Level;
use crate::sync::atomic::Ordering;
use crate::sync::{Condvar, Mutex};

use super::core::{Core, Place};

/// How the thread is told to stop.
#[derive(Default)]
struct Bell {
    stop: Mutex<bool>,
    rung: Condvar,
}

/// The running thread.
pub(super) struct Upkeep {
    bell: Arc<Bell>,
    thread: JoinHandle<()>,
}

impl Upkeep {
    /// Starts the thread, which looks after `core` every `period`.
    pub(super) fn start(core: &Arc<Core>, period: Duration) -> Result<Self> {
        let bell = Arc::new(Bell::default());
        let (weak, heard) = (Arc::downgrade(core), Arc::clone(&bell));
        let thread = std::thread::Builder::new()
            .name("spatio-upkeep".to_owned())
            .spawn(move || run(&weak, &heard, period))
            .map_err(|error| Error::io("open", std::path::Path::new("thread"), error))?;
        Ok(Upkeep { bell, thread })
    }

    fn stop(self) {
        *self.bell.stop.lock() = true;
        self.bell.rung.notify_all();
        // The last handle may be dropped by the thread itself, which then must not wait for itself.
        if self.thread.thread().id() != std::thread::current().id() {
            let _ = self.thread.join();
        }
    }
}

fn run(core: &Weak<Core>, bell: &Bell, period: Duration) {
    loop {
        let stop = bell.stop.lock();
        let stop = if *stop { stop } else { bell.rung.wait_for(stop, period) };
        if *stop {
            return;
        }
        drop(stop);
        let Some(core) = core.upgrade() else { return };
        // A failed sync poisons the log, which tells every writer.
        if let Err(error) = core.look_after() {
            core.notices.say(Level::Error, format_args!("upkeep failed: {error}"));
        }
    }
}

impl Core {
    /// One round of the background thread.
    fn look_after(&self) -> Result<()> {
        let Some(log) = self.log() else { return Ok(()) };
        log.sync_if_due()?;
        self.sweep()?;
        if log.checkpoint_due() { self.checkpoint() } else { Ok(()) }
    }

    /// Removes every object that has expired.
    pub(super) fn sweep(&self) -> Result<usize> {
        let now_us = self.clock.now_us();
        let mut swept = 0;
        for place in self.places() {
            if !place.expires.load(Ordering::Relaxed) {
                continue;
            }
            for index in place.hot.expired(now_us) {
                swept += usize::from(self.expire(&place, index, now_us)?);
            }
        }
        Ok(swept)
    }

    /// Writes the live state down, beside writers.
    pub(super) fn checkpoint(&self) -> Result<()> {
        let Some(log) = self.log().filter(|_| !self.is_memory) else { return Ok(()) };
        let _one_at_a_time = self.checkpointing.lock();
        log.checkpoint(&mut |emit| {
            for place in self.places() {
                write_down(&place, emit)?;
            }
            Ok(())
        })
    }

    /// Closes for all handles.
    pub(super) fn close(&self) -> Result<()> {
        if !self.shut() {
            return Ok(());
        }
        let Some(log) = self.log() else { return Ok(()) };
        // A checkpoint is a matter of speed: without one the next opening reads the log.
        let needs_none = self.is_read_only || self.is_memory || log.is_poisoned();
        let written = if needs_none { Ok(()) } else { self.checkpoint() };
        let closed = Log::close(log);
        if closed.is_err() && !log.is_poisoned() {
            // The log stays open when the disk is full, and with it what it holds.
            self.unshut();
            return closed;
        }
        self.stop_upkeep();
        closed.and(written)
    }

    fn stop_upkeep(&self) {
        let upkeep = self.upkeep.lock().take();
        if let Some(upkeep) = upkeep {
            upkeep.stop();
        }
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            self.notices.say(Level::Error, format_args!("closing failed: {error}"));
        }
        self.stop_upkeep();
    }
}

/// Emits the names, the live state and the tombstones of a namespace.
fn write_down(place: &Place, emit: &mut dyn FnMut(Change<'_>) -> Result<()>) -> Result<()> {
    emit(Change::Namespace { number: place.number, name: &place.name, settings: place.settings })?;
    let mut indexes = place.hot.ids.indexes();
    indexes.sort_unstable();
    for index in indexes {
        let id = place.hot.ids.name(index).unwrap_or_default();
        let handle = place.handle(index);
        emit(Change::Define { handle, id })?;
        // The lock waits for a change that the log took before the place was noted, and that is not
        // in memory yet.
        let tombstones = place.objects.lock(index);
        if let Some(row) = place.hot.get(index) {
            emit(Change::Move {
                handle,
                time_us: row.time_us,
                position: row.position,
                expires_us: Some(row.expires_us).filter(|&expires_us| expires_us != NEVER),
                payload: row.payload.as_deref(),
            })?;
        } else if let Some(&time_us) = tombstones.get(&index) {
            emit(Change::Delete { handle, time_us })?;
        }
    }
    Ok(())
}
