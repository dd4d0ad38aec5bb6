//! The optimised library with its header and its pkg-config file, as an installed prefix has them,
//! for the steps that build programs and bindings against it.
//!
//! Owns: the folder `spatio-tree` in the target folder. Does not own the packages that users
//! install (`package.rs`); nothing of this leaves the machine.

use std::fs;
use std::path::{Path, PathBuf};

use crate::package::{make_folder, write};
use crate::shell::{Workspace, succeeds};

/// What a program needs beside the static library.
const NATIVE: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";

/// Builds the library; the prefix in which `lib`, `include` and `lib/pkgconfig` lie.
pub(crate) fn plant(workspace: &Workspace) -> Result<PathBuf, String> {
    let arguments = ["build", "--locked", "--release", "--package", "libspatio", "--lib"];
    if !succeeds(&mut workspace.cargo(&arguments))? {
        return Err("the library does not compile".into());
    }
    let prefix = workspace.target.join("spatio-tree");
    let (lib, include) = (prefix.join("lib"), prefix.join("include"));
    make_folder(&lib.join("pkgconfig"))?;
    make_folder(&include)?;
    let built = workspace.target.join("release");
    for (from, to) in [
        (built.join("libspatio.so"), lib.join("libspatio.so")),
        (built.join("libspatio.so"), lib.join("libspatio.so.0")),
        (built.join("libspatio.a"), lib.join("libspatio.a")),
        (workspace.root.join("include/spatio.h"), include.join("spatio.h")),
    ] {
        copy(&from, &to)?;
    }
    for (name, libs) in [
        ("spatio", format!("-L${{libdir}} -lspatio\nLibs.private: {NATIVE}")),
        ("spatio-static", format!("${{libdir}}/libspatio.a {NATIVE}")),
    ] {
        let file = lib.join(format!("pkgconfig/{name}.pc"));
        write(&file, &pkg_config(&prefix, name, &libs))?;
    }
    Ok(prefix)
}

/// Copies by way of a new name, so that a program that has the old file mapped is not disturbed.
fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let fresh = to.with_extension("new");
    fs::copy(from, &fresh)
        .and_then(|_| fs::rename(&fresh, to))
        .map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))
}

fn pkg_config(prefix: &Path, name: &str, libs: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "prefix={}\nlibdir=${{prefix}}/lib\nincludedir=${{prefix}}/include\n\
         Name: {name}\nDescription: An embeddable database for moving objects\n\
         Version: {version}\nLibs: {libs}\nCflags: -I${{includedir}}\n",
        prefix.display()
    )
}
