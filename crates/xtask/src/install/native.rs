//! The unpacked archive for C and C++: the first program of each page by every way that the pages
//! name must say what the page says.

use std::fs;
use std::path::{Path, PathBuf};

use super::first_program;
use crate::checks::Checks;
use crate::package::{Scratch, write};
use crate::page::Program;
use crate::shell::{Workspace, quietly};

/// A language, and how its programs take the library.
struct Language {
    name: &'static str,
    page: &'static str,
    /// What its blocks are called.
    block: &'static str,
    /// What CMake calls it.
    cmake: &'static str,
    compiler: &'static str,
    standard: &'static str,
    /// The target that links the shared library.
    target: &'static str,
}

const LANGUAGES: [Language; 2] = [
    Language {
        name: "C",
        page: "docs/C-API.md",
        block: "c",
        cmake: "C",
        compiler: "cc",
        standard: "-std=c99",
        target: "spatio::spatio",
    },
    Language {
        name: "C++",
        page: "bindings/cpp/README.md",
        block: "cpp",
        cmake: "CXX",
        compiler: "c++",
        standard: "-std=c++17",
        target: "spatio::cpp",
    },
];

/// Builds and runs the programs against the prefix.
pub(super) fn check(checks: &mut Checks, workspace: &Workspace, prefix: &Path, scratch: &Scratch) {
    for language in &LANGUAGES {
        let name = language.name;
        let page = first_program(workspace, language.page, language.block);
        let Some(program) = checks.take(&format!("{name} has a first program"), page) else {
            continue;
        };
        let main = scratch.join(&format!("first.{}", language.block));
        if checks.take(&format!("{name}: writes it down"), write(&main, &program.code)).is_none() {
            continue;
        }
        let site = Site { workspace, prefix, scratch, language, main, program };
        for target in [language.target, "spatio::static"] {
            let ran = site.by_find_package(target, "all");
            checks.take(&format!("{name}: find_package, {target}"), ran);
        }
        for module in ["spatio", "spatio-static"] {
            let ran = site.by_pkg_config(module);
            checks.take(&format!("{name}: pkg-config, {module}"), ran);
        }
        if language.target == "spatio::cpp" {
            let ran = site.without_shared();
            checks.take("C++: find_package, spatio::cpp without libspatio.so", ran);
        }
    }
}

/// Where the program is built, and what it is to say.
struct Site<'a> {
    workspace: &'a Workspace,
    prefix: &'a Path,
    scratch: &'a Scratch,
    language: &'a Language,
    main: PathBuf,
    program: Program,
}

impl Site<'_> {
    fn by_find_package(&self, target: &str, installed: &str) -> Result<(), String> {
        let build = self.place(&format!("{}-{installed}", target.replace("::", "-")));
        let mut configure = self.workspace.command("cmake");
        configure.args(["-S", "ctest/consumer/first", "-B"]).arg(&build);
        configure.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display()));
        configure.arg(format!("-DCONSUMER_LANGUAGE={}", self.language.cmake));
        configure.arg(format!("-DCONSUMER_LINK={target}"));
        configure.arg(format!("-DCONSUMER_MAIN={}", self.main.display()));
        quietly(&mut configure)?;
        quietly(self.workspace.command("cmake").arg("--build").arg(&build))?;
        self.program.has_printed(&quietly(&mut self.workspace.command(build.join("consumer")))?)
    }

    /// Where only the static library is installed, the same target links that.
    fn without_shared(&self) -> Result<(), String> {
        let file = format!("lib/libspatio.so.{}", env!("CARGO_PKG_VERSION"));
        let (there, away) = (self.prefix.join(file), self.scratch.join("away.so"));
        let moved = |error| format!("cannot move {}: {error}", there.display());
        fs::rename(&there, &away).map_err(moved)?;
        let said = self.by_find_package(self.language.target, "static");
        fs::rename(&away, &there).map_err(moved)?;
        said
    }

    /// As the page for C++ has it: the compiler, and what pkg-config says.
    fn by_pkg_config(&self, module: &str) -> Result<(), String> {
        let mut flags = self.workspace.command("pkg-config");
        flags.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        let flags = quietly(flags.args(["--cflags", "--libs", module]))?;
        let program = self.place(&format!("pkg-config-{module}"));
        let mut compile = self.workspace.command(self.language.compiler);
        compile.arg(self.language.standard).arg(&self.main).args(flags.split_whitespace());
        quietly(compile.arg("-o").arg(&program))?;
        let mut run = self.workspace.command(program);
        if module == "spatio" {
            run.env("LD_LIBRARY_PATH", self.prefix.join("lib"));
        }
        self.program.has_printed(&quietly(&mut run)?)
    }

    /// A temporary place of this language alone.
    fn place(&self, name: &str) -> PathBuf {
        self.scratch.join(&format!("{}-{name}", self.language.block))
    }
}
