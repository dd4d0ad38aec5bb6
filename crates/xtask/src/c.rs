//! The step `c`: the C interface as a C programmer meets it. The header under every compiler and
//! standard, the conformance suite, the examples, and the programs of the guide.
//!
//! Owns: the order of these checks, and the library that they share. That library is a build of
//! its own, with the function that panics and with the compiler's checks of arithmetic, so that
//! nothing that users link ever has either.

mod compiler;
mod examples;
mod guide;
mod header;
mod suite;

use std::path::PathBuf;

use crate::checks::Checks;
use crate::package::{Scratch, make_folder};
use crate::setup;
use crate::shell::{Workspace, succeeds};
use crate::totals::Totals;

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    if setup::install(workspace, &["c"]) > 0 {
        println!("the C interface cannot be tested without these");
        return Ok((Totals::skip(), Vec::new()));
    }
    let scratch = Scratch::new("c")?;
    let mut checks = Checks::default();
    header::check(&mut checks, workspace, &scratch);
    if let Some(library) = checks.take("builds", build(workspace, &scratch)) {
        let bench = Bench { workspace, scratch: &scratch, library };
        header::check_cffi(&mut checks, &bench);
        suite::check(&mut checks, &bench);
        examples::check(&mut checks, &bench);
        guide::check(&mut checks, &bench);
    }
    Ok(checks.end())
}

/// What a program is made and run with.
pub(crate) struct Bench<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) scratch: &'a Scratch,
    /// The folder of the shared library.
    pub(crate) library: PathBuf,
}

/// Builds the library for tests; the folder where it lies under all its names.
fn build(workspace: &Workspace, scratch: &Scratch) -> Result<PathBuf, String> {
    let arguments = ["build", "--locked", "--package", "libspatio", "--lib"];
    let mut cargo = workspace.cargo_apart("c", "", &arguments);
    // A little optimisation, or the suite would take minutes.
    cargo.args(["--features", "test-panic"]).env("CARGO_PROFILE_DEV_OPT_LEVEL", "1");
    if !succeeds(&mut cargo)? {
        return Err("the library does not compile".into());
    }
    let folder = scratch.join("lib");
    make_folder(&folder)?;
    let built = workspace.target.join("c/debug/libspatio.so");
    for name in ["libspatio.so", "libspatio.so.0"] {
        std::fs::copy(&built, folder.join(name))
            .map_err(|error| format!("cannot copy {}: {error}", built.display()))?;
    }
    Ok(folder)
}
