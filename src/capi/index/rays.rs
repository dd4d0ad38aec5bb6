//! Rays.
//!
//! Owns: the calls. Does not own what a ray hits (`packed`).

use super::hits::{Found, answer, spatio_hit_columns, spatio_hits};
use super::{Points, each_or, on_index, points, spatio_index};
use crate::capi::border::{Fallible, Out, enter, handle, optional_column};
use crate::capi::error::spatio_error;
use crate::capi::status::spatio_status;
use crate::error::Result;
use crate::packed::{Ray, Workspace};

/// No item: what is answered where a ray hits none, or where there is no closest pair.
pub const SPATIO_NO_ITEM: u32 = 0xFFFF_FFFF;

/// Rays of the caller's.
pub(super) struct Rays<'a> {
    origin: Points<'a>,
    direction: Points<'a>,
    max_t: Option<&'a [f64]>,
}

impl Rays<'_> {
    /// Looks at the caller's columns.
    ///
    /// # Safety
    ///
    /// `origin` and `direction` point to `n` times `axes` numbers, `max_t` to `n` or is NULL.
    pub(super) unsafe fn new(
        size: (usize, usize),
        (origin, direction): (*const f64, *const f64),
        max_t: *const f64,
    ) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        unsafe {
            Ok(Rays {
                origin: points(size, origin, "origin")?,
                direction: points(size, direction, "direction")?,
                max_t: optional_column(max_t, size.1, "max_t")?,
            })
        }
    }

    pub(super) fn get<const D: usize>(&self, row: usize) -> Result<Ray<D>> {
        let max_t = each_or(self.max_t, row, f64::INFINITY);
        let ray = Ray::new(self.origin.get(row), self.direction.get(row), max_t);
        ray.map_err(|error| error.in_row(row))
    }
}

/// The items that rays hit, in the order in which they enter them. A ray is the points
/// origin + t * direction for t from 0 to max_t; it hits what it touches, and what it begins in
/// at 0.
///
/// @param index      an index
/// @param n          how many rays
/// @param origin     n times dims numbers: where ray 0 begins on each axis, then ray 1 ...
/// @param direction  the same of their directions, which need not have the length 1 and of which
///                   components may be 0
/// @param max_t      n numbers: how far each goes, in lengths of its direction; NULL: for ever
/// @param hits       NULL in *hits, or those of an earlier call, which are filled anew: columns ids
///                   and distance, which is the t at which the ray enters
/// @param columns    receives views of *hits; may be NULL, else its struct_size must be set
/// @param error      may be NULL; its row is the ray that was refused
///
/// On failure *hits stays the caller's, emptied. SPATIO_OUT_OF_RANGE for an origin that is not
/// finite, a component over 1e300 or NaN, a max_t that is negative or NaN. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_raycast(
    index: *const spatio_index,
    n: usize,
    origin: *const f64,
    direction: *const f64,
    max_t: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_raycast", || {
            let index = handle(index, "index")?;
            let rays = Rays::new((index.axes(), n), (origin, direction), max_t)?;
            answer(hits, columns, |found: &mut Found| {
                on_index!(index, index => for row in 0..n {
                    let asked = index.raycast_hits_into(&rays.get(row)?, &mut found.hits);
                    asked.map_err(|error| error.in_row(row))?;
                    found.take_hits();
                });
                Ok(())
            })
        })
    }
}

/// Whether rays hit any item: for lines of sight. It ends at the first.
///
/// @param index      an index
/// @param n          how many rays
/// @param origin     where they begin, as for spatio_index_raycast
/// @param direction  where they go
/// @param max_t      how far; NULL: for ever
/// @param any        receives n times 1 or 0
/// @param error      may be NULL; its row is the ray that was refused
///
/// Errors as of spatio_index_raycast. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_raycast_any(
    index: *const spatio_index,
    n: usize,
    origin: *const f64,
    direction: *const f64,
    max_t: *const f64,
    any: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_raycast_any", || {
            let index = handle(index, "index")?;
            let rays = Rays::new((index.axes(), n), (origin, direction), max_t)?;
            let out = Out::column(any, n, "any")?;
            on_index!(index, index => for row in 0..n {
                let any = index.raycast_any(&rays.get(row)?);
                out.set(row, any.map_err(|error| error.in_row(row))?.into());
            });
            Ok(())
        })
    }
}

/// The item that each ray enters first; of several the one with the smallest id.
///
/// @param index      an index
/// @param n          how many rays
/// @param origin     where they begin, as for spatio_index_raycast
/// @param direction  where they go
/// @param max_t      how far; NULL: for ever
/// @param ids        receives n items, SPATIO_NO_ITEM where a ray hits none
/// @param t          receives n numbers: where it enters, NaN where it hits none; may be NULL
/// @param error      may be NULL; its row is the ray that was refused
///
/// Errors as of spatio_index_raycast. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_raycast_closest(
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
        enter(error, "spatio_index_raycast_closest", || {
            let index = handle(index, "index")?;
            let rays = Rays::new((index.axes(), n), (origin, direction), max_t)?;
            let (ids, times) = (Out::column(ids, n, "ids")?, Out::optional(t, n, "t")?);
            let mut workspace = Workspace::new();
            on_index!(index, index => for row in 0..n {
                let hit = index.raycast_closest_with(&rays.get(row)?, &mut workspace);
                let hit = hit.map_err(|error| error.in_row(row))?;
                ids.set(row, hit.map_or(SPATIO_NO_ITEM, |hit| hit.id));
                times.set(row, hit.map_or(f64::NAN, |hit| hit.t));
            });
            Ok(())
        })
    }
}
