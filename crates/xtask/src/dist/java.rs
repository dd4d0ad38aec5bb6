//! The packages for Java: the jar with the native library of this machine, and the AAR with those
//! that the NDK made, if anyone ran it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::java::{build_shim, maven};
use crate::package::Scratch;
use crate::shell::{Workspace, quietly};
use crate::tree;

/// Builds both, first the jar, by Maven in a folder of its own: what tests have built, or another
/// clone, is not taken for what is here.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    scratch: &Scratch,
) -> Result<Vec<PathBuf>, String> {
    let library = tree::plant(workspace)?.join("lib/libspatio.a");
    let build = scratch.join("java");
    build_shim(workspace, &library, &build)?;
    let mut maven = maven(workspace, &build);
    maven.args(["--projects", "spatio,android", "-Dmaven.test.skip=true", "package"]);
    quietly(&mut maven)?;
    let mut written = Vec::new();
    for (module, ending) in [("spatio", "jar"), ("spatio-android", "aar")] {
        // Of another name where the version in the `pom.xml` files is another.
        let name = format!("{module}-{}.{ending}", env!("CARGO_PKG_VERSION"));
        let (from, to) = (build.join(module).join(&name), folder.join(&name));
        fs::copy(&from, &to).map_err(|error| format!("cannot copy {}: {error}", from.display()))?;
        written.push(to);
    }
    Ok(written)
}
