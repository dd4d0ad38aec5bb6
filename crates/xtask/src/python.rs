//! The step `python`: the package of `bindings/python`, as a wheel in environments of its own.
//!
//! Owns: these environments, below the target folder, and the order of the checks. They are made
//! anew when `pyproject.toml` or Python changed; otherwise only the wheel is put in again. What
//! only some tests need and cannot be had is named, and those tests are skipped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checks::{Checks, ensure};
use crate::package::{make_folder, read, write};
use crate::setup;
use crate::shell::{Workspace, follow, heard, quietly};
use crate::totals::Totals;
use crate::tree;

/// The package, from the root of the clone.
const PACKAGE: &str = "bindings/python";

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
    let bench = Bench { workspace, library, venv: folder.join("venv"), folder };
    let Some(fresh) = checks.take("has an environment", bench.environment()) else {
        return Ok(checks.end());
    };
    if let Some(wheel) = checks.take("builds a wheel", bench.wheel()) {
        checks.take("works in an empty environment", bench.empty(&wheel));
        if checks.take("installs the wheel", bench.install(&wheel, fresh)).is_some() {
            checks.take("is formatted", bench.tool(&["-m", "ruff", "format", "--check", "."]));
            checks.take("has no lint", bench.tool(&["-m", "ruff", "check", "."]));
            checks.take("has sound types", bench.tool(&["-m", "mypy"]));
            let (totals, failures) = bench.suite()?;
            checks.count(totals, failures);
        }
    }
    Ok(checks.end())
}

/// Python with what makes environments; Debian has the two apart.
fn has_python(workspace: &Workspace) -> Result<(), String> {
    let mut asked = workspace.command("python3");
    asked.args(["-c", "import ensurepip, venv, sys; assert sys.version_info >= (3, 10)"]);
    if quietly(&mut asked).is_ok() {
        return Ok(());
    }
    println!("setup: installing python3 python3-venv");
    setup::apt_get(workspace, &["python3", "python3-venv"])?;
    quietly(&mut asked).map(drop)
}

/// The library that goes into the wheel: the one named in the environment, or the optimised one.
fn library(workspace: &Workspace) -> Result<PathBuf, String> {
    match std::env::var_os("SPATIO_LIBRARY") {
        Some(named) => Ok(workspace.root.join(named)),
        None => Ok(tree::plant(workspace)?.join("lib/libspatio.so.0")),
    }
}

struct Bench<'a> {
    workspace: &'a Workspace,
    library: PathBuf,
    folder: PathBuf,
    venv: PathBuf,
}

impl Bench<'_> {
    /// The environment's Python, in the folder of the package.
    fn python(&self, venv: &Path) -> Command {
        let mut command = self.workspace.command(venv.join("bin/python"));
        command.current_dir(self.workspace.root.join(PACKAGE));
        // The tests are about what was installed.
        command.env_remove("SPATIO_LIBRARY").env_remove("PYTHONPATH");
        command
    }

    fn pip(&self, venv: &Path, arguments: &[&str]) -> Result<(), String> {
        let mut command = self.python(venv);
        command.args(["-m", "pip", "--disable-pip-version-check", "--quiet"]).args(arguments);
        command.env("SPATIO_LIBRARY", &self.library);
        heard(&mut command).map(drop)
    }

    fn tool(&self, arguments: &[&str]) -> Result<(), String> {
        heard(self.python(&self.venv).args(arguments)).map(drop)
    }

    /// What the environment was made for.
    fn wanted(&self) -> Result<String, String> {
        let python = quietly(self.workspace.command("python3").arg("-VV"))?;
        let project = read(&self.workspace.root.join(PACKAGE).join("pyproject.toml"))?;
        Ok(python + &project)
    }

    /// Makes the environment of the suite unless it is there; whether it is new.
    fn environment(&self) -> Result<bool, String> {
        let made_for = read(&self.venv.join("made-for")).unwrap_or_default();
        if made_for == self.wanted()? {
            return Ok(false);
        }
        make_folder(&self.folder)?;
        self.make(&self.venv)?;
        self.pip(&self.venv, &["install", "hatchling>=1.24", "cffi>=1.15"])?;
        Ok(true)
    }

    fn make(&self, venv: &Path) -> Result<(), String> {
        let mut command = self.workspace.command("python3");
        heard(command.args(["-m", "venv", "--clear"]).arg(venv)).map(drop)
    }

    /// Builds the wheel; where it is.
    fn wheel(&self) -> Result<PathBuf, String> {
        let dist = self.folder.join("dist");
        let _ = fs::remove_dir_all(&dist);
        let to = dist.to_string_lossy();
        let build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", &to, "."];
        self.pip(&self.venv, &build)?;
        let wheels = crate::shell::stems(&dist, "whl");
        let [wheel] = &wheels[..] else { return Err(format!("{} wheels", wheels.len())) };
        ensure(wheel.contains("-py3-none-"), || format!("{wheel} is for one Python only"))?;
        Ok(dist.join(format!("{wheel}.whl")))
    }

    /// Puts the wheel into the environment of the suite, with what the tests need.
    fn install(&self, wheel: &Path, fresh: bool) -> Result<(), String> {
        let wheel = wheel.to_string_lossy();
        if !fresh {
            return self.pip(&self.venv, &["install", "--no-deps", "--force-reinstall", &wheel]);
        }
        self.pip(&self.venv, &["install", &format!("{wheel}[test]")])?;
        if let Err(reason) = self.pip(&self.venv, &["install", &format!("{wheel}[test-optional]")])
        {
            println!("not all of what some tests need can be had; they will be skipped: {reason}");
        }
        write(&self.venv.join("made-for"), &self.wanted()?)
    }

    /// The wheel alone with what it says it needs, and the first program of the README.
    fn empty(&self, wheel: &Path) -> Result<(), String> {
        let venv = self.folder.join("empty");
        self.make(&venv)?;
        self.pip(&venv, &["install", &wheel.to_string_lossy()])?;
        let readme = read(&self.workspace.root.join(PACKAGE).join("README.md"))?;
        let block = |after: &str, open: &str| -> Option<String> {
            let rest = readme.split_once(after)?.1.split_once(open)?.1;
            Some(rest.split_once("```")?.0.to_owned())
        };
        let program = block("## First program", "```python\n").ok_or("the README has none")?;
        let told = block("It prints", "```text\n").ok_or("the README tells no output")?;
        let printed = quietly(self.python(&venv).args(["-W", "error", "-c", &program]))?;
        ensure(printed == told, || format!("it printed\n{printed}and not\n{told}"))
    }

    /// The suite, counted test by test.
    fn suite(&self) -> Result<(Totals, Vec<String>), String> {
        let mut counted = Counted::default();
        let mut command = self.python(&self.venv);
        command.args(["-m", "pytest", "-q", "--color=no"]);
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
