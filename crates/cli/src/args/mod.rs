//! What a person may type: the commands, their flags and their help, with examples.
//!
//! Owns the words of the command line. Does not own what a command does; each command has a
//! module of its own.

mod demo;
mod export;
mod import;
mod object;
mod pack;
mod query;
mod upkeep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

pub(crate) use demo::DemoArgs;
pub(crate) use export::{ExportArgs, FileFormat, What};
pub(crate) use import::{ImportArgs, SpaceName};
pub(crate) use object::{AtArgs, DeleteArgs, GetArgs, TrajectoryArgs, UpsertArgs};
pub(crate) use pack::{
    PackArgs, PackBuildArgs, PackCommand, PackFormat, PackInfoArgs, PackJoinArgs, PackKnnArgs,
    PackLayout, PackMetric, PackQueryArgs, PackRayArgs, PackSource, PackVerifyArgs,
};
pub(crate) use query::{Filters, QueryArgs, Shape};
pub(crate) use upkeep::{CheckArgs, NamespacesArgs, SalvageArgs, StatsArgs};

const AFTER_HELP: &str = "\
Examples:
  spatio demo                                        a city on an embedded database, and demo.html
  spatio import buses.csv.gz -n buses -d fleet       rows into the directory `fleet`
  spatio query radius -97.74,30.27 500 -d fleet      who is within 500 m
  spatio query knn @2307 5 -d fleet --json           the five nearest to object 2307, as JSON
  spatio trajectory 2307 -d fleet --limit 10         the ten newest positions of it
  spatio check fleet                                 is every byte what was written
  spatio pack build places.csv places.psindex        a file of boxes that never change

The database directory is -d DIR, or the environment variable SPATIO_DB.
Where a database has one namespace only, -n may be left out of what reads.

A place is LON,LAT or LON,LAT,ALT (in a Cartesian namespace X,Y or X,Y,Z), or @ID: the
place of an object. An instant is RFC 3339 (2016-11-24T06:00:01Z, or 2016-11-24), `now`, or a
number of milliseconds since 1970, or with a unit: 1479967201s, 1479967201000ms, ...us.
A duration is 250ms, 90s, 5m, 1h30m, 2d.

Exit codes:
  0  done
  1  the engine or the operating system refused
  2  the command line is wrong
  3  a bad row stopped an import, or a pack build, under --strict
  4  corruption: found by check or pack verify, or the reason why something did not open
  5  the namespace, object or packed file that was named does not exist";

/// Where moving things are, and where they were: an embedded database on the command line.
#[derive(Debug, Parser)]
#[command(name = "spatio", version, after_help = AFTER_HELP)]
#[command(disable_help_subcommand = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Which database, and which namespace in it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DatabaseArgs {
    /// The directory of the database
    #[arg(short = 'd', long = "db", global = true, env = "SPATIO_DB", value_name = "DIR")]
    pub(crate) db: Option<PathBuf>,
    /// The namespace in it
    #[arg(short = 'n', long, global = true, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
}

/// How rows are written.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct RowOutput {
    /// Write a JSON array for a program
    #[arg(long, global = true, conflicts_with = "geojson")]
    pub(crate) json: bool,
    /// Write a GeoJSON FeatureCollection
    #[arg(long, global = true)]
    pub(crate) geojson: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a city of vehicles, drones and ships on a database, live, and draw it as a page
    Demo(DemoArgs),
    /// Read positions from CSV or GeoJSON files, gzipped or not
    Import(ImportArgs),
    /// Ask where things are now
    Query(QueryArgs),
    /// Show where an object was, newest first
    Trajectory(TrajectoryArgs),
    /// Show where an object was at one instant
    At(AtArgs),
    /// Show objects
    Get(GetArgs),
    /// Put an object somewhere
    Upsert(UpsertArgs),
    /// Remove objects; their tracks stay in the history
    Delete(DeleteArgs),
    /// List the namespaces
    Namespaces(NamespacesArgs),
    /// Show sizes, counts and what opening found
    Stats(StatsArgs),
    /// Write positions or tracks as CSV or GeoJSON
    Export(ExportArgs),
    /// Read every frame of every file and say what is sound; never writes
    Check(CheckArgs),
    /// Build a new database from what is readable of a damaged one
    Salvage(SalvageArgs),
    /// Make and ask files of boxes that never change; needs no database
    Pack(PackArgs),
}
