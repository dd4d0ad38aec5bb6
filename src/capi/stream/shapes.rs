//! Questions to a streamed index about more than boxes: regions, radii, places on the globe.
//!
//! Owns: the calls that begin one. Does not own the shapes, nor what is near (`packed`).
//! Invariants: what is asked is checked here and now; a question keeps what it needs of its region.

use std::sync::Arc;

use super::fetch::begin;
use super::handle::Corners;
use super::{Question, Streamed, on_stream, spatio_fetch, spatio_stream};
use crate::capi::border::{enter, handle};
use crate::capi::error::spatio_error;
use crate::capi::index::regions::{ask_region, spatio_region};
use crate::capi::queries::limit_of;
use crate::capi::status::spatio_status;

/// Asks which items share a point with a region, its border included; spatio_fetch_hits answers
/// with the columns ids and ranks, in no order.
///
/// @param stream  a streamed index
/// @param region  a region of as many axes, or one on the first two; it may be freed when the
///                question has begun
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// SPATIO_INVALID_ARGUMENT for a region of other axes. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_search_region(
    stream: *const spatio_stream,
    region: *const spatio_region,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_search_region", || {
            let stream = handle(stream, "stream")?;
            let region = handle(region, "region")?;
            let ask = || {
                ask_region!((Streamed, "stream", stream), region, (index, inside) => {
                    Ok(index.search_region(Arc::clone(inside))?)
                })
            };
            begin(fetch, ask, Question::Items)
        })
    }
}

/// Asks how many items share a point with a region; spatio_fetch_count answers. What lies wholly
/// inside is not fetched, and the limit of items is not for it.
///
/// @param stream  a streamed index
/// @param region  a region, as for spatio_stream_search_region
/// @param fetch   receives the question; NULL on failure
/// @param error   may be NULL
///
/// Errors as of spatio_stream_search_region. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_count_region(
    stream: *const spatio_stream,
    region: *const spatio_region,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_count_region", || {
            let stream = handle(stream, "stream")?;
            let region = handle(region, "region")?;
            let ask = || {
                ask_region!((Streamed, "stream", stream), region, (index, inside) => {
                    Ok(index.count_region(Arc::clone(inside))?)
                })
            };
            begin(fetch, ask, Question::Count)
        })
    }
}

/// Asks which items are within a Euclidean distance of a box or a point; what is exactly as far
/// belongs to it, and at 0 it is what touches. spatio_fetch_hits answers with the columns ids and
/// ranks, in no order.
///
/// @param stream        a streamed index
/// @param min           the box, as the window of spatio_stream_search
/// @param max           its greatest coordinates; NULL: it is a point
/// @param max_distance  0 or more; may be HUGE_VAL
/// @param fetch         receives the question; NULL on failure
/// @param error         may be NULL
///
/// SPATIO_OUT_OF_RANGE for a distance that is negative or NaN; else as spatio_stream_search. Any
/// thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_search_within(
    stream: *const spatio_stream,
    min: *const f64,
    max: *const f64,
    max_distance: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_search_within", || {
            let stream = handle(stream, "stream")?;
            let bounds = Corners::new(stream.axes(), min, max)?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    index.search_within(&bounds.get(), max_distance)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Items)
        })
    }
}

/// Asks how many items are within a Euclidean distance of a box or a point; spatio_fetch_count
/// answers. What lies wholly inside is not fetched, and the limit of items is not for it.
///
/// @param stream        a streamed index
/// @param min           the box, as for spatio_stream_search_within
/// @param max           its greatest coordinates; NULL: it is a point
/// @param max_distance  0 or more; may be HUGE_VAL
/// @param fetch         receives the question; NULL on failure
/// @param error         may be NULL
///
/// Errors as of spatio_stream_search_within. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_count_within(
    stream: *const spatio_stream,
    min: *const f64,
    max: *const f64,
    max_distance: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_count_within", || {
            let stream = handle(stream, "stream")?;
            let bounds = Corners::new(stream.axes(), min, max)?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    index.count_within(&bounds.get(), max_distance)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Count)
        })
    }
}

/// Asks for the k items nearest to a place on the globe, in metres along the great circle; what
/// boxes mean there is said at spatio_index_nearest_great_circle. spatio_fetch_hits answers with
/// the columns ids, ranks and distance, nearest first, those equally near by id.
///
/// @param stream        a streamed index
/// @param lon           the longitude in degrees
/// @param lat           the latitude in degrees
/// @param k             at most so many; SPATIO_NO_LIMIT
/// @param max_distance  none further than so many metres; HUGE_VAL: however far
/// @param fetch         receives the question; NULL on failure
/// @param error         may be NULL
///
/// SPATIO_OUT_OF_RANGE for a place that is not on the globe or a distance that is negative or NaN.
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_nearest_great_circle(
    stream: *const spatio_stream,
    lon: f64,
    lat: f64,
    k: u32,
    max_distance: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_nearest_great_circle", || {
            let stream = handle(stream, "stream")?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    index.neighbors_great_circle(lon, lat, limit_of(k), max_distance)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Nearest)
        })
    }
}

/// Asks which items are within a distance in metres along the great circle of a place on the
/// globe; see spatio_stream_nearest_great_circle. spatio_fetch_hits answers with the columns ids
/// and ranks, in no order.
///
/// @param stream        a streamed index
/// @param lon           the longitude in degrees
/// @param lat           the latitude in degrees
/// @param max_distance  metres: 0 or more
/// @param fetch         receives the question; NULL on failure
/// @param error         may be NULL
///
/// Errors as of spatio_stream_nearest_great_circle. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_stream_search_great_circle(
    stream: *const spatio_stream,
    lon: f64,
    lat: f64,
    max_distance: f64,
    fetch: *mut *mut spatio_fetch,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_stream_search_great_circle", || {
            let stream = handle(stream, "stream")?;
            let ask = || {
                let asked = on_stream!(stream, index => {
                    index.search_great_circle(lon, lat, max_distance)
                });
                Ok(asked?)
            };
            begin(fetch, ask, Question::Items)
        })
    }
}
