//! How a database and its namespaces are opened.
//!
//! Owns: the settings and their defaults. Does not own what they do.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
use crate::error::Result;
use crate::geom::Space;
use crate::log::{LogOptions, RecoveryMode, SyncPolicy};
use crate::notice::{Level, Notices};
use crate::vfs::{RealVfs, Vfs};

use super::database::Database;

/// Settings of a database, for [`Options::open`] or [`Options::memory`].
///
/// ```no_run
/// use spatio::{Options, SyncPolicy};
/// let db = Options::new().sync(SyncPolicy::Always).open("fleet.spatio")?;
/// # Ok::<(), spatio::Error>(())
/// ```
#[derive(Clone)]
pub struct Options {
    pub(super) log: LogOptions,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) vfs: Arc<dyn Vfs>,
    pub(super) notices: Notices,
}

impl Default for Options {
    fn default() -> Self {
        Options::new()
    }
}

impl Options {
    /// The defaults: sync once a second, buffer 512 records, segments of 64 MiB.
    pub fn new() -> Self {
        Options {
            log: LogOptions::default(),
            clock: Arc::new(SystemClock),
            vfs: Arc::new(RealVfs),
            notices: Notices::default(),
        }
    }

    /// When writes become durable. [`SyncPolicy::Every`] asks for one background thread, which
    /// also writes checkpoints and sweeps what expired.
    #[must_use]
    pub fn sync(mut self, policy: SyncPolicy) -> Self {
        self.log.sync = policy;
        self
    }

    /// Records that are gathered before they are written to the file.
    #[must_use]
    pub fn buffer_size(mut self, records: usize) -> Self {
        self.log.buffer_size = records.max(1);
        self
    }

    /// Bytes at which a segment of the log is closed and the next one begun.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.log.segment_bytes = bytes;
        self
    }

    /// Opens for reading only: takes no lock, writes nothing, refuses changes.
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.log.read_only = read_only;
        self
    }

    /// What to do with damage found on opening.
    #[must_use]
    pub fn recovery(mut self, mode: RecoveryMode) -> Self {
        self.log.recovery = mode;
        self
    }

    /// The clock to read; for tests and simulations.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The files to use; for tests and simulations.
    #[must_use]
    pub fn vfs(mut self, vfs: Arc<dyn Vfs>) -> Self {
        self.vfs = vfs;
        self
    }

    /// Who is told what opening found and what fails in the background. It is called by whichever
    /// thread met it, and must not call the database.
    #[must_use]
    pub fn listener(mut self, listener: impl Fn(Level, &str) + Send + Sync + 'static) -> Self {
        self.notices = Notices::to(listener);
        self
    }

    /// Whether [`SyncPolicy::Every`] may start its thread; without it the caller's own writes
    /// sync when it is due.
    #[must_use]
    pub fn background(mut self, background: bool) -> Self {
        self.log.background = background;
        self
    }

    /// Where the salts of new files come from, so that a simulated run can be repeated.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.log.seed = Some(seed);
        self
    }

    /// Opens the database in directory `path`, creating it if it is missing.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Database> {
        Database::open_with(path.as_ref(), self)
    }

    /// A database in memory, gone when its last handle is dropped.
    pub fn memory(self) -> Result<Database> {
        Database::memory_with(self)
    }
}

/// Settings of a namespace, fixed when it is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamespaceOptions {
    pub(super) space: Space,
    pub(super) ttl: Option<Duration>,
    pub(super) history: Option<bool>,
}

impl NamespaceOptions {
    /// Longitudes and latitudes in degrees, altitudes and distances in metres.
    pub fn geographic() -> Self {
        NamespaceOptions { space: Space::Geographic, ttl: None, history: None }
    }

    /// x, y and z in any one unit, distances in that unit.
    pub fn cartesian() -> Self {
        NamespaceOptions { space: Space::Cartesian, ..NamespaceOptions::geographic() }
    }

    /// How long an object lives after its last accepted update, by the database's clock, where
    /// the update does not say so itself.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Whether every accepted position is kept as a trajectory. The default is yes for a database
    /// in a directory and no for one in memory.
    #[must_use]
    pub fn history(mut self, history: bool) -> Self {
        self.history = Some(history);
        self
    }
}
