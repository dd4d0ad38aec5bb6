//! The programs of `docs/C-API.md`: each compiles without a warning, runs, and prints what stands
//! behind it.

use std::path::Path;

use super::Bench;
use super::compiler::{Language, patiently};
use crate::checks::{Checks, ensure};
use crate::package::{make_folder, read, write};
use crate::page::Program;
use crate::shell::quietly;

const GUIDE: &str = "docs/C-API.md";

/// Takes the programs out of the guide and runs them.
pub(super) fn check(checks: &mut Checks, bench: &Bench<'_>) {
    let text = read(&bench.workspace.root.join(GUIDE));
    let Some(programs) = checks.take("reads the guide", text.and_then(|text| programs(&text)))
    else {
        return;
    };
    for (number, program) in (1..).zip(&programs) {
        let name = format!("guide{number}");
        let made = run(bench, &name, program);
        checks.take(&format!("program {number} of {GUIDE} prints what it says"), made);
    }
}

fn run(bench: &Bench<'_>, name: &str, program: &Program) -> Result<(), String> {
    let source = bench.scratch.join(&format!("{name}.c"));
    write(&source, &program.code)?;
    let compiled = bench.compile(name, Language::C99, &[], &[source])?;
    // It may make a database beside itself.
    let folder = bench.scratch.join(&format!("{name}-folder"));
    make_folder(&folder)?;
    let mut command = patiently(bench.workspace, &[], Path::new(&compiled));
    let printed = quietly(command.current_dir(folder))?;
    program.has_printed(&printed)
}

/// The blocks of C, each with the block of text that follows.
fn programs(guide: &str) -> Result<Vec<Program>, String> {
    let mut programs = Vec::new();
    let mut rest = guide;
    while let Some((_, after)) = rest.split_once("```c\n") {
        let (code, after) = after.split_once("```\n").ok_or("a block of C does not end")?;
        let prints = after.trim_start().strip_prefix("```text\n");
        let prints = prints.ok_or("a program is not followed by what it prints")?;
        let (prints, after) = prints.split_once("```").ok_or("a block of text does not end")?;
        programs.push(Program { code: code.to_owned(), prints: prints.to_owned() });
        rest = after;
    }
    ensure(!programs.is_empty(), || "there is no program".into())?;
    Ok(programs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_stands_before_what_it_prints() {
        let guide = "Words.\n\n```sh\ncc\n```\n\n```c\nint main;\n```\n\n```text\n7\n```\n\nMore.";
        let program = Program { code: "int main;\n".into(), prints: "7\n".into() };
        assert_eq!(programs(guide), Ok(vec![program]));
    }

    #[test]
    fn a_program_that_nobody_would_run_is_an_error() {
        assert!(programs("```c\nint main;\n```\n\nWords.\n").is_err());
        assert!(programs("```sh\ncc\n```\n").is_err());
    }
}
