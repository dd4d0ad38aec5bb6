//! Making and running programs in C.
//!
//! Owns: the flags that every program of the clone must compile with. A program finds the library
//! by the path that is written into it, and is stopped when it hangs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Bench;
use crate::shell::{Workspace, quietly};

/// Warnings are errors, in whatever is compiled.
pub(super) const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// Seconds after which a program is taken to hang; the slowest run takes a few minutes.
const PATIENCE_S: &str = "1800";

/// How the sources are taken.
#[derive(Clone, Copy)]
pub(super) enum Language {
    /// C as of 1999, with what POSIX adds to its headers.
    C99,
    /// The same sources as C++.
    Cpp17,
}

impl Bench<'_> {
    /// Compiles and links `sources`; the program.
    pub(super) fn compile(
        &self,
        name: &str,
        language: Language,
        flags: &[&str],
        sources: &[PathBuf],
    ) -> Result<PathBuf, String> {
        let program = self.scratch.join(name);
        let mut compiler = match language {
            Language::C99 => self.workspace.command("gcc"),
            Language::Cpp17 => self.workspace.command("g++"),
        };
        match language {
            Language::C99 => compiler.args(["-std=c99", "-D_DEFAULT_SOURCE"]),
            Language::Cpp17 => compiler.args(["-x", "c++", "-std=c++17"]),
        };
        compiler.args(WARNINGS).args(["-O1", "-g"]).args(flags).arg("-I").arg(include(self));
        compiler.args(sources).args(["-x", "none"]).arg("-L").arg(&self.library);
        compiler.arg(format!("-Wl,-rpath,{}", self.library.display()));
        compiler.args(["-lspatio", "-lpthread", "-lm", "-o"]).arg(&program);
        quietly(&mut compiler).map(|_| program)
    }
}

/// A command that runs `words`, and stops it when it hangs.
pub(super) fn patiently(workspace: &Workspace, words: &[&str], program: &Path) -> Command {
    let mut command = workspace.command("timeout");
    command.args(["--kill-after=10", PATIENCE_S]).args(words).arg(program);
    // A panic that a test provokes need not be told with its call stack.
    command.env("RUST_BACKTRACE", "0");
    command
}

/// Where the header lies.
fn include(bench: &Bench<'_>) -> PathBuf {
    bench.workspace.root.join("include")
}
