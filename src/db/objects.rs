//! The locks under which single objects change, and the tombstones of those that are gone.
//!
//! Owns: the stripes. Does not own positions. Invariants: whoever changes an object holds its
//! stripe from the decision, through the log, until the hot state is changed, so that the order of
//! an object's records in the log is the order in which they took effect.

use ahash::RandomState;
use hashbrown::HashMap;

use crate::sync::{Mutex, MutexGuard};

#[cfg(not(loom))]
const STRIPES: usize = 64;
#[cfg(loom)]
const STRIPES: usize = 2;

/// Event times of deleted and expired objects: an update not newer does not bring one back.
pub(super) type Tombstones = HashMap<u32, i64, RandomState>;

#[repr(align(64))]
struct Stripe(Mutex<Tombstones>);

/// The stripes of one namespace.
pub(super) struct Objects(Box<[Stripe]>);

impl Objects {
    pub(super) fn new() -> Self {
        let stripe = |_| Stripe(Mutex::new(HashMap::with_hasher(RandomState::new())));
        Objects((0..STRIPES).map(stripe).collect())
    }

    /// Locks the stripe of an object.
    #[inline]
    pub(super) fn lock(&self, index: u32) -> MutexGuard<'_, Tombstones> {
        self.0[index as usize % STRIPES].0.lock()
    }
}
