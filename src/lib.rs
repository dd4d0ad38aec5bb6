//! libspatio: an embeddable database for moving objects.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(unreachable_pub)]
#![cfg_attr(
    not(test),
    deny(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::unwrap_used)
)]

mod cancel;
// The models of locks need none of it, and it has every question compiled.
#[cfg(not(loom))]
#[doc(hidden)]
pub mod capi;
pub mod clock;
mod db;
mod error;
#[doc(hidden)]
pub mod format;
pub mod geom;
mod hot;
#[doc(hidden)]
pub mod log;
mod notice;
pub mod packed;
#[doc(hidden)]
pub mod prng;
mod query;
mod sync;
pub mod time;
pub mod vfs;

pub use cancel::Cancel;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use db::check_packs;
pub use db::{
    BatchOutcome, Bounds, Columns, Database, Fence, Fences, FoundFence, FreezeOptions, Frozen,
    Interpolation, MAX_ID_BYTES, MAX_PAYLOAD_BYTES, Moves, Namespace, NamespaceOptions, Object,
    Options, Outcome, Pack, Stats, Trajectory, Upsert, Written, check, salvage,
};
pub use error::{Error, ErrorKind, Result};
pub use format::NamespaceSettings;
pub use geom::{
    Box3, DistanceFrom, EARTH_RADIUS_M, Metric, Point, Polygon, PolygonRings, Rect, Rects, Space,
    convex_hull, cover_circle, euclidean, geodesic_m, haversine_m, interpolate, rhumb_m,
};
pub use log::{CheckReport, FileCheck, RecoveryMode, RecoveryReport, SalvageReport, SyncPolicy};
pub use notice::Level;
pub use query::{FoundRow, Origin, Query, Rows};
pub use time::{Interval, Order};

/// Keeps the programs of the README compiling and running, as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// As [`Readme`], for the page of the packed index.
#[cfg(doctest)]
#[doc = include_str!("../docs/PACKED.md")]
struct PackedPage;
