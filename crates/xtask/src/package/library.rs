//! The library as the linker left it: its name, its alignment, and what it exports.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{header, read};
use crate::checks::{Checks, ensure};
use crate::shell::{Workspace, quietly, succeeds};

/// Where the exported symbols are committed.
const SYMBOLS: &str = "ctest/abi/symbols.txt";

/// Builds the optimised library; where it is.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf, String> {
    let arguments = ["build", "--locked", "--release", "--package", "libspatio", "--lib"];
    if succeeds(&mut workspace.cargo(&arguments))? {
        Ok(workspace.target.join("release/libspatio.so"))
    } else {
        Err("the library does not compile".into())
    }
}

/// Checks the library itself; its SONAME, if that is as it should be.
pub(crate) fn check(checks: &mut Checks, workspace: &Workspace, library: &Path) -> Option<String> {
    checks.take("is aligned to pages of 16 KiB", pages(workspace, library));
    if let Some(exported) = checks.take("tells its symbols", exported(workspace, library)) {
        let committed = committed_symbols(workspace);
        let same = committed.and_then(|committed| difference(SYMBOLS, &committed, &exported));
        checks.take("exports what was committed", same);
        let declared = header::declared(workspace);
        let same = declared.and_then(|declared| difference("the header", &declared, &exported));
        checks.take("exports what the header declares", same);
    }
    let soname = soname(workspace, library).and_then(numbered);
    checks.take("has a SONAME", soname)
}

/// The SONAME of a shared library.
pub(crate) fn soname(workspace: &Workspace, library: &Path) -> Result<String, String> {
    let text = quietly(workspace.command("readelf").arg("-dW").arg(library))?;
    let line = text.lines().find(|line| line.contains("(SONAME)"));
    let name = line.and_then(|line| line.split(['[', ']']).nth(1));
    name.map(str::to_owned).ok_or_else(|| format!("{} has no SONAME", library.display()))
}

fn numbered(name: String) -> Result<String, String> {
    let number = name.strip_prefix("libspatio.so.").and_then(|n| n.parse::<u32>().ok());
    ensure(number.is_some(), || format!("the SONAME is {name}, not libspatio.so.NUMBER"))?;
    Ok(name)
}

/// Whether every segment is aligned as Android wants it.
pub(crate) fn pages(workspace: &Workspace, library: &Path) -> Result<(), String> {
    let text = quietly(workspace.command("readelf").arg("-lW").arg(library))?;
    let segments = text.lines().map(str::trim).filter(|line| line.starts_with("LOAD"));
    let alignments: Vec<&str> = segments.filter_map(|l| l.split_whitespace().last()).collect();
    let holds = !alignments.is_empty() && alignments.iter().all(|a| *a == "0x4000");
    ensure(holds, || format!("the segments are aligned to {}", alignments.join(", ")))
}

/// The symbols that a shared library defines for others.
pub(crate) fn exported(workspace: &Workspace, library: &Path) -> Result<BTreeSet<String>, String> {
    let text = quietly(workspace.command("nm").args(["-D", "--defined-only"]).arg(library))?;
    Ok(text.lines().filter_map(|l| l.split_whitespace().last()).map(str::to_owned).collect())
}

/// The symbols that were committed.
pub(crate) fn committed_symbols(workspace: &Workspace) -> Result<BTreeSet<String>, String> {
    Ok(read(&workspace.root.join(SYMBOLS))?.lines().map(str::to_owned).collect())
}

/// Writes the symbols down.
pub(crate) fn commit_symbols(
    workspace: &Workspace,
    symbols: &BTreeSet<String>,
) -> Result<(), String> {
    let text: String = symbols.iter().map(|symbol| format!("{symbol}\n")).collect();
    super::write(&workspace.root.join(SYMBOLS), &text)
}

/// An error that names what the library has less or more than `whose` list.
pub(crate) fn difference(
    whose: &str,
    list: &BTreeSet<String>,
    library: &BTreeSet<String>,
) -> Result<(), String> {
    let names =
        |set: Vec<&String>| set.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let lost = names(list.difference(library).collect());
    let found = names(library.difference(list).collect());
    let mut reasons = Vec::new();
    if !lost.is_empty() {
        reasons.push(format!("in {whose}, but not exported: {lost}"));
    }
    if !found.is_empty() {
        reasons.push(format!("exported, but not in {whose}: {found}"));
    }
    ensure(reasons.is_empty(), || format!("{}\n{}", reasons.join("\n"), super::abi::HINT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_symbol_more_or_less_is_named() {
        assert_eq!(difference("the list", &set(&["a", "b"]), &set(&["b", "a"])), Ok(()));
        let lost = difference("the list", &set(&["a", "b"]), &set(&["b"])).unwrap_err();
        assert!(lost.starts_with("in the list, but not exported: a\n"), "{lost}");
        let found = difference("the list", &set(&["a"]), &set(&["a", "b"])).unwrap_err();
        assert!(found.starts_with("exported, but not in the list: b\n"), "{found}");
    }
}
