//! The verb `package`: what is handed to users of each language, built for this machine.
//!
//! Owns: the folder `packages` in the target folder, with a folder for each language that is made
//! from nothing every time, and so holds nothing of an earlier version or of another clone. Does
//! not own whether the packages work, which the step `install` tries.

mod c;
mod go;
mod java;
mod python;
mod size;

use std::fs;
use std::path::{Path, PathBuf};

use crate::checks::Checks;
use crate::package::{Scratch, make_folder};
use crate::setup;
use crate::shell::Workspace;
use crate::totals::Totals;

/// The package of one language.
pub(crate) struct Package {
    language: &'static str,
    title: &'static str,
    /// Whether what it is built with is there, or why not.
    ready: fn(&Workspace) -> Result<(), String>,
    /// Builds it into a folder that is empty, with a temporary one to work in; what it wrote.
    build: fn(&Workspace, &Path, &Scratch) -> Result<Vec<PathBuf>, String>,
}

/// A prefix with libraries, headers and what finds them; and the archive of it.
pub(crate) const C: Package = Package {
    language: "c",
    title: "the library for C and C++",
    ready: |workspace| has_all(workspace, "install"),
    build: c::build,
};

/// The wheel.
pub(crate) const PYTHON: Package = Package {
    language: "python",
    title: "the wheel for Python",
    ready: crate::python::has_python,
    build: python::build,
};

/// The jar, and the AAR.
pub(crate) const JAVA: Package = Package {
    language: "java",
    title: "the jar and the AAR",
    ready: |workspace| has_all(workspace, "java"),
    build: java::build,
};

/// What a module proxy serves of the one version; its folder is the proxy.
pub(crate) const GO: Package = Package {
    language: "go",
    title: "the module for Go",
    ready: |workspace| has_all(workspace, "install"),
    build: go::build,
};

const ALL: [&Package; 4] = [&C, &PYTHON, &JAVA, &GO];

/// The verb: all packages, or those of the languages named.
pub(crate) fn run(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let mut chosen: Vec<&Package> = Vec::new();
    for word in words {
        let package = ALL.into_iter().find(|package| package.language == word.as_str());
        let known =
            || format!("no package {word:?}; there are {}", ALL.map(|p| p.language).join(" "));
        chosen.push(package.ok_or_else(known)?);
    }
    if chosen.is_empty() {
        chosen = ALL.to_vec();
    }
    let mut checks = Checks::default();
    let mut written = Vec::new();
    for package in chosen {
        written.extend(build(workspace, &mut checks, package).unwrap_or_default());
    }
    println!("\nin {}:", all_packages(workspace).display());
    for path in &written {
        let name = path.strip_prefix(all_packages(workspace)).unwrap_or(path);
        println!("  {:>10}  {}", size::text(size::of(path)), name.display());
    }
    let (totals, _) = checks.end();
    println!("\n{totals}");
    Ok(totals.failed == 0)
}

/// Builds one package and counts that as a check; what it wrote. What cannot be built on this
/// machine is named and counted as skipped.
pub(crate) fn build(
    workspace: &Workspace,
    checks: &mut Checks,
    package: &Package,
) -> Option<Vec<PathBuf>> {
    if let Err(reason) = (package.ready)(workspace) {
        println!("skipped {}: {reason}", package.title);
        checks.count(Totals::skip(), Vec::new());
        return None;
    }
    checks.take(&format!("builds {}", package.title), afresh(workspace, package))
}

fn afresh(workspace: &Workspace, package: &Package) -> Result<Vec<PathBuf>, String> {
    let folder = folder(workspace, package);
    if folder.exists() {
        let told = |error| format!("cannot remove {}: {error}", folder.display());
        fs::remove_dir_all(&folder).map_err(told)?;
    }
    make_folder(&folder)?;
    let scratch = Scratch::new(&format!("package-{}", package.language))?;
    (package.build)(workspace, &folder, &scratch)
}

/// Where a package is.
pub(crate) fn folder(workspace: &Workspace, package: &Package) -> PathBuf {
    all_packages(workspace).join(package.language)
}

fn all_packages(workspace: &Workspace) -> PathBuf {
    workspace.target.join("packages")
}

fn has_all(workspace: &Workspace, verb: &str) -> Result<(), String> {
    match setup::install(workspace, &[verb]) {
        0 => Ok(()),
        missing => Err(format!("{missing} programs are missing, which setup names above")),
    }
}
