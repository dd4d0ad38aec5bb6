//! The k best of what is met in any order.
//!
//! Owns: the list and its limit. Does not own what a key means. Invariants: entries are ordered by
//! key and then by id, so that the best k are among the best k + 1; -0.0 is 0.0.

use std::collections::BinaryHeap;

use crate::packed::ordered::{number, ordered};

/// Up to how many entries a sorted array is faster than a heap.
const SHORT: usize = 48;

/// A key and an id as one integer of the same order.
type Entry = u128;

#[inline(always)]
fn entry(key: f64, id: u32) -> Entry {
    // Adding 0.0 leaves all numbers as they are but -0.0; flipping the sign makes it unsigned.
    let ordered = ordered(key + 0.0) as u64 ^ (1 << 63);
    (Entry::from(ordered) << 32) | Entry::from(id)
}

#[inline(always)]
fn key_of(entry: Entry) -> f64 {
    number(((entry >> 32) as u64 ^ (1 << 63)) as i64)
}

/// The best entries so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Best {
    most: usize,
    limit: f64,
    /// If at most [`SHORT`] are wanted: the entries, best first.
    short: Vec<Entry>,
    /// If more: the worst on top.
    long: BinaryHeap<Entry>,
}

impl Best {
    /// Begins anew: at most `most` entries, none with a key above `limit`.
    pub(crate) fn reset(&mut self, most: usize, limit: f64) {
        self.short.clear();
        self.long.clear();
        (self.most, self.limit) = (most, limit);
    }

    /// Above this key nothing is wanted; what equals it may be, by its id.
    #[inline(always)]
    pub(crate) fn limit(&self) -> f64 {
        self.limit
    }

    /// Whether there are as many as are wanted.
    pub(crate) fn is_full(&self) -> bool {
        self.short.len().max(self.long.len()) >= self.most
    }

    /// Takes an entry if it is among the best.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn offer(&mut self, key: f64, id: u32) {
        // What is not a number is refused too.
        if !matches!(key.partial_cmp(&self.limit), Some(order) if order.is_le()) {
            return;
        }
        let entry = entry(key, id);
        if self.most <= SHORT { self.offer_short(entry) } else { self.offer_long(entry) }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn offer_short(&mut self, entry: Entry) {
        if self.short.len() == self.most {
            match self.short.last() {
                Some(&worst) if entry < worst => self.short.pop(),
                _ => return,
            };
        }
        let mut at = self.short.len();
        self.short.push(entry);
        while at > 0 && self.short[at - 1] > entry {
            self.short[at] = self.short[at - 1];
            at -= 1;
        }
        self.short[at] = entry;
        if self.short.len() == self.most {
            self.limit = key_of(self.short[self.most - 1]);
        }
    }

    fn offer_long(&mut self, entry: Entry) {
        if self.long.len() < self.most {
            self.long.push(entry);
        } else if let Some(mut worst) = self.long.peek_mut()
            && entry < *worst
        {
            *worst = entry;
        }
        if self.long.len() == self.most
            && let Some(&worst) = self.long.peek()
        {
            self.limit = key_of(worst);
        }
    }

    /// Tells the entries, best first, and forgets them.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn drain(&mut self, mut tell: impl FnMut(f64, u32)) {
        self.short.extend(self.long.drain());
        if self.most > SHORT {
            self.short.sort_unstable();
        }
        for entry in self.short.drain(..) {
            tell(key_of(entry), entry as u32);
        }
    }
}
