//! Distances between two points, on the sphere, on the ellipsoid and in the plane.
//!
//! Owns: the formulas, and what `Space::distance` means. Does not own distances from one origin
//! to many points, which `origin` makes fast and equal to these to the last bit.
//!
//! Invariants: every distance is symmetric to the last bit, 0 for equal points, and never NaN for
//! points that their space accepts.
//!
//! Sources: the haversine formula (R. W. Sinnott, Sky and Telescope 68, 1984) on the mean Earth
//! radius R1 of the IUGG; the rhumb line by the divided difference of the isometric latitude,
//! tanh(dpsi / 2) = sin(dphi / 2) / cos((phi1 + phi2) / 2); geodesics by C. F. F. Karney,
//! "Algorithms for geodesics", J. Geodesy 87 (2013), in the crate `geographiclib-rs`.
//!
//! Beside the antipode the haversine loses digits: within some 10 km of it, a few tenths of a
//! metre.

use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use super::metric::Metric;
use super::point::{Point, Space};
use super::trig::{RAD, asin_unit, cos_lat, haversine_of, lon_gap, sin_quarter};
use crate::error::{Error, ErrorKind, Result};

/// The mean radius of the Earth in metres (IUGG R1), on which haversine and rhumb lie.
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

static WGS84: LazyLock<Geodesic> = LazyLock::new(Geodesic::wgs84);

/// The squared sine of half the angle between two places on the sphere.
#[inline(always)]
pub(super) fn sphere_key(x1: f64, y1: f64, cos1: f64, x2: f64, y2: f64, cos2: f64) -> f64 {
    haversine_of(y1 - y2) + (cos1 * cos2) * haversine_of(lon_gap(x1, x2))
}

/// The distance in metres that a [`sphere_key`] stands for.
#[inline]
pub(super) fn sphere_distance(key: f64) -> f64 {
    2.0 * EARTH_RADIUS_M * asin_unit(key.sqrt())
}

/// Great-circle distance in metres on the mean sphere; `z` plays no part.
pub fn haversine_m(a: Point, b: Point) -> f64 {
    sphere_distance(sphere_key(a.x, a.y, cos_lat(a.y), b.x, b.y, cos_lat(b.y)))
}

/// Distance in metres along the surface of the WGS84 ellipsoid; `z` plays no part.
pub fn geodesic_m(a: Point, b: Point) -> f64 {
    // The order of the two is fixed, so that the way there is as long as the way back.
    let (a, b) = if (a.x, a.y) <= (b.x, b.y) { (a, b) } else { (b, a) };
    InverseGeodesic::<f64>::inverse(&*WGS84, a.y, a.x, b.y, b.x)
}

/// Distance in metres along the line of constant bearing on the mean sphere, the short way round;
/// `z` plays no part. To a pole it is the meridian.
pub fn rhumb_m(a: Point, b: Point) -> f64 {
    let dlat = (a.y - b.y).abs();
    let dlon = lon_gap(a.x, b.x) * RAD;
    let cos_middle = cos_lat(0.5 * (a.y + b.y));
    // How much a step east is shortened on the way: the mean of the cosine of the latitude.
    let stretch = if dlat == 0.0 {
        cos_lat(a.y)
    } else {
        let sine = sin_quarter(0.5 * dlat * RAD);
        // At a pole both are equal, the isometric latitude is infinite and the stretch 0.
        let ratio = if sine < cos_middle { sine / cos_middle } else { 1.0 };
        dlat * RAD / (2.0 * ratio.atanh())
    };
    let (north, east) = (dlat * RAD, stretch * dlon);
    EARTH_RADIUS_M * (north * north + east * east).sqrt()
}

/// Straight distance in the unit of the coordinates, in three dimensions. Squares are taken, so
/// differences under 1e-150 count as 0 and over 1e150 as infinite.
pub fn euclidean(a: Point, b: Point) -> f64 {
    let flat = plane_key(a.x - b.x, a.y - b.y);
    let dz = a.z - b.z;
    (flat + dz * dz).sqrt()
}

/// The squared distance in the plane.
#[inline(always)]
pub(super) fn plane_key(dx: f64, dy: f64) -> f64 {
    dx * dx + dy * dy
}

/// A distance along the ground and a difference of height, put together.
#[inline(always)]
pub(super) fn with_height(ground: f64, dz: f64) -> f64 {
    // A root of a square is exact short of underflow; the test keeps it so for the tiniest.
    if dz == 0.0 { ground } else { (ground * ground + dz * dz).sqrt() }
}

impl Space {
    /// The distance without height: metres along the ground, or units in the plane.
    #[inline]
    pub fn distance_2d(self, a: Point, b: Point) -> f64 {
        match self {
            Space::Geographic => haversine_m(a, b),
            Space::Cartesian => plane_key(a.x - b.x, a.y - b.y).sqrt(),
        }
    }

    /// The distance with height: the root of the sum of the squares of ground and height.
    #[inline]
    pub fn distance(self, a: Point, b: Point) -> f64 {
        match self {
            Space::Geographic => with_height(haversine_m(a, b), a.z - b.z),
            Space::Cartesian => euclidean(a, b),
        }
    }

    /// The distance by a metric of choice.
    ///
    /// In a geographic space haversine, geodesic and rhumb are in metres and take the difference
    /// of altitude in; Euclidean is in degrees, in the plane of longitude and latitude. In a
    /// Cartesian space only Euclidean is offered, in three dimensions.
    pub fn distance_by(self, metric: Metric, a: Point, b: Point) -> Result<f64> {
        let dz = a.z - b.z;
        match (self, metric) {
            (Space::Cartesian, Metric::Euclidean) => Ok(euclidean(a, b)),
            (Space::Cartesian, _) => Err(Error::new(
                ErrorKind::Unsupported,
                "distance",
                format!("metric {metric} needs a geographic space, this one is cartesian"),
            )),
            (Space::Geographic, Metric::Haversine) => Ok(with_height(haversine_m(a, b), dz)),
            (Space::Geographic, Metric::Geodesic) => Ok(with_height(geodesic_m(a, b), dz)),
            (Space::Geographic, Metric::Rhumb) => Ok(with_height(rhumb_m(a, b), dz)),
            (Space::Geographic, Metric::Euclidean) => Ok(plane_key(a.x - b.x, a.y - b.y).sqrt()),
        }
    }
}
