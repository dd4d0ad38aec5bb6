//! The database: opening and closing, namespaces, the write path, and the questions about now and
//! then under the names that users know.
//!
//! Owns: settings, the rules of time and expiry, the order log-then-memory. Does not own bytes,
//! files, leaves or shapes. Invariants: nothing is written before it is validated; nothing is
//! applied that the log did not take.

mod asking;
mod batch;
mod by_name;
mod core;
mod database;
#[cfg(all(test, not(loom)))]
mod forged;
mod inspect;
mod limits;
mod namespace;
mod objects;
mod options;
mod pack;
mod past;
mod recover;
mod stats;
mod upkeep;
mod write;

// What the C border sees of the rooms below.
pub(crate) use crate::cancel::Cancel;
pub(crate) use crate::clock::Clock;
pub(crate) use crate::log::{RecoveryMode, SyncPolicy};
pub(crate) use crate::notice::Level;
pub(crate) use crate::query::{Origin, Query, Rows};
pub(crate) use crate::time::{Interval, Order};

pub use asking::Bounds;
pub use batch::{BatchOutcome, Columns, Moves};
pub use database::Database;
pub use inspect::{check, salvage};
pub use limits::{MAX_ID_BYTES, MAX_PAYLOAD_BYTES};
pub(crate) use namespace::State;
pub use namespace::{Namespace, Object};
pub use options::{NamespaceOptions, Options};
#[cfg(any(test, fuzzing))]
pub use pack::check_packs;
pub use pack::{Fence, Fences, FoundFence, FreezeOptions, Frozen, Pack};
pub use past::{Interpolation, Trajectory};
pub use stats::Stats;
pub use write::{Outcome, Upsert, Written};
