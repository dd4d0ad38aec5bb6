//! The step `package`: what others link. Installs the library as a user would, moves the prefix,
//! and builds programs against it; holds the interface against the one that was committed.
//!
//! Owns: the order of these checks and the temporary folder that they share. Everything is built
//! from the optimised library, which other steps have mostly built already. Does not own what is
//! handed out, which the verb `package` builds (`dist.rs`) and the step `install` tries.

mod abi;
mod consumers;
mod header;
pub(crate) mod library;
mod plants;
mod prefix;

use std::fs;
use std::path::{Path, PathBuf};

use crate::checks::Checks;
use crate::setup;
use crate::shell::Workspace;
use crate::totals::Totals;

pub(crate) use abi::rewrite;
pub(crate) use header::declared;
pub(crate) use library::{committed_symbols, difference};
pub(crate) use prefix::by_cmake;

/// The step.
pub(crate) fn run(workspace: &Workspace) -> Result<(Totals, Vec<String>), String> {
    if setup::install(workspace, &["package"]) > 0 {
        println!("the package cannot be tested without these");
        return Ok((Totals::skip(), Vec::new()));
    }
    let scratch = Scratch::new("package")?;
    let mut checks = Checks::default();
    if let Some(library) = checks.take("builds", library::build(workspace)) {
        let soname = library::check(&mut checks, workspace, &library);
        if let Some(soname) = soname {
            abi::check(&mut checks, workspace, soname, &scratch);
        }
    }
    let installed = prefix::install(workspace, &scratch);
    if let Some(prefix) = checks.take("installs by CMake", installed) {
        prefix::check(&mut checks, workspace, &prefix);
        consumers::check(&mut checks, workspace, &prefix, &scratch);
    }
    Ok(checks.end())
}

/// A temporary folder outside of the clone, removed at the end.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(crate) fn new(purpose: &str) -> Result<Self, String> {
        let name = format!("libspatio-{purpose}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        make_folder(&path)?;
        Ok(Scratch { path })
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is left to the system, as any temporary file is.
        let _ = fs::remove_dir_all(&self.path);
    }
}

pub(crate) fn make_folder(path: &Path) -> Result<(), String> {
    fs::create_dir_all(path).map_err(|error| format!("cannot create {}: {error}", path.display()))
}

pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
