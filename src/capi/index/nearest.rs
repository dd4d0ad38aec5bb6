//! What is nearest, by Euclidean distance and on the globe.
//!
//! Owns: the calls. Does not own what near means (`packed`).

use super::hits::{answer, spatio_hit_columns, spatio_hits};
use super::{Boxes, each_or, on_index, spatio_index};
use crate::capi::border::{column, enter, handle, optional_column};
use crate::capi::error::spatio_error;
use crate::capi::queries::limit_of;
use crate::capi::status::spatio_status;

/// The k items nearest to boxes or points, by Euclidean distance: nearest first, and of those that
/// are equally near the one with the smaller id first.
///
/// @param index         an index
/// @param n             how many boxes
/// @param min           n times dims numbers: the least coordinates of box 0 on each axis, then of
///                      box 1 ...
/// @param max           the same of the greatest; NULL: points
/// @param k             at most so many for each; SPATIO_NO_LIMIT
/// @param max_distance  n distances: none further than that; NULL: however far
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
///                      ids and distance
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL; its row is the box that was refused
///
/// On failure *hits stays the caller's, emptied. SPATIO_INVALID_ARGUMENT for a NaN or a box whose
/// min is above its max, SPATIO_OUT_OF_RANGE for a distance that is negative or NaN. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_nearest(
    index: *const spatio_index,
    n: usize,
    min: *const f64,
    max: *const f64,
    k: u32,
    max_distance: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_nearest", || {
            let index = handle(index, "index")?;
            let boxes = Boxes::new((index.axes(), n), min, max)?;
            let reach = optional_column(max_distance, n, "max_distance")?;
            answer(hits, columns, |found| {
                on_index!(index, index => for row in 0..n {
                    let reach = each_or(reach, row, f64::INFINITY);
                    let room = (&mut found.workspace, &mut found.neighbours);
                    let from = boxes.get(row);
                    let asked =
                        index.neighbors_of_box_into(&from, limit_of(k), reach, room.0, room.1);
                    asked.map_err(|error| error.in_row(row))?;
                    found.take_neighbours();
                });
                Ok(())
            })
        })
    }
}

/// The k items nearest to places on the globe, in metres along the great circle on the mean
/// sphere, also across the antimeridian and at the poles. Axis 0 of the index is the longitude and
/// axis 1 the latitude in degrees; further axes play no part. Boxes run eastwards, and may lie
/// anywhere: their longitudes count modulo 360, so that one from 170 to 190 crosses the
/// antimeridian, and latitudes beyond a pole count as the pole.
///
/// @param index         an index
/// @param n             how many places
/// @param lon           n longitudes in degrees
/// @param lat           n latitudes in degrees
/// @param k             at most so many for each; SPATIO_NO_LIMIT
/// @param max_distance  n distances in metres: none further than that; NULL: however far
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: columns
///                      ids and distance, nearest first
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL; its row is the place that was refused
///
/// SPATIO_OUT_OF_RANGE for a place that is not on the globe or a distance that is negative or NaN.
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_nearest_great_circle(
    index: *const spatio_index,
    n: usize,
    lon: *const f64,
    lat: *const f64,
    k: u32,
    max_distance: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_nearest_great_circle", || {
            let index = handle(index, "index")?;
            let (lon, lat) = (column(lon, n, "lon")?, column(lat, n, "lat")?);
            let reach = optional_column(max_distance, n, "max_distance")?;
            answer(hits, columns, |found| {
                on_index!(index, index => for row in 0..n {
                    let (at, reach) = ((lon[row], lat[row]), each_or(reach, row, f64::INFINITY));
                    let room = (&mut found.workspace, &mut found.neighbours);
                    let asked =
                        index.neighbors_great_circle_into(at, limit_of(k), reach, room.0, room.1);
                    asked.map_err(|error| error.in_row(row))?;
                    found.take_neighbours();
                });
                Ok(())
            })
        })
    }
}

/// The items within a distance in metres along the great circle of places on the globe; see
/// spatio_index_nearest_great_circle.
///
/// @param index         an index
/// @param n             how many places
/// @param lon           n longitudes in degrees
/// @param lat           n latitudes in degrees
/// @param max_distance  n distances in metres, one for each
/// @param hits          NULL in *hits, or those of an earlier call, which are filled anew: column
///                      ids, in no order
/// @param columns       receives views of *hits; may be NULL, else its struct_size must be set
/// @param error         may be NULL; its row is the place that was refused
///
/// Errors as of spatio_index_nearest_great_circle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_index_search_great_circle(
    index: *const spatio_index,
    n: usize,
    lon: *const f64,
    lat: *const f64,
    max_distance: *const f64,
    hits: *mut *mut spatio_hits,
    columns: *mut spatio_hit_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_index_search_great_circle", || {
            let index = handle(index, "index")?;
            let (lon, lat) = (column(lon, n, "lon")?, column(lat, n, "lat")?);
            let reach = column(max_distance, n, "max_distance")?;
            answer(hits, columns, |found| {
                on_index!(index, index => for row in 0..n {
                    let at = (lon[row], lat[row]);
                    let asked = index.search_great_circle_into(at, reach[row], &mut found.ids);
                    asked.map_err(|error| error.in_row(row))?;
                    found.end_query();
                });
                Ok(())
            })
        })
    }
}
