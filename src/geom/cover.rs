//! Boxes round a circle.
//!
//! Owns: the boxes that an index is asked for on behalf of a circle. Does not own the test of each
//! point in them, which is a distance.
//!
//! Invariants: no point whose computed distance is at most the radius is outside. Sides are
//! rounded outwards by a part in 1e12 of the radius, a thousand times the error of a distance.
//!
//! Source: J. P. Matuschek, "Finding points within a distance of a latitude/longitude", for the
//! half width asin(sin r / cos lat) of a circle that holds no pole.

use super::distance::EARTH_RADIUS_M;
use super::point::{Point, Space};
use super::rect::{Rect, Rects};
use super::trig::{RAD, asin_unit, cos_lat, sin_quarter};

/// How much wider than it is computed a circle is made, relative.
const SLACK: f64 = 1e-12;
/// Differences below this square to nothing, so a distance does not see them.
const UNSEEN: f64 = 1e-140;

/// Boxes that surely hold every point whose 2D distance from `center` is at most `radius`: one,
/// or two where the circle reaches the antimeridian; none for a radius that is negative or NaN.
/// A circle that holds a pole is covered by a band of all longitudes.
pub fn cover_circle(space: Space, center: Point, radius: f64) -> Rects {
    if radius.is_nan() || radius < 0.0 {
        return Rects::default();
    }
    match space {
        Space::Cartesian => cover_plane(center, radius),
        Space::Geographic => cover_sphere(center, radius),
    }
}

fn cover_plane(center: Point, radius: f64) -> Rects {
    let reach = radius * (1.0 + SLACK) + UNSEEN;
    Rects::one(Rect::new(
        (center.x - reach).next_down(),
        (center.y - reach).next_down(),
        (center.x + reach).next_up(),
        (center.y + reach).next_up(),
    ))
}

fn cover_sphere(center: Point, radius: f64) -> Rects {
    let angle = radius / EARTH_RADIUS_M * (1.0 + SLACK);
    let reach = angle / RAD + UNSEEN;
    // Beside the antipode a distance is inexact, and little is left out there anyway.
    if reach >= 179.0 {
        return Rects::one(Rect::GLOBE);
    }
    let (south, north) = ((center.y - reach).next_down(), (center.y + reach).next_up());
    let (min_y, max_y) = (south.max(-90.0), north.min(90.0));
    let band = Rects::one(Rect::new(-180.0, min_y, 180.0, max_y));
    if south <= -90.0 || north >= 90.0 {
        return band;
    }
    // No pole inside, so the angle is below a quarter turn.
    let ratio = sin_quarter(angle) / cos_lat(center.y) * (1.0 + SLACK);
    if ratio >= 1.0 {
        return band;
    }
    let half_width = asin_unit(ratio) / RAD * (1.0 + SLACK) + UNSEEN;
    let west = (center.x - half_width).next_down();
    let east = (center.x + half_width).next_up();
    let mut rects = Rects::one(Rect::new(west.max(-180.0), min_y, east.min(180.0), max_y));
    if west <= -180.0 {
        rects.push(Rect::new((west + 360.0).next_down().min(180.0), min_y, 180.0, max_y));
    }
    if east >= 180.0 {
        rects.push(Rect::new(-180.0, min_y, (east - 360.0).next_up().max(-180.0), max_y));
    }
    rects
}
