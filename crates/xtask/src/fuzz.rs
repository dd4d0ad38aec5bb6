//! Driving the fuzz targets: coverage-guided, with the address sanitizer, on the stable compiler.
//!
//! Owns: the compiler flags, and where corpora and findings go. The seeds of a target, if it has
//! any, are committed in `fuzz/seeds/TARGET`; what a run discovers is kept below the target folder,
//! and an input that fails is left in `fuzz/artifacts/TARGET`.

use std::path::PathBuf;

use crate::arguments::Arguments;
use crate::setup;
use crate::shell::{Workspace, output_of, stems, succeeds};

/// What libFuzzer needs from the compiler. `RUSTC_BOOTSTRAP` lets the stable compiler take `-Z`.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cdebug-assertions -Zsanitizer=address";

/// How long a target runs when nothing is said.
const DEFAULT_S: u64 = 60;

/// The verb.
pub(crate) fn run(workspace: &Workspace, arguments: &Arguments) -> Result<bool, String> {
    let known = targets(workspace);
    if let Some(unknown) = arguments.words.iter().find(|word| !known.contains(word)) {
        return Err(format!("no fuzz target {unknown:?}; there are: {}", known.join(", ")));
    }
    let chosen = if arguments.words.is_empty() { known } else { arguments.words.clone() };
    setup::install(workspace, &["fuzz"]);
    if !build(workspace, &chosen)? {
        return Ok(false);
    }
    let seconds = arguments.time.map_or(DEFAULT_S, |time| time.as_secs());
    let mut clean = true;
    for target in &chosen {
        clean &= fuzz(workspace, target, seconds)?;
    }
    Ok(clean)
}

/// The names of all targets.
pub(crate) fn targets(workspace: &Workspace) -> Vec<String> {
    stems(&workspace.root.join("fuzz/src/bin"), "rs")
}

/// Compiles the targets; false if they do not compile.
pub(crate) fn build(workspace: &Workspace, targets: &[String]) -> Result<bool, String> {
    let host = host(workspace)?;
    // Not `--locked`: a dependency of the library is decided in its own lock file, not in this one.
    let arguments = ["build", "--release", "--manifest-path", "fuzz/Cargo.toml"];
    let mut command = workspace.cargo_apart("fuzz", FLAGS, &arguments);
    // Naming the host as a target keeps the flags away from build scripts and macros.
    command.args(["--target", &host]).env("RUSTC_BOOTSTRAP", "1");
    for target in targets {
        command.args(["--bin", target]);
    }
    succeeds(&mut command)
}

/// Runs one built target for `seconds`, after its seeds; false if it found something.
pub(crate) fn fuzz(workspace: &Workspace, target: &str, seconds: u64) -> Result<bool, String> {
    let host = host(workspace)?;
    let program = workspace.target.join("fuzz").join(host).join("release").join(target);
    let corpus = folder(workspace.target.join("fuzz/corpus").join(target))?;
    let artifacts = folder(workspace.root.join("fuzz/artifacts").join(target))?;
    println!("fuzz: {target} for {seconds} s");
    let mut command = workspace.command(&program);
    command.arg(&corpus);
    let seeds = workspace.root.join("fuzz/seeds").join(target);
    if seeds.is_dir() {
        command.arg(&seeds);
    }
    command.arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args([
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        "-verbosity=0",
        "-print_funcs=0",
        "-len_control=20",
    ]);
    // The leak check needs ptrace, which containers forbid; it then hangs at the end of a run.
    command.arg("-detect_leaks=0").env("ASAN_OPTIONS", "detect_leaks=0");
    let clean = succeeds(&mut command)?;
    if !clean {
        println!("fuzz: {target} found something; the input is in {}", artifacts.display());
        println!("fuzz: run it again by `{} FILE`", program.display());
    }
    Ok(clean)
}

/// The triple of this machine.
fn host(workspace: &Workspace) -> Result<String, String> {
    let text = output_of(workspace.command("rustc").arg("-vV")).unwrap_or_default();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc -vV does not name a host".to_owned())
}

/// Creates a folder where it is missing.
fn folder(path: PathBuf) -> Result<PathBuf, String> {
    match std::fs::create_dir_all(&path) {
        Ok(()) => Ok(path),
        Err(error) => Err(format!("cannot create {}: {error}", path.display())),
    }
}
