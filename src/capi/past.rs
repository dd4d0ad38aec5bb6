//! Asking where things were.

use crate::db::{Interpolation, Interval, Order};

use super::border::{Failure, Out, column};
use super::cancel::{self, spatio_cancel};
use super::error::spatio_error;
use super::namespace::{on_namespace, spatio_namespace};
use super::queries::limit_of;
use super::result::{Answer, Present, spatio_columns, spatio_result};
use super::status::spatio_status;

/// Positions in the order of their times; a limit keeps the oldest.
pub const SPATIO_OLDEST_FIRST: u32 = 0;
/// Positions against the order of their times; a limit keeps the newest.
pub const SPATIO_NEWEST_FIRST: u32 = 1;

/// On the straight line between the two known positions, the short way over the antimeridian;
/// after the last known one, there.
pub const SPATIO_INTERPOLATE_LINEAR: u32 = 0;
/// At the last position known.
pub const SPATIO_INTERPOLATE_LAST: u32 = 1;

/// The positions that objects had in an interval of time.
///
/// @param ns        a namespace with history
/// @param n         how many objects
/// @param handles   n handles
/// @param start_us  first moment of the interval, in microseconds since 1970-01-01 UTC
/// @param end_us    last moment, which belongs to it
/// @param order     SPATIO_OLDEST_FIRST or SPATIO_NEWEST_FIRST
/// @param limit     at most so many of each object, the first in that order; SPATIO_NO_LIMIT
/// @param cancel    stops the call between two objects when it is fired; may be NULL
/// @param result    NULL in *result, or a result of an earlier call, which is filled anew: columns
///                  handles, x, y, z and time_us, the rows of object i from offsets[i] on
/// @param columns   receives views of *result; may be NULL, else its struct_size must be set
/// @param error     may be NULL; its row is the handle that was refused
///
/// What was not flushed yet is part of the answer. SPATIO_UNSUPPORTED if the namespace keeps no
/// history. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_trajectory(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    start_us: i64,
    end_us: i64,
    order: u32,
    limit: u32,
    cancel: *mut spatio_cancel,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_trajectory", |ns| {
            let mut answer = Answer::new(result, columns)?;
            let held = answer.begin();
            held.says(Present::STATES);
            let handles = column(handles, n, "handles")?;
            let cancel = cancel::flag(cancel.cast_const())?;
            let order = match order {
                SPATIO_OLDEST_FIRST => Order::OldestFirst,
                SPATIO_NEWEST_FIRST => Order::NewestFirst,
                other => {
                    return Err(Failure::invalid(format!("order is {other}, expected 0 or 1")));
                }
            };
            let interval = Interval::new(start_us, end_us);
            ns.ns.check_past("trajectory")?;
            for (row, &handle) in handles.iter().enumerate() {
                cancel.map_or(Ok(()), |cancel| cancel.check("spatio_trajectory"))?;
                let track = ns.ns.trajectory_by_handle(handle, interval, order, limit_of(limit));
                let track = track.map_err(|error| error.in_row(row))?;
                held.merged.handles.extend(std::iter::repeat_n(handle, track.len()));
                held.merged.x.extend_from_slice(&track.x);
                held.merged.y.extend_from_slice(&track.y);
                held.merged.z.extend_from_slice(&track.z);
                held.merged.time_us.extend_from_slice(&track.time_us);
                held.end_query();
            }
            answer.finish();
            Ok(())
        })
    }
}

/// Where objects were at an instant.
///
/// @param ns             a namespace with history
/// @param n              how many objects
/// @param handles        n handles
/// @param time_us        the instant, in microseconds since 1970-01-01 UTC
/// @param interpolation  SPATIO_INTERPOLATE_LINEAR or SPATIO_INTERPOLATE_LAST
/// @param x              receives n longitudes in degrees, or x
/// @param y              receives n latitudes in degrees, or y
/// @param z              receives n altitudes in metres, or z; may be NULL
/// @param found          receives n times 1, or 0 before the first known position; may be NULL
/// @param error          may be NULL; its row is the handle that was refused
///
/// SPATIO_UNSUPPORTED if the namespace keeps no history. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_positions_at(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    time_us: i64,
    interpolation: u32,
    x: *mut f64,
    y: *mut f64,
    z: *mut f64,
    found: *mut u8,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_positions_at", |ns| {
            let handles = column(handles, n, "handles")?;
            let (x, y) = (Out::column(x, n, "x")?, Out::column(y, n, "y")?);
            let (z, found) = (Out::optional(z, n, "z")?, Out::optional(found, n, "found")?);
            let way = match interpolation {
                SPATIO_INTERPOLATE_LINEAR => Interpolation::Linear,
                SPATIO_INTERPOLATE_LAST => Interpolation::Last,
                other => {
                    let message = format!("interpolation is {other}, expected 0 or 1");
                    return Err(Failure::invalid(message));
                }
            };
            ns.ns.check_past("position_at")?;
            for (row, &handle) in handles.iter().enumerate() {
                let position = ns.ns.position_at_by_handle(handle, time_us, way);
                let position = position.map_err(|error| error.in_row(row))?;
                let at = position.unwrap_or_default();
                x.set(row, at.x);
                y.set(row, at.y);
                z.set(row, at.z);
                found.set(row, position.is_some().into());
            }
            Ok(())
        })
    }
}
