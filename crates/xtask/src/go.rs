//! The step `go`: the Go SDK of `bindings/go`, formatted, vetted, and tested in every way that it
//! promises to work.
//!
//! Owns: the ways, and how the tests are counted. Does not own the tests, nor which Go is used,
//! which `tools.rs` finds.

mod tools;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;
use crate::tree;

pub(crate) use tools::{Tools, find};

/// The module, from the root of the clone.
pub(crate) const MODULE: &str = "bindings/go";

/// One way to run the tests.
struct Way {
    name: &'static str,
    arguments: &'static [&'static str],
    experiment: &'static str,
}

/// Tests that compile programs by themselves, always in the same way: once is enough.
const PROGRAMS: &str = "^(TestAProgramIsLinkedAsItsTagSays|TestTheProgramsRun|\
                        TestTheOtherBlocksCompile)$";

const WAYS: [Way; 4] = [
    Way { name: "plainly", arguments: &[], experiment: "" },
    Way { name: "race detector", arguments: &["-race", "-skip", PROGRAMS], experiment: "" },
    Way { name: "cgocheck2", arguments: &["-skip", PROGRAMS], experiment: "cgocheck2" },
    Way {
        name: "static library",
        arguments: &["-tags", "spatio_static", "-skip", PROGRAMS],
        experiment: "",
    },
];

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    let go = match find(workspace) {
        Ok(go) => go,
        Err(reason) => {
            println!("the Go SDK cannot be tested: {reason}");
            return Ok((Totals::skip(), Vec::new()));
        }
    };
    let mut checks = Checks::default();
    let Some(prefix) = checks.take("builds the library", tree::plant(workspace)) else {
        return Ok(checks.end());
    };
    let Some(tools) = checks.take("reads the header", Tools::new(workspace, go, prefix)) else {
        return Ok(checks.end());
    };
    checks.take("is formatted", tools.formatted());
    for tags in ["", "spatio_static"] {
        let mut vet = tools.here(&["vet", "-tags", tags, "./..."]);
        checks.take(&format!("go vet, tags {tags:?}"), quietly(&mut vet));
    }
    for way in &WAYS {
        tools.test(&mut checks, way);
    }
    Ok(checks.end())
}

impl Tools<'_> {
    /// Go in its module.
    fn here(&self, arguments: &[&str]) -> Command {
        self.go(&self.workspace.root.join(MODULE), arguments)
    }

    /// Whether gofmt would leave every source as it is.
    fn formatted(&self) -> Result<(), String> {
        let said = quietly(&mut self.here(&["env", "GOROOT"]))?;
        let mut gofmt = self.workspace.command(Path::new(said.trim()).join("bin/gofmt"));
        let others = quietly(gofmt.args(["-l", MODULE]))?;
        ensure(others.is_empty(), || format!("gofmt would change\n{others}"))
    }

    /// Runs the tests one way, and shows what they say if something failed.
    fn test(&self, checks: &mut Checks, way: &Way) {
        let mut command = self.here(&["test", "-v", "-count=1", "-timeout", "20m"]);
        command.args(way.arguments).arg("./...").env("GOEXPERIMENT", way.experiment);
        if way.arguments.contains(&"spatio_static") {
            // What is linked in needs no library beside it.
            command.env_remove("LD_LIBRARY_PATH");
        }
        let (said, success) = match command.output() {
            Ok(output) => {
                let both = [output.stdout, output.stderr].concat();
                (String::from_utf8_lossy(&both).into_owned(), output.status.success())
            }
            Err(error) => (format!("cannot run it: {error}"), false),
        };
        let (totals, failed) = count(&said, success);
        println!("{}  {}: {totals}", if failed.is_empty() { "ok    " } else { "FAILED" }, way.name);
        let is_report = |line: &&str| line.contains(" cases; operations reached");
        let report: Vec<&str> = match failed.is_empty() {
            true => said.lines().filter(is_report).collect(),
            false => said.lines().filter(|line| !line.contains("=== ")).collect(),
        };
        report.iter().for_each(|line| println!("        {}", line.trim()));
        let named = failed.into_iter().map(|test| format!("{test} ({})", way.name)).collect();
        checks.count(totals, named);
    }
}

/// Counts the tests that have no tests inside, and names those that failed.
fn count(said: &str, success: bool) -> (Totals, Vec<String>) {
    let mut results = Vec::new();
    let mut folders = BTreeSet::new();
    for line in said.lines() {
        let Some(result) = line.trim_start().strip_prefix("--- ") else { continue };
        let Some((verdict, rest)) = result.split_once(": ") else { continue };
        let name = rest.rsplit_once(" (").map_or(rest, |(name, _)| name);
        if let Some((folder, _)) = name.rsplit_once('/') {
            folders.insert(folder);
        }
        results.push((verdict, name));
    }
    let mut totals = Totals::default();
    let mut failed = Vec::new();
    for (verdict, name) in results {
        match verdict {
            _ if folders.contains(name) => {}
            "PASS" => totals.passed += 1,
            "SKIP" => totals.skipped += 1,
            _ => {
                totals.failed += 1;
                failed.push(name.to_owned());
            }
        }
    }
    if totals.failed == 0 && (!success || totals.passed == 0) {
        totals.failed = 1;
        failed.push("the tests did not end well".to_owned());
    }
    (totals, failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
=== RUN   TestBehaviour/box/a
--- FAIL: TestBehaviour (0.10s)
    --- FAIL: TestBehaviour/box (0.10s)
        --- PASS: TestBehaviour/box/a:_b (in_memory) (0.00s)
        --- FAIL: TestBehaviour/box/c (0.00s)
--- SKIP: TestOther (0.00s)
--- PASS: Example (0.00s)
FAIL
";

    #[test]
    fn tests_are_counted_where_they_have_no_tests_inside() {
        let (totals, failed) = count(SAID, false);
        assert_eq!(totals, Totals { passed: 2, failed: 1, skipped: 1 });
        assert_eq!(failed, ["TestBehaviour/box/c"]);
    }

    #[test]
    fn what_counts_nothing_or_ends_badly_has_failed() {
        assert_eq!(count("FAIL spatio [build failed]", false).0.failed, 1);
        assert_eq!(count("no test files", true).0.failed, 1);
        assert_eq!(count("--- PASS: Example (0.00s)\nhandles were not freed", false).0.failed, 1);
        assert_eq!(count("--- PASS: Example (0.00s)\nok", true).0.failed, 0);
    }
}
