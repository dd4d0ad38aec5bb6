//! Made-up items for the comparison of two implementations of the PSINDEX format.
//!
//! Owns: the sets of boxes that are tried, by kind and seed, and what comes along with them. Does
//! not own the comparison, which is `tests/interop`. Invariants: equal seeds give equal sets.

use spatio::packed::BoxN;
use spatio::prng::Prng;

/// What boxes are like.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Small and anywhere.
    Small,
    /// Without size.
    Points,
    /// On a coarse grid, so that many have the same middle, with zeros of either sign.
    Grid,
    /// All in one place.
    Equal,
    /// Without size and extent on all axes but the first.
    Line,
    /// Of any magnitude that a number may have.
    Magnitudes,
    /// Small, but for some that have no end.
    Endless,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 7] = [
        Kind::Small,
        Kind::Points,
        Kind::Grid,
        Kind::Equal,
        Kind::Line,
        Kind::Magnitudes,
        Kind::Endless,
    ];
}

/// A set of boxes.
pub fn boxes<const D: usize>(kind: Kind, count: usize, seed: u64) -> Vec<BoxN<D>> {
    let mut prng = Prng::for_part(seed, kind as u64);
    (0..count).map(|_| one(kind, &mut prng)).collect()
}

fn one<const D: usize>(kind: Kind, prng: &mut Prng) -> BoxN<D> {
    let mut bounds = BoxN::point([0.0; D]);
    for axis in 0..D {
        let (low, size) = match kind {
            Kind::Small => (prng.between(-100.0, 100.0), prng.between(0.0, 5.0)),
            Kind::Points => (prng.between(-100.0, 100.0), 0.0),
            Kind::Grid => (prng.below(9) as f64 - 4.0, prng.below(3) as f64),
            Kind::Equal => (3.25, 0.5),
            Kind::Line if axis == 0 => (prng.between(-1.0, 1.0), 0.0),
            Kind::Line => (7.0, 0.0),
            Kind::Magnitudes => (magnitude(prng), magnitude(prng).abs()),
            Kind::Endless => (prng.between(0.0, 10.0), prng.between(0.0, 1.0)),
        };
        (bounds.min[axis], bounds.max[axis]) = (low, low + size);
        if matches!(kind, Kind::Grid) && low == 0.0 && prng.chance(1, 2) {
            bounds.min[axis] = -0.0;
        }
        if matches!(kind, Kind::Endless) && prng.chance(1, 30) {
            bounds.min[axis] = f64::NEG_INFINITY;
        }
        if matches!(kind, Kind::Endless) && prng.chance(1, 30) {
            bounds.max[axis] = f64::INFINITY;
        }
    }
    bounds
}

/// A number of either sign, from the smallest to the largest.
fn magnitude(prng: &mut Prng) -> f64 {
    let value = 10_f64.powf(prng.between(-320.0, 307.9));
    if prng.chance(1, 2) { value } else { -value }
}

/// Windows that meet some of the boxes: around one, from one to another, everywhere, nowhere.
pub fn windows<const D: usize>(boxes: &[BoxN<D>], count: usize, seed: u64) -> Vec<BoxN<D>> {
    let mut prng = Prng::for_part(seed, 99);
    let mut windows = vec![BoxN::EVERYWHERE, BoxN::point([1e9; D])];
    for _ in 0..count.min(boxes.len() * count) {
        let (a, b) = (boxes[prng.index(boxes.len())], boxes[prng.index(boxes.len())]);
        let all = a.union(&b);
        windows.push(if prng.chance(1, 3) { a } else { BoxN::new(all.min, a.max) });
    }
    windows
}

/// A number and a mask for each of `count` items; the numbers hold zeros of either sign, and what
/// is no number if `odd` says so.
pub fn values(count: usize, odd: bool, seed: u64) -> (Vec<f64>, Vec<u64>) {
    let mut prng = Prng::for_part(seed, 100);
    let value = |prng: &mut Prng| match prng.below(12) {
        0 => 0.0,
        1 => -0.0,
        2 if odd => f64::NAN,
        3 if odd => f64::INFINITY,
        _ => prng.between(-1e3, 1e3),
    };
    (0..count).map(|_| (value(&mut prng), prng.next_u64() & prng.next_u64())).unzip()
}

/// Bytes for each of `count` items: of lengths from 0 to 9, or all of one length.
pub fn blobs(count: usize, length: Option<usize>, seed: u64) -> Vec<Vec<u8>> {
    let mut prng = Prng::for_part(seed, 101);
    let mut blob = || {
        let length = length.unwrap_or_else(|| prng.index(10));
        (0..length).map(|_| prng.next_u64() as u8).collect()
    };
    (0..count).map(|_| blob()).collect()
}
