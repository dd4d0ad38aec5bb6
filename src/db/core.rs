//! What all handles of one database share: its namespaces, its log and its clock.
//!
//! Owns: the registry, the log, and whether the database is still open. Does not own the rules of
//! writing (`write.rs`) nor of reading. Invariants: a namespace's number, name and settings never
//! change; a closed database refuses everything.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use ahash::RandomState;
use hashbrown::HashMap;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, NamespaceSettings};
use crate::hot::HotIndex;
use crate::log::{Log, LogOptions, Names, RecoveryReport, SyncPolicy};
use crate::notice::Notices;
use crate::sync::atomic::{AtomicBool, Ordering};
use crate::sync::{Mutex, RwLock};
use crate::vfs::{MemoryVfs, Vfs};

use super::objects::Objects;
use super::upkeep::Upkeep;

/// One namespace: its settings and its objects.
pub(super) struct Place {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) settings: NamespaceSettings,
    pub(super) hot: Arc<HotIndex>,
    pub(super) objects: Objects,
    /// Whether any object ever had a time to live, so that the clock must be read.
    pub(super) expires: AtomicBool,
}

impl Place {
    pub(super) fn new(number: u32, name: &str, settings: NamespaceSettings) -> Self {
        Place {
            number,
            name: name.to_owned(),
            settings,
            hot: Arc::new(HotIndex::new(settings.space)),
            objects: Objects::new(),
            expires: AtomicBool::new(settings.ttl_us.is_some()),
        }
    }

    /// The namespace's part of a handle.
    pub(super) fn base(&self) -> u64 {
        u64::from(self.number) << 32
    }

    pub(super) fn handle(&self, index: u32) -> u64 {
        self.base() | u64::from(index)
    }

    /// The index of a handle of this namespace that was given out.
    pub(super) fn index(&self, operation: &'static str, handle: u64) -> Result<u32> {
        let index = handle as u32;
        // A live object has a name; asking for its place first spares the look at the name.
        let is_known = || self.hot.is_live(index) || self.hot.ids.name(index).is_some();
        if handle >> 32 == u64::from(self.number) && is_known() {
            return Ok(index);
        }
        let message = format!("handle {handle:#x} was not given out by namespace {:?}", self.name);
        Err(Error::new(ErrorKind::NotFound, operation, message))
    }
}

impl Names for Place {
    fn id(&self, handle: u64) -> &str {
        self.hot.ids.name(handle as u32).unwrap_or_default()
    }

    fn namespace(&self, _number: u32) -> (String, NamespaceSettings) {
        (self.name.clone(), self.settings)
    }
}

/// The namespaces by name and by number.
pub(super) struct Registry {
    pub(super) by_name: HashMap<String, Arc<Place>, RandomState>,
    pub(super) in_order: Vec<Arc<Place>>,
}

impl Default for Registry {
    fn default() -> Self {
        let by_name = HashMap::with_hasher(RandomState::new());
        Registry { by_name, in_order: Vec::new() }
    }
}

impl Registry {
    pub(super) fn add(&mut self, place: Arc<Place>) {
        self.by_name.insert(place.name.clone(), Arc::clone(&place));
        self.in_order.push(place);
    }
}

/// The shared part of a database.
pub(super) struct Core {
    pub(super) registry: RwLock<Registry>,
    /// Absent in memory until a namespace with history needs it.
    log: OnceLock<Log>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) notices: Notices,
    /// Where packs are written.
    pub(super) vfs: Arc<dyn Vfs>,
    pub(super) is_memory: bool,
    pub(super) is_read_only: bool,
    pub(super) recovery: RecoveryReport,
    pub(super) upkeep: Mutex<Option<Upkeep>>,
    is_closed: AtomicBool,
    /// One checkpoint at a time.
    pub(super) checkpointing: Mutex<()>,
}

impl Core {
    pub(super) fn new(
        registry: Registry,
        log: Option<Log>,
        (clock, notices, vfs): (Arc<dyn Clock>, Notices, Arc<dyn Vfs>),
        is_read_only: bool,
        recovery: RecoveryReport,
    ) -> Self {
        let is_memory = log.is_none();
        let cell = OnceLock::new();
        if let Some(log) = log {
            cell.get_or_init(|| log);
        }
        Core {
            registry: RwLock::new(registry),
            log: cell,
            clock,
            notices,
            vfs,
            is_memory,
            is_read_only,
            recovery,
            upkeep: Mutex::new(None),
            is_closed: AtomicBool::new(false),
            checkpointing: Mutex::new(()),
        }
    }

    /// The log, if there is one.
    #[inline]
    pub(super) fn log(&self) -> Option<&Log> {
        self.log.get()
    }

    /// The log to which changes of `place` go: in memory only histories are kept.
    #[inline]
    pub(super) fn log_for(&self, place: &Place) -> Option<&Log> {
        self.log.get().filter(|_| !self.is_memory || place.settings.history)
    }

    /// Makes the log of a database in memory, for the first namespace that keeps histories.
    pub(super) fn need_log(&self) -> Result<()> {
        if self.log.get().is_none() {
            let options = LogOptions {
                sync: SyncPolicy::Never,
                check_process: false,
                ..LogOptions::default()
            };
            let vfs = Arc::new(MemoryVfs::new());
            let clock = Arc::clone(&self.clock);
            let (log, _) =
                Log::open(vfs, Path::new("/memory"), options, clock, &mut |_, _| Ok(()))?;
            self.log.get_or_init(|| log);
        }
        Ok(())
    }

    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Relaxed)
    }

    /// Closes for everybody; true for the one who did.
    pub(super) fn shut(&self) -> bool {
        !self.is_closed.swap(true, Ordering::SeqCst)
    }

    /// Opens again for everybody what could not be closed.
    pub(super) fn unshut(&self) {
        self.is_closed.store(false, Ordering::SeqCst);
    }

    /// Refuses an operation on a closed database.
    #[inline]
    pub(super) fn check_open(&self, operation: &'static str) -> Result<()> {
        if self.is_closed() {
            return Err(Error::new(ErrorKind::Closed, operation, "the database was closed"));
        }
        Ok(())
    }

    /// Refuses a change of a database that is closed or open for reading only.
    #[inline]
    pub(super) fn check_writable(&self, operation: &'static str) -> Result<()> {
        self.check_open(operation)?;
        if self.is_read_only {
            let message = "the database was opened for reading only";
            return Err(Error::new(ErrorKind::ReadOnly, operation, message));
        }
        Ok(())
    }

    /// Writes a namespace into the log as soon as it exists, so that an empty one is kept too.
    pub(super) fn log_namespace(&self, place: &Place) -> Result<u64> {
        let Some(log) = self.log_for(place) else { return Ok(0) };
        let change =
            Change::Namespace { number: place.number, name: &place.name, settings: place.settings };
        log.append(place, &change)
    }

    /// The namespaces, in the order of their numbers.
    pub(super) fn places(&self) -> Vec<Arc<Place>> {
        self.registry.read().in_order.clone()
    }
}
