//! A closed box of any dimension.
//!
//! Owns: the shape, its validity, and distances between boxes. Does not own what an axis means.
//! Invariants: a box that [`BoxN::validate`] let through has no NaN and no minimum above its
//! maximum.

use super::each::each;
use crate::error::{Error, Result};

/// An axis-aligned box with `D` axes, its borders included; a point is a box without size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxN<const D: usize> {
    /// The least coordinate on each axis.
    pub min: [f64; D],
    /// The greatest coordinate on each axis.
    pub max: [f64; D],
}

impl<const D: usize> BoxN<D> {
    /// The box that holds nothing, and that every union with another box leaves as it is.
    pub const EMPTY: Self = BoxN { min: [f64::INFINITY; D], max: [f64::NEG_INFINITY; D] };

    /// The box that holds everything.
    pub const EVERYWHERE: Self = BoxN { min: [f64::NEG_INFINITY; D], max: [f64::INFINITY; D] };

    /// The box from `min` to `max`.
    pub const fn new(min: [f64; D], max: [f64; D]) -> Self {
        BoxN { min, max }
    }

    /// A point.
    pub const fn point(at: [f64; D]) -> Self {
        BoxN { min: at, max: at }
    }

    /// Whether there is no NaN in it and no minimum above its maximum.
    #[inline(always)]
    pub(crate) fn is_valid(&self) -> bool {
        let mut is_valid = true;
        for k in 0..D {
            is_valid &= self.min[k] <= self.max[k];
        }
        is_valid
    }

    /// Refuses NaN and inverted boxes, naming the axis and the value.
    pub fn validate(&self, operation: &'static str) -> Result<()> {
        for axis in 0..D {
            let (min, max) = (self.min[axis], self.max[axis]);
            if min.is_nan() || max.is_nan() {
                let message = format!("axis {axis} of the box is [{min:?}, {max:?}], not numbers");
                return Err(Error::invalid(operation, message));
            }
            if min > max {
                let message = format!("min of axis {axis} is {min:?}, above max {max:?}");
                return Err(Error::invalid(operation, message));
            }
        }
        Ok(())
    }

    /// Whether the two share a point.
    #[inline(always)]
    pub fn intersects(&self, other: &Self) -> bool {
        let mut shares = true;
        for k in 0..D {
            shares &= (self.min[k] <= other.max[k]) & (other.min[k] <= self.max[k]);
        }
        shares
    }

    /// Whether `other` lies inside.
    #[inline(always)]
    pub fn contains(&self, other: &Self) -> bool {
        let mut holds = true;
        for k in 0..D {
            holds &= (self.min[k] <= other.min[k]) & (other.max[k] <= self.max[k]);
        }
        holds
    }

    /// The least box that holds both.
    #[inline(always)]
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = *self;
        for k in 0..D {
            all.min[k] = if other.min[k] < all.min[k] { other.min[k] } else { all.min[k] };
            all.max[k] = if other.max[k] > all.max[k] { other.max[k] } else { all.max[k] };
        }
        all
    }

    /// The middle on each axis.
    #[inline(always)]
    pub fn center(&self) -> [f64; D] {
        each(|k| 0.5 * (self.min[k] + self.max[k]))
    }

    /// The square of the Euclidean distance between the two boxes, 0 where they touch.
    #[inline(always)]
    pub fn distance_squared_to_box(&self, other: &Self) -> f64 {
        let mut sum = 0.0;
        for k in 0..D {
            // Of equal infinities the difference is not a number, and then the second is taken.
            let (above, below) = (other.min[k] - self.max[k], self.min[k] - other.max[k]);
            let below = if below > 0.0 { below } else { 0.0 };
            let gap = if above > below { above } else { below };
            sum += gap * gap;
        }
        sum
    }

    /// The Euclidean distance between the two boxes, 0 where they touch.
    pub fn distance_to_box(&self, other: &Self) -> f64 {
        self.distance_squared_to_box(other).sqrt()
    }
}
