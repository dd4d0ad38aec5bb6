//! The development tasks of libspatio, one verb each: what a person types is what CI runs.
//!
//! Owns: the order of the checks, their sizes, and the line of totals. Does not own any check
//! itself: those are tests, lints and programs of the workspace. Only `std` is used, so that the
//! first `cargo xtask` of a fresh clone builds in a second.

mod arguments;
mod behaviour;
mod bench;
mod c;
mod checks;
mod cpp;
mod cross;
mod dist;
mod fuzz;
mod go;
mod install;
mod java;
mod long;
mod package;
mod page;
mod python;
mod setup;
mod shell;
mod steps;
mod totals;
mod tree;

use std::process::ExitCode;

use arguments::Arguments;
use shell::Workspace;

const HELP: &str = "\
The development tasks of libspatio.

usage: cargo xtask VERB [ARGUMENTS]

  setup [VERB...]                 install what is missing for test, fuzz, c, cpp, go, java,
                                  package, install, bench, cross, or all but cross (default:
                                  what the everyday test needs)
  test [STEP...]                  every check at its everyday size, or only the steps named:
                                  fmt clippy rust behaviour doc loom sim c cpp go java python
                                  package install fuzz; cli xtask (parts of rust)
  package [LANGUAGE...]           build what users install, into packages in the target folder:
                                  c (for C++ too) python java go; the step install tries them
  abi [--accept]                  write down the interface that later ones are held against
  cross [TARGET...]               build for linux, aarch64, windows, android; run what can run
  fuzz [TARGET...] [TIME]         fuzz every target, or those named (default 60 seconds each)
  sim [ARGUMENTS]                 the fault simulation: --rounds N, --minutes N, --seed N
  soak [--minutes N]              simulation and fuzzing for N minutes in all (default 60)
  bench [ARGUMENTS]               this engine beside its peers: hot, log, replay, memory,
                                  ffi (languages too), packed or all;
                                  --quick, --json FILE, --help for the rest

TIME is --seconds N or --minutes N. `test` ends with one line: N passed, N failed, N skipped.
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let verb = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    match dispatch(&verb, words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::from(2)
        }
    }
}

/// Runs one verb; false when a check failed, an error when it could not run at all.
fn dispatch(verb: &str, words: Vec<String>) -> Result<bool, String> {
    if matches!(verb, "" | "help" | "--help" | "-h") {
        print!("{HELP}");
        return Ok(true);
    }
    let workspace = Workspace::find()?;
    match verb {
        "setup" => setup::run(&workspace, &words),
        "test" => steps::run(&workspace, &words),
        "cross" => cross::run(&workspace, &words),
        "package" => dist::run(&workspace, &words),
        "abi" => package::rewrite(&workspace, &words),
        "fuzz" => fuzz::run(&workspace, &Arguments::parse(words)?),
        "sim" => long::sim(&workspace, &words),
        "soak" => long::soak(&workspace, &Arguments::parse(words)?),
        "bench" => bench::run(&workspace, &words),
        other => Err(format!("no verb {other:?}; `cargo xtask help` lists them")),
    }
}
