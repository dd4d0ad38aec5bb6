//! The header alone: clean under every standard and compiler, and readable by cffi.

use std::path::Path;

use super::Bench;
use super::compiler::{WARNINGS, patiently};
use crate::checks::Checks;
use crate::package::{Scratch, write};
use crate::shell::{Workspace, quietly};

/// A compiler for C, its sibling for C++.
const COMPILERS: [(&str, &str); 2] = [("gcc", "g++"), ("clang", "clang++")];
const C: [&str; 3] = ["c89", "c99", "c17"];
const CPP: [&str; 3] = ["c++11", "c++17", "c++20"];

/// Compiles a file that includes the header and nothing else.
pub(super) fn check(checks: &mut Checks, workspace: &Workspace, scratch: &Scratch) {
    let source = scratch.join("header.c");
    if checks.take("writes a source", write(&source, "#include <spatio.h>\n")).is_none() {
        return;
    }
    for (c, cpp) in COMPILERS {
        for standard in C {
            compile(checks, workspace, (c, "c", standard), &source);
        }
        for standard in CPP {
            compile(checks, workspace, (cpp, "c++", standard), &source);
        }
    }
}

fn compile(
    checks: &mut Checks,
    workspace: &Workspace,
    (compiler, language, standard): (&str, &str, &str),
    source: &Path,
) {
    let mut command = workspace.command(compiler);
    command.args(["-x", language, &format!("-std={standard}"), "-fsyntax-only"]).args(WARNINGS);
    command.arg("-I").arg(workspace.root.join("include")).arg(source);
    let name = format!("the header is clean as {standard} under {compiler}");
    checks.take(&name, quietly(&mut command));
}

/// Has the header read by cffi, and the library called through it.
pub(super) fn check_cffi(checks: &mut Checks, bench: &Bench<'_>) {
    let script = bench.workspace.root.join("ctest/cffi_reads.py");
    // Debian's own Python, which is the one that Debian's cffi is for.
    let mut command = patiently(bench.workspace, &["/usr/bin/python3"], &script);
    command.arg(bench.workspace.root.join("include/spatio.h"));
    command.arg(bench.library.join("libspatio.so"));
    checks.take("cffi reads the header and calls the library", quietly(&mut command));
}
