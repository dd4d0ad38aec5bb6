//! One change of the database, as it goes into the log and comes back out of it.
//!
//! Owns the vocabulary. Does not own bytes (`frame`) nor what a change does to the hot state.

use crate::geom::{Point, Space};

/// What a namespace is made with, for the life of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamespaceSettings {
    /// What the coordinates mean.
    pub space: Space,
    /// How long an object lives after its last update, where it does not say so itself.
    pub ttl_us: Option<i64>,
    /// Whether accepted positions are kept as trajectories.
    pub history: bool,
}

impl Default for NamespaceSettings {
    fn default() -> Self {
        NamespaceSettings { space: Space::Geographic, ttl_us: None, history: true }
    }
}

/// One change, as it goes into the log and comes back out of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change<'a> {
    /// A namespace exists. Told again at least once in each segment that mentions it, so a replay
    /// meets it more than once.
    Namespace {
        /// Its number, from 1.
        number: u32,
        /// Its name.
        name: &'a str,
        /// Its settings.
        settings: NamespaceSettings,
    },
    /// A handle stands for an id. Told again at least once in each segment that mentions it.
    Define {
        /// The namespace's number in the upper half, the object's index in the lower.
        handle: u64,
        /// The object's id.
        id: &'a str,
    },
    /// An object is, or was, at a position.
    Move {
        /// The object.
        handle: u64,
        /// When, in event time.
        time_us: i64,
        /// Where.
        position: Point,
        /// When the object expires; `None` is never.
        expires_us: Option<i64>,
        /// `None` keeps the payload, `Some` of nothing clears it.
        payload: Option<&'a [u8]>,
    },
    /// An object was deleted: an update not newer than `time_us` does not bring it back.
    Delete {
        /// The object.
        handle: u64,
        /// Its event time when it was deleted.
        time_us: i64,
    },
    /// An expired object was swept.
    Expire {
        /// The object.
        handle: u64,
        /// Its event time when it was swept: a tombstone like that of a deletion.
        time_us: i64,
    },
}

/// The namespace number in the upper half of a handle.
pub const fn namespace_of(handle: u64) -> u32 {
    (handle >> 32) as u32
}
