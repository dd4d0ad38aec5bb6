//! The package for C and C++: a prefix as CMake installs it, and the archive of it, which may be
//! unpacked anywhere.

use std::path::{Path, PathBuf};

use crate::java::platform;
use crate::package::{Scratch, by_cmake};
use crate::shell::{Workspace, quietly};

/// What every entry of the archive is dated, so that the same files give the same archive:
/// the first instant that a zip archive knows.
const DATE: &str = "--mtime=1980-01-01 00:00Z";

/// Builds both: first the prefix, then the archive.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    scratch: &Scratch,
) -> Result<Vec<PathBuf>, String> {
    let name = format!("libspatio-{}-{}", env!("CARGO_PKG_VERSION"), platform());
    let (prefix, archive) = (folder.join(&name), folder.join(format!("{name}.tar.gz")));
    by_cmake(workspace, &scratch.join("build"), &prefix)?;
    let mut tar = workspace.command("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", DATE]);
    tar.arg("-C").arg(folder).arg("-czf").arg(&archive).arg(&name);
    quietly(&mut tar)?;
    Ok(vec![prefix, archive])
}
