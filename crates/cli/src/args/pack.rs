//! The words of `spatio pack`: files of boxes that never change.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::RowOutput;

/// `spatio pack`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack build places.csv.gz places.psindex --payload name
  spatio pack build counties.geojson counties.psindex --payload feature --layout both
  spatio pack query counties.psindex -98,30,-97,31 --geojson
  spatio pack knn places.psindex 13.4,52.5 -k 5 --metric great-circle
  spatio pack query places.psindex 13,52,14,53 --svg walk.svg    how the query walks the tree
  spatio pack query https://example.org/places.psindex 13,52,14,53 --stats

A file of the PSINDEX format holds boxes, sorted once, and perhaps a payload for each. No database
is needed, -d and -n play no part. docs/PACKED.md explains it from the beginning.

info, query, knn and ray --closest also take the URL of a file on a server that answers requests
for ranges, as the stores of S3, GCS and Azure do; they read only the parts that they need.")]
pub(crate) struct PackArgs {
    #[command(subcommand)]
    pub(crate) command: PackCommand,
}

/// What is done with a packed file.
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Make a packed file of points in CSV, or of the boxes of features in GeoJSON or FlatGeobuf
    Build(PackBuildArgs),
    /// Show what a file holds and how it is laid out
    Info(PackInfoArgs),
    /// Show the items that share a point with a box
    Query(PackQueryArgs),
    /// Show the nearest items
    Knn(PackKnnArgs),
    /// Show the items that the way from one point to another passes through
    Ray(PackRayArgs),
    /// Show which items of two files touch, or are near each other
    Join(PackJoinArgs),
    /// Read every byte that says of itself whether it is right
    Verify(PackVerifyArgs),
}

/// `spatio pack build`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack build places.csv.gz places.psindex --payload name
  spatio pack build flights.csv flights.psindex --dims 3 --payload object_id
  spatio pack build counties.geojson.gz counties.psindex --payload feature
  spatio pack build roads.fgb roads.psindex --layout both --f32

From CSV each row is a point, of the columns that `spatio import` takes: lon,lat,alt_m or x,y,z and
their like. From GeoJSON and FlatGeobuf each feature is the bounding box of its geometry. An item
is known by its number: its place among the good rows of INPUT, from 0. Without --payload nothing
else is kept.

A bad row is counted and left out, the first five are shown; --strict stops at the first one with
exit code 3. OUT is written under another name and takes its own when it is complete.

Items are put aside in temporary files and sorted by parts of what --memory allows; the files take
about three times what the items do, and are gone at the end.")]
pub(crate) struct PackBuildArgs {
    /// CSV, GeoJSON or FlatGeobuf, gzipped or not; - is the standard input
    pub(crate) input: PathBuf,
    /// The file to make
    pub(crate) out: PathBuf,
    /// What the input is [default: by its name, .geojson, .json, .fgb or else CSV]
    #[arg(long, value_enum)]
    pub(crate) format: Option<PackFormat>,
    /// How many axes: 3 takes altitudes too
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=3))]
    pub(crate) dims: u8,
    /// Which trees the file has
    #[arg(long, value_enum, default_value = "fast")]
    pub(crate) layout: PackLayout,
    /// Store the tree of the format in 32 bits a coordinate, rounded outwards
    #[arg(long)]
    pub(crate) f32: bool,
    /// What stands beside each item: a column or property by name, or `feature`, its GeoJSON
    #[arg(long, value_name = "NAME|feature")]
    pub(crate) payload: Option<String>,
    /// The column with the longitude, or x
    #[arg(long, value_name = "NAME")]
    pub(crate) lon_column: Option<String>,
    /// The column with the latitude, or y
    #[arg(long, value_name = "NAME")]
    pub(crate) lat_column: Option<String>,
    /// The column with the altitude, or z
    #[arg(long, value_name = "NAME")]
    pub(crate) alt_column: Option<String>,
    /// The coordinate reference system, to be told by the file [default: as the input says]
    #[arg(long, value_name = "TEXT")]
    pub(crate) crs: Option<String>,
    /// Whose data it is, to be told by the file
    #[arg(long, value_name = "TEXT")]
    pub(crate) attribution: Option<String>,
    /// Stop at the first bad row, with exit code 3
    #[arg(long)]
    pub(crate) strict: bool,
    /// About how much memory to take; what is more goes through temporary files
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    pub(crate) memory: u32,
    /// Where temporary files are made [default: beside OUT]
    #[arg(long, value_name = "DIR")]
    pub(crate) temp: Option<PathBuf>,
    /// Write the summary as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PackFormat {
    /// Comma-separated values with a header line
    Csv,
    /// A GeoJSON FeatureCollection, RFC 7946
    #[value(name = "geojson")]
    GeoJson,
    /// FlatGeobuf
    #[value(name = "fgb")]
    FlatGeobuf,
}

/// Which trees a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PackLayout {
    /// That of the PSINDEX format, for any reader of it
    Origin,
    /// Ours: smaller, faster, and known to this library alone
    Fast,
    /// Both: any reader reads it, this one takes ours
    Both,
}

/// A packed file, wherever it lies.
#[derive(Args, Debug)]
pub(crate) struct PackSource {
    /// The packed file, or its http:// or https:// URL
    #[arg(value_name = "FILE_OR_URL")]
    pub(crate) file: PathBuf,
    /// Tell what a URL took: rounds, reads and bytes
    #[arg(long)]
    pub(crate) stats: bool,
}

/// `spatio pack info`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  spatio pack info places.psindex --json")]
pub(crate) struct PackInfoArgs {
    #[command(flatten)]
    pub(crate) source: PackSource,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How many rows, and in which form.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct PackOutput {
    /// At most so many rows; 0 is all
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) form: RowOutput,
}

/// `spatio pack query`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack query places.psindex 13,52,14,53
  spatio pack query flights.psindex 2,48,1000,3,49,5000 --count
  spatio pack query counties.psindex -98,30,-97,31 --geojson > found.geojson
  spatio pack query places.psindex 13,52,14,53 --count --svg walk.svg

Borders belong to the box. Items come sorted by their number. A box that crosses 180 degrees is
asked for as two boxes.")]
pub(crate) struct PackQueryArgs {
    #[command(flatten)]
    pub(crate) source: PackSource,
    /// The box: the least coordinate on each axis, then the greatest
    #[arg(allow_hyphen_values = true, value_name = "MINX,MINY,MAXX,MAXY")]
    pub(crate) window: String,
    /// Show only how many there are
    #[arg(long)]
    pub(crate) count: bool,
    /// Draw how the query walks the tree, into this file
    #[arg(long, value_name = "OUT.svg")]
    pub(crate) svg: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: PackOutput,
}

/// `spatio pack knn`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack knn places.psindex 13.4,52.5 -k 5
  spatio pack knn places.psindex 13.4,52.5 --metric great-circle --max-distance 20000

Nearest first, and of items that are equally near the one with the smaller number first. The
distance to a box is that to its nearest point; with great-circle it is in metres, and axes 0 and 1
are longitude and latitude in degrees.")]
pub(crate) struct PackKnnArgs {
    #[command(flatten)]
    pub(crate) source: PackSource,
    /// From where
    #[arg(allow_hyphen_values = true, value_name = "X,Y")]
    pub(crate) point: String,
    /// How many
    #[arg(short, default_value_t = 10)]
    pub(crate) k: usize,
    /// None farther than this
    #[arg(long, value_name = "DISTANCE", allow_hyphen_values = true)]
    pub(crate) max_distance: Option<f64>,
    /// What near means
    #[arg(long, value_enum, default_value = "euclidean")]
    pub(crate) metric: PackMetric,
    /// Draw how the query walks the tree, into this file
    #[arg(long, value_name = "OUT.svg")]
    pub(crate) svg: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) form: RowOutput,
}

/// What near means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PackMetric {
    /// The straight way, in the unit of the coordinates
    Euclidean,
    /// Along the great circle, in metres
    GreatCircle,
}

/// `spatio pack ray`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack ray counties.psindex -98,30 -90,35
  spatio pack ray flights.psindex 2,48,0 3,49,10000 --closest

In the order in which the way enters the items; the distance is that from FROM.")]
pub(crate) struct PackRayArgs {
    #[command(flatten)]
    pub(crate) source: PackSource,
    /// Where the way begins
    #[arg(allow_hyphen_values = true, value_name = "X,Y")]
    pub(crate) from: String,
    /// Where it ends
    #[arg(allow_hyphen_values = true, value_name = "X,Y")]
    pub(crate) to: String,
    /// Only the item that it enters first
    #[arg(long)]
    pub(crate) closest: bool,
    #[command(flatten)]
    pub(crate) output: PackOutput,
}

/// `spatio pack join`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack join counties.psindex countries.psindex --count
  spatio pack join shops.psindex stops.psindex --distance 0.001 --json

Pairs come sorted, by the item of A and then by that of B. It is boxes that touch, not shapes.")]
pub(crate) struct PackJoinArgs {
    /// One packed file
    #[arg(value_name = "A")]
    pub(crate) left: PathBuf,
    /// The other one
    #[arg(value_name = "B")]
    pub(crate) right: PathBuf,
    /// Pairs within this Euclidean distance, instead of those that touch
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    pub(crate) distance: f64,
    /// Show only how many pairs there are
    #[arg(long)]
    pub(crate) count: bool,
    /// At most so many pairs; 0 is all
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: usize,
    /// Write a JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

/// `spatio pack verify`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio pack verify places.psindex && echo sound

The exit code is 4 if anything is damaged. Our own layout has checksums; the tree of the format has
none, of it the structure is looked through.")]
pub(crate) struct PackVerifyArgs {
    /// The packed file
    pub(crate) file: PathBuf,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}
