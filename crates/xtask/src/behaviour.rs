//! The behaviour cases over the C interface, and what keeps them whole.
//!
//! Owns: building and running the runner of `ctest/behaviour` under the address sanitizer, the
//! check that the cases are as their oracle writes them, and the check that every function of the
//! header is reached by a case. Does not own the cases, nor how they are run over Rust
//! (`tests/behaviour.rs`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::shell::{Workspace, follow, stems, succeeds};
use crate::totals::Totals;
use crate::tree;

/// Functions that no case can reach, with the reason.
const BEYOND_CASES: [(&str, &str); 0] = [];

/// The step: how many cases passed, and the names of those that failed.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    let mut totals = Totals::default();
    let mut failures = Vec::new();
    let mut note = |passed: bool, name: &str| {
        totals += Totals::of(passed);
        if !passed {
            failures.push(name.to_owned());
        }
    };
    let oracle = ["tests/behaviour/make_expectations.py", "--check"];
    note(succeeds(workspace.command("python3").args(oracle))?, "the cases are as the oracle says");
    let prefix = tree::plant(workspace)?;
    let Some(program) = build(workspace, &prefix)? else {
        note(false, "the runner builds");
        return Ok((totals, failures));
    };
    let mut heard = Heard::default();
    let mut command = workspace.command(program);
    command.args(stems(&workspace.root.join("tests/behaviour"), "json").iter().map(topic));
    command.env("LD_LIBRARY_PATH", prefix.join("lib"));
    // The leak check needs ptrace, which containers forbid; the library's own counter is looked at.
    command.env("ASAN_OPTIONS", "detect_leaks=0");
    let success = follow(&mut command, |line| heard.take(line))?;
    note(success == heard.failures.is_empty(), "the runner ends well");
    let header = workspace.root.join("include/spatio.h");
    let header = std::fs::read_to_string(&header).map_err(|error| error.to_string())?;
    let unreached = unreached(&header, &heard.reached);
    for function in &unreached {
        println!("behaviour: no case reaches {function}");
    }
    note(unreached.is_empty(), "every function of the header is reached by a case");
    totals.passed += heard.passed;
    totals.failed += heard.failures.len() as u64;
    failures.extend(heard.failures);
    Ok((totals, failures))
}

fn topic(stem: &String) -> String {
    format!("tests/behaviour/{stem}.json")
}

/// The runner, compiled against the header and the shared library; nothing if it does not compile.
fn build(workspace: &Workspace, prefix: &Path) -> Result<Option<PathBuf>, String> {
    let folder = workspace.target.join("behaviour");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let program = folder.join("runner");
    let mut command = workspace.command("cc");
    command.args(["-std=c99", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    command.args(["-fsanitize=address,undefined", "-fno-sanitize-recover", "-Iinclude"]);
    let sources = stems(&workspace.root.join("ctest/behaviour"), "c");
    command.args(sources.iter().map(|stem| format!("ctest/behaviour/{stem}.c")));
    command.arg("-o").arg(&program).arg("-L").arg(prefix.join("lib"));
    command.args(["-lspatio", "-lcjson", "-lm"]);
    Ok(succeeds(&mut command)?.then_some(program))
}

/// What the runner says, line by line.
#[derive(Debug, Default)]
struct Heard {
    reached: BTreeSet<String>,
    failures: Vec<String>,
    passed: u64,
}

impl Heard {
    fn take(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("reached ") {
            self.reached.extend(rest.split(' ').next().map(str::to_owned));
        } else if let Some(rest) = line.strip_prefix("FAILED") {
            self.failures.push(rest.split(": step ").next().unwrap_or(rest).trim().to_owned());
        } else if let Some(rest) = line.strip_prefix("behaviour: ") {
            let number = rest.split(' ').next().and_then(|number| number.parse().ok());
            self.passed = number.unwrap_or(0);
        }
    }
}

/// The functions of a header that are not among `reached` and have no reason to be absent.
fn unreached(header: &str, reached: &BTreeSet<String>) -> Vec<String> {
    let excused = |name: &String| BEYOND_CASES.iter().any(|(beyond, _)| beyond == name);
    let declared = functions(header).into_iter();
    declared.filter(|name| !reached.contains(name) && !excused(name)).collect()
}

/// The functions that a C header declares: names of ours with a parenthesis behind them, outside
/// of comments and of types of callbacks.
fn functions(header: &str) -> BTreeSet<String> {
    let mut code = String::new();
    let mut rest = header;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices('(') {
        let before = code[..at].trim_end();
        let start = before.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let name = &before[start.map_or(0, |start| start + 1)..];
        if name.starts_with("spatio_") {
            found.insert(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/* spatio_in_a_comment(x) */\n#define SPATIO_X (1)\n\
        typedef void (*spatio_log_callback)(void *user);\n\
        uint32_t spatio_abi_version(void);\n/** Closes: spatio_open(). */\n\
        spatio_status spatio_close(struct spatio_db *db,\n  spatio_error *error);\n";

    #[test]
    fn the_functions_of_a_header_are_found() {
        let found: Vec<String> = functions(HEADER).into_iter().collect();
        assert_eq!(found, ["spatio_abi_version", "spatio_close"]);
    }

    #[test]
    fn a_function_that_no_case_reaches_is_named() {
        let mut heard = Heard::default();
        heard.take("reached spatio_close 12");
        assert_eq!(unreached(HEADER, &heard.reached), ["spatio_abi_version"]);
        heard.take("reached spatio_abi_version 1");
        assert!(unreached(HEADER, &heard.reached).is_empty());
    }

    #[test]
    fn the_runner_is_understood() {
        let mut heard = Heard::default();
        heard.take("FAILED a box: step 3, query: rows: expected 1");
        heard.take("behaviour: 276 cases passed, 1 failed");
        assert_eq!((heard.passed, heard.failures), (276, vec!["a box".to_owned()]));
    }
}
