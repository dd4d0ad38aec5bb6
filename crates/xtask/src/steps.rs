//! `cargo xtask test`: every check at its everyday size, and the line of totals.
//!
//! Each step says what it ran and how long it took. A step that fails does not stop the others,
//! so that one run shows everything that is wrong.

use std::time::Instant;

use crate::behaviour;
use crate::c;
use crate::cpp;
use crate::fuzz;
use crate::go;
use crate::install;
use crate::java;
use crate::package;
use crate::python;
use crate::setup;
use crate::shell::{Workspace, follow, succeeds};
use crate::totals::{TestOutput, Totals};

/// Everything of the workspace except `spatio-bench`, whose peers take minutes to compile, and with
/// the features that are off unless somebody asks for them.
const EVERYDAY: [&str; 5] =
    ["--workspace", "--exclude", "spatio-bench", "--features", "libspatio/async"];

/// How many seconds each fuzz target runs in the everyday test, after its seeds.
const FUZZ_SMOKE_S: u64 = 5;

type Outcome = Result<(Totals, Vec<String>), String>;

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Outcome,
    /// Whether `cargo xtask test` without words runs it; the others are parts of one that it runs.
    everyday: bool,
}

const STEPS: &[Step] = &[
    Step { name: "fmt", about: "formatting", run: fmt, everyday: true },
    Step { name: "clippy", about: "lints, warnings are errors", run: clippy, everyday: true },
    Step { name: "rust", about: "unit, integration, doc tests", run: rust, everyday: true },
    Step {
        name: "behaviour",
        about: "the behaviour cases over the C interface",
        run: behaviour::run,
        everyday: true,
    },
    Step { name: "doc", about: "documentation builds cleanly", run: doc, everyday: true },
    Step { name: "loom", about: "models of the locks", run: loom, everyday: true },
    Step { name: "sim", about: "fault simulation, small", run: sim, everyday: true },
    Step { name: "c", about: "the C interface in C", run: c::run, everyday: true },
    Step { name: "cpp", about: "the C++ SDK", run: cpp::run, everyday: true },
    Step { name: "go", about: "the Go SDK", run: go::run, everyday: true },
    Step { name: "java", about: "the Java SDK", run: java::run, everyday: true },
    Step { name: "package", about: "what others link", run: package::run, everyday: true },
    Step { name: "python", about: "the package for Python", run: python::run, everyday: true },
    Step { name: "install", about: "every package, alone", run: install::run, everyday: true },
    Step { name: "fuzz", about: "fuzz targets, a few seconds each", run: fuzz, everyday: true },
    Step { name: "cli", about: "tests of the program", run: cli, everyday: false },
    Step { name: "xtask", about: "tests of this tool", run: xtask, everyday: false },
];

/// The verb: all everyday steps, or those named.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let mut chosen: Vec<&Step> = Vec::new();
    for word in words {
        let step = STEPS.iter().find(|step| step.name == word.as_str());
        chosen.push(step.ok_or_else(|| format!("no step {word:?}; see `cargo xtask help`"))?);
    }
    if chosen.is_empty() {
        chosen = STEPS.iter().filter(|step| step.everyday).collect();
    }
    setup::install(workspace, &["test", "fuzz"]);
    let mut totals = Totals::default();
    let mut report = Vec::new();
    for step in chosen {
        println!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let (count, failures) = (step.run)(workspace).unwrap_or_else(|message| {
            println!("{message}");
            (Totals::of(false), Vec::new())
        });
        let seconds = start.elapsed().as_secs_f64();
        report.push(format!("{:<10}{count} in {seconds:.1} s", step.name));
        report.extend(failures.into_iter().map(|name| format!("    failed: {name}")));
        totals += count;
    }
    println!("\n{}\n", report.join("\n"));
    println!("{totals}");
    Ok(totals.failed == 0)
}

/// Runs one command that passes or fails as a whole.
fn whole(command: &mut std::process::Command) -> Outcome {
    Ok((Totals::of(succeeds(command)?), Vec::new()))
}

/// Runs `cargo test` and counts.
fn tests(command: &mut std::process::Command) -> Outcome {
    let mut output = TestOutput::default();
    let success = follow(command, |line| output.take(line))?;
    Ok((output.end(success), output.failures))
}

fn fmt(workspace: &Workspace) -> Outcome {
    let engine = succeeds(&mut workspace.cargo(&["fmt", "--all", "--check"]))?;
    let fuzz = ["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"];
    Ok((Totals::of(engine && succeeds(&mut workspace.cargo(&fuzz))?), Vec::new()))
}

fn clippy(workspace: &Workspace) -> Outcome {
    let mut command = workspace.cargo(&["clippy", "--locked", "--all-targets"]);
    whole(command.args(EVERYDAY).args(["--", "-D", "warnings"]))
}

fn rust(workspace: &Workspace) -> Outcome {
    let mut command = workspace.cargo(&["test", "--locked", "--no-fail-fast"]);
    tests(command.args(EVERYDAY))
}

fn cli(workspace: &Workspace) -> Outcome {
    tests(&mut workspace.cargo(&["test", "--locked", "--no-fail-fast", "-p", "spatio-cli"]))
}

fn xtask(workspace: &Workspace) -> Outcome {
    tests(&mut workspace.cargo(&["test", "--locked", "--no-fail-fast", "-p", "xtask"]))
}

fn doc(workspace: &Workspace) -> Outcome {
    let mut command = workspace.cargo(&["doc", "--locked", "--no-deps", "-p", "libspatio"]);
    command.args(["--features", "async"]);
    whole(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// The models are the unit tests of the library whose path contains `loom`; the others do not run
/// under `--cfg loom`, because loom's locks work only inside a model.
fn loom(workspace: &Workspace) -> Outcome {
    let arguments = ["test", "--locked", "--release", "-p", "libspatio", "--lib", "loom"];
    let mut command = workspace.cargo_apart("loom", "--cfg loom", &arguments);
    let (totals, failures) = tests(&mut command)?;
    if totals == Totals::default() {
        println!("no model was found");
        return Ok((Totals::skip(), failures));
    }
    Ok((totals, failures))
}

fn sim(workspace: &Workspace) -> Outcome {
    whole(&mut workspace.cargo(&["run", "--locked", "--release", "-p", "spatio-sim"]))
}

fn fuzz(workspace: &Workspace) -> Outcome {
    let mut totals = Totals::default();
    let mut failures = Vec::new();
    let targets = fuzz::targets(workspace);
    if targets.is_empty() || !fuzz::build(workspace, &targets)? {
        println!("no fuzz target could be built");
        let skipped = targets.is_empty();
        return Ok((if skipped { Totals::skip() } else { Totals::of(false) }, failures));
    }
    for target in targets {
        let passed = fuzz::fuzz(workspace, &target, FUZZ_SMOKE_S)?;
        totals += Totals::of(passed);
        if !passed {
            failures.push(target);
        }
    }
    Ok((totals, failures))
}
