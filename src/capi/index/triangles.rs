//! Triangles as items, and rays that meet them exactly.
//!
//! Owns: the calls. Does not own the triangles' records, nor where a ray meets one (`packed`).

use super::options::{Wishes, spatio_index_metadata, spatio_index_options};
use super::rays::{Rays, SPATIO_NO_ITEM};
use super::{Packed, Points, points, spatio_index};
use crate::capi::border::{Failure, Fallible, Out, emptied, enter, give, handle};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::packed::{Hit, Index, Items, Payloads, Precision, Triangle, Workspace, put_triangle};

/// Builds an index of triangles in memory and opens it.
fn build<const D: usize>(
    corners: &Points<'_>,
    n: usize,
    wishes: &Wishes<'_>,
) -> Fallible<Index<D>> {
    let stride = 3 * D * size_of::<f64>();
    let (mut boxes, mut records) = (Vec::with_capacity(n), Vec::with_capacity(n * stride));
    for row in 0..n {
        let triangle = Triangle::<D> { corners: [0, 1, 2].map(|at| corners.get(3 * row + at)) };
        boxes.push(triangle.bounds().map_err(|error| error.in_row(row))?);
        put_triangle(&triangle, Precision::Double, &mut records);
    }
    let payloads = Some(Payloads::Records { stride: stride as u32, bytes: &records });
    let Wishes { options, prefix_bytes, metadata } = *wishes;
    let items = Items { payloads, prefix_bytes, metadata, ..Items::new(&boxes) };
    Ok(Index::build_items(&items, options)?)
}

/// Builds an index of triangles in memory: its items are their boxes, and the triangles stand
/// beside them for spatio_index_raycast_triangles. Each other question is answered by the boxes.
///
/// @param dims      axes of the corners: 2 or 3
/// @param n         how many triangles there are
/// @param corners   n times 3 times dims numbers: the three corners of triangle 0, then of
///                  triangle 1 ...; finite
/// @param metadata  what the index says about itself; may be NULL
/// @param options   how it is built; NULL for the defaults
/// @param index     receives it, to be freed by spatio_index_free; NULL on failure
/// @param error     may be NULL; its row is the triangle that was refused
///
/// The payload of an item is its corners, 3 times dims numbers of 64 bits, the least byte first.
/// spatio_index_bytes shows the file of it. SPATIO_INVALID_ARGUMENT for a corner that is not
/// finite. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_build_triangles(
    dims: u32,
    n: usize,
    corners: *const f64,
    metadata: *const spatio_index_metadata,
    options: *const spatio_index_options,
    index: *mut *mut spatio_index,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_build_triangles", || {
            let out = emptied(index, "index")?;
            if !matches!(dims, 2 | 3) {
                return Err(Failure::invalid(format!("dims is {dims}, expected 2 or 3")));
            }
            let wishes = Wishes::new(options, metadata)?;
            let rows = n.checked_mul(3);
            let rows = rows.ok_or_else(|| Failure::invalid(format!("{n} triangles")))?;
            let corners = points((dims as usize, rows), corners, "corners")?;
            let built = match dims {
                2 => Packed::Two(build(&corners, n, &wishes)?),
                _ => Packed::Three(build(&corners, n, &wishes)?),
            };
            out.set(0, give(spatio_index(built)));
            Ok(())
        })
    }
}

/// The triangle that each ray meets first; of several the one with the smallest id. A triangle is
/// filled and closed and met from either side; in space a ray that lies in its plane passes it.
///
/// @param index      an index of spatio_index_build_triangles
/// @param n          how many rays
/// @param origin     where they begin, as for spatio_index_raycast
/// @param direction  where they go
/// @param max_t      how far; NULL: for ever
/// @param ids        receives n items, SPATIO_NO_ITEM where a ray meets none
/// @param t          receives n numbers: where it meets it, NaN where it meets none; may be NULL
/// @param error      may be NULL; its row is the ray that was refused
///
/// SPATIO_UNSUPPORTED if the items are no triangles; else errors as of spatio_index_raycast. Any
/// thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_raycast_triangles(
    index: *const spatio_index,
    n: usize,
    origin: *const f64,
    direction: *const f64,
    max_t: *const f64,
    ids: *mut u32,
    t: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_raycast_triangles", || {
            let index = handle(index, "index")?;
            let rays = Rays::new((index.axes(), n), (origin, direction), max_t)?;
            let (ids, times) = (Out::column(ids, n, "ids")?, Out::optional(t, n, "t")?);
            let set = |row: usize, hit: Option<Hit>| {
                ids.set(row, hit.map_or(SPATIO_NO_ITEM, |hit| hit.id));
                times.set(row, hit.map_or(f64::NAN, |hit| hit.t));
            };
            let mut workspace = Workspace::new();
            for row in 0..n {
                let hit = match &index.0 {
                    Packed::Two(index) => {
                        index.raycast_triangles_with(&rays.get(row)?, &mut workspace)
                    }
                    Packed::Three(index) => {
                        index.raycast_triangles_with(&rays.get(row)?, &mut workspace)
                    }
                    Packed::Four(_) => {
                        let message = "the index has 4 axes, so that no item is a triangle";
                        return Err(Failure::unsupported(message.to_owned()));
                    }
                };
                set(row, hit.map_err(|error| error.in_row(row))?);
            }
            Ok(())
        })
    }
}
