//! The words of `spatio query`: one shape, an origin, filters, a limit.

use clap::{Args, Subcommand};

use crate::args::RowOutput;

/// `spatio query`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio query radius -97.7431,30.2672 500 -n buses -d fleet
  spatio query bbox 170,-20,-170,-10 -d fleet            a box over the antimeridian
  spatio query knn @2307 5 -d fleet --exclude-origin     the five nearest to an object
  spatio query polygon depot.geojson -d fleet --max-age 5m
  spatio query polygon countries.geojson.gz --feature 756 -d fleet
  spatio query near 2307 250 -d fleet --prefix 2
  spatio query cylinder 2.55,49.01 20000 0 3000 -n planes -d sky --geojson
  spatio query box3d 2,48,1000,3,49,5000 -n planes -d sky --json
  spatio query all -d fleet --since 2016-11-27 --limit 20

Circles and nearest neighbours come ordered by distance, in metres (in a Cartesian namespace in
its unit); boxes and polygons in no promised order. Borders belong to the inside.")]
pub(crate) struct QueryArgs {
    #[command(subcommand)]
    pub(crate) shape: Shape,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: RowOutput,
}

/// The region or the neighbours asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Shape {
    /// Within a distance of a place, altitude counted
    #[command(
        after_help = "Example:\n  spatio query radius -97.7431,30.2672 500 -n buses -d fleet"
    )]
    Radius {
        /// LON,LAT or LON,LAT,ALT or @ID
        #[arg(allow_hyphen_values = true)]
        center: String,
        /// How far, in metres
        #[arg(allow_hyphen_values = true, value_name = "METRES")]
        radius: f64,
    },
    /// Inside a box; WEST may exceed EAST, then it crosses 180 degrees
    #[command(after_help = "Example:\n  spatio query bbox 170,-20,-170,-10 -n ships -d fleet")]
    Bbox {
        /// The four sides
        #[arg(allow_hyphen_values = true, value_name = "WEST,SOUTH,EAST,NORTH")]
        sides: String,
    },
    /// The nearest ones
    #[command(
        after_help = "Example:\n  spatio query knn @2307 5 -n buses -d fleet --exclude-origin"
    )]
    Knn {
        /// LON,LAT or LON,LAT,ALT or @ID
        #[arg(allow_hyphen_values = true)]
        center: String,
        /// How many
        #[arg(value_name = "K")]
        count: usize,
        /// None farther than this, in metres
        #[arg(long, value_name = "METRES")]
        within: Option<f64>,
    },
    /// Inside a polygon, holes excluded
    #[command(
        after_help = "Example:\n  spatio query polygon countries.geojson --feature Peru -d fleet"
    )]
    Polygon {
        /// A GeoJSON file, gzipped or not; - is the standard input; or the GeoJSON itself
        #[arg(value_name = "FILE|JSON")]
        source: String,
        /// Which feature of it: its id, or its property `name`
        #[arg(long, value_name = "ID")]
        feature: Option<String>,
    },
    /// Within a distance of an object, itself first
    #[command(after_help = "Example:\n  spatio query near 2307 250 -n buses -d fleet")]
    Near {
        /// The object
        id: String,
        /// How far, in metres
        #[arg(allow_hyphen_values = true, value_name = "METRES")]
        radius: f64,
    },
    /// Within a flat distance of a place, between two altitudes
    #[command(after_help = "Example:\n  spatio query cylinder 2.55,49.01 20000 0 3000 -n planes")]
    Cylinder {
        /// LON,LAT or @ID
        #[arg(allow_hyphen_values = true)]
        center: String,
        /// How far, in metres
        #[arg(allow_hyphen_values = true, value_name = "METRES")]
        radius: f64,
        /// The lowest altitude
        #[arg(allow_hyphen_values = true)]
        low: f64,
        /// The highest altitude
        #[arg(allow_hyphen_values = true)]
        high: f64,
    },
    /// Inside a box with altitudes
    #[command(after_help = "Example:\n  spatio query box3d 2,48,1000,3,49,5000 -n planes")]
    Box3d {
        /// The six sides
        #[arg(allow_hyphen_values = true, value_name = "WEST,SOUTH,LOW,EAST,NORTH,HIGH")]
        sides: String,
    },
    /// Everything, for the filters to choose from
    #[command(after_help = "Example:\n  spatio query all -n buses -d fleet --since 2016-11-27")]
    All,
}

/// What narrows an answer down.
#[derive(Args, Debug)]
pub(crate) struct Filters {
    /// At most so many rows; 0 is all
    #[arg(long, global = true, default_value_t = 100)]
    pub(crate) limit: usize,
    /// Only objects whose id begins so
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,
    /// Only objects that moved at most so long ago
    #[arg(long, global = true, value_name = "DURATION", conflicts_with = "since")]
    pub(crate) max_age: Option<String>,
    /// Only objects that moved at or after this instant
    #[arg(long, global = true, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) since: Option<String>,
    /// Only objects at or above this altitude
    #[arg(long, global = true, value_name = "METRES", allow_hyphen_values = true)]
    pub(crate) min_alt: Option<f64>,
    /// Only objects at or below this altitude
    #[arg(long, global = true, value_name = "METRES", allow_hyphen_values = true)]
    pub(crate) max_alt: Option<f64>,
    /// Leave the object at the origin out
    #[arg(long, global = true)]
    pub(crate) exclude_origin: bool,
    /// Show the payloads
    #[arg(long, global = true)]
    pub(crate) payload: bool,
}
