//! The step `cpp`: the C++ SDK of `bindings/cpp`, compiled in every way that it promises to work.
//!
//! Owns: the ways, and how their programs are counted. Does not own what is built, which
//! `bindings/cpp/CMakeLists.txt` says. Each way keeps its folder below the target folder, so that
//! a second run compiles what changed alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checks::{Checks, ensure};
use crate::package::{library, make_folder};
use crate::setup;
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;

/// One way to compile the tests, all under AddressSanitizer and UBSan.
struct Way {
    name: &'static str,
    compiler: &'static str,
    standard: u32,
    has_exceptions: bool,
}

const WAYS: [Way; 5] = [
    Way { name: "gcc-17", compiler: "g++", standard: 17, has_exceptions: true },
    Way { name: "gcc-20", compiler: "g++", standard: 20, has_exceptions: true },
    Way { name: "clang-17", compiler: "clang++", standard: 17, has_exceptions: true },
    Way { name: "clang-20", compiler: "clang++", standard: 20, has_exceptions: true },
    Way { name: "without-exceptions", compiler: "g++", standard: 17, has_exceptions: false },
];

/// Seconds after which a suite is taken to hang.
const PATIENCE_S: &str = "600";

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    if setup::install(workspace, &["cpp"]) > 0 {
        println!("the C++ SDK cannot be tested without these");
        return Ok((Totals::skip(), Vec::new()));
    }
    let mut checks = Checks::default();
    checks.take("is formatted", formatted(workspace));
    checks.take("documents itself", documented(workspace));
    if let Some(library) = checks.take("builds the library", library(workspace)) {
        for way in &WAYS {
            let built = build(workspace, way, &library);
            if let Some(folder) = checks.take(&format!("compiles, {}", way.name), built) {
                suite(&mut checks, workspace, way, &folder);
                programs(&mut checks, workspace, way, &folder);
            }
        }
    }
    Ok(checks.end())
}

/// Builds the library and lays it under both of its names; where it is then.
fn library(workspace: &Workspace) -> Result<PathBuf, String> {
    let built = library::build(workspace)?;
    let folder = workspace.target.join("cpp/lib");
    make_folder(&folder)?;
    let told = |error| format!("cannot copy {}: {error}", built.display());
    let bytes = fs::read(&built).map_err(told)?;
    for name in ["libspatio.so", "libspatio.so.0"] {
        // One that is the same keeps its age, or all programs would be linked again.
        if fs::read(folder.join(name)).ok().as_ref() != Some(&bytes) {
            fs::write(folder.join(name), &bytes).map_err(told)?;
        }
    }
    Ok(folder.join("libspatio.so"))
}

/// Compiles all programs one way; the folder that they are in.
fn build(workspace: &Workspace, way: &Way, library: &Path) -> Result<PathBuf, String> {
    let folder = workspace.target.join("cpp").join(way.name);
    leave_to(&workspace.root.join("bindings/cpp"), &folder)?;
    let on = |yes: bool| if yes { "ON" } else { "OFF" };
    let mut configure = workspace.command("cmake");
    configure.args(["-S", "bindings/cpp", "-B"]).arg(&folder);
    configure.arg(format!("-DCMAKE_CXX_COMPILER={}", way.compiler));
    configure.arg(format!("-DSPATIO_LIBRARY={}", library.display()));
    configure.arg(format!("-DSPATIO_CPP_STANDARD={}", way.standard));
    configure.arg(format!("-DSPATIO_CPP_NO_EXCEPTIONS={}", on(!way.has_exceptions)));
    configure.arg("-DSPATIO_CPP_SANITIZE=ON");
    quietly(&mut configure)?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut compile = workspace.command("cmake");
    compile.arg("--build").arg(&folder).args(["--parallel", &jobs.to_string()]);
    quietly(&mut compile).map(|_| folder)
}

/// Removes a build folder that CMake made for the sources of another clone: the target folder may
/// be shared, and CMake refuses to build other sources there.
fn leave_to(sources: &Path, folder: &Path) -> Result<(), String> {
    let Ok(cache) = fs::read_to_string(folder.join("CMakeCache.txt")) else { return Ok(()) };
    let home = cache.lines().find_map(|line| line.strip_prefix("CMAKE_HOME_DIRECTORY:INTERNAL="));
    if home.is_some_and(|home| Path::new(home) == sources) {
        return Ok(());
    }
    let told = |error| format!("cannot remove {}: {error}", folder.display());
    fs::remove_dir_all(folder).map_err(told)
}

/// Runs the suite, and counts its tests.
fn suite(checks: &mut Checks, workspace: &Workspace, way: &Way, folder: &Path) {
    let mut command = workspace.command("timeout");
    command.args(["--kill-after=10", PATIENCE_S]).arg(folder.join("suite"));
    take(checks, &format!("the suite, {}", way.name), &mut command, cases);
}

/// Runs what is not the suite: the programs of the README, the example, what is linked strangely.
fn programs(checks: &mut Checks, workspace: &Workspace, way: &Way, folder: &Path) {
    let mut command = workspace.command("ctest");
    command.arg("--test-dir").arg(folder);
    command.args(["--exclude-regex", "^suite$", "--output-on-failure", "--timeout", PATIENCE_S]);
    take(checks, &format!("the programs, {}", way.name), &mut command, programs_of);
}

/// Runs a command whose output `read` counts, and shows that output if something failed.
fn take(checks: &mut Checks, name: &str, command: &mut Command, read: fn(&str) -> Option<Totals>) {
    let (said, success) = match command.output() {
        Ok(output) => {
            let both = [output.stdout, output.stderr].concat();
            (String::from_utf8_lossy(&both).into_owned(), output.status.success())
        }
        Err(error) => (format!("cannot run it: {error}"), false),
    };
    let totals = judged(read(&said), success);
    let failures = if totals.failed > 0 { vec![name.to_owned()] } else { Vec::new() };
    println!("{}  {name}: {totals}", if totals.failed == 0 { "ok    " } else { "FAILED" });
    let is_report = |line: &&str| line.starts_with("behaviour: ") || line.starts_with("functions ");
    let told: Vec<&str> =
        if totals.failed == 0 { said.lines().filter(is_report).collect() } else { vec![&said] };
    told.iter().for_each(|line| println!("        {line}"));
    checks.count(totals, failures);
}

/// What a program counted. One that counted nothing, or ended badly, has failed.
fn judged(counted: Option<Totals>, success: bool) -> Totals {
    let mut totals = counted.unwrap_or_default();
    if totals.failed == 0 && (!success || totals.passed == 0) {
        totals.failed = 1;
    }
    totals
}

/// Reads `[doctest] test cases:   62 |   60 passed | 2 failed | 0 skipped`.
fn cases(said: &str) -> Option<Totals> {
    let line = said.lines().rev().find_map(|line| line.strip_prefix("[doctest] test cases:"))?;
    let number = |word: &str| {
        let part = line.split('|').find_map(|part| part.trim().strip_suffix(word));
        part.and_then(|part| part.trim().parse::<u64>().ok())
    };
    Some(Totals { passed: number("passed")?, failed: number("failed")?, skipped: 0 })
}

/// Reads `86% tests passed, 1 tests failed out of 7`.
fn programs_of(said: &str) -> Option<Totals> {
    let line = said.lines().find_map(|line| line.split_once("% tests passed, "))?.1;
    let (failed, all) = line.split_once(" tests failed out of ")?;
    let (failed, all): (u64, u64) = (failed.parse().ok()?, all.trim().parse().ok()?);
    Some(Totals { passed: all.checked_sub(failed)?, failed, skipped: 0 })
}

/// Whether every source has the form that clang-format gives it.
fn formatted(workspace: &Workspace) -> Result<(), String> {
    let mut sources = Vec::new();
    collect(&workspace.root.join("bindings/cpp"), &mut sources)?;
    ensure(sources.len() > 10, || "the sources were not found".into())?;
    let mut format = workspace.command("clang-format");
    quietly(format.args(["--dry-run", "--Werror"]).args(sources)).map(|_| ())
}

fn collect(folder: &Path, sources: &mut Vec<PathBuf>) -> Result<(), String> {
    let told = |error| format!("cannot list {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.is_dir() {
            collect(&path, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "cpp" || ending == "hpp") {
            sources.push(path);
        }
    }
    Ok(())
}

/// Whether Doxygen reads the header without a warning.
fn documented(workspace: &Workspace) -> Result<(), String> {
    let folder = workspace.target.join("cpp/reference");
    make_folder(&folder)?;
    let settings = fs::read_to_string(workspace.root.join("bindings/cpp/Doxyfile"));
    let mut settings = settings.map_err(|error| format!("bindings/cpp/Doxyfile: {error}"))?;
    settings.push_str(&format!("OUTPUT_DIRECTORY = \"{}\"\n", folder.display()));
    let settings_file = folder.join("Doxyfile");
    fs::write(&settings_file, settings).map_err(|error| format!("a Doxyfile: {error}"))?;
    let mut doxygen = workspace.command("doxygen");
    doxygen.current_dir(workspace.root.join("bindings/cpp")).arg(settings_file);
    quietly(&mut doxygen).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_suite_counted_is_read() {
        let said = "x\n[doctest] test cases:   62 |   60 passed | 2 failed | 0 skipped\nend\n";
        assert_eq!(cases(said), Some(Totals { passed: 60, failed: 2, skipped: 0 }));
        assert_eq!(cases("nothing"), None);
    }

    #[test]
    fn what_ctest_counted_is_read() {
        let said = "86% tests passed, 1 tests failed out of 7\n";
        assert_eq!(programs_of(said), Some(Totals { passed: 6, failed: 1, skipped: 0 }));
        assert_eq!(programs_of("No tests were found!!!"), None);
    }

    #[test]
    fn a_program_that_counts_nothing_or_ends_badly_has_failed() {
        let five = Totals { passed: 5, failed: 0, skipped: 0 };
        assert_eq!(judged(Some(five), true), five);
        assert_eq!(judged(Some(five), false).failed, 1);
        assert_eq!(judged(None, true).failed, 1);
        assert_eq!(judged(Some(Totals::default()), true).failed, 1);
    }
}
