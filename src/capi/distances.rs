//! How far things are from each other.

use crate::db::Namespace;
use crate::geom::{Metric, Point};

use super::border::{Failure, Fallible, Out, column, enter};
use super::error::spatio_error;
use super::namespace::{on_namespace, space_of, spatio_namespace};
use super::status::spatio_status;

/// Great circle on the mean sphere, in metres.
pub const SPATIO_METRIC_HAVERSINE: u32 = 0;
/// Shortest way on the WGS84 ellipsoid, in metres.
pub const SPATIO_METRIC_GEODESIC: u32 = 1;
/// Line of constant bearing on the mean sphere, in metres.
pub const SPATIO_METRIC_RHUMB: u32 = 2;
/// Straight line through the coordinates as numbers; the only one of a Cartesian namespace.
pub const SPATIO_METRIC_EUCLIDEAN: u32 = 3;

fn metric_of(number: u32) -> Fallible<Metric> {
    match number {
        SPATIO_METRIC_HAVERSINE => Ok(Metric::Haversine),
        SPATIO_METRIC_GEODESIC => Ok(Metric::Geodesic),
        SPATIO_METRIC_RHUMB => Ok(Metric::Rhumb),
        SPATIO_METRIC_EUCLIDEAN => Ok(Metric::Euclidean),
        other => Err(Failure::invalid(format!("metric is {other}, expected 0 to 3"))),
    }
}

/// Where an object is, if it is here.
fn place(ns: &Namespace, handle: u64, row: usize) -> Fallible<Option<Point>> {
    let object = ns.get_handle(handle).map_err(|error| error.in_row(row))?;
    Ok(object.map(|object| object.position))
}

/// The distances between pairs of objects, altitude included.
///
/// @param ns        a namespace
/// @param n         how many pairs
/// @param a         n handles
/// @param b         n handles
/// @param metric    SPATIO_METRIC_...
/// @param distance  receives n distances; NaN where one of the two is not here
/// @param error     may be NULL; its row is the pair that was refused
///
/// SPATIO_UNSUPPORTED for a metric that the namespace's space does not have. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_distance_between(
    ns: *const spatio_namespace,
    n: usize,
    a: *const u64,
    b: *const u64,
    metric: u32,
    distance: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_distance_between", |ns| {
            let (a, b) = (column(a, n, "a")?, column(b, n, "b")?);
            let out = Out::column(distance, n, "distance")?;
            let metric = metric_of(metric)?;
            for (row, (&a, &b)) in a.iter().zip(b).enumerate() {
                let ends = (place(&ns.ns, a, row)?, place(&ns.ns, b, row)?);
                out.set(
                    row,
                    match ends {
                        (Some(a), Some(b)) => ns.ns.space().distance_by(metric, a, b)?,
                        _ => f64::NAN,
                    },
                );
            }
            Ok(())
        })
    }
}

/// The distances from objects to a point, altitude included.
///
/// @param ns        a namespace
/// @param n         how many objects
/// @param handles   n handles
/// @param x         longitude in degrees, or x
/// @param y         latitude in degrees, or y
/// @param z         altitude in metres, or z
/// @param metric    SPATIO_METRIC_...
/// @param distance  receives n distances; NaN where the object is not here
/// @param error     may be NULL; its row is the handle that was refused
///
/// SPATIO_UNSUPPORTED for a metric that the namespace's space does not have. Any thread. Since
/// 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_distance_to(
    ns: *const spatio_namespace,
    n: usize,
    handles: *const u64,
    x: f64,
    y: f64,
    z: f64,
    metric: u32,
    distance: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        on_namespace(ns, error, "spatio_distance_to", |ns| {
            let handles = column(handles, n, "handles")?;
            let out = Out::column(distance, n, "distance")?;
            let metric = metric_of(metric)?;
            let point = Point::new_3d(x, y, z);
            ns.ns.space().validate("spatio_distance_to", point)?;
            for (row, &handle) in handles.iter().enumerate() {
                out.set(
                    row,
                    match place(&ns.ns, handle, row)? {
                        Some(from) => ns.ns.space().distance_by(metric, from, point)?,
                        None => f64::NAN,
                    },
                );
            }
            Ok(())
        })
    }
}

/// The distance between two points, altitude included, without a database.
///
/// @param space     SPATIO_GEOGRAPHIC or SPATIO_CARTESIAN
/// @param metric    SPATIO_METRIC_...
/// @param x1        longitude in degrees, or x, of the one
/// @param y1        latitude in degrees, or y
/// @param z1        altitude in metres, or z
/// @param x2        the same of the other
/// @param y2        the same
/// @param z2        the same
/// @param distance  receives the distance
/// @param error     may be NULL
///
/// SPATIO_UNSUPPORTED for a metric that the space does not have. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_distance(
    space: u32,
    metric: u32,
    x1: f64,
    y1: f64,
    z1: f64,
    x2: f64,
    y2: f64,
    z2: f64,
    distance: *mut f64,
    error: *mut spatio_error,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        enter(error, "spatio_distance", || {
            let out = Out::one(distance, "distance")?;
            let (space, metric) = (space_of(space)?, metric_of(metric)?);
            let ends = [Point::new_3d(x1, y1, z1), Point::new_3d(x2, y2, z2)];
            for end in ends {
                space.validate("spatio_distance", end)?;
            }
            out.set(0, space.distance_by(metric, ends[0], ends[1])?);
            Ok(())
        })
    }
}
