//! Building the library for a target, and what the product exports.

use std::collections::BTreeSet;
use std::process::Command;

use super::{Runs, Site};
use crate::package::{committed_symbols, difference};
use crate::shell::{heard, quietly};

/// Debian's cargo and rustc: the sources of the standard library that it packages fit no other.
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";

/// `-Zbuild-std` is not stable; `RUSTC_BOOTSTRAP` lets the stable compiler take it.
const BUILD_STD: &str = "-Zbuild-std=std,panic_unwind";

/// Builds the library; the libraries of the system that a static link of it needs.
pub(crate) fn build(site: &Site<'_>) -> Result<String, String> {
    let mut command = site.workspace.command(CARGO);
    environment(site, &mut command);
    // Android has no linker here, so nothing is built that would be linked.
    let verb = if site.target.runs == Runs::Nowhere { "rustc" } else { "build" };
    command.args([verb, "--locked", "--release", "--package", "libspatio", "--lib"]);
    command.args(["--target", site.target.triple]);
    command.arg("--target-dir").arg(site.cargo_folder());
    command.args(flags(site));
    if verb == "rustc" {
        command.args(["--crate-type", "staticlib"]);
    }
    // Progress is shown; what the compiler says comes here, also when nothing was left to compile.
    let said = heard(command.arg("--message-format=json"))?;
    let note = said.rsplit_once("native-static-libs: ").map(|(_, rest)| rest);
    let note = note.and_then(|rest| rest.split(['"', '\\']).next()).map(str::trim);
    note.map(str::to_owned).ok_or_else(|| "rustc did not note what a static link needs".into())
}

/// What cargo is given beyond the everyday build.
pub(crate) fn flags(site: &Site<'_>) -> Option<&'static str> {
    // Debian's standard library for this machine is there, compiled.
    (site.target.runs != Runs::Here).then_some(BUILD_STD)
}

/// The variables under which cargo builds for the target, whoever calls it.
pub(crate) fn environment(site: &Site<'_>, command: &mut Command) {
    // The toolchain of the clone must not speak for Debian's.
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let triple = site.target.triple.replace('-', "_").to_uppercase();
    command.env("RUSTC", RUSTC).env("RUSTC_BOOTSTRAP", "1");
    command.env(format!("CARGO_TARGET_{triple}_LINKER"), site.target.tool("gcc"));
    let note = "--print=native-static-libs";
    command.env(format!("CARGO_TARGET_{triple}_RUSTFLAGS"), note);
}

/// The library exports what was committed, on this target too.
pub(crate) fn exports(site: &Site<'_>) -> Result<(), String> {
    let exported = match site.target.runs {
        Runs::Here | Runs::Qemu => dynamic(site),
        Runs::Wine => of_dll(site),
        Runs::Nowhere => of_archive(site),
    };
    difference("ctest/abi/symbols.txt", &committed_symbols(site.workspace)?, &exported?)
}

fn dynamic(site: &Site<'_>) -> Result<BTreeSet<String>, String> {
    let library = site.built().join("libspatio.so");
    let mut nm = site.workspace.command(site.target.tool("nm"));
    let text = quietly(nm.args(["-D", "--defined-only"]).arg(library))?;
    Ok(text.lines().filter_map(|l| l.split_whitespace().last()).map(str::to_owned).collect())
}

fn of_dll(site: &Site<'_>) -> Result<BTreeSet<String>, String> {
    let mut objdump = site.workspace.command(site.target.tool("objdump"));
    let text = quietly(objdump.arg("-p").arg(site.built().join("spatio.dll")))?;
    // Lines like `[   0] +base[   1] 0000 spatio_abi_version`, below a heading.
    let table = text.split("[Ordinal/Name Pointer] Table").nth(1);
    let table = table.ok_or("the DLL has no table of names")?;
    let lines = table.lines().skip(1).take_while(|line| line.trim().starts_with('['));
    Ok(lines.filter_map(|l| l.split_whitespace().last()).map(str::to_owned).collect())
}

/// An archive exports nothing by itself; what it defines for C is what a library would export.
fn of_archive(site: &Site<'_>) -> Result<BTreeSet<String>, String> {
    let mut nm = site.workspace.command(site.target.tool("nm"));
    let archive = site.built().join("libspatio.a");
    let text = quietly(nm.args(["-g", "--defined-only", "--no-sort"]).arg(archive))?;
    let defined = text.lines().filter_map(|line| line.split_once(" T ")).map(|(_, name)| name);
    Ok(defined.filter(|name| name.starts_with("spatio_")).map(str::to_owned).collect())
}
