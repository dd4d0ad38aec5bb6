//! libspatio: an embeddable database for moving objects.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod clock;
mod error;
#[doc(hidden)]
pub mod format;
pub mod geom;
mod hot;
#[doc(hidden)]
pub mod log;
mod sync;
pub mod time;
pub mod vfs;

pub use error::{Error, ErrorKind, Result};
pub use geom::{
    DistanceFrom, EARTH_RADIUS_M, Metric, Point, Polygon, PolygonRings, Rect, Rects, Space,
    convex_hull, cover_circle, euclidean, geodesic_m, haversine_m, interpolate, rhumb_m,
};
pub use time::{Interval, Order};
