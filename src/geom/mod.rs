//! Shapes and measures: points, boxes, polygons, distances; pure arithmetic, no I/O, no unsafe.

mod box3;
mod cover;
mod crossing;
mod distance;
mod hull;
mod interpolate;
mod metric;
mod origin;
mod outline;
mod point;
mod polygon;
mod rect;
mod ring;
mod slabs;
mod trig;

pub use box3::Box3;
pub use cover::cover_circle;
pub use distance::{EARTH_RADIUS_M, euclidean, geodesic_m, haversine_m, rhumb_m};
pub use hull::convex_hull;
pub use interpolate::interpolate;
pub use metric::Metric;
pub use origin::DistanceFrom;
pub(crate) use outline::{crosses_oddly, touches};
pub use point::{Point, Space};
pub use polygon::{Polygon, PolygonRings};
pub use rect::{Rect, Rects};
