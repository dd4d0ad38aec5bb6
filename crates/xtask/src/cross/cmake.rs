//! The package on a target: installed by CMake for it, found by a C and a C++ program.

use std::path::Path;
use std::process::Command;

use super::programs::{Kit, runner};
use super::{Runs, Site, build};
use crate::checks::Checks;
use crate::shell::quietly;

/// Installs and builds the consumers, and runs them; `ran` gets what did.
pub(crate) fn check(checks: &mut Checks, site: &Site<'_>, kit: &Kit, ran: &mut Vec<String>) {
    let name = site.target.name;
    let prefix = site.place("prefix");
    if checks.take(&format!("{name}: installs by CMake"), install(site, kit, &prefix)).is_none() {
        return;
    }
    let mut all = true;
    for (language, link) in
        [("c", "spatio::spatio"), ("c", "spatio::static"), ("cpp", "spatio::spatio")]
    {
        let result = consumer(site, kit, &prefix, language, link);
        let name = format!("{name}: find_package, {language}, {link}");
        all &= checks.take(&name, result).is_some();
    }
    if all {
        ran.push("CMake consumers".to_owned());
    }
}

fn install(site: &Site<'_>, kit: &Kit, prefix: &Path) -> Result<(), String> {
    let build = site.place("build");
    let mut configure = configured(site, &site.workspace.root, &build);
    configure.arg("-DSPATIO_CARGO=/usr/bin/cargo");
    configure.arg(format!("-DSPATIO_CARGO_TARGET={}", site.target.triple));
    configure.arg(format!("-DSPATIO_CARGO_TARGET_DIR={}", site.cargo_folder().display()));
    configure.arg(format!("-DSPATIO_CARGO_FLAGS={}", build::flags(site).unwrap_or_default()));
    configure.arg(format!("-DSPATIO_NATIVE_LIBS={}", kit.native));
    quietly(&mut configure)?;
    let mut make = site.workspace.command("cmake");
    build::environment(site, &mut make);
    quietly(make.arg("--build").arg(&build))?;
    let mut install = site.workspace.command("cmake");
    quietly(install.arg("--install").arg(&build).arg("--prefix").arg(prefix)).map(drop)
}

fn consumer(
    site: &Site<'_>,
    kit: &Kit,
    prefix: &Path,
    language: &str,
    link: &str,
) -> Result<(), String> {
    let build = site.place(&format!("{language}-{}", link.replace("::", "-")));
    let source = site.workspace.root.join("ctest/consumer").join(language);
    let mut configure = configured(site, &source, &build);
    // Told outright: a search in a cross build looks only below the roots of its toolchain.
    configure.arg(format!("-Dspatio_DIR={}", prefix.join("lib/cmake/spatio").display()));
    configure.arg(format!("-DCONSUMER_LINK={link}"));
    if site.target.is_windows() {
        // The runtime of g++ is a DLL that no Windows has; programs take it in.
        configure.arg("-DCMAKE_EXE_LINKER_FLAGS=-static");
    }
    quietly(&mut configure)?;
    quietly(site.workspace.command("cmake").arg("--build").arg(&build))?;
    let suffix = if site.target.is_windows() { ".exe" } else { "" };
    quietly(&mut runner(site, kit, &build.join(format!("consumer{suffix}")))).map(drop)
}

/// CMake with the compilers of the target.
fn configured(site: &Site<'_>, source: &Path, build: &Path) -> Command {
    let mut command = site.workspace.command("cmake");
    command.arg("-S").arg(source).arg("-B").arg(build).arg("-DCMAKE_INSTALL_LIBDIR=lib");
    command.arg(format!("-DCMAKE_C_COMPILER={}", site.target.tool("gcc")));
    command.arg(format!("-DCMAKE_CXX_COMPILER={}", site.target.tool("g++")));
    let system = match site.target.runs {
        Runs::Here | Runs::Nowhere => return command,
        Runs::Qemu => ["Linux", "aarch64"],
        Runs::Wine => ["Windows", "AMD64"],
    };
    command.arg(format!("-DCMAKE_SYSTEM_NAME={}", system[0]));
    command.arg(format!("-DCMAKE_SYSTEM_PROCESSOR={}", system[1]));
    command
}
