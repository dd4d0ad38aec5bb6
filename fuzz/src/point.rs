//! Property: a space takes a point exactly when its coordinates are finite and in their ranges.

use spatio::{Point, Space};

use crate::input::Input;

/// Checks both spaces on three numbers.
pub fn check(bytes: &[u8]) {
    let mut input = Input(bytes);
    let point = Point::new_3d(input.f64(), input.f64(), input.f64());
    let finite = point.x.is_finite() && point.y.is_finite() && point.z.is_finite();
    let on_globe = finite && point.x.abs() <= 180.0 && point.y.abs() <= 90.0;
    assert_eq!(Space::Cartesian.validate("fuzz", point).is_ok(), finite);
    assert_eq!(Space::Geographic.validate("fuzz", point).is_ok(), on_globe);
}
