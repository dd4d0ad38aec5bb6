//! Asking where things are now.

use crate::db::{Cancel, Query, Rows};
use crate::error::Result;
use crate::geom::{Point, Rect};

use super::answering::{self, Asked, Room, Spare};
use super::border::{Fallible, handle};
use super::cancel::spatio_cancel;
use super::error::spatio_error;
use super::namespace::{on_namespace, spatio_namespace};
use super::polygon::spatio_polygon;
use super::query::{SPATIO_NO_LIMIT, spatio_query};
use super::result::{Answer, Present, spatio_columns, spatio_result};
use super::status::spatio_status;
use super::versioned::{OutStruct, Versioned};

impl Asked for spatio_namespace {
    fn ask(&self, query: &Query, rows: &mut Rows, cancel: Option<&Cancel>) -> Result<()> {
        match cancel {
            None => self.ns.query_into(query, rows),
            Some(cancel) => self.ns.query_unless(cancel, query, rows),
        }
    }

    fn spare(&self) -> &Spare {
        &self.spare
    }
}

/// A limit of the header as the engine has it.
pub(super) fn limit_of(limit: u32) -> usize {
    if limit == SPATIO_NO_LIMIT { usize::MAX } else { limit as usize }
}

/// Asks any number of questions in one call: the one call of a game's frame.
///
/// ```c
/// spatio_result *result = NULL;                        // once, before the first frame
/// spatio_columns found = {sizeof found};
/// ...
/// if (spatio_query_run(ns, queries, n, NULL, &result, &found, &error) == SPATIO_OK)
///     for (q = 0; q < n; q++)
///         for (row = found.offsets[q]; row < found.offsets[q + 1]; row++)
///             meet(players[q], found.handles[row], found.distance[row]);
/// ...
/// spatio_result_free(result);                          // once, after the last frame
/// ```
///
/// @param ns       a namespace
/// @param queries  n queries, each made by spatio_query_init
/// @param n        how many
/// @param cancel   stops the call when it is fired; may be NULL
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL; its row is the query that was refused
///
/// On failure *result stays the caller's, emptied. SPATIO_NOT_FOUND if the object that a query is
/// laid around is not here. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_run(
    ns: *const spatio_namespace,
    queries: *const spatio_query,
    n: usize,
    cancel: *mut spatio_cancel,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_query_run", |ns| {
            // Without a question nothing else would find out that the database was closed.
            ns.ns.settings()?;
            answering::run(ns, (queries, n), cancel, (result, columns))
        })
    }
}

/// Asks one question into the caller's own columns. It allocates nothing once it has run a few
/// times, and needs no result.
///
/// @param ns        a namespace
/// @param query     a query
/// @param capacity  rows that the columns have room for: no more are found, as with a limit
/// @param handles   receives the handles of the objects; may be NULL, like the next five
/// @param x         receives longitudes in degrees, or x
/// @param y         receives latitudes in degrees, or y
/// @param z         receives altitudes in metres, or z
/// @param time_us   receives event times
/// @param distance  receives distances; NaN if the query has no origin
/// @param rows      receives how many rows there are
/// @param error     may be NULL
///
/// SPATIO_NOT_FOUND if the object that the query is laid around is not here. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_into(
    ns: *const spatio_namespace,
    query: *const spatio_query,
    capacity: usize,
    handles: *mut u64,
    x: *mut f64,
    y: *mut f64,
    z: *mut f64,
    time_us: *mut i64,
    distance: *mut f64,
    rows: *mut usize,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_query_into", |ns| {
            let room = Room { handles, x, y, z, time_us, distance, rows, capacity };
            answering::run_into(ns, query, room)
        })
    }
}

/// Runs one question of the everyday forms.
///
/// # Safety
///
/// The pointers are what the header asks for.
unsafe fn ask(
    ns: *const spatio_namespace,
    (operation, is_measured): (&'static str, bool),
    (result, columns): (*mut *mut spatio_result, *mut spatio_columns),
    error: *mut spatio_error,
    query: impl FnOnce() -> Fallible<Query>,
) -> spatio_status {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        on_namespace(ns, error, operation, |ns| {
            let mut answer = Answer::new(result, columns)?;
            let held = answer.begin();
            let query = query()?;
            ns.ns.query_into(&query, &mut held.rows).map_err(|error| error.during(operation))?;
            held.take_rows(is_measured);
            answer.finish();
            Ok(())
        })
    }
}

/// What lies within a radius of a point, altitude included, nearest first.
///
/// @param ns       a namespace
/// @param x        longitude in degrees, or x
/// @param y        latitude in degrees, or y
/// @param z        altitude in metres, or z
/// @param radius   metres, or units
/// @param limit    at most so many, the nearest; SPATIO_NO_LIMIT
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_radius(
    ns: *const spatio_namespace,
    x: f64,
    y: f64,
    z: f64,
    radius: f64,
    limit: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    let query = || Ok(Query::sphere(Point::new_3d(x, y, z), radius).limit(limit_of(limit)));
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { ask(ns, ("spatio_query_radius", true), (result, columns), error, query) }
}

/// What lies in a box, in no promised order.
///
/// @param ns       a namespace
/// @param min_x    west, or least x; above max_x it crosses the antimeridian
/// @param min_y    south, or least y
/// @param max_x    east, or greatest x
/// @param max_y    north, or greatest y
/// @param limit    at most so many, any of them; SPATIO_NO_LIMIT
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_box(
    ns: *const spatio_namespace,
    min_x: f64,
    min_y: f64,
    max_x: f64,
    max_y: f64,
    limit: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    let query = || Ok(Query::rect(Rect::new(min_x, min_y, max_x, max_y)).limit(limit_of(limit)));
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { ask(ns, ("spatio_query_box", false), (result, columns), error, query) }
}

/// What lies in a polygon, its border included, in no promised order.
///
/// @param ns       a namespace
/// @param polygon  a polygon
/// @param limit    at most so many, any of them; SPATIO_NO_LIMIT
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_polygon(
    ns: *const spatio_namespace,
    polygon: *const spatio_polygon,
    limit: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        let query = || {
            let polygon = handle(polygon, "polygon")?.0.clone();
            Ok(Query::polygon(polygon).limit(limit_of(limit)))
        };
        ask(ns, ("spatio_query_polygon", false), (result, columns), error, query)
    }
}

/// What lies within a radius of an object, altitude included, nearest first: the object itself,
/// then the others.
///
/// @param ns       a namespace
/// @param origin   the object's handle
/// @param radius   metres, or units
/// @param limit    at most so many, the nearest, the object itself counted; SPATIO_NO_LIMIT
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// SPATIO_NOT_FOUND if the object is not here. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_query_near(
    ns: *const spatio_namespace,
    origin: u64,
    radius: f64,
    limit: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    use crate::db::Origin;
    let query = || Ok(Query::sphere(Origin::Handle(origin), radius).limit(limit_of(limit)));
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { ask(ns, ("spatio_query_near", true), (result, columns), error, query) }
}

/// The k nearest to a point, altitude included, nearest first; of equal distances in the order of
/// ids.
///
/// @param ns       a namespace
/// @param x        longitude in degrees, or x
/// @param y        latitude in degrees, or y
/// @param z        altitude in metres, or z
/// @param k        how many
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_knn(
    ns: *const spatio_namespace,
    x: f64,
    y: f64,
    z: f64,
    k: u32,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    let query = || Ok(Query::nearest(limit_of(k), Point::new_3d(x, y, z)));
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe { ask(ns, ("spatio_knn", true), (result, columns), error, query) }
}

/// The convex hull of all objects in the plane of x and y: a closed ring against the clock.
///
/// @param ns       a namespace
/// @param result   NULL in *result, or a result of an earlier call, which is filled anew: its
///                 columns x and y are the ring, without rows if there are no objects
/// @param columns  receives views of *result; may be NULL, else its struct_size must be set
/// @param error    may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_convex_hull(
    ns: *const spatio_namespace,
    result: *mut *mut spatio_result,
    columns: *mut spatio_columns,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_convex_hull", |ns| {
            let mut answer = Answer::new(result, columns)?;
            let held = answer.begin();
            held.says(Present { plane: true, ..Present::default() });
            for (x, y) in ns.ns.convex_hull()? {
                held.merged.x.push(x);
                held.merged.y.push(y);
            }
            held.end_query();
            answer.finish();
            Ok(())
        })
    }
}

/// The smallest box around all objects of a namespace, in plain numbers: it does not wrap.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_bounds {
    /// sizeof(spatio_bounds), set by the caller.
    pub struct_size: u32,
    /// 1 if there are no objects; the numbers are 0 then.
    pub is_empty: u32,
    /// West, or least x.
    pub min_x: f64,
    /// South, or least y.
    pub min_y: f64,
    /// Lowest.
    pub min_z: f64,
    /// East, or greatest x.
    pub max_x: f64,
    /// North, or greatest y.
    pub max_y: f64,
    /// Highest.
    pub max_z: f64,
}

// SAFETY: `repr(C)`, begins with its size, and holds numbers without padding.
unsafe impl Versioned for spatio_bounds {
    const NAME: &'static str = "spatio_bounds";
    const FIRST_SIZE: usize = size_of::<spatio_bounds>();

    fn defaults() -> Self {
        spatio_bounds {
            struct_size: size_of::<spatio_bounds>() as u32,
            is_empty: 1,
            min_x: 0.0,
            min_y: 0.0,
            min_z: 0.0,
            max_x: 0.0,
            max_y: 0.0,
            max_z: 0.0,
        }
    }
}

/// The smallest box around all objects.
///
/// @param ns      a namespace
/// @param bounds  receives it; its struct_size must be set
/// @param error   may be NULL
///
/// Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_get_bounds(
    ns: *const spatio_namespace,
    bounds: *mut spatio_bounds,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_get_bounds", |ns| {
            let out = OutStruct::new(bounds, "bounds")?;
            let found = ns.ns.bounding_box()?;
            out.set(&found.map_or_else(Versioned::defaults, |found| spatio_bounds {
                is_empty: 0,
                min_x: found.min.x,
                min_y: found.min.y,
                min_z: found.min.z,
                max_x: found.max.x,
                max_y: found.max.y,
                max_z: found.max.z,
                ..Versioned::defaults()
            }));
            Ok(())
        })
    }
}
