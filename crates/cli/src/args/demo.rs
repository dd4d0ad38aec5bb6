//! The words of `spatio demo`.

use std::path::PathBuf;

use clap::Args;

/// How the demonstration runs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  spatio demo
  spatio demo --seconds 30 --objects 50000
  spatio demo --dir city --page city.html     keep the database, and write the page elsewhere

The time of the city runs 30 times as fast as the clock on the wall. Ctrl-C ends it early, with
the summary and the page of what there is.")]
pub(crate) struct DemoArgs {
    /// How long to run, in seconds
    #[arg(long, default_value_t = 12.0, value_parser = seconds)]
    pub(crate) seconds: f64,
    /// How many objects move
    #[arg(long, default_value_t = 10_000)]
    #[arg(value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(crate) objects: u32,
    /// Keep the database in this directory, which must be empty or missing [default: temporary]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Where to write the page
    #[arg(long, default_value = "demo.html", value_name = "FILE")]
    pub(crate) page: PathBuf,
    /// The same seed builds the same city
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (1.0..=3600.0).contains(&value) => Ok(value),
        _ => Err("expected a number of seconds from 1 to 3600".to_owned()),
    }
}
