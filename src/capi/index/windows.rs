//! Windows, radii and polygons.
//!
//! Owns: the calls. Does not own what lies in a window (`packed`).

use super::hits::{answer, spatio_hit_columns, spatio_hits};
use super::{Boxes, on_index, spatio_index};
use crate::capi::border::{Fallible, Out, column, enter, handle};
use crate::capi::error::spatio_error;
use crate::capi::polygon::spatio_polygon;
use crate::capi::status::spatio_status;
use crate::packed::PolygonRegion;

/// The items that share a point with windows, their borders included: one call for any number of
/// windows.
///
/// ```c
/// spatio_hits *hits = NULL;                            // once, before the first frame
/// spatio_hit_columns found = {sizeof found};
/// ...
/// if (spatio_index_search(index, n, min, max, &hits, &found, &error) == SPATIO_OK)
///     for (q = 0; q < n; q++)
///         for (row = found.offsets[q]; row < found.offsets[q + 1]; row++)
///             draw(q, found.ids[row]);
/// ...
/// spatio_hits_free(hits);                              // once, after the last frame
/// ```
///
/// @param index    an index
/// @param n        how many windows
/// @param min      n times dims numbers: the least coordinates of window 0 on each axis, then of
///                 window 1 ...
/// @param max      the same of the greatest; NULL: the windows are points
/// @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
///                 in no order
/// @param columns  receives views of *hits; may be NULL, else its struct_size must be set
/// @param error    may be NULL; its row is the window that was refused
///
/// On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT for a NaN or a window
/// whose min is above its max; SPATIO_CORRUPT for what is damaged on the way. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_search(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_search", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            answer(hits, columns, |found| {
                on_index!(index, index => for row in 0..n {
                    let asked = index.search_into(&boxes.get(row), &mut found.ids);
                    asked.map_err(|error| error.in_row(row))?;
                    found.end_query();
                });
                Ok(())
            })
        })
    }
}

/// How many items share a point with windows. What lies wholly inside of one is not looked at, so
/// that it takes much less than finding them.
///
/// @param index   an index
/// @param n       how many windows
/// @param min     their least coordinates, as for spatio_index_search
/// @param max     their greatest; NULL: the windows are points
/// @param counts  receives n numbers
/// @param error   may be NULL; its row is the window that was refused
///
/// Errors as of spatio_index_search. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_count(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    counts: *mut u64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_count", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let out = Out::column(counts, n, "counts")?;
            on_index!(index, index => for row in 0..n {
                let count = index.count(&boxes.get(row)).map_err(|error| error.in_row(row))?;
                out.set(row, count as u64);
            });
            Ok(())
        })
    }
}

/// About how many items share a point with windows, without looking further down than asked: a
/// bracket that holds the true number, and a guess in it.
///
/// @param index       an index
/// @param n           how many windows
/// @param min         their least coordinates, as for spatio_index_search
/// @param max         their greatest; NULL: the windows are points
/// @param stop_level  0: all three are the true number; 1: items are not looked at; 2: nor are the
///                    lowest nodes; and so on, where each level has a sixteenth of the nodes
/// @param lower       receives n numbers: there are no fewer; may be NULL, like the next two
/// @param upper       receives n numbers: there are no more
/// @param estimates   receives n guesses, as if items were spread evenly in the boxes of nodes
/// @param error       may be NULL; its row is the window that was refused
///
/// Errors as of spatio_index_search. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_estimate(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    stop_level: u32,
    lower: *mut u64,
    upper: *mut u64,
    estimates: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_estimate", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let (lower, upper) =
                (Out::optional(lower, n, "lower")?, Out::optional(upper, n, "upper")?);
            let estimates = Out::optional(estimates, n, "estimates")?;
            on_index!(index, index => for row in 0..n {
                let found = index.estimate_count(&boxes.get(row), stop_level);
                let found = found.map_err(|error| error.in_row(row))?;
                lower.set(row, found.lower as u64);
                upper.set(row, found.upper as u64);
                estimates.set(row, found.estimate);
            });
            Ok(())
        })
    }
}

/// Whether any item shares a point with windows: for tests of collision. It ends at the first.
///
/// @param index  an index
/// @param n      how many windows
/// @param min    their least coordinates, as for spatio_index_search
/// @param max    their greatest; NULL: the windows are points
/// @param any    receives n times 1 or 0
/// @param error  may be NULL; its row is the window that was refused
///
/// Errors as of spatio_index_search. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_any(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    any: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_any", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let out = Out::column(any, n, "any")?;
            on_index!(index, index => for row in 0..n {
                let any = index.any(&boxes.get(row)).map_err(|error| error.in_row(row))?;
                out.set(row, any.into());
            });
            Ok(())
        })
    }
}

/// The items within a Euclidean distance of boxes or points; what is exactly as far belongs to it,
/// and at 0 it is what touches.
///
/// @param index         an index
/// @param n             how many boxes
/// @param min           their least coordinates, as for spatio_index_search
/// @param max           their greatest; NULL: points
/// @param max_distance  n distances, one for each
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
///                      ids, in no order
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL; its row is the box that was refused
///
/// SPATIO_OUT_OF_RANGE for a distance that is negative or NaN; else as spatio_index_search. Any
/// thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_search_within(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    max_distance: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_search_within", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let reach = column(max_distance, n, "max_distance")?;
            answer(hits, columns, |found| {
                on_index!(index, index => for (row, &reach) in reach.iter().enumerate() {
                    let ids = &mut found.ids;
                    let asked = index.search_within_into(&boxes.get(row), reach, ids);
                    asked.map_err(|error| error.in_row(row))?;
                    found.end_query();
                });
                Ok(())
            })
        })
    }
}

/// The items that share a point with a polygon, which lies on the first two axes; further axes
/// play no part. It is exact: a box in a hole, or beside a slope, is not found.
///
/// @param index    an index
/// @param polygon  a polygon
/// @param hits     NULL in *hits, or those of an earlier call, which are filled anew: column ids,
///                 in no order, of one query
/// @param columns  receives views of *hits; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Coordinates are taken as they are, in degrees too. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_search_polygon(
    index: *const spatio_index,
    polygon: *const spatio_polygon,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_search_polygon", || {
            let index = handle(index, "index")?;
            let region = PolygonRegion::new(&handle(polygon, "polygon")?.0);
            answer(hits, columns, |found| -> Fallible {
                on_index!(index, index => index.search_region_into(&region, &mut found.ids))?;
                found.end_query();
                Ok(())
            })
        })
    }
}
