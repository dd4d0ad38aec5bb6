//! Installing by CMake, moving what was installed, and looking at the files.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Scratch, library, read};
use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly};

/// Installs into a temporary folder, and moves the prefix; where it is then.
pub(crate) fn install(workspace: &Workspace, scratch: &Scratch) -> Result<PathBuf, String> {
    let first = scratch.join("first");
    by_cmake(workspace, &scratch.join("build"), &first)?;
    let moved = scratch.join("moved/elsewhere");
    super::make_folder(&scratch.join("moved"))?;
    let failed = |error| format!("cannot move {}: {error}", first.display());
    fs::rename(&first, &moved).map_err(failed)?;
    Ok(moved)
}

/// Configures, builds in `build`, and installs into `prefix`.
pub(crate) fn by_cmake(workspace: &Workspace, build: &Path, prefix: &Path) -> Result<(), String> {
    let mut configure = workspace.command("cmake");
    configure.arg("-S").arg(&workspace.root).arg("-B").arg(build);
    configure.arg("-DCMAKE_INSTALL_LIBDIR=lib");
    // Other steps have built the library there, so cargo finds it fresh.
    configure.arg(format!("-DSPATIO_CARGO_TARGET_DIR={}", workspace.target.display()));
    quietly(&mut configure)?;
    quietly(workspace.command("cmake").arg("--build").arg(build))?;
    let mut install = workspace.command("cmake");
    quietly(install.arg("--install").arg(build).arg("--prefix").arg(prefix)).map(drop)
}

pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, prefix: &Path) {
    checks.take("links the names of the library", names(workspace, prefix));
    checks.take("installs no absolute path", no_path(workspace, prefix));
}

/// `libspatio.so` leads to the SONAME, and that to the file with the whole version.
fn names(workspace: &Workspace, prefix: &Path) -> Result<(), String> {
    let folder = prefix.join("lib");
    let file = format!("libspatio.so.{}", env!("CARGO_PKG_VERSION"));
    let soname = library::soname(workspace, &folder.join(&file))?;
    for (name, expected) in [("libspatio.so", &soname), (soname.as_str(), &file)] {
        let target = fs::read_link(folder.join(name)).map_err(|e| format!("lib/{name}: {e}"))?;
        ensure(target == Path::new(expected), || {
            format!("lib/{name} leads to {}, not to {expected}", target.display())
        })?;
    }
    Ok(())
}

/// The texts that were installed name neither the clone nor the folder that they were installed to.
fn no_path(workspace: &Workspace, prefix: &Path) -> Result<(), String> {
    let texts = [
        "lib/pkgconfig/spatio.pc",
        "lib/pkgconfig/spatio-static.pc",
        "lib/cmake/spatio/spatio-config.cmake",
        "lib/cmake/spatio/spatio-config-version.cmake",
        "include/spatio.h",
    ];
    let scratch = prefix.parent().and_then(Path::parent).unwrap_or(prefix);
    for path in texts {
        let text = read(&prefix.join(path))?;
        for place in [&workspace.root, &workspace.target, scratch] as [&Path; 3] {
            let place = place.to_string_lossy();
            ensure(!text.contains(&*place), || format!("{path} names {place}"))?;
        }
    }
    Ok(())
}
