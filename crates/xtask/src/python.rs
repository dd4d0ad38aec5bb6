//! The step `python`: the package of `bindings/python`, as a wheel in an environment of its own.
//!
//! Owns: this environment, below the target folder, and the order of the checks. It is made anew
//! when `pyproject.toml` or Python changed; otherwise only the wheel is put in again. What only
//! some tests need and cannot be had is named, and those tests are skipped. Does not own how the
//! wheel does where nothing else is, which is the step `install`.

mod environment;
mod wheel;

use std::fs;
use std::path::{Path, PathBuf};

use crate::checks::Checks;
use crate::shell::{Workspace, follow, heard};
use crate::totals::Totals;
use crate::tree;

pub(crate) use environment::{Environment, has_python};
pub(crate) use wheel::build as build_wheel;

/// The package, from the root of the clone.
pub(crate) const PACKAGE: &str = "bindings/python";

/// The ways of single calls, and what chooses them in the environment: the package has both where
/// it was built beside a C compiler.
const WAYS: [(&str, &str); 2] = [("compiled", "1"), ("by cffi alone", "0")];

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    if let Err(reason) = has_python(workspace) {
        println!("the package for Python cannot be tested: {reason}");
        return Ok((Totals::skip(), Vec::new()));
    }
    let mut checks = Checks::default();
    let folder = workspace.target.join("python");
    let Some(library) = checks.take("builds the library", library(workspace)) else {
        return Ok(checks.end());
    };
    let bench = Bench { environment: Environment::new(workspace, folder.join("venv")) };
    let Some(fresh) = checks.take("has an environment", bench.make()) else {
        return Ok(checks.end());
    };
    let dist = folder.join("dist");
    // What an earlier run built is not what is tested.
    let _ = fs::remove_dir_all(&dist);
    if let Some(wheel) = checks.take("builds a wheel", build_wheel(workspace, &library, &dist))
        && checks.take("installs the wheel", bench.install(&wheel, fresh)).is_some()
    {
        checks.take("is formatted", bench.tool(&["-m", "ruff", "format", "--check", "."]));
        checks.take("has no lint", bench.tool(&["-m", "ruff", "check", "."]));
        checks.take("has sound types", bench.tool(&["-m", "mypy"]));
        for (way, compiled) in WAYS {
            println!("the suite, single calls {way}:");
            let (totals, failures) = bench.suite(compiled)?;
            checks.count(totals, failures);
        }
    }
    Ok(checks.end())
}

/// The library that goes into the wheel: the one named in the environment, or the optimised one.
fn library(workspace: &Workspace) -> Result<PathBuf, String> {
    match std::env::var_os("SPATIO_LIBRARY") {
        Some(named) => Ok(workspace.root.join(named)),
        None => Ok(tree::plant(workspace)?.join("lib/libspatio.so.0")),
    }
}

/// The environment of the suite.
struct Bench<'a> {
    environment: Environment<'a>,
}

impl Bench<'_> {
    /// Makes the environment unless it is there; whether it is new.
    fn make(&self) -> Result<bool, String> {
        if self.environment.is_current()? {
            return Ok(false);
        }
        self.environment.make()?;
        // The part of the package that builds it is checked for its types.
        self.environment.install(&environment::BUILDS_WITH)?;
        Ok(true)
    }

    fn tool(&self, arguments: &[&str]) -> Result<(), String> {
        heard(self.environment.python().args(arguments)).map(drop)
    }

    /// Puts the wheel in, with what the tests need.
    fn install(&self, wheel: &Path, fresh: bool) -> Result<(), String> {
        let wheel = wheel.to_string_lossy();
        if !fresh {
            return self.environment.install(&["--no-deps", "--force-reinstall", &wheel]);
        }
        self.environment.install(&[&format!("{wheel}[test]")])?;
        if let Err(reason) = self.environment.install(&[&format!("{wheel}[test-optional]")]) {
            println!("not all of what some tests need can be had; they will be skipped: {reason}");
        }
        self.environment.finish()
    }

    /// The suite, counted test by test.
    fn suite(&self, compiled: &str) -> Result<(Totals, Vec<String>), String> {
        let mut counted = Counted::default();
        let mut command = self.environment.python();
        // Failures as ever, and of each skip its reason.
        command
            .args(["-m", "pytest", "-q", "-rfEs", "--color=no"])
            .env("SPATIO_COMPILED", compiled);
        let success = follow(&mut command, |line| counted.take(line))?;
        if !success && counted.totals.failed == 0 {
            counted.totals.failed = 1;
        }
        Ok((counted.totals, counted.failures))
    }
}

/// Reads the output of pytest line by line.
#[derive(Debug, Default)]
struct Counted {
    totals: Totals,
    failures: Vec<String>,
}

impl Counted {
    fn take(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("FAILED ").or_else(|| line.strip_prefix("ERROR ")) {
            let name = name.split_once(" - ").map_or(name, |(name, _)| name);
            self.failures.push(name.to_owned());
        }
        let Some((summary, _)) = line.rsplit_once(" in ") else { return };
        for part in summary.trim_matches(['=', ' ']).split(", ") {
            let Some((number, what)) = part.split_once(' ') else { return };
            let Ok(number) = number.parse::<u64>() else { return };
            match what {
                "passed" | "xfailed" => self.totals.passed += number,
                "failed" | "error" | "errors" | "xpassed" => self.totals.failed += number,
                "skipped" => self.totals.skipped += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_pytest_is_counted() {
        let mut counted = Counted::default();
        for line in [
            "....F.s",
            "there are 7 apples, 3 pears in the box",
            "FAILED tests/test_a.py::test_b[x: y] - AssertionError: 1 failed in 2s",
            "FAILED tests/test_a.py::test_c",
            "2 failed, 450 passed, 3 skipped, 1 error, 4 warnings in 19.90s",
        ] {
            counted.take(line);
        }
        assert_eq!(counted.totals, Totals { passed: 450, failed: 3, skipped: 3 });
        assert_eq!(counted.failures, ["tests/test_a.py::test_b[x: y]", "tests/test_a.py::test_c"]);
    }
}
