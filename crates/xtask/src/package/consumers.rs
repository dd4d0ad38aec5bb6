//! Programs outside of the clone that find the installed library, link it, and are answered.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Scratch;
use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How a program takes the library.
#[derive(Clone, Copy)]
enum Link {
    Shared,
    Static,
}

impl Link {
    fn target(self) -> &'static str {
        match self {
            Link::Shared => "spatio::spatio",
            Link::Static => "spatio::static",
        }
    }

    fn module(self) -> &'static str {
        match self {
            Link::Shared => "spatio",
            Link::Static => "spatio-static",
        }
    }
}

pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, prefix: &Path, scratch: &Scratch) {
    let sites = Sites { workspace, prefix, scratch };
    for link in [Link::Shared, Link::Static] {
        for language in ["c", "cpp"] {
            let name = format!("find_package, {language}, {}", link.target());
            checks.take(&name, sites.by_find_package(language, link));
        }
        let name = format!("pkg-config, c, {}", link.module());
        checks.take(&name, sites.by_pkg_config(link));
        let name = format!("add_subdirectory, c, {}", link.target());
        checks.take(&name, sites.by_subdirectory(link));
    }
    checks.take("refuses a version that it does not have", sites.other_versions());
    checks.take("says which component is missing", sites.missing_component());
}

/// The three places that every program here knows.
struct Sites<'a> {
    workspace: &'a Workspace,
    prefix: &'a Path,
    scratch: &'a Scratch,
}

impl Sites<'_> {
    fn by_find_package(&self, language: &str, link: Link) -> Result<(), String> {
        let build = self.scratch.join(&format!("{language}-{}", link.module()));
        let (major, minor, _) = version()?;
        let wanted = format!("{major}.{minor}");
        quietly(&mut self.configure(language, link, &wanted, &build))?;
        self.build_and_run(&build, link)
    }

    fn by_subdirectory(&self, link: Link) -> Result<(), String> {
        let build = self.scratch.join(&format!("subdirectory-{}", link.module()));
        let mut configure = self.configure("c", link, "", &build);
        configure.arg(format!("-DCONSUMER_SOURCE={}", self.workspace.root.display()));
        let target = self.workspace.target.display();
        quietly(configure.arg(format!("-DSPATIO_CARGO_TARGET_DIR={target}")))?;
        self.build_and_run(&build, link)
    }

    /// The program is told by the environment where the library is, as pkg-config leaves it to.
    fn by_pkg_config(&self, link: Link) -> Result<(), String> {
        let program = self.scratch.join(&format!("pkg-config-{}", link.module()));
        let version = quietly(self.pkg_config(link).arg("--modversion"))?;
        ensure(version.trim() == VERSION, || format!("the module has version {version}"))?;
        let flags = quietly(self.pkg_config(link).args(["--cflags", "--libs"]))?;
        let mut compile = self.workspace.command("cc");
        compile.args(["-std=c99", "-Wall", "-Wextra", "-Werror"]);
        compile.arg(format!("-DCONSUMER_EXPECTS=\"{VERSION}\""));
        compile.arg(self.workspace.root.join("ctest/consumer/c/main.c"));
        compile.args(flags.split_whitespace()).arg("-o").arg(&program);
        quietly(&mut compile)?;
        self.needs(&program, link)?;
        let mut run = self.workspace.command(&program);
        if let Link::Shared = link {
            run.env("LD_LIBRARY_PATH", self.prefix.join("lib"));
        }
        quietly(&mut run).map(drop)
    }

    /// Before 1.0 another minor version is another interface; later another major one.
    fn other_versions(&self) -> Result<(), String> {
        let (major, minor, _) = version()?;
        let mut refused = vec![format!("{}.0", major + 1)];
        if major == 0 {
            refused.push(format!("0.{}", minor + 1));
            refused.extend(minor.checked_sub(1).map(|earlier| format!("0.{earlier}")));
        } else {
            refused.push(format!("{major}.{}", minor + 1));
        }
        for wanted in refused {
            let build = self.scratch.join(&format!("version-{wanted}"));
            let said = quietly(&mut self.configure("c", Link::Shared, &wanted, &build));
            let Err(said) = said else { return Err(format!("{wanted} was found")) };
            let words: Vec<&str> = said.split_whitespace().collect();
            ensure(words.join(" ").contains("compatible with requested version"), || {
                format!("{wanted} was refused, but not for its version:\n{said}")
            })?;
        }
        Ok(())
    }

    /// Where the static library is in a package of its own, `static` is found only with it.
    fn missing_component(&self) -> Result<(), String> {
        let (there, away) = (self.prefix.join("lib/libspatio.a"), self.scratch.join("away.a"));
        let configure = |name: &str| {
            let build = self.scratch.join(name);
            quietly(self.configure("c", Link::Shared, "", &build).arg("-DCONSUMER_NEEDS=static"))
        };
        configure("component-there")?;
        let moved = |error| format!("cannot move {}: {error}", there.display());
        std::fs::rename(&there, &away).map_err(moved)?;
        let said = configure("component-away");
        std::fs::rename(&away, &there).map_err(moved)?;
        let Err(said) = said else { return Err("static was found without its library".into()) };
        ensure(said.contains("spatio_static"), || format!("it was refused otherwise:\n{said}"))
    }

    fn configure(&self, language: &str, link: Link, version: &str, build: &Path) -> Command {
        let mut command = self.workspace.command("cmake");
        command.arg("-S").arg(self.workspace.root.join("ctest/consumer").join(language));
        command.arg("-B").arg(build);
        command.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display()));
        command.arg(format!("-DCONSUMER_LINK={}", link.target()));
        command.arg(format!("-DCONSUMER_VERSION={version}"));
        command
    }

    fn build_and_run(&self, build: &Path, link: Link) -> Result<(), String> {
        quietly(self.workspace.command("cmake").arg("--build").arg(build))?;
        let program: PathBuf = build.join("consumer");
        self.needs(&program, link)?;
        quietly(&mut self.workspace.command(&program)).map(drop)
    }

    /// Whether the program asks the loader for the library, as it should.
    fn needs(&self, program: &Path, link: Link) -> Result<(), String> {
        let text = quietly(self.workspace.command("readelf").arg("-dW").arg(program))?;
        let mut needed = text.lines().filter(|line| line.contains("(NEEDED)"));
        let loads = needed.any(|line| line.contains("[libspatio.so."));
        match (link, loads) {
            (Link::Shared, true) | (Link::Static, false) => Ok(()),
            (Link::Shared, false) => Err("the program does not load libspatio.so".into()),
            (Link::Static, true) => Err("the program loads libspatio.so".into()),
        }
    }

    fn pkg_config(&self, link: Link) -> Command {
        let mut command = self.workspace.command("pkg-config");
        command.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig")).arg(link.module());
        command
    }
}

/// The numbers of the version.
fn version() -> Result<(u32, u32, u32), String> {
    let numbers: Vec<u32> = VERSION.split('.').filter_map(|part| part.parse().ok()).collect();
    match numbers[..] {
        [major, minor, patch] => Ok((major, minor, patch)),
        _ => Err(format!("{VERSION} is not a version of three numbers")),
    }
}
