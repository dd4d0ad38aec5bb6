//! The words of the commands about one object.

use clap::Args;

use crate::args::RowOutput;

/// `spatio trajectory`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio trajectory 2307 -n buses -d fleet --limit 10
  spatio trajectory 2307 -d fleet --from 2016-11-24T12:00Z --to 2016-11-24T13:00Z --oldest-first
  spatio trajectory 2307 -d fleet --limit 0 --geojson > track.geojson")]
pub(crate) struct TrajectoryArgs {
    /// The object
    pub(crate) id: String,
    /// No position before this instant
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// No position after this instant
    #[arg(long, value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) to: Option<String>,
    /// At most so many positions, the newest ones unless --oldest-first; 0 is all
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: usize,
    /// Begin with the oldest
    #[arg(long)]
    pub(crate) oldest_first: bool,
    #[command(flatten)]
    pub(crate) output: RowOutput,
}

/// `spatio at`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio at 2307 2016-11-24T12:03:00Z -n buses -d fleet
  spatio at 2307 1479988980000 -d fleet --last

Between two known positions the answer lies on the straight line between them, the short way
over 180 degrees; with --last it is the earlier of the two.")]
pub(crate) struct AtArgs {
    /// The object
    pub(crate) id: String,
    /// The instant
    #[arg(allow_hyphen_values = true)]
    pub(crate) instant: String,
    /// The last position known then, instead of one in between
    #[arg(long)]
    pub(crate) last: bool,
    #[command(flatten)]
    pub(crate) output: RowOutput,
}

/// `spatio get`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio get 2307 -n buses -d fleet
  spatio get 2307 -d fleet --json")]
pub(crate) struct GetArgs {
    /// The objects
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    #[command(flatten)]
    pub(crate) output: RowOutput,
}

/// `spatio upsert`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio upsert bus:7 -97.7431,30.2672 -n buses -d fleet
  spatio upsert drone:1 8.55,47.37,520 -n drones -d fleet --time now --payload '{\"battery\":81}'

Makes the directory and a geographic namespace where they are missing.")]
pub(crate) struct UpsertArgs {
    /// The object
    pub(crate) id: String,
    /// Where: LON,LAT or LON,LAT,ALT
    #[arg(allow_hyphen_values = true)]
    pub(crate) place: String,
    /// When
    #[arg(long, default_value = "now", value_name = "INSTANT", allow_hyphen_values = true)]
    pub(crate) time: String,
    /// The new payload; without it the object keeps the one it has
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) payload: Option<String>,
    /// Write the outcome as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `spatio delete`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio delete 2307 2060 -n buses -d fleet")]
pub(crate) struct DeleteArgs {
    /// The objects
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Write the outcome as JSON
    #[arg(long)]
    pub(crate) json: bool,
}
