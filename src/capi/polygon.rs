//! A polygon of the caller's, made ready once and used by many queries.

use crate::geom::{Polygon, PolygonRings};

use super::border::{Failure, Fallible, Out, column, enter, give, handle, offsets, take_back};
use super::error::spatio_error;
use super::status::spatio_status;

/// A polygon, or several with holes, ready for queries. It does not change, so that any number of
/// threads may use one; freeing it is for one thread alone, when no call uses it.
pub struct spatio_polygon(pub(super) Polygon);

/// Makes a polygon as GeoJSON has them: rings of x, y (longitude, latitude), closed or open, in
/// either direction. Borders belong to it, also those of holes.
///
/// A triangle, and a square with a hole:
///
/// ```c
/// const double triangle[] = {0, 0, 4, 0, 2, 3};
/// const uint64_t one_ring[] = {0, 3};
/// spatio_polygon_new(1, one_ring, triangle, 0, NULL, &polygon, &error);
///
/// const double square[] = {0, 0, 4, 0, 4, 4, 0, 4, 1, 1, 2, 1, 2, 2, 1, 2};
/// const uint64_t two_rings[] = {0, 4, 8};
/// spatio_polygon_new(2, two_rings, square, 0, NULL, &polygon, &error);
/// ```
///
/// @param rings            how many rings there are
/// @param ring_offsets     rings + 1 numbers: ring r has the points ring_offsets[r] up to, not
///                         including, ring_offsets[r + 1]
/// @param xy               two numbers for each point: x0, y0, x1, y1 ...
/// @param polygons         how many polygons there are, of which each has a border and may have
///                         holes; 0 for one polygon of all rings
/// @param polygon_offsets  polygons + 1 numbers: polygon p has the rings polygon_offsets[p] up to,
///                         not including, polygon_offsets[p + 1], its border first; NULL if
///                         polygons is 0
/// @param polygon          receives it, to be freed by spatio_polygon_free; NULL on failure
/// @param error            may be NULL
///
/// SPATIO_INVALID_ARGUMENT if a ring has less than three points or crosses itself or another, or a
/// hole lies outside; SPATIO_OUT_OF_RANGE if a coordinate is not finite. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_polygon_new(
    rings: usize,
    ring_offsets: *const u64,
    xy: *const f64,
    polygons: usize,
    polygon_offsets: *const u64,
    polygon: *mut *mut spatio_polygon,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_polygon_new", || {
            let out = Out::one(polygon, "polygon")?;
            out.set(0, std::ptr::null_mut());
            let ring_offsets = offsets(ring_offsets, rings, "ring_offsets")?;
            let numbers = (ring_offsets[rings] as usize).checked_mul(2);
            let numbers = numbers.ok_or_else(|| Failure::invalid("xy is too long".to_owned()))?;
            let xy = column(xy, numbers, "xy")?;
            let whole = [0, rings as u64];
            let parts = match polygons {
                0 => &whole[..],
                _ => offsets(polygon_offsets, polygons, "polygon_offsets")?,
            };
            out.set(0, give(spatio_polygon(Polygon::multi(nest(parts, ring_offsets, xy)?)?)));
            Ok(())
        })
    }
}

/// The rings of each polygon, border and holes.
fn nest(parts: &[u64], ring_offsets: &[u64], xy: &[f64]) -> Fallible<Vec<PolygonRings>> {
    let rings = ring_offsets.len() - 1;
    if let Some(&end) = parts.last().filter(|&&end| end > rings as u64) {
        let message = format!("polygon_offsets ends at {end}, there are {rings} rings");
        return Err(Failure::invalid(message));
    }
    let points = |ring: u64| -> Vec<(f64, f64)> {
        let (from, to) = (ring_offsets[ring as usize], ring_offsets[ring as usize + 1]);
        let numbers = &xy[2 * from as usize..2 * to as usize];
        numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let polygons = parts.windows(2).enumerate();
    polygons
        .map(|(number, part)| match part[0] < part[1] {
            true => Ok((points(part[0]), (part[0] + 1..part[1]).map(points).collect())),
            false => Err(Failure::invalid("a polygon has no ring".to_owned()).in_row(number)),
        })
        .collect()
}

/// Which points lie in a polygon, its border included.
///
/// @param polygon  a polygon
/// @param n        how many points
/// @param x        n numbers
/// @param y        n numbers
/// @param inside   receives n times 1 or 0
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_polygon_contains(
    polygon: *const spatio_polygon,
    n: usize,
    x: *const f64,
    y: *const f64,
    inside: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_polygon_contains", || {
            let polygon = &handle(polygon, "polygon")?.0;
            let (x, y) = (column(x, n, "x")?, column(y, n, "y")?);
            let out = Out::column(inside, n, "inside")?;
            for (row, (&x, &y)) in x.iter().zip(y).enumerate() {
                out.set(row, polygon.contains(x, y).into());
            }
            Ok(())
        })
    }
}

/// Frees a polygon. NULL is fine. Since 0.1.
///
/// @param polygon  a polygon
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_polygon_free(polygon: *mut spatio_polygon) {
    // SAFETY: the caller gives the handle up.
    drop(unsafe { take_back(polygon) });
}
