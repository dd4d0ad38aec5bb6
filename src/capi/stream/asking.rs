//! The questions to a streamed index.
//!
//! Owns: the calls that begin one. Does not own what it wants or answers (`packed`). Invariants:
//! what is asked is checked here and now, before anything is fetched.

use super::fetch::begin;
use super::handle::{Corners, of_axes, point};
use super::{Question, on_stream, spatio_fetch, spatio_stream};
use crate::capi::border::{column, enter, handle};
use crate::capi::error::spatio_error;
use crate::capi::queries::limit_of;
use crate::capi::status::spatio_status;
use crate::packed::Ray;

/// Asks which items share a point with a window; spatio_fetch_hits answers with the columns ids and
/// ranks, in no order.
///
/// @param stream  a streamed index
/// @param min     dims numbers: the least coordinate of the window on each axis
/// @param max     the greatest; NULL: the window is a point
/// @param fetch   receives the question, to be fed and then freed by spatio_fetch_free; NULL on
///                failure
/// @param error   may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a NaN or a min above its max. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_search(
    stream: *const spatio_stream,
    min: *const f64,
    max: *const f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_search", || {
            let stream = handle(stream, "stream")?;
            let window = Corners::new(stream.axes(), min, max)?;
            let ask = || Ok(on_stream!(stream, index => index.search(&window.get()))?);
            begin(fetch, ask, Question::Items)
        })
    }
}

/// Asks how many items share a point with a window; spatio_fetch_count answers. What lies wholly
/// inside is not fetched, and the limit of items is not for it.
///
/// @param stream  a streamed index
/// @param min     the window, as for spatio_stream_search
/// @param max     its greatest coordinates; NULL: it is a point
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_stream_search. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_count(
    stream: *const spatio_stream,
    min: *const f64,
    max: *const f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_count", || {
            let stream = handle(stream, "stream")?;
            let window = Corners::new(stream.axes(), min, max)?;
            let ask = || Ok(on_stream!(stream, index => index.count(&window.get()))?);
            begin(fetch, ask, Question::Count)
        })
    }
}

/// Asks what the values of the items of a window come to; spatio_fetch_aggregate answers.
///
/// @param stream  a streamed index
/// @param min     the window, as for spatio_stream_search
/// @param max     its greatest coordinates; NULL: it is a point
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND if the index has nothing to add up; else as spatio_stream_search. Any thread.
/// Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_aggregate(
    stream: *const spatio_stream,
    min: *const f64,
    max: *const f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_aggregate", || {
            let stream = handle(stream, "stream")?;
            let window = Corners::new(stream.axes(), min, max)?;
            let ask = || Ok(on_stream!(stream, index => index.aggregate(&window.get()))?);
            begin(fetch, ask, Question::Aggregate)
        })
    }
}

/// Asks for the k items nearest to a point, by Euclidean distance; spatio_fetch_hits answers with
/// the columns ids, ranks and distance, nearest first, those equally near by id.
///
/// @param stream        a streamed index
/// @param point         dims numbers
/// @param k             at most so many; SPATIO_NO_LIMIT
/// @param max_distance  none further than that; HUGE_VAL: however far
/// @param fetch         receives the question; NULL on failure
/// @param error         may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a NaN in the point, SPATIO_OUT_OF_RANGE for a distance that is
/// negative or NaN. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_nearest(
    stream: *const spatio_stream,
    point: *const f64,
    k: u32,
    max_distance: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_nearest", || {
            let stream = handle(stream, "stream")?;
            let point = self::point(stream.axes(), point, "point")?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    index.neighbors(of_axes(point), limit_of(k), max_distance)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Nearest)
        })
    }
}

/// Asks for the item that a ray enters first, of several the one with the smallest id;
/// spatio_fetch_hits answers with one row or none: its id, its rank, and as its distance the t at
/// which the ray enters. A ray is the points origin + t * direction for t from 0 to max_t.
///
/// @param stream     a streamed index
/// @param origin     dims numbers: where it begins
/// @param direction  dims numbers, of any length but 0
/// @param max_t      how far it goes, in lengths of its direction; HUGE_VAL: for ever
/// @param fetch      receives the question; NULL on failure
/// @param error      may be NULL
///
/// Errors as of spatio_index_raycast. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_raycast_closest(
    stream: *const spatio_stream,
    origin: *const f64,
    direction: *const f64,
    max_t: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_raycast_closest", || {
            let stream = handle(stream, "stream")?;
            let origin = point(stream.axes(), origin, "origin")?;
            let direction = point(stream.axes(), direction, "direction")?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    let ray = Ray::new(of_axes(origin), of_axes(direction), max_t)?;
                    index.raycast_closest(&ray)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Nearest)
        })
    }
}

/// Asks for the payloads of items, by their ranks; spatio_fetch_hits answers with the columns
/// ranks, payload_offsets and payloads, one row for each rank that was asked for.
///
/// @param stream  a streamed index
/// @param n       how many items
/// @param ranks   n ranks, as the column ranks of other answers has them
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND if the index has no payloads, SPATIO_INVALID_ARGUMENT for a rank beyond its
/// items. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_payloads(
    stream: *const spatio_stream,
    n: usize,
    ranks: *const u32,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_payloads", || {
            let stream = handle(stream, "stream")?;
            let ranks = column(ranks, n, "ranks")?;
            let ask = || Ok(on_stream!(stream, index => index.payloads(ranks))?);
            begin(fetch, ask, |state| Question::Payloads(ranks.to_vec(), state))
        })
    }
}

/// Asks for the first bytes of the payloads of items, which lie close together and take one round;
/// spatio_fetch_hits answers as of spatio_stream_payloads. Each has as many bytes as
/// spatio_stream_info.prefix_bytes says, filled up with zeros where the payload is shorter.
///
/// @param stream  a streamed index
/// @param n       how many items
/// @param ranks   n ranks
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_NOT_FOUND if the file does not have them apart, SPATIO_INVALID_ARGUMENT for a rank beyond
/// its items. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_prefixes(
    stream: *const spatio_stream,
    n: usize,
    ranks: *const u32,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_prefixes", || {
            let stream = handle(stream, "stream")?;
            let ranks = column(ranks, n, "ranks")?;
            let ask = || Ok(on_stream!(stream, index => index.prefixes(ranks))?);
            begin(fetch, ask, |state| Question::Payloads(ranks.to_vec(), state))
        })
    }
}
