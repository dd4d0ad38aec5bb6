//! A box with altitudes.

use super::point::Space;
use super::rect::Rect;
use crate::error::{Error, Result};

/// A closed box in three dimensions. In a geographic space `min_x > max_x` means that it crosses
/// the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Box3 {
    /// West longitude in degrees, or least x.
    pub min_x: f64,
    /// South latitude in degrees, or least y.
    pub min_y: f64,
    /// Least altitude in metres, or least z; may be negative infinity.
    pub min_z: f64,
    /// East longitude in degrees, or greatest x.
    pub max_x: f64,
    /// North latitude in degrees, or greatest y.
    pub max_y: f64,
    /// Greatest altitude in metres, or greatest z; may be infinity.
    pub max_z: f64,
}

impl Box3 {
    /// A box from its least to its greatest coordinates.
    pub const fn new(min: (f64, f64, f64), max: (f64, f64, f64)) -> Self {
        Box3 { min_x: min.0, min_y: min.1, min_z: min.2, max_x: max.0, max_y: max.1, max_z: max.2 }
    }

    /// The box on the ground.
    pub const fn ground(self) -> Rect {
        Rect::new(self.min_x, self.min_y, self.max_x, self.max_y)
    }

    /// Refuses an inverted box, a number that is none, and degrees out of range.
    pub fn validate(self, space: Space, operation: &'static str) -> Result<()> {
        self.ground().validate(space, operation)?;
        for (name, value) in [("min_z", self.min_z), ("max_z", self.max_z)] {
            if value.is_nan() {
                return Err(Error::range(operation, name, value, "a number"));
            }
        }
        if self.min_z > self.max_z {
            let message = format!("min_z is {:?}, above max_z {:?}", self.min_z, self.max_z);
            return Err(Error::invalid(operation, message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverted_and_unordered_altitudes_are_refused() {
        let good = Box3::new((0.0, 0.0, f64::NEG_INFINITY), (1.0, 1.0, 5.0));
        assert!(good.validate(Space::Cartesian, "t").is_ok());
        let inverted = Box3 { min_z: 6.0, ..good };
        assert!(inverted.validate(Space::Cartesian, "t").unwrap_err().to_string().contains("6.0"));
        assert!(Box3 { max_z: f64::NAN, ..good }.validate(Space::Cartesian, "t").is_err());
    }
}
