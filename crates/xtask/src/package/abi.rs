//! The interface against the one that was committed: what was compiled with the old header must
//! run with the new library, as long as the SONAME stays.
//!
//! Owns: the files in `ctest/abi` and when they may be rewritten. `spatio-N.abi` holds functions
//! and types for libabigail; `constants.txt` the numbers that programs have compiled in, which
//! libabigail does not see; `symbols.txt` the names that the library exports.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Scratch, header, library, plants, read, write};
use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly};

/// What to do about a change that is meant.
pub(crate) const HINT: &str = "if that is meant, `cargo xtask abi` writes it down";

const CONSTANTS: &str = "ctest/abi/constants.txt";

/// What `abidiff` found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    Same,
    Addition,
    Break,
}

/// The interface of this SONAME, and where its comparisons leave their files.
pub(crate) struct Interface<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) soname: String,
    pub(crate) scratch: &'a Scratch,
}

pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, soname: String, scratch: &Scratch) {
    let interface = Interface { workspace, soname, scratch };
    checks.take("keeps its constants", constants(workspace));
    // The plants change what is there now, so that has to be what was committed.
    if checks.take("keeps its functions and types", interface.kept()).is_some() {
        plants::check(checks, &interface);
    }
}

/// The verb `abi`: writes the interface down. A change that breaks programs is refused while the
/// SONAME stays, unless it is accepted in so many words: because nothing was released, or because
/// it only appends a field to a structure that tells its `struct_size`, which abidiff cannot know.
pub(crate) fn rewrite(workspace: &Workspace, words: &[String]) -> Result<bool, String> {
    let accept = match words {
        [] => false,
        [word] if word == "--accept" => true,
        _ => return Err(format!("abi takes --accept or nothing, not {:?}", words.join(" "))),
    };
    if crate::setup::install(workspace, &["package"]) > 0 {
        return Err("the interface cannot be written down without these".into());
    }
    let scratch = Scratch::new("abi")?;
    let built = library::build(workspace)?;
    let soname = library::soname(workspace, &built)?;
    let interface = Interface { workspace, soname, scratch: &scratch };
    let text = header::preprocessed(workspace)?;
    let baseline = interface.baseline();
    if baseline.is_file() && !accept {
        let (change, report) = interface.compare(&text, "now")?;
        let constants = changed_constants(workspace)?;
        if change == Change::Break || !constants.is_empty() {
            println!("{report}\n{constants}");
            println!("abi: this breaks programs that were linked with {}.", interface.soname);
            println!("abi: give it another SONAME in build.rs; or, if no release had it or a");
            println!("abi: structure with struct_size only grew, `cargo xtask abi --accept`");
            return Ok(false);
        }
    }
    super::make_folder(&workspace.root.join("ctest/abi"))?;
    write(&baseline, &interface.describe(&text, "now")?)?;
    let constants = header::constants(workspace)?;
    let lines: String = constants.iter().map(|(name, value)| format!("{name} {value}\n")).collect();
    write(&workspace.root.join(CONSTANTS), &lines)?;
    library::commit_symbols(workspace, &library::exported(workspace, &built)?)?;
    println!("abi: written down in ctest/abi");
    Ok(true)
}

impl Interface<'_> {
    /// Where the interface of this SONAME is committed.
    pub(crate) fn baseline(&self) -> PathBuf {
        let number = self.soname.rsplit('.').next().unwrap_or_default();
        self.workspace.root.join(format!("ctest/abi/spatio-{number}.abi"))
    }

    /// The interface of a preprocessed header as libabigail writes it; `name` is for its files.
    pub(crate) fn describe(&self, text: &str, name: &str) -> Result<String, String> {
        let folder = self.scratch.join(&format!("abi-{name}"));
        let library = header::library(self.workspace, text, &self.soname, &folder)?;
        let mut abidw = self.workspace.command("abidw");
        abidw.args(["--no-corpus-path", "--no-comp-dir-path", "--no-show-locs"]);
        abidw.args(["--no-architecture", "--no-elf-needed", "--type-id-style", "hash"]);
        let described = quietly(abidw.arg(&library))?;
        // The one path that is left is that of the source.
        Ok(described.replace(&*folder.join("interface.c").to_string_lossy(), "spatio.h"))
    }

    /// What changed from the committed interface to that of a preprocessed header, and the report.
    pub(crate) fn compare(&self, text: &str, name: &str) -> Result<(Change, String), String> {
        let described = self.scratch.join(&format!("{name}.abi"));
        write(&described, &self.describe(text, name)?)?;
        let (changed, report) = self.differs(&described, &[])?;
        let change = match changed {
            false => Change::Same,
            true if self.differs(&described, &["--no-added-syms"])?.0 => Change::Break,
            true => Change::Addition,
        };
        Ok((change, report))
    }

    /// Whether abidiff sees a change, and its report. Its exit code is made of bits: 1 and 2 for
    /// errors, 4 for a change, and 8 when a function is gone; a changed type alone does not set 8.
    fn differs(&self, described: &Path, options: &[&str]) -> Result<(bool, String), String> {
        let mut abidiff = self.workspace.command("abidiff");
        abidiff.args(options).arg(self.baseline()).arg(described);
        let output = abidiff.output().map_err(|error| format!("cannot run abidiff: {error}"))?;
        let report = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        match output.status.code() {
            Some(0) => Ok((false, report)),
            Some(4 | 8 | 12) => Ok((true, report)),
            _ => {
                let said = String::from_utf8_lossy(&output.stderr);
                Err(format!("abidiff ended with {}: {report}{said}", output.status))
            }
        }
    }

    fn kept(&self) -> Result<(), String> {
        let baseline = self.baseline();
        ensure(baseline.is_file(), || format!("there is no {}; {HINT}", baseline.display()))?;
        let (change, report) = self.compare(&header::preprocessed(self.workspace)?, "now")?;
        match change {
            Change::Same => Ok(()),
            Change::Addition => Err(format!("{report}\nnothing breaks; {HINT}")),
            Change::Break => Err(format!("{report}\nthis breaks programs; {HINT}")),
        }
    }
}

/// The constants are those that were committed.
fn constants(workspace: &Workspace) -> Result<(), String> {
    let changed = changed_constants(workspace)?;
    ensure(changed.is_empty(), || format!("{changed}this breaks programs; {HINT}"))?;
    let committed = committed_constants(workspace)?;
    let now = header::constants(workspace)?;
    let new: Vec<&str> =
        now.keys().filter(|name| !committed.contains_key(*name)).map(String::as_str).collect();
    ensure(new.is_empty(), || format!("new: {}\nnothing breaks; {HINT}", new.join(", ")))
}

fn committed_constants(workspace: &Workspace) -> Result<BTreeMap<String, String>, String> {
    let text = read(&workspace.root.join(CONSTANTS))?;
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// A line for each committed constant that is gone or has another value.
fn changed_constants(workspace: &Workspace) -> Result<String, String> {
    let committed = committed_constants(workspace)?;
    Ok(changes(&committed, &header::constants(workspace)?))
}

fn changes(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> String {
    let line = |(name, value): (&String, &String)| match new.get(name) {
        Some(now) if now == value => None,
        Some(now) => Some(format!("{name} was {value}, is {now}\n")),
        None => Some(format!("{name} was {value}, is gone\n")),
    };
    old.iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_constant_that_changes_or_goes_is_named_and_a_new_one_is_not() {
        let old = map(&[("A", "1"), ("B", "2"), ("C", "3")]);
        assert_eq!(changes(&old, &map(&[("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")])), "");
        let text = changes(&old, &map(&[("A", "1"), ("B", "5")]));
        assert_eq!(text, "B was 2, is 5\nC was 3, is gone\n");
    }
}
