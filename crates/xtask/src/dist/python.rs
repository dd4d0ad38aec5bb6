//! The package for Python: the wheel around the optimised library.

use std::path::{Path, PathBuf};

use crate::package::Scratch;
use crate::python::build_wheel;
use crate::shell::Workspace;
use crate::tree;

/// Builds the one wheel.
pub(super) fn build(
    workspace: &Workspace,
    folder: &Path,
    _: &Scratch,
) -> Result<Vec<PathBuf>, String> {
    let library = tree::plant(workspace)?.join("lib/libspatio.so.0");
    build_wheel(workspace, &library, folder).map(|wheel| vec![wheel])
}
