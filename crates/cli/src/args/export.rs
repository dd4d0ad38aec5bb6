//! The words of `spatio export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::when::TimeUnit;

/// What to write, and where.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio export -n buses -d fleet -o buses.csv.gz               every position, as import reads it
  spatio export -n buses -d fleet --what latest --geojson       where everything is now
  spatio export -n buses -d fleet --what tracks -o tracks.geojson --from 2016-11-24 --to 2016-11-25

The history is written object by object, oldest first, for the objects that are alive. A track
that crosses 180 degrees becomes a MultiLineString, cut between two positions; no position is
invented. The payload is the current one, so it goes with --what latest.")]
pub(crate) struct ExportArgs {
    /// The file to write; a name that ends in .gz is gzipped [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// CSV or GeoJSON [default: by the name of the file, or else CSV]
    #[arg(long, value_enum, conflicts_with = "geojson")]
    pub(crate) format: Option<FileFormat>,
    /// The same as --format geojson
    #[arg(long)]
    pub(crate) geojson: bool,
    /// Which positions [default: history for CSV, latest for GeoJSON]
    #[arg(long, value_enum)]
    pub(crate) what: Option<What>,
    /// No position before this instant
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// No position after this instant
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) to: Option<String>,
    /// Only objects whose id begins so
    #[arg(long, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,
    /// The unit of the time column
    #[arg(long, value_enum, default_value = "ms")]
    pub(crate) time_unit: TimeUnit,
    /// Add the payload, with --what latest
    #[arg(long)]
    pub(crate) payload: bool,
}

/// Which positions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// The current position of every object
    Latest,
    /// Every position of every object, one row each
    History,
    /// Every position of every object, one line each (GeoJSON)
    Tracks,
}

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    /// Comma-separated values with a header line
    Csv,
    /// A GeoJSON FeatureCollection, RFC 7946
    #[value(name = "geojson")]
    GeoJson,
}
