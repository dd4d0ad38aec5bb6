//! Building the wheel around a library, in an environment that is kept for it.

use std::path::{Path, PathBuf};

use super::environment::builder;
use crate::checks::ensure;
use crate::package::make_folder;
use crate::shell::{Workspace, heard, stems};

/// Builds the wheel into an empty `folder`; where it is.
pub(crate) fn build(
    workspace: &Workspace,
    library: &Path,
    folder: &Path,
) -> Result<PathBuf, String> {
    let builder = builder(workspace)?;
    make_folder(folder)?;
    let mut pip = builder.pip(&["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir"]);
    heard(pip.arg(folder).arg(".").env("SPATIO_LIBRARY", library))?;
    let wheels = stems(folder, "whl");
    let [wheel] = &wheels[..] else { return Err(format!("there are {} wheels", wheels.len())) };
    let start = format!("spatio-{}-py3-none-", env!("CARGO_PKG_VERSION"));
    ensure(wheel.starts_with(&start), || {
        format!("{wheel} is of another version, or for one Python only")
    })?;
    Ok(folder.join(format!("{wheel}.whl")))
}
