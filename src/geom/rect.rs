//! Boxes, and the few plain boxes that one box round the globe is made of.
//!
//! Owns: what a box means in each space. Does not own boxes round circles, which `cover` makes.
//!
//! Invariants: a box is closed. Only in a geographic space may `min_x` exceed `max_x`, and then
//! it crosses the antimeridian (RFC 7946). The boxes in a [`Rects`] never cross it. At a pole
//! every longitude is kept apart: a box that touches the pole holds only its own longitudes.

use std::ops::Deref;

use super::point::Space;
use crate::error::{Error, Result};

/// A closed box. In a geographic space `min_x > max_x` means that it crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// West side.
    pub min_x: f64,
    /// South side.
    pub min_y: f64,
    /// East side.
    pub max_x: f64,
    /// North side.
    pub max_y: f64,
}

impl Rect {
    /// The whole plane.
    pub const EVERYWHERE: Rect =
        Rect::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY);

    /// The whole globe in degrees.
    pub const GLOBE: Rect = Rect::new(-180.0, -90.0, 180.0, 90.0);

    /// A box by its sides.
    pub const fn new(min_x: f64, min_y: f64, max_x: f64, max_y: f64) -> Self {
        Rect { min_x, min_y, max_x, max_y }
    }

    /// Whether a point is inside or on the border, by plain comparison: a box that crosses the
    /// antimeridian has to be [`split`](Rect::split) first.
    #[inline(always)]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        // Without short circuits, so that a loop over columns has no branches.
        (x >= self.min_x) & (x <= self.max_x) & (y >= self.min_y) & (y <= self.max_y)
    }

    /// Whether two boxes share a point, by plain comparison.
    #[inline]
    pub fn intersects(&self, other: &Rect) -> bool {
        (self.min_x <= other.max_x)
            & (other.min_x <= self.max_x)
            & (self.min_y <= other.max_y)
            & (other.min_y <= self.max_y)
    }

    /// Whether every point of `other` is in this one, by plain comparison.
    #[inline]
    pub fn covers(&self, other: &Rect) -> bool {
        (self.min_x <= other.min_x)
            & (other.max_x <= self.max_x)
            & (self.min_y <= other.min_y)
            & (other.max_y <= self.max_y)
    }

    /// The smallest box, by plain comparison, that holds both.
    #[must_use]
    pub fn union(&self, other: &Rect) -> Rect {
        Rect {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }

    /// Refuses a box that cannot be one in `space`, naming the side.
    pub fn validate(self, space: Space, operation: &'static str) -> Result<()> {
        let (x_limit, y_limit) = match space {
            Space::Geographic => (180.0, 90.0),
            Space::Cartesian => (f64::MAX, f64::MAX),
        };
        let sides = [
            ("min_x", self.min_x, x_limit),
            ("min_y", self.min_y, y_limit),
            ("max_x", self.max_x, x_limit),
            ("max_y", self.max_y, y_limit),
        ];
        for (name, value, limit) in sides {
            // A NaN fails the comparison, so it is refused here too.
            if !(-limit..=limit).contains(&value) {
                let expected = match space {
                    Space::Geographic => format!("-{limit} to {limit}"),
                    Space::Cartesian => "a finite number".to_owned(),
                };
                return Err(Error::range(operation, name, value, &expected));
            }
        }
        let inverted = |low: &str, low_value: f64, high: &str, high_value: f64| {
            let message = format!("{low} {low_value:?} is above {high} {high_value:?}");
            Err(Error::invalid(operation, message))
        };
        if self.min_y > self.max_y {
            return inverted("min_y", self.min_y, "max_y", self.max_y);
        }
        if self.min_x > self.max_x && space == Space::Cartesian {
            return inverted("min_x", self.min_x, "max_x", self.max_x);
        }
        Ok(())
    }

    /// The one or two boxes, none of them crossing the antimeridian, that hold the same places.
    ///
    /// Longitude -180 and +180 are the same meridian, so a geographic box that touches one of
    /// them gets the other as a box without width.
    pub fn split(self, space: Space) -> Rects {
        let mut rects = Rects::default();
        let at = |min_x: f64, max_x: f64| Rect { min_x, max_x, ..self };
        if space == Space::Cartesian {
            rects.push(self);
        } else if self.min_x > self.max_x {
            rects.push(at(self.min_x, 180.0));
            rects.push(at(-180.0, self.max_x));
        } else {
            rects.push(self);
            if self.min_x <= -180.0 && self.max_x < 180.0 {
                rects.push(at(180.0, 180.0));
            } else if self.max_x >= 180.0 && self.min_x > -180.0 {
                rects.push(at(-180.0, -180.0));
            }
        }
        rects
    }
}

/// Up to three boxes that do not cross the antimeridian; no allocation. Derefs to `[Rect]`.
#[derive(Clone, Copy, Debug)]
pub struct Rects {
    boxes: [Rect; 3],
    len: u8,
}

impl Default for Rects {
    fn default() -> Self {
        Rects { boxes: [Rect::new(0.0, 0.0, 0.0, 0.0); 3], len: 0 }
    }
}

impl Rects {
    pub(super) fn push(&mut self, rect: Rect) {
        self.boxes[usize::from(self.len)] = rect;
        self.len += 1;
    }

    pub(super) fn one(rect: Rect) -> Self {
        let mut rects = Rects::default();
        rects.push(rect);
        rects
    }

    /// Whether a point is in any of them.
    #[inline]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        self.iter().any(|rect| rect.contains(x, y))
    }
}

impl From<Rect> for Rects {
    /// The box alone; it must not cross the antimeridian.
    fn from(rect: Rect) -> Self {
        Rects::one(rect)
    }
}

impl Deref for Rects {
    type Target = [Rect];

    fn deref(&self) -> &[Rect] {
        &self.boxes[..usize::from(self.len)]
    }
}

impl PartialEq for Rects {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<'a> IntoIterator for &'a Rects {
    type Item = &'a Rect;
    type IntoIter = std::slice::Iter<'a, Rect>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Rects {
    type Item = Rect;
    type IntoIter = std::iter::Take<std::array::IntoIter<Rect, 3>>;

    fn into_iter(self) -> Self::IntoIter {
        self.boxes.into_iter().take(usize::from(self.len))
    }
}
