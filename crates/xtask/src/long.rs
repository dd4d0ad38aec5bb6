//! The verbs that run one program for as long as they are told: simulation and soak.

use std::process::Command;

use crate::arguments::Arguments;
use crate::fuzz;
use crate::setup;
use crate::shell::{Workspace, succeeds};

/// `sim`: the fault simulation; its arguments are handed on.
pub(crate) fn sim(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    setup::install(workspace, &["test"]);
    succeeds(program(workspace, "spatio-sim").args(words))
}

/// `soak`: half of the time for the simulation, half shared by the fuzz targets.
pub(crate) fn soak(workspace: &Workspace, arguments: &Arguments) -> Result<bool, String> {
    if let Some(word) = arguments.words.first() {
        return Err(format!("soak takes --minutes N, not {word:?}"));
    }
    let minutes = arguments.time.map_or(60, |time| time.as_secs().div_ceil(60));
    let half = minutes.div_ceil(2);
    println!("soak: {half} min of simulation, then {half} min of fuzzing");
    let simulated = sim(workspace, &["--minutes".to_owned(), half.to_string()])?;
    setup::install(workspace, &["fuzz"]);
    let targets = fuzz::targets(workspace);
    if !fuzz::build(workspace, &targets)? {
        return Ok(false);
    }
    let seconds = (half * 60).div_ceil(targets.len().max(1) as u64);
    let mut clean = simulated;
    for target in &targets {
        clean &= fuzz::fuzz(workspace, target, seconds)?;
    }
    Ok(clean)
}

/// A program of the workspace, optimised, ready to take its arguments.
fn program(workspace: &Workspace, package: &str) -> Command {
    workspace.cargo(&["run", "--locked", "--release", "--package", package, "--"])
}
