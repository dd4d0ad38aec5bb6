//! The words of `spatio import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::FileFormat;
use crate::when::TimeUnit;

/// Which files, and which of their columns mean what.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio import buses.csv.gz -n buses -d fleet
  spatio import tracks.csv -n cars -d fleet --id-column vehicle --time-column ts --time-unit s \\
         --lon-column lng --lat-column lat --payload-columns speed,route
  spatio import entities.csv -n arena -d game --space cartesian
  spatio import places.geojson -n places -d fleet --at now
  zcat big.csv.gz | spatio import - -n buses -d fleet

Without flags the columns are object_id,timestamp_ms_utc,lon,lat,alt_m (x,y,z in a Cartesian
namespace); timestamp_s_utc and timestamp_us_utc are understood too. An empty altitude is 0.
A GeoJSON feature is a Point, or a LineString track with its property `timestamps`, one for each
vertex; the column flags then name properties, and the id may also be the feature's own.

A bad row is counted and left out, the first five are shown with their line; --strict stops at
the first one with exit code 3. What was read before it stays.")]
pub(crate) struct ImportArgs {
    /// Files to read, in this order; - is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are [default: by the name, .geojson and .json or else CSV]
    #[arg(long, value_enum)]
    pub(crate) format: Option<FileFormat>,
    /// What the coordinates of a new namespace mean
    #[arg(long, value_enum)]
    pub(crate) space: Option<SpaceName>,
    /// The column with the object's id
    #[arg(long, value_name = "NAME")]
    pub(crate) id_column: Option<String>,
    /// The column with the time
    #[arg(long, value_name = "NAME")]
    pub(crate) time_column: Option<String>,
    /// The unit of the time [default: by the column's name, or else ms]
    #[arg(long, value_enum)]
    pub(crate) time_unit: Option<TimeUnit>,
    /// Give every row this instant instead of reading a column
    #[arg(long, value_name = "INSTANT", conflicts_with_all = ["time_column", "time_unit"])]
    pub(crate) at: Option<String>,
    /// The column with the longitude, or x
    #[arg(long, value_name = "NAME")]
    pub(crate) lon_column: Option<String>,
    /// The column with the latitude, or y
    #[arg(long, value_name = "NAME")]
    pub(crate) lat_column: Option<String>,
    /// The column with the altitude, or z
    #[arg(long, value_name = "NAME")]
    pub(crate) alt_column: Option<String>,
    /// Columns that become the payload, as one JSON object
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) payload_columns: Vec<String>,
    /// A column that becomes the payload as it stands
    #[arg(long, value_name = "NAME", conflicts_with = "payload_columns")]
    pub(crate) payload_column: Option<String>,
    /// How many rows go into the database at a time
    #[arg(long, default_value_t = 4096, value_name = "ROWS")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) batch: u32,
    /// Stop at the first bad row, with exit code 3
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// A kind of space, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SpaceName {
    /// Longitude and latitude in degrees, altitude in metres
    Geographic,
    /// x, y and z in any one unit
    Cartesian,
}
