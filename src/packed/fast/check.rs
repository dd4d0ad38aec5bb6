//! Which parts of a chunk have been found sound, and whether one was not.
//!
//! Owns: one bit for each page and each block of upper nodes, and the first damage. Invariants: a
//! part is looked through when it is first used; what is damaged is left out of the answer, and
//! whoever asks learns of it.

use std::sync::atomic::{AtomicU64, Ordering};

/// What is known of the parts of one chunk.
#[derive(Debug)]
pub(crate) struct Proof {
    /// One bit a part; empty if all are trusted.
    sound: Box<[AtomicU64]>,
    /// One more than the first part that was found damaged.
    damaged: AtomicU64,
}

impl Proof {
    /// Nothing is known of `parts` parts.
    pub(crate) fn unknown(parts: usize) -> Self {
        let sound = (0..parts.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        Proof { sound, damaged: AtomicU64::new(0) }
    }

    /// All is known to be sound, as when it was just built.
    pub(crate) fn sound() -> Self {
        Proof::unknown(0)
    }

    /// Whether part `part` is sound; `look` is asked if nobody knows yet.
    #[inline(always)]
    pub(crate) fn holds(&self, part: usize, look: impl FnOnce() -> bool) -> bool {
        let Some(word) = self.sound.get(part / 64) else { return true };
        // A bit is only ever set after the bytes, which do not change, were read.
        if word.load(Ordering::Relaxed) >> (part % 64) & 1 == 1 {
            return true;
        }
        self.learn(part, look())
    }

    #[cold]
    fn learn(&self, part: usize, is_sound: bool) -> bool {
        if is_sound {
            self.sound[part / 64].fetch_or(1 << (part % 64), Ordering::Relaxed);
        } else {
            let told = part as u64 + 1;
            // The first one that was found stays.
            let _ = self.damaged.compare_exchange(0, told, Ordering::Relaxed, Ordering::Relaxed);
        }
        is_sound
    }

    /// The first part that was found damaged.
    pub(crate) fn damaged(&self) -> Option<u64> {
        self.damaged.load(Ordering::Relaxed).checked_sub(1)
    }
}
