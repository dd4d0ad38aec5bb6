//! Distances from one origin to many points, and to boxes.
//!
//! Owns: what can be computed once for an origin, a cheap key that orders points as their
//! distances do, and the lower bound by which a search of nearest neighbours prunes. Does not own
//! the meaning of a distance, which is that of `distance`.
//!
//! Invariants:
//! 1. `to_xy` and `to` equal `Space::distance_2d` and `Space::distance` bit for bit.
//! 2. `to_xy(x, y) <= d` implies `key(x, y) <= key_of(d)`.
//! 3. `lower_bound_rect(r) <= to_xy(x, y)`, and likewise for the keys, at every point of `r`.
//!    In the plane the bound is exact. On the sphere it is made smaller by a part in 1e14 and, in
//!    the key, by 1e-30 (within about 13 nanometres it is 0), which outweighs every rounding.
//!
//! Source: the nearest point of a meridian by the formulas for cross-track distance (E. Williams,
//! "Aviation Formulary"), put so that no arc tangent is needed.

use super::distance::{EARTH_RADIUS_M, plane_key, sphere_distance, sphere_key, with_height};
use super::point::{Point, Space};
use super::rect::Rect;
use super::trig::{cos_lat, haversine_of, lon_gap, sin_lat, sin_quarter};

/// What relative error a key may have, several times over.
const SLACK: f64 = 1e-14;
/// What absolute error the side test of a meridian may leave in a key, several times over.
const TINY: f64 = 1e-30;

/// An origin from which many distances are taken.
#[derive(Clone, Copy, Debug)]
pub struct DistanceFrom {
    space: Space,
    origin: Point,
    /// Of a geographic origin: the cosine of its latitude.
    cos_y: f64,
    /// Of a geographic origin: the sine of its latitude without the sign.
    sin_abs_y: f64,
}

impl DistanceFrom {
    /// Distances in `space` from `origin`.
    pub fn new(space: Space, origin: Point) -> Self {
        let (cos_y, sin_abs_y) = match space {
            Space::Geographic => (cos_lat(origin.y), sin_lat(origin.y.abs())),
            Space::Cartesian => (0.0, 0.0),
        };
        DistanceFrom { space, origin, cos_y, sin_abs_y }
    }

    /// Where distances are taken from.
    pub fn origin(&self) -> Point {
        self.origin
    }

    /// The distance without height, equal to `Space::distance_2d`.
    #[inline]
    pub fn to_xy(&self, x: f64, y: f64) -> f64 {
        self.distance_of(self.key(x, y))
    }

    /// The distance with height, equal to `Space::distance`.
    #[inline]
    pub fn to(&self, x: f64, y: f64, z: f64) -> f64 {
        self.solid_of(self.key(x, y), z)
    }

    /// The distance with height of what has this key and this altitude.
    #[inline]
    pub fn solid_of(&self, key: f64, z: f64) -> f64 {
        let dz = self.origin.z - z;
        match self.space {
            Space::Geographic => with_height(sphere_distance(key), dz),
            Space::Cartesian => (key + dz * dz).sqrt(),
        }
    }

    /// A number that grows with the distance without height and is cheaper: the square of the
    /// distance in the plane, the squared sine of half the angle on the sphere.
    #[inline(always)]
    pub fn key(&self, x: f64, y: f64) -> f64 {
        match self.space {
            Space::Geographic => {
                sphere_key(self.origin.x, self.origin.y, self.cos_y, x, y, cos_lat(y))
            }
            Space::Cartesian => plane_key(self.origin.x - x, self.origin.y - y),
        }
    }

    /// The distance that a key stands for: `distance_of(key(x, y))` is `to_xy(x, y)`.
    #[inline]
    pub fn distance_of(&self, key: f64) -> f64 {
        match self.space {
            Space::Geographic => sphere_distance(key),
            Space::Cartesian => key.sqrt(),
        }
    }

    /// The largest key, rounded up, of a point within `distance`: a point with a larger key is
    /// surely further away, one with a smaller or equal key is to be measured.
    pub fn key_of(&self, distance: f64) -> f64 {
        if distance.is_nan() || distance < 0.0 {
            return f64::NEG_INFINITY;
        }
        let key = match self.space {
            Space::Cartesian => distance * distance,
            Space::Geographic => {
                let half_angle = distance / (2.0 * EARTH_RADIUS_M);
                if half_angle >= std::f64::consts::FRAC_PI_2 {
                    return f64::INFINITY;
                }
                let sine = sin_quarter(half_angle);
                sine * sine
            }
        };
        // The addend stands for squares that vanish.
        key * (1.0 + SLACK) + f64::MIN_POSITIVE
    }

    /// Never more than the distance without height to any point of a box that does not cross the
    /// antimeridian; its sides may be infinite.
    #[inline]
    pub fn lower_bound_rect(&self, rect: &Rect) -> f64 {
        self.distance_of(self.lower_bound_key(rect))
    }

    /// Never more than the [`key`](Self::key) of any point of the box.
    #[inline]
    pub fn lower_bound_key(&self, rect: &Rect) -> f64 {
        match self.space {
            Space::Cartesian => {
                // Rounding keeps the order, so this is exact: the same steps as for a point.
                let dx = outside(self.origin.x, rect.min_x, rect.max_x);
                let dy = outside(self.origin.y, rect.min_y, rect.max_y);
                plane_key(dx, dy)
            }
            Space::Geographic => {
                let key = self.nearest_on_sphere(rect);
                (key - (key * SLACK + TINY)).max(0.0)
            }
        }
    }

    /// The key of the nearest point of a box on the sphere, but for rounding.
    #[inline]
    fn nearest_on_sphere(&self, rect: &Rect) -> f64 {
        let (west, east) = (rect.min_x.max(-180.0), rect.max_x.min(180.0));
        let (south, north) = (rect.min_y.max(-90.0), rect.max_y.min(90.0));
        let (x, y) = (self.origin.x, self.origin.y);
        let gap = lon_gap(x, west).min(lon_gap(x, east));
        if gap == 0.0 || (west <= x && x <= east) {
            return haversine_of(outside(y, south, north));
        }
        // Seen from the north: mirrored when the origin is in the south.
        if y >= 0.0 {
            self.nearest_on_meridian(y, gap, south, north)
        } else {
            self.nearest_on_meridian(-y, gap, -north, -south)
        }
    }

    /// The key of the nearest point of the piece `south..north` of a meridian `gap` degrees off,
    /// from the latitude `y >= 0`.
    #[inline]
    fn nearest_on_meridian(&self, y: f64, gap: f64, south: f64, north: f64) -> f64 {
        let hav = haversine_of(gap);
        let at = |lat: f64| haversine_of(lat - y) + (self.cos_y * cos_lat(lat)) * hav;
        if gap > 90.0 {
            // The meridian's far half has a furthest point, the nearest is one of the ends.
            return at(south).min(at(north));
        }
        // The foot of the perpendicular is at the latitude atan2(rise, run), at or north of `y`.
        if north <= y {
            return at(north);
        }
        let rise = self.sin_abs_y;
        let run = self.cos_y * (1.0 - 2.0 * hav);
        if rise * cos_lat(north) >= run * sin_lat(north) {
            return at(north);
        }
        if south > y && rise * cos_lat(south) <= run * sin_lat(south) {
            return at(south);
        }
        let sin2 = self.cos_y * self.cos_y * (4.0 * hav * (1.0 - hav));
        sin2 / (2.0 * (1.0 + (rise * rise + run * run).sqrt()))
    }
}

/// How far `value` is outside of `low..=high`; 0 inside.
#[inline(always)]
fn outside(value: f64, low: f64, high: f64) -> f64 {
    (low - value).max(value - high).max(0.0)
}
