//! Triangles as payloads: three corners, axis by axis, in either precision.
//!
//! Owns: that record, each way. Invariants: records are read wherever they stand, aligned or not.

use crate::format::psindex::PayloadHead;

use super::coordinate::{Coordinate, Precision};

/// A triangle with `D` axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle<const D: usize> {
    /// Its corners.
    pub corners: [[f64; D]; 3],
}

/// Appends the record of a triangle, rounded to the nearest number that can be stored.
pub fn put_triangle<const D: usize>(
    triangle: &Triangle<D>,
    precision: Precision,
    out: &mut Vec<u8>,
) {
    for value in triangle.corners.into_iter().flatten() {
        match precision {
            Precision::Double => <f64 as Coordinate>::put(value, out),
            Precision::Single => <f32 as Coordinate>::put(value, out),
        }
    }
}

/// The triangle of a payload; `None` if the records were not declared, or are of other lengths.
pub(crate) fn triangle_at<const D: usize>(
    head: PayloadHead,
    payload: &[u8],
) -> Option<Triangle<D>> {
    let stride = if head.inferred { 0 } else { head.stride as usize };
    if stride == 0 || payload.len() != stride {
        return None;
    }
    match stride / (3 * D) {
        8 if stride.is_multiple_of(3 * D) => Some(read::<D, f64>(payload)),
        4 if stride.is_multiple_of(3 * D) => Some(read::<D, f32>(payload)),
        _ => None,
    }
}

fn read<const D: usize, C: Coordinate>(payload: &[u8]) -> Triangle<D> {
    let at = |corner: usize, axis: usize| C::read(&payload[(corner * D + axis) * C::BYTES..]);
    Triangle { corners: std::array::from_fn(|c| std::array::from_fn(|axis| at(c, axis))) }
}
