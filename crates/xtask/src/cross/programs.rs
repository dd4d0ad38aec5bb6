//! C programs for a target: compiled with its compiler, run where it can run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Runs, Site};
use crate::checks::{Checks, ensure};
use crate::package::make_folder;
use crate::shell::{Workspace, quietly, stems};

const WINE: &str = "/usr/lib/wine/wine64";
const WINE_SERVER: &str = "/usr/lib/wine/wineserver64";
const QEMU: &str = "/usr/bin/qemu-aarch64";
const AARCH64_ROOT: &str = "/usr/aarch64-linux-gnu";

/// What programs of a target need to run: the libraries in one folder, under their names.
pub(crate) struct Kit {
    pub(crate) folder: PathBuf,
    /// What the shared library is linked by.
    link: PathBuf,
    /// The libraries of the system that a static link needs.
    pub(crate) native: String,
}

/// Puts the shared library where programs find it; for Wine, what Wine lacks beside it.
pub(crate) fn prepare(site: &Site<'_>, native: String) -> Result<Kit, String> {
    let folder = site.place("kit");
    make_folder(&folder)?;
    let copy = |from: &str, to: &str| {
        let (from, to) = (site.built().join(from), folder.join(to));
        let failed = |error| format!("cannot copy {}: {error}", from.display());
        fs::copy(&from, &to).map(|_| to).map_err(failed)
    };
    if !site.target.is_windows() {
        let link = copy("libspatio.so", "libspatio.so.0")?;
        return Ok(Kit { folder, link, native });
    }
    copy("spatio.dll", "spatio.dll")?;
    let link = copy("libspatio.dll.a", "libspatio.dll.a")?;
    let mut stub = site.workspace.command(site.target.tool("gcc"));
    stub.args(["-shared", "-O1", "-Wall", "-Werror", "-o"]);
    stub.arg(folder.join("bcryptprimitives.dll"));
    stub.arg(site.workspace.root.join("ctest/cross/bcryptprimitives.c")).arg("-ladvapi32");
    quietly(&mut stub)?;
    Ok(Kit { folder, link, native })
}

/// Compiles the programs against both libraries and runs them; `ran` gets what did.
pub(crate) fn check(checks: &mut Checks, site: &Site<'_>, kit: &Kit, ran: &mut Vec<String>) {
    for (form, library) in [("shared", Form::Shared), ("static", Form::Static)] {
        let name = format!("smoke ({form})");
        let result = smoke(site, kit, library);
        if checks.take(&format!("{}: {name}", site.target.name), result).is_some() {
            ran.push(name);
        }
    }
    let name = "conformance suite (shared)".to_owned();
    let result = conformance(site, kit);
    if let Some(said) = checks.take(&format!("{}: {name}", site.target.name), result) {
        println!("        {said}");
        ran.push(format!("{name}: {said}"));
    }
}

/// How a program takes the library.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Shared,
    Static,
}

fn smoke(site: &Site<'_>, kit: &Kit, form: Form) -> Result<(), String> {
    let source = site.workspace.root.join("ctest/cross/smoke.c");
    let name = if form == Form::Shared { "smoke-shared" } else { "smoke-static" };
    let program = compile(site, kit, name, &[source], form)?;
    let said = quietly(runner(site, kit, &program).arg(path_for(site, &site.place(name))))?;
    if said.contains("all is well") { Ok(()) } else { Err(format!("it said {said:?}")) }
}

/// Runs the suite; its last line, which is the totals.
fn conformance(site: &Site<'_>, kit: &Kit) -> Result<String, String> {
    let program = compile(site, kit, "suite", &suite(site.workspace), Form::Shared)?;
    let mut run = runner(site, kit, &program);
    // Emulated, a million rows take long and show no more than these.
    let said = quietly(run.env("SPATIO_CTEST_ROWS", "20000"))?;
    let totals = said.trim_end().lines().last().unwrap_or_default();
    ensure(totals.contains(" passed, 0 failed"), || format!("it said {totals:?} at its end"))?;
    Ok(totals.to_owned())
}

/// The sources of the conformance suite, but for the panic that only a test build can provoke.
fn suite(workspace: &Workspace) -> Vec<PathBuf> {
    let mut sources = vec![workspace.root.join("ctest/cross/no_panic.c")];
    for folder in [workspace.root.join("ctest"), workspace.root.join("ctest/support")] {
        let stems = stems(&folder, "c").into_iter().filter(|stem| stem != "panic");
        sources.extend(stems.map(|stem| folder.join(format!("{stem}.c"))));
    }
    sources
}

fn compile(
    site: &Site<'_>,
    kit: &Kit,
    name: &str,
    sources: &[PathBuf],
    form: Form,
) -> Result<PathBuf, String> {
    let suffix = if site.target.is_windows() { ".exe" } else { "" };
    let program = kit.folder.join(format!("{name}{suffix}"));
    let mut compile = site.workspace.command(site.target.tool("gcc"));
    compile.args(["-std=gnu99", "-O1", "-Wall", "-Wextra", "-Werror", "-Iinclude", "-Ictest"]);
    compile.arg("-o").arg(&program).args(sources);
    match form {
        Form::Shared => compile.arg(&kit.link),
        Form::Static => {
            compile.arg(site.built().join("libspatio.a"));
            compile.args(kit.native.split_whitespace())
        }
    };
    if site.target.is_windows() {
        // The threads of MinGW are a DLL that no Windows has; programs take it in.
        compile.arg("-static");
    }
    compile.args(["-lpthread", "-lm"]);
    quietly(&mut compile)?;
    Ok(program)
}

/// A command that runs a program of the target.
pub(crate) fn runner(site: &Site<'_>, kit: &Kit, program: &Path) -> Command {
    let mut command = match site.target.runs {
        Runs::Wine => site.workspace.command(WINE),
        Runs::Qemu => site.workspace.command(QEMU),
        Runs::Here | Runs::Nowhere => site.workspace.command(program),
    };
    match site.target.runs {
        Runs::Wine => {
            command.arg(program).env("WINEDEBUG", "-all").env("WINESERVER", WINE_SERVER);
            // Mono and Gecko would be asked for in a window.
            command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").env_remove("DISPLAY");
            command.env("WINEPREFIX", site.cargo_folder().join("wine"));
            command.env("WINEPATH", path_for(site, &kit.folder));
        }
        Runs::Qemu => {
            command.args(["-L", AARCH64_ROOT, "-E"]);
            command.arg(format!("LD_LIBRARY_PATH={}", kit.folder.display())).arg(program);
        }
        Runs::Here | Runs::Nowhere => {
            command.env("LD_LIBRARY_PATH", &kit.folder);
        }
    }
    command
}

/// A path as the programs of the target know it; Wine has the root of this machine as drive Z.
fn path_for(site: &Site<'_>, path: &Path) -> String {
    let path = path.to_string_lossy();
    if site.target.is_windows() { format!("Z:{path}") } else { path.into_owned() }
}
