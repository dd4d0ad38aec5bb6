//! The installed header for C++: the first program of its page, word for word, by every way that
//! the page names, must say what the page says.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Scratch, read, write};
use crate::checks::Checks;
use crate::page::{self, Program};
use crate::shell::{Workspace, quietly};

const PAGE: &str = "bindings/cpp/README.md";

pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, prefix: &Path, scratch: &Scratch) {
    let page = read(&workspace.root.join(PAGE)).and_then(|page| page::first(&page, "cpp"));
    let Some(program) = checks.take("C++ has a first program", page) else { return };
    let site = Site { workspace, prefix, scratch, main: scratch.join("first.cpp"), program };
    if checks.take("writes it down", write(&site.main, &site.program.code)).is_none() {
        return;
    }
    checks.take("find_package, C++, spatio::cpp", site.by_find_package("spatio::cpp", "sdk"));
    let statically = site.by_find_package("spatio::static", "sdk-static");
    checks.take("find_package, C++, spatio::static", statically);
    checks.take("find_package, C++, spatio::cpp without libspatio.so", site.without_shared());
    checks.take("pkg-config, C++", site.by_pkg_config());
}

/// Where the program is built, and what it is to say.
struct Site<'a> {
    workspace: &'a Workspace,
    prefix: &'a Path,
    scratch: &'a Scratch,
    main: PathBuf,
    program: Program,
}

impl Site<'_> {
    fn by_find_package(&self, target: &str, name: &str) -> Result<(), String> {
        let build = self.scratch.join(name);
        let mut configure = self.workspace.command("cmake");
        configure.args(["-S", "ctest/consumer/sdk", "-B"]).arg(&build);
        configure.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display()));
        configure.arg(format!("-DCONSUMER_LINK={target}"));
        configure.arg(format!("-DCONSUMER_MAIN={}", self.main.display()));
        quietly(&mut configure)?;
        quietly(self.workspace.command("cmake").arg("--build").arg(&build))?;
        self.says_it(&build.join("consumer"))
    }

    /// Where only the static library is installed, the same target links that.
    fn without_shared(&self) -> Result<(), String> {
        let file = format!("lib/libspatio.so.{}", env!("CARGO_PKG_VERSION"));
        let (there, away) = (self.prefix.join(file), self.scratch.join("away.so"));
        let moved = |error| format!("cannot move {}: {error}", there.display());
        fs::rename(&there, &away).map_err(moved)?;
        let said = self.by_find_package("spatio::cpp", "sdk-alone");
        fs::rename(&away, &there).map_err(moved)?;
        said
    }

    fn by_pkg_config(&self) -> Result<(), String> {
        let mut flags = self.workspace.command("pkg-config");
        flags.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        let flags = quietly(flags.args(["--cflags", "--libs", "spatio"]))?;
        let program = self.scratch.join("sdk-pkg-config");
        let mut compile = self.workspace.command("c++");
        compile.arg("-std=c++17").arg(&self.main).args(flags.split_whitespace());
        quietly(compile.arg("-o").arg(&program))?;
        self.says_it(&program)
    }

    fn says_it(&self, program: &Path) -> Result<(), String> {
        let mut run = self.workspace.command(program);
        let said = quietly(run.env("LD_LIBRARY_PATH", self.prefix.join("lib")))?;
        self.program.has_printed(&said)
    }
}
