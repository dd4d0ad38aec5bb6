//! The installed header for C++: the first program of its page, word for word, by every way that
//! the page names, must say what the page says.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Scratch, read, write};
use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly};

const PAGE: &str = "bindings/cpp/README.md";
const HEADING: &str = "\n## First program\n";

pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, prefix: &Path, scratch: &Scratch) {
    let page = read(&workspace.root.join(PAGE)).and_then(|page| first_program(&page));
    let Some((code, says)) = checks.take("C++ has a first program", page) else { return };
    let site = Site { workspace, prefix, scratch, main: scratch.join("first.cpp"), says };
    if checks.take("writes it down", write(&site.main, &code)).is_none() {
        return;
    }
    checks.take("find_package, C++, spatio::cpp", site.by_find_package("spatio::cpp", "sdk"));
    let statically = site.by_find_package("spatio::static", "sdk-static");
    checks.take("find_package, C++, spatio::static", statically);
    checks.take("find_package, C++, spatio::cpp without libspatio.so", site.without_shared());
    checks.take("pkg-config, C++", site.by_pkg_config());
}

/// The code of the first program, and what it prints.
fn first_program(page: &str) -> Result<(String, String), String> {
    let (_, rest) = page.split_once(HEADING).ok_or("there is no heading \"First program\"")?;
    let (code, rest) = block(rest, "cpp")?;
    let (says, _) = block(rest, "text")?;
    Ok((code.to_owned(), says.to_owned()))
}

/// The next block of a language, and what comes after it.
fn block<'p>(page: &'p str, language: &str) -> Result<(&'p str, &'p str), String> {
    let missing = || format!("there is no block of {language}");
    let (_, rest) = page.split_once(&format!("```{language}\n")).ok_or_else(missing)?;
    rest.split_once("```").ok_or_else(|| format!("a block of {language} does not end"))
}

/// Where the program is built, and what it is to say.
struct Site<'a> {
    workspace: &'a Workspace,
    prefix: &'a Path,
    scratch: &'a Scratch,
    main: PathBuf,
    says: String,
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
        ensure(said == self.says, || format!("it said:\n{said}\nand not:\n{}", self.says))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_program_is_told_from_the_rest_of_the_page() {
        let page = "# A\n```cpp\nno\n```\n## First program\n\n```cpp\nyes\n```\nIt says:\n\n\
                    ```text\n7\n```\n```cpp\nno\n```\n";
        assert_eq!(first_program(page), Ok(("yes\n".to_owned(), "7\n".to_owned())));
        assert!(first_program("# A\n```cpp\nno\n```\n").is_err());
        assert!(first_program("\n## First program\n```cpp\nyes\n```\n").is_err());
    }
}
