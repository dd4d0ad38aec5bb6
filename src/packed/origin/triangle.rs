//! Triangles as payloads: three corners, axis by axis, in either precision.
//!
//! Owns: that record, each way, and the box of a triangle. Invariants: records are read wherever
//! they stand, aligned or not.

use crate::error::{Error, Result};
use crate::format::psindex::PayloadHead;
use crate::packed::boxes::BoxN;

use super::coordinate::{Coordinate, Precision};

/// A triangle with `D` axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle<const D: usize> {
    /// Its corners.
    pub corners: [[f64; D]; 3],
}

impl<const D: usize> Triangle<D> {
    /// The box that just holds it. Refused are corners that are not finite.
    pub fn bounds(&self) -> Result<BoxN<D>> {
        for (at, corner) in self.corners.iter().enumerate() {
            if !corner.iter().all(|x| x.is_finite()) {
                let message = format!("corner {at} is {corner:?}, which is not finite");
                return Err(Error::invalid("triangle", message));
            }
        }
        let [a, b, c] = self.corners.map(BoxN::point);
        Ok(a.union(&b).union(&c))
    }
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

/// The bytes of the coordinates of triangles; `None` if payloads are not declared to be records of
/// their length.
pub(crate) fn triangle_coordinates<const D: usize>(head: PayloadHead) -> Option<usize> {
    let stride = if head.inferred { 0 } else { head.stride as usize };
    let bytes = stride / (3 * D);
    (stride.is_multiple_of(3 * D) && matches!(bytes, 4 | 8)).then_some(bytes)
}

/// The triangle of a payload; `None` if the records were not declared, or are of other lengths.
pub(crate) fn triangle_at<const D: usize>(
    head: PayloadHead,
    payload: &[u8],
) -> Option<Triangle<D>> {
    let bytes = triangle_coordinates::<D>(head)?;
    if payload.len() != 3 * D * bytes {
        return None;
    }
    Some(if bytes == 8 { read::<D, f64>(payload) } else { read::<D, f32>(payload) })
}

fn read<const D: usize, C: Coordinate>(payload: &[u8]) -> Triangle<D> {
    let at = |corner: usize, axis: usize| C::read(&payload[(corner * D + axis) * C::BYTES..]);
    Triangle { corners: std::array::from_fn(|c| std::array::from_fn(|axis| at(c, axis))) }
}
