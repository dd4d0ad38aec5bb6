//! A position, and the space that says what its numbers mean.

use crate::error::{Error, Result};

/// A position. In a geographic space `x` is the longitude and `y` the latitude in degrees
/// (WGS84), `z` the altitude in metres; in a Cartesian space all three are in one unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Longitude in degrees, or x.
    pub x: f64,
    /// Latitude in degrees, or y.
    pub y: f64,
    /// Altitude in metres, or z.
    pub z: f64,
}

impl Point {
    /// A position on the ground or the plane: `z` is 0.
    pub const fn new(x: f64, y: f64) -> Self {
        Point { x, y, z: 0.0 }
    }

    /// A position with an altitude.
    pub const fn new_3d(x: f64, y: f64, z: f64) -> Self {
        Point { x, y, z }
    }
}

/// What the coordinates of a namespace mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Space {
    /// WGS84 longitude and latitude in degrees, altitude in metres; distances in metres.
    #[default]
    Geographic,
    /// x, y, z in any one unit; distances in that unit.
    Cartesian,
}

impl Space {
    /// Refuses a point that cannot be a position in this space, naming the coordinate.
    pub fn validate(self, operation: &'static str, point: Point) -> Result<()> {
        match self {
            Space::Cartesian => {
                for (name, value) in [("x", point.x), ("y", point.y), ("z", point.z)] {
                    if !value.is_finite() {
                        return Err(Error::range(operation, name, value, "a finite number"));
                    }
                }
            }
            Space::Geographic => {
                // A NaN fails `contains`, so it is refused here too.
                if !(-180.0..=180.0).contains(&point.x) {
                    return Err(Error::range(operation, "lon", point.x, "-180 to 180"));
                }
                if !(-90.0..=90.0).contains(&point.y) {
                    return Err(Error::range(operation, "lat", point.y, "-90 to 90"));
                }
                if !point.z.is_finite() {
                    return Err(Error::range(operation, "alt", point.z, "a finite number"));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geographic_point_is_bounded_and_finite() {
        let good = [(180.0, 90.0, 0.0), (-180.0, -90.0, -400.0), (0.0, 0.0, 1e7)];
        for (x, y, z) in good {
            assert!(Space::Geographic.validate("t", Point::new_3d(x, y, z)).is_ok());
        }
        let bad = [
            (180.1, 0.0, 0.0, "lon"),
            (0.0, -90.000001, 0.0, "lat"),
            (f64::NAN, 0.0, 0.0, "lon"),
            (0.0, f64::INFINITY, 0.0, "lat"),
            (0.0, 0.0, f64::NAN, "alt"),
        ];
        for (x, y, z, name) in bad {
            let error = Space::Geographic.validate("t", Point::new_3d(x, y, z)).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn a_cartesian_point_is_only_finite() {
        assert!(Space::Cartesian.validate("t", Point::new_3d(1e300, -1e9, 1e-9)).is_ok());
        assert!(Space::Cartesian.validate("t", Point::new(f64::NEG_INFINITY, 0.0)).is_err());
    }
}
