//! The conformance suite of `ctest/`: as C and as C++, plain, under the sanitizers, and under
//! valgrind. Each way counts all tests anew.

use std::path::{Path, PathBuf};

use super::Bench;
use super::compiler::{Language, patiently};
use crate::checks::{Checks, ensure};
use crate::package::{declared, read};
use crate::totals::Totals;

/// Rows of the huge batches where a tool makes everything slow.
const FEWER_ROWS: &str = "20000";
const FEWEST_ROWS: &str = "2000";

const SANITIZERS: [&str; 3] =
    ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/// The library is not built with the sanitizers; its memory is watched all the same, as it comes
/// from the same malloc.
const VALGRIND: [&str; 6] = [
    "valgrind",
    "--quiet",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite",
    "--error-exitcode=9",
    "--fair-sched=yes",
];

/// Compiles and runs the suite in all ways.
pub(super) fn check(checks: &mut Checks, bench: &Bench<'_>) {
    let Some(sources) = checks.take("finds the suite", sources(bench)) else { return };
    checks.take("every function of the header is called", all_are_called(bench, &sources));
    let compile = |name, language, flags: &[&str]| bench.compile(name, language, flags, &sources);
    if let Some(suite) = checks.take("compiles as C99", compile("suite", Language::C99, &[])) {
        run(checks, bench, "C99", &[], &suite, None);
        run(checks, bench, "valgrind", &VALGRIND, &suite, Some(FEWEST_ROWS));
    }
    let cpp = compile("suite-cpp", Language::Cpp17, &[]);
    if let Some(suite) = checks.take("compiles as C++17", cpp) {
        run(checks, bench, "C++17", &[], &suite, Some(FEWER_ROWS));
    }
    let watched = compile("suite-watched", Language::C99, &SANITIZERS);
    if let Some(suite) = checks.take("compiles with sanitizers", watched) {
        run(checks, bench, "sanitizers", &[], &suite, Some(FEWER_ROWS));
    }
}

/// The sources of the suite; programs of their own lie in folders of their own.
fn sources(bench: &Bench<'_>) -> Result<Vec<PathBuf>, String> {
    let mut sources = Vec::new();
    for folder in ["ctest", "ctest/support"] {
        let folder = bench.workspace.root.join(folder);
        for stem in crate::shell::stems(&folder, "c") {
            sources.push(folder.join(stem + ".c"));
        }
    }
    ensure(sources.len() > 2, || "there is no suite".into())?;
    Ok(sources)
}

/// An error that names the functions of the header that no source calls.
fn all_are_called(bench: &Bench<'_>, sources: &[PathBuf]) -> Result<(), String> {
    let texts: Result<Vec<String>, String> = sources.iter().map(|source| read(source)).collect();
    let text = texts?.concat();
    let is_called = |name: &String| {
        let call = format!("{name}(");
        let is_whole = |at: usize| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        text.match_indices(&call).any(|(at, _)| is_whole(at))
    };
    let declared = declared(bench.workspace)?;
    let forgotten: Vec<&str> =
        declared.iter().filter(|name| !is_called(name)).map(String::as_str).collect();
    ensure(!declared.is_empty() && forgotten.is_empty(), || {
        format!("of {} functions, the suite never calls {}", declared.len(), forgotten.join(", "))
    })
}

/// Runs the suite one way, and counts its tests.
fn run(
    checks: &mut Checks,
    bench: &Bench<'_>,
    way: &str,
    words: &[&str],
    suite: &Path,
    rows: Option<&str>,
) {
    let mut command = patiently(bench.workspace, words, suite);
    // It leaves nothing behind, wherever it works; but it may, should it fail.
    command.env("TMPDIR", bench.scratch.join(""));
    if let Some(rows) = rows {
        command.env("SPATIO_CTEST_ROWS", rows);
    }
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => {
            checks.take::<()>(way, Err(format!("cannot run it: {error}")));
            return;
        }
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let (totals, mut failures) = count(&said, output.status.success());
    println!(
        "{}  the suite, {way}: {totals}",
        if totals.failed == 0 { "ok    " } else { "FAILED" }
    );
    if totals.failed > 0 {
        let told = said.lines().filter(|line| !line.starts_with("-- "));
        told.for_each(|line| println!("        {line}"));
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        println!("        it ended with {}", output.status);
    }
    if totals.failed > failures.len() as u64 {
        failures.push(format!("it ended with {}", output.status));
    }
    failures.iter_mut().for_each(|name| *name = format!("{way}: {name}"));
    checks.count(totals, failures);
}

/// Reads what the suite said: its line of totals, and which tests failed. One that died without a
/// word, or that a tool found fault with, is one failure.
fn count(said: &str, success: bool) -> (Totals, Vec<String>) {
    let failures: Vec<String> =
        said.lines().filter_map(|line| line.strip_prefix("FAILED ")).map(str::to_owned).collect();
    let number = |part: Option<&str>, word: &str| {
        part.and_then(|part| part.trim().strip_suffix(word)?.trim().parse::<u64>().ok())
    };
    let mut parts = said.lines().last().unwrap_or_default().split(',');
    let counted = (number(parts.next(), "passed"), number(parts.next(), "failed"));
    let mut totals = match counted {
        (Some(passed), Some(failed)) => Totals { passed, failed, skipped: 0 },
        _ => Totals { failed: failures.len().max(1) as u64, ..Totals::default() },
    };
    if !success && totals.failed == 0 {
        totals.failed = 1;
    }
    (totals, failures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_totals() {
        let said = "-- open\nopen.c:7: does not hold: x\nFAILED a_test\n12 passed, 1 failed\n";
        let (totals, failures) = count(said, false);
        assert_eq!(totals, Totals { passed: 12, failed: 1, skipped: 0 });
        assert_eq!(failures, ["a_test"]);
    }

    #[test]
    fn a_suite_that_dies_or_that_a_tool_blames_has_failed() {
        assert_eq!(count("-- open\n", false).0.to_string(), "0 passed, 1 failed, 0 skipped");
        assert_eq!(count("", true).0.failed, 1);
        let blamed = count("3 passed, 0 failed\n", false).0;
        assert_eq!(blamed, Totals { passed: 3, failed: 1, skipped: 0 });
    }
}
