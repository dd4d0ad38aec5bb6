//! The words of the commands about a whole database.

use std::path::PathBuf;

use clap::Args;

/// `spatio namespaces`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio namespaces -d fleet")]
pub(crate) struct NamespacesArgs {
    /// Write a JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

/// `spatio stats`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio stats -d fleet
  spatio stats -d fleet --json")]
pub(crate) struct StatsArgs {
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `spatio check`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio check fleet
  spatio check -d fleet --json && echo sound

The exit code is 4 if anything stored is not what was written. A torn tail, as a power cut leaves
it, is told but is no corruption: the next opening drops it.")]
pub(crate) struct CheckArgs {
    /// The directory [default: that of -d]
    pub(crate) dir: Option<PathBuf>,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `spatio salvage`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio salvage fleet fleet-rescued && spatio check fleet-rescued

Never writes to SOURCE. What could not be read is counted.")]
pub(crate) struct SalvageArgs {
    /// The damaged directory
    pub(crate) source: PathBuf,
    /// The new directory, which must be empty or missing
    pub(crate) target: PathBuf,
    /// Write JSON
    #[arg(long)]
    pub(crate) json: bool,
}
