//! The step `install`: every package of the verb `package`, each in an environment where nothing
//! else is, must run the first program of its page word for word.
//!
//! Owns: these environments, which are temporary. What is installed comes from the folder of the
//! packages alone; nothing here knows where the clone has its headers, classes or libraries.

mod go;
mod java;
mod native;
mod python;

use std::path::PathBuf;

use crate::checks::{Checks, ensure};
use crate::dist;
use crate::package::{Scratch, make_folder, read};
use crate::page::{self, Program};
use crate::shell::{Workspace, quietly};
use crate::totals::Totals;

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    let scratch = Scratch::new("install")?;
    let mut checks = Checks::default();
    let native = dist::build(workspace, &mut checks, &dist::C);
    let prefix =
        native.and_then(|files| checks.take("unpacks", unpacked(workspace, &files, &scratch)));
    if let Some(prefix) = &prefix {
        native::check(&mut checks, workspace, prefix, &scratch);
    }
    if let Some(files) = dist::build(workspace, &mut checks, &dist::PYTHON) {
        let ran = python::check(workspace, &files, &scratch);
        checks.take("Python: the wheel in an empty environment", ran);
    }
    if let Some(files) = dist::build(workspace, &mut checks, &dist::JAVA) {
        java::check(&mut checks, workspace, &files, &scratch);
    }
    if dist::build(workspace, &mut checks, &dist::GO).is_some() {
        let proxy = dist::folder(workspace, &dist::GO);
        go::check(&mut checks, workspace, &proxy, prefix.as_deref(), &scratch);
    }
    Ok(checks.end())
}

/// Unpacks the archive for C and C++; where its prefix is then.
fn unpacked(
    workspace: &Workspace,
    files: &[PathBuf],
    scratch: &Scratch,
) -> Result<PathBuf, String> {
    let [prefix, archive] = files else { return Err("there is no archive".into()) };
    let folder = scratch.join("unpacked");
    make_folder(&folder)?;
    let mut tar = workspace.command("tar");
    quietly(tar.arg("-C").arg(&folder).arg("-xzf").arg(archive))?;
    let name = prefix.file_name().unwrap_or_default();
    let unpacked = folder.join(name);
    ensure(unpacked.is_dir(), || format!("the archive does not hold {}", name.to_string_lossy()))?;
    Ok(unpacked)
}

/// The first program of a page, named from the root of the clone.
fn first_program(workspace: &Workspace, name: &str, language: &str) -> Result<Program, String> {
    let text = read(&workspace.root.join(name))?;
    page::first(&text, language).map_err(|reason| format!("{name}: {reason}"))
}

/// A temporary folder with nothing in it.
fn empty(scratch: &Scratch, name: &str) -> Result<PathBuf, String> {
    let folder = scratch.join(name);
    ensure(!folder.exists(), || format!("{} is there already", folder.display()))?;
    make_folder(&folder)?;
    Ok(folder)
}
