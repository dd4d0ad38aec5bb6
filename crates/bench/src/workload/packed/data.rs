//! The boxes and the questions: small boxes all over the unit cube, with the same seeds for all.
//!
//! Owns their sizes. A box's sides are even from 0 to `side_max`, a window's are all of one length.

use crate::Outcome;
use crate::workload::data::Random;
use ::ours::packed::{BoxN, Ray};

const SEED: u64 = 20_251;

/// What is asked of boxes in `D` dimensions.
pub struct Questions<const D: usize> {
    pub small: Vec<BoxN<D>>,
    pub large: Vec<BoxN<D>>,
    pub points: Vec<[f64; D]>,
    pub rays: Vec<Ray<D>>,
}

/// The longest side of a box: those of the plane and of space cover about as little of it.
pub fn side_max(axes: usize) -> f64 {
    if axes == 2 { 0.001 } else { 0.005 }
}

/// `count` boxes.
pub fn boxes<const D: usize>(count: usize) -> Vec<BoxN<D>> {
    let mut random = Random::new(SEED);
    let side_max = side_max(D);
    let mut one = || {
        let size: [f64; D] = std::array::from_fn(|_| random.unit() * side_max);
        let min: [f64; D] = std::array::from_fn(|axis| random.unit() * (1.0 - size[axis]));
        BoxN::new(min, std::array::from_fn(|axis| min[axis] + size[axis]))
    };
    (0..count).map(|_| one()).collect()
}

impl<const D: usize> Questions<D> {
    /// Windows of two shares of the unit cube, points, and rays of the length 0.4.
    pub fn new(small_share: f64, large_share: f64) -> Outcome<Self> {
        let mut random = Random::new(SEED + 1);
        let mut windows = |count, share: f64| -> Vec<BoxN<D>> {
            let side = share.powf(1.0 / D as f64);
            let mut one = || {
                let min: [f64; D] = std::array::from_fn(|_| random.unit() * (1.0 - side));
                BoxN::new(min, min.map(|low| low + side))
            };
            (0..count).map(|_| one()).collect()
        };
        let (small, large) = (windows(10_000, small_share), windows(500, large_share));
        let points = (0..10_000).map(|_| std::array::from_fn(|_| random.unit())).collect();
        let rays = (0..10_000).map(|_| ray(&mut random)).collect::<Outcome<_>>()?;
        Ok(Questions { small, large, points, rays })
    }
}

/// A ray from anywhere to anywhere, of the length 0.4.
fn ray<const D: usize>(random: &mut Random) -> Outcome<Ray<D>> {
    loop {
        let direction: [f64; D] = std::array::from_fn(|_| 2.0 * random.unit() - 1.0);
        let length = direction.iter().map(|c| c * c).sum::<f64>().sqrt();
        if (0.1..=1.0).contains(&length) {
            let origin = std::array::from_fn(|_| random.unit());
            return Ok(Ray::new(origin, direction.map(|c| c / length), 0.4)?);
        }
    }
}
