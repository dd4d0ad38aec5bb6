//! A database: opened from a directory or made in memory, and its namespaces.
//!
//! Owns: opening, closing, creating and finding namespaces, and the figures about the whole. Does
//! not own what happens inside a namespace. Invariants: handles are cheap copies that share one
//! state; closing one closes all.

use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::format::NamespaceSettings;
use crate::geom::Space;
use crate::log::{Log, RecoveryReport, SyncPolicy};
use crate::notice::Level;

use super::core::{Core, Place, Registry};
use super::limits::check_id;
use super::namespace::Namespace;
use super::options::{NamespaceOptions, Options};
use super::past::keeps_no_history;
use super::recover::Rebuild;
use super::upkeep::Upkeep;

/// A database of moving objects. A clone is another handle of the same database.
#[derive(Clone)]
pub struct Database {
    pub(super) core: Arc<Core>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("namespaces", &self.namespaces()).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the database in directory `path` with the default settings, creating it if missing.
    pub fn open(path: impl AsRef<Path>) -> Result<Database> {
        Options::new().open(path)
    }

    /// A database in memory, gone when its last handle is dropped.
    ///
    /// ```
    /// use spatio::{Database, Point};
    /// let db = Database::memory();
    /// db.upsert("fleet", "truck:1", Point::new(13.40, 52.52), None)?;
    /// let near = db.query_radius("fleet", Point::new(13.41, 52.52), 1_000.0, 10)?;
    /// assert_eq!(near.id(0), "truck:1");
    /// # Ok::<(), spatio::Error>(())
    /// ```
    pub fn memory() -> Database {
        let Options { clock, notices, vfs, .. } = Options::new();
        let report = RecoveryReport::default();
        let core = Core::new(Registry::default(), None, (clock, notices, vfs), false, report);
        Database { core: Arc::new(core) }
    }

    pub(super) fn memory_with(options: Options) -> Result<Database> {
        let Options { log, clock, notices, vfs } = options;
        if log.read_only {
            let message = "a database in memory begins empty, so read_only makes no sense";
            return Err(Error::invalid("memory", message));
        }
        let report = RecoveryReport::default();
        let core = Core::new(Registry::default(), None, (clock, notices, vfs), false, report);
        Ok(Database { core: Arc::new(core) })
    }

    pub(super) fn open_with(path: &Path, options: Options) -> Result<Database> {
        let Options { log: mut settings, clock, vfs, notices } = options;
        if path.as_os_str().is_empty() {
            return Err(Error::invalid("open", "path is empty"));
        }
        let is_read_only = settings.read_only;
        let upkeep = match settings.sync {
            SyncPolicy::Every(period) if settings.background && !is_read_only => Some(period),
            _ => None,
        };
        settings.background = upkeep.is_some();
        let mut rebuild = Rebuild::new();
        let replay = &mut |_, change: crate::format::Change<'_>| rebuild.apply(change);
        let (log, report) =
            Log::open(Arc::clone(&vfs), path, settings, Arc::clone(&clock), replay)?;
        let registry = rebuild.finish()?;
        let is_whole = report.bytes_dropped == 0 && report.notes.is_empty();
        let level = if is_whole { Level::Info } else { Level::Warning };
        notices.say(level, format_args!("opened {}: {report}", path.display()));
        let tools = (clock, notices, vfs);
        let core = Arc::new(Core::new(registry, Some(log), tools, is_read_only, report));
        if let Some(period) = upkeep {
            *core.upkeep.lock() = Some(Upkeep::start(&core, period)?);
        }
        Ok(Database { core })
    }

    /// What opening found: segments, records kept, bytes dropped and why.
    pub fn recovery(&self) -> &RecoveryReport {
        &self.core.recovery
    }

    /// Creates a namespace, or returns the one of that name if its settings are the same.
    pub fn create_namespace(&self, name: &str, options: &NamespaceOptions) -> Result<Namespace> {
        const OPERATION: &str = "create_namespace";
        self.core.check_open(OPERATION)?;
        check_id(OPERATION, "namespace", name)?;
        let settings = self.settings_of(options)?;
        if let Some(place) = self.find(name) {
            return self.same_settings(place, settings);
        }
        self.core.check_writable(OPERATION)?;
        if settings.history {
            self.core.need_log()?;
        }
        let mut registry = self.core.registry.write();
        if let Some(place) = registry.by_name.get(name).cloned() {
            drop(registry);
            return self.same_settings(place, settings);
        }
        // A salvaged database may have gaps between its numbers.
        let last = registry.in_order.last().map_or(0, |place| place.number);
        let number = last.checked_add(1).ok_or_else(|| {
            Error::new(ErrorKind::LimitExceeded, OPERATION, "too many namespaces")
        })?;
        let place = Arc::new(Place::new(number, name, settings));
        let during = |error: Error| error.during(OPERATION);
        let seq = self.core.log_namespace(&place).map_err(during)?;
        // What the log took is there, even if it does not become durable now: its number must not
        // be given to another.
        registry.add(Arc::clone(&place));
        drop(registry);
        self.core.settle(&place, seq).map_err(during)?;
        Ok(Namespace::new(self, place))
    }

    fn settings_of(&self, options: &NamespaceOptions) -> Result<NamespaceSettings> {
        let ttl_us = match options.ttl {
            None => None,
            Some(ttl) if ttl.is_zero() => {
                return Err(Error::invalid("create_namespace", "ttl is 0, expected more"));
            }
            Some(ttl) => Some(i64::try_from(ttl.as_micros()).unwrap_or(i64::MAX)),
        };
        let history = options.history.unwrap_or(!self.core.is_memory);
        Ok(NamespaceSettings { space: options.space, ttl_us, history })
    }

    fn same_settings(&self, place: Arc<Place>, wanted: NamespaceSettings) -> Result<Namespace> {
        if place.settings == wanted {
            return Ok(Namespace::new(self, place));
        }
        let message = format!(
            "namespace {:?} exists with {:?}, asked for {wanted:?}",
            place.name, place.settings
        );
        Err(Error::new(ErrorKind::AlreadyExists, "create_namespace", message))
    }

    /// The namespace of that name; an error if there is none.
    pub fn namespace(&self, name: &str) -> Result<Namespace> {
        self.space("namespace", name)
    }

    /// The namespace of that name for `operation`.
    pub(super) fn space(&self, operation: &'static str, name: &str) -> Result<Namespace> {
        self.core.check_open(operation)?;
        match self.find(name) {
            Some(place) => Ok(Namespace::new(self, place)),
            None => {
                let message = format!("namespace {name:?} does not exist");
                Err(Error::new(ErrorKind::NotFound, operation, message))
            }
        }
    }

    /// The namespace of that name, a geographic one made for it if it is missing and `check` has
    /// nothing against the write for which it is made.
    pub(super) fn space_for_writing(
        &self,
        operation: &'static str,
        name: &str,
        check: impl FnOnce(Space) -> Result<()>,
    ) -> Result<Namespace> {
        if let Some(place) = self.find(name) {
            return Ok(Namespace::new(self, place));
        }
        self.core.check_writable(operation)?;
        check(Space::Geographic)?;
        let made = self.create_namespace(name, &NamespaceOptions::geographic());
        made.map_err(|error| error.during(operation))
    }

    /// Refuses a write to the past in a namespace that would be made without one.
    pub(super) fn check_keeps_history(&self, operation: &'static str, name: &str) -> Result<()> {
        match self.core.is_memory {
            true => Err(keeps_no_history(operation, name)),
            false => Ok(()),
        }
    }

    fn find(&self, name: &str) -> Option<Arc<Place>> {
        self.core.registry.read().by_name.get(name).cloned()
    }

    /// The names of all namespaces, in the order in which they were made.
    pub fn namespaces(&self) -> Vec<String> {
        self.core.places().iter().map(|place| place.name.clone()).collect()
    }

    /// Hands what is buffered to the operating system, without waiting for the disk.
    pub fn flush(&self) -> Result<()> {
        self.core.check_open("flush")?;
        self.core.log().map_or(Ok(()), Log::flush)
    }

    /// Returns once everything accepted so far is on disk.
    pub fn sync(&self) -> Result<()> {
        self.core.check_open("sync")?;
        self.core.log().map_or(Ok(()), Log::sync)
    }

    /// Writes a checkpoint, from which the next opening starts; returns once it is on disk.
    pub fn checkpoint(&self) -> Result<()> {
        self.core.check_writable("checkpoint")?;
        self.core.checkpoint()
    }

    /// Removes the objects that have expired, and returns how many.
    pub fn sweep(&self) -> Result<usize> {
        self.core.check_writable("sweep")?;
        self.core.sweep()
    }

    /// Writes everything down and closes the database for all its handles; the second time it
    /// does nothing. If the disk is full the database stays open, so that it can be closed when
    /// there is room. Dropping the last handle does the same, but cannot tell an error.
    pub fn close(&self) -> Result<()> {
        self.core.close()
    }
}
