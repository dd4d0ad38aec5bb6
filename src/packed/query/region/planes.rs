//! What lies on one side of one or several planes.
//!
//! Owns: half-spaces and the frustum of a camera. Invariants: closed. A half-space is exact but for
//! rounding; a frustum keeps every box that no single plane rules out, so it may keep a few near
//! its edges that it does not share a point with.

use super::Region;
use crate::error::{Error, Result};
use crate::packed::boxes::BoxN;

/// The points `x` with `normal . x >= offset`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfSpace<const D: usize> {
    normal: [f64; D],
    offset: f64,
}

impl<const D: usize> HalfSpace<D> {
    /// The half-space that `normal` points into; numbers must be finite.
    pub fn new(normal: [f64; D], offset: f64) -> Result<Self> {
        if !normal.iter().all(|x| x.is_finite()) || !offset.is_finite() {
            let message = format!("normal {normal:?} or offset {offset:?} is not finite");
            return Err(Error::invalid("half-space", message));
        }
        Ok(HalfSpace { normal, offset })
    }

    /// The largest `normal . x` of a box.
    #[inline(always)]
    fn most(&self, min: [f64; D], max: [f64; D]) -> f64 {
        let mut sum = 0.0;
        for axis in 0..D {
            let normal = self.normal[axis];
            // On an axis that plays no part infinity times 0 would be no number.
            if normal != 0.0 {
                sum += normal * if normal > 0.0 { max[axis] } else { min[axis] };
            }
        }
        sum
    }
}

impl<const D: usize> Region<D> for HalfSpace<D> {
    #[inline(always)]
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        let most = self.most(bounds.min, bounds.max);
        most >= self.offset || most.is_nan()
    }

    #[inline(always)]
    fn contains(&self, bounds: &BoxN<D>) -> bool {
        self.most(bounds.max, bounds.min) >= self.offset
    }

    #[inline(always)]
    fn overlaps_each(&self, min: &[[f64; 16]; D], max: &[[f64; 16]; D], among: u16) -> u16 {
        let mut sums = [0.0; 16];
        for axis in 0..D {
            let normal = self.normal[axis];
            if normal == 0.0 {
                continue;
            }
            let ends = if normal > 0.0 { &max[axis] } else { &min[axis] };
            for lane in 0..16 {
                sums[lane] += normal * ends[lane];
            }
        }
        let mut apart = 0;
        for (lane, sum) in sums.iter().enumerate() {
            apart |= u16::from(*sum < self.offset) << lane;
        }
        among & !apart
    }
}

/// What a camera sees: six half-spaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frustum {
    planes: [HalfSpace<3>; 6],
}

impl Frustum {
    /// Between six planes, each given by the half-space that is kept.
    pub fn new(planes: [HalfSpace<3>; 6]) -> Self {
        Frustum { planes }
    }

    /// From a matrix by rows, `clip = matrix * (x, y, z, 1)`, that maps what is seen to
    /// `-w <= x, y <= w` and to `0 <= z <= w` if `depth_from_zero`, else to `-w <= z <= w`.
    pub fn from_view_projection(matrix: &[[f64; 4]; 4], depth_from_zero: bool) -> Result<Self> {
        let [x, y, z, w] = *matrix;
        let plane = |sign: f64, row: [f64; 4]| {
            let sum = |k: usize| w[k] + sign * row[k];
            HalfSpace::new([sum(0), sum(1), sum(2)], -sum(3))
        };
        let near = if depth_from_zero {
            HalfSpace::new([z[0], z[1], z[2]], -z[3])?
        } else {
            plane(1.0, z)?
        };
        let (left, right) = (plane(1.0, x)?, plane(-1.0, x)?);
        let (bottom, top) = (plane(1.0, y)?, plane(-1.0, y)?);
        Ok(Frustum { planes: [left, right, bottom, top, near, plane(-1.0, z)?] })
    }
}

impl Region<3> for Frustum {
    fn overlaps(&self, bounds: &BoxN<3>) -> bool {
        self.planes.iter().all(|plane| plane.overlaps(bounds))
    }

    fn contains(&self, bounds: &BoxN<3>) -> bool {
        self.planes.iter().all(|plane| plane.contains(bounds))
    }

    #[inline(always)]
    fn overlaps_each(&self, min: &[[f64; 16]; 3], max: &[[f64; 16]; 3], among: u16) -> u16 {
        self.planes.iter().fold(among, |among, plane| plane.overlaps_each(min, max, among))
    }
}
