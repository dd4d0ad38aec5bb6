//! The wheel in a fresh environment: with what it says it needs, and nothing of the clone.

use std::path::PathBuf;

use super::{empty, first_program};
use crate::package::{Scratch, write};
use crate::python::{Environment, PACKAGE};
use crate::shell::{Workspace, quietly};

/// Installs the wheel and runs the first program of the page.
pub(super) fn check(
    workspace: &Workspace,
    files: &[PathBuf],
    scratch: &Scratch,
) -> Result<(), String> {
    let [wheel] = files else { return Err(format!("there are {} wheels", files.len())) };
    let program = first_program(workspace, &format!("{PACKAGE}/README.md"), "python")?;
    let folder = empty(scratch, "python")?;
    let environment = Environment::new(workspace, folder.join("venv"));
    environment.make()?;
    environment.install(&[&wheel.to_string_lossy()])?;
    write(&folder.join("first.py"), &program.code)?;
    let mut python = environment.python();
    python.current_dir(&folder).args(["-W", "error", "first.py"]);
    program.has_printed(&quietly(&mut python)?)
}
