//! A box as integers in the order of its numbers, as our own layout stores it.
//!
//! Owns: the integers of a box, and boxes around boxes. Does not own the mapping (`ordered`).

use super::boxes::BoxN;
use super::each::each;
use super::ordered::{number, ordered};

/// A box as integers.
#[derive(Clone, Copy)]
pub(crate) struct Bounds<const D: usize> {
    pub(crate) min: [i64; D],
    pub(crate) max: [i64; D],
}

impl<const D: usize> Bounds<D> {
    pub(crate) const EMPTY: Self = Bounds { min: [i64::MAX; D], max: [i64::MIN; D] };

    #[inline(always)]
    pub(crate) fn of(all: &BoxN<D>) -> Self {
        Bounds { min: each(|k| ordered(all.min[k])), max: each(|k| ordered(all.max[k])) }
    }

    /// The box that these integers are of, to the bit.
    #[inline(always)]
    pub(crate) fn to_box(self) -> BoxN<D> {
        BoxN { min: each(|k| number(self.min[k])), max: each(|k| number(self.max[k])) }
    }

    #[inline(always)]
    pub(crate) fn union(&self, other: &Self) -> Self {
        Bounds {
            min: each(|k| self.min[k].min(other.min[k])),
            max: each(|k| self.max[k].max(other.max[k])),
        }
    }
}
