//! Arithmetic over 16 boxes at once, as loops that a compiler makes wide.
//!
//! Owns: tests against a box, distances to it. Does not own what a query makes of them.
//! Invariants: for each lane the number is, to the last bit, the one that `BoxN` computes for the
//! same box; of two coordinates at the same infinity the gap is 0. Lanes without a child hold
//! anything.

use crate::packed::boxes::BoxN;
use crate::packed::tree::{LANES, Lanes, Mask};

/// The larger of two; the second if one is not a number.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The smaller of two; the second if one is not a number.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn smaller(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// One bit for each lane.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn mask_of(lanes: &[bool; LANES]) -> Mask {
    let mut mask = 0;
    for (lane, &holds) in lanes.iter().enumerate() {
        mask |= Mask::from(holds) << lane;
    }
    mask
}

/// The lanes whose key is at most `limit`; none that is not a number.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn at_most(keys: &[f64; LANES], limit: f64) -> Mask {
    let mut holds = [false; LANES];
    for lane in 0..LANES {
        holds[lane] = keys[lane] <= limit;
    }
    mask_of(&holds)
}

/// The lanes that share a point with a box.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn touching<const D: usize>(lanes: &Lanes<D>, bounds: &BoxN<D>) -> Mask {
    let mut shares = [true; LANES];
    for axis in 0..D {
        let (low, high) = (bounds.min[axis], bounds.max[axis]);
        let (min, max) = (&lanes.min[axis], &lanes.max[axis]);
        for lane in 0..LANES {
            shares[lane] &= (min[lane] <= high) & (max[lane] >= low);
        }
    }
    mask_of(&shares)
}

/// The squares of the Euclidean distances to a box. A difference of equal infinities is not a
/// number, and `larger` then takes what comes second.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn distances_squared<const D: usize>(
    lanes: &Lanes<D>,
    bounds: &BoxN<D>,
) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for axis in 0..D {
        let (low, high) = (bounds.min[axis], bounds.max[axis]);
        let (min, max) = (&lanes.min[axis], &lanes.max[axis]);
        for lane in 0..LANES {
            let gap = larger(min[lane] - high, larger(low - max[lane], 0.0));
            sums[lane] += gap * gap;
        }
    }
    sums
}

/// The least of 16 numbers, none of which may be missing.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(super) fn least(keys: &[f64; LANES]) -> f64 {
    let mut eight = [0.0; 8];
    for lane in 0..8 {
        eight[lane] = smaller(keys[lane], keys[lane + 8]);
    }
    let mut four = [0.0; 4];
    for lane in 0..4 {
        four[lane] = smaller(eight[lane], eight[lane + 4]);
    }
    smaller(smaller(four[0], four[2]), smaller(four[1], four[3]))
}
