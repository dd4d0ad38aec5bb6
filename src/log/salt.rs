//! Where the salts of new files come from.

use std::hash::{BuildHasher, RandomState};

use crate::prng::Prng;
use crate::sync::Mutex;

/// A source of numbers that tell files apart; repeatable when it was given a seed.
#[derive(Debug)]
pub(super) struct Salts(Mutex<Prng>);

impl Salts {
    /// From `seed`, or from the system's randomness; `at` sets off openings with the same seed.
    pub(super) fn new(seed: Option<u64>, at: u64) -> Self {
        let prng = match seed {
            Some(seed) => Prng::for_part(seed, at),
            None => Prng::new(RandomState::new().hash_one(at)),
        };
        Salts(Mutex::new(prng))
    }

    pub(super) fn next(&self) -> u64 {
        self.0.lock().next_u64()
    }
}
